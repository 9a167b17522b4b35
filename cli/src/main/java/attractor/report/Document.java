package attractor.report;

import attractor.io.Printable;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Paragraphs, tables and figures, as Markdown and as plain text. Belongs to one thread. */
final class Document {
    /** Longer tables are not printed. */
    private static final int MOST_ROWS = 60;

    private final List<Object> parts = new ArrayList<>();

    /** A table. Belongs to one thread. */
    static final class Table {
        private final List<List<String>> rows = new ArrayList<>();

        /** @throws IllegalArgumentException if the row is longer or shorter than the header */
        void row(List<String> cells) {
            if (!rows.isEmpty() && cells.size() != rows.get(0).size()) {
                throw new IllegalArgumentException("the row has " + Printable.count(cells.size(), "cell")
                        + ", expected " + rows.get(0).size() + ": " + cells);
            }
            rows.add(List.copyOf(cells));
        }
    }

    private record Image(String name) {}

    void line(String text) {
        parts.add(text);
    }

    Table table(List<String> header) {
        Table table = new Table();
        table.row(header);
        parts.add(table);
        return table;
    }

    /** Adds a figure, a PNG file in the document's folder. */
    void figure(String name) {
        parts.add(new Image(name));
    }

    String markdown() {
        StringBuilder text = new StringBuilder();
        for (Object part : parts) {
            if (part instanceof Table table) {
                for (int k = 0; k < table.rows.size(); k++) {
                    text.append("| ")
                            .append(table.rows.get(k).stream()
                                    .map(cell -> escaped(cell).replace("|", "\\|"))
                                    .collect(Collectors.joining(" | ")))
                            .append(" |\n");
                    if (k == 0) {
                        text.append("|")
                                .append("---|".repeat(table.rows.get(0).size()))
                                .append("\n");
                    }
                }
                text.append("\n");
            } else if (part instanceof Image image) {
                text.append("![")
                        .append(image.name)
                        .append("](")
                        .append(image.name)
                        .append(".png)\n\n");
            } else {
                text.append(escaped(part.toString())).append("\n\n");
            }
        }
        return text.toString();
    }

    /** Names of tasks, types and axes may look like HTML, which Markdown would pass on. */
    private static String escaped(String text) {
        return text.replaceAll("<(?=[A-Za-z/!?])", "&lt;");
    }

    /** Texts, and tables as lists of rows, for a page. */
    List<Object> toJson() {
        List<Object> json = new ArrayList<>();
        for (Object part : parts) {
            if (part instanceof Table table) {
                json.add(List.copyOf(table.rows));
            } else if (part instanceof String line && !line.startsWith("#")) {
                json.add(line.replace("**", ""));
            }
        }
        return json;
    }

    /** The text without headings and figures. */
    String plain() {
        StringBuilder text = new StringBuilder();
        for (Object part : parts) {
            if (part instanceof Table table && table.rows.size() > MOST_ROWS) {
                text.append("  (a table of ").append(table.rows.size() - 1).append(" rows: see report.md)\n");
            } else if (part instanceof Table table) {
                plain(table, text);
            } else if (part instanceof String line && !line.startsWith("#")) {
                text.append(line).append("\n");
            }
        }
        return text.toString();
    }

    private static void plain(Table table, StringBuilder text) {
        int columns = table.rows.get(0).size();
        int[] width = new int[columns];
        for (List<String> row : table.rows) {
            for (int k = 0; k < columns; k++) {
                width[k] = Math.max(width[k], row.get(k).length());
            }
        }
        for (List<String> row : table.rows) {
            StringBuilder line = new StringBuilder(" ");
            for (int k = 0; k < columns; k++) {
                String pad = " ".repeat(width[k] - row.get(k).length());
                line.append(" ")
                        .append(k == 0 ? row.get(k) + pad : pad + row.get(k))
                        .append(" ");
            }
            text.append(line.toString().stripTrailing()).append("\n");
        }
    }
}
