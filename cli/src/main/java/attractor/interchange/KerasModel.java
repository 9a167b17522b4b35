package attractor.interchange;

import attractor.io.FormatException;
import attractor.io.Json;
import attractor.io.JsonObject;
import attractor.kernel.Activation;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * A model's configuration, checked to be one input, one {@code SimpleRNN} and one linear {@code Dense}, each used once
 * and fed by the one before it. For a {@code Sequential} model the list of layers shows that. For a functional model
 * every node is checked, since the same two layers could also stand side by side, be used twice, or start from a state
 * that is an input.
 *
 * @param names names of the two layers in the file
 * @param recurrent configuration of the SimpleRNN
 * @param dense configuration of the Dense layer
 * @param activation phi
 */
record KerasModel(List<String> names, JsonObject recurrent, JsonObject dense, Activation activation) {
    static final String EXPECTED_LAYERS = "expected SimpleRNN, Dense";

    private static final String EXPECTED_GRAPH = "expected input - SimpleRNN - Dense, each used once";

    /** Class names of functional models. */
    private static final Set<String> FUNCTIONAL = Set.of("Functional", "Model");

    /** One layer: its kind, its name, its configuration, and its uses in a functional model (else null). */
    private record Layer(String kind, String name, JsonObject config, List<?> uses) {}

    /**
     * Reads a configuration.
     *
     * @param notes receives a line for each thing that Keras does and the network here doesn't
     * @throws FormatException if the model is a different one; the message is one line with what was found
     */
    static KerasModel of(JsonObject model, String file, Consumer<String> notes) throws FormatException {
        // Before Keras 2.2.3 it is a bare list.
        boolean bare = model.asMap().get("config") instanceof List<?>;
        String kind = model.has("class_name") ? kind(model) : "Sequential";
        boolean functional = FUNCTIONAL.contains(kind);
        if (!functional && !kind.equals("Sequential")) {
            throw new FormatException(
                    file + ": is a model of class " + cut(kind) + ", expected Sequential or Functional");
        }
        JsonObject config = bare ? null : model.getObject("config");
        List<Layer> all = new ArrayList<>();
        for (JsonObject entry : bare ? model.getObjects("config") : config.getObjects("layers")) {
            all.add(layer(entry, functional));
        }
        List<Layer> layers =
                all.stream().filter(l -> !l.kind().equals("InputLayer")).toList();
        checkLayers(layers.stream().map(Layer::kind).toList(), file);
        Layer rnn = layers.get(0);
        Layer dense = layers.get(1);
        if (functional) {
            checkGraph(all, config, rnn, dense, file);
        } else if (all.indexOf(rnn) != all.size() - 2 || all.size() > 3) {
            throw new FormatException(file + ": has an input after the first layer, " + EXPECTED_GRAPH);
        }
        return new KerasModel(
                List.of(rnn.name(), dense.name()), rnn.config(), dense.config(), activation(rnn, dense, file, notes));
    }

    /** Requires one SimpleRNN and one Dense layer, in this order. */
    static void checkLayers(List<String> kinds, String file) throws FormatException {
        if (!kinds.equals(List.of("SimpleRNN", "Dense"))) {
            throw new FormatException(file + ": has "
                    + (kinds.isEmpty() ? "no layers" : "the layers " + cut(String.join(", ", kinds))) + ", "
                    + EXPECTED_LAYERS);
        }
    }

    private static Layer layer(JsonObject entry, boolean functional) throws FormatException {
        String kind = kind(entry);
        JsonObject config = entry.getObject("config");
        boolean named = !kind.equals("InputLayer") || functional;
        String name = !named ? "" : entry.has("name") ? entry.getString("name") : config.getString("name");
        if (kind.equals("TimeDistributed")) { // around a Dense layer it is the same as the Dense layer
            JsonObject inner = config.getObject("layer");
            boolean dense = kind(inner).equals("Dense");
            kind = dense ? "Dense" : "TimeDistributed(" + kind(inner) + ")";
            config = dense ? inner.getObject("config") : config;
        } else if (kind.equals("Bidirectional")) {
            kind = "Bidirectional(" + kind(config.getObject("layer")) + ")";
        }
        return new Layer(kind, name, config, functional ? entry.getList("inbound_nodes") : null);
    }

    /** The class of a layer; for a class that isn't Keras's own, its registered name. */
    private static String kind(JsonObject entry) throws FormatException {
        Object registered = entry.asMap().get("registered_name");
        return registered instanceof String own && own.contains(">") ? own : entry.getString("class_name");
    }

    // ---- The graph of a functional model

    private static void checkGraph(List<Layer> all, JsonObject config, Layer rnn, Layer dense, String file)
            throws FormatException {
        Map<String, Layer> inputs = new LinkedHashMap<>();
        for (Layer layer : all) {
            if (layer.kind().equals("InputLayer")) {
                inputs.put(layer.name(), layer);
            }
        }
        Set<String> names = new HashSet<>();
        for (Layer layer : all) {
            if (!names.add(layer.name())) {
                throw new FormatException(
                        file + ": has two layers called " + cut(layer.name()) + ", " + EXPECTED_GRAPH);
            }
        }
        checkUse(rnn, file);
        checkUse(dense, file);
        if (inputs.size() != 1) {
            throw new FormatException(file + ": has " + inputs.size() + " inputs ("
                    + cut(String.join(", ", inputs.keySet())) + "), " + EXPECTED_GRAPH);
        }
        checkSource(rnn, inputs.keySet().iterator().next(), file);
        checkSource(dense, rnn.name(), file);
        List<Tensor> outputs = new ArrayList<>();
        collect(config.asMap().get("output_layers"), outputs);
        if (outputs.size() != 1 || !outputs.get(0).isFirstOf(dense.name())) {
            throw new FormatException(file + ": the outputs of the model are " + list(outputs) + ", expected that of "
                    + cut(dense.name()) + " alone: " + EXPECTED_GRAPH.substring("expected ".length()));
        }
    }

    /** A result of a layer: the number of the layer's use, and the number of its output. */
    private record Tensor(String layer, Object use, Object output) {
        boolean isFirstOf(String name) {
            return layer.equals(name)
                    && Long.valueOf(0).equals(use)
                    && Long.valueOf(0).equals(output);
        }
    }

    private static void checkUse(Layer layer, String file) throws FormatException {
        if (layer.uses().size() != 1) {
            throw new FormatException(file + ": the layer " + cut(layer.name()) + " is used "
                    + layer.uses().size() + " times, " + EXPECTED_GRAPH);
        }
    }

    /** Requires that a layer takes the first output of another and nothing else. */
    private static void checkSource(Layer layer, String source, String file) throws FormatException {
        List<Tensor> taken = new ArrayList<>();
        collect(layer.uses(), taken);
        if (taken.size() != 1 || !taken.get(0).isFirstOf(source)) {
            throw new FormatException(file + ": the " + layer.kind() + " layer " + cut(layer.name()) + " takes "
                    + list(taken) + ", expected " + cut(source) + " alone: "
                    + EXPECTED_GRAPH.substring("expected ".length()));
        }
        String argument = argument(layer.uses());
        if (argument != null) {
            throw new FormatException(file + ": the " + layer.kind() + " layer " + cut(layer.name())
                    + " is called with " + cut(argument) + ", expected nothing but its input");
        }
    }

    private static String list(List<Tensor> tensors) {
        List<String> texts = new ArrayList<>();
        for (Tensor tensor : tensors) {
            boolean first = tensor.isFirstOf(tensor.layer());
            texts.add(tensor.layer() + (first ? "" : " (use " + tensor.use() + ", output " + tensor.output() + ")"));
        }
        return texts.isEmpty() ? "nothing" : cut(String.join(" and ", texts));
    }

    /** Every tensor that is named in a part of the configuration: a list of a name and two numbers, wherever it stands. */
    private static void collect(Object part, List<Tensor> found) {
        if (part instanceof List<?> list) {
            if (list.size() >= 3
                    && list.get(0) instanceof String name
                    && list.get(1) instanceof Long
                    && list.get(2) instanceof Long) {
                found.add(new Tensor(name, list.get(1), list.get(2)));
                list = list.subList(3, list.size()); // in Keras 2 the arguments follow here
            }
            for (Object each : list) {
                collect(each, found);
            }
        } else if (part instanceof JsonObject object) {
            collect(object.asMap(), found);
        } else if (part instanceof Map<?, ?> map) {
            for (Object each : map.values()) {
                collect(each, found);
            }
        }
    }

    /** An argument of a call that isn't a tensor and changes something, as {@code training=true}; null if there is none. */
    private static String argument(Object part) {
        Object inner = part instanceof JsonObject object ? object.asMap() : part;
        if (inner instanceof List<?> list) {
            for (Object each : list) {
                String found = argument(each);
                if (found != null) {
                    return found;
                }
            }
        } else if (inner instanceof Map<?, ?> map) {
            boolean call = map.containsKey("args") && map.containsKey("kwargs");
            for (Map.Entry<?, ?> each : map.entrySet()) {
                Object value = each.getValue();
                if (call && !each.getKey().equals("kwargs")) {
                    continue;
                }
                if (call) {
                    return argument(value);
                }
                if (value != null && !Boolean.FALSE.equals(value)) {
                    return each.getKey() + "=" + Json.compact(value);
                }
            }
        }
        return null;
    }

    // ---- What the layers do

    private static Activation activation(Layer rnn, Layer dense, String file, Consumer<String> notes)
            throws FormatException {
        String read = activationName(dense.config(), "Dense", file);
        if (!read.equals("linear")) {
            throw new FormatException(file + ": the Dense layer's activation is " + cut(read)
                    + ", expected linear (y = W_out h + b_out)");
        }
        if (is(rnn, "go_backwards")) {
            throw new FormatException(file + ": the SimpleRNN layer's go_backwards is true, expected false");
        }
        String phi = activationName(rnn.config(), "SimpleRNN", file);
        Activation stated = switch (phi) {
            case "tanh" -> Activation.TANH;
            case "relu" -> Activation.RELU;
            case "sigmoid" -> Activation.SIGMOID;
            case "linear" -> Activation.IDENTITY;
            case "softplus" -> Activation.SOFTPLUS;
            default ->
                throw new FormatException(file + ": the SimpleRNN layer's activation is " + cut(phi)
                        + ", expected tanh, relu, sigmoid, softplus or linear");
        };
        if (rnn.config().has("return_sequences") && !is(rnn, "return_sequences")) {
            notes.accept(
                    file + ": return_sequences is false: Keras gives the output of the last step, here there is one "
                            + "for every step, and the last is Keras's");
        }
        if (is(rnn, "stateful")) {
            notes.accept(
                    file + ": stateful is true: Keras goes on from the state in which the last batch ended, here every "
                            + "trial starts from 0");
        }
        return stated;
    }

    private static boolean is(Layer layer, String option) throws FormatException {
        return layer.config().has(option) && layer.config().getBoolean(option);
    }

    private static String activationName(JsonObject config, String layer, String file) throws FormatException {
        Object value = config.asMap().get("activation");
        if (value instanceof String name) {
            return name;
        }
        throw new FormatException(file + ": the " + layer + " layer's activation is "
                + (value == null ? "missing" : cut(Json.compact(value))) + ", expected its name");
    }

    private static String cut(String text) {
        return KerasFile.cut(text);
    }
}
