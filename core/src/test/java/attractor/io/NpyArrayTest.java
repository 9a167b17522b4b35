package attractor.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NpyArrayTest {
    /** As in make_fixtures.py: zeros, subnormals, infinities, quiet and signalling NaNs with payloads. */
    private static final long[] BITS = {
        0x0000000000000000L, 0x8000000000000000L, 0x0000000000000001L, 0x800FFFFFFFFFFFFFL, 0x7FEFFFFFFFFFFFFFL,
        0x7FF0000000000000L, 0xFFF0000000000000L, 0x7FF8000000000000L, 0xFFF8DEADBEEF1234L, 0x7FF4000000000001L,
        0x3FF0000000000001L, 0xBFB999999999999AL
    };

    static byte[] fixture(String name) throws IOException {
        try (var in = NpyArrayTest.class.getResourceAsStream(name)) {
            return in.readAllBytes();
        }
    }

    static byte[] bytes(NpyArray array) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        array.writeTo(out);
        return out.toByteArray();
    }

    /** A file of version 1.0 with the given header and body. */
    static byte[] npy(String header, byte[] body) {
        byte[] text = header.getBytes(StandardCharsets.ISO_8859_1);
        ByteBuffer file = ByteBuffer.allocate(10 + text.length + body.length).order(ByteOrder.LITTLE_ENDIAN);
        file.put(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0}).putShort((short) text.length);
        return file.put(text).put(body).array();
    }

    private static String message(byte[] file) {
        return assertThrows(FormatException.class, () -> NpyArray.read(file, "x.npy"))
                .getMessage();
    }

    private static long[] rawBits(double[] values) {
        return Arrays.stream(values).mapToLong(Double::doubleToRawLongBits).toArray();
    }

    @Test
    void keepsEveryBitOfWhatNumpyWroteAndWritesTheSameFile() throws IOException {
        byte[] file = fixture("bits.npy");
        NpyArray array = NpyArray.read(file, "bits.npy");
        assertArrayEquals(BITS, rawBits(array.doubles()));
        assertArrayEquals(new int[] {3, 4}, array.shape());
        assertArrayEquals(file, bytes(array));
    }

    @Test
    void bigEndianGivesTheSameBits() throws IOException {
        assertArrayEquals(
                BITS, rawBits(NpyArray.read(fixture("bits-big-endian.npy"), "x").doubles()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"version2.npy", "version3.npy"})
    void readsLaterHeaderVersions(String name) throws IOException {
        NpyArray array = NpyArray.read(fixture(name), name);
        assertArrayEquals(new double[] {0, 1, 2, 3, 4}, array.doubles());
    }

    @Test
    void float32IsWidenedWithThePayloadOfNaNs() throws IOException {
        int[] bits = {0x3dcccccd, 0x80000000, 0x00000001, 0x7f800000, 0xffc00000, 0x7f812345, 0xff800001};
        ByteBuffer body = ByteBuffer.allocate(28).order(ByteOrder.LITTLE_ENDIAN);
        for (int b : bits) {
            body.putInt(b);
        }
        NpyArray array =
                NpyArray.read(npy("{'descr': '<f4', 'fortran_order': False, 'shape': (7,)}", body.array()), "x");
        long[] expected = {
            0x3fb99999a0000000L,
            0x8000000000000000L,
            0x36a0000000000000L,
            0x7ff0000000000000L,
            0xfff8000000000000L,
            0x7ff02468a0000000L,
            0xfff0000020000000L
        };
        assertArrayEquals(expected, rawBits(array.doubles()));
    }

    @Test
    void roundTripsOfEveryKindAndAwkwardShapes() throws IOException {
        int[][] shapes = {{}, {0}, {1}, {7}, {3, 4}, {0, 5}, {5, 0}, {2, 3, 4}, {1, 1, 1, 1, 9}, {9000}, {8193, 3}};
        Random random = new Random(1);
        for (int[] shape : shapes) {
            int n = Arrays.stream(shape).reduce(1, (a, b) -> a * b);
            NpyArray[] arrays = {
                NpyArray.of(
                        random.longs(n).mapToDouble(Double::longBitsToDouble).toArray(), shape),
                NpyArray.of(random.longs(n).toArray(), shape),
                NpyArray.of(new boolean[n], shape),
                NpyArray.of(random.ints(n, 0, 9).mapToObj("é😀 z"::repeat).toArray(String[]::new), shape)
            };
            for (NpyArray array : arrays) {
                byte[] file = bytes(array);
                assertEquals(file.length, NpyFormat.encodedSize(array), array.toString());
                NpyArray read = NpyArray.read(file, "x");
                assertEquals(array.toString(), read.toString());
                assertArrayEquals(file, bytes(read), array.toString());
                switch (array.kind()) {
                    case DOUBLE -> assertArrayEquals(rawBits(array.doubles()), rawBits(read.doubles()));
                    case LONG, BOOL -> assertArrayEquals(array.longs(), read.longs());
                    case STRING -> assertArrayEquals(array.strings(), read.strings());
                }
            }
        }
    }

    @Test
    void headerIsThatOfNumpy() throws IOException {
        String header = new String(bytes(NpyArray.of(new double[12], 3, 4)), 0, 128, StandardCharsets.ISO_8859_1);
        assertEquals(
                "\u0093NUMPY\1\0v\0{'descr': '<f8', 'fortran_order': False, 'shape': (3, 4), }" + " ".repeat(58) + "\n",
                header);
        assertTrue(new String(bytes(NpyArray.scalar("abc")), StandardCharsets.ISO_8859_1).contains("'<U3'"));
        assertTrue(new String(bytes(NpyArray.scalar("")), StandardCharsets.ISO_8859_1).contains("'<U1'"));
        assertTrue(new String(bytes(NpyArray.of(new long[2], 2)), StandardCharsets.ISO_8859_1).contains("(2,)"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'descr': '<f8', 'fortran_order': False, 'shape': (2,), }\n",
                "{'descr': '<f8', 'fortran_order': False, 'shape': (2,)}",
                "{\"shape\":(2,),\"fortran_order\":True,\"descr\":\"<f8\"}",
                "  {  'shape'\t:\n( 2 , ) , 'descr' :'<f8','fortran_order': False ,}   \r\n\n ",
                "{'descr': '<f8', 'fortran_order': False, 'shape': (2L,), }",
                "{'descr': '<f8', 'fortran_order': False, 'shape': (1, 02, 1, ), }",
            })
    void acceptsEveryWayToWriteTheHeader(String header) throws IOException {
        byte[] body = ByteBuffer.allocate(16)
                .putLong(Long.reverseBytes(0x3FF0000000000000L))
                .array();
        assertArrayEquals(
                new double[] {1, 0}, NpyArray.read(npy(header, body), "x").doubles());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                "{'descr': '<f8', 'fortran_order': False};                             has no 'shape'",
                "{'descr': '<f8', 'shape': (2,)};                                      has no 'fortran_order'",
                "{'fortran_order': False, 'shape': (2,)};                              has no 'descr'",
                "{};                                                                   has no 'descr'",
                "{'descr': '<f8', 'descr': '<f8', 'fortran_order': False, 'shape': ()};  'descr' twice",
                "{'descr': '<f8', 'fortran_order': False, 'shape': (2,), 'x': 1};      key 'x'",
                "{'descr': '<f8', 'fortran_order': False, 'shape': (2)};               a tuple of one",
                "{'descr': '<f8', 'fortran_order': False, 'shape': (,)};               a dimension of 0 or more",
                "{'descr': '<f8', 'fortran_order': False, 'shape': (-2,)};             a dimension of 0 or more",
                "{'descr': '<f8', 'fortran_order': False, 'shape': 2};                 expected '('",
                "{'descr': '<f8', 'fortran_order': False, 'shape': (2,,)};             a dimension of 0 or more",
                "{'descr': '<f8', 'fortran_order': False, 'shape': (4294967298,)};     '4294967298'",
                "{'descr': '<f8', 'fortran_order': 0, 'shape': (2,)};                  True or False",
                "{'descr': '<f8', 'fortran_order': False, 'shape': (2,)}x;             the end of the header",
                "{'descr': '<f8', 'fortran_order': False, 'shape': (2,);               its end at",
                "{'descr': '<f8;                                                       a string",
                "{'descr': '<\\x668', 'fortran_order': False, 'shape': (2,)};          without escapes",
                "{'descr': [('a', '<f8')], 'fortran_order': False, 'shape': (2,)};     structured",
                "{'descr': '|O', 'fortran_order': False, 'shape': (2,)};               Python objects",
                "{'descr': '<f2', 'fortran_order': False, 'shape': (2,)};              type '<f2'",
                "{'descr': '<c16', 'fortran_order': False, 'shape': (2,)};             type '<c16'",
                "{'descr': '<M8[ns]', 'fortran_order': False, 'shape': (2,)};          type '<M8[ns]'",
                "{'descr': '=f8', 'fortran_order': False, 'shape': (2,)};              type '=f8'",
                "{'descr': '|f8', 'fortran_order': False, 'shape': (2,)};              type '|f8'",
                "{'descr': 'f8', 'fortran_order': False, 'shape': (2,)};               type 'f8'",
                "{'descr': '<U', 'fortran_order': False, 'shape': (2,)};               type '<U'",
                "[];                                                                   expected '{'",
                "``;                                                                   its end at 2",
                "{'descr': '<f8', 'fortran_order': False, 'shape': (3,)};  has 16 bytes of values, expected 24 (shape (3,)",
                "{'descr': '<f8', 'fortran_order': False, 'shape': (1,)};  has 16 bytes of values, expected 8",
            })
    void refusesAHeaderThatIsWrong(String header, String expected) {
        String message = message(npy(header + "  ", new byte[16]));
        assertTrue(message.startsWith("x.npy: "), message);
        assertTrue(message.contains(expected), message);
    }

    @Test
    void refusesClaimsBeforeItAllocates() {
        String header = "{'descr': '<f8', 'fortran_order': False, 'shape': (%s), }";
        assertEquals(
                "x.npy: has 100 bytes of values, expected 8000000000000 (shape (1000000, 1000000) of '<f8')",
                message(npy(header.formatted("1000000, 1000000"), new byte[100])));
        // 2^64 elements: a product that overflows to 0 must not count as an empty array.
        assertTrue(message(npy(header.formatted("65536, 65536, 65536, 65536"), new byte[0]))
                .contains("expected 147573952589676412928"));
        assertTrue(message(npy(header.formatted("2, ".repeat(65)), new byte[0])).contains("64 dimensions"));
        String none = "{'descr': '<U0', 'fortran_order': False, 'shape': (2000000000,), }";
        assertTrue(message(npy(none, new byte[0])).contains("2000000000 values of 0 bytes"));
    }

    @Test
    void manyShortStringsMayNotTakeMoreMemoryThanTheFileJustifies() {
        byte[] file = npy("{'descr': '|S1', 'fortran_order': False, 'shape': (1000,), }", new byte[1000]);
        String message = assertThrows(
                        FormatException.class,
                        () -> NpyFormat.read(ByteSource.of(file).stream(0, file.length), file.length, 56_999, "x"))
                .getMessage();
        assertTrue(message.contains("need 57000 bytes of memory, expected at most 56999"), message);
    }

    @Test
    void anEmptyArrayMayHaveAnyOtherDimension() throws IOException {
        NpyArray array = NpyArray.read(
                npy("{'descr': '<f8', 'fortran_order': True, 'shape': (2147483647, 0, 2147483647), }", new byte[0]),
                "x");
        assertEquals(0, array.size());
        assertArrayEquals(bytes(array), bytes(NpyArray.read(bytes(array), "x")));
    }

    @Test
    void refusesValuesThatAreNoneOfTheirType() {
        byte[] big = new byte[8];
        Arrays.fill(big, (byte) 0xff);
        String header = "{'descr': '%s', 'fortran_order': False, 'shape': (), }  ";
        assertTrue(message(npy(header.formatted("<u8"), big)).contains("the value 18446744073709551615"));
        assertTrue(message(npy(header.formatted("|b1"), new byte[] {2})).contains("a boolean of 2"));
        assertTrue(
                message(npy(header.formatted("<U1"), new byte[] {0, 0, 17, 0})).contains("0x110000"));
        assertTrue(message(npy(header.formatted("<U1"), new byte[] {0, (byte) 0xd8, 0, 0}))
                .contains("0xd800"));
        assertTrue(
                message(npy(header.formatted("|S1"), new byte[] {(byte) 0xe9})).contains("not UTF-8"));
    }

    @Test
    void refusesOtherFiles() throws IOException {
        assertEquals("x.npy: has 0 bytes, too few for a .npy array", message(new byte[0]));
        assertTrue(message("PK\3\4 and so on and on".getBytes(StandardCharsets.US_ASCII))
                .contains("does not begin with"));
        byte[] file = fixture("bits.npy");
        file[6] = 4;
        assertEquals("x.npy: is .npy version 4.0, expected 1.0, 2.0 or 3.0", message(file));
        file[6] = 1;
        file[9] = 1;
        assertEquals("x.npy: claims a header of 374 bytes, expected at most 214 (has 224 bytes)", message(file));
        assertTrue(message(Arrays.copyOf(fixture("bits.npy"), 225)).contains("has 97 bytes of values, expected 96"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"bits.npy", "version2.npy", "version3.npy"})
    void everyCutIsRefused(String name) throws IOException {
        byte[] file = fixture(name);
        for (int length = 0; length < file.length; length++) {
            byte[] cut = Arrays.copyOf(file, length);
            assertThrows(FormatException.class, () -> NpyArray.read(cut, "cut"), name + " cut to " + length);
        }
    }

    @Test
    void aMessageIsOneLineWhateverTheFileSays() {
        String evil = "{'descr': '<f8\u001b[2J\n\u0085', 'fortran_order': False, 'shape': (2,), }";
        assertTrue(message(npy(evil, new byte[16])).contains("'<f8\\u001b[2J\\u000a\\u0085'"));
        String message = message(npy("{'" + "x".repeat(10_000) + "': 1}", new byte[16]));
        assertTrue(message.length() < 300, message);
    }

    @Test
    void refusesWhatAnArrayCannotBe() {
        assertEquals(
                "shape (3, 4) needs 12 values, found 11",
                assertThrows(IllegalArgumentException.class, () -> NpyArray.of(new double[11], 3, 4))
                        .getMessage());
        assertThrows(IllegalArgumentException.class, () -> NpyArray.of(new double[2]));
        assertThrows(IllegalArgumentException.class, () -> NpyArray.of(new double[2], -1, -2));
        // 65536^4 = 2^64 overflows to 0.
        assertThrows(IllegalArgumentException.class, () -> NpyArray.of(new double[0], 65536, 65536, 65536, 65536));
        assertThrows(IllegalArgumentException.class, () -> NpyArray.scalar("x\0"));
        assertThrows(IllegalArgumentException.class, () -> NpyArray.scalar("\ud83d"));
        assertEquals(
                "the array is of kind DOUBLE, expected STRING",
                assertThrows(
                                IllegalStateException.class,
                                () -> NpyArray.scalar(1.0).strings())
                        .getMessage());
    }

    @Test
    void filesAreReadAndWritten(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("a.npy");
        NpyArray.of(new double[] {1, 2}, 2).write(file);
        assertArrayEquals(bytes(NpyArray.of(new double[] {1, 2}, 2)), Files.readAllBytes(file));
        assertArrayEquals(new double[] {1, 2}, NpyArray.read(file).doubles());
        assertEquals(
                folder.resolve("none") + ": no such file",
                assertThrows(NoSuchFileException.class, () -> NpyArray.read(folder.resolve("none")))
                        .getMessage());
        assertEquals(
                folder + " is a folder, expected a file",
                assertThrows(IOException.class, () -> NpyArray.read(folder)).getMessage());
        Files.write(file, new byte[3]);
        IOException e = assertThrows(FormatException.class, () -> NpyArray.read(file));
        assertFalse(e.getMessage().contains("\n"));
        assertTrue(e.getMessage().startsWith(file.toString()), e.getMessage());
    }

    /** Checks memory: one character of a file used to take 230 bytes. */
    @Test
    void shortStringsCostNoGarbage() throws IOException {
        int n = 50_000;
        byte[] file = npy("{'descr': '|S1', 'fortran_order': False, 'shape': (" + n + ",), }", new byte[n]);
        if (ManagementFactory.getThreadMXBean() instanceof com.sun.management.ThreadMXBean threads) {
            NpyArray.read(file, "warm");
            long before = threads.getCurrentThreadAllocatedBytes();
            NpyArray.read(file, "x.npy");
            long each = (threads.getCurrentThreadAllocatedBytes() - before) / n;
            assertTrue(each < 64, each + " bytes a string");
        }
    }

    @Test
    void stringsUpToTheLastByte() throws IOException {
        String header = "{'descr': '%s', 'fortran_order': False, 'shape': (3,), }";
        byte[] utf8 = "éaa😀\0xyz".getBytes(StandardCharsets.UTF_8);
        assertArrayEquals(
                new String[] {"éaa", "😀", "\0xyz"},
                NpyArray.read(npy(header.formatted("|S4"), utf8), "x.npy").strings());
        byte[] utf32 = "😀a\0\0b\0".getBytes(Charset.forName("UTF-32LE"));
        assertArrayEquals(
                new String[] {"😀a", "", "b"},
                NpyArray.read(npy(header.formatted("<U2"), utf32), "x.npy").strings());
        byte[] half = {'a', 'a', 'b', (byte) 0xc3, 0, 0};
        assertEquals("x.npy: has text that is not UTF-8", message(npy(header.formatted("|S2"), half)));
    }
}
