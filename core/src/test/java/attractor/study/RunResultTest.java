package attractor.study;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import attractor.io.FormatException;
import attractor.io.Json;
import attractor.io.JsonObject;
import attractor.kernel.Kernels;
import attractor.model.NetworkFile;
import attractor.study.StudyFolder.Status;
import attractor.train.ExecutionSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunResultTest {
    private static final ExecutionSettings SETTINGS = new ExecutionSettings(1, Kernels.get(), 1 << 26, 1 << 26);
    private static final Study STUDY = StudyFixtures.study(3);

    @TempDir
    private Path folder;

    private static RunResult perform(StudyRun run) {
        return run.perform(SETTINGS, StudyListener.NONE, () -> false);
    }

    /** As another process would get it. */
    private static RunResult sent(RunResult result) throws FormatException {
        return RunResult.fromJson(Json.parseObject(Json.compact(result.toJson()), "sent"));
    }

    @Test
    void runsThatWereSentAroundAreTheStudyOfOneProcess() throws Exception {
        Path expected = folder.resolve("expected");
        StudyFixtures.run(STUDY, expected, StudyListener.NONE);
        Path found = folder.resolve("found");
        StudyFolder study = StudyFolder.create(found, STUDY);
        for (StudyRun run :
                List.of(STUDY.runs().get(2), STUDY.runs().get(0), STUDY.runs().get(1))) {
            StudyRun read = StudyRun.fromJson(Json.parseObject(Json.compact(run.toJson()), "run"));
            assertEquals(run, read);
            RunResult result = sent(perform(read));
            assertEquals(Status.DONE, result.status());
            assertTrue(result.seconds() > 0);
            assertTrue(study.add(result));
            assertFalse(study.add(result), "it is there");
        }
        study.writeTables();
        StudyFixtures.assertSameStudy(expected, found, "sent around");
        assertEquals(List.of(), notListed(found));
        // What the folder has is the same value again, without the files.
        StudyRun run = STUDY.runs().get(1);
        RunResult kept = RunResult.fromJson(Json.read(study.run(run.hash()).resolve("result.json")));
        assertEquals(perform(run).tables(), kept.tables());
        assertTrue(kept.files().isEmpty());
    }

    private static List<String> notListed(Path study) throws Exception {
        return StudyFixtures.names(study).stream()
                .filter(name -> name.equals("work") || name.startsWith(".claim"))
                .toList();
    }

    @Test
    void rowsAreThoseOfTheTables() throws Exception {
        Path directory = folder.resolve("study");
        StudyFixtures.run(STUDY, directory, StudyListener.NONE);
        ResultTable table = ResultTable.read(directory.resolve("results.csv"));
        int at = 0;
        for (StudyRun run : STUDY.runs()) {
            for (Map<String, Object> row : sent(perform(run)).rows(MeasuredRows.RESULTS)) {
                ResultTable.Row expected = table.rows().get(at++);
                for (Map.Entry<String, Object> cell : row.entrySet()) {
                    String text = cell.getValue() instanceof Double number
                            ? Json.number(number)
                            : cell.getValue() == null ? "" : cell.getValue().toString();
                    assertEquals(expected.text(cell.getKey()), text, cell.getKey());
                }
            }
        }
        assertEquals(table.rows().size(), at);
        assertEquals(List.of(), perform(STUDY.runs().get(0)).rows("no such table"));
    }

    /** Stopped again and again, each time in another place. */
    @Test
    void aRunThatIsStoppedGoesOnElsewhere() throws Exception {
        StudyRun run = STUDY.runs().get(1);
        RunResult whole = perform(run);
        RunResult part = null;
        int parts = 0;
        while (part == null || part.status() == Status.WAITING) {
            AtomicInteger batches = new AtomicInteger();
            StudyFixtures.Recorder recorder = new StudyFixtures.Recorder();
            part = part == null
                    ? run.perform(SETTINGS, recorder, () -> batches.getAndIncrement() == 3)
                    : sent(part)
                            .run()
                            .perform(
                                    SETTINGS,
                                    recorder,
                                    () -> batches.getAndIncrement() == 3,
                                    part.checkpoint().orElseThrow());
            assertEquals(part.status() == Status.WAITING ? 0 : 1, recorder.ended.size());
            parts++;
        }
        assertTrue(parts > 2, parts + " parts");
        assertEquals(whole.tables(), part.tables());
        assertEquals(whole.files().keySet(), part.files().keySet());
        for (String name : List.of("initial.npz", "best.npz", "final.npz")) {
            assertArrayEquals(whole.files().get(name), part.files().get(name), name);
            assertNotNull(NetworkFile.read(part.files().get(name), name).rnn());
        }
        assertTrue(part.checkpoint().isEmpty(), "a finished run needs none");
        // Or it goes on in a folder.
        Path expected = folder.resolve("expected");
        StudyFixtures.run(STUDY, expected, StudyListener.NONE);
        Path directory = folder.resolve("study");
        AtomicInteger batches = new AtomicInteger();
        RunResult stopped = run.perform(SETTINGS, StudyListener.NONE, () -> batches.getAndIncrement() == 7);
        StudyFolder study = StudyFolder.create(directory, STUDY);
        assertTrue(study.add(sent(stopped)));
        assertEquals(Status.WAITING, study.status(run.hash()));
        StudyFixtures.Recorder recorder = new StudyFixtures.Recorder();
        StudyFixtures.run(STUDY, directory, recorder);
        assertTrue(recorder.spared > 0, "it goes on where it was");
        StudyFixtures.assertSameStudy(expected, directory, "went on");
    }

    /** A measurement that cannot. */
    private record Failing() implements Measurement {
        @Override
        public Map<String, Object> toJson() {
            return Map.of("kind", "failing");
        }

        @Override
        public void measure(TrainedNetwork network, Kernels kernels, MeasuredRows tables) {
            throw new IllegalStateException("no good");
        }
    }

    @Test
    void failureAndDivergenceAreResults() throws Exception {
        StudyRun bad = StudyFixtures.diverging(7);
        RunResult diverged = sent(perform(bad));
        assertEquals(Status.DIVERGED, diverged.status());
        assertTrue(diverged.reason().contains("epoch 1"), diverged.reason());
        assertEquals(4, diverged.rows(MeasuredRows.RESULTS).size());
        StudyRun failing = new StudyRun(StudyFixtures.tiny(0).build(), new Failing());
        RunResult failed = perform(failing);
        assertEquals(Status.FAILED, failed.status());
        assertEquals("no good", failed.reason());
        assertTrue(failed.files().isEmpty());
        StudyFolder study = StudyFolder.create(folder.resolve("study"), StudyFixtures.study(List.of(bad, failing)));
        assertTrue(study.add(failed));
        assertTrue(study.add(diverged));
        assertEquals(Status.FAILED, study.status(failing.hash()));
        assertEquals(Status.DIVERGED, study.status(bad.hash()));
        RunResult other = perform(STUDY.runs().get(0));
        assertTrue(assertThrows(IllegalArgumentException.class, () -> study.add(other))
                .getMessage()
                .contains("has no run " + other.run().hash() + ", expected a run of its study"));
        // What only this process knows cannot be read elsewhere.
        String message = assertThrows(FormatException.class, () -> sent(failed)).getMessage();
        assertTrue(
                message.startsWith(
                        "sent: measurement.kind is the string 'failing', expected one of evaluation, damage"),
                message);
    }

    @Test
    void everyMeasurementIsReadFromItsDescription() throws Exception {
        for (Measurement measurement : List.of(
                new Evaluations(9, Map.of("other", Map.of("baseline", 0.1), "trained", Map.of())),
                new Activity(),
                new Hold(501.5, 9),
                new GridCell(Map.of("units", "5"), 9),
                new Shift(List.of(10.0, 20.0), 8, true),
                new Damage(List.of(0.1, 0.2), 2, 9, 11))) {
            JsonObject json = Json.parseObject(Json.compact(measurement.toJson()), "text");
            assertEquals(measurement, Measurement.fromJson(json));
            Map<String, Object> more = new LinkedHashMap<>(json.asMap());
            more.put("colour", "red");
            assertThrows(FormatException.class, () -> Measurement.fromJson(new JsonObject(more, "text")));
        }
        String[][] wrong = {
            {"{}", "text: has no kind"},
            {"{\"kind\": \"hold\", \"lengthMs\": 0, \"trials\": 1}", "text: hold for 0.0 ms"},
            {"{\"kind\": \"hold\", \"lengthMs\": 10}", "text: has no trials"},
            {"{\"kind\": \"hold\", \"lengthMs\": \"long\", \"trials\": 1}", "lengthMs is the string 'long'"},
        };
        for (String[] text : wrong) {
            String message = assertThrows(
                            FormatException.class, () -> Measurement.fromJson(Json.parseObject(text[0], "text")))
                    .getMessage();
            assertTrue(message.startsWith("text: ") && message.contains(text[1]), message);
        }
    }

    @Test
    void damagedResults() throws Exception {
        String good = Json.compact(perform(STUDY.runs().get(0)).toJson());
        String hash = STUDY.runs().get(0).hash();
        String[][] damages = {
            {hash, "x" + hash.substring(1)},
            {"\"done\"", "\"running\""},
            {"\"tables\"", "\"chairs\""},
            {"\"final.npz\"", "\"../final.npz\""},
            {"\"final.npz\":\"", "\"final.npz\":\"!"},
            {"study-run/1", "study-run/2"},
            {"\"units\":5", "\"units\":-5"},
        };
        for (String[] damage : damages) {
            assertTrue(good.contains(damage[0]), damage[0]);
            String message = assertThrows(
                            FormatException.class,
                            () -> RunResult.fromJson(Json.parseObject(good.replace(damage[0], damage[1]), "file")))
                    .getMessage();
            assertTrue(message.startsWith("file: ") && message.lines().count() == 1, message);
        }
    }

    @Test
    void aShareOfTheMachine() {
        ExecutionSettings all = new ExecutionSettings(7, Kernels.get(), 1000, 501);
        assertEquals(new ExecutionSettings(3, Kernels.get(), 500, 250), all.share(2));
        assertEquals(new ExecutionSettings(1, Kernels.get(), 111, 55), all.share(9));
        assertEquals(all, all.share(1));
        assertThrows(IllegalArgumentException.class, () -> all.share(0));
    }

    /** A checkpoint of another training, or none at all. */
    @Test
    void aCheckpointThatDoesNotBelongHere() throws Exception {
        AtomicInteger batches = new AtomicInteger();
        RunResult stopped =
                STUDY.runs().get(0).perform(SETTINGS, StudyListener.NONE, () -> batches.getAndIncrement() == 7);
        byte[] checkpoint = stopped.checkpoint().orElseThrow();
        for (byte[] wrong : new byte[][] {checkpoint, new byte[10]}) {
            RunResult result = STUDY.runs().get(1).perform(SETTINGS, StudyListener.NONE, () -> false, wrong);
            assertEquals(Status.FAILED, result.status());
            assertTrue(result.reason().startsWith("checkpoint.npz"), result.reason());
        }
        assertFalse(Files.exists(folder.resolve("checkpoint.npz")));
    }
}
