package attractor.engine;

import attractor.kernel.Kernels;
import attractor.model.Constraint;
import attractor.model.Rnn;
import attractor.model.RnnShape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Compares the gradient of {@link BatchGradient} with derivatives that don't come from back-propagation. If the loss has a
 * complex form, they are computed by complex step, exact to rounding (Squire and Trapp, SIAM Review 40, 1998). Otherwise they
 * are fourth-order central differences of the engine's own loss, accurate to about 1e-10. An error is relative to the array.
 *
 * <p>A test of your own loss, trials or network is one line:
 *
 * <pre>{@code
 * TrialSet trials = Trials.balanced(Tasks.byName("xor", Map.of("durationMs", 100)), 4, 0, Trials.EVALUATION);
 * GradientCheck.of(rnn, trials).loss(new MeanSquaredError()).assertPasses();
 * }</pre>
 *
 * <p>All trials of the set make one batch. The time grows with the square of the number of parameters, but a few units and
 * short trials show everything that large networks would show. Belongs to one thread.
 */
public final class GradientCheck {
    /** Largest error allowed against the complex step. */
    public static final double TOLERANCE = 1e-12;

    /** Largest error allowed against central differences of fourth order, in double precision. */
    public static final double DIFFERENCE_TOLERANCE = 1e-6;

    /** Central differences of a loss of about 1 cannot resolve smaller gradients: errors are relative to at least this. */
    private static final double DIFFERENCE_FLOOR = 1e-3;

    private static final double DIFFERENCE_STEP = 1e-5;
    /** Step for relu and leaky relu, whose loss is a polynomial between kinks. */
    private static final double RELU_STEP = 1e-6;

    private final Rnn rnn;
    private final TrialSet trials;
    private Kernels kernels = Kernels.get();
    private Loss loss = new MeanSquaredError();
    private double l2Weights;
    private double l2Rates;
    private boolean tau;
    private Constraint constraint;
    private long noiseSeed;
    private boolean differencesToo;

    private GradientCheck(Rnn rnn, TrialSet trials) {
        this.rnn = rnn;
        this.trials = trials;
        constraint = Constraint.of(rnn);
    }

    /** A check of a network's gradient, every entry of every array, over all trials of a set at once. */
    public static GradientCheck of(Rnn rnn, TrialSet trials) {
        return new GradientCheck(rnn, trials);
    }

    /** The loss; {@link MeanSquaredError} by default. */
    public GradientCheck loss(Loss other) {
        loss = other;
        return this;
    }

    /** With this penalty, see {@link BatchGradient.Builder#l2Weights}. */
    public GradientCheck l2Weights(double factor) {
        l2Weights = factor;
        return this;
    }

    /** With this penalty, see {@link BatchGradient.Builder#l2Rates}. */
    public GradientCheck l2Rates(double factor) {
        l2Rates = factor;
        return this;
    }

    /** Whether to check the gradient of {@link TrainedTau}'s theta too; alpha must be below 1. */
    public GradientCheck tau(boolean wanted) {
        tau = wanted;
        return this;
    }

    /** A constraint, by default the one of the network's wiring. The gradient of fixed entries is then 0 and is not checked. */
    public GradientCheck constraint(Constraint other) {
        constraint = other;
        return this;
    }

    /** The seed of the noise, where the network has any; 0 by default. */
    public GradientCheck noise(long seed) {
        noiseSeed = seed;
        return this;
    }

    /** The kernels; {@link Kernels#get} by default. */
    public GradientCheck kernels(Kernels others) {
        kernels = others;
        return this;
    }

    /** Uses central differences even where there is a complex step, as a second, independent check. */
    public GradientCheck differencesToo() {
        differencesToo = true;
        return this;
    }

    /**
     * The worst entry of one array. Immutable, safe for any thread.
     *
     * @param array its name, as in files
     * @param row its row; for a vector, its index
     * @param col its column, 0 for a vector
     * @param analytic the value from back-propagation
     * @param numeric the value from the other method
     * @param error their difference divided by the array's largest entry
     */
    public record Worst(String array, int row, int col, double analytic, double numeric, double error) {
        /** The entry's name in messages: {@code W_rec[5,7]}, {@code b_out[0]}. */
        public String entry() {
            boolean matrix = array.startsWith("W_") || array.equals("P") || array.equals("Q");
            return array + "[" + row + (matrix ? "," + col : "") + "]";
        }

        @Override
        public String toString() {
            return entry() + ": " + analytic + " against " + numeric + ", error " + error;
        }
    }

    /**
     * What a check found. Immutable, safe for any thread.
     *
     * @param complexStep the worst entry of each array against the complex step; empty if the loss has no complex form
     * @param differences the worst entry of each array against central differences; empty if there were none
     */
    public record Report(List<Worst> complexStep, List<Worst> differences) {
        /** The worst entry of all: against the complex step if there is one, else against central differences. */
        public Worst worst() {
            return complexStep.isEmpty() ? worstDifference() : worstOf(complexStep);
        }

        /**
         * The worst entry of all against central differences.
         *
         * @throws java.util.NoSuchElementException if there were none
         */
        public Worst worstDifference() {
            return worstOf(differences);
        }

        /** Whether every method that was used agrees, to {@link #TOLERANCE} and {@link #DIFFERENCE_TOLERANCE}. */
        public boolean passed() {
            return within(complexStep, TOLERANCE) && within(differences, DIFFERENCE_TOLERANCE);
        }

        private static boolean within(List<Worst> list, double tolerance) {
            return list.isEmpty() || worstOf(list).error <= tolerance;
        }

        private static Worst worstOf(List<Worst> list) {
            // A NaN compares as the largest.
            return list.stream().max(Comparator.comparingDouble(Worst::error)).orElseThrow();
        }

        private static Stream<String> line(String method, List<Worst> list, double tolerance) {
            if (list.isEmpty()) {
                return Stream.empty();
            }
            Worst w = worstOf(list);
            return Stream.of("worst against " + method + ": " + w.entry() + " is " + w.analytic + ", expected "
                    + w.numeric + ", error " + w.error + (w.error <= tolerance ? " within " : " above ") + tolerance);
        }

        /** The worst parameter by each method, with what was found and expected. */
        @Override
        public String toString() {
            return Stream.concat(
                            line("the complex step", complexStep, TOLERANCE),
                            line("central differences", differences, DIFFERENCE_TOLERANCE))
                    .reduce((a, b) -> a + "; " + b)
                    .orElseThrow();
        }
    }

    /**
     * Runs the check.
     *
     * @throws AssertionError if the gradient is wrong; the message is the report, which names the worst parameter
     */
    public void assertPasses() {
        Report report = run();
        if (!report.passed()) {
            throw new AssertionError("the gradient of " + loss.name() + " is wrong: " + report);
        }
    }

    /** Runs the check and returns its report. */
    public Report run() {
        return compare(gradient());
    }

    /** The engine's gradient of loss and penalties; where tau is trained, the last value is the derivative by theta. */
    double[] gradient() {
        double[] gradient = new double[rnn.shape().parameters()];
        double byAlpha;
        try (BatchGradient g = batchGradient()) {
            g.compute(rnn.parameters(), allTrials(), 0, trials.size(), gradient);
            byAlpha = g.alphaGradient();
        }
        constraint.mask(gradient);
        if (!tau) {
            return gradient;
        }
        TrainedTau trained = trainedTau();
        trained.setGradient(byAlpha);
        double[] all = Arrays.copyOf(gradient, gradient.length + 1);
        all[gradient.length] = trained.gradient()[0];
        return all;
    }

    /** Compares a gradient, which a test may have changed, with the values of the other methods. */
    Report compare(double[] gradient) {
        Optional<Loss.ComplexForm> form = loss.complexForm();
        boolean bySteps = differencesToo || form.isEmpty();
        return new Report(
                form.map(f -> worst(gradient, complexStep(f), 0)).orElse(List.of()),
                bySteps ? worst(gradient, differences(), DIFFERENCE_FLOOR) : List.of());
    }

    private double[] complexStep(Loss.ComplexForm form) {
        double[] parameters = rnn.parameters();
        ComplexForward forward = new ComplexForward(rnn, trials, form, l2Weights, l2Rates, noiseSeed);
        double[] derivative = new double[parameters.length + (tau ? 1 : 0)];
        for (int i = 0; i < parameters.length; i++) {
            if (!constraint.isFixed(i)) {
                derivative[i] = forward.derivative(parameters, i);
            }
        }
        if (tau) {
            double alpha = rnn.alpha();
            derivative[parameters.length] = alpha * (1 - alpha) * forward.derivative(parameters, parameters.length);
        }
        return derivative;
    }

    /** {@code (8 (L(+h) - L(-h)) - (L(+2h) - L(-2h))) / 12 h} for each parameter. */
    private double[] differences() {
        double[] parameters = rnn.parameters().clone();
        double[] derivative = new double[parameters.length + (tau ? 1 : 0)];
        double step = rnn.activation().hasKink() ? RELU_STEP : DIFFERENCE_STEP;
        double[] offsets = {-2 * step, -step, step, 2 * step};
        double[] at = new double[4];
        double[] unused = new double[parameters.length];
        int[] order = allTrials();
        try (BatchGradient g = batchGradient()) {
            for (int i = 0; i < parameters.length; i++) {
                if (constraint.isFixed(i)) {
                    continue;
                }
                double here = parameters[i];
                for (int k = 0; k < 4; k++) {
                    parameters[i] = here + offsets[k];
                    at[k] = g.compute(parameters, order, 0, order.length, unused) + g.penalty();
                }
                parameters[i] = here;
                derivative[i] = slope(at, step);
            }
            if (tau) {
                TrainedTau trained = trainedTau();
                for (int k = 0; k < 4; k++) {
                    g.setTau(trained.tauMs(trained.theta() + offsets[k]));
                    at[k] = g.compute(parameters, order, 0, order.length, unused) + g.penalty();
                }
                derivative[parameters.length] = slope(at, step);
            }
        }
        return derivative;
    }

    private static double slope(double[] at, double step) {
        return (8 * (at[2] - at[1]) - (at[3] - at[0])) / (12 * step);
    }

    /** The worst entry of each array that the network has. */
    private List<Worst> worst(double[] gradient, double[] numeric, double floor) {
        List<Worst> list = new ArrayList<>();
        for (RnnShape.View view : rnn.shape().views()) {
            if (!view.name().equals("b_rec") || rnn.recurrentBias()) {
                list.add(worst(view, gradient, numeric, floor));
            }
        }
        if (tau) {
            list.add(worst(new RnnShape.View("tau", rnn.shape().parameters(), 1, 1), gradient, numeric, floor));
        }
        return List.copyOf(list);
    }

    private static Worst worst(RnnShape.View view, double[] analytic, double[] numeric, double floor) {
        double largest = floor;
        for (int i = view.offset(); i < view.end(); i++) {
            largest = Math.max(largest, Math.abs(numeric[i]));
        }
        int at = view.offset();
        double worst = -1;
        for (int i = view.offset(); i < view.end(); i++) {
            double difference = Math.abs(analytic[i] - numeric[i]);
            // Where the whole gradient is 0 (dead relu units), the error is the difference itself.
            double error = largest > 0 ? difference / largest : difference;
            if (!(error <= worst)) {
                worst = error;
                at = i;
                if (Double.isNaN(error)) {
                    break;
                }
            }
        }
        int index = at - view.offset();
        return new Worst(view.name(), index / view.cols(), index % view.cols(), analytic[at], numeric[at], worst);
    }

    private BatchGradient batchGradient() {
        BatchGradient g = BatchGradient.builder(rnn, trials)
                .maxBatch(trials.size())
                .threads(1)
                .kernels(kernels)
                .memoryLimitBytes(Long.MAX_VALUE)
                .loss(loss)
                .l2Weights(l2Weights)
                .l2Rates(l2Rates)
                .byAlpha(tau)
                .build();
        g.noise(noiseSeed, -1);
        return g;
    }

    private TrainedTau trainedTau() {
        return new TrainedTau(rnn.dtMs(), rnn.tauMs(), Adam.Options.DEFAULT, kernels);
    }

    private int[] allTrials() {
        int[] order = new int[trials.size()];
        Arrays.setAll(order, i -> i);
        return order;
    }
}
