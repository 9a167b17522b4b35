package attractor.study;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import attractor.io.Json;
import attractor.kernel.Kernels;
import attractor.study.StudyFolder.Status;
import attractor.study.StudyRunner.Outcome;
import attractor.study.StudyRunner.Shard;
import attractor.train.ExecutionSettings;
import attractor.train.RunDirectory;
import attractor.train.Trainer;
import attractor.train.TrainingListener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StudyRunnerTest {
    private static final Study STUDY = StudyFixtures.study(4);

    @TempDir
    private Path folder;

    private Path whole() throws Exception {
        Path whole = folder.resolve("whole");
        assertEquals(List.of(4, 0, 0, 0), StudyFixtures.counts(StudyFixtures.run(STUDY, whole, StudyListener.NONE)));
        return whole;
    }

    @Test
    void aStudyIsDoneOnce() throws Exception {
        Path whole = folder.resolve("whole");
        StudyFixtures.Recorder first = new StudyFixtures.Recorder();
        StudyFixtures.run(STUDY, whole, first);
        assertEquals(4, first.runs);
        assertEquals(0, first.before);
        assertEquals(StudyFixtures.hashes(STUDY), List.copyOf(first.ended.keySet()));
        assertEquals(Set.of(Status.DONE), new HashSet<>(first.ended.values()));
        assertEquals(first.toDo, first.advanced, 1e-9 * first.toDo);
        assertEquals(List.of("results.csv", "runs", "study.json"), StudyFixtures.parts(whole));
        Path run = whole.resolve("runs").resolve(STUDY.runs().get(2).hash());
        assertEquals(
                List.of(
                        "best.npz",
                        "evaluation.json",
                        "final.npz",
                        "history.csv",
                        "initial.npz",
                        "result.json",
                        "run.json"),
                StudyFixtures.names(run));
        // A row for each run and trial type, with the settings and the training's summary.
        ResultTable results = ResultTable.read(whole.resolve("results.csv"));
        assertEquals(16, results.rows().size());
        assertEquals(List.of("00", "01", "10", "11"), results.texts("type"));
        assertEquals(StudyFixtures.hashes(STUDY), results.texts("run"));
        ResultTable.Row row = results.rows().get(8);
        assertEquals(
                List.of("2", "and", "orthogonal", "5", "40", "20.0", "done", "2", "10", "2"),
                List.of(
                        row.text("seed"),
                        row.text("task"),
                        row.text("init"),
                        row.text("units"),
                        row.text("samples"),
                        row.text("durationMs"),
                        row.text("outcome"),
                        row.text("epochsDone"),
                        row.text("steps"),
                        row.text("trials")));
        assertEquals(RunDirectory.history(run).get(1).loss(), row.number("loss"));
        // Again: nothing is begun, no file of a run is touched, the table is the same.
        FileTime then = FileTime.fromMillis(1_000_000);
        for (String name : StudyFixtures.names(run)) {
            Files.setLastModifiedTime(run.resolve(name), then);
        }
        String table = StudyFixtures.text(whole.resolve("results.csv"));
        StudyFixtures.Recorder again = new StudyFixtures.Recorder();
        assertEquals(List.of(4, 0, 0, 0), StudyFixtures.counts(StudyFixtures.run(STUDY, whole, again)));
        assertEquals(0, again.runs);
        assertEquals(4, again.before);
        assertTrue(again.ended.isEmpty());
        assertEquals(table, StudyFixtures.text(whole.resolve("results.csv")));
        for (String name : StudyFixtures.names(run)) {
            assertEquals(then, Files.getLastModifiedTime(run.resolve(name)), name);
        }
        // A larger study of the same kind does what is new.
        StudyFixtures.Recorder more = new StudyFixtures.Recorder();
        assertEquals(List.of(6, 0, 0, 0), StudyFixtures.counts(StudyFixtures.run(StudyFixtures.study(6), whole, more)));
        assertEquals(2, more.runs);
        assertEquals(24, ResultTable.read(whole.resolve("results.csv")).rows().size());
    }

    /** In the middle of the first training, right before its last batch, in the middle of the third. */
    @ParameterizedTest
    @ValueSource(ints = {2, 9, 26})
    void stoppedAndBegunAgainItIsTheStudyThatWasNeverStopped(int advances) throws Exception {
        Path whole = whole();
        Path stopped = folder.resolve("stopped");
        int sessions = 0;
        double spared = 0;
        for (Outcome outcome = null; outcome == null || outcome.left() > 0; sessions++) {
            StudyFixtures.Recorder recorder = new StudyFixtures.Recorder();
            outcome = StudyFixtures.run(STUDY, stopped, recorder, () -> recorder.advances() >= advances);
            assertEquals(4, outcome.done() + outcome.left());
            assertEquals(0, outcome.failed() + outcome.elsewhere());
            spared += recorder.spared;
            if (outcome.left() == 0) {
                assertEquals(recorder.toDo, recorder.advanced, 1e-9 * recorder.toDo);
            }
            assertTrue(sessions < 20, "each session goes on");
            if (outcome.left() > 0) {
                assertFalse(outcome.over() || outcome.tables());
                assertFalse(Files.exists(stopped.resolve("results.csv")), "tables are written when the study is over");
                if (outcome.done() > 0) {
                    StudyFolder.open(stopped).writeTables(); // or when they are asked for
                    Path table = stopped.resolve("results.csv");
                    assertEquals(
                            4 * outcome.done(), ResultTable.read(table).rows().size());
                    Files.delete(table);
                }
            }
        }
        assertTrue(sessions > 1, "it was stopped");
        assertTrue(spared > 0, "what was trained before isn't counted again");
        StudyFixtures.assertSameStudy(whole, stopped, "stopped after " + advances);
        assertFalse(Files.exists(stopped.resolve("work")));
    }

    /** The question is asked now and then: one yes is enough. */
    @Test
    void stopIsSaidOnce() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        StudyFixtures.Recorder recorder = new StudyFixtures.Recorder();
        Outcome outcome =
                StudyFixtures.run(STUDY, folder.resolve("study"), recorder, () -> asked.incrementAndGet() == 6);
        assertEquals(List.of(0, 0, 0, 4), StudyFixtures.counts(outcome));
        assertTrue(recorder.ended.isEmpty());
    }

    @Test
    void anInterruptedThreadStops() throws Exception {
        Path whole = whole();
        Path interrupted = folder.resolve("interrupted");
        Thread caller = Thread.currentThread();
        StudyListener listener = new StudyListener() {
            @Override
            public void ended(StudyRun run, Status status, String reason, double seconds) {
                caller.interrupt();
            }
        };
        assertThrows(InterruptedException.class, () -> StudyFixtures.run(STUDY, interrupted, listener));
        assertFalse(Thread.interrupted());
        assertTrue(StudyFixtures.names(interrupted.resolve("runs")).size() < 4);
        StudyFixtures.run(STUDY, interrupted, StudyListener.NONE);
        StudyFixtures.assertSameStudy(whole, interrupted, "interrupted");
    }

    @Test
    void workersAndShardsGiveTheSameBytes() throws Exception {
        Path whole = whole();
        Path three = folder.resolve("three");
        StudyFixtures.Recorder recorder = new StudyFixtures.Recorder();
        StudyFixtures.runner(STUDY, three, 3, Shard.ALL).run(recorder, () -> false);
        assertEquals(4, recorder.ended.size());
        StudyFixtures.assertSameStudy(whole, three, "3 workers");
        Path shards = folder.resolve("shards");
        Set<String> done = new HashSet<>();
        int sum = 0;
        for (int k = 3; k >= 1; k--) {
            StudyFixtures.Recorder part = new StudyFixtures.Recorder();
            Outcome outcome =
                    StudyFixtures.runner(STUDY, shards, 1, new Shard(k, 3)).run(part, () -> false);
            assertEquals(List.of(k == 1 ? 2 : 1, 0, 0, 0), StudyFixtures.counts(outcome));
            done.addAll(part.ended.keySet());
            sum += part.ended.size();
            assertEquals(4, StudyFolder.open(shards).entries().size());
        }
        assertEquals(4, sum);
        assertEquals(Set.copyOf(StudyFixtures.hashes(STUDY)), done);
        StudyFixtures.assertSameStudy(whole, shards, "3 shards");
    }

    @Test
    void aTrainingThatDivergesIsRecordedAndNotRepeated() throws Exception {
        List<StudyRun> runs = new ArrayList<>(STUDY.runs());
        StudyRun bad = StudyFixtures.diverging(7);
        runs.add(1, bad);
        Study study = StudyFixtures.study(runs);
        Path directory = folder.resolve("study");
        StudyFixtures.Recorder recorder = new StudyFixtures.Recorder();
        assertEquals(List.of(5, 0, 0, 0), StudyFixtures.counts(StudyFixtures.run(study, directory, recorder)));
        assertEquals(Status.DIVERGED, recorder.ended.get(bad.hash()));
        assertEquals(recorder.toDo, recorder.advanced, 1e-9 * recorder.toDo);
        StudyFolder open = StudyFolder.open(directory);
        assertEquals(Status.DIVERGED, open.status(bad.hash()));
        String reason = open.reason(bad.hash());
        assertEquals(List.of(reason), recorder.reasons);
        assertTrue(reason.matches("(loss is|gradient of) .* in epoch 1, batch \\d.*"), reason);
        assertTrue(open.seconds(bad.hash()) > 0);
        ResultTable rows = ResultTable.read(directory.resolve("results.csv")).where("run", bad.hash());
        assertEquals(List.of("00", "01", "10", "11"), rows.texts("type"));
        assertEquals(List.of("diverged"), rows.texts("outcome"));
        assertEquals(List.of(""), rows.texts("rmse"));
        assertEquals(List.of("7"), rows.texts("seed"));
        StudyFixtures.Recorder again = new StudyFixtures.Recorder();
        StudyFixtures.run(study, directory, again);
        assertEquals(0, again.runs);
    }

    /** Evaluates, but for seeds for which it doesn't. */
    private record Failing(Set<Long> seeds, RuntimeException with, AtomicBoolean on) implements Measurement {
        @Override
        public Map<String, Object> toJson() {
            return Map.of("kind", "failing");
        }

        @Override
        public void measure(TrainedNetwork network, Kernels kernels, MeasuredRows tables) {
            StudyFixtures.EVALUATION.measure(network, kernels, tables);
            if (on.get() && seeds.contains(network.config().seed())) {
                throw with;
            }
        }
    }

    @Test
    void aRunThatFailsIsRecordedAndTriedAgain() throws Exception {
        AtomicBoolean on = new AtomicBoolean(true);
        Study study = StudyFixtures.study(new Failing(Set.of(1L), new IllegalStateException("no good\nat all"), on), 3);
        Path directory = folder.resolve("study");
        StudyFixtures.Recorder recorder = new StudyFixtures.Recorder();
        assertEquals(List.of(2, 1, 0, 0), StudyFixtures.counts(StudyFixtures.run(study, directory, recorder)));
        String hash = study.runs().get(1).hash();
        assertEquals(Status.FAILED, recorder.ended.get(hash));
        assertEquals(List.of("no good"), recorder.reasons);
        StudyFolder open = StudyFolder.open(directory);
        assertEquals(Status.FAILED, open.status(hash));
        assertEquals("no good", open.reason(hash));
        Path failure = directory.resolve("failed").resolve(hash + ".json");
        assertEquals(hash, Json.read(failure).getString("run"));
        assertEquals(1, Json.read(failure).getObject("training").getLong("seed"));
        assertEquals(
                8, ResultTable.read(directory.resolve("results.csv")).rows().size());
        // Tried again, and failed again.
        StudyFixtures.Recorder second = new StudyFixtures.Recorder();
        assertEquals(List.of(2, 1, 0, 0), StudyFixtures.counts(StudyFixtures.run(study, directory, second)));
        assertEquals(1, second.runs);
        // The training was finished: it isn't repeated.
        on.set(false);
        StudyFixtures.Recorder third = new StudyFixtures.Recorder();
        assertEquals(List.of(3, 0, 0, 0), StudyFixtures.counts(StudyFixtures.run(study, directory, third)));
        assertEquals(Map.of(hash, Status.DONE), third.ended);
        assertEquals(1, third.advances);
        assertFalse(Files.exists(failure));
        assertEquals(
                12, ResultTable.read(directory.resolve("results.csv")).rows().size());
        assertFalse(StudyFixtures.names(directory.resolve("runs").resolve(hash)).contains("checkpoint.npz"));
    }

    @Test
    void aReasonSaysWhatKindOfErrorIfItsMessageDoesNot() throws Exception {
        AtomicBoolean on = new AtomicBoolean(true);
        int k = 0;
        for (Map.Entry<RuntimeException, String> expected : Map.of(
                        new IllegalArgumentException("odd"), "odd",
                        new ArrayIndexOutOfBoundsException("7"), "java.lang.ArrayIndexOutOfBoundsException: 7",
                        new IllegalStateException(), "java.lang.IllegalStateException")
                .entrySet()) {
            StudyFixtures.Recorder recorder = new StudyFixtures.Recorder();
            StudyFixtures.run(
                    StudyFixtures.study(new Failing(Set.of(0L), expected.getKey(), on), 1),
                    folder.resolve("study-" + k++),
                    recorder);
            assertEquals(List.of(expected.getValue()), recorder.reasons);
        }
    }

    @Test
    void networksOfAnotherStudyAreUsed() throws Exception {
        Path whole = whole();
        Measurement other = new Evaluations(12, Map.of("shifted", Map.of("baseline", 0.2)));
        Study study = StudyFixtures.study(other, 4);
        Path expected = folder.resolve("expected");
        StudyFixtures.run(study, expected, StudyListener.NONE);
        Path used = folder.resolve("used");
        StudyFixtures.Recorder recorder = new StudyFixtures.Recorder();
        Outcome outcome = StudyFixtures.runner(study, used, 2, Shard.ALL, whole).run(recorder, () -> false);
        assertEquals(List.of(4, 0, 0, 0), StudyFixtures.counts(outcome));
        for (StudyRun run : study.runs()) {
            Path there = used.resolve("runs").resolve(run.hash());
            assertEquals(List.of("result.json"), StudyFixtures.names(there), "nothing was trained");
        }
        assertEquals(4, recorder.advances, "no batch");
        assertEquals(0, recorder.untrained);
        assertEquals(
                StudyFixtures.text(expected.resolve("results.csv")), StudyFixtures.text(used.resolve("results.csv")));
        // Another measurement in the same folder finds its own networks.
        StudyFixtures.Recorder same = new StudyFixtures.Recorder();
        StudyFixtures.runner(study, whole, 1, Shard.ALL).run(same, () -> false, true);
        assertEquals(4, same.advances);
        assertEquals(-1, same.untrained, "no other folder was named");
        // A network that isn't there is trained.
        StudyFixtures.Recorder more = new StudyFixtures.Recorder();
        Path five = folder.resolve("five");
        StudyFixtures.runner(StudyFixtures.study(other, 5), five, 1, Shard.ALL, whole)
                .run(more, () -> false);
        assertEquals(1, more.untrained);
        assertTrue(more.advances > 10 && more.advances < 20, "10 batches: " + more.advances);
        assertEquals(20, ResultTable.read(five.resolve("results.csv")).rows().size());
    }

    @Test
    void aFolderOfNetworksThatIsNoneLeavesNothing() throws Exception {
        Path none = Files.createDirectory(folder.resolve("none"));
        Path out = folder.resolve("out");
        String message = assertThrows(
                        IOException.class,
                        () -> StudyFixtures.runner(STUDY, out, 1, Shard.ALL, none)
                                .run(StudyListener.NONE, () -> false))
                .getMessage();
        assertEquals(none + " has no study.json, expected the folder of a study", message);
        assertFalse(Files.exists(out));
    }

    /** Work folders come and go while others look for theirs. */
    @Test
    void manyRunnersOnOneFolder() throws Exception {
        int runners = 4;
        Study study = StudyFixtures.study(10);
        Path trained = folder.resolve("trained");
        StudyFixtures.run(study, trained, StudyListener.NONE);
        for (int round = 0; round < 3; round++) {
            Path shared = folder.resolve("shared-" + round);
            StudyFixtures.Recorder recorder = new StudyFixtures.Recorder();
            CyclicBarrier start = new CyclicBarrier(runners);
            ExecutorService pool = Executors.newFixedThreadPool(runners);
            try {
                List<Future<?>> futures = new ArrayList<>();
                for (int k = 0; k < runners; k++) {
                    futures.add(pool.submit(() -> {
                        start.await();
                        return StudyFixtures.runner(study, shared, 1, Shard.ALL, trained)
                                .run(recorder, () -> false);
                    }));
                }
                for (Future<?> future : futures) {
                    future.get();
                }
            } finally {
                pool.shutdown();
            }
            // The recorder would have complained of a run that was done twice.
            assertEquals(10, recorder.ended.size(), "round " + round);
            assertEquals(
                    StudyFixtures.text(trained.resolve("results.csv")),
                    StudyFixtures.text(shared.resolve("results.csv")),
                    "round " + round);
        }
    }

    /** A version before claims left its unfinished run in another place, with a lock. */
    @Test
    void aRunThatAnEarlierVersionBeganIsResumed() throws Exception {
        Path whole = whole();
        Path earlier = folder.resolve("earlier");
        StudyFolder study = StudyFolder.create(earlier, STUDY);
        StudyRun run = STUDY.runs().get(1);
        Path place = study.work(run.hash()).resolve("run");
        AtomicInteger batches = new AtomicInteger();
        new Trainer(
                        run.training(),
                        new ExecutionSettings(1, Kernels.get(), 1 << 26, 1 << 26),
                        run.training().makeTask())
                .train(
                        place,
                        RunDirectory.Existing.RESUME,
                        TrainingListener.NONE,
                        () -> batches.getAndIncrement() == 7);
        Files.createFile(place.resolve(".lock"));
        Files.createFile(study.work(run.hash()).resolve(".lock"));
        Files.createFile(place.resolve(".epoch-02.npz.tmp-999999999-0"));
        StudyFixtures.Recorder recorder = new StudyFixtures.Recorder();
        StudyFixtures.run(STUDY, earlier, recorder);
        assertTrue(recorder.spared > 0, "it goes on where it was");
        StudyFixtures.assertSameStudy(whole, earlier, "earlier");
        assertEquals(List.of("results.csv", "runs", "study.json"), StudyFixtures.parts(earlier));
    }

    /** While this process measured, another one, which took it for ended, has finished the run. */
    @Test
    void theFirstToFinishARunWins() throws Exception {
        Path whole = whole();
        Path late = folder.resolve("late");
        StudyRun run = STUDY.runs().get(0);
        StudyListener other = new StudyListener() {
            private boolean done;

            @Override
            public void advanced(double amount) {
                try {
                    if (!done) {
                        done = true;
                        Path from = whole.resolve("runs").resolve(run.hash());
                        Path to = Files.createDirectories(late.resolve("runs").resolve(run.hash()));
                        for (String name : StudyFixtures.names(from)) {
                            Files.copy(from.resolve(name), to.resolve(name));
                            Files.setLastModifiedTime(to.resolve(name), FileTime.fromMillis(1_000_000));
                        }
                    }
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            }
        };
        assertEquals(List.of(4, 0, 0, 0), StudyFixtures.counts(StudyFixtures.run(STUDY, late, other)));
        StudyFixtures.assertSameStudy(whole, late, "late");
        for (String name : StudyFixtures.names(late.resolve("runs").resolve(run.hash()))) {
            assertEquals(
                    FileTime.fromMillis(1_000_000),
                    Files.getLastModifiedTime(
                            late.resolve("runs").resolve(run.hash()).resolve(name)));
        }
        assertEquals(List.of("results.csv", "runs", "study.json"), StudyFixtures.parts(late));
    }

    @Test
    void seedsEndWithTheNumbers() {
        java.util.function.UnaryOperator<attractor.train.TrainingConfig.Builder> as = training -> training;
        Studies.Networks last = new Studies.Networks(Long.MAX_VALUE - 1, 2, as);
        Study study = Studies.success(List.of("and"), List.of(attractor.model.Initializers.Recurrent.ORTHOGONAL), last);
        assertEquals(
                List.of(Long.MAX_VALUE - 1, Long.MAX_VALUE),
                study.runs().stream().map(r -> r.training().seed()).toList());
        for (int networks : new int[] {3, Integer.MAX_VALUE, 0, -1}) {
            assertThrows(IllegalArgumentException.class, () -> new Studies.Networks(Long.MAX_VALUE - 1, networks, as));
        }
    }
}
