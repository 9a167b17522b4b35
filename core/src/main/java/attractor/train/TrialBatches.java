package attractor.train;

import attractor.dynamics.PrecisionSimulator;
import attractor.dynamics.Simulator;
import attractor.io.Printable;
import attractor.kernel.Kernels;
import attractor.model.Rnn;
import attractor.task.Trials;
import java.util.function.Consumer;

/**
 * Runs a network on the trials of a set, a few at a time. This is the only place that reads trials, simulates them and
 * adds their noise in the states. A trial's noise is a function of the seed and the trial's number in the set, so that
 * no trial depends on the others or on how many run at once.
 *
 * <p>It is in this package because it needs both the trials and the simulator, and neither of these may depend on the
 * other. Stateless, safe for any number of threads.
 */
public final class TrialBatches {
    /** Largest number of trials that run at once. No result depends on it. */
    private static final int MOST = 32;
    /** Fewer trials run at once if their states would have more values than this (64 MB). */
    private static final int MOST_STATES = 1 << 23;

    private TrialBatches() {}

    /**
     * Some trials after their run. The arrays are reused for the next batch, except those of {@code run}. Belongs to
     * the thread that runs them.
     *
     * @param first number of the first of the trials in the set; the others follow it
     * @param size number of trials
     * @param x inputs, {@code x[(s * T + t) * I + i]}; may be longer. Not modified.
     * @param target targets, {@code target[(s * T + t) * O + o]}; may be longer. Not modified.
     * @param mask weights, laid out as the targets; null if the set has no mask. Not modified.
     * @param run outputs and, where they were wanted, states of the S = {@code size} trials
     */
    public record Batch(int first, int size, double[] x, double[] target, double[] mask, Simulator.Trajectory run) {

        /**
         * Number of steps of a trial without its padding: it ends with the last step that has a weight for any output.
         * What the network does after that is no result.
         *
         * @param trial 0 to {@code size - 1}
         */
        public int steps(int trial) {
            return ownSteps(mask, trial, run.steps(), run.outputs());
        }
    }

    /**
     * Number of steps of a trial up to the last one that has a weight for any output: the rest is padding.
     *
     * @param mask weights, {@code mask[(s * T + t) * O + o]}; null if the trials have no mask. Not modified.
     * @param trial s
     * @param steps T
     * @param outputs O
     * @return 1 to T; T for a trial without any weight
     */
    public static int ownSteps(double[] mask, int trial, int steps, int outputs) {
        int first = trial * steps * outputs;
        int last = first + steps * outputs - 1;
        for (int k = last; mask != null && k >= first; k--) {
            if (mask[k] != 0.0) {
                return (k - first) / outputs + 1;
            }
        }
        return steps;
    }

    /**
     * Runs all trials of a set from the network's initial state, in their order, in the network's precision.
     *
     * @param rnn the network, with the noise in its states that the trials should have; {@code rnn.withNoise(0)} for
     *     none. Not modified.
     * @param noiseSeed seed of the noise in the states, if the network has any; trial i of the set gets noise stream i
     * @param keepStates whether batches hold the states
     * @param each is called with each batch in turn
     * @throws IllegalArgumentException if the trials have another number of inputs or outputs than the network
     */
    public static void run(
            Rnn rnn, Trials trials, Kernels kernels, long noiseSeed, boolean keepStates, Consumer<Batch> each) {
        int inputs = rnn.inputs();
        int outputs = rnn.outputs();
        int steps = trials.steps();
        if (trials.inputs() != inputs || trials.outputs() != outputs) {
            throw new IllegalArgumentException("trials have " + Printable.count(trials.inputs(), "input") + " and "
                    + Printable.count(trials.outputs(), "output") + ", expected I = " + inputs + " and O = " + outputs
                    + " as the network has");
        }
        long states = keepStates ? (long) steps * rnn.units() : 1;
        int most = (int) Math.max(1, Math.min(Math.min(MOST, trials.size()), MOST_STATES / states));
        double[] x = new double[most * steps * inputs];
        double[] target = new double[most * steps * outputs];
        double[] mask = trials.masked() ? new double[target.length] : null;
        Trials.Reader reader = trials.reader();
        PrecisionSimulator simulator = new PrecisionSimulator(rnn, kernels);
        for (int first = 0; first < trials.size(); first += most) {
            int size = Math.min(most, trials.size() - first);
            double[] driven = size == most ? x : new double[size * steps * inputs];
            for (int s = 0; s < size; s++) {
                int at = s * steps * outputs;
                reader.read(first + s, driven, s * steps * inputs, target, at, mask, at);
            }
            simulator.seedNoise(noiseSeed, first);
            each.accept(new Batch(first, size, driven, target, mask, simulator.run(driven, size, steps, keepStates)));
        }
    }
}
