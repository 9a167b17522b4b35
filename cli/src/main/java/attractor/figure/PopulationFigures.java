package attractor.figure;

import attractor.population.DemixedPca;
import attractor.population.PopulationAnalysis;
import attractor.population.PopulationTrials;
import attractor.population.SubspaceAngles;
import attractor.population.TrajectoryDimensions;
import java.awt.Color;
import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Figures of what a population does. */
public final class PopulationFigures {
    private static final Color[] COLORS = {
        Style.BLUE, Style.ORANGE, Style.GREEN, Style.VERMILLION, Style.PURPLE, Style.SKY, Style.FRAME
    };

    private static final SeriesStyle MARGINAL = SeriesStyle.line("all of a marginal", Style.VERMILLION, 1);

    private PopulationFigures() {}

    /**
     * {@code geometry}: participation ratios by part, angles between parts, shares of demixed components and of axes of
     * regression; below, the first component of each marginalisation over time, by type.
     *
     * @return figures by name
     */
    public static Map<String, Figure> of(PopulationAnalysis analysis) {
        Map<String, Figure> figures = new LinkedHashMap<>();
        List<Panel> upper = new ArrayList<>(List.of(ratios(analysis), angles(analysis)));
        List<SeriesStyle> styles = new ArrayList<>(upper.get(0).styles());
        styles.addAll(upper.get(1).styles());
        List<Panel> lower = new ArrayList<>();
        if (analysis.demixed().isPresent()) {
            upper.add(shares(analysis));
            lower.addAll(components(analysis));
        }
        styles.addAll(upper.get(upper.size() - 1).styles());
        analysis.demixed().ifPresent(demixed -> styles.add(SeriesStyle.words(sums(demixed))));
        int columns = Math.max(3, Math.max(upper.size(), lower.size()));
        int rows = lower.isEmpty() ? 1 : 2;
        figures.put("geometry", Figure.below("", styles, Figure.DOUBLE_MM, 55 * rows, (g, rest) -> {
            for (int k = 0; k < upper.size(); k++) {
                upper.get(k).draw(g, Layout.cell(rest, upper.size(), rows, k, 0));
            }
            for (int k = 0; k < lower.size(); k++) {
                Rectangle2D cell = Layout.cell(rest, Math.min(columns, lower.size()), rows, k, 1);
                lower.get(k).draw(g, cell);
            }
        }));
        return figures;
    }

    private static Color color(int type) {
        return COLORS[type % COLORS.length];
    }

    private static Panel ratios(PopulationAnalysis analysis) {
        PopulationTrials trials = analysis.trials();
        List<String> parts = new ArrayList<>(trials.partNames());
        parts.add(PopulationTrials.ALL);
        Panel panel = new Panel("", "participation ratio")
                .title("dimensions of mean trajectories")
                .xNames(parts)
                .xRange(-0.5, parts.size() - 0.5);
        List<String> types = new ArrayList<>(trials.types());
        types.add(PopulationTrials.ALL);
        panel.include(0, 0);
        for (int k = 0; k < types.size(); k++) {
            double[] x = new double[parts.size()];
            double[] y = new double[parts.size()];
            Arrays.fill(y, Double.NaN);
            for (int p = 0; p < parts.size(); p++) {
                x[p] = p;
            }
            for (TrajectoryDimensions.Row row : analysis.dimensions().rows()) {
                if (row.type().equals(types.get(k)) && parts.contains(row.part())) {
                    y[parts.indexOf(row.part())] = row.states().participationRatio();
                }
            }
            boolean all = k == types.size() - 1;
            panel.add(
                    x,
                    y,
                    all
                            ? SeriesStyle.points("all types", Style.BLACK, Style.diamond(4.5), true)
                            : SeriesStyle.points("trial " + types.get(k), color(k), Style.circle(3.6), true));
        }
        return panel;
    }

    private static Panel angles(PopulationAnalysis analysis) {
        List<SubspaceAngles.Pair> pairs = analysis.angles().pairs().stream()
                .filter(pair -> pair.kind().equals("part"))
                .toList();
        boolean parts = !pairs.isEmpty();
        List<SubspaceAngles.Pair> shown = parts
                ? pairs
                : analysis.angles().pairs().stream()
                        .filter(pair -> pair.kind().equals("type"))
                        .toList();
        Panel panel = new Panel("", "principal angles (degrees)")
                .title("between subspaces of " + (parts ? "parts" : "types"))
                .yRange(0, 95)
                .xRange(-0.5, Math.max(1, shown.size()) - 0.5);
        List<String> names = new ArrayList<>();
        double[] x = new double[shown.size()];
        double[] chance = new double[shown.size()];
        for (int k = 0; k < shown.size(); k++) {
            SubspaceAngles.Pair pair = shown.get(k);
            names.add(shortened(pair.first()) + "-" + shortened(pair.second()));
            x[k] = k;
            chance[k] = pair.chanceDegrees();
            double[] angles = new double[pair.angles().radians().length];
            double[] at = new double[angles.length];
            Arrays.fill(at, k);
            Arrays.setAll(angles, i -> pair.angles().degrees(i));
            panel.add(at, angles, SeriesStyle.points(k == 0 ? "angle" : "", Style.BLUE, Style.circle(3), false));
        }
        panel.add(x, chance, SeriesStyle.points("mean of random subspaces", Style.GREY, Style.square(3), true));
        panel.xNames(names);
        return panel;
    }

    private static String shortened(String name) {
        return name.length() <= 2 ? name : name.substring(0, 2);
    }

    private static Panel shares(PopulationAnalysis analysis) {
        Panel panel = new Panel("", "share of variance (%)").title("demixed components");
        List<String> names = new ArrayList<>();
        DemixedPca demixed = analysis.demixed().orElseThrow();
        double[] x = new double[demixed.components().size()];
        double[] share = new double[x.length];
        double[] held = new double[x.length];
        for (int k = 0; k < x.length; k++) {
            DemixedPca.Component c = demixed.components().get(k);
            boolean first =
                    k == 0 || !demixed.components().get(k - 1).marginal().equals(c.marginal());
            x[k] = k;
            share[k] = 100 * c.share();
            held[k] = 100 * c.crossValidated();
            names.add(first ? word(c.marginal()) : "");
        }
        panel.bars(x, share, 0.8, SeriesStyle.points("a component, fitted trials", Style.LIGHT, Style.square(5), true));
        for (DemixedPca.Marginal marginal : demixed.marginals()) {
            int[] own = IntStream.range(0, x.length)
                    .filter(k -> demixed.components().get(k).marginal().equals(marginal.name()))
                    .toArray();
            if (own.length > 0) {
                double whole = 100 * marginal.share();
                panel.add(
                        new double[] {own[0] - 0.45, own[own.length - 1] + 0.45},
                        new double[] {whole, whole},
                        MARGINAL);
            }
        }
        panel.add(x, held, SeriesStyle.points("a component, other trials", Style.BLACK, Style.diamond(4.5), true));
        return panel.xNames(names).xRange(-0.6, x.length - 0.4);
    }

    /** What the shares add up to, for the legend. */
    private static String sums(DemixedPca demixed) {
        double marginals = demixed.marginals().stream()
                .mapToDouble(DemixedPca.Marginal::share)
                .sum();
        return "(marginals add up to " + Style.fixed(100 * marginals, 0)
                + " %; components overlap, so that theirs don't add up)";
    }

    private static String word(String marginal) {
        return marginal.startsWith("position ") ? "pos. " + marginal.substring(9) : marginal;
    }

    private static List<Panel> components(PopulationAnalysis analysis) {
        PopulationTrials trials = analysis.trials();
        List<Panel> panels = new ArrayList<>();
        String before = "";
        DemixedPca demixed = analysis.demixed().orElseThrow();
        for (DemixedPca.Component c : demixed.components()) {
            if (c.marginal().equals(before)) {
                continue;
            }
            before = c.marginal();
            double whole = demixed.marginals().stream()
                    .filter(marginal -> marginal.name().equals(c.marginal()))
                    .mapToDouble(DemixedPca.Marginal::share)
                    .sum();
            Panel panel = new Panel("time (ms)", panels.isEmpty() ? "first component" : "")
                    .title(c.marginal() + " (" + Style.fixed(100 * whole, 0) + " %)");
            double[] x = new double[trials.steps()];
            Arrays.setAll(x, t -> (t + 1) * trials.dtMs());
            for (int k = 0; k < trials.types().size(); k++) {
                double[] y = Arrays.copyOfRange(c.projection(), k * x.length, (k + 1) * x.length);
                panel.add(x, y, SeriesStyle.line("trial " + trials.types().get(k), color(k), 0.9));
            }
            panels.add(panel);
        }
        return panels;
    }
}
