package attractor.engine;

import attractor.kernel.Kernels;

/**
 * A trained time constant, one for all units. Belongs to one thread. It is computed from an unbounded number theta: {@code
 * tau = dt (1 + exp(-theta))}, hence {@code alpha = dt/tau = 1 / (1 + exp(-theta))} and {@code dL/dtheta = alpha (1 -
 * alpha) dL/dalpha}. theta has its own optimiser, with the same options and as many steps as that of the weights. In your
 * own loop, with a {@link BatchGradient} built with {@link BatchGradient.Builder#byAlpha}:
 *
 * <pre>
 *     batch.setTau(tau.tauMs());
 *     batch.compute(parameters, order, from, count, gradient);
 *     tau.setGradient(batch.alphaGradient());
 *     optimizer.step(parameters, gradient);
 *     tau.step(1.0);
 * </pre>
 */
public final class TrainedTau {
    private final double dtMs;
    private final double[] theta;
    private final double[] gradient = new double[1];
    private final Optimizer optimizer;

    /**
     * Starts at this tau, up to rounding.
     *
     * @param dtMs the network's step
     * @param tauMs initial tau, above dt
     * @param options those of the weights' optimiser
     * @throws IllegalArgumentException if tau is not above dt
     */
    public TrainedTau(double dtMs, double tauMs, Optimizer.Options options, Kernels kernels) {
        if (!(tauMs > dtMs)) {
            throw new IllegalArgumentException(
                    "tauMs is " + tauMs + ", expected above dtMs = " + dtMs + " where tau is trained");
        }
        this.dtMs = dtMs;
        theta = new double[] {-StrictMath.log((tauMs - dtMs) / dtMs)};
        optimizer = options.create(1, kernels);
    }

    /** theta, the trained number. */
    public double theta() {
        return theta[0];
    }

    /** theta's optimiser, whose state is saved beside theta. */
    public Optimizer optimizer() {
        return optimizer;
    }

    /** The time constant in ms. */
    public double tauMs() {
        return tauMs(theta[0]);
    }

    /** The time constant in ms for another theta. */
    public double tauMs(double otherTheta) {
        // Stays above dt even where rounding loses exp(-theta), so that alpha stays below 1.
        return Math.max(Math.nextUp(dtMs), dtMs * (1.0 + StrictMath.exp(-otherTheta)));
    }

    /** Takes the derivative by alpha and computes from it the derivative by theta. */
    public void setGradient(double byAlpha) {
        double alpha = dtMs / tauMs();
        gradient[0] = alpha * (1.0 - alpha) * byAlpha;
    }

    /** The derivative by theta itself, one value. */
    public double[] gradient() {
        return gradient;
    }

    /**
     * One step of theta.
     *
     * @param multiplier as in {@link Optimizer#step(double, double[], double[])}
     */
    public void step(double multiplier) {
        optimizer.step(multiplier, theta, gradient);
    }

    /**
     * Continues from where another one was.
     *
     * @param newTheta the other's theta
     * @param iteration the number of steps of its optimiser
     * @param state the state of its optimiser. Not modified.
     */
    public void restore(double newTheta, long iteration, double[] state) {
        theta[0] = newTheta;
        optimizer.restore(iteration, state);
    }
}
