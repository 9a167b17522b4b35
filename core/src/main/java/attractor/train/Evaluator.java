package attractor.train;

import attractor.kernel.Fma;
import attractor.kernel.Kernels;
import attractor.model.Rnn;
import attractor.task.ScoreAccumulator;
import attractor.task.Scores;
import attractor.task.Trials;

/** Scores a network on trials. Stateless, safe for any number of threads. */
public final class Evaluator {
    private Evaluator() {}

    /**
     * Runs all trials and scores their outputs y(1..T) by trial type.
     *
     * @param rnn Not modified.
     * @param noiseSeed of the noise in the network's states, where it has any, see {@link TrialBatches}; an evaluation takes the seed of its trials
     * @throws IllegalArgumentException if the trials have another number of inputs or outputs than the network
     */
    public static Scores evaluate(Rnn rnn, Trials trials, Kernels kernels, long noiseSeed) {
        ScoreAccumulator scores = new ScoreAccumulator(trials);
        int length = trials.steps() * trials.outputs();
        TrialBatches.run(rnn, trials, kernels, noiseSeed, false, batch -> {
            for (int s = 0; s < batch.size(); s++) {
                int at = s * length;
                scores.add(trials.type(batch.first() + s), batch.run().y(), at, batch.target(), at, batch.mask(), at);
            }
        });
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
        double[] sums = new double[2]; // of the weighted squared errors, and of the weights
        TrialBatches.run(rnn, trials.select(which), kernels, noiseSeed, false, batch -> {
            double[] y = batch.run().y();
            for (int i = 0; i < y.length; i++) {
                double e = y[i] - batch.target()[i];
                double weight = batch.mask() == null ? 1.0 : batch.mask()[i];
                sums[0] = Fma.fma(weight * e, e, sums[0]);
                sums[1] += weight;
            }
        });
        double loss = sums[0] / sums[1];
        return Double.isNaN(loss) ? Double.POSITIVE_INFINITY : loss;
    }
}
