package attractor.figure;

import attractor.analysis.Attractors;
import attractor.analysis.EpochAnalysis;
import attractor.analysis.FixedPoints;
import attractor.analysis.Multipliers;
import attractor.analysis.NetworkAnalysis;
import attractor.analysis.Pca;
import attractor.analysis.Spectrum;
import attractor.analysis.Trajectories;
import attractor.model.Rnn;
import attractor.train.EpochSummary;
import java.awt.geom.Rectangle2D;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/** Figures of one network. */
public final class NetworkFigures {
    private static final int COLUMNS = 4;
    private static final int MOST_JACOBIANS = 6;

    private NetworkFigures() {}

    /**
     * Everything that an analysis found: {@code spectrum}, {@code weights}, and with a task {@code responses},
     * {@code pca} (three planes), {@code variance}, {@code fixed-points}; {@code jacobians} of the attractors or, if
     * none is a fixed point or an orbit, of the fixed points that most seeds led to.
     *
     * @param probabilities whether outputs are drawn as probabilities, see {@link Trajectories#withProbabilities}
     * @return figures by these names, in this order
     */
    public static Map<String, Figure> of(NetworkAnalysis analysis, boolean probabilities) {
        Map<String, Figure> figures = new LinkedHashMap<>();
        figures.put("spectrum", spectrum(analysis.spectrum(), analysis.initialSpectrum()));
        figures.put("weights", weights(analysis.network()));
        if (analysis.trajectories().isPresent()) {
            Trajectories trials = analysis.trajectories().get();
            figures.put("responses", responses(probabilities ? trials.withProbabilities() : trials));
            if (analysis.pca().isPresent()) {
                Pca pca = analysis.pca().get();
                figures.put("pca", planes(trials, pca));
                figures.put("variance", explained(pca));
                figures.put("fixed-points", fixedPoints(trials, pca, analysis.fixedPoints()));
            }
        }
        jacobians(analysis).ifPresent(figure -> figures.put("jacobians", figure));
        return figures;
    }

    /**
     * Saves figures as {@code NAME-KEY.png} and {@code NAME-KEY.svg}.
     *
     * @param dir a folder that exists
     * @param name the beginning of the files' names
     * @return the files
     * @throws IOException if a file can't be written, or there are no fonts on this machine
     */
    public static List<Path> write(Path dir, String name, Map<String, Figure> figures) throws IOException {
        List<Path> files = new ArrayList<>();
        for (Map.Entry<String, Figure> figure : figures.entrySet()) {
            files.addAll(figure.getValue().write(dir, name + "-" + figure.getKey()));
        }
        return files;
    }

    /**
     * Inputs, targets and outputs of one trial of each type over time.
     *
     * @param heading the heading above the figure
     */
    public static Figure inputsAndOutputs(Trajectories trials, String heading) {
        int count = trials.trials();
        List<PanelStack> panels = IntStream.range(0, count)
                .mapToObj(s -> AnalysisPanels.response(trials, s)
                        .title("trial " + trials.types().get(s)))
                .toList();
        List<SeriesStyle> styles = new ArrayList<>(panels.get(0).styles());
        styles.addAll(AnalysisPanels.maskStyles(trials));
        double rowMm = AnalysisPanels.stacked(trials) ? 38 : 21;
        return Figure.below(heading, styles, Figure.SINGLE_MM, 6 + rowMm * count, (g, rest) -> {
            for (int s = 0; s < count; s++) {
                PanelStack panel =
                        s == count - 1 ? panels.get(s) : panels.get(s).withoutXLabel();
                panel.draw(g, Layout.stacked(rest, 1, count, 0, s));
            }
        });
    }

    /** A panel below its legend. */
    private static Figure alone(Panel panel, double heightMm) {
        return Figure.below("", panel.styles(), Figure.SINGLE_MM, heightMm, panel);
    }

    /**
     * Training losses over epochs, one curve for each training; a circle at the epoch that {@code best.npz} holds.
     *
     * @param runs the epochs of each training, which are not empty
     */
    public static Figure learning(Map<String, List<EpochSummary>> runs) {
        return alone(AnalysisPanels.learning(runs), 52);
    }

    private static Figure spectrum(Spectrum after, Optional<Spectrum> before) {
        return alone(AnalysisPanels.eigenvalues(before, Optional.of(after), 4), Figure.SINGLE_MM - 5);
    }

    private static Figure weights(Rnn network) {
        return alone(AnalysisPanels.weights(network), 50);
    }

    private static Figure responses(Trajectories trials) {
        int columns = Math.min(COLUMNS, trials.trials());
        int rows = (trials.trials() + columns - 1) / columns;
        double width = columns == 1 ? Figure.SINGLE_MM : Figure.DOUBLE_MM;
        return Figure.below("", timeStyles(trials), width, 92 * rows, (g, rest) -> {
            for (int s = 0; s < trials.trials(); s++) {
                Rectangle2D cell = Layout.cell(rest, columns, rows, s % columns, s / columns);
                String title = "trial " + trials.types().get(s);
                Rectangle2D[] bands = {Layout.band(cell, 0, 0.2), Layout.band(cell, 0.2, 0.44)};
                AnalysisPanels.inputs(trials, s).title(title).withoutXLabel().draw(g, bands[0]);
                AnalysisPanels.outputs(trials, s).withoutXLabel().draw(g, bands[1]);
                AnalysisPanels.units(trials, s).draw(g, Layout.band(cell, 0.44, 1));
            }
        });
    }

    /** The legend for panels of all trials over time. */
    static List<SeriesStyle> timeStyles(Trajectories trials) {
        return timeStyles(trials, IntStream.range(0, trials.trials()).boxed().toList());
    }

    /** The legend for panels of some trials over time. */
    static List<SeriesStyle> timeStyles(Trajectories trials, List<Integer> shown) {
        List<SeriesStyle> styles =
                new ArrayList<>(AnalysisPanels.response(trials, 0).styles());
        List<SeriesStyle> parts = AnalysisPanels.partStyles(trials, shown);
        if (!parts.isEmpty()) {
            styles.add(SeriesStyle.words("parts of the trial:"));
            styles.addAll(parts);
        }
        styles.addAll(AnalysisPanels.maskStyles(trials));
        return styles;
    }

    /** Trials in the planes of the first three components, or in fewer dimensions if the network has fewer. */
    private static Figure planes(Trajectories trials, Pca pca) {
        List<Integer> all = IntStream.range(0, trials.trials()).boxed().toList();
        List<Panel> panels = pca.kept() == 1
                ? List.of(AnalysisPanels.overTime(trials, pca, all))
                : pairs(pca).stream()
                        .map(pair -> AnalysisPanels.plane(trials, pca, all, pair[0], pair[1]))
                        .toList();
        return row(panels, AnalysisPanels.pathStyles(trials), 59);
    }

    private static List<int[]> pairs(Pca pca) {
        return pca.kept() >= 3
                ? List.of(new int[] {0, 1}, new int[] {0, 2}, new int[] {1, 2})
                : List.of(new int[] {0, 1});
    }

    /** Panels side by side below a legend: a single one is as wide as a column, several are as wide as the page. */
    private static Figure row(List<Panel> panels, List<SeriesStyle> styles, double heightMm) {
        double width = panels.size() == 1 ? Figure.SINGLE_MM : Figure.DOUBLE_MM;
        return Figure.below("", styles, width, heightMm, (g, rest) -> {
            for (int k = 0; k < panels.size(); k++) {
                panels.get(k).draw(g, Layout.cell(rest, panels.size(), 1, k, 0));
            }
        });
    }

    private static Figure explained(Pca pca) {
        return alone(AnalysisPanels.explained(pca), 45);
    }

    /** With several outputs all three planes are drawn, since a single one doesn't separate the states. */
    private static Figure fixedPoints(Trajectories trials, Pca pca, FixedPoints points) {
        List<Panel> panels = (trials.outputs() == 1 ? pairs(pca).subList(0, 1) : pairs(pca))
                .stream()
                        .map(pair -> AnalysisPanels.fixedPoints(trials, pca, points, pair[0], pair[1], pair[1] == 1))
                        .toList();
        List<SeriesStyle> styles = new ArrayList<>(panels.get(0).styles());
        if (points.points().stream()
                .anyMatch(p -> !p.outlier()
                        && p.multipliers().isPresent()
                        && p.multipliers().get().unstable() == 0)) {
            styles.add(SeriesStyle.words(
                    "labels: number and output" + (trials.outputs() == 1 ? "" : "s") + " of stable points"));
        }
        return row(panels, styles, panels.size() == 1 ? 66 : 59);
    }

    /**
     * A training from epoch to epoch: paths of the eigenvalues, spectral radius, number of fixed points, and trials at
     * some epochs in the plane of their first two common components.
     *
     * @param numbers the epochs' numbers, 0 before training
     */
    public static Figure epochs(EpochAnalysis epochs, List<Integer> numbers) {
        List<Panel> upper = List.of(
                AnalysisPanels.eigenvaluePaths(epochs),
                AnalysisPanels.radii(epochs, numbers),
                AnalysisPanels.fixedPointCounts(epochs, numbers));
        List<Panel> lower = new ArrayList<>();
        List<SeriesStyle> styles = new ArrayList<>();
        epochs.pca().ifPresent(pca -> {
            int count = Math.min(COLUMNS, numbers.size());
            for (int k = 0; k < count; k++) {
                int epoch = count == 1 ? 0 : (int) Math.round(k * (numbers.size() - 1.0) / (count - 1));
                lower.add(AnalysisPanels.epochPlane(epochs, pca, epoch).title("epoch " + numbers.get(epoch)));
            }
            styles.addAll(AnalysisPanels.pathStyles(epochs.trajectories().get(0)));
        });
        double upperMm = 62;
        double lowerMm = lower.isEmpty() ? 0 : 52;
        return new Figure(Figure.DOUBLE_MM, upperMm + lowerMm, (g, area) -> {
            double split = upperMm / (upperMm + lowerMm);
            for (int k = 0; k < upper.size(); k++) {
                Rectangle2D cell = Layout.cell(Layout.band(area, 0, split), upper.size(), 1, k, 0);
                upper.get(k).draw(g, Layout.header(g, cell, "", upper.get(k).styles()));
            }
            if (!lower.isEmpty()) {
                Rectangle2D rest = Layout.header(g, Layout.band(area, split, 1), "", styles);
                for (int k = 0; k < lower.size(); k++) {
                    lower.get(k).draw(g, Layout.cell(rest, lower.size(), 1, k, 0));
                }
            }
        });
    }

    /**
     * Networks side by side, one column per network and one row per kind of panel: eigenvalues with the same axes; with
     * a task, fixed points among the trials and the variance that components explain; the weights if a network has no
     * task.
     *
     * @param networks at least one, by name
     */
    public static Figure comparison(Map<String, NetworkAnalysis> networks) {
        List<List<Optional<Panel>>> columns = new ArrayList<>();
        List<SeriesStyle> styles = new ArrayList<>();
        boolean trialsOfAny = networks.values().stream().anyMatch(a -> a.pca().isPresent());
        boolean trialsOfAll = networks.values().stream().allMatch(a -> a.pca().isPresent());
        networks.forEach((name, analysis) -> {
            Spectrum after = analysis.spectrum();
            Panel plane = AnalysisPanels.eigenvalues(analysis.initialSpectrum(), Optional.of(after), 1)
                    .title(name);
            networks.values().forEach(other -> AnalysisPanels.include(plane, other.spectrum()));
            List<Optional<Panel>> column = new ArrayList<>(List.of(Optional.of(plane)));
            if (analysis.pca().isPresent()) {
                Trajectories trials = analysis.trajectories().orElseThrow();
                Pca pca = analysis.pca().get();
                column.add(Optional.of(AnalysisPanels.fixedPoints(
                        trials, pca, analysis.fixedPoints(), 0, Math.min(1, pca.kept() - 1), true)));
                column.add(Optional.of(AnalysisPanels.explained(pca)));
            } else if (trialsOfAny) {
                column.add(Optional.empty());
                column.add(Optional.empty());
            }
            if (!trialsOfAll) {
                column.add(Optional.of(AnalysisPanels.weights(analysis.network())));
            }
            column.forEach(panel -> panel.ifPresent(p -> styles.addAll(p.styles())));
            columns.add(column);
        });
        int wide = Math.min(COLUMNS, columns.size());
        int groups = (columns.size() + wide - 1) / wide;
        int high = columns.stream().mapToInt(List::size).max().orElseThrow();
        return Figure.below("", styles, Figure.DOUBLE_MM, 44 * high * groups, (g, rest) -> {
            for (int k = 0; k < columns.size(); k++) {
                for (int p = 0; p < columns.get(k).size(); p++) {
                    Rectangle2D cell =
                            Layout.cell(rest, Math.max(2, wide), groups * high, k % wide, k / wide * high + p);
                    columns.get(k).get(p).ifPresent(panel -> panel.draw(g, cell));
                }
            }
        });
    }

    private static Optional<Figure> jacobians(NetworkAnalysis analysis) {
        List<Panel> panels = new ArrayList<>();
        analysis.attractors().ifPresent(ends -> addAttractors(ends, panels));
        if (panels.isEmpty()) {
            for (FixedPoints.Point point : analysis.fixedPoints().points()) {
                if (panels.size() < 3 && point.multipliers().isPresent()) {
                    String title = "fixed point, output " + AnalysisPanels.outputs(point.output());
                    panels.add(AnalysisPanels.multipliers(point.multipliers().get(), title));
                }
            }
        }
        if (panels.isEmpty()) {
            return Optional.empty();
        }
        int columns = panels.size() == 4 ? 2 : Math.min(3, panels.size());
        int rows = (panels.size() + columns - 1) / columns;
        double side = columns == 1 ? Figure.SINGLE_MM : Figure.DOUBLE_MM / 3;
        double width = columns * side;
        return Optional.of(new Figure(width, 5 + rows * side, (g, area) -> {
            Rectangle2D rest = Layout.header(g, area, "", panels.get(0).styles());
            for (int k = 0; k < panels.size(); k++) {
                panels.get(k).draw(g, Layout.cell(rest, columns, rows, k % columns, k / columns));
            }
        }));
    }

    private static void addAttractors(Attractors ends, List<Panel> panels) {
        for (int a = 0; a < ends.attractors().size() && panels.size() < MOST_JACOBIANS; a++) {
            Attractors.Attractor attractor = ends.attractors().get(a);
            Optional<Multipliers> mu = attractor.multipliers();
            if (mu.isEmpty()) {
                continue;
            }
            List<String> types = new ArrayList<>();
            for (Attractors.TypeResult type : ends.types()) {
                if (type.attractor() == a) {
                    types.add(type.type());
                }
            }
            String who = types.isEmpty() ? "" : String.join(", ", types) + ": ";
            panels.add(AnalysisPanels.multipliers(mu.get(), who + attractor.words()));
        }
    }
}
