package attractor.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import attractor.io.Json;
import attractor.io.JsonObject;
import attractor.model.NetworkFile;
import attractor.task.Trials;
import attractor.train.RunDirectory.Existing;
import attractor.train.TrainingResult.Outcome;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TrainingDataTest {

    @TempDir
    private Path folder;

    /** One step, x its number; types by turns as often as said. */
    private static Trials trials(int... counts) {
        List<Integer> types = new ArrayList<>();
        for (int k = 0; k < counts.length; k++) {
            for (int i = 0; i < counts[k]; i++) {
                types.add(k);
            }
        }
        double[] x = new double[types.size()];
        int[] type = new int[x.length];
        for (int i = 0; i < x.length; i++) {
            x[i] = i;
            type[i] = types.get(i);
        }
        return Trials.ofArrays(1, 1, 1, x, x.clone(), null, type, null);
    }

    private static double[] xs(Trials trials) {
        double[] x = new double[trials.size()];
        Trials.Reader reader = trials.reader();
        for (int i = 0; i < x.length; i++) {
            reader.read(i, x, i, new double[1], 0, null, 0);
        }
        return x;
    }

    private static int count(Trials trials, int type) {
        int n = 0;
        for (int i = 0; i < trials.size(); i++) {
            n += trials.type(i) == type ? 1 : 0;
        }
        return n;
    }

    @ParameterizedTest
    @CsvSource({"0.1, 20, 30, 2, 3", "0.1, 2, 4, 1, 1", "0.9, 2, 10, 1, 9", "0.999, 5, 7, 4, 6", "1e-9, 100, 2, 1, 1"})
    void everyTypeIsHeldOutInTheSameShare(double share, int first, int second, int firstHeld, int secondHeld) {
        TrainingData data = TrainingData.split("t", trials(first, second), share);
        assertEquals(firstHeld, count(data.evaluation(), 0));
        assertEquals(secondHeld, count(data.evaluation(), 1));
        boolean[] seen = new boolean[first + second];
        for (Trials part : List.of(data.training(), data.evaluation())) {
            double last = -1;
            for (double x : xs(part)) {
                assertTrue(x > last, "in order");
                assertFalse(seen[(int) x], "in one part only");
                seen[(int) x] = true;
                last = x;
            }
        }
        assertEquals(first + second, data.training().size() + data.evaluation().size());
        assertArrayEquals(
                xs(data.evaluation()),
                xs(TrainingData.split(null, trials(first, second), share).evaluation()));
    }

    @Test
    void noneHeldOutIsAllTwice() {
        Trials all = trials(1);
        TrainingData data = TrainingData.split("t", all, 0);
        assertEquals(all, data.training());
        assertEquals(all, data.evaluation());
        TrainingData some = TrainingData.split("t", trials(5), 0).withSamples(3);
        assertArrayEquals(new double[] {0, 1, 2}, xs(some.training()));
        assertArrayEquals(new double[] {0, 1, 2}, xs(some.evaluation()));
        TrainingData apart = TrainingData.split("t", trials(10), 0.2).withSamples(3);
        assertEquals(3, apart.training().size());
        assertEquals(2, apart.evaluation().size());
    }

    @Test
    void whatCannotBeIsSaid() {
        assertMessage("held-out share is 1.0", () -> TrainingData.split("t", trials(4), 1));
        assertMessage("held-out share is NaN", () -> TrainingData.split("t", trials(4), Double.NaN));
        assertMessage("held-out share is -0.1", () -> TrainingData.split("t", trials(4), -0.1));
        assertMessage("type 1 has 1 trial, expected at least 2", () -> TrainingData.split("t", trials(4, 1), 0.1));
        assertMessage(
                "samples is 5, expected 1 to 3",
                () -> TrainingData.split("t", trials(4), 0.1).withSamples(5));
        Trials wide = Trials.ofArrays(1, 2, 1, new double[2], new double[1], null, null, null);
        assertMessage("trials to evaluate on have 2 inputs", () -> new TrainingData(null, 0, trials(1), wide));
    }

    private static void assertMessage(String begin, org.junit.jupiter.api.function.Executable what) {
        String message = assertThrows(IllegalArgumentException.class, what).getMessage();
        assertTrue(message.startsWith(begin), message);
    }

    private static TrainingConfig config(TrainingData data) {
        return TrainingConfig.builder(data.training(), 1, data.evaluation().size())
                .units(3)
                .epochs(2)
                .batch(4)
                .build();
    }

    private TrainingResult train(TrainingData data, Existing existing) throws IOException {
        return new Trainer(config(data), TrainFixtures.ONE_THREAD, data)
                .train(folder.resolve("run"), existing, TrainingListener.NONE, () -> false);
    }

    @Test
    void runsRememberTheirData() throws IOException {
        TrainingData data = TrainingData.split("mine.npz", trials(10, 6), 0.25);
        assertEquals(
                data.evaluation().size(), train(data, Existing.REFUSE).scores().trials());
        Path run = folder.resolve("run");
        JsonObject session =
                Json.read(run.resolve("run.json")).getObjects("sessions").get(0);
        JsonObject meta = NetworkFile.read(RunDirectory.last(run)).meta();
        for (JsonObject found : List.of(session.getObject("data"), meta.getObject("data"))) {
            assertEquals("mine.npz", found.getString("file"));
            assertEquals(0.25, found.getDouble("heldOut"));
            assertEquals(TrainingConfig.digest(data.evaluation()), found.getString("evaluation"));
        }
        assertEquals(
                TrainingConfig.digest(data.training()),
                meta.getObject("training").getString("data"));
        // Under another name they are the same trials.
        assertEquals(
                Outcome.FINISHED_BEFORE,
                train(TrainingData.split("moved.npz", trials(10, 6), 0.25), Existing.RESUME)
                        .outcome());
    }

    @Test
    void otherDataCannotBeResumedOn() throws IOException {
        TrainingData data = TrainingData.split("mine.npz", trials(10, 6), 0.25);
        train(data, Existing.REFUSE);
        TrainingData otherShare = TrainingData.split("mine.npz", trials(10, 6), 0.5);
        String message = assertThrows(IOException.class, () -> train(otherShare, Existing.RESUME))
                .getMessage();
        assertTrue(message.contains("cannot resume") && message.contains("data is "), message);
        double[] x = xs(data.evaluation());
        x[0] += 0.5;
        int[] type = new int[x.length];
        for (int i = 0; i < x.length; i++) {
            type[i] = data.evaluation().type(i);
        }
        Trials other =
                Trials.ofArrays(1, 1, 1, x, x, null, type, data.evaluation().types());
        TrainingData otherEvaluation = new TrainingData("mine.npz", 0.25, data.training(), other);
        String second = assertThrows(IOException.class, () -> train(otherEvaluation, Existing.RESUME))
                .getMessage();
        assertTrue(second.contains("trials to evaluate on") && second.contains("mine.npz"), second);
    }
}
