package attractor.train;

import attractor.dynamics.Propagator;
import attractor.kernel.Activation;
import attractor.kernel.Fma;
import attractor.kernel.Kernels;
import attractor.kernel.RandomStream;
import attractor.kernel.RandomStream.Purpose;
import attractor.model.Rnn;
import attractor.model.RnnShape;
import attractor.model.RnnShape.View;
import java.util.Arrays;

/**
 * Back-propagation through time for a chunk of trials, by hand. With the row vectors of one trial
 *
 * <pre>
 *     u(t) = [x(t+1) | h(t)],   v(t) = [dy(t) | dz(t+1)],   t = 0..T,  dy(0) = 0,  dz(T+1) = 0
 *     dh(t) = (1 - alpha) dh(t+1) + v(t) [W_out; W_rec]
 *     dz(t) = alpha phi'(z(t)) dh(t)
 * </pre>
 *
 * every weight gradient is a block of {@code D = sum over t, trials of v(t)^T u(t)}: rows O..O+N, columns 0..I are dW_in, the other
 * columns dW_rec; rows 0..O, columns I..I+N are dW_out. D sums over blocks of {@link #timeBlock} steps from the last to the first,
 * within a block in the order of time, then trial.
 *
 * <p>Noise in the states is part of the tape and has no derivative but that by alpha. A penalty on the rates adds {@code 2 c(t) h(t)} to dh(t). For the
 * derivative by alpha, {@code sum over t, trials of dh(t+1) . (phi(z(t+1)) - h(t) + sigma xi(t+1) / sqrt(2 alpha))}, the noise is taken from the states.
 * Each is a pass of its own, which the standard training doesn't take.
 *
 * <p>The tape, {@code u}, holds a segment of the trial. If that is not the whole trial, the states at the segments' starts are kept and
 * each segment is computed again before it is walked back: the same operations on the same numbers, hence the same bits.
 *
 * <p>Belongs to one thread. Allocates nothing after construction.
 */
final class Bptt {
    /** Trials a chunk: small enough for the caches, large enough to fill the register tiles. Part of what decides the bits. */
    static final int CHUNK = 32;

    /** About so many rows (steps times trials) enter one product for D, so that its operands fit into the first-level cache. */
    private static final int ROWS_A_BLOCK = 128;

    private final RnnShape shape;
    private final View wIn;
    private final View wRec;
    private final View wOut;
    private final View bOut;
    private final View bRec;
    private final View h0;
    private final Activation phi;
    /** Whether the states are the rates. */
    private final boolean map;

    private double alpha;
    private final double l2Rates;
    private final boolean byAlpha;
    private final boolean recurrentBias;
    private final Kernels kernels;
    private final int steps;
    private final int segment;
    private final int timeBlock;

    private final int unitColumns;
    private final int rateLength;
    private final int ldu;
    private final int ldv;
    private final int ldd;

    /** Inputs, T x rows x I. */
    final double[] x;
    /** Targets, T x rows x O. */
    final double[] target;
    /** Weights of the squared errors, T x rows x O; null if all are 1. */
    final double[] weight;
    /** First the outputs, then their adjoints, T x rows x O. */
    private final double[] dy;

    /** u(t) of a segment and the state after it, (segment + 1) x rows x ldu. */
    private final double[] tape;
    /** phi(z(t+1)) of a segment where alpha is below 1, segment x rows x rateLength. */
    private final double[] rates;
    /** h at the start of each segment but the last, rows x N each. */
    private final double[] starts;
    /** v(t) of a block, timeBlock x rows x ldv. */
    private final double[] v;
    /** dh(t), rows x unitColumns. */
    private final double[] dh;
    /** (1 - alpha) dh(t+1), likewise. */
    private final double[] carry;

    private final double[] zeros;
    /** z and y where only y is wanted, rows x ldu. */
    private final double[] scratch;
    /** D, (O + N) x ldd. */
    private final double[] d;
    /** Sums of v over time and trials. */
    private final double[] sums;

    /** What the noise of each trial is known by, see {@link Propagator#noiseKey}; null without noise. */
    final long[] noiseKeys;

    private final RandomStream stream = new RandomStream(0, Purpose.DYNAMICS, 0);

    private double weightSum;
    private double ratePenalty;
    private double alphaGradient;

    /** The transposed weights of a network, shared by the workers; loaded by one thread while no other reads. */
    static final class Weights {
        final Propagator forward;
        private final RnnShape shape;
        private final View wRec;
        private final View wOut;
        private final Kernels kernels;
        private final double[] rows;
        private final Kernels.Packed packed;
        private double[] parameters;
        private double alpha;

        Weights(Rnn rnn, Kernels kernels) {
            shape = rnn.shape();
            wRec = shape.wRec();
            wOut = shape.wOut();
            this.kernels = kernels;
            forward = new Propagator(rnn, kernels);
            rows = new double[(shape.outputs() + shape.units()) * kernels.padded(shape.units())];
            packed = kernels.packed(shape.outputs() + shape.units(), kernels.padded(shape.units()));
            alpha = rnn.alpha();
            load(rnn.parameters());
        }

        void setAlpha(double newAlpha) {
            forward.setAlpha(newAlpha);
            alpha = newAlpha;
        }

        void load(double[] newParameters) {
            parameters = newParameters;
            forward.load(newParameters);
            int n = shape.units();
            int columns = kernels.padded(n);
            for (int o = 0; o < shape.outputs(); o++) {
                System.arraycopy(newParameters, wOut.at(o, 0), rows, o * columns, n);
            }
            for (int i = 0; i < n; i++) {
                System.arraycopy(newParameters, wRec.at(i, 0), rows, (shape.outputs() + i) * columns, n);
            }
            packed.load(rows, 0, columns);
        }
    }

    /**
     * @param steps T
     * @param rows largest number of trials in a chunk
     * @param masked whether errors are weighted
     * @param segment steps on the tape, see {@link #segmentFor}
     * @param l2Rates factor of the penalty on the rates, 0 for none
     * @param byAlpha whether the derivative by alpha is wanted
     */
    Bptt(
            Rnn rnn,
            Kernels kernels,
            Weights weights,
            int steps,
            int rows,
            boolean masked,
            int segment,
            double l2Rates,
            boolean byAlpha) {
        shape = rnn.shape();
        wIn = shape.wIn();
        wRec = shape.wRec();
        wOut = shape.wOut();
        bOut = shape.bOut();
        bRec = shape.bRec();
        h0 = shape.h0();
        phi = rnn.activation();
        map = rnn.statesAreRates();
        this.l2Rates = l2Rates;
        this.byAlpha = byAlpha;
        noiseKeys = rnn.noiseSd() == 0.0 ? null : new long[rows];
        recurrentBias = rnn.recurrentBias();
        this.kernels = kernels;
        this.steps = steps;
        this.segment = segment;
        timeBlock = timeBlock(rows);
        int n = shape.units();
        int outputs = shape.outputs();
        unitColumns = kernels.padded(n);
        rateLength = weights.forward.rateLength();
        ldu = weights.forward.rowLength();
        ldv = outputs + unitColumns;
        ldd = kernels.padded(shape.inputs() + n);
        x = new double[steps * rows * shape.inputs()];
        target = new double[steps * rows * outputs];
        weight = masked ? new double[target.length] : null;
        dy = new double[target.length];
        tape = new double[(segment + 1) * rows * ldu];
        rates = map ? null : new double[segment * rows * rateLength];
        starts = new double[(segments(steps, segment) - 1) * rows * n];
        v = new double[timeBlock * rows * ldv];
        dh = new double[rows * unitColumns];
        carry = map ? null : new double[dh.length];
        zeros = new double[unitColumns];
        scratch = new double[rows * ldu];
        d = new double[(outputs + n) * ldd];
        sums = new double[outputs + n];
    }

    private static int timeBlock(int rows) {
        return Math.max(1, ROWS_A_BLOCK / rows);
    }

    private static int segments(int steps, int segment) {
        return (steps + segment - 1) / segment;
    }

    /** Bytes that the arrays of one worker take which grow with the number of steps, those of a single trial that it reads into included. */
    static long bytes(RnnShape shape, boolean map, Kernels kernels, int steps, int rows, boolean masked, int segment) {
        long values = (segment + 1L) * rows * Propagator.rowLength(shape, kernels);
        if (!map) {
            values += (long) segment * rows * Propagator.rateLength(shape, kernels);
        }
        values += (segments(steps, segment) - 1L) * rows * shape.units();
        values += (long) steps * rows * (shape.inputs() + (masked ? 3L : 2L) * shape.outputs());
        values += (long) steps * (shape.inputs() + (masked ? 2L : 1L) * shape.outputs());
        return 8 * values;
    }

    /**
     * Length of the longest segment with which a worker stays within a number of bytes: the whole trial, or a multiple of the block
     * of steps, which keeps the bits.
     *
     * @throws IllegalArgumentException if even the best segment does not fit, or no array could hold it
     */
    static int segmentFor(
            RnnShape shape, boolean map, Kernels kernels, int steps, int rows, boolean masked, long limitBytes) {
        long maxValues = Integer.MAX_VALUE - 16L;
        long row = Propagator.rowLength(shape, kernels);
        int block = timeBlock(rows);
        if (bytes(shape, map, kernels, steps, rows, masked, steps) <= limitBytes
                && (steps + 1L) * rows * row <= maxValues) {
            return steps;
        }
        int best = -1;
        long least = Long.MAX_VALUE;
        // Bytes fall with the segment's length, then rise: take the longest that fits.
        for (int length = block; length < steps + block; length += block) {
            long bytes = bytes(shape, map, kernels, steps, rows, masked, length);
            least = Math.min(least, bytes);
            if (bytes <= limitBytes && (length + 1L) * rows * row <= maxValues) {
                best = length;
            }
        }
        if (best < 0) {
            throw new IllegalArgumentException("memory limit is " + (limitBytes >> 20)
                    + " MiB a thread, expected at least "
                    + ((least >> 20) + 1) + " MiB for " + steps + " steps, " + rows + " trials and " + shape.units()
                    + " units");
        }
        return best;
    }

    /** Sum of the weights of the last chunk. */
    double weightSum() {
        return weightSum;
    }

    /** Of the last chunk the sum over steps and trials of {@code l2Rates * weight * |h|^2 / N}, the weight being the sum of the outputs' weights. */
    double ratePenalty() {
        return ratePenalty;
    }

    /** Of the last chunk the derivative by alpha of what {@link #run} has the gradient of; 0 if it isn't wanted. */
    double alphaGradient() {
        return alphaGradient;
    }

    /**
     * Runs the trials in {@link #x} and walks back.
     *
     * @param rows number of trials, whose values lie at stride {@code rows} in x, target and weight
     * @param gradient the gradient of the sum of squared weighted errors and of {@link #ratePenalty}, laid out as the parameters. Modified.
     * @return the sum over trials, steps and outputs of weight * (y - target)^2
     */
    double run(Weights weights, int rows, double[] gradient) {
        Propagator forward = weights.forward;
        alpha = weights.alpha;
        ratePenalty = 0.0;
        alphaGradient = 0.0;
        int last = segments(steps, segment) - 1;
        forward.start(rows, weights.parameters, tape, 0);
        for (int s = 0; s <= last; s++) {
            if (s > 0) {
                System.arraycopy(tape, segment * rows * ldu, tape, 0, rows * ldu);
            }
            if (s < last) {
                copyStates(rows, tape, starts, s, false);
            }
            forward(forward, s, rows, true);
        }
        int inLast = steps - last * segment;
        int end = inLast * rows * ldu;
        clearInputs(rows, end);
        forward.read(rows, tape, end, scratch, 0, dy, (steps - 1) * rows * shape.outputs());
        double loss = errors(rows);
        Arrays.fill(d, 0.0);
        Arrays.fill(sums, 0.0);
        for (int s = last; s >= 0; s--) {
            if (s < last) {
                copyStates(rows, starts, tape, s, true);
                forward(forward, s, rows, false);
            }
            backward(weights, s, s == last, rows);
        }
        collect(rows, gradient);
        return loss;
    }

    private void copyStates(int rows, double[] from, double[] to, int s, boolean restore) {
        int n = shape.units();
        for (int r = 0; r < rows; r++) {
            int inTape = r * ldu + shape.inputs();
            int inStarts = (s * rows + r) * n;
            System.arraycopy(from, restore ? inStarts : inTape, to, restore ? inTape : inStarts, n);
        }
    }

    private void clearInputs(int rows, int offset) {
        for (int r = 0; r < rows; r++) {
            Arrays.fill(tape, offset + r * ldu, offset + r * ldu + shape.inputs(), 0.0);
        }
    }

    private void forward(Propagator forward, int s, int rows, boolean outputs) {
        int from = s * segment;
        int to = Math.min(from + segment, steps);
        int inputs = shape.inputs();
        int block = rows * ldu;
        for (int t = from; t < to; t++) {
            int u = (t - from) * block;
            // The longer loop inside, here and below: HotSpot makes a short one slow.
            for (int c = 0; c < inputs; c++) {
                for (int r = 0; r < rows; r++) {
                    tape[u + r * ldu + c] = x[(t * rows + r) * inputs + c];
                }
            }
            boolean read = outputs && t > 0;
            forward.step(
                    rows,
                    tape,
                    u,
                    tape,
                    u + block,
                    rates,
                    (t - from) * rows * rateLength,
                    read ? dy : null,
                    read ? (t - 1) * rows * shape.outputs() : 0);
            if (noiseKeys != null) {
                for (int r = 0; r < rows; r++) {
                    forward.addNoise(stream, noiseKeys[r], t, tape, u + block + r * ldu);
                }
            }
            if (outputs && l2Rates != 0.0) {
                addRatePenalty(t, rows, u + block);
            }
        }
    }

    /** That of the states in the tape from {@code off} on, which are those after step t. */
    private void addRatePenalty(int t, int rows, int off) {
        for (int r = 0; r < rows; r++) {
            int from = off + r * ldu + shape.inputs();
            double sum = 0.0;
            for (int i = from; i < from + shape.units(); i++) {
                sum = Fma.fma(tape[i], tape[i], sum);
            }
            ratePenalty += rateFactor(t, rows, r) * sum;
        }
    }

    /** What the sum of squared states of a trial after step t counts. */
    private double rateFactor(int t, int rows, int r) {
        int outputs = shape.outputs();
        double sum = outputs;
        if (weight != null) {
            sum = 0.0;
            for (int o = 0; o < outputs; o++) {
                sum += weight[(t * rows + r) * outputs + o];
            }
        }
        return l2Rates * sum / shape.units();
    }

    /** Turns the outputs in dy into their adjoints and returns the weighted sum of squares. */
    private double errors(int rows) {
        int count = steps * rows * shape.outputs();
        double sum = 0.0;
        if (weight == null) {
            for (int i = 0; i < count; i++) {
                double e = dy[i] - target[i];
                sum = Fma.fma(e, e, sum);
                dy[i] = 2.0 * e;
            }
            weightSum = count;
        } else {
            double total = 0.0;
            for (int i = 0; i < count; i++) {
                double e = dy[i] - target[i];
                double weighted = weight[i] * e;
                sum = Fma.fma(weighted, e, sum);
                total += weight[i];
                dy[i] = 2.0 * weighted;
            }
            weightSum = total;
        }
        return sum;
    }

    private void backward(Weights weights, int s, boolean isLast, int rows) {
        int n = shape.units();
        int outputs = shape.outputs();
        int inputs = shape.inputs();
        int from = s * segment;
        int end = isLast ? steps + 1 : from + segment;
        int block = rows * ldu;
        for (int b = (end - 1) / timeBlock * timeBlock; b >= from; b -= timeBlock) {
            int blockEnd = Math.min(b + timeBlock, end);
            for (int t = blockEnd - 1; t >= b; t--) {
                int vt = (t - b) * rows * ldv;
                if (t == steps) {
                    Arrays.fill(v, vt, vt + rows * ldv, 0.0);
                } else {
                    if (byAlpha) {
                        addAlphaGradient(rows, (t - from) * block, (t - from) * rows * rateLength);
                    }
                    double[] rate = map ? tape : rates;
                    int rateOff = map ? (t + 1 - from) * block + inputs : (t - from) * rows * rateLength;
                    kernels.backActivate(
                            phi,
                            alpha,
                            rows,
                            unitColumns,
                            rate,
                            rateOff,
                            map ? ldu : rateLength,
                            dh,
                            0,
                            unitColumns,
                            v,
                            vt + outputs,
                            ldv);
                }
                putOutputAdjoints(rows, t, vt);
                double[] init = zeros;
                if (!map && t < steps) {
                    kernels.leak(alpha, rows, unitColumns, dh, 0, unitColumns, zeros, 0, 0, carry, 0, unitColumns);
                    init = carry;
                }
                kernels.gemm(
                        rows, v, vt, ldv, weights.packed, init, 0, init == zeros ? 0 : unitColumns, dh, 0, unitColumns);
                if (l2Rates != 0.0 && t > 0) {
                    addRateAdjoints(t, rows, (t - from) * block);
                }
            }
            int blockRows = (blockEnd - b) * rows;
            kernels.gemmTransposed(outputs + n, ldd, blockRows, v, 0, ldv, tape, (b - from) * block, ldu, d, 0, ldd);
            kernels.sumRows(blockRows, recurrentBias ? outputs + n : outputs, v, 0, ldv, sums, 0);
        }
    }

    /** Adds the derivative of the penalty by h(t), which lies in the tape from {@code off} on, to dh(t). */
    private void addRateAdjoints(int t, int rows, int off) {
        int n = shape.units();
        for (int r = 0; r < rows; r++) {
            double factor = 2.0 * rateFactor(t - 1, rows, r);
            int h = off + r * ldu + shape.inputs();
            for (int i = 0; i < n; i++) {
                dh[r * unitColumns + i] += factor * tape[h + i];
            }
        }
    }

    /**
     * Adds dh(t+1) times the derivative of h(t+1) by alpha itself. With {@code h(t+1) = h + alpha (r - h) + n} and a noise n that goes with sqrt(alpha) that
     * is {@code r - h + n / (2 alpha) = (r - h) / 2 + (h(t+1) - h) / (2 alpha)}.
     *
     * @param off where h(t) lies in the tape, and h(t+1) after it
     * @param rateOff where r lies
     */
    private void addAlphaGradient(int rows, int off, int rateOff) {
        int n = shape.units();
        boolean noisy = noiseKeys != null;
        double half = 0.5 / alpha;
        double sum = 0.0;
        for (int row = 0; row < rows; row++) {
            int h = off + row * ldu + shape.inputs();
            int next = h + rows * ldu;
            for (int i = 0; i < n; i++) {
                double step = rates[rateOff + row * rateLength + i] - tape[h + i];
                if (noisy) {
                    step = 0.5 * step + half * (tape[next + i] - tape[h + i]);
                }
                sum = Fma.fma(dh[row * unitColumns + i], step, sum);
            }
        }
        alphaGradient += sum;
    }

    private void putOutputAdjoints(int rows, int t, int vt) {
        int outputs = shape.outputs();
        for (int o = 0; o < outputs; o++) {
            for (int r = 0; r < rows; r++) {
                v[vt + r * ldv + o] = t == 0 ? 0.0 : dy[((t - 1) * rows + r) * outputs + o];
            }
        }
    }

    private void collect(int rows, double[] gradient) {
        int n = shape.units();
        int inputs = shape.inputs();
        int outputs = shape.outputs();
        for (int i = 0; i < n; i++) {
            int row = (outputs + i) * ldd;
            System.arraycopy(d, row, gradient, wIn.at(i, 0), inputs);
            System.arraycopy(d, row + inputs, gradient, wRec.at(i, 0), n);
        }
        for (int o = 0; o < outputs; o++) {
            System.arraycopy(d, o * ldd + inputs, gradient, wOut.at(o, 0), n);
        }
        System.arraycopy(sums, 0, gradient, bOut.offset(), outputs);
        System.arraycopy(sums, outputs, gradient, bRec.offset(), n);
        Arrays.fill(gradient, h0.offset(), h0.end(), 0.0);
        kernels.sumRows(rows, n, dh, 0, unitColumns, gradient, h0.offset());
    }
}
