package attractor.interchange;

import attractor.io.FormatException;
import attractor.io.NpyArray;
import attractor.io.Npz;
import attractor.io.Safetensors;
import attractor.io.ZipArchive;
import attractor.kernel.Activation;
import attractor.model.Precision;
import attractor.model.Rnn;
import attractor.model.RnnShape;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The weights of a PyTorch module with one {@code nn.RNN} (of one layer and direction, or an {@code nn.RNNCell}) and one
 * {@code nn.Linear}, its {@code state_dict} saved as {@code .safetensors} or with {@code numpy.savez}, in float32 or
 * float64. PyTorch computes {@code h' = phi(W_ih x + b_ih + W_hh h + b_hh)}, where a row belongs to the receiving unit,
 * so our {@code b_rec} is {@code b_ih + b_hh}; {@code dt = tau = 1 ms}, h(0) = 0.
 *
 * <p>Weights are found by the end of their names ({@code rnn.weight_ih_l0}, {@code weight_ih_l0}, {@code fc.weight}). Every
 * other array in a file is an error, since it might change what the module computes. The file does not contain phi,
 * except for a safetensors file with the metadata {@code nonlinearity}, which we write. Phi is then assumed to be tanh,
 * PyTorch's default, unless the caller gives another.
 *
 * <p>Thread-safe: has no state.
 */
final class TorchFile {
    private static final Pattern RECURRENT =
            Pattern.compile("((?:.*[^A-Za-z0-9])?)(weight_ih|weight_hh|bias_ih|bias_hh)((?:_l\\d+)?)((?:_reverse)?)");
    private static final Pattern LINEAR = Pattern.compile("((?:.*[^A-Za-z0-9])?)(weight|bias)");
    private static final String NPY = ".npy";
    private static final String NONLINEARITY = "nonlinearity";

    private final String file;
    private final Map<String, NpyArray> arrays;

    private TorchFile(String file, Map<String, NpyArray> arrays) {
        this.file = file;
        this.arrays = arrays;
    }

    /** Whether an array of this name belongs to an {@code nn.RNN}. */
    static boolean isRecurrentWeight(String name) {
        Matcher matcher = RECURRENT.matcher(name);
        return matcher.matches() && matcher.group(2).startsWith("weight");
    }

    /**
     * Reads a {@code .npz} file.
     *
     * @param given phi; null for tanh
     * @param notes receives a line if phi was assumed
     * @throws FormatException if the file is incomplete or contains anything else; the message is one line with what
     *     was found and what was expected
     * @throws IOException if the file is missing or cannot be read
     */
    static Rnn readNpz(Path file, Activation given, Consumer<String> notes) throws IOException {
        checkNames(file);
        Npz npz = Npz.read(file);
        Rnn rnn = new TorchFile(npz.name(), npz.arrays()).network(given == null ? Activation.TANH : given);
        noteAssumed(given, npz.name(), notes);
        return rnn;
    }

    /** Requires the names of one nn.RNN and one nn.Linear before any array is read. */
    private static void checkNames(Path file) throws IOException {
        Map<String, NpyArray> named = new LinkedHashMap<>();
        for (String entry : ZipArchive.names(file)) {
            if (entry.endsWith(NPY)) {
                named.put(entry.substring(0, entry.length() - NPY.length()), null);
            }
        }
        TorchFile reader = new TorchFile(file.toString(), named);
        List<String> rest = new ArrayList<>();
        reader.recurrent(rest);
        reader.linear(rest);
    }

    /**
     * Reads a {@code .safetensors} file.
     *
     * @param given phi, for a file that does not contain it; null for tanh
     * @param notes receives a line if phi was assumed
     * @throws FormatException if the file is incomplete or contains anything else or another phi than the one given;
     *     the message is one line with what was found and what was expected
     * @throws IOException if the file is missing or cannot be read
     */
    static Rnn readSafetensors(Path file, Activation given, Consumer<String> notes) throws IOException {
        Safetensors tensors = Safetensors.read(file);
        TorchFile reader = new TorchFile(tensors.name(), tensors.tensors());
        String stated = tensors.metadata().get(NONLINEARITY);
        if (stated != null && !stated.equals("tanh") && !stated.equals("relu")) {
            throw new FormatException(
                    tensors.name() + ": says that the nonlinearity is " + cut(stated) + ", expected tanh or relu");
        }
        if (stated != null && given != null && !given.id().equals(stated)) {
            throw new FormatException(tensors.name() + ": says that the nonlinearity is " + stated + ", and "
                    + given.id() + " was asked for");
        }
        Rnn rnn = reader.network(stated != null ? Activation.of(stated) : given != null ? given : Activation.TANH);
        if (stated == null) {
            noteAssumed(given, tensors.name(), notes);
        }
        return ForeignNetwork.inPrecision(rnn, tensors.metadata().get(ForeignNetwork.PRECISION), tensors.name());
    }

    private static void noteAssumed(Activation given, String file, Consumer<String> notes) {
        if (given == null) {
            notes.accept(ForeignNetwork.assumed(file, Activation.TANH, "PyTorch's default"));
        }
    }

    /**
     * Writes {@code rnn.weight_ih_l0}, {@code rnn.weight_hh_l0}, the biases {@code rnn.bias_ih_l0} and
     * {@code rnn.bias_hh_l0} if the network has one, {@code readout.weight} and {@code readout.bias}, in the network's
     * precision, with the metadata {@code nonlinearity}, and {@code precision} if it is float; completely or not at all.
     *
     * @throws IOException if the file cannot be written
     */
    static void writeSafetensors(Path file, Rnn rnn) throws IOException {
        RnnShape shape = rnn.shape();
        Map<String, NpyArray> tensors = new LinkedHashMap<>();
        tensors.put("rnn.weight_ih_l0", matrix(rnn, shape.wIn()));
        tensors.put("rnn.weight_hh_l0", array(rnn, rnn.wRec(), shape.units(), shape.units()));
        if (rnn.recurrentBias()) {
            double[] none = new double[shape.units()];
            Arrays.fill(none, -0.0); // b + -0.0 is b for every b, -0.0 + 0.0 is not -0.0
            tensors.put("rnn.bias_ih_l0", array(rnn, rnn.copyOf(shape.bRec()), shape.units()));
            tensors.put("rnn.bias_hh_l0", array(rnn, none, shape.units()));
        }
        tensors.put("readout.weight", matrix(rnn, shape.wOut()));
        tensors.put("readout.bias", array(rnn, rnn.copyOf(shape.bOut()), shape.outputs()));
        Map<String, String> metadata = new LinkedHashMap<>();
        metadata.put("format", "pt");
        metadata.put(NONLINEARITY, rnn.activation().id());
        if (rnn.precision() == Precision.FLOAT) {
            metadata.put(ForeignNetwork.PRECISION, rnn.precision().id());
        }
        Safetensors.write(file, tensors, metadata);
    }

    private static NpyArray matrix(Rnn rnn, RnnShape.View view) {
        return array(rnn, rnn.copyOf(view), view.rows(), view.cols());
    }

    /** An array in the network's precision. */
    private static NpyArray array(Rnn rnn, double[] values, int... shape) {
        return rnn.precision() == Precision.FLOAT ? NpyArray.ofSingles(values, shape) : NpyArray.of(values, shape);
    }

    /** The arrays of one module: the prefix of its weights' names, and the full names by kind of weight. */
    private record Module(String prefix, Map<String, String> names) {}

    private Rnn network(Activation activation) throws FormatException {
        List<String> rest = new ArrayList<>();
        Module recurrent = recurrent(rest);
        Module linear = linear(rest);
        String hh = recurrent.names().get("weight_hh");
        int[] square = arrays.get(hh).shape();
        int n = square.length == 2 ? square[1] : 0;
        if (n > 0 && (square[0] == 3 * n || square[0] == 4 * n)) {
            throw new FormatException(file + ": " + cut(hh) + " is " + times(square) + " as an nn."
                    + (square[0] == 3 * n ? "GRU" : "LSTM") + " has it, expected an nn.RNN (N x N)");
        }
        double[] wRec = values(hh, "N x N", n, n);
        String ih = recurrent.names().get("weight_ih");
        int i = columns(ih);
        double[] wIn = values(ih, "N x I", n, i);
        String weight = linear.names().get("weight");
        int o = arrays.get(weight).rank() == 0 ? 0 : arrays.get(weight).shape()[0];
        double[] wOut = values(weight, "O x N", o, n);
        RnnShape shape;
        try {
            shape = new RnnShape(i, n, o);
        } catch (IllegalArgumentException e) {
            throw new FormatException(file + ": " + e.getMessage(), e);
        }
        double[] block = new double[shape.parameters()];
        System.arraycopy(wIn, 0, block, shape.wIn().offset(), wIn.length);
        System.arraycopy(wRec, 0, block, shape.wRec().offset(), wRec.length);
        System.arraycopy(wOut, 0, block, shape.wOut().offset(), wOut.length);
        if (linear.names().containsKey("bias")) {
            System.arraycopy(
                    values(linear.names().get("bias"), "O", o),
                    0,
                    block,
                    shape.bOut().offset(),
                    o);
        }
        boolean bias = recurrent.names().containsKey("bias_ih");
        if (bias) {
            double[] input = values(recurrent.names().get("bias_ih"), "N", n);
            double[] hidden = values(recurrent.names().get("bias_hh"), "N", n);
            for (int k = 0; k < n; k++) {
                block[shape.bRec().at(k, 0)] = input[k] + hidden[k];
            }
        }
        return new Rnn(shape, activation, 1.0, 1.0, bias, block);
    }

    /** The one nn.RNN; all other names go to {@code rest}. */
    private Module recurrent(List<String> rest) throws FormatException {
        Module found = null;
        for (String name : arrays.keySet()) {
            Matcher matcher = RECURRENT.matcher(name);
            if (!matcher.matches()) {
                rest.add(name);
                continue;
            }
            if (!matcher.group(4).isEmpty() || !List.of("", "_l0").contains(matcher.group(3))) {
                throw new FormatException(file + ": has " + cut(name) + " of "
                        + (matcher.group(4).isEmpty() ? "another layer" : "another direction")
                        + ", expected an nn.RNN of one layer and direction");
            }
            if (found == null) {
                found = new Module(matcher.group(1), new LinkedHashMap<>());
            }
            String earlier = found.names().put(matcher.group(2), name);
            if (earlier != null || !found.prefix().equals(matcher.group(1))) {
                String other = earlier != null
                        ? earlier
                        : found.names().values().iterator().next();
                throw new FormatException(
                        file + ": has both " + cut(other) + " and " + cut(name) + ", expected one nn.RNN");
            }
        }
        Map<String, String> names = found == null ? Map.of() : found.names();
        if (!names.containsKey("weight_ih") || !names.containsKey("weight_hh")) {
            throw new FormatException(file + ": has no weight_" + (names.containsKey("weight_ih") ? "hh" : "ih")
                    + "_l0 of an nn.RNN, only " + all());
        }
        if (names.containsKey("bias_ih") != names.containsKey("bias_hh")) {
            String only = names.get(names.containsKey("bias_ih") ? "bias_ih" : "bias_hh");
            throw new FormatException(
                    file + ": has " + cut(only) + " alone, expected both bias_ih and bias_hh, or none");
        }
        return found;
    }

    /** The one nn.Linear, which has all names that are left. */
    private Module linear(List<String> rest) throws FormatException {
        List<Module> found = new ArrayList<>();
        for (String name : rest) {
            Matcher matcher = LINEAR.matcher(name);
            if (matcher.matches() && matcher.group(2).equals("weight")) {
                found.add(new Module(matcher.group(1), new LinkedHashMap<>(Map.of("weight", name))));
            }
        }
        if (found.size() != 1) {
            throw new FormatException(file + ": has "
                    + (found.isEmpty()
                            ? "no weight of an nn.Linear (O x N), only " + all()
                            : "the weights "
                                    + list(found.stream()
                                            .map(m -> m.names().get("weight"))
                                            .toList()) + ", expected one nn.Linear beside the nn.RNN"));
        }
        Module linear = found.get(0);
        for (String name : rest) {
            if (name.equals(linear.prefix() + "bias")) {
                linear.names().put("bias", name);
            } else if (!name.equals(linear.names().get("weight"))) {
                throw new FormatException(
                        file + ": has " + cut(name) + ", expected nothing but one nn.RNN and one nn.Linear");
            }
        }
        return linear;
    }

    private int columns(String name) {
        NpyArray array = arrays.get(name);
        return array.rank() < 2 ? 0 : array.shape()[1];
    }

    private double[] values(String name, String symbols, int... expected) throws FormatException {
        NpyArray array = arrays.get(name);
        int[] shape = array.shape();
        boolean empty = Arrays.stream(expected).anyMatch(length -> length < 1);
        if (empty || !Arrays.equals(shape, expected)) {
            throw new FormatException(file + ": " + cut(name) + " is " + times(shape) + ", expected " + symbols
                    + (empty ? ", each at least 1" : " = " + times(expected)));
        }
        if (array.kind() != NpyArray.Kind.DOUBLE) {
            throw new FormatException(file + ": " + cut(name) + " holds values of kind " + array.kind()
                    + ", expected float32 or float64");
        }
        double[] values = array.doubles();
        for (int k = 0; k < values.length; k++) {
            if (!Double.isFinite(values[k])) {
                throw new FormatException(
                        file + ": " + cut(name) + " has " + values[k] + " at index " + k + ", expected finite numbers");
            }
        }
        return values;
    }

    private String all() {
        return arrays.isEmpty() ? "nothing" : list(List.copyOf(arrays.keySet()));
    }

    private static String list(List<String> names) {
        return cut(String.join(", ", names));
    }

    private static String times(int[] shape) {
        return shape.length == 0
                ? "a scalar"
                : String.join(
                        " x ", Arrays.stream(shape).mapToObj(Integer::toString).toList());
    }

    /** Text from a file, of a length that fits into a message. */
    private static String cut(String text) {
        return text.length() <= 120 ? text : text.substring(0, 120) + "...";
    }
}
