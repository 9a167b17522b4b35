package attractor.analysis;

import attractor.io.Printable;
import java.util.Arrays;

/**
 * Principal components of states: observations are states, variables are units; centred, not scaled. Components come by
 * decreasing variance; each is a unit vector whose entry of largest modulus (the first, where several are within 1e-9)
 * is positive. Variances are those of a sample, divided by M - 1. Computed from the covariance matrix, so that
 * variances have an absolute error of about 1e-15 of the largest one, and smaller variances are only rounding. A
 * component is the more accurate, the better its variance is separated from the others.
 *
 * <p>Thread-safe as long as the arrays are not modified; they are not copied. Two are equal only if they share their
 * arrays.
 *
 * @param observations M
 * @param units N
 * @param mean mean state, N
 * @param variances variance along every component, N, decreasing, none negative
 * @param explained share of the total variance, N; all 0 if the states are all equal
 * @param components the first K components, K x N, row = component
 * @param projection the centred states in the first K components, M x K
 */
public record Pca(
        int observations,
        int units,
        double[] mean,
        double[] variances,
        double[] explained,
        double[] components,
        double[] projection) {

    /**
     * Analyses states. Cost M N (N + 2 K) + 10 N^3 flops.
     *
     * @param states M x N, row = observation; M at least 1. Not modified.
     * @param units N, at least 1
     * @param keep K, number of components to keep, at least 1; N if that is less
     * @throws IllegalArgumentException if the sizes don't fit or a state isn't finite
     * @throws IllegalStateException if the eigenvalues don't converge, or without EJML on the class path
     */
    public static Pca of(double[] states, int units, int keep) {
        Ejml.require();
        if (units < 1 || keep < 1) {
            throw new IllegalArgumentException(
                    "units is " + units + " and keep is " + keep + ", expected at least 1 of each");
        }
        int n = units;
        int m = states.length / n;
        if (m < 1 || m * n != states.length) {
            throw new IllegalArgumentException("states has " + Printable.count(states.length, "value")
                    + ", expected M*N, a positive multiple of " + n + " (N = " + n + ")");
        }
        double[] mean = mean(states, m, n);
        double[] centred = new double[m * n];
        for (int i = 0; i < m; i++) {
            for (int j = 0; j < n; j++) {
                centred[i * n + j] = states[i * n + j] - mean[j];
            }
        }
        double[] covariance = covariance(centred, m, n);
        double[] variances = new double[n];
        double[] all = decompose(covariance, n, variances);
        double total = 0.0;
        for (double variance : variances) {
            total += variance;
        }
        double[] explained = new double[n];
        for (int k = 0; k < n && total > 0.0; k++) {
            explained[k] = variances[k] / total;
        }
        int kept = Math.min(keep, n);
        double[] components = Arrays.copyOf(all, kept * n);
        Pca pca = new Pca(m, n, mean, variances, explained, components, new double[m * kept]);
        project(centred, m, n, components, pca.projection);
        return pca;
    }

    /** These components with other projected states, rows of K; not copied. */
    Pca withProjection(double[] other) {
        return new Pca(observations, units, mean, variances, explained, components, other);
    }

    /** K, the number of components kept. */
    public int kept() {
        return components.length / units;
    }

    /**
     * Projects other states on the same components, centred with the same mean.
     *
     * @param states any number of rows of N. Not modified.
     * @return rows of K
     * @throws IllegalArgumentException if the number of values isn't a multiple of N
     */
    public double[] project(double[] states) {
        int m = states.length / units;
        if (m * units != states.length) {
            throw new IllegalArgumentException("states has " + Printable.count(states.length, "value")
                    + ", expected a multiple of " + units + " (N = " + units + ")");
        }
        double[] centred = states.clone();
        for (int i = 0; i < centred.length; i++) {
            centred[i] -= mean[i % units];
        }
        double[] projected = new double[m * kept()];
        project(centred, m, units, components, projected);
        return projected;
    }

    private static void project(double[] centred, int m, int n, double[] components, double[] projected) {
        int kept = components.length / n;
        for (int i = 0; i < m; i++) {
            for (int k = 0; k < kept; k++) {
                double sum = 0.0;
                for (int j = 0; j < n; j++) {
                    sum += centred[i * n + j] * components[k * n + j];
                }
                projected[i * kept + k] = sum;
            }
        }
    }

    /** The mean by unit, exact for a constant unit, so that constant states have no variance. */
    private static double[] mean(double[] states, int m, int n) {
        double[] mean = Arrays.copyOf(states, n);
        double[] rest = new double[n];
        for (int i = 0; i < m; i++) {
            for (int j = 0; j < n; j++) {
                double x = states[i * n + j];
                if (!Double.isFinite(x)) {
                    throw new IllegalArgumentException(
                            "states[" + i + ", " + j + "] is " + x + ", expected a finite number");
                }
                rest[j] += x - mean[j];
            }
        }
        for (int j = 0; j < n; j++) {
            mean[j] += rest[j] / m;
        }
        return mean;
    }

    private static double[] covariance(double[] centred, int m, int n) {
        double[] c = new double[n * n];
        for (int i = 0; i < m; i++) {
            for (int a = 0; a < n; a++) {
                double x = centred[i * n + a];
                int row = a * n;
                int at = i * n;
                for (int b = a; b < n; b++) {
                    c[row + b] += x * centred[at + b];
                }
            }
        }
        for (int a = 0; a < n; a++) {
            for (int b = a; b < n; b++) {
                c[a * n + b] /= Math.max(1, m - 1);
                c[b * n + a] = c[a * n + b];
                if (!Double.isFinite(c[a * n + b])) {
                    throw new IllegalArgumentException("the covariance of units " + a + " and " + b + " is "
                            + c[a * n + b] + ", expected states below 1e150");
                }
            }
        }
        return c;
    }

    /** Fills in the variances, decreasing; returns the components, n x n. */
    private static double[] decompose(double[] covariance, int n, double[] variances) {
        // Scaled, since EJML compares with absolute thresholds; plus the identity, since its iteration ends when what
        // is
        // off the diagonal is small beside the diagonal, which it never gets where there is only rounding left.
        int exponent = Eigenvalues.exponent(covariance);
        double[] shifted = new double[n * n];
        for (int i = 0; i < shifted.length; i++) {
            shifted[i] = Math.scalb(covariance[i], -exponent) + (i % (n + 1) == 0 ? 1.0 : 0.0);
        }
        Ejml.Symmetric eigen = Ejml.symmetric(shifted, n);
        Integer[] order = new Integer[n];
        Arrays.setAll(order, k -> k);
        Arrays.sort(order, (a, b) -> Double.compare(eigen.values()[b], eigen.values()[a]));
        double[] components = new double[n * n];
        for (int k = 0; k < n; k++) {
            variances[k] = Math.max(0.0, Math.scalb(eigen.values()[order[k]] - 1.0, exponent));
            int from = order[k] * n;
            double largest = 0.0;
            double square = 0.0;
            for (int j = 0; j < n; j++) {
                double v = eigen.vectors()[from + j];
                largest = Math.max(largest, Math.abs(v));
                square += v * v;
            }
            int first = 0;
            while (Math.abs(eigen.vectors()[from + first]) < (1.0 - 1e-9) * largest) {
                first++;
            }
            double scale = Math.copySign(1.0 / Math.sqrt(square), eigen.vectors()[from + first]);
            for (int j = 0; j < n; j++) {
                components[k * n + j] = scale * eigen.vectors()[from + j] + 0.0; // no -0.0
            }
        }
        return components;
    }

    /** Short, since the arrays are long. */
    @Override
    public String toString() {
        return "Pca[M=" + observations + ", N=" + units + ", explained="
                + Arrays.toString(Arrays.copyOf(explained, Math.min(3, units))) + "]";
    }
}
