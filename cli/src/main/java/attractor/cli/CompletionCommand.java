package attractor.cli;

import attractor.cli.terminal.ExitCode;
import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code attractor completion}. */
@Command(
        name = "completion",
        description = {
            "Prints a script that makes the shell complete commands, options and names of tasks, for bash and zsh.",
            "",
            "For the current shell:",
            "  source <(./attractor completion)",
            "For every new shell, add it to the file that your shell reads:",
            "  ./attractor completion >> ~/.bashrc",
            "In zsh the lines 'autoload -Uz compinit' and 'compinit' must come before it in ~/.zshrc."
        },
        mixinStandardHelpOptions = true)
final class CompletionCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        // Line by line with its own ends: the script has no carriage returns on any system.
        spec.commandLine()
                .getOut()
                .print(AutoComplete.bash("attractor", spec.root().commandLine()));
        spec.commandLine().getOut().print('\n');
        return ExitCode.DONE;
    }
}
