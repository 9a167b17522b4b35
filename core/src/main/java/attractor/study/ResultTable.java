package attractor.study;

import attractor.io.Csv;
import attractor.io.FormatException;
import attractor.task.Decisions;
import attractor.task.TypeScore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.RandomAccess;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/**
 * A table of a study, as in its CSV file. Kept by column in few bytes per cell, so that millions of rows fit into the memory. Immutable,
 * safe for any number of threads.
 */
public final class ResultTable {
    private final Data data;
    /** The rows' indices in the data. */
    private final int[] rows;

    private ResultTable(Data data, int[] rows) {
        this.data = data;
        this.rows = rows;
    }

    /** The cells of a file. */
    private record Data(String name, Map<String, Column> columns) {}

    /**
     * Reads a table.
     *
     * @throws FormatException if the file isn't CSV with a header
     * @throws IOException if it cannot be read
     */
    public static ResultTable read(Path file) throws IOException {
        Map<String, Column> columns = new LinkedHashMap<>();
        List<Column> all = new ArrayList<>();
        int[] count = {0};
        Csv.read(
                file,
                header -> header.forEach(name -> {
                    Column column = new Column();
                    columns.put(name, column);
                    all.add(column);
                }),
                cells -> {
                    for (int k = 0; k < cells.size(); k++) {
                        all.get(k).add(cells.get(k));
                    }
                    count[0]++;
                });
        all.forEach(Column::trim);
        return new ResultTable(
                new Data(file.toString(), columns), IntStream.range(0, count[0]).toArray());
    }

    /** The rows, in their order. */
    public List<Row> rows() {
        return new Rows(this);
    }

    /** The rows of a table, made when they are asked for. */
    private static final class Rows extends AbstractList<Row> implements RandomAccess {
        private final ResultTable table;

        private Rows(ResultTable table) {
            this.table = table;
        }

        @Override
        public Row get(int index) {
            return new Row(table.data, table.rows[index]);
        }

        @Override
        public int size() {
            return table.rows.length;
        }
    }

    /** The names of the columns, in their order. */
    public List<String> columns() {
        return List.copyOf(data.columns.keySet());
    }

    /** Whether there are no rows. */
    public boolean isEmpty() {
        return rows.length == 0;
    }

    private ResultTable some(IntPredicate condition) {
        return new ResultTable(data, Arrays.stream(rows).filter(condition).toArray());
    }

    /** The rows that satisfy a condition. */
    public ResultTable where(Predicate<Row> condition) {
        return some(row -> condition.test(new Row(data, row)));
    }

    /** The rows with a given text in a column. */
    public ResultTable where(String column, String text) throws FormatException {
        if (rows.length == 0) {
            return this;
        }
        Column cells = column(column);
        return some(row -> cells.get(row).equals(text));
    }

    /** The rows by the text in a column, in the order of the texts' first rows. */
    public Map<String, ResultTable> by(String column) throws FormatException {
        Map<String, IntStream.Builder> groups = new LinkedHashMap<>();
        if (rows.length > 0) {
            Column cells = column(column);
            for (int row : rows) {
                groups.computeIfAbsent(cells.get(row), text -> IntStream.builder())
                        .add(row);
            }
        }
        Map<String, ResultTable> tables = new LinkedHashMap<>();
        groups.forEach((text, some) ->
                tables.put(text, new ResultTable(data, some.build().toArray())));
        return tables;
    }

    /** The different texts in a column, in the order of their first rows. */
    public List<String> texts(String column) throws FormatException {
        return List.copyOf(different(column));
    }

    private Set<String> different(String column) throws FormatException {
        LinkedHashSet<String> texts = new LinkedHashSet<>();
        if (rows.length > 0) {
            Column cells = column(column);
            for (int row : rows) {
                texts.add(cells.get(row));
            }
        }
        return texts;
    }

    /** The number of different texts in a column. */
    public int count(String column) throws FormatException {
        return different(column).size();
    }

    /** The numbers in a column, NaN where a cell is empty. */
    public double[] numbers(String column) throws FormatException {
        double[] numbers = new double[rows.length];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = new Row(data, rows[i]).number(column);
        }
        return numbers;
    }

    private Column column(String name) throws FormatException {
        Column column = data.columns.get(name);
        if (column == null) {
            throw missing(data, rows[0], name);
        }
        return column;
    }

    private static FormatException missing(Data data, int row, String column) {
        return new FormatException(data.name + ", row " + (row + 1) + ": there is no column " + column
                + ", expected one among " + String.join(", ", data.columns.keySet()));
    }

    /**
     * The texts in a column: up to {@value #MOST_TEXTS} different ones are kept once, and their numbers; if there are more, as UTF-8.
     * Filled by one thread, then safe for any.
     */
    private static final class Column {
        private static final int MOST_TEXTS = 1 << 8;

        private final Map<String, Integer> numbers = new HashMap<>();
        private final List<String> texts = new ArrayList<>();
        private byte[] bytes = new byte[64];
        /** Where each text ends among the bytes; null while a byte is the number of a text. */
        private long[] ends;

        private long used;
        private int size;
        /** The bytes beyond one array. */
        private final List<byte[]> full = new ArrayList<>();

        void add(String text) {
            if (ends == null) {
                Integer number = numbers.get(text);
                if (number == null && texts.size() < MOST_TEXTS) {
                    number = texts.size();
                    numbers.put(text, number);
                    texts.add(text);
                }
                if (number != null) {
                    if (size == bytes.length) {
                        bytes = Arrays.copyOf(bytes, 2 * size);
                    }
                    bytes[size++] = number.byteValue();
                    return;
                }
                spell();
            }
            append(text);
        }

        /** There are too many texts: from now on each is kept as it is. */
        private void spell() {
            byte[] old = bytes;
            int count = size;
            bytes = new byte[BLOCK];
            ends = new long[Math.max(64, 2 * count)];
            size = 0;
            for (int k = 0; k < count; k++) {
                append(texts.get(old[k] & 0xff));
            }
            texts.clear();
            numbers.clear();
        }

        private static final int BLOCK = 1 << 20;

        private void append(String text) {
            for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
                int at = (int) (used % BLOCK);
                if (at == 0 && used > 0) {
                    full.add(bytes);
                    bytes = new byte[BLOCK];
                }
                bytes[at] = b;
                used++;
            }
            if (size == ends.length) {
                ends = Arrays.copyOf(ends, size + size / 2);
            }
            ends[size++] = used;
        }

        void trim() {
            if (ends == null) {
                bytes = Arrays.copyOf(bytes, size);
            } else {
                ends = Arrays.copyOf(ends, size);
            }
        }

        String get(int row) {
            if (ends == null) {
                return texts.get(bytes[row] & 0xff);
            }
            long from = row == 0 ? 0 : ends[row - 1];
            byte[] text = new byte[(int) (ends[row] - from)];
            for (int k = 0; k < text.length; k++) {
                int block = (int) ((from + k) / BLOCK);
                text[k] = (block < full.size() ? full.get(block) : bytes)[(int) ((from + k) % BLOCK)];
            }
            return new String(text, StandardCharsets.UTF_8);
        }
    }

    /** One row. Immutable, safe for any number of threads. */
    public static final class Row {
        private final Data data;
        private final int index;

        private Row(Data data, int index) {
            this.data = data;
            this.index = index;
        }

        private String where() {
            return data.name + ", row " + (index + 1);
        }

        /** The text in a column; null if there is no such column. */
        public String get(String column) {
            Column cells = data.columns.get(column);
            return cells == null ? null : cells.get(index);
        }

        /** Whether it is the same row of the same table. */
        @Override
        @SuppressWarnings("ReferenceEquality") // A table is itself only, however large.
        public boolean equals(Object other) {
            return other instanceof Row row && row.data == data && row.index == index;
        }

        @Override
        public int hashCode() {
            return index;
        }

        /**
         * The text in a column; empty if the cell is empty.
         *
         * @throws FormatException if there is no such column
         */
        public String text(String column) throws FormatException {
            String text = get(column);
            if (text == null) {
                throw missing(data, index, column);
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
                throw new FormatException(where() + ": " + column + " is '" + text + "', expected a number");
            }
        }

        /**
         * The number in a column.
         *
         * @throws FormatException if there is no such column, or the cell isn't a number, is empty or not finite
         */
        double finite(String column) throws FormatException {
            double number = number(column);
            if (!Double.isFinite(number)) {
                throw new FormatException(
                        where() + ": " + column + " is '" + text(column) + "', expected a finite number");
            }
            return number;
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
