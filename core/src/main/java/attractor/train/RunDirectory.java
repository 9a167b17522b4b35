package attractor.train;

import attractor.io.AtomicFiles;
import attractor.io.Claim;
import attractor.io.Csv;
import attractor.io.FormatException;
import attractor.io.Json;
import attractor.io.JsonObject;
import attractor.model.NetworkFile;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The folder of one training, for reading; {@link Trainer} writes it:
 *
 * <pre>
 *     run.json          the configuration, and for each session when, where and how it ran
 *     initial.npz       the network before training
 *     epoch-NN.npz      the network after each epoch, from 01 on, with as many digits as the number of epochs has
 *     best.npz          the network after the epoch with the lowest loss, on the trials held out where there are any; of a training in
 *                       stages the best epoch of the last stage that was begun; the initial one where there is no epoch
 *     final.npz         the network after the last epoch
 *     history.csv       epoch, loss, seconds, validation_loss where trials are held out, and stage where there are stages
 *     evaluation.json   scores by trial type, which network they are of, and a summary
 *     checkpoint.npz    the state from which the training is resumed, or goes on if it is given more epochs
 * </pre>
 *
 * <p>The networks' {@code meta} has {@code version} (of this library), {@code task}, {@code taskOptions}, {@code seed},
 * {@code epoch} (0 before training), {@code loss} (that epoch's mean, null before training) and {@code training}, the
 * whole configuration; if the network was trained on a file of trials also {@code data}, with the {@code file}'s name,
 * the share {@code heldOut}, and {@code evaluation}, the digest of the held-out trials. The sessions in
 * {@code run.json} have {@code data} too.
 *
 * <p>Every file is whole or absent. {@code run.json} comes first, {@code evaluation.json} last; of an epoch's files the
 * checkpoint is written last. Whenever a process ends, the files other than the checkpoint are those of its epoch or of
 * a later one, which the resumed training writes again with the same bits.
 *
 * <p>{@code formatVersion} in {@code run.json} is 2. Directories of version 1 can be read and resumed: they have no
 * stages, no network to go on from, and no checkpoint once they are finished, so that they can't be given more epochs
 * then.
 *
 * <p>A directory that is being written to is claimed, see {@link Claim}: other trainings are refused, and if two
 * processes both seem to hold it, since one showed no activity for long, only one of them can write. The static methods
 * read, and are safe for any number of threads.
 */
public final class RunDirectory {
    /** What to do with a directory that exists already. Immutable, safe for any thread. */
    public enum Existing {
        /** Fail unless it is empty. */
        REFUSE,
        /** Resume the training in it; begin one if it is empty or absent. */
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
    /** Name of the file from which a training is resumed. */
    public static final String CHECKPOINT = "checkpoint.npz";

    static final List<String> FILES = List.of(RUN, INITIAL, FINAL, BEST, HISTORY, EVALUATION, CHECKPOINT);
    static final Pattern EPOCH = Pattern.compile("epoch-(\\d{2,10})\\.npz");
    static final long FORMAT_VERSION = 2;
    static final String CONFIGURATION = "configuration";
    static final String SESSIONS = "sessions";
    static final String CLEARING = "clearing";
    static final String DATA = "data";
    private static final String VALIDATION_LOSS = "validation_loss";
    private static final String STAGE = "stage";

    private RunDirectory() {}

    /** Whether a run directory may have a file of this name, other than the network after an epoch. */
    public static boolean isFileName(String name) {
        return FILES.contains(name);
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

    /** Whether the folder's content is left over from an earlier training that was being overwritten. */
    static boolean isBeingCleared(JsonObject run) throws IOException {
        return run.has(CLEARING) && run.getBoolean(CLEARING);
    }

    /**
     * The configuration of the training in a folder.
     *
     * @throws IOException if there is none or it cannot be read
     */
    public static TrainingConfig config(Path directory) throws IOException {
        TrainingConfig config = configuration(directory, run(directory));
        if (!(config.initial() instanceof InitialNetwork.Given)) {
            return config;
        }
        Path file = directory.resolve(INITIAL);
        TrainingConfig known =
                config.toBuilder().from(NetworkFile.read(file).rnn()).build();
        if (!known.equals(config)) {
            throw new FormatException(file + ": isn't the network that the training in " + RUN + " goes on from");
        }
        return known;
    }

    /**
     * The name of the file of trials on which the training in a folder runs; empty if a task makes the trials.
     *
     * @throws IOException if there is no training or it cannot be read
     */
    public static Optional<String> dataFile(Path directory) throws IOException {
        for (JsonObject session : run(directory).getObjects(SESSIONS)) {
            if (session.has(DATA)) {
                return Optional.of(session.getObject(DATA).getString("file"));
            }
        }
        return Optional.empty();
    }

    /**
     * The share of that file's trials that was held out to evaluate on; 0 if a task makes the trials.
     *
     * @throws IOException if there is no training or it cannot be read
     */
    public static double heldOut(Path directory) throws IOException {
        for (JsonObject session : run(directory).getObjects(SESSIONS)) {
            if (session.has(DATA)) {
                return session.getObject(DATA).getDouble("heldOut");
            }
        }
        return 0.0;
    }

    static TrainingConfig configuration(Path directory, JsonObject run) throws IOException {
        return TrainingConfig.fromJson(
                run.getObject(CONFIGURATION), directory.resolve(RUN).toString());
    }

    static JsonObject run(Path directory) throws IOException {
        Path file = directory.resolve(RUN);
        if (!Files.isRegularFile(file)) {
            throw new IOException(directory + " has no " + RUN + ", expected a run directory");
        }
        JsonObject run = Json.read(file);
        long version = run.getLong("formatVersion");
        if (version < 1 || version > FORMAT_VERSION) {
            throw new FormatException(file + ": formatVersion is " + version + ", expected 1 to " + FORMAT_VERSION);
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

    /**
     * The network after the epoch with the lowest loss, on the trials held out where there are any; absent until an
     * epoch is done.
     */
    public static Path best(Path directory) {
        return directory.resolve(BEST);
    }

    /**
     * The network that {@code evaluation.json} is about: with early stopping the best one, else the last.
     *
     * @throws IOException if the configuration cannot be read
     */
    public static Path evaluated(Path directory) throws IOException {
        return configuration(directory, run(directory)).evaluatesBest() ? best(directory) : last(directory);
    }

    /** The state from which a training is resumed; not needed for anything else. The file may be absent. */
    public static Path checkpoint(Path directory) {
        return directory.resolve(CHECKPOINT);
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
     * The epochs that are done.
     *
     * @throws IOException if {@code history.csv} is missing or isn't what it should be
     */
    public static List<EpochSummary> history(Path directory) throws IOException {
        Path file = directory.resolve(HISTORY);
        List<EpochSummary> history = new ArrayList<>();
        List<String> lines = lines(file);
        List<String> header = lines.isEmpty() ? List.of() : List.of(lines.get(0).split(",", -1));
        int validation = header.indexOf(VALIDATION_LOSS);
        int stage = header.indexOf(STAGE);
        int columns = 3 + (validation < 0 ? 0 : 1) + (stage < 0 ? 0 : 1);
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
                        validation < 0 ? Double.NaN : Double.parseDouble(cells[validation]),
                        stage < 0 ? 1 : Integer.parseInt(cells[stage])));
            } catch (NumberFormatException | IndexOutOfBoundsException e) {
                throw new FormatException(file + ": line " + (i + 1) + " is '" + lines.get(i) + "', expected epoch " + i
                        + ", loss" + (stage < 0 ? "" : ", stage")
                        + (validation < 0 ? " and seconds" : ", seconds and validation loss"));
            }
        }
        return history;
    }

    /** The text that {@link #history} reads. */
    static String csv(List<EpochSummary> history, TrainingConfig config) {
        boolean validated = config.fit().validation() > 0.0;
        boolean staged = !config.stages().isEmpty();
        StringBuilder csv = new StringBuilder();
        List<Object> header = new ArrayList<>(List.of("epoch", "loss", "seconds"));
        if (validated) {
            header.add(VALIDATION_LOSS);
        }
        if (staged) {
            header.add(STAGE);
        }
        csv.append(Csv.line(header.toArray()));
        for (EpochSummary e : history) {
            List<Object> cells = new ArrayList<>(List.of(e.number(), e.loss(), e.seconds()));
            if (validated) {
                cells.add(e.validationLoss());
            }
            if (staged) {
                cells.add(e.stage());
            }
            csv.append(Csv.line(cells.toArray()));
        }
        return csv.toString();
    }

    private static List<String> lines(Path file) throws IOException {
        AtomicFiles.requireFile(file);
        // Not a channel or Files.readAllLines, since an interrupt would close those.
        try (InputStream in = new FileInputStream(file.toFile())) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        }
    }
}
