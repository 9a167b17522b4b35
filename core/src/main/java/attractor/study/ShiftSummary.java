package attractor.study;

import attractor.io.FormatException;
import attractor.statistics.Proportion;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How well networks work when the stimulus comes at another time than in training. Immutable, safe for any number of
 * threads.
 *
 * @param distances groups by task, initial weights, onset and trial type: {@code distanceMean}, {@code rmse} and
 *     {@code zeroDistance} over networks
 * @param kinds results by task and initial weights
 */
public record ShiftSummary(List<GroupSummary> distances, List<Kind> kinds) {

    /**
     * Networks of one task and kind of initial weights. Immutable, safe for any thread.
     *
     * @param trainedMs the onset in training
     * @param types types of trials, in their order
     * @param onsets results by onset, in their order
     */
    public record Kind(String task, String init, double trainedMs, List<String> types, List<Onset> onsets) {}

    /**
     * One onset. Immutable, safe for any thread.
     *
     * @param ms the onset
     * @param passed proportion of networks that pass in every type of trial
     * @param byType distances over networks, by type of trial
     */
    public record Onset(double ms, Proportion passed, Map<String, GroupSummary> byType) {}

    /**
     * Summarizes the results of a study of shifted stimuli.
     *
     * @param results its table {@code results}, those of finished trainings
     * @throws FormatException if the table lacks a column or has a cell that should be a number and isn't
     */
    public static ShiftSummary of(ResultTable results) throws FormatException {
        List<Kind> kinds = new ArrayList<>();
        for (ResultTable task : results.by("task").values()) {
            for (ResultTable rows : task.by("init").values()) {
                List<Onset> onsets = new ArrayList<>();
                for (ResultTable onset : rows.by("onsetMs").values()) {
                    int passed = 0;
                    for (ResultTable run : onset.by("run").values()) {
                        passed +=
                                GroupSummary.count(run, "passed") == run.rows().size() ? 1 : 0;
                    }
                    Map<String, GroupSummary> byType = new LinkedHashMap<>();
                    for (GroupSummary type : GroupSummary.of(onset, List.of("type"), "distanceMean")) {
                        byType.put(type.key("type"), type);
                    }
                    onsets.add(new Onset(
                            onset.rows().get(0).finite("onsetMs"),
                            new Proportion(passed, onset.by("run").size()),
                            byType));
                }
                ResultTable.Row first = rows.rows().get(0);
                kinds.add(new Kind(
                        first.text("task"),
                        first.text("init"),
                        first.number("trainedOnsetMs"),
                        rows.texts("type"),
                        List.copyOf(onsets)));
            }
        }
        return new ShiftSummary(
                GroupSummary.of(
                        results, List.of("task", "init", "onsetMs", "type"), "distanceMean", "rmse", "zeroDistance"),
                List.copyOf(kinds));
    }

    /** As JSON, see {@link attractor.io.Json}. */
    public Map<String, Object> toJson() {
        return Map.of("distances", GroupSummary.toJson(distances));
    }
}
