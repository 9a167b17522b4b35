package attractor.cli;

import attractor.cli.option.ActivationOption;
import attractor.cli.option.NetworkArgument;
import attractor.cli.option.PrecisionOption;
import attractor.cli.result.NetworkSummary;
import attractor.cli.terminal.ExitCode;
import attractor.interchange.ForeignNetwork;
import attractor.interchange.PsychRnnFile;
import attractor.io.AtomicFiles;
import attractor.io.FormatException;
import attractor.model.Form;
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
            "Reads a network of Keras, PyTorch or PsychRNN and writes it as an .npz of this program.",
            "",
            "From Keras: one SimpleRNN and one linear Dense layer, in HDF5 of Keras 2 or 3 (.h5, .hdf5, .weights.h5) or the "
                    + "archive of Keras 3 (.keras).",
            "From PyTorch: the state_dict of one nn.RNN and one nn.Linear, as .safetensors or by numpy.savez, with any prefix "
                    + "before weight_ih_l0, weight_hh_l0, weight and so on; b_rec is bias_ih + bias_hh.",
            "From PsychRNN: the .npz of a Basic or BasicScan model's save; --dt and --tau, which it doesn't contain, must be given.",
            "",
            "A leaky network whose weights another program keeps in one of these layouts: --tau, and --form.",
            "",
            "Float32 and float64 are read exactly. The network is in double, in float if attractor export wrote the file from a "
                    + "network in float; --precision says another. Commands that take a NET read such files, too."
        },
        footer = {
            "",
            "Examples:",
            "  attractor import model.keras net.npz",
            "  attractor import weights.safetensors net.npz --activation relu --dt 10",
            "  attractor import leaky.safetensors net.npz --dt 10 --tau 100 --form current",
            "  attractor import psychrnn.npz net.npz --dt 10 --tau 100"
        },
        sortOptions = false,
        mixinStandardHelpOptions = true)
final class ImportCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(index = "0", paramLabel = "FILE", description = "A file of Keras, PyTorch or PsychRNN.")
    private Path file;

    @Parameters(index = "1", paramLabel = "NET.npz", description = "The file to write; replaced if it exists.")
    private Path outFile;

    @Mixin
    private ActivationOption activation;

    @Mixin
    private PrecisionOption precision;

    @Option(names = "--dt", paramLabel = "MS", description = "Duration of a step (default: 1).")
    private Double dtMs;

    @Option(
            names = "--tau",
            paramLabel = "MS",
            description = "Time constant, at least --dt (default: as --dt: Keras and PyTorch have no leak).")
    private Double tauMs;

    @Option(
            names = "--form",
            paramLabel = "FORM",
            description =
                    "rate or current, see attractor train (default: rate, which is Keras's and PyTorch's; PsychRNN's is current).")
    private String form;

    @Override
    public Integer call() throws IOException {
        double dt = dtMs == null ? 1.0 : dtMs;
        if (!(dt > 0.0) || Double.isInfinite(dt)) {
            throw new ParameterException(spec.commandLine(), "--dt is " + dtMs + ", expected more than 0 and finite");
        }
        double tau = tauMs == null ? dt : tauMs;
        if (!(tau >= dt) || Double.isInfinite(tau)) {
            throw new ParameterException(
                    spec.commandLine(), "--tau is " + tauMs + ", expected at least --dt = " + dt + " and finite");
        }
        Form given = form();
        if (!outFile.toString().endsWith(".npz")) {
            throw new ParameterException(
                    spec.commandLine(), "NET.npz is '" + outFile + "', expected a name that ends in .npz");
        }
        if (Files.isDirectory(file)) {
            throw new FormatException(file + ": is a folder, expected a file of Keras, PyTorch or PsychRNN");
        }
        AtomicFiles.requireWritable(outFile);
        SourceFiles.requireOther(spec, outFile, file);
        Rnn read = PsychRnnFile.is(file) ? psychRnn(dt, tau, given) : other(dt, tau, given);
        Rnn rnn = precision.apply(read, file.toString());
        NetworkFile.write(
                outFile, rnn, Map.of("importedFrom", file.getFileName().toString()));
        spec.commandLine()
                .getOut()
                .println(outFile + ": " + NetworkSummary.of(rnn) + ", in "
                        + rnn.precision().id());
        return ExitCode.DONE;
    }

    /** Null if it isn't given. */
    private Form form() {
        try {
            return form == null ? null : Form.of(form);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), "--" + e.getMessage(), e);
        }
    }

    private Rnn psychRnn(double dt, double tau, Form given) throws IOException {
        if (dtMs == null || tauMs == null) {
            throw new ParameterException(
                    spec.commandLine(),
                    file + " is a network of PsychRNN, whose file has no dt and no tau, expected --dt and --tau");
        }
        if (given == Form.RATE) {
            throw new ParameterException(
                    spec.commandLine(), "--form is rate, expected current, which is that of PsychRNN's networks");
        }
        return PsychRnnFile.read(file, dt, tau, activation.value(), NetworkArgument.notes(spec));
    }

    private Rnn other(double dt, double tau, Form given) throws IOException {
        Rnn read = ForeignNetwork.read(file, activation.value(), NetworkArgument.notes(spec))
                .orElseThrow(() ->
                        new FormatException(file + ": is neither HDF5, nor an archive of Keras, nor .safetensors, nor "
                                + "an .npz with weight_ih_l0, expected a file of Keras, PyTorch or PsychRNN"));
        return new Rnn(read.shape(), read.activation(), dt, tau, read.recurrentBias(), read.parameters())
                .withForm(given == null ? Form.RATE : given)
                .withPrecision(read.precision());
    }
}
