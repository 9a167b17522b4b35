package attractor.study;

import java.util.AbstractList;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.RandomAccess;
import java.util.Set;
import java.util.function.LongFunction;

/**
 * The runs of a study that trains each of its kinds of network with many seeds. They are made when they are asked for, so that a
 * million of them take no memory. Immutable, safe for any number of threads.
 */
final class SeededRuns extends AbstractList<StudyRun> implements RandomAccess {
    private final List<LongFunction<StudyRun>> kinds;
    private final long first;
    private final int networks;
    private final List<StudyRun> block;

    /**
     * @param kinds makes a run of each kind from its seed
     * @param first the first seed
     * @param networks number of seeds, at least 1
     * @throws IllegalArgumentException if a run isn't possible or two kinds are the same
     */
    SeededRuns(List<LongFunction<StudyRun>> kinds, long first, int networks) {
        this.kinds = List.copyOf(kinds);
        this.first = first;
        this.networks = networks;
        block = kinds.stream().map(kind -> kind.apply(first)).toList();
        if ((long) kinds.size() * networks > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(
                    "there are " + (long) kinds.size() * networks + " runs, expected at most " + Integer.MAX_VALUE);
        }
    }

    /** Seeds are the outermost loop. */
    @Override
    public StudyRun get(int index) {
        int seed = index / kinds.size();
        return seed == 0 ? block.get(index) : kinds.get(index % kinds.size()).apply(first + seed);
    }

    @Override
    public int size() {
        return kinds.size() * networks;
    }

    /** The runs with the first seed; all others differ from one of them by their seeds only. */
    List<StudyRun> block() {
        return block;
    }

    /** A run that occurs twice; null if there is none. */
    StudyRun twice() {
        Set<String> hashes = new HashSet<>();
        for (StudyRun run : block) {
            if (!hashes.add(run.hash())) {
                return run;
            }
        }
        return null;
    }

    /** What decides all runs: those with the first seed and with the second, which may be measured in another way. */
    Map<String, Object> toJson() {
        List<Object> blocks = new ArrayList<>();
        for (int k = 0; k < Math.min(size(), 2 * kinds.size()); k++) {
            blocks.add(get(k).toJson());
        }
        return Map.of("seeded", List.of(first, (long) networks, blocks));
    }
}
