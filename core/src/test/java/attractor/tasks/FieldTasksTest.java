package attractor.tasks;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import attractor.task.Readout;
import attractor.task.ScoreAccumulator;
import attractor.task.Scores;
import attractor.task.Task;
import attractor.task.TaskOptions;
import attractor.task.TaskProvider;
import attractor.task.Tasks;
import attractor.task.TrialPart;
import attractor.task.Trials;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What all tasks of this package keep; {@link FieldTrialsTest} has trials written by hand. */
class FieldTasksTest {
    private static final long SEED = 20_14;

    static List<String> names() {
        return Tasks.providers().stream().map(TaskProvider::name).skip(7).toList();
    }

    @Test
    void theyAreListedAfterTheSeven() {
        assertEquals(
                List.of(
                        "perceptual-decision",
                        "context-decision",
                        "multisensory-decision",
                        "match-to-sample",
                        "parametric-memory",
                        "go-no-go",
                        "anti-response",
                        "ready-set-go",
                        "n-bit-flipflop",
                        "context-gate",
                        "sine-generator",
                        "rules",
                        "sign",
                        "amplitude",
                        "latency",
                        "interval-production",
                        "interval-comparison",
                        "windowed-integration",
                        "continuing-integration",
                        "cued-integration"),
                names());
    }

    /** All values of a trial. */
    private record Trial(int type, double[] x, double[] y, double[] mask) {
        static Trial of(Trials trials, int index) {
            Trial trial = new Trial(
                    trials.type(index),
                    new double[trials.steps() * trials.inputs()],
                    new double[trials.steps() * trials.outputs()],
                    new double[trials.steps() * trials.outputs()]);
            trials.reader().read(index, trial.x, 0, trial.y, 0, trial.mask, 0);
            return trial;
        }

        long hash() {
            long hash = type;
            for (double[] array : List.of(x, y, mask)) {
                for (double value : array) {
                    hash = 31 * hash + Double.doubleToLongBits(value);
                }
            }
            return hash;
        }
    }

    @ParameterizedTest
    @MethodSource("names")
    void aTrialIsAFunctionOfSeedAndIndex(String name) {
        Task task = Tasks.byName(name);
        Trials kept = Trials.random(task, 40, SEED, Trials.TRAINING);
        Trials drawn = Trials.random(Tasks.byName(name), 20, SEED, Trials.TRAINING, 0);
        assertTrue(kept.inMemory() && !drawn.inMemory());
        for (int i : new int[] {19, 3, 0, 3}) {
            assertEquals(Trial.of(kept, i).hash(), Trial.of(drawn, i).hash(), name + ", trial " + i);
        }
        Trials other = Trials.random(task, 20, SEED + 1, Trials.TRAINING);
        assertNotEquals(Trial.of(kept, 3).hash(), Trial.of(other, 3).hash(), name);
    }

    /** Forty trials of each, as a hash: trained networks and results depend on them. */
    @ParameterizedTest
    @CsvSource({
        "perceptual-decision, e970e1db837080d5",
        "context-decision, 3dc343892b336cab",
        "multisensory-decision, a87708fc4c870754",
        "match-to-sample, 731186affd4b91c2",
        "parametric-memory, 7166372b3ed9a638",
        "go-no-go, bed725fb7269b75b",
        "anti-response, 819f33c59a325264",
        "ready-set-go, 7ee8873a8f58c2b1",
        "n-bit-flipflop, 11b89f297203cfa8",
        "context-gate, 8f95cf5843f0f7a7",
        "sine-generator, fdc5af199a6d77e6",
        "rules, 394c7c62b9c04cc3",
        "sign, d976556b880f854",
        "amplitude, ea2a21caadfdcb7",
        "latency, 20dc26f96c3e9824",
        "interval-production, ef9b2a21c0b71a62",
        "interval-comparison, d8ee0545de21b354",
        "windowed-integration, 2d64cb3cb154f5f2",
        "continuing-integration, 4cdf281302044f88",
        "cued-integration, 117027cfbe91ea64",
    })
    void trialsHaveTheseBits(String name, String expected) {
        Trials trials = Trials.random(Tasks.byName(name), 40, SEED, Trials.TRAINING);
        long hash = 17;
        for (int i = 0; i < trials.size(); i++) {
            hash = 31 * hash + Trial.of(trials, i).hash();
        }
        assertEquals(expected, Long.toHexString(hash), name);
    }

    private interface Output {
        double of(double target, int output);
    }

    private static Scores score(Trials trials, Output output) {
        ScoreAccumulator accumulator = new ScoreAccumulator(trials);
        for (int s = 0; s < trials.size(); s++) {
            Trial trial = Trial.of(trials, s);
            double[] y = new double[trial.y.length];
            for (int k = 0; k < y.length; k++) {
                y[k] = output.of(trial.y[k], k % trials.outputs());
            }
            accumulator.add(trial.type, y, 0, trial.y, 0, trial.mask, 0);
        }
        return accumulator.scores();
    }

    @ParameterizedTest
    @MethodSource("names")
    void silentAndConstantOutputsFailAndTheTargetPasses(String name) {
        Trials trials = Trials.balanced(Tasks.byName(name), 200, SEED, Trials.EVALUATION);
        for (int twentieths = -40; twentieths <= 40; twentieths++) {
            double constant = twentieths / 20.0;
            assertFalse(score(trials, (target, o) -> constant).passed(), name + " passes with output " + constant);
        }
        for (int chosen = 0; chosen < trials.outputs(); chosen++) {
            int one = chosen;
            assertFalse(score(trials, (target, o) -> o == one ? 1 : 0).passed(), name + " passes with class " + one);
            assertFalse(
                    score(trials, (target, o) -> o == one ? -1 : 0).passed(), name + " passes without class " + one);
        }
        assertTrue(score(trials, (target, o) -> target).passed(), name + " fails with the target itself");
        assertTrue(score(trials, (target, o) -> 0.9 * target + 0.02).passed(), name + " fails near the target");
    }

    /** The time from the stimulus to the response leaves no room in a single step. */
    @ParameterizedTest
    @MethodSource("names")
    void whatDoesNotFitIsAnError(String name) {
        String message = assertThrows(IllegalArgumentException.class, () -> Tasks.byName(name, Map.of("durationMs", 1)))
                .getMessage();
        assertTrue(message.startsWith("task " + name + ": ") && message.contains("expected"), message);
        Task task = Tasks.byName(name);
        double most = task.steps();
        assertThrows(
                IllegalArgumentException.class,
                () -> Tasks.byName(name, Map.of("stimulusOnsetMs", most)),
                name + " begins at its end");
        String early = assertThrows(
                        IllegalArgumentException.class,
                        () -> Tasks.byName(name, Map.of("stimulusOnsetMs", 30, "onsetJitterMs", 31)))
                .getMessage();
        assertTrue(early.contains("expected"), early);
    }

    /** The shortest trial that fits is one step longer than the longest that doesn't. */
    @ParameterizedTest
    @MethodSource("names")
    void theShortestTrialHasAResponse(String name) {
        int steps = 1;
        Task shortest = null;
        while (shortest == null) {
            try {
                shortest = Tasks.byName(name, Map.of("durationMs", ++steps));
            } catch (IllegalArgumentException tooShort) {
                assertTrue(steps < 600, name);
            }
        }
        for (int k = 0; k < 4 * shortest.types().size(); k++) {
            Trial trial = Trial.of(Trials.balanced(shortest, 100, SEED, Trials.EVALUATION), k);
            boolean response =
                    shortest.zeroTarget(trial.type) || Arrays.stream(trial.y).anyMatch(v -> v != 0);
            assertTrue(
                    response,
                    name + " of " + steps + " steps, type " + shortest.types().get(trial.type));
        }
    }

    /** At twice the step a trial has every second value, if all times are even. */
    @ParameterizedTest
    @MethodSource("names")
    void atTwiceTheStepThereIsEverySecondValue(String name) {
        if (List.of("n-bit-flipflop").contains(name) || name.endsWith("integration")) {
            return; // the times or the stimulus of a trial are drawn step by step
        }
        Map<String, Object> even = new LinkedHashMap<>(Map.of("stimulusOnsetMs", 80, "durationMs", 700));
        TaskOptions options = Tasks.provider(name).defaults();
        if (options.has("latencyPerHeightMs")) {
            even.put("latencyPerHeightMs", 24);
        }
        if (name.equals("rules")) {
            even.putAll(Map.of("stimulusMs", 24, "graceMs", 4));
        }
        if (name.equals("interval-comparison")) {
            even.put("intervalsMs", List.of(20, 50));
        }
        if (options.has("smoothingMs")) {
            even.put("smoothingMs", 0);
            even.put("onsetJitterMs", 0);
        }
        Trials fine = Trials.balanced(Tasks.byName(name, even).withoutNoise(), 40, SEED, Trials.EVALUATION);
        even.put("dtMs", 2);
        Task coarse = Tasks.byName(name, even).withoutNoise();
        Trials half = Trials.balanced(coarse, 40, SEED, Trials.EVALUATION);
        assertEquals(fine.steps(), 2 * half.steps());
        assertEquals(List.of(), coarse.warnings());
        for (int s = 0; s < 40; s++) {
            Trial a = Trial.of(fine, s);
            Trial b = Trial.of(half, s);
            for (int t = 0; t < half.steps(); t++) {
                for (int i = 0; i < half.inputs(); i++) {
                    assertEquals(
                            a.x[2 * t * half.inputs() + i], b.x[t * half.inputs() + i], 1e-12, name + " x at " + t);
                }
                for (int o = 0; o < half.outputs(); o++) {
                    assertEquals(
                            a.y[2 * t * half.outputs() + o], b.y[t * half.outputs() + o], 1e-9, name + " y at " + t);
                }
            }
        }
        assertEquals(
                List.of("task " + name + ": durationMs 699 isn't a whole number of steps of 2 ms and becomes 700 ms"),
                coarse(even, name).warnings());
    }

    private static Task coarse(Map<String, Object> even, String name) {
        Map<String, Object> odd = new LinkedHashMap<>(even);
        odd.put("durationMs", 699);
        return Tasks.byName(name, odd);
    }

    @ParameterizedTest
    @MethodSource("names")
    void noiseHasTheSaidSize(String name) {
        Map<String, Object> options = new LinkedHashMap<>(Map.of("noiseSd", 0.3, "onsetJitterMs", 0));
        if (Tasks.provider(name).defaults().has("stimulusNoiseSd")) {
            options.put("stimulusNoiseSd", 0);
        }
        Task noisy = Tasks.byName(name, options);
        options.put("noiseSd", 0);
        Task quiet = Tasks.byName(name, options);
        double squares = 0;
        long count = 0;
        for (int s = 0; s < 20; s++) {
            Trial a = Trial.of(Trials.random(noisy, 20, SEED, Trials.TRAINING), s);
            Trial b = Trial.of(Trials.random(quiet, 20, SEED, Trials.TRAINING), s);
            assertArrayEquals(b.y, a.y, name);
            for (int k = 0; k < a.x.length; k++) {
                squares += (a.x[k] - b.x[k]) * (a.x[k] - b.x[k]);
                count++;
            }
        }
        assertEquals(0.09, squares / count, 0.09 * 5 * Math.sqrt(2.0 / count), name);
    }

    @ParameterizedTest
    @MethodSource("names")
    void partsCoverTheTrialInOrder(String name) {
        Task task = Tasks.byName(name);
        for (int type = -1; type < task.types().size(); type++) {
            int at = 0;
            List<String> parts = new ArrayList<>();
            for (TrialPart part : type < 0 ? task.parts() : task.parts(type)) {
                assertTrue(part.from() >= at, name);
                at = part.to();
                parts.add(part.name());
            }
            assertEquals(task.steps(), at, name);
            assertTrue(parts.contains(TrialPart.RESPONSE), name);
        }
    }

    @ParameterizedTest
    @MethodSource("names")
    void classesHaveWeightInTheirWindowAlone(String name) {
        Task task = Tasks.byName(name).withoutNoise();
        assertEquals(task.masked(), task.readout().equals(Readout.LARGEST), name);
        assertEquals(task.masked() ? "cross-entropy" : "mse", task.loss().name(), name);
        if (!task.masked()) {
            return;
        }
        int from = task.parts().get(task.parts().size() - 1).from() * task.outputs();
        for (int s = 0; s < 2 * task.types().size(); s++) {
            Trial trial = Trial.of(Trials.balanced(task, 100, SEED, Trials.EVALUATION), s);
            if (!name.equals("rules")) {
                for (int k = 0; k < trial.mask.length; k++) {
                    assertEquals(k < from ? 0 : 1, trial.mask[k], name);
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("names")
    void everyAnswerCanBeToldFromTheInput(String name) {
        assertEquals(List.of(), Tasks.warnings(Tasks.byName(name)));
        assertEquals(List.of(), Tasks.warnings(Tasks.byName(name, Map.of("onsetJitterMs", 5))), name);
    }

    /** Without a stimulus nothing tells the types apart. */
    @ParameterizedTest
    @MethodSource("names")
    void stimuliOfHeightZeroAreWarnedAbout(String name) {
        List<String> warnings = Tasks.warnings(Tasks.byName(name, Map.of("amplitude", 0)));
        assertEquals(1, warnings.size(), name + warnings);
        assertTrue(warnings.get(0).contains("nothing in its input tells"), warnings.get(0));
    }

    @Test
    void aCoherenceOfZeroIsWarnedAbout() {
        for (String name : List.of("perceptual-decision", "context-decision", "multisensory-decision")) {
            List<String> warnings = Tasks.warnings(Tasks.byName(name, Map.of("coherences", List.of(0, 0.5))));
            assertEquals(1, warnings.size(), name);
            assertTrue(warnings.get(0).startsWith("task " + name + ": a trial of type "), warnings.get(0));
            assertTrue(warnings.get(0).contains("nothing in its input tells which answer is due"), warnings.get(0));
        }
    }

    @Test
    void mistakenOptionsAreErrorsThatSaySo() {
        record Case(String name, Map<String, Object> options, String message) {}
        for (Case c : List.of(
                new Case("perceptual-decision", Map.of("coherences", List.of(0.5, 1.5)), "expected each 0 to 1"),
                new Case("perceptual-decision", Map.of("coherences", List.of(0.5, 0.5)), "all different"),
                new Case("context-decision", Map.of("coherences", List.of()), "expected at least one value"),
                new Case("parametric-memory", Map.of("levels", List.of(1, 1)), "each larger than the one before"),
                new Case("parametric-memory", Map.of("levels", List.of(1)), "expected at least two"),
                new Case("anti-response", Map.of("directions", 3), "expected an even number, 2 to 36"),
                new Case("ready-set-go", Map.of("intervalsMs", List.of(30, 30)), "all different"),
                new Case("ready-set-go", Map.of("gain", 20), "expected to end before step 300"),
                new Case("n-bit-flipflop", Map.of("bits", 7), "expected a whole number, 1 to 6"),
                new Case("n-bit-flipflop", Map.of("bits", 2.5), "expected a whole number, 1 to 6"),
                new Case("n-bit-flipflop", Map.of("pulses", 2), "expected a whole number, 3 to"),
                new Case("n-bit-flipflop", Map.of("slotMs", 5), "expected at least 10, as many as a pulse"),
                new Case(
                        "context-gate",
                        Map.of("contexts", List.of(2)),
                        "expected some of -1 (OR), 0 (XOR) and 1 (AND)"),
                new Case("context-gate", Map.of("contexts", List.of(1, 1)), "each at most once"),
                new Case("context-gate", Map.of("contextOnsetMs", 90), "expected at least onsetJitterMs 0"),
                new Case("sine-generator", Map.of("frequenciesHz", List.of(600)), "less than half the sampling rate"),
                new Case("rules", Map.of("rules", List.of(20)), "expected whole numbers, 0 to 19, each once"),
                new Case("rules", Map.of("rules", List.of()), "expected at least one rule"),
                new Case("rules", Map.of("responseWeight", 1), "expected above 1"),
                new Case("amplitude", Map.of("heights", 17), "expected a whole number, 1 to 16"),
                new Case("sign", Map.of("smoothingMs", 2), "expected 0 or at least 3 steps"),
                new Case(
                        "interval-comparison",
                        Map.of("intervalsMs", List.of(50, 25)),
                        "a short interval and a longer one"),
                new Case("continuing-integration", Map.of("windowMs", 201), "expected at most stimulusMs 200"),
                new Case("cued-integration", Map.of("cueLeadMs", 60), "expected a cue within the trial"))) {
            String message = assertThrows(
                            IllegalArgumentException.class, () -> Tasks.byName(c.name, c.options), c.name + c.options)
                    .getMessage();
            assertTrue(message.startsWith("task " + c.name + ": ") && message.contains(c.message), message);
        }
    }

    @Test
    void threeOfFourTrialsAreCued() {
        Trials trials = Trials.random(Tasks.byName("cued-integration"), 20_000, SEED, Trials.TRAINING, 0);
        int[] counts = new int[3];
        for (int s = 0; s < trials.size(); s++) {
            counts[trials.type(s)]++;
        }
        assertEquals(0.375, counts[0] / 20_000.0, 0.015);
        assertEquals(0.375, counts[1] / 20_000.0, 0.015);
        assertEquals(0.25, counts[2] / 20_000.0, 0.015);
    }

    /** Values of a table of the normal distribution. */
    @Test
    void theBoundsOfDecisionsAreThoseOfAnIdealObserver() {
        assertEquals(0.5, NormalDistribution.phi(0), 1e-16);
        assertEquals(0.841344746068542949, NormalDistribution.phi(1), 1e-15);
        assertEquals(0.975002104851779566, NormalDistribution.phi(1.96), 1e-15);
        assertEquals(1 - 0.977249868051820793, NormalDistribution.phi(-2), 1e-15);
        assertEquals(1, NormalDistribution.phi(9), 1e-15);
        // n = 100 steps, sd 0.3 and 0.4 together 0.5: c 10 / (sqrt(2) 0.5).
        PerceptualDecision task = (PerceptualDecision)
                Tasks.byName("perceptual-decision", Map.of("stimulusNoiseSd", 0.3, "noiseSd", 0.4));
        assertEquals(NormalDistribution.phi(0.05 * 10 / Math.sqrt(0.5)), task.bound(0.05), 1e-15);
        ContextDecision context =
                (ContextDecision) Tasks.byName("context-decision", Map.of("stimulusNoiseSd", 0.3, "noiseSd", 0.4));
        assertEquals(NormalDistribution.phi(0.05 * 10 / 0.5), context.bound(0.05), 1e-15);
        MultisensoryDecision senses = (MultisensoryDecision)
                Tasks.byName("multisensory-decision", Map.of("stimulusNoiseSd", 0.3, "noiseSd", 0.4));
        assertEquals(NormalDistribution.phi(0.05 * 10 / 0.5), senses.bound(0.05, 1), 1e-15);
        assertEquals(NormalDistribution.phi(0.05 * 10 * Math.sqrt(2) / 0.5), senses.bound(0.05, 2), 1e-15);
    }
}
