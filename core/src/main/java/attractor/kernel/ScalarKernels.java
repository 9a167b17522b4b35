package attractor.kernel;

import java.util.Arrays;

/**
 * Kernels in plain Java. The inner loops run over contiguous columns with fused multiply-adds, a form that HotSpot
 * vectorises by itself.
 */
final class ScalarKernels implements Kernels {
    /** Buffers for rows of C and five rows of B, one set per thread. */
    private final ThreadLocal<Scratch> scratch = ThreadLocal.withInitial(Scratch::new);

    /** Rows in arrays of their own, indexed from 0: with offsets, HotSpot would not vectorise the loops. */
    private static final class Scratch {
        private double[][] c = {};
        private final double[][] b = new double[5][0];
        private final double[][] tanh = new double[5][TanhLoops.BLOCK];

        void ensure(int rows, int columns) {
            c = withRoom(c, rows, columns);
            withRoom(b, b.length, columns);
        }
    }

    /**
     * Makes sure that the first {@code count} rows have room for {@code columns} values. Rows that are too short are replaced; other rows
     * keep their length, so that one call with many short rows and one with a few long rows do not leave many long rows.
     *
     * @param rows Modified.
     * @return {@code rows}, or a longer array if there were fewer than {@code count}
     */
    static double[][] withRoom(double[][] rows, int count, int columns) {
        double[][] all = rows.length < count ? Arrays.copyOf(rows, count) : rows;
        for (int r = 0; r < count; r++) {
            if (all[r] == null || all[r].length < columns) {
                all[r] = new double[columns];
            }
        }
        return all;
    }

    private static final class PackedRows implements Packed {
        private final double[][] rows;
        private final int columns;

        PackedRows(int k, int n) {
            rows = new double[k][n];
            columns = n;
        }

        @Override
        public int rows() {
            return rows.length;
        }

        @Override
        public int columns() {
            return columns;
        }

        @Override
        public void load(double[] b, int bOff, int ldb) {
            SliceBounds.check("b", rows.length, columns, b, bOff, ldb);
            for (int i = 0; i < rows.length; i++) {
                System.arraycopy(b, bOff + i * ldb, rows[i], 0, columns);
            }
        }
    }

    @Override
    public String name() {
        return "scalar";
    }

    @Override
    public String description() {
        return "scalar (plain Java)";
    }

    @Override
    public int lanes() {
        return 1;
    }

    @Override
    public Packed packed(int k, int n) {
        return new PackedRows(k, n);
    }

    @Override
    public void gemm(
            int m,
            double[] a,
            int aOff,
            int lda,
            Packed b,
            double[] init,
            int initOff,
            int ldInit,
            double[] c,
            int cOff,
            int ldc) {
        double[][] rows = ((PackedRows) b).rows;
        int k = rows.length;
        int n = b.columns();
        SliceBounds.check("a", m, k, a, aOff, lda);
        SliceBounds.check("init", m, n, init, initOff, ldInit);
        SliceBounds.check("c", m, n, c, cOff, ldc);
        Scratch s = scratch.get();
        s.ensure(1, n);
        double[] sum = s.c[0];
        for (int r = 0; r < m; r++) {
            System.arraycopy(init, initOff + r * ldInit, sum, 0, n);
            int p = aOff + r * lda;
            int i = 0;
            for (int last = 5 * fives(k); i < last; i += 5, p += 5) {
                addRows5(
                        n,
                        a[p],
                        a[p + 1],
                        a[p + 2],
                        a[p + 3],
                        a[p + 4],
                        rows[i],
                        rows[i + 1],
                        rows[i + 2],
                        rows[i + 3],
                        rows[i + 4],
                        sum);
            }
            for (; i + 4 <= k; i += 4, p += 4) {
                addRows4(n, a[p], a[p + 1], a[p + 2], a[p + 3], rows[i], rows[i + 1], rows[i + 2], rows[i + 3], sum);
            }
            for (; i < k; i++, p++) {
                addRow(n, a[p], rows[i], sum);
            }
            System.arraycopy(sum, 0, c, cOff + r * ldc, n);
        }
    }

    @Override
    public void gemmTransposed(
            int m,
            int n,
            int k,
            double[] a,
            int aOff,
            int lda,
            double[] b,
            int bOff,
            int ldb,
            double[] c,
            int cOff,
            int ldc) {
        SliceBounds.check("a", k, m, a, aOff, lda);
        SliceBounds.check("b", k, n, b, bOff, ldb);
        SliceBounds.check("c", m, n, c, cOff, ldc);
        Scratch s = scratch.get();
        s.ensure(m, n);
        for (int r = 0; r < m; r++) {
            System.arraycopy(c, cOff + r * ldc, s.c[r], 0, n);
        }
        int fives = fives(k);
        for (int i = 0, turn = 0; i < k; turn++) {
            int count = turn < fives ? 5 : Math.min(4, k - i);
            for (int q = 0; q < count; q++) {
                System.arraycopy(b, bOff + (i + q) * ldb, s.b[q], 0, n);
            }
            int p = aOff + i * lda;
            for (int r = 0; r < m; r++, p++) {
                if (count == 5) {
                    addRows5(
                            n,
                            a[p],
                            a[p + lda],
                            a[p + 2 * lda],
                            a[p + 3 * lda],
                            a[p + 4 * lda],
                            s.b[0],
                            s.b[1],
                            s.b[2],
                            s.b[3],
                            s.b[4],
                            s.c[r]);
                } else if (count == 4) {
                    addRows4(
                            n,
                            a[p],
                            a[p + lda],
                            a[p + 2 * lda],
                            a[p + 3 * lda],
                            s.b[0],
                            s.b[1],
                            s.b[2],
                            s.b[3],
                            s.c[r]);
                } else {
                    for (int q = 0; q < count; q++) {
                        addRow(n, a[p + q * lda], s.b[q], s.c[r]);
                    }
                }
            }
            i += count;
        }
        for (int r = 0; r < m; r++) {
            System.arraycopy(s.c[r], 0, c, cOff + r * ldc, n);
        }
    }

    /**
     * The most groups of five such that groups of four fill the rest: every number from 12 on is a sum of fives and
     * fours.
     */
    private static int fives(int n) {
        int rest = n % 4;
        return 5 * rest <= n ? rest + (n - 5 * rest) / 20 * 4 : 0;
    }

    /**
     * {@code c[j] = fma(s4, b4[j], ... fma(s0, b0[j], c[j]))}; with seven rows JDK 17 would no longer vectorise the
     * loop.
     */
    private static void addRows5(
            int n,
            double s0,
            double s1,
            double s2,
            double s3,
            double s4,
            double[] b0,
            double[] b1,
            double[] b2,
            double[] b3,
            double[] b4,
            double[] c) {
        for (int j = 0; j < n; j++) {
            double sum = Math.fma(s0, b0[j], c[j]);
            sum = Math.fma(s1, b1[j], sum);
            sum = Math.fma(s2, b2[j], sum);
            sum = Math.fma(s3, b3[j], sum);
            c[j] = Math.fma(s4, b4[j], sum);
        }
    }

    /** The same with four rows. */
    private static void addRows4(
            int n,
            double s0,
            double s1,
            double s2,
            double s3,
            double[] b0,
            double[] b1,
            double[] b2,
            double[] b3,
            double[] c) {
        for (int j = 0; j < n; j++) {
            double sum = Math.fma(s0, b0[j], c[j]);
            sum = Math.fma(s1, b1[j], sum);
            sum = Math.fma(s2, b2[j], sum);
            c[j] = Math.fma(s3, b3[j], sum);
        }
    }

    private static void addRow(int n, double s, double[] b, double[] c) {
        for (int j = 0; j < n; j++) {
            c[j] = Math.fma(s, b[j], c[j]);
        }
    }

    @Override
    public void activate(Activation phi, int rows, int n, double[] a, int aOff, int lda) {
        SliceBounds.check("a", rows, n, a, aOff, lda);
        if (phi == Activation.TANH) {
            TanhLoops.tanh(rows, n, a, aOff, lda, scratch.get().tanh);
            return;
        }
        for (int r = 0; r < rows; r++) {
            activateRow(phi, n, a, aOff + r * lda);
        }
    }

    /** Shared with the vector kernels, which have a few columns left over. */
    static void activateRow(Activation phi, int n, double[] a, int off) {
        // With a kink, the same as phi.rate without a branch: which units are active looks random to a processor.
        if (phi == Activation.RELU) {
            for (int j = off; j < off + n; j++) {
                a[j] = Math.max(0.0, a[j]);
            }
        } else if (phi == Activation.LEAKY_RELU) {
            for (int j = off; j < off + n; j++) {
                a[j] = Math.max(Activation.LEAK * a[j], a[j]);
            }
        } else {
            for (int j = off; j < off + n; j++) {
                a[j] = phi.rate(a[j]);
            }
        }
    }

    @Override
    public void leak(
            double alpha,
            int rows,
            int n,
            double[] h,
            int hOff,
            int ldh,
            double[] rate,
            int rateOff,
            int ldRate,
            double[] next,
            int nextOff,
            int ldNext) {
        SliceBounds.check("h", rows, n, h, hOff, ldh);
        SliceBounds.check("rate", rows, n, rate, rateOff, ldRate);
        SliceBounds.check("next", rows, n, next, nextOff, ldNext);
        for (int r = 0; r < rows; r++) {
            leakRow(alpha, n, h, hOff + r * ldh, rate, rateOff + r * ldRate, next, nextOff + r * ldNext);
        }
    }

    // Here and below, a fused product in place of a plain one: see SimdTanh.
    static void leakRow(double alpha, int n, double[] h, int h0, double[] rate, int r0, double[] next, int n0) {
        double keep = 1.0 - alpha;
        for (int j = 0; j < n; j++) {
            next[n0 + j] = Math.fma(alpha, rate[r0 + j], Math.fma(keep, h[h0 + j], -0.0));
        }
    }

    @Override
    public void backActivate(
            Activation phi,
            double alpha,
            int rows,
            int n,
            double[] rate,
            int rateOff,
            int ldRate,
            double[] dh,
            int dhOff,
            int ldDh,
            double[] dz,
            int dzOff,
            int ldDz) {
        SliceBounds.check("rate", rows, n, rate, rateOff, ldRate);
        SliceBounds.check("dh", rows, n, dh, dhOff, ldDh);
        SliceBounds.check("dz", rows, n, dz, dzOff, ldDz);
        for (int r = 0; r < rows; r++) {
            backActivateRow(phi, alpha, n, rate, rateOff + r * ldRate, dh, dhOff + r * ldDh, dz, dzOff + r * ldDz);
        }
    }

    static void backActivateRow(
            Activation phi, double alpha, int n, double[] rate, int r0, double[] dh, int dh0, double[] dz, int dz0) {
        if (phi == Activation.TANH) {
            for (int j = 0; j < n; j++) {
                double r = rate[r0 + j];
                dz[dz0 + j] = Math.fma(alpha, Math.fma(dh[dh0 + j], Math.fma(-r, r, 1.0), -0.0), -0.0);
            }
        } else if (phi.hasKink()) {
            double low = phi.slope(0.0);
            for (int j = 0; j < n; j++) {
                dz[dz0 + j] = Math.fma(alpha, Math.fma(dh[dh0 + j], kinkSlope(rate[r0 + j], low), -0.0), -0.0);
            }
        } else {
            for (int j = 0; j < n; j++) {
                dz[dz0 + j] = alpha * (dh[dh0 + j] * phi.slope(rate[r0 + j]));
            }
        }
    }

    /** 1 if the rate is positive, else {@code low}, without a branch. */
    private static double kinkSlope(double rate, double low) {
        // Less 1, the bits are negative for 0, -0 and what is below. Those of a positive number, infinity included,
        // are at least 0 and below the bits of infinity; those of NaN aren't.
        // float: int x = Float.floatToRawIntBits(rate) - 1;
        long x = Double.doubleToRawLongBits(rate) - 1;
        // float: int positive = ((x - 0x7f80_0000) & ~x) >> 31;
        long positive = ((x - 0x7ff0_0000_0000_0000L) & ~x) >> 63;
        // float: int bits = (Float.floatToRawIntBits(1.0f) & positive) | (Float.floatToRawIntBits(low) & ~positive);
        long bits = (Double.doubleToRawLongBits(1.0) & positive) | (Double.doubleToRawLongBits(low) & ~positive);
        // float: return Float.intBitsToFloat(bits);
        return Double.longBitsToDouble(bits);
    }

    @Override
    public void sumRows(int rows, int n, double[] a, int aOff, int lda, double[] sum, int sumOff) {
        SliceBounds.check("a", rows, n, a, aOff, lda);
        SliceBounds.check("sum", 1, n, sum, sumOff, n);
        if (n < 4) {
            // Columns one after the other: HotSpot makes a short inner loop slow.
            for (int j = 0; j < n; j++) {
                double total = sum[sumOff + j];
                for (int r = 0; r < rows; r++) {
                    total += a[aOff + r * lda + j];
                }
                sum[sumOff + j] = total;
            }
            return;
        }
        for (int r = 0; r < rows; r++) {
            int row = aOff + r * lda;
            for (int j = 0; j < n; j++) {
                sum[sumOff + j] += a[row + j];
            }
        }
    }

    @Override
    public void adam(
            int n,
            int off,
            double[] p,
            double[] m,
            double[] v,
            double[] g,
            double rate, // stays double
            double beta1, // stays double
            double beta2, // stays double
            double epsilon) { // stays double
        SliceBounds.check("p", 1, n, p, off, n);
        SliceBounds.check("m", 1, n, m, off, n);
        SliceBounds.check("v", 1, n, v, off, n);
        SliceBounds.check("g", 1, n, g, off, n);
        // float: float b1 = (float) beta1;
        double b1 = beta1;
        // float: float b2 = (float) beta2;
        double b2 = beta2;
        // float: float rest1 = (float) (1.0 - beta1);
        double rest1 = 1.0 - beta1;
        // float: float rest2 = (float) (1.0 - beta2);
        double rest2 = 1.0 - beta2;
        // float: float lr = (float) rate;
        double lr = rate;
        // float: float eps = (float) epsilon;
        double eps = epsilon;
        for (int j = off; j < off + n; j++) {
            m[j] = Math.fma(b1, m[j], rest1 * g[j]);
            v[j] = Math.fma(b2, v[j], rest2 * (g[j] * g[j]));
            p[j] -= lr * m[j] / (Math.sqrt(v[j]) + eps);
        }
    }
}
