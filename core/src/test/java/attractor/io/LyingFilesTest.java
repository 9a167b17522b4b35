package attractor.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import attractor.fuzz.FuzzFormat;
import attractor.task.TrialFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Damaged files of the formats of this package; see {@link FuzzFormat}. */
class LyingFilesTest {
    static Stream<FuzzFormat> formats() throws IOException {
        return Stream.of(
                FuzzFormat.of("npy", npyFiles(), LyingFilesTest::readNpy, FormatException.class),
                FuzzFormat.of("npz", npzFiles(), LyingFilesTest::readNpz, FormatException.class),
                FuzzFormat.of("json", jsonFiles(), LyingFilesTest::readJson, FormatException.class),
                FuzzFormat.of("trials", trialFiles(), TrialFile::read, FormatException.class)
                        .in("trials.npz"));
    }

    @ParameterizedTest
    @MethodSource("formats")
    void survives(FuzzFormat format, @TempDir Path folder) throws Exception {
        format.survives(folder);
    }

    /** If a file can be read, its content can be written, and then reads the same. */
    private static void readNpy(Path file) throws IOException {
        NpyArray array = NpyArray.read(file);
        if (array.size() < 1000) {
            byte[] written = NpyArrayTest.bytes(array);
            assertArrayEquals(written, NpyArrayTest.bytes(NpyArray.read(written, "again")));
        }
    }

    private static void readNpz(Path file) throws IOException {
        for (Map.Entry<String, NpyArray> entry : Npz.read(file).arrays().entrySet()) {
            assertEquals(
                    entry.getValue().size(),
                    Arrays.stream(entry.getValue().shape()).reduce(1, (a, b) -> a * b),
                    entry.getKey());
        }
    }

    private static void readJson(Path file) throws IOException {
        Map<String, Object> value = Json.read(file).asMap();
        if (value.size() < 100) {
            assertEquals(value, Json.parse(Json.compact(value), "again"));
        }
    }

    private static List<byte[]> npyFiles() throws IOException {
        List<byte[]> files = new ArrayList<>();
        for (String name : List.of("bits.npy", "bits-big-endian.npy", "version2.npy", "version3.npy")) {
            files.add(NpyArrayTest.fixture(name));
        }
        for (NpyArray array : NpzTest.network().values()) {
            files.add(NpyArrayTest.bytes(array));
        }
        String header = "{'descr': '%s', 'fortran_order': True, 'shape': (%d, 3), }";
        files.add(NpyArrayTest.npy(header.formatted("|S2", 2), new byte[12]));
        files.add(NpyArrayTest.npy(header.formatted(">i2", 2), new byte[12]));
        files.add(NpyArrayTest.npy(header.formatted("<f4", 500), new byte[6000]));
        files.add(NpyArrayTest.npy(header.formatted("|i1", 5000), new byte[15000]));
        files.add(NpyArrayTest.npy(header.formatted("|S1", 5000), new byte[15000]));
        files.add(NpyArrayTest.npy(header.formatted("<U1", 1000), new byte[12000]));
        return files;
    }

    private static List<byte[]> npzFiles() throws IOException {
        List<byte[]> files = new ArrayList<>(List.of(NpzTest.bytes(NpzTest.network()), NpzTest.zip64File()));
        for (String name : List.of("stored.npz", "deflated.npz", "piped.npz")) {
            files.add(NpyArrayTest.fixture(name));
        }
        Map<String, byte[]> arrays = new LinkedHashMap<>();
        for (byte[] file : npyFiles()) {
            arrays.put("x" + arrays.size() + ".npy", file);
        }
        files.add(NpzTest.zip(arrays));
        return files;
    }

    private static List<byte[]> trialFiles() throws IOException {
        Map<String, NpyArray> arrays = new LinkedHashMap<>();
        arrays.put("x", NpyArray.of(new double[24], 4, 3, 2));
        arrays.put("y", NpyArray.of(new double[12], 4, 3, 1));
        List<byte[]> files = new ArrayList<>(List.of(NpzTest.bytes(arrays)));
        arrays.put("mask", NpyArray.of(new double[] {1, 1, 0, 1, 0, 0, 1, 1, 1, 0.5, 0, 0}, 4, 3));
        arrays.put("type", NpyArray.of(new long[] {0, 2, 2, 0}, 4));
        files.add(NpzTest.bytes(arrays));
        arrays.put("types", NpyArray.of(new String[] {"left", "middle", "right"}, 3));
        arrays.put("dt_ms", NpyArray.scalar(0.5));
        files.add(NpzTest.bytes(arrays));
        return files;
    }

    private static List<byte[]> jsonFiles() {
        List<byte[]> files = new ArrayList<>();
        files.add("{\"a\":[1,2.5e-3,null,true],\"b\":{\"\\u00e9\\n\":\"😀\"}}".getBytes(StandardCharsets.UTF_8));
        for (int seed = 0; seed < 50; seed++) {
            Object value = JsonTest.random(new Random(seed), 0);
            files.add(Json.pretty(Map.of("value", value == null ? "" : value)).getBytes(StandardCharsets.UTF_8));
        }
        Map<String, Object> large = new LinkedHashMap<>();
        for (int i = 0; i < 500; i++) {
            large.put(
                    "k" + i,
                    IntStream.range(0, i % 5).mapToObj(k -> Map.of("", k)).toList());
        }
        files.add(Json.compact(large).getBytes(StandardCharsets.UTF_8));
        return files;
    }
}
