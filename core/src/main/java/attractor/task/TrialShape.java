package attractor.task;

import java.util.List;

/** Sizes and types of a set of trials. Immutable. */
final class TrialShape {

    private final int size;
    private final int steps;
    private final int inputs;
    private final int outputs;
    private final boolean masked;
    private final List<String> types;
    private final boolean[] zeroTarget;
    private final Readout readout;

    TrialShape(
            int size,
            int steps,
            int inputs,
            int outputs,
            boolean masked,
            List<String> types,
            boolean[] zeroTarget,
            Readout readout) {
        this.size = size;
        this.steps = steps;
        this.inputs = inputs;
        this.outputs = outputs;
        this.masked = masked;
        this.types = types;
        this.zeroTarget = zeroTarget.clone();
        this.readout = readout;
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

    Readout readout() {
        return readout;
    }

    /** T x I. */
    int xLength() {
        return steps * inputs;
    }

    /** T x O. */
    int yLength() {
        return steps * outputs;
    }
}
