package attractor.bench;

import attractor.analysis.Pca;
import attractor.analysis.Spectrum;
import attractor.dynamics.Simulator;
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
 * How long do the eigenvalues of W_rec take (about 10 N^3 operations), with eigenvectors (50 N^3), and the first three
 * principal components of the states of 20 trials of 200 steps (M N^2 with M = 4000)? The eigenvalues and vectors are
 * EJML's. {@code bench/run Analysis -p units=50,500}
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class AnalysisBenchmark {
    @Param("50")
    private int units;

    private Rnn rnn;
    private double[] states;

    /**
     * Checks that an orthogonal matrix has its eigenvalues on the unit circle, and that the components explain at most
     * the whole variance.
     */
    @Setup(Level.Trial)
    public void setUp() {
        rnn = TrainingConfig.builder(Tasks.byName("and")).units(units).build().initialNetwork(2, 1);
        Random random = new Random(1);
        double[] x = new double[20 * 200 * 2];
        Arrays.setAll(x, i -> random.nextGaussian());
        states = new Simulator(rnn).run(x, 20, 200).h();
        double radius = eigenvalues().spectralRadius();
        double explained = Arrays.stream(pca().explained()).sum();
        if (!(Math.abs(radius - 1) < 1e-9) || !(Math.abs(explained - 1) < 1e-9)) {
            throw new IllegalStateException(
                    "spectral radius is " + radius + " and explained variance " + explained + ", expected 1 of each");
        }
    }

    /** Only the eigenvalues. */
    @Benchmark
    public Spectrum eigenvalues() {
        return Spectrum.withoutVectors(rnn);
    }

    /** Eigenvalues and eigenvectors. */
    @Benchmark
    public Spectrum eigenvectors() {
        return Spectrum.of(rnn);
    }

    /** Principal components. */
    @Benchmark
    public Pca pca() {
        return Pca.of(states, units, 3);
    }
}
