package attractor.interchange;

import attractor.io.AtomicFiles;
import attractor.io.Json;
import attractor.io.ZipArchive;
import attractor.kernel.Activation;
import attractor.model.Rnn;
import attractor.model.RnnShape;
import io.jhdf.HdfFile;
import io.jhdf.WritableHdfFile;
import io.jhdf.api.WritableGroup;
import io.jhdf.api.WritableNode;
import io.jhdf.exceptions.HdfException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Writes networks as Keras does: a Sequential model of an input of I features, {@code SimpleRNN(N,
 * return_sequences=True)} and {@code Dense(O)}, whole HDF5 files that Keras 2 (tf.keras) and 3 load with {@code load_model},
 * Keras 3's {@code .keras} archive, and its {@code .weights.h5}. The layers' dtype is float64, so that every bit of the
 * weights is kept, and Keras computes in double precision too. {@link KerasFile} tells how the two models correspond.
 *
 * <p>Thread-safe: has no state.
 */
final class KerasWriter {
    /** jHDF writes longer attributes corrupt; an object header's message has 16 bits for its length. */
    private static final int MAX_ATTRIBUTE = 50_000;

    private static final String DTYPE = "float64";
    private static final String RNN = "simple_rnn";
    private static final String DENSE = "dense";

    /** The version whose format is written; Keras 2 and 3 read it as anything before their own. */
    private static final String KERAS_2 = "2.15.0";

    private static final String KERAS_3 = "3.0.0";

    private KerasWriter() {}

    /**
     * Writes the HDF5 file of a whole model, as Keras 2 writes it, whole or not at all.
     *
     * @throws IOException if the file cannot be written
     */
    static void writeModel(Path file, Rnn rnn) throws IOException {
        byte[] bytes = hdf5(hdf -> {
            attribute(hdf, "keras_version", KERAS_2);
            attribute(hdf, "backend", "tensorflow");
            attribute(hdf, "model_config", Json.compact(model(rnn, false)));
            WritableGroup weights = hdf.putGroup("model_weights");
            attribute(weights, "keras_version", KERAS_2);
            attribute(weights, "backend", "tensorflow");
            attribute(weights, "layer_names", new String[] {RNN, DENSE});
            layer(weights, RNN, "simple_rnn_cell", cell(rnn));
            layer(weights, DENSE, "", dense(rnn));
        });
        AtomicFiles.write(file, out -> out.write(bytes));
    }

    /**
     * Writes the archive of Keras 3, {@code .keras}, whole or not at all.
     *
     * @throws IOException if the file cannot be written
     */
    static void writeArchive(Path file, Rnn rnn) throws IOException {
        Map<String, byte[]> parts = new LinkedHashMap<>();
        parts.put("metadata.json", json(Map.of("keras_version", KERAS_3)));
        parts.put(KerasFile.ARCHIVE_CONFIG, json(model(rnn, true)));
        parts.put(KerasFile.ARCHIVE_WEIGHTS, keras3Weights(rnn));
        ZipArchive.write(file, parts);
    }

    /**
     * Writes the HDF5 file of Keras 3's weights, {@code .weights.h5}, whole or not at all. It doesn't tell phi.
     *
     * @throws IOException if the file cannot be written
     */
    static void writeWeights(Path file, Rnn rnn) throws IOException {
        byte[] bytes = keras3Weights(rnn);
        AtomicFiles.write(file, out -> out.write(bytes));
    }

    private static byte[] keras3Weights(Rnn rnn) throws IOException {
        return hdf5(hdf -> {
            WritableGroup layers = hdf.putGroup("layers");
            WritableGroup simple = layers.putGroup(RNN);
            // Keras 3.0 looks for vars even where there is nothing in it. jHDF ends a file with its own name behind the
            // last dataset, over any group that follows: so the root's last child, by its hash, has to be a dataset.
            hdf.putDataset("written_by", new String[] {"attractor"});
            attribute(hdf.putGroup("vars"), "name", "attractor");
            attribute(simple.putGroup("vars"), "name", RNN);
            variables(simple.putGroup("cell"), cell(rnn));
            variables(layers.putGroup(DENSE), dense(rnn));
        });
    }

    private static void variables(WritableGroup layer, Map<String, Object> weights) {
        WritableGroup vars = layer.putGroup("vars");
        for (Object values : weights.values()) {
            vars.putDataset(Integer.toString(vars.getChildren().size()), values);
        }
    }

    private static void layer(WritableGroup parent, String name, String cell, Map<String, Object> weights) {
        WritableGroup layer = parent.putGroup(name);
        WritableGroup inner = layer.putGroup(name);
        inner = cell.isEmpty() ? inner : inner.putGroup(cell);
        List<String> names = new ArrayList<>();
        for (Map.Entry<String, Object> each : weights.entrySet()) {
            String dataset = each.getKey() + ":0"; // as TensorFlow names a variable's first output
            inner.putDataset(dataset, each.getValue());
            names.add((cell.isEmpty() ? name : name + "/" + cell) + "/" + dataset);
        }
        attribute(layer, "weight_names", names.toArray(String[]::new));
    }

    private static void attribute(WritableNode node, String name, Object value) {
        int length = value instanceof String[] all
                ? String.join("", all).length()
                : value.toString().length();
        if (length > MAX_ATTRIBUTE) {
            throw new IllegalStateException("the attribute " + name + " has " + length
                    + " characters, expected at most " + MAX_ATTRIBUTE + ", more being written corrupt");
        }
        node.putAttribute(name, value);
    }

    /** The bytes of a file. jHDF writes to a path only, and not atomically. */
    private static byte[] hdf5(Consumer<WritableHdfFile> content) throws IOException {
        Path temporary = Files.createTempFile("attractor", ".h5");
        try {
            try (WritableHdfFile hdf = HdfFile.write(temporary)) {
                hdf.removeAttribute("_jHDF"); // names the machine
                content.accept(hdf);
            }
            return Files.readAllBytes(temporary);
        } catch (HdfException e) {
            throw new IOException("cannot write " + temporary + ": " + e.getMessage(), e);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    private static Map<String, Object> cell(Rnn rnn) {
        RnnShape shape = rnn.shape();
        Map<String, Object> weights = new LinkedHashMap<>();
        weights.put("kernel", transposed(rnn, shape.wIn()));
        weights.put("recurrent_kernel", transposed(rnn, shape.wRec()));
        if (rnn.recurrentBias()) {
            weights.put("bias", rnn.copyOf(shape.bRec()));
        }
        return weights;
    }

    private static Map<String, Object> dense(Rnn rnn) {
        Map<String, Object> weights = new LinkedHashMap<>();
        weights.put("kernel", transposed(rnn, rnn.shape().wOut()));
        weights.put("bias", rnn.copyOf(rnn.shape().bOut()));
        return weights;
    }

    /** Cols x rows: row = the unit that sends. */
    private static double[][] transposed(Rnn rnn, RnnShape.View view) {
        double[][] values = new double[view.cols()][view.rows()];
        for (int row = 0; row < view.rows(); row++) {
            for (int col = 0; col < view.cols(); col++) {
                values[col][row] = rnn.parameters()[view.at(row, col)];
            }
        }
        return values;
    }

    private static byte[] json(Object value) {
        return Json.compact(value).getBytes(StandardCharsets.UTF_8);
    }

    /** The model's configuration: Keras 2's for HDF5, which Keras 3 reads too, or Keras 3's own. */
    private static Map<String, Object> model(Rnn rnn, boolean keras3) {
        Map<String, Object> input = new LinkedHashMap<>();
        input.put(keras3 ? "batch_shape" : "batch_input_shape", sequence(rnn.inputs()));
        input.put("dtype", DTYPE);
        input.put("sparse", false);
        input.put("ragged", false);
        input.put("name", "x");

        Map<String, Object> recurrent = new LinkedHashMap<>();
        recurrent.put("name", RNN);
        recurrent.put("trainable", true);
        recurrent.put("dtype", DTYPE);
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
        dense.put("dtype", DTYPE);
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
