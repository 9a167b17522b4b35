package attractor.train;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import attractor.fuzz.FuzzFormat;
import attractor.io.FormatException;
import attractor.io.Npz;
import attractor.kernel.Kernels;
import attractor.model.NetworkFile;
import attractor.model.Rnn;
import attractor.model.RnnShape;
import attractor.train.RunDirectory.Existing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Damaged files of a training; see {@link FuzzFormat}. */
class LyingRunTest {
    private static final TrainingConfig CONFIG =
            TrainFixtures.tiny().recurrentBias(true).build();

    /** Batches in an epoch of CONFIG. */
    private static final int BATCHES = 6;

    @TempDir
    private static Path runs;

    private static Path finished;
    private static final List<byte[]> CHECKPOINTS = new ArrayList<>();

    @BeforeAll
    static void train() throws IOException {
        finished = train("finished", Integer.MAX_VALUE);
        for (int batches : new int[] {2, BATCHES, 2 * BATCHES + 1}) {
            CHECKPOINTS.add(
                    Files.readAllBytes(train("stopped-" + batches, batches).resolve(RunDirectory.CHECKPOINT)));
        }
    }

    @AfterAll
    static void forget() {
        CHECKPOINTS.clear();
    }

    private static Path train(String name, int batches) throws IOException {
        int[] done = {0};
        TrainingListener listener = step -> done[0]++;
        Path directory = runs.resolve(name);
        new Trainer(CONFIG, TrainFixtures.ONE_THREAD)
                .train(directory, Existing.REFUSE, listener, () -> done[0] == batches);
        return directory;
    }

    private static List<byte[]> files(String... names) throws IOException {
        List<byte[]> files = new ArrayList<>();
        for (String name : names) {
            files.add(Files.readAllBytes(finished.resolve(name)));
        }
        return files;
    }

    static List<FuzzFormat> formats() throws IOException {
        List<byte[]> networks = files(RunDirectory.INITIAL, RunDirectory.FINAL);
        Path other = runs.resolve("other.npz");
        Rnn rnn = CONFIG.toBuilder().units(20).build().initialNetwork(3, 2);
        rnn.parameters()[rnn.shape().h0().offset()] = 0.5;
        NetworkFile.write(other, rnn, Map.of());
        networks.add(Files.readAllBytes(other));
        return List.of(
                FuzzFormat.of("network", networks, NetworkFile::read, FormatException.class)
                        .in("network.npz"),
                FuzzFormat.of("checkpoint", CHECKPOINTS, LyingRunTest::readCheckpoint, FormatException.class)
                        .in(RunDirectory.CHECKPOINT),
                FuzzFormat.of(
                                "run",
                                files(RunDirectory.RUN),
                                file -> RunDirectory.config(file.getParent()),
                                FormatException.class)
                        .in("run/" + RunDirectory.RUN),
                FuzzFormat.of(
                                "history",
                                files(RunDirectory.HISTORY),
                                file -> RunDirectory.history(file.getParent()),
                                FormatException.class)
                        .in("run/" + RunDirectory.HISTORY),
                FuzzFormat.of(
                                "evaluation",
                                files(RunDirectory.EVALUATION),
                                LyingRunTest::readEvaluation,
                                FormatException.class)
                        .in("run/" + RunDirectory.EVALUATION));
    }

    private static void readCheckpoint(Path file) throws IOException {
        RnnShape shape = CONFIG.initialNetwork(2, 1).shape();
        TrainingState state = new TrainingState(
                CONFIG, new double[shape.parameters()], shape.bRec().end(), 11, Kernels.of("scalar"));
        state.read(Npz.read(file, TrainingState.known()), "run");
    }

    /** The other files of the run are whole. */
    private static void readEvaluation(Path file) throws IOException {
        Path run = file.getParent();
        for (String name : List.of(RunDirectory.RUN, RunDirectory.FINAL, RunDirectory.BEST, RunDirectory.HISTORY)) {
            if (!Files.exists(run.resolve(name))) {
                Files.copy(finished.resolve(name), run.resolve(name));
            }
        }
        try (RunLog log = DirectoryLog.open(run, CONFIG, Map.of(), Existing.RESUME)) {
            log.finished();
        }
    }

    @ParameterizedTest
    @MethodSource("formats")
    void survives(FuzzFormat format, @TempDir Path folder) throws Exception {
        format.survives(folder);
    }

    /** The message once had the whole line. */
    @Test
    void aLongLineGivesAShortMessage(@TempDir Path folder) throws IOException {
        Path history = folder.resolve(RunDirectory.HISTORY);
        Files.writeString(history, "epoch,loss,seconds\n1,0.5," + "[".repeat(100_000) + "\n");
        assertShort(history, () -> RunDirectory.history(folder), "expected epoch 1, loss and seconds");
        Path run = folder.resolve(RunDirectory.RUN);
        String text = Files.readString(finished.resolve(RunDirectory.RUN));
        Files.writeString(run, text.replace("\"tanh\"", "\"" + "tanh".repeat(100_000) + "\""));
        assertShort(run, () -> RunDirectory.config(folder), "expected ");
    }

    private static void assertShort(Path file, Executable code, String end) {
        String message = assertThrows(FormatException.class, code).getMessage();
        assertTrue(message.startsWith(file + ": ") && message.length() <= 1000, message);
        assertTrue(message.contains(end), message);
    }
}
