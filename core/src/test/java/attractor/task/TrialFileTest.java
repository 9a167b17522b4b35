package attractor.task;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import attractor.io.FormatException;
import attractor.io.NpyArray;
import attractor.io.Npz;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TrialFileTest {

    @TempDir
    private Path folder;

    /** S = 2, T = 3, I = 1, O = 2. */
    private static Map<String, NpyArray> good() {
        Map<String, NpyArray> arrays = new LinkedHashMap<>();
        arrays.put("x", NpyArray.of(new double[] {1, 2, 3, 4, 5, 6}, 2, 3, 1));
        arrays.put("y", NpyArray.of(new double[] {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}, 2, 3, 2));
        return arrays;
    }

    private TrialFile read(Map<String, NpyArray> arrays) throws IOException {
        Path file = folder.resolve("trials.npz");
        Npz.write(file, arrays);
        return TrialFile.read(file);
    }

    /** All trials one after the other: x, y and mask. */
    private static double[][] all(Trials trials) {
        int xLength = trials.steps() * trials.inputs();
        int yLength = trials.steps() * trials.outputs();
        double[][] all = {
            new double[trials.size() * xLength],
            new double[trials.size() * yLength],
            new double[trials.size() * yLength]
        };
        Trials.Reader reader = trials.reader();
        for (int s = 0; s < trials.size(); s++) {
            reader.read(s, all[0], s * xLength, all[1], s * yLength, all[2], s * yLength);
        }
        return all;
    }

    @Test
    void twoArraysAreEnough() throws IOException {
        TrialFile file = read(good());
        assertEquals(OptionalDouble.empty(), file.dtMs());
        assertEquals(2, file.trials().size());
        assertEquals(List.of("all"), file.trials().types());
        assertFalse(file.trials().masked());
        assertArrayEquals(new double[] {1, 2, 3, 4, 5, 6}, all(file.trials())[0]);
        assertEquals(11, all(file.trials())[1][11]);
    }

    @Test
    void whatIsWrittenIsRead() throws IOException {
        Task task = Tasks.byName("xor", Map.of("dtMs", 0.5, "durationMs", 100));
        Trials written = Trials.random(task, 9, 3, Trials.TRAINING);
        Path path = folder.resolve("t.npz");
        TrialFile.write(path, written, 0.5);
        TrialFile read = TrialFile.read(path);
        assertEquals(OptionalDouble.of(0.5), read.dtMs());
        double[][] a = all(written);
        double[][] b = all(read.trials());
        for (int k = 0; k < 3; k++) {
            assertArrayEquals(a[k], b[k]);
        }
        for (int s = 0; s < 9; s++) {
            assertEquals(
                    written.types().get(written.type(s)),
                    read.trials().types().get(read.trials().type(s)));
        }
    }

    @Test
    void masksSurvive() throws IOException {
        double[] mask = {1, 0, 0.5, 0, 1, 2};
        Map<String, NpyArray> arrays = good();
        arrays.put("mask", NpyArray.of(mask, 2, 3));
        TrialFile byStep = read(arrays);
        double[] full = {1, 1, 0, 0, 0.5, 0.5, 0, 0, 1, 1, 2, 2};
        assertArrayEquals(full, all(byStep.trials())[2]);
        Path path = folder.resolve("again.npz");
        TrialFile.write(path, byStep.trials(), 1);
        assertArrayEquals(full, all(TrialFile.read(path).trials())[2]);
        arrays.put("mask", NpyArray.of(new boolean[] {true, false, true, false, true, true}, 2, 3));
        assertArrayEquals(
                new double[] {1, 1, 0, 0, 1, 1, 0, 0, 1, 1, 1, 1},
                all(read(arrays).trials())[2]);
    }

    @Test
    void typesAreNumbersOrNamesOfWhichUnusedOnesGo() throws IOException {
        Map<String, NpyArray> arrays = good();
        arrays.put("type", NpyArray.of(new long[] {7, -2}, 2));
        assertEquals(List.of("-2", "7"), read(arrays).trials().types());
        arrays.put("type", NpyArray.of(new long[] {3, 1}, 2));
        arrays.put("types", NpyArray.of(new String[] {"a", "b", "c", "d"}, 4));
        Trials named = read(arrays).trials();
        assertEquals(List.of("b", "d"), named.types());
        assertEquals(1, named.type(0));
        assertEquals(0, named.type(1));
    }

    @Test
    void typesMayBeNamesThemselves() throws IOException {
        Map<String, NpyArray> arrays = good();
        arrays.put("type", NpyArray.of(new String[] {"right", "left"}, 2));
        Trials trials = read(arrays).trials();
        assertEquals(List.of("right", "left"), trials.types());
        assertEquals(1, trials.type(1));
        arrays.put("types", NpyArray.of(new String[] {"left", "middle", "right"}, 3));
        trials = read(arrays).trials();
        assertEquals(List.of("left", "right"), trials.types());
        assertEquals(1, trials.type(0));
        arrays.put("types", NpyArray.of(new String[] {"left"}, 1));
        assertEquals(
                folder.resolve("trials.npz") + ": type is 'right' at trial 0, expected one of types: left",
                assertThrows(FormatException.class, () -> read(arrays)).getMessage());
    }

    /** After the last step with a weight, any values are allowed. */
    @Test
    void paddingIsNotRead() throws IOException {
        double nan = Double.NaN;
        double huge = Double.MAX_VALUE;
        Map<String, NpyArray> arrays = new LinkedHashMap<>();
        arrays.put("x", NpyArray.of(new double[] {1, 2, nan, huge, 3, 4, 5, 1 / 0.0}, 2, 4, 1));
        arrays.put("y", NpyArray.of(new double[] {nan, 2, 3, nan, 4, nan, 5, nan}, 2, 4, 1));
        arrays.put("mask", NpyArray.of(new double[] {0, 1, 0, 0, 1, 0, 2, 0}, 2, 4));
        Trials trials = read(arrays).trials();
        assertEquals(3, trials.steps());
        assertArrayEquals(new double[] {1, 2, 0, 3, 4, 5}, all(trials)[0]);
        assertArrayEquals(new double[] {0, 2, 0, 4, 0, 5}, all(trials)[1]);
        assertArrayEquals(new double[] {0, 1, 0, 1, 0, 2}, all(trials)[2]);
        arrays.put("x", NpyArray.of(new double[] {1, nan, 3, 4, 5, 6, 7, 8}, 2, 4, 1));
        arrays.put("mask", NpyArray.of(new double[] {1, 0, 1, 0, 1, 0, 0, 0}, 2, 4));
        assertEquals(
                folder.resolve("trials.npz") + ": x is NaN at trial 0, step 1, input 0, expected a finite number",
                assertThrows(FormatException.class, () -> read(arrays)).getMessage());
        arrays.put("x", NpyArray.of(new double[8], 2, 4, 1));
        arrays.put("y", NpyArray.of(new double[] {nan, 0, 0, 0, 0, 0, 0, 0}, 2, 4, 1));
        assertEquals(
                folder.resolve("trials.npz") + ": y is NaN at trial 0, step 0, output 0, expected a finite number",
                assertThrows(FormatException.class, () -> read(arrays)).getMessage());
    }

    @Test
    void integersAreNumbers() throws IOException {
        Map<String, NpyArray> arrays = good();
        arrays.put("x", NpyArray.of(new long[] {0, 1, 0, 0, 0, 1}, 2, 3, 1));
        assertArrayEquals(new double[] {0, 1, 0, 0, 0, 1}, all(read(arrays).trials())[0]);
    }

    /** As numpy.savez_compressed writes numpy.asfortranarray(x, dtype) of values 0, 1, 2, ... in C order. */
    private static void entry(ZipOutputStream zip, String name, String type, int... shape) throws IOException {
        int size = 1;
        StringBuilder words = new StringBuilder();
        for (int n : shape) {
            size *= n;
            words.append(n).append(", ");
        }
        String header = "{'descr': '" + type + "', 'fortran_order': True, 'shape': (" + words + "), }";
        header += " ".repeat(63 - (10 + header.length()) % 64) + "\n";
        ByteBuffer bytes = ByteBuffer.allocate(10 + header.length() + 8 * size).order(ByteOrder.LITTLE_ENDIAN);
        bytes.put(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0}).putShort((short) header.length());
        bytes.put(header.getBytes(StandardCharsets.US_ASCII));
        for (int k = 0; k < shape[2]; k++) {
            for (int j = 0; j < shape[1]; j++) {
                for (int i = 0; i < shape[0]; i++) {
                    double value = (i * shape[1] + j) * shape[2] + k;
                    if (type.equals("<f4")) {
                        bytes.putFloat((float) value);
                    } else {
                        bytes.putDouble(value);
                    }
                }
            }
        }
        zip.putNextEntry(new ZipEntry(name + ".npy"));
        zip.write(bytes.array(), 0, bytes.position());
        zip.closeEntry();
    }

    @ParameterizedTest
    @ValueSource(strings = {"<f4", "<f8"})
    void fortranOrderCompressed(String type) throws IOException {
        Path path = folder.resolve("f.npz");
        try (OutputStream out = Files.newOutputStream(path);
                ZipOutputStream zip = new ZipOutputStream(out)) {
            entry(zip, "x", type, 3, 4, 2);
            entry(zip, "y", type, 3, 4, 1);
            entry(zip, "mask", type, 3, 4, 1);
        }
        Trials trials = TrialFile.read(path).trials();
        assertEquals(2, trials.inputs());
        double[][] all = all(trials);
        for (int i = 0; i < all[0].length; i++) {
            assertEquals(i, all[0][i]);
        }
        for (int i = 0; i < all[1].length; i++) {
            assertEquals(i, all[1][i]);
            assertEquals(i, all[2][i]);
        }
    }

    private void fails(String expected, String key, NpyArray array) throws IOException {
        Map<String, NpyArray> arrays = good();
        if (key.equals("types")) {
            arrays.put("type", NpyArray.of(new long[] {0, 1}, 2));
        }
        if (array == null) {
            arrays.remove(key);
        } else {
            arrays.put(key, array);
        }
        String message = assertThrows(FormatException.class, () -> read(arrays)).getMessage();
        assertEquals(folder.resolve("trials.npz") + ": " + expected, message);
        assertTrue(message.lines().count() == 1, message);
    }

    @Test
    void whatIsWrongIsSaidInOneLine() throws IOException {
        double nan = Double.NaN;
        fails("has no array 'x', only y", "x", null);
        fails("has no array 'y', only x", "y", null);
        fails(
                "has the unknown array 'z', expected only dt_ms, mask, type, types, x, y",
                "z",
                NpyArray.of(new double[1], 1));
        fails(
                "'x' is DOUBLE (2, 3), expected numbers of shape (S, T, I); in NumPy, x[np.newaxis] makes one trial of "
                        + "(T, channels), x[..., np.newaxis] one channel of (S, T)",
                "x",
                NpyArray.of(new double[6], 2, 3));
        fails(
                "'x' is STRING (1, 1, 1), expected numbers of shape (S, T, I); in NumPy, x.astype(float) has numbers",
                "x",
                NpyArray.of(new String[] {"a"}, 1, 1, 1));
        fails(
                "'x' is DOUBLE (0, 3, 1), expected at least one trial, step and input",
                "x",
                NpyArray.of(new double[0], 0, 3, 1));
        fails(
                "x is NaN at trial 1, step 2, input 0, expected a finite number",
                "x",
                NpyArray.of(new double[] {1, 2, 3, 4, 5, nan}, 2, 3, 1));
        fails(
                "'y' is DOUBLE (2, 4, 1), expected numbers of shape (2, 3, O) as x has, O at least 1",
                "y",
                NpyArray.of(new double[8], 2, 4, 1));
        fails(
                "'y' is DOUBLE (2, 3), expected numbers of shape (2, 3, O) as x has; in NumPy, y[np.newaxis] makes one "
                        + "trial of (T, channels), y[..., np.newaxis] one channel of (S, T)",
                "y",
                NpyArray.of(new double[6], 2, 3));
        fails(
                "y is Infinity at trial 0, step 0, output 0, expected a finite number",
                "y",
                NpyArray.of(new double[] {1 / 0.0, 0, 0, 0, 0, 0}, 2, 3, 1));
        fails(
                "'mask' is DOUBLE (3, 2), expected numbers of shape (2, 3) or (2, 3, 2)",
                "mask",
                NpyArray.of(new double[6], 3, 2));
        fails(
                "'mask' is DOUBLE (2, 3, 1), expected numbers of shape (2, 3) or (2, 3, 2)",
                "mask",
                NpyArray.of(new double[6], 2, 3, 1));
        fails(
                "'mask' is DOUBLE (6,), expected numbers of shape (2, 3) or (2, 3, 2)",
                "mask",
                NpyArray.of(new double[6], 6));
        fails(
                "'mask' is DOUBLE (3,), expected numbers of shape (2, 3) or (2, 3, 2); in NumPy, np.tile(mask, (2, 1)) "
                        + "gives it to all trials",
                "mask",
                NpyArray.of(new double[3], 3));
        fails(
                "'type' is DOUBLE (2,), expected integers of shape (2,); in NumPy, type.astype(int) has it",
                "type",
                NpyArray.of(new double[2], 2));
        fails(
                "'dt_ms' is DOUBLE (1,), expected numbers of shape (); in NumPy, dt_ms.item() has it",
                "dt_ms",
                NpyArray.of(new double[] {1}, 1));
        fails(
                "mask is -1.0 at trial 0, step 1, output 0, expected a finite number, 0 or more",
                "mask",
                NpyArray.of(new double[] {1, -1, 1, 1, 1, 1}, 2, 3));
        fails(
                "mask is 0 throughout trial 1, expected a step above 0",
                "mask",
                NpyArray.of(new double[] {1, 1, 1, 0, 0, 0}, 2, 3));
        fails("'type' is LONG (3,), expected integers of shape (2,)", "type", NpyArray.of(new long[3], 3));
        fails(
                "type is 4294967296 at trial 1, expected an integer of 32 bits",
                "type",
                NpyArray.of(new long[] {0, 1L << 32}, 2));
        fails(
                "type is 1 at trial 1, expected 0 to 0, an index into types",
                "types",
                NpyArray.of(new String[] {"a"}, 1));
        fails("data has trial types [a, a], expected all different", "types", NpyArray.of(new String[] {"a", "a"}, 2));
        fails("dt_ms is 0.0, expected a finite number above 0", "dt_ms", NpyArray.scalar(0.0));
        fails("dt_ms is NaN, expected a finite number above 0", "dt_ms", NpyArray.scalar(nan));
        Map<String, NpyArray> arrays = good();
        arrays.put("types", NpyArray.of(new String[] {"a"}, 1));
        assertTrue(assertThrows(FormatException.class, () -> read(arrays))
                .getMessage()
                .endsWith("has types but no type, expected type (2,), indices into types"));
    }

    @Test
    void givenTrialsAreATask() throws IOException {
        Map<String, NpyArray> arrays = good();
        arrays.put("type", NpyArray.of(new long[] {5, 3}, 2));
        arrays.put("mask", NpyArray.of(new double[] {1, 0, 1, 1, 1, 2}, 2, 3));
        Trials trials = read(arrays).trials();
        Task task = Tasks.ofTrials("mine.npz", trials, 2);
        assertEquals("mine.npz", task.name());
        assertEquals(List.of("3", "5"), task.types());
        assertEquals(2, task.dtMs());
        assertTrue(task.masked());
        Trials drawn = Trials.balanced(task, 4, 1, Trials.EVALUATION);
        double[][] all = all(drawn);
        assertArrayEquals(new double[] {4, 5, 6, 1, 2, 3, 4, 5, 6, 1, 2, 3}, all[0]);
        assertEquals(2, all[2][5]);
        assertThrows(IllegalArgumentException.class, () -> Tasks.ofTrials("mine.npz", trials, 0));
        assertEquals(
                "mine.npz has no trial of type 3, expected at least one",
                assertThrows(IllegalArgumentException.class, () -> Tasks.ofTrials("mine.npz", trials.select(0), 1))
                        .getMessage());
    }

    @Test
    void drawnTrialsAreAllThereAreOfAType() throws IOException {
        Trials trials = read(good()).trials();
        Trials drawn = Trials.random(Tasks.ofTrials("t", trials, 1), 40, 0, Trials.TRAINING);
        double[] x = all(drawn)[0];
        boolean[] seen = new boolean[2];
        for (int s = 0; s < 40; s++) {
            seen[x[3 * s] == 1 ? 0 : 1] = true;
        }
        assertTrue(seen[0] && seen[1], "seed 0");
    }

    @Test
    void someTrialsInAnOrderOfOnesOwn() throws IOException {
        Map<String, NpyArray> arrays = good();
        arrays.put("type", NpyArray.of(new long[] {5, 3}, 2));
        Trials trials = read(arrays).trials();
        int[] index = {1, 0, 1};
        Trials some = trials.select(index);
        index[0] = 0;
        assertEquals(3, some.size());
        assertEquals(0, some.type(0));
        assertEquals(1, some.type(1));
        assertArrayEquals(new double[] {4, 5, 6, 1, 2, 3, 4, 5, 6}, all(some)[0]);
        assertThrows(IndexOutOfBoundsException.class, () -> trials.select(2));
        assertThrows(IllegalArgumentException.class, trials::select);
        assertThrows(
                IndexOutOfBoundsException.class,
                () -> some.reader().read(3, new double[3], 0, new double[6], 0, null, 0));
    }
}
