package attractor.study;

import attractor.io.Csv;
import attractor.io.FormatException;
import attractor.task.Decisions;
import attractor.task.TypeScore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** A table of a study, as in its CSV file. Immutable, safe for any number of threads. */
public final class ResultTable {
    private final String name;
    private final List<Row> rows;

    private ResultTable(String name, List<Row> rows) {
        this.name = name;
        this.rows = List.copyOf(rows);
    }

    /**
     * Reads a table.
     *
     * @throws FormatException if the file isn't CSV with a header
     * @throws IOException if it cannot be read
     */
    public static ResultTable read(Path file) throws IOException {
        List<Row> rows = new ArrayList<>();
        int line = 1;
        for (Map<String, String> cells : Csv.read(file)) {
            rows.add(new Row(file + ", row " + line++, cells));
        }
        return new ResultTable(file.toString(), rows);
    }

    /** The rows, in their order. */
    public List<Row> rows() {
        return rows;
    }

    /** Whether there are no rows. */
    public boolean isEmpty() {
        return rows.isEmpty();
    }

    /** The rows that satisfy a condition. */
    public ResultTable where(Predicate<Row> condition) {
        return new ResultTable(name, rows.stream().filter(condition).toList());
    }

    /** The rows with a given text in a column. */
    public ResultTable where(String column, String text) throws FormatException {
        List<Row> some = new ArrayList<>();
        for (Row row : rows) {
            if (row.text(column).equals(text)) {
                some.add(row);
            }
        }
        return new ResultTable(name, some);
    }

    /** The rows by the text in a column, in the order of the texts' first rows. */
    public Map<String, ResultTable> by(String column) throws FormatException {
        Map<String, List<Row>> groups = new LinkedHashMap<>();
        for (Row row : rows) {
            groups.computeIfAbsent(row.text(column), text -> new ArrayList<>()).add(row);
        }
        Map<String, ResultTable> tables = new LinkedHashMap<>();
        groups.forEach((text, some) -> tables.put(text, new ResultTable(name, some)));
        return tables;
    }

    /** The different texts in a column, in the order of their first rows. */
    public List<String> texts(String column) throws FormatException {
        LinkedHashSet<String> texts = new LinkedHashSet<>();
        for (Row row : rows) {
            texts.add(row.text(column));
        }
        return List.copyOf(texts);
    }

    /** The numbers in a column, NaN where a cell is empty. */
    public double[] numbers(String column) throws FormatException {
        double[] numbers = new double[rows.size()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = rows.get(i).number(column);
        }
        return numbers;
    }

    /** One row. Immutable, safe for any number of threads. */
    public static final class Row {
        private final String where;
        private final Map<String, String> cells;

        private Row(String where, Map<String, String> cells) {
            this.where = where;
            this.cells = cells;
        }

        /** The text in a column; null if there is no such column. */
        public String get(String column) {
            return cells.get(column);
        }

        /**
         * The text in a column; empty if the cell is empty.
         *
         * @throws FormatException if there is no such column
         */
        public String text(String column) throws FormatException {
            String text = cells.get(column);
            if (text == null) {
                throw new FormatException(where + ": there is no column " + column + ", expected one among "
                        + String.join(", ", cells.keySet()));
            }
            return text;
        }

        /**
         * The number in a column; NaN if the cell is empty.
         *
         * @throws FormatException if there is no such column, or the cell isn't a number
         */
        public double number(String column) throws FormatException {
            String text = text(column);
            try {
                return text.isEmpty() ? Double.NaN : Double.parseDouble(text);
            } catch (NumberFormatException e) {
                throw new FormatException(where + ": " + column + " is '" + text + "', expected a number");
            }
        }

        /** Whether the cell in a column is {@code true}. */
        public boolean flag(String column) throws FormatException {
            return text(column).equals("true");
        }

        /** The score in the row's columns; for a diverged training, a score without trials. */
        TypeScore score() throws FormatException {
            double trials = number("trials");
            return new TypeScore(
                    text("type"),
                    Double.isNaN(trials) ? 0 : (int) trials,
                    Double.isNaN(trials) ? 0 : (int) number("nonFinite"),
                    number("distanceMean"),
                    number("distanceSd"),
                    number("rmse"),
                    number("zeroRmse"),
                    flag("zeroTarget"),
                    get("accuracy") == null || get("accuracy").isEmpty()
                            ? Optional.empty()
                            : Optional.of(new Decisions(number("accuracy"), number("decisionMs"))));
        }
    }
}
