package attractor.study;

import attractor.io.FormatException;
import attractor.statistics.CochranMantelHaenszel;
import attractor.statistics.FisherExact;
import attractor.statistics.HolmCorrection;
import attractor.statistics.Interval;
import attractor.statistics.Proportion;
import attractor.statistics.Table2x2;
import attractor.task.Criterion;
import attractor.task.TypeScore;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How often training succeeded, by task and initial weights. A diverged training counts as failed. Immutable, safe for
 * any number of threads.
 *
 * @param criterion the criterion by which a network passes
 * @param cells results by task, and within a task by initial weights
 * @param comparisons comparisons of the two kinds of initial weights, by task; empty unless there are two kinds
 * @param overTasks the same comparison over all tasks together, with each task as a stratum; empty unless there are two
 *     kinds
 * @param pooled our rates against the published ones over all cells together, then over those of each kind of weights
 *     if there are several; empty without published counts
 * @param bounds numbers of networks that pass with other bounds on the error
 */
public record SuccessSummary(
        Criterion criterion,
        List<Cell> cells,
        List<Comparison> comparisons,
        Optional<CochranMantelHaenszel> overTasks,
        List<Pooled> pooled,
        List<Bound> bounds) {

    /** Bounds on the root-mean-square error for which the summary counts the networks that pass. */
    private static final double[] BOUNDS = {0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5};

    /**
     * A published count for comparison. Immutable, safe for any thread.
     *
     * @param successes k successes of n trainings
     */
    public record Published(String task, String init, Proportion successes) {}

    /**
     * One task and kind of initial weights. Immutable, safe for any thread.
     *
     * @param successes proportion of trained networks that pass
     * @param diverged number of diverged trainings
     * @param published the published proportion, if it is known
     * @param fisher two-sided p-value of no difference from the published count; NaN if that isn't known
     * @param holm the same, corrected for the number of cells that have one
     * @param needed for each network the lowest bound on the root-mean-square error with which it passes, with the
     *     criterion's limit relative to a silent output unchanged; in increasing order, infinite if it passes with no
     *     bound
     * @param types what the networks score on each type of trial
     */
    public record Cell(
            String task,
            String init,
            Proportion successes,
            int diverged,
            Optional<Proportion> published,
            double fisher,
            double holm,
            List<Double> needed,
            List<TypeSummary> types) {
        /** Copies the lists. */
        public Cell {
            needed = List.copyOf(needed);
            types = List.copyOf(types);
        }

        /** Number of networks that pass with a bound on the root-mean-square error. */
        public int passedBy(double maxRmse) {
            return (int) needed.stream().filter(bound -> bound <= maxRmse).count();
        }

        private Optional<Table2x2> besidePublished(int passed) {
            return published.map(p -> Table2x2.of(new Proportion(passed, successes.trials()), p));
        }

        /** The rate's 95 % interval (Wilson). */
        public Interval interval() {
            return successes.wilson();
        }

        /** The rate minus the published one, with its 95 % interval (Newcombe). */
        public Optional<Proportion.Difference> difference() {
            return published.map(successes::minus);
        }
    }

    /**
     * Two kinds of initial weights on one task. Immutable, safe for any thread.
     *
     * @param difference the first kind's rate minus the second's, with its 95 % interval
     * @param fisher two-sided p-value of no difference
     */
    public record Comparison(String task, Proportion.Difference difference, double fisher) {}

    /**
     * Our rates against the published ones over several cells, with each cell as a stratum; with an odds ratio above 1
     * our networks pass more often. Immutable, safe for any thread.
     *
     * @param init kind of initial weights; empty for all
     */
    public record Pooled(Optional<String> init, CochranMantelHaenszel test) {}

    /**
     * The networks that pass with a bound on the root-mean-square error other than the criterion's. Immutable, safe for
     * any thread.
     *
     * @param maxRmse the bound
     * @param passed number of networks that pass, in the cells' order
     * @param test our rates against the published ones over all cells; empty without published ones
     */
    public record Bound(double maxRmse, List<Integer> passed, Optional<CochranMantelHaenszel> test) {}

    /** Copies the lists. */
    public SuccessSummary {
        pooled = List.copyOf(pooled);
        bounds = List.copyOf(bounds);
        cells = List.copyOf(cells);
        comparisons = List.copyOf(comparisons);
    }

    /**
     * Summarizes the results of a study of success.
     *
     * @param results its table {@code results}
     * @param published counts for comparison; may be empty. Not modified.
     * @throws FormatException if the table lacks a column or has a cell that should be a number and isn't
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
            cells.set(
                    i,
                    new Cell(
                            c.task,
                            c.init,
                            c.successes,
                            c.diverged,
                            c.published,
                            c.fisher,
                            holm[i],
                            c.needed,
                            c.types));
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
                strata.isEmpty() ? Optional.empty() : Optional.of(CochranMantelHaenszel.of(strata)),
                pooled(cells, inits, criterion),
                bounds(cells));
    }

    private static List<Pooled> pooled(List<Cell> cells, List<String> inits, Criterion criterion) {
        List<Pooled> pooled = new ArrayList<>();
        besidePublished(cells, criterion.maxRmse()).ifPresent(test -> pooled.add(new Pooled(Optional.empty(), test)));
        for (String init : inits.size() > 1 ? inits : List.<String>of()) {
            List<Cell> some = cells.stream().filter(c -> c.init.equals(init)).toList();
            besidePublished(some, criterion.maxRmse())
                    .ifPresent(test -> pooled.add(new Pooled(Optional.of(init), test)));
        }
        return pooled;
    }

    private static List<Bound> bounds(List<Cell> cells) {
        List<Bound> bounds = new ArrayList<>();
        for (double bound : BOUNDS) {
            List<Integer> passed = cells.stream().map(c -> c.passedBy(bound)).toList();
            bounds.add(new Bound(bound, passed, besidePublished(cells, bound)));
        }
        return bounds;
    }

    private static Optional<CochranMantelHaenszel> besidePublished(List<Cell> cells, double maxRmse) {
        List<Table2x2> strata = cells.stream()
                .flatMap(c -> c.besidePublished(c.passedBy(maxRmse)).stream())
                .toList();
        return strata.isEmpty() ? Optional.empty() : Optional.of(CochranMantelHaenszel.of(strata));
    }

    private static Cell cell(String task, String init, ResultTable rows, Criterion criterion, List<Published> published)
            throws FormatException {
        List<Double> needed = new ArrayList<>();
        int diverged = 0;
        Map<String, ResultTable> runs = rows.by("run");
        for (ResultTable run : runs.values()) {
            if (run.rows().get(0).text("outcome").equals("diverged")) {
                diverged++; // a diverged training has no scores
                needed.add(Double.POSITIVE_INFINITY);
            } else {
                needed.add(needed(run, criterion));
            }
        }
        needed.sort(null);
        int passed = (int)
                needed.stream().filter(bound -> bound <= criterion.maxRmse()).count();
        Proportion successes = new Proportion(passed, runs.size());
        Optional<Proportion> theirs = published.stream()
                .filter(p -> p.task.equals(task) && p.init.equals(init))
                .map(Published::successes)
                .findFirst();
        double fisher =
                theirs.map(p -> FisherExact.pValue(Table2x2.of(successes, p))).orElse(Double.NaN);
        return new Cell(
                task, init, successes, diverged, theirs, fisher, Double.NaN, needed, TypeSummary.of(rows, criterion));
    }

    /** The lowest bound on the error with which a network passes: the error on its worst type; 0 where classes are judged. */
    private static double needed(ResultTable run, Criterion criterion) throws FormatException {
        double bound = 0;
        for (ResultTable.Row row : run.rows()) {
            TypeScore score = row.score();
            boolean ever =
                    new Criterion(Double.MAX_VALUE, criterion.maxShareOfZero(), criterion.minAccuracy()).passes(score);
            double error = score.decisions().isPresent() ? 0 : score.rmse();
            bound = ever ? Math.max(bound, error) : Double.POSITIVE_INFINITY;
            if (!ever) {
                break;
            }
        }
        return bound;
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

    /**
     * Tasks that are left out of the comparison over all tasks, since with both kinds of weights all networks pass, or
     * none.
     */
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
        json.put("minAccuracy", criterion.minAccuracy());
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
            // Networks that pass with no bound are missing.
            map.put("neededRmse", cell.needed.stream().filter(Double::isFinite).toList());
            map.put("types", TypeSummary.toJson(cell.types));
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
            Map<String, Object> map = json(test);
            map.put("tasksWithoutVariance", withoutVariance());
            json.put("cochranMantelHaenszel", map);
        });
        List<Object> beside = new ArrayList<>();
        for (Pooled one : pooled) {
            Map<String, Object> map = new LinkedHashMap<>();
            map.put("weights", one.init.orElse("all"));
            map.putAll(json(one.test));
            beside.add(map);
        }
        if (!beside.isEmpty()) {
            json.put("pooledAgainstPublished", beside);
        }
        List<Object> others = new ArrayList<>();
        for (Bound bound : bounds) {
            Map<String, Object> map = new LinkedHashMap<>();
            map.put("maxRmse", bound.maxRmse);
            map.put("passed", bound.passed);
            bound.test.ifPresent(test -> map.put("againstPublished", json(test)));
            others.add(map);
        }
        json.put("otherBounds", others);
        return json;
    }

    private static Map<String, Object> json(CochranMantelHaenszel test) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("statistic", test.statistic());
        map.put("p", test.pValue());
        map.put("oddsRatio", test.oddsRatio());
        map.put("interval95", interval(test.interval()));
        return map;
    }

    static List<Double> interval(Interval interval) {
        return List.of(interval.low(), interval.high());
    }
}
