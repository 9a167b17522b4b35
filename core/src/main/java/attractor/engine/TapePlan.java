package attractor.engine;

import attractor.kernel.Kernels;
import attractor.model.Rnn;
import attractor.model.RnnShape;

/**
 * How much of a trial the tape of {@link Backward} holds. If it does not hold the whole trial, it holds one segment at a
 * time. The forward pass keeps the states at the segments' starts; the backward pass computes each segment again, by the same
 * operations and so with the same bits, before it walks back through it. A segment needs memory for its rows, and a start for
 * its states. With more segments the total falls, then rises; it is lowest near {@code sqrt(T)} segments.
 * The weight gradients sum over blocks of {@link #timeBlock} steps, whose operands fit into the first-level cache. Blocks
 * and segments both begin at multiples of it, so segments don't change the order of any sum. Immutable.
 *
 * @param rowValues length of a trial's row, see {@link TrialRows}
 * @param besideValues length of what a trial has beside its row at most, 0 where the states are the rates
 * @param sizes of the network
 * @param steps T
 * @param trials largest number of trials in a chunk
 * @param segment steps on the tape: T, or a multiple of the time block
 */
record TapePlan(int rowValues, int besideValues, RnnShape sizes, int steps, int trials, int segment) {
    /** Approximate number of rows (steps times trials) in one product for the weight gradients. */
    private static final int ROWS_PER_BLOCK = 128;

    private static final int LONGEST_ARRAY = Integer.MAX_VALUE - 16;

    /** The plan that holds the whole trial. */
    static TapePlan whole(Rnn rnn, Kernels kernels, int steps, int trials) {
        RnnShape shape = rnn.shape();
        return new TapePlan(
                EulerStep.rowLength(shape, kernels),
                rnn.statesAreRates() ? 0 : EulerStep.rateLength(shape, kernels),
                shape,
                steps,
                trials,
                steps);
    }

    /**
     * The plan with the longest segment for which one thread needs at most this number of bytes.
     *
     * @throws IllegalArgumentException if even the best segment does not fit, or no array could hold it
     */
    static TapePlan within(long limitBytes, Rnn rnn, Kernels kernels, int steps, int trials) {
        TapePlan whole = whole(rnn, kernels, steps, trials);
        if (whole.fits(limitBytes)) {
            return whole;
        }
        TapePlan best = null;
        long least = Long.MAX_VALUE;
        int block = whole.timeBlock();
        for (int length = block; length < steps + block; length += block) {
            TapePlan plan = whole.withSegment(length);
            least = Math.min(least, plan.bytes());
            if (plan.fits(limitBytes)) {
                best = plan;
            }
        }
        if (best == null) {
            throw new IllegalArgumentException("memory limit is " + (limitBytes >> 20)
                    + " MiB per thread, expected at least "
                    + ((least >> 20) + 1) + " MiB for " + steps + " steps, " + trials + " trials and "
                    + rnn.units() + " units");
        }
        return best;
    }

    private TapePlan withSegment(int length) {
        return new TapePlan(rowValues, besideValues, sizes, steps, trials, length);
    }

    private boolean fits(long limitBytes) {
        return bytes() <= limitBytes && (segment + 1L) * trials * rowValues <= LONGEST_ARRAY;
    }

    /** Bytes of one thread's arrays that grow with the number of steps. */
    long bytes() {
        long tape = (segment + 1L) * trials * (rowValues + besideValues);
        long starts = (segments() - 1L) * trials * sizes.units();
        // Inputs; targets, weights, outputs and their adjoints.
        // float: long batch = (long) steps * trials * (sizes.inputs() + 9L * sizes.outputs()); // all but inputs in
        // double
        long batch = (long) steps * trials * (sizes.inputs() + 4L * sizes.outputs());
        return Double.BYTES * (tape + starts + batch);
    }

    /** Number of segments. */
    int segments() {
        return (steps + segment - 1) / segment;
    }

    /** First step of a segment. */
    int start(int s) {
        return s * segment;
    }

    /** The step after a segment's last one. */
    int end(int s) {
        return Math.min((s + 1) * segment, steps);
    }

    /** Steps per product for the weight gradients. */
    int timeBlock() {
        return Math.max(1, ROWS_PER_BLOCK / trials);
    }
}
