package attractor.analysis;

import attractor.kernel.Fma;
import java.util.Arrays;

/**
 * Damped Newton iteration for F^p(h) = h with the analytic Jacobian, a product of p one-step Jacobians. Not
 * thread-safe.
 */
final class OrbitSolver {
    private static final int MAX_STEPS = 20;
    /** Below this residual only rounding errors are left. */
    private static final double FINE = 1e-13;

    private final ConstantMap map;
    private final int n;
    private final MatrixProduct product;

    OrbitSolver(ConstantMap map) {
        this.map = map;
        n = map.n;
        product = new MatrixProduct(map.kernels, n);
    }

    /**
     * Where an iteration ended.
     *
     * @param states p x N, h, F(h), ..., F^(p-1)(h)
     * @param residual largest |F^p(h) - h| over the units
     * @param lu decomposition of DF^p - I near h; null if no step was needed or the matrix is singular
     */
    record Solution(double[] states, double residual, Lu lu) {}

    /** Iterates from {@code start}, N values, not modified. */
    Solution solve(int p, double[] start) {
        double[] h = start.clone();
        double[] states = map.orbit(h, p);
        double[] gap = gap(states, p);
        double norm = square(gap);
        Lu lu = null;
        boolean fresh = false;
        for (int step = 0; step < MAX_STEPS && norm > 0.0; step++) {
            if (lu == null) {
                lu = new Lu(n, minusIdentity(jacobian(p, states)));
                fresh = true;
            }
            double[] down = lu.solve(gap);
            if (down == null) {
                lu = null;
                break;
            }
            // A step with a new Jacobian may be halved; if a full step with an old one fails, a new Jacobian is
            // computed.
            boolean better = false;
            double before = norm;
            for (double length = 1.0; length > 1e-3 && !better; length *= fresh ? 0.5 : 0.0) {
                double[] candidate = h.clone();
                for (int i = 0; i < n; i++) {
                    candidate[i] -= length * down[i];
                }
                double[] candidateStates = map.orbit(candidate, p);
                double[] candidateGap = gap(candidateStates, p);
                double candidateNorm = square(candidateGap);
                if (candidateNorm < norm) {
                    better = true;
                    h = candidate;
                    states = candidateStates;
                    gap = candidateGap;
                    norm = candidateNorm;
                }
            }
            if (!better && (fresh || before <= FINE * FINE)) {
                break;
            }
            if (!better || norm > 1e-6 * before) {
                if (norm <= FINE * FINE) {
                    break;
                }
                lu = null;
            }
            fresh = false;
        }
        return new Solution(states, largest(gap), lu);
    }

    /**
     * Whether a few Newton steps with the Jacobian of a fixed point, one product each, lead to that point.
     *
     * @param h N values. Not modified.
     * @param lu decomposition of DF - I at the point
     * @param tolerance how close to it in every unit
     */
    boolean leadsTo(double[] point, Lu lu, double[] h, double tolerance) {
        double[] k = h.clone();
        double before = Double.POSITIVE_INFINITY;
        for (int step = 0; step < 10; step++) {
            double distance = ConstantMap.distance(k, 0, point, 0, n);
            if (distance <= tolerance) {
                return true;
            }
            double[] down = distance < 0.5 * before ? lu.solve(gap(k, 1)) : null;
            if (down == null) {
                return false;
            }
            before = distance;
            for (int i = 0; i < n; i++) {
                k[i] -= down[i];
            }
        }
        return false;
    }

    /**
     * Whether an orbit with the multiplier 1 is one of a continuum: whether F^p(h) = h also holds at {@link
     * FixedPoints#TELLING} from it in a neutral direction, where double precision can tell.
     *
     * @param states p x N. Not modified.
     */
    boolean continues(int p, double[] states) {
        double[] shifted = minusIdentity(jacobian(p, states));
        for (int i = 0; i < n; i++) {
            shifted[i * n + i] += 1e-12; // so that there is an inverse
        }
        Lu lu = new Lu(n, shifted);
        double[] v = new double[n];
        for (int i = 0; i < n; i++) {
            v[i] = 1.0 + 0.1 * (i % 7);
        }
        for (int k = 0; k < 4; k++) {
            v = lu.solve(v);
            if (v == null) {
                return false;
            }
            double size = largest(v);
            for (int i = 0; i < n; i++) {
                v[i] /= size;
            }
        }
        for (double side : new double[] {1.0, -1.0}) {
            boolean goesOn = true;
            for (double t : new double[] {0.5, 1.0}) {
                double[] state = Arrays.copyOf(states, n);
                for (int i = 0; i < n; i++) {
                    state[i] += side * t * FixedPoints.TELLING * v[i];
                }
                double[] across = corrected(p, state, v);
                goesOn = goesOn
                        && largest(gap(map.orbit(across, p), p)) <= FixedPoints.MAX_RESIDUAL
                        && ConstantMap.distance(state, 0, across, 0, n) <= 0.5 * FixedPoints.TELLING;
            }
            if (goesOn) {
                return true;
            }
        }
        return false;
    }

    /** Newton's method for F^p(h) = h, except its part along a direction, without moving along it. */
    private double[] corrected(int p, double[] state, double[] direction) {
        int m = n + 1;
        double[] h = state.clone();
        for (int step = 0; step < 5; step++) {
            double[] states = map.orbit(h, p);
            double[] gap = gap(states, p);
            if (largest(gap) <= 1e-14) {
                break;
            }
            double[] dg = minusIdentity(jacobian(p, states));
            double[] a = new double[m * m];
            double[] right = Arrays.copyOf(gap, m);
            for (int i = 0; i < n; i++) {
                System.arraycopy(dg, i * n, a, i * m, n);
                a[i * m + n] = direction[i];
                a[n * m + i] = direction[i];
            }
            double[] down = new Lu(m, a).solve(right);
            if (down == null) {
                break;
            }
            for (int i = 0; i < n; i++) {
                h[i] -= down[i];
            }
        }
        return h;
    }

    /** F^p(h) - h, from the states of the orbit. */
    private double[] gap(double[] states, int p) {
        double[] gap = new double[n];
        map.apply(1, states, (p - 1) * n, gap, 0, null);
        for (int i = 0; i < n; i++) {
            gap[i] -= states[i];
        }
        return gap;
    }

    /** DF^p at the first of p successive states: N x N. */
    double[] jacobian(int p, double[] states) {
        double[] rates = new double[p * n];
        map.apply(p, states, 0, new double[p * n], 0, rates);
        double[] total = new double[n * n];
        map.jacobian(rates, (p - 1) * n, total);
        if (p > 1) {
            double[] factor = new double[n * n];
            for (int t = p - 2; t >= 0; t--) {
                map.jacobian(rates, t * n, factor);
                product.load(factor);
                product.apply(n, total, 0, total, 0);
            }
        }
        return total;
    }

    private double[] minusIdentity(double[] a) {
        for (int i = 0; i < n; i++) {
            a[i * n + i] -= 1.0;
        }
        return a;
    }

    private static double square(double[] a) {
        double sum = 0.0;
        for (double value : a) {
            sum = Fma.fma(value, value, sum);
        }
        return sum;
    }

    private static double largest(double[] a) {
        double max = 0.0;
        for (double value : a) {
            max = Math.max(max, Math.abs(value));
        }
        return max;
    }
}
