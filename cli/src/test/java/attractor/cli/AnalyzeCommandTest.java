package attractor.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import attractor.analysis.Spectrum;
import attractor.cli.result.OutputFolder;
import attractor.cli.terminal.ExitCode;
import attractor.figure.FigureFiles;
import attractor.io.Json;
import attractor.io.JsonObject;
import attractor.io.Npz;
import attractor.kernel.Activation;
import attractor.model.Initializers;
import attractor.model.NetworkFile;
import attractor.model.Rnn;
import attractor.model.RnnShape;
import attractor.random.RandomStream;
import attractor.task.Task;
import attractor.task.TaskOptions;
import attractor.task.TaskProvider;
import java.io.IOException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.Enumeration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code attractor analyze} on small networks whose answers are known. */
class AnalyzeCommandTest {
    /** h = tanh(2 h). */
    private static final double HIGH = 0.9575040240772688;

    @TempDir
    private Path folder;

    /** One step, two outputs. */
    public static final class BlinkProvider implements TaskProvider {
        @Override
        public String name() {
            return "blink";
        }

        @Override
        public TaskOptions defaults() {
            return TaskOptions.NONE;
        }

        @Override
        public Task create(TaskOptions options) {
            return new Blink();
        }
    }

    private record Blink() implements Task {
        @Override
        public String name() {
            return "blink";
        }

        @Override
        public String description() {
            return "On or off, for a step.";
        }

        @Override
        public int inputs() {
            return 1;
        }

        @Override
        public int outputs() {
            return 2;
        }

        @Override
        public int steps() {
            return 1;
        }

        @Override
        public double dtMs() {
            return 1.0;
        }

        @Override
        public List<String> types() {
            return List.of("off", "on");
        }

        @Override
        public void write(int type, RandomStream random, double[] x, double[] y, double[] mask) {
            x[0] = 2.0 * type - 1.0;
            y[0] = x[0];
        }
    }

    /** Has the blink task, too. */
    private ClassLoader withBlink() throws IOException {
        Path file = folder.resolve("services");
        Files.writeString(file, BlinkProvider.class.getName() + "\n");
        URL url = file.toUri().toURL();
        return new ClassLoader(getClass().getClassLoader()) {
            @Override
            public Enumeration<URL> getResources(String name) throws IOException {
                return name.equals("META-INF/services/" + TaskProvider.class.getName())
                        ? Collections.enumeration(List.of(url))
                        : super.getResources(name);
            }
        };
    }

    /** A tanh unit that excites itself by 2, driven by all its inputs; output o is (o + 1) h. */
    private Path memory(String name, int inputs, int outputs, Map<String, ?> meta) throws IOException {
        RnnShape shape = new RnnShape(inputs, 1, outputs);
        double[] p = new double[shape.parameters()];
        for (int i = 0; i < inputs; i++) {
            p[shape.wIn().at(0, i)] = 1.0;
        }
        p[shape.wRec().at(0, 0)] = 2.0;
        for (int o = 0; o < outputs; o++) {
            p[shape.wOut().at(o, 0)] = o + 1.0;
        }
        Path file = folder.resolve(name + ".npz");
        NetworkFile.write(file, Rnn.zeros(shape).withParameters(p), meta);
        return file;
    }

    private Path random(String name, int units, long seed) throws IOException {
        RnnShape shape = new RnnShape(2, units, 1);
        double[] p = new double[shape.parameters()];
        RandomStream random = new RandomStream(seed, Initializers.WEIGHTS, 0);
        random.fillGaussian(p, shape.wRec().offset(), units * units, 1.1 / Math.sqrt(units));
        random.fillGaussian(p, shape.wIn().offset(), 2 * units, 1.0);
        random.fillGaussian(p, shape.wOut().offset(), units, 1.0);
        Path file = folder.resolve(name + ".npz");
        NetworkFile.write(file, Rnn.zeros(shape).withParameters(p), Map.of("task", "or"));
        return file;
    }

    private static Cli succeeds(Object... words) {
        Cli run = Cli.run(words);
        assertEquals(ExitCode.DONE, run.exitCode(), run.toString());
        assertTrue(run.out().lines().count() <= 30, run.toString());
        assertEquals("", run.err());
        return run;
    }

    private static String fails(int exitCode, Object... words) {
        Cli run = Cli.run(words);
        assertEquals(exitCode, run.exitCode(), run.toString());
        assertEquals("", run.out());
        assertEquals(1, run.err().lines().count(), run.toString());
        return run.err().strip();
    }

    /** The index, after checks that hold of all results: it lists the files that are there, and every table is a rectangle. */
    private static JsonObject results(Path out) throws IOException {
        JsonObject json = Json.read(out.resolve("analysis.json"));
        TreeSet<String> found = new TreeSet<>();
        try (Stream<Path> all = Files.walk(out)) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                found.add(out.relativize(file).toString().replace('\\', '/'));
                if (file.toString().endsWith(".csv")) {
                    List<String> lines = Files.readAllLines(file);
                    long columns = columns(lines.get(0));
                    assertEquals(columns, new HashSet<>(List.of(lines.get(0).split(","))).size(), file.toString());
                    lines.forEach(line -> assertEquals(columns, columns(line), file + ": " + line));
                }
            }
        }
        assertEquals(List.copyOf(found), json.getStrings("files"));
        return json;
    }

    private static long columns(String line) {
        return 1
                + line.replaceAll("\"[^\"]*\"", "")
                        .chars()
                        .filter(c -> c == ',')
                        .count();
    }

    private static List<String> column(Path csv, String name) throws IOException {
        List<String> lines = Files.readAllLines(csv);
        int index = List.of(lines.get(0).split(",")).indexOf(name);
        assertTrue(index >= 0, csv + " has no column " + name + ": " + lines.get(0));
        return lines.stream().skip(1).map(line -> line.split(",", -1)[index]).toList();
    }

    private static List<String> names(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(f -> f.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void aUnitThatRemembers() throws Exception {
        Path out = folder.resolve("results");
        Path net = memory("unit", 2, 1, Map.of("task", "or"));
        Cli run = succeeds("analyze", net, "--out", out);
        assertTrue(
                run.out().startsWith(net + ": 1 tanh unit, 2 inputs, 1 output, dt = tau = 1 ms, task or\n"), run.out());
        assertTrue(run.out().contains("11: fixed point, output 0.96\n"), run.out());
        assertTrue(run.out().contains("fixed points under zero input: 3 (2 stable), 3 proved to exist"), run.out());
        assertTrue(run.out().contains("\n  complete: proved that there are no others\n"), run.out());

        JsonObject json = results(out);
        JsonObject completeness = json.getObject("fixedPoints").getObject("completeness");
        assertEquals("complete", completeness.getString("verdict"));
        assertEquals(1, completeness.getInt("indexSum"));
        assertEquals(1, completeness.getInt("expectedSum"));
        assertTrue(completeness.getBoolean("proved"));
        assertEquals("attractor/analyze/1", json.getString("schema"));
        assertEquals(List.of(), json.getList("needTask"));
        assertEquals(net.toString(), json.getString("network"));
        assertNull(json.asMap().get("initial"));
        assertEquals("ramping", json.getString("eigenvalueClass"));
        JsonObject spectrum = json.getObject("spectrum");
        assertEquals(2.0, spectrum.getDouble("spectralRadius"));
        assertEquals(1, spectrum.getInt("clearlyOutsideUnitCircle"));
        assertEquals(List.of(List.of(2.0, 0.0)), spectrum.getList("eigenvalues"));
        assertArrayEquals(new double[] {1.0}, json.getObject("pca").getDoubles("explained"), 1e-12);

        List<JsonObject> points = json.getObject("fixedPoints").getObjects("points");
        assertEquals(3, points.size());
        for (JsonObject point : points) {
            double h = point.getDoubles("output")[0];
            boolean zero = Math.abs(h) < 0.5;
            assertEquals(zero ? 0.0 : HIGH, Math.abs(h), 1e-12);
            assertEquals(zero ? "unstable" : "stable", point.getString("kind"));
            assertEquals(zero ? 1 : 0, point.getInt("unstableDirections"));
            assertEquals(zero ? -1 : 1, point.getInt("index"));
            assertTrue(point.getBoolean("indexProved"));
            assertTrue(point.getDouble("residual") <= 1e-12);
            assertTrue(point.getDouble("certifiedRadius") < 1e-12);
            List<?> multiplier = (List<?>) point.getList("multipliers").get(0);
            assertEquals(2.0 * (1.0 - h * h), (Double) multiplier.get(0), 1e-12);
        }
        List<JsonObject> types = json.getObjects("types");
        assertEquals(4, types.size());
        JsonObject both = types.get(3);
        assertEquals("11", both.getString("type"));
        assertEquals(HIGH, both.getObjects("responses").get(0).getDouble("level"), 1e-9);
        JsonObject end = json.getObjects("attractors").get(both.getInt("attractor"));
        assertEquals("fixed point", end.getString("kind"));
        assertEquals(HIGH, end.getObjects("outputs").get(0).getDouble("mean"), 1e-12);
        assertEquals(HIGH, points.get(end.getInt("fixedPoint")).getDoubles("output")[0], 1e-12);
        assertEquals(1.0, both.getDoubles("noisyFractions")[both.getInt("attractor")]);

        assertEquals(List.of("2.0"), column(out.resolve("eigenvalues.csv"), "re"));
        assertEquals(List.of("trained"), column(out.resolve("eigenvalues.csv"), "network"));
        assertEquals(4 * 200, column(out.resolve("trajectories.csv"), "pc1").size());
        assertEquals("before", column(out.resolve("trajectories.csv"), "part").get(0));
        assertEquals("200.0", column(out.resolve("trajectories.csv"), "time_ms").get(799));
        Npz arrays = Npz.read(out.resolve("arrays.npz"));
        assertEquals(1.0, arrays.doubles("trained_right_re", 1, 1)[0]);
        assertEquals(3, arrays.get("fixed_points").shape()[0]);
        double[] y = arrays.doubles("y", 4, 200, 1);
        assertEquals(
                Double.toString(y[799]),
                column(out.resolve("trajectories.csv"), "output_0").get(799));
    }

    @Test
    void whatWasBeforeTrainingStandsBeside() throws Exception {
        Path net = random("now", 5, 1);
        Path first = random("before", 5, 2);
        Path out = folder.resolve("results");
        Cli run = succeeds("analyze", net, "--initial", first, "--out", out);
        assertTrue(run.out().contains("before     trained"), run.out());
        JsonObject json = results(out);
        assertEquals(first.toString(), json.getString("initial"));
        for (Map.Entry<String, Path> entry :
                Map.of("spectrum", net, "initialSpectrum", first).entrySet()) {
            Spectrum expected = Spectrum.of(NetworkFile.read(entry.getValue()).rnn());
            JsonObject found = json.getObject(entry.getKey());
            assertEquals(expected.spectralRadius(), found.getDouble("spectralRadius"));
            assertEquals(expected.henrici(), found.getDouble("henrici"));
            assertEquals(expected.weights().sd(), found.getObject("weights").getDouble("sd"));
            assertTrue(found.getDouble("worstResidual") < 1e-14);
        }
        List<String> which = column(out.resolve("eigenvalues.csv"), "network");
        assertEquals("initial", which.get(0));
        assertEquals("trained", which.get(9));
        assertEquals(
                25.0,
                column(out.resolve("weights.csv"), "count").stream()
                                .mapToInt(Integer::parseInt)
                                .sum()
                        / 2.0);
        assertTrue(
                fails(ExitCode.FAILED, "analyze", net, "--initial", random("other", 4, 1), "--out", folder.resolve("x"))
                        .endsWith("other.npz has 4 units, expected 5 as " + net + " has"));
    }

    @Test
    void withoutATaskItSaysWhatNeedsOne() throws Exception {
        Path net = memory("several", 1, 3, Map.of());
        Path out = folder.resolve("results");
        Cli run = succeeds("analyze", net, "--out", out);
        assertTrue(run.out().contains("3 outputs, dt = tau = 1 ms, no task known"), run.out());
        assertTrue(
                run.out().contains("principal components, responses and attractors: need a task, pass --task"),
                run.out());
        JsonObject json = results(out);
        assertEquals(List.of("pca", "types", "attractors"), json.getList("needTask"));
        assertNull(json.asMap().get("pca"));
        assertNull(json.asMap().get("types"));
        assertNull(json.asMap().get("attractors"));
        JsonObject point = json.getObject("fixedPoints").getObjects("points").get(0);
        assertEquals(3, point.getDoubles("output").length);
        assertFalse(Files.exists(out.resolve("trajectories.csv")));
        assertTrue(fails(ExitCode.WRONG_USE, "analyze", net, "--noise", 0, "--out", folder.resolve("x"))
                .contains("give --task"));
    }

    @Test
    void severalOutputsAndASingleStep() throws Exception {
        Path net = memory("blinker", 1, 2, Map.of());
        Path out = folder.resolve("results");
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(withBlink());
        try {
            Cli run = succeeds("analyze", net, "--task", "blink", "--out", out);
            assertTrue(
                    run.out().contains("on: output (0.76, 1.52); in the long run fixed point, output (0.96, 1.92)"),
                    run.out());
        } finally {
            thread.setContextClassLoader(before);
        }
        JsonObject json = results(out);
        assertEquals(2, json.getObjects("types").get(1).getObjects("responses").size());
        assertEquals(2, json.getObject("pca").getInt("observations"));
        assertEquals(
                2.0 * HIGH,
                json.getObjects("attractors")
                        .get(json.getObjects("types").get(1).getInt("attractor"))
                        .getObjects("outputs")
                        .get(1)
                        .getDouble("mean"),
                1e-12);
        assertEquals(2, column(out.resolve("trajectories.csv"), "output_1").size());
    }

    @Test
    void aConstantInputMovesThePoints() throws Exception {
        Path net = memory("driven", 1, 1, Map.of());
        Path out = folder.resolve("results");
        Cli run = succeeds("analyze", net, "--input", "0.9", "--fixed-point-seeds", 50, "--out", out);
        assertTrue(run.out().contains("fixed points under constant input: 1 (1 stable)"), run.out());
        JsonObject found = results(out).getObject("fixedPoints");
        assertEquals(50, found.getInt("seeds"));
        assertArrayEquals(new double[] {0.9}, found.getDoubles("input"));
        double h = found.getObjects("points").get(0).getDoubles("output")[0];
        assertEquals(Math.tanh(2.0 * h + 0.9), h, 1e-12);
    }

    /** JSON.md names every member and file. */
    @Test
    void everythingIsDocumented() throws Exception {
        Path run = folder.resolve("run");
        assertEquals(ExitCode.DONE, Cli.trainTiny(run).exitCode());
        Path out = folder.resolve("results");
        succeeds("analyze", run, "--epochs", "--parts", "geometry,default", "--trials-per-type", 5, "--out", out);
        Path both = folder.resolve("both");
        succeeds("analyze", run, run, "--parts", "similarity", "--trials-per-type", 2, "--out", both);
        TreeSet<String> names = new TreeSet<>();
        JsonObject json = results(out);
        names.addAll(JsonDocument.members(json.asMap()));
        names.removeAll(((Map<?, ?>) json.asMap().get("taskOptions")).keySet());
        names.addAll(json.getStrings("files"));
        names.addAll(JsonDocument.members(results(both).asMap()));
        names.addAll(results(both).getStrings("files"));
        assertEquals(Set.of(), JsonDocument.lacks(names), "not in JSON.md");
    }

    @Test
    void partsAreWrittenAloneAndRefusedWhereTheyCannotBe() throws Exception {
        Path run = folder.resolve("run");
        assertEquals(ExitCode.DONE, Cli.trainTiny(run).exitCode());
        Path out = folder.resolve("results");
        Cli done = succeeds("analyze", run, "--parts", "geometry", "--trials-per-type", 5, "--out", out);
        // Of several networks each has its findings.
        Path each = folder.resolve("each");
        String found = succeeds("analyze", run, run, "--parts", "geometry", "--trials-per-type", 5, "--out", each)
                .out();
        assertEquals(
                2,
                found.lines()
                        .filter(l -> l.startsWith("geometry of mean trajectories (5 "))
                        .count(),
                found);
        assertTrue(done.out().contains("participation ratio"), done.out());
        assertFalse(done.out().contains("fixed points"), done.out());
        JsonObject json = results(out);
        assertFalse(json.asMap().containsKey("spectrum"));
        assertFalse(Files.exists(out.resolve("weights.csv")));
        JsonObject geometry = json.getObject("geometry");
        assertEquals(5, geometry.getInt("trialsPerType"));
        double ratio = geometry.getObjects("dimensions").get(0).getDouble("participationRatio");
        assertTrue(ratio >= 1.0 && ratio <= 8.0, "participation ratio " + ratio);
        // The variance of marginals adds up, also in the titles of the figure; that of components needn't.
        double sum = 0.0;
        List<String> words;
        try (Stream<Path> files = Files.list(out)) {
            words = FigureFiles.checkSvg(files.filter(f -> f.toString().endsWith("-geometry.svg"))
                    .findFirst()
                    .orElseThrow());
        }
        String text = String.join(" ", words);
        for (JsonObject marginal : geometry.getObject("demixed").getObjects("marginals")) {
            double share = marginal.getDouble("share");
            sum += share;
            String title = marginal.getString("marginal") + " (" + Math.round(100.0 * share) + " %)";
            assertTrue(text.contains(title), title + " in " + text);
        }
        assertEquals(1.0, sum, 1e-9);
        assertTrue(text.contains("(marginals add up to 100 %; components overlap"), text);

        // One unit, one component, one trial a type.
        Path one = folder.resolve("one");
        assertEquals(
                ExitCode.DONE,
                Cli.run("train", "and", "--units", 1, "--samples", 20, "--epochs", 1, "--out", one)
                        .exitCode());
        Cli single = succeeds("analyze", one, "--out", folder.resolve("single"));
        assertTrue(single.out().contains("; 1 reaches 99 %"), single.out());

        Cli few =
                Cli.run("analyze", run, "--parts", "geometry", "--trials-per-type", 4, "--out", folder.resolve("few"));
        assertEquals(ExitCode.FAILED, few.exitCode());
        assertTrue(few.err().contains("selectivity needs 5 trials of each type, found 4"), few.err());
        assertFalse(Files.exists(folder.resolve("few")));
        Path bare = memory("bare", 1, 1, Map.of());
        String[][] wrong = {
            {"--parts has 'nonsense', expected some of default, geometry, ", run + "", "--parts", "nonsense"},
            {"--parts has similarity, which compares networks", run + "", "--parts", "similarity"},
            {"--parts has similarity, which needs a task", run + "", "--parts", "similarity", bare + ""},
            {"--parts has geometry, which needs a task", bare + "", "--parts", "geometry"},
            {"--subspace, --regime-thresholds and --regime-window belong to", run + "", "--subspace", "2"},
            {"--trials-per-type belongs to", run + "", "--trials-per-type", "9"},
            {"--epochs belongs to the part default", run + "", "--parts", "geometry", "--epochs"},
            {
                "--regime-thresholds has 2 values, expected 4",
                run + "",
                "--parts",
                "geometry",
                "--regime-thresholds",
                "1,2"
            },
            {
                "expected 0 <= mixed <= oscillatory <= 1",
                run + "",
                "--parts",
                "geometry",
                "--regime-thresholds",
                "1,2,3,4"
            },
        };
        for (String[] line : wrong) {
            Object[] args = new Object[line.length + 2];
            args[0] = "analyze";
            System.arraycopy(line, 1, args, 1, line.length - 1);
            args[line.length] = "--out";
            args[line.length + 1] = folder.resolve("wrong");
            Cli refused = Cli.run(args);
            assertEquals(ExitCode.WRONG_USE, refused.exitCode(), line[0]);
            assertTrue(refused.err().contains(line[0]), refused.err());
            assertFalse(Files.exists(folder.resolve("wrong")));
        }
    }

    @Test
    void theSameCommandGivesTheSameBytes() throws Exception {
        Path net = random("net", 6, 3);
        Path a = folder.resolve("a");
        Path b = folder.resolve("b");
        succeeds("analyze", net, "--seed", 5, "--out", a);
        succeeds("analyze", net, "--seed", 5, "--out", b);
        for (String name : results(a).getStrings("files")) {
            assertArrayEquals(Files.readAllBytes(a.resolve(name)), Files.readAllBytes(b.resolve(name)), name);
        }
    }

    @Test
    void aRunIsFollowedThroughItsEpochs() throws Exception {
        Path run = folder.resolve("run");
        assertEquals(ExitCode.DONE, Cli.trainTiny(run).exitCode());
        Path out = folder.resolve("results");
        Cli cli = succeeds("analyze", run, "--epochs", "--out", out);
        assertTrue(cli.out().contains("before     trained"), "initial.npz is taken by itself");
        JsonObject json = results(out);
        assertEquals(run.resolve("initial.npz").toString(), json.getString("initial"));
        List<JsonObject> epochs = json.getObject("epochs").getObjects("epochs");
        assertEquals(3, epochs.size());
        for (int e = 0; e < 3; e++) {
            assertEquals(e, epochs.get(e).getInt("epoch"));
            assertTrue(epochs.get(e).getInt("fixedPoints") >= 1);
        }
        assertEquals(
                json.getObject("spectrum").getDouble("spectralRadius"),
                epochs.get(2).getDouble("spectralRadius"));
        assertEquals(3 * 6, column(out.resolve("epochs.csv"), "re").size());
        assertEquals(
                3 * 4 * 200,
                column(out.resolve("epoch_trajectories.csv"), "pc3").size());
        // The last epoch is the final network.
        List<String> output = column(out.resolve("epoch_trajectories.csv"), "output_0");
        assertEquals(column(out.resolve("trajectories.csv"), "output_0"), output.subList(1600, 2400));
        TreeSet<String> last =
                new TreeSet<>(column(out.resolve("epochs.csv"), "re").subList(12, 18));
        assertEquals(new TreeSet<>(column(out.resolve("eigenvalues.csv"), "re").subList(6, 12)), last);
        assertTrue(fails(ExitCode.WRONG_USE, "analyze", random("n", 3, 1), "--epochs", "--out", folder.resolve("x"))
                .contains("--epochs is for run directories"));
    }

    @Test
    void networksStandSideBySide() throws Exception {
        Path unit = memory("unit", 2, 1, Map.of("task", "or"));
        Path net = random("net", 5, 4);
        Path out = folder.resolve("both");
        Cli run = succeeds("analyze", unit, net, unit, "--out", out);
        assertTrue(run.out().contains("unit, 11: fixed point, output 0.96"), run.out());
        JsonObject json = results(out);
        assertEquals("attractor/analyze-several/1", json.getString("schema"));
        assertEquals(List.of("unit", "net", "unit-2"), json.getStrings("networks"));
        assertEquals(List.of("1", "5", "1"), column(out.resolve("comparison.csv"), "units"));
        assertEquals(
                "2.0", column(out.resolve("comparison.csv"), "spectral_radius").get(0));
        assertEquals(12, Files.readAllLines(out.resolve("comparison_types.csv")).size() - 1);
        assertEquals("attractor/analyze/1", results(out.resolve("net")).getString("schema"));
        assertTrue(fails(ExitCode.WRONG_USE, "analyze", unit, net, "--initial", unit, "--out", folder.resolve("x"))
                .contains("--initial is for one network"));
    }

    @Test
    void onlyEarlierResultsAreReplaced() throws Exception {
        Path net = memory("unit", 1, 1, Map.of());
        Path out = folder.resolve("a new/folder");
        succeeds("analyze", net, "--out", out);
        assertTrue(fails(ExitCode.FAILED, "analyze", net, "--out", out).endsWith("--overwrite replaces them"));
        byte[] before = Files.readAllBytes(out.resolve("analysis.json"));
        succeeds("analyze", net, "--input", 0.5, "--overwrite", "--out", out);
        assertFalse(Arrays.equals(before, Files.readAllBytes(out.resolve("analysis.json"))));
        assertEquals(List.of("folder"), names(out.getParent()));
        Files.writeString(out.resolve("notes.txt"), "mine");
        assertTrue(fails(ExitCode.FAILED, "analyze", net, "--overwrite", "--out", out)
                .contains("has notes.txt"));
        assertEquals("mine", Files.readString(out.resolve("notes.txt")));
        Path foreign = Files.createDirectory(folder.resolve("foreign"));
        Files.writeString(foreign.resolve("analysis.json"), "{}");
        assertTrue(fails(ExitCode.FAILED, "analyze", net, "--overwrite", "--out", foreign)
                .contains("has analysis.json, expected a new or empty folder"));
        assertTrue(fails(ExitCode.FAILED, "analyze", net, "--out", net).contains("is a file"));
        Path empty = Files.createDirectory(folder.resolve("empty"));
        succeeds("analyze", net, "--out", empty);
        results(empty);
    }

    @Test
    void errorsLeaveNothingBehind() throws Exception {
        Path corrupt = folder.resolve("corrupt.npz");
        byte[] bytes = Files.readAllBytes(memory("unit", 1, 1, Map.of()));
        Files.write(corrupt, Arrays.copyOf(bytes, bytes.length / 2));
        Path out = folder.resolve("results");
        assertTrue(fails(ExitCode.FAILED, "analyze", corrupt, "--out", out).contains(corrupt.toString()));
        Path unit = folder.resolve("unit.npz");
        assertTrue(
                fails(ExitCode.FAILED, "analyze", unit, corrupt, "--out", out).contains(corrupt.toString()));
        assertTrue(fails(ExitCode.FAILED, "analyze", folder.resolve("none.npz"), "--out", out)
                .contains("no such file"));
        assertTrue(fails(ExitCode.WRONG_USE, "analyze", unit).contains("--out"));
        assertTrue(fails(ExitCode.WRONG_USE, "analyze", unit, "--input", "1,2", "--out", out)
                .contains("--input has 2 values, expected 1"));
        assertTrue(fails(ExitCode.WRONG_USE, "analyze", unit, "--fixed-point-seeds", 0, "--out", out)
                .contains("expected at least 1"));
        // Grows by 1.5e3 a step: beyond the numbers there are before a trial of 200 steps ends.
        RnnShape shape = new RnnShape(2, 1, 1);
        double[] p = new double[shape.parameters()];
        p[shape.wIn().at(0, 0)] = 1.0;
        p[shape.wRec().at(0, 0)] = 1.5e3;
        Path growing = folder.resolve("growing.npz");
        NetworkFile.write(growing, new Rnn(shape, Activation.IDENTITY, 1.0, 1.0, false, p), Map.of("task", "and"));
        assertTrue(fails(ExitCode.FAILED, "analyze", growing, "--out", out).startsWith("attractor: " + growing + ": "));
        assertEquals(List.of("corrupt.npz", "growing.npz", "unit.npz"), names(folder));
    }

    @Test
    void anUnfinishedFolderGoes() throws Exception {
        Path target = folder.resolve("results");
        Files.createDirectories(folder.resolve(".results.tmp-999999999/half")); // no process has that id
        Files.createDirectory(folder.resolve(".other.tmp-999999999"));
        try (OutputFolder output = OutputFolder.at(target, "index.json", "x", false)) {
            Path temporary = output.begin();
            Files.writeString(temporary.resolve("a.csv"), "half");
            assertEquals(2, names(folder).size(), names(folder).toString());
        }
        assertEquals(List.of(".other.tmp-999999999"), names(folder));
    }

    /** Ctrl-C and kill end the process by a signal: whenever it comes, the folder is whole or absent. */
    @Test
    void aSignalLeavesAllOrNothing() throws Exception {
        Path net = random("net", 30, 5);
        Path parent = Files.createDirectory(folder.resolve("parent"));
        Path out = parent.resolve("results");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Main.class.getName(),
                        "analyze",
                        net.toString(),
                        "--out",
                        out.toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile())
                .start();
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(120);
        while (names(parent).isEmpty() && process.isAlive() && System.nanoTime() < end) {
            Thread.onSpinWait();
        }
        process.destroy();
        assertTrue(process.waitFor(60, TimeUnit.SECONDS));
        assertNotEquals(ExitCode.FAILED, process.exitValue(), Files.readString(folder.resolve("log")));
        List<String> left = names(parent);
        if (!left.isEmpty()) {
            assertEquals(List.of("results"), left, Files.readString(folder.resolve("log")));
            results(out);
        }
    }
}
