package attractor.io;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The header of a {@code .npy} file, a Python literal such as {@code {'descr': '<f8', 'fortran_order': False, 'shape':
 * (3, 4), }}: exactly these three keys, in any order and with any white space.
 *
 * @param descr the type
 * @param fortranOrder whether the first index runs fastest
 * @param shape one length per dimension
 */
record NpyHeader(String descr, boolean fortranOrder, int[] shape) {
    /** NumPy's own limit. */
    private static final int MAX_RANK = 64;

    /** NumPy leaves room for the first dimension to grow to this many digits. */
    private static final int GROWTH_DIGITS = 21;

    static NpyHeader parse(String text, String what) throws FormatException {
        return new Parser(text, what).parse();
    }

    /** The literal as NumPy writes it, for C order, without the padding to a multiple of 64. */
    String text() {
        StringBuilder s = new StringBuilder("{'descr': '").append(descr).append("', 'fortran_order': False, 'shape': ");
        s.append(NpyArray.shapeText(shape)).append(", }");
        if (shape.length > 0) {
            s.append(" ".repeat(GROWTH_DIGITS - Integer.toString(shape[0]).length()));
        }
        return s.toString();
    }

    private static final class Parser {
        private final String text;
        private final String what;
        private int at;

        Parser(String text, String what) {
            this.text = text;
            this.what = what;
        }

        NpyHeader parse() throws FormatException {
            String descr = null;
            boolean fortranOrder = false;
            int[] shape = null;
            Set<String> seen = new HashSet<>();
            expect('{');
            while (!accept('}')) {
                String key = string();
                if (!seen.add(key)) {
                    throw new FormatException(what + ": the header has " + FormatException.quote(key) + " twice");
                }
                expect(':');
                switch (key) {
                    case "descr" -> descr = descr();
                    case "fortran_order" -> fortranOrder = bool();
                    case "shape" -> shape = shape();
                    default ->
                        throw new FormatException(what + ": the header has the key " + FormatException.quote(key)
                                + ", expected descr, fortran_order and shape");
                }
                if (!accept(',')) {
                    expect('}');
                    break;
                }
            }
            if (peek() != '\0' || at < text.length()) {
                throw found("the end of the header");
            }
            for (String key : List.of("descr", "fortran_order", "shape")) {
                if (!seen.contains(key)) {
                    throw new FormatException(what + ": the header has no '" + key + "'");
                }
            }
            return new NpyHeader(descr, fortranOrder, shape);
        }

        private String descr() throws FormatException {
            if (peek() == '[') {
                throw new FormatException(what + ": has a structured type, expected one number or string an element");
            }
            return string();
        }

        private String string() throws FormatException {
            char quote = peek();
            if (quote != '\'' && quote != '"') {
                throw found("a string in quotes");
            }
            int end = text.indexOf(quote, at + 1);
            int escape = text.indexOf('\\', at + 1);
            if (end < 0 || (escape >= 0 && escape < end)) {
                throw found("a string without escapes that ends");
            }
            String value = text.substring(at + 1, end);
            at = end + 1;
            return value;
        }

        private boolean bool() throws FormatException {
            peek();
            for (String word : List.of("True", "False")) {
                if (text.startsWith(word, at)) {
                    at += word.length();
                    return word.equals("True");
                }
            }
            throw found("True or False");
        }

        private int[] shape() throws FormatException {
            List<Integer> dims = new ArrayList<>();
            expect('(');
            while (!accept(')')) {
                if (dims.size() == MAX_RANK) {
                    throw new FormatException(what + ": has more than " + MAX_RANK + " dimensions");
                }
                dims.add(dimension());
                if (!accept(',')) {
                    if (dims.size() == 1) {
                        throw found("',' (a tuple of one)");
                    }
                    expect(')');
                    break;
                }
            }
            return dims.stream().mapToInt(Integer::intValue).toArray();
        }

        private int dimension() throws FormatException {
            peek();
            int start = at;
            while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
                at++;
            }
            String digits = text.substring(start, at);
            if (digits.isEmpty()) {
                throw found("a dimension of 0 or more");
            }
            if (at < text.length() && text.charAt(at) == 'L') {
                at++; // a suffix of integers written by Python 2
            }
            try {
                return Integer.parseInt(digits);
            } catch (NumberFormatException e) {
                throw new FormatException(
                        what + ": has a dimension of " + FormatException.quote(digits) + ", expected at most "
                                + Integer.MAX_VALUE,
                        e);
            }
        }

        /** The next character that is not white space; NUL at the end. */
        private char peek() {
            while (at < text.length() && " \t\r\n\f".indexOf(text.charAt(at)) >= 0) {
                at++;
            }
            return at < text.length() ? text.charAt(at) : '\0';
        }

        private boolean accept(char c) {
            if (peek() != c || at == text.length()) {
                return false;
            }
            at++;
            return true;
        }

        private void expect(char c) throws FormatException {
            if (!accept(c)) {
                throw found("'" + c + "'");
            }
        }

        private FormatException found(String expected) {
            String rest = at < text.length() ? FormatException.quote(text.substring(at)) : "its end";
            return new FormatException(what + ": the header has " + rest + " at " + at + ", expected " + expected);
        }
    }
}
