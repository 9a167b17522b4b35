package attractor.kernel;

/**
 * Hyperbolic tangent with the same bits in every JVM, interpreted or compiled, scalar or vectorised: additions,
 * multiplications, one division and fused multiply-adds, all of which IEEE 754 rounds correctly, in a fixed order and
 * without a branch. {@code SimdKernels} performs the same operations on vectors.
 *
 * <p>With {@code u = 2|x| = k ln 2 + r} and {@code E = expm1(u) = 2^k expm1(r) + (2^k - 1)}, {@code tanh |x| = E/(E + 2)}.
 * The rounding error of E + 2 is recovered and corrects the quotient, which keeps the result non-decreasing in E. The
 * error is below 1.75 units in the last place (worst near |x| = 0.22). 0, infinities and odd symmetry are exact, and
 * NaN gives NaN.
 *
 * <p>Stateless, safe for any number of threads.
 */
public final class Tanh {
    /** Beyond this |x|, 1 - tanh is below 1.0004 times 2^-53 and E would reach 2^54; the result there is 1. */
    static final double LIMIT = 18.7148;

    /** Replaces |x| beyond the limit; its hyperbolic tangent comes out as 1. */
    static final double SATURATED = 20.0;

    static final double LOG2_E = 1.4426950408889634;
    /** ln 2 in two parts; the first has 42 bits, so that its product with any k is exact. */
    static final double LN2_HIGH = 0x1.62e42fefa3800p-1;

    static final double LN2_LOW = 0x1.ef35793c76730p-45;
    /** 1.5 * 2^52: adding it rounds to an integer, which then stands in the low bits. */
    static final double ROUNDER = 0x1.8p52;

    /** The exponent bits of 1.0. */
    static final long ONE_BITS = 0x3ff0000000000000L;

    /**
     * Makes k = 1 begin where r is -0.25, not -ln(2)/2. Closer to 0, the rounding errors of r and of expm1(r), which 2
     * expm1(r) + 1 magnifies, stay below 2 ulp in total.
     */
    static final double SHIFT = -0.1393;

    // expm1(r) = r + r^2 (C0 + C1 r + ... + C10 r^10) for r from -0.2501 to 0.4432, interpolated at Chebyshev nodes;
    // relative error 2^-58.
    static final double C0 = 0x1.0000000000000p-1;
    static final double C1 = 0x1.5555555555554p-3;
    static final double C2 = 0x1.555555555555cp-5;
    static final double C3 = 0x1.11111111124b0p-7;
    static final double C4 = 0x1.6c16c16c07d2dp-10;
    static final double C5 = 0x1.a01a01912c44fp-13;
    static final double C6 = 0x1.a01a02aed4c00p-16;
    static final double C7 = 0x1.71de7bd027716p-19;
    static final double C8 = 0x1.27de854d32106p-22;
    static final double C9 = 0x1.add1bc59581a4p-26;
    static final double C10 = 0x1.37ef42081ccd2p-29;

    private Tanh() {}

    /** The hyperbolic tangent of x, within 1.75 units in the last place, odd and non-decreasing. */
    public static double tanh(double x) {
        double a = Math.abs(x);
        double u = a > LIMIT ? 2.0 * SATURATED : a + a;
        double shifted = Fma.fma(u, LOG2_E, SHIFT) + ROUNDER;
        double k = shifted - ROUNDER;
        double r = Fma.fma(-k, LN2_LOW, Fma.fma(-k, LN2_HIGH, u));
        double r2 = r * r;
        double r4 = r2 * r2;
        // Estrin's scheme: shorter dependent chains than Horner's.
        double low = Fma.fma(r2, Fma.fma(C3, r, C2), Fma.fma(C1, r, C0));
        double middle = Fma.fma(r2, Fma.fma(C7, r, C6), Fma.fma(C5, r, C4));
        double high = Fma.fma(r2, C10, Fma.fma(C9, r, C8));
        double q = Fma.fma(r4, Fma.fma(r4, high, middle), low);
        double scale = Double.longBitsToDouble((Double.doubleToRawLongBits(shifted) << 52) + ONE_BITS);
        double e = Fma.fma(scale, Fma.fma(r2, q, r), scale - 1.0);
        double d = e + 2.0;
        // The rounding error of d, exactly, since an ulp of d is at most 2.
        double error = e - (d - 2.0);
        double inverse = 1.0 / d;
        double quotient = e * inverse;
        double rest = Fma.fma(-quotient, error, Fma.fma(-quotient, d, e));
        return Math.copySign(Fma.fma(rest, inverse, quotient), x);
    }
}
