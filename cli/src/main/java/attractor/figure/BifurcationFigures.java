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

/** Figures of bifurcations. Stateless, thread-safe. */
public final class BifurcationFigures {
    private static final int MOST_OUTPUTS = 4;
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
        styles.sort(Comparator.comparingInt(style -> lines.contains(style) ? lines.indexOf(style) : lines.size()));
        if (styles.stream().anyMatch(style -> style.marker() != null)) {
            styles.add(SeriesStyle.words("(small: nothing stable takes part)"));
        }
        return Figure.below("", styles, Figure.DOUBLE_MM, shown == 1 ? 75 : 50 * shown, (g, rest) -> {
            for (int o = 0; o < shown; o++) {
                panels.get(o).draw(g, Layout.stacked(rest, 1, shown, 0, o));
            }
        });
    }

    private static Panel panel(BifurcationDiagram diagram, String parameter, int outputs, int output) {
        Panel panel = new Panel(parameter, outputs == 1 ? "output" : "output " + output)
                .xRange(diagram.from(), diagram.to());
        // Unstable ones first, so that stable ones lie above.
        for (boolean stable : new boolean[] {false, true}) {
            for (Branch branch : diagram.branches()) {
                SeriesStyle style = branch.period() == 1
                        ? stable ? STABLE : UNSTABLE
                        : stable ? STABLE_CYCLE : UNSTABLE_CYCLE;
                for (int t = 0; t < branch.period(); t++) {
                    double[] y = outputs(branch, t, outputs, output, stable);
                    if (Arrays.stream(y).anyMatch(Double::isFinite)) {
                        panel.add(branch.values(), y, style);
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
                        .flatMapToDouble(b -> IntStream.range(0, b.period())
                                .mapToDouble(t -> b.outputs()[t * outputs + output]))
                        .toArray();
                if (x.length > 0) {
                    panel.add(x, y, marker(kind, large ? 4 : 2));
                }
            }
        }
        return panel;
    }

    /** One output of one state of the cycle where the branch is stable, or where it isn't; elsewhere NaN. */
    private static double[] outputs(Branch branch, int t, int outputs, int output, boolean stable) {
        double[] y = new double[branch.size()];
        for (int k = 0; k < y.length; k++) {
            boolean here = branch.unstable()[k] == 0 == stable;
            // An unstable piece goes on to its neighbours, so that there is no gap.
            boolean beside = !stable
                    && ((k > 0 && branch.unstable()[k - 1] > 0)
                            || (k + 1 < y.length && branch.unstable()[k + 1] > 0));
            y[k] = here || beside
                    ? branch.outputs()[(k * branch.period() + t) * outputs + output]
                    : Double.NaN;
        }
        return y;
    }

    private static SeriesStyle marker(Kind kind, double size) {
        String name = kind.words();
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
