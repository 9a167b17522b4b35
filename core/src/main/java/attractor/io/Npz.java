package attractor.io;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.zip.CRC32;
import java.util.zip.CheckedOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * The arrays of an {@code .npz} file by name, in the order of the file, with accessors that check type and shape.
 *
 * <p>Reads what {@code numpy.savez} and {@code savez_compressed} write, zip64 included. Writes stored (not deflated)
 * entries, in the map's order, with a constant time. So equal content gives equal bytes on every machine. Deflated data
 * would not, since its bytes depend on the installed zlib, and weights hardly compress. Nothing is ever extracted to
 * the disk: the name of an entry is only a key, whatever it looks like.
 *
 * <p>Immutable except for the arrays themselves, which are not copied; thread-safe as long as no thread changes them.
 */
public final class Npz {
    private static final String SUFFIX = ".npy";

    /** Not 1980-01-01: on that day {@code ZipEntry} adds a field that depends on the time zone. */
    private static final LocalDateTime TIME = LocalDateTime.of(1980, 2, 1, 0, 0);

    private final String name;
    private final Map<String, NpyArray> arrays;

    private Npz(String name, Map<String, NpyArray> arrays) {
        this.name = name;
        this.arrays = Collections.unmodifiableMap(arrays);
    }

    /**
     * Reads all arrays of a file.
     *
     * @throws FormatException if the content is not a whole {@code .npz} file with arrays that {@link NpyArray} reads.
     * No more memory is allocated than 100 times the file's size or 1 GiB, whichever is more.
     * @throws IOException if the file cannot be read
     */
    public static Npz read(Path file) throws IOException {
        try (ByteSource source = ByteSource.open(file)) {
            return read(source, file.toString(), NpyFormat.memoryLimit(source.size()));
        }
    }

    /**
     * Reads the arrays of a file in which no other names are allowed. Names are checked before anything is inflated.
     *
     * @param known all names that are allowed; they need not be in the file. Not modified.
     * @throws FormatException as {@link #read(Path)}, and if there is an array with any other name
     * @throws IOException if the file cannot be read
     */
    public static Npz read(Path file, Set<String> known) throws IOException {
        try (ByteSource source = ByteSource.open(file)) {
            return read(source, file.toString(), NpyFormat.memoryLimit(source.size()), known);
        }
    }

    /**
     * Reads some arrays of a file, and nothing of the others, which may be of types that can't be read here.
     *
     * @param wanted their names; they need not be in the file. Not modified.
     * @throws FormatException as {@link #read(Path)}
     * @throws IOException if the file cannot be read
     */
    public static Npz readSome(Path file, Set<String> wanted) throws IOException {
        try (ByteSource source = ByteSource.open(file)) {
            return read(source, file.toString(), NpyFormat.memoryLimit(source.size()), null, wanted);
        }
    }

    /**
     * Reads all arrays from memory.
     *
     * @param bytes the whole file. Not modified.
     * @param name the file's name in error messages
     * @throws FormatException as {@link #read(Path)}
     */
    public static Npz read(byte[] bytes, String name) throws FormatException {
        return ByteSource.inMemory(name, () -> read(ByteSource.of(bytes), name, NpyFormat.memoryLimit(bytes.length)));
    }

    /** Like {@link #read(Path)}, with a limit on the memory that all values together may take. */
    static Npz read(ByteSource source, String name, long memoryLimit) throws IOException {
        return read(source, name, memoryLimit, null);
    }

    /** Like {@link #read(Path, Set)}; {@code known} is null if any name is allowed. */
    private static Npz read(ByteSource source, String name, long memoryLimit, Set<String> known) throws IOException {
        return read(source, name, memoryLimit, known, null);
    }

    /** The same; of {@code wanted} only these are read, null for all. */
    private static Npz read(ByteSource source, String name, long memoryLimit, Set<String> known, Set<String> wanted)
            throws IOException {
        ZipReader zip = new ZipReader(source, name);
        for (ZipReader.Entry entry : zip.entries()) {
            if (!entry.name().endsWith(SUFFIX)) {
                throw new FormatException(name + ": has the entry " + FormatException.quote(entry.name())
                        + ", expected only .npy arrays");
            }
            if (known != null && !known.contains(key(entry))) {
                throw unknown(name, key(entry), known);
            }
        }
        Map<String, NpyArray> arrays = new LinkedHashMap<>();
        long memory = memoryLimit;
        for (ZipReader.Entry entry : zip.entries()) {
            String key = key(entry);
            if (wanted != null && !wanted.contains(key)) {
                continue;
            }
            try (ZipReader.Content content = zip.open(entry)) {
                NpyArray array =
                        NpyFormat.read(content, entry.size(), memory, name + ": " + FormatException.quote(key));
                content.verify();
                memory -= NpyFormat.memory(array);
                arrays.put(key, array);
            }
        }
        return new Npz(name, arrays);
    }

    private static String key(ZipReader.Entry entry) {
        return entry.name().substring(0, entry.name().length() - SUFFIX.length());
    }

    private static FormatException unknown(String name, String key, Set<String> known) {
        return new FormatException(name + ": has the unknown array " + FormatException.quote(key) + ", expected only "
                + String.join(", ", new TreeSet<>(known)));
    }

    /**
     * Writes a file, whole or not at all (see {@link AtomicFiles#write}).
     *
     * @param arrays in the order in which they are to be written. Not modified.
     * @throws IllegalArgumentException if a name is empty or has a slash, a backslash or a control character
     * @throws IOException if the file cannot be written
     */
    public static void write(Path file, Map<String, NpyArray> arrays) throws IOException {
        checkNames(arrays.keySet());
        AtomicFiles.write(file, out -> writeTo(out, arrays));
    }

    /**
     * Writes the content of a file.
     *
     * @param out neither flushed nor closed
     * @param arrays in the order in which they are to be written. Not modified.
     * @throws IllegalArgumentException if a name is empty or has a slash, a backslash or a control character
     */
    public static void writeTo(OutputStream out, Map<String, NpyArray> arrays) throws IOException {
        checkNames(arrays.keySet());
        ZipOutputStream zip = new ZipOutputStream(out);
        for (Map.Entry<String, NpyArray> array : arrays.entrySet()) {
            CheckedOutputStream checksum = new CheckedOutputStream(OutputStream.nullOutputStream(), new CRC32());
            array.getValue().writeTo(checksum);
            ZipEntry entry = new ZipEntry(array.getKey() + SUFFIX);
            entry.setMethod(ZipEntry.STORED);
            entry.setTimeLocal(TIME);
            entry.setCrc(checksum.getChecksum().getValue());
            entry.setSize(NpyFormat.encodedSize(array.getValue()));
            zip.putNextEntry(entry);
            array.getValue().writeTo(zip);
            zip.closeEntry();
        }
        zip.finish();
    }

    private static void checkNames(Collection<String> names) {
        for (String name : names) {
            if (name.isEmpty() || name.chars().anyMatch(c -> c == '/' || c == '\\' || Character.isISOControl(c))) {
                throw new IllegalArgumentException(
                        "the array name '" + name + "' is empty or has a slash or control character");
            }
        }
    }

    /** The file's name in error messages. */
    public String name() {
        return name;
    }

    /** The arrays by name, in the order of the file; unmodifiable. */
    public Map<String, NpyArray> arrays() {
        return arrays;
    }

    /** Whether there is an array with this name. */
    public boolean has(String key) {
        return arrays.containsKey(key);
    }

    /**
     * An array of any type and shape.
     *
     * @throws FormatException if there is no array with this name
     */
    public NpyArray get(String key) throws FormatException {
        NpyArray array = arrays.get(key);
        if (array == null) {
            throw new FormatException(
                    name + ": has no array '" + key + "', only " + String.join(", ", arrays.keySet()));
        }
        return array;
    }

    /**
     * Numbers as float64, in C order. Not a copy if the file has floats; integers and booleans are converted.
     *
     * @param shape the expected shape; -1 for a dimension that may have any length
     * @throws FormatException if there is no such array, it has another shape or type, or an integer that float64
     * cannot represent exactly
     */
    public double[] doubles(String key, int... shape) throws FormatException {
        NpyArray array = require(key, "numbers", shape, NpyArray.Kind.DOUBLE, NpyArray.Kind.LONG, NpyArray.Kind.BOOL);
        return array.toDoubles(name + ": '" + key + "'");
    }

    /**
     * Integers or booleans (as 0 and 1), in C order. Not a copy.
     *
     * @param shape the expected shape; -1 for a dimension that may have any length
     * @throws FormatException if there is no such array or it has another shape or type
     */
    public long[] longs(String key, int... shape) throws FormatException {
        return require(key, "integers", shape, NpyArray.Kind.LONG, NpyArray.Kind.BOOL)
                .longs();
    }

    /**
     * Strings, in C order. Not a copy.
     *
     * @param shape the expected shape; -1 for a dimension that may have any length
     * @throws FormatException if there is no such array or it has another shape or type
     */
    public String[] strings(String key, int... shape) throws FormatException {
        return require(key, "strings", shape, NpyArray.Kind.STRING).strings();
    }

    /**
     * The single number of a scalar.
     *
     * @throws FormatException if there is no such array, or it is not a scalar number
     */
    public double number(String key) throws FormatException {
        return doubles(key)[0];
    }

    /**
     * The single integer of a scalar.
     *
     * @throws FormatException if there is no such array, or it is not a scalar integer
     */
    public long integer(String key) throws FormatException {
        return longs(key)[0];
    }

    /**
     * The single string of a scalar.
     *
     * @throws FormatException if there is no such array, or it is not a scalar string
     */
    public String text(String key) throws FormatException {
        return strings(key)[0];
    }

    /**
     * Refuses arrays that the reader does not know.
     *
     * @throws FormatException if there is an array whose name is not in {@code known}
     */
    public void requireOnly(Set<String> known) throws FormatException {
        for (String key : arrays.keySet()) {
            if (!known.contains(key)) {
                throw unknown(name, key, known);
            }
        }
    }

    private NpyArray require(String key, String expected, int[] shape, NpyArray.Kind... kinds) throws FormatException {
        NpyArray array = get(key);
        int[] found = array.shape();
        boolean fits = found.length == shape.length;
        for (int d = 0; fits && d < shape.length; d++) {
            fits = shape[d] == -1 || shape[d] == found[d];
        }
        if (!fits || !List.of(kinds).contains(array.kind())) {
            throw new FormatException(name + ": '" + key + "' is " + array + ", expected " + expected + " of shape "
                    + NpyArray.shapeText(shape) + hint(key, array, shape, fits, List.of(kinds)));
        }
        return array;
    }

    /** The NumPy expression that makes the array what was expected, for the end of a message; empty if there is none. */
    private static String hint(String key, NpyArray array, int[] shape, boolean fits, List<NpyArray.Kind> kinds) {
        String expression = key;
        if (!kinds.contains(array.kind())) {
            expression += kinds.contains(NpyArray.Kind.STRING)
                    ? ".astype(str)"
                    : kinds.contains(NpyArray.Kind.DOUBLE) ? ".astype(float)" : ".astype(int)";
        }
        if (!fits) {
            if (shape.length == 0 && array.size() == 1) {
                expression += ".item()";
            } else if (array.rank() == 2 && Arrays.equals(shape, new int[] {array.shape()[1], array.shape()[0]})) {
                expression += ".T";
            } else if (Arrays.equals(withoutOnes(array.shape()), withoutOnes(shape))) {
                expression += ".reshape" + NpyArray.shapeText(shape);
            } else {
                return "";
            }
        }
        return "; in NumPy, " + expression + " has it";
    }

    private static int[] withoutOnes(int[] shape) {
        return Arrays.stream(shape).filter(length -> length != 1).toArray();
    }
}
