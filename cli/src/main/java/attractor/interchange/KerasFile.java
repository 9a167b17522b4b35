package attractor.interchange;

import attractor.io.FormatException;
import attractor.io.Json;
import attractor.io.JsonObject;
import attractor.io.ZipArchive;
import attractor.kernel.Activation;
import attractor.model.Rnn;
import attractor.model.RnnShape;
import io.jhdf.HdfFile;
import io.jhdf.api.Attribute;
import io.jhdf.api.Dataset;
import io.jhdf.api.Group;
import io.jhdf.api.Node;
import io.jhdf.api.dataset.ChunkedDataset;
import io.jhdf.exceptions.HdfException;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Array;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Reads networks that Keras 2 or 3 saved, with {@code model.save} (HDF5, or the zip archive {@code .keras}) or {@code
 * model.save_weights}: one {@code SimpleRNN} and one linear {@code Dense} layer, with or without biases, in float32 or
 * float64. Keras computes {@code h' = phi(x kernel + h recurrent_kernel + bias)} with row vectors, so each kernel is the
 * transpose of ours, and {@code dt = tau = 1 ms}, h(0) = 0. A file of weights alone does not say phi; it is Keras's default,
 * tanh, unless the caller knows better. {@link KerasWriter} writes such files.
 *
 * <p>Thread-safe: has no state.
 */
final class KerasFile {
    private static final byte[] SIGNATURE = {(byte) 0x89, 'H', 'D', 'F', '\r', '\n', 0x1a, '\n'};

    /** A network of 8,000 units in float64 has 512 MB. */
    private static final int MAX_BYTES = 1 << 30;

    /** jHDF reads longer attributes wrong. The two layers have 2,000 characters. */
    private static final int MAX_CONFIG = 50_000;

    /** Deflate makes data at most 1032 times smaller. */
    private static final long MAX_COMPRESSION = 1032;

    /** The parts of a .keras archive that are read. */
    static final String ARCHIVE_CONFIG = "config.json";

    static final String ARCHIVE_WEIGHTS = "model.weights.h5";

    /** Keras 3 numbers a layer's weights, in the order in which it made them. */
    private static final List<String> CELL_VARS = List.of("kernel", "recurrent_kernel", "bias");

    private static final List<String> DENSE_VARS = List.of("kernel", "bias");

    /** A group within a group, of the layers' groups; five are usual. */
    private static final int MAX_DEPTH = 12;

    /** Groups of a network of two layers; some ten are usual. */
    private static final int MAX_GROUPS = 1000;

    private static final String EXPECTED_LAYERS = "expected SimpleRNN, Dense";

    private final String file;
    private final long size;
    private final Activation given;

    private KerasFile(String file, long size, Activation given) {
        this.file = file;
        this.size = size;
        this.given = given;
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

    /** As {@link #read(Path, Activation)}, phi being tanh where the file doesn't say it. */
    static Rnn read(Path file) throws IOException {
        return read(file, null);
    }

    /**
     * Reads a network.
     *
     * @param given phi, for a file that does not say it; null for tanh
     * @return a network with {@code dt = tau = 1 ms}, and with a recurrent bias if the SimpleRNN has one
     * @throws FormatException if the file is not whole, not HDF5 or not such a network: one line that says what was found
     *     and what was expected; or if it says another phi than the one given
     * @throws IOException if the file is missing or cannot be read
     */
    static Rnn read(Path file, Activation given) throws IOException {
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            throw new FormatException(
                    file + ": is a " + (Files.isDirectory(file) ? "folder" : "device") + ", expected an HDF5 file");
        }
        byte[] bytes;
        try (InputStream in = Files.newInputStream(file)) {
            bytes = in.readNBytes(MAX_BYTES + 1);
        }
        return parse(bytes, file.toString(), given);
    }

    /**
     * Reads a network from the archive that Keras 3 writes, {@code .keras}.
     *
     * @param given null, or phi: the archive must say the same
     * @throws FormatException as {@link #read(Path, Activation)}
     * @throws IOException if the file is missing or cannot be read
     */
    static Rnn readArchive(Path file, Activation given) throws IOException {
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
        // What isn't UTF-8 turns into a character that no name which is looked for has.
        JsonObject model = Json.parseObject(new String(config, StandardCharsets.UTF_8), name + ": " + ARCHIVE_CONFIG);
        byte[] weights = parts.get(ARCHIVE_WEIGHTS);
        checkWhole(weights, name + ": " + ARCHIVE_WEIGHTS);
        return parse(weights, new KerasFile(name, weights.length, given), model);
    }

    /** As {@link #read(Path)}, from bytes; {@code name} is what messages call the file. */
    static Rnn parse(byte[] bytes, String name) throws FormatException {
        return parse(bytes, name, null);
    }

    private static Rnn parse(byte[] bytes, String name, Activation given) throws FormatException {
        if (bytes.length > MAX_BYTES) {
            throw new FormatException(name + ": has more than " + MAX_BYTES + " bytes, expected at most that many");
        }
        checkWhole(bytes, name);
        return parse(bytes, new KerasFile(name, bytes.length, given), null);
    }

    private static Rnn parse(byte[] bytes, KerasFile reader, JsonObject model) throws FormatException {
        try (HdfFile hdf = HdfFile.fromBytes(bytes)) {
            return reader.network(hdf, model);
        } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
            // jHDF takes its input for sound and lets anything escape if it isn't
            throw new FormatException(reader.file + ": is damaged HDF5, or of a kind that isn't read: " + reason(e), e);
        }
    }

    private static String reason(Throwable e) {
        Throwable first = e;
        while (first.getCause() != null) {
            first = first.getCause();
        }
        String outer = e instanceof HdfException ? e.getMessage() : e.toString();
        return cut(outer) + (first == e ? "" : " (" + cut(first.toString()) + ")");
    }

    /** A file is whole if it reaches the end that its superblock states. */
    private static void checkWhole(byte[] bytes, String name) throws FormatException {
        int start = 0;
        while (start >= 0 && start <= bytes.length - SIGNATURE.length && !hasSignature(bytes, start)) {
            start = start == 0 ? 512 : 2 * start;
        }
        if (start < 0 || start > bytes.length - SIGNATURE.length) {
            int shown = Math.min(bytes.length, SIGNATURE.length);
            HexFormat hex = HexFormat.ofDelimiter(" ");
            throw new FormatException(name + ": isn't HDF5: "
                    + (shown == 0 ? "is empty" : "starts with " + hex.formatHex(bytes, 0, shown)) + ", expected "
                    + hex.formatHex(SIGNATURE));
        }
        int version = byteAt(bytes, start + 8);
        // Sizes of offsets, then base address, free-space or extension address, end of file, each as long as an offset.
        int offsetSize = byteAt(bytes, start + (version < 2 ? 13 : 9));
        int addresses = start + (version == 0 ? 24 : version == 1 ? 28 : 12);
        if (version > 3 || (version >= 0 && offsetSize >= 0 && offsetSize != 4 && offsetSize != 8)) {
            throw new FormatException(name + ": is damaged HDF5, or of a kind that isn't read: superblock version "
                    + version + " with offsets of " + offsetSize + " bytes, expected 0 to 3 with 4 or 8");
        }
        int at = addresses + 2 * offsetSize;
        if (version < 0 || offsetSize < 0 || at + offsetSize > bytes.length) {
            throw new FormatException(name + ": is truncated: has " + bytes.length
                    + " bytes, which end in the superblock, expected the whole HDF5 file");
        }
        ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        long end = offsetSize == 8 ? buffer.getLong(at) : Integer.toUnsignedLong(buffer.getInt(at));
        if (end < 0 || end > bytes.length) {
            throw new FormatException(name + ": is truncated: has " + bytes.length + " bytes, expected "
                    + Long.toUnsignedString(end) + " as its superblock says");
        }
    }

    private static boolean hasSignature(byte[] bytes, int at) {
        return Arrays.equals(bytes, at, at + SIGNATURE.length, SIGNATURE, 0, SIGNATURE.length);
    }

    private static int byteAt(byte[] bytes, int at) {
        return at < bytes.length ? bytes[at] & 0xff : -1;
    }

    /** What the file's model_config says of a layer. */
    private record Layer(String kind, String name, JsonObject config) {}

    /** One array: where it lies, for messages, and its values in C order. */
    private record Values(String path, int[] shape, double[] data) {}

    /** The network in a file; {@code model} is its configuration where that isn't in the file, else null. */
    private Rnn network(HdfFile hdf, JsonObject model) throws FormatException {
        List<Layer> config = model != null ? layers(model) : config(hdf);
        if (config != null) {
            checkLayers(config.stream().map(Layer::kind).toList());
        }
        boolean keras3 = model != null || isKeras3(hdf);
        List<Map<String, Values>> layers = keras3 ? keras3Layers(hdf) : keras2Layers(hdf, config);
        if (keras3 || config == null) {
            checkLayers(layers.stream().map(KerasFile::kind).toList());
        }
        Map<String, Values> rnn = layers.get(0);
        Map<String, Values> dense = layers.get(1);
        Activation activation = given == null ? Activation.TANH : given;
        if (config != null) {
            activation = activation(config);
            checkConfig(config.get(0), rnn, "recurrent_kernel");
            checkConfig(config.get(1), dense, "kernel");
        }
        return network(rnn, dense, activation);
    }

    private List<Map<String, Values>> keras2Layers(HdfFile hdf, List<Layer> config) throws FormatException {
        // model.save puts the weights into a group of their own, model.save_weights into the root.
        String prefix = hdf.getAttribute("layer_names") == null ? "model_weights" : "";
        Group root = prefix.isEmpty() ? hdf : group(hdf, prefix, "");
        List<String> names = texts(root, "layer_names", prefix);
        List<Map<String, Values>> layers = new ArrayList<>();
        for (String name : config != null ? config.stream().map(Layer::name).toList() : names) {
            Map<String, Values> weights = weights(root, prefix, name);
            if (config != null || !weights.isEmpty()) {
                layers.add(weights);
            }
        }
        return layers;
    }

    /** Keras 3's files of weights have groups {@code layers/simple_rnn/cell/vars} of datasets {@code 0}, {@code 1}... */
    private static boolean isKeras3(HdfFile hdf) {
        return hdf.getAttribute("layer_names") == null
                && hdf.getChild("model_weights") == null
                && (hdf.getChild("layers") != null || hdf.getChild("_layer_checkpoint_dependencies") != null);
    }

    /** The layers that have weights, recurrent ones first: the file lists them in the order of the alphabet. */
    private List<Map<String, Values>> keras3Layers(HdfFile hdf) throws FormatException {
        List<Map<String, Values>> recurrent = new ArrayList<>();
        List<Map<String, Values>> others = new ArrayList<>();
        Deque<Map.Entry<String, Group>> open = new ArrayDeque<>();
        open.add(Map.entry("", hdf));
        for (int groups = 0; !open.isEmpty(); groups++) {
            Map.Entry<String, Group> next = open.removeFirst();
            String path = next.getKey();
            // Links may go round in a file that lies.
            if (groups == MAX_GROUPS || path.chars().filter(c -> c == '/').count() > MAX_DEPTH) {
                throw new FormatException(file + ": has more than " + MAX_GROUPS + " groups, or more than " + MAX_DEPTH
                        + " within each other, " + EXPECTED_LAYERS);
            }
            if (path.endsWith("/vars")) {
                boolean cell = path.endsWith("/cell/vars");
                Map<String, Values> weights = variables(next.getValue(), path, cell ? CELL_VARS : DENSE_VARS);
                if (!weights.isEmpty()) {
                    (cell ? recurrent : others).add(weights);
                }
                continue;
            }
            for (Node child : next.getValue()) {
                String name = join(path, child.getName());
                boolean layer = !name.equals("optimizer") && !name.endsWith("/seed_generator");
                if (layer && child instanceof Group group) {
                    open.add(Map.entry(name, group));
                }
            }
        }
        recurrent.addAll(others);
        return recurrent;
    }

    private Map<String, Values> variables(Group group, String path, List<String> names) throws FormatException {
        Map<String, Values> weights = new LinkedHashMap<>();
        int count = group.getChildren().size();
        for (int k = 0; k < count; k++) {
            Node node = group.getChild(Integer.toString(k));
            if (!(node instanceof Dataset dataset)) {
                throw new FormatException(file + ": has no dataset " + cut(join(path, Integer.toString(k)))
                        + ", expected " + count + " numbered from 0");
            }
            String name = k < names.size() ? names.get(k) : Integer.toString(k);
            weights.put(name, values(dataset, cut(join(path, Integer.toString(k)))));
        }
        return weights;
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
        RnnShape shape = new RnnShape(i, n, o);
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

    private void checkLayers(List<String> kinds) throws FormatException {
        if (!kinds.equals(List.of("SimpleRNN", "Dense"))) {
            throw new FormatException(file + ": has "
                    + (kinds.isEmpty() ? "no layers" : "the layers " + cut(String.join(", ", kinds))) + ", "
                    + EXPECTED_LAYERS);
        }
    }

    /** The layers in the attribute {@code model_config}, or null if the file has none. */
    private List<Layer> config(HdfFile hdf) throws FormatException {
        if (hdf.getAttribute("model_config") == null) {
            return null;
        }
        List<String> text = texts(hdf, "model_config", "");
        if (text.size() != 1 || text.get(0).length() > MAX_CONFIG) {
            throw new FormatException(file + ": model_config has " + text.size() + " strings, the longest of "
                    + text.stream().mapToInt(String::length).max().orElse(0) + " characters, expected one of at most "
                    + MAX_CONFIG);
        }
        return layers(Json.parseObject(text.get(0), file + ": model_config"));
    }

    /** The layers of a model's configuration that compute something. */
    private static List<Layer> layers(JsonObject model) throws FormatException {
        // A bare list before Keras 2.2.3.
        List<JsonObject> entries = model.has("config") && model.asMap().get("config") instanceof List<?>
                ? model.getObjects("config")
                : model.getObject("config").getObjects("layers");
        List<Layer> layers = new ArrayList<>();
        for (JsonObject entry : entries) {
            String kind = entry.getString("class_name");
            JsonObject config = entry.getObject("config");
            String name = kind.equals("InputLayer") ? "" : config.getString("name");
            if (kind.equals("TimeDistributed")) { // of a Dense layer it is the Dense layer itself
                JsonObject inner = config.getObject("layer");
                kind = inner.getString("class_name");
                config = inner.getObject("config");
            }
            if (!kind.equals("InputLayer")) {
                layers.add(new Layer(kind, name, config));
            }
        }
        return layers;
    }

    private Activation activation(List<Layer> layers) throws FormatException {
        JsonObject rnn = layers.get(0).config();
        JsonObject dense = layers.get(1).config();
        String read = activationName(dense, "Dense");
        if (!read.equals("linear")) {
            throw new FormatException(file + ": the Dense layer's activation is " + cut(read)
                    + ", expected linear (y = W_out h + b_out)");
        }
        if (rnn.has("go_backwards") && rnn.getBoolean("go_backwards")) {
            throw new FormatException(file + ": the SimpleRNN layer's go_backwards is true, expected false");
        }
        String phi = activationName(rnn, "SimpleRNN");
        Activation stated = switch (phi) {
            case "tanh" -> Activation.TANH;
            case "relu" -> Activation.RELU;
            case "sigmoid" -> Activation.SIGMOID;
            case "linear" -> Activation.IDENTITY;
            default ->
                throw new FormatException(file + ": the SimpleRNN layer's activation is " + cut(phi)
                        + ", expected tanh, relu, sigmoid or linear");
        };
        if (given != null && given != stated) {
            throw new FormatException(
                    file + ": says that the activation is " + phi + ", and " + given.id() + " was asked for");
        }
        return stated;
    }

    private String activationName(JsonObject config, String layer) throws FormatException {
        Object value = config.asMap().get("activation");
        if (value instanceof String name) {
            return name;
        }
        throw new FormatException(file + ": the " + layer + " layer's activation is "
                + (value == null ? "missing" : cut(Json.compact(value))) + ", expected its name");
    }

    /** That units and use_bias of a layer's configuration are those of its weights. */
    private void checkConfig(Layer layer, Map<String, Values> weights, String widest) throws FormatException {
        Values kernel = require(weights, layer.kind(), widest);
        int units = layer.config().getInt("units");
        int last = kernel.shape().length == 0 ? 0 : kernel.shape()[kernel.shape().length - 1];
        if (last != units) {
            throw new FormatException(file + ": " + kernel.path() + " is " + times(kernel.shape()) + ", expected "
                    + units + " columns as the layer's units in model_config");
        }
        boolean bias = layer.config().getBoolean("use_bias");
        if (bias != weights.containsKey("bias")) {
            throw new FormatException(file + ": the " + layer.kind() + " layer has "
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
            node = node instanceof Group g ? g.getChild(part) : null;
        }
        if (!(node instanceof Dataset dataset)) {
            throw new FormatException(file + ": has no dataset " + path + ", expected one, as weight_names says");
        }
        return values(dataset, path);
    }

    private Values values(Dataset dataset, String path) throws FormatException {
        int[] shape = dataset.getDimensions();
        long count = count(shape);
        if (dataset.getJavaType() != float.class && dataset.getJavaType() != double.class) {
            throw new FormatException(file + ": " + path + " holds "
                    + dataset.getJavaType().getSimpleName().toLowerCase(Locale.ROOT)
                    + ", expected float32 or float64");
        }
        if (count == 0) {
            return new Values(path, shape, new double[0]);
        }
        long stored = Math.min(size, dataset.getStorageInBytes());
        long most = dataset.getFilters().isEmpty() ? stored : stored * MAX_COMPRESSION;
        int[] chunk = dataset instanceof ChunkedDataset chunked ? chunked.getChunkDimensions() : shape;
        if (count > most || count(chunk) > most) {
            throw new FormatException(file + ": " + path + " is " + times(shape)
                    + (Arrays.equals(chunk, shape) ? "" : ", in chunks of " + times(chunk))
                    + ", expected no more values than fit into the " + stored + " bytes that are stored of it");
        }
        Object flat = dataset.getDataFlat();
        double[] data = new double[(int) count];
        for (int k = 0; k < data.length; k++) {
            data[k] = flat instanceof float[] floats ? floats[k] : ((double[]) flat)[k];
            if (!Double.isFinite(data[k])) {
                throw new FormatException(
                        file + ": " + path + " has " + data[k] + " at index " + k + ", expected finite numbers");
            }
        }
        return new Values(path, shape, data);
    }

    private static long count(int[] shape) {
        long count = 1;
        for (int length : shape) {
            count = Math.multiplyExact(count, (long) length);
        }
        return count;
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

    private static String times(int[] shape) {
        return shape.length == 0
                ? "a scalar"
                : String.join(
                        " x ", Arrays.stream(shape).mapToObj(Integer::toString).toList());
    }

    /** {@code values} is cols x rows as Keras has it, {@code view} rows x cols. */
    private static void transpose(Values values, double[] block, RnnShape.View view) {
        for (int row = 0; row < view.rows(); row++) {
            for (int col = 0; col < view.cols(); col++) {
                block[view.at(row, col)] = values.data()[col * view.rows() + row];
            }
        }
    }

    private Group group(Group parent, String name, String prefix) throws FormatException {
        Node node = parent.getChild(name);
        if (node instanceof Group group) {
            return group;
        }
        throw new FormatException(file + ": has " + (node == null ? "no group " : "no group but a dataset ")
                + cut(join(prefix, name)) + ", expected the groups of a Keras 2 file");
    }

    private List<String> texts(Node node, String name, String path) throws FormatException {
        Attribute attribute = node.getAttribute(name);
        if (attribute == null) {
            throw new FormatException(file + ": " + (path.isEmpty() ? "the root" : cut(path)) + " has no attribute "
                    + name + ", expected a Keras 2 file");
        }
        Object data = attribute.isEmpty() ? new String[0] : attribute.getData();
        if (data instanceof String text) {
            return List.of(text);
        }
        if (data instanceof String[] all) {
            return List.of(all);
        }
        // An empty list of names is an empty array of floats to Keras.
        if (data == null || (data.getClass().isArray() && Array.getLength(data) == 0)) {
            return List.of();
        }
        throw new FormatException(file + ": the attribute " + name + " of " + (path.isEmpty() ? "the root" : cut(path))
                + " is a " + data.getClass().getSimpleName() + ", expected text");
    }

    private static String join(String parent, String child) {
        return parent.isEmpty() ? child : parent + "/" + child;
    }

    /** Text from a file, of a length that fits into a message. */
    private static String cut(String text) {
        return text.length() <= 120 ? text : text.substring(0, 120) + "...";
    }
}
