package attractor.bench;

import attractor.io.Csv;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Line2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import javax.imageio.ImageIO;
import org.jfree.chart.axis.LogAxis;
import org.jfree.chart.axis.NumberTickUnit;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.renderer.xy.XYLineAndShapeRenderer;
import org.jfree.data.xy.DefaultXYDataset;

/**
 * Fits power laws to what {@link Curve} and {@link StudyCurve} measured, and draws it: time and memory against N, T, B and the number
 * of networks. {@code bench/run growth}
 */
final class Growth {
    /** Rows of studies whose files are on a disk, not in memory. */
    private static final String ON_DISK = "networks-on-disk";
    /** In place of kernels: the row of one training. */
    private static final String ALONE = "training alone";

    private static final int PANEL = 250;
    private static final int LEGEND = 24;
    /** Pixels of the picture per point. */
    private static final int SCALE = 2;

    private static final Color[] COLORS = {
        new Color(0x0072b2), new Color(0x56b4e9), new Color(0xd55e00), new Color(0xe69f00)
    };

    /** What grows: the name of the axis in the table, the column with its values, and its label. */
    private enum Axis {
        UNITS("units", "units", "N"),
        STEPS("steps", "steps", "T"),
        BATCH("batch", "batch", "B"),
        NETWORKS("networks", "networks", "networks of a study");

        final String id;
        final String column;
        final String label;

        Axis(String id, String column, String label) {
            this.id = id;
            this.column = column;
            this.label = label;
        }
    }

    /** A column with what was measured. */
    private enum Measure {
        TIME("ms", "time in ms"),
        MEMORY("mib", "memory in MiB");

        final String column;
        final String label;

        Measure(String column, String label) {
            this.column = column;
            this.label = label;
        }
    }

    /** Points of one precision and number of threads. */
    private record Line(double[] x, double[] y) {
        PowerLaw law() {
            return PowerLaw.of(x, y);
        }
    }

    private Growth() {}

    /**
     * Prints the laws as a Markdown table and writes the picture.
     *
     * @param args the table without comments, the PNG to write
     */
    public static void main(String[] args) throws IOException {
        if (args.length != 2) {
            throw new IllegalArgumentException(args.length + " words, expected a CSV file and a PNG file");
        }
        List<Map<String, String>> rows = Csv.read(Path.of(args[0]));
        System.out.println("| against | precision, threads | time in ms | worst | memory in MiB | worst |");
        System.out.println("|---|---|---|---|---|---|");
        for (Axis axis : Axis.values()) {
            Map<String, Line> times = lines(rows, axis.id, axis.column, Measure.TIME);
            Map<String, Line> memories = lines(rows, axis.id, axis.column, Measure.MEMORY);
            times.forEach((name, line) -> System.out.printf(
                    Locale.ROOT,
                    "| %s, from %.0f on | %s | %s | %s |%n",
                    axis.label,
                    line.law().from(),
                    name,
                    cells(line.law(), axis),
                    cells(memories.get(name).law(), axis)));
        }
        overhead(rows);
        draw(rows, Path.of(args[1]));
    }

    private static String cells(PowerLaw law, Axis axis) {
        String x = axis == Axis.NETWORKS ? "n" : axis.label;
        return String.format(
                Locale.ROOT, "%.3g %s^%.2f | %.0f %%", law.constant(), x, law.exponent(), 100 * law.worst());
    }

    /** What a study takes per network: the time between the largest study and one of at most a tenth of it. */
    private static void overhead(List<Map<String, String>> rows) {
        System.out.println();
        for (String axis : List.of(Axis.NETWORKS.id, ON_DISK)) {
            lines(rows, axis, Axis.NETWORKS.column, Measure.TIME).forEach((name, line) -> {
                int last = line.x.length - 1;
                int before = last;
                while (before > 0 && line.x[before] > line.x[last] / 10) {
                    before--;
                }
                System.out.printf(
                        Locale.ROOT,
                        "A study of tiny trainings (%s, %s): %.1f ms for one network; from %.0f to %.0f networks %.2f ms for each more.%n",
                        axis.equals(ON_DISK) ? "files on disk" : "files in memory",
                        name,
                        line.y[0],
                        line.x[before],
                        line.x[last],
                        (line.y[last] - line.y[before]) / (line.x[last] - line.x[before]));
            });
        }
        rows.stream()
                .filter(row -> row.get("kernels").equals(ALONE))
                .findFirst()
                .ifPresent(row -> System.out.println("Such a training alone takes " + row.get("ms") + " ms."));
    }

    /** The points by precision and threads, such as {@code float, 2}. */
    private static Map<String, Line> lines(
            List<Map<String, String>> rows, String axis, String column, Measure measure) {
        Map<String, List<double[]>> points = new LinkedHashMap<>();
        for (Map<String, String> row : rows) {
            if (row.get("axis").equals(axis)
                    && !row.get("kernels").equals(ALONE)
                    && !row.get(measure.column).isEmpty()) {
                points.computeIfAbsent(row.get("precision") + ", " + row.get("threads"), name -> new ArrayList<>())
                        .add(new double[] {
                            Double.parseDouble(row.get(column)), Double.parseDouble(row.get(measure.column))
                        });
            }
        }
        Map<String, Line> lines = new LinkedHashMap<>();
        points.forEach((name, list) -> lines.put(
                name,
                new Line(
                        list.stream().mapToDouble(p -> p[0]).toArray(),
                        list.stream().mapToDouble(p -> p[1]).toArray())));
        return lines;
    }

    private static void draw(List<Map<String, String>> rows, Path file) throws IOException {
        int width = PANEL * Axis.values().length;
        int height = LEGEND + PANEL * Measure.values().length;
        BufferedImage image = new BufferedImage(SCALE * width, SCALE * height, BufferedImage.TYPE_BYTE_INDEXED);
        Graphics2D g = image.createGraphics();
        g.scale(SCALE, SCALE);
        g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        g.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
        g.setColor(Color.WHITE);
        g.fillRect(0, 0, width, height);
        List<String> names = new ArrayList<>();
        for (Axis axis : Axis.values()) {
            for (String name : lines(rows, axis.id, axis.column, Measure.TIME).keySet()) {
                if (!names.contains(name)) {
                    names.add(name);
                }
            }
        }
        legend(g, names);
        int y = LEGEND;
        for (Measure measure : Measure.values()) {
            int x = 0;
            for (Axis axis : Axis.values()) {
                Rectangle2D area = new Rectangle2D.Double(x, y, PANEL, PANEL);
                panel(lines(rows, axis.id, axis.column, measure), names, axis.label, measure.label)
                        .draw(g, area, null, null, null);
                x += PANEL;
            }
            y += PANEL;
        }
        g.dispose();
        ImageIO.write(image, "png", file.toFile());
    }

    private static void legend(Graphics2D g, List<String> names) {
        g.setFont(font(12));
        int x = 60;
        for (int i = 0; i < names.size(); i++) {
            g.setColor(color(i));
            g.fill(new Ellipse2D.Double(x - 10, 9, 7, 7));
            g.setColor(Color.BLACK);
            String text = names.get(i).replace(", ", ", threads: ");
            g.drawString(text, x, 17);
            x += 20 + g.getFontMetrics().stringWidth(text) + 10;
        }
        g.drawString("dashed: the fitted power laws", x, 17);
    }

    private static Font font(int size) {
        return new Font(Font.SANS_SERIF, Font.PLAIN, size);
    }

    private static Color color(int i) {
        return COLORS[i % COLORS.length];
    }

    private static XYPlot panel(Map<String, Line> lines, List<String> names, String xLabel, String yLabel) {
        DefaultXYDataset data = new DefaultXYDataset();
        XYLineAndShapeRenderer renderer = new XYLineAndShapeRenderer();
        lines.forEach((name, line) -> {
            Color color = color(names.indexOf(name));
            renderer.setSeriesPaint(data.getSeriesCount(), color);
            renderer.setSeriesLinesVisible(data.getSeriesCount(), false);
            renderer.setSeriesShape(data.getSeriesCount(), new Ellipse2D.Double(-2.5, -2.5, 5, 5));
            data.addSeries(name, new double[][] {line.x, line.y});
            PowerLaw law = line.law();
            double last = line.x[line.x.length - 1];
            renderer.setSeriesPaint(data.getSeriesCount(), color);
            renderer.setSeriesShapesVisible(data.getSeriesCount(), false);
            renderer.setSeriesShape(data.getSeriesCount(), new Line2D.Double());
            renderer.setSeriesStroke(
                    data.getSeriesCount(),
                    new BasicStroke(1, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 1, new float[] {4, 3}, 0));
            data.addSeries(name + " law", new double[][] {{law.from(), last}, {law.at(law.from()), law.at(last)}});
        });
        return new XYPlot(data, axis(xLabel), axis(yLabel), renderer);
    }

    private static LogAxis axis(String label) {
        LogAxis axis = new LogAxis(label);
        axis.setBase(10);
        axis.setLabelFont(font(12));
        axis.setTickLabelFont(font(10));
        // At powers of 10.
        axis.setTickUnit(new NumberTickUnit(1), false, true);
        return axis;
    }
}
