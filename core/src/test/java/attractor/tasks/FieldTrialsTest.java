package attractor.tasks;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import attractor.random.RandomStream;
import attractor.task.Task;
import attractor.task.Tasks;
import attractor.task.Trials;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Trials of the field's tasks, written by hand from their descriptions. */
class FieldTrialsTest {
    private static final long SEED = 5;

    /** A task without noise, with options given as keys and values. */
    private static Task quiet(String name, Object... keysAndValues) {
        Map<String, Object> options = new LinkedHashMap<>();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            options.put((String) keysAndValues[i], keysAndValues[i + 1]);
        }
        return Tasks.byName(name, options).withoutNoise();
    }

    /** A trial's channels, each as a row over time. */
    private record Trial(double[][] x, double[][] y, double[] mask) {}

    private static Trial draw(Task task, String type, long index) {
        double[] x = new double[task.steps() * task.inputs()];
        double[] y = new double[task.steps() * task.outputs()];
        double[] mask = new double[y.length];
        Arrays.fill(mask, 1);
        int number = task.types().indexOf(type);
        assertTrue(number >= 0, type + " isn't one of " + task.types());
        task.write(number, new RandomStream(SEED, Trials.TRAINING, index), x, y, task.masked() ? mask : null);
        double[] perStep = new double[task.steps()];
        for (int t = 0; t < perStep.length; t++) {
            perStep[t] = mask[t * task.outputs()];
        }
        return new Trial(rows(x, task.inputs()), rows(y, task.outputs()), perStep);
    }

    private static double[][] rows(double[] a, int channels) {
        double[][] rows = new double[channels][a.length / channels];
        for (int i = 0; i < a.length; i++) {
            rows[i % channels][i / channels] = a[i];
        }
        return rows;
    }

    private static void assertRow(String expected, double[] row) {
        double[] numbers = Arrays.stream(expected.trim().split(" +"))
                .mapToDouble(Double::parseDouble)
                .toArray();
        assertArrayEquals(numbers, row, 1e-12, Arrays.toString(row));
    }

    private static void assertRows(Trial trial, String x, String y, String mask) {
        for (int i = 0; i < trial.x.length; i++) {
            assertRow(x.split(";")[i], trial.x[i]);
        }
        for (int o = 0; o < trial.y.length; o++) {
            assertRow(y.split(";")[o], trial.y[o]);
        }
        assertRow(mask, trial.mask);
    }

    private static final Object[] SHORT = {"durationMs", 6, "stimulusOnsetMs", 1, "stimulusMs", 2, "delayMs", 1};

    @Test
    void perceptualDecision() {
        Task task = quiet("perceptual-decision", with("coherences", List.of(0.5)));
        assertRows(
                draw(task, "left", 0), "0 .75 .75 0 0 0; 0 .25 .25 0 0 0", "0 0 0 0 1 1; 0 0 0 0 0 0", "0 0 0 0 1 1");
        assertRows(
                draw(task, "right", 1), "0 .25 .25 0 0 0; 0 .75 .75 0 0 0", "0 0 0 0 0 0; 0 0 0 0 1 1", "0 0 0 0 1 1");
    }

    private static Object[] with(Object... more) {
        Object[] all = Arrays.copyOf(SHORT, SHORT.length + more.length);
        System.arraycopy(more, 0, all, SHORT.length, more.length);
        return all;
    }

    @Test
    void contextDecision() {
        Task task = quiet("context-decision", with("coherences", List.of(0.2)));
        for (int index = 0; index < 8; index++) {
            Trial trial = draw(task, "colour-right", index);
            assertRow("0 .2 .2 0 0 0", trial.x[1]);
            assertEquals(0.2, Math.abs(trial.x[0][1]), 1e-15);
            assertRow("0 0 0 0 0 0", trial.x[2]);
            assertRow("1 1 1 1 1 1", trial.x[3]);
            assertRow("0 0 0 0 1 1", trial.y[1]);
            assertRow("0 0 0 0 1 1", trial.mask);
        }
        assertRow("0 -.2 -.2 0 0 0", draw(task, "motion-left", 3).x[0]);
        assertRow("1 1 1 1 1 1", draw(task, "motion-left", 3).x[2]);
        // The evidence that doesn't count is of either sign.
        assertEquals(
                List.of(-0.2, 0.2),
                List.of(
                        Arrays.stream(new int[] {0, 1, 2, 3, 4, 5, 6, 7, 8, 9})
                                .mapToDouble(i -> draw(task, "motion-left", i).x[1][1])
                                .min()
                                .orElseThrow(),
                        Arrays.stream(new int[] {0, 1, 2, 3, 4, 5, 6, 7, 8, 9})
                                .mapToDouble(i -> draw(task, "motion-left", i).x[1][1])
                                .max()
                                .orElseThrow()));
    }

    @Test
    void multisensoryDecision() {
        Task task = quiet("multisensory-decision", with("coherences", List.of(0.2)));
        String none = "0 0 0 0 0 0";
        assertRow("0 -.2 -.2 0 0 0", draw(task, "visual-left", 0).x[0]);
        assertRow(none, draw(task, "visual-left", 0).x[1]);
        assertRow(none, draw(task, "auditory-right", 0).x[0]);
        assertRow("0 .2 .2 0 0 0", draw(task, "auditory-right", 0).x[1]);
        assertRows(draw(task, "both-right", 0), "0 .2 .2 0 0 0; 0 .2 .2 0 0 0", none + ";0 0 0 0 1 1", "0 0 0 0 1 1");
    }

    @Test
    void matchToSample() {
        Task task = quiet(
                "match-to-sample",
                "durationMs",
                7,
                "stimulusOnsetMs",
                1,
                "stimulusMs",
                1,
                "retentionMs",
                2,
                "delayMs",
                1);
        assertRows(draw(task, "AA", 0), "0 1 0 0 1 0 0;0 0 0 0 0 0 0", "0 0 0 0 0 0 1;0 0 0 0 0 0 0", "0 0 0 0 0 0 1");
        assertRows(draw(task, "AB", 0), "0 1 0 0 0 0 0;0 0 0 0 1 0 0", "0 0 0 0 0 0 0;0 0 0 0 0 0 1", "0 0 0 0 0 0 1");
        assertRow("0 0 0 0 0 0 1", draw(task, "BB", 0).y[0]);
        assertRow("0 0 0 0 0 0 1", draw(task, "BA", 0).y[1]);
    }

    @Test
    void parametricMemory() {
        Task task = quiet(
                "parametric-memory",
                "durationMs",
                7,
                "stimulusOnsetMs",
                1,
                "stimulusMs",
                1,
                "retentionMs",
                2,
                "delayMs",
                1,
                "levels",
                List.of(0.5, 2));
        assertRows(draw(task, "f1>f2", 0), "0 2 0 0 .5 0 0", "0 0 0 0 0 0 1;0 0 0 0 0 0 0", "0 0 0 0 0 0 1");
        assertRows(draw(task, "f1<f2", 0), "0 .5 0 0 2 0 0", "0 0 0 0 0 0 0;0 0 0 0 0 0 1", "0 0 0 0 0 0 1");
    }

    @Test
    void goNoGo() {
        Task task = quiet("go-no-go", SHORT);
        assertRows(draw(task, "go", 0), "0 1 1 0 0 0;0 0 0 0 0 0", "0 0 0 0 1 1;0 0 0 0 0 0", "0 0 0 0 1 1");
        assertRows(draw(task, "no-go", 0), "0 0 0 0 0 0;0 1 1 0 0 0", "0 0 0 0 0 0;0 0 0 0 1 1", "0 0 0 0 1 1");
    }

    @Test
    void antiResponse() {
        Task task = quiet("anti-response", SHORT);
        String none = "0 0 0 0 0 0";
        assertRows(
                draw(task, "90", 0),
                none + ";0 1 1 0 0 0;1 1 1 1 0 0",
                none + ";" + none + ";" + none + ";0 0 0 0 1 1",
                "0 0 0 0 1 1");
        assertRow("0 -1 -1 0 0 0", draw(task, "180", 0).x[0]);
        assertRow("0 0 0 0 1 1", draw(task, "180", 0).y[0]);
        assertEquals(
                List.of("0", "60", "120", "180", "240", "300"),
                quiet("anti-response", "directions", 6).types());
    }

    @Test
    void readySetGo() {
        Task task = quiet(
                "ready-set-go", "durationMs", 9, "stimulusOnsetMs", 1, "stimulusMs", 1, "intervalsMs", List.of(2, 3));
        assertRows(draw(task, "2", 0), "0 1 0 0 0 0 0 0 0;0 0 0 1 0 0 0 0 0", "0 0 0 0 0 1 1 1 1", "1 1 1 1 1 1 1 1 1");
        assertRows(draw(task, "3", 0), "0 1 0 0 0 0 0 0 0;0 0 0 0 1 0 0 0 0", "0 0 0 0 0 0 0 1 1", "1 1 1 1 1 1 1 1 1");
        Task slow = quiet(
                "ready-set-go",
                "durationMs",
                9,
                "stimulusOnsetMs",
                1,
                "stimulusMs",
                1,
                "gain",
                1.5,
                "intervalsMs",
                List.of(2));
        assertRow("0 0 0 0 0 0 1 1 1", draw(slow, "2", 0).y[0]);
    }

    /** Slots as wide as a pulse, so that only signs and inputs are drawn. */
    @Test
    void bitMemory() {
        Task task = quiet(
                "n-bit-flipflop",
                "durationMs",
                9,
                "stimulusOnsetMs",
                1,
                "stimulusMs",
                2,
                "delayMs",
                1,
                "slotMs",
                2,
                "bits",
                1,
                "pulses",
                2);
        assertEquals(List.of("-", "+"), task.types());
        for (int index = 0; index < 6; index++) {
            Trial trial = draw(task, "+", index);
            double first = trial.x[0][1];
            assertEquals(1, Math.abs(first), 0);
            assertRows(
                    trial,
                    "0 " + first + " " + first + " 1 1 0 0 0 0",
                    "0 0 0 0 " + first + " " + first + " 1 1 1",
                    "1 1 1 1 1 1 1 1 1");
        }
        Task three = quiet("n-bit-flipflop");
        assertEquals("+-+", three.types().get(5));
        for (int index = 0; index < 20; index++) {
            Trial trial = draw(three, "+-+", index);
            int pulses = 0;
            for (int c = 0; c < 3; c++) {
                double held = 0;
                double due = 0;
                for (int t = 0; t < 250; t++) {
                    // Output c changes 5 ms after the end of a pulse on input c.
                    due = t >= 6 && trial.x[c][t - 5] == 0 && trial.x[c][t - 6] != 0 ? trial.x[c][t - 6] : due;
                    assertEquals(due, trial.y[c][t], "step " + t);
                    pulses += t > 0 && trial.x[c][t] != 0 && (trial.x[c][t - 1] == 0) ? 1 : 0;
                    held = trial.y[c][t];
                }
                assertEquals("+-+".charAt(c) == '+' ? 1 : -1, held);
            }
            assertTrue(pulses <= 6 && pulses >= 3, pulses + " pulses"); // two that touch count as one
        }
    }

    @Test
    void contextGate() {
        Task task = quiet(
                "context-gate",
                "durationMs",
                8,
                "contextOnsetMs",
                1,
                "stimulusOnsetMs",
                3,
                "stimulusMs",
                2,
                "delayMs",
                1);
        String none = "0 0 0 0 0 0 0 0";
        String pulse = "0 0 0 1 1 0 0 0";
        String step = "0 0 0 0 0 0 1 1";
        String[][] targets = {{none, step, step, step}, {none, step, step, none}, {none, none, none, step}};
        String[] gates = {"or", "xor", "and"};
        String[] contexts = {"0 -1 -1 0 0 0 0 0", none, "0 1 1 0 0 0 0 0"};
        String[] pairs = {"00", "01", "10", "11"};
        for (int g = 0; g < 3; g++) {
            for (int p = 0; p < 4; p++) {
                assertRows(
                        draw(task, gates[g] + "-" + pairs[p], 0),
                        (p >= 2 ? pulse : none) + ";" + (p % 2 == 1 ? pulse : none) + ";" + contexts[g],
                        targets[g][p],
                        "1 1 1 1 1 1 1 1");
            }
        }
    }

    /** A quarter of a period each step. */
    @Test
    void sineGenerator() {
        Task task = quiet("sine-generator", "durationMs", 6, "stimulusOnsetMs", 1, "frequenciesHz", List.of(125, 250));
        assertRows(draw(task, "250", 0), "0 1 1 1 1 1", "0 0 1 0 -1 0", "1 1 1 1 1 1");
        double half = Math.sqrt(0.5);
        assertRow("0 .5 .5 .5 .5 .5", draw(task, "125", 0).x[0]);
        assertRow("0 0 " + half + " 1 " + half + " 0", draw(task, "125", 0).y[0]);
    }

    @Test
    void signAmplitudeAndLatency() {
        Object[] times = {"durationMs", 8, "stimulusOnsetMs", 1, "stimulusMs", 2, "onsetJitterMs", 0, "smoothingMs", 0};
        Task sign = quiet("sign", more(times, "delayMs", 1));
        assertRows(draw(sign, "-", 0), "0 -1 -1 0 0 0 0 0", "0 0 0 0 -1 -1 -1 -1", "1 1 1 1 1 1 1 1");
        assertRows(draw(sign, "none", 0), "0 0 0 0 0 0 0 0", "0 0 0 0 0 0 0 0", "1 1 1 1 1 1 1 1");
        Task amplitude = quiet("amplitude", more(times, "delayMs", 1));
        assertRows(draw(amplitude, "+3", 0), "0 3 3 0 0 0 0 0", "0 0 0 0 .75 .75 .75 .75", "1 1 1 1 1 1 1 1");
        assertRow("0 0 0 0 -2 -2 -2 -2", draw(amplitude, "-8", 0).y[0]);
        Task latency = quiet("latency", more(times, "latencyPerHeightMs", 1));
        assertRows(draw(latency, "+3", 0), "0 3 3 0 0 0 0 0", "0 0 0 0 0 0 1 1", "1 1 1 1 1 1 1 1");
        assertRow("0 0 0 0 -1 -1 -1 -1", draw(latency, "-1", 0).y[0]);
    }

    private static Object[] more(Object[] some, Object... more) {
        Object[] all = Arrays.copyOf(some, some.length + more.length);
        System.arraycopy(more, 0, all, some.length, more.length);
        return all;
    }

    /** The window of 5 is 0, 1/2, 1, 1/2, 0 over 2: within a box of 4 the ends lose the weight that falls outside. */
    @Test
    void aHannWindowOfUnitSumSmoothsAPulse() {
        Task task = quiet(
                "sign",
                "durationMs",
                8,
                "stimulusOnsetMs",
                1,
                "stimulusMs",
                4,
                "onsetJitterMs",
                0,
                "smoothingMs",
                5,
                "delayMs",
                0);
        assertRow("0 .75 1 1 .75 0 0 0", draw(task, "+", 0).x[0]);
    }

    @Test
    void intervals() {
        Object[] times = {"onsetJitterMs", 0, "smoothingMs", 0, "stimulusOnsetMs", 1, "stimulusMs", 1};
        Task production = quiet("interval-production", more(times, "durationMs", 10, "intervalsMs", List.of(1, 2)));
        String all = "1 1 1 1 1 1 1 1 1 1";
        assertRows(draw(production, "-2", 0), "0 -1 0 0 -1 0 0 0 0 0", "0 0 0 0 0 0 0 -1 -1 -1", all);
        assertRows(draw(production, "+1", 0), "0 1 0 1 0 0 0 0 0 0", "0 0 0 0 0 1 1 1 1 1", all);
        assertRows(draw(production, "none", 0), "0 0 0 0 0 0 0 0 0 0", "0 0 0 0 0 0 0 0 0 0", all);
        Task comparison = quiet(
                "interval-comparison",
                more(times, "durationMs", 12, "intervalsMs", List.of(1, 2), "separationMs", 1, "delayMs", 1));
        String every = all + " 1 1";
        assertRows(draw(comparison, "short-long", 0), "0 1 0 1 0 1 0 0 1 0 0 0", "0 0 0 0 0 0 0 0 0 0 1 1", every);
        assertRows(draw(comparison, "long-short", 0), "0 1 0 0 1 0 1 0 1 0 0 0", "0 0 0 0 0 0 0 0 0 0 -1 -1", every);
    }

    @Test
    void integrals() {
        for (String name : List.of("windowed-integration", "continuing-integration", "cued-integration")) {
            Task task = quiet(name);
            int onset = name.startsWith("windowed") ? 50 : 125;
            int window = name.startsWith("windowed") ? 200 : name.startsWith("continuing") ? 50 : 20;
            int response =
                    onset + window + (name.startsWith("windowed") ? 20 : name.startsWith("continuing") ? 60 : 30);
            int stimulus = name.startsWith("cued") ? 140 : 200;
            for (String type : task.types()) {
                int turned = 0;
                for (int index = 0; index < 40; index++) {
                    Trial trial = draw(task, type, index);
                    double integral =
                            Arrays.stream(trial.x[0], onset, onset + window).sum();
                    int sign = type.equals("+") ? 1 : type.equals("-") ? -1 : 0;
                    assertTrue(sign == 0 || integral * sign > 0, name + " " + type + " " + integral);
                    turned += integral > 0 ? 1 : 0;
                    assertEquals(
                            0,
                            Arrays.stream(trial.x[0], 0, onset).map(Math::abs).sum(),
                            name);
                    assertEquals(
                            0,
                            Arrays.stream(trial.x[0], onset + stimulus, task.steps())
                                    .map(Math::abs)
                                    .sum(),
                            name);
                    for (int t = 0; t < task.steps(); t++) {
                        assertEquals(t >= response ? sign : 0, trial.y[0][t], name + " at " + t);
                    }
                    if (name.startsWith("cued")) {
                        for (int t = 0; t < task.steps(); t++) {
                            boolean cue = sign != 0 && t >= onset - 20 && t < onset - 10;
                            assertEquals(cue ? 1 : 0, trial.x[1][t], "cue at " + t);
                        }
                    }
                }
                assertTrue(type.length() == 1 || (turned > 8 && turned < 32), "without a cue both signs occur");
            }
        }
    }

    /** Times: first stimulus 20 to 45, second 75 to 100, response from 100, with grace to 105. */
    @Test
    void rulesTellWhatToDoWithTheSameStimuli() {
        Task task = quiet("rules", "rules", allRules());
        assertEquals(SeveralRules.RULES, task.types());
        for (String rule : task.types()) {
            int number = task.types().indexOf(rule);
            int[] fixated = {0};
            for (int index = 0; index < 60; index++) {
                Trial trial = draw(task, rule, index);
                check(rule, number, trial, fixated);
            }
            assertTrue(
                    rule.endsWith("match") ? fixated[0] > 10 && fixated[0] < 50 : fixated[0] == 0, rule + fixated[0]);
        }
    }

    private static List<Integer> allRules() {
        return java.util.stream.IntStream.range(0, 20).boxed().toList();
    }

    private static void check(String rule, int number, Trial trial, int[] fixated) {
        boolean atOnce = rule.startsWith("rt-");
        int due = atOnce ? 75 : 100;
        int answer = -1;
        for (int o = 0; o < 5; o++) {
            answer = trial.y[o][149] == 1 ? o : answer;
        }
        for (int t = 0; t < 150; t++) {
            assertEquals(t < due || atOnce ? 1 : 0, trial.x[0][t], rule + ", fixation at " + t);
            assertEquals(t < due ? 1 : t < due + 5 ? 0 : 5, trial.mask[t], rule + ", weight at " + t);
            for (int r = 0; r < 20; r++) {
                assertEquals(r == number ? 1 : 0, trial.x[9 + r][t], rule);
            }
            for (int o = 0; o < 5; o++) {
                assertEquals((t < due ? 0 : answer) == o ? 1 : 0, trial.y[o][t], rule + ", output " + o + " at " + t);
            }
        }
        fixated[0] += answer == 0 ? 1 : 0;
        // What is shown in each direction at the first and the second time, modality by modality.
        double[][] first = new double[2][4];
        double[][] second = new double[2][4];
        for (int m = 0; m < 2; m++) {
            for (int d = 0; d < 4; d++) {
                first[m][d] = trial.x[1 + 4 * m + d][30];
                second[m][d] = trial.x[1 + 4 * m + d][80];
            }
        }
        double[] a = sum(first);
        double[] b = sum(second);
        String plain = rule.replace("delay-", "").replace("rt-", "");
        if (plain.equals("go") || plain.equals("anti")) {
            int shown = largest(atOnce ? b : a);
            assertEquals((plain.equals("go") ? shown : (shown + 2) % 4) + 1, answer, rule);
        } else if (plain.endsWith("match")) {
            int sample = largest(a);
            int test = largest(b);
            boolean same = plain.startsWith("category") ? sample / 2 == test / 2 : sample == test;
            assertEquals(same != plain.contains("non-match") ? test + 1 : 0, answer, rule);
        } else {
            double[][] shown = new double[2][4];
            for (int m = 0; m < 2; m++) {
                for (int d = 0; d < 4; d++) {
                    shown[m][d] = rule.startsWith("delay-") ? first[m][d] + second[m][d] : first[m][d];
                }
            }
            if (rule.contains("decision")) {
                assertEquals(0, Arrays.stream(shown[rule.endsWith("1") ? 1 : 0]).sum(), rule);
            }
            double[] counted = rule.contains("multisensory") ? sum(shown) : shown[rule.endsWith("1") ? 0 : 1];
            assertEquals(largest(counted) + 1, answer, rule);
        }
    }

    private static double[] sum(double[][] modalities) {
        double[] sum = new double[4];
        for (int d = 0; d < 4; d++) {
            sum[d] = modalities[0][d] + modalities[1][d];
        }
        return sum;
    }

    private static int largest(double[] a) {
        int best = 0;
        for (int d = 1; d < a.length; d++) {
            best = a[d] > a[best] ? d : best;
        }
        return best;
    }
}
