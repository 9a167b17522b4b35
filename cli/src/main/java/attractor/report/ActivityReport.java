package attractor.report;

import attractor.figure.StudyFigures;
import attractor.statistics.Proportion;
import attractor.study.ActivitySummary;
import attractor.study.ResultTable;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Report on where states end, and on spectra. Stateless. */
final class ActivityReport {
    private ActivityReport() {}

    static void write(ResultTable results, Optional<ResultTable> eigenvalues, StudyReport to) throws IOException {
        to.document.line(
                "Where the state goes after a trial without noise, by type of trial: to a fixed point, or to an oscillation (a "
                        + "periodic orbit, closed curve or torus). Frequency: median of those that oscillate. 'Noisy' is the share of trials "
                        + "with noise that end in the same way.");
        Document.Table table = to.document.table(List.of(
                "task",
                "weights",
                "trial",
                "networks",
                "fixed point",
                "oscillate",
                "other",
                "frequency (Hz)",
                "noisy: fixed",
                "noisy: oscillate"));
        ActivitySummary activity = ActivitySummary.of(results);
        to.summary.putAll(activity.toJson());
        Map<String, Map<String, Proportion>> oscillating = new LinkedHashMap<>();
        for (ActivitySummary.Ends ends : activity.ends()) {
            table.row(List.of(
                    ends.task(),
                    ends.init(),
                    ends.type(),
                    Integer.toString(ends.networks()),
                    Integer.toString(ends.fixedPoint()),
                    Integer.toString(ends.oscillate()),
                    Integer.toString(ends.networks() - ends.fixedPoint() - ends.oscillate()),
                    Format.number(ends.medianHz(), 1),
                    Format.percent(ends.noisyFixedPoint()),
                    Format.percent(ends.noisyOscillate())));
            oscillating
                    .computeIfAbsent(ends.init(), init -> new LinkedHashMap<>())
                    .put(ends.type() + "\n" + ends.task(), new Proportion(ends.oscillate(), ends.networks()));
        }
        crossTable(activity, to.document);
        to.figures.put("activity", StudyFigures.shares("trials that end in oscillation (%)", oscillating));
        if (eigenvalues.isPresent()) {
            Map<String, double[][][]> spectra = new LinkedHashMap<>();
            for (ResultTable task : eigenvalues.get().by("task").values()) {
                for (ResultTable rows : task.by("init").values()) {
                    ResultTable before = rows.where("when", "before");
                    ResultTable after = rows.where("when", "after");
                    ResultTable.Row first = rows.rows().get(0);
                    spectra.put(first.text("task") + ", " + first.text("init"), new double[][][] {
                        {before.numbers("re"), before.numbers("im")}, {after.numbers("re"), after.numbers("im")}
                    });
                }
            }
            to.figures.put("spectra", StudyFigures.spectra(spectra));
        }
    }

    /** Each network counts once: it oscillates if it does so after any type of trial. */
    private static void crossTable(ActivitySummary activity, Document document) {
        document.line(
                "Networks by the eigenvalue of W_rec with the largest modulus, and by where their states end; a network oscillates "
                        + "if it does after any type of trial. Fisher's exact test of no relation between the first two columns: p = "
                        + Format.p(activity.fisher()) + ".");
        Document.Table table =
                document.table(List.of("leading eigenvalue", "all in fixed points", "some oscillate", "other"));
        for (ActivitySummary.Leading leading : activity.leading()) {
            table.row(List.of(
                    leading.eigenvalue(),
                    Integer.toString(leading.fixedPoints()),
                    Integer.toString(leading.oscillate()),
                    Integer.toString(leading.other())));
        }
    }
}
