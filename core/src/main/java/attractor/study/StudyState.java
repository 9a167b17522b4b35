package attractor.study;

import attractor.io.Claim;
import attractor.io.FormatException;
import attractor.study.StudyFolder.Entry;
import attractor.study.StudyFolder.Status;
import java.io.IOException;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * How the runs of a study stood at one moment. It is read from the names of folders and the index of finished runs; only where a run
 * isn't in the index are its files opened. Immutable, safe for any number of threads.
 */
public final class StudyState {
    private final Map<String, Status> others = new HashMap<>();
    private final Map<String, FinishedRuns.Line> finished = new HashMap<>();
    /** Finished runs that the index lacks. */
    private final Map<String, FinishedRuns.Line> unlisted = new HashMap<>();

    private final Map<String, String> broken = new LinkedHashMap<>();

    private final Map<Status, Integer> counts = new EnumMap<>(Status.class);
    private final Set<String> versions = new TreeSet<>();

    private StudyState() {}

    static StudyState of(StudyFolder folder) throws IOException {
        StudyState state = new StudyState();
        // In this order: a run that ends meanwhile is found in the folder to which it moves.
        Set<String> running = new HashSet<>();
        for (String name : folder.names("work")) {
            if (Claim.isHeld(folder.work(name))) {
                running.add(name);
            }
        }
        Set<String> failed = folder.names("failed");
        Set<String> there = folder.names("runs");
        Map<String, FinishedRuns.Line> index = folder.index().read();
        boolean many = folder.size() > StudyFolder.MANY;
        for (Entry entry : folder.entries()) {
            String hash = entry.hash();
            FinishedRuns.Line line = there.contains(hash) ? index.get(hash) : null;
            if (there.contains(hash) && (line == null || !(many || folder.hasEnd(hash)))) {
                line = state.lookUp(folder, hash, line, running.contains(hash));
            }
            Status status;
            if (line != null) {
                status = line.status();
                state.finished.put(hash, line);
                if (!line.version().isEmpty()) {
                    state.versions.add(line.version());
                }
            } else {
                status = running.contains(hash)
                        ? Status.RUNNING
                        : failed.contains(hash + ".json") ? Status.FAILED : Status.WAITING;
                if (status != Status.WAITING) {
                    state.others.put(hash, status);
                }
            }
            state.counts.merge(status, 1, Integer::sum);
        }
        return state;
    }

    /** What a run's own result says; null if it is broken. */
    private FinishedRuns.Line lookUp(StudyFolder folder, String hash, FinishedRuns.Line listed, boolean running)
            throws IOException {
        try {
            FinishedRuns.Line line = folder.line(hash);
            if (listed == null) {
                unlisted.put(hash, line);
            }
            return line;
        } catch (FormatException e) {
            if (!running) {
                broken.put(hash, e.getMessage());
            }
            return null;
        }
    }

    /** Adds the runs that the index lacked, as it does in folders of earlier versions. */
    void completeIndex(StudyFolder folder) throws IOException {
        folder.index().add(unlisted);
    }

    /** The status of a run of the study. */
    public Status status(String hash) {
        FinishedRuns.Line line = finished.get(hash);
        return line != null ? line.status() : others.getOrDefault(hash, Status.WAITING);
    }

    /**
     * The runs that count as waiting or failed although their folders are among the finished ones, since their results are broken or
     * missing: by hash, in their order, a line each that names the file, and says what was found and what to do. In a study of more
     * than {@value StudyFolder#MANY} runs the index of finished runs is relied upon, so that a broken result which it lists is found only when
     * it is read, as by {@link StudyFolder#writeTables}.
     */
    public Map<String, String> broken() {
        return Collections.unmodifiableMap(broken);
    }

    /** The version that did a finished run; empty if it isn't known. */
    String version(String hash) {
        return finished.get(hash).version();
    }

    /** How long a finished run took, in seconds; NaN for others. */
    public double seconds(String hash) {
        FinishedRuns.Line line = finished.get(hash);
        return line != null ? line.seconds() : Double.NaN;
    }

    /** Number of runs with a status. */
    public int count(Status status) {
        return counts.getOrDefault(status, 0);
    }

    /** Number of runs that are finished. */
    public int finished() {
        return finished.size();
    }

    /** Whether every run is finished. */
    public boolean isComplete() {
        return isOver() && count(Status.FAILED) == 0;
    }

    /** Whether no run is waiting or running: each is finished or has failed. */
    public boolean isOver() {
        return count(Status.WAITING) == 0 && count(Status.RUNNING) == 0;
    }

    /** The versions of this library that did the finished runs, as far as they are known, sorted. */
    public Set<String> versions() {
        return Collections.unmodifiableSet(versions);
    }
}
