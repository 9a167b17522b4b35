package attractor.study;

import attractor.io.FormatException;
import attractor.model.Precision;
import attractor.statistics.McNemarExact;
import attractor.task.Criterion;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The same trainings in double and in float: in how many pairs of equal seed both networks pass, or only one. Immutable, safe
 * for any number of threads.
 *
 * @param pairs by task and initial weights
 */
public record PrecisionComparison(List<Pairs> pairs) {
    private static final String COLUMN = "precision";

    /** Copies the list. */
    public PrecisionComparison {
        pairs = List.copyOf(pairs);
    }

    /**
     * Pairs of networks of equal seed. Immutable, safe for any thread.
     *
     * @param both pairs in which both networks pass
     * @param onlyDouble pairs in which only the one in double does
     * @param onlyFloat pairs in which only the one in float does
     * @param neither pairs in which neither does
     */
    public record Pairs(String task, String init, int both, int onlyDouble, int onlyFloat, int neither) {
        /** Number of pairs. */
        public int count() {
            return both + onlyDouble + onlyFloat + neither;
        }

        /** McNemar's exact p-value of no difference. */
        public double pValue() {
            return McNemarExact.pValue(onlyDouble, onlyFloat);
        }
    }

    /** Over all tasks and weights. */
    public Pairs all() {
        return new Pairs(
                "all",
                "all",
                pairs.stream().mapToInt(Pairs::both).sum(),
                pairs.stream().mapToInt(Pairs::onlyDouble).sum(),
                pairs.stream().mapToInt(Pairs::onlyFloat).sum(),
                pairs.stream().mapToInt(Pairs::neither).sum());
    }

    /** Whether a table of results has networks of both precisions. */
    public static boolean isPossible(ResultTable results) {
        return !of(results, Precision.FLOAT).isEmpty()
                && !of(results, Precision.DOUBLE).isEmpty();
    }

    /** The networks of one precision. */
    public static ResultTable of(ResultTable results, Precision precision) {
        if (!results.columns().contains(COLUMN)) {
            return results.where(row -> precision == Precision.DOUBLE);
        }
        // Double, the default, is not written.
        return results.where(row -> (Precision.FLOAT.id().equals(row.get(COLUMN))) == (precision == Precision.FLOAT));
    }

    /**
     * Pairs the networks of a table of results.
     *
     * @throws FormatException if the table lacks a column or has a cell that should be a number and isn't
     */
    public static PrecisionComparison of(ResultTable results, Criterion criterion) throws FormatException {
        List<Pairs> pairs = new ArrayList<>();
        ResultTable inFloat = of(results, Precision.FLOAT);
        for (Map.Entry<String, ResultTable> task :
                of(results, Precision.DOUBLE).by("task").entrySet()) {
            for (Map.Entry<String, ResultTable> init :
                    task.getValue().by("init").entrySet()) {
                ResultTable others = inFloat.where("task", task.getKey()).where("init", init.getKey());
                Map<String, Boolean> first = passed(init.getValue(), criterion);
                Map<String, Boolean> second = passed(others, criterion);
                first.keySet().retainAll(second.keySet());
                int[] counts = new int[4];
                first.forEach((seed, passes) -> counts[(passes ? 2 : 0) + (second.get(seed) ? 1 : 0)]++);
                pairs.add(new Pairs(task.getKey(), init.getKey(), counts[3], counts[2], counts[1], counts[0]));
            }
        }
        return new PrecisionComparison(pairs);
    }

    /** Whether the network of each seed passes. */
    private static Map<String, Boolean> passed(ResultTable results, Criterion criterion) throws FormatException {
        Map<String, Boolean> passed = new LinkedHashMap<>();
        if (results.isEmpty()) {
            return passed;
        }
        for (ResultTable run : results.by("run").values()) {
            boolean diverged = run.rows().get(0).text("outcome").equals("diverged");
            passed.put(run.rows().get(0).text("seed"), !diverged && SuccessSummary.passes(run, criterion));
        }
        return passed;
    }

    /** As JSON, see {@link attractor.io.Json}; the last member is over all. */
    public List<Object> toJson() {
        List<Object> list = new ArrayList<>();
        List<Pairs> rows = new ArrayList<>(pairs);
        rows.add(all());
        for (Pairs p : rows) {
            Map<String, Object> map = new LinkedHashMap<>();
            map.put("task", p.task);
            map.put("init", p.init);
            map.put("both", p.both);
            map.put("onlyDouble", p.onlyDouble);
            map.put("onlyFloat", p.onlyFloat);
            map.put("neither", p.neither);
            map.put("mcnemarP", p.pValue());
            list.add(map);
        }
        return list;
    }
}
