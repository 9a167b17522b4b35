package attractor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The Java in the README compiles, and runs with a training that is made small. */
class ReadmeExampleTest {
    @Test
    void theExampleCompilesAndRuns(@TempDir Path folder) throws Exception {
        String readme = Files.readString(Path.of("..", "README.md"), StandardCharsets.UTF_8);
        Matcher block = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL).matcher(readme);
        assertTrue(block.find(), "README.md has no Java");
        String body = block.group(1);
        assertTrue(body.contains(".build()"), body);
        String small = body.replace(".build()", ".units(8).samples(70).epochs(2).build()");
        StringBuilder source = new StringBuilder();
        for (String line : small.lines().filter(l -> l.startsWith("import ")).toList()) {
            source.append(line).append('\n');
        }
        source.append("public class Example {\n  public static void main(String[] args) throws Exception {\n");
        for (String line : small.lines().filter(l -> !l.startsWith("import ")).toList()) {
            source.append("    ").append(line).append('\n');
        }
        source.append("  }\n}\n");
        Path file = folder.resolve("Example.java");
        Files.writeString(file, source);
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter errors = new StringWriter();
        String classPath = System.getProperty("java.class.path");
        boolean compiled = compiler.getTask(
                        errors,
                        null,
                        null,
                        List.of("-cp", classPath, "-d", folder.toString()),
                        null,
                        compiler.getStandardFileManager(null, null, null).getJavaFileObjects(file.toFile()))
                .call();
        assertTrue(compiled, errors + "\n" + source);
        Process run = new ProcessBuilder(
                        System.getProperty("java.home") + File.separator + "bin" + File.separator + "java",
                        "-cp",
                        folder + File.pathSeparator + classPath,
                        "Example")
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
        String output = new String(run.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, run.waitFor(), output);
        assertTrue(Files.isRegularFile(folder.resolve("and.npz")), output);
    }
}
