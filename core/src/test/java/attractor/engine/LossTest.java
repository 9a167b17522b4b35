package attractor.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import attractor.kernel.Activation;
import attractor.kernel.Kernels;
import attractor.model.Rnn;
import attractor.model.RnnShape;
import attractor.random.RandomStream;
import attractor.random.RandomStream.Purpose;
import attractor.task.Trials;
import attractor.train.GradientCase;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LossTest {
    private static final Loss CROSS_ENTROPY = new SoftmaxCrossEntropy();

    private static double[] ones(int count) {
        double[] ones = new double[count];
        Arrays.fill(ones, 1);
        return ones;
    }

    @Test
    void theSquaredErrorByHand() {
        double[] dy = new double[4];
        double sum = new MeanSquaredError()
                .sum(2, 1, 2, new double[] {1, 2, 3, 4}, new double[] {0, 0, 1, 4.5}, new double[] {1, 0.5, 0, 2}, dy);
        assertEquals(1 + 0.5 * 4 + 0 + 2 * 0.25, sum);
        assertArrayEquals(new double[] {2, 2, 0, -2}, dy);
    }

    /** Two classes with outputs ln 3 and 0: probabilities 3/4 and 1/4. */
    @Test
    void crossEntropyByHand() {
        double[] dy = new double[2];
        double loss = CROSS_ENTROPY.sum(
                1, 1, 2, new double[] {StrictMath.log(3), 0}, new double[] {0, 1}, new double[] {1, 1}, dy);
        // The step counts with the sum of its weights, 2, by which the engine divides.
        assertEquals(2 * StrictMath.log(4), loss, 1e-15);
        assertArrayEquals(new double[] {2 * 0.75, 2 * (0.25 - 1)}, dy, 1e-15);
    }

    /** The second output counts three times, the first not at all. */
    @Test
    void weightsOfOutputsByHand() {
        double[] dy = new double[4];
        double sum = new MeanSquaredError(List.of(0.0, 3.0))
                .sum(2, 1, 2, new double[] {1, 2, 3, 4}, new double[] {0, 0, 1, 4.5}, new double[] {1, 0.5, 0, 2}, dy);
        assertEquals(3 * (0.5 * 4 + 2 * 0.25), sum);
        assertArrayEquals(new double[] {0, 6, 0, -6}, dy);
    }

    /** Two classes with outputs ln 3 and 0: probabilities 3/4 and 1/4; class 1 counts five times, class 0 twice. */
    @Test
    void weightsOfClassesByHand() {
        Loss loss = new SoftmaxCrossEntropy(List.of(2.0, 5.0));
        double[] y = {StrictMath.log(3), 0};
        double[] dy = new double[2];
        assertEquals(
                2 * 5 * StrictMath.log(4), loss.sum(1, 1, 2, y, new double[] {0, 1}, new double[] {1, 1}, dy), 1e-14);
        assertArrayEquals(new double[] {10 * 0.75, 10 * (0.25 - 1)}, dy, 1e-14);
        // Targets that are probabilities: each class's share with its weight.
        assertEquals(
                0.5 * 2 * StrictMath.log(4.0 / 3) + 0.5 * 5 * StrictMath.log(4),
                loss.sum(1, 1, 2, y, new double[] {0.5, 0.5}, new double[] {0.5, 0.5}, dy),
                1e-14);
        assertArrayEquals(new double[] {3.5 * 0.75 - 1, 3.5 * 0.25 - 2.5}, dy, 1e-14);
    }

    @Test
    void weightsOfOneChangeNoBit() {
        double[] y = {0.3, -0.2, 1.1, 5, 2, -7};
        double[] target = {0, 1, 0, 0, 0, 1};
        double[] weight = {0.5, 2, 1, 0.1, 0.7, 3};
        for (String name : List.of("mse", "cross-entropy")) {
            double[] plain = new double[6];
            double[] weighted = new double[6];
            assertEquals(
                    Loss.byName(name).sum(2, 1, 3, y, target, weight, plain),
                    Loss.byName(name, List.of(1.0, 1.0, 1.0)).sum(2, 1, 3, y, target, weight, weighted),
                    0,
                    name);
            assertArrayEquals(plain, weighted, name);
        }
    }

    @Test
    void wrongWeightsAreNamed() {
        assertEquals(
                "lossWeights[1] is -1.0, expected a finite number, 0 or more",
                assertThrows(IllegalArgumentException.class, () -> new MeanSquaredError(List.of(1.0, -1.0)))
                        .getMessage());
        assertThrows(IllegalArgumentException.class, () -> new SoftmaxCrossEntropy(List.of(Double.NaN)));
        assertEquals(
                "lossWeights are all 0, expected one above 0",
                assertThrows(IllegalArgumentException.class, () -> Loss.byName("mse", List.of(0.0, 0.0)))
                        .getMessage());
        for (String name : List.of("mse", "cross-entropy")) {
            assertEquals(
                    "lossWeights has 2 values, expected 3, one for each output, or none",
                    assertThrows(
                                    IllegalArgumentException.class,
                                    () -> Loss.byName(name, List.of(1.0, 2.0)).check(3))
                            .getMessage());
        }
    }

    /** The imaginary part for outputs y + i e is e times the derivative. */
    @ParameterizedTest
    @ValueSource(strings = {"mse", "cross-entropy", "mse 2,0,0.5", "cross-entropy 2,0,0.5"})
    void theComplexFormIsTheDerivative(String words) {
        String[] name = words.split(" ");
        Loss loss = Loss.byName(name[0], name.length == 1 ? List.of() : List.of(2.0, 0.0, 0.5));
        double[] y = {0.3, -0.2, 1.1};
        double[] target = {0, 1, 0};
        double[] weight = {0.5, 2, 1};
        double[] dy = new double[3];
        loss.sum(1, 1, 3, y, target, weight, dy);
        for (int o = 0; o < 3; o++) {
            double[] im = new double[3];
            im[o] = 1e-100;
            double found = loss.complexForm().orElseThrow().imaginaryPart(y, im, target, weight);
            assertEquals(dy[o], found / 1e-100, 1e-15);
        }
        double[] none = new double[3];
        assertEquals(
                0,
                loss.complexForm()
                        .orElseThrow()
                        .imaginaryPart(y, new double[] {1e-100, 0, 0}, new double[] {9, 9, 9}, none));
    }

    /** With large outputs, neither the loss nor its derivative overflows. */
    @Test
    void crossEntropyIsStable() {
        double[] dy = new double[3];
        double loss = CROSS_ENTROPY.sum(1, 1, 3, new double[] {1e4, -1e4, 0}, new double[] {0, 1, 0}, ones(3), dy);
        assertEquals(3 * 2e4, loss);
        assertArrayEquals(new double[] {3, -3, 0}, dy);
        loss = CROSS_ENTROPY.sum(1, 1, 3, new double[] {1e308, 0, 0}, new double[] {1, 0, 0}, ones(3), dy);
        assertEquals(0, loss);
        assertArrayEquals(new double[3], dy);
    }

    /** A mask removes steps: their targets don't matter. */
    @Test
    void aMaskedStepDoesNotCount() {
        double[] dy = {9, 9, 9, 9};
        double loss = CROSS_ENTROPY.sum(
                1, 2, 2, new double[] {5, 6, 0, 0}, new double[] {0, 0, 1, 0}, new double[] {0, 0, 1, 1}, dy);
        assertEquals(2 * StrictMath.log(2), loss, 1e-15);
        assertArrayEquals(new double[] {0, 0, -1, 1}, dy);
    }

    /** The loss of a batch is the mean over the steps that count, whatever O is. */
    @Test
    void theLossOfABatchIsTheMeanOverSteps() {
        Rnn silent = Rnn.zeros(new RnnShape(1, 2, 3));
        double[] y = new double[4 * 3];
        for (int t = 0; t < 4; t++) {
            y[3 * t + t % 3] = 1;
        }
        double[] mask = {0, 0, 0, 1, 1, 1, 0.5, 0.5, 0.5, 2, 2, 2};
        double[] gradient = new double[silent.shape().parameters()];
        for (double[] weights : new double[][] {null, mask}) {
            Trials trials = Trials.ofArrays(4, 1, 3, new double[4], y, weights, null, null);
            try (BatchGradient batch =
                    BatchGradient.builder(silent, trials).loss(CROSS_ENTROPY).build()) {
                double loss = batch.compute(silent.parameters(), new int[] {0}, 0, 1, gradient);
                assertEquals(StrictMath.log(3), loss, 1e-15);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"mse", "cross-entropy"})
    void sumsAreAdditiveOverTrialsAndSteps(String name) {
        Loss loss = Loss.byName(name);
        assertEquals(name, loss.name());
        int trials = 3;
        int steps = 5;
        int outputs = 4;
        int length = trials * steps * outputs;
        RandomStream random = new RandomStream(11, Purpose.of("loss-test"), 0);
        double[] y = new double[length];
        random.fillGaussian(y, 0, length, 2);
        double[] target = new double[length];
        double[] weight = new double[length];
        for (int i = 0; i < length; i++) {
            target[i] = i % outputs == i / outputs % 3 ? 1 : 0;
            weight[i] = random.nextDouble();
        }
        double[] dy = new double[length];
        double whole = loss.sum(trials, steps, outputs, y, target, weight, dy);
        double parts = 0;
        for (int from = 0; from < length; from += outputs) {
            double[] part = new double[outputs];
            parts += loss.sum(
                    1,
                    1,
                    outputs,
                    Arrays.copyOfRange(y, from, from + outputs),
                    Arrays.copyOfRange(target, from, from + outputs),
                    Arrays.copyOfRange(weight, from, from + outputs),
                    part);
            assertArrayEquals(Arrays.copyOfRange(dy, from, from + outputs), part);
        }
        assertEquals(whole, parts, 1e-13 * whole, "seed 11");
    }

    /**
     * A network and its labels: the gradient, a check with one wrong entry, and gradient descent that makes the loss
     * small.
     */
    @Test
    void crossEntropyTrains() {
        GradientCase c = EngineFixtures.gradientCase(40, 6, 2, 8, 3, Activation.TANH, 0.5, true, true, 5).toBuilder()
                .options(GradientCase.Options.table().get("cross-entropy"))
                .build();
        GradientCheck check = c.check();
        check.assertPasses();
        double[] spoilt = check.gradient();
        int at = c.problem().network().shape().wOut().at(2, 5);
        spoilt[at] += 1e-6;
        assertEquals("W_out[2,5]", check.compare(spoilt).worst().entry());
        Rnn rnn = c.problem().network();
        double[] gradient = new double[rnn.shape().parameters()];
        int[] order = new int[40];
        Arrays.setAll(order, i -> i);
        Optimizer sgd = new Sgd.Options(0.3, 0, 0.9).create(rnn.shape().bRec().end(), Kernels.get());
        double first = 0;
        double last = 0;
        try (BatchGradient batch = BatchGradient.builder(rnn, c.problem().trials())
                .loss(CROSS_ENTROPY)
                .build()) {
            for (int i = 0; i < 300; i++) {
                last = batch.compute(rnn.parameters(), order, 0, 40, gradient);
                first = i == 0 ? last : first;
                sgd.step(rnn.parameters(), gradient);
            }
        }
        assertTrue(last < 0.5 * first, first + " to " + last);
    }

    @Test
    void wrongUseIsNamed() {
        assertEquals(
                "loss is 'hinge', expected one of mse, cross-entropy",
                assertThrows(IllegalArgumentException.class, () -> Loss.byName("hinge"))
                        .getMessage());
        Rnn one = Rnn.zeros(new RnnShape(2, 3, 1));
        Trials trials = Trials.ofArrays(1, 2, 1, new double[2], new double[1], null, null, null);
        assertEquals(
                "outputs is 1, expected 2 or more with cross-entropy, one per class",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> BatchGradient.builder(one, trials)
                                        .loss(CROSS_ENTROPY)
                                        .build())
                        .getMessage());
        assertEquals(
                "targets at step 1 of a trial sum to 0.0, expected one-hot targets with cross-entropy, and a mask of 0 "
                        + "at steps without a decision",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> CROSS_ENTROPY.sum(
                                        1, 2, 2, new double[4], new double[] {1, 0, 0, 0}, ones(4), new double[4]))
                        .getMessage());
        assertTrue(assertThrows(
                        IllegalArgumentException.class,
                        () -> CROSS_ENTROPY.sum(1, 1, 2, new double[2], new double[] {2, -1}, ones(2), new double[2]))
                .getMessage()
                .startsWith("targets at step 0 of a trial have a negative value, expected one-hot targets"));
        assertTrue(Loss.all().contains(new MeanSquaredError()));
        CROSS_ENTROPY.check(2);
        // A sum that differs from 1 by rounding is allowed.
        CROSS_ENTROPY.sum(1, 1, 2, new double[2], new double[] {0.7, 0.3 + 1e-10}, ones(2), new double[2]);
    }
}
