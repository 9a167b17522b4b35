package attractor.model;

import attractor.kernel.Activation;
import attractor.kernel.FactorProduct;
import java.util.Arrays;

/**
 * A recurrent rate network: {@code tau dh/dt = -h + phi(W_rec h + W_in x + b_rec)}, {@code y = W_out h + b_out},
 * advanced by forward Euler with {@code alpha = dt/tau}; or its current form, see {@link Form}. Holds its parameters in one flat block, see {@link RnnShape}.
 * The parameters are mutable and unsynchronised: share a network between threads only while no thread writes to it.
 * Source: Jarne and Laje, arXiv:1906.01094, equations 1 to 5.
 */
public final class Rnn {
    private final RnnShape shape;
    private final Activation activation;
    private final double dtMs;
    private final double tauMs;
    private final boolean recurrentBias;
    private final double[] parameters;
    private final Wiring wiring;
    private final double noiseSd;
    private final Form form;
    private final Precision precision;

    /**
     * A network with given parameters.
     *
     * @param shape the sizes
     * @param activation phi
     * @param dtMs Euler step in ms, positive
     * @param tauMs time constant in ms, at least dtMs (so that alpha is in (0, 1])
     * @param recurrentBias whether the network has a b_rec; if not, its entries of the block must be 0
     * @param parameters the block, laid out as {@code shape} says. Kept, not copied.
     * @throws IllegalArgumentException if the block has another length, or a time constant is out of range
     */
    public Rnn(
            RnnShape shape,
            Activation activation,
            double dtMs,
            double tauMs,
            boolean recurrentBias,
            double[] parameters) {
        this(shape, activation, dtMs, tauMs, recurrentBias, parameters, Wiring.FREE, 0.0, Form.RATE, Precision.DOUBLE);
    }

    private Rnn(
            RnnShape shape,
            Activation activation,
            double dtMs,
            double tauMs,
            boolean recurrentBias,
            double[] parameters,
            Wiring wiring,
            double noiseSd,
            Form form,
            Precision precision) {
        if (!(dtMs > 0.0) || !(tauMs >= dtMs) || Double.isInfinite(tauMs)) {
            throw new IllegalArgumentException(
                    "dt is " + dtMs + " ms and tau is " + tauMs + " ms, expected 0 < dt <= tau (finite)");
        }
        if (parameters.length != shape.parameters()) {
            throw new IllegalArgumentException("parameters has " + parameters.length + " values, expected "
                    + shape.parameters() + " (N = " + shape.units() + ", I = " + shape.inputs() + ", O = "
                    + shape.outputs() + ")");
        }
        this.shape = shape;
        this.activation = activation;
        this.dtMs = dtMs;
        this.tauMs = tauMs;
        this.recurrentBias = recurrentBias;
        this.parameters = parameters;
        this.wiring = wiring;
        this.noiseSd = noiseSd;
        this.form = form;
        this.precision = precision;
        if (!recurrentBias) {
            for (int i = shape.bRec().offset(); i < shape.bRec().end(); i++) {
                if (parameters[i] != 0.0) {
                    throw new IllegalArgumentException(
                            "b_rec[" + (i - shape.bRec().offset()) + "] is " + parameters[i]
                                    + ", expected 0 in a network without recurrent bias");
                }
            }
        }
    }

    /** A network with tanh units, no recurrent bias, {@code dt = tau = 1 ms} and all parameters 0. */
    public static Rnn zeros(RnnShape shape) {
        return new Rnn(shape, Activation.TANH, 1.0, 1.0, false, new double[shape.parameters()]);
    }

    /** The sizes and the layout of {@link #parameters()}. */
    public RnnShape shape() {
        return shape;
    }

    /** N. */
    public int units() {
        return shape.units();
    }

    /** I. */
    public int inputs() {
        return shape.inputs();
    }

    /** O. */
    public int outputs() {
        return shape.outputs();
    }

    /** The nonlinearity phi. */
    public Activation activation() {
        return activation;
    }

    /** Euler step in ms. */
    public double dtMs() {
        return dtMs;
    }

    /** Time constant in ms. */
    public double tauMs() {
        return tauMs;
    }

    /** Euler's {@code dt/tau}, in (0, 1]; 1 makes the network a map, h' = phi(z). */
    public double alpha() {
        return dtMs / tauMs;
    }

    /** Whether the network has a recurrent bias. */
    public boolean recurrentBias() {
        return recurrentBias;
    }

    /** The flat parameter block itself, not a copy. */
    public double[] parameters() {
        return parameters;
    }

    /** A copy of one array of the block, in C order. */
    public double[] copyOf(RnnShape.View view) {
        return Arrays.copyOfRange(parameters, view.offset(), view.end());
    }

    /** R where {@code W_rec = P Q^T / N} with factors of R columns; 0 where it is no product. */
    public int rank() {
        return shape.rank();
    }

    /** A copy of the recurrent weights, N x N in C order; in a network of rank R the product of its factors. */
    public double[] wRec() {
        if (shape.rank() == 0) {
            return copyOf(shape.wRec());
        }
        double[] w = new double[Math.multiplyExact(units(), units())];
        FactorProduct.of(
                units(),
                shape.rank(),
                parameters,
                shape.p().offset(),
                parameters,
                shape.q().offset(),
                w);
        return w;
    }

    /**
     * This network with the product of its factors as a {@code W_rec} of its own and a block of its own; itself if its
     * rank is 0. Rounding apart it does the same.
     */
    public Rnn fullRank() {
        if (shape.rank() == 0) {
            return this;
        }
        RnnShape full = shape.fullRank();
        double[] block = new double[full.parameters()];
        int wRec = full.wRec().offset();
        System.arraycopy(parameters, 0, block, 0, wRec);
        System.arraycopy(wRec(), 0, block, wRec, units() * units());
        int rest = full.wOut().offset();
        System.arraycopy(parameters, shape.wOut().offset(), block, rest, block.length - rest);
        return new Rnn(full, activation, dtMs, tauMs, recurrentBias, block, wiring, noiseSd, form, Precision.DOUBLE)
                .withPrecision(precision);
    }

    /** A network of the same kind with its own copy of the parameters. */
    public Rnn copy() {
        return withParameters(parameters.clone());
    }

    /** A network of the same kind with other parameters, which are kept, not copied. */
    public Rnn withParameters(double[] block) {
        return new Rnn(shape, activation, dtMs, tauMs, recurrentBias, block, wiring, noiseSd, form, precision);
    }

    /** The recurrent connections and their signs; {@link Wiring#FREE} unless given. */
    public Wiring wiring() {
        return wiring;
    }

    /**
     * This network with another wiring; it shares the parameter block.
     *
     * @throws IllegalArgumentException if the weights don't agree with it, or for Dale's law with an activation whose rates
     * may be negative
     */
    public Rnn withWiring(Wiring other) {
        other.check(shape, activation, parameters);
        return new Rnn(shape, activation, dtMs, tauMs, recurrentBias, parameters, other, noiseSd, form, precision);
    }

    /** The standard deviation sigma of the noise in the states, see {@link #withNoise}; 0 unless given. */
    public double noiseSd() {
        return noiseSd;
    }

    /**
     * This network with noise in its states; it shares the parameter block. The step is {@code h' = (1 - alpha) h +
     * alpha phi(z) + sigma sqrt(2 alpha) xi}, with xi independent and standard normal for each unit and step. Without
     * drive, a state then has the standard deviation {@code sigma sqrt(2 / (2 - alpha))}, which tends to sigma as dt
     * tends to 0. In the current form the same term is added to x, so that the noise is inside phi; sigma is then what
     * PsychRNN and pycog call rec_noise and sigma_rec.
     *
     * <p>In the rate form, noise can make states negative with any activation, so that even a unit of relu or sigmoid may
     * send negative values. With Dale's law this is not allowed, since an excitatory unit would then inhibit: there h'
     * is the larger of 0 and the sum above. In the current form what is sent is phi(x), which no noise makes negative.
     *
     * @param sd sigma, 0 for none
     * @throws IllegalArgumentException if it is negative or not finite
     */
    public Rnn withNoise(double sd) {
        if (!(sd >= 0.0 && sd <= Double.MAX_VALUE)) {
            throw new IllegalArgumentException("noise_sd is " + sd + ", expected a finite number, 0 or more");
        }
        return sd == noiseSd
                ? this
                : new Rnn(shape, activation, dtMs, tauMs, recurrentBias, parameters, wiring, sd, form, precision);
    }

    /** Whether noise leaves no state below 0: in the rate form with noise and Dale's law, see {@link #withNoise}. */
    public boolean noiseIsRectified() {
        return noiseSd != 0.0 && wiring.hasSigns() && form == Form.RATE;
    }

    /**
     * Whether the state is the rate itself, h' = phi(z), so that the rates need no copy: the rate form with alpha 1 and
     * no noise.
     */
    public boolean statesAreRates() {
        return form == Form.RATE && alpha() == 1.0 && noiseSd == 0.0;
    }

    /** What the state is; {@link Form#RATE} unless given. */
    public Form form() {
        return form;
    }

    /** This network in another form, with the same parameters, of which h0 is then the other state; it shares the block. */
    public Rnn withForm(Form other) {
        return other == form
                ? this
                : new Rnn(shape, activation, dtMs, tauMs, recurrentBias, parameters, wiring, noiseSd, other, precision);
    }

    /**
     * This network with another time constant; it shares the parameter block.
     *
     * @throws IllegalArgumentException if it is shorter than a step
     */
    public Rnn withTau(double ms) {
        return new Rnn(shape, activation, dtMs, ms, recurrentBias, parameters, wiring, noiseSd, form, precision);
    }

    /** The precision in which this network is trained, simulated and stored; {@link Precision#DOUBLE} unless given. */
    public Precision precision() {
        return precision;
    }

    /**
     * This network in another precision, itself if it has it. For {@link Precision#FLOAT} each parameter is rounded to the
     * nearest float, in a block of its own; for {@link Precision#DOUBLE} it shares the block.
     */
    public Rnn withPrecision(Precision other) {
        if (other == precision) {
            return this;
        }
        double[] block = parameters;
        if (other == Precision.FLOAT) {
            block = parameters.clone();
            for (int i = 0; i < block.length; i++) {
                block[i] = other.rounded(block[i]);
            }
        }
        return new Rnn(shape, activation, dtMs, tauMs, recurrentBias, block, wiring, noiseSd, form, other);
    }
}
