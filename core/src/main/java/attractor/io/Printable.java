package attractor.io;

import java.util.Locale;

/**
 * Makes names and messages that come from files fit for display: in a terminal, a table or a picture. Stateless, safe
 * for any number of threads.
 */
public final class Printable {
    private Printable() {}

    /**
     * A text in which everything that is invisible, or would control a terminal, is replaced by an escape: control
     * characters by {@code \n}, {@code \t}, or their number as in {@code \}{@code u001b}; also line separators, marks
     * that change the direction of writing, and code points that aren't characters. Anything else stays as it is.
     */
    public static String of(String text) {
        if (text.codePoints().noneMatch(Printable::hidden)) {
            return text;
        }
        StringBuilder shown = new StringBuilder();
        text.codePoints().forEach(c -> {
            if (!hidden(c)) {
                shown.appendCodePoint(c);
            } else if (c == '\n' || c == '\r' || c == '\t') {
                shown.append(c == '\n' ? "\\n" : c == '\r' ? "\\r" : "\\t");
            } else {
                shown.append(String.format(Locale.ROOT, "\\u%04x", c));
            }
        });
        return shown.toString();
    }

    /** The same for a name in a line of words, where a name of nothing but blanks is quoted: it would not be seen. */
    public static String name(String text) {
        return text.isBlank() ? "'" + of(text) + "'" : of(text);
    }

    /** The same for a text of several lines: line ends and tabs stay. */
    public static String lines(String text) {
        if (text.codePoints().noneMatch(Printable::hidden)) {
            return text;
        }
        StringBuilder shown = new StringBuilder();
        int begin = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean lineEnd = c == '\n' || (c == '\r' && text.startsWith("\n", i + 1));
            if (lineEnd || c == '\t') {
                shown.append(of(text.substring(begin, i))).append(c);
                begin = i + 1;
            }
        }
        return shown.append(of(text.substring(begin))).toString();
    }

    /** A number of things: {@code 1 network}, {@code 2 networks}. */
    public static String count(long number, String thing) {
        return number + " " + thing + (number == 1 ? "" : "s");
    }

    private static boolean hidden(int c) {
        int kind = Character.getType(c);
        boolean invisible = kind == Character.CONTROL
                || kind == Character.FORMAT
                || kind == Character.SURROGATE
                || kind == Character.LINE_SEPARATOR
                || kind == Character.PARAGRAPH_SEPARATOR;
        boolean joins = c == 0x200C || c == 0x200D; // within words of some scripts
        return (invisible && !joins) || (c & 0xFFFE) == 0xFFFE;
    }
}
