package attractor.task;

/**
 * When a network passes: for every trial type the root-mean-square error over the whole trial, averaged over the type's
 * trials, is at most {@code maxRmse}, and, unless the type's target is zero throughout, at most {@code maxShareOfZero} of
 * what an output of constant zero scores on the same trials.
 *
 * <p>Immutable, safe for any thread.
 *
 * @param maxRmse bound of the error, 0 or more
 * @param maxShareOfZero bound of its share of the silent output's error, 0 or more
 */
public record Criterion(double maxRmse, double maxShareOfZero) {

    /** An error of at most 0.2, and at most half of a silent output's. */
    public static final Criterion DEFAULT = new Criterion(0.2, 0.5);

    /** @throws IllegalArgumentException if a bound is negative or NaN */
    public Criterion {
        if (!(maxRmse >= 0) || !(maxShareOfZero >= 0)) {
            throw new IllegalArgumentException("criterion has maxRmse " + maxRmse + " and maxShareOfZero "
                    + maxShareOfZero + ", expected both 0 or more");
        }
    }

    /** Whether a type passes. A type without trials doesn't, nor does one with an output that isn't finite. */
    public boolean passes(TypeScore score) {
        return score.trials() > 0
                && score.nonFinite() == 0
                && score.rmse() <= maxRmse
                && (score.zeroTarget() || score.rmse() <= maxShareOfZero * score.zeroRmse());
    }
}
