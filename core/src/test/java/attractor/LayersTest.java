package attractor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** No package uses one above it. */
class LayersTest {
    /** From the lowest to the highest, as data flow. */
    private static final List<String> LAYERS = List.of(
            "io",
            "kernel",
            "peak",
            "random",
            "model",
            "engine",
            "dynamics",
            "task",
            "tasks",
            "train",
            "statistics",
            "analysis",
            "bifurcation",
            "population",
            "similarity",
            "study");

    private static final Pattern USE = Pattern.compile("\\battractor\\.(\\w+)\\.[A-Z]\\w*");

    /** What a source of a package uses of the packages above it; comments may link anywhere. */
    private static List<String> arrowsBack(String layer, String source) {
        String code = source.replaceAll("(?s)/\\*.*?\\*/", "").replaceAll("//.*", "");
        List<String> found = new ArrayList<>();
        Matcher use = USE.matcher(code);
        while (use.find()) {
            if (LAYERS.indexOf(use.group(1)) > LAYERS.indexOf(layer)) {
                found.add(layer + " uses " + use.group());
            }
        }
        return found;
    }

    @Test
    void noArrowPointsBack() throws IOException {
        Path core = Path.of("src", "main", "java", "attractor");
        List<String> found = new ArrayList<>();
        int sources = 0;
        try (Stream<Path> files = Files.walk(core)) {
            for (Path file : files.filter(f -> f.toString().endsWith(".java")).toList()) {
                String layer = Optional.ofNullable(core.relativize(file).getParent())
                        .orElseThrow()
                        .toString();
                assertTrue(LAYERS.contains(layer), "package " + layer + " has no place among " + LAYERS);
                found.addAll(arrowsBack(layer, Files.readString(file, StandardCharsets.UTF_8)));
                sources++;
            }
        }
        assertTrue(sources > 80, sources + " sources");
        assertEquals(List.of(), found);
    }

    @Test
    void anArrowBackIsFound() {
        String source =
                "import attractor.model.Rnn;\nimport attractor.task.Trials;\n/** {@link attractor.study.X} */ attractor.train.Trainer t;";
        assertEquals(
                List.of("engine uses attractor.task.Trials", "engine uses attractor.train.Trainer"),
                arrowsBack("engine", source));
        assertEquals(List.of(), arrowsBack("study", source));
    }
}
