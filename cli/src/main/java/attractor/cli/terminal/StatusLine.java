package attractor.cli.terminal;

import attractor.io.Printable;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.function.IntSupplier;

/**
 * A line on a terminal that is redrawn, among lines that stay. It always fits the terminal's width, also after a
 * resize. Not thread-safe: its owner must synchronize.
 */
public final class StatusLine {
    private static final int BAR = 24;
    private static final int SHORTEST_BAR = 6;
    private static final long REDRAW_NANOS = 250_000_000;
    /** Erases from the cursor to the end of the screen. */
    private static final String ERASE_BELOW = "\u001b[J";

    private final PrintWriter err;
    private final boolean terminal;
    private final IntSupplier columns;
    private long drawn;
    private int length;

    /** @param terminal whether {@code err} is a terminal, on which a line can be redrawn */
    StatusLine(PrintWriter err, boolean terminal) {
        this(err, terminal, terminal ? new TerminalWidth()::columns : () -> TerminalWidth.USUAL);
    }

    /** @param columns the terminal's width now */
    StatusLine(PrintWriter err, boolean terminal, IntSupplier columns) {
        this.err = PlainText.unescaped(err);
        this.terminal = terminal;
        this.columns = columns;
    }

    /** Whether the standard error is a terminal that can draw over a line: the launcher tells in an environment variable. */
    public static boolean onTerminal() {
        return "1".equals(System.getenv("ATTRACTOR_TTY")) && !"dumb".equals(System.getenv("TERM"));
    }

    boolean terminal() {
        return terminal;
    }

    /** Whether it is time to draw again, on a terminal. */
    boolean due() {
        long now = System.nanoTime();
        if (!terminal || now - drawn < REDRAW_NANOS) {
            return false;
        }
        drawn = now;
        return true;
    }

    /**
     * Draws a bar with words around it. If they don't fit, the bar gets shorter, then the last words are left out.
     *
     * @param before text before the bar
     * @param share filled share of the bar, 0 to 1
     * @param after texts after the bar, the most important first; empty ones are skipped
     */
    void draw(String before, double share, List<String> after) {
        int width = Math.max(1, columns.getAsInt() - 1); // a full last column makes some terminals begin a new line
        back(width + 1);
        String text = fit(before, share, after, width);
        err.print(Printable.of(text) + ERASE_BELOW);
        err.flush();
        length = text.length();
    }

    private static String fit(String before, double share, List<String> after, int width) {
        List<String> words = after.stream().filter(w -> !w.isEmpty()).toList();
        for (int count = words.size(); count >= 0; count--) {
            String rest = count == 0 ? "" : "  " + String.join("  ", words.subList(0, count));
            int room = width - before.length() - 3 - rest.length();
            if (room >= SHORTEST_BAR) {
                return before + " " + bar(share, Math.min(BAR, room)) + rest;
            }
        }
        return before.substring(0, Math.min(before.length(), width));
    }

    /** Moves to the beginning of the line. In a terminal that became narrower the line may take several rows. */
    private void back(int width) {
        int rows = length == 0 ? 0 : (length - 1) / width;
        err.print(rows == 0 ? "\r" : "\r\u001b[" + rows + "A");
    }

    /** Prints a line that stays. */
    void line(String text) {
        clear();
        err.println(Printable.of(text));
        err.flush();
    }

    void clear() {
        if (length > 0) {
            back(Math.max(2, columns.getAsInt()));
            err.print(ERASE_BELOW);
            err.flush();
            length = 0;
        }
    }

    /** @param width characters between the brackets */
    static String bar(double share, int width) {
        double within = share >= 0 ? Math.min(1, share) : 0; // 0 for NaN
        int full = (int) Math.round(width * within);
        return "[" + "#".repeat(full) + "-".repeat(width - full) + "]";
    }

    /** A duration as {@code 1:05}, minutes and seconds, or {@code 2:01:05}. */
    public static String time(double seconds) {
        long s = Math.max(0, Math.round(seconds));
        return s >= 3600
                ? String.format(Locale.ROOT, "%d:%02d:%02d", s / 3600, s / 60 % 60, s % 60)
                : String.format(Locale.ROOT, "%d:%02d", s / 60, s % 60);
    }
}
