package attractor.analysis;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import attractor.analysis.Lesion.Band;
import attractor.analysis.Lesion.Mode;
import attractor.analysis.Lesion.RandomConnections;
import attractor.analysis.Lesion.Result;
import attractor.analysis.Lesion.Sign;
import attractor.analysis.Lesion.Strongest;
import attractor.analysis.Lesion.Units;
import attractor.kernel.Activation;
import attractor.model.Rnn;
import attractor.model.RnnShape;
import attractor.random.RandomStream;
import attractor.random.RandomStream.Purpose;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class LesionTest {
    /** Magnitudes twice over, a tie across signs, both zeros. */
    private static final double[] W = {0.5, -0.2, 0.0, 0.2, 0.2, -0.1, -0.5, -0.0, 0.3};

    private static double[] left(Lesion lesion, double... w) {
        return wRec(lesion.apply(Networks.tanh(w)).network());
    }

    private static double[] wRec(Rnn rnn) {
        return rnn.copyOf(rnn.shape().wRec());
    }

    private static void message(String expected, Runnable call) {
        assertEquals(
                expected,
                assertThrows(IllegalArgumentException.class, call::run).getMessage());
    }

    @Test
    void theUpperEndOfABandIsWithinAndTheLowerIsNot() {
        assertArrayEquals(new double[] {0.5, 0, 0, 0, 0, 0, -0.5, -0.0, 0.3}, left(new Band(Sign.BOTH, 0, 0.2), W));
        assertArrayEquals(
                new double[] {0.5, -0.2, 0, 0, 0, -0.1, -0.5, -0.0, 0.3}, left(new Band(Sign.POSITIVE, 0, 0.2), W));
        assertArrayEquals(
                new double[] {0.5, 0, 0, 0.2, 0.2, 0, -0.5, -0.0, 0.3}, left(new Band(Sign.NEGATIVE, 0, 0.2), W));
        assertArrayEquals(
                new double[] {0, -0.2, 0, 0.2, 0.2, -0.1, 0, -0.0, 0}, left(new Band(Sign.BOTH, 0.2, 0.5), W));
        assertArrayEquals(
                new double[] {0.5, -0.2, 0, 0.2, 0.2, -0.1, -0.5, -0.0, 0}, left(new Band(Sign.POSITIVE, 0.2, 0.4), W));
        assertArrayEquals(
                new double[] {0.5, -0.2, 0, 0.2, 0.2, -0.1, 0, -0.0, 0.3}, left(new Band(Sign.NEGATIVE, 0.2, 0.5), W));
    }

    @ParameterizedTest
    @EnumSource(Sign.class)
    void aThresholdOfZeroAndAnEmptyBandTakeNothing(Sign sign) {
        for (Band band : List.of(new Band(sign, 0, 0), new Band(sign, 0.2, 0.2), new Band(sign, 0, 0.05))) {
            Result result = band.apply(Networks.tanh(W));
            assertArrayEquals(W, wRec(result.network()), band.words());
            assertEquals(0, result.removed());
            assertEquals(7, result.connections());
            assertEquals(0.0, result.normShare());
        }
    }

    @Test
    void whatIsRemovedIsCountedAmongConnectionsThatExist() {
        Result result = new Band(Sign.BOTH, 0, 0.2).apply(Networks.tanh(W));
        assertEquals(4, result.removed());
        assertEquals(400.0 / 7.0, result.percent(), 1e-12);
        assertEquals(Math.sqrt(0.13 / 0.72), result.normShare(), 1e-12);
        Result all = new Band(Sign.BOTH, 0, 1).apply(Networks.tanh(W));
        assertEquals(100.0, all.percent());
        assertEquals(1.0, all.normShare());
        Result again = new Band(Sign.BOTH, 0, 1).apply(all.network());
        assertEquals(0, again.connections());
        assertEquals(0.0, again.percent());
        assertEquals(0.0, again.normShare());
        Result huge = new Strongest(Sign.BOTH, 1).apply(Networks.tanh(1e300, 0, 0, 1e300));
        assertEquals(Math.sqrt(0.5), huge.normShare(), 1e-12);
    }

    @Test
    void aNetworkOfOneUnit() {
        Rnn rnn = Networks.tanh(-0.4);
        assertEquals(1, Lesions.count(rnn, Sign.BOTH));
        assertEquals(0, Lesions.count(rnn, Sign.POSITIVE));
        for (Lesion lesion : List.of(
                new Band(Sign.NEGATIVE, 0, 0.4),
                new Strongest(Sign.BOTH, 1),
                new RandomConnections(Sign.NEGATIVE, 1, 0, 0),
                new Units(List.of(0)),
                new Mode(0))) {
            Result result = lesion.apply(rnn);
            assertArrayEquals(new double[] {0.0}, wRec(result.network()), lesion.words());
            assertEquals(1, result.removed(), lesion.words());
            assertEquals(100.0, result.percent(), lesion.words());
            assertEquals(1.0, result.normShare(), lesion.words());
        }
        assertEquals(0, new Band(Sign.POSITIVE, 0, 1).apply(rnn).removed());
    }

    @Test
    void nothingButWRecChangesAndTheNetworkIsLeftAlone() throws Exception {
        Rnn rnn = Networks.trained("and");
        double[] before = rnn.parameters().clone();
        for (Lesion lesion : List.of(
                new Band(Sign.BOTH, 0, 0.05),
                new Strongest(Sign.POSITIVE, 40),
                new RandomConnections(Sign.BOTH, 100, 1, 2),
                new Mode(0))) {
            Rnn after = lesion.apply(rnn).network();
            assertArrayEquals(before, rnn.parameters(), lesion.words());
            for (RnnShape.View view : rnn.shape().views()) {
                boolean same = Arrays.equals(rnn.copyOf(view), after.copyOf(view));
                assertEquals(!view.name().equals("W_rec"), same, lesion.words() + " " + view.name());
            }
        }
        new Units(List.of(0, 49)).apply(rnn);
        assertArrayEquals(before, rnn.parameters());
    }

    /** Figure 14: slices between thresholds leave none out and share none; the two signs make both. */
    @Test
    void slicesAreAPartition() throws Exception {
        Rnn rnn = Networks.trained("and");
        List<Double> thresholds = Lesions.PAPER_THRESHOLDS;
        Map<Sign, Integer> counts = new EnumMap<>(Sign.class);
        for (Sign sign : Sign.values()) {
            List<Band> upTo = Lesions.upTo(sign, thresholds);
            List<Band> slices = Lesions.slices(sign, thresholds);
            assertEquals(thresholds.size(), slices.size());
            int sum = 0;
            for (int k = 0; k < slices.size(); k++) {
                sum += slices.get(k).apply(rnn).removed();
                assertEquals(
                        sum, upTo.get(k).apply(rnn).removed(), slices.get(k).words());
            }
            counts.put(sign, sum);
            assertEquals(0, upTo.get(0).apply(rnn).removed());
        }
        assertEquals(counts.get(Sign.BOTH), counts.get(Sign.POSITIVE) + counts.get(Sign.NEGATIVE));
        double last = 100.0 * counts.get(Sign.BOTH) / Lesions.count(rnn, Sign.BOTH);
        assertTrue(last > 30.0 && last < 45.0, "about the paper's 36 %: " + last);
    }

    @Test
    void theStrongestGoFirstAndTheFirstOfEquals() {
        assertArrayEquals(new double[] {0, -0.2, 0, 0.2, 0.2, -0.1, -0.5, 0, 0.3}, plus(new Strongest(Sign.BOTH, 1)));
        assertArrayEquals(new double[] {0, -0.2, 0, 0.2, 0.2, -0.1, 0, 0, 0}, plus(new Strongest(Sign.BOTH, 3)));
        assertArrayEquals(new double[] {0, 0, 0, 0, 0.2, -0.1, 0, 0, 0}, plus(new Strongest(Sign.BOTH, 5)));
        assertArrayEquals(new double[] {0, -0.2, 0, 0, 0.2, -0.1, -0.5, 0, 0}, plus(new Strongest(Sign.POSITIVE, 3)));
        assertArrayEquals(
                new double[] {0.5, -0.2, 0, 0.2, 0.2, -0.1, 0, 0, 0.3}, plus(new Strongest(Sign.NEGATIVE, 1)));
        assertArrayEquals(new double[9], plus(new Strongest(Sign.BOTH, 7)));
        assertArrayEquals(plus(new Strongest(Sign.BOTH, 0)), plus(new Band(Sign.BOTH, 0, 0)));
        message(
                "negative: connections to remove are 4, expected at most 3, all there are",
                () -> new Strongest(Sign.NEGATIVE, 4).apply(Networks.tanh(W)));
    }

    /** Without negative zeros. */
    private static double[] plus(Lesion lesion) {
        return Arrays.stream(left(lesion, W)).map(w -> w + 0.0).toArray();
    }

    @Test
    void randomSetsAreEquallyLikely() {
        Rnn rnn = Networks.tanh(0.1, -0.1, 0.1, 0, 0, 0.2, -0.3, 0, 0);
        Map<String, Integer> sets = new TreeMap<>();
        int draws = 5000;
        for (int draw = 0; draw < draws; draw++) {
            Result result = new RandomConnections(Sign.BOTH, 2, 17, draw).apply(rnn);
            assertEquals(2, result.removed());
            StringBuilder set = new StringBuilder();
            double[] w = wRec(result.network());
            for (int k = 0; k < 9; k++) {
                set.append(w[k] != wRec(rnn)[k] ? "x" : ".");
            }
            sets.merge(set.toString(), 1, Integer::sum);
        }
        assertEquals(10, sets.size(), "5 over 2 sets, of seed 17: " + sets);
        double chi2 = sets.values().stream()
                .mapToDouble(k -> (k - draws / 10.0) * (k - draws / 10.0) / (draws / 10.0))
                .sum();
        assertTrue(chi2 < 27.9, "chi^2 with 9 degrees of freedom, 0.1 %: " + chi2 + ", of seed 17");
    }

    @Test
    void randomRemovalKeepsToItsSignIsRepeatableAndNested() throws Exception {
        Rnn rnn = Networks.trained("xor");
        for (Sign sign : Sign.values()) {
            int there = Lesions.count(rnn, sign);
            double[] few = wRec(new RandomConnections(sign, 50, 3, 1).apply(rnn).network());
            double[] many =
                    wRec(new RandomConnections(sign, 500, 3, 1).apply(rnn).network());
            assertArrayEquals(
                    many, wRec(new RandomConnections(sign, 500, 3, 1).apply(rnn).network()));
            int gone = 0;
            for (int k = 0; k < few.length; k++) {
                double w = wRec(rnn)[k];
                assertTrue(few[k] != 0.0 || many[k] == 0.0);
                gone += many[k] != w ? 1 : 0;
                assertTrue(many[k] == w || (many[k] == 0.0 && sign.has(w)));
            }
            assertEquals(500, gone);
            for (RandomConnections other :
                    List.of(new RandomConnections(sign, 500, 3, 2), new RandomConnections(sign, 500, 4, 1))) {
                assertTrue(!Arrays.equals(many, wRec(other.apply(rnn).network())), other.words());
            }
            Result all = new RandomConnections(sign, there, 0, 0).apply(rnn);
            assertEquals(0, Lesions.count(all.network(), sign));
            message(
                    sign.words() + ": connections to remove are " + (there + 1) + ", expected at most " + there
                            + ", all there are",
                    () -> new RandomConnections(sign, there + 1, 0, 0).apply(rnn));
        }
    }

    @Test
    void aUnitThatIsRemovedDoesNothing() {
        RnnShape shape = new RnnShape(2, 4, 3);
        double[] block = new double[shape.parameters()];
        new RandomStream(5, Purpose.of("test"), 0).fillGaussian(block, 0, block.length, 1.0);
        Rnn rnn = new Rnn(shape, Activation.SIGMOID, 1, 2, true, block);
        Result result = new Units(List.of(2, 0)).apply(rnn);
        double[] after = result.network().parameters();
        for (RnnShape.View view : shape.views()) {
            for (int row = 0; row < view.rows(); row++) {
                for (int col = 0; col < view.cols(); col++) {
                    boolean reads = !view.name().equals("W_out") && !view.name().equals("b_out") && row % 2 == 0;
                    boolean read = (view.name().equals("W_rec") || view.name().equals("W_out")) && col % 2 == 0;
                    int at = view.at(row, col);
                    assertEquals(reads || read ? 0.0 : block[at], after[at], shape.entry(at));
                }
            }
        }
        assertEquals(12, result.removed());
        assertEquals(75.0, result.percent());
        assertEquals(new Units(List.of(0, 2)).words(), new Units(List.of(2, 0)).words());
        assertEquals(new Units(List.of(0, 2)), new Units(List.of(2, 0)));
        assertEquals(0, new Units(List.of()).apply(rnn).removed());
        message("unit to remove is 4, expected 0 to N - 1 = 3", () -> new Units(List.of(1, 4)).apply(rnn));
        message("unit to remove is -1, expected 0 to N - 1 = 3", () -> new Units(List.of(-1)).apply(rnn));
        message("unit 1 is to be removed twice, expected different units", () -> new Units(List.of(1, 3, 1)));
    }

    @Test
    void randomUnitsAreEquallyLikely() {
        int[] counts = new int[5];
        int draws = 4000;
        for (int draw = 0; draw < draws; draw++) {
            List<Integer> units = Units.random(5, 2, 9, draw).units();
            assertNotEquals(units.get(0), units.get(1));
            units.forEach(unit -> counts[unit]++);
        }
        for (int count : counts) {
            assertEquals(0.4 * draws, count, 4.0 * Math.sqrt(0.4 * 0.6 * draws), Arrays.toString(counts) + ", seed 9");
        }
        assertEquals(List.of(0, 1, 2), Units.random(3, 3, 0, 0).units());
        assertEquals(List.of(), Units.random(3, 0, 0, 0).units());
        message("units to remove are 4, expected at most 3, all there are", () -> Units.random(3, 4, 0, 0));
    }

    /** Each mode of each network: 0 in its place, all others as they were. */
    @ParameterizedTest
    @ValueSource(strings = {"and", "and-normal", "oscillation", "flipflop"})
    void aModeIsRemovedAndTheOthersStay(String name) throws Exception {
        Rnn rnn = Networks.trained(name);
        Spectrum before = Spectrum.withoutVectors(rnn);
        for (Spectrum.Mode mode : before.leading(rnn.units())) {
            int k = mode.index();
            Result result = new Mode(k).apply(rnn);
            Spectrum after = Spectrum.withoutVectors(result.network());
            List<double[]> expected = new ArrayList<>();
            int last = mode.im() > 0.0 ? k + 1 : k;
            for (int i = 0; i < before.size(); i++) {
                boolean gone = i >= k && i <= last;
                expected.add(gone ? new double[2] : new double[] {before.re()[i], before.im()[i]});
            }
            for (int i = 0; i < after.size(); i++) {
                double re = after.re()[i];
                double im = after.im()[i];
                double[] nearest = expected.stream()
                        .min((a, b) ->
                                Double.compare(Math.hypot(a[0] - re, a[1] - im), Math.hypot(b[0] - re, b[1] - im)))
                        .orElseThrow();
                assertTrue(Math.hypot(nearest[0] - re, nearest[1] - im) < 1e-10, name + " mode " + k + ", value " + i);
                expected.remove(nearest);
            }
            // |W - W'| is at least |lambda|, or sqrt 2 times that of a pair.
            double least = mode.modulus() * (mode.im() > 0.0 ? Math.sqrt(2.0) : 1.0) / before.frobenius();
            assertTrue(result.normShare() >= least * (1.0 - 1e-12), "mode " + k);
            assertEquals(0, result.removed());
            if (mode.im() > 0.0) {
                assertArrayEquals(
                        result.network().parameters(),
                        new Mode(last).apply(rnn).network().parameters(),
                        1e-12,
                        "either of a pair");
            }
        }
    }

    @Test
    void modesOfSmallMatrices() {
        assertArrayEquals(new double[4], left(new Mode(0), Networks.rotation(1.3, 2.0)), 1e-14);
        assertArrayEquals(new double[4], left(new Mode(1), Networks.rotation(1.3, 2.0)), 1e-14);
        // [[2, 1], [0, 1]]: v = (1, 0), w = (1, 1)/sqrt 2 of 2; v = (1, -1), w = (0, 1) of 1.
        assertArrayEquals(new double[] {0, -1, 0, 1}, left(new Mode(0), 2, 1, 0, 1), 1e-14);
        assertArrayEquals(new double[] {2, 2, 0, 0}, left(new Mode(1), 2, 1, 0, 1), 1e-14);
        assertArrayEquals(new double[4], left(new Mode(1), new double[4]));
        double[] rest = left(new Mode(1), 1, 0, 0, 0, 1, 0, 0, 0, 1);
        Spectrum spectrum = Spectrum.withoutVectors(Networks.tanh(rest));
        assertArrayEquals(new double[] {1, 1, 0}, spectrum.re(), 1e-12);
    }

    @Test
    void aModeThatIsNotKnownIsRefused() {
        String jordan = assertThrows(
                        IllegalArgumentException.class, () -> new Mode(0).apply(Networks.tanh(0.5, 1, 0, 0.5)))
                .getMessage();
        assertTrue(
                jordan.startsWith("eigenvalue 0, 0.5 + 0.0i, has left and right vectors with overlap ")
                        && jordan.endsWith(", expected at least 1.0E-4 (it is nearly defective)"),
                jordan);
        assertThrows(IllegalArgumentException.class, () -> new Mode(1).apply(Networks.tanh(1, 1, 0, 1 + 1e-6)));
        new Mode(1).apply(Networks.tanh(1, 1, 0, 1 + 1e-3));
        message(
                "index of the eigenvalue to remove is 2, expected 0 to N - 1 = 1",
                () -> new Mode(2).apply(Networks.tanh(1, 0, 0, 2)));
    }

    @Test
    void numbersOutOfRangeAreErrors() {
        String band = ", expected 0 <= the first <= the second, finite";
        message("band is -0.1 < |w| <= 0.2" + band, () -> new Band(Sign.BOTH, -0.1, 0.2));
        message("band is 0.3 < |w| <= 0.2" + band, () -> new Band(Sign.BOTH, 0.3, 0.2));
        message("band is 0.0 < |w| <= Infinity" + band, () -> new Band(Sign.BOTH, 0, Double.POSITIVE_INFINITY));
        message("band is 0.0 < |w| <= NaN" + band, () -> new Band(Sign.BOTH, 0, Double.NaN));
        message("connections to remove is -1, expected 0 or more", () -> new Strongest(Sign.BOTH, -1));
        message("connections to remove is -1, expected 0 or more", () -> new RandomConnections(Sign.BOTH, -1, 0, 0));
        message("index of the eigenvalue to remove is -1, expected 0 or more", () -> new Mode(-1));
        message(
                "W_rec[1,0] is NaN, expected a finite number",
                () -> new Band(Sign.BOTH, 0, 1).apply(Networks.tanh(1, 0, Double.NaN, 1)));
        assertThrows(IllegalArgumentException.class, () -> Lesions.slices(Sign.BOTH, List.of(0.2, 0.1)));
    }

    @Test
    void wordsTellLesionsApart() {
        assertEquals("positive, 0.003 < |w| <= 0.0075", new Band(Sign.POSITIVE, 0.003, 0.0075).words());
        assertEquals("both signs, strongest 20", new Strongest(Sign.BOTH, 20).words());
        assertEquals("negative, random 20 (seed 4, draw 3)", new RandomConnections(Sign.NEGATIVE, 20, 4, 3).words());
        assertEquals("units [0, 2]", new Units(List.of(2, 0)).words());
        assertEquals("mode of eigenvalue 3", new Mode(3).words());
    }
}
