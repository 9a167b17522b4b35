package attractor.task;

import java.util.Optional;

/**
 * How well outputs match targets in the trials of one type.
 *
 * <p>With weights m (the mask, or ones), a trial's distance is {@code sqrt(sum m (y - target)^2)} over all steps and
 * outputs (Jarne and Laje 2019), and its RMSE is {@code sqrt(sum m (y - target)^2 / sum m)}.
 *
 * <p>Immutable, safe for any thread.
 *
 * @param type the type's name
 * @param trials how many trials there were; with none, the numbers below are NaN
 * @param nonFinite how many of them had an output that isn't a finite number, up to the last that counts; with any, distances and RMSE
 *     may be NaN or infinite (as they are if an error is too large to be squared)
 * @param distanceMean mean of the trials' distances
 * @param distanceSd standard deviation of the distances over trials, the sum of squares divided by n - 1; NaN for a
 * single trial
 * @param rmse mean of the trials' RMSE
 * @param zeroRmse mean RMSE of an output of constant zero on the same trials
 * @param zeroTarget whether the target is zero throughout, see {@link Task#zeroTarget}
 * @param decisions how often the right class was chosen; empty if the trials have no classes, or there were none
 */
public record TypeScore(
        String type,
        int trials,
        int nonFinite,
        double distanceMean,
        double distanceSd,
        double rmse,
        double zeroRmse,
        boolean zeroTarget,
        Optional<Decisions> decisions) {

    /** The score of trials without classes. */
    public TypeScore(
            String type,
            int trials,
            int nonFinite,
            double distanceMean,
            double distanceSd,
            double rmse,
            double zeroRmse,
            boolean zeroTarget) {
        this(type, trials, nonFinite, distanceMean, distanceSd, rmse, zeroRmse, zeroTarget, Optional.empty());
    }

    /** Whether there was no trial of this type, so that nothing is known. */
    public boolean absent() {
        return trials == 0;
    }

    /** Whether it passes by {@link Criterion#DEFAULT}. */
    public boolean passed() {
        return Criterion.DEFAULT.passes(this);
    }
}
