package attractor.analysis;

import attractor.model.RnnShape;
import java.util.function.Predicate;

/**
 * All fixed points of a small network of relu units, with proof: in each of the 2^N regions in which the same units are
 * active the network is linear, and its one fixed point lies in the region or not. Not thread-safe.
 *
 * <p>For a region with active units S, {@code h_S = W_SS h_S + c_S} is solved with an approximate inverse A of I -
 * W_SS. If {@code Z0 = |I - A (I - W_SS)| < 1} there is exactly one solution, and the computed one is off by at most
 * {@code |A residual| / (1 - Z0)}, all with bounds on rounding (norms are the largest row sum). It is the network's
 * fixed point if no h_S is negative and no inactive unit is driven above 0. If rounding leaves that open, or I -
 * W_SS isn't shown to be regular, the search ends without proof; a solution that is exactly 0 leaves nothing open.
 */
final class LinearRegions {
    /** Networks with more units aren't tried. */
    static final int MOST_UNITS = 12;

    /** Upper bound of n u for sums of up to 16 terms, each a product. */
    private static final double ROUNDING = 4e-15;

    private static final double TINY = 1e-300;

    private final int n;
    private final double[] w;
    private final double[] constant;
    private final double[] constantError;

    /** @param map of relu units, at most {@value #MOST_UNITS} */
    LinearRegions(ConstantMap map) {
        n = map.n;
        w = map.weights();
        constant = new double[n];
        constantError = new double[n];
        RnnShape shape = map.rnn.shape();
        double[] p = map.rnn.parameters();
        double[] x = map.input();
        for (int i = 0; i < n; i++) {
            double bias = p[shape.bRec().at(i, 0)];
            constant[i] = bias;
            double moduli = 0.0;
            for (int j = 0; j < x.length; j++) {
                double term = p[shape.wIn().at(i, j)] * x[j];
                constant[i] += term;
                moduli += Math.abs(term);
            }
            constantError[i] = moduli == 0.0 ? 0.0 : (x.length + 1) * 4e-16 * (moduli + Math.abs(bias)) + TINY;
        }
    }

    /**
     * Searches.
     *
     * @param listed called with a state that is a fixed point up to rounding; returns whether it is listed now
     * @return whether it is proved that there are no fixed points except those passed to {@code listed}
     */
    boolean run(Predicate<double[]> listed) {
        boolean proved = true;
        for (int region = 0; region < 1 << n; region++) {
            int size = Integer.bitCount(region);
            int[] active = new int[size];
            for (int i = 0, k = 0; i < n; i++) {
                if ((region >> i & 1) == 1) {
                    active[k++] = i;
                }
            }
            double[] h = new double[n];
            double off = solve(active, h);
            if (!(off < Double.POSITIVE_INFINITY)) {
                proved = false;
                continue;
            }
            boolean here = true;
            boolean open = false;
            for (int i = 0; i < n && here; i++) {
                boolean on = (region >> i & 1) == 1;
                double value = on ? h[i] : constant[i];
                double error = on ? off : constantError[i];
                for (int j = 0; j < n && !on; j++) {
                    double term = w[i * n + j] * h[j];
                    value += term;
                    boolean exact = term == 0.0 && off == 0.0;
                    error += exact || (region >> j & 1) == 0
                            ? 0.0
                            : Math.abs(w[i * n + j]) * off * (1.0 + ROUNDING)
                                    + ROUNDING * (Math.abs(term) + Math.abs(constant[i]))
                                    + TINY;
                }
                double wrong = on ? -value : value;
                here = !(wrong > error);
                open |= error > 0.0 && wrong >= -error;
            }
            if (here) {
                boolean isListed = listed.test(h);
                proved &= isListed && !open;
            }
        }
        return proved;
    }

    /** Solves a region's equations into h; returns a bound on the largest error, infinite if there is none. */
    private double solve(int[] active, double[] h) {
        int m = active.length;
        boolean zero = true;
        for (int i : active) {
            zero &= constant[i] == 0.0 && constantError[i] == 0.0;
        }
        if (m == 0) {
            return 0.0;
        }
        double[] matrix = new double[m * m];
        for (int i = 0; i < m; i++) {
            for (int j = 0; j < m; j++) {
                matrix[i * m + j] = (i == j ? 1.0 : 0.0) - w[active[i] * n + active[j]];
            }
        }
        Lu lu = new Lu(m, matrix);
        double[] a = lu.inverse();
        if (a == null) {
            return Double.POSITIVE_INFINITY;
        }
        double z0 = 0.0;
        for (int k = 0; k < m; k++) {
            double row = 0.0;
            for (int j = 0; j < m; j++) {
                double entry = k == j ? 1.0 : 0.0;
                double moduli = 1.0;
                for (int i = 0; i < m; i++) {
                    double term = a[k * m + i] * matrix[i * m + j];
                    entry -= term;
                    // The matrix itself is rounded once on its diagonal.
                    moduli += 2.0 * Math.abs(term);
                }
                row += Math.abs(entry) + ROUNDING * moduli + TINY;
            }
            z0 = Math.max(z0, row * (1.0 + ROUNDING));
        }
        if (!(z0 < 1.0)) {
            return Double.POSITIVE_INFINITY;
        }
        if (zero) {
            return 0.0;
        }
        double[] right = new double[m];
        for (int i = 0; i < m; i++) {
            right[i] = constant[active[i]];
        }
        double[] x = lu.solve(right);
        if (x == null) {
            return Double.POSITIVE_INFINITY;
        }
        double[] residual = new double[m];
        double[] bound = new double[m];
        // One step of refinement, then a bound of the remaining error.
        for (int pass = 0; pass < 2; pass++) {
            for (int i = 0; i < m; i++) {
                double value = right[i] - x[i];
                double moduli = Math.abs(right[i]) + Math.abs(x[i]);
                for (int j = 0; j < m; j++) {
                    double term = w[active[i] * n + active[j]] * x[j];
                    value += term;
                    moduli += Math.abs(term);
                }
                residual[i] = value;
                bound[i] = Math.abs(value) + ROUNDING * moduli + constantError[active[i]] + TINY;
            }
            double[] down = pass == 0 ? lu.solve(residual) : null;
            for (int i = 0; i < m && down != null; i++) {
                x[i] += down[i];
            }
        }
        double off = 0.0;
        for (int k = 0; k < m; k++) {
            double row = 0.0;
            for (int i = 0; i < m; i++) {
                row += Math.abs(a[k * m + i]) * bound[i];
            }
            off = Math.max(off, row * (1.0 + ROUNDING));
        }
        for (int i = 0; i < m; i++) {
            h[active[i]] = x[i];
        }
        return off / (1.0 - z0) * (1.0 + ROUNDING);
    }
}
