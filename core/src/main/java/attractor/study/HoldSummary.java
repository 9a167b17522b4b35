package attractor.study;

import attractor.io.FormatException;
import attractor.statistics.Proportion;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How long networks hold their answers. Immutable, safe for any number of threads.
 *
 * @param held by task, weights and trial type
 * @param trains results of flip-flops on pulse trains other than the trained ones; empty without flip-flops
 */
public record HoldSummary(List<Held> held, List<Train> trains) {

    /**
     * How long the answer of one type of trial is held. Immutable, safe for any thread.
     *
     * @param group for one {@code task}, {@code init} and {@code type}: {@code medianMs} (each network's median),
     *     {@code heldAsTrained} and {@code heldToTheEnd} (shares of its trials) and {@code censoredMs} over networks
     * @param holdingMost proportion of networks that hold more than half of their answers to the end
     */
    public record Held(GroupSummary group, Proportion holdingMost) {}

    /**
     * One train of pulses. Immutable, safe for any thread.
     *
     * @param group for one {@code init}, {@code variant}, {@code pulse} and {@code type}: {@code rmse} and
     *     {@code distanceMean} over networks
     * @param passed proportion of networks whose trials of that type pass
     */
    public record Train(GroupSummary group, Proportion passed) {}

    /**
     * Summarizes the results of a study of holding.
     *
     * @param results its table {@code results}, those of finished trainings
     * @param pulses its table {@code pulses}, if it has one
     * @throws FormatException if a table lacks a column or has a cell that should be a number and isn't
     */
    public static HoldSummary of(ResultTable results, Optional<ResultTable> pulses) throws FormatException {
        List<Held> held = new ArrayList<>();
        for (GroupSummary group : GroupSummary.of(
                results, List.of("task", "init", "type"), "medianMs", "heldAsTrained", "heldToTheEnd", "censoredMs")) {
            int most = 0;
            for (double share : rows(results, group).numbers("heldToTheEnd")) {
                most += share > 0.5 ? 1 : 0;
            }
            held.add(new Held(group, new Proportion(most, group.size())));
        }
        List<Train> trains = new ArrayList<>();
        if (pulses.isPresent()) {
            for (GroupSummary group : GroupSummary.of(
                    pulses.get(), List.of("init", "variant", "pulse", "type"), "rmse", "distanceMean")) {
                int passed = GroupSummary.count(rows(pulses.get(), group), "passed");
                trains.add(new Train(group, new Proportion(passed, group.size())));
            }
        }
        return new HoldSummary(List.copyOf(held), List.copyOf(trains));
    }

    private static ResultTable rows(ResultTable table, GroupSummary group) throws FormatException {
        ResultTable rows = table;
        for (Map.Entry<String, String> key : group.keys().entrySet()) {
            rows = rows.where(key.getKey(), key.getValue());
        }
        return rows;
    }

    /** As JSON, see {@link attractor.io.Json}. */
    public Map<String, Object> toJson() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("holding", GroupSummary.toJson(held.stream().map(Held::group).toList()));
        if (!trains.isEmpty()) {
            json.put(
                    "pulses",
                    GroupSummary.toJson(trains.stream().map(Train::group).toList()));
        }
        return json;
    }
}
