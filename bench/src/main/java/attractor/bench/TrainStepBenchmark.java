package attractor.bench;

import attractor.kernel.Kernels;
import attractor.model.Form;
import attractor.model.ModelOptions;
import attractor.model.Precision;
import attractor.model.Rnn;
import attractor.task.Task;
import attractor.task.Tasks;
import attractor.task.Trials;
import attractor.train.TrainingConfig;
import java.util.Map;
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
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * How long does one step of the trainer take: gathering the batch, forward pass, loss, back-propagation through time,
 * Adam? And how much of it is the gradient? The task is AND (I = 2, O = 1). A full training of the paper, 15,000 trials
 * by 20 epochs in batches of 64, is 4,700 such steps; the products in one are 6 B T N^2 operations.
 * {@code bench/run TrainStep -p units=50,100 -p threads=1,2}; {@code -p rank=0,1,4} for W_rec of full and of low rank;
 * {@code -p precision=double,float} compares the two precisions.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 3)
@Measurement(iterations = 5, time = 3)
public class TrainStepBenchmark {
    @Param({"scalar", "simd"})
    private String kernels;

    @Param("50")
    private int units;

    /** R of W_rec = P Q^T / N; 0: W_rec is no product. */
    @Param("0")
    private int rank;

    @Param("64")
    private int batch;

    @Param("200")
    private int steps;

    @Param("1")
    private int threads;

    @Param("rate")
    private String form;

    @Param("1")
    private double tauMs;

    @Param("double")
    private String precision;

    private Steps training;

    /** Draws trials and checks that the loss falls down the gradient as fast as the gradient predicts. */
    @Setup(Level.Trial)
    public void setUp() {
        Task task = Tasks.byName("and", Map.of("durationMs", (double) steps));
        Trials trials = Trials.random(task, 10 * batch, 0, Trials.TRAINING);
        Rnn rnn = TrainingConfig.builder(task)
                .units(units)
                .tauMs(tauMs)
                .model(ModelOptions.DEFAULT.withRank(rank))
                .build()
                .initialNetwork(task.inputs(), task.outputs())
                .withForm(Form.of(form))
                .withPrecision(Precision.of(precision));
        training = Steps.of(rnn, trials, batch, threads, Kernels.of(kernels));
        training.check();
    }

    /** Ends the threads. */
    @TearDown(Level.Trial)
    public void tearDown() {
        training.close();
    }

    /** One step. */
    @Benchmark
    public double step() {
        return training.step();
    }

    /** The whole step except Adam. */
    @Benchmark
    public double gradient() {
        return training.gradient();
    }
}
