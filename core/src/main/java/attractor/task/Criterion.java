package attractor.task;

/**
 * When a network passes: for every trial type, the root-mean-square error over the whole trial, averaged over the
 * type's trials, is at most {@code maxRmse}. It is also at most {@code maxShareOfZero} of the error of an output of
 * constant zero on the same trials, unless the type's target is zero throughout.
 *
 * <p>Immutable, safe for any thread.
 *
 * @param maxRmse largest error, 0 or more
 * @param maxShareOfZero largest error as a share of the zero output's error, 0 or more
 */
public record Criterion(double maxRmse, double maxShareOfZero) {

    /** An error of at most 0.2, and at most half the error of a zero output. */
    public static final Criterion DEFAULT = new Criterion(0.2, 0.5);

    /** @throws IllegalArgumentException if a bound is negative or NaN */
    public Criterion {
        if (!(maxRmse >= 0) || !(maxShareOfZero >= 0)) {
            throw new IllegalArgumentException("criterion has maxRmse " + maxRmse + " and maxShareOfZero "
                    + maxShareOfZero + ", expected both 0 or more");
        }
    }

    /** Whether a type passes. A type without trials doesn't pass, nor does one with an output that isn't finite. */
    public boolean passes(TypeScore score) {
        return score.trials() > 0
                && score.nonFinite() == 0
                && score.rmse() <= maxRmse
                && (score.zeroTarget() || score.rmse() <= maxShareOfZero * score.zeroRmse());
    }
}
