package attractor.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NpzTest {
    private static Npz fixture(String name) throws IOException {
        return Npz.read(NpyArrayTest.fixture(name), name);
    }

    static byte[] bytes(Map<String, NpyArray> arrays) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Npz.writeTo(out, arrays);
        return out.toByteArray();
    }

    /** A deflated zip file. */
    static byte[] zip(Map<String, byte[]> entries) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(out)) {
            for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
                zip.putNextEntry(new ZipEntry(entry.getKey()));
                zip.write(entry.getValue());
            }
        }
        return out.toByteArray();
    }

    static Map<String, NpyArray> network() {
        Map<String, NpyArray> arrays = new LinkedHashMap<>();
        arrays.put(
                "W_rec",
                NpyArray.of(IntStream.range(0, 9).mapToDouble(i -> i / 7.0).toArray(), 3, 3));
        arrays.put("b_out", NpyArray.of(new double[] {-0.0}, 1));
        arrays.put("dt_ms", NpyArray.scalar(1.0));
        arrays.put("format_version", NpyArray.scalar(1L));
        arrays.put("activation", NpyArray.scalar("tanh"));
        arrays.put("meta", NpyArray.scalar("{\"task\":\"and\",\"µ\":\"😀\"}"));
        arrays.put("mask", NpyArray.of(new boolean[] {true, false, true}, 3));
        return arrays;
    }

    private static String message(byte[] file) {
        return assertThrows(FormatException.class, () -> Npz.read(file, "x.npz"))
                .getMessage();
    }

    private static double[] range(int n) {
        return IntStream.range(0, n).asDoubleStream().toArray();
    }

    @Test
    void readsEveryTypeThatNumpyWrote() throws IOException {
        Npz npz = fixture("stored.npz");
        for (String type : List.of("<f8", ">f8", "<f4", ">f4")) {
            assertArrayEquals(new double[] {-0.5, -0.25, 0, 0.25, 0.5, 0.75}, npz.doubles(type, 2, 3), type);
        }
        for (String type : List.of("<i8", ">i8", "<i4", ">i4", "<i2", ">i2", "|i1")) {
            long max = Long.MAX_VALUE >> (64 - 8 * (type.charAt(2) - '0'));
            assertArrayEquals(new long[] {-2, -1, 0, 1, 2, max}, npz.longs(type, 2, 3), type);
        }
        for (String type : List.of("<u8", "<u4", "<u2", "|u1")) {
            int bytes = type.charAt(2) - '0';
            long max = bytes == 8 ? Long.MAX_VALUE : (1L << (8 * bytes)) - 1;
            assertArrayEquals(new long[] {0, 1, 2, 3, 4, max}, npz.longs(type, 2, 3), type);
        }
        assertEquals(NpyArray.Kind.BOOL, npz.get("bool").kind());
        assertArrayEquals(new long[] {1, 0, 1}, npz.longs("bool", 3));
        assertEquals(0.1, npz.number("scalar"));
        assertEquals(-7, npz.integer("integer"));
        assertEquals(-7.0, npz.number("integer"));
        assertArrayEquals(new double[0], npz.doubles("empty", 0, 5));
        assertEquals("{\"task\": \"and\", \"µ\": \"😀\"}", npz.text("text"));
        assertArrayEquals(new String[] {"00", "01", "", "xoré"}, npz.strings("texts", 4));
        assertArrayEquals(new String[] {"pulse", "😀"}, npz.strings("texts big-endian", -1));
        assertArrayEquals(new String[] {"ab", "é", ""}, npz.strings("bytes", 3));
        assertArrayEquals(new String[0], npz.strings("no text", 0));
        assertEquals(27, npz.arrays().size());
    }

    @ParameterizedTest
    @ValueSource(strings = {"stored.npz", "deflated.npz"})
    void fortranOrderBecomesCOrder(String name) throws IOException {
        assertArrayEquals(range(24), fixture(name).doubles("fortran", 2, 3, 4));
        if (name.equals("stored.npz")) {
            assertArrayEquals(range(12), fixture(name).doubles("fortran int", 4, 3));
            assertArrayEquals(
                    new String[] {"a", "b", "c", "d", "e", "f"}, fixture(name).strings("fortran text", 2, 3));
        }
    }

    @Test
    void readsDeflatedEntriesAndThoseOfAPipe() throws IOException {
        Npz npz = fixture("deflated.npz");
        assertArrayEquals(new double[20_000], npz.doubles("zeros", 20_000));
        assertEquals("{\"task\": \"and\", \"µ\": \"😀\"}", npz.text("text"));
        assertEquals(
                List.of("zeros", "<f4", "bool", "fortran", "text"),
                List.copyOf(npz.arrays().keySet()));
        assertArrayEquals(range(5), fixture("piped.npz").doubles("x", 5));
    }

    @Test
    void equalContentGivesTheseBytesOnEveryJdkAndInEveryTimeZone() throws IOException, NoSuchAlgorithmException {
        byte[] file = bytes(network());
        assertEquals(
                "494c1a478036246d0b35c5bbc4056309804ba07636f8d58ce5315565fe0a7d81",
                HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(file)));
        Npz read = Npz.read(file, "x");
        assertEquals(List.copyOf(network().keySet()), List.copyOf(read.arrays().keySet()));
        assertArrayEquals(file, bytes(read.arrays()));
    }

    @Test
    void otherZipReadersReadWhatIsWritten() throws IOException {
        try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(bytes(network())))) {
            for (Map.Entry<String, NpyArray> array : network().entrySet()) {
                ZipEntry entry = zip.getNextEntry();
                assertEquals(array.getKey() + ".npy", entry.getName());
                assertEquals(ZipEntry.STORED, entry.getMethod());
                assertArrayEquals(NpyArrayTest.bytes(array.getValue()), zip.readAllBytes());
            }
        }
    }

    @Test
    void filesAreWrittenWholeAndReadBack(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("net.npz");
        Npz.write(file, network());
        assertArrayEquals(bytes(network()), Files.readAllBytes(file));
        assertEquals("tanh", Npz.read(file).text("activation"));
        try (var files = Files.list(folder)) {
            assertEquals(List.of(file), files.toList());
        }
    }

    @Test
    void anEmptyFileOfArraysIsOne() throws IOException {
        assertEquals(Map.of(), Npz.read(bytes(Map.of()), "x").arrays());
    }

    @Test
    void accessorsSayWhatTheyFoundAndExpected() throws IOException {
        Npz npz = Npz.read(bytes(network()), "net.npz");
        assertEquals(
                "net.npz: has no array 'W_in', only W_rec, b_out, dt_ms, format_version, activation, meta, mask",
                assertThrows(FormatException.class, () -> npz.doubles("W_in", 3, 1))
                        .getMessage());
        assertEquals(
                "net.npz: 'W_rec' is DOUBLE (3, 3), expected numbers of shape (3, 4)",
                assertThrows(FormatException.class, () -> npz.doubles("W_rec", 3, 4))
                        .getMessage());
        assertEquals(
                "net.npz: 'W_rec' is DOUBLE (3, 3), expected numbers of shape (any,)",
                assertThrows(FormatException.class, () -> npz.doubles("W_rec", -1))
                        .getMessage());
        assertEquals(
                "net.npz: 'activation' is STRING (), expected numbers of shape (); in NumPy, activation.astype(float) has it",
                assertThrows(FormatException.class, () -> npz.number("activation"))
                        .getMessage());
        assertEquals(
                "net.npz: 'dt_ms' is DOUBLE (), expected integers of shape (); in NumPy, dt_ms.astype(int) has it",
                assertThrows(FormatException.class, () -> npz.integer("dt_ms")).getMessage());
        assertThrows(FormatException.class, () -> npz.text("mask"));
        Npz shapes = Npz.read(
                bytes(Map.of(
                        "W_in", NpyArray.of(new double[3], 1, 3),
                        "b_out", NpyArray.of(new double[2], 2, 1),
                        "h0", NpyArray.of(new double[4], 2, 2))),
                "net.npz");
        assertEquals(
                "net.npz: 'W_in' is DOUBLE (1, 3), expected numbers of shape (3, 1); in NumPy, W_in.T has it",
                assertThrows(FormatException.class, () -> shapes.doubles("W_in", 3, 1))
                        .getMessage());
        assertEquals(
                "net.npz: 'b_out' is DOUBLE (2, 1), expected numbers of shape (2,); in NumPy, b_out.reshape(2,) has it",
                assertThrows(FormatException.class, () -> shapes.doubles("b_out", 2))
                        .getMessage());
        assertEquals(
                "net.npz: 'h0' is DOUBLE (2, 2), expected numbers of shape (4,)",
                assertThrows(FormatException.class, () -> shapes.doubles("h0", 4))
                        .getMessage());
        assertEquals(
                "net.npz: has the unknown array 'W_rec', expected only a",
                assertThrows(FormatException.class, () -> npz.requireOnly(Set.of("a")))
                        .getMessage());
        npz.requireOnly(network().keySet());
        assertFalse(npz.has("W_in"));
        assertEquals("net.npz", npz.name());
        assertThrows(UnsupportedOperationException.class, () -> npz.arrays().clear());
    }

    @Test
    void anIntegerThatAFloatCannotHoldIsRefusedAsOne() throws IOException {
        long exact = (1L << 53) + 2;
        Npz npz = Npz.read(
                bytes(Map.of(
                        "good", NpyArray.of(new long[] {exact, Long.MIN_VALUE}, 2),
                        "bad", NpyArray.of(new long[] {exact - 1}, 1),
                        "max", NpyArray.of(new long[] {Long.MAX_VALUE}, 1))),
                "x");
        assertArrayEquals(new double[] {exact, Long.MIN_VALUE}, npz.doubles("good", 2));
        assertThrows(FormatException.class, () -> npz.doubles("bad", 1));
        assertThrows(FormatException.class, () -> npz.doubles("max", 1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "../x", "a\\b", "a\nb"})
    void refusesToWriteNamesThatLookLikePaths(String name) {
        assertThrows(IllegalArgumentException.class, () -> bytes(Map.of(name, NpyArray.scalar(1.0))));
    }

    @Test
    void anEntryWithAPathIsAKeyAndNothingElse(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("in").resolve("x.npz");
        Files.createDirectory(file.getParent());
        Files.write(file, zip(Map.of("../escaped.npy", NpyArrayTest.bytes(NpyArray.scalar(1.0)))));
        assertEquals(1.0, Npz.read(file).number("../escaped"));
        assertFalse(Files.exists(folder.resolve("escaped.npy")));
    }

    @Test
    void refusesOtherFiles() throws IOException {
        assertEquals("x.npz is empty, expected an .npz file", message(new byte[0]));
        assertEquals("x.npz is not a zip file, expected an .npz file", message(new byte[5]));
        assertEquals("x.npz is a .npy file, expected an .npz file", message(NpyArrayTest.fixture("bits.npy")));
        assertEquals(
                "x.npz is an HDF5 file, expected an .npz file",
                message("\u0089HDF\r\n".getBytes(StandardCharsets.ISO_8859_1)));
        assertEquals(
                "x.npz: has the entry 'data.pkl', expected only .npy arrays",
                message(zip(Map.of("data.pkl", new byte[3]))));
        assertEquals(
                "x.npz: 'W': does not begin with \\x93NUMPY, expected a .npy array",
                message(zip(Map.of("W.npy", new byte[100]))));
    }

    @ParameterizedTest
    @ValueSource(strings = {"stored.npz", "deflated.npz", "piped.npz"})
    void everyCutIsRefused(String name) throws IOException {
        byte[] file = NpyArrayTest.fixture(name);
        for (int length = 0; length < file.length; length++) {
            byte[] cut = Arrays.copyOf(file, length);
            assertThrows(FormatException.class, () -> Npz.read(cut, "cut"), name + " cut to " + length);
        }
    }

    @Test
    void everyFlippedBitOfTheDataIsFound() throws IOException {
        for (byte[] file : List.of(bytes(network()), NpyArrayTest.fixture("piped.npz"))) {
            ByteBuffer tail = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
            int directory = tail.getInt(file.length - 6);
            byte[] before = bytes(Npz.read(file, "x").arrays());
            for (int bit = 0; bit < 8 * directory; bit++) {
                file[bit / 8] ^= (byte) (1 << bit % 8);
                try {
                    // Bits without a meaning for the reader, such as those of the time, may differ.
                    assertArrayEquals(before, bytes(Npz.read(file, "x").arrays()), "bit " + bit);
                } catch (FormatException expected) {
                    assertTrue(expected.getMessage().startsWith("x"), expected.getMessage());
                }
                file[bit / 8] ^= (byte) (1 << bit % 8);
            }
        }
    }

    /** Builds zip files by hand, even wrong ones. */
    private static final class Forger {
        private final ByteArrayOutputStream file = new ByteArrayOutputStream();
        private final List<byte[]> directory = new ArrayList<>();

        private static void put(ByteArrayOutputStream out, int size, long... values) {
            for (long value : values) {
                for (int i = 0; i < size; i++) {
                    out.write((int) (value >> (8 * i)));
                }
            }
        }

        int size() {
            return file.size();
        }

        void local(String name, int method, byte[] data) {
            put(file, 4, 0x04034b50);
            put(file, 2, 20, 0, method, 0, 0x21);
            put(file, 4, 0, 0, 0);
            put(file, 2, name.length(), 0);
            file.writeBytes(name.getBytes(StandardCharsets.UTF_8));
            file.writeBytes(data);
        }

        void central(String name, int method, int flags, long crc, long compressed, long size, long at, long... zip64) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            put(out, 4, 0x02014b50);
            put(out, 2, 20, 20, flags, method, 0, 0x21);
            put(out, 4, crc, compressed, size);
            put(out, 2, name.length(), zip64.length == 0 ? 0 : 4 + 4 + 8L * zip64.length, 0, 0, 0);
            put(out, 4, 0, at);
            out.writeBytes(name.getBytes(StandardCharsets.UTF_8));
            if (zip64.length > 0) {
                put(out, 2, 0xcafe, 0, 1, 8L * zip64.length);
                put(out, 8, zip64);
            }
            directory.add(out.toByteArray());
        }

        /** End records for 32 or 64 bits, which claim this number of entries. */
        byte[] end(int entries, boolean zip64) {
            int start = file.size();
            directory.forEach(file::writeBytes);
            int length = file.size() - start;
            int end64 = file.size();
            if (zip64) {
                put(file, 4, 0x06064b50);
                put(file, 8, 44);
                put(file, 2, 45, 45);
                put(file, 4, 0, 0);
                put(file, 8, entries, entries, length, start);
                put(file, 4, 0x07064b50, 0);
                put(file, 8, end64);
                put(file, 4, 1);
            }
            put(file, 4, 0x06054b50);
            put(file, 2, 0, 0, zip64 ? 0xffff : entries, zip64 ? 0xffff : entries);
            put(file, 4, zip64 ? 0xffffffffL : length, zip64 ? 0xffffffffL : start);
            put(file, 2, 3);
            file.writeBytes(new byte[3]);
            return file.toByteArray();
        }
    }

    private static byte[] deflate(byte[] data) {
        Deflater deflater = new Deflater(9, true);
        deflater.setInput(data);
        deflater.finish();
        byte[] out = new byte[data.length + 100];
        int n = deflater.deflate(out);
        deflater.end();
        return Arrays.copyOf(out, n);
    }

    private static long crc(byte[] data) {
        CRC32 crc = new CRC32();
        crc.update(data);
        return crc.getValue();
    }

    private static byte[] npy() throws IOException {
        return NpyArrayTest.bytes(NpyArray.of(new double[] {1, 2, 3}, 3));
    }

    /** Two entries, sizes and positions in the 64-bit fields only. */
    static byte[] zip64File() throws IOException {
        byte[] x = npy();
        Forger forger = new Forger();
        forger.local("x.npy", 0, x);
        int second = forger.size();
        forger.local("y.npy", 8, deflate(x));
        long all = 0xffffffffL;
        forger.central("x.npy", 0, 0, crc(x), all, all, all, x.length, x.length, 0);
        forger.central("y.npy", 8, 0, crc(x), deflate(x).length, x.length, all, second);
        return forger.end(2, true);
    }

    @Test
    void readsZip64() throws IOException {
        Npz npz = Npz.read(zip64File(), "x");
        assertArrayEquals(new double[] {1, 2, 3}, npz.doubles("x", 3));
        assertArrayEquals(new double[] {1, 2, 3}, npz.doubles("y", 3));
    }

    @ParameterizedTest
    @CsvSource({
        // bytes before the end of the file, 64-bit value to put there, message
        "37, 9223372036854775807, the zip64 end record lies at 9223372036854775807",
        "37, 8, there is no zip64 end record at 8",
        "53, 9223372036854775807, lies outside the file",
        "53, -1, lies outside the file",
        "61, 9223372036854775807, lies outside the file",
        "61, 0, the directory lists 0 entries",
        "69, 3, one part of a divided archive",
    })
    void refusesLiesOfTheZip64End(int beforeEnd, long lie, String expected) throws IOException {
        byte[] file = zip64File();
        ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).putLong(file.length - beforeEnd, lie);
        String message = message(file);
        assertTrue(message.contains(expected), message);
    }

    @Test
    void refusesLiesOfTheDirectory() throws IOException {
        byte[] x = npy();
        byte[] z = deflate(x);
        int n = x.length;
        long all = 0xffffffffL;
        assertEquals(
                "[1.0, 2.0, 3.0]",
                Arrays.toString(forged(0, x, 0, crc(x), n, n, 0).doubles("x", 3)));
        assertEquals(
                "[1.0, 2.0, 3.0]",
                Arrays.toString(forged(8, z, 0, crc(x), z.length, n, 0).doubles("x", 3)));
        assertLie("has the checksum", 0, x, 0, crc(x) ^ 1, n, n, 0);
        assertLie("has the checksum", 8, z, 0, crc(x) ^ 1, z.length, n, 0);
        assertLie("is encrypted", 0, x, 1, crc(x), n, n, 0);
        for (int bit : new int[] {5, 6, 13}) {
            assertLie(String.format("has the flags 0x%04x", 1 << bit), 0, x, 1 << bit, crc(x), n, n, 0);
        }
        assertLie("the compression method 14", 14, x, 0, crc(x), n, n, 0);
        assertLie("claims 151 bytes, impossible from 152", 0, x, 0, crc(x), n, n - 1, 0);
        assertLie("outside the file", 0, x, 0, crc(x), n + 1, n + 1, 0);
        assertLie("outside the file", 0, x, 0, crc(x), n, n, 1L << 31);
        assertLie("outside the file", 0, x, 0, crc(x), n, n, all, -1);
        assertLie("outside the file", 0, x, 0, crc(x), all, all, all, -5, -5, 0);
        assertLie("outside the file", 0, x, 0, crc(x), all, all, all, Long.MAX_VALUE, Long.MAX_VALUE, 0);
        assertLie("has no header at 4", 0, x, 0, crc(x), n, n, 4);
        assertLie("lacks its zip64 sizes", 0, x, 0, crc(x), all, all, all, n);
        assertLie("lacks its zip64 sizes", 0, x, 0, crc(x), all, n, 0);
        assertLie("has damaged deflated data", 8, Arrays.copyOf(z, z.length - 1), 0, crc(x), z.length - 1, n, 0);
        assertLie("has damaged deflated data", 8, new byte[] {7, 7, 7}, 0, crc(x), 3, n, 0);
        assertLie("impossible from 3", 8, new byte[3], 0, crc(x), 3, 10_000_000_000L & all, 0);
        byte[] shorter = deflate(Arrays.copyOf(x, n - 1));
        assertLie("ends 1 bytes early", 8, shorter, 0, crc(x), shorter.length, n, 0);
        byte[] longer = deflate(Arrays.copyOf(x, n + 1));
        assertLie("has more data than the 152 bytes", 8, longer, 0, crc(x), longer.length, n, 0);
        byte[] followed = Arrays.copyOf(z, z.length + 1);
        assertLie("has more data than the 152 bytes", 8, followed, 0, crc(x), followed.length, n, 0);
        byte[] more = Arrays.copyOf(x, n + 8);
        assertLie("has 32 bytes of values, expected 24", 0, more, 0, crc(more), n + 8, n + 8, 0);
    }

    private static byte[] forge(
            int method, byte[] data, int flags, long crc, long compressed, long size, long at, long... zip64) {
        Forger forger = new Forger();
        forger.local("x.npy", method, data);
        forger.central("x.npy", method, flags, crc, compressed, size, at, zip64);
        return forger.end(1, false);
    }

    private static Npz forged(int method, byte[] data, int flags, long crc, long compressed, long size, long at)
            throws IOException {
        return Npz.read(forge(method, data, flags, crc, compressed, size, at), "x");
    }

    private static void assertLie(
            String expected,
            int method,
            byte[] data,
            int flags,
            long crc,
            long compressed,
            long size,
            long at,
            long... zip64) {
        String message = message(forge(method, data, flags, crc, compressed, size, at, zip64));
        assertTrue(message.startsWith("x.npz: ") && message.contains(expected), message);
    }

    @Test
    void refusesEntriesThatShareNameOrBytes() throws IOException {
        byte[] x = npy();
        Forger twice = new Forger();
        twice.local("x.npy", 0, x);
        int second = twice.size();
        twice.local("x.npy", 0, x);
        twice.central("x.npy", 0, 0, crc(x), x.length, x.length, 0);
        twice.central("x.npy", 0, 0, crc(x), x.length, x.length, second);
        assertEquals("x.npz is a damaged zip file: there are two entries 'x.npy'", message(twice.end(2, false)));

        Forger shared = new Forger();
        shared.local("x.npy", 0, x);
        shared.central("x.npy", 0, 0, crc(x), x.length, x.length, 0);
        shared.central("y.npy", 0, 0, crc(x), x.length, x.length, 0);
        assertTrue(message(shared.end(2, false)).contains("another name"));

        // One entry inside the data of the other, as in the most effective zip bombs.
        Forger inner = new Forger();
        inner.local("y.npy", 0, x);
        byte[] nested = inner.file.toByteArray();
        Forger outer = new Forger();
        outer.local("x.npy", 0, nested);
        outer.central("x.npy", 0, 0, crc(nested), nested.length, nested.length, 0);
        outer.central("y.npy", 0, 0, crc(x), x.length, x.length, 35);
        assertEquals(
                "x.npz is a damaged zip file: the entries 'x.npy' and 'y.npy' overlap", message(outer.end(2, false)));

        Forger miscounted = new Forger();
        miscounted.local("x.npy", 0, x);
        miscounted.central("x.npy", 0, 0, crc(x), x.length, x.length, 0);
        assertEquals(
                "x.npz is a damaged zip file: the directory lists 1 entries, expected 2",
                message(miscounted.end(2, false)));
    }

    @Test
    void aBombIsRefusedByTheMemoryItNeeds() throws IOException {
        // 160 million strings of one byte, from 155 kB on disk, would take 9 GB. The file is refused once the header is
        // known.
        byte[] head =
                NpyArrayTest.npy("{'descr': '|S1', 'fortran_order': False, 'shape': (160000000,)}  ", new byte[0]);
        byte[] data = Arrays.copyOf(deflate(head), 155_100);
        String message = message(forge(8, data, 0, 0, data.length, head.length + 160_000_000L, 0));
        assertTrue(message.contains("expected at most 1073741824 for a file of this size"), message);
    }

    @Test
    void theMemoryOfAllArraysIsLimitedTogether() throws IOException {
        ByteSource file = ByteSource.of(bytes(Map.of("a", NpyArray.of(new double[10], 10), "b", NpyArray.scalar("b"))));
        assertEquals(2, Npz.read(file, "x", 80 + 60).arrays().size());
        String message = assertThrows(FormatException.class, () -> Npz.read(file, "x", 80 + 59))
                .getMessage();
        assertTrue(message.contains("bytes of memory, expected at most"), message);
    }
}
