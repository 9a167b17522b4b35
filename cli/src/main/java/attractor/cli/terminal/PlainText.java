package attractor.cli.terminal;

import attractor.io.Printable;
import java.io.FilterWriter;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;

/** Shows the control characters of a text instead of letting a terminal obey them: names in files may contain escape sequences. See {@link Printable}. */
public final class PlainText {
    private PlainText() {}

    /**
     * A writer that escapes all control characters. Closing it closes the other writer.
     *
     * @param flushLines whether each line is flushed
     */
    public static PrintWriter escaping(PrintWriter to, boolean flushLines) {
        return new Escaping(to, flushLines);
    }

    /**
     * The writer behind an {@link #escaping} writer, for drawing on the terminal; any other writer is returned itself.
     */
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
            boolean own = super.checkError(); // this flushes, so that errors of the other writer are known
            return to.checkError() || own;
        }
    }

    private static final class Filter extends FilterWriter {
        Filter(Writer out) {
            super(out);
        }

        @Override
        public void write(int c) throws IOException {
            out.write(c == '\r' ? "\r" : Printable.lines(String.valueOf((char) c)));
        }

        @Override
        public void write(char[] text, int from, int length) throws IOException {
            write(new String(text, from, length), 0, length);
        }

        @Override
        public void write(String text, int from, int length) throws IOException {
            String part = text.substring(from, from + length);
            // On Windows a line's end may come in two parts.
            out.write(part.equals(System.lineSeparator()) ? part : Printable.lines(part));
        }
    }
}
