package attractor.train;

import attractor.model.Rnn;
import java.io.IOException;
import java.util.Optional;

/**
 * What a training is written to as it goes: nothing, or a run directory. The calls come in the order in which they stand here, the
 * epochs and {@link #saveState} as often as need be. Belongs to one thread.
 */
interface RunLog extends AutoCloseable {

    /** Keeps nothing. */
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

    /** What the training came to, if there is nothing left to do. */
    Optional<TrainingResult> finished() throws IOException;

    /**
     * Takes over the state that an earlier session left, if there is one.
     *
     * @param state before the first step. Modified.
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
     * Saves what an epoch came to.
     *
     * @param best whether it is the best so far
     */
    void saveEpoch(TrainingState state, Rnn rnn, boolean best) throws IOException;

    /** Saves where the training stands. */
    void saveState(TrainingState state) throws IOException;

    /** Saves the last network. */
    void saveFinal(TrainingState state, Rnn rnn) throws IOException;

    /** Saves the evaluation, with which the training is finished. */
    void finish(TrainingResult result) throws IOException;

    @Override
    void close() throws IOException;
}
