package attractor.population;

import attractor.kernel.Kernels;

/** Products of flat matrices in C order, by the kernels. Stateless, safe for any thread. */
public final class Matrices {
    private Matrices() {}

    /**
     * {@code A^T B}. Cost 2 k m n flops.
     *
     * @param a k x m. Not modified.
     * @param b k x n. Not modified.
     * @return m x n
     */
    public static double[] transposedProduct(double[] a, double[] b, int k, int m, int n) {
        double[] c = new double[m * n];
        Kernels.get().gemmTransposed(m, n, k, a, 0, m, b, 0, n, c, 0, n);
        return c;
    }

    /**
     * {@code A B}. Cost 2 m k n flops.
     *
     * @param a m x k. Not modified.
     * @param b k x n. Not modified.
     * @return m x n
     */
    public static double[] product(double[] a, double[] b, int m, int k, int n) {
        return transposedProduct(transposed(a, m, k), b, k, m, n);
    }

    /**
     * The transpose.
     *
     * @param a rows x columns. Not modified.
     * @return columns x rows
     */
    public static double[] transposed(double[] a, int rows, int columns) {
        double[] t = new double[rows * columns];
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++) {
                t[j * rows + i] = a[i * columns + j];
            }
        }
        return t;
    }

    /** Each column less its mean; a new array. */
    public static double[] centred(double[] a, int rows, int columns) {
        double[] mean = columnMeans(a, rows, columns);
        double[] c = a.clone();
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++) {
                c[i * columns + j] -= mean[j];
            }
        }
        return c;
    }

    /** The mean of each column, exact for a constant one. */
    public static double[] columnMeans(double[] a, int rows, int columns) {
        double[] mean = new double[columns];
        for (int j = 0; j < columns && rows > 0; j++) {
            double rest = 0.0;
            for (int i = 0; i < rows; i++) {
                rest += a[i * columns + j] - a[j];
            }
            mean[j] = a[j] + rest / rows;
        }
        return mean;
    }

    /** The sum of the squares of the entries. */
    public static double squares(double[] a) {
        double sum = 0.0;
        for (double value : a) {
            sum += value * value;
        }
        return sum;
    }
}
