package attractor.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import attractor.io.Json;
import attractor.io.JsonObject;
import attractor.io.Npz;
import attractor.task.Tasks;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The example of a task of one's own, by the commands that a user would give. */
class OwnTaskTest {
    private static final Path EXAMPLE = Path.of("..", "examples", "three-bit-flip-flop");
    private static final String SERVICE = "META-INF/services/attractor.task.TaskProvider";
    private static final String NAME = "three-bit-flip-flop";
    /** So that a command takes a moment. */
    private static final List<Object> SHORT =
            List.of("--duration", 60, "--stimulus", 4, "--option", "slotMs=12", "--option", "pulses=3");

    /** The example compiled. */
    @TempDir
    private static Path classes;

    @TempDir
    private Path folder;

    @BeforeAll
    static void compile() throws IOException {
        compileExample(classes);
    }

    /** As README says, into a folder of its own. */
    static void compileExample(Path to) throws IOException {
        Files.createDirectories(to.resolve(SERVICE).getParent());
        compile(to, EXAMPLE.resolve("ThreeBitFlipFlop.java"));
        Files.copy(EXAMPLE.resolve(SERVICE), to.resolve(SERVICE));
    }

    private static void compile(Path to, Path source) {
        JavaCompiler javac = ToolProvider.getSystemJavaCompiler();
        assertNotNull(javac, "needs a JDK");
        StringWriter messages = new StringWriter();
        List<String> options = List.of(
                "-d",
                to.toString(),
                "-cp",
                System.getProperty("java.class.path"),
                "--release",
                "17",
                "-Xlint:all,-path",
                "-Werror",
                "-proc:none");
        var files =
                javac.getStandardFileManager(null, null, StandardCharsets.UTF_8).getJavaFileObjects(source);
        assertTrue(javac.getTask(messages, null, null, options, null, files).call(), messages.toString());
    }

    private static Cli run(Object... words) {
        return Cli.run(words);
    }

    private static Cli runShort(Object... words) {
        List<Object> all = new ArrayList<>(List.of(words));
        all.addAll(SHORT);
        all.addAll(List.of("--classpath", classes));
        return Cli.run(all.toArray());
    }

    private Path trained() {
        Path run = folder.resolve("run");
        Cli cli = runShort("train", NAME, "--units", 6, "--samples", 40, "--epochs", 2, "--out", run);
        assertEquals(0, cli.exitCode(), cli.toString());
        assertTrue(cli.out().contains("evaluate " + run + " --classpath " + classes), cli.toString());
        return run;
    }

    @Test
    void itIsTrainedEvaluatedAndAnalysed() throws Exception {
        ClassLoader before = Thread.currentThread().getContextClassLoader();
        Path run = trained();
        Cli evaluated = run("evaluate", run, "--json", "--trials", 16, "--classpath", classes);
        assertEquals(0, evaluated.exitCode(), evaluated.toString());
        JsonObject json = Json.parseObject(evaluated.out(), "out");
        assertEquals(NAME, json.getString("task"));
        assertEquals(3.0, json.getObject("taskOptions").getDouble("pulses"));
        assertEquals(8, json.getObjects("scores").size());
        Path analysis = folder.resolve("analysis");
        Cli analysed = run("--classpath", classes, "analyze", run, "--out", analysis, "--fixed-point-seeds", 8);
        assertEquals(0, analysed.exitCode(), analysed.toString());
        JsonObject index = Json.read(analysis.resolve("analysis.json"));
        assertEquals("+++", index.getObjects("types").get(7).getString("type"));
        Cli sheet = run("figure", "sheet", "--network", run, "--out", folder, "--classpath", classes);
        assertEquals(0, sheet.exitCode(), sheet.toString());
        assertTrue(Files.isRegularFile(folder.resolve("sheet-run.png")));
        assertSame(before, Thread.currentThread().getContextClassLoader());
        Cli without = run("evaluate", run);
        assertEquals(1, without.exitCode(), without.toString());
        assertTrue(
                without.err().contains("unknown task " + NAME) && without.err().contains("--classpath"),
                without.toString());
    }

    @Test
    void severalSeedsAtOnceFindIt() {
        Cli cli = runShort(
                "train", NAME, "--units", 3, "--samples", 8, "--epochs", 1, "--seeds", "0..1", "--out", folder);
        assertEquals(0, cli.exitCode(), cli.toString());
    }

    @Test
    void itIsListedDescribedAndWritten() throws Exception {
        Cli list = run("tasks", "--json", "--classpath", classes);
        List<JsonObject> tasks = Json.parseObject(list.out(), "out").getObjects("tasks");
        assertEquals(Tasks.providers().size() + 1, tasks.size());
        assertEquals(NAME, tasks.get(tasks.size() - 1).getString("name"));
        assertTrue(run("tasks", NAME, "--classpath", classes).out().contains("--option slotMs="));
        Path out = folder.resolve("t.npz");
        Cli written = run("tasks", NAME, "--samples", 16, "--out", out, "--noise", 0, "--classpath", classes);
        assertEquals(0, written.exitCode(), written.toString());
        Npz npz = Npz.read(out);
        double[] x = npz.doubles("x", 16, 250, 3);
        double[] y = npz.doubles("y", 16, 250, 3);
        long[] type = npz.longs("type", 16);
        String[] types = npz.strings("types", 8);
        for (int s = 0; s < 16; s++) {
            for (int c = 0; c < 3; c++) {
                // The output, recomputed: the sign of the last pulse that ended 5 ms ago or earlier.
                double held = 0;
                for (int t = 0; t < 250; t++) {
                    int seen = t - 5;
                    boolean ended = seen >= 1 && at(x, s, seen - 1, c) != 0 && at(x, s, seen, c) == 0;
                    if (ended) {
                        held = at(x, s, seen - 1, c);
                    }
                    assertEquals(held, at(y, s, t, c), "trial " + s + ", step " + t + ", output " + c);
                }
                assertEquals(types[(int) type[s]].charAt(c) == '+' ? 1 : -1, held);
            }
        }
    }

    private static double at(double[] a, int trial, int step, int channel) {
        return a[(trial * 250 + step) * 3 + channel];
    }

    @Test
    void itsGradientIsChecked() {
        Cli cli = runShort("gradcheck", "--task", NAME, "--units", 3, "--cases", 1);
        assertEquals(0, cli.exitCode(), cli.toString());
        assertTrue(cli.out().contains("B 8, T 60, I 3, N 3, O 3, tanh"), cli.toString());
        assertEquals(2, run("gradcheck", "--task", "and", "--steps", 3).exitCode());
        assertEquals(2, run("gradcheck", "--noise", 0).exitCode());
    }

    @Test
    void aJarWillDoBesideOtherEntries() throws Exception {
        Path jar = folder.resolve("task.jar");
        try (OutputStream out = Files.newOutputStream(jar);
                ZipOutputStream zip = new ZipOutputStream(out)) {
            for (String name : List.of(SERVICE, "ThreeBitFlipFlop.class", "ThreeBitFlipFlop$Provider.class")) {
                zip.putNextEntry(new ZipEntry(name));
                zip.write(Files.readAllBytes(classes.resolve(name)));
                zip.closeEntry();
            }
        }
        Path empty = Files.createDirectory(folder.resolve("empty"));
        Cli cli = run("tasks", NAME, "--classpath", empty + File.pathSeparator + jar);
        assertEquals(0, cli.exitCode(), cli.toString());
    }

    private static String fails(int exitCode, Object... words) {
        Cli cli = run(words);
        assertEquals(exitCode, cli.exitCode(), cli.toString());
        assertEquals("", cli.out());
        assertEquals(1, cli.err().lines().count(), cli.toString());
        assertTrue(cli.err().startsWith("attractor: "), cli.toString());
        return cli.err().strip();
    }

    @Test
    void wrongClassPathsAreOneLine() throws Exception {
        assertTrue(
                fails(2, "tasks", "--classpath", folder.resolve("absent")).endsWith("absent: no such file or folder"));
        assertTrue(fails(2, "tasks", "--classpath", folder).contains("has no task, expected a file " + SERVICE));
        assertTrue(
                fails(2, "tasks", "--classpath", classes + File.pathSeparator).contains("between"));
        Path text = Files.writeString(folder.resolve("t.jar"), "not a jar");
        assertTrue(fails(2, "tasks", "--classpath", text).contains("t.jar is not a jar"));
        // The source without having been compiled.
        Path services = folder.resolve(SERVICE);
        Files.createDirectories(services.getParent());
        Files.writeString(services, "ThreeBitFlipFlop$Provider\n");
        assertTrue(fails(1, "tasks", "--classpath", folder).contains("ThreeBitFlipFlop$Provider not found"));
    }

    private String failsAs(int exitCode, String name, String constructor, String create, Object... words)
            throws Exception {
        Path source = Files.writeString(
                folder.resolve("Own.java"),
                String.join(
                        "\n",
                        "import attractor.task.*;",
                        "public final class Own implements TaskProvider {",
                        "  public Own() {" + constructor + "}",
                        "  @Override public String name() { return \"" + name + "\"; }",
                        "  @Override public TaskOptions defaults() { return TaskOptions.NONE; }",
                        "  @Override public Task create(TaskOptions options) {" + create + "}",
                        "}"));
        compile(folder, source);
        Files.createDirectories(folder.resolve(SERVICE).getParent());
        Files.writeString(folder.resolve(SERVICE), "Own\n");
        List<Object> all = new ArrayList<>(List.of(words));
        all.addAll(List.of("--classpath", folder));
        return fails(exitCode, all.toArray());
    }

    @Test
    void providersThatFailAreOneLine() throws Exception {
        String made =
                failsAs(1, "own", "if (true) throw new IllegalStateException(\"lost\");", "return null;", "tasks");
        assertTrue(made.contains("Own") && made.contains("lost"), made);
        String taken = failsAs(2, "xor", "", "return null;", "tasks", "xor");
        assertTrue(taken.contains("task name xor is used by Own"), taken);
        String none = failsAs(1, "own", "", "return null;", "train", "own");
        assertTrue(none.contains("task provider Own returned null from create"), none);
        String thrown = failsAs(1, "own", "", "throw new ArithmeticException(\"1/0\");", "train", "own");
        assertTrue(thrown.contains("task provider Own failed in create: java.lang.ArithmeticException: 1/0"), thrown);
        String options = failsAs(2, "own", "", "throw new IllegalArgumentException(\"own: no\");", "train", "own");
        assertEquals("attractor: own: no", options);
    }
}
