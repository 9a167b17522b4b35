package attractor.report;

import attractor.figure.StudyFigures;
import attractor.figure.SweepFigures;
import attractor.study.GridCell;
import attractor.study.ResultTable;
import attractor.study.SweepSummary;
import attractor.study.TypeSummary;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Report on a sweep over a grid of options. Stateless. */
final class SweepReport {
    /** More panels of eigenvalues than these are too small to see. */
    private static final int MOST_SPECTRA = 16;

    private SweepReport() {}

    static void write(ResultTable results, Optional<ResultTable> eigenvalues, Map<String, Object> made, StudyReport to)
            throws IOException {
        SweepSummary sweep = SweepSummary.of(results, to.options.criterion(), order(made));
        to.summary.putAll(sweep.toJson());
        if (made.get("about") instanceof String about) {
            to.document.line(about);
        }
        to.document.line("A row a cell of the grid" + (options(made).isEmpty() ? "" : ";" + options(made)) + ". "
                + passing(to, sweep)
                + " The interval of the rate is 95 % (Wilson). Loss of the last epoch"
                + (sweep.classes() ? ", right answers and error" : " and error")
                + " of each network's worst type of trial, and the spectral radius of W_rec: medians over the networks whose "
                + "training didn't diverge.");
        List<String> axes = List.copyOf(sweep.axes().keySet());
        List<String> header = new ArrayList<>(axes);
        header.addAll(List.of("passed", "rate", "interval", "loss"));
        if (sweep.classes()) {
            header.add("right");
        }
        header.addAll(List.of("RMSE", "radius before", "after"));
        Document.Table table = to.document.table(header);
        for (SweepSummary.Cell cell : sweep.cells()) {
            List<String> row = new ArrayList<>(cell.place().values());
            row.add(cell.successes().successes() + "/" + cell.successes().trials()
                    + (cell.diverged() > 0 ? " (" + cell.diverged() + " diverged)" : ""));
            row.add(Format.percent(cell.successes().rate()));
            row.add(Format.percent(cell.interval()));
            row.add(Format.number(cell.loss().median(), 4));
            if (sweep.classes()) {
                row.add(Format.share(cell.accuracy().median()));
            }
            row.add(Format.number(cell.rmse().median(), 3));
            row.add(Format.number(cell.radiusBefore().median(), 3));
            row.add(Format.number(cell.radiusAfter().median(), 3));
            table.row(row);
        }
        Map<String, List<TypeSummary>> types = new LinkedHashMap<>();
        sweep.cells().forEach(cell -> types.put(SweepFigures.words(cell.place()), cell.types()));
        byType(to.document, "cell", types);
        to.figures.putAll(SweepFigures.of(sweep));
        if (eigenvalues.isPresent()) {
            spectra(sweep, eigenvalues.get(), to);
        }
    }

    /** The values of the axes in the grid's order. */
    private static Map<String, List<String>> order(Map<String, Object> made) {
        Map<String, List<String>> order = new LinkedHashMap<>();
        if (made.get("axes") instanceof Map<?, ?> axes) {
            axes.forEach((axis, values) -> {
                if (values instanceof List<?> list) {
                    order.put(
                            axis.toString(), list.stream().map(Object::toString).toList());
                }
            });
        }
        return order;
    }

    /** The options that all networks have, as words of the command line. */
    static String options(Map<String, Object> made) {
        if (!(made.get("options") instanceof Map<?, ?> options) || options.isEmpty()) {
            return "";
        }
        return " all networks have "
                + options.entrySet().stream()
                        .map(option -> option.getKey() + " " + option.getValue())
                        .collect(Collectors.joining(", "));
    }

    private static String passing(StudyReport to, SweepSummary sweep) {
        String error = "its root-mean-square error is at most "
                + Format.number(to.options.criterion().maxRmse(), 2)
                + " and, where the target is not zero throughout, at most "
                + Format.number(to.options.criterion().maxShareOfZero(), 2) + " of what a silent network scores";
        return "A network passes if, for every type of trial, "
                + (sweep.classes()
                        ? "at least " + Format.share(to.options.criterion().minAccuracy())
                                + " of its answers are right (where answers are classes; otherwise: if " + error + ")"
                        : error)
                + ".";
    }

    /** What networks score by type of trial. */
    static void byType(Document document, String of, Map<String, List<TypeSummary>> groups) {
        boolean classes =
                groups.values().stream().anyMatch(types -> types.stream().anyMatch(TypeSummary::classes));
        document.line("By type of trial: networks that pass it, and medians over networks"
                + (classes ? " of their share of right answers and" : " of")
                + " their root-mean-square error.");
        List<String> header = new ArrayList<>(List.of(of, "trial", "passed", "rate", "interval"));
        if (classes) {
            header.add("right");
        }
        header.add("RMSE");
        Document.Table table = document.table(header);
        groups.forEach((name, types) -> {
            for (TypeSummary type : types) {
                List<String> row = new ArrayList<>(List.of(
                        name,
                        type.type(),
                        type.passed().successes() + "/" + type.passed().trials(),
                        Format.percent(type.passed().rate()),
                        Format.percent(type.passed().wilson())));
                if (classes) {
                    row.add(Format.share(type.accuracy().median()));
                }
                row.add(Format.number(type.rmse().median(), 3));
                table.row(row);
            }
        });
    }

    private static void spectra(SweepSummary sweep, ResultTable eigenvalues, StudyReport to) throws IOException {
        to.document.line(
                "Leading eigenvalue of W_rec: the mean modulus of the first ones by rank, of a complex pair one, before and "
                        + "after training, and the share of networks in which the first is complex.");
        Document.Table table = to.document.table(List.of("cell", "when", "first", "second", "third", "complex"));
        Map<String, double[][][]> drawn = new LinkedHashMap<>();
        for (SweepSummary.Cell cell : sweep.cells()) {
            ResultTable rows = eigenvalues;
            for (Map.Entry<String, String> value : cell.place().entrySet()) {
                rows = rows.where(GridCell.AXIS + value.getKey(), value.getValue());
            }
            if (rows.isEmpty()) {
                continue; // all trainings diverged
            }
            String name = SweepFigures.words(cell.place());
            double[][][] parts = new double[2][][];
            int part = 0;
            for (String when : List.of("before", "after")) {
                ResultTable some = rows.where("when", when);
                parts[part++] = new double[][] {some.numbers("re"), some.numbers("im")};
                table.row(row(name, when, some));
            }
            drawn.put(SweepFigures.name(sweep, cell), parts);
        }
        if (drawn.size() <= MOST_SPECTRA && !drawn.isEmpty()) {
            to.figures.put("spectra", StudyFigures.spectra(drawn));
        }
    }

    private static List<String> row(String name, String when, ResultTable rows) throws IOException {
        Map<Integer, List<Double>> moduli = new TreeMap<>();
        int complex = 0;
        int networks = 0;
        for (ResultTable.Row row : rows.rows()) {
            int rank = (int) row.number("rank");
            double im = row.number("im");
            moduli.computeIfAbsent(rank, k -> new ArrayList<>()).add(Math.hypot(row.number("re"), im));
            if (rank == 1) {
                networks++;
                complex += im != 0 ? 1 : 0;
            }
        }
        List<String> cells = new ArrayList<>(List.of(name, when));
        for (int rank = 1; rank <= 3; rank++) {
            cells.add(Format.number(
                    moduli.getOrDefault(rank, List.of()).stream()
                            .mapToDouble(Double::doubleValue)
                            .average()
                            .orElse(Double.NaN),
                    3));
        }
        cells.add(Format.percent((double) complex / networks));
        return cells;
    }
}
