package attractor.cli;

import attractor.cli.option.StudyFolderOptions;
import attractor.cli.option.StudyPlace;
import attractor.cli.terminal.ExitCode;
import attractor.cli.terminal.PlainText;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * The command {@code attractor}. Results go to the standard output, progress and messages to the standard error.
 *
 * <p>Exit codes: {@value ExitCode#DONE} done, {@value ExitCode#FAILED} the work failed, {@value ExitCode#WRONG_USE} wrong use. Safe for use by
 * several threads: every call of {@link #execute} builds commands of its own.
 */
@Command(
        name = "attractor",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        synopsisSubcommandLabel = "COMMAND",
        description = "Trains small recurrent networks on timed cognitive tasks and analyses the trained networks.")
public final class Main implements Runnable {

    /** The subcommands, in the order in which the help lists them. */
    private static List<Object> commands() {
        return List.of(
                new TrainCommand(),
                new EvaluateCommand(),
                new AnalyzeCommand(),
                new BifurcationsCommand(),
                new ExploreCommand(),
                new SimulateCommand(),
                new FigureCommand(),
                new StudyCommand(),
                new TasksCommand(),
                new ImportCommand(),
                new ExportCommand(),
                new GradcheckCommand(),
                new DoctorCommand(),
                new CompletionCommand(),
                new HelpCommand());
    }

    @Option(
            names = "--stacktrace",
            scope = ScopeType.INHERIT,
            description = "After an error, print where in the program it happened.")
    private boolean stacktrace;

    @Option(
            names = TaskClassPath.OPTION,
            paramLabel = "PATH",
            scope = ScopeType.INHERIT,
            description = "Folders and jars with tasks of your own, separated by ':' (';' on Windows).")
    private String classPath;

    @Spec
    private CommandSpec spec;

    private static final Map<String, String> JAVA_TYPES = Map.of(
            "an int", "a whole number from -2147483648 to 2147483647",
            "a long", "a whole number from " + Long.MIN_VALUE + " to " + Long.MAX_VALUE,
            "a double", "a number");

    private Main() {}

    /** Called only without a subcommand. */
    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "which command? see attractor --help");
    }

    /**
     * Runs one command line.
     *
     * @param args the words after {@code attractor}. Not modified.
     * @param out receives results. Flushed, not closed.
     * @param err receives progress and messages. Flushed, not closed.
     * @return {@link ExitCode#DONE}, {@link ExitCode#FAILED} or {@link ExitCode#WRONG_USE}
     */
    public static int execute(String[] args, PrintWriter out, PrintWriter err) {
        CommandLine line = commandLine();
        Main main = line.getCommand();
        line.setExecutionStrategy(parsed ->
                TaskClassPath.run(main.classPath, main.spec, () -> new CommandLine.RunLast().execute(parsed)));
        return run(line, () -> main.stacktrace, args, out, err);
    }

    /**
     * Runs a command line of another program with the same messages and exit codes.
     *
     * @param line its commands. Modified.
     * @param stacktrace whether an error's place in the program is printed; asked after an error
     * @param args the words after the program's name. Not modified.
     * @param out see {@link #execute(String[], PrintWriter, PrintWriter)}
     * @param err see there
     * @return {@link ExitCode#DONE}, {@link ExitCode#FAILED} or {@link ExitCode#WRONG_USE}, or what the command returns
     */
    public static int execute(
            CommandLine line, BooleanSupplier stacktrace, String[] args, PrintWriter out, PrintWriter err) {
        HelpTexts.keepWordsWhole(line);
        return run(line, stacktrace, args, out, err);
    }

    private static int run(
            CommandLine line, BooleanSupplier stacktrace, String[] args, PrintWriter out, PrintWriter err) {
        PrintWriter shown = PlainText.escaping(out, false);
        PrintWriter told = PlainText.escaping(err, true);
        line.setColorScheme(CommandLine.Help.defaultColorScheme(CommandLine.Help.Ansi.OFF))
                .setOut(shown)
                .setErr(told)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExitCodeExceptionMapper(e -> ExitCode.FAILED)
                .setParameterExceptionHandler((e, words) -> {
                    told.println("attractor: "
                            + (e instanceof UnmatchedArgumentException unmatched
                                    ? notExpected(unmatched)
                                    : inWords(firstLine(e.getMessage()))));
                    return ExitCode.WRONG_USE;
                })
                .setExecutionExceptionHandler((e, commandLine, parsed) -> failed(e, stacktrace, told));
        int code;
        try {
            code = line.execute(args);
        } catch (OutOfMemoryError | StackOverflowError | LinkageError e) {
            code = failed(e, stacktrace, told); // picocli's handler sees exceptions only
        }
        if (shown.checkError() && code == ExitCode.DONE) {
            told.println("attractor: the standard output could not be written");
            code = ExitCode.FAILED;
        }
        told.flush();
        return code;
    }

    /** The commands, with their help texts. */
    static CommandLine commandLine() {
        CommandLine line = new CommandLine(new Main(), new HereFactory());
        commands().forEach(line::addSubcommand);
        HelpTexts.keepWordsWhole(line);
        return line;
    }

    /** Makes what commands consist of; here studies are done in folders. */
    private static final class HereFactory implements CommandLine.IFactory {
        private final CommandLine.IFactory usual = CommandLine.defaultFactory();

        @Override
        public <K> K create(Class<K> type) throws Exception {
            return type == StudyPlace.class ? type.cast(new StudyFolderOptions()) : usual.create(type);
        }
    }

    private static int failed(Throwable e, BooleanSupplier stacktrace, PrintWriter err) {
        err.println("attractor: " + message(e));
        if (stacktrace.getAsBoolean()) {
            e.printStackTrace(err);
        }
        return ExitCode.FAILED;
    }

    /**
     * The program's entry; ends the JVM with the exit code of {@link #execute}.
     *
     * @param args the words after {@code attractor}
     */
    public static void main(String[] args) {
        PrintWriter out = new PrintWriter(System.out, false, StandardCharsets.UTF_8);
        PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
        String unreadable = unreadable(args);
        if (unreadable != null) {
            err.println("attractor: " + unreadable);
            System.exit(ExitCode.WRONG_USE);
        }
        logTo(err);
        System.exit(execute(args, out, err));
    }

    /** Warnings of the library in the form of all other messages, instead of the logger's two lines. */
    private static void logTo(PrintWriter err) {
        Logger root = Logger.getLogger("");
        for (Handler usual : root.getHandlers()) {
            root.removeHandler(usual);
        }
        PrintWriter shown = PlainText.escaping(err, true);
        root.addHandler(new Handler() {
            @Override
            public void publish(LogRecord entry) {
                if (isLoggable(entry)) {
                    shown.println("attractor: note: " + firstLine(entry.getMessage()));
                    flush();
                }
            }

            @Override
            public void flush() {
                shown.flush();
            }

            @Override
            public void close() {
                flush();
            }
        });
    }

    /**
     * In an ASCII locale a JVM can't open a file whose name has other characters. Returns the message for such a name,
     * so that it comes before the file is looked for; null if there is none.
     */
    private static String unreadable(String[] args) {
        String encoding = System.getProperty("sun.jnu.encoding", "");
        if (encoding.equals("UTF-8")) {
            return null;
        }
        for (String word : args) {
            if (word.indexOf('\uFFFD') >= 0) {
                return "'" + word + "' has characters that the locale's encoding, " + encoding
                        + ", does not have: set LC_ALL=C.UTF-8";
            }
        }
        String folder = System.getProperty("user.dir");
        return folder.indexOf('\uFFFD') < 0
                ? null
                : "the working directory, " + folder + ", has characters that the locale's encoding, " + encoding
                        + ", does not have: set LC_ALL=C.UTF-8";
    }

    /** Names of Java's types, with which picocli ends a message, as a user knows them. */
    private static String inWords(String message) {
        String words = message;
        for (Map.Entry<String, String> type : JAVA_TYPES.entrySet()) {
            String end = " is not " + type.getKey();
            if (words.endsWith(end)) {
                words = words.substring(0, words.length() - end.length()) + " is not " + type.getValue();
            }
        }
        return words;
    }

    /** What is said of a word or an option that the command doesn't know: what it is taken for, and what is expected. */
    private static String notExpected(UnmatchedArgumentException e) {
        CommandLine command = e.getCommandLine();
        String name = command.getCommandSpec().qualifiedName(" ");
        List<String> meant = e.getSuggestions();
        String suggestion = meant.isEmpty()
                ? ""
                : ", did you mean " + String.join(", ", meant.subList(0, Math.min(3, meant.size()))) + "?";
        if (e.isUnknownOption()) {
            return firstLine(e.getMessage()) + (meant.isEmpty() ? ", " + name + " --help lists all" : suggestion);
        }
        String word = "'" + e.getUnmatched().get(0) + "'";
        if (command.getSubcommands().isEmpty()) {
            return word + " is a word too many, " + name + " --help says what is expected";
        }
        String kind = command.getParent() == null ? "command" : command.getCommandName();
        return "no " + kind + " " + word + (meant.isEmpty() ? ", expected" : suggestion + " Expected") + " one of "
                + command.getSubcommands().entrySet().stream()
                        .filter(c ->
                                !c.getValue().getCommandSpec().usageMessage().hidden())
                        .map(Map.Entry::getKey)
                        .collect(Collectors.joining(", "));
    }

    /** One line that a user can act upon. File-system exceptions say only the path, the reason being their class. */
    private static String message(Throwable e) {
        if (e instanceof NoSuchFileException f) {
            return f.getFile() + ": no such file or folder";
        }
        if (e instanceof FileAlreadyExistsException f) {
            return f.getFile() + ": exists already";
        }
        if (e instanceof AccessDeniedException f) {
            return f.getFile() + ": permission denied";
        }
        if (e instanceof OutOfMemoryError) {
            return "out of memory (" + firstLine(e.getMessage()) + "); give more with ATTRACTOR_JAVA_OPTS=-Xmx...";
        }
        boolean ours = e.getMessage() != null
                && (e instanceof IllegalArgumentException
                        || e instanceof IllegalStateException
                        || e instanceof UnsupportedOperationException
                        || e instanceof java.io.IOException
                        || e instanceof java.io.UncheckedIOException);
        // Anything else is a defect of ours: its class is needed to find it.
        return ours ? firstLine(e.getMessage()) : firstLine(e.toString()) + " (--stacktrace tells where)";
    }

    private static String firstLine(String s) {
        return s == null ? "" : s.lines().findFirst().orElse("");
    }

    /** The version that the build wrote into the jar's manifest. */
    static final class Version implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = Main.class.getPackage().getImplementationVersion();
            return new String[] {"attractor " + (version == null ? "(not from a jar)" : version)};
        }
    }
}
