package attractor.figure;

import attractor.io.Printable;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.Shape;
import java.awt.font.FontRenderContext;
import java.awt.geom.AffineTransform;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Rectangle2D;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The style of all figures: fonts, colours, strokes, markers, numbers. */
final class Style {
    static final Font FONT = new Font(Font.SANS_SERIF, Font.PLAIN, 1).deriveFont(7f);
    static final Font SMALL = FONT.deriveFont(6.2f);
    static final Font BOLD = FONT.deriveFont(Font.BOLD, 7.5f);

    static final Color BLACK = Color.BLACK;
    static final Color ORANGE = new Color(0xE69F00);
    static final Color SKY = new Color(0x56B4E9);
    static final Color GREEN = new Color(0x009E73);
    static final Color BLUE = new Color(0x0072B2);
    static final Color VERMILLION = new Color(0xD55E00);
    static final Color PURPLE = new Color(0xCC79A7);
    static final Color GREY = new Color(0x999999);
    static final Color LIGHT = new Color(0xDDDDDD);
    static final Color FRAME = new Color(0x666666);

    /** Steps with weight 0. */
    static final Color MASKED = new Color(0xEBEBEB);

    /** Activity of units, and nothing else. */
    static final Color UNITS = new Color(0x5E3C8C);

    private static final DecimalFormatSymbols SYMBOLS = DecimalFormatSymbols.getInstance(Locale.ROOT);

    /** Determined once; empty if there are fonts. */
    private static final Optional<String> MISSING_FONTS = findMissing();

    private Style() {}

    /** Java reports missing fonts in several ways, one of them an InternalError. */
    private static Optional<String> findMissing() {
        try {
            FONT.getStringBounds("0", new FontRenderContext(null, true, true));
            return Optional.empty();
        } catch (InternalError | LinkageError | RuntimeException e) {
            return Optional.of(
                    "figures need fonts, and Java finds none here: install fontconfig and a font such as DejaVu"
                            + " (packages fontconfig and fonts-dejavu-core in Debian and Ubuntu)");
        }
    }

    /** The reason why figures can't be drawn on this machine; empty if they can. */
    static Optional<String> missingFonts() {
        return MISSING_FONTS;
    }

    static BasicStroke stroke(double width, float... dashes) {
        return dashes.length == 0
                ? new BasicStroke((float) width, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND)
                : new BasicStroke((float) width, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 1, dashes, 0);
    }

    static Shape circle(double diameter) {
        return new Ellipse2D.Double(-diameter / 2, -diameter / 2, diameter, diameter);
    }

    static Shape square(double side) {
        return new Rectangle2D.Double(-side / 2, -side / 2, side, side);
    }

    static Shape diamond(double side) {
        return AffineTransform.getRotateInstance(Math.PI / 4).createTransformedShape(square(side));
    }

    /** A number format that doesn't depend on the machine's language. */
    static DecimalFormat format(String pattern) {
        return new DecimalFormat(pattern, SYMBOLS);
    }

    /** A number with this many decimals; a zero has no sign. */
    static String fixed(double value, int decimals) {
        String text = format(decimals == 0 ? "0" : "0." + "0".repeat(decimals)).format(value);
        return text.matches("-[0.]+") ? text.substring(1) : text;
    }

    /** As much of a text as fits. */
    static String fitted(String text, double width, Font font) {
        String fitted = Printable.of(text);
        while (fitted.length() > 1 && width(fitted, font) > width) {
            fitted = fitted.substring(0, fitted.length() - 2).stripTrailing() + "…";
        }
        return fitted;
    }

    /** A text in as many lines as it needs, at most {@code most}; only the last may be cut. A word that is too long is broken. */
    static List<String> lines(String text, double width, Font font, int most) {
        List<String> lines = new ArrayList<>();
        String rest = Printable.of(text);
        while (lines.size() < most - 1 && width(rest, font) > width) {
            int end = rest.length();
            while (end > 1 && width(rest.substring(0, end).stripTrailing(), font) > width) {
                end--;
            }
            int space = rest.lastIndexOf(' ', end);
            end = space > 0 ? space : end;
            lines.add(rest.substring(0, end).stripTrailing());
            rest = rest.substring(end).stripLeading();
        }
        lines.add(fitted(rest, width, font));
        return lines;
    }

    /** A length as text for SVG. */
    static String number(double value) {
        return format("0.##").format(value);
    }

    /**
     * Width of a text as {@link #text} writes it. Its height above the base line is about 0.73 of the font's size.
     */
    static double width(String text, Font font) {
        if (MISSING_FONTS.isPresent()) {
            throw new IllegalStateException(MISSING_FONTS.get());
        }
        return font.getStringBounds(Printable.of(text), new FontRenderContext(null, true, true))
                .getWidth();
    }

    /**
     * Writes a text, control characters as escapes: names come from files, and XML can't hold them.
     *
     * @param align the part of the text at x: 0 its left end, 0.5 its middle, 1 its right end
     * @param y position of the base line
     */
    static void text(Graphics2D g, String text, double x, double y, double align, Font font) {
        if (!text.isEmpty()) {
            g.setFont(font);
            g.drawString(Printable.of(text), (float) (x - align * width(text, font)), (float) y);
        }
    }
}
