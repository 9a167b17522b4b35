package attractor.figure;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.Shape;
import java.awt.geom.AffineTransform;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Line2D;
import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The appearance of a series, in its panel and in the legend.
 *
 * @param name its name in the legend; empty if the legend doesn't list it
 * @param stroke stroke of the line, null for none
 * @param marker shape of the marker around 0, 0; null for none
 * @param filled whether the marker is filled
 */
record SeriesStyle(String name, Color color, BasicStroke stroke, Shape marker, boolean filled) {
    private static final double SAMPLE = 13;
    private static final double LINE = 9.5;

    static SeriesStyle line(String name, Color color, double width, float... dashes) {
        return new SeriesStyle(name, color, Style.stroke(width, dashes), null, false);
    }

    static SeriesStyle points(String name, Color color, Shape marker, boolean filled) {
        return new SeriesStyle(name, color, null, marker, filled);
    }

    /** For a legend: words that aren't a series. */
    static SeriesStyle words(String text) {
        return new SeriesStyle(text, Style.BLACK, null, null, false);
    }

    /** The appearance, for {@link Figure#toJson}: lengths in points. */
    Map<String, Object> toJson() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("name", name);
        json.put("colour", String.format(Locale.ROOT, "#%06x", color.getRGB() & 0xFFFFFF));
        json.put("width", stroke == null ? 0.0 : stroke.getLineWidth());
        List<Double> dashes = new ArrayList<>();
        if (stroke != null && stroke.getDashArray() != null) {
            for (float dash : stroke.getDashArray()) {
                dashes.add((double) dash);
            }
        }
        json.put("dash", dashes);
        json.put(
                "marker",
                marker == null
                        ? "none"
                        : marker instanceof Ellipse2D
                                ? "circle"
                                : marker instanceof Rectangle2D ? "square" : "diamond");
        json.put("size", marker == null ? 0.0 : marker.getBounds2D().getWidth());
        json.put("filled", filled);
        return json;
    }

    private double width() {
        return sample() + Style.width(name, Style.SMALL) + 9;
    }

    private double sample() {
        return stroke != null ? SAMPLE + 3 : marker != null ? 8 : 0;
    }

    /** The styles with names, each name once, in rows that fit the width. */
    private static List<List<SeriesStyle>> rows(List<SeriesStyle> styles, double width) {
        List<List<SeriesStyle>> rows = new ArrayList<>();
        List<String> names = new ArrayList<>();
        double used = 0;
        for (SeriesStyle style : styles) {
            if (style.name.isEmpty() || names.contains(style.name)) {
                continue;
            }
            names.add(style.name);
            if (rows.isEmpty() || used + style.width() - 9 > width) {
                rows.add(new ArrayList<>());
                used = 0;
            }
            rows.get(rows.size() - 1).add(style);
            used += style.width();
        }
        return rows;
    }

    /** The height of a legend. */
    static double legendHeight(List<SeriesStyle> styles, double width) {
        return LINE * rows(styles, width).size();
    }

    /** Draws a legend from the area's upper left corner on. */
    static void legend(Graphics2D g, List<SeriesStyle> styles, Rectangle2D area) {
        double y = area.getY();
        for (List<SeriesStyle> row : rows(styles, area.getWidth())) {
            double x = area.getX();
            for (SeriesStyle style : row) {
                style.drawSample(g, x, y + LINE / 2);
                g.setPaint(Style.BLACK);
                String fitted = Style.fitted(style.name, area.getMaxX() - x - style.sample(), Style.SMALL);
                Style.text(g, fitted, x + style.sample(), y + LINE / 2 + 2.2, 0, Style.SMALL);
                x += style.width();
            }
            y += LINE;
        }
    }

    private void drawSample(Graphics2D g, double x, double y) {
        g.setPaint(color);
        if (stroke != null) {
            g.setStroke(stroke);
            g.draw(new Line2D.Double(x, y, x + SAMPLE, y));
        }
        if (marker != null) {
            drawMarker(g, x + (sample() - 3) / 2, y);
        }
    }

    void drawMarker(Graphics2D g, double x, double y) {
        drawMarkers(g, at(x, y));
    }

    /** The marker at a place. */
    Shape at(double x, double y) {
        return AffineTransform.getTranslateInstance(x, y).createTransformedShape(marker);
    }

    /** Draws a shape that is made of markers. */
    void drawMarkers(Graphics2D g, Shape markers) {
        g.setPaint(color);
        if (filled) {
            g.fill(markers);
        } else {
            g.setStroke(Style.stroke(0.7));
            g.draw(markers);
        }
    }
}
