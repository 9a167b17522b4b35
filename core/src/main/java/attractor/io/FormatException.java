package attractor.io;

import java.io.IOException;

/**
 * The content of a file is not what it should be. This is the only exception that a reader of this package throws for
 * bad content; other {@link IOException}s mean that the file could not be read at all.
 *
 * <p>The message is one line: the file, the entry or key in it, what was found and what was expected. Control, format
 * and line-break characters, which a hostile file may contain, are shown as escapes. A message of more than 1000
 * characters is shortened in its middle. Immutable, safe for any thread.
 */
public final class FormatException extends IOException {
    private static final long serialVersionUID = 1L;

    private static final int SHOWN = 60;
    private static final int MAX_LENGTH = 1000;

    /** Characters kept at the end of a message that is too long; enough for what was expected. */
    private static final int TAIL = 200;

    /**
     * An exception for bad content of a file.
     *
     * @param message one line that names file, entry, found and expected
     */
    public FormatException(String message) {
        super(line(message));
    }

    /**
     * An exception for bad content of a file, with the exception that revealed it.
     *
     * @param message one line that names file, entry, found and expected
     * @param cause the exception that showed that the content is bad
     */
    public FormatException(String message, Throwable cause) {
        super(line(message), cause);
    }

    /** Text from a file, in quotes and cut to a length that fits into a message. */
    static String quote(String text) {
        return text.length() <= SHOWN ? "'" + text + "'" : "'" + text.substring(0, SHOWN) + "...'";
    }

    private static String line(String message) {
        StringBuilder line = new StringBuilder();
        // Cut before escaping, which takes much memory, and again after it, since escapes are longer.
        cut(message).codePoints().forEach(c -> {
            switch (Character.getType(c)) {
                case Character.CONTROL,
                        Character.FORMAT,
                        Character.LINE_SEPARATOR,
                        Character.PARAGRAPH_SEPARATOR,
                        Character.SURROGATE -> line.append(String.format("\\u%04x", c));
                default -> line.appendCodePoint(c);
            }
        });
        return cut(line.toString());
    }

    private static String cut(String message) {
        int length = message.length();
        return length <= MAX_LENGTH
                ? message
                : message.substring(0, MAX_LENGTH - TAIL - 3) + "..." + message.substring(length - TAIL);
    }
}
