package attractor.study;

import attractor.io.FormatException;
import attractor.statistics.ConfidenceSet;
import attractor.statistics.LogisticRegression;
import attractor.statistics.Proportion;
import attractor.statistics.RankCorrelation;
import attractor.statistics.Summary;
import attractor.task.Criterion;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Memory of a pulse against one variable, the delay or the number of units. Immutable, safe for any number of threads.
 *
 * @param variable the column that varies, {@code delayMs} or {@code units}
 * @param points results by convention, then by increasing variable
 * @param successes proportions of networks that pass with clean targets, by increasing variable
 * @param regression logistic regression of passing on the variable; empty if that has only one value
 * @param correlations rank correlations with published distances, by convention; empty without published ones
 * @param passingCorrelations the same for the networks that pass
 */
public record MemorySummary(
        String variable,
        List<Point> points,
        List<Success> successes,
        Optional<LogisticRegression> regression,
        Map<String, Correlation> correlations,
        Map<String, Correlation> passingCorrelations) {
    private static final String PULSE = "pulse";
    private static final String CLEAN = "clean";

    /**
     * Published distances. Immutable, safe for any thread.
     *
     * @param x value of the variable
     * @param distance mean over networks
     * @param error standard error of the mean
     * @param networks number of networks
     */
    public record Published(double x, double distance, double error, int networks) {}

    /**
     * Distances in trials with a pulse at one value of the variable under one convention. Immutable, safe for any thread.
     *
     * @param distance distance over networks, each network's value being the mean over its trials; diverged trainings
     *     are missing
     * @param passing the same over those that pass with clean targets
     * @param silent distance of an output that is constantly zero
     */
    public record Point(String convention, double x, Summary distance, Summary passing, double silent) {}

    /** Proportion of networks that pass at one value of the variable. Immutable, safe for any thread. */
    public record Success(double x, Proportion proportion) {}

    /**
     * Correlation of our mean distances with published ones. Immutable, safe for any thread.
     *
     * @param ranks empty if fewer than three values of the variable are common to both
     * @param pairs number of common values
     */
    public record Correlation(Optional<RankCorrelation> ranks, int pairs) {}

    /**
     * Summarizes the results of a study of memory.
     *
     * @param results its table {@code results}
     * @param published distances to compare with; may be empty. Not modified.
     * @throws FormatException if the table lacks a column or has a cell that should be a number and isn't
     */
    public static MemorySummary of(ResultTable results, String variable, Criterion criterion, List<Published> published)
            throws FormatException {
        Set<String> passing = passing(results, criterion);
        List<Point> points = new ArrayList<>();
        for (Map.Entry<String, ResultTable> convention : results.where(row ->
                        !Objects.requireNonNullElse(row.get("convention"), "").isEmpty())
                .by("convention")
                .entrySet()) {
            List<Point> some = new ArrayList<>();
            for (ResultTable at :
                    convention.getValue().where("type", PULSE).by(variable).values()) {
                some.add(new Point(
                        convention.getKey(),
                        at.rows().get(0).finite(variable),
                        Summary.of(at.numbers("distanceMean")),
                        Summary.of(at.where(row -> passing.contains(row.get("run")))
                                .numbers("distanceMean")),
                        Summary.of(at.numbers("zeroDistance")).mean()));
            }
            some.sort(Comparator.comparingDouble(Point::x));
            points.addAll(some);
        }
        List<Success> successes = successes(results, variable, passing);
        return new MemorySummary(
                variable,
                points,
                successes,
                regression(successes),
                correlations(points, Point::distance, published),
                correlations(points, Point::passing, published));
    }

    /** The runs whose networks pass with clean targets. */
    private static Set<String> passing(ResultTable results, Criterion criterion) throws FormatException {
        Set<String> passing = new HashSet<>();
        // A study whose trainings all diverged has no such column.
        for (Map.Entry<String, ResultTable> run : results.where(row -> CLEAN.equals(row.get("convention")))
                .by("run")
                .entrySet()) {
            if (SuccessSummary.passes(run.getValue(), criterion)) {
                passing.add(run.getKey());
            }
        }
        return passing;
    }

    private static Optional<LogisticRegression> regression(List<Success> successes) {
        if (successes.size() < 2) {
            return Optional.empty();
        }
        return Optional.of(LogisticRegression.of(
                successes.stream().mapToDouble(Success::x).toArray(),
                successes.stream().mapToInt(s -> s.proportion.successes()).toArray(),
                successes.stream().mapToInt(s -> s.proportion.trials()).toArray(),
                0.95));
    }

    private static List<Success> successes(ResultTable results, String variable, Set<String> passing)
            throws FormatException {
        List<Success> successes = new ArrayList<>();
        for (ResultTable at : results.by(variable).values()) {
            Set<String> runs = at.by("run").keySet();
            int passed = (int) runs.stream().filter(passing::contains).count();
            successes.add(new Success(at.rows().get(0).finite(variable), new Proportion(passed, runs.size())));
        }
        successes.sort(Comparator.comparingDouble(Success::x));
        return successes;
    }

    private static Map<String, Correlation> correlations(
            List<Point> points, Function<Point, Summary> of, List<Published> published) {
        Map<String, Correlation> correlations = new LinkedHashMap<>();
        if (published.isEmpty()) {
            return correlations;
        }
        for (String convention :
                points.stream().map(Point::convention).distinct().toList()) {
            List<double[]> pairs = new ArrayList<>();
            for (Point point : points) {
                for (Published theirs : published) {
                    if (point.convention.equals(convention)
                            && point.x == theirs.x
                            && of.apply(point).count() > 0) {
                        pairs.add(new double[] {of.apply(point).mean(), theirs.distance});
                    }
                }
            }
            Optional<RankCorrelation> ranks = pairs.size() < 3
                    ? Optional.empty()
                    : Optional.of(RankCorrelation.of(
                            pairs.stream().mapToDouble(p -> p[0]).toArray(),
                            pairs.stream().mapToDouble(p -> p[1]).toArray()));
            correlations.put(convention, new Correlation(ranks, pairs.size()));
        }
        return correlations;
    }

    /** As JSON, see {@link attractor.io.Json}. */
    public Map<String, Object> toJson() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("variable", variable);
        List<Object> distances = new ArrayList<>();
        for (Point point : points) {
            Map<String, Object> map = new LinkedHashMap<>();
            map.put("convention", point.convention);
            map.put(variable, point.x);
            map.put("networks", point.distance.count());
            map.put("distanceMean", point.distance.mean());
            map.put("distanceStandardError", point.distance.standardError());
            map.put("distanceSd", point.distance.sd());
            map.put("distanceMedian", point.distance.median());
            map.put("passing", point.passing.count());
            map.put("passingMean", point.passing.mean());
            map.put("passingStandardError", point.passing.standardError());
            map.put("silentDistance", point.silent);
            distances.add(map);
        }
        json.put("distances", distances);
        List<Object> rates = new ArrayList<>();
        for (Success success : successes) {
            Map<String, Object> map = new LinkedHashMap<>();
            map.put(variable, success.x);
            map.put("passed", success.proportion.successes());
            map.put("trained", success.proportion.trials());
            map.put("wilson95", SuccessSummary.interval(success.proportion.wilson()));
            rates.add(map);
        }
        json.put("successes", rates);
        regression.ifPresent(r -> {
            Map<String, Object> fit = new LinkedHashMap<>();
            fit.put("outcome", r.outcome().name().toLowerCase(Locale.ROOT));
            fit.put("intercept", r.intercept());
            fit.put("slope", r.slope());
            fit.put("slopeP", r.slopePValue());
            fit.put("crossing", r.crossing());
            fit.put("profile95", set(r.profile()));
            fit.put("fieller95", set(r.fieller()));
            json.put("logisticRegression", fit);
        });
        json.put("rankCorrelationWithPublished", json(correlations));
        json.put("rankCorrelationOfPassingWithPublished", json(passingCorrelations));
        return json;
    }

    private static Map<String, Object> json(Map<String, Correlation> correlations) {
        Map<String, Object> ranks = new LinkedHashMap<>();
        correlations.forEach((convention, correlation) -> {
            Map<String, Object> map = new LinkedHashMap<>();
            map.put("pairs", correlation.pairs);
            correlation.ranks.ifPresent(r -> {
                map.put("spearman", r.rho());
                map.put("p", r.pValue());
            });
            ranks.put(convention, map);
        });
        return ranks;
    }

    private static Map<String, Object> set(ConfidenceSet set) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("shape", set.shape().name().toLowerCase(Locale.ROOT));
        map.put("low", set.low());
        map.put("high", set.high());
        return map;
    }
}
