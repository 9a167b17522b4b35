package attractor.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The text of numbers, compared with Python's {@code repr}: a table, and hashes that make_fixtures.py prints. */
class NumberTextTest {
    private static String hash(DoubleStream values) throws NoSuchAlgorithmException {
        StringBuilder text = new StringBuilder();
        values.forEach(x -> {
            String number = Json.number(x);
            assertEquals(Double.doubleToRawLongBits(x), Double.doubleToRawLongBits(Double.parseDouble(number)), number);
            text.append(number).append('\n');
        });
        byte[] bytes = text.toString().getBytes(StandardCharsets.US_ASCII);
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    }

    @Test
    void theTable() throws IOException {
        List<String> lines = new String(NpyArrayTest.fixture("numbers.txt"), StandardCharsets.US_ASCII)
                .lines()
                .toList();
        assertTrue(lines.size() > 50);
        for (String line : lines) {
            double value = Double.longBitsToDouble(Long.parseUnsignedLong(line.substring(0, 16), 16));
            assertEquals(line.substring(17), Json.number(value));
            if (value > 0) {
                assertEquals("-" + line.substring(17), Json.number(-value));
            }
        }
    }

    @Test
    void everyPowerOfTwo() throws NoSuchAlgorithmException {
        assertEquals(
                "8aba9d55b380187da683ba0518d653e2e387aac2acf8b9f563a8e2d01a9ccecd",
                hash(IntStream.range(-1074, 1024).mapToDouble(e -> Math.scalb(1.0, e))));
    }

    @Test
    void randomBitsAndNumbersBelowOne() throws NoSuchAlgorithmException {
        SplitMix random = new SplitMix(1);
        double[] wild = new double[20_000];
        for (int i = 0; i < wild.length; i++) {
            wild[i] = Double.longBitsToDouble(random.next());
        }
        assertEquals(
                "a4f6746e1a8434126ed40f7450c976389c127a6309cd74855565c5c8f6a2e5ea",
                hash(DoubleStream.of(wild).filter(Double::isFinite)));
        double[] weights = new double[20_000];
        for (int i = 0; i < weights.length; i++) {
            weights[i] = (random.next() >>> 11) * 0x1p-53;
        }
        assertEquals(
                "638816fc5133ac2de901953db3148c93d79a5b4d515c0333613755d7d7c24b57", hash(DoubleStream.of(weights)));
    }

    /** As in make_fixtures.py. */
    private static final class SplitMix {
        private long state;

        SplitMix(long seed) {
            state = seed;
        }

        long next() {
            state += 0x9E3779B97F4A7C15L;
            long z = state;
            z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
            z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
            return z ^ (z >>> 31);
        }
    }
}
