package attractor.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import attractor.io.Json;
import attractor.io.JsonObject;
import attractor.io.NpyArray;
import attractor.io.Npz;
import attractor.model.NetworkFile;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CommandsTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"train", "evaluate", "analyze", "figure", "simulate", "tasks", "gradcheck", "doctor"})
    void helpTellsWhatAndHow(String command) {
        Cli help = Cli.run(command, "--help");
        assertEquals(0, help.exitCode(), help.toString());
        assertTrue(help.out().contains("Usage: attractor " + command), help.toString());
        assertTrue(help.out().contains("Example"), help.toString());
    }

    @Test
    void wrongUseIsOneLineAndExitCode2() {
        for (List<String> words : List.of(
                List.<String>of(),
                List.of("trian"),
                List.of("train"),
                List.of("train", "nosuch"),
                List.of("train", "and", "--units", "0"),
                List.of("train", "and", "--units", "many"),
                List.of("train", "and", "--init", "zero"),
                List.of("train", "and", "--frequency", "30"),
                List.of("train", "and", "--delay", "500"),
                List.of("train", "and", "--seeds", "9..0"),
                List.of("train", "and", "--memory-limit", "much"),
                List.of("train", "and", "--kernels", "gpu"),
                List.of("tasks", "xor", "--samples", "0", "--out", "t.npz"),
                List.of("gradcheck", "--alpha", "2"))) {
            Cli run = Cli.run(words.toArray());
            assertEquals(2, run.exitCode(), words + "\n" + run);
            assertTrue(run.err().startsWith("attractor: "), words + "\n" + run);
            assertEquals(1, run.err().lines().count(), words + "\n" + run);
        }
    }

    @Test
    void aWrongOptionIsCorrected() {
        assertTrue(Cli.run("train", "and", "--unit", 3).err().contains("did you mean --units"));
    }

    @Test
    void trainSavesReportsAndRefusesToOverwrite() throws Exception {
        Path run = folder.resolve("a run");
        Cli first = Cli.trainTiny(run);
        assertEquals(0, first.exitCode(), first.toString());
        assertTrue(first.out().contains("2 of 2 epochs"), first.toString());
        assertTrue(first.out().contains("does not pass"), first.toString());
        assertTrue(first.err().contains("epoch 2/2"), first.toString());
        assertFalse(first.err().contains("\u001b") || first.err().contains("\r"), first.toString());
        for (String file : List.of(
                "run.json",
                "initial.npz",
                "epoch-01.npz",
                "epoch-02.npz",
                "final.npz",
                "best.npz",
                "history.csv",
                "evaluation.json")) {
            assertTrue(Files.isRegularFile(run.resolve(file)), file);
        }
        byte[] before = Files.readAllBytes(run.resolve("final.npz"));
        Cli again = Cli.trainTiny(run);
        assertEquals(1, again.exitCode(), again.toString());
        assertTrue(again.err().contains("--resume") && again.err().contains("--overwrite"), again.toString());
        assertEquals(1, again.err().lines().count(), again.toString());
        assertEquals(0, Cli.trainTiny(run, "--resume").exitCode());
        assertEquals(0, Cli.trainTiny(run, "--overwrite").exitCode());
        assertArrayEquals(
                before, Files.readAllBytes(run.resolve("final.npz")), "the same training gives the same bytes");
        Cli other = Cli.trainTiny(run, "--resume", "--lr", "0.01");
        assertEquals(1, other.exitCode(), other.toString());
        assertTrue(other.err().contains("learningRate"), other.toString());
    }

    @Test
    void trainTellsMachines() throws Exception {
        Cli run = Cli.trainTiny(folder.resolve("r"), "--json");
        JsonObject json = Json.parseObject(run.out(), "out");
        assertEquals("attractor/train/1", json.getString("schema"));
        JsonObject one = json.getObjects("runs").get(0);
        assertEquals("finished", one.getString("outcome"));
        assertEquals(2, one.getLong("epochs"));
        assertEquals(4, one.getObjects("scores").size());
    }

    @Test
    void severalSeedsAreSeveralRuns() throws Exception {
        Cli run = Cli.trainTiny(folder, "--seeds", "0..2");
        assertEquals(0, run.exitCode(), run.toString());
        assertTrue(run.out().contains("0 of 3 pass"), run.toString());
        Cli alone = Cli.trainTiny(folder.resolve("alone"), "--seed", 2);
        assertEquals(0, alone.exitCode(), alone.toString());
        assertArrayEquals(
                Files.readAllBytes(folder.resolve("alone").resolve("final.npz")),
                Files.readAllBytes(folder.resolve("and-orthogonal-s2").resolve("final.npz")));
        // One that cannot be trained does not stop the others.
        Files.delete(folder.resolve("and-orthogonal-s0").resolve("run.json"));
        Cli some = Cli.trainTiny(folder, "--seeds", "0..3", "--json");
        assertEquals(1, some.exitCode(), some.toString());
        List<JsonObject> runs = Json.parseObject(some.out(), "out").getObjects("runs");
        assertEquals("failed", runs.get(1).getString("outcome"));
        assertEquals("finished", runs.get(3).getString("outcome"));
        assertTrue(Files.isRegularFile(folder.resolve("and-orthogonal-s3").resolve("final.npz")));
    }

    @Test
    void aTrainingThatDivergesSaysWhere() {
        Cli run = Cli.trainTiny(folder.resolve("d"), "--lr", "1e300", "--activation", "identity");
        assertEquals(1, run.exitCode(), run.toString());
        assertTrue(
                run.err()
                        .lines()
                        .anyMatch(l -> l.startsWith("attractor: ")
                                && l.contains(" in epoch ")
                                && l.contains("batch")
                                && l.contains("W_")),
                run.toString());
    }

    @Test
    void evaluateKnowsTheTaskOfARun() throws Exception {
        Path run = folder.resolve("r");
        Cli.trainTiny(run, "--delay", 30);
        Cli people = Cli.run("evaluate", run, "--trials", 8);
        assertEquals(0, people.exitCode(), people.toString());
        assertTrue(
                people.out().contains("task and, 8 trials") && people.out().contains("does not pass"),
                people.toString());
        JsonObject json = Json.parseObject(
                Cli.run("evaluate", run, "--network", "initial", "--json").out(), "out");
        assertEquals("attractor/evaluate/1", json.getString("schema"));
        assertEquals(30.0, json.getObject("taskOptions").getDouble("delayMs"));
        assertEquals(200, json.getObjects("responses").get(3).getDoubles("output").length);
        Path png = folder.resolve("f.png");
        assertEquals(0, Cli.run("evaluate", run, "--figure", png).exitCode());
        assertEquals((byte) 0x89, Files.readAllBytes(png)[0]);
        assertEquals(2, Cli.run("evaluate", run, "--task", "pulse").exitCode(), "one input is not two");
        assertEquals(2, Cli.run("evaluate", run, "--input-order", "0,0").exitCode());
        assertEquals(1, Cli.run("evaluate", run, "--network", "epoch-77").exitCode());
    }

    @Test
    void filesThatAreNotNetworksAreOneLine() throws Exception {
        Path text = folder.resolve("t.npz");
        Files.writeString(text, "not a network");
        Path keras = folder.resolve("t.hdf5");
        Files.writeString(keras, "not HDF5");
        for (Path file : List.of(text, keras, folder.resolve("absent.npz"), folder)) {
            Cli run = Cli.run("evaluate", file, "--task", "and");
            assertEquals(1, run.exitCode(), run.toString());
            assertEquals(1, run.err().lines().count(), run.toString());
            assertTrue(run.err().contains(file.getFileName().toString()), run.toString());
        }
    }

    @Test
    void simulateWritesStatesAndOutputs() throws Exception {
        Path run = folder.resolve("r");
        Cli.trainTiny(run);
        double[] x = new double[2 * 7 * 2];
        x[5] = 1;
        Path in = folder.resolve("x.npy");
        NpyArray.of(x, 2, 7, 2).write(in);
        Path out = folder.resolve("o.npz");
        Cli simulated = Cli.run("simulate", run, "--inputs", in, "--out", out);
        assertEquals(0, simulated.exitCode(), simulated.toString());
        Npz npz = Npz.read(out);
        double[] h = npz.doubles("h", 2, 7, 6);
        double[] y = npz.doubles("y", 2, 7, 1);
        // y = W_out h + b_out, by hand.
        var rnn = NetworkFile.read(run.resolve("final.npz")).rnn();
        double sum = rnn.parameters()[rnn.shape().bOut().at(0, 0)];
        for (int i = 0; i < 6; i++) {
            sum += rnn.parameters()[rnn.shape().wOut().at(0, i)] * h[(7 + 3) * 6 + i];
        }
        assertEquals(sum, y[7 + 3], 1e-14);
        NpyArray.of(new double[21], 1, 7, 3).write(in);
        Cli wrong = Cli.run("simulate", run, "--inputs", in, "--out", out);
        assertEquals(1, wrong.exitCode(), wrong.toString());
        assertTrue(wrong.err().contains("[1, 7, 3]"), wrong.toString());
    }

    @Test
    void tasksAreListedDescribedAndWritten() throws Exception {
        Cli list = Cli.run("tasks");
        for (String name : List.of("pulse", "and", "or", "xor", "not", "flipflop", "oscillation")) {
            assertTrue(list.out().lines().anyMatch(l -> l.startsWith(name + " ")), list.toString());
            assertEquals(0, Cli.run("tasks", name).exitCode());
        }
        Path out = folder.resolve("t.npz");
        assertEquals(0, Cli.run("tasks", "xor", "--samples", 10, "--out", out).exitCode());
        Npz npz = Npz.read(out);
        assertEquals(10 * 200 * 2, npz.doubles("x", 10, 200, 2).length);
        assertEquals(10 * 200, npz.doubles("y", 10, 200, 1).length);
        assertEquals(10, npz.longs("type", 10).length);
        assertArrayEquals(new String[] {"00", "01", "10", "11"}, npz.strings("types", 4));
    }

    @Test
    void gradcheckPassesAndNamesTheWorst() {
        Cli run = Cli.run("gradcheck", "--cases", 4, "--units", 5, "--batch", 3);
        assertEquals(0, run.exitCode(), run.toString());
        assertTrue(run.out().contains("worst of all: ") && run.out().contains("passed"), run.toString());
    }

    /** Whether this process was started with SIGINT ignored, as Linux tells; false elsewhere. */
    private static boolean ignoresInterrupts() throws IOException {
        Path status = Path.of("/proc/self/status");
        if (!Files.isReadable(status)) {
            return false;
        }
        for (String line : Files.readAllLines(status)) {
            if (line.startsWith("SigIgn:")) {
                return (Long.parseUnsignedLong(line.substring(7).strip(), 16) & 2) != 0;
            }
        }
        return false;
    }

    @Test
    void ctrlCSavesAndResumesToTheSameBits() throws Exception {
        Assumptions.assumeTrue(Files.isExecutable(Path.of("/bin/kill")), "needs /bin/kill");
        // As in what a shell runs in the background; Java leaves it so.
        Assumptions.assumeFalse(ignoresInterrupts(), "SIGINT is ignored here");
        Path stopped = folder.resolve("stopped");
        List<String> words = List.of(
                System.getProperty("java.home") + File.separator + "bin" + File.separator + "java",
                "-cp",
                System.getProperty("java.class.path"),
                "attractor.cli.Main",
                "train",
                "and",
                "--units",
                "20",
                "--samples",
                "2000",
                "--epochs",
                "3",
                "--kernels",
                "scalar",
                "--out",
                stopped.toString());
        Process process = new ProcessBuilder(words)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile())
                .start();
        long patience = System.nanoTime() + TimeUnit.MINUTES.toNanos(2);
        while (!Files.exists(stopped.resolve("epoch-01.npz")) && process.isAlive() && System.nanoTime() < patience) {
            Thread.sleep(20);
        }
        new ProcessBuilder("/bin/kill", "-INT", Long.toString(process.pid()))
                .start()
                .waitFor();
        int exitCode = process.waitFor();
        String log = Files.readString(folder.resolve("log"), StandardCharsets.UTF_8);
        assertEquals(130, exitCode, log);
        assertTrue(log.contains("to go on: attractor train and") && log.contains("--resume"), log);
        Object[] rest = {"train", "and", "--units", 20, "--samples", 2000, "--epochs", 3, "--out"};
        Object[] resume = java.util.Arrays.copyOf(rest, rest.length + 2);
        resume[rest.length] = stopped;
        resume[rest.length + 1] = "--resume";
        assertEquals(0, Cli.run(resume).exitCode());
        Path straight = folder.resolve("straight");
        Object[] whole = java.util.Arrays.copyOf(rest, rest.length + 1);
        whole[rest.length] = straight;
        assertEquals(0, Cli.run(whole).exitCode());
        for (String file : List.of("final.npz", "best.npz", "epoch-02.npz")) {
            assertArrayEquals(
                    Files.readAllBytes(straight.resolve(file)), Files.readAllBytes(stopped.resolve(file)), file);
        }
    }
}
