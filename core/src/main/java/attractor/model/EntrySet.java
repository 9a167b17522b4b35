package attractor.model;

import java.util.Arrays;
import java.util.Base64;
import java.util.BitSet;

/**
 * A set of entries of an array, rows x cols: for example the entries of a connectivity mask, or those that are not
 * trained. Immutable, safe for any number of threads.
 */
public final class EntrySet {
    private final int rows;
    private final int cols;
    private final BitSet bits;

    private EntrySet(int rows, int cols, BitSet bits) {
        if (rows < 1 || cols < 1 || (long) rows * cols > Integer.MAX_VALUE - 64) {
            throw new IllegalArgumentException(
                    "a set of entries is " + rows + " x " + cols + ", expected at least 1 x 1, fewer than 2^31");
        }
        this.rows = rows;
        this.cols = cols;
        this.bits = bits;
    }

    /**
     * The set of the entries that are 1.
     *
     * @param values rows x cols in C order, each 0 or 1. Not modified.
     * @throws IllegalArgumentException if the number of values is wrong, or one is neither 0 nor 1
     */
    public static EntrySet of(int rows, int cols, double[] values) {
        if (values.length != (long) rows * cols) {
            throw new IllegalArgumentException(
                    "a set of entries has " + values.length + " values, expected " + rows + " * " + cols);
        }
        BitSet bits = new BitSet(values.length);
        for (int i = 0; i < values.length; i++) {
            if (values[i] != 0.0 && values[i] != 1.0) {
                throw new IllegalArgumentException(
                        "entry [" + i / cols + "," + i % cols + "] is " + values[i] + ", expected 0 or 1");
            }
            bits.set(i, values[i] == 1.0);
        }
        return new EntrySet(rows, cols, bits);
    }

    /** All entries. */
    public static EntrySet all(int rows, int cols) {
        EntrySet all = new EntrySet(rows, cols, new BitSet());
        all.bits.set(0, rows * cols);
        return all;
    }

    /** Number of rows. */
    public int rows() {
        return rows;
    }

    /** Number of columns. */
    public int cols() {
        return cols;
    }

    /** Number of entries in the set. */
    public int count() {
        return bits.cardinality();
    }

    /**
     * Whether an entry is in the set.
     *
     * @throws IndexOutOfBoundsException if there is no such entry
     */
    public boolean has(int row, int col) {
        if (row < 0 || row >= rows || col < 0 || col >= cols) {
            throw new IndexOutOfBoundsException("entry [" + row + "," + col + "] of " + rows + " x " + cols);
        }
        return bits.get(row * cols + col);
    }

    /** This set without the diagonal. */
    public EntrySet withoutDiagonal() {
        BitSet without = (BitSet) bits.clone();
        for (int i = 0; i < Math.min(rows, cols); i++) {
            without.clear(i * cols + i);
        }
        return new EntrySet(rows, cols, without);
    }

    /** 1 for the entries in the set and 0 for the others, rows x cols in C order. */
    public double[] toArray() {
        double[] values = new double[rows * cols];
        bits.stream().forEach(i -> values[i] = 1.0);
        return values;
    }

    /** The bits in C order, in base 64. The first bit is the highest in its byte, as with {@code numpy.packbits}. */
    public String toBase64() {
        byte[] packed = new byte[(rows * cols + 7) / 8];
        bits.stream().forEach(i -> packed[i / 8] |= (byte) (0x80 >>> i % 8));
        return Base64.getEncoder().encodeToString(packed);
    }

    /**
     * The set from the text that {@link #toBase64} gave.
     *
     * @throws IllegalArgumentException if the text isn't a set of this size
     */
    public static EntrySet ofBase64(int rows, int cols, String text) {
        byte[] packed;
        try {
            packed = Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("a set of entries is not in base 64: " + e.getMessage(), e);
        }
        long values = (long) rows * cols;
        if (packed.length != (values + 7) / 8) {
            throw new IllegalArgumentException("a set of entries has " + packed.length + " bytes, expected "
                    + (values + 7) / 8 + " for " + rows + " x " + cols);
        }
        BitSet bits = new BitSet();
        for (int i = 0; i < packed.length * 8; i++) {
            if ((packed[i / 8] & 0x80 >>> i % 8) != 0) {
                if (i >= values) {
                    throw new IllegalArgumentException(
                            "a set of entries has a bit after its last entry, expected " + rows + " x " + cols);
                }
                bits.set(i);
            }
        }
        return new EntrySet(rows, cols, bits);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof EntrySet set && rows == set.rows && cols == set.cols && bits.equals(set.bits);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(new int[] {rows, cols, bits.hashCode()});
    }

    @Override
    public String toString() {
        return count() + " of " + rows + " x " + cols + " entries";
    }
}
