package attractor.train;

import attractor.engine.Loss;
import attractor.engine.MeanSquaredError;
import attractor.kernel.Fma;
import attractor.kernel.Kernels;
import attractor.model.Rnn;
import attractor.task.ScoreAccumulator;
import attractor.task.Scores;
import attractor.task.Trials;
import java.util.Arrays;

/** Scores a network on trials. Stateless, safe for any number of threads. */
public final class Evaluator {
    private Evaluator() {}

    /**
     * Runs all trials and scores their outputs y(1..T) by trial type, as the trials' {@link Trials#readout} says.
     *
     * @param rnn Not modified.
     * @param noiseSeed seed of the noise in the network's states, if it has any, see {@link TrialBatches}; an
     *     evaluation uses the seed of its trials
     * @throws IllegalArgumentException if the trials have another number of inputs or outputs than the network
     */
    public static Scores evaluate(Rnn rnn, Trials trials, Kernels kernels, long noiseSeed) {
        ScoreAccumulator scores = new ScoreAccumulator(trials, rnn.dtMs());
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
     * The loss of a network on some trials, weighted by their mask if they have one.
     *
     * @param which the trials' numbers, at least one. Not modified.
     * @param noiseSeed of the noise in the network's states, where it has any; the k-th of the trials has the noise of number k
     * @return infinite if an output that counts is not finite
     */
    static double loss(Rnn rnn, Trials trials, int[] which, Loss loss, Kernels kernels, long noiseSeed) {
        double[] sums = new double[2]; // of the weighted squared errors, and of the weights
        TrialBatches.run(rnn, trials.select(which), kernels, noiseSeed, false, batch -> {
            double[] y = batch.run().y();
            double[] weight = batch.mask() == null ? ones(y.length) : batch.mask();
            if (loss.equals(new MeanSquaredError())) {
                // One sum over all trials in their order: the choice of the best epoch depends on its bits.
                for (int i = 0; i < y.length; i++) {
                    double e = y[i] - batch.target()[i];
                    sums[0] = weight[i] == 0.0 ? sums[0] : Fma.fma(weight[i] * e, e, sums[0]);
                }
            } else {
                for (int i = 0; i < y.length; i++) {
                    if (weight[i] == 0.0 && !Double.isFinite(y[i])) {
                        y[i] = 0.0; // behind the end of a trial, where it doesn't count
                    }
                }
                sums[0] += loss.sum(
                        batch.size(), trials.steps(), rnn.outputs(), y, batch.target(), weight, new double[y.length]);
            }
            for (int i = 0; i < y.length; i++) {
                sums[1] += weight[i];
            }
        });
        double mean = sums[0] / sums[1];
        return Double.isNaN(mean) ? Double.POSITIVE_INFINITY : mean;
    }

    private static double[] ones(int length) {
        double[] ones = new double[length];
        Arrays.fill(ones, 1.0);
        return ones;
    }
}
