package attractor.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import attractor.model.NetworkFile;
import attractor.model.Rnn;
import attractor.model.RnnShape;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** A machine without fonts, as a JVM of its own sees it that fontconfig gives none, and that has none in its home's cache. */
@EnabledOnOs(OS.LINUX)
class NoFontsTest {
    @TempDir
    private Path folder;

    private Path net;

    @BeforeEach
    void network() throws IOException {
        Files.writeString(folder.resolve("fonts.conf"), "<?xml version=\"1.0\"?><fontconfig></fontconfig>");
        net = folder.resolve("net.npz");
        NetworkFile.write(net, Rnn.zeros(new RnnShape(2, 3, 1)), Map.of());
    }

    /** Exit code, then what was printed, both streams together. */
    private Object[] run(Object... words) throws Exception {
        List<String> line = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Djava.awt.headless=true",
                "-Duser.home=" + folder,
                "-cp",
                System.getProperty("java.class.path"),
                "attractor.cli.Main"));
        Arrays.stream(words).map(Object::toString).forEach(line::add);
        ProcessBuilder builder = new ProcessBuilder(line).redirectErrorStream(true);
        builder.environment()
                .put("FONTCONFIG_FILE", folder.resolve("fonts.conf").toString());
        Process process = builder.start();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Object[] {process.waitFor(), text};
    }

    @Test
    void analysisWritesItsNumbersAndSaysWhatHasNoPicture() throws Exception {
        Path out = folder.resolve("out");
        Object[] run = run("analyze", net, "--task", "and", "--fixed-point-seeds", 4, "--out", out);
        assertEquals(0, run[0], (String) run[1]);
        String expected =
                "no pictures of spectrum, weights, responses, pca, variance, fixed-points, jacobians: figures need fonts";
        assertTrue(((String) run[1]).contains(expected), (String) run[1]);
        assertTrue(((String) run[1]).contains("0 figures"), (String) run[1]);
        assertTrue(Files.isRegularFile(out.resolve("eigenvalues.csv")));
        assertFalse(Files.exists(out.resolve("net-spectrum.png")));
    }

    @Test
    void evaluationPrintsItsNumbersAndFails() throws Exception {
        Object[] run = run("evaluate", net, "--task", "and", "--figure", folder.resolve("f.svg"), "--size", "20x20cm");
        assertEquals(1, run[0], (String) run[1]);
        assertTrue(((String) run[1]).contains("figures need fonts, and Java finds none here"), (String) run[1]);
        assertFalse(Files.exists(folder.resolve("f.svg")));
        Object[] plain = run("evaluate", net, "--task", "and", "--figure", folder.resolve("f.svg"));
        assertEquals(1, plain[0], (String) plain[1]);
        assertTrue(((String) plain[1]).contains("does not pass"), (String) plain[1]);
    }
}
