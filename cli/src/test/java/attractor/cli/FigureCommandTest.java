package attractor.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import attractor.figure.FigureFiles;
import attractor.figure.PaperFigures;
import attractor.model.NetworkFile;
import attractor.model.Rnn;
import attractor.model.RnnShape;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class FigureCommandTest {
    private static final Path DATA = Path.of("..", "data", "networks");

    @TempDir
    private Path folder;

    private static IntStream numbers() {
        return IntStream.rangeClosed(1, PaperFigures.LAST);
    }

    @ParameterizedTest
    @MethodSource("numbers")
    void drawsEachFigure(int number) throws Exception {
        Cli run = Cli.run("figure", number, "--folder", DATA, "--out", folder);
        assertEquals(0, run.exitCode(), run.toString());
        String name = String.format(Locale.ROOT, "figure-%02d", number);
        Path png = folder.resolve(name + ".png");
        Path svg = folder.resolve(name + ".svg");
        assertEquals(List.of(png.toString(), svg.toString()), run.out().lines().toList());
        FigureFiles.checkPng(png);
        List<String> expected = switch (number) {
            case 1 -> List.of("50 units", "2 inputs", "1 output");
            case 3 -> List.of("and, 11", "or, 01", "xor, 10", "not, 0", "time (ms)");
            case 2, 4, 5 -> List.of("time (ms)", "signal", "target", "output");
            case 6 -> List.of("and, before", "and-normal, after", "Re λ", "leading");
            case 11 -> List.of("trial Set, Reset", "trial Reset, Set", "Re λ", "recurrent weight");
            default ->
                List.of(
                        "trial " + List.of("00", "01", "10", "11").get(number - 7),
                        "and-oscillating",
                        "unit (25 of 50)",
                        "stimulus");
        };
        List<String> texts = FigureFiles.checkSvg(svg);
        assertTrue(texts.containsAll(expected), number + ": " + texts);
    }

    @Test
    void aNetworkGoesByItsName() throws Exception {
        Cli run = Cli.run("figure", "xor", "--folder", DATA, "--out", folder.resolve("made/here"));
        assertEquals(0, run.exitCode(), run.toString());
        FigureFiles.checkPng(folder.resolve("made/here/sheet-xor.png"));
        List<String> texts = FigureFiles.checkSvg(folder.resolve("made/here/sheet-xor.svg"));
        assertTrue(texts.containsAll(List.of("xor", "trial 11", "variance (%)", "before training")), texts.toString());
    }

    @Test
    void networksOfOnesOwn() throws Exception {
        Path run = folder.resolve("run");
        assertEquals(0, Cli.trainTiny(run).exitCode());
        Path out = folder.resolve("out");
        Cli drawn = Cli.run("figure", "1", "6", "7", "sheet", "--network", run, "--out", out);
        assertEquals(0, drawn.exitCode(), drawn.toString());
        assertTrue(FigureFiles.checkSvg(out.resolve("figure-01.svg")).contains("6 units"));
        assertTrue(FigureFiles.checkSvg(out.resolve("figure-06.svg")).contains("run, before"));
        assertTrue(FigureFiles.checkSvg(out.resolve("sheet-run.svg")).contains("before training"));
        byte[] first = Files.readAllBytes(out.resolve("figure-07.png"));
        Cli.run("figure", "7", "--network", run, "--out", out, "--seed", "1");
        assertTrue(!Arrays.equals(first, Files.readAllBytes(out.resolve("figure-07.png"))), "other noise");
        Cli.run("figure", "7", "--network", run, "--out", out);
        assertArrayEquals(first, Files.readAllBytes(out.resolve("figure-07.png")));
    }

    @Test
    void wrongUseIsOneLine() throws Exception {
        Path stranger = folder.resolve("stranger.npz");
        NetworkFile.write(stranger, Rnn.zeros(new RnnShape(2, 3, 1)), Map.of());
        Path file = Files.writeString(folder.resolve("file"), "");
        Object[][] wrong = {
            {2, "there is no figure 15, expected 1 to 14, sheet, all, and, ", "15"},
            {2, "there is no figure 0, expected 1 to 14", "0"},
            {2, "there is no network axor, expected 1 to 14", "axor"},
            {2, "sheet needs a --network", "sheet"},
            {2, "all draws what is in data/networks", "all", "--network", stranger},
            {2, "xor is a network of data/networks", "xor", "--network", stranger},
            {
                2,
                "there are 1 --initial, expected one for each --network, of which there are 0",
                "6",
                "--initial",
                stranger
            },
            {1, "stranger does not say what it was trained for", "7", "--network", stranger},
            {1, "stranger: there is no network before training", "6", "--network", stranger},
            {1, "pulse has trials [none, pulse], expected 01 among them", "8", "--network", DATA.resolve("pulse.npz")},
            {1, "xor does the task xor, expected flipflop", "11", "--network", DATA.resolve("xor.npz")},
            {1, "absent.npz: no such file", "1", "--network", folder.resolve("absent.npz")},
            {1, "file", "1", "--out", file},
            {1, "file", "1", "--out", file.resolve("below")}
        };
        for (Object[] words : wrong) {
            List<Object> line = new ArrayList<>(List.of("figure", "--folder", DATA));
            line.addAll(Arrays.asList(words).subList(2, words.length));
            if (!line.contains("--out")) {
                line.addAll(List.of("--out", folder.resolve("out")));
            }
            Cli run = Cli.run(line.toArray());
            assertEquals(words[0], run.exitCode(), line + "\n" + run);
            assertTrue(run.err().contains((String) words[1]), line + "\n" + run);
            assertEquals(1, run.err().lines().count(), line + "\n" + run);
        }
        Cli noData = Cli.run("figure", "xor", "--folder", folder.resolve("nodata"), "--out", folder);
        assertTrue(noData.exitCode() == 1 && noData.err().contains("nodata"), noData.toString());
    }
}
