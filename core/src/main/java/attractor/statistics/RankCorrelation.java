package attractor.statistics;

import java.util.Arrays;

/**
 * Spearman's rank correlation. Immutable, thread-safe.
 *
 * <p>Source: C. Spearman, Am. J. Psychol. 15, 72 (1904); the approximation: M. G. Kendall, Rank Correlation Methods (1948).
 *
 * @param rho Pearson's correlation of the ranks, equal values having the average of their ranks; NaN if all values of one
 *     variable are equal
 * @param pValue probability of a correlation at least as far from 0 under independence; NaN if rho is NaN
 * @param pairs number n of pairs
 * @param method how the p-value was found
 */
public record RankCorrelation(double rho, double pValue, int pairs, Method method) {

    /** How a p-value was found. Immutable, safe for any thread. */
    public enum Method {
        /** From all n! orders, for n up to {@value RankCorrelation#MOST_EXACT} without ties. */
        EXACT,
        /** {@code t = rho sqrt((n - 2) / (1 - rho^2))} as Student's t with n - 2 degrees of freedom. */
        STUDENT_T
    }

    /** Up to this number of pairs without ties, the p-value is exact. */
    public static final int MOST_EXACT = 9;

    /** Largest n whose sums of squared ranks fit a long. */
    private static final int MOST_PAIRS = 1_000_000;

    /**
     * The correlation of pairs (x[i], y[i]). Cost O(n log n).
     *
     * @param x no NaN; infinite values have ranks like others. Not modified.
     * @param y as many values, no NaN. Not modified.
     * @throws IllegalArgumentException if the lengths differ, are below 2 or above a million, or a value is NaN
     */
    public static RankCorrelation of(double[] x, double[] y) {
        int n = x.length;
        if (y.length != n) {
            throw new IllegalArgumentException("y has " + y.length + " values, expected as many as x, " + n);
        }
        if (n < 2 || n > MOST_PAIRS) {
            throw new IllegalArgumentException("there are " + n + " pairs, expected 2 to " + MOST_PAIRS);
        }
        long[] rx = centredRanks(x, "x");
        long[] ry = centredRanks(y, "y");
        long xx = 0;
        long yy = 0;
        long xy = 0;
        for (int i = 0; i < n; i++) {
            xx += rx[i] * rx[i];
            yy += ry[i] * ry[i];
            xy += rx[i] * ry[i];
        }
        double product = xx == yy ? xx : Math.sqrt((double) xx) * Math.sqrt((double) yy);
        double rho = product == 0.0 ? Double.NaN : Math.max(-1.0, Math.min(1.0, xy / product));
        long untied = ((long) n * n - 1) * n / 3;
        if (n <= MOST_EXACT && xx == untied && yy == untied) {
            return new RankCorrelation(rho, exactPValue(n, Math.abs(xy)), n, Method.EXACT);
        }
        double p = Double.isNaN(rho)
                ? Double.NaN
                : Distributions.studentTwoSided((1.0 - rho) * (1.0 + rho), rho * rho, n - 2);
        return new RankCorrelation(rho, p, n, Method.STUDENT_T);
    }

    /** Twice the rank minus (n + 1), so that average ranks are whole numbers with sum 0. */
    private static long[] centredRanks(double[] values, String name) {
        int n = values.length;
        double[] sorted = new double[n];
        for (int i = 0; i < n; i++) {
            if (Double.isNaN(values[i])) {
                throw new IllegalArgumentException(name + "[" + i + "] is NaN, expected a number");
            }
            sorted[i] = values[i] + 0.0; // makes -0 equal to 0 for the sort and search
        }
        double[] unsorted = sorted.clone();
        Arrays.sort(sorted);
        long[] centred = new long[n];
        int[] firstAndLast = new int[n]; // of each run of equal values, at its first place: first + last
        for (int first = 0; first < n; ) {
            int last = first;
            while (last + 1 < n && sorted[last + 1] == sorted[first]) {
                last++;
            }
            for (int i = first; i <= last; i++) {
                firstAndLast[i] = first + last;
            }
            first = last + 1;
        }
        for (int i = 0; i < n; i++) {
            centred[i] = firstAndLast[Arrays.binarySearch(sorted, unsorted[i])] - (n - 1L);
        }
        return centred;
    }

    /**
     * The share of all orders whose sum of products of centred ranks is at least as far from 0. Orders are not
     * enumerated: they are counted by the set of ranks used so far and the sum so far.
     */
    private static double exactPValue(int n, long size) {
        int offset = (n * n - 1) * n / 3; // the largest sum of products, for any subset of the ranks too
        long[][] orders = new long[1 << n][2 * offset + 1];
        orders[0][offset] = 1;
        for (int used = 0; used < orders.length - 1; used++) {
            long rank = 2L * Integer.bitCount(used) - (n - 1);
            for (int next = 0; next < n; next++) {
                if ((used >> next & 1) == 0) {
                    int product = (int) (rank * (2 * next - (n - 1)));
                    long[] from = orders[used];
                    long[] to = orders[used | 1 << next];
                    for (int s = Math.max(0, -product); s < from.length - Math.max(0, product); s++) {
                        to[s + product] += from[s];
                    }
                }
            }
        }
        long all = 0;
        long extreme = 0;
        long[] last = orders[orders.length - 1];
        for (int s = 0; s < last.length; s++) {
            all += last[s];
            extreme += Math.abs(s - offset) >= size ? last[s] : 0;
        }
        return (double) extreme / all;
    }
}
