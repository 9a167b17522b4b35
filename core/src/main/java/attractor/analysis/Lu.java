package attractor.analysis;

import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.decomposition.lu.LUDecompositionAlt_DDRM;
import org.ejml.dense.row.linsol.lu.LinearSolverLu_DDRM;

/**
 * LU decomposition of an N x N matrix with row exchanges, by EJML, which has to be there (see the package). Not
 * thread-safe.
 */
public final class Lu {
    private final int n;
    private final LinearSolverLu_DDRM solver = new LinearSolverLu_DDRM(new LUDecompositionAlt_DDRM());
    private final boolean regular;

    /** Decomposes {@code a}, N x N in C order. Not modified. Cost 2/3 N^3 flops. */
    public Lu(int n, double[] a) {
        this.n = n;
        regular = solver.setA(DMatrixRMaj.wrap(n, n, a.clone()));
    }

    /** Sign of the computed determinant, without a bound of its rounding error; 0 if A is singular. */
    public int sign() {
        if (!regular) {
            return 0;
        }
        LUDecompositionAlt_DDRM lu = (LUDecompositionAlt_DDRM) solver.getDecomposition();
        double[] factors = lu.getLU().data;
        int[] pivot = lu.getPivot();
        boolean[] seen = new boolean[n];
        int sign = 1;
        for (int i = 0; i < n; i++) {
            double diagonal = factors[i * n + i];
            sign = diagonal == 0.0 ? 0 : diagonal < 0.0 ? -sign : sign;
            // A cycle of even length is an odd permutation.
            for (int k = pivot[i]; !seen[i] && k != i; k = pivot[k]) {
                seen[k] = true;
                sign = -sign;
            }
            seen[i] = true;
        }
        return sign;
    }

    /** The solution of A x = b; null if A is singular or x isn't finite. {@code b} is not modified. */
    public double[] solve(double[] b) {
        if (!regular) {
            return null;
        }
        DMatrixRMaj x = new DMatrixRMaj(n, 1);
        solver.solve(DMatrixRMaj.wrap(n, 1, b.clone()), x);
        return finite(x.data) ? x.data : null;
    }

    /** The inverse, N x N; null if A is singular or the inverse isn't finite. Cost 4/3 N^3 flops. */
    public double[] inverse() {
        if (!regular) {
            return null;
        }
        DMatrixRMaj inverse = new DMatrixRMaj(n, n);
        solver.invert(inverse);
        return finite(inverse.data) ? inverse.data : null;
    }

    private static boolean finite(double[] a) {
        for (double value : a) {
            if (!Double.isFinite(value)) {
                return false;
            }
        }
        return true;
    }
}
