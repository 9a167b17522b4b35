package attractor.study;

import attractor.io.FormatException;
import attractor.statistics.Interval;
import attractor.statistics.Proportion;
import attractor.statistics.Summary;
import attractor.task.Criterion;
import attractor.task.TypeScore;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Success, loss and spectra over a grid of trainings. Immutable, safe for any number of threads.
 *
 * @param criterion the criterion by which a network passes
 * @param axes the values of each axis by its name; both in the grid's order
 * @param cells in the grid's order, the last axis fastest; those without a finished run are missing
 */
public record SweepSummary(Criterion criterion, Map<String, List<String>> axes, List<Cell> cells) {

    /** Copies the collections. */
    public SweepSummary {
        axes = Collections.unmodifiableMap(new LinkedHashMap<>(axes));
        cells = List.copyOf(cells);
    }

    /**
     * One cell. Immutable, safe for any thread.
     *
     * @param place its value on each axis
     * @param successes proportion of networks that pass; a diverged training counts as failed
     * @param diverged number of diverged trainings
     * @param loss the last epoch's loss, over the trainings that didn't diverge, like everything that follows
     * @param accuracy each network's share of right answers in its worst type of trial; without values if trials aren't
     *     answered by classes
     * @param rmse each network's largest error among the types of trial
     * @param radiusBefore spectral radius of {@code W_rec} before training
     * @param radiusAfter the same after training
     * @param types by type of trial
     */
    public record Cell(
            Map<String, String> place,
            Proportion successes,
            int diverged,
            Summary loss,
            Summary accuracy,
            Summary rmse,
            Summary radiusBefore,
            Summary radiusAfter,
            List<TypeSummary> types) {
        /** Copies the collections. */
        public Cell {
            place = Collections.unmodifiableMap(new LinkedHashMap<>(place));
            types = List.copyOf(types);
        }

        /** The rate's 95 % interval (Wilson). */
        public Interval interval() {
            return successes.wilson();
        }

        /** Whether some trials are answered by classes. */
        public boolean classes() {
            return accuracy.count() > 0;
        }

        private Map<String, Object> toJson() {
            Map<String, Object> json = new LinkedHashMap<>();
            json.put("place", place);
            json.put("passed", successes.successes());
            json.put("trained", successes.trials());
            json.put("diverged", diverged);
            json.put("rate", successes.rate());
            json.put("wilson95", SuccessSummary.interval(interval()));
            json.put("loss", TypeSummary.toJson(loss));
            if (classes()) {
                json.put("accuracy", TypeSummary.toJson(accuracy));
            }
            json.put("rmse", TypeSummary.toJson(rmse));
            json.put("radiusBefore", TypeSummary.toJson(radiusBefore));
            json.put("radiusAfter", TypeSummary.toJson(radiusAfter));
            json.put("types", TypeSummary.toJson(types));
            return json;
        }
    }

    /**
     * Summarizes the results of a sweep.
     *
     * @param results its table {@code results}
     * @param order the values of each axis by its name, in the order of the summary; values that aren't among them come last,
     *     and none are needed
     * @throws FormatException if the table lacks a column or has a cell that should be a number and isn't
     */
    public static SweepSummary of(ResultTable results, Criterion criterion, Map<String, List<String>> order)
            throws FormatException {
        Map<String, List<String>> axes = new LinkedHashMap<>();
        for (String column : results.columns()) {
            if (column.startsWith(GridCell.AXIS)) {
                String axis = column.substring(GridCell.AXIS.length());
                Set<String> found = new LinkedHashSet<>(results.texts(column));
                Set<String> sorted = new LinkedHashSet<>(order.getOrDefault(axis, List.of()));
                sorted.retainAll(found);
                sorted.addAll(found);
                axes.put(axis, List.copyOf(sorted));
            }
        }
        if (axes.isEmpty()) {
            throw new FormatException("the results of a sweep have no column " + GridCell.AXIS
                    + "NAME, expected one for each axis of its grid");
        }
        List<Cell> cells = new ArrayList<>();
        collect(results, List.copyOf(axes.keySet()), axes, new LinkedHashMap<>(), criterion, cells);
        return new SweepSummary(criterion, axes, cells);
    }

    private static void collect(
            ResultTable rows,
            List<String> left,
            Map<String, List<String>> axes,
            Map<String, String> place,
            Criterion criterion,
            List<Cell> to)
            throws FormatException {
        if (left.isEmpty()) {
            to.add(cell(place, rows, criterion));
            return;
        }
        String axis = left.get(0);
        Map<String, ResultTable> parts = rows.by(GridCell.AXIS + axis);
        for (String value : axes.get(axis)) {
            if (parts.containsKey(value)) {
                place.put(axis, value);
                collect(parts.get(value), left.subList(1, left.size()), axes, place, criterion, to);
                place.remove(axis);
            }
        }
    }

    private static Cell cell(Map<String, String> place, ResultTable rows, Criterion criterion) throws FormatException {
        Map<String, ResultTable> runs = rows.by("run");
        int passed = 0;
        int diverged = 0;
        List<double[]> numbers = new ArrayList<>();
        for (ResultTable run : runs.values()) {
            ResultTable.Row first = run.rows().get(0);
            if (first.text("outcome").equals("diverged")) {
                diverged++;
                continue;
            }
            passed += SuccessSummary.passes(run, criterion) ? 1 : 0;
            double worst = Double.NaN;
            double error = Double.NaN;
            for (ResultTable.Row row : run.rows()) {
                TypeScore score = row.score();
                double accuracy = TypeSummary.accuracy(score);
                worst = Double.isNaN(worst) || accuracy < worst ? accuracy : worst;
                error = Double.isNaN(error) || score.rmse() > error ? score.rmse() : error;
            }
            numbers.add(new double[] {
                first.number("loss"), worst, error, first.number("radiusBefore"), first.number("radiusAfter")
            });
        }
        return new Cell(
                place,
                new Proportion(passed, runs.size()),
                diverged,
                summary(numbers, 0),
                summary(numbers, 1),
                summary(numbers, 2),
                summary(numbers, 3),
                summary(numbers, 4),
                TypeSummary.of(rows, criterion));
    }

    private static Summary summary(List<double[]> numbers, int k) {
        return Summary.of(numbers.stream().mapToDouble(row -> row[k]).toArray());
    }

    /** Whether some trials are answered by classes. */
    public boolean classes() {
        return cells.stream().anyMatch(Cell::classes);
    }

    /** The cell at a place; null if it has no finished run. */
    public Cell at(Map<String, String> place) {
        return cells.stream()
                .filter(cell -> Objects.equals(cell.place, place))
                .findFirst()
                .orElse(null);
    }

    /** As JSON, see {@link attractor.io.Json}. */
    public Map<String, Object> toJson() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("maxRmse", criterion.maxRmse());
        json.put("maxShareOfZero", criterion.maxShareOfZero());
        json.put("minAccuracy", criterion.minAccuracy());
        json.put("axes", axes);
        json.put("cells", cells.stream().map(Cell::toJson).toList());
        return json;
    }
}
