package attractor.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import attractor.kernel.Activation;
import attractor.kernel.Kernels;
import attractor.model.Rnn;
import attractor.model.RnnShape;
import attractor.task.Trials;
import org.junit.jupiter.api.Test;

/**
 * What the backward pass does, computed by hand: one trial of two steps, two relu units, one input, one output. All
 * numbers are multiples of powers of two, so that the engine must give exactly these.
 */
class BackwardTest {
    private static final RnnShape SHAPE = new RnnShape(1, 2, 1);

    /** alpha = 1/2. */
    private static Rnn network() {
        double[] parameters = {
            1, -1, // W_in
            0, 2, // W_rec, row 0: unit 0 receives from unit 1
            1, 0, // W_rec, row 1: unit 1 receives from unit 0
            1, -1, // W_out
            0, // b_out
            0, 0.5, // b_rec
            1, 0, // h0
        };
        return new Rnn(SHAPE, Activation.RELU, 1, 2, true, parameters);
    }

    /** x(1) = 1, x(2) = 2; the outputs should be 1/4 and 9/8. */
    private static Trials trial() {
        return Trials.ofArrays(2, 1, 1, new double[] {1, 2}, new double[] {0.25, 1.125}, null, null, null);
    }

    /**
     * Forward, z(t+1) = b_rec + W_in x(t+1) + W_rec h(t) and h(t+1) = h(t) / 2 + relu(z(t+1)) / 2:
     *
     * <pre>
     *     h(0) = (1, 0)
     *     z(1) = (0 + 1 + 2*0,  1/2 - 1 + 1)    = (1, 1/2)       h(1) = (1, 1/4)         y(1) = 1 - 1/4   = 3/4,  too large by 1/2
     *     z(2) = (0 + 2 + 2/4,  1/2 - 2 + 1)    = (5/2, -1/2)    h(2) = (7/4, 1/8)       y(2) = 7/4 - 1/8 = 13/8, too large by 1/2
     * </pre>
     *
     * <p>The loss is the mean of the squares, 1/4. Backward, for the sum of squares: dy(t) = 2 (y(t) - target) = 1, and
     * phi' is 1 except for unit 1 at t = 2, where it is 0:
     *
     * <pre>
     *     dh(2) = W_out^T dy(2)                                         = (1, -1)
     *     dz(2) = 1/2 (1, 0) * (1, -1)                                  = (1/2, 0)
     *     dh(1) = 1/2 (1, -1) + W_out^T dy(1) + W_rec^T dz(2)
     *           = (1/2, -1/2) + (1, -1) + (0, 1)                        = (3/2, -1/2)
     *     dz(1) = 1/2 (1, 1) * (3/2, -1/2)                              = (3/4, -1/4)
     *     dh(0) = 1/2 (3/2, -1/2) + W_rec^T dz(1)
     *           = (3/4, -1/4) + (-1/4, 3/2)                             = (1/2, 5/4)
     * </pre>
     *
     * <p>Each parameter's gradient is a sum over the steps. The mean over the two outputs then halves everything:
     *
     * <pre>
     *     dW_in  = dz(1) x(1) + dz(2) x(2)         = (3/4, -1/4) + (1, 0)
     *     dW_rec = dz(1) h(0)^T + dz(2) h(1)^T     = (3/4 0; -1/4 0) + (1/2 1/8; 0 0)
     *     dW_out = dy(1) h(1)^T + dy(2) h(2)^T     = (1, 1/4) + (7/4, 1/8)
     *     db_out = dy(1) + dy(2)                   = 2
     *     db_rec = dz(1) + dz(2)                   = (5/4, -1/4)
     *     dh0    = dh(0)                           = (1/2, 5/4)
     * </pre>
     */
    @Test
    void twoStepsOfTwoUnitsByHand() {
        double[] expected = {
            1.75 / 2, -0.25 / 2, // dW_in
            1.25 / 2, 0.125 / 2, // dW_rec, row 0
            -0.25 / 2, 0, // dW_rec, row 1
            2.75 / 2, 0.375 / 2, // dW_out
            2.0 / 2, // db_out
            1.25 / 2, -0.25 / 2, // db_rec
            0.5 / 2, 1.25 / 2, // dh0
        };
        Rnn rnn = network();
        for (Kernels kernels : EngineFixtures.kernels().toList()) {
            double[] gradient = new double[SHAPE.parameters()];
            try (BatchGradient batch =
                    BatchGradient.builder(rnn, trial()).kernels(kernels).build()) {
                assertEquals(0.25, batch.compute(rnn.parameters(), new int[] {0}, 0, 1, gradient));
            }
            assertArrayEquals(expected, gradient, kernels.name());
        }
    }

    /** The same trial one slot at a time, as in all code that advances a network. */
    @Test
    void theStepsByHand() {
        for (Kernels kernels : EngineFixtures.kernels().toList()) {
            EulerStep step = new EulerStep(network(), kernels);
            TrialRows rows = new TrialRows(step, 1, 3);
            step.start(rows, 0);
            rows.putInputs(0, new double[] {1, 2}, 0, 2, 0);
            rows.putInputs(1, new double[] {1, 2}, 0, 2, 1);
            double[] y = new double[3];
            step.advance(rows, 0, 1, y, 0, 3);
            step.advance(rows, 1, 2, y, 1, 3);
            step.readOutputs(rows, 2, y, 2, 3);
            assertArrayEquals(new double[] {1, 0.75, 1.625}, y, kernels.name());
            double[] h = new double[2];
            rows.takeStates(2, h, 0, 2);
            assertArrayEquals(new double[] {1.75, 0.125}, h);
            rows.takeRates(2, h, 0, 2);
            assertArrayEquals(new double[] {2.5, 0}, h);
        }
    }

    @Test
    void aPlanCoversTheTrialInBlocksOfSteps() {
        Rnn rnn = Rnn.zeros(new RnnShape(2, 50, 1));
        Kernels kernels = Kernels.get();
        long whole = TapePlan.whole(rnn, kernels, 203, 32).bytes();
        TapePlan plan = TapePlan.within(whole / 2, rnn, kernels, 203, 32);
        assertTrue(plan.bytes() <= whole / 2);
        assertTrue(plan.segments() > 1 && plan.segment() % plan.timeBlock() == 0, plan.toString());
        assertEquals(0, plan.start(0));
        for (int s = 1; s < plan.segments(); s++) {
            assertEquals(plan.end(s - 1), plan.start(s));
        }
        assertEquals(203, plan.end(plan.segments() - 1));
    }
}
