package attractor.kernel;

/**
 * The softplus function log(1 + exp(x)) with the same bits in every JVM, like {@link Tanh}: operations that IEEE 754 rounds
 * correctly, in a fixed order and without a branch. {@code SimdKernels} performs the same operations on vectors.
 *
 * <p>{@code softplus(x) = max(x, 0) + log1p(t)} with {@code t = exp(-|x|)}, so that nothing overflows. With {@code -|x| = k ln 2
 * + r}, {@code t = 2^k (1 + expm1(r))}, by Tanh's polynomial; 2^k is applied in two halves, so that results down to the smallest
 * double are rounded once. With {@code w = t / (1 + t/2)}, {@code log1p(t) = 2 atanh(w/2) = w + w^3 P(w^2)}; the rounding error
 * of 1 + t/2 is recovered, and the remainder of the division joins the second term.
 *
 * <p>For x above 0, x and log1p(t) move against each other, and log1p(t) only in steps, as t is rounded. So x below 1 is first
 * rounded to a multiple of 2^-52, from one to the next of which the sum grows by more than these steps, and the sum is rounded
 * once. The error is below 1.5 units in the last place, and the result is non-decreasing. Infinities are exact, and NaN
 * gives NaN.
 *
 * <p>Stateless, safe for any number of threads.
 */
public final class Softplus {
    /** Beyond this |x|, the exponential is 0 and the result max(x, 0). */
    static final double LARGEST = 800.0;

    // (2 atanh(w/2) - w) / w^3 = P0 + P1 v + ... + P10 v^10 with v = w^2, for w from 0 to 2/3, interpolated at
    // Chebyshev
    // nodes; relative error 2^-53.8, of a term that is at most a twenty-fifth of the sum.
    static final double P0 = 0x1.5555555555555p-4;
    static final double P1 = 0x1.9999999999943p-7;
    static final double P2 = 0x1.2492492499d64p-9;
    static final double P3 = 0x1.c71c71bedcd84p-12;
    static final double P4 = 0x1.745d1993edef4p-14;
    static final double P5 = 0x1.3b13514f4002fp-16;
    static final double P6 = 0x1.111abf2a997bep-18;
    static final double P7 = 0x1.e0a2b03e150e2p-21;
    static final double P8 = 0x1.bc391e7038fd7p-23;
    static final double P9 = 0x1.32db888c52864p-25;
    static final double P10 = 0x1.402242bc60613p-26;

    private Softplus() {}

    /** log(1 + exp(x)), within 1.5 units in the last place, non-decreasing. */
    public static double softplus(double x) {
        double part = Math.max(x, 0.0);
        double positive = part < 1.0 ? (part + 1.0) - 1.0 : part;
        double a = positive + Math.max(-x, 0.0);
        double u = a > LARGEST ? LARGEST : a;
        double shifted = Fma.fma(-u, Tanh.LOG2_E, Tanh.SHIFT) + Tanh.ROUNDER;
        double k = shifted - Tanh.ROUNDER;
        double r = Fma.fma(-k, Tanh.LN2_LOW, Fma.fma(-k, Tanh.LN2_HIGH, -u));
        double r2 = r * r;
        double r4 = r2 * r2;
        double low = Fma.fma(r2, Fma.fma(Tanh.C3, r, Tanh.C2), Fma.fma(Tanh.C1, r, Tanh.C0));
        double middle = Fma.fma(r2, Fma.fma(Tanh.C7, r, Tanh.C6), Fma.fma(Tanh.C5, r, Tanh.C4));
        double high = Fma.fma(r2, Tanh.C10, Fma.fma(Tanh.C9, r, Tanh.C8));
        double q = Fma.fma(r4, Fma.fma(r4, high, middle), low);
        double halfShifted = Fma.fma(k, 0.5, Tanh.ROUNDER);
        double half = halfShifted - Tanh.ROUNDER;
        double scale1 = powerOf2(halfShifted);
        double scale2 = powerOf2((k - half) + Tanh.ROUNDER);
        double t = (1.0 + Fma.fma(r2, q, r)) * scale1 * scale2;
        double d = Fma.fma(0.5, t, 1.0);
        // The rounding error of d, exactly.
        double error = Fma.fma(0.5, t, 1.0 - d);
        double inverse = 1.0 / d;
        double w = t * inverse;
        double rest = Fma.fma(-w, error, Fma.fma(-w, d, t));
        double p = polynomial(w * w);
        double small = Fma.fma(w * w * w, p, rest * inverse);
        // positive + w, and its rounding error, exactly.
        double sum = positive + w;
        double wInSum = sum - positive;
        double lost = (positive - (sum - wInSum)) + (w - wInSum);
        return a > LARGEST ? positive : sum + (lost + small);
    }

    /** 2^k, for an integer k that was rounded by adding {@link Tanh#ROUNDER}. */
    private static double powerOf2(double shifted) {
        return Double.longBitsToDouble((Double.doubleToRawLongBits(shifted) << 52) + Tanh.ONE_BITS);
    }

    private static double polynomial(double v) {
        double v2 = v * v;
        double v4 = v2 * v2;
        double low = Fma.fma(v2, Fma.fma(P3, v, P2), Fma.fma(P1, v, P0));
        double middle = Fma.fma(v2, Fma.fma(P7, v, P6), Fma.fma(P5, v, P4));
        double high = Fma.fma(v2, P10, Fma.fma(P9, v, P8));
        return Fma.fma(v4, Fma.fma(v4, high, middle), low);
    }

    /** The derivative at the x with this softplus: {@code 1 - exp(-r)}, which is 2 T / (1 + T) with T = tanh(r/2). */
    public static double slope(double r) {
        double t = Tanh.tanh(0.5 * r);
        return (t + t) / (1.0 + t);
    }
}
