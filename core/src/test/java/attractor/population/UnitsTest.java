package attractor.population;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import attractor.population.Clustering.Linkage;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Selectivity, task variance and clusters: cases with a known answer, and NumPy, SciPy and scikit-learn. */
class UnitsTest {
    private final PopulationTrials trials = PopulationFixtures.trials(4, 6, 40, 7);

    @Test
    void sharesAgreeWithNumPy() {
        Selectivity found = Selectivity.of(trials, 0);
        double[] eta = {
            0.9624194447362334,
            0.999980855323391,
            0.9999862256848785,
            0.9999831425286781,
            0.9999490610413384,
            0.9991057276860243,
            0.9999880584582894
        };
        double[] dPrime = {
            12.103433577943475,
            522.8067017362024,
            635.7778524410991,
            579.7013805889572,
            332.77534383315816,
            78.38002600919539,
            654.7205660252458
        };
        for (int i = 0; i < 7; i++) {
            Selectivity.Row row = found.rows().get(7 + i);
            assertEquals("response", row.part());
            assertEquals(i, row.unit());
            assertEquals(eta[i], row.etaSquared(), 1e-12);
            assertEquals(dPrime[i], row.dPrime(), 1e-8 * dPrime[i]);
            assertTrue(row.selective());
        }
        assertEquals(7, found.thresholds().get(1).selective());
    }

    @Test
    void aUnitOfNoiseIsNotSelectiveAndTooFewTrialsAreRefused() {
        Random random = new Random(11);
        int steps = 40;
        double[] rates = new double[2 * 20 * steps * 30];
        for (int k = 0; k < rates.length; k++) {
            int unit = k % 30;
            int type = k / 30 / steps % 2;
            int t = k / 30 % steps;
            rates[k] = random.nextGaussian() + (unit == 4 && type == 1 && t >= 10 && t < 30 ? 2.0 : 0.0);
        }
        PopulationTrials noise = PopulationFixtures.of(List.of("off", "on"), rates, steps, 30);
        Selectivity found = Selectivity.of(noise, 0);
        assertEquals(
                List.of(0, 1, 0),
                found.thresholds().stream()
                        .map(Selectivity.Threshold::selective)
                        .toList());
        Selectivity.Row unit = found.rows().get(30 + 4);
        assertTrue(unit.selective() && unit.preferred().equals("on"), "seed 11: " + unit);
        // 2 / sqrt(1 / 20): a mean of 20 steps of unit variance.
        assertEquals(2.0 * Math.sqrt(20.0), unit.dPrime(), 2.5, "seed 11");
        PopulationTrials few =
                PopulationFixtures.of(List.of("off", "on"), Arrays.copyOf(rates, 2 * 4 * steps * 30), steps, 30);
        String refusal = assertThrows(IllegalArgumentException.class, () -> Selectivity.of(few, 0))
                .getMessage();
        assertEquals("selectivity needs 5 trials of each type, found 4", refusal);
        PopulationTrials one = PopulationFixtures.of(List.of("on"), rates, steps, 30);
        assertThrows(IllegalArgumentException.class, () -> Selectivity.of(one, 0));
        assertThrows(IllegalArgumentException.class, () -> TaskVariance.of(one));
    }

    @Test
    void taskVarianceAgreesWithNumPy() {
        double[] numpy = {
            0.15516849136969338,
            0.3591791025007482,
            0.6206661713860004,
            0.8556736705996795,
            1.001959387362008,
            1.0764191069034674,
            1.1723349103893619
        };
        TaskVariance found = TaskVariance.of(trials);
        assertEquals(List.of("before", "response", "after"), found.parts());
        for (int i = 0; i < 7; i++) {
            assertEquals(numpy[i], found.variance()[i * 3 + 1], 1e-12);
            double[] row = Arrays.copyOfRange(found.normalized(), i * 3, i * 3 + 3);
            assertEquals(1.0, Arrays.stream(row).max().orElseThrow(), 0.0);
        }
    }

    @Test
    void treesAgreeWithSciPy() {
        double[] average = {
            0.19430613293060411, 0.37890029000765596, 0.46430617869021756, 0.6036880775430787, 0.6717878106498578,
            0.699916220735884, 0.8007555365182664, 0.9033088168412537, 0.9672868763012477, 1.067527531363381,
            1.1124117516380614, 1.6577614933331484, 1.6962967229747585, 1.8303263135209376, 2.2555547630129857,
            2.271766195180014, 3.031267800248329, 3.774565114183005, 5.231090467698072
        };
        double[] ward = {
            0.19430613293060411, 0.37890029000765596, 0.46430617869021756, 0.6036880775430787, 0.7615180635460651,
            0.7918853766407452, 0.9015514174673898, 0.9672868763012477, 1.067527531363381, 1.1124117516380614,
            1.3156851300950712, 1.8635886555106993, 2.203944660867699, 2.6907402013845254, 2.8745068038271775,
            3.6846658403035075, 4.425395828391549, 7.127330465114382, 15.400861650374722
        };
        double[] averageSilhouettes = {0.547531143544292, 0.44978800349273573, 0.4516236099352556, 0.4150991843500352};
        double[] wardSilhouettes = {0.5453300950562755, 0.49411288118378727, 0.48436770178694155, 0.44963749955021315};
        double[] means = trials.means();
        double[] points = new double[20 * 7];
        for (int k = 0; k < 20; k++) {
            System.arraycopy(means, 8 * k * 7, points, k * 7, 7);
        }
        double[] d = distances(points, 7);
        Clustering a = Clustering.of(d, 20, Linkage.AVERAGE, 5, 0, r -> d);
        Clustering w = Clustering.of(d, 20, Linkage.WARD, 5, 0, r -> d);
        assertArrayEquals(average, heights(a), 1e-12);
        assertArrayEquals(ward, heights(w), 1e-12);
        assertArrayEquals(averageSilhouettes, a.silhouettes(), 1e-12);
        assertArrayEquals(wardSilhouettes, w.silhouettes(), 1e-12);
    }

    private static double[] heights(Clustering c) {
        return c.merges().stream().mapToDouble(Clustering.Merge::height).toArray();
    }

    private static double[] distances(double[] points, int dimensions) {
        int n = points.length / dimensions;
        double[] d = new double[n * n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                double sum = 0.0;
                for (int k = 0; k < dimensions; k++) {
                    sum += Math.pow(points[i * dimensions + k] - points[j * dimensions + k], 2);
                }
                d[i * n + j] = Math.sqrt(sum);
            }
        }
        return d;
    }

    private static Clustering clouds(int clouds, long seed) {
        Random random = new Random(seed);
        int n = 36;
        double[] points = new double[n * 2];
        for (int i = 0; i < n; i++) {
            points[2 * i] = random.nextGaussian() + 12.0 * (i % clouds % 2);
            points[2 * i + 1] = random.nextGaussian() + 12.0 * Math.floorDiv(i % clouds, 2);
        }
        return Clustering.of(distances(points, 2), n, Linkage.AVERAGE, 8, 59, r -> {
            Random other = new Random(1000 * seed + r);
            double[] gaussian = new double[n * 2];
            for (int i = 0; i < gaussian.length; i++) {
                gaussian[i] = other.nextGaussian();
            }
            return distances(gaussian, 2);
        });
    }

    @Test
    void cloudsAreCounted() {
        for (long seed = 1; seed <= 3; seed++) {
            for (int clouds = 2; clouds <= 4; clouds++) {
                Clustering found = clouds(clouds, seed);
                assertEquals(clouds, found.number(), "seed " + seed);
                for (int i = 0; i < 36; i++) {
                    assertEquals(i % clouds, found.cluster()[i], "seed " + seed);
                }
            }
        }
    }

    /** One in twenty is allowed; more than four of twenty come up once in four hundred times. */
    @Test
    void oneCloudIsRarelyTwo() {
        int split = 0;
        for (long seed = 1; seed <= 20; seed++) {
            split += clouds(1, seed).number() > 1 ? 1 : 0;
        }
        assertTrue(split <= 4, "seeds 1 to 20: " + split);
    }

    @Test
    void thingsThatAreAlikeAndBadMatrices() {
        Clustering same = Clustering.of(new double[16], 4, Linkage.AVERAGE, 3, 9, r -> new double[16]);
        assertEquals(1, same.number());
        Clustering alone = Clustering.of(new double[1], 1, Linkage.WARD, 3, 9, r -> new double[1]);
        assertEquals(1, alone.number());
        assertTrue(alone.merges().isEmpty());
        assertThrows(
                IllegalArgumentException.class,
                () -> Clustering.of(new double[] {0, 1, 2, 0}, 2, Linkage.WARD, 2, 0, r -> new double[4]));
        assertThrows(
                IllegalArgumentException.class,
                () -> Clustering.of(
                        new double[] {0, Double.NaN, Double.NaN, 0}, 2, Linkage.WARD, 2, 0, r -> new double[4]));
    }

    @Test
    void unitsOfTwoPartsAreTwoClusters() {
        Random random = new Random(5);
        int n = 40;
        int steps = 40;
        double[] rates = new double[2 * 6 * steps * n];
        for (int k = 0; k < rates.length; k++) {
            int unit = k % n;
            int t = k / n % steps;
            int type = k / n / steps % 2;
            boolean mine = unit < 20 ? t < 10 : t >= 10 && t < 30;
            rates[k] = 0.05 * random.nextGaussian() + (mine && type == 1 && unit != 39 ? 0.5 + 0.02 * unit : 0.0);
        }
        PopulationTrials two = PopulationFixtures.of(List.of("off", "on"), rates, steps, n);
        UnitClusters found = UnitClusters.of(TaskVariance.of(two), 0);
        assertEquals(39, found.units().length, "seed 5: unit 39 differs in nothing");
        assertEquals(2, found.clustering().number(), "seed 5: " + found.clustering());
        for (int i = 0; i < 39; i++) {
            assertEquals(i < 20 ? 0 : 1, found.clustering().cluster()[i], "seed 5");
        }
        assertFalse(found.clustering().p() > 0.05);
    }
}
