package attractor.similarity;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import attractor.analysis.Ejml;
import attractor.model.NetworkFile;
import attractor.model.Rnn;
import attractor.population.Matrices;
import attractor.similarity.NetworkComparison.Measure;
import attractor.task.Task;
import attractor.task.Tasks;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Distances between networks: rotations and permutations, and constants of {@code data/python/checks/similarity.py}. */
class SimilarityTest {
    /** Two trajectories of 60 steps and 5 units, by the script's formula but not centred. */
    private static double[] trajectories(double p) {
        double[] x = new double[2 * 60 * 5];
        int at = 0;
        for (int s = 0; s < 2; s++) {
            for (int t = 0; t < 60; t++) {
                for (int i = 0; i < 5; i++) {
                    x[at++] = Math.sin(0.11 * p * (i + 1) * t + s) * (1 + 0.3 * i)
                            + Math.cos(0.07 * t * (i + 2) + 2 * s * p);
                }
            }
        }
        return x;
    }

    /** A random orthogonal matrix. */
    private static double[] rotation(int n, long seed) {
        Random random = new Random(seed);
        double[] g = new double[n * n];
        Arrays.setAll(g, k -> random.nextGaussian());
        Ejml.Svd svd = Ejml.svd(g, n, n);
        return Matrices.transposedProduct(svd.left(), svd.right(), n, n, n);
    }

    private static double[] matrix(int n, double p) {
        double[] m = new double[n * n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                m[i * n + j] = Math.sin(1.3 * i + 2.1 * j * p + p * i * j);
            }
        }
        return m;
    }

    private static double[] moduli(double[] a, int n) {
        double[] e = Ejml.eigenvalues(a, n);
        double[] moduli = new double[n];
        Arrays.setAll(moduli, k -> Math.hypot(e[k], e[n + k]));
        Arrays.sort(moduli);
        return moduli;
    }

    @Test
    void modesAgreeWithDsaMetric() {
        DynamicMode.Options options = new DynamicMode.Options(5, 4, 6);
        DynamicMode a = DynamicMode.of(trajectories(1.0), 2, 5, options);
        DynamicMode b = DynamicMode.of(trajectories(1.7), 2, 5, options);
        // From squares of singular values, which loses half of the digits of the small ones.
        assertArrayEquals(
                new double[] {
                    0.9386146604042511,
                    0.9755962496813537,
                    0.9948790811420254,
                    0.9948790811420254,
                    1.0040042257227784,
                    1.0040042257227784
                },
                moduli(a.matrix(), 6),
                1e-6);
        assertArrayEquals(
                new double[] {
                    0.9389331182692815,
                    0.9389331182692815,
                    0.9590791672277867,
                    0.9590791672277867,
                    0.9693900693516241,
                    0.9693900693516241
                },
                moduli(b.matrix(), 6),
                1e-6);
        assertEquals(2.4150483403090757, Math.sqrt(Matrices.squares(a.matrix())), 1e-6);
        assertEquals(2.3462809908515916, Math.sqrt(Matrices.squares(b.matrix())), 1e-6);
    }

    @Test
    void theModesOfALinearMapAreItsOwn() {
        double[] w = {0.9, -0.3, 0.3, 0.9};
        double[] x = new double[80];
        x[0] = 1.0;
        for (int t = 1; t < 40; t++) {
            x[2 * t] = w[0] * x[2 * t - 2] + w[1] * x[2 * t - 1];
            x[2 * t + 1] = w[2] * x[2 * t - 2] + w[3] * x[2 * t - 1];
        }
        DynamicMode found = DynamicMode.of(x, 1, 40, 2, 2);
        assertArrayEquals(moduli(w, 2), moduli(found.matrix(), 2), 1e-12);
    }

    /** Not above the best of five runs of dsa-metric's optimiser, and near it. */
    @Test
    void anglesAgreeWithDsaMetric() {
        double[] dsa = {1.3289134502410889, 1.0489585399627686, 0.6197163462638855};
        int[] sizes = {2, 3, 5};
        for (int k = 0; k < 3; k++) {
            int n = sizes[k];
            double angle = DynamicalSimilarity.of(
                            new DynamicMode(n, matrix(n, 1.0)), new DynamicMode(n, matrix(n, 2.0)))
                    .angle();
            assertTrue(angle < dsa[k] + 1e-4, n + ": " + angle);
            assertEquals(dsa[k], angle, 0.02, "n = " + n);
        }
    }

    /** In the plane every C is a rotation or a reflection: the minimum by trying all angles. */
    @Test
    void theMinimumInThePlaneIsFound() {
        for (long seed = 1; seed <= 20; seed++) {
            Random random = new Random(seed);
            double[] a = new double[4];
            double[] b = new double[4];
            Arrays.setAll(a, i -> random.nextGaussian());
            Arrays.setAll(b, i -> random.nextGaussian());
            double best = -1.0;
            for (int k = 0; k < 20_000; k++) {
                double c = Math.cos(2 * Math.PI * k / 20_000);
                double s = Math.sin(2 * Math.PI * k / 20_000);
                for (int flip = -1; flip <= 1; flip += 2) {
                    double[] q = {c, -s * flip, s, c * flip};
                    double[] turned = DynamicalSimilarity.product(
                            DynamicalSimilarity.product(q, b, 2), DynamicalSimilarity.transposed(q, 2), 2);
                    double dot = 0.0;
                    for (int i = 0; i < 4; i++) {
                        dot += a[i] * turned[i];
                    }
                    best = Math.max(best, dot / Math.sqrt(Matrices.squares(a) * Matrices.squares(b)));
                }
            }
            double angle = DynamicalSimilarity.of(new DynamicMode(2, a), new DynamicMode(2, b))
                    .angle();
            assertEquals(Math.acos(best), angle, 1e-5, "seed " + seed);
        }
    }

    @Test
    void otherCoordinatesAreTheSameModel() {
        for (long seed = 1; seed <= 8; seed++) {
            int n = 8;
            double[] a = matrix(n, 0.9 + 0.1 * seed);
            double[] c = rotation(n, seed);
            double[] b = DynamicalSimilarity.product(
                    DynamicalSimilarity.product(c, a, n), DynamicalSimilarity.transposed(c, n), n);
            double angle = DynamicalSimilarity.of(new DynamicMode(n, a), new DynamicMode(n, b))
                    .angle();
            assertEquals(0.0, angle, 1e-6, "seed " + seed);
        }
        double none = DynamicalSimilarity.of(new DynamicMode(2, new double[4]), new DynamicMode(2, new double[4]))
                .angle();
        assertEquals(0.0, none);
    }

    @Test
    void shapesAgreeWithNumPy() {
        double[] x = trajectories(1.0);
        double[] y = trajectories(1.7);
        double[] three = new double[120 * 3];
        for (int k = 0; k < three.length; k++) {
            three[k] = y[k / 3 * 5 + k % 3];
        }
        ShapeDistance found = ShapeDistance.of(x, three, 120);
        assertEquals(1.111910550561982, found.procrustes(), 1e-12);
        assertEquals(0.340766498702755, found.cka(), 1e-12);
        ShapeDistance same = ShapeDistance.of(x, Matrices.product(x, rotation(5, 2), 120, 5, 5), 120);
        assertEquals(0.0, same.procrustes(), 1e-7);
        assertEquals(1.0, same.cka(), 1e-12);
        assertThrows(IllegalArgumentException.class, () -> ShapeDistance.of(new double[10], x, 10));
        assertThrows(IllegalArgumentException.class, () -> ShapeDistance.of(x, x, 7));
    }

    private static double[][] points(int n, double p) {
        double[][] xy = new double[2][n];
        for (int k = 0; k < n; k++) {
            xy[0][k] = Math.cos(p * k * k);
            xy[1][k] = Math.sin(1.1 * p * k + k * k);
        }
        return xy;
    }

    private static double carried(double[][] a, double[][] b) {
        return SpectrumDistance.of(a[0], a[1], b[0], b[1]).distance();
    }

    @Test
    void transportAgreesWithPot() {
        assertEquals(0.3576510103537624, carried(points(12, 1.0), points(12, 2.0)), 1e-12);
        assertEquals(0.5179919135123967, carried(points(12, 1.0), points(9, 3.0)), 1e-12);
        assertEquals(0.5179919135123967, carried(points(9, 3.0), points(12, 1.0)), 1e-12);
        assertEquals(0.0, carried(points(7, 1.0), points(7, 1.0)), 0.0);
        double[][] twice = new double[2][14];
        for (int k = 0; k < 14; k++) {
            twice[0][k] = points(7, 1.0)[0][k % 7];
            twice[1][k] = points(7, 1.0)[1][k % 7];
        }
        assertEquals(0.0, carried(points(7, 1.0), twice), 0.0);
        assertEquals(
                5.0,
                SpectrumDistance.of(new double[] {0}, new double[] {0}, new double[] {3}, new double[] {4})
                        .distance());
    }

    private static double[] distances(double[][] xy) {
        int n = xy[0].length;
        double[] d = new double[n * n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                d[i * n + j] = Math.hypot(xy[0][i] - xy[0][j], xy[1][i] - xy[1][j]);
            }
        }
        return d;
    }

    @Test
    void groupsAndMapsAgreeWithScikitBioAndNumPy() {
        double[][] p = points(10, 0.7);
        for (int k = 5; k < 10; k++) {
            p[0][k] += 0.8;
            p[1][k] += 0.8;
        }
        double[] d = distances(p);
        GroupSeparation found = GroupSeparation.of(d, new int[] {0, 0, 0, 0, 0, 1, 1, 1, 1, 1}, 0);
        assertEquals(2.693836314958434, found.f(), 1e-12);
        assertEquals(0.121, found.p(), 0.04);
        ClassicalScaling map = ClassicalScaling.of(d, 10);
        assertEquals(2, map.variances().length);
        assertEquals(1.0212048867028423, map.variances()[0], 1e-12);
        assertEquals(0.24632089942797925, map.variances()[1], 1e-12);
        double[][] back = new double[2][10];
        for (int i = 0; i < 10; i++) {
            back[0][i] = map.coordinates()[2 * i];
            back[1][i] = map.coordinates()[2 * i + 1];
        }
        assertArrayEquals(d, distances(back), 1e-12);
        assertThrows(IllegalArgumentException.class, () -> GroupSeparation.of(d, new int[10], 0));
    }

    /** The units in another order. */
    private static Rnn permuted(Rnn rnn, int[] order) {
        int n = rnn.units();
        double[] block = rnn.parameters().clone();
        double[] from = rnn.parameters();
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                block[rnn.shape().wRec().at(i, j)] = from[rnn.shape().wRec().at(order[i], order[j])];
            }
            for (int k = 0; k < rnn.inputs(); k++) {
                block[rnn.shape().wIn().at(i, k)] = from[rnn.shape().wIn().at(order[i], k)];
            }
            for (int o = 0; o < rnn.outputs(); o++) {
                block[rnn.shape().wOut().at(o, i)] = from[rnn.shape().wOut().at(o, order[i])];
            }
        }
        return rnn.withParameters(block);
    }

    private static Rnn stored(String name) throws IOException {
        return NetworkFile.read(Path.of("..", "data", "networks", name + ".npz"))
                .rnn();
    }

    @Test
    void aNetworkIsItselfWithItsUnitsInAnotherOrderAndNotAnother() throws IOException {
        Task and = Tasks.byName("and");
        Rnn rnn = stored("and");
        int[] order = new int[50];
        Arrays.setAll(order, i -> (7 * i + 3) % 50);
        Fingerprint.Options options = new Fingerprint.Options(4, 0, DynamicMode.Options.DEFAULT);
        Fingerprint one = Fingerprint.of(rnn, and, options, Optional.empty());
        Fingerprint two = Fingerprint.of(permuted(rnn, order), and, options, Optional.empty());
        Fingerprint other = Fingerprint.of(stored("and-oscillating"), and, options, Optional.empty());
        double[] none = NetworkComparison.distances(one, two);
        double[] some = NetworkComparison.distances(one, other);
        Measure[] measures = Measure.values();
        for (int m = 0; m < measures.length; m++) {
            assertEquals(0.0, none[m], 2e-6, measures[m].name());
            assertTrue(some[m] > 0.02, measures[m] + " " + some[m]);
        }
        assertEquals("11: fixed point, output 1", other.attractors().words().split("; ")[1]);
        assertEquals(
                "00 01 10: oscillation, output 0", other.attractors().words().split("; ")[0]);
        NetworkComparison found = NetworkComparison.of(List.of(one, two, other), List.of("a", "b", "c"), 0);
        assertEquals(List.of(0, 1), found.solutions().get(0).networks());
        assertEquals(2, found.solutions().size());
        assertNotEquals(one.attractors(), other.attractors());
        Fingerprint pulse = Fingerprint.of(stored("pulse"), Tasks.byName("pulse"), options, Optional.empty());
        String message = assertThrows(
                        IllegalArgumentException.class,
                        () -> NetworkComparison.of(List.of(one, pulse), List.of("a", "p"), 0))
                .getMessage();
        assertTrue(
                message.startsWith("p has trials of types [none, pulse] and 200 steps, expected those of a"), message);
    }

    @Test
    void graphsDifferByWhoEndsTogetherAndWhere() {
        AttractorGraph.End low = new AttractorGraph.End(AttractorGraph.Kind.FIXED_POINT, List.of(0), List.of(0));
        AttractorGraph.End high = new AttractorGraph.End(AttractorGraph.Kind.FIXED_POINT, List.of(2), List.of(0));
        AttractorGraph.End round = new AttractorGraph.End(AttractorGraph.Kind.OSCILLATION, List.of(0), List.of(1));
        List<String> types = List.of("00", "01", "10", "11");
        AttractorGraph one = new AttractorGraph(types, List.of(0, 0, 0, 1), List.of(low, low, low, high));
        AttractorGraph apart = new AttractorGraph(types, List.of(0, 1, 0, 2), List.of(low, low, low, high));
        AttractorGraph turning = new AttractorGraph(types, List.of(0, 0, 0, 1), List.of(round, round, round, high));
        assertEquals(0.0, one.distance(one));
        assertEquals(0.5 * 2 / 6, one.distance(apart), 1e-15); // 00-01 and 01-10
        assertEquals(0.5 * 3 / 4, one.distance(turning), 1e-15);
        assertEquals("00 01 10: oscillation, output 0 ± 0.5; 11: fixed point, output 1", turning.words());
    }
}
