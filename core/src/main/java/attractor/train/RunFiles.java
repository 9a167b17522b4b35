package attractor.train;

import attractor.io.FormatException;
import attractor.io.IOConsumer;
import attractor.io.Npz;
import attractor.model.Rnn;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The files of a {@link RunDirectory} in memory: by name, each with the bytes that it has in a folder, but for the
 * times in {@code run.json}, {@code history.csv} and {@code evaluation.json}. The networks after each epoch are left
 * out. A training that is stopped leaves a checkpoint; with these bytes it goes on anywhere, and ends with the same
 * bits as one that was never stopped.
 *
 * <pre>{@code
 * Trainer trainer = new Trainer(TrainingConfig.builder(Tasks.byName("xor")).build(), ExecutionSettings.defaults());
 * RunFiles files = RunFiles.empty();
 * trainer.train(files, TrainingListener.NONE, () -> true); // stopped here ...
 * byte[] checkpoint = files.checkpoint().orElseThrow();
 * trainer.train(RunFiles.ofCheckpoint(checkpoint), TrainingListener.NONE, () -> false); // ... goes on elsewhere
 * }</pre>
 *
 * <p>Belongs to one thread.
 */
public final class RunFiles {
    private final Map<String, byte[]> files = new TreeMap<>();

    private RunFiles() {}

    /** No files: a training that begins. */
    public static RunFiles empty() {
        return new RunFiles();
    }

    /**
     * A training that goes on.
     *
     * @param checkpoint what {@link #checkpoint} gave. Not modified.
     */
    public static RunFiles ofCheckpoint(byte[] checkpoint) {
        RunFiles files = new RunFiles();
        files.files.put(RunDirectory.CHECKPOINT, checkpoint.clone());
        return files;
    }

    /** The files' contents by name, sorted. Unmodifiable, but the arrays are not copied. */
    public Map<String, byte[]> asMap() {
        return Collections.unmodifiableMap(files);
    }

    /** The state from which a training goes on; empty before the first epoch's end or stop. */
    public Optional<byte[]> checkpoint() {
        return Optional.ofNullable(files.get(RunDirectory.CHECKPOINT)).map(byte[]::clone);
    }

    /** Writes these files. */
    RunLog log(TrainingConfig config, Map<String, Object> data) {
        return new Log(config, data);
    }

    private final class Log extends RunWriter {
        private boolean restored;

        private Log(TrainingConfig config, Map<String, Object> data) {
            super(config, data, new ArrayList<>());
        }

        @Override
        void put(String name, IOConsumer<OutputStream> content) throws IOException {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            content.accept(bytes);
            files.put(name, bytes.toByteArray());
        }

        @Override
        boolean keepsEpochs() {
            return false;
        }

        @Override
        public Optional<TrainingResult> finished() {
            return Optional.empty();
        }

        @Override
        public void restore(TrainingState state) throws IOException {
            byte[] checkpoint = files.get(RunDirectory.CHECKPOINT);
            if (checkpoint != null) {
                Npz npz = Npz.read(checkpoint, RunDirectory.CHECKPOINT);
                npz.requireOnly(TrainingState.known());
                state.read(npz, "the training");
                if (state.extended()) {
                    throw new FormatException(RunDirectory.CHECKPOINT
                            + ": belongs to a training of another number of epochs, expected " + config.epochs());
                }
                restored = true;
            }
        }

        @Override
        public void begin(TrainingState state, Rnn initial, ExecutionSettings execution) throws IOException {
            addSession(execution);
            writeRun(false);
            saveInitial(state, initial);
            if (restored) {
                saveHistory(state);
                if (state.bestEpoch() > 0) {
                    putNetwork(RunDirectory.BEST, state.best(initial), state, state.bestEpoch());
                }
            }
        }

        @Override
        public void close() {}
    }
}
