package attractor.engine;

import attractor.kernel.Activation;
import attractor.kernel.Fma;
import attractor.kernel.Kernels;
import attractor.model.Form;
import attractor.model.Rnn;
import attractor.model.RnnShape;
import attractor.model.RnnShape.View;
import attractor.random.RandomStream;
import java.util.Arrays;

/**
 * Loss and gradient of a chunk of trials: a forward pass through time that fills the tape, then a backward pass over it. The
 * derivation is in the description of this package. With the row vectors of one trial
 *
 * <pre>
 *     u(t) = [x(t+1) | h(t)],   v(t) = [dy(t) | dz(t+1)],   t = 0..T,  dy(0) = 0,  dz(T+1) = 0
 *
 *     dz(t+1) = alpha phi'(z(t+1)) dh(t+1)
 *     dh(t)   = (1 - alpha) dh(t+1) + v(t) [W_out; W_rec]
 *     D       = sum over t, trials of v(t)^T u(t)
 * </pre>
 *
 * <p>D holds the gradients of all weights. In its rows O..O+N, columns 0..I are dW_in and the other columns are dW_rec; in its
 * rows 0..O, columns I..I+N are dW_out. The sums of v over time and trials are db_out and db_rec, and dh(0) is dh0. D is
 * summed over blocks of steps, from the last block to the first; within a block, in the order of time, then of trials.
 *
 * <p>Noise in the states is part of the tape. It has no derivative except the one by alpha, see {@link ExtraTerms}. Where a
 * state is 0 because noise would have made it negative (Dale's law, see {@link Rnn#withNoise}), dh(t+1) is 0.
 *
 * <p>In the current form ({@link Form}), where {@code x(t+1) = (1 - alpha) x(t) + alpha z(t+1)} and h = phi(x), the term with
 * 1 - alpha moves from the second formula into the first one: {@code dz(t+1) = (1 - alpha) dz(t+2) + alpha phi'(x(t+1))
 * dh(t+1)} and {@code dh(t) = v(t) [W_out; W_rec]}. All else is the same.
 *
 * <p>Where W_rec is used as its factors P Q^T / N (see {@link EulerStep}), the R latent variables kappa = Q^T h / N lie on the tape too, and
 * {@code dkappa(t) = P^T dz(t+1)} takes the place of dz(t+1) in dh(t): {@code dh(t) = (1 - alpha) dh(t+1) + [dy(t) | dkappa(t)] [W_out;
 * Q^T/N]}. D falls into two parts, {@code [dW_in | dP] = sum of dz(t+1)^T [x(t+1) | kappa(t)]} and {@code [dW_out; N dQ^T] = sum of
 * [dy(t) | dkappa(t)]^T h(t)}. Otherwise the gradients of the factors follow from that of their product, {@code dP = dW_rec Q / N} and
 * {@code dQ = dW_rec^T P / N}.
 *
 * <p>Usage: fill {@link #x}, {@link #target}, {@link #weight} and, with noise, {@link #noiseKeys}; call {@link #forward}, then
 * {@link #backward}. Belongs to one thread. Allocates nothing after construction.
 */
final class Backward {
    /** Trials per chunk: small enough for the caches, enough to fill the register tiles. Another value changes the bits. */
    static final int CHUNK = 32;

    /** A network's weights as both passes need them. Shared by the threads; one thread loads them while no other reads. */
    static final class Weights {
        /** The forward step, with [W_in W_rec; 0 W_out] transposed. */
        final EulerStep step;

        private final RnnShape shape;
        private final View wOut;
        private final Kernels kernels;
        private final double[] rows;
        /** [W_out; W_rec], (O + N) x padded N, or [W_out; Q^T/N], (O + R) x padded N. Not transposed, so it is a second copy. */
        private final Kernels.Packed packed;
        /** P and Q, N x R each, in a network of low rank. */
        private final double[] factors;

        /** Where W_rec, or P and then Q, begin among the parameters. */
        private final int wRecAt;

        private final boolean thin;
        /** P, N x padded R, where W_rec is used as its factors. */
        private final double[] senders;

        private final Kernels.Packed packedSenders;

        Weights(Rnn rnn, Kernels kernels) {
            step = new EulerStep(rnn, kernels);
            shape = rnn.shape();
            wOut = shape.wOut();
            wRecAt = shape.wIn().end();
            factors = new double[2 * shape.units() * shape.rank()];
            this.kernels = kernels;
            thin = EulerStep.isThin(shape);
            int length = shape.outputs() + (thin ? shape.rank() : shape.units());
            rows = new double[length * kernels.padded(shape.units())];
            packed = kernels.packed(length, kernels.padded(shape.units()));
            senders = new double[thin ? shape.units() * kernels.padded(shape.rank()) : 0];
            packedSenders = thin ? kernels.packed(shape.units(), kernels.padded(shape.rank())) : packed;
            // float: load(attractor.kernel.Floats.rounded(rnn.parameters()));
            load(rnn.parameters());
        }

        void load(double[] parameters) {
            step.load(parameters);
            int n = shape.units();
            int columns = kernels.padded(n);
            for (int o = 0; o < shape.outputs(); o++) {
                System.arraycopy(parameters, wOut.at(o, 0), rows, o * columns, n);
            }
            if (shape.rank() > 0) {
                System.arraycopy(parameters, wRecAt, factors, 0, factors.length);
            }
            if (thin) {
                loadFactors(columns);
            } else {
                double[] recurrent = step.recurrent(parameters);
                int at = step.recurrentAt();
                for (int i = 0; i < n; i++) {
                    System.arraycopy(recurrent, at + i * n, rows, (shape.outputs() + i) * columns, n);
                }
            }
            packed.load(rows, 0, columns);
        }

        private void loadFactors(int columns) {
            int n = shape.units();
            int rank = shape.rank();
            int length = kernels.padded(rank);
            for (int i = 0; i < n; i++) {
                System.arraycopy(factors, i * rank, senders, i * length, rank);
                for (int r = 0; r < rank; r++) {
                    rows[(shape.outputs() + r) * columns + i] = factors[(n + i) * rank + r] / n;
                }
            }
            packedSenders.load(senders, 0, length);
        }
    }

    private final int n;
    private final int inputs;
    private final int outputs;
    private final int rank;
    private final int steps;
    /** N, padded: stride of dh. */
    private final int unitColumns;
    /** O + padded N, with factors plus padded R: stride of v. */
    private final int ldv;
    /** Where dy begins in a row of v: {@code [dy | dz]}, with factors {@code [dz | dy | dkappa]}. */
    private final int dyAt;
    /** Where dz begins in a row of v. */
    private final int dzAt;
    /** Padded I + N, with factors padded I + R: stride of D. */
    private final int ldd;

    private final boolean thin;

    private final RnnShape shape;
    private final View wIn;
    private final View wOut;
    private final View bOut;
    private final View bRec;
    private final View h0;
    private final boolean recurrentBias;
    private final Activation phi;
    private final Kernels kernels;
    private final Weights weights;
    private final TapePlan plan;
    private final Loss loss;
    private final ExtraTerms extra;

    /** Inputs, {@code x[(r * T + t) * I + i]}. */
    final double[] x;
    /** Targets, {@code target[(r * T + t) * O + o]}. */
    final double[] target; // stays double
    /** Weights of the outputs, laid out as the targets. */
    final double[] weight; // stays double
    /** Keys to the noise of each trial, see {@link EulerStep#noiseKey}. */
    final long[] noiseKeys;

    /** For each trial, the number of steps up to the last one with a weight. */
    private final int[] ends;
    /** Whether any trial ends before the last step. */
    private boolean padded;

    /** y(1..T), laid out as the targets. */
    private final double[] y;
    // float adds: private final double[] wideY; // y for the loss, which is always computed in double
    /** dy(1..T), laid out as the targets. */
    private final double[] dy; // stays double
    /** u(t) of a segment, and the state after the segment. */
    private final TrialRows tape;
    /** h at the start of each segment except the last, trials x N each. */
    private final double[] starts;
    /** v(t) of a block of steps, timeBlock x trials x ldv. */
    private final double[] v;
    /** dh(t), trials x unitColumns. */
    private final double[] dh;
    /** (1 - alpha) dh(t+1), in the current form phi' dh(t+1); laid out as dh. */
    private final double[] carry;

    private final boolean current;

    private final double[] zeros;
    /** D, (O + N) x ldd; with factors {@code [dW_in | dP]}, N x ldd. */
    private final double[] d;
    /** With factors {@code [dW_out; N dQ^T]}, (O + R) x padded N. */
    private final double[] dReaders;
    /** Sums of v over time and trials, O + N. */
    private final double[] sums;

    private final RandomStream stream = new RandomStream(0, EulerStep.NOISE, 0);

    /**
     * @param weights shared with other threads
     * @param plan for chunks of at most its number of trials
     */
    Backward(Rnn rnn, Kernels kernels, Weights weights, TapePlan plan, Loss loss, ExtraTerms extra) {
        shape = rnn.shape();
        n = shape.units();
        inputs = shape.inputs();
        outputs = shape.outputs();
        rank = shape.rank();
        steps = plan.steps();
        unitColumns = kernels.padded(n);
        thin = weights.thin;
        ldv = outputs + unitColumns + (thin ? kernels.padded(rank) : 0);
        dyAt = thin ? unitColumns : 0;
        dzAt = thin ? 0 : outputs;
        ldd = kernels.padded(inputs + (thin ? rank : n));
        wIn = shape.wIn();
        wOut = shape.wOut();
        bOut = shape.bOut();
        bRec = shape.bRec();
        h0 = shape.h0();
        recurrentBias = rnn.recurrentBias();
        // float: phi = FloatActivation.of(rnn.activation().id());
        phi = rnn.activation();
        current = rnn.form() == Form.CURRENT;
        this.kernels = kernels;
        this.weights = weights;
        this.plan = plan;
        this.loss = loss;
        this.extra = extra;
        int trials = plan.trials();
        x = new double[trials * steps * inputs];
        target = new double[trials * steps * outputs]; // stays double
        weight = new double[target.length]; // stays double
        noiseKeys = new long[trials];
        ends = new int[trials];
        y = new double[target.length];
        // float adds: wideY = new double[target.length];
        dy = new double[target.length]; // stays double
        tape = new TrialRows(weights.step, trials, plan.segment() + 1, extra.byAlpha());
        starts = new double[(plan.segments() - 1) * trials * n];
        v = new double[plan.timeBlock() * trials * ldv];
        dh = new double[trials * unitColumns];
        carry = new double[dh.length];
        zeros = new double[unitColumns];
        d = new double[(thin ? n : outputs + n) * ldd];
        dReaders = new double[thin ? (outputs + rank) * unitColumns : 0];
        sums = new double[outputs + n];
    }

    /**
     * Runs the trials in {@link #x}: h(0..T) onto the tape, y(1..T), the loss and dy(1..T).
     *
     * @param trials number of trials
     * @return the sum of their losses, see {@link Loss#sum}
     */
    double forward(int trials) { // stays double
        extra.begin();
        clearPadding(trials);
        tape.use(trials);
        weights.step.start(tape, 0);
        int last = plan.segments() - 1;
        for (int s = 0; s <= last; s++) {
            if (s > 0) {
                tape.copyStates(plan.segment(), 0);
            }
            if (s < last) {
                tape.takeStates(0, starts, s * trials * n, n);
            }
            forward(s, true);
        }
        int end = steps - plan.start(last);
        tape.clearInputs(end);
        weights.step.readOutputs(tape, end, y, (steps - 1) * outputs, steps * outputs);
        // float adds: attractor.kernel.Floats.widen(y, 0, wideY, 0, trials * steps * outputs);
        // float: return loss.sum(trials, steps, outputs, wideY, target, weight, dy);
        return loss.sum(trials, steps, outputs, y, target, weight, dy);
    }

    /**
     * Finds where trials end, and sets everything after the end to 0. Nothing there has a weight, but a state could overflow, and
     * 0 times infinity is not 0.
     */
    private void clearPadding(int trials) {
        padded = false;
        for (int r = 0; r < trials; r++) {
            int end = (r + 1) * steps * outputs;
            int first = r * steps * outputs;
            while (end > first && weight[end - 1] == 0.0) {
                end--;
            }
            ends[r] = (end - first + outputs - 1) / outputs;
            if (ends[r] < steps) {
                padded = true;
                Arrays.fill(x, (r * steps + ends[r]) * inputs, (r + 1) * steps * inputs, 0.0);
                Arrays.fill(target, (r * steps + ends[r]) * outputs, (r + 1) * steps * outputs, 0.0);
            }
        }
    }

    /** One segment, from the states in the tape's first slot; once more without outputs and penalties. */
    private void forward(int s, boolean firstTime) {
        EulerStep step = weights.step;
        int from = plan.start(s);
        int to = plan.end(s);
        for (int t = from; t < to; t++) {
            int slot = t - from;
            tape.putInputs(slot, x, 0, steps, t);
            if (firstTime && t > 0) {
                step.advance(tape, slot, slot + 1, y, (t - 1) * outputs, steps * outputs);
            } else {
                step.advance(tape, slot, slot + 1);
            }
            if (step.hasNoise()) {
                step.addNoise(stream, noiseKeys, t, tape, slot + 1);
            }
            if (padded) {
                for (int r = 0; r < tape.trials(); r++) {
                    if (ends[r] <= t) {
                        tape.clearStep(slot + 1, r);
                    }
                }
            }
            if (firstTime && extra.penaliseRates()) {
                extra.addPenalty(tape, slot + 1, weight, t * outputs, steps * outputs);
            }
        }
    }

    /**
     * Runs the backward pass over the trials of the last {@link #forward}: from dy(1..T) to D.
     *
     * @param gradient receives the gradient of losses and penalty on the rates, laid out as the parameters. Modified.
     */
    void backward(double[] gradient) {
        Arrays.fill(d, 0.0);
        Arrays.fill(dReaders, 0.0);
        Arrays.fill(sums, 0.0);
        int last = plan.segments() - 1;
        for (int s = last; s >= 0; s--) {
            if (s < last) {
                tape.putStates(0, starts, s * tape.trials() * n, n);
                forward(s, false);
            }
            backward(s, s == last);
        }
        if (current) {
            initialAdjoints();
        }
        collect(gradient);
    }

    /** In the current form, turns dh(0) into {@code dx(0) = (1 - alpha) dx(1) + phi'(x(0)) dh(0)}. */
    private void initialAdjoints() {
        double alpha = weights.step.alpha();
        preActivationAdjoints(1.0, -1, carry, 0, unitColumns);
        for (int r = 0; r < tape.trials(); r++) {
            for (int i = 0; i < n; i++) {
                // v(0) holds dz(1) = alpha dx(1)
                double dx1 = v[r * ldv + dzAt + i] / alpha;
                dh[r * unitColumns + i] = Fma.fma(1.0 - alpha, dx1, carry[r * unitColumns + i]);
            }
        }
    }

    /**
     * One segment, from dh(t) at its end to dh(t) at its start. This is the most important loop of the project: training
     * consists of this loop and the loop over {@link EulerStep#advance}.
     */
    private void backward(int s, boolean isLast) {
        int trials = tape.trials();
        double alpha = weights.step.alpha();
        boolean leaky = !tape.statesAreRates() && !current;
        int timeBlock = plan.timeBlock();
        int from = plan.start(s);
        int end = isLast ? steps + 1 : from + plan.segment();
        for (int b = (end - 1) / timeBlock * timeBlock; b >= from; b -= timeBlock) {
            int blockEnd = Math.min(b + timeBlock, end);
            for (int t = blockEnd - 1; t >= b; t--) {
                int slot = t - from;
                int vt = (t - b) * trials * ldv;
                double[] init = zeros;
                if (t == steps) {
                    Arrays.fill(v, vt, vt + trials * ldv, 0.0);
                } else {
                    if (weights.step.noiseIsRectified()) {
                        dropRectified(slot + 1);
                    }
                    if (extra.byAlpha() && !current) {
                        extra.addAlphaGradient(tape, slot, alpha, dh, unitColumns);
                    }
                    if (current && alpha != 1.0) {
                        // v(t+1) is the row after, or still the first row of the block after
                        int later = t == blockEnd - 1 ? 0 : vt + trials * ldv;
                        currentAdjoints(alpha, t, slot, vt + dzAt, later + dzAt);
                    } else {
                        // dz(t+1) = alpha phi'(z(t+1)) dh(t+1), into v(t)
                        preActivationAdjoints(alpha, slot, v, vt + dzAt, ldv);
                    }
                    // (1 - alpha) dh(t+1)
                    if (leaky) {
                        kernels.leak(
                                alpha, trials, unitColumns, dh, 0, unitColumns, zeros, 0, 0, carry, 0, unitColumns);
                        init = carry;
                    }
                }
                if (thin) {
                    latentAdjoints(vt);
                }
                putOutputAdjoints(t, vt);
                // dh(t) = (1 - alpha) dh(t+1) + v(t) [W_out; W_rec]
                int ldInit = init == zeros ? 0 : unitColumns;
                kernels.gemm(trials, v, vt + dyAt, ldv, weights.packed, init, 0, ldInit, dh, 0, unitColumns);
                if (extra.penaliseRates() && t > 0) {
                    extra.addAdjoints(tape, slot, weight, (t - 1) * outputs, steps * outputs, dh, unitColumns);
                }
            }
            int rows = (blockEnd - b) * trials;
            if (thin) {
                addFactorGradients(rows, b - from);
            } else {
                // D += V^T U, a block of steps at once
                kernels.gemmTransposed(
                        outputs + n, ldd, rows, v, 0, ldv, tape.values(), tape.at(b - from), tape.length(), d, 0, ldd);
                kernels.sumRows(rows, recurrentBias ? outputs + n : outputs, v, 0, ldv, sums, 0);
            }
        }
    }

    /** {@code dkappa(t) = P^T dz(t+1)}, into v(t). */
    private void latentAdjoints(int vt) {
        int dkappa = vt + dyAt + outputs;
        kernels.gemm(tape.trials(), v, vt + dzAt, ldv, weights.packedSenders, zeros, 0, 0, v, dkappa, ldv);
    }

    /** The two parts of D with factors, and the sums of v, for a block of steps from a slot on. */
    private void addFactorGradients(int rows, int slot) {
        double[] u = tape.values();
        int ldu = tape.length();
        kernels.gemmTransposed(n, ldd, rows, v, dzAt, ldv, u, tape.at(slot), ldu, d, 0, ldd);
        kernels.gemmTransposed(
                outputs + rank, unitColumns, rows, v, dyAt, ldv, u, tape.sentAt(slot), ldu, dReaders, 0, unitColumns);
        kernels.sumRows(rows, outputs, v, dyAt, ldv, sums, 0);
        if (recurrentBias) {
            kernels.sumRows(rows, n, v, dzAt, ldv, sums, outputs);
        }
    }

    private void preActivationAdjoints(double alpha, int slot, double[] to, int dz, int ldDz) {
        kernels.backActivate(
                phi,
                alpha,
                tape.trials(),
                unitColumns,
                tape.rates(),
                tape.rateAt(slot + 1),
                tape.rateStride(),
                dh,
                0,
                unitColumns,
                to,
                dz,
                ldDz);
    }

    /** In the current form {@code dz(t+1) = (1 - alpha) dz(t+2) + alpha phi'(x(t+1)) dh(t+1)}, into v(t) from v(t+1). */
    private void currentAdjoints(double alpha, int t, int slot, int dz, int later) {
        preActivationAdjoints(1.0, slot, carry, 0, unitColumns);
        kernels.leak(alpha, tape.trials(), unitColumns, v, later, ldv, carry, 0, unitColumns, v, dz, ldv);
        if (extra.byAlpha()) {
            extra.addAlphaGradient(tape, slot, t, noiseKeys, alpha, v, dz, ldv);
        }
    }

    /** Sets dh(t+1) to 0 where noise would have made the state negative. There h(t+1), in this slot, is 0. */
    private void dropRectified(int slot) {
        double[] h = tape.values();
        for (int r = 0; r < tape.trials(); r++) {
            int from = tape.stateAt(slot) + r * tape.length();
            for (int i = 0; i < n; i++) {
                // By bits, without a branch: which states are 0 looks random to a processor.
                // float: int magnitude = Float.floatToRawIntBits(h[from + i]) & Integer.MAX_VALUE;
                long magnitude = Double.doubleToRawLongBits(h[from + i]) & Long.MAX_VALUE;
                int at = r * unitColumns + i;
                // float: int kept = Float.floatToRawIntBits(dh[at]) & (-magnitude >> 31);
                long kept = Double.doubleToRawLongBits(dh[at]) & (-magnitude >> 63);
                // float: dh[at] = Float.intBitsToFloat(kept);
                dh[at] = Double.longBitsToDouble(kept);
            }
        }
    }

    /** Writes dy(t) into v(t); dy(0) = 0, since y(0) is not an output. */
    private void putOutputAdjoints(int t, int vt) {
        int trials = tape.trials();
        for (int o = 0; o < outputs; o++) {
            for (int r = 0; r < trials; r++) {
                // float: v[vt + dyAt + r * ldv + o] = t == 0 ? 0.0f : (float) dy[(r * steps + t - 1) * outputs + o];
                v[vt + dyAt + r * ldv + o] = t == 0 ? 0.0 : dy[(r * steps + t - 1) * outputs + o];
            }
        }
    }

    /** Copies the blocks of D, the sums and dh(0) to their places among the parameters. */
    private void collect(double[] gradient) {
        int first = thin ? 0 : outputs * ldd;
        for (int i = 0; i < n; i++) {
            System.arraycopy(d, first + i * ldd, gradient, wIn.at(i, 0), inputs);
        }
        if (thin) {
            collectFactors(gradient);
        } else if (rank > 0) {
            collectProduct(gradient);
        } else {
            int wRec = weights.wRecAt;
            for (int i = 0; i < n; i++) {
                System.arraycopy(d, first + i * ldd + inputs, gradient, wRec + i * n, n);
            }
        }
        for (int o = 0; o < outputs; o++) {
            if (thin) {
                System.arraycopy(dReaders, o * unitColumns, gradient, wOut.at(o, 0), n);
            } else {
                System.arraycopy(d, o * ldd + inputs, gradient, wOut.at(o, 0), n);
            }
        }
        System.arraycopy(sums, 0, gradient, bOut.offset(), outputs);
        System.arraycopy(sums, outputs, gradient, bRec.offset(), n);
        Arrays.fill(gradient, h0.offset(), h0.end(), 0.0);
        kernels.sumRows(tape.trials(), n, dh, 0, unitColumns, gradient, h0.offset());
    }

    private void collectFactors(double[] gradient) {
        int p = weights.wRecAt;
        int q = p + n * rank;
        for (int i = 0; i < n; i++) {
            System.arraycopy(d, i * ldd + inputs, gradient, p + i * rank, rank);
            for (int r = 0; r < rank; r++) {
                gradient[q + i * rank + r] = dReaders[(outputs + r) * unitColumns + i] / n;
            }
        }
    }

    /** {@code dP = dW_rec Q / N} and {@code dQ = dW_rec^T P / N}. */
    private void collectProduct(double[] gradient) {
        int p = weights.wRecAt;
        int q = p + n * rank;
        double[] factors = weights.factors;
        Arrays.fill(gradient, p, p + factors.length, 0.0);
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                double dw = d[(outputs + i) * ldd + inputs + j] / n;
                for (int r = 0; r < rank; r++) {
                    int atP = i * rank + r;
                    int atQ = j * rank + r;
                    gradient[p + atP] = Fma.fma(dw, factors[n * rank + atQ], gradient[p + atP]);
                    gradient[q + atQ] = Fma.fma(dw, factors[atP], gradient[q + atQ]);
                }
            }
        }
    }

    /** The sum of the weights of the last chunk. */
    double weightSum() { // stays double
        double sum = 0.0; // stays double
        for (int t = 0; t < steps; t++) {
            for (int r = 0; r < tape.trials(); r++) {
                int from = (r * steps + t) * outputs;
                for (int i = from; i < from + outputs; i++) {
                    sum += weight[i];
                }
            }
        }
        return sum;
    }

    /** The penalty on the rates of the last chunk, and its derivative by alpha. */
    ExtraTerms extra() {
        return extra;
    }
}
