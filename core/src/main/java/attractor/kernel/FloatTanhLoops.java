package attractor.kernel;

/** {@link FloatTanh} for rows, in loops that HotSpot vectorises by itself, like {@link TanhLoops}. */
final class FloatTanhLoops {
    /** Values per block; five arrays of this size fit into the first-level cache. */
    static final int BLOCK = 800;

    private FloatTanhLoops() {}

    /**
     * Works on several short rows at a time: a loop over a few dozen values would spend half of its time on its start.
     */
    static void tanh(int rows, int n, float[] a, int aOff, int lda, float[][] t) {
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

    private static void reduce(int n, float[] x, float[] shifted, float[] r) {
        for (int j = 0; j < n; j++) {
            float a = Math.abs(x[j]);
            // a > LIMIT ? 2 SATURATED : 2 a, in operations that HotSpot vectorises.
            float beyond = Math.min((a - FloatTanh.LIMIT) * 0x1p100f, 2.0f * FloatTanh.SATURATED);
            float within = Math.min(a, FloatTanh.LIMIT);
            float u = Math.max(within + within, beyond);
            float s = Math.fma(u, FloatTanh.LOG2_E, FloatTanh.SHIFT) + FloatTanh.ROUNDER;
            float k = s - FloatTanh.ROUNDER;
            shifted[j] = s;
            r[j] = Math.fma(-k, FloatTanh.LN2_LOW, Math.fma(-k, FloatTanh.LN2_HIGH, u));
        }
    }

    // Fused products in place of plain ones: see SimdTanh.
    private static void polynomial(int n, float[] r, float[] q) {
        for (int j = 0; j < n; j++) {
            float v = r[j];
            float r2 = Math.fma(v, v, 0.0f);
            float low = Math.fma(FloatTanh.C1, v, FloatTanh.C0);
            float middle = Math.fma(FloatTanh.C3, v, FloatTanh.C2);
            float high = Math.fma(r2, Math.fma(FloatTanh.C5, v, FloatTanh.C4), middle);
            q[j] = Math.fma(r2, high, low);
        }
    }

    private static void scale(int n, float[] x, float[] shifted, float[] sign) {
        for (int j = 0; j < n; j++) {
            shifted[j] = Float.intBitsToFloat((Float.floatToRawIntBits(shifted[j]) << 23) + FloatTanh.ONE_BITS);
            sign[j] = Math.copySign(1.0f, x[j]);
        }
    }

    private static void exponential(int n, float[] scale, float[] r, float[] q) {
        for (int j = 0; j < n; j++) {
            float s = scale[j];
            float v = r[j];
            q[j] = Math.fma(s, Math.fma(Math.fma(v, v, 0.0f), q[j], v), s - 1.0f);
        }
    }

    private static void quotient(int n, float[] expm1, float[] sign) {
        for (int j = 0; j < n; j++) {
            float e = expm1[j];
            float d = e + 2.0f;
            float error = e - (d - 2.0f);
            float inverse = 1.0f / d;
            float quotient = Math.fma(e, inverse, 0.0f);
            float rest = Math.fma(-quotient, error, Math.fma(-quotient, d, e));
            sign[j] = Math.fma(sign[j], Math.fma(rest, inverse, quotient), -0.0f);
        }
    }
}
