package attractor.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What every provider must do, bit for bit (except jblas in the products). The build runs it with each provider forced,
 * and the vector kernels with each vector width.
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
        1e-8 * Double.MAX_VALUE
    };

    private static final List<Activation> PHIS = List.of(Activation.values());

    private static final long SEED = 20190614;

    private final Kernels kernels = kernels();
    private final Random random = new Random(SEED);

    /** The kernels under test. */
    Kernels kernels() {
        return Kernels.get();
    }

    /** A rows x n slice with row stride and offset in an array full of canaries. */
    private static final class Slice {
        final int off;
        final int ld;
        final double[] a;
        final double[] before;

        Slice(int rows, int n, int off, int ld, Random random, boolean special) {
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

    /** Equal bit for bit, except that any NaN equals any other. */
    private static void assertSame(double[] expected, double[] actual, String what) {
        assertEquals(expected.length, actual.length, what);
        for (int i = 0; i < expected.length; i++) {
            if (Double.doubleToLongBits(expected[i]) != Double.doubleToLongBits(actual[i])) {
                throw new AssertionError(
                        what + ": entry " + i + " is " + actual[i] + ", expected " + expected[i] + "; seed " + SEED);
            }
        }
    }

    /**
     * Checks a product's result: bit for bit, or, where the provider has its own order of summation, within {@code (k +
     * 1) 2^-52} of the sum of the terms' magnitudes. It must be not finite exactly where the expected value is not
     * finite, since a term that is not finite makes the sum so in every order.
     */
    private void assertProduct(double[] expected, double[] magnitude, int k, double[] actual, String what) {
        if (!kernels.name().equals("jblas")) {
            assertSame(expected, actual, what);
            return;
        }
        for (int i = 0; i < expected.length; i++) {
            double tolerance = (k + 1) * Math.max(Math.ulp(1.0) * magnitude[i], Double.MIN_VALUE);
            boolean untouched = Double.doubleToLongBits(actual[i]) == Double.doubleToLongBits(expected[i]);
            boolean same = Double.isFinite(magnitude[i])
                    ? untouched || Math.abs(actual[i] - expected[i]) <= tolerance
                    : !Double.isFinite(actual[i]) && (Double.isNaN(actual[i]) || !Double.isNaN(magnitude[i]));
            if (!same) {
                throw new AssertionError(what + ": entry " + i + " is " + actual[i] + ", expected " + expected[i]
                        + " within " + tolerance + "; seed " + SEED);
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
            assertEquals(forced, Kernels.get().name());
        }
        String bits = System.getProperty("attractor.vectorBits");
        if (bits != null && kernels.name().equals("simd")) {
            assertEquals(Integer.parseInt(bits) / Double.SIZE, kernels.lanes());
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
        double[] magnitude = new double[expected.length];
        for (int r = 0; r < m; r++) {
            for (int j = 0; j < n; j++) {
                double sum = init.before[init.off + r * init.ld + j];
                double size = Math.abs(sum);
                for (int i = 0; i < k; i++) {
                    sum = Math.fma(a.at(r, i), b.at(i, j), sum);
                    size += Math.abs(a.at(r, i) * b.at(i, j));
                }
                expected[c.off + r * c.ld + j] = sum;
                magnitude[c.off + r * c.ld + j] = size;
            }
        }
        Kernels.Packed packed = kernels.packed(k, n);
        packed.load(b.a, b.off, b.ld);
        assertEquals(k, packed.rows());
        assertEquals(n, packed.columns());
        kernels.gemm(m, a.a, a.off, a.ld, packed, init.a, init.off, init.ld, c.a, c.off, c.ld);
        assertProduct(expected, magnitude, k, c.a, what);
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
        double[] magnitude = new double[expected.length];
        for (int r = 0; r < m; r++) {
            for (int j = 0; j < n; j++) {
                int at = c.off + r * c.ld + j;
                magnitude[at] = Math.abs(expected[at]);
                for (int i = 0; i < k; i++) {
                    expected[at] = Math.fma(a.at(i, r), b.at(i, j), expected[at]);
                    magnitude[at] += Math.abs(a.at(i, r) * b.at(i, j));
                }
            }
        }
        kernels.gemmTransposed(m, n, k, a.a, a.off, a.ld, b.a, b.off, b.ld, c.a, c.off, c.ld);
        assertProduct(expected, magnitude, k, c.a, what);
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
        // Every division into panels and remaining columns.
        for (int n = 1; n <= 136; n++) {
            gemm(1 + n % 7, n, 1 + n % 5, special);
            gemmTransposed(1 + n % 7, n, 1 + n % 5, special);
        }
        // From a certain size on, operands are copied: whole and partial slabs, with columns and rows left over.
        for (int[] large :
                new int[][] {{186, 192, 3}, {191, 205, 5}, {187, 177, 1}, {6, 5470, 2}, {1, 32771, 2}, {5471, 6, 1}}) {
            gemmTransposed(large[0], large[1], large[2], special);
        }
        for (int i = 0; i < 40; i++) {
            gemm(size() % 40 + 1, size() % 110 + 1, size(), special);
            gemmTransposed(size() % 60 + 1, size() % 110 + 1, size(), special);
        }
        gemm(1, 300, 300, special);
        gemm(7, 53, 600, special);
    }

    /** A long row after many short ones, or before: room for as many long ones would be 3 GB. */
    @Test
    void roomIsForTheShapesThatCame() {
        gemmTransposed(20_000, 1, 1, false);
        gemmTransposed(1, 20_000, 1, false);
        gemmTransposed(20_000, 2, 1, false);
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
        kernels.gemm(2, a, 0, 1, kernels.packed(1, 0), c, 0, 0, c, 0, 1);
        kernels.leak(0.5, 0, 3, c, 0, 3, c, 0, 3, c, 0, 3);
        kernels.leak(0.5, 3, 0, c, 0, 1, c, 0, 1, c, 0, 1);
        kernels.backActivate(Activation.RELU, 0.5, 0, 3, a, 0, 3, a, 0, 3, c, 0, 3);
        kernels.sumRows(0, 3, a, 0, 3, c, 0);
        kernels.adam(0, 0, c, c, c, a, 1, 0, 0, 1);
        assertArrayEquals(new double[] {4, 5, 6}, c);
        kernels.gemm(1, a, 0, 1, kernels.packed(0, 3), a, 0, 0, c, 0, 3);
        assertArrayEquals(new double[] {1, 2, 3}, c, "a sum of no terms is init");
    }

    @Test
    void rowsOfOneArray() {
        for (int i = 0; i < 30; i++) {
            int k = 1 + random.nextInt(60);
            int n = size() % 60 + 1;
            int m = 1 + random.nextInt(5);
            Slice a = new Slice(2 * m, k + n, 3, k + n + 2, random, true);
            Slice b = slice(k, n, false);
            Slice init = slice(1, n, false);
            double[] expected = a.before.clone();
            double[] magnitude = new double[expected.length];
            int cOff = a.off + m * a.ld + k;
            for (int r = 0; r < m; r++) {
                for (int j = 0; j < n; j++) {
                    double sum = init.at(0, j);
                    double size = Math.abs(sum);
                    for (int q = 0; q < k; q++) {
                        sum = Math.fma(a.at(r, q), b.at(q, j), sum);
                        size += Math.abs(a.at(r, q) * b.at(q, j));
                    }
                    expected[cOff + r * a.ld + j] = sum;
                    magnitude[cOff + r * a.ld + j] = size;
                }
            }
            Kernels.Packed packed = kernels.packed(k, n);
            packed.load(b.a, b.off, b.ld);
            kernels.gemm(m, a.a, a.off, a.ld, packed, init.a, init.off, 0, a.a, cOff, a.ld);
            assertProduct(expected, magnitude, k, a.a, "gemm within one array, m " + m + ", n " + n + ", k " + k);
        }
    }

    @Test
    void aPackedMatrixBeginsWithZerosAndIsReplacedByTheNextOne() {
        for (int n : SIZES) {
            int k = 1 + random.nextInt(20);
            Slice a = slice(3, k, false);
            Slice init = slice(3, n, false);
            double[] c = new double[3 * n];
            Kernels.Packed packed = kernels.packed(k, n);
            kernels.gemm(3, a.a, a.off, a.ld, packed, init.a, init.off, init.ld, c, 0, n);
            for (int i = 0; i < c.length; i++) {
                assertEquals(init.at(i / n, i % n), c[i], "n " + n);
            }
            for (int turn = 0; turn < 2; turn++) {
                Slice b = slice(k, n, false);
                packed.load(b.a, b.off, b.ld);
                double[] before = b.a.clone();
                Arrays.fill(b.a, Double.NaN);
                kernels.gemm(3, a.a, a.off, a.ld, packed, init.a, init.off, init.ld, c, 0, n);
                Kernels.Packed fresh = kernels.packed(k, n);
                fresh.load(before, b.off, b.ld);
                double[] expected = new double[3 * n];
                kernels.gemm(3, a.a, a.off, a.ld, fresh, init.a, init.off, init.ld, expected, 0, n);
                assertSame(expected, c, "packed again, n " + n);
            }
        }
    }

    @Test
    void matricesPackedByOthersAreRefused() {
        Kernels.Packed foreign = new Kernels.Packed() {
            @Override
            public int rows() {
                return 1;
            }

            @Override
            public int columns() {
                return 1;
            }

            @Override
            public void load(double[] b, int bOff, int ldb) {}
        };
        double[] one = {1};
        assertThrows(
                ClassCastException.class, () -> kernels.gemm(1, one, 0, 1, foreign, one, 0, 0, new double[1], 0, 1));
    }

    /** Compiled code must do what interpreted code does: each kernel against plain loops from its first call on. */
    @Test
    @Tag("slow")
    void theSameColdAndCompiled() {
        for (int i = 0; i < 20_000; i++) {
            Activation phi = PHIS.get(i % PHIS.size());
            int rows = 1 + i % 3;
            int n = 1 + i % 19;
            gemm(1 + i % 9, n, 1 + i % 5, true);
            gemmTransposed(1 + i % 13, n, 1 + i % 5, true);
            activate(phi, rows, n);
            backActivate(phi, rows, n, i % 2 == 0 ? 1 : 0.25);
            leak(rows, n, i);
            sumRows(rows, n);
            adam(n);
        }
    }

    @ParameterizedTest
    @EnumSource(Activation.class)
    void activations(Activation phi) {
        for (int i = 0; i < 60; i++) {
            activate(phi, 1 + random.nextInt(40), size());
        }
        activate(phi, 3, 1300);
    }

    private void activate(Activation phi, int rows, int n) {
        Slice z = slice(rows, n, true);
        for (int r = 0; r < rows; r++) {
            for (int j = 0; j < n; j++) {
                // float: z.a[z.off + r * z.ld + j] *= (float) StrictMath.exp(4 * random.nextGaussian());
                z.a[z.off + r * z.ld + j] *= StrictMath.exp(8 * random.nextGaussian());
            }
        }
        double[] expected = z.a.clone();
        for (int r = 0; r < rows; r++) {
            for (int j = 0; j < n; j++) {
                expected[z.off + r * z.ld + j] = phi.rate(expected[z.off + r * z.ld + j]);
            }
        }
        kernels.activate(phi, rows, n, z.a, z.off, z.ld);
        assertSame(expected, z.a, "activate " + phi + " " + rows + " x " + n);
    }

    @Test
    void tanhOfManyValues() {
        double[] a = new double[300_007];
        for (int i = 0; i < a.length; i++) {
            double factor = i % 3 == 0 ? 25 : i % 3 == 1 ? 1 : Math.scalb(1.0, -random.nextInt(50));
            a[i] = factor * random.nextGaussian();
        }
        for (int i = 0; i < SPECIAL.length; i++) {
            a[1000 * i + i] = SPECIAL[i];
        }
        a[20_001] = Tanh.LIMIT;
        a[20_003] = Math.nextUp(Tanh.LIMIT);
        a[20_005] = Math.nextDown(-Tanh.LIMIT);
        a[20_007] = -Double.MAX_VALUE;
        double[] expected = new double[a.length];
        for (int i = 0; i < a.length; i++) {
            expected[i] = Tanh.tanh(a[i]);
        }
        kernels.activate(Activation.TANH, 1, a.length, a, 0, a.length);
        assertSame(expected, a, "tanh");
    }

    @ParameterizedTest
    @EnumSource(Activation.class)
    void backActivations(Activation phi) {
        for (int i = 0; i < 60; i++) {
            backActivate(phi, 1 + random.nextInt(7), size(), i % 2 == 0 ? 1 : random.nextDouble());
        }
    }

    private void backActivate(Activation phi, int rows, int n, double alpha) {
        String what = "backActivate " + phi + " " + rows + " x " + n;
        Slice rate = slice(rows, n, true);
        Slice dh = slice(rows, n, true);
        Slice dz = slice(rows, n, false);
        double[] expected = dz.before.clone();
        for (int r = 0; r < rows; r++) {
            for (int j = 0; j < n; j++) {
                expected[dz.off + r * dz.ld + j] = alpha * (dh.at(r, j) * phi.slope(rate.at(r, j)));
            }
        }
        kernels.backActivate(phi, alpha, rows, n, rate.a, rate.off, rate.ld, dh.a, dh.off, dh.ld, dz.a, dz.off, dz.ld);
        assertSame(expected, dz.a, what);
        rate.unchanged(what + ", rate");
        dh.unchanged(what + ", dh");
    }

    @Test
    void leaks() {
        for (int i = 0; i < 120; i++) {
            leak(1 + random.nextInt(7), size(), i);
        }
    }

    /** The result goes to h, to the rate or to another array; every fifth time all rows share one row of rates. */
    private void leak(int rows, int n, int turn) {
        double alpha = random.nextDouble();
        Slice h = slice(rows, n, true);
        boolean sameRate = turn % 5 == 0;
        Slice rate = sameRate ? new Slice(1, n, 1, 0, random, true) : slice(rows, n, true);
        Slice next = turn % 3 == 0 ? h : turn % 3 == 1 && !sameRate ? rate : slice(rows, n, false);
        String what =
                "leak " + rows + " x " + n + (next == h ? " in place of h" : next == rate ? " in place of rate" : "");
        double[] expected = next.before.clone();
        for (int r = 0; r < rows; r++) {
            for (int j = 0; j < n; j++) {
                expected[next.off + r * next.ld + j] = Math.fma(alpha, rate.at(r, j), (1 - alpha) * h.at(r, j));
            }
        }
        kernels.leak(alpha, rows, n, h.a, h.off, h.ld, rate.a, rate.off, rate.ld, next.a, next.off, next.ld);
        assertSame(expected, next.a, what);
        if (next != rate) {
            rate.unchanged(what + ", rate");
        }
        if (next != h) {
            h.unchanged(what + ", h");
        }
    }

    @Test
    void sumsOfRows() {
        for (int i = 0; i < 60; i++) {
            sumRows(size() % 60, size());
        }
    }

    private void sumRows(int rows, int n) {
        Slice a = slice(rows, n, true);
        Slice sum = slice(1, n, true);
        double[] expected = sum.before.clone();
        for (int r = 0; r < rows; r++) {
            for (int j = 0; j < n; j++) {
                expected[sum.off + j] += a.at(r, j);
            }
        }
        kernels.sumRows(rows, n, a.a, a.off, a.ld, sum.a, sum.off);
        assertSame(expected, sum.a, "sumRows " + rows + " x " + n);
        a.unchanged("sumRows, a");
    }

    @Test
    void adam() {
        for (int n : SIZES) {
            adam(n);
        }
        // Computed by hand: m = 1, 1, 0, -1/2 and v = 1 throughout.
        double[] p = {9, 1, 9};
        double[] m = {9, 0, 9};
        double[] v = {9, 0, 9};
        double[] gradients = {2, 1, -1, -1};
        double[] parameters = {0.75, 0.5, 0.5, 0.625};
        for (int i = 0; i < 4; i++) {
            double[] g = {7, gradients[i], 7};
            kernels.adam(1, 1, p, m, v, g, 0.5, 0.5, 0.75, 1);
            assertArrayEquals(new double[] {9, parameters[i], 9}, p, "step " + i);
            assertArrayEquals(new double[] {7, gradients[i], 7}, g);
        }
        assertArrayEquals(new double[] {9, -0.5, 9}, m);
        assertArrayEquals(new double[] {9, 1, 9}, v);
    }

    private void adam(int n) {
        int off = random.nextInt(6);
        double[][] all = new double[4][];
        for (int i = 0; i < 4; i++) {
            all[i] = new Slice(1, n, off, n, random, true).a;
        }
        for (int j = off; j < off + n; j++) {
            all[2][j] *= all[2][j];
        }
        double[][] expected = {all[0].clone(), all[1].clone(), all[2].clone(), all[3].clone()};
        for (int j = off; j < off + n; j++) {
            double g = expected[3][j];
            // float: expected[1][j] = Math.fma(0.9f, expected[1][j], (float) (1 - 0.9) * g);
            expected[1][j] = Math.fma(0.9, expected[1][j], (1 - 0.9) * g);
            // float: expected[2][j] = Math.fma(0.999f, expected[2][j], (float) (1 - 0.999) * (g * g));
            expected[2][j] = Math.fma(0.999, expected[2][j], (1 - 0.999) * (g * g));
            expected[0][j] -= 1e-3 * expected[1][j] / (Math.sqrt(expected[2][j]) + 1e-8);
        }
        kernels.adam(n, off, all[0], all[1], all[2], all[3], 1e-3, 0.9, 0.999, 1e-8); // stays double
        for (int i = 0; i < 4; i++) {
            assertSame(
                    expected[i],
                    all[i],
                    "adam, n " + n + ", " + List.of("p", "m", "v", "g").get(i));
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
        assertNames("p", () -> kernels.adam(9, 0, small, big, big, big, 1, 0, 0, 1));
        assertNames("m", () -> kernels.adam(9, 0, big, small, big, big, 1, 0, 0, 1));
        assertNames("v", () -> kernels.adam(9, 0, big, big, small, big, 1, 0, 0, 1));
        assertNames("g", () -> kernels.adam(9, 0, big, big, big, small, 1, 0, 0, 1));
        assertNames("p", () -> kernels.adam(5, -1, big, big, big, big, 1, 0, 0, 1));
        // Products beyond 2^31 don't overflow.
        assertNames("a", () -> kernels.gemm(1 << 20, big, 0, 1 << 20, packed, big, 0, 0, big, 0, 4));
        assertNames("c", () -> kernels.gemm(2, big, 0, 3, packed, big, 0, 0, big, Integer.MAX_VALUE, 4));
        for (double[] array : new double[][] {small, big}) {
            assertArrayEquals(new double[array.length], array, "a call that was refused");
        }
    }

    private static void assertNames(String array, org.junit.jupiter.api.function.Executable call) {
        String message = assertThrows(IndexOutOfBoundsException.class, call).getMessage();
        assertTrue(message.startsWith(array + " has "), message);
    }
}
