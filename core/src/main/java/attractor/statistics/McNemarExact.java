package attractor.statistics;

/**
 * McNemar's exact test of pairs: whether one of two treatments of the same subjects succeeds more often, from the pairs in which
 * only one of them does. Without a difference each of these is equally likely to be either.
 *
 * <p>Stateless, safe for any number of threads. Source: Q. McNemar, Note on the sampling error of the difference between
 * correlated proportions, Psychometrika 12 (1947); exact by the binomial distribution.
 */
public final class McNemarExact {
    private McNemarExact() {}

    /**
     * The two-sided p-value: the probability, with {@code n = onlyFirst + onlySecond} fair coins, of a number of heads at least as
     * far from n/2 as this one; 1 if n is 0. As {@code binomtest} of SciPy and {@code mcnemar(exact=True)} of statsmodels.
     * Cost: n steps.
     *
     * @param onlyFirst pairs in which only the first succeeds
     * @param onlySecond pairs in which only the second succeeds
     * @throws IllegalArgumentException if a number is negative
     */
    public static double pValue(int onlyFirst, int onlySecond) {
        if (onlyFirst < 0 || onlySecond < 0) {
            throw new IllegalArgumentException(
                    "pairs are " + onlyFirst + " and " + onlySecond + ", expected 0 or more of each");
        }
        long n = (long) onlyFirst + onlySecond;
        long fewer = Math.min(onlyFirst, onlySecond);
        long mode = n / 2;
        // Binomial coefficients relative to the largest, which no power of 2 can make too small.
        double weight = 1.0;
        double tail = mode <= fewer ? 1.0 : 0.0;
        double half = 1.0;
        for (long k = mode; k > 0; k--) {
            weight *= (double) k / (n - k + 1);
            half += weight;
            tail += k - 1 <= fewer ? weight : 0.0;
        }
        // The other half is its mirror image; with even n the middle belongs to both.
        double all = n % 2 == 0 ? 2.0 * half - 1.0 : 2.0 * half;
        return Math.min(1.0, 2.0 * tail / all);
    }
}
