package attractor.engine;

import attractor.kernel.Kernels;

/**
 * A time constant that is trained, one for all units, by a number theta that may go anywhere: {@code tau = dt (1 + exp(-theta))}, hence
 * {@code alpha = dt/tau = 1 / (1 + exp(-theta))} and {@code dL/dtheta = alpha (1 - alpha) dL/dalpha}. theta has an Adam of its own, with the settings and the
 * steps of the weights'. Belongs to one thread.
 */
public final class TrainedTau {
    private final double dtMs;
    private final double[] theta;
    private final double[] gradient = new double[1];
    private final Adam adam;

    /** At a tau above dt, up to rounding. */
    public TrainedTau(double dtMs, double tauMs, Adam.Settings settings, Kernels kernels) {
        this.dtMs = dtMs;
        theta = new double[] {-StrictMath.log((tauMs - dtMs) / dtMs)};
        adam = new Adam(settings, 1, kernels);
    }

    /** theta. */
    public double theta() {
        return theta[0];
    }

    /** Its optimiser. */
    public Adam adam() {
        return adam;
    }

    /** The time constant in ms. */
    public double tauMs() {
        return tauMs(theta[0]);
    }

    /** That of another theta. */
    public double tauMs(double otherTheta) {
        // Above dt where exp(-theta) is lost in rounding too, so that alpha stays below 1.
        return Math.max(Math.nextUp(dtMs), dtMs * (1.0 + StrictMath.exp(-otherTheta)));
    }

    /** The derivative by theta, from that by alpha. */
    public void setGradient(double byAlpha) {
        double alpha = dtMs / tauMs();
        gradient[0] = alpha * (1.0 - alpha) * byAlpha;
    }

    /** The derivative by theta itself, one value. */
    public double[] gradient() {
        return gradient;
    }

    /** One step. */
    public void step(double multiplier) {
        adam.step(theta, gradient, 1, multiplier);
    }

    /** Takes up where another was. */
    public void restore(double newTheta, long steps, double[] firstMoments, double[] secondMoments) {
        theta[0] = newTheta;
        adam.restore(steps, firstMoments, secondMoments);
    }
}
