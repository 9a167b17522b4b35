package attractor.cli.option;

import attractor.engine.Adam;
import attractor.engine.Loss;
import attractor.engine.Optimizer;
import attractor.engine.Sgd;
import attractor.io.Printable;
import attractor.kernel.Activation;
import attractor.model.Form;
import attractor.model.Initializers;
import attractor.model.Initializers.Recurrent;
import attractor.model.ModelOptions;
import attractor.model.Precision;
import attractor.study.Studies.Training;
import attractor.task.Task;
import attractor.train.Stage;
import attractor.train.TrainingConfig;
import attractor.train.TrainingData;
import attractor.train.TrialOrigin;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * The options of a training: its trials, its network and how it is trained. All commands that train have these same
 * options; which kind of initial weights and which seeds, each of them says in its own way.
 */
public final class TrainingOptions {
    private static final Set<String> OLD = Set.of("--units", "--epochs", "--samples", "--clip-norm");

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @Option(names = "--units", paramLabel = "N", description = "Recurrent units (default: 50).")
    private Integer units;

    @Option(
            names = "--data-seed",
            paramLabel = "S",
            description =
                    "Seed of the trials, the choice of held-out ones, shuffling, trials to evaluate on and noise in the states (default: --seed).")
    private Long dataSeed;

    @Option(
            names = "--epochs",
            paramLabel = "N",
            description = "Epochs; 0 evaluates the initial network (default: 20).")
    private Integer epochs;

    @Option(
            names = "--samples",
            paramLabel = "N",
            description = "Trials, drawn once (default: the task's, 15000 or 25000; all with --data).")
    private Integer samples;

    @Option(names = "--batch", paramLabel = "N", description = "Trials per batch (default: 64).")
    private Integer batch;

    @Option(
            names = "--loss",
            paramLabel = "LOSS",
            description =
                    "The loss: mse, the mean squared error, or cross-entropy of the outputs' softmax, for two outputs or "
                            + "more and one-hot targets (default: the task's; mse with --data). With another loss than its own "
                            + "a task's --stop-loss doesn't apply.")
    private String loss;

    @Option(
            names = "--loss-weights",
            paramLabel = "X,...",
            split = ",",
            hideParamSyntax = true,
            description =
                    "How much each output counts in the loss, or each class with cross-entropy (default: all the same).")
    private List<Double> lossWeights;

    @Option(
            names = "--optimizer",
            paramLabel = "KIND",
            description = "adam, or sgd for gradient descent with momentum (default: adam).")
    private String optimizerName;

    @Option(names = "--momentum", paramLabel = "X", description = "For --optimizer sgd, in [0, 1) (default: 0.9).")
    private Double momentum;

    @Option(names = "--lr", paramLabel = "X", description = "The learning rate (default: 1e-4).")
    private Double learningRate;

    @Option(
            names = "--decay",
            paramLabel = "X",
            description = "Each step uses the rate lr / (1 + decay * step) (default: 1e-4; 0 with --schedule).")
    private Double decay;

    @Option(
            names = "--clip-norm",
            paramLabel = "X",
            description = "Largest norm of the gradient, 0 for no limit (default: 0).")
    private Double clipNorm;

    @Option(
            names = "--stop-loss",
            paramLabel = "X",
            description = "Stop early when an epoch's mean loss is lower, 0 for never (default: the task's).")
    private Double stopLoss;

    @Option(
            names = "--activation",
            paramLabel = "PHI",
            description =
                    "tanh, relu, sigmoid, identity, softplus or leaky_relu, whose slope below 0 is 0.01 (default: tanh).")
    private String activation;

    @Option(
            names = "--form",
            paramLabel = "FORM",
            description =
                    "What the state is: rate, h' = (1-alpha) h + alpha phi(W_rec h + ...), or current, x' = (1-alpha) x + alpha (W_rec phi(x) "
                            + "+ ...) with y = W_out phi(x) + b_out (default: rate).")
    private String form;

    @Option(
            names = "--precision",
            paramLabel = "P",
            description =
                    "double or float: dynamics, gradient, optimiser and the network's files in float64 or float32, whose steps take about "
                            + "half the time (default: double).")
    private String precision;

    @Option(names = "--tau", paramLabel = "MS", description = "Time constant, at least --dt (default: as --dt).")
    private Double tauMs;

    @Option(
            names = "--recurrent-bias",
            negatable = true,
            description =
                    "Whether units have a bias (default: as the task needs; of the built-in tasks only not does).")
    private Boolean recurrentBias;

    @Option(
            names = "--stages",
            paramLabel = "FILE.json",
            description = "Train in stages, each with its own task options, learning rate and length; see above.")
    private Path stagesFile;

    @Mixin
    private DataOptions data;

    @Mixin
    private GivenModelOptions model;

    @Mixin
    private GivenTaskOptions arguments;

    private boolean saidUnbalanced;

    /** Stages that don't come from a file, as JSON; null for none. */
    private Object stagesGiven;

    private String stagesSource;

    /**
     * Sets the stages.
     *
     * @param json an array of objects, as in the file of {@code --stages}
     * @param source where it comes from, for messages
     */
    void stages(Object json, String source) {
        stagesGiven = json;
        stagesSource = source;
    }

    private boolean hasStages() {
        return stagesFile != null || stagesGiven != null;
    }

    /** The options of trials from a file. */
    public DataOptions data() {
        return data;
    }

    /** The options of the task. */
    public GivenTaskOptions arguments() {
        return arguments;
    }

    /** The options of the network that the paper's networks don't have. */
    public GivenModelOptions model() {
        return model;
    }

    /** The activation, null if it isn't given. */
    public String activation() {
        return activation;
    }

    /** The number of trials, null if it isn't given. */
    public Integer samples() {
        return samples;
    }

    /**
     * Refuses what a training without such trials can't have.
     *
     * @param task null for trials from a file
     * @throws ParameterException if there are both a task and a file, or neither, or an option goes with the other only
     */
    public void requireTaskOrData(String task) {
        if ((task == null) == (data.file() == null)) {
            throw wrong(
                    task == null
                            ? "which task? attractor tasks lists them; or --data for trials of your own"
                            : "task " + task + " and --data " + data.file() + " are given, expected one of them");
        }
        if (task != null) {
            data.requireNone();
        }
        if (hasStages() && task == null) {
            throw wrong("--stages goes with a task, whose options change, expected none with --data");
        }
    }

    /** The names of all these options. */
    private static Set<String> names() {
        Set<String> names = new HashSet<>();
        for (OptionSpec option : new CommandLine(new Alone()).getCommandSpec().options()) {
            names.addAll(List.of(option.names()));
        }
        return names;
    }

    @Command(name = "training")
    private static final class Alone {
        @Mixin
        @SuppressWarnings("unused") // for picocli
        private TrainingOptions options;
    }

    /**
     * Those of these options that a command was given, by their names without dashes, as text; but for those that studies
     * have always had, so that their settings are as they were.
     */
    public Map<String, Object> given(CommandLine command) {
        Map<String, Object> given = new LinkedHashMap<>();
        Set<String> ours = names();
        for (OptionSpec option : command.getParseResult().matchedOptions()) {
            if (ours.contains(option.longestName()) && !OLD.contains(option.longestName())) {
                given.put(
                        option.longestName().replaceFirst("^-+", ""), String.join(" ", option.originalStringValues()));
            }
        }
        return given;
    }

    /** The trials in the file of {@code --data}. */
    public DataOptions.Read trials() throws IOException {
        return data.read(samples, arguments, DataOptions.HELD_OUT);
    }

    /** The usual training on a task with the given options. */
    public TrainingConfig usual(String task) {
        return TrainingConfig.builder(arguments.task(task, Map.of())).build();
    }

    /** The usual training on trials from a file. */
    public static TrainingConfig usual(DataOptions.Read read) {
        return TrainingConfig.builder(
                        read.trials().training(),
                        read.dtMs(),
                        read.trials().evaluation().size())
                .build();
    }

    /**
     * A new training.
     *
     * @param usual see {@link #usual}
     * @param trials null if the trials come from a task
     * @param init null for the usual initial weights
     * @param seed of the weights, and of everything else that {@code --data-seed} doesn't give another
     * @throws IOException if a file can't be read or isn't what it should be
     * @throws IllegalArgumentException if options contradict each other
     */
    public TrainingConfig config(TrainingConfig usual, TrainingData trials, Recurrent init, long seed)
            throws IOException {
        TrainingConfig.Builder builder = usual.toBuilder().seed(seed).tauMs(usual.dtMs());
        if (init != null) {
            builder.init(init);
        }
        add(builder, usual, trials, seed);
        TrainingConfig config = builder.build();
        noteUnbalanced(config, trials);
        config.loss().check(outputs(config, trials));
        return config;
    }

    /**
     * Trainings with many seeds.
     *
     * @param usual see {@link #usual}
     * @param data the trials, if they don't come from a task
     * @param init null for the usual initial weights
     * @param first the first seed, with which everything is tried, so that nothing fails later
     * @throws IOException if a file can't be read or isn't what it should be
     * @throws IllegalArgumentException if options contradict each other
     */
    public Training training(TrainingConfig usual, Optional<TrainingData> data, Recurrent init, long first)
            throws IOException {
        TrainingConfig config = config(usual, data.orElse(null), init, first);
        config.initialNetwork(inputs(config, data.orElse(null)), outputs(config, data.orElse(null)));
        return new Training(seed -> withSeed(config, seed), data);
    }

    private static int inputs(TrainingConfig config, TrainingData trials) {
        return trials != null ? trials.training().inputs() : config.makeTask().inputs();
    }

    /** The training of {@link #config} with another seed; no file is read again. */
    public TrainingConfig withSeed(TrainingConfig config, long seed) {
        TrainingConfig.Builder builder = config.toBuilder().seed(seed).model(model.withSeed(config.model(), seed));
        if (dataSeed != null) {
            builder.dataSeed(dataSeed);
        }
        return builder.build();
    }

    /** Number of outputs. */
    public static int outputs(TrainingConfig config, TrainingData trials) {
        return trials != null ? trials.training().outputs() : config.makeTask().outputs();
    }

    /**
     * Adds the given options to a configuration.
     *
     * @param usual what it is without them
     * @param trials null if the trials come from a task
     * @param seed of the training
     */
    public void add(TrainingConfig.Builder builder, TrainingConfig usual, TrainingData trials, long seed)
            throws IOException {
        if (units != null) {
            builder.units(units);
        }
        if (activation != null) {
            builder.activation(Activation.of(activation));
        }
        if (form != null) {
            builder.form(Form.of(form));
        }
        if (precision != null) {
            builder.precision(Precision.of(precision));
        }
        if (tauMs != null) {
            builder.tauMs(tauMs);
        }
        if (recurrentBias != null) {
            builder.recurrentBias(recurrentBias);
        }
        if (dataSeed != null) {
            builder.dataSeed(dataSeed);
        }
        if (epochs != null && !hasStages()) {
            builder.epochs(epochs);
        }
        if (samples != null && trials == null) {
            builder.samples(samples);
        }
        if (batch != null) {
            builder.batch(batch);
        }
        if (clipNorm != null) {
            builder.clipNorm(clipNorm);
        }
        if (stopLoss != null) {
            builder.stopLoss(stopLoss);
        }
        Optimizer.Options optimizer = optimizer(usual.optimizer());
        builder.optimizer(optimizer);
        if (loss != null || lossWeights != null) {
            builder.loss(loss(usual.loss()));
        }
        builder.model(model.model(usual.model(), seed)).fit(model.fit(usual.fit()));
        if (hasStages()) {
            builder.stages(stages(usual, optimizer.learningRate()));
        }
    }

    /** The precision asked for; null if none was. */
    public String precision() {
        return precision;
    }

    private ParameterException wrong(String message) {
        return new ParameterException(spec.commandLine(), message);
    }

    /** The loss that was asked for; what isn't said is as usual. */
    private Loss loss(Loss usual) {
        String name = loss == null
                ? usual.name()
                : Loss.all().stream()
                        .map(Loss::name)
                        .filter(loss::equalsIgnoreCase)
                        .findFirst()
                        .orElse(loss);
        List<Double> weights =
                lossWeights != null ? lossWeights : name.equals(usual.name()) ? usual.weights() : List.<Double>of();
        return Loss.byName(name, weights);
    }

    /**
     * Says once how many units start without a balance of excitation and inhibition.
     *
     * @param trials null if the trials come from a task
     */
    public void noteUnbalanced(TrainingConfig config, TrainingData trials) {
        ModelOptions options = config.model();
        if (saidUnbalanced || (options.dale() == null && !options.signs().containsKey("W_rec"))) {
            return;
        }
        int units = Initializers.unbalanced(config.initialNetwork(inputs(config, trials), outputs(config, trials)));
        if (units > 0) {
            saidUnbalanced = true;
            spec.commandLine()
                    .getErr()
                    .println("attractor: note: the initial recurrent weights to " + units + " of "
                            + Printable.count(config.units(), "unit")
                            + " are all of one sign, so that nothing balances their input");
        }
    }

    /** @param usual Adam's for a new training, those of the run that is resumed */
    private Optimizer.Options optimizer(Optimizer.Options usual) {
        String name = optimizerName == null ? usual.name() : optimizerName.toLowerCase(Locale.ROOT);
        double rate = learningRate != null ? learningRate : usual.learningRate();
        double lrDecay = decay != null ? decay : model.decay(usual.numbers().getOrDefault("decay", 0.0));
        switch (name) {
            case "adam" -> {
                if (momentum != null) {
                    throw wrong("--momentum is " + momentum + ", expected it with --optimizer sgd only");
                }
                Adam.Options adam = usual instanceof Adam.Options same ? same : Adam.Options.DEFAULT;
                return new Adam.Options(rate, lrDecay, adam.beta1(), adam.beta2(), adam.epsilon());
            }
            case "sgd" -> {
                double kept = usual instanceof Sgd.Options same ? same.momentum() : 0.9;
                return new Sgd.Options(rate, lrDecay, momentum != null ? momentum : kept);
            }
            default -> {
                if (optimizerName != null || momentum != null || decay != null) {
                    throw wrong("--optimizer is '" + (optimizerName == null ? name : optimizerName)
                            + "', expected adam or sgd");
                }
                return learningRate == null ? usual : usual.withLearningRate(learningRate); // a user's own, by name
            }
        }
    }

    private Object stagesName() {
        return stagesFile != null ? stagesFile : stagesSource;
    }

    private List<Stage> stagesOf(Task task, double rate, int most) throws IOException {
        return stagesFile != null
                ? Stage.read(stagesFile, task, rate, most)
                : Stage.of(stagesGiven, stagesSource, task, rate, most);
    }

    /** The stages. */
    private List<Stage> stages(TrainingConfig usual, double rate) throws IOException {
        if (usual.trials() instanceof TrialOrigin.OfArrays) {
            throw wrong("--stages goes with a task, whose options change, expected none with --data");
        }
        Task task = usual.makeTask();
        int most = epochs != null ? epochs : 20;
        List<Stage> stages = stagesOf(task, rate, most);
        // An option that no stage uses would be ignored.
        if (epochs != null && stages.equals(stagesOf(task, rate, most + 1))) {
            throw wrong("--epochs is given, and all stages in " + stagesName() + " have epochs of their own");
        }
        if (learningRate != null && stages.equals(stagesOf(task, 2 * rate, most))) {
            throw wrong("--lr is given, and all stages in " + stagesName() + " have a learningRate of their own");
        }
        for (String key : arguments.keys()) {
            Object value = usual.taskOptions().get(key);
            if (stages.stream().noneMatch(stage -> stage.taskOptions().get(key).equals(value))) {
                throw wrong(GivenTaskOptions.optionName(key) + " is given, and all stages in " + stagesName()
                        + " have another " + key + " of their own");
            }
        }
        return stages;
    }
}
