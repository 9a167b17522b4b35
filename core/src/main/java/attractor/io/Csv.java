package attractor.io;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Lines of comma-separated values (RFC 4180, but with a plain line feed). Thread-safe: has no state. */
public final class Csv {
    private static final int MAX_BYTES = 1 << 30;

    private Csv() {}

    /**
     * Reads a file with a header. Lines end in a line feed, with or without a carriage return; the last line may lack
     * it.
     *
     * @return the rows, each a map from column to text, in the header's order; unmodifiable
     * @throws FormatException if the file isn't UTF-8, has no header or one with a name twice, a row has more or fewer
     * cells than the header, or a quote is not closed
     * @throws IOException if the file cannot be read
     */
    public static List<Map<String, String>> read(Path file) throws IOException {
        String text = NpyFormat.utf8(ByteSource.readAll(file, MAX_BYTES), file.toString());
        List<List<String>> lines = parse(text, file.toString());
        if (lines.isEmpty()) {
            throw new FormatException(file + " is empty, expected a line with the columns' names");
        }
        List<String> header = lines.get(0);
        if (new HashSet<>(header).size() < header.size()) {
            throw new FormatException(file + " names a column twice, expected each once: " + String.join(",", header));
        }
        List<Map<String, String>> rows = new ArrayList<>();
        for (int i = 1; i < lines.size(); i++) {
            List<String> cells = lines.get(i);
            if (cells.size() != header.size()) {
                throw new FormatException(file + ": row " + i + " has " + cells.size() + " cells, expected "
                        + header.size() + " as the header has");
            }
            Map<String, String> row = new LinkedHashMap<>();
            for (int k = 0; k < cells.size(); k++) {
                row.put(header.get(k), cells.get(k));
            }
            rows.add(Collections.unmodifiableMap(row));
        }
        return Collections.unmodifiableList(rows);
    }

    private static List<List<String>> parse(String text, String name) throws FormatException {
        List<List<String>> lines = new ArrayList<>();
        List<String> cells = new ArrayList<>();
        StringBuilder cell = new StringBuilder();
        boolean quoted = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (quoted && c == '"' && i + 1 < text.length() && text.charAt(i + 1) == '"') {
                cell.append(c);
                i++;
            } else if (c == '"') {
                quoted = !quoted;
            } else if (quoted) {
                cell.append(c);
            } else if (c == ',') {
                cells.add(cell.toString());
                cell.setLength(0);
            } else if (c == '\n') {
                cells.add(cell.toString());
                cell.setLength(0);
                lines.add(cells);
                cells = new ArrayList<>();
            } else if (c != '\r' || (i + 1 < text.length() && text.charAt(i + 1) != '\n')) {
                cell.append(c);
            }
        }
        if (quoted) {
            throw new FormatException(name + ": a quote in line " + (lines.size() + 1) + " is not closed");
        }
        if (!cells.isEmpty() || cell.length() > 0) {
            cells.add(cell.toString());
            lines.add(cells);
        }
        return lines;
    }

    /**
     * One line, including the line feed. Doubles and floats are written as by {@link Json#number}, or as {@code NaN},
     * {@code Infinity}, {@code -Infinity}; null as an empty cell; everything else as its {@code toString}, in quotes if
     * it has a comma, a quote or a line break.
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
