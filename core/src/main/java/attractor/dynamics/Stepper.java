package attractor.dynamics;

import attractor.engine.EulerStep;
import attractor.engine.TrialRows;
import attractor.io.Printable;
import attractor.kernel.Kernels;
import attractor.model.Rnn;
import attractor.random.RandomStream;

/**
 * One trial, one step at a time, for real time: allocates nothing once it is warm, and gives the same bits as {@link
 * Simulator}. The scalar kernels create their buffers at a thread's first step; the vector kernels allocate until
 * HotSpot has compiled them, which takes some hundred thousand steps.
 *
 * <p>Copies the network's parameters when it is created. Belongs to one thread at a time.
 *
 * <pre>{@code
 * Stepper stepper = new Stepper(rnn);
 * double[] x = new double[rnn.inputs()];
 * double[] y = new double[rnn.outputs()];
 * for (int t = 0; t < 1000; t++) {
 *     x[0] = t < 20 ? 1 : 0; // what there is to see now
 *     stepper.step(x, y);
 *     System.out.println(y[0]);
 * }
 * }</pre>
 */
public final class Stepper {
    private final Rnn rnn;
    private final EulerStep step;
    private final int inputs;
    private final int units;
    /** One trial, two slots that are used in turn. */
    private final TrialRows row;
    /** The slot that holds the state. */
    private int now;

    private final RandomStream stream = new RandomStream(0, EulerStep.NOISE, 0);
    private final long[] noiseKey = new long[1];
    /** Steps since the noise began. */
    private long t;

    /** A stepper on the fastest kernels, at the network's initial state. */
    public Stepper(Rnn rnn) {
        // float: this(rnn, FloatKernels.like(attractor.kernel.Kernels.get(), rnn.units() + rnn.outputs()));
        this(rnn, Kernels.get());
    }

    /** A stepper on given kernels, at the network's initial state. */
    public Stepper(Rnn rnn, Kernels kernels) {
        this.rnn = rnn.copy();
        step = new EulerStep(this.rnn, kernels);
        inputs = rnn.inputs();
        units = rnn.units();
        row = new TrialRows(step, 1, 2);
        seedNoise(0, 0);
        reset();
    }

    /**
     * Chooses the noise of the state from now on, if the network has any: the noise of the given trial, starting at its
     * first step. Before the first call, seed and trial are 0. The state doesn't change; {@link #reset()} starts a
     * trial.
     *
     * @param seed any value
     * @param trial the trial's number, as in {@link Simulator#seedNoise}
     */
    public void seedNoise(long seed, long trial) {
        noiseKey[0] = EulerStep.noiseKey(stream, seed, -1, trial);
        t = 0;
    }

    /** Returns to the network's initial state; noise starts again, with the same numbers. */
    public void reset() {
        t = 0;
        step.start(row, now);
    }

    /**
     * Moves to a given state; noise starts again, with the same numbers.
     *
     * @param h N finite values. Not modified.
     * @throws IllegalArgumentException if h has another length
     */
    public void reset(double[] h) {
        checkLength("h", h, units, "N");
        row.putStates(now, h, 0, units);
        t = 0;
    }

    /**
     * One step: {@code h = (1 - alpha) h + alpha phi(W_rec h + W_in x + b_rec)}, plus noise if the network has any, and
     * {@code y = W_out h + b_out}. If a value of x is not finite, state and output stay not finite until the next
     * reset.
     *
     * @param x input, I values. Not modified.
     * @param y output, O values. Modified.
     * @throws IllegalArgumentException if an array has another length
     */
    public void step(double[] x, double[] y) {
        checkLength("x", x, inputs, "I");
        checkLength("y", y, rnn.outputs(), "O");
        row.putInputs(now, x, 0, 1, 0);
        step.advance(row, now, 1 - now);
        now = 1 - now;
        if (step.hasNoise()) {
            step.addNoise(stream, noiseKey, t++, row, now);
        }
        step.readOutputs(row, now, y, 0, 0);
    }

    /**
     * Moves the state at once; the next step starts from there, and noise goes on.
     *
     * @param by what is added to the state, N finite values. Not modified.
     * @throws IllegalArgumentException if it has another length
     */
    public void kick(double[] by) {
        checkLength("by", by, units, "N");
        double[] h = new double[units];
        row.takeStates(now, h, 0, units);
        for (int i = 0; i < units; i++) {
            h[i] += by[i];
        }
        row.putStates(now, h, 0, units);
    }

    /** Copies the state into {@code h}, N values. */
    public void copyState(double[] h) {
        checkLength("h", h, units, "N");
        row.takeStates(now, h, 0, units);
    }

    /** One unit of the state. */
    public double state(int unit) {
        if (unit < 0 || unit >= units) {
            throw new IndexOutOfBoundsException("unit is " + unit + ", expected 0 to " + (units - 1));
        }
        return row.state(now, 0, unit);
    }

    private static void checkLength(String name, double[] a, int length, String meaning) {
        if (a.length != length) {
            throw new IllegalArgumentException(
                    name + " has " + Printable.count(a.length, "value") + ", expected " + meaning + " = " + length);
        }
    }
}
