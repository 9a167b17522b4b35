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
import attractor.train.EpochSummary;
import attractor.train.RunDirectory;
import attractor.train.TrainingConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code train} where it goes on from something, and in stages. */
class TrainCommandTest {
    private static final String TASK = "and --duration 40 --onset 5 --stimulus 5 --delay 5";
    private static final String SHORT = " --units 5 --samples 40 --batch 16 --threads 1 --lr 0.003";

    @TempDir
    private static Path shared;

    @TempDir
    private Path folder;

    /** A finished run of two epochs. */
    private static Path net;

    @BeforeAll
    static void train() {
        net = shared.resolve("net");
        Cli done = train(TASK + SHORT + " --epochs 2 --seed 3 --out " + net);
        assertEquals(0, done.exitCode(), done.toString());
    }

    private static Cli train(String words) {
        List<Object> all = new ArrayList<>(List.of("train"));
        all.addAll(Arrays.asList(words.split(" ")));
        return Cli.run(all.toArray());
    }

    private static Cli ok(String words) {
        Cli cli = train(words);
        assertEquals(0, cli.exitCode(), cli.toString());
        return cli;
    }

    private static void refused(int exitCode, String words, String message) {
        Cli cli = train(words);
        assertEquals(exitCode, cli.exitCode(), words + ": " + cli);
        assertTrue(cli.err().contains(message), words + ": " + cli);
        assertEquals(
                1, cli.err().lines().filter(l -> l.startsWith("attractor: ")).count(), cli.toString());
    }

    private static byte[] bytes(Path run, String name) throws IOException {
        return Files.readAllBytes(run.resolve(name));
    }

    @ParameterizedTest
    @ValueSource(strings = {"--resume %s", "%s --resume", "--resume --out %s", "and --resume --out %s"})
    void resumeNeedsNothingButTheDirectory(String form) throws IOException {
        Path run = folder.resolve("run");
        ok(TASK + SHORT + " --epochs 2 --seed 3 --out " + run);
        Cli before = ok(String.format(form, run));
        assertTrue(before.out().contains("was finished before"), before.toString());
        ok(String.format(form, run) + " --epochs 11 --units 5 --lr 0.003");
        Path whole = folder.resolve("whole");
        ok(TASK + SHORT + " --epochs 11 --seed 3 --out " + whole);
        for (String name : new String[] {"initial.npz", "epoch-01.npz", "epoch-11.npz", "best.npz", "final.npz"}) {
            assertArrayEquals(bytes(whole, name), bytes(run, name), name);
        }
    }

    /** Trials whose first or second output is to be 1, as the mean of the input says. */
    private Path decisions() throws IOException {
        int steps = 12;
        int size = 40;
        double[] x = new double[size * steps];
        double[] y = new double[2 * x.length];
        for (int k = 0; k < x.length; k++) {
            int right = k / steps % 2;
            x[k] = (right == 0 ? 1 : -1) + Math.sin(k);
            y[2 * k + right] = 1;
        }
        Path file = folder.resolve("decisions.npz");
        Npz.write(file, Map.of("x", NpyArray.of(x, size, steps, 1), "y", NpyArray.of(y, size, steps, 2)));
        return file;
    }

    @Test
    void lossAndOptimizer() throws IOException {
        Path data = decisions();
        Path run = folder.resolve("run");
        String words = "--data " + data + " --units 5 --batch 8 --threads 1 --loss cross-entropy --optimizer SGD"
                + " --lr 0.05 --decay 0 --epochs 2 --out " + run;
        ok(words);
        JsonObject config = Json.read(run.resolve("run.json")).getObject("configuration");
        assertEquals("cross-entropy", config.getString("loss"));
        assertEquals("sgd", config.getString("optimizer"));
        assertEquals(0.9, config.getDouble("momentum"));
        assertEquals(0.0, config.getDouble("stopLoss"));
        // More epochs, with what was said before and without.
        ok("--resume " + run + " --data " + data + " --epochs 3");
        ok("--resume " + run + " --data " + data + " --epochs 4 --loss cross-entropy --momentum 0.9");
        Path whole = folder.resolve("whole");
        ok(words.replace("--epochs 2", "--epochs 4").replace(run.toString(), whole.toString()));
        assertArrayEquals(bytes(whole, "final.npz"), bytes(run, "final.npz"));
        refused(
                1,
                "--resume " + run + " --data " + data + " --loss mse",
                "loss is \"cross-entropy\" in its run.json, expected its default as asked for");

        // Of a user's own, which this program hasn't: read, shown and evaluated, but not gone on with.
        Path json = run.resolve("run.json");
        String text = Files.readString(json);
        String own = text.replace("\"loss\": \"cross-entropy\"", "\"loss\": \"mine\"");
        assertFalse(own.equals(text));
        Files.writeString(json, own);
        assertTrue(ok("--resume " + run + " --data " + data).out().contains("was finished before"));
        Files.delete(run.resolve("evaluation.json"));
        String refusal = "cannot resume " + run + ": the ";
        refused(1, "--resume " + run + " --data " + data, refusal + "loss 'mine' is a user's own, expected");
        Map<String, Object> members = new LinkedHashMap<>(Json.read(json).asMap());
        Map<String, Object> values = new LinkedHashMap<>(config.asMap());
        values.keySet().removeAll(List.of("learningRate", "decay", "momentum"));
        values.put("optimizer", "mine");
        values.put("optimizerNumbers", Map.of("learningRate", 0.5));
        values.put("epochs", 4);
        members.put("configuration", values);
        Json.write(json, members);
        refused(1, "--resume " + run + " --data " + data, refusal + "optimiser 'mine' is a user's own, expected");
        Cli evaluated = Cli.run("evaluate", run, "--data", data);
        assertEquals(0, evaluated.exitCode(), evaluated.toString());
    }

    @Test
    void lossAndOptimizerThatCannotBe() {
        String out = " --out " + folder.resolve("none");
        refused(2, TASK + " --loss cross-entropy" + out, "outputs is 1, expected 2 or more with cross-entropy");
        refused(2, TASK + " --loss hinge" + out, "loss is 'hinge', expected one of mse, cross-entropy");
        refused(2, TASK + " --momentum 0.5" + out, "--momentum is 0.5, expected it with --optimizer sgd only");
        refused(
                2,
                TASK + " --optimizer adam --momentum 0" + out,
                "--momentum is 0.0, expected it with --optimizer sgd");
        refused(2, TASK + " --optimizer sgd --momentum 1" + out, "momentum is 1.0, expected in [0, 1)");
        refused(2, TASK + " --optimizer lion" + out, "--optimizer is 'lion', expected adam or sgd");
        assertFalse(Files.exists(folder.resolve("none")));
    }

    @Test
    void resumeRefusesWhatDoesNotAgree() {
        String found = "cannot resume " + net + ": ";
        refused(2, "--resume nothere", "--resume: nothere is neither a run directory (it has no run.json) nor a task");
        refused(2, "and --seed 9223372036854775808", "is not a whole number from -9223372036854775808 to");
        refused(2, "and --lr x", "'x' is not a number");
        refused(1, "--resume " + net + " --units 6", found + "units is 5 in its run.json, expected 6 as asked for");
        refused(1, "--resume " + net + " --seed 4", found + "seed is 3 in its run.json, expected 4");
        refused(1, "--resume " + net + " --data-seed 4", found + "dataSeed is its default in its run.json, expected 4");
        refused(
                1,
                "--resume " + net + " --delay 6",
                found + "taskOptions.delayMs is 5.0 in its run.json, expected 6.0");
        refused(1, "xor --resume --out " + net, found + "task is \"and\" in its run.json, expected \"xor\"");
        refused(
                1,
                "--resume " + net + " --epochs 1",
                found + "its epoch 2 has begun, expected at least 2 epochs, not 1");
        refused(1, "--resume " + net + " --from " + net, found);
        refused(2, "--resume " + net + " --seeds 0..3", "--seeds goes with a task, and");
        refused(2, "--resume --out " + folder, "has no run.json, expected a run directory");
        refused(2, "--resume " + net + " --out " + folder, "are given, expected one of them");
        refused(2, "--resume " + net + " --overwrite", "--resume and --overwrite are given");
        refused(2, "--resume", "--resume: which training?");
    }

    @Test
    void aRunOnDataNeedsItsFileToo() throws IOException {
        Path file = folder.resolve("mine.npz");
        assertEquals(
                0,
                Cli.run("tasks", "and", "--duration", 40, "--onset", 5, "--delay", 5, "--samples", 40, "--out", file)
                        .exitCode());
        Path run = folder.resolve("run");
        ok("--data " + file + " --held-out 0.3 --samples 20" + SHORT.replace(" --samples 40", "") + " --epochs 2 --out "
                + run);
        refused(2, "--resume " + run, "was trained on mine.npz, which is not kept in it, expected --data mine.npz");
        Cli again = ok("--resume --out " + run + " --epochs 3 --data " + file);
        assertTrue(again.out().contains("3 of 3 epochs"), again.toString());
        refused(2, "and --resume --out " + run + " --data " + file, "given, expected one of them");
    }

    @Test
    void aScheduleThatDependsOnTheEpochsIsNotExtended() {
        Path run = folder.resolve("run");
        ok(TASK + SHORT + " --schedule cosine --epochs 2 --out " + run);
        refused(1, "--resume " + run + " --epochs 3", "its schedule cosine depends on their number, expected 2");
        Path steps = folder.resolve("steps");
        ok(TASK + SHORT + " --schedule step:1:0.5 --epochs 2 --out " + steps);
        ok("--resume " + steps + " --epochs 3");
    }

    @Test
    void fromANetworkWithoutEpochsGivesItsBits() throws IOException {
        Path run = folder.resolve("run");
        Cli done = ok(TASK + " --samples 40 --from " + net + " --epochs 0 --out " + run);
        assertTrue(done.out().contains("no epochs, the network is the initial one"), done.toString());
        assertFalse(done.out().contains("NaN"), done.toString());
        double[] expected = NetworkFile.read(net.resolve("final.npz")).rnn().parameters();
        for (String name : List.of("initial.npz", "best.npz", "final.npz")) {
            assertArrayEquals(
                    expected, NetworkFile.read(run.resolve(name)).rnn().parameters(), name);
        }
        // As it was, one more epoch on, and by resuming the one without.
        Path on = folder.resolve("on");
        ok(TASK + " --samples 40 --units 5 --activation tanh --tau 1 --no-recurrent-bias --from " + net
                + "/final.npz --epochs 1 --out " + on);
        ok("--resume " + run + " --epochs 1");
        assertArrayEquals(bytes(on, "final.npz"), bytes(run, "final.npz"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"net.h5", "net.hdf5", "net.keras", "net.weights.h5", "net.safetensors"})
    void filesOfOtherLibrariesAreGoneOnFrom(String name) throws IOException {
        Path file = folder.resolve(name);
        Cli exported = Cli.run("export", net, file);
        assertEquals(0, exported.exitCode(), exported.toString());
        Path run = folder.resolve("run");
        ok(TASK + " --samples 40 --from " + file + " --epochs 0 --out " + run);
        assertArrayEquals(
                NetworkFile.read(net.resolve("final.npz")).rnn().parameters(),
                NetworkFile.read(run.resolve("final.npz")).rnn().parameters());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--units 6 | units is 6, expected 5 as the network to go on from has",
                "--activation relu | activation is relu, expected tanh",
                "--recurrent-bias | recurrentBias is true, expected false",
                "--tau 3 | tauMs is 3.0, expected 1.0",
                "--dt 0.5 | dtMs is 0.5, expected 1.0",
                "--dale 0.5 --activation tanh | dale is 0.5, expected",
                "--density 0.5 | mask is given, expected the connections of the network",
                "--no-self-connections | selfConnections is false, expected the connections of the network",
                "--recurrent-noise 0.1 | --recurrent-noise is 0.1, expected 0.0",
                "--init orthogonal | init is orthogonal, expected none with a network to go on from"
            })
    void whatContradictsTheNetworkIsRefused(String options, String message) {
        refused(2, TASK + " --from " + net + " " + options + " --out " + folder.resolve("x"), message);
        assertFalse(Files.exists(folder.resolve("x")));
    }

    @Test
    void theTaskMustFitTheNetwork() {
        refused(
                2,
                "pulse --from " + net + " --out " + folder.resolve("x"),
                "the network to go on from has I = 2 and O = 1");
        refused(1, "and --from " + folder.resolve("none.npz") + " --out " + folder.resolve("x"), "none.npz");
    }

    @Test
    void tenInitialisationsTrainOnTheSameTrials() throws IOException {
        ok(TASK + SHORT + " --epochs 1 --seeds 3..5 --data-seed 3 --out " + folder);
        assertArrayEquals(
                NetworkFile.read(net.resolve("epoch-01.npz")).rnn().parameters(),
                NetworkFile.read(folder.resolve("and-orthogonal-s3/final.npz"))
                        .rnn()
                        .parameters(),
                "the seed itself changes nothing");
        TrainingConfig other = RunDirectory.config(folder.resolve("and-orthogonal-s5"));
        assertEquals(5, other.seed());
        assertEquals(3, other.dataSeed());
    }

    private Path stages(String text) throws IOException {
        Path file = folder.resolve("stages.json");
        Files.writeString(file, text);
        return file;
    }

    @Test
    void stagesTrainOneAfterTheOther() throws IOException {
        Path run = folder.resolve("run");
        Path file = stages(
                "[{\"epochs\": 2}, {\"taskOptions\": {\"delayMs\": 9}, \"learningRate\": 0.01, \"loss\": 1e-9}]");
        Cli done = ok(TASK + SHORT + " --stages " + file + " --epochs 3 --seed 3 --out " + run);
        assertTrue(done.out().contains("5 of 5 epochs"), done.toString());
        assertEquals(
                List.of(1, 1, 2, 2, 2),
                RunDirectory.history(run).stream().map(EpochSummary::stage).toList());
        assertArrayEquals(
                NetworkFile.read(net.resolve("final.npz")).rnn().parameters(),
                NetworkFile.read(run.resolve("epoch-02.npz")).rnn().parameters(),
                "the first stage is the training of two epochs");
        assertEquals(
                9.0,
                NetworkFile.read(run.resolve("final.npz"))
                        .meta()
                        .getObject("taskOptions")
                        .getDouble("delayMs"));
        assertTrue(ok("--resume " + run).out().contains("was finished before"));
        assertTrue(ok("--resume " + run + " --stages " + file + " --epochs 3")
                .out()
                .contains("was finished before"));
        refused(2, "--resume " + run + " --epochs 9", "epochs is 9, expected none where there are stages");
    }

    @Test
    void badStagesAreRefusedInOneLine() throws IOException {
        Path file = stages("[{\"epochs\": 2}, {\"epochs\": 1, \"delay\": 2}]");
        refused(1, TASK + " --stages " + file, file + ": stage 2: has the unknown member 'delay'");
        stages("[{\"epochs\": 2, \"learningRate\": 0.1}]");
        refused(
                2,
                TASK + " --stages " + file + " --stop-loss 0.1",
                "stopLoss is 0.1, expected none where there are stages");
        refused(2, TASK + " --stages " + file + " --epochs 4", "--epochs is given, and all stages in");
        refused(2, TASK + " --stages " + file + " --lr 4", "--lr is given, and all stages in");
        stages(
                "[{\"epochs\": 1, \"taskOptions\": {\"noiseSd\": 0.2}}, {\"epochs\": 1, \"taskOptions\": {\"noiseSd\": 0.3}}]");
        refused(2, TASK + " --stages " + file + " --noise 0.4", "--noise is given, and all stages in");
        refused(2, "--data " + file + " --stages " + file, "--stages goes with a task");
        refused(1, TASK + " --stages " + folder.resolve("none.json"), "none.json");
    }

    @Test
    void earlyStoppingSpeaksOfTheBestEpoch() throws IOException {
        Path run = folder.resolve("run");
        Cli done = ok(TASK + SHORT.replace("0.003", "0.2") + " --validation 0.3 --patience 2 --epochs 60 --out " + run);
        JsonObject evaluation = Json.read(run.resolve("evaluation.json"));
        int best = evaluation.getInt("bestEpoch");
        assertEquals("best", evaluation.getString("network"));
        assertTrue(done.out().contains("(the network of epoch " + best + ", best.npz)"), done.toString());
        assertTrue(done.out().contains("evaluate " + run + " --network best"), done.toString());
        Cli json = ok("--resume " + run + " --json");
        JsonObject one = Json.parseObject(json.out(), "out").getObjects("runs").get(0);
        assertEquals("best", one.getString("network"));
    }

    @Test
    void seedsMayBeAtTheEndsOfLong() throws IOException {
        for (long seed : new long[] {Long.MIN_VALUE, Long.MAX_VALUE}) {
            Path run = folder.resolve("run" + seed);
            ok(TASK + SHORT + " --epochs 1 --seed " + seed + " --data-seed " + ~seed + " --out " + run);
            assertEquals(seed, RunDirectory.config(run).seed());
            assertEquals(~seed, RunDirectory.config(run).dataSeed());
        }
    }
}
