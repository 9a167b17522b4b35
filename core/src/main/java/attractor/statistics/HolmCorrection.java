package attractor.statistics;

import java.util.Arrays;

/**
 * Holm's step-down correction of p-values for testing several hypotheses: if hypotheses with adjusted values up to
 * alpha are rejected, the probability of any false rejection is at most alpha, however the tests depend on each other.
 *
 * <p>Stateless, safe for any number of threads. Source: S. Holm, Scand. J. Statist. 6, 65 (1979).
 */
public final class HolmCorrection {
    private HolmCorrection() {}

    /**
     * Adjusted p-values: with m values in increasing order, {@code adjusted(i) = max over j <= i of min(1, (m - j)
     * p(j))}, j counted from 0.
     *
     * @param pValues each in [0, 1], or NaN if there was no test: NaN stays NaN and isn't counted in m. Not modified.
     * @return adjusted values in the order given
     * @throws IllegalArgumentException if a value is outside [0, 1]
     */
    public static double[] adjust(double[] pValues) {
        for (int i = 0; i < pValues.length; i++) {
            if (pValues[i] < 0.0 || pValues[i] > 1.0) {
                throw new IllegalArgumentException(
                        "p-value " + i + " is " + pValues[i] + ", expected 0 to 1, or NaN where there is none");
            }
        }
        double[] sorted =
                Arrays.stream(pValues).filter(p -> !Double.isNaN(p)).sorted().toArray();
        double[] steps = new double[sorted.length];
        double largest = 0.0;
        for (int j = 0; j < sorted.length; j++) {
            largest = Math.max(largest, Math.min(1.0, (sorted.length - j) * sorted[j]));
            steps[j] = largest;
        }
        double[] adjusted = new double[pValues.length];
        for (int i = 0; i < pValues.length; i++) {
            // equal values all get the result of the first of them, whose factor is the largest
            adjusted[i] = Double.isNaN(pValues[i]) ? Double.NaN : steps[Arrays.binarySearch(sorted, pValues[i])];
        }
        return adjusted;
    }
}
