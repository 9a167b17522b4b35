package attractor.population;

import attractor.analysis.Ejml;
import java.util.Arrays;

/** Eigenvectors in order, and leading principal directions. Stateless. */
final class Subspace {
    private Subspace() {}

    /** Eigenvalues of a symmetric matrix, decreasing and none negative, and the eigenvectors, vector k in row k. */
    record Eigen(double[] values, double[] vectors) {}

    /** The eigenvalues and eigenvectors of a positive semidefinite matrix, n x n. Not modified. */
    static Eigen eigen(double[] a, int n) {
        double largest = 0.0;
        for (double value : a) {
            largest = Math.max(largest, Math.abs(value));
        }
        if (!(largest <= Double.MAX_VALUE)) {
            throw new IllegalArgumentException("a variance is " + largest + ", expected states below 1e150");
        }
        int exponent = largest == 0.0 ? 0 : Math.getExponent(largest);
        // Scaled and plus the identity, for the reasons that attractor.analysis.Pca gives.
        double[] shifted = new double[n * n];
        for (int i = 0; i < shifted.length; i++) {
            shifted[i] = Math.scalb(a[i], -exponent) + (i % (n + 1) == 0 ? 1.0 : 0.0);
        }
        Ejml.Symmetric found = Ejml.symmetric(shifted, n);
        Integer[] order = new Integer[n];
        Arrays.setAll(order, k -> k);
        Arrays.sort(order, (i, j) -> Double.compare(found.values()[j], found.values()[i]));
        double[] values = new double[n];
        double[] vectors = new double[n * n];
        for (int k = 0; k < n; k++) {
            values[k] = Math.max(0.0, Math.scalb(found.values()[order[k]] - 1.0, exponent));
            int from = order[k] * n;
            int most = 0;
            for (int j = 1; j < n; j++) {
                most = Math.abs(found.vectors()[from + j])
                                > Math.abs(found.vectors()[from + most]) * (1.0 + 1e-9)
                        ? j
                        : most;
            }
            double sign = found.vectors()[from + most] < 0.0 ? -1.0 : 1.0;
            for (int j = 0; j < n; j++) {
                vectors[k * n + j] = sign * found.vectors()[from + j] + 0.0; // no -0.0
            }
        }
        return new Eigen(values, vectors);
    }

    /**
     * The leading principal directions of states, as orthonormal rows; fewer than asked for if the states don't have
     * so many.
     *
     * @param states M x N. Not modified.
     * @return k x N
     */
    static double[] principal(double[] states, int units, int most) {
        int m = states.length / units;
        double[] c = Matrices.centred(states, m, units);
        boolean tall = m > units;
        double[] t = tall ? c : Matrices.transposed(c, m, units);
        int k = Math.min(m, units);
        double[] gram = Matrices.transposedProduct(t, t, tall ? m : units, k, k);
        Eigen eigen = eigen(gram, k);
        double size = Matrices.squares(states);
        int kept = 0;
        while (kept < Math.min(most, k)
                && eigen.values[kept] > 1e-12 * eigen.values[0]
                && eigen.values[kept] > 1e-24 * size) {
            kept++;
        }
        double[] rows = Arrays.copyOf(eigen.vectors, kept * k);
        if (!tall) {
            // v = C^T u / |C^T u|
            rows = Matrices.product(rows, c, kept, m, units);
            for (int i = 0; i < kept; i++) {
                double norm = 0.0;
                int most1 = 0;
                for (int j = 0; j < units; j++) {
                    double v = rows[i * units + j];
                    norm += v * v;
                    most1 = Math.abs(v) > Math.abs(rows[i * units + most1]) * (1.0 + 1e-9) ? j : most1;
                }
                double scale = Math.copySign(1.0 / Math.sqrt(norm), rows[i * units + most1]);
                for (int j = 0; j < units; j++) {
                    rows[i * units + j] = scale * rows[i * units + j] + 0.0;
                }
            }
        }
        return rows;
    }
}
