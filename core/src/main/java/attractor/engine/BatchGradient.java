package attractor.engine;

import attractor.kernel.Fma;
import attractor.kernel.Kernels;
import attractor.model.Rnn;
import attractor.random.RandomStream;

/**
 * Loss and gradient of a batch of trials, for any network. The loss is a weighted mean over trials, steps and outputs, see
 * {@link Loss}. The gradient covers every parameter, including the initial state. With penalties it is the gradient of loss
 * and penalties. The derivative by alpha = dt/tau can be computed too.
 *
 * <pre>{@code
 * Trials trials = Trials.random(Tasks.byName("xor"), 1000, 0, Trials.TRAINING);
 * double[] gradient = new double[rnn.shape().parameters()];
 * int[] order = {7, 0, 42}; // any trials of the set
 * try (BatchGradient batch = BatchGradient.builder(rnn, trials).build()) {
 *     double loss = batch.compute(rnn.parameters(), order, 0, order.length, gradient);
 * }
 * }</pre>
 *
 * <p>A batch is split into chunks of a fixed number of trials, whose gradients are added in order: the bits don't depend on
 * the number of threads. Allocates nothing after construction. Belongs to one thread, which shares the work with others.
 */
public final class BatchGradient implements AutoCloseable {
    private final Rnn rnn;
    private final int parameterCount;
    private final int maxBatch;
    private final int chunk;
    private final Backward.Weights weights;
    private final Worker[] workers;
    private final WorkerThreads threads;
    private final WorkerThreads.Work task = this::chunk;
    private final double[][] chunkGradients;
    private final double[] chunkLosses; // stays double
    private final double[] chunkWeights; // stays double
    private final double[] chunkPenalties; // stays double
    private final double[] chunkAlphaGradients; // stays double
    private final double l2Weights; // stays double
    private final int penalised;
    private final boolean timed;
    private double penalty; // stays double
    private double alphaGradient; // stays double
    private long wall;
    private long reduce;
    private long noiseSeed;
    private long presentation;
    private int[] order;
    private int from;
    private int count;

    /** What one thread works with. */
    private static final class Worker {
        final Backward backward;
        final TrialSet.Reader reader;
        // float adds: final double[] trialX; // inputs of a trial as they are read
        final RandomStream stream = new RandomStream(0, EulerStep.NOISE, 0);
        long gatherNanos;
        long forwardNanos;
        long backwardNanos;

        // float: Worker(FloatBackward backward, TrialSet.Reader reader, int trialInputs) {
        Worker(Backward backward, TrialSet.Reader reader) {
            this.backward = backward;
            this.reader = reader;
            // float adds: trialX = new double[trialInputs];
        }
    }

    /** A builder for the gradient of a network on trials; by default it uses one thread per processor. */
    public static Builder builder(Rnn rnn, TrialSet trials) {
        return new Builder(rnn, trials);
    }

    /** Builds a {@link BatchGradient}. Belongs to one thread. */
    public static final class Builder {
        private final Rnn rnn;
        private final TrialSet trials;
        private int maxBatch = 64;
        private int threads = Runtime.getRuntime().availableProcessors();
        // float: private FloatKernels kernels;
        private Kernels kernels = Kernels.get();
        private long memoryLimitBytes = Runtime.getRuntime().maxMemory() / 4;
        private Loss loss = new MeanSquaredError();
        private double l2Weights; // stays double
        private double l2Rates; // stays double
        private boolean byAlpha;
        private boolean timed;

        private Builder(Rnn rnn, TrialSet trials) {
            this.rnn = rnn;
            this.trials = trials;
            // float adds: kernels = FloatKernels.like(attractor.kernel.Kernels.get(), rnn.units() + rnn.outputs());
        }

        /** Largest number of trials per batch; 64 by default. Below 32 it changes the order of sums and so the last bits. */
        public Builder maxBatch(int number) {
            maxBatch = number;
            return this;
        }

        /** Number of threads, at least 1; more than one per 32 trials bring nothing. The result doesn't depend on it. */
        public Builder threads(int number) {
            threads = number;
            return this;
        }

        /** The kernels; {@link Kernels#get} by default. */
        public Builder kernels(Kernels others) {
            kernels = others;
            return this;
        }

        /**
         * Limit on the size of the arrays that grow with the number of steps, for all threads together; by default a quarter
         * of the maximum heap. If a trial does not fit, its segments are computed twice, with the same result.
         */
        public Builder memoryLimitBytes(long bytes) {
            memoryLimitBytes = bytes;
            return this;
        }

        /** The loss; {@link MeanSquaredError} by default. */
        public Builder loss(Loss other) {
            loss = other;
            return this;
        }

        /** Adds this factor times the sum of squares of W_in, W_rec (or its factors P and Q) and W_out to the objective; 0 by default. */
        public Builder l2Weights(double factor) { // stays double
            l2Weights = factor;
            return this;
        }

        /**
         * Adds this factor times the mean square of the states h(1..T) over trials, steps and units to the objective; 0
         * by default. Each step counts with the sum of its weights.
         */
        public Builder l2Rates(double factor) { // stays double
            l2Rates = factor;
            return this;
        }

        /** Whether to compute the derivative by alpha too, see {@link BatchGradient#alphaGradient}; needs alpha below 1. */
        public Builder byAlpha(boolean wanted) {
            byAlpha = wanted;
            return this;
        }

        /** Whether to measure times, see {@link BatchGradient#times}; costs nothing if not. */
        public Builder timed(boolean wanted) {
            timed = wanted;
            return this;
        }

        /**
         * Builds it and starts its threads.
         *
         * @throws IllegalArgumentException if sizes don't match, a value is out of range, or the memory limit is too small
         */
        public BatchGradient build() {
            if (trials.inputs() != rnn.inputs() || trials.outputs() != rnn.outputs()) {
                throw new IllegalArgumentException("trials have " + trials.inputs() + " inputs and " + trials.outputs()
                        + " outputs, expected I = " + rnn.inputs() + " and O = " + rnn.outputs()
                        + " as the network has");
            }
            if (maxBatch < 1 || threads < 1) {
                throw new IllegalArgumentException(
                        "batch is " + maxBatch + " and threads is " + threads + ", expected at least 1 of each");
            }
            requireFactor("l2Weights", l2Weights);
            requireFactor("l2Rates", l2Rates);
            if (byAlpha && rnn.alpha() == 1.0) {
                throw new IllegalArgumentException("alpha is 1.0, expected below 1 for a derivative by it");
            }
            loss.check(rnn.outputs());
            return new BatchGradient(this);
        }

        private static void requireFactor(String name, double value) { // stays double
            if (!(value >= 0.0 && value <= Double.MAX_VALUE)) {
                throw new IllegalArgumentException(name + " is " + value + ", expected a finite number, 0 or more");
            }
        }
    }

    private BatchGradient(Builder b) {
        rnn = b.rnn;
        l2Weights = b.l2Weights;
        timed = b.timed;
        penalised = rnn.shape().wOut().end();
        parameterCount = rnn.shape().parameters();
        maxBatch = b.maxBatch;
        chunk = Math.min(Backward.CHUNK, maxBatch);
        int chunks = (maxBatch + chunk - 1) / chunk;
        int members = Math.min(b.threads, chunks);
        TapePlan plan = TapePlan.within(b.memoryLimitBytes / members, rnn, b.kernels, b.trials.steps(), chunk);
        weights = new Backward.Weights(rnn, b.kernels);
        workers = new Worker[members];
        for (int i = 0; i < members; i++) {
            ExtraTerms extra = new ExtraTerms(weights.step, b.l2Rates, b.byAlpha);
            Backward backward = new Backward(rnn, b.kernels, weights, plan, b.loss, extra);
            // float: workers[i] = new Worker(backward, b.trials.reader(), b.trials.steps() * b.trials.inputs());
            workers[i] = new Worker(backward, b.trials.reader());
        }
        chunkGradients = new double[chunks][parameterCount];
        chunkLosses = new double[chunks]; // stays double
        chunkWeights = new double[chunks]; // stays double
        chunkPenalties = new double[chunks]; // stays double
        chunkAlphaGradients = new double[chunks]; // stays double
        threads = new WorkerThreads(members, "attractor-train");
    }

    /**
     * Chooses the noise of the trials from now on, if the network has any. Before the first call, seed and presentation are
     * 0. A trial's noise depends on its number in the set, not on the batch.
     *
     * @param seed any value
     * @param presentationOfTrials number of this presentation of the trials: the epoch, from 0
     */
    public void noise(long seed, long presentationOfTrials) {
        noiseSeed = seed;
        presentation = presentationOfTrials;
    }

    /**
     * Sets another time constant.
     *
     * @throws IllegalArgumentException if it is shorter than a step, or the network was built with alpha = 1 and no noise
     */
    public void setTau(double tauMs) { // stays double
        weights.step.setAlpha(rnn.dtMs() / tauMs);
    }

    /** The penalties of the last batch, which are not part of the loss. */
    public double penalty() { // stays double
        return penalty;
    }

    /** The derivative of loss and penalties of the last batch by alpha; 0 if it was not asked for. */
    public double alphaGradient() { // stays double
        return alphaGradient;
    }

    /**
     * Where the time of the last {@link #compute} went.
     *
     * @throws IllegalStateException if times were not asked for, see {@link Builder#timed}
     */
    public StepTimes times() {
        if (!timed) {
            throw new IllegalStateException("no times were taken, expected timed(true) when this was built");
        }
        long gather = 0;
        long forward = 0;
        long backward = 0;
        for (Worker w : workers) {
            gather += w.gatherNanos;
            forward += w.forwardNanos;
            backward += w.backwardNanos;
        }
        return new StepTimes(wall, gather, forward, backward, reduce);
    }

    /**
     * The loss of a batch, and the gradient of loss and {@link #penalty}.
     *
     * @param parameters the network's parameters, see {@link attractor.model.RnnShape}. Not modified.
     * @param order trial numbers; {@code order[from..from+count)} make up the batch. Not modified.
     * @param gradient laid out as the parameters. Modified.
     * @return the loss, without the penalties
     * @throws IllegalArgumentException if the batch is larger than the builder's limit, or arrays have the wrong length
     * @throws IllegalStateException after {@link #close}
     */
    // float: public double compute(float[] parameters, int[] order, int from, int count, float[] gradient) {
    public double compute(double[] parameters, int[] order, int from, int count, double[] gradient) {
        int length = parameterCount;
        if (parameters.length != length || gradient.length != length) {
            throw new IllegalArgumentException("parameters has " + parameters.length + " values and gradient "
                    + gradient.length + ", expected " + length);
        }
        if (count < 1 || count > maxBatch || from < 0 || from > order.length - count) {
            throw new IllegalArgumentException("batch is " + count + " trials from " + from + ", expected 1 to "
                    + maxBatch + " within the " + order.length + " of order");
        }
        long begun = timed ? begin() : 0;
        weights.load(parameters);
        this.order = order;
        this.from = from;
        this.count = count;
        int chunks = (count + chunk - 1) / chunk;
        long loaded = timed ? System.nanoTime() : 0;
        threads.run(chunks, task);
        long computed = timed ? System.nanoTime() : 0;
        double loss = reduce(chunks, parameters, gradient); // stays double
        if (timed) {
            long end = System.nanoTime();
            wall = end - begun;
            reduce = (loaded - begun) + (end - computed);
        }
        return loss;
    }

    private long begin() {
        for (Worker w : workers) {
            w.gatherNanos = 0;
            w.forwardNanos = 0;
            w.backwardNanos = 0;
        }
        return System.nanoTime();
    }

    /** Adds the chunks in their order and divides by the sum of the weights. */
    // float: private double reduce(int chunks, float[] parameters, float[] gradient) {
    private double reduce(int chunks, double[] parameters, double[] gradient) {
        double loss = chunkLosses[0]; // stays double
        double sum = chunkWeights[0]; // stays double
        double rates = chunkPenalties[0]; // stays double
        double byAlpha = chunkAlphaGradients[0]; // stays double
        for (int c = 1; c < chunks; c++) {
            loss += chunkLosses[c];
            sum += chunkWeights[c];
            rates += chunkPenalties[c];
            byAlpha += chunkAlphaGradients[c];
        }
        double scale = 1.0 / sum; // stays double
        for (int i = 0; i < parameterCount; i++) {
            double g = chunkGradients[0][i];
            for (int c = 1; c < chunks; c++) {
                g += chunkGradients[c][i];
            }
            // float: gradient[i] = (float) (scale * g);
            gradient[i] = scale * g;
        }
        penalty = scale * rates;
        alphaGradient = scale * byAlpha;
        if (l2Weights != 0.0) {
            penalty += penaliseWeights(parameters, gradient);
        }
        return loss * scale;
    }

    // float: private double penaliseWeights(float[] parameters, float[] gradient) {
    private double penaliseWeights(double[] parameters, double[] gradient) {
        double sum = 0.0;
        for (int i = 0; i < penalised; i++) {
            sum = Fma.fma(parameters[i], parameters[i], sum);
            // float: gradient[i] += (float) (2.0 * l2Weights) * parameters[i];
            gradient[i] += 2.0 * l2Weights * parameters[i];
        }
        return l2Weights * sum;
    }

    private void chunk(int index, int member) {
        Worker w = workers[member];
        Backward b = w.backward;
        int start = from + index * chunk;
        int trials = Math.min(chunk, from + count - start);
        long begun = timed ? System.nanoTime() : 0;
        gather(w, start, trials);
        long gathered = timed ? System.nanoTime() : 0;
        chunkLosses[index] = b.forward(trials);
        long ran = timed ? System.nanoTime() : 0;
        b.backward(chunkGradients[index]);
        chunkWeights[index] = b.weightSum();
        chunkPenalties[index] = b.extra().penalty();
        chunkAlphaGradients[index] = b.extra().alphaGradient();
        if (timed) {
            w.gatherNanos += gathered - begun;
            w.forwardNanos += ran - gathered;
            w.backwardNanos += System.nanoTime() - ran;
        }
    }

    /** Reads a chunk's trials into the arrays that the engine works on. */
    private void gather(Worker w, int start, int trials) {
        Backward b = w.backward;
        int inputs = b.x.length / chunk;
        int outputs = b.target.length / chunk;
        boolean noisy = weights.step.hasNoise();
        for (int r = 0; r < trials; r++) {
            int trial = order[start + r];
            // float adds: w.reader.read(trial, w.trialX, 0, b.target, r * outputs, b.weight, r * outputs);
            // float: attractor.kernel.Floats.round(w.trialX, 0, b.x, r * inputs, inputs);
            w.reader.read(trial, b.x, r * inputs, b.target, r * outputs, b.weight, r * outputs);
            if (noisy) {
                b.noiseKeys[r] = EulerStep.noiseKey(w.stream, noiseSeed, presentation, trial);
            }
        }
    }

    /** Ends the threads. After this, nothing can be computed. */
    @Override
    public void close() {
        threads.close();
    }
}
