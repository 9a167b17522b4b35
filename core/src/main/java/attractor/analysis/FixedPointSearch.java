package attractor.analysis;

import attractor.analysis.FixedPoints.Certificate;
import attractor.analysis.FixedPoints.Completeness;
import attractor.analysis.FixedPoints.Options;
import attractor.analysis.FixedPoints.Point;
import attractor.analysis.FixedPoints.SlowPoint;
import attractor.analysis.FixedPoints.Verdict;
import attractor.kernel.Activation;
import attractor.kernel.Fma;
import attractor.model.RnnShape;
import attractor.random.RandomStream;
import attractor.random.RandomStream.Purpose;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** A search for fixed points as {@link FixedPoints} describes it. Runs once. Not thread-safe. */
final class FixedPointSearch {
    /** Purpose of the streams that say where searches start. */
    private static final Purpose STARTS = Purpose.of("fixed-points");

    /** The |h' - h|/alpha (Euclidean) from which on a Newton iteration is tried, and what a second descent goes for. */
    private static final double NEAR = 1e-3;

    private static final double NEAREST = 1e-13;
    /** Up to this number of units a descent from a few states costs little compared with the one from the seeds. */
    private static final int FEW_UNITS = 100;
    /** Number of states that are left to settle. */
    private static final int SETTLING = 64;
    /** Corners by the read-out's signs, at most 2^5. */
    private static final int READOUTS = 5;
    /** Least number of states per round. */
    private static final int LEAST_ROUND = 32;

    private static final int MOST_ROUND = 256;
    /** Largest distance of two fixed points of smooth units at which the search checks whether a curve joins them. */
    private static final double CURVED = 0.02;
    /** A fiber is begun only if at least this many decompositions are left. */
    private static final int WORTH_A_FIBER = 200;

    private final ConstantMap map;
    private final int n;
    private final double[] states;
    private final Options options;
    private final OrbitSolver solver;
    private final Certifier certifier;
    private final boolean bounded;
    private final double least;
    private final boolean smooth;
    private final List<Found> found = new ArrayList<>();
    private final List<Found> slow = new ArrayList<>();
    private final double extent;
    /** The states that corners settled on. */
    private final List<double[]> settled = new ArrayList<>();

    private int spectra;
    private int further;
    private int fibers;
    private int boxes;
    private boolean exhaustive = true;

    /** A fixed point while the search runs. */
    private static final class Found {
        double[] state;
        /** Decomposition of DF - I nearby, null if it is singular. */
        Lu lu;

        double residual;
        double q;
        /** Number of seeds that led there. */
        int seeds;

        boolean continuum;
        /** Whether seeds led only to its mirror image. */
        boolean mirrored;
        /** Its mirror image, if that is listed too. */
        Found twin;

        Multipliers multipliers;
        /** Null until a certificate was tried. */
        Optional<Certificate> certificate;
    }

    private enum Relation {
        APART,
        SAME,
        CONTINUUM
    }

    /**
     * @param states states that the network has visited, rows of N. Not modified.
     */
    FixedPointSearch(ConstantMap map, double[] states, Options options) {
        this.map = map;
        n = map.n;
        this.states = states;
        this.options = options;
        solver = new OrbitSolver(map);
        certifier = new Certifier(map);
        bounded = DirectionalFiber.bounded(map.phi);
        least = map.phi == Activation.TANH ? -1.0 : 0.0;
        smooth = bounded || map.phi == Activation.SOFTPLUS;
        extent = extent(states, n);
    }

    /** Turns off the proof that all are found, so that the rest can be tested. */
    FixedPointSearch withoutProof() {
        exhaustive = false;
        return this;
    }

    FixedPoints result() {
        double[] h = seeds();
        new SpeedMinimizer(map, options.seeds(), h, NEAR, Math.min(3 * n, 200)).run();
        double[] rest = new double[h.length];
        int remaining = 0;
        for (int k = 0; k < options.seeds(); k++) {
            if (!addFixed(row(h, k), 1)) {
                System.arraycopy(h, k * n, rest, remaining++ * n, n);
            }
        }
        // States where Newton's method failed: slow points, or nearly singular ones.
        new SpeedMinimizer(map, remaining, rest, NEAREST, Math.min(3 * n, 1000)).run();
        int lost = 0;
        for (int k = 0; k < remaining; k++) {
            double[] state = row(rest, k);
            if (!addFixed(state, 1) && !addSlow(state)) {
                lost++;
            }
        }
        addMirrorImages();
        int before = found.size();
        settle();
        addMirrorImages();
        if (n <= FEW_UNITS || found.size() > before || (bounded && incomplete())) {
            searchFrom(opposite());
        }
        boolean complete = goOn(found.size() > before);
        found.sort(Comparator.comparingInt((Found f) -> -f.seeds));
        slow.sort(Comparator.comparingDouble(f -> f.q));
        List<Point> points = points();
        return new FixedPoints(
                points,
                slow.stream().map(this::slowPoint).toList(),
                completeness(points, complete),
                options.seeds(),
                lost / (double) options.seeds(),
                extent,
                options);
    }

    private double[] row(double[] rows, int k) {
        return Arrays.copyOfRange(rows, k * n, (k + 1) * n);
    }

    private double[] seeds() {
        double[] h = new double[options.seeds() * n];
        RandomStream random = new RandomStream(options.seed(), STARTS, 0);
        for (int k = 0; k < options.seeds(); k++) {
            random.reset(options.seed(), STARTS, k);
            int from = random.nextInt(states.length / n);
            System.arraycopy(states, from * n, h, k * n, n);
            random.addGaussian(h, k * n, n, options.noiseSd());
        }
        return h;
    }

    /** Lets states from the whole state space settle, and adds the fixed points that this leads to. */
    private void settle() {
        RandomStream random = new RandomStream(options.seed(), Purpose.of("fixed-point-corners"), 0);
        double[] h = new double[SETTLING * n];
        for (int k = 0; k < SETTLING; k++) {
            double[] start = corner(random);
            System.arraycopy(start, 0, h, k * n, n);
        }
        if (bounded) {
            RnnShape.View wOut = map.rnn.shape().wOut();
            double[] p = map.rnn.parameters();
            int readouts = Math.min(READOUTS, map.outputs);
            for (int k = 0; k < 1 << readouts; k++) {
                for (int i = 0; i < n; i++) {
                    double along = 0.0;
                    for (int o = 0; o < readouts; o++) {
                        along += (k >> o & 1) == 1 ? p[wOut.at(o, i)] : -p[wOut.at(o, i)];
                    }
                    h[k * n + i] = along > 0.0 ? 1.0 : least;
                }
            }
        }
        map.advance(SETTLING, h, 0, (int) Math.min(5000, Math.ceil(FixedPoints.SETTLING_STEPS / map.alpha)));
        for (int k = 0; k < SETTLING; k++) {
            double[] state = row(h, k);
            boolean seen = settled.stream()
                    .anyMatch(other -> ConstantMap.distance(other, 0, state, 0, n) <= FixedPoints.SLOW_MERGE);
            if (finite(state) && addFixed(state, 0) && !seen) {
                settled.add(state);
            }
        }
        further += SETTLING;
    }

    /**
     * Mirror images of the points found, and midpoints of the states that corners settled on, where there often is a
     * saddle.
     */
    private List<double[]> opposite() {
        int few = Math.max(8, options.seeds() / 8);
        List<double[]> starts = new ArrayList<>();
        if (bounded && !map.odd()) {
            for (int k = 0; k < found.size() && starts.size() < few / 2; k++) {
                starts.add(mirrored(found.get(k).state));
            }
        }
        for (int k = 1; k < settled.size(); k++) {
            for (int j = 0; j < k && starts.size() < few; j++) {
                double[] middle = new double[n];
                for (int i = 0; i < n; i++) {
                    middle[i] = 0.5 * (settled.get(k)[i] + settled.get(j)[i]);
                }
                starts.add(middle);
            }
        }
        return starts;
    }

    /** A random corner of the cube, or a normally distributed state if there is no cube. */
    private double[] corner(RandomStream random) {
        double[] state = new double[n];
        if (bounded) {
            for (int i = 0; i < n; i++) {
                state[i] = random.nextInt(2) == 0 ? least : 1.0;
            }
        } else {
            int from = random.nextInt(states.length / n);
            System.arraycopy(states, from * n, state, 0, n);
            random.addGaussian(state, 0, n, 1.0 + extent);
        }
        return state;
    }

    private double[] mirrored(double[] state) {
        double[] mirror = new double[n];
        double sum = map.phi == Activation.SIGMOID ? 1.0 : 0.0;
        for (int i = 0; i < n; i++) {
            mirror[i] = sum - state[i];
        }
        return mirror;
    }

    private static boolean finite(double[] state) {
        for (double value : state) {
            if (!(Math.abs(value) < 1e100)) {
                return false;
            }
        }
        return true;
    }

    /** Descends from states, and adds the fixed points that this leads to. */
    private void searchFrom(List<double[]> starts) {
        double[] h = new double[starts.size() * n];
        for (int k = 0; k < starts.size(); k++) {
            System.arraycopy(starts.get(k), 0, h, k * n, n);
        }
        new SpeedMinimizer(map, starts.size(), h, NEAR, Math.min(3 * n, 200)).run();
        for (int k = 0; k < starts.size(); k++) {
            addFixed(row(h, k), 0);
        }
        further += starts.size();
        addMirrorImages();
    }

    /**
     * Searches until all are found, or the sum of the indices is right and no new point appears, or the effort is
     * spent; returns whether all are proved found.
     *
     * @param missed whether a point was found since that the seeds missed
     */
    private boolean goOn(boolean missed) {
        if (exhaustive && proveComplete()) {
            return true;
        }
        if (!bounded) {
            return false;
        }
        RandomStream random = new RandomStream(options.seed(), Purpose.of("fixed-point-rounds"), 0);
        boolean more = missed;
        for (int round = 0; round < FixedPoints.ROUNDS && (more || incomplete()); round++) {
            int before = found.size();
            searchFrom(round(random));
            more = found.size() > before;
        }
        double each = (n + 1.0) * (n + 1.0) * (n + 1.0);
        int budget = (int) Math.min(100_000, FixedPoints.FIBER_EFFORT / each);
        while (fibers < FixedPoints.FIBERS && budget >= WORTH_A_FIBER && incomplete()) {
            budget = followFibers(budget);
        }
        return false;
    }

    /** Whether all indices are known and their sum is wrong. */
    private boolean incomplete() {
        int sum = 0;
        for (Found f : found) {
            int index = index(f);
            if (index == 0) {
                return false;
            }
            sum += index;
        }
        return sum != 1;
    }

    /** Starts derived from the points found so far, and some random ones. */
    private List<double[]> round(RandomStream random) {
        int count = Math.min(MOST_ROUND, Math.max(LEAST_ROUND, options.seeds() / 2));
        List<double[]> starts = new ArrayList<>();
        for (int k = 0; k < count; k++) {
            double[] start = corner(random);
            if (k % 4 == 0 || found.isEmpty()) {
                // Rates of a saturated state, or of any state in the cube.
                boolean saturated = random.nextInt(2) == 0;
                for (int i = 0; i < n; i++) {
                    start[i] = saturated ? start[i] : least + (1.0 - least) * random.nextDouble();
                }
                if (saturated) {
                    map.apply(1, start, 0, new double[n], 0, start);
                }
            } else {
                double[] a = found.get(random.nextInt(found.size())).state;
                double[] b = found.get(random.nextInt(found.size())).state;
                double[] c = found.get(random.nextInt(found.size())).state;
                double[] mirror = mirrored(a);
                for (int i = 0; i < n; i++) {
                    double value = switch (k % 4) {
                        case 1 -> 0.5 * (a[i] + b[i]);
                        case 2 -> a[i] + b[i] - c[i];
                        default -> 0.5 * (mirror[i] + b[i]);
                    };
                    start[i] = Math.max(least, Math.min(1.0, value));
                }
                random.addGaussian(start, 0, n, 0.1 * options.noiseSd());
            }
            starts.add(start);
        }
        return starts;
    }

    /**
     * Follows the curves in one direction: the main one, and those through listed points that no curve so far contains.
     */
    private int followFibers(int budget) {
        RandomStream random = new RandomStream(options.seed(), Purpose.of("fixed-point-fibers"), fibers);
        double[] c = new double[n];
        random.fillGaussian(c, 0, n, 1.0);
        double square = 0.0;
        for (double value : c) {
            square = Fma.fma(value, value, square);
        }
        for (int i = 0; i < n; i++) {
            c[i] /= Math.sqrt(square);
        }
        fibers++;
        DirectionalFiber fiber = new DirectionalFiber(map, c, budget);
        Set<Found> met = new HashSet<>();
        fiber.main(state -> meet(met, state) != null);
        for (int k = 0; k < found.size() && fiber.budget() > 0; k++) {
            Found start = found.get(k);
            if (met.add(start) && start.lu != null) {
                fiber.through(start.state, state -> meet(met, state) == start);
            }
        }
        addMirrorImages();
        return fiber.budget();
    }

    /** The fixed point that Newton's method leads to; null if it leads to none. */
    private Found meet(Set<Found> met, double[] state) {
        Found point = polished(state);
        if (point != null) {
            point = merged(point, 0);
            met.add(point);
        }
        return point;
    }

    /** Tries to prove that all are found, and finds missing ones; returns whether the proof worked. */
    private boolean proveComplete() {
        boolean complete = switch (map.phi) {
            case TANH, SIGMOID -> n <= BranchAndPrune.MOST_UNITS && branchAndPrune();
            case RELU, LEAKY_RELU -> n <= LinearRegions.MOST_UNITS && linearRegions();
            case IDENTITY -> found.size() == 1;
            case SOFTPLUS -> false;
        };
        // Certified points exist and are different from each other.
        return complete
                && found.stream()
                        .allMatch(f -> map.phi.hasKink() || certificate(f).isPresent());
    }

    private boolean branchAndPrune() {
        List<BranchAndPrune.Alone> known = new ArrayList<>();
        found.forEach(f -> addKnown(known, f));
        BranchAndPrune search = new BranchAndPrune(map);
        boolean complete = search.run(FixedPoints.MOST_BOXES, known, state -> {
            Found point = polished(state);
            int before = found.size();
            if (point != null && merged(point, 0) == point && found.size() > before) {
                addKnown(known, point);
            }
        });
        boxes = search.boxes();
        return complete;
    }

    private void addKnown(List<BranchAndPrune.Alone> known, Found f) {
        certificate(f).ifPresent(
                c -> known.add(new BranchAndPrune.Alone(f.state, c.radius(), c.uniqueWithin())));
    }

    private boolean linearRegions() {
        boxes = 1 << n;
        LinearRegions regions = new LinearRegions(map, 1);
        boolean complete = regions.run(state -> {
            if (!(map.residual(state) <= FixedPoints.MAX_RESIDUAL)) {
                return false;
            }
            Found point = polished(state);
            return point != null && !merged(point, 0).continuum;
        });
        // Points closer than the merging distance count as one; then the list isn't all of them.
        return complete && regions.solutions() == found.size();
    }

    /**
     * Polishes a state if it is slow enough and adds it to the fixed points, or counts it for the point that it leads
     * to; returns false if it leads to none.
     */
    private boolean addFixed(double[] state, int seeds) {
        if (!(speed(state) <= map.alpha * NEAR)) {
            return false;
        }
        List<Found> nearest = new ArrayList<>(found);
        nearest.sort(Comparator.comparingDouble(f -> ConstantMap.distance(f.state, 0, state, 0, n)));
        for (Found other : nearest.subList(0, Math.min(2, nearest.size()))) {
            if (other.lu != null && solver.leadsTo(other.state, other.lu, state, options.mergeDistance())) {
                other.seeds += seeds;
                return true;
            }
        }
        Found point = polished(state);
        if (point == null) {
            return false;
        }
        merged(point, seeds);
        return true;
    }

    /** The fixed point that Newton's method leads to, not yet listed; null if it leads to none. */
    private Found polished(double[] state) {
        OrbitSolver.Solution solution = solver.solve(1, state);
        boolean polished = solution.residual() <= FixedPoints.MAX_RESIDUAL;
        Found point = new Found();
        point.state = polished ? solution.states() : state;
        point.lu = solution.lu();
        double[] zero = new double[n];
        if (map.residual(zero) == 0.0
                && ConstantMap.distance(point.state, 0, zero, 0, n) <= FixedPoints.TELLING
                && relation(zero, point.state) == Relation.SAME) {
            point.state = zero;
        }
        point.residual = map.residual(point.state);
        return point.residual <= FixedPoints.MAX_RESIDUAL ? point : null;
    }

    /** The listed point that equals a fixed point; a new point is listed and returned. */
    private Found merged(Found point, int seeds) {
        for (Found other : found) {
            if (ConstantMap.distance(other.state, 0, point.state, 0, n) <= options.mergeDistance()) {
                other.seeds += seeds;
                return other;
            }
        }
        for (Found other : found) {
            Relation relation = relation(other.state, point.state);
            if (relation == Relation.APART) {
                continue;
            }
            other.seeds += seeds;
            other.continuum |= relation == Relation.CONTINUUM;
            if (!other.continuum && point.residual < other.residual) {
                // Keeps the better of two estimates of a degenerate point.
                other.state = point.state;
                other.residual = point.residual;
                other.lu = point.lu;
                other.certificate = null;
                other.multipliers = null;
            }
            return other;
        }
        point.seeds = seeds;
        found.add(point);
        return point;
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
        if (!(q <= options.slowBound())) {
            return false;
        }
        for (Found other : slow) {
            if (ConstantMap.distance(other.state, 0, state, 0, n) <= FixedPoints.SLOW_MERGE) {
                other.seeds++;
                return true;
            }
        }
        Found point = new Found();
        point.state = state;
        point.q = q;
        point.seeds = 1;
        slow.add(point);
        return true;
    }

    /** How two states with small |F(h) - h| are related. */
    private Relation relation(double[] a, double[] b) {
        double distance = ConstantMap.distance(a, 0, b, 0, n);
        if (distance <= options.mergeDistance()) {
            return Relation.SAME;
        }
        double[] direction = new double[n];
        for (int i = 0; i < n; i++) {
            direction[i] = (b[i] - a[i]) / distance;
        }
        boolean joined = true;
        boolean straight = true;
        for (double t : new double[] {0.5, 0.25, 0.75}) {
            double[] between = along(a, direction, t * distance);
            straight = straight && map.residual(between) <= FixedPoints.MAX_RESIDUAL;
            joined = joined
                    && (straight
                            || (smooth
                                    && distance <= CURVED
                                    && map.residual(corrected(between, direction)) <= FixedPoints.MAX_RESIDUAL));
        }
        if (!joined) {
            return Relation.APART;
        }
        double[] middle = along(a, direction, 0.5 * distance);
        if (!smooth) {
            return neutral(middle, direction) ? Relation.CONTINUUM : Relation.SAME;
        }
        if (distance >= FixedPoints.TELLING) {
            return Relation.CONTINUUM;
        }
        for (double side : new double[] {1.0, -1.0}) {
            boolean goesOn = true;
            for (double t : new double[] {0.5, 1.0}) {
                double[] state = along(middle, direction, side * t * FixedPoints.TELLING);
                double[] across = corrected(state, direction);
                goesOn = goesOn
                        && map.residual(across) <= FixedPoints.MAX_RESIDUAL
                        && ConstantMap.distance(state, 0, across, 0, n) <= 0.5 * FixedPoints.TELLING;
            }
            if (goesOn) {
                return Relation.CONTINUUM;
            }
        }
        return Relation.SAME;
    }

    private double[] along(double[] from, double[] direction, double length) {
        double[] state = new double[n];
        for (int i = 0; i < n; i++) {
            state[i] = from[i] + length * direction[i];
        }
        return state;
    }

    /**
     * Newton's method across a direction: minimises |g|, except its part along the direction, without moving along it.
     */
    private double[] corrected(double[] state, double[] direction) {
        int m = n + 1;
        double[] h = state.clone();
        for (int step = 0; step < 5; step++) {
            double[] rates = new double[n];
            map.apply(1, h, 0, new double[n], 0, rates);
            double[] a = new double[m * m];
            double[] right = new double[m];
            double[] df = new double[n * n];
            map.jacobian(rates, 0, df);
            double largest = 0.0;
            for (int i = 0; i < n; i++) {
                for (int j = 0; j < n; j++) {
                    a[i * m + j] = (df[i * n + j] - (i == j ? 1.0 : 0.0)) / map.alpha;
                }
                a[i * m + n] = direction[i];
                a[n * m + i] = direction[i];
                right[i] = h[i] - rates[i];
                largest = Math.max(largest, Math.abs(right[i]));
            }
            double[] down = largest > 1e-14 ? new Lu(m, a).solve(right) : null;
            if (down == null) {
                break;
            }
            for (int i = 0; i < n; i++) {
                h[i] += down[i];
            }
        }
        return h;
    }

    /** Whether Dg has the eigenvalue 0, up to rounding, in about this direction. */
    private boolean neutral(double[] state, double[] direction) {
        double[] rates = new double[n];
        map.apply(1, state, 0, new double[n], 0, rates);
        double[] dg = new double[n * n];
        map.jacobian(rates, 0, dg);
        for (int i = 0; i < n; i++) {
            dg[i * n + i] -= 1.0;
        }
        // Inverse iteration: one step turns the direction into the neutral one up to rounding, if there is one.
        double[] v = new Lu(n, dg).solve(direction);
        v = v == null ? direction : v;
        double size = 0.0;
        double image = 0.0;
        double weights = 0.0;
        for (int i = 0; i < n; i++) {
            size = Math.max(size, Math.abs(v[i]));
            double sum = 0.0;
            double row = 0.0;
            for (int j = 0; j < n; j++) {
                sum = Fma.fma(dg[i * n + j], v[j], sum);
                row += Math.abs(dg[i * n + j]);
            }
            image = Math.max(image, Math.abs(sum));
            weights = Math.max(weights, row);
        }
        return image <= FixedPoints.NEUTRAL_SLOPE * map.alpha * (1.0 + weights / map.alpha) * size;
    }

    private void addMirrorImages() {
        if (!map.odd()) {
            return;
        }
        for (Found point : List.copyOf(found)) {
            double[] mirror = new double[n];
            for (int i = 0; i < n; i++) {
                mirror[i] = 0.0 - point.state[i];
            }
            Found image = null;
            for (Found other : found) {
                boolean same = ConstantMap.distance(other.state, 0, mirror, 0, n) <= options.mergeDistance();
                if (same || (point.continuum && relation(other.state, mirror) != Relation.APART)) {
                    image = other;
                    break;
                }
            }
            if (image == null) {
                image = new Found();
                image.state = mirror;
                image.residual = point.residual;
                image.lu = point.lu;
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
        List<Point> points = new ArrayList<>();
        for (Found f : found) {
            multipliers(f);
            points.add(new Point(
                    f.state,
                    f.residual,
                    map.output(f.state),
                    Optional.ofNullable(f.multipliers),
                    certificate(f),
                    index(f),
                    f.seeds / (double) options.seeds(),
                    distance(f.state),
                    distance(f.state) > options.outlierFactor() * extent,
                    f.mirrored,
                    f.continuum));
        }
        return List.copyOf(points);
    }

    private double[] jacobian(Found f) {
        double[] rates = new double[n];
        map.apply(1, f.state, 0, new double[n], 0, rates);
        double[] df = new double[n * n];
        map.jacobian(rates, 0, df);
        return df;
    }

    private void multipliers(Found f) {
        if (f.multipliers == null && f.twin != null && f.twin.multipliers != null) {
            f.multipliers = f.twin.multipliers;
        } else if (f.multipliers == null && spectra < options.spectra()) {
            f.multipliers = Multipliers.of(jacobian(f), n);
            spectra++;
        }
    }

    private Optional<Certificate> certificate(Found f) {
        if (f.certificate == null) {
            f.certificate = f.twin != null && f.twin.certificate != null ? f.twin.certificate : certified(f);
        }
        return f.certificate;
    }

    /** With A = (D W - I)^-1 = alpha (DF - I)^-1. */
    private Optional<Certificate> certified(Found f) {
        double[] df = jacobian(f);
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
        return certifier.certify(f.state, inverse);
    }

    /** The index from the certificate, else from the multipliers, else 0. */
    private int index(Found f) {
        int proved = f.continuum ? 0 : certificate(f).map(Certificate::index).orElse(0);
        if (proved != 0 || f.continuum || (map.phi.hasKink() && certificate(f).isEmpty())) {
            return proved;
        }
        multipliers(f);
        if (f.multipliers == null) {
            return 0;
        }
        int index = 1;
        for (int k = 0; k < f.multipliers.size(); k++) {
            double re = f.multipliers.re()[k];
            double im = f.multipliers.im()[k];
            if (StrictMath.hypot(re - 1.0, im) <= map.alpha * Multipliers.NEUTRAL) {
                return 0;
            }
            index = im == 0.0 && re > 1.0 ? -index : index;
        }
        return index;
    }

    private Completeness completeness(List<Point> points, boolean complete) {
        int sum = 0;
        int unknown = 0;
        boolean proved = true;
        for (Point p : points) {
            sum += p.index();
            unknown += p.index() == 0 ? 1 : 0;
            proved &= p.index() == 0 || p.certificate().map(c -> c.index() != 0).orElse(false);
        }
        OptionalInt expected = expectedSum(points);
        Verdict verdict = complete
                ? Verdict.COMPLETE
                : unknown > 0 || expected.isEmpty()
                        ? Verdict.UNDECIDED
                        : sum == expected.getAsInt() ? Verdict.INDEX_CONSISTENT : Verdict.KNOWN_INCOMPLETE;
        return new Completeness(verdict, sum, expected, unknown, proved, boxes, further, fibers);
    }

    private OptionalInt expectedSum(List<Point> points) {
        return switch (map.phi) {
            case TANH, SIGMOID -> OptionalInt.of(1);
            // For large states these two are as relu.
            case RELU, SOFTPLUS -> positiveWeightsContract() ? OptionalInt.of(1) : OptionalInt.empty();
            case LEAKY_RELU -> OptionalInt.empty();
            case IDENTITY ->
                points.size() == 1 && points.get(0).index() != 0
                        ? OptionalInt.of(points.get(0).index())
                        : OptionalInt.empty();
        };
    }

    /**
     * Whether the spectral radius of max(W_rec, 0) is below 1. It is if the matrix makes every entry of some positive v
     * smaller.
     */
    private boolean positiveWeightsContract() {
        double[] w = map.weights();
        double[] v = new double[n];
        Arrays.fill(v, 1.0);
        for (int step = 0; step < 1000; step++) {
            double[] next = new double[n];
            boolean shrinks = true;
            for (int i = 0; i < n; i++) {
                for (int j = 0; j < n; j++) {
                    next[i] += Math.max(w[i * n + j], 0.0) * v[j];
                }
                // Covers the rounding of the sum.
                shrinks &= next[i] * (1.0 + 4e-16 * (n + 2)) < v[i];
            }
            if (shrinks) {
                return true;
            }
            double largest = 0.0;
            for (int i = 0; i < n; i++) {
                v[i] = next[i] + 1.0;
                largest = Math.max(largest, v[i]);
            }
            if (!(largest < 1e9)) {
                return false;
            }
        }
        return false;
    }

    private SlowPoint slowPoint(Found f) {
        return new SlowPoint(
                f.state,
                f.q,
                map.output(f.state),
                f.seeds / (double) options.seeds(),
                distance(f.state),
                distance(f.state) > options.outlierFactor() * extent);
    }

    private double distance(double[] state) {
        return distance(states, state);
    }

    /** Euclidean distance of a state from the nearest of some rows of states. */
    static double distance(double[] states, double[] state) {
        int n = state.length;
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

    /** Root mean square distance of rows of N from their mean. */
    static double extent(double[] states, int n) {
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
