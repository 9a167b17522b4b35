package attractor.analysis;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import attractor.model.Rnn;
import org.junit.jupiter.api.Test;

/** Schur form, pseudospectra and transient growth, against SciPy and NumPy (data/python/checks/dynamics.py) and closed forms. */
class NonNormalTest {
    /** f (0.5 on the diagonal, 1.2 above it) + f sin(3 i + 5 j + 1) / 10. */
    private static double[] matrix(int n, double f) {
        double[] a = new double[n * n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                double base = i == j ? 0.5 : j == i + 1 ? 1.2 : 0.0;
                a[i * n + j] = f * (base + 0.1 * StrictMath.sin(3 * i + 5 * j + 1.0));
            }
        }
        return a;
    }

    private static double[] network() throws Exception {
        Rnn rnn = Networks.trained("and-oscillating");
        return rnn.copyOf(rnn.shape().wRec());
    }

    private static void assertIsSchurForm(double[] a, int n, SchurForm s) {
        double scale = 0.0;
        for (double x : a) {
            scale = Math.max(scale, Math.abs(x));
        }
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                double re = 0.0;
                double im = 0.0;
                double unit = 0.0;
                double unitIm = 0.0;
                for (int k = 0; k < n; k++) {
                    unit += s.qRe()[k * n + i] * s.qRe()[k * n + j] + s.qIm()[k * n + i] * s.qIm()[k * n + j];
                    unitIm += s.qRe()[k * n + i] * s.qIm()[k * n + j] - s.qIm()[k * n + i] * s.qRe()[k * n + j];
                    for (int l = k; l < n; l++) {
                        double tqRe = s.tRe()[k * n + l] * s.qRe()[j * n + l] + s.tIm()[k * n + l] * s.qIm()[j * n + l];
                        double tqIm = s.tIm()[k * n + l] * s.qRe()[j * n + l] - s.tRe()[k * n + l] * s.qIm()[j * n + l];
                        re += s.qRe()[i * n + k] * tqRe - s.qIm()[i * n + k] * tqIm;
                        im += s.qRe()[i * n + k] * tqIm + s.qIm()[i * n + k] * tqRe;
                    }
                }
                assertEquals(a[i * n + j], re, 1e-13 * n * scale);
                assertEquals(0.0, im, 1e-13 * n * scale);
                assertEquals(i == j ? 1.0 : 0.0, unit, 1e-13 * n);
                assertEquals(0.0, unitIm, 1e-13 * n);
                if (j < i) {
                    assertEquals(0.0, s.tRe()[i * n + j]);
                    assertEquals(0.0, s.tIm()[i * n + j]);
                }
            }
        }
    }

    @Test
    void schurFormsAreFactorisations() throws Exception {
        assertIsSchurForm(matrix(8, 1.0), 8, SchurForm.of(matrix(8, 1.0), 8));
        assertIsSchurForm(network(), 50, SchurForm.of(network(), 50));
        double[] permutation = {0, 0, 1, 1, 0, 0, 0, 1, 0};
        assertIsSchurForm(permutation, 3, SchurForm.of(permutation, 3));
        assertIsSchurForm(new double[16], 4, SchurForm.of(new double[16], 4));
        double[] one = {-2.5};
        assertIsSchurForm(one, 1, SchurForm.of(one, 1));
        double[] defective = {1, 1, 0, 0, 1, 1, 0, 0, 1};
        assertIsSchurForm(defective, 3, SchurForm.of(defective, 3));
        for (int seed = 0; seed < 5; seed++) {
            Rnn random = Networks.random(17, 1.3, seed);
            double[] w = random.copyOf(random.shape().wRec());
            assertIsSchurForm(w, 17, SchurForm.of(w, 17));
        }
    }

    @Test
    void departureIsSciPys() throws Exception {
        assertEquals(0.6556014433932996, SchurForm.of(matrix(8, 1.0), 8).departure(), 1e-13);
        assertEquals(0.09487553660300986, SchurForm.of(network(), 50).departure(), 1e-12);
        assertEquals(0.0, SchurForm.of(Networks.rotation(0.9, 0.7), 2).departure(), 1e-15);
    }

    @Test
    void pseudospectraAreNumPys() throws Exception {
        double[][] points = {
            {0.3, 0.2, 0.026703825098338827},
            {1.1, 0.0, 0.022567163973251588},
            {-0.4, 0.9, 0.2639003598375684},
            {0.0, 2.0, 0.9570709246194969}
        };
        SchurForm small = SchurForm.of(matrix(8, 1.0), 8);
        for (double[] p : points) {
            assertEquals(p[2], Pseudospectrum.smallest(small, p[0], p[1]), 1e-9 * p[2]);
        }
        double[][] ofNetwork = {
            {0.5, 0.0, 0.41361136786617864}, {1.2, 0.3, 0.1848752618066483}, {0.0, 1.0, 0.024201156782035514}
        };
        SchurForm large = SchurForm.of(network(), 50);
        for (double[] p : ofNetwork) {
            assertEquals(p[2], Pseudospectrum.smallest(large, p[0], p[1]), 1e-8 * p[2]);
        }
    }

    /** Of a normal matrix it is the distance to the nearest eigenvalue, 0.9 exp(+-0.7 i). */
    @Test
    void pseudospectraOfARotation() {
        Pseudospectrum p = Pseudospectrum.of(SchurForm.of(Networks.rotation(0.9, 0.7), 2), 9);
        for (int row = 0; row < 9; row++) {
            for (int column = 0; column < 9; column++) {
                double x = p.re()[column] - 0.9 * Math.cos(0.7);
                double y = Math.abs(p.im()[row]) - 0.9 * Math.sin(0.7);
                assertEquals(Math.hypot(x, y), p.sigma()[row * 9 + column], 1e-9);
            }
        }
        assertTrue(p.kreiss() <= 1.0 + 1e-9, "|A^k| never exceeds 1, Kreiss " + p.kreiss());
    }

    @Test
    void growthIsNumPys() throws Exception {
        TransientGrowth small = TransientGrowth.of(matrix(8, 0.7), 8, 40);
        assertEquals(2.7307941826195794, small.peak(), 1e-11);
        assertEquals(8, small.peakStep());
        assertEquals(0.05211795230277988, small.growth()[40], 1e-11);
        TransientGrowth ofNetwork = TransientGrowth.of(network(), 50, 20);
        assertEquals(1.2365329181503235, ofNetwork.growth()[1], 1e-11);
        assertEquals(2.4588726328275277, ofNetwork.growth()[5], 1e-10);
        assertEquals(15.86951572358089, ofNetwork.growth()[20], 1e-9);
        // Kreiss' bound from the grid lies below the growth.
        Pseudospectrum p = Pseudospectrum.of(SchurForm.of(matrix(8, 0.7), 8), 41);
        assertTrue(p.kreiss() <= small.peak() && p.kreiss() > 1.0, p.kreiss() + " and " + small.peak());
    }

    /** [0 g; 0 0]: a deviation along the second unit becomes one along the first, g times as long, then vanishes. */
    @Test
    void feedForwardGrowth() {
        TransientGrowth growth = TransientGrowth.of(new double[] {0, 5, 0, 0}, 2, 4);
        assertArrayEquals(new double[] {1, 5, 0, 0, 0}, growth.growth(), 1e-14);
        assertEquals(1, growth.peakStep());
        assertArrayEquals(
                new double[] {0, 1}, new double[] {growth.direction()[0], Math.abs(growth.direction()[1])}, 1e-12);
        assertArrayEquals(
                new double[] {1, 0}, new double[] {Math.abs(growth.response()[0]), growth.response()[1]}, 1e-12);
        TransientGrowth rotation = TransientGrowth.of(Networks.rotation(1.0, 0.3), 2, 50);
        assertEquals(0, rotation.peakStep());
        for (double g : rotation.growth()) {
            assertEquals(1.0, g, 1e-12);
        }
        assertThrows(IllegalArgumentException.class, () -> TransientGrowth.of(new double[3], 2, 4));
        assertThrows(IllegalArgumentException.class, () -> SchurForm.of(new double[] {Double.NaN}, 1));
    }
}
