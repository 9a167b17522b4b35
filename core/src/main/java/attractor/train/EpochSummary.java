package attractor.train;

import java.util.List;

/**
 * What became of one epoch. Immutable, safe for any thread.
 *
 * @param number from 1 on
 * @param loss mean of its batches' losses, each weighted by its number of trials
 * @param seconds time spent in its steps
 * @param validationLoss mean loss of the trials held out, after its last step; NaN where none are
 */
public record EpochSummary(int number, double loss, double seconds, double validationLoss) {
    /** One without trials held out. */
    public EpochSummary(int number, double loss, double seconds) {
        this(number, loss, seconds, Double.NaN);
    }

    /** The epoch with the lowest {@link #selectionLoss}, the first if there are several; null if there is none. */
    public static EpochSummary best(List<EpochSummary> history) {
        EpochSummary best = null;
        for (EpochSummary epoch : history) {
            if (best == null || epoch.selectionLoss() < best.selectionLoss()) {
                best = epoch;
            }
        }
        return best;
    }

    /** What epochs are compared by: the validation loss where there is one, else the loss. */
    public double selectionLoss() {
        return Double.isNaN(validationLoss) ? loss : validationLoss;
    }
}
