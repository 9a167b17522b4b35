package attractor.study;

import attractor.io.FormatException;
import attractor.statistics.Proportion;
import attractor.statistics.Summary;
import attractor.task.Criterion;
import attractor.task.TypeScore;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What networks score on one type of trial. Immutable, safe for any number of threads.
 *
 * @param type the type of trial
 * @param passed proportion of the networks whose trials of this type pass; a diverged training counts as failed
 * @param rmse the root-mean-square error, over networks
 * @param accuracy the share of right answers, over networks; without values where trials aren't answered by classes
 */
public record TypeSummary(String type, Proportion passed, Summary rmse, Summary accuracy) {

    /**
     * The types of a table, in the order of their first rows.
     *
     * @param results one row per network and type
     * @throws FormatException if the table lacks a column or has a cell that should be a number and isn't
     */
    static List<TypeSummary> of(ResultTable results, Criterion criterion) throws FormatException {
        List<TypeSummary> types = new ArrayList<>();
        for (Map.Entry<String, ResultTable> type : results.by("type").entrySet()) {
            List<TypeScore> scores = new ArrayList<>();
            ResultTable rows = type.getValue();
            for (ResultTable.Row row : rows.rows()) {
                if (!row.text("outcome").equals("diverged")) { // which has no scores
                    scores.add(row.score());
                }
            }
            types.add(new TypeSummary(
                    type.getKey(),
                    new Proportion(
                            (int) scores.stream().filter(criterion::passes).count(),
                            rows.rows().size()),
                    Summary.of(scores.stream().mapToDouble(TypeScore::rmse).toArray()),
                    Summary.of(
                            scores.stream().mapToDouble(TypeSummary::accuracy).toArray())));
        }
        return List.copyOf(types);
    }

    /** The share of right answers; NaN if the type's trials aren't answered by classes. */
    static double accuracy(TypeScore score) {
        return score.decisions().isPresent() ? score.decisions().get().accuracy() : Double.NaN;
    }

    /** Whether trials of this type are answered by classes. */
    public boolean classes() {
        return accuracy.count() > 0;
    }

    /** As JSON, see {@link attractor.io.Json}. */
    Map<String, Object> toJson() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("type", type);
        json.put("passed", passed.successes());
        json.put("trained", passed.trials());
        json.put("wilson95", SuccessSummary.interval(passed.wilson()));
        json.put("rmse", toJson(rmse));
        if (classes()) {
            json.put("accuracy", toJson(accuracy));
        }
        return json;
    }

    /** Median and quartiles as JSON. */
    static Map<String, Object> toJson(Summary summary) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("lowerQuartile", summary.lowerQuartile());
        json.put("median", summary.median());
        json.put("upperQuartile", summary.upperQuartile());
        return json;
    }

    static List<Object> toJson(List<TypeSummary> types) {
        List<Object> json = new ArrayList<>();
        types.forEach(type -> json.add(type.toJson()));
        return json;
    }
}
