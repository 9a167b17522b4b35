package attractor.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import attractor.cli.terminal.ExitCode;
import attractor.io.Json;
import attractor.io.JsonObject;
import attractor.io.Npz;
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
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code attractor bifurcations}. */
class BifurcationsCommandTest {
    @TempDir
    private Path folder;

    private Path net;
    private Path other;

    /** x' = tanh(w x + input), w = 1/2 or 2. */
    private static Rnn oneUnit(double w) {
        RnnShape shape = new RnnShape(1, 1, 1);
        double[] block = new double[shape.parameters()];
        block[shape.wRec().at(0, 0)] = w;
        block[shape.wIn().at(0, 0)] = 1.0;
        block[shape.wOut().at(0, 0)] = 3.0;
        return new Rnn(shape, Activation.TANH, 1.0, 1.0, false, block);
    }

    @BeforeEach
    void writeNetworks() throws Exception {
        net = folder.resolve("net.npz");
        other = folder.resolve("other.npz");
        NetworkFile.write(net, oneUnit(0.5), Map.of());
        NetworkFile.write(other, oneUnit(2.0), Map.of());
    }

    private JsonObject index(Path out) throws Exception {
        return Json.read(out.resolve("bifurcations.json"));
    }

    @Test
    void aPitchforkAlongTheScale() throws Exception {
        Path out = folder.resolve("out");
        Cli run = Cli.run("bifurcations", net, "--along", "scale=0..4", "--out", out);
        assertEquals(ExitCode.DONE, run.exitCode(), run.toString());
        assertTrue(run.out().contains("2.0000000000  supercritical pitchfork"), run.out());
        List<String> told = run.err().lines().toList();
        assertEquals("following branches of " + net + " ...", told.get(0));
        assertEquals("at scale of the recurrent weights 0.0: 1 fixed point or cycle", told.get(1));
        assertTrue(told.get(told.size() - 1).matches("[2-9] branches, 1 bifurcation"), run.err());
        JsonObject index = index(out);
        List<JsonObject> found = index.getObjects("bifurcations");
        assertEquals(1, found.size());
        assertEquals("pitchfork", found.get(0).getString("kind"));
        assertEquals(2.0, found.get(0).getDouble("value"), 1e-9);
        for (String file : index.getStrings("files")) {
            assertTrue(Files.isRegularFile(out.resolve(file)), file);
        }
        int branches = index.getObjects("branches").size();
        int places = (int) index.getObjects("branches").get(0).getDouble("places");
        Npz npz = Npz.read(out.resolve("branches.npz"));
        assertEquals(places, npz.doubles("branch_0_values", places).length);
        assertEquals(
                index.getObjects("branches").stream()
                                .mapToLong(b -> {
                                    try {
                                        return (long) b.getDouble("places");
                                    } catch (Exception e) {
                                        throw new AssertionError(e);
                                    }
                                })
                                .sum()
                        + 1,
                Files.readAllLines(out.resolve("branches.csv")).size());
        assertTrue(branches >= 2);
        // A second run needs permission to replace the first.
        assertEquals(
                ExitCode.FAILED,
                Cli.run("bifurcations", net, "--along", "scale=0..4", "--out", out)
                        .exitCode());
        Cli json = Cli.run("bifurcations", net, "--along", "scale=0..4", "--out", out, "--overwrite", "--json");
        assertEquals(ExitCode.DONE, json.exitCode(), json.toString());
        assertEquals(
                Json.parse(json.out(), "json"), Json.parse(Files.readString(out.resolve("bifurcations.json")), "file"));
    }

    /** w from 1/2 to 2 passes 1 at a third of the way. */
    @Test
    void onTheWayToAnotherNetwork() throws Exception {
        Path out = folder.resolve("out");
        Cli run = Cli.run("bifurcations", net, "--along", "to=" + other, "--out", out);
        assertEquals(ExitCode.DONE, run.exitCode(), run.toString());
        JsonObject index = index(out);
        assertEquals(1.0 / 3.0, index.getObjects("bifurcations").get(0).getDouble("value"), 1e-9);
        assertEquals(other.toString(), index.getObject("parameter").getString("otherNetwork"));
    }

    @Test
    void foldsAlongAnInput() throws Exception {
        Path out = folder.resolve("out");
        Cli run = Cli.run("bifurcations", other, "--along", "input:0=-1..1", "--out", out);
        assertEquals(ExitCode.DONE, run.exitCode(), run.toString());
        assertEquals(
                List.of("fold", "fold"),
                index(out).getObjects("bifurcations").stream()
                        .map(b -> b.asMap().get("kind"))
                        .toList());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "gain=0..1 | --along is 'gain=0..1', expected input:CHANNEL=FROM..TO, scale=FROM..TO, tau=FROM..TO or to=NET2",
                "scale=1..0 | --along goes from 1 to 0, expected an increasing range of numbers below 1e9",
                "scale=a..1 | --along has 'a', expected a number",
                "scale=NaN..1 | --along goes from NaN to 1, expected an increasing range of numbers below 1e9",
                "tau=0.5..2 | --along tau begins at 0.5 ms, expected at least a step, 1.0 ms",
                "input:1=0..1 | --along: input 1 is not one of the network's, expected 0"
            })
    void wrongParameters(String along, String message) {
        Path out = folder.resolve("out");
        Cli run = Cli.run("bifurcations", net, "--along", along, "--out", out);
        assertEquals(ExitCode.WRONG_USE, run.exitCode(), run.toString());
        assertEquals("attractor: " + message, run.err().strip());
        assertFalse(Files.exists(out));
    }

    @Test
    void networksThatDiffer() throws Exception {
        Path wide = folder.resolve("wide.npz");
        NetworkFile.write(wide, Rnn.zeros(new RnnShape(1, 2, 1)), Map.of());
        Cli run = Cli.run("bifurcations", net, "--along", "to=" + wide, "--out", folder.resolve("out"));
        assertEquals(ExitCode.FAILED, run.exitCode());
        assertEquals(
                "attractor: " + wide + ": the other network has I = 1, N = 2, O = 1, expected I = 1, N = 1, O = 1",
                run.err().strip());
    }

    /** JSON.md names every member and file. */
    @Test
    void everythingIsDocumented() throws Exception {
        Path out = folder.resolve("out");
        assertEquals(
                ExitCode.DONE,
                Cli.run("bifurcations", net, "--along", "to=" + other, "--out", out)
                        .exitCode());
        TreeSet<String> names = new TreeSet<>();
        names.addAll(JsonDocument.members(index(out).asMap()));
        names.addAll(index(out).getStrings("files"));
        assertEquals(Set.of(), JsonDocument.lacks(names), "not in JSON.md");
    }
}
