package attractor.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import attractor.cli.terminal.ExitCode;
import attractor.io.Json;
import attractor.io.JsonObject;
import attractor.kernel.Activation;
import attractor.model.NetworkFile;
import attractor.model.Rnn;
import attractor.model.RnnShape;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The parts basins, cycles, slow, growth and kicks of {@code analyze}, on two units of which everything is known. */
class DynamicsPartsTest {
    private static final List<String> PARTS = List.of("basins", "cycles", "slow", "growth", "kicks");

    @TempDir
    private Path folder;

    /** h1' = tanh(2 h1 + x), h2' = tanh(h1 / 2): two stable fixed points and 0, whose basins are the half planes. */
    private static Rnn bistable() {
        RnnShape shape = new RnnShape(1, 2, 1);
        double[] block = new double[shape.parameters()];
        block[shape.wRec().at(0, 0)] = 2.0;
        block[shape.wRec().at(1, 0)] = 0.5;
        block[shape.wIn().at(0, 0)] = 1.0;
        block[shape.wOut().at(0, 0)] = 1.0;
        return new Rnn(shape, Activation.TANH, 1.0, 1.0, false, block);
    }

    @Test
    void eachPartSaysWhatIsKnown() throws Exception {
        Path net = folder.resolve("net.npz");
        NetworkFile.write(net, bistable(), Map.of());
        Path out = folder.resolve("out");
        Cli run = Cli.run("analyze", net, "--task", "pulse", "--parts", String.join(",", PARTS), "--out", out);
        assertEquals(ExitCode.DONE, run.exitCode(), run.toString());
        JsonObject json = Json.read(out.resolve("analysis.json"));
        for (String file : json.getStrings("files")) {
            assertTrue(Files.isRegularFile(out.resolve(file)), file);
        }
        List<JsonObject> attractors = json.getObject("basins").getObjects("attractors");
        assertEquals(2, attractors.size());
        assertEquals(
                1.0, attractors.get(0).getDouble("share") + attractors.get(1).getDouble("share"), 1e-12);
        for (JsonObject attractor : attractors) {
            double[] interval = attractor.getDoubles("wilson95");
            assertTrue(interval[0] < 0.5 && 0.5 < interval[1], interval[0] + " to " + interval[1]);
        }
        JsonObject fixed = json.getObject("cycles").getObjects("periods").get(0);
        assertEquals("complete", fixed.getString("completeness"));
        assertEquals(3.0, fixed.getDouble("cycles"));
        for (JsonObject matrix : json.getObject("growth").getObjects("matrices")) {
            assertTrue(matrix.getDouble("kreiss") <= matrix.getDouble("peak") + 1e-9);
        }
        assertEquals(2, json.getObject("growth").getObjects("matrices").size());
        assertEquals(12, json.getObject("kicks").getObjects("means").size());
        documented(json);
    }

    /** A deviation that is hardly less after 100 steps: its curve stays within 3 % of 1, on an axis of powers of ten. */
    @Test
    void growthOfASlowUnitIsDrawn() throws Exception {
        RnnShape shape = new RnnShape(1, 1, 1);
        double[] block = new double[shape.parameters()];
        block[shape.wRec().at(0, 0)] = 0.9997;
        Path net = folder.resolve("slow.npz");
        NetworkFile.write(net, new Rnn(shape, Activation.TANH, 1.0, 1.0, false, block), Map.of());
        Path out = folder.resolve("slow");
        Cli run = Cli.run("analyze", net, "--task", "pulse", "--parts", "growth", "--out", out);
        assertEquals(ExitCode.DONE, run.exitCode(), run.toString());
        assertTrue(Files.size(out.resolve("slow-growth.png")) > 0);
    }

    /** JSON.md names every member and file. */
    private static void documented(JsonObject json) throws Exception {
        TreeSet<String> names = new TreeSet<>();
        for (String part : PARTS) {
            names.add(part);
            names.addAll(JsonDocument.members(json.asMap().get(part)));
        }
        names.addAll(json.getStrings("files"));
        assertEquals(Set.of(), JsonDocument.lacks(names), "not in JSON.md");
    }
}
