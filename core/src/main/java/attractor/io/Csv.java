package attractor.io;

/** Lines of comma-separated values (RFC 4180, but with a plain line feed). Thread-safe: has no state. */
public final class Csv {
    private Csv() {}

    /**
     * One line, the line feed included. Doubles and floats are written as {@link Json#number} does, or as {@code NaN},
     * {@code Infinity}, {@code -Infinity}; null as an empty cell; everything else as its {@code toString}, in quotes
     * where it has a comma, a quote or a line break.
     *
     * @param cells the values. Not modified.
     */
    public static String line(Object... cells) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < cells.length; i++) {
            line.append(i == 0 ? "" : ",").append(cell(cells[i]));
        }
        return line.append('\n').toString();
    }

    private static String cell(Object value) {
        if (value instanceof Double || value instanceof Float) {
            double number = ((Number) value).doubleValue();
            return Double.isFinite(number) ? Json.number(number) : Double.toString(number);
        }
        String text = value == null ? "" : value.toString();
        boolean plain = text.chars().noneMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
        return plain ? text : '"' + text.replace("\"", "\"\"") + '"';
    }
}
