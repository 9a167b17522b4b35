package attractor.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import attractor.io.Json;
import attractor.io.JsonObject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/**
 * {@code attractor evaluate} on the networks that the paper's authors published, against what an independent implementation computed. Needs
 * the folder in the property {@code attractor.reference}.
 */
class ReferenceEvaluationTest {
    private static Path reference() {
        String folder = System.getProperty("attractor.reference");
        Assumptions.assumeTrue(
                folder != null && !folder.isEmpty(), "no attractor.reference: the authors' networks are not checked");
        return Path.of(folder);
    }

    private static JsonObject evaluate(String file, Object... more) throws Exception {
        List<Object> words = new ArrayList<>(
                List.of("evaluate", reference().resolve("networks").resolve(file), "--noise", 0, "--json"));
        words.addAll(List.of("--task", file.substring(0, file.indexOf('-'))));
        if (file.startsWith("flipflop")) {
            words.addAll(List.of("--input-order", "1,0"));
        }
        words.addAll(Arrays.asList(more));
        Cli run = Cli.run(words.toArray());
        assertEquals(0, run.exitCode(), run.toString());
        return Json.parseObject(run.out(), file);
    }

    private static void assertClose(double expected, double actual, double tolerance, String what) {
        assertEquals(expected, actual, tolerance * Math.max(1, Math.abs(expected)), what);
    }

    private static double[] output(JsonObject evaluation, String type) throws Exception {
        return typed(evaluation.getObjects("responses"), type).getDoubles("output");
    }

    private static JsonObject typed(List<JsonObject> list, String type) throws Exception {
        for (JsonObject object : list) {
            if (object.getString("type").equals(type)) {
                return object;
            }
        }
        throw new AssertionError("no type " + type);
    }

    private static void assertOutputs(double[] expected, double[] actual, int every, String what) {
        assertTrue((expected.length - 1) * every < actual.length, what);
        for (int i = 0; i < expected.length; i++) {
            assertClose(expected[i], actual[i * every], 1e-9, what + ", step " + i * every);
        }
    }

    @Test
    void everyNumberComesOut() throws Exception {
        JsonObject all = Json.read(reference().resolve("expected.json"));
        assertEquals(16, all.asMap().size());
        for (String file : all.asMap().keySet()) {
            JsonObject expected = all.getObject(file);
            JsonObject found = evaluate(file);
            assertEquals(expected.getLong("units"), found.getLong("units"), file);
            assertEquals(expected.getLong("inputs"), found.getLong("inputs"), file);
            assertEquals(expected.getBoolean("recurrent_bias"), found.getBoolean("recurrentBias"), file);
            JsonObject weights = found.getObject("recurrentWeights");
            assertClose(expected.getDouble("w_rec_mean"), weights.getDouble("mean"), 1e-9, file);
            assertClose(expected.getDouble("w_rec_sd"), weights.getDouble("sd"), 1e-9, file);
            assertClose(expected.getDouble("spectral_radius"), weights.getDouble("spectralRadius"), 1e-9, file);
            assertClose(expected.getDouble("henrici"), weights.getDouble("henrici"), 1e-6, file);
            if (file.endsWith("-trained.hdf5")) {
                // In an orthogonal matrix rounding decides on which side of the circle an eigenvalue lies.
                assertEquals(
                        expected.getLong("eigenvalues_outside_unit_circle"),
                        weights.getLong("eigenvaluesOutsideUnitCircle"),
                        file);
            }
            if (expected.has("noiseless")) {
                JsonObject types = expected.getObject("noiseless");
                for (String type : types.asMap().keySet()) {
                    JsonObject score = typed(found.getObjects("scores"), type);
                    JsonObject e = types.getObject(type);
                    assertClose(e.getDouble("distance"), score.getDouble("distanceMean"), 1e-9, file + " " + type);
                    assertClose(e.getDouble("rmse"), score.getDouble("rmse"), 1e-9, file + " " + type);
                    assertOutputs(e.getDoubles("output_every_20"), output(found, type), 20, file + " " + type);
                }
            }
            if (expected.has("pulses_on_inputs_1_0_1_1")) {
                // The network's input 1 is Set, which the task calls 0.
                double[] e = expected.getObject("pulses_on_inputs_1_0_1_1").getDoubles("output_every_20");
                assertOutputs(e, output(evaluate(file, "--earlier-pulses", "0,1,0"), "set"), 20, file);
            }
            if (expected.has("square_of_height_0.8_at_50")) {
                JsonObject square = expected.getObject("square_of_height_0.8_at_50");
                double[] e = square.getDoubles("output_every_10");
                JsonObject run = evaluate(
                        file,
                        "--amplitude",
                        0.8,
                        "--smoothing",
                        0,
                        "--stimulus",
                        square.getLong("duration"),
                        "--duration",
                        10 * e.length);
                String type = file.startsWith("pulse") ? "pulse" : "osc";
                assertOutputs(e, output(run, type), 10, file);
            }
        }
    }

    @Test
    void eachPassesUnderItsOwnProtocol() throws Exception {
        Path networks = reference().resolve("networks");
        for (String line : List.of(
                "and-04-trained.hdf5 --task and",
                "and-14-trained.hdf5 --task and",
                "xor-00-trained.hdf5 --task xor",
                "or-01-trained.hdf5 --task or",
                "not-17-trained.hdf5 --task not",
                "pulse-03-trained.hdf5 --task pulse",
                "flipflop-06-trained.hdf5 --task flipflop --input-order 1,0",
                "oscillation-01-trained.hdf5 --task oscillation --stimulus 40 --smoothing 20 --delay 24 --frequency 28.4 --target-amplitude 1.8")) {
            String[] words = ("evaluate " + networks + "/" + line).split(" ");
            Cli run = Cli.run((Object[]) words);
            assertEquals(0, run.exitCode(), run.toString());
            assertTrue(run.out().lines().anyMatch(l -> l.equals("passes")), run.toString());
        }
    }
}
