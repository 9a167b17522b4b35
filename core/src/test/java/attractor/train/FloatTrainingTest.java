package attractor.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import attractor.dynamics.FloatSimulator;
import attractor.dynamics.FloatStepper;
import attractor.dynamics.PrecisionSimulator;
import attractor.engine.GradientCheck.Worst;
import attractor.engine.Loss;
import attractor.engine.MeanSquaredError;
import attractor.engine.Optimizer;
import attractor.engine.Sgd;
import attractor.io.FormatException;
import attractor.io.NpyArray;
import attractor.io.Npz;
import attractor.kernel.Kernels;
import attractor.model.NetworkFile;
import attractor.model.Precision;
import attractor.model.Rnn;
import attractor.train.RunDirectory.Existing;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Trainings in float: the same bits however they run, files in float32, and what is shared with double. */
class FloatTrainingTest {
    private static final ExecutionSettings ONE = TrainFixtures.ONE_THREAD;

    @TempDir
    private Path folder;

    private static TrainingConfig.Builder tiny() {
        return TrainFixtures.tiny().batch(40).samples(83).precision(Precision.FLOAT);
    }

    private static double[] trained(TrainingConfig config, ExecutionSettings execution) {
        return new Trainer(config, execution).train().network().parameters();
    }

    @Test
    void theSameBitsForKernelsAndThreads() {
        for (double tau : new double[] {1, 4}) {
            TrainingConfig config = tiny().tauMs(tau).clipNorm(0.1).build();
            double[] expected = trained(config, ONE.withKernels(Kernels.of("scalar")));
            assertEquals(-1, Precision.FLOAT.firstInexact(expected));
            assertArrayEquals(expected, trained(config, ONE), "tau " + tau);
            assertArrayEquals(expected, trained(config, ONE.withThreads(3)), "3 threads, tau " + tau);
            assertArrayEquals(expected, trained(config, ONE.withKernels(Kernels.of("softfma"))), "softfma, tau " + tau);
        }
    }

    @Test
    void stoppedAndResumed() throws IOException {
        for (TrainingConfig config : List.of(
                tiny().build(),
                tiny().optimizer(new Sgd.Options(0.05, 0.01, 0.9)).build(),
                tiny().tauMs(3)
                        .model(attractor.model.ModelOptions.DEFAULT.withTrainedTau(true))
                        .build())) {
            Path run = folder.resolve(config.optimizer().name() + config.tauMs());
            double[] whole = trained(config, ONE);
            AtomicInteger asked = new AtomicInteger();
            Trainer trainer = new Trainer(config, ONE);
            trainer.train(run, Existing.REFUSE, TrainingListener.NONE, () -> asked.incrementAndGet() > 5);
            try (var file = java.nio.file.Files.list(run)) {
                assertTrue(file.count() > 2);
            }
            TrainingResult resumed = trainer.train(run, Existing.RESUME, TrainingListener.NONE, () -> false);
            assertArrayEquals(whole, resumed.network().parameters(), config.toString());
            NetworkFile.Network read = NetworkFile.read(run.resolve("final.npz"));
            assertEquals(Precision.FLOAT, read.rnn().precision());
            assertArrayEquals(whole, read.rnn().parameters());
            assertEquals(config, RunDirectory.config(run));
        }
    }

    @Test
    void filesAreInFloat32AndOtherNumbersAreRefused() throws IOException {
        Rnn rnn = tiny().build().initialNetwork(2, 1);
        Path file = folder.resolve("net.npz");
        NetworkFile.write(file, rnn, Map.of());
        Npz npz = Npz.read(file);
        assertTrue(npz.get("W_rec").isSingle());
        assertEquals("float", npz.text("precision"));
        // Another file that says float and has doubles.
        Map<String, NpyArray> arrays = new LinkedHashMap<>(npz.arrays());
        double[] values = npz.doubles("W_rec", 7, 7).clone();
        values[9] = 0.1;
        arrays.put("W_rec", NpyArray.of(values, 7, 7));
        Npz.write(file, arrays);
        assertEquals(
                file + ": W_rec[1,2] is 0.1, expected a float, as the file's precision is",
                assertThrows(FormatException.class, () -> NetworkFile.read(file))
                        .getMessage());
        rnn.parameters()[rnn.shape().wRec().at(1, 2)] = 0.1;
        assertEquals(
                "W_rec[1,2] is 0.1, expected a float in a network of this precision",
                assertThrows(IllegalArgumentException.class, () -> NetworkFile.write(file, rnn, Map.of()))
                        .getMessage());
    }

    @Test
    void seedsMeanTheSameNetworksAndTrialsAsInDouble() {
        TrainingConfig single = tiny().build();
        TrainingConfig twin = single.toBuilder().precision(Precision.DOUBLE).build();
        Rnn rounded = twin.initialNetwork(2, 1).withPrecision(Precision.FLOAT);
        assertArrayEquals(rounded.parameters(), single.initialNetwork(2, 1).parameters());
        double first = new Trainer(single, ONE).train().history().get(0).loss();
        double second = new Trainer(twin, ONE).train().history().get(0).loss();
        assertEquals(second, first, 1e-5 * second);
        assertNotEquals(second, first);
    }

    /** A network in double that is trained on in float is rounded; one in float goes on in either precision as it is. */
    @Test
    void goingOnInAnotherPrecision() throws IOException {
        Rnn wide = tiny().precision(Precision.DOUBLE).build().initialNetwork(2, 1);
        TrainingConfig config = tiny().from(wide).build();
        assertEquals(Precision.FLOAT, config.precision());
        assertArrayEquals(
                wide.withPrecision(Precision.FLOAT).parameters(),
                config.initialNetwork(2, 1).parameters());
        Path run = folder.resolve("from");
        new Trainer(config, ONE).train(run, Existing.REFUSE, TrainingListener.NONE, () -> false);
        assertEquals(config, RunDirectory.config(run));
        Rnn narrow = NetworkFile.read(run.resolve("final.npz")).rnn();
        assertEquals(Precision.FLOAT, TrainFixtures.tiny().from(narrow).build().precision());
        Rnn widened = TrainFixtures.tiny()
                .precision(Precision.DOUBLE)
                .from(narrow)
                .build()
                .initialNetwork(2, 1);
        assertArrayEquals(narrow.parameters(), widened.parameters());
    }

    /** Sees what the trainer gives it. */
    private record OwnOptions(double learningRate) implements Optimizer.Options {
        @Override
        public String name() {
            return "own";
        }

        @Override
        public Optimizer.Options withLearningRate(double rate) {
            return new OwnOptions(rate);
        }

        @Override
        public Map<String, Double> numbers() {
            return Map.of("learningRate", learningRate);
        }

        @Override
        public Optimizer create(int count, Kernels kernels) {
            return new Sgd(new Sgd.Options(learningRate, 0, 0), count);
        }
    }

    @Test
    void aUsersLossAndOptimizerGetDoubles() {
        Loss own = new Loss() {
            @Override
            public String name() {
                return "own";
            }

            @Override
            public double sum(
                    int trials, int steps, int outputs, double[] y, double[] target, double[] weight, double[] dy) {
                return new MeanSquaredError().sum(trials, steps, outputs, y, target, weight, dy);
            }
        };
        double[] usual = trained(tiny().build(), ONE);
        assertArrayEquals(usual, trained(tiny().loss(own).build(), ONE));
        double[] parameters = trained(tiny().optimizer(new OwnOptions(0.01)).build(), ONE);
        assertEquals(-1, Precision.FLOAT.firstInexact(parameters));
        double[] same = trained(tiny().optimizer(new Sgd.Options(0.01, 0, 0)).build(), ONE);
        assertArrayEquals(same, parameters, 1e-5);
    }

    @Test
    void gradientsAgreeWithThoseInDouble() {
        for (GradientCase c : GradientCase.random(12, 3)) {
            for (Worst worst : c.floatErrors()) {
                assertTrue(worst.error() <= 5e-6, c + ": " + worst);
            }
        }
    }

    @Test
    void simulatorAndStepperHaveTheSameBits() {
        Rnn rnn = tiny().tauMs(2).build().initialNetwork(2, 1).withNoise(0.1);
        float[] x = new float[3 * 20 * 2];
        for (int i = 0; i < x.length; i++) {
            x[i] = i % 7 * 0.25f;
        }
        FloatSimulator simulator = new FloatSimulator(rnn);
        simulator.seedNoise(4, 0);
        FloatSimulator.Trajectory run = simulator.run(x, 3, 20);
        FloatStepper stepper = new FloatStepper(rnn);
        stepper.seedNoise(4, 2);
        float[] y = new float[1];
        for (int t = 0; t < 20; t++) {
            stepper.step(new float[] {x[(40 + t) * 2], x[(40 + t) * 2 + 1]}, y);
            assertEquals(run.y()[40 + t], y[0], "step " + t);
        }
        PrecisionSimulator any = new PrecisionSimulator(rnn, Kernels.get());
        any.seedNoise(4, 0);
        double[] wide =
                any.run(attractor.kernel.Floats.widened(x), 3, 20, false).y();
        for (int i = 0; i < wide.length; i++) {
            assertEquals(run.y()[i], wide[i]);
        }
        PrecisionSimulator inDouble = new PrecisionSimulator(rnn.withPrecision(Precision.DOUBLE), Kernels.get());
        inDouble.seedNoise(4, 0);
        assertArrayEquals(
                wide,
                inDouble.run(attractor.kernel.Floats.widened(x), 3, 20, false).y(),
                1e-5);
    }
}
