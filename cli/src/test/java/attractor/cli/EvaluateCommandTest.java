package attractor.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import attractor.cli.terminal.ExitCode;
import attractor.io.Json;
import attractor.io.JsonObject;
import attractor.kernel.Activation;
import attractor.model.NetworkFile;
import attractor.model.Rnn;
import attractor.model.RnnShape;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code attractor evaluate} on small networks whose answers are known. */
class EvaluateCommandTest {
    @TempDir
    private Path folder;

    /** Outputs a0 x0 + a1 x1 + .. at once: one unit, no recurrence. */
    private Path linear(Map<String, ?> meta, double dtMs, double... a) throws Exception {
        RnnShape shape = new RnnShape(a.length, 1, 1);
        double[] p = new double[shape.parameters()];
        for (int i = 0; i < a.length; i++) {
            p[shape.wIn().at(0, i)] = a[i];
        }
        p[shape.wOut().at(0, 0)] = 1;
        Path file = folder.resolve("linear.npz");
        NetworkFile.write(file, new Rnn(shape, Activation.IDENTITY, dtMs, dtMs, false, p), meta);
        return file;
    }

    private static JsonObject json(Object... words) throws Exception {
        Cli run = Cli.run(words);
        assertEquals(ExitCode.DONE, run.exitCode(), run.toString());
        assertEquals("", run.err());
        return Json.parseObject(run.out(), "the standard output");
    }

    private static String fails(int exitCode, Object... words) {
        Cli run = Cli.run(words);
        assertEquals(exitCode, run.exitCode(), run.toString());
        assertEquals("", run.out());
        assertEquals(1, run.err().lines().count(), run.toString());
        return run.err().strip();
    }

    /** Per type, the square of the distance: a sum of squares of small integers. */
    private static long[] squares(JsonObject json) throws Exception {
        return json.getObjects("scores").stream()
                .mapToLong(s -> {
                    double d = (Double) s.asMap().get("distanceMean");
                    assertEquals(Math.rint(d * d), d * d, 1e-9);
                    return Math.round(d * d);
                })
                .toArray();
    }

    @Test
    void noiselessDistancesAreThoseByHand() throws Exception {
        // Target 1 from step 70 to 200 if both inputs were on; the output is the 20 steps of the stimulus on input 0.
        JsonObject one = json("evaluate", linear(Map.of(), 1, 1, 0), "--task", "and", "--noise", 0, "--json");
        assertArrayEquals(new long[] {0, 0, 20, 150}, squares(one));
        for (JsonObject score : one.getObjects("scores")) {
            assertEquals(1, score.getLong("trials"), "one trial of each type says all");
            assertEquals(score.getDouble("distanceMean") / Math.sqrt(200), score.getDouble("rmse"), 1e-15);
        }
        double[] output = one.getObjects("responses").get(2).getDoubles("output");
        for (int t = 0; t < 200; t++) {
            assertEquals(t >= 30 && t < 50 ? 1 : 0, output[t], "step " + t);
        }
    }

    /** The numbers are printed, and one line says why there are none. */
    @Test
    void aNetworkThatDivergesFails() throws Exception {
        RnnShape shape = new RnnShape(2, 1, 1);
        double[] p = new double[shape.parameters()];
        p[shape.wIn().at(0, 0)] = 1;
        p[shape.wIn().at(0, 1)] = 1;
        p[shape.wRec().at(0, 0)] = 1e10;
        p[shape.wOut().at(0, 0)] = 1;
        Path net = folder.resolve("grows.npz");
        NetworkFile.write(net, new Rnn(shape, Activation.IDENTITY, 1, 1, false, p), Map.of());
        Cli run = Cli.run("evaluate", net, "--task", "and", "--trials", 8, "--figure", folder.resolve("a.png"));
        assertEquals(ExitCode.FAILED, run.exitCode(), run.toString());
        assertEquals(
                "attractor: " + net + ": the network diverges: its output is not a finite number in 8 of 8 trials",
                run.err().strip());
        assertTrue(run.out().contains("does not pass"), run.out());
        String analysis = fails(ExitCode.FAILED, "analyze", net, "--task", "and", "--out", folder.resolve("out"));
        assertTrue(
                analysis.startsWith("attractor: " + net + ": the network diverges: in trial 0 (type 00) unit 0 is "),
                analysis);
    }

    @Test
    void aFolderThatIsMissingIsSaidBeforeAnythingIsScored() throws Exception {
        Path picture = folder.resolve("none/a.png");
        assertEquals(
                "attractor: cannot write " + picture + ": the folder " + picture.getParent() + " does not exist",
                fails(ExitCode.FAILED, "evaluate", folder.resolve("no such network"), "--figure", picture));
    }

    @Test
    void taskOptionsChangeTheTrials() throws Exception {
        Path net = linear(Map.of(), 1, 1, 0);
        assertArrayEquals(
                new long[] {0, 0, 30, 70},
                squares(json(
                        "evaluate",
                        net,
                        "--task",
                        "and",
                        "--noise",
                        0,
                        "--stimulus",
                        30,
                        "--delay",
                        40,
                        "--onset",
                        10,
                        "--length",
                        120,
                        "--json")));
    }

    @Test
    void inputOrderSaysWhichInputOfTheNetworkIsDriven() throws Exception {
        Path two = linear(Map.of(), 1, 1, 0);
        assertArrayEquals(
                new long[] {0, 20, 0, 150},
                squares(json("evaluate", two, "--task", "and", "--noise", 0, "--input-order", "1,0", "--json")));
        for (String order : List.of("0", "0,0", "0,2", "0,1,2", "-1,0")) {
            assertTrue(
                    fails(ExitCode.WRONG_USE, "evaluate", two, "--task", "and", "--input-order=" + order)
                            .contains("expected each of 0 to 1 once"),
                    order);
        }
    }

    @Test
    void withoutNoiseTrialsThatDifferAreAllTried() throws Exception {
        Path net = linear(Map.of(), 1, 1, 0);
        // Which inputs the earlier pulses of a flip-flop trial are on is drawn for each trial.
        JsonObject drawn =
                json("evaluate", net, "--task", "flipflop", "--noise", 0, "--trials", 40, "--seed", 3, "--json");
        JsonObject set = drawn.getObjects("scores").get(1);
        assertEquals(20, set.getLong("trials"));
        assertTrue(set.getDouble("distanceSd") > 0);
        JsonObject given =
                json("evaluate", net, "--task", "flipflop", "--noise", 0, "--earlier-pulses", "0,1,0", "--json");
        assertEquals(1, given.getObjects("scores").get(1).getLong("trials"));
        JsonObject jitter = json("evaluate", net, "--task", "and", "--noise", 0, "--jitter", 20, "--json");
        assertEquals(50, jitter.getObjects("scores").get(0).getLong("trials"));
    }

    @Test
    void theSeedDecidesTheNoise() throws Exception {
        Path net = linear(Map.of(), 1, 1, 0);
        String a = Cli.run("evaluate", net, "--task", "and", "--json").out();
        assertEquals(
                a,
                Cli.run("evaluate", net, "--task", "and", "--seed", 0, "--json").out());
        assertNotEquals(
                a,
                Cli.run("evaluate", net, "--task", "and", "--seed", 1, "--json").out());
        assertEquals(50, Json.parseObject(a, "out").getObjects("scores").get(0).getLong("trials"));
    }

    @Test
    void stepsAreTheNetworks() throws Exception {
        Path net = linear(Map.of("task", "and", "taskOptions", Map.of("dtMs", 0.5)), 0.5, 1, 0);
        for (String task : List.of("and", "xor")) {
            JsonObject json = json("evaluate", net, "--task", task, "--noise", 0, "--json");
            assertEquals(0.5, json.getObject("taskOptions").getDouble("dtMs"));
            assertEquals(400, json.getObjects("responses").get(0).getDoubles("output").length);
        }
        assertTrue(fails(ExitCode.WRONG_USE, "evaluate", net, "--dt", 1).contains("1.0 ms, expected 0.5 ms"));
    }

    @Test
    void taskAndOptionsComeFromTheFile() throws Exception {
        Path net = linear(Map.of("task", "or", "taskOptions", Map.of("delayMs", 50.0, "noiseSd", 0.0)), 1, 1, 0);
        JsonObject json = json("evaluate", net, "--json");
        assertEquals("or", json.getString("task"));
        assertArrayEquals(new long[] {0, 100, 120, 120}, squares(json));
        assertArrayEquals(new long[] {0, 130, 150, 150}, squares(json("evaluate", net, "--delay", 20, "--json")));
    }

    @ParameterizedTest
    @CsvSource({
        "nosuch, delayMs, unknown task nosuch",
        "and, nosuch, has no option nosuch",
        "flipflop, frequencyHz, has no option frequencyHz"
    })
    void whatTheFileSaysOfItsTaskIsChecked(String task, String option, String message) throws Exception {
        Path net = linear(Map.of("task", task, "taskOptions", Map.of(option, 1.0)), 1, 1, 0);
        String line = fails(ExitCode.FAILED, "evaluate", net);
        assertTrue(line.startsWith("attractor: " + net + ": meta: ") && line.contains(message), line);
    }

    @Test
    void whatIsWrongIsSaidInOneLine() throws Exception {
        Path net = linear(Map.of(), 1, 1, 0);
        assertTrue(fails(ExitCode.WRONG_USE, "evaluate", net).contains("give --task"));
        assertTrue(
                fails(ExitCode.WRONG_USE, "evaluate", net, "--task", "nosuch").contains("expected one of pulse, and"));
        assertTrue(fails(ExitCode.WRONG_USE, "evaluate", net, "--task", "and", "--trials", 0)
                .contains("expected at least 1"));
        assertTrue(fails(ExitCode.WRONG_USE, "evaluate", net, "--task", "pulse").contains("has 2 inputs, expected 1"));
        assertTrue(fails(ExitCode.WRONG_USE, "evaluate", net, "--task", "and", "--network", "best")
                .contains("is for a run directory"));
    }

    @Test
    void aRunDirectoryHasSeveralNetworks() throws Exception {
        Path run = folder.resolve("run");
        assertEquals(ExitCode.DONE, Cli.trainTiny(run).exitCode());
        String last = Cli.run("evaluate", run).out();
        assertTrue(last.startsWith(run.resolve("final.npz").toString()), last);
        for (String word : List.of("epoch-2", "epoch-02")) {
            String second = Cli.run("evaluate", run, "--network", word).out();
            assertTrue(second.startsWith(run.resolve("epoch-02.npz").toString()), second);
            assertEquals(last.substring(last.indexOf(':')), second.substring(second.indexOf(':')));
        }
        assertTrue(
                fails(ExitCode.FAILED, "evaluate", run, "--network", "epoch-03").contains("has no epoch-03.npz"));
        assertTrue(fails(ExitCode.WRONG_USE, "evaluate", run, "--network", "../final")
                .contains("expected initial, best, final or epoch-NN"));
    }
}
