package attractor.cli.result;

import attractor.io.Csv;
import attractor.io.Printable;
import java.util.List;

/**
 * A table of comma-separated values that is being filled.
 */
public final class CsvTable {
    private final String name;
    private final int columns;
    private final StringBuilder text = new StringBuilder();

    /**
     * A table without rows.
     *
     * @param name the file's name, which ends in {@code .csv}
     */
    public CsvTable(String name, List<String> header) {
        this.name = name;
        columns = header.size();
        text.append(Csv.line(header.toArray()));
    }

    /**
     * Adds a row; an empty text is an empty cell.
     *
     * @throws IllegalArgumentException if it hasn't as many cells as the header
     */
    public CsvTable row(List<?> cells) {
        if (cells.size() != columns) {
            throw new IllegalArgumentException(name + ": a row has " + Printable.count(cells.size(), "cell")
                    + ", expected " + columns + " as the header has");
        }
        text.append(Csv.line(cells.toArray()));
        return this;
    }

    /** The file's name. */
    public String name() {
        return name;
    }

    /** The whole file. */
    public String text() {
        return text.toString();
    }
}
