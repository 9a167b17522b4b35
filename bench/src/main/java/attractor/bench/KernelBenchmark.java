package attractor.bench;

import attractor.kernel.Activation;
import attractor.kernel.Kernels;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * How long does each kernel take at the sizes of a training step, and how do the providers compare? Rows are the trials
 * of a chunk. {@code gemm} multiplies rows x N by N x N, 2 rows N^2 operations; {@code gemmTransposed} sums N x N over
 * four steps' rows, 8 rows N^2; {@code adam} steps N^2 parameters; the others go through rows x N values.
 * {@code bench/run Kernel -p kernels=scalar,simd,jblas}
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class KernelBenchmark {
    @Param({"scalar", "simd"})
    private String kernels;

    @Param("50")
    private int units;

    @Param("32")
    private int rows;

    private Kernels chosen;
    private Kernels.Packed packed;
    private int ld;
    private double[] a;
    private double[] b;
    private double[] c;
    private double[] d;
    private double[] zeros;
    private double[] parameters;
    private double[] firstMoments;
    private double[] secondMoments;
    private double[] gradient;

    /** Draws matrices and checks the products against plain loops. */
    @Setup(Level.Trial)
    public void setUp() {
        chosen = Kernels.of(kernels);
        ld = chosen.padded(units);
        Random random = new Random(1);
        a = gaussians(random, 4 * rows * ld);
        b = gaussians(random, 4 * rows * ld);
        c = new double[Math.max(rows, units) * ld];
        d = gaussians(random, units * ld);
        zeros = new double[ld];
        parameters = gaussians(random, units * units);
        firstMoments = new double[units * units];
        secondMoments = new double[units * units];
        gradient = gaussians(random, units * units);
        packed = chosen.packed(units, ld);
        packed.load(d, 0, ld);
        check(gemm()[ld + 1], a, ld, 1, d, 1, units);
        Arrays.fill(c, 0.0);
        check(gemmTransposed()[ld + 1], a, 1, ld, b, 1, 4 * rows);
    }

    private static double[] gaussians(Random random, int n) {
        double[] values = new double[n];
        Arrays.setAll(values, i -> random.nextGaussian());
        return values;
    }

    /** Entry (1, 1) of a product. */
    private void check(
            double found, double[] left, int leftFrom, int leftStride, double[] right, int rightFrom, int k) {
        double sum = 0;
        for (int i = 0; i < k; i++) {
            sum += left[leftFrom + i * leftStride] * right[rightFrom + i * ld];
        }
        if (!(Math.abs(found - sum) < 1e-10)) {
            throw new IllegalStateException("entry (1, 1) of a product is " + found + ", expected " + sum);
        }
    }

    /** The product of the forward pass and of back-propagation. */
    @Benchmark
    public double[] gemm() {
        chosen.gemm(rows, a, 0, ld, packed, zeros, 0, 0, c, 0, ld);
        return c;
    }

    /** The product that sums the weights' gradient. */
    @Benchmark
    public double[] gemmTransposed() {
        chosen.gemmTransposed(units, ld, 4 * rows, a, 0, ld, b, 0, ld, c, 0, ld);
        return c;
    }

    /** Tanh in place; it has no branches, so its values don't matter. */
    @Benchmark
    public double[] activate() {
        chosen.activate(Activation.TANH, rows, ld, b, 0, ld);
        return b;
    }

    /** The adjoint of tanh. */
    @Benchmark
    public double[] backActivate() {
        chosen.backActivate(Activation.TANH, 1.0, rows, ld, a, 0, ld, b, 0, ld, c, 0, ld);
        return c;
    }

    /** Euler's step below alpha = 1. */
    @Benchmark
    public double[] leak() {
        chosen.leak(0.5, rows, ld, a, 0, ld, b, 0, ld, c, 0, ld);
        return c;
    }

    /** Sums over trials. */
    @Benchmark
    public double[] sumRows() {
        chosen.sumRows(rows, ld, a, 0, ld, c, 0);
        return c;
    }

    /** The optimiser. */
    @Benchmark
    public double[] adam() {
        chosen.adam(units * units, 0, parameters, firstMoments, secondMoments, gradient, 1e-4, 0.9, 0.999, 1e-8);
        return parameters;
    }
}
