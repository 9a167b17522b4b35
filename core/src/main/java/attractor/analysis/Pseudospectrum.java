package attractor.analysis;

import java.util.Arrays;

/**
 * The smallest singular value of {@code z I - A} on a grid of complex numbers z. Where it is below eps, z is an
 * eigenvalue of some matrix within eps of A: the eps-pseudospectrum. Around the eigenvalues of a normal matrix these are
 * discs of radius eps; what reaches farther shows transient growth and eigenvalues that a small change of the weights
 * moves far.
 *
 * <p>By inverse Lanczos iteration with the Schur form, to a relative accuracy of about 1e-8. Cost per z about 100 N^2
 * operations. Thread-safe as long as the arrays are not modified; they are not copied. Source: L. N. Trefethen, M.
 * Embree, Spectra and Pseudospectra (2005), chapter 39.
 *
 * @param re real parts of the grid's columns, increasing
 * @param im imaginary parts of its rows, increasing
 * @param sigma the smallest singular values, {@code sigma[row * re.length + column]}
 * @param kreiss the largest (|z| - 1) / sigma over the grid's z outside the unit circle, 0 if there are none: a lower bound
 *     of the largest |A^k|, k = 0, 1, ... (Kreiss)
 */
public record Pseudospectrum(double[] re, double[] im, double[] sigma, double kreiss) {
    private static final int MOST_VECTORS = 40;

    /**
     * Computes the values on a grid.
     *
     * @param schur of A
     * @param re real parts, increasing. Not modified.
     * @param im imaginary parts, increasing. Not modified.
     */
    public static Pseudospectrum of(SchurForm schur, double[] re, double[] im) {
        double[] sigma = new double[re.length * im.length];
        double kreiss = 0.0;
        for (int row = 0; row < im.length; row++) {
            for (int column = 0; column < re.length; column++) {
                double s = smallest(schur, re[column], im[row]);
                sigma[row * re.length + column] = s;
                double outside = StrictMath.hypot(re[column], im[row]) - 1.0;
                if (outside > 0.0 && s > 0.0) {
                    kreiss = Math.max(kreiss, outside / s);
                }
            }
        }
        return new Pseudospectrum(re.clone(), im.clone(), sigma, kreiss);
    }

    /** On a square that contains the unit circle and all eigenvalues. */
    public static Pseudospectrum of(SchurForm schur, int side) {
        double most = 1.0;
        for (int k = 0; k < schur.size(); k++) {
            int at = k * schur.size() + k;
            most = Math.max(most, StrictMath.hypot(schur.tRe()[at], schur.tIm()[at]));
        }
        double[] axis = new double[side];
        for (int k = 0; k < side; k++) {
            axis[k] = 1.25 * most * (2.0 * k / (side - 1) - 1.0);
        }
        return of(schur, axis, axis);
    }

    /** The smallest singular value of z I - T; 0 where z is an eigenvalue. */
    static double smallest(SchurForm schur, double zRe, double zIm) {
        int n = schur.size();
        double[] dRe = new double[n];
        double[] dIm = new double[n];
        for (int k = 0; k < n; k++) {
            dRe[k] = zRe - schur.tRe()[k * n + k];
            dIm[k] = zIm - schur.tIm()[k * n + k];
            if (dRe[k] == 0.0 && dIm[k] == 0.0) {
                return 0.0;
            }
        }
        int most = Math.min(n, MOST_VECTORS);
        double[][] vRe = new double[most + 1][n];
        double[][] vIm = new double[most + 1][n];
        for (int i = 0; i < n; i++) {
            vRe[0][i] = 1.0 + 0.1 * ((i * 37 + 11) % 17);
            vIm[0][i] = 0.1 * ((i * 53 + 7) % 19);
        }
        scale(vRe[0], vIm[0], 1.0 / norm(vRe[0], vIm[0]));
        double[] diagonal = new double[most];
        double[] beside = new double[most];
        double before = 0.0;
        for (int k = 0; k < most; k++) {
            double[] wRe = vRe[k].clone();
            double[] wIm = vIm[k].clone();
            solveConjugate(schur, dRe, dIm, wRe, wIm);
            solve(schur, dRe, dIm, wRe, wIm);
            for (int pass = 0; pass < 2; pass++) {
                for (int j = 0; j <= k; j++) {
                    double re = 0.0;
                    double im = 0.0;
                    for (int i = 0; i < n; i++) {
                        re += vRe[j][i] * wRe[i] + vIm[j][i] * wIm[i];
                        im += vRe[j][i] * wIm[i] - vIm[j][i] * wRe[i];
                    }
                    for (int i = 0; i < n; i++) {
                        wRe[i] -= re * vRe[j][i] - im * vIm[j][i];
                        wIm[i] -= re * vIm[j][i] + im * vRe[j][i];
                    }
                    diagonal[k] += j == k ? re : 0.0;
                }
            }
            double length = norm(wRe, wIm);
            beside[k] = length;
            double largest = LargestSingularValue.ofTridiagonal(diagonal, beside, k + 1);
            if (!(largest < Double.POSITIVE_INFINITY)) {
                return 0.0;
            }
            boolean done = Math.abs(largest - before) <= 1e-13 * largest || length <= 1e-15 * largest;
            before = largest;
            if ((done && k > 1) || length == 0.0) {
                break;
            }
            scale(wRe, wIm, 1.0 / length);
            vRe[k + 1] = wRe;
            vIm[k + 1] = wIm;
        }
        return 1.0 / Math.sqrt(before);
    }

    private static double norm(double[] re, double[] im) {
        double sum = 0.0;
        for (int i = 0; i < re.length; i++) {
            sum += re[i] * re[i] + im[i] * im[i];
        }
        return Math.sqrt(sum);
    }

    private static void scale(double[] re, double[] im, double factor) {
        for (int i = 0; i < re.length; i++) {
            re[i] *= factor;
            im[i] *= factor;
        }
    }

    /** {@code x = (z I - T)^-1 x}. */
    private static void solve(SchurForm s, double[] dRe, double[] dIm, double[] xRe, double[] xIm) {
        int n = s.size();
        for (int i = n - 1; i >= 0; i--) {
            double re = xRe[i];
            double im = xIm[i];
            for (int j = i + 1; j < n; j++) {
                double tRe = s.tRe()[i * n + j];
                double tIm = s.tIm()[i * n + j];
                re += tRe * xRe[j] - tIm * xIm[j];
                im += tRe * xIm[j] + tIm * xRe[j];
            }
            divide(re, im, dRe[i], dIm[i], xRe, xIm, i);
        }
    }

    /** {@code x = (z I - T)^-H x}. */
    private static void solveConjugate(SchurForm s, double[] dRe, double[] dIm, double[] xRe, double[] xIm) {
        int n = s.size();
        for (int i = 0; i < n; i++) {
            divide(xRe[i], xIm[i], dRe[i], -dIm[i], xRe, xIm, i);
            double re = xRe[i];
            double im = xIm[i];
            for (int j = i + 1; j < n; j++) {
                double tRe = s.tRe()[i * n + j];
                double tIm = -s.tIm()[i * n + j];
                xRe[j] += tRe * re - tIm * im;
                xIm[j] += tRe * im + tIm * re;
            }
        }
    }

    private static void divide(double re, double im, double byRe, double byIm, double[] xRe, double[] xIm, int i) {
        double square = byRe * byRe + byIm * byIm;
        xRe[i] = (re * byRe + im * byIm) / square;
        xIm[i] = (im * byRe - re * byIm) / square;
    }

    /** Short, since the arrays are long. */
    @Override
    public String toString() {
        return "Pseudospectrum[" + re.length + " x " + im.length + ", least="
                + Arrays.stream(sigma).min().orElse(Double.NaN) + "]";
    }
}
