package attractor.engine;

import java.util.Arrays;

/**
 * The operands of the engine: one row per trial and slot. A slot is a time t on a tape or, in a simulation, one of two.
 *
 * <pre>
 *     row of trial r in slot s:   [ x(t+1) | h(t) | unused ]      at (s * trials + r) * length
 *                                    I        N
 * </pre>
 *
 * <p>Here h(t) is what the units send: in the rate form the state, in the current form the rate phi of the state. They lie beside the input so that one product with {@code [W_in W_rec; 0 W_out]^T} gives z(t+1) and y(t), and one
 * product of adjoints with the same rows gives the gradients of all weights. The rows of a slot, and of consecutive slots,
 * are contiguous: a block of steps is one matrix.
 *
 * <p>Where W_rec is used as its factors ({@link EulerStep}), the latent variables and the outputs that the units' rates have lie between
 * inputs and rates, so that {@code [x(t+1) | kappa(t)]} is the operand of the second product:
 *
 * <pre>
 *     [ x(t+1) | kappa(t) | y(t) | unused | h(t) | unused ]
 *         I         R        O                N
 * </pre>
 *
 * <p>The unused part is room for the kernels, which write whole vectors: {@code length} is the larger of I + padded(N + O)
 * and padded(I + N). Where the states are the rates (rate form, alpha = 1, no noise), z(t+1) is computed in the place of
 * h(t+1), and the O values of y(t) go into the unused part behind it. Otherwise z(t+1) and y(t) go to an array beside the rows,
 * where z(t+1) then becomes what is needed later and not in the row: in the rate form the rates {@code phi(z(t+1))}, in the
 * current form the state itself.
 *
 * <p>Only this class knows the layout of a row. Belongs to one thread. Allocates nothing after construction.
 */
public final class TrialRows {
    private final int inputs;
    private final int sentOffset;
    private final int units;
    private final int capacity;
    private final int slots;
    private final int length;
    private final int besideLength;
    private final boolean statesAreRates;
    private final boolean current;
    private final EulerStep step;
    private final double[] values;
    /**
     * Rates of the step to slot s, or its states, at s * trials * besideLength, or where only the states of two neighbours
     * are kept, at s % 2; empty where the states are the rates.
     */
    private final double[] beside;

    private final boolean twoStates;

    private int trials;

    /**
     * Rows of zeros.
     *
     * @param step the network's step, which decides the sizes
     * @param trials largest number of trials; all are in use until {@link #use} says otherwise
     * @param slots number of slots, at least 2
     */
    public TrialRows(EulerStep step, int trials, int slots) {
        this(step, trials, slots, true);
    }

    /**
     * The same.
     *
     * @param keepStates whether all slots keep their states even where they are not what is sent; otherwise only the last
     *     two that were written do, which stay in the first-level cache
     */
    TrialRows(EulerStep step, int trials, int slots, boolean keepStates) {
        inputs = step.shape().inputs();
        sentOffset = step.sentOffset();
        units = step.shape().units();
        capacity = trials;
        this.trials = trials;
        this.slots = slots;
        length = step.rowLength();
        besideLength = step.rateLength();
        statesAreRates = step.statesAreRates();
        current = step.isCurrent();
        this.step = step;
        values = new double[slots * trials * length];
        twoStates = current && !keepStates;
        beside = new double[statesAreRates ? 0 : (twoStates ? 2 : slots) * trials * besideLength];
    }

    /**
     * Changes the number of trials in use. The contents of the rows become undefined.
     *
     * @throws IllegalArgumentException if there is no room for them
     */
    public void use(int number) {
        if (number < 0 || number > capacity) {
            throw new IllegalArgumentException("trials is " + number + ", expected 0 to " + capacity);
        }
        trials = number;
    }

    /** Number of trials in use. */
    public int trials() {
        return trials;
    }

    /** Largest number of trials. */
    public int capacity() {
        return capacity;
    }

    /** The rows themselves. */
    double[] values() {
        return values;
    }

    /** Length of a row, which is the stride from one trial to the next. */
    int length() {
        return length;
    }

    /** Where the first row of a slot begins. */
    int at(int slot) {
        return slot * trials * length;
    }

    /** Where in the rows begins what the units of a slot's first trial send. */
    int sentAt(int slot) {
        return slot * trials * length + sentOffset;
    }

    /** The array that {@link #stateAt} refers to. */
    double[] states() {
        return current ? beside : values;
    }

    /** Where the state of a slot's first trial begins. */
    int stateAt(int slot) {
        return current ? besideAt(slot) : sentAt(slot);
    }

    /** Stride of the states from one trial to the next. */
    int stateStride() {
        return current ? besideLength : length;
    }

    /** The array that {@link #rateAt} refers to. */
    double[] rates() {
        return statesAreRates || current ? values : beside;
    }

    /** Index of the first trial's rates phi: those of the step that led to a slot. In the current form they are what is sent. */
    int rateAt(int slot) {
        return statesAreRates || current ? sentAt(slot) : besideAt(slot);
    }

    /** Stride of the rates from one trial to the next. */
    int rateStride() {
        return statesAreRates || current ? length : besideLength;
    }

    /** The array into which the product of a step goes, z(t+1) and y(t). */
    double[] products() {
        return statesAreRates ? values : beside;
    }

    /** Where in it the first trial's begins, for a step to this slot. */
    int productAt(int slot) {
        return statesAreRates ? sentAt(slot) : besideAt(slot);
    }

    /** Stride of the products from one trial to the next. */
    int productStride() {
        return statesAreRates ? length : besideLength;
    }

    private int besideAt(int slot) {
        return (twoStates ? slot & 1 : slot) * trials * besideLength;
    }

    boolean statesAreRates() {
        return statesAreRates;
    }

    /**
     * Loads the inputs of one step.
     *
     * @param x {@code x[xOff + (r * steps + t) * I + i]}, trial by trial. Not modified.
     */
    public void putInputs(int slot, double[] x, int xOff, int steps, int t) {
        int at = at(slot);
        // The longer loop is the inner one: HotSpot makes a short inner loop slow.
        for (int c = 0; c < inputs; c++) {
            for (int r = 0; r < trials; r++) {
                values[at + r * length + c] = x[xOff + (r * steps + t) * inputs + c];
            }
        }
    }

    /** Loads the same I inputs into every slot, for as many trials as there is room for. */
    public void putConstantInput(double[] x) {
        for (int row = 0; row < slots * capacity; row++) {
            System.arraycopy(x, 0, values, row * length, inputs);
        }
    }

    /** Sets the inputs of a slot to 0, and latent variables. */
    public void clearInputs(int slot) {
        for (int r = 0, at = at(slot); r < trials; r++, at += length) {
            Arrays.fill(values, at, at + sentOffset, 0.0);
        }
    }

    /**
     * Loads states.
     *
     * @param h {@code h[hOff + r * stride + i]}; a stride of 0 gives all trials the same. Not modified.
     */
    public void putStates(int slot, double[] h, int hOff, int stride) {
        for (int r = 0, at = stateAt(slot); r < trials; r++, at += stateStride()) {
            System.arraycopy(h, hOff + r * stride, states(), at, units);
        }
        step.send(this, slot);
    }

    /**
     * Stores states.
     *
     * @param h {@code h[hOff + r * stride + i]}. Modified.
     */
    public void takeStates(int slot, double[] h, int hOff, int stride) {
        for (int r = 0, at = stateAt(slot); r < trials; r++, at += stateStride()) {
            System.arraycopy(states(), at, h, hOff + r * stride, units);
        }
    }

    /** One unit of a trial's state. */
    public double state(int slot, int trial, int unit) {
        return states()[stateAt(slot) + trial * stateStride() + unit];
    }

    /**
     * Stores the rates phi of the step that led to a slot; in the current form those of the slot's states.
     *
     * @param to {@code to[off + r * stride + i]} receives the rate of unit i of trial r. Modified.
     */
    public void takeRates(int slot, double[] to, int off, int stride) {
        for (int r = 0, at = rateAt(slot); r < trials; r++, at += rateStride()) {
            System.arraycopy(rates(), at, to, off + r * stride, units);
        }
    }

    /** Sets a trial's state in a slot, what it sends, and the rates of the step that led to it, to 0. */
    void clearStep(int slot, int trial) {
        int sent = sentAt(slot) + trial * length;
        Arrays.fill(values, sent, sent + units, 0.0);
        int product = productAt(slot) + trial * productStride();
        Arrays.fill(products(), product, product + units, 0.0);
    }

    /** Copies the states of a slot, and what is sent, into another. */
    void copyStates(int from, int to) {
        for (int r = 0; r < trials; r++) {
            System.arraycopy(values, sentAt(from) + r * length, values, sentAt(to) + r * length, units);
            if (current) {
                System.arraycopy(
                        beside, besideAt(from) + r * besideLength, beside, besideAt(to) + r * besideLength, units);
            }
        }
    }
}
