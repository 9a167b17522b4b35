package attractor.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import attractor.cli.terminal.ExitCode;
import attractor.io.Csv;
import attractor.io.Json;
import attractor.io.JsonObject;
import attractor.io.Npz;
import attractor.train.RunDirectory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tasks that are answered by classes, from training to evaluation and studies; and the options of the field's tasks. */
class ClassesTest {
    private static final List<String> SMALL =
            List.of("--units", "8", "--samples", "120", "--epochs", "2", "--tau", "10");

    @TempDir
    private Path folder;

    private static Cli run(int exitCode, Object... words) {
        Cli cli = Cli.run(words);
        assertEquals(exitCode, cli.exitCode(), cli.toString());
        return cli;
    }

    private Path trained(String task, Object... more) {
        Path run = folder.resolve(task);
        List<Object> words = new ArrayList<>(List.of("train", task, "--out", run));
        words.addAll(SMALL);
        words.addAll(List.of(more));
        run(ExitCode.DONE, words.toArray());
        return run;
    }

    @Test
    void accuraciesAndDecisionTimesAreEverywhere() throws Exception {
        Path run = trained("go-no-go", "--lr", 0.01);
        JsonObject evaluation = Json.read(run.resolve("evaluation.json"));
        JsonObject type = evaluation.getObjects("types").get(0);
        double accuracy = type.getDouble("accuracy");
        assertTrue(accuracy >= 0 && accuracy <= 1);
        assertEquals(accuracy >= 0.85, type.getBoolean("passed"));
        assertTrue(type.has("decisionMs"));
        assertEquals("cross-entropy", RunDirectory.config(run).loss().name());

        Cli shown = run(ExitCode.DONE, "evaluate", run);
        assertTrue(shown.out().contains("right     decision  passes"), shown.toString());
        assertTrue(shown.out().contains("trials with the right answer in the response window"), shown.toString());
        assertFalse(shown.out().contains("RMSE"), shown.toString());
        JsonObject json =
                Json.parseObject(run(ExitCode.DONE, "evaluate", run, "--json").out(), "out");
        assertEquals(accuracy, json.getObjects("scores").get(0).getDouble("accuracy"));
        // A finished run is read again with them.
        assertEquals(
                shown.out().lines().filter(l -> l.startsWith("go ")).toList(),
                run(ExitCode.DONE, "train", "--resume", run)
                        .out()
                        .lines()
                        .filter(l -> l.startsWith("go "))
                        .toList());
        // A regression task has none.
        Cli and = run(ExitCode.DONE, "evaluate", Path.of("../data/networks/and.npz"), "--json");
        assertFalse(and.out().contains("accuracy"), and.toString());
    }

    @Test
    void aStudyTakesTheFieldsTasksAndHasTheirAccuracy() throws Exception {
        Path study = folder.resolve("study");
        run(
                ExitCode.DONE,
                "study",
                "success",
                "--tasks",
                "go-no-go,and",
                "--networks",
                1,
                "--units",
                6,
                "--samples",
                80,
                "--epochs",
                1,
                "--out",
                study);
        int rows = 0;
        for (Map<String, String> row : Csv.read(study.resolve("results.csv"))) {
            boolean classes = row.get("task").equals("go-no-go");
            assertEquals(classes, !row.get("accuracy").isEmpty(), row.toString());
            if (classes) {
                double accuracy = Double.parseDouble(row.get("accuracy"));
                assertEquals(accuracy >= 0.85, row.get("passed").equals("true"), row.toString());
                rows++;
            }
        }
        assertEquals(4, rows, "two kinds of initial weights, two types");
        assertTrue(Files.readString(study.resolve("summary.json")).contains("go-no-go"));
    }

    /** Trials of classes from a file are judged by their answers, whatever the loss. */
    @Test
    void trialsFromAFileHaveClassesToo() throws Exception {
        Path file = folder.resolve("t.npz");
        run(ExitCode.DONE, "tasks", "go-no-go", "--samples", 60, "--out", file);
        for (String loss : List.of("mse", "cross-entropy")) {
            Path run = folder.resolve(loss);
            run(
                    ExitCode.DONE,
                    "train",
                    "--data",
                    file,
                    "--loss",
                    loss,
                    "--units",
                    6,
                    "--epochs",
                    1,
                    "--out",
                    run,
                    "--held-out",
                    0.5);
            assertTrue(
                    Json.read(run.resolve("evaluation.json"))
                            .getObjects("types")
                            .get(0)
                            .has("accuracy"),
                    loss);
            assertTrue(run(ExitCode.DONE, "evaluate", run, "--data", file).out().contains("right"), loss);
        }
    }

    @Test
    void weightsOfTheLossAreKeptAndChecked() throws Exception {
        Path run = trained("go-no-go", "--loss-weights", "1,5");
        assertEquals(List.of(1.0, 5.0), RunDirectory.config(run).loss().weights());
        assertTrue(Files.readString(run.resolve("run.json")).contains("lossWeights"));
        run(ExitCode.DONE, "train", "--resume", run, "--loss-weights", "1,5");
        Cli other = run(ExitCode.FAILED, "train", "--resume", run, "--loss-weights", "1,2", "--epochs", 3);
        assertTrue(other.err().contains("loss"), other.toString());
        assertTrue(run(ExitCode.WRONG_USE, "train", "and", "--loss-weights", "1,2")
                .err()
                .contains("lossWeights has 2 values, expected 1, one for each output, or none"));
        assertTrue(run(ExitCode.WRONG_USE, "train", "go-no-go", "--loss-weights", "1,-2")
                .err()
                .contains("lossWeights[1] is -2.0, expected a finite number, 0 or more"));
    }

    @Test
    void rulesAreChosenByName() throws Exception {
        Path file = folder.resolve("rules.npz");
        run(ExitCode.DONE, "tasks", "rules", "--rules", "match,go", "--samples", 5, "--out", file);
        assertEquals(List.of("match", "go"), List.of(Npz.read(file).strings("types", 2)));
        assertEquals(11, Npz.read(file).get("x").shape()[2]);
        Cli wrong = run(ExitCode.WRONG_USE, "tasks", "rules", "--rules", "match,stop");
        assertTrue(
                wrong.err().contains("--rules: there is no rule 'stop', expected some of go, rt-go"), wrong.toString());
        assertTrue(
                run(ExitCode.DONE, "tasks", "n-bit-flipflop", "--bits", 2).out().contains("types -- -+ +- ++"));
        assertTrue(run(ExitCode.DONE, "tasks", "context-decision", "--coherences", "0.3")
                .out()
                .contains("0.3"));
    }

    @Test
    void whatTheInputCannotTellIsSaid() {
        Cli zero = run(ExitCode.DONE, "tasks", "perceptual-decision", "--coherences", "0,0.1");
        assertTrue(zero.err().contains("note: ") && zero.err().contains("nothing in its input tells"), zero.toString());
        Cli none = run(ExitCode.DONE, "tasks", "and", "--amplitude", 0);
        assertTrue(none.err().contains("nothing in its input tells"), none.toString());
        Cli not = run(ExitCode.DONE, "tasks", "not", "--jitter", 5);
        assertEquals(1, not.err().lines().count(), not.toString());
        assertEquals("", run(ExitCode.DONE, "tasks", "xor", "--jitter", 5).err());
    }

    @Test
    void aFigureShowsSixTrials() throws Exception {
        Path svg = folder.resolve("amplitude.svg");
        run(ExitCode.DONE, "tasks", "amplitude", "--figure", svg);
        String text = Files.readString(svg);
        for (String type : List.of("none", "-1", "+3", "-4", "+6", "-7")) {
            assertTrue(text.contains("trial " + type + "<"), type);
        }
        assertTrue(Files.size(svg) < 1_000_000);
        run(ExitCode.DONE, "tasks", "go-no-go", "--figure", folder.resolve("g.png"), "--size", "12x10cm");
        assertTrue(run(ExitCode.WRONG_USE, "tasks", "go-no-go", "--figure", folder.resolve("g.gif"))
                .err()
                .contains("expected a name that ends in .png, .svg or .pdf"));
        run(ExitCode.WRONG_USE, "tasks", "--figure", folder.resolve("g.png"));
        run(ExitCode.WRONG_USE, "tasks", "and", "--size", "12x10cm");
    }
}
