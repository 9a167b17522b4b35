package attractor.interchange;

import attractor.io.FormatException;
import attractor.io.ZipArchive;
import attractor.kernel.Activation;
import attractor.model.Form;
import attractor.model.Precision;
import attractor.model.Rnn;
import attractor.model.RnnShape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Networks in files of other libraries: recognises the kinds of files and knows what each can contain. Stateless, safe
 * for any thread.
 */
public final class ForeignNetwork {
    private static final String NPY = ".npy";

    /** Where our own files have the precision of a network in float: an attribute of the root, or metadata. */
    static final String PRECISION = "precision";

    private ForeignNetwork() {}

    /** A kind of file that can be written, chosen by the end of its name. */
    public enum Format {
        KERAS_WEIGHTS(".weights.h5", "Keras's SimpleRNN"),
        KERAS_HDF5(".h5", "Keras's SimpleRNN"),
        KERAS_HDF5_LONG(".hdf5", "Keras's SimpleRNN"),
        KERAS_ARCHIVE(".keras", "Keras's SimpleRNN"),
        TORCH(".safetensors", "PyTorch's nn.RNN");

        private final String ending;
        private final String layer;

        Format(String ending, String layer) {
            this.ending = ending;
            this.layer = layer;
        }

        /** The format for a file's name; empty if the name has none of the endings. */
        public static Optional<Format> of(Path file) {
            for (Format format : values()) {
                if (endsWith(file, format.ending)) {
                    return Optional.of(format);
                }
            }
            return Optional.empty();
        }

        /**
         * Checks that files of this kind can contain a network.
         *
         * @throws IOException if they can't; the message is one line that names the reason in the network
         */
        public void require(Rnn rnn, String name) throws IOException {
            if (rnn.form() != Form.RATE) {
                throw new IOException(name + ": the form is " + rnn.form().id() + ", expected rate (" + layer
                        + " reads its outputs from the state itself)");
            }
            if (rnn.alpha() != 1.0) {
                throw new IOException(
                        name + ": alpha = dt/tau is " + rnn.alpha() + ", expected 1 (" + layer + " has no leak)");
            }
            if (rnn.noiseSd() != 0.0) {
                throw new IOException(name + ": the states have noise of sd " + rnn.noiseSd() + ", expected 0 (" + layer
                        + " has none)");
            }
            RnnShape.View h0 = rnn.shape().h0();
            for (int i = 0; i < h0.length(); i++) {
                double value = rnn.parameters()[h0.at(i, 0)];
                if (value != 0.0) {
                    throw new IOException(name + ": " + h0.entry(i) + " is " + value + ", expected 0 (" + layer
                            + " starts from zero)");
                }
            }
            Activation activation = rnn.activation();
            if (this == TORCH && activation != Activation.TANH && activation != Activation.RELU) {
                throw new IOException(name + ": the activation is " + activation.id()
                        + ", expected tanh or relu, which " + layer + " has");
            }
            if (activation == Activation.LEAKY_RELU) {
                throw new IOException(name + ": the activation is leaky_relu of slope " + Activation.LEAK
                        + ", expected another, since Keras's has another slope");
            }
        }

        /**
         * Writes a network, completely or not at all.
         *
         * @throws IOException if the file cannot be written
         */
        public void write(Path file, Rnn rnn) throws IOException {
            switch (this) {
                case KERAS_WEIGHTS -> KerasWriter.writeWeights(file, rnn);
                case KERAS_HDF5, KERAS_HDF5_LONG -> KerasWriter.writeModel(file, rnn);
                case KERAS_ARCHIVE -> KerasWriter.writeArchive(file, rnn);
                case TORCH -> TorchFile.writeSafetensors(file, rnn);
            }
        }
    }

    /**
     * Reads a network of Keras or PyTorch.
     *
     * @param given phi, for files that don't contain it; null for tanh, the default of both libraries
     * @param notes receives a line, with the file's name, for each assumption and each difference from the library
     * @return in float if we wrote it from a network in float, else in double; empty if the file is of neither kind, such
     *     as our own .npz files or a text
     * @throws FormatException if it is of such a kind, but damaged or not a network like ours
     * @throws IOException if the file is missing or cannot be read
     */
    public static Optional<Rnn> read(Path file, Activation given, Consumer<String> notes) throws IOException {
        if (Files.notExists(file)) {
            throw new NoSuchFileException(file.toString());
        }
        if (KerasFile.looksLikeHdf5(file) || endsWith(file, ".h5") || endsWith(file, ".hdf5")) {
            return Optional.of(KerasFile.read(file, given, notes));
        }
        if (endsWith(file, ".safetensors")) {
            return Optional.of(TorchFile.readSafetensors(file, given, notes));
        }
        List<String> parts = parts(file);
        if (endsWith(file, ".keras") || parts.contains(KerasFile.ARCHIVE_WEIGHTS)) {
            return Optional.of(KerasFile.readArchive(file, given, notes));
        }
        if (isPickle(file, parts)) {
            throw new FormatException(
                    file + ": is a pickle of PyTorch, which may run any program when it is read, expected "
                            + ".safetensors; in Python: " + conversion(file));
        }
        if (PsychRnnFile.isPsychRnn(parts)) {
            throw new FormatException(file + ": is a network of PsychRNN, whose file has no dt and no tau, expected it "
                    + "to be imported first: attractor import --dt MS --tau MS " + file.getFileName() + " NET.npz");
        }
        boolean torch = parts.stream()
                .anyMatch(
                        p -> p.endsWith(NPY) && TorchFile.isRecurrentWeight(p.substring(0, p.length() - NPY.length())));
        return torch ? Optional.of(TorchFile.readNpz(file, given, notes)) : Optional.empty();
    }

    /**
     * Whether {@code torch.save} wrote the file: a zip archive with a {@code data.pkl}, or, before PyTorch 1.6, a
     * pickle.
     */
    private static boolean isPickle(Path file, List<String> parts) {
        return endsWith(file, ".pt")
                || endsWith(file, ".pth")
                || parts.stream().anyMatch(part -> part.endsWith("/data.pkl") || part.equals("data.pkl"));
    }

    /** The line of Python that turns a state_dict or a whole module into a file that can be read here. */
    private static String conversion(Path file) {
        String name = file.getFileName().toString();
        int dot = name.lastIndexOf('.');
        String stem = dot > 0 ? name.substring(0, dot) : name;
        return "import torch; from safetensors.torch import save_file; s = torch.load(" + quoted(name)
                + ", map_location='cpu'); save_file({k: v.contiguous() for k, v in s.items()}, "
                + quoted(stem + ".safetensors") + ")";
    }

    /** A string literal of Python. */
    private static String quoted(String text) {
        return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
    }

    /**
     * A network in the precision that its file states: files of our own networks in float state it, those of other
     * libraries don't and are in double, whatever type their numbers have.
     *
     * @param stated an id of a {@link Precision}; null if the file states none
     * @throws FormatException if it is none, or the weights are not of this precision
     */
    static Rnn inPrecision(Rnn rnn, String stated, String file) throws FormatException {
        if (stated == null) {
            return rnn;
        }
        Precision precision;
        try {
            precision = Precision.of(stated);
        } catch (IllegalArgumentException e) {
            throw new FormatException(file + ": " + e.getMessage(), e);
        }
        int inexact = precision.firstInexact(rnn.parameters());
        if (inexact >= 0) {
            throw new FormatException(file + ": says that its precision is " + precision.id() + ", and a weight is "
                    + rnn.parameters()[inexact] + ", expected a number of this precision");
        }
        return rnn.withPrecision(precision);
    }

    /** The note for a file that doesn't contain its activation. */
    static String assumed(String file, Activation activation, String why) {
        return file + ": doesn't say its activation: " + activation.id() + " is assumed, " + why
                + " (--activation says another)";
    }

    private static List<String> parts(Path file) throws IOException {
        try {
            return ZipArchive.names(file);
        } catch (FormatException notZip) {
            return List.of(); // the reader for the expected kind gives a better message
        }
    }

    private static boolean endsWith(Path file, String ending) {
        return file.getFileName().toString().toLowerCase(Locale.ROOT).endsWith(ending);
    }
}
