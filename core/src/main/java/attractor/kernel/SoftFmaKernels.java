package attractor.kernel;

import java.util.Arrays;

/**
 * Kernels for processors without fused multiply-add: the same bits as the others, from operations that every processor
 * has. The products do the same as {@link Fma#software}, in loops without branches, which HotSpot vectorises. Entries
 * whose last rounding is in doubt are computed again one by one: about one in 2^45, more for numbers of few bits.
 */
final class SoftFmaKernels implements Kernels {
    private static final ScalarKernels SCALAR = new ScalarKernels();

    /** Buffers for rows, one set per thread. */
    private final ThreadLocal<Scratch> scratch = ThreadLocal.withInitial(Scratch::new);

    /** Rows in arrays of their own, indexed from 0: with offsets, HotSpot would not vectorise the loops. */
    private static final class Scratch {
        private SoftFmaRow b = new SoftFmaRow(0);
        private double[] product = {};
        private double[] low = {};
        private double[][] sums = {};
        /** Not 0 where the entry of {@link #sums} may be wrong. */
        private double[][] doubts = {};

        void ensure(int rows, int columns) {
            if (product.length < columns) {
                b = new SoftFmaRow(columns);
                product = new double[columns];
                low = new double[columns];
            }
            sums = ScalarKernels.withRoom(sums, rows, columns);
            doubts = ScalarKernels.withRoom(doubts, rows, columns);
        }

        void begin(int row, int n, double[] from, int off) {
            System.arraycopy(from, off, sums[row], 0, n);
            Arrays.fill(doubts[row], 0, n, 0.0);
        }
    }

    private static final class PackedRows implements Packed {
        private final SoftFmaRow[] rows;
        private final int columns;

        PackedRows(int k, int n) {
            rows = new SoftFmaRow[k];
            Arrays.setAll(rows, i -> new SoftFmaRow(n));
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
                rows[i].load(columns, b, bOff + i * ldb);
            }
        }
    }

    @Override
    public String name() {
        return "softfma";
    }

    @Override
    public String description() {
        return "softfma (plain Java, fused multiply-adds in software)";
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
        SoftFmaRow[] rows = ((PackedRows) b).rows;
        int k = rows.length;
        int n = b.columns();
        SliceBounds.check("a", m, k, a, aOff, lda);
        SliceBounds.check("init", m, n, init, initOff, ldInit);
        SliceBounds.check("c", m, n, c, cOff, ldc);
        Scratch s = scratch.get();
        s.ensure(1, n);
        for (int r = 0; r < m; r++) {
            int a0 = aOff + r * lda;
            int i0 = initOff + r * ldInit;
            int c0 = cOff + r * ldc;
            s.begin(0, n, init, i0);
            for (int i = 0; i < k; i++) {
                rows[i].addTimes(n, a[a0 + i], s.product, s.low, s.sums[0], s.doubts[0]);
            }
            for (int j = 0; j < n; j++) {
                double sum = s.sums[0][j];
                if (s.doubts[0][j] != 0) { // or not a number
                    sum = init[i0 + j];
                    for (int i = 0; i < k; i++) {
                        sum = Fma.software(a[a0 + i], rows[i].at(j), sum);
                    }
                }
                c[c0 + j] = sum;
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
        SliceBounds.check("a", k, m, a, aOff, lda);
        SliceBounds.check("b", k, n, b, bOff, ldb);
        SliceBounds.check("c", m, n, c, cOff, ldc);
        Scratch s = scratch.get();
        s.ensure(m, n);
        for (int r = 0; r < m; r++) {
            s.begin(r, n, c, cOff + r * ldc);
        }
        for (int i = 0; i < k; i++) {
            s.b.load(n, b, bOff + i * ldb);
            for (int r = 0; r < m; r++) {
                s.b.addTimes(n, a[aOff + i * lda + r], s.product, s.low, s.sums[r], s.doubts[r]);
            }
        }
        for (int r = 0; r < m; r++) {
            for (int j = 0; j < n; j++) {
                double sum = s.sums[r][j];
                if (s.doubts[r][j] != 0) {
                    sum = c[cOff + r * ldc + j];
                    for (int i = 0; i < k; i++) {
                        sum = Fma.software(a[aOff + i * lda + r], b[bOff + i * ldb + j], sum);
                    }
                }
                c[cOff + r * ldc + j] = sum;
            }
        }
    }

    @Override
    public void activate(Activation phi, int rows, int n, double[] a, int aOff, int lda) {
        SliceBounds.check("a", rows, n, a, aOff, lda);
        for (int r = 0; r < rows; r++) {
            ScalarKernels.activateRow(phi, n, a, aOff + r * lda);
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
        double keep = 1.0 - alpha;
        for (int r = 0; r < rows; r++) {
            for (int j = 0; j < n; j++) {
                double kept = keep * h[hOff + r * ldh + j];
                next[nextOff + r * ldNext + j] = Fma.software(alpha, rate[rateOff + r * ldRate + j], kept);
            }
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
            for (int j = 0; j < n; j++) {
                double slope = phi.slope(rate[rateOff + r * ldRate + j]);
                dz[dzOff + r * ldDz + j] = alpha * (dh[dhOff + r * ldDh + j] * slope);
            }
        }
    }

    @Override
    public void sumRows(int rows, int n, double[] a, int aOff, int lda, double[] sum, int sumOff) {
        SCALAR.sumRows(rows, n, a, aOff, lda, sum, sumOff);
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
            m[j] = Fma.software(b1, m[j], rest1 * g[j]);
            v[j] = Fma.software(b2, v[j], rest2 * (g[j] * g[j]));
            p[j] -= lr * m[j] / (Math.sqrt(v[j]) + eps);
        }
    }
}
