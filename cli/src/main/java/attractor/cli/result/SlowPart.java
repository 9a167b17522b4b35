package attractor.cli.result;

import attractor.analysis.Basins;
import attractor.analysis.FixedPoints;
import attractor.analysis.NetworkAnalysis;
import attractor.analysis.Pca;
import attractor.analysis.SlowManifolds;
import attractor.analysis.Trajectories;
import attractor.figure.DynamicsFigures;
import attractor.figure.Figure;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The part {@code slow}: curves and rings of slow states. */
public final class SlowPart implements AnalysisPart {
    @Override
    public String name() {
        return "slow";
    }

    @Override
    public String about() {
        return "curved lines and rings of slow states";
    }

    @Override
    public Result of(Subject subject) {
        FixedPoints points =
                subject.analysis().map(NetworkAnalysis::fixedPoints).orElseGet(() -> search(subject));
        SlowManifolds slow = SlowManifolds.of(subject.network(), points, SlowManifolds.Options.DEFAULT);
        List<Object> curves = new ArrayList<>();
        CsvTable table =
                new CsvTable("slow_curves.csv", List.of("curve", "place", "arc", "drift", "multiplier", "across"));
        List<String> lines = new ArrayList<>();
        lines.add("curves of slow states: " + slow.curves().size());
        double[] all = new double[0];
        for (int k = 0; k < slow.curves().size(); k++) {
            SlowManifolds.Curve c = slow.curves().get(k);
            int before = all.length;
            all = Arrays.copyOf(all, before + c.states().length);
            System.arraycopy(c.states(), 0, all, before, c.states().length);
            curves.add(JsonMembers.of(
                    "closed", c.closed(),
                    "length", c.length(),
                    "places", c.size(),
                    "attracts", c.attracts(),
                    "fastest", c.fastest(),
                    "meanSpeed", c.meanSpeed(),
                    "turningPoints", c.turningPoints()));
            for (int m = 0; m < c.size(); m++) {
                table.row(List.of(k, m, c.arc()[m], c.drift()[m], c.multiplier()[m], c.across()[m]));
            }
            lines.add(String.format(
                    Locale.ROOT,
                    "  %s of length %.2f, %s, drift up to %.2g per step, %d turning %s",
                    c.closed() ? "ring" : "curve",
                    c.length(),
                    c.attracts() ? "attracting" : "not attracting",
                    c.fastest(),
                    c.turningPoints(),
                    c.turningPoints() == 1 ? "point" : "points"));
        }
        Map<String, Figure> figures = slow.curves().isEmpty()
                        || subject.network().units() < 2
                ? Map.of()
                : Map.of(
                        "slow",
                        DynamicsFigures.slow(slow, Pca.of(all, subject.network().units(), 2)));
        return new Result(JsonMembers.of("curves", curves), List.of(table), figures, lines);
    }

    static FixedPoints search(Subject subject) {
        FixedPoints.Options options = FixedPoints.Options.of(subject.network())
                .withInput(subject.input())
                .withSeed(subject.seed());
        double[] states = subject.task()
                .map(task ->
                        Trajectories.of(subject.network(), task, subject.seed()).h())
                .orElseGet(() -> Basins.randomStates(subject.network(), subject.input(), 256, subject.seed()));
        return FixedPoints.of(subject.network(), states, options);
    }
}
