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
import attractor.kernel.Activation;
import attractor.model.NetworkFile;
import attractor.model.Rnn;
import attractor.model.RnnShape;
import io.jhdf.HdfFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code attractor import} and {@code attractor export}. */
class ImportExportTest {
    @TempDir
    Path folder;

    /** A network whose numbers need all bits, with a negative zero and a denormal in every array. */
    private static Rnn network(RnnShape shape, Activation activation, boolean bias) {
        double[] p = new Random(7).doubles(shape.parameters(), -1, 1).toArray();
        for (RnnShape.View view : shape.views()) {
            p[view.offset()] = -0.0;
            p[view.end() - 1] = Double.MIN_VALUE;
        }
        Arrays.fill(p, shape.h0().offset(), shape.h0().end(), 0.0);
        if (!bias) {
            Arrays.fill(p, shape.bRec().offset(), shape.bRec().end(), 0.0);
        }
        return new Rnn(shape, activation, 1, 1, bias, p);
    }

    private static long[] bits(Rnn rnn) {
        return Arrays.stream(rnn.parameters())
                .mapToLong(Double::doubleToRawLongBits)
                .toArray();
    }

    private static Cli done(Object... words) {
        Cli run = Cli.run(words);
        assertEquals(ExitCode.DONE, run.exitCode(), run.toString());
        assertEquals("", run.err(), run.toString());
        return run;
    }

    private void assertFailed(int code, String message, Object... words) {
        Cli run = Cli.run(words);
        assertEquals(code, run.exitCode(), run.toString());
        assertEquals("attractor: " + message, run.err().strip(), run.toString());
    }

    @ParameterizedTest
    @CsvSource({
        "net.h5, TANH, true, 2, 5, 3",
        "net.h5, RELU, false, 1, 1, 1",
        "net.hdf5, SIGMOID, true, 1, 1, 1",
        "net.H5, IDENTITY, true, 3, 2, 1",
        "net.keras, TANH, false, 2, 5, 3",
        "net.keras, SIGMOID, true, 1, 1, 1",
        "net.keras, IDENTITY, true, 1, 70, 1",
        "net.weights.h5, TANH, true, 2, 5, 3",
        "net.weights.h5, TANH, false, 1, 1, 1",
        "net.safetensors, TANH, true, 2, 5, 3",
        "net.weights.h5, RELU, true, 2, 3, 1",
        "net.safetensors, RELU, false, 1, 1, 1"
    })
    void everyBitComesBack(String name, Activation activation, boolean bias, int i, int n, int o) throws IOException {
        Rnn rnn = network(new RnnShape(i, n, o), activation, bias);
        Path net = folder.resolve("net.npz");
        Path out = folder.resolve(name);
        Path back = folder.resolve("back.npz");
        NetworkFile.write(net, rnn, Map.of());
        String summary = String.format(
                "%s, %d unit%s, %d input%s, %d output%s, %s",
                activation.id(),
                n,
                n == 1 ? "" : "s",
                i,
                i == 1 ? "" : "s",
                o,
                o == 1 ? "" : "s",
                bias ? "recurrent bias" : "no recurrent bias");
        assertEquals(out + ": " + summary, done("export", net, out).out().strip());
        assertEquals(
                back + ": " + summary + ", in double",
                done("import", out, back).out().strip());
        NetworkFile.Network read = NetworkFile.read(back);
        assertEquals(rnn.shape(), read.rnn().shape());
        assertEquals(activation, read.rnn().activation());
        assertEquals(bias, read.rnn().recurrentBias());
        assertArrayEquals(bits(rnn), bits(read.rnn()));
        assertEquals(Map.of("importedFrom", name), read.meta().asMap());
        byte[] first = Files.readAllBytes(out);
        done("export", back, out);
        assertArrayEquals(first, Files.readAllBytes(out), "the same network gives the same bytes");
    }

    @Test
    void theConfigurationIsTheSameForAnySizeAndFitsIntoAnAttribute() throws IOException {
        Path out = folder.resolve("net.h5");
        ForeignNetwork.Format.KERAS_HDF5.write(out, network(new RnnShape(3, 300, 2), Activation.TANH, true));
        try (HdfFile hdf = new HdfFile(out)) {
            JsonObject model =
                    Json.parseObject((String) hdf.getAttribute("model_config").getData(), "config");
            assertTrue(Json.compact(model).length() < 2000);
        }
    }

    @Test
    void aNetworkOfAnotherLibraryIsANet() throws IOException {
        Rnn rnn = network(new RnnShape(2, 3, 1), Activation.TANH, true);
        Path net = folder.resolve("net.npz");
        NetworkFile.write(net, rnn, Map.of());
        Path x = folder.resolve("x.npy");
        NpyArray.of(new Random(1).doubles(2 * 4 * 2).toArray(), 2, 4, 2).write(x);
        Path expected = folder.resolve("expected.npz");
        done("simulate", net, "--inputs", x, "--out", expected);
        for (String name : new String[] {"net.h5", "net.keras", "net.weights.h5", "net.safetensors"}) {
            Path foreign = folder.resolve(name);
            Path found = folder.resolve("found.npz");
            done("export", net, foreign);
            done("simulate", foreign, "--inputs", x, "--out", found);
            assertArrayEquals(
                    Npz.read(expected).get("y").doubles(),
                    Npz.read(found).get("y").doubles(),
                    name);
        }
    }

    @Test
    void theStepAndTheActivationAreOptions() throws IOException {
        Path weights = folder.resolve("torch.npz");
        Npz.write(
                weights,
                Map.of(
                        "weight_ih_l0",
                        NpyArray.of(new double[2], 2, 1),
                        "weight_hh_l0",
                        NpyArray.of(new double[4], 2, 2),
                        "weight",
                        NpyArray.of(new double[2], 1, 2)));
        Path back = folder.resolve("back.npz");
        Cli assumed = Cli.run("import", weights, back);
        assertEquals(
                "attractor: note: " + weights
                        + ": doesn't say its activation: tanh is assumed, PyTorch's default (--activation says another)",
                assumed.err().strip());
        done("import", weights, back, "--dt", "2.5", "--activation", "relu");
        Rnn rnn = NetworkFile.read(back).rnn();
        assertEquals(2.5, rnn.dtMs());
        assertEquals(1.0, rnn.alpha());
        assertEquals(Activation.RELU, rnn.activation());
    }

    @Test
    void whatKerasAndPyTorchCannotExpressIsRefused() throws IOException {
        RnnShape shape = new RnnShape(1, 3, 1);
        Path net = folder.resolve("net.npz");
        double[] p = new double[shape.parameters()];
        NetworkFile.write(net, new Rnn(shape, Activation.TANH, 1, 4, false, p), Map.of());
        Path h5 = folder.resolve("out.h5");
        Path tensors = folder.resolve("out.safetensors");
        assertFailed(
                ExitCode.FAILED,
                net + ": alpha = dt/tau is 0.25, expected 1 (Keras's SimpleRNN has no leak)",
                "export",
                net,
                h5);
        assertFailed(
                ExitCode.FAILED,
                net + ": alpha = dt/tau is 0.25, expected 1 (PyTorch's nn.RNN has no leak)",
                "export",
                net,
                tensors);
        p[shape.h0().at(2, 0)] = -0.5;
        NetworkFile.write(net, new Rnn(shape, Activation.TANH, 2, 2, false, p), Map.of());
        assertFailed(
                ExitCode.FAILED,
                net + ": h0[2] is -0.5, expected 0 (Keras's SimpleRNN starts from zero)",
                "export",
                net,
                folder.resolve("out.keras"));
        NetworkFile.write(net, network(shape, Activation.SIGMOID, false), Map.of());
        assertFailed(
                ExitCode.FAILED,
                net + ": the activation is sigmoid, expected tanh or relu, which PyTorch's nn.RNN has",
                "export",
                net,
                tensors);
        for (Path out : new Path[] {h5, tensors, folder.resolve("out.keras")}) {
            assertFalse(Files.exists(out), out.toString());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"net", "net.npz", "net.pt", "h5", "net.h5.txt"})
    void anUnknownEndingIsWrongUse(String name) throws IOException {
        Path net = folder.resolve("a.npz");
        NetworkFile.write(net, network(new RnnShape(1, 2, 1), Activation.TANH, false), Map.of());
        Path out = folder.resolve(name);
        assertFailed(
                ExitCode.WRONG_USE,
                "OUT is '" + out + "', expected a name that ends in .h5, .hdf5, .keras, .weights.h5 or .safetensors",
                "export",
                net,
                out);
    }

    @Test
    void wrongFilesAndWordsAreToldInOneLine() throws IOException {
        Path net = folder.resolve("net.npz");
        Path back = folder.resolve("back.npz");
        NetworkFile.write(net, network(new RnnShape(1, 2, 1), Activation.TANH, false), Map.of());
        assertFailed(
                ExitCode.FAILED,
                net + ": is neither HDF5, nor an archive of Keras, nor .safetensors, nor an .npz with weight_ih_l0, "
                        + "expected a file of Keras, PyTorch or PsychRNN",
                "import",
                net,
                back);
        assertFailed(
                ExitCode.FAILED,
                folder + ": is a folder, expected a file of Keras, PyTorch or PsychRNN",
                "import",
                folder,
                back);
        Path none = folder.resolve("none.keras");
        assertFailed(ExitCode.FAILED, none + ": no such file or folder", "import", none, back);
        assertFailed(ExitCode.FAILED, none + ": no such file or folder", "export", none, folder.resolve("a.h5"));
        assertFailed(
                ExitCode.WRONG_USE, "--dt is 0.0, expected more than 0 and finite", "import", net, back, "--dt", "0");
        assertFailed(
                ExitCode.WRONG_USE, "--dt is NaN, expected more than 0 and finite", "import", net, back, "--dt", "NaN");
        Path h5 = folder.resolve("net.h5");
        done("export", net, h5);
        assertFailed(
                ExitCode.WRONG_USE, "NET.npz is '" + h5 + "', expected a name that ends in .npz", "import", h5, h5);
        assertFailed(
                ExitCode.FAILED,
                h5 + ": says that the activation is tanh, and relu was asked for",
                "import",
                h5,
                back,
                "--activation",
                "relu");
        Path nowhere = folder.resolve("nowhere").resolve("a.h5");
        Cli unwritable = Cli.run("export", net, nowhere);
        assertEquals(ExitCode.FAILED, unwritable.exitCode());
        assertEquals(
                "attractor: cannot write " + nowhere + ": the folder " + nowhere.getParent() + " does not exist",
                unwritable.err().strip());
        assertEquals(ExitCode.WRONG_USE, Cli.run("import", h5).exitCode());
        assertEquals(ExitCode.WRONG_USE, Cli.run("export", net).exitCode());
        assertEquals(
                ExitCode.WRONG_USE,
                Cli.run("import", h5, back, "--activation", "elu").exitCode());
        assertFalse(Files.exists(back));
    }

    @Test
    void theFileThatIsReadIsNotReplaced() throws Exception {
        Path net = folder.resolve("net.npz");
        NetworkFile.write(net, network(new RnnShape(3, 2, 1), Activation.TANH, false), Map.of());
        Path keras = folder.resolve("net.h5");
        done("export", net, keras);
        byte[] before = Files.readAllBytes(keras);
        assertFailed(
                2, keras + " is read and would be replaced, expected another file to write", "export", keras, keras);
        assertArrayEquals(before, Files.readAllBytes(keras));
        Path link = Files.createSymbolicLink(folder.resolve("link.npz"), keras);
        assertFailed(2, link + " is read and would be replaced, expected another file to write", "import", keras, link);
        assertArrayEquals(before, Files.readAllBytes(keras));
    }
}
