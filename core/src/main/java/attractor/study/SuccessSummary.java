package attractor.study;

import attractor.io.FormatException;
import attractor.statistics.CochranMantelHaenszel;
import attractor.statistics.FisherExact;
import attractor.statistics.HolmCorrection;
import attractor.statistics.Interval;
import attractor.statistics.Proportion;
import attractor.statistics.Table2x2;
import attractor.task.Criterion;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How often training succeeded, by task and initial weights. A diverged training counts as one that failed. Immutable, safe for any
 * number of threads.
 *
 * @param criterion when a network passes
 * @param cells task by task, and in each of the initial weights
 * @param comparisons the two kinds of initial weights beside each other, task by task; empty unless there are two
 * @param overTasks the same comparison over all tasks together, a task a stratum; empty unless there are two kinds
 */
public record SuccessSummary(
        Criterion criterion,
        List<Cell> cells,
        List<Comparison> comparisons,
        Optional<CochranMantelHaenszel> overTasks) {

    /**
     * A published count to compare with. Immutable, safe for any thread.
     *
     * @param successes k of n
     */
    public record Published(String task, String init, Proportion successes) {}

    /**
     * One task and kind of initial weights. Immutable, safe for any thread.
     *
     * @param successes networks that pass among those that were trained
     * @param diverged how many trainings diverged
     * @param published beside it, if it is known
     * @param fisher two-sided p of no difference from the published count; NaN if that isn't known
     * @param holm the same, corrected for the number of cells that have one
     */
    public record Cell(
            String task,
            String init,
            Proportion successes,
            int diverged,
            Optional<Proportion> published,
            double fisher,
            double holm) {
        /** The rate's 95 % interval (Wilson). */
        public Interval interval() {
            return successes.wilson();
        }

        /** The rate less the published one, with its 95 % interval (Newcombe). */
        public Optional<Proportion.Difference> difference() {
            return published.map(successes::minus);
        }
    }

    /**
     * Two kinds of initial weights on one task. Immutable, safe for any thread.
     *
     * @param difference the first kind's rate less the second's, with its 95 % interval
     * @param fisher two-sided p of no difference
     */
    public record Comparison(String task, Proportion.Difference difference, double fisher) {}

    /** Copies the lists. */
    public SuccessSummary {
        cells = List.copyOf(cells);
        comparisons = List.copyOf(comparisons);
    }

    /**
     * Summarizes the results of a study of success.
     *
     * @param results its table {@code results}
     * @param published counts to compare with; may be empty. Not modified.
     * @throws FormatException if the table lacks a column or has something else than a number in it
     */
    public static SuccessSummary of(ResultTable results, Criterion criterion, List<Published> published)
            throws FormatException {
        List<Cell> cells = new ArrayList<>();
        for (Map.Entry<String, ResultTable> task : results.by("task").entrySet()) {
            for (Map.Entry<String, ResultTable> init :
                    task.getValue().by("init").entrySet()) {
                cells.add(cell(task.getKey(), init.getKey(), init.getValue(), criterion, published));
            }
        }
        double[] holm =
                HolmCorrection.adjust(cells.stream().mapToDouble(Cell::fisher).toArray());
        for (int i = 0; i < holm.length; i++) {
            Cell c = cells.get(i);
            cells.set(i, new Cell(c.task, c.init, c.successes, c.diverged, c.published, c.fisher, holm[i]));
        }
        List<String> inits = cells.stream().map(Cell::init).distinct().toList();
        List<Comparison> comparisons = new ArrayList<>();
        List<Table2x2> strata = new ArrayList<>();
        if (inits.size() == 2) {
            for (String task : cells.stream().map(Cell::task).distinct().toList()) {
                List<Cell> pair =
                        cells.stream().filter(c -> c.task.equals(task)).toList();
                if (pair.size() == 2) {
                    boolean ordered = pair.get(0).init.equals(inits.get(0));
                    Proportion a = pair.get(ordered ? 0 : 1).successes;
                    Proportion b = pair.get(ordered ? 1 : 0).successes;
                    Table2x2 table = Table2x2.of(a, b);
                    comparisons.add(new Comparison(task, a.minus(b), FisherExact.pValue(table)));
                    strata.add(table);
                }
            }
        }
        return new SuccessSummary(
                criterion,
                cells,
                comparisons,
                strata.isEmpty() ? Optional.empty() : Optional.of(CochranMantelHaenszel.of(strata)));
    }

    private static Cell cell(String task, String init, ResultTable rows, Criterion criterion, List<Published> published)
            throws FormatException {
        int passed = 0;
        int diverged = 0;
        Map<String, ResultTable> runs = rows.by("run");
        for (ResultTable run : runs.values()) {
            if (run.rows().get(0).text("outcome").equals("diverged")) {
                diverged++; // has no scores
            } else {
                passed += passes(run, criterion) ? 1 : 0;
            }
        }
        Proportion successes = new Proportion(passed, runs.size());
        Optional<Proportion> theirs = published.stream()
                .filter(p -> p.task.equals(task) && p.init.equals(init))
                .map(Published::successes)
                .findFirst();
        double fisher =
                theirs.map(p -> FisherExact.pValue(Table2x2.of(successes, p))).orElse(Double.NaN);
        return new Cell(task, init, successes, diverged, theirs, fisher, Double.NaN);
    }

    /** Whether a run's network passes: in all the rows of one convention. */
    static boolean passes(ResultTable run, Criterion criterion) throws FormatException {
        for (ResultTable.Row row : run.rows()) {
            if (!criterion.passes(row.score())) {
                return false;
            }
        }
        return true;
    }

    /** Tasks that the comparison over all tasks leaves out, since all networks, or none, pass with both kinds of weights. */
    public List<String> withoutVariance() {
        return overTasks
                .map(test -> test.withoutVariance().stream()
                        .map(k -> comparisons.get(k).task())
                        .toList())
                .orElse(List.of());
    }

    /** As JSON, see {@link attractor.io.Json}. */
    public Map<String, Object> toJson() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("maxRmse", criterion.maxRmse());
        json.put("maxShareOfZero", criterion.maxShareOfZero());
        List<Object> list = new ArrayList<>();
        for (Cell cell : cells) {
            Map<String, Object> map = new LinkedHashMap<>();
            map.put("task", cell.task);
            map.put("init", cell.init);
            map.put("passed", cell.successes.successes());
            map.put("trained", cell.successes.trials());
            map.put("diverged", cell.diverged);
            map.put("rate", cell.successes.rate());
            map.put("wilson95", interval(cell.interval()));
            cell.published.ifPresent(p -> {
                map.put("publishedPassed", p.successes());
                map.put("publishedTrained", p.trials());
                map.put("difference", cell.difference().orElseThrow().estimate());
                map.put("newcombe95", interval(cell.difference().orElseThrow().interval()));
                map.put("fisherP", cell.fisher);
                map.put("holmP", cell.holm);
            });
            list.add(map);
        }
        json.put("cells", list);
        List<Object> pairs = new ArrayList<>();
        for (Comparison comparison : comparisons) {
            Map<String, Object> map = new LinkedHashMap<>();
            map.put("task", comparison.task);
            map.put("difference", comparison.difference.estimate());
            map.put("newcombe95", interval(comparison.difference.interval()));
            map.put("fisherP", comparison.fisher);
            pairs.add(map);
        }
        json.put("initComparisons", pairs);
        overTasks.ifPresent(test -> {
            Map<String, Object> map = new LinkedHashMap<>();
            map.put("statistic", test.statistic());
            map.put("p", test.pValue());
            map.put("oddsRatio", test.oddsRatio());
            map.put("interval95", interval(test.interval()));
            map.put("tasksWithoutVariance", withoutVariance());
            json.put("cochranMantelHaenszel", map);
        });
        return json;
    }

    static List<Double> interval(Interval interval) {
        return List.of(interval.low(), interval.high());
    }
}
