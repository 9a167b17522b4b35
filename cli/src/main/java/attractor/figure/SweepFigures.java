package attractor.figure;

import attractor.statistics.Summary;
import attractor.study.SweepSummary;
import attractor.study.SweepSummary.Cell;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/** The figures of sweeps over a grid. */
public final class SweepFigures {
    private static final Color[] COLORS = {
        Style.BLUE, Style.ORANGE, Style.GREEN, Style.PURPLE, Style.VERMILLION, Style.SKY, Style.BLACK
    };

    /** More curves than colours can't be told apart. */
    private static final int MOST_CURVES = COLORS.length;

    /** More heat maps than these don't fit on a page. */
    private static final int MOST_MAPS = 8;

    /** Values further apart than this get equal distances on the axis. */
    private static final double WIDE = 50;

    /** Values larger than this, or smaller than its inverse, have no room on an axis of numbers. */
    private static final double LARGE = 1e9;

    private static final int SHADES = 200;

    /** About what a panel's axis takes of its width, in points. */
    private static final double AXIS_ROOM = 45;

    /** Which part of the way from one place to the next the curves at a place take. */
    private static final double DODGE = 0.7;

    private SweepFigures() {}

    /**
     * A figure along each axis that has several values, named {@code along-AXIS}, unless there would be too many curves; and
     * heat maps of the first two such axes, named {@code map}, unless there are too many combinations of the others.
     */
    public static Map<String, Figure> of(SweepSummary summary) {
        List<String> axes = summary.axes().entrySet().stream()
                .filter(axis -> axis.getValue().size() > 1)
                .map(Map.Entry::getKey)
                .toList();
        if (axes.isEmpty()) {
            axes = List.of(summary.axes().keySet().iterator().next());
        }
        Map<String, Figure> figures = new LinkedHashMap<>();
        for (String axis : axes) {
            Map<Map<String, String>, List<Cell>> curves = groups(summary, List.of(axis));
            if (curves.size() <= MOST_CURVES) {
                String name = "along-" + axis.replaceAll("[^A-Za-z0-9]+", "-");
                figures.put(
                        figures.containsKey(name) ? name + "-" + figures.size() : name, along(summary, axis, curves));
            }
        }
        if (axes.size() > 1) {
            Map<Map<String, String>, List<Cell>> maps = groups(summary, axes.subList(0, 2));
            if (maps.size() <= MOST_MAPS) {
                figures.put("map", maps(summary, axes.get(0), axes.get(1), maps));
            }
        }
        return figures;
    }

    /** The cells by their place on all axes but some. */
    private static Map<Map<String, String>, List<Cell>> groups(SweepSummary summary, List<String> but) {
        Map<Map<String, String>, List<Cell>> groups = new LinkedHashMap<>();
        for (Cell cell : summary.cells()) {
            Map<String, String> others = distinguishing(summary, cell.place());
            but.forEach(others::remove);
            groups.computeIfAbsent(others, place -> new ArrayList<>()).add(cell);
        }
        return groups;
    }

    /** A place without the axes that have one value. */
    private static Map<String, String> distinguishing(SweepSummary summary, Map<String, String> place) {
        Map<String, String> some = new LinkedHashMap<>(place);
        some.keySet().removeIf(axis -> summary.axes().get(axis).size() == 1);
        return some;
    }

    /** A cell in words that tell it from the other cells; its whole place if there are no others. */
    public static String name(SweepSummary summary, Cell cell) {
        Map<String, String> some = distinguishing(summary, cell.place());
        return words(some.isEmpty() ? cell.place() : some);
    }

    /** A place in words. */
    public static String words(Map<String, String> place) {
        return place.entrySet().stream()
                .map(value -> value.getKey() + " " + value.getValue())
                .collect(Collectors.joining(", "));
    }

    /** The places of an axis's values: the values themselves if they are numbers, or 0, 1, 2 and so on. */
    private static double[] positions(List<String> values) {
        double[] positions = new double[values.size()];
        double least = Double.POSITIVE_INFINITY;
        double most = 0;
        boolean numbers = true;
        for (int k = 0; k < positions.length; k++) {
            try {
                positions[k] = Double.parseDouble(values.get(k));
            } catch (NumberFormatException e) {
                numbers = false;
                break;
            }
            double size = Math.abs(positions[k]);
            least = size > 0 ? Math.min(least, size) : least;
            most = Math.max(most, size);
            numbers &= Double.isFinite(size);
        }
        boolean fit = most <= LARGE && (most == 0 || least >= 1 / LARGE);
        if (numbers && fit && most <= WIDE * least) {
            return positions;
        }
        for (int k = 0; k < positions.length; k++) {
            positions[k] = k;
        }
        return positions;
    }

    private static boolean named(List<String> values, double[] positions) {
        for (int k = 0; k < positions.length; k++) {
            try {
                if (Double.parseDouble(values.get(k)) != positions[k]) {
                    return true;
                }
            } catch (NumberFormatException e) {
                return true;
            }
        }
        return false;
    }

    /** Whether an axis's values are numbers, so that they have an order in which a line may join them. */
    private static boolean ordered(List<String> values) {
        return values.stream().allMatch(value -> {
            try {
                return Double.isFinite(Double.parseDouble(value));
            } catch (NumberFormatException e) {
                return false;
            }
        });
    }

    /** Success, loss, accuracy and spectral radius along one axis. */
    private static Figure along(SweepSummary summary, String axis, Map<Map<String, String>, List<Cell>> curves) {
        List<String> values = summary.axes().get(axis);
        double[] positions = positions(values);
        List<Panel> panels = new ArrayList<>();
        panels.add(new Panel(axis, "networks that pass (%)").yRange(-3, 103));
        panels.add(new Panel(axis, "loss").logarithmicY());
        if (summary.classes()) {
            panels.add(new Panel(axis, "right in the worst type (%)").yRange(-3, 103));
        }
        panels.add(new Panel(axis, "spectral radius of W_rec"));
        boolean one = curves.size() == 1;
        boolean joined = ordered(values);
        double apart = apart(positions, curves.size(), joined);
        int number = 0;
        for (Map.Entry<Map<String, String>, List<Cell>> curve : curves.entrySet()) {
            Color color = one ? Style.BLUE : COLORS[number % COLORS.length];
            // Beside one another, so that bars don't cover each other.
            double shift = (number - 0.5 * (curves.size() - 1)) * apart;
            String name = words(curve.getKey());
            List<Cell> cells = curve.getValue();
            double[] x = cells.stream()
                    .mapToDouble(cell -> positions[values.indexOf(cell.place().get(axis))] + shift)
                    .toArray();
            curve(
                    panels.get(0),
                    x,
                    cells,
                    cell -> new double[] {
                        100 * cell.interval().low(),
                        100 * cell.successes().rate(),
                        100 * cell.interval().high()
                    },
                    name,
                    color,
                    joined);
            curve(panels.get(1), x, cells, cell -> quartiles(cell.loss(), 1), name, color, joined);
            int next = 2;
            if (summary.classes()) {
                curve(panels.get(next++), x, cells, cell -> quartiles(cell.accuracy(), 100), name, color, joined);
            }
            curve(panels.get(next), x, cells, cell -> quartiles(cell.radiusAfter(), 1), name, color, joined);
            panels.get(next)
                    .add(
                            x,
                            cells.stream()
                                    .mapToDouble(cell -> cell.radiusBefore().median())
                                    .toArray(),
                            new SeriesStyle(
                                    "before training",
                                    Style.GREY,
                                    joined ? Style.stroke(0.6, 2f, 1.5f) : null,
                                    Style.circle(2.4),
                                    false));
            number++;
        }
        for (Panel panel : panels) {
            if (named(values, positions)) {
                panel.xNames(values).xRange(-0.6, values.size() - 0.4);
            } else if (values.size() == 1) {
                panel.xRange(positions[0] - 1, positions[0] + 1);
            }
        }
        List<SeriesStyle> styles = new ArrayList<>();
        panels.forEach(panel -> styles.addAll(panel.styles()));
        styles.add(SeriesStyle.words("bars: 95 % interval of the rate, quartiles over networks"));
        // Three side by side, unless the names below would touch.
        double place = (Figure.DOUBLE_MM * Figure.POINTS_PER_MM / 3 - AXIS_ROOM) / values.size();
        boolean crowded = named(values, positions)
                && values.stream().anyMatch(value -> Style.width(value, Style.SMALL) > place - 2);
        int columns = crowded || panels.size() == 4 ? 2 : 3;
        int rows = (panels.size() + columns - 1) / columns;
        return Figure.below("", styles, Figure.DOUBLE_MM, 58 * rows, (g, area) -> {
                    for (int k = 0; k < panels.size(); k++) {
                        panels.get(k).draw(g, Layout.cell(area, columns, rows, k % columns, k / columns));
                    }
                })
                .of(panels);
    }

    /**
     * Distance of neighbouring curves at one place. Where lines don't join the points, the curves share a fixed part of the way to the
     * next place; lines are told apart by their course, and would be bent by as much.
     */
    static double apart(double[] positions, int curves, boolean joined) {
        double[] sorted = positions.clone();
        Arrays.sort(sorted);
        double gap = Double.POSITIVE_INFINITY;
        for (int k = 1; k < sorted.length; k++) {
            gap = Math.min(gap, sorted[k] - sorted[k - 1]);
        }
        if (sorted.length == 1) {
            gap = 1;
        }
        double share = DODGE * gap / curves;
        return joined ? Math.min(share, 0.025 * (sorted[sorted.length - 1] - sorted[0])) : share;
    }

    private static double[] quartiles(Summary summary, double unit) {
        return new double[] {unit * summary.lowerQuartile(), unit * summary.median(), unit * summary.upperQuartile()};
    }

    /** Points with bars, joined by a line where the axis has an order. */
    private static void curve(
            Panel panel,
            double[] x,
            List<Cell> cells,
            Function<Cell, double[]> bar,
            String name,
            Color color,
            boolean joined) {
        double[] xs = new double[3 * x.length];
        double[] ys = new double[3 * x.length];
        double[] middle = new double[x.length];
        for (int i = 0; i < x.length; i++) {
            double[] of = bar.apply(cells.get(i));
            xs[3 * i] = x[i];
            xs[3 * i + 1] = x[i];
            xs[3 * i + 2] = Double.NaN;
            ys[3 * i] = of[0];
            ys[3 * i + 1] = of[2];
            ys[3 * i + 2] = Double.NaN;
            middle[i] = of[1];
        }
        panel.add(xs, ys, SeriesStyle.line("", color, 0.7));
        panel.add(x, middle, new SeriesStyle(name, color, joined ? Style.stroke(0.8) : null, Style.circle(3.4), true));
    }

    /** What a heat map shows. */
    private record Shown(String title, ToDoubleFunction<Cell> share, Function<Cell, String> text) {}

    private static Figure maps(
            SweepSummary summary, String across, String down, Map<Map<String, String>, List<Cell>> maps) {
        List<Shown> shown = new ArrayList<>();
        shown.add(new Shown(
                "networks that pass",
                cell -> cell.successes().rate(),
                cell -> cell.successes().successes() + "/" + cell.successes().trials()));
        if (summary.classes()) {
            shown.add(new Shown(
                    "right in the worst type (median, %)",
                    cell -> cell.accuracy().median(),
                    cell -> Style.fixed(100 * cell.accuracy().median(), 0)));
        }
        double low = extreme(summary, true);
        double high = extreme(summary, false);
        shown.add(new Shown(
                "loss (median), low ones dark",
                cell -> high > low ? 1 - (Math.log10(cell.loss().median()) - low) / (high - low) : 1,
                cell -> loss(cell.loss().median())));
        List<String> columns = summary.axes().get(across);
        List<String> rows = summary.axes().get(down);
        List<Figure.Drawing> drawings = new ArrayList<>();
        maps.forEach((others, cells) -> {
            for (Shown one : shown) {
                String title = others.isEmpty() ? one.title : words(others) + ": " + one.title;
                drawings.add((g, area) -> heatMap(g, area, title, across, columns, down, rows, cells, one));
            }
        });
        int perRow = shown.size();
        int lines = maps.size();
        double height = Math.min(70, 26 + 8.0 * rows.size());
        return new Figure(Figure.DOUBLE_MM, 4 + height * lines, (g, area) -> {
            for (int k = 0; k < drawings.size(); k++) {
                drawings.get(k).draw(g, Layout.cell(area, perRow, lines, k % perRow, k / perRow));
            }
        });
    }

    private static double extreme(SweepSummary summary, boolean least) {
        double extreme = Double.NaN;
        for (Cell cell : summary.cells()) {
            double loss = Math.log10(cell.loss().median());
            if (Double.isFinite(loss) && (Double.isNaN(extreme) || (least ? loss < extreme : loss > extreme))) {
                extreme = loss;
            }
        }
        return extreme;
    }

    private static String loss(double loss) {
        return Double.isNaN(loss) ? "-" : Style.format("0.0E0").format(loss).replace("E", "e");
    }

    private static void heatMap(
            Graphics2D g,
            Rectangle2D area,
            String title,
            String across,
            List<String> columns,
            String down,
            List<String> rows,
            List<Cell> cells,
            Shown shown) {
        double names = Math.min(
                0.35 * area.getWidth(),
                rows.stream()
                        .mapToDouble(name -> Style.width(name, Style.SMALL))
                        .max()
                        .orElse(0));
        double left = area.getX() + names + 20;
        List<String> lines = Style.lines(title, area.getMaxX() - left, Style.FONT, 2);
        double top = area.getY() + 16 + (lines.size() - 1) * 8;
        double width = (area.getMaxX() - 6 - left) / columns.size();
        double height = (area.getMaxY() - 24 - top) / rows.size();
        g.setPaint(Style.BLACK);
        for (int k = 0; k < lines.size(); k++) {
            Style.text(g, lines.get(k), left, top - 4 - (lines.size() - 1 - k) * 8, 0, Style.FONT);
        }
        for (Cell cell : cells) {
            int column = columns.indexOf(cell.place().get(across));
            int row = rows.indexOf(cell.place().get(down));
            double share = shown.share.applyAsDouble(cell);
            double x = left + column * width;
            double y = top + row * height;
            if (Double.isFinite(share)) {
                g.setPaint(shade(share));
                g.fill(new Rectangle2D.Double(x, y, width, height));
            }
            g.setPaint(share > 0.55 ? Color.WHITE : Style.BLACK);
            Style.text(
                    g,
                    Style.fitted(shown.text.apply(cell), width - 2, Style.SMALL),
                    x + width / 2,
                    y + height / 2 + 2.2,
                    0.5,
                    Style.SMALL);
        }
        g.setPaint(Style.FRAME);
        g.setStroke(Style.stroke(0.5));
        g.draw(new Rectangle2D.Double(left, top, width * columns.size(), height * rows.size()));
        g.setPaint(Style.BLACK);
        for (int k = 0; k < columns.size(); k++) {
            String name = Style.fitted(columns.get(k), width - 1, Style.SMALL);
            Style.text(g, name, left + (k + 0.5) * width, area.getMaxY() - 16, 0.5, Style.SMALL);
        }
        for (int k = 0; k < rows.size(); k++) {
            String name = Style.fitted(rows.get(k), names, Style.SMALL);
            Style.text(g, name, left - 3, top + (k + 0.5) * height + 2.2, 1, Style.SMALL);
        }
        Style.text(g, across, left + 0.5 * width * columns.size(), area.getMaxY() - 5, 0.5, Style.FONT);
        var upright = g.getTransform();
        g.translate(area.getX() + 9, top + 0.5 * height * rows.size());
        g.rotate(-Math.PI / 2);
        Style.text(g, down, 0, 0, 0.5, Style.FONT);
        g.setTransform(upright);
    }

    /** From white to dark blue. */
    private static Color shade(double share) {
        double s = Math.round(SHADES * Math.max(0, Math.min(1, share))) / (double) SHADES;
        return new Color((int) (255 - 247 * s), (int) (255 - 207 * s), (int) (255 - 148 * s));
    }
}
