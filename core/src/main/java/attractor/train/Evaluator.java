package attractor.train;

import attractor.dynamics.Simulator;
import attractor.kernel.Fma;
import attractor.kernel.Kernels;
import attractor.model.Rnn;
import attractor.task.ScoreAccumulator;
import attractor.task.Scores;
import attractor.task.Trials;
import java.util.Arrays;

/** Scores a network on trials. Stateless, safe for any number of threads. */
public final class Evaluator {
    /** Trials advanced at once. No trial's result depends on it. */
    private static final int LANES = 32;

    private Evaluator() {}

    /**
     * As {@link #evaluate(Rnn, Trials, Kernels, long)}, with noise from seed 0.
     *
     * @param rnn Not modified.
     * @throws IllegalArgumentException if the trials have another number of inputs or outputs than the network
     */
    public static Scores evaluate(Rnn rnn, Trials trials, Kernels kernels) {
        return evaluate(rnn, trials, kernels, 0);
    }

    /**
     * Runs all trials and scores their outputs y(1..T) by trial type.
     *
     * @param rnn Not modified.
     * @param noiseSeed of the noise in the network's states, where it has any
     * @throws IllegalArgumentException if the trials have another number of inputs or outputs than the network
     */
    public static Scores evaluate(Rnn rnn, Trials trials, Kernels kernels, long noiseSeed) {
        int inputs = rnn.inputs();
        int outputs = rnn.outputs();
        int steps = trials.steps();
        if (trials.inputs() != inputs || trials.outputs() != outputs) {
            throw new IllegalArgumentException("trials have " + trials.inputs() + " inputs and " + trials.outputs()
                    + " outputs, expected I = " + inputs + " and O = " + outputs + " as the network has");
        }
        Simulator simulator = new Simulator(rnn, kernels);
        int lanes = Math.min(LANES, trials.size());
        double[] x = new double[lanes * steps * inputs];
        double[] target = new double[lanes * steps * outputs];
        double[] mask = trials.masked() ? new double[target.length] : null;
        Trials.Reader reader = trials.reader();
        ScoreAccumulator scores = new ScoreAccumulator(trials);
        for (int first = 0; first < trials.size(); first += lanes) {
            int rows = Math.min(lanes, trials.size() - first);
            for (int r = 0; r < rows; r++) {
                int at = r * steps * outputs;
                reader.read(first + r, x, r * steps * inputs, target, at, mask, at);
            }
            simulator.noise(noiseSeed, first);
            double[] driven = rows == lanes ? x : Arrays.copyOf(x, rows * steps * inputs);
            double[] y = simulator.run(driven, rows, steps, null, false).y();
            for (int r = 0; r < rows; r++) {
                int at = r * steps * outputs;
                scores.add(trials.type(first + r), y, at, target, at, mask, at);
            }
        }
        return scores.scores();
    }

    /**
     * The loss of a network on some trials: the mean of the squared errors, weighted by the masks where there are any.
     *
     * @param which the trials' numbers, at least one. Not modified.
     * @param noiseSeed of the noise in the network's states, where it has any; the k-th of the trials has the noise of number k
     * @return infinite if an output is not finite
     */
    static double loss(Rnn rnn, Trials trials, int[] which, Kernels kernels, long noiseSeed) {
        int steps = trials.steps();
        Simulator simulator = new Simulator(rnn, kernels);
        int lanes = Math.min(LANES, which.length);
        double[] target = new double[lanes * steps * rnn.outputs()];
        double[] mask = new double[target.length];
        Trials.Reader reader = trials.reader();
        double sum = 0.0;
        double weights = 0.0;
        for (int first = 0; first < which.length; first += lanes) {
            int rows = Math.min(lanes, which.length - first);
            double[] x = new double[rows * steps * rnn.inputs()];
            for (int r = 0; r < rows; r++) {
                int at = r * steps * rnn.outputs();
                reader.read(which[first + r], x, r * steps * rnn.inputs(), target, at, mask, at);
            }
            simulator.noise(noiseSeed, first);
            double[] y = simulator.run(x, rows, steps, null, false).y();
            for (int i = 0; i < y.length; i++) {
                double e = y[i] - target[i];
                sum = Fma.fma(mask[i] * e, e, sum);
                weights += mask[i];
            }
        }
        double loss = sum / weights;
        return Double.isNaN(loss) ? Double.POSITIVE_INFINITY : loss;
    }
}
