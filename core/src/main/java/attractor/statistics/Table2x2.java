package attractor.statistics;

/**
 * A table of counts with two rows (groups) and two columns (outcomes). Immutable, thread-safe.
 *
 * @param a first row, first column
 * @param b first row, second column
 * @param c second row, first column
 * @param d second row, second column
 */
public record Table2x2(int a, int b, int c, int d) {

    /** @throws IllegalArgumentException if a count is negative */
    public Table2x2 {
        if (a < 0 || b < 0 || c < 0 || d < 0) {
            throw new IllegalArgumentException("the table is " + text(a, b, c, d) + ", expected counts of at least 0");
        }
    }

    /** Two proportions as a table: one per row, with successes in the first column. */
    public static Table2x2 of(Proportion first, Proportion second) {
        return new Table2x2(
                first.successes(),
                first.trials() - first.successes(),
                second.successes(),
                second.trials() - second.successes());
    }

    /** The sum of all four counts. */
    public long total() {
        return (long) a + b + c + d;
    }

    /**
     * The sample odds ratio {@code a d / (b c)}; infinite if only the denominator is 0, NaN if both products are. Not the
     * conditional maximum-likelihood estimate that R's {@code fisher.test} prints.
     */
    public double oddsRatio() {
        return (double) a * d / ((double) b * c);
    }

    /** The table as text, {@code [a b; c d]}. */
    @Override
    public String toString() {
        return text(a, b, c, d);
    }

    private static String text(int a, int b, int c, int d) {
        return "[" + a + " " + b + "; " + c + " " + d + "]";
    }
}
