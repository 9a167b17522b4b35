package attractor.cli;

import attractor.cli.terminal.ExitCode;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code attractor help}. */
@Command(
        name = "help",
        description =
                "Shows how to use a command, like its --help: attractor help train, attractor help study success.",
        mixinStandardHelpOptions = true)
final class HelpCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(arity = "0..*", paramLabel = "COMMAND", description = "The command, and its subcommand.")
    private List<String> words = new ArrayList<>();

    @Override
    public Integer call() {
        CommandLine of = spec.root().commandLine();
        for (String word : words) {
            CommandLine next = of.getSubcommands().get(word);
            if (next == null) {
                String known = String.join(", ", of.getSubcommands().keySet());
                throw new ParameterException(
                        spec.commandLine(),
                        "no command '" + word + "'" + (known.isEmpty() ? "" : ", expected one of " + known));
            }
            of = next;
        }
        of.usage(spec.commandLine().getOut());
        return ExitCode.DONE;
    }
}
