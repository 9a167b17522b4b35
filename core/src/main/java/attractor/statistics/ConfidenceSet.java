package attractor.statistics;

/**
 * The values of a quotient that the data don't reject. If the denominator may be zero, they are not always an interval:
 * values near infinity can be as well supported by the data as those near the estimate. Never empty. Immutable,
 * thread-safe.
 *
 * @param shape the kind of set
 * @param low an end of the set; -infinity if the shape is {@link Shape#EVERYTHING}
 * @param high the other end, at least {@code low}; infinity if the shape is {@link Shape#EVERYTHING}
 */
public record ConfidenceSet(Shape shape, double low, double high) {

    /** The kind of set. Immutable, safe for any thread. */
    public enum Shape {
        /** {@code low} to {@code high}; one of them may be infinite. */
        INTERVAL,
        /**
         * Unbounded on both sides: all below {@code low} and all above {@code high}; only values between them are
         * rejected.
         */
        OUTSIDE,
        /** All numbers: the data reject no value. */
        EVERYTHING
    }

    static final ConfidenceSet ALL =
            new ConfidenceSet(Shape.EVERYTHING, Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY);

    /** Whether the set is an interval with two finite ends. */
    public boolean bounded() {
        return shape == Shape.INTERVAL && Double.isFinite(low) && Double.isFinite(high);
    }

    /** Whether a value belongs to the set, including its ends. */
    public boolean contains(double value) {
        return switch (shape) {
            case INTERVAL -> low <= value && value <= high;
            case OUTSIDE -> value <= low || value >= high;
            case EVERYTHING -> !Double.isNaN(value);
        };
    }
}
