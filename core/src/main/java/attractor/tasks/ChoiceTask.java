package attractor.tasks;

import attractor.engine.Loss;
import attractor.engine.SoftmaxCrossEntropy;
import attractor.task.Readout;
import attractor.task.TaskOptions;
import java.util.Arrays;
import java.util.List;

/**
 * A task that is answered by one of several classes: an output for each, one-hot targets, cross-entropy. Only the
 * response window has a weight; before it the outputs are free. Immutable.
 */
abstract class ChoiceTask extends FieldTask {

    ChoiceTask(String name, int inputs, int classes, List<String> types, TaskOptions options) {
        super(name, inputs, classes, types, options);
    }

    /** Asks for a class from a step to the end. */
    final void answer(double[] y, double[] mask, int right, int from) {
        Arrays.fill(mask, 0, from * outputs(), 0);
        add(y, outputs(), right, from, steps, 1);
    }

    @Override
    public final boolean masked() {
        return true;
    }

    @Override
    public final Readout readout() {
        return Readout.LARGEST;
    }

    @Override
    public final Loss loss() {
        return new SoftmaxCrossEntropy();
    }

    @Override
    public double stopLoss() {
        return 0.01;
    }
}
