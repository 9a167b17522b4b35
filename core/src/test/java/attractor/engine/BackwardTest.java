package attractor.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import attractor.kernel.Activation;
import attractor.kernel.Kernels;
import attractor.model.Rnn;
import attractor.model.RnnShape;
import attractor.model.Wiring;
import attractor.task.Trials;
import java.util.Arrays;
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

    /**
     * The same trial with a penalty on the rates, with c(t) = 1 (see {@link ExtraTerms}), a penalty on the weights and the
     * derivative by alpha. The penalty on the rates adds 2 h(t) to dh(t):
     *
     * <pre>
     *     dh(2) = (1, -1) + 2 (7/4, 1/8)                                = (9/2, -3/4)
     *     dz(2) = 1/2 (1, 0) * (9/2, -3/4)                              = (9/4, 0)
     *     dh(1) = 1/2 (9/2, -3/4) + (1, -1) + (0, 9/2) + 2 (1, 1/4)     = (21/4, 29/8)
     *     dz(1) = 1/2 (21/4, 29/8)                                      = (21/8, 29/16)
     *     dh(0) = 1/2 (21/4, 29/8) + W_rec^T dz(1)
     *           = (21/8, 29/16) + (29/16, 21/4)                         = (71/16, 113/16)
     * </pre>
     *
     * <p>The rates are r(1) = (1, 1/2), r(2) = (5/2, 0). So the derivative by alpha is the sum of dh(t+1) (r(t+1) - h(t)),
     * (21/4, 29/8) (0, 1/2) + (9/2, -3/4) (3/2, -1/4) = 29/16 + 111/16 = 35/4. The penalty on the rates is |h(1)|^2 + |h(2)|^2.
     * All this is halved, as above. The penalty on the weights, with the factor 1/4, is 9/4, and adds half of each weight.
     */
    @Test
    void theOptionalTermsByHand() {
        double[] expected = {
            7.125 / 2 + 0.5,
            1.8125 / 2 - 0.5, // dW_in
            4.875 / 2,
            0.5625 / 2 + 1, // dW_rec, row 0
            1.8125 / 2 + 0.5,
            0, // dW_rec, row 1
            2.75 / 2 + 0.5,
            0.375 / 2 - 0.5, // dW_out
            2.0 / 2, // db_out
            4.875 / 2,
            1.8125 / 2, // db_rec
            4.4375 / 2,
            7.0625 / 2, // dh0
        };
        Rnn rnn = network();
        for (Kernels kernels : EngineFixtures.kernels().toList()) {
            double[] gradient = new double[SHAPE.parameters()];
            try (BatchGradient batch = BatchGradient.builder(rnn, trial())
                    .kernels(kernels)
                    .l2Rates(2)
                    .l2Weights(0.25)
                    .byAlpha(true)
                    .build()) {
                assertEquals(0.25, batch.compute(rnn.parameters(), new int[] {0}, 0, 1, gradient));
                assertEquals((1 + 0.0625 + 3.0625 + 0.015625) / 2 + 2.25, batch.penalty());
                assertEquals(8.75 / 2, batch.alphaGradient());
            }
            assertArrayEquals(expected, gradient, kernels.name());
        }
    }

    /** Steps after the last one with a weight are not read, whatever they hold, alone or beside a longer trial. */
    @Test
    void stepsAfterTheEndAreNotRead() {
        double[] mask = {1, 1, 0, 0, 1, 1, 0.5, 2};
        double[] x = {1, 2, -1e308, 1e308, 0.5, -1, 3, 2};
        double[] y = {0.25, 1.125, 1e308, 7, 1, 0, -1, 0.5};
        Trials trials = Trials.ofArrays(4, 1, 1, x, y, mask, null, null);
        for (Rnn rnn : new Rnn[] {network(), network().withTau(1)}) {
            double[] alone = new double[SHAPE.parameters()];
            double[] expected = new double[SHAPE.parameters()];
            double[] second = new double[SHAPE.parameters()];
            double[] both = new double[SHAPE.parameters()];
            try (BatchGradient shorter =
                            BatchGradient.builder(rnn, trial()).l2Rates(0.5).build();
                    BatchGradient batch =
                            BatchGradient.builder(rnn, trials).l2Rates(0.5).build()) {
                double loss = shorter.compute(rnn.parameters(), new int[] {0}, 0, 1, expected);
                assertEquals(loss, batch.compute(rnn.parameters(), new int[] {0}, 0, 1, alone));
                assertEquals(shorter.penalty(), batch.penalty());
                assertArrayEquals(expected, alone);
                double other = batch.compute(rnn.parameters(), new int[] {1}, 0, 1, second);
                // The weights of the trials sum to 2 and 4.5.
                double mean = batch.compute(rnn.parameters(), new int[] {1, 0}, 0, 2, both);
                assertEquals((2 * loss + 4.5 * other) / 6.5, mean, 1e-14);
                for (int i = 0; i < both.length; i++) {
                    assertEquals((2 * expected[i] + 4.5 * second[i]) / 6.5, both[i], 1e-13, "entry " + i);
                }
            }
        }
    }

    /** Where noise would have made a state negative (Dale's law), nothing flows back; and all optional terms together. */
    @Test
    void noiseAndAllOptionalTermsAgreeWithTheComplexStep() {
        Rnn rnn = new Rnn(SHAPE, Activation.RELU, 1, 2, true, new double[] {
            1, 0.5, 0.25, -0.5, 1, -0.25, 1, -0.5, 0.125, 0.25, 0.5, 0.75, 0.5,
        });
        Rnn noisy = rnn.withWiring(Wiring.of(new double[] {1, -1}, null)).withNoise(0.8);
        double[] x = {1, 2, 0.5, 1, 1, 2, -1, 0.25, 3, 1, 2, 0.5};
        double[] y = {0.5, 1, -1, 2, 0, 1, 1, 1, 0, 0.5, 2, 1};
        double[] mask = {1, 0.5, 2, 0, 1, 1, 1, 1, 0, 1, 1, 1};
        Trials trials = Trials.ofArrays(4, 1, 1, x, y, mask, null, null);
        for (long seed = 0; seed < 4; seed++) {
            GradientCheck.of(noisy, trials)
                    .noise(seed)
                    .tau(true)
                    .l2Rates(0.3)
                    .l2Weights(0.1)
                    .assertPasses();
        }
        EulerStep step = new EulerStep(noisy, Kernels.get());
        assertTrue(step.hasNoise() && step.noiseIsRectified() && !step.statesAreRates());
        EulerStep quiet = new EulerStep(rnn.withTau(1), Kernels.get());
        assertTrue(!quiet.hasNoise() && !quiet.noiseIsRectified() && quiet.statesAreRates());
    }

    /** The bits of one segment and of several, of one thread and of two, with padding, noise and all optional terms. */
    @Test
    void segmentsAndThreadsChangeNothing() {
        int trialCount = 40;
        int steps = 13;
        double[] x = new double[trialCount * steps];
        double[] y = new double[trialCount * steps];
        double[] mask = new double[trialCount * steps];
        for (int i = 0; i < x.length; i++) {
            x[i] = i % 7 / 4.0;
            y[i] = i % 5 / 4.0;
            mask[i] = i % steps < 5 + i / steps % 9 ? 1 : 0;
        }
        Trials trials = Trials.ofArrays(steps, 1, 1, x, y, mask, null, null);
        Rnn rnn = network().withNoise(0.1);
        int[] order = new int[trialCount];
        Arrays.setAll(order, i -> (i * 7) % trialCount);
        long whole = TapePlan.whole(rnn, Kernels.get(), steps, 32).bytes();
        double[] expected = null;
        for (int threads : new int[] {1, 2}) {
            for (long limit : new long[] {Long.MAX_VALUE, whole * 9 / 10, whole * 8 / 10}) {
                double[] found = new double[SHAPE.parameters() + 3];
                double[] gradient = new double[SHAPE.parameters()];
                try (BatchGradient batch = BatchGradient.builder(rnn, trials)
                        .threads(threads)
                        .memoryLimitBytes(limit == Long.MAX_VALUE ? limit : limit * threads)
                        .l2Rates(0.1)
                        .l2Weights(0.1)
                        .byAlpha(true)
                        .build()) {
                    found[0] = batch.compute(rnn.parameters(), order, 0, trialCount, gradient);
                    found[1] = batch.penalty();
                    found[2] = batch.alphaGradient();
                    System.arraycopy(gradient, 0, found, 3, gradient.length);
                }
                expected = expected == null ? found : expected;
                assertArrayEquals(expected, found, threads + " threads, " + limit + " bytes");
            }
        }
        // The first chunk has 32 trials, the second 8.
        double[] parts = new double[expected.length];
        double weights = 0;
        try (BatchGradient batch =
                BatchGradient.builder(rnn, trials).l2Rates(0.1).byAlpha(true).build()) {
            double[] gradient = new double[SHAPE.parameters()];
            for (int from = 0; from < trialCount; from += 32) {
                int count = Math.min(32, trialCount - from);
                double weight = 0;
                for (int i = from; i < from + count; i++) {
                    for (int t = 0; t < steps; t++) {
                        weight += mask[order[i] * steps + t];
                    }
                }
                weights += weight;
                parts[0] += weight * batch.compute(rnn.parameters(), order, from, count, gradient);
                parts[1] += weight * batch.penalty();
                parts[2] += weight * batch.alphaGradient();
                for (int i = 0; i < gradient.length; i++) {
                    parts[3 + i] += weight * gradient[i];
                }
            }
        }
        for (int i = 0; i < parts.length; i++) {
            double ofWeights =
                    i == 1 ? 0.1 * 9 : i >= 3 && i < 3 + SHAPE.wOut().end() ? 0.2 * rnn.parameters()[i - 3] : 0;
            assertEquals(parts[i] / weights + ofWeights, expected[i], 1e-12, "entry " + i);
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

    /** Rows of 10 values with 7 beside them, N = 3, I = 2, O = 1, 20 steps, 4 trials, segments of 8 steps. */
    @Test
    void theBytesOfAPlanByHand() {
        TapePlan plan = new TapePlan(10, 7, new RnnShape(2, 3, 1), 20, 4, 8);
        assertEquals(3, plan.segments());
        int tape = 9 * 4 * (10 + 7);
        int starts = 2 * 4 * 3;
        int batch = 20 * 4 * (2 + 4);
        assertEquals(8L * (tape + starts + batch), plan.bytes());
        assertEquals(32, plan.timeBlock());
        assertEquals(8, plan.start(1));
        assertEquals(16, plan.end(1));
        assertEquals(20, plan.end(2));
        Rnn rnn = Rnn.zeros(new RnnShape(2, 50, 1));
        TapePlan whole = TapePlan.whole(rnn, Kernels.get(), 203, 32);
        assertEquals(0, whole.besideValues());
        assertTrue(TapePlan.whole(rnn.withTau(2), Kernels.get(), 203, 32).besideValues() > 50);
        assertEquals(
                1, TapePlan.within(whole.bytes(), rnn, Kernels.get(), 203, 32).segments());
        assertTrue(
                TapePlan.within(whole.bytes() - 1, rnn, Kernels.get(), 203, 32).segments() > 1);
    }

    @Test
    void rowsHoldWhatWasPutThere() {
        EulerStep step = new EulerStep(network(), Kernels.get());
        TrialRows rows = new TrialRows(step, 3, 2);
        assertEquals(3, rows.capacity());
        rows.use(3);
        rows.putConstantInput(new double[] {9});
        rows.putStates(1, new double[] {1, 2, 3, 4, 5, 6}, 0, 2);
        assertEquals(6, rows.state(1, 2, 1));
        assertEquals(3, rows.state(1, 1, 0));
        assertEquals(0, rows.state(0, 2, 1));
        rows.clearInputs(1);
        rows.copyStates(1, 0);
        double[] h = new double[6];
        rows.takeStates(0, h, 0, 2);
        assertArrayEquals(new double[] {1, 2, 3, 4, 5, 6}, h);
        // Without input: z = b_rec + W_rec h. The rates of the step to slot 1 are relu(z).
        rows.clearInputs(0);
        step.advance(rows, 0, 1);
        double[] rates = new double[6];
        rows.takeRates(1, rates, 0, 2);
        assertArrayEquals(new double[] {4, 1.5, 8, 3.5, 12, 5.5}, rates);
        rows.takeStates(1, h, 0, 2);
        assertArrayEquals(new double[] {2.5, 1.75, 5.5, 3.75, 8.5, 5.75}, h);
        rows.clearStep(1, 1);
        rows.takeRates(1, rates, 0, 2);
        rows.takeStates(1, h, 0, 2);
        assertArrayEquals(new double[] {4, 1.5, 0, 0, 12, 5.5}, rates);
        assertArrayEquals(new double[] {2.5, 1.75, 0, 0, 8.5, 5.75}, h);
    }

    /** A bias of -0 gives an output of 0, with inputs of any sign. */
    @Test
    void outputsHaveNoNegativeZero() {
        double[] parameters = new double[SHAPE.parameters()];
        parameters[SHAPE.bOut().offset()] = -0.0;
        Rnn rnn = new Rnn(SHAPE, Activation.TANH, 1, 1, false, parameters);
        EulerStep step = new EulerStep(rnn, Kernels.get());
        TrialRows rows = new TrialRows(step, 1, 2);
        double[] y = {7};
        step.readOutputs(rows, 0, y, 0, 1);
        assertEquals(0.0, y[0]);
        rows.putInputs(0, new double[] {-1}, 0, 1, 0);
        step.advance(rows, 0, 1, y, 0, 1);
        assertEquals(0.0, y[0]);
    }
}
