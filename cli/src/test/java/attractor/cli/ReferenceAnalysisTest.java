package attractor.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import attractor.cli.terminal.ExitCode;
import attractor.io.Json;
import attractor.io.JsonObject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * {@code attractor analyze} on networks that the paper's authors published, against what NumPy and LAPACK compute for them and
 * what a simulation does. The folder comes from {@code -Dattractor.reference}.
 */
class ReferenceAnalysisTest {
    private static Path reference;

    @TempDir
    private Path folder;

    @BeforeAll
    static void findFolder() {
        String property = System.getProperty("attractor.reference");
        assumeTrue(property != null, "skipped: -Dattractor.reference=FOLDER is not set");
        reference = Path.of(property);
    }

    private static Path network(String name) {
        return reference.resolve("networks").resolve(name + ".hdf5");
    }

    /** Analyses a network beside its state before training, and checks the spectra of both. */
    private JsonObject analyze(String name, Object... options) throws Exception {
        Path out = folder.resolve(name);
        List<Object> words = new ArrayList<>(
                List.of("analyze", network(name + "-trained"), "--initial", network(name + "-initial"), "--out", out));
        words.addAll(List.of(options));
        Cli run = Cli.run(words.toArray());
        assertEquals(ExitCode.DONE, run.exitCode(), run.toString());
        assertTrue(run.out().lines().count() <= 30, run.out());
        JsonObject json = Json.read(out.resolve("analysis.json"));
        checkSpectrum(name + "-trained.hdf5", json.getObject("spectrum"));
        checkSpectrum(name + "-initial.hdf5", json.getObject("initialSpectrum"));
        assertEquals(0, json.getObject("initialSpectrum").getInt("clearlyOutsideUnitCircle"));
        return json;
    }

    private static void checkSpectrum(String file, JsonObject found) throws Exception {
        JsonObject expected = Json.read(reference.resolve("expected.json")).getObject(file);
        JsonObject weights = found.getObject("weights");
        assertEquals(expected.getDouble("w_rec_mean"), weights.getDouble("mean"), 1e-9);
        assertEquals(expected.getDouble("w_rec_sd"), weights.getDouble("sd"), 1e-9);
        assertEquals(expected.getDouble("spectral_radius"), found.getDouble("spectralRadius"), 1e-9);
        assertEquals(expected.getInt("eigenvalues_outside_unit_circle"), found.getInt("outsideUnitCircle"));
        assertEquals(expected.getDouble("henrici"), found.getDouble("henrici"), 1e-6);
        assertTrue(found.getDouble("worstResidual") < 1e-13);
        // They are farther from each other than from what is expected, so the nearest is the partner.
        List<?> left = new ArrayList<>(found.getList("eigenvalues"));
        assertEquals(expected.getList("eigenvalues").size(), left.size());
        for (Object value : expected.getList("eigenvalues")) {
            Object nearest = null;
            for (Object candidate : left) {
                nearest =
                        nearest == null || distance(candidate, value) < distance(nearest, value) ? candidate : nearest;
            }
            assertTrue(distance(nearest, value) < 1e-9, file + ": " + value);
            left.remove(nearest);
        }
    }

    private static double distance(Object a, Object b) {
        List<?> x = (List<?>) a;
        List<?> y = (List<?>) b;
        return Math.hypot(number(x.get(0)) - number(y.get(0)), number(x.get(1)) - number(y.get(1)));
    }

    private static double number(Object value) {
        return ((Number) value).doubleValue();
    }

    /** Each network's fixed points before and after training; of NOT one that states of trials don't lead to. */
    @ParameterizedTest
    @CsvSource({
        "and-04, and",
        "and-14, and",
        "flipflop-06, flipflop",
        "not-17, not",
        "or-01, or",
        "oscillation-01, oscillation",
        "pulse-03, pulse",
        "xor-00, xor"
    })
    void theIndicesAddUp(String name, String task) throws Exception {
        JsonObject found = analyze(name, "--task", task).getObject("fixedPoints");
        JsonObject completeness = found.getObject("completeness");
        assertEquals("index consistent", completeness.getString("verdict"));
        assertEquals(1, completeness.getInt("indexSum"));
        assertTrue(completeness.getBoolean("proved"));
        boolean low = false;
        for (JsonObject point : found.getObjects("points")) {
            low |= point.getString("kind").equals("stable") && Math.abs(point.getDoubles("output")[0] + 0.959) < 1e-3;
        }
        assertTrue(low || !name.equals("not-17"), "NOT's stable point with output -0.959");
    }

    @Test
    void andKeepsItsAnswerInAFixedPoint() throws Exception {
        JsonObject json = analyze("and-04", "--task", "and");
        JsonObject simulated = Json.parseObject(
                Cli.run(
                                "evaluate",
                                network("and-04-trained"),
                                "--task",
                                "and",
                                "--noise",
                                0,
                                "--duration",
                                600,
                                "--json")
                        .out(),
                "out");
        double output = simulated.getObjects("responses").get(3).getDoubles("output")[599];
        assertTrue(output > 0.9 && output < 1.1, "output " + output);
        JsonObject both = json.getObjects("types").get(3);
        assertEquals("11: fixed point, output 1.02", both.getString("line"));
        JsonObject end = json.getObjects("attractors").get(both.getInt("attractor"));
        JsonObject point = json.getObject("fixedPoints").getObjects("points").get(end.getInt("fixedPoint"));
        assertEquals("stable", point.getString("kind"));
        assertEquals(output, point.getDoubles("output")[0], 1e-6);
        assertTrue(point.getDouble("residual") <= 1e-12);
        assertTrue(point.getDouble("certifiedRadius") < 1e-11);
        assertFalse(point.getBoolean("outlier"));
        assertEquals("mixed", json.getString("eigenvalueClass"));
    }

    @Test
    void theOscillationGoesOverIntoAFasterOne() throws Exception {
        JsonObject json = analyze(
                "oscillation-01",
                "--task",
                "oscillation",
                "--stimulus",
                40,
                "--amplitude",
                0.8,
                "--smoothing",
                20,
                "--duration",
                290);
        JsonObject osc = json.getObjects("types").get(1);
        JsonObject response = osc.getObjects("responses").get(0);
        assertTrue(response.getDouble("toMs") <= 90.0 + 200.0, "200 ms after the stimulus, which ends at 90");
        assertTrue(response.getBoolean("oscillates"));
        double hertz = response.getDouble("frequencyHz");
        assertTrue(hertz > 25.0 && hertz < 31.0, hertz + " Hz");
        JsonObject end = json.getObjects("attractors").get(osc.getInt("attractor"));
        assertEquals("closed curve", end.getString("kind"));
        assertEquals(0.0, end.getDoubles("exponents")[0], 1e-3);
        assertTrue(end.getDouble("frequencyHz") > 5.0 * hertz, end.getDouble("frequencyHz") + " Hz");
        assertTrue(end.getObject("curve").getDouble("invarianceResidual")
                < 1e-6 * end.getObject("curve").getDouble("radius"));
        assertEquals("oscillatory", osc.getString("class"));
    }

    @Test
    void inputsOfTheFlipFlopChangePlaces() throws Exception {
        JsonObject json = analyze("flipflop-06", "--task", "flipflop", "--input-order", "1,0");
        JsonObject set = json.getObjects("types").get(1);
        assertEquals("set: fixed point, output 0.95", set.getString("line"));
        assertTrue(Math.abs(json.getObjects("types")
                        .get(0)
                        .getObjects("responses")
                        .get(0)
                        .getDouble("level"))
                < 0.2);
    }
}
