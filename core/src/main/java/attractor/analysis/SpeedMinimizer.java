package attractor.analysis;

import attractor.kernel.Activation;
import attractor.kernel.Fma;
import java.util.Arrays;

/**
 * Minimises |g(h)|^2 / 2, g(h) = phi(W_rec h + W_in x + b_rec) - h, from many states at once: the Levenberg-Marquardt
 * method, with its linear systems {@code (J^T J + damping I) step = -J^T g}, J = D W_rec - I, solved by conjugate
 * gradients. One step costs a few products with all states together, and no N x N matrix is decomposed. The
 * damping is proportional to |g|, which makes the last steps quadratic. Not thread-safe; the states don't influence
 * each other.
 *
 * <p>Sources: M. Hestenes, E. Stiefel, J. Res. NBS 49 (1952), 409; J. Fan, Y. Yuan, Computing 74 (2005), 23, for the
 * damping; H. B. Nielsen, report IMM-REP-1999-05, DTU (1999), for its updates.
 */
final class SpeedMinimizer {
    private static final int MAX_STEPS = 150;
    private static final double MAX_DAMPING = 1e12;

    private final ConstantMap map;
    private final int n;
    private final int rows;
    private final int limit;
    private final double goal;

    final double[] h;
    private final double[] g;
    private final double[] slope;
    private final double[] cost;
    private final double[] damping;
    private final double[] growth;
    /** Rows that have not finished, as indices into h. */
    private int[] active;

    private int count;

    // Values of the active rows, one row after the other.
    private final double[] step;
    private final double[] residual;
    private final double[] direction;
    private final double[] image;
    private final double[] gradient;
    private final double[] work;

    /**
     * @param h rows x N, becomes the minimisers. Modified.
     * @param goal a row whose |g| (Euclidean) is at most this has arrived
     * @param limit largest number of steps of conjugate gradients per step of the method
     */
    SpeedMinimizer(ConstantMap map, int rows, double[] h, double goal, int limit) {
        this.map = map;
        this.rows = rows;
        this.h = h;
        this.goal = goal;
        this.limit = limit;
        n = map.n;
        g = new double[rows * n];
        slope = new double[rows * n];
        cost = new double[rows];
        damping = new double[rows];
        growth = new double[rows];
        step = new double[rows * n];
        residual = new double[rows * n];
        direction = new double[rows * n];
        image = new double[rows * n];
        gradient = new double[rows * n];
        work = new double[rows * n];
    }

    /** Runs until each row has come to a minimum of |g|, or to the goal, or to the limit of steps. */
    void run() {
        evaluate(rows, h, g, slope);
        active = new int[rows];
        for (int k = 0; k < rows; k++) {
            cost[k] = halfSquare(g, k);
            damping[k] = 0.1;
            growth[k] = 2.0;
            if (Double.isFinite(cost[k]) && cost[k] > 0.5 * goal * goal) {
                active[count++] = k;
            }
        }
        for (int iteration = 0; iteration < MAX_STEPS && count > 0; iteration++) {
            solve();
            update();
        }
    }

    /** g and phi' of some states. */
    private void evaluate(int rows, double[] h, double[] g, double[] slope) {
        map.apply(rows, h, 0, work, 0, g);
        Activation phi = map.phi;
        for (int i = 0; i < rows * n; i++) {
            slope[i] = phi.slope(g[i]);
            g[i] -= h[i];
        }
    }

    /** With J = D W - I: {@code out = J v} of the active rows. */
    private void timesJ(double[] v, double[] out) {
        map.timesW(count, v, out);
        for (int a = 0; a < count; a++) {
            int row = active[a] * n;
            for (int i = 0; i < n; i++) {
                out[a * n + i] = Fma.fma(slope[row + i], out[a * n + i], -v[a * n + i]);
            }
        }
    }

    /** {@code out = J^T v}. */
    private void timesJTransposed(double[] v, double[] out) {
        for (int a = 0; a < count; a++) {
            int row = active[a] * n;
            for (int i = 0; i < n; i++) {
                work[a * n + i] = slope[row + i] * v[a * n + i];
            }
        }
        map.timesWTransposed(count, work, out);
        for (int i = 0; i < count * n; i++) {
            out[i] -= v[i];
        }
    }

    /** The step of every active row, by conjugate gradients on the least-squares problem (CGLS). */
    private void solve() {
        // residual = -g - J step (of the upper part), gradient = J^T residual - damping step.
        for (int a = 0; a < count; a++) {
            for (int i = 0; i < n; i++) {
                residual[a * n + i] = -g[active[a] * n + i];
            }
        }
        Arrays.fill(step, 0, count * n, 0.0);
        timesJTransposed(residual, gradient);
        System.arraycopy(gradient, 0, direction, 0, count * n);
        double[] gamma = new double[count];
        double[] enough = new double[count];
        double[] lambda = new double[count];
        for (int a = 0; a < count; a++) {
            double norm = Math.sqrt(2.0 * cost[active[a]]);
            gamma[a] = square(gradient, a);
            double forcing = Math.min(0.1, norm);
            enough[a] = forcing * forcing * gamma[a];
            lambda[a] = damping[active[a]] * norm;
        }
        for (int iteration = 0; iteration < limit; iteration++) {
            boolean more = false;
            for (int a = 0; a < count; a++) {
                more |= gamma[a] > enough[a];
            }
            if (!more) {
                return;
            }
            timesJ(direction, image);
            for (int a = 0; a < count; a++) {
                if (!(gamma[a] > enough[a])) {
                    continue;
                }
                double curvature = square(image, a) + lambda[a] * square(direction, a);
                double length = gamma[a] / curvature;
                for (int i = a * n; i < (a + 1) * n; i++) {
                    step[i] = Fma.fma(length, direction[i], step[i]);
                    residual[i] = Fma.fma(-length, image[i], residual[i]);
                }
            }
            timesJTransposed(residual, gradient);
            for (int a = 0; a < count; a++) {
                if (!(gamma[a] > enough[a])) {
                    continue;
                }
                for (int i = a * n; i < (a + 1) * n; i++) {
                    gradient[i] = Fma.fma(-lambda[a], step[i], gradient[i]);
                }
                double next = square(gradient, a);
                double beta = next / gamma[a];
                for (int i = a * n; i < (a + 1) * n; i++) {
                    direction[i] = Fma.fma(beta, direction[i], gradient[i]);
                }
                gamma[a] = next;
            }
        }
    }

    /** Takes the steps that reduce |g|, adapts the damping, and removes the rows that have finished. */
    private void update() {
        double[] candidate = direction;
        double[] newG = image;
        double[] newSlope = gradient;
        for (int a = 0; a < count; a++) {
            for (int i = 0; i < n; i++) {
                candidate[a * n + i] = h[active[a] * n + i] + step[a * n + i];
            }
        }
        evaluate(count, candidate, newG, newSlope);
        int left = 0;
        for (int a = 0; a < count; a++) {
            int k = active[a];
            double norm = Math.sqrt(2.0 * cost[k]);
            double stepSquare = square(step, a);
            // |g + J step|^2, from the residual of conjugate gradients.
            double predicted = cost[k] - 0.5 * square(residual, a);
            double now = halfSquare(newG, a);
            double ratio = (cost[k] - now) / predicted;
            boolean better = now < cost[k] && ratio > 1e-4;
            double before = cost[k];
            if (better) {
                System.arraycopy(candidate, a * n, h, k * n, n);
                System.arraycopy(newG, a * n, g, k * n, n);
                System.arraycopy(newSlope, a * n, slope, k * n, n);
                cost[k] = now;
                double x = 2.0 * ratio - 1.0;
                damping[k] = Math.max(damping[k] * Math.max(1.0 / 3.0, 1.0 - x * x * x), 1e-8);
                growth[k] = 2.0;
            } else {
                damping[k] *= growth[k];
                growth[k] *= 2.0;
            }
            boolean arrived = cost[k] <= 0.5 * goal * goal
                    || (better ? before - now <= 1e-9 * before : stepSquare <= 1e-24 * (1.0 + square(h, k)))
                    || damping[k] * norm > MAX_DAMPING
                    || !Double.isFinite(now);
            if (!arrived) {
                active[left++] = k;
            }
        }
        count = left;
    }

    private double halfSquare(double[] a, int row) {
        return 0.5 * square(a, row);
    }

    private double square(double[] a, int row) {
        double sum = 0.0;
        for (int i = row * n; i < (row + 1) * n; i++) {
            sum = Fma.fma(a[i], a[i], sum);
        }
        return sum;
    }
}
