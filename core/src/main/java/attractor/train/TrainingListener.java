package attractor.train;

/**
 * Is informed about the progress of a training. The methods are called on the training thread, between steps, and the
 * training waits for them. An exception from a listener ends the training. A listener that needs only the steps can be
 * a lambda:
 *
 * <pre>{@code
 * List<Double> losses = new ArrayList<>();
 * TrainingConfig config = TrainingConfig.builder(Tasks.byName("and")).build();
 * new Trainer(config, ExecutionSettings.defaults()).train(step -> losses.add(step.loss()), () -> false);
 * }</pre>
 *
 * <p>A listener of several trainings that run at the same time must be thread-safe.
 */
@FunctionalInterface
public interface TrainingListener {

    /** Does nothing. */
    TrainingListener NONE = step -> {};

    /**
     * Called when the trials are drawn, before the first step.
     *
     * @param batches number of batches per epoch
     * @param epochsDone epochs that an earlier session completed, 0 in a new run
     * @param batchesDone batches of the next epoch that an earlier session completed
     */
    default void begun(TrainingConfig config, int batches, int epochsDone, int batchesDone) {}

    /**
     * Called after each batch, when the optimiser has taken its step.
     *
     * @param step the step's results; valid until this method returns
     */
    void batchDone(TrainingStep step);

    /**
     * Whether this listener will call {@link TrainingStep#times}. Called once, before training begins. If false, the
     * default, the engine measures no times.
     */
    default boolean wantsTimes() {
        return false;
    }

    /**
     * Called after each epoch, when it is done and, with a run directory, saved.
     *
     * @param epoch the epoch
     * @param last its last step; valid until this method returns
     * @param best whether its loss is lower than that of all epochs before
     */
    default void epochDone(EpochSummary epoch, TrainingStep last, boolean best) {}
}
