package attractor.analysis;

import attractor.analysis.Attractors.Attractor;
import attractor.analysis.Attractors.Curve;
import attractor.analysis.Attractors.Kind;
import attractor.analysis.Attractors.OutputRange;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Lets states settle under constant input and tells on what: see {@link Attractors}. Not thread-safe. */
final class AttractorFinder {
    private static final int EXPONENTS = 4;
    private static final int FIRST_ROUND = 250;
    /** A Newton iteration is tried if the state returns this close, relative to its size. */
    private static final double RETURNS = 1e-6;
    /** Largest distance between a state and the orbit that the iteration finds from it. */
    private static final double NEARBY = 1e-3;

    private static final double SAME_ORBIT = 1e-6;
    /**
     * Limits for the residual of invariance, relative to the radius: convincing by itself, and good enough together
     * with the exponents.
     */
    private static final double CONVINCING = 1e-6;

    private static final double GOOD = 1e-3;
    private static final double HARDLY = 0.05;
    private static final int CURVE_LENGTH = 4096;
    private static final int LONGEST_ORBIT = 1 << 16;
    /** Largest number of values in an orbit, 64 MB. */
    private static final long LARGEST_ORBIT = 8L << 20;

    /** Number of steps after which a curve is looked for. */
    private static final int CURVE_AFTER = 2000;

    private static final int MAX_CURVES = 8;
    private static final int LONGEST_PERIOD = 512;
    private static final double DRIFT = 0.05;
    private static final int STATISTICS_STEPS = 2000;
    private static final int SHORT_STEPS = 500;
    private static final double SAME_MEAN = 0.25;
    /** A short estimate of an exponent means chaos if it is this many tolerances above 0. */
    private static final double CLEARLY = 10.0;

    private static final double DIVERGED = 1e100;

    private final ConstantMap map;
    private final int n;
    private final Attractors.Options options;
    private final OrbitSolver solver;
    private final List<Known> known = new ArrayList<>();

    /** An attractor, with what is needed to recognise it. */
    private record Known(Attractor attractor, Lu lu, ClosedCurve curve, double[] mean, double spread) {}

    /** Where a state settled: the attractor, and the number of steps after which it was found there. */
    record Settled(int attractor, int steps) {}

    AttractorFinder(ConstantMap map, Attractors.Options options) {
        this.map = map;
        n = map.n;
        this.options = options;
        solver = new OrbitSolver(map);
    }

    List<Attractor> attractors() {
        return known.stream().map(Known::attractor).toList();
    }

    /**
     * Lets states settle. Attractors found before are recognised.
     *
     * @param rows number of states, which are examined in their order
     * @param start rows x N. Not modified.
     */
    Settled[] settle(int rows, double[] start) {
        return settle(rows, start, rows);
    }

    /**
     * Lets states settle.
     *
     * @param rows number of states, which are examined in their order
     * @param start rows x N. Not modified.
     * @param patience after so many states in a row whose exponents say that they haven't settled, further states that
     *     are on nothing known count as not settled, without their exponents, which take far longer than everything else
     */
    Settled[] settle(int rows, double[] start, int patience) {
        Settled[] settled = new Settled[rows];
        double[] h = start.clone();
        int[] active = new int[rows];
        Arrays.setAll(active, k -> k);
        int count = rows;
        int steps = 0;
        for (int goal = Math.min(FIRST_ROUND, options.settleSteps()); count > 0; goal = next(goal)) {
            map.advance(count, h, 0, goal - steps);
            steps = goal;
            boolean curveTried = steps < CURVE_AFTER;
            int left = 0;
            for (int a = 0; a < count; a++) {
                double[] state = Arrays.copyOfRange(h, a * n, (a + 1) * n);
                int found = recognise(state);
                found = found < 0 ? diverged(state) : found;
                found = found < 0 ? periodic(state, options.maxPeriod()) : found;
                if (found < 0 && !curveTried) {
                    curveTried = true;
                    found = curve(state);
                }
                if (found >= 0) {
                    settled[active[a]] = new Settled(found, steps);
                } else {
                    active[left] = active[a];
                    System.arraycopy(state, 0, h, left++ * n, n);
                }
            }
            count = left;
            if (steps >= options.settleSteps()) {
                break;
            }
        }
        double[] exponents = null;
        int unsettled = 0;
        for (int a = 0; a < count; a++) {
            double[] state = Arrays.copyOfRange(h, a * n, (a + 1) * n);
            int found = recognise(state);
            found = found < 0 ? likeKnown(state) : found;
            int chaos = first(Kind.CHAOS);
            if (found < 0 && chaos >= 0) {
                exponents = exponents == null ? Lyapunov.largest(map, count, h, STATISTICS_STEPS) : exponents;
                found = exponents[a] > CLEARLY * options.exponentTolerance() ? chaos : -1;
            }
            if (found < 0) {
                found = unsettled < patience ? wandering(state) : only(Kind.UNSETTLED);
                unsettled = known.get(found).attractor.kind() == Kind.UNSETTLED ? unsettled + 1 : 0;
            }
            settled[active[a]] = new Settled(found, steps);
        }
        return settled;
    }

    /** Index of the first attractor of a kind, or -1. */
    private int first(Kind kind) {
        for (int k = 0; k < known.size(); k++) {
            if (known.get(k).attractor.kind() == kind) {
                return k;
            }
        }
        return -1;
    }

    private int next(int goal) {
        return (int) Math.min(2L * goal, options.settleSteps());
    }

    private static double size(double[] a) {
        double max = 0.0;
        for (double value : a) {
            max = Math.max(max, Math.abs(value));
        }
        return max;
    }

    /**
     * Index of the known attractor that a state is on, -1 if on none. Chaos and tori can't be recognised from a state.
     */
    private int recognise(double[] state) {
        double scale = 1.0 + size(state);
        for (int k = 0; k < known.size(); k++) {
            Known candidate = known.get(k);
            if (candidate.curve != null) {
                // A state that only passes an unstable attractor isn't on it.
                boolean unstable = candidate.attractor.exponents()[0] > options.exponentTolerance();
                double close = (unstable ? 1e-9 : 1e-4) * candidate.curve.radius;
                double tolerance = Math.max(close, 10.0 * candidate.curve.error);
                if (candidate.curve.error <= GOOD * candidate.curve.radius
                        && candidate.curve.distance(state) <= tolerance) {
                    return k;
                }
            } else if (candidate.attractor.multipliers().isPresent()) {
                double distance = distance(candidate.attractor.states(), state);
                boolean stays = candidate.attractor.stable()
                        || returnDistance(state, candidate.attractor.period()) <= 1e-15 * scale;
                if (distance <= SAME_ORBIT * scale && stays) {
                    return k;
                }
            }
        }
        return -1;
    }

    private double distance(double[] orbit, double[] state) {
        double nearest = Double.POSITIVE_INFINITY;
        for (int from = 0; from < orbit.length; from += n) {
            nearest = Math.min(nearest, ConstantMap.distance(orbit, from, state, 0, n));
        }
        return nearest;
    }

    private double returnDistance(double[] state, int p) {
        double[] h = state.clone();
        map.advance(1, h, 0, p);
        return ConstantMap.distance(h, 0, state, 0, n);
    }

    private int diverged(double[] state) {
        if (size(state) < DIVERGED) {
            return -1;
        }
        return only(Kind.DIVERGING);
    }

    /** The single entry of a kind that has no further properties. */
    private int only(Kind kind) {
        int before = first(kind);
        if (before >= 0) {
            return before;
        }
        List<OutputRange> none = new ArrayList<>();
        for (int o = 0; o < map.outputs; o++) {
            none.add(new OutputRange(Double.NaN, Double.NaN, Double.NaN, Double.NaN, Double.NaN));
        }
        return add(new Known(
                new Attractor(
                        kind,
                        0,
                        new double[0],
                        List.copyOf(none),
                        Optional.empty(),
                        Optional.empty(),
                        Double.NaN,
                        new double[0]),
                null,
                null,
                null,
                0.0));
    }

    private int add(Known found) {
        known.add(found);
        return known.size() - 1;
    }

    /**
     * Adds the fixed point or orbit that a state has reached, with a period up to a limit; -1 if it has reached none.
     */
    private int periodic(double[] state, int longest) {
        double scale = 1.0 + size(state);
        double[] orbit = map.orbit(state, longest + 1);
        int p = 1;
        while (p <= longest && !(ConstantMap.distance(orbit, p * n, state, 0, n) <= RETURNS * scale)) {
            p++;
        }
        if (p > longest) {
            return -1;
        }
        double returned = ConstantMap.distance(orbit, p * n, state, 0, n);
        for (int k = 0; k < known.size(); k++) {
            Known candidate = known.get(k);
            boolean near = p == 1
                    && candidate.lu != null
                    && candidate.attractor.stable()
                    && ConstantMap.distance(candidate.attractor.states(), 0, state, 0, n) <= NEARBY * scale;
            if (near && solver.leadsTo(candidate.attractor.states(), candidate.lu, state, 1e-9 * scale)) {
                return k;
            }
        }
        OrbitSolver.Solution solution = solver.solve(p, state);
        double[] states = solution.states();
        boolean solved = solution.residual() <= FixedPoints.MAX_RESIDUAL * scale
                && ConstantMap.distance(states, 0, state, 0, n) <= NEARBY * scale;
        if (!solved) {
            // Where DF^p has the eigenvalue 1, Newton's method may fail at a point that is already accurate enough.
            if (!(returned <= FixedPoints.MAX_RESIDUAL * scale)) {
                return -1;
            }
            states = Arrays.copyOf(orbit, p * n);
        }
        p = primePeriod(states, p, scale);
        states = Arrays.copyOf(states, p * n);
        int same = recognise(Arrays.copyOf(states, n));
        if (same >= 0 && known.get(same).attractor.stable()) {
            return same;
        }
        Multipliers multipliers = Multipliers.of(solver.jacobian(p, states), n);
        boolean neutral = multipliers.unstable() == 0 && !multipliers.stable();
        boolean arrived = multipliers.stable()
                || (neutral && returned <= FixedPoints.MAX_RESIDUAL * scale)
                || returned <= 1e-15 * scale;
        if (!arrived) {
            return -1;
        }
        if (neutral && DirectionalFiber.bounded(map.phi) && !solver.continues(p, states)) {
            // Not one orbit of many, though F^p(h) - h is below what double precision tells: only a state that is near
            // a
            // degenerate orbit, as near h = 0 if W_rec has the eigenvalue -1. Of half the period the orbit isn't
            // degenerate.
            if (p % 2 == 0 && near(states, p / 2, NEARBY * scale)) {
                OrbitSolver.Solution half = solver.solve(p / 2, middle(states, p / 2));
                boolean there = half.residual() <= FixedPoints.MAX_RESIDUAL * scale
                        && ConstantMap.distance(half.states(), 0, state, 0, n) <= SAME_ORBIT * scale;
                return there ? addPeriodic(half, half.states(), p / 2) : -1;
            }
            if (returned > 4.0 * Math.ulp(size(state))) {
                return -1;
            }
        }
        return addPeriodic(solution, states, p);
    }

    /** Whether a state returns up to rounding and yet is on no orbit: it moves along one direction, too slowly to tell. */
    private boolean creeps(double[] state) {
        double[] orbit = map.orbit(state, options.maxPeriod() + 1);
        for (int p = 1; p <= options.maxPeriod(); p++) {
            if (ConstantMap.distance(orbit, p * n, state, 0, n) <= FixedPoints.MAX_RESIDUAL) {
                return true;
            }
        }
        return false;
    }

    /** Whether half a period leads nearly back. */
    private boolean near(double[] states, int half, double distance) {
        return ConstantMap.distance(states, 0, states, half * n, n) <= distance;
    }

    private double[] middle(double[] states, int half) {
        double[] middle = new double[n];
        for (int i = 0; i < n; i++) {
            middle[i] = 0.5 * (states[i] + states[half * n + i]);
        }
        return middle;
    }

    private int addPeriodic(OrbitSolver.Solution solution, double[] states, int p) {
        int same = recognise(Arrays.copyOf(states, n));
        if (same >= 0) {
            return same;
        }
        Multipliers multipliers = Multipliers.of(solver.jacobian(p, states), n);
        Kind kind =
                p > 1 ? Kind.PERIODIC_ORBIT : multipliers.unstable() > 0 ? Kind.UNSTABLE_FIXED_POINT : Kind.FIXED_POINT;
        return add(new Known(
                new Attractor(
                        kind,
                        p,
                        states,
                        periodicOutputs(p, states),
                        Optional.of(multipliers),
                        Optional.empty(),
                        hertz(strongest(states, 0, p, n, n)[0]),
                        multipliers.exponents(p, EXPONENTS)),
                p == 1 ? solution.lu() : null,
                null,
                null,
                0.0));
    }

    private int primePeriod(double[] states, int p, double scale) {
        for (int d = 1; d < p; d++) {
            if (p % d == 0 && ConstantMap.distance(states, d * n, states, 0, n) <= 1e-9 * scale) {
                return d;
            }
        }
        return p;
    }

    private List<OutputRange> periodicOutputs(int p, double[] states) {
        double[] y = map.outputs(p, states, 0);
        List<OutputRange> ranges = new ArrayList<>();
        for (int o = 0; o < map.outputs; o++) {
            double[] line = strongest(y, o, p, map.outputs, 1);
            ranges.add(range(y, o, p, line[0], line[1]));
        }
        return List.copyOf(ranges);
    }

    /** Frequency per step and amplitude of the strongest line in series of one period; NaN and 0 if p is 1. */
    private static double[] strongest(double[] series, int offset, int p, int stride, int channels) {
        double best = 0.0;
        double frequency = Double.NaN;
        for (int k = 1; 2 * k <= p; k++) {
            double[][] z = FrequencyEstimation.phasor(k / (double) p, p);
            double power = 0.0;
            for (int i = 0; i < channels; i++) {
                double re = 0.0;
                double im = 0.0;
                for (int t = 0; t < p; t++) {
                    re += series[offset + t * stride + i] * z[0][t];
                    im += series[offset + t * stride + i] * z[1][t];
                }
                power += re * re + im * im;
            }
            double amplitude = (2 * k == p ? 1.0 : 2.0) * Math.sqrt(power) / p;
            if (amplitude > best) {
                best = amplitude;
                frequency = k / (double) p;
            }
        }
        return new double[] {frequency, best};
    }

    private double hertz(double perStep) {
        return 1000.0 * perStep / map.rnn.dtMs();
    }

    /** @param lines whether the spectrum has lines */
    private List<OutputRange> wanderingOutputs(double[] orbit, boolean lines) {
        double[] y = map.outputs(CURVE_LENGTH, orbit, 0);
        List<OutputRange> ranges = new ArrayList<>();
        for (int o = 0; o < map.outputs; o++) {
            double frequency =
                    lines ? FrequencyEstimation.strongestLine(y, o, CURVE_LENGTH, map.outputs, 1) : Double.NaN;
            double amplitude = Double.isNaN(frequency)
                    ? lines ? 0.0 : Double.NaN
                    : FrequencyEstimation.amplitude(y, o, CURVE_LENGTH, map.outputs, frequency);
            ranges.add(range(y, o, CURVE_LENGTH, frequency, amplitude));
        }
        return List.copyOf(ranges);
    }

    private OutputRange range(double[] y, int o, int length, double frequency, double amplitude) {
        double sum = 0.0;
        double min = Double.POSITIVE_INFINITY;
        double max = Double.NEGATIVE_INFINITY;
        for (int t = 0; t < length; t++) {
            double v = y[t * map.outputs + o];
            sum += v;
            min = Math.min(min, v);
            max = Math.max(max, v);
        }
        return new OutputRange(sum / length, min, max, hertz(frequency), amplitude);
    }

    /**
     * Adds the closed curve that a state is on, if its equation holds so well that no further test is needed; else -1.
     */
    private int curve(double[] state) {
        if (Lyapunov.largest(map, 1, state, SHORT_STEPS)[0]
                > CLEARLY * options.exponentTolerance() + 5.0 / SHORT_STEPS) {
            return -1;
        }
        ClosedCurve curve = bestCurve(state, 1);
        if (curve == null || !(curve.error <= CONVINCING * curve.radius)) {
            return -1;
        }
        Lyapunov.Run run = Lyapunov.run(map, state, EXPONENTS, options.exponentSteps());
        return run.exponents()[0] > options.exponentTolerance() ? -1 : addCurve(state, curve, run);
    }

    private int addCurve(double[] state, ClosedCurve curve, Lyapunov.Run run) {
        boolean hardly = !(curve.error <= HARDLY * curve.radius);
        Curve reported = new Curve(
                curve.curves, hardly ? Double.NaN : curve.rotation, curve.residual, curve.radius, curve.harmonics);
        // With a poor fit the distance of a state doesn't show whether it is on the curve, so mean states are compared.
        double spread = curve.error <= GOOD * curve.radius ? 0.0 : Math.max(run.spread()[0], run.spread()[1]);
        return add(new Known(
                attractor(Kind.CLOSED_CURVE, state, Optional.of(reported), run), null, curve, run.mean(), spread));
    }

    private Attractor attractor(Kind kind, double[] state, Optional<Curve> curve, Lyapunov.Run run) {
        double[] orbit = map.orbit(state, CURVE_LENGTH);
        boolean lines = kind != Kind.CHAOS;
        return new Attractor(
                kind,
                0,
                state.clone(),
                wanderingOutputs(orbit, lines),
                Optional.empty(),
                curve,
                lines ? hertz(FrequencyEstimation.strongestLine(orbit, 0, CURVE_LENGTH, n, n)) : Double.NaN,
                run.exponents());
    }

    private boolean fits(int length, int q) {
        return length <= LONGEST_ORBIT && (long) length * q * n <= LARGEST_ORBIT;
    }

    /**
     * The best fit to q curves. If the rotation number is close to a fraction with a small denominator, its lines can
     * be separated only in a long orbit.
     */
    private ClosedCurve bestCurve(double[] state, int q) {
        ClosedCurve best = ClosedCurve.fit(map, map.orbit(state, CURVE_LENGTH * q), q, CURVE_LENGTH);
        for (int length = 4 * CURVE_LENGTH; best != null && fits(length, q); length *= 4) {
            if (best.error <= CONVINCING * best.radius) {
                break;
            }
            ClosedCurve longer = ClosedCurve.fit(map, map.orbit(state, length * q), q, length);
            if (longer == null || !(longer.error < 0.5 * best.error)) {
                break;
            }
            best = longer;
        }
        return best;
    }

    /** A torus or poorly fitted curve whose mean state is like that of the orbit from here; -1 if there is none. */
    private int likeKnown(double[] state) {
        if (known.stream().noneMatch(k -> k.spread > 0.0)) {
            return -1;
        }
        double[] orbit = map.orbit(state, STATISTICS_STEPS);
        double[] mean = new double[n];
        for (int k = 0; k < orbit.length; k++) {
            mean[k % n] += orbit[k] / STATISTICS_STEPS;
        }
        double square = 0.0;
        for (int k = 0; k < orbit.length; k++) {
            double d = orbit[k] - mean[k % n];
            square += d * d;
        }
        double spread = Math.sqrt(square / STATISTICS_STEPS);
        for (int k = 0; k < known.size(); k++) {
            Known candidate = known.get(k);
            if (candidate.spread > 0.0
                    && euclidean(candidate.mean, mean) <= SAME_MEAN * candidate.spread
                    && Math.abs(spread - candidate.spread) <= SAME_MEAN * candidate.spread) {
                return k;
            }
        }
        return -1;
    }

    private static double euclidean(double[] a, double[] b) {
        double square = 0.0;
        for (int i = 0; i < a.length; i++) {
            square += (a[i] - b[i]) * (a[i] - b[i]);
        }
        return Math.sqrt(square);
    }

    /**
     * Adds the attractor of a state that has reached no fixed point, short orbit or clear curve in the time allowed.
     */
    private int wandering(double[] state) {
        if (creeps(state)) {
            return only(Kind.UNSETTLED);
        }
        double tolerance = options.exponentTolerance();
        Lyapunov.Run run = Lyapunov.run(map, state, EXPONENTS, options.exponentSteps());
        double[] exponents = run.exponents();
        if (exponents[0] < -tolerance) {
            int found = periodic(state, LONGEST_PERIOD);
            return found < 0 ? only(Kind.UNSETTLED) : found;
        }
        double spread = Math.max(run.spread()[0], run.spread()[1]);
        if (exponents[0] > tolerance) {
            ClosedCurve unstable = bestCurve(state, 1);
            if (unstable != null && unstable.error <= CONVINCING * unstable.radius) {
                return addCurve(state, unstable, run);
            }
            int chaos = first(Kind.CHAOS);
            if (chaos >= 0) {
                return chaos;
            }
            return add(new Known(attractor(Kind.CHAOS, state, Optional.empty(), run), null, null, run.mean(), 0.0));
        }
        if (Math.abs(run.spread()[0] - run.spread()[1]) > DRIFT * spread) {
            return only(Kind.UNSETTLED);
        }
        ClosedCurve best = null;
        for (int q = 1; q <= MAX_CURVES; q++) {
            ClosedCurve curve = bestCurve(state, q);
            if (curve != null && (best == null || curve.error < best.error)) {
                best = curve;
            }
            if (best != null && best.error <= GOOD * best.radius) {
                return addCurve(state, best, run);
            }
        }
        boolean torus = exponents.length > 1 && exponents[1] >= -tolerance;
        if (torus) {
            return add(new Known(attractor(Kind.TORUS, state, Optional.empty(), run), null, null, run.mean(), spread));
        }
        return best == null ? only(Kind.UNSETTLED) : addCurve(state, best, run);
    }
}
