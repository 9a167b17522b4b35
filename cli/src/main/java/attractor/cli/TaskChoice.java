package attractor.cli;

import attractor.io.FormatException;
import attractor.model.Rnn;
import attractor.model.RnnShape;
import attractor.task.Task;
import attractor.task.TaskOptions;
import attractor.task.Tasks;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** On which task a network is looked at: the one that it was trained for, or another. */
final class TaskChoice {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @Option(
            names = "--task",
            paramLabel = "TASK",
            description = "The task (default: the one that the network was trained for).")
    private String taskName;

    @Option(
            names = "--input-order",
            paramLabel = "I,...",
            split = ",",
            hideParamSyntax = true,
            description = "Which of the network's inputs each input of the task drives (default: 0,1,...).")
    private List<Integer> inputOrder;

    @Mixin
    private TaskArguments arguments;

    /**
     * A network on a task.
     *
     * @param rnn the network with its inputs in the order of the task's
     * @param task which fits the network
     */
    record Chosen(Rnn rnn, Task task) {}

    /**
     * The task for a network.
     *
     * @return empty if neither the command line nor the network says
     * @throws FormatException if what the network's file says of its task is wrong
     * @throws ParameterException if network and task don't fit together
     */
    Optional<Chosen> choose(NetworkArgument.Loaded loaded) throws FormatException {
        String name = taskName != null ? taskName : loaded.task();
        if (name == null) {
            if (inputOrder != null || arguments.any()) {
                throw unknown(loaded);
            }
            return Optional.empty();
        }
        Task task = arguments.task(name, base(loaded, name));
        Rnn rnn = loaded.rnn();
        if (task.dtMs() != rnn.dtMs()) {
            throw wrong("task " + name + " has steps of " + task.dtMs() + " ms, expected " + rnn.dtMs() + " ms as "
                    + loaded.path() + " has");
        }
        if (task.inputs() != rnn.inputs()) {
            throw wrong(loaded.path() + " has " + rnn.inputs() + " inputs, expected " + task.inputs() + " for task "
                    + name);
        }
        if (task.outputs() != rnn.outputs()) {
            throw wrong(loaded.path() + " has " + rnn.outputs() + " outputs, expected " + task.outputs() + " for task "
                    + name);
        }
        return Optional.of(new Chosen(reordered(rnn), task));
    }

    /** The error of a command that can't do without. */
    ParameterException unknown(NetworkArgument.Loaded loaded) {
        return wrong(loaded.path() + " does not say what it was trained for: give --task (attractor tasks lists them)");
    }

    private ParameterException wrong(String message) {
        return new ParameterException(spec.commandLine(), message);
    }

    /** What the task's options are where the command line doesn't say. */
    private Map<String, Object> base(NetworkArgument.Loaded loaded, String name) throws FormatException {
        TaskOptions defaults;
        try {
            defaults = Tasks.provider(name).defaults();
        } catch (IllegalArgumentException e) {
            if (taskName != null) {
                throw new ParameterException(spec.commandLine(), e.getMessage(), e);
            }
            throw new FormatException(loaded.source() + ": meta: " + e.getMessage(), e);
        }
        Map<String, Object> base = new LinkedHashMap<>();
        if (defaults.has(TaskOptions.DT_MS)) {
            base.put(TaskOptions.DT_MS, loaded.rnn().dtMs());
        }
        if (name.equals(loaded.task())) {
            try {
                defaults.with(loaded.taskOptions());
            } catch (IllegalArgumentException e) {
                throw new FormatException(loaded.source() + ": meta: " + e.getMessage(), e);
            }
            base.putAll(loaded.taskOptions());
        }
        return base;
    }

    /** A network with its inputs in the order of the task's. */
    private Rnn reordered(Rnn rnn) {
        if (inputOrder == null) {
            return rnn;
        }
        int inputs = rnn.inputs();
        boolean[] seen = new boolean[inputs];
        for (int i : inputOrder) {
            if (i < 0 || i >= inputs || seen[i] || inputOrder.size() != inputs) {
                throw wrong("--input-order is " + inputOrder + ", expected each of 0 to " + (inputs - 1) + " once");
            }
            seen[i] = true;
        }
        Rnn copy = rnn.copy();
        RnnShape.View w = rnn.shape().wIn();
        for (int unit = 0; unit < rnn.units(); unit++) {
            for (int i = 0; i < inputs; i++) {
                copy.parameters()[w.at(unit, i)] = rnn.parameters()[w.at(unit, inputOrder.get(i))];
            }
        }
        return copy;
    }
}
