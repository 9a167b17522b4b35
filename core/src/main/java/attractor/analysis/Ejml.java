package attractor.analysis;

import java.util.Arrays;
import org.ejml.data.Complex_F64;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.decomposition.eig.SymmetricQRAlgorithmDecomposition_DDRM;
import org.ejml.dense.row.decomposition.eig.WatchedDoubleStepQRDecomposition_DDRM;
import org.ejml.dense.row.decomposition.hessenberg.HessenbergSimilarDecomposition_DDRM;
import org.ejml.dense.row.decomposition.hessenberg.TridiagonalDecompositionHouseholder_DDRM;

/**
 * The decompositions that EJML does for this package, on flat arrays in C order. Its classes are named directly, since
 * its factories may choose concurrent ones. Every method says what to add if EJML isn't there. Stateless, thread-safe.
 */
final class Ejml {
    private static final String PROBE = "org.ejml.dense.row.decomposition.eig.WatchedDoubleStepQRDecomposition_DDRM";
    private static final int ATTEMPTS = 4;

    private Ejml() {}

    /**
     * Does nothing if EJML is on the class path.
     *
     * @throws IllegalStateException if it isn't; the message names the artifact
     */
    static void require() {
        try {
            Class.forName(PROBE, false, Ejml.class.getClassLoader());
        } catch (ClassNotFoundException | LinkageError e) {
            throw new IllegalStateException(
                    "the analysis needs EJML, which is not on the class path: add org.ejml:ejml-ddense:0.46.1", e);
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
    static double[] eigenvalues(double[] a, int n) {
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

    /** Eigenvalues in no order, and their unit eigenvectors, vector k in row k. */
    record Symmetric(double[] values, double[] vectors) {}

    /**
     * The eigenvalues and eigenvectors of a symmetric matrix.
     *
     * @param a n x n, symmetric, finite. Not modified.
     * @throws IllegalStateException if the iteration doesn't converge, or without EJML
     */
    static Symmetric symmetric(double[] a, int n) {
        require();
        return new Calls().symmetric(a, n);
    }

    /** Apart, so that {@link Ejml} itself links without EJML. */
    private static final class Calls {

        double[] eigenvalues(double[] a, int n) {
            double[] current = a;
            for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
                WatchedDoubleStepQRDecomposition_DDRM eig = new WatchedDoubleStepQRDecomposition_DDRM(false);
                if (eig.decompose(DMatrixRMaj.wrap(n, n, current.clone()))) {
                    return values(eig, n);
                }
                // The shifts of the QR iteration can cycle on a matrix of special structure; a similar one lacks it.
                current = reflected(current, n, attempt);
            }
            throw new IllegalStateException("the eigenvalues of the " + n + " x " + n
                    + " matrix did not converge in EJML's limit of iterations");
        }

        private static double[] values(WatchedDoubleStepQRDecomposition_DDRM eig, int n) {
            double[] values = new double[2 * n];
            for (int k = 0; k < n; k++) {
                Complex_F64 value = eig.getEigenvalue(k);
                values[k] = value.real;
                values[n + k] = value.imaginary;
            }
            return values;
        }

        /** P A P with the reflection P = I - 2 u u^T, u of no special direction. */
        private static double[] reflected(double[] a, int n, int seed) {
            double[] u = new double[n];
            double norm2 = 0.0;
            for (int i = 0; i < n; i++) {
                u[i] = 1.0 + StrictMath.sin(1.0 + i * (1.0 + seed));
                norm2 += u[i] * u[i];
            }
            double[] left = new double[n];
            for (int i = 0; i < n; i++) {
                for (int j = 0; j < n; j++) {
                    left[j] += u[i] * a[i * n + j];
                }
            }
            double[] pa = a.clone();
            for (int i = 0; i < n; i++) {
                for (int j = 0; j < n; j++) {
                    pa[i * n + j] -= 2.0 / norm2 * u[i] * left[j];
                }
            }
            for (int i = 0; i < n; i++) {
                double right = 0.0;
                for (int j = 0; j < n; j++) {
                    right += pa[i * n + j] * u[j];
                }
                for (int j = 0; j < n; j++) {
                    pa[i * n + j] -= 2.0 / norm2 * right * u[j];
                }
            }
            return pa;
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
