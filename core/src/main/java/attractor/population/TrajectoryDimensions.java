package attractor.population;

import java.util.ArrayList;
import java.util.List;

/**
 * The {@link Dimensionality} of mean trajectories, by type and part of the trial. A trajectory is the mean over a type's
 * trials, so that the noise of single trials counts little; where all types are taken together, the states of their
 * trajectories are pooled. Needs one trial of each type; a part of a single step has no row. Immutable, safe for any
 * thread.
 *
 * @param rows by type, then by part; {@value PopulationTrials#ALL} stands for all types or all parts
 */
public record TrajectoryDimensions(List<Row> rows) {
    /**
     * One type and part. Immutable, safe for any thread.
     *
     * @param type its name, or {@value PopulationTrials#ALL}
     * @param part its name, or {@value PopulationTrials#ALL}
     * @param states dimensionality of the states
     */
    public record Row(String type, String part, Dimensionality states) {}

    /**
     * Analyses trials.
     *
     * @param trials Not modified.
     */
    public static TrajectoryDimensions of(PopulationTrials trials) {
        List<Row> rows = new ArrayList<>();
        int size = trials.steps() * trials.units();
        double[] means = trials.means();
        List<String> types = new ArrayList<>(List.of(PopulationTrials.ALL));
        types.addAll(trials.types());
        List<String> parts = new ArrayList<>(List.of(PopulationTrials.ALL));
        parts.addAll(trials.partNames());
        for (String type : types) {
            for (String part : parts) {
                double[] states = states(trials, means, size, type, part);
                if (states.length >= 2 * trials.units()) {
                    rows.add(new Row(type, part, Dimensionality.of(states, trials.units())));
                }
            }
        }
        return new TrajectoryDimensions(List.copyOf(rows));
    }

    /** The states of one or all types' trajectories in a part. */
    static double[] states(PopulationTrials trials, double[] means, int size, String type, String part) {
        List<double[]> pieces = new ArrayList<>();
        int length = 0;
        for (int k = 0; k < trials.types().size(); k++) {
            if (type.equals(PopulationTrials.ALL) || type.equals(trials.types().get(k))) {
                double[] mean = java.util.Arrays.copyOfRange(means, k * size, (k + 1) * size);
                double[] piece = trials.at(mean, trials.steps(k, part));
                pieces.add(piece);
                length += piece.length;
            }
        }
        double[] states = new double[length];
        int at = 0;
        for (double[] piece : pieces) {
            System.arraycopy(piece, 0, states, at, piece.length);
            at += piece.length;
        }
        return states;
    }
}
