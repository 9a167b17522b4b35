package attractor.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The script {@code attractor}, in a folder like the project's, whose builds take a moment and make a program that prints its arguments. */
class LauncherTest {
    private static final List<String> SOURCES =
            List.of("pom.xml", "core/pom.xml", "core/src/main/A.java", "cli/pom.xml", "cli/src/main/B.java");

    @TempDir
    private Path folder;

    private Path home;
    private Path jar;

    /** What a start came to. */
    private record Ended(int code, String out, String err) {}

    @BeforeEach
    void makeTheProject() throws IOException {
        assumeFalse(System.getProperty("os.name").startsWith("Windows"), "skipped: needs a POSIX shell");
        home = Files.createDirectory(folder.resolve("home"));
        jar = home.resolve("cli/target/attractor.jar");
        Files.copy(Path.of("..", "attractor"), home.resolve("attractor"), StandardCopyOption.COPY_ATTRIBUTES);
        for (String source : SOURCES) {
            Path file = home.resolve(source);
            Files.createDirectories(file.getParent());
            Files.writeString(file, source);
            age(file, 60);
        }
        Path source = Files.writeString(
                folder.resolve("Main.java"),
                "package attractor.cli; public class Main { public static void main(String[] args) {"
                        + " System.out.println(String.join(\" \", args)); } }");
        assertEquals(
                0,
                ToolProvider.getSystemJavaCompiler().run(null, null, null, "-d", folder.toString(), source.toString()));
        try (OutputStream file = Files.newOutputStream(folder.resolve("built.jar"));
                ZipOutputStream zip = new ZipOutputStream(file)) {
            zip.putNextEntry(new ZipEntry("META-INF/MANIFEST.MF"));
            zip.write("Manifest-Version: 1.0\nMain-Class: attractor.cli.Main\n\n".getBytes(StandardCharsets.UTF_8));
            zip.putNextEntry(new ZipEntry("attractor/cli/Main.class"));
            zip.write(Files.readAllBytes(folder.resolve("attractor/cli/Main.class")));
        }
        // Says that it builds, waits for as long as a file says, and puts the jar where it is told.
        Path maven = Files.writeString(home.resolve("mvnw"), """
                #!/bin/sh
                for word; do case $word in -Dattractor.target=*) target=${word#*=} ;; esac; done
                echo "$target" >>"%1$s/builds"
                mkdir -p "cli/$target" && mkdir -p "core/$target" || exit 1
                head -c 1000 "%1$s/built.jar" >"cli/$target/attractor.jar"
                sleep "$(cat "%1$s/seconds")"
                [ ! -f "%1$s/broken" ] || { echo '[ERROR] it is broken'; exit 1; }
                cp "%1$s/built.jar" "cli/$target/attractor.jar"
                """.formatted(folder));
        Files.setPosixFilePermissions(maven, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.writeString(folder.resolve("seconds"), "0");
    }

    private static void age(Path file, int minutes) throws IOException {
        Files.setLastModifiedTime(file, FileTime.from(Instant.now().minus(Duration.ofMinutes(minutes))));
    }

    private Process begin(Map<String, String> environment, List<String> before, Path at, String... arguments)
            throws IOException {
        List<String> command = new ArrayList<>(before);
        command.add(at.resolve("attractor").toString());
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectOutput(Files.createTempFile(folder, "", ".out").toFile());
        Path out = builder.redirectOutput().file().toPath();
        builder.redirectError(out.resolveSibling(out.getFileName() + ".err").toFile());
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().remove("ATTRACTOR_BUILD");
        builder.environment().remove("ATTRACTOR_CLASSPATH");
        builder.environment().putAll(environment);
        Process process = builder.start();
        outputs.put(process.pid(), out);
        return process;
    }

    private final Map<Long, Path> outputs = new java.util.HashMap<>();

    private Ended end(Process process) throws IOException, InterruptedException {
        int code = process.waitFor();
        Path out = outputs.get(process.pid());
        return new Ended(
                code,
                Files.readString(out).strip(),
                Files.readString(out.resolveSibling(out.getFileName() + ".err"))
                        .strip()
                        .lines()
                        .filter(line -> !line.startsWith("WARNING: Using incubator"))
                        .reduce("", (a, b) -> a + b + "\n")
                        .strip());
    }

    private Ended start(Map<String, String> environment, String... arguments) throws IOException, InterruptedException {
        return end(begin(environment, List.of(), home, arguments));
    }

    private int builds() throws IOException {
        Path builds = folder.resolve("builds");
        return Files.exists(builds) ? Files.readAllLines(builds).size() : 0;
    }

    private void assertNothingIsLeft(Path at) throws IOException {
        for (String place : List.of("target", "core/target", "cli/target")) {
            if (Files.isDirectory(at.resolve(place))) {
                try (Stream<Path> files = Files.list(at.resolve(place))) {
                    assertEquals(
                            List.of(),
                            files.map(f -> f.getFileName().toString())
                                    .filter(name -> name.startsWith("launch"))
                                    .toList());
                }
            }
        }
    }

    private static final Ended RAN = new Ended(0, "a b", "");

    private void assertBuilds(String message) throws IOException, InterruptedException {
        int before = builds();
        Ended ended = start(Map.of(), "a", "b");
        assertEquals(new Ended(0, "a b", "attractor: " + message), ended);
        assertEquals(before + 1, builds());
        assertEquals(RAN, start(Map.of(), "a", "b"));
        assertEquals(before + 1, builds());
        assertNothingIsLeft(home);
    }

    @Test
    void buildsWhatIsMissingChangedOrDamaged() throws Exception {
        String first = "first use, building (about a minute) ...";
        String changed = "sources have changed, building ...";
        assertBuilds(first);
        Files.writeString(home.resolve("core/src/main/A.java"), "other");
        assertBuilds(changed);
        String damaged = "the program is damaged, building it again ...";
        Files.write(jar, new byte[0]);
        assertBuilds(damaged);
        byte[] whole = Files.readAllBytes(jar);
        for (int length : new int[] {1, 21, whole.length / 2, whole.length - 1}) {
            Files.write(jar, Arrays.copyOf(whole, length));
            assertBuilds(damaged);
        }
        for (int at : new int[] {10, whole.length / 2, whole.length - 23}) {
            byte[] bad = whole.clone();
            bad[at] ^= 0x10;
            Files.write(jar, bad);
            assertBuilds(damaged);
        }
        Files.delete(jar);
        assertBuilds(first);
        // New times alone are none: a copy's.
        for (String source : SOURCES) {
            Files.setLastModifiedTime(home.resolve(source), FileTime.from(Instant.now()));
        }
        int before = builds();
        assertEquals(RAN, start(Map.of(), "a", "b"));
        assertEquals(before, builds());
        // A jar that something else has built since isn't what the sum beside it says.
        age(jar, 100);
        Files.write(jar, Arrays.copyOf(whole, whole.length));
        try (OutputStream more = Files.newOutputStream(jar, java.nio.file.StandardOpenOption.APPEND)) {
            byte[] end = Arrays.copyOfRange(whole, whole.length - 22, whole.length);
            end[16]++; // where the directory begins: another jar has it elsewhere
            more.write(end);
        }
        age(jar, 100);
        assertBuilds(changed);
    }

    @Test
    void neverMeansNever() throws Exception {
        Map<String, String> never = Map.of("ATTRACTOR_BUILD", "never");
        Ended ended = start(never);
        assertEquals(1, ended.code);
        assertEquals(
                "attractor: there is no whole " + jar + ", and ATTRACTOR_BUILD is never: run "
                        + home.resolve("attractor") + " once without it",
                ended.err);
        assertBuilds("first use, building (about a minute) ...");
        Files.writeString(home.resolve("pom.xml"), "other");
        assertEquals(RAN, start(never, "a", "b"));
        assertEquals(1, builds());
        Ended other = start(Map.of("ATTRACTOR_BUILD", "always"));
        assertEquals("attractor: ATTRACTOR_BUILD is always, expected never or nothing", other.err);
        assertEquals(1, builds());
    }

    @Test
    void aFailedBuildSaysWhyAndLeavesTheJar() throws Exception {
        assertBuilds("first use, building (about a minute) ...");
        byte[] before = Files.readAllBytes(jar);
        Files.writeString(home.resolve("pom.xml"), "broken");
        Files.createFile(folder.resolve("broken"));
        Ended ended = start(Map.of());
        assertEquals(1, ended.code);
        Path log = home.resolve("target/launch.log");
        assertEquals(
                List.of(
                        "attractor: sources have changed, building ...",
                        "[ERROR] it is broken",
                        "attractor: the build failed; " + log + " has the rest"),
                ended.err.lines().toList());
        assertTrue(Arrays.equals(before, Files.readAllBytes(jar)));
        Files.delete(log);
        assertNothingIsLeft(home);
    }

    @Test
    void whatCannotBeWrittenToRunsAsItIs() throws Exception {
        assertBuilds("first use, building (about a minute) ...");
        Path copy = folder.resolve("copy");
        assertEquals(
                0,
                new ProcessBuilder("cp", "-r", home.toString(), copy.toString())
                        .start()
                        .waitFor());
        List<Path> folders;
        try (Stream<Path> all = Files.walk(copy)) {
            folders = all.filter(Files::isDirectory).toList();
        }
        for (Path closed : folders) {
            Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("r-xr-xr-x"));
        }
        try {
            assertEquals(RAN, end(begin(Map.of(), List.of(), copy, "a", "b")));
            assumeFalse(Files.isWritable(copy), "runs as a user that may write everywhere");
            Files.writeString(copy.resolve("pom.xml"), "other");
            assertEquals(
                    new Ended(
                            0,
                            "a b",
                            "attractor: sources have changed, but " + copy.toRealPath()
                                    + " cannot be written to: this is the version built before"),
                    end(begin(Map.of(), List.of(), copy, "a", "b")));
        } finally {
            for (Path closed : folders) {
                Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("rwxr-xr-x"));
            }
        }
        assertEquals(1, builds());
    }

    private void tenAtOnce(List<String> before) throws IOException, InterruptedException {
        Files.writeString(folder.resolve("seconds"), "4");
        List<Process> processes = new ArrayList<>();
        for (int k = 0; k < 10; k++) {
            processes.add(begin(Map.of(), before, home, "number", "" + k));
        }
        for (int k = 0; k < 10; k++) {
            Ended ended = end(processes.get(k));
            assertEquals("number " + k, ended.out, ended.err);
            assertEquals(0, ended.code, ended.err);
        }
        assertEquals(1, builds());
        assertNothingIsLeft(home);
    }

    @Test
    void tenAtOnceBuildOnce() throws Exception {
        tenAtOnce(List.of("sh"));
    }

    /** As on ten machines: each with the same process ids. */
    @Test
    void tenAtOnceInNamespacesOfTheirOwnBuildOnce() throws Exception {
        List<String> unshare = List.of("unshare", "-pf", "--mount-proc");
        try {
            List<String> command = new ArrayList<>(unshare);
            command.add("true");
            assumeTrue(
                    new ProcessBuilder(command)
                                    .redirectErrorStream(true)
                                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                                    .start()
                                    .waitFor()
                            == 0,
                    "skipped: no permission for namespaces");
        } catch (IOException none) {
            assumeTrue(false, "skipped: there is no unshare");
        }
        tenAtOnce(unshare);
    }

    @Test
    void aBuilderThatWasKilledIsReplaced() throws Exception {
        Files.writeString(folder.resolve("seconds"), "100");
        Process killed = begin(Map.of(), List.of("sh"), home, "a");
        while (builds() == 0) {
            assertTrue(killed.isAlive(), "it ended by itself");
            Thread.sleep(50);
        }
        List<ProcessHandle> children = killed.descendants().toList();
        killed.destroyForcibly();
        killed.waitFor(1, TimeUnit.MINUTES);
        children.forEach(ProcessHandle::destroyForcibly);
        assertFalse(Files.exists(jar));
        Files.writeString(folder.resolve("seconds"), "0");
        Ended ended = start(Map.of(), "a", "b");
        assertEquals(
                List.of(
                        "attractor: waiting for another's build, which holds "
                                + home.toRealPath().resolve("target/launch.lock") + " ...",
                        "attractor: first use, building (about a minute) ..."),
                ended.err.lines().toList());
        assertEquals("a b", ended.out);
        assertEquals(2, builds());
        assertNothingIsLeft(home);
    }

    /** The script for Windows, as far as it can be read on other systems. */
    @Test
    void theScriptForWindowsIsWhole() throws IOException {
        String script = Files.readString(Path.of("..", "attractor.cmd"));
        assertTrue(script.endsWith("\n"), "lines");
        List<String> labels = script.lines()
                .filter(line -> line.startsWith(":"))
                .map(line -> line.substring(1))
                .toList();
        List<String> goals = Pattern.compile("goto :(\\w+)")
                .matcher(script)
                .results()
                .map(match -> match.group(1))
                .distinct()
                .toList();
        assertTrue(goals.size() > 5, script);
        for (String goal : goals) {
            assertEquals(1, Collections.frequency(labels, goal), "label " + goal);
        }
        for (String label : labels) {
            assertTrue(goals.contains(label), "nothing goes to " + label);
        }
    }

    /** Both scripts start the program with the same options, and look at the same sources. */
    @Test
    void bothScriptsHaveTheSameOptions() throws IOException {
        String posix = Files.readString(Path.of("..", "attractor"));
        String windows = Files.readString(Path.of("..", "attractor.cmd"));
        Pattern option = Pattern.compile(
                "-XX:[\\w+=-]+|-Xms\\w+|-D\\w+\\.\\w+[.\\w]*=true|--(?:add|enable)-[\\w-]+[ =][\\w.-]+");
        assertEquals(options(option, posix), options(option, windows));
        assertTrue(options(option, posix).contains("-XX:TieredStopAtLevel=1"), posix);
        String sources = posix.lines()
                .filter(line -> line.startsWith("sources='"))
                .findFirst()
                .orElseThrow()
                .split("'")[1];
        assertTrue(
                windows.contains("'" + sources.replace("/", "\\").replace(" ", "','") + "'"),
                "the same sources: " + sources);
    }

    private static Set<String> options(Pattern option, String script) {
        return option.matcher(script).results().map(MatchResult::group).collect(Collectors.toCollection(TreeSet::new));
    }
}
