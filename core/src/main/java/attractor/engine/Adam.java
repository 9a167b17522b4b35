package attractor.engine;

import attractor.kernel.Kernels;

/**
 * Adam as Keras 2 has it (Kingma and Ba, arXiv:1412.6980, with Keras's decay): in step {@code it}, counted from 0, with {@code k = it + 1},
 *
 * <pre>
 *     lr_it = lr / (1 + decay it)
 *     m = b1 m + (1 - b1) g,   v = b2 v + (1 - b2) g^2
 *     p -= lr_it sqrt(1 - b2^k) / (1 - b1^k) m / (sqrt(v) + eps)
 * </pre>
 *
 * <p>A {@link Schedule} other than the inverse one multiplies lr_it. Belongs to one thread.
 */
public final class Adam {
    /**
     * Settings of Adam. Immutable, safe for any thread.
     *
     * @param learningRate lr, positive
     * @param decay added to the denominator of the learning rate each step, 0 or more
     * @param beta1 decay of the first moment, in [0, 1)
     * @param beta2 decay of the second moment, in [0, 1)
     * @param epsilon added to the root of the second moment, positive
     */
    public record Settings(double learningRate, double decay, double beta1, double beta2, double epsilon) {
        /** Those of the paper: lr 1e-4, decay 1e-4, b1 0.9, b2 0.999, eps 1e-8. */
        public static final Settings DEFAULT = new Settings(1e-4, 1e-4, 0.9, 0.999, 1e-8);

        public Settings {
            require(learningRate > 0.0 && learningRate < Double.POSITIVE_INFINITY, "lr", learningRate, "above 0");
            require(decay >= 0.0 && decay < Double.POSITIVE_INFINITY, "decay", decay, "0 or more");
            require(beta1 >= 0.0 && beta1 < 1.0, "beta1", beta1, "in [0, 1)");
            require(beta2 >= 0.0 && beta2 < 1.0, "beta2", beta2, "in [0, 1)");
            require(epsilon > 0.0 && epsilon < Double.POSITIVE_INFINITY, "epsilon", epsilon, "above 0");
        }

        private static void require(boolean condition, String name, double value, String expected) {
            if (!condition) {
                throw new IllegalArgumentException(name + " is " + value + ", expected " + expected);
            }
        }
    }

    private final Settings settings;
    private final Kernels kernels;
    private final double[] m;
    private final double[] v;
    private long iteration;

    /** An optimiser for this many parameters, before its first step. */
    public Adam(Settings settings, int parameters, Kernels kernels) {
        this.settings = settings;
        this.kernels = kernels;
        m = new double[parameters];
        v = new double[parameters];
    }

    /** Number of steps taken. */
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

    /** Takes up where another optimiser was after {@code steps} steps; the arrays are copied. */
    public void restore(long steps, double[] firstMoments, double[] secondMoments) {
        if (steps < 0 || firstMoments.length != m.length || secondMoments.length != v.length) {
            throw new IllegalArgumentException("Adam's state has " + steps + " steps, " + firstMoments.length + " and "
                    + secondMoments.length + " moments, expected 0 or more steps and " + m.length + " moments");
        }
        iteration = steps;
        System.arraycopy(firstMoments, 0, m, 0, m.length);
        System.arraycopy(secondMoments, 0, v, 0, v.length);
    }

    /**
     * One step over the first {@code count} parameters.
     *
     * @param parameters Modified.
     * @param gradient Not modified.
     */
    public void step(double[] parameters, double[] gradient, int count) {
        step(parameters, gradient, count, 1.0);
    }

    /**
     * One step over the first {@code count} parameters, at another rate.
     *
     * @param parameters Modified.
     * @param gradient Not modified.
     * @param multiplier the learning rate is multiplied by it
     */
    public void step(double[] parameters, double[] gradient, int count, double multiplier) {
        double lr = multiplier * (settings.learningRate / (1.0 + settings.decay * (double) iteration));
        iteration++;
        double k = (double) iteration;
        double rate =
                lr * Math.sqrt(1.0 - StrictMath.pow(settings.beta2, k)) / (1.0 - StrictMath.pow(settings.beta1, k));
        kernels.adam(count, 0, parameters, m, v, gradient, rate, settings.beta1, settings.beta2, settings.epsilon);
    }
}
