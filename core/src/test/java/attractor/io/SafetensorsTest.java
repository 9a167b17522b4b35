package attractor.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SafetensorsTest {
    private static final String F32 = "{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}";

    @TempDir
    Path folder;

    /** A file with this header and this number of bytes of values, 0, 1, 2... */
    private static byte[] file(String header, int values) {
        byte[] text = header.getBytes(StandardCharsets.UTF_8);
        ByteBuffer file = ByteBuffer.allocate(8 + text.length + values).order(ByteOrder.LITTLE_ENDIAN);
        file.putLong(text.length).put(text);
        for (int k = 0; k < values; k++) {
            file.put((byte) k);
        }
        return file.array();
    }

    private static String refusal(byte[] file) {
        FormatException e = assertThrows(FormatException.class, () -> Safetensors.read(file, "w"));
        assertTrue(e.getMessage().startsWith("w: "), e.getMessage());
        return e.getMessage().substring(3);
    }

    @Test
    void everyBitSurvives() throws IOException {
        double[] odd = {
            -0.0,
            Double.MIN_VALUE,
            Double.MAX_VALUE,
            0.1,
            Double.NEGATIVE_INFINITY,
            Double.longBitsToDouble(0x7ff8000000000123L)
        };
        Random random = new Random(1);
        double[] many = random.doubles(20_000).toArray(); // more than one chunk
        Map<String, NpyArray> tensors = new LinkedHashMap<>();
        tensors.put("z", NpyArray.of(odd, 2, 3));
        tensors.put("ä \"b\"", NpyArray.of(many, 20_000));
        tensors.put("empty", NpyArray.of(new double[0], 0, 5));
        tensors.put("scalar", NpyArray.scalar(7.5));
        Path file = folder.resolve("a.safetensors");
        Safetensors.write(file, tensors, Map.of("format", "pt"));
        Safetensors read = Safetensors.read(file);
        assertEquals(file.toString(), read.name());
        assertEquals(List.copyOf(tensors.keySet()), List.copyOf(read.tensors().keySet()));
        assertEquals(Map.of("format", "pt"), read.metadata());
        for (String name : tensors.keySet()) {
            NpyArray expected = tensors.get(name);
            NpyArray found = read.tensors().get(name);
            assertArrayEquals(expected.shape(), found.shape(), name);
            assertArrayEquals(bits(expected), bits(found), name);
        }
    }

    private static long[] bits(NpyArray array) {
        return Arrays.stream(array.doubles())
                .mapToLong(Double::doubleToRawLongBits)
                .toArray();
    }

    @Test
    void theBytesAreThoseOfTheFormat() throws IOException {
        Path file = folder.resolve("a.safetensors");
        Safetensors.write(file, Map.of("b", NpyArray.of(new double[] {1, -2}, 2, 1)), Map.of());
        String header = "{\"b\":{\"dtype\":\"F64\",\"shape\":[2,1],\"data_offsets\":[0,16]}}";
        ByteBuffer expected = ByteBuffer.allocate(8 + 64 + 16).order(ByteOrder.LITTLE_ENDIAN);
        expected.putLong(64).put(header.getBytes(StandardCharsets.UTF_8));
        while (expected.position() < 8 + 64) {
            expected.put((byte) ' ');
        }
        expected.putDouble(1).putDouble(-2);
        assertArrayEquals(expected.array(), Files.readAllBytes(file));
        Safetensors.write(file, Map.of(), Map.of());
        assertTrue(Safetensors.read(file).tensors().isEmpty());
    }

    @Test
    void singlePrecisionIsWidened() throws IOException {
        byte[] file = file("{\"a\":" + F32 + "}", 8);
        ByteBuffer.wrap(file)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putFloat(file.length - 8, 0.1f)
                .putFloat(file.length - 4, -3f);
        double[] values = Safetensors.read(file, "w").tensors().get("a").doubles();
        assertArrayEquals(new double[] {0.1f, -3}, values);
    }

    @Test
    void theOrderInTheFileNeedNotBeThatOfTheHeader() throws IOException {
        byte[] file = file("{\"a\":" + F32.replace("[0,8]", "[8,16]") + ",\"b\":" + F32 + "}", 16);
        Safetensors read = Safetensors.read(file, "w");
        assertEquals(List.of("a", "b"), List.copyOf(read.tensors().keySet()));
        assertEquals(Float.intBitsToFloat(0x0b0a0908), read.tensors().get("a").doubles()[0]);
        assertEquals(Float.intBitsToFloat(0x03020100), read.tensors().get("b").doubles()[0]);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'a':{'dtype':'F16','shape':[4],'data_offsets':[0,8]}} | 'a' has the type 'F16', expected F32 or F64",
                "{'a':{'dtype':'I64','shape':[1],'data_offsets':[0,8]}} | 'a' has the type 'I64', expected F32 or F64",
                "{'a':{'dtype':8,'shape':[2],'data_offsets':[0,8]}} | the header: a.dtype is 8, expected a string",
                "{'a':{'shape':[2],'data_offsets':[0,8]}} | the header: has no a.dtype",
                "{'a':{'dtype':'F32','shape':2,'data_offsets':[0,8]}} | the header: a.shape is 2, expected an array",
                "{'a':{'dtype':'F32','shape':[2.0],'data_offsets':[0,8]}} | 'a' has 2.0 in its shape, expected integers",
                "{'a':{'dtype':'F32','shape':['2'],'data_offsets':[0,8]}} | 'a' has the string '2' in its shape, expected integers",
                "{'a':{'dtype':'F32','shape':[-2],'data_offsets':[0,8]}} | 'a' has the shape [-2], expected at most 2147483639 values, no length negative",
                "{'a':{'dtype':'F32','shape':[-1,-2],'data_offsets':[0,8]}} | 'a' has the shape [-1, -2], expected at most 2147483639 values, no length negative",
                "{'a':{'dtype':'F32','shape':[65536,65536],'data_offsets':[0,8]}} | 'a' has the shape [65536, 65536], expected at most 2147483639 values, no length negative",
                "{'a':{'dtype':'F64','shape':[4294967296,4294967296],'data_offsets':[0,8]}} | 'a' has the shape [4294967296, 4294967296], expected at most 2147483639 values, no length negative",
                "{'a':{'dtype':'F64','shape':[0,9000000000],'data_offsets':[0,0]}} | 'a' has the shape [0, 9000000000], expected at most 2147483639 values, no length negative",
                "{'a':{'dtype':'F32','shape':[2],'data_offsets':[0,4]}} | 'a' has 4 bytes of values, expected 8 (shape (2,) of F32)",
                "{'a':{'dtype':'F64','shape':[2],'data_offsets':[0,8]}} | 'a' has 8 bytes of values, expected 16 (shape (2,) of F64)",
                "{'a':{'dtype':'F64','shape':[2],'data_offsets':[0,16]}} | 'a' has the data_offsets [0, 16], expected a begin and an end within 8 bytes",
                "{'a':{'dtype':'F32','shape':[2],'data_offsets':[8,0]}} | 'a' has the data_offsets [8, 0], expected a begin and an end within 8 bytes",
                "{'a':{'dtype':'F32','shape':[2],'data_offsets':[-8,0]}} | 'a' has the data_offsets [-8, 0], expected a begin and an end within 8 bytes",
                "{'a':{'dtype':'F32','shape':[2],'data_offsets':[0]}} | 'a' has the data_offsets [0], expected a begin and an end within 8 bytes",
                "{'a':{'dtype':'F32','shape':[2],'data_offsets':[]}} | 'a' has the data_offsets [], expected a begin and an end within 8 bytes",
                "{'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8,9]}} | 'a' has the data_offsets [0, 8, 9], expected a begin and an end within 8 bytes",
                "{'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8],'x':1}} | the header: has the unknown member 'a.x', expected only",
                "{'a':{'dtype':'F32','shape':[1],'data_offsets':[0,4]}} | has 8 bytes of values, expected 4 as its header says",
                "{'a':{'dtype':'F32','shape':[1],'data_offsets':[4,8]}} | 'a' begins at 4, expected 0, where the tensor before it ends",
                "{'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8]},'b':{'dtype':'F32','shape':[1],'data_offsets':[4,8]}} | 'b' begins at 4, expected 8, where the tensor before it ends",
                "{'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8]},'b':{'dtype':'F32','shape':[2],'data_offsets':[0,8]}} | 'b' begins at 0, expected 8, where the tensor before it ends",
                "{'a':1} | the header: a is 1, expected an object",
                "{} | has 8 bytes of values, expected 0 as its header says",
                "{'__metadata__':{'a':1},'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8]}} | the header: __metadata__.a is 1, expected a string",
                "{'__metadata__':[],'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8]}} | the header: __metadata__ is an array, expected an object",
                "[] | the header does not begin with '{', expected a .safetensors file",
                "{'a' | the header: line 1, column 5: found the end, expected ':'"
            })
    void headersThatLieAreToldInOneLine(String header, String message) {
        String found = refusal(file(header.replace('\'', '"'), 8));
        assertTrue(found.startsWith(message), found);
    }

    @Test
    void filesOfOtherKinds() throws IOException {
        assertEquals("has 0 bytes, too few for a .safetensors file", refusal(new byte[0]));
        assertEquals("has 7 bytes, too few for a .safetensors file", refusal(new byte[7]));
        assertEquals(
                "claims a header of 0 bytes, expected 2 to 12 (a .safetensors file of 20 bytes)",
                refusal(new byte[20]));
        byte[] full = new byte[20];
        Arrays.fill(full, (byte) -1);
        assertEquals(
                "claims a header of 18446744073709551615 bytes, expected 2 to 12 (a .safetensors file of 20 bytes)",
                refusal(full));
        byte[] latin = file("{\"ab\":" + F32 + "}", 8);
        latin[8 + 2] = (byte) 0xe4;
        assertEquals("the header: has text that is not UTF-8", refusal(latin));
        byte[] twice = file("{\"a\":" + F32 + ",\"a\":" + F32 + "}", 8);
        assertTrue(refusal(twice).contains("twice"), refusal(twice));
        byte[] large = new byte[(1 << 20) + 100];
        ByteBuffer.wrap(large).order(ByteOrder.LITTLE_ENDIAN).putLong(0, (1 << 20) + 1);
        assertEquals(
                "claims a header of 1048577 bytes, expected 2 to 1048576 (a .safetensors file of 1048676 bytes)",
                refusal(large));
        assertThrows(NoSuchFileException.class, () -> Safetensors.read(folder.resolve("none")));
    }

    @Test
    void everyCutAndEveryTailIsNoticed() {
        byte[] whole = file("{\"a\":" + F32 + "}", 8);
        for (int length = 0; length < whole.length; length++) {
            refusal(Arrays.copyOf(whole, length));
        }
        assertEquals(
                "has 9 bytes of values, expected 8 as its header says",
                refusal(Arrays.copyOf(whole, whole.length + 1)));
    }

    @Test
    void damageGivesOneLineOrAnotherFile() {
        byte[] whole = file("{\"a\":" + F32 + ",\"__metadata__\":{\"format\":\"pt\"}}", 8);
        int refused = 0;
        for (int seed = 0; seed < 3000; seed++) {
            Random random = new Random(seed);
            byte[] damaged = whole.clone();
            for (int n = 1 + random.nextInt(3); n > 0; n--) {
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
            }
            try {
                Safetensors.read(damaged, "w");
            } catch (FormatException e) {
                refused++;
                assertTrue(
                        e.getMessage().startsWith("w: ") && e.getMessage().length() < 400, "seed " + seed + ": " + e);
            }
        }
        assertTrue(refused > 2000, "only " + refused + " were refused");
    }

    @Test
    void onlyNumbersAreWritten() {
        Path file = folder.resolve("a.safetensors");
        assertThrows(
                IllegalArgumentException.class,
                () -> Safetensors.write(file, Map.of("a", NpyArray.scalar(1L)), Map.of()));
        assertThrows(
                IllegalArgumentException.class,
                () -> Safetensors.write(file, Map.of("__metadata__", NpyArray.scalar(1.0)), Map.of()));
        IllegalArgumentException e = assertThrows(
                IllegalArgumentException.class,
                () -> Safetensors.write(file, Map.of(), Map.of("long", "x".repeat(1 << 20))));
        assertEquals("the header has 1048608 bytes, expected at most 1048576 (fewer names)", e.getMessage());
        assertTrue(Files.notExists(file));
    }
}
