package attractor.train;

import static org.junit.jupiter.api.Assertions.assertEquals;

import attractor.kernel.Activation;
import attractor.kernel.Kernels;
import attractor.model.Rnn;
import attractor.model.RnnShape;
import attractor.task.Trials;
import org.junit.jupiter.api.Test;

/** What comes behind a trial's last step with a weight doesn't touch the gradient, even where the state would overflow there. */
class PaddedTrialsTest {
    private static final int STEPS = 2000;
    private static final int SHORT = 20;

    /** A unit that doubles its rate at each step, and so overflows after 1,024, in a trial that counts for 20 steps. */
    private static Rnn doubling() {
        RnnShape shape = new RnnShape(1, 1, 1);
        double[] p = new double[shape.parameters()];
        p[shape.wIn().at(0, 0)] = 1;
        p[shape.wRec().at(0, 0)] = 2;
        p[shape.wOut().at(0, 0)] = 0.5;
        return new Rnn(shape, Activation.RELU, 1, 1, false, p);
    }

    /** A short trial whose input is 1 and, if wanted, a long one whose input is 0, so that its state stays 0. */
    private static Trials trials(int steps, boolean withLong) {
        int size = withLong ? 2 : 1;
        double[] x = new double[size * steps];
        double[] mask = new double[size * steps];
        double[] y = new double[size * steps];
        for (int t = 0; t < SHORT; t++) {
            x[t] = 1;
            mask[t] = 1;
            y[t] = 3;
        }
        for (int k = steps; k < x.length; k++) {
            mask[k] = 1;
        }
        return Trials.ofArrays(steps, 1, 1, x, y, mask, null, null);
    }

    private static double gradient(Trials trials, double[] gradient) {
        Rnn rnn = doubling();
        int[] order = trials.size() == 1 ? new int[] {0} : new int[] {0, 1};
        try (BatchGradient g =
                new BatchGradient(rnn, trials, order.length, 1, Kernels.of("scalar"), Long.MAX_VALUE)) {
            return g.compute(rnn.parameters(), order, 0, order.length, gradient);
        }
    }

    @Test
    void aShortTrialBesideALongOne() {
        int parameters = doubling().shape().parameters();
        double[] alone = new double[parameters];
        double[] both = new double[parameters];
        double lossAlone = gradient(trials(SHORT, false), alone);
        double lossBoth = gradient(trials(STEPS, true), both);
        // The long trial has no error and no gradient; the mean is over its steps too.
        double share = (double) SHORT / (SHORT + STEPS);
        assertEquals(lossAlone * share, lossBoth, 1e-12 * lossAlone);
        double[] expected = new double[parameters];
        for (int k = 0; k < parameters; k++) {
            expected[k] = alone[k] * share;
        }
        for (int k = 0; k < parameters; k++) {
            assertEquals(expected[k], both[k], 1e-12 * Math.abs(expected[k]), "parameter " + k);
        }
    }
}
