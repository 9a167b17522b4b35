package attractor.report;

import attractor.figure.StudyFigures;
import attractor.io.FormatException;
import attractor.io.Printable;
import attractor.statistics.ConfidenceSet;
import attractor.statistics.LogisticRegression;
import attractor.statistics.Summary;
import attractor.study.MemorySummary;
import attractor.study.ResultTable;
import attractor.task.TaskOptions;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Report on the memory of a pulse against the delay or the number of units: figure 13. Stateless. */
final class MemoryReport {
    private MemoryReport() {}

    static void write(ResultTable results, String variable, String referenceFile, StudyReport to) throws IOException {
        List<MemorySummary.Published> published = to.options.reference() == null
                ? List.of()
                : PublishedFigures.memory(
                        to.options.reference().resolve("figures").resolve(referenceFile));
        MemorySummary memory = MemorySummary.of(results, variable, to.options.criterion(), published);
        to.summary.putAll(memory.toJson());
        trials(results, to.document);
        to.document.line(
                "Distance of the output from its target, sqrt(sum over time of the squared error), in trials with a "
                        + "pulse, mean ± standard error over networks and over those that pass; beside it the distance of an output of zero. The published distances "
                        + "were computed against targets with noise of sd 0.03 and a baseline of 0.045: the same networks are scored in this way too.");
        List<String> conventions = memory.points().stream()
                .map(MemorySummary.Point::convention)
                .distinct()
                .toList();
        List<String> header = new ArrayList<>(List.of(variable.equals("units") ? "units" : "delay (ms)", "passed"));
        for (String convention : conventions) {
            header.add(convention);
            header.add("of those that pass");
            header.add("silent");
        }
        if (!published.isEmpty()) {
            header.add("published values");
        }
        Document.Table table = to.document.table(header);
        for (MemorySummary.Success success : memory.successes()) {
            List<String> row = new ArrayList<>(List.of(
                    Format.number(success.x(), 0),
                    success.proportion().successes() + "/"
                            + success.proportion().trials()));
            for (String convention : conventions) {
                Optional<MemorySummary.Point> point = memory.points().stream()
                        .filter(p -> p.convention().equals(convention) && p.x() == success.x())
                        .findFirst();
                row.add(point.map(p -> mean(p.distance())).orElse("-"));
                row.add(point.map(p -> mean(p.passing())).orElse("-"));
                row.add(point.map(p -> Format.number(p.silent(), 2)).orElse("-"));
            }
            if (!published.isEmpty()) {
                row.add(published.stream()
                        .filter(p -> p.x() == success.x())
                        .map(p -> Format.number(p.distance(), 3)
                                + (Double.isFinite(p.error()) ? " ± " + Format.number(p.error(), 3) : ""))
                        .findFirst()
                        .orElse("-"));
            }
            table.row(row);
        }
        memory.regression().ifPresent(fit -> to.document.line(crossing(fit, memory.variable())));
        correlations("", memory.correlations(), to.document);
        correlations(", networks that pass", memory.passingCorrelations(), to.document);
        to.figures.put(
                "figure-13-" + (variable.equals("units") ? "size" : "delay"), StudyFigures.memory(memory, published));
    }

    /** The length and noise of the trials, which differ from the task's defaults. */
    private static void trials(ResultTable results, Document document) throws FormatException {
        if (results.rows().get(0).get(TaskOptions.DURATION_MS) != null
                && results.rows().get(0).get(TaskOptions.NOISE_SD) != null) {
            document.line("Trials of "
                    + String.join(", ", numbers(results, TaskOptions.DURATION_MS))
                    + " ms; noise on the input at every step, sd "
                    + String.join(", ", numbers(results, TaskOptions.NOISE_SD)) + ".");
        }
    }

    private static List<String> numbers(ResultTable results, String column) throws FormatException {
        return results.texts(column).stream()
                .map(text -> text.endsWith(".0") ? text.substring(0, text.length() - 2) : text)
                .toList();
    }

    private static String mean(Summary distances) {
        return Format.mean(distances, 3);
    }

    private static void correlations(
            String which, Map<String, MemorySummary.Correlation> correlations, Document document) {
        correlations.forEach((convention, correlation) -> document.line(correlation
                .ranks()
                .map(r -> String.format(
                        Locale.ROOT,
                        "Rank correlation (Spearman) with the published values, %s targets%s: %.2f, p = %s, over %d values of the variable.",
                        convention,
                        which,
                        r.rho(),
                        Format.p(r.pValue()),
                        correlation.pairs()))
                .orElse("Rank correlation with the published values, " + convention + " targets" + which + ": only "
                        + Printable.count(correlation.pairs(), "value")
                        + " of the variable " + (correlation.pairs() == 1 ? "is" : "are") + " common to both.")));
    }

    private static String crossing(LogisticRegression fit, String variable) {
        String what = variable.equals("units") ? "number of units" : "delay";
        String unit = variable.equals("units") ? "" : " ms";
        String interval = set(fit.profile(), unit);
        return switch (fit.outcome()) {
            case FITTED ->
                fit.crossesWithinRange()
                        ? "By logistic regression the rate of success crosses 50 % at a " + what + " of "
                                + Format.number(fit.crossing(), 0) + unit + " (" + interval + ", profile likelihood)."
                        : "By logistic regression the rate of success does not cross 50 % within the values tried ("
                                + interval + ").";
            case ALL_SUCCEEDED ->
                "All networks pass: the rate of success does not cross 50 % within the values tried (" + interval
                        + ").";
            case ALL_FAILED ->
                "No network passes: the rate of success does not cross 50 % within the values tried (" + interval
                        + ").";
            default ->
                "The " + what + " separates success from failure, between "
                        + Format.number(fit.gap().low(), 0) + " and "
                        + Format.number(fit.gap().high(), 0) + unit + " (" + interval + ").";
        };
    }

    /** A confidence set of a variable above 0, in words. */
    private static String set(ConfidenceSet set, String unit) {
        String low = Format.number(set.low(), 0) + unit;
        String high = Format.number(set.high(), 0) + unit;
        String text = switch (set.shape()) {
            case INTERVAL ->
                set.high() <= 0
                        ? "no value"
                        : set.low() <= 0 && Double.isInfinite(set.high())
                                ? "any value"
                                : set.low() <= 0
                                        ? "below " + high
                                        : Double.isInfinite(set.high())
                                                ? "above " + low
                                                : Format.number(set.low(), 0) + " to " + high;
            case OUTSIDE ->
                set.high() <= 0 ? "any value" : set.low() <= 0 ? "above " + high : "below " + low + " or above " + high;
            case EVERYTHING -> "any value";
        };
        return "95 % set: " + text;
    }
}
