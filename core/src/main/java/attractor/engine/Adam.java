package attractor.engine;

import attractor.kernel.Kernels;
import java.util.Arrays;
import java.util.Map;

/**
 * Adam as in Keras 2 (Kingma and Ba, arXiv:1412.6980, with Keras's decay). Step {@code it} from 0, {@code k = it + 1}:
 *
 * <pre>
 *     lr_it = lr / (1 + decay it)
 *     m = b1 m + (1 - b1) g,   v = b2 v + (1 - b2) g^2
 *     p -= lr_it sqrt(1 - b2^k) / (1 - b1^k) m / (sqrt(v) + eps)
 * </pre>
 *
 * <p>A schedule multiplies lr_it. Belongs to one thread.
 */
public final class Adam implements Optimizer {
    // not in float
    /**
     * Options of Adam. Immutable, safe for any thread.
     *
     * @param learningRate lr, positive
     * @param decay added to the denominator of the learning rate each step, 0 or more
     * @param beta1 decay of the first moment, in [0, 1)
     * @param beta2 decay of the second moment, in [0, 1)
     * @param epsilon added to the root of the second moment, positive
     */
    public record Options(double learningRate, double decay, double beta1, double beta2, double epsilon)
            implements Optimizer.Options {
        /** Default options, those of Jarne and Laje (arXiv:1906.01094): lr 1e-4, decay 1e-4, b1 0.9, b2 0.999, eps 1e-8. */
        public static final Options DEFAULT = new Options(1e-4, 1e-4, 0.9, 0.999, 1e-8);

        public Options {
            require(learningRate > 0.0 && learningRate < Double.POSITIVE_INFINITY, "lr", learningRate, "above 0");
            require(decay >= 0.0 && decay < Double.POSITIVE_INFINITY, "decay", decay, "0 or more");
            require(beta1 >= 0.0 && beta1 < 1.0, "beta1", beta1, "in [0, 1)");
            require(beta2 >= 0.0 && beta2 < 1.0, "beta2", beta2, "in [0, 1)");
            require(epsilon > 0.0 && epsilon < Double.POSITIVE_INFINITY, "epsilon", epsilon, "above 0");
        }

        @Override
        public String name() {
            return "adam";
        }

        @Override
        public Options withLearningRate(double rate) {
            return new Options(rate, decay, beta1, beta2, epsilon);
        }

        @Override
        public Map<String, Double> numbers() {
            return Map.of(
                    "learningRate", learningRate, "decay", decay, "beta1", beta1, "beta2", beta2, "epsilon", epsilon);
        }

        @Override
        public Adam create(int count, Kernels kernels) {
            return new Adam(this, count, kernels);
        }

        private static void require(boolean condition, String name, double value, String expected) {
            if (!condition) {
                throw new IllegalArgumentException(name + " is " + value + ", expected " + expected);
            }
        }
    }

    // float: private final Adam.Options options;
    private final Options options;
    private final Kernels kernels;
    private final double[] m;
    private final double[] v;
    private long iteration;

    /** An optimiser for the first {@code count} parameters, before its first step. */
    // float: public FloatAdam(Adam.Options options, int count, FloatKernels kernels) {
    public Adam(Options options, int count, Kernels kernels) {
        this.options = options;
        this.kernels = kernels;
        m = new double[count];
        v = new double[count];
    }

    @Override
    // float: public void step(double multiplier, float[] parameters, float[] gradient) {
    public void step(double multiplier, double[] parameters, double[] gradient) {
        double lr = multiplier * (options.learningRate() / (1.0 + options.decay() * iteration)); // stays double
        iteration++;
        double k = iteration; // stays double
        double unbiased1 = 1.0 - StrictMath.pow(options.beta1(), k); // stays double
        double unbiased2 = 1.0 - StrictMath.pow(options.beta2(), k); // stays double
        double rate = lr * Math.sqrt(unbiased2) / unbiased1; // stays double
        kernels.adam(
                m.length, 0, parameters, m, v, gradient, rate, options.beta1(), options.beta2(), options.epsilon());
    }

    @Override
    public int count() {
        return m.length;
    }

    @Override
    public long iteration() {
        return iteration;
    }

    /** The first moments themselves, not a copy. */
    public double[] firstMoments() {
        return m;
    }

    /** The second moments themselves, not a copy. */
    public double[] secondMoments() {
        return v;
    }

    /** The first moments, followed by the second moments. */
    @Override
    public double[] state() {
        double[] state = Arrays.copyOf(m, 2 * m.length);
        System.arraycopy(v, 0, state, m.length, v.length);
        return state;
    }

    @Override
    public void restore(long steps, double[] state) {
        if (steps < 0 || state.length != 2 * m.length) {
            throw new IllegalArgumentException("the state of adam has " + steps + " steps and " + state.length
                    + " values, expected 0 or more steps and " + 2 * m.length + " values, two per parameter");
        }
        iteration = steps;
        System.arraycopy(state, 0, m, 0, m.length);
        System.arraycopy(state, m.length, v, 0, v.length);
    }
}
