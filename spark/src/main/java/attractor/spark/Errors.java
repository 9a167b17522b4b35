package attractor.spark;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.concurrent.Callable;
import org.apache.hadoop.fs.Path;

/** Spark's errors in one line. Stateless, safe for any thread. */
final class Errors {
    private static final int TRIES = 3;

    private Errors() {}

    /**
     * Reads results. Files that another process merges at this moment are looked for again.
     *
     * @throws IOException if they cannot be read; the message says which and why
     */
    static <T> T reading(Path out, Callable<T> reading) throws IOException {
        for (int attempt = 1; ; attempt++) {
            try {
                return reading.call();
            } catch (Exception e) {
                if (!isMissing(e) || attempt == TRIES) {
                    throw of(out, e);
                }
            }
        }
    }

    private static boolean isMissing(Throwable e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof FileNotFoundException) {
                return true;
            }
        }
        return false;
    }

    /** The error with a message in one line: what Spark says and what was behind it. */
    static IOException of(Path out, Throwable e) {
        if (e instanceof IOException known) {
            return known;
        }
        String first = firstLine(e);
        Throwable last = e;
        while (last.getCause() != null && last.getCause() != last) {
            last = last.getCause();
        }
        String behind = firstLine(last);
        return new IOException(
                out + ": " + first + (last == e || first.contains(behind) ? "" : "; cause: " + behind), e);
    }

    private static String firstLine(Throwable e) {
        String message = e.getMessage();
        return message == null || message.isBlank()
                ? e.getClass().getName()
                : message.lines().findFirst().orElse("");
    }
}
