package attractor.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import attractor.analysis.Lesion;
import attractor.analysis.Lesion.Sign;
import attractor.cli.terminal.ExitCode;
import attractor.dynamics.Simulator;
import attractor.io.NpyArray;
import attractor.io.Npz;
import attractor.kernel.Activation;
import attractor.model.NetworkFile;
import attractor.model.Rnn;
import attractor.model.RnnShape;
import attractor.random.RandomStream;
import attractor.random.RandomStream.Purpose;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code attractor simulate --change}. */
class SimulateChangeTest {
    private static final int UNITS = 6;
    private static final int STEPS = 40;

    @TempDir
    private Path folder;

    private Path net;
    private Rnn rnn;

    @BeforeEach
    void writeNetwork() throws Exception {
        RnnShape shape = new RnnShape(2, UNITS, 1);
        double[] p = new double[shape.parameters()];
        new RandomStream(0, Purpose.of("change-test"), 0).fillGaussian(p, 0, p.length, 0.4);
        rnn = new Rnn(shape, Activation.TANH, 2, 2, true, p);
        net = folder.resolve("net.npz");
        NetworkFile.write(net, rnn, Map.of());
    }

    private Cli simulate(String change, Object... more) throws Exception {
        Path file = folder.resolve("change.json");
        Files.writeString(file, change);
        Object[] words = new Object[6 + more.length];
        System.arraycopy(
                new Object[] {"simulate", net, "--change", file, "--out", folder.resolve("out.npz")}, 0, words, 0, 6);
        System.arraycopy(more, 0, words, 6, more.length);
        return Cli.run(words);
    }

    private double[] done(String name, String change, Object... more) throws Exception {
        Cli cli = simulate(change, more);
        assertEquals(ExitCode.DONE, cli.exitCode(), cli.toString());
        Npz npz = Npz.read(folder.resolve("out.npz"));
        return npz.get(name).toDoubles(name);
    }

    /** A square pulse of height 2 on input 1, from 20 ms on for 10 ms, with steps of 2 ms. */
    private static double[] input() {
        double[] x = new double[STEPS * 2];
        for (int t = 10; t < 15; t++) {
            x[t * 2 + 1] = 2;
        }
        return x;
    }

    private static String change(String more) {
        return "{\"schema\": \"attractor/change/1\", \"durationMs\": 80, \"pulses\": [{\"input\": 1, \"fromMs\": 20, "
                + "\"lengthMs\": 10, \"height\": 2}]" + more + "}";
    }

    @Test
    void pulsesMakeATrial() throws Exception {
        assertArrayEquals(new Simulator(rnn).run(input(), 1, STEPS).h(), done("h", change("")));
    }

    @Test
    void anotherTauAndLesionsAreTheLibrarys() throws Exception {
        Rnn expected = rnn.copy();
        double[] p = expected.parameters();
        double[] original = rnn.parameters();
        int w = rnn.shape().wRec().offset();
        for (int k = 0; k < UNITS * UNITS; k++) {
            if (original[w + k] < 0 && original[w + k] >= -0.2) {
                p[w + k] = 0;
            }
        }
        // Chosen in the intact network, although the band has taken some of them already.
        double[] random = new Lesion.RandomConnections(Sign.BOTH, 5, 7, 2)
                .apply(rnn)
                .network()
                .parameters();
        for (int k = 0; k < p.length; k++) {
            p[k] = random[k] == 0 ? 0 : p[k];
        }
        p[w + 2 * UNITS + 3] = 0;
        double[] h = done(
                "h",
                change(
                        ", \"tauMs\": 8, \"lesions\": [{\"kind\": \"band\", \"sign\": \"negative\", \"above\": 0, \"upTo\": 0.2}, "
                                + "{\"kind\": \"random\", \"sign\": \"both\", \"count\": 5, \"seed\": 7, \"draw\": 2}, "
                                + "{\"kind\": \"connections\", \"connections\": [[2, 3]]}]"));
        assertArrayEquals(
                new Simulator(expected.withTau(8)).run(input(), 1, STEPS).h(), h);
    }

    @Test
    void modesAndUnitsGoTogether() throws Exception {
        double[] mode = new Lesion.Mode(0).apply(rnn).network().parameters();
        double[] p = new Lesion.Units(List.of(4))
                .apply(rnn.withParameters(mode))
                .network()
                .parameters();
        double[] h = done(
                "h",
                change(
                        ", \"lesions\": [{\"kind\": \"units\", \"units\": [4]}, {\"kind\": \"mode\", \"eigenvalue\": 0}]"));
        assertArrayEquals(
                new Simulator(rnn.withParameters(p)).run(input(), 1, STEPS).h(), h, 1e-12);
    }

    @Test
    void aKickMovesTheStateBeforeItsStep() throws Exception {
        double[] by = {0.5, 0, 0, 0, 0, -1};
        double[] h = done("h", change(", \"kicks\": [{\"atMs\": 30, \"by\": [0.5, 0, 0, 0, 0, -1]}]"));
        Simulator simulator = new Simulator(rnn);
        double[] before = simulator.run(input(), 1, STEPS).h();
        int at = 15;
        double[] state = new double[UNITS];
        for (int i = 0; i < UNITS; i++) {
            state[i] = before[(at - 1) * UNITS + i] + by[i];
        }
        double[] rest = new double[(STEPS - at) * 2];
        System.arraycopy(input(), at * 2, rest, 0, rest.length);
        double[] after = simulator.run(rest, 1, STEPS - at, state, true).h();
        for (int k = 0; k < h.length; k++) {
            assertEquals(k < at * UNITS ? before[k] : after[k - at * UNITS], h[k], "value " + k);
        }
    }

    @Test
    void noiseInTheStatesGoesOnAfterAKickOfNothing() throws Exception {
        NetworkFile.write(net, rnn.withTau(4).withNoise(0.2), Map.of());
        double[] without = done("h", change(""), "--seed", 5);
        double[] with = done("h", change(", \"kicks\": [{\"atMs\": 30, \"by\": [0, 0, 0, 0, 0, 0]}]"), "--seed", 5);
        assertArrayEquals(without, with);
    }

    @Test
    void pulsesAndNoiseAreAddedToGivenInputs() throws Exception {
        double[] x = new double[2 * STEPS * 2];
        for (int k = 0; k < x.length; k++) {
            x[k] = k % 7 * 0.1;
        }
        Path inputs = folder.resolve("x.npy");
        NpyArray.of(x, 2, STEPS, 2).write(inputs);
        double[] sum = x.clone();
        for (int s = 0; s < 2; s++) {
            sum[(s * STEPS + 1) * 2] += 3 * 0.5;
            sum[(s * STEPS + 2) * 2] += 3 * 1.0;
        }
        double[] y = done(
                "y",
                "{\"schema\": \"attractor/change/1\", \"pulses\": [{\"input\": 0, \"fromMs\": 2, \"lengthMs\": 4, \"height\": 3, "
                        + "\"shape\": [0.5, 1]}]}",
                "--inputs",
                inputs);
        assertArrayEquals(new Simulator(rnn).run(sum, 2, STEPS).y(), y);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{}|schema is missing, expected 'attractor/change/1'",
                "{\"schema\": \"attractor/change/2\"}|schema is 'attractor/change/2', expected 'attractor/change/1'",
                "{\"schema\": \"attractor/change/1\", \"lesion\": []}|has the unknown member 'lesion'",
                "{\"schema\": \"attractor/change/1\", \"durationMs\": 80, \"lesions\": [{\"kind\": \"half\"}]}|lesions[0]: kind is 'half', expected band",
                "{\"schema\": \"attractor/change/1\", \"durationMs\": 80, \"lesions\": [{\"kind\": \"band\", \"sign\": \"any\", \"above\": 0, \"upTo\": 1}]}|sign is 'any', expected both, positive or negative",
                "{\"schema\": \"attractor/change/1\", \"durationMs\": 80, \"lesions\": [{\"kind\": \"band\", \"sign\": \"both\", \"above\": 2, \"upTo\": 1}]}|band is 2.0 < |w| <= 1.0",
                "{\"schema\": \"attractor/change/1\", \"durationMs\": 80, \"lesions\": [{\"kind\": \"strongest\", \"sign\": \"both\", \"count\": 99}]}|connections to remove are 99, expected at most 36",
                "{\"schema\": \"attractor/change/1\", \"durationMs\": 80, \"lesions\": [{\"kind\": \"units\", \"units\": [6]}]}|unit to remove is 6, expected 0 to N - 1 = 5",
                "{\"schema\": \"attractor/change/1\", \"durationMs\": 80, \"lesions\": [{\"kind\": \"units\", \"units\": [1.5]}]}|a unit is 1.5, expected a whole number",
                "{\"schema\": \"attractor/change/1\", \"durationMs\": 80, \"lesions\": [{\"kind\": \"mode\", \"eigenvalue\": 6}]}|index of the eigenvalue to remove is 6, expected 0 to N - 1 = 5",
                "{\"schema\": \"attractor/change/1\", \"durationMs\": 80, \"lesions\": [{\"kind\": \"connections\", \"connections\": [[0, 6]]}]}|connection [0, 6], expected units from 0 to N - 1 = 5",
                "{\"schema\": \"attractor/change/1\", \"durationMs\": 80, \"lesions\": [{\"kind\": \"connections\", \"connections\": [[0]]}]}|a connection is [0], expected two units",
                "{\"schema\": \"attractor/change/1\", \"durationMs\": 80, \"kicks\": [{\"atMs\": 0, \"by\": [1]}]}|by of a kick has 1 value, expected N = 6",
                "{\"schema\": \"attractor/change/1\", \"durationMs\": 80, \"kicks\": [{\"atMs\": 80, \"by\": [1, 1, 1, 1, 1, 1]}]}|a kick comes at 80.0 ms, expected a time before 80.0 ms",
                "{\"schema\": \"attractor/change/1\", \"durationMs\": 80, \"kicks\": [{\"atMs\": -1, \"by\": []}]}|atMs is -1.0, expected a time in ms, 0 or more",
                "{\"schema\": \"attractor/change/1\", \"durationMs\": 80, \"tauMs\": 1}|tau is 1.0 ms, expected 0 < dt <= tau",
                "{\"schema\": \"attractor/change/1\", \"durationMs\": 80, \"pulses\": [{\"input\": 2, \"fromMs\": 0, \"lengthMs\": 2, \"height\": 1}]}|a pulse is on input 2, expected 0 to I - 1 = 1",
                "{\"schema\": \"attractor/change/1\", \"durationMs\": 80, \"pulses\": [{\"input\": 0, \"fromMs\": 0, \"lengthMs\": 4, \"height\": 1, \"shape\": [1]}]}|shape of a pulse has 1 value, expected 2",
                "{\"schema\": \"attractor/change/1\", \"durationMs\": 80, \"noise\": [[0, 0]]}|noise has 1 row, expected 40",
                "{\"schema\": \"attractor/change/1\", \"durationMs\": 2, \"noise\": [[0]]}|noise[0] has 1 value, expected I = 2",
                "{\"schema\": \"attractor/change/1\", \"durationMs\": 2, \"noise\": [1]}|noise has 1, expected an array of numbers",
                "{\"schema\": \"attractor/change/1\", \"durationMs\": 0}|durationMs is 0.0, 0 steps of 2.0 ms, expected at least 1",
                "{\"schema\": \"attractor/change/1\", \"durationMs\": 80, \"lesions\": {}}|lesions is an object, expected an array",
                "[]|change.json"
            })
    void whatIsWrongIsSaidInOneLine(String change, String expected) throws Exception {
        Cli cli = simulate(change);
        assertEquals(ExitCode.FAILED, cli.exitCode(), cli.toString());
        assertTrue(cli.err().contains(expected), cli.toString());
        assertEquals(1, cli.err().lines().count(), cli.toString());
        assertFalse(Files.exists(folder.resolve("out.npz")));
    }

    @Test
    void inputsAndATrialOfItsOwnExcludeEachOther() throws Exception {
        Cli both = simulate(change(""), "--inputs", folder.resolve("x.npy"));
        assertEquals(ExitCode.WRONG_USE, both.exitCode(), both.toString());
        assertTrue(both.err().contains("expected one of them"), both.toString());
        Cli none = simulate("{\"schema\": \"attractor/change/1\"}");
        assertEquals(ExitCode.WRONG_USE, none.exitCode(), none.toString());
        assertTrue(none.err().contains("has no trial (durationMs), expected --inputs too"), none.toString());
        Cli nothing = Cli.run("simulate", net, "--out", folder.resolve("out.npz"));
        assertEquals(ExitCode.WRONG_USE, nothing.exitCode(), nothing.toString());
        assertTrue(nothing.err().contains("missing --inputs"), nothing.toString());
    }
}
