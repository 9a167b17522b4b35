package attractor.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
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

/** No package of the command line uses one above it, and no command uses {@link Main}. Core has a test of its own layers. */
class CliLayersTest {
    /** From the lowest to the highest; core's packages lie below all. */
    private static final List<String> LAYERS =
            List.of("figure", "interchange", "page", "report", "cli.terminal", "cli.option", "cli.result", "cli");

    private static final Pattern USE = Pattern.compile("\\battractor\\.([a-z.]+)\\.[A-Z]\\w*");
    private static final Pattern COMMAND = Pattern.compile("(?<![\\w.])([A-Z]\\w*Command|Main)\\b");

    private static String code(String source) {
        return source.replaceAll("(?s)/\\*.*?\\*/", "").replaceAll("//.*", "");
    }

    /** What a source of a package uses of the packages above it; comments may link anywhere. */
    private static List<String> arrowsBack(String layer, String source) {
        List<String> found = new ArrayList<>();
        Matcher use = USE.matcher(code(source));
        while (use.find()) {
            if (LAYERS.indexOf(use.group(1)) > LAYERS.indexOf(layer)) {
                found.add(layer + " uses " + use.group());
            }
        }
        return found;
    }

    /** What a command's source uses of other commands and of the class that runs them. */
    private static List<String> neighbours(String name, String source) {
        return COMMAND.matcher(code(source))
                .results()
                .map(use -> use.group(1))
                .filter(used -> !used.equals(name))
                .distinct()
                .map(used -> name + " uses " + used)
                .toList();
    }

    @Test
    void noArrowPointsBackAndNoCommandUsesAnother() throws IOException {
        Path root = Path.of("src", "main", "java", "attractor");
        List<String> found = new ArrayList<>();
        int commands = 0;
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file : files.filter(f -> f.toString().endsWith(".java")).toList()) {
                String layer = Optional.ofNullable(root.relativize(file).getParent())
                        .orElseThrow()
                        .toString()
                        .replace(File.separatorChar, '.');
                assertTrue(LAYERS.contains(layer), "package " + layer + " has no place among " + LAYERS);
                String source = Files.readString(file, StandardCharsets.UTF_8);
                found.addAll(arrowsBack(layer, source));
                String name = file.getFileName().toString().replace(".java", "");
                if (layer.equals("cli") && name.endsWith("Command")) {
                    found.addAll(neighbours(name, source));
                    commands++;
                }
            }
        }
        assertTrue(commands > 10, commands + " commands");
        assertEquals(List.of(), found);
    }

    @Test
    void whatBreaksTheRulesIsFound() {
        String source =
                "import attractor.figure.Size;\nimport attractor.cli.result.ScoreTable;\n/** {@link attractor.cli.Main} */ attractor.cli.Main m;";
        assertEquals(
                List.of("cli.option uses attractor.cli.result.ScoreTable", "cli.option uses attractor.cli.Main"),
                arrowsBack("cli.option", source));
        assertEquals(List.of(), arrowsBack("cli", source));
        assertEquals(
                List.of("ACommand uses Main", "ACommand uses BCommand"),
                neighbours(
                        "ACommand",
                        "class ACommand { int a = Main.execute(); int b = new BCommand().run(); } // CCommand"));
    }
}
