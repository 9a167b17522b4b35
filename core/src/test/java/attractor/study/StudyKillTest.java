package attractor.study;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import attractor.io.Json;
import attractor.study.StudyRunner.Outcome;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
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
        assertEquals(new Outcome(STUDY.runs().size(), 0, 0, 0), StudyFixtures.run(STUDY, shared, none));
        assertEquals(0, none.runs);
    }
}
