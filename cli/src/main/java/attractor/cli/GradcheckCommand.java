package attractor.cli;

import attractor.cli.option.GivenTaskOptions;
import attractor.cli.option.TaskName;
import attractor.cli.terminal.ExitCode;
import attractor.engine.GradientCheck;
import attractor.engine.GradientCheck.Report;
import attractor.engine.GradientCheck.Worst;
import attractor.engine.SoftmaxCrossEntropy;
import attractor.kernel.Activation;
import attractor.model.Form;
import attractor.model.Precision;
import attractor.task.Task;
import attractor.task.Trials;
import attractor.train.GradientCase;
import attractor.train.GradientCase.Options;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.EnumSet;
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
import picocli.CommandLine.Spec;

/** {@code attractor gradcheck}. */
@Command(
        name = "gradcheck",
        description = {
            "Compares the gradient of every parameter with a complex-step derivative, and with central differences.",
            "",
            "The error of an entry is its difference divided by the largest entry of that array's gradient; the complex step must "
                    + "agree to 1e-12. Without sizes, random networks of all activations are checked, then the options: constraints "
                    + "(Dale's law, a mask, fixed weights), penalties, noise in the states, a trained tau and cross-entropy, and most of them together; then networks of low rank.",
            "",
            "With --task the trials are the task's, one of each type, and the networks have its inputs and outputs; the options are left "
                    + "out. The time grows with the square of the number of parameters: --duration helps."
        },
        footer = {
            "",
            "Examples:",
            "  attractor gradcheck",
            "  attractor gradcheck --precision float",
            "  attractor gradcheck --units 20 --steps 30 --alpha 0.2 --activation relu",
            "  attractor gradcheck --task flipflop --units 5 --cases 2",
            "  attractor gradcheck --task three-bit-flip-flop \\",
            "    --classpath examples/three-bit-flip-flop"
        },
        sortOptions = false,
        mixinStandardHelpOptions = true)
final class GradcheckCommand implements Callable<Integer> {
    /** Largest difference of float's gradient from double's, relative to the array's largest entry. */
    private static final double FLOAT_TOLERANCE = 1e-4;

    private static final String LOW_RANK = "networks of low rank:";

    @Spec
    private CommandSpec spec;

    @Option(names = "--units", paramLabel = "N", description = "Units (default: random, 1 to 19, at least --rank).")
    private Integer units;

    @Option(names = "--inputs", paramLabel = "I", description = "Inputs (default: random, 1 to 4).")
    private Integer inputs;

    @Option(names = "--outputs", paramLabel = "O", description = "Outputs (default: random, 1 to 4).")
    private Integer outputs;

    @Option(names = "--steps", paramLabel = "T", description = "Steps (default: random, 1 to 11).")
    private Integer steps;

    @Option(names = "--batch", paramLabel = "B", description = "Trials (default: random, 1 to 72).")
    private Integer batch;

    @Option(
            names = "--rank",
            paramLabel = "R",
            description = "Rank of W_rec = P Q^T / N, at most the number of units (default: W_rec is no product).")
    private Integer rank;

    @Option(
            names = "--activation",
            paramLabel = "PHI",
            description = "tanh, relu, sigmoid, identity, softplus or leaky_relu (default: all in turn).")
    private String activation;

    @Option(names = "--form", paramLabel = "FORM", description = "rate or current (default: both in turn).")
    private String form;

    @Option(
            names = "--precision",
            paramLabel = "P",
            defaultValue = "double",
            description =
                    "double, or float: compare the gradient of the engine for float with that of the engine for double, which must agree to 1e-4 "
                            + "(default: ${DEFAULT-VALUE}).")
    private String precision;

    @Option(names = "--alpha", paramLabel = "X", description = "Euler's dt/tau, above 0 to 1 (default: several).")
    private Double alpha;

    @Option(names = "--cases", paramLabel = "K", description = "Number of networks (default: 16; 4 with --task).")
    private Integer cases;

    @Option(
            names = "--seed",
            paramLabel = "S",
            defaultValue = "0",
            description = "Seed of the networks (default: ${DEFAULT-VALUE}).")
    private long seed;

    @Option(
            names = "--task",
            paramLabel = "TASK",
            converter = TaskName.class,
            completionCandidates = TaskName.class,
            description = "Check on trials of this task; with tanh unless --activation is given.")
    private String taskName;

    @Mixin
    private GivenTaskOptions arguments;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        Task task = task();
        int count = cases != null ? cases : task == null ? 16 : 4;
        if (count < 1) {
            throw new ParameterException(spec.commandLine(), "--cases is " + count + ", expected at least 1");
        }
        if (isFloat()) {
            return checkFloat(out, count, task);
        }
        List<Report> reports = new ArrayList<>();
        for (GradientCase c : GradientCase.random(count, seed)) {
            GradientCase changed = changed(c, task);
            GradientCheck check = task == null
                    ? changed.check()
                    : changed.check(Trials.balanced(task, changed.batch(), changed.seed(), Trials.EVALUATION));
            Report report = check.run();
            reports.add(report);
            print(report, changed, out);
        }
        if (task == null) {
            reports.addAll(options(out));
            if (rank == null) {
                reports.addAll(lowRank(out));
            }
        }
        out.println();
        out.println("worst entry of each array, against the complex step:");
        Map<String, Worst> byArray = new LinkedHashMap<>();
        for (Report report : reports) {
            for (Worst worst : report.complexStep()) {
                byArray.merge(worst.array(), worst, (a, b) -> Double.compare(b.error(), a.error()) > 0 ? b : a);
            }
        }
        for (Worst worst : byArray.values()) {
            out.printf(
                    Locale.ROOT,
                    "  %-6s [%d,%d]  error %.2e  (%.17g against %.17g)%n",
                    worst.array(),
                    worst.row(),
                    worst.col(),
                    worst.error(),
                    worst.analytic(),
                    worst.numeric());
        }
        Worst worst = reports.stream()
                .map(Report::worst)
                .max((a, b) -> Double.compare(a.error(), b.error()))
                .orElseThrow();
        double difference = reports.stream()
                .mapToDouble(r -> r.worstDifference().error())
                .max()
                .orElseThrow();
        boolean passed = reports.stream().allMatch(Report::passed);
        out.printf(
                Locale.ROOT,
                "worst of all: %s[%d,%d], error %.2e (at most %.0e); against central differences %.1e (at most %.0e): %s%n",
                worst.array(),
                worst.row(),
                worst.col(),
                worst.error(),
                GradientCheck.TOLERANCE,
                difference,
                GradientCheck.DIFFERENCE_TOLERANCE,
                passed ? "passed" : "FAILED");
        return passed ? ExitCode.DONE : ExitCode.FAILED;
    }

    private boolean isFloat() {
        try {
            return Precision.of(precision) == Precision.FLOAT;
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), "--" + e.getMessage(), e);
        }
    }

    /** Compares float with double, on the same networks and trials. */
    private int checkFloat(PrintWriter out, int count, Task task) {
        List<Worst> all = new ArrayList<>();
        for (GradientCase c : GradientCase.random(count, seed)) {
            GradientCase changed = changed(c, task);
            printFloat(
                    out,
                    changed.toString(),
                    task == null
                            ? changed.floatErrors()
                            : changed.floatErrors(
                                    Trials.balanced(task, changed.batch(), changed.seed(), Trials.EVALUATION)),
                    all);
        }
        if (task == null) {
            out.println();
            out.println("options beyond the paper, each on the first of these networks, with alpha below 1:");
            GradientCase first = changed(GradientCase.random(1, seed).get(0), null);
            for (Map.Entry<String, Options> option : Options.table().entrySet()) {
                for (Activation phi : EnumSet.of(first.activation(), Activation.SIGMOID)) {
                    GradientCase c = withOptions(first, phi, option.getValue());
                    printFloat(out, option.getKey() + ", " + phi.id(), c.floatErrors(), all);
                }
            }
            if (rank == null) {
                out.println();
                out.println(LOW_RANK);
                for (GradientCase c : GradientCase.lowRank(seed)) {
                    printFloat(out, c.toString(), c.floatErrors(), all);
                }
            }
        }
        Worst worst =
                all.stream().max((a, b) -> Double.compare(a.error(), b.error())).orElseThrow();
        boolean passed = worst.error() <= FLOAT_TOLERANCE;
        out.println();
        out.printf(
                Locale.ROOT,
                "worst of all, float against double: %s[%d,%d], error %.2e (at most %.0e): %s%n",
                worst.array(),
                worst.row(),
                worst.col(),
                worst.error(),
                FLOAT_TOLERANCE,
                passed ? "passed" : "FAILED");
        return passed ? ExitCode.DONE : ExitCode.FAILED;
    }

    private static void printFloat(PrintWriter out, String name, List<Worst> found, List<Worst> all) {
        double error = found.stream().mapToDouble(Worst::error).max().orElseThrow();
        out.printf(Locale.ROOT, "%s %.1e  %s%n", error <= FLOAT_TOLERANCE ? "ok  " : "FAIL", error, name);
        out.flush();
        all.addAll(found);
    }

    /** Checks each option that the paper doesn't have. */
    private List<Report> options(PrintWriter out) {
        out.println();
        out.println("options beyond the paper, each on the first of these networks, with alpha below 1:");
        List<Report> reports = new ArrayList<>();
        GradientCase first = changed(GradientCase.random(1, seed).get(0), null);
        for (Map.Entry<String, Options> option : Options.table().entrySet()) {
            // Only networks whose rates are never negative can have Dale's law.
            for (Activation phi : EnumSet.of(first.activation(), Activation.SIGMOID)) {
                Report report =
                        withOptions(first, phi, option.getValue()).check().run();
                reports.add(report);
                out.printf(
                        Locale.ROOT,
                        "%s %.1e  %s, %s%n",
                        report.passed() ? "ok  " : "FAIL",
                        report.worst().error(),
                        option.getKey(),
                        phi.id());
                out.flush();
            }
        }
        return reports;
    }

    private static void print(Report report, GradientCase c, PrintWriter out) {
        out.printf(
                Locale.ROOT,
                "%s %.1e  %s%n",
                report.passed() ? "ok  " : "FAIL",
                report.worst().error(),
                c);
        out.flush();
    }

    /** Checks networks whose W_rec is a product of factors. */
    private List<Report> lowRank(PrintWriter out) {
        out.println();
        out.println(LOW_RANK);
        List<Report> reports = new ArrayList<>();
        for (GradientCase c : GradientCase.lowRank(seed)) {
            Report report = c.check().run();
            reports.add(report);
            print(report, c, out);
        }
        return reports;
    }

    /** A case with options; alpha is one that a trained tau may have. */
    private GradientCase withOptions(GradientCase c, Activation phi, Options options) {
        // Cross-entropy needs two classes, weights have an output each.
        int classes = options.loss() instanceof SoftmaxCrossEntropy ? Math.max(2, c.outputs()) : c.outputs();
        if (!options.loss().weights().isEmpty()) {
            classes = options.loss().weights().size();
        }
        return c.toBuilder()
                .activation(phi)
                .alpha(alpha == null || alpha == 1.0 ? 0.37 : alpha)
                .outputs(classes)
                .options(options)
                .build();
    }

    /** Null without --task. */
    private Task task() {
        if (taskName == null) {
            if (arguments.any()) {
                throw new ParameterException(spec.commandLine(), "options of a task are given, expected --task");
            }
            return null;
        }
        if (inputs != null || outputs != null || steps != null) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--inputs, --outputs and --steps are the task's, expected none of them with --task");
        }
        return arguments.task(taskName, Map.of());
    }

    /** A case with the values of the command line and of the task, if there is one. */
    private GradientCase changed(GradientCase c, Task task) {
        Activation usual = task == null ? c.activation() : Activation.TANH;
        try {
            double ofEuler = alpha == null ? c.alpha() : alpha;
            if (!(ofEuler > 0 && ofEuler <= 1)) {
                throw new IllegalArgumentException("--alpha is " + alpha + ", expected above 0, at most 1");
            }
            GradientCase.Builder changed = c.toBuilder()
                    .units(size("--units", units, rank == null ? c.units() : Math.max(c.units(), rank)))
                    .rank(rank == null ? 0 : size("--rank", rank, 0))
                    .activation(activation == null ? usual : Activation.of(activation))
                    .form(form == null ? c.form() : Form.of(form))
                    .alpha(ofEuler);
            if (task == null) {
                return changed.batch(size("--batch", batch, c.batch()))
                        .steps(size("--steps", steps, c.steps()))
                        .inputs(size("--inputs", inputs, c.inputs()))
                        .outputs(size("--outputs", outputs, c.outputs()))
                        .build();
            }
            return changed.batch(size("--batch", batch, task.types().size()))
                    .steps(task.steps())
                    .inputs(task.inputs())
                    .outputs(task.outputs())
                    .recurrentBias(task.recurrentBias())
                    .masked(task.masked())
                    .build();
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }

    private static int size(String option, Integer given, int otherwise) {
        if (given != null && given < 1) {
            throw new IllegalArgumentException(option + " is " + given + ", expected at least 1");
        }
        return given == null ? otherwise : given;
    }
}
