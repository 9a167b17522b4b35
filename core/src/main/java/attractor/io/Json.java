package attractor.io;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;

/**
 * Strict JSON (RFC 8259). Values are {@code Map<String, Object>} (in the order of the text), {@code List<Object>},
 * {@code String}, {@code Long} (a number without fraction and exponent, if it fits), {@code Double} (every other
 * number), {@code Boolean} and null.
 *
 * <p>The parser refuses what the grammar does not allow. It also refuses a name that occurs twice in an object, more
 * than 100 levels, a number beyond the range of a double, and text that is not UTF-8. The writer accepts, besides the
 * types above, {@link JsonObject}, other collections, {@code Integer}, {@code Short}, {@code Byte}, {@code Float} (as
 * the same double), and arrays {@code double[]}, {@code long[]}, {@code int[]}, {@code boolean[]}, {@code Object[]}.
 * <b>NaN and infinities, which JSON lacks, are written as null</b> (a network that diverged has such scores); {@link
 * JsonObject#getDoubleOrNaN} reads them back as NaN.
 *
 * <p>Thread-safe: has no state.
 */
public final class Json {
    static final int MAX_DEPTH = 100;
    private static final int MAX_BYTES = 1 << 28;

    private Json() {}

    /**
     * Parses a text.
     *
     * @param text the whole text
     * @param name its name in error messages, such as a file's name
     * @return the value
     * @throws FormatException if the text is not JSON, with line and column
     */
    public static Object parse(String text, String name) throws FormatException {
        return new JsonParser(text, name).parse();
    }

    /**
     * Parses the text of an object.
     *
     * @param text the whole text
     * @param name its name in error messages, such as a file's name
     * @throws FormatException if the text is not JSON or not an object
     */
    public static JsonObject parseObject(String text, String name) throws FormatException {
        Object value = parse(text, name);
        if (!(value instanceof Map<?, ?>)) {
            throw new FormatException(name + ": found " + JsonObject.describe(value) + ", expected an object");
        }
        return new JsonObject(JsonObject.cast(value), name);
    }

    /**
     * Reads a file that holds an object.
     *
     * @throws FormatException if the content is not UTF-8, not JSON or not an object
     * @throws IOException if the file cannot be read
     */
    public static JsonObject read(Path file) throws IOException {
        String text = NpyFormat.utf8(ByteSource.readAll(file, MAX_BYTES), file.toString());
        if (text.isEmpty()) {
            throw new FormatException(file + " is empty, expected an object as JSON");
        }
        return parseObject(text, file.toString());
    }

    /**
     * Writes a file, indented, with a line break at its end, as a whole or not at all (see {@link AtomicFiles#write}).
     *
     * @throws IllegalArgumentException if a value is of a type that the writer does not accept
     * @throws IOException if the file cannot be written
     */
    public static void write(Path file, Object value) throws IOException {
        byte[] text = (pretty(value) + "\n").getBytes(StandardCharsets.UTF_8);
        AtomicFiles.write(file, out -> out.write(text));
    }

    /**
     * The text on one line, without white space between tokens.
     *
     * @throws IllegalArgumentException if a value is of a type that the writer does not accept
     */
    public static String compact(Object value) {
        return new JsonWriter(false).text(value);
    }

    /**
     * The text with an indent of 2 spaces per level; arrays of numbers, and short arrays of other plain values, on one
     * line.
     *
     * @throws IllegalArgumentException if a value is of a type that the writer does not accept
     */
    public static String pretty(Object value) {
        return new JsonWriter(true).text(value);
    }

    /**
     * The shortest text that is read back as the same double, in the notation of Python's {@code repr}: {@code 0.1},
     * {@code 3.0}, {@code -0.0}, {@code 1e-05}, {@code 1.5e+16}. It is the same on every Java version, unlike {@code
     * Double.toString}.
     *
     * @throws IllegalArgumentException if the value is NaN or infinite
     */
    public static String number(double value) {
        if (!Double.isFinite(value)) {
            throw new IllegalArgumentException(value + " is not a JSON number");
        }
        return ShortestDecimal.of(value);
    }
}
