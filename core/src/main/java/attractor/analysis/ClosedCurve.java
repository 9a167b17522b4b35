package attractor.analysis;

import attractor.kernel.Fma;
import java.util.Arrays;

/**
 * An invariant closed curve as a Fourier series, h = K_j(theta), on which F turns by a fixed angle:
 * {@code F(K_j(theta)) = K_(j+1)(theta)}, and from the last of q curves back to the first
 * {@code F(K_(q-1)(theta)) = K_0(theta + rho)}, theta in turns. The coefficients are weighted means of
 * {@code h(t) exp(-2 pi i k rho t)} along an orbit, which converge faster than any power of its length. Not thread-safe.
 *
 * <p>Source: S. Das, Y. Saiki, E. Sander, J. Yorke, Nonlinearity 30 (2017), 4111.
 */
final class ClosedCurve {
    /** The strongest line may be this multiple of the rotation number, or a smaller one: all are tried. */
    private static final int MULTIPLES = 5;

    private static final int FIRST_HARMONICS = 16;
    private static final int WITNESSES = 6;
    private static final int TEST_TIMES = 64;
    /** Length of orbit that is enough to choose among candidates. */
    private static final int TEST_LENGTH = 4096;

    private static final int GRID = 128;
    private static final int MAX_TABLE = 2048;
    /** Harmonics computed at once. */
    private static final int BLOCK = 32;

    /** q, the number of curves that F visits in turn. */
    final int curves;
    /** rho, turns that F^q makes on each, 0 to 1/2. */
    final double rotation;
    /** m; the series run from -m to m. */
    final int harmonics;
    /** Largest error of the equations above, over units and {@value #GRID} angles. */
    final double residual;
    /**
     * The larger of {@link #residual} and the orbit's distance from the curve, |h(t) - K(rho t)|: a series may satisfy
     * the equation for a curve that the orbit isn't on, such as one circle of a torus.
     */
    final double error;
    /** Root mean square distance of the first curve from its centre. */
    final double radius;

    private final int n;
    /**
     * {@code re[(j * (m + 1) + k) * n + i]}, k from 0: coefficient k of unit i of curve j; coefficients -k are their
     * conjugates.
     */
    private final double[] re;

    private final double[] im;
    /** Points at equal angles, curve by curve; made when first needed. */
    private double[] table;

    private ClosedCurve(
            ConstantMap map,
            double[] orbit,
            int length,
            int curves,
            double rotation,
            int harmonics,
            double[] re,
            double[] im) {
        this.curves = curves;
        this.rotation = rotation;
        this.harmonics = harmonics;
        this.re = re;
        this.im = im;
        n = map.n;
        double square = 0.0;
        for (int k = 1; k <= harmonics; k++) {
            for (int i = 0; i < n; i++) {
                square += 2.0 * (re[k * n + i] * re[k * n + i] + im[k * n + i] * im[k * n + i]);
            }
        }
        radius = Math.sqrt(square);
        residual = invariance(map);
        error = Math.max(residual, misfit(orbit, length));
    }

    /**
     * The curve that an orbit runs on.
     *
     * @param orbit states that follow each other, {@code q * length} of N values. Not modified.
     * @param q number of curves to assume
     * @param length a power of 2, at least 512
     * @return the best fit, which may be a bad one (see {@link #error}); null if the orbit is constant
     */
    static ClosedCurve fit(ConstantMap map, double[] orbit, int q, int length) {
        int n = map.n;
        int stride = q * n;
        double[] witnesses = liveliest(orbit, length, stride, n);
        int count = witnesses.length / length;
        double line = FrequencyEstimation.strongestLine(witnesses, 0, length, count, count);
        if (Double.isNaN(line)) {
            return null;
        }
        double best = Double.POSITIVE_INFINITY;
        double rotation = line;
        int multiple = 1;
        for (int k = 1; k <= MULTIPLES; k++) {
            for (int turns = 0; turns < k; turns++) {
                double candidate = (line + turns) / k;
                double left = left(witnesses, count, Math.min(length, TEST_LENGTH), candidate, FIRST_HARMONICS * k);
                // A fraction of a rotation number generates all its lines too: it must explain clearly more to be
                // chosen.
                if (left < 0.1 * best) {
                    best = left;
                    rotation = candidate;
                    multiple = k;
                }
            }
            if (best < 1e-9) {
                break;
            }
        }
        rotation = rotation > 0.5 ? 1.0 - rotation : rotation;
        ClosedCurve curve = null;
        double[] re = {};
        double[] im = {};
        for (int m = FIRST_HARMONICS * multiple; m <= length / 8; m *= 2) {
            double[] longerRe = new double[q * (m + 1) * n];
            double[] longerIm = new double[longerRe.length];
            int known = re.length / (q * n);
            for (int j = 0; j < q; j++) {
                System.arraycopy(re, j * known * n, longerRe, j * (m + 1) * n, known * n);
                System.arraycopy(im, j * known * n, longerIm, j * (m + 1) * n, known * n);
            }
            re = longerRe;
            im = longerIm;
            coefficients(map, orbit, q, length, rotation, known, m, re, im);
            ClosedCurve finer = new ClosedCurve(map, orbit, length, q, rotation, m, re, im);
            if (curve != null && !(finer.error < 0.5 * curve.error)) {
                break;
            }
            curve = finer;
            if (curve.error <= 1e-10 * curve.radius) {
                break;
            }
        }
        return curve;
    }

    /** The series of the few units with the largest variance, side by side. */
    private static double[] liveliest(double[] orbit, int length, int stride, int n) {
        double[] variance = new double[n];
        for (int i = 0; i < n; i++) {
            double sum = 0.0;
            double square = 0.0;
            for (int t = 0; t < length; t++) {
                double v = orbit[t * stride + i];
                sum += v;
                square += v * v;
            }
            variance[i] = square - sum * sum / length;
        }
        int count = Math.min(n, WITNESSES);
        double[] series = new double[length * count];
        for (int u = 0; u < count; u++) {
            int most = 0;
            for (int i = 1; i < n; i++) {
                most = variance[i] > variance[most] ? i : most;
            }
            variance[most] = Double.NEGATIVE_INFINITY;
            for (int t = 0; t < length; t++) {
                series[t * count + u] = orbit[t * stride + most];
            }
        }
        return series;
    }

    /** The share of the variance of some series that harmonics 0 to m of a rotation leave unexplained. */
    private static double left(double[] series, int count, int length, double rotation, int m) {
        double[] w = FrequencyEstimation.bump(length);
        double[][] z = FrequencyEstimation.phasor(rotation, length);
        double[] rest = new double[count * TEST_TIMES];
        double[] zr = new double[length];
        double[] zi = new double[length];
        Arrays.fill(zr, 1.0);
        double[] cr = new double[count];
        double[] ci = new double[count];
        double variance = 0.0;
        for (int k = 0; k <= m; k++) {
            Arrays.fill(cr, 0.0);
            Arrays.fill(ci, 0.0);
            for (int t = 0; t < length; t++) {
                double wr = w[t] * zr[t];
                double wi = w[t] * zi[t];
                for (int u = 0; u < count; u++) {
                    cr[u] += wr * series[t * count + u];
                    ci[u] += wi * series[t * count + u];
                }
            }
            for (int s = 0; s < TEST_TIMES; s++) {
                int t = time(s, length);
                for (int u = 0; u < count; u++) {
                    int at = u * TEST_TIMES + s;
                    if (k == 0) {
                        rest[at] = series[t * count + u] - cr[u];
                        variance += rest[at] * rest[at];
                    } else {
                        // 2 Re(c exp(+2 pi i k rho t))
                        rest[at] -= 2.0 * (cr[u] * zr[t] + ci[u] * zi[t]);
                    }
                }
            }
            advance(zr, zi, z);
        }
        double sum = 0.0;
        for (double value : rest) {
            sum += value * value;
        }
        return variance == 0.0 ? 0.0 : sum / variance;
    }

    /** Test times in the middle of the series, in no simple ratio to a rotation. */
    private static int time(int s, int length) {
        return (int) ((s + 0.5) * length / TEST_TIMES) ^ (s & 7);
    }

    private static void advance(double[] zr, double[] zi, double[][] z) {
        for (int t = 0; t < zr.length; t++) {
            double r = zr[t] * z[0][t] - zi[t] * z[1][t];
            zi[t] = zr[t] * z[1][t] + zi[t] * z[0][t];
            zr[t] = r;
        }
    }

    /** Computes the coefficients {@code from} to {@code m}, a block at a time, as products of phasors and orbit. */
    private static void coefficients(
            ConstantMap map,
            double[] orbit,
            int q,
            int length,
            double rotation,
            int from,
            int m,
            double[] re,
            double[] im) {
        int n = map.n;
        double[] w = FrequencyEstimation.bump(length);
        double[][] z = FrequencyEstimation.phasor(rotation, length);
        double[] zr = w.clone();
        double[] zi = new double[length];
        for (int k = 0; k < from; k++) {
            advance(zr, zi, z);
        }
        double[] phasors = new double[length * 2 * BLOCK];
        double[] sums = new double[2 * BLOCK * n];
        for (int k = from; k <= m; k += BLOCK) {
            int count = Math.min(BLOCK, m + 1 - k);
            for (int b = 0; b < count; b++) {
                for (int t = 0; t < length; t++) {
                    phasors[t * 2 * BLOCK + b] = zr[t];
                    phasors[t * 2 * BLOCK + BLOCK + b] = zi[t];
                }
                advance(zr, zi, z);
            }
            for (int j = 0; j < q; j++) {
                Arrays.fill(sums, 0.0);
                map.kernels.gemmTransposed(
                        2 * BLOCK, n, length, phasors, 0, 2 * BLOCK, orbit, j * n, q * n, sums, 0, n);
                int to = (j * (m + 1) + k) * n;
                System.arraycopy(sums, 0, re, to, count * n);
                System.arraycopy(sums, BLOCK * n, im, to, count * n);
            }
        }
    }

    /** {@code h = K_j(theta)}; h is modified. */
    void point(int j, double theta, double[] h, int hOff) {
        System.arraycopy(re, j * (harmonics + 1) * n, h, hOff, n);
        for (int k = 1; k <= harmonics; k++) {
            double turns = k * theta;
            double angle = 2.0 * Math.PI * (turns - Math.rint(turns));
            double c = 2.0 * StrictMath.cos(angle);
            double s = 2.0 * StrictMath.sin(angle);
            int from = (j * (harmonics + 1) + k) * n;
            for (int i = 0; i < n; i++) {
                h[hOff + i] += c * re[from + i] - s * im[from + i];
            }
        }
    }

    private double invariance(ConstantMap map) {
        double[] here = new double[GRID * n];
        double[] there = new double[n];
        double worst = 0.0;
        for (int j = 0; j < curves; j++) {
            for (int g = 0; g < GRID; g++) {
                point(j, g / (double) GRID, here, g * n);
            }
            map.apply(GRID, here, 0, here, 0, null);
            boolean last = j == curves - 1;
            for (int g = 0; g < GRID; g++) {
                point(last ? 0 : j + 1, g / (double) GRID + (last ? rotation : 0.0), there, 0);
                worst = Math.max(worst, ConstantMap.distance(here, g * n, there, 0, n));
            }
        }
        return worst;
    }

    private double misfit(double[] orbit, int length) {
        double[] k = new double[n];
        double worst = 0.0;
        for (int s = 0; s < TEST_TIMES; s++) {
            int t = time(s, length);
            for (int j = 0; j < curves; j++) {
                point(j, rotation * t, k, 0);
                worst = Math.max(worst, ConstantMap.distance(k, 0, orbit, (t * curves + j) * n, n));
            }
        }
        return worst;
    }

    /**
     * Distance of a state from the closest point on the curves that a search finds: the largest difference over the
     * units.
     */
    double distance(double[] h) {
        int grid = Math.min(8 * harmonics, MAX_TABLE);
        if (table == null) {
            table = new double[curves * grid * n];
            for (int k = 0; k < curves * grid; k++) {
                point(k / grid, k % grid / (double) grid, table, k * n);
            }
        }
        double[] k = new double[n];
        double nearest = Double.POSITIVE_INFINITY;
        for (int j = 0; j < curves; j++) {
            double best = Double.POSITIVE_INFINITY;
            double at = 0.0;
            for (int g = 0; g < grid; g++) {
                double d = square(table, (j * grid + g) * n, h);
                if (d < best) {
                    best = d;
                    at = g / (double) grid;
                }
            }
            double width = 1.0 / grid;
            for (int i = 0; i < 40; i++) {
                width *= 0.6;
                double left = square(j, at - width, h, k);
                double right = square(j, at + width, h, k);
                if (Math.min(left, right) < best) {
                    at += left < right ? -width : width;
                    best = Math.min(left, right);
                }
            }
            point(j, at, k, 0);
            nearest = Math.min(nearest, ConstantMap.distance(k, 0, h, 0, n));
        }
        return nearest;
    }

    private double square(int j, double theta, double[] h, double[] k) {
        point(j, theta, k, 0);
        return square(k, 0, h);
    }

    private double square(double[] a, int aOff, double[] h) {
        double sum = 0.0;
        for (int i = 0; i < n; i++) {
            sum = Fma.fma(a[aOff + i] - h[i], a[aOff + i] - h[i], sum);
        }
        return sum;
    }
}
