package attractor.analysis;

import attractor.kernel.Activation;
import attractor.kernel.Fma;
import attractor.model.RnnShape;
import java.util.Arrays;

/**
 * The curves of states where a bounded network moves in one direction or against it, {@code g(h) = s c} with g(h) =
 * phi(W_rec h + W_in x + b_rec) - h, a unit vector c and a number s. Every fixed point lies on one of them, at s = 0.
 * Not thread-safe.
 *
 * <p>For almost every c they are smooth. For large |s| every unit saturates and there is one state for each s. So one
 * of the curves, the main one, runs from s = infinity to minus infinity, and all others are closed. At successive
 * crossings of s = 0 on a curve, sign det(I - DF) alternates: the main curve's crossings add up to 1, those of a closed
 * one to 0. Hence, if the signs of a list of fixed points don't add up to 1, the main curve or a closed one through a
 * listed point leads to one that isn't listed, whatever c is.
 *
 * <p>A curve is followed by a predictor along its tangent and Newton's method across it; steps are halved where it
 * turns, where the corrector is slow, or where the orientation det [Dg, -c; tangent] changes its sign, which indicates
 * a jump to a neighbouring curve. It isn't proved that no jump is missed.
 *
 * <p>Sources: G. Katz, J. Reggia, IEEE Trans. Neural Netw. Learn. Syst. 29 (2018), 3636, for the curves; E. Allgower,
 * K. Georg, Introduction to Numerical Continuation Methods (2003), chapters 2 and 6, for following them.
 */
final class DirectionalFiber {
    private static final double FIRST_STEP = 0.01;
    private static final double LEAST_STEP = 1e-9;
    /** Largest step relative to 1 + |s|: for large |s| the curve is straight. */
    private static final double LARGEST_STEP = 0.25;
    /**
     * Cosine of the largest angle by which the tangent may turn in a step; after a smaller turn the next step may be
     * longer.
     */
    private static final double TURN = 0.9;

    private static final double STRAIGHT = 0.98;
    private static final int CORRECTIONS = 6;
    /** Tolerance of g - s c on the curve, relative to 1 + |s|. */
    private static final double TRACKED = 1e-9;

    private static final double FARTHEST = 1e7;

    private final ConstantMap map;
    private final int n;
    private final double[] c;
    /** |W c| by unit, and an upper bound of |W_rec r + W_in x + b_rec| over all rates r. */
    private final double[] drive;

    private final double[] reach;
    private final double[] omega;
    /** Decompositions that are left. */
    private int budget;

    private double[] u;
    private double[] tangent;
    private int orientation;

    /** Called with a state near a crossing of s = 0; returns whether that is the fixed point where the curve began. */
    interface Crossing {
        boolean at(double[] state);
    }

    /**
     * @param map of a bounded activation
     * @param c unit vector, N. Not modified.
     * @param budget decompositions of matrices of order N + 1 that may be spent, 2/3 N^3 flops each
     */
    DirectionalFiber(ConstantMap map, double[] c, int budget) {
        this.map = map;
        n = map.n;
        this.c = c;
        this.budget = budget;
        drive = new double[n];
        reach = new double[n];
        omega = new double[n];
        RnnShape shape = map.rnn.shape();
        double[] p = map.rnn.parameters();
        double[] x = map.input();
        for (int i = 0; i < n; i++) {
            double constant = p[shape.bRec().at(i, 0)];
            for (int j = 0; j < x.length; j++) {
                constant += p[shape.wIn().at(i, j)] * x[j];
            }
            double along = 0.0;
            for (int j = 0; j < n; j++) {
                double w = p[shape.wRec().at(i, j)];
                along += w * c[j];
                omega[i] += Math.abs(w);
            }
            drive[i] = Math.abs(along);
            reach[i] = omega[i] + Math.abs(constant);
        }
    }

    /** Decompositions that are left; 0 or less if they ran out before a curve's end. */
    int budget() {
        return budget;
    }

    /**
     * Follows the main curve from s = infinity.
     *
     * @param crossing called with a state near each crossing of s = 0 (and possibly without a crossing, where the curve
     *     turns nearby); its result isn't used
     * @return whether the other end was reached
     */
    boolean main(Crossing crossing) {
        double s = 1.0;
        while (!saturated(s) && s < FARTHEST) {
            s *= 2.0;
        }
        // Saturated, g(h) = s c is a fixed point of a contraction.
        double[] h = new double[n];
        double[] rates = new double[n];
        double[] next = new double[n];
        for (int k = 0; k < 500; k++) {
            map.apply(1, h, 0, next, 0, rates);
            for (int i = 0; i < n; i++) {
                h[i] = rates[i] - s * c[i];
            }
        }
        return begin(h, s, -1) && follow(crossing, false);
    }

    /**
     * Follows the curve through a fixed point, until it closes or has run out to one side.
     *
     * @param fixed N values. Not modified.
     * @param crossing called with a state near each crossing after the first; returns whether that is the fixed point
     *     where the curve began
     */
    boolean through(double[] fixed, Crossing crossing) {
        return begin(fixed, 0.0, 1) && follow(crossing, true);
    }

    private boolean begin(double[] h, double s, int direction) {
        u = new double[n + 1];
        System.arraycopy(h, 0, u, 0, n);
        u[n] = s;
        double[] row = new double[n + 1];
        row[n] = direction;
        Lu lu = bordered(u, row);
        double[] first = new double[n + 1];
        first[n] = 1.0;
        tangent = lu.solve(first);
        if (tangent == null) {
            return false;
        }
        normalise(tangent);
        orientation = bordered(u, tangent).sign();
        return orientation != 0;
    }

    private boolean follow(Crossing crossing, boolean closes) {
        double step = FIRST_STEP * (1.0 + Math.abs(u[n]));
        Lu lu = bordered(u, tangent);
        while (budget > 0) {
            double scale = 1.0 + Math.abs(u[n]);
            step = Math.min(step, LARGEST_STEP * scale);
            if (step < LEAST_STEP) {
                return false;
            }
            double[] candidate = u.clone();
            for (int i = 0; i <= n; i++) {
                candidate[i] += step * tangent[i];
            }
            int corrections = correct(candidate, lu, TRACKED * scale);
            if (corrections < 0) {
                step *= 0.5;
                continue;
            }
            // The new tangent by the matrix at the new state, with the old tangent as its last row.
            Lu newLu = bordered(candidate, tangent);
            double[] last = new double[n + 1];
            last[n] = 1.0;
            double[] newTangent = newLu.solve(last);
            if (newTangent == null || newLu.sign() != orientation) {
                step *= 0.5;
                continue;
            }
            normalise(newTangent);
            double turn = dot(tangent, newTangent);
            if (turn < TURN) {
                step *= 0.5;
                continue;
            }
            double before = u[n];
            double after = candidate[n];
            boolean crossed = before != 0.0 && (after == 0.0 || (before < 0.0) != (after < 0.0));
            if (crossed) {
                double[] state = new double[n];
                double t = before / (before - after);
                for (int i = 0; i < n; i++) {
                    state[i] = u[i] + t * (candidate[i] - u[i]);
                }
                if (crossing.at(state) && closes) {
                    return true;
                }
            } else if (tangent[n] < 0.0 != newTangent[n] < 0.0 && before != 0.0 && Math.abs(after) <= step) {
                // Between the two states the curve may have crossed s = 0 twice.
                crossing.at(Arrays.copyOf(u, n));
                crossing.at(Arrays.copyOf(candidate, n));
            }
            u = candidate;
            tangent = newTangent;
            lu = newLu;
            boolean outwards = u[n] < 0.0 == tangent[n] < 0.0;
            if (outwards && (saturated(u[n]) || Math.abs(u[n]) > FARTHEST)) {
                return true;
            }
            step *= corrections <= 3 && turn > STRAIGHT ? 1.6 : turn > STRAIGHT ? 1.0 : 0.8;
        }
        return false;
    }

    /**
     * Newton's method across the curve with a matrix from nearby; returns the number of steps, -1 if they don't shrink
     * quickly.
     */
    private int correct(double[] candidate, Lu lu, double tolerance) {
        double before = Double.POSITIVE_INFINITY;
        for (int k = 0; k <= CORRECTIONS; k++) {
            double[] gap = gap(candidate);
            double size = 0.0;
            for (double value : gap) {
                size = Math.max(size, Math.abs(value));
            }
            if (size <= tolerance) {
                return k;
            }
            double[] down = size <= 0.5 * before ? lu.solve(gap) : null;
            if (down == null) {
                return -1;
            }
            before = size;
            for (int i = 0; i <= n; i++) {
                candidate[i] -= down[i];
            }
        }
        return -1;
    }

    /** g(h) - s c, and 0 for the plane normal to the tangent. */
    private double[] gap(double[] at) {
        double[] rates = new double[n];
        map.apply(1, at, 0, new double[n], 0, rates);
        double[] gap = new double[n + 1];
        for (int i = 0; i < n; i++) {
            gap[i] = rates[i] - at[i] - at[n] * c[i];
        }
        return gap;
    }

    /** Decomposes [Dg, -c; row]. */
    private Lu bordered(double[] at, double[] row) {
        budget--;
        double[] rates = new double[n];
        map.apply(1, at, 0, new double[n], 0, rates);
        RnnShape.View w = map.rnn.shape().wRec();
        double[] p = map.rnn.parameters();
        int m = n + 1;
        double[] a = new double[m * m];
        for (int i = 0; i < n; i++) {
            double slope = map.phi.slope(rates[i]);
            for (int j = 0; j < n; j++) {
                a[i * m + j] = slope * p[w.at(i, j)];
            }
            a[i * m + i] -= 1.0;
            a[i * m + n] = -c[i];
        }
        System.arraycopy(row, 0, a, n * m, m);
        return new Lu(m, a);
    }

    /** Whether F - s c is a contraction from this |s| on: then the curve goes on to infinity. */
    private boolean saturated(double s) {
        for (int i = 0; i < n; i++) {
            double z = Math.max(0.0, Math.abs(s) * drive[i] - reach[i]);
            double slope = map.phi.slope(map.phi.rate(z));
            if (!(slope * omega[i] < 0.9)) {
                return false;
            }
        }
        return true;
    }

    private void normalise(double[] a) {
        double length = Math.sqrt(dot(a, a));
        for (int i = 0; i <= n; i++) {
            a[i] /= length;
        }
    }

    private double dot(double[] a, double[] b) {
        double sum = 0.0;
        for (int i = 0; i <= n; i++) {
            sum = Fma.fma(a[i], b[i], sum);
        }
        return sum;
    }

    /** Whether the rates of these units are bounded, as the curves need them. */
    static boolean bounded(Activation phi) {
        return phi == Activation.TANH || phi == Activation.SIGMOID;
    }
}
