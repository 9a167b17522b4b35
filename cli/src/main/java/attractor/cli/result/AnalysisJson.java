package attractor.cli.result;

import attractor.analysis.Attractors;
import attractor.analysis.Attractors.Attractor;
import attractor.analysis.Attractors.OutputRange;
import attractor.analysis.Attractors.Response;
import attractor.analysis.Attractors.TypeResult;
import attractor.analysis.EpochAnalysis;
import attractor.analysis.FixedPoints;
import attractor.analysis.Multipliers;
import attractor.analysis.NetworkAnalysis;
import attractor.analysis.Pca;
import attractor.analysis.Spectrum;
import attractor.analysis.WeightStatistics;
import attractor.model.Rnn;
import attractor.task.Task;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** A network's analysis as a JSON document; {@code cli/JSON.md} documents it. */
public final class AnalysisJson {
    /** How schemas of this command's documents begin. */
    public static final String SCHEMA = "attractor/analyze";

    private static final int LEADING = 5;

    private AnalysisJson() {}

    /**
     * The document, without its list of files, which is added later.
     *
     * @param source the network's file
     * @param initial the file of the network before training; null if it isn't known
     */
    public static Map<String, Object> of(NetworkAnalysis analysis, Object source, Object initial) {
        Rnn rnn = analysis.network();
        Map<String, Object> map = of(rnn, analysis.task(), source, initial);
        map.put("needTask", analysis.task().isPresent() ? List.of() : List.of("pca", "types", "attractors"));
        map.put("spectrum", spectrum(analysis.spectrum()));
        map.put(
                "initialSpectrum",
                analysis.initialSpectrum().map(AnalysisJson::spectrum).orElse(null));
        map.put("eigenvalueClass", AnalysisFiles.word(analysis.eigenvalueClass()));
        map.put("pca", analysis.pca().map(AnalysisJson::pca).orElse(null));
        map.put("types", analysis.attractors().map(a -> types(a, rnn)).orElse(null));
        map.put(
                "attractors",
                analysis.attractors().map(a -> attractors(a, analysis)).orElse(null));
        map.put("fixedPoints", fixedPoints(analysis.fixedPoints(), rnn));
        return map;
    }

    /**
     * The beginning of the document: what was analysed.
     *
     * @see #of(NetworkAnalysis, Object, Object)
     */
    public static Map<String, Object> of(Rnn rnn, Optional<Task> task, Object source, Object initial) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("schema", SCHEMA + "/1");
        map.put("files", null);
        map.put("network", source.toString());
        map.put("initial", initial == null ? null : initial.toString());
        map.put("units", rnn.units());
        map.put("inputs", rnn.inputs());
        map.put("outputs", rnn.outputs());
        map.put("activation", rnn.activation().id());
        map.put("form", rnn.form().id());
        map.put("recurrentBias", rnn.recurrentBias());
        map.put("dtMs", rnn.dtMs());
        map.put("tauMs", rnn.tauMs());
        map.put("task", task.map(Task::name).orElse(null));
        map.put("taskOptions", task.map(t -> t.options().toMap()).orElse(null));
        return map;
    }

    private static Map<String, Object> spectrum(Spectrum s) {
        Map<String, Object> map = new LinkedHashMap<>();
        WeightStatistics w = s.weights();
        Map<String, Object> weights = new LinkedHashMap<>();
        weights.put("count", w.count());
        weights.put("mean", w.mean());
        weights.put("sd", w.sd());
        weights.put("skewness", w.skewness());
        weights.put("excessKurtosis", w.excessKurtosis());
        weights.put("ksDistance", w.ksDistance());
        map.put("weights", weights);
        map.put("spectralRadius", s.spectralRadius());
        map.put("outsideUnitCircle", s.outsideUnitCircle());
        map.put("clearlyOutsideUnitCircle", s.clearlyOutsideUnitCircle());
        map.put("frobenius", s.frobenius());
        map.put("henrici", s.henrici());
        List<Object> leading = new ArrayList<>();
        for (Spectrum.Mode mode : s.leading(LEADING)) {
            Map<String, Object> m = new LinkedHashMap<>();
            m.put("index", mode.index());
            m.put("re", mode.re());
            m.put("im", mode.im());
            m.put("modulus", mode.modulus());
            m.put("frequencyHz", mode.frequencyHz());
            leading.add(m);
        }
        map.put("leading", leading);
        map.put("eigenvalues", pairs(s.re(), s.im()));
        map.put("worstResidual", s.vectors().map(v -> v.worstResidual()).orElse(null));
        map.put("anyDefective", s.vectors().map(v -> v.anyDefective()).orElse(null));
        return map;
    }

    private static List<Object> pairs(double[] re, double[] im) {
        List<Object> pairs = new ArrayList<>();
        for (int k = 0; k < re.length; k++) {
            pairs.add(List.of(re[k], im[k]));
        }
        return pairs;
    }

    private static Map<String, Object> pca(Pca pca) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("observations", pca.observations());
        map.put("variances", pca.variances());
        map.put("explained", pca.explained());
        return map;
    }

    private static List<Object> types(Attractors attractors, Rnn rnn) {
        List<Object> list = new ArrayList<>();
        for (int k = 0; k < attractors.types().size(); k++) {
            TypeResult type = attractors.types().get(k);
            Map<String, Object> map = new LinkedHashMap<>();
            map.put("type", type.type());
            map.put("line", attractors.line(k));
            map.put(
                    "responses",
                    type.responses().stream().map(AnalysisJson::response).toList());
            map.put("attractor", type.attractor());
            map.put("settledAfterMs", type.settledAfter() * rnn.dtMs());
            map.put("noisyFractions", type.noisyFractions());
            map.put("class", AnalysisFiles.word(type.regime()));
            map.put("activityClass", AnalysisFiles.word(type.activity()));
            map.put("oscillatoryShare", type.oscillatoryShare());
            list.add(map);
        }
        return list;
    }

    private static Map<String, Object> response(Response r) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("fromMs", r.fromMs());
        map.put("toMs", r.toMs());
        map.put("oscillates", r.oscillates());
        map.put("level", r.level());
        map.put("min", r.min());
        map.put("max", r.max());
        map.put("frequencyHz", r.frequencyHz());
        map.put("amplitude", r.amplitude());
        map.put("explained", r.explained());
        return map;
    }

    private static List<Object> attractors(Attractors attractors, NetworkAnalysis analysis) {
        List<Object> list = new ArrayList<>();
        for (Attractor a : attractors.attractors()) {
            Map<String, Object> map = new LinkedHashMap<>();
            map.put("kind", a.kind().words());
            map.put("words", a.words());
            map.put("period", a.period() > 0 ? a.period() : null);
            map.put("frequencyHz", a.frequencyHz());
            map.put("outputs", a.outputs().stream().map(AnalysisJson::output).toList());
            map.put("exponents", a.exponents());
            map.put(
                    "multipliers",
                    a.multipliers().map(m -> pairs(m.re(), m.im())).orElse(null));
            map.put("curve", a.curve().map(AnalysisJson::curve).orElse(null));
            OptionalInt point = analysis.fixedPoint(a);
            map.put("fixedPoint", point.isPresent() ? point.getAsInt() : null);
            list.add(map);
        }
        return list;
    }

    private static Map<String, Object> output(OutputRange o) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("mean", o.mean());
        map.put("min", o.min());
        map.put("max", o.max());
        map.put("frequencyHz", o.frequencyHz());
        map.put("amplitude", o.amplitude());
        return map;
    }

    private static Map<String, Object> curve(Attractors.Curve c) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("curves", c.curves());
        map.put("rotationNumber", c.rotationNumber());
        map.put("invarianceResidual", c.invarianceResidual());
        map.put("radius", c.radius());
        map.put("harmonics", c.harmonics());
        return map;
    }

    private static Map<String, Object> fixedPoints(FixedPoints found, Rnn rnn) {
        Map<String, Object> map = new LinkedHashMap<>();
        double[] input = found.options().input();
        map.put("input", input == null ? new double[rnn.inputs()] : input);
        map.put("seeds", found.seeds());
        map.put("lostFraction", found.lostFraction());
        map.put("extent", found.extent());
        map.put("completeness", completeness(found.completeness()));
        List<Object> points = new ArrayList<>();
        for (FixedPoints.Point p : found.points()) {
            Map<String, Object> point = new LinkedHashMap<>();
            point.put("kind", p.multipliers().isPresent() ? AnalysisFiles.kind(p) : null);
            point.put("output", p.output());
            point.put("residual", p.residual());
            point.put(
                    "unstableDirections",
                    p.multipliers().map(Multipliers::unstable).orElse(null));
            point.put(
                    "neutralDirections",
                    p.multipliers().map(Multipliers::neutral).orElse(null));
            point.put(
                    "multipliers",
                    p.multipliers().map(m -> pairs(m.re(), m.im())).orElse(null));
            point.put("certifiedRadius", p.certificate().map(c -> c.radius()).orElse(null));
            point.put("uniqueWithin", p.certificate().map(c -> c.uniqueWithin()).orElse(null));
            point.put("index", p.index() == 0 ? null : p.index());
            point.put(
                    "indexProved",
                    p.certificate().map(c -> c.index() != 0 && p.index() != 0).orElse(false));
            point.put("seedFraction", p.seedFraction());
            point.put("distance", p.distance());
            point.put("outlier", p.outlier());
            point.put("mirrored", p.mirrored());
            point.put("continuum", p.continuum());
            points.add(point);
        }
        map.put("points", points);
        List<Object> slow = new ArrayList<>();
        for (FixedPoints.SlowPoint p : found.slow()) {
            Map<String, Object> point = new LinkedHashMap<>();
            point.put("q", p.q());
            point.put("output", p.output());
            point.put("seedFraction", p.seedFraction());
            point.put("distance", p.distance());
            point.put("outlier", p.outlier());
            slow.add(point);
        }
        map.put("slow", slow);
        return map;
    }

    private static Map<String, Object> completeness(FixedPoints.Completeness c) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("verdict", c.verdict().words());
        map.put("indexSum", c.indexSum());
        map.put("expectedSum", c.expectedSum().isPresent() ? c.expectedSum().getAsInt() : null);
        map.put("unknownIndices", c.unknown());
        map.put("proved", c.proved());
        map.put("boxes", c.boxes());
        map.put("furtherStates", c.further());
        map.put("fibers", c.fibers());
        return map;
    }

    /** The network's development from epoch to epoch. */
    public static Map<String, Object> epochs(EpochAnalysis epochs, List<Integer> numbers) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("explained", epochs.pca().map(Pca::explained).orElse(null));
        List<Object> list = new ArrayList<>();
        for (int e = 0; e < numbers.size(); e++) {
            Spectrum spectrum = epochs.spectra().get(e);
            FixedPoints found = epochs.fixedPoints().get(e);
            Map<String, Object> epoch = new LinkedHashMap<>();
            epoch.put("epoch", numbers.get(e));
            epoch.put("spectralRadius", spectrum.spectralRadius());
            epoch.put("clearlyOutsideUnitCircle", spectrum.clearlyOutsideUnitCircle());
            epoch.put("henrici", spectrum.henrici());
            epoch.put("fixedPoints", found.points().size());
            epoch.put("stableFixedPoints", AnalysisSummary.stable(found));
            epoch.put("completeness", found.completeness().verdict().words());
            epoch.put("slowPoints", found.slow().size());
            list.add(epoch);
        }
        map.put("epochs", list);
        return map;
    }
}
