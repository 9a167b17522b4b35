package attractor.cli;

import attractor.analysis.NetworkAnalysis;
import attractor.cli.option.AnalysisOptions;
import attractor.cli.option.AnalysisOptions.Analysed;
import attractor.cli.option.AnalysisOptions.Course;
import attractor.cli.option.AnalysisOptions.Subject;
import attractor.cli.option.GeometryOptions;
import attractor.cli.result.AnalysisFiles;
import attractor.cli.result.AnalysisJson;
import attractor.cli.result.AnalysisPart;
import attractor.cli.result.AnalysisSummary;
import attractor.cli.result.BasinsPart;
import attractor.cli.result.CsvTable;
import attractor.cli.result.CyclesPart;
import attractor.cli.result.GeometryPart;
import attractor.cli.result.GrowthPart;
import attractor.cli.result.KicksPart;
import attractor.cli.result.LatentsPart;
import attractor.cli.result.OutputFolder;
import attractor.cli.result.ResultFolder;
import attractor.cli.result.SimilarityPart;
import attractor.cli.result.SlowPart;
import attractor.cli.terminal.ExitCode;
import attractor.figure.Figure;
import attractor.figure.NetworkFigures;
import attractor.io.Printable;
import attractor.page.NetworkPage;
import attractor.similarity.DynamicMode;
import attractor.similarity.Fingerprint;
import attractor.train.EpochSummary;
import attractor.train.RunDirectory;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code attractor analyze}. */
@Command(
        name = "analyze",
        description = {
            "Analyses trained networks: eigenvalues before and after training, principal components, fixed points that are proved "
                    + "to exist, and where the state goes in the long run after each type of trial.",
            "",
            "The folder gets analysis.json, tables (.csv), arrays.npz for numpy.load, figures, and index.html, the page of attractor explore; JSON.md beside the sources of the "
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
            "  attractor analyze runs/trials-orthogonal-s0 --data trials.npz --out mine",
            "  attractor analyze runs/and-* --parts similarity --out and-similarity"
        },
        sortOptions = false,
        mixinStandardHelpOptions = true)
final class AnalyzeCommand implements Callable<Integer> {
    private static final String DEFAULT_PART = "default";
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

    @Option(
            names = "--parts",
            paramLabel = "PART,...",
            split = ",",
            hideParamSyntax = true,
            description = "What to analyse (default: default, all that is described above). geometry adds what the "
                    + "population of units does: dimensions, subspaces, selective units, demixed components, published "
                    + "regimes. basins, cycles, slow, growth and kicks add the shares of states that end in each attractor; "
                    + "cycles of up to six steps; curves of slow states; how deviations grow before they decay; and what "
                    + "displaced states and pulses of input do. latents, which the default includes for networks of low rank, has their overlaps "
                    + "and latent variables. similarity compares several networks: dynamics, "
                    + "trajectories, spectra, attractors.")
    private List<String> partNames = List.of(DEFAULT_PART);

    @Mixin
    private GeometryOptions geometry;

    /**
     * The results for a network.
     *
     * @param analysed the default part, if {@code --parts} names it
     * @param parts by name
     */
    private record Done(Subject subject, Optional<Analysed> analysed, Map<String, AnalysisPart.Result> parts) {
        Optional<Course> course() {
            return analysed.flatMap(Analysed::course);
        }
    }

    /** The parts beyond the default for each network. */
    private List<AnalysisPart> parts() {
        return List.of(
                new GeometryPart(geometry.chosen(networks.seed())),
                new BasinsPart(),
                new CyclesPart(),
                new SlowPart(),
                new GrowthPart(),
                new KicksPart(),
                new LatentsPart());
    }

    /** The parts that compare networks. */
    private List<AnalysisPart.OfSeveral> comparisons() {
        return List.of(new SimilarityPart(
                new Fingerprint.Options(geometry.trials(), networks.seed(), DynamicMode.Options.DEFAULT)));
    }

    private boolean asked(String part) {
        return partNames.contains(part);
    }

    private void checkParts(int networkCount) {
        List<String> known = new ArrayList<>(List.of(DEFAULT_PART));
        parts().forEach(part -> known.add(part.name()));
        List<String> several =
                comparisons().stream().map(AnalysisPart.OfSeveral::name).toList();
        known.addAll(several);
        for (String name : partNames) {
            if (!known.contains(name)) {
                throw wrong("--parts has '" + Printable.of(name) + "', expected some of " + String.join(", ", known));
            }
            if (several.contains(name) && networkCount < 2) {
                throw wrong("--parts has " + name + ", which compares networks, expected at least 2, found 1");
            }
        }
        if (geometry.given() && !asked("geometry")) {
            throw wrong(
                    "--subspace, --regime-thresholds and --regime-window belong to the part geometry, which --parts "
                            + "doesn't have");
        }
        if (geometry.trialsGiven() && !asked("geometry") && !asked("similarity")) {
            throw wrong("--trials-per-type belongs to the parts geometry and similarity, and --parts has neither");
        }
        if (epochs && !asked(DEFAULT_PART)) {
            throw wrong("--epochs belongs to the part default, which --parts doesn't have");
        }
    }

    @Override
    public Integer call() throws Exception {
        checkParts(networks.count());
        OutputFolder output = OutputFolder.at(outFolder, ResultFolder.INDEX, AnalysisJson.SCHEMA, overwrite);
        List<Subject> subjects = networks.subjects(epochs);
        checkTasks(subjects);
        List<Done> done = new ArrayList<>();
        for (Subject subject : subjects) {
            networks.announce(subject);
            done.add(analyse(subject));
        }
        Map<String, AnalysisPart.Result> compared = compare(done);
        List<String> files;
        // All files are written at the end: before that, Ctrl-C leaves nothing behind.
        try (output) {
            Path folder = output.begin();
            files = done.size() == 1 ? write(folder, done.get(0)) : writeAll(folder, done, compared);
            output.finish();
        }
        report(done, compared, files);
        return ExitCode.DONE;
    }

    private void checkTasks(List<Subject> subjects) {
        List<String> needing = Stream.concat(
                        parts().stream().filter(AnalysisPart::needsTask).map(AnalysisPart::name),
                        comparisons().stream()
                                .filter(AnalysisPart.OfSeveral::needsTask)
                                .map(AnalysisPart.OfSeveral::name))
                .filter(this::asked)
                .toList();
        for (String part : needing) {
            for (Subject subject : subjects) {
                if (subject.task().isEmpty()) {
                    throw wrong("--parts has " + part + ", which needs a task, and that of "
                            + subject.loaded().path() + " isn't known: pass --task or --data");
                }
            }
        }
    }

    private ParameterException wrong(String message) {
        return new ParameterException(spec.commandLine(), message);
    }

    private Done analyse(Subject subject) throws IOException {
        Optional<Analysed> analysed =
                asked(DEFAULT_PART) ? Optional.of(networks.analyse(subject, epochs)) : Optional.empty();
        Map<String, AnalysisPart.Result> found = new LinkedHashMap<>();
        try {
            for (AnalysisPart part : parts()) {
                if (asked(part.name()) || (asked(DEFAULT_PART) && part.isDefaultFor(subject.rnn()))) {
                    found.put(part.name(), part.of(subject(subject, analysed)));
                }
            }
        } catch (IllegalArgumentException | IllegalStateException e) {
            throw new IOException(subject.loaded().source() + ": " + e.getMessage(), e);
        }
        return new Done(subject, analysed, found);
    }

    private AnalysisPart.Subject subject(Subject subject, Optional<Analysed> analysed) {
        return new AnalysisPart.Subject(
                subject.name(),
                subject.rnn(),
                Optional.ofNullable(subject.initial()),
                subject.task(),
                networks.input(subject.rnn()),
                networks.seed(),
                analysed.map(Analysed::analysis));
    }

    private Map<String, AnalysisPart.Result> compare(List<Done> done) throws IOException {
        Map<String, AnalysisPart.Result> found = new LinkedHashMap<>();
        for (AnalysisPart.OfSeveral part : comparisons()) {
            if (asked(part.name())) {
                List<AnalysisPart.Subject> subjects = done.stream()
                        .map(each -> subject(each.subject, each.analysed))
                        .toList();
                try {
                    found.put(part.name(), part.of(subjects));
                } catch (IllegalArgumentException | IllegalStateException e) {
                    throw new IOException(part.name() + ": " + e.getMessage(), e);
                }
            }
        }
        return found;
    }

    /** Returns the paths of the files, relative to the folder. */
    private List<String> write(Path folder, Done done) throws IOException {
        ResultFolder files = new ResultFolder(folder);
        Subject subject = done.subject;
        Map<String, Object> json;
        if (done.analysed.isPresent()) {
            AnalysisFiles tables = new AnalysisFiles(files, done.analysed.get().analysis());
            tables.writeTables();
            json = AnalysisJson.of(
                    done.analysed.get().analysis(), subject.loaded().source(), subject.initialFile());
            if (done.course().isPresent()) {
                Course course = done.course().get();
                tables.writeEpochs(course.analysis(), course.numbers());
                json.put("epochs", AnalysisJson.epochs(course.analysis(), course.numbers()));
            }
        } else {
            json = AnalysisJson.of(
                    subject.rnn(), subject.task(), subject.loaded().source(), subject.initialFile());
        }
        writeParts(files, done.parts, json);
        if (Figure.missingFonts().isEmpty()) {
            files.add(NetworkFigures.write(folder, subject.name(), figures(done)));
        }
        if (done.analysed.isPresent()) {
            NetworkPage.write(folder.resolve(PAGE), List.of(PageData.of(done.analysed.get(), networks.seed())));
            files.add(List.of(folder.resolve(PAGE)));
        }
        files.writeIndex(json);
        return files.files();
    }

    private static void writeParts(ResultFolder files, Map<String, AnalysisPart.Result> parts, Map<String, Object> json)
            throws IOException {
        for (Map.Entry<String, AnalysisPart.Result> part : parts.entrySet()) {
            for (CsvTable table : part.getValue().tables()) {
                files.write(table);
            }
            json.put(part.getKey(), part.getValue().json());
        }
    }

    private static Map<String, Figure> figures(Done done) throws IOException {
        Map<String, Figure> figures = done.analysed
                .map(a -> NetworkFigures.of(
                        a.analysis(),
                        done.subject.loaded().probabilities(a.analysis().task())))
                .orElseGet(LinkedHashMap::new);
        done.parts.values().forEach(part -> figures.putAll(part.figures()));
        done.course()
                .ifPresent(course -> figures.put("epochs", NetworkFigures.epochs(course.analysis(), course.numbers())));
        Path path = done.subject.loaded().path();
        if (done.analysed.isPresent() && RunDirectory.isRun(path)) {
            List<EpochSummary> history = RunDirectory.history(path);
            if (!history.isEmpty()) {
                figures.put("learning", NetworkFigures.learning(Map.of(done.subject.name(), history)));
            }
        }
        return figures;
    }

    private List<String> writeAll(Path folder, List<Done> all, Map<String, AnalysisPart.Result> compared)
            throws IOException {
        ResultFolder files = new ResultFolder(folder);
        List<String> below = new ArrayList<>();
        for (Done done : all) {
            Path own = Files.createDirectory(folder.resolve(done.subject.name()));
            write(own, done).forEach(file -> below.add(done.subject.name() + "/" + file));
        }
        if (asked(DEFAULT_PART)) {
            files.write(AnalysisSummary.comparisonCsv(byName(all)));
            files.write(AnalysisSummary.typesCsv(byName(all)));
        }
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("schema", AnalysisJson.SCHEMA + "-several/1");
        json.put("files", null);
        json.put("networks", all.stream().map(done -> done.subject.name()).toList());
        writeParts(files, compared, json);
        if (Figure.missingFonts().isEmpty()) {
            for (Map.Entry<String, Figure> figure : figures(all, compared).entrySet()) {
                files.add(figure.getValue().write(folder, figure.getKey()));
            }
        }
        files.writeIndex(json, below);
        List<String> every = new ArrayList<>(files.files());
        every.addAll(below);
        return every;
    }

    /** The figures above the folders of several networks. */
    private Map<String, Figure> figures(List<Done> all, Map<String, AnalysisPart.Result> compared) {
        Map<String, Figure> figures = new LinkedHashMap<>();
        if (asked(DEFAULT_PART)) {
            figures.put("comparison", NetworkFigures.comparison(byName(all)));
        }
        compared.values().forEach(part -> figures.putAll(part.figures()));
        return figures;
    }

    private static Map<String, NetworkAnalysis> byName(List<Done> all) {
        Map<String, NetworkAnalysis> map = new LinkedHashMap<>();
        all.forEach(
                done -> map.put(done.subject.name(), done.analysed.orElseThrow().analysis()));
        return map;
    }

    private void report(List<Done> all, Map<String, AnalysisPart.Result> compared, List<String> files)
            throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        if (all.size() > 1) {
            if (asked(DEFAULT_PART)) {
                AnalysisSummary.comparison(byName(all)).forEach(out::println);
            }
            for (Done done : all) {
                if (!done.parts.isEmpty()) {
                    out.println(AnalysisSummary.network(
                            done.subject.rnn(),
                            done.subject.task(),
                            done.subject.loaded().source().toString()));
                    done.parts.values().forEach(part -> part.lines().forEach(out::println));
                }
            }
            compared.values().forEach(part -> part.lines().forEach(out::println));
        } else {
            Done done = all.get(0);
            List<String> course = done.course()
                    .map(c -> AnalysisSummary.of(c.analysis(), c.numbers()))
                    .orElse(List.of());
            String source = done.subject.loaded().source().toString();
            List<String> parts = new ArrayList<>();
            done.parts.values().forEach(part -> parts.addAll(part.lines()));
            if (done.analysed.isPresent()) {
                AnalysisSummary.of(done.analysed.get().analysis(), source, course.size() + parts.size() + 1)
                        .forEach(out::println);
            } else {
                out.println(AnalysisSummary.network(done.subject.rnn(), done.subject.task(), source));
            }
            course.forEach(out::println);
            parts.forEach(out::println);
        }
        long tables = files.stream().filter(f -> f.endsWith(".csv")).count();
        long figures = files.stream().filter(f -> f.endsWith(".svg")).count();
        out.println("written to " + outFolder + ": analysis.json, " + Printable.count(tables, "table") + " (.csv), "
                + (asked(DEFAULT_PART) ? "arrays (.npz), " : "")
                + Printable.count(figures, "figure") + " (.png, .svg)"
                + (asked(DEFAULT_PART) ? ", index.html to look at and to disturb the network" : "")
                + (all.size() == 1
                        ? ""
                        : ", in a folder for each" + (asked(DEFAULT_PART) ? " and comparison.csv" : "")));
        if (Figure.missingFonts().isPresent()) {
            Set<String> without = new LinkedHashSet<>();
            for (Done done : all) {
                without.addAll(figures(done).keySet());
            }
            if (all.size() > 1) {
                without.addAll(figures(all, compared).keySet());
            }
            spec.commandLine()
                    .getErr()
                    .println("no pictures of " + String.join(", ", without) + ": "
                            + Figure.missingFonts().get());
        }
    }
}
