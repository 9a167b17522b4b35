package attractor.population;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import attractor.analysis.Spectrum;
import attractor.model.Form;
import attractor.model.Rnn;
import attractor.model.RnnShape;
import attractor.task.Task;
import attractor.task.Tasks;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Dimensions, subspaces, alignment and sequences: cases with a known answer, and NumPy and SciPy. */
class GeometryTest {
    private final PopulationTrials trials = PopulationFixtures.trials(4, 6, 40, 7);

    @Test
    void aLineHasOneDimensionAndACircleTwo() {
        int m = 60;
        double[] line = new double[m * 5];
        double[] circle = new double[m * 5];
        double[] three = new double[m * 5];
        for (int t = 0; t < m; t++) {
            for (int i = 0; i < 5; i++) {
                line[t * 5 + i] = t * (i - 1.5) + 7.0;
            }
            circle[t * 5 + 1] = 3.0 * Math.cos(2.0 * Math.PI * t / m);
            circle[t * 5 + 4] = 3.0 * Math.sin(2.0 * Math.PI * t / m) + 100.0;
            three[t * 5 + t % 3] = t < m / 2 ? 1.0 : -1.0;
        }
        assertEquals(1.0, Dimensionality.of(line, 5).participationRatio(), 1e-12);
        assertEquals(1, Dimensionality.of(line, 5).components99());
        assertEquals(2.0, Dimensionality.of(circle, 5).participationRatio(), 1e-12);
        assertEquals(9.0 * m / (m - 1), Dimensionality.of(circle, 5).variance(), 1e-9);
        assertEquals(3.0, Dimensionality.of(three, 5).participationRatio(), 1e-12);
        assertEquals(3, Dimensionality.of(three, 5).components90());
        Dimensionality still = Dimensionality.of(new double[] {1, 2, 1, 2, 1, 2}, 2);
        assertEquals(0.0, still.variance());
        assertTrue(Double.isNaN(still.participationRatio()));
        assertThrows(IllegalArgumentException.class, () -> Dimensionality.of(new double[] {1, 2}, 2));
    }

    @Test
    void dimensionsAgreeWithNumPy() {
        List<TrajectoryDimensions.Row> rows = TrajectoryDimensions.of(trials).rows();
        assertEquals(5 * 4, rows.size());
        assertEquals(1.5213834570275326, rows.get(0).states().participationRatio(), 1e-12);
        double[] five = Arrays.copyOf(trials.mean(0), 5 * 7);
        assertEquals(1.0001709682206041, Dimensionality.of(five, 7).participationRatio(), 1e-12);
    }

    @Test
    void anglesOfKnownPlanes() {
        for (double angle : new double[] {0.0, 1e-9, 1e-4, 0.3, Math.PI / 4, 1.2, Math.PI / 2 - 1e-9, Math.PI / 2}) {
            double[] a = {1, 0, 0, 0, /**/ 0, 1, 0, 0};
            double[] b = {Math.cos(angle), 0, Math.sin(angle), 0, /**/ 0, 2, 0, 0};
            double[] found = PrincipalAngles.of(a, b, 4).radians();
            assertEquals(0.0, found[0], 1e-15);
            assertEquals(angle, found[1], 1e-15);
            assertEquals(angle, PrincipalAngles.of(b, a, 4).radians()[1], 1e-15);
        }
        // A line in a plane, and one that is orthogonal to it.
        double[] plane = {1, 1, 0, /**/ 1, -1, 0};
        assertEquals(0.0, PrincipalAngles.of(plane, new double[] {0, 3, 0}, 3).radians()[0], 1e-15);
        assertEquals(90.0, PrincipalAngles.of(new double[] {0, 0, 3}, plane, 3).degrees(0), 1e-12);
        assertThrows(IllegalArgumentException.class, () -> PrincipalAngles.of(plane, new double[3], 3));
    }

    @Test
    void anglesAgreeWithSciPy() {
        SubspaceAngles found = SubspaceAngles.of(trials, Optional.of(trials), 3, 0);
        SubspaceAngles.Pair pair = found.pairs().stream()
                .filter(p -> p.first().equals("00") && p.second().equals("01"))
                .findFirst()
                .orElseThrow();
        double[] scipy = {0.015198728147862902, 0.9502225904111248, 2.315309774291424};
        for (int k = 0; k < 3; k++) {
            assertEquals(scipy[k], pair.angles().degrees(k), 1e-9);
        }
        assertEquals(0.9998098151567378, pair.alignment(), 1e-12);
        assertTrue(pair.chanceDegrees() > 20.0 && pair.chanceDegrees() < 90.0, "chance " + pair.chanceDegrees());
        SubspaceAngles.Pair same = found.pairs().get(found.pairs().size() - 1);
        assertEquals("network", same.kind());
        assertEquals(0.0, same.angles().radians()[2], 1e-12);
        assertEquals(1.0, same.alignment(), 1e-12);
        assertEquals(3 + 6 + 1, found.pairs().size());
        assertThrows(IllegalArgumentException.class, () -> SubspaceAngles.of(trials, Optional.empty(), 0, 0));
    }

    @Test
    void alignmentOfOneDirectionIsOneAndOfOrthogonalOnesZero() {
        double[] states = {1, 2, 0, /**/ -2, -4, 0, /**/ 3, 6, 0};
        assertEquals(1.0, Alignment.rho(new double[] {2, 4, 0}, states, 3), 1e-15);
        assertEquals(0.0, Alignment.rho(new double[] {-2, 1, 9}, states, 3), 1e-15);
        assertTrue(Double.isNaN(Alignment.rho(new double[3], states, 3)));
        double[] w = new double[14];
        Arrays.setAll(w, Math::cos);
        assertEquals(0.26303506412544664, Alignment.rho(w, trials.means(), 7), 1e-12);
    }

    @Test
    void weightsOnAModeAreAlignedWithIt() {
        // A complex pair of modulus 0.9 in units 0 and 1, 0.5 in unit 2; the output reads unit 1, the inputs drive 1
        // and 2.
        RnnShape shape = new RnnShape(2, 3, 1);
        double[] block = new double[shape.parameters()];
        double[] w = {0, -0.9, 0, 0.9, 0, 0, 0, 0, 0.5};
        System.arraycopy(w, 0, block, shape.wRec().offset(), 9);
        block[shape.wOut().at(0, 1)] = 2.0;
        block[shape.wIn().at(1, 0)] = 3.0;
        block[shape.wIn().at(2, 1)] = 1.0;
        Rnn rnn = Rnn.zeros(shape).withParameters(block);
        Task and = Tasks.byName("and");
        PopulationTrials run = PopulationTrials.of(rnn, and, 1, 0);
        Alignment found = Alignment.of(rnn, run, Spectrum.of(rnn));
        assertEquals(1.0, rho(found, "output", "mode 0"), 1e-12);
        assertEquals(0.0, rho(found, "output", "mode 1"), 1e-12);
        assertEquals(Math.sqrt(0.9), rho(found, "input", "mode 0"), 1e-12);
        assertEquals(1.0, rho(found, "input 1", "mode 1"), 1e-12);
        assertEquals(1.0, rho(found, "input 0", "mode 0"), 1e-12);
        assertEquals(Math.sqrt(0.9), rho(found, "input", "output"), 1e-12);
        double whole = rho(found, "output", "all");
        assertTrue(whole > 0.0 && whole < 1.0, "rho " + whole);
    }

    /** In the current form the state is x and the rate phi(x): what the population does is told by the rates. */
    @Test
    void ratesAreTakenInTheCurrentForm() {
        Task and = Tasks.byName("and");
        RnnShape shape = new RnnShape(2, 1, 1);
        double[] block = new double[shape.parameters()];
        block[shape.wIn().at(0, 0)] = 3.0;
        Rnn rate = Rnn.zeros(shape).withParameters(block);
        double[] h = PopulationTrials.of(rate, and, 2, 0).rates();
        double[] current =
                PopulationTrials.of(rate.withForm(Form.CURRENT), and, 2, 0).rates();
        assertArrayEquals(h, current, 1e-12); // without recurrent weights and at alpha 1, x = W_in u and h = phi(x)
        assertTrue(Arrays.stream(current).max().orElseThrow() > 0.9);
    }

    private static double rho(Alignment found, String weights, String with) {
        return found.rows().stream()
                .filter(r -> r.weights().equals(weights) && r.with().equals(with))
                .findFirst()
                .orElseThrow()
                .rho();
    }

    @Test
    void sequentialityAgreesWithNumPy() {
        List<Sequentiality.Row> rows = Sequentiality.of(trials).rows();
        double[][] numpy = {{5.0, 2.3111905029905073, 0.7036519798131798}, {5.0, 2.181080696625301, 3.4422858977845805}
        };
        for (int form = 0; form < 2; form++) {
            Sequentiality.Row row = rows.get(form * 4 + 1);
            assertEquals("01", row.type());
            assertEquals(numpy[form][0], row.units(), 0.0);
            assertEquals(numpy[form][1], row.entropy(), 1e-12);
            assertEquals(numpy[form][2], row.ridge(), 1e-10);
            assertEquals(row.entropy() + row.ridge(), row.index(), 1e-12);
        }
    }

    @Test
    void unitsThatTakeTurnsAreMoreSequentialThanUnitsThatDont() {
        int steps = 60;
        int units = 20;
        double[] turns = new double[steps * units];
        double[] together = new double[steps * units];
        for (int t = 0; t < steps; t++) {
            for (int i = 0; i < units; i++) {
                turns[t * units + i] = 0.2 + Math.exp(-Math.pow((t - 3 * i) / 2.0, 2));
                together[t * units + i] = 0.2 + Math.exp(-Math.pow((t - 30) / 20.0, 2));
            }
        }
        for (Sequentiality.Form form : Sequentiality.Form.values()) {
            double sequence =
                    Sequentiality.ofTrial(form, turns, 0, steps, units).index();
            double none = Sequentiality.ofTrial(form, together, 0, steps, units).index();
            assertTrue(sequence > none + 1.0, form + ": " + sequence + " and " + none);
        }
        Sequentiality.OfTrial silent = Sequentiality.ofTrial(Sequentiality.Form.LAB, new double[40], 0, 20, 2);
        assertEquals(0, silent.units());
        assertTrue(Double.isNaN(silent.index()));
    }

    @Test
    void permutedUnitsChangeNothing() {
        int[] order = {3, 6, 0, 1, 5, 2, 4};
        double[] permuted = new double[trials.rates().length];
        for (int k = 0; k < permuted.length; k++) {
            permuted[k] = trials.rates()[k - k % 7 + order[k % 7]];
        }
        PopulationTrials other = PopulationFixtures.of(trials.types(), permuted, 40, 7);
        assertEquals(
                TrajectoryDimensions.of(trials).rows().get(3).states().participationRatio(),
                TrajectoryDimensions.of(other).rows().get(3).states().participationRatio(),
                1e-10);
        assertArrayEquals(
                SubspaceAngles.of(trials, Optional.empty(), 3, 0)
                        .pairs()
                        .get(0)
                        .angles()
                        .radians(),
                SubspaceAngles.of(other, Optional.empty(), 3, 0)
                        .pairs()
                        .get(0)
                        .angles()
                        .radians(),
                1e-9);
    }

    @Test
    void chanceIsThatOfManyDimensions() {
        Random random = new Random(3);
        double[] rates = new double[2 * 40 * 200];
        for (int k = 0; k < rates.length; k++) {
            rates[k] = random.nextGaussian();
        }
        PopulationTrials noise = PopulationFixtures.of(List.of("a", "b"), rates, 40, 200);
        SubspaceAngles.Pair pair =
                SubspaceAngles.of(noise, Optional.empty(), 3, 1).pairs().get(0);
        assertEquals(pair.chanceDegrees(), pair.angles().meanDegrees(), 8.0, "seed 3");
    }
}
