package attractor.cli.result;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Objects and lists for JSON. Stateless. */
final class JsonMembers {
    private JsonMembers() {}

    /** An object with members in this order: names and values in turn. */
    static Map<String, Object> of(Object... namesAndValues) {
        Map<String, Object> map = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            map.put((String) namesAndValues[i], namesAndValues[i + 1]);
        }
        return map;
    }

    static List<Double> numbers(double[] a) {
        return Arrays.stream(a).boxed().toList();
    }

    static List<List<Double>> rows(double[] a, int rows) {
        List<List<Double>> list = new ArrayList<>();
        int length = a.length / rows;
        for (int k = 0; k < rows; k++) {
            list.add(numbers(Arrays.copyOfRange(a, k * length, (k + 1) * length)));
        }
        return list;
    }
}
