package attractor.bench;

import attractor.engine.Adam;
import attractor.engine.BatchGradient;
import attractor.engine.FloatAdam;
import attractor.engine.FloatBatchGradient;
import attractor.kernel.FloatKernels;
import attractor.kernel.Floats;
import attractor.kernel.Kernels;
import attractor.model.Form;
import attractor.model.ModelOptions;
import attractor.model.Precision;
import attractor.model.Rnn;
import attractor.model.RnnShape;
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
    private String form = "rate";

    @Param("1")
    private double tauMs = 1;

    @Param("double")
    private String precision;

    private Rnn rnn;
    private BatchGradient batchGradient;
    private Adam adam;
    private double[] gradient;
    private int[] order;
    private int from;
    /** Not null with precision float; then these take the places of those above. */
    private FloatBatchGradient floatBatchGradient;

    private FloatAdam floatAdam;
    private float[] floatParameters;
    private float[] floatGradient;

    /** For JMH, which sets the fields. */
    public TrainStepBenchmark() {}

    /** For {@link Curve}, which calls the rest as JMH would. */
    TrainStepBenchmark(String kernels, int units, int batch, int steps, int threads) {
        this.kernels = kernels;
        this.units = units;
        this.batch = batch;
        this.steps = steps;
        this.threads = threads;
        precision = "double";
    }

    /** Draws trials and checks that the loss falls down the gradient as fast as the gradient predicts. */
    @Setup(Level.Trial)
    public void setUp() {
        Task task = Tasks.byName("and", Map.of("durationMs", (double) steps));
        Trials trials = Trials.random(task, 10 * batch, 0, Trials.TRAINING);
        rnn = TrainingConfig.builder(task)
                .units(units)
                .tauMs(tauMs)
                .model(ModelOptions.DEFAULT.withRank(rank))
                .build()
                .initialNetwork(task.inputs(), task.outputs())
                .withForm(Form.of(form));
        RnnShape shape = rnn.shape();
        Kernels chosen = Kernels.of(kernels);
        batchGradient = BatchGradient.builder(rnn, trials)
                .maxBatch(batch)
                .threads(threads)
                .kernels(chosen)
                .memoryLimitBytes(Long.MAX_VALUE)
                .build();
        adam = new Adam(Adam.Options.DEFAULT, shape.bRec().offset(), chosen);
        gradient = new double[shape.parameters()];
        order = new int[trials.size()];
        for (int i = 0; i < order.length; i++) {
            order[i] = i;
        }
        double[] p = rnn.parameters();
        double before = batchGradient.compute(p, order, 0, batch, gradient);
        double square = 0;
        for (double g : gradient) {
            square += g * g;
        }
        double[] downhill = p.clone();
        for (int i = 0; i < p.length; i++) {
            downhill[i] -= 1e-4 * before / square * gradient[i];
        }
        double fall = before - batchGradient.compute(downhill, order, 0, batch, gradient.clone());
        if (!(Math.abs(fall / (1e-4 * before) - 1) < 0.1)) {
            throw new IllegalStateException(
                    "down the gradient the loss of " + before + " falls by " + fall + ", expected 1e-4 of it");
        }
        if (Precision.of(precision) == Precision.FLOAT) {
            setUpFloat(trials, chosen);
        }
    }

    private void setUpFloat(Trials trials, Kernels chosen) {
        // The engine for double was only run to check it: its code is not compiled, and its threads end here.
        batchGradient.close();
        FloatKernels kernelsOfFloat = FloatKernels.like(chosen, rnn.units() + rnn.outputs());
        floatBatchGradient = FloatBatchGradient.builder(rnn, trials)
                .maxBatch(batch)
                .threads(threads)
                .kernels(kernelsOfFloat)
                .memoryLimitBytes(Long.MAX_VALUE)
                .build();
        floatAdam = new FloatAdam(Adam.Options.DEFAULT, rnn.shape().bRec().offset(), kernelsOfFloat);
        floatParameters = Floats.rounded(rnn.parameters());
        floatGradient = new float[floatParameters.length];
    }

    /** Ends the threads. */
    @TearDown(Level.Trial)
    public void tearDown() {
        batchGradient.close();
        if (floatBatchGradient != null) {
            floatBatchGradient.close();
        }
    }

    /** One step. */
    @Benchmark
    public double step() {
        double loss = gradient();
        if (floatAdam == null) {
            adam.step(rnn.parameters(), gradient);
        } else {
            floatAdam.step(floatParameters, floatGradient);
        }
        return loss;
    }

    /** The whole step except Adam. */
    @Benchmark
    public double gradient() {
        double loss = floatBatchGradient == null
                ? batchGradient.compute(rnn.parameters(), order, from, batch, gradient)
                : floatBatchGradient.compute(floatParameters, order, from, batch, floatGradient);
        from = (from + batch) % order.length;
        return loss;
    }
}
