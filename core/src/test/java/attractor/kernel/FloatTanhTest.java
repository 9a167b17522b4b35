package attractor.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/**
 * Tanh, softplus and its derivative over the floats from 0 up: error, order and, for tanh, symmetry. By default every 509th float
 * with its upper neighbour; {@code -Dattractor.everyFloat=true} takes all of them, in two minutes.
 */
class FloatTanhTest {
    private static final int INFINITY = Float.floatToRawIntBits(Float.POSITIVE_INFINITY);

    private static final int STRIDE = Boolean.getBoolean("attractor.everyFloat") ? 1 : 509;

    private interface FloatFunction {
        float at(float x);
    }

    private interface DoubleFunction {
        double at(double x);
    }

    /** The error of a function in units in the last place, over the floats of one sign, which it must not turn around. */
    private static void check(String name, float sign, FloatFunction f, DoubleFunction exact, double most) {
        double worst = 0;
        float where = 0;
        for (int bits = 0; bits < INFINITY; bits += STRIDE) {
            float x = sign * Float.intBitsToFloat(bits);
            float y = f.at(x);
            float next = f.at(sign * Float.intBitsToFloat(bits + 1));
            assertTrue(sign > 0 ? next >= y : next <= y, () -> name + " turns around at " + x);
            double expected = exact.at(x);
            double error = Math.abs(y - expected) / Math.ulp((float) expected);
            if (!(error <= worst)) {
                worst = error;
                where = x;
            }
        }
        double found = worst;
        float at = where;
        assertTrue(found <= most, () -> name + " is off by " + found + " ulp at " + at + ", expected at most " + most);
        assertTrue(found > 0.5, () -> name + " is off by " + found + " ulp at most, too good to be true");
    }

    /** The double that is compared with is within 2 of its own units, a 2^-28th of these. */
    @Test
    void tanhIsWithinTheStatedErrorAndNonDecreasing() {
        check("tanh", 1, FloatTanh::tanh, Tanh::tanh, 1.6);
    }

    @Test
    void tanhIsOdd() {
        for (int bits = 0; bits <= INFINITY; bits += STRIDE) {
            float x = Float.intBitsToFloat(bits);
            assertEquals(
                    Float.floatToRawIntBits(FloatTanh.tanh(x)) ^ Integer.MIN_VALUE,
                    Float.floatToRawIntBits(FloatTanh.tanh(-x)),
                    () -> "x = " + x);
        }
    }

    @Test
    void softplusIsWithinTheStatedErrorAndNonDecreasing() {
        check("softplus", 1, FloatSoftplus::softplus, Softplus::softplus, 1.6);
        check("softplus below 0", -1, FloatSoftplus::softplus, Softplus::softplus, 1.6);
    }

    @Test
    void theSlopeIsWithinTheStatedErrorAndNonDecreasing() {
        check("the slope", 1, FloatSoftplus::slope, r -> -StrictMath.expm1(-r), 2);
    }

    @Test
    void exactWhereItCanBe() {
        assertEquals(1f, FloatTanh.tanh(Float.POSITIVE_INFINITY));
        assertEquals(-1f, FloatTanh.tanh(Float.NEGATIVE_INFINITY));
        assertTrue(Float.isNaN(FloatTanh.tanh(Float.NaN)));
        assertEquals(Float.MIN_VALUE, FloatTanh.tanh(Float.MIN_VALUE));
        assertEquals(Float.POSITIVE_INFINITY, FloatSoftplus.softplus(Float.POSITIVE_INFINITY));
        assertEquals(0f, FloatSoftplus.softplus(Float.NEGATIVE_INFINITY));
        assertTrue(Float.isNaN(FloatSoftplus.softplus(Float.NaN)));
        assertEquals((float) StrictMath.log(2), FloatSoftplus.softplus(-0f));
        assertEquals(0f, FloatSoftplus.slope(0));
        assertEquals(1f, FloatSoftplus.slope(Float.POSITIVE_INFINITY));
        assertTrue(Float.isNaN(FloatSoftplus.slope(Float.NaN)));
    }
}
