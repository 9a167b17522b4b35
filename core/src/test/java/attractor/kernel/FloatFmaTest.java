package attractor.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.math.BigDecimal;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The fused multiply-add in software against exact arithmetic. */
class FloatFmaTest {
    private static final long SEED = 15;

    /** Rounded once, by BigDecimal, which keeps no sign of 0. */
    private static void check(float a, float b, float c) {
        float found = FloatFma.software(a, b, c);
        double plain = (double) a * b + c;
        if (!Double.isFinite(plain)) {
            assertEquals((float) plain, found, () -> a + " * " + b + " + " + c);
            return;
        }
        float expected = new BigDecimal(a)
                .multiply(new BigDecimal(b))
                .add(new BigDecimal(c))
                .floatValue();
        assertEquals(expected + 0f, found + 0f, () -> a + " * " + b + " + " + c + ", seed " + SEED);
    }

    private static float any(Random random) {
        return Float.intBitsToFloat(random.nextInt());
    }

    @Test
    void anyFloats() {
        Random random = new Random(SEED);
        for (int i = 0; i < 200_000; i++) {
            check(any(random), any(random), any(random));
        }
    }

    /** The sum lies so close to the middle between two floats that its rounding to double hides on which side. */
    @Test
    void sumsHalfwayBetweenTwoFloats() {
        Random random = new Random(SEED);
        for (int i = 0; i < 200_000; i++) {
            float c = 1 + random.nextInt(1 << 23) * 0x1p-23f;
            // About half of a unit in the last place of c, and the product of two 24-bit numbers, far below it.
            float a = 0x1p-24f * (1 + (random.nextInt(5) - 2) * 0x1p-23f);
            float b = 1 + (random.nextInt(5) - 2) * 0x1p-23f;
            int scale = random.nextInt(240) - 120;
            check(Math.scalb(a, scale), b, Math.scalb(random.nextBoolean() ? c : -c, scale));
            check(a * 0x1p-20f * (1 + random.nextInt(64)), b, c + 0x1p-23f);
        }
    }

    /** Results among the subnormal floats, which have fewer bits. */
    @Test
    void tinyResults() {
        Random random = new Random(SEED);
        for (int i = 0; i < 200_000; i++) {
            float a = Math.scalb(1 + random.nextFloat(), -60 - random.nextInt(30));
            float b = Math.scalb(1 + random.nextFloat(), -60 - random.nextInt(20));
            float c = Float.MIN_VALUE * random.nextInt(1 << random.nextInt(25));
            check(a, random.nextBoolean() ? b : -b, c);
        }
    }

    @Test
    void itIsWhatMathDoes() {
        Random random = new Random(SEED);
        for (int i = 0; i < 100_000; i++) {
            float a = any(random);
            float b = any(random);
            float c = any(random);
            assertEquals(
                    Float.floatToIntBits(Math.fma(a, b, c)),
                    Float.floatToIntBits(FloatFma.software(a, b, c)),
                    () -> a + " * " + b + " + " + c);
            assertEquals(Float.floatToIntBits(Math.fma(a, b, c)), Float.floatToIntBits(FloatFma.fma(a, b, c)));
        }
        assertEquals(Float.floatToIntBits(-0f), Float.floatToIntBits(FloatFma.software(-0f, 1, -0f)));
        assertEquals(Float.floatToIntBits(0f), Float.floatToIntBits(FloatFma.software(1, 1, -1)));
    }
}
