package attractor.train;

import attractor.engine.GradientNorm;
import attractor.engine.StepTimes;
import attractor.io.Printable;
import attractor.model.Constraint;
import attractor.model.ModelOptions;
import attractor.model.Rnn;
import attractor.model.RnnShape;
import attractor.random.RandomStream;
import attractor.random.RandomStream.Purpose;
import attractor.task.Scores;
import attractor.task.Task;
import attractor.task.Tasks;
import attractor.task.Trials;
import attractor.train.RunDirectory.Existing;
import attractor.train.TrainingResult.Outcome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * Trains a network: trials drawn once and reshuffled each epoch, batches, back-propagation through time, Adam; then
 * evaluates it on fresh trials. Trained are {@code W_in}, {@code W_rec}, {@code W_out}, {@code b_out}, and
 * {@code b_rec} if there is one; {@code h0} and tau if {@link ModelOptions} says so. By these options weights may also
 * keep a sign, be absent or be fixed.
 *
 * <p>The result is a function of the configuration (and of the trials, where they come from arrays) alone: the same
 * bits for every number of threads, every JVM and all kernels except jblas, whether or not it was interrupted and
 * resumed.
 *
 * <pre>{@code
 * TrainingConfig config = TrainingConfig.builder(Tasks.byName("xor")).seed(1).build();
 * TrainingResult result = new Trainer(config, ExecutionSettings.defaults()).train();
 * NetworkFile.write(Path.of("xor.npz"), result.network(), Map.of("task", "xor"));
 * }</pre>
 *
 * <p>Another thread can cancel a training: between two batches the trainer asks a supplier whether to stop. It then
 * returns what it has and, with a run directory, saves it so that it can be resumed:
 *
 * <pre>{@code
 * Trainer trainer = new Trainer(TrainingConfig.builder(Tasks.byName("xor")).build(), ExecutionSettings.defaults());
 * var cancelled = new java.util.concurrent.atomic.AtomicBoolean();
 * var training = java.util.concurrent.CompletableFuture.supplyAsync(
 *         () -> trainer.train(TrainingListener.NONE, cancelled::get));
 * cancelled.set(true); // stops after the current batch
 * TrainingResult soFar = training.join(); // with outcome STOPPED
 * }</pre>
 *
 * <p>What is random: the initial weights depend on the configuration's seed; trials, which of them are held out, their
 * order in each epoch, the noise in the states in training, validation and evaluation, and the trials to evaluate on
 * depend on its data seed.
 *
 * <p>If JDK Flight Recorder records and the module {@code jdk.jfr} is present, it gets one event {@code
 * attractor.Batch} per batch and one {@code attractor.Epoch} per epoch: start Java with {@code
 * -XX:StartFlightRecording=filename=training.jfr}, then {@code jfr print --events attractor.Batch training.jfr} lists
 * them.
 *
 * <p>Prints nothing. Immutable: one trainer may run several trainings, also at the same time.
 */
public final class Trainer {
    /** Purpose of the streams that put the trials of epoch {@code index} into order. */
    public static final Purpose SHUFFLE = Purpose.of("shuffle");

    /** Index 0 decides which trials are held out, 1 their noise. */
    private static final Purpose VALIDATION = Purpose.of("validation");

    private final TrainingConfig config;
    private final ExecutionSettings execution;
    private final TrialSupply supply;
    /** I, N and O. */
    private final RnnShape sizes;
    /** What a run directory says about the origin of the trials. */
    private final Map<String, Object> dataMeta;

    /** Makes a training's trials. */
    private interface TrialSupply {
        /** The trials of a stage, including held-out ones. */
        Trials training(Stage stage);

        /** The trials to evaluate on. */
        Trials evaluation();
    }

    /**
     * A trainer for a task that {@link attractor.task.Tasks} knows.
     *
     * @throws IllegalArgumentException if the task isn't known or doesn't fit the configuration
     */
    public Trainer(TrainingConfig config, ExecutionSettings execution) {
        this(config, execution, config.makeTask());
    }

    /**
     * A trainer for any task.
     *
     * @param task the one that the configuration names, with its options
     * @throws IllegalArgumentException if the task isn't that one
     */
    public Trainer(TrainingConfig config, ExecutionSettings execution, Task task) {
        this.config = config;
        this.execution = Objects.requireNonNull(execution, "execution");
        dataMeta = Map.of();
        if (!task.name().equals(config.task())) {
            throw new IllegalArgumentException(
                    "the task is " + task.name() + ", expected " + config.task() + " as configured");
        }
        if (!task.options().toMap().equals(config.taskOptions())) {
            throw new IllegalArgumentException("task " + task.name() + " has the options " + task.options()
                    + ", expected " + config.taskOptions() + " as configured");
        }
        if (task.dtMs() != config.dtMs()) {
            throw new IllegalArgumentException("task " + task.name() + " has steps of " + task.dtMs()
                    + " ms, expected dtMs = " + config.dtMs() + " as configured");
        }
        List<Stage> plan = config.plan();
        Map<Stage, Task> tasks = new HashMap<>();
        for (Stage stage : plan) {
            Task made = stage.taskOptions().equals(config.taskOptions())
                    ? task
                    : Tasks.byName(task.name(), stage.taskOptions());
            Stage.checkFits(made, task);
            tasks.put(stage, made);
        }
        sizes = config.initialNetwork(task.inputs(), task.outputs()).shape();
        supply = new TrialSupply() {
            @Override
            public Trials training(Stage stage) {
                return Trials.random(
                        tasks.get(stage),
                        config.samples(),
                        config.dataSeed(),
                        Trials.TRAINING,
                        execution.trialBudgetBytes());
            }

            @Override
            public Trials evaluation() {
                return Trials.balanced(
                        tasks.get(plan.get(plan.size() - 1)),
                        config.evaluationTrials(),
                        config.dataSeed(),
                        Trials.EVALUATION,
                        execution.trialBudgetBytes());
            }
        };
    }

    /**
     * A trainer on trials from arrays.
     *
     * @param training the trials whose digest the configuration contains
     * @param evaluation the trials to evaluate on, as many as configured
     * @throws IllegalArgumentException if the trials are others
     */
    public Trainer(TrainingConfig config, ExecutionSettings execution, Trials training, Trials evaluation) {
        this(config, execution, new TrainingData(null, 0, training, evaluation));
    }

    /**
     * A trainer on trials from arrays or a file.
     *
     * @param data the trials whose digest the configuration contains, and those to evaluate on, as many as configured
     * @throws IllegalArgumentException if the trials are others
     */
    public Trainer(TrainingConfig config, ExecutionSettings execution, TrainingData data) {
        this.config = config;
        this.execution = Objects.requireNonNull(execution, "execution");
        dataMeta = data.toJson();
        Trials training = data.training();
        Trials evaluation = data.evaluation();
        String digest = TrainingConfig.digest(training);
        if (!(config.trials() instanceof TrialOrigin.OfArrays arrays)) {
            throw new IllegalArgumentException(
                    "trials are given, expected those of the task " + config.task() + " as configured");
        }
        if (!digest.equals(arrays.digest())) {
            throw new IllegalArgumentException(
                    "the data's SHA-256 is " + digest + ", expected " + arrays.digest() + " as configured");
        }
        if (training.size() != config.samples() || evaluation.size() != config.evaluationTrials()) {
            throw new IllegalArgumentException(
                    "there are " + Printable.count(training.size(), "trial") + " to train and "
                            + evaluation.size() + " to evaluate on, expected " + config.samples() + " and "
                            + config.evaluationTrials() + " as configured");
        }
        sizes = config.initialNetwork(training.inputs(), training.outputs()).shape();
        supply = new TrialSupply() {
            @Override
            public Trials training(Stage stage) {
                return training;
            }

            @Override
            public Trials evaluation() {
                return evaluation;
            }
        };
    }

    /**
     * Trains in memory.
     *
     * @throws DivergedException if a loss, a gradient or a parameter is not finite
     */
    public TrainingResult train() {
        return train(TrainingListener.NONE, () -> false);
    }

    /**
     * Trains in memory.
     *
     * @param stop asked between two batches, on the training thread; if it returns true, or the thread is interrupted,
     *     the training ends there
     * @throws DivergedException if a loss, a gradient or a parameter is not finite
     */
    public TrainingResult train(TrainingListener listener, BooleanSupplier stop) {
        try {
            return new Session(RunLog.IN_MEMORY, listener, stop).run();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Trains in memory and keeps the files of a run directory, from the beginning or from the checkpoint among them.
     *
     * @param files receives the files. Modified.
     * @param stop asked between two batches; if it returns true, or the thread is interrupted, the training ends there
     *     and leaves a checkpoint
     * @throws attractor.io.FormatException if the checkpoint is damaged or belongs to another training
     * @throws DivergedException if a loss, a gradient or a parameter is not finite
     */
    public TrainingResult train(RunFiles files, TrainingListener listener, BooleanSupplier stop) throws IOException {
        return new Session(files.log(config, dataMeta), listener, stop).run();
    }

    /**
     * Trains in a run directory, from the beginning or from where an earlier session ended.
     *
     * @param directory the folder; made if it is absent
     * @param existing what to do if it is there
     * @param stop asked between two batches; if it returns true, or the thread is interrupted, the state is saved and
     *     the training ends
     * @throws RunExistsException if the directory holds a training that is to be neither resumed nor replaced
     * @throws ResumeRefusedException if the training there can't be resumed as configured. A {@link
     *     ConfigurationDiffersException} if a value differs other than the number of epochs, which may differ as long
     *     as no schedule depends on it
     * @throws DivergedException if a loss, a gradient or a parameter is not finite; what was saved is kept
     * @throws IOException if a file cannot be read or written, with one line that names it
     */
    public TrainingResult train(Path directory, Existing existing, TrainingListener listener, BooleanSupplier stop)
            throws IOException {
        try (RunLog log = DirectoryLog.open(directory, config, dataMeta, existing)) {
            Optional<TrainingResult> finished = log.finished();
            return finished.isPresent() ? finished.get() : new Session(log, listener, stop).run();
        }
    }

    /** One session of one training. Belongs to one thread. */
    private final class Session {
        private final RunLog log;
        private final TrainingListener listener;
        private final BooleanSupplier stop;
        private final int batches = config.batches();
        private final RnnShape shape;
        private final int trained;
        private final TrainingState state;
        private final Rnn rnn;
        private final Rnn initial;
        /** Null if the weights are not constrained. */
        private final Constraint constraint;

        private final double[] gradient;
        /** Numbers of the trials to train on. */
        private final int[] trials;
        /** Numbers of the trials held out. */
        private final int[] heldOut;

        private final int[] order;
        private final Step step = new Step();
        private final boolean timed;
        private long sessionSteps;
        private double sessionSeconds;

        Session(RunLog log, TrainingListener listener, BooleanSupplier stop) {
            this.log = log;
            this.listener = Objects.requireNonNull(listener, "listener");
            this.stop = Objects.requireNonNull(stop, "stop");
            timed = listener.wantsTimes() || TrainingEvents.INSTANCE.wantsTimes();
            config.loss().check(sizes.outputs());
            initial = config.initialNetwork(sizes.inputs(), sizes.outputs());
            rnn = initial.copy();
            shape = rnn.shape();
            // Without a recurrent bias its entries have gradient 0 and stay 0.
            trained = config.model().trainInitialState()
                    ? shape.h0().end()
                    : config.recurrentBias() ? shape.bRec().end() : shape.bRec().offset();
            boolean constrained =
                    !rnn.wiring().isFree() || !config.model().fixed().isEmpty();
            constraint = constrained ? config.model().constraint(rnn) : null;
            state = new TrainingState(
                    config, rnn.parameters(), trained, sizes.units() + sizes.outputs(), execution.kernels());
            gradient = new double[shape.parameters()];
            int[] all = new int[config.samples()];
            for (int i = 0; i < all.length; i++) {
                all[i] = i;
            }
            int used = config.trainingTrials();
            if (used < all.length) {
                new RandomStream(config.dataSeed(), VALIDATION, 0).shuffle(all);
            }
            trials = Arrays.copyOf(all, used);
            heldOut = Arrays.copyOfRange(all, used, all.length);
            Arrays.sort(trials);
            order = new int[used];
        }

        TrainingResult run() throws IOException {
            log.restore(state);
            boolean begun = false;
            while (!state.done()) {
                int stage = state.stageIndex();
                Trials training = supply.training(config.plan().get(stage));
                try (BatchEngine engine = BatchEngine.of(
                        rnn,
                        training,
                        config,
                        Math.min(config.batch(), trials.length),
                        execution,
                        state.tau != null,
                        timed)) {
                    step.engine = engine;
                    if (!begun) {
                        begin();
                        begun = true;
                    }
                    while (state.stageIndex() == stage) {
                        if (!epoch(training, engine)) {
                            log.saveState(state);
                            return result(Outcome.STOPPED, null);
                        }
                    }
                }
            }
            if (!begun) {
                begin();
            }
            return finished();
        }

        private void begin() throws IOException {
            log.begin(state, initial, execution);
            listener.begun(config, batches, state.history.size(), state.batch);
        }

        /**
         * Takes the remaining steps of an epoch; false if it was stopped. Nearly all of a training's time is spent in
         * this loop.
         */
        private boolean epoch(Trials training, BatchEngine engine) throws IOException {
            Object epochEvent = TrainingEvents.INSTANCE.epochBegins();
            System.arraycopy(trials, 0, order, 0, order.length);
            new RandomStream(config.dataSeed(), SHUFFLE, state.history.size()).shuffle(order);
            int epoch = state.history.size() + 1;
            engine.noise(config.dataSeed(), state.history.size());
            while (state.batch < batches) {
                if (stop.getAsBoolean() || Thread.currentThread().isInterrupted()) {
                    return false;
                }
                int from = state.batch * config.batch();
                int count = Math.min(config.batch(), order.length - from);
                Object batchEvent = TrainingEvents.INSTANCE.batchBegins();
                long begun = System.nanoTime();
                if (state.tau != null) {
                    engine.setTau(state.tau.tauMs());
                }
                double loss = engine.compute(state.parameters, order, from, count, gradient);
                long computed = System.nanoTime();
                DivergedException.check(loss, gradient, trained, shape, epoch, state.batch + 1);
                if (state.tau != null) {
                    state.tau.setGradient(engine.alphaGradient());
                    DivergedException.check("gradient of tau", state.tau.gradient()[0], epoch, state.batch + 1);
                }
                if (constraint != null) {
                    constraint.mask(gradient);
                }
                step.norm = clip();
                double multiplier =
                        config.fit().schedule().multiplier(state.optimizer.iteration(), batches, config.epochs());
                state.optimizer.step(multiplier, state.parameters, gradient);
                if (constraint != null) {
                    constraint.project(state.parameters);
                }
                DivergedException.check(state.parameters, trained, shape, epoch, state.batch + 1);
                if (state.tau != null) {
                    state.tau.step(multiplier);
                    DivergedException.check("tau", state.tau.tauMs(), epoch, state.batch + 1);
                }
                long ended = System.nanoTime();
                double seconds = 1e-9 * (ended - begun);
                state.batch++;
                state.lossSum += count * loss;
                state.seconds += seconds;
                sessionSteps++;
                sessionSeconds += seconds;
                step.set(epoch, from + count, count, loss, computed - begun, ended - computed);
                TrainingEvents.INSTANCE.batchEnds(batchEvent, step, timed);
                listener.batchDone(step);
            }
            boolean best = state.endEpoch(
                    heldOut.length == 0
                            ? Double.NaN
                            : Evaluator.loss(
                                    network(),
                                    training,
                                    heldOut,
                                    config.loss(),
                                    execution.kernels(),
                                    new RandomStream(config.dataSeed(), VALIDATION, 1).nextLong()));
            log.saveEpoch(state, network(), best);
            EpochSummary summary = state.history.get(epoch - 1);
            TrainingEvents.INSTANCE.epochEnds(epochEvent, summary);
            listener.epochDone(summary, step, best);
            return true;
        }

        /** The network as it is now, with the parameters themselves. */
        private Rnn network() {
            // theta gives back tau only up to rounding, so before the first step the initial network itself is used.
            return state.tau == null || state.optimizer.iteration() == 0 ? rnn : rnn.withTau(state.tau.tauMs());
        }

        /** Scales the gradient down if its norm is too large; returns the norm before that, NaN if it wasn't needed. */
        private double clip() {
            if (config.clipNorm() == 0.0) {
                return Double.NaN;
            }
            return state.tau == null
                    ? GradientNorm.clip(gradient, trained, config.clipNorm())
                    : GradientNorm.clip(gradient, trained, state.tau, config.clipNorm());
        }

        private TrainingResult finished() throws IOException {
            log.saveFinal(state, network());
            TrainingResult unscored = result(Outcome.FINISHED, null);
            TrainingResult result = unscored.withScores(Evaluator.evaluate(
                    unscored.evaluated(), supply.evaluation(), execution.kernels(), config.dataSeed()));
            log.finish(result);
            return result;
        }

        private TrainingResult result(Outcome outcome, Scores scores) {
            return new TrainingResult(
                    outcome,
                    network(),
                    state.best(initial),
                    state.history,
                    state.batch,
                    state.optimizer.iteration(),
                    state.totalSeconds(),
                    scores,
                    config.evaluatesBest());
        }

        /** The last step, for listeners. */
        private final class Step implements TrainingStep {
            private int epoch;
            private int batch;
            private int trialsOfEpoch;
            private int trialsOfBatch;
            private double loss;
            private double meanLoss;
            private long gradientNanos;
            private long optimizerNanos;
            /** NaN until it is known. */
            private double norm;

            /** The object that computed the batch's gradient. */
            private BatchEngine engine;

            private void set(
                    int inEpoch, int done, int count, double batchLoss, long gradientTime, long optimizerTime) {
                epoch = inEpoch;
                batch = state.batch;
                trialsOfEpoch = done;
                trialsOfBatch = count;
                loss = batchLoss;
                meanLoss = state.lossSum / trialsOfEpoch;
                gradientNanos = gradientTime;
                optimizerNanos = optimizerTime;
            }

            @Override
            public int epoch() {
                return epoch;
            }

            @Override
            public int epochs() {
                return config.epochs();
            }

            @Override
            public int batch() {
                return batch;
            }

            @Override
            public int batches() {
                return batches;
            }

            @Override
            public int trials() {
                return trialsOfBatch;
            }

            @Override
            public double loss() {
                return loss;
            }

            @Override
            public double meanLoss() {
                return meanLoss;
            }

            @Override
            public double gradientNorm() {
                if (Double.isNaN(norm)) {
                    // Not clipped, so the gradient is unchanged.
                    norm = state.tau == null
                            ? GradientNorm.of(gradient, trained)
                            : GradientNorm.of(gradient, trained, state.tau);
                }
                return norm;
            }

            @Override
            public Rnn network() {
                return Session.this.network();
            }

            @Override
            public double stepsPerSecond() {
                return sessionSteps / sessionSeconds;
            }

            @Override
            public long gradientNanos() {
                return gradientNanos;
            }

            @Override
            public StepTimes times() {
                return engine.times();
            }

            @Override
            public long optimizerNanos() {
                return optimizerNanos;
            }
        }
    }
}
