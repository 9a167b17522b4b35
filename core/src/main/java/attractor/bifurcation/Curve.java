package attractor.bifurcation;

import attractor.analysis.Lu;
import attractor.analysis.Multipliers;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The curves of cycles, {@code F^p(h, value) = h}, in the space of state and parameter: pseudo-arclength continuation. Not
 * thread-safe.
 *
 * <p>A place on a curve is u = (h / sqrt(N), (value - from) / (to - from)), so that neither state nor parameter dominates the
 * arclength. A step goes along the tangent; Newton's method leads back to the curve in the plane normal to it. A step
 * is halved where Newton's method has to go far, where the tangent turns, or where several multipliers cross the
 * unit circle at once.
 *
 * <p><b>Bifurcations</b> between two steps are noticed by signs. At a fold the tangent's parameter component changes
 * sign. At a branch point the determinant of the bordered Jacobian [DF^p - I, dF^p/dvalue; tangent] does. Where a multiplier of
 * another kind crosses the unit circle, |mu_k| - 1 does, k counted by modulus. The zero is found by Brent's method on
 * points of the curve; at a branch point, where Newton's method is ill-conditioned, by interpolation of a smooth bordered
 * test function through six points around it.
 *
 * <p>Sources: H. B. Keller, Applications of Bifurcation Theory (1977), 359; W. Govaerts, Numerical Methods for Bifurcations
 * of Dynamical Equilibria (2000); E. Allgower, K. Georg, Introduction to Numerical Continuation Methods (2003).
 */
final class Curve {
    private static final double FIRST_STEP = 1e-3;
    private static final double LEAST_STEP = 1e-9;
    private static final double TOLERANCE = 1e-11;
    /** Cosine of the largest turn of the tangent in a step, and of one after which the step may grow. */
    private static final double TURN = 0.95;

    private static final double STRAIGHT = 0.995;
    /** Below this step a corner is passed, as networks that are linear in pieces have them. */
    private static final double CORNER = 1e-6;
    /** Steps above this are halved if several multipliers cross at once. */
    private static final double APART = 1e-4;
    /** Distance of the points through which a test function is interpolated. */
    private static final double AROUND = 1e-3;

    private static final double FARTHEST = 1e6;
    /** A multiplier whose modulus is this close to 1 at an end of the range is on the circle there, as those of orthogonal weights. */
    private static final double ROUNDED = 1e-12;
    /** So far from an end of the range a place is at the end. */
    private static final double AT_END = 1e-12;

    private final ParametrisedMap map;
    private final int n;
    private final int p;
    private final double from;
    private final double range;
    private final double least;
    private final double root;
    private final double largestStep;

    /** DF^p and dF^p/dvalue at the last place that was evaluated. */
    private final double[] jacobian;

    private final double[] byValue;

    /** A place on the curve: u, the unit tangent, the sign of the bordered determinant, and the multipliers. */
    record Node(double[] u, double[] t, int sign, Multipliers mu) {
        /** How far another place is ahead along the tangent. */
        double ahead(double[] place) {
            return dot(t, place) - dot(t, u);
        }
    }

    /**
     * A bifurcation.
     *
     * @param kind its kind, as far as it is known from this curve
     * @param u the place
     * @param tangent of this curve there
     * @param across for a branch point or a period doubling, the direction of the other curve's state and parameter that
     *     isn't along the tangent; otherwise null
     * @param mu the multipliers there
     * @param crossing index of the multiplier that crosses; -1 at a fold or branch point
     * @param before unstable directions before, along the tangent
     * @param after unstable directions after it
     */
    record Event(
            BifurcationDiagram.Kind kind,
            double[] u,
            double[] tangent,
            double[] across,
            Multipliers mu,
            int crossing,
            int before,
            int after) {}

    /** A bifurcation between node {@code index} and the next. */
    record Found(Event event, int index) {}

    /** A curve that was followed in one direction. */
    record Trace(List<Node> nodes, List<Found> events, BifurcationDiagram.End end) {}

    /**
     * Sets up.
     *
     * @param period p
     * @param least the least value that the parameter can have
     * @param largestStep in arclength
     */
    Curve(ParametrisedMap map, int period, double from, double to, double least, double largestStep) {
        this.map = map;
        n = map.units();
        p = period;
        this.from = from;
        range = to - from;
        this.least = least;
        this.largestStep = largestStep;
        root = Math.sqrt(n);
        jacobian = new double[n * n];
        byValue = new double[n];
    }

    double value(double[] u) {
        return from + range * u[n];
    }

    double[] state(double[] u) {
        double[] h = new double[n];
        for (int i = 0; i < n; i++) {
            h[i] = root * u[i];
        }
        return h;
    }

    double[] place(double[] h, double value) {
        double[] u = new double[n + 1];
        for (int i = 0; i < n; i++) {
            u[i] = h[i] / root;
        }
        u[n] = (value - from) / range;
        return u;
    }

    int period() {
        return p;
    }

    /** The direction of the parameter alone. */
    double[] parameterAxis() {
        double[] axis = new double[n + 1];
        axis[n] = 1.0;
        return axis;
    }

    /** The p states of a cycle, p x N. */
    double[] cycle(double[] u) {
        double[] cycle = new double[p * n];
        double[] h = state(u);
        for (int t = 0; t < p; t++) {
            System.arraycopy(h, 0, cycle, t * n, n);
            map.apply(h, value(u), h);
        }
        return cycle;
    }

    private double[] image(double[] h, double value) {
        double[] next = h.clone();
        for (int t = 0; t < p; t++) {
            map.apply(next, value, next);
        }
        return next;
    }

    /** F^p(h) - h. */
    private double[] gap(double[] u) {
        double[] h = state(u);
        double[] gap = image(h, value(u));
        for (int i = 0; i < n; i++) {
            gap[i] -= h[i];
        }
        return gap;
    }

    /** Evaluates F^p(h) - h, DF^p and dF^p/dvalue. */
    private double[] evaluate(double[] u) {
        double[] h = state(u);
        double value = value(u);
        double[] next = h.clone();
        double[] factor = new double[n * n];
        map.applyWithJacobian(next, value, next, jacobian);
        for (int t = 1; t < p; t++) {
            map.applyWithJacobian(next, value, next, factor);
            multiply(factor);
        }
        double delta = 1e-6 * range;
        double low = Math.max(value - delta, least);
        double high = value + delta;
        double[] below = image(h, low);
        double[] above = image(h, high);
        for (int i = 0; i < n; i++) {
            byValue[i] = (above[i] - below[i]) / (high - low);
            next[i] -= h[i];
        }
        return next;
    }

    /** {@code jacobian = factor jacobian}. */
    private void multiply(double[] factor) {
        double[] product = new double[n * n];
        for (int i = 0; i < n; i++) {
            for (int k = 0; k < n; k++) {
                double a = factor[i * n + k];
                for (int j = 0; j < n; j++) {
                    product[i * n + j] += a * jacobian[k * n + j];
                }
            }
        }
        System.arraycopy(product, 0, jacobian, 0, n * n);
    }

    /** [DF^p - I, dF^p/dvalue; row] at the place that was evaluated last, in the scaled variables. */
    private double[] bordered(double[] row) {
        int m = n + 1;
        double[] a = new double[m * m];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                a[i * m + j] = root * (jacobian[i * n + j] - (i == j ? 1.0 : 0.0));
            }
            a[i * m + n] = range * byValue[i];
        }
        System.arraycopy(row, 0, a, n * m, m);
        return a;
    }

    /**
     * The place on a curve that Newton's method leads to in the plane through {@code start} with this normal; null if it
     * leads to none.
     */
    double[] correct(double[] start, double[] normal) {
        double[] u = start.clone();
        double before = Double.POSITIVE_INFINITY;
        for (int step = 0; step < 12; step++) {
            if (!(Math.abs(u[n] - start[n]) <= 10.0) || !(value(u) >= least - 1e-9 * range)) {
                return null;
            }
            double[] right = Arrays.copyOf(evaluate(u), n + 1);
            double size = largest(right);
            if (!(size < FARTHEST) || (size <= TOLERANCE && size >= 0.5 * before)) {
                break;
            }
            before = size;
            right[n] = dot(normal, u) - dot(normal, start);
            double[] down = new Lu(n + 1, bordered(normal)).solve(right);
            if (down == null) {
                break;
            }
            for (int i = 0; i <= n; i++) {
                u[i] -= down[i];
            }
            if (largest(down) <= 1e-16 * (1.0 + largest(u))) {
                break;
            }
        }
        boolean found = value(u) >= least - 1e-9 * range && largest(gap(u)) <= TOLERANCE * (1.0 + largest(state(u)));
        return found ? u : null;
    }

    /** What belongs to a place on the curve; null where the curve has no tangent in about this direction. */
    Node node(double[] u, double[] direction) {
        evaluate(u);
        Lu lu = new Lu(n + 1, bordered(direction));
        double[] t = lu.solve(parameterAxis());
        if (t == null) {
            return null;
        }
        double length = Math.sqrt(dot(t, t));
        for (int i = 0; i <= n; i++) {
            t[i] /= length;
        }
        for (double x : jacobian) {
            if (!Double.isFinite(x)) {
                return null;
            }
        }
        return new Node(u, t, lu.sign(), Multipliers.of(jacobian, n));
    }

    /**
     * Follows the curve along the tangent of its first node.
     *
     * @param limit largest number of nodes
     */
    Trace trace(Node start, int limit) {
        List<Node> nodes = new ArrayList<>(List.of(start));
        List<Found> events = new ArrayList<>();
        double step = Math.min(FIRST_STEP, largestStep);
        double length = 0.0;
        while (nodes.size() < limit) {
            Node a = nodes.get(nodes.size() - 1);
            double ahead = a.t[n] > 0.0 ? 1.0 - a.u[n] : -a.u[n];
            if (Math.abs(ahead) <= AT_END && Math.abs(a.t[n]) > 1e-12) {
                return new Trace(nodes, events, BifurcationDiagram.End.RANGE);
            }
            boolean last = step * Math.abs(a.t[n]) >= Math.abs(ahead);
            double taken = last ? ahead / a.t[n] : step;
            double[] predicted = along(a.u, a.t, taken);
            double[] normal = a.t;
            if (last) {
                normal = parameterAxis();
                predicted[n] = a.t[n] > 0.0 ? 1.0 : 0.0;
            }
            double[] u = correct(predicted, normal);
            boolean corner = step <= CORNER;
            Node b = u != null && (corner || distance(u, predicted) <= 0.3 * taken) ? node(u, a.t) : null;
            double turn = b == null ? 0.0 : dot(a.t, b.t);
            boolean accepted = b != null && turn > 0.0 && (corner || turn >= TURN);
            if (accepted && beyond(b.u) > AT_END) {
                // It bends out of the range, which ends on the way.
                b = leaving(a, b);
                turn = b == null ? 0.0 : dot(a.t, b.t);
                accepted = turn > 0.0;
            }
            accepted = accepted && (step <= APART || changes(a.mu, b.mu) <= 1);
            if (!accepted) {
                step *= 0.5;
                if (step < LEAST_STEP) {
                    return new Trace(nodes, events, BifurcationDiagram.End.STOPPED);
                }
                continue;
            }
            for (Event event : between(a, b)) {
                events.add(new Found(event, nodes.size() - 1));
            }
            nodes.add(b);
            length += taken;
            if (largest(b.u) > FARTHEST) {
                return new Trace(nodes, events, BifurcationDiagram.End.DIVERGED);
            }
            if (length > 5.0 * step && passed(start, a, b)) {
                return new Trace(nodes, events, BifurcationDiagram.End.CLOSED);
            }
            step = Math.min(largestStep, turn >= STRAIGHT ? 1.5 * step : step);
        }
        return new Trace(nodes, events, BifurcationDiagram.End.LIMIT);
    }

    /** How far a place is out of the range, in the parameter. */
    private double beyond(double[] u) {
        return Math.max(u[n] - 1.0, -u[n]);
    }

    /** The node at the end of the range, between one inside and one outside; null if none is found there. */
    private Node leaving(Node inside, Node outside) {
        double end = outside.u[n] > 1.0 ? 1.0 : 0.0;
        double share = (end - inside.u[n]) / (outside.u[n] - inside.u[n]);
        double[] chord = new double[n + 1];
        for (int i = 0; i <= n; i++) {
            chord[i] = inside.u[i] + share * (outside.u[i] - inside.u[i]);
        }
        chord[n] = end;
        double[] u = correct(chord, parameterAxis());
        return u != null && distance(u, chord) <= 0.3 * distance(inside.u, outside.u) ? node(u, inside.t) : null;
    }

    /** Whether the first node lies between two others, on this curve. */
    private boolean passed(Node start, Node a, Node b) {
        double s = a.ahead(start.u);
        return s > 0.0 && s <= a.ahead(b.u) && dot(start.t, a.t) > 0.0 && contains(a, start.u);
    }

    /** Whether a place near a node lies on the node's curve. */
    boolean contains(Node a, double[] u) {
        double s = a.ahead(u);
        double[] near = along(a.u, a.t, s);
        if (!(Math.abs(s) <= 3.0 * largestStep) || !(distance(near, u) <= 0.5 * largestStep)) {
            return false;
        }
        double[] on = correct(near, a.t);
        return on != null && distance(on, u) <= 1e-7;
    }

    /** How many numbers of multipliers beyond the circle, real above, real below and complex, changed, and by how much. */
    private static int changes(Multipliers a, Multipliers b) {
        int[] counts = new int[3];
        for (int side = 0; side < 2; side++) {
            Multipliers mu = side == 0 ? a : b;
            for (int k = 0; k < mu.size(); k++) {
                if (mu.modulus(k) > 1.0) {
                    int kind = mu.im()[k] != 0.0 ? 2 : mu.re()[k] > 0.0 ? 0 : 1;
                    counts[kind] += side == 0 ? 1 : -1;
                }
            }
        }
        return Math.abs(counts[0]) + Math.abs(counts[1]) + Math.abs(counts[2]) / 2;
    }

    static int unstable(Multipliers mu) {
        int count = 0;
        for (int k = 0; k < mu.size(); k++) {
            count += mu.modulus(k) > 1.0 ? 1 : 0;
        }
        return count;
    }

    /** The bifurcations between two successive nodes, in their order. */
    private List<Event> between(Node a, Node b) {
        double whole = a.ahead(b.u);
        Segment segment = new Segment(a, b, whole);
        List<Event> events = new ArrayList<>();
        List<Double> places = new ArrayList<>();
        int before = unstable(a.mu);
        int after = unstable(b.mu);
        if (a.sign != b.sign) {
            Event event = segment.branchPoint(before, after);
            if (event != null) {
                events.add(event);
                places.add(segment.found);
            }
        } else if (a.t[n] < 0.0 != b.t[n] < 0.0) {
            double s = Brent.root(segment::parameterSlope, 0.0, a.t[n], whole, b.t[n], 1e-13);
            double[] u = segment.at(s);
            Node node = u == null ? null : node(u, a.t);
            if (node != null) {
                boolean corner = Math.abs(node.t[n]) > 1e-4;
                events.add(new Event(
                        corner ? BifurcationDiagram.Kind.BORDER_COLLISION : BifurcationDiagram.Kind.FOLD,
                        u,
                        node.t,
                        null,
                        node.mu,
                        -1,
                        before,
                        after));
                places.add(s);
            }
        }
        for (int k = Math.min(before, after); k < Math.max(before, after); k++) {
            int index = k;
            double fa = a.mu.modulus(k) - 1.0;
            double fb = b.mu.modulus(k) - 1.0;
            // A multiplier that stays on the circle, or is there at an end of the range, crosses it only by rounding.
            if (Math.max(Math.abs(fa), Math.abs(fb)) < 1e-9
                    || (atEnd(a) && Math.abs(fa) < ROUNDED)
                    || (atEnd(b) && Math.abs(fb) < ROUNDED)) {
                continue;
            }
            double s = Brent.root(x -> segment.excess(x, index), 0.0, fa, whole, fb, 1e-13);
            double[] u = segment.at(s);
            Node node = u == null ? null : node(u, a.t);
            if (node == null) {
                continue;
            }
            double re = node.mu.re()[k];
            double im = node.mu.im()[k];
            boolean jump = !(Math.abs(node.mu.modulus(k) - 1.0) <= 1e-6);
            boolean one = Math.abs(im) <= 1e-3 && re > 0.0;
            if (one && !jump && !events.isEmpty()) {
                continue; // the fold or branch point
            }
            BifurcationDiagram.Kind kind = jump
                    ? BifurcationDiagram.Kind.BORDER_COLLISION
                    : one
                            ? BifurcationDiagram.Kind.DEGENERATE
                            : im == 0.0
                                    ? BifurcationDiagram.Kind.PERIOD_DOUBLING
                                    : BifurcationDiagram.Kind.NEIMARK_SACKER;
            double[] across = kind == BifurcationDiagram.Kind.PERIOD_DOUBLING ? flipDirection() : null;
            int rises = after > before ? 1 : -1;
            int many = im == 0.0 || jump ? 1 : 2;
            int low = rises > 0 ? k : k + many;
            Event event = new Event(kind, u, node.t, across, node.mu, k, low, low + rises * many);
            int at = 0;
            while (at < places.size() && places.get(at) < s) {
                at++;
            }
            boolean repeated = jump && events.stream().anyMatch(e -> distance(e.u, u) <= 1e-6);
            if (!repeated) {
                events.add(at, event);
                places.add(at, s);
            }
            k += many - 1;
        }
        return events;
    }

    /** Whether a node lies at an end of the parameter's range. */
    private boolean atEnd(Node node) {
        return Math.min(Math.abs(node.u[n]), Math.abs(node.u[n] - 1.0)) <= AT_END;
    }

    /** See {@link NormalForm}. */
    double firstLyapunov(double[] u, double theta) {
        evaluate(u);
        double value = value(u);
        return NormalForm.firstLyapunov(h -> image(h, value), state(u), jacobian.clone(), theta);
    }

    /** The eigenvector to the multiplier -1 at the place evaluated last, in the scaled variables. */
    private double[] flipDirection() {
        double[] shifted = jacobian.clone();
        for (int i = 0; i < n; i++) {
            shifted[i * n + i] += 1.0 + 1e-10;
        }
        Lu lu = new Lu(n, shifted);
        double[] v = start(n);
        for (int k = 0; k < 3 && v != null; k++) {
            v = unit(lu.solve(v));
        }
        return v == null ? null : Arrays.copyOf(v, n + 1);
    }

    /** A fixed vector that is normal to no eigenvector in general. */
    private static double[] start(int m) {
        double[] v = new double[m];
        for (int i = 0; i < m; i++) {
            v[i] = 1.0 + 0.5 * ((i * 7919 + 13) % 101) / 101.0 * (i % 2 == 0 ? 1.0 : -1.0);
        }
        return unit(v);
    }

    private static double[] unit(double[] v) {
        if (v == null) {
            return null;
        }
        double length = Math.sqrt(dot(v, v));
        double[] unit = v.clone();
        for (int i = 0; i < v.length; i++) {
            unit[i] /= length;
        }
        return unit;
    }

    /** The piece of the curve between two nodes, by the distance s along the first one's tangent. */
    private final class Segment {
        private final Node a;
        private final Node b;
        private final double whole;
        /** Where the last branch point was found. */
        private double found;

        Segment(Node a, Node b, double whole) {
            this.a = a;
            this.b = b;
            this.whole = whole;
        }

        /** Hermite's cubic through both nodes. */
        private double[] near(double s) {
            double x = s / whole;
            double stretch = dot(a.t, b.t);
            double[] u = new double[n + 1];
            for (int i = 0; i <= n; i++) {
                double da = whole * a.t[i];
                double db = whole * b.t[i] / stretch;
                double rise = b.u[i] - a.u[i];
                u[i] = a.u[i] + x * (da + x * (3.0 * rise - 2.0 * da - db + x * (da + db - 2.0 * rise)));
            }
            return u;
        }

        double[] at(double s) {
            return Double.isNaN(s) ? null : correct(near(s), a.t);
        }

        double parameterSlope(double s) {
            double[] u = at(s);
            if (u == null) {
                return Double.NaN;
            }
            evaluate(u);
            double[] t = unit(new Lu(n + 1, bordered(a.t)).solve(parameterAxis()));
            return t == null ? Double.NaN : t[n];
        }

        double excess(double s, int k) {
            double[] u = at(s);
            if (u == null) {
                return Double.NaN;
            }
            evaluate(u);
            return Multipliers.of(jacobian, n).modulus(k) - 1.0;
        }

        private int sign(double s) {
            double[] u = at(s);
            if (u == null) {
                return 0;
            }
            evaluate(u);
            return new Lu(n + 1, bordered(a.t)).sign();
        }

        /** Locates the branch point on this piece; null if there is no sign of one. */
        Event branchPoint(int before, int after) {
            double low = 0.0;
            double high = whole;
            while (high - low > Math.min(0.05 * AROUND, 0.01 * whole)) {
                double middle = 0.5 * (low + high);
                int sign = sign(middle);
                if (sign == a.sign) {
                    low = middle;
                } else if (sign == b.sign) {
                    high = middle;
                } else {
                    break;
                }
            }
            double centre = 0.5 * (low + high);
            double[] off = {-3.0, -2.0, -1.0, 1.0, 2.0, 3.0};
            double[] right = null;
            double[] left = null;
            double[] u = null;
            double[] across = null;
            double[] along = null;
            for (int pass = 0; pass < 3; pass++) {
                double[] s = new double[off.length];
                double[][] places = new double[off.length][];
                double[][] vectors = new double[off.length][];
                double[] test = new double[off.length];
                for (int k = 0; k < off.length; k++) {
                    s[k] = centre + off[k] * AROUND;
                    places[k] = at(s[k]);
                    if (places[k] == null) {
                        return null;
                    }
                    evaluate(places[k]);
                    double[] matrix = bordered(a.t);
                    if (right == null) {
                        Lu lu = new Lu(n + 1, matrix);
                        right = unit(lu.solve(start(n + 1)));
                        right = right == null ? null : unit(lu.solve(right));
                        left = right == null ? null : unit(new Lu(n + 1, transposed(matrix, n + 1)).solve(right));
                        if (left == null) {
                            return null;
                        }
                    }
                    double[] x = test(matrix, left, right);
                    if (x == null) {
                        return null;
                    }
                    vectors[k] = Arrays.copyOf(x, n + 1);
                    test[k] = x[n + 1];
                }
                double root = Interpolation.root(s, test, centre, 3.0 * AROUND);
                if (Double.isNaN(root)) {
                    return null;
                }
                centre = root;
                u = Interpolation.at(s, places, centre);
                across = unit(Interpolation.at(s, vectors, centre));
                double[] ahead = Interpolation.at(s, places, centre + 1e-4);
                double[] behind = Interpolation.at(s, places, centre - 1e-4);
                along = new double[n + 1];
                for (int i = 0; i <= n; i++) {
                    along[i] = ahead[i] - behind[i];
                }
                along = unit(along);
            }
            found = centre;
            evaluate(u);
            Multipliers mu = Multipliers.of(jacobian, n);
            return new Event(BifurcationDiagram.Kind.TRANSCRITICAL, u, along, across, mu, -1, before, after);
        }

        /** The solution of [M, left; right^T, 0] x = (0, ..., 0, 1), whose last entry vanishes with det M. */
        private double[] test(double[] matrix, double[] left, double[] right) {
            int m = n + 1;
            int k = m + 1;
            double[] a = new double[k * k];
            for (int i = 0; i < m; i++) {
                System.arraycopy(matrix, i * m, a, i * k, m);
                a[i * k + m] = left[i];
                a[m * k + i] = right[i];
            }
            double[] last = new double[k];
            last[m] = 1.0;
            return new Lu(k, a).solve(last);
        }
    }

    private static double[] transposed(double[] a, int m) {
        double[] t = new double[m * m];
        for (int i = 0; i < m; i++) {
            for (int j = 0; j < m; j++) {
                t[j * m + i] = a[i * m + j];
            }
        }
        return t;
    }

    static double[] along(double[] u, double[] direction, double length) {
        double[] moved = u.clone();
        for (int i = 0; i < u.length; i++) {
            moved[i] += length * direction[i];
        }
        return moved;
    }

    static double dot(double[] a, double[] b) {
        double sum = 0.0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }

    static double distance(double[] a, double[] b) {
        double sum = 0.0;
        for (int i = 0; i < a.length; i++) {
            sum += (a[i] - b[i]) * (a[i] - b[i]);
        }
        return Math.sqrt(sum);
    }

    private static double largest(double[] a) {
        double max = 0.0;
        for (double x : a) {
            max = Math.max(max, Math.abs(x));
        }
        return max;
    }
}
