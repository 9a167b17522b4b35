package attractor.train;

import attractor.io.IOConsumer;
import attractor.io.Json;
import attractor.model.NetworkFile;
import attractor.model.Rnn;
import attractor.task.TypeScore;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The content of the files of a {@link RunDirectory}, wherever they are: in a folder or in memory. Belongs to one
 * thread.
 */
abstract class RunWriter implements RunLog {
    static final String EPOCHS = "epochs";
    static final String NETWORK = "network";
    static final String BEST_NETWORK = "best";
    private static final String LAST_NETWORK = "final";

    final TrainingConfig config;
    /**
     * What the directory says about the origin of the trials, see {@link TrainingData#toJson}; empty if a task makes
     * them.
     */
    final Map<String, Object> data;

    private final List<Object> sessions;

    /** @param sessions the sessions so far. Modified. */
    RunWriter(TrainingConfig config, Map<String, Object> data, List<Object> sessions) {
        this.config = config;
        this.data = data;
        this.sessions = sessions;
    }

    /** Writes a file, replacing an earlier one in a single step. */
    abstract void put(String name, IOConsumer<OutputStream> content) throws IOException;

    /** Whether the network after each epoch is kept, and not only the best and the last. */
    boolean keepsEpochs() {
        return true;
    }

    final void putNetwork(String name, Rnn rnn, TrainingState state, int epoch) throws IOException {
        Map<String, Object> meta = meta(state, epoch);
        put(name, out -> NetworkFile.writeTo(out, rnn, meta));
    }

    private void putJson(String name, Map<String, Object> json) throws IOException {
        byte[] text = (Json.pretty(json) + "\n").getBytes(StandardCharsets.UTF_8);
        put(name, out -> out.write(text));
    }

    final void saveInitial(TrainingState state, Rnn initial) throws IOException {
        putNetwork(RunDirectory.INITIAL, initial, state, 0);
    }

    /** Adds a session, which begins now. */
    final void addSession(ExecutionSettings execution) {
        Map<String, Object> session = session(execution);
        if (!data.isEmpty()) {
            session.put(RunDirectory.DATA, data);
        }
        sessions.add(session);
    }

    /** @param clearing whether an earlier training is being deleted */
    final void writeRun(boolean clearing) throws IOException {
        Map<String, Object> run = new LinkedHashMap<>();
        run.put("formatVersion", RunDirectory.FORMAT_VERSION);
        run.put(RunDirectory.CONFIGURATION, config.toJson());
        run.put(RunDirectory.SESSIONS, sessions);
        if (clearing) {
            run.put(RunDirectory.CLEARING, true);
        }
        putJson(RunDirectory.RUN, run);
    }

    private static Map<String, Object> session(ExecutionSettings execution) {
        Map<String, Object> session = new LinkedHashMap<>();
        session.put("started", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
        session.put("version", LibraryVersion.get());
        session.put("java", System.getProperty("java.version"));
        session.put("vm", System.getProperty("java.vm.name") + " " + System.getProperty("java.vm.version"));
        session.put(
                "system",
                System.getProperty("os.name") + " " + System.getProperty("os.version") + " "
                        + System.getProperty("os.arch"));
        session.put("processors", Runtime.getRuntime().availableProcessors());
        session.put("kernels", execution.kernels().description());
        session.put("threads", execution.threads());
        return session;
    }

    /** What the file of a network says about its origin; epoch 0 is the network before training. */
    private Map<String, Object> meta(TrainingState state, int epoch) {
        Map<String, Object> json = config.toJson();
        Map<String, Object> meta = new LinkedHashMap<>();
        meta.put("version", LibraryVersion.get());
        meta.put("task", json.get("task"));
        meta.put("taskOptions", state.stageOf(epoch).taskOptions());
        meta.put("seed", config.seed());
        meta.put("epoch", epoch);
        meta.put("loss", epoch == 0 ? Double.NaN : state.history.get(epoch - 1).loss());
        meta.put("training", json);
        if (!data.isEmpty()) {
            meta.put(RunDirectory.DATA, data);
        }
        return meta;
    }

    final String epochFile(int epoch) {
        int digits = Math.max(2, Integer.toString(config.epochs()).length());
        String number = Integer.toString(epoch);
        return "epoch-" + "0".repeat(digits - number.length()) + number + ".npz";
    }

    @Override
    public void saveEpoch(TrainingState state, Rnn rnn, boolean best) throws IOException {
        int epoch = state.history.size();
        Map<String, Object> meta = meta(state, epoch);
        if (keepsEpochs()) {
            put(epochFile(epoch), out -> NetworkFile.writeTo(out, rnn, meta));
        }
        if (best) {
            put(RunDirectory.BEST, out -> NetworkFile.writeTo(out, rnn, meta));
        }
        saveHistory(state);
        saveState(state);
    }

    final void saveHistory(TrainingState state) throws IOException {
        byte[] csv = RunDirectory.csv(state.history, config).getBytes(StandardCharsets.UTF_8);
        put(RunDirectory.HISTORY, out -> out.write(csv));
    }

    @Override
    public void saveState(TrainingState state) throws IOException {
        put(RunDirectory.CHECKPOINT, state::writeTo);
    }

    @Override
    public void saveFinal(TrainingState state, Rnn rnn) throws IOException {
        int epoch = state.history.size();
        putNetwork(RunDirectory.FINAL, rnn, state, epoch);
        if (epoch == 0) {
            putNetwork(RunDirectory.BEST, rnn, state, epoch);
            saveHistory(state);
            saveState(state);
        }
    }

    @Override
    public void finish(TrainingResult result) throws IOException {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("formatVersion", RunDirectory.FORMAT_VERSION);
        json.put(NETWORK, result.bestEvaluated() ? BEST_NETWORK : LAST_NETWORK);
        json.put("passed", result.passed());
        List<Object> types = new ArrayList<>();
        for (TypeScore score : result.scores().types()) {
            Map<String, Object> type = new LinkedHashMap<>();
            type.put("type", score.type());
            type.put("passed", score.passed());
            type.put("trials", score.trials());
            type.put("nonFinite", score.nonFinite());
            type.put("distanceMean", score.distanceMean());
            type.put("distanceSd", score.distanceSd());
            type.put("rmse", score.rmse());
            type.put("zeroRmse", score.zeroRmse());
            type.put("zeroTarget", score.zeroTarget());
            score.decisions().ifPresent(decisions -> {
                type.put("accuracy", decisions.accuracy());
                type.put("decisionMs", decisions.decisionMs());
            });
            types.add(type);
        }
        json.put("types", types);
        json.put(EPOCHS, result.epochs());
        json.put("loss", result.loss());
        json.put("bestEpoch", result.bestEpoch());
        EpochSummary best = EpochSummary.best(result.history());
        json.put("bestLoss", best == null ? Double.NaN : best.loss());
        if (config.fit().validation() > 0.0) {
            json.put("bestValidationLoss", best == null ? Double.NaN : best.validationLoss());
        }
        json.put("steps", result.steps());
        json.put("seconds", result.seconds());
        putJson(RunDirectory.EVALUATION, json);
    }
}
