package attractor.population;

import attractor.analysis.ActivityRegime;
import attractor.analysis.Attractors.Regime;
import attractor.analysis.Spectrum;
import attractor.model.Rnn;
import attractor.task.Task;
import java.util.List;
import java.util.Optional;

/**
 * All measures of this package for one trained network.
 *
 * <pre>{@code
 * PopulationAnalysis geometry = PopulationAnalysis.of(
 *         rnn, Optional.empty(), Tasks.byName("and"), PopulationAnalysis.Options.DEFAULT);
 * double ratio = geometry.dimensions().rows().get(0).states().participationRatio();
 * }</pre>
 *
 * <p>Thread-safe as long as the arrays are not modified; they are not copied.
 *
 * @param trials the trials, {@link Options#trialsPerType} of each type
 * @param dimensions of trajectories
 * @param angles between subspaces
 * @param alignment of input and output weights
 * @param sequentiality of units' peaks
 * @param selectivity of units; empty, as the next four, if the task has one type
 * @param taskVariance of units
 * @param clusters of units
 * @param demixed components
 * @param regression axes of the task's variables
 * @param regimes as the paper's authors label them
 * @param sweep over their thresholds
 * @param activity our class of the activity, by type, see {@link Regime}
 * @param eigenvalues our class by the leading eigenvalues
 * @param options what it was computed with
 */
public record PopulationAnalysis(
        PopulationTrials trials,
        TrajectoryDimensions dimensions,
        SubspaceAngles angles,
        Alignment alignment,
        Sequentiality sequentiality,
        Optional<Selectivity> selectivity,
        Optional<TaskVariance> taskVariance,
        Optional<UnitClusters> clusters,
        Optional<DemixedPca> demixed,
        Optional<TargetedRegression> regression,
        PublishedRegimes regimes,
        RegimeSweep sweep,
        List<ActivityRegime> activity,
        Regime eigenvalues,
        Options options) {

    /**
     * What to compute with. Immutable, safe for any thread.
     *
     * @param trialsPerType with noise, at least 1; a measure that needs more refuses
     * @param components dimensions of subspaces, at least 1
     * @param seed seed of noise and shuffles
     * @param regimes thresholds of the published regimes
     */
    public record Options(int trialsPerType, int components, long seed, PublishedRegimes.Options regimes) {
        /** 20 trials of each type, subspaces of 3 dimensions, seed 0, the published thresholds. */
        public static final Options DEFAULT = new Options(20, 3, 0, PublishedRegimes.Options.PUBLISHED);

        /** @throws IllegalArgumentException if a number is below 1 */
        public Options {
            if (trialsPerType < 1 || components < 1) {
                throw new IllegalArgumentException("geometry: trials per type is " + trialsPerType
                        + " and components " + components + ", expected at least 1 of each");
            }
        }
    }

    /**
     * Analyses a network.
     *
     * @param rnn Not modified.
     * @param initial the network before training, if it is known, with as many units. Not modified.
     * @param task with the noise that trials should have
     * @throws IllegalArgumentException if networks and task don't fit together, or a measure needs more trials; the
     *     message says which
     */
    public static PopulationAnalysis of(Rnn rnn, Optional<Rnn> initial, Task task, Options options) {
        PopulationTrials trials = PopulationTrials.of(rnn, task, options.trialsPerType, options.seed);
        Optional<PopulationTrials> before =
                initial.map(net -> PopulationTrials.of(net, task, options.trialsPerType, options.seed));
        Spectrum spectrum = Spectrum.of(rnn);
        boolean several = trials.types().size() > 1;
        Optional<TaskVariance> variance = several ? Optional.of(TaskVariance.of(trials)) : Optional.empty();
        PublishedRegimes regimes = PublishedRegimes.of(spectrum, trials, options.regimes);
        return new PopulationAnalysis(
                trials,
                TrajectoryDimensions.of(trials),
                SubspaceAngles.of(trials, before, options.components, options.seed),
                Alignment.of(rnn, trials, spectrum),
                Sequentiality.of(trials),
                several ? Optional.of(Selectivity.of(trials, options.seed)) : Optional.empty(),
                variance,
                variance.map(v -> UnitClusters.of(v, options.seed)),
                several ? Optional.of(DemixedPca.of(trials)) : Optional.empty(),
                several ? Optional.of(TargetedRegression.of(trials)) : Optional.empty(),
                regimes,
                RegimeSweep.of(regimes),
                ActivityRegime.of(rnn, task, options.seed),
                Regime.of(spectrum),
                options);
    }

    /** Our class of a type, by eigenvalues and activity together. */
    public Regime regime(int type) {
        return Regime.of(eigenvalues, activity.get(type).regime());
    }
}
