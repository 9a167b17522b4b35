package attractor.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import attractor.kernel.Activation;
import attractor.kernel.FloatKernels;
import attractor.kernel.Floats;
import attractor.kernel.Kernels;
import attractor.train.GradientCase;
import attractor.train.GradientCase.Problem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * The bits of the engine for float, which change only on purpose. {@link FrozenBitsTest} has those for double. Gradients, then
 * parameters after 5 steps of Adam.
 */
class FloatFrozenBitsTest {
    private static final List<GradientCase> CASES = List.of(
            EngineFixtures.gradientCase(100, 3, 2, 9, 3, Activation.TANH, 1.0, true, true, 41),
            EngineFixtures.gradientCase(98, 3, 1, 27, 2, Activation.TANH, 0.37, false, false, 42),
            EngineFixtures.gradientCase(97, 6, 3, 5, 1, Activation.SIGMOID, 1.0, false, true, 43),
            EngineFixtures.gradientCase(99, 3, 2, 6, 1, Activation.RELU, 0.9, true, false, 44),
            EngineFixtures.gradientCase(96, 5, 2, 18, 2, Activation.SOFTPLUS, 0.1, true, true, 45));

    private static final List<String> EXPECTED = List.of(
            "6acc6000551d8994",
            "e328dc5b3062ba07",
            "e6935399c1b51174",
            "e38890b3dd0547f1",
            "0c697718cb5c970c",
            "8ea3b48b77a076c4",
            "66763dab9b692012",
            "26148418674fcaee",
            "13f99540483fc795",
            "eda839099ed04983");

    private static List<String> hashes(FloatKernels kernels, int threads) {
        List<String> gradients = new ArrayList<>();
        List<String> weights = new ArrayList<>();
        for (GradientCase c : CASES) {
            Problem p = c.problem();
            float[] parameters = Floats.rounded(p.network().parameters());
            float[] gradient = new float[parameters.length];
            int size = p.trials().size();
            int[] order = new int[size];
            for (int i = 0; i < size; i++) {
                order[i] = i * 5 % size;
            }
            FloatAdam adam = new FloatAdam(new Adam.Options(0.01, 0.1, 0.9, 0.999, 1e-8), parameters.length, kernels);
            try (FloatBatchGradient g = FloatBatchGradient.builder(p.network(), p.trials())
                    .maxBatch(size)
                    .threads(threads)
                    .memoryLimitBytes(Long.MAX_VALUE)
                    .kernels(kernels)
                    .build()) {
                for (int step = 0; step < 5; step++) {
                    g.compute(parameters, order, 0, size, gradient);
                    if (step == 0) {
                        gradients.add(EngineFixtures.hash(Floats.widened(gradient)));
                    }
                    adam.step(parameters, gradient);
                }
            }
            weights.add(EngineFixtures.hash(Floats.widened(parameters)));
        }
        gradients.addAll(weights);
        return gradients;
    }

    /** Argument: kernels. Prints the hashes in one line. */
    public static void main(String[] args) {
        System.out.println(hashes(FloatKernels.of(args[0]), 1));
    }

    private static String inAnotherJvm(String kernels, String... flags) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(flags));
        command.addAll(List.of("-cp", System.getProperty("java.class.path")));
        command.addAll(List.of(FloatFrozenBitsTest.class.getName(), kernels));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), out);
        return out.strip();
    }

    @Test
    void everyKernelAndEveryNumberOfThreads() {
        for (FloatKernels kernels :
                List.of(FloatKernels.of("scalar"), FloatKernels.of("softfma"), FloatKernels.get())) {
            for (int threads : new int[] {1, 3}) {
                assertEquals(EXPECTED, hashes(kernels, threads), kernels.name() + ", " + threads + " threads");
            }
        }
    }

    @Test
    void everyLengthOfVectors() throws Exception {
        if (Kernels.get().name().equals("simd")) {
            for (String bits : List.of("128", "256", "512")) {
                assertEquals(
                        EXPECTED.toString(),
                        inAnotherJvm("simd", "--add-modules", "jdk.incubator.vector", "-Dattractor.vectorBits=" + bits),
                        bits + " bits");
            }
        }
    }

    @Test
    void theInterpreter() throws Exception {
        assertEquals(EXPECTED.toString(), inAnotherJvm("scalar", "-Xint"));
    }

    @Test
    void withoutFusedMultiplyAddInstructions() throws Exception {
        assertEquals(EXPECTED.toString(), inAnotherJvm("auto", "-XX:-UseFMA"));
    }
}
