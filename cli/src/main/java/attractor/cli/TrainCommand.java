package attractor.cli;

import attractor.io.Json;
import attractor.kernel.Activation;
import attractor.kernel.Kernels;
import attractor.model.Initializers;
import attractor.task.Trials;
import attractor.train.Adam;
import attractor.train.EpochSummary;
import attractor.train.ExecutionSettings;
import attractor.train.RunDirectory;
import attractor.train.Trainer;
import attractor.train.TrainingConfig;
import attractor.train.TrainingData;
import attractor.train.TrainingResult;
import attractor.train.TrainingResult.Outcome;
import java.io.IOException;
import java.io.PrintWriter;
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
            "Tasks: pulse, and, or, xor, not, flipflop, oscillation (attractor tasks tells more). Without options this is the "
                    + "paper's training: 50 units, 15,000 trials, 20 epochs, Adam. The run directory gets run.json, initial.npz, "
                    + "epoch-NN.npz, final.npz, best.npz (lowest loss), history.csv and evaluation.json.",
            "",
            "Tasks of your own come from --classpath, or as arrays from --data: a trial shorter than T is padded and masked with 0 "
                    + "behind its end; a tenth of each type's trials is held out to evaluate on.",
            "",
            "Ctrl-C stops after the current batch and saves; --resume goes on from there, as it does after a crash, to the same "
                    + "bits. Exit codes: 0 trained (also if the network does not pass), 1 failed, 2 wrong use, 130 stopped by Ctrl-C."
        },
        footer = {
            "",
            "Examples:",
            "  attractor train and",
            "  attractor train xor --init normal --seed 3 --out runs/my-xor",
            "  attractor train pulse --delay 100 --duration 300",
            "  attractor train flipflop --clip-norm 1 --seeds 0..9",
            "  attractor train --data trials.npz --units 100 --held-out 0.2",
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
            converter = TaskName.class,
            completionCandidates = TaskName.class,
            description = "The task; none with --data.")
    private String taskName;

    @Option(
            names = "--units",
            paramLabel = "N",
            defaultValue = "50",
            description = "Recurrent units (default: ${DEFAULT-VALUE}).")
    private int units;

    @Option(
            names = "--init",
            paramLabel = "KIND",
            defaultValue = "orthogonal",
            description = "Initial recurrent weights: orthogonal, normal or glorot (default: ${DEFAULT-VALUE}).")
    private String init;

    @ArgGroup
    private Seeds seeds = new Seeds();

    static final class Seeds {
        @Option(names = "--seed", paramLabel = "S", description = "Decides weights, trials and shuffling (default: 0).")
        private Long seed;

        @Option(
                names = "--seeds",
                paramLabel = "A..B",
                description = "Trains a network for each seed, as many at once as there are cores: 0..9 or 1,4,7.")
        private String several;
    }

    @Option(
            names = "--epochs",
            paramLabel = "N",
            defaultValue = "20",
            description = "Epochs (default: ${DEFAULT-VALUE}).")
    private int epochs;

    @Option(
            names = "--samples",
            paramLabel = "N",
            description = "Trials, drawn once (default: the task's, 15000 or 25000; all with --data).")
    private Integer samples;

    @Option(
            names = "--batch",
            paramLabel = "N",
            defaultValue = "64",
            description = "Trials a batch (default: ${DEFAULT-VALUE}).")
    private int batch;

    @Option(
            names = "--lr",
            paramLabel = "X",
            defaultValue = "1e-4",
            description = "Adam's learning rate (default: ${DEFAULT-VALUE}).")
    private double learningRate;

    @Option(
            names = "--decay",
            paramLabel = "X",
            description = "lr / (1 + decay * step) is used in a step (default: 1e-4; 0 with --schedule).")
    private Double decay;

    @Option(
            names = "--clip-norm",
            paramLabel = "X",
            defaultValue = "0",
            description = "Largest norm of the gradient, 0 for any (default: ${DEFAULT-VALUE}).")
    private double clipNorm;

    @Option(
            names = "--stop-loss",
            paramLabel = "X",
            description = "Ends early when an epoch's mean loss is lower, 0 for never (default: the task's).")
    private Double stopLoss;

    @Option(
            names = "--activation",
            paramLabel = "PHI",
            defaultValue = "tanh",
            description = "tanh, relu, sigmoid or identity (default: ${DEFAULT-VALUE}).")
    private String activation;

    @Option(names = "--tau", paramLabel = "MS", description = "Time constant, at least --dt (default: as --dt).")
    private Double tauMs;

    @Option(
            names = "--recurrent-bias",
            negatable = true,
            description = "Whether units have a bias (default: as the task needs, for not only).")
    private Boolean recurrentBias;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "Run directory (default: runs/TASK-INIT-sSEED); with --seeds the folder of them.")
    private Path outDirectory;

    @Option(names = "--resume", description = "Goes on with the training in the run directory.")
    private boolean resume;

    @Option(names = "--overwrite", description = "Replaces the training in the run directory.")
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
                    "auto, scalar, simd or jblas; the result does not depend on it, but in its last bits on jblas (default: ${DEFAULT-VALUE}).")
    private String kernels;

    @Option(
            names = "--memory-limit",
            paramLabel = "SIZE",
            description =
                    "Bound on the memory for back-propagation, such as 500m or 2g; long trials are then computed in segments (default: a quarter of the heap).")
    private String memoryLimit;

    @Option(names = "--json", description = "Print the summary as JSON.")
    private boolean json;

    @Mixin
    private DataArguments data;

    @Mixin
    private ModelArguments model;

    @Mixin
    private TaskArguments arguments;

    /** Null where the trials come from a task. */
    private TrainingData trials;

    private BooleanSupplier stop;

    /** One training. */
    private record Job(TrainingConfig config, Path directory) {}

    /** How it ended: a result, or what went wrong; neither if it was not begun because of Ctrl-C. */
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
            // After Ctrl-C the JVM ends as soon as the signal is closed.
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
            TrainingConfig plain = plain();
            String of = taskName != null
                    ? taskName
                    : DataArguments.name(data.file()).replaceFirst("\\.npz$", "");
            List<Long> list = seeds.several != null
                    ? SeedRange.parse(seeds.several)
                    : List.of(seeds.seed == null ? 0L : seeds.seed);
            List<Job> jobs = new ArrayList<>();
            for (long seed : list) {
                TrainingConfig.Builder builder = plain.toBuilder()
                        .units(units)
                        .init(Initializers.Recurrent.of(init))
                        .activation(Activation.of(activation))
                        .seed(seed)
                        .epochs(epochs)
                        .batch(batch)
                        .clipNorm(clipNorm)
                        .adam(new Adam.Settings(
                                learningRate,
                                decay != null ? decay : model.defaultDecay(),
                                Adam.Settings.DEFAULT.beta1(),
                                Adam.Settings.DEFAULT.beta2(),
                                Adam.Settings.DEFAULT.epsilon()));
                builder.model(model.model(seed)).fit(model.fit());
                if (samples != null && trials == null) {
                    builder.samples(samples);
                }
                if (stopLoss != null) {
                    builder.stopLoss(stopLoss);
                }
                builder.tauMs(tauMs != null ? tauMs : plain.dtMs());
                if (recurrentBias != null) {
                    builder.recurrentBias(recurrentBias);
                }
                String name = of + "-" + init + "-s" + seed;
                Path directory = outDirectory == null
                        ? Path.of("runs", name)
                        : seeds.several == null ? outDirectory : outDirectory.resolve(name);
                jobs.add(new Job(builder.build(), directory));
            }
            return jobs;
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }

    /** The configuration by the task or the trials alone. */
    private TrainingConfig plain() throws IOException {
        if ((taskName == null) == (data.file() == null)) {
            throw new ParameterException(
                    spec.commandLine(),
                    taskName == null
                            ? "which task? attractor tasks lists them; or --data for trials of your own"
                            : "task " + taskName + " and --data " + data.file() + " are given, expected one of them");
        }
        if (taskName != null) {
            data.requireNone();
            return TrainingConfig.builder(arguments.task(taskName, Map.of())).build();
        }
        DataArguments.Read read = data.read(samples, arguments);
        trials = read.trials();
        return TrainingConfig.builder(
                        trials.training(), read.dtMs(), trials.evaluation().size())
                .build();
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
            // Said below.
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
            return StopSignal.INTERRUPTED;
        }
        return all.stream().anyMatch(e -> e.failure != null) ? Main.FAILED : Main.DONE;
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
        out.printf(
                Locale.ROOT,
                "%s: %d of %d epochs, loss %.5f (lowest %s%.5f in epoch %d), %.1f s, %.2f ms a step%n",
                ended.job.directory,
                r.epochs(),
                ended.job.config.epochs(),
                r.loss(),
                ended.job.config.fit().validation() > 0.0 ? "on trials held out " : "",
                lowest(r),
                r.bestEpoch(),
                r.seconds(),
                r.msPerStep());
        if (r.scores() != null) {
            ScoreTable.print(r.scores(), out);
            String seen = trials != null && trials.heldOut() == 0 ? ", on the trials that it was trained on" : "";
            out.println(outcome(r) + seen);
            List<Object> words = new ArrayList<>(List.of("evaluate", ended.job.directory));
            if (trials != null) {
                words.addAll(List.of("--data", data.file()));
            }
            out.println("next: " + Program.command(words) + Main.classPathWords(spec));
        }
    }

    private static double lowest(TrainingResult r) {
        return r.history().stream()
                .mapToDouble(EpochSummary::selectionLoss)
                .min()
                .orElse(Double.NaN);
    }

    private static void print(List<Ended> all, PrintWriter out) {
        out.printf(
                Locale.ROOT,
                "%6s %7s %10s %9s %8s  %-14s %s%n",
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
            if (r == null || r.epochs() == 0) {
                out.printf(
                        Locale.ROOT,
                        "%6d %7s %10s %9s %8s  %-14s %s%n",
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
                    "%6d %7d %10.5f %9.1f %8.2f  %-14s %s%n",
                    e.job.config.seed(),
                    r.epochs(),
                    r.loss(),
                    r.seconds(),
                    r.msPerStep(),
                    r.outcome() == Outcome.STOPPED ? "stopped" : r.passed() ? "passes" : "does not pass",
                    e.job.directory);
        }
        out.println(passed + " of " + all.size() + " pass");
    }

    private static Map<String, Object> toJson(Ended e) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("directory", e.job.directory.toString());
        map.put("seed", e.job.config.seed());
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
        map.put("steps", r.steps());
        map.put("loss", r.loss());
        map.put("bestEpoch", (long) r.bestEpoch());
        map.put("seconds", r.seconds());
        map.put("msPerStep", r.msPerStep());
        if (r.scores() != null) {
            map.put("passed", r.passed());
            map.put("scores", ScoreTable.json(r.scores()));
        }
        return map;
    }
}
