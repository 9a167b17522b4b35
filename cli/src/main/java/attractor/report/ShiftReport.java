package attractor.report;

import attractor.figure.StudyFigures;
import attractor.statistics.Summary;
import attractor.study.GroupSummary;
import attractor.study.ResultTable;
import attractor.study.ShiftSummary;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Report on stimuli at other times than in training: figure 12. Stateless. */
final class ShiftReport {
    private ShiftReport() {}

    static void write(ResultTable results, Optional<ResultTable> traces, StudyReport to) throws IOException {
        ShiftSummary shift = ShiftSummary.of(results);
        to.summary.putAll(shift.toJson());
        to.document.line(
                "The stimulus comes at another time than in training; the trial becomes longer or shorter by the same time, so that "
                        + "the response has as much time as before. Distance of the output from its (shifted) target, mean ± standard error over "
                        + "networks, and networks that pass.");
        for (ShiftSummary.Kind kind : shift.kinds()) {
            List<String> header = new ArrayList<>(List.of(kind.task() + ", " + kind.init() + ": onset (ms)", "passed"));
            header.addAll(kind.types());
            Document.Table table = to.document.table(header);
            Map<String, List<double[]>> distances = new LinkedHashMap<>();
            for (ShiftSummary.Onset onset : kind.onsets()) {
                List<String> row = new ArrayList<>(List.of(
                        Format.number(onset.ms(), 0) + (onset.ms() == kind.trainedMs() ? " (trained)" : ""),
                        onset.passed().successes() + "/" + onset.passed().trials()));
                for (String type : kind.types()) {
                    GroupSummary rows = onset.byType().get(type);
                    if (rows == null) {
                        row.add("-");
                        continue;
                    }
                    Summary distance = rows.of("distanceMean");
                    row.add(Format.mean(distance, 2));
                    distances.computeIfAbsent(type, t -> new ArrayList<>()).add(new double[] {
                        onset.ms(), distance.mean(), distance.count() > 1 ? distance.standardError() : 0
                    });
                }
                table.row(row);
            }
            Optional<ResultTable> own = traces.isEmpty()
                    ? Optional.empty()
                    : Optional.of(traces.get().where("task", kind.task()).where("init", kind.init()));
            to.figures.put(
                    "figure-12-" + kind.task() + "-" + kind.init(),
                    StudyFigures.shift(kind.task() + ", " + kind.init(), kind.trainedMs(), distances, traces(own)));
        }
    }

    /** Times, targets and outputs by type and onset, from the first network that has traces. */
    private static Map<String, Map<Double, double[][]>> traces(Optional<ResultTable> table) throws IOException {
        Map<String, Map<Double, double[][]>> traces = new LinkedHashMap<>();
        if (table.isEmpty() || table.get().isEmpty()) {
            return traces;
        }
        ResultTable first = table.get().by("run").values().iterator().next();
        for (Map.Entry<String, ResultTable> type : first.by("type").entrySet()) {
            for (ResultTable rows : type.getValue().by("onsetMs").values()) {
                traces.computeIfAbsent(type.getKey(), t -> new LinkedHashMap<>())
                        .put(rows.rows().get(0).number("onsetMs"), new double[][] {
                            rows.numbers("timeMs"), rows.numbers("target"), rows.numbers("output")
                        });
            }
        }
        return traces;
    }
}
