package attractor.statistics;

/**
 * The values of a quotient that data don't reject. Where the denominator may be zero, these are not always an interval:
 * values near infinity can be as well supported as those near the estimate. Never empty. Immutable, thread-safe.
 *
 * @param shape what the set is
 * @param low an end of the set; -infinity if the shape is {@link Shape#EVERYTHING}
 * @param high the other end, at least {@code low}; infinity if the shape is {@link Shape#EVERYTHING}
 */
public record ConfidenceSet(Shape shape, double low, double high) {

    /** What kind of set it is. Immutable, safe for any thread. */
    public enum Shape {
        /** {@code low} to {@code high}; one of them may be infinite. */
        INTERVAL,
        /** Unbounded on both sides: all below {@code low} and all above {@code high}; only what is between is rejected. */
        OUTSIDE,
        /** All numbers: the data reject no value. */
        EVERYTHING
    }

    static final ConfidenceSet ALL =
            new ConfidenceSet(Shape.EVERYTHING, Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY);

    /** Whether the set has two finite ends and is what is between them. */
    public boolean bounded() {
        return shape == Shape.INTERVAL && Double.isFinite(low) && Double.isFinite(high);
    }

    /** Whether a value belongs to the set, its ends included. */
    public boolean contains(double value) {
        return switch (shape) {
            case INTERVAL -> low <= value && value <= high;
            case OUTSIDE -> value <= low || value >= high;
            case EVERYTHING -> !Double.isNaN(value);
        };
    }
}
