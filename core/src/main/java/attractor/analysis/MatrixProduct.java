package attractor.analysis;

import attractor.kernel.Kernels;

/** Rows of N values times one N x N matrix, through the kernels. Not thread-safe. */
final class MatrixProduct {
    private final Kernels kernels;
    private final int n;
    private final int columns;
    private final double[] padded;
    private final Kernels.Packed packed;
    private final double[] zeros;
    private double[] result = {};

    MatrixProduct(Kernels kernels, int n) {
        this.kernels = kernels;
        this.n = n;
        columns = kernels.padded(n);
        padded = new double[n * columns];
        packed = kernels.packed(n, columns);
        zeros = new double[columns];
    }

    /** Copies the matrix B, N x N. */
    void load(double[] b) {
        for (int i = 0; i < n; i++) {
            System.arraycopy(b, i * n, padded, i * columns, n);
        }
        packed.load(padded, 0, columns);
    }

    /** {@code C = A B}. A: rows x N. Not modified. C: rows x N. Modified; may be A. */
    void apply(int rows, double[] a, int aOff, double[] c, int cOff) {
        if (result.length < rows * columns) {
            result = new double[rows * columns];
        }
        kernels.gemm(rows, a, aOff, n, packed, zeros, 0, 0, result, 0, columns);
        for (int k = 0; k < rows; k++) {
            System.arraycopy(result, k * columns, c, cOff + k * n, n);
        }
    }
}
