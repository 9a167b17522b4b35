package attractor.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KernelChoiceTest {
    private static final String ADVICE = "pass '--add-modules jdk.incubator.vector' to java";

    /** Runs in another JVM: prints the kernels' name, chosen twice. */
    static final class Child {
        private Child() {}

        public static void main(String[] args) {
            Kernels.get();
            String again = System.getProperty("child.again", "auto");
            System.out.println(
                    "kernels " + Kernels.get().name() + " " + Kernels.of(again).name());
        }
    }

    /** Runs in another JVM: asks twice for the default and twice for jblas, and prints a line for each. */
    static final class AskingTwice {
        private AskingTwice() {}

        public static void main(String[] args) {
            for (int i = 0; i < 2; i++) {
                say(Kernels::get);
                say(() -> Kernels.of("jblas"));
            }
        }

        private static void say(Supplier<Kernels> choice) {
            try {
                System.out.println(choice.get().name());
            } catch (UnsupportedOperationException e) {
                System.out.println(e.getMessage() + (e.getCause() == null ? "" : " (with its cause)"));
            }
        }
    }

    /** The result of a child process; its stderr without the JVM's own messages. */
    private record Run(int exitCode, String out, String err) {}

    @TempDir
    Path folder;

    private Run child(String... options) throws Exception {
        return child(Child.class, System.getProperty("java.class.path"), options);
    }

    private Run child(Class<?> main, String classPath, String... options) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(System.getProperty("java.home") + File.separator + "bin" + File.separator + "java");
        command.addAll(List.of(options));
        command.addAll(List.of("-cp", classPath, main.getName()));
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

    /** As on a processor without this instruction: the JVM's vectors would be slower than any loop. */
    @Test
    void withoutFusedMultiplyAddTheirSoftwareIsChosenAndSaidSoOnce() throws Exception {
        Run run = child("-XX:-UseFMA", "--add-modules", "jdk.incubator.vector");
        assertEquals(0, run.exitCode, run.err);
        assertEquals("kernels softfma softfma", run.out);
        String advice = "no fused multiply-add instruction";
        int first = run.err.indexOf(advice);
        assertTrue(first >= 0 && run.err.indexOf(advice, first + 1) < 0, run.err);
        assertTrue(run.err.contains("java without -XX:-UseFMA"), run.err);
        run = child("-XX:-UseFMA", "-Dattractor.kernels=scalar", "-Dchild.again=softfma");
        assertEquals("kernels scalar softfma", run.out, run.err);
        assertTrue(run.err.contains(advice), run.err);
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
        assertTrue(run.err.contains("kernels is 'gpu', expected one of auto, scalar, simd, softfma, jblas"), run.err);
        run = child("-Dattractor.kernels=simd", "-Dattractor.vectorBits=96", "--add-modules", "jdk.incubator.vector");
        assertEquals(1, run.exitCode, run.err);
        assertTrue(run.err.contains("attractor.vectorBits is '96', expected 128, 256 or 512"), run.err);
    }

    /**
     * The JVM itself would give the reason only the first time; after that it would say that there is no such class.
     */
    @Test
    void whatCannotBeHadFailsTheSameWayEachTime() throws Exception {
        Run run = child(
                AskingTwice.class,
                System.getProperty("java.class.path"),
                "-Dattractor.kernels=simd",
                "-Dattractor.vectorBits=96",
                "--add-modules",
                "jdk.incubator.vector");
        List<String> lines = run.out.lines().toList();
        assertEquals(4, lines.size(), run.toString());
        assertTrue(lines.get(0).contains("attractor.vectorBits is '96', expected 128, 256 or 512"), run.toString());
        assertTrue(lines.get(0).endsWith(" (with its cause)"), run.toString());
        assertEquals(lines.get(0), lines.get(2));
        assertEquals(lines.get(1), lines.get(3));
    }

    @Test
    void withoutItsJarJblasIsNamed() throws Exception {
        String classPath = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator, -1))
                .filter(entry -> !entry.contains("jblas"))
                .collect(Collectors.joining(File.pathSeparator));
        Run run = child(AskingTwice.class, classPath, "-Dattractor.kernels=jblas");
        String line =
                "kernels 'jblas' need the library jblas, which is not on the class path: add org.jblas:jblas:1.2.5 "
                        + "(./attractor takes further jars from ATTRACTOR_CLASSPATH) (with its cause)";
        assertEquals(List.of(line, line, line, line), run.out.lines().toList(), run.toString());
        assertEquals("", run.err);
    }

    /** jblas has no library for this processor. */
    @Test
    void withoutItsNativeLibraryJblasFailsInOneLine() throws Exception {
        Run run = child(
                AskingTwice.class,
                System.getProperty("java.class.path"),
                "-Dattractor.kernels=jblas",
                "--enable-native-access=ALL-UNNAMED",
                "-Dos.arch=none",
                "-Djava.library.path=.");
        List<String> lines = run.out.lines().toList();
        assertEquals(4, lines.size(), run.toString());
        for (String line : lines) {
            assertTrue(
                    line.startsWith("kernels 'jblas' cannot load their native library: ")
                            && line.endsWith(" (with its cause)"),
                    run.toString());
        }
        assertEquals("", run.err);
    }

    /** Must hold whether or not this machine has what jblas needs. */
    @Test
    void jblasIsThereOrSaysWhatIsMissing() throws Exception {
        Run run = child(
                AskingTwice.class,
                System.getProperty("java.class.path"),
                "-Dattractor.kernels=jblas",
                "--enable-native-access=ALL-UNNAMED");
        String expected = "jblas";
        try {
            Kernels.of("jblas");
        } catch (UnsupportedOperationException e) {
            expected = e.getMessage() + " (with its cause)";
            assertEquals(1, expected.lines().count(), expected);
            assertTrue(expected.startsWith("kernels 'jblas' cannot load their native library: "), expected);
            assertTrue(
                    !expected.contains("libgfortran.so") || expected.contains("install GNU Fortran's runtime"),
                    expected);
        }
        assertEquals(
                new Run(0, String.join("\n", expected, expected, expected, expected), ""),
                run,
                "jblas's own messages are kept quiet");
    }

    @Test
    void anUnknownNameIsAnError() {
        String message = assertThrows(IllegalArgumentException.class, () -> Kernels.of("gpu"))
                .getMessage();
        assertEquals("kernels is 'gpu', expected one of auto, scalar, simd, softfma, jblas", message);
        assertEquals("scalar", Kernels.of("scalar").name());
    }
}
