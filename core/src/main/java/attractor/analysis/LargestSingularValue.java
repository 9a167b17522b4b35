package attractor.analysis;

import attractor.kernel.Fma;
import java.util.Arrays;

/** The largest singular value of a real matrix, by Lanczos' iteration for A^T A with full orthogonalisation. Stateless. */
final class LargestSingularValue {
    private LargestSingularValue() {}

    /**
     * The value and its vectors, {@code A right = value left}.
     *
     * @param right unit vector, N
     * @param left unit vector, N; zeros if the value is 0
     */
    record Triple(double value, double[] right, double[] left) {}

    /**
     * The largest singular value, to about 1e-14 of itself.
     *
     * @param a n x n, finite. Not modified.
     */
    static Triple of(double[] a, int n) {
        double[][] v = new double[n + 1][];
        v[0] = new double[n];
        for (int i = 0; i < n; i++) {
            v[0][i] = 1.0 + 0.1 * ((i * 37 + 11) % 17);
        }
        scale(v[0], 1.0 / Math.sqrt(dot(v[0], v[0])));
        double[] diagonal = new double[n];
        double[] beside = new double[n];
        double before = 0.0;
        int count = 0;
        for (int k = 0; k < n; k++) {
            double[] w = transposedTimes(a, n, times(a, n, v[k]));
            for (int pass = 0; pass < 2; pass++) {
                for (int j = 0; j <= k; j++) {
                    double along = dot(v[j], w);
                    for (int i = 0; i < n; i++) {
                        w[i] = Fma.fma(-along, v[j][i], w[i]);
                    }
                    diagonal[k] += j == k ? along : 0.0;
                }
            }
            count = k + 1;
            double length = Math.sqrt(dot(w, w));
            beside[k] = length;
            double largest = ofTridiagonal(diagonal, beside, count);
            boolean done = k > 2 && Math.abs(largest - before) <= 1e-16 * largest;
            before = largest;
            if (done || length <= 1e-15 * largest || largest == 0.0) {
                break;
            }
            scale(w, 1.0 / length);
            v[k + 1] = w;
        }
        if (before == 0.0) {
            return new Triple(0.0, v[0], new double[n]);
        }
        double[] y = vector(diagonal, beside, count, before);
        double[] right = new double[n];
        for (int k = 0; k < count; k++) {
            for (int i = 0; i < n; i++) {
                right[i] = Fma.fma(y[k], v[k][i], right[i]);
            }
        }
        scale(right, 1.0 / Math.sqrt(dot(right, right)));
        double[] left = times(a, n, right);
        double value = Math.sqrt(dot(left, left));
        if (value > 0.0) {
            scale(left, 1.0 / value);
        }
        return new Triple(value, right, left);
    }

    /** The eigenvector of a symmetric tridiagonal matrix to its largest eigenvalue. */
    private static double[] vector(double[] diagonal, double[] beside, int m, double largest) {
        double[] full = new double[m * m];
        for (int k = 0; k < m; k++) {
            full[k * m + k] = diagonal[k] - largest * (1.0 + 1e-14) - Double.MIN_NORMAL;
            if (k + 1 < m) {
                full[k * m + k + 1] = beside[k];
                full[(k + 1) * m + k] = beside[k];
            }
        }
        double[] y = new double[m];
        Arrays.fill(y, 1.0);
        Lu lu = new Lu(m, full);
        for (int pass = 0; pass < 3; pass++) {
            double[] next = lu.solve(y);
            if (next == null) {
                return y;
            }
            scale(next, 1.0 / Math.sqrt(dot(next, next)));
            y = next;
        }
        return y;
    }

    /** The largest eigenvalue of a symmetric tridiagonal matrix without negative eigenvalues, by bisection. */
    static double ofTridiagonal(double[] diagonal, double[] beside, int m) {
        double high = 0.0;
        double low = 0.0;
        for (int k = 0; k < m; k++) {
            low = Math.max(low, diagonal[k]);
            double reach = diagonal[k] + (k > 0 ? beside[k - 1] : 0.0) + (k + 1 < m ? beside[k] : 0.0);
            high = Math.max(high, reach);
        }
        for (int step = 0; step < 200 && high - low > 2.0 * Math.ulp(high); step++) {
            double middle = 0.5 * (low + high);
            if (above(diagonal, beside, m, middle)) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return 0.5 * (low + high);
    }

    /** Whether there is an eigenvalue above x: Sturm's sequence has a positive term. */
    private static boolean above(double[] diagonal, double[] beside, int m, double x) {
        double term = 1.0;
        for (int k = 0; k < m; k++) {
            double square = k == 0 ? 0.0 : beside[k - 1] * beside[k - 1];
            term = diagonal[k] - x - square / term;
            if (term > 0.0) {
                return true;
            }
            term = term == 0.0 ? -Double.MIN_NORMAL : term;
        }
        return false;
    }

    private static double[] times(double[] a, int n, double[] x) {
        double[] y = new double[n];
        for (int i = 0; i < n; i++) {
            double sum = 0.0;
            for (int j = 0; j < n; j++) {
                sum = Fma.fma(a[i * n + j], x[j], sum);
            }
            y[i] = sum;
        }
        return y;
    }

    private static double[] transposedTimes(double[] a, int n, double[] x) {
        double[] y = new double[n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                y[j] = Fma.fma(a[i * n + j], x[i], y[j]);
            }
        }
        return y;
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0.0;
        for (int i = 0; i < a.length; i++) {
            sum = Fma.fma(a[i], b[i], sum);
        }
        return sum;
    }

    private static void scale(double[] a, double factor) {
        for (int i = 0; i < a.length; i++) {
            a[i] *= factor;
        }
    }
}
