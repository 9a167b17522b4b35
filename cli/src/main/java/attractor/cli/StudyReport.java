package attractor.cli;

import attractor.figure.Figure;
import attractor.figure.StudyFigures;
import attractor.io.AtomicFiles;
import attractor.io.FormatException;
import attractor.io.Json;
import attractor.statistics.ConfidenceSet;
import attractor.statistics.Interval;
import attractor.statistics.LogisticRegression;
import attractor.study.MemorySummary;
import attractor.study.ResultTable;
import attractor.study.StudyFolder;
import attractor.study.SuccessSummary;
import attractor.study.Tables;
import attractor.task.Criterion;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What a study comes to, from its tables: {@code summary.json}, figures, and {@code report.md}, whose tables are printed too. Belongs to
 * one thread.
 */
final class StudyReport {
    private static final String SCHEMA = "attractor/study-summary/1";

    /**
     * How results are read.
     *
     * @param criterion when a network passes
     * @param reference folder with published values, null if there is none
     * @param published file with published counts of success, null if there is none
     */
    record Settings(Criterion criterion, Path reference, Path published) {}

    private final Path folder;
    private final String study;
    private final Settings settings;
    private final Document document = new Document();
    private final Map<String, Figure> figures = new LinkedHashMap<>();
    private final Map<String, Object> summary = new LinkedHashMap<>();

    private StudyReport(Path folder, String study, Settings settings) {
        this.folder = folder;
        this.study = study;
        this.settings = settings;
    }

    /**
     * Writes the tables again from all finished runs, then summary, figures and report, and prints the report's tables.
     *
     * @throws IOException if a file cannot be read or written
     */
    static void write(StudyFolder folder, Settings settings, PrintWriter out) throws IOException {
        folder.writeTables();
        StudyReport report = new StudyReport(folder.directory(), folder.name(), settings);
        ResultTable results = ResultTable.read(folder.directory().resolve(Tables.RESULTS + ".csv"));
        if (results.isEmpty()) {
            out.println("no run is finished yet");
            return;
        }
        report.describe(folder, results);
        report.summarize(results);
        report.save(out);
    }

    private void describe(StudyFolder of, ResultTable results) throws IOException {
        int finished = results.by("run").size();
        summary.put("schema", SCHEMA);
        summary.put("study", study);
        summary.put("settings", of.settings().asMap());
        summary.put("runs", of.entries().size());
        summary.put("finished", finished);
        document.line("# Study: " + study);
        document.line(
                finished + " of " + of.entries().size() + " runs are finished. A row of results.csv is a run and a "
                        + "trial type, with every setting of the run.");
    }

    private void summarize(ResultTable results) throws IOException {
        switch (study) {
            case "success" -> success(results);
            case "delay" -> memory(results, "delayMs", "figure13a-delay.txt");
            case "size" -> memory(results, "units", "figure13b-size.txt");
            default ->
                throw new FormatException(
                        folder + " holds a study " + study + ", expected one that this program knows");
        }
    }

    private void save(PrintWriter out) throws IOException {
        Json.write(folder.resolve("summary.json"), summary);
        for (Map.Entry<String, Figure> figure : figures.entrySet()) {
            figure.getValue().write(folder, figure.getKey());
            document.figure(figure.getKey());
        }
        byte[] markdown = document.markdown().getBytes(StandardCharsets.UTF_8);
        AtomicFiles.write(folder.resolve("report.md"), file -> file.write(markdown));
        out.print(document.plain());
        out.println("written to " + folder + ": results.csv, summary.json, report.md, " + figures.size()
                + (figures.size() == 1 ? " figure" : " figures") + " (.png, .svg)");
    }

    private void success(ResultTable results) throws IOException {
        SuccessSummary success = SuccessSummary.of(
                results, settings.criterion, settings.published == null ? List.of() : published(settings.published));
        summary.putAll(success.toJson());
        document.line(
                "A network passes if, for every type of trial, its root-mean-square error is at most "
                        + number(settings.criterion.maxRmse(), 2)
                        + " and, where the target is not zero throughout, at most "
                        + number(settings.criterion.maxShareOfZero(), 2)
                        + " of what a silent network scores. Intervals are 95 %: Wilson's of a rate, Newcombe's of a difference.");
        boolean compared =
                success.cells().stream().anyMatch(cell -> cell.published().isPresent());
        List<String> header = new ArrayList<>(List.of("task", "weights", "passed", "rate", "interval"));
        if (compared) {
            header.addAll(List.of("published", "difference", "interval", "p", "p (Holm)"));
        }
        Document.Table table = document.table(header);
        for (SuccessSummary.Cell cell : success.cells()) {
            List<String> row = new ArrayList<>(List.of(
                    cell.task(),
                    cell.init(),
                    cell.successes().successes() + "/" + cell.successes().trials()
                            + (cell.diverged() > 0 ? " (" + cell.diverged() + " diverged)" : ""),
                    percent(cell.successes().rate()),
                    percent(cell.interval())));
            if (compared) {
                row.addAll(
                        cell.published().isEmpty()
                                ? List.of("-", "-", "-", "-", "-")
                                : List.of(
                                        cell.published().get().successes() + "/"
                                                + cell.published().get().trials(),
                                        percent(cell.difference().orElseThrow().estimate()),
                                        percent(cell.difference().orElseThrow().interval()),
                                        p(cell.fisher()),
                                        p(cell.holm())));
            }
            table.row(row);
        }
        if (!success.comparisons().isEmpty()) {
            List<String> inits = success.cells().stream()
                    .map(SuccessSummary.Cell::init)
                    .distinct()
                    .toList();
            document.line("The rate with " + inits.get(0) + " weights less that with " + inits.get(1)
                    + " weights, and Fisher's exact test of no difference:");
            Document.Table pairs = document.table(List.of("task", "difference", "interval", "p"));
            for (SuccessSummary.Comparison comparison : success.comparisons()) {
                pairs.row(List.of(
                        comparison.task(),
                        percent(comparison.difference().estimate()),
                        percent(comparison.difference().interval()),
                        p(comparison.fisher())));
            }
            success.overTasks().ifPresent(test -> {
                String without = success.withoutVariance().isEmpty()
                        ? ""
                        : " Tasks in which the weights cannot matter, since all networks passed or none did: "
                                + String.join(", ", success.withoutVariance()) + ".";
                document.line(
                        Double.isNaN(test.pValue())
                                ? "Over all tasks (Cochran-Mantel-Haenszel): no test, no task has variance." + without
                                : String.format(
                                                Locale.ROOT,
                                                "Over all tasks (Cochran-Mantel-Haenszel): chi-square %.3f, p = %s, common odds ratio %s [%s, %s].",
                                                test.statistic(),
                                                p(test.pValue()),
                                                number(test.oddsRatio(), 2),
                                                number(test.interval().low(), 2),
                                                number(test.interval().high(), 2))
                                        + without);
            });
        }
        figures.put("success", StudyFigures.success(success));
    }

    private void memory(ResultTable results, String variable, String referenceFile) throws IOException {
        List<MemorySummary.Published> published = settings.reference == null
                ? List.of()
                : PublishedFigures.memory(settings.reference.resolve("figures").resolve(referenceFile));
        MemorySummary memory = MemorySummary.of(results, variable, settings.criterion, published);
        summary.putAll(memory.toJson());
        document.line(
                "Distance of the output from its target, sqrt(sum over time of the squared error), in trials with a "
                        + "pulse, mean ± standard error over networks; beside it what a silent network scores. The published distances "
                        + "were taken against targets with noise of sd 0.03 and a baseline of 0.045: the same networks are scored so too.");
        List<String> conventions = memory.points().stream()
                .map(MemorySummary.Point::convention)
                .distinct()
                .toList();
        List<String> header = new ArrayList<>(List.of(variable.equals("units") ? "units" : "delay (ms)", "passed"));
        for (String convention : conventions) {
            header.add(convention);
            header.add("silent");
        }
        if (!published.isEmpty()) {
            header.add("published values");
        }
        Document.Table table = document.table(header);
        for (MemorySummary.Success success : memory.successes()) {
            List<String> row = new ArrayList<>(List.of(
                    number(success.x(), 0),
                    success.proportion().successes() + "/"
                            + success.proportion().trials()));
            for (String convention : conventions) {
                for (MemorySummary.Point point : memory.points()) {
                    if (point.convention().equals(convention) && point.x() == success.x()) {
                        row.add(number(point.distance().mean(), 3) + " ± "
                                + number(point.distance().standardError(), 3));
                        row.add(number(point.silent(), 2));
                    }
                }
            }
            if (row.size() < 2 + 2 * conventions.size()) {
                row = new ArrayList<>(row.subList(0, 2));
                for (int k = 0; k < 2 * conventions.size(); k++) {
                    row.add("-");
                }
            }
            if (!published.isEmpty()) {
                row.add(published.stream()
                        .filter(p -> p.x() == success.x())
                        .map(p -> number(p.distance(), 3) + " ± " + number(p.error(), 3))
                        .findFirst()
                        .orElse("-"));
            }
            table.row(row);
        }
        document.line(crossing(memory));
        memory.correlations()
                .forEach((convention, correlation) -> document.line(correlation
                        .ranks()
                        .map(r -> String.format(
                                Locale.ROOT,
                                "Rank correlation (Spearman) with the published values, %s targets: %.2f, p = %s, over %d values of the variable.",
                                convention,
                                r.rho(),
                                p(r.pValue()),
                                correlation.pairs()))
                        .orElse("Rank correlation with the published values, " + convention + " targets: only "
                                + correlation.pairs() + " values of the variable are common to both.")));
        figures.put(
                "figure-13-" + (variable.equals("units") ? "size" : "delay"),
                StudyFigures.memory(List.of(memory), Map.of(variable, published)));
    }

    private static String crossing(MemorySummary memory) {
        LogisticRegression fit = memory.regression();
        String what = memory.variable().equals("units") ? "number of units" : "delay";
        String unit = memory.variable().equals("units") ? "" : " ms";
        String interval = set(fit.profile(), unit);
        return switch (fit.outcome()) {
            case FITTED ->
                fit.crossesWithinRange()
                        ? "By logistic regression the rate of success crosses 50 % at a " + what + " of "
                                + number(fit.crossing(), 0) + unit + " (" + interval + ", profile likelihood)."
                        : "By logistic regression the rate of success does not cross 50 % within what was tried ("
                                + interval + ").";
            case ALL_SUCCEEDED ->
                "All networks pass: the rate of success does not cross 50 % within what was tried (" + interval + ").";
            case ALL_FAILED ->
                "No network passes: the rate of success does not cross 50 % within what was tried (" + interval + ").";
            default ->
                "The " + what + " separates success from failure, between "
                        + number(fit.gap().low(), 0) + " and "
                        + number(fit.gap().high(), 0) + unit + " (" + interval + ").";
        };
    }

    private static String set(ConfidenceSet set, String unit) {
        return "95 % set: "
                + switch (set.shape()) {
                    case INTERVAL ->
                        Double.isInfinite(set.low())
                                ? "below " + number(set.high(), 0) + unit
                                : Double.isInfinite(set.high())
                                        ? "above " + number(set.low(), 0) + unit
                                        : number(set.low(), 0) + " to " + number(set.high(), 0) + unit;
                    case OUTSIDE -> "below " + number(set.low(), 0) + " or above " + number(set.high(), 0) + unit;
                    case EVERYTHING -> "any value";
                };
    }

    private static List<SuccessSummary.Published> published(Path file) throws IOException {
        List<SuccessSummary.Published> published = new ArrayList<>();
        for (ResultTable.Row row : ResultTable.read(file).rows()) {
            double passed = row.number("passed");
            double trained = row.number("trained");
            if (passed != Math.rint(passed)
                    || trained != Math.rint(trained)
                    || !(trained >= 1 && passed >= 0)
                    || passed > trained) {
                throw new FormatException(file + " has " + row.text("passed") + " of " + row.text("trained")
                        + ", expected whole numbers, the first at most the second");
            }
            published.add(new SuccessSummary.Published(
                    row.text("task"), row.text("init"), new attractor.statistics.Proportion((int) passed, (int)
                            trained)));
        }
        return published;
    }

    static String number(double value, int decimals) {
        return Double.isFinite(value)
                ? String.format(Locale.ROOT, "%." + decimals + "f", value)
                : Double.isNaN(value) ? "-" : value > 0 ? "∞" : "-∞";
    }

    private static String percent(double rate) {
        return number(100 * rate, 0) + " %";
    }

    private static String percent(Interval interval) {
        return number(100 * interval.low(), 0) + " to " + number(100 * interval.high(), 0) + " %";
    }

    private static String p(double value) {
        return Double.isNaN(value) ? "-" : value < 0.001 ? String.format(Locale.ROOT, "%.1e", value) : number(value, 3);
    }
}
