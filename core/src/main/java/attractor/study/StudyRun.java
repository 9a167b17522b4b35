package attractor.study;

import attractor.io.FormatException;
import attractor.io.Json;
import attractor.io.JsonObject;
import attractor.io.Printable;
import attractor.task.Task;
import attractor.task.Tasks;
import attractor.train.ExecutionSettings;
import attractor.train.RunFiles;
import attractor.train.Trainer;
import attractor.train.TrainingConfig;
import attractor.train.TrainingData;
import attractor.train.TrialOrigin;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * One run of a study: a training, and a measurement of the trained network. Two equal descriptions give the same
 * results. Immutable, safe for any number of threads.
 *
 * @param training how the network is trained
 * @param measurement what is measured
 * @param data the trials, if the training's don't come from a task. They are no part of the description as JSON, which
 *     has only their digest; without them the run can be described but not performed.
 */
public record StudyRun(TrainingConfig training, Measurement measurement, Optional<TrainingData> data) {
    /** Hexadecimal digits of a hash: 64 bits. */
    private static final int DIGITS = 16;

    /** What stands for a task's name where the trials come from data. */
    static final String DATA = "data";

    /** @throws IllegalArgumentException if there are data for a task, or others than the training's by their number, or this measurement isn't possible */
    public StudyRun {
        if (data.isPresent()) {
            requireFitting(training, data.get());
        }
        if (data.isPresent() || isOfTask(training)) {
            measurement.check(task(training, data));
        }
    }

    /**
     * A run whose trials come from a task.
     *
     * @throws IllegalArgumentException if this measurement isn't possible on the task
     */
    public StudyRun(TrainingConfig training, Measurement measurement) {
        this(training, measurement, Optional.empty());
    }

    private static void requireFitting(TrainingConfig training, TrainingData data) {
        if (!(training.trials() instanceof TrialOrigin.OfArrays arrays)) {
            throw new IllegalArgumentException(
                    "the run has trials of its own, expected none for task " + training.task());
        }
        if (data.training().size() != training.samples()) {
            throw new IllegalArgumentException(
                    "the run has " + Printable.count(data.training().size(), "trial") + ", expected "
                            + training.samples() + " as configured, those with the SHA-256 " + arrays.digest());
        }
    }

    private static boolean isOfTask(TrainingConfig training) {
        return training.trials() instanceof TrialOrigin.OfTask;
    }

    /**
     * What the network is measured on: the task, that of the last stage if there are stages; or the trials that were
     * held out.
     *
     * @throws IllegalStateException if the trials come from data that the run doesn't have
     */
    Task task() {
        return task(training, data);
    }

    private static Task task(TrainingConfig training, Optional<TrainingData> data) {
        if (isOfTask(training)) {
            return training.lastTask();
        }
        TrainingData found = data.orElseThrow(() -> missing(training));
        return Tasks.ofTrials(found.source() == null ? DATA : found.source(), found.evaluation(), training.dtMs());
    }

    private static IllegalStateException missing(TrainingConfig training) {
        return new IllegalStateException("the run's trials come from data that are not here (SHA-256 "
                + ((TrialOrigin.OfArrays) training.trials()).digest() + "), expected them with the run");
    }

    /** What does the training. */
    Trainer trainer(ExecutionSettings settings) {
        return isOfTask(training)
                ? new Trainer(training, settings)
                : new Trainer(training, settings, data.orElseThrow(() -> missing(training)));
    }

    /**
     * The run with a given description.
     *
     * @param json what {@link #toJson} gave; other members are left out of account
     * @throws FormatException if a member is missing or of another type, a value is out of range, or the task or the
     *     measurement is unknown
     */
    public static StudyRun fromJson(JsonObject json) throws FormatException {
        TrainingConfig config = TrainingConfig.fromJson(json.getObject("training"), json.name());
        Measurement measurement = Measurement.fromJson(json.getObject("measurement"));
        try {
            return new StudyRun(config, measurement);
        } catch (IllegalArgumentException e) {
            throw json.invalid(e);
        }
    }

    /** The run's name: the first {@value #DIGITS} hexadecimal digits of the SHA-256 of its {@link #toJson}, compact. */
    public String hash() {
        return hashOf(toJson());
    }

    /** The training's name, made in the same way: runs with the same training have the same network. */
    public String trainingHash() {
        return trainingHash(training);
    }

    static String trainingHash(TrainingConfig training) {
        return hashOf(training.toJson());
    }

    static String hashOf(Object json) {
        byte[] digest = sha256().digest(Json.compact(json).getBytes(StandardCharsets.UTF_8));
        return HexFormat.of().formatHex(digest).substring(0, DIGITS);
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has SHA-256", e);
        }
    }

    /** The whole description, as JSON. */
    public Map<String, Object> toJson() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("training", training.toJson());
        json.put("measurement", measurement.toJson());
        return json;
    }

    /**
     * Trains and measures in memory: no file is read or written. The result is a function of this run alone, and is
     * the same as a {@link StudyRunner}'s.
     *
     * @param settings how the training is carried out; see {@link ExecutionSettings#share} for several runs at once
     * @param listener is told of the progress, on this thread
     * @param stop asked between two batches; if it returns true, or the thread is interrupted, the result has the
     *     status {@link StudyFolder.Status#WAITING} and a checkpoint
     * @return what became of it; a run that diverges or fails is a result too, such as one whose trials come from data
     *     that it doesn't have
     */
    public RunResult perform(ExecutionSettings settings, StudyListener listener, BooleanSupplier stop) {
        return perform(settings, listener, stop, RunFiles.empty());
    }

    /**
     * As {@link #perform(ExecutionSettings, StudyListener, BooleanSupplier)}, from where it was stopped.
     *
     * @param checkpoint of a result of this run that was stopped, see {@link RunResult#checkpoint}. Not modified.
     */
    public RunResult perform(
            ExecutionSettings settings, StudyListener listener, BooleanSupplier stop, byte[] checkpoint) {
        return perform(settings, listener, stop, RunFiles.ofCheckpoint(checkpoint));
    }

    private RunResult perform(
            ExecutionSettings settings, StudyListener listener, BooleanSupplier stop, RunFiles files) {
        long began = System.nanoTime();
        if (!isOfTask(training) && data.isEmpty()) {
            RunResult result = RunResult.failed(this, missing(training).getMessage());
            listener.begun(1, 1, 0);
            listener.advanced(1);
            listener.ended(this, result.status(), result.reason(), 0);
            return result;
        }
        RunPerformance performance = new RunPerformance(this, settings, listener, 1 + cost());
        listener.begun(1 + cost(), 1, 0);
        RunResult result;
        try {
            result =
                    performance.perform(training -> Trained.of(trainer(settings).train(files, training, stop)));
        } catch (IOException
                | RuntimeException
                | LinkageError
                | AssertionError
                | OutOfMemoryError
                | StackOverflowError e) {
            result = RunResult.failed(this, RunPerformance.reason(e));
        }
        result = result.withFiles(files.asMap());
        if (result.status() != StudyFolder.Status.WAITING) {
            performance.ended();
            listener.ended(this, result.status(), result.reason(), 1e-9 * (System.nanoTime() - began));
        }
        return result;
    }

    /** Estimate of the largest number of operations of the training, in units of 10^9. */
    public double cost() {
        double units = training.units();
        return 6e-9 * training.samples() * training.epochs() * task().steps() * units * (units + 10);
    }
}
