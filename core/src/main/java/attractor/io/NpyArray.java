package attractor.io;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * An array as NumPy's {@code .npy} files hold it: a shape and values in C order (the last index runs fastest), element
 * {@code (i, j, k)} of shape {@code (I, J, K)} at {@code (i*J + j)*K + k}. The shape {@code ()} is a scalar.
 *
 * <p>Reads format versions 1 to 3, either byte order, C and Fortran order (converted to C), and the types in {@link
 * Kind}. Writes version 1.0, C order, little endian: {@code <f8}, {@code <f4}, {@code <i8}, {@code |b1}, {@code <U}. Every bit of a
 * float64 is kept, in NaNs too.
 *
 * <p>Neither the factories nor the accessors copy the values, except where they say so. Thread-safe as long as no
 * thread changes the arrays.
 */
public final class NpyArray {
    /** Type of an element. Immutable, safe for any thread. */
    public enum Kind {
        /** {@code f8}, or {@code f4} widened; in a {@code double[]}. */
        DOUBLE,
        /** {@code i1 i2 i4 i8 u1 u2 u4 u8}; in a {@code long[]}; a {@code u8} of 2^63 or more is refused. */
        LONG,
        /** {@code b1}; in a {@code long[]} of 0 and 1. */
        BOOL,
        /** {@code U} (UTF-32) or {@code S} (UTF-8), without the NULs at the end; in a {@code String[]}. */
        STRING
    }

    private final Kind kind;
    private final int[] shape;
    private final Object data;
    /** Whether a file has the values as float32. */
    private final boolean single;

    NpyArray(Kind kind, Object data, int length, int[] shape) {
        this(kind, data, length, shape, false);
    }

    NpyArray(Kind kind, Object data, int length, int[] shape, boolean single) {
        long size = 1;
        for (int n : shape) {
            if (n < 0) {
                throw new IllegalArgumentException("shape " + shapeText(shape) + " has a negative dimension");
            }
            size = size > Integer.MAX_VALUE && n != 0 ? size : size * n;
        }
        if (size != length) {
            throw new IllegalArgumentException(
                    "shape " + shapeText(shape) + " needs " + size + " values, found " + length);
        }
        this.kind = kind;
        this.shape = shape;
        this.data = data;
        this.single = single;
    }

    /**
     * An array of float64.
     *
     * @param values in C order. Not copied.
     * @param shape one length per dimension; none for a scalar
     * @throws IllegalArgumentException if the number of values is not the product of the shape
     */
    public static NpyArray of(double[] values, int... shape) {
        return new NpyArray(Kind.DOUBLE, values, values.length, shape.clone());
    }

    /**
     * An array that is stored as float32.
     *
     * @param values in C order; each is rounded to the nearest float when it is written. Not copied.
     * @param shape one length per dimension; none for a scalar
     * @throws IllegalArgumentException if the number of values is not the product of the shape
     */
    public static NpyArray ofSingles(double[] values, int... shape) {
        return new NpyArray(Kind.DOUBLE, values, values.length, shape.clone(), true);
    }

    /**
     * An array of int64.
     *
     * @param values in C order. Not copied.
     * @param shape one length per dimension; none for a scalar
     * @throws IllegalArgumentException if the number of values is not the product of the shape
     */
    public static NpyArray of(long[] values, int... shape) {
        return new NpyArray(Kind.LONG, values, values.length, shape.clone());
    }

    /**
     * An array of strings.
     *
     * @param values in C order. Not copied. A string must not end in NUL (the format drops it) and must not hold half a
     * surrogate pair.
     * @param shape one length per dimension; none for a scalar
     * @throws IllegalArgumentException if the number of values is not the product of the shape or a string cannot be
     * stored
     */
    public static NpyArray of(String[] values, int... shape) {
        NpyFormat.checkStrings(values);
        return new NpyArray(Kind.STRING, values, values.length, shape.clone());
    }

    /**
     * An array of booleans.
     *
     * @param values in C order. Copied.
     * @param shape one length per dimension; none for a scalar
     * @throws IllegalArgumentException if the number of values is not the product of the shape
     */
    public static NpyArray of(boolean[] values, int... shape) {
        long[] bits = new long[values.length];
        for (int i = 0; i < bits.length; i++) {
            bits[i] = values[i] ? 1 : 0;
        }
        return new NpyArray(Kind.BOOL, bits, bits.length, shape.clone());
    }

    /** A float64 of shape {@code ()}. */
    public static NpyArray scalar(double value) {
        return of(new double[] {value});
    }

    /** An int64 of shape {@code ()}. */
    public static NpyArray scalar(long value) {
        return of(new long[] {value});
    }

    /** A string of shape {@code ()}; see {@link #of(String[], int...)} for the strings that are allowed. */
    public static NpyArray scalar(String value) {
        return of(new String[] {value});
    }

    /**
     * Reads a {@code .npy} file.
     *
     * @throws FormatException if the content is not a whole {@code .npy} file of a type in {@link Kind}
     * @throws IOException if the file cannot be read
     */
    public static NpyArray read(Path file) throws IOException {
        try (ByteSource source = ByteSource.open(file)) {
            return NpyFormat.read(source, file.toString());
        }
    }

    /**
     * Reads the content of a {@code .npy} file.
     *
     * @param bytes the whole file. Not modified.
     * @param name its name in error messages
     * @throws FormatException if the content is not a whole {@code .npy} file of a type in {@link Kind}
     */
    public static NpyArray read(byte[] bytes, String name) throws FormatException {
        return ByteSource.inMemory(name, () -> NpyFormat.read(ByteSource.of(bytes), name));
    }

    /**
     * Writes a {@code .npy} file, whole or not at all (see {@link AtomicFiles#write}).
     *
     * @throws IOException if the file cannot be written
     */
    public void write(Path file) throws IOException {
        AtomicFiles.write(file, this::writeTo);
    }

    /**
     * Writes the content of a {@code .npy} file.
     *
     * @param out neither flushed nor closed
     */
    public void writeTo(OutputStream out) throws IOException {
        NpyFormat.write(this, out);
    }

    /** The type of the elements. */
    public Kind kind() {
        return kind;
    }

    /** Whether the values are float32 in a file: those of {@link #ofSingles}, and of an {@code f4} that was read. */
    public boolean isSingle() {
        return single;
    }

    /** One length per dimension; a copy. */
    public int[] shape() {
        return shape.clone();
    }

    /** The number of dimensions, 0 for a scalar. */
    public int rank() {
        return shape.length;
    }

    /** The number of elements. */
    public int size() {
        return switch (kind) {
            case DOUBLE -> ((double[]) data).length;
            case LONG, BOOL -> ((long[]) data).length;
            case STRING -> ((String[]) data).length;
        };
    }

    /**
     * Numbers as float64, in C order. Not a copy if the array holds floats; integers and booleans are converted.
     *
     * @param what the array's name in error messages
     * @throws FormatException if the array holds strings, or an integer that float64 cannot represent exactly
     */
    public double[] toDoubles(String what) throws FormatException {
        if (kind == Kind.DOUBLE) {
            return doubles();
        }
        if (kind == Kind.STRING) {
            throw new FormatException(what + " is " + this + ", expected numbers; in NumPy, a.astype(float) has them");
        }
        long[] longs = longs();
        double[] values = new double[longs.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = longs[i];
            if ((long) values[i] != longs[i] || longs[i] == Long.MAX_VALUE) {
                throw new FormatException(what + " has the value " + longs[i] + ", which is not exact as a float64");
            }
        }
        return values;
    }

    /**
     * The values, in C order. Not a copy.
     *
     * @throws IllegalStateException if the kind is not DOUBLE
     */
    public double[] doubles() {
        require(kind == Kind.DOUBLE, "DOUBLE");
        return (double[]) data;
    }

    /**
     * The values, in C order. Not a copy.
     *
     * @throws IllegalStateException if the kind is neither LONG nor BOOL
     */
    public long[] longs() {
        require(kind == Kind.LONG || kind == Kind.BOOL, "LONG or BOOL");
        return (long[]) data;
    }

    /**
     * The values, in C order. Not a copy.
     *
     * @throws IllegalStateException if the kind is not STRING
     */
    public String[] strings() {
        require(kind == Kind.STRING, "STRING");
        return (String[]) data;
    }

    private void require(boolean holds, String expected) {
        if (!holds) {
            throw new IllegalStateException("the array is of kind " + kind + ", expected " + expected);
        }
    }

    /** Kind and shape, such as {@code DOUBLE (50, 50)}. */
    @Override
    public String toString() {
        return kind + " " + shapeText(shape);
    }

    /** A shape as Python writes it: {@code ()}, {@code (3,)}, {@code (3, 4)}; {@code -1} as {@code any}. */
    static String shapeText(int[] shape) {
        if (shape.length == 1) {
            return "(" + (shape[0] == -1 ? "any" : shape[0]) + ",)";
        }
        return Arrays.toString(shape).replace('[', '(').replace(']', ')').replace("-1", "any");
    }
}
