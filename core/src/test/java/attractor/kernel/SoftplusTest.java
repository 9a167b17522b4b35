package attractor.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class SoftplusTest {
    private static final MathContext DIGITS = new MathContext(60);

    private static BigDecimal exp(BigDecimal x) {
        int halvings = 14;
        BigDecimal small = x.divide(BigDecimal.valueOf(1 << halvings), DIGITS);
        BigDecimal sum = BigDecimal.ONE;
        BigDecimal term = BigDecimal.ONE;
        for (int i = 1; i < 30; i++) {
            term = term.multiply(small, DIGITS).divide(BigDecimal.valueOf(i), DIGITS);
            sum = sum.add(term, DIGITS);
        }
        for (int i = 0; i < halvings; i++) {
            sum = sum.multiply(sum, DIGITS);
        }
        return sum;
    }

    /** log(1 + exp(x)) with about forty digits. */
    private static BigDecimal exact(double x) {
        BigDecimal t = exp(new BigDecimal(-Math.abs(x)));
        // log(1 + t) = 2 (s + s^3/3 + s^5/5 + ...) with s = t / (2 + t), at most 1/3.
        BigDecimal s = t.divide(t.add(BigDecimal.valueOf(2)), DIGITS);
        BigDecimal square = s.multiply(s, DIGITS);
        BigDecimal sum = BigDecimal.ZERO;
        BigDecimal power = s;
        for (int k = 1; k < 90; k += 2) {
            sum = sum.add(power.divide(BigDecimal.valueOf(k), DIGITS), DIGITS);
            power = power.multiply(square, DIGITS);
        }
        sum = sum.multiply(BigDecimal.valueOf(2));
        return x > 0 ? sum.add(new BigDecimal(x)) : sum;
    }

    private static double errorInUlps(double x) {
        BigDecimal exact = exact(x);
        return new BigDecimal(Softplus.softplus(x)).subtract(exact).abs().doubleValue() / Math.ulp(exact.doubleValue());
    }

    @Test
    void theReferenceItselfIsRight() {
        assertEquals(
                "0.6931471805599453094172321214581765680755",
                exact(0).setScale(40, java.math.RoundingMode.HALF_EVEN).toPlainString());
        // log(1 + e), from a table.
        assertEquals(
                "1.3132616875182228340489954949678556419153",
                exact(1).setScale(40, java.math.RoundingMode.HALF_EVEN).toPlainString());
    }

    @Test
    @Tag("slow")
    void withinTheStatedErrorOverTheWholeRange() {
        long seed = 1;
        Random random = new Random(seed);
        double worst = 0;
        double at = 0;
        for (int i = 0; i < 12_000; i++) {
            double scale = i % 4 == 0 ? 40 : i % 4 == 1 ? 700 : i % 4 == 2 ? 4 : 0.3;
            double x = scale * (2 * random.nextDouble() - 1);
            x = i % 97 == 0 ? Math.scalb(x, -random.nextInt(60)) : x;
            double error = errorInUlps(x);
            if (!(error <= worst)) {
                worst = error;
                at = x;
            }
        }
        double found = worst;
        double where = at;
        assertTrue(
                found <= 1.5,
                () -> "softplus is off by " + found + " ulp at " + where + ", expected at most 1.5; seed " + seed);
        assertTrue(found > 0.5, () -> "the worst error seen is " + found + " ulp, too good to be true");
    }

    /** Results below the smallest normal double are off by at most two of the smallest. */
    @Test
    void tinyResultsVanishGradually() {
        for (double x = -708; x > -747; x -= 0.37) {
            double expected = exact(x).doubleValue();
            assertEquals(expected, Softplus.softplus(x), 2 * Math.ulp(expected), "x = " + x);
        }
        assertEquals(0.0, Softplus.softplus(-746));
    }

    @Test
    void neitherOverflowsNorLosesItself() {
        assertEquals(1e300, Softplus.softplus(1e300));
        assertEquals(Double.MAX_VALUE, Softplus.softplus(Double.MAX_VALUE));
        assertEquals(Double.POSITIVE_INFINITY, Softplus.softplus(Double.POSITIVE_INFINITY));
        assertEquals(0.0, Softplus.softplus(Double.NEGATIVE_INFINITY));
        assertEquals(0.0, Softplus.softplus(-Double.MAX_VALUE));
        assertTrue(Double.isNaN(Softplus.softplus(Double.NaN)));
        assertEquals(StrictMath.log(2), Softplus.softplus(0.0));
        assertEquals(StrictMath.log(2), Softplus.softplus(-0.0));
    }

    /** phi' = 1 - exp(-r), against the logistic function of z. */
    @Test
    void theSlopeIsTheLogisticFunction() {
        for (double z = -600; z < 60; z += 0.0931) {
            double expected = z < 0 ? StrictMath.exp(z) / (1 + StrictMath.exp(z)) : 1 / (1 + StrictMath.exp(-z));
            double found = Activation.SOFTPLUS.slope(Activation.SOFTPLUS.rate(z));
            assertEquals(expected, found, 8 * Math.ulp(expected), "z = " + z);
        }
        assertEquals(1.0, Softplus.slope(Double.POSITIVE_INFINITY));
        assertEquals(0.0, Softplus.slope(0.0));
        assertTrue(Double.isNaN(Softplus.slope(Double.NaN)));
    }

    private static void assertNonDecreasing(double from, int count) {
        double x = from;
        double y = Softplus.softplus(x);
        for (int i = 0; i < count; i++) {
            x = Math.nextUp(x);
            double next = Softplus.softplus(x);
            if (next < y) {
                throw new AssertionError("softplus falls from " + y + " to " + next + " at " + x);
            }
            y = next;
        }
    }

    @Test
    @Tag("slow")
    void nonDecreasingOverMillionsOfNeighbours() {
        double[] starts = {
            -745.2, -720, -700, -300, -40, -20, -8, -4, -3, -2, -1.5, -1, -0.8, -0.6, -0.4, -0.3, -0.2, -0.1, -1e-3,
            -1e-8, -1e-300, 1e-300, 1e-8, 1e-3, 0.05, 0.1, 0.2, 0.25, 0.3, 0.5, 0.7, 1, 1.5, 2, 3, 8, 20, 30, 36.7
        };
        for (double start : starts) {
            assertNonDecreasing(start, 300_000);
        }
    }

    @Test
    void nonDecreasingAtEveryBranchPoint() {
        int around = 3000;
        for (int k = 0; k < 1080; k++) {
            double begins = (k + 0.5 + Tanh.SHIFT) * StrictMath.log(2);
            int width = k < 60 ? around : 50;
            assertNonDecreasing(-step(begins, width), 2 * width);
            assertNonDecreasing(step(begins, -width), 2 * width);
        }
        assertNonDecreasing(-Double.MIN_VALUE * around, 2 * around);
        for (int exponent = -30; exponent < 10; exponent++) {
            assertNonDecreasing(step(Math.scalb(1.0, exponent), -around), 2 * around);
            assertNonDecreasing(-step(Math.scalb(1.0, exponent), around), 2 * around);
        }
    }

    private static double step(double x, int ulps) {
        return Double.longBitsToDouble(Double.doubleToRawLongBits(x) + ulps);
    }
}
