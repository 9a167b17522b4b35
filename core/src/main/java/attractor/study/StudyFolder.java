package attractor.study;

import attractor.io.AtomicFiles;
import attractor.io.Claim;
import attractor.io.Csv;
import attractor.io.FormatException;
import attractor.io.Json;
import attractor.io.JsonObject;
import attractor.train.RunDirectory;
import attractor.train.TrainingConfig;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The folder of a study:
 *
 * <pre>
 *     study.json        the study: its name, its settings and all its runs, by hash
 *     runs/HASH/        a finished run: a run directory with the network, and result.json
 *     work/HASH/        a run that is not finished; claimed while a process works on it, in a folder of its own
 *     failed/HASH.json  a run that failed, with the reason
 *     results.csv       a row for each run and trial type; other tables beside it
 * </pre>
 *
 * <p>A complete run is moved to {@code runs} by a rename; if two processes did the same run, the first one wins. Every
 * file is complete or absent. {@code .sessions} names the processes that work here. Immutable, safe for any number of
 * threads and processes, on any number of machines; {@link Claim} says what that requires of the file system.
 */
public final class StudyFolder {
    static final String STUDY = "study.json";
    static final String RESULT = "result.json";
    /** The folder, in that of a claim, of a run that is not finished. */
    static final String RUN = "run";
    private static final String SESSIONS = ".sessions";
    private static final String SCHEMA = "attractor/study/1";

    /** The status of a run. Immutable, safe for any thread. */
    public enum Status {
        /** Trained and measured. */
        DONE,
        /** The training diverged: the run is finished too, without measurements. */
        DIVERGED,
        /** Failed for another reason; it will be tried again. */
        FAILED,
        /** A process works on it. */
        RUNNING,
        /** Not begun, or interrupted. */
        WAITING
    }

    /**
     * A run as in {@code study.json}. Immutable, safe for any thread.
     *
     * @param hash the run's name
     * @param cost estimate of its work
     * @param training the training's configuration
     */
    public record Entry(String hash, double cost, TrainingConfig training) {}

    private final Path directory;
    private final JsonObject study;
    private final List<Entry> entries;

    private StudyFolder(Path directory, JsonObject study, List<Entry> entries) {
        this.directory = directory;
        this.study = study;
        this.entries = entries;
    }

    /** Whether a folder holds a study. */
    public static boolean isStudy(Path directory) {
        return Files.isRegularFile(directory.resolve(STUDY));
    }

    /**
     * Opens the folder of a study.
     *
     * @throws IOException if there is none, or {@code study.json} isn't what it should be
     */
    public static StudyFolder open(Path directory) throws IOException {
        if (!isStudy(directory)) {
            throw new IOException(directory + " has no " + STUDY + ", expected the folder of a study");
        }
        Path file = directory.resolve(STUDY);
        JsonObject study = Json.read(file);
        if (!study.getString("schema").equals(SCHEMA)) {
            throw new IOException(file + " has the schema " + study.getString("schema") + ", expected " + SCHEMA);
        }
        List<Entry> entries = new ArrayList<>();
        for (JsonObject run : study.getObjects("runs")) {
            String hash = run.getString("run");
            if (!hash.matches("[0-9a-f]{16}")) {
                throw new IOException(file + " names a run '" + hash + "', expected 16 hexadecimal digits");
            }
            entries.add(new Entry(
                    hash,
                    run.getDouble("cost"),
                    TrainingConfig.fromJson(run.getObject("training"), file + ", run " + hash)));
        }
        return new StudyFolder(directory, study, List.copyOf(entries));
    }

    /**
     * A process that works on a study; meanwhile processes with other settings are refused. Immutable, safe for any
     * thread.
     */
    static final class Session implements AutoCloseable {
        private final StudyFolder folder;
        private final String text;
        private final Claim claim;

        private Session(StudyFolder folder, String text, Claim claim) {
            this.folder = folder;
            this.text = text;
            this.claim = claim;
        }

        StudyFolder folder() {
            return folder;
        }

        /**
         * @throws IOException if the folder now holds another study, since another process assumed that this one had
         *     ended
         */
        void check() throws IOException {
            if (!text.equals(description(folder.directory))) {
                throw new IOException(
                        folder.directory.resolve(STUDY)
                                + " has changed while this process worked on it, expected the study that it began; its runs are kept");
            }
        }

        @Override
        public void close() throws IOException {
            claim.close();
            AtomicFiles.deleteTree(claim.folder().getParent().getParent());
            try {
                Files.deleteIfExists(folder.directory.resolve(SESSIONS));
            } catch (DirectoryNotEmptyException others) {
                // Other processes are at work.
            }
        }
    }

    /**
     * Writes a study's description; results of the same runs that are in the folder stay.
     *
     * @throws StudyDiffersException if the folder holds a run that this study hasn't
     * @throws IOException if the folder holds a study of another kind or something else, somebody works on it with other settings, or it
     *     cannot be written
     */
    public static StudyFolder create(Path directory, Study study) throws IOException {
        try (Session session = begin(directory, study, false)) {
            return session.folder();
        }
    }

    /**
     * As {@link #create}, and is at work there until the session is closed.
     *
     * @param change whether the folder takes this study's settings even if it holds runs that this study hasn't; the finished ones stay there, and are
     *     part of a study again that has them
     */
    static Session begin(Path directory, Study study, boolean change) throws IOException {
        Path foreign = foreign(directory);
        // Tested in this order, since another process may be creating the same study; its first file is study.json.
        if (!isStudy(directory) && foreign != null) {
            throw new IOException(directory + " has " + foreign + " but no " + STUDY
                    + ", expected a study, or a new or empty folder");
        }
        AtomicFiles.createFolders(directory);
        String text = Json.pretty(description(study)) + "\n";
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        // Only one process at a time may decide this; it takes a moment.
        Claim claim = claim(directory);
        try {
            boolean others = otherSessions(directory);
            String found = isStudy(directory) ? description(directory) : null;
            if (found != null && !found.equals(text)) {
                String name = open(directory).name();
                if (!name.equals(study.name())) {
                    throw new IOException(directory + " holds a study " + name + ", expected a study " + study.name()
                            + ", or a new or empty folder");
                }
                requireGrowing(directory, found, text, change);
                if (others) {
                    throw new IOException(
                            "another process works on " + directory
                                    + " with other settings, expected the same ones, another folder, or to wait until it has ended");
                }
            }
            if (!text.equals(found)) {
                claim.put(STUDY, file -> AtomicFiles.write(file, out -> out.write(bytes)));
            }
            AtomicFiles.deleteStale(directory);
            return new Session(open(directory), text, beginSession(directory.resolve(SESSIONS)));
        } finally {
            claim.deleteLeftovers();
            claim.close();
        }
    }

    /** A study may get more runs, such as more networks, but none that it has may be gone without a word. */
    private static void requireGrowing(Path directory, String found, String asked, boolean change) throws IOException {
        JsonObject there = Json.parseObject(found, directory.resolve(STUDY).toString());
        JsonObject here = Json.parseObject(asked, STUDY);
        Map<String, Map<String, Object>> runs = new LinkedHashMap<>();
        for (JsonObject run : here.getObjects("runs")) {
            runs.put(run.getString("run"), flat(run));
        }
        for (JsonObject run : there.getObjects("runs")) {
            if (!change && !runs.containsKey(run.getString("run"))) {
                throw difference(directory, there, here, flat(run), runs.values());
            }
        }
    }

    /** What is said of a run that the study asked for hasn't: the setting that shrank or changed, or else what the most similar run has instead. */
    private static StudyDiffersException difference(
            Path directory,
            JsonObject there,
            JsonObject here,
            Map<String, Object> run,
            Collection<Map<String, Object>> runs)
            throws IOException {
        Map<String, Object> found = there.getObject("settings").asMap();
        Map<String, Object> asked = here.getObject("settings").asMap();
        for (String key : union(found, asked)) {
            Object old = found.get(key);
            Object now = asked.get(key);
            boolean grown = (old instanceof Collection<?> some
                            && now instanceof Collection<?> all
                            && all.containsAll(some))
                    || (key.equals("networks") && old instanceof Long few && now instanceof Long many && few <= many);
            if (!grown && !Objects.equals(old, now)) {
                return new StudyDiffersException(directory, key, old, now);
            }
        }
        List<String> fewest = null;
        Map<String, Object> similar = Map.of();
        for (Map<String, Object> other : runs) {
            List<String> keys = union(run, other).stream()
                    .filter(key -> !Objects.equals(run.get(key), other.get(key)))
                    .toList();
            if (fewest == null || keys.size() < fewest.size()) {
                fewest = keys;
                similar = other;
            }
        }
        String key = fewest == null || fewest.isEmpty() ? "run" : fewest.get(0);
        return new StudyDiffersException(directory, key, run.get(key), similar.get(key));
    }

    private static Set<String> union(Map<String, ?> one, Map<String, ?> other) {
        Set<String> keys = new LinkedHashSet<>(one.keySet());
        keys.addAll(other.keySet());
        return keys;
    }

    /** The settings of a run, those within others by names such as {@code taskOptions.delayMs}. */
    private static Map<String, Object> flat(JsonObject run) throws IOException {
        Map<String, Object> values = new LinkedHashMap<>();
        flat("", run.getObject("training").asMap(), values);
        flat("measurement.", run.getObject("measurement").asMap(), values);
        return values;
    }

    private static void flat(String prefix, Map<?, ?> from, Map<String, Object> values) {
        from.forEach((key, value) -> {
            if (value instanceof Map<?, ?> inner) {
                flat(prefix + key + ".", inner, values);
            } else {
                values.put(prefix + key, value);
            }
        });
    }

    private static Claim beginSession(Path sessions) throws IOException {
        for (int attempt = 0; ; attempt++) {
            try {
                return Claim.take(Files.createTempDirectory(Files.createDirectories(sessions), ""));
            } catch (NoSuchFileException e) {
                // The last of the others has ended, and removed the folder.
                if (attempt == 100) {
                    throw e;
                }
            }
        }
    }

    private static Claim claim(Path directory) throws IOException {
        Claim.Watch watch = new Claim.Watch(directory);
        while (true) {
            Optional<Claim> claim = Claim.tryTake(directory);
            if (claim.isPresent()) {
                return claim.get();
            }
            try {
                Thread.sleep(watch.isAlive() ? 20 : 500);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new InterruptedIOException("interrupted while another process begins to work on " + directory);
            }
        }
    }

    /** Whether other processes are at work; removes the entries of those that have ended. */
    private static boolean otherSessions(Path directory) throws IOException {
        boolean others = false;
        for (Path place : list(directory.resolve(SESSIONS))) {
            try {
                Optional<Claim> ended = Claim.tryTake(place);
                others |= ended.isEmpty();
                if (ended.isPresent()) {
                    ended.get().close();
                    AtomicFiles.deleteTree(place);
                }
            } catch (NoSuchFileException endedMeanwhile) {
                // The process has removed its folder.
            }
        }
        return others;
    }

    /** The content of a folder; empty if there is none. */
    private static List<Path> list(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted().toList();
        } catch (NoSuchFileException none) {
            return List.of();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private static String description(Path directory) throws IOException {
        // Not a channel, since an interrupt would close it.
        try (InputStream in = new FileInputStream(directory.resolve(STUDY).toFile())) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static Map<String, Object> description(Study study) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("schema", SCHEMA);
        json.put("study", study.name());
        json.put("settings", study.settings());
        List<Object> runs = new ArrayList<>();
        for (StudyRun run : study.runs()) {
            Map<String, Object> entry = new LinkedHashMap<>();
            entry.put("run", run.hash());
            entry.put("cost", run.cost());
            entry.putAll(run.toJson());
            runs.add(entry);
        }
        json.put("runs", runs);
        return json;
    }

    /** The name of a file that doesn't belong in a study's folder; null if there is none. */
    private static Path foreign(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return null;
        }
        if (!Files.isDirectory(directory)) {
            throw new IOException(directory + " is a file, expected a study's folder");
        }
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
            for (Path file : files) {
                String name = file.getFileName().toString();
                if (!name.startsWith("." + STUDY) && !name.startsWith(Claim.NAME) && !name.equals(SESSIONS)) {
                    return file.getFileName();
                }
            }
        }
        return null;
    }

    /** The folder. */
    public Path directory() {
        return directory;
    }

    /**
     * The study's kind.
     *
     * @throws IOException if {@code study.json} doesn't contain it
     */
    public String name() throws IOException {
        return study.getString("study");
    }

    /**
     * The settings from which the study was made.
     *
     * @throws IOException if {@code study.json} doesn't contain it
     */
    public JsonObject settings() throws IOException {
        return study.getObject("settings");
    }

    /** The runs, in their order. */
    public List<Entry> entries() {
        return entries;
    }

    Path runs() {
        return directory.resolve("runs");
    }

    /** The folder of a finished run. It is also a run directory, unless the run measured a network of another study. */
    public Path run(String hash) {
        return runs().resolve(hash);
    }

    Path work(String hash) {
        return directory.resolve("work").resolve(hash);
    }

    private Path failure(String hash) {
        return directory.resolve("failed").resolve(hash + ".json");
    }

    boolean isFinished(String hash) {
        return Files.isRegularFile(run(hash).resolve(RESULT));
    }

    /**
     * How a run stands.
     *
     * @throws IOException if its files cannot be read
     */
    public Status status(String hash) throws IOException {
        if (isFinished(hash)) {
            return outcome(hash);
        }
        if (Claim.isHeld(work(hash))) {
            return Status.RUNNING;
        }
        return Files.isRegularFile(failure(hash)) ? Status.FAILED : Status.WAITING;
    }

    private Status outcome(String hash) throws IOException {
        String outcome = result(hash).getString("outcome");
        for (Status status : List.of(Status.DONE, Status.DIVERGED)) {
            if (id(status).equals(outcome)) {
                return status;
            }
        }
        throw new FormatException(
                run(hash).resolve(RESULT) + ": outcome is '" + outcome + "', expected done or diverged");
    }

    static String id(Status status) {
        return status.name().toLowerCase(Locale.ROOT);
    }

    /**
     * Why a run failed or diverged; null otherwise.
     *
     * @throws IOException if its files cannot be read
     */
    public String reason(String hash) throws IOException {
        JsonObject json =
                isFinished(hash) ? result(hash) : Files.isRegularFile(failure(hash)) ? Json.read(failure(hash)) : null;
        return json != null && json.has("reason") ? json.getString("reason") : null;
    }

    /**
     * How long a finished run took, training and measurement, in seconds.
     *
     * @throws IOException if its files cannot be read
     */
    public double seconds(String hash) throws IOException {
        return result(hash).getDouble("seconds");
    }

    private JsonObject result(String hash) throws IOException {
        Path file = run(hash).resolve(RESULT);
        JsonObject result = Json.read(file);
        String schema = result.getString("schema");
        if (!schema.equals(RunResult.SCHEMA)) {
            throw new FormatException(file + " has the schema " + schema + ", expected " + RunResult.SCHEMA);
        }
        return result;
    }

    void recordFailure(StudyRun run, String reason) throws IOException {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("run", run.hash());
        json.put("reason", reason);
        json.putAll(run.toJson());
        Files.createDirectories(directory.resolve("failed"));
        Json.write(failure(run.hash()), json);
    }

    void forgetFailure(String hash) throws IOException {
        Files.deleteIfExists(failure(hash));
    }

    /**
     * Adds what became of a run elsewhere, as {@link StudyRun#perform} gives it: a finished run, with its files; a failure; or the
     * state of one that was stopped, from which the next process goes on.
     *
     * @return whether it was added; false if the run is finished here or a process works on it, which changes nothing
     * @throws IllegalArgumentException if the study hasn't this run
     * @throws IOException if it cannot be written
     */
    public boolean add(RunResult result) throws IOException {
        String hash = result.run().hash();
        if (entries.stream().noneMatch(entry -> entry.hash.equals(hash))) {
            throw new IllegalArgumentException(directory + " has no run " + hash + ", expected a run of its study");
        }
        if (isFinished(hash)) {
            return false;
        }
        if (result.status() == Status.FAILED) {
            recordFailure(result.run(), result.reason());
            return true;
        }
        Path work = work(hash);
        AtomicFiles.createFolders(work);
        Optional<Claim> taken = Claim.tryTake(work);
        if (taken.isEmpty()) {
            return false;
        }
        boolean added = true;
        try (Claim claim = taken.get()) {
            claim.deleteLeftovers();
            Path place = claim.folder().resolve(RUN);
            Files.createDirectory(place);
            for (Map.Entry<String, byte[]> file : result.files().entrySet()) {
                AtomicFiles.write(place.resolve(file.getKey()), out -> out.write(file.getValue()));
            }
            if (result.status() != Status.WAITING) {
                added = publish(result, place);
            }
        }
        deleteIfEmpty(work);
        deleteIfEmpty(work.getParent());
        return added;
    }

    /**
     * Writes a finished run's result into its folder, and moves this to its place; false if another process has finished the same run,
     * with the same bits.
     *
     * @param place the run's folder, which belongs to this process
     */
    boolean publish(RunResult result, Path place) throws IOException {
        AtomicFiles.createFolders(place);
        Json.write(place.resolve(RESULT), result.describe());
        for (Path epoch : RunDirectory.epochs(place)) {
            Files.delete(epoch); // the initial, the best and the last network suffice
        }
        Files.deleteIfExists(RunDirectory.checkpoint(place));
        AtomicFiles.deleteTemporaries(place);
        Claim.deleteUnfinished(place);
        AtomicFiles.createFolders(runs());
        String hash = result.run().hash();
        if (!AtomicFiles.moveFolder(place, run(hash))) {
            if (!isFinished(hash)) {
                throw new IOException(run(hash) + " is in the way, expected a finished run or nothing");
            }
            AtomicFiles.deleteTree(place);
            return false;
        }
        forgetFailure(hash);
        return true;
    }

    static void deleteIfEmpty(Path folder) throws IOException {
        try {
            Files.deleteIfExists(folder);
        } catch (DirectoryNotEmptyException | NoSuchFileException | FileAlreadyExistsException inUse) {
            // Another process works in it, or something is left for the next call.
        }
    }

    /**
     * Writes the tables of all finished runs, each as {@code NAME.csv}: {@code results} with all settings of a run, the
     * others with those that identify it. Their bytes don't depend on the processes that did the runs, or on the order.
     *
     * @return the tables' names
     * @throws IOException if a run's files cannot be read or a table cannot be written
     */
    public Set<String> writeTables() throws IOException {
        while (true) {
            List<Entry> finished = finished();
            Map<String, List<Map<String, Object>>> tables = new LinkedHashMap<>();
            tables.put(MeasuredRows.RESULTS, new ArrayList<>());
            for (Entry entry : finished) {
                gather(entry, result(entry.hash), tables);
            }
            for (Map.Entry<String, List<Map<String, Object>>> table : tables.entrySet()) {
                byte[] csv = csv(table.getValue()).getBytes(StandardCharsets.UTF_8);
                AtomicFiles.write(directory.resolve(table.getKey() + ".csv"), out -> out.write(csv));
            }
            // Meanwhile another process may have finished a run and written tables with its rows, which these tables
            // would have replaced.
            if (finished().equals(finished)) {
                return tables.keySet();
            }
        }
    }

    private List<Entry> finished() throws IOException {
        // Listing the folder makes network file systems ask the server for new files.
        Set<String> there = new HashSet<>();
        list(runs()).forEach(run -> there.add(run.getFileName().toString()));
        return entries.stream()
                .filter(entry -> there.contains(entry.hash) && isFinished(entry.hash))
                .toList();
    }

    private static void gather(Entry entry, JsonObject result, Map<String, List<Map<String, Object>>> tables)
            throws IOException {
        for (String table : result.getObject("tables").asMap().keySet()) {
            for (JsonObject row : result.getObject("tables").getObjects(table)) {
                Map<String, Object> cells = new LinkedHashMap<>();
                cells.putAll(RunResult.head(table, entry.hash, entry.training, result.asMap()));
                cells.putAll(row.asMap());
                tables.computeIfAbsent(table, name -> new ArrayList<>()).add(cells);
            }
        }
    }

    private static String csv(List<Map<String, Object>> rows) {
        Set<String> columns = new LinkedHashSet<>();
        rows.forEach(row -> columns.addAll(row.keySet()));
        StringBuilder csv = new StringBuilder(Csv.line(columns.toArray()));
        for (Map<String, Object> row : rows) {
            csv.append(Csv.line(columns.stream().map(row::get).toArray()));
        }
        return csv.toString();
    }
}
