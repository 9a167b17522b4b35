package attractor.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import attractor.io.NpyArray;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The README's commands. Those that stand on lines of their own are run one after the other in one folder, made small; of
 * those within a text the options are looked up in the help.
 */
class ReadmeCommandsTest {
    private static final Pattern ON_A_LINE = Pattern.compile("(?m)^    \\./attractor (.*)$");
    private static final Pattern ANYWHERE = Pattern.compile("\\./attractor ([^`\n]*)");

    @TempDir
    private Path folder;

    private static String readme() throws IOException {
        return Files.readString(Path.of("..", "README.md"), StandardCharsets.UTF_8)
                .replace("\r\n", "\n");
    }

    private static List<List<String>> commands(Pattern pattern) throws IOException {
        return pattern.matcher(readme())
                .results()
                .map((MatchResult m) -> Arrays.asList(m.group(1).strip().split(" ")))
                .toList();
    }

    @Test
    void theHelpHasTheirOptions() throws IOException {
        List<List<String>> commands = commands(ANYWHERE);
        assertTrue(commands.size() > 30, commands.toString());
        for (List<String> command : commands) {
            List<Object> help = new ArrayList<>(List.of(command.get(0)));
            if (command.get(0).equals("study")) {
                help.add(command.get(1));
            }
            help.add("--help");
            Cli cli = Cli.run(help.toArray());
            assertEquals(0, cli.exitCode(), command + "\n" + cli);
            for (String word : command) {
                if (word.startsWith("--")) {
                    assertTrue(
                            Pattern.compile("^[ ,\\w-]*" + word + "\\b", Pattern.MULTILINE)
                                    .matcher(cli.out())
                                    .find(),
                            word + " of " + command + " is not in its help");
                }
            }
        }
    }

    /** Six units and little to learn; the answers are as bad as that. */
    @Test
    void theyDoTheirWork() throws Exception {
        Path classes = folder.resolve("classes");
        OwnTaskTest.compileExample(classes);
        // What NumPy writes in the README.
        assertDone(List.of("tasks", "and", "--samples", "40", "--out", path("trials.npz")));
        double[] signs = new double[36];
        double[] ones = new double[36];
        double[] rows = new double[36];
        for (int k = 0; k < 36; k++) {
            signs[k] = k % 6 < 5 ? 1 : -1;
            ones[k] = k % 5 == 0 ? 0 : 1;
            rows[k] = k / 6 < 4 ? 1 : -1;
        }
        NpyArray.of(signs, 6, 6).write(folder.resolve("signs.npy"));
        NpyArray.of(ones, 6, 6).write(folder.resolve("areas.npy"));
        NpyArray.of(rows, 6, 6).write(folder.resolve("rows.npy"));
        List<String> run = new ArrayList<>();
        for (List<String> command : commands(ON_A_LINE)) {
            List<String> words = new ArrayList<>();
            for (String word : command) {
                words.add(path(word.equals("examples/three-bit-flip-flop") ? "classes" : word));
            }
            makeSmall(words);
            assertDone(words);
            run.add(command.get(0));
        }
        assertTrue(
                run.containsAll(List.of("train", "evaluate", "analyze", "study", "export", "import")), run.toString());
        assertTrue(Files.isRegularFile(folder.resolve("and.png")));
        assertTrue(Files.isRegularFile(folder.resolve("studies/success/report.md")));
    }

    private static void assertDone(List<String> words) {
        Cli cli = Cli.run(words.toArray());
        assertEquals(0, cli.exitCode(), words + "\n" + cli);
    }

    /** A file or folder of the command in this test's folder, or what comes with the sources; any other word as it is. */
    private String path(String word) {
        if (word.startsWith("data/") || word.startsWith("examples/grids/")) {
            return Path.of("..").resolve(word).toString();
        }
        if (word.endsWith(".npy")) {
            String array = word.substring(0, word.indexOf('=') + 1);
            return array + folder.resolve(word.substring(array.length()));
        }
        boolean file = word.matches("(runs|studies|classes)(/.*)?|[\\w.]+\\.(npz|png|keras|h5|safetensors)");
        return file ? folder.resolve(word).toString() : word.replace("\"$SLURM_ARRAY_TASK_ID/10\"", "1/10");
    }

    private void makeSmall(List<String> words) {
        switch (words.get(0)) {
            case "train" -> {
                set(words, "--units", "6");
                set(words, "--epochs", "1");
                if (!words.contains("--data")) {
                    set(words, "--samples", "40");
                }
                if (!words.contains("--out")) {
                    set(words, "--out", path("runs/" + words.get(1) + "-orthogonal-s0"));
                }
            }
            case "analyze", "explore" -> set(words, "--fixed-point-seeds", "8");
            case "study" -> {
                if (List.of("status", "report").contains(words.get(1))) {
                    return;
                }
                set(words, "--networks", "1");
                if (!words.get(1).equals("sweep")) { // its grid says how many
                    set(words, "--epochs", "1");
                }
                set(words, "--samples", "40");
                if (words.get(1).equals("rank")) {
                    set(words, "--units", "12");
                } else if (words.get(1).equals("size")) {
                    set(words, "--sizes", "5,6");
                } else {
                    set(words, "--units", "6");
                }
                if (words.get(1).equals("damage")) {
                    set(words, "--thresholds", "0.05");
                    set(words, "--draws", "1");
                }
            }
            default -> {}
        }
    }

    private static void set(List<String> words, String option, String value) {
        int at = words.indexOf(option);
        if (at >= 0) {
            words.set(at + 1, value);
        } else {
            words.addAll(List.of(option, value));
        }
    }
}
