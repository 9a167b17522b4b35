package attractor.interchange;

import attractor.io.FormatException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Reads the numbers of one array of an HDF5 file: stored as a whole or in chunks, with filters, and with a fill value
 * for chunks that were not written. Belongs to one thread.
 */
final class Hdf5Array {
    private static final int DEFLATE = 1;
    private static final int SHUFFLE = 2;
    private static final int FLETCHER32 = 3;

    /** Filters from here on are not HDF5's own. */
    private static final int OTHERS_FILTERS = 256;

    /** HDF5's own limit. */
    private static final int MAX_FILTERS = 32;

    /** Bytes that deflate and a checksum may add to data that can't be compressed. */
    private static final int OVERHEAD = 64;

    /** Chunks at the edges may reach beyond the array. */
    private static final long MAX_EXCESS = 1 << 20;

    private final Hdf5File file;
    private final Hdf5File.Dataset dataset;
    private final String path;
    private final String what;
    private final int[] shape;
    private boolean bigEndian;
    private int size;
    private byte[] fill;
    private List<Filter> filters;

    Hdf5Array(Hdf5File file, Hdf5File.Dataset dataset, String path) throws FormatException {
        this.file = file;
        this.dataset = dataset;
        this.path = path;
        this.what = file.name() + ": " + path;
        this.shape = dataset.shape(path);
    }

    /** One filter that was applied to each chunk, in the order of writing. */
    private record Filter(int id, String name, long[] values) {}

    /**
     * One chunk in the file: the index of its first element by dimension, its bytes, and a bit for each filter that was
     * left out.
     */
    private record Chunk(long[] first, long address, long length, long without) {}

    double[] doubles() throws FormatException {
        readType();
        long count = Hdf5File.count(shape, what);
        file.spend(Math.max(count * size, count * 8), path);
        readFill();
        filters = readFilters();
        byte[] data = count == 0 ? new byte[0] : data(count * size);
        ByteBuffer in = ByteBuffer.wrap(data).order(bigEndian ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
        double[] values = new double[(int) count];
        for (int k = 0; k < values.length; k++) {
            values[k] = size == 8 ? in.getDouble() : in.getFloat();
        }
        return values;
    }

    private Hdf5Cursor message(int type, String part) throws FormatException {
        Hdf5File.Message message = dataset.message(type);
        return message == null ? null : file.cursor(message, path + "'s " + part);
    }

    // ---- Type and fill value

    /** Requires IEEE's float32 or float64, in either byte order. */
    private void readType() throws FormatException {
        Hdf5Cursor in = message(Hdf5File.DATATYPE, "type");
        if (in == null) {
            throw new FormatException(what + " has no type, expected float32 or float64");
        }
        int head = in.u8();
        int bits = in.u8() | (in.u8() << 8) | (in.u8() << 16);
        long bytes = in.u32();
        int kind = head & 15;
        if (kind != 1) {
            throw new FormatException(what + " holds " + Hdf5File.typeClass(kind) + ", expected float32 or float64");
        }
        int offset = in.u16();
        int precision = in.u16();
        int exponentAt = in.u8();
        int exponent = in.u8();
        int mantissaAt = in.u8();
        int mantissa = in.u8();
        long bias = in.u32();
        int order = bits & 0x41; // bit 6 with bit 0 is VAX
        int sign = (bits >> 8) & 0xff;
        boolean single = bytes == 4 && exponent == 8 && mantissa == 23 && bias == 127;
        boolean wide = bytes == 8 && exponent == 11 && mantissa == 52 && bias == 1023;
        boolean laidOut = offset == 0
                && precision == 8 * bytes
                && exponentAt == mantissa
                && mantissaAt == 0
                && sign == precision - 1
                && ((bits >> 4) & 3) == 2
                && order <= 1;
        if (!laidOut || !(single || wide)) {
            boolean half = bytes == 2 && exponent == 5 && mantissa == 10;
            boolean brain = bytes == 2 && exponent == 8 && mantissa == 7;
            throw new FormatException(what + " holds "
                    + (half
                            ? "float16"
                            : brain
                                    ? "bfloat16"
                                    : "floats of " + bytes + " bytes, " + exponent + " bits of exponent and " + mantissa
                                            + " of mantissa")
                    + ", expected float32 or float64");
        }
        size = (int) bytes;
        bigEndian = order == 1;
    }

    private void readFill() throws FormatException {
        fill = new byte[size];
        Hdf5Cursor in = message(Hdf5File.FILL, "fill value");
        Hdf5Cursor old = message(Hdf5File.OLD_FILL, "fill value");
        long length = 0;
        if (in != null) {
            int version = in.version(1, 2, 3);
            boolean defined;
            if (version == 3) {
                defined = (in.u8() & 32) != 0;
            } else {
                in.skip(2);
                defined = in.u8() != 0;
            }
            length = defined || version == 1 ? in.u32() : 0;
        } else if (old != null) {
            in = old;
            length = in.u32();
        }
        if (length != 0) {
            if (length != size) {
                throw new FormatException(
                        what + " has a fill value of " + length + " bytes, expected " + size + " as an element");
            }
            fill = in.take(size);
        }
    }

    private boolean filled() {
        for (byte each : fill) {
            if (each != 0) {
                return true;
            }
        }
        return false;
    }

    // ---- Where the data are

    private byte[] data(long length) throws FormatException {
        if (dataset.message(Hdf5File.EXTERNAL_FILES) != null) {
            throw new FormatException(what + " lies in other files, expected it in this one");
        }
        Hdf5Cursor in = message(Hdf5File.LAYOUT, "layout");
        if (in == null) {
            throw new FormatException(what + " has no layout, expected to be told where it lies");
        }
        int version = in.version(3, 4, 5); // version 5 has wider chunk sizes, which are in the index anyway
        int kind = in.u8();
        switch (kind) {
            case 0 -> {
                requireUnfiltered();
                int stored = in.u16();
                requireLength(stored, length);
                return in.take(stored);
            }
            case 1 -> {
                requireUnfiltered();
                long address = in.unsigned(file.offsetSize());
                if (file.undefined(address)) {
                    throw neverWritten();
                }
                long stored = in.unsigned(file.lengthSize());
                requireLength(stored, length);
                return file.stored(address, length, path);
            }
            case 2 -> {
                return version == 3 ? chunked3(in, length) : chunked4(in, length);
            }
            default ->
                throw new FormatException(
                        what + " has a layout of kind " + kind + ", expected compact, contiguous or chunked");
        }
    }

    private void requireUnfiltered() throws FormatException {
        if (!filters.isEmpty()) {
            throw new FormatException(what + " is damaged HDF5: has filters without chunks");
        }
    }

    private void requireLength(long stored, long length) throws FormatException {
        if (stored != length) {
            throw new FormatException(what + " has " + Long.toUnsignedString(stored) + " bytes stored, expected "
                    + length + " for " + times(shape));
        }
    }

    private FormatException neverWritten() {
        return new FormatException(what + " was never written, expected its values");
    }

    private byte[] chunked3(Hdf5Cursor in, long length) throws FormatException {
        int rank = in.u8() - 1;
        long tree = in.unsigned(file.offsetSize());
        int[] chunk = chunkShape(in, rank, 4, length);
        List<Chunk> chunks = new ArrayList<>();
        if (!file.undefined(tree)) {
            chunkTree(tree, -1, chunks, chunk);
        }
        return assemble(chunks, chunk, length);
    }

    private int[] chunkShape(Hdf5Cursor in, int rank, int encoded, long length) throws FormatException {
        if (rank != shape.length || rank < 1) {
            throw new FormatException(
                    what + " is damaged HDF5: has chunks of " + rank + " dimensions, expected " + shape.length);
        }
        int[] chunk = new int[rank];
        long bytes = size;
        for (int d = 0; d < rank; d++) {
            long n = in.unsigned(encoded);
            if (n < 1 || n > Integer.MAX_VALUE) {
                throw new FormatException(what + " is damaged HDF5: has chunks of the length "
                        + Long.toUnsignedString(n) + ", expected 1 or more");
            }
            chunk[d] = (int) n;
            bytes = Math.min(Integer.MAX_VALUE, bytes) * n;
        }
        long element = in.unsigned(encoded);
        if (element != size) {
            throw new FormatException(
                    what + " is damaged HDF5: has chunks with elements of " + element + " bytes, expected " + size);
        }
        if (bytes > length + MAX_EXCESS) {
            throw new FormatException(what + " is " + times(shape) + ", in chunks of " + times(chunk)
                    + ", expected chunks of hardly more bytes than the array's " + length);
        }
        return chunk;
    }

    private void chunkTree(long address, int level, List<Chunk> chunks, int[] chunk) throws FormatException {
        int keySize = 8 + 8 * (shape.length + 1);
        Hdf5Cursor node = file.treeNode(address, 1, level, keySize);
        int found = node.u8();
        int count = node.u16();
        node.skip(2L * file.offsetSize());
        for (int k = 0; k < count; k++) {
            long length = node.u32();
            long without = node.u32();
            long[] first = new long[shape.length];
            for (int d = 0; d < first.length; d++) {
                first[d] = node.unsigned(8);
            }
            node.skip(8);
            long child = node.unsigned(file.offsetSize());
            if (found == 0) {
                chunks.add(new Chunk(first, child, length, without));
            } else {
                chunkTree(child, found - 1, chunks, chunk);
            }
        }
    }

    /** Reads the layout of HDF5 1.10 and later, with the indices of arrays of fixed size. */
    private byte[] chunked4(Hdf5Cursor in, long length) throws FormatException {
        int flags = in.u8();
        int rank = in.u8() - 1;
        int encoded = in.u8();
        if (encoded < 1 || encoded > 8) {
            throw new FormatException(what + " is damaged HDF5: has lengths of " + encoded + " bytes, expected 1 to 8");
        }
        int[] chunk = chunkShape(in, rank, encoded, length);
        long chunkBytes = size;
        long cells = 1;
        for (int d = 0; d < rank; d++) {
            chunkBytes *= chunk[d];
            cells = Math.multiplyExact(cells, (shape[d] + (long) chunk[d] - 1) / chunk[d]);
        }
        List<Chunk> chunks = new ArrayList<>();
        int index = in.u8();
        switch (index) {
            case 1 -> {
                boolean filtered = (flags & 2) != 0;
                long stored = filtered ? in.unsigned(file.lengthSize()) : chunkBytes;
                long without = filtered ? in.u32() : 0;
                long address = in.unsigned(file.offsetSize());
                if (cells != 1) {
                    throw new FormatException(what + " is damaged HDF5: has one chunk, expected " + cells);
                }
                add(chunks, 0, chunk, address, stored, without);
            }
            case 2 -> {
                long address = in.unsigned(file.offsetSize());
                for (long k = 0; k < cells && !file.undefined(address); k++) {
                    add(chunks, k, chunk, address + k * chunkBytes, chunkBytes, 0);
                }
            }
            case 3 -> {
                in.skip(1);
                long address = in.unsigned(file.offsetSize());
                if (!file.undefined(address)) {
                    fixedArray(address, cells, chunkBytes, chunk, chunks);
                }
            }
            default ->
                throw new FormatException(
                        what + " is HDF5 of a kind that isn't read: has chunks in "
                                + (index == 4
                                        ? "an extensible array"
                                        : index == 5 ? "a tree of version 2" : "an index " + index)
                                + ", as an array without limits has; h5repack -l CONTI IN.h5 OUT.h5 writes a file that is read");
        }
        return assemble(chunks, chunk, length);
    }

    private void fixedArray(long address, long cells, long chunkBytes, int[] chunk, List<Chunk> chunks)
            throws FormatException {
        int offset = file.offsetSize();
        Hdf5Cursor head = file.enter(address, 12L + file.lengthSize() + offset, "an index of chunks");
        head.signature("FAHD");
        head.version(0);
        int client = head.u8();
        int entry = head.u8();
        int pageBits = head.u8();
        long count = head.unsigned(file.lengthSize());
        long block = head.unsigned(offset);
        head.checksum();
        int sizeBytes = client == 0 ? 0 : entry - offset - 4;
        if (count != cells
                || client > 1
                || (client == 0 ? entry != offset : sizeBytes < 1 || sizeBytes > 8)
                || pageBits < 1
                || pageBits > 30) {
            throw new FormatException(what + " is damaged HDF5: has an index of " + Long.toUnsignedString(count)
                    + " chunks with " + entry + " bytes each, expected " + cells);
        }
        if (file.undefined(block)) {
            return;
        }
        long page = 1L << pageBits;
        boolean paged = count > page;
        long pages = (count + page - 1) / page;
        long prefix = 6L + offset + (paged ? (pages + 7) / 8 : 0);
        Hdf5Cursor in = file.enter(block, prefix + (paged ? 4 : count * entry + 4), "an index's block");
        in.signature("FADB");
        in.version(0);
        in.skip(1L + offset);
        byte[] written = in.take(paged ? (pages + 7) / 8 : 0);
        if (paged) {
            in.checksum();
        }
        long at = block + prefix + 4;
        for (long p = 0; p < pages; p++) {
            long inPage = Math.min(page, count - p * page);
            if (paged) {
                boolean there = (written[(int) (p / 8)] & (128 >> (p % 8))) != 0;
                in = there ? file.at(at, inPage * entry + 4, "a page of an index") : null;
                at += inPage * entry + 4;
            }
            for (long k = 0; k < inPage && in != null; k++) {
                long where = in.unsigned(offset);
                long stored = client == 0 ? chunkBytes : in.unsigned(sizeBytes);
                long without = client == 0 ? 0 : in.u32();
                add(chunks, p * page + k, chunk, where, stored, without);
            }
            if (in != null) {
                in.checksum();
            }
        }
    }

    /** Adds the chunk in the k-th cell, in C order, if there is one. */
    private void add(List<Chunk> chunks, long k, int[] chunk, long address, long stored, long without) {
        if (file.undefined(address)) {
            return;
        }
        long[] first = new long[chunk.length];
        long rest = k;
        for (int d = chunk.length - 1; d >= 0; d--) {
            long cells = (shape[d] + (long) chunk[d] - 1) / chunk[d];
            first[d] = rest % cells * chunk[d];
            rest /= cells;
        }
        chunks.add(new Chunk(first, address, stored, without));
    }

    // ---- Chunks

    private byte[] assemble(List<Chunk> chunks, int[] chunk, long length) throws FormatException {
        if (chunks.isEmpty() && !filled()) {
            throw neverWritten();
        }
        byte[] data = new byte[(int) length];
        for (int at = 0; filled() && at < data.length; at += size) {
            System.arraycopy(fill, 0, data, at, size);
        }
        int chunkBytes = size;
        for (int n : chunk) {
            chunkBytes *= n;
        }
        Set<List<Long>> seen = new HashSet<>();
        for (Chunk each : chunks) {
            for (int d = 0; d < chunk.length; d++) {
                if (each.first()[d] < 0 || each.first()[d] >= shape[d] || each.first()[d] % chunk[d] != 0) {
                    throw new FormatException(what + " is damaged HDF5: has a chunk at "
                            + Arrays.toString(each.first()) + ", expected multiples of " + times(chunk) + " within "
                            + times(shape));
                }
            }
            if (!seen.add(Arrays.stream(each.first()).boxed().toList())) {
                throw new FormatException(
                        what + " is damaged HDF5: has two chunks at " + Arrays.toString(each.first()));
            }
            file.spend(chunkBytes, path);
            copy(unfiltered(each, chunkBytes), each.first(), chunk, data);
        }
        return data;
    }

    /** Copies the part of a chunk that lies within the array, row by row. */
    private void copy(byte[] from, long[] first, int[] chunk, byte[] data) {
        int rank = shape.length;
        int last = rank - 1;
        int row = (int) Math.min(chunk[last], shape[last] - first[last]) * size;
        int rows = 1;
        for (int d = 0; d < last; d++) {
            rows *= chunk[d];
        }
        for (int r = 0; r < rows; r++) {
            long to = first[last];
            long stride = shape[last];
            boolean inside = true;
            for (int d = last - 1, rest = r; d >= 0; d--) {
                long index = first[d] + rest % chunk[d];
                inside &= index < shape[d];
                to += index * stride;
                stride *= shape[d];
                rest /= chunk[d];
            }
            if (inside) {
                System.arraycopy(from, r * chunk[last] * size, data, (int) to * size, row);
            }
        }
    }

    private byte[] unfiltered(Chunk chunk, int chunkBytes) throws FormatException {
        if (chunk.without() >>> filters.size() != 0) {
            throw new FormatException(what + " is damaged HDF5: a chunk leaves out filters "
                    + Long.toBinaryString(chunk.without()) + " (bits) of " + filters.size());
        }
        byte[] bytes = file.stored(chunk.address(), chunk.length(), "a chunk of " + path);
        int most = chunkBytes + chunkBytes / 8 + OVERHEAD;
        for (int k = filters.size() - 1; k >= 0; k--) {
            if ((chunk.without() & (1L << k)) != 0) {
                continue;
            }
            Filter filter = filters.get(k);
            bytes = switch (filter.id()) {
                case DEFLATE -> inflated(bytes, k == 0 ? chunkBytes : most);
                case SHUFFLE -> unshuffled(bytes, (int) filter.values()[0]);
                default -> verified(bytes);
            };
        }
        if (bytes.length != chunkBytes) {
            throw new FormatException(what + " has a chunk of " + bytes.length + " bytes, expected " + chunkBytes
                    + " and no more than the array has");
        }
        return bytes;
    }

    // ---- Filters

    private List<Filter> readFilters() throws FormatException {
        Hdf5Cursor in = message(Hdf5File.FILTERS, "filters");
        List<Filter> found = new ArrayList<>();
        if (in == null) {
            return found;
        }
        int version = in.version(1, 2);
        int count = in.u8();
        in.skip(version == 1 ? 6 : 0);
        if (count > MAX_FILTERS) {
            throw new FormatException(
                    what + " is damaged HDF5: has " + count + " filters, expected at most " + MAX_FILTERS);
        }
        for (int k = 0; k < count; k++) {
            int id = in.u16();
            int nameLength = version == 1 || id >= OTHERS_FILTERS ? in.u16() : 0;
            in.skip(2);
            int values = in.u16();
            String filter = in.part(nameLength, what).text();
            if (version == 1) {
                in.align();
            }
            long[] all = new long[values];
            for (int v = 0; v < values; v++) {
                all[v] = in.u32();
            }
            in.skip(version == 1 && values % 2 == 1 ? 4 : 0);
            if (id < DEFLATE || id > FLETCHER32) {
                throw new FormatException(what + " went through the filter " + id
                        + (filter.isEmpty() ? "" : " (" + filter + ")")
                        + ", expected none but deflate, shuffle and fletcher32; "
                        + (id < OTHERS_FILTERS
                                ? "h5repack -f NONE IN.h5 OUT.h5 takes it away"
                                : "h5repack may not know it: write the array without it (h5py: create_dataset"
                                        + " without compression)"));
            }
            if (id == SHUFFLE && (values < 1 || all[0] < 1 || all[0] > 1 << 16)) {
                throw new FormatException(what + " is damaged HDF5: is shuffled without the size of an element");
            }
            found.add(new Filter(id, filter, all));
        }
        return found;
    }

    /** Inflates to at most {@code most} bytes; more are refused before they are allocated. */
    private byte[] inflated(byte[] bytes, int most) throws FormatException {
        Inflater inflater = new Inflater();
        try {
            inflater.setInput(bytes);
            byte[] to = new byte[most + 1];
            int n = 0;
            while (n < to.length && !inflater.finished()) {
                int more = inflater.inflate(to, n, to.length - n);
                if (more == 0 && (inflater.needsInput() || inflater.needsDictionary())) {
                    throw new FormatException(what + " has damaged deflated data in a chunk");
                }
                n += more;
            }
            if (n > most) {
                throw new FormatException(what + " has a chunk that inflates to more than " + most
                        + " bytes, expected no more than that");
            }
            return Arrays.copyOf(to, n);
        } catch (DataFormatException e) {
            throw new FormatException(what + " has damaged deflated data in a chunk", e);
        } finally {
            inflater.end();
        }
    }

    /** Undoes the shuffle filter, which sorts bytes by their position within the element. */
    private static byte[] unshuffled(byte[] bytes, int element) {
        int count = bytes.length / element;
        byte[] to = bytes.clone(); // bytes after the last whole element stay where they are
        for (int b = 0; b < element; b++) {
            for (int k = 0; k < count; k++) {
                to[k * element + b] = bytes[b * count + k];
            }
        }
        return to;
    }

    /** Checks the checksum at the end and returns the bytes without it. */
    private byte[] verified(byte[] bytes) throws FormatException {
        int length = bytes.length - 4;
        int stored = length < 0
                ? 0
                : ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getInt(length);
        int computed = length < 0 ? 1 : fletcher32(bytes, length);
        // HDF5 before 1.6.3 wrote the bytes of each half in the opposite order.
        int swapped = ((computed & 0xff00ff) << 8) | ((computed >>> 8) & 0xff00ff);
        if (stored != computed && stored != swapped) {
            throw new FormatException(
                    what + String.format(" has a chunk with the checksum %08x, expected %08x", stored, computed));
        }
        return Arrays.copyOf(bytes, length);
    }

    /**
     * Fletcher's checksum of 16-bit words, high byte first (the idea is in RFC 1146; the folding is that of HDF5's
     * H5checksum.c).
     */
    private static int fletcher32(byte[] bytes, int length) {
        long sum1 = 0;
        long sum2 = 0;
        for (int at = 0; at < length; at += 2) {
            int low = at + 1 < length ? bytes[at + 1] & 0xff : 0;
            sum1 = fold(sum1 + (((bytes[at] & 0xff) << 8) | low));
            sum2 = fold(sum2 + sum1);
        }
        return (int) ((fold(sum2) << 16) | fold(sum1));
    }

    /** Folds a sum to 16 bits in ones' complement: 0xffff instead of 0 if the sum isn't 0. */
    private static long fold(long sum) {
        return (sum & 0xffff) + (sum >>> 16);
    }

    private static String times(int[] shape) {
        return KerasFile.times(shape);
    }
}
