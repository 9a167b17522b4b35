package attractor.analysis;

import attractor.engine.EulerStep;
import attractor.engine.TrialRows;
import attractor.io.Printable;
import attractor.kernel.Activation;
import attractor.kernel.Fma;
import attractor.kernel.Kernels;
import attractor.model.Form;
import attractor.model.Rnn;
import attractor.model.RnnShape;
import java.util.Arrays;

/**
 * A network under constant input as a map of its states, h' = F(h), with its derivative and without the network's
 * noise, for many states at once. A W_rec of low rank is used as the product that it is. States are consecutive rows of N values. Not thread-safe: it reuses its buffers.
 *
 * <p>With the rates r = phi(W_rec h + W_in x + b_rec) and D = diag phi', F(h) = (1 - alpha) h + alpha r and
 * {@code DF = (1 - alpha) I + alpha D W_rec}. Hence {@code F(h) - h = alpha g(h)} with g(h) = r - h: the fixed points
 * don't depend on alpha, and {@code Dg = D W_rec - I}.
 *
 * <p>In the current form the state h is the current x, {@code F(x) = (1 - alpha) x + alpha (W_rec phi(x) + W_in u + b_rec)},
 * {@code DF = (1 - alpha) I + alpha W_rec D} with the rates r = phi(x), and outputs are read from phi(x). What needs g in its
 * other form works on {@link #rateForm} instead.
 */
final class ConstantMap {
    final Rnn rnn;
    final int n;
    final int outputs;
    final double alpha;
    final Activation phi;
    final Kernels kernels;

    private final boolean current;
    private final double[] input;
    private final EulerStep step;
    /** Two slots, used in turn, with the constant input; as many rows as were needed so far. */
    private TrialRows map;

    private MatrixProduct timesW;
    private MatrixProduct timesWTransposed;

    /**
     * @param input I values, the same at every step; null for zeros
     * @throws IllegalArgumentException if the input has another length or isn't finite
     */
    ConstantMap(Rnn rnn, double[] input, Kernels kernels) {
        this.rnn = rnn.withNoise(0.0).fullRank();
        this.kernels = kernels;
        n = rnn.units();
        outputs = rnn.outputs();
        alpha = rnn.alpha();
        phi = rnn.activation();
        current = rnn.form() == Form.CURRENT;
        this.input = checkedInput(rnn, input);
        checkFinite("network parameter", rnn.parameters());
        step = new EulerStep(this.rnn, kernels);
        map = rows(1);
    }

    static double[] checkedInput(Rnn rnn, double[] input) {
        if (input == null) {
            return new double[rnn.inputs()];
        }
        if (input.length != rnn.inputs()) {
            throw new IllegalArgumentException(
                    "constant input has " + Printable.count(input.length, "value") + ", expected I = " + rnn.inputs());
        }
        checkFinite("constant input", input);
        return input.clone();
    }

    static void checkFinite(String what, double[] a) {
        for (int i = 0; i < a.length; i++) {
            if (!Double.isFinite(a[i])) {
                throw new IllegalArgumentException(what + " " + i + " is " + a[i] + ", expected a finite number");
            }
        }
    }

    double[] input() {
        return input.clone();
    }

    /** The map of the network's rate form, whose fixed points h = phi(x) are one to one with those of the current form. */
    ConstantMap rateForm() {
        return new ConstantMap(rnn.withForm(Form.RATE), input, kernels);
    }

    /**
     * Whether F(-h) = -F(h): the units' activation is odd, and there is no input and no bias. Then attractors come in
     * pairs or are symmetric.
     */
    boolean odd() {
        if (phi != Activation.TANH && phi != Activation.IDENTITY) {
            return false;
        }
        for (double x : input) {
            if (x != 0.0) {
                return false;
            }
        }
        RnnShape.View bias = rnn.shape().bRec();
        for (int i = bias.offset(); i < bias.end(); i++) {
            if (rnn.parameters()[i] != 0.0) {
                return false;
            }
        }
        return true;
    }

    /**
     * F and the rates of some states.
     *
     * @param h rows x N, from {@code hOff}. Not modified.
     * @param next rows x N, becomes F(h); may be h itself. Modified.
     * @param r rows x N, becomes the rates on which DF(h) depends, phi(z), in the current form phi(h); null if not
     *     wanted. Modified.
     */
    void apply(int rows, double[] h, int hOff, double[] next, int nextOff, double[] r) {
        load(rows, h, hOff);
        step.advance(map, 0, 1);
        map.takeStates(1, next, nextOff, n);
        if (r != null) {
            map.takeRates(current ? 0 : 1, r, 0, n);
        }
    }

    /** {@code h = F^steps(h)} for each of the rows x N states from {@code hOff}. {@code h} is modified. */
    void advance(int rows, double[] h, int hOff, int steps) {
        load(rows, h, hOff);
        int now = 0;
        for (int t = 0; t < steps; t++) {
            step.advance(map, now, 1 - now);
            now = 1 - now;
        }
        map.takeStates(now, h, hOff, n);
    }

    /** Loads states into the first slot. */
    private void load(int rows, double[] h, int hOff) {
        if (map.capacity() < rows) {
            map = rows(rows);
        }
        map.use(rows);
        map.putStates(0, h, hOff, n);
    }

    private TrialRows rows(int count) {
        TrialRows rows = new TrialRows(step, count, 2);
        rows.putConstantInput(input);
        return rows;
    }

    /** The orbit h, F(h), ..., F^(steps-1)(h): steps x N. */
    double[] orbit(double[] h, int steps) {
        double[] orbit = Arrays.copyOf(h, steps * n);
        for (int t = 1; t < steps; t++) {
            apply(1, orbit, (t - 1) * n, orbit, t * n, null);
        }
        return orbit;
    }

    /** {@code y = W_out h + b_out} of rows x N states, in the current form with phi(h) for h: rows x O. */
    double[] outputs(int rows, double[] h, int hOff) {
        RnnShape shape = rnn.shape();
        double[] p = rnn.parameters();
        double[] y = new double[rows * outputs];
        for (int k = 0; k < rows; k++) {
            for (int o = 0; o < outputs; o++) {
                double sum = p[shape.bOut().at(o, 0)];
                for (int j = 0, from = shape.wOut().at(o, 0); j < n; j++) {
                    double state = h[hOff + k * n + j];
                    sum = Fma.fma(current ? phi.rate(state) : state, p[from + j], sum);
                }
                y[k * outputs + o] = sum;
            }
        }
        return y;
    }

    /** The same outputs at a single state. */
    double[] output(double[] h) {
        return outputs(1, h, 0);
    }

    /** {@code v -> W_rec v} of rows. */
    void timesW(int rows, double[] v, double[] out) {
        if (timesW == null) {
            timesW = new MatrixProduct(kernels, n);
            timesW.load(transposed());
        }
        timesW.apply(rows, v, 0, out, 0);
    }

    /** {@code v -> W_rec^T v} of rows. */
    void timesWTransposed(int rows, double[] v, double[] out) {
        if (timesWTransposed == null) {
            timesWTransposed = new MatrixProduct(kernels, n);
            timesWTransposed.load(weights());
        }
        timesWTransposed.apply(rows, v, 0, out, 0);
    }

    /** W_rec, N x N. */
    double[] weights() {
        return rnn.wRec();
    }

    private double[] transposed() {
        double[] w = weights();
        double[] t = new double[w.length];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                t[j * n + i] = w[i * n + j];
            }
        }
        return t;
    }

    /** DF, N x N row by row, from the rates that {@link #apply} gives. {@code df} is modified. */
    void jacobian(double[] r, int rOff, double[] df) {
        RnnShape.View w = rnn.shape().wRec();
        double[] p = rnn.parameters();
        for (int i = 0; i < n; i++) {
            double slope = alpha * phi.slope(r[rOff + i]);
            for (int j = 0; j < n; j++) {
                df[i * n + j] = (current ? alpha * phi.slope(r[rOff + j]) : slope) * p[w.at(i, j)];
            }
            df[i * n + i] += 1.0 - alpha;
        }
    }

    /**
     * {@code v = DF v} of several tangent vectors at one state.
     *
     * @param r the rates that {@link #apply} gives, N values. Not modified.
     * @param v rows x N. Modified.
     * @param work rows x N. Modified.
     */
    void tangents(int rows, double[] r, double[] v, double[] work) {
        tangents(rows, r, 0, v, work);
    }

    /** The same with a state for each vector: entry i of vector k has the rate {@code r[k * stride + i]}. */
    void tangents(int rows, double[] r, int stride, double[] v, double[] work) {
        if (!current) {
            timesW(rows, v, work);
            for (int k = 0; k < rows; k++) {
                for (int i = 0; i < n; i++) {
                    double slope = alpha * phi.slope(r[k * stride + i]);
                    v[k * n + i] = Fma.fma(slope, work[k * n + i], (1.0 - alpha) * v[k * n + i]);
                }
            }
            return;
        }
        double[] sent = new double[rows * n];
        for (int k = 0; k < rows; k++) {
            for (int i = 0; i < n; i++) {
                sent[k * n + i] = phi.slope(r[k * stride + i]) * v[k * n + i];
            }
        }
        timesW(rows, sent, work);
        for (int i = 0; i < rows * n; i++) {
            v[i] = Fma.fma(alpha, work[i], (1.0 - alpha) * v[i]);
        }
    }

    /** The largest |F(h) - h| over the units. */
    double residual(double[] h) {
        double[] next = new double[n];
        apply(1, h, 0, next, 0, null);
        return distance(h, 0, next, 0, n);
    }

    /** The largest |a - b| over n entries; NaN if there is one. */
    static double distance(double[] a, int aOff, double[] b, int bOff, int n) {
        double max = 0.0;
        for (int i = 0; i < n; i++) {
            max = Math.max(max, Math.abs(a[aOff + i] - b[bOff + i]));
        }
        return max;
    }
}
