package attractor.statistics;

import java.util.Arrays;

/**
 * Mean, spread and order statistics of a sample. Missing values, NaN, are left out and counted. Infinite values are
 * values: quantiles take them in order, the mean becomes infinite or NaN, the sd NaN. Immutable, thread-safe.
 *
 * @param count number of values n that aren't NaN
 * @param missing number of NaN
 * @param mean their mean; NaN if n is 0, as are all values that follow
 * @param sd standard deviation, {@code sqrt(sum (v - mean)^2 / (n - 1))}; NaN if n is 1
 * @param standardError standard error of the mean, {@code sd / sqrt(n)}; NaN if n is 1
 * @param min smallest value
 * @param lowerQuartile quantile of 0.25, see {@link #quantile}
 * @param median quantile of 0.5
 * @param upperQuartile quantile of 0.75
 * @param max largest value
 */
public record Summary(
        int count,
        int missing,
        double mean,
        double sd,
        double standardError,
        double min,
        double lowerQuartile,
        double median,
        double upperQuartile,
        double max) {

    /**
     * The summary of an array, which may be empty. Cost O(n log n).
     *
     * @param values the sample; NaN where a value is missing. Not modified.
     */
    public static Summary of(double[] values) {
        double[] sorted = sortedWithoutNaN(values);
        int n = sorted.length;
        double sum = 0.0;
        for (double v : sorted) {
            sum += v;
        }
        double mean = sum / n;
        double rest = 0.0;
        for (double v : sorted) {
            rest += v - mean;
        }
        if (Double.isFinite(mean)) {
            mean += rest / n;
        }
        double squares = 0.0;
        for (double v : sorted) {
            squares += (v - mean) * (v - mean);
        }
        double sd = n > 1 ? Math.sqrt(squares / (n - 1)) : Double.NaN;
        return new Summary(
                n,
                values.length - n,
                mean,
                sd,
                sd / Math.sqrt(n),
                quantileOfSorted(sorted, 0.0),
                quantileOfSorted(sorted, 0.25),
                quantileOfSorted(sorted, 0.5),
                quantileOfSorted(sorted, 0.75),
                quantileOfSorted(sorted, 1.0));
    }

    /**
     * The quantile by linear interpolation between order statistics, at {@code (n - 1) probability} counted from 0: the
     * default of NumPy and R (type 7 of Hyndman and Fan, The American Statistician 50, 361, 1996). Cost O(n log n).
     *
     * @param values NaN are left out. Not modified.
     * @param probability from 0, the smallest value, to 1, the largest
     * @return NaN if there is no value
     * @throws IllegalArgumentException if the probability isn't from 0 to 1
     */
    public static double quantile(double[] values, double probability) {
        if (!(probability >= 0.0 && probability <= 1.0)) {
            throw new IllegalArgumentException("the probability is " + probability + ", expected 0 to 1");
        }
        return quantileOfSorted(sortedWithoutNaN(values), probability);
    }

    private static double[] sortedWithoutNaN(double[] values) {
        return Arrays.stream(values).filter(v -> !Double.isNaN(v)).sorted().toArray();
    }

    private static double quantileOfSorted(double[] sorted, double probability) {
        if (sorted.length == 0) {
            return Double.NaN;
        }
        double position = (sorted.length - 1) * probability;
        int below = (int) position;
        double weight = position - below;
        double low = sorted[below];
        if (weight == 0.0 || low == sorted[below + 1]) {
            return low; // with infinite values the formula below would be NaN
        }
        return low + weight * (sorted[below + 1] - low);
    }
}
