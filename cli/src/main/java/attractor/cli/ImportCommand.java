package attractor.cli;

import attractor.cli.option.ActivationOption;
import attractor.cli.option.NetworkArgument;
import attractor.cli.result.NetworkSummary;
import attractor.cli.terminal.ExitCode;
import attractor.interchange.ForeignNetwork;
import attractor.io.AtomicFiles;
import attractor.io.FormatException;
import attractor.model.NetworkFile;
import attractor.model.Rnn;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code attractor import}. */
@Command(
        name = "import",
        description = {
            "Reads a network of Keras or PyTorch and writes it as an .npz of this program.",
            "",
            "From Keras: one SimpleRNN and one linear Dense layer, in HDF5 of Keras 2 or 3 (.h5, .hdf5, .weights.h5) or the "
                    + "archive of Keras 3 (.keras).",
            "From PyTorch: the state_dict of one nn.RNN and one nn.Linear, as .safetensors or by numpy.savez, with any prefix "
                    + "before weight_ih_l0, weight_hh_l0, weight and so on; b_rec is bias_ih + bias_hh.",
            "",
            "Float32 and float64 are read exactly. Commands that take a NET read such files, too."
        },
        footer = {
            "",
            "Examples:",
            "  attractor import model.keras net.npz",
            "  attractor import weights.safetensors net.npz --activation relu --dt 10"
        },
        sortOptions = false,
        mixinStandardHelpOptions = true)
final class ImportCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(index = "0", paramLabel = "FILE", description = "A file of Keras or PyTorch.")
    private Path file;

    @Parameters(index = "1", paramLabel = "NET.npz", description = "The file to write; replaced if it exists.")
    private Path outFile;

    @Mixin
    private ActivationOption activation;

    @Option(
            names = "--dt",
            paramLabel = "MS",
            defaultValue = "1",
            description =
                    "Duration of a step; tau is the same, since these networks have no leak (default: ${DEFAULT-VALUE}).")
    private double dtMs;

    @Override
    public Integer call() throws IOException {
        if (!(dtMs > 0.0) || Double.isInfinite(dtMs)) {
            throw new ParameterException(spec.commandLine(), "--dt is " + dtMs + ", expected more than 0 and finite");
        }
        if (!outFile.toString().endsWith(".npz")) {
            throw new ParameterException(
                    spec.commandLine(), "NET.npz is '" + outFile + "', expected a name that ends in .npz");
        }
        if (Files.isDirectory(file)) {
            throw new FormatException(file + ": is a folder, expected a file of Keras or PyTorch");
        }
        AtomicFiles.requireWritable(outFile);
        SourceFiles.requireOther(spec, outFile, file);
        Rnn read = ForeignNetwork.read(file, activation.value(), NetworkArgument.notes(spec))
                .orElseThrow(() ->
                        new FormatException(file + ": is neither HDF5, nor an archive of Keras, nor .safetensors, nor "
                                + "an .npz with weight_ih_l0, expected a file of Keras or PyTorch"));
        Rnn rnn = new Rnn(read.shape(), read.activation(), dtMs, dtMs, read.recurrentBias(), read.parameters());
        NetworkFile.write(
                outFile, rnn, Map.of("importedFrom", file.getFileName().toString()));
        spec.commandLine().getOut().println(outFile + ": " + NetworkSummary.of(rnn));
        return ExitCode.DONE;
    }
}
