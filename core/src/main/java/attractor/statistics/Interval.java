package attractor.statistics;

/**
 * A closed interval. Immutable, thread-safe.
 *
 * @param low its lower end; may be -infinity, or NaN where there is no interval
 * @param high its upper end; may be infinity, or NaN where there is no interval
 */
public record Interval(double low, double high) {

    private static final double LEVEL = 0.95;

    /**
     * The 95 % interval of a mean by Student's t: {@code mean -+ t sd / sqrt(n)} with n - 1 degrees of freedom.
     *
     * @param count number of values n
     * @param mean their mean
     * @param sd their standard deviation, with n - 1 in the denominator
     * @return NaN for fewer than two values
     */
    public static Interval ofMean(int count, double mean, double sd) {
        if (count < 2 || !Double.isFinite(sd)) {
            return new Interval(Double.NaN, Double.NaN);
        }
        double half = Distributions.studentCritical(LEVEL, count - 1) * sd / Math.sqrt(count);
        return new Interval(mean - half, mean + half);
    }

    /** Whether {@code low <= value <= high}. */
    public boolean contains(double value) {
        return low <= value && value <= high;
    }
}
