package attractor.bench;

import attractor.kernel.FloatKernels;
import attractor.kernel.Kernels;
import attractor.model.Precision;
import attractor.model.Rnn;
import attractor.task.Task;
import attractor.task.Tasks;
import attractor.task.Trials;
import attractor.train.TrainingConfig;
import java.util.List;
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
 * How long does each kernel take at the sizes of a training step ({@link StepKernels}), and how do the providers compare?
 * {@code bench/run Kernel -p kernels=scalar,simd,jblas}. What share of the processor's limits that is, {@code bench/run
 * roofline} tells.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class KernelBenchmark {
    private static final int TRIALS = 15_000;

    @Param({"scalar", "simd"})
    private String kernels;

    @Param("double")
    private String precision;

    @Param("50")
    private int units;

    @Param("64")
    private int batch;

    @Param({
        "forward-product",
        "tanh",
        "tanh-derivative",
        "leak",
        "backward-product",
        "outer-product",
        "adjoint-sums",
        "adam",
        "weights-packing",
        "gather"
    })
    private String kernel;

    private Runnable code;

    /** Makes operands, and checks the products against plain loops. */
    @Setup(Level.Trial)
    public void setUp() {
        code = calls(
                        Kernels.of(kernels),
                        Precision.of(precision),
                        trials(kernel.equals("gather") ? TRIALS : batch),
                        units,
                        batch)
                .stream()
                .filter(call -> call.name().equals(kernel))
                .findFirst()
                .orElseThrow(
                        () -> new IllegalArgumentException("kernel is '" + kernel + "', expected one of the step's"))
                .code();
    }

    /** The kernel. */
    @Benchmark
    public void call() {
        code.run();
    }

    /** Trials of AND (I = 2, O = 1, T = 200). */
    static Trials trials(int size) {
        return Trials.random(Tasks.byName("and"), size, 0, Trials.TRAINING);
    }

    /** The kernels of a step of a network on AND. */
    static List<KernelCall> calls(Kernels kernels, Precision precision, Trials trials, int units, int batch) {
        Rnn rnn = network(units);
        return precision == Precision.FLOAT
                ? new FloatStepKernels(FloatKernels.like(kernels, units + rnn.outputs()), rnn, trials, batch).calls()
                : new StepKernels(kernels, rnn, trials, batch).calls();
    }

    /** An untrained network for AND. */
    static Rnn network(int units) {
        Task task = Tasks.byName("and");
        return TrainingConfig.builder(task).units(units).build().initialNetwork(task.inputs(), task.outputs());
    }
}
