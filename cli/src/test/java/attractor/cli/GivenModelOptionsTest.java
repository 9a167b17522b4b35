package attractor.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import attractor.cli.terminal.ExitCode;
import attractor.engine.Adam;
import attractor.io.NpyArray;
import attractor.io.Npz;
import attractor.model.ModelOptions;
import attractor.model.NetworkFile;
import attractor.model.Rnn;
import attractor.train.FitOptions;
import attractor.train.RunDirectory;
import attractor.train.Schedule;
import attractor.train.TrainingConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code attractor train} with options beyond the paper's, and what the other commands do with such networks. */
class GivenModelOptionsTest {
    @TempDir
    private Path folder;

    private Path array(String name, double[] values, int... shape) throws Exception {
        Path file = folder.resolve(name);
        NpyArray.of(values, shape).write(file);
        return file;
    }

    @Test
    void everyOptionArrivesAndIsInTheFiles() throws Exception {
        Path fixed = array("fixed.npy", new double[] {1, 0, 0, 0, 0, 1}, 1, 6);
        Path run = folder.resolve("run");
        Cli done = Cli.trainTiny(
                run,
                "--activation",
                "relu",
                "--tau",
                "5",
                "--dale",
                "0.5",
                "--density",
                "0.6",
                "--mask-seed",
                "4",
                "--no-self-connections",
                "--fixed",
                "W_in,W_out=" + fixed,
                "--recurrent-noise",
                "0.05",
                "--train-h0",
                "--train-tau",
                "--l2-weights",
                "1e-4",
                "--l2-rates",
                "1e-3",
                "--schedule",
                "step:1:0.5",
                "--validation",
                "0.25",
                "--patience",
                "2");
        assertEquals(0, done.exitCode(), done.toString());
        assertTrue(done.err().contains("validation 0."), done.toString());
        assertTrue(done.out().contains("lowest on held-out trials "), done.toString());
        TrainingConfig config = RunDirectory.config(run);
        ModelOptions model = config.model();
        assertEquals(0.5, model.dale());
        assertEquals(ModelOptions.Mask.random(0.6, 4), model.mask());
        assertFalse(model.selfConnections());
        assertEquals(2, model.fixed().size());
        assertEquals(2, model.fixed().get(1).entries().count());
        assertEquals(0.05, model.recurrentNoiseSd());
        assertTrue(model.trainInitialState() && model.trainTau());
        assertEquals(new FitOptions(1e-4, 1e-3, Schedule.step(1, 0.5), 0.25, 2), config.fit());
        assertEquals(0.0, ((Adam.Options) config.optimizer()).decay());
        Npz npz = Npz.read(run.resolve("final.npz"));
        for (String key : new String[] {"dale_sign", "mask", "noise_sd", "h0"}) {
            assertTrue(npz.has(key), key);
        }
        assertTrue(npz.number("tau_ms") != 5.0);
        assertEquals(
                "epoch,loss,seconds,validation_loss",
                Files.readAllLines(run.resolve("history.csv")).get(0));
        assertTrue(Files.readString(run.resolve("evaluation.json")).contains("bestValidationLoss"));
        assertEquals(0, Cli.run("evaluate", run, "--trials", 8).exitCode());
        Cli analysis = Cli.run("analyze", run, "--out", folder.resolve("analysis"), "--fixed-point-seeds", 10);
        assertEquals(0, analysis.exitCode(), analysis.toString());
        assertTrue(analysis.out().contains("noise 0.05 (not in fixed points and attractors)"), analysis.toString());
        Cli again = Cli.trainTiny(run, "--resume");
        assertEquals(0, again.exitCode(), again.toString());
        assertTrue(again.out().contains("--network best"), again.toString());
        for (Object[] other : new Object[][] {
            {"--patience", 3, "patience is 2"},
            {"--l2-rates", 0, "l2Rates is 0.001"},
            {"--dale", 0.4, "dale is 0.5"},
            {"--density", 0.6, "mask.seed is 4"},
            {"--recurrent-noise", 0, "recurrentNoiseSd is 0.05"},
            {"--schedule", "inverse", "schedule is {\"kind\":\"step\""}
        }) {
            Cli refused = Cli.trainTiny(run, "--resume", other[0], other[1]);
            assertEquals(ExitCode.FAILED, refused.exitCode(), refused.toString());
            assertTrue(refused.err().contains("cannot resume " + run + ": " + other[2] + ""), refused.toString());
        }
    }

    @Test
    void aMaskFromAFileIsTheNetworks() throws Exception {
        double[] ring = new double[36];
        for (int i = 0; i < 6; i++) {
            ring[i * 6 + (i + 1) % 6] = 1;
        }
        Path run = folder.resolve("run");
        Cli done = Cli.trainTiny(run, "--mask", array("ring.npy", ring, 6, 6));
        assertEquals(0, done.exitCode(), done.toString());
        Rnn rnn = NetworkFile.read(run.resolve("final.npz")).rnn();
        double[] w = rnn.copyOf(rnn.shape().wRec());
        for (int i = 0; i < 36; i++) {
            assertEquals(ring[i] == 1, w[i] != 0, "entry " + i);
        }
        // The file isn't asked for once more: the configuration holds the mask.
        assertArrayEquals(
                ring, RunDirectory.config(run).model().mask().entries().toArray());
    }

    @Test
    void theMaskFollowsTheSeedUnlessTold() throws Exception {
        for (int seed = 0; seed < 2; seed++) {
            Path run = folder.resolve("s" + seed);
            assertEquals(
                    0, Cli.trainTiny(run, "--seed", seed, "--density", "0.5").exitCode());
            assertEquals(seed, RunDirectory.config(run).model().mask().seed());
        }
    }

    @Test
    void noiseIsTheSameForTheSameSeed() throws Exception {
        Path run = folder.resolve("run");
        assertEquals(0, Cli.trainTiny(run, "--recurrent-noise", "0.2").exitCode());
        Path x = array("x.npy", new double[2 * 10 * 2], 2, 10, 2);
        double[][] h = new double[3][];
        for (int i = 0; i < 3; i++) {
            Path out = folder.resolve(i + ".npz");
            Cli done = Cli.run("simulate", run, "--inputs", x, "--out", out, "--seed", i / 2);
            assertEquals(0, done.exitCode(), done.toString());
            h[i] = Npz.read(out).doubles("h", 2, 10, 6);
        }
        assertArrayEquals(h[0], h[1]);
        assertFalse(Arrays.equals(h[0], h[2]));
        String first = Cli.run("evaluate", run, "--noise", "0", "--trials", 40, "--seed", 1)
                .out();
        assertTrue(first.contains("40 trials"), first);
        assertEquals(
                first,
                Cli.run("evaluate", run, "--noise", "0", "--trials", 40, "--seed", 1)
                        .out());
        assertFalse(first.equals(Cli.run("evaluate", run, "--noise", "0", "--trials", 40, "--seed", 2)
                .out()));
    }

    @ParameterizedTest
    @CsvSource({
        "inverse, inverse, 0, 1",
        "step:5:0.1, step, 5, 0.1",
        "cosine, cosine, 0, 0",
        "cosine:0.25, cosine, 0, 0.25"
    })
    void schedulesAreRead(String text, String kind, int every, double factor) throws Exception {
        Path run = folder.resolve("run");
        Cli done = Cli.trainTiny(run, "--schedule", text);
        assertEquals(0, done.exitCode(), done.toString());
        TrainingConfig config = RunDirectory.config(run);
        assertEquals(
                new Schedule(Schedule.Kind.of(kind), every, factor),
                config.fit().schedule());
        assertEquals(kind.equals("inverse") ? 1e-4 : 0, ((Adam.Options) config.optimizer()).decay());
    }

    private static Stream<Arguments> wrongUse() {
        return Stream.of(
                use("activation is tanh, expected relu, sigmoid or softplus with Dale's law", "--dale", "0.8"),
                use("dale is 1.5, expected 0 to 1", "--dale", "1.5", "--activation", "relu"),
                use("density is 0.0, expected above 0, at most 1", "--density", "0"),
                use("--mask-seed is given without --density, expected both", "--mask-seed", "1"),
                use("fixed array is W, expected one of W_in, W_rec", "--fixed", "W"),
                use("recurrentNoiseSd is -1.0, expected a finite", "--recurrent-noise", "-1"),
                use("tauMs is 1.0, expected above dtMs = 1.0 where tau is trained", "--train-tau"),
                use("l2Weights is -1.0, expected a finite number, 0 or more", "--l2-weights", "-1"),
                use("--schedule is 'step:2', expected inverse, step:EPOCHS", "--schedule", "step:2"),
                use("--schedule is 'cosine:x', expected inverse, step", "--schedule", "cosine:x"),
                use("schedule is 'exp', expected one of inverse, step, cosine", "--schedule", "exp"),
                use("decay is 0.1, expected 0 with the schedule cosine", "--schedule", "cosine", "--decay", "0.1"),
                use("validation is 1.0, expected 0 or more, below 1", "--validation", "1"),
                use("patience is 3, expected 0 without validation trials", "--patience", "3"));
    }

    private static Arguments use(String message, Object... words) {
        return Arguments.of(message, words);
    }

    @ParameterizedTest
    @MethodSource("wrongUse")
    void wrongUseIsNamedInOneLine(String message, Object[] words) {
        Path run = folder.resolve("run");
        Cli refused = Cli.trainTiny(run, words);
        assertEquals(ExitCode.WRONG_USE, refused.exitCode(), refused.toString());
        assertTrue(refused.err().contains(message), refused.toString());
        assertFalse(Files.exists(run));
    }

    @Test
    void filesThatAreNoSetsAreNamed() throws Exception {
        Path half = array("half.npy", new double[] {0, 1, 0.5, 0}, 2, 2);
        Cli refused = Cli.trainTiny(folder.resolve("run"), "--mask", half);
        assertEquals(ExitCode.FAILED, refused.exitCode(), refused.toString());
        assertTrue(refused.err().contains("--mask " + half + ": entry [1,0] is 0.5, expected 0 or 1"), refused.err());
        Path cube = array("cube.npy", new double[8], 2, 2, 2);
        refused = Cli.trainTiny(folder.resolve("run"), "--fixed", "W_rec=" + cube);
        assertEquals(ExitCode.FAILED, refused.exitCode(), refused.toString());
        assertTrue(refused.err().contains("in 3 dimensions, expected numbers 0 and 1 in one or two"), refused.err());
        Path small = array("small.npy", new double[4], 2, 2);
        refused = Cli.trainTiny(folder.resolve("run"), "--mask", small);
        assertTrue(refused.err().contains("mask is 2 x 2, expected N x N (N = 6)"), refused.err());
        refused = Cli.trainTiny(folder.resolve("run"), "--fixed", "W_rec=" + small);
        assertTrue(
                refused.err().contains("fixed entries of W_rec are 2 x 2, expected 6 x 6 as the array is"),
                refused.err());
        assertEquals(
                ExitCode.FAILED,
                Cli.trainTiny(folder.resolve("run"), "--mask", "absent.npy").exitCode());
    }

    @Test
    void gradcheckCoversThem() {
        Cli run = Cli.run("gradcheck", "--cases", 1, "--units", 4, "--steps", 3);
        assertEquals(0, run.exitCode(), run.toString());
        for (String option : new String[] {"constraints", "L2 on weights", "L2 on rates", "noise", "tau", "all"}) {
            assertTrue(run.out().contains("  " + option + ", sigmoid"), run.toString());
        }
        assertTrue(run.out().contains("  tau    [0,0]"), run.toString());
    }
}
