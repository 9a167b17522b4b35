package attractor.cli.terminal;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/**
 * How wide the terminal is now. The JDK can't tell, so {@code stty} is asked each time, which takes some milliseconds. Where there is no
 * {@code stty}, the width is that in {@code COLUMNS}, or the usual one. Belongs to one thread.
 */
final class TerminalWidth {
    /** The width that is assumed if it can't be found out. */
    static final int USUAL = 80;

    private final File terminal = new File("/dev/tty");
    private boolean tells = terminal.exists();

    /** Characters in a row, at least 1. */
    int columns() {
        int told = tells ? stty() : 0;
        tells = told > 0;
        return tells ? told : fromEnvironment();
    }

    /** What {@code stty size} says ("rows columns"); 0 if it doesn't. */
    private int stty() {
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
