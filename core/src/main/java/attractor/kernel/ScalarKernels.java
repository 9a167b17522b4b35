package attractor.kernel;

/**
 * Kernels in plain Java. The inner loops run over contiguous columns with fused multiply-adds, a form that HotSpot turns into
 * vector instructions by itself.
 */
final class ScalarKernels implements Kernels {
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
    public void pack(int k, int n, double[] b, int bOff, int ldb, double[] packed) {
        Kernels.checkSlice("b", k, n, b, bOff, ldb);
        Kernels.checkSlice("packed", k, n, packed, 0, n);
        for (int i = 0; i < k; i++) {
            System.arraycopy(b, bOff + i * ldb, packed, i * n, n);
        }
    }

    @Override
    public void gemm(
            int m,
            int n,
            int k,
            double[] a,
            int aOff,
            int lda,
            double[] packed,
            double[] init,
            int initOff,
            int ldInit,
            double[] c,
            int cOff,
            int ldc) {
        Kernels.checkSlice("a", m, k, a, aOff, lda);
        Kernels.checkSlice("packed", k, n, packed, 0, n);
        Kernels.checkSlice("init", m, n, init, initOff, ldInit);
        Kernels.checkSlice("c", m, n, c, cOff, ldc);
        for (int r = 0; r < m; r++) {
            int row = cOff + r * ldc;
            int initRow = initOff + r * ldInit;
            if (c != init || row != initRow) {
                System.arraycopy(init, initRow, c, row, n);
            }
            int ar = aOff + r * lda;
            int i = 0;
            for (; i + 8 <= k; i += 8) {
                int p = ar + i;
                addRows8(
                        n, a[p], a[p + 1], a[p + 2], a[p + 3], a[p + 4], a[p + 5], a[p + 6], a[p + 7], packed, i * n, n,
                        c, row);
            }
            for (; i < k; i++) {
                addRow(n, a[ar + i], packed, i * n, c, row);
            }
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
        Kernels.checkSlice("a", k, m, a, aOff, lda);
        Kernels.checkSlice("b", k, n, b, bOff, ldb);
        Kernels.checkSlice("c", m, n, c, cOff, ldc);
        // Eight rows of B at a time stay in the first-level cache while every row of C passes.
        int i = 0;
        for (; i + 8 <= k; i += 8) {
            int p = aOff + i * lda;
            int bRow = bOff + i * ldb;
            for (int r = 0; r < m; r++) {
                int q = p + r;
                addRows8(
                        n,
                        a[q],
                        a[q + lda],
                        a[q + 2 * lda],
                        a[q + 3 * lda],
                        a[q + 4 * lda],
                        a[q + 5 * lda],
                        a[q + 6 * lda],
                        a[q + 7 * lda],
                        b,
                        bRow,
                        ldb,
                        c,
                        cOff + r * ldc);
            }
        }
        for (; i < k; i++) {
            for (int r = 0; r < m; r++) {
                addRow(n, a[aOff + i * lda + r], b, bOff + i * ldb, c, cOff + r * ldc);
            }
        }
    }

    /** {@code c[j] = fma(s7, b7[j], ... fma(s0, b0[j], c[j]))}. */
    private static void addRows8(
            int n,
            double s0,
            double s1,
            double s2,
            double s3,
            double s4,
            double s5,
            double s6,
            double s7,
            double[] b,
            int b0,
            int ldb,
            double[] c,
            int c0) {
        int b1 = b0 + ldb;
        int b2 = b1 + ldb;
        int b3 = b2 + ldb;
        int b4 = b3 + ldb;
        int b5 = b4 + ldb;
        int b6 = b5 + ldb;
        int b7 = b6 + ldb;
        for (int j = 0; j < n; j++) {
            double sum = Math.fma(s0, b[b0 + j], c[c0 + j]);
            sum = Math.fma(s1, b[b1 + j], sum);
            sum = Math.fma(s2, b[b2 + j], sum);
            sum = Math.fma(s3, b[b3 + j], sum);
            sum = Math.fma(s4, b[b4 + j], sum);
            sum = Math.fma(s5, b[b5 + j], sum);
            sum = Math.fma(s6, b[b6 + j], sum);
            c[c0 + j] = Math.fma(s7, b[b7 + j], sum);
        }
    }

    private static void addRow(int n, double s, double[] b, int b0, double[] c, int c0) {
        for (int j = 0; j < n; j++) {
            c[c0 + j] = Math.fma(s, b[b0 + j], c[c0 + j]);
        }
    }

    @Override
    public void activate(Activation phi, int rows, int n, double[] a, int aOff, int lda) {
        Kernels.checkSlice("a", rows, n, a, aOff, lda);
        for (int r = 0; r < rows; r++) {
            activateRow(phi, n, a, aOff + r * lda);
        }
    }

    /** Shared with the vector kernels, which have a few columns left over. */
    static void activateRow(Activation phi, int n, double[] a, int off) {
        switch (phi) {
            case TANH -> {
                for (int j = off; j < off + n; j++) {
                    a[j] = Tanh.tanh(a[j]);
                }
            }
            case IDENTITY -> {}
            default -> {
                for (int j = off; j < off + n; j++) {
                    a[j] = phi.rate(a[j]);
                }
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
        Kernels.checkSlice("h", rows, n, h, hOff, ldh);
        Kernels.checkSlice("rate", rows, n, rate, rateOff, ldRate);
        Kernels.checkSlice("next", rows, n, next, nextOff, ldNext);
        for (int r = 0; r < rows; r++) {
            leakRow(alpha, n, h, hOff + r * ldh, rate, rateOff + r * ldRate, next, nextOff + r * ldNext);
        }
    }

    static void leakRow(double alpha, int n, double[] h, int h0, double[] rate, int r0, double[] next, int n0) {
        double keep = 1.0 - alpha;
        for (int j = 0; j < n; j++) {
            next[n0 + j] = Math.fma(alpha, rate[r0 + j], keep * h[h0 + j]);
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
        Kernels.checkSlice("rate", rows, n, rate, rateOff, ldRate);
        Kernels.checkSlice("dh", rows, n, dh, dhOff, ldDh);
        Kernels.checkSlice("dz", rows, n, dz, dzOff, ldDz);
        for (int r = 0; r < rows; r++) {
            backActivateRow(phi, alpha, n, rate, rateOff + r * ldRate, dh, dhOff + r * ldDh, dz, dzOff + r * ldDz);
        }
    }

    static void backActivateRow(
            Activation phi, double alpha, int n, double[] rate, int r0, double[] dh, int dh0, double[] dz, int dz0) {
        if (phi == Activation.TANH) {
            for (int j = 0; j < n; j++) {
                double r = rate[r0 + j];
                dz[dz0 + j] = alpha * (dh[dh0 + j] * Math.fma(-r, r, 1.0));
            }
        } else {
            for (int j = 0; j < n; j++) {
                dz[dz0 + j] = alpha * (dh[dh0 + j] * phi.slope(rate[r0 + j]));
            }
        }
    }

    @Override
    public void sumRows(int rows, int n, double[] a, int aOff, int lda, double[] sum, int sumOff) {
        Kernels.checkSlice("a", rows, n, a, aOff, lda);
        Kernels.checkSlice("sum", 1, n, sum, sumOff, n);
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
            double rate,
            double beta1,
            double beta2,
            double epsilon) {
        Kernels.checkSlice("p", 1, n, p, off, n);
        Kernels.checkSlice("m", 1, n, m, off, n);
        Kernels.checkSlice("v", 1, n, v, off, n);
        Kernels.checkSlice("g", 1, n, g, off, n);
        double rest1 = 1.0 - beta1;
        double rest2 = 1.0 - beta2;
        for (int j = off; j < off + n; j++) {
            m[j] = Math.fma(beta1, m[j], rest1 * g[j]);
            v[j] = Math.fma(beta2, v[j], rest2 * (g[j] * g[j]));
            p[j] -= rate * m[j] / (Math.sqrt(v[j]) + epsilon);
        }
    }
}
