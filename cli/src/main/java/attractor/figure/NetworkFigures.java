package attractor.figure;

import attractor.analysis.Attractors;
import attractor.analysis.FixedPoints;
import attractor.analysis.Multipliers;
import attractor.analysis.NetworkAnalysis;
import attractor.analysis.Pca;
import attractor.analysis.Spectrum;
import attractor.analysis.Trajectories;
import attractor.analysis.WeightStatistics;
import attractor.model.Rnn;
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
     * Draws everything that an analysis found, each figure as PNG and as SVG: {@code NAME-spectrum}, {@code NAME-weights}, and with
     * a task {@code NAME-responses}, {@code NAME-pca} (three planes), {@code NAME-variance}, {@code NAME-fixed-points}; {@code
     * NAME-jacobians} of the attractors, or where none is a fixed point or an orbit, of the fixed points that most seeds led to.
     *
     * @param dir a folder that exists
     * @param name what the files' names begin with
     * @return the files
     * @throws IOException if a file can't be written, or there are no fonts on this machine
     */
    public static List<Path> write(Path dir, String name, NetworkAnalysis analysis) throws IOException {
        Map<String, Figure> figures = new LinkedHashMap<>();
        figures.put("spectrum", spectrum(analysis.spectrum(), analysis.initialSpectrum()));
        figures.put("weights", weights(analysis.network(), analysis.spectrum().weights()));
        if (analysis.trajectories().isPresent()) {
            Trajectories trials = analysis.trajectories().get();
            figures.put("responses", responses(trials));
            if (analysis.pca().isPresent()) {
                Pca pca = analysis.pca().get();
                figures.put("pca", planes(trials, pca));
                figures.put("variance", explained(pca));
                figures.put("fixed-points", fixedPoints(trials, pca, analysis.fixedPoints()));
            }
        }
        jacobians(analysis).ifPresent(figure -> figures.put("jacobians", figure));
        List<Path> files = new ArrayList<>();
        for (Map.Entry<String, Figure> figure : figures.entrySet()) {
            files.addAll(figure.getValue().write(dir, name + "-" + figure.getKey()));
        }
        return files;
    }

    /**
     * Inputs, targets and outputs of one trial of each type over time.
     *
     * @param heading above it
     */
    public static Figure inputsAndOutputs(Trajectories trials, String heading) {
        int count = trials.trials();
        return new Figure(Figure.SINGLE_MM, 16 + 21 * count, (g, area) -> {
            List<Panel> panels = IntStream.range(0, count)
                    .mapToObj(s -> Panels.response(trials, s)
                            .title("trial " + trials.types().get(s)))
                    .toList();
            Rectangle2D rest = Layout.header(g, area, heading, panels.get(0).looks());
            for (int s = 0; s < count; s++) {
                Panel panel = s == count - 1 ? panels.get(s) : panels.get(s).withoutXLabel();
                panel.draw(g, Layout.stacked(rest, 1, count, 0, s));
            }
        });
    }

    private static Figure spectrum(Spectrum after, Optional<Spectrum> before) {
        return new Figure(Figure.SINGLE_MM, Figure.SINGLE_MM, (g, area) -> {
            Panel panel = Panels.eigenvalues(before, Optional.of(after), 4);
            panel.draw(g, Layout.header(g, area, "", panel.looks()));
        });
    }

    private static Figure weights(Rnn network, WeightStatistics fit) {
        return new Figure(Figure.SINGLE_MM, 55, (g, area) -> {
            Panel panel = Panels.weights(network.copyOf(network.shape().wRec()), fit);
            panel.draw(g, Layout.header(g, area, "", panel.looks()));
        });
    }

    private static Figure responses(Trajectories trials) {
        int columns = Math.min(COLUMNS, trials.trials());
        int rows = (trials.trials() + columns - 1) / columns;
        double width = columns == 1 ? Figure.SINGLE_MM : Figure.DOUBLE_MM;
        return new Figure(width, 8 + 92 * rows, (g, area) -> {
            Rectangle2D rest = Layout.header(g, area, "", timeLooks(trials));
            for (int s = 0; s < trials.trials(); s++) {
                Rectangle2D cell = Layout.cell(rest, columns, rows, s % columns, s / columns);
                String title = "trial " + trials.types().get(s);
                Rectangle2D[] bands = {Layout.band(cell, 0, 0.2), Layout.band(cell, 0.2, 0.44)};
                Panels.inputs(trials, s).title(title).withoutXLabel().draw(g, bands[0]);
                Panels.outputs(trials, s).withoutXLabel().draw(g, bands[1]);
                Panels.units(trials, s).draw(g, Layout.band(cell, 0.44, 1));
            }
        });
    }

    /** What a legend for panels over time says. */
    static List<Look> timeLooks(Trajectories trials) {
        List<Look> looks = new ArrayList<>(Panels.response(trials, 0).looks());
        looks.add(Look.words("parts of the trial:"));
        looks.addAll(Panels.partLooks(trials));
        return looks;
    }

    private static Figure planes(Trajectories trials, Pca pca) {
        int[][] pairs = {{0, 1}, {0, 2}, {1, 2}};
        int count = pca.kept() >= 3 ? 3 : 1;
        List<Integer> all = IntStream.range(0, trials.trials()).boxed().toList();
        return new Figure(count == 3 ? Figure.DOUBLE_MM : Figure.SINGLE_MM, 64, (g, area) -> {
            Rectangle2D rest = Layout.header(g, area, "", Panels.partLooks(trials));
            for (int k = 0; k < count; k++) {
                Panel panel = pca.kept() == 1
                        ? Panels.overTime(trials, pca, all)
                        : Panels.plane(trials, pca, all, pairs[k][0], pairs[k][1]);
                panel.draw(g, Layout.cell(rest, count, 1, k, 0));
            }
        });
    }

    private static Figure explained(Pca pca) {
        return new Figure(Figure.SINGLE_MM, 50, (g, area) -> {
            Panel panel = Panels.explained(pca);
            panel.draw(g, Layout.header(g, area, "", panel.looks()));
        });
    }

    private static Figure fixedPoints(Trajectories trials, Pca pca, FixedPoints points) {
        return new Figure(Figure.SINGLE_MM, 75, (g, area) -> {
            Panel panel = Panels.fixedPoints(trials, pca, points);
            panel.draw(g, Layout.header(g, area, "", panel.looks()));
        });
    }

    private static Optional<Figure> jacobians(NetworkAnalysis analysis) {
        List<Panel> panels = new ArrayList<>();
        analysis.attractors().ifPresent(ends -> addAttractors(ends, panels));
        if (panels.isEmpty()) {
            for (FixedPoints.Point point : analysis.fixedPoints().points()) {
                if (panels.size() < 3 && point.multipliers().isPresent()) {
                    String output = Style.fixed(point.output()[0], 2);
                    panels.add(Panels.multipliers(point.multipliers().get(), "fixed point, output " + output));
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
            Rectangle2D rest = Layout.header(g, area, "", panels.get(0).looks());
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
            panels.add(Panels.multipliers(mu.get(), who + attractor.words()));
        }
    }
}
