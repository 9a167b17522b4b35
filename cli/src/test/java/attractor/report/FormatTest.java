package attractor.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import attractor.statistics.Interval;
import org.junit.jupiter.api.Test;

class FormatTest {
    @Test
    void zeroHasNoSign() {
        assertEquals("0", Format.number(-0.4, 0));
        assertEquals("0.00", Format.number(-0.001, 2));
        assertEquals("0.0", Format.number(-0.0, 1));
        assertEquals("-0.5", Format.number(-0.5, 1));
        assertEquals("-10", Format.number(-10, 0));
        assertEquals("0 to 42 %", Format.percent(new Interval(-0.002, 0.42)));
    }

    @Test
    void largeNumbersAreShort() {
        assertEquals("4.65e+17", Format.number(464683241352941120.0, 4));
        assertEquals("-2.66e+08", Format.number(-265549863.9, 3));
        assertEquals("123456.8", Format.number(123456.78, 1));
        assertEquals("20000000", Format.number(20_000_000, 0));
    }

    @Test
    void numbersThatAreNone() {
        assertEquals("-", Format.number(Double.NaN, 2));
        assertEquals("∞", Format.number(Double.POSITIVE_INFINITY, 2));
        assertEquals("-∞", Format.number(Double.NEGATIVE_INFINITY, 2));
    }
}
