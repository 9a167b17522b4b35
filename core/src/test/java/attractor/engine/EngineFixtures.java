package attractor.engine;

import attractor.kernel.Activation;
import attractor.kernel.Kernels;
import attractor.model.Rnn;
import attractor.task.Task;
import attractor.task.Tasks;
import attractor.train.GradientCase;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.stream.Stream;

/** Common parts of the engine's tests. */
public final class EngineFixtures {
    private EngineFixtures() {}

    /** The AND task with 20 steps. */
    static Task shortAnd() {
        return Tasks.byName("and", Map.of("durationMs", 20, "stimulusOnsetMs", 2, "stimulusMs", 4, "delayMs", 2));
    }

    /** A case with all its numbers: B, T, I, N, O. */
    public static GradientCase gradientCase(
            int batch,
            int steps,
            int inputs,
            int units,
            int outputs,
            Activation phi,
            double alpha,
            boolean recurrentBias,
            boolean masked,
            long seed) {
        return GradientCase.builder()
                .batch(batch)
                .steps(steps)
                .inputs(inputs)
                .units(units)
                .outputs(outputs)
                .activation(phi)
                .alpha(alpha)
                .recurrentBias(recurrentBias)
                .masked(masked)
                .seed(seed)
                .build();
    }

    /** A builder for one thread, with as much memory as it needs. */
    public static BatchGradient.Builder batchGradient(Rnn rnn, TrialSet trials, int maxBatch) {
        return BatchGradient.builder(rnn, trials).maxBatch(maxBatch).threads(1).memoryLimitBytes(Long.MAX_VALUE);
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

    /** The scalar kernels and the default kernels of this JVM. */
    static Stream<Kernels> kernels() {
        return Stream.of(Kernels.of("scalar"), Kernels.get());
    }
}
