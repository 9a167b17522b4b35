package attractor.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import attractor.cli.terminal.ExitCode;
import attractor.interchange.ForeignNetwork;
import attractor.io.Json;
import attractor.io.JsonObject;
import attractor.model.NetworkFile;
import attractor.model.Rnn;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Networks of low rank from the command line: trained, analysed, exported, put on a page; and what is refused. */
class LowRankCommandsTest {
    @TempDir
    private Path folder;

    private Path trained() {
        Path run = folder.resolve("run");
        Cli cli = Cli.run(
                "train",
                "and",
                "--rank",
                2,
                "--units",
                21,
                "--samples",
                128,
                "--epochs",
                1,
                "--threads",
                1,
                "--out",
                run);
        assertEquals(ExitCode.DONE, cli.exitCode(), cli.toString());
        return run;
    }

    @Test
    void aNetworkIsTrainedAnalysedAndExported() throws Exception {
        Path run = trained();
        assertEquals(
                2, Json.read(run.resolve("run.json")).getObject("configuration").getInt("rank"));
        Rnn rnn = NetworkFile.read(run.resolve("final.npz")).rnn();
        assertEquals(2, rnn.rank());

        Path out = folder.resolve("analysis");
        Cli analysed = Cli.run("analyze", run, "--out", out);
        assertEquals(ExitCode.DONE, analysed.exitCode(), analysed.toString());
        assertTrue(analysed.out().contains("low rank: W_rec = P Q^T / N with R = 2"), analysed.out());
        JsonObject latents = Json.read(out.resolve("analysis.json")).getObject("latents");
        assertEquals(2, latents.getInt("rank"));
        assertEquals(List.of("P 0", "P 1", "Q 0", "Q 1", "W_in 0", "W_in 1", "W_out 0"), latents.getStrings("vectors"));
        assertEquals(7, latents.getList("overlaps").size());
        assertEquals(2, latents.getList("eigenvalues").size());
        List<String> table = Files.readAllLines(out.resolve("latents.csv"));
        assertEquals("trial,type,ms,kappa_0,kappa_1", table.get(0));
        assertEquals(1 + 4 * 200, table.size());
        assertEquals(
                1 + 7 * 7,
                Files.readAllLines(out.resolve("latents_overlaps.csv")).size());
        assertTrue(Files.size(out.resolve("index.html")) > 0);
        String documented = Files.readString(Path.of("JSON.md"));
        for (String name : latents.asMap().keySet()) {
            assertTrue(documented.contains("latents." + name), name);
        }

        Path keras = folder.resolve("net.h5");
        Cli exported = Cli.run("export", run, keras);
        assertEquals(ExitCode.DONE, exported.exitCode(), exported.toString());
        assertTrue(exported.err().contains("has W_rec = P Q^T / N, not the factors"), exported.err());
        Rnn full = ForeignNetwork.read(keras, null, note -> {}).orElseThrow();
        assertArrayEquals(rnn.wRec(), full.wRec());
        Path torch = folder.resolve("net.safetensors");
        assertEquals(ExitCode.DONE, Cli.run("export", run, torch).exitCode());
        assertArrayEquals(
                rnn.wRec(),
                ForeignNetwork.read(torch, null, note -> {}).orElseThrow().wRec());
    }

    @Test
    void latentsOfANetworkThatHasNoneAreRefused() {
        Path run = folder.resolve("full");
        Cli.run("train", "and", "--units", 3, "--samples", 64, "--epochs", 1, "--out", run);
        Path out = folder.resolve("out");
        Cli cli = Cli.run("analyze", run, "--parts", "latents", "--out", out);
        assertEquals(ExitCode.FAILED, cli.exitCode());
        assertTrue(cli.err().contains("W_rec is no product of factors, expected a network of low rank"), cli.err());
        assertFalse(Files.exists(out));
    }

    @Test
    void ranksThatMakeNoSenseAreRefusedInOneLine() {
        for (List<String> options : List.of(
                List.of("--rank", "0"),
                List.of("--rank", "51"),
                List.of("--rank", "2", "--density", "0.5"),
                List.of("--rank", "2", "--dale", "0.8", "--activation", "relu"),
                List.of("--rank", "2", "--init", "identity"),
                List.of("--rank", "2", "--fixed", "W_rec"),
                List.of("--fixed", "P"))) {
            Object[] command = new Object[options.size() + 4];
            List.of("train", "and", "--out", folder.resolve("no")).toArray(command);
            for (int k = 0; k < options.size(); k++) {
                command[4 + k] = options.get(k);
            }
            Cli cli = Cli.run(command);
            assertEquals(ExitCode.WRONG_USE, cli.exitCode(), options + "\n" + cli);
            assertEquals(1, cli.err().strip().lines().count(), cli.err());
            assertFalse(Files.exists(folder.resolve("no")));
        }
    }

    @Test
    void gradcheckTakesARank() {
        Cli cli = Cli.run("gradcheck", "--rank", 2, "--units", 21, "--cases", 2, "--steps", 3, "--batch", 3);
        assertEquals(ExitCode.DONE, cli.exitCode(), cli.toString());
        assertTrue(cli.out().contains("N 21, O") && cli.out().contains("rank 2"), cli.out());
        assertEquals(
                ExitCode.WRONG_USE,
                Cli.run("gradcheck", "--rank", 5, "--units", 4).exitCode());
    }

    @Test
    void gradcheckDrawsAsManyUnitsAsTheRankNeeds() {
        Cli cli = Cli.run("gradcheck", "--rank", 7, "--cases", 6, "--steps", 2, "--batch", 2, "--precision", "float");
        assertEquals(ExitCode.DONE, cli.exitCode(), cli.toString());
        assertTrue(cli.out().contains("N 7, O") && cli.out().contains("N 14, O"), cli.out());
    }

    @Test
    void gradcheckInFloatHasNetworksOfLowRank() {
        Cli cli = Cli.run("gradcheck", "--precision", "float", "--cases", 1, "--steps", 2, "--batch", 2);
        assertEquals(ExitCode.DONE, cli.exitCode(), cli.toString());
        assertTrue(cli.out().contains("N 26, O 2, rank 8"), cli.out());
    }
}
