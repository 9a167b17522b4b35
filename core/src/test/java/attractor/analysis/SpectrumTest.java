package attractor.analysis;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import attractor.kernel.Activation;
import attractor.model.Rnn;
import attractor.model.RnnShape;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SpectrumTest {
    private static Rnn network(double[] wRec, double dtMs, double tauMs) {
        int n = (int) Math.round(Math.sqrt(wRec.length));
        RnnShape shape = new RnnShape(1, n, 1);
        double[] block = new double[shape.parameters()];
        System.arraycopy(wRec, 0, block, shape.wRec().offset(), n * n);
        return new Rnn(shape, Activation.TANH, dtMs, tauMs, false, block);
    }

    private static Spectrum spectrum(double... wRec) {
        return Spectrum.of(network(wRec, 1.0, 1.0));
    }

    private static double[] gaussian(int n, long seed) {
        Random random = new Random(seed);
        double[] w = new double[n * n];
        for (int i = 0; i < w.length; i++) {
            w[i] = random.nextGaussian() / Math.sqrt(n);
        }
        return w;
    }

    private static double[] product(double[] a, double[] b, int n) {
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

    private static double[] identity(int n) {
        double[] a = new double[n * n];
        for (int i = 0; i < n; i++) {
            a[i * n + i] = 1.0;
        }
        return a;
    }

    /** Q by Gram and Schmidt, twice, from a Gaussian matrix. */
    private static double[] orthogonal(int n, long seed) {
        double[] q = gaussian(n, seed);
        for (int i = 0; i < n; i++) {
            for (int pass = 0; pass < 2; pass++) {
                for (int p = 0; p < i; p++) {
                    double dot = 0.0;
                    for (int j = 0; j < n; j++) {
                        dot += q[i * n + j] * q[p * n + j];
                    }
                    for (int j = 0; j < n; j++) {
                        q[i * n + j] -= dot * q[p * n + j];
                    }
                }
            }
            double norm = 0.0;
            for (int j = 0; j < n; j++) {
                norm += q[i * n + j] * q[i * n + j];
            }
            for (int j = 0; j < n; j++) {
                q[i * n + j] /= Math.sqrt(norm);
            }
        }
        return q;
    }

    /** Q B Q^T */
    private static double[] rotated(double[] b, int n, long seed) {
        double[] q = orthogonal(n, seed);
        double[] transposed = new double[n * n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                transposed[i * n + j] = q[j * n + i];
            }
        }
        return product(product(q, b, n), transposed, n);
    }

    /** Checks what must hold for every matrix; vectors are checked here by other code than the one that made them. */
    private static Eigenvectors check(double[] w, Spectrum s, double tolerance, String label) {
        int n = s.size();
        double scale = Math.max(s.frobenius(), Double.MIN_NORMAL);
        double traceRe = 0.0;
        double traceIm = 0.0;
        for (int k = 0; k < n; k++) {
            traceRe += s.re()[k] - w[k * n + k];
            traceIm += s.im()[k];
            if (s.im()[k] > 0.0) {
                assertEquals(s.re()[k], s.re()[k + 1], label);
                assertEquals(-s.im()[k], s.im()[k + 1], label);
            } else if (k > 0) {
                assertTrue(s.modulus(k) <= s.modulus(k - 1), label);
            }
        }
        assertEquals(0.0, traceRe, 1e-12 * n * scale, label + ": trace");
        assertEquals(0.0, traceIm, 0.0, label + ": trace");
        Eigenvectors v = s.vectors().orElseThrow();
        assertTrue(v.worstResidual() <= tolerance * scale, label + ": " + v + ", norm " + scale);
        for (int k = 0; k < n; k++) {
            double right = 0.0;
            double left = 0.0;
            for (int i = 0; i < n; i++) {
                double[] wv = new double[2];
                double[] ww = new double[2];
                for (int j = 0; j < n; j++) {
                    wv[0] += w[i * n + j] * v.rightRe()[k * n + j];
                    wv[1] += w[i * n + j] * v.rightIm()[k * n + j];
                    ww[0] += w[j * n + i] * v.leftRe()[k * n + j]; // conj(w)^T W
                    ww[1] -= w[j * n + i] * v.leftIm()[k * n + j];
                }
                double re = v.rightRe()[k * n + i];
                double im = v.rightIm()[k * n + i];
                right = Math.max(right, Math.abs(wv[0] - s.re()[k] * re + s.im()[k] * im));
                right = Math.max(right, Math.abs(wv[1] - s.re()[k] * im - s.im()[k] * re));
                re = v.leftRe()[k * n + i];
                im = -v.leftIm()[k * n + i];
                left = Math.max(left, Math.abs(ww[0] - s.re()[k] * re + s.im()[k] * im));
                left = Math.max(left, Math.abs(ww[1] - s.re()[k] * im - s.im()[k] * re));
            }
            assertTrue(right <= tolerance * scale, label + ": right " + k + " is off by " + right);
            assertTrue(left <= tolerance * scale, label + ": left " + k + " is off by " + left);
            checkNormalised(v.rightRe(), v.rightIm(), n, k, label);
            checkNormalised(v.leftRe(), v.leftIm(), n, k, label);
            if (s.im()[k] == 0.0) {
                for (int i = 0; i < n; i++) {
                    assertEquals(0.0, v.rightIm()[k * n + i], label + ": vector of a real eigenvalue");
                    assertEquals(0.0, v.leftIm()[k * n + i], label + ": vector of a real eigenvalue");
                }
            } else if (s.im()[k] < 0.0) {
                for (int i = 0; i < n; i++) {
                    assertEquals(v.rightRe()[(k - 1) * n + i], v.rightRe()[k * n + i], label);
                    assertEquals(0.0, v.rightIm()[(k - 1) * n + i] + v.rightIm()[k * n + i], label);
                }
            }
        }
        return v;
    }

    private static void checkNormalised(double[] re, double[] im, int n, int k, String label) {
        double norm = 0.0;
        double most = 0.0;
        for (int i = k * n; i < (k + 1) * n; i++) {
            norm += re[i] * re[i] + im[i] * im[i];
            most = Math.max(most, Math.hypot(re[i], im[i]));
        }
        assertEquals(1.0, norm, 1e-13, label);
        int first = k * n;
        while (Math.hypot(re[first], im[first]) < most * (1.0 - 1e-9)) {
            first++;
        }
        assertTrue(re[first] > 0.0 && im[first] == 0.0, label + ": the phase of vector " + k);
    }

    /** Whether W^H V is diagonal, with the overlaps on its diagonal. */
    private static void checkBiorthogonal(Eigenvectors v, int n, double tolerance, String label) {
        for (int k = 0; k < n; k++) {
            for (int j = 0; j < n; j++) {
                double re = 0.0;
                double im = 0.0;
                for (int i = 0; i < n; i++) {
                    double a = v.leftRe()[k * n + i];
                    double b = -v.leftIm()[k * n + i];
                    re += a * v.rightRe()[j * n + i] - b * v.rightIm()[j * n + i];
                    im += a * v.rightIm()[j * n + i] + b * v.rightRe()[j * n + i];
                }
                double expected = k == j ? v.overlap()[k] : 0.0;
                assertEquals(expected, Math.hypot(re, im), tolerance, label + ": w " + k + ", v " + j);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 8, 13, 20, 37, 50, 90})
    void everyMatrixDecomposes(int n) {
        for (long seed = 0; seed < 6; seed++) {
            double[] w = gaussian(n, 1000L * n + seed);
            Spectrum s = spectrum(w);
            String label = "seed " + (1000L * n + seed);
            Eigenvectors v = check(w, s, 1e-13, label);
            checkBiorthogonal(v, n, 1e-9, label);
            assertFalse(v.anyDefective(), label);
            assertTrue(s.henrici() > 0.0 == n > 1 && s.henrici() < 1.0, label + ": " + s);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 7, 50})
    void orthogonalMatricesLieOnTheUnitCircle(int n) {
        double[] w = orthogonal(n, n);
        Spectrum s = spectrum(w);
        Eigenvectors v = check(w, s, 1e-14, "seed " + n);
        checkBiorthogonal(v, n, 1e-11, "seed " + n);
        for (int k = 0; k < n; k++) {
            assertEquals(1.0, s.modulus(k), 1e-14);
            assertEquals(1.0, v.overlap()[k], 1e-12);
        }
        assertEquals(0.0, s.henrici(), 1e-7);
        assertEquals(0, s.clearlyOutsideUnitCircle());
        assertEquals(0, spectrum(times(w, 1.0 + 9e-7)).clearlyOutsideUnitCircle());
        assertEquals(n, spectrum(times(w, 1.0 + 9e-7)).outsideUnitCircle());
        assertEquals(n, spectrum(times(w, 1.0 + 1.1e-6)).clearlyOutsideUnitCircle());
        assertEquals(0, spectrum(times(w, 1.0 - 1e-9)).outsideUnitCircle());
    }

    private static double[] times(double[] a, double factor) {
        double[] b = a.clone();
        for (int i = 0; i < b.length; i++) {
            b[i] *= factor;
        }
        return b;
    }

    @Test
    void knownEigenvaluesComeInOrder() {
        Spectrum s = spectrum(0.5, 0, 0, 0, 0, 0, -3, 0, 0, 3, 0, 0, 0, 0, 0, -2.5);
        assertArrayEquals(new double[] {0, 0, -2.5, 0.5}, s.re(), 1e-14);
        assertArrayEquals(new double[] {3, -3, 0, 0}, s.im(), 1e-14);
        assertEquals(3.0, s.spectralRadius(), 1e-14);
        assertEquals(3, s.outsideUnitCircle());
        assertEquals(0.0, s.henrici(), 1e-7);
        assertEquals(3, s.leading(9).size());
        assertEquals(2, s.leading(2).size());
        Spectrum.Mode second = s.leading(2).get(1);
        assertEquals(2, second.index());
        assertEquals(-2.5, second.re(), 1e-14);
        assertEquals(250.0, s.leading(1).get(0).frequencyHz(), 1e-12, "a quarter turn a millisecond");
        assertEquals(500.0, second.frequencyHz(), 1e-12, "another sign every millisecond");
        assertEquals(0.0, s.frequencyHz(3));
        assertTrue(s.leading(0).isEmpty());
    }

    @Test
    void equalModuliAreOrderedByRealPart() {
        // -3, 3+4i, 5, -5, 3-4i, +-5i
        double[] values = {-3, 3, 5, -5, 3, 0, 0, 0, 4, 0, 0, -4, -5, 5};
        Eigenvalues sorted = Eigenvalues.sorted(values, 7);
        assertArrayEquals(new double[] {5, 3, 3, 0, 0, -5, -3}, sorted.re());
        assertArrayEquals(new double[] {0, 4, -4, 5, -5, 0, 0}, sorted.im());
        double[] lonely = {1, 2, 3, 0};
        assertThrows(IllegalStateException.class, () -> Eigenvalues.sorted(lonely, 2));
    }

    @Test
    void frequencyFollowsTheStep() {
        double angle = 2.0 * Math.PI * 0.03;
        double[] turn = {Math.cos(angle), -Math.sin(angle), Math.sin(angle), Math.cos(angle)};
        assertEquals(30.0, spectrum(turn).frequencyHz(0), 1e-12);
        assertEquals(30.0, spectrum(turn).frequencyHz(1), 1e-12);
        assertEquals(60.0, Spectrum.of(network(turn, 0.5, 0.5)).frequencyHz(0), 1e-12);
        // mu = 3/4 + 1/4 (1 + 2i) = 1 + i/2, in steps of 0.5 ms
        Spectrum s = Spectrum.of(network(new double[] {1, -2, 2, 1}, 0.5, 2.0));
        assertEquals(1.0, s.muRe(0), 1e-15);
        assertEquals(0.5, s.muIm(0), 1e-15);
        assertEquals(2000.0 * Math.atan(0.5) / (2.0 * Math.PI), s.frequencyHz(0), 1e-10);
    }

    @Test
    void henriciIsTheShareOfWhatIsNotNormal() {
        assertEquals(Math.sqrt(1.0 / 3.0), spectrum(1, 1, 0, 1).henrici(), 1e-15);
        assertEquals(1.0, spectrum(0, 5, 0, 0).henrici(), 1e-15);
        assertEquals(0.0, spectrum(0, 0, 0, 0).henrici());
        assertEquals(0.0, spectrum(-2).henrici());
    }

    @Test
    void statisticsCoverTheRecurrentWeightsOnly() {
        RnnShape shape = new RnnShape(2, 2, 1);
        double[] block = new double[shape.parameters()];
        Arrays.fill(block, 100.0);
        Arrays.fill(block, shape.bRec().offset(), block.length, 0.0);
        System.arraycopy(new double[] {1, 2, 3, 4}, 0, block, shape.wRec().offset(), 4);
        Spectrum s = Spectrum.withoutVectors(new Rnn(shape, Activation.TANH, 1.0, 1.0, false, block));
        assertEquals(2.5, s.weights().mean());
        assertEquals(Math.sqrt(1.25), s.weights().sd(), 1e-15);
        assertEquals(Math.sqrt(30.0), s.frobenius(), 1e-15);
        assertTrue(s.vectors().isEmpty());
    }

    @Test
    void repeatedEigenvaluesGetIndependentVectors() {
        double[] w = identity(5);
        Eigenvectors v = check(w, spectrum(w), 1e-15, "identity");
        checkBiorthogonal(v, 5, 1e-14, "identity");
        assertFalse(v.anyDefective());

        double[] zero = new double[9];
        v = check(zero, spectrum(zero), 1e-15, "zero");
        checkBiorthogonal(v, 3, 1e-14, "zero");
        assertFalse(v.anyDefective());

        // 2 three times, a pair of 0.6 +- 0.8i twice, 0.1: normal, in no special basis
        double[] blocks = new double[64];
        for (int i = 0; i < 3; i++) {
            blocks[i * 9] = 2.0;
        }
        for (int i = 3; i < 7; i += 2) {
            blocks[i * 9] = 0.6;
            blocks[i * 9 + 9] = 0.6;
            blocks[i * 9 + 1] = -0.8;
            blocks[i * 9 + 8] = 0.8;
        }
        blocks[63] = 0.1;
        w = rotated(blocks, 8, 5);
        v = check(w, spectrum(w), 1e-14, "blocks");
        checkBiorthogonal(v, 8, 1e-12, "blocks");
        for (double overlap : v.overlap()) {
            assertEquals(1.0, overlap, 1e-12);
        }

        // S D S^-1 with unit lower triangular S: repeated, but not normal
        int n = 6;
        double[] s = identity(n);
        double[] inverse = identity(n);
        double[] d = new double[n * n];
        for (int i = 0; i < n; i++) {
            d[i * n + i] = i < 3 ? 1.5 : i < 5 ? -0.5 : 0.25;
            for (int j = 0; j < i; j++) {
                s[i * n + j] = (i + 2 * j) % 5 - 2;
            }
        }
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < i; j++) {
                double sum = 0.0;
                for (int k = j; k < i; k++) {
                    sum += s[i * n + k] * inverse[k * n + j];
                }
                inverse[i * n + j] = -sum;
            }
        }
        w = product(product(s, d, n), inverse, n);
        v = check(w, spectrum(w), 1e-13, "not normal");
        checkBiorthogonal(v, n, 1e-10, "not normal");
        assertFalse(v.anyDefective());
    }

    @Test
    void defectiveEigenvaluesAreFlagged() {
        double[] jordan = {1, 1, 0, 1};
        Eigenvectors v = check(jordan, spectrum(jordan), 1e-15, "jordan");
        assertArrayEquals(new boolean[] {true, true}, v.defective());
        assertArrayEquals(new double[] {0, 0}, v.overlap(), 0.0);

        // 3 twice and defective, with a third independent vector for it; 1 alone
        double[] mixed = {3, 1, 0, 0, 0, 3, 0, 0, 0, 0, 3, 0, 0, 0, 0, 1};
        v = check(mixed, spectrum(mixed), 1e-15, "mixed");
        assertArrayEquals(new boolean[] {true, true, true, false}, v.defective());
        assertEquals(1.0, v.overlap()[3], 1e-14);

        // A Jordan block of a complex pair
        double[] pair = {0.6, -0.8, 1, 0, 0.8, 0.6, 0, 1, 0, 0, 0.6, -0.8, 0, 0, 0.8, 0.6};
        v = check(pair, spectrum(pair), 1e-14, "pair");
        assertArrayEquals(new boolean[] {true, true, true, true}, v.defective());

        // In another basis rounding splits the eigenvalue
        for (int seed = 0; seed < 5; seed++) {
            double[] w = rotated(mixed, 4, seed);
            v = check(w, spectrum(w), 1e-14, "rotated, seed " + seed);
            assertTrue((v.defective()[0] && v.defective()[2]) || v.defective()[1], "seed " + seed + ": " + v);
            assertFalse(v.defective()[3], "seed " + seed + ": " + v);
            w = rotated(pair, 4, seed);
            v = check(w, spectrum(w), 1e-14, "rotated pair, seed " + seed);
            assertArrayEquals(new boolean[] {true, true, true, true}, v.defective(), "seed " + seed + ": " + v);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 10, 50, 120})
    void aChainHasOneVector(int n) {
        double[] chain = new double[n * n];
        for (int i = 0; i + 1 < n; i++) {
            chain[i * n + n + i] = 1.0; // unit i+1 hears unit i
        }
        Spectrum s = spectrum(chain);
        Eigenvectors v = check(chain, s, 1e-14, "chain of " + n);
        assertEquals(0.0, s.spectralRadius());
        assertEquals(1.0, s.henrici());
        for (int k = 0; k < n; k++) {
            assertTrue(v.defective()[k]);
            assertEquals(1.0, v.rightRe()[k * n + n - 1], 1e-15, "the last unit");
            assertEquals(1.0, v.leftRe()[k * n], 1e-15, "the first unit");
        }
    }

    /** Cyclic shifts are where the QR iteration without exceptional shifts never gets anywhere. */
    @ParameterizedTest
    @ValueSource(ints = {2, 3, 4, 5, 6, 8, 16, 31, 64})
    void ringsHaveTheRootsOfUnity(int n) {
        double[] ring = new double[n * n];
        for (int i = 0; i < n; i++) {
            ring[(i + 1) % n * n + i] = 1.0;
        }
        Spectrum s = spectrum(ring);
        Eigenvectors v = check(ring, s, 1e-13, "ring of " + n);
        checkBiorthogonal(v, n, 1e-11, "ring of " + n);
        boolean[] seen = new boolean[n];
        for (int k = 0; k < n; k++) {
            assertEquals(1.0, s.modulus(k), 1e-14 * n);
            double turns = Math.atan2(s.im()[k], s.re()[k]) / (2.0 * Math.PI) * n;
            int root = Math.floorMod((int) Math.round(turns), n);
            assertEquals((double) Math.round(turns), turns, 1e-12 * n);
            assertFalse(seen[root]);
            seen[root] = true;
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {-1000, -500, -30, 30, 400})
    void powersOfTwoChangeNothing(int exponent) {
        double[] w = gaussian(7, 77);
        double[] scaled = new double[w.length];
        for (int i = 0; i < w.length; i++) {
            scaled[i] = Math.scalb(w[i], exponent);
        }
        Eigenvalues a = Eigenvalues.of(w, 7);
        Eigenvalues b = Eigenvalues.of(scaled, 7);
        Eigenvectors v = Eigenvectors.of(w, 7, a);
        Eigenvectors u = Eigenvectors.of(scaled, 7, b);
        for (int k = 0; k < 7; k++) {
            assertEquals(Math.scalb(a.re()[k], exponent), b.re()[k]);
            assertEquals(Math.scalb(a.im()[k], exponent), b.im()[k]);
        }
        assertArrayEquals(v.rightRe(), u.rightRe());
        assertArrayEquals(v.leftIm(), u.leftIm());
        assertArrayEquals(v.overlap(), u.overlap());
    }

    @Test
    void gradedMatricesKeepSmallResiduals() {
        int n = 12;
        double[] w = gaussian(n, 3);
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                w[i * n + j] *= Math.pow(10.0, -i);
            }
        }
        check(w, spectrum(w), 1e-13, "graded, seed 3");
    }

    @Test
    void aResultRepeats() {
        double[] w = gaussian(40, 9);
        Spectrum a = spectrum(w);
        Spectrum b = spectrum(w.clone());
        assertArrayEquals(a.re(), b.re());
        assertArrayEquals(a.im(), b.im());
        assertArrayEquals(
                a.vectors().orElseThrow().rightIm(), b.vectors().orElseThrow().rightIm());
        assertArrayEquals(a.re(), Spectrum.withoutVectors(network(w, 1, 1)).re());
    }

    @Test
    void weightsMustBeFinite() {
        double[] w = gaussian(3, 1);
        w[5] = Double.NaN;
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> spectrum(w));
        assertEquals("W_rec[1, 2] is NaN, expected a finite number", e.getMessage());
        w[5] = Double.NEGATIVE_INFINITY;
        assertThrows(IllegalArgumentException.class, () -> spectrum(w));
        w[5] = 1e200;
        assertThrows(IllegalArgumentException.class, () -> spectrum(w));
    }
}
