package attractor.figure;

import java.awt.Graphics2D;
import java.awt.geom.Rectangle2D;
import java.util.List;

/** The layout of figures. */
final class Layout {
    private static final double MARGIN = 2;

    private Layout() {}

    /** A part of an area: column and row of a grid. */
    static Rectangle2D cell(Rectangle2D area, int columns, int rows, int column, int row) {
        double width = area.getWidth() / columns;
        double height = area.getHeight() / rows;
        return new Rectangle2D.Double(area.getX() + column * width, area.getY() + row * height, width, height);
    }

    /** As {@link #cell}, for panels where only the last row has numbers below and therefore gets more room. */
    static Rectangle2D stacked(Rectangle2D area, int columns, int rows, int column, int row) {
        Rectangle2D cell = cell(area, columns, rows, column, row);
        double numbers = Panel.BOTTOM - 3;
        double height = (area.getHeight() - numbers) / rows;
        return new Rectangle2D.Double(
                cell.getX(), area.getY() + row * height, cell.getWidth(), row == rows - 1 ? height + numbers : height);
    }

    /** A part of an area: all its width, between two fractions of its height. */
    static Rectangle2D band(Rectangle2D area, double from, double to) {
        return new Rectangle2D.Double(
                area.getX(), area.getY() + from * area.getHeight(), area.getWidth(), (to - from) * area.getHeight());
    }

    /** The height, in mm, of a heading and a legend in a figure of a given width; see {@link #header}. */
    static double headerMm(String heading, List<SeriesStyle> styles, double widthMm) {
        double width = widthMm * Figure.POINTS_PER_MM - 8;
        double height = MARGIN + (heading.isEmpty() ? 0 : 12) + SeriesStyle.legendHeight(styles, width) + 1;
        return height / Figure.POINTS_PER_MM;
    }

    /** Draws a heading (unless it is empty) and a legend; returns the area that is left. */
    static Rectangle2D header(Graphics2D g, Rectangle2D area, String heading, List<SeriesStyle> styles) {
        double y = area.getY() + MARGIN;
        if (!heading.isEmpty()) {
            g.setPaint(Style.BLACK);
            String fitted = Style.fitted(heading, area.getWidth() - 8, Style.BOLD);
            Style.text(g, fitted, area.getX() + 5, y + 8, 0, Style.BOLD);
            y += 12;
        }
        Rectangle2D row = new Rectangle2D.Double(area.getX() + 5, y, area.getWidth() - 8, 0);
        SeriesStyle.legend(g, styles, row);
        y += SeriesStyle.legendHeight(styles, row.getWidth());
        return new Rectangle2D.Double(
                area.getX() + MARGIN, y + 1, area.getWidth() - 2 * MARGIN, area.getMaxY() - y - 1 - MARGIN);
    }
}
