package attractor.study;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import attractor.io.Claim;
import attractor.io.FormatException;
import attractor.study.StudyFolder.Status;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

class StudyFolderTest {
    private static final Study STUDY = StudyFixtures.study(5);

    @TempDir
    private Path folder;

    private static String message(Executable executable) {
        String message = assertThrows(IOException.class, executable).getMessage();
        assertEquals(1, message.lines().count(), message);
        return message;
    }

    /** Puts a finished run there as a runner does, without training. */
    private static void finish(StudyFolder study, StudyRun run, Status status, String reason) throws IOException {
        MeasuredRows tables = new MeasuredRows();
        tables.row(MeasuredRows.RESULTS).with("type", "00").with("rmse", 0.5);
        Map<String, Object> summary = new LinkedHashMap<>();
        summary.put("seconds", 1.5);
        assertTrue(study.add(RunResult.finished(run, status, reason, summary, tables.asMap())));
    }

    @Test
    void theStatusOfARun() throws Exception {
        StudyFolder study = StudyFolder.create(folder.resolve("study"), STUDY);
        List<String> hashes = StudyFixtures.hashes(STUDY);
        finish(study, STUDY.runs().get(0), Status.DONE, null);
        finish(study, STUDY.runs().get(1), Status.DIVERGED, "loss is NaN");
        study.recordFailure(STUDY.runs().get(2), "out of luck");
        Path work = Files.createDirectories(study.work(hashes.get(3)));
        Files.createDirectories(study.work(hashes.get(4)).resolve("run")); // interrupted
        List<Status> expected = List.of(Status.DONE, Status.DIVERGED, Status.FAILED, Status.RUNNING, Status.WAITING);
        Claim lock = Claim.take(work);
        try {
            for (int k = 0; k < expected.size(); k++) {
                assertEquals(expected.get(k), study.status(hashes.get(k)));
            }
        } finally {
            lock.close();
        }
        assertEquals(Status.WAITING, study.status(hashes.get(3)));
        assertEquals(List.of(), StudyFixtures.names(work), "a question leaves no trace");
        assertNull(study.reason(hashes.get(0)));
        assertEquals("loss is NaN", study.reason(hashes.get(1)));
        assertEquals("out of luck", study.reason(hashes.get(2)));
        assertNull(study.reason(hashes.get(4)));
        assertEquals(1.5, study.seconds(hashes.get(0)));
        // While a failed run is tried again it runs.
        Claim again = Claim.take(Files.createDirectories(study.work(hashes.get(2))));
        try {
            assertEquals(Status.RUNNING, study.status(hashes.get(2)));
        } finally {
            again.close();
        }
        study.forgetFailure(hashes.get(2));
        assertEquals(Status.WAITING, study.status(hashes.get(2)));
        study.forgetFailure(hashes.get(2));
    }

    @Test
    void aFolderRemembersItsStudy() throws Exception {
        Path directory = folder.resolve("made/here");
        assertFalse(StudyFolder.isStudy(directory));
        StudyFolder.create(directory, STUDY);
        assertTrue(StudyFolder.isStudy(directory));
        StudyFolder study = StudyFolder.open(directory);
        assertEquals("success", study.name());
        assertEquals(Map.of("networks", 5L), study.settings().asMap());
        assertEquals(
                StudyFixtures.hashes(STUDY),
                study.entries().stream().map(StudyFolder.Entry::hash).toList());
        assertEquals(STUDY.runs().get(1), study.entries().get(1).run());
        // 6e-9 samples epochs steps N (N + 10)
        assertEquals(6e-9 * 40 * 2 * 20 * 5 * 15, study.entries().get(0).cost(), 1e-15);
        assertEquals(List.of("study.json"), StudyFixtures.parts(directory));
        study.writeTables();
        assertEquals("\n", StudyFixtures.text(directory.resolve("results.csv")));
    }

    @Test
    void aFolderInPlaceOfATableIsNamed() throws IOException {
        Path directory = folder.resolve("study");
        StudyFolder.create(directory, STUDY);
        Path table = Files.createDirectory(directory.resolve("results.csv"));
        IOException e = assertThrows(
                IOException.class, () -> StudyFolder.open(directory).writeTables());
        assertEquals("cannot write " + table + ": it is a folder, expected a file", e.getMessage());
    }

    @Test
    void manyIndexFilesBecomeOneWhenTheTablesAreWritten() throws Exception {
        Path directory = folder.resolve("study");
        StudyFolder.create(directory, STUDY);
        for (StudyRun run : STUDY.runs()) {
            finish(StudyFolder.open(directory), run, Status.DONE, null);
        }
        StudyState before = StudyFolder.open(directory).state();
        Path index = directory.resolve("index");
        // As left behind by many processes; the last one is cut short.
        for (int k = 0; k < 40; k++) {
            FinishedRuns other = new FinishedRuns(index);
            String hash = STUDY.runs().get(k % 5).hash();
            other.add(Map.of(hash, new FinishedRuns.Line(Status.DONE, before.seconds(hash), "", "")));
        }
        Files.writeString(index.resolve("cut.csv"), "run,outcome,seconds,training,version\n0123456789abcdef,do");
        StudyFolder.open(directory).writeTables();
        assertEquals(
                1,
                StudyFixtures.names(index).stream()
                        .filter(name -> name.endsWith(".csv"))
                        .count());
        StudyState after = StudyFolder.open(directory).state();
        assertEquals(5, after.finished());
        for (StudyRun run : STUDY.runs()) {
            assertEquals(before.seconds(run.hash()), after.seconds(run.hash()));
        }
        assertEquals(5, new FinishedRuns(index).read().size(), "each run has a line in the one file");
    }

    @Test
    void linesThatOthersWroteInTheListAreRead() throws Exception {
        Path directory = folder.resolve("study");
        StudyFolder.create(directory, STUDY);
        Path list = directory.resolve(StudyFolder.open(directory).listName());
        List<String> lines = Files.readAllLines(list);
        assertEquals("{\"run\":\"" + STUDY.runs().get(1).hash() + "\",\"like\":1,\"seed\":1}", lines.get(1));
        String hash = STUDY.runs().get(2).hash();
        for (String line : List.of(
                "{\"run\":\"" + hash + "\",\"like\":1,\"seed\":2}",
                "{\"run\": \"" + hash + "\", \"like\": 1, \"seed\": 2}",
                "{\"seed\":2,\"like\":1,\"run\":\"" + hash + "\"}")) {
            lines.set(2, line);
            Files.write(list, lines);
            assertEquals(
                    STUDY.runs().get(2),
                    StudyFolder.open(directory).entries().get(2).run(),
                    line);
        }
        for (String line : List.of(
                "{\"run\":\"" + hash + "\",\"like\":1,\"seed\":02}",
                "{\"run\":\"" + hash + "\",\"like\":9,\"seed\":2}",
                "{\"run\":\"" + hash + "\",\"like\":1,\"seed\":}",
                "{\"run\":\"" + hash.toUpperCase(Locale.ROOT).replace('0', 'F') + "\",\"like\":1,\"seed\":2}",
                "{\"run\":\"" + hash + "\",\"like\":1,\"seed\":2")) {
            lines.set(2, line);
            Files.write(list, lines);
            String message = message(() -> StudyFolder.open(directory).entries());
            assertTrue(message.contains(list + ", line 3"), message);
        }
    }

    @Test
    void otherFoldersAreRefused() throws Exception {
        Path foreign = Files.createDirectory(folder.resolve("foreign"));
        Files.createFile(foreign.resolve("holiday.jpg"));
        assertEquals(
                foreign + " has holiday.jpg but no study.json, expected a study, or a new or empty folder",
                message(() -> StudyFolder.create(foreign, STUDY)));
        assertEquals(List.of("holiday.jpg"), StudyFixtures.names(foreign));
        assertEquals(
                foreign + " has no study.json, expected the folder of a study",
                message(() -> StudyFolder.open(foreign)));
        Path file = Files.createFile(folder.resolve("file"));
        assertEquals(file + " is a file, expected a study's folder", message(() -> StudyFolder.create(file, STUDY)));
        Path other = folder.resolve("other");
        StudyFolder.create(other, new Study("delay", Map.of(), STUDY.runs()));
        assertEquals(
                other + " holds a study delay, expected a study success, or a new or empty folder",
                message(() -> StudyFolder.create(other, STUDY)));
        assertEquals("delay", StudyFolder.open(other).name());
        // What a killed process left of its study.json doesn't matter.
        Path left = Files.createDirectory(folder.resolve("left"));
        Files.createFile(left.resolve(".study.json.tmp-999999999-0"));
        StudyFolder.create(left, STUDY);
        assertTrue(StudyFolder.isStudy(left));
    }

    @Test
    void damagedDescriptions() throws Exception {
        Path directory = folder.resolve("study");
        StudyFolder.create(directory, STUDY);
        Path file = directory.resolve("study.json");
        String good = StudyFixtures.text(file);
        String again = "; the study's own command writes it again";
        String[][] damages = {
            {good, "", file + " is empty, expected an object as JSON" + again},
            {good, "[]", file + ": "},
            {good, good.substring(0, good.length() / 2), file + ": "},
            {"\"schema\"", "\"scheme\"", file + ": "},
            {"\"runs\": 5", "\"runs\": 0", "runs is 0"},
            {"\"runs\": 5", "\"runs\": \"many\"", "runs is the string 'many', expected an integer"},
            {"\"list\": \"", "\"list\": \"../", "expected at least 1 and a list such as runs-0123456789abcdef.jsonl"},
        };
        for (String[] damage : damages) {
            String bad = damage[0].equals(good)
                    ? damage[1]
                    : good.replaceFirst(java.util.regex.Pattern.quote(damage[0]), damage[1]);
            assertFalse(bad.equals(good), damage[0]);
            Files.writeString(file, bad);
            String found = message(() -> StudyFolder.open(directory));
            assertTrue(found.contains(damage[2]), found);
            assertTrue(found.startsWith(file.toString()), found);
            assertTrue(found.endsWith(again), found);
            StudyFolder.create(directory, STUDY);
            assertEquals(good, StudyFixtures.text(file), "the study's command knows what was there");
        }
        Files.writeString(file, good.replace("attractor/study/2", "attractor/study/3"));
        for (String found : List.of(
                message(() -> StudyFolder.open(directory)), message(() -> StudyFolder.create(directory, STUDY)))) {
            assertEquals(
                    file + " has the schema attractor/study/3, expected attractor/study/2; another version of Attractor"
                            + " wrote it, and can go on with it",
                    found);
        }
        Files.delete(file);
        assertEquals(directory + " has no study.json" + again, message(() -> StudyFolder.open(directory)));
        StudyFolder.create(directory, STUDY);
        assertEquals(good, StudyFixtures.text(file));
        Files.delete(file);
        Files.createDirectory(file);
        for (String found : List.of(
                message(() -> StudyFolder.open(directory)), message(() -> StudyFolder.create(directory, STUDY)))) {
            assertEquals(file + " is a folder, expected a file; move it away" + again, found);
        }
    }

    /** Another study's command isn't taken for the one that mends {@code study.json}. */
    @Test
    void aDamagedDescriptionIsNotMendedByAnotherStudy() throws Exception {
        Path directory = folder.resolve("study");
        StudyFolder study = StudyFolder.create(directory, STUDY);
        finish(study, STUDY.runs().get(3), Status.DONE, null);
        Path file = directory.resolve("study.json");
        String good = StudyFixtures.text(file);
        Files.writeString(file, "");
        Study other = StudyFixtures.study(List.of(StudyFixtures.diverging(99)));
        String found = message(() -> StudyFolder.create(directory, other));
        assertTrue(found.startsWith(directory + " has no whole study.json, but the run "), found);
        Files.delete(StudyFixtures.list(directory));
        found = message(() -> StudyFolder.create(directory, other));
        assertTrue(found.contains("but the run " + STUDY.runs().get(3).hash() + ","), found);
        assertEquals(1, StudyFolder.create(directory, STUDY).state().finished(), "without the list the runs show it");
        assertEquals(good, StudyFixtures.text(file));
    }

    /** A line of the list that is broken is named; the study's command writes the list again, and nothing is lost. */
    @Test
    void aBrokenLineInTheListOfRuns() throws Exception {
        Path directory = folder.resolve("study");
        StudyFolder study = StudyFolder.create(directory, STUDY);
        finish(study, STUDY.runs().get(3), Status.DONE, null);
        Path file = StudyFixtures.list(directory);
        String good = StudyFixtures.text(file);
        String hash = STUDY.runs().get(0).hash();
        String[] lines = good.split("\n");
        String[][] damages = {
            {lines[2], "", file + ", line 3, column 1: found the end"},
            {lines[2], lines[2].substring(0, 30), file + ", line 3, column 31: found the end"},
            {
                lines[2],
                lines[2].replace("\"like\":1", "\"like\":2"),
                file + ", line 3: like is 2, expected an earlier line"
            },
            {lines[2], lines[2].replace("\"seed\":2", "\"seed\":\"two\""), file + ", line 3: seed is the string 'two'"},
            {lines[2], lines[2].replace("\"seed\"", "\"sead\""), file + ", line 3: "},
            {lines[4] + "\n", "", file + " has 4 lines, expected 5, one for each run"},
            {good, "", file + " has 0 lines, expected 5"},
            {"\"" + hash + "\"", "\"../../x\"", file + ", line 1 names a run '../../x', expected 16 hexadecimal digits"
            },
            {"\"units\":5", "\"units\":0", file + ", line 1: units is 0, expected at least 1"},
            {"\"units\":5", "\"unitz\":5", file + ", line 1: "},
            {"\"cost\"", "\"kost\"", file + ", line 1: has no cost"},
        };
        for (String[] damage : damages) {
            String bad = good.replace(damage[0], damage[1]);
            assertFalse(bad.equals(good), damage[0]);
            Files.writeString(file, bad);
            String found = message(() -> StudyFolder.open(directory).state());
            assertTrue(found.startsWith(damage[2]), found);
            assertTrue(found.endsWith("; the study's own command writes it again"), found);
            StudyFolder repaired = StudyFolder.create(directory, STUDY);
            assertEquals(good, StudyFixtures.text(file), "the study is known, so the list is too");
            assertEquals(1, repaired.state().count(Status.DONE));
        }
        Files.delete(file);
        assertEquals(
                file + ": no such file; the study's own command writes it again",
                message(() -> StudyFolder.open(directory).state()));
        Files.createDirectory(file);
        assertEquals(
                file + " is a folder, expected a file; move it away; the study's own command writes it again",
                message(() -> StudyFolder.open(directory).state()));
        Files.delete(file);
        StudyFolder.create(directory, STUDY);
        assertEquals(good, StudyFixtures.text(file));
        // Another seed is another run: never trained under this name.
        Files.writeString(file, good.replace("\"seed\":2", "\"seed\":9"));
        StudyFolder.Entry wrong = StudyFolder.open(directory).entries().get(2);
        assertTrue(message(wrong::run).contains("the run " + wrong.hash() + " has the hash "));
    }

    @Test
    void damagedResults() throws Exception {
        StudyFolder study = StudyFolder.create(folder.resolve("study"), STUDY);
        StudyRun run = STUDY.runs().get(0);
        finish(study, run, Status.DONE, null);
        Path file = study.run(run.hash()).resolve("result.json");
        String good = StudyFixtures.text(file);
        String[][] damages = {
            {good, ""},
            {good, good.substring(0, good.length() / 2)},
            {"\"done\"", "\"unheard-of\""},
            {"\"done\"", "\"waiting\""},
            {"attractor/study-run/1", "lattice/study-run/1"},
            {"\"outcome\"", "\"income\""},
            {"\"seconds\": 1.5", "\"seconds\": \"long\""},
            {"\"tables\"", "\"stools\""},
            {"\"run\": \"" + run.hash(), "\"run\": \"0123456789abcdef"},
        };
        StudyFixtures.removeIndex(study.directory());
        for (String[] damage : damages) {
            String bad = good.replace(damage[0], damage[1]);
            assertFalse(bad.equals(good), damage[0]);
            Files.writeString(file, bad);
            assertEquals(Status.WAITING, study.status(run.hash()), bad);
            StudyState state = study.state();
            assertEquals(Set.of(run.hash()), state.broken().keySet());
            String found = state.broken().get(run.hash());
            assertTrue(found.startsWith(file.toString()), found);
            assertTrue(found.endsWith("; the study's own command does this run again"), found);
            assertEquals(
                    found,
                    assertThrows(FormatException.class, () -> study.reason(run.hash()))
                            .getMessage());
            study.writeTables();
            assertEquals("\n", StudyFixtures.text(study.directory().resolve("results.csv")), "it isn't among them");
        }
        Files.writeString(file, good.replace("attractor/study-run/1", "attractor/study-run/9"));
        String found = message(() -> study.status(run.hash()));
        assertEquals(
                file
                        + " has the schema attractor/study-run/9, expected attractor/study-run/1; another version of Attractor"
                        + " wrote it, and can go on with it",
                found);
        assertEquals(found, message(() -> StudyFixtures.run(STUDY, study.directory(), StudyListener.NONE)));
    }

    /** The study's own command does the run again, from its training if that is whole; all else stays what it was. */
    @Test
    void aRunWithABrokenResultIsDoneAgain() throws Exception {
        Study two = StudyFixtures.study(2);
        Path directory = folder.resolve("study");
        StudyFixtures.run(two, directory, StudyListener.NONE);
        Path whole = folder.resolve("whole");
        StudyFixtures.run(two, whole, StudyListener.NONE);
        StudyFolder study = StudyFolder.open(directory);
        Path run = study.run(two.runs().get(1).hash());
        Path result = run.resolve("result.json");
        for (String damage : List.of("empty", "folder", "gone", "network")) {
            Files.delete(result);
            switch (damage) {
                case "empty" -> Files.createFile(result);
                case "folder" -> Files.createDirectory(result);
                case "network" -> Files.writeString(run.resolve("final.npz"), "torn");
                default -> assertFalse(Files.exists(result));
            }
            StudyState state = study.state();
            assertEquals(1, state.finished(), damage);
            assertEquals(1, state.count(Status.WAITING), damage);
            assertTrue(study.writeCompleteTables().isEmpty(), damage);
            List<String> told = new ArrayList<>();
            StudyListener listener = new StudyListener() {
                @Override
                public void broken(String found) {
                    told.add(found);
                }
            };
            assertEquals(
                    List.of(2, 0, 0, 0), StudyFixtures.counts(StudyFixtures.run(two, directory, listener)), damage);
            assertEquals(List.copyOf(state.broken().values()), told);
            assertTrue(study.state().isComplete(), damage);
            assertEquals(Map.of(), study.state().broken());
            StudyFixtures.assertSameStudy(whole, directory, damage);
        }
        // What isn't ours is never deleted.
        Files.delete(result);
        Files.createFile(Files.createDirectory(result).resolve("notes"));
        assertEquals(1, StudyFixtures.run(two, directory, StudyListener.NONE).failed());
        assertEquals(
                result
                        + " is a folder that is not empty, expected a file; move it away; the study's own command does this run again",
                study.reason(two.runs().get(1).hash()));
        assertTrue(Files.exists(result.resolve("notes")));
    }

    /** With very many runs the index is relied upon; who reads the results finds what is broken, and it is done again. */
    @Test
    void aBrokenResultThatTheIndexLists() throws Exception {
        Study many = StudyFixtures.study(StudyFolder.MANY + 1);
        StudyFolder study = StudyFolder.create(folder.resolve("study"), many);
        StudyRun first = many.runs().get(0);
        finish(study, first, Status.DONE, null);
        Path runs = study.run(first.hash()).getParent();
        Path result = study.run(first.hash()).resolve("result.json");
        String good = StudyFixtures.text(result);
        Map<String, FinishedRuns.Line> lines = new LinkedHashMap<>();
        for (StudyRun run : many.runs().subList(1, many.runs().size())) {
            Path place = Files.createDirectory(runs.resolve(run.hash()));
            Files.writeString(place.resolve("result.json"), good.replace(first.hash(), run.hash()));
            lines.put(run.hash(), new FinishedRuns.Line(Status.DONE, 1, "", ""));
        }
        study.index().add(lines);
        study.writeTables();
        Files.writeString(result, "");
        assertTrue(study.state().isComplete(), "the index is all that is read");
        assertTrue(study.writeCompleteTables().isEmpty());
        assertEquals(Set.of(first.hash()), study.state().broken().keySet());
        // The index has it again: the command itself finds it when it writes the tables.
        study.index().add(Map.of(first.hash(), new FinishedRuns.Line(Status.DONE, 1, "", "")));
        Files.delete(study.directory().resolve("results.csv"));
        StudyFixtures.Recorder recorder = new StudyFixtures.Recorder();
        StudyRunner.Outcome outcome = StudyFixtures.run(many, study.directory(), recorder);
        assertEquals(many.runs().size(), outcome.done());
        assertTrue(outcome.tables());
        assertEquals(Set.of(first.hash()), recorder.ended.keySet());
        assertTrue(study.state().isComplete());
    }

    /** What did the runs is said by their results, even where the index, made before, says something else. */
    @Test
    void runsOfSeveralVersions() throws Exception {
        StudyFolder study = StudyFolder.create(folder.resolve("study"), STUDY);
        finish(study, STUDY.runs().get(0), Status.DONE, null);
        finish(study, STUDY.runs().get(1), Status.DONE, null);
        study.writeTables();
        String version = study.state().versions().iterator().next();
        Path file = study.run(STUDY.runs().get(0).hash()).resolve("result.json");
        Files.writeString(file, StudyFixtures.text(file).replace("\"version\": \"" + version, "\"version\": \"0.0.9"));
        study.writeTables();
        assertEquals(Set.of("0.0.9", version), study.state().versions());
        Files.writeString(file, StudyFixtures.text(file).replace("attractor/study-run/1", "attractor/study-run/2"));
        String found = message(study::writeTables);
        assertTrue(found.startsWith(file + " has the schema attractor/study-run/2, expected "), found);
    }

    /** A process that was killed may have left any part of its last line. */
    @Test
    void aTornIndexIsNotBelieved() throws Exception {
        StudyFolder study = StudyFolder.create(folder.resolve("study"), STUDY);
        String hash = STUDY.runs().get(0).hash();
        Path index = Files.createDirectories(study.directory().resolve("index"));
        Path file = index.resolve("torn.csv");
        Files.writeString(file, "run,outcome,seconds,training,version\n" + hash + ",done,1.5,,0.");
        assertEquals(Map.of(), study.index().read());
        Files.createDirectory(index.resolve("folder.csv"));
        Files.createFile(index.resolve("empty.csv"));
        Files.writeString(file, "run,outcome,seconds,training,version\n" + hash + ",done,1.5,,0.1\n");
        assertEquals(
                Map.of(hash, new FinishedRuns.Line(Status.DONE, 1.5, "", "0.1")),
                study.index().read());
        assertEquals(0, study.state().finished(), "the folder of runs decides");
        Path other = folder.resolve("other");
        StudyFolder.create(other, STUDY);
        Files.createFile(other.resolve("index"));
        assertEquals(0, StudyFolder.open(other).state().finished());
        assertEquals(
                other.resolve("index")
                        + " is a file, expected a folder; move it away, and the same command makes it again",
                message(() -> StudyFolder.open(other).writeTables()));
    }

    /** Tasks of a machine that is shared all begin at once. */
    @Test
    void manyCreateTheSameFolder() throws Exception {
        int many = 4;
        ExecutorService pool = Executors.newFixedThreadPool(many);
        try {
            CyclicBarrier start = new CyclicBarrier(many);
            for (int round = 0; round < 15; round++) {
                Path directory = folder.resolve("study-" + round);
                List<Future<StudyFolder>> futures = new ArrayList<>();
                for (int k = 0; k < many; k++) {
                    int late = k;
                    futures.add(pool.submit(() -> {
                        start.await();
                        Thread.sleep(0, late * 300_000);
                        StudyFolder study = StudyFolder.create(directory, STUDY);
                        Files.createDirectories(study.work(STUDY.runs().get(0).hash()));
                        return study;
                    }));
                }
                for (Future<StudyFolder> future : futures) {
                    assertEquals(5, future.get().entries().size());
                }
            }
        } finally {
            pool.shutdown();
        }
    }

    /** Two processes end at the same time: the table that stays has the runs of both. */
    @Test
    void whoeverWritesLastWritesAllRows() throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(2);
        try {
            CyclicBarrier start = new CyclicBarrier(2);
            for (int round = 0; round < 15; round++) {
                StudyFolder study = StudyFolder.create(folder.resolve("study-" + round), STUDY);
                List<Future<?>> futures = new ArrayList<>();
                for (int k = 0; k < 2; k++) {
                    StudyRun own = STUDY.runs().get(k);
                    futures.add(pool.submit(() -> {
                        start.await();
                        finish(study, own, Status.DONE, null);
                        return study.writeTables();
                    }));
                }
                for (Future<?> future : futures) {
                    future.get();
                }
                assertEquals(
                        StudyFixtures.hashes(STUDY).subList(0, 2),
                        StudyFixtures.column(study.directory().resolve("results.csv"), "run"),
                        "round " + round);
            }
        } finally {
            pool.shutdown();
        }
    }

    /** Runs that end, or are given up, while somebody asks for their status. */
    @Test
    void theStatusOfARunThatComesAndGoes() throws Exception {
        StudyFolder study = StudyFolder.create(folder.resolve("study"), STUDY);
        String hash = STUDY.runs().get(0).hash();
        Path work = study.work(hash);
        ExecutorService pool = Executors.newFixedThreadPool(1);
        try {
            Future<?> coming = pool.submit(() -> {
                for (int k = 0; k < 400; k++) {
                    Files.createDirectories(work);
                    try {
                        Files.deleteIfExists(work);
                    } catch (IOException askedAtThisMoment) {
                        // Next time.
                    }
                }
                return null;
            });
            while (!coming.isDone()) {
                Status status = study.status(hash);
                assertEquals(Status.WAITING, status);
            }
            coming.get();
        } finally {
            pool.shutdown();
        }
    }

    /** Two commands with different settings and one folder: the second is refused as long as the first is at work. */
    @Test
    void otherSettingsAreRefusedWhileSomebodyIsAtWork() throws Exception {
        Path directory = folder.resolve("study");
        Study other = StudyFixtures.study(7);
        StudyFolder.Session first = StudyFolder.begin(directory, STUDY, false);
        StudyFolder.Session same = StudyFolder.begin(directory, STUDY, false);
        assertEquals(
                "another process works on " + directory
                        + " with other settings, expected the same ones, another folder, or to wait until it has ended",
                message(() -> StudyFolder.begin(directory, other, false)));
        first.close();
        message(() -> StudyFolder.begin(directory, other, false));
        assertEquals(5, StudyFolder.open(directory).entries().size());
        // One that was killed is none.
        Path dead = Files.createDirectories(directory.resolve(".sessions/0"));
        Files.createDirectories(dead.resolve(".claim/free-0"));
        same.close();
        try (StudyFolder.Session now = StudyFolder.begin(directory, other, false)) {
            assertEquals(7, now.folder().entries().size());
            now.check();
            // This process was taken for ended, and another one has changed the study.
            StudyFolder.create(folder.resolve("other"), STUDY);
            Files.copy(
                    folder.resolve("other/study.json"),
                    directory.resolve("study.json"),
                    java.nio.file.StandardCopyOption.REPLACE_EXISTING);
            assertTrue(message(now::check).contains("has changed while this process worked on it"));
        }
        assertEquals(List.of("study.json"), StudyFixtures.parts(directory));
    }

    /** Growing is natural; to take runs away, or to have others instead, must be said, and loses no finished run. */
    @Test
    void otherSettingsAreRefusedUnlessTheFolderIsToChange() throws Exception {
        Path directory = folder.resolve("study");
        StudyFolder study = StudyFolder.create(directory, STUDY);
        finish(study, STUDY.runs().get(4), Status.DONE, null);
        String before = StudyFixtures.text(directory.resolve("study.json"));
        String where = directory + " holds a study with other settings: ";
        String expected = " was asked for, expected the same settings, more runs of them, or another folder";
        Study fewer = StudyFixtures.study(4);
        assertEquals(
                where + "networks is 5 there, and 4" + expected, message(() -> StudyFolder.create(directory, fewer)));
        Study larger = new Study(
                "success",
                STUDY.settings(),
                STUDY.runs().stream()
                        .map(run ->
                                new StudyRun(run.training().toBuilder().units(6).build(), run.measurement()))
                        .toList());
        StudyDiffersException e =
                assertThrows(StudyDiffersException.class, () -> StudyFolder.create(directory, larger));
        assertEquals("units", e.setting());
        assertEquals(where + "units is 5 there, and 6" + expected, e.getMessage());
        // More networks, and other ones: the number isn't the reason.
        List<StudyRun> more = new ArrayList<>(larger.runs());
        more.add(STUDY.runs().get(0));
        assertEquals(
                where + "units is 5 there, and 6" + expected,
                message(() -> StudyFolder.create(directory, StudyFixtures.study(more))));
        Measurement other = new Evaluations(9, Map.of(Evaluations.TRAINED, Map.of()));
        assertEquals(
                where + "measurement.trials is 8 there, and 9" + expected,
                message(() -> StudyFolder.create(directory, StudyFixtures.study(other, 5))));
        assertEquals(before, StudyFixtures.text(directory.resolve("study.json")), "nothing is changed");

        assertEquals(
                6,
                StudyFolder.create(directory, StudyFixtures.study(6)).entries().size());
        try (StudyFolder.Session session = StudyFolder.begin(directory, larger, true)) {
            assertEquals(
                    StudyFixtures.hashes(larger),
                    session.folder().entries().stream()
                            .map(StudyFolder.Entry::hash)
                            .toList());
            finish(session.folder(), larger.runs().get(0), Status.DONE, null);
        }
        try (StudyFolder.Session session = StudyFolder.begin(directory, STUDY, true)) {
            for (StudyRun run : List.of(STUDY.runs().get(4), larger.runs().get(0))) {
                assertEquals(Status.DONE, session.folder().status(run.hash()), "both are kept");
            }
        }
    }

    /** Both begin at the same moment: one of them is refused, and the folder has the other's study. */
    @Test
    void ofTwoSettingsAtOnceOneIsRefused() throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(2);
        try {
            for (int round = 0; round < 10; round++) {
                Path directory = folder.resolve("study-" + round);
                CyclicBarrier start = new CyclicBarrier(2);
                CyclicBarrier end = new CyclicBarrier(2);
                List<Future<Integer>> futures = new ArrayList<>();
                for (int runs : new int[] {3, 4}) {
                    futures.add(pool.submit(() -> {
                        start.await();
                        try (StudyFolder.Session session =
                                StudyFolder.begin(directory, StudyFixtures.study(runs), false)) {
                            end.await();
                            return session.folder().entries().size() == runs ? runs : -1;
                        } catch (IOException refused) {
                            end.await();
                            return 0;
                        }
                    }));
                }
                int sum = futures.get(0).get() + futures.get(1).get();
                assertEquals(StudyFolder.open(directory).entries().size(), sum, "round " + round);
            }
        } finally {
            pool.shutdown();
        }
    }
}
