package attractor.study;

import attractor.io.FormatException;
import attractor.io.Printable;
import attractor.statistics.RankCorrelation;
import attractor.statistics.Summary;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How well networks work without some of their connections. Immutable, safe for any number of threads.
 *
 * @param networks number of networks
 * @param distances by kind and level of the lesion, control and type of trial (columns lesion, level, control, type),
 *     over networks
 * @param outcomes outcomes over all types of trials, in the table's order
 * @param window the end of the trials over which the distances without a lesion are closest to published ones; empty
 *     without published ones
 * @param agreements how the distances over the end of the trials agree with published ones, by lesion and type; empty
 *     without published ones
 * @param weights the weights of W_rec; empty without their table
 */
public record DamageSummary(
        int networks,
        List<GroupSummary> distances,
        List<Lesioned> outcomes,
        Optional<Window> window,
        List<Agreement> agreements,
        Optional<Weights> weights) {

    /** The column of distances that {@link Damage} measures over the end of the trials. */
    public static final String LATE = "lateDistanceMean";

    private static final String ALL_PASSED = "allPassedShare";

    /**
     * A published distance. Immutable, safe for any thread.
     *
     * @param lesion one of {@link Damage.Kind}, by its id
     * @param type type of trial
     * @param level level of the lesion
     * @param distance mean over networks
     * @param sd standard deviation over networks
     */
    public record Published(String lesion, String type, double level, double distance, double sd) {}

    /**
     * A lesion and the control that lost as many connections at random. Immutable, safe for any thread.
     *
     * @param lesion one of {@link Damage.Kind}, by its id
     * @param level level of the lesion
     * @param cut the outcome with the lesion
     * @param control the outcome of the control; empty for lesions without one
     */
    public record Lesioned(String lesion, double level, Outcome cut, Optional<Outcome> control) {}

    /**
     * Values over networks; each network's value is the mean over its types of trials and over its draws if there are
     * several. Immutable, safe for any thread.
     *
     * @param percent percentage of the connections that are removed
     * @param distance distance over whole trials
     * @param late distance over their end; without values if it wasn't measured
     * @param passed each network's share of draws in which every type of trial passes; without values if it wasn't
     *     measured
     */
    public record Outcome(Summary percent, Summary distance, Summary late, Summary passed) {}

    /**
     * The end of the trials over which the distances without a lesion are closest to published ones. It is chosen
     * afterwards, from these same distances. Immutable, safe for any thread.
     *
     * @param ms its length in ms
     * @param difference mean absolute difference from the published ones over types of trials
     * @param ours our distances over this end by type, means over networks
     * @param published the published distances by type
     */
    public record Window(double ms, double difference, Map<String, Double> ours, Map<String, Double> published) {}

    /**
     * Comparison of distances over the end of the trials with published ones, at all levels above 0 that both have.
     * Immutable, safe for any thread.
     *
     * @param lesion one of {@link Damage.Kind}, by its id
     * @param type type of trial
     * @param levels number of these levels
     * @param rho rank correlation (Spearman); neighbouring levels depend on each other, so that it has no p-value
     * @param ratio ratio of ours to the published ones, over levels
     */
    public record Agreement(String lesion, String type, int levels, double rho, Summary ratio) {}

    /**
     * The weights of W_rec. Immutable except for the arrays, which must not be modified; safe for any thread.
     *
     * @param bins for each bin its two ends, its count, and the count expected from the networks' normal fits, over all
     *     networks
     * @param sd standard deviation over networks
     * @param ksDistance Kolmogorov-Smirnov distance from the normal fit, over networks
     * @param perNetwork number of weights per network
     */
    public record Weights(List<double[]> bins, Summary sd, Summary ksDistance, int perNetwork) {}

    /**
     * Summarizes the results of a study of damage.
     *
     * @param results its table {@code results}, those of finished trainings
     * @param windows its table {@code windows}, if it has one
     * @param weights its table {@code weights}, if it has one
     * @param published distances to compare with; may be empty. Not modified.
     * @throws FormatException if a table lacks a column or has a cell that should be a number and isn't
     */
    public static DamageSummary of(
            ResultTable results,
            Optional<ResultTable> windows,
            Optional<ResultTable> weights,
            List<Published> published)
            throws FormatException {
        // Studies of earlier versions measured less.
        boolean late = results.rows().get(0).get(LATE) != null;
        boolean passed = results.rows().get(0).get(ALL_PASSED) != null;
        List<String> columns = new ArrayList<>(List.of("percent", "normShare", "distanceMean", "rmse", "passedShare"));
        if (late) {
            columns.add(LATE);
        }
        if (passed) {
            columns.add(ALL_PASSED);
        }
        List<GroupSummary> distances =
                GroupSummary.of(results, List.of("lesion", "level", "control", "type"), columns.toArray(String[]::new));
        List<Lesioned> lesions = new ArrayList<>();
        for (ResultTable kind : results.by("lesion").values()) {
            for (ResultTable level : kind.by("level").values()) {
                ResultTable control = level.where("control", "true");
                ResultTable.Row first = level.rows().get(0);
                lesions.add(new Lesioned(
                        first.text("lesion"),
                        first.finite("level"),
                        outcome(level.where("control", "false"), late, passed),
                        control.isEmpty() ? Optional.empty() : Optional.of(outcome(control, late, passed))));
            }
        }
        return new DamageSummary(
                results.by("run").size(),
                distances,
                List.copyOf(lesions),
                windows.isPresent() ? window(windows.get(), published) : Optional.empty(),
                late ? agreements(distances, published) : List.of(),
                weights.isPresent() ? Optional.of(weights(weights.get())) : Optional.empty());
    }

    private static Outcome outcome(ResultTable rows, boolean late, boolean passed) throws FormatException {
        return new Outcome(
                Summary.of(rows.numbers("percent")),
                perNetwork(rows, "distanceMean"),
                late ? perNetwork(rows, LATE) : Summary.of(new double[0]),
                passed ? perNetwork(rows, ALL_PASSED) : Summary.of(new double[0]));
    }

    /** A column over networks, with each network's mean over its types. */
    private static Summary perNetwork(ResultTable rows, String column) throws FormatException {
        List<Double> means = new ArrayList<>();
        for (ResultTable run : rows.by("run").values()) {
            means.add(Summary.of(run.numbers(column)).mean());
        }
        return Summary.of(means.stream().mapToDouble(d -> d).toArray());
    }

    private static Optional<Window> window(ResultTable windows, List<Published> published) throws FormatException {
        Map<String, Double> theirs = new LinkedHashMap<>();
        for (Published point : published) {
            if (point.level == 0 && point.lesion.equals(Damage.Kind.BOTH.id())) {
                theirs.put(point.type, point.distance);
            }
        }
        Optional<Window> best = Optional.empty();
        for (ResultTable window : windows.by("windowMs").values()) {
            Map<String, Double> ours = new LinkedHashMap<>();
            for (GroupSummary type : GroupSummary.of(window, List.of("type"), "distanceMean")) {
                ours.put(type.key("type"), type.of("distanceMean").mean());
            }
            if (theirs.isEmpty() || !ours.keySet().equals(theirs.keySet())) {
                return Optional.empty();
            }
            double difference = ours.keySet().stream()
                    .mapToDouble(type -> Math.abs(ours.get(type) - theirs.get(type)))
                    .average()
                    .orElseThrow();
            if (best.isEmpty() || difference < best.get().difference) {
                best = Optional.of(
                        new Window(window.rows().get(0).number("windowMs"), difference, ours, Map.copyOf(theirs)));
            }
        }
        return best;
    }

    private static List<Agreement> agreements(List<GroupSummary> distances, List<Published> published) {
        Map<List<String>, List<double[]>> pairs = new LinkedHashMap<>();
        for (GroupSummary group : distances) {
            for (Published point : published) {
                if (group.key("control").equals("false")
                        && group.key("lesion").equals(point.lesion)
                        && group.key("type").equals(point.type)
                        && group.keyNumber("level") == point.level
                        && point.level > 0) {
                    pairs.computeIfAbsent(List.of(point.lesion, point.type), k -> new ArrayList<>())
                            .add(new double[] {group.of(LATE).mean(), point.distance});
                }
            }
        }
        List<Agreement> agreements = new ArrayList<>();
        pairs.forEach((key, list) -> {
            double[] ours = list.stream().mapToDouble(p -> p[0]).toArray();
            double[] theirs = list.stream().mapToDouble(p -> p[1]).toArray();
            double rho = list.size() < 3
                    ? Double.NaN
                    : RankCorrelation.of(ours, theirs).rho();
            double[] ratio = list.stream().mapToDouble(p -> p[0] / p[1]).toArray();
            agreements.add(new Agreement(key.get(0), key.get(1), list.size(), rho, Summary.of(ratio)));
        });
        return List.copyOf(agreements);
    }

    private static Weights weights(ResultTable table) throws FormatException {
        List<double[]> bins = new ArrayList<>();
        for (ResultTable from : table.by("from").values()) {
            for (ResultTable bin : from.by("to").values()) {
                ResultTable.Row row = bin.rows().get(0);
                if (!row.text("from").isEmpty() && !row.text("to").isEmpty()) {
                    bins.add(new double[] {
                        row.number("from"),
                        row.number("to"),
                        GroupSummary.sum(bin, "count"),
                        GroupSummary.sum(bin, "normalFit")
                    });
                }
            }
        }
        // The first and the last bin are open, a histogram needs those between.
        if (bins.size() < 2) {
            throw new FormatException("weights.csv has " + Printable.count(bins.size(), "bin")
                    + " with both bounds, expected at least 2");
        }
        for (double[] bin : bins) {
            if (!(bin[0] < bin[1] && bin[1] <= Double.MAX_VALUE)) {
                throw new FormatException("weights.csv has a bin from " + bin[0] + " to " + bin[1]
                        + ", expected finite bounds, the second above the first");
            }
        }
        return new Weights(List.copyOf(bins), perNetwork(table, "sd"), perNetwork(table, "ksDistance"), (int)
                GroupSummary.sum(table.by("run").values().iterator().next(), "count"));
    }

    /** As JSON, see {@link attractor.io.Json}. */
    public Map<String, Object> toJson() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("distances", GroupSummary.toJson(distances));
        List<Object> passing = new ArrayList<>();
        for (Lesioned lesioned : outcomes) {
            Map<String, Object> map = new LinkedHashMap<>();
            map.put("lesion", lesioned.lesion);
            map.put("level", lesioned.level);
            map.put("passed", lesioned.cut.passed.mean());
            map.put("controlPassed", lesioned.control.map(c -> c.passed.mean()).orElse(Double.NaN));
            passing.add(map);
        }
        json.put("passing", passing);
        window.ifPresent(w -> {
            Map<String, Object> map = new LinkedHashMap<>();
            map.put("windowMs", w.ms);
            map.put("meanDifference", w.difference);
            map.put("ours", w.ours);
            map.put("published", new LinkedHashMap<>(w.published));
            json.put("windowNearestToPublished", map);
        });
        if (!agreements.isEmpty()) {
            List<Object> list = new ArrayList<>();
            for (Agreement agreement : agreements) {
                Map<String, Object> map = new LinkedHashMap<>();
                map.put("lesion", agreement.lesion);
                map.put("type", agreement.type);
                map.put("levels", agreement.levels);
                map.put("spearman", agreement.rho);
                map.put("medianRatio", agreement.ratio.median());
                map.put("lowestRatio", agreement.ratio.min());
                map.put("highestRatio", agreement.ratio.max());
                list.add(map);
            }
            json.put("agreementWithPublished", list);
        }
        return json;
    }
}
