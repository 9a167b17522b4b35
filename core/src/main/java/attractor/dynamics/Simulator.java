package attractor.dynamics;

import attractor.engine.EulerStep;
import attractor.engine.TrialRows;
import attractor.io.Printable;
import attractor.kernel.Kernels;
import attractor.model.Rnn;
import attractor.random.RandomStream;
import java.util.Arrays;

/**
 * Simulates a network, many trials at once. Each trial's result has the same bits whatever the other trials are.
 *
 * <p>Noise in the network's states is a function of the seed and the trial's number, see {@link #seedNoise}: repeating
 * a run gives the same result.
 *
 * <pre>{@code
 * double[] x = new double[8 * 200 * rnn.inputs()]; // 8 trials of 200 steps
 * double[] y = new Simulator(rnn).run(x, 8, 200).y();
 * }</pre>
 *
 * <p>Copies the network's parameters when it is created; later changes to the network have no effect. Belongs to one
 * thread at a time.
 */
public final class Simulator {
    /** Trials that advance together. */
    private static final int BATCH = 32;

    private final Rnn rnn;
    private final EulerStep step;
    /** Two slots that are used in turn. */
    private final TrialRows rows;
    /** The slot that holds the states. */
    private int now;

    private final RandomStream stream = new RandomStream(0, EulerStep.NOISE, 0);
    private final long[] noiseKeys;
    private long noiseSeed;
    private long firstTrial;
    /** Number of steps that {@link #advance} has taken. */
    private long advanced;

    /**
     * The result of a simulation. Thread-safe as long as no thread writes to the arrays, which are not copied.
     *
     * @param trials S
     * @param steps T
     * @param units N
     * @param outputs O
     * @param h states after each step, {@code h[(s * T + t) * N + i]}; empty if they were not kept
     * @param y outputs after each step, {@code y[(s * T + t) * O + o]}
     */
    public record Trajectory(int trials, int steps, int units, int outputs, double[] h, double[] y) {
        /** The state of a trial after its step t (0 to T - 1), a copy of N values. */
        public double[] state(int trial, int t) {
            int from = (trial * steps + t) * units;
            return Arrays.copyOfRange(h, from, from + units);
        }
    }

    /** A simulator on the fastest kernels. */
    public Simulator(Rnn rnn) {
        // float: this(rnn, FloatKernels.like(attractor.kernel.Kernels.get(), rnn.units() + rnn.outputs()));
        this(rnn, Kernels.get());
    }

    /** A simulator on given kernels. */
    public Simulator(Rnn rnn, Kernels kernels) {
        this.rnn = rnn.copy();
        step = new EulerStep(this.rnn, kernels);
        rows = new TrialRows(step, BATCH, 2);
        noiseKeys = new long[BATCH];
    }

    /**
     * Chooses the noise of the states from now on, if the network has any: the noise of the given trials, starting at
     * their first step. Before the first call, seed and trial are 0. No state changes.
     *
     * @param seed any value
     * @param first number of the first trial of a run; the others have the numbers after it
     */
    public void seedNoise(long seed, long first) {
        noiseSeed = seed;
        firstTrial = first;
        advanced = 0;
    }

    /**
     * Simulates trials from the network's initial state; keeps states and outputs.
     *
     * @param x inputs, {@code x[(s * T + t) * I + i]}. Not modified.
     * @throws IllegalArgumentException if x has another length or holds a value that is not finite
     */
    public Trajectory run(double[] x, int trials, int steps) {
        return run(x, trials, steps, null, true);
    }

    /**
     * Simulates trials.
     *
     * @param x inputs, {@code x[(s * T + t) * I + i]}; the input at t drives the step to state t. Not modified.
     * @param initial the states that the trials start from, {@code initial[s * N + i]}; null for the network's own. Not
     * modified.
     * @param keepStates whether the result holds the states
     * @throws IllegalArgumentException if an array has another length or holds a value that is not finite
     */
    public Trajectory run(double[] x, int trials, int steps, double[] initial, boolean keepStates) {
        int n = rnn.units();
        int inputs = rnn.inputs();
        int outputs = rnn.outputs();
        if (trials < 1 || steps < 1) {
            throw new IllegalArgumentException("simulation of " + Printable.count(trials, "trial") + " and "
                    + Printable.count(steps, "step") + ", expected at least 1 of each");
        }
        long states = keepStates ? (long) trials * steps * n : 0;
        if (Math.max(states, (long) trials * steps * Math.max(inputs, outputs)) > Integer.MAX_VALUE - 8) {
            throw new IllegalArgumentException(
                    "simulation of " + Printable.count(trials, "trial") + " and " + Printable.count(steps, "step")
                            + " has more values than an array holds; simulate fewer trials at a time");
        }
        check("x", x, trials * steps * inputs, "trials * steps * I = " + trials + " * " + steps + " * " + inputs);
        checkInitial(initial, trials);
        Trajectory result = new Trajectory(
                trials, steps, n, outputs, new double[(int) states], new double[trials * steps * outputs]);
        for (int first = 0; first < trials; first += BATCH) {
            start(Math.min(BATCH, trials - first), initial, first);
            for (int t = 0; t < steps; t++) {
                rows.putInputs(now, x, first * steps * inputs, steps, t);
                if (t == 0) {
                    step.advance(rows, now, 1 - now);
                } else {
                    step.advance(rows, now, 1 - now, result.y, (first * steps + t - 1) * outputs, steps * outputs);
                }
                endStep(t);
                if (keepStates) {
                    rows.takeStates(now, result.h, (first * steps + t) * n, steps * n);
                }
            }
            step.readOutputs(rows, now, result.y, (first * steps + steps - 1) * outputs, steps * outputs);
        }
        return result;
    }

    /**
     * Advances states under a constant input, for any number of steps. Noise continues from where the last call ended.
     *
     * @param states {@code states[s * N + i]}. Modified: they become the states after the steps.
     * @param input the input, I values; null for none. Not modified.
     * @param steps number of steps, 0 or more
     * @return the outputs that belong to the new states, {@code y[s * O + o]}
     * @throws IllegalArgumentException if an array has another length or holds a value that is not finite
     */
    public double[] advance(double[] states, double[] input, long steps) {
        int n = rnn.units();
        int inputs = rnn.inputs();
        int outputs = rnn.outputs();
        if (states.length == 0 || states.length % n != 0 || steps < 0) {
            throw new IllegalArgumentException("states has " + Printable.count(states.length, "value")
                    + " and steps is " + steps + ", expected a multiple of N = " + n + " and 0 or more");
        }
        int trials = states.length / n;
        checkInitial(states, trials);
        if (input != null) {
            check("input", input, inputs, "I");
        }
        rows.putConstantInput(input == null ? new double[inputs] : input);
        double[] result = new double[trials * outputs];
        for (int first = 0; first < trials; first += BATCH) {
            start(Math.min(BATCH, trials - first), states, first);
            for (long t = 0; t < steps; t++) {
                step.advance(rows, now, 1 - now);
                endStep(advanced + t);
            }
            rows.takeStates(now, states, first * n, n);
            step.readOutputs(rows, now, result, first * outputs, outputs);
        }
        advanced += steps;
        return result;
    }

    private void start(int trials, double[] initial, int first) {
        rows.use(trials);
        if (step.hasNoise()) {
            for (int r = 0; r < trials; r++) {
                noiseKeys[r] = EulerStep.noiseKey(stream, noiseSeed, -1, firstTrial + first + r);
            }
        }
        if (initial == null) {
            step.start(rows, now);
        } else {
            rows.putStates(now, initial, first * rnn.units(), rnn.units());
        }
    }

    /** Adds the noise of step t to the new states and makes their slot the current one. */
    private void endStep(long t) {
        now = 1 - now;
        if (step.hasNoise()) {
            step.addNoise(stream, noiseKeys, t, rows, now);
        }
    }

    private void checkInitial(double[] initial, int trials) {
        if (initial != null) {
            check("initial", initial, trials * rnn.units(), "trials * N = " + trials + " * " + rnn.units());
        }
    }

    private static void check(String name, double[] a, int length, String meaning) {
        if (a.length != length) {
            throw new IllegalArgumentException(name + " has " + Printable.count(a.length, "value") + ", expected "
                    + length + " (" + meaning + ")");
        }
        for (int i = 0; i < length; i++) {
            if (!Double.isFinite(a[i])) {
                throw new IllegalArgumentException(name + "[" + i + "] is " + a[i] + ", expected a finite number");
            }
        }
    }
}
