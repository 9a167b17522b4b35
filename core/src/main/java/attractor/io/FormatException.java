package attractor.io;

import java.io.IOException;

/**
 * The content of a file is not what it should be. This is the only exception that a reader of this package throws for
 * bad content; other {@link IOException}s mean that the file could not be read at all.
 *
 * <p>The message is one line: the file, the entry or key in it, what was found and what was expected. Control, format
 * and line-break characters, which a hostile file may bring along, are shown as escapes, and a message of more than 1000
 * characters loses some in its middle. Immutable, safe for any thread.
 */
public final class FormatException extends IOException {
    private static final long serialVersionUID = 1L;

    private static final int SHOWN = 60;
    private static final int MAX_LENGTH = 1000;

    /** Of a message that is too long; enough for what was expected. */
    private static final int TAIL = 200;

    /**
     * What was found in a file.
     *
     * @param message one line that names file, entry, found and expected
     */
    public FormatException(String message) {
        super(line(message));
    }

    /**
     * What was found in a file, and how it showed.
     *
     * @param message one line that names file, entry, found and expected
     * @param cause what showed that the content is bad
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
        // Before the escapes, which take much memory, and after them, since they are longer.
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
