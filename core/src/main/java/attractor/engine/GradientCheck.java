package attractor.engine;

import attractor.dynamics.Simulator;
import attractor.kernel.Activation;
import attractor.kernel.Kernels;
import attractor.kernel.RandomStream;
import attractor.kernel.RandomStream.Purpose;
import attractor.model.Initializers;
import attractor.model.Rnn;
import attractor.model.RnnShape;
import attractor.task.Trials;
import attractor.train.FitOptions;
import attractor.train.ModelOptions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * Compares the gradient that {@link BatchGradient} computes with derivatives by complex step, and with central differences of the
 * engine's own loss as a second check that doesn't depend on the first. The error of an entry is its difference divided by
 * the largest entry of that array's gradient.
 *
 * <p>Stateless, safe for any number of threads.
 */
public final class GradientCheck {
    /** What the complex step must agree to. */
    public static final double TOLERANCE = 1e-12;

    /** What central differences of fourth order can be asked for in double precision. */
    public static final double DIFFERENCE_TOLERANCE = 1e-6;

    /** Differences of a loss of order 1 say nothing about smaller gradients: these count as this large. */
    private static final double DIFFERENCE_FLOOR = 1e-3;

    private static final Purpose PURPOSE = Purpose.of("gradient-check");
    private static final double DIFFERENCE_STEP = 1e-5;
    /** For relu, whose loss is a polynomial between kinks. */
    private static final double RELU_STEP = 1e-6;
    /** No pre-activation of a relu network lies nearer to the kink, beyond the reach of a difference; drawn anew until it is so. */
    private static final double KINK_MARGIN = 1e-4;

    private GradientCheck() {}

    /**
     * A random network with random trials. Immutable, safe for any thread.
     *
     * @param batch B
     * @param steps T
     * @param inputs I
     * @param units N
     * @param outputs O
     * @param activation phi
     * @param alpha Euler's dt/tau, in (0, 1]
     * @param recurrentBias whether there is a b_rec
     * @param masked whether errors are weighted, some by 0
     * @param seed decides weights (W_rec at unit gain, variance 1/N), biases, initial state and trials
     * @param extras what it has beyond the paper's
     */
    public record Case(
            int batch,
            int steps,
            int inputs,
            int units,
            int outputs,
            Activation activation,
            double alpha,
            boolean recurrentBias,
            boolean masked,
            long seed,
            Extras extras) {
        /** One without extras. */
        public Case(
                int batch,
                int steps,
                int inputs,
                int units,
                int outputs,
                Activation activation,
                double alpha,
                boolean recurrentBias,
                boolean masked,
                long seed) {
            this(batch, steps, inputs, units, outputs, activation, alpha, recurrentBias, masked, seed, Extras.NONE);
        }

        @Override
        public String toString() {
            return "B " + batch + ", T " + steps + ", I " + inputs + ", N " + units + ", O " + outputs + ", "
                    + activation.id() + ", alpha " + alpha + (recurrentBias ? ", b_rec" : "") + (masked ? ", mask" : "")
                    + ", seed " + seed + extras;
        }
    }

    /**
     * What a network and its training have beyond the paper's. Immutable, safe for any thread.
     *
     * @param l2Weights as in {@link FitOptions}
     * @param l2Rates as in {@link FitOptions}
     * @param noiseSd as in {@link ModelOptions}
     * @param tau whether the derivative by theta is checked, see {@link ModelOptions#trainTau}; alpha must be below 1
     * @param constrained whether {@code W_in} is fixed and {@code W_rec} sparse, without self-connections and, where the rates are never negative, with
     *     Dale's law: the gradient of what may not move is then 0
     */
    public record Extras(double l2Weights, double l2Rates, double noiseSd, boolean tau, boolean constrained) {
        /** None. */
        public static final Extras NONE = new Extras(0, 0, 0, false, false);

        /** Those of each option on its own, and of all together, by what they are called. */
        public static Map<String, Extras> table() {
            Map<String, Extras> table = new LinkedHashMap<>();
            table.put("constraints", new Extras(0, 0, 0, false, true));
            table.put("L2 on weights", new Extras(0.05, 0, 0, false, false));
            table.put("L2 on rates", new Extras(0, 0.3, 0, false, false));
            table.put("noise", new Extras(0, 0, 0.2, false, false));
            table.put("tau", new Extras(0, 0, 0, true, false));
            table.put("all", new Extras(0.05, 0.3, 0.2, true, true));
            return table;
        }

        private FitOptions fit() {
            return FitOptions.DEFAULT.withL2(l2Weights, l2Rates);
        }

        private ModelOptions model(Activation activation) {
            if (!constrained) {
                return ModelOptions.DEFAULT;
            }
            boolean dale = activation == Activation.RELU || activation == Activation.SIGMOID;
            return ModelOptions.DEFAULT
                    .withDale(dale ? 0.6 : null)
                    .withMask(ModelOptions.Mask.random(0.5, 1))
                    .withSelfConnections(false)
                    .withFixed(List.of(new ModelOptions.Fixed("W_in", null)));
        }

        @Override
        public String toString() {
            return (l2Weights == 0 ? "" : ", L2 on weights " + l2Weights)
                    + (l2Rates == 0 ? "" : ", L2 on rates " + l2Rates)
                    + (noiseSd == 0 ? "" : ", noise " + noiseSd)
                    + (tau ? ", tau" : "")
                    + (constrained ? ", constraints" : "");
        }
    }

    /**
     * The worst entry of one array. Immutable, safe for any thread.
     *
     * @param array its name, as in files
     * @param row its row, for a vector its index
     * @param col its column, 0 for a vector
     * @param analytic what back-propagation says
     * @param numeric what the other method says
     * @param error their difference divided by the array's largest entry
     */
    public record Worst(String array, int row, int col, double analytic, double numeric, double error) {
        @Override
        public String toString() {
            return array + "[" + row + "," + col + "]: " + analytic + " against " + numeric + ", error " + error;
        }
    }

    /**
     * What a check found. Immutable, safe for any thread.
     *
     * @param checked the case
     * @param complexStep the worst entry of each array against the complex step
     * @param differences the worst entry of each array against central differences
     */
    public record Report(Case checked, List<Worst> complexStep, List<Worst> differences) {
        /** The worst entry of all against the complex step. */
        public Worst worst() {
            return worstOf(complexStep);
        }

        /** The worst entry of all against central differences. */
        public Worst worstDifference() {
            return worstOf(differences);
        }

        /** Whether both methods agree to {@link #TOLERANCE} and {@link #DIFFERENCE_TOLERANCE}. */
        public boolean passed() {
            return worst().error <= TOLERANCE && worstDifference().error <= DIFFERENCE_TOLERANCE;
        }
    }

    private static Worst worstOf(List<Worst> list) {
        // A NaN compares as the largest.
        return list.stream().max(Comparator.comparingDouble(Worst::error)).orElseThrow();
    }

    /**
     * Random cases of all activations, with sizes that all differ where there are enough, among them T = 1, N = 1, B = 1, alpha = 1 and below, masks and
     * biases.
     *
     * @param count number of cases, at least 1
     * @param seed decides them
     */
    public static List<Case> cases(int count, long seed) {
        RandomStream random = new RandomStream(seed, PURPOSE, 0);
        List<Case> cases = new ArrayList<>();
        Activation[] activations = Activation.values();
        double[] alphas = {1.0, 0.9, 0.37, 0.1};
        for (int i = 0; i < count; i++) {
            TreeSet<Integer> different = new TreeSet<>();
            while (different.size() < 5) {
                different.add(1 + random.nextInt(11));
            }
            int[] size = different.stream().mapToInt(Integer::intValue).toArray();
            random.shuffle(size);
            // Now and then a batch of several chunks, and the smallest of each kind.
            int batch = i % 9 == 4 ? 33 + random.nextInt(40) : i % 9 == 7 ? 1 : size[0];
            int steps = i % 7 == 3 ? 1 : size[1];
            int units = i % 8 == 5 ? 1 : i % 6 == 1 ? size[3] + 8 : size[3];
            cases.add(new Case(
                    batch,
                    steps,
                    Math.min(size[2], 4),
                    units,
                    Math.min(size[4], 4),
                    activations[i % activations.length],
                    alphas[i / activations.length % alphas.length],
                    random.nextInt(2) == 0,
                    random.nextInt(2) == 0,
                    seed + i));
        }
        return cases;
    }

    /** Checks the gradient of a case, every entry of every array. */
    public static Report run(Case c) {
        return run(c, Kernels.get());
    }

    /** Checks the gradient that given kernels compute. */
    public static Report run(Case c, Kernels kernels) {
        Problem p = problem(c);
        double[] gradient = gradient(p, kernels, p.rnn.parameters());
        return compare(c, p, gradient, kernels);
    }

    /**
     * Checks the gradient of a case on given trials, such as a task's.
     *
     * @param trials of the case's sizes, with a mask if it says so; its seed decides the network alone
     * @throws IllegalArgumentException if they aren't
     */
    public static Report run(Case c, Trials trials) {
        if (trials.size() != c.batch
                || trials.steps() != c.steps
                || trials.inputs() != c.inputs
                || trials.outputs() != c.outputs
                || trials.masked() != c.masked) {
            throw new IllegalArgumentException("trials have B " + trials.size() + ", T " + trials.steps() + ", I "
                    + trials.inputs() + ", O " + trials.outputs() + (trials.masked() ? " and a mask" : "")
                    + ", expected those of the case " + c);
        }
        Problem p = problem(c, trials);
        Kernels kernels = Kernels.get();
        return compare(c, p, gradient(p, kernels, p.rnn.parameters()), kernels);
    }

    /** A network and its trials, the noise's seed and the extras. Immutable, safe for any thread. */
    public record Problem(Rnn rnn, Trials trials, long noiseSeed, Extras extras) {
        /** Without extras. */
        public Problem(Rnn rnn, Trials trials) {
            this(rnn, trials, 0, Extras.NONE);
        }

        /** One whose gradients are of these trials, in their order, with the noise that the simulator gives them. */
        BatchGradient batchGradient(Kernels kernels) {
            BatchGradient g =
                    new BatchGradient(rnn, trials, trials.size(), 1, kernels, Long.MAX_VALUE, extras.fit(), extras.tau);
            g.noise(noiseSeed, -1);
            return g;
        }

        /** Number of values of a gradient, that by theta included. */
        int values() {
            return rnn.shape().parameters() + (extras.tau ? 1 : 0);
        }
    }

    /** The network and the trials of a case. */
    public static Problem problem(Case c) {
        return problem(c, null);
    }

    /** @param given the trials; null to draw them */
    private static Problem problem(Case c, Trials given) {
        RnnShape shape = new RnnShape(c.inputs, c.units, c.outputs);
        for (int attempt = 0; ; attempt++) {
            RandomStream random = new RandomStream(c.seed, PURPOSE, 1 + attempt);
            double[] block = new double[shape.parameters()];
            random.fillGaussian(block, 0, shape.wIn().length(), 1 / Math.sqrt(c.inputs));
            random.fillGaussian(block, shape.wRec().offset(), shape.wRec().length(), 1 / Math.sqrt(c.units));
            random.fillGaussian(block, shape.wOut().offset(), shape.wOut().length(), 1 / Math.sqrt(c.units));
            random.fillGaussian(block, shape.bOut().offset(), c.outputs, 0.5);
            if (c.recurrentBias) {
                random.fillGaussian(block, shape.bRec().offset(), c.units, 0.5);
            }
            random.fillGaussian(block, shape.h0().offset(), c.units, 0.5);
            Rnn rnn = new Rnn(shape, c.activation, 1.0, 1.0 / c.alpha, c.recurrentBias, block);
            rnn = Initializers.obeying(rnn, c.extras.model(c.activation).wiring(c.units))
                    .withNoise(c.extras.noiseSd);
            double[] x = new double[c.batch * c.steps * c.inputs];
            double[] y = new double[c.batch * c.steps * c.outputs];
            if (given != null) {
                Trials.Reader reader = given.reader();
                for (int i = 0; i < c.batch; i++) {
                    reader.read(i, x, i * c.steps * c.inputs, y, i * c.steps * c.outputs, null, 0);
                }
                if (c.activation != Activation.RELU || keepsOffKink(rnn, x, c) || attempt == 1000) {
                    return new Problem(rnn, given, c.seed, c.extras);
                }
                continue;
            }
            random.fillGaussian(x, 0, x.length, 1);
            random.fillGaussian(y, 0, y.length, 1);
            double[] mask = null;
            if (c.masked) {
                mask = new double[y.length];
                for (int i = 0; i < mask.length; i++) {
                    // The first entry of each trial counts, since a trial must count somewhere.
                    mask[i] = i % (c.steps * c.outputs) == 0 || random.nextInt(4) > 0 ? 0.1 + random.nextDouble() : 0;
                }
            }
            if (c.activation != Activation.RELU || keepsOffKink(rnn, x, c) || attempt == 1000) {
                Trials trials = Trials.ofArrays(c.steps, c.inputs, c.outputs, x, y, mask, null, null);
                return new Problem(rnn, trials, c.seed, c.extras);
            }
        }
    }

    private static boolean keepsOffKink(Rnn rnn, double[] x, Case c) {
        RnnShape shape = rnn.shape();
        double[] p = rnn.parameters();
        Simulator simulator = new Simulator(rnn, Kernels.of("scalar"));
        simulator.seedNoise(c.seed, 0);
        Simulator.Trajectory run = simulator.run(x, c.batch, c.steps);
        for (int s = 0; s < c.batch; s++) {
            for (int t = 0; t < c.steps; t++) {
                for (int i = 0; i < c.units; i++) {
                    double z = p[shape.bRec().at(i, 0)];
                    for (int j = 0; j < c.inputs; j++) {
                        z += p[shape.wIn().at(i, j)] * x[(s * c.steps + t) * c.inputs + j];
                    }
                    for (int j = 0; j < c.units; j++) {
                        double h = t == 0 ? p[shape.h0().at(j, 0)] : run.h()[(s * c.steps + t - 1) * c.units + j];
                        z += p[shape.wRec().at(i, j)] * h;
                    }
                    if (Math.abs(z) < KINK_MARGIN) {
                        return false;
                    }
                }
            }
        }
        return true;
    }

    /** The gradient of the mean loss over all trials at once, with penalties; the last value is that by theta where tau is trained. */
    public static double[] gradient(Problem p, Kernels kernels, double[] parameters) {
        double[] gradient = new double[parameters.length];
        int size = p.trials.size();
        double byAlpha;
        try (BatchGradient g = p.batchGradient(kernels)) {
            g.compute(parameters, allTrials(size), 0, size, gradient);
            byAlpha = g.alphaGradient();
        }
        if (p.extras.constrained) {
            Constraint.of(p.rnn, p.extras.model(p.rnn.activation())).mask(gradient);
        }
        double[] all = Arrays.copyOf(gradient, p.values());
        if (p.extras.tau) {
            TrainedTau tau = new TrainedTau(p.rnn.dtMs(), p.rnn.tauMs(), Adam.Settings.DEFAULT, kernels);
            tau.setGradient(byAlpha);
            all[parameters.length] = tau.gradient()[0];
        }
        return all;
    }

    private static int[] allTrials(int size) {
        int[] order = new int[size];
        for (int i = 0; i < size; i++) {
            order[i] = i;
        }
        return order;
    }

    /** Compares a gradient, which a test may have spoilt, with what the other methods say. */
    public static Report compare(Case c, Problem p, double[] gradient, Kernels kernels) {
        RnnShape shape = p.rnn.shape();
        double[] parameters = p.rnn.parameters().clone();
        double[] complex = new double[p.values()];
        double[] differences = new double[complex.length];
        ComplexForward forward = new ComplexForward(p.rnn, p.trials, p.extras.fit(), p.noiseSeed);
        int size = p.trials.size();
        int[] order = allTrials(size);
        double[] unused = new double[parameters.length];
        double step = c.activation == Activation.RELU ? RELU_STEP : DIFFERENCE_STEP;
        double[] loss = new double[4];
        double[] offsets = {-2 * step, -step, step, 2 * step};
        try (BatchGradient g = p.batchGradient(kernels)) {
            for (int i = 0; i < parameters.length; i++) {
                if (isFrozen(p, i)) {
                    continue;
                }
                complex[i] = forward.derivative(parameters, i);
                double at = parameters[i];
                for (int k = 0; k < 4; k++) {
                    parameters[i] = at + offsets[k];
                    loss[k] = g.compute(parameters, order, 0, size, unused) + g.penalty();
                }
                parameters[i] = at;
                differences[i] = (8 * (loss[2] - loss[1]) - (loss[3] - loss[0])) / (12 * step);
            }
            if (p.extras.tau) {
                int last = parameters.length;
                double alpha = p.rnn.alpha();
                complex[last] = alpha * (1 - alpha) * forward.derivative(parameters, last);
                TrainedTau tau = new TrainedTau(p.rnn.dtMs(), p.rnn.tauMs(), Adam.Settings.DEFAULT, kernels);
                for (int k = 0; k < 4; k++) {
                    g.setTau(tau.tauMs(tau.theta() + offsets[k]));
                    loss[k] = g.compute(parameters, order, 0, size, unused) + g.penalty();
                }
                differences[last] = (8 * (loss[2] - loss[1]) - (loss[3] - loss[0])) / (12 * step);
            }
        }
        List<Worst> byComplexStep = new ArrayList<>();
        List<Worst> byDifferences = new ArrayList<>();
        for (RnnShape.View view : shape.views()) {
            if (view.name().equals("b_rec") && !p.rnn.recurrentBias()) {
                continue;
            }
            byComplexStep.add(worst(view, gradient, complex, 0));
            byDifferences.add(worst(view, gradient, differences, DIFFERENCE_FLOOR));
        }
        if (p.extras.tau) {
            RnnShape.View theta = new RnnShape.View("tau", parameters.length, 1, 1);
            byComplexStep.add(worst(theta, gradient, complex, 0));
            byDifferences.add(worst(theta, gradient, differences, DIFFERENCE_FLOOR));
        }
        return new Report(c, List.copyOf(byComplexStep), List.copyOf(byDifferences));
    }

    /** Whether the constraints of a case keep a parameter where it is. */
    private static boolean isFrozen(Problem p, int index) {
        RnnShape shape = p.rnn.shape();
        int w = index - shape.wRec().offset();
        boolean recurrent = w >= 0 && index < shape.wRec().end();
        boolean absent = recurrent && !p.rnn.wiring().allows(w / shape.units(), w % shape.units());
        return p.extras.constrained && (index < shape.wIn().end() || absent);
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
            // Where the whole gradient is 0 (dead relu units), the difference itself counts.
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
}
