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
        private Row b = new Row(0);
        private double[] product = {};
        private double[] low = {};
        private double[][] sums = {};
        /** Not 0 where the entry of {@link #sums} may be wrong. */
        private double[][] doubts = {};

        void ensure(int rows, int columns) {
            if (product.length < columns) {
                b = new Row(columns);
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

    /** A row of B and its upper halves. */
    private static final class Row {
        private final double[] values;
        private final double[] high;
        /** The smallest magnitude. */
        private double least;

        Row(int n) {
            values = new double[n];
            high = new double[n];
        }

        void load(int n, double[] b, int off) {
            System.arraycopy(b, off, values, 0, n);
            least = n == 0 ? 0 : Double.POSITIVE_INFINITY;
            for (int j = 0; j < n; j++) {
                double t = values[j] * Fma.SPLITTER;
                high[j] = t - (t - values[j]);
                least = Math.min(least, Math.abs(values[j]));
            }
        }
    }

    private static final class PackedRows implements Packed {
        private final Row[] rows;
        private final int columns;

        PackedRows(int k, int n) {
            rows = new Row[k];
            Arrays.setAll(rows, i -> new Row(n));
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
        Row[] rows = ((PackedRows) b).rows;
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
                addRow(n, a[a0 + i], rows[i], s, 0);
            }
            for (int j = 0; j < n; j++) {
                double sum = s.sums[0][j];
                if (s.doubts[0][j] != 0) { // or not a number
                    sum = init[i0 + j];
                    for (int i = 0; i < k; i++) {
                        sum = Fma.software(a[a0 + i], rows[i].values[j], sum);
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
                addRow(n, a[aOff + i * lda + r], s.b, s, r);
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

    /**
     * {@code sums[j] = fma(x, b[j], sums[j])}, or an entry in doubts. Zeros must keep their signs, and tiny products
     * are not exact.
     */
    private static void addRow(int n, double x, Row b, Scratch s, int row) {
        if (Math.abs(x) * b.least >= Fma.LEAST_PRODUCT) {
            double t = x * Fma.SPLITTER;
            double high = t - (t - x);
            multiply(n, x, high, x - high, b.values, b.high, s.product, s.low);
            add(n, s.product, s.low, s.sums[row], s.doubts[row]);
        } else {
            double[] sums = s.sums[row];
            for (int j = 0; j < n; j++) {
                sums[j] = Fma.software(x, b.values[j], sums[j]);
            }
        }
    }

    // Two loops, since JDK 17 would not vectorise one loop of twice the length.

    private static void multiply(
            int n, double x, double xHigh, double xLow, double[] b, double[] bHigh, double[] product, double[] low) {
        for (int j = 0; j < n; j++) {
            double p = x * b[j];
            double high = bHigh[j];
            double rest = b[j] - high;
            product[j] = p;
            low[j] = ((xHigh * high - p) + xHigh * rest + xLow * high) + xLow * rest;
        }
    }

    private static void add(int n, double[] product, double[] low, double[] sums, double[] doubts) {
        for (int j = 0; j < n; j++) {
            double p = product[j];
            double c = sums[j];
            double s = p + c;
            double v = s - p;
            double z = ((p - (s - v)) + (c - v)) + low[j];
            double r = s + z * Fma.ABOVE;
            sums[j] = r;
            doubts[j] += Math.abs(r - (s + z * Fma.BELOW));
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
            double rate,
            double beta1,
            double beta2,
            double epsilon) {
        SliceBounds.check("p", 1, n, p, off, n);
        SliceBounds.check("m", 1, n, m, off, n);
        SliceBounds.check("v", 1, n, v, off, n);
        SliceBounds.check("g", 1, n, g, off, n);
        for (int j = off; j < off + n; j++) {
            m[j] = Fma.software(beta1, m[j], (1.0 - beta1) * g[j]);
            v[j] = Fma.software(beta2, v[j], (1.0 - beta2) * (g[j] * g[j]));
            p[j] -= rate * m[j] / (Math.sqrt(v[j]) + epsilon);
        }
    }
}
