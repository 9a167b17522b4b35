package attractor.dynamics;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import attractor.kernel.Activation;
import attractor.kernel.Kernels;
import attractor.model.Initializers;
import attractor.model.Initializers.Recurrent;
import attractor.model.Rnn;
import attractor.model.RnnShape;
import attractor.model.Wiring;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Noise in the states. */
class NoiseTest {
    private static final double SIGMA = 0.3;

    private static Rnn network(double tau) {
        RnnShape shape = new RnnShape(2, 7, 1);
        return Initializers.network(shape, Activation.TANH, 1, tau, false, Initializers.Recurrent.ORTHOGONAL, 3)
                .withNoise(SIGMA);
    }

    private static double[] inputs(int trials, int steps) {
        double[] x = new double[trials * steps * 2];
        Arrays.setAll(x, i -> (i * 7 % 11 - 5) / 10.0);
        return x;
    }

    /**
     * A state without drive, h' = (1 - alpha) h + noise. 64,000 values; with alpha 0.05 about 1,600 of them are
     * independent.
     */
    @ParameterizedTest
    @ValueSource(doubles = {1, 2, 10, 20})
    void withoutDriveTheStateHasTheStationarySd(double tau) {
        RnnShape shape = new RnnShape(1, 32, 1);
        Rnn rnn = new Rnn(shape, Activation.TANH, 1, tau, false, new double[shape.parameters()]).withNoise(SIGMA);
        int steps = 1000;
        double[] h = new Simulator(rnn).run(new double[4 * steps], 4, steps).h();
        int from = (int) (20 * tau);
        double sum = 0;
        double squares = 0;
        double products = 0;
        long count = 0;
        for (int s = 0; s < 4; s++) {
            for (int t = from; t < steps; t++) {
                for (int i = 0; i < 32; i++) {
                    double value = h[(s * steps + t) * 32 + i];
                    sum += value;
                    squares += value * value;
                    products += value * h[(s * steps + t - 1) * 32 + i];
                    count++;
                }
            }
        }
        double alpha = 1 / tau;
        double sd = SIGMA * Math.sqrt(2 / (2 - alpha));
        // Standard errors of mean and standard deviation with a correlation time of tau.
        double independent = count * alpha / (2 - alpha);
        assertEquals(0, sum / count, 5 * sd / Math.sqrt(independent));
        assertEquals(sd, Math.sqrt(squares / count), 5 * sd / Math.sqrt(2 * count * alpha / (2 - alpha)));
        assertEquals(1 - alpha, products / squares, 0.02, "correlation of neighbouring steps");
    }

    @ParameterizedTest
    @ValueSource(doubles = {1, 4})
    void aTrialDoesNotDependOnTheOthersNorOnTheKernels(double tau) {
        Rnn rnn = network(tau);
        int steps = 13;
        double[] x = inputs(40, steps);
        Simulator all = new Simulator(rnn, Kernels.get());
        all.seedNoise(9, 0);
        Simulator.Trajectory run = all.run(x, 40, steps);
        Simulator one = new Simulator(rnn, Kernels.of("scalar"));
        Stepper stepper = new Stepper(rnn);
        for (int s : new int[] {0, 1, 31, 32, 39}) {
            double[] own = Arrays.copyOfRange(x, s * steps * 2, (s + 1) * steps * 2);
            one.seedNoise(9, s);
            Simulator.Trajectory alone = one.run(own, 1, steps);
            assertArrayEquals(Arrays.copyOfRange(run.h(), s * steps * 7, (s + 1) * steps * 7), alone.h(), "trial " + s);
            assertArrayEquals(Arrays.copyOfRange(run.y(), s * steps, (s + 1) * steps), alone.y(), "trial " + s);
            stepper.seedNoise(9, s);
            stepper.reset();
            double[] y = new double[1];
            double[] h = new double[7];
            for (int t = 0; t < steps; t++) {
                stepper.step(Arrays.copyOfRange(own, t * 2, t * 2 + 2), y);
                stepper.copyState(h);
                assertArrayEquals(alone.state(0, t), h, "trial " + s + ", step " + t);
                assertEquals(alone.y()[t], y[0], "trial " + s + ", step " + t);
            }
        }
        assertArrayEquals(run.h(), all.run(x, 40, steps).h(), "once more");
    }

    /** Noise makes states negative. With Dale's law it stops at 0, since below 0 an excitatory unit would inhibit. */
    @ParameterizedTest
    @CsvSource({"RELU, 1", "RELU, 4", "SIGMOID, 1", "SIGMOID, 3"})
    void withDalesLawNoiseLeavesNoStateBelowZero(Activation phi, double tau) {
        RnnShape shape = new RnnShape(2, 7, 1);
        Rnn free = Initializers.network(shape, phi, 1, tau, true, Recurrent.NORMAL, 3);
        Rnn noisy = free.withNoise(0.4);
        double[] signs = {1, 1, 1, 1, -1, -1, -1};
        Rnn dale = Initializers.wired(free, Wiring.of(signs, null)).withNoise(0.4);
        assertTrue(dale.noiseIsRectified());
        assertFalse(noisy.noiseIsRectified() || dale.withNoise(0).noiseIsRectified());
        int steps = 200;
        double[] x = inputs(3, steps);
        double[] h = new Simulator(dale).run(x, 3, steps).h();
        assertEquals(0.0, Arrays.stream(h).min().orElseThrow());
        long zeros = Arrays.stream(h).filter(v -> v == 0).count();
        assertTrue(zeros > h.length / 50, zeros + " of " + h.length + " are at 0");
        double[] without = new Simulator(noisy).run(x, 3, steps).h();
        assertTrue(Arrays.stream(without).filter(v -> v < 0).count() > without.length / 50);
        Stepper stepper = new Stepper(dale);
        stepper.seedNoise(0, 2);
        double[] state = new double[7];
        for (int t = 0; t < steps; t++) {
            stepper.step(Arrays.copyOfRange(x, (2 * steps + t) * 2, (2 * steps + t) * 2 + 2), new double[1]);
            stepper.copyState(state);
            assertArrayEquals(Arrays.copyOfRange(h, (2 * steps + t) * 7, (2 * steps + t + 1) * 7), state);
        }
    }

    @Test
    void seedsTrialsStepsAndUnitsHaveNoiseOfTheirOwn() {
        RnnShape shape = new RnnShape(1, 3, 1);
        Rnn rnn = new Rnn(shape, Activation.TANH, 1, 1, false, new double[shape.parameters()]).withNoise(1);
        Simulator simulator = new Simulator(rnn);
        double[] h = simulator.run(new double[6], 2, 3).h();
        assertEquals(18, Arrays.stream(h).distinct().count());
        simulator.seedNoise(1, 0);
        double[] other = simulator.run(new double[6], 2, 3).h();
        for (int i = 0; i < 18; i++) {
            assertNotEquals(h[i], other[i]);
        }
        simulator.seedNoise(0, 1);
        assertArrayEquals(
                Arrays.copyOfRange(h, 9, 18), simulator.run(new double[3], 1, 3).h());
    }

    /** In simulator and stepper, seeding means the same: it chooses the noise from now on, and the state stays. */
    @Test
    void seedingTheNoiseOfAStepperLeavesItsState() {
        Rnn rnn = network(3);
        Stepper stepper = new Stepper(rnn);
        double[] y = new double[1];
        for (int t = 0; t < 5; t++) {
            stepper.step(new double[] {1, 0}, y);
        }
        double[] before = new double[7];
        stepper.copyState(before);
        stepper.seedNoise(9, 4);
        double[] after = new double[7];
        stepper.copyState(after);
        assertArrayEquals(before, after);
        Simulator simulator = new Simulator(rnn);
        simulator.seedNoise(9, 4);
        simulator.advance(before, new double[] {0, 1}, 1);
        stepper.step(new double[] {0, 1}, y);
        stepper.copyState(after);
        assertArrayEquals(before, after);
    }

    /** One step at a time gives the same as all at once; an earlier run does not matter. */
    @Test
    void advancingGoesOnWithTheNoise() {
        Rnn rnn = network(3);
        Simulator a = new Simulator(rnn);
        double[] whole = new double[2 * 7];
        double[] y = a.advance(whole, null, 10);
        Simulator b = new Simulator(rnn);
        double[] parts = new double[2 * 7];
        b.advance(parts, null, 4);
        assertFalse(Arrays.equals(whole, parts));
        assertArrayEquals(y, b.advance(parts, null, 6));
        assertArrayEquals(whole, parts);
        double[] x = new double[2 * 10 * 2];
        assertArrayEquals(
                Arrays.copyOfRange(whole, 0, 7),
                new Simulator(rnn).run(x, 2, 10).state(0, 9));
    }

    @Test
    void aResetOfTheStepperBeginsAnew() {
        Stepper stepper = new Stepper(network(2));
        double[] x = {0.1, -0.4};
        double[] first = new double[1];
        double[] again = new double[1];
        stepper.step(x, first);
        stepper.step(x, again);
        assertNotEquals(first[0], again[0]);
        stepper.reset();
        stepper.step(x, again);
        assertEquals(first[0], again[0]);
        stepper.reset(new double[7]);
        stepper.step(x, again);
        assertEquals(first[0], again[0]);
    }

    @Test
    void noNoiseIsTheNetworkAsItWas() {
        Rnn rnn = network(1);
        Rnn quiet = rnn.withNoise(0);
        double[] x = inputs(3, 5);
        assertArrayEquals(
                new Simulator(Initializers.network(
                                rnn.shape(), Activation.TANH, 1, 1, false, Initializers.Recurrent.ORTHOGONAL, 3))
                        .run(x, 3, 5)
                        .h(),
                new Simulator(quiet).run(x, 3, 5).h());
        assertFalse(Arrays.equals(
                new Simulator(rnn).run(x, 3, 5).h(),
                new Simulator(quiet).run(x, 3, 5).h()));
    }
}
