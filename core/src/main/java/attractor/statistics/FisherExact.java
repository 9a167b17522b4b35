package attractor.statistics;

/**
 * Fisher's exact test of independence in a 2 x 2 table, given its margins.
 *
 * <p>Stateless, safe for any number of threads. Source: R. A. Fisher, The Design of Experiments (1935), chapter 2.
 */
public final class FisherExact {
    /** Tables this much more probable than the observed one count as equally probable, as in R. */
    private static final double TOLERANCE = 1.0 + 1e-7;

    private FisherExact() {}

    /**
     * The two-sided p-value: the probability of all tables with the same margins that are no more probable than this one,
     * with a relative tolerance of 1e-7 for rounding, as in R's {@code fisher.test} and SciPy's {@code fisher_exact}. 1
     * if a margin is zero.
     *
     * <p>Tables x = 0, 1, ... (their first count) have probabilities in the ratio
     * {@code p(x + 1) / p(x) = (r - x) (c - x) / ((x + 1) (n - r - c + x + 1))}, r and c the sums of the first row and
     * column; they are computed by these ratios from the most probable table on and divided by their sum, so that no
     * factorial is needed. Relative error about 1e-16 times the number of tables. A p below 1e-300 may come out as 0.
     * Cost: one step per table, at most the smallest margin + 1; allocates nothing.
     *
     * @throws IllegalArgumentException if the table is all zeros
     */
    public static double pValue(Table2x2 table) {
        long n = table.total();
        if (n == 0) {
            throw new IllegalArgumentException("the table is " + table + ", expected at least 1 count above 0");
        }
        long row = (long) table.a() + table.b();
        long column = (long) table.a() + table.c();
        long lowest = Math.max(0L, row + column - n);
        long highest = Math.min(row, column);
        long mode = Math.max(lowest, Math.min(highest, (long) ((row + 1.0) * (column + 1.0) / (n + 2.0))));

        double observed = 1.0;
        for (long x = mode; x < table.a(); x++) {
            observed *= up(x, row, column, n);
        }
        for (long x = mode; x > table.a(); x--) {
            observed /= up(x - 1, row, column, n);
        }
        double limit = observed * TOLERANCE;
        double sum = 1.0;
        double extreme = 1.0 <= limit ? 1.0 : 0.0;
        double weight = 1.0;
        for (long x = mode; x < highest; x++) {
            weight *= up(x, row, column, n);
            sum += weight;
            extreme += weight <= limit ? weight : 0.0;
        }
        weight = 1.0;
        for (long x = mode; x > lowest; x--) {
            weight /= up(x - 1, row, column, n);
            sum += weight;
            extreme += weight <= limit ? weight : 0.0;
        }
        return extreme / sum;
    }

    private static double up(long x, long row, long column, long n) {
        return (double) (row - x) / (x + 1) * ((double) (column - x) / (n - row - column + x + 1));
    }
}
