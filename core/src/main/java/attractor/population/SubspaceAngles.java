package attractor.population;

import attractor.io.Printable;
import attractor.random.RandomStream;
import attractor.random.RandomStream.Purpose;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Principal angles between the subspaces that trajectories use in the parts of a trial, for the types of trial, and
 * before and after training. A subspace is spanned by the leading principal components of mean trajectories (all types
 * together for a part, the whole trial for a type). The angles of random subspaces are beside them, since in many
 * dimensions those are nearly orthogonal. Also the alignment index of Elsayed et al. 2016,
 *
 * <pre>    A(a in b) = tr(Q_b C_a Q_b^T) / (sum of the k largest eigenvalues of C_a)</pre>
 *
 * the share of a's variance in its own k dimensions that b's k dimensions hold; 1 if they are the same. Needs one trial of
 * each type. Immutable, safe for any thread.
 *
 * @param pairs pairs of parts, of types, then of networks
 * @param components k, the most dimensions of a subspace
 */
public record SubspaceAngles(List<Pair> pairs, int components) {
    /** The purpose of the random subspaces. */
    private static final Purpose CHANCE = Purpose.of("chance-subspaces");

    private static final int CHANCE_PAIRS = 100;

    /**
     * Two subspaces. Immutable, safe for any thread.
     *
     * @param kind {@code part}, {@code type} or {@code network}
     * @param angles their principal angles
     * @param alignment the alignment index of the first's states in the second's subspace
     * @param reverse that of the second's states in the first's subspace
     * @param chanceDegrees mean angle of random subspaces of these dimensions, over {@value #CHANCE_PAIRS} pairs
     */
    public record Pair(
            String kind,
            String first,
            String second,
            PrincipalAngles angles,
            double alignment,
            double reverse,
            double chanceDegrees) {}

    /** A subspace and the states that it is of. */
    private record Piece(String name, double[] basis, double[] states) {}

    /**
     * Compares subspaces.
     *
     * @param trials Not modified.
     * @param initial trials of the network before training, if it is known, with as many units. Not modified.
     * @param components k, at least 1; the lab's analysis has 3
     * @param seed seed of the random subspaces
     * @throws IllegalArgumentException if k is below 1, or the networks have different numbers of units
     */
    public static SubspaceAngles of(
            PopulationTrials trials, Optional<PopulationTrials> initial, int components, long seed) {
        if (components < 1) {
            throw new IllegalArgumentException(
                    "subspace angles: components is " + components + ", expected at least 1");
        }
        if (initial.isPresent() && initial.get().units() != trials.units()) {
            throw new IllegalArgumentException("subspace angles: the network before training has "
                    + Printable.count(initial.get().units(), "unit") + ", expected " + trials.units());
        }
        List<Piece> parts = new ArrayList<>();
        List<Piece> types = new ArrayList<>();
        List<Piece> networks = new ArrayList<>();
        double[] means = trials.means();
        for (String part : trials.partNames()) {
            add(trials, means, PopulationTrials.ALL, part, part, components, parts);
        }
        for (String type : trials.types()) {
            add(trials, means, type, PopulationTrials.ALL, type, components, types);
        }
        if (initial.isPresent()) {
            add(
                    initial.get(),
                    initial.get().means(),
                    PopulationTrials.ALL,
                    PopulationTrials.ALL,
                    "initial",
                    components,
                    networks);
            add(trials, means, PopulationTrials.ALL, PopulationTrials.ALL, "trained", components, networks);
        }
        Map<String, Double> chance = new LinkedHashMap<>();
        List<Pair> pairs = new ArrayList<>();
        pairs("part", parts, trials.units(), seed, chance, pairs);
        pairs("type", types, trials.units(), seed, chance, pairs);
        pairs("network", networks, trials.units(), seed, chance, pairs);
        return new SubspaceAngles(List.copyOf(pairs), components);
    }

    private static void add(
            PopulationTrials trials,
            double[] means,
            String type,
            String part,
            String name,
            int components,
            List<Piece> pieces) {
        double[] states = TrajectoryDimensions.states(trials, means, trials.steps() * trials.units(), type, part);
        if (states.length < 2 * trials.units()) {
            return;
        }
        double[] basis = Subspace.principal(states, trials.units(), components);
        if (basis.length > 0) {
            pieces.add(new Piece(name, basis, states));
        }
    }

    private static void pairs(
            String kind, List<Piece> pieces, int units, long seed, Map<String, Double> chance, List<Pair> pairs) {
        for (int a = 0; a < pieces.size(); a++) {
            for (int b = a + 1; b < pieces.size(); b++) {
                Piece first = pieces.get(a);
                Piece second = pieces.get(b);
                int ka = first.basis.length / units;
                int kb = second.basis.length / units;
                pairs.add(new Pair(
                        kind,
                        first.name,
                        second.name,
                        PrincipalAngles.of(first.basis, second.basis, units),
                        alignment(first, second.basis, units),
                        alignment(second, first.basis, units),
                        chance.computeIfAbsent(ka + "," + kb, k -> chanceDegrees(ka, kb, units, seed))));
            }
        }
    }

    private static double alignment(Piece piece, double[] other, int units) {
        int m = piece.states.length / units;
        double[] c = Matrices.centred(piece.states, m, units);
        return Math.min(1.0, captured(c, other, m, units) / captured(c, piece.basis, m, units));
    }

    /** The power of centred states along the rows of an orthonormal basis. */
    private static double captured(double[] c, double[] basis, int m, int units) {
        int k = basis.length / units;
        return Matrices.squares(Matrices.product(c, Matrices.transposed(basis, k, units), m, units, k));
    }

    private static double chanceDegrees(int ka, int kb, int units, long seed) {
        RandomStream random = new RandomStream(seed, CHANCE, 1000L * ka + kb);
        double sum = 0.0;
        double[] a = new double[ka * units];
        double[] b = new double[kb * units];
        for (int i = 0; i < CHANCE_PAIRS; i++) {
            random.fillGaussian(a, 0, a.length, 1.0);
            random.fillGaussian(b, 0, b.length, 1.0);
            sum += PrincipalAngles.of(a, b, units).meanDegrees() / CHANCE_PAIRS;
        }
        return sum;
    }
}
