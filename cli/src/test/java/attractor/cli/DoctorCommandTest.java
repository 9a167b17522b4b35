package attractor.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import attractor.cli.terminal.ExitCode;
import attractor.io.Json;
import attractor.io.JsonObject;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What {@code attractor doctor} measures cannot be known; that it hangs together can. */
class DoctorCommandTest {
    @Test
    void tellsMachinesWhatTheyRunOn() throws Exception {
        Cli run = Cli.run("doctor", "--json");
        assertEquals(ExitCode.DONE, run.exitCode(), run.toString());
        assertEquals("", run.err());
        JsonObject json = Json.parseObject(run.out(), "the standard output");
        assertEquals("attractor/doctor/1", json.getString("schema"));
        assertEquals(
                System.getProperty("java.vm.version"), json.getObject("java").getString("version"));
        int processors = json.getObject("system").getInt("processors");
        assertEquals(Runtime.getRuntime().availableProcessors(), processors);
        assertFalse(json.getObject("system").getString("processor").isBlank());
        JsonObject kernels = json.getObject("kernels");
        assertEquals("simd", kernels.getString("name"));
        assertTrue(kernels.getInt("lanes") >= 2, run.out());
        assertEquals("the fastest, since the JVM has the vector module", kernels.getString("reason"));
        assertTrue(
                json.getString("jblas").equals("loads")
                        || json.getString("jblas").startsWith("kernels 'jblas' "),
                run.out());
        assertTrue(json.getDouble("fmaNanos") > 0.05, run.out());
        if (!json.has("peak")) {
            assertTrue(json.getDouble("fmaNanos") > 30, run.out());
            return;
        }
        JsonObject peak = json.getObject("peak");
        int lanes = peak.getInt("lanes");
        assertTrue(Set.of(2, 4, 8).contains(lanes), run.out());
        assertTrue(List.of(8, 10, 12, 14, 16).contains(peak.getInt("chains")), run.out());
        assertEquals(peak.getDouble("gflops") / (4 * lanes), peak.getDouble("gigahertz"), 1e-9);
        assertTrue(peak.getDouble("gflops") >= peak.getDouble("median"), run.out());
        // No processor makes a hundred operations a nanosecond for each double that a vector holds.
        assertTrue(peak.getDouble("gflops") > 0.1 && peak.getDouble("gflops") < 100.0 * lanes, run.out());
        JsonObject step = json.getObject("trainStep");
        assertEquals(peak.getInt("runs"), step.getInt("runs"));
        assertTrue(step.getDouble("ms") > 0 && step.getDouble("ms") <= step.getDouble("median"), run.out());
        assertTrue(step.getDouble("processorMs") >= 0, run.out());
        double operations = 6.0 * 64 * 200 * 50 * 50;
        assertEquals(operations / (1e6 * step.getDouble("ms")), step.getDouble("gflops"), 1e-9);
        assertEquals(step.getDouble("gflops") / peak.getDouble("gflops"), step.getDouble("shareOfPeak"), 1e-12);
        assertTrue(step.getDouble("shareOfPeak") < 1, "a step is slower than its products alone: " + run.out());
        assertEquals(processors > 1, json.has("trainStepOnTwoThreads"));
        assertEquals(processors > 1, json.has("stepsPerSecondOfTwoTrainings"));
    }

    @Test
    void tellsPeopleWhyTheseKernels() {
        Cli run = Cli.run("doctor", "--kernels", "scalar");
        assertEquals(ExitCode.DONE, run.exitCode(), run.toString());
        assertEquals("", run.err());
        assertTrue(run.out().contains("\nkernels      scalar (plain Java): forced by --kernels\n"), run.toString());
        for (String name : List.of("JDK ", "system ", "jblas ", "Math.fma ")) {
            assertTrue(run.out().lines().anyMatch(line -> line.startsWith(name)), name + run);
        }
        if (run.out().contains("an instruction")) {
            assertTrue(
                    run.out()
                            .lines()
                            .anyMatch(
                                    l -> l.matches(
                                            "train step +\\d+\\.\\d\\d ms, \\d+\\.\\d GFLOP/s, \\d+ % of the peak .*one thread\\)")),
                    run.toString());
        }
    }

    @Test
    void unknownKernelsAreWrongUse() {
        Cli run = Cli.run("doctor", "--kernels", "gpu");
        assertEquals(ExitCode.WRONG_USE, run.exitCode(), run.toString());
        assertEquals(
                "attractor: kernels is 'gpu', expected one of auto, scalar, simd, softfma, jblas",
                run.err().strip());
        assertEquals("", run.out());
    }
}
