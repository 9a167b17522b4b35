package attractor.cli;

import attractor.kernel.Activation;
import attractor.train.GradientCheck;
import attractor.train.GradientCheck.Case;
import attractor.train.GradientCheck.Report;
import attractor.train.GradientCheck.Worst;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
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
                    + "agree to 1e-12. Without sizes, random networks of all activations are checked."
        },
        footer = {
            "",
            "Examples:",
            "  attractor gradcheck",
            "  attractor gradcheck --units 20 --steps 30 --alpha 0.2 --activation relu"
        },
        sortOptions = false,
        mixinStandardHelpOptions = true)
final class GradcheckCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(names = "--units", paramLabel = "N", description = "Units (default: random, 1 to 19).")
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
            names = "--activation",
            paramLabel = "PHI",
            description = "tanh, relu, sigmoid or identity (default: all in turn).")
    private String activation;

    @Option(names = "--alpha", paramLabel = "X", description = "Euler's dt/tau, above 0 to 1 (default: several).")
    private Double alpha;

    @Option(
            names = "--cases",
            paramLabel = "K",
            defaultValue = "16",
            description = "Number of networks (default: ${DEFAULT-VALUE}).")
    private int count;

    @Option(
            names = "--seed",
            paramLabel = "S",
            defaultValue = "0",
            description = "Decides the networks (default: ${DEFAULT-VALUE}).")
    private long seed;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        if (count < 1) {
            throw new ParameterException(spec.commandLine(), "--cases is " + count + ", expected at least 1");
        }
        List<Report> reports = new ArrayList<>();
        for (Case c : GradientCheck.cases(count, seed)) {
            Report report = GradientCheck.run(changed(c));
            reports.add(report);
            out.printf(
                    Locale.ROOT,
                    "%s %.1e  %s%n",
                    report.passed() ? "ok  " : "FAIL",
                    report.worst().error(),
                    report.checked());
            out.flush();
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
        return passed ? Main.DONE : Main.FAILED;
    }

    private Case changed(Case c) {
        try {
            Case changed = new Case(
                    size("--batch", batch, c.batch()),
                    size("--steps", steps, c.steps()),
                    size("--inputs", inputs, c.inputs()),
                    size("--units", units, c.units()),
                    size("--outputs", outputs, c.outputs()),
                    activation == null ? c.activation() : Activation.of(activation),
                    alpha == null ? c.alpha() : alpha,
                    c.recurrentBias(),
                    c.masked(),
                    c.seed());
            if (!(changed.alpha() > 0 && changed.alpha() <= 1)) {
                throw new IllegalArgumentException("--alpha is " + alpha + ", expected above 0, at most 1");
            }
            return changed;
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
