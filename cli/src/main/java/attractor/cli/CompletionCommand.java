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
            "For this shell:",
            "  source <(./attractor completion)",
            "For every new one, put it where your shell reads it:",
            "  ./attractor completion >> ~/.bashrc",
            "In zsh the lines 'autoload -Uz compinit' and 'compinit' must come before it in ~/.zshrc."
        },
        mixinStandardHelpOptions = true)
final class CompletionCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        // In lines of its own: the script has no carriage returns on any system.
        spec.commandLine()
                .getOut()
                .print(AutoComplete.bash("attractor", spec.root().commandLine()));
        spec.commandLine().getOut().print('\n');
        return ExitCode.DONE;
    }
}
