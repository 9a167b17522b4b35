package attractor.study;

import attractor.io.FormatException;
import attractor.statistics.FisherExact;
import attractor.statistics.Summary;
import attractor.statistics.Table2x2;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Where the states of networks end, and how that depends on their leading eigenvalues. Immutable, safe for any number
 * of threads.
 *
 * @param ends by task, weights and trial type
 * @param leading networks by the eigenvalue of W_rec with the largest modulus: real, then complex
 * @param fisher two-sided p-value of Fisher's test that this eigenvalue is unrelated to whether a network oscillates
 *     after some type of trial or ends in fixed points after all types
 */
public record ActivitySummary(List<Ends> ends, List<Leading> leading, double fisher) {

    /**
     * Where states end after one type of trial. Immutable, safe for any thread.
     *
     * @param networks number of networks
     * @param fixedPoint number of them that end in a fixed point after a trial without noise
     * @param oscillate number of them that oscillate for ever
     * @param medianHz median frequency of the oscillating ones
     * @param noisyFixedPoint share of all trials with noise, of all networks, that end in a fixed point
     * @param noisyOscillate share of them that oscillates for ever
     */
    public record Ends(
            String task,
            String init,
            String type,
            int networks,
            int fixedPoint,
            int oscillate,
            double medianHz,
            double noisyFixedPoint,
            double noisyOscillate) {}

    /**
     * Networks of one kind of leading eigenvalue, each counted once. Immutable, safe for any thread.
     *
     * @param eigenvalue {@code real} or {@code complex}
     * @param fixedPoints number that end in fixed points after all types of trials
     * @param oscillate number that oscillate after some type
     * @param other number that do neither
     */
    public record Leading(String eigenvalue, int fixedPoints, int oscillate, int other) {}

    /**
     * Summarizes the results of a study of activity.
     *
     * @param results its table {@code results}, those of finished trainings
     * @throws FormatException if the table lacks a column or has a cell that should be a number and isn't
     */
    public static ActivitySummary of(ResultTable results) throws FormatException {
        List<Ends> ends = new ArrayList<>();
        for (Map.Entry<String, ResultTable> task : results.by("task").entrySet()) {
            for (Map.Entry<String, ResultTable> init :
                    task.getValue().by("init").entrySet()) {
                for (Map.Entry<String, ResultTable> type :
                        init.getValue().by("type").entrySet()) {
                    ends.add(ends(task.getKey(), init.getKey(), type.getKey(), type.getValue()));
                }
            }
        }
        int[][] counts = new int[2][3];
        for (ResultTable run : results.by("run").values()) {
            int row = run.rows().get(0).text("leading").equals("real") ? 0 : 1;
            int still = GroupSummary.count(run, "still");
            int end = GroupSummary.count(run, "oscillates") > 0
                    ? 1
                    : still == run.rows().size() ? 0 : 2;
            counts[row][end]++;
        }
        return new ActivitySummary(
                List.copyOf(ends),
                List.of(
                        new Leading("real", counts[0][0], counts[0][1], counts[0][2]),
                        new Leading("complex", counts[1][0], counts[1][1], counts[1][2])),
                FisherExact.pValue(new Table2x2(counts[0][0], counts[0][1], counts[1][0], counts[1][1])));
    }

    private static Ends ends(String task, String init, String type, ResultTable rows) throws FormatException {
        double noisy = GroupSummary.sum(rows, "noisyTrials");
        return new Ends(
                task,
                init,
                type,
                rows.rows().size(),
                GroupSummary.count(rows, "still"),
                GroupSummary.count(rows, "oscillates"),
                Summary.of(rows.where("oscillates", "true").numbers("endHz")).median(),
                GroupSummary.sum(rows, "noisyStill") / noisy,
                GroupSummary.sum(rows, "noisyOscillate") / noisy);
    }

    /** As JSON, see {@link attractor.io.Json}. */
    public Map<String, Object> toJson() {
        List<Object> list = new ArrayList<>();
        for (Ends end : ends) {
            Map<String, Object> map = new LinkedHashMap<>();
            map.put("task", end.task);
            map.put("init", end.init);
            map.put("type", end.type);
            map.put("networks", end.networks);
            map.put("fixedPoint", end.fixedPoint);
            map.put("oscillate", end.oscillate);
            map.put("medianFrequencyHz", end.medianHz);
            map.put("noisyFixedPointShare", end.noisyFixedPoint);
            map.put("noisyOscillateShare", end.noisyOscillate);
            list.add(map);
        }
        Map<String, Object> eigenvalue = new LinkedHashMap<>();
        for (Leading row : leading) {
            Map<String, Object> map = new LinkedHashMap<>();
            map.put("fixedPoints", row.fixedPoints);
            map.put("oscillate", row.oscillate);
            map.put("other", row.other);
            eigenvalue.put(row.eigenvalue, map);
        }
        eigenvalue.put("fisherP", fisher);
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("ends", list);
        json.put("leadingEigenvalue", eigenvalue);
        return json;
    }
}
