package attractor.kernel;

/**
 * Dense loops over flat arrays: the engine spends almost all of its time in them. Rows are trials (or, in {@link
 * #gemmTransposed}, units of the receiving side). Columns are units and contiguous, so that one vector lane is one
 * unit. Every entry of a result is one chain of fused multiply-adds in the order of k, whatever the vector width and
 * the tiling: all providers except jblas give the same bits.
 *
 * <p>Matrices are row-major slices: entry (r, j) of {@code a} is {@code a[aOff + r * lda + j]}. No kernel writes outside
 * the rows and columns it is given, none allocates. Implementations are stateless: safe for any number of threads that write to
 * different slices.
 */
public interface Kernels {
    /** The name on the command line and in {@code -Dattractor.kernels}: scalar, simd, softfma or jblas. */
    String name();

    /** Name, lanes and other facts for the user, in a few words. */
    String description();

    /** For full speed, the length of rows should be padded to a multiple of this number of doubles; a power of 2. */
    int lanes();

    /** {@code n} rounded up to a multiple of {@link #lanes()}. */
    default int padded(int n) {
        return (n + lanes() - 1) & -lanes();
    }

    /**
     * A k x n matrix B in the form that {@link #gemm} of the same provider needs. One thread loads it while no other
     * reads.
     */
    interface Packed {
        /** k, the number of rows. */
        int rows();

        /** n, the number of columns. */
        int columns();

        /**
         * Loads a matrix.
         *
         * @param b rows x columns. Not modified.
         * @throws IndexOutOfBoundsException if the array is too short
         */
        void load(double[] b, int bOff, int ldb);
    }

    /** A packed k x n matrix of zeros. */
    Packed packed(int k, int n);

    /**
     * {@code C = init + A B}: {@code c[r, j] = fma(a[r, k-1], b[k-1, j], ... fma(a[r, 0], b[0, j], init[r, j]))}. Costs 2 m n k flops.
     *
     * @param m rows of A and C
     * @param a m x k. Not modified.
     * @param b k x n, from {@link #packed} of these kernels. Not modified.
     * @param init m x n; if {@code ldInit} is 0, one row that is used for all rows; may be C itself. Not modified
     * otherwise.
     * @param c m x n. Modified.
     * @throws IndexOutOfBoundsException if an array is too short
     * @throws ClassCastException if B was packed by other kernels
     */
    void gemm(
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
            int ldc);

    /**
     * {@code C += A^T B}: {@code c[i, j] = fma(a[k-1, i], b[k-1, j], ... fma(a[0, i], b[0, j], c[i, j]))}. Costs 2 m n k flops.
     *
     * @param m columns of A and rows of C, n columns of B and C, k rows of A and B
     * @param a k x m. Not modified.
     * @param b k x n. Not modified.
     * @param c m x n. Modified.
     * @throws IndexOutOfBoundsException if an array is too short
     */
    void gemmTransposed(
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
            int ldc);

    /** {@code a = phi(a)} for each entry of a rows x n slice. {@code a} is modified. */
    void activate(Activation phi, int rows, int n, double[] a, int aOff, int lda);

    /**
     * Euler's step for a known rate, {@code next = fma(alpha, rate, (1 - alpha) h)}, for each entry of rows x n slices.
     *
     * @param next may be {@code h} or {@code rate} itself. Modified.
     */
    void leak(
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
            int ldNext);

    /**
     * Adjoint of the pre-activation, {@code dz = alpha (dh phi'(z))}, with phi' from the rate, for each entry of rows x
     * n slices.
     *
     * @param dz Modified; the other arrays are not.
     */
    void backActivate(
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
            int ldDz);

    /** {@code sum[j] += a[0, j], then a[1, j], ...}: sums the rows of a rows x n slice. {@code sum} is modified. */
    void sumRows(int rows, int n, double[] a, int aOff, int lda, double[] sum, int sumOff);

    /**
     * One step of Adam as in Keras 2: {@code m = m + (1-b1)(g - m)}, written as {@code b1 m + (1-b1) g};
     * {@code v = b2 v + (1-b2) g^2}; {@code p = p - rate m / (sqrt(v) + eps)}, entry by entry.
     *
     * @param n number of entries, starting at {@code off} in all four arrays
     * @param p parameters. Modified.
     * @param m first moments. Modified.
     * @param v second moments. Modified.
     * @param g gradient. Not modified.
     * @param rate learning rate with the bias corrections, {@code lr sqrt(1 - b2^k) / (1 - b1^k)}
     */
    void adam(
            int n,
            int off,
            double[] p,
            double[] m,
            double[] v,
            double[] g,
            double rate, // stays double
            double beta1, // stays double
            double beta2, // stays double
            double epsilon); // stays double

    /** The fastest provider that this JVM offers, or the one that {@code -Dattractor.kernels} names; chosen once. */
    static Kernels get() {
        return KernelChoice.defaultKernels();
    }

    // float adds: /**
    // float adds:  * The provider for float that has the name of one for double, such as the default.
    // float adds:  *
    // float adds:  * @param columns N + O of the network that it is for; the first call in a JVM decides by it how long
    // vectors are
    // float adds:  * @throws UnsupportedOperationException if there is none
    // float adds:  */
    // float adds: static FloatKernels like(Kernels kernels, int columns) {
    // float adds:     return FloatKernelChoice.like(kernels, columns);
    // float adds: }

    /**
     * The provider of this name.
     *
     * @param choice {@code auto}, {@code scalar}, {@code simd}, {@code softfma} or {@code jblas}
     * @throws IllegalArgumentException if the name is none of these
     * @throws UnsupportedOperationException if this JVM cannot offer it; the message says why and what to do
     */
    static Kernels of(String choice) {
        return KernelChoice.of(choice);
    }
}
