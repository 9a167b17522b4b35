package attractor.engine;

import attractor.kernel.Activation;
import attractor.kernel.Kernels;
import attractor.train.GradientCase;
import attractor.train.GradientCase.Problem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Gradients and weights whose bits must only change on purpose, computed in this JVM or in another one. */
final class FrozenBits {
    /** Every activation, alpha 1 and below, with and without mask and bias; B makes four chunks, the last one smaller. */
    private static final List<GradientCase> CASES = List.of(
            EngineFixtures.gradientCase(100, 3, 2, 9, 3, Activation.TANH, 1.0, true, true, 41),
            EngineFixtures.gradientCase(98, 3, 1, 7, 2, Activation.TANH, 0.37, false, false, 42),
            EngineFixtures.gradientCase(97, 6, 3, 5, 1, Activation.SIGMOID, 1.0, false, true, 43),
            EngineFixtures.gradientCase(99, 3, 2, 6, 1, Activation.RELU, 0.9, true, false, 44),
            EngineFixtures.gradientCase(100, 5, 2, 3, 1, Activation.IDENTITY, 0.1, true, true, 45));

    /** Number of cases. */
    static final int COUNT = CASES.size();

    private FrozenBits() {}

    /** For the first cases: hashes of the gradients, then of the parameters after 5 steps of Adam. */
    static List<String> hashes(Kernels kernels, int threads, int count) {
        List<String> gradients = new ArrayList<>();
        List<String> weights = new ArrayList<>();
        for (GradientCase c : CASES.subList(0, count)) {
            Problem p = c.problem();
            double[] parameters = p.network().parameters();
            double[] gradient = new double[parameters.length];
            int size = p.trials().size();
            int[] order = new int[size];
            for (int i = 0; i < size; i++) {
                order[i] = i * 3 % size;
            }
            Adam adam = new Adam(new Adam.Options(0.01, 0.1, 0.9, 0.999, 1e-8), parameters.length, kernels);
            try (BatchGradient g = EngineFixtures.batchGradient(p.network(), p.trials(), size)
                    .threads(threads)
                    .kernels(kernels)
                    .build()) {
                for (int step = 0; step < 5; step++) {
                    g.compute(parameters, order, 0, size, gradient);
                    if (step == 0) {
                        gradients.add(EngineFixtures.hash(gradient));
                    }
                    adam.step(parameters, gradient);
                }
            }
            weights.add(EngineFixtures.hash(parameters));
        }
        gradients.addAll(weights);
        return gradients;
    }

    /** Arguments: kernels and number of cases. Prints the hashes, one per line. */
    public static void main(String[] args) {
        hashes(Kernels.of(args[0]), 1, Integer.parseInt(args[1])).forEach(System.out::println);
    }

    /** The same hashes from another JVM with these flags. */
    static List<String> inAnotherJvm(String kernels, int count, String... flags)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(flags));
        command.addAll(List.of("-cp", System.getProperty("java.class.path")));
        command.addAll(List.of(FrozenBits.class.getName(), kernels, Integer.toString(count)));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        int exit = process.waitFor();
        if (exit != 0) {
            throw new IllegalStateException(String.join(" ", command) + " ended with " + exit + ": " + out);
        }
        return out.lines().toList();
    }
}
