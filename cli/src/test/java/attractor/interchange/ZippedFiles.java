package attractor.interchange;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/** Files that other libraries wrote, in a zip among the tests' resources; a script beside it made them. */
final class ZippedFiles {
    private ZippedFiles() {}

    /** The contents of all files of a zip, by their names. */
    static Map<String, byte[]> of(String zipped) {
        Map<String, byte[]> files = new TreeMap<>();
        try (InputStream resource = ZippedFiles.class.getResourceAsStream(zipped);
                ZipInputStream zip = new ZipInputStream(resource)) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                files.put(entry.getName(), zip.readAllBytes());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return files;
    }
}
