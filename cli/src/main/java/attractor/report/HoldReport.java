package attractor.report;

import attractor.figure.StudyFigures;
import attractor.statistics.Proportion;
import attractor.study.ResultTable;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** How long answers are held. Stateless. */
final class HoldReport {
    private HoldReport() {}

    static void write(ResultTable results, Optional<ResultTable> pulses, StudyReport to) throws IOException {
        List<Group> groups = Group.of(results, "task", "init", "type");
        to.summary.put(
                "holding",
                Group.json(
                        groups,
                        List.of("task", "init", "type"),
                        "medianMs",
                        "heldAsTrained",
                        "heldToTheEnd",
                        "censoredMs"));
        to.document.line(
                "How long after its onset the answer stays within bounds when the trial goes on, noise included. Levels: "
                        + "within half the distance between the levels; others: a root-mean-square error over 50 ms of at most half of what "
                        + "silence would score. Median over networks of each network's median; shares of trials, mean over networks.");
        Document.Table table = to.document.table(List.of(
                "task", "weights", "trial", "networks", "median (ms)", "as long as trained", "to the end", "end (ms)"));
        Map<String, Map<String, Proportion>> shares = new LinkedHashMap<>();
        for (Group group : groups) {
            double end = group.summary("censoredMs").max();
            double median = group.summary("medianMs").median();
            table.row(List.of(
                    group.key(0),
                    group.key(1),
                    group.key(2),
                    Integer.toString(group.size()),
                    (median >= end ? "≥ " : "") + Format.number(median, 0),
                    Format.percent(group.summary("heldAsTrained").mean()),
                    Format.percent(group.summary("heldToTheEnd").mean()),
                    Format.number(end, 0)));
            int holding = 0;
            for (double share : group.rows().numbers("heldToTheEnd")) {
                holding += share > 0.5 ? 1 : 0;
            }
            shares.computeIfAbsent(group.key(1), init -> new LinkedHashMap<>())
                    .put(group.key(2) + "\n" + group.key(0), new Proportion(holding, group.size()));
        }
        to.figures.put("hold", StudyFigures.shares("networks that hold most answers (%)", shares));
        if (pulses.isPresent()) {
            List<Group> variants = Group.of(pulses.get(), "init", "variant", "pulse", "type");
            to.summary.put(
                    "pulses",
                    Group.json(variants, List.of("init", "variant", "pulse", "type"), "rmse", "distanceMean"));
            to.document.line("Flip-flops with other trains of pulses than trained, by the last pulse:");
            Document.Table trains =
                    to.document.table(List.of("weights", "train", "pulse", "last pulse", "pass", "RMSE (sd)"));
            for (Group group : variants) {
                trains.row(List.of(
                        group.key(0),
                        group.key(1),
                        group.key(2).equals("0") ? "-" : group.key(2),
                        group.key(3),
                        group.count("passed") + "/" + group.size(),
                        Format.spread(group.summary("rmse"), 3)));
            }
        }
    }
}
