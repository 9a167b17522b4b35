package attractor.figure;

import attractor.similarity.ClassicalScaling;
import attractor.similarity.NetworkComparison.Measure;
import attractor.study.SolutionSummary;
import attractor.study.SolutionSummary.Cell;
import attractor.study.SolutionSummary.Told;
import java.awt.Color;
import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;

/** Figures of how many different solutions a study's networks have. Stateless, thread-safe. */
public final class SolutionFigures {
    private static final Color[] COLORS = {Style.BLUE, Style.ORANGE, Style.GREEN, Style.PURPLE, Style.SKY};

    private SolutionFigures() {}

    /** Maps of the networks that pass, a row for each task and number of units, a column for each measure; colours are initial weights. */
    public static Figure maps(SolutionSummary summary) {
        List<Cell> cells = summary.cells().stream()
                .filter(cell -> !cell.measures().isEmpty())
                .toList();
        List<String> inits =
                cells.stream().flatMap(cell -> cell.inits().stream()).distinct().toList();
        List<List<Panel>> rows = new ArrayList<>();
        for (Cell cell : cells) {
            List<Panel> row = new ArrayList<>();
            cell.measures().forEach((measure, found) -> {
                int clusters = found.matrix().clusters().number();
                Panel panel = new Panel("", measure == Measure.DYNAMICS ? name(cell, " ") : "")
                        .title(id(measure) + ": " + clusters)
                        .equalUnits();
                for (String init : inits) {
                    int[] members = IntStream.range(0, cell.passed())
                            .filter(k -> cell.inits().get(cell.init()[k]).equals(init))
                            .toArray();
                    panel.add(
                            coordinates(found.matrix().map(), members, 0),
                            coordinates(found.matrix().map(), members, 1),
                            SeriesStyle.points(init, color(inits, init), Style.circle(2.6), true));
                }
                row.add(panel);
            });
            rows.add(row);
        }
        List<SeriesStyle> styles = new ArrayList<>();
        rows.forEach(row -> styles.addAll(row.get(0).styles()));
        styles.add(SeriesStyle.words("with each measure, its number of clusters"));
        int columns = Measure.values().length;
        return new Figure(Figure.DOUBLE_MM, 10 + 36 * rows.size(), (g, area) -> {
                    Rectangle2D rest = Layout.header(g, area, "", styles);
                    for (int r = 0; r < rows.size(); r++) {
                        for (int c = 0; c < columns; c++) {
                            rows.get(r).get(c).draw(g, Layout.cell(rest, columns, rows.size(), c, r));
                        }
                    }
                })
                .of(rows.stream().flatMap(List::stream).toList());
    }

    private static String id(Measure measure) {
        return measure.name().toLowerCase(Locale.ROOT);
    }

    private static Color color(List<String> names, String name) {
        return COLORS[names.indexOf(name) % COLORS.length];
    }

    private static String name(Cell cell, String between) {
        return cell.task() + between + (cell.units().equals(SolutionSummary.ALL) ? "all sizes" : "N = " + cell.units());
    }

    private static double[] coordinates(ClassicalScaling map, int[] members, int c) {
        int kept = map.variances().length;
        return IntStream.of(members)
                .mapToDouble(k -> c < kept ? map.coordinates()[k * kept + c] : 0.0)
                .toArray();
    }

    /** The share of the squared distances that the initial weights explain, with its standard error and that of chance. */
    public static Figure shares(SolutionSummary summary) {
        List<Cell> cells = summary.cells().stream()
                .filter(cell -> cell.measures().values().stream()
                        .anyMatch(found -> found.byInit().isPresent()))
                .toList();
        List<String> names = cells.stream().map(cell -> name(cell, "\n")).toList();
        Panel panel = new Panel("", "explained by the initial weights (%)").xRange(-0.6, names.size() - 0.4);
        panel.include(0, 0);
        double[] x = new double[cells.size()];
        double[] chance = new double[cells.size()];
        Measure[] measures = Measure.values();
        for (int m = 0; m < measures.length; m++) {
            double[] at = new double[cells.size()];
            double[] share = new double[cells.size()];
            Color color = COLORS[m % COLORS.length];
            for (int k = 0; k < cells.size(); k++) {
                Optional<Told> told = cells.get(k).measures().get(measures[m]).byInit();
                at[k] = k - 0.24 + 0.12 * m;
                share[k] = told.map(t -> 100 * t.share()).orElse(Double.NaN);
                double error = told.map(t -> 100 * t.standardError()).orElse(Double.NaN);
                panel.add(
                        new double[] {at[k], at[k]},
                        new double[] {Math.max(0.0, share[k] - error), Math.min(100.0, share[k] + error)},
                        SeriesStyle.line("", color, 0.8));
                x[k] = k;
                chance[k] = told.map(t -> 100 * t.chance()).orElse(Double.NaN);
            }
            panel.add(at, share, SeriesStyle.points(id(measures[m]), color, Style.circle(3.6), true));
        }
        for (int k = 0; k < cells.size(); k++) {
            panel.add(
                    new double[] {x[k] - 0.4, x[k] + 0.4},
                    new double[] {chance[k], chance[k]},
                    SeriesStyle.line("chance", Style.GREY, 0.7, 2.5f, 1.5f));
        }
        panel.xNames(names);
        return new Figure(Figure.DOUBLE_MM, 70, (g, area) -> panel.draw(g, Layout.header(g, area, "", panel.styles())))
                .of(List.of(panel));
    }
}
