package attractor.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import attractor.engine.Adam;
import attractor.kernel.Activation;
import attractor.kernel.Kernels;
import attractor.model.EntrySet;
import attractor.model.Initializers.Recurrent;
import attractor.model.ModelOptions;
import attractor.model.ModelOptions.Mask;
import attractor.model.NetworkFile;
import attractor.model.Rnn;
import attractor.model.RnnShape;
import attractor.model.Wiring;
import attractor.task.Tasks;
import attractor.task.Trials;
import attractor.train.RunDirectory.Existing;
import attractor.train.TrainingResult.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Trainings that go on from something: a network, a finished run, a directory of an earlier version. */
class GoingOnTest {
    private static final ExecutionSettings ONE = TrainFixtures.ONE_THREAD;
    private static final TrainingConfig CONFIG = TrainFixtures.tiny().build();

    @TempDir
    private Path folder;

    private static TrainingResult train(Path directory, TrainingConfig config, Existing existing) throws IOException {
        return new Trainer(config, ONE).train(directory, existing, TrainingListener.NONE, () -> false);
    }

    private static TrainingResult train(Path directory, TrainingConfig config, Existing existing, int batches)
            throws IOException {
        int[] done = {0};
        return new Trainer(config, ONE).train(directory, existing, step -> done[0]++, () -> done[0] == batches);
    }

    /** One with everything that a file may say: Dale's signs, a mask, h0, noise, bias, a slow relu. */
    private static Rnn rich() {
        Rnn rnn = TrainFixtures.tiny()
                .activation(Activation.RELU)
                .tauMs(3.7)
                .recurrentBias(true)
                .model(ModelOptions.DEFAULT
                        .withDale(0.6)
                        .withMask(Mask.random(0.5, 3))
                        .withSelfConnections(false)
                        .withRecurrentNoise(0.05))
                .build()
                .initialNetwork(2, 1);
        RnnShape shape = rnn.shape();
        for (int i = 0; i < 7; i++) {
            rnn.parameters()[shape.bRec().at(i, 0)] = 0.01 * i;
            rnn.parameters()[shape.h0().at(i, 0)] = 0.02 * i;
        }
        return rnn;
    }

    @Test
    void noEpochGivesTheNetworkBack() throws IOException {
        Rnn rich = rich();
        TrainingConfig config = TrainFixtures.tiny()
                .from(rich)
                .epochs(0)
                .model(ModelOptions.DEFAULT.withTrainedTau(true).withTrainedInitialState(true))
                .build();
        rich.parameters()[0] += 1.0; // copied, so that this changes nothing
        Path run = folder.resolve("run");
        TrainingResult result = train(run, config, Existing.REFUSE);
        for (Path file : List.of(RunDirectory.last(run), RunDirectory.best(run), RunDirectory.initial(run))) {
            Rnn read = NetworkFile.read(file).rnn();
            assertArrayEquals(rich().parameters(), read.parameters());
            assertEquals(Digests.of(rich()), Digests.of(read), "wiring, noise, tau and the rest");
        }
        assertEquals(0, result.epochs());
        assertEquals(0, result.bestEpoch());
        assertEquals(
                Evaluator.evaluate(
                        rich(), Trials.balanced(TrainFixtures.shortAnd(), 20, 5, Trials.EVALUATION), ONE.kernels(), 5),
                result.scores());
        TrainingResult again = train(run, RunDirectory.config(run), Existing.RESUME);
        assertEquals(Outcome.FINISHED_BEFORE, again.outcome());
        assertEquals(result.scores(), again.scores());
        assertEquals(List.of(), RunDirectory.history(run));
    }

    @Test
    void aDirectoryWithoutAnEpochIsGivenSome() throws IOException {
        Path run = folder.resolve("run");
        train(run, CONFIG.toBuilder().epochs(0).build(), Existing.REFUSE);
        train(run, CONFIG, Existing.RESUME);
        Path whole = folder.resolve("whole");
        train(whole, CONFIG, Existing.REFUSE);
        TrainFixtures.assertSameRun(whole, run, "0 epochs and then 4");
    }

    private static Arguments bad(UnaryOperator<TrainingConfig.Builder> change, String message) {
        return Arguments.of(change, message);
    }

    private static UnaryOperator<TrainingConfig.Builder> model(UnaryOperator<ModelOptions> change) {
        return b -> b.model(change.apply(ModelOptions.DEFAULT));
    }

    static Stream<Arguments> contradictions() {
        return Stream.of(
                bad(b -> b.units(8), "units is 8, expected 7 as the network to go on from has"),
                bad(
                        b -> b.activation(Activation.TANH),
                        "activation is tanh, expected relu as the network to go on from has"),
                bad(b -> b.tauMs(2), "tauMs is 2.0, expected 3.7 as the network to go on from has"),
                bad(
                        b -> b.recurrentBias(false),
                        "recurrentBias is false, expected true as the network to go on from has"),
                bad(b -> b.init(Recurrent.NORMAL), "init is normal, expected none with a network to go on from"),
                bad(model(m -> m.withDale(0.3)), "dale is 0.3, expected the signs of the network to go on from"),
                bad(
                        model(m -> m.withMask(Mask.random(0.5, 4))),
                        "mask is given, expected the connections of the network"),
                bad(
                        model(m -> m.withMask(Mask.of(EntrySet.all(7, 7)))),
                        "mask is given, expected the connections of the network"),
                bad(model(m -> m.withRecurrentNoise(0.1)), "recurrentNoiseSd is 0.1, expected 0.05 as the network"));
    }

    @ParameterizedTest
    @MethodSource("contradictions")
    void whatContradictsTheNetworkIsRefused(UnaryOperator<TrainingConfig.Builder> change, String message) {
        for (boolean first : new boolean[] {true, false}) {
            TrainingConfig.Builder builder = TrainingConfig.builder(TrainFixtures.shortAnd());
            builder = first ? change.apply(builder).from(rich()) : change.apply(builder.from(rich()));
            String found =
                    assertThrows(IllegalArgumentException.class, builder::build).getMessage();
            assertTrue(found.startsWith(message), found);
        }
    }

    @Test
    void whatAgreesWithTheNetworkChangesNothing() {
        TrainingConfig.Builder plain = TrainingConfig.builder(TrainFixtures.shortAnd());
        TrainingConfig agreeing = TrainingConfig.builder(TrainFixtures.shortAnd())
                .units(7)
                .activation(Activation.RELU)
                .tauMs(3.7)
                .recurrentBias(true)
                .model(ModelOptions.DEFAULT
                        .withDale(0.6)
                        .withMask(Mask.random(0.5, 3))
                        .withSelfConnections(false)
                        .withRecurrentNoise(0.05))
                .from(rich())
                .build();
        assertEquals(plain.from(rich()).build(), agreeing);
        assertEquals(3.7, agreeing.tauMs());
        Rnn other = rich();
        other.parameters()[0] += 1e-9;
        assertNotEquals(agreeing, agreeing.toBuilder().from(other).build());
        assertNotEquals(
                agreeing,
                agreeing.toBuilder().from(rich().withWiring(Wiring.FREE)).build());
    }

    @Test
    void theTrialsMustFitTheNetwork() {
        assertEquals(
                "the network to go on from has I = 2 and O = 1, expected I = 1 and O = 1 as the trials have",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> new Trainer(
                                        TrainingConfig.builder(Tasks.byName("pulse"))
                                                .from(rich())
                                                .build(),
                                        ONE))
                        .getMessage());
        assertEquals(
                "dtMs is 2.0, expected 1.0 as the network to go on from has",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> TrainingConfig.builder(Tasks.byName("and", Map.of("dtMs", 2)))
                                        .from(rich())
                                        .build())
                        .getMessage());
    }

    /** Weights from one seed, all else from another: as the second seed's training from the first's network. */
    @Test
    void theDataSeedDecidesAllButTheWeights() {
        TrainingConfig.Builder builder = TrainFixtures.tiny()
                .model(ModelOptions.DEFAULT.withRecurrentNoise(0.1))
                .fit(FitOptions.DEFAULT.withValidation(0.2, 0));
        TrainingConfig split =
                builder.seed(Long.MIN_VALUE).dataSeed(Long.MAX_VALUE).build();
        Rnn weights = builder.seed(Long.MIN_VALUE).build().initialNetwork(2, 1);
        TrainingConfig from = TrainFixtures.tiny()
                .from(weights)
                .fit(FitOptions.DEFAULT.withValidation(0.2, 0))
                .seed(Long.MAX_VALUE)
                .build();
        TrainingResult a = new Trainer(split, ONE).train();
        TrainingResult b = new Trainer(from, ONE).train();
        assertArrayEquals(a.network().parameters(), b.network().parameters());
        assertEquals(a.scores(), b.scores());
        for (int e = 0; e < a.epochs(); e++) {
            assertEquals(a.history().get(e).loss(), b.history().get(e).loss());
            assertEquals(a.history().get(e).validationLoss(), b.history().get(e).validationLoss());
        }
        assertNotEquals(
                a.network().parameters()[0],
                new Trainer(split.toBuilder().dataSeed(1).build(), ONE)
                        .train()
                        .network()
                        .parameters()[0]);
    }

    @Test
    void theDataSeedIsTheSeedUnlessToldOtherwise() throws IOException {
        assertEquals(5, CONFIG.dataSeed());
        assertEquals(6, CONFIG.toBuilder().seed(6).build().dataSeed());
        assertEquals(CONFIG, CONFIG.toBuilder().dataSeed(5).build());
        assertFalse(CONFIG.toJson().containsKey("dataSeed"));
        TrainingConfig other = CONFIG.toBuilder().dataSeed(-1).build();
        assertEquals(-1L, other.toJson().get("dataSeed"));
        Path run = folder.resolve("run");
        train(run, other, Existing.REFUSE, 3);
        assertEquals(other, RunDirectory.config(run));
        ConfigurationDiffersException e =
                assertThrows(ConfigurationDiffersException.class, () -> train(run, CONFIG, Existing.RESUME));
        assertEquals("dataSeed", e.key());
    }

    @Test
    void aTrainingFromANetworkResumesToTheSameBits() throws IOException {
        TrainingConfig config = TrainFixtures.tiny().from(rich()).build();
        Path whole = folder.resolve("whole");
        train(whole, config, Existing.REFUSE);
        Path run = folder.resolve("run");
        train(run, config, Existing.REFUSE, 8);
        assertEquals(config, RunDirectory.config(run));
        train(run, RunDirectory.config(run), Existing.RESUME);
        TrainFixtures.assertSameRun(whole, run, "from a network");
        NetworkFile.write(RunDirectory.initial(run), CONFIG.initialNetwork(2, 1), Map.of());
        String message =
                assertThrows(IOException.class, () -> RunDirectory.config(run)).getMessage();
        assertTrue(message.contains("isn't the network that the training in run.json goes on from"), message);
    }

    /** Stopped anywhere or finished, with a change of the digits in the files' names or not. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3, 6, Integer.MAX_VALUE})
    void moreEpochsGiveTheBitsOfATrainingBegunWithThem(int after) throws IOException {
        TrainingConfig small =
                TrainFixtures.tiny().samples(16).epochs(3).evaluationTrials(4).build();
        TrainingConfig large = small.toBuilder().epochs(101).build();
        Path whole = folder.resolve("whole");
        train(whole, large, Existing.REFUSE);
        Path run = folder.resolve("run");
        train(run, small, Existing.REFUSE, after);
        train(run, large, Existing.RESUME, 2);
        train(run, large, Existing.RESUME);
        TrainFixtures.assertSameRun(whole, run, "extended after " + after);
    }

    /** Every state that a process which ends in the middle of extending may leave. */
    @Test
    void anExtensionThatWasKilledIsDoneAgain() throws IOException {
        TrainingConfig large = CONFIG.toBuilder().epochs(100).build();
        Path whole = folder.resolve("whole");
        train(whole, large, Existing.REFUSE);
        Path before = folder.resolve("before");
        train(before, CONFIG, Existing.REFUSE);
        Path after = folder.resolve("after");
        train(after, CONFIG, Existing.REFUSE);
        train(after, large, Existing.RESUME, 0);
        assertFalse(RunDirectory.isFinished(after));
        List<String> steps = List.of(
                "-evaluation.json",
                "-final.npz",
                "run.json",
                "initial.npz",
                "epoch-001.npz",
                "-epoch-01.npz",
                "epoch-002.npz",
                "-epoch-02.npz",
                "epoch-003.npz",
                "-epoch-03.npz",
                "epoch-004.npz",
                "-epoch-04.npz",
                "best.npz",
                "checkpoint.npz");
        for (int done = 1; done <= steps.size(); done++) {
            Path run = folder.resolve("run" + done);
            Files.createDirectory(run);
            for (String name : TrainFixtures.names(before)) {
                Files.copy(before.resolve(name), run.resolve(name));
            }
            for (String step : steps.subList(0, done)) {
                Files.deleteIfExists(run.resolve(step.replaceFirst("^-", "")));
                if (!step.startsWith("-")) {
                    Files.copy(after.resolve(step), run.resolve(step));
                }
            }
            train(run, large, Existing.RESUME);
            TrainFixtures.assertSameRun(whole, run, "killed after " + steps.get(done - 1));
        }
    }

    @Test
    void aTrainingThatStoppedEarlyIsNotChangedByMoreEpochs() throws IOException {
        double third = new Trainer(CONFIG, ONE).train().history().get(2).loss();
        TrainingConfig early = CONFIG.toBuilder().stopLoss(Math.nextUp(third)).build();
        Path run = folder.resolve("run");
        TrainingResult first = train(run, early, Existing.REFUSE);
        assertTrue(first.epochs() <= 3, "seed 5");
        TrainingConfig longer = early.toBuilder().epochs(9).build();
        TrainingResult second = train(run, longer, Existing.RESUME);
        assertEquals(first.steps(), second.steps());
        Path whole = folder.resolve("whole");
        train(whole, longer, Existing.REFUSE);
        TrainFixtures.assertSameRun(whole, run, "stopped early");
    }

    private static void assertRefused(String message, Path run, TrainingConfig config) throws IOException {
        Map<String, Long> before = new HashMap<>();
        for (String name : TrainFixtures.names(run)) {
            before.put(name, Files.getLastModifiedTime(run.resolve(name)).toMillis());
        }
        assertEquals(
                "cannot resume " + run + message,
                assertThrows(ResumeRefusedException.class, () -> train(run, config, Existing.RESUME))
                        .getMessage());
        for (String name : TrainFixtures.names(run)) {
            assertEquals(
                    before.get(name),
                    Files.getLastModifiedTime(run.resolve(name)).toMillis(),
                    name);
        }
    }

    @Test
    void whatCannotBeExtendedIsRefused() throws IOException {
        Path run = folder.resolve("run");
        train(run, CONFIG, Existing.REFUSE);
        assertRefused(
                ": its epoch 4 has begun, expected at least 4 epochs, not 3",
                run,
                CONFIG.toBuilder().epochs(3).build());
        Files.delete(RunDirectory.checkpoint(run));
        assertRefused(
                " with 5 epochs: it is finished and has no checkpoint.npz to go on from, expected 4 as in its run.json",
                run,
                CONFIG.toBuilder().epochs(5).build());
        Path half = folder.resolve("half");
        train(half, CONFIG, Existing.REFUSE, 8);
        assertRefused(
                ": its epoch 2 has begun, expected at least 2 epochs, not 1",
                half,
                CONFIG.toBuilder().epochs(1).build());
        Path falls = folder.resolve("falls");
        TrainingConfig cosine = CONFIG.toBuilder()
                .optimizer(new Adam.Options(1e-3, 0, 0.9, 0.999, 1e-8))
                .fit(FitOptions.DEFAULT.withSchedule(Schedule.cosine(0.1)))
                .build();
        train(falls, cosine, Existing.REFUSE, 8);
        assertRefused(
                " with 5 epochs: its schedule cosine depends on their number, expected 4 as in its run.json",
                falls,
                cosine.toBuilder().epochs(5).build());
    }

    @Test
    void exceptionsTellWhatKindOfRefusalItIs() throws IOException {
        Path run = folder.resolve("run");
        train(run, CONFIG, Existing.REFUSE, 3);
        assertThrows(RunExistsException.class, () -> train(run, CONFIG, Existing.REFUSE));
        ConfigurationDiffersException differs = assertThrows(
                ConfigurationDiffersException.class,
                () -> train(run, CONFIG.toBuilder().units(8).build(), Existing.RESUME));
        assertEquals("units", differs.key());
        Path other = folder.resolve("other");
        Files.createDirectories(other);
        Files.writeString(other.resolve("thesis.txt"), "mine");
        assertThrows(RunExistsException.class, () -> train(other, CONFIG, Existing.REFUSE));
    }

    private Path old(String name) throws IOException {
        Path from = Path.of("src/test/resources/attractor/train/run-version-1", name);
        Path run = folder.resolve(name);
        Files.createDirectories(run);
        for (String file : TrainFixtures.names(from)) {
            Files.copy(from.resolve(file), run.resolve(file));
        }
        return run;
    }

    /** A directory that version 1 of the format was stopped in goes on to the bits that version 1 came to. */
    @Test
    void directoriesOfVersion1AreReadAndResumed() throws IOException {
        Path finished = old("finished");
        TrainingResult then = train(finished, RunDirectory.config(finished), Existing.RESUME);
        assertEquals(Outcome.FINISHED_BEFORE, then.outcome());
        Path stopped = old("stopped");
        TrainingResult now = train(stopped, RunDirectory.config(stopped), Existing.RESUME);
        assertEquals(Outcome.FINISHED, now.outcome());
        assertArrayEquals(then.network().parameters(), now.network().parameters());
        assertEquals(then.network().tauMs(), now.network().tauMs());
        assertArrayEquals(then.best().parameters(), now.best().parameters());
        assertEquals(TrainFixtures.losses(then.history()), TrainFixtures.losses(now.history()));
        assertThrows(
                ResumeRefusedException.class,
                () -> train(
                        finished,
                        RunDirectory.config(finished).toBuilder().epochs(9).build(),
                        Existing.RESUME));
    }

    /** With early stopping the best epoch's network is the one that counts. */
    @Test
    void earlyStoppingEvaluatesTheBest() throws IOException {
        TrainingConfig config = TrainFixtures.tiny()
                .epochs(40)
                .optimizer(new Adam.Options(0.1, 0.0, 0.9, 0.999, 1e-8))
                .fit(FitOptions.DEFAULT.withValidation(0.3, 2))
                .build();
        Path run = folder.resolve("run");
        TrainingResult result = train(run, config, Existing.REFUSE);
        assertEquals(2, result.epochs() - result.bestEpoch(), "seed 5");
        assertTrue(result.bestEvaluated());
        Rnn best = NetworkFile.read(RunDirectory.evaluated(run)).rnn();
        assertArrayEquals(result.best().parameters(), best.parameters());
        assertFalse(Arrays.equals(result.network().parameters(), best.parameters()));
        assertEquals(
                Evaluator.evaluate(
                        best, Trials.balanced(TrainFixtures.shortAnd(), 20, 5, Trials.EVALUATION), Kernels.get(), 5),
                result.scores());
        TrainingResult again = train(run, config, Existing.RESUME);
        assertEquals(result.scores(), again.scores());
        assertArrayEquals(best.parameters(), again.evaluated().parameters());
        TrainingResult patient = new Trainer(
                        config.toBuilder()
                                .epochs(result.epochs())
                                .fit(FitOptions.DEFAULT.withValidation(0.3, 0))
                                .build(),
                        ONE)
                .train();
        assertArrayEquals(patient.network().parameters(), patient.evaluated().parameters());
        assertArrayEquals(result.network().parameters(), patient.network().parameters());
    }

    @Test
    void seedsMayBeAnyLong() throws IOException {
        List<Double> first = new ArrayList<>();
        for (long seed : new long[] {Long.MIN_VALUE, -1, Long.MAX_VALUE}) {
            TrainingConfig config = TrainFixtures.tiny()
                    .seed(seed)
                    .epochs(1)
                    .model(ModelOptions.DEFAULT.withRecurrentNoise(0.1).withMask(Mask.random(0.5, seed)))
                    .build();
            Path run = folder.resolve("run" + seed);
            first.add(train(run, config, Existing.REFUSE).network().parameters()[0]);
            assertEquals(config, RunDirectory.config(run));
        }
        assertEquals(3, first.stream().distinct().count(), first.toString());
    }
}
