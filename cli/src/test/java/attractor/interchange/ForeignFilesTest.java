package attractor.interchange;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import attractor.dynamics.Simulator;
import attractor.io.FormatException;
import attractor.io.Json;
import attractor.io.JsonObject;
import attractor.io.NpyArray;
import attractor.io.Npz;
import attractor.io.Safetensors;
import attractor.io.ZipArchive;
import attractor.kernel.Activation;
import attractor.model.Rnn;
import attractor.model.RnnShape;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that Keras 3 and PyTorch wrote; {@code make_foreign_files.py} made them. */
class ForeignFilesTest {
    static final Map<String, byte[]> FILES = ZippedFiles.of("foreign-files.zip");

    @TempDir
    Path folder;

    private Path file(String name) throws IOException {
        return Files.write(folder.resolve(name), FILES.get(name));
    }

    private static Rnn read(Path file, Activation given) throws IOException {
        return ForeignNetwork.read(file, given, note -> {}).orElseThrow();
    }

    @ParameterizedTest
    @CsvSource({
        "keras-tanh.keras, TANH, true",
        "keras-relu.keras, RELU, true",
        "keras-sigmoid.keras, SIGMOID, true",
        "keras-linear.keras, IDENTITY, true",
        "keras-no-biases.keras, TANH, false",
        "keras-float32.keras, TANH, true",
        "keras-functional.keras, TANH, true",
        "keras-trained.weights.h5, TANH, true",
        "keras.h5, TANH, true",
        "keras.weights.h5, TANH, true",
        "torch.safetensors, TANH, true",
        "torch.npz, TANH, true",
        "torch-cell.npz, TANH, true",
        "torch-float32.npz, TANH, true",
        "torch-float32.safetensors, TANH, true",
        "torch-no-biases.safetensors, TANH, false"
    })
    void readsEveryWeight(String name, Activation activation, boolean biases) throws IOException {
        Rnn network = read(file(name), null);
        assertEquals(new RnnShape(2, 3, 2), network.shape());
        assertEquals(activation, network.activation());
        assertEquals(biases, network.recurrentBias());
        assertEquals(1.0, network.dtMs());
        assertEquals(1.0, network.tauMs());
        RnnShape shape = network.shape();
        assertArrayEquals(over(64, 1, 4, 2, 5, 3, 6), network.copyOf(shape.wIn()));
        assertArrayEquals(over(-128, 1, 4, 7, 2, 5, 8, 3, 6, 9), network.copyOf(shape.wRec()));
        assertArrayEquals(over(16, 1, 3, 5, 2, 4, 6), network.copyOf(shape.wOut()));
        assertArrayEquals(biases ? over(32, 1, 2, 3) : new double[3], network.copyOf(shape.bRec()));
        assertArrayEquals(biases ? over(-8, 1, 2) : new double[2], network.copyOf(shape.bOut()));
        assertArrayEquals(new double[3], network.copyOf(shape.h0()));
    }

    private static double[] over(int divisor, int... numerators) {
        return Arrays.stream(numerators).mapToDouble(k -> k / (double) divisor).toArray();
    }

    @ParameterizedTest
    @CsvSource({
        "keras-tanh.keras,",
        "keras-relu.keras,",
        "keras-sigmoid.keras,",
        "keras-linear.keras,",
        "keras-no-biases.keras,",
        "keras.h5,",
        "keras.weights.h5,",
        "torch.safetensors,",
        "torch.npz,",
        "torch-relu.safetensors, RELU",
        "torch-cell.npz,",
        "torch-no-biases.safetensors,"
    })
    void computesWhatTheLibraryComputes(String name, Activation given) throws IOException {
        JsonObject all =
                Json.parseObject(new String(FILES.get("outputs.json"), StandardCharsets.UTF_8), "outputs.json");
        double[] y = new Simulator(read(file(name), given))
                .run(all.getDoubles("x"), all.getInt("trials"), all.getInt("steps"))
                .y();
        // Keras was handed float32.
        assertArrayEquals(all.getDoubles(name), y, name.startsWith("keras") ? 1e-8 : 1e-15);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "lstm.keras | has the layers LSTM, Dense, expected SimpleRNN, Dense",
                "lstm.weights.h5 | has the layers LSTM, Dense, expected SimpleRNN, Dense",
                "gru.weights.h5 | has the layers GRU, Dense, expected SimpleRNN, Dense",
                "two-rnns.weights.h5 | has the layers SimpleRNN, SimpleRNN, Dense, expected SimpleRNN, Dense",
                "no-dense.weights.h5 | has the layers SimpleRNN, expected SimpleRNN, Dense",
                "dense-tanh.keras | the Dense layer's activation is tanh, expected linear (y = W_out h + b_out)",
                "elu.keras | the SimpleRNN layer's activation is elu, expected tanh, relu, sigmoid, softplus or linear",
                "lstm.safetensors | rnn.weight_hh_l0 is 12 x 3 as an nn.LSTM has it, expected an nn.RNN (N x N)",
                "gru.npz | rnn.weight_hh_l0 is 9 x 3 as an nn.GRU has it, expected an nn.RNN (N x N)",
                "layers.npz | has rnn.weight_ih_l1 of another layer, expected an nn.RNN of one layer and direction",
                "directions.npz | has rnn.weight_ih_l0_reverse of another direction, expected an nn.RNN of one layer and direction",
                "half.safetensors | 'rnn.bias_hh_l0' has the type 'F16', expected F32 or F64",
                "deep.npz | has the weights fc.0.weight, fc.2.weight, expected one nn.Linear beside the nn.RNN",
                "no-linear.npz | has no weight of an nn.Linear (O x N), only rnn.weight_ih_l0, rnn.weight_hh_l0, rnn.bias_ih_l0, rnn.bias_hh_l0"
            })
    void refusesOtherNetworks(String name, String message) {
        FormatException e = assertThrows(FormatException.class, () -> read(file(name), null));
        assertEquals(folder.resolve(name) + ": " + message, e.getMessage());
    }

    @Test
    void anActivationIsTakenWhereTheFileDoesNotSayIt() throws IOException {
        assertEquals(
                Activation.SIGMOID,
                read(file("keras.weights.h5"), Activation.SIGMOID).activation());
        assertEquals(Activation.RELU, read(file("torch.npz"), Activation.RELU).activation());
        assertEquals(
                Activation.RELU,
                read(file("torch.safetensors"), Activation.RELU).activation());
        assertEquals(
                Activation.RELU, read(file("keras-relu.keras"), Activation.RELU).activation());
        for (String name : new String[] {"keras-relu.keras", "keras.h5"}) {
            FormatException e = assertThrows(FormatException.class, () -> read(file(name), Activation.SIGMOID));
            assertEquals(
                    folder.resolve(name) + ": says that the activation is "
                            + (name.equals("keras.h5") ? "tanh" : "relu") + ", and sigmoid was asked for",
                    e.getMessage());
        }
    }

    /** The arrays of a valid file with a change, as .npz and as .safetensors. */
    private void assertTorchRefused(String message, String remove, Object... put) throws IOException {
        Map<String, NpyArray> arrays =
                new LinkedHashMap<>(Npz.read(file("torch.npz")).arrays());
        arrays.remove(remove);
        for (int k = 0; k < put.length; k += 2) {
            arrays.put((String) put[k], (NpyArray) put[k + 1]);
        }
        Path npz = folder.resolve("changed.npz");
        Npz.write(npz, arrays);
        FormatException e = assertThrows(FormatException.class, () -> TorchFile.readNpz(npz, null, note -> {}));
        assertEquals(npz + ": " + message, e.getMessage());
        if (arrays.values().stream().allMatch(a -> a.kind() == NpyArray.Kind.DOUBLE)) {
            Path tensors = folder.resolve("changed.safetensors");
            Safetensors.write(tensors, arrays, Map.of());
            e = assertThrows(FormatException.class, () -> read(tensors, null));
            assertEquals(tensors + ": " + message, e.getMessage());
        }
    }

    private static NpyArray zeros(int... shape) {
        int count = Arrays.stream(shape).reduce(1, (a, b) -> a * b);
        return NpyArray.of(new double[count], shape);
    }

    @Test
    void whatIsWrongWithWeightsOfPyTorchIsSaidInOneLine() throws IOException {
        String all = "rnn.weight_ih_l0, rnn.weight_hh_l0, rnn.bias_ih_l0, rnn.bias_hh_l0, fc.weight, fc.bias";
        assertTorchRefused(
                "has no weight_ih_l0 of an nn.RNN, only " + all.replace("rnn.weight_ih_l0, ", ""), "rnn.weight_ih_l0");
        assertTorchRefused(
                "has no weight_hh_l0 of an nn.RNN, only " + all.replace("rnn.weight_hh_l0, ", ""), "rnn.weight_hh_l0");
        assertTorchRefused("has rnn.bias_ih_l0 alone, expected both bias_ih and bias_hh, or none", "rnn.bias_hh_l0");
        assertTorchRefused("has rnn.bias_hh_l0 alone, expected both bias_ih and bias_hh, or none", "rnn.bias_ih_l0");
        assertTorchRefused(
                "has no weight of an nn.Linear (O x N), only " + all.replace("fc.weight, ", ""), "fc.weight");
        assertTorchRefused(
                "has the weights fc.weight, out.weight, expected one nn.Linear beside the nn.RNN",
                "none",
                "out.weight",
                zeros(1, 3));
        assertTorchRefused("has h0, expected nothing but one nn.RNN and one nn.Linear", "none", "h0", zeros(1, 1, 3));
        assertTorchRefused(
                "has out.bias, expected nothing but one nn.RNN and one nn.Linear", "fc.bias", "out.bias", zeros(2));
        assertTorchRefused(
                "has both rnn.weight_ih_l0 and b.weight_hh_l0, expected one nn.RNN",
                "rnn.weight_hh_l0",
                "b.weight_hh_l0",
                zeros(3, 3));
        assertTorchRefused(
                "has both rnn.weight_ih_l0 and rnn.weight_ih, expected one nn.RNN",
                "none",
                "rnn.weight_ih",
                zeros(3, 2));
        assertTorchRefused(
                "has rnn.weight_hr_l0, expected nothing but one nn.RNN and one nn.Linear",
                "none",
                "rnn.weight_hr_l0",
                zeros(3, 3));
        assertTorchRefused("rnn.weight_hh_l0 is 2 x 3, expected N x N = 3 x 3", "", "rnn.weight_hh_l0", zeros(2, 3));
        assertTorchRefused("rnn.weight_hh_l0 is 9, expected N x N, each at least 1", "", "rnn.weight_hh_l0", zeros(9));
        assertTorchRefused(
                "rnn.weight_hh_l0 is 0 x 0, expected N x N, each at least 1", "", "rnn.weight_hh_l0", zeros(0, 0));
        assertTorchRefused("rnn.weight_ih_l0 is 2 x 3, expected N x I = 3 x 3", "", "rnn.weight_ih_l0", zeros(2, 3));
        assertTorchRefused(
                "rnn.weight_ih_l0 is 3 x 0, expected N x I, each at least 1", "", "rnn.weight_ih_l0", zeros(3, 0));
        assertTorchRefused(
                "rnn.weight_ih_l0 is a scalar, expected N x I, each at least 1", "", "rnn.weight_ih_l0", zeros());
        assertTorchRefused("rnn.bias_ih_l0 is 4, expected N = 3", "", "rnn.bias_ih_l0", zeros(4));
        assertTorchRefused("rnn.bias_hh_l0 is 1 x 3, expected N = 3", "", "rnn.bias_hh_l0", zeros(1, 3));
        assertTorchRefused("fc.weight is 2 x 4, expected O x N = 2 x 3", "", "fc.weight", zeros(2, 4));
        assertTorchRefused("fc.weight is 3, expected O x N = 3 x 3", "", "fc.weight", zeros(3));
        assertTorchRefused("fc.weight is a scalar, expected O x N, each at least 1", "", "fc.weight", zeros());
        assertTorchRefused("fc.bias is 3, expected O = 2", "", "fc.bias", zeros(3));
        assertTorchRefused(
                "fc.bias holds values of kind LONG, expected float32 or float64",
                "",
                "fc.bias",
                NpyArray.of(new long[2], 2));
        assertTorchRefused(
                "fc.bias has NaN at index 1, expected finite numbers",
                "",
                "fc.bias",
                NpyArray.of(new double[] {0, Double.NaN}, 2));
    }

    @Test
    void namesAreFoundByTheirEnd() throws IOException {
        Map<String, NpyArray> arrays = Npz.read(file("torch.npz")).arrays();
        double[] expected = read(file("torch.npz"), null).parameters();
        for (String[] prefixes : new String[][] {{"", "linear_"}, {"model.core/", ""}, {"rnn.", "rnn."}}) {
            Map<String, NpyArray> renamed = new LinkedHashMap<>();
            arrays.forEach((name, array) ->
                    renamed.put(name.replace("rnn.", prefixes[0]).replace("fc.", prefixes[1]), array));
            Path file = folder.resolve("renamed.safetensors");
            Safetensors.write(file, renamed, Map.of());
            assertArrayEquals(expected, read(file, null).parameters(), Arrays.toString(prefixes));
        }
    }

    @Test
    void metadataOfSafetensorsSayTheNonlinearity() throws IOException {
        Map<String, NpyArray> arrays = Npz.read(file("torch.npz")).arrays();
        Path file = folder.resolve("said.safetensors");
        Safetensors.write(file, arrays, Map.of("nonlinearity", "relu"));
        assertEquals(Activation.RELU, read(file, null).activation());
        FormatException e = assertThrows(FormatException.class, () -> read(file, Activation.TANH));
        assertEquals(file + ": says that the nonlinearity is relu, and tanh was asked for", e.getMessage());
        Safetensors.write(file, arrays, Map.of("nonlinearity", "sigmoid"));
        e = assertThrows(FormatException.class, () -> read(file, null));
        assertEquals(file + ": says that the nonlinearity is sigmoid, expected tanh or relu", e.getMessage());
    }

    private void assertArchiveRefused(String message, String part, byte[] content) throws IOException {
        Path valid = file("keras-tanh.keras");
        Map<String, byte[]> parts =
                new LinkedHashMap<>(ZipArchive.read(valid, Set.of("metadata.json", "config.json", "model.weights.h5")));
        parts.remove(part);
        if (content != null) {
            parts.put(part, content);
        }
        Path file = folder.resolve("changed.keras");
        ZipArchive.write(file, parts);
        FormatException e = assertThrows(FormatException.class, () -> read(file, null));
        assertEquals(file + ": " + message, e.getMessage());
    }

    @Test
    void archivesOfKerasThatLack() throws IOException {
        assertArchiveRefused("has no config.json, expected an archive of Keras 3", "config.json", null);
        assertArchiveRefused("has no model.weights.h5, expected an archive of Keras 3", "model.weights.h5", null);
        assertArchiveRefused(
                "config.json has 1048577 bytes, expected at most 1048576", "config.json", new byte[(1 << 20) + 1]);
        assertArchiveRefused(
                "config.json: has no config, expected an object", "config.json", "{}".getBytes(StandardCharsets.UTF_8));
        assertArchiveRefused(
                "model.weights.h5: isn't HDF5: is empty, expected 89 48 44 46 0d 0a 1a 0a",
                "model.weights.h5",
                new byte[0]);
        byte[] weights = ZipArchive.read(file("keras-tanh.keras"), Set.of("model.weights.h5"))
                .get("model.weights.h5");
        assertArchiveRefused(
                "model.weights.h5: is truncated: has 10000 bytes, expected " + weights.length
                        + " as its superblock says",
                "model.weights.h5",
                Arrays.copyOf(weights, 10_000));
        assertArchiveRefused("has no layers, expected SimpleRNN, Dense", "model.weights.h5", FILES.get("keras.h5"));
        assertArchiveRefused(
                "has the layers LSTM, Dense, expected SimpleRNN, Dense",
                "model.weights.h5",
                FILES.get("lstm.weights.h5"));
        Path text = Files.writeString(folder.resolve("text.keras"), "a text of some length, not a zip archive");
        FormatException e = assertThrows(FormatException.class, () -> read(text, null));
        assertEquals(text + " is not a zip file, expected a zip archive", e.getMessage());
    }

    @Test
    void otherFilesAreLeftToOtherReaders() throws IOException {
        assertTrue(ForeignNetwork.read(Files.writeString(folder.resolve("a.txt"), "text"), null, note -> {})
                .isEmpty());
        assertTrue(ForeignNetwork.read(Files.write(folder.resolve("empty.npz"), new byte[0]), null, note -> {})
                .isEmpty());
        Path other = folder.resolve("other.npz");
        Npz.write(other, Map.of("weight_ih_l0x", zeros(1), "xweight_ih_l0", zeros(1)));
        assertTrue(ForeignNetwork.read(other, null, note -> {}).isEmpty());
    }

    @ParameterizedTest
    @ValueSource(strings = {"keras-tanh.keras", "keras.weights.h5", "keras.h5", "torch.npz", "torch.safetensors"})
    void damageGivesOneLine(String name) throws IOException {
        byte[] whole = FILES.get(name);
        int refused = 0;
        for (int seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            byte[] damaged =
                    random.nextInt(10) == 0 ? Arrays.copyOf(whole, random.nextInt(whole.length)) : whole.clone();
            for (int n = 1 + random.nextInt(5); n > 0 && damaged.length > 0; n--) {
                int at = random.nextInt(random.nextBoolean() ? damaged.length : Math.min(damaged.length, 600));
                damaged[at] = (byte) random.nextInt(256);
            }
            Path file = Files.write(folder.resolve(name), damaged);
            String label = name + ", seed " + seed;
            try {
                ForeignNetwork.read(file, null, note -> {});
            } catch (FormatException e) {
                refused++;
                String message = e.getMessage();
                assertTrue(message.startsWith(file.toString()) && message.length() < 700, label + ": " + message);
                assertTrue(message.chars().noneMatch(Character::isISOControl), label + ": " + message);
            } catch (RuntimeException | Error e) {
                fail(label, e);
            }
        }
        assertTrue(refused > 40, "only " + refused + " were refused");
    }
}
