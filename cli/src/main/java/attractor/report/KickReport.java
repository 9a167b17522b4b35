package attractor.report;

import attractor.figure.StudyFigures;
import attractor.study.GroupSummary;
import attractor.study.KickSummary;
import attractor.study.ResultTable;
import java.io.IOException;
import java.util.List;

/** Report on what displaced states and pulses of input do. Stateless. */
final class KickReport {
    private KickReport() {}

    static void write(ResultTable results, StudyReport to) throws IOException {
        KickSummary summary = KickSummary.of(results);
        to.summary.putAll(summary.toJson());
        to.document.line(
                "What kicks do in trials without noise. Size: of the typical norm of a state, of the way to another trial's state, or "
                        + "added to an input. Distance: root-mean-square difference of the output in the response. Changed: share of "
                        + "kicks after which the nearest target is another; returned: share after which the state is back within the trial. "
                        + "Means over networks.");
        Document.Table table = to.document.table(List.of(
                "task", "weights", "trial", "direction", "size", "networks", "distance (sd)", "changed", "returned"));
        for (GroupSummary group : summary.kicks()) {
            table.row(List.of(
                    group.key("task"),
                    group.key("init"),
                    group.key("type"),
                    group.key("direction"),
                    group.key("size"),
                    Integer.toString(group.size()),
                    Format.spread(group.of("responseDistance"), 3),
                    Format.percent(group.of("changedShare").mean()),
                    Format.percent(group.of("returnedShare").mean())));
        }
        to.figures.put("kicks-distance", StudyFigures.kicks(summary, "responseDistance", "distance", 1.0));
        to.figures.put("kicks-changed", StudyFigures.kicks(summary, "changedShare", "changed answers (%)", 100.0));
        to.figures.put("kicks-returned", StudyFigures.kicks(summary, "returnedShare", "returned states (%)", 100.0));
    }
}
