package attractor.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class TanhTest {
    private static final MathContext DIGITS = new MathContext(45);

    /**
     * tanh with about forty digits: (e^2x - 1) / (e^2x + 1), the exponential by its series after halving the argument.
     */
    private static BigDecimal exact(double x) {
        BigDecimal two = BigDecimal.valueOf(2);
        if (Math.abs(x) < 1e-5) {
            BigDecimal b = new BigDecimal(x);
            BigDecimal square = b.multiply(b);
            // x - x^3/3 + 2 x^5/15 - 17 x^7/315: the next term is below 1e-45 of x.
            BigDecimal sum = BigDecimal.ONE
                    .subtract(square.divide(BigDecimal.valueOf(3), DIGITS))
                    .add(square.multiply(square).multiply(two).divide(BigDecimal.valueOf(15), DIGITS))
                    .subtract(square.pow(3).multiply(BigDecimal.valueOf(17)).divide(BigDecimal.valueOf(315), DIGITS));
            return b.multiply(sum, DIGITS);
        }
        int halvings = 10;
        BigDecimal small = new BigDecimal(x).multiply(two).divide(BigDecimal.valueOf(1 << halvings), DIGITS);
        // expm1 doubles as e -> e (e + 2), which keeps its relative precision.
        BigDecimal e = BigDecimal.ZERO;
        BigDecimal term = BigDecimal.ONE;
        for (int i = 1; i < 30; i++) {
            term = term.multiply(small).divide(BigDecimal.valueOf(i), DIGITS);
            e = e.add(term);
        }
        for (int i = 0; i < halvings; i++) {
            e = e.multiply(e.add(two), DIGITS);
        }
        return e.divide(e.add(two), DIGITS);
    }

    private static double errorInUlps(double x) {
        double y = Tanh.tanh(x);
        BigDecimal exact = exact(x);
        return new BigDecimal(y).subtract(exact).abs().doubleValue() / Math.ulp(exact.doubleValue());
    }

    /** The largest error over many arguments. */
    private static final class Worst {
        private double error;
        private double at;

        void take(double x) {
            double found = errorInUlps(x);
            if (!(found <= error)) {
                error = found;
                at = x;
            }
        }
    }

    @Test
    @Tag("slow")
    void withinTheStatedErrorOverTheWholeRange() {
        long seed = 1;
        Random random = new Random(seed);
        Worst worst = new Worst();
        for (int exponent = -1074; exponent <= 4; exponent++) {
            for (int i = 0; i < (exponent < -40 ? 3 : 300); i++) {
                worst.take(Math.scalb(1 + random.nextDouble(), exponent));
            }
        }
        // The argument with the largest error, and its neighbours.
        for (int i = 0; i < 12_000; i++) {
            worst.take(0.17 + 0.38 * random.nextDouble());
        }
        for (int k = 0; k < 60; k++) {
            for (int ulps = -3; ulps <= 3; ulps++) {
                worst.take(step(whereBegins(k + 1), ulps));
            }
        }
        assertTrue(
                worst.error <= 1.75,
                () -> "tanh is off by " + worst.error + " ulp at " + worst.at + ", expected at most 1.75; seed "
                        + seed);
        assertTrue(worst.error > 0.5, () -> "the worst error seen is " + worst.error + " ulp, too good to be true");
    }

    /** Approximately the argument from which on Tanh's k has this value. */
    private static double whereBegins(int k) {
        return (k - 0.5 - Tanh.SHIFT) * StrictMath.log(2) / 2;
    }

    @Test
    void theReferenceItselfIsRight() {
        assertEquals(0.76159415595576488811945828260479359, exact(1).doubleValue());
        // From a table to 40 digits: tanh(1/2) and tanh(1/4).
        assertEquals("0.4621171572600097585023184836436725487303", rounded(exact(0.5)));
        assertEquals("0.2449186624037091292778011314910169575066", rounded(exact(0.25)));
        assertEquals(1e-7 * (1 - 1e-14 / 3), exact(1e-7).doubleValue());
    }

    private static String rounded(BigDecimal x) {
        return x.setScale(40, java.math.RoundingMode.HALF_EVEN).toPlainString();
    }

    @Test
    void exactWhereItCanBe() {
        assertEquals(Double.doubleToRawLongBits(0.0), Double.doubleToRawLongBits(Tanh.tanh(0.0)));
        assertEquals(Double.doubleToRawLongBits(-0.0), Double.doubleToRawLongBits(Tanh.tanh(-0.0)));
        assertEquals(1.0, Tanh.tanh(Double.POSITIVE_INFINITY));
        assertEquals(-1.0, Tanh.tanh(Double.NEGATIVE_INFINITY));
        assertTrue(Double.isNaN(Tanh.tanh(Double.NaN)));
        assertEquals(1.0, Tanh.tanh(1e300));
        for (double x = Double.MIN_VALUE; x < 1e-9; x *= 3) {
            assertEquals(x, Tanh.tanh(x));
        }
    }

    /** Some points in every part of the range; the JDK's own tanh is within 2.5 ulp of the true value. */
    @Test
    void agreesWithTheJdkAtSomePoints() {
        for (double x : new double[] {1e-300, 1e-9, 0.01, 0.125, 0.22, 0.35, 0.5, 1, 1.7, 2, 3.3, 5, 9, 14, 18, 18.7}) {
            double expected = StrictMath.tanh(x);
            assertEquals(expected, Tanh.tanh(x), 4 * Math.ulp(expected), "x = " + x);
        }
    }

    @Test
    void odd() {
        Random random = new Random(2);
        for (int i = 0; i < 200_000; i++) {
            double x = random.nextGaussian() * StrictMath.exp(3 * random.nextGaussian());
            assertEquals(
                    Double.doubleToRawLongBits(-Tanh.tanh(x)),
                    Double.doubleToRawLongBits(Tanh.tanh(-x)),
                    () -> "x = " + x);
        }
    }

    private static void assertNonDecreasing(double from, int count) {
        double x = from;
        double y = Tanh.tanh(x);
        for (int i = 0; i < count; i++) {
            x = Math.nextUp(x);
            double next = Tanh.tanh(x);
            if (next < y) {
                throw new AssertionError("tanh falls from " + y + " to " + next + " at " + x);
            }
            y = next;
        }
    }

    @Test
    @Tag("slow")
    void nonDecreasingOverTenMillionNeighbours() {
        double[] starts = {
            0, 1e-300, 1e-8, 1e-3, 0.05, 0.1, 0.17, 0.2, 0.25, 0.3, 0.4, 0.5, 0.549, 0.6, 0.8, 1, 1.5, 2, 3, 18
        };
        for (double start : starts) {
            assertNonDecreasing(start, 500_000);
        }
    }

    @Test
    void nonDecreasingAtEveryBranchPoint() {
        int around = 2000;
        for (int k = 0; k < 60; k++) {
            assertNonDecreasing(step(whereBegins(k + 1), -around), 2 * around);
        }
        assertNonDecreasing(step(Tanh.LIMIT, -around), 2 * around);
        for (int exponent = -30; exponent < 5; exponent++) {
            assertNonDecreasing(step(Math.scalb(1.0, exponent), -around), 2 * around);
        }
    }

    private static double step(double x, int ulps) {
        return Double.longBitsToDouble(Double.doubleToRawLongBits(x) + ulps);
    }
}
