package attractor.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import attractor.kernel.Activation;
import attractor.model.Rnn;
import attractor.model.RnnShape;
import attractor.task.Trials;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Checks what docs/engine.md says about the sources, and the size that it and the README promise. */
class EngineDocTest {
    private static final Path ENGINE = Path.of("src", "main", "java", "attractor", "engine");
    /** 3,000 for the rate form and the squared error, 300 for the current form and weights of losses, 300 for low rank. */
    private static final int LINES = 3700;

    private static String read(Path file) throws IOException {
        return Files.readString(file, StandardCharsets.UTF_8).replace("\r\n", "\n");
    }

    /** The code without white space, which the formatter decides. */
    private static String packed(String code) {
        return code.replaceAll("\\s+", "");
    }

    @Test
    void itsCodeIsThatOfTheEngine() throws IOException {
        String text = read(Path.of("..", "docs", "engine.md"));
        String backward = packed(read(ENGINE.resolve("Backward.java")));
        List<String> excerpts = new ArrayList<>();
        Matcher block = Pattern.compile("^```java\n(.*?)^```$", Pattern.DOTALL | Pattern.MULTILINE)
                .matcher(text);
        while (block.find()) {
            excerpts.add(block.group(1));
        }
        assertEquals(5, excerpts.size());
        for (String excerpt : excerpts.subList(0, 4)) {
            assertTrue(backward.contains(packed(excerpt)), "not in Backward: " + excerpt);
        }
        // The last one is the test below.
        assertTrue(
                packed(read(Path.of("src", "test", "java", "attractor", "engine", "EngineDocTest.java")))
                        .contains(packed(excerpts.get(4))),
                excerpts.get(4));
    }

    @Test
    void itsNumbersAreThoseOfTheEngine() {
        double[] parameters = {1, -1, 0, 2, 1, 0, 1, -1, 0, 0, 0.5, 1, 0};
        Rnn rnn = new Rnn(new RnnShape(1, 2, 1), Activation.RELU, 1, 2, true, parameters);
        TrialSet trials = Trials.ofArrays(2, 1, 1, new double[] {1, 2}, new double[] {0.25, 1.125}, null, null, null);
        GradientCheck.of(rnn, trials).assertPasses();
        double[] gradient = GradientCheck.of(rnn, trials).gradient();
        assertEquals(13, gradient.length);
        assertEquals(0.625, gradient[rnn.shape().wRec().at(0, 0)]);
    }

    /** The derivation on the package's page is not counted. */
    @Test
    void theEngineIsSmall() throws IOException {
        long lines = 0;
        try (Stream<Path> files = Files.list(ENGINE)) {
            for (Path file : files.filter(f -> !f.endsWith("package-info.java")).toList()) {
                lines += read(file).lines().count();
            }
        }
        assertTrue(lines > 1000 && lines <= LINES, lines + " lines, expected at most " + LINES);
    }
}
