package attractor.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFilesTest {
    @TempDir
    private Path folder;

    private List<String> names() throws IOException {
        try (var files = Files.list(folder)) {
            return files.map(f -> f.getFileName().toString()).sorted().toList();
        }
    }

    private static IOConsumer<OutputStream> text(String text) {
        return out -> out.write(text.getBytes(StandardCharsets.UTF_8));
    }

    private String message(Path target) {
        return assertThrows(IOException.class, () -> AtomicFiles.write(target, text("x")))
                .getMessage();
    }

    @Test
    void theFileAppearsWholeAfterTheLastByte() throws IOException {
        Path file = folder.resolve("final.npz");
        for (String content : List.of("first", "second")) {
            boolean replaces = Files.exists(file);
            AtomicFiles.write(file, out -> {
                out.write(content.getBytes(StandardCharsets.UTF_8));
                out.flush();
                String temporary = ".final.npz.tmp-" + ProcessMark.current() + "-0";
                assertEquals(replaces ? List.of(temporary, "final.npz") : List.of(temporary), names());
                assertEquals(replaces, Files.exists(file));
                assertTrue(!replaces || Files.readString(file).equals("first"));
            });
            assertEquals(content, Files.readString(file));
            assertEquals(List.of("final.npz"), names());
        }
    }

    @Test
    void aRelativeNameWithoutAFolderIsInTheWorkingDirectory() throws IOException {
        Path file = Path.of("atomic-files-test-" + ProcessHandle.current().pid());
        try {
            AtomicFiles.write(file, text("x"));
            assertEquals("x", Files.readString(file));
        } finally {
            Files.deleteIfExists(file);
        }
    }

    @Test
    void aFailureLeavesTheEarlierFileAndNothingElse() throws IOException {
        Path file = folder.resolve("a");
        AtomicFiles.write(file, text("old"));
        IOException full = new IOException("No space left on device");
        IOException e = assertThrows(
                IOException.class,
                () -> AtomicFiles.write(file, out -> {
                    out.write(new byte[100_000]);
                    throw full;
                }));
        assertEquals("cannot write " + file + ": No space left on device", e.getMessage());
        assertSame(full, e.getCause());
        RuntimeException bug = new IllegalStateException("x");
        assertSame(
                bug,
                assertThrows(
                        RuntimeException.class,
                        () -> AtomicFiles.write(file, out -> {
                            throw bug;
                        })));
        FormatException bad = new FormatException("x");
        assertSame(
                bad,
                assertThrows(
                        FormatException.class,
                        () -> AtomicFiles.write(file, out -> {
                            throw bad;
                        })));
        assertEquals("old", Files.readString(file));
        assertEquals(List.of("a"), names());
    }

    @Test
    void saysWhatIsWrongWithTheTarget() throws IOException {
        Path none = folder.resolve("none").resolve("a");
        assertEquals("cannot write " + none + ": the folder " + none.getParent() + " does not exist", message(none));
        assertEquals("cannot write " + folder + ": it is a folder, expected a file", message(folder));
        Path root = folder.getRoot();
        assertEquals("cannot write " + root + ": it is a folder, expected a file", message(root));
        Path file = Files.createFile(folder.resolve("file"));
        assertEquals(
                "cannot write " + file.resolve("a") + ": " + file + " is a file, expected a folder",
                message(file.resolve("a")));
        assertEquals(List.of("file"), names());
    }

    @Test
    void saysThatAFolderRefusesFiles() throws IOException {
        assumeFalse(System.getProperty("os.name").startsWith("Windows"), "needs POSIX permissions");
        Path closed = Files.createDirectory(
                folder.resolve("closed"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("r-x------")));
        assumeFalse(Files.isWritable(closed), "runs as a user that may write everywhere");
        assertEquals(
                "cannot write " + closed.resolve("a") + ": no permission to create files in " + closed,
                message(closed.resolve("a")));
    }

    @Test
    void anInterruptedThreadStillSaves() throws IOException {
        Path file = folder.resolve("a");
        Thread.currentThread().interrupt();
        try {
            AtomicFiles.write(file, text("saved"));
            NpyArray.scalar(1.0).write(folder.resolve("b"));
            assertEquals(1.0, NpyArray.read(folder.resolve("b")).doubles()[0]);
        } finally {
            assertTrue(Thread.interrupted());
        }
        assertEquals("saved", Files.readString(file));
    }

    @Test
    void writersOfOneTargetDoNotMix() throws Exception {
        Path file = folder.resolve("a");
        Thread[] threads = new Thread[4];
        IOException[] failures = new IOException[threads.length];
        for (int i = 0; i < threads.length; i++) {
            byte[] content = new byte[200_000];
            Arrays.fill(content, (byte) i);
            int number = i;
            threads[i] = new Thread(() -> {
                try {
                    for (int k = 0; k < 5; k++) {
                        AtomicFiles.write(file, out -> out.write(content));
                    }
                } catch (IOException e) {
                    failures[number] = e;
                }
            });
            threads[i].start();
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertArrayEquals(new IOException[threads.length], failures);
        byte[] read = Files.readAllBytes(file);
        byte[] whole = new byte[200_000];
        Arrays.fill(whole, read[0]);
        assertArrayEquals(whole, read);
        assertEquals(List.of("a"), names());
    }

    @Test
    void staleFilesAreThoseWithoutALivingWriter() throws Exception {
        ProcessMark own = ProcessMark.current();
        Process ended =
                new ProcessBuilder(java(), "-version").redirectErrorStream(true).start();
        ended.getInputStream().readAllBytes();
        ended.waitFor();
        String gone = ".final.npz.tmp-" + new ProcessMark(own.machine(), ended.pid(), 1) + "-0";
        String living = ".final.npz.tmp-" + own + "-1";
        // An earlier process with the same id.
        String recycled = ".final.npz.tmp-" + new ProcessMark(own.machine(), own.pid(), own.start() + 1) + "-0";
        // On another machine this process's id means nothing; nor does a name without a machine, from an earlier
        // version.
        ProcessMark elsewhere = new ProcessMark("0123abcd", ended.pid(), 1);
        String far = ".final.npz.tmp-" + elsewhere + "-0";
        String farAndOld = ".final.npz.tmp-" + elsewhere + "-1";
        String earlier = ".final.npz.tmp-" + ended.pid() + "-0";
        String earlierAndOld = ".final.npz.tmp-" + ended.pid() + "-1";
        List<String> others =
                List.of(".final.npz.tmp-x-0", ".tmp-1-1", "final.npz", "final.npz.tmp-" + ended.pid() + "-0");
        for (String name : List.of(gone, living, recycled, far, farAndOld, earlier, earlierAndOld)) {
            Files.createFile(folder.resolve(name));
        }
        for (String name : others) {
            Files.createFile(folder.resolve(name));
        }
        Files.createDirectory(folder.resolve(".x.tmp-" + ended.pid() + "-0"));
        for (String name : List.of(farAndOld, earlierAndOld)) {
            Files.setLastModifiedTime(
                    folder.resolve(name), FileTime.from(Instant.now().minus(Duration.ofMinutes(61))));
        }
        List<Path> expected = Stream.of(gone, recycled, farAndOld, earlierAndOld)
                .sorted()
                .map(folder::resolve)
                .toList();
        assertEquals(expected, AtomicFiles.deleteStale(folder).stream().sorted().toList());
        assertTrue(
                names().containsAll(others) && names().containsAll(List.of(living, far, earlier)), names().toString());
        assertFalse(names().contains(gone) || names().contains(recycled));
        assertEquals(List.of(), AtomicFiles.deleteStale(folder));
        // An existing file with the next name does not stop the next writer.
        Files.createFile(folder.resolve(recycled));
        AtomicFiles.write(folder.resolve("final.npz"), text("x"));
        assertEquals("x", Files.readString(folder.resolve("final.npz")));
    }

    private static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    /** Runs in another process until it is killed: writes files of 2 MB, each of one repeated byte. */
    static final class Endless {
        private Endless() {}

        public static void main(String[] args) throws IOException {
            for (int i = 1; ; i = i % 100 + 1) {
                byte[] content = new byte[2_000_000];
                Arrays.fill(content, (byte) i);
                AtomicFiles.write(Path.of(args[0]), out -> {
                    for (int at = 0; at < content.length; at += 10_000) {
                        out.write(content, at, 10_000);
                    }
                });
                System.out.write(i);
                System.out.flush();
            }
        }
    }

    @Test
    void aKilledWriterLeavesAWholeFile() throws Exception {
        Path file = folder.resolve("final.npz");
        long seed = 7;
        Random random = new Random(seed);
        for (int kill = 0; kill < 5; kill++) {
            String classes = System.getProperty("java.class.path");
            Process writer = new ProcessBuilder(
                            java(), "-Xshare:auto", "-cp", classes, Endless.class.getName(), file.toString())
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            assertTrue(writer.getInputStream().read() > 0, "the writer wrote nothing");
            Thread.sleep(random.nextInt(40));
            writer.destroyForcibly().waitFor();
            byte[] read = Files.readAllBytes(file);
            byte[] whole = new byte[2_000_000];
            Arrays.fill(whole, read[0]);
            assertArrayEquals(whole, read, "seed " + seed + ", kill " + kill);
            AtomicFiles.deleteStale(folder);
            assertEquals(List.of("final.npz"), names());
        }
    }
}
