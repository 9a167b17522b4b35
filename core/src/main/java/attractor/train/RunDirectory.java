package attractor.train;

import attractor.io.AtomicFiles;
import attractor.io.Claim;
import attractor.io.Csv;
import attractor.io.FormatException;
import attractor.io.Json;
import attractor.io.JsonObject;
import attractor.model.NetworkFile;
import attractor.model.Rnn;
import attractor.task.Scores;
import attractor.task.TypeScore;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The folder of one training:
 *
 * <pre>
 *     run.json          the configuration, and for each session when, where and how it ran
 *     initial.npz       the network before training
 *     epoch-NN.npz      the network after each epoch, from 01 on, with as many digits as the number of epochs has
 *     best.npz          the network after the epoch with the lowest loss, on the trials held out where there are any
 *     final.npz         the network after the last epoch
 *     history.csv       epoch, loss, seconds, and validation_loss where trials are held out
 *     evaluation.json   scores by trial type, and a summary
 *     checkpoint.npz    while the training isn't finished: where to take it up
 * </pre>
 *
 * <p>The networks' {@code meta} has {@code version} (of this library), {@code task}, {@code taskOptions}, {@code seed}, {@code epoch} (0
 * before training), {@code loss} (that epoch's mean, null before training) and {@code training}, the whole configuration; of a
 * network trained on a file of trials also {@code data}: the {@code file}'s name, the share {@code heldOut}, and
 * {@code evaluation}, the digest of the trials that were. The sessions in {@code run.json} have it too.
 *
 * <p>Every file is whole or absent. {@code run.json} comes first, {@code evaluation.json} last; of an epoch's files the checkpoint
 * is last. So whatever moment a process ends at, the files other than the checkpoint are those of its epoch or of a later
 * one, which the resumed training writes once more with the same bits.
 *
 * <p>A directory that is being written to is claimed, see {@link Claim}: other trainings are refused, and of two that both seem to
 * have it, since one gave no sign of life, only one can write. The static methods read, and are safe for any number
 * of threads.
 */
public final class RunDirectory implements AutoCloseable {
    /** What to do with a directory that is there already. Immutable, safe for any thread. */
    public enum Existing {
        /** Fail unless it is empty. */
        REFUSE,
        /** Take up the training in it; begin one if it is empty or absent. */
        RESUME,
        /** Delete the training in it, and nothing else, once the new one is ready to begin. */
        OVERWRITE
    }

    static final String RUN = "run.json";
    static final String INITIAL = "initial.npz";
    static final String FINAL = "final.npz";
    static final String BEST = "best.npz";
    static final String HISTORY = "history.csv";
    static final String EVALUATION = "evaluation.json";
    static final String CHECKPOINT = "checkpoint.npz";

    private static final String LOCK = ".lock";

    private static final List<String> FILES = List.of(RUN, INITIAL, FINAL, BEST, HISTORY, EVALUATION, CHECKPOINT);
    private static final Pattern EPOCH = Pattern.compile("epoch-\\d{2,10}\\.npz");
    private static final Pattern TEMPORARY = Pattern.compile("\\.(.+)\\.tmp-[0-9a-f-]+-\\d+");
    private static final long FORMAT_VERSION = 1;

    private static final String CONFIGURATION = "configuration";
    private static final String SESSIONS = "sessions";
    private static final String CLEARING = "clearing";
    private static final String DATA = "data";

    private final Path directory;
    private final TrainingConfig config;
    /** Where the trials come from, see {@link TrainingData#toJson}; null if from a task. */
    private final Map<String, Object> data;

    private final Claim claim;
    private final boolean created;
    /** Whether an earlier training must be deleted first. */
    private final boolean clear;

    private final List<Object> sessions;

    private RunDirectory(
            Path directory,
            TrainingConfig config,
            Map<String, Object> data,
            Claim claim,
            boolean created,
            boolean clear,
            List<Object> sessions) {
        this.directory = directory;
        this.config = config;
        this.data = data;
        this.claim = claim;
        this.created = created;
        this.clear = clear;
        this.sessions = sessions;
    }

    /** Whether a folder holds a training, finished or not. */
    public static boolean isRun(Path directory) {
        return Files.isRegularFile(directory.resolve(RUN));
    }

    /**
     * Whether a folder holds a finished training.
     *
     * @throws IOException if its {@code run.json} cannot be read
     */
    public static boolean isFinished(Path directory) throws IOException {
        return isRun(directory)
                && Files.isRegularFile(directory.resolve(EVALUATION))
                && !isBeingCleared(run(directory));
    }

    /** Whether what is in the folder is left from an earlier training, which was about to be overwritten. */
    private static boolean isBeingCleared(JsonObject run) throws IOException {
        return run.has(CLEARING) && run.getBoolean(CLEARING);
    }

    /**
     * The configuration of the training in a folder.
     *
     * @throws IOException if there is none or it cannot be read
     */
    public static TrainingConfig config(Path directory) throws IOException {
        return configuration(directory, run(directory));
    }

    private static TrainingConfig configuration(Path directory, JsonObject run) throws IOException {
        return TrainingConfig.fromJson(
                run.getObject(CONFIGURATION), directory.resolve(RUN).toString());
    }

    private static JsonObject run(Path directory) throws IOException {
        Path file = directory.resolve(RUN);
        if (!Files.isRegularFile(file)) {
            throw new IOException(directory + " has no " + RUN + ", expected a run directory");
        }
        JsonObject run = Json.read(file);
        long version = run.getLong("formatVersion");
        if (version != FORMAT_VERSION) {
            throw new FormatException(file + ": formatVersion is " + version + ", expected " + FORMAT_VERSION);
        }
        return run;
    }

    /** The network before training; the file may be absent. */
    public static Path initial(Path directory) {
        return directory.resolve(INITIAL);
    }

    /** The network after the last epoch; absent until the training is finished. */
    public static Path last(Path directory) {
        return directory.resolve(FINAL);
    }

    /** The network after the epoch with the lowest loss, on the trials held out where there are any; absent until an epoch is done. */
    public static Path best(Path directory) {
        return directory.resolve(BEST);
    }

    /**
     * The networks after each epoch, in their order.
     *
     * @throws IOException if the folder cannot be read
     */
    public static List<Path> epochs(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(f -> EPOCH.matcher(f.getFileName().toString()).matches())
                    .sorted()
                    .toList();
        }
    }

    /**
     * Opens a folder for a training and claims it; changes nothing in it yet.
     *
     * @param data where the trials come from; null if from a task
     * @throws IOException if the folder is there and must not be, belongs to another configuration, is in use, or cannot be written
     */
    static RunDirectory open(Path directory, TrainingConfig config, TrainingData data, Existing existing)
            throws IOException {
        boolean created = !Files.exists(directory);
        AtomicFiles.createFolders(directory);
        Claim claim = Claim.take(directory);
        try {
            claim.deleteLeftovers();
            Map<String, Object> source = data == null ? null : data.toJson();
            return open(directory, config, source, existing, claim, created);
        } catch (IOException | RuntimeException | Error e) {
            claim.close();
            throw e;
        }
    }

    private static RunDirectory open(
            Path directory,
            TrainingConfig config,
            Map<String, Object> data,
            Existing existing,
            Claim claim,
            boolean created)
            throws IOException {
        if (!isRun(directory)) {
            checkForeign(directory, existing);
            return new RunDirectory(directory, config, data, claim, created, false, new ArrayList<>());
        }
        switch (existing) {
            case REFUSE ->
                throw new IOException(directory
                        + " holds a training already, expected a new or empty folder, or to resume or overwrite it");
            case OVERWRITE -> {
                // Whatever its version: the member shows that the file is ours.
                Json.read(directory.resolve(RUN)).getObject(CONFIGURATION);
                return new RunDirectory(directory, config, data, claim, false, true, new ArrayList<>());
            }
            case RESUME -> {
                JsonObject run = run(directory);
                checkSame(directory, configuration(directory, run), config);
                checkSameEvaluation(directory, run, data);
                return new RunDirectory(
                        directory,
                        config,
                        data,
                        claim,
                        false,
                        isBeingCleared(run),
                        new ArrayList<>(run.getList(SESSIONS)));
            }
        }
        throw new AssertionError(existing);
    }

    /** Judges a folder without run.json. */
    private static void checkForeign(Path directory, Existing existing) throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
            for (Path file : files) {
                String name = file.getFileName().toString();
                if (name.equals(Claim.NAME) || name.startsWith(Claim.NAME + "-") || isLeftover(name)) {
                    continue;
                }
                if (existing != Existing.OVERWRITE || isOurs(name)) {
                    throw new IOException(directory + " has " + name + " but no " + RUN
                            + ", expected a run directory, or a new or empty folder");
                }
            }
        }
    }

    private static boolean isOurs(String name) {
        return FILES.contains(name) || EPOCH.matcher(name).matches();
    }

    /** Whether a process that was killed left the file; also one of an earlier version, which locked folders. */
    private static boolean isLeftover(String name) {
        if (name.equals(LOCK)) {
            return true;
        }
        var temporary = TEMPORARY.matcher(name);
        return temporary.matches() && isOurs(temporary.group(1));
    }

    private static void checkSame(Path directory, TrainingConfig found, TrainingConfig expected) throws IOException {
        String difference = difference("", found.toJson(), expected.toJson());
        if (difference != null) {
            throw new IOException("cannot resume " + directory + ": " + difference);
        }
    }

    /** The configuration has a digest of what is trained on only. */
    private static void checkSameEvaluation(Path directory, JsonObject run, Map<String, Object> data)
            throws IOException {
        for (JsonObject session : run.getObjects(SESSIONS)) {
            if (data == null || !session.has(DATA)) {
                continue;
            }
            String found = session.getObject(DATA).getString("evaluation");
            if (!found.equals(data.get("evaluation"))) {
                throw new IOException("cannot resume " + directory + ": the SHA-256 of the trials to evaluate on is "
                        + found + " in its " + RUN + ", expected " + data.get("evaluation") + " as in "
                        + data.get("file"));
            }
        }
    }

    /** The first value that differs, in words; null if none does. */
    private static String difference(String path, Map<?, ?> found, Map<?, ?> asked) {
        List<Object> keys = new ArrayList<>(found.keySet());
        asked.keySet().stream().filter(k -> !found.containsKey(k)).forEach(keys::add);
        for (Object key : keys) {
            Object a = found.get(key);
            Object b = asked.get(key);
            if (a instanceof Map<?, ?> x && b instanceof Map<?, ?> y) {
                String inside = difference(path + key + ".", x, y);
                if (inside != null) {
                    return inside;
                }
            } else if (!Objects.equals(a, b)) {
                return path + key + " is " + Json.compact(a) + " in its " + RUN + ", expected " + Json.compact(b)
                        + " as asked for";
            }
        }
        return null;
    }

    /** Whether the training is finished, so that there is nothing to do but {@link #result}. */
    boolean finished() throws IOException {
        return !clear && isFinished(directory);
    }

    /**
     * What a finished training came to.
     *
     * @throws IOException if a file is missing or isn't what it should be
     */
    TrainingResult result() throws IOException {
        JsonObject evaluation = Json.read(directory.resolve(EVALUATION));
        List<TypeScore> types = new ArrayList<>();
        for (JsonObject type : evaluation.getObjects("types")) {
            types.add(new TypeScore(
                    type.getString("type"),
                    type.getInt("trials"),
                    type.getInt("nonFinite"),
                    type.getDoubleOrNaN("distanceMean"),
                    type.getDoubleOrNaN("distanceSd"),
                    type.getDoubleOrNaN("rmse"),
                    type.getDoubleOrNaN("zeroRmse"),
                    type.getBoolean("zeroTarget")));
        }
        // Left over if the process ended right after evaluation.json.
        claim.remove(CHECKPOINT);
        return new TrainingResult(
                TrainingResult.Outcome.FINISHED_BEFORE,
                NetworkFile.read(last(directory)).rnn(),
                NetworkFile.read(best(directory)).rnn(),
                history(directory),
                0,
                evaluation.getLong("steps"),
                evaluation.getDouble("seconds"),
                new Scores(types));
    }

    /**
     * The epochs that are done.
     *
     * @throws IOException if {@code history.csv} is missing or isn't what it should be
     */
    public static List<EpochSummary> history(Path directory) throws IOException {
        Path file = directory.resolve(HISTORY);
        List<EpochSummary> history = new ArrayList<>();
        List<String> lines = lines(file);
        int columns = !lines.isEmpty() && lines.get(0).endsWith(",validation_loss") ? 4 : 3;
        for (int i = 1; i < lines.size(); i++) {
            String[] cells = lines.get(i).split(",", -1);
            try {
                if (cells.length != columns || Integer.parseInt(cells[0]) != i) {
                    throw new NumberFormatException("epoch");
                }
                history.add(new EpochSummary(
                        i,
                        Double.parseDouble(cells[1]),
                        Double.parseDouble(cells[2]),
                        columns == 3 ? Double.NaN : Double.parseDouble(cells[3])));
            } catch (NumberFormatException e) {
                throw new FormatException(file + ": line " + (i + 1) + " is '" + lines.get(i) + "', expected epoch " + i
                        + (columns == 3 ? ", loss and seconds" : ", loss, seconds and validation loss"));
            }
        }
        return history;
    }

    private static List<String> lines(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new NoSuchFileException(file.toString());
        }
        // A channel, and Files.readAllLines, would be closed by an interrupt.
        try (InputStream in = new FileInputStream(file.toFile())) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        }
    }

    /**
     * Begins a session: the first that changes anything. Deletes the earlier training if it is to be overwritten, and takes over the
     * state that an earlier session left.
     *
     * @param state before the first step. Modified.
     * @param initial the network before the first step
     */
    void begin(TrainingState state, Rnn initial, ExecutionSettings execution) throws IOException {
        AtomicFiles.deleteTemporaries(directory);
        claim.remove(LOCK);
        if (clear) {
            // Marked, so that a process that ends half-way leaves no mixture of two trainings that looks whole.
            writeRun(true);
            deleteTraining();
        }
        Map<String, Object> session = session(execution);
        if (data != null) {
            session.put(DATA, data);
        }
        sessions.add(session);
        writeRun(false);
        Path checkpoint = directory.resolve(CHECKPOINT);
        if (Files.exists(checkpoint)) {
            state.read(checkpoint);
        } else {
            claim.put(INITIAL, file -> NetworkFile.write(file, initial, meta(0, Double.NaN)));
        }
    }

    private void writeRun(boolean clearing) throws IOException {
        Map<String, Object> run = new LinkedHashMap<>();
        run.put("formatVersion", FORMAT_VERSION);
        run.put(CONFIGURATION, config.toJson());
        run.put(SESSIONS, sessions);
        if (clearing) {
            run.put(CLEARING, true);
        }
        claim.put(RUN, file -> Json.write(file, run));
    }

    private void deleteTraining() throws IOException {
        List<Path> ours = new ArrayList<>(epochs(directory));
        FILES.stream().filter(name -> !name.equals(RUN)).map(directory::resolve).forEach(ours::add);
        for (Path file : ours) {
            claim.remove(file.getFileName().toString());
        }
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

    /** What a network file says about where the network comes from. */
    private Map<String, Object> meta(int epoch, double loss) {
        Map<String, Object> meta = new LinkedHashMap<>();
        meta.put("version", LibraryVersion.get());
        meta.put("task", config.task());
        meta.put("taskOptions", config.taskOptions());
        meta.put("seed", config.seed());
        meta.put("epoch", epoch);
        meta.put("loss", loss);
        meta.put("training", config.toJson());
        if (data != null) {
            meta.put(DATA, data);
        }
        return meta;
    }

    /** Saves what an epoch came to. */
    void saveEpoch(TrainingState state, Rnn rnn, boolean best) throws IOException {
        EpochSummary epoch = state.history.get(state.history.size() - 1);
        int digits = Math.max(2, Integer.toString(config.epochs()).length());
        String number = "0".repeat(digits - Integer.toString(epoch.number()).length()) + epoch.number();
        Map<String, Object> meta = meta(epoch.number(), epoch.loss());
        claim.put("epoch-" + number + ".npz", file -> NetworkFile.write(file, rnn, meta));
        if (best) {
            claim.put(BEST, file -> NetworkFile.write(file, rnn, meta));
        }
        boolean validated = config.fit().validation() > 0.0;
        StringBuilder csv = new StringBuilder(
                validated
                        ? Csv.line("epoch", "loss", "seconds", "validation_loss")
                        : Csv.line("epoch", "loss", "seconds"));
        for (EpochSummary e : state.history) {
            csv.append(
                    validated
                            ? Csv.line(e.number(), e.loss(), e.seconds(), e.validationLoss())
                            : Csv.line(e.number(), e.loss(), e.seconds()));
        }
        byte[] bytes = csv.toString().getBytes(StandardCharsets.UTF_8);
        claim.put(HISTORY, file -> AtomicFiles.write(file, out -> out.write(bytes)));
        saveState(state);
    }

    /** Saves where the training stands. */
    void saveState(TrainingState state) throws IOException {
        claim.put(CHECKPOINT, state::write);
    }

    /** Saves the last network. */
    void saveFinal(TrainingState state, Rnn rnn) throws IOException {
        EpochSummary epoch = state.history.get(state.history.size() - 1);
        claim.put(FINAL, file -> NetworkFile.write(file, rnn, meta(epoch.number(), epoch.loss())));
    }

    /** Saves the evaluation, with which the training is finished. */
    void finish(TrainingResult result) throws IOException {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("formatVersion", FORMAT_VERSION);
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
            types.add(type);
        }
        json.put("types", types);
        json.put("epochs", result.epochs());
        json.put("loss", result.loss());
        json.put("bestEpoch", result.bestEpoch());
        EpochSummary best = result.history().get(result.bestEpoch() - 1);
        json.put("bestLoss", best.loss());
        if (config.fit().validation() > 0.0) {
            json.put("bestValidationLoss", best.validationLoss());
        }
        json.put("steps", result.steps());
        json.put("seconds", result.seconds());
        claim.put(EVALUATION, file -> Json.write(file, json));
        claim.remove(CHECKPOINT);
    }

    /** Gives the folder back; removes it if it was made for a training that never began. */
    @Override
    public void close() throws IOException {
        claim.close();
        if (created && !isRun(directory)) {
            try {
                Files.deleteIfExists(directory);
            } catch (DirectoryNotEmptyException inUseAgain) {
                // Somebody has begun to use it meanwhile.
            }
        }
    }
}
