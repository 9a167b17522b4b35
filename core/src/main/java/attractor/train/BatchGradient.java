package attractor.train;

import attractor.dynamics.Propagator;
import attractor.kernel.Fma;
import attractor.kernel.Kernels;
import attractor.kernel.RandomStream;
import attractor.kernel.RandomStream.Purpose;
import attractor.model.Rnn;
import attractor.task.Trials;

/**
 * Loss and gradient of a batch of trials. The loss is the mean over trials, steps and outputs of the squared error, each weighted by
 * the trial's mask where there is one (and divided by the sum of the weights). The gradient covers every parameter, the initial
 * state included; with {@link FitOptions} it is that of the loss and the penalties, and there may be one by alpha = dt/tau too.
 *
 * <p>A batch is split into chunks of a fixed number of trials, whose gradients are added in order: the bits don't depend on the
 * number of threads. Allocates nothing after construction. Belongs to one thread, which it makes others work for.
 */
public final class BatchGradient implements AutoCloseable {
    private final Rnn rnn;
    private final int parameterCount;
    private final int maxBatch;
    private final int chunk;
    private final Bptt.Weights weights;
    private final Worker[] workers;
    private final Team team;
    private final Team.Work task = this::chunk;
    private final double[][] chunkGradients;
    private final double[] chunkLosses;
    private final double[] chunkWeights;
    private final double[] chunkPenalties;
    private final double[] chunkAlphaGradients;
    private final double l2Weights;
    private final int penalised;
    private double penalty;
    private double alphaGradient;
    private long noiseSeed;
    private long presentation;
    private int[] order;
    private int from;
    private int count;

    /** What one thread needs. */
    private static final class Worker {
        final Bptt bptt;
        final Trials.Reader reader;
        final double[] x;
        final double[] y;
        final double[] mask;
        final RandomStream stream = new RandomStream(0, Purpose.DYNAMICS, 0);

        Worker(Bptt bptt, Trials trials) {
            this.bptt = bptt;
            reader = trials.reader();
            x = new double[trials.steps() * trials.inputs()];
            y = new double[trials.steps() * trials.outputs()];
            mask = trials.masked() ? new double[y.length] : null;
        }
    }

    /**
     * @param rnn the network's kind; its parameters serve until {@link #compute} is given others
     * @param trials the trials, with as many inputs and outputs as the network
     * @param maxBatch largest number of trials in a batch
     * @param threads number of threads, at least 1; more than there are chunks in a batch are of no use
     * @param memoryLimitBytes bound on the arrays that grow with the number of steps, all threads together; where a whole trial
     *     does not fit, segments of it are computed twice
     * @throws IllegalArgumentException if sizes don't match, or the limit is too small
     */
    public BatchGradient(Rnn rnn, Trials trials, int maxBatch, int threads, Kernels kernels, long memoryLimitBytes) {
        this(rnn, trials, maxBatch, threads, kernels, memoryLimitBytes, FitOptions.DEFAULT, false);
    }

    /**
     * With penalties.
     *
     * @param rnn the network's kind; its parameters serve until {@link #compute} is given others
     * @param trials the trials, with as many inputs and outputs as the network
     * @param maxBatch largest number of trials in a batch
     * @param threads number of threads, at least 1
     * @param memoryLimitBytes bound on the arrays that grow with the number of steps
     * @param fit of which the penalties count
     * @param byAlpha whether the derivative by alpha is wanted, see {@link #alphaGradient}; the network's alpha must then be below 1
     * @throws IllegalArgumentException if sizes don't match, or the limit is too small
     */
    public BatchGradient(
            Rnn rnn,
            Trials trials,
            int maxBatch,
            int threads,
            Kernels kernels,
            long memoryLimitBytes,
            FitOptions fit,
            boolean byAlpha) {
        if (trials.inputs() != rnn.inputs() || trials.outputs() != rnn.outputs()) {
            throw new IllegalArgumentException("trials have " + trials.inputs() + " inputs and " + trials.outputs()
                    + " outputs, expected I = " + rnn.inputs() + " and O = " + rnn.outputs() + " as the network has");
        }
        if (maxBatch < 1 || threads < 1) {
            throw new IllegalArgumentException(
                    "batch is " + maxBatch + " and threads is " + threads + ", expected at least 1 of each");
        }
        if (byAlpha && rnn.alpha() == 1.0) {
            throw new IllegalArgumentException("alpha is 1.0, expected below 1 for a derivative by it");
        }
        this.rnn = rnn;
        l2Weights = fit.l2Weights();
        penalised = rnn.shape().wOut().end();
        parameterCount = rnn.shape().parameters();
        this.maxBatch = maxBatch;
        chunk = Math.min(Bptt.CHUNK, maxBatch);
        int chunks = (maxBatch + chunk - 1) / chunk;
        int members = Math.min(threads, chunks);
        int segment = Bptt.segmentFor(
                rnn.shape(),
                rnn.statesAreRates(),
                kernels,
                trials.steps(),
                chunk,
                trials.masked(),
                memoryLimitBytes / members);
        weights = new Bptt.Weights(rnn, kernels);
        workers = new Worker[members];
        for (int i = 0; i < members; i++) {
            workers[i] = new Worker(
                    new Bptt(
                            rnn,
                            kernels,
                            weights,
                            trials.steps(),
                            chunk,
                            trials.masked(),
                            segment,
                            fit.l2Rates(),
                            byAlpha),
                    trials);
        }
        chunkGradients = new double[chunks][parameterCount];
        chunkLosses = new double[chunks];
        chunkWeights = new double[chunks];
        chunkPenalties = new double[chunks];
        chunkAlphaGradients = new double[chunks];
        team = new Team(members, "attractor-train");
    }

    /**
     * Which noise the trials have from now on, where the network has any; seed 0 and presentation 0 until told. A trial's noise
     * depends on its number in the set, not on the batch.
     *
     * @param seed any value
     * @param presentationOfTrials which time they are shown: the epoch, from 0
     */
    public void noise(long seed, long presentationOfTrials) {
        noiseSeed = seed;
        presentation = presentationOfTrials;
    }

    /**
     * Takes over another time constant.
     *
     * @throws IllegalArgumentException if it is shorter than a step, or the network was one with alpha = 1 and without noise
     */
    public void setTau(double tauMs) {
        weights.setAlpha(rnn.dtMs() / tauMs);
    }

    /** The penalties of the last batch, which are not part of the loss. */
    public double penalty() {
        return penalty;
    }

    /** The derivative by alpha of loss and penalties of the last batch; 0 if it isn't wanted. */
    public double alphaGradient() {
        return alphaGradient;
    }

    /**
     * The loss of a batch, and the gradient of loss and {@link #penalty}.
     *
     * @param parameters the network's parameters, see {@link attractor.model.RnnShape}. Not modified.
     * @param order trial numbers, of which {@code order[from..from+count)} make the batch. Not modified.
     * @param gradient laid out as the parameters. Modified.
     * @return the loss, without the penalties
     * @throws IllegalArgumentException if the batch is larger than the constructor was told, or arrays have the wrong length
     * @throws IllegalStateException after {@link #close}
     */
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
        weights.load(parameters);
        this.order = order;
        this.from = from;
        this.count = count;
        int chunks = (count + chunk - 1) / chunk;
        team.run(chunks, task);
        double loss = chunkLosses[0];
        double sum = chunkWeights[0];
        double rates = chunkPenalties[0];
        double byAlpha = chunkAlphaGradients[0];
        for (int c = 1; c < chunks; c++) {
            loss += chunkLosses[c];
            sum += chunkWeights[c];
            rates += chunkPenalties[c];
            byAlpha += chunkAlphaGradients[c];
        }
        double scale = 1.0 / sum;
        for (int i = 0; i < length; i++) {
            double g = chunkGradients[0][i];
            for (int c = 1; c < chunks; c++) {
                g += chunkGradients[c][i];
            }
            gradient[i] = scale * g;
        }
        penalty = scale * rates;
        alphaGradient = scale * byAlpha;
        if (l2Weights != 0.0) {
            penalty += penaliseWeights(parameters, gradient);
        }
        return loss * scale;
    }

    private double penaliseWeights(double[] parameters, double[] gradient) {
        double sum = 0.0;
        for (int i = 0; i < penalised; i++) {
            sum = Fma.fma(parameters[i], parameters[i], sum);
            gradient[i] += 2.0 * l2Weights * parameters[i];
        }
        return l2Weights * sum;
    }

    private void chunk(int index, int member) {
        Worker w = workers[member];
        int start = from + index * chunk;
        int rows = Math.min(chunk, from + count - start);
        Bptt b = w.bptt;
        for (int r = 0; r < rows; r++) {
            w.reader.read(order[start + r], w.x, 0, w.y, 0, w.mask, 0);
            spread(w.x, b.x, r, rows, rnn.inputs());
            spread(w.y, b.target, r, rows, rnn.outputs());
            if (b.noiseKeys != null) {
                b.noiseKeys[r] = Propagator.noiseKey(w.stream, noiseSeed, presentation, order[start + r]);
            }
            if (w.mask != null) {
                spread(w.mask, b.weight, r, rows, rnn.outputs());
            }
        }
        chunkLosses[index] = b.run(weights, rows, chunkGradients[index]);
        chunkWeights[index] = b.weightSum();
        chunkPenalties[index] = b.ratePenalty();
        chunkAlphaGradients[index] = b.alphaGradient();
    }

    /** One trial, T x C, into row r of T x rows x C. */
    private static void spread(double[] trial, double[] all, int r, int rows, int channels) {
        int steps = trial.length / channels;
        for (int c = 0; c < channels; c++) {
            for (int t = 0; t < steps; t++) {
                all[(t * rows + r) * channels + c] = trial[t * channels + c];
            }
        }
    }

    /** Ends the threads; nothing can be computed any more. */
    @Override
    public void close() {
        team.close();
    }
}
