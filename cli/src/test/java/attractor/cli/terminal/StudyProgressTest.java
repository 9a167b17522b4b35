package attractor.cli.terminal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import attractor.model.Precision;
import attractor.study.Evaluations;
import attractor.study.StudyFolder.Status;
import attractor.study.StudyRun;
import attractor.task.Tasks;
import attractor.train.TrainingConfig;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StudyProgressTest {
    private static final StudyRun RUN = new StudyRun(
            TrainingConfig.builder(Tasks.byName("and")).seed(3).build(),
            new Evaluations(4, Map.of("trained", Map.of())));

    private final StringWriter text = new StringWriter();

    private long nanos;

    private StudyProgress progress(boolean terminal) {
        return new StudyProgress(new StatusLine(new PrintWriter(text), terminal, () -> 80), () -> nanos);
    }

    @Test
    void aBarOnATerminal() {
        StudyProgress progress = progress(true);
        progress.begun(100, 3, 1);
        progress.advanced(0); // a training has begun, nothing is done
        progress.advanced(50); // too soon to draw again
        progress.ended(RUN, Status.DONE, null, 2);
        progress.clear();
        assertEquals(
                "1 of 4 runs are finished\n\r1 of 4 runs [------------------------]\u001b[J\r\u001b[J",
                text.toString().stripTrailing().replace(System.lineSeparator(), "\n"));
        nanos += 2_000_000_000L;
        progress.ended(RUN, Status.FAILED, "no luck", 2);
        assertTrue(
                text.toString()
                        .contains("3 of 4: and orthogonal, 50 units, seed 3: failed, no luck, 2.0 s, about 0:02 left"),
                text.toString());
    }

    /** Options that differ from those of the trained study would train all networks again, unnoticed. */
    @Test
    void networksThatAreNotThere() {
        StudyProgress progress = progress(false);
        progress.untrained(0);
        progress.untrained(3);
        assertEquals(
                "3 runs find no network of the same training in the folders of --trained, and will train them\n",
                text.toString().replace(System.lineSeparator(), "\n"));
    }

    @Test
    void aLineForEachRunElsewhere() {
        StudyProgress progress = progress(false);
        progress.begun(10, 1, 0);
        progress.advanced(10);
        nanos += 61_250_000_000L;
        progress.ended(RUN, Status.DIVERGED, "loss is NaN", 61.25);
        progress.clear();
        assertEquals(
                "0 of 1 run is finished\n1 of 1: and orthogonal, 50 units, seed 3: diverged, loss is NaN, 61.3 s, about 0:00 left\n",
                text.toString().replace(System.lineSeparator(), "\n"));
    }

    /** What earlier calls did took no time now. */
    @Test
    void theTimeLeftIsOfWhatIsLeft() {
        StudyProgress progress = progress(false);
        progress.begun(1e6 + 2, 2, 0);
        progress.spared(1e6);
        nanos += 3_000_000_000L;
        progress.advanced(1);
        TrainingConfig training = TrainingConfig.builder(Tasks.byName("pulse", Map.of("delayMs", 100.0)))
                .build();
        progress.ended(new StudyRun(training, RUN.measurement()), Status.DONE, null, 1);
        String line = text.toString().lines().toList().get(1);
        assertTrue(
                line.startsWith("1 of 2: pulse orthogonal, delayMs 100.0, 50 units, seed 0, 1.0 s, about 0:03 left"),
                line);
    }

    /** A study in both precisions has each network twice. */
    @Test
    void runsInFloatAreNamedSo() {
        StudyProgress progress = progress(false);
        progress.begun(2, 2, 0);
        TrainingConfig training = TrainingConfig.builder(Tasks.byName("and"))
                .precision(Precision.FLOAT)
                .build();
        progress.ended(new StudyRun(training, RUN.measurement()), Status.DONE, null, 1);
        String line = text.toString().lines().toList().get(1);
        assertTrue(line.startsWith("1 of 2: and orthogonal, 50 units, float, seed 0, "), line);
    }

    @Test
    void withoutAnyTimeNothingIsToldOfTheTimeLeft() {
        StudyProgress progress = progress(false);
        progress.begun(10, 2, 0);
        progress.advanced(5);
        progress.ended(RUN, Status.DONE, null, 0.0);
        assertTrue(text.toString().stripTrailing().endsWith("seed 3, 0.0 s"), text.toString());
    }
}
