package attractor.train;

import attractor.engine.Adam;
import attractor.engine.FloatAdam;
import attractor.engine.FloatOptimizer;
import attractor.engine.FloatSgd;
import attractor.engine.Optimizer;
import attractor.engine.Sgd;
import attractor.kernel.FloatKernels;
import attractor.kernel.Floats;
import attractor.kernel.Kernels;

/**
 * Optimisers for parameters that are floats in an array of double, as a training with precision float has them. The library's
 * own compute in float. A user's own gets doubles, and the parameters that it leaves are rounded. Belongs to one thread.
 */
final class FloatOptimization implements Optimizer {
    private final FloatOptimizer optimizer;
    private final float[] p;
    private final float[] g;

    private FloatOptimization(FloatOptimizer optimizer) {
        this.optimizer = optimizer;
        p = new float[optimizer.count()];
        g = new float[optimizer.count()];
    }

    /**
     * A new optimiser of the first {@code count} parameters.
     *
     * @param columns N + O of the network
     */
    static Optimizer create(Optimizer.Options options, int count, Kernels kernels, int columns) {
        if (options instanceof Adam.Options adam) {
            return new FloatOptimization(new FloatAdam(adam, count, FloatKernels.like(kernels, columns)));
        }
        if (options instanceof Sgd.Options sgd) {
            return new FloatOptimization(new FloatSgd(sgd, count));
        }
        return new Rounded(options.create(count, kernels));
    }

    @Override
    public void step(double multiplier, double[] parameters, double[] gradient) {
        Floats.round(parameters, 0, p, 0, p.length);
        Floats.round(gradient, 0, g, 0, g.length);
        optimizer.step(multiplier, p, g);
        Floats.widen(p, 0, parameters, 0, p.length);
    }

    @Override
    public int count() {
        return optimizer.count();
    }

    @Override
    public long iteration() {
        return optimizer.iteration();
    }

    @Override
    public double[] state() {
        return Floats.widened(optimizer.state());
    }

    @Override
    public void restore(long iteration, double[] state) {
        optimizer.restore(iteration, Floats.rounded(state));
    }

    /** A user's own optimiser. */
    private record Rounded(Optimizer own) implements Optimizer {
        @Override
        public void step(double multiplier, double[] parameters, double[] gradient) {
            own.step(multiplier, parameters, gradient);
            for (int i = 0; i < own.count(); i++) {
                parameters[i] = (float) parameters[i];
            }
        }

        @Override
        public int count() {
            return own.count();
        }

        @Override
        public long iteration() {
            return own.iteration();
        }

        @Override
        public double[] state() {
            return own.state();
        }

        @Override
        public void restore(long iteration, double[] state) {
            own.restore(iteration, state);
        }
    }
}
