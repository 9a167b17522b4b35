package attractor.kernel;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Kernels on the JDK's Vector API; the only class that names {@code jdk.incubator.vector}. Loaded by name, so that the library
 * runs without that module.
 *
 * <p>The products work on register tiles. A tile has at most ten accumulators and few enough operands that HotSpot keeps all of
 * them in 16 registers: with twelve it spills some in the loop and loses half of its speed. Each tile is a method of
 * its own with one loop, because JDK 17 boxes vectors in nested loops.
 */
final class SimdKernels implements Kernels {
    /** The widest vectors of this processor; {@code -Dattractor.vectorBits=128|256|512} forces others, for tests. */
    private static final VectorSpecies<Double> S = species(System.getProperty("attractor.vectorBits"));

    private static final int V = S.length();
    private static final ScalarKernels SCALAR = new ScalarKernels();

    /** So many steps of k at a time, so that the panel of B stays in the first-level cache. */
    private static final int K_BLOCK = 256;

    private static VectorSpecies<Double> species(String bits) {
        if (bits == null) {
            return DoubleVector.SPECIES_PREFERRED;
        }
        return switch (bits) {
            case "128" -> DoubleVector.SPECIES_128;
            case "256" -> DoubleVector.SPECIES_256;
            case "512" -> DoubleVector.SPECIES_512;
            default ->
                throw new IllegalArgumentException("attractor.vectorBits is '" + bits + "', expected 128, 256 or 512");
        };
    }

    @Override
    public String name() {
        return "simd";
    }

    @Override
    public String description() {
        return "simd (" + V + " lanes of 64 bits)";
    }

    @Override
    public int lanes() {
        return V;
    }

    /** Panels of two vectors of columns, then one of one vector, then the columns left; each in the order of k. */
    private static final class Panels implements Packed {
        private final int k;
        private final int n;
        private final double[] values;

        Panels(int k, int n) {
            this.k = k;
            this.n = n;
            values = new double[Math.multiplyExact(k, n)];
        }

        @Override
        public int rows() {
            return k;
        }

        @Override
        public int columns() {
            return n;
        }

        @Override
        public void load(double[] b, int bOff, int ldb) {
            Kernels.checkSlice("b", k, n, b, bOff, ldb);
            int to = 0;
            for (int j = 0; j < n; ) {
                int width = panel(n - j);
                for (int i = 0; i < k; i++) {
                    System.arraycopy(b, bOff + i * ldb + j, values, to, width);
                    to += width;
                }
                j += width;
            }
        }
    }

    @Override
    public Packed packed(int k, int n) {
        return new Panels(k, n);
    }

    private static int panel(int columnsLeft) {
        return columnsLeft >= 2 * V ? 2 * V : columnsLeft >= V ? V : columnsLeft;
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
        double[] packed = ((Panels) b).values;
        int k = b.rows();
        int n = b.columns();
        Kernels.checkSlice("a", m, k, a, aOff, lda);
        Kernels.checkSlice("init", m, n, init, initOff, ldInit);
        Kernels.checkSlice("c", m, n, c, cOff, ldc);
        int done = 0;
        do {
            int steps = Math.min(k - done, K_BLOCK);
            // After the first block C itself is what to add to.
            double[] from = done == 0 ? init : c;
            int fromOff = done == 0 ? initOff : cOff;
            int ldFrom = done == 0 ? ldInit : ldc;
            int rows = m & -4;
            for (int r = rows; r < m; r++) {
                row(n, steps, a, aOff + r * lda + done, packed, k, done, from, fromOff + r * ldFrom, c, cOff + r * ldc);
            }
            for (int j = 0; j < n && rows > 0; ) {
                int width = panel(n - j);
                panelRows(
                        rows,
                        width,
                        steps,
                        a,
                        aOff + done,
                        lda,
                        packed,
                        j * k + done * width,
                        from,
                        fromOff + j,
                        ldFrom,
                        c,
                        cOff + j,
                        ldc);
                j += width;
            }
            done += steps;
        } while (done < k);
    }

    /** One row of C: few accumulators a panel, so several panels at a time. */
    private static void row(
            int n,
            int steps,
            double[] a,
            int a0,
            double[] packed,
            int k,
            int done,
            double[] init,
            int i0,
            double[] c,
            int c0) {
        int j = 0;
        int step = 2 * V * k;
        for (; j + 8 * V <= n; j += 8 * V) {
            tile1x8(steps, a, a0, packed, j * k + done * 2 * V, step, init, i0 + j, c, c0 + j);
        }
        for (; j + 4 * V <= n; j += 4 * V) {
            tile1x4(steps, a, a0, packed, j * k + done * 2 * V, step, init, i0 + j, c, c0 + j);
        }
        while (j < n) {
            int width = panel(n - j);
            int b0 = j * k + done * width;
            if (width == 2 * V) {
                tile1x2(steps, a, a0, packed, b0, init, i0 + j, c, c0 + j);
            } else if (width == V) {
                tile1x1(steps, a, a0, packed, b0, init, i0 + j, c, c0 + j);
            } else {
                tail(width, steps, a, a0, packed, b0, init, i0 + j, c, c0 + j);
            }
            j += width;
        }
    }

    private static void panelRows(
            int m,
            int width,
            int k,
            double[] a,
            int aOff,
            int lda,
            double[] b,
            int bOff,
            double[] init,
            int initOff,
            int ldInit,
            double[] c,
            int cOff,
            int ldc) {
        int r = 0;
        if (width == 2 * V) {
            tile4x2(m, k, a, aOff, lda, b, bOff, init, initOff, ldInit, c, cOff, ldc);
        } else if (width == V) {
            for (; r + 8 <= m; r += 8) {
                tile8x1(k, a, aOff + r * lda, lda, b, bOff, init, initOff + r * ldInit, ldInit, c, cOff + r * ldc, ldc);
            }
            for (; r < m; r++) {
                tile1x1(k, a, aOff + r * lda, b, bOff, init, initOff + r * ldInit, c, cOff + r * ldc);
            }
        } else {
            for (; r < m; r++) {
                tail(width, k, a, aOff + r * lda, b, bOff, init, initOff + r * ldInit, c, cOff + r * ldc);
            }
        }
    }

    /** Four trials by two vectors of units; two steps of k a turn, which JDK 17 needs to keep up with later ones. */
    private static void tile4x2(
            int m,
            int k,
            double[] a,
            int aOff,
            int lda,
            double[] b,
            int bStart,
            double[] init,
            int initOff,
            int ldInit,
            double[] c,
            int cOff,
            int ldc) {
        for (int r = 0; r + 4 <= m; r += 4) {
            int a0 = aOff + r * lda;
            int i0 = initOff + r * ldInit;
            int c0 = cOff + r * ldc;
            DoubleVector s00 = DoubleVector.fromArray(S, init, i0);
            DoubleVector s01 = DoubleVector.fromArray(S, init, i0 + V);
            DoubleVector s10 = DoubleVector.fromArray(S, init, i0 + ldInit);
            DoubleVector s11 = DoubleVector.fromArray(S, init, i0 + ldInit + V);
            DoubleVector s20 = DoubleVector.fromArray(S, init, i0 + 2 * ldInit);
            DoubleVector s21 = DoubleVector.fromArray(S, init, i0 + 2 * ldInit + V);
            DoubleVector s30 = DoubleVector.fromArray(S, init, i0 + 3 * ldInit);
            DoubleVector s31 = DoubleVector.fromArray(S, init, i0 + 3 * ldInit + V);
            int a1 = a0 + lda;
            int a2 = a1 + lda;
            int a3 = a2 + lda;
            int i = 0;
            for (; i < k - 1; i += 2) {
                DoubleVector b0u0 = DoubleVector.fromArray(S, b, bStart + i * (2 * V));
                DoubleVector b1u0 = DoubleVector.fromArray(S, b, bStart + i * (2 * V) + V);
                DoubleVector w0u0 = DoubleVector.broadcast(S, a[a0 + i]);
                s00 = w0u0.fma(b0u0, s00);
                s01 = w0u0.fma(b1u0, s01);
                DoubleVector w1u0 = DoubleVector.broadcast(S, a[a1 + i]);
                s10 = w1u0.fma(b0u0, s10);
                s11 = w1u0.fma(b1u0, s11);
                DoubleVector w2u0 = DoubleVector.broadcast(S, a[a2 + i]);
                s20 = w2u0.fma(b0u0, s20);
                s21 = w2u0.fma(b1u0, s21);
                DoubleVector w3u0 = DoubleVector.broadcast(S, a[a3 + i]);
                s30 = w3u0.fma(b0u0, s30);
                s31 = w3u0.fma(b1u0, s31);
                DoubleVector b0u1 = DoubleVector.fromArray(S, b, bStart + i * (2 * V) + 2 * V);
                DoubleVector b1u1 = DoubleVector.fromArray(S, b, bStart + i * (2 * V) + 3 * V);
                DoubleVector w0u1 = DoubleVector.broadcast(S, a[a0 + i + 1]);
                s00 = w0u1.fma(b0u1, s00);
                s01 = w0u1.fma(b1u1, s01);
                DoubleVector w1u1 = DoubleVector.broadcast(S, a[a1 + i + 1]);
                s10 = w1u1.fma(b0u1, s10);
                s11 = w1u1.fma(b1u1, s11);
                DoubleVector w2u1 = DoubleVector.broadcast(S, a[a2 + i + 1]);
                s20 = w2u1.fma(b0u1, s20);
                s21 = w2u1.fma(b1u1, s21);
                DoubleVector w3u1 = DoubleVector.broadcast(S, a[a3 + i + 1]);
                s30 = w3u1.fma(b0u1, s30);
                s31 = w3u1.fma(b1u1, s31);
            }
            if (i < k) {
                DoubleVector b0 = DoubleVector.fromArray(S, b, bStart + i * (2 * V));
                DoubleVector b1 = DoubleVector.fromArray(S, b, bStart + i * (2 * V) + V);
                DoubleVector w0 = DoubleVector.broadcast(S, a[a0 + i]);
                s00 = w0.fma(b0, s00);
                s01 = w0.fma(b1, s01);
                DoubleVector w1 = DoubleVector.broadcast(S, a[a1 + i]);
                s10 = w1.fma(b0, s10);
                s11 = w1.fma(b1, s11);
                DoubleVector w2 = DoubleVector.broadcast(S, a[a2 + i]);
                s20 = w2.fma(b0, s20);
                s21 = w2.fma(b1, s21);
                DoubleVector w3 = DoubleVector.broadcast(S, a[a3 + i]);
                s30 = w3.fma(b0, s30);
                s31 = w3.fma(b1, s31);
            }
            s00.intoArray(c, c0);
            s01.intoArray(c, c0 + V);
            s10.intoArray(c, c0 + ldc);
            s11.intoArray(c, c0 + ldc + V);
            s20.intoArray(c, c0 + 2 * ldc);
            s21.intoArray(c, c0 + 2 * ldc + V);
            s30.intoArray(c, c0 + 3 * ldc);
            s31.intoArray(c, c0 + 3 * ldc + V);
        }
    }

    /** Eight trials by one vector. */
    private static void tile8x1(
            int k,
            double[] a,
            int a0,
            int lda,
            double[] b,
            int bStart,
            double[] init,
            int i0,
            int ldInit,
            double[] c,
            int c0,
            int ldc) {
        DoubleVector s00 = DoubleVector.fromArray(S, init, i0);
        DoubleVector s10 = DoubleVector.fromArray(S, init, i0 + ldInit);
        DoubleVector s20 = DoubleVector.fromArray(S, init, i0 + 2 * ldInit);
        DoubleVector s30 = DoubleVector.fromArray(S, init, i0 + 3 * ldInit);
        DoubleVector s40 = DoubleVector.fromArray(S, init, i0 + 4 * ldInit);
        DoubleVector s50 = DoubleVector.fromArray(S, init, i0 + 5 * ldInit);
        DoubleVector s60 = DoubleVector.fromArray(S, init, i0 + 6 * ldInit);
        DoubleVector s70 = DoubleVector.fromArray(S, init, i0 + 7 * ldInit);
        int a1 = a0 + lda;
        int a2 = a1 + lda;
        int a3 = a2 + lda;
        int a4 = a3 + lda;
        int a5 = a4 + lda;
        int a6 = a5 + lda;
        int a7 = a6 + lda;
        for (int i = 0; i < k; i++) {
            DoubleVector b0 = DoubleVector.fromArray(S, b, bStart + i * V);
            s00 = DoubleVector.broadcast(S, a[a0 + i]).fma(b0, s00);
            s10 = DoubleVector.broadcast(S, a[a1 + i]).fma(b0, s10);
            s20 = DoubleVector.broadcast(S, a[a2 + i]).fma(b0, s20);
            s30 = DoubleVector.broadcast(S, a[a3 + i]).fma(b0, s30);
            s40 = DoubleVector.broadcast(S, a[a4 + i]).fma(b0, s40);
            s50 = DoubleVector.broadcast(S, a[a5 + i]).fma(b0, s50);
            s60 = DoubleVector.broadcast(S, a[a6 + i]).fma(b0, s60);
            s70 = DoubleVector.broadcast(S, a[a7 + i]).fma(b0, s70);
        }
        s00.intoArray(c, c0);
        s10.intoArray(c, c0 + ldc);
        s20.intoArray(c, c0 + 2 * ldc);
        s30.intoArray(c, c0 + 3 * ldc);
        s40.intoArray(c, c0 + 4 * ldc);
        s50.intoArray(c, c0 + 5 * ldc);
        s60.intoArray(c, c0 + 6 * ldc);
        s70.intoArray(c, c0 + 7 * ldc);
    }

    /** One trial by eight vectors, in four panels that lie {@code step} apart. */
    private static void tile1x8(
            int k, double[] a, int a0, double[] b, int bStart, int step, double[] init, int i0, double[] c, int c0) {
        DoubleVector s0 = DoubleVector.fromArray(S, init, i0);
        DoubleVector s1 = DoubleVector.fromArray(S, init, i0 + V);
        DoubleVector s2 = DoubleVector.fromArray(S, init, i0 + 2 * V);
        DoubleVector s3 = DoubleVector.fromArray(S, init, i0 + 3 * V);
        DoubleVector s4 = DoubleVector.fromArray(S, init, i0 + 4 * V);
        DoubleVector s5 = DoubleVector.fromArray(S, init, i0 + 5 * V);
        DoubleVector s6 = DoubleVector.fromArray(S, init, i0 + 6 * V);
        DoubleVector s7 = DoubleVector.fromArray(S, init, i0 + 7 * V);
        int p1 = bStart + step;
        int p2 = p1 + step;
        int p3 = p2 + step;
        for (int i = 0; i < k; i++) {
            DoubleVector w = DoubleVector.broadcast(S, a[a0 + i]);
            s0 = w.fma(DoubleVector.fromArray(S, b, bStart + i * (2 * V)), s0);
            s1 = w.fma(DoubleVector.fromArray(S, b, bStart + i * (2 * V) + V), s1);
            s2 = w.fma(DoubleVector.fromArray(S, b, p1 + i * (2 * V)), s2);
            s3 = w.fma(DoubleVector.fromArray(S, b, p1 + i * (2 * V) + V), s3);
            s4 = w.fma(DoubleVector.fromArray(S, b, p2 + i * (2 * V)), s4);
            s5 = w.fma(DoubleVector.fromArray(S, b, p2 + i * (2 * V) + V), s5);
            s6 = w.fma(DoubleVector.fromArray(S, b, p3 + i * (2 * V)), s6);
            s7 = w.fma(DoubleVector.fromArray(S, b, p3 + i * (2 * V) + V), s7);
        }
        s0.intoArray(c, c0);
        s1.intoArray(c, c0 + V);
        s2.intoArray(c, c0 + 2 * V);
        s3.intoArray(c, c0 + 3 * V);
        s4.intoArray(c, c0 + 4 * V);
        s5.intoArray(c, c0 + 5 * V);
        s6.intoArray(c, c0 + 6 * V);
        s7.intoArray(c, c0 + 7 * V);
    }

    /** One trial by four vectors, in two panels that lie {@code step} apart. */
    private static void tile1x4(
            int k, double[] a, int a0, double[] b, int bStart, int step, double[] init, int i0, double[] c, int c0) {
        DoubleVector s0 = DoubleVector.fromArray(S, init, i0);
        DoubleVector s1 = DoubleVector.fromArray(S, init, i0 + V);
        DoubleVector s2 = DoubleVector.fromArray(S, init, i0 + 2 * V);
        DoubleVector s3 = DoubleVector.fromArray(S, init, i0 + 3 * V);
        int p1 = bStart + step;
        for (int i = 0; i < k; i++) {
            DoubleVector w = DoubleVector.broadcast(S, a[a0 + i]);
            s0 = w.fma(DoubleVector.fromArray(S, b, bStart + i * (2 * V)), s0);
            s1 = w.fma(DoubleVector.fromArray(S, b, bStart + i * (2 * V) + V), s1);
            s2 = w.fma(DoubleVector.fromArray(S, b, p1 + i * (2 * V)), s2);
            s3 = w.fma(DoubleVector.fromArray(S, b, p1 + i * (2 * V) + V), s3);
        }
        s0.intoArray(c, c0);
        s1.intoArray(c, c0 + V);
        s2.intoArray(c, c0 + 2 * V);
        s3.intoArray(c, c0 + 3 * V);
    }

    /** One trial by two vectors. */
    private static void tile1x2(
            int k, double[] a, int a0, double[] b, int bStart, double[] init, int i0, double[] c, int c0) {
        DoubleVector s00 = DoubleVector.fromArray(S, init, i0);
        DoubleVector s01 = DoubleVector.fromArray(S, init, i0 + V);
        for (int i = 0; i < k; i++) {
            DoubleVector b0 = DoubleVector.fromArray(S, b, bStart + i * (2 * V));
            DoubleVector b1 = DoubleVector.fromArray(S, b, bStart + i * (2 * V) + V);
            DoubleVector w0 = DoubleVector.broadcast(S, a[a0 + i]);
            s00 = w0.fma(b0, s00);
            s01 = w0.fma(b1, s01);
        }
        s00.intoArray(c, c0);
        s01.intoArray(c, c0 + V);
    }

    /** One trial by one vector. */
    private static void tile1x1(
            int k, double[] a, int a0, double[] b, int bStart, double[] init, int i0, double[] c, int c0) {
        DoubleVector s00 = DoubleVector.fromArray(S, init, i0);
        for (int i = 0; i < k; i++) {
            DoubleVector b0 = DoubleVector.fromArray(S, b, bStart + i * V);
            s00 = DoubleVector.broadcast(S, a[a0 + i]).fma(b0, s00);
        }
        s00.intoArray(c, c0);
    }

    /** One trial, fewer columns than a vector has lanes. */
    private static void tail(
            int width, int k, double[] a, int a0, double[] b, int bStart, double[] init, int i0, double[] c, int c0) {
        for (int j = 0; j < width; j++) {
            double sum = init[i0 + j];
            for (int i = 0; i < k; i++) {
                sum = Math.fma(a[a0 + i], b[bStart + i * width + j], sum);
            }
            c[c0 + j] = sum;
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
        for (int j = 0; j < n; ) {
            int width = panel(n - j);
            outerRows(m, width, k, a, aOff, lda, b, bOff + j, ldb, c, cOff + j, ldc);
            j += width;
        }
    }

    private static void outerRows(
            int m,
            int width,
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
        int r = 0;
        if (width == 2 * V) {
            int fives = Kernels.fives(m);
            outer5x2(5 * fives, k, a, aOff, lda, b, bOff, ldb, c, cOff, ldc);
            r = 5 * fives;
            outer4x2(m - r, k, a, aOff + r, lda, b, bOff, ldb, c, cOff + r * ldc, ldc);
            r += (m - r) & -4;
            for (; r < m; r++) {
                outer1x2(k, a, aOff + r, lda, b, bOff, ldb, c, cOff + r * ldc);
            }
        } else if (width == V) {
            outer8x1(m, k, a, aOff, lda, b, bOff, ldb, c, cOff, ldc);
            r = m & -8;
            for (; r < m; r++) {
                outer1x1(k, a, aOff + r, lda, b, bOff, ldb, c, cOff + r * ldc);
            }
        } else {
            for (; r < m; r++) {
                for (int j = 0; j < width; j++) {
                    double sum = c[cOff + r * ldc + j];
                    for (int i = 0; i < k; i++) {
                        sum = Math.fma(a[aOff + i * lda + r], b[bOff + i * ldb + j], sum);
                    }
                    c[cOff + r * ldc + j] = sum;
                }
            }
        }
    }

    /** Rows of C five at a time by two vectors. */
    private static void outer5x2(
            int m, int k, double[] a, int aOff, int lda, double[] b, int bOff, int ldb, double[] c, int cOff, int ldc) {
        for (int r = 0; r + 5 <= m; r += 5) {
            int c0 = cOff + r * ldc;
            DoubleVector s00 = DoubleVector.fromArray(S, c, c0);
            DoubleVector s01 = DoubleVector.fromArray(S, c, c0 + V);
            DoubleVector s10 = DoubleVector.fromArray(S, c, c0 + ldc);
            DoubleVector s11 = DoubleVector.fromArray(S, c, c0 + ldc + V);
            DoubleVector s20 = DoubleVector.fromArray(S, c, c0 + 2 * ldc);
            DoubleVector s21 = DoubleVector.fromArray(S, c, c0 + 2 * ldc + V);
            DoubleVector s30 = DoubleVector.fromArray(S, c, c0 + 3 * ldc);
            DoubleVector s31 = DoubleVector.fromArray(S, c, c0 + 3 * ldc + V);
            DoubleVector s40 = DoubleVector.fromArray(S, c, c0 + 4 * ldc);
            DoubleVector s41 = DoubleVector.fromArray(S, c, c0 + 4 * ldc + V);
            int p = aOff + r;
            int q = bOff;
            for (int i = 0; i < k; i++) {
                DoubleVector x0 = DoubleVector.fromArray(S, b, q);
                DoubleVector x1 = DoubleVector.fromArray(S, b, q + V);
                DoubleVector w0 = DoubleVector.broadcast(S, a[p]);
                s00 = w0.fma(x0, s00);
                s01 = w0.fma(x1, s01);
                DoubleVector w1 = DoubleVector.broadcast(S, a[p + 1]);
                s10 = w1.fma(x0, s10);
                s11 = w1.fma(x1, s11);
                DoubleVector w2 = DoubleVector.broadcast(S, a[p + 2]);
                s20 = w2.fma(x0, s20);
                s21 = w2.fma(x1, s21);
                DoubleVector w3 = DoubleVector.broadcast(S, a[p + 3]);
                s30 = w3.fma(x0, s30);
                s31 = w3.fma(x1, s31);
                DoubleVector w4 = DoubleVector.broadcast(S, a[p + 4]);
                s40 = w4.fma(x0, s40);
                s41 = w4.fma(x1, s41);
                p += lda;
                q += ldb;
            }
            s00.intoArray(c, c0);
            s01.intoArray(c, c0 + V);
            s10.intoArray(c, c0 + ldc);
            s11.intoArray(c, c0 + ldc + V);
            s20.intoArray(c, c0 + 2 * ldc);
            s21.intoArray(c, c0 + 2 * ldc + V);
            s30.intoArray(c, c0 + 3 * ldc);
            s31.intoArray(c, c0 + 3 * ldc + V);
            s40.intoArray(c, c0 + 4 * ldc);
            s41.intoArray(c, c0 + 4 * ldc + V);
        }
    }

    /** Rows of C four at a time by two vectors. */
    private static void outer4x2(
            int m, int k, double[] a, int aOff, int lda, double[] b, int bOff, int ldb, double[] c, int cOff, int ldc) {
        for (int r = 0; r + 4 <= m; r += 4) {
            int c0 = cOff + r * ldc;
            DoubleVector s00 = DoubleVector.fromArray(S, c, c0);
            DoubleVector s01 = DoubleVector.fromArray(S, c, c0 + V);
            DoubleVector s10 = DoubleVector.fromArray(S, c, c0 + ldc);
            DoubleVector s11 = DoubleVector.fromArray(S, c, c0 + ldc + V);
            DoubleVector s20 = DoubleVector.fromArray(S, c, c0 + 2 * ldc);
            DoubleVector s21 = DoubleVector.fromArray(S, c, c0 + 2 * ldc + V);
            DoubleVector s30 = DoubleVector.fromArray(S, c, c0 + 3 * ldc);
            DoubleVector s31 = DoubleVector.fromArray(S, c, c0 + 3 * ldc + V);
            int p = aOff + r;
            int q = bOff;
            for (int i = 0; i < k; i++) {
                DoubleVector x0 = DoubleVector.fromArray(S, b, q);
                DoubleVector x1 = DoubleVector.fromArray(S, b, q + V);
                DoubleVector w0 = DoubleVector.broadcast(S, a[p]);
                s00 = w0.fma(x0, s00);
                s01 = w0.fma(x1, s01);
                DoubleVector w1 = DoubleVector.broadcast(S, a[p + 1]);
                s10 = w1.fma(x0, s10);
                s11 = w1.fma(x1, s11);
                DoubleVector w2 = DoubleVector.broadcast(S, a[p + 2]);
                s20 = w2.fma(x0, s20);
                s21 = w2.fma(x1, s21);
                DoubleVector w3 = DoubleVector.broadcast(S, a[p + 3]);
                s30 = w3.fma(x0, s30);
                s31 = w3.fma(x1, s31);
                p += lda;
                q += ldb;
            }
            s00.intoArray(c, c0);
            s01.intoArray(c, c0 + V);
            s10.intoArray(c, c0 + ldc);
            s11.intoArray(c, c0 + ldc + V);
            s20.intoArray(c, c0 + 2 * ldc);
            s21.intoArray(c, c0 + 2 * ldc + V);
            s30.intoArray(c, c0 + 3 * ldc);
            s31.intoArray(c, c0 + 3 * ldc + V);
        }
    }

    /** Rows of C eight at a time by one vector. */
    private static void outer8x1(
            int m, int k, double[] a, int aOff, int lda, double[] b, int bOff, int ldb, double[] c, int cOff, int ldc) {
        for (int r = 0; r + 8 <= m; r += 8) {
            int c0 = cOff + r * ldc;
            DoubleVector s00 = DoubleVector.fromArray(S, c, c0);
            DoubleVector s10 = DoubleVector.fromArray(S, c, c0 + ldc);
            DoubleVector s20 = DoubleVector.fromArray(S, c, c0 + 2 * ldc);
            DoubleVector s30 = DoubleVector.fromArray(S, c, c0 + 3 * ldc);
            DoubleVector s40 = DoubleVector.fromArray(S, c, c0 + 4 * ldc);
            DoubleVector s50 = DoubleVector.fromArray(S, c, c0 + 5 * ldc);
            DoubleVector s60 = DoubleVector.fromArray(S, c, c0 + 6 * ldc);
            DoubleVector s70 = DoubleVector.fromArray(S, c, c0 + 7 * ldc);
            int p = aOff + r;
            int q = bOff;
            for (int i = 0; i < k; i++) {
                DoubleVector x0 = DoubleVector.fromArray(S, b, q);
                DoubleVector w0 = DoubleVector.broadcast(S, a[p]);
                s00 = w0.fma(x0, s00);
                DoubleVector w1 = DoubleVector.broadcast(S, a[p + 1]);
                s10 = w1.fma(x0, s10);
                DoubleVector w2 = DoubleVector.broadcast(S, a[p + 2]);
                s20 = w2.fma(x0, s20);
                DoubleVector w3 = DoubleVector.broadcast(S, a[p + 3]);
                s30 = w3.fma(x0, s30);
                DoubleVector w4 = DoubleVector.broadcast(S, a[p + 4]);
                s40 = w4.fma(x0, s40);
                DoubleVector w5 = DoubleVector.broadcast(S, a[p + 5]);
                s50 = w5.fma(x0, s50);
                DoubleVector w6 = DoubleVector.broadcast(S, a[p + 6]);
                s60 = w6.fma(x0, s60);
                DoubleVector w7 = DoubleVector.broadcast(S, a[p + 7]);
                s70 = w7.fma(x0, s70);
                p += lda;
                q += ldb;
            }
            s00.intoArray(c, c0);
            s10.intoArray(c, c0 + ldc);
            s20.intoArray(c, c0 + 2 * ldc);
            s30.intoArray(c, c0 + 3 * ldc);
            s40.intoArray(c, c0 + 4 * ldc);
            s50.intoArray(c, c0 + 5 * ldc);
            s60.intoArray(c, c0 + 6 * ldc);
            s70.intoArray(c, c0 + 7 * ldc);
        }
    }

    /** One row of C by two vectors. */
    private static void outer1x2(int k, double[] a, int a0, int lda, double[] b, int b0, int ldb, double[] c, int c0) {
        DoubleVector s00 = DoubleVector.fromArray(S, c, c0);
        DoubleVector s01 = DoubleVector.fromArray(S, c, c0 + V);
        int p = a0;
        int q = b0;
        for (int i = 0; i < k; i++) {
            DoubleVector x0 = DoubleVector.fromArray(S, b, q);
            DoubleVector x1 = DoubleVector.fromArray(S, b, q + V);
            DoubleVector w0 = DoubleVector.broadcast(S, a[p]);
            s00 = w0.fma(x0, s00);
            s01 = w0.fma(x1, s01);
            p += lda;
            q += ldb;
        }
        s00.intoArray(c, c0);
        s01.intoArray(c, c0 + V);
    }

    /** One row of C by one vector. */
    private static void outer1x1(int k, double[] a, int a0, int lda, double[] b, int b0, int ldb, double[] c, int c0) {
        DoubleVector s00 = DoubleVector.fromArray(S, c, c0);
        int p = a0;
        int q = b0;
        for (int i = 0; i < k; i++) {
            DoubleVector x0 = DoubleVector.fromArray(S, b, q);
            s00 = DoubleVector.broadcast(S, a[p]).fma(x0, s00);
            p += lda;
            q += ldb;
        }
        s00.intoArray(c, c0);
    }

    @Override
    public void activate(Activation phi, int rows, int n, double[] a, int aOff, int lda) {
        Kernels.checkSlice("a", rows, n, a, aOff, lda);
        int whole = n - n % V;
        switch (phi) {
            case TANH -> tanhRows(rows, whole, a, aOff, lda);
            case SIGMOID -> {
                affineRows(0.5, 0.0, rows, whole, a, aOff, lda);
                tanhRows(rows, whole, a, aOff, lda);
                affineRows(0.5, 0.5, rows, whole, a, aOff, lda);
            }
            case RELU -> reluRows(rows, whole, a, aOff, lda);
            case IDENTITY -> {}
        }
        for (int r = 0; r < rows && whole < n; r++) {
            ScalarKernels.activateRow(phi, n - whole, a, aOff + r * lda + whole);
        }
    }

    /**
     * {@link Tanh#tanh}, operation by operation, in two passes over the row: the processor keeps a few hundred instructions in flight,
     * and one pass of twice the length would leave it waiting for its own results. Not split into methods, since a call
     * boxes the vectors.
     */
    private static void tanhRows(int rows, int n, double[] row, int aOff, int lda) {
        for (int r0 = 0; r0 < rows; r0++) {
            int off = aOff + r0 * lda;
            for (int j = off; j < off + n; j += V) {
                DoubleVector x = DoubleVector.fromArray(S, row, j);
                LongVector signs = x.reinterpretAsLongs().and(Long.MIN_VALUE);
                DoubleVector a = x.abs();
                VectorMask<Double> beyond = a.compare(VectorOperators.GT, Tanh.LIMIT);
                DoubleVector u = a.add(a).blend(2.0 * Tanh.LIMIT, beyond);
                DoubleVector rounder = DoubleVector.broadcast(S, Tanh.ROUNDER);
                DoubleVector shifted = u.fma(DoubleVector.broadcast(S, Tanh.LOG2_E), rounder);
                DoubleVector k = shifted.sub(rounder);
                DoubleVector r = k.fma(
                        DoubleVector.broadcast(S, -Tanh.LN2_LOW), k.fma(DoubleVector.broadcast(S, -Tanh.LN2_HIGH), u));
                DoubleVector r2 = r.mul(r);
                DoubleVector r4 = r2.mul(r2);
                DoubleVector low = r2.fma(
                        r.fma(DoubleVector.broadcast(S, Tanh.C3), DoubleVector.broadcast(S, Tanh.C2)),
                        r.fma(DoubleVector.broadcast(S, Tanh.C1), DoubleVector.broadcast(S, Tanh.C0)));
                DoubleVector middle = r2.fma(
                        r.fma(DoubleVector.broadcast(S, Tanh.C7), DoubleVector.broadcast(S, Tanh.C6)),
                        r.fma(DoubleVector.broadcast(S, Tanh.C5), DoubleVector.broadcast(S, Tanh.C4)));
                DoubleVector high = r2.fma(
                        DoubleVector.broadcast(S, Tanh.C10),
                        r.fma(DoubleVector.broadcast(S, Tanh.C9), DoubleVector.broadcast(S, Tanh.C8)));
                DoubleVector q = r4.fma(r4.fma(high, middle), low);
                DoubleVector scale = shifted.reinterpretAsLongs()
                        .lanewise(VectorOperators.LSHL, 52)
                        .add(Tanh.ONE_BITS)
                        .reinterpretAsDoubles();
                DoubleVector one = DoubleVector.broadcast(S, 1.0);
                DoubleVector e = scale.mul(r2).fma(q, scale.fma(r, scale.sub(one)));
                e.reinterpretAsLongs().or(signs).reinterpretAsDoubles().intoArray(row, j);
            }
        }
        for (int r0 = 0; r0 < rows; r0++) {
            int off = aOff + r0 * lda;
            for (int j = off; j < off + n; j += V) {
                DoubleVector x = DoubleVector.fromArray(S, row, j);
                DoubleVector e = x.abs();
                DoubleVector two = DoubleVector.broadcast(S, 2.0);
                DoubleVector d = e.add(two);
                DoubleVector t = d.sub(e);
                DoubleVector error = e.sub(d.sub(t)).add(two.sub(t));
                DoubleVector inverse = DoubleVector.broadcast(S, 1.0).div(d);
                DoubleVector quotient = e.mul(inverse);
                DoubleVector minus = quotient.neg();
                DoubleVector rest = minus.fma(error, minus.fma(d, e));
                LongVector signs = x.reinterpretAsLongs().and(Long.MIN_VALUE);
                rest.fma(inverse, quotient)
                        .reinterpretAsLongs()
                        .or(signs)
                        .reinterpretAsDoubles()
                        .intoArray(row, j);
            }
        }
    }

    /** {@code a = a * factor + shift}. */
    private static void affineRows(double factor, double shift, int rows, int n, double[] a, int aOff, int lda) {
        for (int r = 0; r < rows; r++) {
            int off = aOff + r * lda;
            for (int j = off; j < off + n; j += V) {
                DoubleVector.fromArray(S, a, j)
                        .fma(DoubleVector.broadcast(S, factor), DoubleVector.broadcast(S, shift))
                        .intoArray(a, j);
            }
        }
    }

    private static void reluRows(int rows, int n, double[] a, int aOff, int lda) {
        for (int r = 0; r < rows; r++) {
            int off = aOff + r * lda;
            for (int j = off; j < off + n; j += V) {
                DoubleVector z = DoubleVector.fromArray(S, a, j);
                z.blend(0.0, z.compare(VectorOperators.LE, 0.0)).intoArray(a, j);
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
        int whole = n - n % V;
        for (int r = 0; r < rows; r++) {
            int h0 = hOff + r * ldh;
            int r0 = rateOff + r * ldRate;
            int n0 = nextOff + r * ldNext;
            leakRow(alpha, whole, h, h0, rate, r0, next, n0);
            ScalarKernels.leakRow(alpha, n - whole, h, h0 + whole, rate, r0 + whole, next, n0 + whole);
        }
    }

    private static void leakRow(double alpha, int n, double[] h, int h0, double[] rate, int r0, double[] next, int n0) {
        DoubleVector step = DoubleVector.broadcast(S, alpha);
        DoubleVector keep = DoubleVector.broadcast(S, 1.0 - alpha);
        for (int j = 0; j < n; j += V) {
            DoubleVector kept = keep.mul(DoubleVector.fromArray(S, h, h0 + j));
            step.fma(DoubleVector.fromArray(S, rate, r0 + j), kept).intoArray(next, n0 + j);
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
        // Tanh is what networks are made of; the others are left to HotSpot.
        int whole = phi == Activation.TANH ? n - n % V : 0;
        for (int r = 0; r < rows; r++) {
            int r0 = rateOff + r * ldRate;
            int dh0 = dhOff + r * ldDh;
            int dz0 = dzOff + r * ldDz;
            backTanhRow(alpha, whole, rate, r0, dh, dh0, dz, dz0);
            ScalarKernels.backActivateRow(phi, alpha, n - whole, rate, r0 + whole, dh, dh0 + whole, dz, dz0 + whole);
        }
    }

    private static void backTanhRow(
            double alpha, int n, double[] rate, int r0, double[] dh, int dh0, double[] dz, int dz0) {
        DoubleVector step = DoubleVector.broadcast(S, alpha);
        DoubleVector one = DoubleVector.broadcast(S, 1.0);
        for (int j = 0; j < n; j += V) {
            DoubleVector r = DoubleVector.fromArray(S, rate, r0 + j);
            DoubleVector slope = r.neg().fma(r, one);
            step.mul(DoubleVector.fromArray(S, dh, dh0 + j).mul(slope)).intoArray(dz, dz0 + j);
        }
    }

    @Override
    public void sumRows(int rows, int n, double[] a, int aOff, int lda, double[] sum, int sumOff) {
        Kernels.checkSlice("a", rows, n, a, aOff, lda);
        Kernels.checkSlice("sum", 1, n, sum, sumOff, n);
        int j = 0;
        for (; j + V <= n; j += V) {
            sumColumns(rows, a, aOff + j, lda, sum, sumOff + j);
        }
        for (; j < n; j++) {
            for (int r = 0; r < rows; r++) {
                sum[sumOff + j] += a[aOff + r * lda + j];
            }
        }
    }

    private static void sumColumns(int rows, double[] a, int aOff, int lda, double[] sum, int sumOff) {
        DoubleVector s = DoubleVector.fromArray(S, sum, sumOff);
        for (int r = 0; r < rows; r++) {
            s = s.add(DoubleVector.fromArray(S, a, aOff + r * lda));
        }
        s.intoArray(sum, sumOff);
    }

    /** Under a thousandth of a training step: HotSpot's own vectors do. */
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
        SCALAR.adam(n, off, p, m, v, g, rate, beta1, beta2, epsilon);
    }
}
