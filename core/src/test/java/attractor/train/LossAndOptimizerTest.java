package attractor.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import attractor.dynamics.Simulator;
import attractor.engine.Adam;
import attractor.engine.Loss;
import attractor.engine.MeanSquaredError;
import attractor.engine.Optimizer;
import attractor.engine.Sgd;
import attractor.engine.SoftmaxCrossEntropy;
import attractor.io.FormatException;
import attractor.io.Json;
import attractor.kernel.Kernels;
import attractor.model.NetworkFile;
import attractor.model.Rnn;
import attractor.random.RandomStream;
import attractor.task.Tasks;
import attractor.task.Trials;
import attractor.train.RunDirectory.Existing;
import attractor.train.TrainingResult.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Trainings with another loss or optimiser than the paper's, those of a user among them. */
class LossAndOptimizerTest {
    private static final int STEPS = 10;

    @TempDir
    private Path folder;

    /** Noise whose mean's sign is to be told in the last three steps, by two outputs. */
    private static Trials decisions() {
        int size = 43;
        double[] x = new double[size * STEPS];
        double[] y = new double[2 * size * STEPS];
        double[] mask = new double[y.length];
        for (int s = 0; s < size; s++) {
            new RandomStream(4, Trials.TRAINING, s).fillGaussian(x, s * STEPS, STEPS, 1.0);
            for (int t = 0; t < STEPS; t++) {
                x[s * STEPS + t] += s % 2 == 0 ? 0.5 : -0.5;
                int k = 2 * (s * STEPS + t);
                y[k + s % 2] = 1;
                mask[k] = t < 7 ? 0 : 1;
                mask[k + 1] = t < 7 ? 0 : 1 + s % 3;
            }
        }
        return Trials.ofArrays(STEPS, 1, 2, x, y, mask, null, null);
    }

    private static TrainingConfig.Builder config(Loss loss, Optimizer.Options optimizer) {
        return TrainingConfig.builder(decisions(), 1.0, 43)
                .units(7)
                .batch(8)
                .epochs(3)
                .seed(5)
                .loss(loss)
                .stopLoss(0)
                .optimizer(optimizer);
    }

    static Stream<Arguments> kinds() {
        return Stream.of(
                Arguments.of(new SoftmaxCrossEntropy(), Adam.Options.DEFAULT),
                Arguments.of(new MeanSquaredError(), new Sgd.Options(0.05, 1e-3, 0.9)),
                Arguments.of(new SoftmaxCrossEntropy(), new Sgd.Options(0.05, 0, 0)),
                Arguments.of(new TrainFixtures.Cubic(), new TrainFixtures.Averaging(0.05, 0.99)));
    }

    private static Trainer trainer(TrainingConfig config) {
        return new Trainer(config, TrainFixtures.ONE_THREAD, decisions(), decisions());
    }

    private static TrainingResult train(Path run, TrainingConfig config, int batches) throws IOException {
        int[] done = {0};
        return trainer(config).train(run, Existing.RESUME, step -> done[0]++, () -> done[0] == batches);
    }

    private static TrainingConfig parse(TrainingConfig config) throws FormatException {
        return TrainingConfig.fromJson(Json.parseObject(Json.pretty(config.toJson()), "run.json"), "run.json");
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void jsonKeepsThem(Loss loss, Optimizer.Options optimizer) throws FormatException {
        TrainingConfig config = config(loss, optimizer).build();
        TrainingConfig read = parse(config);
        assertEquals(config.toJson(), read.toJson());
        assertEquals(loss.name(), read.loss().name());
        assertEquals(optimizer.name(), read.optimizer().name());
        assertEquals(optimizer.numbers(), read.optimizer().numbers());
        assertTrue(config.sameButEpochs(read.toBuilder().epochs(9).build()));
        boolean own = loss instanceof TrainFixtures.Cubic;
        assertEquals(own, !read.equals(config), "only a user's is known by name alone");
        assertEquals(loss instanceof MeanSquaredError, !config.toJson().containsKey("loss"));
        assertEquals(optimizer instanceof Adam.Options, !config.toJson().containsKey("optimizer"));
        assertEquals(own, config.toJson().containsKey("optimizerNumbers"));
        assertEquals(read.toJson(), read.toBuilder().build().toJson());
    }

    /** Stopped within and between epochs; the files are read back each time. */
    @ParameterizedTest
    @MethodSource("kinds")
    void stoppedAndResumedItIsTheRunThatWasNeverStopped(Loss loss, Optimizer.Options optimizer) throws IOException {
        TrainingConfig config = config(loss, optimizer)
                .fit(FitOptions.DEFAULT.withValidation(0.2, 0))
                .build();
        Path whole = folder.resolve("whole");
        Path parts = folder.resolve("parts");
        TrainingResult expected = train(whole, config, -1);
        assertEquals(15, expected.steps());
        assertTrue(expected.loss() < expected.history().get(0).loss(), "it learns");
        for (int batches : new int[] {2, 3, 4}) {
            assertEquals(Outcome.STOPPED, train(parts, config, batches).outcome());
        }
        assertEquals(Outcome.FINISHED, train(parts, config, -1).outcome());
        TrainFixtures.assertSameRun(whole, parts, loss.name() + ", " + optimizer.name());
        assertNotEquals(
                TrainFixtures.hash(expected.network().parameters()),
                TrainFixtures.hash(trainer(config(new MeanSquaredError(), Adam.Options.DEFAULT)
                                .fit(config.fit())
                                .build())
                        .train()
                        .network()
                        .parameters()));
    }

    /** More epochs, whose number alone may differ. */
    @Test
    void aFinishedTrainingWithThemIsExtended() throws IOException {
        TrainingConfig config = config(new TrainFixtures.Cubic(), new TrainFixtures.Averaging(0.05, 0.99))
                .build();
        TrainingConfig longer = config.toBuilder().epochs(5).build();
        Path whole = folder.resolve("whole");
        Path parts = folder.resolve("parts");
        train(whole, longer, -1);
        train(parts, config, -1);
        train(parts, longer, -1);
        TrainFixtures.assertSameRun(whole, parts, "extended");
    }

    /** Who has neither can read the file and evaluate the network, but not go on. */
    @Test
    void aTrainingWithAnUnknownLossOrOptimiserCanBeReadButNotGoneOnWith() throws IOException {
        Path run = folder.resolve("run");
        Loss cubic = new TrainFixtures.Cubic();
        Optimizer.Options averaging = new TrainFixtures.Averaging(0.05, 0.99);
        TrainingConfig config = config(cubic, averaging).build();
        train(run, config, 4);
        TrainingConfig read = RunDirectory.config(run);
        Map<String, String> before = TrainFixtures.arrays(run.resolve(RunDirectory.CHECKPOINT));
        Object[][] lacking = {
            {read, "the loss 'cubic' is a user's own, expected a configuration that contains it"},
            {
                read.toBuilder().loss(cubic).build(),
                "the optimiser 'averaging' is a user's own, expected a configuration that contains its options"
            }
        };
        for (Object[] one : lacking) {
            assertEquals(
                    one[1],
                    assertThrows(IllegalArgumentException.class, () -> train(run, (TrainingConfig) one[0], -1))
                            .getMessage());
            assertEquals(before, TrainFixtures.arrays(run.resolve(RunDirectory.CHECKPOINT)));
        }
        ConfigurationDiffersException differs = assertThrows(
                ConfigurationDiffersException.class,
                () -> train(
                        run, read.toBuilder().loss(new SoftmaxCrossEntropy()).build(), -1));
        assertEquals("loss", differs.key());
        TrainingResult result =
                train(run, read.toBuilder().loss(cubic).optimizer(averaging).build(), -1);
        TrainingResult finished = train(run, read, -1);
        assertEquals(Outcome.FINISHED_BEFORE, finished.outcome());
        assertEquals(result.scores(), finished.scores());
        Rnn network = NetworkFile.read(RunDirectory.last(run)).rnn();
        assertEquals(result.scores(), Evaluator.evaluate(network, decisions(), Kernels.get(), 5));
    }

    @Test
    void namesOfTheLibraryAreTaken() {
        Loss imposter = new Loss() {
            @Override
            public String name() {
                return "mse";
            }

            @Override
            public double sum(int b, int steps, int o, double[] y, double[] target, double[] weight, double[] dy) {
                return 0;
            }
        };
        assertEquals(
                "a loss of your own is named mse, expected a name that the library hasn't",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> config(imposter, Adam.Options.DEFAULT).build())
                        .getMessage());
        NamedOptimizer other = new NamedOptimizer("sgd", Map.of("learningRate", 1.0));
        assertThrows(
                IllegalArgumentException.class,
                () -> config(new MeanSquaredError(), other).build());
    }

    @Test
    void aTasksThresholdIsOneOfSquaredErrors() {
        TrainingConfig mse = TrainingConfig.builder(Tasks.byName("and")).build();
        assertEquals(5e-4, mse.stopLoss());
        for (Loss loss : List.of(new SoftmaxCrossEntropy(), new TrainFixtures.Cubic())) {
            assertEquals(0.0, mse.toBuilder().loss(loss).build().stopLoss());
            TrainingConfig said = mse.toBuilder().loss(loss).stopLoss(0.2).build();
            assertEquals(0.2, said.stopLoss());
            assertEquals(0.2, said.toBuilder().loss(loss).build().stopLoss(), "as before");
        }
        assertEquals(5e-4, mse.toBuilder().loss(new MeanSquaredError()).build().stopLoss());
    }

    @Test
    void crossEntropyOfOneOutputIsRefusedBeforeAnythingIsWritten() {
        TrainingConfig config =
                TrainFixtures.tiny().loss(new SoftmaxCrossEntropy()).build();
        Path run = folder.resolve("run");
        Trainer trainer = new Trainer(config, TrainFixtures.ONE_THREAD);
        assertEquals(
                "outputs is 1, expected 2 or more with cross-entropy, one per class",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> trainer.train(run, Existing.REFUSE, TrainingListener.NONE, () -> false))
                        .getMessage());
        assertFalse(Files.exists(run));
    }

    /** Against the formula: the mean over trials and steps, weighted by the masks, of -log of the right class's probability. */
    @Test
    void theValidationLossIsOfTheSameKind() {
        Trials trials = decisions();
        Rnn rnn =
                config(new SoftmaxCrossEntropy(), Adam.Options.DEFAULT).build().initialNetwork(1, 2);
        int[] which = new int[41];
        double sum = 0;
        double weights = 0;
        double[] x = new double[STEPS];
        double[] target = new double[2 * STEPS];
        double[] mask = new double[2 * STEPS];
        for (int i = 0; i < which.length; i++) {
            which[i] = i + 2;
            trials.reader().read(i + 2, x, 0, target, 0, mask, 0);
            double[] y = new Simulator(rnn, Kernels.get()).run(x, 1, STEPS).y();
            for (int t = 0; t < STEPS; t++) {
                double weight = mask[2 * t] + mask[2 * t + 1];
                int right = target[2 * t] == 1 ? 0 : 1;
                double p = Math.exp(y[2 * t + right]) / (Math.exp(y[2 * t]) + Math.exp(y[2 * t + 1]));
                sum -= weight * Math.log(p);
                weights += weight;
            }
        }
        double found = Evaluator.loss(rnn, trials, which, new SoftmaxCrossEntropy(), Kernels.get(), 0);
        assertEquals(sum / weights, found, 1e-13);
        assertTrue(found > 0.3 && found < 1.5, "about log 2: " + found);
        double[] losses = new double[2];
        TrainingConfig config = config(new SoftmaxCrossEntropy(), new Sgd.Options(1e-12, 0, 0))
                .fit(FitOptions.DEFAULT.withValidation(0.5, 0))
                .epochs(1)
                .build();
        EpochSummary epoch = trainer(config).train().history().get(0);
        losses[0] = epoch.loss();
        losses[1] = epoch.validationLoss();
        int[] all = new int[43];
        for (int i = 0; i < 43; i++) {
            all[i] = i;
        }
        double whole = Evaluator.loss(rnn, trials, all, new SoftmaxCrossEntropy(), Kernels.get(), 0);
        // The two halves, of which the network learns nothing at such a rate, lie on both sides of the whole.
        assertTrue(Math.min(losses[0], losses[1]) < whole && whole < Math.max(losses[0], losses[1]));
        assertArrayEquals(new double[] {whole, whole}, losses, 0.2);
    }
}
