package attractor.fuzz;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** That every kind of failure is noticed. */
class FuzzFormatTest {
    private static final byte[] VALID = "valid 12".getBytes(StandardCharsets.US_ASCII);
    private static final long SECOND = 1_000_000_000L;

    @TempDir
    private Path folder;

    private static IOException refused(Path file) {
        return new IOException(file + ": is damaged");
    }

    private static boolean isValid(Path file) throws IOException {
        return Arrays.equals(VALID, Files.readAllBytes(file));
    }

    /** Takes damaged files that end as the valid one does. */
    private static void good(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        if (bytes.length == 0 || bytes[bytes.length - 1] != '2') {
            throw refused(file);
        }
    }

    private String failure(FuzzFormat.Reader damaged) {
        FuzzFormat.Reader reader = file -> {
            if (!isValid(file)) {
                damaged.read(file);
            }
            good(file);
        };
        FuzzFormat format = FuzzFormat.of("test", List.of(VALID), reader, IOException.class);
        return assertThrows(AssertionError.class, () -> format.survives(folder, 300, SECOND / 10))
                .getMessage();
    }

    private static void assertContains(String expected, String text) {
        assertTrue(text.contains(expected), text);
    }

    @Test
    void aGoodReaderPasses() throws Exception {
        FuzzFormat.Report report = FuzzFormat.of("test", List.of(VALID), FuzzFormatTest::good, IOException.class)
                .in("run/name.txt")
                .survives(folder, 300, 10 * SECOND);
        assertEquals(300, report.files());
        assertEquals(300, report.loaded() + report.refused());
        assertTrue(Files.exists(folder.resolve("in/run/name.txt")));
    }

    @Test
    void otherExceptionsAreNoticed() {
        String message = failure(file -> {
            throw new IllegalStateException("oops");
        });
        assertContains(" reads it again): threw java.lang.IllegalStateException: oops", message);
        assertContains("expected IOException", message);
    }

    @Test
    void messagesAreRead() {
        assertContains("expected a message that names ", failure(file -> {
            throw new IOException("is damaged");
        }));
        assertContains("expected one line", failure(file -> {
            throw new IOException(file + ": is\ndamaged");
        }));
        assertContains("expected one line", failure(file -> {
            throw new IOException(file + ": is damaged".repeat(100));
        }));
    }

    @Test
    void memoryIsCounted() {
        long[] sum = {0};
        String message = failure(file -> {
            for (int n = 0; n < 3; n++) {
                sum[0] += new byte[1 << 20].length;
            }
        });
        assertContains("allocated 3", message);
        assertTrue(sum[0] > 0);
    }

    @Test
    void writtenFilesAreNoticed() {
        assertContains(
                "escaped of ",
                failure(file -> Files.write(file.resolveSibling("../escaped"), Files.readAllBytes(file))));
    }

    @Test
    void slownessIsNoticed() {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        int[] calls = {0};
        assertContains("took 1", failure(file -> {
            long end = threads.getCurrentThreadCpuTime() + SECOND / 7;
            while (calls[0] % 100 == 0 && threads.getCurrentThreadCpuTime() < end) {
                Thread.onSpinWait();
            }
            calls[0]++;
        }));
    }

    @Test
    void aHangIsNoticedWhileItLasts() {
        AtomicBoolean stop = new AtomicBoolean();
        try {
            String message = failure(file -> {
                while (!stop.get()) {
                    Thread.onSpinWait();
                }
            });
            assertContains(" reads it again): hangs since ", message);
            assertContains("FuzzFormatTest", message);
        } finally {
            stop.set(true);
        }
    }

    @Test
    void aReaderThatTakesEverythingIsNotTested() {
        FuzzFormat format = FuzzFormat.of("test", List.of(VALID), file -> {}, IOException.class);
        String message = assertThrows(AssertionError.class, () -> format.survives(folder, 300, 10 * SECOND))
                .getMessage();
        assertEquals("test: of 300 files 300 were read and 0 refused, expected some of both", message);
    }

    @Test
    void theSameNumbersGiveTheSameFiles() throws IOException {
        ByteArrayOutputStream zip = new ByteArrayOutputStream();
        try (ZipOutputStream out = new ZipOutputStream(zip)) {
            out.putNextEntry(new ZipEntry("a.npy"));
            out.write(VALID);
        }
        List<byte[]> seeds = List.of(VALID, zip.toByteArray());
        int escapes = 0;
        int bombs = 0;
        for (int n = 0; n < 2000; n++) {
            byte[] mutant = new Mutator(seeds).mutant(3, n);
            assertArrayEquals(mutant, new Mutator(seeds).mutant(3, n));
            escapes += new String(mutant, StandardCharsets.ISO_8859_1).contains("../" + ZipMutator.ESCAPED) ? 1 : 0;
            bombs += ZipMutator.inflatedSize(mutant) > 100L * mutant.length ? 1 : 0;
        }
        assertTrue(escapes > 5, escapes + " paths");
        assertTrue(bombs > 5, bombs + " bombs");
    }
}
