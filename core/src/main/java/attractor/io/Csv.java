package attractor.io;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Lines of comma-separated values (RFC 4180, but with a plain line feed). Thread-safe: has no state. */
public final class Csv {
    private static final int BUFFER = 1 << 16;

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
        List<Map<String, String>> rows = new ArrayList<>();
        List<String> header = new ArrayList<>();
        read(file, header::addAll, cells -> {
            Map<String, String> row = new LinkedHashMap<>();
            for (int k = 0; k < cells.size(); k++) {
                row.put(header.get(k), cells.get(k));
            }
            rows.add(Collections.unmodifiableMap(row));
        });
        return Collections.unmodifiableList(rows);
    }

    /**
     * Reads a file row by row, so that it may be larger than the memory.
     *
     * @param header receives the columns' names, once
     * @param row receives each row's cells, as many as the header has, in a list that the next row uses again
     * @throws FormatException as {@link #read(Path)}
     * @throws IOException if the file cannot be read
     */
    public static void read(Path file, IOConsumer<List<String>> header, IOConsumer<List<String>> row)
            throws IOException {
        try (ByteSource source = ByteSource.open(file);
                Reader in = new InputStreamReader(
                        new BufferedInputStream(source.stream(0, source.size()), BUFFER),
                        StandardCharsets.UTF_8.newDecoder())) {
            new Parser(in, file.toString(), header, row).parse();
        } catch (CharacterCodingException e) {
            throw new FormatException(file + ": is not UTF-8 text", e);
        }
    }

    /** Reads one file. Belongs to one thread. */
    private static final class Parser {
        private final Reader in;
        private final String name;
        private final IOConsumer<List<String>> header;
        private final IOConsumer<List<String>> row;
        private final List<String> cells = new ArrayList<>();
        private final StringBuilder cell = new StringBuilder();
        private final char[] buffer = new char[BUFFER];
        private int length;
        private int next;
        private long lines;
        private int columns;

        Parser(Reader in, String name, IOConsumer<List<String>> header, IOConsumer<List<String>> row) {
            this.in = in;
            this.name = name;
            this.header = header;
            this.row = row;
        }

        /** The next character, which stays the next one; -1 at the end. */
        private int peek() throws IOException {
            if (next == length) {
                length = in.read(buffer);
                next = 0;
                if (length <= 0) {
                    length = 0;
                    return -1;
                }
            }
            return buffer[next];
        }

        void parse() throws IOException {
            boolean quoted = false;
            for (int c = peek(); c >= 0; c = peek()) {
                next++;
                if (quoted && c == '"' && peek() == '"') {
                    cell.append('"');
                    next++;
                } else if (c == '"') {
                    quoted = !quoted;
                } else if (quoted) {
                    cell.append((char) c);
                } else if (c == ',') {
                    endCell();
                } else if (c == '\n') {
                    endCell();
                    endLine();
                } else if (c != '\r' || (peek() >= 0 && peek() != '\n')) {
                    cell.append((char) c);
                }
            }
            if (quoted) {
                throw new FormatException(name + ": a quote in line " + (lines + 1) + " is not closed");
            }
            if (!cells.isEmpty() || cell.length() > 0) {
                endCell();
                endLine();
            }
            if (lines == 0) {
                throw new FormatException(name + " is empty, expected a line with the columns' names");
            }
        }

        private void endCell() {
            cells.add(cell.toString());
            cell.setLength(0);
        }

        private void endLine() throws IOException {
            if (lines == 0) {
                if (new HashSet<>(cells).size() < cells.size()) {
                    throw new FormatException(
                            name + " names a column twice, expected each once: " + String.join(",", cells));
                }
                columns = cells.size();
                header.accept(List.copyOf(cells));
            } else if (cells.size() != columns) {
                throw new FormatException(name + ": row " + lines + " has " + cells.size() + " cells, expected "
                        + columns + " as the header has");
            } else {
                row.accept(cells);
            }
            lines++;
            cells.clear();
        }
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
