package attractor.cli;

import attractor.analysis.Spectrum;
import attractor.analysis.Trajectories;
import attractor.cli.option.NetworkArgument;
import attractor.cli.option.PrecisionOption;
import attractor.cli.option.ProbeTaskOptions;
import attractor.cli.option.SizeOption;
import attractor.cli.result.ScoreTable;
import attractor.cli.terminal.ExitCode;
import attractor.figure.Figure;
import attractor.figure.NetworkFigures;
import attractor.io.Json;
import attractor.io.Printable;
import attractor.kernel.Kernels;
import attractor.model.Rnn;
import attractor.task.Scores;
import attractor.task.Task;
import attractor.task.Trials;
import attractor.task.TypeScore;
import attractor.train.Evaluator;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code attractor evaluate}. */
@Command(
        name = "evaluate",
        description = {
            "Measures how well a network does its task, by trial type, on fresh noisy trials.",
            "",
            "A network passes if, for every type, the RMSE over the whole trial is at most 0.2 and, where the target is not zero "
                    + "throughout, at most half of the RMSE of a constant zero output. The distance is the paper's, "
                    + "sqrt(sum over time of the squared error). Where trials are answered by classes, it passes if at least "
                    + "85 %% of the answers are right for every type."
        },
        footer = {
            "",
            "Examples:",
            "  attractor evaluate runs/and-orthogonal-s0",
            "  attractor evaluate data/networks/xor.npz --noise 0 --json",
            "  attractor evaluate and-04-trained.hdf5 --task and",
            "  attractor evaluate flipflop-06-trained.hdf5 --task flipflop --input-order 1,0",
            "  attractor evaluate runs/trials-orthogonal-s0 --data trials.npz"
        },
        sortOptions = false,
        mixinStandardHelpOptions = true)
final class EvaluateCommand implements Callable<Integer> {
    private static final int TRIALS = 200;

    @Spec
    private CommandSpec spec;

    @Mixin
    private NetworkArgument network;

    @Mixin
    private PrecisionOption precision;

    @Option(
            names = "--trials",
            paramLabel = "N",
            description =
                    "Number of a task's trials, all types in turn (default: 200). One of each type is enough if all trials of a "
                            + "type are alike, as with --noise 0.")
    private Integer trials;

    @Option(
            names = "--seed",
            paramLabel = "S",
            defaultValue = "0",
            description = "Seed of the noise (default: ${DEFAULT-VALUE}).")
    private long seed;

    @Option(
            names = "--json",
            description = "Print JSON: scores, weight statistics, eigenvalues, and one trial's output for each type.")
    private boolean json;

    @Option(
            names = "--figure",
            paramLabel = "OUT.png",
            description = "Draw inputs, target and output of one trial of each type; OUT.svg for SVG, OUT.pdf for PDF.")
    private Path figure;

    @Mixin
    private SizeOption size;

    @Mixin
    private ProbeTaskOptions choice;

    @Override
    public Integer call() throws Exception {
        PrintWriter out = spec.commandLine().getOut();
        size.check(figure);
        NetworkArgument.Loaded loaded = precision.apply(network.load());
        ProbeTaskOptions.Chosen chosen = choice.choose(loaded).orElseThrow(() -> choice.unknown(loaded));
        Rnn rnn = chosen.rnn();
        Task task = chosen.task();
        Trials tried = chosen.trials() != null ? given(chosen.trials()) : drawn(task, rnn);
        Scores scores = Evaluator.evaluate(rnn, tried, Kernels.get(), seed);
        Spectrum spectrum = Spectrum.withoutVectors(loaded.rnn());
        Optional<String> diverges = diverges(scores);
        Optional<Figure> drawn = Optional.empty();
        if (figure != null && diverges.isEmpty()) {
            String title = task.name() + ", " + Printable.count(rnn.units(), "unit");
            Trajectories shown = Trajectories.of(rnn, task, seed);
            shown = loaded.probabilities(Optional.of(task)) ? shown.withProbabilities() : shown;
            drawn = Optional.of(size.of(NetworkFigures.inputsAndOutputs(shown, title)));
        }
        if (json) {
            out.println(Json.pretty(toJson(loaded, chosen, scores, spectrum)));
        } else {
            print(loaded, chosen, scores, spectrum, out);
        }
        if (diverges.isPresent()) {
            throw new IOException(loaded.source() + ": " + diverges.get());
        }
        if (drawn.isPresent()) {
            drawn.get().write(figure); // last: the numbers are printed even if the picture fails
        }
        return ExitCode.DONE;
    }

    /** What is said of a network whose output overflows in some trials; its numbers are printed before. */
    private static Optional<String> diverges(Scores scores) {
        int trials = scores.types().stream().mapToInt(TypeScore::nonFinite).sum();
        return trials == 0
                ? Optional.empty()
                : Optional.of("the network diverges: its output is not a finite number in " + trials + " of "
                        + Printable.count(scores.trials(), "trial"));
    }

    private static void print(
            NetworkArgument.Loaded loaded,
            ProbeTaskOptions.Chosen chosen,
            Scores scores,
            Spectrum spectrum,
            PrintWriter out) {
        out.printf(
                Locale.ROOT,
                "%s: %s, %s%s, %s%s%n",
                loaded.source(),
                Printable.count(chosen.rnn().units(), "unit"),
                chosen.trials() == null ? "task " : "",
                chosen.task().name(),
                Printable.count(scores.trials(), "trial"),
                chosen.heldOut() ? " held out" : "");
        ScoreTable.print(scores, out);
        out.println(scores.passed() ? "passes" : "does not pass");
        out.printf(
                Locale.ROOT,
                "W_rec: mean %.5f, sd %.5f, spectral radius %.4f, %d of %d eigenvalues outside the unit circle, Henrici %.4f%n",
                spectrum.weights().mean(),
                spectrum.weights().sd(),
                spectrum.spectralRadius(),
                spectrum.outsideUnitCircle(),
                spectrum.size(),
                spectrum.henrici());
    }

    private Trials given(Trials given) {
        if (trials != null) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--trials is for a task's trials, expected none with --data, which uses all trials of the file");
        }
        return given;
    }

    /**
     * The trials. One per type is enough if all of a type are the same, unless noise in the states makes them differ.
     */
    private Trials drawn(Task task, Rnn rnn) {
        int count = trials == null ? TRIALS : trials;
        if (count < 1) {
            throw new ParameterException(spec.commandLine(), "--trials is " + count + ", expected at least 1");
        }
        Trials drawn = Trials.balanced(task, count, seed, Trials.EVALUATION);
        return rnn.noiseSd() == 0.0 && alike(drawn)
                ? Trials.balanced(task, task.types().size(), seed, Trials.EVALUATION)
                : drawn;
    }

    /** Whether all trials of a type are the same, as without noise, jitter and random pulses: then one is enough. */
    private static boolean alike(Trials trials) {
        int types = trials.types().size();
        if (trials.size() <= types) {
            return false;
        }
        double[][] x = new double[types][];
        double[][] y = new double[types][];
        Trials.Reader reader = trials.reader();
        for (int i = 0; i < trials.size(); i++) {
            double[] input = new double[trials.steps() * trials.inputs()];
            double[] target = new double[trials.steps() * trials.outputs()];
            double[] mask = trials.masked() ? new double[target.length] : null;
            reader.read(i, input, 0, target, 0, mask, 0);
            int type = trials.type(i);
            if (x[type] == null) {
                x[type] = input;
                y[type] = target;
            } else if (mask != null || !Arrays.equals(x[type], input) || !Arrays.equals(y[type], target)) {
                return false;
            }
        }
        return true;
    }

    private Map<String, Object> toJson(
            NetworkArgument.Loaded loaded, ProbeTaskOptions.Chosen chosen, Scores scores, Spectrum spectrum) {
        Rnn rnn = chosen.rnn();
        Task task = chosen.task();
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("schema", "attractor/evaluate/1");
        map.put("network", loaded.source().toString());
        map.put("units", (long) rnn.units());
        map.put("inputs", (long) rnn.inputs());
        map.put("outputs", (long) rnn.outputs());
        map.put("recurrentBias", rnn.recurrentBias());
        map.put("precision", rnn.precision().id());
        map.put("task", task.name());
        map.put("taskOptions", task.options().toMap());
        map.put("heldOut", chosen.heldOut());
        map.put("passed", scores.passed());
        map.put("scores", ScoreTable.json(scores));
        Map<String, Object> weights = new LinkedHashMap<>();
        weights.put("mean", spectrum.weights().mean());
        weights.put("sd", spectrum.weights().sd());
        weights.put("spectralRadius", spectrum.spectralRadius());
        weights.put("eigenvaluesOutsideUnitCircle", (long) spectrum.outsideUnitCircle());
        weights.put("henrici", spectrum.henrici());
        List<Object> eigenvalues = new ArrayList<>();
        for (int k = 0; k < spectrum.size(); k++) {
            eigenvalues.add(List.of(spectrum.re()[k], spectrum.im()[k]));
        }
        weights.put("eigenvalues", eigenvalues);
        map.put("recurrentWeights", weights);
        map.put("responses", responses(rnn, task));
        return map;
    }

    /** One trial of each type: the output at each step. */
    private List<Object> responses(Rnn rnn, Task task) {
        Trajectories all = Trajectories.of(rnn, task, seed);
        List<Object> list = new ArrayList<>();
        for (int s = 0; s < all.trials(); s++) {
            Map<String, Object> map = new LinkedHashMap<>();
            map.put("type", all.types().get(s));
            map.put("output", all.output(s));
            list.add(map);
        }
        return list;
    }
}
