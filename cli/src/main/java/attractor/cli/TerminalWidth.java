package attractor.cli;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/**
 * The terminal's current width. The JDK doesn't know it, so {@code stty} is called, at most once per second and on a
 * separate thread, so that no other thread waits for it. Without {@code stty} the width is that in {@code COLUMNS}, or
 * the usual one. Safe for any thread.
 */
final class TerminalWidth {
    /** The width that is assumed if it can't be found out. */
    static final int USUAL = 80;

    private static final long VALID_NANOS = 1_000_000_000;

    private int columns = fromEnvironment();
    private long asked;
    private boolean asking;

    TerminalWidth() {
        ask(); // the first time waits, so that the first line fits
    }

    /** Characters in a row, at least 1. */
    synchronized int columns() {
        if (!asking && System.nanoTime() - asked > VALID_NANOS) {
            asking = true;
            Thread thread = new Thread(this::ask, "attractor-terminal-width");
            thread.setDaemon(true);
            thread.start();
        }
        return columns;
    }

    private void ask() {
        int told = stty();
        synchronized (this) {
            if (told > 0) {
                columns = told;
            }
            asked = System.nanoTime();
            asking = false;
        }
    }

    /** The columns in the output of {@code stty size} ("rows columns"); 0 if there is none. */
    private static int stty() {
        File terminal = new File("/dev/tty");
        if (!terminal.exists()) {
            return 0;
        }
        try {
            Process process = new ProcessBuilder("stty", "size")
                    .redirectInput(terminal)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (!process.waitFor(1, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                return 0;
            }
            try (InputStream out = process.getInputStream()) {
                return parse(new String(out.readAllBytes(), StandardCharsets.US_ASCII));
            }
        } catch (IOException e) {
            return 0; // no stty here, or no terminal behind /dev/tty
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return 0;
        }
    }

    /** The second of two numbers; 0 if there aren't any. */
    static int parse(String size) {
        String[] words = size.strip().split("\\s+", -1);
        return words.length == 2 && words[1].matches("[1-9]\\d{0,5}") ? Integer.parseInt(words[1]) : 0;
    }

    private static int fromEnvironment() {
        String columns = System.getenv("COLUMNS");
        return columns != null && columns.matches("[1-9]\\d{0,5}") ? Integer.parseInt(columns) : USUAL;
    }
}
