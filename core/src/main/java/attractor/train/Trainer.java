package attractor.train;

import attractor.engine.BatchGradient;
import attractor.engine.GradientNorm;
import attractor.kernel.RandomStream;
import attractor.kernel.RandomStream.Purpose;
import attractor.model.Constraint;
import attractor.model.Rnn;
import attractor.model.RnnShape;
import attractor.task.Scores;
import attractor.task.Task;
import attractor.task.Trials;
import attractor.train.RunDirectory.Existing;
import attractor.train.TrainingResult.Outcome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import java.util.function.BooleanSupplier;

/**
 * Trains a network: trials drawn once and reshuffled each epoch, batches, back-propagation through time, Adam; then evaluates it
 * on fresh trials. Trained are {@code W_in}, {@code W_rec}, {@code W_out}, {@code b_out}, and {@code b_rec} where there is one;
 * {@code h0} and tau if {@link ModelOptions} says so, by which weights may also keep a sign, be absent or be fixed.
 *
 * <p>The result is a function of the configuration (and of the trials, where they come from arrays) alone: the same bits for every
 * number of threads, JVM and kernel but jblas, with and without interruptions.
 *
 * <pre>{@code
 * TrainingConfig config = TrainingConfig.builder(Tasks.byName("xor")).seed(1).build();
 * TrainingResult result = new Trainer(config, ExecutionSettings.defaults()).train();
 * NetworkFile.write(Path.of("xor.npz"), result.network(), Map.of("task", "xor"));
 * }</pre>
 *
 * <p>Prints nothing. Immutable: one trainer may run several trainings, at the same time too.
 */
public final class Trainer {
    /** Index 0 decides which trials are held out, 1 their noise. */
    private static final Purpose VALIDATION = Purpose.of("validation");

    private final TrainingConfig config;
    private final ExecutionSettings execution;
    /** Null where the trials come from arrays. */
    private final Task task;

    /** Null where they come from a task. */
    private final TrainingData data;

    /**
     * A trainer for a task that {@link attractor.task.Tasks} knows.
     *
     * @throws IllegalArgumentException if it doesn't, or the task doesn't fit the configuration
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
        this.task = task;
        data = null;
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
    }

    /**
     * A trainer on trials from arrays.
     *
     * @param training the trials that the configuration has the digest of
     * @param evaluation what to evaluate on, as many as configured
     * @throws IllegalArgumentException if the trials are others
     */
    public Trainer(TrainingConfig config, ExecutionSettings execution, Trials training, Trials evaluation) {
        this(config, execution, new TrainingData(null, 0, training, evaluation));
    }

    /**
     * A trainer on trials from arrays or a file.
     *
     * @param data the trials that the configuration has the digest of, and what to evaluate on, as many as configured
     * @throws IllegalArgumentException if the trials are others
     */
    public Trainer(TrainingConfig config, ExecutionSettings execution, TrainingData data) {
        this.config = config;
        this.execution = Objects.requireNonNull(execution, "execution");
        this.data = data;
        task = null;
        Trials training = data.training();
        Trials evaluation = data.evaluation();
        String digest = TrainingConfig.digest(training);
        if (!digest.equals(config.data())) {
            throw new IllegalArgumentException(
                    "the data's SHA-256 is " + digest + ", expected " + config.data() + " as configured");
        }
        if (training.size() != config.samples() || evaluation.size() != config.evaluationTrials()) {
            throw new IllegalArgumentException("there are " + training.size() + " trials to train and "
                    + evaluation.size() + " to evaluate on, expected " + config.samples() + " and "
                    + config.evaluationTrials() + " as configured");
        }
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
     * @param stop asked between two batches; if it says so, or the thread is interrupted, the training ends there
     * @throws DivergedException if a loss, a gradient or a parameter is not finite
     */
    public TrainingResult train(TrainingListener listener, BooleanSupplier stop) {
        try {
            return new Session(null, listener, stop).run();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Trains in a run directory, from the beginning or from where an earlier session ended.
     *
     * @param directory the folder; made if it is absent
     * @param existing what to do if it is there
     * @param stop asked between two batches; if it says so, or the thread is interrupted, the state is saved and the training ends
     * @throws DivergedException if a loss, a gradient or a parameter is not finite; what was saved is kept
     * @throws IOException if a file cannot be read or written, with one line that names it
     */
    public TrainingResult train(Path directory, Existing existing, TrainingListener listener, BooleanSupplier stop)
            throws IOException {
        try (RunDirectory run = RunDirectory.open(directory, config, data, existing)) {
            return run.finished() ? run.result() : new Session(run, listener, stop).run();
        }
    }

    /** One session of one training. Belongs to one thread. */
    private final class Session {
        /** Null in memory. */
        private final RunDirectory run;

        private final TrainingListener listener;
        private final BooleanSupplier stop;
        private final int batches = config.batches();
        private final Trials training;
        private final RnnShape shape;
        private final int trained;
        private final TrainingState state;
        private final Rnn rnn;
        private final Rnn initial;
        /** Null if there is nothing to keep to. */
        private final Constraint constraint;

        private final double[] gradient;
        /** Numbers of the trials to train on. */
        private final int[] trials;
        /** Numbers of the trials held out. */
        private final int[] heldOut;

        private final int[] order;
        private long sessionSteps;
        private double sessionSeconds;

        Session(RunDirectory run, TrainingListener listener, BooleanSupplier stop) {
            this.run = run;
            this.listener = Objects.requireNonNull(listener, "listener");
            this.stop = Objects.requireNonNull(stop, "stop");
            training = task == null
                    ? data.training()
                    : Trials.random(
                            task, config.samples(), config.seed(), Purpose.TRIALS, execution.trialBudgetBytes());
            initial = config.initialNetwork(training.inputs(), training.outputs());
            rnn = initial.copy();
            shape = rnn.shape();
            // Without a recurrent bias its entries have gradient 0 and stay 0.
            trained = config.model().trainInitialState()
                    ? shape.h0().end()
                    : config.recurrentBias() ? shape.bRec().end() : shape.bRec().offset();
            boolean constrained =
                    !rnn.wiring().isFree() || !config.model().fixed().isEmpty();
            constraint = constrained ? config.model().constraint(rnn) : null;
            state = new TrainingState(config, rnn.parameters(), trained, execution.kernels());
            gradient = new double[shape.parameters()];
            int[] all = new int[config.samples()];
            for (int i = 0; i < all.length; i++) {
                all[i] = i;
            }
            int used = config.trainingTrials();
            if (used < all.length) {
                new RandomStream(config.seed(), VALIDATION, 0).shuffle(all);
            }
            trials = Arrays.copyOf(all, used);
            heldOut = Arrays.copyOfRange(all, used, all.length);
            Arrays.sort(trials);
            order = new int[used];
        }

        TrainingResult run() throws IOException {
            int maxBatch = Math.min(config.batch(), trials.length);
            try (BatchGradient batchGradient = BatchGradient.builder(rnn, training)
                    .maxBatch(maxBatch)
                    .threads(execution.threads())
                    .kernels(execution.kernels())
                    .memoryLimitBytes(execution.memoryLimitBytes())
                    .l2Weights(config.fit().l2Weights())
                    .l2Rates(config.fit().l2Rates())
                    .byAlpha(state.tau != null)
                    .build()) {
                if (run != null) {
                    run.begin(state, initial, execution);
                }
                listener.begun(config, batches, state.history.size(), state.batch);
                while (!state.done()) {
                    if (!epoch(batchGradient)) {
                        return stopped();
                    }
                }
            }
            return finished();
        }

        /** Takes the rest of an epoch's steps; false if it was stopped. */
        private boolean epoch(BatchGradient batchGradient) throws IOException {
            System.arraycopy(trials, 0, order, 0, order.length);
            new RandomStream(config.seed(), Purpose.SHUFFLE, state.history.size()).shuffle(order);
            int epoch = state.history.size() + 1;
            batchGradient.noise(config.seed(), state.history.size());
            while (state.batch < batches) {
                if (stop.getAsBoolean() || Thread.currentThread().isInterrupted()) {
                    return false;
                }
                int from = state.batch * config.batch();
                int count = Math.min(config.batch(), order.length - from);
                long begun = System.nanoTime();
                if (state.tau != null) {
                    batchGradient.setTau(state.tau.tauMs());
                }
                double loss = batchGradient.compute(state.parameters, order, from, count, gradient);
                DivergedException.check(loss, gradient, trained, shape, epoch, state.batch + 1);
                if (state.tau != null) {
                    state.tau.setGradient(batchGradient.alphaGradient());
                    DivergedException.check("gradient of tau", state.tau.gradient()[0], epoch, state.batch + 1);
                }
                if (constraint != null) {
                    constraint.mask(gradient);
                }
                clip();
                double multiplier =
                        config.fit().schedule().multiplier(state.adam.iteration(), batches, config.epochs());
                state.adam.step(multiplier, state.parameters, gradient);
                if (constraint != null) {
                    constraint.project(state.parameters);
                }
                DivergedException.check(state.parameters, trained, shape, epoch, state.batch + 1);
                if (state.tau != null) {
                    state.tau.step(multiplier);
                    DivergedException.check("tau", state.tau.tauMs(), epoch, state.batch + 1);
                }
                double seconds = 1e-9 * (System.nanoTime() - begun);
                state.batch++;
                state.lossSum += count * loss;
                state.seconds += seconds;
                sessionSteps++;
                sessionSeconds += seconds;
                listener.batchDone(
                        epoch,
                        config.epochs(),
                        state.batch,
                        batches,
                        state.lossSum / (from + count),
                        sessionSteps / sessionSeconds);
            }
            boolean best = state.endEpoch(
                    heldOut.length == 0
                            ? Double.NaN
                            : Evaluator.loss(
                                    network(),
                                    training,
                                    heldOut,
                                    execution.kernels(),
                                    new RandomStream(config.seed(), VALIDATION, 1).nextLong()));
            if (run != null) {
                run.saveEpoch(state, network(), best);
            }
            listener.epochDone(state.history.get(epoch - 1), config.epochs(), best);
            return true;
        }

        /** The network as it is now, with the parameters themselves. */
        private Rnn network() {
            return state.tau == null ? rnn : rnn.withTau(state.tau.tauMs());
        }

        private void clip() {
            if (config.clipNorm() == 0.0) {
                return;
            }
            if (state.tau == null) {
                GradientNorm.clip(gradient, trained, config.clipNorm());
            } else {
                GradientNorm.clip(gradient, trained, state.tau, config.clipNorm());
            }
        }

        private TrainingResult stopped() throws IOException {
            if (run != null) {
                run.saveState(state);
            }
            return result(Outcome.STOPPED, null);
        }

        private TrainingResult finished() throws IOException {
            if (run != null) {
                run.saveFinal(state, network());
            }
            Trials evaluation = task == null
                    ? data.evaluation()
                    : Trials.balanced(
                            task,
                            config.evaluationTrials(),
                            config.seed(),
                            Purpose.EVALUATION,
                            execution.trialBudgetBytes());
            TrainingResult result = result(
                    Outcome.FINISHED, Evaluator.evaluate(network(), evaluation, execution.kernels(), config.seed()));
            if (run != null) {
                run.finish(result);
            }
            return result;
        }

        private TrainingResult result(Outcome outcome, Scores scores) {
            Rnn best = state.best == null ? null : rnn.withParameters(state.best);
            if (best != null && state.tau != null) {
                best = best.withTau(state.tau.tauMs(state.bestTheta));
            }
            return new TrainingResult(
                    outcome,
                    network(),
                    best,
                    state.history,
                    state.batch,
                    state.adam.iteration(),
                    state.totalSeconds(),
                    scores);
        }
    }
}
