package attractor.train;

import attractor.io.AtomicFiles;
import attractor.io.Claim;
import attractor.io.IOConsumer;
import attractor.io.Json;
import attractor.io.JsonObject;
import attractor.io.Npz;
import attractor.io.Printable;
import attractor.model.NetworkFile;
import attractor.model.Rnn;
import attractor.task.Decisions;
import attractor.task.Scores;
import attractor.task.TypeScore;
import attractor.train.RunDirectory.Existing;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Writes a {@link RunDirectory}, which it has claimed. Belongs to one thread. */
final class DirectoryLog extends RunWriter {
    private static final Pattern TEMPORARY = Pattern.compile("\\.(.+)\\.tmp-[0-9a-f-]+-\\d+");
    /** The file with which earlier versions locked folders. */
    private static final String LOCK = ".lock";

    private final Path directory;
    private final Claim claim;
    private final boolean created;
    /** Whether an earlier training must be deleted first. */
    private final boolean clear;

    /** Whether an earlier session's state was taken over. */
    private boolean restored;

    private DirectoryLog(
            Path directory,
            TrainingConfig config,
            Map<String, Object> data,
            Claim claim,
            boolean created,
            boolean clear,
            List<Object> sessions) {
        super(config, data, sessions);
        this.directory = directory;
        this.claim = claim;
        this.created = created;
        this.clear = clear;
    }

    /**
     * Opens a folder for a training and claims it; changes nothing in it yet.
     *
     * @param data what the directory says about the origin of the trials
     * @throws RunExistsException if the folder holds a training or foreign files and must not
     * @throws ResumeRefusedException if its training is to be resumed, and can't be resumed with this configuration
     * @throws IOException if it is in use or cannot be written
     */
    static DirectoryLog open(Path directory, TrainingConfig config, Map<String, Object> data, Existing existing)
            throws IOException {
        boolean created = !Files.exists(directory);
        AtomicFiles.createFolders(directory);
        Claim claim = Claim.take(directory);
        try {
            claim.deleteLeftovers();
            return open(directory, config, data, existing, claim, created);
        } catch (IOException | RuntimeException | Error e) {
            claim.close();
            throw e;
        }
    }

    private static DirectoryLog open(
            Path directory,
            TrainingConfig config,
            Map<String, Object> data,
            Existing existing,
            Claim claim,
            boolean created)
            throws IOException {
        if (!RunDirectory.isRun(directory)) {
            checkForeign(directory, existing);
            return new DirectoryLog(directory, config, data, claim, created, false, new ArrayList<>());
        }
        switch (existing) {
            case REFUSE ->
                throw new RunExistsException(directory
                        + " holds a training already, expected a new or empty folder, or to resume or overwrite it");
            case OVERWRITE -> {
                // The version doesn't matter here: the member shows that the file is ours.
                Json.read(directory.resolve(RunDirectory.RUN)).getObject(RunDirectory.CONFIGURATION);
                return new DirectoryLog(directory, config, data, claim, false, true, new ArrayList<>());
            }
            case RESUME -> {
                JsonObject run = RunDirectory.run(directory);
                checkSame(directory, RunDirectory.configuration(directory, run), config);
                checkSameEvaluation(directory, run, data);
                return new DirectoryLog(
                        directory,
                        config,
                        data,
                        claim,
                        false,
                        RunDirectory.isBeingCleared(run),
                        new ArrayList<>(run.getList(RunDirectory.SESSIONS)));
            }
        }
        throw new AssertionError(existing);
    }

    /** Checks a folder without run.json. */
    private static void checkForeign(Path directory, Existing existing) throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
            for (Path file : files) {
                String name = file.getFileName().toString();
                if (name.equals(Claim.NAME) || name.startsWith(Claim.NAME + "-") || isLeftover(name)) {
                    continue;
                }
                if (existing != Existing.OVERWRITE || isOurs(name)) {
                    throw new RunExistsException(directory + " has " + name + " but no " + RunDirectory.RUN
                            + ", expected a run directory, or a new or empty folder");
                }
            }
        }
    }

    private static boolean isOurs(String name) {
        return RunDirectory.FILES.contains(name)
                || RunDirectory.EPOCH.matcher(name).matches();
    }

    /** Whether a killed process left the file, or an earlier version, which locked folders. */
    private static boolean isLeftover(String name) {
        if (name.equals(LOCK)) {
            return true;
        }
        var temporary = TEMPORARY.matcher(name);
        return temporary.matches() && isOurs(temporary.group(1));
    }

    private static void checkSame(Path directory, TrainingConfig found, TrainingConfig asked) throws IOException {
        Map<String, Object> there = new LinkedHashMap<>(found.toJson());
        Map<String, Object> wanted = new LinkedHashMap<>(asked.toJson());
        if (found.epochs() != asked.epochs()
                && found.stages().isEmpty()
                && asked.stages().isEmpty()) {
            there.remove(EPOCHS);
            wanted.remove(EPOCHS);
        }
        requireSame(directory, "", there, wanted);
        if (found.epochs() == asked.epochs()) {
            return;
        }
        if (found.fit().schedule().dependsOnEpochs()) {
            throw new ResumeRefusedException(
                    "cannot resume " + directory + " with " + Printable.count(asked.epochs(), "epoch") + ": its "
                            + "schedule " + found.fit().schedule().kind().id() + " depends on their number, expected "
                            + found.epochs() + " as in its " + RunDirectory.RUN);
        }
        if (RunDirectory.isFinished(directory) && !Files.exists(directory.resolve(RunDirectory.CHECKPOINT))) {
            throw new ResumeRefusedException("cannot resume " + directory + " with "
                    + Printable.count(asked.epochs(), "epoch") + ": it is"
                    + " finished and has no " + RunDirectory.CHECKPOINT + " to go on from, expected " + found.epochs()
                    + " as in its " + RunDirectory.RUN);
        }
    }

    /** Compares the trials to evaluate on; the configuration has only the digest of those to train on. */
    private static void checkSameEvaluation(Path directory, JsonObject run, Map<String, Object> data)
            throws IOException {
        for (JsonObject session : run.getObjects(RunDirectory.SESSIONS)) {
            if (data.isEmpty() || !session.has(RunDirectory.DATA)) {
                continue;
            }
            String found = session.getObject(RunDirectory.DATA).getString("evaluation");
            if (!found.equals(data.get("evaluation"))) {
                throw new ResumeRefusedException("cannot resume " + directory
                        + ": the SHA-256 of the trials to evaluate on is "
                        + found + " in its " + RunDirectory.RUN + ", expected " + data.get("evaluation") + " as in "
                        + data.get("file"));
            }
        }
    }

    private static void requireSame(Path directory, String path, Map<?, ?> found, Map<?, ?> asked)
            throws ConfigurationDiffersException {
        List<Object> keys = new ArrayList<>(found.keySet());
        asked.keySet().stream().filter(k -> !found.containsKey(k)).forEach(keys::add);
        for (Object key : keys) {
            Object a = found.get(key);
            Object b = asked.get(key);
            if (a instanceof Map<?, ?> x && b instanceof Map<?, ?> y) {
                requireSame(directory, path + key + ".", x, y);
            } else if (!Objects.equals(a, b)) {
                throw new ConfigurationDiffersException(
                        directory, path + key, shown(found, key, a), shown(asked, key, b));
            }
        }
    }

    /** A value as messages have it. What is as usual isn't in the file. */
    private static String shown(Map<?, ?> values, Object key, Object value) {
        return values.containsKey(key) ? Json.compact(value) : "its default";
    }

    @Override
    public Optional<TrainingResult> finished() throws IOException {
        boolean finished = !clear
                && RunDirectory.isFinished(directory)
                && RunDirectory.configuration(directory, RunDirectory.run(directory))
                        .equals(config);
        return finished ? Optional.of(result()) : Optional.empty();
    }

    /**
     * The result of a finished training.
     *
     * @throws IOException if a file is missing or isn't what it should be
     */
    private TrainingResult result() throws IOException {
        JsonObject evaluation = Json.read(directory.resolve(RunDirectory.EVALUATION));
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
                    type.getBoolean("zeroTarget"),
                    type.has("accuracy")
                            ? Optional.of(new Decisions(type.getDouble("accuracy"), type.getDoubleOrNaN("decisionMs")))
                            : Optional.empty()));
        }
        return new TrainingResult(
                TrainingResult.Outcome.FINISHED_BEFORE,
                NetworkFile.read(RunDirectory.last(directory)).rnn(),
                NetworkFile.read(RunDirectory.best(directory)).rnn(),
                RunDirectory.history(directory),
                0,
                evaluation.getLong("steps"),
                evaluation.getDouble("seconds"),
                new Scores(types),
                evaluation.has(NETWORK) && evaluation.getString(NETWORK).equals(BEST_NETWORK));
    }

    @Override
    public void restore(TrainingState state) throws IOException {
        Path checkpoint = directory.resolve(RunDirectory.CHECKPOINT);
        if (!clear && Files.exists(checkpoint)) {
            state.read(Npz.read(checkpoint, TrainingState.known()), directory.toString());
            restored = true;
        }
    }

    @Override
    public void begin(TrainingState state, Rnn initial, ExecutionSettings execution) throws IOException {
        AtomicFiles.deleteTemporaries(directory);
        claim.remove(LOCK);
        if (clear) {
            // The mark tells that clearing has begun: if the process ends half-way, a mixture of two trainings never
            // looks complete.
            writeRun(true);
            deleteTraining();
        }
        // These two exist if the training was finished and now gets more epochs. Without the first it doesn't count as
        // finished.
        claim.remove(RunDirectory.EVALUATION);
        claim.remove(RunDirectory.FINAL);
        addSession(execution);
        writeRun(false);
        if (!restored) {
            saveInitial(state, initial);
        } else if (state.extended()) {
            extend(state);
        }
    }

    /**
     * Changes the files of a training that was begun with another number of epochs, so that they are as if it had been
     * begun with this one: the number of digits in their names, and the configuration that they contain. The checkpoint
     * comes last, so that all of this is repeated if the process ends before.
     */
    private void extend(TrainingState state) throws IOException {
        rewrite(state, RunDirectory.INITIAL, RunDirectory.INITIAL, 0);
        for (Path file : RunDirectory.epochs(directory)) {
            Matcher name = RunDirectory.EPOCH.matcher(file.getFileName().toString());
            int epoch = name.matches() ? Integer.parseInt(name.group(1)) : 0;
            if (epoch >= 1 && epoch <= state.history.size()) {
                rewrite(state, file.getFileName().toString(), epochFile(epoch), epoch);
            } else {
                claim.remove(file.getFileName().toString()); // of an epoch after the checkpoint, which is repeated
            }
        }
        if (state.bestEpoch() > 0) {
            rewrite(state, RunDirectory.BEST, RunDirectory.BEST, state.bestEpoch());
        }
        saveState(state);
    }

    private void rewrite(TrainingState state, String name, String as, int epoch) throws IOException {
        Rnn rnn = NetworkFile.read(directory.resolve(name)).rnn();
        putNetwork(as, rnn, state, epoch);
        if (!as.equals(name)) {
            claim.remove(name);
        }
    }

    @Override
    void put(String name, IOConsumer<OutputStream> content) throws IOException {
        claim.put(name, file -> AtomicFiles.write(file, content));
    }

    private void deleteTraining() throws IOException {
        List<Path> ours = new ArrayList<>(RunDirectory.epochs(directory));
        RunDirectory.FILES.stream()
                .filter(name -> !name.equals(RunDirectory.RUN))
                .map(directory::resolve)
                .forEach(ours::add);
        for (Path file : ours) {
            claim.remove(file.getFileName().toString());
        }
    }

    /** Releases the folder; removes it if it was made for a training that never began. */
    @Override
    public void close() throws IOException {
        claim.close();
        if (created && !RunDirectory.isRun(directory)) {
            try {
                Files.deleteIfExists(directory);
            } catch (DirectoryNotEmptyException inUseAgain) {
                // Another process has begun to use it meanwhile.
            }
        }
    }
}
