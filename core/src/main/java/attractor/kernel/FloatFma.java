package attractor.kernel;

/**
 * Fused multiply-add for float, {@code a b + c} rounded once, with the same bits as {@link Math#fma(float, float, float)} on
 * every machine, and never slow: see {@link Fma}.
 *
 * <p>Stateless, safe for any number of threads.
 */
public final class FloatFma {
    /** The bits of a double that a float doesn't have, and what they are halfway between two floats. */
    private static final long LOST = 0x1fffffffL;

    private static final long HALFWAY = 0x10000000L;

    private FloatFma() {}

    /** {@code a b + c}, rounded once: {@link Math#fma(float, float, float)}. */
    public static float fma(float a, float b, float c) {
        return Fma.isInstruction() ? Math.fma(a, b, c) : software(a, b, c);
    }

    /**
     * Fused multiply-add without this instruction. The product of two floats is exact in double. The sum s is rounded once to
     * double and once more to float, which goes wrong only if s lies halfway between two floats: rounding is monotone, and
     * what is halfway is a double, so that a sum on one side of it can't get to the other. There, and among subnormal floats,
     * which lose more bits, s is first rounded to odd, after which the second rounding does no harm (Boldo and Melquiond, IEEE
     * Trans. Computers 57, 2008).
     */
    static float software(float a, float b, float c) {
        double p = (double) a * b;
        double s = p + c;
        boolean safe = Math.abs(s) >= Float.MIN_NORMAL && (Double.doubleToRawLongBits(s) & LOST) != HALFWAY;
        return safe ? (float) s : roundedToOdd(p, c, s);
    }

    private static float roundedToOdd(double p, double c, double s) {
        double v = s - p;
        double error = (p - (s - v)) + (c - v);
        long bits = Double.doubleToRawLongBits(s);
        // Not where s is infinite or not a number: there the error is not a number.
        if ((error > 0 || error < 0) && (bits & 1) == 0) {
            return (float) Double.longBitsToDouble(bits + (error > 0 == s > 0 ? 1 : -1));
        }
        return (float) s;
    }
}
