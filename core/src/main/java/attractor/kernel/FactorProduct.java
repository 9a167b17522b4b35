package attractor.kernel;

/** The product of two thin matrices that makes the recurrent weights of a network of low rank. Stateless, safe for any thread. */
public final class FactorProduct {
    private FactorProduct() {}

    /**
     * {@code W = P Q^T / N}: {@code w[i, j] = fma(p[i, R-1], q[j, R-1], ... fma(p[i, 0], q[j, 0], 0)) / N}.
     *
     * @param n N, number of rows of the factors
     * @param rank R, number of their columns
     * @param p N x R from {@code pOff} on. Not modified.
     * @param q N x R from {@code qOff} on. Not modified.
     * @param w N x N. Modified.
     */
    public static void of(int n, int rank, double[] p, int pOff, double[] q, int qOff, double[] w) {
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                double sum = 0.0;
                for (int r = 0; r < rank; r++) {
                    sum = Fma.fma(p[pOff + i * rank + r], q[qOff + j * rank + r], sum);
                }
                w[i * n + j] = sum / n;
            }
        }
    }
}
