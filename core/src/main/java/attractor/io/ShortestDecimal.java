package attractor.io;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/**
 * The shortest decimal text that is read back as the same double; if there are several, the one nearest to it. {@code
 * Double.toString} does this only since Java 19, and files must have the same bytes on every version. The notation is
 * Python's {@code repr}: {@code 0.1}, {@code 3.0}, {@code 1e-05}, {@code 1.5e+16}. Stateless.
 */
final class ShortestDecimal {
    private ShortestDecimal() {}

    static String of(double value) {
        if (value == 0) {
            return 1 / value < 0 ? "-0.0" : "0.0";
        }
        BigDecimal exact = new BigDecimal(Math.abs(value));
        // On every version an upper bound, which is too large by a digit or two at most.
        int digits = Math.min(17, significant(Double.toString(value)));
        BigDecimal shortest = rounded(exact, digits, Math.abs(value));
        while (digits > 1) {
            BigDecimal shorter = rounded(exact, digits - 1, Math.abs(value));
            if (shorter == null) {
                break;
            }
            shortest = shorter;
            digits--;
        }
        return (value < 0 ? "-" : "") + notation(shortest.stripTrailingZeros());
    }

    private static int significant(String text) {
        int n = 0;
        for (int i = 0; i < text.length() && text.charAt(i) != 'E'; i++) {
            char c = text.charAt(i);
            if ((c >= '1' && c <= '9') || (c == '0' && n > 0)) {
                n++;
            }
        }
        return n;
    }

    /**
     * The nearest decimal with this number of digits that is read back as the same double; null if there is none. The
     * nearest decimal of all may be read back as another double where one farther away is not: below a power of two the
     * doubles are closer together.
     */
    private static BigDecimal rounded(BigDecimal exact, int digits, double value) {
        BigDecimal nearest = exact.round(new MathContext(digits, RoundingMode.HALF_EVEN));
        if (nearest.doubleValue() == value) {
            return nearest;
        }
        RoundingMode other = nearest.compareTo(exact) < 0 ? RoundingMode.UP : RoundingMode.DOWN;
        BigDecimal farther = exact.round(new MathContext(digits, other));
        return farther.doubleValue() == value ? farther : null;
    }

    private static String notation(BigDecimal decimal) {
        String digits = decimal.unscaledValue().toString();
        int point = digits.length() - decimal.scale(); // 0.DIGITS * 10^point
        if (point > 16 || point < -3) {
            int exponent = point - 1;
            String fraction = digits.length() > 1 ? "." + digits.substring(1) : "";
            return digits.charAt(0) + fraction + "e" + (exponent < 0 ? "-" : "+") + (Math.abs(exponent) < 10 ? "0" : "")
                    + Math.abs(exponent);
        }
        if (point <= 0) {
            return "0." + "0".repeat(-point) + digits;
        }
        if (point >= digits.length()) {
            return digits + "0".repeat(point - digits.length()) + ".0";
        }
        return digits.substring(0, point) + "." + digits.substring(point);
    }
}
