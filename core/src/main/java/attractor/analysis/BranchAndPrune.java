package attractor.analysis;

import attractor.kernel.Activation;
import attractor.model.RnnShape;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;

/**
 * All fixed points of a small bounded network, with proof: the cube of all rates is cut into boxes. A box is discarded
 * once it is proved that it contains no fixed point, or only a listed one. Not thread-safe.
 *
 * <p>A box is narrowed by {@code h_i = phi(z_i)} and {@code z = W_rec h + W_in x + b_rec}, each equation solved for
 * each of its variables in interval arithmetic, then by Krawczyk's operator
 * {@code K = m - A g(m) + (I - A Dg(box))(box - m)}, m the box's middle and A about Dg(m)^-1: fixed points in the box
 * are in K; if K lies in the box's interior, there is exactly one. A box within the ball in which, by a
 * {@link FixedPoints.Certificate}, the certified point is the only one is finished too. Other boxes are halved across
 * their widest side. A box with a degenerate point is never finished, and then the search ends without proof.
 *
 * <p><b>Rounding.</b> Sums of up to 16 terms are off by less than 4e-15 times the sum of the terms' moduli, our tanh by
 * less than 1e-15, its inverse by logarithms by less than 1e-14 (1 + |z|); intervals are widened by as much.
 *
 * <p>Sources: R. Krawczyk, Computing 4 (1969), 187; L. Jaulin, M. Kieffer, O. Didrit, E. Walter, Applied Interval Analysis
 * (2001), chapters 4 and 5.
 */
final class BranchAndPrune {
    /** Networks with more units aren't tried. */
    static final int MOST_UNITS = 8;

    private static final double ROUNDING = 4e-15;
    private static final double TANH = 1e-15;
    private static final double TINY = 1e-300;
    private static final double NARROWEST = 1e-7;
    /** Width of the boxes below which Newton's method is tried. */
    private static final double SMALL = 0.01;

    private static final int SWEEPS = 8;

    private final ConstantMap map;
    private final int n;
    private final double[] w;
    private final double[] constant;
    private final double[] constantError;
    private final double least;

    private int boxes;

    /**
     * A certified fixed point: it lies closer than {@code radius} to the state in every unit, and is the only one that lies closer
     * than {@code within}.
     */
    record Alone(double[] state, double radius, double within) {}

    /** @param map of a bounded activation and at most {@value #MOST_UNITS} units */
    BranchAndPrune(ConstantMap map) {
        this.map = map;
        n = map.n;
        w = map.weights();
        least = map.phi == Activation.TANH ? -1.0 : 0.0;
        constant = new double[n];
        constantError = new double[n];
        RnnShape shape = map.rnn.shape();
        double[] p = map.rnn.parameters();
        double[] x = map.input();
        for (int i = 0; i < n; i++) {
            constant[i] = p[shape.bRec().at(i, 0)];
            double moduli = Math.abs(constant[i]);
            for (int j = 0; j < x.length; j++) {
                double term = p[shape.wIn().at(i, j)] * x[j];
                constant[i] += term;
                moduli += Math.abs(term);
            }
            constantError[i] = x.length * 4e-16 * moduli + TINY;
        }
    }

    /** Number of boxes that were examined. */
    int boxes() {
        return boxes;
    }

    /**
     * Searches.
     *
     * @param limit largest number of boxes
     * @param known the listed points that are certified. Not modified, but may grow when {@code hint} is told a state.
     * @param hint called with a state close to a fixed point that isn't listed
     * @return whether it is proved that there are no fixed points except the listed ones
     */
    boolean run(int limit, List<Alone> known, Consumer<double[]> hint) {
        Deque<double[]> open = new ArrayDeque<>();
        double[] all = new double[2 * n];
        for (int i = 0; i < n; i++) {
            all[i] = least;
            all[n + i] = 1.0;
        }
        open.push(all);
        while (!open.isEmpty()) {
            if (boxes++ >= limit) {
                return false;
            }
            double[] box = open.pop();
            // Narrowed boxes lose no fixed point of the whole one.
            double[] whole = box.clone();
            Outcome outcome = Outcome.OPEN;
            for (int round = 0; round < 4 && outcome == Outcome.OPEN; round++) {
                double before = width(box);
                if (isKnown(box, known)) {
                    outcome = Outcome.EMPTY;
                    break;
                }
                outcome = narrow(box);
                outcome = outcome == Outcome.OPEN ? krawczyk(box) : outcome;
                if (outcome == Outcome.OPEN && !(width(box) <= 0.7 * before)) {
                    break;
                }
            }
            if (outcome == Outcome.ONE && !isListed(box, whole, known)) {
                hint.accept(middle(box));
                outcome = isListed(box, whole, known) ? Outcome.ONE : Outcome.OPEN;
            }
            if (outcome == Outcome.OPEN) {
                // A point on the border between boxes is in the interior of none.
                if (!isKnown(box, known) && width(box) <= SMALL) {
                    hint.accept(middle(box));
                }
                if (isKnown(box, known)) {
                    continue;
                }
                int widest = widest(box);
                double middle = 0.5 * (box[widest] + box[n + widest]);
                if (!(box[n + widest] - box[widest] > NARROWEST)) {
                    return false;
                }
                double[] upper = box.clone();
                upper[widest] = middle;
                box[n + widest] = middle;
                open.push(upper);
                open.push(box);
            }
        }
        return true;
    }

    private enum Outcome {
        OPEN,
        EMPTY,
        ONE
    }

    private int widest(double[] box) {
        int widest = 0;
        for (int i = 1; i < n; i++) {
            widest = box[n + i] - box[i] > box[n + widest] - box[widest] ? i : widest;
        }
        return widest;
    }

    private double width(double[] box) {
        int widest = widest(box);
        return box[n + widest] - box[widest];
    }

    private double[] middle(double[] box) {
        double[] middle = new double[n];
        for (int i = 0; i < n; i++) {
            middle[i] = 0.5 * (box[i] + box[n + i]);
        }
        return middle;
    }

    private boolean isKnown(double[] box, List<Alone> known) {
        for (Alone point : known) {
            boolean inside = true;
            for (int i = 0; i < n && inside; i++) {
                double off = Math.max(point.state[i] - box[i], box[n + i] - point.state[i]);
                inside = off <= point.within * (1.0 - 1e-12);
            }
            if (inside) {
                return true;
            }
        }
        return false;
    }

    /** Whether the one fixed point of a box is listed: a listed one's surroundings contain the box, or lie in it. */
    private boolean isListed(double[] box, double[] whole, List<Alone> known) {
        if (isKnown(box, known)) {
            return true;
        }
        for (Alone point : known) {
            boolean inside = true;
            for (int i = 0; i < n && inside; i++) {
                double off = Math.min(point.state[i] - whole[i], whole[n + i] - point.state[i]);
                inside = off >= point.radius * (1.0 + 1e-12);
            }
            if (inside) {
                return true;
            }
        }
        return false;
    }

    /** Solves each equation for each variable. */
    private Outcome narrow(double[] box) {
        double[] low = new double[n];
        double[] high = new double[n];
        for (int sweep = 0; sweep < SWEEPS; sweep++) {
            double gain = 0.0;
            for (int i = 0; i < n; i++) {
                double zLow = constant[i];
                double zHigh = constant[i];
                double moduli = Math.abs(constant[i]);
                for (int j = 0; j < n; j++) {
                    double a = w[i * n + j] * box[j];
                    double b = w[i * n + j] * box[n + j];
                    low[j] = Math.min(a, b);
                    high[j] = Math.max(a, b);
                    zLow += low[j];
                    zHigh += high[j];
                    moduli += Math.max(Math.abs(a), Math.abs(b));
                }
                double error = ROUNDING * moduli + constantError[i] + TINY;
                zLow -= error;
                zHigh += error;
                double rateLow = Math.max(map.phi.rate(zLow) - TANH, least);
                double rateHigh = Math.min(map.phi.rate(zHigh) + TANH, 1.0);
                gain = Math.max(gain, narrow(box, i, rateLow, rateHigh));
                if (!(box[i] <= box[n + i])) {
                    return Outcome.EMPTY;
                }
                double goalLow = inverse(box[i], -1.0);
                double goalHigh = inverse(box[n + i], 1.0);
                if (goalLow <= zLow && goalHigh >= zHigh) {
                    continue;
                }
                for (int j = 0; j < n; j++) {
                    double weight = w[i * n + j];
                    if (weight == 0.0) {
                        continue;
                    }
                    // w_ij h_j = z_i - the rest.
                    double room = 2.0 * error;
                    double termLow = goalLow - (zHigh - high[j]) - room - ROUNDING * Math.abs(goalLow);
                    double termHigh = goalHigh - (zLow - low[j]) + room + ROUNDING * Math.abs(goalHigh);
                    double a = termLow / weight;
                    double b = termHigh / weight;
                    double from = Math.min(a, b);
                    double to = Math.max(a, b);
                    gain = Math.max(gain, narrow(box, j, from - 1e-15 * Math.abs(from), to + 1e-15 * Math.abs(to)));
                    if (!(box[j] <= box[n + j])) {
                        return Outcome.EMPTY;
                    }
                }
            }
            if (gain < 0.1) {
                break;
            }
        }
        return Outcome.OPEN;
    }

    /** Cuts a side of a box; returns the share of the side that was cut off. */
    private double narrow(double[] box, int i, double low, double high) {
        double before = box[n + i] - box[i];
        box[i] = low > box[i] ? low : box[i];
        box[n + i] = high < box[n + i] ? high : box[n + i];
        return before > 0.0 ? 1.0 - (box[n + i] - box[i]) / before : 0.0;
    }

    /** z with phi(z) = rate, widened downwards or upwards. */
    private double inverse(double rate, double direction) {
        double z;
        if (map.phi == Activation.TANH) {
            z = rate <= -1.0
                    ? Double.NEGATIVE_INFINITY
                    : rate >= 1.0 ? Double.POSITIVE_INFINITY : 0.5 * StrictMath.log((1.0 + rate) / (1.0 - rate));
        } else {
            z = rate <= 0.0
                    ? Double.NEGATIVE_INFINITY
                    : rate >= 1.0 ? Double.POSITIVE_INFINITY : StrictMath.log(rate / (1.0 - rate));
        }
        return Double.isInfinite(z) ? z : z + direction * 1e-14 * (1.0 + Math.abs(z));
    }

    private Outcome krawczyk(double[] box) {
        double[] m = middle(box);
        double[] g = new double[n];
        double[] gError = new double[n];
        double[] slope = new double[n];
        double[] slopeRadius = new double[n];
        for (int i = 0; i < n; i++) {
            double z = constant[i];
            double moduli = Math.abs(z);
            double spread = 0.0;
            for (int j = 0; j < n; j++) {
                double weight = w[i * n + j];
                z += weight * m[j];
                moduli += Math.abs(weight * m[j]);
                spread += Math.abs(weight) * radius(box, m, j);
            }
            double error = ROUNDING * (moduli + spread) + constantError[i] + TINY;
            g[i] = map.phi.rate(z) - m[i];
            gError[i] = error + 2.0 * TANH;
            // The slope is largest at z = 0 and falls to both sides.
            double nearest = Math.max(0.0, Math.abs(z) - spread - error);
            double farthest = Math.abs(z) + spread + error;
            double most = map.phi.slope(map.phi.rate(nearest)) + 4.0 * TANH;
            double fewest = map.phi.slope(map.phi.rate(farthest)) - 4.0 * TANH;
            slope[i] = 0.5 * (most + fewest);
            slopeRadius[i] = 0.5 * (most - fewest) + TANH;
        }
        double[] dg = new double[n * n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                dg[i * n + j] = slope[i] * w[i * n + j] - (i == j ? 1.0 : 0.0);
            }
        }
        double[] a = inverse(dg);
        if (a == null) {
            return Outcome.OPEN;
        }
        boolean inside = true;
        double[] low = new double[n];
        double[] high = new double[n];
        for (int k = 0; k < n; k++) {
            double centre = m[k];
            double error = 0.0;
            for (int i = 0; i < n; i++) {
                double term = a[k * n + i] * g[i];
                centre -= term;
                error += Math.abs(a[k * n + i]) * gError[i] + ROUNDING * (Math.abs(term) + Math.abs(m[k]));
            }
            double reach = 0.0;
            for (int j = 0; j < n; j++) {
                double entry = j == k ? 1.0 : 0.0;
                double moduli = 1.0;
                double radius = 0.0;
                for (int i = 0; i < n; i++) {
                    double term = a[k * n + i] * dg[i * n + j];
                    entry -= term;
                    moduli += Math.abs(term) + Math.abs(a[k * n + i]);
                    radius += Math.abs(a[k * n + i]) * slopeRadius[i] * Math.abs(w[i * n + j]);
                }
                double bound = Math.abs(entry) + radius * (1.0 + ROUNDING) + ROUNDING * moduli;
                reach += bound * radius(box, m, j);
            }
            double half = reach * (1.0 + ROUNDING) + error * (1.0 + ROUNDING) + TINY;
            low[k] = centre - half - 1e-15 * Math.abs(centre);
            high[k] = centre + half + 1e-15 * Math.abs(centre);
            if (!(low[k] <= high[k])) {
                return Outcome.OPEN;
            }
            if (low[k] > box[n + k] || high[k] < box[k]) {
                return Outcome.EMPTY;
            }
            inside &= low[k] > box[k] && high[k] < box[n + k];
        }
        for (int k = 0; k < n; k++) {
            box[k] = Math.max(box[k], low[k]);
            box[n + k] = Math.min(box[n + k], high[k]);
        }
        return inside ? Outcome.ONE : Outcome.OPEN;
    }

    private double radius(double[] box, double[] m, int j) {
        return Math.max(box[n + j] - m[j], m[j] - box[j]) * (1.0 + 1e-15);
    }

    /** An approximate inverse of a small matrix; null if a pivot is 0. Krawczyk's operator is valid with any matrix. */
    private double[] inverse(double[] matrix) {
        double[] a = matrix.clone();
        double[] inverse = new double[n * n];
        for (int i = 0; i < n; i++) {
            inverse[i * n + i] = 1.0;
        }
        for (int k = 0; k < n; k++) {
            int best = k;
            for (int i = k + 1; i < n; i++) {
                best = Math.abs(a[i * n + k]) > Math.abs(a[best * n + k]) ? i : best;
            }
            double pivot = a[best * n + k];
            if (!(Math.abs(pivot) > 0.0)) {
                return null;
            }
            for (int j = 0; j < n; j++) {
                double row = a[best * n + j];
                a[best * n + j] = a[k * n + j];
                a[k * n + j] = row / pivot;
                row = inverse[best * n + j];
                inverse[best * n + j] = inverse[k * n + j];
                inverse[k * n + j] = row / pivot;
            }
            for (int i = 0; i < n; i++) {
                double factor = a[i * n + k];
                if (i == k || factor == 0.0) {
                    continue;
                }
                for (int j = 0; j < n; j++) {
                    a[i * n + j] -= factor * a[k * n + j];
                    inverse[i * n + j] -= factor * inverse[k * n + j];
                }
            }
        }
        return inverse;
    }
}
