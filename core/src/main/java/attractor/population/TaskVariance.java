package attractor.population;

import java.util.ArrayList;
import java.util.List;

/**
 * How much a unit's mean rate differs between types, in each part of the trial:
 *
 * <pre>    TV_i(part) = mean over the part's steps t of Var_k( r_i(k, t) )</pre>
 *
 * with the variance over the K types (divided by K) of the mean over their trials. Normalised, a unit's values are divided
 * by its largest. Source: Yang et al. 2019, doi:10.1038/s41593-018-0310-2, with parts in place of tasks. Parts are those of
 * an unshifted trial, so that all types are compared at the same time. Needs one trial of each type and two types.
 *
 * <p>Thread-safe as long as the arrays are not modified.
 *
 * @param parts the P parts that have steps
 * @param units N
 * @param variance N x P
 * @param normalized N x P; NaN for a unit whose largest value is below {@value #LEAST}
 */
public record TaskVariance(List<String> parts, int units, double[] variance, double[] normalized) {
    /** A unit that differs less than this in all parts is left out of clusters. */
    public static final double LEAST = 1e-3;

    /**
     * Analyses trials.
     *
     * @param trials Not modified.
     * @throws IllegalArgumentException if there is one type
     */
    public static TaskVariance of(PopulationTrials trials) {
        int types = trials.types().size();
        if (types < 2) {
            throw new IllegalArgumentException("task variance needs 2 types of trial, found 1");
        }
        int n = trials.units();
        double[] means = trials.means();
        int size = trials.steps() * n;
        List<String> parts = new ArrayList<>();
        for (String part : trials.partNames()) {
            if (trials.commonSteps(part).length > 0) {
                parts.add(part);
            }
        }
        int p = parts.size();
        double[] variance = new double[n * p];
        for (int j = 0; j < p; j++) {
            int[] steps = trials.commonSteps(parts.get(j));
            for (int t : steps) {
                for (int i = 0; i < n; i++) {
                    double mean = 0.0;
                    for (int k = 0; k < types; k++) {
                        mean += means[k * size + t * n + i] / types;
                    }
                    for (int k = 0; k < types; k++) {
                        double d = means[k * size + t * n + i] - mean;
                        variance[i * p + j] += d * d / types / steps.length;
                    }
                }
            }
        }
        double[] normalized = new double[n * p];
        for (int i = 0; i < n; i++) {
            double largest = 0.0;
            for (int j = 0; j < p; j++) {
                largest = Math.max(largest, variance[i * p + j]);
            }
            for (int j = 0; j < p; j++) {
                normalized[i * p + j] = largest < LEAST ? Double.NaN : variance[i * p + j] / largest;
            }
        }
        return new TaskVariance(List.copyOf(parts), n, variance, normalized);
    }
}
