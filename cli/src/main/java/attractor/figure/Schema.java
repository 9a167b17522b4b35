package attractor.figure;

import attractor.io.Printable;
import attractor.model.Form;
import attractor.model.Rnn;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.geom.CubicCurve2D;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Line2D;
import java.awt.geom.Path2D;
import java.awt.geom.Point2D;
import java.awt.geom.Rectangle2D;
import java.util.Locale;

/** The schema of a network: inputs, recurrent units, outputs, the weights between them, and the equations. */
final class Schema {
    private static final int MOST_UNITS = 10;
    private static final int MOST_CHANNELS = 4;
    private static final double UNIT = 6.5;
    private static final Color LINKS = new Color(0xC4C4C4);

    private Schema() {}

    static Figure figure(Rnn network) {
        return new Figure(Figure.SINGLE_MM, 66, (g, area) -> draw(g, area, network));
    }

    private static void draw(Graphics2D g, Rectangle2D area, Rnn network) {
        double middleX = area.getCenterX();
        double middleY = area.getY() + 72;
        double radius = 40;
        Point2D[] units = new Point2D[Math.min(MOST_UNITS, network.units())];
        for (int i = 0; i < units.length; i++) {
            double angle = 2 * Math.PI * (i + 0.5) / units.length;
            units[i] = units.length == 1
                    ? new Point2D.Double(middleX, middleY)
                    : new Point2D.Double(middleX + radius * Math.cos(angle), middleY + radius * Math.sin(angle));
        }
        g.setStroke(Style.stroke(0.4));
        g.setPaint(LINKS);
        for (int i = 0; i < units.length; i++) {
            for (int k = i + 1; k < units.length; k++) {
                g.draw(new Line2D.Double(units[i], units[k]));
            }
        }
        g.setPaint(Style.BLACK);
        g.setStroke(Style.stroke(0.7));
        g.draw(new Ellipse2D.Double(
                middleX - radius - 11, middleY - radius - 11, 2 * (radius + 11), 2 * (radius + 11)));
        for (Point2D unit : units) {
            node(g, unit, Style.BLUE, Color.WHITE);
        }
        channels(g, area.getX() + 20, middleX - radius - 12, middleY, network.inputs(), true);
        channels(g, area.getMaxX() - 20, middleX + radius + 12, middleY, network.outputs(), false);
        loop(g, middleX, middleY - radius - 11);

        double low = middleY + radius + 24;
        caption(g, "x", "", area.getX() + 20, low, Printable.count(network.inputs(), "input"));
        caption(g, "h", "", middleX, low, Printable.count(network.units(), "unit"));
        caption(g, "y", "", area.getMaxX() - 20, low, Printable.count(network.outputs(), "output"));
        weights(g, "in", (area.getX() + 26 + middleX - radius - 12) / 2, middleY - 24);
        weights(g, "out", (area.getMaxX() - 26 + middleX + radius + 12) / 2, middleY - 24);
        weights(g, "rec", middleX + 25, middleY - radius - 20);
        equations(g, middleX, low + 24, network);
    }

    private static void node(Graphics2D g, Point2D at, Color edge, Color inside) {
        Ellipse2D circle = new Ellipse2D.Double(at.getX() - UNIT / 2, at.getY() - UNIT / 2, UNIT, UNIT);
        g.setPaint(inside);
        g.fill(circle);
        g.setPaint(edge);
        g.setStroke(Style.stroke(1));
        g.draw(circle);
    }

    /** Nodes one above the other, each with an arrow to (or from) the recurrent layer. */
    private static void channels(Graphics2D g, double x, double edge, double middleY, int count, boolean in) {
        int shown = Math.min(MOST_CHANNELS, count);
        for (int i = 0; i < shown; i++) {
            double offset = (i - (shown - 1) / 2.0) * 15;
            Point2D node = new Point2D.Double(x, middleY + offset);
            double gap = in ? UNIT / 2 + 1 : -UNIT / 2 - 1;
            Point2D outer = new Point2D.Double(x + gap, middleY + offset);
            Point2D inner = new Point2D.Double(edge, middleY + offset * 0.6);
            arrow(g, in ? outer : inner, in ? inner : outer);
            node(g, node, in ? Style.VERMILLION : Style.BLACK, in ? new Color(0xFBE3D3) : new Color(0xDDDDDD));
        }
        if (count > shown) {
            g.setPaint(Style.BLACK);
            Style.text(g, "…", x, middleY + 15.0 * shown / 2 + 4, 0.5, Style.FONT);
        }
    }

    private static void arrow(Graphics2D g, Point2D from, Point2D to) {
        g.setPaint(Style.FRAME);
        g.setStroke(Style.stroke(0.8));
        g.draw(new Line2D.Double(from, to));
        head(g, to, Math.atan2(to.getY() - from.getY(), to.getX() - from.getX()));
    }

    private static void head(Graphics2D g, Point2D tip, double angle) {
        Path2D head = new Path2D.Double();
        head.moveTo(tip.getX(), tip.getY());
        for (double side : new double[] {-0.42, 0.42}) {
            head.lineTo(tip.getX() - 5 * Math.cos(angle + side), tip.getY() - 5 * Math.sin(angle + side));
        }
        head.closePath();
        g.fill(head);
    }

    /** The arrow from the layer to itself. */
    private static void loop(Graphics2D g, double x, double top) {
        g.setPaint(Style.FRAME);
        g.setStroke(Style.stroke(0.8));
        g.draw(new CubicCurve2D.Double(x - 12, top + 1.5, x - 20, top - 17, x + 20, top - 17, x + 12, top + 1.5));
        head(g, new Point2D.Double(x + 12, top + 2), Math.toRadians(113));
    }

    private static void weights(Graphics2D g, String which, double x, double y) {
        g.setPaint(Style.BLACK);
        Style.text(g, "W", x - 2, y, 0.5, Style.BOLD);
        Style.text(g, which, x + 2.2, y + 2, 0, Style.SMALL);
    }

    private static void caption(Graphics2D g, String symbol, String index, double x, double y, String text) {
        g.setPaint(Style.BLACK);
        Style.text(g, symbol + index, x, y, 0.5, Style.BOLD);
        Style.text(g, text, x, y + 9, 0.5, Style.FONT);
    }

    private static void equations(Graphics2D g, double x, double y, Rnn network) {
        double alpha = network.alpha();
        String phi = network.activation().id().toLowerCase(Locale.ROOT);
        String bias = network.recurrentBias() ? " + b_{rec}" : "";
        boolean current = network.form() == Form.CURRENT;
        String sent = current ? phi + "(x(t))" : "h(t)";
        String sum = "W_{rec} " + sent + " + W_{in} " + (current ? "u" : "x") + "(t+1)" + bias;
        String state = current ? "x" : "h";
        String target = current ? "(" + sum + ")" : phi + "(" + sum + ")";
        String step = alpha == 1
                ? state + "(t+1) = " + (current ? sum : target)
                : state + "(t+1) = " + Style.format("0.###").format(1 - alpha) + " " + state + "(t) + "
                        + Style.format("0.###").format(alpha) + " " + target;
        formula(g, step, x, y);
        formula(g, "y(t) = W_{out} " + sent + " + b_{out}", x, y + 12);
    }

    /** Writes a line centred at x; text in _{...} is an index. */
    private static void formula(Graphics2D g, String text, double x, double y) {
        String[] parts = text.split("_\\{|}", -1); // every second one is an index
        double width = 0;
        for (int i = 0; i < parts.length; i++) {
            width += Style.width(parts[i], i % 2 == 0 ? Style.FONT : Style.SMALL);
        }
        double at = x - width / 2;
        for (int i = 0; i < parts.length; i++) {
            boolean index = i % 2 == 1;
            Style.text(g, parts[i], at, index ? y + 2 : y, 0, index ? Style.SMALL : Style.FONT);
            at += Style.width(parts[i], index ? Style.SMALL : Style.FONT);
        }
    }
}
