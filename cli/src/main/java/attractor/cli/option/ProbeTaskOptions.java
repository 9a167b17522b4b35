package attractor.cli.option;

import attractor.io.FormatException;
import attractor.io.Printable;
import attractor.model.Rnn;
import attractor.model.RnnShape;
import attractor.task.Task;
import attractor.task.TaskOptions;
import attractor.task.Tasks;
import attractor.task.TrialFile;
import attractor.task.Trials;
import attractor.train.TrainingConfig;
import attractor.train.TrainingData;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The task on which a network is examined: the one that it was trained for, another, or trials from a file. */
public final class ProbeTaskOptions {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @Option(
            names = "--task",
            paramLabel = "TASK",
            converter = TaskName.class,
            completionCandidates = TaskName.class,
            description = "The task (default: the one that the network was trained on).")
    private String taskName;

    @Option(
            names = "--data",
            paramLabel = "TRIALS.npz",
            description = "Trials from a file instead of a task's, see train. If the network was trained on that file, "
                    + "only those that were held out.")
    private Path dataFile;

    @Option(
            names = "--input-order",
            paramLabel = "I,...",
            split = ",",
            hideParamSyntax = true,
            description = "The network's input for each input of the task (default: 0,1,...).")
    private List<Integer> inputOrder;

    @Mixin
    private GivenTaskOptions arguments;

    /** Read when it is first needed. */
    private TrialFile read;

    /**
     * A network on a task.
     *
     * @param rnn the network with its inputs in the order of the task's
     * @param task the task, which fits the network
     * @param trials all trials of a file, or its held-out ones; null if there is no file
     * @param heldOut whether these trials were held out
     */
    public record Chosen(Rnn rnn, Task task, Trials trials, boolean heldOut) {}

    /**
     * The task for a network.
     *
     * @return the network and the task; empty if neither the command line nor the network names a task
     * @throws FormatException if the task in the network's file is wrong, or the file of trials isn't a valid one
     * @throws IOException if a file cannot be read
     * @throws ParameterException if network and task don't fit together
     */
    public Optional<Chosen> choose(NetworkArgument.Loaded loaded) throws IOException {
        if (dataFile != null) {
            return Optional.of(onData(loaded));
        }
        String name = taskName != null ? taskName : loaded.task();
        if (name == null) {
            if (inputOrder != null || arguments.any()) {
                throw unknown(loaded);
            }
            return Optional.empty();
        }
        Task task = arguments.task(name, base(loaded, name));
        checkFits(loaded, task, "task " + name);
        return Optional.of(new Chosen(reordered(loaded.rnn()), task, null, false));
    }

    private Chosen onData(NetworkArgument.Loaded loaded) throws IOException {
        if (taskName != null) {
            throw wrong("--task and --data are given, expected one of them");
        }
        Double given = arguments.stepOnly();
        if (read == null) {
            read = TrialFile.read(dataFile);
        }
        Rnn rnn = loaded.rnn();
        double dtMs = given != null
                ? DataOptions.dtMs(dataFile, read, given, given, "--dt is", spec)
                : read.dtMs().orElse(rnn.dtMs());
        Trials trials = read.trials();
        boolean heldOut = false;
        if (loaded.data() != null && loaded.data().heldOut() > 0) {
            Optional<Trials> part = heldOut(trials, loaded.data());
            heldOut = part.isPresent();
            trials = part.orElse(trials);
        }
        Task task = Tasks.ofTrials(DataOptions.name(dataFile), trials, dtMs);
        checkFits(loaded, task, dataFile.toString());
        return new Chosen(reordered(rnn), task, trials, heldOut);
    }

    /** Those that were held out, if these are the trials that the network was trained on. */
    private static Optional<Trials> heldOut(Trials all, NetworkArgument.TrainedOn trainedOn) {
        Trials evaluation;
        try {
            evaluation = TrainingData.split(null, all, trainedOn.heldOut()).evaluation();
        } catch (IllegalArgumentException e) {
            return Optional.empty(); // too few trials of a type: no network can have been trained on them
        }
        return TrainingConfig.digest(evaluation).equals(trainedOn.evaluation())
                ? Optional.of(evaluation)
                : Optional.empty();
    }

    private void checkFits(NetworkArgument.Loaded loaded, Task task, String name) {
        Rnn rnn = loaded.rnn();
        if (task.dtMs() != rnn.dtMs()) {
            throw wrong(name + " has steps of " + task.dtMs() + " ms, expected " + rnn.dtMs() + " ms as "
                    + loaded.path() + " has");
        }
        if (task.inputs() != rnn.inputs()) {
            throw wrong(loaded.path() + " has " + Printable.count(rnn.inputs(), "input") + ", expected " + task.inputs()
                    + " for " + name);
        }
        if (task.outputs() != rnn.outputs()) {
            throw wrong(loaded.path() + " has " + Printable.count(rnn.outputs(), "output") + ", expected "
                    + task.outputs() + " for " + name);
        }
    }

    /** The error of a command that needs a task. */
    public ParameterException unknown(NetworkArgument.Loaded loaded) {
        if (loaded.data() != null) {
            return wrong(loaded.path() + " was trained on the trials in "
                    + loaded.data().file() + ": give --data with that file or another");
        }
        return wrong(loaded.path() + " does not say what it was trained for: give --task (attractor tasks lists them)");
    }

    private ParameterException wrong(String message) {
        return new ParameterException(spec.commandLine(), message);
    }

    /** The task's options, before the command line changes some of them. */
    private Map<String, Object> base(NetworkArgument.Loaded loaded, String name) throws FormatException {
        TaskOptions defaults;
        try {
            defaults = Tasks.provider(name).defaults();
        } catch (IllegalArgumentException e) {
            if (taskName != null) {
                throw new ParameterException(spec.commandLine(), e.getMessage(), e);
            }
            throw new FormatException(
                    loaded.source() + ": meta: " + e.getMessage() + " (tasks of your own need --classpath)", e);
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
