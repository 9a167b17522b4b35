package attractor.cli.result;

import attractor.analysis.Attractors.Attractor;
import attractor.analysis.Basins;
import attractor.analysis.Pca;
import attractor.analysis.Trajectories;
import attractor.figure.DynamicsFigures;
import attractor.figure.Figure;
import attractor.statistics.Interval;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The part {@code basins}: where random states end. */
public final class BasinsPart implements AnalysisPart {
    private static final int SIDE = 60;

    @Override
    public String name() {
        return "basins";
    }

    @Override
    public String about() {
        return "shares of states that end in each attractor";
    }

    @Override
    public Result of(Subject subject) {
        Basins.Options options =
                Basins.Options.of(subject.network()).withInput(subject.input()).withSeed(subject.seed());
        Optional<Trajectories> trials =
                subject.task().map(task -> Trajectories.of(subject.network(), task, subject.seed()));
        Optional<Pca> pca = trials.map(t -> Pca.of(t.h(), t.units(), 2)).filter(p -> p.kept() == 2);
        Basins basins = Basins.of(subject.network(), options, pca, SIDE);
        List<Object> attractors = new ArrayList<>();
        CsvTable table = new CsvTable(
                "basins.csv", List.of("attractor", "kind", "period", "frequency_hz", "states", "share", "low", "high"));
        List<String> lines = new ArrayList<>();
        lines.add("basins: " + options.states() + " random states end in");
        for (int a = 0; a < basins.attractors().size(); a++) {
            Attractor attractor = basins.attractors().get(a);
            Interval interval = basins.interval(a);
            String kind = attractor.kind().name().toLowerCase(Locale.ROOT);
            attractors.add(JsonMembers.of(
                    "kind", kind,
                    "period", attractor.period(),
                    "frequencyHz", attractor.frequencyHz(),
                    "outputMeans",
                            attractor.outputs().stream()
                                    .map(o -> o.mean())
                                    .toList(),
                    "states", basins.counts()[a],
                    "share", basins.share(a),
                    "wilson95", List.of(interval.low(), interval.high())));
            table.row(List.of(
                    a,
                    kind,
                    attractor.period(),
                    Double.isNaN(attractor.frequencyHz()) ? "" : attractor.frequencyHz(),
                    basins.counts()[a],
                    basins.share(a),
                    interval.low(),
                    interval.high()));
            lines.add(String.format(
                    Locale.ROOT,
                    "  %5.1f %% (%.1f to %.1f)  %s",
                    100.0 * basins.share(a),
                    100.0 * interval.low(),
                    100.0 * interval.high(),
                    attractor.words()));
        }
        Map<String, Object> json = JsonMembers.of("states", options.states(), "attractors", attractors);
        List<CsvTable> tables = new ArrayList<>(List.of(table));
        basins.slice().ifPresent(slice -> {
            CsvTable plane = new CsvTable("basins_slice.csv", List.of("component_1", "component_2", "attractor"));
            for (int k = 0; k < slice.attractor().length; k++) {
                plane.row(List.of(
                        slice.x()[k % slice.x().length], slice.y()[k / slice.x().length], slice.attractor()[k]));
            }
            tables.add(plane);
        });
        Map<String, Figure> figures = pca.<Map<String, Figure>>map(p -> Map.of(
                        "basins",
                        DynamicsFigures.basins(basins, p, trials.orElseThrow().steps())))
                .orElse(Map.of());
        return new Result(json, tables, figures, lines);
    }
}
