package attractor.model;

/**
 * Signs that the entries of an array of weights keep. Immutable, safe for any number of threads.
 *
 * @param positive the entries that stay 0 or more
 * @param negative the entries that stay 0 or less; none is in both sets
 */
public record Signs(EntrySet positive, EntrySet negative) {
    /** @throws IllegalArgumentException if the sets have different sizes */
    public Signs {
        if (positive.rows() != negative.rows() || positive.cols() != negative.cols()) {
            throw new IllegalArgumentException(
                    "positive entries are " + positive + ", expected as many as negative ones, " + negative);
        }
    }

    /**
     * Signs from numbers.
     *
     * @param values rows x cols in C order: 1, -1, or 0 for any sign. Not modified.
     * @throws IllegalArgumentException if the number of values is wrong, or one is another number
     */
    public static Signs of(int rows, int cols, double[] values) {
        double[] positive = new double[values.length];
        double[] negative = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            if (values[i] != 0.0 && Math.abs(values[i]) != 1.0) {
                throw new IllegalArgumentException(
                        "entry [" + i / cols + "," + i % cols + "] is " + values[i] + ", expected 1, -1 or 0");
            }
            positive[i] = values[i] > 0.0 ? 1.0 : 0.0;
            negative[i] = values[i] < 0.0 ? 1.0 : 0.0;
        }
        return new Signs(EntrySet.of(rows, cols, positive), EntrySet.of(rows, cols, negative));
    }

    /** Number of rows. */
    public int rows() {
        return positive.rows();
    }

    /** Number of columns. */
    public int cols() {
        return positive.cols();
    }

    /** The sign of an entry, 1 or -1; 0 if both are allowed. */
    public double at(int row, int col) {
        return positive.has(row, col) ? 1.0 : negative.has(row, col) ? -1.0 : 0.0;
    }

    /** 1, -1 and 0, rows x cols in C order. */
    public double[] toArray() {
        double[] values = positive.toArray();
        double[] minus = negative.toArray();
        for (int i = 0; i < values.length; i++) {
            values[i] -= minus[i];
        }
        return values;
    }
}
