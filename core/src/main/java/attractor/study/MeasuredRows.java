package attractor.study;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Rows by the name of their table; a row has one value (String, Long, Double, Boolean or null) per column. Not
 * thread-safe; belongs to one thread.
 */
public final class MeasuredRows {
    /** The table of results by trial type, which every study has. */
    public static final String RESULTS = "results";

    private final Map<String, List<Map<String, Object>>> rows = new LinkedHashMap<>();

    /** No tables. */
    public MeasuredRows() {}

    /**
     * Begins a row.
     *
     * @param table the table's name, which becomes that of a file
     */
    public Row row(String table) {
        Row row = new Row();
        rows.computeIfAbsent(table, name -> new ArrayList<>()).add(row.values);
        return row;
    }

    /** The rows so far, by table. Unmodifiable. */
    public Map<String, List<Map<String, Object>>> asMap() {
        return Collections.unmodifiableMap(rows);
    }

    /** One row. Belongs to one thread. */
    public static final class Row {
        private final Map<String, Object> values = new LinkedHashMap<>();

        private Row() {}

        /**
         * Sets a value.
         *
         * @throws IllegalArgumentException if the column has one already
         */
        public Row with(String column, Object value) {
            Object stored = value instanceof Integer number ? (Object) number.longValue() : value;
            if (values.containsKey(column)) {
                throw new IllegalArgumentException("column " + column + " is set twice, expected once");
            }
            values.put(column, stored);
            return this;
        }

        /** Sets values. */
        public Row with(Map<String, ?> more) {
            more.forEach(this::with);
            return this;
        }
    }
}
