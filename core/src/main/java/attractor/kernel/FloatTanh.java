package attractor.kernel;

/**
 * Hyperbolic tangent of a float, by the way of {@link Tanh} with constants and a polynomial of its own: the same bits in every
 * JVM, interpreted or compiled, scalar or vectorised ({@code SimdFloatTanh}).
 *
 * <p>The error is below 1.6 units in the last place for every float, and the result is odd and non-decreasing, both tested
 * over all floats. 0 and infinities are exact, and NaN gives NaN.
 *
 * <p>Stateless, safe for any number of threads.
 */
public final class FloatTanh {
    /** Beyond this |x|, 1 - tanh is below 2^-24 and E would reach 2^25; the result there is 1. */
    static final float LIMIT = 8.6643f;

    /** Replaces |x| beyond the limit; its hyperbolic tangent comes out as 1. */
    static final float SATURATED = 10.0f;

    static final float LOG2_E = 1.442695f;
    /** ln 2 in two parts; the first has 15 bits, so that its product with any k is exact. */
    static final float LN2_HIGH = 0x1.62e4p-1f;

    static final float LN2_LOW = 0x1.7f7d1cp-20f;
    /** 1.5 * 2^23: adding it rounds to an integer, which then stands in the low bits. */
    static final float ROUNDER = 0x1.8p23f;

    /** The exponent bits of 1. */
    static final int ONE_BITS = 0x3f800000;

    /** As in {@link Tanh}. */
    static final float SHIFT = -0.1393f;

    // expm1(r) = r + r^2 (C0 + C1 r + ... + C5 r^5) for r from -0.2501 to 0.4432, interpolated at Chebyshev nodes;
    // relative error 2^-29.4.
    static final float C0 = 0.5f;
    static final float C1 = 0x1.555558p-3f;
    static final float C2 = 0x1.555560p-5f;
    static final float C3 = 0x1.11059cp-7f;
    static final float C4 = 0x1.6c548ap-10f;
    static final float C5 = 0x1.c08538p-13f;

    private FloatTanh() {}

    /** The hyperbolic tangent of x, within 1.6 units in the last place, odd and non-decreasing. */
    public static float tanh(float x) {
        float a = Math.abs(x);
        float u = a > LIMIT ? 2.0f * SATURATED : a + a;
        float shifted = FloatFma.fma(u, LOG2_E, SHIFT) + ROUNDER;
        float k = shifted - ROUNDER;
        float r = FloatFma.fma(-k, LN2_LOW, FloatFma.fma(-k, LN2_HIGH, u));
        float r2 = r * r;
        float low = FloatFma.fma(C1, r, C0);
        float high = FloatFma.fma(r2, FloatFma.fma(C5, r, C4), FloatFma.fma(C3, r, C2));
        float q = FloatFma.fma(r2, high, low);
        float scale = Float.intBitsToFloat((Float.floatToRawIntBits(shifted) << 23) + ONE_BITS);
        float e = FloatFma.fma(scale, FloatFma.fma(r2, q, r), scale - 1.0f);
        float d = e + 2.0f;
        // The rounding error of d, exactly, since an ulp of d is at most 2.
        float error = e - (d - 2.0f);
        float inverse = 1.0f / d;
        float quotient = e * inverse;
        float rest = FloatFma.fma(-quotient, error, FloatFma.fma(-quotient, d, e));
        return Math.copySign(FloatFma.fma(rest, inverse, quotient), x);
    }
}
