package attractor.cli.option;

import attractor.kernel.Activation;
import picocli.CommandLine.Option;

/** The option {@code --activation}, for files of networks that don't contain one. */
public final class ActivationOption {
    @Option(
            names = "--activation",
            paramLabel = "PHI",
            description = "For a file without it, such as a file of weights alone: tanh, relu, sigmoid, identity, "
                    + "softplus or leaky_relu (default: tanh).")
    private Activation activation;

    /** The given activation; null if there is none. */
    public Activation value() {
        return activation;
    }
}
