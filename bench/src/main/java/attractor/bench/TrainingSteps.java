package attractor.bench;

import attractor.engine.Adam;
import attractor.engine.BatchGradient;
import attractor.kernel.Kernels;
import attractor.model.Rnn;
import attractor.task.Trials;
import java.util.Arrays;

/** {@link Steps} in one precision: this class in double, its generated twin in float. */
final class TrainingSteps implements Steps {
    private final BatchGradient batchGradient;
    private final Adam adam;
    private final double[] parameters;
    private final double[] initial;
    private final double[] gradient;
    private final int[] order;
    private final int batch;
    private final long bytes;
    private int from;

    /** @param allocated what the thread had allocated before, see {@link Allocation} */
    TrainingSteps(Rnn rnn, Trials trials, int batch, int threads, Kernels kernels, long allocated) {
        this.batch = batch;
        batchGradient = BatchGradient.builder(rnn, trials)
                .maxBatch(batch)
                .threads(threads)
                .kernels(kernels)
                .memoryLimitBytes(Long.MAX_VALUE)
                .build();
        // float: adam = new FloatAdam(attractor.engine.Adam.Options.DEFAULT, rnn.shape().bRec().offset(), kernels);
        adam = new Adam(Adam.Options.DEFAULT, rnn.shape().bRec().offset(), kernels);
        // float: parameters = attractor.kernel.Floats.rounded(rnn.parameters());
        parameters = rnn.parameters().clone();
        gradient = new double[parameters.length];
        bytes = Allocation.ofThisThread() - allocated;
        initial = parameters.clone();
        order = new int[trials.size()];
        Arrays.setAll(order, i -> i);
    }

    @Override
    public double gradient() { // stays double
        double loss = batchGradient.compute(parameters, order, from, batch, gradient); // stays double
        from = from + 2 * batch <= order.length ? from + batch : 0;
        return loss;
    }

    @Override
    public double step() { // stays double
        double loss = gradient(); // stays double
        adam.step(parameters, gradient);
        return loss;
    }

    @Override
    public void restore(double first, double second) { // stays double
        System.arraycopy(initial, 0, parameters, 0, parameters.length);
        double[] state = new double[2 * adam.count()];
        // float: Arrays.fill(state, 0, adam.count(), (float) first);
        Arrays.fill(state, 0, adam.count(), first);
        // float: Arrays.fill(state, adam.count(), state.length, (float) second);
        Arrays.fill(state, adam.count(), state.length, second);
        adam.restore(0, state);
    }

    @Override
    public void check() {
        double before = batchGradient.compute(parameters, order, 0, batch, gradient); // stays double
        double square = 0; // stays double
        for (double g : gradient) {
            square += g * g;
        }
        double[] downhill = parameters.clone();
        for (int i = 0; i < downhill.length; i++) {
            // float: downhill[i] -= (float) (1e-4 * before / square * gradient[i]);
            downhill[i] -= 1e-4 * before / square * gradient[i];
        }
        double after = batchGradient.compute(downhill, order, 0, batch, gradient); // stays double
        double share = (before - after) / (1e-4 * before); // stays double
        // float: if (!(Math.abs(share - 1) < 0.3)) {
        if (!(Math.abs(share - 1) < 0.1)) {
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
