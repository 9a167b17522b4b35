// Generated from TrainingSteps.java. DO NOT MODIFY: edit that, see src/build/FloatSources.java.
package attractor.bench;

import attractor.engine.FloatAdam;
import attractor.engine.FloatBatchGradient;
import attractor.kernel.FloatKernels;
import attractor.model.Rnn;
import attractor.task.Trials;
import java.util.Arrays;

/** {@link Steps} in one precision: this class in float, its generated twin in float. */
final class FloatTrainingSteps implements Steps {
    private final FloatBatchGradient batchGradient;
    private final FloatAdam adam;
    private final float[] parameters;
    private final float[] initial;
    private final float[] gradient;
    private final int[] order;
    private final int batch;
    private final long bytes;
    private int from;

    /** @param allocated what the thread had allocated before, see {@link Allocation} */
    FloatTrainingSteps(Rnn rnn, Trials trials, int batch, int threads, FloatKernels kernels, long allocated) {
        this.batch = batch;
        batchGradient = FloatBatchGradient.builder(rnn, trials)
                .maxBatch(batch)
                .threads(threads)
                .kernels(kernels)
                .memoryLimitBytes(Long.MAX_VALUE)
                .build();
        adam = new FloatAdam(attractor.engine.Adam.Options.DEFAULT, rnn.shape().bRec().offset(), kernels);
        parameters = attractor.kernel.Floats.rounded(rnn.parameters());
        gradient = new float[parameters.length];
        bytes = Allocation.ofThisThread() - allocated;
        initial = parameters.clone();
        order = new int[trials.size()];
        Arrays.setAll(order, i -> i);
    }

    @Override
    public double gradient() {
        double loss = batchGradient.compute(parameters, order, from, batch, gradient);
        from = from + 2 * batch <= order.length ? from + batch : 0;
        return loss;
    }

    @Override
    public double step() {
        double loss = gradient();
        adam.step(parameters, gradient);
        return loss;
    }

    @Override
    public void restore(double first, double second) {
        System.arraycopy(initial, 0, parameters, 0, parameters.length);
        float[] state = new float[2 * adam.count()];
        Arrays.fill(state, 0, adam.count(), (float) first);
        Arrays.fill(state, adam.count(), state.length, (float) second);
        adam.restore(0, state);
    }

    @Override
    public void check() {
        double before = batchGradient.compute(parameters, order, 0, batch, gradient);
        double square = 0;
        for (float g : gradient) {
            square += g * g;
        }
        float[] downhill = parameters.clone();
        for (int i = 0; i < downhill.length; i++) {
            downhill[i] -= (float) (1e-4 * before / square * gradient[i]);
        }
        double after = batchGradient.compute(downhill, order, 0, batch, gradient);
        double share = (before - after) / (1e-4 * before);
        if (!(Math.abs(share - 1) < 0.3)) {
            throw new IllegalStateException("down the gradient the loss of " + before + " falls by " + (before - after)
                    + ", expected 1e-4 of it");
        }
    }

    @Override
    public long bytes() {
        return bytes;
    }

    @Override
    public void close() {
        batchGradient.close();
    }
}
