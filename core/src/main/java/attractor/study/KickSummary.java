package attractor.study;

import attractor.io.FormatException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What kicks do to networks. Immutable, safe for any number of threads.
 *
 * @param kicks by {@code task}, {@code init}, {@code type}, {@code direction} and {@code size}: {@code responseDistance},
 *     {@code changedShare} and {@code returnedShare} over networks
 * @param overTypes the same by {@code task}, {@code init}, {@code direction} and {@code size}, over networks and types
 */
public record KickSummary(List<GroupSummary> kicks, List<GroupSummary> overTypes) {
    private static final String[] COLUMNS = {"responseDistance", "changedShare", "returnedShare"};

    /**
     * Summarizes the results of a study of kicks.
     *
     * @param results its table {@code results}, those of finished trainings
     * @throws FormatException if the table lacks a column or has a cell that should be a number and isn't
     */
    public static KickSummary of(ResultTable results) throws FormatException {
        return new KickSummary(
                GroupSummary.of(results, List.of("task", "init", "type", "direction", "size"), COLUMNS),
                GroupSummary.of(results, List.of("task", "init", "direction", "size"), COLUMNS));
    }

    /** As JSON, see {@link attractor.io.Json}. */
    public Map<String, Object> toJson() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("kicks", GroupSummary.toJson(kicks));
        return json;
    }
}
