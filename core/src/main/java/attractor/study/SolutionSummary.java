package attractor.study;

import attractor.io.FormatException;
import attractor.similarity.GroupSeparation;
import attractor.similarity.NetworkComparison.Matrix;
import attractor.similarity.NetworkComparison.Measure;
import attractor.statistics.NormalTest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How many different solutions of a task there are among a study's networks, whether the initial weights tell them, and
 * whether that changes with the number of units. Networks that don't pass are no solutions and are left out.
 *
 * <p>Thread-safe as long as the arrays are not modified; they are not copied.
 *
 * @param cells by task and number of units; where there are several numbers also all of them together
 * @param changes where there are several numbers of units, from the least to the largest of those that can be compared
 */
public record SolutionSummary(List<Cell> cells, List<Change> changes) {
    /** Units of a cell with networks of all sizes. */
    public static final String ALL = "all";

    private static final long SEED = 0;

    /**
     * Networks of one task. Thread-safe as long as the arrays are not modified.
     *
     * @param units their number of units, or {@link #ALL}
     * @param networks number of finished networks
     * @param passed number of those that pass, n, which the rest is about
     * @param inits the kinds of initial weights, in the order of their first networks
     * @param init each network's kind, an index into {@code inits}, n
     * @param measures what each measure finds; none if fewer than two networks pass
     * @param graphs the different graphs of attractors, most frequent first
     */
    public record Cell(
            String task,
            String units,
            int networks,
            int passed,
            List<String> inits,
            int[] init,
            Map<Measure, Found> measures,
            List<Graph> graphs) {
        /** As many equally frequent graphs would be as diverse: 1 / sum of squared shares (Simpson). */
        public double effectiveGraphs() {
            double squares = 0.0;
            for (Graph graph : graphs) {
                double share = graph.networks() / (double) passed;
                squares += share * share;
            }
            return 1.0 / squares;
        }
    }

    /**
     * What a measure finds. Thread-safe as long as the arrays are not modified.
     *
     * @param matrix distances, clusters and map
     * @param byInit whether the initial weights tell the solutions; empty if there is one kind, or one network of a kind
     * @param byUnits the same of the number of units; only where networks of several sizes are together
     */
    public record Found(Matrix matrix, Optional<Told> byInit, Optional<Told> byUnits) {}

    /**
     * How well groups tell solutions apart. Immutable, safe for any thread.
     *
     * @param share of the squared distances that they explain, see {@link GroupSeparation}
     * @param standardError of the share, by leaving out one network at a time (jackknife)
     * @param chance the share that groups without any meaning have on average, (G - 1) / (n - 1)
     * @param p by permutation
     */
    public record Told(double share, double standardError, double chance, double p) {}

    /**
     * A graph of attractors. Immutable, safe for any thread.
     *
     * @param networks how many networks have it
     * @param byInit the same by kind of initial weights
     */
    public record Graph(String words, int networks, Map<String, Integer> byInit) {}

    /**
     * Whether the share that initial weights explain changes with the number of units. Immutable, safe for any thread.
     *
     * @param least the least number of units
     * @param most the largest
     * @param difference the share at the largest less that at the least number
     * @param p that there is none, by the normal distribution
     */
    public record Change(String task, Measure measure, String least, String most, double difference, double p) {}

    /**
     * Summarizes.
     *
     * @param networks the table {@link SolutionTables#NETWORKS}
     * @param pairs the table {@link SolutionTables#PAIRS}
     * @throws FormatException if a table lacks a column, a cell should be a number and isn't, or a pair is missing
     */
    public static SolutionSummary of(ResultTable networks, ResultTable pairs) throws FormatException {
        List<Cell> cells = new ArrayList<>();
        List<Change> changes = new ArrayList<>();
        Map<String, ResultTable> pairsByTask = pairs.by("task");
        for (Map.Entry<String, ResultTable> task : networks.by("task").entrySet()) {
            Distances distances = Distances.of(pairsByTask.get(task.getKey()));
            List<Cell> sizes = new ArrayList<>();
            Map<String, ResultTable> byUnits = task.getValue().by("units");
            List<String> units = byUnits.keySet().stream()
                    .sorted((a, b) -> Double.compare(Double.parseDouble(a), Double.parseDouble(b)))
                    .toList();
            for (String size : units) {
                sizes.add(cell(task.getKey(), size, byUnits.get(size), distances));
            }
            cells.addAll(sizes);
            if (units.size() > 1) {
                cells.add(cell(task.getKey(), ALL, task.getValue(), distances));
                for (Measure measure : Measure.values()) {
                    // Where too few networks of a size pass, others are compared.
                    List<Cell> told = sizes.stream()
                            .filter(c -> c.measures().containsKey(measure)
                                    && c.measures().get(measure).byInit().isPresent())
                            .toList();
                    if (told.size() > 1) {
                        change(told.get(0), told.get(told.size() - 1), measure).ifPresent(changes::add);
                    }
                }
            }
        }
        return new SolutionSummary(List.copyOf(cells), List.copyOf(changes));
    }

    /** The distances of a task's pairs. */
    private record Distances(Map<String, Map<Measure, Double>> byPair) {
        static Distances of(ResultTable pairs) throws FormatException {
            Map<String, Map<Measure, Double>> byPair = new HashMap<>();
            if (pairs != null) {
                for (ResultTable.Row row : pairs.rows()) {
                    Map<Measure, Double> values = new EnumMap<>(Measure.class);
                    for (Measure measure : Measure.values()) {
                        values.put(measure, row.finite(SolutionTables.id(measure)));
                    }
                    byPair.put(row.text("first") + " " + row.text("second"), values);
                    byPair.put(row.text("second") + " " + row.text("first"), values);
                }
            }
            return new Distances(byPair);
        }

        double[] matrix(List<String> runs, Measure measure) throws FormatException {
            int n = runs.size();
            double[] d = new double[n * n];
            for (int i = 0; i < n; i++) {
                for (int j = 0; j < n; j++) {
                    Map<Measure, Double> pair = byPair.get(runs.get(i) + " " + runs.get(j));
                    if (pair == null && i != j) {
                        throw new FormatException(SolutionTables.PAIRS + ".csv has no pair of " + runs.get(i) + " and "
                                + runs.get(j) + ", expected all pairs of networks that pass");
                    }
                    d[i * n + j] = i == j ? 0.0 : pair.get(measure);
                }
            }
            return d;
        }
    }

    private static Cell cell(String task, String units, ResultTable networks, Distances distances)
            throws FormatException {
        List<String> runs = new ArrayList<>();
        List<String> kinds = new ArrayList<>();
        List<String> sizes = new ArrayList<>();
        Map<String, Map<String, Integer>> graphs = new LinkedHashMap<>();
        for (ResultTable.Row row : networks.rows()) {
            if (row.flag("passed")) {
                runs.add(row.text("run"));
                kinds.add(row.text("init"));
                sizes.add(row.text("units"));
                graphs.computeIfAbsent(row.text("attractors"), words -> new LinkedHashMap<>())
                        .merge(row.text("init"), 1, Integer::sum);
            }
        }
        List<String> inits = networks.texts("init").stream().distinct().toList();
        int[] byInit = groups(kinds);
        int[] byUnits = groups(sizes);
        Map<Measure, Found> measures = new LinkedHashMap<>();
        for (Measure measure : runs.size() < 2 ? new Measure[0] : Measure.values()) {
            double[] d = distances.matrix(runs, measure);
            measures.put(measure, new Found(Matrix.of(d, runs.size(), SEED), told(d, byInit), told(d, byUnits)));
        }
        List<Graph> frequent = graphs.entrySet().stream()
                .map(e -> new Graph(
                        e.getKey(),
                        e.getValue().values().stream()
                                .mapToInt(Integer::intValue)
                                .sum(),
                        e.getValue()))
                .sorted((a, b) -> b.networks - a.networks)
                .toList();
        return new Cell(
                task,
                units,
                networks.rows().size(),
                runs.size(),
                inits,
                kinds.stream().mapToInt(inits::indexOf).toArray(),
                measures,
                frequent);
    }

    private static int[] groups(List<String> levels) {
        List<String> different = levels.stream().distinct().toList();
        return levels.stream().mapToInt(different::indexOf).toArray();
    }

    /** Empty unless there are two groups of two or more. */
    private static Optional<Told> told(double[] d, int[] group) {
        int n = group.length;
        int groups = Arrays.stream(group).max().orElse(-1) + 1;
        int[] sizes = new int[groups];
        for (int g : group) {
            sizes[g]++;
        }
        if (groups < 2 || Arrays.stream(sizes).min().orElse(0) < 2) {
            return Optional.empty();
        }
        GroupSeparation all = GroupSeparation.of(d, group, SEED);
        double[] without = new double[n];
        double mean = 0.0;
        for (int out = 0; out < n; out++) {
            without[out] = GroupSeparation.share(less(d, n, out), less(group, out));
            mean += without[out] / n;
        }
        double squares = 0.0;
        for (double share : without) {
            squares += (share - mean) * (share - mean);
        }
        return Optional.of(
                new Told(all.share(), Math.sqrt((n - 1.0) / n * squares), (groups - 1.0) / (n - 1.0), all.p()));
    }

    private static double[] less(double[] d, int n, int out) {
        double[] left = new double[(n - 1) * (n - 1)];
        int at = 0;
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                if (i != out && j != out) {
                    left[at++] = d[i * n + j];
                }
            }
        }
        return left;
    }

    private static int[] less(int[] group, int out) {
        int[] left = new int[group.length - 1];
        for (int i = 0; i < left.length; i++) {
            left[i] = group[i < out ? i : i + 1];
        }
        return left;
    }

    private static Optional<Change> change(Cell least, Cell most, Measure measure) {
        Optional<Told> a = Optional.ofNullable(least.measures.get(measure)).flatMap(Found::byInit);
        Optional<Told> b = Optional.ofNullable(most.measures.get(measure)).flatMap(Found::byInit);
        if (a.isEmpty() || b.isEmpty()) {
            return Optional.empty();
        }
        double difference = b.get().share - a.get().share;
        double error = Math.hypot(a.get().standardError, b.get().standardError);
        return Optional.of(new Change(
                least.task, measure, least.units, most.units, difference, NormalTest.pValue(difference, error)));
    }

    /** As JSON, see {@link attractor.io.Json}. */
    public Map<String, Object> toJson() {
        List<Object> list = new ArrayList<>();
        for (Cell cell : cells) {
            Map<String, Object> map = new LinkedHashMap<>();
            map.put("task", cell.task);
            map.put("units", cell.units);
            map.put("networks", cell.networks);
            map.put("passed", cell.passed);
            List<Object> graphs = new ArrayList<>();
            for (Graph graph : cell.graphs) {
                Map<String, Object> one = new LinkedHashMap<>();
                one.put("attractors", graph.words);
                one.put("networks", graph.networks);
                one.put("byInit", graph.byInit);
                graphs.add(one);
            }
            map.put("graphs", graphs);
            map.put("effectiveGraphs", cell.passed == 0 ? null : cell.effectiveGraphs());
            Map<String, Object> measures = new LinkedHashMap<>();
            cell.measures.forEach((measure, found) -> {
                Map<String, Object> one = new LinkedHashMap<>();
                one.put("clusters", found.matrix.clusters().number());
                one.put("bestClusters", found.matrix.clusters().bestNumber());
                one.put("clustersP", found.matrix.clusters().p());
                found.byInit.ifPresent(told -> one.put("byInit", json(told)));
                found.byUnits.ifPresent(told -> one.put("byUnits", json(told)));
                measures.put(SolutionTables.id(measure), one);
            });
            map.put("measures", measures);
            list.add(map);
        }
        List<Object> rows = new ArrayList<>();
        for (Change change : changes) {
            Map<String, Object> map = new LinkedHashMap<>();
            map.put("task", change.task);
            map.put("measure", SolutionTables.id(change.measure));
            map.put("fromUnits", change.least);
            map.put("toUnits", change.most);
            map.put("difference", change.difference);
            map.put("p", change.p);
            rows.add(map);
        }
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("solutions", list);
        json.put("changesWithUnits", rows);
        return json;
    }

    private static Map<String, Object> json(Told told) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("share", told.share);
        map.put("standardError", told.standardError);
        map.put("chance", told.chance);
        map.put("p", told.p);
        return map;
    }
}
