package attractor.analysis;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import attractor.analysis.Attractors.Kind;
import attractor.kernel.Activation;
import attractor.model.Rnn;
import attractor.model.RnnShape;
import attractor.population.PopulationTrials;
import attractor.task.Task;
import attractor.task.Tasks;
import attractor.task.Trials;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Trials of different lengths: what a network does in the padding of a short one is no result. */
class PaddingTest {
    private static final int LONG = 40;
    private static final int SHORT = 12;

    /** Two units without input to the second: the first follows the input, the second multiplies by {@code factor}. */
    private static Rnn network(double factor) {
        RnnShape s = new RnnShape(1, 2, 1);
        double[] p = new double[s.parameters()];
        p[s.wIn().at(0, 0)] = 1;
        p[s.wRec().at(0, 0)] = 0.5;
        p[s.wIn().at(1, 0)] = 1e-3;
        p[s.wRec().at(1, 1)] = factor;
        p[s.wOut().at(0, 0)] = 1;
        return new Rnn(s, Activation.IDENTITY, 1, 1, false, p);
    }

    /** A long and a short trial with an input at every own step; the short one is padded with zeros. */
    private static Task padded() {
        double[] x = new double[2 * LONG];
        Arrays.fill(x, 0, LONG, 0.01);
        Arrays.fill(x, LONG, LONG + SHORT, 1.0);
        double[] mask = new double[2 * LONG];
        Arrays.fill(mask, 0, LONG + SHORT, 1.0);
        double[] y = new double[2 * LONG];
        return Tasks.ofTrials(
                "padded", Trials.ofArrays(LONG, 1, 1, x, y, mask, new int[] {0, 1}, List.of("long", "short")), 1);
    }

    /** The short trial alone, without padding. */
    private static Task alone() {
        double[] x = new double[SHORT];
        Arrays.fill(x, 1.0);
        return Tasks.ofTrials(
                "alone", Trials.ofArrays(SHORT, 1, 1, x, new double[SHORT], null, null, List.of("short")), 1);
    }

    @Test
    void aShortTrialHasTheTrajectoryOfTheSameTrialWithoutPadding() {
        Trajectories padded = Trajectories.of(network(0.9), padded(), 0);
        Trajectories alone = Trajectories.of(network(0.9), alone(), 0);
        assertEquals(LONG, padded.steps(0));
        assertEquals(SHORT, padded.steps(1));
        assertArrayEquals(alone.h(), Arrays.copyOfRange(padded.h(), LONG * 2, (LONG + SHORT) * 2));
        assertArrayEquals(alone.y(), padded.output(1));
        assertTrue(Arrays.stream(padded.h()).skip((LONG + SHORT) * 2).allMatch(Double::isNaN), "h in the padding");
        assertTrue(Arrays.stream(padded.y()).skip(LONG + SHORT).allMatch(Double::isNaN), "y in the padding");
        assertEquals((LONG + SHORT) * 2, padded.states().length);
    }

    @Test
    void principalComponentsAreThoseOfTheTrialsOwnStates() {
        Trajectories padded = Trajectories.of(network(0.9), padded(), 0);
        Pca pca = padded.pca(2);
        Pca own = Pca.of(padded.states(), 2, 2);
        assertArrayEquals(own.variances(), pca.variances());
        assertArrayEquals(own.projection(), Arrays.copyOf(pca.projection(), (LONG + SHORT) * 2));
        assertEquals(LONG + SHORT, pca.observations());
    }

    @Test
    void aTrialEndsBeforeItsPadding() {
        Attractors padded = Attractors.of(network(0.9), padded());
        Attractors alone = Attractors.of(network(0.9), alone());
        Attractors.Response response = padded.types().get(1).responses().get(0);
        assertEquals(alone.types().get(0).responses().get(0), response);
        assertEquals(SHORT, response.toMs());
        assertEquals(
                alone.types().get(0).oscillatoryShare(), padded.types().get(1).oscillatoryShare());
        assertEquals(alone.types().get(0).settledAfter(), padded.types().get(1).settledAfter());
    }

    /** In the padding the second unit grows to 1e303 * 1e-3 and beyond; within the trials it stays small. */
    @Test
    void anOverflowInThePaddingIsNone() {
        Rnn rnn = network(1e9);
        double[] x = new double[2 * LONG];
        x[0] = 1.0;
        x[LONG] = 1.0;
        double[] mask = new double[2 * LONG];
        Arrays.fill(mask, 0, 5, 1.0);
        Arrays.fill(mask, LONG, LONG + 3, 1.0);
        Task task = Tasks.ofTrials(
                "short", Trials.ofArrays(LONG, 1, 1, x, new double[2 * LONG], mask, new int[] {0, 1}, null), 1);
        NetworkAnalysis analysis = NetworkAnalysis.of(rnn, Optional.empty(), Optional.of(task));
        assertEquals(5, analysis.trajectories().orElseThrow().steps(0));
        assertTrue(Double.isFinite(analysis.pca().orElseThrow().variances()[0]), "variance");
        EpochAnalysis epochs = EpochAnalysis.of(List.of(rnn, rnn), Optional.of(task), FixedPoints.Options.of(rnn), 0);
        assertEquals(2 * 8, epochs.pca().orElseThrow().observations());
        assertEquals(
                Kind.DIVERGING,
                analysis.attractors().orElseThrow().attractors().get(0).kind());
    }

    /** A pulse in the short trial does what it does in that trial alone; the long one has a time that the short one hasn't. */
    @Test
    void kicksEndWithTheTrial() {
        Kicks.Options early = new Kicks.Options(List.of(Kicks.Direction.INPUT), List.of(0.5), List.of(6.0), 1, 2, 0.1, 0);
        Kicks.Kick alone = Kicks.of(network(0.9), alone(), early).kicks().get(0);
        Kicks padded = Kicks.of(network(0.9), padded(), early);
        assertTrue(Double.isFinite(padded.norm()), "norm");
        Kicks.Kick kick = padded.kicks().get(1);
        assertEquals(1, kick.type());
        assertEquals(alone.displacement(), kick.displacement());
        assertEquals(alone.largest(), kick.largest());
        assertEquals(alone.atEnd(), kick.atEnd());
        assertEquals(alone.response(), kick.response());
        assertEquals(alone.returnSteps(), kick.returnSteps());
        Kicks.Options late =
                new Kicks.Options(List.of(Kicks.Direction.INPUT, Kicks.Direction.TOWARDS), List.of(0.5), List.of(20.0), 1, 2, 0.1, 0);
        assertEquals(
                List.of(0), Kicks.of(network(0.9), padded(), late).kicks().stream().map(Kicks.Kick::type).toList());
    }

    @Test
    void meansAreOfTrialsOfOneLength() {
        String refusal = assertThrows(
                        IllegalArgumentException.class, () -> PopulationTrials.of(network(0.9), padded(), 1, 0))
                .getMessage();
        assertTrue(refusal.startsWith("trial 1 has 12 of 40 steps"), refusal);
    }
}
