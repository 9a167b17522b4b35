package attractor.report;

import attractor.io.FormatException;
import attractor.statistics.Summary;
import attractor.study.ResultTable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Rows that agree in some columns. Immutable, safe for any number of threads.
 *
 * @param keys their texts in these columns
 */
record Group(List<String> keys, ResultTable rows) {

    /** The groups of a table, in the order in which they come first. */
    static List<Group> of(ResultTable table, String... columns) throws FormatException {
        List<Group> groups = new ArrayList<>(List.of(new Group(List.of(), table)));
        for (String column : columns) {
            List<Group> finer = new ArrayList<>();
            for (Group group : groups) {
                for (Map.Entry<String, ResultTable> part : group.rows.by(column).entrySet()) {
                    List<String> keys = new ArrayList<>(group.keys);
                    keys.add(part.getKey());
                    finer.add(new Group(List.copyOf(keys), part.getValue()));
                }
            }
            groups = finer;
        }
        return groups;
    }

    String key(int k) {
        return keys.get(k);
    }

    double number(int k) {
        return Double.parseDouble(keys.get(k));
    }

    /** Of a column with numbers. */
    Summary summary(String column) throws FormatException {
        return Summary.of(rows.numbers(column));
    }

    /** The sum of a column with numbers. */
    double sum(String column) throws FormatException {
        double sum = 0;
        for (double value : rows.numbers(column)) {
            sum += value;
        }
        return sum;
    }

    /** How many rows say true in a column. */
    int count(String column) throws FormatException {
        int count = 0;
        for (ResultTable.Row row : rows.rows()) {
            count += row.flag(column) ? 1 : 0;
        }
        return count;
    }

    int size() {
        return rows.rows().size();
    }

    /** Groups as JSON: keys, number of networks, and mean, sd and median of some columns. */
    static List<Object> json(List<Group> groups, List<String> keys, String... columns) throws FormatException {
        List<Object> list = new ArrayList<>();
        for (Group group : groups) {
            Map<String, Object> map = new LinkedHashMap<>();
            for (int k = 0; k < keys.size(); k++) {
                map.put(keys.get(k), group.key(k));
            }
            map.put("networks", group.size());
            for (String column : columns) {
                Summary summary = group.summary(column);
                Map<String, Object> numbers = new LinkedHashMap<>();
                numbers.put("mean", summary.mean());
                numbers.put("sd", summary.sd());
                numbers.put("median", summary.median());
                map.put(column, numbers);
            }
            list.add(map);
        }
        return list;
    }
}
