package attractor.cli.result;

import attractor.figure.PopulationFigures;
import attractor.io.Printable;
import attractor.population.Alignment;
import attractor.population.DemixedPca;
import attractor.population.Dimensionality;
import attractor.population.PopulationAnalysis;
import attractor.population.PopulationTrials;
import attractor.population.PublishedRegimes;
import attractor.population.RegimeSweep;
import attractor.population.Selectivity;
import attractor.population.Sequentiality;
import attractor.population.SubspaceAngles;
import attractor.population.TargetedRegression;
import attractor.population.TaskVariance;
import attractor.population.TrajectoryDimensions;
import attractor.population.UnitClusters;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** What the population does, {@link PopulationAnalysis}, as a part of {@code analyze}. */
public final class GeometryPart implements AnalysisPart {
    private final PopulationAnalysis.Options options;

    /** With these options; the seed is that of the subject. */
    public GeometryPart(PopulationAnalysis.Options options) {
        this.options = options;
    }

    @Override
    public String name() {
        return "geometry";
    }

    @Override
    public String about() {
        return "what the population of units does";
    }

    @Override
    public boolean needsTask() {
        return true;
    }

    @Override
    public Result of(Subject subject) {
        PopulationAnalysis found = PopulationAnalysis.of(
                subject.network(), subject.initial(), subject.task().orElseThrow(), options);
        return new Result(json(found), tables(found), PopulationFigures.of(found), lines(found));
    }

    private static Map<String, Object> map(Object... pairs) {
        Map<String, Object> map = new LinkedHashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            map.put((String) pairs[i], pairs[i + 1]);
        }
        return map;
    }

    private static Object label(Optional<PublishedRegimes.Label> label) {
        return label.<Object>map(AnalysisFiles::word).orElse(null);
    }

    private static Map<String, Object> json(PopulationAnalysis a) {
        List<Object> dimensions = new ArrayList<>();
        for (TrajectoryDimensions.Row row : a.dimensions().rows()) {
            Dimensionality d = row.states();
            dimensions.add(map(
                    "type", row.type(),
                    "part", row.part(),
                    "observations", d.observations(),
                    "variance", d.variance(),
                    "participationRatio", d.participationRatio(),
                    "components90", d.components90(),
                    "components99", d.components99()));
        }
        List<Object> angles = new ArrayList<>();
        for (SubspaceAngles.Pair pair : a.angles().pairs()) {
            double[] degrees = new double[pair.angles().radians().length];
            java.util.Arrays.setAll(degrees, k -> pair.angles().degrees(k));
            angles.add(map(
                    "kind", pair.kind(),
                    "first", pair.first(),
                    "second", pair.second(),
                    "degrees", degrees,
                    "chanceDegrees", pair.chanceDegrees(),
                    "alignmentIndex", pair.alignment(),
                    "reverseAlignmentIndex", pair.reverse()));
        }
        List<Object> alignment = new ArrayList<>();
        for (Alignment.Row row : a.alignment().rows()) {
            alignment.add(map("weights", row.weights(), "with", row.with(), "rho", row.rho(), "chance", row.chance()));
        }
        List<Object> sequentiality = new ArrayList<>();
        for (Sequentiality.Row row : a.sequentiality().rows()) {
            sequentiality.add(map(
                    "form", AnalysisFiles.word(row.form()),
                    "type", row.type(),
                    "meanUnits", row.units(),
                    "entropy", row.entropy(),
                    "ridge", row.ridge(),
                    "index", row.index()));
        }
        Map<String, Object> json = map(
                "trialsPerType", a.options().trialsPerType(),
                "subspaceDimensions", a.options().components(),
                "dimensions", dimensions,
                "angles", angles,
                "alignment", alignment,
                "sequentiality", sequentiality,
                "selectivity", a.selectivity().map(GeometryPart::selectivity).orElse(null),
                "unitClusters",
                        a.clusters()
                                .map(c -> clusters(c, a.taskVariance().orElseThrow()))
                                .orElse(null),
                "demixed", a.demixed().map(GeometryPart::demixed).orElse(null),
                "regression", a.regression().map(GeometryPart::regression).orElse(null),
                "regimes", regimes(a));
        return json;
    }

    private static List<Object> selectivity(Selectivity s) {
        List<Object> list = new ArrayList<>();
        for (Selectivity.Threshold t : s.thresholds()) {
            list.add(map("part", t.part(), "etaSquaredThreshold", t.share(), "selectiveUnits", t.selective()));
        }
        return list;
    }

    private static Map<String, Object> clusters(UnitClusters c, TaskVariance variance) {
        List<Object> centres = new ArrayList<>();
        int p = variance.parts().size();
        for (int k = 0; k < c.clustering().number(); k++) {
            int number = k;
            centres.add(map(
                    "units",
                    java.util.Arrays.stream(c.clustering().cluster())
                            .filter(x -> x == number)
                            .count(),
                    "taskVariance",
                    java.util.Arrays.copyOfRange(c.centres(), k * p, (k + 1) * p)));
        }
        return map(
                "clusteredUnits", c.units().length,
                "number", c.clustering().number(),
                "bestNumber", c.clustering().bestNumber(),
                "silhouettes", c.clustering().silhouettes(),
                "p", c.clustering().p(),
                "parts", variance.parts(),
                "clusters", centres);
    }

    private static Map<String, Object> demixed(DemixedPca d) {
        List<Object> marginals = new ArrayList<>();
        d.marginals().forEach(m -> marginals.add(map("marginal", m.name(), "share", m.share())));
        List<Object> components = new ArrayList<>();
        for (DemixedPca.Component c : d.components()) {
            components.add(map(
                    "marginal", c.marginal(),
                    "share", c.share(),
                    "crossValidatedShare", c.crossValidated(),
                    "demixedShare", c.demixed()));
        }
        return map("lambda", d.lambda(), "marginals", marginals, "components", components);
    }

    private static List<Object> regression(TargetedRegression r) {
        List<Object> list = new ArrayList<>();
        for (TargetedRegression.Axis axis : r.axes()) {
            list.add(map(
                    "variable", axis.variable(),
                    "timeMs", axis.timeMs(),
                    "share", axis.share(),
                    "crossValidatedShare", axis.crossValidated(),
                    "decoding", axis.decoding()));
        }
        return list;
    }

    private static Map<String, Object> regimes(PopulationAnalysis a) {
        PublishedRegimes r = a.regimes();
        PublishedRegimes.Options o = r.options();
        List<Object> types = new ArrayList<>();
        for (int k = 0; k < r.types().size(); k++) {
            PublishedRegimes.OfType t = r.types().get(k);
            types.add(map(
                    "type", t.type(),
                    "rampIndex", t.rampIndex().orElse(null),
                    "peakRatio", t.peakRatio().orElse(null),
                    "peakHz", t.peakHz().orElse(null),
                    "activityLabel", label(t.activity()),
                    "label", label(t.label()),
                    "oscillatoryShare", a.activity().get(k).share(),
                    "activityClass", AnalysisFiles.word(a.activity().get(k).regime()),
                    "class", AnalysisFiles.word(a.regime(k))));
        }
        List<Object> sweep = new ArrayList<>();
        for (RegimeSweep.Row row : a.sweep().rows()) {
            sweep.add(map(
                    "threshold", row.threshold(),
                    "value", row.value(),
                    "oscillatory", row.count(PublishedRegimes.Label.OSCILLATORY),
                    "ramping", row.count(PublishedRegimes.Label.RAMPING),
                    "mixed", row.count(PublishedRegimes.Label.MIXED)));
        }
        return map(
                "thresholds",
                map(
                        "oscillatoryIndex", o.oscillatory(),
                        "mixedIndex", o.mixed(),
                        "peakRatio", o.peakRatio(),
                        "rampIndex", o.ramp(),
                        "windowFrom", o.from(),
                        "windowTo", o.to(),
                        "segmentSteps", o.segment()),
                "oscillationIndex",
                r.oscillationIndex(),
                "spectrumLabel",
                AnalysisFiles.word(r.spectrum()),
                "types",
                types,
                "sweep",
                sweep);
    }

    private static List<CsvTable> tables(PopulationAnalysis a) {
        List<CsvTable> tables = new ArrayList<>();
        CsvTable angles = new CsvTable(
                "geometry_angles.csv", List.of("kind", "first", "second", "angle", "degrees", "chance_degrees"));
        for (SubspaceAngles.Pair pair : a.angles().pairs()) {
            for (int k = 0; k < pair.angles().radians().length; k++) {
                angles.row(List.of(
                        pair.kind(),
                        pair.first(),
                        pair.second(),
                        k,
                        pair.angles().degrees(k),
                        pair.chanceDegrees()));
            }
        }
        tables.add(angles);
        CsvTable dimensions = new CsvTable(
                "geometry_dimensions.csv",
                List.of(
                        "type",
                        "part",
                        "observations",
                        "variance",
                        "participation_ratio",
                        "components_90",
                        "components_99"));
        for (TrajectoryDimensions.Row row : a.dimensions().rows()) {
            Dimensionality d = row.states();
            dimensions.row(List.of(
                    row.type(),
                    row.part(),
                    d.observations(),
                    d.variance(),
                    d.participationRatio(),
                    d.components90(),
                    d.components99()));
        }
        tables.add(dimensions);
        a.selectivity().ifPresent(s -> tables.add(units(a, s)));
        a.demixed().ifPresent(d -> {
            tables.add(components(a, d));
            tables.add(axes(a, d));
        });
        CsvTable sweep = new CsvTable("geometry_regime_sweep.csv", List.of("threshold", "value", "type", "label"));
        for (RegimeSweep.Row row : a.sweep().rows()) {
            for (int k = 0; k < row.labels().size(); k++) {
                sweep.row(List.of(
                        row.threshold(),
                        row.value(),
                        a.trials().types().get(k),
                        row.labels().get(k).<Object>map(AnalysisFiles::word).orElse("")));
            }
        }
        tables.add(sweep);
        return tables;
    }

    private static CsvTable units(PopulationAnalysis a, Selectivity s) {
        CsvTable table = new CsvTable(
                "geometry_units.csv",
                List.of(
                        "unit",
                        "part",
                        "eta_squared",
                        "selective",
                        "preferred",
                        "d_prime",
                        "task_variance",
                        "normalized",
                        "cluster"));
        TaskVariance v = a.taskVariance().orElseThrow();
        UnitClusters c = a.clusters().orElseThrow();
        Object[] cluster = new Object[v.units()];
        java.util.Arrays.fill(cluster, "");
        for (int i = 0; i < c.units().length; i++) {
            cluster[c.units()[i]] = c.clustering().cluster()[i];
        }
        for (Selectivity.Row row : s.rows()) {
            int at = row.unit() * v.parts().size() + v.parts().indexOf(row.part());
            table.row(List.of(
                    row.unit(),
                    row.part(),
                    row.etaSquared(),
                    row.selective(),
                    row.preferred(),
                    row.dPrime(),
                    v.variance()[at],
                    v.normalized()[at],
                    cluster[row.unit()]));
        }
        return table;
    }

    /** Demixed components and axes of regression over time. */
    private static CsvTable components(PopulationAnalysis a, DemixedPca d) {
        CsvTable table =
                new CsvTable("geometry_projections.csv", List.of("map", "component", "type", "time_ms", "projection"));
        int number = 0;
        for (DemixedPca.Component c : d.components()) {
            project(table, "demixed", number++, c.projection(), a.trials());
        }
        number = 0;
        for (TargetedRegression.Axis axis : a.regression().orElseThrow().axes()) {
            project(table, "regression", number++, axis.projection(), a.trials());
        }
        return table;
    }

    private static void project(CsvTable table, String map, int number, double[] values, PopulationTrials trials) {
        for (int k = 0; k < values.length; k++) {
            table.row(List.of(
                    map,
                    number,
                    trials.types().get(k / trials.steps()),
                    (k % trials.steps() + 1) * trials.dtMs(),
                    values[k]));
        }
    }

    private static CsvTable axes(PopulationAnalysis a, DemixedPca d) {
        CsvTable table =
                new CsvTable("geometry_axes.csv", List.of("map", "component", "of", "unit", "encoder", "decoder"));
        for (int c = 0; c < d.components().size(); c++) {
            DemixedPca.Component component = d.components().get(c);
            for (int i = 0; i < a.trials().units(); i++) {
                table.row(List.of(
                        "demixed",
                        c,
                        component.marginal(),
                        i,
                        component.encoder()[i],
                        component.decoder()[i]));
            }
        }
        List<TargetedRegression.Axis> axes = a.regression().orElseThrow().axes();
        for (int c = 0; c < axes.size(); c++) {
            for (int i = 0; i < a.trials().units(); i++) {
                double w = axes.get(c).axis()[i];
                table.row(List.of("regression", c, axes.get(c).variable(), i, w, w));
            }
        }
        return table;
    }

    private static String format(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }

    private static List<String> lines(PopulationAnalysis a) {
        List<String> lines = new ArrayList<>();
        TrajectoryDimensions.Row whole = a.dimensions().rows().get(0);
        lines.add(format(
                "geometry of mean trajectories (%s a type): participation ratio %.2f, %d %s 90 %% of the variance",
                Printable.count(a.options().trialsPerType(), "noisy trial"),
                whole.states().participationRatio(),
                whole.states().components90(),
                whole.states().components90() == 1 ? "component has" : "components have"));
        List<String> angles = new ArrayList<>();
        for (SubspaceAngles.Pair pair : a.angles().pairs()) {
            if (pair.kind().equals("part") && angles.size() < 4) {
                angles.add(format(
                        "%s to %s %.0f",
                        pair.first(), pair.second(), pair.angles().meanDegrees()));
            }
        }
        if (!angles.isEmpty()) {
            lines.add(format(
                    "  mean angle between subspaces of %s, in degrees: %s; of random ones %.0f",
                    Printable.count(a.options().components(), "dimension"),
                    String.join(", ", angles),
                    a.angles().pairs().get(0).chanceDegrees()));
        }
        a.selectivity().ifPresent(s -> {
            List<String> words = new ArrayList<>();
            s.thresholds().forEach(t -> words.add(t.part() + " " + t.selective()));
            lines.add("  units that tell types apart: " + String.join(", ", words) + " of "
                    + a.trials().units());
        });
        a.clusters()
                .ifPresent(c -> lines.add(format(
                        "  clusters of units by their part: %d (best silhouette %s, p = %.2f against shuffled parts)",
                        c.clustering().number(),
                        c.clustering().silhouettes().length == 0
                                ? "none"
                                : format(
                                        "%.2f with %d",
                                        java.util.Arrays.stream(c.clustering().silhouettes())
                                                .max()
                                                .orElseThrow(),
                                        c.clustering().bestNumber()),
                        c.clustering().p())));
        a.demixed().ifPresent(d -> {
            List<String> words = new ArrayList<>();
            d.marginals().forEach(m -> words.add(format("%s %.0f %%", m.name(), 100.0 * m.share())));
            lines.add("  variance of mean trajectories: " + String.join(", ", words));
        });
        List<String> labels = new ArrayList<>();
        for (PublishedRegimes.OfType t : a.regimes().types()) {
            labels.add(t.type() + " " + t.label().map(AnalysisFiles::word).orElse("-"));
        }
        lines.add(format(
                "  published regimes (oscillation index %.2f, %s): %s",
                a.regimes().oscillationIndex(),
                AnalysisFiles.word(a.regimes().spectrum()),
                String.join(", ", labels.subList(0, Math.min(8, labels.size())))));
        return lines;
    }
}
