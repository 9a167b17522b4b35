package attractor.train;

import attractor.engine.Adam;
import attractor.io.FormatException;
import attractor.io.JsonObject;
import attractor.kernel.Activation;
import attractor.model.Initializers;
import attractor.model.Rnn;
import attractor.model.RnnShape;
import attractor.task.Task;
import attractor.task.TaskOptions;
import attractor.task.Tasks;
import attractor.task.Trials;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Everything that decides what a training comes to: two trainings with equal configurations give the same bits. Immutable, safe
 * for any number of threads.
 *
 * @param task name of the task; null where the trials come from data
 * @param taskOptions all options of the task by key, Double or List of Double; empty with data
 * @param data {@link #digest} of the trials; null where they come from a task
 * @param units N
 * @param init how {@code W_rec} begins
 * @param activation phi
 * @param dtMs Euler step in ms, that of the trials
 * @param tauMs time constant in ms
 * @param recurrentBias whether there is a {@code b_rec}
 * @param seed seed of weights, trials and shuffling, any value
 * @param epochs at most so many
 * @param samples number of trials S to train on
 * @param batch trials a batch; an epoch's last one is smaller if they don't divide S
 * @param adam the optimiser's settings
 * @param clipNorm a gradient whose norm over all trained parameters is larger is scaled down to it; 0 for never
 * @param stopLoss training stops after an epoch whose mean loss is below; 0 for never
 * @param evaluationTrials number of fresh trials to evaluate on
 * @param model what the network has beyond the paper's
 * @param fit how the training goes about it, beyond the paper's
 */
public record TrainingConfig(
        String task,
        Map<String, Object> taskOptions,
        String data,
        int units,
        Initializers.Recurrent init,
        Activation activation,
        double dtMs,
        double tauMs,
        boolean recurrentBias,
        long seed,
        int epochs,
        int samples,
        int batch,
        Adam.Settings adam,
        double clipNorm,
        double stopLoss,
        int evaluationTrials,
        ModelOptions model,
        FitOptions fit) {

    /** Time constant unless told otherwise, in ms. */
    private static final double TAU_MS = 1.0;

    /** @throws IllegalArgumentException if a value is out of range; the message names it */
    public TrainingConfig {
        if ((task == null) == (data == null)) {
            throw new IllegalArgumentException(
                    "task is " + task + " and data is " + data + ", expected one of them, the other null");
        }
        taskOptions = copyOf(taskOptions);
        Objects.requireNonNull(init, "init is null, expected orthogonal, normal or glorot");
        Objects.requireNonNull(activation, "activation is null, expected tanh, relu, sigmoid or identity");
        Objects.requireNonNull(adam, "adam is null, expected its settings");
        atLeastOne("units", units);
        if (!(dtMs > 0.0) || !(tauMs >= dtMs) || Double.isInfinite(tauMs)) {
            throw new IllegalArgumentException(
                    "dtMs is " + dtMs + " and tauMs is " + tauMs + ", expected 0 < dtMs <= tauMs (finite)");
        }
        atLeastOne("epochs", epochs);
        atLeastOne("samples", samples);
        atLeastOne("batch", batch);
        FitOptions.notNegative("clipNorm", clipNorm);
        FitOptions.notNegative("stopLoss", stopLoss);
        atLeastOne("evaluationTrials", evaluationTrials);
        Objects.requireNonNull(model, "model is null, expected options, such as ModelOptions.DEFAULT");
        Objects.requireNonNull(fit, "fit is null, expected options, such as FitOptions.DEFAULT");
        model.check(units, activation, dtMs, tauMs);
        fit.check(samples, adam);
    }

    private static void atLeastOne(String name, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(name + " is " + value + ", expected at least 1");
        }
    }

    private static Map<String, Object> copyOf(Map<String, Object> options) {
        Map<String, Object> copy = new LinkedHashMap<>();
        options.forEach((key, value) -> copy.put(key, optionValue(key, value)));
        return Collections.unmodifiableMap(copy);
    }

    private static Object optionValue(String key, Object value) {
        if (value instanceof Number number) {
            return number.doubleValue();
        }
        if (value instanceof List<?> list) {
            List<Double> numbers = new ArrayList<>();
            for (Object element : list) {
                if (!(element instanceof Number number)) {
                    throw new IllegalArgumentException(
                            "option " + key + "[" + numbers.size() + "] is " + element + ", expected a number");
                }
                numbers.add(number.doubleValue());
            }
            return List.copyOf(numbers);
        }
        throw new IllegalArgumentException(
                "option " + key + " is " + value + ", expected a number or a list of numbers");
    }

    /** Begins a configuration for a task: that of the paper, with what the task says. */
    public static Builder builder(Task task) {
        return new Builder(task);
    }

    /**
     * Begins a configuration for trials from arrays: that of the paper.
     *
     * @param training the trials to train on, all of them
     * @param dtMs duration of their steps in ms
     * @param evaluationTrials how many trials there will be to evaluate on
     */
    public static Builder builder(Trials training, double dtMs, int evaluationTrials) {
        return new Builder(training, dtMs, evaluationTrials);
    }

    /** Begins a configuration with these values. */
    public Builder toBuilder() {
        return new Builder(this);
    }

    /**
     * The task.
     *
     * @throws IllegalArgumentException if there is none of that name (see {@link Tasks}), or its options don't go together
     * @throws IllegalStateException if the trials come from data
     */
    public Task makeTask() {
        if (task == null) {
            throw new IllegalStateException("the trials come from data, expected a task");
        }
        return Tasks.byName(task, taskOptions);
    }

    /** Number of trials that an epoch trains on: all but those held out for validation. */
    public int trainingTrials() {
        return samples - fit.validationTrials(samples);
    }

    /** Number of batches in an epoch. */
    public int batches() {
        return (int) ((trainingTrials() + batch - 1L) / batch);
    }

    /** The network before training. */
    public Rnn initialNetwork(int inputs, int outputs) {
        Rnn rnn = Initializers.network(
                new RnnShape(inputs, units, outputs), activation, dtMs, tauMs, recurrentBias, init, seed);
        return Initializers.obeying(rnn, model.wiring(units)).withNoise(model.recurrentNoiseSd());
    }

    /** As JSON, see {@link attractor.io.Json}: a value by name, in the order of the components; of the options those that aren't the default. */
    public Map<String, Object> toJson() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("task", task);
        json.put("taskOptions", taskOptions);
        json.put("data", data);
        json.put("units", (long) units);
        json.put("init", init.id());
        json.put("activation", activation.id());
        json.put("dtMs", dtMs);
        json.put("tauMs", tauMs);
        json.put("recurrentBias", recurrentBias);
        json.put("seed", seed);
        json.put("epochs", (long) epochs);
        json.put("samples", (long) samples);
        json.put("batch", (long) batch);
        json.put("learningRate", adam.learningRate());
        json.put("decay", adam.decay());
        json.put("beta1", adam.beta1());
        json.put("beta2", adam.beta2());
        json.put("epsilon", adam.epsilon());
        json.put("clipNorm", clipNorm);
        json.put("stopLoss", stopLoss);
        json.put("evaluationTrials", (long) evaluationTrials);
        model.toJson(json);
        fit.toJson(json);
        return Collections.unmodifiableMap(json);
    }

    private static final Set<String> KEYS = Collections.unmodifiableSet(keys());

    private static Set<String> keys() {
        Set<String> keys = new LinkedHashSet<>(List.of(
                "task",
                "taskOptions",
                "data",
                "units",
                "init",
                "activation",
                "dtMs",
                "tauMs",
                "recurrentBias",
                "seed",
                "epochs",
                "samples",
                "batch",
                "learningRate",
                "decay",
                "beta1",
                "beta2",
                "epsilon",
                "clipNorm",
                "stopLoss",
                "evaluationTrials"));
        keys.addAll(ModelOptions.KEYS);
        keys.addAll(FitOptions.KEYS);
        return keys;
    }

    /**
     * A configuration that {@link #toJson} wrote.
     *
     * @throws FormatException if a member is missing, unknown, of another type or out of range
     */
    public static TrainingConfig fromJson(JsonObject json) throws FormatException {
        return fromJson(json, "training configuration");
    }

    /**
     * As {@link #fromJson(JsonObject)}.
     *
     * @param name what messages call the file
     * @throws FormatException if a member is missing, unknown, of another type or out of range
     */
    public static TrainingConfig fromJson(JsonObject json, String name) throws FormatException {
        json.requireOnly(KEYS);
        try {
            return new TrainingConfig(
                    textOrNull(json, "task"),
                    json.getObject("taskOptions").asMap(),
                    textOrNull(json, "data"),
                    json.getInt("units"),
                    Initializers.Recurrent.of(json.getString("init")),
                    Activation.of(json.getString("activation")),
                    json.getDouble("dtMs"),
                    json.getDouble("tauMs"),
                    json.getBoolean("recurrentBias"),
                    json.getLong("seed"),
                    json.getInt("epochs"),
                    json.getInt("samples"),
                    json.getInt("batch"),
                    new Adam.Settings(
                            json.getDouble("learningRate"),
                            json.getDouble("decay"),
                            json.getDouble("beta1"),
                            json.getDouble("beta2"),
                            json.getDouble("epsilon")),
                    json.getDouble("clipNorm"),
                    json.getDouble("stopLoss"),
                    json.getInt("evaluationTrials"),
                    ModelOptions.fromJson(json),
                    FitOptions.fromJson(json));
        } catch (IllegalArgumentException e) {
            throw new FormatException(name + ": " + e.getMessage(), e);
        }
    }

    private static String textOrNull(JsonObject json, String key) throws FormatException {
        return json.has(key) && json.asMap().get(key) == null ? null : json.getString(key);
    }

    /** SHA-256 of trials from arrays, in hexadecimal: sizes, types, inputs, targets and masks of all of them. */
    public static String digest(Trials trials) {
        return TrialsDigest.of(trials);
    }

    /** Collects a configuration. Belongs to one thread. */
    public static final class Builder {
        private String task;
        private Map<String, Object> taskOptions = Map.of();
        private String data;
        private int units = 50;
        private Initializers.Recurrent init = Initializers.Recurrent.ORTHOGONAL;
        private Activation activation = Activation.TANH;
        private double dtMs;
        private double tauMs;
        private boolean recurrentBias;
        private long seed;
        private int epochs = 20;
        private int samples;
        private int batch = 64;
        private Adam.Settings adam = Adam.Settings.DEFAULT;
        private double clipNorm;
        private double stopLoss = 1e-3;
        private int evaluationTrials = 200;
        private ModelOptions model = ModelOptions.DEFAULT;
        private FitOptions fit = FitOptions.DEFAULT;

        private Builder(Task of) {
            task = of.name();
            TaskOptions options = of.options();
            taskOptions = options.toMap();
            dtMs = of.dtMs();
            tauMs = Math.max(TAU_MS, dtMs);
            recurrentBias = of.recurrentBias();
            samples = of.defaultTrials();
            stopLoss = of.stopLoss();
        }

        private Builder(Trials training, double dtMs, int evaluationTrials) {
            data = digest(training);
            this.dtMs = dtMs;
            tauMs = Math.max(TAU_MS, dtMs);
            samples = training.size();
            this.evaluationTrials = evaluationTrials;
        }

        private Builder(TrainingConfig c) {
            task = c.task;
            taskOptions = c.taskOptions;
            data = c.data;
            units = c.units;
            init = c.init;
            activation = c.activation;
            dtMs = c.dtMs;
            tauMs = c.tauMs;
            recurrentBias = c.recurrentBias;
            seed = c.seed;
            epochs = c.epochs;
            samples = c.samples;
            batch = c.batch;
            adam = c.adam;
            clipNorm = c.clipNorm;
            stopLoss = c.stopLoss;
            evaluationTrials = c.evaluationTrials;
            model = c.model;
            fit = c.fit;
        }

        /** N; 50 by default. */
        public Builder units(int value) {
            units = value;
            return this;
        }

        /** How {@code W_rec} begins; orthogonal by default. */
        public Builder init(Initializers.Recurrent value) {
            init = value;
            return this;
        }

        /** phi; tanh by default. */
        public Builder activation(Activation value) {
            activation = value;
            return this;
        }

        /** Time constant in ms; by default 1, or a step's duration if that is longer. */
        public Builder tauMs(double value) {
            tauMs = value;
            return this;
        }

        /** Whether there is a {@code b_rec}; by default as the task says. */
        public Builder recurrentBias(boolean value) {
            recurrentBias = value;
            return this;
        }

        /** Any value; 0 by default. */
        public Builder seed(long value) {
            seed = value;
            return this;
        }

        /** At most so many epochs; 20 by default. */
        public Builder epochs(int value) {
            epochs = value;
            return this;
        }

        /** Number of trials to train on; by default as the task says. With data, all of them. */
        public Builder samples(int value) {
            samples = value;
            return this;
        }

        /** Trials a batch; 64 by default. */
        public Builder batch(int value) {
            batch = value;
            return this;
        }

        /** The optimiser's settings; {@link Adam.Settings#DEFAULT} by default. */
        public Builder adam(Adam.Settings value) {
            adam = value;
            return this;
        }

        /** The largest norm of a gradient; 0, the default, for any. */
        public Builder clipNorm(double value) {
            clipNorm = value;
            return this;
        }

        /** Training stops after an epoch whose mean loss is below; by default as the task says; 0 for never. */
        public Builder stopLoss(double value) {
            stopLoss = value;
            return this;
        }

        /** Number of fresh trials to evaluate on; 200 by default. */
        public Builder evaluationTrials(int value) {
            evaluationTrials = value;
            return this;
        }

        /** What the network has beyond the paper's; {@link ModelOptions#DEFAULT} by default. */
        public Builder model(ModelOptions value) {
            model = value;
            return this;
        }

        /** How the training goes about it, beyond the paper's; {@link FitOptions#DEFAULT} by default. */
        public Builder fit(FitOptions value) {
            fit = value;
            return this;
        }

        /**
         * The configuration.
         *
         * @throws IllegalArgumentException if a value is out of range
         */
        public TrainingConfig build() {
            return new TrainingConfig(
                    task,
                    taskOptions,
                    data,
                    units,
                    init,
                    activation,
                    dtMs,
                    tauMs,
                    recurrentBias,
                    seed,
                    epochs,
                    samples,
                    batch,
                    adam,
                    clipNorm,
                    stopLoss,
                    evaluationTrials,
                    model,
                    fit);
        }
    }
}
