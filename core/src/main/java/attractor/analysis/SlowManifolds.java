package attractor.analysis;

import attractor.io.Printable;
import attractor.kernel.Kernels;
import attractor.model.Rnn;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Curves of slow states under constant input, straight, curved or closed to rings, followed along their neutral direction, with
 * the drift along them.
 *
 * <p>A state h is on such a curve if it moves along the neutral direction only, {@code F(h) - h = s v} with v the unit
 * eigenvector of DF(h) to its real multiplier mu nearest to 1. Curves start at slow points, and at fixed points with a
 * real mu within {@link Options#slow} alpha of 1. A step goes along v, then Newton's method leads back to the curve in the plane
 * normal to it. A curve ends where mu is farther from 1, becomes one of a pair, where the drift is above
 * {@link Options#fastest} alpha, or where it closes. At an end that is reached because mu leaves 1 the states aren't slow any
 * more: a line attractor's end.
 *
 * <p>s is exact at every listed state; that the curve is invariant isn't claimed: a state leaves it by about the
 * curvature times s^2 / 2 per step. Cost about 40 N^3 operations per state. Thread-safe as long as the arrays are
 * not modified; they are not copied. Sources: H. S. Seung, PNAS 93 (1996), 13339; F. Mastrogiuseppe, S. Ostojic, Neuron 99
 * (2018), 609, for rings of rank two.
 *
 * @param curves the curves, the longest first
 * @param options the options
 */
public record SlowManifolds(List<Curve> curves, Options options) {
    private static final double LEAST_STEP = 1e-5;
    private static final double TURN = 0.97;
    private static final double STRAIGHT = 0.997;
    private static final double TOLERANCE = 1e-11;
    /** A start closer to a curve than this is on it, relative to its step. */
    private static final double ON_IT = 1e-5;

    /**
     * A curve of M states. Thread-safe as long as the arrays are not modified; they are not copied.
     *
     * @param states M x N, in their order along the curve
     * @param arc distance from the first along the curve, M; of a closed curve the last step isn't counted here
     * @param drift s, in units of the state per step, positive towards later states, M
     * @param multiplier mu, M
     * @param across the largest modulus of the other multipliers, M: below 1 the curve attracts
     * @param length of the whole curve
     * @param closed whether it is a ring
     */
    public record Curve(
            double[] states,
            double[] arc,
            double[] drift,
            double[] multiplier,
            double[] across,
            double length,
            boolean closed) {
        /** M. */
        public int size() {
            return arc.length;
        }

        /** Whether all states attract across the curve. */
        public boolean attracts() {
            return Arrays.stream(across).allMatch(mu -> mu < 1.0);
        }

        /** The largest |s|. */
        public double fastest() {
            return Arrays.stream(drift).map(Math::abs).max().orElse(0.0);
        }

        /** The mean of |s|. */
        public double meanSpeed() {
            return Arrays.stream(drift).map(Math::abs).average().orElse(0.0);
        }

        /** Number of fixed points on it, as told by changes of the drift's sign; those of a line of fixed points by chance. */
        public int turningPoints() {
            int count = 0;
            for (int k = 1; k < drift.length; k++) {
                count += drift[k] > 0.0 != drift[k - 1] > 0.0 ? 1 : 0;
            }
            boolean atSeam = closed && drift[0] > 0.0 != drift[drift.length - 1] > 0.0;
            return count + (atSeam ? 1 : 0);
        }
    }

    /**
     * How to follow curves. Immutable, safe for any thread.
     *
     * @param slow largest |1 - mu| / alpha on a curve, above 0
     * @param fastest largest |s| / alpha, above 0
     * @param step largest step, relative to 1 + |h|, above 0
     * @param states largest number of states per curve, at least 3
     * @param shortest curves that are shorter aren't listed
     */
    public record Options(double slow, double fastest, double step, int states, double shortest) {
        /** mu within 0.1 alpha of 1, drift up to 0.05 alpha, steps of 0.02, 3000 states, length from 0.2 on. */
        public static final Options DEFAULT = new Options(0.1, 0.05, 0.02, 3000, 0.2);

        /** @throws IllegalArgumentException if a number is out of its range */
        public Options {
            if (!(slow > 0.0 && fastest > 0.0 && step > 0.0 && shortest >= 0.0) || states < 3) {
                throw new IllegalArgumentException("slow manifolds: slow " + slow + ", fastest " + fastest + ", step "
                        + step + ", " + Printable.count(states, "state") + ", shortest " + shortest
                        + ", expected numbers above 0, at least 3 states and 0 or more");
            }
        }
    }

    /**
     * Follows the curves through the slow and nearly neutral points of a search.
     *
     * @param rnn Not modified.
     * @param points of this network; their input holds here too
     * @throws IllegalStateException without EJML on the class path
     */
    public static SlowManifolds of(Rnn rnn, FixedPoints points, Options options) {
        Ejml.require();
        Follower follower = new Follower(new ConstantMap(rnn, points.options().input(), Kernels.get()), options);
        List<Curve> curves = new ArrayList<>();
        List<double[]> starts = new ArrayList<>();
        points.points().forEach(p -> starts.add(p.state()));
        points.slow().forEach(p -> starts.add(p.state()));
        for (double[] start : starts) {
            if (curves.stream().noneMatch(curve -> follower.contains(curve, start))) {
                follower.curve(start).filter(c -> c.length >= options.shortest).ifPresent(curves::add);
            }
        }
        curves.sort(Comparator.comparingDouble((Curve c) -> -c.length));
        return new SlowManifolds(List.copyOf(curves), options);
    }

    /** A state on a curve. */
    private record Place(double[] h, double[] v, double s, double mu, double across) {}

    /** Follows curves; not thread-safe. */
    private static final class Follower {
        private final ConstantMap map;
        private final int n;
        private final Options options;

        Follower(ConstantMap map, Options options) {
            this.map = map;
            n = map.n;
            this.options = options;
        }

        Optional<Curve> curve(double[] start) {
            Place first = place(start, null, null);
            if (first == null) {
                return Optional.empty();
            }
            List<Place> ahead = new ArrayList<>();
            boolean closed = follow(first, ahead);
            List<Place> all = new ArrayList<>();
            if (!closed) {
                List<Place> behind = new ArrayList<>();
                follow(turned(first), behind);
                for (int k = behind.size() - 1; k >= 0; k--) {
                    all.add(turned(behind.get(k)));
                }
            }
            all.add(first);
            all.addAll(ahead);
            return Optional.of(curve(all, closed));
        }

        private Curve curve(List<Place> all, boolean closed) {
            int m = all.size();
            double[] states = new double[m * n];
            double[] arc = new double[m];
            double[] drift = new double[m];
            double[] multiplier = new double[m];
            double[] across = new double[m];
            for (int k = 0; k < m; k++) {
                Place place = all.get(k);
                System.arraycopy(place.h, 0, states, k * n, n);
                arc[k] = k == 0 ? 0.0 : arc[k - 1] + between(all.get(k - 1), place);
                drift[k] = place.s;
                multiplier[k] = place.mu;
                across[k] = place.across;
            }
            double length = arc[m - 1] + (closed ? between(all.get(m - 1), all.get(0)) : 0.0);
            return new Curve(states, arc, drift, multiplier, across, length, closed);
        }

        /** Length of the arc between two states: of the chord, lengthened as on a circle with these tangents. */
        private double between(Place a, Place b) {
            double chord = distance(a.h, b.h);
            double half = 0.5 * StrictMath.acos(Math.max(-1.0, Math.min(1.0, dot(a.v, b.v))));
            return half < 1e-4 ? chord : chord * half / StrictMath.sin(half);
        }

        private static Place turned(Place p) {
            double[] v = p.v.clone();
            for (int i = 0; i < v.length; i++) {
                v[i] = -v[i];
            }
            return new Place(p.h, v, -p.s, p.mu, p.across);
        }

        /** Adds the states after the first; returns whether the curve closes. */
        private boolean follow(Place first, List<Place> found) {
            Place a = first;
            double step = 0.25 * options.step * (1.0 + Math.sqrt(dot(a.h, a.h)));
            double length = 0.0;
            while (found.size() < options.states) {
                double largest = options.step * (1.0 + Math.sqrt(dot(a.h, a.h)));
                step = Math.min(step, largest);
                double[] predicted = a.h.clone();
                for (int i = 0; i < n; i++) {
                    predicted[i] += step * a.v[i];
                }
                Place b = place(predicted, a.v, a);
                double turn = b == null ? 0.0 : dot(a.v, b.v);
                if (b == null || turn < TURN || distance(b.h, predicted) > 0.3 * step) {
                    step *= 0.5;
                    if (step < LEAST_STEP) {
                        return false;
                    }
                    continue;
                }
                double before = ahead(a, first.h);
                if (length > 3.0 * step && before > 0.0 && before <= ahead(a, b.h) && dot(a.v, first.v) > 0.0) {
                    double[] near = a.h.clone();
                    for (int i = 0; i < n; i++) {
                        near[i] += before * a.v[i];
                    }
                    Place same = place(near, a.v, a);
                    if (same != null && distance(same.h, first.h) <= ON_IT * (1.0 + Math.sqrt(dot(a.h, a.h)))) {
                        return true;
                    }
                }
                found.add(b);
                length += step;
                a = b;
                step *= turn >= STRAIGHT ? 1.4 : 1.0;
            }
            return false;
        }

        private double ahead(Place a, double[] h) {
            return dot(a.v, h) - dot(a.v, a.h);
        }

        /** Whether a state is on a curve, up to what the curve's states tell. */
        boolean contains(Curve curve, double[] h) {
            for (int k = 0; k + 1 < curve.size() || (curve.closed && k < curve.size()); k++) {
                int next = (k + 1) % curve.size() * n;
                double along = 0.0;
                double square = 0.0;
                for (int i = 0; i < n; i++) {
                    double d = curve.states[next + i] - curve.states[k * n + i];
                    along += d * (h[i] - curve.states[k * n + i]);
                    square += d * d;
                }
                double t = Math.max(0.0, Math.min(1.0, along / square));
                double off = 0.0;
                for (int i = 0; i < n; i++) {
                    double on = curve.states[k * n + i] + t * (curve.states[next + i] - curve.states[k * n + i]);
                    off += (h[i] - on) * (h[i] - on);
                }
                if (Math.sqrt(off) <= 0.5 * Math.sqrt(square)) {
                    return true;
                }
            }
            return false;
        }

        /**
         * The state of a curve near a state, in the plane through it normal to {@code normal}; null if there is none that is
         * slow.
         *
         * @param normal null for the neutral direction itself
         * @param last the state before, whose direction is kept; null at a start
         */
        private Place place(double[] near, double[] normal, Place last) {
            double[] h = near.clone();
            double[] v = last == null ? null : last.v;
            double[] s = new double[1];
            Place found = null;
            for (int pass = 0; pass < 4; pass++) {
                if (v != null) {
                    h = corrected(h, v, normal == null ? v : normal, near, s);
                    if (h == null) {
                        return null;
                    }
                }
                double[] df = jacobian(h);
                Multipliers mu = Multipliers.of(df, n);
                int neutral = neutral(mu);
                if (neutral < 0) {
                    return null;
                }
                double[] next = eigenvector(df, mu.re()[neutral], v);
                if (next == null) {
                    return null;
                }
                double across = 0.0;
                for (int k = 0; k < n; k++) {
                    across = k == neutral ? across : Math.max(across, mu.modulus(k));
                }
                double change = v == null ? 1.0 : distance(v, next);
                v = next;
                found = new Place(h, v, s[0], mu.re()[neutral], across);
                if (change <= 1e-9 && pass > 0) {
                    break;
                }
            }
            return Math.abs(found.s) <= options.fastest * map.alpha ? found : null;
        }

        /** The real multiplier nearest to 1, if it is near enough and alone; else -1. */
        private int neutral(Multipliers mu) {
            int nearest = -1;
            double least = options.slow * map.alpha;
            double second = Double.POSITIVE_INFINITY;
            for (int k = 0; k < n; k++) {
                double off = StrictMath.hypot(mu.re()[k] - 1.0, mu.im()[k]);
                if (mu.im()[k] == 0.0 && off <= least) {
                    second = nearest < 0 ? second : least;
                    least = off;
                    nearest = k;
                } else {
                    second = Math.min(second, off);
                }
            }
            return second <= 1.5 * least + 1e-9 ? -1 : nearest;
        }

        private double[] eigenvector(double[] df, double mu, double[] before) {
            double[] shifted = df.clone();
            for (int i = 0; i < n; i++) {
                shifted[i * n + i] -= mu + 1e-11 * (1.0 + Math.abs(mu));
            }
            Lu lu = new Lu(n, shifted);
            double[] v = new double[n];
            for (int i = 0; i < n; i++) {
                v[i] = before != null ? before[i] : 1.0 + 0.3 * ((i * 37 + 11) % 17 - 8);
            }
            for (int pass = 0; pass < 3; pass++) {
                double[] next = lu.solve(v);
                if (next == null) {
                    return null;
                }
                double scale = 1.0 / Math.sqrt(dot(next, next));
                if (before != null && dot(next, before) < 0.0) {
                    scale = -scale;
                }
                for (int i = 0; i < n; i++) {
                    next[i] *= scale;
                }
                v = next;
            }
            return v;
        }

        private double[] jacobian(double[] h) {
            double[] rates = new double[n];
            map.apply(1, h, 0, new double[n], 0, rates);
            double[] df = new double[n * n];
            map.jacobian(rates, 0, df);
            return df;
        }

        /** Newton's method for F(h) - h = s v in the plane through a state. */
        private double[] corrected(double[] from, double[] v, double[] normal, double[] plane, double[] s) {
            double[] h = from.clone();
            int m = n + 1;
            for (int step = 0; step < 12; step++) {
                double[] gap = new double[n];
                double[] rates = new double[n];
                map.apply(1, h, 0, gap, 0, rates);
                double[] df = new double[n * n];
                map.jacobian(rates, 0, df);
                double[] right = new double[m];
                double[] a = new double[m * m];
                double largest = 0.0;
                for (int i = 0; i < n; i++) {
                    right[i] = gap[i] - h[i] - s[0] * v[i];
                    largest = Math.max(largest, Math.abs(right[i]));
                    for (int j = 0; j < n; j++) {
                        a[i * m + j] = df[i * n + j] - (i == j ? 1.0 : 0.0);
                    }
                    a[i * m + n] = -v[i];
                    a[n * m + i] = normal[i];
                }
                right[n] = dot(normal, h) - dot(normal, plane);
                if (step > 0 && largest <= TOLERANCE * map.alpha) {
                    return h;
                }
                double[] down = largest < 1e6 ? new Lu(m, a).solve(right) : null;
                if (down == null) {
                    return null;
                }
                for (int i = 0; i < n; i++) {
                    h[i] -= down[i];
                }
                s[0] -= down[n];
            }
            return null;
        }

        private static double dot(double[] a, double[] b) {
            double sum = 0.0;
            for (int i = 0; i < a.length; i++) {
                sum += a[i] * b[i];
            }
            return sum;
        }

        private static double distance(double[] a, double[] b) {
            double sum = 0.0;
            for (int i = 0; i < a.length; i++) {
                sum += (a[i] - b[i]) * (a[i] - b[i]);
            }
            return Math.sqrt(sum);
        }
    }
}
