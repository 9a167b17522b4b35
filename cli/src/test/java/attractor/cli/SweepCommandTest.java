package attractor.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import attractor.figure.FigureFiles;
import attractor.io.Json;
import attractor.io.JsonObject;
import attractor.io.NpyArray;
import attractor.study.ResultTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Studies of trainings with any options: {@code study success}, {@code sweep}, {@code rank} and {@code balance}. */
class SweepCommandTest {
    /** A task and a training that take a moment. */
    private static final String SMALL =
            "\"task\": \"and\", \"options\": {\"duration\": 40, \"onset\": 2, \"stimulus\": 4, "
                    + "\"samples\": 40, \"epochs\": 1, \"tau\": 2}";

    @TempDir
    private Path folder;

    private Path grid(String json) throws IOException {
        return Files.writeString(folder.resolve("grid.json"), json);
    }

    /** Values for which an axis of numbers has no room are drawn beside one another. */
    @ParameterizedTest
    @ValueSource(strings = {"1e300", "1e-300", "1e-300, 1e300", "1e300, 4e300", "0, 1e17"})
    void hugeAndTinyValues(String values) throws Exception {
        Path grid = folder.resolve("huge.json");
        Files.writeString(
                grid,
                "{\"task\": \"and\", \"options\": {\"samples\": 16, \"epochs\": 1, \"units\": 3}, \"networks\": 1,"
                        + " \"axes\": {\"clip-norm\": [" + values + "]}}");
        Path out = folder.resolve("huge");
        done(sweep(grid, out));
        assertTrue(Files.isRegularFile(out.resolve("report.md")));
        assertTrue(Files.size(out.resolve("along-clip-norm.svg")) > 1000);
    }

    private static Cli sweep(Path grid, Path out, Object... more) {
        return study(
                out,
                Stream.concat(Stream.of("sweep", "--grid", grid), Arrays.stream(more))
                        .toArray());
    }

    private static Cli study(Path out, Object... words) {
        List<Object> line = new ArrayList<>(List.of("study"));
        line.addAll(Arrays.asList(words));
        line.addAll(List.of("--out", out, "--workers", 1));
        return Cli.run(line.toArray());
    }

    private static Cli done(Cli cli) {
        assertEquals(0, cli.exitCode(), cli.toString());
        return cli;
    }

    private static ResultTable results(Path out) throws IOException {
        return ResultTable.read(out.resolve("results.csv"));
    }

    private static Set<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).collect(Collectors.toSet());
        }
    }

    @Test
    void aRowACell() throws Exception {
        Path grid = grid("{" + SMALL + ", \"about\": \"What for.\", \"networks\": 2, \"axes\": {\"units\": [4, 5],"
                + " \"law\": {\"none\": {}, \"Dale\": {\"activation\": \"relu\", \"dale\": 0.8}}}}");
        Path out = folder.resolve("out");
        Cli first = done(sweep(grid, out));
        assertTrue(first.err().contains("8 of 8: units 5, law Dale, seed 1"), first.err());
        assertTrue(first.out().contains("What for."), first.out());
        assertTrue(first.out().contains("all networks have task and, duration 40,"), first.out());
        assertTrue(first.out().lines().anyMatch(line -> line.matches(" *4 +Dale +[0-2]/2 .*")), first.out());
        ResultTable results = results(out);
        assertEquals(2 * 2 * 2 * 4, results.rows().size());
        assertEquals(List.of("4", "5"), results.texts("axis.units"));
        assertEquals(List.of("none", "Dale"), results.texts("axis.law"));
        // The settings are those of the cell, and each is a column.
        assertEquals(List.of("relu"), results.where("axis.law", "Dale").texts("activation"));
        assertEquals(List.of("0.8"), results.where("axis.law", "Dale").texts("dale"));
        assertEquals(List.of("5"), results.where("axis.units", "5").texts("units"));
        assertEquals(List.of("2.0"), results.texts("tauMs"));
        for (ResultTable.Row row : results.where("axis.law", "none").rows()) {
            assertEquals(1, row.number("radiusBefore"), 1e-9, "orthogonal weights");
            assertTrue(row.number("radiusAfter") > 0);
        }
        ResultTable eigenvalues = ResultTable.read(out.resolve("eigenvalues.csv"));
        assertEquals(List.of("before", "after"), eigenvalues.texts("when"));
        JsonObject summary = Json.read(out.resolve("summary.json"));
        assertEquals("sweep", summary.getString("study"));
        assertEquals(List.of("none", "Dale"), summary.getObject("axes").getStrings("law"));
        String text = Files.readString(Path.of("JSON.md"));
        for (String member : summary.asMap().keySet()) {
            assertTrue(
                    member.equals("schema") || text.contains("`" + member + "`") || text.contains("`" + member + "["),
                    "JSON.md doesn't describe " + member);
        }
        List<JsonObject> cells = summary.getObjects("cells");
        assertEquals(4, cells.size());
        assertEquals("Dale", cells.get(1).getObject("place").getString("law"));
        assertEquals(2, cells.get(1).getInt("trained"));
        assertEquals(4, cells.get(1).getObjects("types").size());
        for (String member : cells.get(0).asMap().keySet()) {
            assertTrue(text.contains("`" + member + "`") || text.contains("`" + member + "["), member);
        }
        for (String figure : List.of("along-units", "along-law", "map", "spectra")) {
            FigureFiles.checkPng(out.resolve(figure + ".png"));
        }
        List<String> words = FigureFiles.checkSvg(out.resolve("map.svg"));
        assertTrue(
                words.containsAll(List.of("networks that pass", "units", "law", "none", "Dale", "4")),
                words.toString());
        assertTrue(FigureFiles.checkSvg(out.resolve("along-units.svg")).contains("spectral radius of W_rec"));

        // Again: nothing is trained, and more networks may be added.
        assertTrue(done(sweep(grid, out)).err().strip().endsWith("8 of 8 runs are finished"));
        Cli grown = done(sweep(grid, out, "--networks", 3));
        assertTrue(grown.err().contains("8 of 12 runs are finished"), grown.err());
        // From the stored tables alone, by another criterion.
        Path stored = Files.createDirectories(folder.resolve("stored"));
        for (String name : List.of("results.csv", "eigenvalues.csv", "summary.json")) {
            Files.copy(out.resolve(name), stored.resolve(name));
        }
        Cli lax = done(Cli.run("study", "report", stored, "--threshold", 9, "--share-of-silent", 99));
        assertTrue(lax.out().lines().anyMatch(line -> line.matches(" *5 +none +3/3 +100 % .*")), lax.out());
    }

    @Test
    void sharesAndNetworksOfAnotherStudy() throws Exception {
        Path grid = grid("{" + SMALL + ", \"networks\": 2, \"axes\": {\"units\": [4, 5]}}");
        Path shares = folder.resolve("shares");
        Cli one = done(sweep(grid, shares, "--shard", "1/2"));
        assertTrue(one.err().contains("this share of the runs is done"), one.err());
        done(sweep(grid, shares, "--shard", "2/2"));
        Path whole = folder.resolve("whole");
        done(sweep(grid, whole));
        assertEquals(Files.readString(whole.resolve("results.csv")), Files.readString(shares.resolve("results.csv")));
        // The same trainings at other places of another grid.
        Path other = grid("{" + SMALL + ", \"networks\": 2, \"axes\": {\"size\": {\"small\": {\"units\": 4}}}}");
        Path reused = folder.resolve("reused");
        done(sweep(other, reused, "--trained", whole));
        ResultTable results = results(reused);
        assertEquals(List.of("small"), results.texts("axis.size"));
        assertEquals(
                results(whole).where("units", "4").where("seed", "1").texts("rmse"),
                results.where("seed", "1").texts("rmse"));
        for (String run : names(reused.resolve("runs"))) {
            assertFalse(Files.exists(reused.resolve("runs").resolve(run).resolve("final.npz")), "trained again");
        }
    }

    @Test
    void faultsAreNamed() throws Exception {
        String axes = "\"axes\": {\"units\": [4]}";
        String[][] wrong = {
            {"{\"axis\": {}}", "grid.json: has the unknown member 'axis'"},
            {"{}", "axes"},
            {"{\"axes\": {}}", "grid.json: axes is empty"},
            {"{\"axes\": {\"\": {\"a\": {}}}}", "grid.json: axes has the name \"\", expected one that"},
            {"{\"axes\": {\"../x\": {\"a\": {}}}}", "grid.json: axes has the name \"../x\""},
            {"{\"axes\": {\"x\": {\"a/b\": {}}}}", "grid.json: axes.x has the name \"a/b\""},
            {"{\"axes\": {\"x\": {\"a\": {}, \"b\": {}}}}", "grid.json: axes.x.b has the options of another value"},
            {"{\"axes\": {\"units\": []}}", "grid.json: axes.units has no values"},
            {"{\"axes\": {\"units\": 4}}", "grid.json: axes.units is 4, expected an array"},
            {"{\"axes\": {\"units\": [4, 4]}}", "grid.json: axes.units has 4 twice"},
            {"{\"axes\": {\"unitz\": [4]}}", "grid.json: axes.unitz is no option, expected one of train"},
            {"{\"options\": {\"lrr\": 1}, " + axes + "}", "grid.json: options.lrr is no option"},
            {"{\"options\": {\"out\": \"x\"}, " + axes + "}", "grid.json: options.out is no option"},
            {"{\"axes\": {\"law\": {\"a\": {\"dal\": 1}}}}", "grid.json: axes.law.a.dal is no option"},
            {"{\"axes\": {\"law\": {\"a\": 1}}}", "grid.json: axes.law.a is 1, expected an object"},
            {"{\"options\": {\"units\": 3}, " + axes + "}", "units is given for all cells, and axes.units has it too"},
            {
                "{\"axes\": {\"units\": [4], \"size\": {\"a\": {\"units\": 3}}}}",
                "axes.size has units, and so has axes.units"
            },
            {"{\"options\": {\"train-h0\": 1}, " + axes + "}", "options.train-h0 is 1, expected true or false"},
            {"{\"options\": {\"lr\": true}, " + axes + "}", "options.lr is true, expected a number"},
            {"{\"options\": {\"lr\": [1, 2]}, " + axes + "}", "options.lr is [1,2], expected a number"},
            {"{\"options\": {\"lr\": {\"a\": 1}}, " + axes + "}", "options.lr is {\"a\":1}, expected a number"},
            {"{\"task\": \"and\", \"options\": {\"lr\": \"x\"}, " + axes + "}", "units 4: lr is 'x', expected a number"
            },
            {"{" + axes + "}", "grid.json, units 4: which task?"},
            {"{\"task\": \"nand\", " + axes + "}", "units 4: unknown task nand"},
            {"{\"task\": \"and\", \"axes\": {\"units\": [4, 0]}}", "grid.json, units 0: units is 0, expected"},
            {"{\"task\": \"and\", \"axes\": {\"bits\": [4]}}", "bits 4: task and has no option --bits"},
            {"{\"task\": \"and\", \"axes\": {\"dale\": [0.8]}}", "dale 0.8: activation is tanh"},
            {"{\"task\": \"and\", \"networks\": 0, " + axes + "}", "networks is 0"},
            {
                "{\"task\": \"and\", \"axes\": {\"x\": {\"a\": {\"stages\": [{\"epochs\": 0}]}}}}",
                "grid.json, x a: stage 1: epochs is 0"
            },
            {"{\"axes\": ", "grid.json"},
        };
        Path out = folder.resolve("none");
        for (String[] one : wrong) {
            Cli cli = sweep(grid(one[0]), out);
            assertTrue(cli.exitCode() == 1 || (cli.exitCode() == 2 && one[1].startsWith("networks")), one[0] + cli);
            assertTrue(cli.err().contains(one[1]), one[0] + cli);
            assertEquals(1, cli.err().lines().count(), cli.toString());
            assertFalse(Files.exists(out), one[0]);
        }
        Cli twice = sweep(grid("{" + SMALL + ", " + axes + "}"), out, "--units", 6);
        assertEquals(2, twice.exitCode());
        assertTrue(twice.err().contains("--units is given, and the grid has it on its axis units"), twice.err());
        Cli absent = sweep(folder.resolve("absent.json"), out);
        assertEquals(1, absent.exitCode());
        assertTrue(absent.err().contains("absent.json: no such file"), absent.err());
    }

    /** Values of each kind, and options of the command line, which go before those of the grid. */
    @Test
    void allKindsOfValues() throws Exception {
        double[] signs = {1, 1, 1, -1, 1, 1, 1, -1, 1, 1, 1, -1, 1, 1, 1, -1};
        Path file = folder.resolve("signs.npy");
        NpyArray.of(signs, 4, 4).write(file);
        Path grid = grid(
                "{\"task\": \"flipflop\", \"options\": {\"units\": 4, \"duration\": 60, \"stimulus\": 2, \"delay\": 2,"
                        + " \"onsets\": [5, 20], \"option\": {\"baseline\": 0.1}, \"samples\": 20, \"epochs\": 1, \"recurrent-bias\": true},"
                        + " \"axes\": {\"signs\": {\"free\": {}, \"kept\": {\"signs\": {\"W_rec\": "
                        + Json.compact(file.toString()) + "}}}, \"lr\": [1e-3, null]}}");
        Path out = folder.resolve("out");
        done(sweep(grid, out, "--networks", 1, "--seed", 7, "--no-recurrent-bias", "--option", "noiseSd=0.05"));
        ResultTable results = results(out);
        assertEquals(List.of("5.0 20.0"), results.texts("stimulusOnsetsMs"));
        assertEquals(List.of("false"), results.texts("recurrentBias"));
        assertEquals(List.of("7"), results.texts("seed"));
        assertEquals(List.of("0.05"), results.texts("noiseSd"));
        assertEquals(List.of("0.0"), results.texts("baseline"), "the command line's options replaced the grid's");
        assertEquals(List.of("0.001", "none"), results.texts("axis.lr"));
        assertEquals(
                List.of("1.0E-4"),
                results.where("axis.lr", "none").texts("learningRate").stream()
                        .map(rate -> Double.toString(Double.parseDouble(rate)))
                        .toList());
        assertEquals(
                16,
                results.where("axis.signs", "kept").texts("signs.W_rec").get(0).length());
        assertEquals(List.of(""), results.where("axis.signs", "free").texts("signs.W_rec"));
    }

    /** The grid in the sources that shapes a delay; networks are scored on the trials of the last stage. */
    @Test
    void theExampleOfShaping() throws Exception {
        Path out = folder.resolve("out");
        Path example = Path.of("..", "examples", "grids", "shaping.json");
        done(sweep(example, out, "--networks", 1, "--samples", 20, "--units", 4));
        ResultTable results = results(out);
        ResultTable direct = results.where("axis.training", "direct");
        ResultTable shaped = results.where("axis.training", "shaped");
        assertTrue(Integer.parseInt(direct.texts("epochsDone").get(0)) <= 8);
        assertEquals(List.of("8"), shaped.texts("epochsDone"));
        assertTrue(
                shaped.texts("stages").get(0).contains("retentionMs 150.0"),
                shaped.texts("stages").toString());
        assertEquals(direct.texts("zeroRmse"), shaped.texts("zeroRmse"), "the same trials");
        assertEquals(
                List.of("training"),
                List.copyOf(Json.read(example).getObject("axes").asMap().keySet()));
    }

    @Test
    void gridsThatShip() throws Exception {
        Object[] small = {"--networks", 1, "--samples", 20, "--epochs", 1, "--duration", 80, "--units", 12};
        Path rank = folder.resolve("rank");
        done(study(rank, Stream.concat(Stream.of("rank"), Arrays.stream(small)).toArray()));
        assertEquals(List.of("1", "2", "3", "5", "10", "full"), results(rank).texts("axis.rank"));
        // A matrix of rank R has R eigenvalues other than 0.
        ResultTable two = ResultTable.read(rank.resolve("eigenvalues.csv")).where("axis.rank", "2");
        for (ResultTable.Row row : two.rows()) {
            double modulus = Math.hypot(row.number("re"), row.number("im"));
            assertTrue(row.number("rank") <= 2 || modulus < 1e-6, row.text("rank") + ": " + modulus);
        }
        Path balance = folder.resolve("balance");
        done(study(
                balance,
                Stream.concat(Stream.of("balance"), Arrays.stream(small)).toArray()));
        ResultTable results = results(balance);
        assertEquals(7, results.count("axis.excitatory"));
        assertEquals(List.of("0.8"), results.where("axis.excitatory", "0.8").texts("dale"));
        assertEquals(List.of("relu"), results.texts("activation"));
    }

    @Test
    void successOfTasksOfTheField() throws Exception {
        Path out = folder.resolve("out");
        Object[] words = {
            "success",
            "--tasks",
            "go-no-go,perceptual-decision",
            "--init",
            "normal,identity",
            "--networks",
            1,
            "--units",
            4,
            "--samples",
            20,
            "--epochs",
            1,
            "--tau",
            10,
            "--activation",
            "softplus",
            "--dale",
            0.75,
            "--lr",
            1e-3
        };
        Cli run = done(study(out, words));
        assertTrue(run.out().contains("where answers are classes, if at least 85 % of them are right"), run.out());
        assertTrue(run.out().contains("In this study all networks have "), run.out());
        assertTrue(run.out().contains("activation softplus, ") && run.out().contains("tau 10, "), run.out());
        assertTrue(
                run.out()
                        .lines()
                        .anyMatch(line -> line.matches(" *task, weights +trial +passed +rate +interval +right +RMSE")),
                run.out());
        ResultTable results = results(out);
        assertEquals(List.of("go-no-go", "perceptual-decision"), results.texts("task"));
        assertEquals(List.of("normal", "identity"), results.texts("init"));
        assertEquals(List.of("0.75"), results.texts("dale"));
        assertTrue(results.numbers("accuracy")[0] >= 0, "accuracy");
        JsonObject cell =
                Json.read(out.resolve("summary.json")).getObjects("cells").get(0);
        assertTrue(cell.getObjects("types").get(0).has("accuracy"));
        Cli lax = done(Cli.run("study", "report", out, "--accuracy", 0));
        assertTrue(lax.out().lines().anyMatch(line -> line.matches(" *go-no-go +normal +1/1 .*")), lax.out());
        // Options that one of the tasks hasn't, or that don't go together.
        Object[][] wrong = {
            {"task go-no-go has no option --bits", "--tasks", "go-no-go", "--bits", 3},
            {"activation is tanh, expected", "--tasks", "and", "--dale", 0.8},
            {"--held-out is given without --data", "--tasks", "and", "--held-out", 0.5},
            {"minAccuracy 2.0, expected 0 to 1", "--tasks", "and", "--accuracy", 2},
        };
        for (Object[] one : wrong) {
            Object[] line = Stream.concat(
                            Stream.of("success"), Arrays.stream(one).skip(1))
                    .toArray();
            Cli cli = study(folder.resolve("none"), line);
            assertEquals(2, cli.exitCode(), cli.toString());
            assertTrue(cli.err().contains(one[0].toString()), cli.toString());
        }
    }

    /** Trials from a file give the network, and its scores, that {@code train} gives. */
    @Test
    void successOnTrialsFromAFile() throws Exception {
        Path trials = folder.resolve("trials.npz");
        done(Cli.run(
                "tasks", "and", "--samples", 80, "--duration", 40, "--onset", 2, "--stimulus", 4, "--out", trials));
        Path out = folder.resolve("out");
        Object[] options = {"--data", trials, "--held-out", 0.25, "--units", 4, "--epochs", 1, "--lr", 1e-3};
        done(study(
                out,
                Stream.concat(Stream.of("success", "--init", "normal", "--networks", 2), Arrays.stream(options))
                        .toArray()));
        Path run = folder.resolve("run");
        done(Cli.run(
                Stream.concat(Stream.of("train", "--init", "normal", "--seed", 1, "--out", run), Arrays.stream(options))
                        .toArray()));
        ResultTable results = results(out).where("seed", "1");
        assertEquals(List.of("data"), results.texts("task"));
        List<JsonObject> scores = Json.read(run.resolve("evaluation.json")).getObjects("types");
        assertEquals(4, scores.size());
        for (int k = 0; k < 4; k++) {
            assertEquals(scores.get(k).getDouble("rmse"), results.rows().get(k).number("rmse"));
            assertEquals(scores.get(k).getInt("trials"), results.rows().get(k).number("trials"));
        }
        assertEquals(
                "trials.npz",
                Json.read(out.resolve("summary.json")).getObject("settings").getString("data"));
        // The same by a grid, without training.
        Path grid = grid(
                "{\"options\": {\"data\": " + Json.compact(trials.toString())
                        + ", \"held-out\": 0.25, \"units\": 4, \"epochs\": 1, \"lr\": 1e-3}, \"axes\": {\"init\": [\"normal\"]}, \"networks\": 2}");
        Path swept = folder.resolve("swept");
        done(sweep(grid, swept, "--trained", out));
        assertEquals(results.texts("rmse"), results(swept).where("seed", "1").texts("rmse"));
    }
}
