package attractor.cli;

import attractor.kernel.Activation;
import picocli.CommandLine.Option;

/** The option for the activation, which some files of networks don't contain. */
final class ActivationArgument {
    @Option(
            names = "--activation",
            paramLabel = "PHI",
            description = "For a file without it, such as a file of weights alone: tanh, relu, sigmoid or identity "
                    + "(default: tanh).")
    private Activation activation;

    /** The given activation; null if the option is absent. */
    Activation value() {
        return activation;
    }
}
