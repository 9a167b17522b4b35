package attractor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import attractor.Embedding.Run;
import attractor.model.Rnn;
import attractor.task.Tasks;
import attractor.train.ExecutionSettings;
import attractor.train.Trainer;
import attractor.train.TrainingConfig;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The Java in the README and in docs/embedding.md compiles and runs, and the Java in the Javadoc compiles. A block that declares a top-level
 * type is a file of its own, and {@code module-info} is compiled against core as a module. Any other block is imports and statements, which
 * run one after the other in one folder, with trainings that are made small. Blocks may use the types of others.
 */
class ExamplesTest {
    private record Block(int line, String text) {
        String className() {
            return "Block" + line;
        }

        /** As a class with a main method. */
        String program() {
            StringBuilder source = new StringBuilder();
            text.lines()
                    .filter(l -> l.startsWith("import "))
                    .forEach(l -> source.append(l).append('\n'));
            source.append("public class ").append(className()).append(" {\n");
            source.append("    public static void main(String[] args) throws Exception {\n");
            text.lines()
                    .filter(l -> !l.startsWith("import "))
                    .forEach(l -> source.append(l).append('\n'));
            return source.append("    }\n}\n").toString();
        }
    }

    private static List<Block> blocks(String markdown) {
        List<Block> blocks = new ArrayList<>();
        Matcher block = Pattern.compile("^```java\n(.*?)^```$", Pattern.DOTALL | Pattern.MULTILINE)
                .matcher(markdown);
        while (block.find()) {
            int line = 1 + (int) markdown.substring(0, block.start()).lines().count();
            blocks.add(new Block(line, block.group(1)));
        }
        return blocks;
    }

    /** A program with eight units, few trials and two epochs in its training, by a trainer or in a loop of its own. */
    private static String small(String program) {
        return Pattern.compile("(TrainingConfig\\.builder\\([^;]*?)\\.build\\(\\)")
                .matcher(program)
                .replaceAll("$1.units(8).samples(70).epochs(2).build()")
                .replace("15_000", "70")
                .replace("epoch < 20", "epoch < 2");
    }

    /** The README's loop, made small, ends with the bits of a trainer that clips as it does. */
    @Test
    void theLoopOfOnesOwnEndsWithTheBitsOfTheTrainer(@TempDir Path folder) throws Exception {
        String readme = Files.readString(Path.of("..", "README.md"), StandardCharsets.UTF_8)
                .replace("\r\n", "\n");
        Block loop = blocks(readme).stream()
                .filter(b -> b.text().contains("BatchGradient.builder"))
                .findFirst()
                .orElseThrow();
        long statements = loop.text()
                .lines()
                .filter(l ->
                        !l.isBlank() && !l.startsWith("import ") && !l.strip().equals("}"))
                .count();
        assertTrue(statements <= 15, statements + " lines");
        String printing = "        System.out.println(java.util.Arrays.toString(rnn.parameters()));\n    }\n}\n";
        String program = small(loop.program()).replaceFirst("    }\n}\n$", printing);
        String classPath = System.getProperty("java.class.path");
        String classes = Embedding.compile(folder, List.of("-cp", classPath), List.of(program));
        Run run = Embedding.java(folder, List.of("-cp", classes + File.pathSeparator + classPath, loop.className()));
        assertEquals(0, run.exit(), run.toString());
        TrainingConfig config = TrainingConfig.builder(Tasks.byName("and"))
                .units(8)
                .samples(70)
                .epochs(2)
                .clipNorm(1)
                .build();
        Rnn trained = new Trainer(config, ExecutionSettings.defaults()).train().network();
        assertEquals(
                Arrays.toString(trained.parameters()),
                run.out().lines().reduce((a, b) -> b).orElseThrow());
    }

    /** Eight units, few trials, two epochs; core alone is compiled against, and EJML is there when it runs. */
    private static void check(String markdown, Path folder) throws Exception {
        List<Block> blocks = blocks(markdown);
        assertFalse(blocks.isEmpty(), "no Java");
        assertEquals(
                blocks.size(),
                markdown.lines().filter(l -> l.strip().startsWith("```java")).count(),
                "a block of Java is indented, has more after ```java, or doesn't end");
        String classPath = System.getProperty("java.class.path");
        List<String> files = new ArrayList<>();
        List<Block> programs = new ArrayList<>();
        for (Block block : blocks) {
            String type = Embedding.typeOf(block.text());
            if (type == null) {
                files.add(small(block.program()));
                programs.add(block);
            } else if (type.equals("module-info")) {
                Embedding.compile(
                        folder.resolve("module" + block.line()), List.of("-p", classPath), List.of(block.text()));
            } else {
                files.add(block.text());
            }
        }
        String classes = Embedding.compile(folder.resolve("classes"), List.of("-cp", classPath), files);
        for (Block block : programs) {
            Run run =
                    Embedding.java(folder, List.of("-cp", classes + File.pathSeparator + classPath, block.className()));
            assertEquals(0, run.exit(), "line " + block.line() + ": " + run);
        }
    }

    @Test
    void everyBlockCompilesAndRuns(@TempDir Path folder) throws Exception {
        check(
                Files.readString(Path.of("..", "README.md"), StandardCharsets.UTF_8)
                        .replace("\r\n", "\n"),
                folder);
        assertTrue(Files.isRegularFile(folder.resolve("and.npz")));
    }

    @Test
    void everyBlockOfThePageOnEmbeddingCompilesAndRuns(@TempDir Path folder) throws Exception {
        check(
                Files.readString(Path.of("..", "docs", "embedding.md"), StandardCharsets.UTF_8)
                        .replace("\r\n", "\n"),
                folder);
        assertTrue(Files.isRegularFile(folder.resolve("runs").resolve("and").resolve("final.npz")));
        assertEquals(
                1 + 2 * 4,
                Files.readAllLines(folder.resolve("study").resolve("results.csv"))
                        .size());
    }

    private static final Path SOURCES = Path.of("src", "main", "java");

    /** Types, and statements that may use a network {@code rnn}; imports are left out. */
    @Test
    void everyExampleInTheJavadocCompiles(@TempDir Path folder) throws Exception {
        List<Path> files;
        try (Stream<Path> all = Files.walk(SOURCES)) {
            files = all.filter(f -> f.toString().endsWith(".java")).sorted().toList();
        }
        String imports = files.stream()
                .map(f -> SOURCES.relativize(f).getParent())
                .filter(Objects::nonNull)
                .distinct()
                .map(f -> "import " + f.toString().replace(File.separatorChar, '.') + ".*;\n")
                .collect(Collectors.joining("", "import java.nio.file.Path;\nimport java.util.*;\n", ""));
        List<String> examples = new ArrayList<>();
        Set<String> documented = new TreeSet<>();
        for (Path file : files) {
            String text = Files.readString(file, StandardCharsets.UTF_8).replace("\r\n", "\n");
            Matcher example = Pattern.compile(
                            "^ *\\* <pre>\\{@code\n(.*?)^ *\\* }</pre>$", Pattern.DOTALL | Pattern.MULTILINE)
                    .matcher(text);
            while (example.find()) {
                documented.add(file.getFileName().toString().replace(".java", ""));
                String code = example.group(1).replaceAll("(?m)^ *\\* ?", "");
                examples.add(imports
                        + (Embedding.typeOf(code) != null
                                ? code
                                : "class Example" + examples.size() + " { void example(Rnn rnn) throws Exception {\n"
                                        + code + "} }\n"));
            }
            assertEquals(
                    text.lines().filter(l -> l.contains("<pre>{@code")).count(),
                    example.reset().results().count(),
                    file + " has an example that begins or ends otherwise than with lines of their own");
        }
        assertTrue(
                documented.containsAll(List.of(
                        "FitOptions",
                        "ModelOptions",
                        "NetworkAnalysis",
                        "NetworkFile",
                        "Simulator",
                        "Stepper",
                        "StudyRunner",
                        "Task",
                        "TaskProvider",
                        "Trainer",
                        "TrainingData")),
                documented.toString());
        Embedding.compile(folder, List.of("-cp", System.getProperty("java.class.path")), examples);
    }

    @Test
    void blocksMayBeTypesProgramsAndModules(@TempDir Path folder) throws Exception {
        String text = """
                # Text
                ```java
                import java.nio.file.*;

                Files.writeString(Path.of("made.txt"), Helper.word());
                ```
                More.
                ```java
                final class Helper {
                    static String word() {
                        return "word";
                    }
                }
                ```
                ```java
                module app {
                    requires attractor.core;
                }
                ```
                """;
        check(text, folder);
        assertEquals("word", Files.readString(folder.resolve("made.txt")));
        String broken = text.replace("\"word\"", "1");
        AssertionError error = assertThrows(AssertionError.class, () -> check(broken, folder.resolve("broken")));
        assertTrue(error.getMessage().contains("incompatible types"), error.getMessage());
    }
}
