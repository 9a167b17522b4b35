package attractor.engine;

import attractor.kernel.Kernels;
import java.util.Map;

/**
 * Gradient descent with momentum, as in Keras. Step {@code it}, counted from 0:
 *
 * <pre>
 *     lr_it = lr / (1 + decay it)
 *     velocity = momentum velocity - lr_it g
 *     p += velocity
 * </pre>
 *
 * <p>A schedule multiplies lr_it. Belongs to one thread.
 */
public final class Sgd implements Optimizer {
    // not in float
    /**
     * Options of gradient descent. Immutable, safe for any thread.
     *
     * @param learningRate lr, positive
     * @param decay added to the denominator of the learning rate each step, 0 or more
     * @param momentum share of the velocity that is kept, in [0, 1)
     */
    public record Options(double learningRate, double decay, double momentum) implements Optimizer.Options {
        /** @throws IllegalArgumentException if a value is out of range; the message names it */
        public Options {
            if (!(learningRate > 0.0 && learningRate < Double.POSITIVE_INFINITY)) {
                throw new IllegalArgumentException("lr is " + learningRate + ", expected above 0");
            }
            if (!(decay >= 0.0 && decay < Double.POSITIVE_INFINITY)) {
                throw new IllegalArgumentException("decay is " + decay + ", expected 0 or more");
            }
            if (!(momentum >= 0.0 && momentum < 1.0)) {
                throw new IllegalArgumentException("momentum is " + momentum + ", expected in [0, 1)");
            }
        }

        @Override
        public String name() {
            return "sgd";
        }

        @Override
        public Options withLearningRate(double rate) {
            return new Options(rate, decay, momentum);
        }

        @Override
        public Map<String, Double> numbers() {
            return Map.of("learningRate", learningRate, "decay", decay, "momentum", momentum);
        }

        @Override
        public Sgd create(int count, Kernels kernels) {
            return new Sgd(this, count);
        }
    }

    // float: private final Sgd.Options options;
    private final Options options;
    private final double[] velocity;
    private long iteration;

    /** An optimiser for the first {@code count} parameters, before its first step. */
    // float: public FloatSgd(Sgd.Options options, int count) {
    public Sgd(Options options, int count) {
        this.options = options;
        velocity = new double[count];
    }

    @Override
    // float: public void step(double multiplier, float[] parameters, float[] gradient) {
    public void step(double multiplier, double[] parameters, double[] gradient) {
        // float: float lr = (float) (multiplier * (options.learningRate() / (1.0 + options.decay() * iteration)));
        double lr = multiplier * (options.learningRate() / (1.0 + options.decay() * iteration));
        // float: float momentum = (float) options.momentum();
        double momentum = options.momentum();
        iteration++;
        for (int i = 0; i < velocity.length; i++) {
            velocity[i] = momentum * velocity[i] - lr * gradient[i];
            parameters[i] += velocity[i];
        }
    }

    @Override
    public int count() {
        return velocity.length;
    }

    @Override
    public long iteration() {
        return iteration;
    }

    /** The velocities. */
    @Override
    public double[] state() {
        return velocity.clone();
    }

    @Override
    public void restore(long steps, double[] state) {
        if (steps < 0 || state.length != velocity.length) {
            throw new IllegalArgumentException("the state of sgd has " + steps + " steps and " + state.length
                    + " values, expected 0 or more steps and " + velocity.length + " values, one per parameter");
        }
        iteration = steps;
        System.arraycopy(state, 0, velocity, 0, velocity.length);
    }
}
