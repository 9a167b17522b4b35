package attractor.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Valid files with seeded damage: the readers give a result or a {@link FormatException}, and no more memory than the
 * file's size justifies. {@code -Dattractor.mutations=100000} sets the number per format.
 */
class LyingFilesTest {
    private static final int MUTATIONS = Integer.getInteger("attractor.mutations", 3000);
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    /** What a reader does with a file; throws nothing but FormatException. */
    private interface Reader {
        void read(byte[] file) throws IOException;
    }

    private static void check(List<byte[]> originals, Mutation mutation, Reader reader) throws IOException {
        int refused = 0;
        for (byte[] original : originals) {
            reader.read(original);
        }
        for (int seed = 0; seed < MUTATIONS; seed++) {
            Random random = new Random(seed);
            byte[] file = mutation.mutate(originals.get(random.nextInt(originals.size())), random);
            long before = THREADS.getCurrentThreadAllocatedBytes();
            try {
                reader.read(file);
            } catch (FormatException e) {
                refused++;
                String message = e.getMessage();
                assertTrue(message.startsWith("file") && message.length() < 500, "seed " + seed + ": " + message);
                assertTrue(message.chars().noneMatch(Character::isISOControl), "seed " + seed + ": " + message);
            } catch (IOException | RuntimeException | StackOverflowError | OutOfMemoryError e) {
                fail("seed " + seed, e);
            }
            long allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
            assertTrue(
                    allocated < 1_000_000 + 200L * file.length,
                    "seed " + seed + ": allocated " + allocated + " bytes for a file of " + file.length);
        }
        assertTrue(refused > MUTATIONS / 4, "only " + refused + " of " + MUTATIONS + " were refused");
    }

    private interface Mutation {
        byte[] mutate(byte[] file, Random random) throws IOException;
    }

    /** One to four injuries: flipped bits, other bytes, extreme integers, cuts, parts removed, repeated or moved. */
    private static byte[] injure(byte[] original, Random random) {
        byte[] file = original.clone();
        for (int n = 1 + random.nextInt(4); n > 0 && file.length > 0; n--) {
            int at = random.nextInt(file.length);
            int length = 1 + random.nextInt(Math.min(file.length - at, random.nextBoolean() ? 8 : file.length));
            switch (random.nextInt(9)) {
                case 0 -> file[at] ^= (byte) (1 << random.nextInt(8));
                case 1 -> file[at] = (byte) random.nextInt(256);
                case 2 -> {
                    byte[] extremes = {0, -1, 127, -128, 1, '0', '9', '[', '{', '"', '(', '-'};
                    Arrays.fill(file, at, at + Math.min(length, 8), extremes[random.nextInt(extremes.length)]);
                }
                case 3 -> file = Arrays.copyOf(file, at);
                case 4 -> file = join(file, at, new byte[0], at + length);
                case 5 -> file = join(file, at + length, Arrays.copyOfRange(file, at, at + length), at + length);
                case 6 -> {
                    int to = random.nextInt(file.length - length + 1);
                    System.arraycopy(file, at, file, to, length);
                }
                case 7 -> {
                    String digits = String.valueOf(random.nextLong() >>> random.nextInt(64));
                    file = join(file, at, digits.getBytes(StandardCharsets.US_ASCII), at + random.nextInt(2));
                }
                default -> {
                    if (at + 4 <= file.length) {
                        ByteBuffer bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
                        bytes.putInt(at, bytes.getInt(at) + random.nextInt(64) - 32);
                    }
                }
            }
        }
        return file;
    }

    private static byte[] join(byte[] file, int headEnd, byte[] middle, int tailStart) {
        byte[] joined = Arrays.copyOf(file, headEnd + middle.length + file.length - tailStart);
        System.arraycopy(middle, 0, joined, headEnd, middle.length);
        System.arraycopy(file, tailStart, joined, headEnd + middle.length, file.length - tailStart);
        return joined;
    }

    /** What could be read can be written, and is then read the same. */
    private static void readNpy(byte[] file) throws IOException {
        NpyArray array = NpyArray.read(file, "file");
        byte[] written = NpyArrayTest.bytes(array);
        assertArrayEquals(written, NpyArrayTest.bytes(NpyArray.read(written, "file")));
    }

    private static void readNpz(byte[] file) throws IOException {
        for (Map.Entry<String, NpyArray> entry : Npz.read(file, "file").arrays().entrySet()) {
            assertEquals(entry.getValue().size(), product(entry.getValue().shape()), entry.getKey());
        }
    }

    private static int product(int[] shape) {
        return Arrays.stream(shape).reduce(1, (a, b) -> a * b);
    }

    private static List<byte[]> npyFiles() throws IOException {
        List<byte[]> files = new ArrayList<>();
        for (String name : List.of("bits.npy", "bits-big-endian.npy", "version2.npy", "version3.npy")) {
            files.add(NpyArrayTest.fixture(name));
        }
        for (NpyArray array : NpzTest.network().values()) {
            files.add(NpyArrayTest.bytes(array));
        }
        String header = "{'descr': '%s', 'fortran_order': True, 'shape': (2, 3), }";
        files.add(NpyArrayTest.npy(header.formatted("|S2"), new byte[12]));
        files.add(NpyArrayTest.npy(header.formatted(">i2"), new byte[12]));
        return files;
    }

    @Test
    void npy() throws IOException {
        check(npyFiles(), LyingFilesTest::injure, LyingFilesTest::readNpy);
    }

    @Test
    void npz() throws IOException {
        List<byte[]> files = new ArrayList<>(List.of(NpzTest.bytes(NpzTest.network()), NpzTest.zip64File()));
        for (String name : List.of("stored.npz", "deflated.npz", "piped.npz")) {
            files.add(NpyArrayTest.fixture(name));
        }
        check(files, LyingFilesTest::injure, LyingFilesTest::readNpz);
    }

    /** The damage gets past the checksum. */
    @Test
    void npzWithDamagedArrays() throws IOException {
        check(
                npyFiles(),
                (file, random) -> NpzTest.zip(Map.of("x.npy", injure(file, random))),
                file -> readNpz(file.length > 4 && file[0] == 'P' ? file : NpzTest.zip(Map.of("x.npy", file))));
    }

    /** Only the directory and the end, where each byte has a meaning. */
    @Test
    void npzWithADamagedDirectory() throws IOException {
        byte[] network = NpzTest.bytes(NpzTest.network());
        check(
                List.of(network, NpyArrayTest.fixture("piped.npz")),
                (file, random) -> {
                    int start =
                            ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).getInt(file.length - 6);
                    byte[] directory = injure(Arrays.copyOfRange(file, start, file.length), random);
                    return join(file, start, directory, file.length);
                },
                LyingFilesTest::readNpz);
    }

    @Test
    void json() throws IOException {
        List<byte[]> files = new ArrayList<>();
        files.add("{\"a\":[1,2.5e-3,null,true],\"b\":{\"\\u00e9\\n\":\"😀\"}}".getBytes(StandardCharsets.UTF_8));
        for (int seed = 0; seed < 50; seed++) {
            files.add(Json.pretty(JsonTest.random(new Random(seed), 0)).getBytes(StandardCharsets.UTF_8));
        }
        check(files, LyingFilesTest::injure, file -> {
            Object value = Json.parse(NpyFormat.utf8(file, "file"), "file");
            assertEquals(value, Json.parse(Json.compact(value), "file"));
        });
    }
}
