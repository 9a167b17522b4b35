package attractor.analysis;

import attractor.kernel.Fma;
import java.util.Arrays;

/** Frequencies in time series: the strongest line of a long one, the best sine in a short one. Stateless, thread-safe. */
final class FrequencyEstimation {
    private static final double TWO_PI = 2.0 * Math.PI;

    private FrequencyEstimation() {}

    /**
     * Weights {@code exp(-1 / (s (1 - s)))} at s = (t + 1)/(T + 1), with sum 1: a line's leakage falls faster than any
     * power.
     */
    static double[] bump(int length) {
        double[] w = new double[length];
        double sum = 0.0;
        for (int t = 0; t < length; t++) {
            double s = (t + 1.0) / (length + 1.0);
            w[t] = StrictMath.exp(-1.0 / (s * (1.0 - s)));
            sum += w[t];
        }
        for (int t = 0; t < length; t++) {
            w[t] /= sum;
        }
        return w;
    }

    /** exp(-2 pi i f t), t = 0 ... length - 1: cosines, then sines. */
    static double[][] phasor(double f, int length) {
        double[] re = new double[length];
        double[] im = new double[length];
        for (int t = 0; t < length; t++) {
            double turns = f * t;
            double angle = TWO_PI * (turns - Math.rint(turns));
            re[t] = StrictMath.cos(angle);
            im[t] = -StrictMath.sin(angle);
        }
        return new double[][] {re, im};
    }

    /**
     * The strongest line above 0 that several series of the same length have in common, in cycles per sample, 0 to 1/2;
     * NaN if they are constant.
     *
     * @param series {@code series[t * stride + i]}, i &lt; channels; the length is a power of 2, at least 16. Not modified.
     */
    static double strongestLine(double[] series, int offset, int length, int stride, int channels) {
        double[] power = new double[length / 2 + 1];
        double[] re = new double[length];
        double[] im = new double[length];
        double largest = 0.0;
        for (int i = 0; i < channels; i++) {
            double mean = 0.0;
            for (int t = 0; t < length; t++) {
                mean += series[offset + t * stride + i];
                largest = Math.max(largest, Math.abs(series[offset + t * stride + i]));
            }
            mean /= length;
            for (int t = 0; t < length; t++) {
                double hann = 0.5 - 0.5 * StrictMath.cos(TWO_PI * (t + 0.5) / length);
                re[t] = hann * (series[offset + t * stride + i] - mean);
                im[t] = 0.0;
            }
            fft(re, im);
            for (int k = 0; k <= length / 2; k++) {
                power[k] += re[k] * re[k] + im[k] * im[k];
            }
        }
        int peak = 1;
        for (int k = 2; k <= length / 2; k++) {
            peak = power[k] > power[peak] ? k : peak;
        }
        double noise = 1e-13 * largest * length;
        if (!(power[peak] > noise * noise)) {
            return Double.NaN;
        }
        return refine(series, offset, length, stride, channels, peak / (double) length);
    }

    /** Refines a frequency by the phases in the two halves, which are far more accurate than the height of the peak. */
    private static double refine(double[] series, int offset, int length, int stride, int channels, double start) {
        int half = length / 2;
        double[] w = bump(half);
        double f = start;
        for (int round = 0; round < 4; round++) {
            double[][] z = phasor(f, length);
            double re = 0.0;
            double im = 0.0;
            for (int i = 0; i < channels; i++) {
                double mean = 0.0;
                for (int t = 0; t < length; t++) {
                    mean += series[offset + t * stride + i];
                }
                mean /= length;
                double[] sums = new double[4];
                for (int t = 0; t < half; t++) {
                    double a = w[t] * (series[offset + t * stride + i] - mean);
                    double b = w[t] * (series[offset + (t + half) * stride + i] - mean);
                    sums[0] += a * z[0][t];
                    sums[1] += a * z[1][t];
                    sums[2] += b * z[0][t + half];
                    sums[3] += b * z[1][t + half];
                }
                // The second times the conjugate of the first.
                re += sums[2] * sums[0] + sums[3] * sums[1];
                im += sums[3] * sums[0] - sums[2] * sums[1];
            }
            f += StrictMath.atan2(im, re) / (TWO_PI * half);
        }
        f = Math.abs(f);
        return f > 0.5 ? 1.0 - f : f;
    }

    /** Amplitude of the line at f in a series: A in A cos(2 pi f t + phase). */
    static double amplitude(double[] series, int offset, int length, int stride, double f) {
        double[] w = bump(length);
        double[][] z = phasor(f, length);
        double mean = 0.0;
        for (int t = 0; t < length; t++) {
            mean += w[t] * series[offset + t * stride];
        }
        double re = 0.0;
        double im = 0.0;
        for (int t = 0; t < length; t++) {
            double v = w[t] * (series[offset + t * stride] - mean);
            re += v * z[0][t];
            im += v * z[1][t];
        }
        // At half the sampling rate the line and its mirror image are one.
        return (0.5 - f < 1e-9 ? 1.0 : 2.0) * StrictMath.hypot(re, im);
    }

    /** In place, {@code X_k = sum_t x_t exp(-2 pi i k t / n)}; n is a power of 2. */
    static void fft(double[] re, double[] im) {
        int n = re.length;
        for (int i = 1, j = 0; i < n; i++) {
            int bit = n >> 1;
            for (; (j & bit) != 0; bit >>= 1) {
                j ^= bit;
            }
            j ^= bit;
            if (i < j) {
                double swapped = re[i];
                re[i] = re[j];
                re[j] = swapped;
                swapped = im[i];
                im[i] = im[j];
                im[j] = swapped;
            }
        }
        double[][] w = phasor(1.0 / n, n / 2 + 1);
        for (int size = 2; size <= n; size *= 2) {
            int half = size / 2;
            int step = n / size;
            for (int from = 0; from < n; from += size) {
                for (int k = 0; k < half; k++) {
                    int a = from + k;
                    int b = a + half;
                    double wr = w[0][k * step];
                    double wi = w[1][k * step];
                    double tr = wr * re[b] - wi * im[b];
                    double ti = wr * im[b] + wi * re[b];
                    re[b] = re[a] - tr;
                    im[b] = im[a] - ti;
                    re[a] += tr;
                    im[a] += ti;
                }
            }
        }
    }

    /**
     * The sine that fits a short series best, beside a straight line.
     *
     * @param frequency cycles per sample; NaN if nothing is left beside the straight line
     * @param amplitude amplitude of the sine
     * @param explained share of the variance around the straight line that the sine explains, 0 to 1
     */
    record Sine(double frequency, double amplitude, double explained) {}

    /**
     * Fits {@code a + b t + c cos(2 pi f t) + d sin(2 pi f t)} by least squares over all f from 3/2 cycles in the
     * series to half the sampling rate.
     */
    static Sine sine(double[] y) {
        int length = y.length;
        double none = fit(y, Double.NaN)[0];
        double scale = 0.0;
        for (double value : y) {
            scale = Math.max(scale, Math.abs(value));
        }
        if (length < 6 || !(none > 1e-24 * scale * scale * length)) {
            return new Sine(Double.NaN, 0.0, 0.0);
        }
        double step = 0.125 / length;
        double best = Double.NaN;
        double least = Double.POSITIVE_INFINITY;
        for (double f = 1.5 / length; f < 0.5 + 0.5 * step; f += step) {
            double rest = fit(y, Math.min(f, 0.5))[0];
            if (rest < least) {
                least = rest;
                best = Math.min(f, 0.5);
            }
        }
        double low = Math.max(best - step, 1.5 / length);
        double high = Math.min(best + step, 0.5);
        double golden = 0.6180339887498949;
        for (int i = 0; i < 60; i++) {
            double a = high - golden * (high - low);
            double b = low + golden * (high - low);
            if (fit(y, a)[0] < fit(y, b)[0]) {
                high = b;
            } else {
                low = a;
            }
        }
        double middle = 0.5 * (low + high);
        double[] refined = fit(y, middle);
        double[] atBest = fit(y, best);
        boolean take = refined[0] < atBest[0];
        double[] chosen = take ? refined : atBest;
        return new Sine(take ? middle : best, chosen[1], 1.0 - chosen[0] / none);
    }

    /** Residual sum of squares of a fit, and the sine's amplitude; without a sine if f is NaN. */
    private static double[] fit(double[] y, double f) {
        int length = y.length;
        int terms = Double.isNaN(f) ? 2 : 4;
        double[][] basis = new double[terms][length];
        double[][] z = terms == 4 ? phasor(f, length) : null;
        for (int t = 0; t < length; t++) {
            basis[0][t] = 1.0;
            basis[1][t] = t / (double) length - 0.5;
            if (terms == 4) {
                basis[2][t] = z[0][t];
                basis[3][t] = z[1][t];
            }
        }
        // Gram-Schmidt, twice; a function that depends on the others (the sine at half the sampling rate) drops out.
        double[] rest = y.clone();
        double[][] ortho = new double[terms][];
        for (int k = 0; k < terms; k++) {
            double[] b = basis[k].clone();
            double norm = Math.sqrt(dot(b, b));
            for (int twice = 0; twice < 2; twice++) {
                for (int j = 0; j < k; j++) {
                    subtract(b, ortho[j], dot(b, ortho[j]));
                }
            }
            double left = Math.sqrt(dot(b, b));
            if (!(left > 1e-9 * norm)) {
                Arrays.fill(b, 0.0);
                left = 1.0;
            }
            for (int t = 0; t < length; t++) {
                b[t] /= left;
            }
            ortho[k] = b;
            subtract(rest, b, dot(rest, b));
        }
        if (terms == 2) {
            return new double[] {dot(rest, rest), 0.0};
        }
        double[] c = solve(ortho, basis, y, rest);
        return new double[] {dot(rest, rest), StrictMath.hypot(c[0], c[1])};
    }

    /** Coefficients of cosine and sine by back substitution: {@code y - rest = sum c_k basis_k}. */
    private static double[] solve(double[][] ortho, double[][] basis, double[] y, double[] rest) {
        double[] fitted = y.clone();
        subtract(fitted, rest, 1.0);
        double[] c = new double[2];
        for (int k = 3; k >= 2; k--) {
            double pivot = dot(ortho[k], basis[k]);
            c[k - 2] = pivot == 0.0 ? 0.0 : dot(ortho[k], fitted) / pivot;
            subtract(fitted, basis[k], c[k - 2]);
        }
        return c;
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0.0;
        for (int i = 0; i < a.length; i++) {
            sum = Fma.fma(a[i], b[i], sum);
        }
        return sum;
    }

    private static void subtract(double[] a, double[] b, double times) {
        for (int i = 0; i < a.length; i++) {
            a[i] = Fma.fma(-times, b[i], a[i]);
        }
    }
}
