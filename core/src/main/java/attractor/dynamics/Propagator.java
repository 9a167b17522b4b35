package attractor.dynamics;

import attractor.kernel.Activation;
import attractor.kernel.Kernels;
import attractor.kernel.RandomStream;
import attractor.kernel.RandomStream.Purpose;
import attractor.model.Rnn;
import attractor.model.RnnShape;
import attractor.model.RnnShape.View;

/**
 * The Euler update of a network, for a batch of trials at once; everything that advances a network goes through here:
 *
 * <pre>
 *     z(t+1) = b_rec + W_in x(t+1) + W_rec h(t)
 *     h(t+1) = (1 - alpha) h(t) + alpha phi(z(t+1))
 *     y(t)   = b_out + W_out h(t)
 * </pre>
 *
 * <p>A trial's operand is one row of {@link #rowLength()} values, {@code [x(t+1) | h(t) | unused]}. One product of such rows
 * with {@code [W_in W_rec; 0 W_out]^T} gives both z(t+1) and y(t), each a chain of fused multiply-adds over the inputs, then the
 * units, that starts from the bias.
 *
 * <p>Where the network has noise, {@link #addNoise} adds {@code sigma sqrt(2 alpha) xi} to h(t+1) after the step, and with Dale's law
 * puts what would be negative to 0 ({@link Rnn#withNoise}). The numbers xi are a function of a
 * trial's {@link #noiseKey} and of t and the unit alone, so that a step can be computed again, on any thread and in any company.
 *
 * <p>{@link #load} is not synchronised; between loads any number of threads may step rows of their own. Source: Jarne and
 * Laje, arXiv:1906.01094, equation 5.
 */
public final class Propagator {
    private final RnnShape shape;
    // Kept, since each call of the shape makes a new one.
    private final View wIn;
    private final View wRec;
    private final View wOut;
    private final View bRec;
    private final View bOut;
    private final View h0;
    private final Activation phi;
    private final boolean map;
    private final double noiseSd;
    /** Whether noise leaves no state below 0. */
    private final boolean rectified;

    private double alpha;
    private double noiseScale;
    private final Kernels kernels;
    private final int columns;
    private final int rateColumns;
    private final int rowLength;
    /** (I + N) x columns, the transposed weights: row = sender. */
    private final double[] weights;
    /** The same, rearranged for the kernels. */
    private final Kernels.Packed packed;
    /** W_out, O x N. */
    private final double[] readout;
    /** b_rec, b_out, zeros. */
    private final double[] bias;

    /** A propagator for networks of this one's sizes, activation and time constants, loaded with its parameters. */
    public Propagator(Rnn rnn, Kernels kernels) {
        shape = rnn.shape();
        wIn = shape.wIn();
        wRec = shape.wRec();
        wOut = shape.wOut();
        bRec = shape.bRec();
        bOut = shape.bOut();
        h0 = shape.h0();
        phi = rnn.activation();
        map = rnn.statesAreRates();
        noiseSd = rnn.noiseSd();
        rectified = rnn.noiseIsRectified();
        setAlpha(rnn.alpha());
        this.kernels = kernels;
        columns = rateLength(shape, kernels);
        rateColumns = kernels.padded(shape.units());
        rowLength = rowLength(shape, kernels);
        weights = new double[(shape.inputs() + shape.units()) * columns];
        packed = kernels.packed(shape.inputs() + shape.units(), columns);
        readout = new double[shape.outputs() * shape.units()];
        bias = new double[columns];
        load(rnn.parameters());
    }

    /** Takes over the parameters; {@code parameters} is laid out as {@link RnnShape} says and not modified. */
    public void load(double[] parameters) {
        int n = shape.units();
        int inputs = shape.inputs();
        for (int i = 0; i < n; i++) {
            for (int j = 0, from = wIn.at(i, 0); j < inputs; j++) {
                weights[j * columns + i] = parameters[from + j];
            }
            for (int j = 0, from = wRec.at(i, 0); j < n; j++) {
                weights[(inputs + j) * columns + i] = parameters[from + j];
            }
        }
        for (int o = 0; o < shape.outputs(); o++) {
            for (int j = 0, from = wOut.at(o, 0); j < n; j++) {
                weights[(inputs + j) * columns + n + o] = parameters[from + j];
            }
        }
        System.arraycopy(parameters, wOut.offset(), readout, 0, readout.length);
        System.arraycopy(parameters, bRec.offset(), bias, 0, n);
        System.arraycopy(parameters, bOut.offset(), bias, n, shape.outputs());
        for (int o = 0; o < shape.outputs(); o++) {
            // 0 for -0: else the sign of an input, whose weight here is 0, could decide between an output of 0 and one
            // of -0.
            bias[n + o] += 0.0;
        }
        packed.load(weights, 0, columns);
    }

    /**
     * Takes over another alpha.
     *
     * @throws IllegalArgumentException if it isn't in (0, 1], or the network was one with alpha = 1 and without noise
     */
    public void setAlpha(double newAlpha) {
        if (!(newAlpha > 0.0 && newAlpha <= 1.0) || (map && newAlpha != 1.0)) {
            throw new IllegalArgumentException(
                    "alpha is " + newAlpha + ", expected " + (map ? "1" : "above 0, at most 1"));
        }
        alpha = newAlpha;
        noiseScale = noiseSd * Math.sqrt(2.0 * alpha);
    }

    /** Whether {@link #addNoise} adds anything. */
    public boolean hasNoise() {
        return noiseSd != 0.0;
    }

    /**
     * What the noise of a trial is known by.
     *
     * @param stream any. Modified.
     * @param seed the run's
     * @param presentation which time the trial is shown: in training the epoch, from 0; outside of it -1
     * @param trial its number
     */
    public static long noiseKey(RandomStream stream, long seed, long presentation, long trial) {
        stream.reset(seed, Purpose.DYNAMICS, presentation);
        stream.reset(stream.nextLong(), Purpose.DYNAMICS, trial);
        return stream.nextLong();
    }

    /**
     * Adds the noise of step t, from 0, to one trial's new state h(t+1).
     *
     * @param stream any. Modified.
     * @param key see {@link #noiseKey}
     * @param next the trial's row from {@code off} on. Modified.
     */
    public void addNoise(RandomStream stream, long key, long t, double[] next, int off) {
        stream.reset(key, Purpose.DYNAMICS, t);
        int from = off + shape.inputs();
        int n = shape.units();
        stream.addGaussian(next, from, n, noiseScale);
        if (rectified) {
            for (int i = from; i < from + n; i++) {
                next[i] = Math.max(0.0, next[i]);
            }
        }
    }

    /** Length of a trial's row, {@code [x | h | unused]}: room for padded N + O behind the inputs, and for I + N padded. */
    public int rowLength() {
        return rowLength;
    }

    /** The same for a network of these sizes. */
    public static int rowLength(RnnShape shape, Kernels kernels) {
        return Math.max(shape.inputs() + rateLength(shape, kernels), kernels.padded(shape.inputs() + shape.units()));
    }

    /** Length of a row of rates where they are kept apart from the state (alpha below 1, or noise): N + O, padded. */
    public int rateLength() {
        return columns;
    }

    /** The same for a network of these sizes. */
    public static int rateLength(RnnShape shape, Kernels kernels) {
        return kernels.padded(shape.units() + shape.outputs());
    }

    /** Writes the initial state h0 of {@code parameters} into each row. {@code u} is modified. */
    public void start(int rows, double[] parameters, double[] u, int uOff) {
        for (int r = 0; r < rows; r++) {
            System.arraycopy(parameters, h0.offset(), u, uOff + r * rowLength + shape.inputs(), shape.units());
        }
    }

    /**
     * From {@code [x(t+1) | h(t)]} computes y(t) and h(t+1).
     *
     * @param rows number of trials
     * @param u rows x rowLength. Not modified.
     * @param next rows x rowLength, whose states become h(t+1) and whose unused part anything; its inputs are left alone. Must not overlap u.
     * @param rates rows x rateLength, become phi(z(t+1)); used only if alpha is below 1 or there is noise, else may be null
     * @param y rows x O, becomes y(t); null if it is not wanted
     */
    public void step(
            int rows,
            double[] u,
            int uOff,
            double[] next,
            int nextOff,
            double[] rates,
            int ratesOff,
            double[] y,
            int yOff) {
        int inputs = shape.inputs();
        double[] z = map ? next : rates;
        int zOff = map ? nextOff + inputs : ratesOff;
        int ldz = map ? rowLength : columns;
        kernels.gemm(rows, u, uOff, rowLength, packed, bias, 0, 0, z, zOff, ldz);
        if (y != null) {
            takeOutputs(rows, z, zOff, ldz, y, yOff);
        }
        // Of one trial whole vectors, of more the units alone, since the kernels gather what is left of each.
        kernels.activate(phi, rows, rows == 1 ? rateColumns : shape.units(), z, zOff, ldz);
        if (!map) {
            kernels.leak(
                    alpha,
                    rows,
                    rateColumns,
                    u,
                    uOff + inputs,
                    rowLength,
                    z,
                    zOff,
                    ldz,
                    next,
                    nextOff + inputs,
                    rowLength);
        }
    }

    /**
     * Computes y(t) alone.
     *
     * @param u rows x rowLength, {@code [anything finite | h(t)]}. Not modified.
     * @param scratch rows x rowLength. Modified.
     * @param y rows x O. Modified.
     */
    public void read(int rows, double[] u, int uOff, double[] scratch, int scratchOff, double[] y, int yOff) {
        kernels.gemm(rows, u, uOff, rowLength, packed, bias, 0, 0, scratch, scratchOff, rowLength);
        takeOutputs(rows, scratch, scratchOff, rowLength, y, yOff);
    }

    /**
     * Computes y(t) of one trial from a row whose inputs are 0: the same chain of sums as {@link #read}, without the products for the units.
     *
     * @param u one row. Not modified.
     * @param y O values. Modified.
     */
    void readOne(double[] u, int uOff, double[] y, int yOff) {
        int n = shape.units();
        int from = uOff + shape.inputs();
        for (int o = 0; o < shape.outputs(); o++) {
            double sum = bias[n + o];
            int w = o * n;
            for (int i = 0; i < n; i++) {
                sum = Math.fma(u[from + i], readout[w + i], sum);
            }
            y[yOff + o] = sum;
        }
    }

    private void takeOutputs(int rows, double[] z, int zOff, int ldz, double[] y, int yOff) {
        int outputs = shape.outputs();
        for (int o = 0; o < outputs; o++) {
            int from = zOff + shape.units() + o;
            for (int r = 0; r < rows; r++) {
                y[yOff + r * outputs + o] = z[from + r * ldz];
            }
        }
    }
}
