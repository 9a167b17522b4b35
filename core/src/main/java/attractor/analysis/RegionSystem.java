package attractor.analysis;

import attractor.kernel.Activation;
import attractor.model.RnnShape;
import java.util.Arrays;

/**
 * The cycles of a network of units that are linear in pieces, region by region. A unit is on where its pre-activation z is
 * above 0, and has the slope 1 there, below 0 another. For a choice of which units are on at each of p steps the states
 * solve a linear system of N p equations,
 *
 * <pre>
 *     h(t+1) = (1 - alpha) h(t) + alpha D(t) (W h(t) + c),   h(p) = h(0)
 * </pre>
 *
 * and are a cycle if the z(t) = W h(t) + c have the signs of the choice. (Fixed points, p = 1, don't depend on alpha, which
 * is then taken as 1.) Not thread-safe.
 *
 * <p><b>Proof.</b> With an approximate inverse A of the system's matrix M, {@code Z0 = |I - A M| < 1} shows that there is
 * exactly one solution, and the computed one is off by at most {@code |A residual| / (1 - Z0)}; norms are the largest row
 * sum, all with bounds on rounding. A z whose sign rounding leaves open, or a matrix that isn't shown to be regular, makes the
 * region undecided.
 */
final class RegionSystem {
    private static final double TINY = 1e-300;

    private final int n;
    private final int p;
    private final int m;
    private final double[] w;
    private final double[] constant;
    private final double[] constantError;
    private final double alpha;
    private final double slope;
    /** Whether all regions are one. */
    private final boolean linear;
    /** Upper bound of k u for sums of m + 4 terms, each of up to three rounded factors. */
    private final double rounding;

    private final boolean zeroDrive;

    /** The states of the last solution, p x N. */
    private final double[] h;

    /** What is known about a region. */
    enum Outcome {
        /** The cycle of this region, as far as rounding lets tell, is one of the network. */
        CYCLE,
        /** It is shown not to be. */
        NONE,
        /** Rounding leaves a sign open. */
        OPEN,
        /** The matrix isn't shown to be regular. */
        SINGULAR
    }

    /**
     * @param map of units that are linear in pieces, in the rate form
     * @param period p
     */
    RegionSystem(ConstantMap map, int period) {
        n = map.n;
        p = period;
        m = n * p;
        slope = slopeBelow(map.phi);
        linear = slope == 1.0;
        alpha = p == 1 ? 1.0 : map.alpha;
        rounding = 3.0 * (m + 8) * 0x1p-53;
        w = map.weights();
        constant = new double[n];
        constantError = new double[n];
        h = new double[m];
        RnnShape shape = map.rnn.shape();
        double[] block = map.rnn.parameters();
        double[] x = map.input();
        boolean zero = true;
        for (int i = 0; i < n; i++) {
            constant[i] = block[shape.bRec().at(i, 0)];
            double moduli = Math.abs(constant[i]);
            double driven = 0.0;
            for (int j = 0; j < x.length; j++) {
                double term = block[shape.wIn().at(i, j)] * x[j];
                constant[i] += term;
                driven += Math.abs(term);
            }
            constantError[i] = driven == 0.0 ? 0.0 : (x.length + 1) * 4e-16 * (moduli + driven) + TINY;
            zero &= constant[i] == 0.0 && constantError[i] == 0.0;
        }
        zeroDrive = zero;
    }

    /** The slope below 0 of an activation that is linear below 0, and z above it; NaN if it is another. */
    static double slopeBelow(Activation phi) {
        boolean pieces = phi.rate(1.0) == 1.0 && phi.rate(2.0) == 2.0 && phi.rate(-2.0) == 2.0 * phi.rate(-1.0);
        return pieces ? 0.0 - phi.rate(-1.0) : Double.NaN;
    }

    /** The states of the last solution, p x N. */
    double[] states() {
        return h.clone();
    }

    /** Whether the last solution is exactly 0, as without any drive. */
    boolean isZero() {
        return zeroDrive;
    }

    /** Solves a region's system, and tells whether its solution is a cycle. */
    Outcome solve(boolean[] on) {
        double off = solution(on);
        if (!(off < Double.POSITIVE_INFINITY)) {
            return Outcome.SINGULAR;
        }
        boolean open = false;
        for (int k = 0; k < m; k++) {
            int t = k / n * n;
            int i = k % n;
            double sum = constant[i];
            double moduli = Math.abs(sum);
            double reach = 0.0;
            for (int j = 0; j < n; j++) {
                double term = w[i * n + j] * h[t + j];
                sum += term;
                moduli += Math.abs(term);
                reach += Math.abs(w[i * n + j]);
            }
            boolean exact = off == 0.0 && moduli == 0.0;
            double zError =
                    exact ? 0.0 : (reach * off + rounding * moduli) * (1.0 + rounding) + constantError[i] + TINY;
            double right = linear ? Double.POSITIVE_INFINITY : on[k] ? sum : -sum;
            if (right < -zError) {
                return Outcome.NONE;
            }
            // A sum of exact zeros is on the border of both regions, in each of which it solves the equations.
            open |= !exact && right <= zError;
        }
        return open ? Outcome.OPEN : Outcome.CYCLE;
    }

    /** Rows: the equation of h(t+1) for t = 0 ... p-1; columns: h(0) ... h(p-1). */
    private double[] matrix(boolean[] on) {
        double[] a = new double[m * m];
        for (int t = 0; t < p; t++) {
            int next = (t + 1) % p * n;
            for (int i = 0; i < n; i++) {
                int row = (t * n + i) * m;
                double gain = alpha * (on[t * n + i] ? 1.0 : slope);
                for (int j = 0; j < n; j++) {
                    a[row + t * n + j] -= gain * w[i * n + j];
                }
                a[row + t * n + i] -= 1.0 - alpha;
                a[row + next + i] += 1.0;
            }
        }
        return a;
    }

    private double[] right(boolean[] on) {
        double[] right = new double[m];
        for (int k = 0; k < m; k++) {
            right[k] = alpha * (on[k] ? 1.0 : slope) * constant[k % n];
        }
        return right;
    }

    /** Solves the system into {@link #h}; returns a bound of the largest error, infinite if there is none. */
    private double solution(boolean[] on) {
        double[] matrix = matrix(on);
        Lu lu = new Lu(m, matrix);
        double[] a = lu.inverse();
        if (a == null) {
            return Double.POSITIVE_INFINITY;
        }
        // The matrix's own rounding: each entry is off by at most this many u times its terms' moduli.
        double[] moduli = new double[m * m];
        for (int t = 0; t < p; t++) {
            for (int i = 0; i < n; i++) {
                int row = (t * n + i) * m;
                double gain = Math.abs(alpha * (on[t * n + i] ? 1.0 : slope));
                for (int j = 0; j < n; j++) {
                    moduli[row + t * n + j] += gain * Math.abs(w[i * n + j]);
                }
                moduli[row + t * n + i] += 1.0 - alpha;
                moduli[row + (t + 1) % p * n + i] += 1.0;
            }
        }
        double z0 = 0.0;
        double size = 0.0;
        for (int k = 0; k < m; k++) {
            double row = 0.0;
            for (int j = 0; j < m; j++) {
                double entry = k == j ? 1.0 : 0.0;
                double terms = 1.0;
                for (int i = 0; i < m; i++) {
                    entry -= a[k * m + i] * matrix[i * m + j];
                    terms += Math.abs(a[k * m + i]) * moduli[i * m + j];
                }
                row += Math.abs(entry) + 2.0 * rounding * terms + TINY;
            }
            z0 = Math.max(z0, row * (1.0 + rounding));
        }
        if (!(z0 < 1.0)) {
            return Double.POSITIVE_INFINITY;
        }
        if (zeroDrive) {
            Arrays.fill(h, 0.0);
            return 0.0;
        }
        double[] right = right(on);
        double[] x = lu.solve(right);
        if (x == null) {
            return Double.POSITIVE_INFINITY;
        }
        double[] bound = new double[m];
        // One step of refinement, then a bound of the remaining error.
        for (int pass = 0; pass < 2; pass++) {
            double[] residual = new double[m];
            for (int i = 0; i < m; i++) {
                double sum = right[i];
                double terms = Math.abs(sum);
                for (int j = 0; j < m; j++) {
                    sum -= matrix[i * m + j] * x[j];
                    terms += moduli[i * m + j] * Math.abs(x[j]);
                }
                residual[i] = sum;
                bound[i] = Math.abs(sum)
                        + 2.0 * rounding * terms
                        + alpha * Math.max(1.0, Math.abs(slope)) * constantError[i % n] * (1.0 + rounding)
                        + TINY;
            }
            double[] down = pass == 0 ? lu.solve(residual) : null;
            for (int i = 0; i < m && down != null; i++) {
                x[i] += down[i];
            }
        }
        for (int k = 0; k < m; k++) {
            double row = 0.0;
            for (int i = 0; i < m; i++) {
                row += Math.abs(a[k * m + i]) * bound[i];
            }
            size = Math.max(size, row * (1.0 + rounding));
        }
        System.arraycopy(x, 0, h, 0, m);
        return size / (1.0 - z0) * (1.0 + rounding);
    }
}
