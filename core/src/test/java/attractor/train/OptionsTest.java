package attractor.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import attractor.dynamics.Simulator;
import attractor.engine.Adam;
import attractor.engine.BatchGradient;
import attractor.engine.EngineFixtures;
import attractor.engine.TrainedTau;
import attractor.io.FormatException;
import attractor.io.Json;
import attractor.kernel.Activation;
import attractor.kernel.Kernels;
import attractor.model.EntrySet;
import attractor.model.Initializers;
import attractor.model.ModelOptions;
import attractor.model.ModelOptions.Fixed;
import attractor.model.ModelOptions.Mask;
import attractor.model.NetworkFile;
import attractor.model.Rnn;
import attractor.model.RnnShape;
import attractor.model.Signs;
import attractor.random.RandomStream;
import attractor.random.RandomStream.Purpose;
import attractor.task.Trials;
import attractor.train.RunDirectory.Existing;
import attractor.train.TrainingResult.Outcome;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What networks and trainings have beyond the paper's. */
class OptionsTest {
    private static final ExecutionSettings ONE = TrainFixtures.ONE_THREAD;
    private static final ModelOptions NONE = ModelOptions.DEFAULT;

    @TempDir
    private Path folder;

    private static TrainingResult train(TrainingConfig config) {
        return new Trainer(config, ONE).train();
    }

    private static TrainingConfig.Builder tiny(ModelOptions model) {
        return TrainFixtures.tiny().model(model);
    }

    private static TrainingConfig.Builder tiny(FitOptions fit) {
        return TrainFixtures.tiny().fit(fit);
    }

    private static String message(Executable code) {
        return assertThrows(IllegalArgumentException.class, code).getMessage();
    }

    /** Every option at once. */
    private static TrainingConfig everything() {
        EntrySet some = EntrySet.of(7, 2, new double[] {1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1});
        ModelOptions model = new ModelOptions(
                0.7,
                Mask.random(0.6, 3),
                false,
                List.of(new Fixed("W_in", some), new Fixed("b_out", null)),
                0.05,
                true,
                true,
                Set.of("W_out"),
                Map.of("W_in", Signs.of(7, 2, new double[] {0, 1, -1, 0, 1, 1, 0, 0, -1, -1, 0, 0, 0, 0})),
                0);
        return TrainFixtures.tiny()
                .activation(Activation.SIGMOID)
                .tauMs(3)
                .recurrentBias(true)
                .clipNorm(0.2)
                .optimizer(new Adam.Options(0.02, 0, 0.9, 0.999, 1e-8))
                .model(model)
                .fit(new FitOptions(1e-3, 1e-2, Schedule.step(2, 0.5), 0.2, 3))
                .build();
    }

    @ParameterizedTest
    @ValueSource(strings = {"relu", "sigmoid"})
    void signsMaskAndDiagonalAreKeptThroughTraining(String phi) {
        TrainingConfig config = tiny(NONE.withDale(0.6)
                        .withMask(Mask.random(0.5, 2))
                        .withSelfConnections(false))
                .activation(Activation.of(phi))
                .units(10)
                .optimizer(new Adam.Options(0.1, 0, 0.9, 0.999, 1e-8))
                .build();
        Rnn initial = config.initialNetwork(2, 1);
        TrainingResult result = train(config);
        Rnn rnn = result.network();
        assertEquals(initial.wiring(), rnn.wiring());
        assertArrayEquals(
                new double[] {1, 1, 1, 1, 1, 1, -1, -1, -1, -1}, rnn.wiring().daleSign());
        RnnShape.View w = rnn.shape().wRec();
        int there = 0;
        int atZero = 0;
        int moved = 0;
        for (int i = 0; i < 10; i++) {
            for (int j = 0; j < 10; j++) {
                double value = rnn.parameters()[w.at(i, j)];
                if (!rnn.wiring().allows(i, j) || i == j) {
                    assertEquals(0.0, value, i + "," + j);
                    continue;
                }
                there++;
                atZero += value == 0 ? 1 : 0;
                moved += value != initial.parameters()[w.at(i, j)] ? 1 : 0;
                assertTrue(value * rnn.wiring().sign(j) >= 0, i + "," + j + " is " + value);
            }
        }
        // Half of the nine others, rounded to an even number, to each unit.
        assertEquals(40, there);
        assertTrue(moved > 20, moved + " weights moved");
        assertTrue(atZero > 0, "with such steps some weights end at 0");
        assertTrue(Arrays.stream(rnn.copyOf(rnn.shape().wOut())).anyMatch(v -> v < 0), "W_out is free");
    }

    @Test
    void aGivenMaskIsKept() {
        double[] ring = new double[49];
        for (int i = 0; i < 7; i++) {
            ring[i * 7 + (i + 1) % 7] = 1;
            ring[i * 7 + i] = 1;
        }
        EntrySet set = EntrySet.of(7, 7, ring);
        Rnn rnn = train(tiny(NONE.withMask(Mask.of(set))).build()).network();
        assertEquals(set, rnn.wiring().mask());
        double[] w = rnn.copyOf(rnn.shape().wRec());
        for (int i = 0; i < 49; i++) {
            assertEquals(ring[i] == 1, w[i] != 0, "entry " + i);
        }
        Rnn without = tiny(NONE.withMask(Mask.of(set)).withSelfConnections(false))
                .build()
                .initialNetwork(2, 1);
        assertEquals(set.withoutDiagonal(), without.wiring().mask());
    }

    @Test
    void whatIsFixedKeepsItsBits() {
        EntrySet some = EntrySet.of(1, 7, new double[] {1, 0, 1, 0, 0, 0, 1});
        List<Fixed> fixed = List.of(new Fixed("W_rec", null), new Fixed("W_out", some), new Fixed("b_out", null));
        TrainingConfig config = tiny(NONE.withFixed(fixed)).recurrentBias(true).build();
        Rnn initial = config.initialNetwork(2, 1);
        Rnn rnn = train(config).network();
        RnnShape shape = rnn.shape();
        assertArrayEquals(initial.copyOf(shape.wRec()), rnn.copyOf(shape.wRec()));
        assertArrayEquals(initial.copyOf(shape.bOut()), rnn.copyOf(shape.bOut()));
        for (int j = 0; j < 7; j++) {
            int at = shape.wOut().at(0, j);
            assertEquals(some.has(0, j), initial.parameters()[at] == rnn.parameters()[at], "W_out " + j);
        }
        for (int i = 0; i < 14; i++) {
            assertNotEquals(initial.parameters()[i], rnn.parameters()[i], shape.entry(i));
        }
        Trainer wrong = new Trainer(
                tiny(NONE.withFixed(List.of(new Fixed("W_in", EntrySet.all(7, 3)))))
                        .build(),
                ONE);
        assertEquals("fixed entries of W_in are 7 x 3, expected 7 x 2 as the array is", message(wrong::train));
    }

    /** Fixing what does not move anyway changes no bit of the rest: nothing else hears of a constraint. */
    @Test
    void aConstraintDoesNothingElse() {
        double[] free =
                train(TrainFixtures.tiny().clipNorm(0.5).build()).network().parameters();
        double[] same = train(tiny(NONE.withFixed(List.of(new Fixed("b_rec", null))))
                        .clipNorm(0.5)
                        .build())
                .network()
                .parameters();
        assertArrayEquals(free, same);
        double[] full = train(
                        tiny(NONE.withMask(Mask.random(1, 0))).clipNorm(0.5).build())
                .network()
                .parameters();
        assertArrayEquals(free, full, 1e-12, "a full mask, but for the scale of the initial weights");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theInitialStateIsTrained(boolean bias) {
        TrainingConfig config =
                tiny(NONE.withTrainedInitialState(true)).recurrentBias(bias).build();
        Rnn rnn = train(config).network();
        double[] h0 = rnn.copyOf(rnn.shape().h0());
        assertTrue(Arrays.stream(h0).allMatch(h -> h != 0), Arrays.toString(h0));
        assertTrue(Arrays.stream(h0).anyMatch(h -> h < 0), Arrays.toString(h0));
        double[] b = rnn.copyOf(rnn.shape().bRec());
        assertTrue(Arrays.stream(b).allMatch(v -> v != 0 == bias), Arrays.toString(b));
        TrainingConfig dale = config.toBuilder()
                .activation(Activation.SIGMOID)
                .model(config.model().withDale(0.5))
                .build();
        Rnn other = train(dale).network();
        double[] rates = other.copyOf(other.shape().h0());
        assertTrue(Arrays.stream(rates).allMatch(h -> h >= 0), Arrays.toString(rates));
        assertTrue(Arrays.stream(rates).anyMatch(h -> h > 0), Arrays.toString(rates));
    }

    @Test
    void tauIsTrainedAndStaysAboveDt() {
        TrainingConfig config = tiny(NONE.withTrainedTau(true)).tauMs(4).build();
        TrainingResult result = train(config);
        double tau = result.network().tauMs();
        assertTrue(tau != 4 && Math.abs(tau - 4) < 1, "tau " + tau);
        assertEquals(1.0, result.network().dtMs());
        // Steps so large that theta goes far either way.
        TrainingConfig wild = config.toBuilder()
                .optimizer(new Adam.Options(20, 0, 0, 0.999, 1e-8))
                .clipNorm(1)
                .model(config.model()
                        .withFixed(Stream.of("W_in", "W_rec", "W_out", "b_out")
                                .map(a -> new Fixed(a, null))
                                .toList()))
                .build();
        double far = train(wild).network().tauMs();
        assertTrue(far > 1 && far < Double.POSITIVE_INFINITY, "tau " + far);
        TrainedTau largest = new TrainedTau(0.3, 0.6, Adam.Options.DEFAULT, Kernels.get());
        assertEquals(0.6, largest.tauMs(), 1e-15);
        assertTrue(0.3 / largest.tauMs(800) < 1 && largest.tauMs(800) > 0.3);
    }

    /** Taken from the description: theta steps as a parameter of Adam, after the weights' gradient at the same tau. */
    @Test
    void stepsOfTauAreThoseOfTheDescription() {
        TrainingConfig config =
                tiny(NONE.withTrainedTau(true)).tauMs(4).epochs(1).build();
        Rnn rnn = config.initialNetwork(2, 1);
        Trials trials = Trials.random(TrainFixtures.shortAnd(), 43, 5, Trials.TRAINING);
        double[] p = rnn.parameters();
        double[] gradient = new double[p.length];
        double[] theta = {-Math.log(3)};
        Adam adam =
                new Adam((Adam.Options) config.optimizer(), rnn.shape().bRec().offset(), Kernels.get());
        Adam adamOfTheta = new Adam((Adam.Options) config.optimizer(), 1, Kernels.get());
        int[] order = new int[43];
        Arrays.setAll(order, i -> i);
        new RandomStream(5, Trainer.SHUFFLE, 0).shuffle(order);
        for (int from = 0; from < 43; from += 8) {
            double tau = 1 + Math.exp(-theta[0]);
            try (BatchGradient g = EngineFixtures.batchGradient(rnn.withTau(tau), trials, 8)
                    .byAlpha(true)
                    .build()) {
                g.compute(p, order, from, Math.min(8, 43 - from), gradient);
                adam.step(p, gradient);
                adamOfTheta.step(theta, new double[] {(1 - 1 / tau) / tau * g.alphaGradient()});
            }
        }
        TrainingResult result = train(config);
        assertEquals(1 + Math.exp(-theta[0]), result.network().tauMs(), 1e-12);
        assertArrayEquals(p, result.network().parameters(), 1e-12);
    }

    @Test
    void penaltiesMakeWeightsAndRatesSmaller() {
        TrainingResult free = train(TrainFixtures.tiny().epochs(30).build());
        TrainingResult weights =
                train(tiny(FitOptions.DEFAULT.withL2(0.1, 0)).epochs(30).build());
        TrainingResult rates =
                train(tiny(FitOptions.DEFAULT.withL2(0, 1)).epochs(30).build());
        assertTrue(squares(weights.network().parameters())
                < 0.9 * squares(free.network().parameters()));
        assertTrue(squaredRates(rates.network()) < 0.9 * squaredRates(free.network()));
        // What is reported is the error alone: of the same network the same.
        TrainingResult begun =
                train(tiny(FitOptions.DEFAULT.withL2(5, 5)).batch(43).epochs(1).build());
        assertEquals(train(TrainFixtures.tiny().batch(43).epochs(1).build()).loss(), begun.loss());
    }

    private static double squares(double[] values) {
        return Arrays.stream(values).map(v -> v * v).sum();
    }

    private static double squaredRates(Rnn rnn) {
        Trials trials = Trials.random(TrainFixtures.shortAnd(), 20, 5, Trials.TRAINING);
        double[] x = new double[20 * trials.steps() * 2];
        double[] y = new double[20 * trials.steps()];
        for (int s = 0; s < 20; s++) {
            trials.reader().read(s, x, s * trials.steps() * 2, y, s * trials.steps(), null, 0);
        }
        return squares(new Simulator(rnn).run(x, 20, trials.steps()).h());
    }

    @Test
    void schedulesChangeTheSteps() {
        Adam.Options constant = new Adam.Options(3e-3, 0, 0.9, 0.999, 1e-8);
        double[] plain = train(TrainFixtures.tiny().optimizer(constant).build())
                .network()
                .parameters();
        double[] one = train(tiny(FitOptions.DEFAULT.withSchedule(Schedule.step(1, 1)))
                        .optimizer(constant)
                        .build())
                .network()
                .parameters();
        assertArrayEquals(plain, one);
        double[] cosine = train(tiny(FitOptions.DEFAULT.withSchedule(Schedule.cosine(0)))
                        .optimizer(constant)
                        .build())
                .network()
                .parameters();
        assertFalse(Arrays.equals(plain, cosine));
        // A rate that falls to a millionth after the first epoch: no more steps to speak of.
        double[] first = train(
                        TrainFixtures.tiny().optimizer(constant).epochs(1).build())
                .network()
                .parameters();
        double[] fallen = train(tiny(FitOptions.DEFAULT.withSchedule(Schedule.step(1, 1e-6)))
                        .optimizer(constant)
                        .build())
                .network()
                .parameters();
        assertArrayEquals(first, fallen, 1e-7);
        assertFalse(Arrays.equals(first, fallen));
    }

    @Test
    void someTrialsAreHeldOut() {
        TrainingConfig config = tiny(FitOptions.DEFAULT.withValidation(0.25, 0)).build();
        assertEquals(32, config.trainingTrials());
        assertEquals(4, config.batches());
        TrainingResult result = train(config);
        assertEquals(16, result.steps());
        // Which they are, by the seed alone.
        int[] all = new int[43];
        Arrays.setAll(all, i -> i);
        new RandomStream(5, Purpose.of("validation"), 0).shuffle(all);
        int[] held = Arrays.copyOfRange(all, 32, 43);
        Trials trials = Trials.random(TrainFixtures.shortAnd(), 43, 5, Trials.TRAINING);
        assertEquals(
                meanSquare(result.network(), trials, held),
                result.history().get(3).validationLoss(),
                1e-14);
        int best = 0;
        for (EpochSummary e : result.history()) {
            assertTrue(e.validationLoss() > 0 && e.validationLoss() != e.loss());
            assertEquals(e.validationLoss(), e.selectionLoss());
            if (best == 0 || e.validationLoss() < result.history().get(best - 1).validationLoss()) {
                best = e.number();
            }
        }
        assertEquals(best, result.bestEpoch());
        assertEquals(
                meanSquare(result.best(), trials, held),
                result.history().get(best - 1).validationLoss(),
                1e-14);
    }

    private static double meanSquare(Rnn rnn, Trials trials, int[] which) {
        double sum = 0;
        int count = 0;
        for (int s : which) {
            double[] x = new double[trials.steps() * 2];
            double[] target = new double[trials.steps()];
            trials.reader().read(s, x, 0, target, 0, null, 0);
            double[] y = new Simulator(rnn).run(x, 1, trials.steps()).y();
            for (int t = 0; t < y.length; t++) {
                sum += (y[t] - target[t]) * (y[t] - target[t]);
                count++;
            }
        }
        return sum / count;
    }

    @Test
    void patienceEndsWhatNoLongerImproves() {
        TrainingConfig config = tiny(FitOptions.DEFAULT.withValidation(0.3, 3))
                .optimizer(new Adam.Options(0.3, 0, 0.9, 0.999, 1e-8))
                .epochs(200)
                .build();
        TrainingResult result = train(config);
        assertEquals(Outcome.FINISHED, result.outcome());
        assertTrue(result.epochs() < 200, result.epochs() + " epochs");
        assertEquals(result.bestEpoch() + 3, result.epochs());
    }

    /** After some batches, in the middle of an epoch and between two. */
    @ParameterizedTest
    @ValueSource(ints = {1, 5, 7, 12})
    void everythingIsResumedToTheSameBits(int after) throws IOException {
        TrainingConfig config = everything();
        Path whole = folder.resolve("whole");
        Path stopped = folder.resolve("stopped");
        new Trainer(config, ONE).train(whole, Existing.REFUSE, TrainingListener.NONE, () -> false);
        int[] count = {0};
        TrainingListener counter = step -> count[0]++;
        TrainingResult first =
                new Trainer(config, ONE).train(stopped, Existing.REFUSE, counter, () -> count[0] == after);
        assertEquals(Outcome.STOPPED, first.outcome());
        TrainingResult second = new Trainer(config, ONE.withThreads(2).withMemoryLimit(60_000))
                .train(stopped, Existing.RESUME, TrainingListener.NONE, () -> false);
        assertEquals(Outcome.FINISHED, second.outcome());
        TrainFixtures.assertSameRun(whole, stopped, "stopped after " + after);
        TrainingResult read =
                new Trainer(config, ONE).train(stopped, Existing.RESUME, TrainingListener.NONE, () -> false);
        assertEquals(Outcome.FINISHED_BEFORE, read.outcome());
        assertEquals(second.network().tauMs(), read.network().tauMs());
        assertArrayEquals(second.network().parameters(), read.network().parameters());
        assertEquals(second.best().tauMs(), read.best().tauMs());
        assertEquals(second.bestEpoch(), read.bestEpoch());
        for (int e = 0; e < read.epochs(); e++) {
            assertEquals(
                    second.history().get(e).validationLoss(),
                    read.history().get(e).validationLoss());
        }
        Rnn rnn = NetworkFile.read(RunDirectory.last(stopped)).rnn();
        assertEquals(0.05, rnn.noiseSd());
        assertEquals(read.network().wiring(), rnn.wiring());
        assertTrue(rnn.tauMs() > 1 && rnn.tauMs() != 3, "tau " + rnn.tauMs());
    }

    @Test
    void everyKernelAndNumberOfThreadsGivesTheSameBits() {
        TrainingConfig config =
                everything().toBuilder().samples(100).batch(70).epochs(2).build();
        TrainingResult expected = train(config);
        for (Kernels kernels : TrainFixtures.kernels().toList()) {
            for (int threads = 1; threads <= 3; threads++) {
                TrainingResult result =
                        new Trainer(config, ONE.withKernels(kernels).withThreads(threads)).train();
                String what = kernels.name() + ", " + threads + " threads";
                assertArrayEquals(
                        expected.network().parameters(), result.network().parameters(), what);
                assertEquals(expected.network().tauMs(), result.network().tauMs(), what);
                assertEquals(expected.scores(), result.scores(), what);
            }
        }
    }

    @Test
    void jsonKeepsEveryOption() throws IOException {
        TrainingConfig config = everything();
        EntrySet ring = EntrySet.all(7, 7).withoutDiagonal();
        TrainingConfig given = config.toBuilder()
                .model(config.model().withMask(Mask.of(ring)))
                .fit(config.fit().withSchedule(Schedule.cosine(0.1)))
                .build();
        TrainingConfig lowRank = tiny(NONE.withRank(3)).build(); // goes with neither signs nor a mask
        for (TrainingConfig c : List.of(config, given, lowRank)) {
            String text = Json.compact(c.toJson());
            assertEquals(c, TrainingConfig.fromJson(Json.parseObject(text, "test")), text);
        }
        Map<String, Object> plain = TrainFixtures.tiny().build().toJson();
        for (String key : ModelOptions.KEYS) {
            assertFalse(plain.containsKey(key), key);
            assertTrue((key.equals("rank") ? lowRank : config).toJson().containsKey(key), key);
        }
        for (String key : FitOptions.KEYS) {
            assertFalse(plain.containsKey(key), key);
            assertTrue(config.toJson().containsKey(key), key);
        }
    }

    private static Stream<Arguments> brokenJson() {
        return Stream.of(
                Arguments.of("\"dale\":0.7", "\"dale\":1.7", "dale is 1.7, expected 0 to 1"),
                Arguments.of("\"density\":0.6", "\"density\":0", "density is 0.0, expected above 0, at most 1"),
                Arguments.of("\"kind\":\"step\"", "\"kind\":\"x\"", "schedule is 'x', expected one of"),
                Arguments.of("\"rows\":7", "\"rows\":70", "a set of entries has 2 bytes, expected 18 for 70 x 2"),
                Arguments.of("\"W_in\":", "\"W_inn\":", "fixed array is W_inn, expected one of W_in, W_rec"),
                Arguments.of("\"patience\":3", "\"patience\":-3", "patience is -3, expected 0 or more"),
                Arguments.of(
                        "\"recurrentNoiseSd\":0.05",
                        "\"recurrentNoiseSd\":-1",
                        "recurrentNoiseSd is -1.0, expected a finite number"),
                Arguments.of("\"density\":", "\"sparsity\":", "has the unknown member "));
    }

    @ParameterizedTest
    @MethodSource("brokenJson")
    void jsonThatMakesNoSenseIsNamed(String good, String bad, String expected) throws IOException {
        String text = Json.compact(everything().toJson());
        assertTrue(text.contains(good), text);
        String found = assertThrows(
                        FormatException.class,
                        () -> TrainingConfig.fromJson(Json.parseObject(text.replace(good, bad), "test")))
                .getMessage();
        assertTrue(found.contains(expected), found);
        assertEquals(1, found.lines().count(), found);
    }

    @Test
    void anotherOptionIsNotResumed() throws IOException {
        Path run = folder.resolve("run");
        new Trainer(TrainFixtures.tiny().build(), ONE).train(run, Existing.REFUSE, TrainingListener.NONE, () -> true);
        TrainingConfig other = tiny(NONE.withRecurrentNoise(0.1)).build();
        String found = assertThrows(
                        IOException.class,
                        () -> new Trainer(other, ONE).train(run, Existing.RESUME, TrainingListener.NONE, () -> false))
                .getMessage();
        assertEquals(
                "cannot resume " + run + ": recurrentNoiseSd is its default in its run.json, expected 0.1 as asked for",
                found);
    }

    @ParameterizedTest
    @ValueSource(ints = {7, 24})
    void aLowRankIsTrainedAndResumedToTheSameBits(int units) throws IOException {
        TrainingConfig config = tiny(NONE.withRank(2).withFixed(List.of(new Fixed("Q", null))))
                .units(units)
                .build();
        Path whole = folder.resolve("whole");
        Path stopped = folder.resolve("stopped");
        TrainingResult result =
                new Trainer(config, ONE).train(whole, Existing.REFUSE, TrainingListener.NONE, () -> false);
        int[] count = {0};
        TrainingListener counter = step -> count[0]++;
        new Trainer(config, ONE).train(stopped, Existing.REFUSE, counter, () -> count[0] == 9);
        new Trainer(config, ONE).train(stopped, Existing.RESUME, TrainingListener.NONE, () -> false);
        TrainFixtures.assertSameRun(whole, stopped, "stopped after 9");
        Rnn initial = config.initialNetwork(2, 1);
        Rnn rnn = result.network();
        RnnShape shape = rnn.shape();
        assertEquals(2, rnn.rank());
        assertArrayEquals(initial.copyOf(shape.q()), rnn.copyOf(shape.q()));
        double[] before = initial.copyOf(shape.p());
        double[] after = rnn.copyOf(shape.p());
        for (int i = 0; i < before.length; i++) {
            assertTrue(before[i] != after[i], shape.p().entry(i));
        }
        assertEquals(config, RunDirectory.config(whole));
        // Going on from it keeps the rank, and another one is refused.
        TrainingConfig on =
                TrainingConfig.builder(TrainFixtures.shortAnd()).from(rnn).build();
        assertEquals(0, on.model().rank());
        assertEquals(shape, on.initialNetwork(2, 1).shape());
        assertEquals(
                "rank is 3, expected 2 as the network to go on from has",
                message(() -> TrainingConfig.builder(TrainFixtures.shortAnd())
                        .from(rnn)
                        .model(NONE.withRank(3))
                        .build()));
    }

    @Test
    void whatALowRankCannotKeepIsRefused() {
        String reason = ": W_rec = P Q^T / N is trained through P and Q, and its entries aren't free to keep rules";
        ModelOptions two = NONE.withRank(2);
        assertEquals(
                "rank is 8, expected at most N = 7",
                message(() -> tiny(NONE.withRank(8)).build()));
        assertEquals("rank is -1, expected 1 to N, or 0 for none", message(() -> NONE.withRank(-1)));
        assertEquals(
                "rank is 2, expected none with Dale's law" + reason,
                message(() ->
                        tiny(two.withDale(0.8)).activation(Activation.RELU).build()));
        assertEquals(
                "rank is 2, expected none with a mask" + reason,
                message(() -> tiny(two.withSelfConnections(false)).build()));
        Signs signs = Signs.of(7, 7, new double[49]);
        assertEquals(
                "rank is 2, expected none with signs of W_rec" + reason,
                message(() -> tiny(two.withSigns(Map.of("W_rec", signs))).build()));
        assertEquals(
                "fixed array is W_rec and rank is 2, expected P or Q, the arrays that a rank trains",
                message(() ->
                        tiny(two.withFixed(List.of(new Fixed("W_rec", null)))).build()));
        assertEquals(
                "fixed array is P, expected W_rec, as only a network of low rank has the factors P and Q",
                message(() ->
                        tiny(NONE.withFixed(List.of(new Fixed("P", null)))).build()));
        assertTrue(message(() -> tiny(two).init(Initializers.Recurrent.IDENTITY).build())
                .startsWith("init is identity, expected orthogonal or normal"));
        tiny(two.withSigns(Map.of("W_in", Signs.of(7, 2, new double[14])))).build();
    }

    @Test
    void optionsThatDoNotGoTogetherAreNamed() {
        assertEquals(
                "activation is tanh, expected relu, sigmoid or softplus with Dale's law (rates that are never negative)",
                message(() -> tiny(NONE.withDale(0.8)).build()));
        assertEquals("dale is -0.1, expected 0 to 1", message(() -> NONE.withDale(-0.1)));
        assertEquals("dale is NaN, expected 0 to 1", message(() -> NONE.withDale(Double.NaN)));
        assertEquals(
                "mask is 6 x 6, expected N x N (N = 7)",
                message(() -> tiny(NONE.withMask(Mask.of(EntrySet.all(6, 6)))).build()));
        assertEquals(
                "tauMs is 1.0, expected above dtMs = 1.0 where tau is trained",
                message(() -> tiny(NONE.withTrainedTau(true)).build()));
        assertEquals(
                "fixed array is h0, expected one of W_in, W_rec, P, Q, W_out, b_out, b_rec",
                message(() -> new Fixed("h0", null)));
        assertTrue(message(() -> NONE.withFixed(List.of(new Fixed("W_in", null), new Fixed("W_in", null))))
                .endsWith("expected each array at most once"));
        assertEquals(
                "recurrentNoiseSd is Infinity, expected a finite number, 0 or more",
                message(() -> NONE.withRecurrentNoise(Double.POSITIVE_INFINITY)));
        assertEquals(
                "l2Rates is -1.0, expected a finite number, 0 or more",
                message(() -> FitOptions.DEFAULT.withL2(0, -1)));
        assertEquals(
                "validation is 1.0, expected 0 or more, below 1",
                message(() -> FitOptions.DEFAULT.withValidation(1, 0)));
        assertEquals(
                "patience is 2, expected 0 without validation trials",
                message(() -> FitOptions.DEFAULT.withValidation(0, 2)));
        assertEquals(
                "validation is 0.01, which holds out 0 of 43 trials, expected at least 1, and one left to train on",
                message(() -> tiny(FitOptions.DEFAULT.withValidation(0.01, 0)).build()));
        assertEquals(
                "decay is 1.0E-4, expected 0 with the schedule cosine",
                message(() -> tiny(FitOptions.DEFAULT.withSchedule(Schedule.cosine(0)))
                        .build()));
        Rnn map = TrainFixtures.tiny().build().initialNetwork(2, 1);
        Trials trials = Trials.random(TrainFixtures.shortAnd(), 4, 0, Trials.TRAINING);
        assertEquals(
                "alpha is 1.0, expected below 1 for a derivative by it",
                message(() -> EngineFixtures.batchGradient(map, trials, 4)
                        .byAlpha(true)
                        .build()));
    }

    /** 7 units: 5 that excite, 5/7 being nearest to 0.7; of one unit either. */
    @Test
    void sharesAreRounded() {
        Rnn rnn = tiny(NONE.withDale(0.7)).activation(Activation.RELU).build().initialNetwork(2, 1);
        assertArrayEquals(new double[] {1, 1, 1, 1, 1, -1, -1}, rnn.wiring().daleSign());
        for (double share : new double[] {0, 0.4, 0.5, 1}) {
            Rnn one = tiny(NONE.withDale(share))
                    .activation(Activation.RELU)
                    .units(1)
                    .build()
                    .initialNetwork(2, 1);
            assertArrayEquals(new double[] {share < 0.5 ? -1 : 1}, one.wiring().daleSign());
        }
    }
}
