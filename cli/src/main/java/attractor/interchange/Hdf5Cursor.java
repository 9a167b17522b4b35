package attractor.interchange;

import attractor.io.FormatException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Reads little-endian values from a part of a file, one after the other, never beyond its end. Belongs to one thread.
 */
final class Hdf5Cursor {
    private final byte[] bytes;
    private final String what;
    private final int begin;
    private final int end;
    private int at;

    /**
     * The bytes from {@code begin} (inclusive) to {@code end} (exclusive).
     *
     * @param what file and structure, for messages
     */
    Hdf5Cursor(byte[] bytes, int begin, int end, String what) {
        this.bytes = bytes;
        this.begin = begin;
        this.at = begin;
        this.end = end;
        this.what = what;
    }

    /** A cursor over the same part, from its beginning. */
    Hdf5Cursor again() {
        return new Hdf5Cursor(bytes, begin, end, what);
    }

    int remaining() {
        return end - at;
    }

    /** The number of bytes that have been read. */
    int read() {
        return at - begin;
    }

    private int next(long count) throws FormatException {
        if (count < 0 || count > remaining()) {
            throw new FormatException(
                    what + " is damaged HDF5: ends after " + (end - begin) + " bytes, expected more of them");
        }
        int from = at;
        at += (int) count;
        return from;
    }

    int u8() throws FormatException {
        return bytes[next(1)] & 0xff;
    }

    int u16() throws FormatException {
        return (int) unsigned(2);
    }

    long u32() throws FormatException {
        return unsigned(4);
    }

    /** An unsigned number of up to 8 bytes; if it needs the 64th bit, the result is negative. */
    long unsigned(int size) throws FormatException {
        int from = next(size);
        long value = 0;
        for (int k = size - 1; k >= 0; k--) {
            value = (value << 8) | (bytes[from + k] & 0xff);
        }
        return value;
    }

    void skip(long count) throws FormatException {
        next(count);
    }

    /** Skips to the next multiple of 8 bytes from the beginning. */
    void align() throws FormatException {
        next(-read() & 7);
    }

    byte[] take(long count) throws FormatException {
        int from = next(count);
        return Arrays.copyOfRange(bytes, from, at);
    }

    /** A cursor over the next bytes. */
    Hdf5Cursor part(long count, String name) throws FormatException {
        int from = next(count);
        return new Hdf5Cursor(bytes, from, at, name);
    }

    /** Text up to a zero byte or the end. */
    String text() throws FormatException {
        int from = at;
        while (at < end && bytes[at] != 0) {
            at++;
        }
        String text = new String(bytes, from, at - from, StandardCharsets.UTF_8);
        if (at < end) {
            at++;
        }
        return text;
    }

    /** Requires four characters. */
    void signature(String expected) throws FormatException {
        String found = new String(take(4), StandardCharsets.ISO_8859_1);
        if (!found.equals(expected)) {
            throw new FormatException(what + " is damaged HDF5: begins with '" + found + "', expected " + expected);
        }
    }

    /** Requires one of the versions. */
    int version(int... read) throws FormatException {
        int version = u8();
        if (Arrays.stream(read).noneMatch(v -> v == version)) {
            throw new FormatException(what + " is HDF5 of a kind that isn't read: has version " + version
                    + ", expected "
                    + String.join(
                            " or ",
                            Arrays.stream(read).mapToObj(Integer::toString).toList()));
        }
        return version;
    }

    /** Requires that the next value is the checksum of everything before it. */
    void checksum() throws FormatException {
        int computed = lookup3(bytes, begin, at);
        int stored = (int) u32();
        if (computed != stored) {
            throw new FormatException(
                    what + String.format(" is damaged HDF5: has the checksum %08x, expected %08x", stored, computed));
        }
    }

    /** Bob Jenkins's hash {@code lookup3} (2006, public domain), which HDF5 uses as the checksum of its structures. */
    static int lookup3(byte[] k, int from, int to) {
        int length = to - from;
        int a = 0xdeadbeef + length;
        int b = a;
        int c = a;
        int at = from;
        for (; to - at > 12; at += 12) {
            a += word(k, at, to);
            b += word(k, at + 4, to);
            c += word(k, at + 8, to);
            a = (a - c) ^ Integer.rotateLeft(c, 4);
            c += b;
            b = (b - a) ^ Integer.rotateLeft(a, 6);
            a += c;
            c = (c - b) ^ Integer.rotateLeft(b, 8);
            b += a;
            a = (a - c) ^ Integer.rotateLeft(c, 16);
            c += b;
            b = (b - a) ^ Integer.rotateLeft(a, 19);
            a += c;
            c = (c - b) ^ Integer.rotateLeft(b, 4);
            b += a;
        }
        if (at == to) {
            return c;
        }
        a += word(k, at, to);
        b += word(k, at + 4, to);
        c += word(k, at + 8, to);
        c = (c ^ b) - Integer.rotateLeft(b, 14);
        a = (a ^ c) - Integer.rotateLeft(c, 11);
        b = (b ^ a) - Integer.rotateLeft(a, 25);
        c = (c ^ b) - Integer.rotateLeft(b, 16);
        a = (a ^ c) - Integer.rotateLeft(c, 4);
        b = (b ^ a) - Integer.rotateLeft(a, 14);
        return (c ^ b) - Integer.rotateLeft(b, 24);
    }

    /** Four bytes, with zeros beyond the end. */
    private static int word(byte[] k, int at, int to) {
        int word = 0;
        for (int i = 0; i < 4 && at + i < to; i++) {
            word |= (k[at + i] & 0xff) << (8 * i);
        }
        return word;
    }
}
