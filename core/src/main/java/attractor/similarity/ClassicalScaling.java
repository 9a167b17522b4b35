package attractor.similarity;

import attractor.analysis.Ejml;
import java.util.Arrays;

/**
 * A map of things with known distances (Torgerson 1952): coordinates are the eigenvectors of -1/2 J D^2 J, times the root of
 * the eigenvalues, by decreasing eigenvalue; J takes the mean off. Coordinates with a negative eigenvalue don't exist.
 *
 * <p>Thread-safe as long as the arrays are not modified.
 *
 * @param coordinates n x K
 * @param variances eigenvalues over n, positive ones alone, K of them
 * @param share of the sum of absolute eigenvalues that the first two have; 1 if all distances are 0
 */
public record ClassicalScaling(double[] coordinates, double[] variances, double share) {
    /**
     * Makes a map.
     *
     * @param distances n x n, symmetric. Not modified.
     */
    public static ClassicalScaling of(double[] distances, int n) {
        double[] b = new double[n * n];
        double[] mean = new double[n];
        double all = 0.0;
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                double square = distances[i * n + j] * distances[i * n + j];
                mean[i] += square / n;
                all += square / n / n;
            }
        }
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                b[i * n + j] = -0.5 * (distances[i * n + j] * distances[i * n + j] - mean[i] - mean[j] + all);
            }
        }
        double largest = Arrays.stream(b).map(Math::abs).max().orElse(0.0);
        if (largest == 0.0) {
            return new ClassicalScaling(new double[0], new double[0], 1.0);
        }
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < i; j++) {
                b[i * n + j] = b[j * n + i] / largest;
            }
            b[i * n + i] = b[i * n + i] / largest;
            for (int j = i + 1; j < n; j++) {
                b[i * n + j] /= largest;
            }
        }
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < i; j++) {
                b[i * n + j] = b[j * n + i];
            }
        }
        Ejml.Symmetric eigen = Ejml.symmetric(b, n);
        Integer[] order = new Integer[n];
        Arrays.setAll(order, k -> k);
        Arrays.sort(order, (i, j) -> Double.compare(eigen.values()[j], eigen.values()[i]));
        double absolute = 0.0;
        int kept = 0;
        for (Integer k : order) {
            absolute += Math.abs(eigen.values()[k]);
            kept += eigen.values()[k] > 1e-10 ? 1 : 0;
        }
        double[] coordinates = new double[n * kept];
        double[] variances = new double[kept];
        double two = 0.0;
        for (int k = 0; k < kept; k++) {
            double value = eigen.values()[order[k]];
            variances[k] = value * largest / n;
            two += k < 2 ? value : 0.0;
            int from = order[k] * n;
            int most = 0;
            for (int i = 1; i < n; i++) {
                most = Math.abs(eigen.vectors()[from + i]) > Math.abs(eigen.vectors()[from + most]) * (1 + 1e-9) ? i : most;
            }
            double scale = Math.copySign(Math.sqrt(value * largest), eigen.vectors()[from + most]);
            for (int i = 0; i < n; i++) {
                coordinates[i * kept + k] = scale * eigen.vectors()[from + i];
            }
        }
        return new ClassicalScaling(coordinates, variances, two / absolute);
    }
}
