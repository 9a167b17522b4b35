package attractor.interchange;

import attractor.interchange.Hdf5File.Dataset;
import attractor.interchange.Hdf5File.Group;
import attractor.interchange.Hdf5File.Node;
import attractor.io.FormatException;
import attractor.io.Json;
import attractor.io.JsonObject;
import attractor.io.ZipArchive;
import attractor.kernel.Activation;
import attractor.model.Rnn;
import attractor.model.RnnShape;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Reads networks that Keras 2 or 3 saved, with {@code model.save} (HDF5, or the zip archive {@code .keras}) or {@code
 * model.save_weights}: one {@code SimpleRNN} and one linear {@code Dense} layer, with or without biases, in float32 or
 * float64. Keras computes {@code h' = phi(x kernel + h recurrent_kernel + bias)} with row vectors, so each kernel is the
 * transpose of ours, and {@code dt = tau = 1 ms}, h(0) = 0. A file of weights alone does not contain phi; it is assumed
 * to be Keras's default, tanh, unless the caller gives another. {@link KerasWriter} writes such files.
 *
 * <p>Thread-safe: has no state.
 */
final class KerasFile {
    private static final byte[] SIGNATURE = Hdf5File.SIGNATURE;

    /** A network of 8,000 units in float64 has 512 MB. */
    private static final int MAX_BYTES = 1 << 30;

    /** The configuration of the two layers has about 2,000 characters. */
    private static final int MAX_CONFIG = 1 << 20;

    /** The parts of a .keras archive that are read. */
    static final String ARCHIVE_CONFIG = "config.json";

    static final String ARCHIVE_WEIGHTS = "model.weights.h5";

    /** Keras 3 numbers a layer's weights, in the order in which it made them. */
    private static final List<String> CELL_VARS = List.of("kernel", "recurrent_kernel", "bias");

    private static final List<String> DENSE_VARS = List.of("kernel", "bias");

    /** Largest depth of groups within the layers' groups; five levels are usual. */
    private static final int MAX_DEPTH = 12;

    /** Largest number of groups of a network of two layers; about ten are usual. */
    private static final int MAX_GROUPS = 1000;

    /** The groups in which Keras 3, and Keras 2.15 in its archives, store the layers of a model. */
    private static final List<String> LAYER_GROUPS = List.of("layers", "_layer_checkpoint_dependencies");

    private static final String LAYER_NAMES = "layer_names";

    /** The attribute with phi in our own files of weights; Keras's files don't contain phi. */
    static final String ACTIVATION_ATTRIBUTE = "activation";

    private final String file;
    private final Activation given;
    private final Consumer<String> notes;

    private KerasFile(String file, Activation given, Consumer<String> notes) {
        this.file = file;
        this.given = given;
        this.notes = notes;
    }

    /**
     * Whether a file has the signature of HDF5, at its beginning or after a user block; false for a folder.
     *
     * @throws IOException if the file is missing or cannot be read
     */
    static boolean looksLikeHdf5(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            if (Files.notExists(file)) {
                throw new NoSuchFileException(file.toString());
            }
            return false;
        }
        try (InputStream in = Files.newInputStream(file)) {
            byte[] head = in.readNBytes(SIGNATURE.length);
            long at = 0;
            while (!Arrays.equals(head, SIGNATURE)) {
                long next = at == 0 ? 512 : 2 * at;
                try {
                    in.skipNBytes(next - at - head.length);
                } catch (EOFException e) {
                    return false;
                }
                head = in.readNBytes(SIGNATURE.length);
                at = next;
            }
            return true;
        }
    }

    /**
     * Reads a network.
     *
     * @param given phi, for a file that does not contain it; null for tanh
     * @param notes receives one line for each assumption and each difference from Keras
     * @return a network with {@code dt = tau = 1 ms}, and with a recurrent bias if the SimpleRNN has one
     * @throws FormatException if the file is incomplete, not HDF5 or not such a network, or contains another phi than
     *     the one given; the message is one line with what was found and what was expected
     * @throws IOException if the file is missing or cannot be read
     */
    static Rnn read(Path file, Activation given, Consumer<String> notes) throws IOException {
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            throw new FormatException(
                    file + ": is a " + (Files.isDirectory(file) ? "folder" : "device") + ", expected an HDF5 file");
        }
        byte[] bytes;
        try (InputStream in = Files.newInputStream(file)) {
            bytes = in.readNBytes(MAX_BYTES + 1);
        }
        return parse(bytes, file.toString(), given, notes);
    }

    /**
     * Reads a network from the archive that Keras 3 writes, {@code .keras}.
     *
     * @param given phi, which must be that of the archive; null for any
     * @param notes as in {@link #read}
     * @throws FormatException as in {@link #read}
     * @throws IOException if the file is missing or cannot be read
     */
    static Rnn readArchive(Path file, Activation given, Consumer<String> notes) throws IOException {
        String name = file.toString();
        Map<String, byte[]> parts = ZipArchive.read(file, Set.of(ARCHIVE_CONFIG, ARCHIVE_WEIGHTS));
        for (String part : List.of(ARCHIVE_CONFIG, ARCHIVE_WEIGHTS)) {
            if (!parts.containsKey(part)) {
                throw new FormatException(name + ": has no " + part + ", expected an archive of Keras 3");
            }
        }
        byte[] config = parts.get(ARCHIVE_CONFIG);
        if (config.length > MAX_CONFIG) {
            throw new FormatException(
                    name + ": " + ARCHIVE_CONFIG + " has " + config.length + " bytes, expected at most " + MAX_CONFIG);
        }
        // Bytes that aren't UTF-8 become a character that none of the expected names has.
        JsonObject model = Json.parseObject(new String(config, StandardCharsets.UTF_8), name + ": " + ARCHIVE_CONFIG);
        Hdf5File weights = new Hdf5File(parts.get(ARCHIVE_WEIGHTS), name + ": " + ARCHIVE_WEIGHTS, Files.size(file));
        return new KerasFile(name, given, notes).network(weights.root(), model);
    }

    /** As {@link #read}, from bytes; {@code name} is the file's name in messages. */
    static Rnn parse(byte[] bytes, String name, Activation given, Consumer<String> notes) throws FormatException {
        if (bytes.length > MAX_BYTES) {
            throw new FormatException(name + ": has more than " + MAX_BYTES + " bytes, expected at most that many");
        }
        return new KerasFile(name, given, notes).network(new Hdf5File(bytes, name, bytes.length).root(), null);
    }

    /** One array: its path, for messages, and its values in C order. */
    private record Values(String path, int[] shape, double[] data) {}

    /** The network in a file; {@code archived} is its configuration if that isn't in the file, else null. */
    private Rnn network(Group root, JsonObject archived) throws FormatException {
        JsonObject text = archived != null ? archived : config(root);
        KerasModel model = text == null ? null : KerasModel.of(text, file, notes);
        boolean keras3 = archived != null || isKeras3(root);
        List<Map<String, Values>> layers = keras3 ? keras3Layers(root) : keras2Layers(root, model);
        if (keras3 || model == null) {
            KerasModel.checkLayers(layers.stream().map(KerasFile::kind).toList(), file);
        }
        Map<String, Values> rnn = layers.get(0);
        Map<String, Values> dense = layers.get(1);
        if (model == null) {
            return inPrecision(network(rnn, dense, statedInAttribute(root)), root);
        }
        if (given != null && given != model.activation()) {
            throw contradiction(model.recurrent().getString("activation"));
        }
        checkConfig("SimpleRNN", model.recurrent(), rnn, "recurrent_kernel");
        checkConfig("Dense", model.dense(), dense, "kernel");
        return inPrecision(network(rnn, dense, model.activation()), root);
    }

    private Rnn inPrecision(Rnn rnn, Group root) throws FormatException {
        List<String> stated = root.texts(ForeignNetwork.PRECISION);
        return ForeignNetwork.inPrecision(rnn, stated.isEmpty() ? null : stated.get(0), file);
    }

    /** Phi in a file of weights: our own files contain it, Keras's don't. */
    private Activation statedInAttribute(Group root) throws FormatException {
        List<String> stated = root.texts(ACTIVATION_ATTRIBUTE);
        if (stated.isEmpty()) {
            if (given == null) {
                notes.accept(ForeignNetwork.assumed(file, Activation.TANH, "Keras's default"));
            }
            return given == null ? Activation.TANH : given;
        }
        Activation activation;
        try {
            activation = Activation.of(stated.get(0));
        } catch (IllegalArgumentException e) {
            throw new FormatException(file + ": the attribute " + ACTIVATION_ATTRIBUTE + ": " + e.getMessage(), e);
        }
        if (given != null && given != activation) {
            throw contradiction(activation.id());
        }
        return activation;
    }

    private FormatException contradiction(String stated) {
        return new FormatException(
                file + ": says that the activation is " + stated + ", and " + given.id() + " was asked for");
    }

    private List<Map<String, Values>> keras2Layers(Group file, KerasModel model) throws FormatException {
        // model.save puts the weights into a group of their own, model.save_weights into the root.
        String prefix = file.hasAttribute(LAYER_NAMES) ? "" : "model_weights";
        Group root = prefix.isEmpty() ? file : group(file, prefix, "");
        List<String> names = texts(root, LAYER_NAMES, prefix);
        List<Map<String, Values>> layers = new ArrayList<>();
        for (String name : model != null ? model.names() : names) {
            Map<String, Values> weights = weights(root, prefix, name);
            if (model != null || !weights.isEmpty()) {
                layers.add(weights);
            }
        }
        return layers;
    }

    /** Keras 3's files of weights have groups {@code layers/simple_rnn/cell/vars} of datasets {@code 0}, {@code 1}... */
    private static boolean isKeras3(Group root) throws FormatException {
        return !root.hasAttribute(LAYER_NAMES)
                && root.child("model_weights") == null
                && !Collections.disjoint(root.names(), LAYER_GROUPS);
    }

    /** The layers that have weights, recurrent ones first; the file lists them alphabetically. */
    private List<Map<String, Values>> keras3Layers(Group root) throws FormatException {
        List<Map<String, Values>> recurrent = new ArrayList<>();
        List<Map<String, Values>> others = new ArrayList<>();
        Deque<Map.Entry<String, Group>> open = new ArrayDeque<>();
        // Beside them are the optimizer, metrics and losses of a compiled model.
        for (String name : LAYER_GROUPS) {
            if (root.child(name) instanceof Group group) {
                open.add(Map.entry(name, group));
            }
        }
        Set<Group> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        for (int groups = 0; !open.isEmpty(); groups++) {
            Map.Entry<String, Group> next = open.removeFirst();
            String path = next.getKey();
            if (groups == MAX_GROUPS || path.chars().filter(c -> c == '/').count() > MAX_DEPTH) {
                throw new FormatException(file + ": has more than " + MAX_GROUPS + " groups, or more than " + MAX_DEPTH
                        + " within each other, " + KerasModel.EXPECTED_LAYERS);
            }
            if (!seen.add(next.getValue())) {
                throw new FormatException(file + ": the group " + cut(path) + " has another name too, expected one");
            }
            if (path.endsWith("/vars")) {
                boolean cell = path.endsWith("/cell/vars");
                Map<String, Values> weights = variables(next.getValue(), path, cell ? CELL_VARS : DENSE_VARS);
                if (!weights.isEmpty()) {
                    (cell ? recurrent : others).add(weights);
                }
                continue;
            }
            for (String child : next.getValue().names()) {
                String name = join(path, child);
                if (!name.endsWith("/seed_generator") && next.getValue().child(child) instanceof Group group) {
                    open.add(Map.entry(name, group));
                }
            }
        }
        recurrent.addAll(others);
        return recurrent;
    }

    private Map<String, Values> variables(Group group, String path, List<String> names) throws FormatException {
        Map<String, Values> weights = new LinkedHashMap<>();
        int count = group.names().size();
        for (int k = 0; k < count; k++) {
            Node node = group.child(Integer.toString(k));
            if (!(node instanceof Dataset dataset)) {
                throw new FormatException(file + ": has no dataset " + cut(join(path, Integer.toString(k)))
                        + found(node) + ", expected " + count + " numbered from 0");
            }
            String name = k < names.size() ? names.get(k) : Integer.toString(k);
            weights.put(name, values(dataset, cut(join(path, Integer.toString(k)))));
        }
        return weights;
    }

    private static String found(Node node) {
        return node == null ? "" : " but " + node.kind();
    }

    private Rnn network(Map<String, Values> rnn, Map<String, Values> dense, Activation activation)
            throws FormatException {
        Values wRec = require(rnn, "SimpleRNN", "recurrent_kernel");
        int n = wRec.shape().length == 0 ? 0 : wRec.shape()[0];
        checkShape(wRec, "N x N", n, n);
        Values wIn = require(rnn, "SimpleRNN", "kernel");
        int i = wIn.shape().length == 0 ? 0 : wIn.shape()[0];
        checkShape(wIn, "I x N", i, n);
        Values wOut = require(dense, "Dense", "kernel");
        int o = wOut.shape().length < 2 ? 0 : wOut.shape()[1];
        checkShape(wOut, "N x O", n, o);
        Values bRec = rnn.get("bias");
        Values bOut = dense.get("bias");
        RnnShape shape;
        try {
            shape = new RnnShape(i, n, o);
        } catch (IllegalArgumentException e) {
            throw new FormatException(file + ": " + e.getMessage(), e);
        }
        double[] block = new double[shape.parameters()];
        transpose(wIn, block, shape.wIn());
        transpose(wRec, block, shape.wRec());
        transpose(wOut, block, shape.wOut());
        if (bRec != null) {
            checkShape(bRec, "N", n);
            System.arraycopy(bRec.data(), 0, block, shape.bRec().offset(), n);
        }
        if (bOut != null) {
            checkShape(bOut, "O", o);
            System.arraycopy(bOut.data(), 0, block, shape.bOut().offset(), o);
        }
        return new Rnn(shape, activation, 1.0, 1.0, bRec != null, block);
    }

    /** The attribute {@code model_config}, or null if the file has none. */
    private JsonObject config(Group root) throws FormatException {
        if (!root.hasAttribute("model_config")) {
            return null;
        }
        List<String> text = root.texts("model_config");
        if (text.size() != 1 || text.get(0).length() > MAX_CONFIG) {
            throw new FormatException(file + ": model_config has " + text.size() + " strings, the longest of "
                    + text.stream().mapToInt(String::length).max().orElse(0) + " characters, expected one of at most "
                    + MAX_CONFIG);
        }
        return Json.parseObject(text.get(0), file + ": model_config");
    }

    /** Requires that units and use_bias in a layer's configuration agree with its weights. */
    private void checkConfig(String kind, JsonObject config, Map<String, Values> weights, String widest)
            throws FormatException {
        Values kernel = require(weights, kind, widest);
        int units = config.getInt("units");
        int last = kernel.shape().length == 0 ? 0 : kernel.shape()[kernel.shape().length - 1];
        if (last != units) {
            throw new FormatException(file + ": " + kernel.path() + " is " + times(kernel.shape()) + ", expected "
                    + units + " columns as the layer's units in model_config");
        }
        boolean bias = config.getBoolean("use_bias");
        if (bias != weights.containsKey("bias")) {
            throw new FormatException(file + ": the " + kind + " layer has "
                    + (bias ? "no bias, expected one" : "a bias, expected none") + " as use_bias is " + bias
                    + " in model_config");
        }
    }

    /** The kind of layer that has these weights, for a file without model_config. */
    private static String kind(Map<String, Values> weights) {
        List<String> names =
                weights.keySet().stream().filter(n -> !n.equals("bias")).toList();
        if (names.equals(List.of("kernel"))) {
            return "Dense";
        }
        Values recurrent = weights.get("recurrent_kernel");
        if (names.size() == 2 && recurrent != null && weights.containsKey("kernel")) {
            int[] shape = recurrent.shape();
            int gates = shape.length == 2 && shape[0] > 0 && shape[1] % shape[0] == 0 ? shape[1] / shape[0] : 1;
            return gates == 4 ? "LSTM" : gates == 3 ? "GRU" : "SimpleRNN";
        }
        return "of weights " + String.join(" and ", weights.keySet());
    }

    /** The weights of a layer by the last part of their names: kernel, recurrent_kernel, bias. */
    private Map<String, Values> weights(Group root, String prefix, String layer) throws FormatException {
        Group group = group(root, layer, prefix);
        String path = join(prefix, layer);
        Map<String, Values> weights = new LinkedHashMap<>();
        for (String name : texts(group, "weight_names", path)) {
            Values values = values(group, name, path);
            if (weights.put(name.replaceFirst(":\\d+$", "").replaceFirst("^.*/", ""), values) != null) {
                throw new FormatException(
                        file + ": " + cut(path) + " has two weights called " + cut(name) + ", expected one");
            }
        }
        return weights;
    }

    private Values values(Group group, String name, String parent) throws FormatException {
        String path = cut(join(parent, name));
        Node node = group;
        for (String part : name.split("/")) {
            node = node instanceof Group g ? g.child(part) : null;
        }
        if (!(node instanceof Dataset dataset)) {
            throw new FormatException(
                    file + ": has no dataset " + path + found(node) + ", expected one, as weight_names says");
        }
        return values(dataset, path);
    }

    private Values values(Dataset dataset, String path) throws FormatException {
        int[] shape = dataset.shape(path);
        double[] data = dataset.doubles(path);
        for (int k = 0; k < data.length; k++) {
            if (!Double.isFinite(data[k])) {
                throw new FormatException(
                        file + ": " + path + " has " + data[k] + " at index " + k + ", expected finite numbers");
            }
        }
        return new Values(path, shape, data);
    }

    private Values require(Map<String, Values> weights, String layer, String name) throws FormatException {
        Values values = weights.get(name);
        if (values == null) {
            throw new FormatException(file + ": the " + layer + " layer has "
                    + (weights.isEmpty() ? "no weights" : "the weights " + cut(String.join(", ", weights.keySet())))
                    + ", expected " + name);
        }
        return values;
    }

    private void checkShape(Values values, String symbols, int... expected) throws FormatException {
        for (int length : expected) {
            if (length < 1 || !Arrays.equals(values.shape(), expected)) {
                throw new FormatException(file + ": " + values.path() + " is " + times(values.shape()) + ", expected "
                        + symbols + (length < 1 ? ", each at least 1" : " = " + times(expected)));
            }
        }
    }

    static String times(int[] shape) {
        return shape.length == 0
                ? "a scalar"
                : String.join(
                        " x ", Arrays.stream(shape).mapToObj(Integer::toString).toList());
    }

    /** Copies a transposed matrix: {@code values} is cols x rows, as in Keras, {@code view} is rows x cols. */
    private static void transpose(Values values, double[] block, RnnShape.View view) {
        for (int row = 0; row < view.rows(); row++) {
            for (int col = 0; col < view.cols(); col++) {
                block[view.at(row, col)] = values.data()[col * view.rows() + row];
            }
        }
    }

    private Group group(Group parent, String name, String prefix) throws FormatException {
        Node node = parent.child(name);
        if (node instanceof Group group) {
            return group;
        }
        throw new FormatException(file + ": has no group " + cut(join(prefix, name)) + found(node)
                + ", expected the groups of a Keras 2 file");
    }

    private List<String> texts(Group group, String name, String path) throws FormatException {
        if (!group.hasAttribute(name)) {
            throw new FormatException(file + ": " + (path.isEmpty() ? "the root" : cut(path)) + " has no attribute "
                    + name + ", expected a Keras 2 file");
        }
        return group.texts(name);
    }

    private static String join(String parent, String child) {
        return parent.isEmpty() ? child : parent + "/" + child;
    }

    /** Text from a file, shortened so that it fits into a message. */
    static String cut(String text) {
        return text.length() <= 120 ? text : text.substring(0, 120) + "...";
    }
}
