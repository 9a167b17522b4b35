package attractor.io;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;

/**
 * JSON as RFC 8259 has it, strictly. Values are {@code Map<String, Object>} (in the order of the text), {@code
 * List<Object>}, {@code String}, {@code Long} (a number without fraction and exponent that fits), {@code Double} (every
 * other number), {@code Boolean} and null.
 *
 * <p>The parser refuses what the grammar does not allow, and further: a name that comes twice in an object, more than
 * 100 levels, a number beyond the range of a double, text that is not UTF-8. The writer takes, besides the above,
 * {@link JsonObject}, other collections, {@code Integer}, {@code Short}, {@code Byte}, {@code Float} (as the same
 * double), and arrays {@code double[]}, {@code long[]}, {@code int[]}, {@code boolean[]}, {@code Object[]}. <b>NaN and
 * infinities, which JSON lacks, are written as null</b> (a network that diverged has such scores); {@link
 * JsonObject#getDoubleOrNaN} reads them back.
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
     * @param name what error messages call it, a file's name for one
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
     * @param name what error messages call it, a file's name for one
     * @throws FormatException if the text is not JSON or no object
     */
    public static JsonObject parseObject(String text, String name) throws FormatException {
        Object value = parse(text, name);
        if (!(value instanceof Map<?, ?>)) {
            throw new FormatException(name + ": found " + JsonObject.describe(value) + ", expected an object");
        }
        return new JsonObject(JsonObject.cast(value), name);
    }

    /**
     * Reads a file with an object.
     *
     * @throws FormatException if the content is not UTF-8, not JSON or no object
     * @throws IOException if the file cannot be read
     */
    public static JsonObject read(Path file) throws IOException {
        String text = NpyFormat.utf8(ByteSource.readAll(file, MAX_BYTES), file.toString());
        return parseObject(text, file.toString());
    }

    /**
     * Writes a file, pretty, with a line break at its end, whole or not at all (see {@link AtomicFiles#write}).
     *
     * @throws IllegalArgumentException if a value is of a type that the writer does not take
     * @throws IOException if the file cannot be written
     */
    public static void write(Path file, Object value) throws IOException {
        byte[] text = (pretty(value) + "\n").getBytes(StandardCharsets.UTF_8);
        AtomicFiles.write(file, out -> out.write(text));
    }

    /**
     * The text without white space between tokens, on one line.
     *
     * @throws IllegalArgumentException if a value is of a type that the writer does not take
     */
    public static String compact(Object value) {
        return new JsonWriter(false).text(value);
    }

    /**
     * The text indented by 2 spaces a level; arrays of numbers, and short arrays of other plain values, on one line.
     *
     * @throws IllegalArgumentException if a value is of a type that the writer does not take
     */
    public static String pretty(Object value) {
        return new JsonWriter(true).text(value);
    }

    /**
     * The shortest text that is read back as the same double, in the notation of Python's {@code repr}: {@code 0.1},
     * {@code 3.0}, {@code -0.0}, {@code 1e-05}, {@code 1.5e+16}. The same on every Java version, as {@code
     * Double.toString} is not.
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
