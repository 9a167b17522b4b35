package attractor.dynamics;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import attractor.kernel.Activation;
import attractor.kernel.Kernels;
import attractor.model.Rnn;
import attractor.model.RnnShape;
import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SimulatorTest {
    private static Rnn network(int inputs, int units, int outputs, Activation phi, double alpha, long seed) {
        RnnShape shape = new RnnShape(inputs, units, outputs);
        Random random = new Random(seed);
        double[] p = new double[shape.parameters()];
        Arrays.setAll(p, i -> random.nextGaussian() / Math.sqrt(units));
        return new Rnn(shape, phi, 1, 1 / alpha, true, p);
    }

    private static double[] inputs(int length, long seed) {
        Random random = new Random(seed);
        double[] x = new double[length];
        Arrays.setAll(x, i -> random.nextGaussian());
        return x;
    }

    /** The formula, in plain loops. */
    private static double[] byHand(Rnn rnn, double[] x, int steps) {
        RnnShape s = rnn.shape();
        double[] p = rnn.parameters();
        double[] h = rnn.copyOf(s.h0());
        double[] y = new double[steps * s.outputs()];
        for (int t = 0; t < steps; t++) {
            double[] next = new double[h.length];
            for (int i = 0; i < h.length; i++) {
                double z = p[s.bRec().at(i, 0)];
                for (int j = 0; j < h.length; j++) {
                    z += p[s.wRec().at(i, j)] * h[j];
                }
                for (int j = 0; j < s.inputs(); j++) {
                    z += p[s.wIn().at(i, j)] * x[t * s.inputs() + j];
                }
                next[i] = (1 - rnn.alpha()) * h[i]
                        + rnn.alpha() * rnn.activation().rate(z);
            }
            h = next;
            for (int o = 0; o < s.outputs(); o++) {
                double out = p[s.bOut().at(o, 0)];
                for (int j = 0; j < h.length; j++) {
                    out += p[s.wOut().at(o, j)] * h[j];
                }
                y[t * s.outputs() + o] = out;
            }
        }
        return y;
    }

    @Test
    void followsTheFormula() {
        for (Activation phi : Activation.values()) {
            for (double alpha : new double[] {1, 0.3}) {
                Rnn rnn = network(2, 5, 3, phi, alpha, 7);
                double[] x = inputs(8 * 2, 1);
                double[] y = new Simulator(rnn).run(x, 1, 8).y();
                double[] expected = byHand(rnn, x, 8);
                for (int i = 0; i < y.length; i++) {
                    assertEquals(
                            expected[i], y[i], 1e-12 * Math.max(1, Math.abs(expected[i])), phi + " " + alpha + " " + i);
                }
            }
        }
    }

    @Test
    void trialsDontDependOnEachOtherAndTheStepperGivesTheSameBits() {
        for (int units : new int[] {1, 3, 8, 13, 50}) {
            for (double alpha : new double[] {1, 0.4}) {
                for (int steps : new int[] {1, 12}) {
                    Rnn rnn = network(2, units, 3, Activation.TANH, alpha, units);
                    int trials = 35;
                    double[] x = inputs(trials * steps * 2, units);
                    Simulator.Trajectory all = new Simulator(rnn).run(x, trials, steps);
                    Simulator.Trajectory plain = new Simulator(rnn, Kernels.of("scalar")).run(x, trials, steps);
                    assertArrayEquals(plain.h(), all.h());
                    assertArrayEquals(plain.y(), all.y());
                    Stepper stepper = new Stepper(rnn);
                    double[] y = new double[3];
                    double[] h = new double[units];
                    for (int s = 0; s < trials; s++) {
                        stepper.reset();
                        for (int t = 0; t < steps; t++) {
                            int at = s * steps + t;
                            stepper.step(Arrays.copyOfRange(x, at * 2, at * 2 + 2), y);
                            stepper.copyState(h);
                            assertArrayEquals(all.state(s, t), h, "N " + units + ", trial " + s + ", step " + t);
                            assertArrayEquals(Arrays.copyOfRange(all.y(), at * 3, at * 3 + 3), y);
                            assertEquals(h[units - 1], stepper.state(units - 1));
                        }
                    }
                }
            }
        }
    }

    @Test
    void advanceIsTheSameAsAConstantInput() {
        Rnn rnn = network(2, 9, 1, Activation.TANH, 0.5, 3);
        double[] x = new double[20 * 2];
        for (int t = 0; t < 20; t++) {
            x[2 * t] = 0.3;
            x[2 * t + 1] = -1;
        }
        Simulator simulator = new Simulator(rnn);
        double[] start = inputs(9, 5);
        Simulator.Trajectory run = simulator.run(x, 1, 20, start, true);
        double[] states = start.clone();
        double[] y = simulator.advance(states, new double[] {0.3, -1}, 20);
        assertArrayEquals(run.state(0, 19), states);
        assertEquals(run.y()[19], y[0]);
        double[] same = start.clone();
        simulator.advance(same, null, 0);
        assertArrayEquals(start, same);
    }

    @Test
    void theStepperAllocatesNothing() {
        Rnn rnn = network(2, 50, 1, Activation.TANH, 1, 3);
        Stepper stepper = new Stepper(rnn, Kernels.of("scalar"));
        double[] x = {0.1, 0.2};
        double[] y = new double[1];
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long thread = Thread.currentThread().getId();
        for (int i = 0; i < 100; i++) {
            stepper.step(x, y);
        }
        long before = threads.getThreadAllocatedBytes(thread);
        long cost = threads.getThreadAllocatedBytes(thread) - before;
        before = threads.getThreadAllocatedBytes(thread);
        for (int i = 0; i < 10_000; i++) {
            stepper.step(x, y);
        }
        long allocated = threads.getThreadAllocatedBytes(thread) - before - cost;
        assertTrue(allocated < 10_000, allocated + " bytes in 10,000 steps");
    }

    @Test
    void wrongInputIsNamed() {
        Rnn rnn = network(2, 3, 1, Activation.TANH, 1, 1);
        Simulator simulator = new Simulator(rnn);
        assertMessage(
                "x has 5 values, expected 12 (trials * steps * I = 2 * 3 * 2)",
                () -> simulator.run(new double[5], 2, 3));
        double[] x = new double[12];
        x[7] = Double.NaN;
        assertMessage("x[7] is NaN, expected a finite number", () -> simulator.run(x, 2, 3));
        assertMessage("simulation of 0 trials and 3 steps, expected at least 1 of each", () -> simulator.run(x, 0, 3));
        assertTrue(assertThrows(IllegalArgumentException.class, () -> simulator.advance(new double[4], null, 1))
                .getMessage()
                .startsWith("states has 4 values"));
        Stepper stepper = new Stepper(rnn);
        assertMessage("x has 1 value, expected I = 2", () -> stepper.step(new double[1], new double[1]));
        assertMessage("y has 2 values, expected O = 1", () -> stepper.step(new double[2], new double[2]));
        assertMessage("h has 2 values, expected N = 3", () -> stepper.reset(new double[2]));
    }

    private static void assertMessage(String message, org.junit.jupiter.api.function.Executable call) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, call).getMessage());
    }
}
