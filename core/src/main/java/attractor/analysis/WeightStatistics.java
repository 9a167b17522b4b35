package attractor.analysis;

import java.util.Arrays;

/**
 * The distribution of a set of weights and how far it is from a normal one. The maximum-likelihood normal fit has the
 * mean and standard deviation given here. Immutable, thread-safe.
 *
 * @param count number of weights n
 * @param mean their mean
 * @param sd their standard deviation, sqrt(sum (w - mean)^2 / n): these are all weights, not a sample
 * @param skewness third standardised moment, 0 for a normal distribution; 0 if sd is 0
 * @param excessKurtosis fourth standardised moment less 3, 0 for a normal distribution, -1.2 for a uniform one; 0 if sd
 *     is 0
 * @param ksDistance Kolmogorov-Smirnov distance, the largest difference between the weights' distribution function
 *     and that of the fitted normal; around 0.6/sqrt(n) for normal weights, above 0.9/sqrt(n) in one sample of twenty
 *     (Lilliefors 1967); 1/2 or more if sd is 0
 */
public record WeightStatistics(
        int count, double mean, double sd, double skewness, double excessKurtosis, double ksDistance) {

    /**
     * The statistics of an array. Cost O(n log n).
     *
     * @param weights at least one value, finite. Not modified.
     * @throws IllegalArgumentException if there is no value, or one isn't finite
     */
    public static WeightStatistics of(double[] weights) {
        int n = weights.length;
        if (n == 0) {
            throw new IllegalArgumentException("there are 0 weights, expected at least 1");
        }
        double sum = 0.0;
        for (double w : weights) {
            sum += w;
        }
        double mean = sum / n;
        double rest = 0.0;
        for (double w : weights) {
            rest += w - mean;
        }
        mean += rest / n;
        double m2 = 0.0;
        double m3 = 0.0;
        double m4 = 0.0;
        for (double w : weights) {
            double d = w - mean;
            double d2 = d * d;
            m2 += d2;
            m3 += d2 * d;
            m4 += d2 * d2;
        }
        m2 /= n;
        double sd = Math.sqrt(m2);
        if (!Double.isFinite(sd)) {
            throw new IllegalArgumentException(
                    "the sd of the weights is " + sd + ", expected finite weights below 1e150");
        }
        boolean spread = m2 * m2 > 0.0;
        return new WeightStatistics(
                n,
                mean,
                sd,
                spread ? m3 / n / (m2 * sd) : 0.0,
                spread ? m4 / n / (m2 * m2) - 3.0 : 0.0,
                ksDistance(weights, mean, sd));
    }

    /**
     * The weights without those that are exactly 0: connections that a mask or Dale's law removes don't count as weak
     * ones.
     *
     * @param weights Not modified.
     */
    public static double[] present(double[] weights) {
        return Arrays.stream(weights).filter(w -> w != 0.0).toArray();
    }

    private static double ksDistance(double[] weights, double mean, double sd) {
        double[] sorted = weights.clone();
        Arrays.sort(sorted);
        double distance = 0.0;
        for (int k = 0; k < sorted.length; k++) {
            double below = normalBelow(sorted[k], mean, sd);
            distance = Math.max(
                    distance, Math.max(below - k / (double) sorted.length, (k + 1) / (double) sorted.length - below));
        }
        return distance;
    }

    /** The share of the fitted normal distribution that lies below w; its histogram is the difference at the bins' ends. */
    public double normalBelow(double w) {
        return normalBelow(w, mean, sd);
    }

    private static double normalBelow(double w, double mean, double sd) {
        return sd > 0.0 ? normalCdf((w - mean) / sd) : w < mean ? 0.0 : w > mean ? 1.0 : 0.5;
    }

    /**
     * The standard normal distribution function, to about 1e-15: 1/2 + phi(x) (x + x^3/3 + x^5/(3 5) + ...). Source:
     * Marsaglia, Evaluating the normal distribution, J. Stat. Software 11(4), 2004.
     */
    static double normalCdf(double x) {
        if (Math.abs(x) > 9.0) {
            return x < 0.0 ? 0.0 : 1.0; // within 1e-18
        }
        double term = x;
        double sum = x;
        double before = 0.0;
        for (int i = 3; sum != before; i += 2) {
            before = sum;
            term *= x * x / i;
            sum += term;
        }
        return Math.min(1.0, Math.max(0.0, 0.5 + sum * StrictMath.exp(-0.5 * x * x) / Math.sqrt(2.0 * Math.PI)));
    }
}
