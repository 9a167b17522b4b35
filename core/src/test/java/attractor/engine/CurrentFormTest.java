package attractor.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import attractor.dynamics.Simulator;
import attractor.dynamics.Stepper;
import attractor.kernel.Activation;
import attractor.kernel.Kernels;
import attractor.model.Form;
import attractor.model.Rnn;
import attractor.model.RnnShape;
import attractor.model.Wiring;
import attractor.random.RandomStream;
import attractor.random.RandomStream.Purpose;
import attractor.train.GradientCase;
import attractor.train.GradientCase.Options;
import attractor.train.GradientCase.Problem;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The current form against the rate form, to which it is tied by theory, and against the complex step. */
class CurrentFormTest {
    private static final RnnShape SHAPE = new RnnShape(2, 7, 3);
    private static final int STEPS = 25;

    private static GradientCase gradientCase(Activation phi, double alpha, Options options) {
        return EngineFixtures.gradientCase(5, 9, 2, 6, 3, phi, alpha, true, true, 5).toBuilder()
                .form(Form.CURRENT)
                .options(options)
                .build();
    }

    @ParameterizedTest
    @EnumSource(Activation.class)
    void itsGradientIsExact(Activation phi) {
        for (double alpha : new double[] {1.0, 0.37, 0.05}) {
            gradientCase(phi, alpha, Options.NONE).check().assertPasses();
        }
    }

    @Test
    void itsGradientIsExactWithEveryOption() {
        for (Map.Entry<String, Options> option : Options.table().entrySet()) {
            gradientCase(Activation.TANH, 0.3, option.getValue()).check().assertPasses();
            gradientCase(Activation.SIGMOID, 0.3, option.getValue()).check().assertPasses();
        }
    }

    @Test
    void theCheckNoticesTheOtherForm() {
        GradientCase c = gradientCase(Activation.TANH, 0.37, Options.NONE);
        Problem p = c.problem();
        double[] gradient =
                GradientCheck.of(p.network().withForm(Form.RATE), p.trials()).gradient();
        assertFalse(c.check().compare(gradient).passed());
    }

    /** By hand: one unit, relu, alpha 1/2; x(0) = 1, W_rec = 2, W_in = 1, W_out = 3, inputs 1 and -4. */
    @Test
    void twoStepsByHand() {
        Rnn rnn = new Rnn(new RnnShape(1, 1, 1), Activation.RELU, 1, 2, true, new double[] {1, 2, 3, 0.5, 0, 1})
                .withForm(Form.CURRENT);
        for (Kernels kernels : EngineFixtures.kernels().toList()) {
            // z = 1 + 2, x = (1 + 3) / 2 = 2; z = -4 + 4, x = (2 + 0) / 2 = 1.
            Simulator.Trajectory run = new Simulator(rnn, kernels).run(new double[] {1, -4}, 1, 2);
            assertArrayEquals(new double[] {2, 1}, run.h());
            assertArrayEquals(new double[] {6.5, 3.5}, run.y());
        }
    }

    private static Rnn network(Activation phi, double tauMs, long seed) {
        double[] p = new double[SHAPE.parameters()];
        new RandomStream(seed, Purpose.of("current-form-test"), 0).fillGaussian(p, 0, p.length, 0.6);
        return new Rnn(SHAPE, phi, 1.0, tauMs, true, p);
    }

    private static double[] gaussian(int length, long seed) {
        double[] x = new double[length];
        new RandomStream(seed, Purpose.of("current-form-test"), 1).fillGaussian(x, 0, length, 1.0);
        return x;
    }

    /** h = phi(x) of rows of N. */
    private static double[] rates(Activation phi, double[] x) {
        double[] h = new double[x.length];
        for (int i = 0; i < x.length; i++) {
            h[i] = phi.rate(x[i]);
        }
        return h;
    }

    @ParameterizedTest
    @EnumSource(Activation.class)
    void withAlphaOneBothFormsHaveTheSameOutputs(Activation phi) {
        Rnn rate = network(phi, 1.0, 3);
        Rnn current = rate.withForm(Form.CURRENT);
        int trials = 4;
        double[] input = gaussian(trials * STEPS * 2, 4);
        double[] x0 = gaussian(trials * SHAPE.units(), 5);
        Simulator.Trajectory a = new Simulator(rate).run(input, trials, STEPS, rates(phi, x0), true);
        Simulator.Trajectory b = new Simulator(current).run(input, trials, STEPS, x0, true);
        // Not only close: both compute the same chains of sums.
        assertArrayEquals(a.y(), b.y());
        assertArrayEquals(a.h(), rates(phi, b.h()));
    }

    @ParameterizedTest
    @EnumSource(Activation.class)
    void underConstantInputItsOrbitsAreImagesOfTheRateForms(Activation phi) {
        // Weak enough that unbounded rates stay small.
        Rnn rate = network(phi, 4.0, 6);
        for (int i = rate.shape().wRec().offset(); i < rate.shape().wRec().end(); i++) {
            rate.parameters()[i] *= 0.4;
        }
        Rnn current = rate.withForm(Form.CURRENT);
        int n = SHAPE.units();
        double[] input = gaussian(2, 7);
        double[] h = gaussian(n, 8);
        double[] x = image(rate, input, h);
        Simulator rates = new Simulator(rate);
        Simulator currents = new Simulator(current);
        for (int t = 0; t < 40; t++) {
            rates.advance(h, input, 1);
            currents.advance(x, input, 1);
            assertArrayEquals(image(rate, input, h), x, 1e-13, "step " + t);
        }
    }

    /** x = W_rec h + W_in x_in + b_rec. */
    private static double[] image(Rnn rnn, double[] input, double[] h) {
        double[] p = rnn.parameters();
        double[] x = rnn.copyOf(SHAPE.bRec());
        for (int i = 0; i < x.length; i++) {
            for (int j = 0; j < input.length; j++) {
                x[i] += p[SHAPE.wIn().at(i, j)] * input[j];
            }
            for (int j = 0; j < h.length; j++) {
                x[i] += p[SHAPE.wRec().at(i, j)] * h[j];
            }
        }
        return x;
    }

    @Test
    void stepperAndSimulatorAgreeToTheBitWithNoise() {
        Rnn rnn = network(Activation.TANH, 5.0, 9).withForm(Form.CURRENT).withNoise(0.3);
        double[] input = gaussian(3 * STEPS * 2, 10);
        Simulator simulator = new Simulator(rnn);
        simulator.seedNoise(7, 0);
        Simulator.Trajectory run = simulator.run(input, 3, STEPS);
        Stepper stepper = new Stepper(rnn);
        double[] x = new double[2];
        double[] y = new double[3];
        double[] state = new double[SHAPE.units()];
        for (int trial = 0; trial < 3; trial++) {
            stepper.seedNoise(7, trial);
            stepper.reset();
            for (int t = 0; t < STEPS; t++) {
                System.arraycopy(input, (trial * STEPS + t) * 2, x, 0, 2);
                stepper.step(x, y);
                stepper.copyState(state);
                assertArrayEquals(run.state(trial, t), state);
                for (int o = 0; o < 3; o++) {
                    assertEquals(run.y()[(trial * STEPS + t) * 3 + o], y[o]);
                }
            }
        }
    }

    /** Without drive, x is an autoregressive process of this variance; sigma is its standard deviation as dt tends to 0. */
    @Test
    void noiseHasTheStatedVariance() {
        Rnn rnn = new Rnn(SHAPE, Activation.TANH, 1.0, 4.0, false, new double[SHAPE.parameters()])
                .withForm(Form.CURRENT)
                .withNoise(0.2);
        double[] states = new double[64 * SHAPE.units()];
        Simulator simulator = new Simulator(rnn);
        double square = 0;
        int count = 0;
        for (int k = 0; k < 200; k++) {
            simulator.advance(states, null, 20);
            for (double v : states) {
                square += v * v;
                count++;
            }
        }
        double expected = 0.2 * 0.2 * 2 / (2 - 0.25);
        assertEquals(expected, square / count, 0.03 * expected);
    }

    @Test
    void withDalesLawNoRateIsNegativeThoughStatesAre() {
        double[] p = new double[SHAPE.parameters()];
        double[] sign = {1, 1, 1, 1, 1, -1, -1};
        for (int i = 0; i < SHAPE.units(); i++) {
            for (int j = 0; j < SHAPE.units(); j++) {
                p[SHAPE.wRec().at(i, j)] = 0.1 * sign[j];
            }
        }
        for (int i = 0; i < SHAPE.units(); i++) {
            p[SHAPE.wOut().at(i % 3, i)] = 1;
        }
        Rnn rnn = new Rnn(SHAPE, Activation.RELU, 1.0, 4.0, false, p)
                .withWiring(Wiring.of(sign, null))
                .withForm(Form.CURRENT)
                .withNoise(0.5);
        Simulator.Trajectory run = new Simulator(rnn).run(new double[8 * 50 * 2], 8, 50);
        boolean negative = false;
        for (double x : run.h()) {
            negative |= x < 0;
        }
        assertTrue(negative, "no state is negative, although the noise is outside of phi");
        // Each output is a sum of rates.
        for (double y : run.y()) {
            assertTrue(y >= 0, "a sum of rates is " + y);
        }
    }

    @Test
    void sameBitsWithEveryKernelAndInSegments() {
        GradientCase c = GradientCase.builder()
                .batch(40)
                .steps(31)
                .inputs(2)
                .units(9)
                .outputs(2)
                .alpha(0.3)
                .form(Form.CURRENT)
                .recurrentBias(true)
                .masked(true)
                .options(new Options(0, 0.1, 0.2, true, false, new MeanSquaredError()))
                .build();
        Problem p = c.problem();
        double[] parameters = p.network().parameters();
        int[] order = new int[40];
        for (int i = 0; i < 40; i++) {
            order[i] = 39 - i;
        }
        double[] expected = null;
        double byAlpha = 0;
        for (Kernels kernels : EngineFixtures.kernels().toList()) {
            long whole = TapePlan.whole(p.network(), kernels, 31, 32).bytes();
            for (long limit : new long[] {Long.MAX_VALUE, 2 * whole / 3}) {
                double[] gradient = new double[parameters.length];
                try (BatchGradient g = BatchGradient.builder(p.network(), p.trials())
                        .maxBatch(40)
                        .threads(1)
                        .kernels(kernels)
                        .memoryLimitBytes(limit)
                        .l2Rates(0.1)
                        .byAlpha(true)
                        .build()) {
                    g.compute(parameters, order, 0, 40, gradient);
                    if (expected == null) {
                        expected = gradient;
                        byAlpha = g.alphaGradient();
                    }
                    assertArrayEquals(expected, gradient, kernels.name() + ", limit " + limit);
                    assertEquals(byAlpha, g.alphaGradient(), kernels.name() + ", limit " + limit);
                }
            }
        }
    }
}
