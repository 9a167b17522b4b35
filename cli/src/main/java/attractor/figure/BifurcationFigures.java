package attractor.figure;

import attractor.bifurcation.BifurcationDiagram;
import attractor.bifurcation.BifurcationDiagram.Bifurcation;
import attractor.bifurcation.BifurcationDiagram.Branch;
import attractor.bifurcation.BifurcationDiagram.Kind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Figures of bifurcations. Stateless, thread-safe. */
public final class BifurcationFigures {
    private static final int MOST_OUTPUTS = 4;
    private static final double LARGE = 4;
    private static final double SMALL = 2;
    private static final SeriesStyle STABLE = SeriesStyle.line("stable fixed point", Style.BLACK, 1.3);
    private static final SeriesStyle UNSTABLE = SeriesStyle.line("unstable fixed point", Style.GREY, 0.6, 2.5f, 1.5f);
    private static final SeriesStyle STABLE_CYCLE = SeriesStyle.line("stable cycle", Style.BLUE, 1.3);
    private static final SeriesStyle UNSTABLE_CYCLE = SeriesStyle.line("unstable cycle", Style.SKY, 0.6, 2.5f, 1.5f);

    private BifurcationFigures() {}

    /**
     * Outputs of fixed points and cycles along the parameter, one panel for each output, up to four.
     *
     * @param parameter the parameter in words
     * @param outputs O
     */
    public static Figure diagram(BifurcationDiagram diagram, String parameter, int outputs) {
        int shown = Math.min(MOST_OUTPUTS, outputs);
        List<Panel> panels = new ArrayList<>();
        List<SeriesStyle> styles = new ArrayList<>();
        for (int o = 0; o < shown; o++) {
            Panel panel = panel(diagram, o == shown - 1 ? parameter : "", outputs, o);
            panels.add(o == shown - 1 ? panel : panel.withoutXLabel());
            styles.addAll(panel.styles());
        }
        List<SeriesStyle> lines = List.of(STABLE, UNSTABLE, STABLE_CYCLE, UNSTABLE_CYCLE);
        List<String> marks = Arrays.stream(Kind.values())
                .flatMap(kind -> Stream.of(name(kind, true), name(kind, false)))
                .toList();
        styles.sort(Comparator.comparingInt(
                style -> lines.contains(style) ? lines.indexOf(style) : lines.size() + marks.indexOf(style.name())));
        return Figure.below("", styles, Figure.DOUBLE_MM, shown == 1 ? 75 : 50 * shown, (g, rest) -> {
                    for (int o = 0; o < shown; o++) {
                        panels.get(o).draw(g, Layout.stacked(rest, 1, shown, 0, o));
                    }
                })
                .of(panels);
    }

    private static Panel panel(BifurcationDiagram diagram, String parameter, int outputs, int output) {
        Panel panel =
                new Panel(parameter, outputs == 1 ? "output" : "output " + output).xRange(diagram.from(), diagram.to());
        // Unstable ones first, so that stable ones lie above.
        for (boolean stable : new boolean[] {false, true}) {
            for (int k = 0; k < diagram.branches().size(); k++) {
                Branch branch = diagram.branches().get(k);
                SeriesStyle style =
                        branch.period() == 1 ? stable ? STABLE : UNSTABLE : stable ? STABLE_CYCLE : UNSTABLE_CYCLE;
                for (int t = 0; t < branch.period(); t++) {
                    Line line = line(diagram, k, t, outputs, output, stable);
                    if (Arrays.stream(line.y).anyMatch(Double::isFinite)) {
                        panel.add(line.x, line.y, style);
                    }
                }
            }
        }
        // Small where nothing stable takes part.
        for (boolean large : new boolean[] {false, true}) {
            for (Kind kind : Kind.values()) {
                List<Bifurcation> some = diagram.bifurcations().stream()
                        .filter(b -> b.kind() == kind && (Math.min(b.before(), b.after()) == 0) == large)
                        .toList();
                double[] x = some.stream()
                        .flatMapToDouble(b -> DoubleStream.generate(b::value).limit(b.period()))
                        .toArray();
                double[] y = some.stream()
                        .flatMapToDouble(
                                b -> IntStream.range(0, b.period()).mapToDouble(t -> b.outputs()[t * outputs + output]))
                        .toArray();
                if (x.length > 0) {
                    panel.add(x, y, marker(kind, large));
                }
            }
        }
        return panel;
    }

    /** A line with gaps, which are NaN. */
    private record Line(double[] x, double[] y) {}

    /**
     * One output of one state of the cycle where the branch is stable, or where it isn't; elsewhere NaN. Where that changes, both
     * lines go on to the bifurcation.
     */
    private static Line line(BifurcationDiagram diagram, int index, int t, int outputs, int output, boolean stable) {
        Branch branch = diagram.branches().get(index);
        DoubleStream.Builder x = DoubleStream.builder();
        DoubleStream.Builder y = DoubleStream.builder();
        for (int k = 0; k < branch.size(); k++) {
            double here = branch.outputs()[(k * branch.period() + t) * outputs + output];
            x.add(branch.values()[k]);
            y.add(branch.unstable()[k] == 0 == stable ? here : Double.NaN);
            if (k + 1 == branch.size() || (branch.unstable()[k] == 0) == (branch.unstable()[k + 1] == 0)) {
                continue;
            }
            double next = branch.outputs()[((k + 1) * branch.period() + t) * outputs + output];
            double[] change = change(diagram, index, k, 0.5 * (here + next), outputs, output);
            x.add(change[0]);
            y.add(change[1]);
        }
        return new Line(x.build().toArray(), y.build().toArray());
    }

    /**
     * The parameter and the output at which a branch becomes stable or unstable between two of its places: those of the nearest of
     * its bifurcations at which that happens; halfway where there is none.
     */
    private static double[] change(
            BifurcationDiagram diagram, int index, int place, double halfway, int outputs, int output) {
        Branch branch = diagram.branches().get(index);
        double middle = 0.5 * (branch.values()[place] + branch.values()[place + 1]);
        // A fold lies beyond both places.
        double reach = 2.0 * Math.abs(branch.values()[place + 1] - branch.values()[place])
                + 1e-3 * (diagram.to() - diagram.from());
        return diagram.bifurcations().stream()
                .filter(b -> b.branches().contains(index) && Math.abs(b.value() - middle) <= reach)
                .min(Comparator.comparingInt((Bifurcation b) -> Math.min(b.before(), b.after()))
                        .thenComparingDouble(b -> Math.abs(b.value() - middle)))
                .map(b -> new double[] {b.value(), nearest(b, halfway, outputs, output)})
                .orElse(new double[] {middle, halfway});
    }

    /** The output of that state of a cycle whose output is nearest to another. */
    private static double nearest(Bifurcation b, double other, int outputs, int output) {
        return IntStream.range(0, b.outputs().length / outputs)
                .mapToObj(t -> b.outputs()[t * outputs + output])
                .min(Comparator.comparingDouble(y -> Math.abs(y - other)))
                .orElseThrow();
    }

    private static String name(Kind kind, boolean large) {
        return kind.words() + (large ? "" : " of unstable ones");
    }

    /** How a bifurcation is drawn, in the panel as in the legend: large where something stable takes part. */
    private static SeriesStyle marker(Kind kind, boolean large) {
        double size = large ? LARGE : SMALL;
        String name = name(kind, large);
        return switch (kind) {
            case FOLD -> SeriesStyle.points(name, Style.VERMILLION, Style.circle(size), true);
            case PITCHFORK -> SeriesStyle.points(name, Style.GREEN, Style.diamond(0.9 * size), true);
            case TRANSCRITICAL -> SeriesStyle.points(name, Style.GREEN, Style.circle(size), true);
            case PERIOD_DOUBLING -> SeriesStyle.points(name, Style.PURPLE, Style.square(0.9 * size), true);
            case NEIMARK_SACKER -> SeriesStyle.points(name, Style.ORANGE, Style.circle(size), false);
            case BORDER_COLLISION -> SeriesStyle.points(name, Style.BLACK, Style.square(0.9 * size), false);
            case DEGENERATE -> SeriesStyle.points(name, Style.BLACK, Style.diamond(0.9 * size), false);
        };
    }
}
