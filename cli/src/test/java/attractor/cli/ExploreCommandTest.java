package attractor.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import attractor.cli.terminal.ExitCode;
import attractor.io.NpyArray;
import attractor.io.Npz;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code attractor explore}; what a browser shows is tested by {@code PageBrowserTest}, with {@code -Pbrowser}. */
class ExploreCommandTest {
    private static final Path XOR = Path.of("..", "data", "networks", "xor.npz");

    @TempDir
    private Path folder;

    @Test
    void aPageIsSmallAndReplaced() throws Exception {
        Path page = folder.resolve("page.html");
        Files.writeString(page, "something else");
        Cli cli = Cli.run("explore", XOR, "--out", page);
        assertEquals(ExitCode.DONE, cli.exitCode(), cli.toString());
        assertTrue(cli.out().contains("page.html: 1 network, "), cli.out());
        assertTrue(Files.size(page) > 900_000 && Files.size(page) < 2_000_000, Files.size(page) + " bytes");
        assertTrue(Files.readString(page).startsWith("<!doctype html>"));
    }

    @Test
    void aRunDirectoryHasItsEpochsUnlessTheyAreLeftOut() throws Exception {
        Path run = folder.resolve("run");
        assertEquals(ExitCode.DONE, Cli.trainTiny(run).exitCode());
        Path page = folder.resolve("page.html");
        assertEquals(ExitCode.DONE, Cli.run("explore", run, "--out", page).exitCode());
        assertTrue(Files.readString(page).contains("\"epochs\":{\"numbers\":[0,1,2]"));
        assertEquals(
                ExitCode.DONE,
                Cli.run("explore", run, "--no-epochs", "--out", page).exitCode());
        assertTrue(Files.readString(page).contains("\"epochs\":null"));
    }

    @Test
    void networksThatArentAreRefusedAndNothingIsWritten() throws Exception {
        Npz npz = Npz.read(XOR);
        Map<String, NpyArray> arrays = new LinkedHashMap<>();
        for (String name : new String[] {"W_in", "W_rec", "W_out", "b_out"}) {
            arrays.put(name, npz.get(name));
        }
        double[] w = npz.get("W_rec").toDoubles("W_rec");
        w[7] = Double.NaN;
        arrays.put("W_rec", NpyArray.of(w, 50, 50));
        Path bad = folder.resolve("bad.npz");
        Npz.write(bad, arrays);
        Path page = folder.resolve("page.html");
        Cli cli = Cli.run("explore", XOR, bad, "--out", page);
        assertEquals(ExitCode.FAILED, cli.exitCode(), cli.toString());
        assertTrue(cli.err().contains("NaN"), cli.toString());
        assertEquals(1, cli.err().lines().count(), cli.toString());
        assertFalse(Files.exists(page));
        assertEquals(ExitCode.WRONG_USE, Cli.run("explore", XOR, "--out", XOR).exitCode(), "a network isn't replaced");
    }
}
