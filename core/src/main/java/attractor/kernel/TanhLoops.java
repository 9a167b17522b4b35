package attractor.kernel;

/**
 * {@link Tanh} for rows, in loops that HotSpot vectorises by itself. In a class of their own, since they differ between double
 * and float ({@link FloatTanhLoops}) in more than their types.
 */
final class TanhLoops {
    /** Values per block; five arrays of this size fit into the first-level cache. */
    static final int BLOCK = 400;

    private TanhLoops() {}

    /**
     * Works on several short rows at a time: a loop over a few dozen values would spend half of its time on its start.
     */
    static void tanh(int rows, int n, double[] a, int aOff, int lda, double[][] t) {
        int width = Math.min(n, BLOCK);
        int rowsATurn = n == 0 ? rows : Math.max(1, BLOCK / n);
        for (int r = 0; r < rows; r += rowsATurn) {
            int taken = Math.min(rowsATurn, rows - r);
            for (int j = 0; j < n; j += width) {
                int count = Math.min(width, n - j);
                for (int i = 0; i < taken; i++) {
                    System.arraycopy(a, aOff + (r + i) * lda + j, t[0], i * count, count);
                }
                int total = taken * count;
                reduce(total, t[0], t[1], t[2]);
                polynomial(total, t[2], t[3]);
                scale(total, t[0], t[1], t[4]);
                exponential(total, t[1], t[2], t[3]);
                quotient(total, t[3], t[4]);
                for (int i = 0; i < taken; i++) {
                    System.arraycopy(t[4], i * count, a, aOff + (r + i) * lda + j, count);
                }
            }
        }
    }

    // Tanh.tanh in steps short enough for HotSpot to vectorise all of them except scale().

    private static void reduce(int n, double[] x, double[] shifted, double[] r) {
        for (int j = 0; j < n; j++) {
            double a = Math.abs(x[j]);
            // a > LIMIT ? 2 SATURATED : 2 a, in operations that HotSpot vectorises.
            double beyond = Math.min((a - Tanh.LIMIT) * 0x1p900, 2.0 * Tanh.SATURATED);
            double within = Math.min(a, Tanh.LIMIT);
            double u = Math.max(within + within, beyond);
            double s = Math.fma(u, Tanh.LOG2_E, Tanh.SHIFT) + Tanh.ROUNDER;
            double k = s - Tanh.ROUNDER;
            shifted[j] = s;
            r[j] = Math.fma(-k, Tanh.LN2_LOW, Math.fma(-k, Tanh.LN2_HIGH, u));
        }
    }

    // Fused products in place of plain ones: see SimdTanh.
    private static void polynomial(int n, double[] r, double[] q) {
        for (int j = 0; j < n; j++) {
            double v = r[j];
            double r2 = Math.fma(v, v, 0.0);
            double r4 = Math.fma(r2, r2, 0.0);
            double low = Math.fma(r2, Math.fma(Tanh.C3, v, Tanh.C2), Math.fma(Tanh.C1, v, Tanh.C0));
            double middle = Math.fma(r2, Math.fma(Tanh.C7, v, Tanh.C6), Math.fma(Tanh.C5, v, Tanh.C4));
            double high = Math.fma(r2, Tanh.C10, Math.fma(Tanh.C9, v, Tanh.C8));
            q[j] = Math.fma(r4, Math.fma(r4, high, middle), low);
        }
    }

    private static void scale(int n, double[] x, double[] shifted, double[] sign) {
        for (int j = 0; j < n; j++) {
            shifted[j] = Double.longBitsToDouble((Double.doubleToRawLongBits(shifted[j]) << 52) + Tanh.ONE_BITS);
            sign[j] = Math.copySign(1.0, x[j]);
        }
    }

    private static void exponential(int n, double[] scale, double[] r, double[] q) {
        for (int j = 0; j < n; j++) {
            double s = scale[j];
            double v = r[j];
            q[j] = Math.fma(s, Math.fma(Math.fma(v, v, 0.0), q[j], v), s - 1.0);
        }
    }

    private static void quotient(int n, double[] expm1, double[] sign) {
        for (int j = 0; j < n; j++) {
            double e = expm1[j];
            double d = e + 2.0;
            double error = e - (d - 2.0);
            double inverse = 1.0 / d;
            double quotient = Math.fma(e, inverse, 0.0);
            double rest = Math.fma(-quotient, error, Math.fma(-quotient, d, e));
            sign[j] = Math.fma(sign[j], Math.fma(rest, inverse, quotient), -0.0);
        }
    }
}
