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
 * Settings of an optimiser that only its user has: what a file says of it, so that whatever was trained with it can be read. It can't be
 * made; who goes on with such a training gives the settings themselves, which are compared with these.
 *
 * @param name what the file calls it
 * @param numbers those of its settings
 */
record NamedOptimizer(String name, Map<String, Double> numbers) implements Optimizer.Settings {
    private static final String OPTIMIZER = "optimizer";
    private static final String OF_USER = "optimizerNumbers";

    /** The JSON members: Adam's and gradient descent's numbers stand among the others, those of a user's optimiser in one of their own. */
    static final List<String> KEYS =
            List.of(OPTIMIZER, "learningRate", "decay", "beta1", "beta2", "epsilon", "momentum", OF_USER);

    /** Adam is what a file means that doesn't say. */
    static void write(Optimizer.Settings settings, Map<String, Object> json) {
        boolean known = settings instanceof Adam.Settings || settings instanceof Sgd.Settings;
        if (!(settings instanceof Adam.Settings)) {
            json.put(OPTIMIZER, settings.name());
        }
        if (known) {
            json.putAll(settings.numbers());
        } else {
            json.put(OF_USER, new TreeMap<>(settings.numbers()));
        }
    }

    static Optimizer.Settings read(JsonObject json) throws FormatException {
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
                new Adam.Settings(
                        rate, decay, json.getDouble("beta1"), json.getDouble("beta2"), json.getDouble("epsilon"));
            case "sgd" -> new Sgd.Settings(rate, decay, json.getDouble("momentum"));
            default -> throw new IllegalArgumentException("optimizer is '" + name + "', expected adam or sgd");
        };
    }

    @Override
    public double learningRate() {
        return numbers.getOrDefault("learningRate", Double.NaN);
    }

    @Override
    public Optimizer.Settings withLearningRate(double rate) {
        Map<String, Double> changed = new TreeMap<>(numbers);
        changed.put("learningRate", rate);
        return new NamedOptimizer(name, changed);
    }

    @Override
    public Optimizer create(int count, Kernels kernels) {
        throw new IllegalArgumentException(
                "the optimiser '" + name + "' is its user's own, expected a configuration that is given its settings");
    }
}
