package attractor.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;

class HelpTextsTest {
    private static List<CommandLine> commands() {
        List<CommandLine> all = new ArrayList<>();
        collect(Main.commandLine(), all);
        assertTrue(all.size() > 20, all.size() + " commands");
        return all;
    }

    private static void collect(CommandLine line, List<CommandLine> all) {
        all.add(line);
        line.getSubcommands().values().forEach(sub -> collect(sub, all));
    }

    @ParameterizedTest
    @MethodSource("commands")
    void wordsAndExamplesAreWhole(CommandLine command) {
        List<String> texts =
                new ArrayList<>(List.of(command.getCommandSpec().usageMessage().description()));
        for (ArgSpec arg : command.getCommandSpec().args()) {
            texts.addAll(List.of(arg.description()));
        }
        List<String> examples = List.of(command.getCommandSpec().usageMessage().footer());
        String help = command.getUsageMessage();
        Set<String> words = new HashSet<>(List.of(help.split("\\s+")));
        for (String text : texts) {
            for (String word : HelpTexts.plain(text).strip().split("\\s+")) {
                assertTrue(
                        word.isEmpty() || word.contains("${") || words.contains(word),
                        "broken: " + word + " in\n" + help);
            }
        }
        List<String> lines = help.lines().toList();
        lines.forEach(line -> assertTrue(line.length() <= 80, line));
        for (String example : examples) {
            assertTrue(lines.contains(HelpTexts.plain(example)), "broken: " + HelpTexts.plain(example));
        }
    }

    @ParameterizedTest
    @CsvSource({"help train, train --help", "help study success, study success --help", "help, --help"})
    void helpIsHelp(String words, String option) {
        Cli help = Cli.run((Object[]) words.split(" "));
        assertEquals(0, help.exitCode(), help.toString());
        assertEquals(Cli.run((Object[]) option.split(" ")).out(), help.out());
    }

    @Test
    void helpOfNothing() {
        Cli help = Cli.run("help", "trian");
        assertEquals(2, help.exitCode());
        assertTrue(help.err().startsWith("attractor: no command 'trian', expected one of train, "), help.err());
    }

    @ParameterizedTest
    @CsvSource({
        "'train ADN', 'unknown task ADN, did you mean and? Expected one of pulse'",
        "'tasks XORR', 'unknown task XORR, did you mean xor? Expected one of pulse'",
        "'train and --loss MSEE', 'loss is ''MSEE'', expected one of mse'",
        "'train and --optimizer Adamm', '--optimizer is ''Adamm'', expected adam or sgd'",
        "'train flip-flop', 'unknown task flip-flop, did you mean flipflop? '",
        "'train oscilation', 'unknown task oscilation, did you mean oscillation? '",
        "'tasks q', 'unknown task q, expected one of pulse'"
    })
    void aTaskThatIsMisspelt(String words, String message) {
        Cli run = Cli.run((Object[]) words.split(" "));
        assertEquals(2, run.exitCode(), run.toString());
        assertTrue(run.err().startsWith("attractor: " + message), run.err());
    }

    @Test
    void tasksInAnyCase() {
        assertEquals(Cli.run("tasks", "xor").out(), Cli.run("tasks", "XOR").out());
        assertEquals(0, Cli.run("tasks", "XOR").exitCode());
    }

    @Test
    void bashCompletesCommandsOptionsAndTasks(@TempDir Path folder) throws Exception {
        Assumptions.assumeTrue(Files.isExecutable(Path.of("/bin/bash")), "no /bin/bash here");
        Path script = folder.resolve("completion.sh");
        Cli completion = Cli.run("completion");
        assertEquals(0, completion.exitCode());
        assertTrue(!completion.out().contains("\r"));
        Files.writeString(script, completion.out());
        assertEquals("train", completed(script, "1", "./attractor", "tr"));
        assertEquals("--threads", completed(script, "3", "./attractor", "train", "and", "--th"));
        assertEquals("xor", completed(script, "2", "./attractor", "train", "x"));
        assertEquals("success", completed(script, "2", "./attractor", "study", "su"));
    }

    private static String completed(Path script, String index, String... words) throws Exception {
        String command = "source '" + script + "'; COMP_WORDS=(" + String.join(" ", words) + "); COMP_CWORD=" + index
                + "; _complete_attractor; echo \"${COMPREPLY[*]}\"";
        Process bash = new ProcessBuilder("/bin/bash", "-c", command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String out = new String(bash.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        assertTrue(bash.waitFor(60, TimeUnit.SECONDS));
        return out.strip();
    }
}
