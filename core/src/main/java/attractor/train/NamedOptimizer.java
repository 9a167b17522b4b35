package attractor.train;

import attractor.engine.Adam;
import attractor.engine.Optimizer;
import attractor.engine.Sgd;
import attractor.io.FormatException;
import attractor.io.JsonObject;
import attractor.kernel.Kernels;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A user's own optimiser as a file describes it, so that trainings with it can be read. The optimiser itself can't be made from this:
 * to go on with such a training, give its options again. They are compared with these.
 *
 * @param name its name in the file
 * @param numbers the numbers of its options, by name
 */
record NamedOptimizer(String name, Map<String, Double> numbers) implements Optimizer.Options {
    private static final String OPTIMIZER = "optimizer";
    private static final String OF_USER = "optimizerNumbers";

    /**
     * The JSON members. The numbers of Adam and gradient descent are members of the configuration itself; those of a
     * user's optimiser are in an object of their own.
     */
    static final List<String> KEYS =
            List.of(OPTIMIZER, "learningRate", "decay", "beta1", "beta2", "epsilon", "momentum", OF_USER);

    /** Writes the options; a file that names no optimiser means Adam. */
    static void write(Optimizer.Options options, Map<String, Object> json) {
        boolean known = options instanceof Adam.Options || options instanceof Sgd.Options;
        if (!(options instanceof Adam.Options)) {
            json.put(OPTIMIZER, options.name());
        }
        if (known) {
            Map<String, Double> numbers = options.numbers();
            KEYS.stream().filter(numbers::containsKey).forEach(key -> json.put(key, numbers.get(key)));
        } else {
            json.put(OF_USER, new TreeMap<>(options.numbers()));
        }
    }

    static Optimizer.Options read(JsonObject json) throws FormatException {
        String name = json.has(OPTIMIZER) ? json.getString(OPTIMIZER) : "adam";
        if (json.has(OF_USER)) {
            JsonObject numbers = json.getObject(OF_USER);
            Map<String, Double> map = new TreeMap<>();
            for (String key : new ArrayList<>(numbers.asMap().keySet())) {
                map.put(key, numbers.getDouble(key));
            }
            return new NamedOptimizer(name, map);
        }
        double rate = json.getDouble("learningRate");
        double decay = json.getDouble("decay");
        return switch (name) {
            case "adam" ->
                new Adam.Options(
                        rate, decay, json.getDouble("beta1"), json.getDouble("beta2"), json.getDouble("epsilon"));
            case "sgd" -> new Sgd.Options(rate, decay, json.getDouble("momentum"));
            default -> throw new IllegalArgumentException("optimizer is '" + name + "', expected adam or sgd");
        };
    }

    @Override
    public double learningRate() {
        return numbers.getOrDefault("learningRate", Double.NaN);
    }

    @Override
    public Optimizer.Options withLearningRate(double rate) {
        Map<String, Double> changed = new TreeMap<>(numbers);
        changed.put("learningRate", rate);
        return new NamedOptimizer(name, changed);
    }

    @Override
    public Optimizer create(int count, Kernels kernels) {
        throw new IllegalArgumentException(
                "the optimiser '" + name + "' is a user's own, expected a configuration that contains its options");
    }
}
