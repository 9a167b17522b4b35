package attractor.io;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A recursive-descent parser for one text; see {@link Json} for what it accepts. Belongs to one thread. */
final class JsonParser {
    private final String text;
    private final String name;
    private int at;

    JsonParser(String text, String name) {
        this.text = text;
        this.name = name;
    }

    Object parse() throws FormatException {
        Object value = value(0);
        skipSpace();
        if (at < text.length()) {
            throw found("the end");
        }
        return value;
    }

    private Object value(int depth) throws FormatException {
        skipSpace();
        if (at == text.length()) {
            throw found("a value");
        }
        switch (text.charAt(at)) {
            case '{':
                return object(depth);
            case '[':
                return array(depth);
            case '"':
                return string();
            case 't':
                return word("true", Boolean.TRUE);
            case 'f':
                return word("false", Boolean.FALSE);
            case 'n':
                return word("null", null);
            default:
                return number();
        }
    }

    private Map<String, Object> object(int depth) throws FormatException {
        checkDepth(depth);
        Map<String, Object> map = new LinkedHashMap<>();
        at++;
        if (accept('}')) {
            return map;
        }
        do {
            skipSpace();
            int start = at;
            if (at == text.length() || text.charAt(at) != '"') {
                throw found("a name in double quotes");
            }
            String key = string();
            if (map.containsKey(key)) {
                at = start;
                throw new FormatException(
                        where() + "the name " + FormatException.quote(key) + " comes twice in an object");
            }
            if (!accept(':')) {
                throw found("':'");
            }
            map.put(key, value(depth + 1));
        } while (accept(','));
        if (!accept('}')) {
            throw found("',' or '}'");
        }
        return map;
    }

    private List<Object> array(int depth) throws FormatException {
        checkDepth(depth);
        List<Object> list = new ArrayList<>();
        at++;
        if (accept(']')) {
            return list;
        }
        do {
            list.add(value(depth + 1));
        } while (accept(','));
        if (!accept(']')) {
            throw found("',' or ']'");
        }
        return list;
    }

    private void checkDepth(int depth) throws FormatException {
        if (depth == Json.MAX_DEPTH) {
            throw new FormatException(where() + "found more than " + Json.MAX_DEPTH + " levels of nesting");
        }
    }

    private String string() throws FormatException {
        at++;
        StringBuilder s = new StringBuilder();
        while (true) {
            int start = at;
            while (at < text.length() && text.charAt(at) != '"' && text.charAt(at) != '\\' && text.charAt(at) >= ' ') {
                at++;
            }
            s.append(text, start, at);
            if (at == text.length() || text.charAt(at) < ' ') {
                throw found("the end of a string");
            }
            if (text.charAt(at++) == '"') {
                return s.toString();
            }
            s.append(escape());
        }
    }

    private char escape() throws FormatException {
        char c = at < text.length() ? text.charAt(at) : '\0';
        int plain = "\"\\/bfnrt".indexOf(c);
        if (plain >= 0) {
            at++;
            return "\"\\/\b\f\n\r\t".charAt(plain);
        }
        if (c != 'u') {
            throw found("one of \"\\/bfnrtu after a backslash");
        }
        at++;
        int code = 0;
        for (int end = at + 4; at < end; at++) {
            int digit = at < text.length() && text.charAt(at) < 128 ? Character.digit(text.charAt(at), 16) : -1;
            if (digit < 0) {
                throw found("four hexadecimal digits after \\u");
            }
            code = 16 * code + digit;
        }
        return (char) code;
    }

    private Object word(String word, Object value) throws FormatException {
        if (!text.startsWith(word, at)) {
            throw found("a value");
        }
        at += word.length();
        return value;
    }

    private Object number() throws FormatException {
        int start = at;
        skip('-');
        int whole = at;
        boolean integer = true;
        if (!skip('0') && digits() == 0) {
            throw found(at == start ? "a value" : "a digit");
        }
        if (at - whole == 1 && text.charAt(whole) == '0' && at < text.length() && isDigit(text.charAt(at))) {
            throw found("no digit after a leading 0");
        }
        if (skip('.')) {
            integer = false;
            if (digits() == 0) {
                throw found("a digit after the point");
            }
        }
        if (skip('e') || skip('E')) {
            integer = false;
            if (!skip('-')) {
                skip('+');
            }
            if (digits() == 0) {
                throw found("a digit in the exponent");
            }
        }
        String number = text.substring(start, at);
        if (integer && number.length() <= 20 && !number.equals("-0")) {
            try {
                return Long.parseLong(number);
            } catch (NumberFormatException tooLargeForLong) {
                // Falls through to the double, since integers in JSON have no bound.
            }
        }
        double value = Double.parseDouble(number);
        if (Double.isInfinite(value)) {
            at = start;
            throw new FormatException(
                    where() + "found " + FormatException.quote(number) + ", expected a number up to 1.8e308");
        }
        return value;
    }

    private boolean skip(char c) {
        if (at < text.length() && text.charAt(at) == c) {
            at++;
            return true;
        }
        return false;
    }

    private int digits() {
        int start = at;
        while (at < text.length() && isDigit(text.charAt(at))) {
            at++;
        }
        return at - start;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private void skipSpace() {
        while (at < text.length() && " \t\n\r".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
    }

    private boolean accept(char c) {
        skipSpace();
        return skip(c);
    }

    private String where() {
        int line = 1;
        int lineStart = 0;
        for (int i = 0; i < at; i++) {
            if (text.charAt(i) == '\n') {
                line++;
                lineStart = i + 1;
            }
        }
        return name + ": line " + line + ", column " + (at - lineStart + 1) + ": ";
    }

    private FormatException found(String expected) {
        int end = Math.min(text.length(), at + 20);
        String rest = at == text.length() ? "the end" : FormatException.quote(text.substring(at, end));
        return new FormatException(where() + "found " + rest + ", expected " + expected);
    }
}
