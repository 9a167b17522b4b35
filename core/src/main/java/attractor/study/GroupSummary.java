package attractor.study;

import attractor.io.FormatException;
import attractor.statistics.Summary;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Rows of a study's table that agree in some columns (usually one row per network), and summaries of their numbers.
 * Immutable, safe for any number of threads.
 *
 * @param keys the texts in those columns, by column
 * @param size number of rows
 * @param numbers mean, spread and order statistics of other columns over the rows, by column
 */
public record GroupSummary(Map<String, String> keys, int size, Map<String, Summary> numbers) {

    /** Keeps the maps without copying; no other object has them. */
    public GroupSummary {
        keys = Collections.unmodifiableMap(keys);
        numbers = Collections.unmodifiableMap(numbers);
    }

    /**
     * The groups of a table, in the order of their first rows.
     *
     * @param keys the columns that rows of a group agree in
     * @param columns columns of numbers
     * @throws FormatException if the table lacks a column or has a cell that should be a number and isn't
     */
    static List<GroupSummary> of(ResultTable table, List<String> keys, String... columns) throws FormatException {
        List<GroupSummary> groups = new ArrayList<>();
        collect(table, keys, new LinkedHashMap<>(), columns, groups);
        return List.copyOf(groups);
    }

    private static void collect(
            ResultTable rows, List<String> left, Map<String, String> keys, String[] columns, List<GroupSummary> to)
            throws FormatException {
        if (left.isEmpty()) {
            Map<String, Summary> numbers = new LinkedHashMap<>();
            for (String column : columns) {
                numbers.put(column, Summary.of(rows.numbers(column)));
            }
            to.add(new GroupSummary(new LinkedHashMap<>(keys), rows.rows().size(), numbers));
            return;
        }
        for (Map.Entry<String, ResultTable> part : rows.by(left.get(0)).entrySet()) {
            keys.put(left.get(0), part.getKey());
            collect(part.getValue(), left.subList(1, left.size()), keys, columns, to);
            keys.remove(left.get(0));
        }
    }

    /**
     * The text in one of the columns that the rows agree in.
     *
     * @throws NullPointerException if it isn't one of them
     */
    public String key(String column) {
        return Objects.requireNonNull(keys.get(column), column);
    }

    /**
     * The text of {@link #key} as a number.
     *
     * @throws NullPointerException if the column isn't one of those that the rows agree in
     * @throws NumberFormatException if it isn't a number
     */
    public double keyNumber(String column) {
        return Double.parseDouble(key(column));
    }

    /**
     * The summary of a column's numbers.
     *
     * @throws NullPointerException if it isn't one of those that were asked for
     */
    public Summary of(String column) {
        return Objects.requireNonNull(numbers.get(column), column);
    }

    /** As JSON, see {@link attractor.io.Json}: keys, number of networks, and mean, sd and median by column. */
    Map<String, Object> toJson() {
        Map<String, Object> json = new LinkedHashMap<>(keys);
        json.put("networks", size);
        numbers.forEach((column, summary) -> {
            Map<String, Object> map = new LinkedHashMap<>();
            map.put("mean", summary.mean());
            map.put("sd", summary.sd());
            map.put("median", summary.median());
            json.put(column, map);
        });
        return json;
    }

    static List<Object> toJson(List<GroupSummary> groups) {
        List<Object> json = new ArrayList<>();
        groups.forEach(group -> json.add(group.toJson()));
        return json;
    }

    /** Number of rows with {@code true} in a column. */
    static int count(ResultTable rows, String column) throws FormatException {
        int count = 0;
        for (ResultTable.Row row : rows.rows()) {
            count += row.flag(column) ? 1 : 0;
        }
        return count;
    }

    /** The sum of a column of numbers. */
    static double sum(ResultTable rows, String column) throws FormatException {
        double sum = 0;
        for (double value : rows.numbers(column)) {
            sum += value;
        }
        return sum;
    }
}
