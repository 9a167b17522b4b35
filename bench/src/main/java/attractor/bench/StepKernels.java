package attractor.bench;

import attractor.engine.EulerStep;
import attractor.kernel.Activation;
import attractor.kernel.Kernels;
import attractor.model.Rnn;
import attractor.task.Trials;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * The kernels of a training step at their sizes, in one precision: this class in double, its generated twin in float. Operands
 * are the same in each call, so that they come from the nearest cache that holds them. The trials to gather come in turn.
 */
final class StepKernels {
    /** Trials of a chunk, as in the engine. */
    private static final int CHUNK = 32;
    /** Rows of a product for the weights' gradient, as in the engine. */
    private static final int ROWS_PER_BLOCK = 128;
    /** Operations of a tanh, one of them a division; in float it has a shorter polynomial. */
    // float: private static final long TANH_FLOPS = 36;
    private static final long TANH_FLOPS = 47;

    private static final long ADAM_FLOPS = 12;
    private static final int SIZE = Double.BYTES;

    private final List<KernelCall> calls = new ArrayList<>();
    private final Random random = new Random(1);
    private final Kernels kernels;
    private final int inputs;
    private final int n;
    private final int outputs;
    private final int rows;
    private final int chunks;
    private final int steps;
    private int next;

    /**
     * @param rnn in the rate form with alpha = 1, tanh and without a recurrent bias
     * @param batch B, up to 32 or a multiple of it
     */
    StepKernels(Kernels kernels, Rnn rnn, Trials trials, int batch) {
        this.kernels = kernels;
        inputs = rnn.inputs();
        n = rnn.units();
        outputs = rnn.outputs();
        rows = Math.min(CHUNK, batch);
        chunks = batch / rows;
        steps = trials.steps();
        products();
        outerProduct();
        elementwise();
        optimiser(rnn.shape().bRec().offset());
        load(rnn);
        gather(trials);
    }

    /** All of them. */
    List<KernelCall> calls() {
        return calls;
    }

    /** A matrix with unused columns up to a length that kernels like. */
    private double[] matrix(int rowCount, int length) {
        double[] a = new double[rowCount * length];
        for (int i = 0; i < a.length; i++) {
            // float: a[i] = (float) random.nextGaussian();
            a[i] = random.nextGaussian();
        }
        return a;
    }

    private void add(
            String name,
            double callsPerStep, // stays double
            long flops,
            long divisions,
            long values,
            long room,
            Runnable code) {
        calls.add(new KernelCall(name, callsPerStep, flops, divisions, values * SIZE, room * SIZE, code));
    }

    private void products() {
        product("forward-product", inputs + n, n + outputs);
        product("backward-product", outputs + n, n);
    }

    /** rows x k times k x columns. */
    private void product(String name, int k, int columns) {
        int lda = kernels.padded(k);
        int ldb = kernels.padded(columns);
        double[] a = matrix(rows, lda);
        double[] b = matrix(k, ldb);
        double[] init = matrix(1, ldb);
        double[] c = matrix(rows, ldb);
        Kernels.Packed packed = kernels.packed(k, ldb);
        packed.load(b, 0, ldb);
        Runnable code = () -> kernels.gemm(rows, a, 0, lda, packed, init, 0, 0, c, 0, ldb);
        code.run();
        check(name, c[columns - 1], init[columns - 1], a, 0, 1, b, columns - 1, ldb, k);
        long values = (long) rows * k + (long) k * columns + columns + (long) rows * columns;
        add(name, (double) steps * chunks, 2L * rows * k * columns, 0, values, values, code);
    }

    private void outerProduct() {
        int timeBlock = Math.max(1, ROWS_PER_BLOCK / rows);
        int k = timeBlock * rows;
        int m = outputs + n;
        int columns = inputs + n;
        int lda = kernels.padded(m);
        int ldb = kernels.padded(columns);
        double[] a = matrix(k, lda);
        double[] b = matrix(k, ldb);
        double[] c = new double[m * ldb];
        Runnable code = () -> kernels.gemmTransposed(m, ldb, k, a, 0, lda, b, 0, ldb, c, 0, ldb);
        code.run();
        check("outer-product", c[columns - 1], 0, a, 0, lda, b, columns - 1, ldb, k);
        long operands = (long) k * m + (long) k * columns;
        long result = (long) m * columns;
        double blocks = (steps + 1.0) / timeBlock; // stays double
        add("outer-product", blocks * chunks, 2 * result * k, 0, operands + 2 * result, operands + result, code);
        double[] sums = new double[m];
        Runnable code2 = () -> kernels.sumRows(k, m, a, 0, lda, sums, 0);
        add("adjoint-sums", 0, (long) k * m, 0, (long) k * m + 2L * m, (long) k * m + m, code2);
    }

    /** Compares an entry of a product with a plain sum. */
    private static void check(
            String name,
            double found,
            double init,
            double[] a,
            int aOff,
            int aStep,
            double[] b,
            int bOff,
            int bStep,
            int k) {
        double sum = init;
        for (int i = 0; i < k; i++) {
            sum += a[aOff + i * aStep] * b[bOff + i * bStep];
        }
        // float: if (!(Math.abs(found - sum) < 1e-3f * Math.max(1.0f, Math.abs(sum)))) {
        if (!(Math.abs(found - sum) < 1e-10)) {
            throw new IllegalStateException("an entry of the " + name + " is " + found + ", expected " + sum);
        }
    }

    private void elementwise() {
        int length = kernels.padded(n);
        long values = (long) rows * n;
        double calledFor = (double) steps * chunks;
        double[] z = matrix(rows, length);
        double[] rate = matrix(rows, length);
        double[] dh = matrix(rows, length);
        double[] to = matrix(rows, length);
        // As the engine does it: of several trials only the units.
        int columns = rows == 1 ? length : n;
        // float: FloatActivation tanh = FloatActivation.TANH;
        Activation tanh = Activation.TANH;
        Runnable code = () -> kernels.activate(tanh, rows, columns, z, 0, length);
        add("tanh", calledFor, TANH_FLOPS * values, values, 2 * values, values, code);
        Runnable code2 =
                () -> kernels.backActivate(tanh, 1.0, rows, length, rate, 0, length, dh, 0, length, to, 0, length);
        add("tanh-derivative", calledFor, 4 * values, 0, 3 * values, 3 * values, code2);
        Runnable code3 = () -> kernels.leak(0.5, rows, length, rate, 0, length, dh, 0, length, to, 0, length);
        add("leak", 0, 3 * values, 0, 3 * values, 3 * values, code3);
    }

    private void optimiser(int count) {
        double[] p = matrix(1, count);
        double[] m = new double[count];
        double[] v = new double[count];
        double[] g = matrix(1, count);
        Runnable code = () -> kernels.adam(count, 0, p, m, v, g, 1e-4, 0.9, 0.999, 1e-8); // stays double
        add("adam", 1, ADAM_FLOPS * count, 2L * count, 7L * count, 4L * count, code);
    }

    /** The transposed and packed copy of the weights for the forward pass. */
    private void load(Rnn rnn) {
        EulerStep step = new EulerStep(rnn, kernels);
        // float: float[] parameters = attractor.kernel.Floats.rounded(rnn.parameters());
        double[] parameters = rnn.parameters();
        long values = (long) (inputs + n) * (n + outputs);
        add("weights-packing", 1, 0, 0, 4 * values, 3 * values, () -> step.load(parameters));
    }

    /** Reading the trials of a batch; they are stored in double. */
    private void gather(Trials trials) {
        Trials.Reader reader = trials.reader();
        int xLength = steps * trials.inputs();
        int yLength = steps * trials.outputs();
        double[] x = new double[rows * xLength]; // stays double
        double[] y = new double[rows * yLength]; // stays double
        double[] mask = new double[rows * yLength]; // stays double
        // float adds: float[] rounded = new float[xLength];
        Runnable code = () -> {
            for (int r = 0; r < rows; r++) {
                reader.read(next, x, r * xLength, y, r * yLength, mask, r * yLength);
                // float adds: attractor.kernel.Floats.round(x, r * xLength, rounded, 0, xLength);
                // A prime, so that trials next to each other in the batch are far apart.
                next = (next + 7919) % trials.size();
            }
        };
        long read = (long) rows * (xLength + yLength) * Long.BYTES;
        long written = read + (long) rows * yLength * Long.BYTES;
        long store = (long) trials.size() * (xLength + yLength) * Long.BYTES;
        calls.add(new KernelCall("gather", chunks, 0, 0, read + written, store, code));
    }
}
