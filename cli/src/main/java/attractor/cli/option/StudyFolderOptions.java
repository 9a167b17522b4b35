package attractor.cli.option;

import attractor.cli.terminal.ExitCode;
import attractor.cli.terminal.Program;
import attractor.cli.terminal.StatusLine;
import attractor.cli.terminal.StopSignal;
import attractor.cli.terminal.StudyProgress;
import attractor.io.Printable;
import attractor.report.StudyReport;
import attractor.study.SolutionTables;
import attractor.study.Study;
import attractor.study.StudyDiffersException;
import attractor.study.StudyFolder;
import attractor.study.StudyRun;
import attractor.study.StudyRunner;
import attractor.study.StudyRunner.Shard;
import attractor.task.Tasks;
import attractor.task.Trials;
import attractor.train.ExecutionSettings;
import attractor.train.TrainingConfig;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** A study in a folder, on this machine: its options, and how it is done. */
public final class StudyFolderOptions implements StudyPlace {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @Option(names = "--out", paramLabel = "DIR", required = true, description = "The study's folder.")
    private Path out;

    @Option(
            names = "--trained",
            paramLabel = "DIR",
            description = "Another study's folder: its networks are used if the training is the same. May be repeated.")
    private List<Path> trained = List.of();

    @Option(
            names = "--shard",
            paramLabel = "I/N",
            description = "Do only the I-th of N shares of the runs, for a batch system's array job.")
    private String shard;

    @Option(
            names = "--workers",
            paramLabel = "N",
            description =
                    "Number of simultaneous runs, one thread each; the results do not depend on it (default: cores).")
    private Integer workers;

    @Mixin
    private PlaceOptions common;

    /** Runs a study, or a share of it. The process that finishes the study reports on it. */
    @Override
    public int run(Maker maker, Callable<StudyReport.Options> report) throws Exception {
        StudyReport.Options options = report.call();
        Study study = PlaceOptions.checked(spec.commandLine(), maker::make);
        StudyRunner runner = PlaceOptions.checked(spec.commandLine(), () -> runner(study));
        PrintWriter err = spec.commandLine().getErr();
        notes(study).forEach(err::println);
        try (StopSignal stop = new StopSignal()) {
            StudyProgress progress = new StudyProgress(err, StatusLine.onTerminal());
            StudyRunner.Outcome outcome = runner.run(progress, stop::given, common.change());
            progress.clear();
            if (outcome.left() > 0) {
                err.println("attractor: stopped; " + Printable.count(outcome.left(), "run")
                        + (outcome.left() == 1 ? " is" : " are") + " left, the same command goes on");
                err.flush();
                return ExitCode.INTERRUPTED;
            }
            if (outcome.failed() > 0) {
                err.println("attractor: " + Printable.count(outcome.failed(), "run") + " failed; "
                        + Program.command(List.of("study", "status", out))
                        + " tells why, the same command tries again");
            }
            StudyFolder folder = StudyFolder.open(out);
            boolean here = outcome.tables() || (shard == null && outcome.over() && folder.hasTables());
            if (here) {
                compare(folder, trained, err);
                StudyReport.write(folder, options, spec.commandLine().getOut());
            } else {
                err.println("attractor: "
                        + (outcome.elsewhere() > 0
                                ? "other processes are working on " + Printable.count(outcome.elsewhere(), "run")
                                : outcome.over()
                                        ? "another process writes the report"
                                        : "this share of the runs is done")
                        + "; afterwards: " + Program.command(List.of("study", "report", out)));
            }
            return outcome.failed() > 0 ? ExitCode.FAILED : ExitCode.DONE;
        } catch (StudyDiffersException e) {
            throw PlaceOptions.differs(e.getMessage(), e);
        }
    }

    private StudyRunner runner(Study study) {
        int atOnce = workers == null ? Runtime.getRuntime().availableProcessors() : workers;
        long memory = Runtime.getRuntime().maxMemory();
        ExecutionSettings execution = new ExecutionSettings(
                1,
                PlaceOptions.kernels(common.kernels()),
                memory / 4,
                Math.min(Math.max(1, atOnce) * Trials.DEFAULT_BUDGET, memory / 2));
        return new StudyRunner(study, out, trained, execution, atOnce, shard());
    }

    /**
     * Compares the networks of a study of activity, as far as they are there, for the report's part on solutions.
     *
     * @param trained folders of other studies that have its networks
     */
    public static void compare(StudyFolder folder, List<Path> trained, PrintWriter err) throws IOException {
        if (!folder.name().equals("activity")) {
            return;
        }
        int missing = SolutionTables.write(folder, trained, line -> {
            err.println(line);
            err.flush();
        });
        if (missing > 0) {
            err.println("attractor: the networks of " + Printable.count(missing, "run")
                    + " are in no folder that --trained names, so they are missing among the solutions");
        }
    }

    /** Notes on task options that differ from the task's defaults in all runs, so that readers know them. */
    private static List<String> notes(Study study) {
        Map<String, Set<String>> common = new LinkedHashMap<>();
        for (StudyRun run : study.kinds()) {
            if (run.data().isPresent()) {
                continue;
            }
            TrainingConfig training = run.training();
            Map<String, Object> usual =
                    Tasks.provider(training.task()).defaults().toMap();
            Set<String> changed = new LinkedHashSet<>();
            training.taskOptions().forEach((key, value) -> {
                if (!value.equals(usual.get(key))) {
                    changed.add(GivenTaskOptions.optionName(key) + " " + value);
                }
            });
            common.computeIfAbsent(training.task(), task -> new LinkedHashSet<>(changed))
                    .retainAll(changed);
        }
        return common.entrySet().stream()
                .filter(task -> !task.getValue().isEmpty())
                .map(task -> "study " + study.name() + ": task " + task.getKey() + " with "
                        + String.join(", ", task.getValue()))
                .toList();
    }

    private Shard shard() {
        if (shard == null) {
            return Shard.ALL;
        }
        String[] parts = shard.split("/", -1);
        try {
            if (parts.length == 2) {
                return new Shard(Integer.parseInt(parts[0]), Integer.parseInt(parts[1]));
            }
        } catch (NumberFormatException e) {
            // The message is below.
        }
        throw new IllegalArgumentException("--shard is '" + shard + "', expected I/N such as 1/8");
    }
}
