package attractor.analysis;

import attractor.kernel.Fma;
import attractor.random.RandomStream;
import attractor.random.RandomStream.Purpose;
import java.util.Arrays;

/**
 * Lyapunov exponents along an orbit: tangent vectors follow the analytic Jacobian and are made orthonormal again at
 * each step (Gram-Schmidt, that is QR). The exponents are the means of the logarithms of the factors by which they
 * grew. Stateless, thread-safe.
 *
 * <p>Source: G. Benettin, L. Galgani, A. Giorgilli, J.-M. Strelcyn, Meccanica 15 (1980), 9 and 21.
 */
final class Lyapunov {
    private Lyapunov() {}

    /**
     * The result of one run along an orbit.
     *
     * @param exponents the leading ones, per step, largest first; -infinity if a direction vanishes at once
     * @param spread root mean square distance of the states from their mean, in the first and in the second half
     * @param mean mean state, N values
     */
    record Run(double[] exponents, double[] spread, double[] mean) {}

    /**
     * Computes the leading exponents from a state that has settled.
     *
     * @param start N values. Not modified.
     * @param count how many exponents; at most N are found
     * @param steps number of steps to average over; a quarter as many come before them to align the vectors
     */
    static Run run(ConstantMap map, double[] start, int count, int steps) {
        int n = map.n;
        int rows = Math.min(count, n);
        double[] h = start.clone();
        double[] next = new double[n];
        double[] rates = new double[n];
        double[] v = new double[rows * n];
        new RandomStream(0, Purpose.of("tangent-vectors"), 0).fillGaussian(v, 0, v.length, 1.0);
        double[] wv = new double[rows * n];
        double[] growth = new double[rows];
        double[] logs = new double[rows];
        orthonormalise(rows, n, v, growth);
        double[] sum = new double[2 * n];
        double[] sumOfSquares = new double[2];
        int warmUp = steps / 4;
        for (int t = 0; t < warmUp + steps; t++) {
            map.apply(1, h, 0, next, 0, rates);
            map.tangents(rows, rates, v, wv);
            if (t == warmUp) {
                Arrays.fill(logs, 0.0);
            }
            orthonormalise(rows, n, v, growth);
            for (int k = 0; k < rows; k++) {
                logs[k] += StrictMath.log(growth[k]);
            }
            double[] swapped = h;
            h = next;
            next = swapped;
            if (t >= warmUp) {
                int half = t - warmUp < steps / 2 ? 0 : 1;
                for (int i = 0; i < n; i++) {
                    sum[half * n + i] += h[i];
                    sumOfSquares[half] = Fma.fma(h[i], h[i], sumOfSquares[half]);
                }
            }
        }
        for (int k = 0; k < rows; k++) {
            logs[k] /= steps;
        }
        int[] counts = {steps / 2, steps - steps / 2};
        double[] spread = new double[2];
        double[] mean = new double[n];
        for (int half = 0; half < 2; half++) {
            double square = sumOfSquares[half] / counts[half];
            for (int i = 0; i < n; i++) {
                double m = sum[half * n + i] / counts[half];
                square -= m * m;
                mean[i] += sum[half * n + i] / steps;
            }
            spread[half] = Math.sqrt(Math.max(square, 0.0));
        }
        return new Run(logs, spread, mean);
    }

    /**
     * Estimates of the largest exponent of several orbits, side by side.
     *
     * @param start rows x N. Not modified.
     * @param steps number of steps to average over; a quarter as many come before them to align the vectors
     */
    static double[] largest(ConstantMap map, int rows, double[] start, int steps) {
        int n = map.n;
        double[] h = Arrays.copyOf(start, rows * n);
        double[] rates = new double[rows * n];
        double[] v = new double[rows * n];
        RandomStream random = new RandomStream(0, Purpose.of("tangent-vectors"), 0);
        for (int k = 0; k < rows; k++) {
            random.reset(0, Purpose.of("tangent-vectors"), 0);
            random.fillGaussian(v, k * n, n, 1.0);
        }
        double[] wv = new double[rows * n];
        double[] growth = new double[1];
        double[] row = new double[n];
        double[] logs = new double[rows];
        int warmUp = steps / 4;
        for (int t = -warmUp; t < steps; t++) {
            map.apply(rows, h, 0, h, 0, rates);
            map.tangents(rows, rates, n, v, wv);
            for (int k = 0; k < rows; k++) {
                System.arraycopy(v, k * n, row, 0, n);
                orthonormalise(1, n, row, growth);
                System.arraycopy(row, 0, v, k * n, n);
                logs[k] += t < 0 ? 0.0 : StrictMath.log(growth[0]);
            }
        }
        for (int k = 0; k < rows; k++) {
            logs[k] /= steps;
        }
        return logs;
    }

    /**
     * Makes the rows orthonormal, in order; {@code growth} receives each row's length after the earlier rows'
     * directions are taken out.
     */
    private static void orthonormalise(int rows, int n, double[] v, double[] growth) {
        for (int k = 0; k < rows; k++) {
            for (int j = 0; j < k; j++) {
                double dot = 0.0;
                for (int i = 0; i < n; i++) {
                    dot = Fma.fma(v[k * n + i], v[j * n + i], dot);
                }
                for (int i = 0; i < n; i++) {
                    v[k * n + i] = Fma.fma(-dot, v[j * n + i], v[k * n + i]);
                }
            }
            double square = 0.0;
            for (int i = 0; i < n; i++) {
                square = Fma.fma(v[k * n + i], v[k * n + i], square);
            }
            growth[k] = Math.sqrt(square);
            double inverse = growth[k] > 0.0 ? 1.0 / growth[k] : 0.0;
            for (int i = 0; i < n; i++) {
                v[k * n + i] *= inverse;
            }
        }
    }
}
