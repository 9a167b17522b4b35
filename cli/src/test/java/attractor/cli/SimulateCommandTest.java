package attractor.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import attractor.cli.terminal.ExitCode;
import attractor.io.NpyArray;
import attractor.io.Npz;
import attractor.kernel.Activation;
import attractor.model.NetworkFile;
import attractor.model.Rnn;
import attractor.model.RnnShape;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code attractor simulate}. */
class SimulateCommandTest {
    private static final int TRIALS = 2;
    private static final int STEPS = 3;

    @TempDir
    private Path folder;

    private Path net;
    private Path out;

    /** Two units: h0 sums input 0 over time, h1 is h0 a step before plus 10 x input 1; y = h0 + 100 h1 + 0.5. */
    @BeforeEach
    void writeNetwork() throws Exception {
        RnnShape s = new RnnShape(2, 2, 1);
        double[] p = new double[s.parameters()];
        p[s.wIn().at(0, 0)] = 1;
        p[s.wIn().at(1, 1)] = 10;
        p[s.wRec().at(0, 0)] = 1;
        p[s.wRec().at(1, 0)] = 1;
        p[s.wOut().at(0, 0)] = 1;
        p[s.wOut().at(0, 1)] = 100;
        p[s.bOut().at(0, 0)] = 0.5;
        net = folder.resolve("net.npz");
        out = folder.resolve("out.npz");
        NetworkFile.write(net, new Rnn(s, Activation.IDENTITY, 1, 1, false, p), Map.of());
    }

    /** x[b, t, i], small multiples of 1/4. */
    private static double x(int b, int t, int i) {
        return (1 + b * 7 + t * 2 + i * 3) / 4.0;
    }

    private void assertSimulated(Path inputs) throws Exception {
        Cli run = Cli.run("simulate", net, "--inputs", inputs, "--out", out);
        assertEquals(ExitCode.DONE, run.exitCode(), run.toString());
        Npz npz = Npz.read(out);
        double[] h = new double[TRIALS * STEPS * 2];
        double[] y = new double[TRIALS * STEPS];
        for (int b = 0; b < TRIALS; b++) {
            double sum = 0;
            for (int t = 0; t < STEPS; t++) {
                int row = b * STEPS + t;
                h[row * 2 + 1] = sum + 10 * x(b, t, 1);
                sum += x(b, t, 0);
                h[row * 2] = sum;
                y[row] = h[row * 2] + 100 * h[row * 2 + 1] + 0.5;
            }
        }
        assertArrayEquals(h, npz.doubles("h", TRIALS, STEPS, 2));
        assertArrayEquals(y, npz.doubles("y", TRIALS, STEPS, 1));
    }

    @Test
    void statesAndOutputsAreThoseByHand() throws Exception {
        double[] values = new double[TRIALS * STEPS * 2];
        for (int k = 0; k < values.length; k++) {
            values[k] = x(k / (STEPS * 2), k / 2 % STEPS, k % 2);
        }
        Path inputs = folder.resolve("x.npy");
        NpyArray.of(values, TRIALS, STEPS, 2).write(inputs);
        assertSimulated(inputs);
    }

    @Test
    void singlePrecisionInFortranOrderWillDo() throws Exception {
        String header = "{'descr': '<f4', 'fortran_order': True, 'shape': (2, 3, 2), }";
        String padded = header + " ".repeat(117 - header.length()) + "\n";
        ByteBuffer file = ByteBuffer.allocate(128 + 4 * TRIALS * STEPS * 2).order(ByteOrder.LITTLE_ENDIAN);
        file.put(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0}).putShort((short) 118);
        file.put(padded.getBytes(StandardCharsets.US_ASCII));
        for (int i = 0; i < 2; i++) {
            for (int t = 0; t < STEPS; t++) {
                for (int b = 0; b < TRIALS; b++) {
                    file.putFloat((float) x(b, t, i));
                }
            }
        }
        assertFalse(file.hasRemaining());
        assertSimulated(Files.write(folder.resolve("x.npy"), file.array()));
    }

    @Test
    void whatIsWrongWithTheInputsIsSaidInOneLine() throws Exception {
        assertRefused(NpyArray.of(new double[12], 2, 3, 2), null);
        assertRefused(NpyArray.of(new double[18], 2, 3, 3), "has shape [2, 3, 3], expected [trials, T, I] with I = 2");
        assertRefused(NpyArray.of(new long[12], 2, 3, 2), null);
        assertRefused(
                NpyArray.of(new double[6], 3, 2),
                "has shape [3, 2], expected [trials, T, I] with I = 2 as the network has; in NumPy, x[np.newaxis] makes one "
                        + "trial of (T, channels)");
        assertRefused(NpyArray.of(new double[0], 0, 3, 2), "has shape [0, 3, 2]");
        assertRefused(NpyArray.of(new String[] {"a", "b"}, 1, 1, 2), "expected numbers");
        double[] infinite = new double[12];
        infinite[9] = Double.NEGATIVE_INFINITY;
        assertRefused(NpyArray.of(infinite, 2, 3, 2), "x[1, 1, 1] is -Infinity, expected a finite number");
    }

    /** A null message: it is taken. */
    private void assertRefused(NpyArray x, String message) throws Exception {
        Path inputs = folder.resolve("x.npy");
        x.write(inputs);
        Files.deleteIfExists(out);
        Cli run = Cli.run("simulate", net, "--inputs", inputs, "--out", out);
        assertEquals(message == null ? ExitCode.DONE : ExitCode.FAILED, run.exitCode(), run.toString());
        assertEquals(message == null, Files.exists(out));
        if (message != null) {
            assertEquals(1, run.err().lines().count(), run.toString());
            assertTrue(run.err().contains(inputs.toString()) && run.err().contains(message), run.toString());
        }
    }

    /** As train --data: nothing in the padding is read, and nothing of it is a result. */
    @Test
    void paddingOfAFileOfTrialsIsNeitherReadNorWritten() throws Exception {
        double[] values = new double[TRIALS * STEPS * 2];
        for (int k = 0; k < values.length; k++) {
            values[k] = x(k / (STEPS * 2), k / 2 % STEPS, k % 2);
        }
        Path whole = folder.resolve("x.npy");
        NpyArray.of(values, TRIALS, STEPS, 2).write(whole);
        Cli.run("simulate", net, "--inputs", whole, "--out", out);
        double[] h = Npz.read(out).doubles("h", TRIALS, STEPS, 2);
        // The last step of trial 0 and the last two of trial 1 are padding.
        values[4] = Double.NaN;
        values[8] = 1e308;
        values[9] = Double.NEGATIVE_INFINITY;
        Arrays.fill(h, 4, 6, Double.NaN);
        Arrays.fill(h, 8, 12, Double.NaN);
        NpyArray mask = NpyArray.of(new long[] {1, 1, 0, 1, 0, 0}, TRIALS, STEPS);
        Path trials = folder.resolve("trials.npz");
        for (boolean withTargets : new boolean[] {false, true}) {
            Map<String, NpyArray> arrays = new LinkedHashMap<>();
            arrays.put("x", NpyArray.of(values, TRIALS, STEPS, 2));
            arrays.put("mask", mask);
            if (withTargets) {
                arrays.put("y", NpyArray.of(new double[TRIALS * STEPS], TRIALS, STEPS, 1));
            }
            Npz.write(trials, arrays);
            Cli run = Cli.run("simulate", net, "--inputs", trials, "--out", out);
            assertEquals(ExitCode.DONE, run.exitCode(), run.toString());
            assertArrayEquals(h, Npz.read(out).doubles("h", TRIALS, STEPS, 2));
            assertFalse(run.err().contains("overflow"), run.toString());
        }
    }

    @Test
    void filesThatAreMissingOrCannotBeWrittenAreNamed() throws Exception {
        Path inputs = folder.resolve("x.npy");
        Cli absent = Cli.run("simulate", net, "--inputs", inputs, "--out", out);
        assertEquals(ExitCode.FAILED, absent.exitCode(), absent.toString());
        assertEquals(
                "attractor: " + inputs + ": no such file or folder",
                absent.err().strip());
        NpyArray.of(new double[2], 1, 1, 2).write(inputs);
        Path nowhere = folder.resolve("nowhere").resolve("out.npz");
        Cli unwritable = Cli.run("simulate", net, "--inputs", inputs, "--out", nowhere);
        assertEquals(ExitCode.FAILED, unwritable.exitCode(), unwritable.toString());
        assertTrue(unwritable.err().contains(nowhere.toString()), unwritable.toString());
        assertEquals(1, unwritable.err().lines().count(), unwritable.toString());
        assertEquals(ExitCode.WRONG_USE, Cli.run("simulate", net).exitCode());
    }

    @Test
    void theFilesThatAreReadAreNotReplaced() throws Exception {
        Path inputs = folder.resolve("x.npz");
        Npz.write(inputs, Map.of("x", NpyArray.of(new double[12], 2, 3, 2)));
        for (Path read : new Path[] {inputs, net}) {
            byte[] before = Files.readAllBytes(read);
            Cli run = Cli.run(
                    "simulate",
                    net,
                    "--inputs",
                    inputs,
                    "--out",
                    folder.resolve(".").resolve(read.getFileName()));
            assertEquals(ExitCode.WRONG_USE, run.exitCode(), run.toString());
            assertTrue(run.err().contains("is read and would be replaced"), run.toString());
            assertArrayEquals(before, Files.readAllBytes(read));
        }
    }

    @Test
    void trialsOfOtherStepsAreRefused() throws Exception {
        Path inputs = folder.resolve("X.NPZ");
        NpyArray x = NpyArray.of(new double[12], 2, 3, 2);
        Npz.write(inputs, Map.of("x", x, "dt_ms", NpyArray.scalar(5.0)));
        Cli run = Cli.run("simulate", net, "--inputs", inputs, "--out", out);
        assertEquals(ExitCode.FAILED, run.exitCode(), run.toString());
        assertTrue(run.err().contains("dt_ms is 5.0, expected 1.0"), run.toString());
        Npz.write(inputs, Map.of("x", x, "dt_ms", NpyArray.scalar(1.0)));
        assertEquals(
                ExitCode.DONE,
                Cli.run("simulate", net, "--inputs", inputs, "--out", out).exitCode());
        assertEquals(
                ExitCode.FAILED,
                Cli.run("simulate", net, "--inputs", "/", "--out", out).exitCode());
        assertFalse(
                Cli.run("simulate", net, "--inputs", "/", "--out", out).err().contains("Exception"));
    }

    @Test
    void anOverflowIsSaid() throws Exception {
        Path inputs = folder.resolve("x.npy");
        double[] values = new double[6];
        values[0] = values[2] = 1.5e308;
        NpyArray.of(values, 1, 3, 2).write(inputs);
        Cli run = Cli.run("simulate", net, "--inputs", inputs, "--out", out);
        assertEquals(ExitCode.FAILED, run.exitCode(), run.toString());
        assertEquals(
                "attractor: " + net + ": the network diverges: h[0, 1, 0] is Infinity",
                run.err().strip());
        assertTrue(Files.exists(out), "the states up to there are written");
    }
}
