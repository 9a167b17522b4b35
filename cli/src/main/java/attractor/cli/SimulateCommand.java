package attractor.cli;

import attractor.cli.option.NetworkArgument;
import attractor.cli.option.PrecisionOption;
import attractor.cli.terminal.ExitCode;
import attractor.dynamics.PrecisionSimulator;
import attractor.dynamics.Simulator;
import attractor.io.AtomicFiles;
import attractor.io.FormatException;
import attractor.io.NpyArray;
import attractor.io.Npz;
import attractor.io.Printable;
import attractor.kernel.Kernels;
import attractor.model.Precision;
import attractor.model.Rnn;
import attractor.page.Change;
import attractor.task.TrialFile;
import attractor.task.Trials;
import attractor.train.TrialBatches;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code attractor simulate}. */
@Command(
        name = "simulate",
        description = {
            "Runs a network on inputs of your own and writes its states and outputs.",
            "",
            "The result is an .npz for numpy.load: h (trials, T, N), the states after each step, and y (trials, T, O), the outputs. "
                    + "x[:, t] drives the step to h[:, t]; every trial starts from the network's initial state."
        },
        footer = {
            "",
            "Examples:",
            "  attractor simulate runs/and-orthogonal-s0 --inputs x.npy --out trajectory.npz",
            "  attractor simulate data/networks/and.npz --change change.json \\",
            "    --out changed.npz"
        },
        sortOptions = false,
        mixinStandardHelpOptions = true)
final class SimulateCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private NetworkArgument network;

    @Mixin
    private PrecisionOption precision;

    @Option(
            names = "--inputs",
            paramLabel = "X.npy",
            description =
                    "The inputs, an array (trials, T, I) of real numbers; or the x of TRIALS.npz, see train --data. In padding, "
                            + "after the last step of a trial whose mask isn't 0, h and y are NaN.")
    private Path inputs;

    @Option(
            names = "--change",
            paramLabel = "CHANGE.json",
            description =
                    "What is done to the network, as the page of attractor explore saves it: connections, units or modes "
                            + "removed, kicks of the state, another tau, pulses. A file with durationMs has a trial of its own, and "
                            + "--inputs is left out. JSON.md beside the sources of the command line describes it.")
    private Path changeFile;

    @Option(
            names = "--out",
            paramLabel = "OUT.npz",
            required = true,
            description = "Where to write h and y; replaced if it exists.")
    private Path outFile;

    @Option(
            names = "--seed",
            paramLabel = "S",
            defaultValue = "0",
            description = "Seed of the noise in the states, if the network has any (default: ${DEFAULT-VALUE}).")
    private long seed;

    @Override
    public Integer call() throws Exception {
        AtomicFiles.requireWritable(outFile);
        NetworkArgument.Loaded loaded = network.load();
        if (changeFile != null && precision.of(loaded) == Precision.FLOAT && precision.given()) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--precision float is not for a changed network, expected double with --change");
        }
        loaded = precision.apply(loaded, changeFile != null ? Precision.DOUBLE : precision.of(loaded));
        Optional<Change> change = changeFile == null ? Optional.empty() : Optional.of(Change.read(changeFile));
        boolean ownTrial = change.map(Change::hasTrial).orElse(false);
        if (ownTrial == (inputs != null)) {
            throw new ParameterException(
                    spec.commandLine(),
                    ownTrial
                            ? "--inputs and a trial of its own in " + changeFile + " (durationMs), expected one of them"
                            : changeFile == null
                                    ? "missing --inputs, expected --inputs or a --change that has a trial (durationMs)"
                                    : changeFile + " has no trial (durationMs), expected --inputs too");
        }
        Path[] read = Stream.of(loaded.source(), inputs, changeFile)
                .filter(Objects::nonNull)
                .toArray(Path[]::new);
        SourceFiles.requireOther(spec, outFile, read);
        Rnn rnn = change.isPresent() ? change.get().apply(loaded.rnn()) : loaded.rnn();
        Inputs given;
        if (ownTrial) {
            double[] x = change.orElseThrow().trial(rnn);
            given = new Inputs(x, x.length / rnn.inputs(), new int[] {x.length / rnn.inputs()});
        } else {
            given = inputs.toString().toLowerCase(Locale.ROOT).endsWith(".npz") ? ofTrials(rnn) : ofArray(rnn);
            if (change.isPresent()) {
                change.get().add(rnn, given.x, given.own.length, given.steps);
            }
        }
        int[] shape = {given.own.length, given.steps};
        Simulator.Trajectory result = simulate(rnn, change, given.x, shape);
        int overflow = -1;
        for (int s = 0; s < shape[0]; s++) {
            int end = s * shape[1] + given.own[s];
            for (int i = s * shape[1] * rnn.units(); i < end * rnn.units() && overflow < 0; i++) {
                overflow = Double.isFinite(result.h()[i]) ? -1 : i;
            }
            Arrays.fill(result.h(), end * rnn.units(), (s + 1) * shape[1] * rnn.units(), Double.NaN);
            Arrays.fill(result.y(), end * rnn.outputs(), (s + 1) * shape[1] * rnn.outputs(), Double.NaN);
        }
        Map<String, NpyArray> arrays = new LinkedHashMap<>();
        boolean single = rnn.precision() == Precision.FLOAT;
        int[] states = {shape[0], shape[1], rnn.units()};
        int[] outputs = {shape[0], shape[1], rnn.outputs()};
        arrays.put("h", single ? NpyArray.ofSingles(result.h(), states) : NpyArray.of(result.h(), states));
        arrays.put("y", single ? NpyArray.ofSingles(result.y(), outputs) : NpyArray.of(result.y(), outputs));
        Npz.write(outFile, arrays);
        spec.commandLine()
                .getOut()
                .println(outFile + ": h (" + shape[0] + ", " + shape[1] + ", " + rnn.units() + "), y (" + shape[0]
                        + ", " + shape[1] + ", " + rnn.outputs() + ")");
        if (overflow >= 0) {
            int row = overflow / rnn.units();
            throw new IOException(loaded.source() + ": the network diverges: h[" + row / shape[1] + ", "
                    + row % shape[1] + ", " + overflow % rnn.units() + "] is " + result.h()[overflow]);
        }
        return ExitCode.DONE;
    }

    /**
     * The inputs.
     *
     * @param x S x T x I
     * @param steps T
     * @param own for each of the S trials, its number of steps without padding
     */
    private record Inputs(double[] x, int steps, int[] own) {}

    private Inputs ofArray(Rnn rnn) throws IOException {
        NpyArray x = NpyArray.read(inputs);
        int[] shape = x.shape();
        if (shape.length != 3 || shape[2] != rnn.inputs() || shape[0] < 1 || shape[1] < 1) {
            throw new FormatException(inputs + " has shape " + Arrays.toString(shape)
                    + ", expected [trials, T, I] with I = " + rnn.inputs()
                    + " as the network has"
                    + (shape.length == 3 && (shape[0] < 1 || shape[1] < 1) ? ", and at least one trial and step" : "")
                    + TrialFile.hint(x, "x"));
        }
        double[] values = x.toDoubles(inputs.toString());
        for (int i = 0; i < values.length; i++) {
            if (!Double.isFinite(values[i])) {
                int trial = i / (shape[1] * shape[2]);
                int step = i / shape[2] % shape[1];
                throw new FormatException(inputs + ": x[" + trial + ", " + step + ", " + i % shape[2] + "] is "
                        + values[i] + ", expected a finite number");
            }
        }
        int[] own = new int[shape[0]];
        Arrays.fill(own, shape[1]);
        return new Inputs(values, shape[1], own);
    }

    private Simulator.Trajectory simulate(Rnn rnn, Optional<Change> change, double[] x, int[] shape)
            throws IOException {
        if (change.isPresent()) {
            return change.get().run(rnn, x, shape[0], shape[1], seed);
        }
        PrecisionSimulator simulator = new PrecisionSimulator(rnn, Kernels.get());
        simulator.seedNoise(seed, 0);
        return simulator.run(x, shape[0], shape[1], true);
    }

    /** The inputs of a file of trials, read as {@code --data} reads it. */
    private Inputs ofTrials(Rnn rnn) throws IOException {
        TrialFile file = TrialFile.readInputs(inputs);
        Trials trials = file.trials();
        if (file.dtMs().isPresent() && file.dtMs().getAsDouble() != rnn.dtMs()) {
            throw new FormatException(inputs + ": dt_ms is " + file.dtMs().getAsDouble() + ", expected " + rnn.dtMs()
                    + " as the network has");
        }
        if (trials.inputs() != rnn.inputs()) {
            throw new FormatException(inputs + ": x has " + Printable.count(trials.inputs(), "input")
                    + ", expected I = " + rnn.inputs() + " as the network has");
        }
        int steps = file.fileSteps();
        double[] x = new double[Math.multiplyExact(trials.size() * steps, trials.inputs())];
        double[] y = new double[trials.steps() * trials.outputs()];
        double[] mask = new double[y.length];
        int[] own = new int[trials.size()];
        Trials.Reader reader = trials.reader();
        for (int s = 0; s < own.length; s++) {
            reader.read(s, x, s * steps * trials.inputs(), y, 0, mask, 0);
            own[s] = TrialBatches.ownSteps(mask, 0, trials.steps(), trials.outputs());
        }
        return new Inputs(x, steps, own);
    }
}
