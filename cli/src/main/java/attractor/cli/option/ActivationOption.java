package attractor.cli.option;

import attractor.kernel.Activation;
import picocli.CommandLine.Option;

/** The option that says what a file of a network may leave open. */
public final class ActivationOption {
    @Option(
            names = "--activation",
            paramLabel = "PHI",
            description = "For a file without it, such as a file of weights alone: tanh, relu, sigmoid, identity, "
                    + "softplus or leaky_relu (default: tanh).")
    private Activation activation;

    /** What was given; null for nothing. */
    public Activation value() {
        return activation;
    }
}
