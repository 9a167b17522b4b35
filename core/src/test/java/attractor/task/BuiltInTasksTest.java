package attractor.task;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import attractor.random.RandomStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class BuiltInTasksTest {

    private static final long SEED = 4711;

    /** One trial's arrays. */
    private static final class Trial {

        final double[] x;
        final double[] y;

        Trial(double[] x, double[] y) {
            this.x = x;
            this.y = y;
        }
    }

    private static Trial draw(Task task, int type, long index) {
        double[] x = new double[task.steps() * task.inputs()];
        double[] y = new double[task.steps() * task.outputs()];
        task.write(type, new RandomStream(SEED, Trials.TRAINING, index), x, y, null);
        return new Trial(x, y);
    }

    private static Map<String, Object> map(Object... keysAndValues) {
        Map<String, Object> map = new LinkedHashMap<>();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            map.put((String) keysAndValues[i], keysAndValues[i + 1]);
        }
        return map;
    }

    /** A task without noise, with the given options. */
    private static Task quiet(String name, Object... keysAndValues) {
        Map<String, Object> map = map(keysAndValues);
        map.putIfAbsent("noiseSd", 0);
        return Tasks.byName(name, map);
    }

    private static void assertError(String message, String name, Object... keysAndValues) {
        IllegalArgumentException error =
                assertThrows(IllegalArgumentException.class, () -> Tasks.byName(name, map(keysAndValues)));
        assertEquals(message, error.getMessage());
    }

    static List<String> names() {
        return Tasks.builtIn();
    }

    @ParameterizedTest
    @CsvSource({
        "pulse,       1, 200, none pulse,  1e-3, 15000, false",
        "and,         2, 200, 00 01 10 11, 5e-4, 15000, false",
        "or,          2, 200, 00 01 10 11, 1e-4, 15000, false",
        "xor,         2, 200, 00 01 10 11, 1e-3, 15000, false",
        "not,         1, 200, 0 1,         5e-4, 15000, true",
        "flipflop,    2, 600, reset set,   1e-3, 25000, false",
        "oscillation, 1, 300, none osc,    1e-3, 15000, false",
    })
    void defaultsAreThoseOfTheTable(
            String name, int inputs, int steps, String types, double stopLoss, int trials, boolean bias) {
        Task task = Tasks.byName(name);
        assertEquals(name, task.name());
        assertEquals(inputs, task.inputs());
        assertEquals(1, task.outputs());
        assertEquals(steps, task.steps());
        assertEquals(1, task.dtMs());
        assertEquals(List.of(types.split(" ")), task.types());
        assertEquals(stopLoss, task.stopLoss());
        assertEquals(trials, task.defaultTrials());
        assertEquals(bias, task.recurrentBias());
        assertFalse(task.masked());
        assertEquals(0.1, task.options().number("noiseSd"));
        assertEquals(0, task.options().number("targetNoiseSd"));
        assertEquals(0, task.options().number("baseline"));
    }

    @Test
    void tinyAnd() {
        Task task = quiet("and", "durationMs", 8, "stimulusOnsetMs", 1, "stimulusMs", 2, "delayMs", 1);
        double[] none = new double[8];
        assertTrial(task, 0, new double[16], none);
        assertTrial(task, 1, new double[] {0, 0, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}, none);
        assertTrial(task, 2, new double[] {0, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}, none);
        assertTrial(task, 3, new double[] {0, 0, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}, new double[] {
            0, 0, 0, 0, 1, 1, 1, 1
        });
    }

    @Test
    void tinyOrAndXorAndNot() {
        double[] none = new double[6];
        double[] step = {0, 0, 0, 1, 1, 1};
        Object[] times = {"durationMs", 6, "stimulusOnsetMs", 1, "stimulusMs", 1, "delayMs", 1};
        double[][] x = {
            new double[12],
            {0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0},
            {0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0},
            {0, 0, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0}
        };
        double[][] or = {none, step, step, step};
        double[][] xor = {none, step, step, none};
        for (int type = 0; type < 4; type++) {
            assertTrial(quiet("or", times), type, x[type], or[type]);
            assertTrial(quiet("xor", times), type, x[type], xor[type]);
        }
        assertTrial(quiet("not", times), 0, none, step);
        assertTrial(quiet("not", times), 1, new double[] {0, 1, 0, 0, 0, 0}, none);
    }

    /** Window exp(-1/2), 1, exp(-1/2) over a box of 4: sums 1 + e, 1 + 2e, 1 + 2e, 1 + e. */
    @Test
    void tinyPulse() {
        Task task = quiet(
                "pulse",
                "durationMs",
                12,
                "stimulusOnsetMs",
                1,
                "stimulusMs",
                4,
                "delayMs",
                2,
                "smoothingMs",
                3,
                "smoothingSdMs",
                1);
        double edge = (1 + Math.exp(-0.5)) / (1 + 2 * Math.exp(-0.5));
        assertEquals(0.7259, edge, 1e-4);
        assertTrial(task, 0, new double[12], new double[12]);
        assertTrial(task, 1, new double[] {0, edge, 1, 1, edge, 0, 0, 0, 0, 0, 0, 0}, new double[] {
            0, 0, 0, 0, 0, 0, 0, edge, 1, 1, edge, 0
        });
    }

    /** 125 Hz at 1 ms: a period of 8 steps. */
    @Test
    void tinyOscillation() {
        Task task = quiet(
                "oscillation",
                "durationMs",
                12,
                "stimulusOnsetMs",
                0,
                "stimulusMs",
                2,
                "delayMs",
                1,
                "frequencyHz",
                125);
        double r = Math.sqrt(0.5);
        assertTrial(task, 0, new double[12], new double[12]);
        assertTrial(task, 1, new double[] {1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}, new double[] {
            0, 0, 0, 0, r, 1, r, 0, -r, -1, -r, 0
        });
    }

    /** Set, Set, Reset, then the pulse of the type; with a delay of 1. */
    @Test
    void tinyFlipFlop() {
        Task task = quiet(
                "flipflop",
                "durationMs",
                13,
                "stimulusOnsetsMs",
                List.of(1, 3, 5, 8),
                "stimulusMs",
                1,
                "delayMs",
                1,
                "earlierPulses",
                List.of(0, 0, 1));
        assertTrial(
                task,
                1,
                new double[] {0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0},
                new double[] {0, 0, 0, 1, 1, 1, 1, 0, 0, 0, 1, 1, 1});
        assertTrial(
                task,
                0,
                new double[] {0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0},
                new double[] {0, 0, 0, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0});
    }

    private static void assertTrial(Task task, int type, double[] x, double[] y) {
        Trial trial = draw(task, type, 0);
        assertArrayEquals(x, trial.x, 1e-15, task.name() + " " + task.types().get(type) + ": x");
        assertArrayEquals(y, trial.y, 1e-15, task.name() + " " + task.types().get(type) + ": y");
    }

    @ParameterizedTest
    @CsvSource({
        // dt, T, stimulus from, to, response from
        "1,   200, 30,  50,  70",
        "0.5, 400, 60, 100, 140",
        "2,   100, 15,  25,  35",
        "4,    50,  8,  13,  18", // 30 / 4 = 7.5 becomes 8
        "3,    67, 10,  17,  24", // 20 / 3 = 6.67 becomes 7, each time separately
    })
    void gatesAtOtherSteps(double dt, int steps, int from, int to, int response) {
        for (String name : List.of("and", "or", "xor")) {
            Task task = quiet(name, "dtMs", dt);
            assertEquals(steps, task.steps());
            assertEquals(dt, task.dtMs());
            for (int type = 0; type < 4; type++) {
                boolean first = type >= 2;
                boolean second = type % 2 == 1;
                boolean on = switch (name) {
                    case "and" -> first && second;
                    case "or" -> first || second;
                    default -> first != second;
                };
                Trial trial = draw(task, type, type);
                for (int k = 0; k < steps; k++) {
                    boolean stimulus = k >= from && k < to;
                    String at = name + " " + task.types().get(type) + ", step " + k;
                    assertEquals(stimulus && first ? 1 : 0, trial.x[2 * k], at);
                    assertEquals(stimulus && second ? 1 : 0, trial.x[2 * k + 1], at);
                    assertEquals(on && k >= response ? 1 : 0, trial.y[k], at);
                }
            }
        }
    }

    /** scipy.signal.convolve(ones(20), scipy.signal.windows.gaussian(20, 12), 'same'), divided by its maximum. */
    @Test
    void bumpIsScipys() {
        double[] expected = {
            0.5000000000000002, 0.5557808582477958, 0.6111756913408939, 0.6658064699681486, 0.7193108811079336,
            0.7713495109279621, 0.8216122536708188, 0.8698237465951559, 0.9157476762260774, 0.9591898523098558,
            1.0, 0.9591898523098557, 0.9157476762260774, 0.8698237465951558, 0.8216122536708188,
            0.7713495109279621, 0.7193108811079335, 0.6658064699681486, 0.6111756913408938, 0.5557808582477958
        };
        assertArrayEquals(expected, PaperTask.bump(20, 20, 12), 1e-15);
        Trial trial = draw(quiet("pulse"), 1, 0);
        for (int k = 0; k < 200; k++) {
            assertEquals(k >= 50 && k < 70 ? expected[k - 50] : 0, trial.x[k], 1e-15, "x, step " + k);
            assertEquals(k >= 90 && k < 110 ? expected[k - 90] : 0, trial.y[k], 1e-15, "y, step " + k);
        }
    }

    /** The same call for other lengths: half and twice the step, shorter, longer and odd windows, one sample. */
    @Test
    void bumpIsScipysAtOtherLengths() {
        double[] half = PaperTask.bump(40, 40, 24);
        assertEquals(40, half.length);
        assertEquals(0.5000000000000001, half[0], 1e-15);
        assertEquals(0.5279133753013887, half[1], 1e-15);
        assertEquals(0.9799296246570792, half[19], 1e-15);
        assertEquals(1, half[20]);
        assertEquals(0.9799296246570792, half[21], 1e-15);
        assertEquals(0.5279133753013888, half[39], 1e-15);
        assertArrayEquals(
                new double[] {
                    0.5,
                    0.6111952304256567,
                    0.7193442093716345,
                    0.8216487600581804,
                    0.9157734905084995,
                    1.0,
                    0.9157734905084998,
                    0.8216487600581804,
                    0.7193442093716345,
                    0.6111952304256567
                },
                PaperTask.bump(10, 10, 6),
                1e-15);
        assertArrayEquals(
                new double[] {
                    0.5876200713882069,
                    0.7533901437801294,
                    0.8937114805936857,
                    1,
                    1,
                    1,
                    1,
                    1,
                    1,
                    1,
                    1,
                    1,
                    1,
                    1,
                    1,
                    1,
                    1,
                    0.8937114805936857,
                    0.7533901437801293,
                    0.5876200713882069
                },
                PaperTask.bump(20, 7, 3),
                1e-15);
        assertArrayEquals(
                new double[] {
                    0.960288456393374,
                    0.9799431546361526,
                    0.993269197557619,
                    1,
                    1,
                    0.993269197557619,
                    0.9799431546361526
                },
                PaperTask.bump(7, 20, 12),
                1e-15);
        assertArrayEquals(new double[] {1, 1, 1, 1, 1}, PaperTask.bump(5, 1, 2));
        assertArrayEquals(new double[] {1}, PaperTask.bump(1, 1, 12));
        IllegalArgumentException error = assertThrows(IllegalArgumentException.class, () -> PaperTask.bump(4, 4, 1e-3));
        assertEquals(
                "a window of 4 samples with sd 0.001 is zero everywhere, expected a larger sd", error.getMessage());
    }

    @ParameterizedTest
    @CsvSource({"0.5, 100, 40, 180, 24", "2, 25, 10, 45, 6"})
    void pulseAtOtherSteps(double dt, int onset, int length, int response, double sd) {
        Trial trial = draw(quiet("pulse", "dtMs", dt), 1, 0);
        double[] bump = PaperTask.bump(length, length, sd);
        for (int k = 0; k < trial.x.length; k++) {
            boolean in = k >= onset && k < onset + length;
            boolean out = k >= response && k < response + length;
            assertEquals(in ? bump[k - onset] : 0, trial.x[k], "x, step " + k);
            assertEquals(out ? bump[k - response] : 0, trial.y[k], "y, step " + k);
        }
    }

    @ParameterizedTest
    @CsvSource({"1, 300, 50, 70, 90", "0.5, 600, 100, 140, 180", "2, 150, 25, 35, 45"})
    void oscillationAtOtherSteps(double dt, int steps, int from, int to, int response) {
        Task task = quiet("oscillation", "dtMs", dt);
        assertEquals(steps, task.steps());
        Trial trial = draw(task, 1, 0);
        for (int k = 0; k < steps; k++) {
            assertEquals(k >= from && k < to ? 1 : 0, trial.x[k], "x, step " + k);
            double seconds = (k - response) * dt / 1000;
            double expected = k < response ? 0 : StrictMath.sin(2 * Math.PI * 30 * seconds);
            assertEquals(expected, trial.y[k], 1e-14, "y, step " + k);
        }
        assertArrayEquals(new double[steps], draw(task, 0, 0).y);
    }

    /** The target follows the pulses in the input, as a separate state machine computes it. */
    @ParameterizedTest
    @CsvSource({"1, 20", "0.5, 20", "2, 20", "1, 0", "1, 150"})
    void flipFlopFollowsItsPulses(double dt, double delayMs) {
        Task task = quiet("flipflop", "dtMs", dt, "delayMs", delayMs);
        int length = (int) Math.round(20 / dt);
        int delay = (int) Math.round(delayMs / dt);
        int[] onsets = Arrays.stream(new double[] {50, 170, 290, 410})
                .mapToInt(ms -> (int) Math.round(ms / dt))
                .toArray();
        int[] sets = new int[4];
        int trials = 2000;
        for (int i = 0; i < trials; i++) {
            int type = i % 2;
            Trial trial = draw(task, type, i);
            double[] x = new double[trial.x.length];
            double[] y = new double[trial.y.length];
            boolean set = false;
            for (int p = 0; p < 4; p++) {
                set = trial.x[2 * onsets[p]] == 1;
                sets[p] += set ? 1 : 0;
                for (int k = onsets[p]; k < onsets[p] + length; k++) {
                    x[2 * k + (set ? 0 : 1)] = 1;
                }
                for (int k = onsets[p] + length + delay; k < y.length; k++) {
                    y[k] = set ? 1 : 0;
                }
            }
            assertEquals(type == 1, set, "last pulse of trial " + i);
            assertArrayEquals(x, trial.x, "x of trial " + i);
            assertArrayEquals(y, trial.y, "y of trial " + i);
        }
        for (int p = 0; p < 3; p++) {
            assertEquals(0.5, (double) sets[p] / trials, 4 * 0.5 / Math.sqrt(trials), "pulse " + p + ", seed " + SEED);
        }
        assertEquals(trials / 2, sets[3]);
    }

    @ParameterizedTest
    @CsvSource({"0.1, 1", "0.1, 0.5", "0.1, 2", "0.03, 1"})
    void noiseHasTheSdThatIsAsked(double sd, double dt) {
        for (String name : names()) {
            Task noisy = Tasks.byName(name, map("noiseSd", sd, "dtMs", dt));
            Task quiet = quiet(name, "dtMs", dt);
            double sum = 0;
            double squares = 0;
            double lagged = 0;
            long n = 0;
            int trials = 400;
            for (int i = 0; i < trials; i++) {
                Trial a = draw(noisy, i % 2, i);
                Trial b = draw(quiet, i % 2, i);
                assertArrayEquals(b.y, a.y, name + ": noise doesn't touch the target");
                double previous = 0;
                for (int k = 0; k < a.x.length; k++) {
                    double noise = a.x[k] - b.x[k];
                    sum += noise;
                    squares += noise * noise;
                    lagged += noise * previous;
                    previous = noise;
                    n++;
                }
            }
            double expected = sd / Math.sqrt(dt);
            double root = Math.sqrt((double) n);
            String where = name + ", seed " + SEED;
            assertEquals(0, sum / n / expected, 4.5 / root, "mean, " + where);
            assertEquals(1, squares / n / (expected * expected), 4.5 * Math.sqrt(2) / root, "variance, " + where);
            assertEquals(0, lagged / n / (expected * expected), 4.5 / root, "next value, " + where);
        }
    }

    @Test
    void targetHasBaselineAmplitudeAndNoise() {
        Task plain = quiet("and", "baseline", 0.045, "targetAmplitude", 0.5);
        double[] y = draw(plain, 3, 0).y;
        assertEquals(0.045, y[69]);
        assertEquals(0.545, y[70]);
        Task noisy = quiet("and", "baseline", 0.045, "targetAmplitude", 0.5, "targetNoiseSd", 0.03, "dtMs", 0.5);
        double squares = 0;
        double sum = 0;
        int n = 0;
        for (int i = 0; i < 200; i++) {
            double[] drawn = draw(noisy, 3, i).y;
            for (int k = 0; k < drawn.length; k++) {
                double noise = drawn[k] - (k < 140 ? 0.045 : 0.545);
                sum += noise;
                squares += noise * noise;
                n++;
            }
        }
        assertEquals(0, sum / n, 4.5 * 0.03 / Math.sqrt(n), "seed " + SEED);
        // the same at every dt
        assertEquals(1, squares / n / 9e-4, 4.5 * Math.sqrt(2.0 / n), "seed " + SEED);
    }

    @Test
    void targetNoiseIsTheSameWhateverTheInputNoise() {
        double[] a = draw(Tasks.byName("pulse", map("targetNoiseSd", 0.03, "noiseSd", 0)), 1, 5).y;
        double[] b = draw(Tasks.byName("pulse", map("targetNoiseSd", 0.03, "noiseSd", 0.3)), 1, 5).y;
        assertArrayEquals(a, b);
    }

    @ParameterizedTest
    @MethodSource("names")
    void stimulusHasItsAmplitude(String name) {
        double[] one = draw(quiet(name), 1, 3).x;
        double[] other = draw(quiet(name, "amplitude", -0.8), 1, 3).x;
        for (int k = 0; k < one.length; k++) {
            assertEquals(-0.8 * one[k], other[k], 1e-16);
        }
    }

    @Test
    void anyStimulusCanBeSmoothed() {
        double[] bump = PaperTask.bump(40, 15, 3);
        Trial trial = draw(
                quiet(
                        "oscillation",
                        "stimulusMs",
                        40,
                        "smoothingMs",
                        15,
                        "smoothingSdMs",
                        3,
                        "amplitude",
                        0.8,
                        "frequencyHz",
                        28.6),
                1,
                0);
        for (int k = 0; k < 300; k++) {
            assertEquals(k >= 50 && k < 90 ? 0.8 * bump[k - 50] : 0, trial.x[k], "step " + k);
        }
        assertEquals(0, trial.y[110]);
        assertEquals(StrictMath.sin(2 * Math.PI * 28.6 * 0.001), trial.y[111], 1e-15);
        Trial square = draw(quiet("pulse", "smoothingMs", 0), 1, 0);
        for (int k = 0; k < 200; k++) {
            assertEquals(k >= 50 && k < 70 ? 1 : 0, square.x[k], "step " + k);
            assertEquals(k >= 90 && k < 110 ? 1 : 0, square.y[k], "step " + k);
        }
    }

    @ParameterizedTest
    @MethodSource("names")
    void jitterShiftsStimulusAndResponseTogether(String name) {
        int jitter = 7;
        Object[] pulses = {"earlierPulses", List.of(0, 1, 0)};
        Task still = quiet(name, name.equals("flipflop") ? pulses : new Object[0]);
        Task moving = Tasks.byName(name, still.options().with("onsetJitterMs", jitter));
        int steps = still.steps();
        int n = 3000;
        for (int type = 0; type < still.types().size(); type++) {
            Trial base = draw(still, type, 0);
            int[] counts = new int[2 * jitter + 1];
            for (int i = 0; i < n; i++) {
                Trial trial = draw(moving, type, i);
                int shift = new RandomStream(SEED, Trials.TRAINING, i).nextInt(2 * jitter + 1) - jitter;
                counts[shift + jitter]++;
                double[] x = shifted(base.x, shift * still.inputs(), 0);
                double after = name.equals("oscillation") ? 0 : base.y[steps - 1];
                double[] y = shifted(base.y, shift, after);
                if (name.equals("oscillation") && type == 1) {
                    for (int k = steps + Math.min(shift, 0); k < steps; k++) {
                        y[k] = StrictMath.sin(2 * Math.PI * 30 * ((k - 90 - shift) / 1000.0));
                    }
                }
                String where = name + ", type " + type + ", trial " + i + ", seed " + SEED;
                assertArrayEquals(x, trial.x, where);
                assertArrayEquals(y, trial.y, 1e-12, where);
            }
            double expected = (double) n / counts.length;
            for (int count : counts) {
                assertEquals(expected, count, 4.5 * Math.sqrt(expected), name + ", seed " + SEED);
            }
        }
    }

    /** Shifted to the right by this number of places, or to the left if it is negative; zeros come in from the left. */
    private static double[] shifted(double[] a, int by, double fromTheRight) {
        double[] b = new double[a.length];
        for (int k = 0; k < a.length; k++) {
            int from = k - by;
            b[k] = from < 0 ? 0 : from < a.length ? a[from] : fromTheRight;
        }
        return b;
    }

    @Test
    void worstJitterMayJustFit() {
        Task early = quiet("and", "onsetJitterMs", 30);
        Task late = quiet("and", "onsetJitterMs", 20, "delayMs", 129);
        Task pulse = quiet("pulse", "onsetJitterMs", 20, "delayMs", 90);
        boolean first = false;
        boolean last = false;
        boolean bump = false;
        for (int i = 0; i < 2000; i++) {
            first |= draw(early, 3, i).x[0] == 1;
            double[] y = draw(late, 3, i).y;
            assertEquals(1, y[199]);
            last |= y[198] == 0;
            bump |= Math.abs(draw(pulse, 1, i).y[199] - 0.5558) < 1e-4;
        }
        assertTrue(first, "a stimulus at step 0, seed " + SEED);
        assertTrue(last, "a response of one step, seed " + SEED);
        assertTrue(bump, "a bump that ends with the trial, seed " + SEED);
    }

    @Test
    void whatDoesNotFitIsAnError() {
        assertError(
                "task and: the response takes steps 200 to 200 at least (stimulusOnsetMs 30 + stimulusMs 20 + delayMs 150),"
                        + " expected to end before step 200 (durationMs 200)",
                "and",
                "delayMs",
                150);
        assertEquals(200, Tasks.byName("and", map("delayMs", 149)).steps());
        assertError(
                "task and: the response takes steps 200 to 200 at least (stimulusOnsetMs 30 + stimulusMs 20 + delayMs 149"
                        + " + onsetJitterMs 1), expected to end before step 200 (durationMs 200)",
                "and",
                "delayMs",
                149,
                "onsetJitterMs",
                1);
        assertError(
                "task pulse: the response takes steps 181 to 200 at least (stimulusOnsetMs 50 + stimulusMs 20 + delayMs"
                        + " 111), expected to end before step 200 (durationMs 200)",
                "pulse",
                "delayMs",
                111);
        assertEquals(200, Tasks.byName("pulse", map("delayMs", 110)).steps());
        assertError(
                "task oscillation: the response takes steps 299 to 300 at least (stimulusOnsetMs 50 + stimulusMs 20 +"
                        + " delayMs 229), expected to end before step 300 (durationMs 300)",
                "oscillation",
                "delayMs",
                229);
        assertError(
                "task flipflop: the response takes steps 600 to 600 at least (stimulusOnsetsMs [50, 170, 290, 410] +"
                        + " stimulusMs 20 + delayMs 170), expected to end before step 600 (durationMs 600)",
                "flipflop",
                "delayMs",
                170);
        assertError(
                "task or: the stimulus may begin at step -1 (stimulusOnsetMs 30 - onsetJitterMs 31), expected 0 or later",
                "or",
                "onsetJitterMs",
                31);
        assertError(
                "task xor: the stimulus takes 20 steps (stimulusMs 20), expected at most 1 (durationMs 1)",
                "xor",
                "durationMs",
                1);
        assertError(
                "task not: the response takes steps 1 to 1 at least (stimulusOnsetMs 0 + stimulusMs 1 + delayMs 0),"
                        + " expected to end before step 1 (durationMs 1)",
                "not",
                "durationMs",
                1,
                "stimulusOnsetMs",
                0,
                "stimulusMs",
                1,
                "delayMs",
                0);
        assertError("task not: durationMs 0.4 is 0 steps of 1 ms, expected at least 1", "not", "durationMs", 0.4);
        assertError("task and: stimulusMs 20 is 0 steps of 50 ms, expected at least 1", "and", "dtMs", 50);
        assertError("task pulse: smoothingMs 0.1 is 0 steps of 1 ms, expected at least 1", "pulse", "smoothingMs", 0.1);
        assertError(
                "task and: the response takes steps 2147483647 to 2147483647 at least (stimulusOnsetMs 30 + stimulusMs 20"
                        + " + delayMs 2147483647), expected to end before step 200 (durationMs 200)",
                "and",
                "delayMs",
                2147483647);
    }

    @Test
    void frequencyMustBeBelowHalfTheSamplingRate() {
        assertError(
                "task oscillation: frequencyHz 500 at dtMs 1, expected less than half the sampling rate, 500 Hz",
                "oscillation",
                "frequencyHz",
                500);
        assertError(
                "task oscillation: frequencyHz 30 at dtMs 20, expected less than half the sampling rate, 25 Hz",
                "oscillation",
                "dtMs",
                20);
        assertEquals(300, Tasks.byName("oscillation", map("frequencyHz", 499)).steps());
    }

    @Test
    void flipFlopsPulsesMustMakeSense() {
        assertError(
                "task flipflop: stimulusOnsetsMs is empty, expected at least one onset",
                "flipflop",
                "stimulusOnsetsMs",
                List.of());
        assertError(
                "task flipflop: pulse 1 begins at step 69, expected step 70 or later, where the one before it ends"
                        + " (stimulusOnsetsMs [50, 69], stimulusMs 20)",
                "flipflop",
                "stimulusOnsetsMs",
                List.of(50, 69));
        assertError(
                "task flipflop: earlierPulses has 2 values, expected 3 (one for each pulse but the last) or none",
                "flipflop",
                "earlierPulses",
                List.of(0, 1));
        assertError(
                "task flipflop: earlierPulses[1] is 2, expected 0 (Set) or 1 (Reset)",
                "flipflop",
                "earlierPulses",
                List.of(0, 2, 1));
        assertError(
                "task flipflop: the stimulus may begin at step -5 (stimulusOnsetsMs [50, 170, 290, 410] - onsetJitterMs"
                        + " 55), expected 0 or later",
                "flipflop",
                "onsetJitterMs",
                55);
        assertEquals(
                600,
                Tasks.byName("flipflop", map("stimulusOnsetsMs", List.of(50, 70)))
                        .steps());
    }

    @ParameterizedTest
    @MethodSource("names")
    void optionsOfAnotherTaskAreErrors(String name) {
        IllegalArgumentException error =
                assertThrows(IllegalArgumentException.class, () -> Tasks.byName(name, map("Delay", 1)));
        assertTrue(
                error.getMessage()
                        .startsWith("task " + name + " has no option Delay, expected one of dtMs, durationMs, "),
                error.getMessage());
        if (!name.equals("oscillation")) {
            assertThrows(IllegalArgumentException.class, () -> Tasks.byName(name, map("frequencyHz", 10)));
        }
        if (!name.equals("flipflop")) {
            assertThrows(
                    IllegalArgumentException.class, () -> Tasks.byName(name, map("stimulusOnsetsMs", List.of(10))));
        }
    }

    @ParameterizedTest
    @MethodSource("names")
    void aTaskIsMadeAgainFromItsOptions(String name) {
        Task task = Tasks.byName(name, map("delayMs", 31, "noiseSd", 0.2));
        Task again = Tasks.byName(name, task.options().toMap());
        assertEquals(task.options(), again.options());
        assertArrayEquals(draw(task, 1, 4).x, draw(again, 1, 4).x);
        assertArrayEquals(draw(task, 1, 4).y, draw(again, 1, 4).y);
        assertEquals(31, Tasks.byName(name, task.options()).options().number("delayMs"));
    }

    @ParameterizedTest
    @MethodSource("names")
    void partsCoverTheTrialInOrder(String name) {
        for (Task task : List.of(Tasks.byName(name), Tasks.byName(name, map("delayMs", 0)))) {
            int at = 0;
            for (TrialPart part : task.parts()) {
                assertEquals(at, part.from(), name + ", " + part);
                at = part.to();
            }
            assertEquals(task.steps(), at);
        }
    }

    @Test
    void partsAreThoseOfTheProtocol() {
        assertEquals("before 0-30, stimulus 30-50, gap 50-70, response 70-200", words("and"));
        assertEquals("before 0-50, stimulus 50-70, gap 70-90, response 90-110, after 110-200", words("pulse"));
        assertEquals(
                "before 0-100, stimulus 100-140, gap 140-180, response 180-600", words("oscillation", "dtMs", 0.5));
        assertEquals("stimulus 0-20, response 20-200", words("not", "stimulusOnsetMs", 0, "delayMs", 0));
        assertEquals(
                "before 0-50, stimulus 50-70, gap 70-90, response 90-170, stimulus 170-190, gap 190-210, response 210-600",
                words("flipflop", "stimulusOnsetsMs", List.of(50, 170)));
        assertEquals(
                "before 0-50, stimulus 50-70, gap 70-170, stimulus 170-190, gap 190-340, response 340-600",
                words("flipflop", "stimulusOnsetsMs", List.of(50, 170), "delayMs", 150));
    }

    private static String words(String name, Object... options) {
        List<String> words = new ArrayList<>();
        for (TrialPart part : quiet(name, options).parts()) {
            words.add(part.name() + " " + part.from() + "-" + part.to());
        }
        return String.join(", ", words);
    }

    @Test
    void partsCheckThemselves() {
        assertEquals(3, new TrialPart("gap", 2, 5).steps());
        assertEquals(
                "part gap is steps 5 to 5, expected 0 <= from < to",
                assertThrows(IllegalArgumentException.class, () -> new TrialPart("gap", 5, 5))
                        .getMessage());
        assertThrows(IllegalArgumentException.class, () -> new TrialPart("gap", -1, 5));
        assertThrows(IllegalArgumentException.class, () -> new TrialPart("", 0, 5));
    }

    /** The flag zeroTarget agrees with the targets without noise. */
    @ParameterizedTest
    @MethodSource("names")
    void zeroTargetsAreThoseWithoutResponse(String name) {
        Task task = Tasks.byName(name);
        for (int type = 0; type < task.types().size(); type++) {
            boolean zero = true;
            for (int i = 0; i < 50; i++) {
                zero &= Arrays.stream(draw(task, type, i).y).allMatch(y -> y == 0);
            }
            assertEquals(zero, task.zeroTarget(type), name + " " + task.types().get(type));
        }
    }

    @Test
    void zeroTargetsOfFlipFlopsWithGivenPulses() {
        assertTrue(quiet("flipflop", "earlierPulses", List.of(1, 1, 1)).zeroTarget(0));
        assertFalse(quiet("flipflop", "earlierPulses", List.of(1, 1, 1)).zeroTarget(1));
        assertFalse(quiet("flipflop", "earlierPulses", List.of(1, 0, 1)).zeroTarget(0));
        assertTrue(quiet("flipflop", "stimulusOnsetsMs", List.of(50)).zeroTarget(0));
    }

    @Test
    void descriptionsSayWhatHappens() {
        assertEquals(
                "Two inputs: each has a 20 ms square of height 1 at 30 ms, or none. If exactly one input had one, the output"
                        + " steps from 0 to 1 at 70 ms and stays there; else it stays at 0. A trial lasts 200 ms. Noise of"
                        + " sd 0.1 on every input.",
                Tasks.byName("xor").description());
        assertEquals(
                "One input: a 20 ms bump of height 1 at 50 ms, or none. If there was one, the output shows such a bump,"
                        + " from 0.045 up to 1.045, at 200 ms; else it stays at 0.045. A trial lasts 300 ms. Everything"
                        + " shifts by up to 5 ms from trial to trial. Noise of sd 0.03 on every input.",
                Tasks.byName(
                                "pulse",
                                map(
                                        "delayMs",
                                        130,
                                        "durationMs",
                                        300,
                                        "noiseSd",
                                        0.03,
                                        "baseline",
                                        0.045,
                                        "onsetJitterMs",
                                        5))
                        .description());
        assertEquals(
                "Two inputs, Set (0) and Reset (1): at 50, 170, 290, 410 ms there is a 20 ms square of height 1 on one of"
                        + " them. The output is 1 from 20 ms after a Set's end, 0 from 20 ms after a Reset's, else unchanged;"
                        + " it starts at 0. Types by the last pulse. A trial lasts 600 ms. Noise of sd 0.1 on every input.",
                Tasks.byName("flipflop").description());
        assertTrue(Tasks.byName("oscillation").description().contains("oscillates at 30 Hz from 90 ms on"));
        assertTrue(
                Tasks.byName("not").description().contains("If there was none, the output steps from 0 to 1 at 70 ms"));
    }

    /** Frozen noise, types and pulses of the default tasks: a change must be on purpose. */
    @ParameterizedTest
    @CsvSource({
        "pulse,       a60ddaefd3de464f",
        "and,         c0bcf80e78313c92",
        "or,          ac89a62481eb140",
        "xor,         fa57f082835031d9",
        "not,         86840bbcebb458f4",
        "flipflop,    d24f4a938204c689",
        "oscillation, 2828dba9c3077d1b",
    })
    void defaultTrialsHaveFrozenBits(String name, String expected) {
        Trials trials = Trials.random(Tasks.byName(name), 50, SEED, Trials.TRAINING);
        double[] x = new double[trials.steps() * trials.inputs()];
        double[] y = new double[trials.steps() * trials.outputs()];
        Trials.Reader reader = trials.reader();
        long hash = 0;
        for (int i = 0; i < trials.size(); i++) {
            reader.read(i, x, 0, y, 0, null, 0);
            hash = hash(hash, trials.type(i));
            for (double value : x) {
                hash = hash(hash, Double.doubleToLongBits(value));
            }
            for (double value : y) {
                hash = hash(hash, Double.doubleToLongBits(value));
            }
        }
        assertEquals(expected, Long.toHexString(hash));
    }

    /** The rotation carries high bits to low ones, the product low bits to high ones. */
    private static long hash(long hash, long bits) {
        return (Long.rotateLeft(hash, 29) ^ bits) * 0x9E3779B97F4A7C15L;
    }

    @Test
    void timesOffTheGridAreSaid() {
        assertEquals(List.of(), Tasks.byName("and").warnings());
        assertEquals(List.of(), Tasks.byName("pulse", Map.of("dtMs", 0.1)).warnings());
        assertEquals(
                List.of(
                        "task and: stimulusOnsetMs 30 isn't a whole number of steps of 40 ms and becomes 40 ms",
                        "task and: stimulusMs 20 isn't a whole number of steps of 40 ms and becomes 40 ms",
                        "task and: delayMs 20 isn't a whole number of steps of 40 ms and becomes 40 ms"),
                Tasks.byName("and", Map.of("dtMs", 40)).warnings());
        assertTrue(
                Tasks.byName("and", Map.of("dtMs", 0.3))
                        .warnings()
                        .contains(
                                "task and: stimulusMs 20 isn't a whole number of steps of 0.3 ms and becomes 20.1 ms"),
                "without the rounding's digits");
        assertEquals(
                List.of("task flipflop: stimulusOnsetsMs 50.4 isn't a whole number of steps of 1 ms and becomes 50 ms"),
                Tasks.byName("flipflop", Map.of("stimulusOnsetsMs", List.of(50.4, 170)))
                        .warnings());
    }

    @Test
    void anAnswerWithoutACueIsSaid() {
        assertEquals(List.of(), Tasks.byName("not").warnings());
        for (String name : List.of("pulse", "and", "or", "xor", "flipflop", "oscillation")) {
            assertEquals(
                    List.of(), Tasks.byName(name, Map.of("onsetJitterMs", 10)).warnings(), name);
        }
        List<String> warnings = Tasks.byName("not", Map.of("onsetJitterMs", 10)).warnings();
        assertEquals(1, warnings.size(), warnings.toString());
        assertTrue(warnings.get(0).startsWith("task not: a trial of type 0 has no stimulus"), warnings.get(0));
    }
}
