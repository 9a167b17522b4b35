package attractor.study;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The columns that a training's settings have in the results. Options of the task have columns of their own, by their keys;
 * parts of another setting are named after it, such as {@code mask.seed}. Sets of entries, such as signs, are told apart by
 * a hash. Stateless, safe for any number of threads.
 */
final class RunColumns {
    private static final String OPTIONS = "taskOptions";

    private RunColumns() {}

    /** The columns of a training's configuration as JSON. */
    static Map<String, Object> of(Map<String, Object> training) {
        Map<String, Object> cells = new LinkedHashMap<>();
        training.forEach((key, value) -> {
            if (key.equals(OPTIONS)) {
                ((Map<?, ?>) value).forEach((name, inner) -> cells.put(name.toString(), cell(inner)));
            } else if (key.equals("task") && value == null) {
                cells.put(key, StudyRun.DATA);
            } else if (key.equals("stages")) {
                cells.put(key, stages((List<?>) value, (Map<?, ?>) training.get(OPTIONS)));
            } else if (value instanceof Map<?, ?> map) {
                put(key, map, cells);
            } else if (value != null) {
                // A column of that name has the loss that was reached.
                cells.put(key.equals("loss") ? "lossFunction" : key, cell(value));
            }
        });
        return cells;
    }

    private static void put(String key, Map<?, ?> parts, Map<String, Object> cells) {
        if (parts.isEmpty()) {
            cells.put(key, "all");
        } else if (parts.containsKey("rows")) {
            cells.put(key, StudyRun.hashOf(parts));
        } else {
            parts.forEach((name, inner) -> {
                if (inner instanceof Map<?, ?> map) {
                    put(key + "." + name, map, cells);
                } else {
                    cells.put(key + "." + name, cell(inner));
                }
            });
        }
    }

    /** What differs from the training's own options, and the rest of each stage. */
    private static String stages(List<?> stages, Map<?, ?> usual) {
        List<String> texts = new ArrayList<>();
        for (Object stage : stages) {
            List<String> words = new ArrayList<>();
            ((Map<?, ?>) stage).forEach((key, value) -> {
                if (!key.equals(OPTIONS)) {
                    words.add(key + " " + cell(value));
                    return;
                }
                ((Map<?, ?>) value).forEach((name, inner) -> {
                    if (!Objects.equals(inner, usual.get(name))) {
                        words.add(name + " " + cell(inner));
                    }
                });
            });
            texts.add(String.join(", ", words));
        }
        return String.join("; ", texts);
    }

    private static Object cell(Object value) {
        return value instanceof Collection<?> list
                ? String.join(" ", list.stream().map(Objects::toString).toList())
                : value;
    }
}
