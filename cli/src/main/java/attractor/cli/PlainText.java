package attractor.cli;

import java.io.FilterWriter;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;

/**
 * Keeps what a terminal would obey out of the text that it shows: names in files may hold escape sequences. Control characters, and
 * those that turn the direction of writing around, are shown as {@code \}{@code u001b} and the like.
 */
final class PlainText {
    private PlainText() {}

    /** The text with such characters shown; line feeds and tabs, and carriage returns before a line feed, stay. */
    static String escape(String text) {
        StringBuilder shown = null;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean plain = c >= ' ' && c < 0x7f
                    || !obeyed(c)
                    || c == '\r' && i + 1 < text.length() && text.charAt(i + 1) == '\n';
            if (plain && shown != null) {
                shown.append(c);
            } else if (!plain) {
                if (shown == null) {
                    shown = new StringBuilder(text.substring(0, i));
                }
                shown.append(String.format("\\u%04x", (int) c));
            }
        }
        return shown == null ? text : shown.toString();
    }

    private static boolean obeyed(char c) {
        boolean direction =
                c == 0x061c || c == 0x200e || c == 0x200f || c >= 0x202a && c <= 0x202e || c >= 0x2066 && c <= 0x2069;
        return Character.isISOControl(c) && c != '\n' && c != '\t' || direction;
    }

    /**
     * A writer through which nothing passes that a terminal would obey. Closing it closes the other.
     *
     * @param flushLines whether each line is flushed
     */
    static PrintWriter escaping(PrintWriter to, boolean flushLines) {
        return new Escaping(to, flushLines);
    }

    /** What an {@link #escaping} writer writes to, for who draws; any other writer itself. */
    static PrintWriter unescaped(PrintWriter writer) {
        return writer instanceof Escaping escaping ? escaping.to : writer;
    }

    private static final class Escaping extends PrintWriter {
        private final PrintWriter to;

        Escaping(PrintWriter to, boolean flushLines) {
            super(new Filter(to), flushLines);
            this.to = to;
        }

        @Override
        public boolean checkError() {
            return super.checkError() | to.checkError();
        }
    }

    private static final class Filter extends FilterWriter {
        Filter(Writer out) {
            super(out);
        }

        @Override
        public void write(int c) throws IOException {
            out.write(c == '\r' ? "\r" : escape(String.valueOf((char) c)));
        }

        @Override
        public void write(char[] text, int from, int length) throws IOException {
            write(new String(text, from, length), 0, length);
        }

        @Override
        public void write(String text, int from, int length) throws IOException {
            String part = text.substring(from, from + length);
            // The line's end on Windows may come in two parts.
            out.write(part.equals(System.lineSeparator()) ? part : escape(part));
        }
    }
}
