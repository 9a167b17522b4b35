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
import attractor.model.NetworkFile;
import attractor.model.Precision;
import attractor.model.Rnn;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
            }
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
