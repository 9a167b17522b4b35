package attractor.analysis;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import attractor.analysis.FixedPoints.Options;
import attractor.analysis.FixedPoints.Point;
import attractor.kernel.Activation;
import attractor.kernel.Kernels;
import attractor.model.Rnn;
import attractor.model.RnnShape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FixedPointsTest {
    /** The positive solution of h = tanh(2 h). */
    private static final double ROOT = 0.9575040240772687;

    private static List<Point> byFirstUnit(FixedPoints found) {
        List<Point> points = new ArrayList<>(found.points());
        points.sort(Comparator.comparingDouble(p -> p.state()[0]));
        return points;
    }

    @ParameterizedTest
    @ValueSource(doubles = {1.0, 0.25})
    void aUnitThatExcitesItselfHasThree(double alpha) {
        Rnn rnn = Networks.of(Activation.TANH, alpha, 1.0, null, 2.0);
        FixedPoints found = FixedPoints.of(rnn, new double[] {0.1, 0.5, -0.5});
        List<Point> points = byFirstUnit(found);
        assertEquals(3, points.size());
        assertEquals(-ROOT, points.get(0).state()[0], 1e-15);
        assertEquals(0.0, points.get(1).state()[0]);
        assertEquals(ROOT, points.get(2).state()[0], 1e-15);
        double slope = 2.0 * (1.0 - ROOT * ROOT);
        double[] lambda = {slope, 2.0, slope};
        double fractions = 0.0;
        for (int k = 0; k < 3; k++) {
            Point p = points.get(k);
            Multipliers mu = p.multipliers().orElseThrow();
            assertEquals(1.0 - alpha + alpha * lambda[k], mu.re()[0], 1e-14);
            assertEquals(0.0, mu.im()[0]);
            assertEquals(k == 1 ? 1 : 0, mu.unstable());
            assertEquals(k != 1, mu.stable());
            assertTrue(p.residual() <= 1e-15, () -> "residual " + p.residual());
            assertEquals(p.state()[0], p.output()[0]);
            assertTrue(p.certificate().orElseThrow().radius() < 1e-14, p::toString);
            assertFalse(p.continuum());
            fractions += p.seedFraction();
        }
        assertEquals(1.0, fractions + found.lostFraction(), 1e-12);
        assertEquals(List.of(), found.slow());
    }

    @Test
    void aMirrorImageThatNoSeedLedToIsListed() {
        FixedPoints found = FixedPoints.of(
                Networks.tanh(2.0),
                new double[] {0.9, 0.95},
                Options.of(Networks.tanh(2.0)).withNoiseSd(0.01));
        // The image, and 0, which the proof that there are no others finds.
        assertEquals(3, found.points().size());
        Point seen = found.points().get(0);
        Point image = found.points().get(1);
        assertEquals(0.0, found.points().get(2).state()[0]);
        assertEquals(1.0, seen.seedFraction());
        assertFalse(seen.mirrored());
        assertFalse(seen.outlier());
        assertTrue(image.mirrored());
        assertTrue(image.outlier(), "1.8 away from states that are 0.03 apart");
        assertEquals(0.0, image.seedFraction());
        assertEquals(-seen.state()[0], image.state()[0]);
        assertEquals(0.9 + ROOT, image.distance(), 1e-12);
        assertEquals(seen.certificate(), image.certificate());
        // Not odd: no image.
        Rnn biased = Networks.of(Activation.TANH, 1.0, 1.0, new double[] {1e-3}, 2.0);
        FixedPoints all =
                FixedPoints.of(biased, new double[] {0.9}, Options.of(biased).withNoiseSd(0.01));
        assertEquals(3, all.points().size());
        assertTrue(all.points().stream().noneMatch(Point::mirrored));
    }

    /** W = gain sum of xi xi^T / N over orthogonal patterns: h = m xi with m = tanh(gain m). */
    @Test
    void aHopfieldNetworkStoresItsPatterns() {
        int n = 16;
        double[][] patterns = new double[3][n];
        for (int i = 0; i < n; i++) {
            patterns[0][i] = i % 2 == 0 ? 1.0 : -1.0;
            patterns[1][i] = i / 2 % 2 == 0 ? 1.0 : -1.0;
            patterns[2][i] = i / 4 % 2 == 0 ? 1.0 : -1.0;
        }
        double[] w = new double[n * n];
        for (double[] xi : patterns) {
            for (int i = 0; i < n; i++) {
                for (int j = 0; j < n; j++) {
                    w[i * n + j] += 2.0 * xi[i] * xi[j] / n;
                }
            }
        }
        Rnn rnn = Networks.tanh(w);
        double[] states = Networks.states(30, n, 0.3, 1);
        for (int i = 0; i < states.length; i++) {
            states[i] += patterns[i / n % 3][i % n];
        }
        FixedPoints found = FixedPoints.of(rnn, states);
        for (double[] xi : patterns) {
            for (double sign : new double[] {1.0, -1.0}) {
                double[] expected = Arrays.stream(xi).map(x -> sign * ROOT * x).toArray();
                Point point = found.points().stream()
                        .filter(p -> ConstantMap.distance(p.state(), 0, expected, 0, n) < 1e-12)
                        .findFirst()
                        .orElseThrow();
                Multipliers mu = point.multipliers().orElseThrow();
                assertTrue(mu.stable(), "a stored pattern attracts");
                // D W = (1 - ROOT^2) W on patterns, which W takes to twice themselves; the rest dies at once.
                assertEquals(2.0 * (1.0 - ROOT * ROOT), mu.radius(), 1e-12);
                assertEquals(0, mu.neutral());
                assertTrue(point.certificate().orElseThrow().radius() < 1e-12);
                assertTrue(point.seedFraction() > 0.0 || point.mirrored());
            }
        }
        // A symmetric matrix: real multipliers everywhere.
        for (Point p : found.points()) {
            for (double im : p.multipliers().orElseThrow().im()) {
                assertEquals(0.0, im, 1e-7);
            }
        }
    }

    @Test
    void aLinearMapHasOne() {
        double[] w = {0.5, -0.3, 0.2, 0.1, 0.4, -0.6, 0.0, 0.7, -0.2};
        double[] b = {0.3, -1.0, 2.0};
        Rnn rnn = Networks.of(Activation.IDENTITY, 1.0, 1.0, b, w);
        FixedPoints found = FixedPoints.of(rnn, Networks.states(10, 3, 1.0, 2));
        assertEquals(1, found.points().size());
        Point p = found.points().get(0);
        assertEquals(1.0, p.seedFraction());
        for (int i = 0; i < 3; i++) {
            double sum = b[i];
            for (int j = 0; j < 3; j++) {
                sum += w[i * 3 + j] * p.state()[j];
            }
            assertEquals(sum, p.state()[i], 1e-14);
        }
        assertEquals(Double.POSITIVE_INFINITY, p.certificate().orElseThrow().uniqueWithin());
    }

    @Test
    void aLineOfFixedPointsIsOneEntryWithoutCertificate() {
        // h0 stays, h1 halves: every (c, 0) is fixed.
        Rnn rnn = Networks.of(Activation.IDENTITY, 1.0, 1.0, null, 1.0, 0.0, 0.0, 0.5);
        FixedPoints found = FixedPoints.of(rnn, Networks.states(10, 2, 1.0, 3));
        assertEquals(1, found.points().size());
        Point p = found.points().get(0);
        assertTrue(p.continuum());
        assertTrue(p.certificate().isEmpty(), "fixed, but not isolated");
        assertEquals(1, p.multipliers().orElseThrow().neutral());
        assertFalse(p.multipliers().orElseThrow().stable());
        assertEquals(0.0, p.state()[1], 1e-12);
        assertEquals(1.0, p.seedFraction());
    }

    @Test
    void aSingularMapWithoutSolutionHasNone() {
        // h0' = h0 + 1e-4.
        Rnn rnn = Networks.of(Activation.IDENTITY, 1.0, 1.0, new double[] {1e-4, 0.0}, 1.0, 0.0, 0.0, 0.5);
        FixedPoints found = FixedPoints.of(
                rnn, Networks.states(10, 2, 1.0, 4), Options.of(rnn).withSeeds(20));
        assertEquals(List.of(), found.points());
        assertFalse(found.slow().isEmpty());
        assertEquals(0.5e-8, found.slow().get(0).q(), 1e-14);
        assertEquals(0.0, found.lostFraction());
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 2, 3, 4, 5})
    void differentSeedsFindTheSame(long weights) {
        Rnn rnn = Networks.random(10, 1.5, weights);
        double[] states = Networks.states(100, 10, 0.4, weights);
        Options options = Options.of(rnn).withNoiseSd(0.5);
        FixedPoints first = FixedPoints.of(rnn, states, options.withSeed(1));
        FixedPoints second = FixedPoints.of(rnn, states, options.withSeed(2));
        String message = "weights " + weights + ": " + first.points().size() + " and "
                + second.points().size() + " points";
        assertEquals(first.points().size(), second.points().size(), message);
        assertTrue(first.points().size() % 2 == 1, message + ", expected 0 and pairs");
        for (Point p : first.points()) {
            assertTrue(p.residual() <= FixedPoints.MAX_RESIDUAL);
            double nearest = second.points().stream()
                    .mapToDouble(o -> ConstantMap.distance(o.state(), 0, p.state(), 0, 10))
                    .min()
                    .orElseThrow();
            assertTrue(nearest < 1e-12, message + ", one is " + nearest + " from the nearest of the others");
        }
    }

    @Test
    void theSameSeedGivesTheSameBits() {
        Rnn rnn = Networks.random(20, 1.4, 3);
        double[] states = Networks.states(50, 20, 0.3, 5);
        FixedPoints a = FixedPoints.of(rnn, states);
        FixedPoints b = FixedPoints.of(rnn, states);
        assertEquals(a.points().size(), b.points().size());
        for (int k = 0; k < a.points().size(); k++) {
            assertArrayEquals(a.points().get(k).state(), b.points().get(k).state());
            assertEquals(a.points().get(k).seedFraction(), b.points().get(k).seedFraction());
        }
    }

    /** q of h = tanh(2 h + b) has a minimum above 0 where two fixed points have just met and gone. */
    @Test
    void aGhostIsSlowAndNotFixed() {
        double h = -Math.sqrt(0.5);
        double fold = 0.5 * Math.log((1.0 + h) / (1.0 - h)) - 2.0 * h;
        Rnn beyond = Networks.of(Activation.TANH, 1.0, 1.0, new double[] {fold + 1e-4}, 2.0);
        FixedPoints found = FixedPoints.of(beyond, new double[] {-0.75, -0.7, -0.65, 0.9});
        assertEquals(1, found.points().size());
        assertTrue(found.points().get(0).state()[0] > 0.9);
        assertEquals(1, found.slow().size());
        assertEquals(h, found.slow().get(0).state()[0], 1e-3);
        assertTrue(found.slow().get(0).q() > 1e-10 && found.slow().get(0).q() < 1e-8);
        // On the other side there are two.
        Rnn before = Networks.of(Activation.TANH, 1.0, 1.0, new double[] {fold - 1e-4}, 2.0);
        FixedPoints three = FixedPoints.of(before, new double[] {-0.75, -0.7, -0.65, 0.9});
        assertEquals(3, three.points().size());
        assertEquals(
                1,
                three.points().stream()
                        .filter(p -> p.multipliers().orElseThrow().unstable() == 1)
                        .count());
        assertEquals(List.of(), three.slow());
    }

    @Test
    void anInputMovesThePoints() {
        RnnShape shape = new RnnShape(2, 1, 1);
        double[] block = new double[shape.parameters()];
        block[shape.wIn().at(0, 0)] = 1.0;
        block[shape.wIn().at(0, 1)] = -2.0;
        block[shape.wRec().at(0, 0)] = 0.5;
        block[shape.wOut().at(0, 0)] = 3.0;
        block[shape.bOut().at(0, 0)] = 1.0;
        Rnn rnn = Rnn.zeros(shape).withParameters(block);
        Options options = Options.of(rnn).withInput(new double[] {0.7, 0.1});
        FixedPoints found = FixedPoints.of(rnn, new double[] {0.0}, options);
        assertEquals(1, found.points().size());
        double h = found.points().get(0).state()[0];
        assertEquals(Math.tanh(0.5 * h + 0.5), h, 1e-15);
        assertEquals(3.0 * h + 1.0, found.points().get(0).output()[0], 1e-15);
    }

    @ParameterizedTest
    @CsvSource({"RELU, 1.0", "RELU, 0.3", "SIGMOID, 1.0", "SIGMOID, 0.3"})
    void otherActivations(Activation phi, double alpha) {
        Rnn random = Networks.random(12, 0.8, 8);
        double[] w = random.copyOf(random.shape().wRec());
        double[] bias = Networks.states(1, 12, 1.0, 9);
        Rnn rnn = Networks.of(phi, alpha, 1.0, bias, w);
        FixedPoints found = FixedPoints.of(rnn, Networks.states(30, 12, 0.5, 10));
        assertFalse(found.points().isEmpty());
        for (Point p : found.points()) {
            for (int i = 0; i < 12; i++) {
                double z = bias[i];
                for (int j = 0; j < 12; j++) {
                    z += w[i * 12 + j] * p.state()[j];
                }
                double expected = phi == Activation.RELU ? Math.max(z, 0.0) : 1.0 / (1.0 + Math.exp(-z));
                assertEquals(expected, p.state()[i], 1e-14);
            }
            assertTrue(p.certificate().orElseThrow().radius() < 1e-12);
        }
    }

    @Test
    void beyondTheirNumberMultipliersAreLeftOut() {
        Rnn rnn = Networks.of(Activation.TANH, 1.0, 1.0, new double[] {1e-3}, 2.0);
        Options d = Options.of(rnn);
        Options one = new Options(
                d.input(), d.seeds(), 0.5, d.seed(), d.mergeDistance(), d.slowBound(), d.outlierFactor(), 1);
        FixedPoints found = FixedPoints.of(rnn, new double[] {0.0}, one);
        assertEquals(3, found.points().size());
        assertTrue(found.points().get(0).multipliers().isPresent());
        assertTrue(found.points().get(1).multipliers().isEmpty());
        assertTrue(found.points().get(2).certificate().isPresent());
        assertTrue(found.points().get(0).seedFraction() >= found.points().get(1).seedFraction());
    }

    /** The minimiser alone, against the multipliers' own Jacobian: all rows of a batch end where each alone does. */
    @Test
    void seedsDoNotInfluenceEachOther() {
        Rnn rnn = Networks.random(15, 1.3, 11);
        ConstantMap map = new ConstantMap(rnn, null, Kernels.get());
        double[] together = Networks.states(7, 15, 0.5, 12);
        double[] alone = together.clone();
        new SpeedMinimizer(map, 7, together, 1e-13, 45).run();
        for (int k = 0; k < 7; k++) {
            double[] one = Arrays.copyOfRange(alone, k * 15, (k + 1) * 15);
            new SpeedMinimizer(map, 1, one, 1e-13, 45).run();
            assertArrayEquals(one, Arrays.copyOfRange(together, k * 15, (k + 1) * 15));
        }
    }

    @Test
    void errorsNameWhatIsWrong() {
        Rnn rnn = Networks.tanh(1.0, 0.0, 0.0, 1.0);
        message("states has 3 values, expected a multiple of N = 2", () -> FixedPoints.of(rnn, new double[3]));
        message("states has 0 values", () -> FixedPoints.of(rnn, new double[0]));
        message("state value 1 is NaN", () -> FixedPoints.of(rnn, new double[] {0.0, Double.NaN}));
        message(
                "constant input has 2 values, expected I = 1",
                () -> FixedPoints.of(rnn, new double[2], Options.of(rnn).withInput(new double[2])));
        message("0 seeds", () -> Options.of(rnn).withSeeds(0));
        message("noiseSd is -1.0", () -> Options.of(rnn).withNoiseSd(-1.0));
        double[] block = rnn.parameters().clone();
        block[rnn.shape().wRec().at(1, 1)] = Double.POSITIVE_INFINITY;
        Rnn infinite = rnn.withParameters(block);
        message("is Infinity, expected a finite number", () -> FixedPoints.of(infinite, new double[2]));
    }

    private static void message(String part, Runnable call) {
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, call::run);
        assertTrue(e.getMessage().contains(part), e::getMessage);
    }
}
