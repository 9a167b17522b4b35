package attractor.study;

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
 * @param runs the runs, all different
 */
public record Study(String name, Map<String, Object> settings, List<StudyRun> runs) {

    /** @throws IllegalArgumentException if there is no run, or a run occurs twice */
    public Study {
        settings = Collections.unmodifiableMap(new LinkedHashMap<>(settings));
        runs = List.copyOf(runs);
        if (runs.isEmpty()) {
            throw new IllegalArgumentException("study " + name + " has no runs, expected at least one");
        }
        Set<String> hashes = new HashSet<>();
        for (StudyRun run : runs) {
            if (!hashes.add(run.hash())) {
                throw new IllegalArgumentException(
                        "study " + name + " has this run twice, expected all different: " + run.toJson());
            }
        }
    }
}
