package attractor.cli;

import attractor.analysis.Attractors;
import attractor.analysis.EpochAnalysis;
import attractor.analysis.FixedPoints;
import attractor.analysis.NetworkAnalysis;
import attractor.cli.option.ActivationOption;
import attractor.cli.option.GeometryOptions;
import attractor.cli.option.NetworkArgument;
import attractor.cli.option.ProbeTaskOptions;
import attractor.cli.result.AnalysisFiles;
import attractor.cli.result.AnalysisJson;
import attractor.cli.result.AnalysisPart;
import attractor.cli.result.AnalysisSummary;
import attractor.cli.result.CsvTable;
import attractor.cli.result.GeometryPart;
import attractor.cli.result.OutputFolder;
import attractor.cli.result.ResultFolder;
import attractor.cli.result.SimilarityPart;
import attractor.cli.terminal.ExitCode;
import attractor.cli.terminal.StatusLine;
import attractor.figure.Figure;
import attractor.figure.NetworkFigures;
import attractor.io.FormatException;
import attractor.io.Printable;
import attractor.model.NetworkFile;
import attractor.model.Rnn;
import attractor.similarity.DynamicMode;
import attractor.similarity.Fingerprint;
import attractor.task.Task;
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
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code attractor analyze}. */
@Command(
        name = "analyze",
        description = {
            "Analyses trained networks: eigenvalues before and after training, principal components, fixed points that are proved "
                    + "to exist, and where the state goes in the long run after each type of trial.",
            "",
            "The folder gets analysis.json, tables (.csv), arrays.npz for numpy.load, and figures; JSON.md beside the sources of the "
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

    @Spec
    private CommandSpec spec;

    @Parameters(
            arity = "1..*",
            paramLabel = "NET",
            description = "Networks: .npz, run directories, or files of Keras or PyTorch.")
    private List<Path> paths;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            required = true,
            description = "Where to write; a new or empty folder. It is written completely or not at all.")
    private Path outFolder;

    @Option(names = "--overwrite", description = "Replace earlier results in DIR.")
    private boolean overwrite;

    @Option(
            names = "--initial",
            paramLabel = "NET0",
            description = "The network before training (default: a run directory's initial.npz).")
    private Path initialPath;

    @Option(
            names = "--network",
            paramLabel = "WHICH",
            description = "Network of a run directory: initial, best, final or epoch-NN (default: final).")
    private String which;

    @Option(
            names = "--epochs",
            description =
                    "Follow a run directory through its training: eigenvalues, fixed points, trajectories in one basis.")
    private boolean epochs;

    @Option(
            names = "--input",
            paramLabel = "X,...",
            split = ",",
            hideParamSyntax = true,
            description = "Constant input for fixed points and the long run (default: zeros).")
    private List<Double> input;

    @Option(
            names = "--fixed-point-seeds",
            paramLabel = "N",
            description =
                    "Number of states from which fixed points are searched (default: 512, fewer above 100 units).")
    private Integer fixedPointSeeds;

    @Option(
            names = "--seed",
            paramLabel = "S",
            defaultValue = "0",
            description = "Seed of the noise and of the search's starts (default: ${DEFAULT-VALUE}).")
    private long seed;

    @Option(
            names = "--parts",
            paramLabel = "PART,...",
            split = ",",
            hideParamSyntax = true,
            description = "What to analyse (default: default, all that is described above). geometry adds what the "
                    + "population of units does: dimensions, subspaces, selective units, demixed components, published "
                    + "regimes; similarity compares several networks: dynamics, trajectories, spectra, attractors.")
    private List<String> partNames = List.of(DEFAULT_PART);

    @Mixin
    private GeometryOptions geometry;

    @Mixin
    private ActivationOption activation;

    @Mixin
    private ProbeTaskOptions choice;

    /** A network to analyse, with its task and options. */
    private record Job(
            String name, NetworkArgument.Loaded loaded, Rnn rnn, Optional<Task> task, Path initialFile, Rnn initial) {}

    /**
     * The results for a network.
     *
     * @param epochs null without {@code --epochs}
     * @param parts by name
     */
    private record Done(
            Job job,
            Optional<NetworkAnalysis> analysis,
            EpochAnalysis epochs,
            List<Integer> numbers,
            Map<String, AnalysisPart.Result> parts) {}

    /** The parts beyond the default for each network. */
    private List<AnalysisPart> parts() {
        return List.of(new GeometryPart(geometry.chosen(seed)));
    }

    /** The parts that compare networks. */
    private List<AnalysisPart.OfSeveral> comparisons() {
        return List.of(new SimilarityPart(
                new Fingerprint.Options(geometry.trials(), seed, DynamicMode.Options.DEFAULT)));
    }

    private boolean asked(String part) {
        return partNames.contains(part);
    }

    private void checkParts() {
        List<String> known = new ArrayList<>(List.of(DEFAULT_PART));
        parts().forEach(part -> known.add(part.name()));
        List<String> several =
                comparisons().stream().map(AnalysisPart.OfSeveral::name).toList();
        known.addAll(several);
        for (String name : partNames) {
            if (!known.contains(name)) {
                throw wrong("--parts has '" + Printable.of(name) + "', expected some of " + String.join(", ", known));
            }
            if (several.contains(name) && paths.size() < 2) {
                throw wrong("--parts has " + name + ", which compares networks, expected at least 2, found 1");
            }
        }
        if (geometry.given() && !asked("geometry")) {
            throw wrong("--subspace, --regime-thresholds and --regime-window belong to the part geometry, which --parts "
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
        if (initialPath != null && paths.size() > 1) {
            throw wrong("--initial is for one network, and there are " + paths.size());
        }
        if (fixedPointSeeds != null && fixedPointSeeds < 1) {
            throw wrong("--fixed-point-seeds is " + fixedPointSeeds + ", expected at least 1");
        }
        checkParts();
        OutputFolder output = OutputFolder.at(outFolder, ResultFolder.INDEX, AnalysisJson.SCHEMA, overwrite);
        List<Job> jobs = new ArrayList<>();
        for (Path path : paths) {
            jobs.add(job(path, jobs));
        }
        List<Done> done = new ArrayList<>();
        for (Job job : jobs) {
            if (StatusLine.onTerminal()) {
                spec.commandLine().getErr().println("analysing " + job.loaded.source() + " ...");
            }
            try {
                done.add(analyse(job));
            } catch (IllegalArgumentException | IllegalStateException e) {
                throw new IOException(job.loaded.source() + ": " + e.getMessage(), e);
            }
        }
        Map<String, AnalysisPart.Result> compared = compare(jobs, done);
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

    private ParameterException wrong(String message) {
        return new ParameterException(spec.commandLine(), message);
    }

    private Job job(Path path, List<Job> before) throws IOException {
        NetworkArgument.Loaded loaded = NetworkArgument.load(path, which, activation.value(), spec);
        Optional<ProbeTaskOptions.Chosen> chosen = choice.choose(loaded);
        Rnn rnn = chosen.map(ProbeTaskOptions.Chosen::rnn).orElse(loaded.rnn());
        if (input != null && input.size() != rnn.inputs()) {
            throw wrong(
                    "--input has " + input.size() + " values, expected " + rnn.inputs() + ", the inputs of " + path);
        }
        boolean run = Files.isDirectory(path);
        if (epochs && !run) {
            throw wrong("--epochs is for run directories, and " + path + " is a file");
        }
        Path initialFile = null;
        Rnn initial = null;
        if (initialPath != null) {
            NetworkArgument.Loaded first = NetworkArgument.load(
                    initialPath, Files.isDirectory(initialPath) ? "initial" : null, activation.value(), spec);
            initialFile = first.source();
            initial = first.rnn();
        } else if (run && Files.isRegularFile(RunDirectory.initial(path))) {
            initialFile = RunDirectory.initial(path);
            initial = NetworkFile.read(initialFile).rnn();
        }
        if (initial != null && initial.units() != rnn.units()) {
            throw new FormatException(initialFile + " has " + initial.units() + " units, expected " + rnn.units()
                    + " as " + loaded.source() + " has");
        }
        if (asked("similarity") && chosen.isEmpty()) {
            throw wrong("--parts has similarity, which needs a task, and that of " + path
                    + " isn't known: pass --task or --data");
        }
        for (AnalysisPart part : parts()) {
            if (asked(part.name()) && part.needsTask() && chosen.isEmpty()) {
                throw wrong("--parts has " + part.name() + ", which needs a task, and that of " + path
                        + " isn't known: pass --task or --data");
            }
        }
        return new Job(
                name(path, before), loaded, rnn, chosen.map(ProbeTaskOptions.Chosen::task), initialFile, initial);
    }

    /** The file's or run directory's name, with a number if two are the same. */
    private static String name(Path path, List<Job> before) {
        String name = path.toAbsolutePath().normalize().getFileName().toString();
        if (!Files.isDirectory(path) && name.lastIndexOf('.') > 0) {
            name = name.substring(0, name.lastIndexOf('.'));
        }
        String unique = name;
        List<String> taken = before.stream().map(Job::name).toList();
        for (int k = 2; taken.contains(unique); k++) {
            unique = name + "-" + k;
        }
        return unique;
    }

    private Done analyse(Job job) throws IOException {
        double[] constant =
                input == null ? null : input.stream().mapToDouble(x -> x).toArray();
        FixedPoints.Options search =
                FixedPoints.Options.of(job.rnn).withInput(constant).withSeed(seed);
        if (fixedPointSeeds != null) {
            search = search.withSeeds(fixedPointSeeds);
        }
        Optional<NetworkAnalysis> analysis = Optional.empty();
        if (asked(DEFAULT_PART)) {
            Attractors.Options trials =
                    Attractors.Options.of(job.rnn).withInput(constant).withSeed(seed);
            analysis = Optional.of(
                    NetworkAnalysis.of(job.rnn, Optional.ofNullable(job.initial), job.task, search, trials));
        }
        Map<String, AnalysisPart.Result> found = new LinkedHashMap<>();
        for (AnalysisPart part : parts()) {
            if (asked(part.name())) {
                found.put(part.name(), part.of(subject(job, analysis)));
            }
        }
        if (!epochs) {
            return new Done(job, analysis, null, List.of(), found);
        }
        List<Rnn> networks = new ArrayList<>();
        List<Integer> numbers = new ArrayList<>();
        Path run = job.loaded.path();
        List<Path> files = new ArrayList<>(List.of(RunDirectory.initial(run)));
        files.addAll(RunDirectory.epochs(run));
        for (Path file : files) {
            numbers.add(numbers.size());
            NetworkArgument.Loaded loaded = NetworkArgument.read(run, file, null, NetworkArgument.notes(spec));
            networks.add(choice.choose(loaded).map(ProbeTaskOptions.Chosen::rnn).orElse(loaded.rnn()));
        }
        return new Done(job, analysis, EpochAnalysis.of(networks, job.task, search, seed), numbers, found);
    }

    private AnalysisPart.Subject subject(Job job, Optional<NetworkAnalysis> analysis) {
        double[] constant = input == null
                ? new double[job.rnn.inputs()]
                : input.stream().mapToDouble(x -> x).toArray();
        return new AnalysisPart.Subject(
                job.name, job.rnn, Optional.ofNullable(job.initial), job.task, constant, seed, analysis);
    }

    private Map<String, AnalysisPart.Result> compare(List<Job> jobs, List<Done> done) throws IOException {
        Map<String, AnalysisPart.Result> found = new LinkedHashMap<>();
        for (AnalysisPart.OfSeveral part : comparisons()) {
            if (asked(part.name())) {
                List<AnalysisPart.Subject> subjects = new ArrayList<>();
                for (int k = 0; k < jobs.size(); k++) {
                    subjects.add(subject(jobs.get(k), done.get(k).analysis));
                }
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
        Job job = done.job;
        Map<String, Object> json;
        if (done.analysis.isPresent()) {
            AnalysisFiles tables = new AnalysisFiles(files, done.analysis.get());
            tables.writeTables();
            json = AnalysisJson.of(done.analysis.get(), job.loaded.source(), job.initialFile);
            if (done.epochs != null) {
                tables.writeEpochs(done.epochs, done.numbers);
                json.put("epochs", AnalysisJson.epochs(done.epochs, done.numbers));
            }
        } else {
            json = AnalysisJson.of(job.rnn, job.task, job.loaded.source(), job.initialFile);
        }
        writeParts(files, done.parts, json);
        if (Figure.missingFonts().isEmpty()) {
            files.add(NetworkFigures.write(folder, job.name, figures(done)));
        }
        files.writeIndex(json);
        return files.files();
    }

    private static void writeParts(
            ResultFolder files, Map<String, AnalysisPart.Result> parts, Map<String, Object> json) throws IOException {
        for (Map.Entry<String, AnalysisPart.Result> part : parts.entrySet()) {
            for (CsvTable table : part.getValue().tables()) {
                files.write(table);
            }
            json.put(part.getKey(), part.getValue().json());
        }
    }

    private static Map<String, Figure> figures(Done done) throws IOException {
        Map<String, Figure> figures =
                done.analysis.map(NetworkFigures::of).orElseGet(LinkedHashMap::new);
        done.parts.values().forEach(part -> figures.putAll(part.figures()));
        if (done.epochs != null) {
            figures.put("epochs", NetworkFigures.epochs(done.epochs, done.numbers));
        }
        Path path = done.job.loaded.path();
        if (done.analysis.isPresent() && RunDirectory.isRun(path)) {
            List<EpochSummary> history = RunDirectory.history(path);
            if (!history.isEmpty()) {
                figures.put("learning", NetworkFigures.learning(Map.of(done.job.name, history)));
            }
        }
        return figures;
    }

    private List<String> writeAll(Path folder, List<Done> all, Map<String, AnalysisPart.Result> compared)
            throws IOException {
        ResultFolder files = new ResultFolder(folder);
        List<String> below = new ArrayList<>();
        for (Done done : all) {
            Path own = Files.createDirectory(folder.resolve(done.job.name));
            write(own, done).forEach(file -> below.add(done.job.name + "/" + file));
        }
        if (asked(DEFAULT_PART)) {
            files.write(AnalysisSummary.comparisonCsv(byName(all)));
            files.write(AnalysisSummary.typesCsv(byName(all)));
        }
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("schema", AnalysisJson.SCHEMA + "-several/1");
        json.put("files", null);
        json.put("networks", all.stream().map(done -> done.job.name).toList());
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
        all.forEach(done -> map.put(done.job.name, done.analysis.orElseThrow()));
        return map;
    }

    private void report(List<Done> all, Map<String, AnalysisPart.Result> compared, List<String> files)
            throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        if (all.size() > 1) {
            if (asked(DEFAULT_PART)) {
                AnalysisSummary.comparison(byName(all)).forEach(out::println);
            }
            compared.values().forEach(part -> part.lines().forEach(out::println));
        } else {
            Done done = all.get(0);
            List<String> course = done.epochs == null ? List.of() : AnalysisSummary.of(done.epochs, done.numbers);
            String source = done.job.loaded.source().toString();
            List<String> parts = new ArrayList<>();
            done.parts.values().forEach(part -> parts.addAll(part.lines()));
            if (done.analysis.isPresent()) {
                AnalysisSummary.of(done.analysis.get(), source, course.size() + parts.size() + 1)
                        .forEach(out::println);
            } else {
                out.println(AnalysisSummary.network(done.job.rnn, done.job.task, source));
            }
            course.forEach(out::println);
            parts.forEach(out::println);
        }
        long tables = files.stream().filter(f -> f.endsWith(".csv")).count();
        long figures = files.stream().filter(f -> f.endsWith(".svg")).count();
        out.println("written to " + outFolder + ": analysis.json, " + Printable.count(tables, "table") + " (.csv), "
                + (asked(DEFAULT_PART) ? "arrays (.npz), " : "")
                + Printable.count(figures, "figure") + " (.png, .svg)"
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
