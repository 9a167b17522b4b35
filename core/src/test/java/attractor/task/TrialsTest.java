package attractor.task;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import attractor.random.RandomStream;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class TrialsTest {

    private static final long SEED = 99;

    /** A user's own task: 3 inputs, 2 outputs, 5 steps, a mask. */
    private static class Own implements OneChannelTask {
        @Override
        public String name() {
            return "own";
        }

        @Override
        public int inputs() {
            return 3;
        }

        @Override
        public int outputs() {
            return 2;
        }

        @Override
        public int steps() {
            return 5;
        }

        @Override
        public double dtMs() {
            return 10;
        }

        @Override
        public List<String> types() {
            return List.of("a", "b", "c");
        }

        @Override
        public boolean masked() {
            return true;
        }

        @Override
        public void write(int type, RandomStream random, double[] x, double[] y, double[] mask) {
            for (int t = 0; t < 5; t++) {
                for (int i = 0; i < 3; i++) {
                    assertEquals(0, x[3 * t + i]);
                    x[3 * t + i] = random.nextDouble();
                    y[2 * t] += x[3 * t + i];
                }
                y[2 * t + 1] = type;
                assertEquals(1, mask[2 * t]);
                mask[2 * t] = t;
            }
        }
    }

    /** The whole set, read trial by trial. */
    private static final class All {

        final double[] x;
        final double[] y;
        final double[] mask;
        final int[] type;

        All(double[] x, double[] y, double[] mask, int[] type) {
            this.x = x;
            this.y = y;
            this.mask = mask;
            this.type = type;
        }
    }

    private static All readAll(Trials trials) {
        int xLength = trials.steps() * trials.inputs();
        int yLength = trials.steps() * trials.outputs();
        All all = new All(
                new double[trials.size() * xLength],
                new double[trials.size() * yLength],
                new double[trials.size() * yLength],
                new int[trials.size()]);
        Trials.Reader reader = trials.reader();
        for (int s = 0; s < trials.size(); s++) {
            reader.read(s, all.x, s * xLength, all.y, s * yLength, all.mask, s * yLength);
            all.type[s] = trials.type(s);
        }
        return all;
    }

    private static void assertSameTrials(All expected, All actual, String what) {
        assertArrayEquals(expected.x, actual.x, what);
        assertArrayEquals(expected.y, actual.y, what);
        assertArrayEquals(expected.mask, actual.mask, what);
        assertArrayEquals(expected.type, actual.type, what);
    }

    static List<Task> tasks() {
        List<Task> tasks = new ArrayList<>();
        for (String name : Tasks.builtIn()) {
            tasks.add(Tasks.byName(name));
        }
        tasks.add(Tasks.byName("xor", Map.of("onsetJitterMs", 10, "targetNoiseSd", 0.1, "dtMs", 2)));
        tasks.add(new Own());
        return tasks;
    }

    @ParameterizedTest
    @MethodSource("tasks")
    void drawnAndStoredTrialsHaveTheSameBits(Task task) {
        Trials stored = Trials.random(task, 40, SEED, Trials.TRAINING);
        Trials drawn = Trials.random(task, 40, SEED, Trials.TRAINING, 0);
        assertTrue(stored.inMemory());
        assertFalse(drawn.inMemory());
        assertSameTrials(readAll(stored), readAll(drawn), task.name());
        assertEquals(stored.masked(), drawn.masked());
        assertEquals(stored.types(), drawn.types());
        assertSameTrials(
                readAll(Trials.balanced(task, 40, SEED, Trials.TRAINING)),
                readAll(Trials.balanced(task, 40, SEED, Trials.TRAINING, 0)),
                task.name() + ", balanced");
    }

    @Test
    void theBudgetDecidesToTheByte() {
        Task and = Tasks.byName("and");
        long bytes = 8L * 10 * 200 * 3;
        assertTrue(Trials.random(and, 10, SEED, Trials.TRAINING, bytes).inMemory());
        assertFalse(Trials.random(and, 10, SEED, Trials.TRAINING, bytes - 1).inMemory());
        long masked = 8L * 10 * 5 * (3 + 2 + 2);
        assertTrue(Trials.random(new Own(), 10, SEED, Trials.TRAINING, masked).inMemory());
        assertFalse(
                Trials.random(new Own(), 10, SEED, Trials.TRAINING, masked - 1).inMemory());
    }

    /** More values than an array can hold: 2,000,000 trials of 1200 inputs, drawn at each reading. */
    @Test
    void setsBeyondAllMemoryAreDrawn() {
        Task task = Tasks.byName("flipflop");
        Trials huge = Trials.random(task, 2_000_000, SEED, Trials.TRAINING, Long.MAX_VALUE);
        assertFalse(huge.inMemory());
        double[] x = new double[1200];
        double[] y = new double[600];
        huge.reader().read(1_999_999, x, 0, y, 0, null, 0);
        RandomStream random = new RandomStream(SEED, Trials.TRAINING, 1_999_999);
        double[] expected = new double[1200];
        int type = random.nextInt(2);
        task.write(type, random, expected, new double[600], null);
        assertEquals(type, huge.type(1_999_999));
        assertArrayEquals(expected, x);
    }

    @Test
    void aTrialDependsOnSeedPurposeAndIndexAlone() {
        Task task = Tasks.byName("xor");
        All many = readAll(Trials.random(task, 100, SEED, Trials.TRAINING));
        All few = readAll(Trials.random(task, 7, SEED, Trials.TRAINING));
        assertArrayEquals(few.x, Arrays.copyOf(many.x, few.x.length));
        assertArrayEquals(few.y, Arrays.copyOf(many.y, few.y.length));
        assertArrayEquals(few.type, Arrays.copyOf(many.type, 7));
        assertNotEquals(many.x[0], readAll(Trials.random(task, 1, SEED + 1, Trials.TRAINING)).x[0]);
        assertNotEquals(many.x[0], readAll(Trials.random(task, 1, SEED, Trials.EVALUATION)).x[0]);
        assertNotEquals(many.x[0], many.x[400]);
    }

    @Test
    void readingAgainInAnyOrderGivesTheSame() {
        Trials drawn = Trials.random(new Own(), 20, SEED, Trials.TRAINING, 0);
        All all = readAll(drawn);
        Trials.Reader reader = drawn.reader();
        double[] x = new double[15];
        double[] y = new double[10];
        double[] mask = new double[10];
        for (int s : new int[] {19, 3, 3, 0, 11}) {
            reader.read(s, x, 0, y, 0, mask, 0);
            assertArrayEquals(Arrays.copyOfRange(all.x, 15 * s, 15 * s + 15), x);
            assertArrayEquals(Arrays.copyOfRange(all.y, 10 * s, 10 * s + 10), y);
            assertArrayEquals(Arrays.copyOfRange(all.mask, 10 * s, 10 * s + 10), mask);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"pulse", "xor"})
    void typesAreEquallyLikely(String name) {
        int n = 40_000;
        Trials trials = Trials.random(Tasks.byName(name), n, SEED, Trials.TRAINING, 0);
        int k = trials.types().size();
        int[] counts = new int[k];
        int[][] pairs = new int[k][k];
        for (int s = 0; s < n; s++) {
            counts[trials.type(s)]++;
            if (s > 0) {
                pairs[trials.type(s - 1)][trials.type(s)]++;
            }
        }
        for (int a = 0; a < k; a++) {
            assertEquals((double) n / k, counts[a], 4 * Math.sqrt((double) n / k), "seed " + SEED);
            for (int b = 0; b < k; b++) {
                double expected = (double) n / (k * k);
                assertEquals(expected, pairs[a][b], 4 * Math.sqrt(expected), "seed " + SEED);
            }
        }
    }

    @Test
    void balancedTypesTakeTurns() {
        Trials trials = Trials.balanced(Tasks.byName("xor"), 10, SEED, Trials.EVALUATION);
        for (int s = 0; s < 10; s++) {
            assertEquals(s % 4, trials.type(s));
        }
        All balanced = readAll(trials);
        All random = readAll(Trials.random(Tasks.byName("xor"), 10, SEED, Trials.EVALUATION));
        for (int s = 0; s < 10; s++) {
            assertEquals(random.x[400 * s], balanced.x[400 * s], "the same noise, trial " + s);
            assertEquals(s % 4 == 1 || s % 4 == 2 ? 1 : 0, balanced.y[200 * s + 199]);
        }
    }

    @Test
    void readersRefuseWhatIsNotThere() {
        for (long budget : new long[] {Trials.DEFAULT_BUDGET, 0}) {
            Trials trials = Trials.random(Tasks.byName("and"), 3, SEED, Trials.TRAINING, budget);
            Trials.Reader reader = trials.reader();
            double[] x = new double[400 * 2];
            double[] y = new double[200 * 2];
            assertThrows(IndexOutOfBoundsException.class, () -> trials.type(3));
            for (int none : new int[] {-1, 3}) {
                assertThrows(IndexOutOfBoundsException.class, () -> reader.read(none, x, 0, y, 0, null, 0));
            }
            assertThrows(IndexOutOfBoundsException.class, () -> reader.read(0, x, 401, y, 0, null, 0));
            assertThrows(IndexOutOfBoundsException.class, () -> reader.read(0, x, 0, y, 201, null, 0));
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {0, Trials.DEFAULT_BUDGET})
    void severalThreadsReadTheSame(long budget) throws Exception {
        Trials trials = Trials.random(Tasks.byName("flipflop"), 300, SEED, Trials.TRAINING, budget);
        All expected = readAll(trials);
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Future<All>> results = new ArrayList<>();
            for (int w = 0; w < 4; w++) {
                int first = 60 * w;
                results.add(threads.submit(() -> {
                    All all =
                            new All(new double[300 * 1200], new double[300 * 600], new double[300 * 600], new int[300]);
                    Trials.Reader reader = trials.reader();
                    for (int i = 0; i < 300; i++) {
                        int s = (first + 7 * i) % 300;
                        reader.read(s, all.x, 1200 * s, all.y, 600 * s, all.mask, 600 * s);
                        all.type[s] = trials.type(s);
                    }
                    return all;
                }));
            }
            for (Future<All> result : results) {
                assertSameTrials(expected, result.get(), "seed " + SEED);
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {0, Trials.DEFAULT_BUDGET})
    void readingAllocatesNothing(long budget) {
        com.sun.management.ThreadMXBean threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        for (String name : List.of("flipflop", "pulse", "oscillation")) {
            Task task = Tasks.byName(name);
            Trials trials = Trials.random(task, 64, SEED, Trials.TRAINING, budget);
            Trials.Reader reader = trials.reader();
            double[] x = new double[task.steps() * task.inputs()];
            double[] y = new double[task.steps()];
            long before = 0;
            for (int i = 0; i < 1000; i++) {
                if (i == 500) {
                    before = threads.getCurrentThreadAllocatedBytes();
                }
                reader.read(i % 64, x, 0, y, 0, null, 0);
            }
            long bytes = threads.getCurrentThreadAllocatedBytes() - before;
            // one object in each of 500 rounds would be 8000
            assertTrue(bytes < 4000, name + ": " + bytes + " bytes in 500 rounds");
        }
    }

    @Test
    void zeroTargetsComeFromTheTask() {
        Trials trials = Trials.random(Tasks.byName("and"), 1, SEED, Trials.TRAINING);
        assertTrue(trials.zeroTarget(0));
        assertFalse(trials.zeroTarget(3));
        assertTrue(
                Trials.random(Tasks.byName("and"), 1, SEED, Trials.TRAINING, 0).zeroTarget(2));
    }

    private static void assertError(String message, Runnable action) {
        assertEquals(
                message,
                assertThrows(IllegalArgumentException.class, action::run).getMessage());
    }

    @Test
    void wrongSizesAreErrors() {
        Task and = Tasks.byName("and");
        assertError("number of trials is 0, expected at least 1", () -> Trials.random(and, 0, 1, Trials.TRAINING));
        assertError(
                "memory for trials is -1 bytes, expected 0 or more",
                () -> Trials.random(and, 1, 1, Trials.TRAINING, -1));
        assertError(
                "task own has 0 steps, 3 inputs, 2 outputs, expected at least 1 of each",
                () -> Trials.random(
                        new Own() {
                            @Override
                            public int steps() {
                                return 0;
                            }
                        },
                        1,
                        1,
                        Trials.TRAINING));
        assertError(
                "task own has 1000000000 steps, 3 inputs, 2 outputs, expected at most 2147483639 values a trial",
                () -> Trials.random(
                        new Own() {
                            @Override
                            public int steps() {
                                return 1_000_000_000;
                            }
                        },
                        1,
                        1,
                        Trials.TRAINING));
        assertError(
                "task own has a dt of NaN ms, expected a finite number above 0",
                () -> Trials.random(
                        new Own() {
                            @Override
                            public double dtMs() {
                                return Double.NaN;
                            }
                        },
                        1,
                        1,
                        Trials.TRAINING));
        for (List<String> types : List.of(List.<String>of(), List.of("a", "b", "a"))) {
            assertError(
                    types.isEmpty()
                            ? "task own has no trial types, expected at least one"
                            : "task own has trial types [a, b, a], expected all different",
                    () -> Trials.random(
                            new Own() {
                                @Override
                                public List<String> types() {
                                    return types;
                                }
                            },
                            1,
                            1,
                            Trials.TRAINING));
        }
    }

    /** A task that puts invalid values into what it has written. */
    private static Task spoiling(int type, double[] values) {
        return new Own() {
            @Override
            public void write(int drawn, RandomStream random, double[] x, double[] y, double[] mask) {
                super.write(drawn, random, x, y, mask);
                if (drawn == type) {
                    x[7] = values[0];
                    y[5] = values[1];
                    mask[4] = values[2];
                }
            }
        };
    }

    @Test
    void tasksThatWriteNonsenseAreNamed() {
        assertError(
                "task own wrote x = NaN in trial 2 (type c) at step 2, input 1, expected a finite number",
                () -> Trials.balanced(spoiling(2, new double[] {Double.NaN, 0, 0}), 3, SEED, Trials.TRAINING));
        assertError(
                "task own wrote y = Infinity in trial 1 (type b) at step 2, output 1, expected a finite number",
                () -> Trials.balanced(
                        spoiling(1, new double[] {0, Double.POSITIVE_INFINITY, 0}), 3, SEED, Trials.TRAINING));
        assertError(
                "task own wrote mask = -1.0 in trial 0 (type a) at step 2, output 0, expected a finite number, 0 or more",
                () -> Trials.balanced(spoiling(0, new double[] {0, 0, -1}), 3, SEED, Trials.TRAINING));
        Trials drawn = Trials.balanced(spoiling(2, new double[] {Double.NaN, 0, 0}), 3, SEED, Trials.TRAINING, 0);
        assertThrows(IllegalArgumentException.class, () -> readAll(drawn));
        assertError(
                "task own wrote a mask of zeros in trial 0 (type a), expected a step above 0",
                () -> Trials.balanced(
                        new Own() {
                            @Override
                            public void write(int type, RandomStream random, double[] x, double[] y, double[] mask) {
                                Arrays.fill(mask, 0);
                            }
                        },
                        1,
                        SEED,
                        Trials.TRAINING));
        IllegalStateException failed = assertThrows(
                IllegalStateException.class,
                () -> Trials.balanced(
                        new Own() {
                            @Override
                            public void write(int type, RandomStream random, double[] x, double[] y, double[] mask) {
                                x[15] = 1;
                            }
                        },
                        1,
                        SEED,
                        Trials.TRAINING));
        assertEquals(
                "task own failed to write trial 0 (type a): java.lang.ArrayIndexOutOfBoundsException: Index 15 out of"
                        + " bounds for length 15",
                failed.getMessage());
        assertSame(ArrayIndexOutOfBoundsException.class, failed.getCause().getClass());
    }

    // S = 2, T = 3, I = 1, O = 2
    private static final double[] X = {1, 2, 3, 4, 5, 6};
    private static final double[] Y = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11};

    private static Trials data(double[] x, double[] y, double[] mask, int[] type, List<String> types) {
        return Trials.ofArrays(3, 1, 2, x, y, mask, type, types);
    }

    @Test
    void arraysBecomeTrials() {
        Trials trials = data(X, Y, null, null, null);
        assertEquals(2, trials.size());
        assertEquals(List.of("all"), trials.types());
        assertTrue(trials.inMemory());
        assertFalse(trials.masked());
        All all = readAll(trials);
        assertArrayEquals(X, all.x);
        assertArrayEquals(Y, all.y);
        assertArrayEquals(new double[] {1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1}, all.mask);
        assertArrayEquals(new int[] {0, 0}, all.type);
        assertFalse(trials.zeroTarget(0));
    }

    @Test
    void masksMayBeGivenByStep() {
        double[] byStep = {1, 0, 1, 0.5, 1, 2};
        double[] byOutput = {1, 1, 0, 0, 1, 1, 0.5, 0.5, 1, 1, 2, 2};
        assertArrayEquals(byOutput, readAll(data(X, Y, byStep, null, null)).mask);
        assertArrayEquals(byOutput, readAll(data(X, Y, byOutput, null, null)).mask);
        assertTrue(data(X, Y, byStep, null, null).masked());
    }

    @Test
    void typesAreNamedByTheirNumbersUnlessNamesAreGiven() {
        Trials numbered = data(X, Y, null, new int[] {7, -2}, null);
        assertEquals(List.of("-2", "7"), numbered.types());
        assertEquals(1, numbered.type(0));
        assertEquals(0, numbered.type(1));
        int[] given = {1, 0};
        Trials named = data(X, Y, null, given, List.of("go", "stop", "never"));
        given[0] = 0;
        assertEquals(List.of("go", "stop", "never"), named.types());
        assertEquals(1, named.type(0));
        assertEquals(0, named.type(1));
        assertEquals(List.of("mine"), data(X, Y, null, null, List.of("mine")).types());
    }

    @Test
    void arraysThatDoNotFitAreErrors() {
        assertError(
                "x has 5 values, expected a multiple of T*I = 3 (T = 3, I = 1), at least one trial",
                () -> data(new double[5], Y, null, null, null));
        assertError(
                "x has 0 values, expected a multiple of T*I = 3 (T = 3, I = 1), at least one trial",
                () -> data(new double[0], new double[0], null, null, null));
        assertError(
                "y has 6 values, expected S*T*O = 12 (S = 2, T = 3, O = 2)",
                () -> data(X, new double[6], null, null, null));
        assertError(
                "mask has 5 values, expected S*T*O = 12 or S*T = 6 (S = 2, T = 3, O = 2)",
                () -> data(X, Y, new double[5], null, null));
        assertError(
                "type has 3 values, expected S = 2, one for each trial of x", () -> data(X, Y, null, new int[3], null));
        assertError(
                "type[1] is 2, expected 0 to 1, an index into [a, b]",
                () -> data(X, Y, null, new int[] {0, 2}, List.of("a", "b")));
        assertError(
                "type[0] is -1, expected 0 to 1, an index into [a, b]",
                () -> data(X, Y, null, new int[] {-1, 0}, List.of("a", "b")));
        assertError("data has no trial types, expected at least one", () -> data(X, Y, null, null, List.of()));
        assertError(
                "data has trial types [a, a], expected all different", () -> data(X, Y, null, null, List.of("a", "a")));
        assertError("steps is 0, expected at least 1", () -> Trials.ofArrays(0, 1, 1, X, Y, null, null, null));
        assertError("inputs is 0, expected at least 1", () -> Trials.ofArrays(1, 0, 1, X, Y, null, null, null));
        assertError("outputs is -1, expected at least 1", () -> Trials.ofArrays(1, 1, -1, X, Y, null, null, null));
    }

    @Test
    void arraysWithNonsenseAreErrors() {
        double[] x = X.clone();
        x[4] = Double.NaN;
        assertError(
                "x is NaN at trial 1, step 1, input 0, expected a finite number", () -> data(x, Y, null, null, null));
        double[] y = Y.clone();
        y[11] = Double.NEGATIVE_INFINITY;
        assertError(
                "y is -Infinity at trial 1, step 2, output 1, expected a finite number",
                () -> data(X, y, null, null, null));
        assertError(
                "mask is -0.5 at trial 0, step 1, output 0, expected a finite number, 0 or more",
                () -> data(X, Y, new double[] {1, -0.5, 1, 1, 1, 1}, null, null));
        assertError(
                "mask is NaN at trial 1, step 0, output 1, expected a finite number, 0 or more",
                () -> data(X, Y, new double[] {1, 1, 1, 1, 1, 1, 1, Double.NaN, 1, 1, 1, 1}, null, null));
        assertError(
                "mask is 0 throughout trial 1, expected a step above 0",
                () -> data(X, Y, new double[] {1, 1, 1, 0, 0, 0}, null, null));
    }
}
