package attractor.report;

import attractor.figure.StudyFigures;
import attractor.statistics.Proportion;
import attractor.statistics.Summary;
import attractor.study.ResultTable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Stimuli at other times than trained: figure 12. Stateless. */
final class ShiftReport {
    private ShiftReport() {}

    static void write(ResultTable results, Optional<ResultTable> traces, StudyReport to) throws IOException {
        List<Group> groups = Group.of(results, "task", "init", "onsetMs", "type");
        to.summary.put(
                "distances",
                Group.json(groups, List.of("task", "init", "onsetMs", "type"), "distanceMean", "rmse", "zeroDistance"));
        to.document.line(
                "The stimulus comes at another time than in training; the trial is as much longer or shorter, so that "
                        + "the response has the time it had. Distance of the output from its (shifted) target, mean ± standard error over "
                        + "networks, and networks that pass.");
        for (Group kind : Group.of(results, "task", "init")) {
            List<String> types = kind.rows().texts("type");
            List<String> header = new ArrayList<>(List.of(kind.key(0) + ", " + kind.key(1) + ": onset (ms)", "passed"));
            header.addAll(types);
            Document.Table table = to.document.table(header);
            double trained = kind.rows().rows().get(0).number("trainedOnsetMs");
            for (Group onset : Group.of(kind.rows(), "onsetMs")) {
                List<String> row = new ArrayList<>(List.of(
                        Format.number(onset.number(0), 0) + (onset.number(0) == trained ? " (trained)" : ""),
                        passed(onset.rows())));
                for (String type : types) {
                    row.add(Format.mean(
                            Summary.of(onset.rows().where("type", type).numbers("distanceMean")), 2));
                }
                table.row(row);
            }
            Optional<ResultTable> own = traces.isEmpty()
                    ? Optional.empty()
                    : Optional.of(traces.get().where("task", kind.key(0)).where("init", kind.key(1)));
            to.figures.put(
                    "figure-12-" + kind.key(0) + "-" + kind.key(1),
                    StudyFigures.shift(kind.key(0) + ", " + kind.key(1), trained, distances(kind.rows()), traces(own)));
        }
    }

    private static String passed(ResultTable rows) throws IOException {
        int passed = 0;
        Map<String, ResultTable> runs = rows.by("run");
        for (ResultTable run : runs.values()) {
            passed += new Group(List.of(), run).count("passed") == run.rows().size() ? 1 : 0;
        }
        Proportion proportion = new Proportion(passed, runs.size());
        return proportion.successes() + "/" + proportion.trials();
    }

    private static Map<String, List<double[]>> distances(ResultTable rows) throws IOException {
        Map<String, List<double[]>> byType = new LinkedHashMap<>();
        for (Group group : Group.of(rows, "type", "onsetMs")) {
            Summary distance = group.summary("distanceMean");
            byType.computeIfAbsent(group.key(0), t -> new ArrayList<>()).add(new double[] {
                group.number(1), distance.mean(), distance.count() > 1 ? distance.standardError() : 0
            });
        }
        return byType;
    }

    /** Times, targets and outputs by type and onset, of the first network that has some. */
    private static Map<String, Map<Double, double[][]>> traces(Optional<ResultTable> table) throws IOException {
        Map<String, Map<Double, double[][]>> traces = new LinkedHashMap<>();
        if (table.isEmpty() || table.get().isEmpty()) {
            return traces;
        }
        ResultTable first = table.get().by("run").values().iterator().next();
        for (Group group : Group.of(first, "type", "onsetMs")) {
            traces.computeIfAbsent(group.key(0), t -> new LinkedHashMap<>()).put(group.number(1), new double[][] {
                group.rows().numbers("timeMs"),
                group.rows().numbers("target"),
                group.rows().numbers("output")
            });
        }
        return traces;
    }
}
