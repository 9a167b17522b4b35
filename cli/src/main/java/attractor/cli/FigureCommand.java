package attractor.cli;

import attractor.cli.option.ActivationOption;
import attractor.cli.option.NetworkArgument;
import attractor.cli.option.ProbeTaskOptions;
import attractor.cli.option.SizeOption;
import attractor.cli.option.TaskName;
import attractor.cli.terminal.ExitCode;
import attractor.figure.Figure;
import attractor.figure.NetworkFigures;
import attractor.figure.PaperFigures;
import attractor.figure.PaperFigures.Subject;
import attractor.io.AtomicFiles;
import attractor.io.JsonObject;
import attractor.model.NetworkFile;
import attractor.model.Rnn;
import attractor.report.StudyReport;
import attractor.task.Criterion;
import attractor.train.EpochSummary;
import attractor.train.RunDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code attractor figure}. */
@Command(
        name = "figure",
        description = {
            "Draws the paper's figures 1 to 14, and a sheet of the same kind for any network, as PNG (300 dpi) and SVG.",
            "",
            "  1      schema of a network",
            "  2      six noisy test samples: pulse",
            "  3      six noisy test samples: AND, OR, XOR, NOT",
            "  4      six noisy test samples: flip-flop",
            "  5      six noisy test samples: oscillation",
            "  6      eigenvalues before and after training, orthogonal and normal initial weights",
            "  7-10   AND with inputs 00, 01, 10, 11: response, 25 units, PCA; in one network that ends in fixed points and one"
                    + " that oscillates",
            "  11     flip-flop, Set then Reset and Reset then Set, with its spectrum and weights",
            "  12     stimuli at other times than in training, 13 memory against delay and number of units, 14 damage: from the studies"
                    + " in data/results, or those given with --study",
            "  NAME   the sheet of a network in data/networks, such as xor",
            "  sheet  the sheet of each --network",
            "  learning  loss from epoch to epoch of run directories, those given with --network",
            "  all    figures 1 to 14 (those from studies only if there are results) and the sheets of all networks in data/networks",
            "",
            "Networks are those of data/networks in the folder that the program was started from (ATTRACTOR_HOME, which the "
                    + "launcher sets; otherwise the current folder), or those given with --network."
        },
        footer = {
            "",
            "Examples:",
            "  attractor figure 7 --out figures",
            "  attractor figure xor pulse",
            "  attractor figure 6 --network runs/and-orthogonal-s0 \\",
            "    --network runs/and-normal-s0",
            "  attractor figure sheet --network flipflop-06-trained.hdf5 --task flipflop \\",
            "    --input-order 1,0",
            "  attractor figure sheet --network runs/mine --data trials.npz",
            "  attractor figure learning --network runs/and-orthogonal-s0 \\",
            "    --network runs/and-normal-s0"
        },
        sortOptions = false,
        mixinStandardHelpOptions = true)
final class FigureCommand implements Callable<Integer> {
    /** The last figure, and the kinds of studies from which the last figures are drawn. */
    private static final int LAST = 14;

    private static final Map<Integer, List<String>> STUDIES =
            Map.of(12, List.of("shift"), 13, List.of("delay", "size"), 14, List.of("damage"));

    private static final String SHEET = "sheet";
    private static final String LEARNING = "learning";
    private static final String ALL = "all";
    private static final String NPZ = ".npz";
    private static final String INITIAL = "-initial";

    /** Options of this command that only some figures use; all others are those of tasks. */
    private static final Set<String> OWN =
            Set.of("--network", "--initial", "--folder", "--study", "--reference", "--seed");

    private static final String TASK_OPTIONS = "--task and its options";

    @Spec
    private CommandSpec spec;

    @Parameters(
            arity = "1..*",
            paramLabel = "WHICH",
            completionCandidates = TaskName.class,
            description = "1 to 14, the name of a network, sheet, learning, or all.")
    private List<String> which;

    @Option(
            names = "--network",
            paramLabel = "NET",
            description =
                    "Draw this network (an .npz, a run directory or a Keras file) instead of those in data/networks. "
                            + "May be repeated.")
    private List<Path> networks = List.of();

    @Option(
            names = "--initial",
            paramLabel = "NET0",
            description =
                    "The network before training, one for each --network (default: the run directory's, or NAME-initial.npz "
                            + "beside NAME.npz).")
    private List<Path> initials = List.of();

    @Option(
            names = "--out",
            paramLabel = "DIR",
            defaultValue = "figures",
            description = "Folder for the figures, made if it is absent (default: ${DEFAULT-VALUE}).")
    private Path out;

    @Option(names = "--folder", paramLabel = "DIR", description = "Folder of the networks, instead of data/networks.")
    private Path folder;

    @Option(
            names = "--study",
            paramLabel = "DIR",
            description =
                    "Draw figures 12 to 14 from this study (shift, delay, size, damage) instead of those in data/results. May be repeated.")
    private List<Path> studies = List.of();

    @Option(
            names = "--reference",
            paramLabel = "DIR",
            description = "Folder with the published values, to draw them beside ours in figures 13 and 14.")
    private Path reference;

    @Option(
            names = "--seed",
            paramLabel = "S",
            defaultValue = "0",
            description = "Seed of the trials' noise (default: ${DEFAULT-VALUE}).")
    private long seed;

    @Mixin
    private ActivationOption activation;

    @Mixin
    private SizeOption size;

    @Mixin
    private ProbeTaskOptions choice;

    @Override
    public Integer call() throws Exception {
        if (!initials.isEmpty() && initials.size() != networks.size()) {
            throw wrong("there are " + initials.size()
                    + " --initial, expected one for each --network, of which there are " + networks.size());
        }
        List<String> names = new ArrayList<>();
        for (String given : which) {
            String lower = given.toLowerCase(Locale.ROOT);
            // The folder of networks is looked at only for a name that isn't in lower case.
            boolean asGiven = given.equals(lower) || (networks.isEmpty() && known().contains(given));
            String word = asGiven ? given : lower;
            if (word.equals(ALL)) {
                if (!networks.isEmpty()) {
                    throw wrong("all draws what is in data/networks, expected a number or sheet with --network");
                }
                IntStream.rangeClosed(1, LAST).filter(this::canDraw).forEach(n -> names.add(Integer.toString(n)));
                names.addAll(known());
            } else {
                check(word);
                names.add(word);
            }
        }
        refuseUnused(names);
        AtomicFiles.requireFolder(out);
        // All are made before the first is written, so that one that can't be made leaves nothing behind.
        Map<String, Figure> figures = new LinkedHashMap<>();
        for (String name : names) {
            make(name, figures);
        }
        AtomicFiles.createFolders(out);
        for (Map.Entry<String, Figure> figure : figures.entrySet()) {
            figure.getValue()
                    .write(out, figure.getKey())
                    .forEach(spec.commandLine().getOut()::println);
        }
        return ExitCode.DONE;
    }

    /** Refuses options that none of the figures uses. */
    private void refuseUnused(List<String> names) {
        Set<String> used = new HashSet<>(List.of("--out", "--size", "--stacktrace", "--classpath"));
        for (String name : names) {
            used.addAll(options(name));
        }
        for (OptionSpec option : spec.commandLine().getParseResult().matchedOptions()) {
            String own = OWN.contains(option.longestName()) ? option.longestName() : TASK_OPTIONS;
            if (!used.contains(option.longestName()) && !used.contains(own)) {
                throw wrong(option.longestName() + " is not an option of figure " + String.join(" ", which)
                        + ", expected none");
            }
        }
    }

    /** The options that a figure uses: its own by name, {@link #TASK_OPTIONS} for those of tasks. */
    private List<String> options(String name) {
        if (name.equals(LEARNING)) {
            return List.of("--network");
        }
        String from = networks.isEmpty() ? "--folder" : "--network";
        if (!isNumber(name)) {
            return List.of(from, "--initial", "--seed", TASK_OPTIONS);
        }
        return switch (number(name)) {
            case 1 -> List.of(from);
            case 6 -> List.of(from, "--initial");
            case 11 -> List.of(from, "--initial", "--seed", TASK_OPTIONS);
            case 12 -> List.of("--study");
            case 13, 14 -> List.of("--study", "--reference");
            default -> List.of(from, "--seed", TASK_OPTIONS);
        };
    }

    /** Whether {@code all} can draw a figure: figures from studies need results. */
    private boolean canDraw(int number) {
        return number <= PaperFigures.LAST
                || !studies.isEmpty()
                || STUDIES.get(number).stream()
                        .allMatch(study ->
                                Files.isDirectory(home().resolve("results").resolve(study)));
    }

    private void check(String word) throws IOException {
        boolean number = isNumber(word);
        if (number && number(word) >= 1 && number(word) <= LAST) {
            return;
        }
        if (word.equals(SHEET)) {
            if (networks.isEmpty()) {
                throw wrong(
                        "sheet needs a --network; networks of data/networks go by name, as in attractor figure xor");
            }
            return;
        }
        if (word.equals(LEARNING)) {
            if (networks.isEmpty()) {
                throw wrong("learning needs a --network, a run directory");
            }
            return;
        }
        if (!networks.isEmpty() && !number) {
            throw wrong(
                    word + " would be a network of data/networks, expected a number, sheet or learning with --network");
        }
        List<String> known = known();
        if (!known.contains(word)) {
            throw wrong((number ? "there is no figure " : "there is no network ") + word + ", expected 1 to " + LAST
                    + ", sheet, learning, all" + (known.isEmpty() ? "" : ", " + String.join(", ", known)));
        }
    }

    /** Adds a figure to those that are to be written. */
    private void make(String name, Map<String, Figure> figures) throws IOException {
        if (isNumber(name) && number(name) > PaperFigures.LAST) {
            ofStudies(number(name), figures);
        } else if (isNumber(name)) {
            List<Subject> subjects = networks.isEmpty() ? subjects(PaperFigures.networks(number(name))) : subjects();
            Figure figure = PaperFigures.of(number(name), subjects, seed);
            figures.put(String.format(Locale.ROOT, "figure-%02d", number(name)), size.of(figure));
        } else if (name.equals(LEARNING)) {
            figures.put(LEARNING, size.of(learning()));
        } else {
            for (Subject subject : name.equals(SHEET) ? subjects() : subjects(List.of(name))) {
                figures.put(SHEET + "-" + subject.name(), size.of(PaperFigures.sheet(subject, seed)));
            }
        }
    }

    private void ofStudies(int number, Map<String, Figure> figures) throws IOException {
        List<Path> folders = new ArrayList<>(studies);
        if (folders.isEmpty()) {
            for (String study : STUDIES.get(number)) {
                Path folder = home().resolve("results").resolve(study);
                if (Files.isDirectory(folder)) {
                    folders.add(folder);
                }
            }
        }
        if (folders.isEmpty()) {
            throw new IOException("there is no study " + String.join(" or ", STUDIES.get(number)) + " in "
                    + home().resolve("results") + ", which figure " + number + " is drawn from; give --study");
        }
        StudyReport.Options options = new StudyReport.Options(Criterion.DEFAULT, reference, null);
        String prefix = "figure-" + number;
        boolean any = false;
        for (Path folder : folders) {
            for (Map.Entry<String, Figure> figure :
                    StudyReport.figures(folder, options).entrySet()) {
                if (figure.getKey().startsWith(prefix)) {
                    figures.put(figure.getKey(), size.of(figure.getValue()));
                    any = true;
                }
            }
        }
        if (!any) {
            throw new IOException("none of " + folders + " is a study that figure " + number + " shows, expected "
                    + String.join(" or ", STUDIES.get(number)));
        }
    }

    /** Networks of data/networks. */
    private List<Subject> subjects(List<String> names) throws IOException {
        List<Subject> subjects = new ArrayList<>();
        for (String name : names) {
            subjects.add(subject(name, folder().resolve(name + NPZ), null));
        }
        return subjects;
    }

    /** The networks of the command line. */
    private List<Subject> subjects() throws IOException {
        List<String> names = networkNames();
        List<Subject> subjects = new ArrayList<>();
        for (int k = 0; k < networks.size(); k++) {
            subjects.add(subject(names.get(k), networks.get(k), initials.isEmpty() ? null : initials.get(k)));
        }
        return subjects;
    }

    /**
     * Names of the networks of the command line: the names of their files or run directories, with a number if a name
     * is taken.
     */
    private List<String> networkNames() {
        List<String> names = new ArrayList<>();
        for (Path network : networks) {
            Path file = network.toAbsolutePath().normalize().getFileName();
            String name =
                    file == null ? "network" : file.toString().replaceFirst("\\.(npz|hdf5|h5|keras|safetensors)$", "");
            String unique = name;
            for (int k = 2; names.contains(unique); k++) {
                unique = name + "-" + k;
            }
            names.add(unique);
        }
        return names;
    }

    private Figure learning() throws IOException {
        List<String> names = networkNames();
        Map<String, List<EpochSummary>> runs = new LinkedHashMap<>();
        for (int k = 0; k < networks.size(); k++) {
            if (!RunDirectory.isRun(networks.get(k))) {
                throw new IOException(networks.get(k) + " is not a run directory, which " + LEARNING + " needs");
            }
            runs.put(names.get(k), RunDirectory.history(networks.get(k)));
        }
        return NetworkFigures.learning(runs);
    }

    private Subject subject(String name, Path path, Path initial) throws IOException {
        NetworkArgument.Loaded loaded = NetworkArgument.load(path, null, activation.value(), spec);
        Optional<ProbeTaskOptions.Chosen> chosen = choice.choose(loaded);
        if (chosen.isEmpty()
                && loaded.data() != null
                && which.stream().anyMatch(word -> options(word).contains(TASK_OPTIONS))) {
            throw choice.unknown(loaded); // only the trials are missing
        }
        return new Subject(
                name,
                chosen.map(ProbeTaskOptions.Chosen::rnn).orElse(loaded.rnn()),
                before(path, initial),
                chosen.map(ProbeTaskOptions.Chosen::task),
                initialWeights(loaded),
                RunDirectory.isRun(path) ? RunDirectory.history(path) : List.of(),
                loaded.probabilities(chosen.map(ProbeTaskOptions.Chosen::task)));
    }

    /** How the recurrent weights were drawn before training, if the network's file contains it. */
    private static Optional<String> initialWeights(NetworkArgument.Loaded loaded) throws IOException {
        if (loaded.task() == null && loaded.data() == null) {
            return Optional.empty();
        }
        JsonObject meta = NetworkFile.read(loaded.source()).meta();
        return meta.has("training") && meta.getObject("training").has("init")
                ? Optional.of(meta.getObject("training").getString("init"))
                : Optional.empty();
    }

    /** The network before training, if one is given or found in the usual place. */
    private Optional<Rnn> before(Path path, Path given) throws IOException {
        if (given != null) {
            return Optional.of(
                    NetworkArgument.load(given, null, activation.value(), spec).rnn());
        }
        String file = path.toString();
        Path beside = file.endsWith(NPZ)
                ? Path.of(file.substring(0, file.length() - NPZ.length()) + INITIAL + NPZ)
                : path.resolve("initial.npz");
        boolean there = Files.isRegularFile(beside) && (file.endsWith(NPZ) || RunDirectory.isRun(path));
        return there
                ? Optional.of(NetworkArgument.load(beside, null, activation.value(), spec)
                        .rnn())
                : Optional.empty();
    }

    private Path folder() throws IOException {
        if (folder != null) {
            return folder;
        }
        Path usual = home().resolve("networks");
        if (!Files.isDirectory(usual)) {
            throw new IOException(
                    "there is no folder " + usual
                            + " with the networks that figures are drawn from; give --network or --folder, or set ATTRACTOR_HOME");
        }
        return usual;
    }

    /** The project's folder data. */
    private static Path home() {
        String home = System.getenv("ATTRACTOR_HOME");
        return Path.of(home == null ? "" : home, "data");
    }

    /** Names of the trained networks in data/networks, sorted. */
    private List<String> known() throws IOException {
        try (Stream<Path> files = Files.list(folder())) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(NPZ) && !name.endsWith(INITIAL + NPZ))
                    .map(name -> name.substring(0, name.length() - NPZ.length()))
                    .sorted()
                    .toList();
        }
    }

    private static boolean isNumber(String word) {
        return word.matches("\\d{1,4}");
    }

    private static int number(String word) {
        return Integer.parseInt(word);
    }

    private ParameterException wrong(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
