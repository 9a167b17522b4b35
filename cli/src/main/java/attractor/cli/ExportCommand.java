package attractor.cli;

import attractor.cli.option.NetworkArgument;
import attractor.cli.option.PrecisionOption;
import attractor.cli.result.NetworkSummary;
import attractor.cli.terminal.ExitCode;
import attractor.interchange.ForeignNetwork;
import attractor.io.AtomicFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code attractor export}. */
@Command(
        name = "export",
        description = {
            "Writes a network as a file of Keras or PyTorch; the end of the name decides which.",
            "",
            "  .h5, .hdf5     a whole model, SimpleRNN and Dense, for load_model of Keras 2 and 3",
            "  .keras         the same in the archive of Keras 3",
            "  .weights.h5    weights alone, for load_weights of Keras 3",
            "  .safetensors   for PyTorch: rnn.weight_ih_l0 and so on of an nn.RNN, readout.weight and readout.bias of an nn.Linear",
            "",
            "All keep every bit of the weights, in float64, or for a network in float in float32; --precision float rounds the weights of "
                    + "another network and says so. Networks that the library can't express are refused: alpha = dt/tau "
                    + "below 1, noise in the states, an initial state that isn't zero, and in PyTorch other activations than tanh and relu. The "
                    + "step's duration and the task are not in the file. Of a network of low rank the product W_rec is written, without its factors."
        },
        footer = {
            "",
            "Examples:",
            "  attractor export data/networks/xor.npz xor.h5",
            "  attractor export runs/and-orthogonal-s0 and.safetensors"
        },
        sortOptions = false,
        mixinStandardHelpOptions = true)
final class ExportCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private NetworkArgument network;

    @Mixin
    private PrecisionOption precision;

    @Parameters(index = "1", paramLabel = "OUT", description = "The file to write; replaced if it exists.")
    private Path outFile;

    @Override
    public Integer call() throws IOException {
        ForeignNetwork.Format format = ForeignNetwork.Format.of(outFile)
                .orElseThrow(() -> new ParameterException(
                        spec.commandLine(),
                        "OUT is '" + outFile
                                + "', expected a name that ends in .h5, .hdf5, .keras, .weights.h5 or .safetensors"));
        AtomicFiles.requireWritable(outFile);
        NetworkArgument.Loaded loaded = precision.apply(network.load());
        SourceFiles.requireOther(spec, outFile, loaded.source());
        format.require(loaded.rnn(), loaded.source().toString());
        format.write(outFile, loaded.rnn());
        if (loaded.rnn().rank() > 0) {
            spec.commandLine()
                    .getErr()
                    .println(outFile + ": has W_rec = P Q^T / N, not the factors, for which the format has no place");
        }
        spec.commandLine().getOut().println(outFile + ": " + NetworkSummary.of(loaded.rnn()));
        return ExitCode.DONE;
    }
}
