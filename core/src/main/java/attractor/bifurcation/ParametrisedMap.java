package attractor.bifurcation;

/** A map of states that depends on a parameter, h' = F(h, value). Used by one thread. */
interface ParametrisedMap {
    /** N. */
    int units();

    /**
     * One step.
     *
     * @param h N values. Not modified.
     * @param next N values, becomes F(h, value); may be h. Modified.
     */
    void apply(double[] h, double value, double[] next);

    /**
     * One step with its derivative by the state.
     *
     * @param h N values. Not modified.
     * @param next N values, becomes F(h, value); may be h. Modified.
     * @param df N x N, becomes DF. Modified.
     */
    void applyWithJacobian(double[] h, double value, double[] next, double[] df);
}
