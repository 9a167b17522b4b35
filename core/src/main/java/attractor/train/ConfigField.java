package attractor.train;

import attractor.io.FormatException;
import attractor.io.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * One value of a {@link TrainingConfig}: its name, its default, the values that it may have, and the JSON members that
 * store it. Immutable.
 *
 * @param name its name in messages
 * @param keys its JSON members
 * @param fallback its default
 * @param check throws IllegalArgumentException for a value out of range
 * @param write writes a value's members into JSON
 * @param read reads a value from JSON
 */
record ConfigField<T>(
        String name,
        List<String> keys,
        T fallback,
        Consumer<T> check,
        BiConsumer<T, Map<String, Object>> write,
        Reader<T> read) {

    /** Reads a value's members. */
    interface Reader<T> {
        T from(JsonObject json) throws FormatException;
    }

    /** Reads one member. */
    interface Member<T> {
        T from(JsonObject json, String key) throws FormatException;
    }

    /** A value that is stored as several members. */
    static <T> ConfigField<T> of(
            String name, List<String> keys, T fallback, BiConsumer<T, Map<String, Object>> write, Reader<T> read) {
        return new ConfigField<>(name, keys, fallback, v -> {}, write, read);
    }

    /** A value that is stored as one member. */
    static <T> ConfigField<T> member(
            String name, T fallback, Consumer<T> check, Function<T, Object> write, Member<T> read) {
        return new ConfigField<>(
                name,
                List.of(name),
                fallback,
                check,
                (value, json) -> json.put(name, write.apply(value)),
                json -> read.from(json, name));
    }

    /** An integer with a lower bound. */
    static ConfigField<Integer> count(String name, int fallback, int least) {
        return member(name, fallback, v -> atLeast(name, v, least), v -> (long) v, JsonObject::getInt);
    }

    /** A finite number, 0 or more. */
    static ConfigField<Double> notNegative(String name, double fallback) {
        return member(name, fallback, v -> FitOptions.notNegative(name, v), v -> v, JsonObject::getDouble);
    }

    /** A number whose range depends on other values. */
    static ConfigField<Double> number(String name, double fallback) {
        return member(name, fallback, v -> {}, v -> v, JsonObject::getDouble);
    }

    static ConfigField<Boolean> flag(String name, boolean fallback) {
        return member(name, fallback, v -> {}, v -> v, JsonObject::getBoolean);
    }

    /** One of several named things. */
    static <T> ConfigField<T> named(String name, T fallback, Function<T, String> id, Function<String, T> of) {
        return member(name, fallback, v -> {}, id::apply, (json, key) -> of.apply(json.getString(key)));
    }

    /** The same field, but its default isn't written, so that the files of a training without it keep their content. */
    ConfigField<T> onlyIfSet() {
        return new ConfigField<>(
                name,
                keys,
                fallback,
                check,
                (value, json) -> {
                    if (!value.equals(fallback)) {
                        write.accept(value, json);
                    }
                },
                json -> keys.stream().anyMatch(json::has) ? read.from(json) : fallback);
    }

    static void atLeast(String name, int value, int least) {
        if (value < least) {
            throw new IllegalArgumentException(name + " is " + value + ", expected at least " + least);
        }
    }

    /** Checks a value of this field. */
    @SuppressWarnings("unchecked")
    void checkValue(Object value) {
        check.accept((T) Objects.requireNonNull(value, () -> name + " is null, expected a value"));
    }

    @SuppressWarnings("unchecked")
    void writeValue(Object value, Map<String, Object> json) {
        write.accept((T) value, json);
    }
}
