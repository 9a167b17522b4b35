package attractor.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What every provider must do, bit for bit; the build runs it with each provider forced, and the vector kernels at each vector width.
 */
class VectorKernelContractTest {
    private static final int[] SIZES = {
        1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 15, 16, 17, 31, 32, 33, 50, 51, 52, 53, 64, 100, 257, 300
    };

    private static final double[] SPECIAL = {
        Double.NaN,
        Double.POSITIVE_INFINITY,
        Double.NEGATIVE_INFINITY,
        0.0,
        -0.0,
        Double.MIN_VALUE,
        -Double.MIN_NORMAL,
        1e300
    };

    private final Kernels kernels = Kernels.get();
    private final Random random = new Random(20190614);

    /** A rows x n slice with row stride and offset in an array full of canaries. */
    private static final class Slice {
        final int rows;
        final int n;
        final int off;
        final int ld;
        final double[] a;
        final double[] before;

        Slice(int rows, int n, int off, int ld, Random random, boolean special) {
            this.rows = rows;
            this.n = n;
            this.off = off;
            this.ld = ld;
            a = new double[off + Math.max(0, rows - 1) * ld + n + 5];
            for (int i = 0; i < a.length; i++) {
                a[i] = 1234567 + i;
            }
            for (int r = 0; r < rows; r++) {
                for (int j = 0; j < n; j++) {
                    a[off + r * ld + j] = special && random.nextInt(40) == 0
                            ? SPECIAL[random.nextInt(SPECIAL.length)]
                            : random.nextGaussian();
                }
            }
            before = a.clone();
        }

        double at(int r, int j) {
            return before[off + r * ld + j];
        }

        void unchanged(String what) {
            assertSame(before, a, what);
        }
    }

    private Slice slice(int rows, int n, boolean special) {
        return new Slice(rows, n, random.nextInt(6), n + random.nextInt(4), random, special);
    }

    /** Bit for bit, but any NaN equals any other. */
    private static void assertSame(double[] expected, double[] actual, String what) {
        assertEquals(expected.length, actual.length, what);
        for (int i = 0; i < expected.length; i++) {
            if (Double.doubleToLongBits(expected[i]) != Double.doubleToLongBits(actual[i])) {
                throw new AssertionError(what + ": entry " + i + " is " + actual[i] + ", expected " + expected[i]);
            }
        }
    }

    private int size() {
        return SIZES[random.nextInt(SIZES.length)];
    }

    @Test
    void theForcedProviderIsTheOneInUse() {
        String forced = System.getProperty("attractor.kernels");
        if (forced != null && !forced.equals("auto")) {
            assertEquals(forced, kernels.name());
        }
        String bits = System.getProperty("attractor.vectorBits");
        if (bits != null && kernels.name().equals("simd")) {
            assertEquals(Integer.parseInt(bits) / 64, kernels.lanes());
        }
        assertEquals(0, kernels.lanes() & (kernels.lanes() - 1), "lanes " + kernels.lanes());
        assertTrue(kernels.padded(13) >= 13 && kernels.padded(13) % kernels.lanes() == 0);
    }

    private void gemm(int m, int n, int k, boolean special) {
        String what = "gemm m " + m + ", n " + n + ", k " + k;
        Slice a = slice(m, k, special);
        Slice b = slice(k, n, special);
        boolean broadcast = random.nextInt(3) == 0;
        Slice init = broadcast ? new Slice(1, n, 2, 0, random, special) : slice(m, n, special);
        boolean inPlace = !broadcast && random.nextBoolean();
        Slice c = inPlace ? init : slice(m, n, false);
        double[] expected = c.before.clone();
        for (int r = 0; r < m; r++) {
            for (int j = 0; j < n; j++) {
                double sum = init.before[init.off + r * init.ld + j];
                for (int i = 0; i < k; i++) {
                    sum = Math.fma(a.at(r, i), b.at(i, j), sum);
                }
                expected[c.off + r * c.ld + j] = sum;
            }
        }
        Kernels.Packed packed = kernels.packed(k, n);
        packed.load(b.a, b.off, b.ld);
        assertEquals(k, packed.rows());
        assertEquals(n, packed.columns());
        kernels.gemm(m, a.a, a.off, a.ld, packed, init.a, init.off, init.ld, c.a, c.off, c.ld);
        assertSame(expected, c.a, what);
        a.unchanged(what + ", a");
        b.unchanged(what + ", b");
        if (!inPlace) {
            init.unchanged(what + ", init");
        }
    }

    private void gemmTransposed(int m, int n, int k, boolean special) {
        String what = "gemmTransposed m " + m + ", n " + n + ", k " + k;
        Slice a = slice(k, m, special);
        Slice b = slice(k, n, special);
        Slice c = slice(m, n, special);
        double[] expected = c.before.clone();
        for (int r = 0; r < m; r++) {
            for (int j = 0; j < n; j++) {
                for (int i = 0; i < k; i++) {
                    int at = c.off + r * c.ld + j;
                    expected[at] = Math.fma(a.at(i, r), b.at(i, j), expected[at]);
                }
            }
        }
        kernels.gemmTransposed(m, n, k, a.a, a.off, a.ld, b.a, b.off, b.ld, c.a, c.off, c.ld);
        assertSame(expected, c.a, what);
        a.unchanged(what + ", a");
        b.unchanged(what + ", b");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void productsOfAwkwardSizes(boolean special) {
        for (int m = 1; m <= 17; m++) {
            gemm(m, size(), 1 + random.nextInt(20), special);
            gemmTransposed(m, size(), 1 + random.nextInt(20), special);
            gemm(size() % 60 + 1, m, 1 + random.nextInt(20), special);
            gemmTransposed(size() % 60 + 1, m, 1 + random.nextInt(20), special);
            gemm(1 + random.nextInt(20), 1 + random.nextInt(20), m, special);
            gemmTransposed(1 + random.nextInt(20), 1 + random.nextInt(20), m, special);
        }
        for (int i = 0; i < 40; i++) {
            gemm(size() % 40 + 1, size() % 110 + 1, size(), special);
            gemmTransposed(size() % 60 + 1, size() % 110 + 1, size(), special);
        }
        gemm(1, 300, 300, special);
        gemm(7, 53, 600, special);
    }

    @Test
    void productsWithoutRowsColumnsOrTermsLeaveTheRestAlone() {
        double[] a = {1, 2, 3};
        double[] c = {4, 5, 6};
        kernels.gemm(0, a, 0, 1, kernels.packed(1, 3), c, 0, 0, c, 0, 3);
        kernels.gemmTransposed(0, 3, 1, a, 0, 1, a, 0, 3, c, 0, 3);
        kernels.gemmTransposed(1, 3, 0, a, 0, 1, a, 0, 3, c, 0, 3);
        kernels.gemmTransposed(1, 0, 1, a, 0, 1, a, 0, 3, c, 0, 3);
        kernels.activate(Activation.TANH, 0, 3, c, 0, 3);
        kernels.activate(Activation.TANH, 3, 0, c, 0, 1);
        assertArrayEquals(new double[] {4, 5, 6}, c);
        kernels.gemm(1, a, 0, 1, kernels.packed(0, 3), a, 0, 0, c, 0, 3);
        assertArrayEquals(new double[] {1, 2, 3}, c, "a sum of no terms is init");
    }

    /** Compiled code must do what interpreted code does. */
    @Test
    void theSameColdAndCompiled() {
        for (int i = 0; i < 3000; i++) {
            gemm(1 + i % 9, 1 + i % 19, 1 + i % 5, true);
            gemmTransposed(1 + i % 13, 1 + i % 19, 1 + i % 5, true);
        }
        Slice z = new Slice(1, 37, 0, 37, random, true);
        double[] first = z.before.clone();
        kernels.activate(Activation.TANH, 1, 37, first, 0, 37);
        for (int i = 0; i < 20_000; i++) {
            System.arraycopy(z.before, 0, z.a, 0, z.a.length);
            kernels.activate(Activation.TANH, 1, 37, z.a, 0, 37);
        }
        assertSame(first, z.a, "tanh after 20,000 calls");
    }

    @ParameterizedTest
    @EnumSource(Activation.class)
    void activations(Activation phi) {
        for (int i = 0; i < 60; i++) {
            Slice z = slice(1 + random.nextInt(7), size(), true);
            for (int r = 0; r < z.rows; r++) {
                for (int j = 0; j < z.n; j++) {
                    z.a[z.off + r * z.ld + j] *= Math.exp(8 * random.nextGaussian());
                }
            }
            double[] expected = z.a.clone();
            for (int r = 0; r < z.rows; r++) {
                for (int j = 0; j < z.n; j++) {
                    expected[z.off + r * z.ld + j] = phi.rate(expected[z.off + r * z.ld + j]);
                }
            }
            kernels.activate(phi, z.rows, z.n, z.a, z.off, z.ld);
            assertSame(expected, z.a, phi + " " + z.rows + " x " + z.n);
        }
    }

    @Test
    void tanhOfManyValues() {
        double[] a = new double[300_007];
        for (int i = 0; i < a.length; i++) {
            a[i] = i % 3 == 0
                    ? 25 * random.nextGaussian()
                    : i % 3 == 1 ? random.nextGaussian() : Math.exp(-40 * random.nextDouble());
        }
        double[] expected = new double[a.length];
        Arrays.setAll(expected, i -> Tanh.tanh(a[i]));
        kernels.activate(Activation.TANH, 1, a.length, a, 0, a.length);
        assertSame(expected, a, "tanh");
    }

    @ParameterizedTest
    @EnumSource(Activation.class)
    void backActivations(Activation phi) {
        for (int i = 0; i < 60; i++) {
            int rows = 1 + random.nextInt(7);
            int n = size();
            double alpha = i % 2 == 0 ? 1 : random.nextDouble();
            Slice rate = slice(rows, n, true);
            Slice dh = slice(rows, n, true);
            Slice dz = slice(rows, n, false);
            double[] expected = dz.before.clone();
            for (int r = 0; r < rows; r++) {
                for (int j = 0; j < n; j++) {
                    expected[dz.off + r * dz.ld + j] = alpha * (dh.at(r, j) * phi.slope(rate.at(r, j)));
                }
            }
            kernels.backActivate(
                    phi, alpha, rows, n, rate.a, rate.off, rate.ld, dh.a, dh.off, dh.ld, dz.a, dz.off, dz.ld);
            assertSame(expected, dz.a, phi + " " + rows + " x " + n);
            rate.unchanged("rate");
            dh.unchanged("dh");
        }
    }

    @Test
    void leaks() {
        for (int i = 0; i < 60; i++) {
            int rows = 1 + random.nextInt(7);
            int n = size();
            double alpha = random.nextDouble();
            Slice h = slice(rows, n, true);
            boolean zeros = i % 3 == 0;
            Slice rate = zeros ? new Slice(1, n, 1, 0, random, true) : slice(rows, n, true);
            Slice next = i % 2 == 0 ? h : slice(rows, n, false);
            double[] expected = next.before.clone();
            for (int r = 0; r < rows; r++) {
                for (int j = 0; j < n; j++) {
                    expected[next.off + r * next.ld + j] = Math.fma(alpha, rate.at(r, j), (1 - alpha) * h.at(r, j));
                }
            }
            kernels.leak(alpha, rows, n, h.a, h.off, h.ld, rate.a, rate.off, rate.ld, next.a, next.off, next.ld);
            assertSame(expected, next.a, "leak " + rows + " x " + n);
            rate.unchanged("rate");
        }
    }

    @Test
    void sumsOfRows() {
        for (int i = 0; i < 60; i++) {
            Slice a = slice(size() % 60, size(), true);
            Slice sum = slice(1, a.n, true);
            double[] expected = sum.before.clone();
            for (int r = 0; r < a.rows; r++) {
                for (int j = 0; j < a.n; j++) {
                    expected[sum.off + j] += a.at(r, j);
                }
            }
            kernels.sumRows(a.rows, a.n, a.a, a.off, a.ld, sum.a, sum.off);
            assertSame(expected, sum.a, "sumRows " + a.rows + " x " + a.n);
            a.unchanged("a");
        }
    }

    @Test
    void adam() {
        for (int n : SIZES) {
            Slice p = slice(1, n, true);
            int off = p.off;
            double[][] all = new double[4][];
            for (int i = 0; i < 4; i++) {
                all[i] = new Slice(1, n, off, n, random, false).a;
            }
            for (int j = 0; j < n; j++) {
                all[2][off + j] *= all[2][off + j];
            }
            double[][] expected = {all[0].clone(), all[1].clone(), all[2].clone(), all[3].clone()};
            for (int j = off; j < off + n; j++) {
                double g = expected[3][j];
                expected[1][j] = Math.fma(0.9, expected[1][j], (1 - 0.9) * g);
                expected[2][j] = Math.fma(0.999, expected[2][j], (1 - 0.999) * (g * g));
                expected[0][j] -= 1e-3 * expected[1][j] / (Math.sqrt(expected[2][j]) + 1e-8);
            }
            kernels.adam(n, off, all[0], all[1], all[2], all[3], 1e-3, 0.9, 0.999, 1e-8);
            for (int i = 0; i < 4; i++) {
                assertSame(expected[i], all[i], "adam, n " + n + ", array " + i);
            }
        }
    }

    @Test
    void shortArraysAreNamed() {
        double[] small = new double[5];
        double[] big = new double[100];
        Kernels.Packed packed = kernels.packed(3, 4);
        assertNames("b", () -> packed.load(small, 0, 4));
        assertNames("a", () -> kernels.gemm(2, small, 0, 3, packed, big, 0, 0, big, 0, 4));
        assertNames("init", () -> kernels.gemm(2, big, 0, 3, packed, small, 0, 4, big, 0, 4));
        assertNames("c", () -> kernels.gemm(2, big, 0, 3, packed, big, 0, 0, small, 0, 4));
        assertNames("c", () -> kernels.gemm(2, big, 0, 3, packed, big, 0, 0, big, -1, 4));
        assertNames("a", () -> kernels.gemmTransposed(2, 2, 3, small, 0, 2, big, 0, 2, big, 0, 2));
        assertNames("b", () -> kernels.gemmTransposed(2, 2, 3, big, 0, 2, small, 0, 2, big, 0, 2));
        assertNames("c", () -> kernels.gemmTransposed(3, 2, 3, big, 0, 3, big, 0, 2, small, 0, 2));
        assertNames("a", () -> kernels.activate(Activation.TANH, 2, 3, small, 0, 3));
        assertNames("h", () -> kernels.leak(0.5, 2, 3, small, 0, 3, big, 0, 3, big, 0, 3));
        assertNames("rate", () -> kernels.leak(0.5, 2, 3, big, 0, 3, small, 0, 3, big, 0, 3));
        assertNames("next", () -> kernels.leak(0.5, 2, 3, big, 0, 3, big, 0, 3, small, 0, 3));
        assertNames("rate", () -> kernels.backActivate(Activation.TANH, 1, 2, 3, small, 0, 3, big, 0, 3, big, 0, 3));
        assertNames("dh", () -> kernels.backActivate(Activation.TANH, 1, 2, 3, big, 0, 3, small, 0, 3, big, 0, 3));
        assertNames("dz", () -> kernels.backActivate(Activation.TANH, 1, 2, 3, big, 0, 3, big, 0, 3, small, 0, 3));
        assertNames("a", () -> kernels.sumRows(2, 3, small, 0, 3, big, 0));
        assertNames("sum", () -> kernels.sumRows(2, 3, big, 0, 3, small, 3));
        assertNames("g", () -> kernels.adam(9, 0, big, big, big, small, 1, 0, 0, 1));
    }

    private static void assertNames(String array, org.junit.jupiter.api.function.Executable call) {
        String message = assertThrows(IndexOutOfBoundsException.class, call).getMessage();
        assertTrue(message.startsWith(array + " has "), message);
    }
}
