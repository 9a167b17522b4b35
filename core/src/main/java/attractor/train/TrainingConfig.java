package attractor.train;

import attractor.engine.Adam;
import attractor.engine.Loss;
import attractor.engine.MeanSquaredError;
import attractor.engine.Optimizer;
import attractor.engine.Sgd;
import attractor.io.FormatException;
import attractor.io.JsonObject;
import attractor.kernel.Activation;
import attractor.model.EntrySet;
import attractor.model.Form;
import attractor.model.Initializers;
import attractor.model.Initializers.Recurrent;
import attractor.model.ModelOptions;
import attractor.model.Precision;
import attractor.model.Rnn;
import attractor.model.RnnShape;
import attractor.model.Wiring;
import attractor.task.Task;
import attractor.task.Tasks;
import attractor.task.Trials;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Everything that decides the result of a training: two trainings with equal configurations give the same bits.
 * Immutable, safe for any number of threads.
 *
 * <p>Each value is one {@link ConfigField} of a table, which has its default, its range and its JSON. To add a value,
 * add a line there, an accessor, and a method of the {@link Builder}.
 */
public final class TrainingConfig {
    /** Default time constant in ms. */
    private static final double TAU_MS = 1.0;

    private static final ConfigField<TrialOrigin> TRIALS = ConfigField.of(
            "trials",
            List.of("task", "taskOptions", "data"),
            new TrialOrigin.OfTask("", Map.of()),
            TrainingConfig::writeOrigin,
            TrainingConfig::readOrigin);
    private static final ConfigField<Integer> UNITS = ConfigField.count("units", 50, 1);
    private static final ConfigField<InitialNetwork> INIT = ConfigField.of(
            "init",
            List.of("init", "from"),
            new InitialNetwork.Drawn(Recurrent.ORTHOGONAL),
            TrainingConfig::writeInitial,
            TrainingConfig::readInitial);
    private static final ConfigField<Activation> ACTIVATION =
            ConfigField.named("activation", Activation.TANH, Activation::id, Activation::of);
    private static final ConfigField<Double> DT_MS = ConfigField.number("dtMs", 1.0);
    private static final ConfigField<Double> TAU = ConfigField.number("tauMs", TAU_MS);
    private static final ConfigField<Boolean> RECURRENT_BIAS = ConfigField.flag("recurrentBias", false);
    private static final ConfigField<Long> SEED = ConfigField.member("seed", 0L, v -> {}, v -> v, JsonObject::getLong);
    private static final ConfigField<OptionalLong> DATA_SEED = ConfigField.<OptionalLong>member(
                    "dataSeed",
                    OptionalLong.empty(),
                    v -> {},
                    OptionalLong::getAsLong,
                    (json, key) -> OptionalLong.of(json.getLong(key)))
            .onlyIfSet();
    private static final ConfigField<Integer> EPOCHS = ConfigField.count("epochs", 20, 0);
    private static final ConfigField<Integer> SAMPLES = ConfigField.count("samples", 1, 1);
    private static final ConfigField<Integer> BATCH = ConfigField.count("batch", 64, 1);
    private static final ConfigField<Optimizer.Options> OPTIMIZER = ConfigField.of(
            "optimizer", NamedOptimizer.KEYS, Adam.Options.DEFAULT, NamedOptimizer::write, NamedOptimizer::read);
    private static final ConfigField<Loss> LOSS = ConfigField.<Loss>of(
                    "loss",
                    List.of("loss", "lossWeights"),
                    new MeanSquaredError(),
                    TrainingConfig::writeLoss,
                    TrainingConfig::readLoss)
            .onlyIfSet();
    private static final ConfigField<Double> CLIP_NORM = ConfigField.notNegative("clipNorm", 0.0);
    private static final ConfigField<Double> STOP_LOSS = ConfigField.notNegative("stopLoss", 1e-3);
    private static final ConfigField<Integer> EVALUATION_TRIALS = ConfigField.count("evaluationTrials", 200, 1);
    private static final ConfigField<ModelOptions> MODEL = ConfigField.of(
            "model", ModelOptions.KEYS, ModelOptions.DEFAULT, ModelOptions::toJson, ModelOptions::fromJson);
    private static final ConfigField<FitOptions> FIT =
            ConfigField.of("fit", FitOptions.KEYS, FitOptions.DEFAULT, FitOptions::toJson, FitOptions::fromJson);
    private static final ConfigField<List<Stage>> STAGES = ConfigField.<List<Stage>>member(
                    "stages",
                    List.of(),
                    v -> {},
                    v -> v.stream().map(Stage::toJson).toList(),
                    Stage::listFromJson)
            .onlyIfSet();

    private static final ConfigField<Form> FORM =
            ConfigField.named("form", Form.RATE, Form::id, Form::of).onlyIfSet();

    private static final ConfigField<Precision> PRECISION = ConfigField.named(
                    "precision", Precision.DOUBLE, Precision::id, Precision::of)
            .onlyIfSet();

    /** In the order of the JSON. Hashes of configurations depend on this order, so new fields come last. */
    private static final List<ConfigField<?>> FIELDS = List.of(
            TRIALS,
            UNITS,
            INIT,
            ACTIVATION,
            DT_MS,
            TAU,
            RECURRENT_BIAS,
            SEED,
            EPOCHS,
            SAMPLES,
            BATCH,
            OPTIMIZER,
            CLIP_NORM,
            STOP_LOSS,
            EVALUATION_TRIALS,
            MODEL,
            FIT,
            DATA_SEED,
            STAGES,
            LOSS,
            FORM,
            PRECISION);

    private static final Set<String> KEYS = Collections.unmodifiableSet(keys());

    private final Map<ConfigField<?>, Object> values;

    private TrainingConfig(Map<ConfigField<?>, Object> values) {
        this.values = values;
        values.forEach(ConfigField::checkValue);
        if (!(dtMs() > 0.0) || !(tauMs() >= dtMs()) || Double.isInfinite(tauMs())) {
            throw new IllegalArgumentException(
                    "dtMs is " + dtMs() + " and tauMs is " + tauMs() + ", expected 0 < dtMs <= tauMs (finite)");
        }
        model().check(units(), activation(), dtMs(), tauMs());
        if (initial() instanceof InitialNetwork.Drawn drawn) {
            requireFactors(drawn);
        }
        fit().check(samples(), optimizer());
        requireOwnNames();
        if (!stages().isEmpty() && trials() instanceof TrialOrigin.OfArrays) {
            throw new IllegalArgumentException(
                    "there are " + stages().size() + " stages and the trials come from data, expected a task");
        }
    }

    /** Checks that the arrays which are drawn, and those that are fixed, are those of a network with or without factors. */
    private void requireFactors(InitialNetwork.Drawn drawn) {
        boolean factors = model().rank() > 0;
        if (factors) {
            Initializers.requireFactors(drawn.recurrent());
        }
        for (ModelOptions.Fixed f : model().fixed()) {
            if (f.array().equals("W_rec")
                    ? factors
                    : !factors && (f.array().equals("P") || f.array().equals("Q"))) {
                throw new IllegalArgumentException("fixed array is " + f.array()
                        + (factors
                                ? " and rank is " + model().rank() + ", expected P or Q, the arrays that a rank trains"
                                : ", expected W_rec, as only a network of low rank has the factors P and Q"));
            }
        }
    }

    /** A file knows losses and optimisers by their names. */
    private void requireOwnNames() {
        for (Loss known : Loss.all()) {
            if (known.name().equals(loss().name()) && !known.getClass().equals(loss().getClass())) {
                throw new IllegalArgumentException(
                        "a loss of your own is named " + loss().name() + ", expected a name that the library hasn't");
            }
        }
        String name = optimizer().name();
        boolean own = !(optimizer() instanceof Adam.Options) && !(optimizer() instanceof Sgd.Options);
        if (own && (name.equals("adam") || name.equals("sgd"))) {
            throw new IllegalArgumentException(
                    "an optimiser of your own is named " + name + ", expected a name that the library hasn't");
        }
    }

    private static Set<String> keys() {
        Set<String> keys = new LinkedHashSet<>();
        FIELDS.forEach(field -> keys.addAll(field.keys()));
        return keys;
    }

    @SuppressWarnings("unchecked")
    private <T> T get(ConfigField<T> field) {
        return (T) values.get(field);
    }

    /** Where the trials come from. */
    public TrialOrigin trials() {
        return get(TRIALS);
    }

    /**
     * Name of the task.
     *
     * @throws IllegalStateException if the trials come from data
     */
    public String task() {
        return ofTask().name();
    }

    /**
     * All options of the task by key, Double or List of Double; stages may have others.
     *
     * @throws IllegalStateException if the trials come from data
     */
    public Map<String, Object> taskOptions() {
        return ofTask().options();
    }

    private TrialOrigin.OfTask ofTask() {
        if (trials() instanceof TrialOrigin.OfTask task) {
            return task;
        }
        throw new IllegalStateException("the trials come from data, expected a task");
    }

    /** N. */
    public int units() {
        return get(UNITS);
    }

    /** What the training begins with. */
    public InitialNetwork initial() {
        return get(INIT);
    }

    /**
     * How {@code W_rec} is initialised.
     *
     * @throws IllegalStateException if the training goes on from a network
     */
    public Recurrent init() {
        if (initial() instanceof InitialNetwork.Drawn drawn) {
            return drawn.recurrent();
        }
        throw new IllegalStateException("the training goes on from a network, expected one that begins anew");
    }

    /** phi. */
    public Activation activation() {
        return get(ACTIVATION);
    }

    /** What the state is. */
    public Form form() {
        return get(FORM);
    }

    /** The precision of dynamics, gradient and optimiser; all else is double. */
    public Precision precision() {
        return get(PRECISION);
    }

    /** Euler step in ms, that of the trials. */
    public double dtMs() {
        return get(DT_MS);
    }

    /** Time constant in ms. */
    public double tauMs() {
        return get(TAU);
    }

    /** Whether there is a {@code b_rec}. */
    public boolean recurrentBias() {
        return get(RECURRENT_BIAS);
    }

    /** Seed of the initial weights, any value. */
    public long seed() {
        return get(SEED);
    }

    /**
     * Seed of everything random except the initial weights: the trials, which of them are held out, their order in each
     * epoch, the trials to evaluate on, and the noise in the states wherever trials are run. Equals {@link #seed} by
     * default.
     */
    public long dataSeed() {
        return get(DATA_SEED).orElse(seed());
    }

    /** Largest number of epochs; 0 to evaluate the initial network. With stages the sum of theirs. */
    public int epochs() {
        return get(EPOCHS);
    }

    /** Number of trials S, including held-out ones. */
    public int samples() {
        return get(SAMPLES);
    }

    /** Trials per batch; the last batch of an epoch is smaller if the number of trials isn't a multiple. */
    public int batch() {
        return get(BATCH);
    }

    /** The optimiser's options. */
    public Optimizer.Options optimizer() {
        return get(OPTIMIZER);
    }

    /** The loss that the training minimises. */
    public Loss loss() {
        return get(LOSS);
    }

    /** A gradient with a larger norm over all trained parameters is scaled down to this norm; 0 for never. */
    public double clipNorm() {
        return get(CLIP_NORM);
    }

    /**
     * Training stops after an epoch whose mean loss is below this; 0 for never. With stages, the value of the last one.
     */
    public double stopLoss() {
        return get(STOP_LOSS);
    }

    /** Number of fresh trials to evaluate on. */
    public int evaluationTrials() {
        return get(EVALUATION_TRIALS);
    }

    /**
     * Options of the network beyond the paper's. If the training goes on from a network, options that the network
     * itself contains are not repeated here.
     */
    public ModelOptions model() {
        return get(MODEL);
    }

    /** Options of the training procedure beyond the paper's. */
    public FitOptions fit() {
        return get(FIT);
    }

    /** The stages of a training whose task changes on the way; empty if it doesn't change. */
    public List<Stage> stages() {
        return get(STAGES);
    }

    /**
     * Whether the network of the best epoch is evaluated rather than that of the last one; true with early stopping on
     * held-out trials.
     */
    public boolean evaluatesBest() {
        return fit().patience() > 0;
    }

    /** The stages, or the whole training as one. */
    List<Stage> plan() {
        if (!stages().isEmpty()) {
            return stages();
        }
        Map<String, Object> options = trials() instanceof TrialOrigin.OfTask task ? task.options() : Map.of();
        return List.of(new Stage(options, optimizer().learningRate(), epochs(), stopLoss()));
    }

    /** Begins a configuration for a task: the paper's, with the task's own defaults. */
    public static Builder builder(Task task) {
        return new Builder(
                        new TrialOrigin.OfTask(task.name(), task.options().toMap()), task.dtMs(), task.defaultTrials())
                .usual(RECURRENT_BIAS, task.recurrentBias())
                .usual(LOSS, task.loss())
                .usual(STOP_LOSS, task.stopLoss());
    }

    /**
     * Begins a configuration for trials from arrays, with the paper's values.
     *
     * @param training the trials to train on, all of them
     * @param dtMs duration of their steps in ms
     * @param evaluationTrials how many trials there will be to evaluate on
     */
    public static Builder builder(Trials training, double dtMs, int evaluationTrials) {
        return new Builder(new TrialOrigin.OfArrays(digest(training)), dtMs, training.size())
                .usual(EVALUATION_TRIALS, evaluationTrials);
    }

    /** Begins a configuration with these values. */
    public Builder toBuilder() {
        return new Builder(values);
    }

    /**
     * The task.
     *
     * @throws IllegalArgumentException if there is none of that name (see {@link Tasks}), or its options contradict
     *     each other
     * @throws IllegalStateException if the trials come from data
     */
    public Task makeTask() {
        return Tasks.byName(task(), taskOptions());
    }

    /**
     * The task that the network has learned in the end, on whose trials it is evaluated: that of the last stage if there
     * are stages.
     *
     * @throws IllegalArgumentException as {@link #makeTask}
     * @throws IllegalStateException if the trials come from data
     */
    public Task lastTask() {
        return stages().isEmpty()
                ? makeTask()
                : Tasks.byName(task(), stages().get(stages().size() - 1).taskOptions());
    }

    /** Number of trials that an epoch trains on: all except those held out for validation. */
    public int trainingTrials() {
        return samples() - fit().validationTrials(samples());
    }

    /** Number of batches per epoch. */
    public int batches() {
        return (int) ((trainingTrials() + batch() - 1L) / batch());
    }

    /**
     * The network before training.
     *
     * @throws IllegalArgumentException if it goes on from a network with other inputs or outputs
     * @throws IllegalStateException if that network isn't known, as {@link InitialNetwork.Given} says
     */
    public Rnn initialNetwork(int inputs, int outputs) {
        if (initial() instanceof InitialNetwork.Given given) {
            return given.fitting(inputs, outputs).withPrecision(precision());
        }
        Rnn rnn = Initializers.network(
                new RnnShape(inputs, units(), outputs, model().rank()),
                activation(),
                dtMs(),
                tauMs(),
                recurrentBias(),
                init(),
                seed());
        return Initializers.wired(rnn, model().wiring(units()))
                .withNoise(model().recurrentNoiseSd())
                .withForm(form())
                .withPrecision(precision());
    }

    /**
     * As JSON, see {@link attractor.io.Json}: values by name, in the order of the table; options only where they differ
     * from their default.
     */
    public Map<String, Object> toJson() {
        Map<String, Object> json = new LinkedHashMap<>();
        values.forEach((field, value) -> field.writeValue(value, json));
        return Collections.unmodifiableMap(json);
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
     * @param name the file's name in messages
     * @throws FormatException if a member is missing, unknown, of another type or out of range
     */
    public static TrainingConfig fromJson(JsonObject json, String name) throws FormatException {
        json.requireOnly(KEYS);
        try {
            Map<ConfigField<?>, Object> values = new LinkedHashMap<>();
            for (ConfigField<?> field : FIELDS) {
                values.put(field, field.read().from(json));
            }
            return new TrainingConfig(values);
        } catch (IllegalArgumentException e) {
            throw new FormatException(name + ": " + e.getMessage(), e);
        }
    }

    private static void writeOrigin(TrialOrigin origin, Map<String, Object> json) {
        boolean made = origin instanceof TrialOrigin.OfTask;
        json.put("task", made ? ((TrialOrigin.OfTask) origin).name() : null);
        json.put("taskOptions", made ? ((TrialOrigin.OfTask) origin).options() : Map.of());
        json.put("data", made ? null : ((TrialOrigin.OfArrays) origin).digest());
    }

    private static TrialOrigin readOrigin(JsonObject json) throws FormatException {
        String task = textOrNull(json, "task");
        String data = textOrNull(json, "data");
        Map<String, Object> options = json.getObject("taskOptions").asMap();
        if ((task == null) == (data == null)) {
            throw new IllegalArgumentException(
                    "task is " + task + " and data is " + data + ", expected one of them, the other null");
        }
        return task == null ? new TrialOrigin.OfArrays(data) : new TrialOrigin.OfTask(task, options);
    }

    private static void writeLoss(Loss loss, Map<String, Object> json) {
        json.put("loss", loss.name());
        if (!loss.weights().isEmpty()) {
            json.put("lossWeights", loss.weights());
        }
    }

    private static Loss readLoss(JsonObject json) throws FormatException {
        List<Double> weights = new ArrayList<>();
        for (double weight : json.has("lossWeights") ? json.getDoubles("lossWeights") : new double[0]) {
            weights.add(weight);
        }
        return NamedLoss.of(json.getString("loss"), weights);
    }

    private static void writeInitial(InitialNetwork initial, Map<String, Object> json) {
        if (initial instanceof InitialNetwork.Given given) {
            json.put("init", null);
            json.put("from", given.digest());
        } else {
            json.put("init", ((InitialNetwork.Drawn) initial).recurrent().id());
        }
    }

    private static InitialNetwork readInitial(JsonObject json) throws FormatException {
        String init = textOrNull(json, "init");
        String from = json.has("from") ? json.getString("from") : null;
        if ((init == null) == (from == null)) {
            throw new IllegalArgumentException(
                    "init is " + init + " and from is " + from + ", expected one of them, the other null");
        }
        return from == null ? new InitialNetwork.Drawn(Recurrent.of(init)) : InitialNetwork.Given.known(from);
    }

    private static String textOrNull(JsonObject json, String key) throws FormatException {
        return json.has(key) && json.asMap().get(key) == null ? null : json.getString(key);
    }

    /** SHA-256 of trials from arrays, in hexadecimal: sizes, types, inputs, targets and masks of all of them. */
    public static String digest(Trials trials) {
        return Digests.of(trials);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TrainingConfig config && values.equals(config.values);
    }

    /** Whether the other has the same values except for the number of epochs. */
    boolean sameButEpochs(TrainingConfig other) {
        // As JSON, since a file knows a user's own loss or optimiser only by name and numbers.
        Map<String, Object> these = new LinkedHashMap<>(toJson());
        EPOCHS.writeValue(other.epochs(), these);
        return these.equals(other.toJson());
    }

    @Override
    public int hashCode() {
        return values.hashCode();
    }

    /** The JSON. */
    @Override
    public String toString() {
        return toJson().toString();
    }

    /** Collects a configuration. Belongs to one thread. */
    public static final class Builder {
        /** The defaults. */
        private final Map<ConfigField<?>, Object> usual = new LinkedHashMap<>();

        /** The values that were set. */
        private final Map<ConfigField<?>, Object> chosen = new LinkedHashMap<>();

        private Builder(Map<ConfigField<?>, Object> values) {
            usual.putAll(values);
        }

        private Builder(TrialOrigin trials, double dtMs, int samples) {
            FIELDS.forEach(field -> usual.put(field, field.fallback()));
            usual(TRIALS, trials);
            usual(DT_MS, dtMs);
            usual(TAU, Math.max(TAU_MS, dtMs));
            usual(SAMPLES, samples);
        }

        private <T> Builder usual(ConfigField<T> field, T value) {
            usual.put(field, value);
            return this;
        }

        private <T> Builder set(ConfigField<T> field, T value) {
            chosen.put(field, value);
            return this;
        }

        /** N; 50 by default. */
        public Builder units(int value) {
            return set(UNITS, value);
        }

        /** How {@code W_rec} is initialised; orthogonal by default. */
        public Builder init(Recurrent value) {
            return set(INIT, new InitialNetwork.Drawn(value));
        }

        /**
         * Goes on from a network instead of drawing weights: the training begins with its parameters, including h0, and
         * its units, activation, form, tau, bias, wiring and noise stay as they are. Other values set here must agree with
         * it. The network is copied.
         */
        public Builder from(Rnn network) {
            return usual(INIT, InitialNetwork.Given.of(network));
        }

        /** phi; tanh by default. */
        public Builder activation(Activation value) {
            return set(ACTIVATION, value);
        }

        /** What the state is; {@link Form#RATE} by default. */
        public Builder form(Form value) {
            return set(FORM, value);
        }

        /**
         * The precision in which to train; {@link Precision#DOUBLE} by default, or that of the network to go on from, whose
         * parameters are rounded if it is another. Initial weights and trials are drawn in double and rounded, so that equal
         * seeds mean the same networks and trials in both.
         */
        public Builder precision(Precision value) {
            return set(PRECISION, value);
        }

        /** Time constant in ms; by default 1, or a step's duration if that is longer. */
        public Builder tauMs(double value) {
            return set(TAU, value);
        }

        /** Whether there is a {@code b_rec}; by default as the task says. */
        public Builder recurrentBias(boolean value) {
            return set(RECURRENT_BIAS, value);
        }

        /** Any value; 0 by default. */
        public Builder seed(long value) {
            return set(SEED, value);
        }

        /**
         * Seed of the trials and of everything else except the initial weights, see {@link #dataSeed}; by default the
         * seed of the weights.
         */
        public Builder dataSeed(long value) {
            return set(DATA_SEED, OptionalLong.of(value));
        }

        /** Largest number of epochs; 20 by default. */
        public Builder epochs(int value) {
            return set(EPOCHS, value);
        }

        /** Number of trials to train on; by default as the task says. With data, all of them. */
        public Builder samples(int value) {
            return set(SAMPLES, value);
        }

        /** Trials per batch; 64 by default. */
        public Builder batch(int value) {
            return set(BATCH, value);
        }

        /** The optimiser's options; {@link Adam.Options#DEFAULT} by default. */
        public Builder optimizer(Optimizer.Options value) {
            return set(OPTIMIZER, value);
        }

        /**
         * The loss that the training minimises; by default the task's, {@link Task#loss}. With another loss the task's
         * threshold doesn't apply, see {@link #stopLoss}. Files contain only the name of a user's own loss: to go on
         * with such a training, give the loss again.
         */
        public Builder loss(Loss value) {
            return set(LOSS, value);
        }

        /** The largest norm of a gradient; 0, the default, for no limit. */
        public Builder clipNorm(double value) {
            return set(CLIP_NORM, value);
        }

        /**
         * Training stops after an epoch whose mean loss is below this; by default the task's threshold; 0 for never.
         */
        public Builder stopLoss(double value) {
            return set(STOP_LOSS, value);
        }

        /** Number of fresh trials to evaluate on; 200 by default. */
        public Builder evaluationTrials(int value) {
            return set(EVALUATION_TRIALS, value);
        }

        /** Options of the network beyond the paper's; {@link ModelOptions#DEFAULT} by default. */
        public Builder model(ModelOptions value) {
            return set(MODEL, value);
        }

        /** Options of the training procedure beyond the paper's; {@link FitOptions#DEFAULT} by default. */
        public Builder fit(FitOptions value) {
            return set(FIT, value);
        }

        /**
         * Trains in stages, one after the other, each with its own task options, learning rate and number of epochs,
         * and evaluates on the last one's trials. Can't be combined with {@link #epochs} or {@link #stopLoss}.
         */
        public Builder stages(List<Stage> value) {
            return set(STAGES, List.copyOf(value));
        }

        /**
         * The configuration.
         *
         * @throws IllegalArgumentException if a value is out of range, or contradicts the network to go on from or the
         *     stages
         */
        public TrainingConfig build() {
            Map<ConfigField<?>, Object> values = new LinkedHashMap<>();
            for (ConfigField<?> field : FIELDS) {
                values.put(field, chosen.getOrDefault(field, usual.get(field)));
            }
            if (chosen.get(LOSS) instanceof Loss loss
                    && !loss.name().equals(((Loss) usual.get(LOSS)).name())
                    && !chosen.containsKey(STOP_LOSS)) {
                values.put(STOP_LOSS, 0.0); // the task's threshold is one for the task's own loss
            }
            if (usual.get(INIT) instanceof InitialNetwork.Given given) {
                if (chosen.containsKey(INIT)) {
                    throw new IllegalArgumentException("init is "
                            + ((InitialNetwork.Drawn) chosen.get(INIT))
                                    .recurrent()
                                    .id()
                            + ", expected none with a network to go on from");
                }
                given.network().ifPresent(rnn -> {
                    Precision asked = (Precision) chosen.getOrDefault(PRECISION, rnn.precision());
                    if (asked != rnn.precision()) {
                        values.put(INIT, InitialNetwork.Given.of(rnn.withPrecision(asked)));
                    }
                    values.put(PRECISION, asked);
                    goOnFrom(rnn, values);
                });
            }
            if (values.get(STAGES) instanceof List<?> stages && !stages.isEmpty()) {
                spreadOver(stages, values);
            }
            if (OptionalLong.of((Long) values.get(SEED)).equals(values.get(DATA_SEED))) {
                values.put(DATA_SEED, OptionalLong.empty());
            }
            return new TrainingConfig(values);
        }

        private void goOnFrom(Rnn rnn, Map<ConfigField<?>, Object> values) {
            agree(UNITS, rnn.units(), values);
            agree(ACTIVATION, rnn.activation(), values);
            agree(FORM, rnn.form(), values);
            agree(TAU, rnn.tauMs(), values);
            agree(RECURRENT_BIAS, rnn.recurrentBias(), values);
            if (!values.get(DT_MS).equals(rnn.dtMs())) {
                throw new IllegalArgumentException("dtMs is " + values.get(DT_MS) + ", expected " + rnn.dtMs()
                        + " as the network to go on from has");
            }
            if (chosen.get(MODEL) instanceof ModelOptions asked) {
                agree(rnn, asked);
            }
            values.put(
                    MODEL,
                    ((ModelOptions) values.get(MODEL))
                            .withDaleAlso(Set.of())
                            .withSigns(Map.of())
                            .withDale(null)
                            .withMask(null)
                            .withSelfConnections(true)
                            .withRecurrentNoise(0.0)
                            .withRank(0));
        }

        private <T> void agree(ConfigField<T> field, T networks, Map<ConfigField<?>, Object> values) {
            Object asked = chosen.getOrDefault(field, networks);
            if (!asked.equals(networks)) {
                throw new IllegalArgumentException(field.name() + " is " + text(asked) + ", expected " + text(networks)
                        + " as the network to go on from has");
            }
            values.put(field, networks);
        }

        private static String text(Object value) {
            return value instanceof Activation activation
                    ? activation.id()
                    : value instanceof Form form ? form.id() : value.toString();
        }

        /** Checks that the wiring and the noise asked for are those of the network; its own are then used. */
        private static void agree(Rnn rnn, ModelOptions asked) {
            Wiring wanted = asked.wiring(rnn.units());
            if (asked.dale() != null
                    && !Arrays.equals(wanted.daleSign(), rnn.wiring().daleSign())) {
                throw new IllegalArgumentException("dale is " + asked.dale() + ", expected the signs of the network to"
                        + " go on from, " + (rnn.wiring().daleSign() == null ? "which has none" : "which has others"));
            }
            if (!asked.daleAlso().isEmpty()
                    && !asked.daleAlso().equals(rnn.wiring().daleAlso())) {
                throw new IllegalArgumentException("daleAlso is " + String.join(",", asked.daleAlso())
                        + ", expected that of the network to go on from, which has others");
            }
            asked.signs().forEach((array, signs) -> {
                if (!signs.equals(rnn.wiring().signs().get(array))) {
                    throw new IllegalArgumentException("signs of " + array
                            + " are given, expected those of the network to go on from, which has others");
                }
            });
            EntrySet found = rnn.wiring().mask();
            boolean selfOnly = asked.mask() == null && found != null && found.equals(found.withoutDiagonal());
            if (wanted.mask() != null && !wanted.mask().equals(found) && !selfOnly) {
                throw new IllegalArgumentException((asked.mask() == null ? "selfConnections is false" : "mask is given")
                        + ", expected the connections of the network to go on from, which has others");
            }
            if (asked.rank() != 0 && asked.rank() != rnn.rank()) {
                throw new IllegalArgumentException("rank is " + asked.rank() + ", expected "
                        + (rnn.rank() == 0 ? "none" : rnn.rank()) + " as the network to go on from has");
            }
            if (asked.recurrentNoiseSd() != 0.0 && asked.recurrentNoiseSd() != rnn.noiseSd()) {
                throw new IllegalArgumentException("recurrentNoiseSd is " + asked.recurrentNoiseSd() + ", expected "
                        + rnn.noiseSd() + " as the network to go on from has");
            }
        }

        private void spreadOver(List<?> stages, Map<ConfigField<?>, Object> values) {
            for (ConfigField<?> field : List.of(EPOCHS, STOP_LOSS)) {
                if (chosen.containsKey(field)) {
                    throw new IllegalArgumentException(field.name() + " is " + chosen.get(field)
                            + ", expected none where there are stages, which have their own");
                }
            }
            long epochs = 0;
            for (Object stage : stages) {
                ConfigField.atLeast("epochs of a stage", ((Stage) stage).epochs(), 1);
                epochs += ((Stage) stage).epochs();
            }
            values.put(EPOCHS, Math.toIntExact(Math.min(epochs, Integer.MAX_VALUE)));
            values.put(STOP_LOSS, ((Stage) stages.get(stages.size() - 1)).stopLoss());
        }
    }
}
