package attractor.cli.result;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import attractor.io.AtomicFiles;
import attractor.io.Claim;
import attractor.io.Json;
import attractor.io.ProcessMark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OutputFolderTest {
    private static final String INDEX = "index.json";

    @TempDir
    private Path folder;

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(f -> !f.equals(folder))
                    .map(f -> folder.relativize(f).toString())
                    .sorted()
                    .toList();
        }
    }

    private static OutputFolder at(Path target, boolean overwrite) throws IOException {
        return OutputFolder.at(target, INDEX, "x", overwrite);
    }

    /** Results that consist of an index and some files. */
    private static void fill(Path place, String text, String... files) throws IOException {
        for (String file : files) {
            Files.createDirectories(place.resolve(file).getParent());
            Files.writeString(place.resolve(file), text);
        }
        Json.write(
                place.resolve(INDEX),
                Map.of(
                        "schema",
                        "x/1",
                        "files",
                        Stream.concat(Stream.of(INDEX), Stream.of(files)).toList()));
    }

    private static void write(Path target, boolean overwrite, String text, String... files) throws IOException {
        try (OutputFolder output = at(target, overwrite)) {
            fill(output.begin(), text, files);
            output.finish();
        }
    }

    private static String message(Path target, boolean overwrite) {
        return assertThrows(IOException.class, () -> at(target, overwrite)).getMessage();
    }

    @Test
    void aFolderThatIsThereStaysItself() throws IOException {
        assumeFalse(System.getProperty("os.name").startsWith("Windows"), "needs POSIX permissions");
        Path target = Files.createDirectory(folder.resolve("results"));
        Files.setPosixFilePermissions(target, PosixFilePermissions.fromString("rwxrwx--x"));
        Object key = Files.readAttributes(target, "unix:ino").get("ino");
        write(target, false, "first", "a.csv", "sub/b.csv", "c.csv");
        assertEquals(List.of("a.csv", "c.csv", INDEX, "sub", "sub/b.csv"), names(target));
        assertEquals(target + " holds earlier results: --overwrite replaces them", message(target, false));
        write(target, true, "second", "a.csv", "d.csv");
        assertEquals(List.of("a.csv", "d.csv", INDEX), names(target));
        assertEquals("second", Files.readString(target.resolve("a.csv")));
        assertEquals("rwxrwx--x", PosixFilePermissions.toString(Files.getPosixFilePermissions(target)));
        assertEquals(key, Files.readAttributes(target, "unix:ino").get("ino"));
        assertEquals(
                List.of("results"),
                names(folder).stream().filter(n -> !n.contains("/")).toList());
        Files.writeString(target.resolve("mine.txt"), "");
        assertEquals(
                target + " has mine.txt, expected a new or empty folder, or nothing but earlier results",
                message(target, true));
    }

    @Test
    void aLinkStaysALink() throws IOException {
        Path dangling = Files.createSymbolicLink(folder.resolve("link"), Path.of("deep/place"));
        write(dangling, false, "first", "a.csv");
        assertTrue(Files.isSymbolicLink(dangling));
        assertEquals(List.of("a.csv", INDEX), names(folder.resolve("deep/place")));
        write(dangling, true, "second", "a.csv");
        assertTrue(Files.isSymbolicLink(dangling));
        assertEquals("second", Files.readString(folder.resolve("deep/place/a.csv")));
        Path round = Files.createSymbolicLink(folder.resolve("round"), Path.of("round"));
        assertEquals(round + " is a symbolic link that leads to itself", message(round, false));
    }

    private static ProcessMark ended() {
        ProcessMark here = ProcessMark.current();
        return new ProcessMark(here.machine(), here.pid(), here.start() + 1);
    }

    /** Whole results that a killed process was moving up: at each step the next run ends it. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3})
    void whatWasWholeIsMovedUp(int step) throws IOException {
        Path target = folder.resolve("results");
        write(target, false, "first", "a.csv", "b.csv");
        Path whole = Files.createDirectory(target.resolve("." + INDEX + ".whole.tmp-" + ended() + "-0"));
        fill(whole, "second", "b.csv", "sub/c.csv");
        if (step > 0) {
            Files.move(target.resolve(INDEX), whole.resolve(".earlier.json"));
        }
        if (step > 1) {
            Files.delete(target.resolve("a.csv"));
        }
        if (step > 2) {
            Files.delete(whole.resolve(".earlier.json"));
            Files.move(
                    whole.resolve("b.csv"), target.resolve("b.csv"), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        }
        assertEquals(target + " holds earlier results: --overwrite replaces them", message(target, false));
        assertEquals(List.of("b.csv", INDEX, "sub", "sub/c.csv"), names(target));
        assertEquals("second", Files.readString(target.resolve("b.csv")));
    }

    @Test
    void leftoversOfKilledProcessesGoAndThoseOfOthersStay() throws IOException {
        Path target = folder.resolve("results");
        for (String name : List.of(".results.tmp-" + ended() + "-0", ".results.tmp-999999999")) {
            Files.createDirectories(folder.resolve(name).resolve("half"));
        }
        Path living = Files.createDirectory(folder.resolve(".results.tmp-" + new ProcessMark("0123abcd", 1, 1) + "-0"));
        write(target, false, "first", "a.csv");
        assertEquals(List.of("a.csv", INDEX), names(target));
        assertTrue(Files.exists(living));
        Files.delete(living);
        assertEquals(List.of("results", "results/a.csv", "results/" + INDEX), names(folder));
        Files.createDirectory(target.resolve("." + INDEX + ".tmp-" + ended() + "-0"));
        write(target, true, "second", "a.csv");
        assertEquals(List.of("a.csv", INDEX), names(target));
    }

    /** An earlier version was killed after it had moved the earlier results away. */
    @Test
    void whatWasMovedAwayIsPutBack() throws IOException {
        Path target = folder.resolve("results");
        write(target, false, "first", "a.csv");
        Files.move(target, folder.resolve(".results.old-999999999"));
        assertEquals(target + " holds earlier results: --overwrite replaces them", message(target, false));
        assertEquals("first", Files.readString(target.resolve("a.csv")));
        Files.createDirectory(folder.resolve(".results.old-999999999"));
        write(target, true, "second", "a.csv");
        assertFalse(Files.exists(folder.resolve(".results.old-999999999")));
    }

    @Test
    void twoAtOnceDoNotMix() throws IOException {
        Path target = Files.createDirectory(folder.resolve("results"));
        try (OutputFolder first = at(target, false)) {
            fill(first.begin(), "first", "a.csv");
            Path between = Files.createDirectory(folder.resolve("between"));
            fill(between, "other", "b.csv");
            Files.move(between.resolve("b.csv"), target.resolve("b.csv"));
            assertEquals(
                    target + " has b.csv, expected a new or empty folder",
                    assertThrows(IOException.class, first::finish).getMessage());
        }
        assertEquals(List.of("b.csv"), names(target));
        Files.delete(target.resolve("b.csv"));
        try (OutputFolder first = at(target, false);
                Claim other = Claim.take(target)) {
            fill(first.begin(), "first", "a.csv");
            assertTrue(
                    assertThrows(IOException.class, first::finish).getMessage().contains("another process"));
            assertTrue(other.isHeld());
        }
        assertEquals(List.of(), names(target));
        AtomicFiles.deleteTree(target);
        try (OutputFolder first = at(target, false)) {
            fill(first.begin(), "first", "a.csv");
            write(target, false, "second", "a.csv");
            assertTrue(
                    assertThrows(IOException.class, first::finish).getMessage().contains("meanwhile"));
        }
        assertEquals("second", Files.readString(target.resolve("a.csv")));
        assertEquals(List.of("a.csv", INDEX), names(target));
    }
}
