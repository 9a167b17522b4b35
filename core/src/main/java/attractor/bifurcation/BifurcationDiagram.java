package attractor.bifurcation;

import attractor.analysis.Basins;
import attractor.analysis.FixedPoints;
import attractor.analysis.StateMap;
import attractor.io.Printable;
import attractor.model.Rnn;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Fixed points and cycles of a network along a parameter: branches, followed by pseudo-arclength continuation, with their
 * stability and their bifurcations.
 *
 * <p><b>Search.</b> At some values of the parameter, the slices (the ends of the range, its middle, and the network's own
 * value), fixed points are searched from seeds as {@link FixedPoints} does, and stable cycles by letting random
 * states settle. The curve through each is followed in both directions to the ends of the range. At a branch
 * point and at a period doubling the other curve is followed too. What no slice cuts and no bifurcation leads to isn't
 * found: a closed curve between slices, say.
 *
 * <p><b>Bifurcations.</b> The parameter is located to 1e-9 of the range and better, if the curve is smooth and the
 * multiplier crosses the unit circle with a slope that isn't tiny. For a map h' = F(h) with the multipliers mu of DF^p:
 *
 * <ul>
 *   <li>{@link Kind#FOLD}: mu = 1, the branch turns back;
 *   <li>{@link Kind#TRANSCRITICAL} and {@link Kind#PITCHFORK}: mu = 1, two branches cross; on one of a pitchfork the
 *       parameter has an extremum;
 *   <li>{@link Kind#PERIOD_DOUBLING}: mu = -1, a cycle of twice the period begins;
 *   <li>{@link Kind#NEIMARK_SACKER}: a pair exp(+-i theta), a closed curve begins, as stable as the
 *       branch was if the first Lyapunov coefficient is below 0;
 *   <li>{@link Kind#BORDER_COLLISION}: with units that are linear in pieces, the multipliers jump where a unit is switched
 *       on or off;
 *   <li>{@link Kind#DEGENERATE}: a multiplier crosses 1 in another way, as where two do so at once.
 * </ul>
 *
 * <p>Cost per place on a branch about 30 N^3 operations, and some thousand places are usual. The same bits on every JDK and
 * with all kernels except jblas. Thread-safe as long as the arrays are not modified; they are not copied. Sources: H. B.
 * Keller, Applications of Bifurcation Theory (1977), 359; Yu. Kuznetsov, Elements of Applied Bifurcation Theory (2004),
 * chapters 4, 9 and 10.
 *
 * @param from where the range begins
 * @param to where it ends
 * @param branches the branches, in the order in which they were found
 * @param bifurcations the bifurcations, by value of the parameter
 * @param truncated whether there were more branches than {@link Options#branches}
 * @param options the options of the search
 */
public record BifurcationDiagram(
        double from,
        double to,
        List<Branch> branches,
        List<Bifurcation> bifurcations,
        boolean truncated,
        Options options) {
    /** Steps after which a state is looked at whether it has reached a cycle, and how near it has to return. */
    private static final int SETTLE_STEPS = 2000;

    private static final double RETURNS = 1e-6;

    /** Kinds of bifurcations. Immutable, safe for any thread. */
    public enum Kind {
        /** Two fixed points or cycles meet and vanish. */
        FOLD("fold"),
        /** Two branches cross and exchange their stability. */
        TRANSCRITICAL("transcritical"),
        /** A branch splits into three. */
        PITCHFORK("pitchfork"),
        /** A cycle of twice the period begins. */
        PERIOD_DOUBLING("period doubling"),
        /** A closed curve begins. */
        NEIMARK_SACKER("Neimark-Sacker"),
        /** A unit that is linear in pieces is switched on or off. */
        BORDER_COLLISION("border collision"),
        /** A multiplier crosses 1 in another way. */
        DEGENERATE("degenerate");

        private final String words;

        Kind(String words) {
            this.words = words;
        }

        /** The name in files, such as {@code period_doubling}. */
        public String id() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** In words, as in summaries. */
        public String words() {
            return words;
        }
    }

    /**
     * On which side that exists which begins at a pitchfork, a period doubling or a Neimark-Sacker point. A fold has no
     * such sides: two branches end there. Immutable, safe for any thread.
     */
    public enum Side {
        /** Where the old branch has lost a direction of stability: what begins there may be stable. */
        SUPERCRITICAL,
        /** Where the old branch is the more stable one: what begins there is unstable. */
        SUBCRITICAL,
        /** Another kind of bifurcation, or undecided. */
        UNKNOWN
    }

    /** Why a branch ends. Immutable, safe for any thread. */
    public enum End {
        /** The end of the parameter's range. */
        RANGE("range"),
        /** Where it began. */
        CLOSED("closed"),
        /** The bifurcation with which it begins, or a period doubling of a shorter cycle. */
        BIFURCATION("bifurcation"),
        /** {@link Options#places}. */
        LIMIT("limit"),
        /** No further step could be made, as at a corner of a network that is linear in pieces. */
        STOPPED("stopped"),
        /** States beyond 1e6. */
        DIVERGED("diverged");

        private final String id;

        End(String id) {
            this.id = id;
        }

        /** The name in files. */
        public String id() {
            return id;
        }
    }

    /**
     * A branch: M places in their order along the curve. Thread-safe as long as the arrays are not modified; they are not
     * copied.
     *
     * @param period p; 1 for fixed points
     * @param values the parameter, M
     * @param states a state of each fixed point or cycle, M x N
     * @param outputs the outputs of all states of the cycle, M x p x O
     * @param unstable number of unstable directions, M
     * @param radius the largest modulus of the multipliers, M
     * @param origin index of the bifurcation with which the branch begins, -1 if it was found on a slice
     * @param begins why the branch's first place is the first
     * @param ends why its last place is the last
     */
    public record Branch(
            int period,
            double[] values,
            double[] states,
            double[] outputs,
            int[] unstable,
            double[] radius,
            int origin,
            End begins,
            End ends) {
        /** M. */
        public int size() {
            return values.length;
        }
    }

    /**
     * A bifurcation. Thread-safe as long as the arrays are not modified; they are not copied.
     *
     * @param kind its kind
     * @param side of a pitchfork, period doubling or Neimark-Sacker point
     * @param value the parameter
     * @param period of the cycle that bifurcates; 1 for a fixed point
     * @param state a state of that cycle, N
     * @param outputs the outputs of all states of the cycle, p x O
     * @param turns of a Neimark-Sacker point theta / (2 pi), the turn per p steps on the closed curve, 0 to 1/2; otherwise
     *     NaN
     * @param lyapunov of a Neimark-Sacker point the first Lyapunov coefficient, below 0 if it is supercritical, with an
     *     eigenvector of length 1; NaN at other bifurcations, at a strong resonance (theta a half, third or quarter of a
     *     turn), and in networks that are linear in pieces
     * @param before unstable directions before it, along the first of its branches
     * @param after unstable directions after it
     * @param branches the branches that pass through it or begin there
     */
    public record Bifurcation(
            Kind kind,
            Side side,
            double value,
            int period,
            double[] state,
            double[] outputs,
            double turns,
            double lyapunov,
            int before,
            int after,
            List<Integer> branches) {}

    /**
     * How to search. Immutable, safe for any thread.
     *
     * @param branches largest number of branches, at least 1
     * @param period largest period, at least 1
     * @param places largest number of places per branch, at least 10
     * @param step largest step along a curve, as a share of the range, above 0, at most 0.1
     * @param seeds states per slice from which fixed points and cycles are searched, at least 1
     * @param seed of the random numbers
     */
    public record Options(int branches, int period, int places, double step, int seeds, long seed) {
        /** 64 branches, periods up to 8, 4000 places, steps of 1/50, 128 seeds, seed 0. */
        public static final Options DEFAULT = new Options(64, 8, 4000, 0.02, 128, 0);

        /** @throws IllegalArgumentException if a number is out of its range */
        public Options {
            if (branches < 1 || period < 1 || places < 10 || seeds < 1) {
                throw new IllegalArgumentException("bifurcations: " + branches + " branches, period " + period + ", "
                        + Printable.count(places, "place") + " and " + Printable.count(seeds, "seed")
                        + ", expected at least 1, 1, 10 and 1");
            }
            if (!(step > 0.0 && step <= 0.1)) {
                throw new IllegalArgumentException(
                        "bifurcations: step is " + step + ", expected a number above 0, at most 0.1");
            }
        }
    }

    /** Is told how a search goes, on its thread. */
    public interface Progress {
        /** Does nothing. */
        Progress NONE = new Progress() {};

        /**
         * Called when fixed points and cycles have been searched at a value.
         *
         * @param value the parameter
         * @param found their number
         */
        default void searched(double value, int found) {}

        /**
         * Called when a branch has been followed.
         *
         * @param branches number of branches so far
         * @param bifurcations number of bifurcations so far
         */
        default void followed(int branches, int bifurcations) {}
    }

    /** A fixed point or cycle from which a search starts. */
    record Start(int period, double value, double[] state) {}

    /**
     * Follows fixed points and cycles of networks.
     *
     * @throws IllegalArgumentException if the range is empty or beyond the parameter's values, or a parameter of a network
     *     isn't finite
     * @throws IllegalStateException without EJML on the class path
     */
    public static BifurcationDiagram of(NetworkPath path, double from, double to, Options options) {
        return of(path, from, to, options, Progress.NONE);
    }

    /**
     * As {@link #of(NetworkPath, double, double, Options)}.
     *
     * @param progress is told how the search goes
     */
    public static BifurcationDiagram of(NetworkPath path, double from, double to, Options options, Progress progress) {
        if (!(from < to) || !(to - from < 1e9) || from < path.least()) {
            throw new IllegalArgumentException(path.name() + " goes from " + from + " to " + to
                    + ", expected an increasing range"
                    + (path.least() > Double.NEGATIVE_INFINITY ? " from " + path.least() + " on" : ""));
        }
        List<Start> starts = new ArrayList<>();
        for (double value : slices(path, from, to)) {
            int before = starts.size();
            Rnn rnn = path.network(value);
            double[] input = path.constantInput(value);
            double[] random = Basins.randomStates(rnn, input, options.seeds, options.seed);
            FixedPoints.Options search = FixedPoints.Options.of(rnn)
                    .withInput(input)
                    .withSeed(options.seed)
                    .withSeeds(options.seeds);
            FixedPoints.of(rnn, random, search)
                    .points()
                    .forEach(point -> starts.add(new Start(1, value, point.state())));
            addCycles(new StateMap(rnn, input), value, random, options.period, starts);
            progress.searched(value, starts.size() - before);
        }
        Outputs outputs = (value, cycle) -> new StateMap(path.network(value), path.constantInput(value)).outputs(cycle);
        return new DiagramSearch(path.map(), from, to, path.least(), options, outputs, progress).run(starts);
    }

    /** Adds the stable cycles that states settle on. */
    private static void addCycles(StateMap map, double value, double[] random, int longest, List<Start> starts) {
        int n = map.units();
        double[] h = random.clone();
        map.advance(h, SETTLE_STEPS);
        double[] next = new double[n];
        for (int k = 0; k < h.length; k += n) {
            double[] state = Arrays.copyOfRange(h, k, k + n);
            map.apply(state, next);
            int period = 1;
            while (period <= longest && !(distance(next, state) <= RETURNS)) {
                map.apply(next, next);
                period++;
            }
            if (period > 1 && period <= longest) {
                starts.add(new Start(period, value, state));
            }
        }
    }

    private static double distance(double[] a, double[] b) {
        double most = 0.0;
        for (int i = 0; i < a.length; i++) {
            most = Math.max(most, Math.abs(a[i] - b[i]));
        }
        return most;
    }

    /** Outputs of some states, O values per state. */
    interface Outputs {
        double[] at(double value, double[] states);
    }

    static BifurcationDiagram of(
            ParametrisedMap map,
            List<Start> starts,
            double from,
            double to,
            double least,
            Options options,
            Outputs outputs) {
        return new DiagramSearch(map, from, to, least, options, outputs, Progress.NONE).run(starts);
    }

    private static List<Double> slices(NetworkPath path, double from, double to) {
        List<Double> slices = new ArrayList<>(List.of(from, to));
        path.own().ifPresent(own -> {
            if (own > from && own < to) {
                slices.add(own);
            }
        });
        slices.add(0.5 * (from + to));
        return slices;
    }
}
