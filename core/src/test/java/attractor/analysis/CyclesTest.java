package attractor.analysis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import attractor.kernel.Activation;
import attractor.model.Form;
import attractor.model.Rnn;
import attractor.model.RnnShape;
import attractor.random.RandomStream;
import attractor.random.RandomStream.Purpose;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Cycles of networks small enough that all of them are known. */
class CyclesTest {
    private static Cycles upTo(Rnn rnn, int longest) {
        return Cycles.of(rnn, Cycles.Options.of(rnn).withLongest(longest));
    }

    private static void assertComplete(Cycles cycles, int... counts) {
        for (int p = 1; p <= counts.length; p++) {
            assertEquals(
                    Cycles.Completeness.COMPLETE, cycles.periods().get(p - 1).completeness(), "period " + p);
            assertEquals(counts[p - 1], cycles.of(p).size(), "period " + p);
        }
        assertEquals(counts.length, cycles.periods().size());
    }

    private static void assertCyclesOf(Rnn rnn, Cycles cycles) {
        StateMap map = new StateMap(rnn, new double[rnn.inputs()]);
        for (Cycles.Cycle cycle : cycles.cycles()) {
            int n = rnn.units();
            double[] h = Arrays.copyOf(cycle.states(), n);
            for (int t = 0; t < cycle.period(); t++) {
                for (int i = 0; i < n; i++) {
                    assertEquals(cycle.states()[t * n + i], h[i], 1e-9 * (1.0 + Math.abs(h[i])));
                }
                map.apply(h, h);
            }
        }
    }

    /** x' = max(0, 1 - 3 x) falls: one fixed point, 1/4, and one cycle, 0 and 1. */
    @Test
    void aFallingMap() {
        Rnn rnn = Networks.of(Activation.RELU, 1.0, 1.0, new double[] {1.0}, -3.0);
        Cycles cycles = upTo(rnn, 8);
        assertComplete(cycles, 1, 1, 0, 0, 0, 0, 0, 0);
        assertEquals(0.25, cycles.of(1).get(0).states()[0], 1e-15);
        assertEquals(-3.0, cycles.of(1).get(0).multipliers().re()[0], 1e-12);
        assertEquals(
                List.of(1.0, 0.0),
                Arrays.stream(cycles.of(2).get(0).states()).boxed().toList());
        assertCyclesOf(rnn, cycles);
    }

    /**
     * Two relu units that do the tent map x' = 2 min(x, 1 - x): h = (x + 1, max(0, x - 1/2)). It has 2, 1, 2, 3, 6, 9 cycles of
     * periods 1 to 6, all with multipliers of modulus 2^p, and the network one more fixed point, 0, with both units off.
     */
    private static Rnn tent(Form form) {
        double[] w = {2, -4, 2, -4};
        return Networks.of(Activation.RELU, 1.0, 1.0, new double[] {-1, -2.5}, w)
                .withForm(form);
    }

    @Test
    void theTentMap() {
        for (Form form : Form.values()) {
            Cycles cycles = upTo(tent(form), 6);
            assertComplete(cycles, 3, 1, 2, 3, 6, 9);
            assertCyclesOf(tent(form), cycles);
            for (Cycles.Cycle cycle : cycles.cycles()) {
                double radius = cycle.multipliers().radius();
                assertTrue(
                        radius == 0.0 || Math.abs(radius - (1 << cycle.period())) < 1e-9,
                        cycle.period() + ": " + radius);
            }
        }
    }

    /** Beyond what can be enumerated the search finds all 18 cycles of period 7, and says that there may be more. */
    @Test
    void theSearchFindsTheTentMapsCycles() {
        Rnn rnn = tent(Form.RATE);
        Cycles cycles = Cycles.of(rnn, new Cycles.Options(null, 7, 1500, 0));
        assertEquals(Cycles.Completeness.FOUND, cycles.periods().get(6).completeness());
        assertEquals(18, cycles.of(7).size());
        assertCyclesOf(rnn, cycles);
    }

    /** x' = tanh(-2 x): 0 and one cycle of period 2; tanh(2 x): three fixed points. */
    @Test
    void oneTanhUnit() {
        Cycles falling = upTo(Networks.tanh(-2.0), 6);
        assertComplete(falling, 1, 1, 0, 0, 0, 0);
        double x = falling.of(2).get(0).states()[0];
        assertEquals(x, Math.tanh(2.0 * x), 1e-12);
        assertComplete(upTo(Networks.tanh(2.0), 4), 3, 0, 0, 0);
    }

    /** Two tanh units that are not coupled, -2 and -2: cycles of period 2 are pairs of phases. */
    @Test
    void twoTanhUnits() {
        // Per unit 0, +x, -x under two steps: 3 x 3 states, of which (0, 0) is fixed, the others in pairs.
        Cycles cycles = upTo(Networks.tanh(-2.0, 0.0, 0.0, -2.0), 2);
        assertComplete(cycles, 1, 4);
    }

    /** Random relu networks: the search by regions finds what the enumeration proves to be all, with any alpha. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5})
    void theSearchAgreesWithTheEnumeration(int seed) {
        int n = 3;
        RnnShape shape = new RnnShape(1, n, 1);
        double[] block = new double[shape.parameters()];
        RandomStream random = new RandomStream(seed, Purpose.of("test"), 0);
        random.fillGaussian(block, shape.wRec().offset(), n * n, 1.2);
        random.fillGaussian(block, shape.bRec().offset(), n, 1.0);
        double tau = seed % 2 == 0 ? 1.0 : 1.6;
        Rnn rnn = new Rnn(shape, Activation.RELU, 1.0, tau, true, block);
        Cycles all = Cycles.of(rnn, new Cycles.Options(null, 4, 600, 0));
        Cycles some = Cycles.withoutProof(rnn, new Cycles.Options(null, 4, 600, 0));
        assertCyclesOf(rnn, all);
        for (int p = 1; p <= 4; p++) {
            assertEquals(Cycles.Completeness.COMPLETE, all.periods().get(p - 1).completeness(), "seed " + seed);
            assertEquals(all.of(p).size(), some.of(p).size(), "seed " + seed + ", period " + p);
        }
    }

    /** x' = z above 0, z / 100 below, z = 1 - 3 x: 1/4, and the cycle x = (1 - 3 y) / 100, y = 1 - 3 x. */
    @Test
    void aLeakyMap() {
        Rnn rnn = Networks.of(Activation.LEAKY_RELU, 1.0, 1.0, new double[] {1.0}, -3.0);
        Cycles cycles = upTo(rnn, 6);
        assertComplete(cycles, 1, 1, 0, 0, 0, 0);
        double x = (0.01 - 0.03) / (1.0 - 0.09);
        assertEquals(1.0 - 3.0 * x, cycles.of(2).get(0).states()[0], 1e-12);
        assertEquals(x, cycles.of(2).get(0).states()[1], 1e-12);
        assertEquals(0.09, cycles.of(2).get(0).multipliers().re()[0], 1e-12);
        FixedPoints points = FixedPoints.of(rnn, new double[] {0.1});
        assertEquals(FixedPoints.Verdict.COMPLETE, points.completeness().verdict());
        assertEquals(1, points.points().size());
    }

    /** Without bias 0 lies on the border of all regions. */
    @Test
    void zeroOnAllBorders() {
        Rnn rnn = Networks.of(Activation.RELU, 1.0, 1.0, null, 0.3, 0.2, -0.4, 0.1);
        assertComplete(upTo(rnn, 3), 1, 0, 0);
        // A line of fixed points, h2 = 0 and any h1: not proved to be all.
        Rnn line = Networks.of(Activation.RELU, 1.0, 1.0, null, 1.0, 0.0, 0.0, 0.5);
        assertEquals(Cycles.Completeness.FOUND, upTo(line, 1).periods().get(0).completeness());
    }

    @Test
    void aLinearNetwork() {
        Rnn rnn = Networks.of(Activation.IDENTITY, 1.0, 1.0, new double[] {1.0, 0.0}, Networks.rotation(0.9, 1.0));
        assertComplete(upTo(rnn, 4), 1, 0, 0, 0);
        assertComplete(upTo(rnn, 8), 1, 0, 0, 0, 0, 0, 0, 0);
    }

    @Test
    void wrongOptions() {
        assertThrows(IllegalArgumentException.class, () -> new Cycles.Options(null, 0, 1, 0));
        Rnn rnn = Networks.tanh(1.0);
        assertThrows(
                IllegalArgumentException.class,
                () -> Cycles.of(rnn, Cycles.Options.of(rnn).withInput(new double[2])));
    }
}
