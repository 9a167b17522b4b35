package attractor.study;

import attractor.analysis.Spectrum;
import attractor.io.Printable;
import attractor.kernel.Kernels;
import attractor.task.Scores;
import attractor.task.Task;
import attractor.task.TypeScore;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Scores by trial type, and the spectrum of {@code W_rec} before and after training, of a network in a cell of a grid.
 *
 * <p>A row of the results has the columns of {@link Evaluations} but for the convention; the cell's place, in a column
 * {@code axis.NAME} per axis; and {@code radiusBefore} and {@code radiusAfter}, the spectral radius. The table {@code eigenvalues} has
 * the place, {@code when} (before or after training), {@code rank} (from 1, by modulus), {@code re} and {@code im} of the
 * {@value #LEADING} leading eigenvalues, one of each complex pair. Immutable, safe for any number of threads.
 *
 * @param place the cell's value on each axis, by the axis's name, in the order of the axes
 * @param trials number of trials to score on, all types equally often, if a task makes them
 */
public record GridCell(Map<String, String> place, int trials) implements Measurement {
    /** Beginning of the names of columns that have a place. */
    public static final String AXIS = "axis.";

    /** The table of eigenvalues. */
    public static final String EIGENVALUES = "eigenvalues";

    private static final int LEADING = 10;

    /** @throws IllegalArgumentException if there are no trials or no axes */
    public GridCell {
        if (trials < 1 || place.isEmpty()) {
            throw new IllegalArgumentException("a cell has " + Printable.count(trials, "trial") + " and " + place.size()
                    + " axes, expected at least 1 of each");
        }
        place = Collections.unmodifiableMap(new LinkedHashMap<>(place));
    }

    @Override
    public Map<String, Object> toJson() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("kind", "cell");
        json.put("trials", (long) trials);
        json.put("place", place);
        return json;
    }

    @Override
    public void measure(TrainedNetwork network, Kernels kernels, MeasuredRows tables) {
        Spectrum before = Spectrum.withoutVectors(network.initial());
        Spectrum after = Spectrum.withoutVectors(network.network());
        Scores scores = Evaluations.scores(network, network.task(), trials, kernels);
        for (TypeScore score : scores.types()) {
            MeasuredRows.Row row = placed(tables, MeasuredRows.RESULTS);
            Evaluations.write(score, network.task(), row);
            row.with("radiusBefore", before.spectralRadius()).with("radiusAfter", after.spectralRadius());
        }
        write("before", before, tables);
        write("after", after, tables);
    }

    /** Writes rows that don't pass. */
    @Override
    public void diverged(Task task, MeasuredRows tables) {
        for (String type : task.types()) {
            placed(tables, MeasuredRows.RESULTS).with("type", type).with("passed", false);
        }
    }

    private MeasuredRows.Row placed(MeasuredRows tables, String table) {
        MeasuredRows.Row row = tables.row(table);
        place.forEach((axis, value) -> row.with(AXIS + axis, value));
        return row;
    }

    /** The leading eigenvalues; of a complex pair only one, since the other is its mirror image. */
    private void write(String when, Spectrum spectrum, MeasuredRows tables) {
        int rank = 0;
        for (Spectrum.Mode mode : spectrum.leading(LEADING)) {
            placed(tables, EIGENVALUES)
                    .with("when", when)
                    .with("rank", ++rank)
                    .with("re", mode.re())
                    .with("im", mode.im());
        }
    }
}
