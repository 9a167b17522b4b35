package attractor.train;

import java.util.List;

/**
 * The result of one epoch. Immutable, safe for any thread.
 *
 * @param number from 1 on
 * @param loss mean of its batches' losses, each weighted by its number of trials
 * @param seconds time spent in its steps
 * @param validationLoss mean loss of the trials held out, after its last step; NaN without such trials
 * @param stage the {@link Stage} that it belongs to, from 1 on; 1 in a training without stages
 */
public record EpochSummary(int number, double loss, double seconds, double validationLoss, int stage) {
    /** An epoch of a training without stages. */
    public EpochSummary(int number, double loss, double seconds, double validationLoss) {
        this(number, loss, seconds, validationLoss, 1);
    }

    /** An epoch of a training without held-out trials and stages. */
    public EpochSummary(int number, double loss, double seconds) {
        this(number, loss, seconds, Double.NaN);
    }

    /**
     * The epoch with the lowest {@link #selectionLoss}, the first if there are several; null if there is none. Only
     * epochs of the last stage are compared, since losses of different trials are not comparable.
     */
    public static EpochSummary best(List<EpochSummary> history) {
        EpochSummary best = null;
        for (EpochSummary epoch : history) {
            if (best == null || epoch.stage > best.stage || epoch.selectionLoss() < best.selectionLoss()) {
                best = epoch;
            }
        }
        return best;
    }

    /** The loss by which epochs are compared: the validation loss if there is one, else the training loss. */
    public double selectionLoss() {
        return Double.isNaN(validationLoss) ? loss : validationLoss;
    }
}
