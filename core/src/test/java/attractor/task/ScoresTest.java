package attractor.task;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import attractor.random.RandomStream;
import attractor.random.RandomStream.Purpose;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.DoubleFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ScoresTest {

    private static final long SEED = 31;

    static List<String> names() {
        return Tasks.builtIn();
    }

    /** Turns a target into the output of a network, which is then scored. */
    private interface Output {
        double of(double target);
    }

    private static Scores score(Trials trials, Output output) {
        double[] x = new double[trials.steps() * trials.inputs()];
        double[] y = new double[trials.steps() * trials.outputs()];
        double[] mask = new double[y.length];
        double[] predicted = new double[y.length];
        Trials.Reader reader = trials.reader();
        ScoreAccumulator accumulator = new ScoreAccumulator(trials);
        for (int s = 0; s < trials.size(); s++) {
            reader.read(s, x, 0, y, 0, mask, 0);
            for (int k = 0; k < y.length; k++) {
                predicted[k] = output.of(y[k]);
            }
            accumulator.add(trials.type(s), predicted, 0, y, 0, mask, 0);
        }
        return accumulator.scores();
    }

    private static Trials evaluation(String name, Map<String, ?> options) {
        return Trials.balanced(Tasks.byName(name, options), 200, SEED, Trials.EVALUATION);
    }

    @ParameterizedTest
    @MethodSource("names")
    void silentAndConstantOutputsFailAndTheTargetPasses(String name) {
        Trials trials = evaluation(name, Map.of());
        for (int hundredths = -150; hundredths <= 150; hundredths++) {
            double constant = hundredths / 100.0;
            assertFalse(score(trials, target -> constant).passed(), name + " passes with output " + constant);
        }
        assertTrue(score(trials, target -> target).passed(), name + " fails with the target itself");
        assertTrue(score(trials, target -> target + 0.1).passed(), name + " fails 0.1 off");
        assertFalse(score(trials, target -> target + 0.21).passed(), name + " passes 0.21 off");
    }

    /** Types without a response have a target of only noise or offset, and are still judged by the error. */
    @ParameterizedTest
    @MethodSource("names")
    void noiseAndBaselineOfTargetsDoNotMakeATypeUnpassable(String name) {
        Trials trials = evaluation(name, Map.of("targetNoiseSd", 0.03, "baseline", 0.045));
        assertTrue(score(trials, target -> target + 0.03).passed(), name);
        for (int hundredths = -150; hundredths <= 150; hundredths += 10) {
            double constant = hundredths / 100.0;
            assertFalse(score(trials, target -> constant).passed(), name + " passes with output " + constant);
        }
    }

    @Test
    void aSilentPulseNetworkScores0246() {
        Scores scores = score(evaluation("pulse", Map.of()), target -> 0);
        TypeScore none = scores.types().get(0);
        TypeScore pulse = scores.types().get(1);
        assertEquals("none", none.type());
        assertEquals(100, none.trials());
        assertEquals(0, none.rmse());
        assertTrue(none.zeroTarget());
        assertTrue(none.passed());
        assertEquals(0.2460364521779596, pulse.rmse(), 1e-14);
        assertEquals(pulse.rmse(), pulse.zeroRmse());
        assertEquals(0.2460364521779596 * Math.sqrt(200), pulse.distanceMean(), 1e-13);
        assertFalse(pulse.zeroTarget());
        assertFalse(pulse.passed());
        assertEquals(200, scores.trials());
    }

    /** 2 steps, 2 outputs, two trials. */
    @Test
    void scoresAreThoseOfTheFormulas() {
        ScoreAccumulator accumulator = new ScoreAccumulator(List.of("a"), 2, 2, null);
        double[] target = {9, 1, 0, 0, 2};
        accumulator.add(0, new double[] {4, 0, 0, 0}, 0, target, 1, null, 0); // errors 3, 0, 0, -2
        accumulator.add(0, new double[] {1, 0, 0, 2}, 0, target, 1, null, 0); // none
        TypeScore score = accumulator.scores().types().get(0);
        assertEquals("a", score.type());
        assertEquals(2, score.trials());
        assertEquals(Math.sqrt(13) / 2, score.distanceMean(), 1e-15);
        assertEquals(Math.sqrt(13 / 2.0), score.distanceSd(), 1e-15);
        assertEquals(Math.sqrt(13 / 4.0) / 2, score.rmse(), 1e-15);
        assertEquals(Math.sqrt(5 / 4.0), score.zeroRmse(), 1e-15);
        assertFalse(score.zeroTarget());
        assertEquals(0, score.nonFinite());
    }

    @Test
    void masksWeighTheSquaresAndTheirSumDivides() {
        ScoreAccumulator accumulator = new ScoreAccumulator(List.of("a"), 3, 1, null);
        accumulator.add(0, new double[] {3, 5, 1}, 0, new double[] {1, 100, 0}, 0, new double[] {9, 9, 2, 0, 0.5}, 2);
        TypeScore score = accumulator.scores().types().get(0);
        assertEquals(Math.sqrt(2 * 4 + 0.5 * 1), score.distanceMean(), 1e-15);
        assertEquals(Math.sqrt(8.5 / 2.5), score.rmse(), 1e-15);
        assertEquals(Math.sqrt(2 * 1 / 2.5), score.zeroRmse(), 1e-15);
        assertEquals(Double.NaN, score.distanceSd(), "of one trial");
    }

    @Test
    void aTargetUnderAZeroMaskDoesNotCountAsATarget() {
        ScoreAccumulator accumulator = new ScoreAccumulator(List.of("a"), 2, 1, null);
        accumulator.add(0, new double[] {0.1, 0}, 0, new double[] {0, 1}, 0, new double[] {1, 0}, 0);
        assertTrue(accumulator.scores().types().get(0).zeroTarget());
        assertTrue(accumulator.scores().passed());
    }

    @Test
    void meanAndSdAreThoseOfAllDistances() {
        ScoreAccumulator accumulator = new ScoreAccumulator(List.of("a"), 1, 1, null);
        int n = 1000;
        double[] distances = new double[n];
        RandomStream random = new RandomStream(SEED, Purpose.of("scores"), 1);
        double sum = 0;
        for (int i = 0; i < n; i++) {
            distances[i] = 1e6 + random.nextDouble();
            sum += distances[i];
            accumulator.add(0, distances, i, new double[] {0}, 0, null, 0);
        }
        double squares = 0;
        for (double distance : distances) {
            squares += (distance - sum / n) * (distance - sum / n);
        }
        TypeScore score = accumulator.scores().types().get(0);
        assertEquals(sum / n, score.distanceMean(), 1e-8);
        assertEquals(Math.sqrt(squares / (n - 1)), score.distanceSd(), 1e-8, "seed " + SEED);
    }

    @ParameterizedTest
    @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, 1e200})
    void outputsThatAreNotFiniteOrHugeFail(double value) {
        for (int step = 0; step < 2; step++) {
            for (double[] mask : new double[][] {null, {1, 1}}) {
                ScoreAccumulator accumulator = new ScoreAccumulator(List.of("a"), 2, 1, null);
                double[] output = {0, 0};
                double[] target = {0, 0};
                accumulator.add(0, output, 0, target, 0, mask, 0);
                assertTrue(accumulator.scores().passed());
                output[step] = value;
                accumulator.add(0, output, 0, target, 0, mask, 0);
                output[step] = 0;
                accumulator.add(0, output, 0, target, 0, mask, 0);
                Scores scores = accumulator.scores();
                assertFalse(scores.passed(), value + " at step " + step);
                assertEquals(
                        Double.isFinite(value) ? 0 : 1, scores.types().get(0).nonFinite());
                assertEquals(3, scores.types().get(0).trials());
            }
        }
    }

    @Test
    void anOutputThatIsNotFiniteFailsUnderAZeroMaskTooButNotBehindTheLastStepThatCounts() {
        for (double bad : new double[] {Double.NaN, Double.POSITIVE_INFINITY}) {
            ScoreAccumulator hole = new ScoreAccumulator(List.of("a"), 3, 1, null);
            hole.add(0, new double[] {0, bad, 0}, 0, new double[3], 0, new double[] {1, 0, 1}, 0);
            assertFalse(hole.scores().passed());
            assertEquals(1, hole.scores().types().get(0).nonFinite());
            ScoreAccumulator behind = new ScoreAccumulator(List.of("a"), 3, 1, null);
            behind.add(0, new double[] {0, bad, bad}, 0, new double[3], 0, new double[] {1, 0, 0}, 0);
            assertTrue(behind.scores().passed());
            assertEquals(0.0, behind.scores().types().get(0).rmse());
        }
    }

    @Test
    void aTypeWithoutTrialsIsAbsentAndDoesNotPass() {
        ScoreAccumulator accumulator = new ScoreAccumulator(List.of("a", "b"), 1, 1, new boolean[] {true, false});
        accumulator.add(0, new double[] {0}, 0, new double[] {0}, 0, null, 0);
        Scores scores = accumulator.scores();
        TypeScore absent = scores.types().get(1);
        assertTrue(absent.absent());
        assertEquals(0, absent.trials());
        assertTrue(Double.isNaN(absent.rmse()) && Double.isNaN(absent.distanceMean()));
        assertFalse(absent.passed());
        assertTrue(scores.types().get(0).passed());
        assertFalse(scores.passed());
        assertFalse(new Scores(List.of()).passed());
    }

    @Test
    void criterionHasBothBoundsInclusive() {
        TypeScore atBoth = new TypeScore("a", 1, 0, 1, 0, 0.2, 0.4, false);
        assertTrue(atBoth.passed());
        assertFalse(new TypeScore("a", 1, 0, 1, 0, Math.nextUp(0.2), 1, false).passed());
        assertFalse(new TypeScore("a", 1, 0, 1, 0, 0.2, Math.nextDown(0.4), false).passed());
        assertTrue(new TypeScore("a", 1, 0, 1, 0, 0.2, 0, true).passed());
        assertFalse(new TypeScore("a", 1, 1, 1, 0, 0.1, 1, false).passed());
        assertTrue(new Criterion(0.3, 1).passes(new TypeScore("a", 1, 0, 1, 0, 0.3, 0.3, false)));
        assertFalse(new Scores(List.of(atBoth)).passed(new Criterion(0.1, 1)));
        assertEquals(new Criterion(0.2, 0.5), Criterion.DEFAULT);
        assertEquals(
                "criterion has maxRmse NaN and maxShareOfZero 0.5, expected both 0 or more",
                assertThrows(IllegalArgumentException.class, () -> new Criterion(Double.NaN, 0.5))
                        .getMessage());
        assertThrows(IllegalArgumentException.class, () -> new Criterion(0.2, -1));
    }

    @Test
    void wrongUseIsAnError() {
        assertEquals(
                "scores of 0 types, 1 step, 1 output, expected at least 1 of each",
                assertThrows(IllegalArgumentException.class, () -> new ScoreAccumulator(List.of(), 1, 1, null))
                        .getMessage());
        assertEquals(
                "zeroTarget has 2 values, expected 1, one for each type",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> new ScoreAccumulator(List.of("a"), 1, 1, new boolean[2]))
                        .getMessage());
        ScoreAccumulator accumulator = new ScoreAccumulator(List.of("a"), 2, 1, null);
        double[] two = new double[2];
        assertEquals(
                "weights of a trial of type a sum to 0.0, expected above 0",
                assertThrows(IllegalArgumentException.class, () -> accumulator.add(0, two, 0, two, 0, two, 0))
                        .getMessage());
        assertThrows(IndexOutOfBoundsException.class, () -> accumulator.add(1, two, 0, two, 0, null, 0));
        assertThrows(IndexOutOfBoundsException.class, () -> accumulator.add(0, two, 1, two, 0, null, 0));
        assertEquals(0, accumulator.scores().trials());
    }

    /** One trial of T steps and O outputs: outputs, targets and weights of its steps. */
    private static Decisions decide(Readout readout, int outputs, double[] y, double[] target, double[] perStep) {
        double[] mask = new double[y.length];
        for (int k = 0; k < mask.length; k++) {
            mask[k] = perStep[k / outputs];
        }
        ScoreAccumulator accumulator =
                new ScoreAccumulator(List.of("a"), y.length / outputs, outputs, null, readout, 0.5);
        accumulator.add(0, y, 0, target, 0, mask, 0);
        return accumulator.scores().types().get(0).decisions().orElseThrow();
    }

    /** Steps of 0.5 ms. The window is step 2 and 3; the largest output there is on average output 1. */
    @Test
    void theAnswerIsTheLargestMeanOutputOfTheWindow() {
        double[] target = {0, 0, 0, 0, 0, 1, 0, 1};
        double[] perStep = {0, 0, 2, 2};
        // Output 1 leads from step 3 on: one step after the window's beginning.
        assertEquals(
                new Decisions(1, 0.5),
                decide(Readout.LARGEST, 2, new double[] {9, 0, 9, 0, 1, 0, 0, 2}, target, perStep));
        // From step 1 on: one step before.
        assertEquals(
                new Decisions(1, -0.5),
                decide(Readout.LARGEST, 2, new double[] {9, 0, 0, 1, 0, 1, 0, 2}, target, perStep));
        // In the end the other output leads, although the mean says 1: it never stands before the window's end.
        assertEquals(
                new Decisions(1, 1),
                decide(Readout.LARGEST, 2, new double[] {0, 1, 0, 1, 0, 9, 1, 0}, target, perStep));
        for (double[] wrong : new double[][] {
            {0, 9, 0, 9, 1, 0, 1, 0}, // the other class
            {0, 1, 0, 1, 1, 0, 0, 1}, // undecided
            {0, 0, 0, 0, 0, 0, 0, 0}, // silent
            {0, 1, 0, 1, 0, Double.NaN, 0, 1},
            {0, 1, 0, 1, 0, Double.POSITIVE_INFINITY, 0, 1}
        }) {
            Decisions decisions = decide(Readout.LARGEST, 2, wrong, target, perStep);
            assertEquals(0, decisions.accuracy(), 0, Arrays.toString(wrong));
            assertTrue(Double.isNaN(decisions.decisionMs()));
        }
    }

    /** Before the response fixation, class 0, is asked for with a smaller weight, or with the same one. */
    @Test
    void theWindowAreTheStepsOfTheLargestWeightThatAskForTheLastClass() {
        double[] target = {1, 0, 1, 0, 0, 1, 0, 1};
        double[] fixates = {0, 1, 0, 1, 0, 1, 0, 1}; // answers without fixating
        assertEquals(new Decisions(1, -1), decide(Readout.LARGEST, 2, fixates, target, new double[] {1, 1, 5, 5}));
        assertEquals(new Decisions(1, -1), decide(Readout.LARGEST, 2, fixates, target, new double[] {1, 1, 1, 1}));
        // No response: to fixate is right. Steps of less weight don't count.
        double[] none = {1, 0, 1, 0, 1, 0, 1, 0};
        assertEquals(
                0,
                decide(Readout.LARGEST, 2, fixates, none, new double[] {1, 1, 5, 5})
                        .accuracy());
        double[] atLast = {0, 9, 0, 9, 1, 0, 1, 0};
        assertEquals(
                1,
                decide(Readout.LARGEST, 2, atLast, none, new double[] {1, 1, 5, 5})
                        .accuracy());
        assertEquals(
                0,
                decide(Readout.LARGEST, 2, atLast, none, new double[] {5, 5, 5, 5})
                        .accuracy());
    }

    @Test
    void withLevelsTheNearestOneIsTheAnswer() {
        Readout three = Readout.levels(-1.0, 0.0, 1.0);
        double[] ones = {1, 1, 1};
        double[] up = {0, 1, 1};
        assertEquals(new Decisions(1, 0), decide(three, 1, new double[] {0, 0.6, 3}, up, ones));
        assertEquals(new Decisions(1, 0.5), decide(three, 1, new double[] {0, 0.4, 0.9}, up, ones));
        assertEquals(0, decide(three, 1, new double[] {0, 0.5, 0.5}, up, ones).accuracy(), "half-way");
        assertEquals(0, decide(three, 1, new double[] {0, -1, -1}, up, ones).accuracy());
        assertEquals(
                1,
                decide(three, 1, new double[] {0.2, -0.2, 0.3}, new double[3], ones)
                        .accuracy());
        assertEquals(
                0, decide(Readout.levels(-1.0, 1.0), 1, new double[3], up, ones).accuracy(), "silent");
        assertThrows(IllegalArgumentException.class, () -> Readout.levels(1.0));
        assertThrows(IllegalArgumentException.class, () -> Readout.levels(1.0, 1.0));
        assertThrows(IllegalArgumentException.class, () -> new Readout(Readout.Kind.LARGEST, List.of(1.0, 2.0)));
        assertThrows(IllegalArgumentException.class, () -> new ScoreAccumulator(List.of("a"), 1, 2, null, three, 1));
    }

    @Test
    void withClassesTheShareOfRightAnswersDecides() {
        DoubleFunction<TypeScore> score =
                accuracy -> new TypeScore("a", 100, 0, 9, 0, 9, 1, false, Optional.of(new Decisions(accuracy, 0)));
        assertTrue(score.apply(0.85).passed());
        assertFalse(score.apply(Math.nextDown(0.85)).passed());
        assertTrue(new Criterion(0, 0, 0.5).passes(score.apply(0.5)));
        assertFalse(new Scores(List.of(score.apply(1), score.apply(0.5))).passed(), "every type must pass");
        assertThrows(IllegalArgumentException.class, () -> new Criterion(0, 0, 1.1));
        assertThrows(IllegalArgumentException.class, () -> new Criterion(0, 0, Double.NaN));
    }

    /** Trials from arrays have classes if each step that counts has one target of 1 among zeros. */
    @Test
    void oneHotTrialsFromArraysHaveClasses() {
        double[] x = new double[2];
        double[] oneHot = {0, 1, 1, 0};
        double[] other = {0, 1, 1, 0.5};
        assertEquals(
                Readout.LARGEST,
                Trials.ofArrays(2, 1, 2, x, oneHot, null, null, null).readout());
        assertEquals(
                Readout.NONE,
                Trials.ofArrays(2, 1, 2, x, other, null, null, null).readout());
        assertEquals(
                Readout.LARGEST,
                Trials.ofArrays(2, 1, 2, x, other, new double[] {1, 0}, null, null)
                        .readout());
        assertEquals(
                Readout.NONE,
                Trials.ofArrays(2, 1, 1, x, new double[] {1, 1}, null, null, null)
                        .readout());
        Trials some = Trials.ofArrays(2, 1, 2, x, oneHot, null, null, null).select(0);
        assertEquals(Readout.LARGEST, some.readout());
        assertEquals(Readout.LARGEST, Tasks.ofTrials("t", some, 1).readout());
    }
}
