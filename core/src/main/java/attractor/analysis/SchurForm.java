package attractor.analysis;

import attractor.io.Printable;
import java.util.Arrays;

/**
 * The complex Schur form of a real matrix, {@code A = Q T Q^H} with Q unitary and T upper triangular: the eigenvalues on the
 * diagonal of T, and above it what a normal matrix doesn't have, the couplings from later modes to earlier ones.
 *
 * <p>Householder reflections to Hessenberg form (EJML), then QR steps with Wilkinson's shift. Cost about 25 N^3 complex
 * operations. Thread-safe as long as the arrays are not modified; they are not copied. Source: Golub and Van Loan, Matrix
 * Computations, chapter 7.
 *
 * @param size N
 * @param tRe real parts of T, N x N; 0 below the diagonal
 * @param tIm imaginary parts of T
 * @param qRe real parts of Q, N x N, whose columns are the Schur vectors
 * @param qIm imaginary parts of Q
 */
public record SchurForm(int size, double[] tRe, double[] tIm, double[] qRe, double[] qIm) {
    private static final int MOST_STEPS = 60;

    /**
     * Decomposes a matrix.
     *
     * @param a n x n in C order, finite. Not modified.
     * @throws IllegalArgumentException if it has another length or isn't finite
     * @throws IllegalStateException if the iteration doesn't converge, or without EJML
     */
    public static SchurForm of(double[] a, int n) {
        if (a.length != n * n || n < 1) {
            throw new IllegalArgumentException(
                    "matrix has " + Printable.count(a.length, "value") + ", expected " + n + " x " + n);
        }
        ConstantMap.checkFinite("matrix entry", a);
        Ejml.Hessenberg start = Ejml.hessenberg(a, n);
        SchurForm form = new SchurForm(n, start.h(), new double[n * n], start.q(), new double[n * n]);
        form.iterate();
        return form;
    }

    /** {@code |T - diag T| / |A|}, Frobenius norms: Henrici's departure from normality, 0 to 1; 0 for a matrix of zeros. */
    public double departure() {
        double above = 0.0;
        double all = 0.0;
        for (int i = 0; i < size; i++) {
            for (int j = i; j < size; j++) {
                double square = tRe[i * size + j] * tRe[i * size + j] + tIm[i * size + j] * tIm[i * size + j];
                all += square;
                above += j > i ? square : 0.0;
            }
        }
        return all == 0.0 ? 0.0 : Math.sqrt(above / all);
    }

    private void iterate() {
        int n = size;
        double norm = 0.0;
        for (double x : tRe) {
            norm = Math.max(norm, Math.abs(x));
        }
        int high = n - 1;
        int steps = 0;
        while (high > 0) {
            int low = high;
            while (low > 0) {
                double beside = modulus(low, low) + modulus(low - 1, low - 1);
                if (modulus(low, low - 1) <= 0x1p-53 * (beside == 0.0 ? norm : beside)) {
                    tRe[low * n + low - 1] = 0.0;
                    tIm[low * n + low - 1] = 0.0;
                    break;
                }
                low--;
            }
            if (low == high) {
                high--;
                steps = 0;
                continue;
            }
            if (steps++ >= MOST_STEPS) {
                throw new IllegalStateException("the Schur form of the " + n + " x " + n
                        + " matrix did not converge in " + MOST_STEPS + " steps per eigenvalue");
            }
            step(low, high, steps % 10 == 0);
        }
        for (int i = 1; i < n; i++) {
            Arrays.fill(tRe, i * n, i * n + i, 0.0);
            Arrays.fill(tIm, i * n, i * n + i, 0.0);
        }
    }

    private double modulus(int i, int j) {
        return StrictMath.hypot(tRe[i * size + j], tIm[i * size + j]);
    }

    /** T - s I = Q R, then R Q + s I, in rows and columns from low to high; the rotations act on all of T and Q. */
    private void step(int low, int high, boolean exceptional) {
        int n = size;
        double[] shift = exceptional
                ? new double[] {tRe[high * n + high] + modulus(high, high - 1), tIm[high * n + high]}
                : wilkinson(high);
        for (int i = low; i <= high; i++) {
            tRe[i * n + i] -= shift[0];
            tIm[i * n + i] -= shift[1];
        }
        int count = high - low;
        double[] c = new double[count];
        double[] sRe = new double[count];
        double[] sIm = new double[count];
        for (int k = low; k < high; k++) {
            // The rotation [c, s; -conj(s), c] that makes the entry below the diagonal 0.
            double aRe = tRe[k * n + k];
            double aIm = tIm[k * n + k];
            double bRe = tRe[(k + 1) * n + k];
            double bIm = tIm[(k + 1) * n + k];
            double a = StrictMath.hypot(aRe, aIm);
            double b = StrictMath.hypot(bRe, bIm);
            double r = StrictMath.hypot(a, b);
            int g = k - low;
            if (r == 0.0) {
                c[g] = 1.0;
            } else if (a == 0.0) {
                c[g] = 0.0;
                sRe[g] = bRe / b;
                sIm[g] = -bIm / b;
            } else {
                c[g] = a / r;
                // s = (a / |a|) conj(b) / r
                sRe[g] = (aRe * bRe + aIm * bIm) / (a * r);
                sIm[g] = (aIm * bRe - aRe * bIm) / (a * r);
            }
            for (int j = k; j < n; j++) {
                rotateRows(k, j, c[g], sRe[g], sIm[g]);
            }
        }
        for (int k = low; k < high; k++) {
            int g = k - low;
            for (int i = 0; i <= Math.min(k + 1, high); i++) {
                rotateColumns(tRe, tIm, i, k, c[g], sRe[g], sIm[g]);
            }
            for (int i = 0; i < n; i++) {
                rotateColumns(qRe, qIm, i, k, c[g], sRe[g], sIm[g]);
            }
        }
        for (int i = low; i <= high; i++) {
            tRe[i * n + i] += shift[0];
            tIm[i * n + i] += shift[1];
        }
    }

    private void rotateRows(int k, int j, double c, double sRe, double sIm) {
        int at = k * size + j;
        int below = at + size;
        double xRe = tRe[at];
        double xIm = tIm[at];
        double yRe = tRe[below];
        double yIm = tIm[below];
        tRe[at] = c * xRe + sRe * yRe - sIm * yIm;
        tIm[at] = c * xIm + sRe * yIm + sIm * yRe;
        tRe[below] = c * yRe - (sRe * xRe + sIm * xIm);
        tIm[below] = c * yIm - (sRe * xIm - sIm * xRe);
    }

    private void rotateColumns(double[] re, double[] im, int i, int k, double c, double sRe, double sIm) {
        int at = i * size + k;
        double xRe = re[at];
        double xIm = im[at];
        double yRe = re[at + 1];
        double yIm = im[at + 1];
        re[at] = c * xRe + sRe * yRe + sIm * yIm;
        im[at] = c * xIm + sRe * yIm - sIm * yRe;
        re[at + 1] = c * yRe - (sRe * xRe - sIm * xIm);
        im[at + 1] = c * yIm - (sRe * xIm + sIm * xRe);
    }

    /** The eigenvalue of the last 2 x 2 block that is nearer to its last entry. */
    private double[] wilkinson(int high) {
        int n = size;
        int d = high * n + high;
        int a = d - n - 1;
        double halfRe = 0.5 * (tRe[a] - tRe[d]);
        double halfIm = 0.5 * (tIm[a] - tIm[d]);
        double bcRe = tRe[a + 1] * tRe[d - 1] - tIm[a + 1] * tIm[d - 1];
        double bcIm = tRe[a + 1] * tIm[d - 1] + tIm[a + 1] * tRe[d - 1];
        double re = halfRe * halfRe - halfIm * halfIm + bcRe;
        double im = 2.0 * halfRe * halfIm + bcIm;
        double modulus = StrictMath.hypot(re, im);
        double rootRe = Math.sqrt(Math.max(0.0, 0.5 * (modulus + re)));
        double rootIm = Math.copySign(Math.sqrt(Math.max(0.0, 0.5 * (modulus - re))), im);
        // lambda = d + half -+ root, the sign that gives the smaller |half -+ root|.
        boolean same = halfRe * rootRe + halfIm * rootIm > 0.0;
        double sign = same ? -1.0 : 1.0;
        return new double[] {tRe[d] + halfRe + sign * rootRe, tIm[d] + halfIm + sign * rootIm};
    }
}
