package attractor.figure;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.geom.Line2D;
import java.awt.geom.Point2D;
import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.List;

/**
 * Texts beside points of a panel. Each is placed where it covers least of other labels and markers, then of lines, and
 * never beyond the frame. A thin line leads to its point if that isn't near. Belongs to one drawing of a panel.
 */
final class Labels {
    /** The background of a label that has to cover a line. */
    private static final Color VEIL = new Color(255, 255, 255, 210);

    /** Space to the left and right of a text, so that it doesn't touch what it avoids. */
    private static final double MARGIN = 1.2;

    private static final double[] DISTANCES = {5, 7, 10, 14, 19, 25, 32, 40};
    private static final int DIRECTIONS = 16;

    private final Rectangle2D frame;
    private final List<Rectangle2D> taken = new ArrayList<>();
    private final int columns;
    private final int rows;

    /**
     * Squares with a side of one point that lines cross; after {@link #sum}, their number above and left of a corner.
     */
    private final int[] ink;

    Labels(Rectangle2D frame) {
        this.frame = frame;
        columns = (int) Math.max(1, Math.ceil(frame.getWidth()));
        rows = (int) Math.max(1, Math.ceil(frame.getHeight()));
        ink = new int[(columns + 1) * (rows + 1)];
    }

    /** Registers a marker. */
    void avoid(Rectangle2D marker) {
        taken.add(marker);
    }

    /** Registers a straight line. */
    void avoid(Point2D from, Point2D to) {
        int parts = (int) Math.max(1, Math.min(2000, Math.ceil(from.distance(to))));
        for (int k = 0; k <= parts; k++) {
            double share = k / (double) parts;
            int column = (int) Math.floor(from.getX() + share * (to.getX() - from.getX()) - frame.getX());
            int row = (int) Math.floor(from.getY() + share * (to.getY() - from.getY()) - frame.getY());
            if (column >= 0 && column < columns && row >= 0 && row < rows) {
                ink[(row + 1) * (columns + 1) + column + 1] = 1;
            }
        }
    }

    /**
     * Turns marked squares into sums, so that {@link #crossings} needs only four look-ups. Called once, after all
     * lines.
     */
    void sum() {
        for (int row = 1; row <= rows; row++) {
            for (int column = 1; column <= columns; column++) {
                int at = row * (columns + 1) + column;
                ink[at] += ink[at - 1] + ink[at - columns - 1] - ink[at - columns - 2];
            }
        }
    }

    /** The number of squares with ink that a box covers. */
    int crossings(Rectangle2D box) {
        int left = (int) Math.max(0, Math.min(columns, Math.floor(box.getX() - frame.getX())));
        int right = (int) Math.max(0, Math.min(columns, Math.ceil(box.getMaxX() - frame.getX())));
        int top = (int) Math.max(0, Math.min(rows, Math.floor(box.getY() - frame.getY())));
        int bottom = (int) Math.max(0, Math.min(rows, Math.ceil(box.getMaxY() - frame.getY())));
        int width = columns + 1;
        return ink[bottom * width + right]
                - ink[top * width + right]
                - ink[bottom * width + left]
                + ink[top * width + left];
    }

    /** Writes a text beside a point. */
    void draw(Graphics2D g, Point2D p, String text) {
        double width = Style.width(text, Style.SMALL);
        double height = 0.78 * Style.SMALL.getSize2D();
        Rectangle2D best = null;
        double least = Double.POSITIVE_INFINITY;
        for (double distance : DISTANCES) {
            for (int direction = 0; direction < DIRECTIONS; direction++) {
                double dx = Math.cos(direction * 2 * Math.PI / DIRECTIONS);
                double dy = Math.sin(direction * 2 * Math.PI / DIRECTIONS);
                Rectangle2D box = new Rectangle2D.Double(
                        p.getX() + distance * dx + (dx - 1) / 2 * width,
                        p.getY() + distance * dy + (dy - 1) / 2 * height,
                        width,
                        height);
                double cost = cost(box, distance);
                if (cost < least) {
                    least = cost;
                    best = box;
                }
            }
        }
        double nearX = Math.max(best.getX(), Math.min(p.getX(), best.getMaxX()));
        double nearY = Math.max(best.getY(), Math.min(p.getY(), best.getMaxY()));
        if (p.distance(nearX, nearY) > 6) {
            g.setPaint(Style.GREY);
            g.setStroke(Style.stroke(0.4));
            g.draw(new Line2D.Double(p.getX(), p.getY(), nearX, nearY));
        }
        g.setPaint(VEIL);
        g.fill(new Rectangle2D.Double(best.getX() - 0.5, best.getY() - 0.5, width + 1, height + 1));
        g.setPaint(Style.BLACK);
        Style.text(g, text, best.getX(), best.getMaxY(), 0, Style.SMALL);
        taken.add(best);
    }

    private double cost(Rectangle2D box, double distance) {
        double cost = distance * 0.7 + (frame.contains(box) ? 0 : 1e4);
        Rectangle2D wide =
                new Rectangle2D.Double(box.getX() - MARGIN, box.getY(), box.getWidth() + 2 * MARGIN, box.getHeight());
        for (Rectangle2D other : taken) {
            Rectangle2D common = wide.createIntersection(other);
            if (common.getWidth() > 0 && common.getHeight() > 0) {
                cost += 15 + common.getWidth() * common.getHeight();
            }
        }
        return cost + Math.min(40, crossings(box));
    }
}
