package attractor.train;

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

    /** What epochs are compared by: the validation loss where there is one, else the loss. */
    public double selectionLoss() {
        return Double.isNaN(validationLoss) ? loss : validationLoss;
    }
}
