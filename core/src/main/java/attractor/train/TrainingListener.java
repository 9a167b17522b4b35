package attractor.train;

/**
 * Is told how a training goes, on the thread that trains, between steps; the training waits meanwhile. What a listener throws
 * ends the training.
 */
public interface TrainingListener {

    /** Does nothing. */
    TrainingListener NONE = new TrainingListener() {};

    /**
     * The trials are drawn and the first step is about to be taken.
     *
     * @param batches number of batches in an epoch
     * @param epochsDone epochs that an earlier session completed, 0 in a new run
     * @param batchesDone batches of the next epoch that an earlier session completed
     */
    default void begun(TrainingConfig config, int batches, int epochsDone, int batchesDone) {}

    /**
     * A batch is done.
     *
     * @param epoch from 1 to {@code epochs}
     * @param batch from 1 to {@code batches}
     * @param loss mean loss of this epoch's trials so far
     * @param stepsPerSecond batches a second since the session began, saving left out
     */
    default void batchDone(int epoch, int epochs, int batch, int batches, double loss, double stepsPerSecond) {}

    /**
     * An epoch is done and, where there is a run directory, saved.
     *
     * @param epoch the epoch
     * @param epochs how many there are to be, unless the training stops early
     * @param best whether no epoch before had as low a loss
     */
    default void epochDone(EpochSummary epoch, int epochs, boolean best) {}
}
