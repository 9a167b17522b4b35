package attractor.engine;

import attractor.kernel.Kernels;
import attractor.task.Task;
import attractor.task.Tasks;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.stream.Stream;

/** What the tests of the engine share. */
final class EngineFixtures {
    private EngineFixtures() {}

    /** An AND of 20 steps. */
    static Task shortAnd() {
        return Tasks.byName("and", Map.of("durationMs", 20, "stimulusOnsetMs", 2, "stimulusMs", 4, "delayMs", 2));
    }

    /** The first 8 bytes of SHA-256 over the bits of the values. */
    static String hash(double[] values) {
        ByteBuffer bytes = ByteBuffer.allocate(8 * values.length);
        Arrays.stream(values).forEach(bytes::putDouble);
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes.array());
            return HexFormat.of().formatHex(digest, 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    /** The scalar kernels and those that this JVM would choose. */
    static Stream<Kernels> kernels() {
        return Stream.of(Kernels.of("scalar"), Kernels.get());
    }
}
