// Generated from StepKernels.java. DO NOT MODIFY: edit that, see src/build/FloatSources.java.
package attractor.bench;

import attractor.engine.FloatEulerStep;
import attractor.kernel.FloatActivation;
import attractor.kernel.FloatKernels;
import attractor.model.Rnn;
import attractor.task.Trials;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * The kernels of a training step at their sizes, in one precision: this class in float, its generated twin in float. Operands
 * are the same in each call, so that they come from the nearest cache that holds them. The trials to gather come in turn.
 */
final class FloatStepKernels {
    /** Trials of a chunk, as in the engine. */
    private static final int CHUNK = 32;
    /** Rows of a product for the weights' gradient, as in the engine. */
    private static final int ROWS_PER_BLOCK = 128;
    /** Operations of a tanh, one of them a division; in float it has a shorter polynomial. */
    private static final long TANH_FLOPS = 36;

    private static final long ADAM_FLOPS = 12;
    private static final int SIZE = Float.BYTES;

    private final List<KernelCall> calls = new ArrayList<>();
    private final Random random = new Random(1);
    private final FloatKernels kernels;
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
    FloatStepKernels(FloatKernels kernels, Rnn rnn, Trials trials, int batch) {
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
    private float[] matrix(int rowCount, int length) {
        float[] a = new float[rowCount * length];
        for (int i = 0; i < a.length; i++) {
            a[i] = (float) random.nextGaussian();
        }
        return a;
    }

    private void add(
            String name, double callsPerStep, long flops, long divisions, long values, long room, Runnable code) {
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
        float[] a = matrix(rows, lda);
        float[] b = matrix(k, ldb);
        float[] init = matrix(1, ldb);
        float[] c = matrix(rows, ldb);
        FloatKernels.Packed packed = kernels.packed(k, ldb);
        packed.load(b, 0, ldb);
        Runnable code = () -> kernels.gemm(rows, a, 0, lda, packed, init, 0, 0, c, 0, ldb);
        code.run();
        check(name, c[columns - 1], init[columns - 1], a, 0, 1, b, columns - 1, ldb, k);
        long values = (long) rows * k + (long) k * columns + columns + (long) rows * columns;
        add(name, (long) steps * chunks, 2L * rows * k * columns, 0, values, values, code);
    }

    private void outerProduct() {
        int timeBlock = Math.max(1, ROWS_PER_BLOCK / rows);
        int k = timeBlock * rows;
        int m = outputs + n;
        int columns = inputs + n;
        int lda = kernels.padded(m);
        int ldb = kernels.padded(columns);
        float[] a = matrix(k, lda);
        float[] b = matrix(k, ldb);
        float[] c = new float[m * ldb];
        Runnable code = () -> kernels.gemmTransposed(m, ldb, k, a, 0, lda, b, 0, ldb, c, 0, ldb);
        code.run();
        check("outer-product", c[columns - 1], 0, a, 0, lda, b, columns - 1, ldb, k);
        long operands = (long) k * m + (long) k * columns;
        long result = (long) m * columns;
        double blocks = (steps + 1.0) / timeBlock;
        add("outer-product", blocks * chunks, 2 * result * k, 0, operands + 2 * result, operands + result, code);
        float[] sums = new float[m];
        Runnable code2 = () -> kernels.sumRows(k, m, a, 0, lda, sums, 0);
        add("adjoint-sums", 0, (long) k * m, 0, (long) k * m + 2L * m, (long) k * m + m, code2);
    }

    /** Compares an entry of a product with a plain sum. */
    private static void check(
            String name,
            float found,
            float init,
            float[] a,
            int aOff,
            int aStep,
            float[] b,
            int bOff,
            int bStep,
            int k) {
        float sum = init;
        for (int i = 0; i < k; i++) {
            sum += a[aOff + i * aStep] * b[bOff + i * bStep];
        }
        if (!(Math.abs(found - sum) < 1e-3f * Math.max(1.0f, Math.abs(sum)))) {
            throw new IllegalStateException("an entry of the " + name + " is " + found + ", expected " + sum);
        }
    }

    private void elementwise() {
        int length = kernels.padded(n);
        long values = (long) rows * n;
        long calledFor = (long) steps * chunks;
        float[] z = matrix(rows, length);
        float[] rate = matrix(rows, length);
        float[] dh = matrix(rows, length);
        float[] to = matrix(rows, length);
        // As the engine does it: of several trials only the units.
        int columns = rows == 1 ? length : n;
        FloatActivation tanh = FloatActivation.TANH;
        Runnable code = () -> kernels.activate(tanh, rows, columns, z, 0, length);
        add("tanh", calledFor, TANH_FLOPS * values, values, 2 * values, values, code);
        Runnable code2 = () -> kernels.backActivate(
                tanh, 1.0f, rows, length, rate, 0, length, dh, 0, length, to, 0, length);
        add("tanh-derivative", calledFor, 4 * values, 0, 3 * values, 3 * values, code2);
        Runnable code3 = () -> kernels.leak(
                0.5f, rows, length, rate, 0, length, dh, 0, length, to, 0, length);
        add("leak", 0, 3 * values, 0, 3 * values, 3 * values, code3);
    }

    private void optimiser(int count) {
        float[] p = matrix(1, count);
        float[] m = new float[count];
        float[] v = new float[count];
        float[] g = matrix(1, count);
        Runnable code = () -> kernels.adam(count, 0, p, m, v, g, 1e-4, 0.9, 0.999, 1e-8);
        add("adam", 1, ADAM_FLOPS * count, 2L * count, 7L * count, 4L * count, code);
    }

    /** The transposed and packed copy of the weights for the forward pass. */
    private void load(Rnn rnn) {
        FloatEulerStep step = new FloatEulerStep(rnn, kernels);
        float[] parameters = attractor.kernel.Floats.rounded(rnn.parameters());
        long values = (long) (inputs + n) * (n + outputs);
        add("weights-packing", 1, 0, 0, 4 * values, 3 * values, () -> step.load(parameters));
    }

    /** Reading the trials of a batch; they are stored in float. */
    private void gather(Trials trials) {
        Trials.Reader reader = trials.reader();
        int xLength = steps * trials.inputs();
        int yLength = steps * trials.outputs();
        double[] x = new double[rows * xLength];
        double[] y = new double[rows * yLength];
        double[] mask = new double[rows * yLength];
        float[] rounded = new float[xLength];
        Runnable code = () -> {
            for (int r = 0; r < rows; r++) {
                reader.read(next, x, r * xLength, y, r * yLength, mask, r * yLength);
                attractor.kernel.Floats.round(x, r * xLength, rounded, 0, xLength);
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
