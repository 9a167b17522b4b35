package attractor.train;

/**
 * Is told how a training goes, on the thread that trains, between steps; the training waits meanwhile. What a listener throws
 * ends the training. One that wants nothing but the steps is a lambda:
 *
 * <pre>{@code
 * List<Double> losses = new ArrayList<>();
 * TrainingConfig config = TrainingConfig.builder(Tasks.byName("and")).build();
 * new Trainer(config, ExecutionSettings.defaults()).train(step -> losses.add(step.loss()), () -> false);
 * }</pre>
 *
 * <p>One that several trainings tell at the same time must be thread-safe.
 */
@FunctionalInterface
public interface TrainingListener {

    /** Does nothing. */
    TrainingListener NONE = step -> {};

    /**
     * The trials are drawn and the first step is about to be taken.
     *
     * @param batches number of batches in an epoch
     * @param epochsDone epochs that an earlier session completed, 0 in a new run
     * @param batchesDone batches of the next epoch that an earlier session completed
     */
    default void begun(TrainingConfig config, int batches, int epochsDone, int batchesDone) {}

    /**
     * A batch is done, and the optimiser has taken its step.
     *
     * @param step what it came to; valid until this method returns
     */
    void batchDone(TrainingStep step);

    /**
     * Whether {@link TrainingStep#times} is going to be asked for. Asked once, before training begins; false by default, and then the engine
     * looks at no clock.
     */
    default boolean wantsTimes() {
        return false;
    }

    /**
     * An epoch is done and, where there is a run directory, saved.
     *
     * @param epoch the epoch
     * @param last its last step; valid until this method returns
     * @param best whether no epoch before had as low a loss
     */
    default void epochDone(EpochSummary epoch, TrainingStep last, boolean best) {}
}
