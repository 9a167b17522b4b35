package attractor.io;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The tensors of a {@code .safetensors} file by name, in the order of its header: eight bytes with the header's length,
 * the header in JSON (type, shape and place of every tensor, and {@code __metadata__}, texts by name), then the values,
 * little endian, in C order. Reads {@code F32} (widened) and {@code F64}; writes {@code F64}, or {@code F32} for
 * {@linkplain NpyArray#isSingle such arrays}; every bit is kept.
 *
 * <p>Nothing in a file is trusted: it is checked that the tensors lie within it, have the length that their shapes
 * need, do not overlap and leave no gap, as the format requires. Memory is allocated for at most twice the file's size
 * and a header of 1 MiB.
 *
 * <p>Immutable except for the arrays themselves, which are not copied; thread-safe as long as no thread changes them.
 */
public final class Safetensors {
    private static final String METADATA = "__metadata__";
    private static final String DTYPE = "dtype";
    private static final String SHAPE = "shape";
    private static final String OFFSETS = "data_offsets";

    /** Each tensor takes some 100 bytes of the header. */
    private static final int MAX_HEADER = 1 << 20;

    private static final int PREFIX = 8;
    private static final int CHUNK = 1 << 16;
    private static final int MAX_VALUES = Integer.MAX_VALUE - 8;

    private final String name;
    private final Map<String, NpyArray> tensors;
    private final Map<String, String> metadata;

    private Safetensors(String name, Map<String, NpyArray> tensors, Map<String, String> metadata) {
        this.name = name;
        this.tensors = Collections.unmodifiableMap(tensors);
        this.metadata = Collections.unmodifiableMap(metadata);
    }

    /**
     * Reads all tensors of a file.
     *
     * @throws FormatException if the content is not a whole {@code .safetensors} file of F32 and F64
     * @throws IOException if the file cannot be read
     */
    public static Safetensors read(Path file) throws IOException {
        try (ByteSource source = ByteSource.open(file)) {
            return read(source, file.toString());
        }
    }

    /**
     * Reads all tensors from memory.
     *
     * @param bytes the whole file. Not modified.
     * @param name the file's name in error messages
     * @throws FormatException as {@link #read(Path)}
     */
    public static Safetensors read(byte[] bytes, String name) throws FormatException {
        return ByteSource.inMemory(name, () -> read(ByteSource.of(bytes), name));
    }

    /** The header's description of a tensor, checked. */
    private record Entry(String name, boolean wide, int[] shape, int count, long begin, long end) {}

    private static Safetensors read(ByteSource source, String name) throws IOException {
        long size = source.size();
        if (size < PREFIX) {
            throw new FormatException(name + ": has " + size + " bytes, too few for a .safetensors file");
        }
        long length = bytes(source, 0, PREFIX).getLong();
        long most = Math.min(size - PREFIX, MAX_HEADER);
        if (length < 2 || length > most) {
            throw new FormatException(name + ": claims a header of " + Long.toUnsignedString(length)
                    + " bytes, expected 2 to " + most + " (a .safetensors file of " + size + " bytes)");
        }
        byte[] text = bytes(source, PREFIX, (int) length).array();
        if (text[0] != '{') {
            throw new FormatException(name + ": the header does not begin with '{', expected a .safetensors file");
        }
        JsonObject header = Json.parseObject(NpyFormat.utf8(text, name + ": the header"), name + ": the header");
        long start = PREFIX + length;
        List<Entry> entries = new ArrayList<>();
        for (String tensor : header.asMap().keySet()) {
            if (!tensor.equals(METADATA)) {
                entries.add(entry(header.getObject(tensor), name, tensor, size - start));
            }
        }
        checkPlaces(entries, size - start, name);
        Map<String, NpyArray> tensors = new LinkedHashMap<>();
        for (Entry entry : entries) {
            double[] values = values(source, start + entry.begin(), entry);
            tensors.put(entry.name(), NpyArray.of(values, entry.shape()));
        }
        Map<String, String> metadata = new LinkedHashMap<>();
        if (header.has(METADATA)) {
            JsonObject texts = header.getObject(METADATA);
            for (String key : texts.asMap().keySet()) {
                metadata.put(key, texts.getString(key));
            }
        }
        return new Safetensors(name, tensors, metadata);
    }

    private static Entry entry(JsonObject json, String file, String tensor, long room) throws FormatException {
        String what = file + ": " + FormatException.quote(tensor);
        json.requireOnly(Set.of(DTYPE, SHAPE, OFFSETS));
        String type = json.getString(DTYPE);
        if (!type.equals("F64") && !type.equals("F32")) {
            throw new FormatException(what + " has the type " + FormatException.quote(type) + ", expected F32 or F64");
        }
        int width = type.equals("F64") ? 8 : 4;
        List<Long> dims = integers(json, SHAPE, what);
        int[] shape = new int[dims.size()];
        long count = 1;
        for (int d = 0; d < shape.length; d++) {
            long n = dims.get(d);
            count = n < 0 || n > MAX_VALUES ? Long.MAX_VALUE : count * n;
            if (count > MAX_VALUES) {
                throw new FormatException(what + " has the shape " + dims + ", expected at most " + MAX_VALUES
                        + " values, no length negative");
            }
            shape[d] = (int) n;
        }
        List<Long> offsets = integers(json, OFFSETS, what);
        long begin = offsets.isEmpty() ? -1 : offsets.get(0);
        long end = offsets.size() != 2 ? -1 : offsets.get(1);
        if (begin < 0 || end < begin || end > room) {
            throw new FormatException(what + " has the data_offsets " + offsets
                    + ", expected a begin and an end within " + room + " bytes");
        }
        if (end - begin != count * width) {
            throw new FormatException(what + " has " + (end - begin) + " bytes of values, expected " + count * width
                    + " (shape " + NpyArray.shapeText(shape) + " of " + type + ")");
        }
        return new Entry(tensor, width == 8, shape, (int) count, begin, end);
    }

    private static List<Long> integers(JsonObject json, String key, String what) throws FormatException {
        List<Long> integers = new ArrayList<>();
        for (Object value : json.getList(key)) {
            if (!(value instanceof Long integer)) {
                throw new FormatException(
                        what + " has " + JsonObject.describe(value) + " in its " + key + ", expected integers");
            }
            integers.add(integer);
        }
        return integers;
    }

    private static void checkPlaces(List<Entry> entries, long room, String file) throws FormatException {
        List<Entry> sorted = new ArrayList<>(entries);
        sorted.sort(Comparator.comparingLong(Entry::begin).thenComparingLong(Entry::end));
        long at = 0;
        for (Entry entry : sorted) {
            if (entry.begin() != at) {
                throw new FormatException(file + ": " + FormatException.quote(entry.name()) + " begins at "
                        + entry.begin() + ", expected " + at + ", where the tensor before it ends");
            }
            at = entry.end();
        }
        if (at != room) {
            throw new FormatException(
                    file + ": has " + room + " bytes of values, expected " + at + " as its header says");
        }
    }

    private static double[] values(ByteSource source, long position, Entry entry) throws IOException {
        double[] values = new double[entry.count()];
        int width = entry.wide() ? 8 : 4;
        for (int done = 0; done < values.length; ) {
            int count = Math.min(values.length - done, CHUNK / width);
            ByteBuffer chunk = bytes(source, position + (long) done * width, count * width);
            if (entry.wide()) {
                chunk.asDoubleBuffer().get(values, done, count);
            } else {
                for (int k = 0; k < count; k++) {
                    values[done + k] = chunk.getFloat(4 * k);
                }
            }
            done += count;
        }
        return values;
    }

    private static ByteBuffer bytes(ByteSource source, long position, int length) throws IOException {
        byte[] bytes = new byte[length];
        source.read(position, bytes, 0, length);
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    /**
     * Writes a file, whole or not at all (see {@link AtomicFiles#write}). Equal content gives equal bytes.
     *
     * @param tensors of kind DOUBLE, in the order in which they are to be written. Not modified.
     * @param metadata texts by name; none if empty. Not modified.
     * @throws IllegalArgumentException if an array is of another kind, a name is {@code __metadata__}, or the header
     *     would be longer than 1 MiB
     * @throws IOException if the file cannot be written
     */
    public static void write(Path file, Map<String, NpyArray> tensors, Map<String, String> metadata)
            throws IOException {
        byte[] header = header(tensors, metadata);
        AtomicFiles.write(file, out -> {
            out.write(header);
            ByteBuffer chunk = ByteBuffer.allocate(CHUNK).order(ByteOrder.LITTLE_ENDIAN);
            for (NpyArray tensor : tensors.values()) {
                double[] values = tensor.doubles();
                int width = width(tensor);
                for (int done = 0; done < values.length; ) {
                    int count = Math.min(values.length - done, CHUNK / width);
                    for (int k = 0; k < count; k++) {
                        if (tensor.isSingle()) {
                            chunk.putFloat(width * k, (float) values[done + k]);
                        } else {
                            chunk.putDouble(width * k, values[done + k]);
                        }
                    }
                    out.write(chunk.array(), 0, width * count);
                    done += count;
                }
            }
        });
    }

    private static int width(NpyArray tensor) {
        return tensor.isSingle() ? Float.BYTES : Double.BYTES;
    }

    /** The header's length, then the header, padded with spaces so that the values begin at a multiple of 8. */
    private static byte[] header(Map<String, NpyArray> tensors, Map<String, String> metadata) {
        Map<String, Object> json = new LinkedHashMap<>();
        if (!metadata.isEmpty()) {
            json.put(METADATA, metadata);
        }
        long at = 0;
        for (Map.Entry<String, NpyArray> tensor : tensors.entrySet()) {
            NpyArray array = tensor.getValue();
            if (tensor.getKey().equals(METADATA) || array.kind() != NpyArray.Kind.DOUBLE) {
                throw new IllegalArgumentException("the tensor '" + tensor.getKey() + "' is of kind " + array.kind()
                        + ", expected DOUBLE and another name than " + METADATA);
            }
            Map<String, Object> entry = new LinkedHashMap<>();
            long end = at + (long) width(array) * array.size();
            entry.put(DTYPE, array.isSingle() ? "F32" : "F64");
            entry.put(SHAPE, array.shape());
            entry.put(OFFSETS, new long[] {at, end});
            json.put(tensor.getKey(), entry);
            at = end;
        }
        byte[] text = Json.compact(json).getBytes(StandardCharsets.UTF_8);
        int length = (text.length + 7) / 8 * 8;
        if (length > MAX_HEADER) {
            throw new IllegalArgumentException(
                    "the header has " + length + " bytes, expected at most " + MAX_HEADER + " (fewer names)");
        }
        ByteBuffer header = ByteBuffer.allocate(PREFIX + length).order(ByteOrder.LITTLE_ENDIAN);
        header.putLong(length).put(text);
        while (header.hasRemaining()) {
            header.put((byte) ' ');
        }
        return header.array();
    }

    /** The file's name in error messages. */
    public String name() {
        return name;
    }

    /** The tensors by name, in the order of the header, all of kind DOUBLE; unmodifiable. */
    public Map<String, NpyArray> tensors() {
        return tensors;
    }

    /** The texts of {@code __metadata__}, empty if there are none; unmodifiable. */
    public Map<String, String> metadata() {
        return metadata;
    }
}
