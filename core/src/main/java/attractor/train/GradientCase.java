package attractor.train;

import attractor.dynamics.Simulator;
import attractor.engine.BatchGradient;
import attractor.engine.GradientCheck;
import attractor.engine.Loss;
import attractor.engine.MeanSquaredError;
import attractor.engine.SoftmaxCrossEntropy;
import attractor.engine.TrainedTau;
import attractor.kernel.Activation;
import attractor.kernel.Kernels;
import attractor.model.Form;
import attractor.model.Initializers;
import attractor.model.ModelOptions;
import attractor.model.Precision;
import attractor.model.Rnn;
import attractor.model.RnnShape;
import attractor.random.RandomStream;
import attractor.random.RandomStream.Purpose;
import attractor.task.Trials;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.DoubleStream;

/**
 * A random network with random trials, for checks of gradients. Immutable, safe for any number of threads.
 *
 * <pre>{@code
 * GradientCase some = GradientCase.builder().batch(5).steps(6).units(4).outputs(3).alpha(0.7).masked(true).build();
 * some.check().assertPasses();
 * }</pre>
 */
public final class GradientCase {
    private static final Purpose PURPOSE = Purpose.of("gradient-check");

    /**
     * Least distance of a relu network's pre-activations from the kink at 0, so that no finite difference crosses it;
     * cases are drawn again until they keep it.
     */
    private static final double KINK_MARGIN = 1e-4;

    private static final int ATTEMPTS = 1000;

    private final Builder values;

    private GradientCase(Builder builder) {
        values = builder;
    }

    /** A case of one trial, step, input, unit and output; tanh, the rate form, alpha 1, no bias, no mask, seed 0 and
     * no options. */
    public static Builder builder() {
        return new Builder();
    }

    /** Builds a case. Belongs to one thread. */
    public static final class Builder {
        private int batch = 1;
        private int steps = 1;
        private int inputs = 1;
        private int units = 1;
        private int outputs = 1;
        private int rank;
        private Activation activation = Activation.TANH;
        private Form form = Form.RATE;
        private double alpha = 1.0;
        private boolean recurrentBias;
        private boolean masked;
        private long seed;
        private Options options = Options.NONE;

        private Builder() {}

        private Builder(Builder b) {
            batch = b.batch;
            steps = b.steps;
            inputs = b.inputs;
            units = b.units;
            outputs = b.outputs;
            rank = b.rank;
            activation = b.activation;
            form = b.form;
            alpha = b.alpha;
            recurrentBias = b.recurrentBias;
            masked = b.masked;
            seed = b.seed;
            options = b.options;
        }

        /** Number of trials B. */
        public Builder batch(int value) {
            batch = value;
            return this;
        }

        /** Number of steps T. */
        public Builder steps(int value) {
            steps = value;
            return this;
        }

        /** Number of inputs I. */
        public Builder inputs(int value) {
            inputs = value;
            return this;
        }

        /** Number of units N. */
        public Builder units(int value) {
            units = value;
            return this;
        }

        /** Number of outputs O. */
        public Builder outputs(int value) {
            outputs = value;
            return this;
        }

        /** Rank R of W_rec = P Q^T / N; 0 where it is no product. */
        public Builder rank(int value) {
            rank = value;
            return this;
        }

        /** phi. */
        public Builder activation(Activation value) {
            activation = value;
            return this;
        }

        /** What the state is. */
        public Builder form(Form value) {
            form = value;
            return this;
        }

        /** Euler's dt/tau, in (0, 1]. */
        public Builder alpha(double value) {
            alpha = value;
            return this;
        }

        /** Whether there is a b_rec. */
        public Builder recurrentBias(boolean value) {
            recurrentBias = value;
            return this;
        }

        /** Whether outputs have weights, some of them 0. */
        public Builder masked(boolean value) {
            masked = value;
            return this;
        }

        /** Seed of the weights (W_rec at unit gain, variance 1/N), biases, initial state and trials. */
        public Builder seed(long value) {
            seed = value;
            return this;
        }

        /** What it has beyond the paper's. */
        public Builder options(Options value) {
            options = value;
            return this;
        }

        /**
         * The case.
         *
         * @throws IllegalArgumentException if a value is out of range; the message names it
         */
        public GradientCase build() {
            requirePositive("batch", batch);
            requirePositive("steps", steps);
            requirePositive("inputs", inputs);
            requirePositive("units", units);
            requirePositive("outputs", outputs);
            if (rank < 0 || rank > units) {
                throw new IllegalArgumentException("rank is " + rank + ", expected 1 to N = " + units);
            }
            if (!(alpha > 0.0 && alpha <= 1.0)) {
                throw new IllegalArgumentException("alpha is " + alpha + ", expected above 0, at most 1");
            }
            options.loss.check(outputs);
            return new GradientCase(new Builder(this));
        }

        private static void requirePositive(String name, int value) {
            if (value < 1) {
                throw new IllegalArgumentException(name + " is " + value + ", expected at least 1");
            }
        }
    }

    /**
     * What a network and its training have beyond the paper's. Immutable, safe for any thread.
     *
     * @param l2Weights as in {@link BatchGradient.Builder#l2Weights}
     * @param l2Rates as in {@link BatchGradient.Builder#l2Rates}
     * @param noiseSd as in {@link Rnn#withNoise}
     * @param tau whether the derivative by theta is checked, see {@link TrainedTau}; alpha must be below 1
     * @param constrained whether {@code W_in} is fixed and {@code W_rec} sparse, without self-connections and, where
     *     the rates are never negative, with Dale's law: the gradient of entries that may not change is then 0. In a network
     *     of low rank, W_in and Q are fixed instead.
     * @param loss the loss
     */
    public record Options(
            double l2Weights, double l2Rates, double noiseSd, boolean tau, boolean constrained, Loss loss) {
        /** No options: the mean squared error and nothing else. */
        public static final Options NONE = new Options(0, 0, 0, false, false, new MeanSquaredError());

        /** Each option by itself, and all together, by name. */
        public static Map<String, Options> table() {
            Loss mse = new MeanSquaredError();
            Map<String, Options> table = new LinkedHashMap<>();
            table.put("constraints", new Options(0, 0, 0, false, true, mse));
            table.put("L2 on weights", new Options(0.05, 0, 0, false, false, mse));
            table.put("L2 on rates", new Options(0, 0.3, 0, false, false, mse));
            table.put("noise", new Options(0, 0, 0.2, false, false, mse));
            table.put("tau", new Options(0, 0, 0, true, false, mse));
            table.put("cross-entropy", new Options(0, 0, 0, false, false, new SoftmaxCrossEntropy()));
            List<Double> weights = List.of(0.5, 2.0, 1.0); // for three outputs
            table.put("weights of outputs", new Options(0, 0, 0, false, false, new MeanSquaredError(weights)));
            table.put("weights of classes", new Options(0, 0, 0, false, false, new SoftmaxCrossEntropy(weights)));
            table.put("all", new Options(0.05, 0.3, 0.2, true, true, mse));
            return table;
        }

        @Override
        public String toString() {
            return (l2Weights == 0 ? "" : ", L2 on weights " + l2Weights)
                    + (l2Rates == 0 ? "" : ", L2 on rates " + l2Rates)
                    + (noiseSd == 0 ? "" : ", noise " + noiseSd)
                    + (tau ? ", tau" : "")
                    + (constrained ? ", constraints" : "")
                    + (loss.equals(NONE.loss) ? "" : ", " + loss.name());
        }
    }

    /** A builder that begins with this case. */
    public Builder toBuilder() {
        return new Builder(values);
    }

    /** B. */
    public int batch() {
        return values.batch;
    }

    /** T. */
    public int steps() {
        return values.steps;
    }

    /** I. */
    public int inputs() {
        return values.inputs;
    }

    /** N. */
    public int units() {
        return values.units;
    }

    /** O. */
    public int outputs() {
        return values.outputs;
    }

    /** R; 0 where W_rec is no product. */
    public int rank() {
        return values.rank;
    }

    /** phi. */
    public Activation activation() {
        return values.activation;
    }

    /** What the state is. */
    public Form form() {
        return values.form;
    }

    /** Euler's dt/tau. */
    public double alpha() {
        return values.alpha;
    }

    /** Whether there is a b_rec. */
    public boolean recurrentBias() {
        return values.recurrentBias;
    }

    /** Whether outputs are weighted. */
    public boolean masked() {
        return values.masked;
    }

    /** The seed. */
    public long seed() {
        return values.seed;
    }

    /** What it has beyond the paper's. */
    public Options options() {
        return values.options;
    }

    @Override
    public String toString() {
        return "B " + batch() + ", T " + steps() + ", I " + inputs() + ", N " + units() + ", O " + outputs() + ", "
                + (rank() == 0 ? "" : "rank " + rank() + ", ")
                + activation().id() + (form() == Form.RATE ? "" : ", " + form().id() + " form") + ", alpha " + alpha()
                + (recurrentBias() ? ", b_rec" : "")
                + (masked() ? ", mask" : "") + ", seed " + seed() + options();
    }

    /**
     * Random cases of all activations, with and without masks and biases. In most all sizes differ; some have T = 1, N
     * = 1, B = 1 or alpha = 1.
     *
     * @param count number of cases, at least 1
     * @param seed decides them
     */
    public static List<GradientCase> random(int count, long seed) {
        RandomStream random = new RandomStream(seed, PURPOSE, 0);
        List<GradientCase> cases = new ArrayList<>();
        Activation[] activations = Activation.values();
        double[] alphas = {1.0, 0.9, 0.37, 0.1};
        for (int i = 0; i < count; i++) {
            TreeSet<Integer> different = new TreeSet<>();
            while (different.size() < 5) {
                different.add(1 + random.nextInt(11));
            }
            int[] size = different.stream().mapToInt(Integer::intValue).toArray();
            random.shuffle(size);
            // Some batches of several chunks, and the smallest possible sizes.
            int batch = i % 9 == 4 ? 33 + random.nextInt(40) : i % 9 == 7 ? 1 : size[0];
            cases.add(builder()
                    .batch(batch)
                    .steps(i % 7 == 3 ? 1 : size[1])
                    .inputs(Math.min(size[2], 4))
                    .units(i % 8 == 5 ? 1 : i % 6 == 1 ? size[3] + 8 : size[3])
                    .outputs(Math.min(size[4], 4))
                    .activation(activations[i % activations.length])
                    .form(i % 3 == 2 ? Form.CURRENT : Form.RATE)
                    .alpha(alphas[i / activations.length % alphas.length])
                    .recurrentBias(random.nextInt(2) == 0)
                    .masked(random.nextInt(2) == 0)
                    .seed(seed + i)
                    .build());
        }
        return cases;
    }

    /**
     * Networks of low rank: of both forms, from one unit to as many as it takes until the engine multiplies by the factors in place of
     * their product, of rank 1 to N, with and without options.
     *
     * @param seed decides them
     */
    public static List<GradientCase> lowRank(long seed) {
        Options all = new Options(0.05, 0.3, 0.2, true, true, new MeanSquaredError());
        int[][] sizes = {{1, 1}, {7, 1}, {6, 6}, {9, 3}, {21, 1}, {26, 8}};
        List<GradientCase> cases = new ArrayList<>();
        for (int[] size : sizes) {
            int number = cases.size() / 2;
            Builder plain = builder()
                    .batch(33 + number)
                    .steps(number % 4 == 0 ? 1 : 5)
                    .inputs(1 + number % 3)
                    .units(size[0])
                    .rank(size[1])
                    .outputs(1 + number % 2)
                    .form(number % 2 == 0 ? Form.RATE : Form.CURRENT)
                    .recurrentBias(number % 3 == 1)
                    .masked(number % 4 == 1)
                    .seed(seed + number);
            cases.add(plain.build());
            cases.add(plain.steps(3)
                    .activation(Activation.SIGMOID)
                    .form(number % 2 == 0 ? Form.CURRENT : Form.RATE)
                    .alpha(0.37)
                    .options(all)
                    .build());
        }
        return cases;
    }

    /** A check of this case by complex steps and by differences. */
    public GradientCheck check() {
        return check(problem());
    }

    /**
     * A check of this case's network on given trials, such as a task's; the case's seed decides only the network.
     *
     * @throws IllegalArgumentException if the trials have other sizes than the case
     */
    public GradientCheck check(Trials trials) {
        return check(fitting(trials));
    }

    /** The problem with given trials. */
    private Problem fitting(Trials trials) {
        if (trials.size() != batch()
                || trials.steps() != steps()
                || trials.inputs() != inputs()
                || trials.outputs() != outputs()) {
            throw new IllegalArgumentException("trials have B " + trials.size() + ", T " + trials.steps() + ", I "
                    + trials.inputs() + ", O " + trials.outputs() + ", expected those of the case " + this);
        }
        for (int attempt = 0; ; attempt++) {
            Problem p = new Problem(network(new RandomStream(seed(), PURPOSE, 1 + attempt)), trials);
            if (suits(p, attempt)) {
                return p;
            }
        }
    }

    /**
     * How far the gradient of the engine for float is from that of the engine for double: the worst entry of each array, as a
     * share of the array's largest entry. Both engines have the same parameters, rounded to floats.
     *
     * @return {@code analytic} is float's, {@code numeric} is double's
     */
    public List<GradientCheck.Worst> floatErrors() {
        return floatErrors(problem());
    }

    /**
     * The same for given trials.
     *
     * @throws IllegalArgumentException if the trials have other sizes than the case
     */
    public List<GradientCheck.Worst> floatErrors(Trials trials) {
        return floatErrors(fitting(trials));
    }

    private List<GradientCheck.Worst> floatErrors(Problem p) {
        Rnn rounded = p.network.withPrecision(Precision.FLOAT);
        double[] single = gradient(rounded, p.trials);
        double[] expected = gradient(rounded.withPrecision(Precision.DOUBLE), p.trials);
        RnnShape shape = rounded.shape();
        List<RnnShape.View> views = new ArrayList<>(shape.weights());
        views.addAll(List.of(shape.bOut(), shape.bRec(), shape.h0()));
        List<GradientCheck.Worst> worst = new ArrayList<>();
        for (RnnShape.View view : views) {
            double largest = 0.0;
            int at = view.offset();
            for (int i = view.offset(); i < view.end(); i++) {
                largest = Math.max(largest, Math.abs(expected[i]));
                at = Math.abs(single[i] - expected[i]) > Math.abs(single[at] - expected[at]) ? i : at;
            }
            double difference = Math.abs(single[at] - expected[at]);
            int index = at - view.offset();
            worst.add(new GradientCheck.Worst(
                    view.name(),
                    index / view.cols(),
                    index % view.cols(),
                    single[at],
                    expected[at],
                    difference == 0.0 ? 0.0 : difference / largest));
        }
        return worst;
    }

    /** The gradient of all trials as one batch, in the network's precision. */
    private double[] gradient(Rnn rnn, Trials trials) {
        Options o = options();
        TrainingConfig config = TrainingConfig.builder(trials, rnn.dtMs(), 1)
                .loss(o.loss)
                .fit(FitOptions.DEFAULT.withL2(o.l2Weights, o.l2Rates))
                .build();
        double[] gradient = new double[rnn.shape().parameters()];
        int[] order = new int[trials.size()];
        for (int i = 0; i < order.length; i++) {
            order[i] = i;
        }
        try (BatchEngine engine =
                BatchEngine.of(rnn, trials, config, order.length, ExecutionSettings.defaults(), false, false)) {
            engine.noise(seed(), 0);
            engine.compute(rnn.parameters(), order, 0, order.length, gradient);
        }
        return gradient;
    }

    private GradientCheck check(Problem p) {
        Options e = options();
        GradientCheck check = GradientCheck.of(p.network, p.trials)
                .loss(e.loss)
                .l2Weights(e.l2Weights)
                .l2Rates(e.l2Rates)
                .tau(e.tau)
                .noise(seed())
                .differencesToo();
        return e.constrained ? check.constraint(model().constraint(p.network)) : check;
    }

    /** A network and its trials. Immutable, safe for any thread. */
    public record Problem(Rnn network, Trials trials) {}

    /** The network and the trials of this case. */
    public Problem problem() {
        for (int attempt = 0; ; attempt++) {
            RandomStream random = new RandomStream(seed(), PURPOSE, 1 + attempt);
            Problem p = new Problem(network(random), trials(random));
            if (suits(p, attempt)) {
                return p;
            }
        }
    }

    private ModelOptions model() {
        if (!options().constrained) {
            return ModelOptions.DEFAULT;
        }
        if (rank() > 0) {
            return ModelOptions.DEFAULT
                    .withRank(rank())
                    .withFixed(List.of(new ModelOptions.Fixed("W_in", null), new ModelOptions.Fixed("Q", null)));
        }
        boolean dale = activation().isNonNegative();
        return ModelOptions.DEFAULT
                .withDale(dale ? 0.6 : null)
                .withMask(ModelOptions.Mask.random(0.5, 1))
                .withSelfConnections(false)
                .withFixed(List.of(new ModelOptions.Fixed("W_in", null)));
    }

    private Rnn network(RandomStream random) {
        RnnShape shape = new RnnShape(inputs(), units(), outputs(), rank());
        double[] block = new double[shape.parameters()];
        random.fillGaussian(block, 0, shape.wIn().length(), 1 / Math.sqrt(inputs()));
        if (rank() == 0) {
            random.fillGaussian(block, shape.wRec().offset(), shape.wRec().length(), 1 / Math.sqrt(units()));
        } else {
            double sd = Math.sqrt(Math.sqrt((double) units() / rank())); // gives W_rec the same variance
            random.fillGaussian(block, shape.p().offset(), shape.p().length(), sd);
            random.fillGaussian(block, shape.q().offset(), shape.q().length(), sd);
        }
        random.fillGaussian(block, shape.wOut().offset(), shape.wOut().length(), 1 / Math.sqrt(units()));
        random.fillGaussian(block, shape.bOut().offset(), outputs(), 0.5);
        if (recurrentBias()) {
            random.fillGaussian(block, shape.bRec().offset(), units(), 0.5);
        }
        random.fillGaussian(block, shape.h0().offset(), units(), 0.5);
        Rnn rnn = new Rnn(shape, activation(), 1.0, 1.0 / alpha(), recurrentBias(), block);
        return Initializers.wired(rnn, model().wiring(units()))
                .withNoise(options().noiseSd)
                .withForm(form());
    }

    private Trials trials(RandomStream random) {
        double[] x = new double[batch() * steps() * inputs()];
        double[] y = new double[batch() * steps() * outputs()];
        random.fillGaussian(x, 0, x.length, 1);
        random.fillGaussian(y, 0, y.length, 1);
        double[] mask = null;
        if (masked()) {
            mask = new double[y.length];
            for (int i = 0; i < mask.length; i++) {
                // The first entry of each trial has a weight above 0, since no trial may have weight 0 everywhere.
                mask[i] = i % (steps() * outputs()) == 0 || random.nextInt(4) > 0 ? 0.1 + random.nextDouble() : 0;
            }
        }
        if (options().loss instanceof SoftmaxCrossEntropy) {
            makeOneHot(y);
        }
        return Trials.ofArrays(steps(), inputs(), outputs(), x, y, mask, null, null);
    }

    /** 1 for the largest target of each step, 0 for the others. */
    private void makeOneHot(double[] y) {
        int n = outputs();
        for (int from = 0; from < y.length; from += n) {
            int largest = from;
            for (int i = from; i < from + n; i++) {
                largest = y[i] > y[largest] ? i : largest;
            }
            for (int i = from; i < from + n; i++) {
                y[i] = i == largest ? 1.0 : 0.0;
            }
        }
    }

    /** Whether a relu network's pre-activations keep away from the kink, or too many cases have been drawn. */
    private boolean suits(Problem p, int attempt) {
        return !activation().hasKink() || attempt == ATTEMPTS || keepsOffKink(p);
    }

    private boolean keepsOffKink(Problem problem) {
        Rnn rnn = problem.network.fullRank();
        RnnShape shape = rnn.shape();
        double[] p = rnn.parameters();
        double[] x = new double[batch() * steps() * inputs()];
        double[] y = new double[batch() * steps() * outputs()];
        Trials.Reader reader = problem.trials.reader();
        for (int s = 0; s < batch(); s++) {
            reader.read(s, x, s * steps() * inputs(), y, s * steps() * outputs(), null, 0);
        }
        Simulator simulator = new Simulator(rnn, Kernels.of("scalar"));
        simulator.seedNoise(seed(), 0);
        double[] states = simulator.run(x, batch(), steps()).h();
        if (form() == Form.CURRENT) {
            double[] first = rnn.copyOf(shape.h0());
            return DoubleStream.concat(Arrays.stream(states), Arrays.stream(first))
                    .allMatch(v -> Math.abs(v) >= KINK_MARGIN);
        }
        for (int k = 0; k < batch() * steps(); k++) {
            for (int i = 0; i < units(); i++) {
                double z = p[shape.bRec().at(i, 0)];
                for (int j = 0; j < inputs(); j++) {
                    z += p[shape.wIn().at(i, j)] * x[k * inputs() + j];
                }
                for (int j = 0; j < units(); j++) {
                    double h = k % steps() == 0 ? p[shape.h0().at(j, 0)] : states[(k - 1) * units() + j];
                    z += p[shape.wRec().at(i, j)] * h;
                }
                if (Math.abs(z) < KINK_MARGIN) {
                    return false;
                }
            }
        }
        return true;
    }
}
