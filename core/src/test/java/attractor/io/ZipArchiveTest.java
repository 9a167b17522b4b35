package attractor.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ZipArchiveTest {
    @TempDir
    Path folder;

    @Test
    void whatIsWrittenIsReadAndTheBytesAreAlwaysTheSame() throws IOException {
        Map<String, byte[]> files = new LinkedHashMap<>();
        files.put("b/c.txt", "text".getBytes(StandardCharsets.UTF_8));
        files.put("empty", new byte[0]);
        files.put("a", new byte[100_000]);
        Path one = folder.resolve("one.zip");
        Path two = folder.resolve("two.zip");
        ZipArchive.write(one, files);
        ZipArchive.write(two, files);
        assertArrayEquals(Files.readAllBytes(one), Files.readAllBytes(two));
        assertEquals(List.of("b/c.txt", "empty", "a"), ZipArchive.names(one));
        Map<String, byte[]> read = ZipArchive.read(one, Set.of("a", "b/c.txt", "empty", "none"));
        assertEquals(List.of("b/c.txt", "empty", "a"), List.copyOf(read.keySet()));
        read.forEach((name, bytes) -> assertArrayEquals(files.get(name), bytes, name));
        assertEquals(Set.of("empty"), ZipArchive.read(one, Set.of("empty")).keySet());
    }

    @Test
    void deflatedFilesAndNamesWithPathsAreOnlyKeys() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            zip.putNextEntry(new ZipEntry("../../outside"));
            zip.write(new byte[5000]);
        }
        Map<String, byte[]> read = ZipArchive.read(bytes.toByteArray(), "z", Set.of("../../outside"));
        assertArrayEquals(new byte[5000], read.get("../../outside"));
        try (var all = Files.list(folder)) {
            assertEquals(0, all.count());
        }
    }

    @Test
    void whatIsDamagedIsToldInOneLine() throws IOException {
        Path file = folder.resolve("a.zip");
        ZipArchive.write(file, Map.of("a", new byte[] {1, 2, 3}));
        byte[] whole = Files.readAllBytes(file);
        byte[] flipped = whole.clone();
        flipped[30 + 1] ^= 4; // the first byte of the content
        FormatException e = assertThrows(FormatException.class, () -> ZipArchive.read(flipped, "z", Set.of("a")));
        assertTrue(e.getMessage().startsWith("z: the entry 'a' has the checksum "), e.getMessage());
        for (int length = 0; length < whole.length; length++) {
            byte[] cut = Arrays.copyOf(whole, length);
            e = assertThrows(FormatException.class, () -> ZipArchive.read(cut, "z", Set.of("a")));
            assertTrue(
                    e.getMessage().startsWith("z ") && e.getMessage().endsWith("expected a zip archive"),
                    e.getMessage());
        }
        Path text = Files.writeString(folder.resolve("text"), "a text of some length, not a zip archive");
        e = assertThrows(FormatException.class, () -> ZipArchive.names(text));
        assertEquals(text + " is not a zip file, expected a zip archive", e.getMessage());
        assertThrows(NoSuchFileException.class, () -> ZipArchive.names(folder.resolve("none")));
    }
}
