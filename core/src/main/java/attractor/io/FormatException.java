package attractor.io;

import java.io.IOException;

/**
 * The content of a file is not what it should be. This is the only exception that a reader of this package throws for
 * bad content; other {@link IOException}s mean that the file could not be read at all.
 *
 * <p>The message is one line: the file, the entry or key in it, what was found and what was expected. Control, format
 * and line-break characters, which a hostile file may bring along, are shown as escapes. Immutable.
 */
public final class FormatException extends IOException {
    private static final long serialVersionUID = 1L;

    private static final int SHOWN = 60;

    /**
     * What was found in a file.
     *
     * @param message one line that names file, entry, found and expected
     */
    public FormatException(String message) {
        super(escape(message));
    }

    /**
     * What was found in a file, and how it showed.
     *
     * @param message one line that names file, entry, found and expected
     * @param cause what showed that the content is bad
     */
    public FormatException(String message, Throwable cause) {
        super(escape(message), cause);
    }

    /** Text from a file, in quotes and cut to a length that fits into a message. */
    static String quote(String text) {
        return text.length() <= SHOWN ? "'" + text + "'" : "'" + text.substring(0, SHOWN) + "...'";
    }

    private static String escape(String message) {
        StringBuilder line = new StringBuilder(message.length());
        message.codePoints().forEach(c -> {
            switch (Character.getType(c)) {
                case Character.CONTROL,
                        Character.FORMAT,
                        Character.LINE_SEPARATOR,
                        Character.PARAGRAPH_SEPARATOR,
                        Character.SURROGATE -> line.append(String.format("\\u%04x", c));
                default -> line.appendCodePoint(c);
            }
        });
        return line.toString();
    }
}
