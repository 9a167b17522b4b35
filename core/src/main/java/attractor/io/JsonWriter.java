package attractor.io;

import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/** Writes one text; see {@link Json} for what it accepts. Belongs to one thread. */
final class JsonWriter {
    private static final int SHORT_ARRAY = 80;

    private final boolean pretty;
    private final StringBuilder out = new StringBuilder();

    JsonWriter(boolean pretty) {
        this.pretty = pretty;
    }

    String text(Object value) {
        write(value, 0);
        return out.toString();
    }

    private void write(Object value, int depth) {
        if (value == null) {
            out.append("null");
        } else if (value instanceof String s) {
            string(s);
        } else if (value instanceof Double || value instanceof Float) {
            double number = ((Number) value).doubleValue();
            out.append(Double.isFinite(number) ? Json.number(number) : "null");
        } else if (value instanceof Long
                || value instanceof Integer
                || value instanceof Short
                || value instanceof Byte
                || value instanceof Boolean) {
            out.append(value);
        } else if (value instanceof JsonObject object) {
            object(object.asMap(), depth);
        } else if (value instanceof Map<?, ?> map) {
            object(map, depth);
        } else if (value instanceof Collection<?> items) {
            array(new ArrayList<>(items), depth);
        } else if (value.getClass().isArray()) {
            int length = Array.getLength(value);
            List<Object> list = new ArrayList<>(length);
            for (int i = 0; i < length; i++) {
                list.add(Array.get(value, i));
            }
            array(list, depth);
        } else {
            throw new IllegalArgumentException("a " + value.getClass().getName() + " has no JSON form, expected a Map,"
                    + " a List, an array, a String, a number, a Boolean or null");
        }
    }

    private void object(Map<?, ?> map, int depth) {
        checkDepth(depth);
        out.append('{');
        boolean first = true;
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            if (!(entry.getKey() instanceof String key)) {
                throw new IllegalArgumentException("the name " + entry.getKey() + " in an object is not a String");
            }
            out.append(first ? "" : ",");
            first = false;
            newLine(depth + 1);
            string(key);
            out.append(pretty ? ": " : ":");
            write(entry.getValue(), depth + 1);
        }
        if (!first) {
            newLine(depth);
        }
        out.append('}');
    }

    private void array(List<?> list, int depth) {
        checkDepth(depth);
        boolean oneLine = !pretty || fitsOneLine(list);
        out.append('[');
        for (int i = 0; i < list.size(); i++) {
            out.append(i == 0 ? "" : pretty && oneLine ? ", " : ",");
            if (!oneLine) {
                newLine(depth + 1);
            }
            write(list.get(i), depth + 1);
        }
        if (!oneLine) {
            newLine(depth);
        }
        out.append(']');
    }

    /** Numbers always fit; strings and other plain values fit if they are few. */
    private static boolean fitsOneLine(List<?> list) {
        int length = 0;
        boolean numbers = true;
        for (Object item : list) {
            boolean number = item == null || item instanceof Number;
            if (!number && !(item instanceof String) && !(item instanceof Boolean)) {
                return false;
            }
            numbers &= number;
            length += item instanceof String s ? s.length() + 4 : 8;
        }
        return numbers || length <= SHORT_ARRAY;
    }

    private void newLine(int depth) {
        if (pretty) {
            out.append('\n').append("  ".repeat(depth));
        }
    }

    private void checkDepth(int depth) {
        if (depth == Json.MAX_DEPTH) {
            throw new IllegalArgumentException(
                    "the value has more than " + Json.MAX_DEPTH + " levels; does it contain itself?");
        }
    }

    private void string(String s) {
        out.append('"');
        for (int i = 0; i < s.length(); i++) {
            char c = s.charAt(i);
            int plain = "\"\\\b\f\n\r\t".indexOf(c);
            if (plain >= 0) {
                out.append('\\').append("\"\\bfnrt".charAt(plain));
            } else if (c < ' ' || c == 0x7f || isHalfPair(s, i)) {
                out.append(String.format("\\u%04x", (int) c));
            } else {
                out.append(c);
            }
        }
        out.append('"');
    }

    /** Half a surrogate pair has no UTF-8 form; only an escape keeps it. */
    private static boolean isHalfPair(String s, int i) {
        char c = s.charAt(i);
        if (Character.isHighSurrogate(c)) {
            return i + 1 == s.length() || !Character.isLowSurrogate(s.charAt(i + 1));
        }
        return Character.isLowSurrogate(c) && (i == 0 || !Character.isHighSurrogate(s.charAt(i - 1)));
    }
}
