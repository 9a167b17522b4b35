package attractor.figure;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import attractor.analysis.Attractors;
import attractor.analysis.FixedPoints;
import attractor.analysis.NetworkAnalysis;
import attractor.analysis.Trajectories;
import attractor.kernel.Activation;
import attractor.model.Initializers;
import attractor.model.Rnn;
import attractor.model.RnnShape;
import attractor.random.RandomStream;
import attractor.task.Task;
import attractor.task.TrialPart;
import java.awt.geom.Line2D;
import java.awt.geom.Path2D;
import java.awt.geom.PathIterator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NetworkFiguresTest {
    private static final List<String> ALWAYS = List.of("spectrum", "weights", "jacobians");
    private static final List<String> WITH_TASK = List.of("responses", "pca", "variance", "fixed-points");

    @TempDir
    private Path folder;

    /** Types of any number, of one part or several; some inputs, some outputs. */
    private record AnyTask(int inputs, int outputs, int steps, List<String> types, List<TrialPart> parts)
            implements Task {
        @Override
        public String name() {
            return "any";
        }

        @Override
        public String description() {
            return "";
        }

        @Override
        public double dtMs() {
            return 1;
        }

        @Override
        public void write(int type, RandomStream random, double[] x, double[] y, double[] mask) {
            random.addGaussian(x, 0, x.length, 0.5);
            Arrays.fill(y, type);
        }
    }

    private static Task task(int inputs, int outputs, int steps, int types) {
        List<String> names =
                IntStream.range(0, types).mapToObj(k -> "<" + k + ">").toList();
        List<TrialPart> parts = steps < 3
                ? List.of(new TrialPart(TrialPart.RESPONSE, 0, steps))
                : List.of(
                        new TrialPart("a part of one's own", 0, 1),
                        new TrialPart(TrialPart.STIMULUS, 1, 2),
                        new TrialPart(TrialPart.RESPONSE, 2, steps));
        return new AnyTask(inputs, outputs, steps, names, parts);
    }

    private static Rnn network(int inputs, int units, int outputs, double gain) {
        RnnShape shape = new RnnShape(inputs, units, outputs);
        double[] p = new double[shape.parameters()];
        RandomStream random = new RandomStream(1, Initializers.WEIGHTS, 0);
        random.addGaussian(p, 0, shape.bOut().offset(), gain / Math.sqrt(units));
        return new Rnn(shape, Activation.TANH, 1, 1, false, p);
    }

    private static NetworkAnalysis analysis(Rnn rnn, Optional<Rnn> initial, Optional<Task> task) {
        return NetworkAnalysis.of(
                rnn,
                initial,
                task,
                FixedPoints.Options.of(rnn).withSeeds(32),
                Attractors.Options.of(rnn).withNoisyTrials(1).withSettleSteps(500));
    }

    @ParameterizedTest
    @CsvSource({
        "1, 1, 1, 1, 1, 1.5", // one of everything
        "1, 1, 1, 40, 3, 2.5",
        "2, 2, 1, 30, 2, 1.2",
        "5, 12, 3, 25, 9, 1.1", // fewer than 25 units, several outputs, more types than a row has
        "1, 60, 2, 1, 2, 0.9" // a trial of one step
    })
    void drawsNetworksOfAllSizes(int inputs, int units, int outputs, int steps, int types, double gain)
            throws Exception {
        Rnn rnn = network(inputs, units, outputs, gain);
        Task task = task(inputs, outputs, steps, types);
        List<Path> files = NetworkFigures.write(
                folder, "n", NetworkFigures.of(analysis(rnn, Optional.of(rnn), Optional.of(task)), false));
        assertEquals(2 * (ALWAYS.size() + WITH_TASK.size()), files.size(), files.toString());
        for (Path file : files) {
            if (file.toString().endsWith(".png")) {
                FigureFiles.checkPng(file);
            } else {
                FigureFiles.checkSvg(file);
            }
        }
        List<String> responses = FigureFiles.checkSvg(folder.resolve("n-responses.svg"));
        assertTrue(
                responses.containsAll(List.of(
                        "time (ms)",
                        "output",
                        "input",
                        "trial <" + (types - 1) + ">",
                        units > 25 ? "unit (25 of 60)" : "unit")),
                responses.toString());
        assertTrue(outputs == 1 || responses.contains("output " + (outputs - 1)), responses.toString());
        List<String> spectrum = FigureFiles.checkSvg(folder.resolve("n-spectrum.svg"));
        assertTrue(spectrum.containsAll(List.of("Re λ", "Im λ", "before training")), spectrum.toString());
    }

    @Test
    void withoutTaskWhatNeedsNoTask() throws Exception {
        List<Path> files = NetworkFigures.write(
                folder,
                "n",
                NetworkFigures.of(analysis(network(2, 10, 1, 1.5), Optional.empty(), Optional.empty()), false));
        List<String> names = files.stream().map(f -> f.getFileName().toString()).toList();
        assertEquals(
                List.of(
                        "n-spectrum.png",
                        "n-spectrum.svg",
                        "n-weights.png",
                        "n-weights.svg",
                        "n-jacobians.png",
                        "n-jacobians.svg"),
                names);
        assertTrue(!FigureFiles.checkSvg(folder.resolve("n-spectrum.svg")).contains("before training"));
    }

    @Test
    void theSameAnalysisGivesTheSameBytes() throws Exception {
        Rnn rnn = network(2, 30, 1, 1.3);
        NetworkAnalysis analysis = analysis(rnn, Optional.empty(), Optional.of(task(2, 1, 50, 2)));
        Path again = Files.createDirectory(folder.resolve("again"));
        List<Path> files = NetworkFigures.write(folder, "n", NetworkFigures.of(analysis, false));
        NetworkFigures.write(again, "n", NetworkFigures.of(analysis, false));
        for (Path file : files) {
            assertArrayEquals(
                    Files.readAllBytes(file), Files.readAllBytes(again.resolve(file.getFileName())), file.toString());
        }
    }

    @Test
    void anOutputThatGrowsBeyondBoundsIsDrawnAsFarAsItGoes() throws Exception {
        Trajectories trials = new Trajectories(
                List.of("a"),
                List.of(List.of(new TrialPart("all", 0, 4))),
                1,
                4,
                1,
                1,
                1,
                new double[] {0, 1, 0, 0},
                new double[4],
                new double[] {1, 1, 1, 1},
                new double[4],
                new double[] {0, 1e200, Double.NaN, Double.POSITIVE_INFINITY},
                false);
        Figure figure = NetworkFigures.inputsAndOutputs(trials, "diverging");
        figure.write(folder, "d");
        FigureFiles.checkPng(folder.resolve("d.png"));
        assertTrue(FigureFiles.checkSvg(folder.resolve("d.svg")).contains("diverging"));
    }

    @Test
    void aFolderThatIsNotThereIsNamed() {
        Path nowhere = folder.resolve("nowhere");
        NetworkAnalysis analysis = analysis(network(1, 3, 1, 1), Optional.empty(), Optional.empty());
        IOException e = assertThrows(
                IOException.class, () -> NetworkFigures.write(nowhere, "n", NetworkFigures.of(analysis, false)));
        assertTrue(e.getMessage().contains("nowhere") && e.getMessage().lines().count() == 1, e.getMessage());
    }

    @Test
    void aShortenedPathIsTheSamePath() {
        assertEquals(
                "M1.5 2l-1.25 .5l0-.25ZM0 7c.5-1 0 0 2 2Z",
                Figure.shortened("M1.5 2 L0.25 2.5 L0.25 2.25 Z M0 7 C0.5 6 0 7 2 9 Z"));
        assertEquals("M0 0 Q1 1 2 2", Figure.shortened("M0 0 Q1 1 2 2"));
    }

    @Test
    void aSimplifiedPathStaysWithinItsTolerance() {
        Path2D path = new Path2D.Double();
        path.moveTo(0, 0);
        for (int i = 1; i <= 1000; i++) {
            path.lineTo(i, 40 * Math.sin(i / 80.0));
        }
        Path2D simple = Panel.simplified(path);
        List<double[]> kept = new ArrayList<>();
        double[] p = new double[6];
        for (PathIterator it = simple.getPathIterator(null); !it.isDone(); it.next()) {
            it.currentSegment(p);
            kept.add(p.clone());
        }
        assertTrue(kept.size() < 200, kept.size() + " points");
        for (int i = 0; i <= 1000; i++) {
            double nearest = Double.POSITIVE_INFINITY;
            for (int k = 1; k < kept.size(); k++) {
                nearest = Math.min(
                        nearest,
                        Line2D.ptSegDist(
                                kept.get(k - 1)[0],
                                kept.get(k - 1)[1],
                                kept.get(k)[0],
                                kept.get(k)[1],
                                i,
                                40 * Math.sin(i / 80.0)));
            }
            assertTrue(nearest < 0.095, "point " + i + " is " + nearest + " away");
        }
    }
}
