package attractor.cli;

import attractor.analysis.Kicks;
import attractor.analysis.Lesions;
import attractor.cli.option.CellOptions;
import attractor.cli.option.DataOptions;
import attractor.cli.option.Grid;
import attractor.cli.option.PaperTraining;
import attractor.cli.option.ReportOptions;
import attractor.cli.option.StudyFolderOptions;
import attractor.cli.option.StudyOptions;
import attractor.cli.option.StudyPlace;
import attractor.cli.option.TaskName;
import attractor.cli.option.TrainingOptions;
import attractor.cli.terminal.ExitCode;
import attractor.cli.terminal.Program;
import attractor.cli.terminal.StatusLine;
import attractor.io.FormatException;
import attractor.io.Printable;
import attractor.model.Initializers.Recurrent;
import attractor.model.Precision;
import attractor.report.StudyReport;
import attractor.study.Studies;
import attractor.study.Study;
import attractor.study.StudyFolder;
import attractor.study.StudyFolder.Status;
import attractor.study.StudyState;
import attractor.task.Task;
import attractor.task.TaskOptions;
import attractor.task.Tasks;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code attractor study}. Belongs to one thread. */
@Command(
        name = "study",
        description = {
            "Trains and measures many networks: the paper's studies, each as one command that can be stopped and resumed.",
            "",
            "A study is a list of runs, each with a folder of its own in DIR/runs. Finished runs are never repeated: stop with Ctrl-C "
                    + "(or in any other way) and give the same command again. Several processes may work on the same folder.",
            "",
            "In DIR: results.csv (one row per run and trial type) and other tables, summary.json, figures as PNG and SVG, and "
                    + "report.md, which explains them."
        },
        subcommands = {
            StudyCommand.Success.class,
            StudyCommand.Delay.class,
            StudyCommand.Size.class,
            StudyCommand.Damage.class,
            StudyCommand.Shift.class,
            StudyCommand.Activity.class,
            StudyCommand.Hold.class,
            StudyCommand.Kick.class,
            StudyCommand.Sweep.class,
            StudyCommand.Rank.class,
            StudyCommand.Balance.class,
            StudyCommand.StatusOf.class,
            StudyCommand.Wait.class,
            StudyCommand.Report.class
        },
        synopsisSubcommandLabel = "STUDY",
        mixinStandardHelpOptions = true)
public final class StudyCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    StudyCommand() {}

    /** The commands for each kind of study, for programs that do studies elsewhere; their {@link StudyPlace} comes from picocli's factory. */
    public static List<Class<?>> kinds() {
        return Arrays.stream(StudyCommand.class.getAnnotation(Command.class).subcommands())
                .filter(Kind.class::isAssignableFrom)
                .<Class<?>>map(command -> command)
                .toList();
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "which study? see attractor study --help");
    }

    /** A kind of study. */
    abstract static class Kind implements Callable<Integer> {
        @Mixin
        private StudyPlace place;

        @Mixin
        StudyOptions options;

        /**
         * @throws IllegalArgumentException if an option is out of range
         * @throws IOException if a file can't be read or isn't what it should be
         */
        abstract Study study() throws IOException;

        /** How its results are read. */
        StudyReport.Options report() throws IOException {
            return ReportOptions.none();
        }

        @Override
        public final Integer call() throws Exception {
            return place.run(this::study, this::report);
        }
    }

    /** A kind of study whose trainings are the paper's, with few options. */
    abstract static class OfPaper extends Kind {
        @Mixin
        PaperTraining paper;
    }

    /** A kind of study in which all networks have the same number of units. */
    abstract static class OfOneSize extends OfPaper {
        @Option(names = "--units", paramLabel = "N", description = "Recurrent units (default: 50).")
        private Integer units;

        final Studies.Networks networks(int usual) {
            return paper.networks(options, usual, builder -> units == null ? builder : builder.units(units));
        }
    }

    /** The option for the tasks. */
    static final class TaskList {
        @Option(
                names = "--tasks",
                paramLabel = "TASK,...",
                converter = TaskName.class,
                completionCandidates = TaskName.class,
                split = ",",
                hideParamSyntax = true,
                description = "The tasks (default: all seven; for shift only AND).")
        private List<String> tasks;

        /** The first one, null if none are given. */
        String orNone() {
            return tasks == null || tasks.isEmpty() ? null : tasks.get(0);
        }

        List<String> or(List<String> otherwise) {
            return tasks == null ? otherwise : tasks;
        }
    }

    /** {@code attractor study success}. */
    @Command(
            name = "success",
            description = {
                "How often training succeeds, by task and initial weights (table 6), and by type of trial.",
                "",
                "Any task, or --data, with any option of a training: an option of a task must be one of all of them."
            },
            footer = {
                "",
                "Examples:",
                "  attractor study success --out studies/success",
                "  attractor study success --tasks sign,latency --tau 10 --out studies/field"
            },
            sortOptions = false,
            mixinStandardHelpOptions = true)
    static final class Success extends Kind {
        @Spec
        private CommandSpec spec;

        @Mixin
        private TaskList tasks;

        @Option(
                names = "--init",
                paramLabel = "KIND,...",
                split = ",",
                hideParamSyntax = true,
                description =
                        "Initial recurrent weights, of orthogonal, normal, glorot and identity; with signs they are then balanced (default: "
                                + "orthogonal,normal).")
        private List<String> inits = List.of("orthogonal", "normal");

        @Mixin
        private ReportOptions.Passing passing;

        @Mixin
        private ReportOptions.Answering answering;

        @Option(
                names = "--both-precisions",
                description =
                        "Train each network in double and in float, with the same seeds; the report then has McNemar's exact test.")
        private boolean bothPrecisions;

        @Mixin
        private ReportOptions.Published published;

        @Mixin
        private TrainingOptions training;

        @Override
        Study study() throws IOException {
            if (bothPrecisions && training.precision() != null) {
                throw new ParameterException(
                        spec.commandLine(), "--precision and --both-precisions are given, expected one of them");
            }
            Studies.Networks networks = options.networks(20, builder -> builder);
            List<Recurrent> weights = inits.stream().map(Recurrent::of).toList();
            List<Studies.Training> trainings = new ArrayList<>();
            Map<String, Object> made = new LinkedHashMap<>();
            if (training.data().file() != null) {
                training.requireTaskOrData(tasks.orNone());
                DataOptions.Read read = training.trials();
                for (Recurrent init : weights) {
                    trainings.add(training.training(
                            TrainingOptions.usual(read), Optional.of(read.trials()), init, networks.first()));
                }
                made.put("data", read.trials().source());
            } else {
                List<String> names = tasks.or(Tasks.builtIn());
                for (String task : names) {
                    training.requireTaskOrData(task);
                    for (Recurrent init : weights) {
                        trainings.add(
                                training.training(training.usual(task), Optional.empty(), init, networks.first()));
                    }
                }
                made.put("tasks", names);
            }
            made.put("inits", weights.stream().map(Recurrent::id).toList());
            Map<String, Object> given = training.given(spec.commandLine());
            if (!given.isEmpty()) {
                made.put("options", given);
            }
            if (bothPrecisions) {
                made.put("precisions", List.of(Precision.DOUBLE.id(), Precision.FLOAT.id()));
                for (Studies.Training one : List.copyOf(trainings)) {
                    trainings.add(one.withPrecision(Precision.FLOAT));
                }
            }
            return Studies.success(trainings, made, networks);
        }

        @Override
        StudyReport.Options report() throws IOException {
            return ReportOptions.options(passing, answering, null, published);
        }
    }

    /** A study over a grid. */
    abstract static class OfGrid extends Kind {
        @Spec
        private CommandSpec spec;

        @Mixin
        private ReportOptions.Passing passing;

        @Mixin
        private ReportOptions.Answering answering;

        @Mixin
        @SuppressWarnings("unused") // the grid asks picocli which options were given
        private CellOptions cell;

        /** @throws IOException if it can't be read or isn't what it should be */
        abstract Grid grid() throws IOException;

        @Override
        final Study study() throws IOException {
            return grid().study(options, spec.commandLine());
        }

        @Override
        StudyReport.Options report() throws IOException {
            return ReportOptions.options(passing, answering, null, null);
        }
    }

    /** {@code attractor study sweep}. */
    @Command(
            name = "sweep",
            description = {
                "Success, loss, accuracy and spectra over a grid of options: a cell for each combination of values.",
                "",
                "The file has options of a training, by their names without dashes, and axes. An axis is an option with an array of values, "
                        + "or a name with an object of options for each of its values:",
                "",
                "  {\"task\": \"and\", \"options\": {\"tau\": 10, \"lr\": 1e-3},",
                "   \"axes\": {\"units\": [20, 50],",
                "            \"law\": {\"none\": {}, \"Dale\": {\"activation\": \"relu\", \"dale\": 0.8}}},",
                "   \"networks\": 10}",
                "",
                "Options on the command line replace those that the file has for all cells. results.csv has a column axis.NAME for each axis."
            },
            footer = {
                "",
                "Examples:",
                "  attractor study sweep --grid grid.json --out studies/grid",
                "  attractor study sweep --grid grid.json --networks 5 --out studies/grid"
            },
            sortOptions = false,
            mixinStandardHelpOptions = true)
    static final class Sweep extends OfGrid {
        @Option(names = "--grid", paramLabel = "FILE.json", required = true, description = "The grid, see above.")
        private Path file;

        @Override
        Grid grid() throws IOException {
            return Grid.read(file);
        }
    }

    /** A grid that ships with the program. */
    abstract static class OfShippedGrid extends OfGrid {
        @Option(
                names = "--grid",
                paramLabel = "FILE.json",
                description = "Another grid in place of the one that ships with the program, see study sweep.")
        private Path file;

        /** Its name. */
        abstract String name();

        @Override
        Grid grid() throws IOException {
            return file == null ? Grid.shipped(name()) : Grid.read(file);
        }
    }

    /** {@code attractor study rank}. */
    @Command(
            name = "rank",
            description = {
                "Success and spectra of networks of low rank, by their rank.",
                "",
                "A study sweep with a grid that ships with the program: AND, ranks of 1 to 10, and full rank. Options replace those of the grid."
            },
            footer = {
                "",
                "Examples:",
                "  attractor study rank --out studies/rank",
                "  attractor study rank --task sign --networks 5 --out studies/rank-sign"
            },
            sortOptions = false,
            mixinStandardHelpOptions = true)
    static final class Rank extends OfShippedGrid {
        @Override
        String name() {
            return "rank";
        }
    }

    /** {@code attractor study balance}. */
    @Command(
            name = "balance",
            description = {
                "Success and spectra by the share of excitatory units (Dale's law).",
                "",
                "A study sweep with a grid that ships with the program: AND, relu, shares of 0.5 to 1, and networks without Dale's law. Options "
                        + "replace those of the grid."
            },
            footer = {"", "Example:", "  attractor study balance --out studies/balance"},
            sortOptions = false,
            mixinStandardHelpOptions = true)
    static final class Balance extends OfShippedGrid {
        @Override
        String name() {
            return "balance";
        }
    }

    /** The options for the targets and trials of networks that remember pulses. */
    static final class Targets {
        @Option(
                names = "--target-noise",
                paramLabel = "SD",
                description =
                        "Noise on the targets in training (default: 0); results are given with and without it in any case.")
        private Double noise;

        @Option(names = "--baseline", paramLabel = "X", description = "Added to the targets in training (default: 0).")
        private Double baseline;

        @Option(names = "--noise", paramLabel = "SD", description = "Noise on the input at every step (default: 0.03).")
        private Double inputNoise;

        @Option(
                names = {"--length", "--duration"},
                paramLabel = "MS",
                description = "Duration of a trial (default: 300).")
        private Double length;

        Map<String, Object> options() {
            Map<String, Object> options = new TreeMap<>();
            if (inputNoise != null) {
                options.put(TaskOptions.NOISE_SD, inputNoise);
            }
            if (length != null) {
                options.put(TaskOptions.DURATION_MS, length);
            }
            if (noise != null) {
                options.put(TaskOptions.TARGET_NOISE_SD, noise);
            }
            if (baseline != null) {
                options.put(TaskOptions.BASELINE, baseline);
            }
            return options;
        }
    }

    /** {@code attractor study delay}. */
    @Command(
            name = "delay",
            description = "Memory of a pulse against the time between stimulus and response (figure 13, top).",
            footer = {"", "Example:", "  attractor study delay --out studies/delay"},
            sortOptions = false,
            mixinStandardHelpOptions = true)
    static final class Delay extends OfOneSize {
        @Option(
                names = "--delays",
                paramLabel = "MS,...",
                split = ",",
                hideParamSyntax = true,
                defaultValue = "20,30,40,50,60,70,80,90,100,110,120,130,140,150,160,170",
                description = "The times (default: 20 to 170 in steps of 10).")
        private List<Double> delays;

        @Mixin
        private Targets targets;

        @Mixin
        private ReportOptions.Passing passing;

        @Mixin
        private ReportOptions.Reference reference;

        @Override
        Study study() {
            return Studies.delay(delays, paper.init("orthogonal"), targets.options(), networks(10));
        }

        @Override
        StudyReport.Options report() throws IOException {
            return ReportOptions.options(passing, null, reference, null);
        }
    }

    /** {@code attractor study size}. */
    @Command(
            name = "size",
            description = "Memory of a pulse against the number of units (figure 13, bottom).",
            footer = {"", "Example:", "  attractor study size --networks 6 --sizes 50,100,150,250 --out studies/size"},
            sortOptions = false,
            mixinStandardHelpOptions = true)
    static final class Size extends OfPaper {
        @Option(
                names = "--sizes",
                paramLabel = "N,...",
                split = ",",
                hideParamSyntax = true,
                defaultValue = "50,65,80,100,130,170,200,250,300,400,500",
                description = "The numbers of units (default: ${DEFAULT-VALUE}).")
        private List<Integer> sizes;

        @Option(
                names = "--delay",
                paramLabel = "MS",
                defaultValue = "150",
                description = "Time from the stimulus's end to the response (default: ${DEFAULT-VALUE}).")
        private double delay;

        @Mixin
        private Targets targets;

        @Mixin
        private ReportOptions.Passing passing;

        @Mixin
        private ReportOptions.Reference reference;

        @Override
        Study study() {
            return Studies.size(
                    sizes,
                    delay,
                    paper.init("orthogonal"),
                    targets.options(),
                    paper.networks(options, 10, builder -> builder));
        }

        @Override
        StudyReport.Options report() throws IOException {
            return ReportOptions.options(passing, null, reference, null);
        }
    }

    /** {@code attractor study damage}. */
    @Command(
            name = "damage",
            description = "Trained networks without some of their connections, with controls (figure 14).",
            footer = {"", "Example:", "  attractor study damage --trained studies/success --out studies/damage"},
            sortOptions = false,
            mixinStandardHelpOptions = true)
    static final class Damage extends OfOneSize {
        @Option(
                names = {"--tasks", "--task"},
                paramLabel = "TASK",
                converter = TaskName.class,
                completionCandidates = TaskName.class,
                split = ",",
                hideParamSyntax = true,
                defaultValue = "and",
                description = "The task, only one (default: ${DEFAULT-VALUE}).")
        private List<String> tasks;

        @Option(
                names = "--thresholds",
                paramLabel = "W,...",
                split = ",",
                hideParamSyntax = true,
                description = "Thresholds of |w|, increasing (default: the paper's, 0 to 0.067).")
        private List<Double> thresholds;

        @Option(
                names = "--draws",
                paramLabel = "N",
                defaultValue = "20",
                description = "Number of draws per control (default: ${DEFAULT-VALUE}).")
        private int draws;

        @Option(
                names = "--window",
                paramLabel = "MS",
                description =
                        "Distances are also computed over the end of a trial of this length (default: 115, with which distances without damage "
                                + "are closest to the published ones, or the whole of a shorter trial).")
        private Double window;

        @Mixin
        private ReportOptions.Reference reference;

        @Override
        Study study() {
            if (tasks.size() != 1) {
                throw new IllegalArgumentException("--tasks is " + String.join(",", tasks)
                        + ", expected one task; give each of the others a study of its own");
            }
            String task = tasks.get(0);
            List<Double> levels = thresholds == null ? Lesions.PAPER_THRESHOLDS : thresholds;
            Task trained = Tasks.byName(task);
            double end = window != null ? window : Math.min(115, trained.steps() * trained.dtMs());
            return Studies.damage(task, paper.inits("orthogonal"), levels, draws, end, networks(10));
        }

        @Override
        StudyReport.Options report() throws IOException {
            return ReportOptions.options(null, null, reference, null);
        }
    }

    /** {@code attractor study shift}. */
    @Command(
            name = "shift",
            description = "Stimuli at other times than in training (figure 12).",
            footer = {"", "Example:", "  attractor study shift --trained studies/success --out studies/shift"},
            sortOptions = false,
            mixinStandardHelpOptions = true)
    static final class Shift extends OfOneSize {
        @Mixin
        private TaskList tasks;

        @Option(
                names = "--onsets",
                paramLabel = "MS,...",
                split = ",",
                hideParamSyntax = true,
                defaultValue = "0,10,20,30,40,50,60,80,100,130,160,200,300,400",
                description = "Onsets of the stimulus (default: ${DEFAULT-VALUE}).")
        private List<Double> onsets;

        @Override
        Study study() {
            return Studies.shift(tasks.or(List.of("and")), paper.inits("orthogonal"), onsets, networks(10));
        }
    }

    /** {@code attractor study activity}. */
    @Command(
            name = "activity",
            description = {
                "Where states end after each type of trial, in fixed points, or oscillating; the spectra; and how many different solutions "
                        + "there are.",
                "",
                "Solutions are compared among the networks that pass: by the graph of attractors, dynamics, shapes of trajectories and "
                        + "spectra. The report has the number of clusters against clouds without any, whether the initial weights tell "
                        + "the solutions, and, with several numbers of units, whether that changes with them."
            },
            footer = {
                "",
                "Examples:",
                "  attractor study activity --trained studies/success --out studies/activity",
                "  attractor study activity --tasks and --units 20,50,100 --out studies/sizes"
            },
            sortOptions = false,
            mixinStandardHelpOptions = true)
    static final class Activity extends OfPaper {
        @Mixin
        private TaskList tasks;

        @Option(
                names = "--units",
                paramLabel = "N,...",
                split = ",",
                hideParamSyntax = true,
                description = "Recurrent units, one number or several (default: 50).")
        private List<Integer> units = List.of();

        @Override
        Study study() {
            List<String> names = tasks.or(Tasks.builtIn());
            List<Recurrent> inits = paper.inits("orthogonal", "normal");
            if (units.size() > 1) {
                return Studies.activity(names, inits, units, paper.networks(options, 20, builder -> builder));
            }
            return Studies.activity(
                    names,
                    inits,
                    paper.networks(options, 20, builder -> units.isEmpty() ? builder : builder.units(units.get(0))));
        }
    }

    /** {@code attractor study hold}. */
    @Command(
            name = "hold",
            description =
                    "How long answers are held beyond the trained time; flip-flops with pulses left out and repeated.",
            footer = {"", "Example:", "  attractor study hold --trained studies/success --out studies/hold"},
            sortOptions = false,
            mixinStandardHelpOptions = true)
    static final class Hold extends OfOneSize {
        @Mixin
        private TaskList tasks;

        @Option(
                names = {"--length", "--duration"},
                paramLabel = "MS",
                defaultValue = "5000",
                description = "Duration of the trials (default: ${DEFAULT-VALUE}).")
        private double length;

        @Override
        Study study() {
            return Studies.hold(tasks.or(Tasks.builtIn()), paper.inits("orthogonal", "normal"), length, networks(20));
        }
    }

    /** {@code attractor study kick}. */
    @Command(
            name = "kick",
            description = {
                "What displaced states and pulses of input do: distance in the response, changed answers, return.",
                "",
                "Directions: random unit vectors; leading eigenvectors of the recurrent weights (mode); the state of another type's trial "
                        + "at the same time (towards); a pulse of input (input)."
            },
            footer = {"", "Example:", "  attractor study kick --trained studies/success --out studies/kick"},
            sortOptions = false,
            mixinStandardHelpOptions = true)
    static final class Kick extends OfOneSize {
        @Mixin
        private TaskList tasks;

        @Option(
                names = "--directions",
                paramLabel = "NAME,...",
                split = ",",
                hideParamSyntax = true,
                description = "Some of random, mode, towards, input (default: all).")
        private List<String> directions;

        @Option(
                names = "--sizes",
                paramLabel = "X,...",
                split = ",",
                hideParamSyntax = true,
                defaultValue = "0.1,0.3,1",
                description =
                        "Sizes: of the typical norm of a state, of the way to the other state, or of the input (default: ${DEFAULT-VALUE}).")
        private List<Double> sizes;

        @Option(
                names = "--times",
                paramLabel = "MS,...",
                split = ",",
                hideParamSyntax = true,
                description = "Times of the kicks (default: the middle of each part of the trials).")
        private List<Double> times = List.of();

        @Option(
                names = "--draws",
                paramLabel = "N",
                defaultValue = "5",
                description = "Random vectors, and eigenvectors at most (default: ${DEFAULT-VALUE}).")
        private int draws;

        @Option(
                names = "--pulse",
                paramLabel = "MS",
                defaultValue = "10",
                description = "Length of a pulse of input (default: ${DEFAULT-VALUE}).")
        private double pulse;

        @Override
        Study study() {
            List<Kicks.Direction> chosen = directions == null
                    ? List.of(Kicks.Direction.values())
                    : directions.stream().map(Kicks.Direction::of).toList();
            Kicks.Options kicks =
                    new Kicks.Options(chosen, sizes, times, draws, pulse, Kicks.Options.DEFAULT.returned(), 0);
            return Studies.kick(tasks.or(Tasks.builtIn()), paper.inits("orthogonal", "normal"), kicks, networks(20));
        }
    }

    /** {@code attractor study report}. */
    @Command(
            name = "report",
            description = {
                "Writes a study's tables, summary, figures and report again from its finished runs.",
                "",
                "For a folder without runs that has results.csv and summary.json, such as those in data/results, it writes everything except the "
                        + "tables again, for example with another criterion or beside published values."
            },
            sortOptions = false,
            mixinStandardHelpOptions = true)
    static final class Report implements Callable<Integer> {
        @Spec
        private CommandSpec spec;

        @Parameters(index = "0", paramLabel = "DIR", description = "The study's folder.")
        private Path directory;

        @Option(
                names = "--complete",
                description =
                        "Only when no run is left: otherwise nothing is written, and the exit code is 3, for scripts that try again later.")
        private boolean complete;

        @Mixin
        private ReportOptions.Passing passing;

        @Mixin
        private ReportOptions.Answering answering;

        @Mixin
        private ReportOptions.Reference reference;

        @Mixin
        private ReportOptions.Published published;

        @Mixin
        private ReportOptions.Trained trained;

        @Override
        public Integer call() throws Exception {
            StudyReport.Options options = ReportOptions.options(passing, answering, reference, published);
            if (StudyReport.isStored(directory)) {
                ReportOptions.refuseUseless(spec.commandLine(), StudyReport.study(directory));
                StudyReport.rewrite(directory, options, spec.commandLine().getOut());
                return ExitCode.DONE;
            }
            StudyFolder folder = StudyFolder.open(directory);
            ReportOptions.refuseUseless(spec.commandLine(), folder.name());
            PrintWriter err = spec.commandLine().getErr();
            if (complete) {
                if (folder.writeCompleteTables().isEmpty()) {
                    return unfinished(folder.state(), directory, err);
                }
            } else {
                folder.writeTables();
                broken(folder.state(), err);
            }
            StudyFolderOptions.compare(folder, trained.folders(), err);
            StudyReport.write(folder, options, spec.commandLine().getOut());
            return ExitCode.DONE;
        }
    }

    /** Names the results that are broken. */
    private static void broken(StudyState state, PrintWriter out) {
        state.broken().values().forEach(found -> out.println("attractor: " + found));
    }

    /** Says what keeps a study from being complete; returns the exit code. */
    private static int unfinished(StudyState state, Path directory, PrintWriter err) {
        broken(state, err);
        int failed = state.count(Status.FAILED);
        if (state.isOver()) {
            err.println("attractor: " + Printable.count(failed, "run") + " of " + directory + " failed; "
                    + Program.command(List.of("study", "status", directory)) + " tells why");
            return ExitCode.FAILED;
        }
        err.println("attractor: " + directory + " is not complete: " + state.count(Status.RUNNING) + " running, "
                + failed + " failed, " + state.count(Status.WAITING) + " to do");
        return ExitCode.ELSEWHERE;
    }

    /** {@code attractor study wait}. */
    @Command(
            name = "wait",
            description = {
                "Waits until all runs of a study are finished, as long as processes work on it.",
                "",
                "Exit code 0: all are finished. 1: all are finished but some that failed. 3: runs are left, and no process works on "
                        + "them, or the time is over."
            },
            footer = {"", "Example:", "  attractor study wait studies/success && attractor study report studies/success"
            },
            sortOptions = false,
            mixinStandardHelpOptions = true)
    static final class Wait implements Callable<Integer> {
        @Spec
        private CommandSpec spec;

        @Parameters(index = "0", paramLabel = "DIR", description = "The study's folder.")
        private Path directory;

        @Option(
                names = "--at-most",
                paramLabel = "MIN",
                description = "Minutes after which it gives up (default: never).")
        private Double atMost;

        @Override
        public Integer call() throws Exception {
            if (atMost != null && !(atMost >= 0)) {
                throw new ParameterException(
                        spec.commandLine(), "--at-most is " + atMost + " minutes, expected 0 or more");
            }
            long began = System.nanoTime();
            for (long pause = 500; ; pause = Math.min(15_000, 2 * pause)) {
                // Asked before the runs are looked at: a process that ends in between has finished its runs.
                boolean work = StudyFolder.open(directory).isAtWork();
                StudyState state = StudyFolder.open(directory).state();
                if (state.isComplete()) {
                    return ExitCode.DONE;
                }
                boolean late = atMost != null && 1e-9 * (System.nanoTime() - began) >= 60 * atMost;
                if (state.isOver() || !work || late) {
                    return unfinished(state, directory, spec.commandLine().getErr());
                }
                Thread.sleep(pause);
            }
        }
    }

    /** Why a run failed or diverged, or what is wrong with the file that says so. */
    private static String reason(StudyFolder folder, String hash) throws IOException {
        try {
            return folder.reason(hash);
        } catch (FormatException broken) {
            return broken.getMessage();
        }
    }

    /** {@code attractor study status}. */
    @Command(
            name = "status",
            description = "Shows the status of a study: runs done, running, failed, and the time left.",
            sortOptions = false,
            mixinStandardHelpOptions = true)
    static final class StatusOf implements Callable<Integer> {
        @Spec
        private CommandSpec spec;

        @Parameters(index = "0", paramLabel = "DIR", description = "The study's folder.")
        private Path directory;

        @Override
        public Integer call() throws Exception {
            StudyFolder folder = StudyFolder.open(directory);
            StudyState state = folder.state();
            PrintWriter out = spec.commandLine().getOut();
            double done = 0;
            double left = 0;
            double seconds = 0;
            for (StudyFolder.Entry run : folder.entries()) {
                Status status = state.status(run.hash());
                if (status == Status.DONE || status == Status.DIVERGED) {
                    done += run.cost();
                    seconds += state.seconds(run.hash());
                } else {
                    left += run.cost();
                }
                if (status == Status.FAILED || status == Status.DIVERGED) {
                    out.println(run.hash() + " " + status.name().toLowerCase(Locale.ROOT) + ": "
                            + reason(folder, run.hash()));
                }
            }
            state.broken().forEach((run, found) -> out.println(run + " broken: " + found));
            int running = state.count(Status.RUNNING);
            out.printf(
                    Locale.ROOT,
                    "study %s, %s: %d done, %d diverged, %d running, %d failed, %d to do%n",
                    folder.name(),
                    Printable.count(folder.size(), "run"),
                    state.count(Status.DONE),
                    state.count(Status.DIVERGED),
                    running,
                    state.count(Status.FAILED),
                    state.count(Status.WAITING));
            if (state.versions().size() > 1) {
                out.println("the runs are of several versions of Attractor: " + String.join(", ", state.versions()));
            }
            if (left > 0 && done > 0) {
                int workers = running > 0 ? running : Runtime.getRuntime().availableProcessors();
                out.println("about " + StatusLine.time(left * seconds / done / workers) + " left, with "
                        + Printable.count(workers, "run") + " at once");
            }
            return ExitCode.DONE;
        }
    }
}
