package attractor.figure;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.geom.AffineTransform;
import java.awt.geom.Line2D;
import java.awt.geom.Path2D;
import java.awt.geom.Point2D;
import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * Curves in three dimensions, seen obliquely from above, without perspective. Near parts are thick and dark and cover
 * parts behind; a shadow on the floor shows the height. Built once, by one thread, then drawn.
 */
final class Projection implements Figure.Drawing {
    private static final double AZIMUTH = Math.toRadians(35);
    private static final double ELEVATION = Math.toRadians(24);

    /** Number of steps that are drawn as one piece: few enough to be sorted by depth, enough for small files. */
    private static final int CHUNK = 6;

    private static final double SIDE = 24;

    /** On the other side: half of the number at a tick in the corner. */
    private static final double FAR_SIDE = 7;

    private static final double BELOW = 13;
    private static final double TOP = 3;

    private record Curve(double[][] points, SeriesStyle style) {}

    /** @param passed length of the curve on paper before the piece, so that dashes continue */
    private record Piece(double depth, Path2D path, SeriesStyle style, double nearness, double passed) {}

    private final String[] names;
    private final List<Curve> curves = new ArrayList<>();
    private final double[] min = new double[3];
    private final double[] max = new double[3];

    /** @param names names of the three axes */
    Projection(String... names) {
        this.names = names;
        Arrays.fill(min, Double.POSITIVE_INFINITY);
        Arrays.fill(max, Double.NEGATIVE_INFINITY);
    }

    /** Adds a curve; the box covers the whole curve. Values that aren't finite are left out. */
    Projection add(double[] x, double[] y, double[] z, SeriesStyle style) {
        List<double[]> points = new ArrayList<>();
        for (int i = 0; i < x.length; i++) {
            double[] p = {x[i], y[i], z[i]};
            if (Arrays.stream(p).allMatch(Double::isFinite)) {
                points.add(p);
                include(p);
            }
        }
        curves.add(new Curve(points.toArray(double[][]::new), style));
        return this;
    }

    /** Widens the box. */
    void include(double... point) {
        for (int k = 0; k < 3; k++) {
            min[k] = Math.min(min[k], point[k]);
            max[k] = Math.max(max[k], point[k]);
        }
    }

    @Override
    public void draw(Graphics2D g, Rectangle2D area) {
        View view = new View(area);
        drawBox(g, view);
        List<Piece> pieces = new ArrayList<>();
        for (Curve curve : curves) {
            Path2D shadow = new Path2D.Double();
            for (int i = 0; i < curve.points.length; i++) {
                double[] unit = view.unit(curve.points[i]);
                unit[2] = -1;
                move(shadow, view.paper(unit), i == 0);
            }
            g.setPaint(Style.LIGHT);
            g.setStroke(Style.stroke(0.7));
            g.draw(Panel.simplified(shadow));
            cut(curve, view, pieces);
        }
        pieces.sort(Comparator.comparingDouble(Piece::depth));
        for (Piece piece : pieces) {
            BasicStroke stroke = piece.style.stroke();
            float width = (float) (stroke.getLineWidth() * (0.75 + 0.5 * piece.nearness));
            g.setPaint(faded(piece.style.color(), 0.35 * (1 - piece.nearness)));
            g.setStroke(new BasicStroke(
                    width, stroke.getEndCap(), stroke.getLineJoin(), 1, stroke.getDashArray(), (float) piece.passed));
            g.draw(piece.path);
        }
        for (Curve curve : curves) {
            if (curve.style.marker() != null) {
                for (double[] p : curve.points) {
                    Point2D at = view.paper(view.unit(p));
                    curve.style.drawMarker(g, at.getX(), at.getY());
                }
            }
        }
    }

    private static void cut(Curve curve, View view, List<Piece> pieces) {
        if (curve.style.stroke() == null) {
            return;
        }
        double passed = 0;
        for (int from = 0; from < curve.points.length - 1; from += CHUNK) {
            int to = Math.min(from + CHUNK, curve.points.length - 1);
            Path2D path = new Path2D.Double();
            double depth = 0;
            double length = 0;
            for (int i = from; i <= to; i++) {
                double[] unit = view.unit(curve.points[i]);
                depth += view.depth(unit) / (to - from + 1);
                Point2D at = view.paper(unit);
                length += i == from ? 0 : at.distance(path.getCurrentPoint());
                move(path, at, i == from);
            }
            double nearness = Math.max(0, Math.min(1, 0.5 + depth / 2.4));
            pieces.add(new Piece(depth, path, curve.style, nearness, passed));
            passed += length;
        }
    }

    private static void move(Path2D path, Point2D to, boolean first) {
        if (first) {
            path.moveTo(to.getX(), to.getY());
        } else {
            path.lineTo(to.getX(), to.getY());
        }
    }

    private static Color faded(Color color, double by) {
        return new Color(
                (int) Math.round(color.getRed() + by * (255 - color.getRed())),
                (int) Math.round(color.getGreen() + by * (255 - color.getGreen())),
                (int) Math.round(color.getBlue() + by * (255 - color.getBlue())));
    }

    /** Draws the floor, the back walls, and the three axes along the outline of the box. */
    private void drawBox(Graphics2D g, View view) {
        g.setStroke(Style.stroke(0.4));
        double[][] back = {
            {-1, -1, -1, 1, -1, -1}, {-1, -1, -1, -1, 1, -1}, {-1, -1, -1, -1, -1, 1},
            {-1, -1, 1, 1, -1, 1}, {-1, -1, 1, -1, 1, 1}, {1, -1, -1, 1, -1, 1}
        };
        g.setPaint(Style.LIGHT);
        for (double[] e : back) {
            g.draw(new Line2D.Double(
                    view.paper(new double[] {e[0], e[1], e[2]}), view.paper(new double[] {e[3], e[4], e[5]})));
        }
        double[][] start = {{-1, 1, -1}, {1, -1, -1}, {-1, 1, -1}};
        double[][] end = {{1, 1, -1}, {1, 1, -1}, {-1, 1, 1}};
        for (int k = 0; k < 3; k++) {
            g.setPaint(Style.FRAME);
            g.setStroke(Style.stroke(0.5));
            Point2D a = view.paper(start[k]);
            Point2D b = view.paper(end[k]);
            g.draw(new Line2D.Double(a, b));
            drawTicks(g, view, k, start[k].clone());
            double angle = Math.atan2(b.getY() - a.getY(), b.getX() - a.getX());
            if (k == 1) {
                angle = Math.atan2(a.getY() - b.getY(), a.getX() - b.getX());
            }
            AffineTransform before = g.getTransform();
            g.translate((a.getX() + b.getX()) / 2, (a.getY() + b.getY()) / 2);
            g.rotate(angle);
            g.setPaint(Style.BLACK);
            Style.text(g, names[k], 0, k == 2 ? -17 : 15.5, 0.5, Style.FONT);
            g.setTransform(before);
        }
    }

    private void drawTicks(Graphics2D g, View view, int axis, double[] corner) {
        double step = Panel.niceStep((view.high[axis] - view.low[axis]) / 4);
        for (double v = Math.ceil(view.low[axis] / step) * step; v <= view.high[axis]; v += step) {
            corner[axis] = view.unit(v, axis);
            Point2D p = view.paper(corner);
            double[] out = corner.clone();
            if (axis == 0) {
                out[1] += 0.05;
            } else {
                out[0] += axis == 1 ? 0.05 : -0.05;
            }
            Point2D q = view.paper(out);
            g.setPaint(Style.FRAME);
            g.draw(new Line2D.Double(p, q));
            g.setPaint(Style.BLACK);
            String text = Panel.numbers(Math.max(Math.abs(view.low[axis]), Math.abs(view.high[axis])), step)
                    .format(Math.abs(v) < 1e-9 * step ? 0 : v);
            if (axis == 2) {
                Style.text(g, text, q.getX() - 1.5, q.getY() + 2.2, 1, Style.SMALL);
            } else {
                Style.text(g, text, q.getX(), q.getY() + 5.5, axis == 0 ? 0.8 : 0.2, Style.SMALL);
            }
        }
    }

    /** Maps data to the cube from -1 to 1, and from there to paper. */
    private final class View {
        final double[] low = new double[3];
        final double[] high = new double[3];
        private final double scaleX;
        private final double scaleY;
        private final double middleX;
        private final double middleY;

        View(Rectangle2D area) {
            for (int k = 0; k < 3; k++) {
                boolean any = min[k] <= max[k];
                double half = any ? 0.52 * (max[k] - min[k]) : 1;
                double middle = any ? (max[k] + min[k]) / 2 : 0;
                if (!(half > 1e-9 * Math.abs(middle))) {
                    half = middle == 0 ? 1 : Math.abs(middle) / 2;
                }
                low[k] = middle - half;
                high[k] = middle + half;
            }
            double width = area.getWidth() - SIDE - FAR_SIDE;
            double height = area.getHeight() - TOP - BELOW;
            scaleX = width / (2 * (Math.cos(AZIMUTH) + Math.sin(AZIMUTH)));
            double units = 2 * Math.cos(ELEVATION) + 2 * (Math.cos(AZIMUTH) + Math.sin(AZIMUTH)) * Math.sin(ELEVATION);
            scaleY = Math.min(height / units, 1.25 * scaleX);
            middleX = area.getX() + SIDE + width / 2;
            middleY = area.getY() + TOP + height / 2;
        }

        double unit(double value, int axis) {
            return 2 * (value - low[axis]) / (high[axis] - low[axis]) - 1;
        }

        double[] unit(double[] point) {
            return new double[] {unit(point[0], 0), unit(point[1], 1), unit(point[2], 2)};
        }

        /** Depth along the floor, in the direction of the reader. */
        private double floorDepth(double[] unit) {
            return unit[0] * Math.sin(AZIMUTH) + unit[1] * Math.cos(AZIMUTH);
        }

        double depth(double[] unit) {
            return unit[2] * Math.sin(ELEVATION) + floorDepth(unit) * Math.cos(ELEVATION);
        }

        Point2D paper(double[] unit) {
            double right = unit[0] * Math.cos(AZIMUTH) - unit[1] * Math.sin(AZIMUTH);
            double up = unit[2] * Math.cos(ELEVATION) - floorDepth(unit) * Math.sin(ELEVATION);
            return new Point2D.Double(middleX + scaleX * right, middleY - scaleY * up);
        }
    }
}
