package attractor.analysis;

import attractor.kernel.Kernels;
import attractor.model.Rnn;

/**
 * A network under constant input as a map of its states, h' = F(h), without the network's noise. The weights are read when
 * it is made. Not thread-safe: it reuses its buffers.
 */
public final class StateMap {
    private final ConstantMap map;
    private final double[] rates;

    /**
     * The map of a network.
     *
     * @param rnn Not modified.
     * @param input I values, the same at every step. Not modified.
     * @throws IllegalArgumentException if the input has another length, or a number isn't finite
     */
    public StateMap(Rnn rnn, double[] input) {
        map = new ConstantMap(rnn, input, Kernels.get());
        rates = new double[map.n];
    }

    /** N. */
    public int units() {
        return map.n;
    }

    /**
     * One step.
     *
     * @param h N values. Not modified.
     * @param next N values, becomes F(h); may be h. Modified.
     */
    public void apply(double[] h, double[] next) {
        map.apply(1, h, 0, next, 0, null);
    }

    /** {@code h = F^steps(h)} for each of some states, rows of N values. {@code h} is modified. */
    public void advance(double[] h, int steps) {
        map.advance(h.length / map.n, h, 0, steps);
    }

    /**
     * One step with its derivative.
     *
     * @param h N values. Not modified.
     * @param next N values, becomes F(h); may be h. Modified.
     * @param df N x N, becomes DF(h), row = the unit that receives. Modified.
     */
    public void applyWithJacobian(double[] h, double[] next, double[] df) {
        map.apply(1, h, 0, next, 0, rates);
        map.jacobian(rates, 0, df);
    }

    /**
     * Outputs, O values per state.
     *
     * @param h rows of N values. Not modified.
     */
    public double[] outputs(double[] h) {
        return map.outputs(h.length / map.n, h, 0);
    }
}
