package attractor.task;

import java.util.List;

/**
 * Scores by trial type, in the order of the task's types; created by a {@link ScoreAccumulator}.
 *
 * <p>Immutable, safe for any thread.
 *
 * @param types one for each type
 */
public record Scores(List<TypeScore> types) {

    /** Copies the list. */
    public Scores {
        types = List.copyOf(types);
    }

    /** Whether the network passes by {@link Criterion#DEFAULT}. */
    public boolean passed() {
        return passed(Criterion.DEFAULT);
    }

    /** Whether every type passes. A type without trials doesn't pass, since nothing is known about it. */
    public boolean passed(Criterion criterion) {
        return !types.isEmpty() && types.stream().allMatch(criterion::passes);
    }

    /** Number of trials of all types. */
    public int trials() {
        return types.stream().mapToInt(TypeScore::trials).sum();
    }
}
