package attractor.analysis;

import attractor.kernel.Fma;
import attractor.kernel.Kernels;
import attractor.kernel.RandomStream;
import attractor.kernel.RandomStream.Purpose;
import attractor.model.Rnn;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The fixed points F(h) = h of a network under constant input, without the noise that it may have in its states, found from many seeds, and its slow points, where |F(h) - h|
 * has a small minimum above 0.
 *
 * <p><b>Search.</b> Seeds are states picked at random plus noise. From each of them q(h) = |F(h) - h|^2 / 2 is minimised
 * (Levenberg and Marquardt, analytic Jacobian), then a damped Newton iteration on F(h) - h = 0 polishes what looks like a
 * fixed point. It is reported as one if max_i |F(h) - h|_i, in double precision, is at most {@value #MAX_RESIDUAL}. A
 * minimum that isn't, but whose q is at most {@link Options#slowBound}, is reported as a slow point.
 *
 * <p><b>Merging.</b> Fixed points closer than {@link Options#mergeDistance} in every unit are one; so are two that a
 * straight line of fixed points joins (see {@link Point#continuum}). Slow points are merged within {@value #SLOW_MERGE}. If
 * F is odd (tanh or identity, no input, no bias), -h is a fixed point with every h that is: a mirror image that no seed led
 * to is listed too.
 *
 * <p>No search from seeds proves that there are no others; that each that carries a {@link Certificate} exists is proved.
 *
 * <p>Thread-safe as long as nobody writes to the arrays, which are not copied. The same bits on every JDK and with all
 * kernels but jblas. Source of the method: D. Sussillo, O. Barak, Neural Computation 25 (2013), 626.
 *
 * @param points the fixed points, those that most seeds led to first
 * @param slow the slow points, by increasing q
 * @param seeds number of seeds
 * @param lostFraction fraction of the seeds that led to none of these
 * @param extent root mean square distance of the given states from their mean
 * @param options what was asked for
 */
public record FixedPoints(
        List<Point> points, List<SlowPoint> slow, int seeds, double lostFraction, double extent, Options options) {

    /** The largest |F(h) - h| over the units that a reported fixed point may have. */
    public static final double MAX_RESIDUAL = 1e-12;

    /** Slow points closer than this in every unit are one. */
    public static final double SLOW_MERGE = 1e-3;

    /** The |h' - h|/alpha (Euclidean) from which on a Newton iteration is tried, and what a second descent goes for. */
    private static final double NEAR = 1e-3;

    private static final double NEAREST = 1e-13;

    /**
     * How to search. Thread-safe as long as nobody writes to the arrays, which are not copied.
     *
     * @param input constant input, I values; null for zeros
     * @param seeds number of seeds, at least 1. The first m of a larger number are those of m.
     * @param noiseSd standard deviation of the noise that is added to each unit of a seed, 0 or more
     * @param seed of the random numbers
     * @param mergeDistance fixed points closer than this in every unit are one, above 0
     * @param slowBound the largest q of a slow point, 0 or more
     * @param outlierFactor a point is an outlier if it is farther from every given state than this times
     *     {@link FixedPoints#extent}, Euclidean
     * @param spectra of how many points the multipliers are computed, those that most seeds led to first; each costs about
     *     25 N^3 operations that run at a tenth of the kernels' speed (a mirror image costs nothing)
     */
    public record Options(
            double[] input,
            int seeds,
            double noiseSd,
            long seed,
            double mergeDistance,
            double slowBound,
            double outlierFactor,
            int spectra) {
        /** @throws IllegalArgumentException if a number is out of its range */
        public Options {
            if (seeds < 1 || spectra < 0) {
                throw new IllegalArgumentException("fixed points: " + seeds + " seeds and " + spectra
                        + " spectra, expected at least 1 and at least 0");
            }
            requireNonNegative("noiseSd", noiseSd);
            requireNonNegative("mergeDistance", mergeDistance);
            requireNonNegative("slowBound", slowBound);
            requireNonNegative("outlierFactor", outlierFactor);
        }

        private static void requireNonNegative(String name, double value) {
            if (!(value >= 0.0 && value <= Double.MAX_VALUE)) {
                throw new IllegalArgumentException(
                        "fixed points: " + name + " is " + value + ", expected a finite number, 0 or more");
            }
        }

        /**
         * No input, 512 seeds (fewer above 100 units), noise of sd 0.2, seed 0, merging within 1e-6, q of slow points up to
         * 1e-3, outliers beyond once the extent, multipliers of all points (of the first ten or so at 500 units).
         */
        public static Options of(Rnn rnn) {
            long n = rnn.units();
            int seeds = (int) Math.min(512, Math.max(32, 51_200 / n));
            int spectra = (int) Math.min(100_000, Math.max(8, 1_250_000_000 / (n * n * n)));
            return new Options(null, seeds, 0.2, 0, 1e-6, 1e-3, 1.0, spectra);
        }

        /** These options with another constant input. */
        public Options withInput(double[] other) {
            return new Options(other, seeds, noiseSd, seed, mergeDistance, slowBound, outlierFactor, spectra);
        }

        /** These options with another number of seeds. */
        public Options withSeeds(int other) {
            return new Options(input, other, noiseSd, seed, mergeDistance, slowBound, outlierFactor, spectra);
        }

        /** These options with other noise. */
        public Options withNoiseSd(double other) {
            return new Options(input, seeds, other, seed, mergeDistance, slowBound, outlierFactor, spectra);
        }

        /** These options with another seed. */
        public Options withSeed(long other) {
            return new Options(input, seeds, noiseSd, other, mergeDistance, slowBound, outlierFactor, spectra);
        }
    }

    /**
     * Proof that exactly one fixed point of the exact map lies within {@code radius} of a state in every unit, and no other
     * within {@code uniqueWithin}. The exact map has the weights as they are stored, and tanh and all sums without rounding.
     *
     * <p><b>Theorem</b> (Newton and Kantorovich, with an approximate inverse; norms are the maximum norm and its matrix norm,
     * the largest row sum of moduli). Let g(h) = phi(W_rec h + W_in x + b_rec) - h, whose zeros are the fixed points for
     * every alpha. Let A be any matrix, and
     *
     * <pre>
     *     |A g(h)| &lt;= Y,   |I - A Dg(h)| &lt;= Z0,   |A (Dg(k) - Dg(h))| &lt;= Z2 |k - h| for all k
     * </pre>
     *
     * If {@code Y + (Z0 + Z2 r) r <= r} and {@code Z0 + Z2 r < 1}, then k -> k - A g(k) maps the ball of radius r around h into
     * itself and contracts, so by Banach it has one fixed point there. Z0 &lt; 1 makes A regular, so that point is a zero of
     * g. Two zeros in a ball with Z0 + Z2 r &lt; 1 would be as close as their images, hence equal.
     *
     * <p><b>Constants.</b> Dg = D W_rec - I with D = diag phi'(z), so
     * {@code Z2 = L max_k sum_i |A_ki| omega_i^2}, omega_i = sum_j |W_ij|, with L = 0.7699 above |tanh''|, at most
     * 4 / (3 sqrt 3); 0.0963 above |sigma''|, at most 1 / (6 sqrt 3); 0 for identity. For relu L = 0 too, in a ball so
     * small that no z changes its sign, {@code |z_i| > omega_i r}; otherwise there is no certificate. A is the inverse of
     * Dg(h) in double precision.
     *
     * <p><b>Rounding.</b> Every bound is rounded outward. Included are the rounding of the sums for z and for the product A Dg
     * (gamma_n bounds, underflow too), of rates and slopes, and the error of our own tanh, taken as 2^-51 relative: it is
     * stated, and checked by its tests, to be below 1.9 ulp.
     *
     * <p>Source: W. Tucker, Validated Numerics (2011), chapter 5; N. Higham, Accuracy and Stability of Numerical Algorithms
     * (2002), section 3.1.
     *
     * <p>Immutable, safe for any thread.
     *
     * @param radius within which the fixed point lies
     * @param uniqueWithin within which there is no other; infinite for a linear network
     */
    public record Certificate(double radius, double uniqueWithin) {}

    /**
     * A fixed point. Thread-safe as long as nobody writes to the arrays, which are not copied.
     *
     * @param state h, N values
     * @param residual largest |F(h) - h| over the units, as computed
     * @param output W_out h + b_out, O values
     * @param multipliers eigenvalues of DF(h); empty beyond {@link Options#spectra}
     * @param certificate proof of existence; empty if there is none, as where an eigenvalue of DF is 1
     * @param seedFraction fraction of the seeds that led there; 0 for a mirror image that none did
     * @param distance Euclidean, to the nearest of the given states
     * @param outlier whether that is more than the options' factor times the extent
     * @param mirrored whether it was found as -h of another point, which shares its multipliers
     * @param continuum whether a straight line of fixed points goes through it, to another that a seed led to; only one is listed
     */
    public record Point(
            double[] state,
            double residual,
            double[] output,
            Optional<Multipliers> multipliers,
            Optional<Certificate> certificate,
            double seedFraction,
            double distance,
            boolean outlier,
            boolean mirrored,
            boolean continuum) {}

    /**
     * A minimum of the speed that isn't a fixed point as far as could be seen.
     * Thread-safe as long as nobody writes to the arrays, which are not copied.
     *
     * @param state h, N values
     * @param q |F(h) - h|^2 / 2
     * @param output W_out h + b_out, O values
     * @param seedFraction fraction of the seeds that led there
     * @param distance Euclidean, to the nearest of the given states
     * @param outlier whether that is more than the options' factor times the extent
     */
    public record SlowPoint(
            double[] state, double q, double[] output, double seedFraction, double distance, boolean outlier) {}

    /**
     * Searches with the default options.
     *
     * @see #of(Rnn, double[], Options)
     */
    public static FixedPoints of(Rnn rnn, double[] states) {
        return of(rnn, states, Options.of(rnn));
    }

    /**
     * Searches for fixed and slow points.
     *
     * @param rnn Not modified.
     * @param states where the network has been, S x N, finite; at least one. Not modified.
     * @throws IllegalArgumentException if states or the input have a wrong length, or a number isn't finite
     * @throws IllegalStateException without EJML on the class path
     */
    public static FixedPoints of(Rnn rnn, double[] states, Options options) {
        Ejml.require();
        int n = rnn.units();
        if (states.length == 0 || states.length % n != 0) {
            throw new IllegalArgumentException("states has " + states.length + " values, expected a multiple of N = "
                    + n + ", at least one state");
        }
        ConstantMap.checkFinite("state value", states);
        return new Search(new ConstantMap(rnn, options.input, Kernels.get()), states, options).result();
    }

    /** What a search holds. */
    private static final class Search {
        private final ConstantMap map;
        private final int n;
        private final double[] states;
        private final Options options;
        private final OrbitSolver solver;
        private final List<Found> found = new ArrayList<>();
        private final List<Found> slow = new ArrayList<>();
        private final double extent;

        /** A point under way. */
        private static final class Found {
            double[] state;
            /** Of DF - I nearby, null if it is singular. */
            Lu lu;

            double residual;
            double q;
            int seeds = 1;
            boolean continuum;
            /** Whether no seed led there, but to its mirror image. */
            boolean mirrored;
            /** Its mirror image, if that is listed too. */
            Found twin;

            Multipliers multipliers;
            Optional<Certificate> certificate;
        }

        Search(ConstantMap map, double[] states, Options options) {
            this.map = map;
            n = map.n;
            this.states = states;
            this.options = options;
            solver = new OrbitSolver(map);
            extent = extent();
        }

        FixedPoints result() {
            double[] h = seeds();
            new SpeedMinimizer(map, options.seeds, h, NEAR, Math.min(3 * n, 200)).run();
            double[] rest = new double[h.length];
            int remaining = 0;
            for (int k = 0; k < options.seeds; k++) {
                if (!addFixed(Arrays.copyOfRange(h, k * n, (k + 1) * n))) {
                    System.arraycopy(h, k * n, rest, remaining++ * n, n);
                }
            }
            // Those where Newton failed: slow points, or nearly singular ones.
            new SpeedMinimizer(map, remaining, rest, NEAREST, Math.min(3 * n, 1000)).run();
            int lost = 0;
            for (int k = 0; k < remaining; k++) {
                double[] state = Arrays.copyOfRange(rest, k * n, (k + 1) * n);
                if (!addFixed(state) && !addSlow(state)) {
                    lost++;
                }
            }
            if (map.odd()) {
                addMirrorImages();
            }
            found.sort(Comparator.comparingInt((Found f) -> -f.seeds));
            slow.sort(Comparator.comparingDouble(f -> f.q));
            return new FixedPoints(
                    points(),
                    slow.stream().map(this::slowPoint).toList(),
                    options.seeds,
                    lost / (double) options.seeds,
                    extent,
                    options);
        }

        private double[] seeds() {
            double[] h = new double[options.seeds * n];
            RandomStream random = new RandomStream(options.seed, Purpose.FIXED_POINTS, 0);
            for (int k = 0; k < options.seeds; k++) {
                random.reset(options.seed, Purpose.FIXED_POINTS, k);
                int from = random.nextInt(states.length / n);
                System.arraycopy(states, from * n, h, k * n, n);
                random.addGaussian(h, k * n, n, options.noiseSd);
            }
            return h;
        }

        /**
         * Polishes a state if it is slow enough and adds it to the fixed points, or counts it where it leads to one of them;
         * false if it is none.
         */
        private boolean addFixed(double[] state) {
            if (!(speed(state) <= map.alpha * NEAR)) {
                return false;
            }
            List<Found> nearest = new ArrayList<>(found);
            nearest.sort(Comparator.comparingDouble(f -> ConstantMap.distance(f.state, 0, state, 0, n)));
            for (Found other : nearest.subList(0, Math.min(2, nearest.size()))) {
                if (other.lu != null && solver.leadsTo(other.state, other.lu, state, options.mergeDistance)) {
                    other.seeds++;
                    return true;
                }
            }
            OrbitSolver.Solution solution = solver.solve(1, state);
            boolean polished = solution.residual() <= MAX_RESIDUAL;
            Found point = new Found();
            point.state = polished ? solution.states() : state;
            point.lu = solution.lu();
            double[] zero = new double[n];
            if (ConstantMap.distance(point.state, 0, zero, 0, n) <= options.mergeDistance
                    && map.residual(zero) == 0.0) {
                point.state = zero;
            }
            point.residual = map.residual(point.state);
            if (!(point.residual <= MAX_RESIDUAL)) {
                return false;
            }
            if (merged(found, point.state, options.mergeDistance)) {
                return true;
            }
            for (Found other : found) {
                if (joined(other.state, point.state)) {
                    other.seeds++;
                    other.continuum = true;
                    return true;
                }
            }
            found.add(point);
            return true;
        }

        /** |F(h) - h|, Euclidean. */
        private double speed(double[] state) {
            double[] next = new double[n];
            map.apply(1, state, 0, next, 0, null);
            double square = 0.0;
            for (int i = 0; i < n; i++) {
                square = Fma.fma(next[i] - state[i], next[i] - state[i], square);
            }
            return Math.sqrt(square);
        }

        private boolean addSlow(double[] state) {
            double speed = speed(state);
            double q = 0.5 * speed * speed;
            if (!(q <= options.slowBound)) {
                return false;
            }
            if (!merged(slow, state, SLOW_MERGE)) {
                Found point = new Found();
                point.state = state;
                point.q = q;
                slow.add(point);
            }
            return true;
        }

        private boolean merged(List<Found> list, double[] state, double tolerance) {
            for (Found other : list) {
                if (ConstantMap.distance(other.state, 0, state, 0, n) <= tolerance) {
                    other.seeds++;
                    return true;
                }
            }
            return false;
        }

        /** Whether the points between two fixed points are fixed too. */
        private boolean joined(double[] a, double[] b) {
            double[] between = new double[n];
            for (double t : new double[] {0.5, 0.25, 0.75}) {
                for (int i = 0; i < n; i++) {
                    between[i] = a[i] + t * (b[i] - a[i]);
                }
                if (!(map.residual(between) <= MAX_RESIDUAL)) {
                    return false;
                }
            }
            return true;
        }

        private void addMirrorImages() {
            for (Found point : List.copyOf(found)) {
                double[] mirror = new double[n];
                for (int i = 0; i < n; i++) {
                    mirror[i] = 0.0 - point.state[i];
                }
                Found image = null;
                for (Found other : found) {
                    boolean same = ConstantMap.distance(other.state, 0, mirror, 0, n) <= options.mergeDistance;
                    if (same || (point.continuum && joined(other.state, mirror))) {
                        image = other;
                        break;
                    }
                }
                if (image == null) {
                    image = new Found();
                    image.state = mirror;
                    image.residual = point.residual;
                    image.seeds = 0;
                    image.mirrored = true;
                    image.continuum = point.continuum;
                    found.add(image);
                }
                if (image != point) {
                    image.twin = point;
                    point.twin = image;
                }
            }
        }

        private List<Point> points() {
            Certifier certifier = new Certifier(map);
            List<Point> points = new ArrayList<>();
            int spectra = 0;
            for (Found f : found) {
                double[] rates = new double[n];
                map.apply(1, f.state, 0, new double[n], 0, rates);
                double[] df = new double[n * n];
                map.jacobian(rates, 0, df);
                if (f.twin != null && f.twin.multipliers != null) {
                    f.multipliers = f.twin.multipliers;
                } else if (spectra < options.spectra) {
                    f.multipliers = Multipliers.of(df, n);
                    spectra++;
                }
                f.certificate = f.mirrored ? f.twin.certificate : certificate(certifier, f.state, df);
                points.add(new Point(
                        f.state,
                        f.residual,
                        map.output(f.state),
                        Optional.ofNullable(f.multipliers),
                        f.certificate,
                        f.seeds / (double) options.seeds,
                        distance(f.state),
                        distance(f.state) > options.outlierFactor * extent,
                        f.mirrored,
                        f.continuum));
            }
            return List.copyOf(points);
        }

        /** With A = (D W - I)^-1 = alpha (DF - I)^-1. */
        private Optional<Certificate> certificate(Certifier certifier, double[] state, double[] df) {
            for (int i = 0; i < n; i++) {
                df[i * n + i] -= 1.0;
            }
            double[] inverse = new Lu(n, df).inverse();
            if (inverse == null) {
                return Optional.empty();
            }
            for (int i = 0; i < inverse.length; i++) {
                inverse[i] *= map.alpha;
            }
            return certifier.certify(state, inverse);
        }

        private SlowPoint slowPoint(Found f) {
            return new SlowPoint(
                    f.state,
                    f.q,
                    map.output(f.state),
                    f.seeds / (double) options.seeds,
                    distance(f.state),
                    distance(f.state) > options.outlierFactor * extent);
        }

        private double distance(double[] state) {
            double nearest = Double.POSITIVE_INFINITY;
            for (int from = 0; from < states.length; from += n) {
                double square = 0.0;
                for (int i = 0; i < n; i++) {
                    double d = states[from + i] - state[i];
                    square = Fma.fma(d, d, square);
                }
                nearest = Math.min(nearest, square);
            }
            return Math.sqrt(nearest);
        }

        private double extent() {
            double[] mean = new double[n];
            int count = states.length / n;
            for (int k = 0; k < states.length; k++) {
                mean[k % n] += states[k];
            }
            double square = 0.0;
            for (int k = 0; k < states.length; k++) {
                double d = states[k] - mean[k % n] / count;
                square = Fma.fma(d, d, square);
            }
            return Math.sqrt(square / count);
        }
    }
}
