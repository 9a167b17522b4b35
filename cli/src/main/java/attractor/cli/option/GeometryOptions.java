package attractor.cli.option;

import attractor.io.Printable;
import attractor.population.PopulationAnalysis;
import attractor.population.PublishedRegimes;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options of {@code analyze --parts geometry}. */
public final class GeometryOptions {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @Option(
            names = "--trials-per-type",
            paramLabel = "N",
            description = "Noisy trials of each type for the parts geometry and similarity (default: 20).")
    private Integer trials;

    @Option(
            names = "--subspace",
            paramLabel = "K",
            description = "Dimensions of the subspaces that geometry compares (default: 3).")
    private Integer components;

    @Option(
            names = "--regime-thresholds",
            paramLabel = "OSC,MIXED,RATIO,RAMP",
            split = ",",
            hideParamSyntax = true,
            description = "Published regimes of geometry: oscillation indices, peak ratio, ramp index (default: "
                    + "0.15,0.05,5,0.8).")
    private double[] thresholds;

    @Option(
            names = "--regime-window",
            paramLabel = "FROM,TO",
            split = ",",
            hideParamSyntax = true,
            description = "Their window, as shares of the trial (default: 0.35,0.85).")
    private double[] window;

    /** Whether an option of geometry alone was given. */
    public boolean given() {
        return components != null || thresholds != null || window != null;
    }

    /** Whether the number of trials was given. */
    public boolean trialsGiven() {
        return trials != null;
    }

    /** Trials of each type. */
    public int trials() {
        return trials == null ? PopulationAnalysis.Options.DEFAULT.trialsPerType() : trials;
    }

    /**
     * What was chosen.
     *
     * @throws ParameterException if a number is out of its range
     */
    public PopulationAnalysis.Options chosen(long seed) {
        PopulationAnalysis.Options d = PopulationAnalysis.Options.DEFAULT;
        PublishedRegimes.Options r = d.regimes();
        double[] t = thresholds == null
                ? new double[] {r.oscillatory(), r.mixed(), r.peakRatio(), r.ramp()}
                : counted("--regime-thresholds", thresholds, 4);
        double[] w = window == null ? new double[] {r.from(), r.to()} : counted("--regime-window", window, 2);
        try {
            return new PopulationAnalysis.Options(
                    trials(),
                    components == null ? d.components() : components,
                    seed,
                    new PublishedRegimes.Options(t[0], t[1], t[2], t[3], w[0], w[1], r.segment()));
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }

    private double[] counted(String option, double[] values, int count) {
        if (values.length != count) {
            throw new ParameterException(
                    spec.commandLine(),
                    option + " has " + Printable.count(values.length, "value") + ", expected " + count);
        }
        return values;
    }
}
