package attractor.analysis;

import attractor.kernel.Kernels;
import attractor.model.Form;
import attractor.model.Rnn;
import attractor.model.RnnShape;
import attractor.random.RandomStream;
import attractor.random.RandomStream.Purpose;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Fixed points and cycles of whole period under constant input, stable or not, period by period; complete, with proof, where
 * the network is small enough.
 *
 * <p><b>Units that are linear in pieces.</b> Each choice of the units that are on at each of p steps has one candidate, the
 * solution of a linear system. Up to N p = {@value LinearRegions#MOST_UNITS} all 2^(N p) choices are examined, and the list
 * is {@link Completeness#COMPLETE} unless rounding leaves one undecided. Beyond, from random choices and those that
 * orbits make, the candidate is solved for, and the choice that its own pre-activations make is tried next, until it repeats:
 * {@link Completeness#FOUND}.
 *
 * <p><b>Bounded units.</b> With alpha = 1, a cycle of period p is a fixed point of a network of N p units that are coupled in
 * a ring of p layers, and up to N p = {@value BranchAndPrune#MOST_UNITS} the interval search of {@link FixedPoints} finds them
 * all. Beyond, or with alpha below 1 and p above 1, Newton's method is started from random states and from states on orbits.
 *
 * <p>Every cycle that is listed has been checked: |F^p(h) - h| is at most 1e-9 of its size. Thread-safe as long as the
 * arrays are not modified; they are not copied. The same bits on every JDK and with all kernels except jblas.
 *
 * <p>Source of the search by regions: L. Eisenmann, Z. Monfared, N. Göring, D. Durstewitz, Bifurcations and loss jumps in
 * RNN training, NeurIPS 2023.
 *
 * @param cycles by period; each with the state from which it is written first
 * @param periods what is known for each period, from 1 on
 * @param options the options
 */
public record Cycles(List<Cycle> cycles, List<Period> periods, Options options) {
    private static final double SAME = 1e-7;
    private static final double RESIDUAL = 1e-9;
    private static final int ITERATIONS = 40;

    /** Whether there may be other cycles of a period. Immutable, safe for any thread. */
    public enum Completeness {
        /** It is proved that there are no others. */
        COMPLETE("complete"),
        /** The search found these; there may be others. */
        FOUND("found");

        private final String id;

        Completeness(String id) {
            this.id = id;
        }

        /** The name in files and summaries. */
        public String id() {
            return id;
        }
    }

    /**
     * A fixed point or cycle. Thread-safe as long as the arrays are not modified; they are not copied.
     *
     * @param period p
     * @param states p x N
     * @param outputs p x O
     * @param multipliers eigenvalues of DF^p
     */
    public record Cycle(int period, double[] states, double[] outputs, Multipliers multipliers) {}

    /**
     * A period. Immutable, safe for any thread.
     *
     * @param period p
     * @param completeness whether there may be others of prime period p
     * @param examined regions or boxes of a proof, otherwise starts of the search
     */
    public record Period(int period, Completeness completeness, int examined) {}

    /**
     * How to search. Thread-safe as long as the array is not modified; it is not copied.
     *
     * @param input constant input, I values; null for zeros
     * @param longest the longest period, at least 1
     * @param starts starts of a search for each period, at least 1
     * @param seed of the random numbers
     */
    public record Options(double[] input, int longest, int starts, long seed) {
        /** @throws IllegalArgumentException if a number is out of its range */
        public Options {
            if (longest < 1 || starts < 1) {
                throw new IllegalArgumentException("cycles: longest period " + longest + " and " + starts
                        + " starts, expected at least 1 of each");
            }
        }

        /** No input, periods up to 6, 200 starts (fewer above 50 units), seed 0. */
        public static Options of(Rnn rnn) {
            return new Options(null, 6, Math.max(20, Math.min(200, 10_000 / rnn.units())), 0);
        }

        /** These options with another constant input. */
        public Options withInput(double[] other) {
            return new Options(other, longest, starts, seed);
        }

        /** These options with another seed. */
        public Options withSeed(long other) {
            return new Options(input, longest, starts, other);
        }

        /** These options with another longest period. */
        public Options withLongest(int other) {
            return new Options(input, other, starts, seed);
        }
    }

    /**
     * Searches.
     *
     * @param rnn Not modified.
     * @throws IllegalArgumentException if the input has a wrong length, or a parameter isn't finite
     * @throws IllegalStateException without EJML on the class path
     */
    public static Cycles of(Rnn rnn, Options options) {
        Ejml.require();
        return new Search(rnn, options, true).run();
    }

    /** The same without proofs, so that the search itself can be tested. */
    static Cycles withoutProof(Rnn rnn, Options options) {
        return new Search(rnn, options, false).run();
    }

    /** The cycles of one period. */
    public List<Cycle> of(int period) {
        return cycles.stream().filter(c -> c.period == period).toList();
    }

    /** The working data of one search. */
    private static final class Search {
        private final Rnn rnn;
        private final Options options;
        private final ConstantMap map;
        private final ConstantMap rates;
        private final OrbitSolver solver;
        private final int n;
        private final boolean pieces;
        private final boolean exhaustive;
        private final List<Cycle> found = new ArrayList<>();

        Search(Rnn rnn, Options options, boolean exhaustive) {
            this.exhaustive = exhaustive;
            this.rnn = rnn.fullRank();
            this.options = options;
            map = new ConstantMap(rnn, options.input, Kernels.get());
            rates = rnn.form() == Form.CURRENT ? map.rateForm() : map;
            solver = new OrbitSolver(map);
            n = map.n;
            pieces = !Double.isNaN(RegionSystem.slopeBelow(map.phi));
        }

        Cycles run() {
            List<Period> periods = new ArrayList<>();
            for (int p = 1; p <= options.longest; p++) {
                periods.add(pieces ? byRegions(p) : byFixedPoints(p));
            }
            return new Cycles(List.copyOf(found), List.copyOf(periods), options);
        }

        private Period byRegions(int p) {
            boolean linear = RegionSystem.slopeBelow(map.phi) == 1.0;
            if (linear) {
                boolean[] on = new boolean[n * p];
                RegionSystem system = new RegionSystem(rates, p);
                boolean only = system.solve(on) == RegionSystem.Outcome.CYCLE && add(p, own(p, system.states()));
                return new Period(p, only ? Completeness.COMPLETE : Completeness.FOUND, 1);
            }
            if (exhaustive && n * p <= LinearRegions.MOST_UNITS) {
                LinearRegions regions = new LinearRegions(rates, p);
                boolean complete =
                        regions.run(states -> add(p, own(p, states))) && regions.solutions() == statesOfPeriod(p);
                return new Period(p, complete ? Completeness.COMPLETE : Completeness.FOUND, 1 << (n * p));
            }
            RandomStream random = new RandomStream(options.seed, Purpose.of("cycles"), p);
            int starts = options.starts;
            double[] orbits = orbits(p);
            for (int k = 0; k < starts; k++) {
                boolean[] on = new boolean[n * p];
                if (k % 2 == 0) {
                    double[] orbit = rates.orbit(Arrays.copyOfRange(orbits, k * n, (k + 1) * n), p);
                    signs(orbit, p, on);
                } else {
                    for (int i = 0; i < on.length; i++) {
                        on[i] = random.nextInt(2) == 1;
                    }
                }
                follow(p, on);
            }
            return new Period(p, Completeness.FOUND, starts);
        }

        /** States on orbits of the rate form from random states, starts x N; the later ones after a longer time. */
        private double[] orbits(int p) {
            double[] h = Basins.randomRates(rnn, options.starts, options.seed + p);
            int third = options.starts / 3 * n;
            double[] later = Arrays.copyOfRange(h, third, h.length);
            rates.advance(later.length / n, later, 0, 20);
            System.arraycopy(later, 0, h, third, later.length);
            if (2 * third < h.length) {
                double[] latest = Arrays.copyOfRange(h, 2 * third, h.length);
                rates.advance(latest.length / n, latest, 0, 500);
                System.arraycopy(latest, 0, h, 2 * third, latest.length);
            }
            return h;
        }

        /** Which units are on at the steps from p states of the rate form; false if a pre-activation isn't finite. */
        private boolean signs(double[] orbit, int p, boolean[] on) {
            double[] z = preActivations(p, orbit);
            boolean finite = true;
            for (int k = 0; k < on.length; k++) {
                finite &= Double.isFinite(z[k]);
                on[k] = z[k] > 0.0;
            }
            return finite;
        }

        /** W h + W_in x + b_rec of states of the rate form. */
        private double[] preActivations(int rows, double[] h) {
            RnnShape shape = rnn.shape();
            double[] block = rnn.parameters();
            double[] x = map.input();
            double[] z = new double[rows * n];
            rates.timesW(rows, h, z);
            for (int k = 0; k < z.length; k++) {
                int i = k % n;
                double constant = block[shape.bRec().at(i, 0)];
                for (int j = 0; j < x.length; j++) {
                    constant += block[shape.wIn().at(i, j)] * x[j];
                }
                z[k] += constant;
            }
            return z;
        }

        /** Solves for the candidate of a choice, and goes on with the choice that it makes itself. */
        private void follow(int p, boolean[] first) {
            boolean[] on = first;
            for (int step = 0; step < ITERATIONS; step++) {
                double[] states = candidate(p, on);
                boolean[] own = new boolean[on.length];
                if (states == null || !signs(states, p, own)) {
                    return;
                }
                if (Arrays.equals(on, own)) {
                    add(p, own(p, states));
                    return;
                }
                on = own;
            }
        }

        /** The states of the cycle of the linear maps of a choice, p x N; null if there is no single one. */
        private double[] candidate(int p, boolean[] on) {
            double slope = RegionSystem.slopeBelow(map.phi);
            double[] w = rates.weights();
            double[] drive = preActivations(1, new double[n]);
            double[] total = new double[n * n];
            double[] shift = new double[n];
            MatrixProduct product = new MatrixProduct(map.kernels, n);
            double[] a = new double[n * n];
            for (int i = 0; i < n; i++) {
                total[i * n + i] = 1.0;
            }
            for (int t = 0; t < p; t++) {
                double[] moved = new double[n];
                for (int i = 0; i < n; i++) {
                    double gain = map.alpha * (on[t * n + i] ? 1.0 : slope);
                    moved[i] = (1.0 - map.alpha) * shift[i] + gain * drive[i];
                    for (int j = 0; j < n; j++) {
                        a[i * n + j] = gain * w[i * n + j];
                        moved[i] += a[i * n + j] * shift[j];
                    }
                    a[i * n + i] += 1.0 - map.alpha;
                }
                shift = moved;
                product.load(total);
                product.apply(n, a, 0, total, 0);
            }
            for (int k = 0; k < n * n; k++) {
                total[k] = (k % (n + 1) == 0 ? 1.0 : 0.0) - total[k];
            }
            double[] h = new Lu(n, total).solve(shift);
            if (h == null) {
                return null;
            }
            double[] states = Arrays.copyOf(h, p * n);
            for (int t = 1; t < p; t++) {
                for (int i = 0; i < n; i++) {
                    double gain = map.alpha * (on[(t - 1) * n + i] ? 1.0 : slope);
                    double z = drive[i];
                    for (int j = 0; j < n; j++) {
                        z += w[i * n + j] * states[(t - 1) * n + j];
                    }
                    states[t * n + i] = (1.0 - map.alpha) * states[(t - 1) * n + i] + gain * z;
                }
            }
            return states;
        }

        /** States of the network's own form for those of the rate form. */
        private double[] own(int p, double[] states) {
            return rnn.form() == Form.CURRENT ? preActivations(p, states) : states;
        }

        private Period byFixedPoints(int p) {
            double[] random = Basins.randomStates(rnn, options.input, Math.max(options.starts, 8), options.seed);
            boolean ring = exhaustive && p > 1 && map.alpha == 1.0 && n * p <= BranchAndPrune.MOST_UNITS;
            if ((exhaustive && p == 1) || ring) {
                Rnn layers = p == 1 ? rnn : ring(p);
                double[] states = p == 1 ? random : Basins.randomStates(layers, options.input, 64, options.seed);
                FixedPoints points = FixedPoints.of(
                        layers,
                        states,
                        FixedPoints.Options.of(layers).withInput(options.input).withSeed(options.seed));
                boolean listed = true;
                for (FixedPoints.Point point : points.points()) {
                    listed &= add(p, p == 1 ? point.state() : own(p, point.state()));
                }
                boolean complete = listed
                        && points.completeness().verdict() == FixedPoints.Verdict.COMPLETE
                        && points.points().size() == statesOfPeriod(p);
                return new Period(
                        p,
                        complete ? Completeness.COMPLETE : Completeness.FOUND,
                        complete ? points.completeness().boxes() : options.starts);
            }
            double[] settled = random.clone();
            map.advance(settled.length / n, settled, 0, 500);
            for (int k = 0; k < options.starts; k++) {
                double[] from = k % 2 == 0 ? random : settled;
                add(
                        p,
                        solver.solve(p, Arrays.copyOfRange(from, k * n, (k + 1) * n))
                                .states());
            }
            return new Period(p, Completeness.FOUND, options.starts);
        }

        /** A network of the rate form whose layer t + 1 is driven by layer t: its fixed points are the cycles. */
        private Rnn ring(int p) {
            RnnShape from = rnn.shape();
            RnnShape shape = new RnnShape(from.inputs(), n * p, 1);
            double[] block = new double[shape.parameters()];
            double[] own = rnn.parameters();
            for (int t = 0; t < p; t++) {
                int next = (t + 1) % p * n;
                for (int i = 0; i < n; i++) {
                    for (int j = 0; j < n; j++) {
                        block[shape.wRec().at(next + i, t * n + j)] =
                                own[from.wRec().at(i, j)];
                    }
                    for (int j = 0; j < from.inputs(); j++) {
                        block[shape.wIn().at(t * n + i, j)] = own[from.wIn().at(i, j)];
                    }
                    block[shape.bRec().at(t * n + i, 0)] = own[from.bRec().at(i, 0)];
                }
            }
            return new Rnn(shape, rnn.activation(), rnn.dtMs(), rnn.tauMs(), true, block);
        }

        /** Lists a cycle if it is one of prime period p and new; returns whether it or a part of it is listed. */
        private boolean add(int p, double[] candidate) {
            double[] states = polished(p, candidate);
            if (states == null) {
                return false;
            }
            double size = 1.0;
            for (double x : states) {
                size = Math.max(size, Math.abs(x));
            }
            for (int d = 1; d < p; d++) {
                if (p % d == 0 && ConstantMap.distance(states, d * n, states, 0, n) <= SAME * size) {
                    return contains(d, states, size);
                }
            }
            if (contains(p, states, size)) {
                return true;
            }
            states = fromGreatest(p, states);
            found.add(new Cycle(p, states, map.outputs(p, states, 0), Multipliers.of(solver.jacobian(p, states), n)));
            return true;
        }

        /** Number of states that F^p maps to themselves, by the list; with fewer than were proved the list took some for one. */
        private int statesOfPeriod(int p) {
            return found.stream()
                    .mapToInt(Cycle::period)
                    .filter(d -> p % d == 0)
                    .sum();
        }

        private double[] polished(int p, double[] candidate) {
            for (double x : candidate) {
                if (!(Math.abs(x) < 1e100)) {
                    return null;
                }
            }
            double[] first = Arrays.copyOf(candidate, n);
            double[] start = map.orbit(first, p + 1);
            double size = 1.0;
            for (double x : start) {
                size = Math.max(size, Math.abs(x));
            }
            double before = ConstantMap.distance(start, p * n, start, 0, n);
            if (before <= 1e-14 * size) {
                return Arrays.copyOf(start, p * n);
            }
            OrbitSolver.Solution solution = solver.solve(p, first);
            if (solution.residual() <= Math.min(RESIDUAL * size, before)
                    && (!pieces || ConstantMap.distance(solution.states(), 0, first, 0, n) <= 1e-3 * size)) {
                return solution.states();
            }
            return before <= RESIDUAL * size ? Arrays.copyOf(start, p * n) : null;
        }

        private boolean contains(int p, double[] states, double size) {
            for (Cycle cycle : found) {
                for (int t = 0; t < p && cycle.period == p; t++) {
                    if (ConstantMap.distance(cycle.states, t * n, states, 0, n) <= SAME * size) {
                        return true;
                    }
                }
            }
            return false;
        }

        /** Begins with the state whose first entry that differs between states is largest, so that the start is no chance. */
        private double[] fromGreatest(int p, double[] states) {
            int best = 0;
            for (int t = 1; t < p; t++) {
                for (int i = 0; i < n; i++) {
                    double d = states[t * n + i] - states[best * n + i];
                    if (Math.abs(d) > 1e-6) {
                        best = d > 0.0 ? t : best;
                        break;
                    }
                }
            }
            double[] turned = new double[p * n];
            for (int t = 0; t < p; t++) {
                System.arraycopy(states, (best + t) % p * n, turned, t * n, n);
            }
            return turned;
        }
    }
}
