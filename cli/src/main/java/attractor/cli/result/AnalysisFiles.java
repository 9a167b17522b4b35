package attractor.cli.result;

import attractor.analysis.Attractors;
import attractor.analysis.Attractors.Attractor;
import attractor.analysis.Attractors.OutputRange;
import attractor.analysis.Attractors.Response;
import attractor.analysis.Attractors.TypeResult;
import attractor.analysis.Eigenvectors;
import attractor.analysis.EpochAnalysis;
import attractor.analysis.FixedPoints;
import attractor.analysis.Multipliers;
import attractor.analysis.NetworkAnalysis;
import attractor.analysis.Pca;
import attractor.analysis.Spectrum;
import attractor.analysis.Trajectories;
import attractor.analysis.WeightStatistics;
import attractor.io.NpyArray;
import attractor.model.Rnn;
import attractor.task.TrialPart;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/** Writes a network's analysis for machines: JSON, tables of comma-separated values and arrays; {@code cli/JSON.md} documents them. */
public final class AnalysisFiles {
    private static final int BINS = 40;

    private final ResultFolder results;
    private final NetworkAnalysis analysis;
    private final Rnn rnn;

    /** The files of an analysis, in a folder that exists. */
    public AnalysisFiles(ResultFolder results, NetworkAnalysis analysis) {
        this.results = results;
        this.analysis = analysis;
        rnn = analysis.network();
    }

    /** A table that is being filled. */
    private final class Table {
        private final CsvTable table;

        Table(String name, List<String> header) {
            table = new CsvTable(name, header);
        }

        void row(List<?> cells) {
            table.row(cells);
        }

        void write() throws IOException {
            results.write(table);
        }
    }

    /** Writes tables and arrays. */
    public void writeTables() throws IOException {
        weights();
        eigenvalues();
        fixedPoints();
        if (analysis.task().isPresent()) {
            pca();
            trajectories(
                    "trajectories.csv",
                    analysis.trajectories().orElseThrow(),
                    analysis.pca().orElseThrow());
            responses();
            attractors();
        }
        arrays();
    }

    /** The spectra by name: {@code initial}, if there is one, and {@code trained}. */
    private Map<String, Spectrum> spectra() {
        Map<String, Spectrum> spectra = new LinkedHashMap<>();
        analysis.initialSpectrum().ifPresent(s -> spectra.put("initial", s));
        spectra.put("trained", analysis.spectrum());
        return spectra;
    }

    private Rnn network(String which) {
        return which.equals("initial") ? analysis.initial().orElseThrow() : rnn;
    }

    private void weights() throws IOException {
        Table table = new Table("weights.csv", List.of("network", "from", "to", "count", "normal_count"));
        for (Map.Entry<String, Spectrum> entry : spectra().entrySet()) {
            Rnn network = network(entry.getKey());
            double[] w = WeightStatistics.present(network.wRec());
            if (w.length == 0) {
                continue;
            }
            WeightStatistics fit = WeightStatistics.of(w);
            double least = Arrays.stream(w).min().orElseThrow();
            double width = (Arrays.stream(w).max().orElseThrow() - least) / BINS;
            int bins = width > 0.0 ? BINS : 1;
            int[] counts = new int[bins];
            for (double weight : w) {
                counts[width > 0.0 ? Math.min(bins - 1, (int) ((weight - least) / width)) : 0]++;
            }
            for (int b = 0; b < bins; b++) {
                double from = least + b * width;
                double to = least + (b + 1) * width;
                table.row(List.of(
                        entry.getKey(), from, to, counts[b], w.length * (fit.normalBelow(to) - fit.normalBelow(from))));
            }
        }
        table.write();
    }

    private void eigenvalues() throws IOException {
        Table table = new Table(
                "eigenvalues.csv",
                List.of(
                        "network",
                        "index",
                        "re",
                        "im",
                        "modulus",
                        "mu_re",
                        "mu_im",
                        "frequency_hz",
                        "right_residual",
                        "left_residual",
                        "overlap",
                        "defective"));
        for (Map.Entry<String, Spectrum> entry : spectra().entrySet()) {
            Spectrum s = entry.getValue();
            Eigenvectors v = s.vectors().orElseThrow();
            for (int k = 0; k < s.size(); k++) {
                table.row(List.of(
                        entry.getKey(),
                        k,
                        s.re()[k],
                        s.im()[k],
                        s.modulus(k),
                        s.muRe(k),
                        s.muIm(k),
                        s.frequencyHz(k),
                        v.rightResidual()[k],
                        v.leftResidual()[k],
                        v.overlap()[k],
                        v.defective()[k]));
            }
        }
        table.write();
    }

    /** Names of numbered columns, {@code name_0}, {@code name_1}, ... */
    private static List<String> numbered(String name, int count) {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            names.add(name + "_" + i);
        }
        return names;
    }

    private static List<Object> values(double[] a, int from, int count) {
        List<Object> values = new ArrayList<>();
        for (int i = from; i < from + count; i++) {
            values.add(i < a.length ? a[i] : "");
        }
        return values;
    }

    /** Names of the columns with principal components, from 1; none without a task. */
    private List<String> componentNames() {
        List<String> names = new ArrayList<>();
        for (int k = 1; k <= analysis.pca().map(Pca::kept).orElse(0); k++) {
            names.add("pc" + k);
        }
        return names;
    }

    private void fixedPoints() throws IOException {
        FixedPoints found = analysis.fixedPoints();
        List<String> header = new ArrayList<>(List.of("point", "kind", "residual", "q"));
        header.addAll(numbered("output", rnn.outputs()));
        header.addAll(List.of(
                "unstable_directions",
                "neutral_directions",
                "largest_modulus",
                "leading_frequency_hz",
                "certified_radius",
                "unique_within",
                "index",
                "seed_fraction",
                "distance",
                "outlier",
                "mirrored",
                "continuum"));
        header.addAll(componentNames());
        Table table = new Table("fixed_points.csv", header);
        Table eigenvalues = new Table(
                "fixed_point_eigenvalues.csv", List.of("point", "index", "re", "im", "modulus", "frequency_hz"));
        int index = 0;
        for (FixedPoints.Point p : found.points()) {
            List<Object> row = new ArrayList<>(List.of(index, kind(p), p.residual(), ""));
            row.addAll(values(p.output(), 0, rnn.outputs()));
            if (p.multipliers().isPresent()) {
                Multipliers m = p.multipliers().get();
                row.addAll(List.of(m.unstable(), m.neutral(), m.radius(), hertz(m, 0)));
                for (int k = 0; k < m.size(); k++) {
                    eigenvalues.row(List.of(index, k, m.re()[k], m.im()[k], m.modulus(k), hertz(m, k)));
                }
            } else {
                row.addAll(List.of("", "", "", ""));
            }
            row.add(p.certificate().<Object>map(FixedPoints.Certificate::radius).orElse(""));
            row.add(p.certificate()
                    .<Object>map(FixedPoints.Certificate::uniqueWithin)
                    .orElse(""));
            row.add(p.index() == 0 ? "" : p.index());
            row.addAll(List.of(p.seedFraction(), p.distance(), p.outlier(), p.mirrored(), p.continuum()));
            row.addAll(projected(p.state()));
            table.row(row);
            index++;
        }
        for (FixedPoints.SlowPoint p : found.slow()) {
            List<Object> row = new ArrayList<>(List.of(index, "slow", "", p.q()));
            row.addAll(values(p.output(), 0, rnn.outputs()));
            row.addAll(List.of("", "", "", "", "", "", ""));
            row.addAll(List.of(p.seedFraction(), p.distance(), p.outlier(), "", ""));
            row.addAll(projected(p.state()));
            table.row(row);
            index++;
        }
        table.write();
        eigenvalues.write();
    }

    private List<Object> projected(double[] state) {
        return analysis.pca()
                .map(pca -> values(pca.project(state), 0, pca.kept()))
                .orElse(List.of());
    }

    /** The frequency in Hz of a multiplier of one step. */
    private double hertz(Multipliers m, int k) {
        return 1000.0 * Math.abs(m.argument(k)) / (2.0 * Math.PI * rnn.dtMs());
    }

    /** The kind of a fixed point in one word. */
    static String kind(FixedPoints.Point p) {
        return p.multipliers()
                .map(m -> m.stable() ? "stable" : m.unstable() > 0 ? "unstable" : "neutral")
                .orElse("");
    }

    private void pca() throws IOException {
        Pca pca = analysis.pca().orElseThrow();
        Table table = new Table("pca.csv", List.of("component", "variance", "explained", "cumulative"));
        double sum = 0.0;
        for (int k = 0; k < pca.units(); k++) {
            sum += pca.explained()[k];
            table.row(List.of(k + 1, pca.variances()[k], pca.explained()[k], sum));
        }
        table.write();
    }

    private void trajectories(String name, Trajectories t, Pca pca) throws IOException {
        List<String> header = new ArrayList<>(List.of("type", "time_ms", "part"));
        header.addAll(numbered("input", t.inputs()));
        header.addAll(numbered("target", t.outputs()));
        header.addAll(numbered("output", t.outputs()));
        header.addAll(componentNames());
        Table table = new Table(name, header);
        for (int s = 0; s < t.trials(); s++) {
            for (int step = 0; step < t.steps(s); step++) {
                int at = s * t.steps() + step;
                List<Object> row = new ArrayList<>(List.of(
                        t.types().get(s), (step + 1) * t.dtMs(), part(t.parts().get(s), step)));
                row.addAll(values(t.x(), at * t.inputs(), t.inputs()));
                row.addAll(values(t.target(), at * t.outputs(), t.outputs()));
                row.addAll(values(t.y(), at * t.outputs(), t.outputs()));
                row.addAll(values(pca.projection(), at * pca.kept(), pca.kept()));
                table.row(row);
            }
        }
        table.write();
    }

    private static String part(List<TrialPart> parts, int step) {
        for (TrialPart part : parts) {
            if (step >= part.from() && step < part.to()) {
                return part.name();
            }
        }
        return "";
    }

    private void responses() throws IOException {
        Attractors found = analysis.attractors().orElseThrow();
        Table table = new Table(
                "responses.csv",
                List.of(
                        "type",
                        "output",
                        "from_ms",
                        "to_ms",
                        "oscillates",
                        "level",
                        "min",
                        "max",
                        "frequency_hz",
                        "amplitude",
                        "explained",
                        "attractor",
                        "settled_after_ms",
                        "class",
                        "activity_class",
                        "oscillatory_share"));
        Table ends = new Table("noisy_ends.csv", List.of("type", "attractor", "fraction"));
        for (TypeResult type : found.types()) {
            for (int o = 0; o < type.responses().size(); o++) {
                Response r = type.responses().get(o);
                table.row(List.of(
                        type.type(),
                        o,
                        r.fromMs(),
                        r.toMs(),
                        r.oscillates(),
                        r.level(),
                        r.min(),
                        r.max(),
                        r.frequencyHz(),
                        r.amplitude(),
                        r.explained(),
                        type.attractor(),
                        type.settledAfter() * rnn.dtMs(),
                        word(type.regime()),
                        word(type.activity()),
                        type.oscillatoryShare()));
            }
            for (int a = 0; a < type.noisyFractions().length; a++) {
                ends.row(List.of(type.type(), a, type.noisyFractions()[a]));
            }
        }
        table.write();
        ends.write();
    }

    private void attractors() throws IOException {
        List<String> header = new ArrayList<>(List.of("attractor", "kind", "period_steps", "frequency_hz"));
        for (int o = 0; o < rnn.outputs(); o++) {
            for (String what : List.of("mean", "min", "max", "frequency_hz", "amplitude")) {
                header.add("output_" + o + "_" + what);
            }
        }
        header.addAll(List.of(
                "largest_multiplier", "curves", "rotation_number", "invariance_residual", "radius", "harmonics"));
        for (int k = 1; k <= 4; k++) {
            header.add("exponent_" + k + "_per_step");
        }
        header.add("fixed_point");
        Table table = new Table("attractors.csv", header);
        List<Attractor> attractors = analysis.attractors().orElseThrow().attractors();
        for (int a = 0; a < attractors.size(); a++) {
            Attractor end = attractors.get(a);
            List<Object> row = new ArrayList<>(
                    List.of(a, end.kind().words(), end.period() > 0 ? end.period() : "", end.frequencyHz()));
            for (OutputRange o : end.outputs()) {
                row.addAll(List.of(o.mean(), o.min(), o.max(), o.frequencyHz(), o.amplitude()));
            }
            row.add(end.multipliers().<Object>map(Multipliers::radius).orElse(""));
            if (end.curve().isPresent()) {
                Attractors.Curve c = end.curve().get();
                row.addAll(List.of(c.curves(), c.rotationNumber(), c.invarianceResidual(), c.radius(), c.harmonics()));
            } else {
                row.addAll(List.of("", "", "", "", ""));
            }
            row.addAll(values(end.exponents(), 0, 4));
            OptionalInt point = analysis.fixedPoint(end);
            row.add(point.isPresent() ? point.getAsInt() : "");
            table.row(row);
        }
        table.write();
    }

    static String word(Enum<?> value) {
        return value.name().toLowerCase(java.util.Locale.ROOT);
    }

    /** Collects arrays that are too large for tables. */
    private void arrays() throws IOException {
        int n = rnn.units();
        Map<String, NpyArray> arrays = new LinkedHashMap<>();
        for (Map.Entry<String, Spectrum> entry : spectra().entrySet()) {
            Eigenvectors v = entry.getValue().vectors().orElseThrow();
            arrays.put(entry.getKey() + "_right_re", NpyArray.of(v.rightRe(), n, n));
            arrays.put(entry.getKey() + "_right_im", NpyArray.of(v.rightIm(), n, n));
            arrays.put(entry.getKey() + "_left_re", NpyArray.of(v.leftRe(), n, n));
            arrays.put(entry.getKey() + "_left_im", NpyArray.of(v.leftIm(), n, n));
        }
        List<double[]> points = new ArrayList<>();
        analysis.fixedPoints().points().forEach(p -> points.add(p.state()));
        analysis.fixedPoints().slow().forEach(p -> points.add(p.state()));
        double[] states = new double[points.size() * n];
        for (int k = 0; k < points.size(); k++) {
            System.arraycopy(points.get(k), 0, states, k * n, n);
        }
        arrays.put("fixed_points", NpyArray.of(states, points.size(), n));
        analysis.trajectories().ifPresent(t -> {
            arrays.put("x", NpyArray.of(t.x(), t.trials(), t.steps(), t.inputs()));
            arrays.put("target", NpyArray.of(t.target(), t.trials(), t.steps(), t.outputs()));
            arrays.put("h", NpyArray.of(t.h(), t.trials(), t.steps(), n));
            arrays.put("y", NpyArray.of(t.y(), t.trials(), t.steps(), t.outputs()));
        });
        analysis.pca().ifPresent(p -> {
            arrays.put("pca_mean", NpyArray.of(p.mean(), n));
            arrays.put("pca_components", NpyArray.of(p.components(), p.kept(), n));
        });
        results.write("arrays.npz", arrays);
    }

    /** Writes the results of an analysis of epochs. */
    public void writeEpochs(EpochAnalysis epochs, List<Integer> numbers) throws IOException {
        int n = rnn.units();
        Table paths = new Table("epochs.csv", List.of("epoch", "index", "re", "im"));
        Table points = new Table("epoch_fixed_points.csv", epochPointHeader());
        for (int e = 0; e < numbers.size(); e++) {
            for (int p = 0; p < n; p++) {
                paths.row(List.of(numbers.get(e), p, epochs.re()[e * n + p], epochs.im()[e * n + p]));
            }
            int index = 0;
            for (FixedPoints.Point p : epochs.fixedPoints().get(e).points()) {
                List<Object> row = new ArrayList<>(List.of(numbers.get(e), index++, kind(p)));
                row.addAll(values(p.output(), 0, rnn.outputs()));
                row.add(p.multipliers().<Object>map(Multipliers::unstable).orElse(""));
                row.add(p.multipliers().<Object>map(Multipliers::radius).orElse(""));
                row.addAll(List.of(p.certificate().isPresent(), p.seedFraction()));
                points.row(row);
            }
        }
        paths.write();
        points.write();
        if (epochs.pca().isEmpty()) {
            return;
        }
        Pca pca = epochs.pca().get();
        List<String> header = new ArrayList<>(List.of("epoch", "type", "time_ms"));
        header.addAll(numbered("output", rnn.outputs()));
        header.addAll(componentNames());
        Table table = new Table("epoch_trajectories.csv", header);
        for (int e = 0; e < numbers.size(); e++) {
            Trajectories t = epochs.trajectories().get(e);
            for (int at = 0; at < t.trials() * t.steps(); at++) {
                if (at % t.steps() >= t.steps(at / t.steps())) {
                    continue; // padding
                }
                List<Object> row = new ArrayList<>(
                        List.of(numbers.get(e), t.types().get(at / t.steps()), (at % t.steps() + 1) * t.dtMs()));
                row.addAll(values(t.y(), at * t.outputs(), t.outputs()));
                row.addAll(values(pca.projection(), (e * t.trials() * t.steps() + at) * pca.kept(), pca.kept()));
                table.row(row);
            }
        }
        table.write();
    }

    private List<String> epochPointHeader() {
        List<String> header = new ArrayList<>(List.of("epoch", "point", "kind"));
        header.addAll(numbered("output", rnn.outputs()));
        header.addAll(List.of("unstable_directions", "largest_modulus", "certified", "seed_fraction"));
        return header;
    }
}
