package attractor.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import attractor.dynamics.Simulator;
import attractor.engine.GradientCheck.Report;
import attractor.kernel.Activation;
import attractor.kernel.Kernels;
import attractor.train.GradientCase;
import attractor.train.GradientCase.Options;
import attractor.train.GradientCase.Problem;
import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Gradients with the options beyond the paper: constraints, penalties, noise, a trained tau, another loss. */
class ExtraTermsTest {
    private static final Loss MSE = new MeanSquaredError();

    private static GradientCase with(Options options, GradientCase plain) {
        boolean classes = options.loss() instanceof SoftmaxCrossEntropy;
        int weights = options.loss().weights().size();
        int outputs = classes ? Math.max(2, plain.outputs()) : plain.outputs();
        return plain.toBuilder()
                .options(options)
                .outputs(weights > 0 ? weights : outputs)
                .build();
    }

    private static Stream<GradientCase> cases() {
        List<GradientCase> cases = new ArrayList<>();
        for (Options options : Options.table().values()) {
            for (Activation phi : Activation.values()) {
                cases.add(with(options, EngineFixtures.gradientCase(5, 7, 2, 6, 3, phi, 0.4, true, true, 21)));
                cases.add(with(options, EngineFixtures.gradientCase(1, 1, 1, 1, 1, phi, 0.9, false, false, 22)));
                cases.add(with(options, EngineFixtures.gradientCase(67, 4, 3, 9, 2, phi, 0.1, false, true, 23)));
                if (!options.tau()) {
                    cases.add(with(options, EngineFixtures.gradientCase(33, 6, 2, 5, 1, phi, 1.0, true, false, 24)));
                }
            }
        }
        // Dale's law and strong noise, which stops at 0 in many states.
        for (Activation phi : List.of(Activation.RELU, Activation.SIGMOID)) {
            cases.add(with(
                    new Options(0.05, 0.3, 1, true, true, MSE),
                    EngineFixtures.gradientCase(5, 7, 2, 6, 3, phi, 0.4, true, true, 21)));
            cases.add(with(
                    new Options(0, 0, 1, false, true, MSE),
                    EngineFixtures.gradientCase(9, 7, 2, 6, 3, phi, 1, true, true, 21)));
        }
        return cases.stream();
    }

    @Test
    void theCasesOfMuchNoiseHaveStatesThatItStopped() {
        for (Activation phi : List.of(Activation.RELU, Activation.SIGMOID)) {
            GradientCase c = with(
                    new Options(0.05, 0.3, 1, true, true, MSE),
                    EngineFixtures.gradientCase(5, 7, 2, 6, 3, phi, 0.4, true, true, 21));
            Problem p = c.problem();
            double[] x = new double[5 * 7 * 2];
            for (int i = 0; i < 5; i++) {
                p.trials().reader().read(i, x, i * 7 * 2, new double[21], 0, null, 0);
            }
            Simulator simulator = new Simulator(p.network());
            simulator.seedNoise(c.seed(), 0);
            double[] h = simulator.run(x, 5, 7).h();
            assertTrue(Arrays.stream(h).allMatch(v -> v >= 0));
            long zeros = Arrays.stream(h).filter(v -> v == 0).count();
            assertTrue(zeros > 20, phi + ": " + zeros + " of 210");
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void gradientsAgreeWithComplexStepAndDifferences(GradientCase c) {
        Report report = c.check().run();
        assertTrue(report.worst().error() <= 1e-12, c + ": " + report.worst());
        assertTrue(report.worstDifference().error() <= 1e-6, c + ": " + report.worstDifference());
    }

    @Test
    void aSpoiltGradientOfTauIsCaught() {
        GradientCase c = with(
                new Options(0, 0, 0.2, true, false, MSE),
                EngineFixtures.gradientCase(5, 7, 2, 6, 3, Activation.TANH, 0.4, true, true, 21));
        GradientCheck check = c.check();
        double[] gradient = check.gradient();
        assertTrue(check.compare(gradient).passed());
        gradient[gradient.length - 1] *= 1 + 1e-10;
        Report report = check.compare(gradient);
        assertFalse(report.passed());
        assertEquals("tau", report.worst().array());
    }

    /** The gradient, the loss, the penalties and the derivative by alpha. */
    private static double[] all(Problem p, int threads, Kernels kernels, long memory) {
        int size = p.trials().size();
        double[] gradient = new double[p.network().shape().parameters()];
        int[] order = new int[size];
        Arrays.setAll(order, i -> size - 1 - i);
        try (BatchGradient g = EngineFixtures.batchGradient(p.network(), p.trials(), size)
                .threads(threads)
                .kernels(kernels)
                .memoryLimitBytes(memory)
                .l2Weights(0.01)
                .l2Rates(0.3)
                .byAlpha(p.network().alpha() < 1)
                .build()) {
            g.noise(5, 2);
            double loss = g.compute(p.network().parameters(), order, 0, size, gradient);
            double[] all = Arrays.copyOf(gradient, gradient.length + 3);
            all[gradient.length] = loss;
            all[gradient.length + 1] = g.penalty();
            all[gradient.length + 2] = g.alphaGradient();
            return all;
        }
    }

    @Test
    void bitsDependOnNothingButTheTrials() {
        for (double alpha : new double[] {1.0, 0.3}) {
            Options options = new Options(0, 0, 0.2, false, false, MSE);
            GradientCase c = with(
                    options, EngineFixtures.gradientCase(70, 41, 2, 19, 2, Activation.SIGMOID, alpha, true, true, 4));
            Problem p = c.problem();
            double[] expected = all(p, 1, Kernels.of("scalar"), Long.MAX_VALUE);
            for (int threads : new int[] {1, 2, 3}) {
                assertArrayEquals(expected, all(p, threads, Kernels.get(), Long.MAX_VALUE), threads + " threads");
            }
            long whole = TapePlan.whole(p.network(), Kernels.get(), 41, 32).bytes();
            for (double share : new double[] {0.9, 0.7, 0.6}) {
                assertArrayEquals(expected, all(p, 1, Kernels.get(), (long) (share * whole)), c + ", " + share);
            }
        }
    }

    /** A trial has the same noise in another order and in other batches, and different noise in another epoch. */
    @Test
    void aTrialsNoiseIsItsOwnInAnEpoch() {
        Options options = new Options(0, 0, 0.5, false, false, MSE);
        Problem p = with(options, EngineFixtures.gradientCase(9, 5, 2, 4, 1, Activation.TANH, 0.5, false, false, 8))
                .problem();
        double[] parameters = p.network().parameters();
        double[] unused = new double[parameters.length];
        try (BatchGradient g =
                EngineFixtures.batchGradient(p.network(), p.trials(), 9).build()) {
            g.noise(1, 0);
            double alone = g.compute(parameters, new int[] {4}, 0, 1, unused);
            double other = g.compute(parameters, new int[] {5}, 0, 1, unused);
            double both = g.compute(parameters, new int[] {7, 5, 4}, 1, 2, unused);
            assertEquals((alone + other) / 2, both, 1e-14);
            g.noise(1, 1);
            assertNotEquals(alone, g.compute(parameters, new int[] {4}, 0, 1, unused));
            g.noise(2, 0);
            assertNotEquals(alone, g.compute(parameters, new int[] {4}, 0, 1, unused));
        }
    }

    @Test
    void aStepAllocatesNothingAfterTheFirst() {
        Options options = new Options(0, 0, 0.2, false, false, MSE);
        Problem p = with(options, EngineFixtures.gradientCase(64, 21, 2, 9, 2, Activation.TANH, 0.3, true, true, 3))
                .problem();
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        double[] gradient = new double[p.network().shape().parameters()];
        int[] order = new int[64];
        Arrays.setAll(order, i -> i);
        try (BatchGradient g = EngineFixtures.batchGradient(p.network(), p.trials(), 64)
                .kernels(Kernels.of("scalar"))
                .l2Weights(0.1)
                .l2Rates(0.1)
                .byAlpha(true)
                .build()) {
            g.compute(p.network().parameters(), order, 0, 64, gradient);
            long thread = Thread.currentThread().getId();
            int silent = 0;
            for (int i = 0; i < 30; i++) {
                long before = threads.getThreadAllocatedBytes(thread);
                g.setTau(2.5 + 0.1 * i);
                g.noise(1, i);
                g.compute(p.network().parameters(), order, 0, 64, gradient);
                long allocated = threads.getThreadAllocatedBytes(thread) - before;
                assertTrue(allocated < 2000, "step " + i + " allocated " + allocated + " bytes");
                silent += allocated == 0 ? 1 : 0;
            }
            assertTrue(silent > 15, silent + " of 30 steps allocated nothing");
        }
    }
}
