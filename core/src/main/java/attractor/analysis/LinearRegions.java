package attractor.analysis;

import java.util.function.Predicate;

/**
 * All cycles of one period of a small network of units that are linear in pieces, with proof: each choice of which units are on
 * at each step, 2^(N p) of them, has one candidate, see {@link RegionSystem}. Period 1 gives the fixed points. Not
 * thread-safe.
 */
final class LinearRegions {
    /** Networks whose N times the period is larger aren't tried. */
    static final int MOST_UNITS = 12;

    private final RegionSystem system;
    private final int choices;
    private int solutions;

    /** @param map of units that are linear in pieces, in the rate form; N p at most {@value #MOST_UNITS} */
    LinearRegions(ConstantMap map, int period) {
        system = new RegionSystem(map, period);
        choices = map.n * period;
    }

    /**
     * Searches.
     *
     * @param listed called with the p states of a cycle, p x N, up to rounding, or of one whose period divides p; once for
     *     each state to begin with. Returns whether it is listed now.
     * @return whether it is proved that there are no cycles of this period except those passed to {@code listed}. They are {@link
     *     #solutions} different ones; a list that has fewer took some of them for one.
     */
    boolean run(Predicate<double[]> listed) {
        boolean proved = true;
        boolean zero = false;
        solutions = 0;
        boolean[] on = new boolean[choices];
        for (int region = 0; region < 1 << choices; region++) {
            for (int k = 0; k < choices; k++) {
                on[k] = (region >> k & 1) == 1;
            }
            switch (system.solve(on)) {
                case CYCLE -> {
                    proved &= listed.test(system.states());
                    // State 0 lies on the border of all regions; other solutions are proved to lie within their region.
                    solutions += zero && system.isZero() ? 0 : 1;
                    zero |= system.isZero();
                }
                case OPEN -> {
                    // Listed, but no proof that nothing else is here.
                    var unused = listed.test(system.states());
                    proved = false;
                }
                case SINGULAR -> proved = false;
                case NONE -> {
                    // Another region's.
                }
            }
        }
        return proved;
    }

    /** How many solutions the search found: fixed points of F^p, of which a cycle of prime period p has p. */
    int solutions() {
        return solutions;
    }
}
