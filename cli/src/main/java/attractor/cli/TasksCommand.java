package attractor.cli;

import attractor.cli.option.GivenTaskOptions;
import attractor.cli.option.SizeOption;
import attractor.cli.option.TaskName;
import attractor.cli.terminal.ExitCode;
import attractor.figure.TaskFigures;
import attractor.io.AtomicFiles;
import attractor.io.Json;
import attractor.io.Printable;
import attractor.task.Task;
import attractor.task.TaskOptions;
import attractor.task.Tasks;
import attractor.task.TrialFile;
import attractor.task.TrialPart;
import attractor.task.Trials;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code attractor tasks}. */
@Command(
        name = "tasks",
        description = {
            "Lists the tasks, shows the options of one, writes trials.",
            "",
            "Trials go to an .npz for numpy.load: x (S, T, I), y (S, T, O), type (S), types (their names), dt_ms, and mask where "
                    + "there is one. train --data reads such files. The trials are those that train draws with the same seed."
        },
        footer = {
            "",
            "Examples:",
            "  attractor tasks",
            "  attractor tasks xor",
            "  attractor tasks xor --samples 10 --out t.npz --delay 50",
            "  attractor tasks rules --rules go,anti,match --figure rules.png",
            "  attractor tasks three-bit-flip-flop --classpath examples/three-bit-flip-flop"
        },
        sortOptions = false,
        mixinStandardHelpOptions = true)
final class TasksCommand implements Callable<Integer> {
    private static final int FIGURE_TRIALS = 6;

    @Spec
    private CommandSpec spec;

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "NAME",
            converter = TaskName.class,
            completionCandidates = TaskName.class,
            description = "A task.")
    private String name;

    @Option(
            names = "--samples",
            paramLabel = "S",
            defaultValue = "10",
            description = "Number of trials (default: ${DEFAULT-VALUE}).")
    private int samples;

    @Option(
            names = "--seed",
            paramLabel = "S",
            defaultValue = "0",
            description = "Seed of types and noise (default: ${DEFAULT-VALUE}).")
    private long seed;

    @Option(names = "--out", paramLabel = "OUT.npz", description = "Where to write the trials; replaced if it exists.")
    private Path outFile;

    @Option(
            names = "--figure",
            paramLabel = "OUT.png",
            description = "Draw six trials, their types spread over all; OUT.svg for SVG, OUT.pdf for PDF.")
    private Path figure;

    @Mixin
    private SizeOption size;

    @Option(names = "--json", description = "Print the tasks, or the one, as JSON.")
    private boolean json;

    @Mixin
    private GivenTaskOptions arguments;

    @Override
    public Integer call() throws Exception {
        PrintWriter out = spec.commandLine().getOut();
        size.check(figure);
        if (name == null) {
            if (outFile != null || figure != null) {
                throw new ParameterException(spec.commandLine(), "which task? attractor tasks lists them");
            }
            if (arguments.any()) {
                throw new ParameterException(spec.commandLine(), "options of a task are given, expected its name");
            }
            List<Task> tasks = Tasks.providers().stream()
                    .map(provider -> provider.create(provider.defaults()))
                    .toList();
            if (json) {
                printJson(tasks, out);
                return ExitCode.DONE;
            }
            int width = tasks.stream().mapToInt(task -> task.name().length()).reduce(12, Math::max);
            for (Task task : tasks) {
                out.printf(
                        Locale.ROOT,
                        "%-" + width + "s %s, %s, %s of %s ms, types %s%n",
                        task.name(),
                        Printable.count(task.inputs(), "input"),
                        Printable.count(task.outputs(), "output"),
                        Printable.count(task.steps(), "step"),
                        number(task.dtMs()),
                        String.join(" ", task.types()));
                for (String line : task.description().split("\n")) {
                    out.println(" ".repeat(width + 1) + line.strip());
                }
            }
            return ExitCode.DONE;
        }
        Task task = arguments.task(name, Map.of());
        int code = print(task, out);
        if (figure != null) {
            size.of(TaskFigures.trials(task, FIGURE_TRIALS, seed))
                    .write(figure); // last: what is printed stands even if it fails
        }
        return code;
    }

    /** Prints one task, and writes its trials if they are wanted. */
    private int print(Task task, PrintWriter out) throws IOException {
        if (outFile == null) {
            if (json) {
                printJson(List.of(task), out);
            } else {
                describe(task, out);
            }
            return ExitCode.DONE;
        }
        if (samples < 1) {
            throw new ParameterException(spec.commandLine(), "--samples is " + samples + ", expected at least 1");
        }
        AtomicFiles.requireWritable(outFile);
        Trials trials = Trials.random(task, samples, seed, Trials.TRAINING);
        TrialFile.write(outFile, trials, task.dtMs());
        if (json) {
            printJson(List.of(task), out);
            return ExitCode.DONE;
        }
        out.printf(
                Locale.ROOT,
                "%s: x (%d, %d, %d), y (%d, %d, %d)%n",
                outFile,
                samples,
                trials.steps(),
                trials.inputs(),
                samples,
                trials.steps(),
                trials.outputs());
        return ExitCode.DONE;
    }

    private void printJson(List<Task> tasks, PrintWriter out) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("schema", "attractor/tasks/1");
        List<Object> list = new ArrayList<>();
        tasks.forEach(task -> list.add(toJson(task)));
        map.put("tasks", list);
        map.put("file", outFile == null ? null : outFile.toString());
        out.println(Json.pretty(map));
    }

    private static Map<String, Object> toJson(Task task) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("name", task.name());
        map.put("description", task.description());
        map.put("inputs", (long) task.inputs());
        map.put("outputs", (long) task.outputs());
        map.put("steps", (long) task.steps());
        map.put("dtMs", task.dtMs());
        map.put("types", task.types());
        map.put("masked", task.masked());
        map.put("readout", task.readout().kind().name().toLowerCase(Locale.ROOT));
        map.put("levels", task.readout().levels());
        map.put("loss", task.loss().name());
        map.put("recurrentBias", task.recurrentBias());
        map.put("defaultTrials", (long) task.defaultTrials());
        map.put("stopLoss", task.stopLoss());
        List<Object> parts = new ArrayList<>();
        for (TrialPart part : task.parts()) {
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("name", part.name());
            one.put("from", (long) part.from());
            one.put("to", (long) part.to());
            parts.add(one);
        }
        map.put("parts", parts);
        List<Object> list = new ArrayList<>();
        TaskOptions options = task.options();
        for (String key : options.keys()) {
            Map<String, Object> option = new LinkedHashMap<>();
            option.put("key", key);
            option.put("option", GivenTaskOptions.optionName(key));
            option.put("value", options.isList(key) ? options.list(key) : (Object) options.number(key));
            option.put("range", options.range(key).toString());
            option.put("help", options.help(key));
            list.add(option);
        }
        map.put("options", list);
        return map;
    }

    private static void describe(Task task, PrintWriter out) {
        out.println(task.name() + ": " + task.description().strip());
        out.println("Inputs " + task.inputs() + ", outputs " + task.outputs() + ", steps " + task.steps() + ", types "
                + String.join(" ", task.types()) + "; " + Printable.count(task.defaultTrials(), "trial")
                + ", training ends early below a loss of "
                + task.stopLoss() + ".");
        TaskOptions options = task.options();
        for (String key : options.keys()) {
            String value = options.isList(key) ? list(options.list(key)) : number(options.number(key));
            out.printf(Locale.ROOT, "  %-20s %-16s %s%n", GivenTaskOptions.optionName(key), value, options.help(key));
        }
    }

    private static String list(List<Double> values) {
        return values.isEmpty()
                ? "-"
                : String.join(",", values.stream().map(TasksCommand::number).toList());
    }

    private static String number(double value) {
        return value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
    }
}
