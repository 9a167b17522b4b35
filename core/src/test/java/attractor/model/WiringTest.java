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
import java.util.Map;
import java.util.Set;
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
    @EnumSource(value = Recurrent.class, names = "IDENTITY", mode = EnumSource.Mode.EXCLUDE)
    void initialWeightsAreMadeToObeyAndBalanced(Recurrent init) {
        Rnn free = network(30, Activation.RELU, init);
        Wiring wiring = Wiring.of(signs(24, 30), Wiring.randomMask(30, 0.5, false, 3));
        Rnn rnn = Initializers.wired(free.copy(), wiring);
        double[] w = rnn.copyOf(rnn.shape().wRec());
        double[] columnMean = new double[30];
        for (int i = 0; i < 30; i++) {
            double sum = 0;
            double largest = 0;
            for (int j = 0; j < 30; j++) {
                double value = w[i * 30 + j];
                assertEquals(wiring.mask().has(i, j), value != 0, i + "," + j);
                assertTrue(value * wiring.sign(j) >= 0, i + "," + j);
                sum += value;
                largest = Math.max(largest, Math.abs(value));
                columnMean[j] += value / 30;
            }
            assertEquals(0, sum, 1e-13 * 30 * largest, "row " + i);
        }
        double deviations = 0;
        for (int k = 0; k < 900; k++) {
            deviations += (w[k] - columnMean[k % 30]) * (w[k] - columnMean[k % 30]);
        }
        assertEquals(30, deviations, 1e-11);
        assertEquals(0, Initializers.unbalanced(rnn));
        for (RnnShape.View view : rnn.shape().views()) {
            if (!view.name().equals("W_rec")) {
                assertArrayEquals(free.copyOf(view), rnn.copyOf(view), view.name());
            }
        }
    }

    /** Signs by rows, all incoming weights of a unit alike: then the columns are balanced, and every row is said. */
    @Test
    void signsByRowsAreBalancedByColumns() {
        int n = 12;
        double[] values = new double[n * n];
        for (int k = 0; k < n * n; k++) {
            values[k] = k / n < 9 ? 1 : -1;
        }
        Wiring wiring = Wiring.FREE.withSigns(Map.of("W_rec", Signs.of(n, n, values)));
        Rnn rnn = Initializers.wired(network(n, Activation.TANH, Recurrent.ORTHOGONAL), wiring);
        double[] w = rnn.copyOf(rnn.shape().wRec());
        for (int j = 0; j < n; j++) {
            double sum = 0;
            for (int i = 0; i < n; i++) {
                assertTrue(w[i * n + j] * values[i * n + j] >= 0);
                sum += w[i * n + j];
            }
            assertEquals(0, sum, 1e-12);
        }
        assertEquals(n, Initializers.unbalanced(rnn));
    }

    @Test
    void theIdentityStaysWhereSignsAllowIt() {
        Rnn rnn = Initializers.wired(network(3, Activation.RELU, Recurrent.IDENTITY), Wiring.of(signs(2, 3), null));
        assertArrayEquals(
                new double[] {1, 0, 0, 0, 1, 0, 0, 0, -1},
                Arrays.stream(rnn.copyOf(rnn.shape().wRec())).map(v -> v + 0.0).toArray());
    }

    @Test
    void inhibitoryUnitsDoNotReachTheReadoutAndInputsExcite() {
        Wiring wiring = Wiring.of(signs(3, 4), null).withDaleAlso(Set.of("W_out", "W_in"));
        Rnn rnn = Initializers.wired(network(4, Activation.RELU, Recurrent.NORMAL), wiring);
        double[] out = rnn.copyOf(rnn.shape().wOut());
        assertEquals(0, out[3]);
        for (int j = 0; j < 3; j++) {
            assertTrue(out[j] > 0);
        }
        for (double w : rnn.copyOf(rnn.shape().wIn())) {
            assertTrue(w > 0);
        }
        Constraint constraint = Constraint.of(rnn);
        double[] block = new double[rnn.shape().parameters()];
        Arrays.fill(block, -1);
        assertTrue(constraint.isFixed(rnn.shape().wOut().at(0, 3)));
        constraint.project(block);
        assertEquals(0, block[rnn.shape().wOut().at(0, 1)]);
        assertEquals(0, block[rnn.shape().wIn().at(3, 1)]);
        assertEquals(-1, block[rnn.shape().wRec().at(0, 3)]);
        rnn.parameters()[rnn.shape().wOut().at(0, 3)] = 0.5;
        assertEquals(
                "W_out[0,3] is 0.5, expected 0 as unit 3 inhibits and doesn't reach the read-out",
                message(() -> rnn.withWiring(wiring)));
        assertEquals(
                "daleAlso is W_out, expected it with Dale's law only",
                message(() -> Wiring.FREE.withDaleAlso(Set.of("W_out"))));
        assertEquals(
                "daleAlso names b_out, expected W_in or W_out",
                message(() -> Wiring.of(signs(3, 4), null).withDaleAlso(Set.of("b_out"))));
        Signs some = Signs.of(1, 4, new double[] {1, 0, -1, 0});
        assertEquals(
                "signs of W_out are given, expected none where Dale's law says them",
                message(() -> wiring.withSigns(Map.of("W_out", some))));
        assertEquals(
                "signs of W_out are 1 x 4, expected 2 x 4 as the array is",
                message(() ->
                        Rnn.zeros(new RnnShape(1, 4, 2)).withWiring(Wiring.FREE.withSigns(Map.of("W_out", some)))));
        assertEquals("entry [0,1] is 0.5, expected 1, -1 or 0", message(() -> Signs.of(1, 2, new double[] {1, 0.5})));
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
                        + ", expected relu, sigmoid or softplus with Dale's law (rates that are never negative)",
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
