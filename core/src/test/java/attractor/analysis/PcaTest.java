package attractor.analysis;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.decomposition.svd.SvdImplicitQrDecompose_DDRM;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PcaTest {
    /** Correlated states of well-separated variances about a mean that is not 0. */
    private static double[] states(int m, int n, long seed) {
        Random random = new Random(seed);
        double[] mix = new double[n * n];
        for (int i = 0; i < mix.length; i++) {
            mix[i] = random.nextGaussian() / Math.sqrt(n);
        }
        double[] states = new double[m * n];
        for (int i = 0; i < m; i++) {
            for (int k = 0; k < n; k++) {
                double source = random.nextGaussian() * Math.pow(0.6, k);
                for (int j = 0; j < n; j++) {
                    states[i * n + j] += source * mix[k * n + j];
                }
            }
            for (int j = 0; j < n; j++) {
                states[i * n + j] += 0.3 * j - 1.0;
            }
        }
        return states;
    }

    private static double[] centred(double[] states, int m, int n) {
        double[] centred = states.clone();
        for (int j = 0; j < n; j++) {
            double sum = 0.0;
            for (int i = 0; i < m; i++) {
                sum += states[i * n + j];
            }
            for (int i = 0; i < m; i++) {
                centred[i * n + j] -= sum / m;
            }
        }
        return centred;
    }

    @ParameterizedTest
    @CsvSource({"2, 1", "400, 1", "3, 2", "100, 3", "60, 10", "800, 12", "5, 12", "2, 7", "12, 12"})
    void agreesWithTheSingularValues(int m, int n) {
        long seed = 31L * m + n;
        String label = "seed " + seed;
        double[] states = states(m, n, seed);
        Pca pca = Pca.of(states, n, n);
        assertEquals(m, pca.observations());
        assertEquals(n, pca.kept());

        SvdImplicitQrDecompose_DDRM svd = new SvdImplicitQrDecompose_DDRM(true, false, true, false);
        double[] centred = centred(states, m, n);
        assertTrue(svd.decompose(DMatrixRMaj.wrap(m, n, centred.clone())));
        DMatrixRMaj vt = svd.getV(null, true);
        Integer[] order = new Integer[svd.numberOfSingularValues()];
        Arrays.setAll(order, k -> k);
        Arrays.sort(order, (a, b) -> Double.compare(svd.getSingularValues()[b], svd.getSingularValues()[a]));
        double total = 0.0;
        for (double x : centred) {
            total += x * x / (m - 1);
        }
        for (int k = 0; k < n; k++) {
            double sigma = k < order.length ? svd.getSingularValues()[order[k]] : 0.0;
            double variance = sigma * sigma / (m - 1);
            assertEquals(variance, pca.variances()[k], 1e-14 * total, label);
            assertEquals(variance / total, pca.explained()[k], 1e-14, label);
            if (variance > 1e-6 * total) {
                double dot = 0.0;
                for (int j = 0; j < n; j++) {
                    dot += vt.get(order[k], j) * pca.components()[k * n + j];
                }
                assertEquals(1.0, Math.abs(dot), 1e-12, label + ": component " + k);
            }
        }
        checkConsistent(pca, centred, label);
    }

    /** Orthonormal components, signs, projections and their variances. */
    private static void checkConsistent(Pca pca, double[] centred, String label) {
        int n = pca.units();
        int m = pca.observations();
        double total = 1e-300;
        for (int k = 0; k < n; k++) {
            total += pca.variances()[k];
            assertTrue(pca.variances()[k] >= 0.0, label);
            assertTrue(k == 0 || pca.variances()[k] <= pca.variances()[k - 1], label);
        }
        for (int k = 0; k < pca.kept(); k++) {
            for (int l = 0; l <= k; l++) {
                double dot = 0.0;
                for (int j = 0; j < n; j++) {
                    dot += pca.components()[k * n + j] * pca.components()[l * n + j];
                }
                assertEquals(k == l ? 1.0 : 0.0, dot, 1e-13, label);
            }
            double most = 0.0;
            for (int j = 0; j < n; j++) {
                most = Math.max(most, Math.abs(pca.components()[k * n + j]));
            }
            int first = 0;
            while (Math.abs(pca.components()[k * n + first]) < most * (1.0 - 1e-9)) {
                first++;
            }
            assertTrue(pca.components()[k * n + first] > 0.0, label + ": sign of component " + k);
            double variance = 0.0;
            for (int i = 0; i < m; i++) {
                double p = 0.0;
                for (int j = 0; j < n; j++) {
                    p += centred[i * n + j] * pca.components()[k * n + j];
                }
                assertEquals(p, pca.projection()[i * pca.kept() + k], 1e-13 * Math.sqrt(total * m), label);
                variance += p * p;
            }
            assertEquals(variance / Math.max(1, m - 1), pca.variances()[k], 1e-13 * total, label);
        }
    }

    @Test
    void threePointsByHand() {
        // On the line (2, -1), 0 and +-sqrt(5) from the mean (1, 1): variance 2 * 5 / 2
        Pca pca = Pca.of(new double[] {1, 1, 3, 0, -1, 2}, 2, 1);
        assertArrayEquals(new double[] {1, 1}, pca.mean());
        assertArrayEquals(new double[] {5, 0}, pca.variances(), 1e-14);
        assertArrayEquals(new double[] {1, 0}, pca.explained(), 1e-15);
        assertArrayEquals(new double[] {2 / Math.sqrt(5), -1 / Math.sqrt(5)}, pca.components(), 1e-15);
        assertArrayEquals(new double[] {0, Math.sqrt(5), -Math.sqrt(5)}, pca.projection(), 1e-14);
        assertEquals(1, pca.kept());
        assertArrayEquals(new double[] {-1 / Math.sqrt(5), 0}, pca.project(new double[] {1, 2, 1, 1}), 1e-15);
    }

    @Test
    void keepsNoMoreThanAsked() {
        double[] states = states(50, 6, 8);
        Pca all = Pca.of(states, 6, 100);
        Pca some = Pca.of(states, 6, 3);
        assertEquals(6, all.kept());
        assertEquals(3, some.kept());
        assertArrayEquals(all.variances(), some.variances());
        assertArrayEquals(Arrays.copyOf(all.components(), 18), some.components());
        for (int i = 0; i < 50; i++) {
            for (int k = 0; k < 3; k++) {
                assertEquals(all.projection()[i * 6 + k], some.projection()[i * 3 + k]);
            }
        }
        assertArrayEquals(some.projection(), some.project(states));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 10})
    void constantStatesHaveNoVariance(int m) {
        double[] states = new double[m * 3];
        for (int i = 0; i < states.length; i++) {
            states[i] = 0.1 * (1 + i % 3);
        }
        Pca pca = Pca.of(states, 3, 3);
        assertArrayEquals(new double[3], pca.variances());
        assertArrayEquals(new double[3], pca.explained());
        assertArrayEquals(new double[3 * m], pca.projection());
        checkConsistent(pca, new double[3 * m], "constant");
    }

    /** Where EJML's iteration on the bare covariance matrix never ends. */
    @Test
    void fewDimensionsInManyUnits() {
        int n = 250;
        int m = 500;
        Random random = new Random(1);
        double[] states = new double[m * n];
        for (int i = 0; i < states.length; i++) {
            states[i] = random.nextGaussian() * Math.pow(0.5, i % n);
        }
        Pca pca = Pca.of(states, n, n);
        checkConsistent(pca, centred(states, m, n), "seed 1");
        assertEquals(0.0, pca.explained()[140], 1e-15, "seed 1");
    }

    @Test
    void tinyAndLargeStatesAreAlike() {
        double[] states = states(40, 5, 2);
        Pca pca = Pca.of(states, 5, 5);
        for (int exponent : new int[] {-300, 300}) {
            double[] scaled = states.clone();
            for (int i = 0; i < scaled.length; i++) {
                scaled[i] = Math.scalb(states[i], exponent);
            }
            Pca other = Pca.of(scaled, 5, 5);
            assertArrayEquals(pca.components(), other.components());
            assertArrayEquals(pca.explained(), other.explained());
        }
    }

    @Test
    void errorsSayWhatCame() {
        String message = assertThrows(IllegalArgumentException.class, () -> Pca.of(new double[7], 3, 1))
                .getMessage();
        assertEquals("states has 7 values, expected M*N, a positive multiple of 3 (N = 3)", message);
        assertThrows(IllegalArgumentException.class, () -> Pca.of(new double[0], 3, 1));
        assertThrows(IllegalArgumentException.class, () -> Pca.of(new double[6], 0, 1));
        assertThrows(IllegalArgumentException.class, () -> Pca.of(new double[6], 3, 0));
        double[] states = new double[6];
        states[4] = Double.NaN;
        message = assertThrows(IllegalArgumentException.class, () -> Pca.of(states, 3, 1))
                .getMessage();
        assertEquals("states[1, 1] is NaN, expected a finite number", message);
        states[4] = 1e200;
        assertThrows(IllegalArgumentException.class, () -> Pca.of(states, 3, 1));
        Pca pca = Pca.of(new double[] {1, 2, 3, 4, 5, 7}, 3, 1);
        assertThrows(IllegalArgumentException.class, () -> pca.project(new double[4]));
    }
}
