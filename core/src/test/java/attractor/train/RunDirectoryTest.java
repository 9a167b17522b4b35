package attractor.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import attractor.engine.Adam;
import attractor.io.FormatException;
import attractor.io.Json;
import attractor.io.JsonObject;
import attractor.io.NpyArray;
import attractor.io.Npz;
import attractor.kernel.Activation;
import attractor.kernel.Kernels;
import attractor.model.Initializers.Recurrent;
import attractor.model.NetworkFile;
import attractor.random.RandomStream;
import attractor.task.OneChannelTask;
import attractor.task.Task;
import attractor.task.Trials;
import attractor.train.RunDirectory.Existing;
import attractor.train.TrainingResult.Outcome;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class RunDirectoryTest {
    private static final ExecutionSettings ONE = TrainFixtures.ONE_THREAD;
    private static final TrainingConfig CONFIG = TrainFixtures.tiny().build();
    /** Batches in an epoch of CONFIG. */
    private static final int BATCHES = 6;

    @TempDir
    private Path folder;

    /** Wants the epochs alone. */
    private static class StepsIgnored implements TrainingListener {
        @Override
        public void batchDone(TrainingStep step) {}
    }

    /** Counts batches. */
    private static class Counter implements TrainingListener {
        int batches;

        @Override
        public void batchDone(TrainingStep step) {
            batches++;
        }
    }

    private static TrainingResult train(Path directory, TrainingConfig config, Existing existing) throws IOException {
        return train(directory, config, existing, Integer.MAX_VALUE);
    }

    private static TrainingResult train(Path directory, TrainingConfig config, Existing existing, int batches)
            throws IOException {
        Counter counter = new Counter();
        return new Trainer(config, ONE).train(directory, existing, counter, () -> counter.batches == batches);
    }

    /** The configuration with another JSON member. */
    private static TrainingConfig config(TrainingConfig config, String key, Object value) throws FormatException {
        Map<String, Object> json = new LinkedHashMap<>(config.toJson());
        json.put(key, value);
        return TrainingConfig.fromJson(new JsonObject(json, "test"));
    }

    private Path whole() throws IOException {
        Path whole = folder.resolve("whole");
        train(whole, CONFIG, Existing.REFUSE);
        return whole;
    }

    private static String message(Executable code) {
        String message = assertThrows(IOException.class, code).getMessage();
        assertEquals(1, message.lines().count(), message);
        return message;
    }

    private static Map<String, byte[]> contents(Path directory) throws IOException {
        Map<String, byte[]> contents = new LinkedHashMap<>();
        for (String name : TrainFixtures.names(directory)) {
            contents.put(name, Files.readAllBytes(directory.resolve(name)));
        }
        return contents;
    }

    private static void assertUntouched(Map<String, byte[]> before, Path directory) throws IOException {
        Map<String, byte[]> after = contents(directory);
        assertEquals(before.keySet(), after.keySet());
        before.forEach((name, bytes) -> assertArrayEquals(bytes, after.get(name), name));
    }

    @Test
    void aFinishedRunHasItsFiles() throws IOException {
        Path run = folder.resolve("new/and/deep/run");
        TrainingResult result = train(run, CONFIG, Existing.REFUSE);
        assertEquals(
                List.of(
                        "best.npz",
                        "checkpoint.npz",
                        "epoch-01.npz",
                        "epoch-02.npz",
                        "epoch-03.npz",
                        "epoch-04.npz",
                        "evaluation.json",
                        "final.npz",
                        "history.csv",
                        "initial.npz",
                        "run.json"),
                TrainFixtures.names(run));
        assertTrue(RunDirectory.isRun(run));
        assertTrue(RunDirectory.isFinished(run));
        assertEquals(CONFIG, RunDirectory.config(run));

        List<Path> epochs = RunDirectory.epochs(run);
        assertEquals(4, epochs.size());
        assertArrayEquals(
                CONFIG.initialNetwork(2, 1).parameters(),
                NetworkFile.read(RunDirectory.initial(run)).rnn().parameters());
        NetworkFile.Network last = NetworkFile.read(RunDirectory.last(run));
        assertArrayEquals(result.network().parameters(), last.rnn().parameters());
        assertArrayEquals(Files.readAllBytes(epochs.get(3)), Files.readAllBytes(RunDirectory.last(run)));
        assertArrayEquals(
                Files.readAllBytes(epochs.get(result.bestEpoch() - 1)), Files.readAllBytes(RunDirectory.best(run)));
        for (int e = 1; e <= 4; e++) {
            double[] expected = new Trainer(CONFIG.toBuilder().epochs(e).build(), ONE)
                    .train()
                    .network()
                    .parameters();
            NetworkFile.Network network = NetworkFile.read(epochs.get(e - 1));
            assertArrayEquals(expected, network.rnn().parameters(), "epoch " + e);
            assertEquals(e, network.meta().getInt("epoch"));
            assertEquals(result.history().get(e - 1).loss(), network.meta().getDouble("loss"));
        }

        JsonObject meta = last.meta();
        assertEquals("and", meta.getString("task"));
        assertEquals(20.0, meta.getObject("taskOptions").getDouble("durationMs"));
        assertEquals(5, meta.getLong("seed"));
        assertEquals("development", meta.getString("version"));
        assertEquals(CONFIG, TrainingConfig.fromJson(meta.getObject("training")));
        JsonObject initialMeta = NetworkFile.read(RunDirectory.initial(run)).meta();
        assertEquals(0, initialMeta.getInt("epoch"));
        assertNull(initialMeta.asMap().get("loss"));

        assertEquals(result.history(), RunDirectory.history(run));
        assertTrue(Files.readString(run.resolve("history.csv")).startsWith("epoch,loss,seconds\n1,0."));

        JsonObject evaluation = Json.read(run.resolve("evaluation.json"));
        assertEquals(result.passed(), evaluation.getBoolean("passed"));
        assertEquals(4, evaluation.getInt("epochs"));
        assertEquals(24, evaluation.getLong("steps"));
        assertEquals(result.loss(), evaluation.getDouble("loss"));
        assertEquals(result.bestEpoch(), evaluation.getInt("bestEpoch"));
        assertEquals(result.history().get(result.bestEpoch() - 1).loss(), evaluation.getDouble("bestLoss"));
        List<JsonObject> types = evaluation.getObjects("types");
        assertEquals(4, types.size());
        assertEquals("11", types.get(3).getString("type"));
        assertEquals(5, types.get(3).getInt("trials"));
        assertEquals(result.scores().types().get(3).rmse(), types.get(3).getDouble("rmse"));

        JsonObject json = Json.read(run.resolve("run.json"));
        assertFalse(json.has("clearing"));
        JsonObject session = json.getObjects("sessions").get(0);
        assertEquals(System.getProperty("java.version"), session.getString("java"));
        assertEquals(ONE.kernels().description(), session.getString("kernels"));
        assertEquals(1, session.getInt("threads"));
    }

    @Test
    void aRunInMemoryComesToTheSame() throws IOException {
        TrainingResult onDisk = train(folder.resolve("run"), CONFIG, Existing.REFUSE);
        TrainingResult inMemory = new Trainer(CONFIG, ONE).train();
        assertArrayEquals(inMemory.network().parameters(), onDisk.network().parameters());
        assertArrayEquals(inMemory.best().parameters(), onDisk.best().parameters());
        assertEquals(inMemory.scores(), onDisk.scores());
    }

    @Test
    void epochsAreNumberedSoThatTheySort() throws IOException {
        Path run = folder.resolve("run");
        train(
                run,
                TrainFixtures.tiny().samples(8).epochs(101).evaluationTrials(4).build(),
                Existing.REFUSE);
        List<String> names = RunDirectory.epochs(run).stream()
                .map(f -> f.getFileName().toString())
                .toList();
        assertEquals(101, names.size());
        assertEquals("epoch-001.npz", names.get(0));
        assertEquals("epoch-099.npz", names.get(98));
        assertEquals("epoch-101.npz", names.get(100));
        for (int e = 1; e <= 101; e++) {
            assertEquals(
                    e,
                    NetworkFile.read(RunDirectory.epochs(run).get(e - 1)).meta().getInt("epoch"));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 5, 6, 7, 12, 23})
    void stoppedAndResumedItIsTheRunThatWasNeverStopped(int after) throws IOException {
        Path whole = whole();
        Path run = folder.resolve("stopped");
        TrainingResult stopped = train(run, CONFIG, Existing.REFUSE, after);
        assertEquals(Outcome.STOPPED, stopped.outcome());
        assertEquals(after / BATCHES, stopped.epochs());
        assertEquals(after % BATCHES, stopped.batch());
        assertFalse(RunDirectory.isFinished(run));
        assertTrue(Files.exists(run.resolve("checkpoint.npz")));
        int[] begun = new int[2];
        TrainingResult resumed = new Trainer(CONFIG, ONE)
                .train(
                        run,
                        Existing.RESUME,
                        new StepsIgnored() {
                            @Override
                            public void begun(TrainingConfig config, int batches, int epochsDone, int batchesDone) {
                                begun[0] = epochsDone;
                                begun[1] = batchesDone;
                            }
                        },
                        () -> false);
        assertEquals(Outcome.FINISHED, resumed.outcome());
        assertEquals(after / BATCHES, begun[0]);
        assertEquals(after % BATCHES, begun[1]);
        TrainFixtures.assertSameRun(whole, run, "stopped after " + after);
        assertEquals(
                2, Json.read(run.resolve("run.json")).getObjects("sessions").size());
        assertTrue(resumed.seconds() >= stopped.seconds());
        assertArrayEquals(
                NetworkFile.read(RunDirectory.best(run)).rnn().parameters(),
                resumed.best().parameters());
    }

    @Test
    void stoppedAfterEveryFewBatchesOnAnyMachineItIsStillTheSame() throws IOException {
        long seed = 3;
        Random random = new Random(seed);
        Path whole = whole();
        Path run = folder.resolve("stopped");
        List<Kernels> kernels = TrainFixtures.kernels().toList();
        int sessions = 0;
        for (boolean done = false; !done; sessions++) {
            Counter counter = new Counter();
            int batches = 1 + random.nextInt(4);
            ExecutionSettings settings = ONE.withThreads(1 + random.nextInt(3))
                    .withKernels(kernels.get(random.nextInt(kernels.size())))
                    .withTrialBudget(random.nextBoolean() ? 0 : Trials.DEFAULT_BUDGET);
            done = new Trainer(CONFIG, settings)
                            .train(run, Existing.RESUME, counter, () -> counter.batches == batches)
                            .outcome()
                    == Outcome.FINISHED;
        }
        assertTrue(sessions >= 6, "seed " + seed + ": " + sessions + " sessions");
        TrainFixtures.assertSameRun(whole, run, "seed " + seed);
    }

    @Test
    void anInterruptStopsAfterTheBatchAndSaves() throws IOException {
        Path whole = whole();
        Path run = folder.resolve("interrupted");
        TrainingListener interrupter = new Counter() {
            @Override
            public void batchDone(TrainingStep step) {
                super.batchDone(step);
                if (batches == 9) {
                    Thread.currentThread().interrupt();
                }
            }
        };
        TrainingResult stopped = new Trainer(CONFIG, ONE).train(run, Existing.REFUSE, interrupter, () -> false);
        assertTrue(Thread.interrupted(), "the interrupt is still there for the caller");
        assertEquals(Outcome.STOPPED, stopped.outcome());
        assertEquals(9, stopped.steps());
        train(run, CONFIG, Existing.RESUME);
        TrainFixtures.assertSameRun(whole, run, "interrupted");
    }

    @Test
    void anInterruptInAnEpochsLastBatchSavesTheEpoch() throws IOException {
        Path whole = whole();
        Path run = folder.resolve("interrupted");
        TrainingListener interrupter = new TrainingListener() {
            @Override
            public void batchDone(TrainingStep step) {
                if (step.epoch() == step.epochs() && step.batch() == step.batches()) {
                    Thread.currentThread().interrupt();
                }
            }
        };
        TrainingResult result = new Trainer(CONFIG, ONE).train(run, Existing.REFUSE, interrupter, () -> false);
        assertTrue(Thread.interrupted());
        assertEquals(Outcome.FINISHED, result.outcome(), "nothing was left to stop");
        TrainFixtures.assertSameRun(whole, run, "interrupted in the last batch");
    }

    @Test
    void aThreadThatIsInterruptedAlreadyTakesNoStep() throws IOException {
        Path whole = whole();
        Path run = folder.resolve("run");
        for (Existing existing : List.of(Existing.REFUSE, Existing.RESUME)) {
            Thread.currentThread().interrupt();
            TrainingResult result = train(run, CONFIG, existing);
            assertTrue(Thread.interrupted());
            assertEquals(Outcome.STOPPED, result.outcome());
            assertEquals(0, result.steps());
        }
        train(run, CONFIG, Existing.RESUME, 8);
        Thread.currentThread().interrupt();
        assertEquals(8, train(run, CONFIG, Existing.RESUME).steps());
        assertTrue(Thread.interrupted());
        train(run, CONFIG, Existing.RESUME);
        TrainFixtures.assertSameRun(whole, run, "interrupted again and again");
        Thread.currentThread().interrupt();
        assertEquals(
                Outcome.FINISHED_BEFORE, train(run, CONFIG, Existing.RESUME).outcome());
        assertTrue(Thread.interrupted());
    }

    @Test
    void resumingAFinishedRunSaysSoAndChangesNothing() throws IOException {
        Path run = whole();
        Map<String, byte[]> before = contents(run);
        TrainingResult again = train(run, CONFIG, Existing.RESUME);
        assertEquals(Outcome.FINISHED_BEFORE, again.outcome());
        assertUntouched(before, run);
        TrainingResult inMemory = new Trainer(CONFIG, ONE).train();
        assertEquals(TrainFixtures.losses(inMemory.history()), TrainFixtures.losses(again.history()));
        assertEquals(inMemory.scores(), again.scores());
        assertEquals(inMemory.steps(), again.steps());
        assertArrayEquals(inMemory.network().parameters(), again.network().parameters());
        assertArrayEquals(inMemory.best().parameters(), again.best().parameters());
    }

    /** Any file of a later epoch may be there already when a process ends before it renames the checkpoint. */
    @Test
    void filesNewerThanTheCheckpointAreWrittenAgain() throws IOException {
        Path whole = whole();
        Path run = folder.resolve("run");
        train(run, CONFIG, Existing.REFUSE, 2 * BATCHES);
        for (String name : List.of("epoch-03.npz", "best.npz", "history.csv", "final.npz", "epoch-04.npz")) {
            Files.copy(whole.resolve(name), run.resolve(name), StandardCopyOption.REPLACE_EXISTING);
        }
        Files.writeString(run.resolve(".checkpoint.npz.tmp-999999999-0"), "half a checkp");
        train(run, CONFIG, Existing.RESUME);
        TrainFixtures.assertSameRun(whole, run, "newer files");
    }

    static Stream<Arguments> writes() {
        return Stream.of(
                Arguments.of("initial.npz", 0),
                Arguments.of("epoch-01.npz", 0),
                Arguments.of("epoch-03.npz", 2),
                Arguments.of("best.npz", 0),
                Arguments.of("history.csv", 0),
                Arguments.of("checkpoint.npz", 0),
                Arguments.of("final.npz", 4),
                Arguments.of("evaluation.json", 4));
    }

    /** Ends the training at each of its writes; a folder in the file's place refuses it on every system, to root too. */
    @ParameterizedTest
    @MethodSource("writes")
    void aFileThatCannotBeWrittenIsNamedAndTheRunCanBeResumed(String name, int epoch) throws IOException {
        Path whole = whole();
        Path run = folder.resolve("refused");
        Path obstacle = run.resolve(name);
        // Something to resume, so that the folder in the way is not in a folder without run.json.
        train(run, CONFIG, Existing.REFUSE, 0);
        Files.deleteIfExists(run.resolve("checkpoint.npz"));
        Files.deleteIfExists(run.resolve("initial.npz"));
        TrainingListener blocker = new StepsIgnored() {
            @Override
            public void epochDone(EpochSummary done, TrainingStep last, boolean best) {
                block(done.number());
            }

            void block(int done) {
                try {
                    if (done == epoch && !Files.exists(obstacle)) {
                        Files.createDirectory(obstacle);
                    }
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            }
        };
        if (epoch == 0) {
            Files.createDirectory(obstacle);
        }
        String message = message(() -> new Trainer(CONFIG, ONE).train(run, Existing.RESUME, blocker, () -> false));
        if (name.equals("checkpoint.npz")) {
            assertEquals(obstacle + " is a folder, expected a file", message);
        } else {
            assertEquals("cannot write " + obstacle + ": it is a folder, expected a file", message);
        }
        Files.delete(obstacle);
        assertFalse(RunDirectory.isFinished(run));
        train(run, CONFIG, Existing.RESUME);
        TrainFixtures.assertSameRun(whole, run, name + " refused");
    }

    @Test
    void aDirectoryThatCannotBeWrittenIsNamed() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "x");
        assertEquals(
                "cannot create the folder " + file + ": " + file + " is a file",
                message(() -> train(file, CONFIG, Existing.OVERWRITE)));
        String beneath = message(() -> train(file.resolve("run"), CONFIG, Existing.REFUSE));
        assertTrue(beneath.startsWith("cannot create the folder " + file.resolve("run") + ": "), beneath);
        assertEquals("x", Files.readString(file));
        Path locked = Files.createDirectory(folder.resolve("locked"));
        assumeTrue(locked.toFile().setWritable(false) && !Files.isWritable(locked), "root may write everywhere");
        assertEquals(
                "cannot write to " + locked + ": no permission to create files",
                message(() -> train(locked, CONFIG, Existing.REFUSE)));
    }

    @Test
    void aDirectoryThatHoldsSomethingIsRefused() throws IOException {
        Path run = whole();
        Map<String, byte[]> before = contents(run);
        assertEquals(
                run + " holds a training already, expected a new or empty folder, or to resume or overwrite it",
                message(() -> train(run, CONFIG, Existing.REFUSE)));
        assertUntouched(before, run);

        Path other = Files.createDirectory(folder.resolve("other"));
        Files.writeString(other.resolve("notes.txt"), "mine");
        for (Existing existing : List.of(Existing.REFUSE, Existing.RESUME)) {
            assertEquals(
                    other + " has notes.txt but no run.json, expected a run directory, or a new or empty folder",
                    message(() -> train(other, CONFIG, existing)));
        }
        Files.writeString(other.resolve("final.npz"), "mine too");
        Files.delete(other.resolve("notes.txt"));
        assertEquals(
                other + " has final.npz but no run.json, expected a run directory, or a new or empty folder",
                message(() -> train(other, CONFIG, Existing.OVERWRITE)));
        assertEquals(List.of("final.npz"), TrainFixtures.names(other));
        Files.writeString(other.resolve("run.json"), "{\"speed\": 3}");
        assertEquals(
                other.resolve("run.json") + ": has no configuration, expected an object",
                message(() -> train(other, CONFIG, Existing.OVERWRITE)));
        assertEquals("mine too", Files.readString(other.resolve("final.npz")));
    }

    @Test
    void emptyAndAbsentFoldersAreAllBegun() throws IOException {
        Path whole = whole();
        for (Existing existing : Existing.values()) {
            Path empty = Files.createDirectory(folder.resolve("empty-" + existing));
            train(empty, CONFIG, existing);
            TrainFixtures.assertSameRun(whole, empty, existing + " of an empty folder");
            Path absent = folder.resolve("absent-" + existing);
            train(absent, CONFIG, existing);
            TrainFixtures.assertSameRun(whole, absent, existing + " of an absent folder");
            // What a process leaves that is killed before run.json appears.
            Path begun = Files.createDirectory(folder.resolve("begun-" + existing));
            Files.writeString(begun.resolve(".lock"), "");
            Files.writeString(begun.resolve(".run.json.tmp-999999999-0"), "{");
            train(begun, CONFIG, existing);
            TrainFixtures.assertSameRun(whole, begun, existing + " of a folder just begun");
        }
    }

    @Test
    void aLinkToAFolderIsAFolder() throws IOException {
        Path target = Files.createDirectory(folder.resolve("target"));
        Path link = folder.resolve("link");
        try {
            Files.createSymbolicLink(link, target);
        } catch (UnsupportedOperationException | IOException e) {
            assumeTrue(false, "no symbolic links here: " + e);
        }
        train(link, CONFIG, Existing.REFUSE);
        TrainFixtures.assertSameRun(whole(), target, "through a link");
    }

    @Test
    void overwritingDeletesTheOldTrainingAndNothingElse() throws IOException {
        Path whole = whole();
        Path run = folder.resolve("run");
        TrainingConfig longer = TrainFixtures.tiny().epochs(7).seed(1).build();
        train(run, longer, Existing.REFUSE, 40);
        Files.writeString(run.resolve("notes.txt"), "mine");
        Files.writeString(run.resolve("epoch-notes.npz"), "mine");
        Files.createDirectory(run.resolve("figures"));
        TrainingResult result = train(run, CONFIG, Existing.OVERWRITE);
        assertEquals(Outcome.FINISHED, result.outcome());
        assertEquals("mine", Files.readString(run.resolve("notes.txt")));
        Files.delete(run.resolve("notes.txt"));
        Files.delete(run.resolve("epoch-notes.npz"));
        Files.delete(run.resolve("figures"));
        TrainFixtures.assertSameRun(whole, run, "overwritten");
        assertEquals(
                1, Json.read(run.resolve("run.json")).getObjects("sessions").size());
    }

    @Test
    void nothingIsLostBeforeTheNewTrainingCanBegin() throws IOException {
        Path run = whole();
        Map<String, byte[]> before = contents(run);
        TrainingConfig other = CONFIG.toBuilder().seed(9).build();
        assertThrows(
                IllegalArgumentException.class,
                () -> new Trainer(other, ONE.withMemoryLimit(10))
                        .train(run, Existing.OVERWRITE, TrainingListener.NONE, () -> false));
        assertUntouched(before, run);
        Path fresh = folder.resolve("fresh");
        assertThrows(
                IllegalArgumentException.class,
                () -> new Trainer(other, ONE.withMemoryLimit(10))
                        .train(fresh, Existing.REFUSE, TrainingListener.NONE, () -> false));
        assertFalse(Files.exists(fresh), "a folder made for nothing is removed");
    }

    /** Killed while it deleted the old training: some of the old files are left, all of them of another training. */
    @Test
    void anOverwriteThatWasKilledHalfWayIsResumed() throws IOException {
        Path whole = whole();
        Path run = folder.resolve("run");
        TrainingConfig old = TrainFixtures.tiny().epochs(9).seed(1).build();
        train(run, old, Existing.REFUSE);
        TrainFixtures.assertSameRun(run, run, "itself");
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("formatVersion", 1);
        json.put("configuration", CONFIG.toJson());
        json.put("sessions", List.of());
        json.put("clearing", true);
        Files.delete(run.resolve("epoch-01.npz"));
        Json.write(run.resolve("run.json"), json);
        assertFalse(RunDirectory.isFinished(run), "the evaluation is that of the old training");
        assertTrue(message(() -> train(run, old, Existing.RESUME)).startsWith("cannot resume " + run + ": "));
        assertEquals(Outcome.FINISHED, train(run, CONFIG, Existing.RESUME).outcome());
        TrainFixtures.assertSameRun(whole, run, "half overwritten");
    }

    private static Arguments change(UnaryOperator<TrainingConfig.Builder> change, String message) {
        return Arguments.of(change, message);
    }

    static Stream<Arguments> changes() {
        return Stream.of(
                change(b -> b.units(8), "units is 7 in its run.json, expected 8 as asked for"),
                change(b -> b.seed(6), "seed is 5 in its run.json, expected 6 as asked for"),
                change(b -> b.samples(44), "samples is 43 in its run.json, expected 44 as asked for"),
                change(b -> b.batch(9), "batch is 8 in its run.json, expected 9 as asked for"),
                change(b -> b.tauMs(3), "tauMs is 1.0 in its run.json, expected 3.0 as asked for"),
                change(b -> b.clipNorm(3), "clipNorm is 0.0 in its run.json, expected 3.0 as asked for"),
                change(b -> b.stopLoss(3), "stopLoss is 0.0 in its run.json, expected 3.0 as asked for"),
                change(b -> b.evaluationTrials(3), "evaluationTrials is 20 in its run.json, expected 3 as asked for"),
                change(
                        b -> b.recurrentBias(true),
                        "recurrentBias is false in its run.json, expected true as asked for"),
                change(
                        b -> b.init(Recurrent.NORMAL),
                        "init is \"orthogonal\" in its run.json, expected \"normal\" as asked for"),
                change(
                        b -> b.activation(Activation.RELU),
                        "activation is \"tanh\" in its run.json, expected \"relu\" as asked for"),
                change(
                        b -> b.optimizer(new Adam.Options(3e-3, 1e-4, 0.9, 0.99, 1e-8)),
                        "beta2 is 0.999 in its run.json, expected 0.99 as asked for"));
    }

    @ParameterizedTest
    @MethodSource("changes")
    void anotherConfigurationIsNotResumed(UnaryOperator<TrainingConfig.Builder> change, String expected)
            throws IOException {
        Path run = folder.resolve("run");
        train(run, CONFIG, Existing.REFUSE, 3);
        Map<String, byte[]> before = contents(run);
        TrainingConfig other = change.apply(TrainFixtures.tiny()).build();
        assertEquals("cannot resume " + run + ": " + expected, message(() -> train(run, other, Existing.RESUME)));
        assertUntouched(before, run);
    }

    @Test
    void anotherTaskOptionIsNotResumed() throws IOException {
        Path run = folder.resolve("run");
        train(run, CONFIG, Existing.REFUSE, 3);
        Map<String, Object> options = new LinkedHashMap<>(CONFIG.taskOptions());
        options.put("delayMs", 3.0);
        TrainingConfig other = config(CONFIG, "taskOptions", options);
        assertEquals(
                "cannot resume " + run + ": taskOptions.delayMs is 2.0 in its run.json, expected 3.0 as asked for",
                message(() -> train(run, other, Existing.RESUME)));
    }

    @Test
    void aRunFileThatIsNotOneIsNamed() throws IOException {
        Path run = folder.resolve("run");
        assertEquals(run + " has no run.json, expected a run directory", message(() -> RunDirectory.config(run)));
        train(run, CONFIG, Existing.REFUSE, 3);
        Path file = run.resolve("run.json");
        String good = Files.readString(file);
        Files.writeString(file, good.replace("\"formatVersion\": 2", "\"formatVersion\": 3"));
        assertEquals(
                file + ": formatVersion is 3, expected 1 to 2", message(() -> train(run, CONFIG, Existing.RESUME)));
        Files.writeString(file, good.replace("\"units\": 7", "\"units\": 0"));
        assertEquals(file + ": units is 0, expected at least 1", message(() -> train(run, CONFIG, Existing.RESUME)));
        Files.writeString(file, good.substring(0, good.length() / 2));
        assertTrue(message(() -> train(run, CONFIG, Existing.RESUME)).startsWith(file + ": "));
    }

    private static Arguments broken(String key, NpyArray array, String message) {
        return Arguments.of(key, array, message);
    }

    static Stream<Arguments> brokenCheckpoints() {
        int parameters = CONFIG.initialNetwork(2, 1).parameters().length;
        double[] notFinite = new double[parameters];
        notFinite[3] = Double.NaN;
        return Stream.of(
                broken("parameters", NpyArray.of(new double[5], 5), "'parameters' is DOUBLE (5,), expected numbers"),
                broken("parameters", NpyArray.of(notFinite, parameters), "parameters[3] is NaN, expected a finite"),
                broken("best_parameters", null, "has no array 'best_parameters'"),
                broken("optimizer", NpyArray.of(new double[parameters], parameters), "'optimizer' is DOUBLE ("),
                broken("optimizer", null, "has no array 'optimizer'"),
                broken("adam_m", NpyArray.of(new double[parameters], parameters), "has the unknown array 'adam_m'"),
                broken("steps", NpyArray.scalar(9L), "steps is 9, expected 8"),
                broken("batch", NpyArray.scalar(6L), "has 1 epoch and 6 batches, expected at most 4 and 5"),
                broken("batch", NpyArray.scalar(-1L), "has 1 epoch and -1 batches, expected at most 4 and 5"),
                broken("epoch_losses", NpyArray.of(new double[5], 5), "'epoch_seconds' is DOUBLE (1,), expected"),
                broken("format_version", NpyArray.scalar(3L), "format_version is 3, expected 2"),
                broken("more", NpyArray.scalar(2L), "has the unknown array 'more'"),
                broken("configuration", NpyArray.scalar("{}"), "has no task"),
                broken(
                        "configuration",
                        NpyArray.scalar(
                                Json.compact(CONFIG.toBuilder().seed(1).build().toJson())),
                        "belongs to another training than run.json beside it, expected the same configuration"));
    }

    @ParameterizedTest
    @MethodSource("brokenCheckpoints")
    void aCheckpointThatDoesNotFitIsNamed(String key, NpyArray array, String expected) throws IOException {
        Path run = folder.resolve("run");
        train(run, CONFIG, Existing.REFUSE, 8);
        Path checkpoint = run.resolve("checkpoint.npz");
        Map<String, NpyArray> arrays = new LinkedHashMap<>(Npz.read(checkpoint).arrays());
        if (array == null) {
            arrays.remove(key);
        } else {
            arrays.put(key, array);
        }
        Npz.write(checkpoint, arrays);
        byte[] before = Files.readAllBytes(checkpoint);
        String message = message(() -> train(run, CONFIG, Existing.RESUME));
        assertTrue(message.startsWith(checkpoint + ": " + expected), message);
        assertArrayEquals(before, Files.readAllBytes(checkpoint), "it is kept as it was");
    }

    @Test
    void aDamagedCheckpointIsAFormatError() throws IOException {
        Path run = folder.resolve("run");
        train(run, CONFIG, Existing.REFUSE, 8);
        Path checkpoint = run.resolve("checkpoint.npz");
        byte[] good = Files.readAllBytes(checkpoint);
        long seed = 12;
        Random random = new Random(seed);
        List<byte[]> damaged = new ArrayList<>();
        damaged.add(new byte[0]);
        damaged.add(Arrays.copyOf(good, good.length / 2));
        damaged.add("not a checkpoint".getBytes(StandardCharsets.UTF_8));
        byte[] flipped = good.clone();
        flipped[400] ^= 1; // within the values of an array
        damaged.add(flipped);
        for (int i = 0; i < 20; i++) {
            damaged.add(Arrays.copyOf(good, random.nextInt(good.length)));
        }
        for (byte[] bytes : damaged) {
            Files.write(checkpoint, bytes);
            String message = assertThrows(
                            FormatException.class, () -> train(run, CONFIG, Existing.RESUME), "seed " + seed)
                    .getMessage();
            assertTrue(message.startsWith(checkpoint.toString()), message);
            assertEquals(1, message.lines().count(), message);
        }
        Files.write(checkpoint, good);
        train(run, CONFIG, Existing.RESUME);
        TrainFixtures.assertSameRun(whole(), run, "with the good checkpoint back");
    }

    @Test
    void aHistoryThatIsNotOneIsNamed() throws IOException {
        Path run = whole();
        Path file = run.resolve("history.csv");
        for (String line : List.of("2,0.5,0.5", "1,0.5", "1,half,0.5", "")) {
            Files.writeString(file, "epoch,loss,seconds\n" + line + "\n");
            assertEquals(
                    file + ": line 2 is '" + line + "', expected epoch 1, loss and seconds",
                    message(() -> RunDirectory.history(run)));
        }
    }

    @Test
    void twoTrainingsOfOneProgramCannotUseOneDirectory() throws IOException {
        Path whole = whole();
        Path run = folder.resolve("run");
        TrainingListener intruder = new StepsIgnored() {
            @Override
            public void epochDone(EpochSummary epoch, TrainingStep last, boolean best) {
                Path same = run.resolve("../run");
                assertEquals(
                        same + " is in use by this program itself,"
                                + " expected a run directory that no other training uses",
                        message(() -> train(same, CONFIG, Existing.RESUME)));
            }
        };
        new Trainer(CONFIG, ONE).train(run, Existing.REFUSE, intruder, () -> false);
        TrainFixtures.assertSameRun(whole, run, "with an intruder");
        assertEquals(
                Outcome.FINISHED_BEFORE, train(run, CONFIG, Existing.RESUME).outcome());
    }

    @Test
    void aListenerThatThrowsLeavesAResumableRun() throws IOException {
        Path whole = whole();
        Path run = folder.resolve("run");
        TrainingListener thrower = new TrainingListener() {
            @Override
            public void batchDone(TrainingStep step) {
                if (step.epoch() == 2 && step.batch() == 3) {
                    throw new UnsupportedOperationException("enough");
                }
            }
        };
        assertThrows(
                UnsupportedOperationException.class,
                () -> new Trainer(CONFIG, ONE).train(run, Existing.REFUSE, thrower, () -> false));
        train(run, CONFIG, Existing.RESUME);
        TrainFixtures.assertSameRun(whole, run, "after an exception");
    }

    /** Asks for something huge from its 60th trial on, if trials are drawn at each reading. */
    private static final class Bomb implements OneChannelTask {
        private int written;

        @Override
        public String name() {
            return "bomb";
        }

        @Override
        public void write(int type, RandomStream random, double[] x, double[] y, double[] mask) {
            random.fillGaussian(x, 0, 4, 1.0);
            y[3] = ++written >= 60 ? 1e200 : 1.0;
        }
    }

    @Test
    void aTrainingThatDivergesKeepsItsLastCheckpoint() throws IOException {
        Path run = folder.resolve("run");
        TrainingConfig config = TrainingConfig.builder(new Bomb())
                .units(3)
                .samples(43)
                .batch(8)
                .epochs(3)
                .stopLoss(0.0)
                .build();
        DivergedException e = assertThrows(
                DivergedException.class,
                () -> new Trainer(config, ONE.withTrialBudget(0), new Bomb())
                        .train(run, Existing.REFUSE, TrainingListener.NONE, () -> false));
        assertEquals("loss is Infinity in epoch 2, batch 3", e.getMessage());
        assertEquals(
                List.of("best.npz", "checkpoint.npz", "epoch-01.npz", "history.csv", "initial.npz", "run.json"),
                TrainFixtures.names(run));
        assertEquals(6, Npz.read(run.resolve("checkpoint.npz")).integer("steps"));
        assertFalse(RunDirectory.isFinished(run));
        TrainingResult resumed =
                new Trainer(config, ONE, new Bomb()).train(run, Existing.RESUME, TrainingListener.NONE, () -> false);
        assertArrayEquals(
                new Trainer(config, ONE, new Bomb()).train().network().parameters(),
                resumed.network().parameters());
    }

    /** A second moment may overflow while all else is finite; such a run is resumed as any other. */
    @Test
    void aMomentThatOverflowedIsKept() throws IOException {
        TrainingConfig wild = TrainFixtures.tiny()
                .activation(Activation.IDENTITY)
                .optimizer(new Adam.Options(1e5, 0.0, 0.9, 0.999, 1e-8))
                .build();
        Path whole = folder.resolve("whole");
        train(whole, wild, Existing.REFUSE);
        Path run = folder.resolve("run");
        train(run, wild, Existing.REFUSE, 4);
        double largest = Arrays.stream(
                        Npz.read(run.resolve("checkpoint.npz")).get("optimizer").doubles())
                .max()
                .orElseThrow();
        assertEquals(Double.POSITIVE_INFINITY, largest);
        train(run, wild, Existing.RESUME);
        TrainFixtures.assertSameRun(whole, run, "infinite moment");
        assertFalse(train(run, wild, Existing.RESUME).passed());
    }

    @Test
    void dataAndEarlyStopsResumeToo() throws IOException {
        Task task = new TrainFixtures.Echo(5, 1, true);
        double[] x = new double[30 * 5];
        double[] y = new double[30 * 5];
        double[] mask = new double[30 * 5];
        Trials drawn = Trials.random(task, 30, 2, Trials.TRAINING);
        for (int i = 0; i < 30; i++) {
            drawn.reader().read(i, x, 5 * i, y, 5 * i, mask, 5 * i);
        }
        Trials data = Trials.ofArrays(5, 1, 1, x, y, mask, null, null);
        TrainingConfig.Builder builder = TrainingConfig.builder(data, 0.5, 30)
                .units(5)
                .batch(7)
                .epochs(6)
                .optimizer(new Adam.Options(1e-2, 0.0, 0.9, 0.999, 1e-8));
        List<EpochSummary> free = new Trainer(builder.stopLoss(0).build(), ONE, data, data)
                .train()
                .history();
        TrainingConfig config =
                builder.stopLoss(Math.nextUp(free.get(3).loss())).build();
        Path whole = folder.resolve("whole");
        TrainingResult expected =
                new Trainer(config, ONE, data, data).train(whole, Existing.REFUSE, TrainingListener.NONE, () -> false);
        assertEquals(4, expected.epochs(), "seed 0: " + free);
        Path run = folder.resolve("run");
        for (int batches : new int[] {8, 12, Integer.MAX_VALUE}) {
            Counter counter = new Counter();
            new Trainer(config, ONE, data, data).train(run, Existing.RESUME, counter, () -> counter.batches == batches);
        }
        TrainFixtures.assertSameRun(whole, run, "data");
        assertEquals(4, RunDirectory.epochs(run).size());
        assertEquals(
                new TrialOrigin.OfArrays(TrainingConfig.digest(data)),
                RunDirectory.config(run).trials());
    }

    /** Ended between the last checkpoint and the evaluation: nothing is left but to evaluate. */
    @Test
    void aRunThatLacksOnlyItsEvaluationIsEvaluated() throws IOException {
        Path whole = whole();
        Path run = folder.resolve("run");
        TrainingListener last = new StepsIgnored() {
            @Override
            public void epochDone(EpochSummary epoch, TrainingStep last, boolean best) {
                if (epoch.number() == last.epochs()) {
                    throw new UnsupportedOperationException("ends here");
                }
            }
        };
        assertThrows(
                UnsupportedOperationException.class,
                () -> new Trainer(CONFIG, ONE).train(run, Existing.REFUSE, last, () -> false));
        assertFalse(Files.exists(run.resolve("final.npz")));
        Counter counter = new Counter();
        new Trainer(CONFIG, ONE).train(run, Existing.RESUME, counter, () -> true);
        assertEquals(0, counter.batches);
        TrainFixtures.assertSameRun(whole, run, "evaluated");
    }
}
