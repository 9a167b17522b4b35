package attractor.io;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * A JSON object from a file, with accessors that check: a missing name or a value of another type gives a {@link
 * FormatException} such as {@code run.json: training.lr is the string 'fast', expected a number}.
 *
 * <p>A view of the given map, which is not copied; thread-safe as long as no thread changes the map.
 */
public final class JsonObject {
    private static final String NUMBER = "a number";
    private static final String INTEGER = "an integer";
    private static final String BOOLEAN = "true or false";
    private static final String STRING = "a string";
    private static final String OBJECT = "an object";
    private static final String ARRAY = "an array";

    private final Map<String, Object> map;
    private final String name;
    private final String path;

    /**
     * Wraps the members.
     *
     * @param map the members, as {@link Json#parse} gives them. Not copied.
     * @param name the file's name in error messages
     */
    public JsonObject(Map<String, Object> map, String name) {
        this(map, name, "");
    }

    private JsonObject(Map<String, Object> map, String name, String path) {
        this.map = map;
        this.name = name;
        this.path = path;
    }

    /** The file's name in error messages. */
    public String name() {
        return name;
    }

    /** The members, in the order of the text; unmodifiable. */
    public Map<String, Object> asMap() {
        return Collections.unmodifiableMap(map);
    }

    /** Whether there is a member with this name, even if it is null. */
    public boolean has(String key) {
        return map.containsKey(key);
    }

    /**
     * A number; integers are numbers too.
     *
     * @throws FormatException if it is missing, null or not a number
     */
    public double getDouble(String key) throws FormatException {
        return toDouble(get(key, NUMBER), path + key);
    }

    /**
     * A number, or NaN where the file has null, since {@link Json} writes NaN and the infinities as null.
     *
     * @throws FormatException if it is missing or neither a number nor null
     */
    public double getDoubleOrNaN(String key) throws FormatException {
        Object value = get(key, NUMBER);
        return value == null ? Double.NaN : toDouble(value, path + key);
    }

    /**
     * An integer.
     *
     * @throws FormatException if it is missing or not an integer of 64 bits, written without fraction and exponent
     */
    public long getLong(String key) throws FormatException {
        Object value = get(key, INTEGER);
        if (value instanceof Long number) {
            return number;
        }
        throw wrong(path + key, value, INTEGER);
    }

    /**
     * An integer.
     *
     * @throws FormatException if it is missing or not an integer of 32 bits, written without fraction and exponent
     */
    public int getInt(String key) throws FormatException {
        long value = getLong(key);
        if (value != (int) value) {
            throw wrong(path + key, value, "an integer of 32 bits");
        }
        return (int) value;
    }

    /**
     * A boolean.
     *
     * @throws FormatException if it is missing or not a boolean
     */
    public boolean getBoolean(String key) throws FormatException {
        Object value = get(key, BOOLEAN);
        if (value instanceof Boolean bool) {
            return bool;
        }
        throw wrong(path + key, value, BOOLEAN);
    }

    /**
     * A string.
     *
     * @throws FormatException if it is missing or not a string
     */
    public String getString(String key) throws FormatException {
        Object value = get(key, STRING);
        if (value instanceof String string) {
            return string;
        }
        throw wrong(path + key, value, STRING);
    }

    /**
     * An object.
     *
     * @throws FormatException if it is missing or not an object
     */
    public JsonObject getObject(String key) throws FormatException {
        return toObject(get(key, OBJECT), path + key);
    }

    /**
     * An array of objects.
     *
     * @throws FormatException if it is missing or not an array, or an element is not an object
     */
    public List<JsonObject> getObjects(String key) throws FormatException {
        List<JsonObject> objects = new ArrayList<>();
        for (Object value : getList(key)) {
            objects.add(toObject(value, path + key + "[" + objects.size() + "]"));
        }
        return objects;
    }

    /**
     * An array of numbers.
     *
     * @throws FormatException if it is missing or not an array, or an element is not a number
     */
    public double[] getDoubles(String key) throws FormatException {
        List<?> list = getList(key);
        double[] numbers = new double[list.size()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = toDouble(list.get(i), path + key + "[" + i + "]");
        }
        return numbers;
    }

    /**
     * An array of strings.
     *
     * @throws FormatException if it is missing or not an array, or an element is not a string
     */
    public List<String> getStrings(String key) throws FormatException {
        List<String> strings = new ArrayList<>();
        for (Object value : getList(key)) {
            if (!(value instanceof String string)) {
                throw wrong(path + key + "[" + strings.size() + "]", value, STRING);
            }
            strings.add(string);
        }
        return strings;
    }

    /**
     * An array of values of any type.
     *
     * @throws FormatException if it is missing or not an array
     */
    public List<?> getList(String key) throws FormatException {
        Object value = get(key, ARRAY);
        if (value instanceof List<?> list) {
            return Collections.unmodifiableList(list);
        }
        throw wrong(path + key, value, ARRAY);
    }

    /**
     * Refuses members that the reader does not know.
     *
     * @throws FormatException if there is a member whose name is not in {@code known}
     */
    public void requireOnly(Set<String> known) throws FormatException {
        for (String key : map.keySet()) {
            if (!known.contains(key)) {
                throw new FormatException(name + ": has the unknown member " + FormatException.quote(path + key)
                        + ", expected only " + String.join(", ", new TreeSet<>(known)));
            }
        }
    }

    /** Where a member stands and what it is, for messages: {@code run.json: training.lr is the string 'fast'}. */
    public String found(String key) {
        return name + ": " + path + key + " is " + describe(map.get(key));
    }

    /** An error about a value of this object that is out of range, with the file's name and the path to the object. */
    public FormatException invalid(IllegalArgumentException e) {
        String at = path.isEmpty() ? "" : path.substring(0, path.length() - 1) + ": ";
        return new FormatException(name + ": " + at + e.getMessage(), e);
    }

    private Object get(String key, String expected) throws FormatException {
        if (!map.containsKey(key)) {
            throw new FormatException(name + ": has no " + path + key + ", expected " + expected);
        }
        return map.get(key);
    }

    private double toDouble(Object value, String where) throws FormatException {
        if (value instanceof Double || value instanceof Long) {
            return ((Number) value).doubleValue();
        }
        throw wrong(where, value, NUMBER);
    }

    private JsonObject toObject(Object value, String where) throws FormatException {
        if (value instanceof Map<?, ?>) {
            return new JsonObject(cast(value), name, where + ".");
        }
        throw wrong(where, value, OBJECT);
    }

    private FormatException wrong(String where, Object value, String expected) {
        return new FormatException(name + ": " + where + " is " + describe(value) + ", expected " + expected);
    }

    static String describe(Object value) {
        if (value instanceof String string) {
            return "the string " + FormatException.quote(string);
        }
        if (value instanceof Map<?, ?>) {
            return "an object";
        }
        if (value instanceof List<?>) {
            return "an array";
        }
        return String.valueOf(value);
    }

    /** For maps that {@link JsonParser} created. */
    @SuppressWarnings("unchecked")
    static Map<String, Object> cast(Object map) {
        return (Map<String, Object>) map;
    }
}
