package attractor.statistics;

/**
 * A closed interval. Immutable, thread-safe.
 *
 * @param low its lower end; may be -infinity, or NaN where there is no interval
 * @param high its upper end; may be infinity, or NaN where there is no interval
 */
public record Interval(double low, double high) {

    /** Whether {@code low <= value <= high}. */
    public boolean contains(double value) {
        return low <= value && value <= high;
    }
}
