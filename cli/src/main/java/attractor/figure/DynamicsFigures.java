package attractor.figure;

import attractor.analysis.Attractors.Attractor;
import attractor.analysis.Basins;
import attractor.analysis.Kicks;
import attractor.analysis.Pca;
import attractor.analysis.Pseudospectrum;
import attractor.analysis.SchurForm;
import attractor.analysis.SlowManifolds;
import attractor.analysis.TransientGrowth;
import java.awt.Color;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/** Figures of basins, slow curves, growth without instability, and kicks. Stateless, thread-safe. */
public final class DynamicsFigures {
    private static final List<Color> COLORS = List.of(
            Style.ORANGE, Style.SKY, Style.GREEN, Style.PURPLE, Style.BLUE, Style.VERMILLION, Style.FRAME, Style.BLACK);

    private DynamicsFigures() {}

    private static Color color(int k) {
        return COLORS.get(k % COLORS.size());
    }

    private static Color light(Color c) {
        return new Color((c.getRed() + 255 * 2) / 3, (c.getGreen() + 255 * 2) / 3, (c.getBlue() + 255 * 2) / 3);
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.0f %%", 100.0 * share);
    }

    /**
     * The attractors of states in the plane of the first two components, with the trials in front.
     *
     * @param basins which has a slice
     * @param pca of the trials' states, that of the slice
     * @param steps steps per trial
     */
    public static Figure basins(Basins basins, Pca pca, int steps) {
        Basins.Slice slice = basins.slice().orElseThrow();
        Panel panel = new Panel("component 1", "component 2");
        int columns = slice.x().length;
        int rows = slice.y().length;
        double halfX = 0.5 * (slice.x()[1] - slice.x()[0]);
        double halfY = 0.5 * (slice.y()[1] - slice.y()[0]);
        for (int row = 0; row < rows; row++) {
            // Neighbours of one colour make one rectangle.
            for (int from = 0; from < columns; ) {
                int to = from;
                int attractor = slice.attractor()[row * columns + from];
                while (to < columns && slice.attractor()[row * columns + to] == attractor) {
                    to++;
                }
                panel.tile(
                        slice.x()[from] - halfX,
                        slice.x()[to - 1] + halfX,
                        slice.y()[row] - halfY,
                        slice.y()[row] + halfY,
                        light(color(attractor)));
                from = to;
            }
        }
        SeriesStyle paths = SeriesStyle.line("trials", Style.FRAME, 0.5);
        for (int s = 0; s < pca.observations() / steps; s++) {
            int trial = s;
            panel.add(
                    IntStream.range(0, steps)
                            .mapToDouble(t -> pca.projection()[(trial * steps + t) * pca.kept()])
                            .toArray(),
                    IntStream.range(0, steps)
                            .mapToDouble(t -> pca.projection()[(trial * steps + t) * pca.kept() + 1])
                            .toArray(),
                    paths);
        }
        List<SeriesStyle> styles = new ArrayList<>();
        for (int a = 0; a < basins.attractors().size(); a++) {
            Attractor attractor = basins.attractors().get(a);
            String name = attractor.words() + " (" + percent(basins.share(a)) + ")";
            // Attractors of the same words need different names in the legend.
            styles.add(SeriesStyle.points(a + ": " + name, color(a), Style.square(5), true));
            if (attractor.states().length > 0) {
                double[] places = pca.project(attractor.states());
                int count = places.length / pca.kept();
                panel.add(
                        IntStream.range(0, count)
                                .mapToDouble(k -> places[k * pca.kept()])
                                .toArray(),
                        IntStream.range(0, count)
                                .mapToDouble(k -> places[k * pca.kept() + 1])
                                .toArray(),
                        SeriesStyle.points("", color(a), Style.circle(4.5), true));
            }
        }
        styles.add(paths);
        panel.xRange(slice.x()[0] - halfX, slice.x()[columns - 1] + halfX)
                .yRange(slice.y()[0] - halfY, slice.y()[rows - 1] + halfY);
        return Figure.below("", styles, Figure.SINGLE_MM, 75, panel);
    }

    /**
     * Growth of deviations, and pseudospectra.
     *
     * @param growth by name
     * @param schur of the matrix of the right panel
     * @param pseudo of the same
     * @param title of the right panel
     */
    public static Figure growth(
            List<TransientGrowth> growth, List<String> names, SchurForm schur, Pseudospectrum pseudo, String title) {
        Panel left = new Panel("step", "largest growth of a deviation").logarithmicY();
        for (int k = 0; k < growth.size(); k++) {
            double[] g = growth.get(k).growth();
            left.add(
                    IntStream.range(0, g.length).asDoubleStream().toArray(),
                    g,
                    SeriesStyle.line(names.get(k), color(k), 1.0));
        }
        Panel right = new Panel("real part", "imaginary part").equalUnits().title(title);
        List<SeriesStyle> styles = new ArrayList<>(left.styles());
        double[] levels = {-0.5, -1.0, -1.5, -2.0, -3.0};
        for (int k = 0; k < levels.length; k++) {
            double[][] line = contour(pseudo, Math.pow(10.0, levels[k]));
            if (line[0].length > 0) {
                float shade = 0.75f - 0.15f * k;
                right.add(
                        line[0],
                        line[1],
                        SeriesStyle.line(
                                "smallest singular value 10^" + Style.number(levels[k]),
                                new Color(shade, shade, Math.min(1f, shade + 0.2f)),
                                0.7));
            }
        }
        double[] circle =
                IntStream.rangeClosed(0, 180).mapToDouble(k -> Math.PI * k / 90).toArray();
        right.add(
                Arrays.stream(circle).map(Math::cos).toArray(),
                Arrays.stream(circle).map(Math::sin).toArray(),
                SeriesStyle.line("unit circle", Style.BLACK, 0.5, 2f, 1.5f));
        int n = schur.size();
        right.add(
                IntStream.range(0, n).mapToDouble(k -> schur.tRe()[k * n + k]).toArray(),
                IntStream.range(0, n).mapToDouble(k -> schur.tIm()[k * n + k]).toArray(),
                SeriesStyle.points("eigenvalues", Style.VERMILLION, Style.circle(2.4), true));
        styles.addAll(right.styles());
        return Figure.below("", styles, Figure.DOUBLE_MM, 82, (g, rest) -> {
            left.draw(g, Layout.cell(rest, 2, 1, 0, 0));
            right.draw(g, Layout.cell(rest, 2, 1, 1, 0));
        });
    }

    /** The pieces of a level line, each followed by a gap: marching squares. */
    private static double[][] contour(Pseudospectrum p, double level) {
        int columns = p.re().length;
        List<double[]> ends = new ArrayList<>();
        for (int row = 0; row + 1 < p.im().length; row++) {
            for (int column = 0; column + 1 < columns; column++) {
                int at = row * columns + column;
                double[] x = {p.re()[column], p.re()[column + 1], p.re()[column + 1], p.re()[column]};
                double[] y = {p.im()[row], p.im()[row], p.im()[row + 1], p.im()[row + 1]};
                double[] v = {p.sigma()[at], p.sigma()[at + 1], p.sigma()[at + columns + 1], p.sigma()[at + columns]};
                List<double[]> crossings = new ArrayList<>();
                for (int side = 0; side < 4; side++) {
                    int next = (side + 1) % 4;
                    if (v[side] < level != v[next] < level) {
                        // Linear in the logarithm, where values differ by powers of ten.
                        double t = (Math.log(level) - Math.log(Math.max(v[side], 1e-300)))
                                / (Math.log(Math.max(v[next], 1e-300)) - Math.log(Math.max(v[side], 1e-300)));
                        crossings.add(
                                new double[] {x[side] + t * (x[next] - x[side]), y[side] + t * (y[next] - y[side])});
                    }
                }
                for (int k = 0; k + 1 < crossings.size(); k += 2) {
                    ends.add(crossings.get(k));
                    ends.add(crossings.get(k + 1));
                }
            }
        }
        double[][] line = new double[2][ends.size() / 2 * 3];
        for (int k = 0; k < ends.size() / 2; k++) {
            for (int c = 0; c < 2; c++) {
                line[c][3 * k] = ends.get(2 * k)[c];
                line[c][3 * k + 1] = ends.get(2 * k + 1)[c];
                line[c][3 * k + 2] = Double.NaN;
            }
        }
        return line;
    }

    /** Slow curves in the plane of their own first two components, coloured one by one, and the drift along each. */
    public static Figure slow(SlowManifolds slow, Pca pca) {
        Panel left = new Panel("component 1", "component 2");
        Panel right = new Panel("distance along the curve", "drift per step");
        for (int k = 0; k < Math.min(COLORS.size(), slow.curves().size()); k++) {
            SlowManifolds.Curve curve = slow.curves().get(k);
            double[] places = pca.project(curve.states());
            int m = curve.size();
            int shown = curve.closed() ? m + 1 : m;
            String name = (curve.closed() ? "ring" : "curve") + " " + k;
            SeriesStyle style = SeriesStyle.line(name, color(k), 1.0);
            left.add(
                    IntStream.range(0, shown)
                            .mapToDouble(i -> places[i % m * pca.kept()])
                            .toArray(),
                    IntStream.range(0, shown)
                            .mapToDouble(i -> places[i % m * pca.kept() + 1])
                            .toArray(),
                    style);
            right.add(curve.arc(), curve.drift(), style);
        }
        return Figure.below("", left.styles(), Figure.DOUBLE_MM, 75, (g, rest) -> {
            left.draw(g, Layout.cell(rest, 2, 1, 0, 0));
            right.draw(g, Layout.cell(rest, 2, 1, 1, 0));
        });
    }

    /** The distance in the response, the share of changed answers and of returned states over the size, by direction. */
    public static Figure kicks(Kicks kicks) {
        List<Panel> panels = List.of(
                new Panel("size", "distance in the response"),
                new Panel("size", "share of changed answers").yRange(0, 1.02),
                new Panel("size", "share of returned states").yRange(0, 1.02));
        for (Kicks.Direction direction : kicks.options().directions()) {
            int color = List.of(Kicks.Direction.values()).indexOf(direction);
            List<Kicks.Mean> means = kicks.means().stream()
                    .filter(m -> m.direction() == direction)
                    .sorted(Comparator.comparingDouble(Kicks.Mean::size))
                    .toList();
            double[] x = means.stream().mapToDouble(Kicks.Mean::size).toArray();
            SeriesStyle style = new SeriesStyle(direction.id(), color(color), Style.stroke(1.0), Style.circle(3), true);
            if (x.length > 0) {
                panels.get(0)
                        .add(x, means.stream().mapToDouble(Kicks.Mean::response).toArray(), style);
                panels.get(1)
                        .add(x, means.stream().mapToDouble(Kicks.Mean::changed).toArray(), style);
                panels.get(2)
                        .add(x, means.stream().mapToDouble(Kicks.Mean::returned).toArray(), style);
            }
        }
        return Figure.below("", panels.get(0).styles(), Figure.DOUBLE_MM, 55, (g, rest) -> {
            for (int k = 0; k < panels.size(); k++) {
                panels.get(k).draw(g, Layout.cell(rest, panels.size(), 1, k, 0));
            }
        });
    }
}
