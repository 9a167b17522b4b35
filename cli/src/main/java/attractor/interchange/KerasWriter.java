package attractor.interchange;

import attractor.io.AtomicFiles;
import attractor.io.Json;
import attractor.io.ZipArchive;
import attractor.kernel.Activation;
import attractor.model.Precision;
import attractor.model.Rnn;
import attractor.model.RnnShape;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes networks as Keras does: a Sequential model of an input of I features, {@code SimpleRNN(N,
 * return_sequences=True)} and {@code Dense(O)}, whole HDF5 files that Keras 2 (tf.keras) and 3 load with
 * {@code load_model}, Keras 3's {@code .keras} archive, and its {@code .weights.h5}. The layers' dtype is that of the
 * network's precision, float64 or float32, so that every bit of the weights is kept, and Keras computes in it too. Of a
 * network in float the root's attribute {@code precision} says so. {@link KerasFile} explains how the two models correspond.
 *
 * <p>Thread-safe: has no state.
 */
final class KerasWriter {
    private static final String RNN = "simple_rnn";
    private static final String DENSE = "dense";

    /** The version whose format is written; Keras 2 and 3 read it like other earlier versions. */
    private static final String KERAS_2 = "2.15.0";

    private static final String KERAS_3 = "3.0.0";

    private KerasWriter() {}

    /**
     * Writes the HDF5 file of a whole model, as Keras 2 writes it, completely or not at all.
     *
     * @throws IOException if the file cannot be written
     */
    static void writeModel(Path file, Rnn rnn) throws IOException {
        Hdf5Writer root = new Hdf5Writer();
        root.attribute("keras_version", KERAS_2);
        root.attribute("backend", "tensorflow");
        precision(root, rnn);
        root.attribute("model_config", Json.compact(model(rnn, false)));
        Hdf5Writer weights = root.group("model_weights");
        weights.attribute("keras_version", KERAS_2);
        weights.attribute("backend", "tensorflow");
        weights.attribute("layer_names", List.of(RNN, DENSE));
        layer(weights, RNN, "simple_rnn_cell", cell(rnn));
        layer(weights, DENSE, "", dense(rnn));
        write(file, root);
    }

    /** Keras ignores it. */
    private static void precision(Hdf5Writer root, Rnn rnn) {
        if (isSingle(rnn)) {
            root.attribute(ForeignNetwork.PRECISION, rnn.precision().id());
        }
    }

    private static void write(Path file, Hdf5Writer root) throws IOException {
        byte[] bytes = root.bytes();
        AtomicFiles.write(file, out -> out.write(bytes));
    }

    /**
     * Writes the archive of Keras 3, {@code .keras}, completely or not at all.
     *
     * @throws IOException if the file cannot be written
     */
    static void writeArchive(Path file, Rnn rnn) throws IOException {
        Map<String, byte[]> parts = new LinkedHashMap<>();
        parts.put("metadata.json", json(Map.of("keras_version", KERAS_3)));
        parts.put(KerasFile.ARCHIVE_CONFIG, json(model(rnn, true)));
        parts.put(KerasFile.ARCHIVE_WEIGHTS, keras3Weights(rnn).bytes());
        ZipArchive.write(file, parts);
    }

    /**
     * Writes the HDF5 file of Keras 3's weights, {@code .weights.h5}, completely or not at all, with phi in the root's
     * attribute {@code activation}, which Keras ignores.
     *
     * @throws IOException if the file cannot be written
     */
    static void writeWeights(Path file, Rnn rnn) throws IOException {
        Hdf5Writer root = keras3Weights(rnn);
        root.attribute(KerasFile.ACTIVATION_ATTRIBUTE, rnn.activation().id());
        write(file, root);
    }

    private static Hdf5Writer keras3Weights(Rnn rnn) {
        Hdf5Writer root = new Hdf5Writer();
        precision(root, rnn);
        Hdf5Writer layers = root.group("layers");
        Hdf5Writer simple = layers.group(RNN);
        // Keras 3.0 looks for vars even if it is empty.
        root.group("vars").attribute("name", "attractor");
        simple.group("vars").attribute("name", RNN);
        variables(simple.group("cell"), cell(rnn));
        variables(layers.group(DENSE), dense(rnn));
        return root;
    }

    /** One array of weights, in C order; in float32 if {@code single}. */
    private record Weights(String name, boolean single, double[] values, int... shape) {}

    private static String dtype(Rnn rnn) {
        return isSingle(rnn) ? "float32" : "float64";
    }

    private static boolean isSingle(Rnn rnn) {
        return rnn.precision() == Precision.FLOAT;
    }

    private static void variables(Hdf5Writer layer, List<Weights> weights) {
        Hdf5Writer vars = layer.group("vars");
        for (int k = 0; k < weights.size(); k++) {
            Weights each = weights.get(k);
            vars.array(Integer.toString(k), each.single(), each.values(), each.shape());
        }
    }

    private static void layer(Hdf5Writer parent, String name, String cell, List<Weights> weights) {
        Hdf5Writer layer = parent.group(name);
        Hdf5Writer inner = layer.group(name);
        inner = cell.isEmpty() ? inner : inner.group(cell);
        String path = cell.isEmpty() ? name : name + "/" + cell;
        layer.attribute(
                "weight_names",
                weights.stream().map(w -> path + "/" + variable(w)).toList());
        for (Weights each : weights) {
            inner.array(variable(each), each.single(), each.values(), each.shape());
        }
    }

    /** The name that TensorFlow gives to a variable's first output. */
    private static String variable(Weights weights) {
        return weights.name() + ":0";
    }

    private static List<Weights> cell(Rnn rnn) {
        RnnShape shape = rnn.shape();
        Weights kernel = transposed("kernel", rnn, shape.wIn());
        Rnn full = rnn.fullRank();
        Weights recurrent = transposed("recurrent_kernel", full, full.shape().wRec());
        return rnn.recurrentBias()
                ? List.of(
                        kernel, recurrent, new Weights("bias", isSingle(rnn), rnn.copyOf(shape.bRec()), shape.units()))
                : List.of(kernel, recurrent);
    }

    private static List<Weights> dense(Rnn rnn) {
        RnnShape shape = rnn.shape();
        return List.of(
                transposed("kernel", rnn, shape.wOut()),
                new Weights("bias", isSingle(rnn), rnn.copyOf(shape.bOut()), shape.outputs()));
    }

    /** The transpose, cols x rows: each row is a sending unit. */
    private static Weights transposed(String name, Rnn rnn, RnnShape.View view) {
        double[] values = new double[view.length()];
        for (int row = 0; row < view.rows(); row++) {
            for (int col = 0; col < view.cols(); col++) {
                values[col * view.rows() + row] = rnn.parameters()[view.at(row, col)];
            }
        }
        return new Weights(name, isSingle(rnn), values, view.cols(), view.rows());
    }

    private static byte[] json(Object value) {
        return Json.compact(value).getBytes(StandardCharsets.UTF_8);
    }

    /** The model's configuration: Keras 2's for HDF5, which Keras 3 reads too, or Keras 3's own. */
    private static Map<String, Object> model(Rnn rnn, boolean keras3) {
        Map<String, Object> input = new LinkedHashMap<>();
        input.put(keras3 ? "batch_shape" : "batch_input_shape", sequence(rnn.inputs()));
        input.put("dtype", dtype(rnn));
        input.put("sparse", false);
        input.put("ragged", false);
        input.put("name", "x");

        Map<String, Object> recurrent = new LinkedHashMap<>();
        recurrent.put("name", RNN);
        recurrent.put("trainable", true);
        recurrent.put("dtype", dtype(rnn));
        recurrent.put("return_sequences", true);
        recurrent.put("return_state", false);
        recurrent.put("go_backwards", false);
        recurrent.put("stateful", false);
        recurrent.put("unroll", false);
        recurrent.put("units", rnn.units());
        recurrent.put(
                "activation",
                rnn.activation() == Activation.IDENTITY
                        ? "linear"
                        : rnn.activation().id());
        recurrent.put("use_bias", rnn.recurrentBias());

        Map<String, Object> dense = new LinkedHashMap<>();
        dense.put("name", DENSE);
        dense.put("trainable", true);
        dense.put("dtype", dtype(rnn));
        dense.put("units", rnn.outputs());
        dense.put("activation", "linear");
        dense.put("use_bias", true);

        List<Object> layers = List.of(
                object("keras.layers", "InputLayer", input, null, keras3),
                object("keras.layers", "SimpleRNN", recurrent, sequence(rnn.inputs()), keras3),
                object("keras.layers", "Dense", dense, sequence(rnn.units()), keras3));
        Map<String, Object> sequential = new LinkedHashMap<>();
        sequential.put("name", "attractor");
        sequential.put("layers", layers);
        sequential.put("build_input_shape", sequence(rnn.inputs()));
        return object("keras", "Sequential", sequential, keras3 ? sequence(rnn.inputs()) : null, keras3);
    }

    /** A shape (trials, steps, features), the first two of any length. */
    private static List<Integer> sequence(int features) {
        return Arrays.asList(null, null, features);
    }

    private static Map<String, Object> object(
            String module, String type, Map<String, Object> config, List<Integer> inputShape, boolean keras3) {
        Map<String, Object> object = new LinkedHashMap<>();
        if (keras3) {
            object.put("module", module);
        }
        object.put("class_name", type);
        object.put("config", config);
        if (keras3) {
            object.put("registered_name", null);
            if (inputShape != null) {
                object.put("build_config", Map.of("input_shape", inputShape));
            }
        }
        return object;
    }
}
