package attractor.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import attractor.train.RunDirectory.Existing;
import attractor.train.TrainingResult.Outcome;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Trainings in processes of their own that are killed. */
class TrainingKillTest {
    private static final int KILLS = 12;

    @TempDir
    private Path folder;

    /** Waits for so many bytes of the process; false if it ended before. */
    private static boolean await(Process process, int bytes) throws IOException {
        InputStream out = process.getInputStream();
        for (int i = 0; i < bytes; i++) {
            if (out.read() < 0) {
                return false;
            }
        }
        return true;
    }

    private static void kill(Process process) throws InterruptedException {
        process.destroyForcibly();
        assertTrue(process.waitFor(1, TimeUnit.MINUTES), "a killed process ends");
    }

    private static TrainingResult train(Path directory, long seed, Existing existing) throws IOException {
        return new Trainer(TrainingProcess.config(seed), TrainFixtures.ONE_THREAD)
                .train(directory, existing, TrainingListener.NONE, () -> false);
    }

    @Test
    void killedAtRandomMomentsAndResumedItIsTheRunThatWasNeverStopped() throws Exception {
        long testSeed = 20260;
        Random random = new Random(testSeed);
        Path whole = folder.resolve("whole");
        Path killed = folder.resolve("killed");
        TrainingResult expected = train(whole, 1, Existing.REFUSE);
        int leftovers = 0;
        int midEpoch = 0;
        for (int kill = 0; kill < KILLS; kill++) {
            Process process = TrainingProcess.start(killed, 1, Existing.RESUME);
            // The first byte says that it has begun. 12 kills after at most 21 batches are fewer than the 300 of the
            // run.
            int bytes = random.nextInt(22);
            String what = "test seed " + testSeed + ", kill " + kill + " after " + bytes + " bytes";
            assertTrue(await(process, bytes), what + ": the process ended by itself");
            Thread.sleep(0, random.nextInt(1_000_000));
            if (random.nextInt(3) == 0) {
                Thread.sleep(random.nextInt(12));
            }
            kill(process);
            assertFalse(RunDirectory.isFinished(killed), what);
            if (Files.isDirectory(killed)) {
                leftovers += (int) TrainFixtures.names(killed).stream()
                        .filter(n -> n.contains(".tmp-"))
                        .count();
                midEpoch += Files.exists(killed.resolve(RunDirectory.CHECKPOINT)) ? 1 : 0;
            }
        }
        assertTrue(midEpoch >= KILLS / 2, "test seed " + testSeed + ": only " + midEpoch + " kills left a checkpoint");
        Process last = TrainingProcess.start(killed, 1, Existing.RESUME);
        await(last, Integer.MAX_VALUE);
        assertEquals(0, last.waitFor());
        String what = "test seed " + testSeed + ", " + leftovers + " leftovers of killed processes";
        TrainFixtures.assertSameRun(whole, killed, what);
        TrainingResult found = train(killed, 1, Existing.RESUME);
        assertEquals(Outcome.FINISHED_BEFORE, found.outcome());
        assertEquals(TrainFixtures.losses(expected.history()), TrainFixtures.losses(found.history()), what);
        assertEquals(expected.scores(), found.scores(), what);
        TrainFixtures.assertSameRun(whole, killed, what);
    }

    /** A user's loss and optimiser, whose state goes through files. */
    @Test
    void killedWithALossAndAnOptimiserOfOnesOwn() throws Exception {
        Path whole = folder.resolve("whole");
        Path killed = folder.resolve("killed");
        train(whole, TrainingProcess.OWN, Existing.REFUSE);
        // After 2 and 1 batches of 3 in an epoch, and at its end.
        for (int bytes : new int[] {1 + 5, 1 + 7, 1 + 9}) {
            Process process = TrainingProcess.start(killed, TrainingProcess.OWN, Existing.RESUME);
            assertTrue(await(process, bytes), "the process ended by itself");
            kill(process);
            assertTrue(Files.exists(killed.resolve(RunDirectory.CHECKPOINT)), bytes + " bytes");
        }
        assertFalse(RunDirectory.isFinished(killed));
        train(killed, TrainingProcess.OWN, Existing.RESUME);
        TrainFixtures.assertSameRun(whole, killed, "own");
    }

    @Test
    void killedWhileItOverwritesItIsStillResumed() throws Exception {
        long testSeed = 77;
        Random random = new Random(testSeed);
        Path whole = folder.resolve("whole");
        Path directory = folder.resolve("overwritten");
        train(whole, 2, Existing.REFUSE);
        train(directory, 1, Existing.REFUSE);
        Process process = TrainingProcess.start(directory, 2, Existing.OVERWRITE);
        int bytes = 1 + random.nextInt(30);
        assertTrue(await(process, bytes), "test seed " + testSeed);
        kill(process);
        train(directory, 2, Existing.RESUME);
        TrainFixtures.assertSameRun(whole, directory, "test seed " + testSeed + ", killed after " + bytes + " bytes");
    }

    @Test
    void twoProcessesCannotUseOneDirectory() throws Exception {
        Path directory = folder.resolve("run");
        Process first = TrainingProcess.start(directory, 1, Existing.RESUME, "hold");
        try {
            assertTrue(await(first, 2));
            for (Existing existing : new Existing[] {Existing.RESUME, Existing.OVERWRITE, Existing.REFUSE}) {
                String message = assertThrows(IOException.class, () -> train(directory, 1, existing))
                        .getMessage();
                assertEquals(
                        directory
                                + " is in use by another process, expected a run directory that no other training uses",
                        message.replaceFirst(" \\(" + first.pid() + " on [^)]+\\)", ""));
            }
            first.getOutputStream().close();
            await(first, Integer.MAX_VALUE);
            assertEquals(0, first.waitFor(), "the first process is not disturbed");
        } finally {
            kill(first);
        }
        assertEquals(
                Outcome.FINISHED_BEFORE, train(directory, 1, Existing.RESUME).outcome());
    }

    /** Two processes take a directory from each other again and again, as machines do that are cut off from the file server. */
    @Test
    void processesThatTakeEachOtherForEndedDoNoHarm() throws Exception {
        Path whole = folder.resolve("whole");
        train(whole, 1, Existing.REFUSE);
        Path shared = folder.resolve("shared");
        int lost = 0;
        for (int k = 0; k < 6; k++) {
            Process first = TrainingProcess.start(shared, 1, Existing.RESUME);
            assertTrue(await(first, 4), "the process ended by itself");
            try (Stream<Path> claims = Files.list(shared.resolve(".claim"))) {
                Path claim = claims.findFirst().orElseThrow();
                Files.move(claim, claim.resolveSibling("free-0"));
            }
            Process second = TrainingProcess.start(shared, 1, Existing.RESUME);
            await(first, Integer.MAX_VALUE);
            lost += first.waitFor() == TrainingProcess.LOST ? 1 : 0;
            assertTrue(await(second, 2));
            kill(second);
        }
        assertEquals(6, lost);
        train(shared, 1, Existing.RESUME);
        TrainFixtures.assertSameRun(whole, shared, "taken over");
    }
}
