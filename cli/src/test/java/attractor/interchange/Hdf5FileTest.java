package attractor.interchange;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import attractor.io.FormatException;
import attractor.model.Rnn;
import attractor.model.RnnShape;
import io.jhdf.HdfFile;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** HDF5 in the many ways in which one array can be stored; {@code make_hdf5_files.py} made the files. */
class Hdf5FileTest {
    static final Map<String, byte[]> FILES = ZippedFiles.of("hdf5-files.zip");

    static Stream<String> read() {
        return FILES.keySet().stream().filter(name -> name.startsWith("read/"));
    }

    private static Rnn parse(String name) throws FormatException {
        return KerasFile.parse(FILES.get(name), "file", null, note -> {});
    }

    @ParameterizedTest
    @MethodSource("read")
    void readsEveryWeight(String name) throws IOException {
        Rnn network = parse(name);
        RnnShape shape = network.shape();
        assertEquals(new RnnShape(2, 3, 2), shape);
        assertArrayEquals(over(64, 1, 4, 2, 5, 3, 6), network.copyOf(shape.wIn()));
        assertArrayEquals(over(-128, 1, 4, 7, 2, 5, 8, 3, 6, 9), network.copyOf(shape.wRec()));
        assertArrayEquals(over(16, 1, 3, 5, 2, 4, 6), network.copyOf(shape.wOut()));
        assertArrayEquals(over(32, 1, 2, 3), network.copyOf(shape.bRec()));
        assertArrayEquals(over(-8, 1, 2), network.copyOf(shape.bOut()));
    }

    private static double[] over(int divisor, int... numerators) {
        return IntStream.of(numerators).mapToDouble(k -> k / (double) divisor).toArray();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "bfloat16.h5 | holds bfloat16, expected float32 or float64",
                "chunk-outside.h5 | has a chunk at [1099511627776, 0], expected multiples of 2 x 2 within 3 x 3",
                "chunk-twice.h5 | has two chunks at [0, 0]",
                "complex.h5 | holds compounds, expected float32 or float64",
                "continuation-loop.h5 | is damaged HDF5: is referred to twice, expected once",
                "deep.h5 | has more than 1000 groups, or more than 12 within each other",
                "deflate-bomb.h5 | has a chunk that inflates to more than 145 bytes, expected no more than that",
                "external-data.h5 | lies in other files, expected it in this one",
                "external-link.h5 | has no dataset layers/simple_rnn/cell/vars/1 but an external link, expected 3",
                "fletcher.h5 | has a chunk with the checksum",
                "float16.h5 | holds float16, expected float32 or float64",
                "group-dag.h5 | has another name too, expected one",
                "group-loop.h5 | the group layers/again has another name too, expected one",
                "huge-fill.h5 | has 512000000 bytes, expected all arrays to have at most 100 times the file's",
                "huge-unwritten.h5 | has more than 134217728 elements, expected at most that many",
                "integers.h5 | holds integers, expected float32 or float64",
                "latest-fletcher.h5 | has a chunk with the checksum",
                "latest-grows-both.h5 | as an array without limits has; h5repack -l CONTI IN.h5 OUT.h5 writes",
                "latest-grows.h5 | has chunks in an extensible array, as an array without limits has; h5repack -l CONTI",
                "latest-no-chunk-written.h5 | layers/simple_rnn/cell/vars/1 was never written, expected its values",
                "long-double.h5 | holds floats of 16 bytes, 15 bits of exponent and 64 of mantissa, expected float32",
                "lzf.h5 | filter 32000 (lzf), expected none but deflate, shuffle and fletcher32; h5repack may not know it",
                "never-written.h5 | layers/simple_rnn/cell/vars/1 was never written, expected its values",
                "no-chunk-written.h5 | layers/simple_rnn/cell/vars/1 was never written, expected its values",
                "odd-bias.h5 | holds floats of 4 bytes, 8 bits of exponent and 23 of mantissa",
                "odd-exponent.h5 | holds floats of 4 bytes, 9 bits of exponent and 22 of mantissa",
                "scale-offset.h5 | fletcher32; h5repack -f NONE IN.h5 OUT.h5 takes it away",
                "soft-link.h5 | has no dataset layers/simple_rnn/cell/vars/1 but a soft link, expected 3",
                "soft-loop.h5 | has no dataset layers/simple_rnn/cell/vars/1 but a soft link, expected 3",
                "texts.h5 | holds text, expected float32 or float64",
                "tree-dag.h5 | is damaged HDF5: is referred to twice, expected once",
                "tree-loop.h5 | is damaged HDF5: is referred to twice, expected once"
            })
    void refusesWhatItCannotReadRight(String name, String message) {
        FormatException e = assertThrows(FormatException.class, () -> parse("refused/" + name));
        assertTrue(e.getMessage().startsWith("file: "), e.getMessage());
        assertTrue(e.getMessage().contains(message), e.getMessage());
    }

    @Test
    void everyRefusedFileIsInTheTable() throws Exception {
        CsvSource table = Hdf5FileTest.class
                .getDeclaredMethod("refusesWhatItCannotReadRight", String.class, String.class)
                .getAnnotation(CsvSource.class);
        assertEquals(
                FILES.keySet().stream().filter(n -> n.startsWith("refused/")).toList(),
                Stream.of(table.value())
                        .map(line -> "refused/" + line.split(" ")[0])
                        .toList());
    }

    /** Another reader finds in our files what we wrote. */
    @Test
    void writesWhatTheOtherReaderReads() throws IOException {
        Hdf5Writer root = new Hdf5Writer();
        root.attribute("text", "caf\u00e9");
        Hdf5Writer group = root.group("g").group("h");
        group.attribute("list", List.of("a", "bcd", ""));
        double[] values = IntStream.range(0, 20_000).mapToDouble(k -> k / 7.0).toArray();
        group.array("x", false, values, 100, 200);
        group.array("y", true, new double[] {-0.0}, 1);
        byte[] bytes = root.bytes();
        try (HdfFile hdf = HdfFile.fromBytes(bytes)) {
            assertEquals("caf\u00e9", hdf.getAttribute("text").getData());
            assertArrayEquals(new String[] {"a", "bcd", ""}, (String[])
                    hdf.getByPath("g/h").getAttribute("list").getData());
            assertArrayEquals(values, (double[]) hdf.getDatasetByPath("g/h/x").getDataFlat());
            assertArrayEquals(
                    new int[] {100, 200}, hdf.getDatasetByPath("g/h/x").getDimensions());
        }
        Hdf5File file = new Hdf5File(bytes, "file", bytes.length);
        assertEquals(List.of("caf\u00e9"), file.root().texts("text"));
        assertArrayEquals(bytes, root.bytes());
    }

    @Test
    void aNameOrTextThatDoesNotFitIsRefused() {
        Hdf5Writer root = new Hdf5Writer();
        root.group("g");
        assertThrows(IllegalArgumentException.class, () -> root.group("g"));
        assertThrows(IllegalArgumentException.class, () -> root.array("", false, new double[1], 1));
        assertThrows(IllegalArgumentException.class, () -> root.group("g".repeat(256)));
        assertThrows(IllegalStateException.class, () -> root.attribute("a", "x".repeat(60_000)));
    }

    /** Parts of every file lost, as by a bad disk. */
    @Test
    void lostPartsGiveOneLine() {
        List<String> wrong = new ArrayList<>();
        for (String name : read().toList()) {
            byte[] whole = FILES.get(name);
            int part = Math.max(97, whole.length / 100);
            for (int from = 0; from < whole.length; from += part) {
                byte[] lost = whole.clone();
                Arrays.fill(lost, from, Math.min(whole.length, from + part), (byte) 0);
                try {
                    KerasFile.parse(lost, "file", null, note -> {});
                } catch (FormatException e) {
                    if (!e.getMessage().startsWith("file: ") || e.getMessage().length() > 600) {
                        wrong.add(name + " from " + from + ": " + e.getMessage());
                    }
                }
            }
        }
        assertEquals(List.of(), wrong);
    }
}
