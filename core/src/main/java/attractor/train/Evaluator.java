package attractor.train;

import attractor.dynamics.Propagator;
import attractor.kernel.Kernels;
import attractor.model.Rnn;
import attractor.task.ScoreAccumulator;
import attractor.task.Scores;
import attractor.task.Trials;

/** Scores a network on trials. Stateless, safe for any number of threads. */
public final class Evaluator {
    /** Trials advanced at once. No trial's result depends on it. */
    private static final int ROWS = 32;

    private Evaluator() {}

    /**
     * Runs all trials and scores their outputs y(1..T) by trial type.
     *
     * @param rnn Not modified.
     * @throws IllegalArgumentException if the trials have another number of inputs or outputs than the network
     */
    public static Scores evaluate(Rnn rnn, Trials trials, Kernels kernels) {
        int inputs = rnn.inputs();
        int outputs = rnn.outputs();
        int steps = trials.steps();
        if (trials.inputs() != inputs || trials.outputs() != outputs) {
            throw new IllegalArgumentException("trials have " + trials.inputs() + " inputs and " + trials.outputs()
                    + " outputs, expected I = " + inputs + " and O = " + outputs + " as the network has");
        }
        Propagator forward = new Propagator(rnn, kernels);
        int row = forward.rowLength();
        int lanes = Math.min(ROWS, trials.size());
        double[] x = new double[lanes * steps * inputs];
        double[] target = new double[lanes * steps * outputs];
        double[] mask = trials.masked() ? new double[target.length] : null;
        double[] predicted = new double[target.length];
        double[] y = new double[lanes * outputs];
        double[] u = new double[lanes * row];
        double[] next = new double[u.length];
        double[] rates = rnn.alpha() == 1.0 ? null : new double[lanes * forward.rateLength()];
        Trials.Reader reader = trials.reader();
        ScoreAccumulator scores = new ScoreAccumulator(trials);
        for (int first = 0; first < trials.size(); first += lanes) {
            int rows = Math.min(lanes, trials.size() - first);
            for (int r = 0; r < rows; r++) {
                reader.read(first + r, x, r * steps * inputs, target, r * steps * outputs, mask, r * steps * outputs);
            }
            forward.start(rows, rnn.parameters(), u, 0);
            for (int t = 0; t <= steps; t++) {
                if (t < steps) {
                    for (int r = 0; r < rows; r++) {
                        System.arraycopy(x, (r * steps + t) * inputs, u, r * row, inputs);
                    }
                    forward.step(rows, u, 0, next, 0, rates, 0, y, 0);
                } else {
                    forward.read(rows, u, 0, next, 0, y, 0);
                }
                for (int r = 0; t > 0 && r < rows; r++) {
                    System.arraycopy(y, r * outputs, predicted, (r * steps + t - 1) * outputs, outputs);
                }
                double[] swapped = u;
                u = next;
                next = swapped;
            }
            for (int r = 0; r < rows; r++) {
                int at = r * steps * outputs;
                scores.add(trials.type(first + r), predicted, at, target, at, mask, at);
            }
        }
        return scores.scores();
    }
}
