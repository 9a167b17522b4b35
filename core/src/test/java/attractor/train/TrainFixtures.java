package attractor.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import attractor.engine.Adam;
import attractor.engine.Loss;
import attractor.engine.Optimizer;
import attractor.io.Json;
import attractor.io.NpyArray;
import attractor.io.Npz;
import attractor.kernel.Kernels;
import attractor.random.RandomStream;
import attractor.task.Task;
import attractor.task.Tasks;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** What the tests of training share. */
final class TrainFixtures {
    private TrainFixtures() {}

    static final ExecutionSettings ONE_THREAD = ExecutionSettings.defaults().withThreads(1);

    /** An AND of 20 steps. */
    static Task shortAnd() {
        return Tasks.byName("and", Map.of("durationMs", 20, "stimulusOnsetMs", 2, "stimulusMs", 4, "delayMs", 2));
    }

    /** 7 units, 5 batches of 8 an epoch and one of 3. */
    static TrainingConfig.Builder tiny() {
        return TrainingConfig.builder(shortAnd())
                .units(7)
                .samples(43)
                .batch(8)
                .epochs(4)
                .optimizer(new Adam.Options(3e-3, 1e-4, 0.9, 0.999, 1e-8))
                .stopLoss(0.0)
                .evaluationTrials(20)
                .seed(5);
    }

    /** Input delayed by one step, with a mask that is 0 at the first step and 2 at the last. */
    record Echo(int steps, int inputs, boolean masked) implements Task {
        @Override
        public String name() {
            return "echo";
        }

        @Override
        public String description() {
            return "The sum of the inputs, a step later.";
        }

        @Override
        public int outputs() {
            return 1;
        }

        @Override
        public double dtMs() {
            return 0.5;
        }

        @Override
        public List<String> types() {
            return List.of("only");
        }

        @Override
        public void write(int type, RandomStream random, double[] x, double[] y, double[] mask) {
            random.fillGaussian(x, 0, x.length, 0.3);
            int lag = steps == 1 ? 0 : 1;
            for (int t = lag; t < steps; t++) {
                for (int i = 0; i < inputs; i++) {
                    y[t] += x[(t - lag) * inputs + i];
                }
            }
            if (mask != null) {
                mask[0] = steps == 1 ? 1.0 : 0.0;
                mask[steps - 1] = 2.0;
            }
        }
    }

    /** A user's: the sum of |y - target|^3. */
    record Cubic() implements Loss {
        @Override
        public String name() {
            return "cubic";
        }

        @Override
        public double sum(
                int trials, int steps, int outputs, double[] y, double[] target, double[] weight, double[] dy) {
            double sum = 0.0;
            for (int i = 0; i < trials * steps * outputs; i++) {
                double e = y[i] - target[i];
                sum += weight[i] * Math.abs(e) * e * e;
                dy[i] = 3.0 * weight[i] * Math.abs(e) * e;
            }
            return sum;
        }
    }

    /** A user's: goes along the mean of all gradients so far. Its state are their sums and a rate that shrinks. */
    record Averaging(double learningRate, double shrink) implements Optimizer.Options {
        @Override
        public String name() {
            return "averaging";
        }

        @Override
        public Averaging withLearningRate(double rate) {
            return new Averaging(rate, shrink);
        }

        @Override
        public Map<String, Double> numbers() {
            return Map.of("learningRate", learningRate, "shrink", shrink);
        }

        @Override
        public Optimizer create(int count, Kernels kernels) {
            return new Optimizer() {
                private final double[] state = new double[count + 1];
                private long steps;

                @Override
                public void step(double multiplier, double[] parameters, double[] gradient) {
                    steps++;
                    state[count] = steps == 1 ? learningRate : state[count] * shrink;
                    for (int i = 0; i < count; i++) {
                        state[i] += gradient[i];
                        parameters[i] -= multiplier * state[count] * state[i] / steps;
                    }
                }

                @Override
                public int count() {
                    return count;
                }

                @Override
                public long iteration() {
                    return steps;
                }

                @Override
                public double[] state() {
                    return state.clone();
                }

                @Override
                public void restore(long iteration, double[] values) {
                    steps = iteration;
                    System.arraycopy(values, 0, state, 0, count + 1);
                }
            };
        }
    }

    static String hash(double[] values) {
        ByteBuffer bytes = ByteBuffer.allocate(8 * values.length);
        Arrays.stream(values).forEach(bytes::putDouble);
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes.array());
            return HexFormat.of().formatHex(digest, 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    static List<String> names(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(f -> f.getFileName().toString()).sorted().toList();
        }
    }

    /** The text of every array of a file, all bits included. */
    static Map<String, String> arrays(Path file) throws IOException {
        Map<String, String> text = new LinkedHashMap<>();
        for (Map.Entry<String, NpyArray> entry : Npz.read(file).arrays().entrySet()) {
            NpyArray a = entry.getValue();
            String values = switch (a.kind()) {
                case DOUBLE -> hash(a.doubles());
                case LONG, BOOL -> Arrays.toString(a.longs());
                case STRING -> Arrays.toString(a.strings());
            };
            text.put(entry.getKey(), a + " " + values);
        }
        return text;
    }

    /** That two run directories hold the same, but for seconds and facts about the machine. */
    static void assertSameRun(Path expected, Path found, String message) throws IOException {
        assertEquals(names(expected), names(found), message);
        for (String name : names(expected)) {
            Path a = expected.resolve(name);
            Path b = found.resolve(name);
            String what = message + ": " + name;
            if (name.endsWith(".npz")) {
                Map<String, String> there = arrays(a);
                Map<String, String> here = arrays(b);
                for (String time : List.of("seconds", "epoch_seconds")) {
                    assertEquals(there.remove(time) == null, here.remove(time) == null, what);
                }
                assertEquals(there, here, what);
            } else if (name.equals(RunDirectory.HISTORY)) {
                List<EpochSummary> there = RunDirectory.history(expected);
                List<EpochSummary> here = RunDirectory.history(found);
                assertEquals(losses(there), losses(here), what);
            } else if (name.equals(RunDirectory.EVALUATION)) {
                Map<String, Object> there = new LinkedHashMap<>(Json.read(a).asMap());
                Map<String, Object> here = new LinkedHashMap<>(Json.read(b).asMap());
                assertTrue((Double) there.remove("seconds") > 0.0, what);
                assertTrue((Double) here.remove("seconds") > 0.0, what);
                assertEquals(there, here, what);
            } else if (name.equals(RunDirectory.RUN)) {
                assertEquals(
                        Json.read(a).getObject("configuration").asMap(),
                        Json.read(b).getObject("configuration").asMap(),
                        what);
                assertEquals(Json.read(a).asMap().keySet(), Json.read(b).asMap().keySet(), what);
            } else {
                throw new AssertionError(what + " is not a file of a run");
            }
        }
    }

    static List<Double> losses(List<EpochSummary> history) {
        return history.stream().map(EpochSummary::loss).toList();
    }

    /** The scalar kernels, those for processors without fused multiply-adds, and those that this JVM would choose. */
    static Stream<Kernels> kernels() {
        return Stream.of(Kernels.of("scalar"), Kernels.of("softfma"), Kernels.get());
    }
}
