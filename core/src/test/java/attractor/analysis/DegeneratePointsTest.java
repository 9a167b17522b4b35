package attractor.analysis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import attractor.analysis.FixedPoints.Options;
import attractor.analysis.FixedPoints.Point;
import attractor.kernel.Activation;
import attractor.model.Rnn;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** One degenerate point is told from a line of fixed points. */
class DegeneratePointsTest {
    /** Q B Q^T with Q = I - 2 v v^T, v drawn. */
    private static double[] turned(double[] block, long seed) {
        int n = (int) Math.round(Math.sqrt(block.length));
        double[] v = Networks.states(1, n, 1.0, seed);
        double square = Arrays.stream(v).map(x -> x * x).sum();
        double[] q = new double[n * n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                q[i * n + j] = (i == j ? 1.0 : 0.0) - 2.0 * v[i] * v[j] / square;
            }
        }
        return times(n, times(n, q, block), q);
    }

    private static double[] times(int n, double[] a, double[] b) {
        double[] c = new double[n * n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                for (int k = 0; k < n; k++) {
                    c[i * n + j] += a[i * n + k] * b[k * n + j];
                }
            }
        }
        return c;
    }

    /** An orthogonal matrix with these real eigenvalues and some turns. */
    private static double[] orthogonal(long seed, int rotations, double... eigenvalues) {
        double[] block = {};
        for (double value : eigenvalues) {
            block = Networks.blocks(block, new double[] {value});
        }
        for (int k = 0; k < rotations; k++) {
            block = Networks.blocks(block, Networks.rotation(1.0, 0.3 + k));
        }
        return turned(block, seed);
    }

    private static FixedPoints of(Rnn rnn) {
        int n = rnn.units();
        return FixedPoints.of(
                rnn, Networks.states(40, n, 0.3, 7), Options.of(rnn).withSeeds(200));
    }

    private static Point only(FixedPoints found) {
        assertEquals(1, found.points().size());
        assertEquals(List.of(), found.slow());
        return found.points().get(0);
    }

    /** |tanh(W h)| &lt; |W h| = |h| unless h = 0. */
    @ParameterizedTest
    @CsvSource({"1.0, 5, 11", "1.0, 10, 12", "0.25, 3, 13", "1.0, 1, 14"})
    void zeroIsTheOnlyPointOfAnOrthogonalNetworkWithEigenvalueOne(double alpha, int rotations, long seed) {
        for (double[] eigenvalues : new double[][] {{1.0, -1.0}, {1.0}, {1.0, 1.0, -1.0}}) {
            double[] w = orthogonal(seed, rotations, eigenvalues);
            Point p = only(of(Networks.of(Activation.TANH, alpha, 1.0, null, w)));
            assertEquals(0.0, Arrays.stream(p.state()).map(Math::abs).sum());
            assertFalse(p.continuum());
            assertEquals(0, p.index());
            assertEquals(1.0, p.seedFraction());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 8})
    void noDirectionOfTheIdentityMatrixIsALine(int n) {
        double[] w = new double[n * n];
        for (int i = 0; i < n; i++) {
            w[i * (n + 1)] = 1.0;
        }
        Point p = only(of(Networks.tanh(w)));
        assertFalse(p.continuum());
        assertEquals(0.0, Arrays.stream(p.state()).map(Math::abs).sum());
    }

    /** det(I - W) isn't 0: nothing is degenerate. */
    @ParameterizedTest
    @ValueSource(longs = {21, 22})
    void otherEigenvaluesOnTheUnitCircleAreRegular(long seed) {
        for (double[] eigenvalues : new double[][] {{}, {-1.0}, {-1.0, -1.0}}) {
            FixedPoints found = of(Networks.tanh(orthogonal(seed, 3, eigenvalues)));
            Point p = only(found);
            assertTrue(p.certificate().isPresent());
            assertEquals(1, p.index());
            assertFalse(p.continuum());
        }
    }

    /** h2 = tanh(h2) has 0 alone, and h1 = tanh(b + h2 / 2) bends along the neutral direction. */
    @Test
    void aDegeneratePointAwayFromZeroIsOne() {
        Rnn rnn = Networks.of(Activation.TANH, 1.0, 1.0, new double[] {0.5, 0.0}, 0.0, 0.5, 0.0, 1.0);
        Point p = only(of(rnn));
        assertFalse(p.continuum());
        assertEquals(Math.tanh(0.5), p.state()[0], 1e-4);
        assertEquals(0.0, p.state()[1], 2e-4);
        assertEquals(0, p.index());
    }

    /** Where two points of h = tanh(2 h + b) meet: |F(h) - h| grows like the square. */
    @Test
    void aFoldIsOnePoint() {
        double h = -Math.sqrt(0.5);
        double fold = 0.5 * Math.log((1.0 + h) / (1.0 - h)) - 2.0 * h;
        FixedPoints found = of(Networks.of(Activation.TANH, 1.0, 1.0, new double[] {fold}, 2.0));
        assertTrue(found.points().stream().noneMatch(Point::continuum));
        assertEquals(1, found.points().stream().filter(p -> p.state()[0] < 0.0).count());
    }

    @Test
    void sigmoidUnitsAreNoDifferent() {
        // h = sigma(4 h - 2) touches h = 1/2 to third order.
        Point p = only(of(Networks.of(Activation.SIGMOID, 1.0, 1.0, new double[] {-2.0}, 4.0)));
        assertFalse(p.continuum());
        assertEquals(0.5, p.state()[0], 2e-4);
    }

    @Test
    void linesOfPiecewiseLinearUnitsAreLines() {
        // An orthogonal matrix with eigenvalue 1, up to rounding.
        Rnn linear = Networks.of(Activation.IDENTITY, 1.0, 1.0, null, orthogonal(31, 3, 1.0, -1.0));
        Point line = of(linear).points().get(0);
        assertTrue(line.continuum());
        assertEquals(0, line.index());
        // Every h >= 0.
        assertTrue(of(Networks.of(Activation.RELU, 1.0, 1.0, null, 1.0)).points().stream()
                .anyMatch(Point::continuum));
        // Two that keep each other up.
        assertTrue(of(Networks.of(Activation.RELU, 0.5, 1.0, null, 0.0, 1.0, 1.0, 0.0)).points().stream()
                .anyMatch(Point::continuum));
        // Up to 0.01, where a unit wakes that inhibits the first.
        Rnn piece = Networks.of(Activation.RELU, 1.0, 1.0, new double[] {0.0, -0.01}, 1.0, -1.0, 1.0, 0.0);
        FixedPoints found = FixedPoints.of(
                piece,
                new double[] {0.002, 0.0, 0.005, 0.0, 0.008, 0.0},
                Options.of(piece).withNoiseSd(1e-3));
        assertTrue(found.points().stream().anyMatch(Point::continuum));
    }

    /** An eigenvalue of 1 - 1e-11 leaves |F(h) - h| below 1e-12 for a long way, and yet there is one point. */
    @Test
    void nearlyALineIsNone() {
        Rnn rnn = Networks.of(Activation.IDENTITY, 1.0, 1.0, new double[] {0.0, 1.0}, 1.0 - 1e-11, 0.0, 0.0, 0.5);
        FixedPoints found = FixedPoints.of(
                rnn, Networks.states(40, 2, 0.01, 5), Options.of(rnn).withNoiseSd(0.01));
        assertEquals(1, found.points().size());
        assertFalse(found.points().get(0).continuum());
    }
}
