package attractor.bench;

import attractor.dynamics.Simulator;
import attractor.dynamics.Stepper;
import attractor.kernel.Kernels;
import attractor.model.Rnn;
import attractor.task.Tasks;
import attractor.train.TrainingConfig;
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
 * How long does it take to run a network without training it: a batch of trials, states and outputs kept, 2 B T N^2
 * operations; and one step of one trial, 2 N^2, as an application that steps in real time would need it?
 * {@code bench/run Simulation -p units=50,500}
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class SimulationBenchmark {
    @Param({"scalar", "simd"})
    private String kernels;

    @Param("50")
    private int units;

    @Param("64")
    private int batch;

    @Param("200")
    private int steps;

    private Simulator simulator;
    private Stepper stepper;
    private double[] inputs;
    private final double[] x = {1, 0};
    private final double[] y = new double[1];

    /** Checks that the stepper does what the simulator does. */
    @Setup(Level.Trial)
    public void setUp() {
        Rnn rnn =
                TrainingConfig.builder(Tasks.byName("and")).units(units).build().initialNetwork(2, 1);
        simulator = new Simulator(rnn, Kernels.of(kernels));
        stepper = new Stepper(rnn, Kernels.of(kernels));
        inputs = new double[batch * steps * 2];
        Random random = new Random(1);
        Arrays.setAll(inputs, i -> random.nextGaussian());
        double[] expected = forward().y();
        for (int t = 0; t < steps; t++) {
            stepper.step(new double[] {inputs[2 * t], inputs[2 * t + 1]}, y);
            if (!(Math.abs(y[0] - expected[t]) < 1e-9)) {
                throw new IllegalStateException("y is " + y[0] + " in step " + t + ", expected " + expected[t]);
            }
        }
    }

    /** All trials. */
    @Benchmark
    public Simulator.Trajectory forward() {
        return simulator.run(inputs, batch, steps);
    }

    /** One step of one trial; batch and steps don't matter. */
    @Benchmark
    public double[] stepper() {
        stepper.step(x, y);
        return y;
    }
}
