package attractor.analysis;

import attractor.io.Printable;

/**
 * Eigenvalues mu of DF^p along an orbit of period p (of DF at a fixed point, p = 1): the factors by which small
 * deviations grow in one period. By decreasing modulus; of a conjugate pair the one above the real axis comes first.
 *
 * <p>Immutable as long as the arrays are not modified; they aren't copied; then safe for any number of threads.
 *
 * @param re N real parts
 * @param im N imaginary parts
 */
public record Multipliers(double[] re, double[] im) {
    /** Closer to the unit circle than this, an eigenvalue counts as neutral: rounding may have put it on either side. */
    public static final double NEUTRAL = 1e-6;

    /** @throws IllegalArgumentException if the arrays' lengths differ */
    public Multipliers {
        if (re.length != im.length) {
            throw new IllegalArgumentException(
                    "im has " + Printable.count(im.length, "value") + ", expected as many as re, " + re.length);
        }
    }

    /**
     * The eigenvalues of a matrix DF^p. Cost about 10 N^3 flops.
     *
     * @param jacobian N x N, finite. Not modified.
     * @throws IllegalStateException if the iteration doesn't converge, or without EJML
     */
    public static Multipliers of(double[] jacobian, int n) {
        Eigenvalues values = Eigenvalues.of(jacobian, n);
        return new Multipliers(values.re(), values.im());
    }

    /** Number of multipliers, N. */
    public int size() {
        return re.length;
    }

    /** |mu_i|, the same bits for both of a conjugate pair. */
    public double modulus(int i) {
        return StrictMath.hypot(re[i], im[i]);
    }

    /** Argument of mu_i in radians, from -pi to pi. */
    public double argument(int i) {
        return StrictMath.atan2(im[i], re[i]);
    }

    /** The largest modulus. */
    public double radius() {
        return modulus(0);
    }

    /** Number of unstable directions: |mu| &gt; 1 + {@link #NEUTRAL}. */
    public int unstable() {
        int count = 0;
        for (int i = 0; i < size(); i++) {
            count += modulus(i) > 1.0 + NEUTRAL ? 1 : 0;
        }
        return count;
    }

    /** Number of neutral directions: |mu| within {@link #NEUTRAL} of 1. */
    public int neutral() {
        int count = 0;
        for (int i = 0; i < size(); i++) {
            count += Math.abs(modulus(i) - 1.0) <= NEUTRAL ? 1 : 0;
        }
        return count;
    }

    /** Whether all |mu| are below 1 - {@link #NEUTRAL}: small deviations die out. */
    public boolean stable() {
        return radius() < 1.0 - NEUTRAL;
    }

    /**
     * Lyapunov exponents per step of an orbit of this period, {@code ln |mu| / period}; the first {@code count} or all
     * N.
     */
    double[] exponents(int period, int count) {
        double[] exponents = new double[Math.min(count, size())];
        for (int i = 0; i < exponents.length; i++) {
            exponents[i] = StrictMath.log(modulus(i)) / period;
        }
        return exponents;
    }
}
