package attractor.report;

import attractor.figure.StudyFigures;
import attractor.statistics.Proportion;
import attractor.study.GroupSummary;
import attractor.study.HoldSummary;
import attractor.study.ResultTable;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Report on how long answers are held. Stateless. */
final class HoldReport {
    private HoldReport() {}

    static void write(ResultTable results, Optional<ResultTable> pulses, StudyReport to) throws IOException {
        HoldSummary hold = HoldSummary.of(results, pulses);
        to.summary.putAll(hold.toJson());
        to.document.line(
                "How long after its onset the answer stays within bounds when the trial goes on, with noise. Levels: "
                        + "within half the distance between the levels; others: a root-mean-square error over 50 ms of at most half of "
                        + "the error of an output of zero. Median over networks of each network's median; shares of trials, mean over networks.");
        Document.Table table = to.document.table(List.of(
                "task", "weights", "trial", "networks", "median (ms)", "as long as trained", "to the end", "end (ms)"));
        Map<String, Map<String, Proportion>> shares = new LinkedHashMap<>();
        for (HoldSummary.Held held : hold.held()) {
            GroupSummary group = held.group();
            double end = group.of("censoredMs").max();
            double median = group.of("medianMs").median();
            table.row(List.of(
                    group.key("task"),
                    group.key("init"),
                    group.key("type"),
                    Integer.toString(group.size()),
                    (median >= end ? "≥ " : "") + Format.number(median, 0),
                    Format.percent(group.of("heldAsTrained").mean()),
                    Format.percent(group.of("heldToTheEnd").mean()),
                    Format.number(end, 0)));
            shares.computeIfAbsent(group.key("init"), init -> new LinkedHashMap<>())
                    .put(group.key("type") + "\n" + group.key("task"), held.holdingMost());
        }
        to.figures.put("hold", StudyFigures.shares("networks that hold most answers (%)", shares));
        if (!hold.trains().isEmpty()) {
            to.document.line("Flip-flops with pulse trains other than the trained ones, by the last pulse:");
            Document.Table trains =
                    to.document.table(List.of("weights", "train", "pulse", "last pulse", "pass", "RMSE (sd)"));
            for (HoldSummary.Train train : hold.trains()) {
                GroupSummary group = train.group();
                trains.row(List.of(
                        group.key("init"),
                        group.key("variant"),
                        group.key("pulse").equals("0") ? "-" : group.key("pulse"),
                        group.key("type"),
                        train.passed().successes() + "/" + train.passed().trials(),
                        Format.spread(group.of("rmse"), 3)));
            }
        }
    }
}
