package attractor.analysis;

/**
 * Solves {@code (H - lambda I) x = b} and its transpose for a real upper Hessenberg H and a complex lambda, by LU
 * decomposition with partial pivoting; a pivot that vanishes is replaced by a tiny one, as inverse iteration needs it.
 * Complex vectors are two arrays. One thread owns it.
 */
final class ShiftedHessenberg {
    private static final double HUGE = 1e100;

    private final int n;
    private final double[] h;
    private final double tiny;
    // Row k of U from column k on, and how the elimination combined rows k and k+1.
    private final double[] ur;
    private final double[] ui;
    private final double[] factorRe;
    private final double[] factorIm;
    private final boolean[] swapped;

    /**
     * A solver for all shifts of one matrix.
     *
     * @param h n x n, zero below the first subdiagonal. Kept, not modified.
     * @param tiny what replaces smaller pivots, positive
     */
    ShiftedHessenberg(double[] h, int n, double tiny) {
        this.n = n;
        this.h = h;
        this.tiny = tiny;
        ur = new double[n * n];
        ui = new double[n * n];
        factorRe = new double[n];
        factorIm = new double[n];
        swapped = new boolean[n];
    }

    /** Decomposes H - lambda I. Cost 4 n^2 flops. */
    void shift(double re, double im) {
        load(0, 0, re, im);
        for (int k = 0; k + 1 < n; k++) {
            load(k + 1, k, re, im);
            int row = k * n;
            int next = row + n;
            swapped[k] = Math.abs(ur[next + k]) > Math.abs(ur[row + k]) + Math.abs(ui[row + k]);
            if (swapped[k]) {
                for (int j = k; j < n; j++) {
                    double r = ur[row + j];
                    double i = ui[row + j];
                    ur[row + j] = ur[next + j];
                    ui[row + j] = ui[next + j];
                    ur[next + j] = r;
                    ui[next + j] = i;
                }
            }
            guard(row + k);
            double pr = ur[row + k];
            double pi = ui[row + k];
            double p2 = pr * pr + pi * pi;
            double fr = (ur[next + k] * pr + ui[next + k] * pi) / p2;
            double fi = (ui[next + k] * pr - ur[next + k] * pi) / p2;
            factorRe[k] = fr;
            factorIm[k] = fi;
            for (int j = k + 1; j < n; j++) {
                ur[next + j] -= fr * ur[row + j] - fi * ui[row + j];
                ui[next + j] -= fr * ui[row + j] + fi * ur[row + j];
            }
        }
        guard(n * n - 1);
    }

    private void load(int row, int from, double re, double im) {
        for (int j = from; j < n; j++) {
            ur[row * n + j] = h[row * n + j];
            ui[row * n + j] = 0.0;
        }
        ur[row * n + row] -= re;
        ui[row * n + row] = -im;
    }

    private void guard(int at) {
        if (Math.abs(ur[at]) + Math.abs(ui[at]) < tiny) {
            ur[at] = tiny;
            ui[at] = 0.0;
        }
    }

    /**
     * A multiple of the solution x of (H - lambda I) x = b, scaled down where it would overflow.
     *
     * @param xr real part, n; b before, x after. Modified.
     * @param xi imaginary part, n; likewise. Modified.
     */
    void solve(double[] xr, double[] xi) {
        for (int k = 0; k + 1 < n; k++) {
            if (swapped[k]) {
                swap(xr, k);
                swap(xi, k);
            }
            subtract(xr, xi, k + 1, factorRe[k], factorIm[k], k);
        }
        for (int k = n - 1; k >= 0; k--) {
            double r = xr[k];
            double i = xi[k];
            for (int j = k + 1; j < n; j++) {
                int u = k * n + j;
                r -= ur[u] * xr[j] - ui[u] * xi[j];
                i -= ur[u] * xi[j] + ui[u] * xr[j];
            }
            divide(xr, xi, k, r, i);
        }
    }

    /**
     * A multiple of the solution x of (H - lambda I)^T x = b, scaled down where it would overflow; a transpose without
     * conjugation.
     *
     * @param xr real part, n; b before, x after. Modified.
     * @param xi imaginary part, n; likewise. Modified.
     */
    void solveTransposed(double[] xr, double[] xi) {
        for (int k = 0; k < n; k++) {
            divide(xr, xi, k, xr[k], xi[k]);
            for (int j = k + 1; j < n; j++) {
                subtract(xr, xi, j, ur[k * n + j], ui[k * n + j], k);
            }
        }
        for (int k = n - 2; k >= 0; k--) {
            subtract(xr, xi, k, factorRe[k], factorIm[k], k + 1);
            if (swapped[k]) {
                swap(xr, k);
                swap(xi, k);
            }
        }
    }

    /** x[to] -= f x[from] */
    private static void subtract(double[] xr, double[] xi, int to, double fr, double fi, int from) {
        xr[to] -= fr * xr[from] - fi * xi[from];
        xi[to] -= fr * xi[from] + fi * xr[from];
    }

    private static void swap(double[] x, int k) {
        double t = x[k];
        x[k] = x[k + 1];
        x[k + 1] = t;
    }

    /** x[k] = (r + i sqrt(-1)) / U[k, k], and all of x scaled down if that is huge. */
    private void divide(double[] xr, double[] xi, int k, double r, double i) {
        double pr = ur[k * n + k];
        double pi = ui[k * n + k];
        double p2 = pr * pr + pi * pi;
        xr[k] = (r * pr + i * pi) / p2;
        xi[k] = (i * pr - r * pi) / p2;
        if (Math.abs(xr[k]) + Math.abs(xi[k]) > HUGE) {
            for (int j = 0; j < n; j++) {
                xr[j] /= HUGE;
                xi[j] /= HUGE;
            }
        }
    }
}
