package attractor.kernel;

/**
 * The softplus function log(1 + exp(x)) of a float, by the way of {@link Softplus} with constants and polynomials of its own:
 * the same bits in every JVM, interpreted or compiled, scalar or vectorised ({@code SimdFloatTanh}).
 *
 * <p>The error is below 1.6 units in the last place for every float with a normal result, and the result is non-decreasing,
 * both tested over all floats. Infinities are exact, and NaN gives NaN.
 *
 * <p>Stateless, safe for any number of threads.
 */
public final class FloatSoftplus {
    /** Beyond this |x|, the exponential is 0 and the result max(x, 0). */
    static final float LARGEST = 105.0f;

    /** Beyond this rate the derivative is 1. */
    static final float SLOPE_LIMIT = 16.6355f;

    /** Replaces a rate beyond the limit; its derivative comes out as 1. */
    static final float SLOPE_SATURATED = 20.0f;

    // (2 atanh(w/2) - w) / w^3 = P0 + P1 v + ... + P4 v^4 with v = w^2, for w from 0 to 2/3, interpolated at Chebyshev
    // nodes; relative error 2^-25, of a term that is at most a twenty-fifth of the sum.
    static final float P0 = 0x1.555556p-4f;
    static final float P1 = 0x1.9998d4p-7f;
    static final float P2 = 0x1.24c930p-9f;
    static final float P3 = 0x1.bc8b9ep-12f;
    static final float P4 = 0x1.dba95cp-14f;

    private FloatSoftplus() {}

    /** log(1 + exp(x)), within 1.6 units in the last place, non-decreasing. */
    public static float softplus(float x) {
        float part = Math.max(x, 0.0f);
        float positive = part < 1.0f ? (part + 1.0f) - 1.0f : part;
        float a = positive + Math.max(-x, 0.0f);
        float u = a > LARGEST ? LARGEST : a;
        float shifted = FloatFma.fma(-u, FloatTanh.LOG2_E, FloatTanh.SHIFT) + FloatTanh.ROUNDER;
        float k = shifted - FloatTanh.ROUNDER;
        float r = FloatFma.fma(-k, FloatTanh.LN2_LOW, FloatFma.fma(-k, FloatTanh.LN2_HIGH, -u));
        float r2 = r * r;
        float low = FloatFma.fma(FloatTanh.C1, r, FloatTanh.C0);
        float high = FloatFma.fma(
                r2, FloatFma.fma(FloatTanh.C5, r, FloatTanh.C4), FloatFma.fma(FloatTanh.C3, r, FloatTanh.C2));
        float q = FloatFma.fma(r2, high, low);
        float halfShifted = FloatFma.fma(k, 0.5f, FloatTanh.ROUNDER);
        float half = halfShifted - FloatTanh.ROUNDER;
        float scale1 = powerOf2(halfShifted);
        float scale2 = powerOf2((k - half) + FloatTanh.ROUNDER);
        float t = (1.0f + FloatFma.fma(r2, q, r)) * scale1 * scale2;
        float d = FloatFma.fma(0.5f, t, 1.0f);
        // The rounding error of d, exactly.
        float error = FloatFma.fma(0.5f, t, 1.0f - d);
        float inverse = 1.0f / d;
        float w = t * inverse;
        float rest = FloatFma.fma(-w, error, FloatFma.fma(-w, d, t));
        float v = w * w;
        float pHigh = FloatFma.fma(v * v, P4, FloatFma.fma(P3, v, P2));
        float p = FloatFma.fma(v * v, pHigh, FloatFma.fma(P1, v, P0));
        float small = FloatFma.fma(v * w, p, rest * inverse);
        // positive + w, and its rounding error, exactly.
        float sum = positive + w;
        float wInSum = sum - positive;
        float lost = (positive - (sum - wInSum)) + (w - wInSum);
        return a > LARGEST ? positive : sum + (lost + small);
    }

    /** 2^k, for an integer k that was rounded by adding {@link FloatTanh#ROUNDER}. */
    private static float powerOf2(float shifted) {
        return Float.intBitsToFloat((Float.floatToRawIntBits(shifted) << 23) + FloatTanh.ONE_BITS);
    }

    /**
     * The derivative at the x with this softplus, {@code 1 - exp(-r) = E/(E + 1)} with E = expm1(r), for r of 0 or more: within 2
     * units in the last place, non-decreasing. In double the quotient of {@link Softplus#slope} is as good; here its error would
     * be 3.3 units.
     */
    public static float slope(float r) {
        float u = r > SLOPE_LIMIT ? SLOPE_SATURATED : r;
        float shifted = FloatFma.fma(u, FloatTanh.LOG2_E, FloatTanh.SHIFT) + FloatTanh.ROUNDER;
        float k = shifted - FloatTanh.ROUNDER;
        float rest = FloatFma.fma(-k, FloatTanh.LN2_LOW, FloatFma.fma(-k, FloatTanh.LN2_HIGH, u));
        float r2 = rest * rest;
        float low = FloatFma.fma(FloatTanh.C1, rest, FloatTanh.C0);
        float high = FloatFma.fma(
                r2, FloatFma.fma(FloatTanh.C5, rest, FloatTanh.C4), FloatFma.fma(FloatTanh.C3, rest, FloatTanh.C2));
        float q = FloatFma.fma(r2, high, low);
        float scale = powerOf2(shifted);
        float e = FloatFma.fma(scale, FloatFma.fma(r2, q, rest), scale - 1.0f);
        float d = e + 1.0f;
        // The rounding error of d, exactly, since an ulp of d is at most 1.
        float error = e - (d - 1.0f);
        float inverse = 1.0f / d;
        float quotient = e * inverse;
        float remainder = FloatFma.fma(-quotient, error, FloatFma.fma(-quotient, d, e));
        return FloatFma.fma(remainder, inverse, quotient);
    }
}
