package attractor.cli.option;

import attractor.analysis.Attractors;
import attractor.analysis.EpochAnalysis;
import attractor.analysis.FixedPoints;
import attractor.analysis.NetworkAnalysis;
import attractor.cli.terminal.StatusLine;
import attractor.io.FormatException;
import attractor.io.Printable;
import attractor.model.NetworkFile;
import attractor.model.Rnn;
import attractor.study.StudyFolder;
import attractor.task.Task;
import attractor.train.RunDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Which networks are analysed, and how: what {@code analyze} and {@code explore} have in common. */
public final class AnalysisOptions {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @Parameters(
            arity = "1..*",
            paramLabel = "NET",
            description = "Networks: .npz, run directories, or files of Keras or PyTorch. A study's folder stands "
                    + "for all its networks.")
    private List<Path> paths;

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

    @Mixin
    private ActivationOption activation;

    @Mixin
    private ProbeTaskOptions choice;

    /**
     * A network to analyse.
     *
     * @param name its file's or run directory's name, different from the others'
     * @param loaded the network as it was read
     * @param rnn the network with its inputs in the order of the task's
     * @param task the task; empty if it isn't known
     * @param initialFile the file of the network before training; null if it isn't known
     * @param initial the network before training; null likewise
     */
    public record Subject(
            String name, NetworkArgument.Loaded loaded, Rnn rnn, Optional<Task> task, Path initialFile, Rnn initial) {
        /** Whether the network is one of a run directory's. */
        public boolean isRun() {
            return RunDirectory.isRun(loaded.path());
        }
    }

    /**
     * A network's training, followed.
     *
     * @param analysis what became of the network from epoch to epoch
     * @param numbers the numbers of these epochs
     */
    public record Course(EpochAnalysis analysis, List<Integer> numbers) {}

    /**
     * A network and its analysis.
     *
     * @param course empty unless it was asked for
     */
    public record Analysed(Subject subject, NetworkAnalysis analysis, Optional<Course> course) {}

    /** Number of networks. */
    public int count() throws IOException {
        return networks().size();
    }

    /** The networks' paths; those of a study in the place of its folder. */
    private List<Path> networks() throws IOException {
        List<Path> all = new ArrayList<>();
        for (Path path : paths) {
            if (!StudyFolder.isStudy(path)) {
                all.add(path);
                continue;
            }
            StudyFolder study = StudyFolder.open(path);
            for (StudyFolder.Entry entry : study.entries()) {
                Path run = study.run(entry.hash());
                if (RunDirectory.isRun(run) && study.status(entry.hash()) == StudyFolder.Status.DONE) {
                    all.add(run);
                }
            }
        }
        if (all.isEmpty()) {
            throw new IOException(
                    paths.get(0) + " has no trained network yet, or only measures those of another study");
        }
        return all;
    }

    /** The constant input for fixed points and the long run, I values. */
    public double[] input(Rnn rnn) {
        double[] given = constant();
        return given == null ? new double[rnn.inputs()] : given;
    }

    /** Says on a terminal that this network's turn has come. */
    public void announce(Subject subject) {
        if (StatusLine.onTerminal()) {
            spec.commandLine().getErr().println("analysing " + subject.loaded().source() + " ...");
        }
    }

    /** The seed. */
    public long seed() {
        return seed;
    }

    /**
     * Reads the networks.
     *
     * @param epochs whether their epochs are wanted too
     * @throws ParameterException if options don't fit to them
     * @throws IOException if a file isn't what it should be
     */
    public List<Subject> subjects(boolean epochs) throws IOException {
        if (initialPath != null && count() > 1) {
            throw wrong("--initial is for one network, and there are " + count());
        }
        if (fixedPointSeeds != null && fixedPointSeeds < 1) {
            throw wrong("--fixed-point-seeds is " + fixedPointSeeds + ", expected at least 1");
        }
        List<Subject> subjects = new ArrayList<>();
        for (Path path : networks()) {
            Subject subject = subject(path, subjects);
            if (epochs && !subject.isRun()) {
                throw wrong("--epochs is for run directories, and " + path + " is a file");
            }
            subjects.add(subject);
        }
        return subjects;
    }

    private ParameterException wrong(String message) {
        return new ParameterException(spec.commandLine(), message);
    }

    private Subject subject(Path path, List<Subject> before) throws IOException {
        NetworkArgument.Loaded loaded = NetworkArgument.load(path, which, activation.value(), spec);
        Optional<ProbeTaskOptions.Chosen> chosen = choice.choose(loaded);
        Rnn rnn = chosen.map(ProbeTaskOptions.Chosen::rnn).orElse(loaded.rnn());
        if (input != null && input.size() != rnn.inputs()) {
            throw wrong("--input has " + Printable.count(input.size(), "value") + ", expected " + rnn.inputs()
                    + ", the inputs of " + path);
        }
        boolean run = Files.isDirectory(path);
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
            throw new FormatException(initialFile + " has " + Printable.count(initial.units(), "unit") + ", expected "
                    + rnn.units() + " as " + loaded.source() + " has");
        }
        return new Subject(
                name(path, before), loaded, rnn, chosen.map(ProbeTaskOptions.Chosen::task), initialFile, initial);
    }

    /** The file's or run directory's name, with a number if two are the same. */
    private static String name(Path path, List<Subject> before) {
        String name = path.toAbsolutePath().normalize().getFileName().toString();
        if (!Files.isDirectory(path) && name.lastIndexOf('.') > 0) {
            name = name.substring(0, name.lastIndexOf('.'));
        }
        String unique = name;
        List<String> taken = before.stream().map(Subject::name).toList();
        for (int k = 2; taken.contains(unique); k++) {
            unique = name + "-" + k;
        }
        return unique;
    }

    /**
     * Analyses a network.
     *
     * @param epochs whether to follow it through its training; only of a run directory
     * @throws IOException if a file cannot be read, or the network cannot be analysed
     */
    public Analysed analyse(Subject subject, boolean epochs) throws IOException {
        try {
            FixedPoints.Options search = search(subject.rnn());
            Attractors.Options trials =
                    Attractors.Options.of(subject.rnn()).withInput(constant()).withSeed(seed);
            NetworkAnalysis analysis = NetworkAnalysis.of(
                    subject.rnn(), Optional.ofNullable(subject.initial()), subject.task(), search, trials);
            return new Analysed(subject, analysis, epochs ? Optional.of(course(subject, search)) : Optional.empty());
        } catch (IllegalArgumentException | IllegalStateException e) {
            throw new IOException(subject.loaded().source() + ": " + e.getMessage(), e);
        }
    }

    private Course course(Subject subject, FixedPoints.Options search) throws IOException {
        List<Rnn> networks = new ArrayList<>();
        List<Integer> numbers = new ArrayList<>();
        Path run = subject.loaded().path();
        List<Path> files = new ArrayList<>(List.of(RunDirectory.initial(run)));
        files.addAll(RunDirectory.epochs(run));
        for (Path file : files) {
            numbers.add(numbers.size());
            NetworkArgument.Loaded loaded = NetworkArgument.read(run, file, null, NetworkArgument.notes(spec));
            networks.add(choice.choose(loaded).map(ProbeTaskOptions.Chosen::rnn).orElse(loaded.rnn()));
        }
        return new Course(EpochAnalysis.of(networks, subject.task(), search, seed), numbers);
    }

    private FixedPoints.Options search(Rnn rnn) {
        FixedPoints.Options search =
                FixedPoints.Options.of(rnn).withInput(constant()).withSeed(seed);
        return fixedPointSeeds == null ? search : search.withSeeds(fixedPointSeeds);
    }

    private double[] constant() {
        return input == null ? null : input.stream().mapToDouble(x -> x).toArray();
    }
}
