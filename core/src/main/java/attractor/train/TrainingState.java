package attractor.train;

import attractor.engine.Optimizer;
import attractor.engine.TrainedTau;
import attractor.io.FormatException;
import attractor.io.Json;
import attractor.io.NpyArray;
import attractor.io.Npz;
import attractor.io.Printable;
import attractor.kernel.Kernels;
import attractor.model.Precision;
import attractor.model.Rnn;
import attractor.model.RnnShape;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The state of a training between two steps: everything, beside the configuration, that the next steps depend on.
 * Belongs to one thread.
 */
final class TrainingState {
    private static final long FORMAT_VERSION = 2;
    /** The first version of the file, with Adam's moments in arrays of their own. */
    private static final long FIRST_VERSION = 1;

    private static final Set<String> KEYS = Set.of(
            "format_version",
            "configuration",
            "parameters",
            "best_parameters",
            "optimizer",
            "steps",
            "batch",
            "loss_sum",
            "seconds",
            "epoch_losses",
            "epoch_validation_losses",
            "tau_theta",
            "tau_optimizer",
            "best_tau_theta",
            "epoch_seconds");

    /** The arrays of the first version that this one no longer has. */
    private static final Set<String> FIRST_KEYS = Set.of("adam_m", "adam_v", "tau_m", "tau_v");

    private final TrainingConfig config;
    private final Kernels kernels;
    /** N + O. */
    private final int columns;

    private final int batches;
    private final List<Stage> plan;

    /** Laid out as {@link RnnShape} says. */
    final double[] parameters;

    /** With the rate of the stage. */
    Optimizer optimizer;
    /** With the rate of the stage; null if tau is not trained. */
    TrainedTau tau;

    final List<EpochSummary> history = new ArrayList<>();
    /** Batches that are done of the epoch after those in the history. */
    int batch;
    /** Sum over these batches of loss times number of trials. */
    double lossSum;
    /** Time that their steps took. */
    double seconds;
    /** The parameters after the epoch with the lowest loss of its stage; before the first epoch the initial ones. */
    double[] best;
    /** The theta that belongs to {@link #best}, if tau is trained. */
    double bestTheta;

    /** Index in the plan; its length when all stages are over. */
    private int stage;
    /** Number of epochs before the stage. */
    private int before;

    private double bestLoss = Double.POSITIVE_INFINITY;
    /** 0 before the first epoch. */
    private int bestEpoch;
    /** Number of epochs that the training was to have when a session last saved its state. */
    private int epochsWhenSaved;

    /** The state before the first step; the parameters are kept, not copied. */
    TrainingState(TrainingConfig config, double[] parameters, int trained, int columns, Kernels kernels) {
        this.config = config;
        this.parameters = parameters;
        this.kernels = kernels;
        this.columns = columns;
        plan = config.plan();
        batches = config.batches();
        epochsWhenSaved = config.epochs();
        best = parameters.clone();
        Optimizer.Options options = options();
        optimizer = create(options, trained);
        if (config.model().trainTau()) {
            tau = new TrainedTau(config.dtMs(), config.tauMs(), options, kernels);
            bestTheta = tau.theta();
        }
        endStages();
    }

    /** Whether no steps are left. */
    boolean done() {
        return stage == plan.size();
    }

    /** The index of the stage of the next step, or the number of stages if no steps are left. */
    int stageIndex() {
        return stage;
    }

    /** The stage of an epoch that is done; the first stage for epoch 0. */
    Stage stageOf(int epoch) {
        return plan.get(epoch == 0 ? 0 : history.get(epoch - 1).stage() - 1);
    }

    /** The epoch with the lowest loss of its stage; 0 before the first. */
    int bestEpoch() {
        return bestEpoch;
    }

    /** Whether the training was begun with another number of epochs. */
    boolean extended() {
        return epochsWhenSaved != config.epochs();
    }

    /**
     * The network after the best epoch; the initial one before the first epoch.
     *
     * @param initial the network before the first step
     */
    Rnn best(Rnn initial) {
        Rnn network = initial.withParameters(best);
        // theta gives back tau only up to rounding, so before the first epoch tau itself stays.
        return tau != null && bestEpoch > 0 ? network.withTau(tau.tauMs(bestTheta)) : network;
    }

    /** Time that all steps took. */
    double totalSeconds() {
        double sum = seconds;
        for (EpochSummary epoch : history) {
            sum += epoch.seconds();
        }
        return sum;
    }

    /**
     * Ends an epoch after its last batch; returns whether it is the best of its stage so far.
     *
     * @param validationLoss loss on the held-out trials, NaN if there are none
     */
    boolean endEpoch(double validationLoss) {
        double loss = lossSum / config.trainingTrials();
        boolean better = add(new EpochSummary(history.size() + 1, loss, seconds, validationLoss, stage + 1));
        batch = 0;
        lossSum = 0.0;
        seconds = 0.0;
        if (better) {
            best = parameters.clone();
            bestTheta = tau == null ? 0.0 : tau.theta();
        }
        int old = stage;
        endStages();
        if (stage != old) {
            setRate();
        }
        return better;
    }

    /** Adam's state: the first moments, then the second ones. */
    private static double[] joined(double[] m, double[] v) {
        double[] all = Arrays.copyOf(m, m.length + v.length);
        System.arraycopy(v, 0, all, m.length, v.length);
        return all;
    }

    /** Adds an epoch to the history; returns whether it is the best of its stage so far. */
    private boolean add(EpochSummary epoch) {
        history.add(epoch);
        // A stage's first epoch is its best so far even if its validation loss is infinite.
        boolean better = bestEpoch <= before || epoch.selectionLoss() < bestLoss;
        if (better) {
            bestLoss = epoch.selectionLoss();
            bestEpoch = epoch.number();
        }
        return better;
    }

    /** Goes on to the next stage if this one is over. */
    private void endStages() {
        int epochs = history.size();
        if (stage < plan.size() && isOver(plan.get(stage), epochs)) {
            stage++;
            before = epochs;
        }
    }

    private boolean isOver(Stage current, int epochs) {
        int patience = config.fit().patience();
        return epochs - before == current.epochs()
                || (epochs > before && history.get(epochs - 1).loss() < current.stopLoss())
                || (patience > 0 && epochs > before && epochs - bestEpoch >= patience);
    }

    private Optimizer.Options options() {
        double rate = plan.get(Math.min(stage, plan.size() - 1)).learningRate();
        Optimizer.Options options = config.optimizer();
        return rate == options.learningRate() ? options : options.withLearningRate(rate);
    }

    private Optimizer create(Optimizer.Options options, int count) {
        return config.precision() == Precision.FLOAT
                ? FloatOptimization.create(options, count, kernels, columns)
                : options.create(count, kernels);
    }

    /** Gives the optimisers the rate of the stage; their state stays. */
    private void setRate() {
        Optimizer old = optimizer;
        optimizer = create(options(), old.count());
        optimizer.restore(old.iteration(), old.state());
        if (tau != null) {
            TrainedTau t = tau;
            tau = new TrainedTau(config.dtMs(), config.tauMs(), options(), kernels);
            tau.restore(t.theta(), t.optimizer().iteration(), t.optimizer().state());
        }
    }

    void writeTo(OutputStream out) throws IOException {
        Map<String, NpyArray> arrays = new LinkedHashMap<>();
        arrays.put("format_version", NpyArray.scalar(FORMAT_VERSION));
        arrays.put("configuration", NpyArray.scalar(Json.compact(config.toJson())));
        arrays.put("parameters", values(parameters));
        if (!history.isEmpty()) {
            arrays.put("best_parameters", values(best));
        }
        double[] moments = optimizer.state();
        // A user's own optimiser may have a state in double.
        arrays.put(
                "optimizer",
                config.precision().firstInexact(moments) < 0 ? values(moments) : NpyArray.of(moments, moments.length));
        arrays.put("steps", NpyArray.scalar(optimizer.iteration()));
        arrays.put("batch", NpyArray.scalar((long) batch));
        arrays.put("loss_sum", NpyArray.scalar(lossSum));
        arrays.put("seconds", NpyArray.scalar(seconds));
        int epochs = history.size();
        arrays.put(
                "epoch_losses",
                NpyArray.of(history.stream().mapToDouble(EpochSummary::loss).toArray(), epochs));
        arrays.put(
                "epoch_seconds",
                NpyArray.of(history.stream().mapToDouble(EpochSummary::seconds).toArray(), epochs));
        if (config.fit().validation() > 0.0) {
            arrays.put(
                    "epoch_validation_losses",
                    NpyArray.of(
                            history.stream()
                                    .mapToDouble(EpochSummary::validationLoss)
                                    .toArray(),
                            epochs));
        }
        if (tau != null) {
            arrays.put("tau_theta", NpyArray.scalar(tau.theta()));
            double[] ofTheta = tau.optimizer().state();
            arrays.put("tau_optimizer", NpyArray.of(ofTheta, ofTheta.length));
            arrays.put("best_tau_theta", NpyArray.scalar(bestTheta));
        }
        Npz.writeTo(out, arrays);
    }

    /** Numbers in the precision of the training. */
    private NpyArray values(double[] values) {
        return config.precision() == Precision.FLOAT
                ? NpyArray.ofSingles(values, values.length)
                : NpyArray.of(values, values.length);
    }

    /**
     * Takes over the state in a file.
     *
     * @param npz the file, which has no other arrays than {@link #known}
     * @param run the run's name in messages
     * @throws FormatException if the file doesn't belong to this configuration
     */
    void read(Npz npz, String run) throws IOException {
        boolean first = npz.integer("format_version") == FIRST_VERSION;
        if (!first) {
            expect(npz, "format_version", npz.integer("format_version"), FORMAT_VERSION);
            npz.requireOnly(KEYS);
        }
        TrainingConfig written =
                TrainingConfig.fromJson(Json.parseObject(npz.text("configuration"), npz.name()), npz.name());
        if (!written.sameButEpochs(config)) {
            throw new FormatException(npz.name() + ": belongs to another training than " + RunDirectory.RUN
                    + " beside it, expected the same configuration");
        }
        double[] losses = npz.doubles("epoch_losses", -1);
        double[] times = npz.doubles("epoch_seconds", losses.length);
        long batchesDone = npz.integer("batch");
        long steps = npz.integer("steps");
        int begun = losses.length + (batchesDone > 0 ? 1 : 0);
        if (begun > config.epochs() && written.epochs() != config.epochs()) {
            throw new ResumeRefusedException("cannot resume " + run + ": its epoch " + begun
                    + " has begun, expected at least " + Printable.count(begun, "epoch") + ", not " + config.epochs());
        }
        if (begun > config.epochs() || batchesDone < 0 || batchesDone >= batches) {
            throw new FormatException(npz.name() + ": has " + Printable.count(losses.length, "epoch") + " and "
                    + batchesDone + " batches, expected at most " + config.epochs() + " and " + (batches - 1));
        }
        expect(npz, "steps", steps, losses.length * (long) batches + batchesDone);
        double[] p = finite(npz, "parameters", parameters.length);
        // A moment may have overflowed although the parameters are finite.
        double[] moments = first
                ? joined(npz.doubles("adam_m", optimizer.count()), npz.doubles("adam_v", optimizer.count()))
                : npz.doubles("optimizer", optimizer.state().length);
        double[] b = losses.length == 0 ? parameters.clone() : finite(npz, "best_parameters", parameters.length);
        double[] validation =
                config.fit().validation() > 0.0 ? npz.doubles("epoch_validation_losses", losses.length) : null;
        if (tau != null) {
            double theta = finite(npz, "tau_theta")[0];
            bestTheta = finite(npz, "best_tau_theta")[0];
            tau.restore(
                    theta,
                    steps,
                    first
                            ? joined(npz.doubles("tau_m", 1), npz.doubles("tau_v", 1))
                            : npz.doubles("tau_optimizer", tau.optimizer().state().length));
        }
        System.arraycopy(p, 0, parameters, 0, p.length);
        optimizer.restore(steps, moments);
        best = b;
        batch = (int) batchesDone;
        lossSum = npz.number("loss_sum");
        seconds = npz.number("seconds");
        epochsWhenSaved = written.epochs();
        for (int i = 0; i < losses.length; i++) {
            if (done()) {
                throw new FormatException(npz.name() + ": has " + Printable.count(losses.length, "epoch")
                        + ", expected " + i + ", after which the training was over");
            }
            add(new EpochSummary(
                    i + 1, losses[i], times[i], validation == null ? Double.NaN : validation[i], stage + 1));
            endStages();
        }
        setRate();
    }

    /** The arrays that a file of either version may have. */
    static Set<String> known() {
        Set<String> all = new HashSet<>(KEYS);
        all.addAll(FIRST_KEYS);
        return all;
    }

    private static void expect(Npz npz, String key, long found, long expected) throws FormatException {
        if (found != expected) {
            throw new FormatException(npz.name() + ": " + key + " is " + found + ", expected " + expected);
        }
    }

    private static double[] finite(Npz npz, String key, int... shape) throws FormatException {
        double[] values = npz.doubles(key, shape);
        for (int i = 0; i < values.length; i++) {
            if (!Double.isFinite(values[i])) {
                throw new FormatException(
                        npz.name() + ": " + key + "[" + i + "] is " + values[i] + ", expected a finite number");
            }
        }
        return values;
    }
}
