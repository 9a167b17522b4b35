package attractor.analysis;

import attractor.kernel.Fma;
import java.util.Arrays;
import org.ejml.data.Complex_F64;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.decomposition.eig.SymmetricQRAlgorithmDecomposition_DDRM;
import org.ejml.dense.row.decomposition.eig.WatchedDoubleStepQRDecomposition_DDRM;
import org.ejml.dense.row.decomposition.hessenberg.HessenbergSimilarDecomposition_DDRM;
import org.ejml.dense.row.decomposition.hessenberg.TridiagonalDecompositionHouseholder_DDRM;
import org.ejml.dense.row.decomposition.svd.SvdImplicitQrDecompose_DDRM;

/**
 * The decompositions that EJML does for this library, on flat arrays in C order. EJML's classes are named directly,
 * since its factories may choose concurrent implementations. If EJML is missing, every method throws an exception that
 * says what to add. Stateless, thread-safe.
 */
public final class Ejml {
    private static final String PROBE = "org.ejml.dense.row.decomposition.eig.WatchedDoubleStepQRDecomposition_DDRM";

    private Ejml() {}

    /**
     * Checks that EJML is present and lets this module read it: if this library is a module and no module requires
     * EJML, build tools put EJML on the class path.
     *
     * @throws IllegalStateException if it is missing; the message names the artifact
     */
    public static void require() {
        try {
            Class<?> probe = Class.forName(PROBE, false, Ejml.class.getClassLoader());
            Ejml.class.getModule().addReads(probe.getModule());
        } catch (ClassNotFoundException | LinkageError e) {
            throw new IllegalStateException(
                    "the analysis needs EJML, which is not on the class path: add org.ejml:ejml-ddense:0.46.1"
                            + (Ejml.class.getModule().isNamed()
                                    ? ", or, if it is on the module path, --add-modules ejml.ddense"
                                    : ""),
                    e);
        }
    }

    /**
     * The eigenvalues of a square matrix, in EJML's order; of a complex pair, the value with the positive imaginary part
     * comes first.
     *
     * @param a n x n, finite. Not modified.
     * @return real parts, then imaginary parts, 2 n values
     * @throws IllegalStateException if the iteration doesn't converge, or without EJML
     */
    public static double[] eigenvalues(double[] a, int n) {
        require();
        return new Calls().eigenvalues(a, n);
    }

    /** A = Q H Q^T with H upper Hessenberg and Q orthogonal. */
    record Hessenberg(double[] h, double[] q) {}

    /**
     * The Hessenberg form of a square matrix.
     *
     * @param a n x n, finite. Not modified.
     * @throws IllegalStateException without EJML
     */
    static Hessenberg hessenberg(double[] a, int n) {
        require();
        return new Calls().hessenberg(a, n);
    }

    /**
     * Eigenvalues in arbitrary order, and their unit eigenvectors, vector k in row k. Thread-safe as long as the arrays are
     * not modified.
     */
    public record Symmetric(double[] values, double[] vectors) {}

    /**
     * The eigenvalues and eigenvectors of a symmetric matrix.
     *
     * @param a n x n, symmetric, finite. Not modified.
     * @throws IllegalStateException if the iteration doesn't converge, or without EJML
     */
    public static Symmetric symmetric(double[] a, int n) {
        require();
        return new Calls().symmetric(a, n);
    }

    /**
     * A = sum over k of s_k u_k v_k^T, k below K = min(rows, columns). Thread-safe as long as the arrays are not modified.
     *
     * @param values singular values, decreasing, K
     * @param left left vectors u_k, K x rows, vector k in row k
     * @param right right vectors v_k, K x columns, vector k in row k
     */
    public record Svd(double[] values, double[] left, double[] right) {}

    /**
     * The singular value decomposition.
     *
     * @param a rows x columns, finite. Not modified.
     * @throws IllegalStateException if the iteration doesn't converge, or without EJML
     */
    public static Svd svd(double[] a, int rows, int columns) {
        require();
        return new Calls().svd(a, rows, columns);
    }

    /** The calls of EJML, in a class of their own, so that {@link Ejml} itself links without EJML. */
    private static final class Calls {

        double[] eigenvalues(double[] a, int n) {
            WatchedDoubleStepQRDecomposition_DDRM eig = new WatchedDoubleStepQRDecomposition_DDRM(false);
            // The iteration may stall on matrices of low rank with many equal entries; after a reflection it doesn't.
            if (!eig.decompose(DMatrixRMaj.wrap(n, n, a.clone()))
                    && !eig.decompose(DMatrixRMaj.wrap(n, n, turned(a, n)))) {
                throw new IllegalStateException("the eigenvalues of the " + n + " x " + n
                        + " matrix did not converge in EJML's limit of iterations");
            }
            double[] values = new double[2 * n];
            for (int k = 0; k < n; k++) {
                Complex_F64 value = eig.getEigenvalue(k);
                values[k] = value.real;
                values[n + k] = value.imaginary;
            }
            return values;
        }

        /** Q A Q with the reflection Q = I - 2 v v^T, v along (1, 2, ..., n): the same eigenvalues up to rounding. */
        private static double[] turned(double[] a, int n) {
            double square = n * (n + 1.0) * (2.0 * n + 1.0) / 6.0;
            double[] turned = a.clone();
            for (int i = 0; i < n; i++) {
                double sum = 0.0;
                for (int j = 0; j < n; j++) {
                    sum = Fma.fma(turned[i * n + j], j + 1.0, sum);
                }
                for (int j = 0; j < n; j++) {
                    turned[i * n + j] = Fma.fma(-2.0 * sum / square, j + 1.0, turned[i * n + j]);
                }
            }
            for (int j = 0; j < n; j++) {
                double sum = 0.0;
                for (int i = 0; i < n; i++) {
                    sum = Fma.fma(turned[i * n + j], i + 1.0, sum);
                }
                for (int i = 0; i < n; i++) {
                    turned[i * n + j] = Fma.fma(-2.0 * sum / square, i + 1.0, turned[i * n + j]);
                }
            }
            return turned;
        }

        Svd svd(double[] a, int rows, int columns) {
            // Scaled, since EJML compares with absolute thresholds.
            int exponent = Eigenvalues.exponent(a);
            double[] scaled = new double[rows * columns];
            for (int i = 0; i < scaled.length; i++) {
                scaled[i] = Math.scalb(a[i], -exponent);
            }
            SvdImplicitQrDecompose_DDRM svd = new SvdImplicitQrDecompose_DDRM(true, true, true, false);
            if (!svd.decompose(DMatrixRMaj.wrap(rows, columns, scaled))) {
                throw new IllegalStateException("the singular values of the " + rows + " x " + columns
                        + " matrix did not converge in EJML's limit of iterations");
            }
            int k = Math.min(rows, columns);
            double[] found = svd.getSingularValues();
            Integer[] order = new Integer[k];
            Arrays.setAll(order, i -> i);
            Arrays.sort(order, (i, j) -> Double.compare(found[j], found[i]));
            DMatrixRMaj u = svd.getU(null, true);
            DMatrixRMaj v = svd.getV(null, true);
            double[] values = new double[k];
            double[] left = new double[k * rows];
            double[] right = new double[k * columns];
            for (int i = 0; i < k; i++) {
                values[i] = Math.scalb(found[order[i]], exponent);
                System.arraycopy(u.data, order[i] * rows, left, i * rows, rows);
                System.arraycopy(v.data, order[i] * columns, right, i * columns, columns);
            }
            return new Svd(values, left, right);
        }

        Hessenberg hessenberg(double[] a, int n) {
            HessenbergSimilarDecomposition_DDRM hess = new HessenbergSimilarDecomposition_DDRM(n);
            hess.decompose(DMatrixRMaj.wrap(n, n, a.clone()));
            double[] h = Arrays.copyOf(hess.getH(null).data, n * n);
            double[] q = Arrays.copyOf(hess.getQ(null).data, n * n);
            return new Hessenberg(h, q);
        }

        Symmetric symmetric(double[] a, int n) {
            SymmetricQRAlgorithmDecomposition_DDRM eig =
                    new SymmetricQRAlgorithmDecomposition_DDRM(new TridiagonalDecompositionHouseholder_DDRM(), true);
            if (!eig.decompose(DMatrixRMaj.wrap(n, n, a.clone()))) {
                throw new IllegalStateException("the eigenvalues of the symmetric " + n + " x " + n
                        + " matrix did not converge in EJML's limit of iterations");
            }
            double[] values = new double[n];
            double[] vectors = new double[n * n];
            for (int k = 0; k < n; k++) {
                values[k] = eig.getEigenvalue(k).real;
                System.arraycopy(eig.getEigenVector(k).data, 0, vectors, k * n, n);
            }
            return new Symmetric(values, vectors);
        }
    }
}
