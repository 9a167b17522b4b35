package attractor.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import attractor.kernel.Activation;
import attractor.model.Initializers.Recurrent;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class WiringTest {
    private static Rnn network(int units, Activation phi, Recurrent init) {
        return Initializers.network(new RnnShape(2, units, 1), phi, 1, 1, false, init, 4);
    }

    private static String message(Executable code) {
        return assertThrows(IllegalArgumentException.class, code).getMessage();
    }

    private static double[] signs(int excite, int units) {
        double[] sign = new double[units];
        Arrays.setAll(sign, i -> i < excite ? 1 : -1);
        return sign;
    }

    @ParameterizedTest
    @CsvSource({
        "10, 0.2, true, 2",
        "10, 0.2, false, 2",
        "10, 1, false, 9",
        "10, 0.01, true, 1",
        "1, 1, true, 1",
        "50, 0.25, false, 12"
    })
    void everyUnitReceivesFromEquallyMany(int units, double density, boolean self, int expected) {
        EntrySet mask = Wiring.randomMask(units, density, self, 7);
        for (int i = 0; i < units; i++) {
            int count = 0;
            for (int j = 0; j < units; j++) {
                count += mask.has(i, j) ? 1 : 0;
            }
            assertEquals(expected, count, "row " + i);
            assertTrue(self || !mask.has(i, i), "row " + i);
        }
        assertEquals(mask, Wiring.randomMask(units, density, self, 7));
    }

    @Test
    void aUnitAloneWithoutItselfReceivesNothing() {
        assertEquals(0, Wiring.randomMask(1, 1, false, 0).count());
    }

    /** 200 masks of 8 in 40: each connection is in a fifth of them, to 5 standard deviations. */
    @Test
    void everyConnectionIsAsLikely() {
        double[] sum = new double[40 * 40];
        for (int seed = 0; seed < 200; seed++) {
            double[] mask = Wiring.randomMask(40, 0.2, true, seed).toArray();
            Arrays.setAll(sum, i -> sum[i] + mask[i]);
        }
        double sd = Math.sqrt(200 * 0.2 * 0.8);
        for (double s : sum) {
            assertEquals(40, s, 5 * sd);
        }
        assertNotEquals(Wiring.randomMask(40, 0.2, true, 1), Wiring.randomMask(40, 0.2, true, 2));
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, -0.1, 1.1, Double.NaN})
    void aDensityOutOfRangeIsNamed(double density) {
        assertEquals(
                "density is " + density + ", expected above 0, at most 1",
                message(() -> Wiring.randomMask(4, density, true, 0)));
    }

    @ParameterizedTest
    @EnumSource(Recurrent.class)
    void initialWeightsAreMadeToObey(Recurrent init) {
        Rnn free = network(30, Activation.RELU, init);
        double[] before = free.copyOf(free.shape().wRec());
        Wiring wiring = Wiring.of(signs(24, 30), Wiring.randomMask(30, 0.5, false, 3));
        Rnn rnn = Initializers.wired(free.copy(), wiring);
        double[] w = rnn.copyOf(rnn.shape().wRec());
        double mean = 0;
        double squares = 0;
        double squaresBefore = 0;
        double scale = 0;
        for (int i = 0; i < 30; i++) {
            for (int j = 0; j < 30; j++) {
                double value = w[i * 30 + j];
                assertEquals(wiring.mask().has(i, j), value != 0, i + "," + j);
                assertTrue(value * wiring.sign(j) >= 0, i + "," + j);
                if (value != 0) {
                    // Four times as strong for inhibitory units, since there are a quarter as many.
                    double factor = Math.abs(value / before[i * 30 + j]) / (j < 24 ? 1 : 4);
                    assertEquals(scale == 0 ? factor : scale, factor, 1e-12 * factor, i + "," + j);
                    scale = factor;
                }
                mean += value;
                squares += value * value;
                squaresBefore += before[i * 30 + j] * before[i * 30 + j];
            }
        }
        assertEquals(squaresBefore, squares, 1e-12 * squaresBefore);
        assertTrue(Math.abs(mean / 900) < 0.3 * Math.sqrt(squares / 900), "excitation and inhibition balance: " + mean);
        for (RnnShape.View view : rnn.shape().views()) {
            if (!view.name().equals("W_rec")) {
                assertArrayEquals(free.copyOf(view), rnn.copyOf(view), view.name());
            }
        }
    }

    @Test
    void withoutRulesNothingChanges() {
        Rnn rnn = network(5, Activation.TANH, Recurrent.ORTHOGONAL);
        assertSame(rnn, Initializers.wired(rnn, Wiring.FREE));
        assertTrue(Wiring.of(null, null).isFree());
        assertEquals(Wiring.FREE, Wiring.of(null, null));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 6})
    void allMayExciteOrInhibit(int excite) {
        Rnn rnn =
                Initializers.wired(network(6, Activation.SIGMOID, Recurrent.NORMAL), Wiring.of(signs(excite, 6), null));
        for (double w : rnn.copyOf(rnn.shape().wRec())) {
            assertTrue(excite == 0 ? w < 0 : w > 0, "" + w);
        }
    }

    @Test
    void aNetworkWhoseMaskIsEmptyHasNoRecurrentWeights() {
        Rnn rnn = Initializers.wired(
                network(4, Activation.TANH, Recurrent.NORMAL), Wiring.of(null, EntrySet.of(4, 4, new double[16])));
        assertArrayEquals(new double[16], rnn.copyOf(rnn.shape().wRec()));
    }

    @Test
    void whatDoesNotObeyIsNamed() {
        Rnn rnn = network(3, Activation.RELU, Recurrent.NORMAL);
        double[] p = rnn.parameters();
        RnnShape.View w = rnn.shape().wRec();
        Arrays.fill(p, w.offset(), w.end(), 0.5);
        assertEquals(
                "W_rec[0,2] is 0.5, expected 0 or less as unit 2 inhibits",
                message(() -> rnn.withWiring(Wiring.of(new double[] {1, 1, -1}, null))));
        Arrays.fill(p, w.offset(), w.end(), -0.5);
        assertEquals(
                "W_rec[0,0] is -0.5, expected 0 or more as unit 0 excites",
                message(() -> rnn.withWiring(Wiring.of(new double[] {1, 1, -1}, null))));
        assertEquals(
                "W_rec[0,0] is -0.5, expected 0 as it is outside the mask",
                message(() -> rnn.withWiring(Wiring.of(null, EntrySet.all(3, 3).withoutDiagonal()))));
        assertEquals(
                "dale_sign has 2 values, expected N = 3",
                message(() -> rnn.withWiring(Wiring.of(new double[] {-1, -1}, null))));
        assertEquals(
                "mask is 2 x 2, expected N x N (N = 3)",
                message(() -> rnn.withWiring(Wiring.of(null, EntrySet.all(2, 2)))));
        assertEquals("dale_sign[1] is 0.0, expected 1 or -1", message(() -> Wiring.of(new double[] {1, 0}, null)));
        assertEquals("mask is 2 x 3, expected N x N", message(() -> Wiring.of(null, EntrySet.all(2, 3))));
        assertEquals(
                "mask is 2 x 2, expected N x N (N = 1, from dale_sign)",
                message(() -> Wiring.of(new double[] {1}, EntrySet.all(2, 2))));
        Rnn zeros = rnn.withParameters(new double[p.length]);
        assertEquals(
                Wiring.of(new double[] {1, -1, 1}, null),
                zeros.withWiring(Wiring.of(new double[] {1, -1, 1}, null)).wiring());
    }

    @ParameterizedTest
    @EnumSource(
            value = Activation.class,
            names = {"TANH", "IDENTITY"})
    void ratesThatMayBeNegativeAreRefusedWithDalesLaw(Activation phi) {
        RnnShape shape = new RnnShape(1, 2, 1);
        Rnn rnn = new Rnn(shape, phi, 1, 1, false, new double[shape.parameters()]);
        assertEquals(
                "activation is " + phi.id()
                        + ", expected relu or sigmoid with Dale's law (rates that are never negative)",
                message(() -> rnn.withWiring(Wiring.of(signs(1, 2), null))));
    }

    @Test
    void theNetworkKeepsItsRulesWithOtherParameters() {
        Rnn rnn = Initializers.wired(network(4, Activation.RELU, Recurrent.NORMAL), Wiring.of(signs(2, 4), null))
                .withNoise(0.3);
        for (Rnn other : new Rnn[] {rnn.copy(), rnn.withTau(5), rnn.withParameters(rnn.parameters())}) {
            assertEquals(rnn.wiring(), other.wiring());
            assertEquals(0.3, other.noiseSd());
        }
        assertSame(rnn, rnn.withNoise(0.3));
        assertEquals("noise_sd is -1.0, expected a finite number, 0 or more", message(() -> rnn.withNoise(-1)));
        assertEquals("noise_sd is NaN, expected a finite number, 0 or more", message(() -> rnn.withNoise(Double.NaN)));
    }
}
