package attractor.report;

import attractor.figure.Figure;
import attractor.io.AtomicFiles;
import attractor.io.FormatException;
import attractor.io.Json;
import attractor.io.JsonObject;
import attractor.io.Printable;
import attractor.page.StudyPage;
import attractor.study.GridCell;
import attractor.study.MeasuredRows;
import attractor.study.ResultTable;
import attractor.study.SolutionTables;
import attractor.study.StudyFolder;
import attractor.task.Criterion;
import attractor.task.TaskOptions;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The report of a study, made from its tables: {@code summary.json}, figures, and {@code report.md}, whose tables are
 * also printed. Belongs to one thread.
 */
public final class StudyReport {
    private static final String SUMMARY = "summary.json";
    /** A larger one stays beside the page. */
    private static final int SUMMARY_ON_PAGE = 300_000;

    /** So many points of a series are drawn on the page. */
    private static final int POINTS_ON_PAGE = 600;

    private static final String SCHEMA = "attractor/study-summary/1";

    /**
     * How results are evaluated.
     *
     * @param criterion the criterion by which a network passes
     * @param reference folder with published values, null if there is none
     * @param published file with published counts of success, null if there is none
     */
    public record Options(Criterion criterion, Path reference, Path published) {}

    private final Path folder;
    private final String study;
    /** The settings from which the study's runs were made. */
    private final Map<String, Object> made;

    final Options options;
    final Document document = new Document();
    final Map<String, Figure> figures = new LinkedHashMap<>();
    final Map<String, Object> summary = new LinkedHashMap<>();

    private StudyReport(Path folder, String study, Map<String, Object> made, Options options) {
        this.folder = folder;
        this.study = study;
        this.made = made;
        this.options = options;
    }

    /**
     * Writes summary, figures and report from the tables of a folder, and prints the report's tables.
     *
     * @throws IOException if a file cannot be read or written
     */
    public static void write(StudyFolder folder, Options options, PrintWriter out) throws IOException {
        StudyReport report = new StudyReport(
                folder.directory(), folder.name(), folder.settings().asMap(), options);
        ResultTable results = ResultTable.read(folder.directory().resolve(MeasuredRows.RESULTS + ".csv"));
        if (results.isEmpty()) {
            out.println("no run is finished yet");
            return;
        }
        report.describe(folder.size(), results);
        Set<String> versions = folder.state().versions();
        if (versions.size() > 1) {
            report.document.line("**The runs are of several versions of Attractor: " + String.join(", ", versions)
                    + ".** Their last bits may differ.");
            report.summary.put("versions", List.copyOf(versions));
        }
        report.summarize(results);
        report.save(out);
    }

    /** Whether a folder holds a study's tables with its report but not its runs, as {@code data/results} does. */
    public static boolean isStored(Path folder) {
        return !Files.exists(folder.resolve("study.json"))
                && !Files.isDirectory(folder.resolve("runs"))
                && Files.isRegularFile(folder.resolve(SUMMARY));
    }

    /**
     * The kind of the study whose tables a folder holds.
     *
     * @param folder see {@link #isStored}
     * @throws IOException if its summary isn't what it should be
     */
    public static String study(Path folder) throws IOException {
        return Json.read(folder.resolve(SUMMARY)).getString("study");
    }

    /**
     * Writes summary, figures and report again from a study's tables alone.
     *
     * @param folder see {@link #isStored}
     * @throws IOException if a file is missing, isn't what it should be, or cannot be written
     */
    public static void rewrite(Path folder, Options options, PrintWriter out) throws IOException {
        JsonObject before = Json.read(folder.resolve(SUMMARY));
        StudyReport report = stored(folder, before, options);
        ResultTable results = storedResults(folder);
        report.describe(before.getInt("runs"), results);
        report.summarize(results);
        report.save(out);
    }

    /**
     * The figures of a study from its tables alone, which may be those in {@code data/results}.
     *
     * @param folder a folder with {@code results.csv} and {@code summary.json}, which names the study
     * @return figures by the names of their files
     * @throws IOException if a file is missing or isn't what it should be
     */
    public static Map<String, Figure> figures(Path folder, Options options) throws IOException {
        if (!Files.isRegularFile(folder.resolve(SUMMARY))) {
            throw new IOException(folder + " has no " + SUMMARY + ", expected the folder of a study with a report");
        }
        StudyReport report = stored(folder, Json.read(folder.resolve(SUMMARY)), options);
        report.summarize(storedResults(folder));
        return report.figures;
    }

    private static ResultTable storedResults(Path folder) throws IOException {
        Path file = folder.resolve(MeasuredRows.RESULTS + ".csv");
        ResultTable results = ResultTable.read(file);
        if (results.isEmpty()) {
            throw new FormatException(file + " has no rows, expected those of a finished run at least");
        }
        return results;
    }

    private static StudyReport stored(Path folder, JsonObject before, Options options) throws IOException {
        Map<String, Object> made =
                before.has("settings") ? before.getObject("settings").asMap() : Map.of();
        return new StudyReport(folder, before.getString("study"), made, options);
    }

    private void describe(int runs, ResultTable results) throws IOException {
        int finished = results.count("run");
        summary.put("schema", SCHEMA);
        summary.put("study", study);
        summary.put("settings", made);
        summary.put("runs", runs);
        summary.put("finished", finished);
        document.line("# Study: " + study);
        document.line(finished + " of " + Printable.count(runs, "run") + (runs == 1 ? " is" : " are")
                + " finished. A row of results.csv is a run and a " + "trial type, with every setting of the run.");
    }

    private void summarize(ResultTable results) throws IOException {
        switch (study) {
            case "success" -> SuccessReport.write(results, SweepReport.options(made), this);
            case "sweep" -> SweepReport.write(results, filled(GridCell.EIGENVALUES), made, this);
            case "delay" -> MemoryReport.write(results, TaskOptions.DELAY_MS, "figure13a-delay.txt", this);
            case "size" -> MemoryReport.write(results, "units", "figure13b-size.txt", this);
            case "damage", "shift", "activity", "hold", "kick" -> measured(results);
            default ->
                throw new FormatException(
                        folder + " holds a study " + study + ", expected one that this program knows");
        }
    }

    /** Runs whose training diverged have no measurements. */
    private void measured(ResultTable all) throws IOException {
        ResultTable results = all.where("outcome", "done");
        int diverged = all.where("outcome", "diverged").count("run");
        if (diverged > 0) {
            document.line(Printable.count(diverged, "training") + " diverged, so that there is no network to measure.");
        }
        if (results.isEmpty()) {
            return;
        }
        switch (study) {
            case "damage" -> DamageReport.write(results, filled("windows"), filled("weights"), windowMs(), this);
            case "shift" -> ShiftReport.write(results, filled("traces"), this);
            case "activity" -> {
                ActivityReport.write(results, filled("eigenvalues"), this);
                Optional<ResultTable> pairs = table(SolutionTables.PAIRS);
                Optional<ResultTable> networks = table(SolutionTables.NETWORKS);
                if (pairs.isPresent() && networks.isPresent()) {
                    SolutionReport.write(networks.get(), pairs.get(), this);
                }
            }
            case "kick" -> KickReport.write(results, this);
            default -> HoldReport.write(results, filled("pulses"), this);
        }
    }

    /** The length of the end of the trials that a study of damage measured separately; NaN if it didn't. */
    private double windowMs() {
        return made.get("windowMs") instanceof Number ms ? ms.doubleValue() : Double.NaN;
    }

    /** Another table of the study; empty if it has none of that name. */
    private Optional<ResultTable> table(String name) throws IOException {
        Path file = folder.resolve(name + ".csv");
        return Files.isRegularFile(file) ? Optional.of(ResultTable.read(file)) : Optional.empty();
    }

    /** The same; empty also if the table has no rows, since there is nothing to show then. */
    private Optional<ResultTable> filled(String name) throws IOException {
        return table(name).filter(table -> !table.isEmpty());
    }

    /** What the page says beside the table's numbers. */
    private Map<String, Object> page() throws IOException {
        Map<String, Object> page = new LinkedHashMap<>();
        page.put("name", study);
        page.put("folder", String.valueOf(folder.toAbsolutePath().normalize().getFileName()));
        page.put("parts", document.toJson());
        Map<String, Object> drawn = new LinkedHashMap<>();
        figures.forEach((name, figure) -> {
            List<Map<String, Object>> panels = figure.toJson(POINTS_ON_PAGE);
            if (!panels.isEmpty()) {
                drawn.put(name, panels);
            }
        });
        page.put("figures", drawn);
        page.put("summary", Files.size(folder.resolve(SUMMARY)) <= SUMMARY_ON_PAGE ? summary : null);
        return page;
    }

    private void save(PrintWriter out) throws IOException {
        Json.write(folder.resolve(SUMMARY), summary);
        boolean drawn = Figure.missingFonts().isEmpty();
        int count = 0;
        for (Map.Entry<String, Figure> figure : drawn ? figures.entrySet() : Set.<Map.Entry<String, Figure>>of()) {
            try {
                figure.getValue().write(folder, figure.getKey());
                document.figure(figure.getKey());
                count++;
            } catch (IllegalArgumentException e) {
                // The numbers are worth more than their picture.
                document.line("No picture of " + figure.getKey() + ": " + e.getMessage());
            }
        }
        byte[] markdown = document.markdown().getBytes(StandardCharsets.UTF_8);
        AtomicFiles.write(folder.resolve("report.md"), file -> file.write(markdown));
        StudyPage.write(folder.resolve("index.html"), folder.resolve(MeasuredRows.RESULTS + ".csv"), page());
        out.print(document.plain());
        out.println("written to " + folder + ": results.csv, summary.json, report.md, index.html, "
                + Printable.count(count, "figure") + " (.png, .svg)");
        Figure.missingFonts()
                .ifPresent(why -> out.println("no pictures of " + String.join(", ", figures.keySet()) + ": " + why));
    }
}
