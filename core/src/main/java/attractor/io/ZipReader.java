package attractor.io;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Reads a zip file's entries, stored or deflated, including zip64, through the directory at its end. Belongs to one
 * thread.
 *
 * <p>{@code java.util.zip} is not enough here: {@code ZipFile} checks no checksum and accepts a directory in which
 * several entries point at the same bytes, and {@code ZipInputStream} cannot read archives that were written to a pipe.
 * Here nothing is trusted: it is checked that an entry lies within the file and overlaps no other, that its two headers
 * agree, that its claimed size is possible for its compressed size, and that its content has this size and its
 * checksum.
 */
final class ZipReader {
    private static final int LOCAL = 0x04034b50;
    private static final int CENTRAL = 0x02014b50;
    private static final int END = 0x06054b50;
    private static final int END64 = 0x06064b50;
    private static final int END64_LOCATOR = 0x07064b50;
    private static final int END_SIZE = 22;
    private static final int MAX_DIRECTORY = 1 << 24;

    private static final int PATCHED = 1 << 5;
    private static final int STRONG_ENCRYPTION = 1 << 6;
    private static final int MASKED = 1 << 13;

    /** The highest version of the format, in tenths. */
    private static final int MAX_VERSION = 63;

    /** The best compression that deflate can reach. */
    private static final long MAX_RATIO = 1032;

    /** An entry as the directory lists it, checked against its local header. */
    record Entry(String name, boolean deflated, long crc, long compressedSize, long size, long header, long start) {
        long end() {
            return start + compressedSize;
        }
    }

    private final ByteSource source;
    private final String file;
    private final String expected;
    private final long fileSize;
    private final List<Entry> entries = new ArrayList<>();

    /**
     * Reads the directory.
     *
     * @throws FormatException if the file is not a zip file or anything in the directory is wrong
     */
    ZipReader(ByteSource source, String file) throws IOException {
        this(source, file, "an .npz file");
    }

    /** Like {@link #ZipReader(ByteSource, String)}; {@code expected} says in messages what the file should be. */
    ZipReader(ByteSource source, String file, String expected) throws IOException {
        this.source = source;
        this.file = file;
        this.expected = expected;
        this.fileSize = source.size();
        readDirectory();
    }

    /** The entries in the order of the directory, with names that all differ. */
    List<Entry> entries() {
        return List.copyOf(entries);
    }

    private void readDirectory() throws IOException {
        long end = findEnd();
        ByteBuffer record = bytes(end, END_SIZE);
        long disks = u16(record, 4) | u16(record, 6);
        long onDisk = u16(record, 8);
        long total = u16(record, 10);
        long length = u32(record, 12);
        long start = u32(record, 16);
        long limit = end;
        if ((total == 0xffff || length == 0xffffffffL || start == 0xffffffffL) && end >= 20) {
            ByteBuffer locator = bytes(end - 20, 20);
            if (locator.getInt(0) == END64_LOCATOR) {
                limit = locator.getLong(8);
                if (limit < 0 || limit > end - 20 - 56) {
                    throw bad("the zip64 end record lies at " + limit + ", outside the file");
                }
                ByteBuffer end64 = bytes(limit, 56);
                if (end64.getInt(0) != END64) {
                    throw bad("there is no zip64 end record at " + limit);
                }
                disks = u32(end64, 16) | u32(end64, 20);
                onDisk = end64.getLong(24);
                total = end64.getLong(32);
                length = end64.getLong(40);
                start = end64.getLong(48);
            }
        }
        if (disks != 0 || onDisk != total) {
            throw bad("it is one part of a divided archive, expected a whole one");
        }
        if (start < 0 || length < 0 || start > limit || length > limit - start) {
            throw bad("the directory of entries (" + length + " bytes at " + start + ") lies outside the file");
        }
        if (length > MAX_DIRECTORY) {
            throw bad("the directory of entries has " + length + " bytes, expected at most " + MAX_DIRECTORY);
        }
        ByteBuffer directory = bytes(start, (int) length);
        Set<String> names = new HashSet<>();
        while (directory.hasRemaining()) {
            Entry entry = readEntry(directory, start);
            if (!names.add(entry.name())) {
                throw bad("there are two entries " + FormatException.quote(entry.name()));
            }
            entries.add(entry);
        }
        if (entries.size() != total) {
            throw bad("the directory lists " + entries.size() + " entries, expected " + total);
        }
        List<Entry> sorted = new ArrayList<>(entries);
        sorted.sort(Comparator.comparingLong(Entry::header));
        for (int i = 1; i < sorted.size(); i++) {
            if (sorted.get(i).header() < sorted.get(i - 1).end()) {
                throw bad(
                        "the entries " + FormatException.quote(sorted.get(i - 1).name()) + " and "
                                + FormatException.quote(sorted.get(i).name()) + " overlap");
            }
        }
    }

    private long findEnd() throws IOException {
        if (fileSize == 0) {
            throw new FormatException(file + " is empty, expected " + expected);
        }
        int length = (int) Math.min(fileSize, END_SIZE + 0xffff);
        ByteBuffer tail = bytes(fileSize - length, length);
        for (int at = length - END_SIZE; at >= 0; at--) {
            if (tail.getInt(at) == END && u16(tail, at + 20) == length - END_SIZE - at) {
                return fileSize - length + at;
            }
        }
        ByteBuffer head = bytes(0, (int) Math.min(fileSize, 4));
        String found = switch (head.limit() < 4 ? 0 : head.getInt(0)) {
            case LOCAL -> "is a zip file without its end (cut off?)";
            case 0x4d554e93 -> "is a .npy file";
            case 0x46444889 -> "is an HDF5 file";
            default -> "is not a zip file";
        };
        throw new FormatException(file + " " + found + ", expected " + expected);
    }

    private Entry readEntry(ByteBuffer directory, long limit) throws IOException {
        int at = directory.position();
        if (directory.remaining() < 46 || directory.getInt(at) != CENTRAL) {
            throw bad("the directory of entries is damaged after " + entries.size() + " entries");
        }
        int flags = u16(directory, at + 8);
        int method = u16(directory, at + 10);
        long crc = u32(directory, at + 16);
        long compressed = u32(directory, at + 20);
        long size = u32(directory, at + 24);
        int nameLength = u16(directory, at + 28);
        int extraLength = u16(directory, at + 30);
        int commentLength = u16(directory, at + 32);
        long header = u32(directory, at + 42);
        if (directory.remaining() < 46 + nameLength + extraLength + commentLength) {
            throw bad("the directory of entries is damaged after " + entries.size() + " entries");
        }
        byte[] name = new byte[nameLength];
        directory.get(at + 46, name);
        String shown = NpyFormat.utf8(name, file + ": the name of an entry");
        if (size == 0xffffffffL || compressed == 0xffffffffL || header == 0xffffffffL) {
            ByteBuffer wide = zip64(directory, at + 46 + nameLength, extraLength);
            size = size == 0xffffffffL ? next(wide, shown) : size;
            compressed = compressed == 0xffffffffL ? next(wide, shown) : compressed;
            header = header == 0xffffffffL ? next(wide, shown) : header;
        }
        directory.position(at + 46 + nameLength + extraLength + commentLength);
        if ((flags & 1) != 0) {
            throw bad(shown, "is encrypted");
        }
        checkFlags(flags, u16(directory, at + 6) & 0xff, shown);
        if (method != 0 && method != 8) {
            throw bad(shown, "has the compression method " + method + ", expected 0 (stored) or 8 (deflated)");
        }
        if (header < 0 || header > limit - 30) {
            throw bad(shown, "lies at " + header + ", outside the file");
        }
        ByteBuffer local = bytes(header, 30);
        if (local.getInt(0) != LOCAL) {
            throw bad(shown, "has no header at " + header);
        }
        long start = header + 30 + u16(local, 26) + u16(local, 28);
        if (start > limit || compressed < 0 || compressed > limit - start) {
            throw bad(shown, "claims " + compressed + " bytes at " + start + ", outside the file");
        }
        byte[] localName = new byte[u16(local, 26)];
        source.read(header + 30, localName, 0, localName.length);
        checkFlags(u16(local, 6), u16(local, 4) & 0xff, shown);
        if (!Arrays.equals(name, localName) || u16(local, 8) != method) {
            throw bad(shown, "has another name or compression in its own header than in the directory");
        }
        if (method == 0 ? size != compressed : size < 0 || size / MAX_RATIO > compressed) {
            throw bad(shown, "claims " + size + " bytes, impossible from " + compressed + " in the file");
        }
        return new Entry(shown, method == 8, crc, compressed, size, header, start);
    }

    /**
     * Refuses what Python's {@code zipfile}, and therefore NumPy, refuses, and masked headers, whose values are
     * missing.
     */
    private void checkFlags(int flags, int version, String name) throws FormatException {
        int strange = flags & (PATCHED | STRONG_ENCRYPTION | MASKED | 1);
        if (strange != 0) {
            throw bad(
                    name,
                    String.format(
                            "has the flags 0x%04x, expected none of 0x%04x (encrypted, patched)", flags, strange));
        }
        if (version > MAX_VERSION) {
            throw bad(
                    name,
                    "needs version " + version / 10 + "." + version % 10 + " of the zip format, expected at most "
                            + MAX_VERSION / 10 + "." + MAX_VERSION % 10);
        }
    }

    /** The zip64 part of an entry's extra fields, empty if there is none. */
    private ByteBuffer zip64(ByteBuffer directory, int at, int length) {
        int end = at + length;
        for (int field = at; field + 4 <= end; field += 4 + u16(directory, field + 2)) {
            if (u16(directory, field) == 1) {
                int size = Math.min(u16(directory, field + 2), end - field - 4);
                return directory.slice(field + 4, size).order(ByteOrder.LITTLE_ENDIAN);
            }
        }
        return ByteBuffer.allocate(0);
    }

    private long next(ByteBuffer wide, String name) throws FormatException {
        if (wide.remaining() < 8) {
            throw bad(name, "lacks its zip64 sizes");
        }
        return wide.getLong();
    }

    /**
     * Opens the content of an entry. Content that is too short fails when it is read; {@link Content#verify} finds the
     * rest.
     */
    Content open(Entry entry) {
        return new Content(entry);
    }

    /** Exactly {@link Entry#size} bytes. */
    final class Content extends InputStream {
        private final Entry entry;
        private final CRC32 crc = new CRC32();
        private final InputStream raw;
        private final Inflater inflater;
        private final byte[] input;
        private long left;

        private Content(Entry entry) {
            this.entry = entry;
            this.left = entry.size();
            this.raw = source.stream(entry.start(), entry.compressedSize());
            this.inflater = entry.deflated() ? new Inflater(true) : null;
            this.input = new byte[entry.deflated() ? (int) Math.min(entry.compressedSize(), 1 << 14) : 0];
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] to, int from, int wanted) throws IOException {
            if (left == 0 || wanted == 0) {
                return wanted == 0 ? 0 : -1;
            }
            int length = (int) Math.min(wanted, left);
            int n = inflater == null ? raw.read(to, from, length) : inflate(to, from, length);
            if (n <= 0) {
                throw bad(entry.name(), "ends " + left + " bytes early");
            }
            crc.update(to, from, n);
            left -= n;
            return n;
        }

        /** Returns 0 at the end of the deflated data. */
        private int inflate(byte[] to, int from, int length) throws IOException {
            try {
                while (true) {
                    int n = inflater.inflate(to, from, length);
                    if (n > 0 || inflater.finished()) {
                        return n;
                    }
                    int more = inflater.needsInput() ? raw.read(input, 0, input.length) : -1;
                    if (more <= 0) {
                        throw bad(entry.name(), "has damaged deflated data");
                    }
                    inflater.setInput(input, 0, more);
                }
            } catch (DataFormatException e) {
                throw new FormatException(at(entry.name()) + "has damaged deflated data", e);
            }
        }

        /** Checks, after the last byte, that nothing follows and that the checksum is right. */
        void verify() throws IOException {
            if (left != 0) {
                throw bad(entry.name(), "has " + left + " bytes after the array");
            }
            if (inflater != null
                    && (inflate(new byte[1], 0, 1) != 0 || inflater.getRemaining() > 0 || raw.read() >= 0)) {
                throw bad(entry.name(), "has more data than the " + entry.size() + " bytes it claims");
            }
            if (crc.getValue() != entry.crc()) {
                throw bad(
                        entry.name(),
                        String.format("has the checksum %08x, expected %08x", crc.getValue(), entry.crc()));
            }
        }

        @Override
        public void close() {
            if (inflater != null) {
                inflater.end();
            }
        }
    }

    private ByteBuffer bytes(long position, int length) throws IOException {
        byte[] bytes = new byte[length];
        source.read(position, bytes, 0, length);
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static int u16(ByteBuffer bytes, int at) {
        return bytes.getShort(at) & 0xffff;
    }

    private static long u32(ByteBuffer bytes, int at) {
        return bytes.getInt(at) & 0xffffffffL;
    }

    private FormatException bad(String found) {
        return new FormatException(file + " is a damaged zip file: " + found);
    }

    private FormatException bad(String entry, String found) {
        return new FormatException(at(entry) + found);
    }

    private String at(String entry) {
        return file + ": the entry " + FormatException.quote(entry) + " ";
    }
}
