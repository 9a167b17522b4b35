package attractor.similarity;

import attractor.analysis.Attractors;
import attractor.analysis.Pca;
import attractor.analysis.Spectrum;
import attractor.model.Rnn;
import attractor.population.PopulationTrials;
import attractor.task.Task;
import java.util.List;
import java.util.Optional;

/**
 * What comparisons need of a network. Two can be compared if their trials have the same types and steps.
 *
 * <p>Thread-safe as long as the arrays are not modified.
 *
 * @param types of trials
 * @param steps of a trial
 * @param shape mean trajectories, (types x steps) rows, in their principal components, at most {@value #SHAPE}
 * @param mode their linear model
 * @param re real parts of the eigenvalues of one step at 0, mu = 1 - alpha + alpha lambda, N
 * @param im their imaginary parts
 * @param attractors the graph of attractors
 */
public record Fingerprint(
        List<String> types,
        int steps,
        double[] shape,
        DynamicMode mode,
        double[] re,
        double[] im,
        AttractorGraph attractors) {
    private static final int SHAPE = 50;

    /**
     * How it is made. Immutable, safe for any thread.
     *
     * @param trialsPerType noisy trials of each type, at least 1, for means and ends
     * @param seed of noise
     * @param mode of the linear model
     */
    public record Options(int trialsPerType, long seed, DynamicMode.Options mode) {
        /** 20 trials of each type, seed 0. */
        public static final Options DEFAULT = new Options(20, 0, DynamicMode.Options.DEFAULT);
    }

    /**
     * Takes a network's. A network of 50 units takes about half a second.
     *
     * @param rnn Not modified.
     * @param task with the noise that trials should have
     * @param known its attractors with noisy trials, if they were found before
     * @throws IllegalArgumentException if network and task don't fit together, trials are too short, or nothing varies
     */
    public static Fingerprint of(Rnn rnn, Task task, Options options, Optional<Attractors> known) {
        PopulationTrials trials = PopulationTrials.of(rnn, task, options.trialsPerType, options.seed);
        double[] means = trials.means();
        Pca pca = Pca.of(means, rnn.units(), SHAPE);
        DynamicMode mode = DynamicMode.of(means, trials.types().size(), rnn.units(), options.mode);
        Spectrum spectrum = Spectrum.withoutVectors(rnn);
        double[] re = new double[spectrum.size()];
        double[] im = new double[spectrum.size()];
        for (int k = 0; k < re.length; k++) {
            re[k] = spectrum.muRe(k);
            im[k] = spectrum.muIm(k);
        }
        Attractors found = known.orElseGet(() -> Attractors.of(
                rnn,
                task.withoutNoise(),
                task,
                Attractors.Options.of(rnn).withSeed(options.seed).withNoisyTrials(options.trialsPerType)));
        return new Fingerprint(
                trials.types(), trials.steps(), pca.projection(), mode, re, im, AttractorGraph.of(found));
    }
}
