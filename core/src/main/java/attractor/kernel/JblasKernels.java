package attractor.kernel;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.jblas.NativeBlas;
import org.jblas.util.LibraryLoader;
import org.jblas.util.Logger;

/**
 * Products by the native BLAS that jblas contains; everything else by the vector kernels, or by the scalar kernels
 * where there are no vector kernels. The only class that names {@code org.jblas}. Loaded by name, so that the library
 * runs without jblas.
 *
 * <p>A BLAS has its own order of summation: an entry of a product of k terms is within {@code (k + 1) 2^-52 (|init| +
 * sum |a b|)} of the value of the other providers, but not bit-equal. On one machine it is the same in every call.
 *
 * <p>jblas's BLAS is built without locks, and two calls at the same time sometimes give wrong numbers. All calls from
 * this class therefore wait for each other, so that threads speed up only the work outside of products. Calls of jblas
 * by other code at the same time are not safe. At each call jblas copies every array as a whole, to native memory and
 * back, so this class first copies slices into arrays of their own size.
 */
final class JblasKernels implements Kernels {
    // float: private static final Object ONE_AT_A_TIME = JblasKernels.ONE_AT_A_TIME;
    static final Object ONE_AT_A_TIME = new Object();

    private final Kernels others;

    // Copies of the slices of gemmTransposed; guarded by ONE_AT_A_TIME, like all such copies.
    private double[] left = {};
    private double[] right = {};
    private double[] sum = {};

    /** @throws UnsupportedOperationException if the native library cannot be loaded; the message says why and what to do */
    JblasKernels() {
        load();
        others = Kernels.of(KernelChoice.vectorModule() ? "simd" : "scalar");
    }

    /**
     * jblas writes to standard error what it loads and what it fails to load. This is silenced; a failure is told in
     * one line.
     */
    private static void load() {
        PrintStream out = System.out;
        PrintStream err = System.err;
        PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
        System.setOut(nowhere);
        System.setErr(nowhere);
        try {
            // For good: jblas would also report each temporary file that it deletes at the end.
            Logger.getLogger().setLevel(Logger.ERROR);
            double[] c = {1};
            NativeBlas.dgemm('N', 'N', 1, 1, 1, 1, new double[] {2}, 0, 1, new double[] {3}, 0, 1, 1, c, 0, 1);
            if (c[0] != 7) {
                throw new UnsupportedOperationException("kernels 'jblas' compute 1 + 2 * 3 = " + c[0] + ", expected 7");
            }
        } catch (UnsatisfiedLinkError e) {
            // jblas hides the cause, so make it fail again.
            String cause = cause(e);
            throw new UnsupportedOperationException(
                    "kernels 'jblas' cannot load their native library: " + cause
                            + (cause.contains("gfortran")
                                    ? "; install GNU Fortran's runtime (libgfortran5 in Debian and Ubuntu, libgfortran in Fedora)"
                                    : ""),
                    e);
        } finally {
            System.setOut(out);
            System.setErr(err);
        }
    }

    private static String cause(UnsatisfiedLinkError first) {
        try {
            new LibraryLoader().loadLibrary("jblas", true);
            return String.valueOf(first.getMessage());
        } catch (LinkageError | RuntimeException e) {
            Throwable root = e;
            while (root.getCause() != null) {
                root = root.getCause();
            }
            // "/tmp/jblas123/libjblas.so: libgfortran.so.5: cannot open ..." becomes a text without the name of the
            // temporary file or of an exception.
            return String.valueOf(root.getMessage())
                    .lines()
                    .findFirst()
                    .orElse("")
                    .replaceFirst("^(Exception )?\\S+: (?=\\S)", "")
                    .replaceFirst(" \\[in thread .*]$", "");
        }
    }

    @Override
    public String name() {
        return "jblas";
    }

    @Override
    public String description() {
        return "jblas (native products, one at a time; all else " + others.description() + ")";
    }

    @Override
    public int lanes() {
        return others.lanes();
    }

    /** The matrix as it is, and a copy packed for the other kernels, which multiply single rows. */
    private static final class Rows implements Packed {
        final double[] values;
        final Packed packed;
        double[] left = {};
        double[] sum = {};

        Rows(Packed packed) {
            this.packed = packed;
            values = new double[Math.multiplyExact(packed.rows(), packed.columns())];
        }

        @Override
        public int rows() {
            return packed.rows();
        }

        @Override
        public int columns() {
            return packed.columns();
        }

        @Override
        public void load(double[] b, int bOff, int ldb) {
            packed.load(b, bOff, ldb);
            for (int i = 0; i < rows(); i++) {
                System.arraycopy(b, bOff + i * ldb, values, i * columns(), columns());
            }
        }
    }

    @Override
    public Packed packed(int k, int n) {
        return new Rows(others.packed(k, n));
    }

    /** Copies a slice into an array of the slice's size: {@code to} if it has this size, otherwise a new array. */
    private static double[] gather(double[] to, int rows, int n, double[] from, int off, int ld) {
        double[] slice = to.length == rows * n ? to : new double[Math.multiplyExact(rows, n)];
        for (int r = 0; r < rows; r++) {
            System.arraycopy(from, off + r * ld, slice, r * n, n);
        }
        return slice;
    }

    private static void scatter(double[] slice, int rows, int n, double[] to, int off, int ld) {
        for (int r = 0; r < rows; r++) {
            System.arraycopy(slice, r * n, to, off + r * ld, n);
        }
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
        Rows rows = (Rows) b;
        int k = b.rows();
        int n = b.columns();
        if (m < 2 || n == 0 || k == 0) {
            others.gemm(m, a, aOff, lda, rows.packed, init, initOff, ldInit, c, cOff, ldc);
            return;
        }
        SliceBounds.check("a", m, k, a, aOff, lda);
        SliceBounds.check("init", m, n, init, initOff, ldInit);
        SliceBounds.check("c", m, n, c, cOff, ldc);
        synchronized (ONE_AT_A_TIME) {
            rows.left = gather(rows.left, m, k, a, aOff, lda);
            rows.sum = gather(rows.sum, m, n, init, initOff, ldInit);
            // For a BLAS, a row-major matrix is its transpose: C^T += B^T A^T.
            NativeBlas.dgemm('N', 'N', n, m, k, 1.0, rows.values, 0, n, rows.left, 0, k, 1.0, rows.sum, 0, n);
            scatter(rows.sum, m, n, c, cOff, ldc);
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
        if (m < 2 || n == 0 || k == 0) {
            others.gemmTransposed(m, n, k, a, aOff, lda, b, bOff, ldb, c, cOff, ldc);
            return;
        }
        SliceBounds.check("a", k, m, a, aOff, lda);
        SliceBounds.check("b", k, n, b, bOff, ldb);
        SliceBounds.check("c", m, n, c, cOff, ldc);
        synchronized (ONE_AT_A_TIME) {
            left = gather(left, k, m, a, aOff, lda);
            right = gather(right, k, n, b, bOff, ldb);
            sum = gather(sum, m, n, c, cOff, ldc);
            // C^T += B^T A: for a BLAS, the array of A is the transpose of A.
            NativeBlas.dgemm('N', 'T', n, m, k, 1.0, right, 0, n, left, 0, m, 1.0, sum, 0, n);
            scatter(sum, m, n, c, cOff, ldc);
        }
    }

    @Override
    public void activate(Activation phi, int rows, int n, double[] a, int aOff, int lda) {
        others.activate(phi, rows, n, a, aOff, lda);
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
        others.leak(alpha, rows, n, h, hOff, ldh, rate, rateOff, ldRate, next, nextOff, ldNext);
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
        others.backActivate(phi, alpha, rows, n, rate, rateOff, ldRate, dh, dhOff, ldDh, dz, dzOff, ldDz);
    }

    @Override
    public void sumRows(int rows, int n, double[] a, int aOff, int lda, double[] sum, int sumOff) {
        others.sumRows(rows, n, a, aOff, lda, sum, sumOff);
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
        others.adam(n, off, p, m, v, g, rate, beta1, beta2, epsilon);
    }
}
