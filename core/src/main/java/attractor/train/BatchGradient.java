package attractor.train;

import attractor.kernel.Kernels;
import attractor.model.Rnn;
import attractor.task.Trials;

/**
 * Loss and gradient of a batch of trials. The loss is the mean over trials, steps and outputs of the squared error, each weighted by
 * the trial's mask where there is one (and divided by the sum of the weights). The gradient covers every parameter, the initial
 * state included.
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
        if (trials.inputs() != rnn.inputs() || trials.outputs() != rnn.outputs()) {
            throw new IllegalArgumentException("trials have " + trials.inputs() + " inputs and " + trials.outputs()
                    + " outputs, expected I = " + rnn.inputs() + " and O = " + rnn.outputs() + " as the network has");
        }
        if (maxBatch < 1 || threads < 1) {
            throw new IllegalArgumentException(
                    "batch is " + maxBatch + " and threads is " + threads + ", expected at least 1 of each");
        }
        this.rnn = rnn;
        parameterCount = rnn.shape().parameters();
        this.maxBatch = maxBatch;
        chunk = Math.min(Bptt.CHUNK, maxBatch);
        int chunks = (maxBatch + chunk - 1) / chunk;
        int members = Math.min(threads, chunks);
        int segment = Bptt.segmentFor(
                rnn.shape(), rnn.alpha(), kernels, trials.steps(), chunk, trials.masked(), memoryLimitBytes / members);
        weights = new Bptt.Weights(rnn, kernels);
        workers = new Worker[members];
        for (int i = 0; i < members; i++) {
            workers[i] = new Worker(
                    new Bptt(rnn, kernels, weights, trials.steps(), chunk, trials.masked(), segment), trials);
        }
        chunkGradients = new double[chunks][parameterCount];
        chunkLosses = new double[chunks];
        chunkWeights = new double[chunks];
        team = new Team(members, "attractor-train");
    }

    /**
     * The loss of a batch and its gradient.
     *
     * @param parameters the network's parameters, see {@link attractor.model.RnnShape}. Not modified.
     * @param order trial numbers, of which {@code order[from..from+count)} make the batch. Not modified.
     * @param gradient laid out as the parameters. Modified.
     * @return the loss
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
        for (int c = 1; c < chunks; c++) {
            loss += chunkLosses[c];
            sum += chunkWeights[c];
        }
        double scale = 1.0 / sum;
        for (int i = 0; i < length; i++) {
            double g = chunkGradients[0][i];
            for (int c = 1; c < chunks; c++) {
                g += chunkGradients[c][i];
            }
            gradient[i] = scale * g;
        }
        return loss * scale;
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
            if (w.mask != null) {
                spread(w.mask, b.weight, r, rows, rnn.outputs());
            }
        }
        chunkLosses[index] = b.run(weights, rows, chunkGradients[index]);
        chunkWeights[index] = b.weightSum();
    }

    /** One trial, T x C, into row r of T x rows x C. */
    private static void spread(double[] trial, double[] all, int r, int rows, int channels) {
        int steps = trial.length / channels;
        for (int t = 0; t < steps; t++) {
            for (int c = 0; c < channels; c++) {
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
