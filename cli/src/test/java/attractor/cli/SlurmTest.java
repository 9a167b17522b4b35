package attractor.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * The array job of examples/slurm on a real Slurm, whose commands must be on the path: an array that is submitted twice, a task that is
 * told to end, one that is cancelled, a node that dies, and the results are those of one process. {@code ./mvnw -Pslurm verify}
 * runs it; SLURM_CONF tells which Slurm, and the property {@code attractor.slurm.node} a process to kill as a node. The folder must be
 * one that all nodes see.
 */
@EnabledIfSystemProperty(named = "attractor.slurm", matches = "true")
class SlurmTest {
    private static final Path HOME = Path.of(System.getProperty("attractor.slurm.home", ".."))
            .toAbsolutePath()
            .normalize();
    private static final List<String> STUDY = List.of(
            "success",
            "--tasks",
            "and,not,xor",
            "--networks",
            "6",
            "--units",
            "20",
            "--samples",
            "4000",
            "--epochs",
            "3");

    private static String run(int expected, List<String> command) throws IOException, InterruptedException {
        Path err = Files.createTempFile("slurm-test", ".err");
        Process process = new ProcessBuilder(command)
                .directory(HOME.toFile())
                .redirectError(err.toFile())
                .start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        int code = process.waitFor();
        assertEquals(expected, code, String.join(" ", command) + "\n" + out + "\n" + Files.readString(err));
        Files.delete(err);
        return out;
    }

    private static String run(String... command) throws IOException, InterruptedException {
        return run(0, List.of(command));
    }

    private static List<String> with(List<String> first, String... more) {
        List<String> all = new ArrayList<>(first);
        all.addAll(List.of(more));
        return all;
    }

    /** Ids of the tasks of these arrays that run now. */
    private static List<String> running(String jobs) throws Exception {
        return run("squeue", "-h", "-t", "R", "-o", "%i", "-j", jobs).lines().toList();
    }

    private interface Condition {
        boolean holds() throws Exception;
    }

    private static void await(String what, Condition condition) throws Exception {
        for (int k = 0; !condition.holds(); k++) {
            assertTrue(k < 1800, "never: " + what + "\n" + run("squeue", "-a"));
            TimeUnit.SECONDS.sleep(1);
        }
    }

    private static long finished(Path study) throws IOException {
        if (!Files.isDirectory(study.resolve("runs"))) {
            return 0;
        }
        try (Stream<Path> runs = Files.list(study.resolve("runs"))) {
            return runs.count();
        }
    }

    @Test
    void aStudySurvivesAllThatSlurmDoes() throws Exception {
        Path folder = Files.createTempDirectory(HOME.resolve("target"), "slurm-");
        Path one = folder.resolve("one");
        run(
                0,
                with(
                        List.of("srun", "-c2", "--mem-per-cpu=900", "./attractor", "study"),
                        with(STUDY, "--out", one.toString(), "--workers", "2").toArray(String[]::new)));

        Path out = folder.resolve("many");
        List<String> submit = with(
                List.of(
                        "sbatch",
                        "--parsable",
                        "--array=1-4",
                        "-c2",
                        "--mem-per-cpu=900",
                        "--output=" + folder + "/%A_%a.log",
                        "examples/slurm/study.sh"),
                with(STUDY, "--out", out.toString()).toArray(String[]::new));
        String first = run(0, submit);
        String second = run(0, submit);
        String jobs = first + "," + second;
        String report = run(
                "sbatch",
                "--parsable",
                "--dependency=afterany:" + first + ":" + second,
                "--output=" + folder + "/report.log",
                "examples/slurm/report.sh",
                out.toString());

        // A task is told to end: it saves, and comes again.
        await("a run is finished", () -> finished(out) > 0 && running(jobs).size() > 2);
        String told = running(jobs).get(0);
        run("scancel", "--signal=TERM", told);
        await("the task comes again", () -> run("scontrol", "show", "job", told).contains("Restarts=1"));
        assertTrue(finished(out) < 36, "all was done before");

        // Another one is cancelled: it stays away.
        String cancelled = running(jobs).stream()
                .filter(job -> !job.equals(told))
                .findFirst()
                .orElseThrow();
        run("scancel", cancelled);
        await(
                "the task is cancelled",
                () -> run("scontrol", "show", "job", cancelled).contains("JobState=CANCELLED"));

        String node = System.getProperty("attractor.slurm.node");
        if (node != null) {
            run("kill", "-9", node);
        }
        await("the report is written", () -> run("squeue", "-h", "-j", report).isEmpty());
        assertTrue(
                run("scontrol", "show", "job", report).contains("ExitCode=0:0"),
                Files.readString(folder.resolve("report.log")));
        assertEquals(Files.readString(one.resolve("results.csv")), Files.readString(out.resolve("results.csv")));
        assertEquals(Files.readString(one.resolve("summary.json")), Files.readString(out.resolve("summary.json")));
        assertTrue(Files.readString(folder.resolve("report.log")).contains("36 of 36 runs are finished"));
        assertTrue(run("scontrol", "show", "job", cancelled).contains("Restarts=0"), "cancelled is cancelled");

        // Submitted once more, nothing is left, and every task says so with 0.
        String again = run(0, submit);
        await("all tasks end", () -> run("squeue", "-h", "-j", again).isEmpty());
        for (int task = 1; task <= 4; task++) {
            assertTrue(run("scontrol", "show", "job", again + "_" + task).contains("ExitCode=0:0"));
        }
    }
}
