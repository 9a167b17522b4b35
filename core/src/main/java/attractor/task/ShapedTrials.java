package attractor.task;

import java.util.List;

/** What all sets of trials have in common: sizes and types. Immutable. */
abstract class ShapedTrials implements Trials {

    final TrialShape shape;
    /** The type of each trial. */
    final int[] type;

    /** Keeps the array, without a copy. */
    ShapedTrials(TrialShape shape, int[] type) {
        this.shape = shape;
        this.type = type;
    }

    @Override
    public final int size() {
        return shape.size();
    }

    @Override
    public final int steps() {
        return shape.steps();
    }

    @Override
    public final int inputs() {
        return shape.inputs();
    }

    @Override
    public final int outputs() {
        return shape.outputs();
    }

    @Override
    public final boolean masked() {
        return shape.masked();
    }

    @Override
    public final List<String> types() {
        return shape.types();
    }

    @Override
    public final int type(int trial) {
        return type[trial];
    }

    @Override
    public final boolean zeroTarget(int index) {
        return shape.zeroTarget(index);
    }

    @Override
    public final Readout readout() {
        return shape.readout();
    }
}
