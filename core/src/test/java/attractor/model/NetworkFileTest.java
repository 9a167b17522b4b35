package attractor.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import attractor.io.FormatException;
import attractor.io.NpyArray;
import attractor.io.Npz;
import attractor.kernel.Activation;
import attractor.model.Initializers.Recurrent;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class NetworkFileTest {
    @TempDir
    private Path folder;

    private static Rnn network(
            int inputs, int units, int outputs, Activation phi, double dt, double tau, boolean bias) {
        return Initializers.network(new RnnShape(inputs, units, outputs), phi, dt, tau, bias, Recurrent.NORMAL, 4);
    }

    @ParameterizedTest
    @CsvSource({
        "2, 5, 1, TANH, 1.0, 1.0, false, false",
        "1, 1, 1, RELU, 0.1, 0.3, true, false",
        "3, 4, 2, SIGMOID, 1e-3, 20, false, true",
        "2, 7, 3, IDENTITY, 2, 2, true, true"
    })
    void whatIsWrittenIsReadBitForBit(
            int inputs, int units, int outputs, Activation phi, double dt, double tau, boolean bias, boolean h0)
            throws IOException {
        Rnn rnn = network(inputs, units, outputs, phi, dt, tau, bias);
        RnnShape shape = rnn.shape();
        rnn.parameters()[shape.bOut().offset()] = -0.0;
        rnn.parameters()[shape.wRec().offset()] = Double.MIN_VALUE;
        if (bias) {
            rnn.parameters()[shape.bRec().end() - 1] = 0.1;
        }
        if (h0) {
            rnn.parameters()[shape.h0().end() - 1] = -0.7;
        }
        Path file = folder.resolve("net.npz");
        NetworkFile.write(file, rnn, Map.of("task", "xor", "loss", 1e-3));
        NetworkFile.Network read = NetworkFile.read(file);
        assertArrayEquals(bits(rnn.parameters()), bits(read.rnn().parameters()));
        assertEquals(shape, read.rnn().shape());
        assertEquals(phi, read.rnn().activation());
        assertEquals(dt, read.rnn().dtMs());
        assertEquals(tau, read.rnn().tauMs());
        assertEquals(bias, read.rnn().recurrentBias());
        assertEquals("xor", read.meta().getString("task"));
        assertEquals(1e-3, read.meta().getDouble("loss"));
        assertEquals(file.toString(), read.name());
        Npz npz = Npz.read(file);
        assertEquals(bias, npz.has("b_rec"));
        assertEquals(h0, npz.has("h0"));
        assertEquals("DOUBLE (" + units + ", " + inputs + ")", npz.get("W_in").toString());
        assertEquals("DOUBLE (" + outputs + ", " + units + ")", npz.get("W_out").toString());
        assertEquals("DOUBLE (" + outputs + ",)", npz.get("b_out").toString());
        assertEquals(NetworkFile.FORMAT_VERSION, npz.integer("format_version"));
    }

    private static long[] bits(double[] values) {
        long[] bits = new long[values.length];
        for (int i = 0; i < bits.length; i++) {
            bits[i] = Double.doubleToRawLongBits(values[i]);
        }
        return bits;
    }

    @Test
    void equalNetworksGiveEqualBytes() throws IOException {
        Rnn rnn = network(2, 5, 1, Activation.TANH, 1, 1, false);
        NetworkFile.write(folder.resolve("a.npz"), rnn, Map.of("seed", 1));
        NetworkFile.write(folder.resolve("b.npz"), rnn.copy(), Map.of("seed", 1));
        assertArrayEquals(Files.readAllBytes(folder.resolve("a.npz")), Files.readAllBytes(folder.resolve("b.npz")));
    }

    @Test
    void rowsAreReceivers() throws IOException {
        Rnn rnn = Rnn.zeros(new RnnShape(2, 3, 1));
        rnn.parameters()[rnn.shape().wIn().at(2, 0)] = 5.0;
        NetworkFile.write(folder.resolve("a.npz"), rnn, Map.of());
        assertArrayEquals(
                new double[] {0, 0, 0, 0, 5, 0},
                Npz.read(folder.resolve("a.npz")).doubles("W_in", 3, 2));
    }

    private static Map<String, NpyArray> good() {
        Map<String, NpyArray> arrays = new LinkedHashMap<>();
        arrays.put("W_in", NpyArray.of(new double[6], 3, 2));
        arrays.put("W_rec", NpyArray.of(new double[9], 3, 3));
        arrays.put("W_out", NpyArray.of(new double[3], 1, 3));
        arrays.put("b_out", NpyArray.of(new double[1], 1));
        arrays.put("dt_ms", NpyArray.scalar(1.0));
        arrays.put("tau_ms", NpyArray.scalar(1.0));
        arrays.put("activation", NpyArray.scalar("tanh"));
        arrays.put("format_version", NpyArray.scalar(1L));
        return arrays;
    }

    @Test
    void metaMayBeAbsentAndNumbersMayBeIntegers() throws IOException {
        Map<String, NpyArray> arrays = good();
        arrays.put("tau_ms", NpyArray.scalar(4L));
        Path file = folder.resolve("hand-made.npz");
        Npz.write(file, arrays);
        NetworkFile.Network network = NetworkFile.read(file);
        assertEquals(Map.of(), network.meta().asMap());
        assertEquals(0.25, network.rnn().alpha());
        assertFalse(network.rnn().recurrentBias());
    }

    /** One entry of an uncompressed zip archive of float64 arrays, as numpy.savez writes it: UTF-8 names, zip64 sizes. */
    private static void numpy(ZipOutputStream zip, String name, double[] values, String shape) throws IOException {
        String header = "{'descr': '<f8', 'fortran_order': False, 'shape': " + shape + ", }";
        header += " ".repeat(63 - (10 + header.length()) % 64) + "\n";
        ByteBuffer bytes =
                ByteBuffer.allocate(10 + header.length() + 8 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.put(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0}).putShort((short) header.length());
        bytes.put(header.getBytes(StandardCharsets.US_ASCII));
        for (double value : values) {
            bytes.putDouble(value);
        }
        zip.putNextEntry(new ZipEntry(name + ".npy"));
        zip.write(bytes.array());
        zip.closeEntry();
    }

    @Test
    void theWeightsAloneAreANetworkWhoseDefaultsAreSaid() throws IOException {
        Path file = folder.resolve("savez.npz");
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
            numpy(zip, "W_in", new double[] {1, 2}, "(2, 1)");
            numpy(zip, "W_rec", new double[] {3, 4, 5, 6}, "(2, 2)");
            numpy(zip, "W_out", new double[] {7, 8}, "(1, 2)");
            numpy(zip, "b_out", new double[] {9}, "(1,)");
        }
        List<String> notes = new ArrayList<>();
        Rnn rnn = NetworkFile.read(file, null, notes::add).rnn();
        assertEquals(Activation.TANH, rnn.activation());
        assertEquals(1, rnn.dtMs());
        assertEquals(1, rnn.tauMs());
        assertFalse(rnn.recurrentBias());
        assertArrayEquals(new double[] {3, 4, 5, 6}, rnn.copyOf(rnn.shape().wRec()));
        assertEquals(
                List.of(file
                        + ": doesn't say all of its dynamics: assumed are activation tanh, dt_ms 1, tau_ms as dt_ms"),
                notes);
        assertEquals(
                Activation.RELU,
                NetworkFile.read(file, Activation.RELU, note -> {}).rnn().activation());
    }

    @Test
    void aGivenActivationMustNotContradictTheFile() throws IOException {
        Path file = folder.resolve("net.npz");
        Npz.write(file, good());
        List<String> notes = new ArrayList<>();
        Activation stated = NetworkFile.read(file, null, notes::add).rnn().activation();
        assertEquals(List.of(), notes);
        assertEquals(stated, NetworkFile.read(file, stated, notes::add).rnn().activation());
        Activation other = stated == Activation.RELU ? Activation.TANH : Activation.RELU;
        assertEquals(
                file + ": says that the activation is " + stated.id() + ", and " + other.id() + " was asked for",
                assertThrows(FormatException.class, () -> NetworkFile.read(file, other, notes::add))
                        .getMessage());
    }

    private static Arguments bad(String key, NpyArray array, String message) {
        return Arguments.of(key, array, message);
    }

    static Stream<Arguments> badArrays() {
        double[] notANumber = new double[9];
        notANumber[5] = Double.NaN;
        return Stream.of(
                bad("W_rec", NpyArray.of(new double[12], 3, 4), "W_rec is 3 x 4, expected N x N (a square)"),
                bad("W_rec", NpyArray.of(new double[9], 9), "W_rec is 9 values, expected N x N"),
                bad("W_rec", NpyArray.of(new double[0], 0, 0), "W_in is 3 x 2, expected N x I (N = 0, from W_rec)"),
                bad("W_rec", NpyArray.of(notANumber, 3, 3), "W_rec[1,2] is NaN, expected a finite number"),
                bad("W_rec", null, "has no array 'W_rec', only "),
                bad("W_in", NpyArray.of(new double[6], 2, 3), "W_in is 2 x 3, expected N x I (N = 3, from W_rec)"),
                bad("W_in", NpyArray.of(new double[0], 3, 0), "inputs is 0, expected at least 1"),
                bad("W_in", NpyArray.of(new String[] {"a", "b", "c"}, 3, 1), "'W_in' is STRING (3, 1), expected "),
                bad("W_out", NpyArray.of(new double[3], 3, 1), "W_out is 3 x 1, expected O x N (N = 3, from W_rec)"),
                bad("W_out", NpyArray.scalar(1.0), "W_out is a scalar, expected O x N"),
                bad("b_out", NpyArray.of(new double[3], 3), "b_out is 3 values, expected 1 values (O = 1, from W_out)"),
                bad("b_rec", NpyArray.of(new double[2], 2), "b_rec is 2 values, expected 3 values (N = 3, from W_rec)"),
                bad("h0", NpyArray.of(new double[3], 3, 1), "h0 is 3 x 1, expected 3 values (N = 3, from W_rec)"),
                bad("dt_ms", NpyArray.scalar(0.0), "dt is 0.0 ms and tau is 1.0 ms, expected 0 < dt <= tau (finite)"),
                bad("dt_ms", NpyArray.scalar(3.0), "dt is 3.0 ms and tau is 1.0 ms, expected 0 < dt <= tau (finite)"),
                bad("tau_ms", NpyArray.scalar("1"), "'tau_ms' is STRING (), expected "),
                bad("activation", NpyArray.scalar("softmax"), "activation is 'softmax', expected one of tanh, "),
                bad("format_version", NpyArray.scalar(2L), "format_version is 2, expected 1"),
                bad("meta", NpyArray.scalar("[1]"), "meta: found an array, expected an object"),
                bad("meta", NpyArray.scalar("{"), "meta: "),
                bad(
                        "gain",
                        NpyArray.of(new double[9], 3, 3),
                        "has the unknown array 'gain', expected only P, Q, W_in, "));
    }

    @ParameterizedTest
    @MethodSource("badArrays")
    void whatIsWrongIsNamedInOneLine(String key, NpyArray array, String message) throws IOException {
        Map<String, NpyArray> arrays = good();
        if (array == null) {
            arrays.remove(key);
        } else {
            arrays.put(key, array);
        }
        Path file = folder.resolve("bad.npz");
        Npz.write(file, arrays);
        String found = assertThrows(FormatException.class, () -> NetworkFile.read(file))
                .getMessage();
        assertTrue(found.startsWith(file + ": " + message), found);
        assertEquals(1, found.lines().count(), found);
    }

    private Rnn wired() {
        double[] sign = {1, 1, 1, -1, -1};
        Rnn rnn = network(2, 5, 1, Activation.RELU, 1, 4, false);
        return Initializers.wired(rnn, Wiring.of(sign, Wiring.randomMask(5, 0.6, false, 1)))
                .withNoise(0.25);
    }

    @Test
    void rulesAndNoiseAreKept() throws IOException {
        Path file = folder.resolve("wired.npz");
        NetworkFile.write(file, wired(), Map.of());
        Rnn read = NetworkFile.read(file).rnn();
        assertEquals(wired().wiring(), read.wiring());
        assertEquals(0.25, read.noiseSd());
        assertArrayEquals(bits(wired().parameters()), bits(read.parameters()));
        Npz npz = Npz.read(file);
        assertArrayEquals(new double[] {1, 1, 1, -1, -1}, npz.doubles("dale_sign", 5));
        assertArrayEquals(wired().wiring().mask().toArray(), npz.doubles("mask", 5, 5));
        assertEquals(0.25, npz.number("noise_sd"));
    }

    @Test
    void anOrdinaryNetworkHasNoneOfTheirKeys() throws IOException {
        Path file = folder.resolve("net.npz");
        NetworkFile.write(file, network(2, 5, 1, Activation.TANH, 1, 1, false), Map.of());
        assertEquals(
                List.of("W_in", "W_rec", "W_out", "b_out", "dt_ms", "tau_ms", "activation", "format_version", "meta"),
                List.copyOf(Npz.read(file).arrays().keySet()));
    }

    private static Stream<Arguments> brokenRules() {
        return Stream.of(
                Arguments.of(
                        "dale_sign", NpyArray.of(new double[] {1, 1, 1, -1, 0}, 5), "dale_sign[4] is 0.0, expected"),
                Arguments.of("dale_sign", NpyArray.of(new double[] {-1, -1, -1, -1, -1}, 5), "W_rec["),
                Arguments.of("dale_sign", NpyArray.of(new double[4], 4), "'dale_sign' is DOUBLE (4,), expected"),
                Arguments.of("mask", NpyArray.of(new double[25], 5, 5), "W_rec["),
                Arguments.of("mask", NpyArray.of(new double[20], 5, 4), "'mask' is DOUBLE (5, 4), expected"),
                Arguments.of("mask", NpyArray.of(full(0.5), 5, 5), "mask: entry [0,0] is 0.5, expected 0 or 1"),
                Arguments.of(
                        "activation",
                        NpyArray.scalar("tanh"),
                        "activation is tanh, expected relu, sigmoid or softplus"),
                Arguments.of("noise_sd", NpyArray.scalar(-0.5), "noise_sd is -0.5, expected a finite number"));
    }

    private static double[] full(double value) {
        double[] all = new double[25];
        Arrays.fill(all, value);
        return all;
    }

    @ParameterizedTest
    @MethodSource("brokenRules")
    void rulesThatMakeNoSenseAreNamed(String key, NpyArray value, String message) throws IOException {
        Path file = folder.resolve("wired.npz");
        NetworkFile.write(file, wired(), Map.of());
        Map<String, NpyArray> arrays = new LinkedHashMap<>(Npz.read(file).arrays());
        arrays.put(key, value);
        Npz.write(file, arrays);
        String found = assertThrows(FormatException.class, () -> NetworkFile.read(file))
                .getMessage();
        assertTrue(found.startsWith(file + ": " + message), found);
        assertEquals(1, found.lines().count(), found);
    }

    @Test
    void aNetworkThatBreaksItsRulesIsNotWritten() {
        Rnn rnn = wired();
        rnn.parameters()[rnn.shape().wRec().at(2, 2)] = 0.5;
        String found = assertThrows(
                        IllegalArgumentException.class, () -> NetworkFile.write(folder.resolve("x.npz"), rnn, Map.of()))
                .getMessage();
        assertEquals("W_rec[2,2] is 0.5, expected 0 as it is outside the mask", found);
        assertFalse(Files.exists(folder.resolve("x.npz")));
    }

    @Test
    void aFileThatIsNoArchiveIsAFormatError() throws IOException {
        Path file = folder.resolve("text.npz");
        Files.writeString(file, "not a network");
        assertThrows(FormatException.class, () -> NetworkFile.read(file));
    }

    @Test
    void entriesHaveNames() {
        RnnShape shape = new RnnShape(2, 3, 2);
        List<String> names = Stream.iterate(0, i -> i + 1)
                .limit(shape.parameters())
                .map(shape::entry)
                .toList();
        assertEquals("W_in[0,0]", names.get(0));
        assertEquals("W_in[2,1]", names.get(5));
        assertEquals("W_rec[1,2]", names.get(shape.wRec().at(1, 2)));
        assertEquals("b_out[1]", names.get(shape.bOut().end() - 1));
        assertEquals("h0[2]", names.get(names.size() - 1));
        assertThrows(IndexOutOfBoundsException.class, () -> shape.entry(shape.parameters()));
    }
}
