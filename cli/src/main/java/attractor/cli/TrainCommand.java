package attractor.cli;

import attractor.cli.option.DataOptions;
import attractor.cli.option.NetworkArgument;
import attractor.cli.option.PrecisionOption;
import attractor.cli.option.SeedRange;
import attractor.cli.option.TaskName;
import attractor.cli.option.TrainingOptions;
import attractor.cli.result.ScoreTable;
import attractor.cli.terminal.ExitCode;
import attractor.cli.terminal.Program;
import attractor.cli.terminal.Progress;
import attractor.cli.terminal.StatusLine;
import attractor.cli.terminal.StopSignal;
import attractor.io.FormatException;
import attractor.io.Json;
import attractor.io.Printable;
import attractor.kernel.Activation;
import attractor.kernel.Kernels;
import attractor.model.Initializers;
import attractor.model.Precision;
import attractor.model.Rnn;
import attractor.task.Task;
import attractor.task.TaskProvider;
import attractor.task.Tasks;
import attractor.task.Trials;
import attractor.train.EpochSummary;
import attractor.train.ExecutionSettings;
import attractor.train.RunDirectory;
import attractor.train.Trainer;
import attractor.train.TrainingConfig;
import attractor.train.TrainingData;
import attractor.train.TrainingResult;
import attractor.train.TrainingResult.Outcome;
import attractor.train.TrialOrigin;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code attractor train}. */
@Command(
        name = "train",
        description = {
            "Trains a network on a task and saves everything in a run directory.",
            "",
            "Tasks: pulse, and, or, xor, not, flipflop, oscillation, and those of the field (see attractor tasks). Without options this is the "
                    + "paper's training: 50 units, 15,000 trials, 20 epochs, Adam. The run directory gets run.json, initial.npz, "
                    + "epoch-NN.npz, final.npz, best.npz (lowest loss), history.csv and evaluation.json.",
            "",
            "Tasks of your own come from --classpath, or as arrays from --data: a trial shorter than T is padded and masked with 0 "
                    + "after its end; a tenth of each type's trials is held out to evaluate on.",
            "",
            "Ctrl-C stops after the current batch and saves. train --resume DIR goes on from there, also after a crash, to the "
                    + "same bits. It needs only the run directory (and --data, if the trials came from a file). Other options "
                    + "must agree with its run.json, except for --epochs, which gives a training more epochs.",
            "",
            "--from goes on from a network: its weights, units, activation, form, tau, bias, signs and noise; options that contradict these "
                    + "are refused. --epochs 0 evaluates it as it is.",
            "",
            "--stages trains in stages (a curriculum). The file is an array of objects, one per stage: taskOptions (those that differ, "
                    + "by their names in attractor tasks --json, such as delayMs), learningRate, epochs, and loss, below which a "
                    + "stage ends sooner. Each may be left out, but not both of the last two.",
            "",
            "Exit codes: 0 trained (also if the network does not pass), 1 failed, 2 wrong use, 130 stopped by Ctrl-C."
        },
        footer = {
            "",
            "Examples:",
            "  attractor train and",
            "  attractor train xor --init normal --seed 3 --out runs/my-xor",
            "  attractor train --resume runs/my-xor --epochs 40",
            "  attractor train xor --from runs/my-xor --delay 60",
            "  attractor train and --stages curriculum.json",
            "  attractor train pulse --delay 100 --duration 300",
            "  attractor train flipflop --clip-norm 1 --seeds 0..9",
            "  attractor train --data trials.npz --units 100 --held-out 0.2",
            "  attractor train go-no-go --tau 10 --lr 1e-3 --clip-norm 1",
            "  attractor train three-bit-flip-flop --classpath examples/three-bit-flip-flop"
        },
        sortOptions = false,
        mixinStandardHelpOptions = true)
final class TrainCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "TASK",
            completionCandidates = TaskName.class,
            description = "The task; none with --data. With --resume it may be a run directory.")
    private String taskName;

    @Option(
            names = "--init",
            paramLabel = "KIND",
            description =
                    "Initial recurrent weights: orthogonal, normal, glorot or identity; with signs they are then balanced (default: orthogonal).")
    private String init;

    @Option(
            names = "--from",
            paramLabel = "NET",
            description =
                    "Go on from this network: an .npz, a run directory (its final.npz), or a file of Keras or PyTorch.")
    private Path from;

    @ArgGroup
    private Seeds seeds = new Seeds();

    static final class Seeds {
        @Option(
                names = "--seed",
                paramLabel = "S",
                description =
                        "Seed of the weights, and of everything else random unless --data-seed is given (default: 0).")
        private Long seed;

        @Option(
                names = "--seeds",
                paramLabel = "A..B",
                description = "Train a network for each seed, as many at once as there are cores: 0..9 or 1,4,7.")
        private String several;
    }

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "Run directory (default: runs/TASK-INIT-sSEED); with --seeds the folder of them.")
    private Path outDirectory;

    @Option(
            names = "--resume",
            description = "Go on with the training in the run directory: train --resume DIR, or --out DIR.")
    private boolean resume;

    @Option(names = "--overwrite", description = "Replace the training in the run directory.")
    private boolean overwrite;

    @Option(
            names = "--threads",
            paramLabel = "N",
            description = "Threads; the result does not depend on it (default: cores; 1 with --seeds).")
    private Integer threads;

    @Option(
            names = "--kernels",
            paramLabel = "KIND",
            defaultValue = "auto",
            description =
                    "auto, scalar, simd, softfma or jblas; the result does not depend on it, except in its last bits with jblas (default: ${DEFAULT-VALUE}).")
    private String kernels;

    @Option(
            names = "--memory-limit",
            paramLabel = "SIZE",
            description =
                    "Limit for the memory of back-propagation, such as 500m or 2g; long trials are then computed in segments (default: a quarter of the heap).")
    private String memoryLimit;

    @Option(names = "--json", description = "Print the summary as JSON.")
    private boolean json;

    @Mixin
    private TrainingOptions training;

    /** Null if the trials come from a task. */
    private TrainingData trials;

    private DataOptions.Read read;

    private BooleanSupplier stop;

    /** One training. */
    private record Job(TrainingConfig config, Path directory) {}

    /** How a training ended: a result or an exception; neither if it was not begun because of Ctrl-C. */
    private record Ended(Job job, TrainingResult result, Exception failure) {}

    @Override
    public Integer call() throws Exception {
        List<Job> jobs = jobs();
        ExecutionSettings execution = execution(jobs.size());
        RunDirectory.Existing existing = existing();
        PrintWriter err = spec.commandLine().getErr();
        try (StopSignal signal = new StopSignal()) {
            stop = signal::given;
            long steps = jobs.stream().mapToLong(TrainCommand::steps).sum();
            Progress progress = new Progress(err, StatusLine.onTerminal(), jobs.size(), steps);
            List<Ended> ended = runAll(jobs, execution, existing, progress);
            progress.clear();
            int code = report(ended);
            // After Ctrl-C the JVM ends when the signal is closed.
            spec.commandLine().getOut().flush();
            err.flush();
            return code;
        }
    }

    private static long steps(Job job) {
        return (long) job.config.batches() * job.config.epochs();
    }

    private List<Job> jobs() throws IOException {
        try {
            Path alone = runToResume();
            if (alone != null) {
                return List.of(new Job(resumed(alone), alone));
            }
            training.requireTaskOrData(taskName);
            List<Long> list = seeds.several != null
                    ? SeedRange.parse(seeds.several)
                    : List.of(seeds.seed == null ? 0L : seeds.seed);
            List<Job> jobs = new ArrayList<>();
            for (long seed : list) {
                Path directory = directory(seed);
                jobs.add(new Job(resume && RunDirectory.isRun(directory) ? resumed(directory) : anew(seed), directory));
            }
            return jobs;
        } catch (IllegalArgumentException e) {
            throw wrong(e.getMessage(), e);
        }
    }

    private ParameterException wrong(String message) {
        return new ParameterException(spec.commandLine(), message);
    }

    private ParameterException wrong(String message, IllegalArgumentException cause) {
        return new ParameterException(spec.commandLine(), message, cause);
    }

    /** The run directory to resume if no task is named; null if a task is named or nothing is to be resumed. */
    private Path runToResume() {
        if (taskName != null && !(resume && isRun(taskName))) {
            String given = taskName;
            taskName = Tasks.providers().stream()
                    .map(TaskProvider::name)
                    .filter(given::equalsIgnoreCase)
                    .findFirst()
                    .orElse(given);
            if (resume && Tasks.providers().stream().noneMatch(p -> p.name().equals(taskName))) {
                throw wrong("--resume: " + given + " is neither a run directory (it has no run.json) nor a task");
            }
        }
        if (!resume) {
            return null;
        }
        Path run = outDirectory;
        if (taskName != null) {
            if (Tasks.providers().stream().anyMatch(p -> p.name().equals(taskName)) || !isRun(taskName)) {
                return null;
            }
            run = Path.of(taskName);
            if (outDirectory != null) {
                throw wrong("--resume " + run + " and --out " + outDirectory + " are given, expected one of them");
            }
        } else if (run == null || (training.data().file() != null && !RunDirectory.isRun(run))) {
            if (run == null && training.data().file() == null) {
                throw wrong("--resume: which training? attractor train --resume DIR");
            }
            return null;
        }
        if (seeds.several != null) {
            throw wrong("--seeds goes with a task, and " + run + " is the run of one seed");
        }
        if (!RunDirectory.isRun(run)) {
            throw wrong(run + " has no run.json, expected a run directory to go on with, or a task to begin with");
        }
        return run;
    }

    private static boolean isRun(String name) {
        try {
            return RunDirectory.isRun(Path.of(name));
        } catch (InvalidPathException e) {
            return false;
        }
    }

    private Path directory(long seed) {
        String of = taskName != null
                ? taskName
                : DataOptions.name(training.data().file()).replaceFirst("\\.npz$", "");
        String beginning = init != null ? init : "orthogonal";
        if (from != null) {
            Path last = from.toAbsolutePath().normalize().getFileName();
            beginning = "from-" + (last == null ? "network" : last.toString().replaceFirst("\\.\\w+$", ""));
        }
        String name = of + "-" + beginning + "-s" + seed;
        return outDirectory == null
                ? Path.of("runs", name)
                : seeds.several == null ? outDirectory : outDirectory.resolve(name);
    }

    /** The configuration of a new training. */
    private TrainingConfig anew(long seed) throws IOException {
        TrainingConfig usual;
        if (taskName != null) {
            usual = training.usual(taskName);
        } else {
            if (read == null) {
                read = training.trials();
                trials = read.trials();
            }
            usual = TrainingOptions.usual(read);
        }
        if (from == null) {
            return training.config(usual, trials, init == null ? null : Initializers.Recurrent.of(init), seed);
        }
        TrainingConfig config = with(usual.toBuilder().seed(seed), usual, seed);
        config.loss().check(TrainingOptions.outputs(config, trials));
        return config;
    }

    /** The configuration of a training to resume: its own, with the given options, which must agree with it. */
    private TrainingConfig resumed(Path run) throws IOException {
        TrainingConfig found = RunDirectory.config(run);
        if (found.trials() instanceof TrialOrigin.OfTask task) {
            if (training.data().file() != null
                    || (taskName != null
                            && !run.equals(Path.of(taskName))
                            && !task.name().equals(taskName))) {
                throw new IOException("cannot resume " + run + ": task is \"" + task.name()
                        + "\" in its run.json, expected "
                        + (training.data().file() != null
                                ? "--data " + training.data().file()
                                : "\"" + taskName + "\"") + " as asked for");
            }
            training.data().requireNone();
            Map<String, Object> asked = training.arguments()
                    .task(task.name(), task.options())
                    .options()
                    .toMap();
            for (Map.Entry<String, Object> option : task.options().entrySet()) {
                if (!option.getValue().equals(asked.get(option.getKey()))) {
                    throw new IOException("cannot resume " + run + ": taskOptions." + option.getKey() + " is "
                            + option.getValue() + " in its run.json, expected " + asked.get(option.getKey())
                            + " as asked for");
                }
            }
        } else {
            String file = RunDirectory.dataFile(run).orElse("trials.npz");
            if (training.data().file() == null) {
                throw wrong(run + " was trained on " + file + ", which is not kept in it, expected --data " + file);
            }
            trials = training.data()
                    .read(training.samples(), training.arguments(), RunDirectory.heldOut(run))
                    .trials();
            if (training.samples() == null && trials.training().size() > found.samples()) {
                trials = trials.withSamples(found.samples());
            }
            TrialOrigin.OfArrays asked = new TrialOrigin.OfArrays(TrainingConfig.digest(trials.training()));
            if (!asked.equals(found.trials())) {
                throw new IOException("cannot resume " + run + ": data is "
                        + ((TrialOrigin.OfArrays) found.trials()).digest() + " in its run.json, expected "
                        + asked.digest() + " as in " + training.data().file() + " by its SHA-256");
            }
        }
        TrainingConfig config = with(found.toBuilder(), found, found.seed());
        if (!RunDirectory.isFinished(run)) {
            try {
                config.loss().check(TrainingOptions.outputs(config, trials));
                config.optimizer().create(1, Kernels.get());
            } catch (IllegalArgumentException e) {
                throw new IOException("cannot resume " + run + ": " + e.getMessage(), e);
            }
        }
        return config;
    }

    /** Adds the given options to the configuration of a training that exists, or goes on from a network. */
    private TrainingConfig with(TrainingConfig.Builder builder, TrainingConfig usual, long seed) throws IOException {
        if (init != null) {
            builder.init(Initializers.Recurrent.of(init));
        }
        if (seeds.seed != null) {
            builder.seed(seeds.seed);
        }
        training.add(builder, usual, trials, seed);
        if (from == null) {
            TrainingConfig config = builder.build();
            training.noteUnbalanced(config, trials);
            return config;
        }
        try {
            Rnn network = network();
            Double noise = training.model().recurrentNoise();
            if (noise != null && noise != network.noiseSd()) {
                throw new IllegalArgumentException("--recurrent-noise is " + noise + ", expected " + network.noiseSd()
                        + " as the network to go on from has");
            }
            TrainingConfig config = builder.from(network).build();
            if (config.trials() instanceof TrialOrigin.OfTask) {
                Task task = config.makeTask();
                config.initialNetwork(task.inputs(), task.outputs());
            } else {
                config.initialNetwork(
                        trials.training().inputs(), trials.training().outputs());
            }
            return config;
        } catch (IllegalArgumentException e) {
            throw wrong("--from " + from + ": " + e.getMessage(), e);
        }
    }

    /** The network of --from, in the precision of the training. */
    private Rnn network() throws IOException {
        NetworkArgument.Loaded loaded = networkAsItIs();
        Precision wanted = training.precision() == null ? loaded.precision() : Precision.of(training.precision());
        return PrecisionOption.rounded(loaded.rnn(), wanted, loaded.source().toString(), spec);
    }

    /** The network of --from. A file without its activation gets the given one. */
    private NetworkArgument.Loaded networkAsItIs() throws IOException {
        if (training.activation() != null) {
            try {
                return NetworkArgument.load(from, null, Activation.of(training.activation()), spec);
            } catch (FormatException e) {
                // Either the file says another activation, which the configuration refuses, or it fails again below.
            }
        }
        return NetworkArgument.load(from, null, null, spec);
    }

    private ExecutionSettings execution(int jobs) {
        try {
            Kernels chosen = kernels.equals("auto") ? Kernels.get() : Kernels.of(kernels);
            Runtime machine = Runtime.getRuntime();
            ExecutionSettings settings = new ExecutionSettings(
                    machine.availableProcessors(), chosen, machine.maxMemory() / 4, Trials.DEFAULT_BUDGET);
            if (threads != null) {
                settings = settings.withThreads(threads);
            } else if (jobs > 1) {
                settings = settings.withThreads(1);
            }
            if (memoryLimit != null) {
                settings = settings.withMemoryLimit(bytes(memoryLimit));
            }
            return settings;
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }

    private static long bytes(String text) {
        String lower = text.toLowerCase(Locale.ROOT);
        int shift = lower.endsWith("k") ? 10 : lower.endsWith("m") ? 20 : lower.endsWith("g") ? 30 : 0;
        try {
            long number = Long.parseLong(shift == 0 ? lower : lower.substring(0, lower.length() - 1));
            if (number > 0 && number < Long.MAX_VALUE >> shift) {
                return number << shift;
            }
        } catch (NumberFormatException e) {
            // The message is below.
        }
        throw new IllegalArgumentException("--memory-limit is '" + text + "', expected a number with k, m or g");
    }

    private RunDirectory.Existing existing() {
        if (resume && overwrite) {
            throw new ParameterException(
                    spec.commandLine(), "--resume and --overwrite are given, expected one of them");
        }
        return resume
                ? RunDirectory.Existing.RESUME
                : overwrite ? RunDirectory.Existing.OVERWRITE : RunDirectory.Existing.REFUSE;
    }

    private List<Ended> runAll(
            List<Job> jobs, ExecutionSettings execution, RunDirectory.Existing existing, Progress progress)
            throws InterruptedException {
        if (jobs.size() == 1) {
            return List.of(run(jobs.get(0), "", execution, existing, progress));
        }
        int atOnce = Math.max(1, Runtime.getRuntime().availableProcessors() / execution.threads());
        ExecutorService pool = Executors.newFixedThreadPool(Math.min(atOnce, jobs.size()));
        try {
            List<Future<Ended>> futures = new ArrayList<>();
            for (Job job : jobs) {
                futures.add(
                        pool.submit(() -> run(job, "seed " + job.config.seed() + ": ", execution, existing, progress)));
            }
            List<Ended> ended = new ArrayList<>();
            for (Future<Ended> future : futures) {
                ended.add(get(future));
            }
            return ended;
        } finally {
            pool.shutdown();
            pool.awaitTermination(1, TimeUnit.MINUTES);
        }
    }

    private static Ended get(Future<Ended> future) throws InterruptedException {
        try {
            return future.get();
        } catch (ExecutionException e) {
            // Exceptions are in the result; this is an error such as lack of memory.
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            throw new IllegalStateException(e.getCause());
        }
    }

    private Ended run(
            Job job, String name, ExecutionSettings execution, RunDirectory.Existing existing, Progress progress) {
        if (stop.getAsBoolean()) {
            return new Ended(job, null, null);
        }
        try {
            if (existing == RunDirectory.Existing.REFUSE && RunDirectory.isRun(job.directory)) {
                throw new IOException(
                        job.directory + " holds a training already: --resume goes on with it, --overwrite replaces it");
            }
            Trainer trainer =
                    trials == null ? new Trainer(job.config, execution) : new Trainer(job.config, execution, trials);
            TrainingResult result = trainer.train(job.directory, existing, progress.listener(name), stop);
            progress.done(name.isEmpty() ? null : name + outcome(result), Math.max(0, steps(job) - result.steps()));
            return new Ended(job, result, null);
        } catch (IOException | RuntimeException e) {
            progress.done(name.isEmpty() ? null : name + "failed: " + e.getMessage(), 0);
            return new Ended(job, null, e);
        }
    }

    private static String outcome(TrainingResult result) {
        return switch (result.outcome()) {
            case STOPPED -> "stopped";
            case FINISHED -> result.passed() ? "passes" : "does not pass";
            case FINISHED_BEFORE -> "was finished before" + (result.passed() ? ", passes" : ", does not pass");
        };
    }

    private int report(List<Ended> all) throws Exception {
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        boolean one = all.size() == 1;
        if (json) {
            List<Object> runs = new ArrayList<>();
            all.forEach(e -> runs.add(toJson(e)));
            Map<String, Object> map = new LinkedHashMap<>();
            map.put("schema", "attractor/train/1");
            map.put("runs", runs);
            out.println(Json.pretty(map));
        }
        if (one && all.get(0).failure != null) {
            throw all.get(0).failure;
        }
        if (!json && one && all.get(0).result != null) {
            printOne(all.get(0), out);
        } else if (!json) {
            print(all, out);
        }
        boolean stopped = all.stream()
                .anyMatch(e -> e.failure == null && (e.result == null || e.result.outcome() == Outcome.STOPPED));
        if (stopped) {
            err.println("attractor: stopped and saved; to go on: " + resumeCommand());
            return ExitCode.INTERRUPTED;
        }
        return all.stream().anyMatch(e -> e.failure != null) ? ExitCode.FAILED : ExitCode.DONE;
    }

    private String resumeCommand() {
        List<String> words = new ArrayList<>(List.of(Program.name()));
        boolean has = false;
        for (String word : spec.commandLine().getParseResult().originalArgs()) {
            if (word.equals("--overwrite")) {
                continue;
            }
            has |= word.equals("--resume");
            words.add(Program.quoted(word));
        }
        if (!has) {
            words.add("--resume");
        }
        return String.join(" ", words);
    }

    private void printOne(Ended ended, PrintWriter out) {
        TrainingResult r = ended.result;
        TrainingConfig config = ended.job.config;
        if (r.epochs() == 0) {
            out.println(ended.job.directory + ": "
                    + (r.outcome() == Outcome.STOPPED
                            ? "stopped in epoch 1 of " + config.epochs() + ", after " + r.batch() + " of "
                                    + config.batches() + (config.batches() == 1 ? " batch" : " batches")
                            : "no epochs, the network is the initial one"));
        } else {
            out.printf(
                    Locale.ROOT,
                    "%s: %d of %s, loss %.5f (lowest %s%.5f in epoch %d), %.1f s, %.2f ms per step%n",
                    ended.job.directory,
                    r.epochs(),
                    Printable.count(config.epochs(), "epoch"),
                    r.loss(),
                    (config.fit().validation() > 0.0 ? "on held-out trials " : "")
                            + (config.stages().isEmpty() ? "" : "of its stage "),
                    lowest(r),
                    r.bestEpoch(),
                    r.seconds(),
                    r.msPerStep());
        }
        if (r.scores() != null) {
            ScoreTable.print(r.scores(), out);
            String seen = trials != null && trials.heldOut() == 0 ? ", on the trials that it was trained on" : "";
            String which = r.bestEvaluated() ? " (the network of epoch " + r.bestEpoch() + ", best.npz)" : "";
            out.println(outcome(r) + which + seen);
            List<Object> words = new ArrayList<>(List.of("evaluate", ended.job.directory));
            if (r.bestEvaluated()) {
                words.addAll(List.of("--network", "best"));
            }
            if (trials != null) {
                words.addAll(List.of("--data", training.data().file()));
            }
            out.println("next: " + Program.command(words) + TaskClassPath.words(spec));
        }
    }

    private static double lowest(TrainingResult r) {
        return EpochSummary.best(r.history()).selectionLoss();
    }

    private static void print(List<Ended> all, PrintWriter out) {
        int width = all.stream()
                .mapToInt(e -> Long.toString(e.job.config.seed()).length())
                .reduce(6, Math::max);
        String seed = "%" + width + "s";
        out.printf(
                Locale.ROOT,
                seed + " %7s %10s %9s %8s  %-14s %s%n",
                "seed",
                "epochs",
                "loss",
                "seconds",
                "ms/step",
                "outcome",
                "run");
        int passed = 0;
        for (Ended e : all) {
            TrainingResult r = e.result;
            if (r == null || (r.epochs() == 0 && r.outcome() == Outcome.STOPPED)) {
                out.printf(
                        Locale.ROOT,
                        seed + " %7s %10s %9s %8s  %-14s %s%n",
                        e.job.config.seed(),
                        "-",
                        "-",
                        "-",
                        "-",
                        e.failure != null ? "failed" : r == null ? "not begun" : "stopped",
                        e.failure != null ? e.job.directory + " (" + e.failure.getMessage() + ")" : e.job.directory);
                continue;
            }
            passed += r.passed() ? 1 : 0;
            out.printf(
                    Locale.ROOT,
                    seed + " %7d %10s %9.1f %8s  %-14s %s%n",
                    e.job.config.seed(),
                    r.epochs(),
                    number("%.5f", r.loss()),
                    r.seconds(),
                    number("%.2f", r.msPerStep()),
                    r.outcome() == Outcome.STOPPED ? "stopped" : r.passed() ? "passes" : "does not pass",
                    e.job.directory);
        }
        out.println(passed + " of " + all.size() + " pass");
    }

    private static String number(String format, double value) {
        return Double.isNaN(value) ? "-" : String.format(Locale.ROOT, format, value);
    }

    private static Map<String, Object> toJson(Ended e) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("directory", e.job.directory.toString());
        map.put("seed", e.job.config.seed());
        map.put("dataSeed", e.job.config.dataSeed());
        if (e.failure != null) {
            map.put("outcome", "failed");
            map.put("error", String.valueOf(e.failure.getMessage()));
            return map;
        }
        TrainingResult r = e.result;
        if (r == null) {
            map.put("outcome", "not begun");
            return map;
        }
        map.put("outcome", r.outcome() == Outcome.STOPPED ? "stopped" : "finished");
        map.put("epochs", (long) r.epochs());
        map.put("batch", (long) r.batch());
        map.put("steps", r.steps());
        map.put("loss", r.loss());
        map.put("bestEpoch", (long) r.bestEpoch());
        map.put("seconds", r.seconds());
        map.put("msPerStep", r.msPerStep());
        if (r.scores() != null) {
            map.put("network", r.bestEvaluated() ? "best" : "final");
            map.put("passed", r.passed());
            map.put("scores", ScoreTable.json(r.scores()));
        }
        return map;
    }
}
