package attractor.task;

/**
 * When a network passes. Where trials are answered by classes, see {@link Readout}: the share of right answers is at least
 * {@code minAccuracy} for every trial type. Otherwise: for every trial type, the root-mean-square error over the whole trial, averaged over the
 * type's trials, is at most {@code maxRmse}. It is also at most {@code maxShareOfZero} of the error of an output of
 * constant zero on the same trials, unless the type's target is zero throughout.
 *
 * <p>Immutable, safe for any thread.
 *
 * @param maxRmse largest error, 0 or more
 * @param maxShareOfZero largest error as a share of the zero output's error, 0 or more
 * @param minAccuracy smallest share of right answers, 0 to 1
 */
public record Criterion(double maxRmse, double maxShareOfZero, double minAccuracy) {

    /** The usual smallest share of right answers. */
    public static final double MIN_ACCURACY = 0.85;

    /** An error of at most 0.2, and at most half the error of a zero output; with classes, 85 % right. */
    public static final Criterion DEFAULT = new Criterion(0.2, 0.5);

    /** Bounds on the error; with classes, {@value #MIN_ACCURACY} right. */
    public Criterion(double maxRmse, double maxShareOfZero) {
        this(maxRmse, maxShareOfZero, MIN_ACCURACY);
    }

    /** @throws IllegalArgumentException if a bound on the error is negative or NaN, or the accuracy isn't within 0 to 1 */
    public Criterion {
        if (!(minAccuracy >= 0 && minAccuracy <= 1)) {
            throw new IllegalArgumentException("criterion has minAccuracy " + minAccuracy + ", expected 0 to 1");
        }
        if (!(maxRmse >= 0) || !(maxShareOfZero >= 0)) {
            throw new IllegalArgumentException("criterion has maxRmse " + maxRmse + " and maxShareOfZero "
                    + maxShareOfZero + ", expected both 0 or more");
        }
    }

    /** Whether a type passes. A type without trials doesn't pass, nor does one with an output that isn't finite. */
    public boolean passes(TypeScore score) {
        if (score.trials() == 0 || score.nonFinite() > 0) {
            return false;
        }
        if (score.decisions().isPresent()) {
            return score.decisions().get().accuracy() >= minAccuracy;
        }
        return score.rmse() <= maxRmse && (score.zeroTarget() || score.rmse() <= maxShareOfZero * score.zeroRmse());
    }
}
