package attractor.report;

import attractor.figure.StudyFigures;
import attractor.io.FormatException;
import attractor.statistics.Proportion;
import attractor.study.ResultTable;
import attractor.study.SuccessSummary;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** How often training succeeds: table 6. Stateless. */
final class SuccessReport {
    private SuccessReport() {}

    static void write(ResultTable results, StudyReport to) throws IOException {
        SuccessSummary success = SuccessSummary.of(
                results,
                to.settings.criterion(),
                to.settings.published() == null ? List.of() : published(to.settings.published()));
        to.summary.putAll(success.toJson());
        to.document.line(
                "A network passes if, for every type of trial, its root-mean-square error is at most "
                        + Format.number(to.settings.criterion().maxRmse(), 2)
                        + " and, where the target is not zero throughout, at most "
                        + Format.number(to.settings.criterion().maxShareOfZero(), 2)
                        + " of what a silent network scores. Intervals are 95 %: Wilson's of a rate, Newcombe's of a difference.");
        boolean compared =
                success.cells().stream().anyMatch(cell -> cell.published().isPresent());
        List<String> header = new ArrayList<>(List.of("task", "weights", "passed", "rate", "interval"));
        if (compared) {
            header.addAll(List.of("published", "difference", "interval", "p", "p (Holm)"));
        }
        Document.Table table = to.document.table(header);
        for (SuccessSummary.Cell cell : success.cells()) {
            List<String> row = new ArrayList<>(List.of(
                    cell.task(),
                    cell.init(),
                    cell.successes().successes() + "/" + cell.successes().trials()
                            + (cell.diverged() > 0 ? " (" + cell.diverged() + " diverged)" : ""),
                    Format.percent(cell.successes().rate()),
                    Format.percent(cell.interval())));
            if (compared) {
                row.addAll(
                        cell.published().isEmpty()
                                ? List.of("-", "-", "-", "-", "-")
                                : List.of(
                                        cell.published().get().successes() + "/"
                                                + cell.published().get().trials(),
                                        Format.percent(
                                                cell.difference().orElseThrow().estimate()),
                                        Format.percent(
                                                cell.difference().orElseThrow().interval()),
                                        Format.p(cell.fisher()),
                                        Format.p(cell.holm())));
            }
            table.row(row);
        }
        if (!success.comparisons().isEmpty()) {
            List<String> inits = success.cells().stream()
                    .map(SuccessSummary.Cell::init)
                    .distinct()
                    .toList();
            to.document.line("The rate with " + inits.get(0) + " weights less that with " + inits.get(1)
                    + " weights, and Fisher's exact test of no difference:");
            Document.Table pairs = to.document.table(List.of("task", "difference", "interval", "p"));
            for (SuccessSummary.Comparison comparison : success.comparisons()) {
                pairs.row(List.of(
                        comparison.task(),
                        Format.percent(comparison.difference().estimate()),
                        Format.percent(comparison.difference().interval()),
                        Format.p(comparison.fisher())));
            }
            success.overTasks().ifPresent(test -> {
                String without = success.withoutVariance().isEmpty()
                        ? ""
                        : " Tasks in which the weights cannot matter, since all networks passed or none did: "
                                + String.join(", ", success.withoutVariance()) + ".";
                to.document.line(
                        Double.isNaN(test.pValue())
                                ? "Over all tasks (Cochran-Mantel-Haenszel): no test, no task has variance." + without
                                : String.format(
                                                Locale.ROOT,
                                                "Over all tasks (Cochran-Mantel-Haenszel): chi-square %.3f, p = %s, common odds ratio %s [%s, %s].",
                                                test.statistic(),
                                                Format.p(test.pValue()),
                                                Format.number(test.oddsRatio(), 2),
                                                Format.number(test.interval().low(), 2),
                                                Format.number(test.interval().high(), 2))
                                        + without);
            });
        }
        to.figures.put("success", StudyFigures.success(success));
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
                    row.text("task"), row.text("init"), new Proportion((int) passed, (int) trained)));
        }
        return published;
    }
}
