package attractor.io;

import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * The files in a zip archive, as bytes by name. Nothing is ever extracted to the disk: a name is only a key, whatever
 * it looks like. For archives of arrays see {@link Npz}.
 *
 * <p>Thread-safe: has no state.
 */
public final class ZipArchive {
    /** Bytes that the files of an archive may have in any case, even if the archive is small. */
    private static final long SMALL = 64L << 20;

    /** Not 1980-01-01: on that day {@code ZipEntry} adds a field that depends on the time zone. */
    private static final LocalDateTime TIME = LocalDateTime.of(1980, 2, 1, 0, 0);

    private ZipArchive() {}

    /**
     * The names of an archive's files, in the archive's order.
     *
     * @throws FormatException if the file is not a whole zip archive
     * @throws IOException if the file cannot be read
     */
    public static List<String> names(Path file) throws IOException {
        try (ByteSource source = ByteSource.open(file)) {
            return new ZipReader(source, file.toString(), "a zip archive")
                    .entries().stream().map(ZipReader.Entry::name).toList();
        }
    }

    /**
     * Reads some of an archive's files.
     *
     * @param wanted their names. Not modified.
     * @return the wanted files that exist, in the archive's order
     * @throws FormatException if the file is not a whole zip archive, or a file in it is damaged. No more memory is
     * allocated than 100 times the archive's size or 64 MiB, whichever is more.
     * @throws IOException if the archive cannot be read
     */
    public static Map<String, byte[]> read(Path file, Set<String> wanted) throws IOException {
        try (ByteSource source = ByteSource.open(file)) {
            return read(source, file.toString(), wanted);
        }
    }

    /**
     * Reads some of the files of an archive in memory.
     *
     * @param bytes the whole archive. Not modified.
     * @param name the archive's name in error messages
     * @throws FormatException as {@link #read(Path, Set)}
     */
    public static Map<String, byte[]> read(byte[] bytes, String name, Set<String> wanted) throws FormatException {
        return ByteSource.inMemory(name, () -> read(ByteSource.of(bytes), name, wanted));
    }

    private static Map<String, byte[]> read(ByteSource source, String name, Set<String> wanted) throws IOException {
        ZipReader zip = new ZipReader(source, name, "a zip archive");
        long memory = Math.min(Math.max(SMALL, 100 * source.size()), Integer.MAX_VALUE - 8);
        Map<String, byte[]> files = new LinkedHashMap<>();
        for (ZipReader.Entry entry : zip.entries()) {
            if (wanted.contains(entry.name())) {
                if (entry.size() > memory) {
                    throw new FormatException(name + ": the entry " + FormatException.quote(entry.name()) + " has "
                            + entry.size() + " bytes, expected at most " + memory + " for a file of this size");
                }
                try (ZipReader.Content content = zip.open(entry)) {
                    files.put(entry.name(), content.readNBytes((int) entry.size()));
                    content.verify();
                }
                memory -= entry.size();
            }
        }
        return files;
    }

    /**
     * Writes an archive, as a whole or not at all (see {@link AtomicFiles#write}). Files are stored, not deflated, in
     * the map's order, with a constant time, so that equal content gives equal bytes.
     *
     * @param files Not modified.
     * @throws IOException if the file cannot be written
     */
    public static void write(Path file, Map<String, byte[]> files) throws IOException {
        AtomicFiles.write(file, out -> {
            ZipOutputStream zip = new ZipOutputStream(out);
            for (Map.Entry<String, byte[]> each : files.entrySet()) {
                CRC32 crc = new CRC32();
                crc.update(each.getValue());
                ZipEntry entry = new ZipEntry(each.getKey());
                entry.setMethod(ZipEntry.STORED);
                entry.setTimeLocal(TIME);
                entry.setCrc(crc.getValue());
                entry.setSize(each.getValue().length);
                zip.putNextEntry(entry);
                zip.write(each.getValue());
                zip.closeEntry();
            }
            zip.finish();
        });
    }
}
