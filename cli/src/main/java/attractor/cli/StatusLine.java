package attractor.cli;

import java.io.PrintWriter;
import java.util.Locale;

/** A line on a terminal that is drawn over, among lines that stay. Not thread-safe: its owner sees to that. */
final class StatusLine {
    private static final int BAR = 24;
    private static final long REDRAW_NANOS = 100_000_000;

    private final PrintWriter err;
    private final boolean terminal;
    private long drawn;
    private int width;

    /** @param terminal whether {@code err} is a terminal, where a line can be drawn over */
    StatusLine(PrintWriter err, boolean terminal) {
        this.err = err;
        this.terminal = terminal;
    }

    /** Whether the standard error is a terminal: the launcher tells in an environment variable. */
    static boolean onTerminal() {
        return "1".equals(System.getenv("ATTRACTOR_TTY"));
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

    void draw(String text) {
        err.print("\r" + text + " ".repeat(Math.max(0, width - text.length())));
        err.flush();
        width = text.length();
    }

    /** Prints a line that stays. */
    void line(String text) {
        clear();
        err.println(text);
        err.flush();
    }

    void clear() {
        if (width > 0) {
            err.print("\r" + " ".repeat(width) + "\r");
            err.flush();
            width = 0;
        }
    }

    static String bar(double share) {
        int full = (int) Math.round(BAR * Math.min(1, share));
        return "[" + "#".repeat(full) + "-".repeat(BAR - full) + "]";
    }

    static String time(double seconds) {
        long s = Math.max(0, Math.round(seconds));
        return s >= 3600
                ? String.format(Locale.ROOT, "%d:%02d:%02d", s / 3600, s / 60 % 60, s % 60)
                : String.format(Locale.ROOT, "%d:%02d", s / 60, s % 60);
    }
}
