package attractor.spark;

import attractor.cli.StudyCommand;
import attractor.cli.option.ReportOptions;
import attractor.cli.option.StudyPlace;
import attractor.cli.terminal.ExitCode;
import attractor.cli.terminal.StatusLine;
import attractor.io.FormatException;
import attractor.io.Json;
import attractor.io.JsonObject;
import attractor.io.Printable;
import attractor.task.Tasks;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/**
 * The studies on Spark, for {@code spark-submit}: the subcommands of {@code attractor study} with the same options, and some that read
 * the results. The same exit codes as {@link attractor.cli.Main}. Safe for any thread.
 */
@Command(
        name = "attractor-spark",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        synopsisSubcommandLabel = "STUDY",
        description = {
            "The studies on Apache Spark, one run per task.",
            "",
            "The folder of a study is in any file system that Hadoop knows. Finished runs are never repeated: give the same command again "
                    + "after whatever happened."
        },
        footer = {
            "",
            "Example:",
            "  spark-submit --class attractor.spark.Main attractor-spark.jar success --networks 20000 --out hdfs:///studies/success"
        })
public final class Main implements Runnable {
    @Spec
    private CommandSpec spec;

    @Option(
            names = "--stacktrace",
            scope = ScopeType.INHERIT,
            description = "After an error, print where in the program it happened.")
    private boolean stacktrace;

    private Main() {}

    /** Called only without a subcommand. */
    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "which study? see --help");
    }

    /**
     * Runs one command line.
     *
     * @param args the words after the jar. Not modified.
     * @param out receives results. Flushed, not closed.
     * @param err receives progress and messages. Flushed, not closed.
     * @return the exit code
     */
    public static int execute(String[] args, PrintWriter out, PrintWriter err) {
        Main main = new Main();
        CommandLine line = new CommandLine(main, new SparkFactory());
        for (Class<?> kind : StudyCommand.kinds()) {
            line.addSubcommand(kind);
        }
        // Options of a report, which is made elsewhere.
        for (CommandLine study : line.getSubcommands().values()) {
            for (String option : ReportOptions.names()) {
                var found = study.getCommandSpec().findOption(option);
                if (found != null) {
                    study.getCommandSpec().remove(found);
                }
            }
            // Examples of the other program.
            study.getCommandSpec().usageMessage().footer(new String[0]);
        }
        line.addSubcommand(new Status()).addSubcommand(new Summary()).addSubcommand(new Export());
        return attractor.cli.Main.execute(line, () -> main.stacktrace, args, out, err);
    }

    /** Gives the studies their place. */
    private static final class SparkFactory implements CommandLine.IFactory {
        private final CommandLine.IFactory usual = CommandLine.defaultFactory();

        @Override
        public <K> K create(Class<K> type) throws Exception {
            return type == StudyPlace.class ? type.cast(new SparkPlace()) : usual.create(type);
        }
    }

    /**
     * The program's entry. Ends the JVM if the exit code isn't 0; otherwise it returns, as spark-submit expects.
     *
     * @param args the words after the jar
     */
    public static void main(String[] args) {
        PrintWriter out = new PrintWriter(System.out, false, StandardCharsets.UTF_8);
        PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
        int code = execute(args, out, err);
        out.flush();
        if (code != ExitCode.DONE) {
            System.exit(code);
        }
    }

    /** What reads the results of a study. */
    private abstract static class Reading implements Callable<Integer> {
        @Spec
        CommandSpec spec;

        @Parameters(index = "0", paramLabel = "FOLDER", description = "The study's folder.")
        String folder;

        abstract void read(SparkStudy study, PrintWriter out) throws IOException;

        @Override
        public final Integer call() throws Exception {
            try (Session session = Session.start(spec.name() + " " + folder);
                    SparkStudy study = SparkStudy.open(session.spark(), folder)) {
                read(study, spec.commandLine().getOut());
            }
            return ExitCode.DONE;
        }
    }

    /** {@code status}. */
    @Command(
            name = "status",
            description = "Shows the status of a study: runs done, failed, to do, and why runs failed.",
            sortOptions = false,
            mixinStandardHelpOptions = true)
    private static final class Status extends Reading {
        /** Lines of reasons. */
        private static final int MOST = 100;

        @Override
        void read(SparkStudy study, PrintWriter out) throws IOException {
            SparkStudy.Counts counts = study.counts();
            List<String> reasons = counts.failed() + counts.diverged() == 0 ? List.of() : study.reasons(MOST);
            reasons.forEach(out::println);
            if (counts.failed() + counts.diverged() > reasons.size()) {
                out.println("... and " + (counts.failed() + counts.diverged() - reasons.size()) + " more");
            }
            out.printf(
                    Locale.ROOT,
                    "study %s, %s: %d done, %d diverged, %d failed, %d to do%n",
                    study.name(),
                    Printable.count(study.size(), "run"),
                    counts.done(),
                    counts.diverged(),
                    counts.failed(),
                    counts.toDo());
            if (counts.versions().size() > 1) {
                out.println("the runs are of several versions of Attractor: " + String.join(", ", counts.versions()));
            }
            if (counts.seconds() > 0) {
                out.println("the finished runs took " + StatusLine.time(counts.seconds()) + " on one core each");
            }
        }
    }

    /** {@code summary}. */
    @Command(
            name = "summary",
            description = "Counts the finished runs by kind, and those that pass; the executors count.",
            sortOptions = false,
            mixinStandardHelpOptions = true)
    private static final class Summary extends Reading {
        @Mixin
        private ReportOptions.Passing passing;

        @Override
        void read(SparkStudy study, PrintWriter out) throws IOException {
            out.println("done  diverged  passed  mean seconds  kind");
            for (SparkStudy.Group group : study.summary(passing.criterion())) {
                out.printf(
                        Locale.ROOT,
                        "%4d  %8d  %6d  %12.1f  %s%n",
                        group.done(),
                        group.diverged(),
                        group.passed(),
                        group.meanSeconds(),
                        kind(group.training()));
            }
        }

        /** In words, with task options that differ from the task's defaults. */
        private static String kind(String training) throws FormatException {
            JsonObject json = Json.parseObject(training, "a kind of runs");
            List<String> words = new ArrayList<>();
            String task = json.getString("task");
            words.add(task + " " + json.getString("init"));
            Map<String, Object> usual = Tasks.byName(task).options().toMap();
            json.getObject("taskOptions").asMap().forEach((key, value) -> {
                if (!value.equals(usual.get(key))) {
                    words.add(key + " " + value);
                }
            });
            words.add(Printable.count(json.getInt("units"), "unit"));
            return String.join(", ", words);
        }
    }

    /** {@code export}. */
    @Command(
            name = "export",
            description = {
                "Writes the ordinary folder of a study on this machine, with results.csv and the other tables.",
                "",
                "attractor study report DIR then writes the report. What is in DIR already stays; export again adds what is new."
            },
            sortOptions = false,
            mixinStandardHelpOptions = true)
    private static final class Export extends Reading {
        @Parameters(index = "1", paramLabel = "DIR", description = "The folder to write.")
        private Path directory;

        @Override
        void read(SparkStudy study, PrintWriter out) throws IOException {
            int added = study.export(directory);
            out.println(Printable.count(added, "run") + (added == 1 ? " was" : " were") + " added to " + directory);
        }
    }

    /** The version that the build wrote into the jar's manifest. */
    static final class Version implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = Main.class.getPackage().getImplementationVersion();
            return new String[] {"attractor-spark " + (version == null ? "(not from a jar)" : version)};
        }
    }
}
