package attractor.task;

import java.util.List;
import java.util.Objects;

/** Sizes of a set of trials and what its types are. Immutable. */
final class TrialShape {

    private final int size;
    private final int steps;
    private final int inputs;
    private final int outputs;
    private final boolean masked;
    private final List<String> types;
    private final boolean[] zeroTarget;

    TrialShape(int size, int steps, int inputs, int outputs, boolean masked, List<String> types, boolean[] zeroTarget) {
        this.size = size;
        this.steps = steps;
        this.inputs = inputs;
        this.outputs = outputs;
        this.masked = masked;
        this.types = types;
        this.zeroTarget = zeroTarget.clone();
    }

    int size() {
        return size;
    }

    int steps() {
        return steps;
    }

    int inputs() {
        return inputs;
    }

    int outputs() {
        return outputs;
    }

    boolean masked() {
        return masked;
    }

    List<String> types() {
        return types;
    }

    boolean zeroTarget(int type) {
        return zeroTarget[type];
    }

    /** T x I. */
    int xLength() {
        return steps * inputs;
    }

    /** T x O. */
    int yLength() {
        return steps * outputs;
    }

    /** Checks everything before anything is written, so that the loops behind it can be plain. */
    void checkGather(int[] trials, int from, int count, int lanes, double[] x, double[] y, double[] mask) {
        Objects.checkFromIndexSize(from, count, trials.length);
        if (count > lanes) {
            throw new IndexOutOfBoundsException("count is " + count + ", expected at most lanes = " + lanes);
        }
        for (int i = from; i < from + count; i++) {
            Objects.checkIndex(trials[i], size);
        }
        checkLength("x", x, xLength(), lanes);
        checkLength("y", y, yLength(), lanes);
        if (mask != null) {
            checkLength("mask", mask, yLength(), lanes);
        }
    }

    private static void checkLength(String name, double[] a, int length, int lanes) {
        long needed = (long) length * lanes;
        if (a.length < needed) {
            throw new IndexOutOfBoundsException(name + " has " + a.length + " values, expected at least " + needed
                    + " (" + length + " a trial, " + lanes + " lanes)");
        }
    }

    /** Ones as the mask of some lanes. */
    void fillOnes(double[] mask, int lane, int count, int lanes) {
        for (int k = 0; k < yLength(); k++) {
            for (int j = lane; j < lane + count; j++) {
                mask[k * lanes + j] = 1;
            }
        }
    }

    /** Spreads one trial over the elements {@code k * lanes + lane}. */
    static void spread(double[] trial, double[] out, int lane, int lanes) {
        for (int k = 0; k < trial.length; k++) {
            out[k * lanes + lane] = trial[k];
        }
    }
}
