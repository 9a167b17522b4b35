package attractor.train;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Where the trials of a training come from: a task makes them, or they are given as arrays. Immutable, safe for any
 * thread.
 */
public sealed interface TrialOrigin {

    /**
     * A task makes the trials. Immutable, safe for any thread.
     *
     * @param name the task's name
     * @param options all of its options by key, Double or List of Double
     */
    record OfTask(String name, Map<String, Object> options) implements TrialOrigin {
        /**
         * Copies the options.
         *
         * @throws IllegalArgumentException if one is neither a number nor a list of numbers
         */
        public OfTask {
            Objects.requireNonNull(name, "the task's name is null, expected one");
            options = copyOf(options);
        }
    }

    /**
     * The trials are given. Immutable, safe for any thread.
     *
     * @param digest their {@link TrainingConfig#digest}
     */
    record OfArrays(String digest) implements TrialOrigin {
        public OfArrays {
            Objects.requireNonNull(digest, "the trials' digest is null, expected one");
        }
    }

    /** A copy of a task's options with all numbers as doubles; unmodifiable. */
    static Map<String, Object> copyOf(Map<String, ?> options) {
        Map<String, Object> copy = new LinkedHashMap<>();
        options.forEach((key, value) -> copy.put(key, optionValue(key, value)));
        return Collections.unmodifiableMap(copy);
    }

    /** A number as a Double, a list of numbers as a list of Double. */
    private static Object optionValue(String key, Object value) {
        if (value instanceof Number number) {
            return number.doubleValue();
        }
        if (value instanceof List<?> list) {
            List<Double> numbers = new ArrayList<>();
            for (Object element : list) {
                if (!(element instanceof Number number)) {
                    throw new IllegalArgumentException(
                            "option " + key + "[" + numbers.size() + "] is " + element + ", expected a number");
                }
                numbers.add(number.doubleValue());
            }
            return List.copyOf(numbers);
        }
        throw new IllegalArgumentException(
                "option " + key + " is " + value + ", expected a number or a list of numbers");
    }
}
