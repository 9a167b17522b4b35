package attractor.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClaimTest {
    private static final ProcessMark ELSEWHERE = new ProcessMark("0123abcd", 1, 1);

    @TempDir
    private Path folder;

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(f -> f.getFileName().toString()).sorted().toList();
        }
    }

    private static IOConsumer<Path> text(String text) {
        return file -> AtomicFiles.write(file, out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
    }

    /** The state that a process leaves if it doesn't release the claim. */
    private void owned(Object process, Duration ago) throws IOException {
        Path place = folder.resolve(Claim.NAME);
        AtomicFiles.deleteTree(place);
        Path own = Files.createDirectories(place.resolve(process + "-00112233aabbccdd"));
        Path file = Files.writeString(own.resolve("heartbeat"), "node7\n");
        Files.setLastModifiedTime(file, FileTime.from(Instant.now().minus(ago)));
        Files.writeString(own.resolve("work"), "half done");
    }

    /** Does what another process does if it believes that a user has ended. */
    private static void stealFrom(Claim claim) throws IOException {
        Files.move(claim.folder(), claim.folder().resolveSibling("free-0"));
    }

    @Test
    void oneAtATimeAndWithoutATrace() throws IOException {
        assertFalse(Claim.isHeld(folder));
        try (Claim claim = Claim.take(folder)) {
            assertTrue(Claim.isHeld(folder));
            assertEquals(Optional.empty(), Claim.tryTake(folder));
            String message = assertThrows(Claim.InUseException.class, () -> Claim.take(folder))
                    .getMessage();
            assertEquals(
                    folder + " is in use by this program itself, expected a run directory that no other training uses",
                    message);
            claim.put("a", text("first"));
            claim.put("a", text("second"));
            claim.put("b", text("b"));
            claim.remove("b");
            claim.remove("b");
            assertEquals("second", Files.readString(folder.resolve("a")));
        }
        assertEquals(List.of("a"), names(folder));
        Claim.take(folder).close();
        assertEquals(List.of("a"), names(folder));
        Path none = folder.resolve("none");
        assertThrows(NoSuchFileException.class, () -> Claim.tryTake(none));
        assertFalse(Claim.isHeld(none));
    }

    @Test
    void whatIsLeftInTheOwnFolderIsTheNextUsers() throws IOException {
        Path first;
        try (Claim claim = Claim.take(folder)) {
            first = claim.folder();
            Files.writeString(first.resolve("work"), "half done");
        }
        assertFalse(Claim.isHeld(folder));
        try (Claim claim = Claim.take(folder)) {
            assertFalse(claim.folder().equals(first));
            assertFalse(Files.exists(first));
            assertEquals("half done", Files.readString(claim.folder().resolve("work")));
            claim.deleteLeftovers();
            assertTrue(claim.isHeld() && Claim.isHeld(folder));
        }
        assertEquals(List.of(), names(folder));
    }

    /** A user that only seemed to have ended can't change anything. */
    @Test
    void aUserWhoseFolderWasTakenOverWritesNothing() throws IOException {
        Claim first = Claim.take(folder);
        first.put("a", text("first"));
        stealFrom(first);
        Claim second = Claim.take(folder);
        second.put("b", text("second"));
        assertFalse(first.isHeld());
        for (String name : List.of("a", "b", "c")) {
            String message = assertThrows(Claim.LostException.class, () -> first.put(name, text("too late")))
                    .getMessage();
            assertTrue(message.startsWith(folder + " was taken over by another process"), message);
            assertEquals(1, message.lines().count());
            assertThrows(Claim.LostException.class, () -> first.remove(name));
        }
        // Another user takes over while the file is being written.
        List<Claim> third = new ArrayList<>();
        assertThrows(
                Claim.LostException.class,
                () -> second.put("b", file -> {
                    text("too late").accept(file);
                    stealFrom(second);
                    third.add(Claim.take(folder));
                }));
        first.close();
        second.close();
        assertTrue(third.get(0).isHeld() && Claim.isHeld(folder), "closing takes nothing from others");
        third.get(0).deleteLeftovers();
        third.get(0).close();
        assertEquals(List.of("a", "b"), names(folder));
        assertEquals("first", Files.readString(folder.resolve("a")));
        assertEquals("second", Files.readString(folder.resolve("b")));
    }

    @Test
    void aUserOfThisMachineIsLookedUpAmongTheProcesses() throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-version")
                .redirectErrorStream(true)
                .start();
        process.getInputStream().readAllBytes();
        process.waitFor();
        ProcessMark here = ProcessMark.current();
        assertEquals(ProcessMark.Life.RUNNING, here.life());
        assertEquals(Optional.of(here), ProcessMark.parse(here.toString()));
        owned(here, Duration.ofDays(1));
        assertEquals(Optional.empty(), Claim.tryTake(folder), "it may be suspended");
        for (ProcessMark ended : List.of(
                new ProcessMark(here.machine(), process.pid(), 1),
                new ProcessMark(here.machine(), here.pid(), here.start() + 1))) {
            owned(ended, Duration.ZERO);
            try (Claim claim = Claim.tryTake(folder).orElseThrow()) {
                assertEquals("half done", Files.readString(claim.folder().resolve("work")));
            }
        }
    }

    /** For a user on another machine, or one that cannot be identified, only signs of life tell. */
    @ParameterizedTest
    @ValueSource(strings = {"0123abcd-1-1", "00000000-1-1", "", "x-1"})
    void aUserElsewhereHasEndedAfterALongSilence(String owner) throws IOException {
        owned(owner, Duration.ofMinutes(1));
        assertTrue(Claim.isHeld(folder));
        assertEquals(Optional.empty(), Claim.tryTake(folder));
        owned(owner, Duration.ofMinutes(2));
        assertFalse(Claim.isHeld(folder));
        try (Claim claim = Claim.tryTake(folder).orElseThrow()) {
            assertEquals("half done", Files.readString(claim.folder().resolve("work")));
            assertEquals(List.of(Claim.NAME), names(folder));
        }
    }

    @Test
    void aSignOfLifeTellsThatAUserElsewhereIsAlive() throws IOException {
        owned(ELSEWHERE, Duration.ofSeconds(70));
        Claim.Watch watch = new Claim.Watch(folder);
        assertFalse(watch.isAlive());
        assertFalse(watch.isAlive());
        owned(ELSEWHERE, Duration.ofSeconds(10));
        assertTrue(watch.isAlive());
        owned(ELSEWHERE, Duration.ofSeconds(200));
        assertFalse(watch.isAlive());
    }

    @Test
    void waitsUntilAUserElsewhereIsKnownToHaveEnded() throws IOException {
        owned(ELSEWHERE, Duration.ofSeconds(88));
        try (Claim claim = Claim.take(folder)) {
            assertTrue(claim.isHeld());
        }
        owned(ELSEWHERE, Duration.ofSeconds(10));
        Thread.currentThread().interrupt();
        String message = assertThrows(Claim.InUseException.class, () -> Claim.take(folder))
                .getMessage();
        assertTrue(Thread.interrupted());
        assertTrue(message.contains("by another process (1 on node7)"), message);
    }

    @Test
    void whatKilledClaimantsLeftAsideIsRemoved() throws IOException {
        Path old = Files.createDirectories(folder.resolve(Claim.NAME + "-0011223344556677/0011223344556677"));
        Files.setLastModifiedTime(old.getParent(), FileTime.from(Instant.now().minus(Duration.ofMinutes(3))));
        Path now = Files.createDirectory(folder.resolve(Claim.NAME + "-8899aabbccddeeff"));
        Files.createDirectory(folder.resolve(Claim.NAME)); // its user had removed everything except this
        Claim.take(folder).close();
        assertEquals(List.of(now.getFileName().toString()), names(folder));
    }

    @Test
    void anErrorNamesTheFileInItsPlace() throws IOException {
        try (Claim claim = Claim.take(folder)) {
            Path obstacle = Files.createDirectory(folder.resolve("a"));
            IOException e = assertThrows(IOException.class, () -> claim.put("a", text("x")));
            assertEquals("cannot write " + obstacle + ": it is a folder, expected a file", e.getMessage());
            IOException full = assertThrows(
                    IOException.class,
                    () -> claim.put(
                            "b",
                            file -> AtomicFiles.write(file, out -> {
                                throw new IOException("No space left on device");
                            })));
            assertEquals("cannot write " + folder.resolve("b") + ": No space left on device", full.getMessage());
        }
        assertEquals(List.of("a"), names(folder));
    }

    /** Many users claim, take over and release the folder at the same time: never do two have it. */
    @Test
    void manyAtOnce() throws Exception {
        int many = 6;
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger times = new AtomicInteger();
        ExecutorService pool = Executors.newFixedThreadPool(many);
        try {
            List<Future<?>> futures = new ArrayList<>();
            for (int k = 0; k < many; k++) {
                int odd = k % 2;
                futures.add(pool.submit(() -> {
                    while (times.get() < 300) {
                        Optional<Claim> taken = Claim.tryTake(folder);
                        if (taken.isEmpty()) {
                            continue;
                        }
                        try (Claim claim = taken.get()) {
                            assertEquals(1, inside.incrementAndGet());
                            if (odd == 1) {
                                Files.writeString(claim.folder().resolve("left"), "");
                            } else {
                                claim.deleteLeftovers();
                            }
                            assertTrue(claim.isHeld());
                            inside.decrementAndGet();
                        }
                        times.incrementAndGet();
                    }
                    return null;
                }));
            }
            for (Future<?> future : futures) {
                future.get();
            }
        } finally {
            pool.shutdown();
        }
        try (Claim claim = Claim.take(folder)) {
            claim.deleteLeftovers();
        }
        assertEquals(List.of(), names(folder));
    }
}
