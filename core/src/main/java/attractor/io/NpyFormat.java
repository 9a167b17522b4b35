package attractor.io;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.reflect.Array;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads and writes the bytes of {@link NpyArray}. Stateless. */
final class NpyFormat {
    private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
    private static final int MAX_HEADER = 1 << 16;
    private static final int MAX_VALUES = Integer.MAX_VALUE - 8;
    private static final int CHUNK = 1 << 16;

    /** Memory that a short string needs in addition to its characters, in bytes. */
    private static final int STRING_COST = 56;

    private static final Pattern DESCR = Pattern.compile("([<>|=])([a-zA-Z])(\\d{0,9})");
    private static final String SUPPORTED = "f8, f4, i1 to i8, u1 to u8, b1, U or S";

    private NpyFormat() {}

    /** Bytes of memory that the values of a file may take: as many as its size justifies, and at least 1 GiB. */
    static long memoryLimit(long fileSize) {
        return Math.max(1L << 30, saturatingMultiply(fileSize, 100));
    }

    static NpyArray read(ByteSource source, String what) throws IOException {
        long size = source.size();
        return read(source.stream(0, size), size, memoryLimit(size), what);
    }

    /**
     * Reads an array.
     *
     * @param in the bytes; there are {@code size}
     * @param memoryLimit bytes of memory that the values may take
     * @param what names file and entry in messages
     */
    static NpyArray read(InputStream in, long size, long memoryLimit, String what) throws IOException {
        byte[] prefix = in.readNBytes((int) Math.min(size, 12));
        for (int i = 0; i < Math.min(prefix.length, MAGIC.length); i++) {
            if (prefix[i] != MAGIC[i]) {
                throw new FormatException(what + ": does not begin with \\x93NUMPY, expected a .npy array");
            }
        }
        if (prefix.length < 12) {
            throw new FormatException(what + ": has " + size + " bytes, too few for a .npy array");
        }
        int major = prefix[6] & 0xff;
        if (major < 1 || major > 3 || prefix[7] != 0) {
            throw new FormatException(
                    what + ": is .npy version " + major + "." + (prefix[7] & 0xff) + ", expected 1.0, 2.0 or 3.0");
        }
        ByteBuffer lengths = ByteBuffer.wrap(prefix).order(ByteOrder.LITTLE_ENDIAN);
        int start = major == 1 ? 10 : 12;
        long headerLength = major == 1 ? lengths.getShort(8) & 0xffff : lengths.getInt(8) & 0xffffffffL;
        if (headerLength > size - start || headerLength > MAX_HEADER) {
            throw new FormatException(what + ": claims a header of " + headerLength + " bytes, expected at most "
                    + Math.min(size - start, MAX_HEADER) + " (has " + size + " bytes)");
        }
        byte[] header = new byte[(int) headerLength];
        int early = Math.min(12 - start, header.length); // the header of version 1 begins within the prefix
        System.arraycopy(prefix, start, header, 0, early);
        if (in.readNBytes(header, early, header.length - early) < header.length - early) {
            throw new FormatException(what + ": ends within the header");
        }
        if (start + headerLength < 12) {
            throw new FormatException(what + ": claims a header of " + headerLength + " bytes, too few");
        }
        NpyHeader parsed = NpyHeader.parse(decode(header, major, what), what);
        return readValues(in, size - start - headerLength, memoryLimit, parsed, what);
    }

    private static String decode(byte[] header, int major, String what) throws FormatException {
        return major < 3 ? new String(header, StandardCharsets.ISO_8859_1) : utf8(header, what + ": the header");
    }

    private static NpyArray readValues(InputStream in, long size, long memoryLimit, NpyHeader header, String what)
            throws IOException {
        Matcher type = DESCR.matcher(header.descr());
        if (header.descr().equals("|O")) {
            throw new FormatException(what + ": holds Python objects, which are never read, expected " + SUPPORTED
                    + "; in NumPy, a.astype('float64') or a.astype('str') has none");
        }
        if (!type.matches()) {
            throw unsupported(what, header);
        }
        int width = type.group(3).isEmpty() ? 0 : Integer.parseInt(type.group(3));
        char letter = type.group(2).charAt(0);
        char order = type.group(1).charAt(0);
        String code = letter + type.group(3);
        long itemSize = switch (code) {
            case "b1", "i1", "u1" -> 1;
            case "i2", "u2" -> 2;
            case "f4", "i4", "u4" -> 4;
            case "f8", "i8", "u8" -> 8;
            default -> {
                if ((letter == 'U' || letter == 'S') && !type.group(3).isEmpty()) {
                    yield letter == 'U' ? 4L * width : width;
                }
                throw unsupported(what, header);
            }
        };
        boolean bytewise = letter == 'S' || itemSize == 1;
        if (bytewise ? order == '=' : order == '|' || order == '=') {
            throw unsupported(what, header);
        }
        BigInteger count = BigInteger.ONE;
        for (int n : header.shape()) {
            count = count.multiply(BigInteger.valueOf(n));
        }
        BigInteger claim = count.multiply(BigInteger.valueOf(itemSize));
        if (!claim.equals(BigInteger.valueOf(size))) {
            throw new FormatException(what + ": has " + size + " bytes of values, expected " + claim + " (shape "
                    + NpyArray.shapeText(header.shape()) + " of '" + header.descr() + "')");
        }
        boolean text = letter == 'U' || letter == 'S';
        int most = itemSize == 0 ? 1 : MAX_VALUES; // strings of no bytes take no space in the file
        if (count.compareTo(BigInteger.valueOf(most)) > 0 || itemSize > MAX_VALUES) {
            throw new FormatException(what + ": has " + count + " values of " + itemSize + " bytes, expected at most "
                    + most + " values of " + MAX_VALUES + " bytes");
        }
        int n = count.intValue();
        long memory = memory(n, text, itemSize);
        if (memory > memoryLimit) {
            throw new FormatException(what + ": has " + n + " values that need " + memory
                    + " bytes of memory, expected at most " + memoryLimit + " for a file of this size");
        }
        Values values = new Values(in, n, (int) itemSize, what);
        values.order = order == '>' ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
        int[] shape = header.shape();
        boolean fortran = header.fortranOrder() && shape.length > 1 && n > 1;
        if (text) {
            String[] strings = values.strings(letter == 'U');
            return new NpyArray(NpyArray.Kind.STRING, fortran ? transpose(strings, shape) : strings, n, shape);
        }
        if (letter == 'f') {
            double[] doubles = values.doubles();
            return new NpyArray(
                    NpyArray.Kind.DOUBLE, fortran ? transpose(doubles, shape) : doubles, n, shape, itemSize == 4);
        }
        long[] longs = values.longs(letter);
        return new NpyArray(
                letter == 'b' ? NpyArray.Kind.BOOL : NpyArray.Kind.LONG,
                fortran ? transpose(longs, shape) : longs,
                n,
                shape);
    }

    private static long memory(int n, boolean text, long itemSize) {
        return saturatingMultiply(n, text ? itemSize + STRING_COST : 8);
    }

    /** The memory that an array which was read takes, or more. */
    static long memory(NpyArray array) {
        boolean text = array.kind() == NpyArray.Kind.STRING;
        return memory(array.size(), text, text ? 4L * width(array) : 8);
    }

    private static FormatException unsupported(String what, NpyHeader header) {
        String type = header.descr();
        String hint = type.matches("[<>|=]?[fg]\\d*")
                ? "; in NumPy, a.astype('float64') has it"
                : type.matches("[<>|=]?c\\d+") ? "; in NumPy, a.real is the real part" : "";
        return new FormatException(
                what + ": has the type " + FormatException.quote(type) + ", expected " + SUPPORTED + hint);
    }

    /** The elements in the order of the file, read chunk by chunk. */
    private static final class Values {
        private final InputStream in;
        private final int n;
        private final int itemSize;
        private final String what;
        private ByteOrder order;

        Values(InputStream in, int n, int itemSize, String what) {
            this.in = in;
            this.n = n;
            this.itemSize = itemSize;
            this.what = what;
        }

        double[] doubles() throws IOException {
            double[] values = new double[n];
            byte[] chunk = newChunk();
            for (int i = 0; i < n; ) {
                ByteBuffer bytes = fill(chunk, i);
                int count = bytes.limit() / itemSize;
                if (itemSize == 8) {
                    bytes.asDoubleBuffer().get(values, i, count);
                } else {
                    for (int k = 0; k < count; k++) {
                        values[i + k] = widen(bytes.getInt(4 * k));
                    }
                }
                i += count;
            }
            return values;
        }

        /** Widens a float32 and keeps the payload of a NaN, which a conversion by the processor may not keep. */
        private static double widen(int bits) {
            float value = Float.intBitsToFloat(bits);
            if (!Float.isNaN(value)) {
                return value;
            }
            return Double.longBitsToDouble(
                    ((long) bits & 0x80000000L) << 32 | 0x7ff0000000000000L | ((long) bits & 0x7fffffL) << 29);
        }

        long[] longs(char letter) throws IOException {
            long[] values = new long[n];
            byte[] chunk = newChunk();
            for (int i = 0; i < n; ) {
                ByteBuffer bytes = fill(chunk, i);
                int count = bytes.limit() / itemSize;
                for (int k = 0; k < count; k++) {
                    long value = switch (itemSize) {
                        case 1 -> bytes.get(k);
                        case 2 -> bytes.getShort(2 * k);
                        case 4 -> bytes.getInt(4 * k);
                        default -> bytes.getLong(8 * k);
                    };
                    if (letter == 'u' && itemSize < 8) {
                        value &= (1L << (8 * itemSize)) - 1;
                    }
                    if (letter == 'u' && value < 0) {
                        throw new FormatException(what + ": has the value " + Long.toUnsignedString(value)
                                + ", expected at most " + Long.MAX_VALUE);
                    }
                    if (letter == 'b' && (value & ~1L) != 0) {
                        throw new FormatException(what + ": has a boolean of " + (value & 0xff) + ", expected 0 or 1");
                    }
                    values[i + k] = value;
                }
                i += count;
            }
            return values;
        }

        /**
         * Buffers are shared by all strings: for short strings, new buffers would be garbage of several times their
         * size.
         */
        String[] strings(boolean utf32) throws IOException {
            String[] values = new String[n];
            InputStream buffered = new BufferedInputStream(in);
            byte[] item = new byte[n == 0 ? 0 : itemSize];
            ByteBuffer bytes = ByteBuffer.wrap(item).order(order);
            CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
            // A character of 4 bytes is 2 chars, one of 1 byte is 1.
            CharBuffer chars = CharBuffer.allocate(utf32 ? item.length / 2 : item.length);
            for (int i = 0; i < n; i++) {
                if (buffered.readNBytes(item, 0, itemSize) < itemSize) {
                    throw endsEarly();
                }
                chars.clear();
                if (utf32) {
                    utf32(bytes, chars);
                } else {
                    utf8(bytes, decoder, chars);
                }
                values[i] = chars.flip().toString();
            }
            return values;
        }

        private void utf32(ByteBuffer bytes, CharBuffer to) throws FormatException {
            int length = itemSize / 4;
            while (length > 0 && bytes.getInt(4 * (length - 1)) == 0) {
                length--;
            }
            for (int k = 0; k < length; k++) {
                int c = bytes.getInt(4 * k);
                if (!Character.isValidCodePoint(c) || Character.getType(c) == Character.SURROGATE) {
                    throw new FormatException(
                            what + ": has the character 0x" + Integer.toHexString(c) + ", expected Unicode");
                }
                if (Character.isBmpCodePoint(c)) {
                    to.put((char) c);
                } else {
                    to.put(Character.highSurrogate(c)).put(Character.lowSurrogate(c));
                }
            }
        }

        private void utf8(ByteBuffer bytes, CharsetDecoder decoder, CharBuffer to) throws FormatException {
            int length = itemSize;
            while (length > 0 && bytes.get(length - 1) == 0) {
                length--;
            }
            bytes.position(0).limit(length);
            if (decoder.reset().decode(bytes, to, true).isError()) {
                throw new FormatException(what + ": has text that is not UTF-8");
            }
            bytes.clear();
        }

        private byte[] newChunk() {
            return new byte[(int) Math.min((long) n * itemSize, CHUNK)];
        }

        private ByteBuffer fill(byte[] chunk, int done) throws IOException {
            int length = (int) Math.min((long) (n - done) * itemSize, chunk.length);
            if (in.readNBytes(chunk, 0, length) < length) {
                throw endsEarly();
            }
            return ByteBuffer.wrap(chunk, 0, length).order(order);
        }

        private FormatException endsEarly() {
            return new FormatException(what + ": ends before the last of its " + n + " values");
        }
    }

    static String utf8(byte[] bytes, String what) throws FormatException {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new FormatException(what + ": has text that is not UTF-8", e);
        }
    }

    /** Converts from Fortran to C order; {@code fortran} and the result are arrays of the same type. */
    private static <A> A transpose(A fortran, int[] shape) {
        int n = Array.getLength(fortran);
        @SuppressWarnings("unchecked")
        A c = (A) Array.newInstance(fortran.getClass().getComponentType(), n);
        int[] index = new int[shape.length];
        int[] stride = new int[shape.length];
        for (int d = shape.length - 1, s = 1; d >= 0; s *= shape[d], d--) {
            stride[d] = s;
        }
        int to = 0;
        for (int from = 0; from < n; from++) {
            System.arraycopy(fortran, from, c, to, 1);
            for (int d = 0; d < shape.length; d++) {
                to += stride[d];
                if (++index[d] < shape[d]) {
                    break;
                }
                to -= shape[d] * stride[d];
                index[d] = 0;
            }
        }
        return c;
    }

    static void checkStrings(String[] values) {
        for (int i = 0; i < values.length; i++) {
            String s = values[i];
            if (s.endsWith("\0") || s.codePoints().anyMatch(c -> Character.getType(c) == Character.SURROGATE)) {
                throw new IllegalArgumentException(
                        "string " + i + " ends in NUL or has half a surrogate pair, which a .npy array cannot keep");
            }
        }
    }

    private static byte[] header(NpyArray array) {
        String descr = switch (array.kind()) {
            case DOUBLE -> array.isSingle() ? "<f4" : "<f8";
            case LONG -> "<i8";
            case BOOL -> "|b1";
            case STRING -> "<U" + width(array);
        };
        String text = new NpyHeader(descr, false, array.shape()).text();
        int length = (10 + text.length() + 1 + 63) / 64 * 64;
        ByteBuffer header = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        header.put(MAGIC).put((byte) 1).put((byte) 0).putShort((short) (length - 10));
        header.put(text.getBytes(StandardCharsets.US_ASCII));
        while (header.position() < length - 1) {
            header.put((byte) ' ');
        }
        return header.put((byte) '\n').array();
    }

    private static int width(NpyArray array) {
        int width = 1;
        for (String s : array.strings()) {
            width = Math.max(width, s.codePointCount(0, s.length()));
        }
        return width;
    }

    /** The number of bytes that {@link #write} writes. */
    static long encodedSize(NpyArray array) {
        long itemSize = switch (array.kind()) {
            case DOUBLE -> array.isSingle() ? Float.BYTES : Double.BYTES;
            case LONG -> 8;
            case BOOL -> 1;
            case STRING -> 4L * width(array);
        };
        return header(array).length + itemSize * array.size();
    }

    static void write(NpyArray array, OutputStream out) throws IOException {
        out.write(header(array));
        int n = array.size();
        ByteBuffer chunk = ByteBuffer.allocate(CHUNK).order(ByteOrder.LITTLE_ENDIAN);
        switch (array.kind()) {
            case DOUBLE -> {
                if (array.isSingle()) {
                    writeSingles(array.doubles(), chunk, out);
                    return;
                }
                for (int i = 0; i < n; ) {
                    int count = Math.min(n - i, CHUNK / 8);
                    chunk.asDoubleBuffer().put(array.doubles(), i, count);
                    out.write(chunk.array(), 0, 8 * count);
                    i += count;
                }
            }
            case LONG -> {
                for (int i = 0; i < n; ) {
                    int count = Math.min(n - i, CHUNK / 8);
                    chunk.asLongBuffer().put(array.longs(), i, count);
                    out.write(chunk.array(), 0, 8 * count);
                    i += count;
                }
            }
            case BOOL -> {
                for (int i = 0; i < n; ) {
                    int count = Math.min(n - i, CHUNK);
                    for (int k = 0; k < count; k++) {
                        chunk.put(k, (byte) array.longs()[i + k]);
                    }
                    out.write(chunk.array(), 0, count);
                    i += count;
                }
            }
            case STRING -> {
                int width = width(array);
                for (String s : array.strings()) {
                    ByteBuffer bytes = ByteBuffer.allocate(4 * width).order(ByteOrder.LITTLE_ENDIAN);
                    s.codePoints().forEach(bytes::putInt);
                    out.write(bytes.array());
                }
            }
        }
    }

    /** @param chunk with an array of its own */
    @SuppressWarnings("ByteBufferBackingArray") // allocated by the only caller
    private static void writeSingles(double[] values, ByteBuffer chunk, OutputStream out) throws IOException {
        for (int i = 0; i < values.length; ) {
            int count = Math.min(values.length - i, CHUNK / Float.BYTES);
            for (int k = 0; k < count; k++) {
                chunk.putFloat(Float.BYTES * k, (float) values[i + k]);
            }
            out.write(chunk.array(), 0, Float.BYTES * count);
            i += count;
        }
    }

    private static long saturatingMultiply(long a, long b) {
        return Math.multiplyHigh(a, b) != 0 || a * b < 0 ? Long.MAX_VALUE : a * b;
    }
}
