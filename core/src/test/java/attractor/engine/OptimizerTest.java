package attractor.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import attractor.kernel.Kernels;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every optimiser must do, and gradient descent by hand. */
class OptimizerTest {
    static List<Optimizer.Options> options() {
        return List.of(
                Adam.Options.DEFAULT, new Sgd.Options(0.1, 0, 0), new Sgd.Options(0.1, 0.01, 0.9), new Halving(0.5));
    }

    /** A user's: each step halves the rate. */
    private record Halving(double learningRate) implements Optimizer.Options {
        @Override
        public String name() {
            return "halving";
        }

        @Override
        public Halving withLearningRate(double rate) {
            return new Halving(rate);
        }

        @Override
        public Map<String, Double> numbers() {
            return Map.of("learningRate", learningRate);
        }

        @Override
        public Optimizer create(int count, Kernels kernels) {
            return new Optimizer() {
                private double rate = learningRate;
                private long steps;

                @Override
                public void step(double multiplier, double[] parameters, double[] gradient) {
                    for (int i = 0; i < count; i++) {
                        parameters[i] -= multiplier * rate * gradient[i];
                    }
                    rate /= 2;
                    steps++;
                }

                @Override
                public int count() {
                    return count;
                }

                @Override
                public long iteration() {
                    return steps;
                }

                @Override
                public double[] state() {
                    return new double[] {rate};
                }

                @Override
                public void restore(long iteration, double[] state) {
                    if (iteration < 0 || state.length != 1) {
                        throw new IllegalArgumentException("the state of halving has " + state.length + " values");
                    }
                    steps = iteration;
                    rate = state[0];
                }
            };
        }
    }

    private static final double[][] GRADIENTS = {{1, -2, 9}, {0.5, 0, 9}, {-3, 1e-9, 9}, {2, 2, 9}};

    @ParameterizedTest
    @MethodSource("options")
    void aRestoredOneGoesOnWithTheSameBits(Optimizer.Options options) {
        double[] p = {0.5, -1, 7};
        Optimizer one = options.create(2, Kernels.get());
        assertEquals(2, one.count());
        one.step(p, GRADIENTS[0]);
        one.step(0.3, p, GRADIENTS[1]);
        assertEquals(2, one.iteration());
        double[] state = one.state();
        Optimizer other = options.create(2, Kernels.get());
        other.restore(2, state);
        double[] q = p.clone();
        one.step(p, GRADIENTS[2]);
        one.step(0.7, p, GRADIENTS[3]);
        other.step(q, GRADIENTS[2]);
        other.step(0.7, q, GRADIENTS[3]);
        assertArrayEquals(p, q);
        assertArrayEquals(one.state(), other.state());
        assertEquals(4, other.iteration());
        assertEquals(7, p[2], "only the first two move");
        assertThrows(IllegalArgumentException.class, () -> other.restore(1, new double[state.length + 1]));
        assertThrows(IllegalArgumentException.class, () -> other.restore(-1, state));
    }

    /** A state is a copy: later steps don't change it. */
    @ParameterizedTest
    @MethodSource("options")
    void aStateIsACopy(Optimizer.Options options) {
        Optimizer one = options.create(2, Kernels.get());
        double[] p = {0.5, -1, 7};
        one.step(p, GRADIENTS[0]);
        double[] state = one.state();
        double[] before = state.clone();
        one.step(p, GRADIENTS[3]);
        assertArrayEquals(before, state);
    }

    /** lr 1/2, decay 1, momentum 1/4: gradients 4, then 0, then 2 at twice the rate. */
    @Test
    void gradientDescentByHand() {
        Sgd sgd = new Sgd(new Sgd.Options(0.5, 1, 0.25), 1);
        double[] p = {10};
        sgd.step(p, new double[] {4});
        assertEquals(10 - 2, p[0]);
        // The velocity decays from -2 to -1/2.
        sgd.step(p, new double[] {0});
        assertEquals(8 - 0.5, p[0]);
        // lr = 2 * 0.5 / (1 + 2), velocity = -1/8 - 2/3.
        sgd.step(2, p, new double[] {2});
        assertEquals(7.5 - 0.125 - 2.0 / 3, p[0], 1e-15);
        assertEquals(3, sgd.iteration());
        assertArrayEquals(new double[] {-0.125 - 2.0 / 3}, sgd.state(), 1e-15);
    }

    /** The ends of each range: the last value that is allowed, and the first that isn't. */
    @Test
    void theEndsOfTheRanges() {
        double infinite = Double.POSITIVE_INFINITY;
        new Adam.Options(Double.MIN_VALUE, 0, 0, 0, Double.MIN_VALUE);
        new Sgd.Options(Double.MIN_VALUE, 0, 0);
        for (double lr : new double[] {0, infinite}) {
            refused("lr", () -> new Adam.Options(lr, 0, 0, 0, 1));
            refused("lr", () -> new Sgd.Options(lr, 0, 0));
        }
        for (double decay : new double[] {-Double.MIN_VALUE, infinite}) {
            refused("decay", () -> new Adam.Options(1, decay, 0, 0, 1));
            refused("decay", () -> new Sgd.Options(1, decay, 0));
        }
        for (double beta : new double[] {-Double.MIN_VALUE, 1}) {
            refused("beta1", () -> new Adam.Options(1, 0, beta, 0, 1));
            refused("beta2", () -> new Adam.Options(1, 0, 0, beta, 1));
            refused("momentum", () -> new Sgd.Options(1, 0, beta));
        }
        for (double epsilon : new double[] {0, infinite}) {
            refused("epsilon", () -> new Adam.Options(1, 0, 0, 0, epsilon));
        }
    }

    private static void refused(String name, Executable made) {
        String message = assertThrows(IllegalArgumentException.class, made).getMessage();
        assertTrue(message.startsWith(name + " is "), message);
    }

    @ParameterizedTest
    @MethodSource("options")
    void theirNumbersAndTheirRate(Optimizer.Options options) {
        assertEquals(options.learningRate(), options.numbers().get("learningRate"));
        Optimizer.Options faster = options.withLearningRate(7);
        assertEquals(7, faster.learningRate());
        assertEquals(options, faster.withLearningRate(options.learningRate()));
        Optimizer fresh = options.create(2, Kernels.get());
        fresh.restore(0, fresh.state());
        assertEquals(0, fresh.iteration());
    }

    @Test
    void settingsCheckThemselves() {
        assertEquals("sgd", new Sgd.Options(0.1, 0, 0).name());
        assertEquals("adam", Adam.Options.DEFAULT.name());
        assertEquals(
                "momentum is 1.0, expected in [0, 1)",
                assertThrows(IllegalArgumentException.class, () -> new Sgd.Options(0.1, 0, 1))
                        .getMessage());
        assertThrows(IllegalArgumentException.class, () -> new Sgd.Options(0, 0, 0));
        assertThrows(IllegalArgumentException.class, () -> new Sgd.Options(0.1, Double.NaN, 0));
        assertEquals(
                "the state of adam has 1 steps and 3 values, expected 0 or more steps and 4 values, two per parameter",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> Adam.Options.DEFAULT
                                        .create(2, Kernels.get())
                                        .restore(1, new double[3]))
                        .getMessage());
    }
}
