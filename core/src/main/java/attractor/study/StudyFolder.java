package attractor.study;

import attractor.io.AtomicFiles;
import attractor.io.Claim;
import attractor.io.FormatException;
import attractor.io.Json;
import attractor.io.JsonObject;
import attractor.model.NetworkFile;
import attractor.train.RunDirectory;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The folder of a study:
 *
 * <pre>
 *     study.json        the study: its name, its settings, and which list has its runs
 *     runs-LIST.jsonl   the list: a line for each run, with its hash; see docs/clusters.md
 *     runs/HASH/        a finished run: a run directory with the network, and result.json
 *     work/HASH/        a run that is not finished; claimed while a process works on it, in a folder of its own
 *     failed/HASH.json  a run that failed, with the reason
 *     index/            a file for each process that finished runs, with a line for each; it only saves time
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

    /** How a result ends that was written to its end: only there does a brace begin a line. */
    private static final String RESULT_END = "\n}\n";

    private static final String SESSIONS = ".sessions";
    static final String INDEX = "index";
    private static final String SCHEMA = "attractor/study/2";
    /** Of earlier versions, with all runs in {@code study.json}. */
    private static final String FIRST_SCHEMA = "attractor/study/1";

    private static final Pattern LIST = Pattern.compile("runs-[0-9a-f]{16}\\.jsonl");
    /** How a study's own command, which knows all runs, mends what is broken. */
    private static final String RUN_AGAIN = "; the study's own command does this run again";

    static final String WRITTEN_AGAIN = "; the study's own command writes it again";

    /** In a study of more runs, what the index says of a run is enough; in others a look at its result costs no time. */
    static final int MANY = 500;

    /** The statuses of a run that is finished. */
    static final List<Status> FINISHED = List.of(Status.DONE, Status.DIVERGED);

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
     * What runs that differ only by their seeds have in common.
     *
     * @param run one of them, as the list has it
     * @param training its training with all settings, as this version writes them
     */
    record Kind(JsonObject run, double cost, Map<String, Object> training) {}

    /** A run of the study's list. Immutable, safe for any thread. */
    public static final class Entry {
        private final String hash;
        private final Kind kind;
        /** Null if it is the kind's own. */
        private final Long seed;

        Entry(String hash, Kind kind, Long seed) {
            this.hash = hash;
            this.kind = kind;
            this.seed = seed;
        }

        /** The run's name. */
        public String hash() {
            return hash;
        }

        /** Estimate of its work. */
        public double cost() {
            return kind.cost;
        }

        /** The training's configuration as JSON. */
        Map<String, Object> trainingJson() {
            Map<String, Object> training = new LinkedHashMap<>(kind.training);
            if (seed != null) {
                training.put("seed", seed);
            }
            return training;
        }

        /**
         * The run.
         *
         * @throws FormatException if this program doesn't know its measurement, or the list has another run than its name says
         */
        public StudyRun run() throws FormatException {
            Map<String, Object> json = new LinkedHashMap<>(kind.run.asMap());
            json.put("training", trainingJson());
            StudyRun run = StudyRun.fromJson(new JsonObject(json, kind.run.name()));
            if (!run.hash().equals(hash)) {
                throw new FormatException(
                        kind.run.name() + ": the run " + hash + " has the hash " + run.hash() + ", expected its own");
            }
            return run;
        }
    }

    private final Path directory;
    private final JsonObject study;
    private final FinishedRuns index;
    private List<Entry> entries;
    private Set<String> hashes;

    private StudyFolder(Path directory, JsonObject study) {
        this.directory = directory;
        this.study = study;
        index = new FinishedRuns(directory.resolve(INDEX));
    }

    /** Whether a folder holds a study. */
    public static boolean isStudy(Path directory) {
        return Files.isRegularFile(directory.resolve(STUDY));
    }

    /**
     * Opens the folder of a study.
     *
     * @throws FormatException if {@code study.json} is damaged; {@link #create} writes it again
     * @throws IOException if there is none, or it is of another version
     */
    public static StudyFolder open(Path directory) throws IOException {
        Path file = directory.resolve(STUDY);
        if (Files.isDirectory(file)) {
            throw inPlaceOf(file);
        }
        if (!isStudy(directory)) {
            throw new IOException(directory + " has no " + STUDY
                    + (lists(directory).isEmpty() ? ", expected the folder of a study" : WRITTEN_AGAIN));
        }
        try {
            return open(directory, Json.read(file));
        } catch (FormatException e) {
            throw new FormatException(e.getMessage() + WRITTEN_AGAIN, e);
        }
    }

    private static IOException inPlaceOf(Path file) {
        return new IOException(file + " is a folder, expected a file; move it away" + WRITTEN_AGAIN);
    }

    private static StudyFolder open(Path directory, JsonObject study) throws IOException {
        Path file = directory.resolve(STUDY);
        StudyFolder folder = new StudyFolder(directory, study);
        if (study.getString("schema").equals(FIRST_SCHEMA)) {
            List<Entry> entries = new ArrayList<>();
            for (JsonObject run : study.getObjects("runs")) {
                entries.add(StudyList.entry(run));
            }
            folder.entries = entries;
        } else if (!study.getString("schema").equals(SCHEMA)) {
            throw ofAnotherVersion(file, study, SCHEMA);
        } else if (study.getInt("runs") < 1
                || !LIST.matcher(study.getString("list")).matches()) {
            throw new FormatException(study.found("runs") + " and the list is " + study.getString("list")
                    + ", expected at least 1 and a list such as runs-0123456789abcdef.jsonl");
        }
        folder.name();
        folder.settings();
        return folder;
    }

    /** What is said of a file with another schema: one of another version of Attractor is kept, anything else is damaged. */
    private static IOException ofAnotherVersion(Path file, JsonObject json, String expected) throws FormatException {
        String schema = json.getString("schema");
        String message = file + " has the schema " + schema + ", expected " + expected;
        String family = expected.substring(0, expected.lastIndexOf('/') + 1);
        return schema.startsWith(family) && schema.substring(family.length()).matches("[0-9]{1,9}")
                ? new IOException(message + "; another version of Attractor wrote it, and can go on with it")
                : new FormatException(message);
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
            if (!text.equals(text(folder.directory))) {
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
        return create(directory, study, false);
    }

    /**
     * As {@link #create(Path, Study)}.
     *
     * @param change whether the folder takes this study's settings even if it holds runs that this study hasn't; the finished ones stay
     */
    public static StudyFolder create(Path directory, Study study, boolean change) throws IOException {
        try (Session session = begin(directory, study, change)) {
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
        if (Files.isDirectory(directory.resolve(STUDY))) {
            throw inPlaceOf(directory.resolve(STUDY));
        }
        Path foreign = foreign(directory);
        // Tested in this order, since another process may be creating the same study; its first files are the list and
        // study.json.
        if (foreign != null && !isStudy(directory) && lists(directory).isEmpty()) {
            throw new IOException(directory + " has " + foreign + " but no " + STUDY
                    + ", expected a study, or a new or empty folder");
        }
        AtomicFiles.createFolders(directory);
        // Only one process at a time may decide this; it takes a moment.
        Claim claim = claim(directory);
        try {
            boolean others = otherSessions(directory);
            StudyFolder there = null;
            boolean damaged = !isStudy(directory);
            try {
                there = damaged ? null : open(directory);
            } catch (FormatException e) {
                damaged = true;
            }
            if (damaged && !change) {
                requireRunsOf(study, directory);
            }
            if (there == null || !there.is(study)) {
                if (there != null && !there.name().equals(study.name())) {
                    throw new IOException(directory + " holds a study " + there.name() + ", expected a study "
                            + study.name() + ", or a new or empty folder");
                }
                boolean same = there != null && there.hasRunsOf(study);
                if (there != null && !same) {
                    there.requireGrowing(study, change);
                }
                if (others && there != null && !same) {
                    throw new IOException(
                            "another process works on " + directory
                                    + " with other settings, expected the same ones, another folder, or to wait until it has ended");
                }
                if (there == null || !others) {
                    write(directory, study, claim);
                }
            } else if (!there.hasList()) {
                write(directory, study, claim);
            }
            AtomicFiles.deleteStale(directory);
            return new Session(open(directory), text(directory), beginSession(directory.resolve(SESSIONS)));
        } finally {
            claim.deleteLeftovers();
            claim.close();
        }
    }

    /** Whether {@code study.json} is that of a study. */
    private boolean is(Study other) throws IOException {
        return study.getString("schema").equals(SCHEMA)
                && name().equals(other.name())
                && other.identity().equals(study.asMap().get("identity"))
                && study.getInt("runs") == other.runs().size();
    }

    /** Whether the list is there, as it was written. */
    private boolean hasList() throws IOException {
        if (!Files.isRegularFile(list())) {
            return false;
        }
        // Not a channel, since an interrupt would close it.
        MessageDigest digest = StudyRun.sha256();
        try (InputStream in = new DigestInputStream(new FileInputStream(list().toFile()), digest)) {
            in.transferTo(OutputStream.nullOutputStream());
        }
        return listName(digest).equals(study.getString("list"));
    }

    private static String listName(MessageDigest digest) {
        return "runs-" + HexFormat.of().formatHex(digest.digest()).substring(0, 16) + ".jsonl";
    }

    private Path list() throws IOException {
        return directory.resolve(study.getString("list"));
    }

    private static void write(Path directory, Study study, Claim claim) throws IOException {
        MessageDigest digest = StudyRun.sha256();
        Path made = claim.folder().resolve("list");
        AtomicFiles.write(made, out -> StudyList.write(new DigestOutputStream(out, digest), study.runs()));
        String list = listName(digest);
        claim.put(list, file -> Files.move(made, file));
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("schema", SCHEMA);
        json.put("study", study.name());
        json.put("settings", study.settings());
        json.put("runs", (long) study.runs().size());
        json.put("list", list);
        json.put("identity", study.identity());
        claim.put(STUDY, file -> Json.write(file, json));
        try (DirectoryStream<Path> earlier = Files.newDirectoryStream(directory, "runs-*.jsonl")) {
            for (Path file : earlier) {
                if (LIST.matcher(file.getFileName().toString()).matches() && !file.endsWith(list)) {
                    Files.deleteIfExists(file);
                }
            }
        }
    }

    /** That a folder whose {@code study.json} is damaged or gone holds this study, as far as its list, or else its runs, show. */
    private static void requireRunsOf(Study study, Path directory) throws IOException {
        Set<String> asked = new HashSet<>();
        study.runs().forEach(run -> asked.add(run.hash()));
        Set<String> listed = new LinkedHashSet<>();
        for (Path list : lists(directory)) {
            listed.addAll(StudyList.hashes(list));
        }
        boolean same = asked.containsAll(listed);
        if (listed.isEmpty()) {
            listed.addAll(new TreeSet<>(names(directory, "runs")));
            same = listed.isEmpty() || listed.stream().anyMatch(asked::contains);
        }
        if (!same) {
            listed.removeAll(asked);
            throw new IOException(directory + " has no whole " + STUDY + ", but the run "
                    + listed.iterator().next()
                    + ", which this study hasn't, expected the command of its study, which writes " + STUDY
                    + " again, or another folder");
        }
    }

    /** The lists of runs in a folder, of which usually one is there. */
    private static List<Path> lists(Path directory) throws IOException {
        return Files.isDirectory(directory)
                ? list(directory).stream()
                        .filter(file ->
                                LIST.matcher(file.getFileName().toString()).matches() && Files.isRegularFile(file))
                        .toList()
                : List.of();
    }

    private boolean hasRunsOf(Study other) throws IOException {
        if (!hasList()) {
            return false; // it is written again
        }
        List<Entry> there = entries();
        if (there.size() != other.runs().size() || !settings().asMap().equals(plain(other.settings()))) {
            return false;
        }
        int k = 0;
        for (StudyRun run : other.runs()) {
            if (!there.get(k++).hash.equals(run.hash())) {
                return false;
            }
        }
        return true;
    }

    /** As it is read back from a file. */
    private static Map<String, Object> plain(Map<String, Object> json) throws FormatException {
        return Json.parseObject(Json.compact(json), STUDY).asMap();
    }

    /** A study may get more runs, such as more networks, but none that it has may be gone without a word. */
    private void requireGrowing(Study asked, boolean change) throws IOException {
        if (change) {
            return;
        }
        Set<String> hashes = new HashSet<>();
        asked.runs().forEach(run -> hashes.add(run.hash()));
        for (Entry entry : entries()) {
            if (!hashes.contains(entry.hash)) {
                throw difference(entry, asked);
            }
        }
    }

    /** What is said of a run that the study asked for hasn't: the setting that shrank or changed, or else what the most similar run has instead. */
    private StudyDiffersException difference(Entry entry, Study study) throws IOException {
        Map<String, Object> found = settings().asMap();
        Map<String, Object> asked = plain(study.settings());
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
        Map<String, Object> run =
                flat(entry.trainingJson(), entry.kind.run.asMap().get("measurement"));
        List<String> fewest = null;
        Map<String, Object> similar = Map.of();
        for (StudyRun other : study.kinds()) {
            Map<String, Object> values = flat(
                    plain(other.training().toJson()), plain(other.measurement().toJson()));
            List<String> keys = union(run, values).stream()
                    .filter(key -> !Objects.equals(run.get(key), values.get(key)))
                    .toList();
            // A run that is equal but for its seed says nothing: then it is the seeds that differ.
            if (fewest == null || keys.size() < fewest.size()) {
                fewest = keys;
                similar = values;
            }
        }
        List<String> keys = fewest == null ? List.of() : fewest;
        String key =
                keys.stream().filter(k -> !k.equals("seed")).findFirst().orElse(keys.isEmpty() ? "run" : keys.get(0));
        return new StudyDiffersException(directory, key, run.get(key), similar.get(key));
    }

    private static Set<String> union(Map<String, ?> one, Map<String, ?> other) {
        Set<String> keys = new LinkedHashSet<>(one.keySet());
        keys.addAll(other.keySet());
        return keys;
    }

    /** The settings of a run, those within others by names such as {@code taskOptions.delayMs}. */
    private static Map<String, Object> flat(Map<String, Object> training, Object measurement) {
        Map<String, Object> values = new LinkedHashMap<>();
        flat("", training, values);
        flat("", Map.of("measurement", measurement), values);
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

    private static String text(Path directory) throws IOException {
        // Not a channel, since an interrupt would close it.
        try (InputStream in = new FileInputStream(directory.resolve(STUDY).toFile())) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
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
                // The list is written before study.json.
                if (!name.startsWith("." + STUDY)
                        && !name.startsWith(Claim.NAME)
                        && !name.equals(SESSIONS)
                        && !LIST.matcher(name).matches()) {
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

    /** The number of runs. */
    public int size() throws IOException {
        return study.getString("schema").equals(SCHEMA)
                ? study.getInt("runs")
                : entries().size();
    }

    /**
     * The runs, in their order. The list is read when it is needed for the first time.
     *
     * @throws FormatException if a line of the list is broken or missing
     * @throws IOException if it cannot be read
     */
    public synchronized List<Entry> entries() throws IOException {
        if (entries == null) {
            entries = Collections.unmodifiableList(StudyList.read(list(), size()));
        }
        return entries;
    }

    /** How all runs stand now. */
    public StudyState state() throws IOException {
        return StudyState.of(this);
    }

    /** The name of the file with the list of runs; empty in a folder of an earlier version. */
    String listName() throws IOException {
        return study.has("list") ? study.getString("list") : "";
    }

    FinishedRuns index() {
        return index;
    }

    /** The names in one of the folders of runs; empty if there is none. */
    Set<String> names(String folder) throws IOException {
        return names(directory, folder);
    }

    private static Set<String> names(Path directory, String folder) throws IOException {
        Set<String> names = new HashSet<>();
        // Listing the folder makes network file systems ask the server for new files.
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory.resolve(folder))) {
            for (Path file : files) {
                names.add(file.getFileName().toString());
            }
        } catch (NoSuchFileException none) {
            return names;
        } catch (NotDirectoryException e) {
            throw new IOException(
                    directory.resolve(folder)
                            + " is a file, expected a folder; move it away, and the same command goes on",
                    e);
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        return names;
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

    /** Whether a run has a result that is whole; one that is broken or missing counts as nothing. */
    boolean isFinished(String hash) throws IOException {
        if (!Files.exists(run(hash))) {
            return false;
        }
        try {
            result(hash);
            return true;
        } catch (FormatException broken) {
            return false;
        }
    }

    /**
     * Whether a result ends as one does that was written to its end. This reads three bytes, and so isn't said of one that was changed
     * by hand.
     */
    boolean hasEnd(String hash) {
        // Not a channel, since an interrupt would close it.
        try (RandomAccessFile file =
                new RandomAccessFile(run(hash).resolve(RESULT).toFile(), "r")) {
            byte[] end = new byte[RESULT_END.length()];
            file.seek(Math.max(0, file.length() - end.length));
            file.readFully(end);
            return new String(end, StandardCharsets.US_ASCII).equals(RESULT_END);
        } catch (IOException unreadable) {
            return false; // the result itself is read, which says why
        }
    }

    /**
     * How a run stands. One whose result is broken or missing isn't finished.
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
        return Files.exists(failure(hash)) ? Status.FAILED : Status.WAITING;
    }

    Status outcome(String hash) throws IOException {
        return outcome(result(hash));
    }

    private static Status outcome(JsonObject result) throws IOException {
        String outcome = result.getString("outcome");
        for (Status status : FINISHED) {
            if (id(status).equals(outcome)) {
                return status;
            }
        }
        throw new FormatException(result.found("outcome") + ", expected done or diverged");
    }

    static String id(Status status) {
        return status.name().toLowerCase(Locale.ROOT);
    }

    /**
     * Why a run failed or diverged; null otherwise.
     *
     * @throws FormatException if the file that says so is broken
     * @throws IOException if its files cannot be read
     */
    public String reason(String hash) throws IOException {
        try {
            return Files.exists(run(hash)) ? reason(result(hash)) : failureReason(hash);
        } catch (FormatException broken) {
            if (Files.exists(failure(hash))) {
                return failureReason(hash);
            }
            try {
                index.forget(Set.of(hash));
            } catch (IOException readOnly) {
                // Whoever does the run again does it.
            }
            throw broken;
        }
    }

    private static String reason(JsonObject json) throws FormatException {
        return json.has("reason") ? json.getString("reason") : null;
    }

    private String failureReason(String hash) throws IOException {
        Path file = failure(hash);
        try {
            if (Files.isDirectory(file)) {
                throw new FormatException(file + " is a folder, expected a file");
            }
            return Files.isRegularFile(file) ? reason(Json.read(file)) : null;
        } catch (FormatException e) {
            throw new FormatException(e.getMessage() + RUN_AGAIN, e);
        }
    }

    /**
     * How long a finished run took, training and measurement, in seconds.
     *
     * @throws IOException if its files cannot be read
     */
    public double seconds(String hash) throws IOException {
        return result(hash).getDouble("seconds");
    }

    /**
     * The result of a finished run.
     *
     * @throws FormatException if it is broken or missing, so that the run isn't finished
     * @throws IOException if it cannot be read, or is of another version
     */
    JsonObject result(String hash) throws IOException {
        Path file = run(hash).resolve(RESULT);
        try {
            if (Files.isDirectory(file)) {
                throw new FormatException(file + " is a folder, expected a file");
            }
            if (!Files.isRegularFile(file)) {
                throw new FormatException(run(hash) + " has no " + RESULT + ", expected a finished run");
            }
            JsonObject result = Json.read(file);
            if (!result.getString("schema").equals(RunResult.SCHEMA)) {
                throw ofAnotherVersion(file, result, RunResult.SCHEMA);
            }
            if (!result.getString("run").equals(hash)) {
                throw new FormatException(result.found("run") + ", expected '" + hash + "' as its folder says");
            }
            outcome(result);
            result.getDouble("seconds");
            version(result);
            JsonObject tables = result.getObject("tables");
            for (String table : tables.asMap().keySet()) {
                tables.getObjects(table);
            }
            return result;
        } catch (FormatException e) {
            throw new FormatException(e.getMessage() + RUN_AGAIN, e);
        }
    }

    /**
     * Takes a run whose result is broken or missing back from the finished ones, so that it can be done again. Its training stays if that is
     * whole.
     *
     * @param place the folder in which the run is done, which belongs to this process; it may be absent
     * @return what was found; empty if there was nothing
     * @throws IOException if something else is in the way
     */
    Optional<String> takeBack(StudyRun run, Path place) throws IOException {
        String hash = run.hash();
        Path folder = run(hash);
        if (!Files.exists(folder)) {
            return Optional.empty();
        }
        if (!Files.isDirectory(folder)) {
            throw new IOException(
                    folder + " is a file, expected the folder of a finished run or nothing; move it away" + RUN_AGAIN);
        }
        Path result = folder.resolve(RESULT);
        if (Files.isDirectory(result) && !list(result).isEmpty()) {
            throw new IOException(result + " is a folder that is not empty, expected a file; move it away" + RUN_AGAIN);
        }
        String found;
        try {
            result(hash);
            return Optional.empty();
        } catch (FormatException e) {
            found = e.getMessage();
        }
        index.forget(Set.of(hash));
        if (!Files.exists(place) && hasTraining(folder, run.trainingHash())) {
            AtomicFiles.deleteTree(result);
            AtomicFiles.moveFolder(folder, place);
        } else {
            AtomicFiles.deleteTree(folder);
        }
        return Optional.of(found);
    }

    /** Whether a folder has this finished training with all its networks. */
    private static boolean hasTraining(Path folder, String hash) throws IOException {
        if (!training(folder).equals(hash)) {
            return false;
        }
        try {
            for (Path network :
                    List.of(RunDirectory.initial(folder), RunDirectory.best(folder), RunDirectory.last(folder))) {
                NetworkFile.read(network);
            }
            RunDirectory.history(folder);
            return true;
        } catch (FormatException | NoSuchFileException broken) {
            return false;
        }
    }

    /** The hash of the finished training in a run's folder; empty if there is none that is whole. */
    private static String training(Path folder) throws IOException {
        try {
            return RunDirectory.isFinished(folder) ? StudyRun.trainingHash(RunDirectory.config(folder)) : "";
        } catch (FormatException broken) {
            return "";
        }
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
        if (!hashes().contains(hash)) {
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
                takeBack(result.run(), place);
                added = publish(result, place);
            }
        }
        deleteIfEmpty(work);
        deleteIfEmpty(work.getParent());
        return added;
    }

    private synchronized Set<String> hashes() throws IOException {
        if (hashes == null) {
            Set<String> all = new HashSet<>();
            entries().forEach(entry -> all.add(entry.hash));
            hashes = all;
        }
        return hashes;
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
        try {
            index.add(Map.of(hash, line(result)));
        } catch (IOException full) {
            // The index only saves time; the run is looked up in its folder.
        }
        return true;
    }

    /** Those of some runs that are finished. */
    Set<String> finishedAmong(Collection<String> hashes) throws IOException {
        Set<String> finished = new HashSet<>();
        boolean many = hashes.size() > MANY; // then one look at the folder is faster than one at each run
        Set<String> there = many ? names("runs") : Set.of();
        Map<String, FinishedRuns.Line> lines = many ? index.read() : Map.of();
        for (String hash : hashes) {
            if (many ? there.contains(hash) && (lines.containsKey(hash) || isFinished(hash)) : isFinished(hash)) {
                finished.add(hash);
            }
        }
        return finished;
    }

    /** The version that did a run; empty if it isn't known. */
    static String version(JsonObject result) throws FormatException {
        return result.has("version") ? result.getString("version") : "";
    }

    /** What the index would say of a finished run. */
    FinishedRuns.Line line(String hash) throws IOException {
        JsonObject result = result(hash);
        return new FinishedRuns.Line(
                outcome(result), result.getDouble("seconds"), training(run(hash)), version(result));
    }

    /** The folders of finished trainings by the training's hash; also of runs that the study hasn't, or has no longer. */
    Map<String, Path> networks() throws IOException {
        Map<String, Path> networks = new HashMap<>();
        Map<String, FinishedRuns.Line> lines = index.read();
        Set<String> names = names("runs");
        for (String hash : new TreeSet<>(names)) {
            FinishedRuns.Line line = lines.get(hash);
            boolean listed = line != null && (names.size() > MANY || hasEnd(hash));
            String training = listed ? line.training() : isFinished(hash) ? training(run(hash)) : "";
            if (!training.isEmpty()) {
                networks.putIfAbsent(training, run(hash));
            }
        }
        return networks;
    }

    private FinishedRuns.Line line(RunResult result) throws IOException {
        boolean trained = RunDirectory.isRun(run(result.run().hash()));
        return new FinishedRuns.Line(
                result.status(),
                result.seconds(),
                trained ? result.run().trainingHash() : "",
                result.version() == null ? "" : result.version());
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
     * If another process is writing them, waits until it has done so. A run whose result is broken isn't among them, and {@link
     * StudyState#broken} then says so.
     *
     * @return the tables' names
     * @throws IOException if a run's files cannot be read or a table cannot be written
     */
    public Set<String> writeTables() throws IOException {
        return writeTables(state -> true).orElseThrow();
    }

    /**
     * As {@link #writeTables}, but only if every run is finished.
     *
     * @return the tables' names; empty if a run is not finished, and nothing was written
     */
    public Optional<Set<String>> writeCompleteTables() throws IOException {
        return writeTables(StudyState::isComplete);
    }

    /** The folder of the index, made if it is absent. */
    private Path indexFolder() throws IOException {
        Path folder = directory.resolve(INDEX);
        if (Files.exists(folder) && !Files.isDirectory(folder)) {
            throw new IOException(
                    folder + " is a file, expected a folder; move it away, and the same command makes it again");
        }
        AtomicFiles.createFolders(folder);
        return folder;
    }

    private Optional<Set<String>> writeTables(Predicate<StudyState> wanted) throws IOException {
        Claim claim = claim(indexFolder());
        try {
            return StudyTables.write(this, claim, wanted);
        } finally {
            claim.deleteLeftovers();
            claim.close();
        }
    }

    /** Whether the tables are there, with all runs that are finished now. */
    public boolean hasTables() throws IOException {
        return StudyTables.areOf(this, state());
    }

    /**
     * Whether a process works on the study, on this machine or, as far as its signs of life tell, on another.
     *
     * @throws IOException if the folder cannot be read
     */
    public boolean isAtWork() throws IOException {
        for (Path session : list(directory.resolve(SESSIONS))) {
            if (Claim.isHeld(session)) {
                return true;
            }
        }
        return false;
    }

    /**
     * Writes the tables if the study is over, that is, if no run is waiting or running, and they aren't there yet: of several processes
     * that end at the same time one does it.
     *
     * @return whether this process wrote them
     */
    boolean writeTablesOnce() throws IOException {
        StudyState state = state();
        if (!state.isOver() || StudyTables.areOf(this, state)) {
            return false;
        }
        Optional<Claim> taken = Claim.tryTake(indexFolder());
        if (taken.isEmpty()) {
            return false; // the other process also found that the study is over
        }
        try (Claim claim = taken.get()) {
            if (StudyTables.areOf(this, state)) {
                return false;
            }
            boolean written = StudyTables.write(this, claim, StudyState::isOver).isPresent();
            claim.deleteLeftovers();
            return written;
        }
    }
}
