package attractor.train;

import attractor.io.FormatException;
import attractor.io.Json;
import attractor.io.NpyArray;
import attractor.io.Npz;
import attractor.kernel.Kernels;
import attractor.model.RnnShape;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Where a training stands between two steps: all that the steps to come depend on, beside the configuration. Belongs to one
 * thread.
 */
final class TrainingState {
    private static final long FORMAT_VERSION = 1;
    private static final Set<String> KEYS = Set.of(
            "format_version",
            "configuration",
            "parameters",
            "best_parameters",
            "adam_m",
            "adam_v",
            "steps",
            "batch",
            "loss_sum",
            "seconds",
            "epoch_losses",
            "epoch_validation_losses",
            "tau_theta",
            "tau_m",
            "tau_v",
            "best_tau_theta",
            "epoch_seconds");

    private final TrainingConfig config;
    private final int batches;

    /** Laid out as {@link RnnShape} says. */
    final double[] parameters;

    final Adam adam;
    /** Where tau is trained. */
    final TrainedTau tau;

    final List<EpochSummary> history = new ArrayList<>();
    /** Batches done of the epoch after those in the history. */
    int batch;
    /** Sum of their losses times their numbers of trials. */
    double lossSum;
    /** Time that their steps took. */
    double seconds;
    /** The parameters after the epoch with the lowest loss; null while there is none. */
    double[] best;
    /** Their theta, where tau is trained. */
    double bestTheta;

    private double bestLoss = Double.POSITIVE_INFINITY;
    private int bestEpoch;

    /** Before the first step; the parameters are kept, not copied. */
    TrainingState(TrainingConfig config, double[] parameters, int trained, Kernels kernels) {
        this.config = config;
        this.parameters = parameters;
        adam = new Adam(config.adam(), trained, kernels);
        tau = config.model().trainTau() ? new TrainedTau(config.dtMs(), config.tauMs(), config.adam(), kernels) : null;
        batches = config.batches();
    }

    /** Whether no step is to come. */
    boolean done() {
        int epochs = history.size();
        return epochs == config.epochs()
                || (epochs > 0 && history.get(epochs - 1).loss() < config.stopLoss())
                || (config.fit().patience() > 0
                        && epochs - bestEpoch >= config.fit().patience());
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
     * Ends an epoch after its last batch; returns whether it is the best so far.
     *
     * @param validationLoss loss on the trials held out, NaN if none are
     */
    boolean endEpoch(double validationLoss) {
        double loss = lossSum / config.trainingTrials();
        EpochSummary epoch = new EpochSummary(history.size() + 1, loss, seconds, validationLoss);
        history.add(epoch);
        batch = 0;
        lossSum = 0.0;
        seconds = 0.0;
        // The first is the best even if its validation loss is infinite.
        boolean better = best == null || epoch.selectionLoss() < bestLoss;
        if (better) {
            bestLoss = epoch.selectionLoss();
            bestEpoch = epoch.number();
            best = parameters.clone();
            bestTheta = tau == null ? 0.0 : tau.theta();
        }
        return better;
    }

    void write(Path file) throws IOException {
        Map<String, NpyArray> arrays = new LinkedHashMap<>();
        arrays.put("format_version", NpyArray.scalar(FORMAT_VERSION));
        arrays.put("configuration", NpyArray.scalar(Json.compact(config.toJson())));
        arrays.put("parameters", NpyArray.of(parameters, parameters.length));
        if (best != null) {
            arrays.put("best_parameters", NpyArray.of(best, best.length));
        }
        arrays.put("adam_m", NpyArray.of(adam.firstMoments(), adam.firstMoments().length));
        arrays.put("adam_v", NpyArray.of(adam.secondMoments(), adam.secondMoments().length));
        arrays.put("steps", NpyArray.scalar(adam.iteration()));
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
            arrays.put("tau_m", NpyArray.of(tau.adam().firstMoments(), 1));
            arrays.put("tau_v", NpyArray.of(tau.adam().secondMoments(), 1));
            arrays.put("best_tau_theta", NpyArray.scalar(bestTheta));
        }
        Npz.write(file, arrays);
    }

    /**
     * Takes over the state in a file.
     *
     * @throws FormatException if it isn't one of this configuration
     */
    void read(Path file) throws IOException {
        Npz npz = Npz.read(file, KEYS);
        expect(npz, "format_version", npz.integer("format_version"), FORMAT_VERSION);
        TrainingConfig written =
                TrainingConfig.fromJson(Json.parseObject(npz.text("configuration"), npz.name()), npz.name());
        if (!written.equals(config)) {
            throw new FormatException(npz.name() + ": belongs to another training than " + RunDirectory.RUN
                    + " beside it, expected the same configuration");
        }
        double[] losses = npz.doubles("epoch_losses", -1);
        double[] times = npz.doubles("epoch_seconds", losses.length);
        long batchesDone = npz.integer("batch");
        long steps = npz.integer("steps");
        if (losses.length > config.epochs() || batchesDone < 0 || batchesDone >= batches) {
            throw new FormatException(npz.name() + ": has " + losses.length + " epochs and " + batchesDone
                    + " batches, expected at most " + config.epochs() + " and " + (batches - 1));
        }
        expect(npz, "steps", steps, losses.length * (long) batches + batchesDone);
        double[] p = finite(npz, "parameters", parameters.length);
        // A moment may have overflowed, with finite parameters.
        double[] m = npz.doubles("adam_m", adam.firstMoments().length);
        double[] v = npz.doubles("adam_v", adam.secondMoments().length);
        double[] b = losses.length == 0 ? null : finite(npz, "best_parameters", parameters.length);
        double[] validation =
                config.fit().validation() > 0.0 ? npz.doubles("epoch_validation_losses", losses.length) : null;
        if (tau != null) {
            double theta = finite(npz, "tau_theta")[0];
            bestTheta = finite(npz, "best_tau_theta")[0];
            tau.restore(theta, steps, npz.doubles("tau_m", 1), npz.doubles("tau_v", 1));
        }
        System.arraycopy(p, 0, parameters, 0, p.length);
        adam.restore(steps, m, v);
        best = b;
        batch = (int) batchesDone;
        lossSum = npz.number("loss_sum");
        seconds = npz.number("seconds");
        for (int i = 0; i < losses.length; i++) {
            EpochSummary epoch =
                    new EpochSummary(i + 1, losses[i], times[i], validation == null ? Double.NaN : validation[i]);
            history.add(epoch);
            if (i == 0 || epoch.selectionLoss() < bestLoss) {
                bestLoss = epoch.selectionLoss();
                bestEpoch = epoch.number();
            }
        }
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
