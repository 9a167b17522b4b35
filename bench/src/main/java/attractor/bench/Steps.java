package attractor.bench;

import attractor.kernel.FloatKernels;
import attractor.kernel.Kernels;
import attractor.model.Precision;
import attractor.model.Rnn;
import attractor.task.Trials;

/** Training steps of one network, in the precision of the network. Belongs to one thread. */
interface Steps extends AutoCloseable {
    /** The gradient of the next batch; returns the loss. */
    double gradient();

    /** The gradient of the next batch, then Adam; returns the loss before. */
    double step();

    /**
     * Sets parameters and moments to what they were at first, or to these moments.
     *
     * @param first for each first moment of Adam
     * @param second for each second moment
     */
    void restore(double first, double second);

    /**
     * Checks that the loss of the first batch falls down the gradient as fast as the gradient predicts.
     *
     * @throws IllegalStateException if it doesn't
     */
    void check();

    /** Bytes of all arrays: of the engine, of Adam, and of the parameters. The trials are not among them. */
    long bytes();

    @Override
    void close();

    /** Steps on the batches of a set of trials, in its order. */
    static Steps of(Rnn rnn, Trials trials, int batch, int threads, Kernels kernels) {
        long before = Allocation.ofThisThread();
        return rnn.precision() == Precision.FLOAT
                ? new FloatTrainingSteps(
                        rnn, trials, batch, threads, FloatKernels.like(kernels, rnn.units() + rnn.outputs()), before)
                : new TrainingSteps(rnn, trials, batch, threads, kernels, before);
    }
}
