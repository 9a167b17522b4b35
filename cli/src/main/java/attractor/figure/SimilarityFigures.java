package attractor.figure;

import attractor.io.Printable;
import attractor.population.Clustering;
import attractor.similarity.NetworkComparison;
import attractor.similarity.NetworkComparison.Matrix;
import attractor.similarity.NetworkComparison.Measure;
import java.awt.Color;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Figures of how networks differ. */
public final class SimilarityFigures {
    private static final Color[] COLORS = {
        Style.BLUE, Style.ORANGE, Style.GREEN, Style.VERMILLION, Style.PURPLE, Style.SKY, Style.FRAME
    };

    /** Networks beside whose points there is room for a name. */
    private static final int NAMED = 16;

    private static final int SHADES = 32;

    private SimilarityFigures() {}

    /**
     * {@code similarity}: a row for each measure with the tree of the networks, the matrix of distances in the order of
     * the tree's leaves, and the map. Colours are clusters; networks whose measure has a single one are blue.
     *
     * @param names of the networks
     * @return figures by name
     */
    public static Map<String, Figure> of(NetworkComparison comparison, List<String> names) {
        List<List<Panel>> rows = new ArrayList<>();
        comparison.measures().forEach((measure, matrix) -> {
            int[] order = order(matrix.clusters(), comparison.count());
            rows.add(List.of(
                    tree(measure, matrix, order), distances(matrix, order), map(matrix, comparison.count(), names)));
        });
        Map<String, Figure> figures = new LinkedHashMap<>();
        figures.put("similarity", Figure.below("", List.of(), Figure.DOUBLE_MM, 52 * rows.size(), (g, rest) -> {
            for (int r = 0; r < rows.size(); r++) {
                for (int c = 0; c < 3; c++) {
                    rows.get(r).get(c).draw(g, Layout.cell(rest, 3, rows.size(), c, r));
                }
            }
        }));
        return figures;
    }

    private static String title(Measure measure) {
        return switch (measure) {
            case DYNAMICS -> "dynamics";
            case PROCRUSTES, CKA -> "shape";
            case SPECTRUM -> "spectrum";
            case ATTRACTORS -> "attractors";
        };
    }

    private static String unit(Measure measure) {
        return switch (measure) {
            case DYNAMICS -> "DSA (rad)";
            case PROCRUSTES -> "Procrustes (rad)";
            case CKA -> "1 - CKA";
            case SPECTRUM -> "Wasserstein";
            case ATTRACTORS -> "distance of graphs";
        };
    }

    /** The leaves from left to right. */
    private static int[] order(Clustering clusters, int n) {
        List<Integer> leaves = new ArrayList<>();
        List<Integer> open = new ArrayList<>(List.of(2 * n - 2));
        while (!open.isEmpty()) {
            int node = open.remove(open.size() - 1);
            if (node < n) {
                leaves.add(node);
            } else {
                Clustering.Merge merge = clusters.merges().get(node - n);
                open.add(merge.second());
                open.add(merge.first());
            }
        }
        return leaves.stream().mapToInt(Integer::intValue).toArray();
    }

    private static Panel tree(Measure measure, Matrix matrix, int[] order) {
        int n = order.length;
        double[] x = new double[2 * n - 1];
        double[] y = new double[2 * n - 1];
        int[] cluster = new int[2 * n - 1];
        for (int k = 0; k < n; k++) {
            x[order[k]] = k;
            cluster[order[k]] = matrix.clusters().cluster()[order[k]];
        }
        String number = Printable.count(matrix.clusters().number(), "cluster");
        Panel panel = new Panel("networks in the order of the tree", unit(measure))
                .title(title(measure) + ": " + number + ", p = "
                        + Style.fixed(matrix.clusters().p(), 2))
                .xRange(-0.6, n - 0.4)
                .wholeX();
        panel.include(0, 0);
        for (int m = 0; m < n - 1; m++) {
            Clustering.Merge merge = matrix.clusters().merges().get(m);
            int a = merge.first();
            int b = merge.second();
            x[n + m] = 0.5 * (x[a] + x[b]);
            y[n + m] = merge.height();
            cluster[n + m] = cluster[a] == cluster[b] ? cluster[a] : -1;
            Color color = cluster[n + m] < 0 ? Style.BLACK : COLORS[cluster[n + m] % COLORS.length];
            panel.add(
                    new double[] {x[a], x[a], x[b], x[b]},
                    new double[] {y[a], y[n + m], y[n + m], y[b]},
                    SeriesStyle.line("", color, 0.7));
        }
        return panel;
    }

    private static Panel distances(Matrix matrix, int[] order) {
        int n = order.length;
        double largest = Arrays.stream(matrix.distances()).max().orElse(0.0);
        Panel panel = new Panel("networks in the order of the tree", "")
                .title("distances from 0 (white) to " + Style.number(Math.round(1000 * largest) / 1000.0))
                .xRange(-0.5, n - 0.5)
                .yRange(-0.5, n - 0.5)
                .wholeX()
                .wholeY();
        for (int i = 0; i < n; i++) {
            for (int from = 0; from < n; ) {
                int shade = shade(matrix.distances()[order[i] * n + order[from]], largest);
                int to = from + 1;
                while (to < n && shade(matrix.distances()[order[i] * n + order[to]], largest) == shade) {
                    to++;
                }
                if (shade > 0) {
                    panel.tile(from - 0.5, to - 0.5, i - 0.5, i + 0.5, color(shade));
                }
                from = to;
            }
        }
        return panel;
    }

    private static int shade(double distance, double largest) {
        return largest == 0.0 ? 0 : (int) Math.round(SHADES * distance / largest);
    }

    /** From white to dark blue. */
    private static Color color(int shade) {
        double s = shade / (double) SHADES;
        return new Color((int) (255 - 247 * s), (int) (255 - 207 * s), (int) (255 - 148 * s));
    }

    private static Panel map(Matrix matrix, int n, List<String> names) {
        int kept = matrix.map().variances().length;
        Panel panel = new Panel("coordinate 1", "coordinate 2")
                .title("map, " + Style.fixed(100 * matrix.map().share(), 0) + " % of the distances")
                .equalUnits();
        for (int c = 0; c < matrix.clusters().number(); c++) {
            int number = c;
            int[] members = java.util.stream.IntStream.range(0, n)
                    .filter(k -> matrix.clusters().cluster()[k] == number)
                    .toArray();
            double[] x = new double[members.length];
            double[] y = new double[members.length];
            for (int k = 0; k < members.length; k++) {
                x[k] = kept > 0 ? matrix.map().coordinates()[members[k] * kept] : 0.0;
                y[k] = kept > 1 ? matrix.map().coordinates()[members[k] * kept + 1] : 0.0;
                if (n <= NAMED) {
                    panel.label(x[k], y[k], names.get(members[k]));
                }
            }
            panel.add(x, y, SeriesStyle.points("", COLORS[c % COLORS.length], Style.circle(3.6), n > NAMED));
        }
        return panel;
    }
}
