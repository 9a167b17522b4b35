package attractor.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KernelChoiceTest {
    private static final String ADVICE = "pass '--add-modules jdk.incubator.vector' to java";

    /** Run in a JVM of its own: prints the kernels' name, chosen twice. */
    static final class Child {
        private Child() {}

        public static void main(String[] args) {
            Kernels.get();
            String again = System.getProperty("child.again", "auto");
            System.out.println(
                    "kernels " + Kernels.get().name() + " " + Kernels.of(again).name());
        }
    }

    /** What a child did; of its stderr without what the JVM itself says. */
    private record Run(int exitCode, String out, String err) {}

    @TempDir
    Path folder;

    private Run child(String... options) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(System.getProperty("java.home") + File.separator + "bin" + File.separator + "java");
        command.addAll(List.of(options));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Child.class.getName()));
        Path err = folder.resolve("err");
        Process process =
                new ProcessBuilder(command).redirectError(err.toFile()).start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        int exitCode = process.waitFor();
        String said = Files.readString(err)
                .lines()
                .filter(line -> !line.startsWith("WARNING: Using incubator modules") && !line.startsWith("Picked up "))
                .collect(Collectors.joining("\n"));
        return new Run(exitCode, out.strip(), said);
    }

    @Test
    void withTheModuleTheVectorKernelsAreChosenInSilence() throws Exception {
        Run run = child("--add-modules", "jdk.incubator.vector");
        assertEquals(new Run(0, "kernels simd simd", ""), run);
    }

    @Test
    void withoutItTheScalarKernelsServeAndTheAdviceIsGivenOnceOnStderr() throws Exception {
        Run run = child();
        assertEquals(0, run.exitCode, run.err);
        assertEquals("kernels scalar scalar", run.out);
        int first = run.err.indexOf(ADVICE);
        assertTrue(first >= 0 && run.err.indexOf(ADVICE, first + 1) < 0, run.err);
    }

    @Test
    void scalarKernelsThatAreAskedForComeWithoutAdvice() throws Exception {
        Run run = child("-Dattractor.kernels=scalar", "-Dchild.again=scalar");
        assertEquals(new Run(0, "kernels scalar scalar", ""), run);
    }

    @Test
    void aForcedChoiceThatCannotBeHadFailsWithTheCause() throws Exception {
        Run run = child("-Dattractor.kernels=simd");
        assertEquals(1, run.exitCode, run.err);
        assertEquals("", run.out);
        assertTrue(run.err.contains("kernels 'simd' need the JDK's vector module"), run.err);
        assertTrue(run.err.contains(ADVICE), run.err);
        run = child("-Dattractor.kernels=gpu");
        assertEquals(1, run.exitCode, run.err);
        assertTrue(run.err.contains("kernels is 'gpu', expected one of auto, scalar, simd, jblas"), run.err);
        run = child("-Dattractor.kernels=simd", "-Dattractor.vectorBits=96", "--add-modules", "jdk.incubator.vector");
        assertEquals(1, run.exitCode, run.err);
        assertTrue(run.err.contains("attractor.vectorBits is '96', expected 128, 256 or 512"), run.err);
    }

    @Test
    void anUnknownNameIsAnError() {
        String message = assertThrows(IllegalArgumentException.class, () -> Kernels.of("gpu"))
                .getMessage();
        assertEquals("kernels is 'gpu', expected one of auto, scalar, simd, jblas", message);
        assertEquals("scalar", Kernels.of("scalar").name());
    }
}
