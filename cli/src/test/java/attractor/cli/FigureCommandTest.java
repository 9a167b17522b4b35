package attractor.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import attractor.figure.FigureFiles;
import attractor.figure.PaperFigures;
import attractor.io.NpyArray;
import attractor.io.Npz;
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
            case 6 -> List.of("orthogonal, before", "normal, after", "Re λ", "largest |λ|");
            case 11 -> List.of("trial Set, Reset", "trial Reset, Set", "Re λ", "recurrent weight");
            default ->
                List.of(
                        "trial " + List.of("00", "01", "10", "11").get(number - 7),
                        "and-oscillating",
                        "unit (25 of 50)",
                        "Δh = 1");
        };
        List<String> texts = FigureFiles.checkSvg(svg);
        assertTrue(texts.containsAll(expected), number + ": " + texts);
        if (number == 7) {
            assertFalse(texts.contains("stimulus"), "there is none in a trial 00: " + texts);
        } else if (number > 7) {
            assertTrue(texts.contains("stimulus"), number + ": " + texts);
        }
    }

    /** Figure 1 would fit into this size, figure 8 doesn't. */
    @Test
    void aFigureThatCannotBeMadeLeavesNoOtherBehind() throws Exception {
        Path out = folder.resolve("out");
        Cli run = Cli.run("figure", 1, 8, "--folder", DATA, "--out", out, "--size", "60x60mm");
        assertEquals(2, run.exitCode(), run.toString());
        assertEquals("", run.out());
        assertFalse(Files.exists(out));
    }

    @Test
    void sizeAndLearning() throws Exception {
        Path run = folder.resolve("run");
        assertEquals(0, Cli.trainTiny(run).exitCode());
        Path out = folder.resolve("out");
        Cli drawn = Cli.run(
                "figure", "1", "learning", "--network", run, "--network", run, "--size", "13x9cm", "--out", out);
        assertEquals(0, drawn.exitCode(), drawn.toString());
        assertEquals(130, FigureFiles.checkPng(out.resolve("figure-01.png")), 0.1);
        List<String> texts = FigureFiles.checkSvg(out.resolve("learning.svg"));
        assertTrue(texts.containsAll(List.of("epoch", "loss", "run", "run-2", "best.npz")), texts.toString());
    }

    /** The trials are the file's, coloured by type, with the types' names as they are there; masked steps are told apart. */
    @Test
    void aSheetAndAnAnalysisOfARunOnTrialsOfOnesOwn() throws Exception {
        Path data = folder.resolve("own.npz");
        int trials = 30;
        int steps = 20;
        double[] x = new double[trials * steps * 2];
        double[] y = new double[trials * steps];
        double[] mask = new double[trials * steps];
        long[] types = new long[trials];
        for (int i = 0; i < mask.length; i++) {
            x[2 * i] = (i / steps) % 2 * 0.5;
            y[i] = (i / steps) % 2;
            mask[i] = i % steps < 5 ? 0 : 1; // not at the end, which would be padding and not be drawn
        }
        for (int s = 0; s < trials; s++) {
            types[s] = s % 2;
        }
        Npz.write(
                data,
                Map.of(
                        "x", NpyArray.of(x, trials, steps, 2),
                        "y", NpyArray.of(y, trials, steps, 1),
                        "mask", NpyArray.of(mask, trials, steps),
                        "type", NpyArray.of(types, trials)));
        Path run = folder.resolve("run");
        Cli trained = Cli.run("train", "--data", data, "--units", 5, "--epochs", 2, "--out", run);
        assertEquals(0, trained.exitCode(), trained.toString());
        Path out = folder.resolve("out");
        Cli sheet = Cli.run("figure", "sheet", "--network", run, "--data", data, "--out", out);
        assertEquals(0, sheet.exitCode(), sheet.toString());
        List<String> texts = FigureFiles.checkSvg(out.resolve("sheet-run.svg"));
        assertTrue(
                texts.containsAll(List.of("trial 0", "trial 1", "not scored (masked)", "training")), texts.toString());
        Path analysis = folder.resolve("analysis");
        Cli analyzed = Cli.run("analyze", run, "--data", data, "--epochs", "--fixed-point-seeds", 8, "--out", analysis);
        assertEquals(0, analyzed.exitCode(), analyzed.toString());
        assertTrue(analyzed.out().contains(" 1: ") && !analyzed.out().contains("High"), analyzed.out());
        List<String> pca = FigureFiles.checkSvg(analysis.resolve("run-pca.svg"));
        assertTrue(pca.containsAll(List.of("trial types:", "0", "1", "not scored (masked)")), pca.toString());
        List<String> epochs = FigureFiles.checkSvg(analysis.resolve("run-epochs.svg"));
        assertTrue(epochs.containsAll(List.of("epoch 0", "epoch 2", "spectral radius", "unstable")), epochs.toString());
        assertTrue(FigureFiles.checkSvg(analysis.resolve("run-learning.svg")).contains("loss"));
        Cli without = Cli.run("figure", "sheet", "--network", run, "--out", out);
        assertTrue(without.exitCode() != 0 && without.err().contains("give --data"), without.toString());
    }

    @Test
    void optionsThatMeanNothingAreRefused() {
        Path net = DATA.resolve("and.npz");
        Object[][] ignored = {
            {"--network", "13", "--network", net},
            {"--seed", "1", "--seed", "3"},
            {"--seed", "6", "--seed", "3"},
            {"--noise", "12", "--noise", "0"},
            {"--task", "14", "--task", "and"},
            {"--reference", "12", "--reference", folder},
            {"--study", "7", "--study", folder},
            {"--initial", "7", "--network", net, "--initial", net},
            {"--folder", "7", "--network", net, "--folder", DATA},
            {"--input-order", "learning", "--network", net, "--input-order", "1,0"}
        };
        for (Object[] words : ignored) {
            List<Object> line = new ArrayList<>(List.of("figure", "--out", folder.resolve("out")));
            line.addAll(Arrays.asList(words).subList(1, words.length));
            Cli run = Cli.run(line.toArray());
            assertEquals(2, run.exitCode(), line + "\n" + run);
            assertEquals(
                    "attractor: " + words[0] + " is not an option of figure " + words[1] + ", expected none\n",
                    run.err());
        }
        assertFalse(Files.exists(folder.resolve("out")));
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
        assertTrue(FigureFiles.checkSvg(out.resolve("figure-06.svg")).contains("run, orthogonal, before"));
        assertTrue(FigureFiles.checkSvg(out.resolve("sheet-run.svg")).contains("before training"));
        byte[] first = Files.readAllBytes(out.resolve("figure-07.png"));
        Cli.run("figure", "7", "--network", run, "--out", out, "--seed", "1");
        assertTrue(!Arrays.equals(first, Files.readAllBytes(out.resolve("figure-07.png"))), "other noise");
        Cli.run("figure", "7", "--network", run, "--out", out);
        assertArrayEquals(first, Files.readAllBytes(out.resolve("figure-07.png")));
    }

    @Test
    void anErrorLeavesNoEmptyFolder() {
        Path out = folder.resolve("empty").resolve("below");
        Cli run = Cli.run("figure", "learning", "--network", DATA.resolve("and.npz"), "--out", out);
        assertEquals(1, run.exitCode(), run.toString());
        assertTrue(!Files.exists(out.getParent()), "the folder is made when there is a figure to write");
    }

    @Test
    void wrongUseIsOneLine() throws Exception {
        Path stranger = folder.resolve("stranger.npz");
        NetworkFile.write(stranger, Rnn.zeros(new RnnShape(2, 3, 1)), Map.of());
        Path file = Files.writeString(folder.resolve("file"), "");
        Object[][] wrong = {
            {2, "there is no figure 15, expected 1 to 14, sheet, learning, all, amplitude, and, ", "15"},
            {2, "there is no figure 0, expected 1 to 14", "0"},
            {2, "there is no network axor, expected 1 to 14", "axor"},
            {2, "sheet needs a --network", "sheet"},
            {2, "learning needs a --network", "learning"},
            {1, "and.npz is not a run directory", "learning", "--network", DATA.resolve("and.npz")},
            {2, "--size is '12', expected WIDTHxHEIGHT", "1", "--size", "12"},
            {2, "--size 30x30mm is too small for this figure, expected at least", "1", "--size", "3x3cm"},
            {2, "all draws what is in data/networks", "all", "--network", stranger},
            {2, "xor would be a network of data/networks", "xor", "--network", stranger},
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
            List<Object> line = new ArrayList<>(List.of("figure"));
            line.addAll(Arrays.asList(words).subList(2, words.length));
            if (!line.contains("--network")) {
                line.addAll(List.of("--folder", DATA));
            }
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
