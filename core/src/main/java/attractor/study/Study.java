package attractor.study;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A list of independent runs. Immutable, safe for any number of threads.
 *
 * @param name its kind, such as {@code success}
 * @param settings the settings from which the runs were made, as JSON, for information
 * @param runs the runs, all different. Where {@link Studies} made them, each is made again whenever it is asked for.
 */
public record Study(String name, Map<String, Object> settings, List<StudyRun> runs) {

    /** @throws IllegalArgumentException if there is no run, or a run occurs twice */
    public Study {
        settings = Collections.unmodifiableMap(new LinkedHashMap<>(settings));
        if (!(runs instanceof SeededRuns)) {
            runs = List.copyOf(runs);
        }
        if (runs.isEmpty()) {
            throw new IllegalArgumentException("study " + name + " has no runs, expected at least one");
        }
        StudyRun twice = runs instanceof SeededRuns seeded ? seeded.twice() : twice(runs);
        if (twice != null) {
            throw new IllegalArgumentException(
                    "study " + name + " has this run twice, expected all different: " + twice.toJson());
        }
    }

    private static StudyRun twice(List<StudyRun> runs) {
        Set<String> hashes = new HashSet<>();
        for (StudyRun run : runs) {
            if (!hashes.add(run.hash())) {
                return run;
            }
        }
        return null;
    }

    /** Runs of every kind that the study has: all, but of runs that differ only by their seeds just the first. */
    public List<StudyRun> kinds() {
        return runs instanceof SeededRuns seeded ? seeded.block() : runs;
    }

    /** Estimates of the runs' work, in their order; see {@link StudyRun#cost}. */
    double[] costs() {
        double[] some = kinds().stream().mapToDouble(StudyRun::cost).toArray();
        double[] costs = new double[runs.size()];
        for (int k = 0; k < costs.length; k++) {
            costs[k] = some[k % some.length];
        }
        return costs;
    }

    /** A text that two studies have in common only if they have the same settings and runs; it takes no time where the runs are made from seeds. */
    String identity() {
        List<Object> what = new ArrayList<>(List.of(name, settings));
        if (runs instanceof SeededRuns seeded) {
            what.add(seeded.toJson());
        } else {
            what.add(runs.stream().map(StudyRun::hash).toList());
        }
        return StudyRun.hashOf(what);
    }
}
