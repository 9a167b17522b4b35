package attractor.kernel;

/**
 * Fused multiply-add, {@code a b + c} rounded once, with the same bits as {@link Math#fma} on every machine, and never
 * slow. Where the processor has no such instruction, or the JVM was told not to use it ({@code -XX:-UseFMA}), {@code
 * Math.fma} uses {@code BigDecimal} and takes some hundred nanoseconds; {@link #software} takes about three.
 *
 * <p>Stateless, safe for any number of threads.
 */
public final class Fma {
    /** Below this, a product's rounding error may not be a multiple of the smallest double, 2^-1074. */
    static final double LEAST_PRODUCT = 0x1p-960;

    /** Above this, an intermediate sum could overflow. */
    private static final double LARGEST = 0x1p990;

    /** 2^27 + 1, which splits a double into two of 26 bits (Veltkamp). */
    static final double SPLITTER = 0x1p27 + 1;

    /** A little more and a little less than 1: an interval that contains the error of one rounding, relative 2^-53. */
    static final double ABOVE = 1 + 0x1p-50;

    static final double BELOW = 1 - 0x1p-50;

    /** A constant, so that HotSpot removes the branch that is not used. */
    private static final boolean INSTRUCTION = measured();

    private Fma() {}

    /** {@code a b + c}, rounded once: {@link Math#fma}. */
    public static double fma(double a, double b, double c) {
        return INSTRUCTION ? Math.fma(a, b, c) : software(a, b, c);
    }

    /** Whether {@link Math#fma} is an instruction of the processor in this JVM. */
    public static boolean isInstruction() {
        return INSTRUCTION;
    }

    /**
     * Fused multiply-add without this instruction. The product is exactly {@code p + low} (Dekker 1971), and its sum
     * with c is exactly {@code s + e + low} (Knuth's two-sum). After cancellation e is 0; where it is not 0, e and low
     * are at most some units in the last place of s. In {@code s + (e + low)} the inner sum is rounded, so that the
     * outer sum could round a second time. To detect this, both ends of an interval that contains e + low are added to
     * s. If both sums round to the same double, that is the result. Otherwise the inner sum is rounded to odd, after
     * which the second rounding does no harm (Boldo and Melquiond, IEEE Trans. Computers 57, 2008).
     *
     * <p>Tiny products and overflow, where these sums are not exact, are left to {@code Math.fma}.
     */
    static double software(double a, double b, double c) {
        double p = a * b;
        if (!(Math.abs(p) >= LEAST_PRODUCT)) {
            return withSmallProduct(a, b, c, p);
        }
        double t = a * SPLITTER;
        double aHigh = t - (t - a);
        double aLow = a - aHigh;
        double u = b * SPLITTER;
        double bHigh = u - (u - b);
        double bLow = b - bHigh;
        double low = ((aHigh * bHigh - p) + aHigh * bLow + aLow * bHigh) + aLow * bLow;
        double s = p + c;
        double v = s - p;
        double e = (p - (s - v)) + (c - v);
        double z = e + low;
        double r = s + z * ABOVE;
        // The difference is compared, not the two sums: after an overflow it is NaN.
        return r - (s + z * BELOW) == 0 ? r : roundedToOdd(a, b, c, s, e, low);
    }

    private static double roundedToOdd(double a, double b, double c, double s, double e, double low) {
        boolean exact =
                Math.abs(a) < LARGEST && Math.abs(b) < LARGEST && Math.abs(a * b) < LARGEST && Math.abs(c) < LARGEST;
        if (!exact) { // or not finite
            return Math.fma(a, b, c);
        }
        double z = e + low;
        double v = z - e;
        double error = (e - (z - v)) + (low - v);
        long bits = Double.doubleToRawLongBits(z);
        if (error != 0 && (bits & 1) == 0) {
            z = Double.longBitsToDouble(bits + (error > 0 == z > 0 ? 1 : -1));
        }
        return s + z;
    }

    private static double withSmallProduct(double a, double b, double c, double p) {
        if (a == 0 || b == 0) {
            return p + c;
        }
        // The product is less than a quarter of the last place of c.
        return Math.abs(p) < LEAST_PRODUCT && Math.abs(c) > 0x1p-900 ? c : Math.fma(a, b, c);
    }

    /**
     * Whether {@code Math.fma} takes about as long as a multiplication and an addition. An instruction takes one to
     * three times as long, interpreted or compiled; {@code BigDecimal} takes more than a hundred times as long. Only
     * some JVMs have a flag that tells, and results don't depend on the answer.
     */
    private static boolean measured() {
        long plain = Long.MAX_VALUE;
        long fused = Long.MAX_VALUE;
        double sum = 0;
        for (int run = 0; run < 5; run++) {
            long begun = System.nanoTime();
            sum = chain(sum);
            long between = System.nanoTime();
            sum = fusedChain(sum);
            long end = System.nanoTime();
            plain = Math.min(plain, between - begun);
            fused = Math.min(fused, end - between);
        }
        return fused < 20 * Math.max(plain, 100) && sum > 0;
    }

    private static double chain(double from) {
        double v = from;
        for (int i = 0; i < 64; i++) {
            v = multiplyAdd(0.3, v, 0.7);
        }
        return v;
    }

    private static double multiplyAdd(double x, double y, double z) {
        return x * y + z;
    }

    private static double fusedChain(double from) {
        double v = from;
        for (int i = 0; i < 64; i++) {
            v = Math.fma(0.3, v, 0.7);
        }
        return v;
    }
}
