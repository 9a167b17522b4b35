package attractor.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import attractor.kernel.Activation;
import attractor.model.Initializers.Recurrent;
import attractor.random.RandomStream;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class InitializersTest {
    private static Rnn network(int inputs, int units, int outputs, Recurrent recurrent, long seed) {
        return Initializers.network(
                new RnnShape(inputs, units, outputs), Activation.TANH, 1.0, 2.0, true, recurrent, seed);
    }

    private static double[] orthogonal(int n, long index) {
        double[] a = new double[n * n];
        Initializers.orthogonal(new RandomStream(7, Initializers.WEIGHTS, index), a, 0, n);
        return a;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 5, 17, 50, 200})
    void orthogonalMatricesAreOrthogonal(int n) {
        double[] q = orthogonal(n, n);
        double worst = 0.0;
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                double rows = i == j ? -1.0 : 0.0;
                double columns = rows;
                for (int k = 0; k < n; k++) {
                    rows += q[i * n + k] * q[j * n + k];
                    columns += q[k * n + i] * q[k * n + j];
                }
                worst = Math.max(worst, Math.max(Math.abs(rows), Math.abs(columns)));
            }
        }
        assertTrue(worst <= 1e-14 * n, "N = " + n + ": |Q Q^T - I| is " + worst);
    }

    /**
     * Haar measure on O(n), here n = 4: entries have mean 0, second moment 1/n and fourth 3/(n(n+2)); trace Q has mean 0 and
     * variance 1, trace Q^2 mean 1 (Diaconis and Shahshahani 1994); both determinants are equally likely. Bounds are 5 standard
     * errors. Without the signs of R's diagonal the first entry alone would have mean -0.42.
     */
    @Test
    void orthogonalMatricesAreHaarDistributed() {
        int n = 4;
        int draws = 20_000;
        double[] mean = new double[n * n];
        double[] second = new double[n * n];
        double[] fourth = new double[n * n];
        double trace = 0.0;
        double traceSquared = 0.0;
        double traceOfSquare = 0.0;
        double determinant = 0.0;
        for (int d = 0; d < draws; d++) {
            double[] q = orthogonal(n, d);
            double t = 0.0;
            for (int i = 0; i < n; i++) {
                t += q[i * n + i];
                for (int j = 0; j < n; j++) {
                    double e = q[i * n + j];
                    mean[i * n + j] += e;
                    second[i * n + j] += e * e;
                    fourth[i * n + j] += e * e * e * e;
                    traceOfSquare += e * q[j * n + i];
                }
            }
            trace += t;
            traceSquared += t * t;
            determinant += Math.signum(determinant(q, n));
        }
        String seed = " (seed 7, " + draws + " draws)";
        double unit = 5.0 / Math.sqrt(draws);
        for (int i = 0; i < n * n; i++) {
            assertEquals(0.0, mean[i] / draws, unit * 0.5, "mean of entry " + i + seed);
            assertEquals(0.25, second[i] / draws, unit * 0.25, "second moment of entry " + i + seed);
            assertEquals(0.125, fourth[i] / draws, unit * 0.25, "fourth moment of entry " + i + seed);
        }
        assertEquals(0.0, trace / draws, unit, "mean trace" + seed);
        assertEquals(1.0, traceSquared / draws, unit * Math.sqrt(2.0), "variance of the trace" + seed);
        assertEquals(1.0, traceOfSquare / draws, unit * Math.sqrt(3.0), "mean trace of the square" + seed);
        assertEquals(0.0, determinant / draws, unit, "mean determinant" + seed);
    }

    /** The determinant by elimination; accurate enough for its sign. */
    private static double determinant(double[] q, int n) {
        double[] a = q.clone();
        double determinant = 1.0;
        for (int k = 0; k < n; k++) {
            int pivot = k;
            for (int i = k + 1; i < n; i++) {
                pivot = Math.abs(a[i * n + k]) > Math.abs(a[pivot * n + k]) ? i : pivot;
            }
            for (int j = 0; pivot != k && j < n; j++) {
                double swapped = a[k * n + j];
                a[k * n + j] = a[pivot * n + j];
                a[pivot * n + j] = swapped;
            }
            determinant *= pivot == k ? a[k * n + k] : -a[k * n + k];
            for (int i = k + 1; i < n; i++) {
                double factor = a[i * n + k] / a[k * n + k];
                for (int j = k; j < n; j++) {
                    a[i * n + j] -= factor * a[k * n + j];
                }
            }
        }
        return determinant;
    }

    @Test
    void aMatrixOfOneEntryIsPlusOrMinusOne() {
        int plus = 0;
        for (int i = 0; i < 1000; i++) {
            double q = orthogonal(1, i)[0];
            assertEquals(1.0, Math.abs(q), "draw " + i + " (seed 7)");
            plus += q > 0.0 ? 1 : 0;
        }
        assertEquals(500.0, plus, 80.0, "of 1000 draws with seed 7");
    }

    @ParameterizedTest
    @CsvSource({"2, 50, 1", "1, 1, 1", "3, 7, 5", "40, 20, 1"})
    void inputAndOutputWeightsAreGlorotUniform(int inputs, int units, int outputs) {
        Rnn rnn = network(inputs, units, outputs, Recurrent.ORTHOGONAL, 3);
        checkUniform(rnn.copyOf(rnn.shape().wIn()), Math.sqrt(6.0 / (inputs + units)));
        checkUniform(rnn.copyOf(rnn.shape().wOut()), Math.sqrt(6.0 / (outputs + units)));
    }

    private static void checkUniform(double[] a, double limit) {
        double largest = 0.0;
        double sum = 0.0;
        double squares = 0.0;
        for (double w : a) {
            largest = Math.max(largest, Math.abs(w));
            sum += w / limit;
            squares += w / limit * w / limit;
        }
        String what = a.length + " weights (seed 3)";
        assertTrue(largest <= limit, () -> "largest of " + what);
        assertTrue(largest > 0.0, what);
        if (a.length >= 50) {
            double unit = 5.0 / Math.sqrt(a.length);
            assertTrue(largest > 0.8 * limit, "largest of " + what + " is " + largest + " of " + limit);
            assertEquals(0.0, sum / a.length, unit * 0.58, what);
            assertEquals(1.0 / 3.0, squares / a.length, unit * 0.3, what);
        }
    }

    @Test
    void recurrentWeightsHaveTheirVariance() {
        int n = 200;
        Rnn normal = network(1, n, 1, Recurrent.NORMAL, 5);
        double[] w = normal.copyOf(normal.shape().wRec());
        double mean = Arrays.stream(w).sum() / w.length;
        double square = Arrays.stream(w).map(e -> e * e).sum() / w.length;
        double fourth = Arrays.stream(w).map(e -> e * e * e * e).sum() / w.length;
        double unit = 5.0 / n;
        assertEquals(0.0, mean, unit / Math.sqrt(n), "seed 5");
        assertEquals(1.0, square * n, unit * Math.sqrt(2.0), "seed 5");
        assertEquals(3.0, fourth * n * n, unit * Math.sqrt(96.0), "seed 5");
        Rnn glorot = network(1, n, 1, Recurrent.GLOROT, 5);
        checkUniform(glorot.copyOf(glorot.shape().wRec()), Math.sqrt(6.0 / (2 * n)));
    }

    @Test
    void theIdentityIsOne() {
        Rnn rnn = network(2, 3, 1, Recurrent.IDENTITY, 7);
        assertArrayEquals(
                new double[] {1, 0, 0, 0, 1, 0, 0, 0, 1}, rnn.copyOf(rnn.shape().wRec()));
    }

    @ParameterizedTest
    @EnumSource(value = Recurrent.class, names = "IDENTITY", mode = EnumSource.Mode.EXCLUDE)
    void everythingElseIsZeroAndWeightsAreFinite(Recurrent recurrent) {
        for (int n : new int[] {1, 2, 9}) {
            Rnn rnn = network(2, n, 3, recurrent, -1);
            RnnShape shape = rnn.shape();
            for (RnnShape.View view : shape.views()) {
                for (double w : rnn.copyOf(view)) {
                    assertTrue(Double.isFinite(w), view.name());
                    assertEquals(view.name().startsWith("W_"), w != 0.0, view.name());
                }
            }
            assertEquals(0.5, rnn.alpha());
            assertTrue(rnn.recurrentBias());
        }
    }

    @Test
    void arraysHaveStreamsOfTheirOwn() {
        Rnn a = network(2, 6, 1, Recurrent.ORTHOGONAL, 11);
        Rnn b = network(3, 6, 2, Recurrent.NORMAL, 11);
        Rnn c = network(3, 6, 1, Recurrent.ORTHOGONAL, 11);
        assertArrayEquals(a.copyOf(a.shape().wRec()), c.copyOf(c.shape().wRec()));
        assertArrayEquals(a.copyOf(a.shape().wOut()), c.copyOf(c.shape().wOut()));
        assertArrayEquals(b.copyOf(b.shape().wIn()), c.copyOf(c.shape().wIn()));
        Rnn other = network(2, 6, 1, Recurrent.ORTHOGONAL, 12);
        for (RnnShape.View view : new RnnShape.View[] {
            a.shape().wIn(), a.shape().wRec(), a.shape().wOut()
        }) {
            assertNotEquals(
                    a.parameters()[view.offset()], other.parameters()[view.offset()], view.name() + " of seed 12");
        }
    }

    /** If these hashes change, every result of the project changes. */
    @ParameterizedTest
    @CsvSource({"ORTHOGONAL, 59eb8f79ea6d5fb0", "NORMAL, 96c17c5f19e6c2d2", "GLOROT, 23b9ad72fd4d7b9d"})
    void bitsAreFrozen(Recurrent recurrent, String expected) {
        assertEquals(expected, hash(network(2, 23, 3, recurrent, 2024).parameters()));
    }

    static String hash(double[] values) {
        ByteBuffer bytes = ByteBuffer.allocate(8 * values.length);
        Arrays.stream(values).forEach(bytes::putDouble);
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes.array());
            return HexFormat.of().formatHex(digest, 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void namesAreRead() {
        for (Recurrent r : Recurrent.values()) {
            assertEquals(r, Recurrent.of(r.id()));
        }
        assertEquals(
                "init is 'Orthogonal', expected one of orthogonal, normal, glorot, identity",
                assertThrows(IllegalArgumentException.class, () -> Recurrent.of("Orthogonal"))
                        .getMessage());
    }
}
