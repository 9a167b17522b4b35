package attractor.figure;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.Shape;
import java.awt.geom.AffineTransform;
import java.awt.geom.Line2D;
import java.awt.geom.Path2D;
import java.awt.geom.PathIterator;
import java.awt.geom.Point2D;
import java.awt.geom.Rectangle2D;
import java.text.DecimalFormat;
import java.text.FieldPosition;
import java.text.NumberFormat;
import java.text.ParsePosition;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jfree.chart.axis.AxisSpace;
import org.jfree.chart.axis.AxisState;
import org.jfree.chart.axis.NumberAxis;
import org.jfree.chart.axis.NumberTick;
import org.jfree.chart.axis.NumberTickUnit;
import org.jfree.chart.plot.SeriesRenderingOrder;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.renderer.xy.StandardXYBarPainter;
import org.jfree.chart.renderer.xy.XYBarRenderer;
import org.jfree.chart.renderer.xy.XYLineAndShapeRenderer;
import org.jfree.chart.ui.RectangleEdge;
import org.jfree.chart.ui.RectangleInsets;
import org.jfree.data.Range;
import org.jfree.data.xy.DefaultXYDataset;
import org.jfree.data.xy.XYBarDataset;

/** A pair of axes and what is drawn between them. Built once, by one thread, then drawn. */
final class Panel implements Figure.Drawing {
    /** Room for the y axis, left of the data. */
    static final double LEFT = 29;

    /** What is left of the data beside the numbers: the ticks, and the words, which stand upright. */
    private static final double NUMBER_ROOM = 14.5;

    /** Room for the x axis, below the data. */
    static final double BOTTOM = 20;

    private static final double TOP = 3;
    private static final double TITLE = 11;
    private static final double TITLE_LINE = 8;
    /** A longer title is cut. */
    private static final int TITLE_LINES = 4;

    /** Nor does a title take more of the height than this. */
    private static final double TITLE_SHARE = 0.3;

    private static final double RIGHT = 5;

    /** Largest error of a simplified line, which makes paths short: 1/30 mm, less than a pixel. */
    private static final double TOLERANCE = 0.09;

    private record Label(double x, double y, String text) {}

    /** Height of the strip along the upper edge, in points. */
    private static final double STRIP = 2.7;

    /** Height that the scale bar and its words need, with the strip, in points. */
    private static final double BAR_ROOM = 12;

    private record Strip(double from, double to, Color color) {}

    private record Tile(Rectangle2D place, Color color) {}

    /** @param above no curve is higher than this */
    private record ScaleBar(double x, double length, double above, String text) {}

    private String xLabel;
    private String yLabel;
    private final DefaultXYDataset series = new DefaultXYDataset();
    private final List<SeriesStyle> styles = new ArrayList<>();
    private final List<Label> labels = new ArrayList<>();
    private final List<Strip> strips = new ArrayList<>();
    private final List<Strip> shades = new ArrayList<>();
    private final List<Tile> tiles = new ArrayList<>();
    private final double[] bounds = {
        Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY
    };
    private final DefaultXYDataset bars = new DefaultXYDataset();
    private final List<SeriesStyle> barStyles = new ArrayList<>();
    private double barWidth;
    private String title = "";
    private Range xRange;
    private Range yRange;
    private boolean equal;
    private boolean xNumbers = true;
    private List<String> xNames = List.of();
    private boolean wholeX;
    private boolean wholeY;
    private boolean logarithmic;
    private double lastTick = Double.POSITIVE_INFINITY;
    private ScaleBar scaleBar;

    /** Creates a panel; an empty label takes no room. */
    Panel(String xLabel, String yLabel) {
        this.xLabel = xLabel;
        this.yLabel = yLabel;
    }

    Panel title(String text) {
        title = text;
        return this;
    }

    Panel yLabel(String text) {
        yLabel = text;
        return this;
    }

    Panel xRange(double from, double to) {
        xRange = new Range(from, to);
        return this;
    }

    Panel yRange(double from, double to) {
        yRange = new Range(from, to);
        return this;
    }

    /** Gives both axes the same scale. */
    Panel equalUnits() {
        equal = true;
        return this;
    }

    /** Draws ticks without numbers, if those of the panel below are valid for this one. */
    Panel withoutXLabel() {
        xLabel = "";
        xNumbers = false;
        return this;
    }

    /**
     * Names below 0, 1, 2, ... instead of numbers. Text after a line break stands below, only once for neighbours that
     * share it.
     */
    Panel xNames(List<String> names) {
        xNames = List.copyOf(names);
        return this;
    }

    /** Only whole numbers on the x axis. */
    Panel wholeX() {
        wholeX = true;
        return this;
    }

    /** Only whole numbers on the y axis. */
    Panel wholeY() {
        wholeY = true;
        return this;
    }

    /**
     * The y axis is logarithmic, its ticks powers of 10; values that aren't above 0 leave a gap. To be called before
     * anything is added.
     */
    Panel logarithmicY() {
        logarithmic = true;
        return this;
    }

    private double onAxis(double y) {
        return logarithmic ? y > 0 ? Math.log10(y) : Double.NaN : y;
    }

    /** No ticks on the y axis above a value. */
    Panel yTicksUpTo(double value) {
        lastTick = value;
        return this;
    }

    /**
     * Adds a series. Values that aren't finite leave a gap. The range covers the whole series, unless the range is
     * given.
     */
    Panel add(double[] x, double[] y, SeriesStyle style) {
        double[][] data = new double[2][x.length];
        for (int i = 0; i < x.length; i++) {
            double at = onAxis(y[i]);
            boolean finite = Double.isFinite(x[i]) && Double.isFinite(at);
            data[0][i] = finite ? x[i] : Double.NaN;
            data[1][i] = finite ? at : Double.NaN;
            if (finite) {
                include(x[i], at);
            }
        }
        // A line of one point would be invisible.
        boolean dot = x.length == 1 && style.marker() == null;
        series.addSeries(styles.size(), data);
        styles.add(dot ? new SeriesStyle(style.name(), style.color(), style.stroke(), Style.circle(2), true) : style);
        return this;
    }

    /** Adds bars from 0 up, behind everything else; all bars of a panel have the same width. */
    Panel bars(double[] x, double[] y, double width, SeriesStyle style) {
        bars.addSeries(barStyles.size(), new double[][] {x, y});
        barWidth = width;
        barStyles.add(style);
        for (int i = 0; i < x.length; i++) {
            include(x[i] - width / 2, 0);
            include(x[i] + width / 2, y[i]);
        }
        return this;
    }

    /** Adds a coloured strip along the upper edge. */
    Panel strip(double from, double to, Color color) {
        strips.add(new Strip(from, to, color));
        return this;
    }

    /** Colours the background between two places on the x axis. */
    Panel shade(double from, double to, Color color) {
        shades.add(new Strip(from, to, color));
        return this;
    }

    /** Colours a rectangle, behind everything else. */
    Panel tile(double fromX, double toX, double fromY, double toY, Color color) {
        tiles.add(new Tile(new Rectangle2D.Double(fromX, fromY, toX - fromX, toY - fromY), color));
        include(fromX, fromY);
        include(toX, toY);
        return this;
    }

    /** Adds a vertical scale bar for the y axis, with its text to the left. */
    Panel scaleBar(double x, double length, double above, String text) {
        scaleBar = new ScaleBar(x, length, above, text);
        return this;
    }

    /** Adds a text beside a point, where there is room. */
    Panel label(double x, double y, String text) {
        labels.add(new Label(x, y, text));
        return this;
    }

    /** Widens the range. */
    void include(double x, double y) {
        bounds[0] = Math.min(bounds[0], x);
        bounds[1] = Math.max(bounds[1], x);
        bounds[2] = Math.min(bounds[2], y);
        bounds[3] = Math.max(bounds[3], y);
    }

    /** The styles that a legend may list. */
    List<SeriesStyle> styles() {
        List<SeriesStyle> all = new ArrayList<>(barStyles);
        all.addAll(styles);
        return all;
    }

    /** Axes and series as {@link Figure#toJson} gives them. Values of logarithmic axes are logarithms. */
    Map<String, Object> toJson(int most) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("title", title);
        json.put("xLabel", xLabel);
        json.put("yLabel", yLabel);
        json.put("xRange", xRange == null ? null : List.of(xRange.getLowerBound(), xRange.getUpperBound()));
        json.put("yRange", yRange == null ? null : List.of(yRange.getLowerBound(), yRange.getUpperBound()));
        json.put("xNames", xNames);
        json.put("equal", equal);
        json.put("logarithmic", logarithmic);
        json.put("barWidth", barStyles.isEmpty() ? 0.0 : barWidth);
        json.put("bars", toJson(bars, barStyles, most));
        json.put("series", toJson(series, styles, most));
        return json;
    }

    private static List<Map<String, Object>> toJson(DefaultXYDataset data, List<SeriesStyle> styles, int most) {
        List<Map<String, Object>> all = new ArrayList<>();
        for (int k = 0; k < styles.size(); k++) {
            int count = data.getItemCount(k);
            int kept = Math.min(count, most);
            double[][] values = new double[2][kept];
            for (int i = 0; i < kept; i++) {
                // The first and the last stay.
                int from = kept < 2 ? 0 : (int) ((long) i * (count - 1) / (kept - 1));
                values[0][i] = data.getXValue(k, from);
                values[1][i] = data.getYValue(k, from);
            }
            Map<String, Object> json = styles.get(k).toJson();
            json.put("points", count);
            json.put("x", values[0]);
            json.put("y", values[1]);
            all.add(json);
        }
        return all;
    }

    /** Number of lines of the title in a panel of this size. */
    int titleLines(Rectangle2D area) {
        return title(area).size();
    }

    private List<String> title(Rectangle2D area) {
        if (title.isEmpty()) {
            return List.of();
        }
        int most = (int) (1 + (TITLE_SHARE * area.getHeight() - TITLE) / TITLE_LINE);
        double width = area.getWidth() - left(yRange(), area.getHeight() - TITLE - bottom());
        return Style.lines(title, width, Style.FONT, Math.max(1, Math.min(TITLE_LINES, most)));
    }

    private Range yRange() {
        return yRange != null ? yRange : padded(bounds[2], bounds[3], !barStyles.isEmpty());
    }

    /** Room left of the data. */
    private double left(Range y, double height) {
        double numbers = logarithmic ? 0 : widestNumber(axis(y, height, 11, true, wholeY, lastTick));
        return yLabel.isEmpty() ? Math.max(LEFT - 8, numbers + NUMBER_ROOM - 8) : Math.max(LEFT, numbers + NUMBER_ROOM);
    }

    /** Room below the data. */
    private double bottom() {
        return xLabel.isEmpty() && !xNumbers
                ? 3
                : xLabel.isEmpty() && xNames.stream().noneMatch(n -> n.contains("\n")) ? BOTTOM - 8 : BOTTOM;
    }

    @Override
    public void draw(Graphics2D g, Rectangle2D area) {
        draw(g, area, titleLines(area));
    }

    /**
     * Draws with room for a title of some lines.
     *
     * @param titleLines at least as many as the title has, so that the panels of a row are equally high
     */
    void draw(Graphics2D g, Rectangle2D area, int titleLines) {
        double bottom = bottom();
        double top = titleLines == 0 ? TOP : TITLE + (titleLines - 1) * TITLE_LINE;
        // Whole points, to which JFreeChart would round anyway.
        double y0 = Math.ceil(area.getY() + top);
        double height = Math.floor(area.getMaxY() - bottom) - y0;
        Range y = yRange();
        double left = left(y, height);
        double x0 = Math.ceil(area.getX() + left);
        Rectangle2D data = new Rectangle2D.Double(x0, y0, Math.floor(area.getMaxX() - RIGHT) - x0, height);
        Range x = xRange != null ? xRange : padded(bounds[0], bounds[1], false);
        if (scaleBar != null) {
            // In a low panel the bar and its words need more room than the range gives them.
            double share = Math.min(0.5, BAR_ROOM / data.getHeight());
            double least = (scaleBar.above - share * y.getLowerBound()) / (1 - share);
            y = new Range(y.getLowerBound(), Math.max(y.getUpperBound(), least));
        }
        if (equal) {
            double unit = Math.max(x.getLength() / data.getWidth(), y.getLength() / data.getHeight());
            x = widened(x, unit * data.getWidth());
            y = widened(y, unit * data.getHeight());
        }
        NumberAxis xAxis = axis(x, data.getWidth(), 22, xNumbers && xNames.isEmpty(), wholeX, Double.POSITIVE_INFINITY);
        xAxis.setTickMarksVisible(xNames.isEmpty());
        if (logarithmic) {
            double low = Math.floor(y.getLowerBound() + 0.02);
            double high = Math.ceil(y.getUpperBound() - 0.02);
            y = low < high ? new Range(low, high) : new Range(low - 1, low + 1); // all of it near one power of ten
        }
        NumberAxis yAxis = axis(y, data.getHeight(), 11, true, wholeY || logarithmic, lastTick);
        if (logarithmic) {
            yAxis.setTickUnit(new NumberTickUnit(yAxis.getTickUnit().getSize(), new PowersOfTen()));
        }
        for (Strip shade : shades) {
            double from = xAxis.valueToJava2D(Math.max(shade.from, x.getLowerBound()), data, RectangleEdge.BOTTOM);
            double to = xAxis.valueToJava2D(Math.min(shade.to, x.getUpperBound()), data, RectangleEdge.BOTTOM);
            g.setPaint(shade.color);
            g.fill(new Rectangle2D.Double(from, data.getY(), to - from, data.getHeight()));
        }
        for (Tile tile : tiles) {
            Point2D low = place(tile.place.getMinX(), tile.place.getMinY(), data, xAxis, yAxis);
            Point2D high = place(tile.place.getMaxX(), tile.place.getMaxY(), data, xAxis, yAxis);
            g.setPaint(tile.color);
            // A little larger, so that no gap is seen between neighbours.
            g.fill(new Rectangle2D.Double(
                    low.getX(), high.getY(), high.getX() - low.getX() + 0.1, low.getY() - high.getY() + 0.1));
        }
        XYPlot plot = plot(xAxis, yAxis);
        AxisSpace below = new AxisSpace();
        below.setBottom(bottom);
        plot.setFixedDomainAxisSpace(below);
        AxisSpace beside = new AxisSpace();
        beside.setLeft(left);
        plot.setFixedRangeAxisSpace(beside);
        plot.draw(
                g,
                new Rectangle2D.Double(x0 - left, y0, data.getWidth() + left, data.getHeight() + bottom),
                null,
                null,
                null);
        g.setPaint(Style.BLACK);
        List<String> lines = title(area);
        for (int k = 0; k < lines.size(); k++) {
            String line = Style.fitted(lines.get(k), data.getWidth() + RIGHT, Style.FONT);
            double at = y0 - 3 - (lines.size() - 1 - k) * TITLE_LINE;
            Style.text(g, line, data.getX(), at, 0, Style.FONT);
        }
        // Not JFreeChart's labels, which are aligned only if all numbers have the same width.
        Style.text(g, xLabel, data.getCenterX(), data.getMaxY() + 17.5, 0.5, Style.FONT);
        drawNames(g, data, xAxis);
        AffineTransform upright = g.getTransform();
        g.translate(x0 - left + 7, data.getCenterY());
        g.rotate(-Math.PI / 2);
        Style.text(g, yLabel, 0, 0, 0.5, Style.FONT);
        g.setTransform(upright);
        for (Strip strip : strips) {
            double from = xAxis.valueToJava2D(strip.from, data, RectangleEdge.BOTTOM);
            double to = xAxis.valueToJava2D(strip.to, data, RectangleEdge.BOTTOM);
            g.setPaint(strip.color);
            g.fill(new Rectangle2D.Double(from, y0 + 0.3, to - from, STRIP - 0.3));
        }
        if (scaleBar != null) {
            double middle = (y0 + STRIP + yAxis.valueToJava2D(scaleBar.above, data, RectangleEdge.LEFT)) / 2;
            double half = (yAxis.valueToJava2D(0, data, RectangleEdge.LEFT)
                            - yAxis.valueToJava2D(scaleBar.length, data, RectangleEdge.LEFT))
                    / 2;
            double at = xAxis.valueToJava2D(scaleBar.x, data, RectangleEdge.BOTTOM);
            Point2D low = new Point2D.Double(at, middle + half);
            Point2D high = new Point2D.Double(at, middle - half);
            g.setPaint(Style.BLACK);
            g.setStroke(Style.stroke(1.4));
            g.draw(new Line2D.Double(low, high));
            Style.text(g, scaleBar.text, low.getX() - 3, (low.getY() + high.getY()) / 2 + 2.2, 1, Style.SMALL);
        }
        drawMarkers(g, data, xAxis, yAxis);
        drawLabels(g, data, xAxis, yAxis);
    }

    private void drawNames(Graphics2D g, Rectangle2D data, NumberAxis xAxis) {
        double first = 0;
        for (int k = 0; k < xNames.size(); k++) {
            String[] lines = lines(k);
            double at = xAxis.valueToJava2D(k, data, RectangleEdge.BOTTOM);
            Style.text(g, lines[0], at, data.getMaxY() + 8.5, 0.5, Style.SMALL);
            first = k == 0 || !lines(k - 1)[1].equals(lines[1]) ? at : first;
            if (k + 1 == xNames.size() || !lines(k + 1)[1].equals(lines[1])) {
                Style.text(g, lines[1], (first + at) / 2, data.getMaxY() + 17.5, 0.5, Style.FONT);
            }
        }
    }

    private String[] lines(int name) {
        return (xNames.get(name) + "\n").split("\n", -1);
    }

    private XYPlot plot(NumberAxis xAxis, NumberAxis yAxis) {
        Lines renderer = new Lines();
        for (int k = 0; k < styles.size(); k++) {
            SeriesStyle style = styles.get(k);
            renderer.setSeriesPaint(k, style.color());
            renderer.setSeriesLinesVisible(k, style.stroke() != null);
            if (style.stroke() != null) {
                renderer.setSeriesStroke(k, style.stroke());
            }
        }
        XYPlot plot = new XYPlot(series, xAxis, yAxis, renderer);
        if (!barStyles.isEmpty()) {
            XYBarRenderer boxes = new XYBarRenderer();
            boxes.setBarPainter(new StandardXYBarPainter());
            boxes.setShadowVisible(false);
            boxes.setDrawBarOutline(true);
            for (int k = 0; k < barStyles.size(); k++) {
                boxes.setSeriesPaint(k, barStyles.get(k).color());
                boxes.setSeriesOutlinePaint(k, Color.WHITE);
                boxes.setSeriesOutlineStroke(k, Style.stroke(0.3));
            }
            plot.setDataset(1, new XYBarDataset(bars, barWidth));
            plot.setRenderer(1, boxes);
        }
        plot.setSeriesRenderingOrder(SeriesRenderingOrder.FORWARD);
        plot.setInsets(RectangleInsets.ZERO_INSETS);
        plot.setAxisOffset(RectangleInsets.ZERO_INSETS);
        plot.setBackgroundPaint(null);
        plot.setDomainGridlinesVisible(false);
        plot.setRangeGridlinesVisible(false);
        plot.setOutlineStroke(Style.stroke(0.5));
        plot.setOutlinePaint(Style.FRAME);
        return plot;
    }

    private static NumberAxis axis(
            Range range, double length, double apart, boolean numbers, boolean whole, double last) {
        NumberAxis axis = new LimitedAxis(last);
        axis.setRange(range);
        axis.setTickLabelFont(Style.SMALL);
        axis.setTickLabelPaint(Style.BLACK);
        axis.setTickLabelInsets(new RectangleInsets(1, 1.5, 1, 1.5));
        axis.setTickLabelsVisible(numbers);
        axis.setTickMarkOutsideLength(2);
        axis.setTickMarkStroke(Style.stroke(0.5));
        axis.setTickMarkPaint(Style.FRAME);
        axis.setAxisLineVisible(false); // the frame is already drawn
        double step = niceStep(range.getLength() / Math.max(1, Math.min(6, Math.floor(length / apart))));
        if (length > 3 * apart && ticks(range, step) < 2) {
            step = niceStep(step / 3); // a single number doesn't show the scale
        }
        if (whole) {
            step = Math.max(1, step);
        }
        double largest = Math.max(Math.abs(range.getLowerBound()), Math.abs(range.getUpperBound()));
        axis.setTickUnit(new NumberTickUnit(step, numbers(largest, step)));
        return axis;
    }

    /** The width of the longest number at the ticks of an axis. */
    private static double widestNumber(NumberAxis axis) {
        double step = axis.getTickUnit().getSize();
        Range range = axis.getRange();
        double widest = 0;
        double first = Math.ceil(range.getLowerBound() / step);
        for (int k = 0; k < ticks(range, step); k++) {
            widest = Math.max(widest, Style.width(axis.getTickUnit().valueToString((first + k) * step), Style.SMALL));
        }
        return widest;
    }

    private static int ticks(Range range, double step) {
        return (int) (Math.floor(range.getUpperBound() / step) - Math.ceil(range.getLowerBound() / step)) + 1;
    }

    /** 1, 2 or 5 times a power of 10, at least as large as the argument. */
    static double niceStep(double atLeast) {
        double power = Math.pow(10, Math.floor(Math.log10(atLeast)));
        for (double factor : new double[] {1, 2, 5}) {
            if (factor * power >= atLeast * (1 - 1e-9)) {
                return factor * power;
            }
        }
        return 10 * power;
    }

    /** The format of ticks with this distance. */
    static DecimalFormat numbers(double largest, double step) {
        if (largest >= 1e5 || largest < 1e-3) {
            return Style.format("0.##E0");
        }
        int decimals = (int) Math.max(0, Math.ceil(-Math.log10(step) - 1e-9));
        return Style.format(decimals == 0 ? "0" : "0." + "0".repeat(decimals));
    }

    private static Range padded(double from, double to, boolean fromZero) {
        if (!(from <= to)) {
            return new Range(0, 1); // nothing is drawn
        }
        double size = Math.max(Math.abs(from), Math.abs(to));
        if (to - from < 1e-9 * size || to == from) {
            double half = size == 0 ? 1 : 0.5 * size;
            return new Range(from - half, to + half);
        }
        double margin = 0.05 * (to - from);
        return new Range(fromZero && from == 0 ? 0 : from - margin, to + margin);
    }

    private static Range widened(Range range, double length) {
        double middle = range.getCentralValue();
        return new Range(middle - length / 2, middle + length / 2);
    }

    /**
     * Draws all markers of a series as one path, which takes a fraction of the space that JFreeChart's markers take in
     * SVG.
     */
    private void drawMarkers(Graphics2D g, Rectangle2D data, NumberAxis xAxis, NumberAxis yAxis) {
        Shape clip = g.getClip();
        g.clip(data);
        for (int k = 0; k < styles.size(); k++) {
            SeriesStyle style = styles.get(k);
            Path2D all = new Path2D.Double();
            for (int i = 0; style.marker() != null && i < series.getItemCount(k); i++) {
                Point2D p = place(series.getXValue(k, i), series.getYValue(k, i), data, xAxis, yAxis);
                if (Double.isFinite(p.getX() + p.getY())) {
                    all.append(style.at(p.getX(), p.getY()), false);
                }
            }
            style.drawMarkers(g, all);
        }
        g.setClip(clip);
    }

    private void drawLabels(Graphics2D g, Rectangle2D data, NumberAxis xAxis, NumberAxis yAxis) {
        if (labels.isEmpty()) {
            return;
        }
        Labels placed = new Labels(data);
        for (int k = 0; k < styles.size(); k++) {
            SeriesStyle style = styles.get(k);
            Point2D last = null;
            for (int i = 0; i < series.getItemCount(k); i++) {
                Point2D p = place(series.getXValue(k, i), series.getYValue(k, i), data, xAxis, yAxis);
                if (!Double.isFinite(p.getX() + p.getY())) {
                    last = null;
                    continue;
                }
                if (style.stroke() != null && last != null) {
                    placed.avoid(last, p);
                }
                if (style.marker() != null) {
                    placed.avoid(style.at(p.getX(), p.getY()).getBounds2D());
                }
                last = p;
            }
        }
        placed.sum();
        for (Label label : labels) {
            String fitted = Style.fitted(label.text, 0.6 * data.getWidth(), Style.SMALL);
            placed.draw(g, place(label.x, label.y, data, xAxis, yAxis), fitted);
        }
    }

    /** An axis without ticks above a value. */
    private static final class LimitedAxis extends NumberAxis {
        private static final long serialVersionUID = 1;
        private final double last;

        LimitedAxis(double last) {
            this.last = last;
        }

        @Override
        @SuppressWarnings("rawtypes") // as declared by JFreeChart
        public List refreshTicks(Graphics2D g, AxisState state, Rectangle2D area, RectangleEdge edge) {
            List<NumberTick> kept = new ArrayList<>();
            for (Object tick : super.refreshTicks(g, state, area, edge)) {
                if (((NumberTick) tick).getValue() <= last) {
                    kept.add((NumberTick) tick);
                }
            }
            return kept;
        }
    }

    /** Writes an exponent as its power of 10. */
    private static final class PowersOfTen extends NumberFormat {
        private static final long serialVersionUID = 1;

        @Override
        public StringBuffer format(double exponent, StringBuffer to, FieldPosition position) {
            double value = Math.pow(10, Math.rint(exponent));
            return to.append(numbers(value, value).format(value));
        }

        @Override
        public StringBuffer format(long exponent, StringBuffer to, FieldPosition position) {
            return format((double) exponent, to, position);
        }

        @Override
        public Number parse(String text, ParsePosition position) {
            throw new UnsupportedOperationException("ticks are written, not read");
        }
    }

    private static Point2D place(double x, double y, Rectangle2D data, NumberAxis xAxis, NumberAxis yAxis) {
        return new Point2D.Double(
                xAxis.valueToJava2D(x, data, RectangleEdge.BOTTOM), yAxis.valueToJava2D(y, data, RectangleEdge.LEFT));
    }

    /** Draws a series as one path, without points that make no visible difference: SVG stays small. */
    private static final class Lines extends XYLineAndShapeRenderer {
        private static final long serialVersionUID = 1;

        Lines() {
            super(true, false);
            setDrawSeriesLineAsPath(true);
        }

        @Override
        protected void drawFirstPassShape(Graphics2D g, int pass, int series, int item, Shape shape) {
            super.drawFirstPassShape(g, pass, series, item, simplified(shape));
        }
    }

    /** A path of straight lines, each of its points within {@link #TOLERANCE} of the result. */
    static Path2D simplified(Shape shape) {
        Path2D result = new Path2D.Double();
        List<double[]> run = new ArrayList<>();
        double[] point = new double[6];
        for (PathIterator all = shape.getPathIterator(null); !all.isDone(); all.next()) {
            if (all.currentSegment(point) == PathIterator.SEG_MOVETO) {
                append(result, run);
                run.clear();
            }
            run.add(new double[] {point[0], point[1]});
        }
        append(result, run);
        return result;
    }

    private static void append(Path2D path, List<double[]> run) {
        if (run.isEmpty()) {
            return;
        }
        boolean[] kept = new boolean[run.size()];
        kept[0] = true;
        kept[run.size() - 1] = true;
        List<int[]> open = new ArrayList<>();
        open.add(new int[] {0, run.size() - 1});
        while (!open.isEmpty()) {
            int[] span = open.remove(open.size() - 1);
            double[] a = run.get(span[0]);
            double[] b = run.get(span[1]);
            int farthest = -1;
            double distance = TOLERANCE;
            for (int i = span[0] + 1; i < span[1]; i++) {
                double[] p = run.get(i);
                double d = Line2D.ptSegDist(a[0], a[1], b[0], b[1], p[0], p[1]);
                if (d > distance) {
                    distance = d;
                    farthest = i;
                }
            }
            if (farthest >= 0) {
                kept[farthest] = true;
                open.add(new int[] {span[0], farthest});
                open.add(new int[] {farthest, span[1]});
            }
        }
        for (int i = 0; i < kept.length; i++) {
            if (kept[i] && i == 0) {
                path.moveTo(run.get(i)[0], run.get(i)[1]);
            } else if (kept[i]) {
                path.lineTo(run.get(i)[0], run.get(i)[1]);
            }
        }
    }
}
