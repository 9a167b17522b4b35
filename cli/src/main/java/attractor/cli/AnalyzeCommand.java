package attractor.cli;

import attractor.analysis.NetworkAnalysis;
import attractor.cli.option.AnalysisOptions;
import attractor.cli.option.AnalysisOptions.Analysed;
import attractor.cli.option.AnalysisOptions.Course;
import attractor.cli.option.AnalysisOptions.Subject;
import attractor.cli.result.AnalysisFiles;
import attractor.cli.result.AnalysisJson;
import attractor.cli.result.AnalysisSummary;
import attractor.cli.result.OutputFolder;
import attractor.cli.terminal.ExitCode;
import attractor.figure.Figure;
import attractor.figure.NetworkFigures;
import attractor.io.AtomicFiles;
import attractor.io.Json;
import attractor.io.Printable;
import attractor.page.NetworkPage;
import attractor.train.EpochSummary;
import attractor.train.RunDirectory;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code attractor analyze}. */
@Command(
        name = "analyze",
        description = {
            "Analyses trained networks: eigenvalues before and after training, principal components, fixed points that are proved "
                    + "to exist, and where the state goes in the long run after each type of trial.",
            "",
            "The folder gets analysis.json, tables (.csv), arrays.npz for numpy.load, figures, and index.html, the page of attractor "
                    + "explore; JSON.md beside the sources of the "
                    + "command line describes them. With several networks each gets a folder of its own, and comparison.csv puts "
                    + "them side by side.",
            "",
            "In the long run means: the input stays constant after the trial, without noise, until the state has settled; the same is done "
                    + "after 20 noisy trials of each type. A closed curve is an oscillation that never repeats exactly: the states "
                    + "of later turns fall between those of earlier ones and fill the curve.",
            "",
            "Classes: the leading eigenvalues of W_rec are oscillatory (complex or negative), ramping (real and positive), or mixed "
                    + "(both). The activity in the response is oscillatory, ramping or quiet (nothing moves). A type whose "
                    + "eigenvalues and activity are of different classes is mixed. An outlier is a fixed point that is farther from "
                    + "every state of the trials than these are from their mean."
        },
        footer = {
            "",
            "Examples:",
            "  attractor analyze runs/and-orthogonal-s0 --out and",
            "  attractor analyze data/networks/xor.npz \\",
            "    --initial data/networks/xor-initial.npz --out xor",
            "  attractor analyze and-04-trained.hdf5 --task and --out and-04",
            "  attractor analyze data/networks/and.npz data/networks/and-oscillating.npz \\",
            "    --out two",
            "  attractor analyze runs/trials-orthogonal-s0 --data trials.npz --out mine"
        },
        sortOptions = false,
        mixinStandardHelpOptions = true)
final class AnalyzeCommand implements Callable<Integer> {
    private static final String PAGE = "index.html";

    @Spec
    private CommandSpec spec;

    @Mixin
    private AnalysisOptions networks;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            required = true,
            description = "Where to write; a new or empty folder. It is written completely or not at all.")
    private Path outFolder;

    @Option(names = "--overwrite", description = "Replace earlier results in DIR.")
    private boolean overwrite;

    @Option(
            names = "--epochs",
            description =
                    "Follow a run directory through its training: eigenvalues, fixed points, trajectories in one basis.")
    private boolean epochs;

    @Override
    public Integer call() throws Exception {
        OutputFolder output = OutputFolder.at(outFolder, AnalysisFiles.INDEX, AnalysisJson.SCHEMA, overwrite);
        List<Analysed> done = new ArrayList<>();
        for (Subject subject : networks.subjects(epochs)) {
            done.add(networks.analyse(subject, epochs));
        }
        List<String> files;
        // All files are written at the end: before that, Ctrl-C leaves nothing behind.
        try (output) {
            Path folder = output.begin();
            files = done.size() == 1 ? write(folder, done.get(0)) : writeAll(folder, done);
            output.finish();
        }
        report(done, files);
        return ExitCode.DONE;
    }

    /** Returns the paths of the files, relative to the folder. */
    private List<String> write(Path folder, Analysed done) throws IOException {
        AnalysisFiles files = new AnalysisFiles(folder, done.analysis());
        files.writeTables();
        Map<String, Object> json = AnalysisJson.of(
                done.analysis(),
                done.subject().loaded().source(),
                done.subject().initialFile());
        if (done.course().isPresent()) {
            Course course = done.course().get();
            files.writeEpochs(course.analysis(), course.numbers());
            json.put("epochs", AnalysisJson.epochs(course.analysis(), course.numbers()));
        }
        if (Figure.missingFonts().isEmpty()) {
            files.add(NetworkFigures.write(folder, done.subject().name(), figures(done)));
        }
        NetworkPage.write(folder.resolve(PAGE), List.of(PageData.of(done, networks.seed())));
        files.add(List.of(folder.resolve(PAGE)));
        files.writeIndex(json);
        return files.files();
    }

    private static Map<String, Figure> figures(Analysed done) throws IOException {
        Map<String, Figure> figures = NetworkFigures.of(done.analysis());
        done.course()
                .ifPresent(course -> figures.put("epochs", NetworkFigures.epochs(course.analysis(), course.numbers())));
        Path path = done.subject().loaded().path();
        if (RunDirectory.isRun(path)) {
            List<EpochSummary> history = RunDirectory.history(path);
            if (!history.isEmpty()) {
                figures.put(
                        "learning",
                        NetworkFigures.learning(Map.of(done.subject().name(), history)));
            }
        }
        return figures;
    }

    private List<String> writeAll(Path folder, List<Analysed> all) throws IOException {
        List<String> files = new ArrayList<>(List.of(AnalysisFiles.INDEX));
        for (Analysed done : all) {
            Path own = Files.createDirectory(folder.resolve(done.subject().name()));
            write(own, done).forEach(file -> files.add(done.subject().name() + "/" + file));
        }
        Map<String, String> tables = new LinkedHashMap<>();
        tables.put("comparison.csv", AnalysisSummary.comparisonCsv(byName(all)));
        tables.put("comparison_types.csv", AnalysisSummary.typesCsv(byName(all)));
        for (Map.Entry<String, String> table : tables.entrySet()) {
            byte[] bytes = table.getValue().getBytes(StandardCharsets.UTF_8);
            AtomicFiles.write(folder.resolve(table.getKey()), out -> out.write(bytes));
            files.add(table.getKey());
        }
        if (Figure.missingFonts().isEmpty()) {
            NetworkFigures.comparison(byName(all))
                    .write(folder, "comparison")
                    .forEach(file -> files.add(file.getFileName().toString()));
        }
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("schema", AnalysisJson.SCHEMA + "-several/1");
        json.put("files", new ArrayList<>(new TreeSet<>(files)));
        json.put("networks", all.stream().map(done -> done.subject().name()).toList());
        Json.write(folder.resolve(AnalysisFiles.INDEX), json);
        return files;
    }

    private static Map<String, NetworkAnalysis> byName(List<Analysed> all) {
        Map<String, NetworkAnalysis> map = new LinkedHashMap<>();
        all.forEach(done -> map.put(done.subject().name(), done.analysis()));
        return map;
    }

    private void report(List<Analysed> all, List<String> files) throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        if (all.size() > 1) {
            AnalysisSummary.comparison(byName(all)).forEach(out::println);
        } else {
            Analysed done = all.get(0);
            List<String> course = done.course()
                    .map(c -> AnalysisSummary.of(c.analysis(), c.numbers()))
                    .orElse(List.of());
            AnalysisSummary.of(done.analysis(), done.subject().loaded().source().toString(), course.size() + 1)
                    .forEach(out::println);
            course.forEach(out::println);
        }
        long tables = files.stream().filter(f -> f.endsWith(".csv")).count();
        long figures = files.stream().filter(f -> f.endsWith(".svg")).count();
        out.println("written to " + outFolder + ": analysis.json, " + Printable.count(tables, "table")
                + " (.csv), arrays (.npz), " + Printable.count(figures, "figure")
                + " (.png, .svg), index.html to look at and to disturb the network"
                + (all.size() > 1 ? ", in a folder for each and comparison.csv" : ""));
        if (Figure.missingFonts().isPresent()) {
            Set<String> without = new LinkedHashSet<>();
            for (Analysed done : all) {
                without.addAll(figures(done).keySet());
            }
            spec.commandLine()
                    .getErr()
                    .println("no pictures of " + String.join(", ", without) + ": "
                            + Figure.missingFonts().get());
        }
    }
}
