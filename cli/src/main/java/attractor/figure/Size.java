package attractor.figure;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The size of a figure on paper. Immutable.
 *
 * @param widthMm above 0, at most {@value #MOST_MM}
 * @param heightMm above 0, at most {@value #MOST_MM}
 */
public record Size(double widthMm, double heightMm) {
    private static final int MOST_MM = 1000;
    private static final Pattern WORDS =
            Pattern.compile("(\\d{1,6}(?:\\.\\d{1,6})?)x(\\d{1,6}(?:\\.\\d{1,6})?)(mm|cm|in|px)");

    /** @throws IllegalArgumentException if a side is out of range */
    public Size {
        if (!(widthMm > 0 && heightMm > 0 && widthMm <= MOST_MM && heightMm <= MOST_MM)) {
            throw new IllegalArgumentException(
                    "size is " + words(widthMm, heightMm) + ", expected sides above 0, at most " + MOST_MM + " mm");
        }
    }

    /**
     * A size in words: width, x, height and a unit, such as {@code 120x80mm}, {@code 12x8cm}, {@code 5x3.5in} or
     * {@code 1500x1000px}, where pixels are those of a PNG, {@value Figure#DPI} per inch.
     *
     * @throws IllegalArgumentException if the words aren't such a size, or a side is out of range
     */
    public static Size parse(String words) {
        Matcher matcher = WORDS.matcher(words.strip().toLowerCase(Locale.ROOT));
        if (!matcher.matches()) {
            throw new IllegalArgumentException("size is '" + words
                    + "', expected WIDTHxHEIGHT and a unit, such as 12x8cm, 120x80mm or 1500x1000px");
        }
        double unit = switch (matcher.group(3)) {
            case "mm" -> 1;
            case "cm" -> 10;
            case "in" -> 25.4;
            default -> 25.4 / Figure.DPI;
        };
        return new Size(unit * Double.parseDouble(matcher.group(1)), unit * Double.parseDouble(matcher.group(2)));
    }

    private static String words(double widthMm, double heightMm) {
        return Style.number(widthMm) + "x" + Style.number(heightMm) + "mm";
    }

    @Override
    public String toString() {
        return words(widthMm, heightMm);
    }
}
