package attractor.train;

import attractor.engine.BatchGradient;
import attractor.engine.FloatBatchGradient;
import attractor.engine.StepTimes;
import attractor.kernel.FloatKernels;
import attractor.kernel.Floats;
import attractor.model.Precision;
import attractor.model.Rnn;
import attractor.task.Trials;

/**
 * The gradient of a batch in the precision of the network. Parameters and gradients are doubles in either precision; with
 * float each of them is a float, so that nothing is lost on the way in, and what is computed is widened on the way out.
 * Belongs to one thread.
 */
interface BatchEngine extends AutoCloseable {
    /** As {@link BatchGradient#compute}. */
    double compute(double[] parameters, int[] order, int from, int count, double[] gradient);

    /** As {@link BatchGradient#noise}. */
    void noise(long seed, long presentation);

    /** As {@link BatchGradient#setTau}. */
    void setTau(double tauMs);

    /** As {@link BatchGradient#alphaGradient}. */
    double alphaGradient();

    /** As {@link BatchGradient#times}. */
    StepTimes times();

    @Override
    void close();

    /**
     * The engine of a training.
     *
     * @param rnn its precision is the engine's
     * @param byAlpha whether to compute the derivative by alpha
     */
    static BatchEngine of(
            Rnn rnn,
            Trials trials,
            TrainingConfig config,
            int maxBatch,
            ExecutionSettings e,
            boolean byAlpha,
            boolean timed) {
        if (rnn.precision() == Precision.FLOAT) {
            return new InFloat(FloatBatchGradient.builder(rnn, trials)
                    .maxBatch(maxBatch)
                    .threads(e.threads())
                    .kernels(FloatKernels.like(e.kernels(), rnn.units() + rnn.outputs()))
                    .memoryLimitBytes(e.memoryLimitBytes())
                    .loss(config.loss())
                    .timed(timed)
                    .l2Weights(config.fit().l2Weights())
                    .l2Rates(config.fit().l2Rates())
                    .byAlpha(byAlpha)
                    .build());
        }
        return new InDouble(BatchGradient.builder(rnn, trials)
                .maxBatch(maxBatch)
                .threads(e.threads())
                .kernels(e.kernels())
                .memoryLimitBytes(e.memoryLimitBytes())
                .loss(config.loss())
                .timed(timed)
                .l2Weights(config.fit().l2Weights())
                .l2Rates(config.fit().l2Rates())
                .byAlpha(byAlpha)
                .build());
    }

    /** The engine for double. */
    record InDouble(BatchGradient batch) implements BatchEngine {
        @Override
        public double compute(double[] parameters, int[] order, int from, int count, double[] gradient) {
            return batch.compute(parameters, order, from, count, gradient);
        }

        @Override
        public void noise(long seed, long presentation) {
            batch.noise(seed, presentation);
        }

        @Override
        public void setTau(double tauMs) {
            batch.setTau(tauMs);
        }

        @Override
        public double alphaGradient() {
            return batch.alphaGradient();
        }

        @Override
        public StepTimes times() {
            return batch.times();
        }

        @Override
        public void close() {
            batch.close();
        }
    }

    /** The engine for float. */
    final class InFloat implements BatchEngine {
        private final FloatBatchGradient batch;
        private float[] p = {};
        private float[] g = {};

        InFloat(FloatBatchGradient batch) {
            this.batch = batch;
        }

        @Override
        public double compute(double[] parameters, int[] order, int from, int count, double[] gradient) {
            int n = parameters.length;
            if (p.length != n) {
                p = new float[n];
                g = new float[n];
            }
            Floats.round(parameters, 0, p, 0, n);
            double loss = batch.compute(p, order, from, count, g);
            Floats.widen(g, 0, gradient, 0, n);
            return loss;
        }

        @Override
        public void noise(long seed, long presentation) {
            batch.noise(seed, presentation);
        }

        @Override
        public void setTau(double tauMs) {
            batch.setTau(tauMs);
        }

        @Override
        public double alphaGradient() {
            return batch.alphaGradient();
        }

        @Override
        public StepTimes times() {
            return batch.times();
        }

        @Override
        public void close() {
            batch.close();
        }
    }
}
