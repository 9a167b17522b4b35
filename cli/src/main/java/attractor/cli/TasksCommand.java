package attractor.cli;

import attractor.io.NpyArray;
import attractor.io.Npz;
import attractor.kernel.RandomStream.Purpose;
import attractor.task.Task;
import attractor.task.TaskOptions;
import attractor.task.TaskProvider;
import attractor.task.Tasks;
import attractor.task.Trials;
import java.io.PrintWriter;
import java.nio.file.Path;
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
            "Lists the tasks; tells the options of one; writes trials.",
            "",
            "Trials go to an .npz for numpy.load: x (S, T, I), y (S, T, O), type (S), types (their names), and mask where there is one."
        },
        footer = {
            "",
            "Examples:",
            "  attractor tasks",
            "  attractor tasks xor",
            "  attractor tasks xor --samples 10 --out t.npz --delay 50"
        },
        sortOptions = false,
        mixinStandardHelpOptions = true)
final class TasksCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(index = "0", arity = "0..1", paramLabel = "NAME", description = "A task.")
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
            description = "Decides types and noise (default: ${DEFAULT-VALUE}).")
    private long seed;

    @Option(names = "--out", paramLabel = "OUT.npz", description = "Where to write the trials; replaced if it exists.")
    private Path outFile;

    @Mixin
    private TaskArguments arguments;

    @Override
    public Integer call() throws Exception {
        PrintWriter out = spec.commandLine().getOut();
        if (name == null) {
            if (outFile != null) {
                throw new ParameterException(spec.commandLine(), "which task? attractor tasks lists them");
            }
            for (TaskProvider provider : Tasks.providers()) {
                Task task = provider.create(provider.defaults());
                out.printf(
                        Locale.ROOT,
                        "%-12s %d input%s, %d output%s, %d steps of %s ms, types %s%n",
                        task.name(),
                        task.inputs(),
                        task.inputs() == 1 ? "" : "s",
                        task.outputs(),
                        task.outputs() == 1 ? "" : "s",
                        task.steps(),
                        number(task.dtMs()),
                        String.join(" ", task.types()));
                for (String line : task.description().split("\n")) {
                    out.println("             " + line.strip());
                }
            }
            return Main.DONE;
        }
        Task task = arguments.task(name, Map.of());
        if (outFile == null) {
            describe(task, out);
            return Main.DONE;
        }
        if (samples < 1) {
            throw new ParameterException(spec.commandLine(), "--samples is " + samples + ", expected at least 1");
        }
        Trials trials = Trials.random(task, samples, seed, Purpose.TRIALS);
        int steps = trials.steps();
        int inputs = trials.inputs();
        int outputs = trials.outputs();
        double[] x = new double[Math.multiplyExact(samples, steps * inputs)];
        double[] y = new double[Math.multiplyExact(samples, steps * outputs)];
        double[] mask = trials.masked() ? new double[y.length] : null;
        long[] type = new long[samples];
        Trials.Reader reader = trials.reader();
        for (int i = 0; i < samples; i++) {
            reader.read(i, x, i * steps * inputs, y, i * steps * outputs, mask, i * steps * outputs);
            type[i] = trials.type(i);
        }
        Map<String, NpyArray> arrays = new LinkedHashMap<>();
        arrays.put("x", NpyArray.of(x, samples, steps, inputs));
        arrays.put("y", NpyArray.of(y, samples, steps, outputs));
        if (mask != null) {
            arrays.put("mask", NpyArray.of(mask, samples, steps, outputs));
        }
        arrays.put("type", NpyArray.of(type, samples));
        arrays.put(
                "types",
                NpyArray.of(
                        trials.types().toArray(new String[0]), trials.types().size()));
        Npz.write(outFile, arrays);
        out.printf(
                Locale.ROOT,
                "%s: x (%d, %d, %d), y (%d, %d, %d)%n",
                outFile,
                samples,
                steps,
                inputs,
                samples,
                steps,
                outputs);
        return Main.DONE;
    }

    private static void describe(Task task, PrintWriter out) {
        out.println(task.name() + ": " + task.description().strip());
        out.println("Inputs " + task.inputs() + ", outputs " + task.outputs() + ", steps " + task.steps() + ", types "
                + String.join(" ", task.types()) + "; " + task.defaultTrials()
                + " trials, training ends early under a loss of "
                + task.stopLoss() + ".");
        TaskOptions options = task.options();
        for (String key : options.keys()) {
            String value = options.isList(key) ? list(options.list(key)) : number(options.number(key));
            out.printf(Locale.ROOT, "  %-20s %-16s %s%n", TaskArguments.optionName(key), value, options.help(key));
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
