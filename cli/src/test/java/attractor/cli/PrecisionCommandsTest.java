package attractor.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import attractor.cli.terminal.ExitCode;
import attractor.interchange.ForeignNetwork;
import attractor.io.Json;
import attractor.io.JsonObject;
import attractor.io.NpyArray;
import attractor.io.Npz;
import attractor.io.Safetensors;
import attractor.model.NetworkFile;
import attractor.model.Precision;
import attractor.model.Rnn;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** --precision, from the training to the files of other libraries. */
class PrecisionCommandsTest {
    @TempDir
    private Path folder;

    private static Cli done(Object... words) {
        Cli cli = Cli.run(words);
        assertEquals(ExitCode.DONE, cli.exitCode(), cli.toString());
        return cli;
    }

    private Path trained() {
        Path run = folder.resolve("run");
        Cli cli = Cli.trainTiny(run, "--precision", "float");
        assertEquals(ExitCode.DONE, cli.exitCode(), cli.toString());
        return run;
    }

    private static String precision(Path run) throws IOException {
        return Json.read(run.resolve("run.json")).getObject("configuration").getString("precision");
    }

    @Test
    void aTrainingIsEvaluatedAndGoneOnFromInItsPrecision() throws IOException {
        Path run = trained();
        assertEquals("float", precision(run));
        JsonObject own = Json.parseObject(done("evaluate", run, "--json").out(), "evaluate");
        assertEquals("float", own.getString("precision"));
        JsonObject wide = Json.parseObject(
                done("evaluate", run, "--json", "--precision", "double").out(), "evaluate");
        assertEquals("double", wide.getString("precision"));
        double first = own.getObjects("scores").get(0).getDouble("rmse");
        double second = wide.getObjects("scores").get(0).getDouble("rmse");
        assertEquals(second, first, 1e-5);
        assertTrue(first != second, "float and double have the same bits: " + first);
        Path on = folder.resolve("on");
        Cli further = Cli.trainTiny(on, "--from", run);
        assertEquals(ExitCode.DONE, further.exitCode(), further.toString());
        assertEquals("float", precision(on));
        assertFalse(further.err().contains("rounded"), further.toString());
    }

    @Test
    void aNetworkInDoubleIsRoundedAndTheCommandSaysSo() throws IOException {
        Path run = folder.resolve("double");
        assertEquals(ExitCode.DONE, Cli.trainTiny(run).exitCode());
        Cli evaluated = done("evaluate", run, "--precision", "float");
        assertTrue(
                evaluated.err().contains("parameters are float64 and were rounded to float32"), evaluated.toString());
        Path on = folder.resolve("rounded");
        Cli further = Cli.trainTiny(on, "--from", run, "--precision", "float");
        assertEquals(ExitCode.DONE, further.exitCode(), further.toString());
        assertTrue(further.err().contains("were rounded to float32"), further.toString());
        assertEquals("float", precision(on));
        Cli wrong = Cli.run("evaluate", run, "--precision", "half");
        assertEquals(ExitCode.WRONG_USE, wrong.exitCode());
        assertTrue(wrong.err().contains("--precision is 'half', expected double or float"), wrong.toString());
    }

    @Test
    void exportsAreInFloat32() throws IOException {
        Path run = trained();
        Rnn rnn = NetworkFile.read(run.resolve("final.npz")).rnn();
        for (String name : new String[] {"net.h5", "net.keras", "net.weights.h5", "net.safetensors"}) {
            Path single = folder.resolve(name);
            Path wide = folder.resolve("wide-" + name);
            done("export", run, single);
            done("export", run, wide, "--precision", "double");
            assertTrue(Files.size(single) < Files.size(wide), name);
            for (Path file : new Path[] {single, wide}) {
                Rnn read = ForeignNetwork.read(file, null, note -> {}).orElseThrow();
                assertArrayEquals(rnn.parameters(), read.parameters(), file.toString());
                // It comes back as it went.
                assertEquals(file == single ? Precision.FLOAT : Precision.DOUBLE, read.precision(), file.toString());
            }
            assertSameInputsSameStates(run, single);
        }
    }

    /** A file of another library made from a network in float is simulated as the network: in float, to the bit. */
    private void assertSameInputsSameStates(Path run, Path exported) throws IOException {
        Path x = folder.resolve("inputs.npy");
        double[] inputs = new double[3 * 20 * 2];
        Arrays.setAll(inputs, i -> Math.sin(i));
        NpyArray.of(inputs, 3, 20, 2).write(x);
        Path ours = folder.resolve("ours.npz");
        Path theirs = folder.resolve("theirs.npz");
        done("simulate", run, "--inputs", x, "--out", ours);
        done("simulate", exported, "--inputs", x, "--out", theirs);
        for (String array : new String[] {"h", "y"}) {
            assertTrue(Npz.read(theirs).get(array).isSingle(), exported.toString());
            assertArrayEquals(
                    Npz.read(ours).get(array).doubles(),
                    Npz.read(theirs).get(array).doubles());
        }
    }

    @Test
    void anImportKeepsThePrecisionOrSaysWhichItIs() throws IOException {
        Path run = trained();
        Rnn rnn = NetworkFile.read(run.resolve("final.npz")).rnn();
        for (String name : new String[] {"net.h5", "net.keras", "net.weights.h5", "net.safetensors"}) {
            Path file = folder.resolve(name);
            Path back = folder.resolve("back.npz");
            done("export", run, file);
            Cli kept = done("import", file, back);
            assertFalse(kept.err().contains("float"), kept.toString());
            Rnn read = NetworkFile.read(back).rnn();
            assertEquals(Precision.FLOAT, read.precision(), name);
            assertTrue(Npz.read(back).get("W_rec").isSingle(), name);
            assertArrayEquals(rnn.parameters(), read.parameters(), name);

            done("import", file, back, "--precision", "double");
            assertEquals(Precision.DOUBLE, NetworkFile.read(back).rnn().precision(), name);
            assertArrayEquals(rnn.parameters(), NetworkFile.read(back).rnn().parameters(), name);
        }
        // Another library's float32 is read exactly, into double.
        Path torch = folder.resolve("torch.npz");
        Map<String, NpyArray> weights = new HashMap<>();
        weights.put("weight_ih_l0", NpyArray.ofSingles(rnn.copyOf(rnn.shape().wIn()), rnn.units(), rnn.inputs()));
        weights.put("weight_hh_l0", NpyArray.ofSingles(rnn.copyOf(rnn.shape().wRec()), rnn.units(), rnn.units()));
        weights.put("weight", NpyArray.ofSingles(rnn.copyOf(rnn.shape().wOut()), rnn.outputs(), rnn.units()));
        weights.put("bias", NpyArray.ofSingles(rnn.copyOf(rnn.shape().bOut()), rnn.outputs()));
        Npz.write(torch, weights);
        Path out = folder.resolve("out.npz");
        Cli wide = done("import", torch, out, "--activation", "tanh");
        // Nothing was rounded, so there is nothing to note.
        assertEquals("", wide.err());
        assertTrue(wide.out().endsWith(", in double" + System.lineSeparator()), wide.out());
        assertEquals(Precision.DOUBLE, NetworkFile.read(out).rnn().precision());
        Cli single = done("import", torch, out, "--activation", "tanh", "--precision", "float");
        assertFalse(single.err().contains("float32"), single.toString());
        assertEquals(Precision.FLOAT, NetworkFile.read(out).rnn().precision());
        // And what is more than float32 is rounded only on request, which is said.
        double[] third = rnn.copyOf(rnn.shape().bOut());
        third[0] = 1.0 / 3;
        weights.put("bias", NpyArray.of(third, rnn.outputs()));
        Npz.write(torch, weights);
        Cli rounded = done("import", torch, out, "--activation", "tanh", "--precision", "float");
        assertTrue(rounded.err().contains("1 of "), rounded.toString());
        assertTrue(rounded.err().contains("parameters are float64 and were rounded to float32"), rounded.toString());
    }

    @Test
    void aFileWhoseWeightsDenyItsPrecisionIsRefused() throws IOException {
        Rnn rnn = NetworkFile.read(trained().resolve("final.npz")).rnn();
        Path file = folder.resolve("net.safetensors");
        Map<String, NpyArray> tensors = new HashMap<>();
        tensors.put("rnn.weight_ih_l0", NpyArray.of(rnn.copyOf(rnn.shape().wIn()), rnn.units(), rnn.inputs()));
        tensors.put("rnn.weight_hh_l0", NpyArray.of(rnn.copyOf(rnn.shape().wRec()), rnn.units(), rnn.units()));
        tensors.put("readout.weight", NpyArray.of(rnn.copyOf(rnn.shape().wOut()), rnn.outputs(), rnn.units()));
        double[] third = rnn.copyOf(rnn.shape().bOut());
        third[0] = 1.0 / 3;
        tensors.put("readout.bias", NpyArray.of(third, rnn.outputs()));
        for (String stated : new String[] {"float", "half"}) {
            Safetensors.write(file, tensors, Map.of("nonlinearity", "tanh", "precision", stated));
            Cli cli = Cli.run("import", file, folder.resolve("out.npz"));
            assertEquals(ExitCode.FAILED, cli.exitCode(), cli.toString());
            assertTrue(
                    cli.err()
                            .contains(
                                    stated.equals("half")
                                            ? "precision is 'half', expected double or float"
                                            : "says that its precision is float, and a weight is 0.3333333333333333, expected"),
                    cli.toString());
        }
    }

    @Test
    void aSimulationIsInFloat32() throws IOException {
        Path run = trained();
        Path x = folder.resolve("x.npy");
        NpyArray.of(new double[2 * 5 * 2], 2, 5, 2).write(x);
        Path out = folder.resolve("out.npz");
        done("simulate", run, "--inputs", x, "--out", out);
        assertTrue(Npz.read(out).get("h").isSingle());
        done("simulate", run, "--inputs", x, "--out", out, "--precision", "double");
        assertFalse(Npz.read(out).get("h").isSingle());
    }

    /** A file of weights in float32 that doesn't say its precision is a network in double, as ever. */
    @Test
    void aFileWithoutItsPrecisionIsInDouble() throws IOException {
        Rnn rnn = NetworkFile.read(trained().resolve("final.npz")).rnn();
        Path file = folder.resolve("weights.npz");
        Npz.write(
                file,
                Map.of(
                        "W_in", NpyArray.ofSingles(rnn.copyOf(rnn.shape().wIn()), rnn.units(), rnn.inputs()),
                        "W_rec", NpyArray.ofSingles(rnn.copyOf(rnn.shape().wRec()), rnn.units(), rnn.units()),
                        "W_out", NpyArray.ofSingles(rnn.copyOf(rnn.shape().wOut()), rnn.outputs(), rnn.units()),
                        "b_out", NpyArray.ofSingles(rnn.copyOf(rnn.shape().bOut()), rnn.outputs())));
        assertEquals(Precision.DOUBLE, NetworkFile.read(file).rnn().precision());
    }

    @Test
    void gradcheckComparesWithDouble() {
        Cli cli = done("gradcheck", "--precision", "float", "--cases", 2, "--units", 4, "--steps", 5, "--batch", 3);
        assertTrue(cli.out().contains("float against double") && cli.out().endsWith("passed\n"), cli.toString());
    }

    @Test
    void aStudyOfBothPrecisionsHasMcNemarsTest() throws IOException {
        Path out = folder.resolve("study");
        done(
                "study",
                "success",
                "--tasks",
                "and",
                "--init",
                "normal",
                "--both-precisions",
                "--networks",
                2,
                "--units",
                5,
                "--samples",
                40,
                "--epochs",
                1,
                "--out",
                out);
        JsonObject summary = Json.read(out.resolve("summary.json"));
        JsonObject all = summary.getObjects("precisions").get(1);
        assertEquals("all", all.getString("task"));
        assertEquals(2, all.getLong("neither"));
        assertEquals(1.0, all.getDouble("mcnemarP"));
        assertEquals(2, summary.getObjects("cells").get(0).getLong("trained"));
        assertTrue(Files.readString(out.resolve("report.md")).contains("McNemar's exact test"));
    }
}
