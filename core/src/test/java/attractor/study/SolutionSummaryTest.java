package attractor.study;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import attractor.io.FormatException;
import attractor.similarity.NetworkComparison.Measure;
import attractor.study.SolutionSummary.Cell;
import attractor.study.SolutionSummary.Told;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tables made by hand. */
class SolutionSummaryTest {
    @TempDir
    private Path folder;

    private final List<String> networks = new ArrayList<>(List.of("run,task,init,units,seed,passed,attractors"));
    private final List<String> pairs =
            new ArrayList<>(List.of("task,first,second,dynamics,procrustes,cka,spectrum,attractors"));
    private final List<double[]> places = new ArrayList<>();

    /** A network at a place on a line for each measure. */
    private void network(String init, int units, String graph, double... place) {
        String run = "r" + places.size();
        networks.add(run + ",and," + init + "," + units + "," + places.size() + ",true," + graph);
        for (int other = 0; other < places.size(); other++) {
            StringBuilder row = new StringBuilder("and,r" + other + "," + run);
            for (int m = 0; m < 5; m++) {
                row.append(',').append(Math.abs(places.get(other)[m] - place[m]));
            }
            pairs.add(row.toString());
        }
        places.add(place);
    }

    private SolutionSummary summary() throws IOException {
        return SolutionSummary.of(
                ResultTable.read(Files.write(folder.resolve("solutions.csv"), networks)),
                ResultTable.read(Files.write(folder.resolve("solution_pairs.csv"), pairs)));
    }

    private static Told byInit(Cell cell, Measure measure) {
        return cell.measures().get(measure).byInit().orElseThrow();
    }

    /** Two clouds that are the two kinds of weights by one measure, and have nothing to do with them by the others. */
    @Test
    void cloudsAndWeights() throws IOException {
        for (int k = 0; k < 8; k++) {
            double noise = 0.1 * (k % 4);
            double cloud = k < 4 ? 0.0 : 10.0;
            double other = k % 2 == 0 ? 0.0 : 10.0;
            network(k < 4 ? "orthogonal" : "normal", 20, k == 0 ? "a" : "b", cloud + noise, other, noise, noise, other);
        }
        networks.add("failed,and,normal,20,9,false,");
        SolutionSummary summary = summary();
        assertEquals(1, summary.cells().size());
        assertTrue(summary.changes().isEmpty());
        Cell cell = summary.cells().get(0);
        assertEquals(9, cell.networks());
        assertEquals(8, cell.passed());
        assertEquals(
                2, cell.measures().get(Measure.DYNAMICS).matrix().clusters().number());
        // On a line the sums of squares are those about the means: within 2 * 0.05, between 8 * 25.
        Told told = byInit(cell, Measure.DYNAMICS);
        assertEquals(200.0 / 200.1, told.share(), 1e-12);
        assertTrue(told.p() < 0.06, "p " + told.p());
        assertEquals(1.0 / 7.0, told.chance(), 1e-15);
        assertEquals(0.0, byInit(cell, Measure.PROCRUSTES).share(), 1e-12);
        assertTrue(byInit(cell, Measure.PROCRUSTES).p() > 0.5);
        assertTrue(cell.measures().get(Measure.DYNAMICS).byUnits().isEmpty());
        assertEquals(
                List.of(7, 1),
                cell.graphs().stream().map(SolutionSummary.Graph::networks).toList());
        assertEquals(Map.of("orthogonal", 3, "normal", 4), cell.graphs().get(0).byInit());
        assertEquals(64.0 / 50.0, cell.effectiveGraphs(), 1e-15);
        assertArrayEquals(new int[] {0, 0, 0, 0, 1, 1, 1, 1}, cell.init());
    }

    /** The jackknife, from the shares that are computed on a line by means. */
    @Test
    void theErrorOfAShare() throws IOException {
        double[] x = {0.0, 1.0, 0.5, 3.0, 2.0, 2.5, 4.0};
        int[] group = {0, 0, 0, 1, 1, 1, 1};
        for (int k = 0; k < x.length; k++) {
            network(group[k] == 0 ? "orthogonal" : "normal", 20, "a", x[k], x[k], x[k], x[k], x[k]);
        }
        double[] without = new double[x.length];
        double mean = 0.0;
        for (int out = 0; out < x.length; out++) {
            without[out] = share(x, group, out);
            mean += without[out] / x.length;
        }
        double squares = 0.0;
        for (double share : without) {
            squares += (share - mean) * (share - mean);
        }
        Told told = byInit(summary().cells().get(0), Measure.SPECTRUM);
        assertEquals(share(x, group, -1), told.share(), 1e-12);
        assertEquals(Math.sqrt(6.0 / 7.0 * squares), told.standardError(), 1e-12);
    }

    private static double share(double[] x, int[] group, int out) {
        double within = 0.0;
        for (int g = 0; g < 2; g++) {
            within += squares(x, group, g, out);
        }
        return 1.0 - within / squares(x, group, -1, out);
    }

    private static double squares(double[] x, int[] group, int g, int out) {
        double sum = 0.0;
        double all = 0.0;
        int count = 0;
        for (int k = 0; k < x.length; k++) {
            if (k != out && (g < 0 || group[k] == g)) {
                sum += x[k];
                all += x[k] * x[k];
                count++;
            }
        }
        return all - sum * sum / count;
    }

    /** With 20 units the weights tell the solutions, with 50 they don't. */
    @Test
    void aChangeWithTheNumberOfUnits() throws IOException {
        for (int k = 0; k < 16; k++) {
            boolean small = k < 8;
            boolean orthogonal = k % 2 == 0;
            double noise = 0.3 * (k / 2 % 4);
            double told = small && orthogonal ? 5.0 + noise : noise;
            network(
                    orthogonal ? "orthogonal" : "normal",
                    small ? 20 : 50,
                    "a",
                    told,
                    noise,
                    told,
                    noise,
                    small ? 0 : 9);
        }
        SolutionSummary summary = summary();
        assertEquals(
                List.of("20", "50", SolutionSummary.ALL),
                summary.cells().stream().map(Cell::units).toList());
        Map<Measure, Double> p = new java.util.EnumMap<>(Measure.class);
        summary.changes().forEach(change -> p.put(change.measure(), change.p()));
        assertTrue(p.get(Measure.DYNAMICS) < 1e-3, p.toString());
        assertTrue(p.get(Measure.PROCRUSTES) > 0.5 || p.get(Measure.PROCRUSTES).isNaN(), p.toString());
        SolutionSummary.Change change = summary.changes().get(0);
        assertEquals(
                byInit(summary.cells().get(1), Measure.DYNAMICS).share()
                        - byInit(summary.cells().get(0), Measure.DYNAMICS).share(),
                change.difference(),
                1e-15);
        Cell all = summary.cells().get(2);
        assertEquals(
                1.0,
                all.measures().get(Measure.ATTRACTORS).byUnits().orElseThrow().share(),
                1e-12);
        assertTrue(
                all.measures().get(Measure.PROCRUSTES).byUnits().orElseThrow().p() > 0.5);
    }

    @Test
    void aMissingPairIsNamed() throws IOException {
        for (int k = 0; k < 3; k++) {
            network("normal", 20, "a", k, k, k, k, k);
        }
        pairs.remove(2);
        FormatException e = assertThrows(FormatException.class, this::summary);
        assertEquals(
                "solution_pairs.csv has no pair of r0 and r2, expected all pairs of networks that pass", e.getMessage());
    }

    @Test
    void oneNetworkIsTooFew() throws IOException {
        network("normal", 20, "a", 0, 0, 0, 0, 0);
        networks.add("r1,and,normal,20,1,false,");
        Cell cell = summary().cells().get(0);
        assertEquals(1, cell.passed());
        assertTrue(cell.measures().isEmpty());
        assertEquals(1.0, cell.effectiveGraphs(), 0.0);
    }
}
