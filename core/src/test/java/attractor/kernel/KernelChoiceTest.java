package attractor.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class KernelChoiceTest {
    /** Run in a JVM of its own: prints the kernels' name, chosen twice. */
    static final class Child {
        private Child() {}

        public static void main(String[] args) {
            Kernels.get();
            System.out.println(
                    "kernels " + Kernels.get().name() + " " + Kernels.of("auto").name());
        }
    }

    private record Run(int exitCode, String output) {}

    private static Run child(String... options) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(System.getProperty("java.home") + File.separator + "bin" + File.separator + "java");
        command.addAll(List.of(options));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Child.class.getName()));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Run(process.waitFor(), output);
    }

    @Test
    void withTheModuleTheVectorKernelsAreChosenInSilence() throws Exception {
        Run run = child("--add-modules", "jdk.incubator.vector");
        assertEquals(0, run.exitCode, run.output);
        assertTrue(run.output.contains("kernels simd simd"), run.output);
        assertTrue(!run.output.contains("vector kernels are off"), run.output);
    }

    @Test
    void withoutItTheScalarKernelsServeAndTheAdviceIsGivenOnce() throws Exception {
        Run run = child();
        assertEquals(0, run.exitCode, run.output);
        assertTrue(run.output.contains("kernels scalar scalar"), run.output);
        String advice = "pass '--add-modules jdk.incubator.vector' to java";
        int first = run.output.indexOf(advice);
        assertTrue(first >= 0 && run.output.indexOf(advice, first + 1) < 0, run.output);
    }

    @Test
    void aForcedChoiceThatCannotBeHadFailsWithTheCause() throws Exception {
        Run run = child("-Dattractor.kernels=simd");
        assertEquals(1, run.exitCode, run.output);
        assertTrue(run.output.contains("pass '--add-modules jdk.incubator.vector' to java"), run.output);
    }

    @Test
    void anUnknownNameIsAnError() {
        String message = assertThrows(IllegalArgumentException.class, () -> Kernels.of("gpu"))
                .getMessage();
        assertEquals("kernels is 'gpu', expected one of auto, scalar, simd, jblas", message);
        assertEquals("scalar", Kernels.of("scalar").name());
    }
}
