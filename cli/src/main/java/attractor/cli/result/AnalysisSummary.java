package attractor.cli.result;

import attractor.analysis.Attractors;
import attractor.analysis.Attractors.Response;
import attractor.analysis.EpochAnalysis;
import attractor.analysis.FixedPoints;
import attractor.analysis.Multipliers;
import attractor.analysis.NetworkAnalysis;
import attractor.analysis.Pca;
import attractor.analysis.Spectrum;
import attractor.io.Printable;
import attractor.model.Form;
import attractor.model.Rnn;
import attractor.task.Task;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;

/** A network's analysis in words, for people. */
public final class AnalysisSummary {
    private static final int LINES = 30;
    private static final int MODES = 3;
    private static final int TYPES = 6;
    private static final int EPOCHS = 6;

    private AnalysisSummary() {}

    /** The number of stable fixed points among those whose multipliers are known. */
    static int stable(FixedPoints found) {
        return (int) found.points().stream()
                .filter(p -> AnalysisFiles.kind(p).equals("stable"))
                .count();
    }

    /**
     * Summarizes a network in at most {@value #LINES} - {@code reserved} lines.
     *
     * @param reserved lines that the caller adds
     */
    public static List<String> of(NetworkAnalysis analysis, String source, int reserved) {
        List<String> lines = new ArrayList<>();
        lines.add(network(analysis.network(), analysis.task(), source));
        weights(analysis, lines);
        lines.add("leading eigenvalues of W_rec (" + AnalysisFiles.word(analysis.eigenvalueClass()) + "): "
                + String.join(
                        "; ",
                        analysis.spectrum().leading(MODES).stream()
                                .map(AnalysisSummary::mode)
                                .toList()));
        if (analysis.task().isPresent()) {
            lines.add(pca(analysis.pca().orElseThrow()));
            types(analysis, lines);
        } else {
            lines.add("principal components, responses and attractors: need a task, pass --task or --data");
        }
        fixedPoints(analysis, lines, LINES - reserved - lines.size());
        return lines;
    }

    /** What a network is, in a line. */
    public static String network(Rnn rnn, Optional<Task> task, String source) {
        String time = rnn.alpha() == 1.0
                ? "dt = tau = " + number(rnn.dtMs()) + " ms"
                : "dt " + number(rnn.dtMs()) + " ms, tau " + number(rnn.tauMs()) + " ms";
        if (rnn.form() != Form.RATE) {
            time += ", " + rnn.form().id() + " form";
        }
        if (rnn.noiseSd() != 0.0) {
            time += ", noise " + number(rnn.noiseSd()) + " (not in fixed points and attractors)";
        }
        return source + ": " + Printable.count(rnn.units(), rnn.activation().id() + " unit") + ", "
                + Printable.count(rnn.inputs(), "input") + ", "
                + Printable.count(rnn.outputs(), "output") + ", " + time
                + task.map(t -> ", task " + t.name()).orElse(", no task known");
    }

    private static String number(double value) {
        return value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
    }

    private static String format(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }

    private static void weights(NetworkAnalysis analysis, List<String> lines) {
        boolean before = analysis.initialSpectrum().isPresent();
        List<Spectrum> spectra = new ArrayList<>();
        analysis.initialSpectrum().ifPresent(spectra::add);
        spectra.add(analysis.spectrum());
        lines.add(
                before
                        ? format("%-44s%12s%12s", "recurrent weights W_rec", "before", "trained")
                        : "recurrent weights W_rec");
        Map<String, Function<Spectrum, String>> rows = new LinkedHashMap<>();
        if (spectra.stream().anyMatch(s -> s.weights().count() < s.size() * s.size())) {
            rows.put(
                    "  connections (weights that aren't 0)",
                    s -> format("%12d", s.weights().count()));
        }
        rows.put("  mean", s -> format("%12.5f", s.weights().mean()));
        rows.put("  standard deviation", s -> format("%12.5f", s.weights().sd()));
        rows.put(
                "  Kolmogorov distance from a normal fit *",
                s -> format("%12.4f", s.weights().ksDistance()));
        rows.put("  spectral radius", s -> format("%12.4f", s.spectralRadius()));
        rows.put("  eigenvalues outside the unit circle **", s -> format("%12d", s.clearlyOutsideUnitCircle()));
        rows.put("  departure from normality (Henrici, 0 to 1)", s -> format("%12.4f", s.henrici()));
        rows.forEach((name, value) -> lines.add(format("%-44s", name)
                + String.join("", spectra.stream().map(value).toList())));
        Spectrum now = analysis.spectrum();
        lines.add(format(
                "  * normal weights stay below %.4f in 19 of 20 cases  ** by more than 1e-6; %d of any size",
                0.9 / Math.sqrt(now.weights().count()), now.outsideUnitCircle()));
    }

    private static String mode(Spectrum.Mode mode) {
        return mode.im() == 0.0
                ? format("%.4f", mode.re())
                : format("%.4f ± %.4fi (%.1f Hz)", mode.re(), mode.im(), mode.frequencyHz());
    }

    private static String pca(Pca pca) {
        List<String> shares = new ArrayList<>();
        double sum = 0.0;
        int enough = 0;
        double reached = 0.0;
        for (int k = 0; k < pca.units(); k++) {
            if (k < pca.kept()) {
                shares.add(format("%.1f", 100.0 * pca.explained()[k]));
                sum += pca.explained()[k];
            }
            if (reached < 0.99) {
                reached += pca.explained()[k];
                enough++;
            }
        }
        return "principal components of one trial of each type: " + String.join(" + ", shares)
                + format(
                        " = %.1f %% of the variance; %d %s 99 %%",
                        100.0 * sum, enough, enough == 1 ? "reaches" : "reach");
    }

    private static void types(NetworkAnalysis analysis, List<String> lines) {
        Attractors found = analysis.attractors().orElseThrow();
        Response window = found.types().get(0).responses().get(0);
        lines.add(format(
                "fixed point, class, response without noise (%s to %s ms) and where the state goes in the long run:",
                number(window.fromMs()), number(window.toMs())));
        List<String> types = found.lines();
        for (int k = 0; k < Math.min(TYPES, types.size()); k++) {
            Attractors.TypeResult type = found.types().get(k);
            OptionalInt point = analysis.fixedPoint(found.attractors().get(type.attractor()));
            lines.add(format(
                    "  %-4s %-12s %s",
                    point.isPresent() ? "#" + point.getAsInt() : "", AnalysisFiles.word(type.regime()), types.get(k)));
        }
        if (types.size() > TYPES) {
            lines.add("  and " + Printable.count(types.size() - TYPES, "more type") + " in responses.csv");
        }
    }

    private static void fixedPoints(NetworkAnalysis analysis, List<String> lines, int room) {
        FixedPoints found = analysis.fixedPoints();
        List<FixedPoints.Point> points = found.points();
        int certified =
                (int) points.stream().filter(p -> p.certificate().isPresent()).count();
        double[] input = found.options().input();
        double lost = 100.0 * found.lostFraction();
        lines.add(format(
                "fixed points under %s input: %d (%d stable), %d proved to exist; slow points: %d%s; from %s%s",
                input == null ? "zero" : "constant",
                points.size(),
                stable(found),
                certified,
                found.slow().size(),
                found.slow().isEmpty()
                        ? ""
                        : format(
                                " (%.0f %% of the seeds)",
                                100.0
                                        * found.slow().stream()
                                                .mapToDouble(FixedPoints.SlowPoint::seedFraction)
                                                .sum()),
                Printable.count(found.seeds(), "seed"),
                lost > 0.0 ? format(", %.0f %% led to none of these", lost) : ""));
        lines.add("  " + completeness(found));
        if (points.isEmpty() || room < 6) {
            return;
        }
        lines.add(format(
                "  %3s %-14s %9s %12s %14s %8s %s",
                "#", "output", "kind", "unstable", "largest |mu|", "seeds", " distance to"));
        lines.add(format(
                "  %3s %-14s %9s %12s %14s %8s %s",
                "",
                "",
                "",
                "directions",
                "(per step)",
                "",
                analysis.task().isPresent() ? "      trials" : "   free runs"));
        int shown = Math.min(points.size(), Math.max(1, points.size() <= room - 4 ? points.size() : room - 5));
        for (int k = 0; k < shown; k++) {
            FixedPoints.Point p = points.get(k);
            lines.add(format(
                            "  %3d %-14s %9s %12s %14s %7.1f%% %10.2f%s",
                            k,
                            outputs(p.output()),
                            AnalysisFiles.kind(p),
                            p.multipliers().map(m -> "" + m.unstable()).orElse("?"),
                            p.multipliers().map(AnalysisSummary::largest).orElse("?"),
                            100.0 * p.seedFraction(),
                            p.distance(),
                            (p.outlier() ? ", outlier" : "")
                                    + (p.mirrored() ? ", mirror image" : "")
                                    + (p.continuum() ? ", on a line of them" : p.index() == 0 ? ", degenerate" : ""))
                    .stripTrailing());
        }
        if (shown < points.size()) {
            lines.add("  and " + (points.size() - shown) + " more in fixed_points.csv");
        }
    }

    /** Whether there may be other fixed points, and how that is known. */
    private static String completeness(FixedPoints found) {
        FixedPoints.Completeness c = found.completeness();
        String sum = "signs of det(I - DF) add up to " + c.indexSum();
        return c.verdict().words()
                + switch (c.verdict()) {
                    case COMPLETE -> ": proved that there are no others";
                    case INDEX_CONSISTENT -> ": " + sum + " as they must, though pairs of opposite sign may be missing";
                    case KNOWN_INCOMPLETE ->
                        ": " + sum + ", expected " + c.expectedSum().getAsInt();
                    case UNDECIDED ->
                        " whether there are others: "
                                + (c.unknown() > 0
                                        ? "no sign of det(I - DF) is known for " + Printable.count(c.unknown(), "point")
                                        : "no sum of signs is known for these units and weights");
                };
    }

    private static String largest(Multipliers m) {
        return format("%.4f", m.radius());
    }

    private static String outputs(double[] y) {
        List<String> words = new ArrayList<>();
        for (int o = 0; o < Math.min(2, y.length); o++) {
            words.add(format("%.2f", Math.rint(100.0 * y[o]) / 100.0 + 0.0));
        }
        return String.join(", ", words) + (y.length > 2 ? ", ..." : "");
    }

    /** Training from epoch to epoch, in few lines. */
    public static List<String> of(EpochAnalysis epochs, List<Integer> numbers) {
        List<String> lines = new ArrayList<>();
        lines.add(format(
                "%-8s %16s %26s %10s %22s %6s",
                "epoch", "spectral radius", "outside the unit circle", "Henrici", "fixed points (stable)", "slow"));
        int step = Math.max(1, (numbers.size() + EPOCHS - 3) / (EPOCHS - 1));
        for (int e = 0; e < numbers.size(); e++) {
            boolean some = e % step == 0 || e == numbers.size() - 1;
            if (some) {
                Spectrum s = epochs.spectra().get(e);
                FixedPoints f = epochs.fixedPoints().get(e);
                lines.add(format(
                        "%-8d %16.4f %26d %10.4f %22s %6d",
                        numbers.get(e),
                        s.spectralRadius(),
                        s.clearlyOutsideUnitCircle(),
                        s.henrici(),
                        f.points().size() + " (" + stable(f) + ")",
                        f.slow().size()));
            }
        }
        return lines;
    }

    /** The values of a comparison by column, for one network. */
    private static final Map<String, Function<NetworkAnalysis, Object>> COLUMNS = new LinkedHashMap<>();

    static {
        COLUMNS.put("task", a -> a.task().map(t -> t.name()).orElse(""));
        COLUMNS.put("units", a -> a.network().units());
        COLUMNS.put("weight_mean", a -> a.spectrum().weights().mean());
        COLUMNS.put("weight_sd", a -> a.spectrum().weights().sd());
        COLUMNS.put("weight_ks_distance", a -> a.spectrum().weights().ksDistance());
        COLUMNS.put("spectral_radius", a -> a.spectrum().spectralRadius());
        COLUMNS.put("outside_unit_circle", a -> a.spectrum().clearlyOutsideUnitCircle());
        COLUMNS.put("leading_frequency_hz", a -> a.spectrum().frequencyHz(0));
        COLUMNS.put("henrici", a -> a.spectrum().henrici());
        COLUMNS.put("eigenvalue_class", a -> AnalysisFiles.word(a.eigenvalueClass()));
        for (int k = 0; k < NetworkAnalysis.COMPONENTS; k++) {
            int component = k;
            COLUMNS.put(
                    "explained_" + (k + 1),
                    a -> a.pca()
                            .filter(p -> component < p.units())
                            .<Object>map(p -> p.explained()[component])
                            .orElse(""));
        }
        COLUMNS.put("fixed_points", a -> a.fixedPoints().points().size());
        COLUMNS.put("stable_fixed_points", a -> stable(a.fixedPoints()));
        COLUMNS.put(
                "completeness", a -> a.fixedPoints().completeness().verdict().words());
        COLUMNS.put("slow_points", a -> a.fixedPoints().slow().size());
    }

    /** One row per network. */
    public static CsvTable comparisonCsv(Map<String, NetworkAnalysis> all) {
        List<String> header = new ArrayList<>(List.of("network"));
        header.addAll(COLUMNS.keySet());
        CsvTable csv = new CsvTable("comparison.csv", header);
        all.forEach((name, analysis) -> {
            List<Object> row = new ArrayList<>(List.of(name));
            COLUMNS.values().forEach(column -> row.add(column.apply(analysis)));
            csv.row(row);
        });
        return csv;
    }

    /** Networks side by side, then what each does with its types of trials. */
    public static List<String> comparison(Map<String, NetworkAnalysis> all) {
        List<String> lines = new ArrayList<>();
        int width = Math.max(
                12, 2 + all.keySet().stream().mapToInt(String::length).max().orElseThrow());
        StringBuilder head = new StringBuilder(format("%-22s", ""));
        all.keySet().forEach(name -> head.append(format("%" + width + "s", name)));
        lines.add(head.toString());
        COLUMNS.forEach((name, column) -> {
            StringBuilder line =
                    new StringBuilder(format("%-22s", name.replace('_', ' ').replace("hz", "(Hz)")));
            for (NetworkAnalysis analysis : all.values()) {
                Object value = column.apply(analysis);
                line.append(format("%" + width + "s", value instanceof Double d ? format("%.4f", d) : value));
            }
            lines.add(line.toString());
        });
        all.forEach((name, analysis) ->
                analysis.attractors().ifPresent(a -> a.lines().forEach(line -> lines.add(name + ", " + line))));
        if (lines.size() > LINES - 2) {
            int more = lines.size() - (LINES - 3);
            lines.subList(LINES - 3, lines.size()).clear();
            lines.add("and " + Printable.count(more, "more line") + " in comparison_types.csv");
        }
        return lines;
    }

    /** One row per network and type. */
    public static CsvTable typesCsv(Map<String, NetworkAnalysis> all) {
        CsvTable csv = new CsvTable(
                "comparison_types.csv",
                List.of("network", "type", "summary", "class", "attractor_kind", "attractor_frequency_hz"));
        all.forEach((name, analysis) -> analysis.attractors().ifPresent(a -> {
            for (int k = 0; k < a.types().size(); k++) {
                Attractors.TypeResult type = a.types().get(k);
                Attractors.Attractor end = a.attractors().get(type.attractor());
                csv.row(List.of(
                        name,
                        type.type(),
                        a.line(k),
                        AnalysisFiles.word(type.regime()),
                        end.kind().words(),
                        end.frequencyHz()));
            }
        }));
        return csv;
    }
}
