package attractor.report;

import attractor.figure.StudyFigures;
import attractor.figure.StudyFigures.Curve;
import attractor.statistics.Summary;
import attractor.study.Damage.Kind;
import attractor.study.ResultTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Networks without some of their connections: figure 14. Stateless. */
final class DamageReport {
    private static final Map<Kind, String> FILES = Map.of(
            Kind.BOTH, "figure14a-both.txt",
            Kind.POSITIVE, "figure14b-positive.txt",
            Kind.NEGATIVE, "figure14c-negative.txt",
            Kind.POSITIVE_SLICE, "figure14d-positive-slice.txt",
            Kind.NEGATIVE_SLICE, "figure14e-negative-slice.txt");
    /** Trial types in the order of the published columns. */
    private static final List<String> PUBLISHED_TYPES = List.of("00", "11", "10", "01");

    private DamageReport() {}

    static void write(ResultTable results, Optional<ResultTable> weights, StudyReport to) throws IOException {
        List<Group> groups = Group.of(results, "lesion", "level", "control", "type");
        to.summary.put(
                "distances",
                Group.json(
                        groups,
                        List.of("lesion", "level", "control", "type"),
                        "percent",
                        "normShare",
                        "distanceMean",
                        "rmse",
                        "passedShare"));
        int networks = results.by("run").size();
        to.document.line(
                networks + " trained networks lose connections; distance of the output from its target, mean (standard "
                        + "deviation) over networks, all types of trials together. Beside each lesion a control that loses as many "
                        + "connections, drawn from all. Percentages are of the connections there were. 'Pass' is the share of networks "
                        + "(of a control, of draws) of which every type of trial passes on average.");
        Document.Table table = to.document.table(
                List.of("lesion", "level", "removed", "distance", "passes", "control: distance", "passes"));
        for (Group lesion : Group.of(results, "lesion", "level")) {
            ResultTable cut = lesion.rows().where("control", "false");
            ResultTable control = lesion.rows().where("control", "true");
            table.row(List.of(
                    lesion.key(0),
                    trimmed(lesion.number(1)),
                    Format.number(Summary.of(cut.numbers("percent")).mean(), 1) + " %",
                    distance(cut),
                    passes(cut),
                    control.isEmpty() ? "-" : distance(control),
                    control.isEmpty() ? "-" : passes(control)));
        }
        to.figures.put("figure-14", StudyFigures.damage(panels(results), curves(groups, to.settings.reference())));
        if (weights.isPresent()) {
            histogram(weights.get(), to);
        }
    }

    private static String trimmed(double level) {
        return level == Math.rint(level) ? Format.number(level, 0) : Double.toString(level);
    }

    /** Over networks, each the mean over its types. */
    private static String distance(ResultTable rows) throws IOException {
        return Format.spread(perNetwork(rows, "distanceMean"), 2);
    }

    private static String passes(ResultTable rows) throws IOException {
        List<Double> least = new ArrayList<>();
        for (ResultTable run : rows.by("run").values()) {
            double worst = 1;
            for (double share : run.numbers("passedShare")) {
                worst = Math.min(worst, share);
            }
            least.add(worst);
        }
        return Format.percent(least.stream().mapToDouble(d -> d).average().orElse(Double.NaN));
    }

    private static Summary perNetwork(ResultTable rows, String column) throws IOException {
        List<Double> means = new ArrayList<>();
        for (ResultTable run : rows.by("run").values()) {
            means.add(Summary.of(run.numbers(column)).mean());
        }
        return Summary.of(means.stream().mapToDouble(d -> d).toArray());
    }

    /** Titles of the panels by lesion. */
    private static Map<String, String[]> panels(ResultTable results) throws IOException {
        Map<String, String[]> words = new LinkedHashMap<>();
        words.put(Kind.BOTH.id(), new String[] {"a  both signs, |w| up to the threshold", "threshold"});
        words.put(Kind.POSITIVE.id(), new String[] {"b  positive, w up to the threshold", "threshold"});
        words.put(Kind.NEGATIVE.id(), new String[] {"c  negative, −w up to the threshold", "threshold"});
        words.put(Kind.POSITIVE_SLICE.id(), new String[] {"d  positive, slice below threshold", "threshold"});
        words.put(Kind.NEGATIVE_SLICE.id(), new String[] {"e  negative, slice below threshold", "threshold"});
        words.put(Kind.STRONGEST.id(), new String[] {"f  strongest connections", "removed (%)"});
        words.put(Kind.UNITS.id(), new String[] {"g  whole units", "removed units"});
        words.put(Kind.MODE.id(), new String[] {"h  one eigenmode", "rank by modulus"});
        words.keySet().retainAll(results.texts("lesion"));
        return words;
    }

    private static List<Curve> curves(List<Group> groups, Path reference) throws IOException {
        Map<List<String>, List<double[]>> points = new LinkedHashMap<>();
        for (Group group : groups) {
            Summary distance = group.summary("distanceMean");
            points.computeIfAbsent(List.of(group.key(0), group.key(2), group.key(3)), k -> new ArrayList<>())
                    .add(new double[] {group.number(1), distance.mean(), distance.count() > 1 ? distance.sd() : 0});
        }
        List<Curve> curves = new ArrayList<>();
        points.forEach((key, list) -> curves.add(new Curve(
                key.get(0),
                key.get(2),
                key.get(1).equals("true") ? StudyFigures.Source.CONTROL : StudyFigures.Source.LESION,
                list)));
        if (reference != null) {
            for (Kind kind :
                    List.of(Kind.BOTH, Kind.POSITIVE, Kind.NEGATIVE, Kind.POSITIVE_SLICE, Kind.NEGATIVE_SLICE)) {
                Path file = reference.resolve("figures").resolve(FILES.get(kind));
                List<double[]> rows = Files.exists(file) ? PublishedFigures.damage(file) : List.of();
                for (int t = 0; t < PUBLISHED_TYPES.size(); t++) {
                    List<double[]> list = new ArrayList<>();
                    for (double[] row : rows) {
                        list.add(new double[] {row[0], row[2 + 2 * t], row[3 + 2 * t]});
                    }
                    curves.add(new Curve(kind.id(), PUBLISHED_TYPES.get(t), StudyFigures.Source.PUBLISHED, list));
                }
            }
        }
        return curves;
    }

    private static void histogram(ResultTable weights, StudyReport to) throws IOException {
        List<double[]> bins = new ArrayList<>();
        for (Group bin : Group.of(weights, "from", "to")) {
            if (!bin.key(0).isEmpty() && !bin.key(1).isEmpty()) {
                bins.add(new double[] {bin.number(0), bin.number(1), bin.sum("count"), bin.sum("normalFit")});
            }
        }
        Group one = new Group(List.of(), weights);
        Summary sd = one.summary("sd");
        Summary ks = one.summary("ksDistance");
        to.document.line("The weights of W_rec have a standard deviation of " + Format.number(sd.mean(), 4)
                + " on average over networks; their distribution is at most " + Format.number(ks.max(), 4)
                + " (Kolmogorov's distance) from the normal one that fits each network best, "
                + Format.number(ks.mean(), 4)
                + " on average; of normal weights, 19 of 20 samples of this size stay below "
                + Format.number(0.895 / Math.sqrt(perNetworkCount(weights)), 4) + ".");
        to.figures.put("weights", StudyFigures.histogram(bins));
    }

    private static double perNetworkCount(ResultTable weights) throws IOException {
        return new Group(List.of(), weights.by("run").values().iterator().next()).sum("count");
    }
}
