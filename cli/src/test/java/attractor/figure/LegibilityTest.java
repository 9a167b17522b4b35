package attractor.figure;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import attractor.analysis.Trajectories;
import attractor.bifurcation.BifurcationDiagram;
import attractor.bifurcation.BifurcationDiagram.Bifurcation;
import attractor.bifurcation.BifurcationDiagram.Kind;
import attractor.bifurcation.BifurcationDiagram.Side;
import attractor.task.TrialPart;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What figures show can be told apart. */
class LegibilityTest {
    @TempDir
    private Path folder;

    private static Map<String, double[][][]> spectra(List<String> names) {
        Map<String, double[][][]> spectra = new LinkedHashMap<>();
        double[][] same = {{0.5, -0.2}, {0.1, 0.4}};
        names.forEach(name -> spectra.put(name, new double[][][] {same, same}));
        return spectra;
    }

    @Test
    void titlesThatBeginAlikeAreNotCut() throws Exception {
        List<String> names = List.of(
                "activation softplus, init orthogonal, units 10",
                "activation softplus, init orthogonal, units 20",
                "activation softplus, init normal, units 10",
                "signs of-all-the-weights-of-a-matrix-with-a-name-without-blanks, units 20");
        Path svg = folder.resolve("s.svg");
        StudyFigures.spectra(spectra(names)).write(svg);
        String words = String.join(" ", FigureFiles.checkSvg(svg));
        assertFalse(words.contains("…"), words);
        for (String name : names.subList(0, 3)) {
            assertTrue(words.contains(name), words);
        }
    }

    @Test
    void aTextIsBrokenIntoLinesThatFit() {
        String text = "one two three four-and-a-very-long-word five";
        List<String> lines = Style.lines(text, 40, Style.FONT, 20);
        assertEquals(text.replace(" ", ""), String.join("", lines).replace(" ", ""));
        assertTrue(lines.size() > 3, lines.toString());
        for (String line : lines) {
            assertTrue(Style.width(line, Style.FONT) <= 40, line);
        }
        List<String> two = Style.lines(text, 40, Style.FONT, 2);
        assertEquals(2, two.size());
        assertTrue(two.get(1).endsWith("…"), two.toString());
        assertEquals(List.of("short"), Style.lines("short", 40, Style.FONT, 2));
    }

    /** Where training changes no eigenvalue, both marks are seen: the smaller one is drawn last. */
    @Test
    void eigenvaluesBeforeTrainingAreSeenOnThoseAfter() {
        List<?> series = (List<?>)
                StudyFigures.spectra(spectra(List.of("a"))).toJson(10).get(0).get("series");
        Map<?, ?> after = (Map<?, ?>) series.get(series.size() - 2);
        Map<?, ?> before = (Map<?, ?>) series.get(series.size() - 1);
        assertEquals("after", after.get("name"));
        assertEquals("before training", before.get("name"));
        assertTrue((double) before.get("size") < 0.7 * (double) after.get("size"));
    }

    @Test
    void curvesOfACategoryStandSideBySide() {
        double[] places = {0, 1, 2};
        for (int curves = 1; curves <= 7; curves++) {
            double apart = SweepFigures.apart(places, curves, false);
            assertEquals(0.7 / curves, apart, 1e-12);
            // Those of one place are nearer to each other than to the next place's.
            assertTrue(apart < 1 - (curves - 1) * apart);
        }
        // Curves that lines join stay near their place, and never reach the next.
        assertEquals(0.05, SweepFigures.apart(places, 2, true), 1e-12);
        assertTrue(3 * SweepFigures.apart(new double[] {1, 2, 1000}, 4, true) < 1);
        assertTrue(SweepFigures.apart(new double[] {5}, 3, false) > 0);
    }

    private static Trajectories trials(int inputs, int outputs) {
        int steps = 3;
        double[] y = new double[steps * outputs];
        double[] target = new double[y.length];
        double[] mask = new double[y.length];
        for (int i = 0; i < y.length; i++) {
            y[i] = i % outputs == 0 ? 0 : Math.log(1 + i % outputs);
            target[i] = i % outputs == 0 ? 1 : 0;
            mask[i] = 1;
        }
        return new Trajectories(
                List.of("a"),
                List.of(List.of(new TrialPart("all", 0, steps))),
                1,
                steps,
                inputs,
                1,
                outputs,
                new double[steps * inputs],
                target,
                mask,
                new double[steps],
                y,
                false);
    }

    /** exp(y) = 1, 2, 3, so p = 1/6, 2/6, 3/6; very large outputs don't overflow. */
    @Test
    void outputsOfClassesAreProbabilities() {
        Trajectories p = trials(1, 3).withProbabilities();
        assertArrayEquals(new double[] {1 / 6.0, 2 / 6.0, 3 / 6.0}, java.util.Arrays.copyOf(p.y(), 3), 1e-15);
        Map<String, Object> panel = AnalysisPanels.outputs(p, 0).toJson(10);
        assertEquals("p (softmax)", panel.get("yLabel"));
        assertEquals(
                "output", AnalysisPanels.outputs(trials(1, 3), 0).toJson(10).get("yLabel"));
        Trajectories large = trials(1, 2);
        large.y()[0] = 1e308;
        assertArrayEquals(
                new double[] {1, 0},
                java.util.Arrays.copyOf(large.withProbabilities().y(), 2));
    }

    @Test
    void noTwoOutputsOrInputsLookAlike() {
        for (int channels : new int[] {2, 4, 5, 7, 8, 17}) {
            Trajectories t = trials(channels, channels);
            for (PanelStack panels : List.of(AnalysisPanels.response(t, 0), AnalysisPanels.targets(t, 0))) {
                List<SeriesStyle> named = panels.styles().stream()
                        .filter(style -> !style.name().isEmpty())
                        .toList();
                for (String what : List.of("input", "output", "target")) {
                    List<SeriesStyle> some = named.stream()
                            .filter(style -> style.name().startsWith(what))
                            .toList();
                    Set<Object> looks = new HashSet<>();
                    some.forEach(style -> looks.add(List.of(style.color(), style.stroke())));
                    // Where each has a row, all may look alike, and the legend has them once.
                    boolean rows = some.stream().anyMatch(style -> style.name().endsWith("a row each"));
                    assertEquals(rows ? Math.min(1, some.size()) : some.size(), looks.size(), channels + " " + what);
                    assertTrue(!rows || some.stream().distinct().count() == 1, channels + " " + what);
                }
            }
        }
        assertTrue(AnalysisPanels.inputs(trials(17, 1), 0).styles().stream()
                .allMatch(style -> style.name().equals("inputs, a row each")));
    }

    /** Each size and kind of mark that is drawn has an entry of its own in the legend, of that size. */
    @Test
    void theLegendOfBifurcationsHasEveryMarkInItsSize() throws Exception {
        List<Bifurcation> points = List.of(
                point(Kind.FOLD, 0.2, 0, 1), point(Kind.FOLD, 0.4, 1, 2), point(Kind.NEIMARK_SACKER, 0.6, 2, 4));
        BifurcationDiagram diagram =
                new BifurcationDiagram(0, 1, List.of(), points, false, BifurcationDiagram.Options.DEFAULT);
        Figure figure = BifurcationFigures.diagram(diagram, "scale", 1);
        List<?> series = (List<?>) figure.toJson(10).get(0).get("series");
        Map<String, Object> sizes = series.stream()
                .map(one -> (Map<?, ?>) one)
                .collect(Collectors.toMap(one -> (String) one.get("name"), one -> one.get("size")));
        assertEquals(Map.of("fold", 4.0, "fold of unstable ones", 2.0, "Neimark-Sacker of unstable ones", 2.0), sizes);
        Path svg = folder.resolve("b.svg");
        figure.write(svg);
        assertTrue(FigureFiles.checkSvg(svg).containsAll(sizes.keySet()));
    }

    private static Bifurcation point(Kind kind, double value, int before, int after) {
        return new Bifurcation(
                kind,
                Side.UNKNOWN,
                value,
                1,
                new double[1],
                new double[] {value},
                Double.NaN,
                Double.NaN,
                before,
                after,
                List.of(0));
    }
}
