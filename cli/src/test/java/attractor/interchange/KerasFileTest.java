package attractor.interchange;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import attractor.io.FormatException;
import attractor.io.Json;
import attractor.io.JsonObject;
import attractor.kernel.Activation;
import attractor.model.Rnn;
import attractor.model.RnnShape;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that Keras 2 and h5py wrote; {@code make_keras_files.py} made them. */
class KerasFileTest {
    private static final Map<String, byte[]> FILES = ZippedFiles.of("keras-files.zip");

    @TempDir
    Path folder;

    /** A file of Keras, by its name. Not to be modified. */
    static byte[] bytes(String name) {
        return FILES.get(name);
    }

    private Path file(String name) throws IOException {
        return Files.write(folder.resolve(name), FILES.get(name));
    }

    @ParameterizedTest
    @CsvSource({
        "tanh.h5, TANH, true",
        "relu.h5, RELU, true",
        "sigmoid.h5, SIGMOID, true",
        "linear.h5, IDENTITY, true",
        "no-biases.h5, TANH, false",
        "float32.h5, TANH, true",
        "functional.h5, TANH, true",
        "time-distributed.h5, TANH, true",
        "weights.h5, TANH, true",
        "keras-2.0.h5, TANH, true",
        "latest.h5, TANH, true",
        "big-endian.h5, TANH, true",
        "user-block.h5, TANH, true",
        "compressed.h5, TANH, true"
    })
    void readsEveryWeight(String name, Activation activation, boolean biases) throws IOException {
        Rnn network = KerasFile.read(file(name), null, note -> {});
        assertEquals(new RnnShape(2, 3, 2), network.shape());
        assertEquals(activation, network.activation());
        assertEquals(biases, network.recurrentBias());
        assertEquals(1.0, network.dtMs());
        assertEquals(1.0, network.tauMs());
        RnnShape shape = network.shape();
        // Transposed: unit 1 hears input 0 through kernel[0, 1], the second element.
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
    @ValueSource(strings = {"tanh.h5", "relu.h5", "sigmoid.h5", "linear.h5", "no-biases.h5"})
    void computesWhatKerasComputes(String name) throws IOException {
        Rnn network = KerasFile.read(file(name), null, note -> {});
        JsonObject all =
                Json.parseObject(new String(FILES.get("outputs.json"), StandardCharsets.UTF_8), "outputs.json");
        double[] x = all.getDoubles("x");
        double[] expected = all.getDoubles(name);
        int trials = all.getInt("trials");
        int steps = all.getInt("steps");
        RnnShape s = network.shape();
        double[] p = network.parameters();
        for (int b = 0; b < trials; b++) {
            double[] h = new double[s.units()];
            for (int t = 0; t < steps; t++) {
                double[] next = new double[s.units()];
                for (int i = 0; i < s.units(); i++) {
                    double z = p[s.bRec().at(i, 0)];
                    for (int j = 0; j < s.units(); j++) {
                        z += p[s.wRec().at(i, j)] * h[j];
                    }
                    for (int j = 0; j < s.inputs(); j++) {
                        z += p[s.wIn().at(i, j)] * x[(b * steps + t) * s.inputs() + j];
                    }
                    next[i] = network.activation().rate(z);
                }
                h = next;
                for (int o = 0; o < s.outputs(); o++) {
                    double y = p[s.bOut().at(o, 0)];
                    for (int j = 0; j < s.units(); j++) {
                        y += p[s.wOut().at(o, j)] * h[j];
                    }
                    assertEquals(expected[(b * steps + t) * s.outputs() + o], y, 1e-15, "trial " + b + ", step " + t);
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "lstm.h5 | has the layers LSTM, Dense, expected SimpleRNN, Dense",
                "lstm-weights.h5 | has the layers LSTM, Dense, expected SimpleRNN, Dense",
                "gru-weights.h5 | has the layers GRU, Dense, expected SimpleRNN, Dense",
                "two-rnns.h5 | has the layers SimpleRNN, SimpleRNN, Dense, expected SimpleRNN, Dense",
                "no-dense.h5 | has the layers SimpleRNN, expected SimpleRNN, Dense",
                "no-dense-weights.h5 | has the layers SimpleRNN, expected SimpleRNN, Dense",
                "no-layers.h5 | has no layers, expected SimpleRNN, Dense",
                "dense-tanh.h5 | the Dense layer's activation is tanh, expected linear (y = W_out h + b_out)",
                "elu.h5 | the SimpleRNN layer's activation is elu, expected tanh, relu, sigmoid, softplus or linear",
                "activation-object.h5 | the SimpleRNN layer's activation is {\"class_name\":\"LeakyReLU\"}, expected its name",
                "backwards.h5 | the SimpleRNN layer's go_backwards is true, expected false",
                "nan.h5 | RNN/recurrent_kernel:0 has NaN at index 0, expected finite numbers",
                "infinite.h5 | DENSE/bias:0 has -Infinity at index 1, expected finite numbers",
                "integers.h5 | RNN/kernel:0 holds integers, expected float32 or float64",
                "recurrent-not-square.h5 | RNN/recurrent_kernel:0 is 4 x 3, expected N x N = 4 x 4",
                "kernel-too-wide.h5 | RNN/kernel:0 is 2 x 4, expected I x N = 2 x 3",
                "kernel-flat.h5 | RNN/kernel:0 is 6, expected I x N = 6 x 3",
                "no-inputs.h5 | RNN/kernel:0 is 0 x 3, expected I x N, each at least 1",
                "dense-too-tall.h5 | DENSE/kernel:0 is 4 x 2, expected N x O = 3 x 2",
                "bias-too-long.h5 | RNN/bias:0 is 4, expected N = 3",
                "other-units.h5 | RNN/recurrent_kernel:0 is 3 x 3, expected 4 columns as the layer's units in model_config",
                "unused-bias.h5 | the SimpleRNN layer has a bias, expected none as use_bias is false in model_config",
                "config-cut.h5 | model_config: line 1, column 131: found 'use_bias\": true}}, {', expected ',' or '}'",
                "no-weights.h5 | has no group model_weights, expected the groups of a Keras 2 file",
                "no-layer.h5 | has no group model_weights/dense_1, expected the groups of a Keras 2 file",
                "no-kernel.h5 | has no dataset RNN/kernel:0, expected one, as weight_names says",
                "no-layer-names.h5 | model_weights has no attribute layer_names, expected a Keras 2 file",
                "no-weight-names.h5 | model_weights/rnn_1 has no attribute weight_names, expected a Keras 2 file"
            })
    void refusesOtherNetworks(String name, String message) {
        FormatException e = assertThrows(FormatException.class, () -> KerasFile.read(file(name), null, note -> {}));
        String full = message.replace("RNN/", "model_weights/rnn_1/rnn_1/")
                .replace("DENSE/", "model_weights/dense_1/dense_1/");
        assertEquals(folder.resolve(name) + ": " + full, e.getMessage());
    }

    @Test
    void filesOfOtherKinds() throws IOException {
        assertRefused("", "isn't HDF5: is empty, expected 89 48 44 46 0d 0a 1a 0a");
        assertRefused("PK\3\4", "isn't HDF5: starts with 50 4b 03 04, expected 89 48 44 46 0d 0a 1a 0a");
        assertRefused(
                "a text of two lines\nof text\n",
                "isn't HDF5: starts with 61 20 74 65 78 74 20 6f, expected 89 48 44 46 0d 0a 1a 0a");
        assertRefused(
                "x".repeat(5000), "isn't HDF5: starts with 78 78 78 78 78 78 78 78, expected 89 48 44 46 0d 0a 1a 0a");
        FormatException e = assertThrows(FormatException.class, () -> KerasFile.read(folder, null, note -> {}));
        assertEquals(folder + ": is a folder, expected an HDF5 file", e.getMessage());
        assertThrows(NoSuchFileException.class, () -> KerasFile.read(folder.resolve("none.h5"), null, note -> {}));
    }

    private void assertRefused(String content, String message) throws IOException {
        Path file = Files.writeString(folder.resolve("other.h5"), content, StandardCharsets.ISO_8859_1);
        assertFalse(KerasFile.looksLikeHdf5(file));
        FormatException e = assertThrows(FormatException.class, () -> KerasFile.read(file, null, note -> {}));
        assertEquals(file + ": " + message, e.getMessage());
    }

    @Test
    void tellsHdf5FromOtherFiles() throws IOException {
        for (String name : FILES.keySet()) {
            assertEquals(name.endsWith(".h5"), KerasFile.looksLikeHdf5(file(name)), name);
        }
        assertFalse(KerasFile.looksLikeHdf5(folder));
        assertThrows(NoSuchFileException.class, () -> KerasFile.looksLikeHdf5(folder.resolve("none.h5")));
        byte[] later = new byte[10_000];
        System.arraycopy(FILES.get("latest.h5"), 0, later, 4096, 8);
        assertTrue(KerasFile.looksLikeHdf5(Files.write(folder.resolve("later"), later)));
        System.arraycopy(later, 4096, later, 3072, 8);
        Arrays.fill(later, 4096, 4104, (byte) 0);
        assertFalse(KerasFile.looksLikeHdf5(Files.write(folder.resolve("elsewhere"), later)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"tanh.h5", "keras-2.0.h5", "weights.h5", "latest.h5", "user-block.h5", "compressed.h5"})
    void everyCutIsNoticed(String name) {
        byte[] whole = FILES.get(name);
        for (int length = 0; length < whole.length; length++) {
            byte[] cut = Arrays.copyOf(whole, length);
            FormatException e =
                    assertThrows(FormatException.class, () -> KerasFile.parse(cut, "cut", null, note -> {}), name);
            boolean told = e.getMessage().startsWith("cut: is truncated: has " + length + " bytes")
                    || e.getMessage().startsWith("cut: isn't HDF5: ");
            assertTrue(told, e.getMessage());
        }
    }

    /** A copy that lost its end but kept its length, as an interrupted download may. */
    @Test
    void lostBlocksGiveOneLine() {
        for (String name : new String[] {"tanh.h5", "keras-2.0.h5", "latest.h5", "compressed.h5"}) {
            byte[] whole = FILES.get(name);
            for (int from = 0; from < whole.length; from += 211) {
                byte[] lost = whole.clone();
                Arrays.fill(lost, from, lost.length, (byte) 0);
                boolean read = parses(lost, name + " lost from " + from);
                assertFalse(read && from < 0.8 * whole.length, name + " lost from " + from + " unnoticed");
            }
        }
    }

    @Test
    void damageGivesOneLine() {
        String[] names = {"tanh.h5", "keras-2.0.h5", "weights.h5", "latest.h5", "user-block.h5", "compressed.h5"};
        int refused = 0;
        for (int seed = 0; seed < 800; seed++) {
            Random random = new Random(seed);
            String name = names[random.nextInt(names.length)];
            byte[] damaged = FILES.get(name).clone();
            for (int n = 1 + random.nextInt(5); n > 0; n--) {
                int at = random.nextInt(damaged.length);
                damaged[at] = (byte) (random.nextBoolean() ? random.nextInt(256) : -random.nextInt(2));
                damaged[random.nextInt(300)] ^= (byte) (random.nextInt(4) == 0 ? 1 << random.nextInt(8) : 0);
            }
            if (!parses(damaged, name + ", seed " + seed)) {
                refused++;
            }
        }
        assertTrue(refused > 150, "only " + refused + " were refused");
    }

    @Test
    void chunksThatCannotBeThereAreRefused() {
        byte[] file = FILES.get("compressed.h5").clone();
        ByteBuffer bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        int changed = 0;
        for (int at = 0; at + 23 <= file.length; at++) {
            // Version 3, chunked, 2 dimensions and that of the element; the address; 2 x 2 values of 8 bytes.
            if (file[at] == 3
                    && file[at + 1] == 2
                    && file[at + 2] == 3
                    && bytes.getInt(at + 11) == 2
                    && bytes.getInt(at + 15) == 2) {
                bytes.putInt(at + 11, 1 << 27);
                changed++;
            }
        }
        assertEquals(1, changed);
        FormatException e = assertThrows(FormatException.class, () -> KerasFile.parse(file, "file", null, note -> {}));
        assertTrue(
                e.getMessage()
                        .contains(
                                "is 3 x 3, in chunks of 134217728 x 2, expected chunks of hardly more bytes than the array's 72"),
                e.getMessage());
    }

    private static boolean parses(byte[] bytes, String label) {
        try {
            KerasFile.parse(bytes, "file", null, note -> {});
            return true;
        } catch (FormatException e) {
            String message = e.getMessage();
            assertTrue(message.startsWith("file: ") && message.length() < 600, label + ": " + message);
            assertTrue(message.chars().noneMatch(Character::isISOControl), label + ": " + message);
        } catch (RuntimeException | Error e) {
            fail(label, e);
        }
        return false;
    }

    /** What {@link #nothingIsPrinted} runs. */
    static final class Reader {
        private Reader() {}

        public static void main(String[] args) throws IOException {
            for (String arg : args) {
                try {
                    KerasFile.read(Path.of(arg), null, note -> {});
                } catch (FormatException e) {
                    // the caller's to print
                }
            }
        }
    }

    /** In a JVM of its own, since a logger announces itself only once. */
    @Test
    void nothingIsPrinted() throws Exception {
        Process child = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Reader.class.getName(),
                        file("tanh.h5").toString(),
                        file("too-new.h5").toString(),
                        file("lstm.h5").toString())
                .redirectErrorStream(true)
                .start();
        String output = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals("", output);
        assertEquals(0, child.waitFor());
    }
}
