package attractor.report;

import attractor.figure.SolutionFigures;
import attractor.io.Printable;
import attractor.similarity.NetworkComparison.Measure;
import attractor.statistics.HolmCorrection;
import attractor.study.ResultTable;
import attractor.study.SolutionSummary;
import attractor.study.SolutionSummary.Cell;
import attractor.study.SolutionSummary.Change;
import attractor.study.SolutionSummary.Found;
import attractor.study.SolutionSummary.Told;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** The part of the report on activity about how many different solutions there are. Stateless. */
final class SolutionReport {
    /** Graphs of attractors that the table has for each group of networks. */
    private static final int SHOWN = 5;

    private static final double LEVEL = 0.05;

    private SolutionReport() {}

    static void write(ResultTable networks, ResultTable pairs, StudyReport to) throws IOException {
        SolutionSummary summary = SolutionSummary.of(networks, pairs);
        to.summary.putAll(summary.toJson());
        Document document = to.document;
        document.line("## Solutions");
        document.line(
                "How many different solutions there are among the networks that pass. By their graph of attractors (which types "
                        + "of trial end together, in which kind of attractor, with which output) networks fall into classes; 'as diverse "
                        + "as' is the number of equally frequent graphs that would be as diverse. By the other measures (dynamics: dynamical "
                        + "similarity; procrustes and cka: shapes of the mean trajectories; spectrum: eigenvalues) the table has the "
                        + "number of clusters, with p against clouds without clusters: where p is above 0.05 there is one.");
        howMany(summary, document);
        told(
                summary,
                document,
                "Whether the kind of initial weights tells the solutions: its share of the squared distances, ± its standard "
                        + "error, with p by permutation (PERMANOVA). 'Chance' is the share of kinds without any meaning.",
                Found::byInit);
        told(summary, document, "Whether the number of units tells them, for all sizes together:", Found::byUnits);
        changes(summary, document);
        graphs(summary, document);
        document.line("In short:");
        for (Cell cell : summary.cells()) {
            document.line("- " + words(cell));
        }
        changeWords(summary).ifPresent(text -> document.line("- " + text));
        if (summary.cells().stream().anyMatch(cell -> !cell.measures().isEmpty())) {
            to.figures.put("solutions", SolutionFigures.maps(summary));
        }
        if (summary.cells().stream().anyMatch(cell -> !told(cell, Found::byInit).isEmpty())) {
            to.figures.put("solutions-weights", SolutionFigures.shares(summary));
        }
    }

    private static String id(Measure measure) {
        return measure.name().toLowerCase(Locale.ROOT);
    }

    private static List<String> header(String... first) {
        List<String> header = new ArrayList<>(List.of(first));
        for (Measure measure : Measure.values()) {
            header.add(id(measure));
        }
        return header;
    }

    private static void howMany(SolutionSummary summary, Document document) {
        Document.Table table = document.table(
                header("task", "units", "pass", "graphs of attractors", "most frequent", "as diverse as"));
        for (Cell cell : summary.cells()) {
            List<String> row = new ArrayList<>(List.of(
                    cell.task(),
                    cell.units(),
                    cell.passed() + "/" + cell.networks(),
                    Integer.toString(cell.graphs().size()),
                    cell.graphs().isEmpty()
                            ? "-"
                            : Integer.toString(cell.graphs().get(0).networks()),
                    cell.graphs().isEmpty() ? "-" : Format.number(cell.effectiveGraphs(), 1)));
            for (Measure measure : Measure.values()) {
                Found found = cell.measures().get(measure);
                row.add(
                        found == null
                                ? "-"
                                : found.matrix().clusters().number() + " (p = "
                                        + Format.p(found.matrix().clusters().p()) + ")");
            }
            table.row(row);
        }
    }

    private static Map<Measure, Told> told(Cell cell, Function<Found, Optional<Told>> by) {
        Map<Measure, Told> told = new LinkedHashMap<>();
        cell.measures().forEach((measure, found) -> by.apply(found).ifPresent(known -> told.put(measure, known)));
        return told;
    }

    private static void told(
            SolutionSummary summary, Document document, String line, Function<Found, Optional<Told>> by) {
        List<Cell> cells = summary.cells().stream()
                .filter(cell -> !told(cell, by).isEmpty())
                .toList();
        if (cells.isEmpty()) {
            return;
        }
        document.line(line);
        Document.Table table = document.table(header("task", "units", "chance"));
        for (Cell cell : cells) {
            Map<Measure, Told> told = told(cell, by);
            List<String> row = new ArrayList<>(List.of(
                    cell.task(),
                    cell.units(),
                    Format.percent(told.values().iterator().next().chance())));
            for (Measure measure : Measure.values()) {
                Told t = told.get(measure);
                row.add(Format.number(100 * t.share(), 0) + " ± " + Format.number(100 * t.standardError(), 0)
                        + " % (p = " + Format.p(t.p()) + ")");
            }
            table.row(row);
        }
    }

    private static void changes(SolutionSummary summary, Document document) {
        if (summary.changes().isEmpty()) {
            return;
        }
        document.line(
                "How the share that the initial weights explain changes from the least to the largest number of units, in "
                        + "percentage points, with p of no change (normal distribution):");
        Document.Table table = document.table(header("task", "units"));
        Map<String, List<Change>> byTask = new LinkedHashMap<>();
        summary.changes()
                .forEach(change -> byTask.computeIfAbsent(change.task(), task -> new ArrayList<>())
                        .add(change));
        byTask.forEach((task, changes) -> {
            List<String> row = new ArrayList<>(List.of(
                    task, changes.get(0).least() + " to " + changes.get(0).most()));
            for (Measure measure : Measure.values()) {
                row.add(changes.stream()
                        .filter(change -> change.measure() == measure)
                        .map(change -> (change.difference() > 0 ? "+" : "")
                                + Format.number(100 * change.difference(), 0) + " (p = " + Format.p(change.p()) + ")")
                        .findFirst()
                        .orElse("-"));
            }
            table.row(row);
        });
    }

    private static void graphs(SolutionSummary summary, Document document) {
        if (summary.cells().stream().allMatch(cell -> cell.graphs().isEmpty())) {
            return;
        }
        document.line("The most frequent graphs of attractors:");
        List<String> inits = summary.cells().stream()
                .flatMap(cell -> cell.inits().stream())
                .distinct()
                .toList();
        List<String> header = new ArrayList<>(List.of("task", "units", "attractors", "networks"));
        if (inits.size() > 1) {
            header.addAll(inits);
        }
        Document.Table table = document.table(header);
        for (Cell cell : summary.cells()) {
            for (SolutionSummary.Graph graph :
                    cell.graphs().subList(0, Math.min(SHOWN, cell.graphs().size()))) {
                List<String> row = new ArrayList<>(
                        List.of(cell.task(), cell.units(), graph.words(), Integer.toString(graph.networks())));
                if (inits.size() > 1) {
                    inits.forEach(
                            init -> row.add(Integer.toString(graph.byInit().getOrDefault(init, 0))));
                }
                table.row(row);
            }
        }
    }

    private static String words(Cell cell) {
        String who = cell.task()
                + (cell.units().equals(SolutionSummary.ALL)
                        ? ", all sizes"
                        : ", " + cell.units() + (cell.units().equals("1") ? " unit" : " units"))
                + ": ";
        if (cell.measures().isEmpty()) {
            return who + cell.passed() + " of " + Printable.count(cell.networks(), "network")
                    + (cell.networks() == 1 ? " passes" : " pass") + ", too few to compare.";
        }
        StringBuilder text = new StringBuilder(who)
                .append(cell.graphs().size())
                .append(cell.graphs().size() == 1 ? " graph" : " graphs")
                .append(" of attractors among ")
                .append(cell.passed())
                .append(" networks, as diverse as ")
                .append(Format.number(cell.effectiveGraphs(), 1))
                .append(" equally frequent ones. More than one cluster");
        List<String> clusters = new ArrayList<>();
        cell.measures().forEach((measure, found) -> {
            int number = found.matrix().clusters().number();
            if (number > 1) {
                clusters.add(id(measure) + " (" + number + ")");
            }
        });
        text.append(clusters.isEmpty() ? " by no measure." : " by " + String.join(", ", clusters) + ".");
        Map<Measure, Told> told = told(cell, Found::byInit);
        if (!told.isEmpty()) {
            double[] p = HolmCorrection.adjust(
                    told.values().stream().mapToDouble(Told::p).toArray());
            List<String> by = new ArrayList<>();
            int k = 0;
            for (Map.Entry<Measure, Told> entry : told.entrySet()) {
                if (p[k++] <= LEVEL) {
                    by.add(id(entry.getKey()) + " ("
                            + Format.percent(entry.getValue().share()) + ")");
                }
            }
            text.append(
                    by.isEmpty()
                            ? " The initial weights explain no more than chance by any measure."
                            : " The initial weights explain more than chance by " + String.join(", ", by) + ".");
        }
        return text.toString();
    }

    private static Optional<String> changeWords(SolutionSummary summary) {
        if (summary.changes().isEmpty()) {
            return Optional.empty();
        }
        double[] p = HolmCorrection.adjust(
                summary.changes().stream().mapToDouble(Change::p).toArray());
        List<String> by = new ArrayList<>();
        for (int k = 0; k < p.length; k++) {
            Change change = summary.changes().get(k);
            if (p[k] <= LEVEL) {
                by.add(change.task() + " by " + id(change.measure()) + " (" + change.least() + " to " + change.most()
                        + " units: " + (change.difference() > 0 ? "+" : "")
                        + Format.number(100 * change.difference(), 0) + " points)");
            }
        }
        return Optional.of(
                by.isEmpty()
                        ? "The share that the initial weights explain doesn't change with the number of units by any measure beyond its error."
                        : "The share that the initial weights explain changes with the number of units: "
                                + String.join(", ", by) + ".");
    }
}
