package attractor.engine;

import attractor.kernel.Activation;
import attractor.kernel.FactorProduct;
import attractor.kernel.Fma;
import attractor.kernel.Kernels;
import attractor.model.Form;
import attractor.model.Rnn;
import attractor.model.RnnShape;
import attractor.model.RnnShape.View;
import attractor.random.RandomStream;
import attractor.random.RandomStream.Purpose;

/**
 * The Euler step of a network, for many trials at once; everything that advances a network goes through here:
 *
 * <pre>
 *     z(t+1) = b_rec + W_in x(t+1) + W_rec h(t)
 *     h(t+1) = (1 - alpha) h(t) + alpha phi(z(t+1))
 *     y(t)   = b_out + W_out h(t)
 * </pre>
 *
 * <p>In the current form ({@link Form}) the state is x_s, and {@code x_s(t+1) = (1 - alpha) x_s(t) + alpha z(t+1)}; then
 * {@code h(t+1) = phi(x_s(t+1))} is what the units send, and all else stays.
 *
 * <p>A trial's operand is its row of {@link TrialRows}, {@code [x(t+1) | h(t) | unused]}. One product of the rows with {@code
 * [W_in W_rec; 0 W_out]^T} gives both z(t+1) and y(t). Each entry is a chain of fused multiply-adds that starts from the bias
 * and runs over the inputs, then over the units. The transposed matrix is a copy, packed in the order in which the kernels
 * read it: N (N + I + O) values per batch, which costs almost nothing beside its B T steps.
 *
 * <p>In a network of low rank, W_rec = P Q^T / N. Where that is faster ({@link #isThin}), W_rec is never formed, and the product becomes
 * two thin ones: {@code [kappa(t) | y(t)] = [0 | b_out] + h(t) [Q/N | W_out^T]}, where kappa = Q^T h / N are the R latent variables, then
 * {@code z(t+1) = b_rec + [x(t+1) | kappa(t)] [W_in | P]^T}, whose chains run over the inputs, then over the latent variables.
 *
 * <p>Where the network has noise, {@link #addNoise} adds {@code sigma sqrt(2 alpha) xi} to h(t+1) after the step and, with
 * Dale's law, sets negative states to 0 ({@link Rnn#withNoise}). The numbers xi depend only on the trial's {@link #noiseKey},
 * on t and on the unit. So a step can be computed again, on any thread and together with any other trials. {@link #load} and
 * {@link #setAlpha} are not synchronised; between calls of them, any number of threads may step rows of their own. Source:
 * Jarne and Laje, arXiv:1906.01094, equation 5.
 */
public final class EulerStep {
    /** Purpose of the streams of {@link #noiseKey} and {@link #addNoise}. */
    public static final Purpose NOISE = Purpose.of("dynamics");

    /** Fewest units of a network whose W_rec is multiplied by its factors; below, the thin products cost more than they save. */
    private static final int LEAST_THIN_UNITS = 20;
    /** N divided by the largest rank for which the factors are used. */
    private static final int UNITS_PER_RANK = 3;

    private final RnnShape shape;
    // Kept in fields, since the shape creates a new view at each call.
    private final View wIn;
    private final View wOut;
    private final View bRec;
    private final View bOut;
    private final View h0;
    /** Where W_rec, or P and then Q, begin among the parameters. */
    private final int wRecAt;

    private final Activation phi;
    private final boolean map;
    private final double noiseSd; // stays double
    /** Whether noise leaves no state below 0. */
    private final boolean rectified;

    private final boolean current;

    private double alpha;
    private double noiseScale; // stays double
    private final Kernels kernels;
    private final boolean thin;
    /** N + O, padded; where the factors are used N, padded. */
    private final int columns;
    /** N, padded. */
    private final int unitColumns;
    /** (I + N) x columns, the transposed weights: one row per sender; with factors {@code [W_in | P]^T}, (I + R) x columns. */
    private final double[] weights;
    /** The same, rearranged for the kernels. */
    private final Kernels.Packed packed;
    /** With factors {@code [Q/N | W_out^T]}, N x padded(R + O); otherwise empty. */
    private final double[] readers;

    private final Kernels.Packed packedReaders;
    /** 0 for each latent variable, then b_out. */
    private final double[] readerBias;
    /** W_rec, N x N, where it is the product of factors and used as such; otherwise empty. */
    private final double[] product;
    /** W_out, O x N. */
    private final double[] readout;
    /** b_rec, without factors b_out, zeros. */
    private final double[] bias;
    /** b_out. */
    private final double[] outputBias;
    /** h0, N values. */
    private final double[] initial;

    /** The step of networks with the sizes, activation and time constants of this one; its parameters are loaded. */
    public EulerStep(Rnn rnn, Kernels kernels) {
        shape = rnn.shape();
        wIn = shape.wIn();
        wOut = shape.wOut();
        wRecAt = wIn.end();
        bRec = shape.bRec();
        bOut = shape.bOut();
        h0 = shape.h0();
        // float: phi = FloatActivation.of(rnn.activation().id());
        phi = rnn.activation();
        map = rnn.statesAreRates();
        noiseSd = rnn.noiseSd();
        rectified = rnn.noiseIsRectified();
        current = rnn.form() == Form.CURRENT;
        setAlpha(rnn.alpha());
        this.kernels = kernels;
        thin = isThin(shape);
        columns = rateLength(shape, kernels);
        unitColumns = kernels.padded(shape.units());
        int senders = shape.inputs() + (thin ? shape.rank() : shape.units());
        weights = new double[senders * columns];
        packed = kernels.packed(senders, columns);
        readerBias = new double[thin ? readerLength(shape, kernels) : 0];
        readers = new double[shape.units() * readerBias.length];
        packedReaders = thin ? kernels.packed(shape.units(), readerBias.length) : packed;
        product = new double[shape.rank() == 0 || thin ? 0 : shape.units() * shape.units()];
        outputBias = new double[shape.outputs()];
        readout = new double[shape.outputs() * shape.units()];
        bias = new double[columns];
        initial = new double[shape.units()];
        // float: load(attractor.kernel.Floats.rounded(rnn.parameters()));
        load(rnn.parameters());
    }

    /** Loads the parameters; {@code parameters} is laid out as {@link RnnShape} says and not modified. */
    public void load(double[] parameters) {
        int n = shape.units();
        int inputs = shape.inputs();
        int outputs = shape.outputs();
        System.arraycopy(parameters, wOut.offset(), readout, 0, readout.length);
        System.arraycopy(parameters, bRec.offset(), bias, 0, n);
        System.arraycopy(parameters, bOut.offset(), outputBias, 0, outputs);
        System.arraycopy(parameters, h0.offset(), initial, 0, n);
        for (int o = 0; o < outputs; o++) {
            // Turns -0 into 0: otherwise the sign of an input, whose weight here is 0, could decide between 0 and -0.
            outputBias[o] += 0.0;
        }
        for (int i = 0; i < n; i++) {
            for (int j = 0, from = wIn.at(i, 0); j < inputs; j++) {
                weights[j * columns + i] = parameters[from + j];
            }
        }
        if (thin) {
            loadFactors(parameters);
        } else {
            loadRecurrent(parameters);
        }
        packed.load(weights, 0, columns);
    }

    private void loadRecurrent(double[] parameters) {
        int n = shape.units();
        int inputs = shape.inputs();
        if (product.length > 0) {
            FactorProduct.of(n, shape.rank(), parameters, wRecAt, parameters, wRecAt + n * shape.rank(), product);
        }
        double[] recurrent = recurrent(parameters);
        int wRec = recurrentAt();
        for (int i = 0; i < n; i++) {
            for (int j = 0, from = wRec + i * n; j < n; j++) {
                weights[(inputs + j) * columns + i] = recurrent[from + j];
            }
        }
        for (int o = 0; o < shape.outputs(); o++) {
            for (int j = 0; j < n; j++) {
                weights[(inputs + j) * columns + n + o] = readout[o * n + j];
            }
        }
        System.arraycopy(outputBias, 0, bias, n, outputBias.length);
    }

    /** The array with W_rec, N x N from {@link #recurrentAt} on: the parameters, or the product of the factors last loaded. */
    double[] recurrent(double[] parameters) {
        return product.length > 0 ? product : parameters;
    }

    /** Where W_rec begins in {@link #recurrent}. */
    int recurrentAt() {
        return product.length > 0 ? 0 : wRecAt;
    }

    private void loadFactors(double[] parameters) {
        int n = shape.units();
        int inputs = shape.inputs();
        int rank = shape.rank();
        int length = readerBias.length;
        int p = wRecAt;
        int q = wRecAt + n * rank;
        for (int i = 0; i < n; i++) {
            for (int r = 0; r < rank; r++) {
                weights[(inputs + r) * columns + i] = parameters[p + i * rank + r];
                readers[i * length + r] = parameters[q + i * rank + r] / n;
            }
            for (int o = 0; o < outputBias.length; o++) {
                readers[i * length + rank + o] = readout[o * n + i];
            }
        }
        System.arraycopy(outputBias, 0, readerBias, rank, outputBias.length);
        packedReaders.load(readers, 0, length);
    }

    /**
     * Sets another alpha.
     *
     * @throws IllegalArgumentException if it isn't in (0, 1], or if the network was built with alpha = 1 and no noise
     */
    public void setAlpha(double newAlpha) { // stays double
        if (!(newAlpha > 0.0 && newAlpha <= 1.0) || (map && newAlpha != 1.0)) {
            throw new IllegalArgumentException(
                    "alpha is " + newAlpha + ", expected " + (map ? "1" : "above 0, at most 1"));
        }
        // float: alpha = (float) newAlpha;
        alpha = newAlpha;
        noiseScale = noiseSd * Math.sqrt(2.0 * alpha); // stays double
    }

    /** Euler's dt/tau. */
    public double alpha() {
        return alpha;
    }

    /** The network's sizes. */
    public RnnShape shape() {
        return shape;
    }

    /** Whether the state is the rate itself, see {@link Rnn#statesAreRates}. */
    boolean statesAreRates() {
        return map;
    }

    /** Whether the network has the current form. */
    boolean isCurrent() {
        return current;
    }

    /** Whether noise leaves no state below 0, see {@link Rnn#noiseIsRectified}. */
    boolean noiseIsRectified() {
        return rectified;
    }

    /** Whether {@link #addNoise} adds anything. */
    public boolean hasNoise() {
        return noiseSd != 0.0;
    }

    /** Length of a trial's row, see {@link TrialRows}. */
    int rowLength() {
        return rowLength(shape, kernels);
    }

    /** The row length for a network of these sizes. */
    static int rowLength(RnnShape shape, Kernels kernels) {
        if (isThin(shape)) {
            return sentOffset(shape, kernels) + kernels.padded(shape.units());
        }
        return Math.max(shape.inputs() + rateLength(shape, kernels), kernels.padded(shape.inputs() + shape.units()));
    }

    /** Where in its row begins what a trial's units send: behind the inputs, and the latent variables and outputs if there are any. */
    int sentOffset() {
        return sentOffset(shape, kernels);
    }

    private static int sentOffset(RnnShape shape, Kernels kernels) {
        return shape.inputs() + (isThin(shape) ? readerLength(shape, kernels) : 0);
    }

    /** R + O, padded. */
    private static int readerLength(RnnShape shape, Kernels kernels) {
        return kernels.padded(shape.rank() + shape.outputs());
    }

    /** Whether a network's W_rec is used as its factors; decided by N and R alone, since the sums are then other ones. */
    static boolean isThin(RnnShape shape) {
        return shape.rank() > 0
                && shape.units() >= LEAST_THIN_UNITS
                && (long) shape.rank() * UNITS_PER_RANK <= shape.units();
    }

    /** Length of a row of rates, where they are stored apart from the states: N + O, padded; with factors N, padded. */
    int rateLength() {
        return columns;
    }

    /** This length for a network of these sizes. */
    static int rateLength(RnnShape shape, Kernels kernels) {
        return kernels.padded(shape.units() + (isThin(shape) ? 0 : shape.outputs()));
    }

    /** Loads the network's initial state h0 into every trial's row of a slot. */
    public void start(TrialRows rows, int slot) {
        rows.putStates(slot, initial, 0, 0);
    }

    /**
     * From {@code [x(t+1) | h(t)]} in one slot, computes h(t+1) into another slot, whose inputs are left unchanged.
     * Where the network has noise, {@link #addNoise} completes the step.
     *
     * @param rows Modified.
     * @param to another slot
     */
    public void advance(TrialRows rows, int from, int to) {
        preActivations(rows, from, to);
        activate(rows, from, to);
    }

    /**
     * The same, and also y(t) from the same product.
     *
     * @param rows Modified.
     * @param y {@code y[yOff + r * yStride + o]} becomes output o of trial r at time t. Modified.
     */
    public void advance(TrialRows rows, int from, int to, double[] y, int yOff, int yStride) {
        preActivations(rows, from, to);
        int outputs = shape.outputs();
        int trials = rows.trials();
        int stride = thin ? rows.length() : rows.productStride();
        double[] z = thin ? rows.values() : rows.products();
        int first = thin ? rows.at(from) + shape.inputs() + shape.rank() : rows.productAt(to) + shape.units();
        for (int o = 0; o < outputs; o++) {
            int at = first + o;
            for (int r = 0; r < trials; r++) {
                y[yOff + r * yStride + o] = z[at + r * stride];
            }
        }
        activate(rows, from, to);
    }

    /** {@code [z(t+1) | y(t)] = b + W_in x(t+1) + W_rec h(t)}. */
    private void preActivations(TrialRows rows, int from, int to) {
        if (thin) {
            readLatents(rows, from);
        }
        kernels.gemm(
                rows.trials(),
                rows.values(),
                rows.at(from),
                rows.length(),
                packed,
                bias,
                0,
                0,
                rows.products(),
                rows.productAt(to),
                rows.productStride());
    }

    /** {@code [kappa(t) | y(t)] = [0 | b_out] + h(t) [Q/N | W_out^T]}, into the trials' own rows. */
    private void readLatents(TrialRows rows, int slot) {
        double[] u = rows.values();
        int length = rows.length();
        int kappa = rows.at(slot) + shape.inputs();
        kernels.gemm(rows.trials(), u, rows.sentAt(slot), length, packedReaders, readerBias, 0, 0, u, kappa, length);
    }

    /** {@code h(t+1) = (1 - alpha) h(t) + alpha phi(z(t+1))}; in the current form without phi, which {@link #send} applies. */
    private void activate(TrialRows rows, int from, int to) {
        int trials = rows.trials();
        double[] z = rows.products();
        int zOff = rows.productAt(to);
        int ldz = rows.productStride();
        if (!current) {
            rates(trials, z, zOff, ldz);
        }
        if (!map && (alpha != 1.0 || !current)) {
            double[] h = rows.states();
            int ldh = rows.stateStride();
            kernels.leak(
                    alpha, trials, unitColumns, h, rows.stateAt(from), ldh, z, zOff, ldz, h, rows.stateAt(to), ldh);
        }
        if (noiseSd == 0.0) {
            send(rows, to);
        }
    }

    /** phi of some pre-activations, in place. */
    private void rates(int trials, double[] z, int zOff, int ldz) {
        // For one trial whole vectors; for more only the units, since the kernels gather the columns left over.
        kernels.activate(phi, trials, trials == 1 ? unitColumns : shape.units(), z, zOff, ldz);
    }

    /** In the current form, writes what the units send into their rows, phi(x); in the rate form the state is there already. */
    void send(TrialRows rows, int slot) {
        if (current) {
            int n = shape.units();
            double[] x = rows.states();
            double[] sent = rows.values();
            for (int r = 0; r < rows.trials(); r++) {
                int at = rows.stateAt(slot) + r * rows.stateStride();
                System.arraycopy(x, at, sent, rows.sentAt(slot) + r * rows.length(), n);
            }
            rates(rows.trials(), sent, rows.sentAt(slot), rows.length());
        }
    }

    /**
     * Computes y(t) alone, by the same chains of sums as {@link #advance}.
     *
     * @param rows Not modified.
     * @param y {@code y[yOff + r * yStride + o]} becomes output o of trial r. Modified.
     */
    public void readOutputs(TrialRows rows, int slot, double[] y, int yOff, int yStride) {
        int n = shape.units();
        double[] h = rows.values();
        for (int r = 0; r < rows.trials(); r++) {
            int from = rows.sentAt(slot) + r * rows.length();
            for (int o = 0; o < shape.outputs(); o++) {
                double sum = outputBias[o];
                int w = o * n;
                for (int i = 0; i < n; i++) {
                    sum = Fma.fma(h[from + i], readout[w + i], sum);
                }
                y[yOff + r * yStride + o] = sum;
            }
        }
    }

    /**
     * The key to the noise of a trial.
     *
     * @param stream any stream. Modified.
     * @param seed the run's seed
     * @param presentation number of this presentation of the trial: in training the epoch, from 0; otherwise -1
     * @param trial the trial's number
     */
    public static long noiseKey(RandomStream stream, long seed, long presentation, long trial) {
        stream.reset(seed, NOISE, presentation);
        stream.reset(stream.nextLong(), NOISE, trial);
        return stream.nextLong();
    }

    /**
     * Adds the noise of step t, from 0, to the new states h(t+1), which completes the step.
     *
     * @param stream any stream. Modified.
     * @param keys one per trial, see {@link #noiseKey}. Not modified.
     * @param rows its states in {@code slot} are modified
     */
    public void addNoise(RandomStream stream, long[] keys, long t, TrialRows rows, int slot) {
        double[] h = rows.states();
        int n = shape.units();
        for (int r = 0; r < rows.trials(); r++) {
            int from = rows.stateAt(slot) + r * rows.stateStride();
            addNoise(stream, keys[r], t, h, from);
            if (rectified) {
                for (int i = from; i < from + n; i++) {
                    h[i] = Math.max(0.0, h[i]);
                }
            }
        }
        send(rows, slot);
    }

    /** Adds a trial's noise of step t to N values from {@code at} on. Both {@code stream} and {@code h} are modified. */
    void addNoise(RandomStream stream, long key, long t, double[] h, int at) {
        stream.reset(key, NOISE, t);
        stream.addGaussian(h, at, shape.units(), noiseScale);
    }
}
