package attractor.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** {@link Fma#software} against {@link Math#fma}, bit for bit. */
class FmaTest {
    private static final long SEED = 20080523;
    private static final double[] SPECIAL = {
        0.0,
        -0.0,
        1.0,
        -1.0,
        Double.NaN,
        Double.POSITIVE_INFINITY,
        Double.NEGATIVE_INFINITY,
        Double.MIN_VALUE,
        -Double.MIN_VALUE,
        Double.MIN_NORMAL,
        -Math.nextDown(Double.MIN_NORMAL),
        Double.MAX_VALUE,
        -Double.MAX_VALUE,
        0x1p-960,
        0x1p-537,
        0x1p-480,
        0x1p511,
        0x1p512,
        0x1p990,
        0x1p-900,
        Math.nextUp(1.0),
        Math.nextDown(1.0),
        3.0,
        1.0 / 3.0,
        0x1p53 + 2
    };

    /** Ways in which a, b and c are drawn. */
    private enum Kind {
        /** Exponents near one another. */
        ORDINARY {
            @Override
            double[] draw(Random random) {
                return new double[] {scaled(random, 40), scaled(random, 40), scaled(random, 80)};
            }
        },
        /** Any bits: overflow, infinities, NaN, subnormal numbers. */
        ANY_BITS {
            @Override
            double[] draw(Random random) {
                return new double[] {
                    Double.longBitsToDouble(random.nextLong()),
                    Double.longBitsToDouble(random.nextLong()),
                    Double.longBitsToDouble(random.nextLong())
                };
            }
        },
        /** c cancels most of the product, or all of it that a double can hold. */
        CANCELLATION {
            @Override
            double[] draw(Random random) {
                double a = scaled(random, 30);
                double b = scaled(random, 30);
                double c = -a * b;
                return new double[] {a, b, c + random.nextInt(5) * Math.ulp(c) * (1 << random.nextInt(20))};
            }
        },
        /**
         * Few bits, so that sums lie half-way between doubles, or one unit of a much smaller number away from there.
         */
        HALF_WAY {
            @Override
            double[] draw(Random random) {
                int bits = 1 + random.nextInt(53);
                double a = Math.scalb((double) (random.nextLong() >> (64 - bits)), random.nextInt(20) - 10);
                double b = Math.scalb(
                        (double) (random.nextLong() >> (64 - 1 - random.nextInt(53))), random.nextInt(20) - 10);
                double c = Math.scalb(
                        (double) (random.nextLong() >> (64 - 1 - random.nextInt(53))), random.nextInt(120) - 60);
                return new double[] {a, b, c};
            }
        },
        /** The product's tail decides: c + p is half-way, and low, even if tiny, says in which direction to round. */
        TAIL_DECIDES {
            @Override
            double[] draw(Random random) {
                // a b = 2^k (1 + 2^-53 m): p is a power of two or next to one.
                double a = 1 + Math.ulp(1.0) * random.nextInt(4);
                double b = 1 - Math.ulp(1.0) * random.nextInt(4);
                double c = Math.scalb(1.0 + Math.ulp(1.0) * random.nextInt(3), 52 + random.nextInt(4));
                double sign = random.nextBoolean() ? 1 : -1;
                int e = random.nextInt(200) - 100;
                return new double[] {sign * Math.scalb(a, e), Math.scalb(b, -random.nextInt(200)), Math.scalb(c, e)};
            }
        },
        /** Products near the smallest double, 2^-1074, and near the bound below which they are not exact. */
        TINY {
            @Override
            double[] draw(Random random) {
                int e = -1090 + random.nextInt(140);
                int half = random.nextInt(1000);
                return new double[] {
                    Math.scalb(random.nextGaussian(), Math.max(-1074, e + half)),
                    Math.scalb(random.nextGaussian(), -half),
                    Math.scalb(random.nextGaussian(), e + random.nextInt(80) - 40)
                };
            }
        },
        /** Near the largest double. */
        HUGE {
            @Override
            double[] draw(Random random) {
                int half = random.nextInt(1020);
                return new double[] {
                    Math.scalb(random.nextGaussian(), half),
                    Math.scalb(random.nextGaussian(), 1018 + random.nextInt(6) - half),
                    Math.scalb(random.nextGaussian(), 1018 + random.nextInt(6))
                };
            }
        };

        abstract double[] draw(Random random);

        static double scaled(Random random, int exponents) {
            return Math.scalb(random.nextDouble() - 0.5, random.nextInt(exponents) - exponents / 2);
        }
    }

    private static void check(double a, double b, double c) {
        double expected = Math.fma(a, b, c);
        double actual = Fma.software(a, b, c);
        if (Double.doubleToLongBits(expected) != Double.doubleToLongBits(actual)) {
            throw new AssertionError("fma(" + Double.toHexString(a) + ", " + Double.toHexString(b) + ", "
                    + Double.toHexString(c) + ") is " + Double.toHexString(actual) + ", expected "
                    + Double.toHexString(expected) + "; seed " + SEED);
        }
    }

    @ParameterizedTest
    @EnumSource
    void sameBits(Kind kind) {
        sameBits(kind, 20_000);
    }

    @ParameterizedTest
    @EnumSource
    @Tag("slow")
    void sameBitsInMillionsOfCases(Kind kind) {
        // Fewer where Math.fma itself is in software.
        sameBits(kind, Fma.isInstruction() ? 2_000_000 : 100_000);
    }

    private static void sameBits(Kind kind, int count) {
        Random random = new Random(SEED);
        for (int i = 0; i < count; i++) {
            double[] v = kind.draw(random);
            check(v[0], v[1], v[2]);
        }
    }

    @Test
    void specialNumbersInEveryPlace() {
        for (double a : SPECIAL) {
            for (double b : SPECIAL) {
                for (double c : SPECIAL) {
                    check(a, b, c);
                }
                // Half-way between doubles, and next to that.
                for (double p : new double[] {a * b, -a * b, Math.nextUp(a * b), -Math.nextDown(a * b)}) {
                    check(a, b, p);
                    check(a, b, p * 0x1p53);
                    check(a, b, p * 0x1p-53);
                }
            }
        }
    }

    /** Every case in which rounding the inner sum to nearest would be wrong. */
    @Test
    void theSecondRoundingDoesNoHarm() {
        double one = Math.nextUp(1.0);
        // c + p is half-way between 2^53 and 2^53 + 2; the tail of the product puts the sum above or below that.
        assertEquals(0x1p53 + 2, Fma.software(one, one, 0x1p53));
        double below = Math.nextDown(1.0);
        assertEquals(Math.fma(below, below, 0x1p53), Fma.software(below, below, 0x1p53));
        assertEquals(0x1p53, Fma.software(below, below, 0x1p53));
        assertEquals(-0.0, Fma.software(-0.0, 1, -0.0));
        assertEquals(0.0, Fma.software(2, 3, -6));
    }

    @Test
    void fmaIsOneOfBoth() {
        assertEquals(Math.fma(0.1, 10, -1), Fma.fma(0.1, 10, -1));
        assertTrue(Fma.fma(0.1, 10, -1) != 0.1 * 10 - 1, "rounded once");
    }
}
