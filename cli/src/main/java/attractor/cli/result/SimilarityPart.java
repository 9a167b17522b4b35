package attractor.cli.result;

import attractor.analysis.Attractors;
import attractor.analysis.NetworkAnalysis;
import attractor.figure.SimilarityFigures;
import attractor.model.Rnn;
import attractor.population.Clustering;
import attractor.population.Matrices;
import attractor.similarity.Fingerprint;
import attractor.similarity.GroupSeparation;
import attractor.similarity.NetworkComparison;
import attractor.similarity.NetworkComparison.Matrix;
import attractor.similarity.NetworkComparison.Measure;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/** How networks differ, {@link NetworkComparison}, as a part of {@code analyze} of several networks. */
public final class SimilarityPart implements AnalysisPart.OfSeveral {
    private static final int SHOWN = 6;

    private final Fingerprint.Options options;

    /** With these options. */
    public SimilarityPart(Fingerprint.Options options) {
        this.options = options;
    }

    @Override
    public String name() {
        return "similarity";
    }

    @Override
    public String about() {
        return "how several networks differ";
    }

    @Override
    public boolean needsTask() {
        return true;
    }

    @Override
    public AnalysisPart.Result of(List<AnalysisPart.Subject> subjects) {
        List<String> names = subjects.stream().map(AnalysisPart.Subject::name).toList();
        List<Fingerprint> prints =
                subjects.stream().parallel().map(this::fingerprint).toList();
        NetworkComparison found = NetworkComparison.of(prints, names, options.seed());
        Map<String, Object> json = json(found, names, prints);
        List<String> lines = lines(found);
        List<Object> groups = new ArrayList<>();
        for (Groups by : groups(subjects)) {
            List<String> words = new ArrayList<>();
            Map<String, Object> measures = new LinkedHashMap<>();
            found.measures().forEach((measure, matrix) -> {
                GroupSeparation s = GroupSeparation.of(matrix.distances(), by.group(), options.seed());
                Map<String, Object> map = new LinkedHashMap<>();
                map.put("f", s.f());
                map.put("share", s.share());
                map.put("p", s.p());
                measures.put(id(measure), map);
                words.add(String.format(Locale.ROOT, "%s %.0f %% (p = %.3f)", id(measure), 100.0 * s.share(), s.p()));
            });
            Map<String, Object> map = new LinkedHashMap<>();
            map.put("by", by.by());
            map.put("levels", by.levels());
            map.put("group", Arrays.stream(by.group()).boxed().toList());
            map.put("separation", measures);
            groups.add(map);
            lines.add("share that " + by.by() + " (" + String.join(", ", by.levels()) + ") explain: "
                    + String.join(", ", words));
        }
        json.put("groups", groups);
        return new AnalysisPart.Result(json, tables(found, names, prints), SimilarityFigures.of(found, names), lines);
    }

    /** Networks in groups by something that is known of all. */
    private record Groups(String by, List<String> levels, int[] group) {}

    /** By initial weights, where all are known, and by the number of units; groups of two networks or more. */
    private static List<Groups> groups(List<AnalysisPart.Subject> subjects) {
        List<Groups> groups = new ArrayList<>();
        if (subjects.stream().allMatch(s -> s.initial().isPresent())) {
            group(
                    "initial weights",
                    subjects.stream()
                            .map(s -> orthogonal(s.initial().orElseThrow()) ? "orthogonal" : "other")
                            .toList(),
                    groups);
        }
        group(
                "units",
                subjects.stream()
                        .map(s -> Integer.toString(s.network().units()))
                        .toList(),
                groups);
        return groups;
    }

    private static void group(String by, List<String> levels, List<Groups> groups) {
        List<String> different = levels.stream().distinct().toList();
        boolean each = different.stream()
                .allMatch(d -> levels.stream().filter(d::equals).count() > 1);
        if (different.size() > 1 && each) {
            groups.add(new Groups(
                    by, different, levels.stream().mapToInt(different::indexOf).toArray()));
        }
    }

    /** Whether W_rec^T W_rec = I. */
    private static boolean orthogonal(Rnn rnn) {
        int n = rnn.units();
        double[] w = rnn.wRec();
        double[] product = Matrices.transposedProduct(w, w, n, n, n);
        return IntStream.range(0, n * n).allMatch(k -> Math.abs(product[k] - (k % (n + 1) == 0 ? 1.0 : 0.0)) < 1e-6);
    }

    private Fingerprint fingerprint(AnalysisPart.Subject subject) {
        // The default part's attractors are of 20 noisy trials a type, under its own input.
        Optional<Attractors> known = subject.analysis()
                .flatMap(NetworkAnalysis::attractors)
                .filter(a -> a.options().noisyTrials() == options.trialsPerType()
                        && a.options().seed() == options.seed()
                        && a.options().input() == null);
        try {
            return Fingerprint.of(
                    subject.network(),
                    subject.task()
                            .orElseThrow(() -> new IllegalArgumentException("needs a task: pass --task or --data")),
                    options,
                    known);
        } catch (IllegalArgumentException | IllegalStateException e) {
            throw new IllegalArgumentException(subject.name() + ": " + e.getMessage(), e);
        }
    }

    private static String id(Measure measure) {
        return measure.name().toLowerCase(Locale.ROOT);
    }

    private static Map<String, Object> json(NetworkComparison found, List<String> names, List<Fingerprint> prints) {
        Map<String, Object> measures = new LinkedHashMap<>();
        found.measures().forEach((measure, matrix) -> {
            Map<String, Object> map = new LinkedHashMap<>();
            Clustering c = matrix.clusters();
            map.put("clusters", c.number());
            map.put("bestClusters", c.bestNumber());
            map.put("silhouettes", c.silhouettes());
            map.put("p", c.p());
            map.put("cluster", Arrays.stream(c.cluster()).boxed().toList());
            map.put("mapShare", matrix.map().share());
            List<Object> rows = new ArrayList<>();
            for (int i = 0; i < found.count(); i++) {
                rows.add(Arrays.copyOfRange(matrix.distances(), i * found.count(), (i + 1) * found.count()));
            }
            map.put("distances", rows);
            List<Object> merges = new ArrayList<>();
            for (Clustering.Merge merge : c.merges()) {
                merges.add(List.of(merge.first(), merge.second(), merge.height()));
            }
            map.put("merges", merges);
            measures.put(id(measure), map);
        });
        List<Object> solutions = new ArrayList<>();
        for (NetworkComparison.Solution solution : found.solutions()) {
            Map<String, Object> map = new LinkedHashMap<>();
            map.put("words", solution.graph().words());
            map.put("networks", solution.networks().stream().map(names::get).toList());
            solutions.add(map);
        }
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("networks", names);
        json.put("rank", prints.stream().map(p -> p.mode().rank()).toList());
        json.put("measures", measures);
        json.put("solutions", solutions);
        return json;
    }

    private static List<CsvTable> tables(NetworkComparison found, List<String> names, List<Fingerprint> prints) {
        List<String> header = new ArrayList<>(List.of("first", "second"));
        found.measures().keySet().forEach(m -> header.add(id(m)));
        CsvTable pairs = new CsvTable("similarity_pairs.csv", header);
        for (int i = 0; i < found.count(); i++) {
            for (int j = i + 1; j < found.count(); j++) {
                List<Object> row = new ArrayList<>(List.of(names.get(i), names.get(j)));
                for (Matrix matrix : found.measures().values()) {
                    row.add(matrix.distances()[i * found.count() + j]);
                }
                pairs.row(row);
            }
        }
        List<String> columns = new ArrayList<>(List.of("network", "attractors"));
        found.measures().keySet().forEach(m -> columns.addAll(List.of(id(m) + "_cluster", id(m) + "_x", id(m) + "_y")));
        CsvTable networks = new CsvTable("similarity_networks.csv", columns);
        for (int i = 0; i < found.count(); i++) {
            List<Object> row = new ArrayList<>(
                    List.of(names.get(i), prints.get(i).attractors().words()));
            for (Matrix matrix : found.measures().values()) {
                row.add(matrix.clusters().cluster()[i]);
                int kept = matrix.map().variances().length;
                row.add(kept > 0 ? matrix.map().coordinates()[i * kept] : 0.0);
                row.add(kept > 1 ? matrix.map().coordinates()[i * kept + 1] : 0.0);
            }
            networks.row(row);
        }
        return List.of(pairs, networks);
    }

    private static List<String> lines(NetworkComparison found) {
        List<String> lines = new ArrayList<>();
        lines.add(String.format(
                Locale.ROOT,
                "similarity of %d networks: %-12s %9s %9s %9s",
                found.count(),
                "",
                "median",
                "clusters",
                "p"));
        found.measures().forEach((measure, matrix) -> {
            double[] sorted = IntStream.range(0, found.count() * found.count())
                    .filter(k -> k % found.count() > k / found.count())
                    .mapToDouble(k -> matrix.distances()[k])
                    .sorted()
                    .toArray();
            lines.add(String.format(
                    Locale.ROOT,
                    "  %-34s %9.3f %9d %9.3f",
                    id(measure),
                    sorted[sorted.length / 2],
                    matrix.clusters().number(),
                    matrix.clusters().p()));
        });
        lines.add("solutions by the graph of attractors: " + found.solutions().size());
        for (NetworkComparison.Solution solution :
                found.solutions().subList(0, Math.min(SHOWN, found.solutions().size()))) {
            lines.add(String.format(
                    Locale.ROOT,
                    "  %3d  %s",
                    solution.networks().size(),
                    solution.graph().words()));
        }
        return lines;
    }
}
