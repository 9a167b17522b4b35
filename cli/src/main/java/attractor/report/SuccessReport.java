package attractor.report;

import attractor.figure.StudyFigures;
import attractor.io.FormatException;
import attractor.model.Precision;
import attractor.statistics.CochranMantelHaenszel;
import attractor.statistics.Proportion;
import attractor.study.PrecisionComparison;
import attractor.study.ResultTable;
import attractor.study.SuccessSummary;
import attractor.study.TypeSummary;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Report on how often training succeeds: table 6. Stateless. */
final class SuccessReport {
    private SuccessReport() {}

    static void write(ResultTable all, String made, StudyReport to) throws IOException {
        boolean paired = PrecisionComparison.isPossible(all);
        ResultTable results = paired ? PrecisionComparison.of(all, Precision.DOUBLE) : all;
        SuccessSummary success = SuccessSummary.of(
                results,
                to.options.criterion(),
                to.options.published() == null ? List.of() : published(to.options.published()));
        to.summary.putAll(success.toJson());
        if (paired) {
            PrecisionComparison comparison = PrecisionComparison.of(all, to.options.criterion());
            to.summary.put("precisions", comparison.toJson());
            precisions(comparison, to.document);
        }
        boolean classes =
                success.cells().stream().anyMatch(cell -> cell.types().stream().anyMatch(TypeSummary::classes));
        to.document.line("A network passes if, for every type of trial, its root-mean-square error is at most "
                + Format.number(to.options.criterion().maxRmse(), 2)
                + " and, where the target is not zero throughout, at most "
                + Format.number(to.options.criterion().maxShareOfZero(), 2)
                + " of what a silent network scores"
                + (classes
                        ? "; where answers are classes, if at least "
                                + Format.share(to.options.criterion().minAccuracy())
                                + " of them are right in every type"
                        : "")
                + ". Intervals are 95 %: Wilson's of a rate, Newcombe's of a difference.");
        boolean compared =
                success.cells().stream().anyMatch(cell -> cell.published().isPresent());
        if (!made.isEmpty()) {
            to.document.line("In this study" + made + ".");
        }
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
            to.document.line("The rate with " + inits.get(0) + " weights minus the rate with " + inits.get(1)
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
        pooled(success, to.document);
        Map<String, List<TypeSummary>> types = new LinkedHashMap<>();
        success.cells().forEach(cell -> types.put(cell.task() + ", " + cell.init(), cell.types()));
        SweepReport.byType(to.document, "task, weights", types);
        to.figures.put("success", StudyFigures.success(success));
        // Where all answers are classes, no bound on the error matters.
        boolean allClasses =
                success.cells().stream().flatMap(cell -> cell.types().stream()).allMatch(TypeSummary::classes);
        if (!allClasses) {
            bounds(success, to);
            to.figures.put("bounds", StudyFigures.bounds(success));
        }
    }

    /** Compares the networks in double with those in float. */
    private static void precisions(PrecisionComparison comparison, Document document) {
        document.line(
                "Networks of equal seed, trained in double and in float: in how many pairs both pass, or only one, and McNemar's "
                        + "exact test of no difference. All that follows is of the networks in double.");
        Document.Table table = document.table(
                List.of("task", "weights", "pairs", "both pass", "only double", "only float", "neither", "p"));
        List<PrecisionComparison.Pairs> rows = new ArrayList<>(comparison.pairs());
        rows.add(comparison.all());
        for (PrecisionComparison.Pairs pairs : rows) {
            table.row(List.of(
                    pairs.task(),
                    pairs.init(),
                    Integer.toString(pairs.count()),
                    Integer.toString(pairs.both()),
                    Integer.toString(pairs.onlyDouble()),
                    Integer.toString(pairs.onlyFloat()),
                    Integer.toString(pairs.neither()),
                    Format.p(pairs.pValue())));
        }
    }

    /** Compares our counts with the published ones over all cells. */
    private static void pooled(SuccessSummary success, Document document) {
        if (success.pooled().isEmpty()) {
            return;
        }
        document.line(
                "Comparison with the published counts over several cells together, with each cell as a stratum (Cochran-Mantel-Haenszel with "
                        + "continuity correction); with an odds ratio above 1, our networks pass more often:");
        Document.Table table =
                document.table(List.of("weights", "ours", "published", "chi-square", "p", "odds ratio", "interval"));
        for (SuccessSummary.Pooled pooled : success.pooled()) {
            List<SuccessSummary.Cell> cells = success.cells().stream()
                    .filter(c -> c.published().isPresent()
                            && pooled.init().map(c.init()::equals).orElse(true))
                    .toList();
            CochranMantelHaenszel test = pooled.test();
            table.row(List.of(
                    pooled.init().orElse("all"),
                    total(cells.stream().map(SuccessSummary.Cell::successes).toList()),
                    total(cells.stream().map(c -> c.published().orElseThrow()).toList()),
                    Format.number(test.statistic(), 2),
                    Format.p(test.pValue()),
                    Format.number(test.oddsRatio(), 2),
                    Format.number(test.interval().low(), 2) + " to "
                            + Format.number(test.interval().high(), 2)));
        }
    }

    private static String total(List<Proportion> all) {
        return all.stream().mapToInt(Proportion::successes).sum() + "/"
                + all.stream().mapToInt(Proportion::trials).sum();
    }

    /** The numbers of networks that pass with other bounds on the error. */
    private static void bounds(SuccessSummary success, StudyReport to) {
        boolean compared = !success.pooled().isEmpty();
        List<String> inits = success.cells().stream()
                .map(SuccessSummary.Cell::init)
                .distinct()
                .toList();
        to.document.line(
                "The result depends on the bound on the root-mean-square error: networks that pass with other bounds, with the limit relative to an output "
                        + "of zero unchanged"
                        + (compared
                                ? ", and the comparison with the published counts over all cells. To interpret it, the bound of the published "
                                        + "counts must be known."
                                : "."));
        List<String> header = new ArrayList<>(List.of("bound"));
        header.addAll(inits);
        header.add("all");
        if (compared) {
            header.addAll(List.of("odds ratio", "p"));
        }
        Document.Table table = to.document.table(header);
        for (SuccessSummary.Bound bound : success.bounds()) {
            List<String> row = new ArrayList<>(List.of(Format.number(bound.maxRmse(), 2)));
            List<Proportion> all = new ArrayList<>();
            for (String init : inits) {
                List<Proportion> some = new ArrayList<>();
                for (int k = 0; k < success.cells().size(); k++) {
                    SuccessSummary.Cell cell = success.cells().get(k);
                    if (cell.init().equals(init)) {
                        some.add(new Proportion(
                                bound.passed().get(k), cell.successes().trials()));
                    }
                }
                row.add(total(some));
                all.addAll(some);
            }
            row.add(total(all));
            if (compared) {
                row.add(bound.test()
                        .map(test -> Format.number(test.oddsRatio(), 2))
                        .orElse("-"));
                row.add(bound.test().map(test -> Format.p(test.pValue())).orElse("-"));
            }
            table.row(row);
        }
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
