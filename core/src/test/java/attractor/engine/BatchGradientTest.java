package attractor.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import attractor.kernel.Activation;
import attractor.kernel.Kernels;
import attractor.model.Rnn;
import attractor.model.RnnShape;
import attractor.train.GradientCase;
import attractor.train.GradientCase.Problem;
import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;

class BatchGradientTest {
    private static final GradientCase CASE =
            EngineFixtures.gradientCase(100, 41, 2, 19, 2, Activation.TANH, 1.0, true, true, 3);
    private static final GradientCase LEAKY =
            EngineFixtures.gradientCase(70, 41, 2, 19, 2, Activation.SIGMOID, 0.3, true, false, 4);

    private static int[] order(int size) {
        int[] order = new int[size];
        for (int i = 0; i < size; i++) {
            order[i] = size - 1 - i;
        }
        return order;
    }

    private static double[] gradient(Problem p, int threads, Kernels kernels, long memory) {
        double[] gradient = new double[p.network().shape().parameters()];
        int size = p.trials().size();
        try (BatchGradient g = EngineFixtures.batchGradient(p.network(), p.trials(), size)
                .threads(threads)
                .kernels(kernels)
                .memoryLimitBytes(memory)
                .build()) {
            g.compute(p.network().parameters(), order(size), 0, size, gradient);
        }
        return gradient;
    }

    @Test
    void theBitsDependOnNothingButTheTrials() {
        for (GradientCase c : new GradientCase[] {CASE, LEAKY}) {
            Problem p = c.problem();
            double[] expected = gradient(p, 1, Kernels.of("scalar"), Long.MAX_VALUE);
            for (int threads : new int[] {1, 2, 3, 8}) {
                assertArrayEquals(expected, gradient(p, threads, Kernels.get(), Long.MAX_VALUE), threads + " threads");
            }
            // A bound on memory under which the trial is computed in segments.
            long whole = TapePlan.whole(p.network(), Kernels.get(), 41, 32).bytes();
            for (double share : new double[] {0.9, 0.7, 0.6}) {
                assertArrayEquals(expected, gradient(p, 1, Kernels.get(), (long) (share * whole)), c + ", " + share);
            }
        }
    }

    @Test
    void longTrialsStayWithinTheBound() {
        Rnn rnn = Rnn.zeros(new RnnShape(2, 100, 1));
        Kernels kernels = Kernels.get();
        long limit = 64L << 20;
        TapePlan plan = TapePlan.within(limit, rnn, kernels, 10_000, 32);
        assertTrue(plan.segment() < 10_000, "segment " + plan.segment());
        assertTrue(plan.bytes() <= limit);
        assertTrue(TapePlan.whole(rnn, kernels, 10_000, 32).bytes() > 4 * limit);
        String message = assertThrows(
                        IllegalArgumentException.class, () -> TapePlan.within(1 << 20, rnn, kernels, 10_000, 32))
                .getMessage();
        assertTrue(message.startsWith("memory limit is 1 MiB per thread, expected at least "), message);
    }

    @Test
    void aStepAllocatesNothingAfterTheFirst() {
        Problem p = CASE.problem();
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        double[] gradient = new double[p.network().shape().parameters()];
        double[] parameters = p.network().parameters();
        int[] order = order(100);
        // The vector kernels allocate until HotSpot has compiled them.
        Kernels kernels = Kernels.of("scalar");
        try (BatchGradient g = EngineFixtures.batchGradient(p.network(), p.trials(), 64)
                .kernels(kernels)
                .build()) {
            g.compute(parameters, order, 0, 64, gradient);
            long thread = Thread.currentThread().getId();
            int steps = 30;
            int silent = 0;
            for (int i = 0; i < steps; i++) {
                long before = threads.getThreadAllocatedBytes(thread);
                g.compute(parameters, order, i, 64, gradient);
                long allocated = threads.getThreadAllocatedBytes(thread) - before;
                // When compiled code takes over, HotSpot itself sometimes allocates some bytes.
                assertTrue(allocated < 2000, "step " + i + " allocated " + allocated + " bytes");
                silent += allocated == 0 ? 1 : 0;
            }
            assertTrue(silent > steps / 2, silent + " of " + steps + " steps allocated nothing");
        }
    }

    @Test
    void aSmallerBatchIsTheMeanOverItsTrials() {
        Problem p = CASE.problem();
        double[] gradient = new double[p.network().shape().parameters()];
        try (BatchGradient g =
                EngineFixtures.batchGradient(p.network(), p.trials(), 64).build()) {
            double[] one = new double[gradient.length];
            int[] order = {5, 9};
            double both = g.compute(p.network().parameters(), order, 0, 2, gradient);
            double first = g.compute(p.network().parameters(), order, 0, 1, one);
            double second = g.compute(p.network().parameters(), order, 1, 1, one);
            assertTrue(
                    both > Math.min(first, second) && both < Math.max(first, second),
                    first + " " + both + " " + second);
        }
    }

    @Test
    void nothingCanBeComputedAfterClose() {
        Problem p = CASE.problem();
        double[] gradient = new double[p.network().shape().parameters()];
        for (int threads : new int[] {1, 2}) {
            BatchGradient g = EngineFixtures.batchGradient(p.network(), p.trials(), 64)
                    .threads(threads)
                    .build();
            g.close();
            assertThrows(
                    IllegalStateException.class,
                    () -> g.compute(p.network().parameters(), order(100), 0, 64, gradient),
                    threads + " threads");
        }
    }

    @Test
    void wrongSizesAreNamed() {
        Problem p = CASE.problem();
        try (BatchGradient g =
                EngineFixtures.batchGradient(p.network(), p.trials(), 10).build()) {
            double[] parameters = p.network().parameters();
            assertThrows(
                    IllegalArgumentException.class, () -> g.compute(parameters, order(100), 0, 11, parameters.clone()));
            assertThrows(
                    IllegalArgumentException.class, () -> g.compute(parameters, order(5), 0, 6, parameters.clone()));
            assertThrows(IllegalArgumentException.class, () -> g.compute(new double[3], order(5), 0, 2, parameters));
        }
        Problem other = EngineFixtures.gradientCase(2, 3, 1, 4, 1, Activation.TANH, 1, false, false, 1)
                .problem();
        String message = assertThrows(
                        IllegalArgumentException.class,
                        () -> EngineFixtures.batchGradient(p.network(), other.trials(), 2)
                                .build())
                .getMessage();
        assertTrue(message.startsWith("trials have 1 inputs and 1 outputs, expected I = 2 and O = 2"), message);
    }
}
