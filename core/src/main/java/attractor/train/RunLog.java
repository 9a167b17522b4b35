package attractor.train;

import attractor.model.Rnn;
import java.io.IOException;
import java.util.Optional;

/**
 * Where a training is saved while it runs: nowhere, or in a run directory. The methods are called in the order in which
 * they stand here; {@link #saveEpoch} and {@link #saveState} as often as needed. Belongs to one thread.
 */
interface RunLog extends AutoCloseable {

    /** Saves nothing. */
    RunLog IN_MEMORY = new RunLog() {
        @Override
        public Optional<TrainingResult> finished() {
            return Optional.empty();
        }

        @Override
        public void restore(TrainingState state) {}

        @Override
        public void begin(TrainingState state, Rnn initial, ExecutionSettings execution) {}

        @Override
        public void saveEpoch(TrainingState state, Rnn rnn, boolean best) {}

        @Override
        public void saveState(TrainingState state) {}

        @Override
        public void saveFinal(TrainingState state, Rnn rnn) {}

        @Override
        public void finish(TrainingResult result) {}

        @Override
        public void close() {}
    };

    /** The result of the training, if there is nothing left to do. */
    Optional<TrainingResult> finished() throws IOException;

    /**
     * Takes over the state that an earlier session left, if there is one.
     *
     * @param state the state before the first step. Modified.
     */
    void restore(TrainingState state) throws IOException;

    /**
     * Begins a session: the first call that changes anything.
     *
     * @param state as {@link #restore} left it. Not modified.
     * @param initial the network before the first step
     */
    void begin(TrainingState state, Rnn initial, ExecutionSettings execution) throws IOException;

    /**
     * Saves an epoch's result.
     *
     * @param best whether it is the best so far
     */
    void saveEpoch(TrainingState state, Rnn rnn, boolean best) throws IOException;

    /** Saves the state of the training. */
    void saveState(TrainingState state) throws IOException;

    /** Saves the last network. */
    void saveFinal(TrainingState state, Rnn rnn) throws IOException;

    /** Saves the evaluation; after it the training is finished. */
    void finish(TrainingResult result) throws IOException;

    @Override
    void close() throws IOException;
}
