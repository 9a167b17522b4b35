package attractor.model;

import java.util.Locale;

/**
 * The numbers in which a network is trained, simulated and stored. With {@link #FLOAT} the parameters are still an array of
 * double, each of which is a float; the engine for float takes them as they are, and what it computes is widened again.
 * Immutable, safe for any thread.
 */
public enum Precision {
    /** float64, 53 bits. */
    DOUBLE,
    /** float32, 24 bits. */
    FLOAT;

    /** The name in files and on the command line: {@code double}, {@code float}. */
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * The precision with this {@link #id()}.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static Precision of(String id) {
        for (Precision precision : values()) {
            if (precision.id().equals(id)) {
                return precision;
            }
        }
        throw new IllegalArgumentException("precision is '" + id + "', expected double or float");
    }

    /** A number in this precision: the nearest one. */
    public double rounded(double value) {
        return this == FLOAT ? (float) value : value;
    }

    /**
     * Where the first number is that this precision doesn't have.
     *
     * @param values Not modified.
     * @return its index, -1 if there is none
     */
    public int firstInexact(double[] values) {
        for (int i = 0; i < values.length; i++) {
            if (rounded(values[i]) != values[i] && !Double.isNaN(values[i])) {
                return i;
            }
        }
        return -1;
    }
}
