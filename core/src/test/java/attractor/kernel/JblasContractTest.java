package attractor.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

/**
 * The contract on jblas, where its native library can be loaded; where not, {@link KernelChoiceTest} checks the
 * message.
 */
@EnabledIf(value = "loads", disabledReason = "jblas's native library cannot be loaded here")
class JblasContractTest extends VectorKernelContractTest {
    static boolean loads() {
        try {
            return Kernels.of("jblas").name().equals("jblas");
        } catch (UnsupportedOperationException e) {
            return false;
        }
    }

    @Override
    Kernels kernels() {
        return Kernels.of("jblas");
    }

    /** Without the lock, dozens of these 100,000 products are wrong. */
    @Test
    void threadsDoNotDisturbEachOther() throws Exception {
        int threads = 4;
        var pool = Executors.newFixedThreadPool(threads);
        try {
            List<Future<?>> ends = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                int seed = i;
                ends.add(pool.submit(() -> multiplyAgainAndAgain(seed)));
            }
            for (Future<?> end : ends) {
                end.get();
            }
        } finally {
            pool.shutdown();
        }
    }

    private static void multiplyAgainAndAgain(int seed) {
        int m = 32;
        int n = 52;
        int k = 52;
        Kernels kernels = Kernels.of("jblas");
        Random random = new Random(seed);
        // float: float[] a = Floats.rounded(random.doubles((long) m * k).toArray());
        double[] a = random.doubles((long) m * k).toArray();
        Kernels.Packed b = kernels.packed(k, n);
        // float: b.load(Floats.rounded(random.doubles((long) k * n).toArray()), 0, n);
        b.load(random.doubles((long) k * n).toArray(), 0, n);
        double[] zeros = new double[n];
        double[] first = new double[m * n];
        kernels.gemm(m, a, 0, k, b, zeros, 0, 0, first, 0, n);
        double[] c = new double[m * n];
        for (int i = 0; i < 25_000; i++) {
            kernels.gemm(m, a, 0, k, b, zeros, 0, 0, c, 0, n);
            assertArrayEquals(first, c, "product " + i + " of seed " + seed);
        }
    }
}
