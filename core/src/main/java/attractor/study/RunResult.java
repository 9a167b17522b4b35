package attractor.study;

import attractor.io.FormatException;
import attractor.io.JsonObject;
import attractor.study.StudyFolder.Status;
import attractor.task.Criterion;
import attractor.task.Decisions;
import attractor.task.TypeScore;
import attractor.train.LibraryVersion;
import attractor.train.RunDirectory;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What became of a run, as a value: its outcome, the rows of its tables, and the files of its training. It can be sent
 * anywhere as JSON, and {@link StudyFolder#add} puts it into a study's folder. Immutable, safe for any number of
 * threads.
 */
public final class RunResult {
    /** The values that describe the training, and their columns in the results. */
    public static final List<String> SUMMARY =
            List.of("outcome", "epochsDone", "steps", "loss", "bestEpoch", "bestLoss");

    /** The columns that identify a run in tables other than the results. */
    private static final List<String> IDENTIFYING = List.of("task", "init", "units", "seed");

    static final String SCHEMA = "attractor/study-run/1";
    private static final String VERSION = "version";
    private static final String REASON = "reason";
    private static final String SECONDS = "seconds";
    private static final String TABLES = "tables";
    private static final String FILES = "files";

    private final StudyRun run;
    private final Status status;
    private final String reason;
    private final String version;
    /** Values of {@link #SUMMARY} but the outcome, and the seconds; those that there are. */
    private final Map<String, Object> summary;

    private final Map<String, List<Map<String, Object>>> tables;
    private final Map<String, byte[]> files;

    private RunResult(
            StudyRun run,
            Status status,
            String reason,
            String version,
            Map<String, Object> summary,
            Map<String, List<Map<String, Object>>> tables,
            Map<String, byte[]> files) {
        this.run = Objects.requireNonNull(run, "run");
        this.status = Objects.requireNonNull(status, "status");
        this.reason = reason;
        this.version = version;
        this.summary = Collections.unmodifiableMap(plain(summary));
        Map<String, List<Map<String, Object>>> copy = new LinkedHashMap<>();
        tables.forEach((name, rows) -> copy.put(
                name,
                rows.stream()
                        .map(row -> Collections.unmodifiableMap(plain(row)))
                        .toList()));
        this.tables = Collections.unmodifiableMap(copy);
        this.files = Collections.unmodifiableMap(new TreeMap<>(files));
    }

    static RunResult finished(
            StudyRun run,
            Status status,
            String reason,
            Map<String, Object> summary,
            Map<String, List<Map<String, Object>>> tables) {
        return new RunResult(run, status, reason, LibraryVersion.get(), summary, tables, Map.of());
    }

    /**
     * A run that failed.
     *
     * @param reason why, in one line
     */
    public static RunResult failed(StudyRun run, String reason) {
        return new RunResult(run, Status.FAILED, reason, LibraryVersion.get(), Map.of(), Map.of(), Map.of());
    }

    static RunResult stopped(StudyRun run) {
        return new RunResult(run, Status.WAITING, null, LibraryVersion.get(), Map.of(), Map.of(), Map.of());
    }

    /**
     * This result with other files of its training. A finished run needs no checkpoint, and keeps none; a failed one has no files.
     *
     * @param all contents by the files' names, see {@link #files}. Not modified, and the arrays are not copied.
     */
    public RunResult withFiles(Map<String, byte[]> all) {
        Map<String, byte[]> kept = new TreeMap<>(all);
        if (status != Status.WAITING) {
            kept.remove(RunDirectory.CHECKPOINT);
        }
        return new RunResult(run, status, reason, version, summary, tables, status == Status.FAILED ? Map.of() : kept);
    }

    /** As JSON has it: numbers that are not finite are null, integers are long. */
    private static Map<String, Object> plain(Map<String, Object> row) {
        Map<String, Object> plain = new LinkedHashMap<>();
        row.forEach((column, value) -> plain.put(
                column,
                value instanceof Double number && !Double.isFinite(number)
                        ? null
                        : value instanceof Integer number ? (Object) number.longValue() : value));
        return plain;
    }

    /** The run. */
    public StudyRun run() {
        return run;
    }

    /** DONE, DIVERGED or FAILED; WAITING if it was stopped. */
    public Status status() {
        return status;
    }

    /** Why it diverged or failed, in one line; null otherwise. */
    public String reason() {
        return reason;
    }

    /** The version of the library that made it; null if it is not known. */
    public String version() {
        return version;
    }

    /** How long it took, training and measurement, in seconds; NaN if it isn't finished. */
    public double seconds() {
        return summary.get(SECONDS) instanceof Double seconds ? seconds : Double.NaN;
    }

    /**
     * What was measured, by the name of the table: {@link MeasuredRows#RESULTS}, which every finished run has, and
     * others. Unmodifiable. Values are String, Long, Double, Boolean or null.
     */
    public Map<String, List<Map<String, Object>>> tables() {
        return tables;
    }

    /**
     * The rows of a table as they are in the study's CSV file, with the columns that identify the run: in the results
     * every setting of the training and {@link #SUMMARY}, in other tables task, initial weights, units and seed.
     *
     * @param table a name of {@link #tables}; no rows if it isn't there
     */
    public List<Map<String, Object>> rows(String table) {
        List<Map<String, Object>> rows = new ArrayList<>();
        Map<String, Object> head = head(table, run.hash(), run.training().toJson(), summaryOf(status, summary));
        for (Map<String, Object> row : tables.getOrDefault(table, List.of())) {
            Map<String, Object> cells = new LinkedHashMap<>(head);
            cells.putAll(row);
            rows.add(cells);
        }
        return rows;
    }

    private static Map<String, Object> summaryOf(Status status, Map<String, Object> summary) {
        Map<String, Object> all = new LinkedHashMap<>(summary);
        all.put("outcome", StudyFolder.id(status));
        return all;
    }

    /** The cells with which each row of a run begins. */
    static Map<String, Object> head(
            String table, String hash, Map<String, Object> training, Map<String, Object> summary) {
        Map<String, Object> cells = new LinkedHashMap<>();
        cells.put("run", hash);
        if (table.equals(MeasuredRows.RESULTS)) {
            cells.putAll(RunColumns.of(training));
            for (String key : SUMMARY) {
                cells.put(key, summary.get(key));
            }
        } else {
            for (String key : IDENTIFYING) {
                cells.put(key, training.get(key));
            }
            if (cells.get("task") == null) {
                cells.put("task", StudyRun.DATA);
            }
        }
        return cells;
    }

    /**
     * Whether the network passes: every score among its results does, see {@link Criterion#passes}. A run that isn't done doesn't
     * pass, nor does one whose results are no scores.
     */
    public boolean passes(Criterion criterion) {
        List<Map<String, Object>> rows = tables.getOrDefault(MeasuredRows.RESULTS, List.of());
        return status == Status.DONE
                && !rows.isEmpty()
                && rows.stream().allMatch(row -> row.containsKey("zeroRmse") && criterion.passes(score(row)));
    }

    private static TypeScore score(Map<String, Object> row) {
        return new TypeScore(
                String.valueOf(row.get("type")),
                (int) number(row, "trials"),
                (int) number(row, "nonFinite"),
                number(row, "distanceMean"),
                number(row, "distanceSd"),
                number(row, "rmse"),
                number(row, "zeroRmse"),
                Boolean.TRUE.equals(row.get("zeroTarget")),
                row.containsKey("accuracy")
                        ? Optional.of(new Decisions(number(row, "accuracy"), number(row, "decisionMs")))
                        : Optional.empty());
    }

    private static double number(Map<String, Object> row, String column) {
        return row.get(column) instanceof Number number ? number.doubleValue() : Double.NaN;
    }

    /**
     * The files of the training by name, those of a {@link RunDirectory}: {@code initial.npz}, {@code best.npz},
     * {@code final.npz}, each readable with {@link attractor.model.NetworkFile#read(byte[], String)}, and others. Empty
     * if nothing was trained. Unmodifiable, but the arrays are not copied.
     */
    public Map<String, byte[]> files() {
        return files;
    }

    /** The state of a training that was stopped, from which {@link StudyRun#perform} goes on; otherwise empty. */
    public Optional<byte[]> checkpoint() {
        return Optional.ofNullable(files.get(RunDirectory.CHECKPOINT)).map(byte[]::clone);
    }

    /** The content of {@code result.json}. */
    Map<String, Object> describe() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("schema", SCHEMA);
        json.put("run", run.hash());
        json.put("outcome", StudyFolder.id(status));
        if (reason != null) {
            json.put(REASON, reason);
        }
        if (version != null) {
            json.put(VERSION, version);
        }
        json.putAll(summary);
        json.putAll(run.toJson());
        json.put(TABLES, tables);
        return json;
    }

    /** The whole result as JSON, the files in base 64. */
    public Map<String, Object> toJson() {
        Map<String, Object> json = describe();
        Map<String, Object> encoded = new LinkedHashMap<>();
        files.forEach((name, bytes) -> encoded.put(name, Base64.getEncoder().encodeToString(bytes)));
        json.put(FILES, encoded);
        return json;
    }

    /**
     * The result with a given description.
     *
     * @param json what {@link #toJson} gave, or the content of a {@code result.json}, which has no files
     * @throws FormatException if a member is missing or of another type, the run or the outcome is unknown, or the hash
     *     isn't the run's
     */
    public static RunResult fromJson(JsonObject json) throws FormatException {
        String schema = json.getString("schema");
        if (!schema.equals(SCHEMA)) {
            throw new FormatException(json.found("schema") + ", expected '" + SCHEMA + "'");
        }
        StudyRun run = StudyRun.fromJson(json);
        if (!json.getString("run").equals(run.hash())) {
            throw new FormatException(json.found("run") + ", expected '" + run.hash() + "' for this run");
        }
        Status status = status(json);
        Map<String, Object> summary = new LinkedHashMap<>();
        for (String key : json.asMap().keySet()) {
            if (SUMMARY.contains(key) && !key.equals("outcome")) {
                summary.put(key, json.asMap().get(key));
            }
        }
        if (json.has(SECONDS)) {
            summary.put(SECONDS, json.getDouble(SECONDS));
        }
        JsonObject found = json.getObject(TABLES);
        Map<String, List<Map<String, Object>>> tables = new LinkedHashMap<>();
        for (String table : found.asMap().keySet()) {
            tables.put(
                    table,
                    found.getObjects(table).stream().map(JsonObject::asMap).toList());
        }
        Map<String, byte[]> files = new TreeMap<>();
        if (json.has(FILES)) {
            JsonObject encoded = json.getObject(FILES);
            for (String name : encoded.asMap().keySet()) {
                if (!RunDirectory.isFileName(name)) {
                    throw new FormatException(encoded.found(name) + ", expected only files of a run directory");
                }
                try {
                    files.put(name, Base64.getDecoder().decode(encoded.getString(name)));
                } catch (IllegalArgumentException e) {
                    throw encoded.invalid(new IllegalArgumentException(name + " is not base 64", e));
                }
            }
        }
        return new RunResult(
                run,
                status,
                json.has(REASON) ? json.getString(REASON) : null,
                json.has(VERSION) ? json.getString(VERSION) : null,
                summary,
                tables,
                files);
    }

    private static Status status(JsonObject json) throws FormatException {
        String outcome = json.getString("outcome");
        for (Status status : List.of(Status.DONE, Status.DIVERGED, Status.FAILED, Status.WAITING)) {
            if (StudyFolder.id(status).equals(outcome)) {
                return status;
            }
        }
        throw new FormatException(json.found("outcome") + ", expected done, diverged, failed or waiting");
    }
}
