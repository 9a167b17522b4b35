package attractor.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import attractor.cli.terminal.ExitCode;
import attractor.io.Json;
import attractor.io.NpyArray;
import attractor.io.Npz;
import attractor.kernel.Activation;
import attractor.model.Form;
import attractor.model.NetworkFile;
import attractor.model.Rnn;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The current form on the command line: everything that the rate form can, or a line that says why not. */
class FormCommandsTest {
    @TempDir
    private Path folder;

    private Path run(Object... more) {
        Path run = folder.resolve("run" + more.length);
        Object[] all = new Object[6 + more.length];
        System.arraycopy(new Object[] {"--form", "current", "--tau", 5, "--activation", "softplus"}, 0, all, 0, 6);
        System.arraycopy(more, 0, all, 6, more.length);
        Cli trained = Cli.trainTiny(run, all);
        assertEquals(ExitCode.DONE, trained.exitCode(), trained.toString());
        return run;
    }

    private static void refused(int exitCode, String message, Object... words) {
        Cli cli = Cli.run(words);
        assertEquals(exitCode, cli.exitCode(), cli.toString());
        assertTrue(cli.err().contains(message), cli.toString());
    }

    @Test
    void aTrainingKeepsItsFormAndResumesToTheSameBits() throws IOException {
        Path whole = run("--recurrent-noise", 0.05);
        Rnn rnn = NetworkFile.read(whole.resolve("final.npz")).rnn();
        assertEquals(Form.CURRENT, rnn.form());
        assertEquals(Activation.SOFTPLUS, rnn.activation());
        assertEquals(
                "current",
                Json.read(whole.resolve("run.json")).getObject("configuration").getString("form"));
        Path part = folder.resolve("part");
        Cli first = Cli.run(
                (Object[]) ("train and --units 6 --samples 40 --epochs 1 --form current --tau 5 --activation softplus"
                                + " --recurrent-noise 0.05 --out " + part)
                        .split(" "));
        assertEquals(ExitCode.DONE, first.exitCode(), first.toString());
        Cli resumed = Cli.run("train", "--resume", part, "--epochs", 2);
        assertEquals(ExitCode.DONE, resumed.exitCode(), resumed.toString());
        assertArrayEquals(
                rnn.parameters(),
                NetworkFile.read(part.resolve("final.npz")).rnn().parameters());
        refused(
                ExitCode.WRONG_USE,
                "form is rate, expected current as the network to go on from has",
                "train",
                "and",
                "--from",
                whole,
                "--form",
                "rate",
                "--out",
                folder.resolve("on"));
        refused(ExitCode.WRONG_USE, "form is 'x', expected rate or current", "train", "and", "--form", "x");
    }

    @Test
    void aNetworkIsEvaluatedSimulatedAndAnalysed() throws IOException {
        Path run = run();
        for (String command : new String[] {"evaluate", "analyze"}) {
            Cli cli = command.equals("evaluate")
                    ? Cli.run(command, run)
                    : Cli.run(command, run, "--out", folder.resolve("analysis"));
            assertEquals(ExitCode.DONE, cli.exitCode(), cli.toString());
        }
        assertEquals(
                "current",
                Json.read(folder.resolve("analysis").resolve("analysis.json")).getString("form"));
        refused(ExitCode.FAILED, "the form is current, expected rate (", "export", run, folder.resolve("net.keras"));
    }

    @Test
    void gradientsOfBothFormsAreChecked() {
        Cli cli = Cli.run("gradcheck", "--form", "current", "--units", 4, "--steps", 3, "--batch", 2, "--cases", 6);
        assertEquals(ExitCode.DONE, cli.exitCode(), cli.toString());
        assertTrue(cli.out().contains("softplus, current form"), cli.out());
    }

    /** Weights of nn.RNN and nn.Linear that a program of its own made leaky. */
    @Test
    void leakyNetworksOfOthersAreImported() throws IOException {
        Map<String, NpyArray> arrays = new LinkedHashMap<>();
        arrays.put("weight_ih_l0", NpyArray.of(new double[] {1, 2}, 2, 1));
        arrays.put("weight_hh_l0", NpyArray.of(new double[] {0.1, 0.2, 0.3, 0.4}, 2, 2));
        arrays.put("weight", NpyArray.of(new double[] {1, -1}, 1, 2));
        arrays.put("bias", NpyArray.of(new double[] {0.5}, 1));
        Path theirs = folder.resolve("theirs.npz");
        Npz.write(theirs, arrays);
        Path ours = folder.resolve("ours.npz");
        Cli cli =
                Cli.run("import", theirs, ours, "--activation", "relu", "--dt", 10, "--tau", 100, "--form", "current");
        assertEquals(ExitCode.DONE, cli.exitCode(), cli.toString());
        Rnn rnn = NetworkFile.read(ours).rnn();
        assertEquals(0.1, rnn.alpha());
        assertEquals(Form.CURRENT, rnn.form());
        refused(
                ExitCode.WRONG_USE,
                "--tau is 5.0, expected at least --dt = 10.0",
                "import",
                theirs,
                ours,
                "--dt",
                10,
                "--tau",
                5);
        refused(ExitCode.WRONG_USE, "--form is 'x'", "import", theirs, ours, "--form", "x");
    }

    private static Map<String, NpyArray> psychRnn() {
        Map<String, NpyArray> arrays = new LinkedHashMap<>();
        arrays.put("init_state", NpyArray.of(new double[] {0.1, 0.1, 0.1}, 1, 3));
        arrays.put("W_in", NpyArray.of(new double[] {1, 0, 2, 0.5, 0, 0.25}, 3, 2));
        arrays.put("W_rec", NpyArray.of(new double[] {0, 0.5, -1, 0.25, 0, -0.5, 0, 1, -0.75}, 3, 3));
        arrays.put("W_out", NpyArray.of(new double[] {1, 0.5, 0}, 1, 3));
        arrays.put("b_rec", NpyArray.of(new double[] {0, 0.1, 0.2}, 3));
        arrays.put("b_out", NpyArray.of(new double[] {0.3}, 1));
        arrays.put("Dale_rec", NpyArray.of(new double[] {1, 0, 0, 0, 1, 0, 0, 0, -1}, 3, 3));
        arrays.put("Dale_out", NpyArray.of(new double[] {1, 0, 0, 0, 1, 0, 0, 0, 0}, 3, 3));
        arrays.put("rec_connectivity", NpyArray.of(new double[] {0, 1, 1, 1, 0, 1, 0, 1, 1}, 3, 3));
        arrays.put("dale_ratio", NpyArray.scalar("a pickle in a real file"));
        return arrays;
    }

    @Test
    void aNetworkOfPsychRnnIsReadWithItsSignsAndMask() throws IOException {
        Path theirs = folder.resolve("psychrnn.npz");
        Npz.write(theirs, psychRnn());
        Path ours = folder.resolve("ours.npz");
        Cli cli = Cli.run("import", theirs, ours, "--dt", 10, "--tau", 100);
        assertEquals(ExitCode.DONE, cli.exitCode(), cli.toString());
        assertTrue(cli.err().contains("relu"), cli.err());
        Rnn rnn = NetworkFile.read(ours).rnn();
        assertEquals(Form.CURRENT, rnn.form());
        assertEquals(Activation.RELU, rnn.activation());
        assertArrayEquals(new double[] {1, 1, -1}, rnn.wiring().daleSign());
        assertEquals(Set.of("W_in", "W_out"), rnn.wiring().daleAlso());
        assertEquals(6, rnn.wiring().mask().count());
        assertEquals(0.1, rnn.parameters()[rnn.shape().h0().at(2, 0)]);
        refused(ExitCode.WRONG_USE, "no dt and no tau, expected --dt and --tau", "import", theirs, ours);
        refused(
                ExitCode.WRONG_USE,
                "--form is rate, expected current",
                "import",
                theirs,
                ours,
                "--dt",
                10,
                "--tau",
                100,
                "--form",
                "rate");
        refused(ExitCode.FAILED, "is a network of PsychRNN, whose file has no dt and no tau", "evaluate", theirs);
        Map<String, NpyArray> less = psychRnn();
        less.remove("b_rec");
        Npz.write(theirs, less);
        refused(ExitCode.FAILED, "has no array 'b_rec'", "import", theirs, ours, "--dt", 10, "--tau", 100);
        assertTrue(Files.exists(ours));
    }

    @Test
    void signsAreKeptByTrainingAndByTheFile() throws IOException {
        double[] signs = new double[36];
        double[] out = {1, -1, 0, 0, 0, 0};
        for (int k = 0; k < 36; k++) {
            signs[k] = k % 6 < 4 ? 1 : -1;
        }
        Path rec = folder.resolve("rec.npy");
        Path readout = folder.resolve("out.npy");
        NpyArray.of(signs, 6, 6).write(rec);
        NpyArray.of(out, 1, 6).write(readout);
        Path run = folder.resolve("signs");
        Cli cli = Cli.trainTiny(run, "--signs", "W_rec=" + rec + ",W_out=" + readout, "--lr", 0.1);
        assertEquals(ExitCode.DONE, cli.exitCode(), cli.toString());
        Npz npz = Npz.read(run.resolve("final.npz"));
        assertArrayEquals(signs, npz.doubles("sign_W_rec", 6, 6));
        double[] w = npz.doubles("W_rec", 6, 6);
        boolean held = false;
        for (int k = 0; k < 36; k++) {
            assertTrue(w[k] * signs[k] >= 0, "W_rec " + k + " is " + w[k]);
            held |= w[k] == 0;
        }
        assertTrue(held, "no weight was held at 0, so that the projection wasn't tried");
        assertTrue(npz.doubles("W_out", 1, 6)[0] >= 0 && npz.doubles("W_out", 1, 6)[1] <= 0);
        Rnn rnn = NetworkFile.read(run.resolve("final.npz")).rnn();
        assertEquals(2, rnn.wiring().signs().size());
        refused(
                ExitCode.WRONG_USE,
                "signs of W_rec are 6 x 6, expected N = 7 rows and columns",
                "train",
                "and",
                "--units",
                7,
                "--signs",
                "W_rec=" + rec);
        refused(
                ExitCode.WRONG_USE,
                "signs of W_rec are given, expected none where Dale's law says them",
                "train",
                "and",
                "--units",
                6,
                "--activation",
                "relu",
                "--dale",
                0.8,
                "--signs",
                "W_rec=" + rec);
        refused(ExitCode.WRONG_USE, "expected it with Dale's law only", "train", "and", "--dale-also", "W_out");
        refused(ExitCode.WRONG_USE, "expected ARRAY=F.npy", "train", "and", "--signs", rec);
    }

    @Test
    void rowsWithoutInhibitionAreSaid() {
        Cli cli = Cli.trainTiny(folder.resolve("all"), "--activation", "relu", "--dale", 1);
        assertEquals(ExitCode.DONE, cli.exitCode(), cli.toString());
        assertTrue(cli.err().contains("to 6 of 6 units are all of one sign"), cli.err());
    }
}
