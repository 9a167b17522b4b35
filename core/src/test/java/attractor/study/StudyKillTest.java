package attractor.study;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import attractor.io.FalseLocks;
import attractor.io.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Studies in processes of their own: killed, and several at once. */
class StudyKillTest {
    private static final Study STUDY = StudyFixtures.study(StudyProcess.RUNS);

    @TempDir
    private Path folder;

    private Path whole;

    @BeforeEach
    void withoutProcesses() throws Exception {
        whole = folder.resolve("whole");
        StudyFixtures.run(STUDY, whole, StudyListener.NONE);
    }

    private static BufferedReader output(Process process) {
        return new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    /** Hashes of the runs that a process says to have ended well. */
    private static List<String> done(Process process) throws IOException {
        return output(process)
                .lines()
                .filter(line -> line.startsWith("DONE "))
                .map(line -> line.substring(5))
                .toList();
    }

    @Test
    void killedAndBegunAgainItIsTheStudyThatWasNeverStopped() throws Exception {
        long testSeed = 4;
        Random random = new Random(testSeed);
        Path killed = folder.resolve("killed");
        List<String> done = new ArrayList<>();
        for (int kill = 0; kill < 3; kill++) {
            Process process = StudyProcess.start(killed);
            BufferedReader out = output(process);
            int lines = 2 + random.nextInt(20); // of about 100
            // Once only after a run is done, so that there is one to be kept.
            for (int k = 0; k < lines || (kill == 1 && done.isEmpty()); k++) {
                String line = out.readLine();
                assertTrue(line != null, "test seed " + testSeed + ", kill " + kill + ": the process ended by itself");
                if (line.startsWith("DONE ")) {
                    done.add(line.substring(5));
                }
            }
            process.destroyForcibly();
            assertTrue(process.waitFor(1, TimeUnit.MINUTES), "a killed process ends");
            for (String hash : done) {
                assertTrue(Files.exists(killed.resolve("runs").resolve(hash)), "what is told as done is kept: " + hash);
            }
        }
        String what = "test seed " + testSeed;
        assertFalse(done.isEmpty(), what + ": no run was done before a kill");
        assertTrue(done.size() < STUDY.runs().size(), what + ": all runs were done before the last kill");
        Process last = StudyProcess.start(killed);
        List<String> after = done(last);
        assertEquals(0, last.waitFor(), what);
        assertFalse(after.stream().anyMatch(done::contains), what + ": a finished run was repeated");
        StudyFixtures.assertSameStudy(whole, killed, what);
        assertFalse(Files.exists(killed.resolve("work")), what);
    }

    @Test
    void twoProcessesShareTheRuns() throws Exception {
        Path shared = folder.resolve("shared");
        List<Process> processes = List.of(StudyProcess.start(shared), StudyProcess.start(shared));
        List<String> done = new ArrayList<>();
        for (Process process : processes) {
            done.addAll(done(process));
            assertEquals(0, process.waitFor());
        }
        assertEquals(
                StudyFixtures.hashes(STUDY).stream().sorted().toList(),
                done.stream().sorted().toList());
        StudyFixtures.assertSameStudy(whole, shared, "shared");
        for (String hash : done) {
            int sessions = Json.read(shared.resolve("runs").resolve(hash).resolve("run.json"))
                    .getList("sessions")
                    .size();
            assertEquals(1, sessions, "one process did all of the run " + hash);
        }
        StudyFixtures.Recorder none = new StudyFixtures.Recorder();
        assertEquals(
                List.of(STUDY.runs().size(), 0, 0, 0), StudyFixtures.counts(StudyFixtures.run(STUDY, shared, none)));
        assertEquals(0, none.runs);
    }

    /** File systems without locks between machines, which grant or refuse all: four processes still do each run once. */
    @Test
    void locksThatLieChangeNothing() throws Exception {
        for (String answer : FalseLocks.ANSWERS) {
            Map<String, String> environment = FalseLocks.environment(folder, answer);
            Path shared = folder.resolve("shared-" + answer);
            List<Process> processes = new ArrayList<>();
            for (int k = 0; k < 4; k++) {
                processes.add(StudyProcess.start(shared, environment));
            }
            List<String> done = new ArrayList<>();
            for (Process process : processes) {
                done.addAll(done(process));
                assertEquals(0, process.waitFor(), answer);
            }
            assertEquals(
                    StudyFixtures.hashes(STUDY).stream().sorted().toList(),
                    done.stream().sorted().toList(),
                    answer);
            StudyFixtures.assertSameStudy(whole, shared, answer);
            assertEquals(List.of("results.csv", "runs", "study.json"), StudyFixtures.parts(shared), answer);
        }
    }

    /**
     * The worst that can happen: each process takes those at work for ended again and again, as where a machine is cut off from the
     * file server for minutes. Work is lost, but no file is wrong.
     */
    @Test
    void processesThatTakeEachOtherForEndedDoNoHarm() throws Exception {
        Path shared = folder.resolve("shared");
        List<Process> processes = new ArrayList<>();
        for (int k = 0; k < 4; k++) {
            processes.add(StudyProcess.start(shared));
        }
        AtomicBoolean over = new AtomicBoolean();
        AtomicInteger stolen = new AtomicInteger();
        Thread thief = new Thread(() -> {
            while (!over.get()) {
                try (Stream<Path> files = Files.walk(shared.resolve("work"), 3)) {
                    for (Path claim :
                            files.filter(f -> f.getParent().endsWith(".claim")).toList()) {
                        Files.move(claim, claim.resolveSibling("free-" + stolen.get()));
                        stolen.incrementAndGet();
                    }
                    Thread.sleep(20);
                } catch (IOException | UncheckedIOException notThereAnyMore) {
                    // It is the same in the next round.
                } catch (InterruptedException e) {
                    return;
                }
            }
        });
        thief.start();
        for (Process process : processes) {
            done(process);
        }
        over.set(true);
        thief.join();
        for (Process process : processes) {
            assertEquals(0, process.waitFor());
        }
        assertTrue(stolen.get() > 0);
        StudyFixtures.run(STUDY, shared, StudyListener.NONE); // what all had left to others
        StudyFixtures.assertSameStudy(whole, shared, stolen + " times stolen");
        assertEquals(List.of("results.csv", "runs", "study.json"), StudyFixtures.parts(shared));
    }
}
