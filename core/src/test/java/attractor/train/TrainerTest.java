package attractor.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import attractor.engine.Adam;
import attractor.engine.BatchGradient;
import attractor.engine.EngineFixtures;
import attractor.io.FormatException;
import attractor.io.JsonObject;
import attractor.kernel.Activation;
import attractor.kernel.Kernels;
import attractor.model.Initializers.Recurrent;
import attractor.model.Rnn;
import attractor.model.RnnShape;
import attractor.random.RandomStream;
import attractor.random.RandomStream.Purpose;
import attractor.task.OneChannelTask;
import attractor.task.Task;
import attractor.task.Tasks;
import attractor.task.Trials;
import attractor.train.TrainingResult.Outcome;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TrainerTest {
    private static final ExecutionSettings ONE = TrainFixtures.ONE_THREAD;

    private static TrainingResult train(TrainingConfig config) {
        return new Trainer(config, ONE).train();
    }

    private static TrainingResult train(TrainingConfig.Builder builder, Task task) {
        return new Trainer(builder.build(), ONE, task).train();
    }

    private static TrainingConfig.Builder echo(Task task) {
        return TrainingConfig.builder(task)
                .units(6)
                .samples(50)
                .batch(16)
                .epochs(8)
                .stopLoss(0.0)
                .evaluationTrials(10)
                .optimizer(new Adam.Options(1e-2, 0.0, 0.9, 0.999, 1e-8));
    }

    @Test
    void aNetworkLearns() {
        TrainingConfig config =
                TrainFixtures.tiny().units(20).samples(600).batch(32).epochs(12).build();
        TrainingResult result = train(config);
        assertEquals(Outcome.FINISHED, result.outcome());
        assertEquals(12, result.epochs());
        assertEquals(12 * 19, result.steps());
        double first = result.history().get(0).loss();
        assertTrue(result.loss() < 0.2 * first, "seed 5: loss fell from " + first + " to " + result.loss());
        assertTrue(result.passed(), "seed 5: " + result.scores());
        assertTrue(result.seconds() > 0.0);
        assertEquals(1000.0 * result.seconds() / result.steps(), result.msPerStep());
        assertEquals(20, result.scores().trials());
    }

    /** Three chunks of 32 trials and a last batch of 8, bias, clipping. A change of the hash is a change of every result. */
    @Test
    void bitsAreFrozenForEveryKernelAndNumberOfThreads() {
        TrainingConfig config = TrainFixtures.tiny()
                .samples(200)
                .batch(96)
                .epochs(2)
                .recurrentBias(true)
                .clipNorm(0.5)
                .build();
        for (Kernels kernels : TrainFixtures.kernels().toList()) {
            for (int threads = 1; threads <= 3; threads++) {
                for (long budget : new long[] {0, Trials.DEFAULT_BUDGET}) {
                    String what = kernels.name() + ", " + threads + " threads, budget " + budget;
                    TrainingResult result = new Trainer(
                                    config,
                                    ONE.withKernels(kernels)
                                            .withThreads(threads)
                                            .withTrialBudget(budget))
                            .train();
                    assertEquals(
                            "de544773dc55b3b4",
                            TrainFixtures.hash(result.network().parameters()),
                            what);
                    assertEquals(0.2200422641485131, result.loss(), what);
                }
            }
        }
    }

    @Test
    void aMemoryLimitDoesNotChangeTheBits() {
        Task task = Tasks.byName("and", Map.of("durationMs", 300));
        TrainingConfig config = TrainingConfig.builder(task)
                .units(5)
                .samples(8)
                .batch(8)
                .epochs(1)
                .evaluationTrials(4)
                .build();
        double[] whole = train(config).network().parameters();
        double[] segments = new Trainer(config, ONE.withMemoryLimit(150_000))
                .train()
                .network()
                .parameters();
        assertArrayEquals(whole, segments);
        assertThrows(IllegalArgumentException.class, () -> new Trainer(config, ONE.withMemoryLimit(1000)).train());
    }

    @Test
    void equalConfigurationsGiveEqualResults() {
        TrainingConfig config = TrainFixtures.tiny().build();
        TrainingResult a = train(config);
        TrainingResult b = train(config);
        assertArrayEquals(a.network().parameters(), b.network().parameters());
        assertEquals(TrainFixtures.losses(a.history()), TrainFixtures.losses(b.history()));
        assertEquals(a.scores(), b.scores());
        assertArrayEquals(a.best().parameters(), b.best().parameters());
        double[] other = train(config.toBuilder().seed(6).build()).network().parameters();
        assertNotEquals(a.network().parameters()[0], other[0]);
    }

    /** Everything that the trainer does in a step, once more: order, batches, clipping, what is trained, the mean. */
    @ParameterizedTest
    @CsvSource({"0.0, false", "0.0, true", "0.5, false", "0.5, true"})
    void stepsAreThoseOfTheDescription(double clipNorm, boolean bias) {
        TrainingConfig config = TrainFixtures.tiny()
                .epochs(3)
                .clipNorm(clipNorm)
                .recurrentBias(bias)
                .build();
        Trials trials = Trials.random(TrainFixtures.shortAnd(), 43, 5, Trials.TRAINING);
        Rnn rnn = config.initialNetwork(2, 1);
        RnnShape shape = rnn.shape();
        double[] p = rnn.parameters();
        double[] gradient = new double[p.length];
        int trained = shape.bRec().offset() + (bias ? 7 : 0);
        Adam adam = new Adam((Adam.Options) config.optimizer(), trained, Kernels.of("scalar"));
        List<Double> losses = new ArrayList<>();
        int clipped = 0;
        try (BatchGradient batchGradient = EngineFixtures.batchGradient(rnn, trials, 8)
                .kernels(Kernels.of("scalar"))
                .build()) {
            for (int epoch = 0; epoch < 3; epoch++) {
                int[] order = new int[43];
                for (int i = 0; i < 43; i++) {
                    order[i] = i;
                }
                new RandomStream(5, Trainer.SHUFFLE, epoch).shuffle(order);
                double sum = 0.0;
                for (int from = 0; from < 43; from += 8) {
                    int count = from == 40 ? 3 : 8;
                    sum += count * batchGradient.compute(p, order, from, count, gradient);
                    double norm = 0.0;
                    for (int i = 0; i < trained; i++) {
                        norm += gradient[i] * gradient[i];
                    }
                    norm = Math.sqrt(norm);
                    if (clipNorm > 0.0 && norm > clipNorm) {
                        clipped++;
                        for (int i = 0; i < trained; i++) {
                            gradient[i] *= clipNorm / norm;
                        }
                    }
                    adam.step(p, gradient);
                }
                losses.add(sum / 43);
            }
        }
        assertEquals(clipNorm > 0.0, clipped > 0, "some batches are clipped");
        assertTrue(clipNorm == 0.0 || clipped < 18, "and some are not: " + clipped);
        TrainingResult result = train(config);
        assertEquals(18, result.steps());
        assertArrayEquals(p, result.network().parameters(), 1e-13);
        for (int e = 0; e < 3; e++) {
            assertEquals(losses.get(e), result.history().get(e).loss(), 1e-14);
        }
        double[] initial = config.initialNetwork(2, 1).parameters();
        for (int i = 0; i < p.length; i++) {
            assertEquals(i < trained, initial[i] != result.network().parameters()[i], shape.entry(i));
        }
    }

    @Test
    void clippingChangesTheResult() {
        double[] free = train(TrainFixtures.tiny().build()).network().parameters();
        double[] loose =
                train(TrainFixtures.tiny().clipNorm(1e6).build()).network().parameters();
        double[] tight =
                train(TrainFixtures.tiny().clipNorm(0.02).build()).network().parameters();
        assertArrayEquals(free, loose);
        double largest = 0.0;
        for (int i = 0; i < free.length; i++) {
            largest = Math.max(largest, Math.abs(free[i] - tight[i]));
        }
        assertTrue(largest > 1e-6, "largest difference is " + largest);
    }

    @Test
    void trainingStopsEarlyUnderTheThreshold() {
        TrainingResult whole = train(TrainFixtures.tiny().epochs(6).build());
        List<EpochSummary> history = whole.history();
        double third = history.get(2).loss();
        assertTrue(third < history.get(1).loss() && third < history.get(0).loss(), "seed 5: " + history);
        assertEquals(
                6, train(TrainFixtures.tiny().epochs(6).stopLoss(1e-12).build()).epochs());
        assertEquals(3, train(TrainFixtures.tiny().epochs(3).build()).epochs());
        TrainingResult stopped = train(
                TrainFixtures.tiny().epochs(6).stopLoss(Math.nextUp(third)).build());
        assertEquals(Outcome.FINISHED, stopped.outcome());
        assertEquals(TrainFixtures.losses(history.subList(0, 3)), TrainFixtures.losses(stopped.history()));
        assertArrayEquals(
                train(TrainFixtures.tiny().epochs(3).build()).network().parameters(),
                stopped.network().parameters());
        // Strictly under: a loss that equals the threshold doesn't stop.
        assertTrue(train(TrainFixtures.tiny().epochs(6).stopLoss(third).build()).epochs() > 3);
    }

    @Test
    void theBestEpochIsTheFirstWithTheLowestLoss() {
        TrainingConfig wild = TrainFixtures.tiny()
                .epochs(12)
                .optimizer(new Adam.Options(0.2, 0.0, 0.9, 0.999, 1e-8))
                .build();
        TrainingResult result = train(wild);
        int best = 1;
        for (EpochSummary epoch : result.history()) {
            best = epoch.loss() < result.history().get(best - 1).loss() ? epoch.number() : best;
        }
        assertTrue(best < 12, "seed 5: the last epoch is the best of " + result.history());
        assertEquals(best, result.bestEpoch());
        assertArrayEquals(
                train(wild.toBuilder().epochs(best).build()).network().parameters(),
                result.best().parameters());
    }

    @Test
    void batchesOfOneAndBatchesLargerThanTheSetWork() {
        TrainingResult ones =
                train(TrainFixtures.tiny().samples(11).batch(1).epochs(2).build());
        assertEquals(22, ones.steps());
        assertTrue(ones.loss() < ones.history().get(0).loss() * 1.5);
        TrainingResult all =
                train(TrainFixtures.tiny().samples(11).batch(64).epochs(2).build());
        assertEquals(2, all.steps());
        TrainingResult same =
                train(TrainFixtures.tiny().samples(11).batch(11).epochs(2).build());
        assertArrayEquals(all.network().parameters(), same.network().parameters());
        TrainingResult single =
                train(TrainFixtures.tiny().samples(1).batch(1).epochs(2).build());
        assertEquals(2, single.steps());
    }

    @ParameterizedTest
    @CsvSource({
        "1, 1, 6, false, TANH",
        "1, 3, 1, true, TANH",
        "2, 2, 1, false, SIGMOID",
        "9, 1, 6, true, TANH",
        "9, 2, 6, true, IDENTITY",
        "9, 2, 6, false, RELU"
    })
    void smallAndMaskedTasksOfOnesOwnAreLearned(
            int steps, int inputs, int units, boolean masked, Activation activation) {
        Task task = new TrainFixtures.Echo(steps, inputs, masked);
        TrainingResult result =
                train(echo(task).units(units).activation(activation).tauMs(0.75).init(Recurrent.NORMAL), task);
        double first = result.history().get(0).loss();
        assertTrue(result.loss() < 0.9 * first, "seed 0: loss went from " + first + " to " + result.loss());
        assertEquals(0.5, result.network().dtMs());
        assertEquals(0.5 / 0.75, result.network().alpha());
    }

    /** Where the mask is 0 the target doesn't matter. */
    @Test
    void maskedStepsDoNotCount() {
        int steps = 6;
        double[] x = new double[8 * steps];
        double[] y = new double[8 * steps];
        double[] mask = new double[8 * steps];
        RandomStream random = new RandomStream(1, Purpose.of("test"), 0);
        random.fillGaussian(x, 0, x.length, 1.0);
        random.fillGaussian(y, 0, y.length, 1.0);
        for (int i = 0; i < mask.length; i++) {
            mask[i] = i % steps < 2 ? 0.0 : 0.5;
        }
        double[] otherY = y.clone();
        otherY[steps + 1] = 1e3;
        double[][] results = new double[2][];
        for (int k = 0; k < 2; k++) {
            Trials trials = Trials.ofArrays(steps, 1, 1, x, k == 0 ? y : otherY, mask, null, null);
            TrainingConfig config = TrainingConfig.builder(trials, 1.0, 8)
                    .units(4)
                    .epochs(2)
                    .batch(3)
                    .build();
            results[k] =
                    new Trainer(config, ONE, trials, trials).train().network().parameters();
        }
        assertArrayEquals(results[0], results[1]);
    }

    @Test
    void trialsFromArraysTrainAsTheirTaskDoes() {
        Task task = TrainFixtures.shortAnd();
        Trials drawn = Trials.random(task, 43, 5, Trials.TRAINING);
        int steps = drawn.steps();
        double[] x = new double[43 * steps * 2];
        double[] y = new double[43 * steps];
        int[] type = new int[43];
        Trials.Reader reader = drawn.reader();
        for (int i = 0; i < 43; i++) {
            reader.read(i, x, i * steps * 2, y, i * steps, null, 0);
            type[i] = drawn.type(i);
        }
        Trials data = Trials.ofArrays(steps, 2, 1, x, y, null, type, drawn.types());
        TrainingConfig tiny = TrainFixtures.tiny().build();
        TrainingConfig config = TrainingConfig.builder(data, 1.0, 43)
                .units(7)
                .batch(8)
                .epochs(4)
                .optimizer(tiny.optimizer())
                .stopLoss(0.0)
                .seed(5)
                .build();
        TrainingResult result = new Trainer(config, ONE, data, data).train();
        assertArrayEquals(train(tiny).network().parameters(), result.network().parameters());
        assertEquals(43, result.scores().trials());
        x[0] += 1.0;
        Trials other = Trials.ofArrays(steps, 2, 1, x, y, null, type, drawn.types());
        String message = assertThrows(IllegalArgumentException.class, () -> new Trainer(config, ONE, other, other))
                .getMessage();
        assertTrue(
                message.contains("SHA-256 is ")
                        && message.contains("expected " + ((TrialOrigin.OfArrays) config.trials()).digest()),
                message);
    }

    @Test
    void theTaskMustBeTheConfiguredOne() throws FormatException {
        TrainingConfig config = TrainFixtures.tiny().build();
        assertDoesNotThrow(() -> new Trainer(config, ONE, TrainFixtures.shortAnd()));
        assertMessage("the task is or, expected and as configured", () -> new Trainer(config, ONE, Tasks.byName("or")));
        assertMessage("task and has the options ", () -> new Trainer(config, ONE, Tasks.byName("and")));
        Task echo = new TrainFixtures.Echo(3, 1, false);
        TrainingConfig echoConfig = echo(echo).build();
        assertMessage("unknown task echo, expected one of ", () -> new Trainer(echoConfig, ONE));
        Map<String, Object> json = new LinkedHashMap<>(echoConfig.toJson());
        json.put("dtMs", 1.0);
        json.put("tauMs", 1.0);
        TrainingConfig slower = TrainingConfig.fromJson(new JsonObject(json, "test"));
        assertMessage(
                "task echo has steps of 0.5 ms, expected dtMs = 1.0 as configured",
                () -> new Trainer(slower, ONE, echo));
    }

    private static void assertMessage(String start, org.junit.jupiter.api.function.Executable code) {
        String message = assertThrows(IllegalArgumentException.class, code).getMessage();
        assertTrue(message.startsWith(start), message);
    }

    @Test
    void theListenerHearsEverythingInOrder() {
        List<String> heard = new ArrayList<>();
        TrainingConfig config = TrainFixtures.tiny().samples(20).epochs(2).build();
        TrainingResult result = new Trainer(config, ONE)
                .train(
                        new TrainingListener() {
                            @Override
                            public void begun(TrainingConfig c, int batches, int epochsDone, int batchesDone) {
                                assertEquals(config, c);
                                heard.add("begun " + batches + " " + epochsDone + " " + batchesDone);
                            }

                            @Override
                            public void batchDone(TrainingStep s) {
                                assertTrue(s.meanLoss() > 0.0 && s.stepsPerSecond() > 0.0);
                                heard.add(s.epoch() + "/" + s.epochs() + " " + s.batch() + "/" + s.batches());
                                if (s.batch() == s.batches()) {
                                    heard.add("loss " + s.meanLoss());
                                }
                            }

                            @Override
                            public void epochDone(EpochSummary epoch, TrainingStep last, boolean best) {
                                heard.add("loss " + epoch.loss());
                                heard.add("epoch " + epoch.number() + "/" + last.epochs() + " " + best);
                            }
                        },
                        () -> false);
        String first = "loss " + result.history().get(0).loss();
        String second = "loss " + result.history().get(1).loss();
        boolean better = result.bestEpoch() == 2;
        assertEquals(
                List.of(
                        "begun 3 0 0",
                        "1/2 1/3",
                        "1/2 2/3",
                        "1/2 3/3",
                        first,
                        first,
                        "epoch 1/2 true",
                        "2/2 1/3",
                        "2/2 2/3",
                        "2/2 3/3",
                        second,
                        second,
                        "epoch 2/2 " + better),
                heard);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 6, 8})
    void trainingInMemoryStopsBetweenBatches(int after) {
        int[] batches = new int[1];
        TrainingListener counter = step -> batches[0]++;
        TrainingResult result =
                new Trainer(TrainFixtures.tiny().build(), ONE).train(counter, () -> batches[0] == after);
        assertEquals(Outcome.STOPPED, result.outcome());
        assertEquals(after, batches[0]);
        assertEquals(after, result.steps());
        assertEquals(after / 6, result.epochs());
        assertEquals(after % 6, result.batch());
        assertNull(result.scores());
        assertFalse(result.passed());
        assertEquals(
                after < 6,
                Arrays.equals(
                        result.best().parameters(),
                        TrainFixtures.tiny().build().initialNetwork(2, 1).parameters()),
                "the initial network is the best before the first epoch is done");
        assertEquals(after < 6, Double.isNaN(result.loss()));
        assertEquals(after < 6 ? 0 : 1, result.bestEpoch());
    }

    @Test
    void aLossThatIsNotFiniteNamesEpochBatchAndArray() {
        TrainingConfig config = TrainFixtures.tiny()
                .activation(Activation.IDENTITY)
                .optimizer(new Adam.Options(1e9, 0.0, 0.9, 0.999, 1e-8))
                .build();
        DivergedException e = assertThrows(DivergedException.class, () -> train(config));
        assertTrue(
                e.getMessage()
                        .matches("loss is (NaN|Infinity) in epoch 1, batch \\d+"
                                + " \\(gradient of W_\\w+\\[\\d+,\\d+\\] is (NaN|-?Infinity)\\)"),
                e.getMessage());
        assertEquals(1, e.epoch());
        assertTrue(e.getMessage().contains("batch " + e.batch() + " "));
    }

    @Test
    void messagesAboutDivergenceNameTheEntry() {
        RnnShape shape = new RnnShape(2, 3, 1);
        int trained = shape.bRec().end();
        double[] a = new double[shape.parameters()];
        a[shape.h0().offset()] = Double.NaN; // not trained, not looked at
        DivergedException.check(0.5, a, trained, shape, 1, 1);
        DivergedException.check(a, trained, shape, 1, 1);
        assertDiverged("loss is Infinity in epoch 3, batch 17", Double.POSITIVE_INFINITY, a, shape);
        a[shape.bRec().at(2, 0)] = Double.NEGATIVE_INFINITY;
        assertDiverged("gradient of b_rec[2] is -Infinity in epoch 3, batch 17", 0.5, a, shape);
        a[shape.wRec().at(1, 2)] = Double.NaN;
        assertDiverged("loss is NaN in epoch 3, batch 17 (gradient of W_rec[1,2] is NaN)", Double.NaN, a, shape);
        assertEquals(
                "W_rec[1,2] is NaN after epoch 3, batch 17",
                assertThrows(DivergedException.class, () -> DivergedException.check(a, trained, shape, 3, 17))
                        .getMessage());
    }

    private static void assertDiverged(String message, double loss, double[] gradient, RnnShape shape) {
        DivergedException e = assertThrows(
                DivergedException.class,
                () -> DivergedException.check(loss, gradient, shape.bRec().end(), shape, 3, 17));
        assertEquals(message, e.getMessage());
        assertEquals(3, e.epoch());
        assertEquals(17, e.batch());
    }

    @Test
    void aTaskThatWritesNonsenseIsNamed() {
        Task bad = new BadTask();
        TrainingConfig config =
                TrainingConfig.builder(bad).units(2).samples(4).epochs(1).build();
        for (long budget : new long[] {0, Trials.DEFAULT_BUDGET}) {
            String message = assertThrows(
                            IllegalArgumentException.class,
                            () -> new Trainer(config, ONE.withTrialBudget(budget), bad).train())
                    .getMessage();
            assertTrue(message.startsWith("task bad wrote y = NaN in trial "), message);
        }
    }

    private static final class BadTask implements OneChannelTask {
        @Override
        public String name() {
            return "bad";
        }

        @Override
        public int steps() {
            return 3;
        }

        @Override
        public void write(int type, RandomStream random, double[] x, double[] y, double[] mask) {
            y[1] = Double.NaN;
        }
    }

    @Test
    void executionSettingsAreChecked() {
        assertThrows(IllegalArgumentException.class, () -> ONE.withThreads(0));
        assertThrows(IllegalArgumentException.class, () -> ONE.withMemoryLimit(0));
        assertThrows(IllegalArgumentException.class, () -> ONE.withTrialBudget(-1));
        assertThrows(NullPointerException.class, () -> ONE.withKernels(null));
    }
}
