package attractor.report;

import attractor.figure.StudyFigures;
import attractor.figure.StudyFigures.Curve;
import attractor.figure.StudyFigures.Source;
import attractor.io.Printable;
import attractor.statistics.Summary;
import attractor.study.Damage.Kind;
import attractor.study.DamageSummary;
import attractor.study.GroupSummary;
import attractor.study.ResultTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Report on networks without some of their connections: figure 14. Stateless. */
final class DamageReport {
    private static final Map<Kind, String> FILES = Map.of(
            Kind.BOTH, "figure14a-both.txt",
            Kind.POSITIVE, "figure14b-positive.txt",
            Kind.NEGATIVE, "figure14c-negative.txt",
            Kind.POSITIVE_SLICE, "figure14d-positive-slice.txt",
            Kind.NEGATIVE_SLICE, "figure14e-negative-slice.txt");
    private static final List<Kind> PUBLISHED =
            List.of(Kind.BOTH, Kind.POSITIVE, Kind.NEGATIVE, Kind.POSITIVE_SLICE, Kind.NEGATIVE_SLICE);
    /** Trial types in the order of the published columns. */
    private static final List<String> PUBLISHED_TYPES = List.of("00", "11", "10", "01");

    private DamageReport() {}

    /**
     * @param windowMs length of the end of the trials over which late distances were computed; NaN if it isn't known
     */
    static void write(
            ResultTable results,
            Optional<ResultTable> windows,
            Optional<ResultTable> weights,
            double windowMs,
            StudyReport to)
            throws IOException {
        List<DamageSummary.Published> published = published(to.options.reference());
        DamageSummary damage = DamageSummary.of(results, windows, weights, published);
        to.summary.putAll(damage.toJson());
        to.document.line(Printable.count(damage.networks(), "trained network")
                + (damage.networks() == 1 ? " loses" : " lose")
                + " connections; distance of the output from its target, mean (standard "
                + "deviation) over networks, all types of trials together. Beside each lesion a control that loses as many "
                + "connections, drawn from all. Percentages are of the connections there were. 'Passes' is the share of networks, "
                + "or where connections or units are drawn at random of draws, of which every type of trial passes.");
        Document.Table table = to.document.table(
                List.of("lesion", "level", "removed", "distance", "passes", "control: distance", "passes"));
        for (DamageSummary.Lesioned lesioned : damage.outcomes()) {
            table.row(List.of(
                    lesioned.lesion(),
                    trimmed(lesioned.level()),
                    Format.number(lesioned.cut().percent().mean(), 1) + " %",
                    Format.spread(lesioned.cut().distance(), 2),
                    passes(lesioned.cut()),
                    lesioned.control().map(c -> Format.spread(c.distance(), 2)).orElse("-"),
                    lesioned.control().map(DamageReport::passes).orElse("-")));
        }
        List<Curve> ours = new ArrayList<>(curves(damage.distances(), "distanceMean", false, Source.LESION));
        ours.addAll(curves(damage.distances(), "distanceMean", true, Source.CONTROL));
        to.figures.put("figure-14", StudyFigures.damage(panels(damage), ours));
        if (!damage.agreements().isEmpty()) {
            besidePublished(damage, published, windowMs, to);
        }
        damage.weights().ifPresent(w -> histogram(w, to));
    }

    private static String trimmed(double level) {
        return level == Math.rint(level) ? Format.number(level, 0) : Double.toString(level);
    }

    private static String passes(DamageSummary.Outcome outcome) {
        double rate = outcome.passed().mean();
        // A small share of draws must not look like none.
        return rate > 0 && rate < 0.01 ? Format.number(100 * rate, 1) + " %" : Format.percent(rate);
    }

    private static void besidePublished(
            DamageSummary damage, List<DamageSummary.Published> published, double windowMs, StudyReport to) {
        String end = Double.isNaN(windowMs) ? "the end" : "the last " + Format.number(windowMs, 0) + " ms";
        to.document.line("For the comparison with published distances, ours are computed over " + end
                + " of the trials: over whole trials the edge of the target's step dominates, where no network is exact. It isn't known over which "
                + "part of the trials the published ones were computed.");
        damage.window().ifPresent(w -> {
            to.document.line(
                    "Without a lesion the last " + Format.number(w.ms(), 0)
                            + " ms are closest to the published distances (mean difference "
                            + Format.number(w.difference(), 3)
                            + "). This length was chosen afterwards, from these same numbers, so that their agreement is not evidence:");
            List<String> types = List.copyOf(w.ours().keySet());
            List<String> header = new ArrayList<>(List.of("without a lesion"));
            header.addAll(types);
            Document.Table table = to.document.table(header);
            List<String> first = new ArrayList<>(List.of("ours, last " + Format.number(w.ms(), 0) + " ms"));
            types.forEach(type -> first.add(Format.number(w.ours().get(type), 3)));
            table.row(first);
            List<String> second = new ArrayList<>(List.of("published"));
            types.forEach(type -> second.add(Format.number(w.published().get(type), 3)));
            table.row(second);
        });
        to.document.line("Under damage, over " + end
                + ": rank correlation (Spearman) over the levels above 0, and ours divided by the published distance, median (lowest to "
                + "highest) over the levels. Levels are not independent, so that there is no p-value.");
        Document.Table table = to.document.table(List.of("lesion", "trial", "levels", "rank correlation", "ratio"));
        for (DamageSummary.Agreement agreement : damage.agreements()) {
            table.row(List.of(
                    agreement.lesion(),
                    agreement.type(),
                    Integer.toString(agreement.levels()),
                    Format.number(agreement.rho(), 2),
                    Format.number(agreement.ratio().median(), 2) + " ("
                            + Format.number(agreement.ratio().min(), 2) + " to "
                            + Format.number(agreement.ratio().max(), 2) + ")"));
        }
        Map<String, String[]> panels = panels(damage);
        panels.keySet().retainAll(PUBLISHED.stream().map(Kind::id).toList());
        panels.replaceAll((lesion, words) -> new String[] {words[0], words[1] + "; distance over " + end});
        List<Curve> curves = new ArrayList<>(curves(damage.distances(), DamageSummary.LATE, false, Source.LESION));
        Map<List<String>, List<double[]>> points = new LinkedHashMap<>();
        for (DamageSummary.Published point : published) {
            points.computeIfAbsent(List.of(point.lesion(), point.type()), k -> new ArrayList<>())
                    .add(new double[] {point.level(), point.distance(), point.sd()});
        }
        points.forEach((key, list) -> curves.add(new Curve(key.get(0), key.get(1), Source.PUBLISHED, list)));
        to.figures.put("figure-14-published", StudyFigures.damage(panels, curves));
    }

    /** Titles of the panels by lesion. */
    private static Map<String, String[]> panels(DamageSummary damage) {
        Map<String, String[]> words = new LinkedHashMap<>();
        words.put(Kind.BOTH.id(), new String[] {"a  both signs, |w| up to the threshold", "threshold"});
        words.put(Kind.POSITIVE.id(), new String[] {"b  positive, w up to the threshold", "threshold"});
        words.put(Kind.NEGATIVE.id(), new String[] {"c  negative, −w up to the threshold", "threshold"});
        words.put(Kind.POSITIVE_SLICE.id(), new String[] {"d  positive, slice below threshold", "threshold"});
        words.put(Kind.NEGATIVE_SLICE.id(), new String[] {"e  negative, slice below threshold", "threshold"});
        words.put(Kind.STRONGEST.id(), new String[] {"f  strongest connections", "removed (%)"});
        words.put(Kind.UNITS.id(), new String[] {"g  whole units", "removed units"});
        words.put(Kind.MODE.id(), new String[] {"h  one eigenmode", "rank by modulus"});
        words.keySet()
                .retainAll(damage.outcomes().stream()
                        .map(DamageSummary.Lesioned::lesion)
                        .toList());
        return words;
    }

    private static List<Curve> curves(List<GroupSummary> groups, String column, boolean control, Source source) {
        Map<List<String>, List<double[]>> points = new LinkedHashMap<>();
        for (GroupSummary group : groups) {
            if (group.key("control").equals(Boolean.toString(control))) {
                Summary distance = group.of(column);
                points.computeIfAbsent(List.of(group.key("lesion"), group.key("type")), k -> new ArrayList<>())
                        .add(new double[] {
                            group.keyNumber("level"), distance.mean(), distance.count() > 1 ? distance.sd() : 0
                        });
            }
        }
        List<Curve> curves = new ArrayList<>();
        points.forEach((key, list) -> curves.add(new Curve(key.get(0), key.get(1), source, list)));
        return curves;
    }

    private static List<DamageSummary.Published> published(Path reference) throws IOException {
        List<DamageSummary.Published> published = new ArrayList<>();
        for (Kind kind : reference == null ? List.<Kind>of() : PUBLISHED) {
            Path file = reference.resolve("figures").resolve(FILES.get(kind));
            for (double[] row : Files.exists(file) ? PublishedFigures.damage(file) : List.<double[]>of()) {
                for (int t = 0; t < PUBLISHED_TYPES.size(); t++) {
                    published.add(new DamageSummary.Published(
                            kind.id(), PUBLISHED_TYPES.get(t), row[0], row[2 + 2 * t], row[3 + 2 * t]));
                }
            }
        }
        return published;
    }

    private static void histogram(DamageSummary.Weights weights, StudyReport to) {
        to.document.line("The weights of W_rec have a standard deviation of "
                + Format.number(weights.sd().mean(), 4)
                + " on average over networks. Their distribution differs by at most "
                + Format.number(weights.ksDistance().max(), 4)
                + " (Kolmogorov-Smirnov distance) from each network's best normal fit, "
                + Format.number(weights.ksDistance().mean(), 4)
                + " on average; for normal weights, 19 of 20 samples of this size are below "
                + Format.number(0.895 / Math.sqrt(weights.perNetwork()), 4) + ".");
        to.figures.put("weights", StudyFigures.histogram(weights.bins()));
    }
}
