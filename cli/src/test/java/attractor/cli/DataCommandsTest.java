package attractor.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import attractor.io.Json;
import attractor.io.JsonObject;
import attractor.io.NpyArray;
import attractor.io.Npz;
import attractor.model.NetworkFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Training and all that follows on trials from a file. */
class DataCommandsTest {
    private static final List<Object> TASK =
            List.of("--duration", 40, "--onset", 2, "--stimulus", 4, "--delay", 2, "--dt", 0.5);

    @TempDir
    private Path folder;

    private Path file;

    private static Cli ok(Object... words) {
        Cli cli = Cli.run(words);
        assertEquals(0, cli.exitCode(), cli.toString());
        return cli;
    }

    private static String fails(int exitCode, Object... words) {
        Cli cli = Cli.run(words);
        assertEquals(exitCode, cli.exitCode(), cli.toString());
        assertEquals(1, cli.err().lines().count(), cli.toString());
        return cli.err().strip();
    }

    private static Object[] words(List<Object> more, Object... words) {
        List<Object> all = new ArrayList<>(List.of(words));
        all.addAll(more);
        return all.toArray();
    }

    @BeforeEach
    void writeTrials() {
        file = folder.resolve("mine.npz");
        ok(words(TASK, "tasks", "and", "--samples", 40, "--seed", 5, "--out", file));
    }

    private Cli train(Path run, Object... more) {
        return Cli.run(
                words(List.of(more), "train", "--data", file, "--units", 5, "--epochs", 2, "--seed", 5, "--out", run));
    }

    private static double[] parameters(Path run) throws Exception {
        return NetworkFile.read(run.resolve("final.npz")).rnn().parameters();
    }

    @Test
    void trialsWrittenByTasksTrainAsTheTaskDoes() throws Exception {
        Path byTask = folder.resolve("task");
        ok(words(TASK, "train", "and", "--samples", 40, "--units", 5, "--epochs", 2, "--seed", 5, "--out", byTask));
        Path byFile = folder.resolve("file");
        Cli cli = train(byFile, "--held-out", 0);
        assertEquals(0, cli.exitCode(), cli.toString());
        assertArrayEquals(parameters(byTask), parameters(byFile));
        assertTrue(cli.out().contains("on the trials that it was trained on"), cli.toString());
        // With 30 of them as with the task's first 30.
        ok(words(
                TASK,
                "train",
                "and",
                "--samples",
                30,
                "--units",
                5,
                "--epochs",
                2,
                "--seed",
                5,
                "--out",
                byTask,
                "--overwrite"));
        assertEquals(
                0,
                train(byFile, "--held-out", 0, "--samples", 30, "--overwrite").exitCode());
        assertArrayEquals(parameters(byTask), parameters(byFile));
    }

    @Test
    void aTenthIsHeldOutAndEvaluatedOn() throws Exception {
        Path run = folder.resolve("run");
        Cli cli = train(run, "--json");
        assertEquals(0, cli.exitCode(), cli.toString());
        JsonObject trained =
                Json.parseObject(cli.out(), "out").getObjects("runs").get(0);
        JsonObject config = Json.read(run.resolve("run.json")).getObject("configuration");
        assertEquals(40, config.getLong("samples") + config.getLong("evaluationTrials"));
        assertEquals(0.5, config.getDouble("dtMs"));
        // The same trials, found again by what the network remembers.
        JsonObject held =
                Json.parseObject(ok("evaluate", run, "--data", file, "--json").out(), "out");
        assertTrue(held.getBoolean("heldOut"));
        assertEquals("mine.npz", held.getString("task"));
        assertEquals(Json.compact(trained.getList("scores")), Json.compact(held.getList("scores")));
        // Of another file all are tried.
        Path other = folder.resolve("other.npz");
        ok(words(TASK, "tasks", "and", "--samples", 12, "--seed", 6, "--out", other));
        Cli all = ok("evaluate", run, "--data", other);
        assertTrue(all.out().contains("other.npz, 12 trials"), all.toString());
        assertFalse(all.out().contains("held out"), all.toString());
        assertTrue(ok("evaluate", run, "--task", "and", "--trials", 4).out().contains("task and, 4 trials"));
        Path png = folder.resolve("f.png");
        ok("evaluate", run, "--data", file, "--figure", png);
        assertTrue(Files.isRegularFile(png));
    }

    @Test
    void whatFollowsWorksToo() throws Exception {
        Path run = folder.resolve("run");
        assertEquals(0, train(run).exitCode());
        Path analysis = folder.resolve("analysis");
        ok("analyze", run, "--data", file, "--out", analysis, "--fixed-point-seeds", 8);
        JsonObject json = Json.read(analysis.resolve("analysis.json"));
        assertEquals("mine.npz", json.getString("task"));
        assertEquals(4, json.getObjects("types").size());
        ok("figure", "sheet", "--network", run, "--data", file, "--out", folder);
        assertTrue(Files.isRegularFile(folder.resolve("sheet-run.svg")));
        Path out = folder.resolve("o.npz");
        ok("simulate", run, "--inputs", file, "--out", out);
        assertEquals(40 * 80 * 5, Npz.read(out).doubles("h", 40, 80, 5).length);
    }

    @Test
    void otherDataIsNotResumedOn() throws Exception {
        Path run = folder.resolve("run");
        assertEquals(0, train(run).exitCode());
        assertEquals(0, train(run, "--resume").exitCode());
        Cli share = train(run, "--resume", "--held-out", 0.5);
        assertTrue(share.exitCode() == 1 && share.err().contains("cannot resume"), share.toString());
        ok(words(TASK, "tasks", "and", "--samples", 40, "--seed", 6, "--out", file));
        Cli other = train(run, "--resume");
        assertTrue(other.exitCode() == 1 && other.err().contains("data is "), other.toString());
        assertTrue(fails(2, "evaluate", run).contains("was trained on the trials in mine.npz: give --data"));
    }

    @Test
    void variableLengthsAreMasked() throws Exception {
        // Of 12 trials of up to 8 steps, what lies behind the end of a trial has no influence.
        double[] x = new double[12 * 8];
        double[] y = new double[12 * 8];
        double[] mask = new double[12 * 8];
        for (int s = 0; s < 12; s++) {
            for (int t = 0; t < 8; t++) {
                x[8 * s + t] = Math.sin(s + 2 * t);
                y[8 * s + t] = Math.cos(s + t);
                mask[8 * s + t] = t < 3 + s % 5 ? 1 : 0;
            }
        }
        Map<String, NpyArray> arrays = new LinkedHashMap<>();
        arrays.put("x", NpyArray.of(x, 12, 8, 1));
        arrays.put("y", NpyArray.of(y, 12, 8, 1));
        arrays.put("mask", NpyArray.of(mask, 12, 8));
        Npz.write(file, arrays);
        Path first = folder.resolve("first");
        assertEquals(0, train(first).exitCode());
        for (int i = 0; i < mask.length; i++) {
            if (mask[i] == 0) {
                x[i] = 9;
                y[i] = -7;
            }
        }
        Npz.write(file, arrays);
        Path second = folder.resolve("second");
        assertEquals(0, train(second).exitCode());
        assertArrayEquals(parameters(first), parameters(second));
    }

    @Test
    void wrongUseIsOneLine() throws Exception {
        Path run = folder.resolve("run");
        assertTrue(fails(2, "train", "and", "--data", file).contains("expected one of them"));
        assertTrue(fails(2, "train").contains("which task?"));
        assertTrue(fails(2, "train", "and", "--held-out", 0.1).contains("--held-out is given without --data"));
        assertTrue(fails(2, "train", "--data", file, "--delay", 3).contains("--delay is a task's"));
        assertTrue(fails(2, "train", "--data", file, "--option", "a=3").contains("--option a=... is a task's"));
        assertTrue(fails(2, "train", "--data", file, "--dt", 1).contains("--dt is 1.0 ms, expected 0.5 ms"));
        assertTrue(fails(2, "train", "--data", file, "--held-out", 1).contains("expected 0 or more, below 1"));
        assertTrue(fails(2, "train", "--data", file, "--samples", 40).contains("the number of trials to train on"));
        assertTrue(fails(1, "train", "--data", folder.resolve("absent.npz")).contains("absent.npz: no such file"));
        Files.writeString(folder.resolve("text.npz"), "text");
        assertTrue(fails(1, "train", "--data", folder.resolve("text.npz")).contains("text.npz"));
        Npz.write(folder.resolve("x.npz"), Map.of("x", NpyArray.of(new double[6], 2, 3, 1)));
        assertTrue(fails(1, "train", "--data", folder.resolve("x.npz")).contains("x.npz: has no array 'y'"));
        assertEquals(0, train(run).exitCode());
        assertTrue(fails(2, "evaluate", run, "--data", file, "--task", "and").contains("expected one of them"));
        assertTrue(fails(2, "evaluate", run, "--data", file, "--trials", 3).contains("--trials is for a task's"));
        assertTrue(fails(2, "evaluate", run, "--data", file, "--noise", 0).contains("--noise is a task's"));
        Path wide = folder.resolve("wide.npz");
        Npz.write(
                wide,
                Map.of(
                        "x", NpyArray.of(new double[6], 1, 2, 3),
                        "y", NpyArray.of(new double[2], 1, 2, 1)));
        assertTrue(fails(2, "evaluate", run, "--data", wide).contains("has 2 inputs, expected 3 for " + wide));
        ok("tasks", "and", "--samples", 8, "--out", wide);
        assertTrue(fails(2, "evaluate", run, "--data", wide).contains("has steps of 1.0 ms, expected 0.5 ms"));
    }
}
