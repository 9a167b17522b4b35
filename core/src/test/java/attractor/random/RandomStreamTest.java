package attractor.random;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import attractor.random.RandomStream.Purpose;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RandomStreamTest {

    private static final Purpose WEIGHTS = Purpose.of("weights");
    private static final Purpose TRIALS = Purpose.of("trials");
    private static final Purpose EVALUATION = Purpose.of("evaluation");
    private static final Purpose SHUFFLE = Purpose.of("shuffle");
    private static final Purpose DYNAMICS = Purpose.of("dynamics");
    private static final Purpose FIXED_POINTS = Purpose.of("fixed-points");
    private static final Purpose LESIONS = Purpose.of("lesions");

    private static final long SEED = 20261;
    private static final int DRAWS = 1_000_000;

    /** State 1, 2, 3, 4: the values from the authors' C code. */
    @Test
    void baseGeneratorGivesPublishedValues() {
        String[] expected = {
            "41943041",
            "58720359",
            "3588806011781223",
            "3591011842654386",
            "9228616714210784205",
            "9973669472204895162",
            "14011001112246962877",
            "12406186145184390807",
            "15849039046786891736",
            "10450023813501588000"
        };
        RandomStream stream = new RandomStream(1, 2, 3, 4);
        for (String value : expected) {
            assertEquals(value, Long.toUnsignedString(stream.nextLong()));
        }
    }

    /** A second implementation of the seeding; its SplitMix64 gives the published values for 1234567. */
    @Test
    void seedsAsDocumented() {
        long[] counter = {1234567};
        String[] published = {
            "6457827717110365317",
            "3203168211198807973",
            "9817491932198370423",
            "4593380528125082431",
            "16408922859458223821"
        };
        for (String value : published) {
            assertEquals(value, Long.toUnsignedString(splitMix(counter)));
        }
        long index = -7;
        Purpose purpose = Purpose.of("my purpose");
        counter[0] = 42;
        counter[0] = splitMix(counter) ^ purpose.key();
        counter[0] = splitMix(counter) ^ index;
        counter[0] = splitMix(counter);
        RandomStream expected =
                new RandomStream(splitMix(counter), splitMix(counter), splitMix(counter), splitMix(counter));
        RandomStream stream = new RandomStream(42, purpose, index);
        for (int i = 0; i < 10; i++) {
            assertEquals(expected.nextLong(), stream.nextLong(), "draw " + i);
        }
    }

    private static long splitMix(long[] counter) {
        counter[0] += 0x9E3779B97F4A7C15L;
        long z = counter[0];
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }

    /** Values computed with Python's integers from the Javadoc. */
    @Test
    void purposesHashAsDocumented() {
        assertEquals(0x746F74F02794B786L, WEIGHTS.key());
        assertEquals(0xCB06DD1A44F803C4L, TRIALS.key());
        assertEquals(0x21415167608368E7L, Purpose.of("my purpose").key());
        assertEquals(0xA9B5FFEFDAE4F301L, Purpose.of("\u00e9\u2603").key());
        assertEquals(TRIALS, Purpose.of("trials"));
        assertEquals(TRIALS.hashCode(), Purpose.of("trials").hashCode());
        assertNotEquals(TRIALS, EVALUATION);
        assertEquals("trials", TRIALS.toString());
        IllegalArgumentException error = assertThrows(IllegalArgumentException.class, () -> Purpose.of(""));
        assertEquals("purpose has an empty name, expected at least one character", error.getMessage());
    }

    @Test
    void builtInPurposesDiffer() {
        Set<Long> keys = new HashSet<>();
        Purpose[] all = {WEIGHTS, TRIALS, EVALUATION, SHUFFLE, DYNAMICS, FIXED_POINTS, LESIONS};
        for (Purpose purpose : all) {
            assertTrue(keys.add(purpose.key()), purpose.name());
        }
    }

    /** Frozen: a change of these changes every published result. Also computed with Python's integers. */
    @Test
    void firstValuesAreFrozen() {
        assertFirst(
                new RandomStream(0, TRIALS, 0),
                3836366758501798124L,
                7990148249521045993L,
                1850620692020539814L,
                8742399863760893830L);
        assertFirst(
                new RandomStream(42, Purpose.of("my purpose"), -7),
                8684937442171937565L,
                -8388075123354251767L,
                -5851769895349077925L,
                -4882206215892051127L);
        assertFirst(
                new RandomStream(-1, WEIGHTS, 3),
                -1013759589391944650L,
                -1869980151121473120L,
                98517395672657758L,
                -5655957794861877374L);
    }

    private static void assertFirst(RandomStream stream, long... expected) {
        for (long value : expected) {
            assertEquals(value, stream.nextLong());
        }
    }

    @Test
    void firstGaussiansAreFrozen() {
        RandomStream stream = new RandomStream(42, Purpose.of("my purpose"), -7);
        double[] expected = {
            0x1.266a8639ae6bdp1,
            -0x1.55956464956ddp1,
            -0x1.243d2a35364acp0,
            -0x1.07946866ee0adp0,
            -0x1.05140487193a8p-3,
            -0x1.4fc8b6cd2daa5p0
        };
        for (double value : expected) {
            assertEquals(value, stream.nextGaussian());
        }
    }

    /** Runs through interpreted and compiled code, and some 150 tails. */
    @Test
    void millionGaussiansHaveFrozenBits() {
        RandomStream stream = new RandomStream(SEED, TRIALS, 1);
        long hash = 0;
        for (int i = 0; i < DRAWS; i++) {
            long bits = Double.doubleToLongBits(stream.nextGaussian());
            hash = (Long.rotateLeft(hash, 29) ^ bits) * 0x9E3779B97F4A7C15L;
        }
        assertEquals("c28d720cdc62ee81", Long.toHexString(hash));
    }

    @Test
    void gaussiansHaveTheMomentsOfTheNormal() {
        double[] draws = gaussians();
        double[] powers = new double[5];
        for (double x : draws) {
            double power = 1;
            for (int k = 1; k <= 4; k++) {
                power *= x;
                powers[k] += power / DRAWS;
            }
        }
        // standard errors of raw moments: sqrt((m_2k - m_k^2) / n), with m = 1, 3, 15, 105 for 2, 4, 6, 8
        double root = Math.sqrt(DRAWS);
        assertEquals(0, powers[1], 4 / root, "mean, seed " + SEED);
        assertEquals(1, powers[2], 4 * Math.sqrt(2) / root, "second moment, seed " + SEED);
        assertEquals(0, powers[3], 4 * Math.sqrt(15) / root, "third moment, seed " + SEED);
        assertEquals(3, powers[4], 4 * Math.sqrt(96) / root, "fourth moment, seed " + SEED);
    }

    @Test
    void gaussiansFollowTheNormalDistribution() {
        double[] draws = gaussians();
        int bins = 1000;
        int[] counts = new int[bins];
        for (double x : draws) {
            counts[Math.min(bins - 1, (int) (cdf(x) * bins))]++;
        }
        assertUniform(counts, DRAWS, "gaussians");

        Arrays.sort(draws);
        double worst = 0;
        for (int i = 0; i < DRAWS; i++) {
            double p = cdf(draws[i]);
            worst = Math.max(worst, Math.max((i + 1.0) / DRAWS - p, p - (double) i / DRAWS));
        }
        // Kolmogorov: P(D sqrt(n) > 1.95) = 0.001
        assertTrue(worst * Math.sqrt(DRAWS) < 1.95, "D sqrt(n) = " + worst * Math.sqrt(DRAWS) + ", seed " + SEED);
    }

    /** Includes 3.654, where the ziggurat's tail begins, and points beyond. */
    @ParameterizedTest
    @ValueSource(doubles = {1, 2, 3, 3.5, 3.654152885361009, 3.8, 4, 4.3})
    void tailsHaveTheirShare(double beyond) {
        int above = 0;
        int below = 0;
        for (double x : gaussians()) {
            above += x > beyond ? 1 : 0;
            below += x < -beyond ? 1 : 0;
        }
        double expected = DRAWS * cdf(-beyond);
        double slack = 4 * Math.sqrt(expected) + 1;
        assertEquals(expected, above, slack, "above " + beyond + ", seed " + SEED);
        assertEquals(expected, below, slack, "below " + -beyond + ", seed " + SEED);
    }

    /** Only tails, enough of them to show their shape: x beyond r has survival function Q(x) / Q(r). */
    @Test
    @Tag("slow")
    void tailHasTheRightShape() {
        double r = 3.654152885361009;
        int[] counts = new int[10];
        int n = 0;
        RandomStream stream = new RandomStream(SEED, Purpose.of("tails"), 0);
        for (int i = 0; i < 20_000_000; i++) {
            double x = Math.abs(stream.nextGaussian());
            if (x > r) {
                counts[Math.min(9, (int) (10 * cdf(-x) / cdf(-r)))]++;
                n++;
            }
        }
        assertTrue(n > 4000, n + " tails, seed " + SEED);
        assertUniform(counts, n, "tails");
    }

    private static double[] gaussians() {
        double[] draws = new double[DRAWS];
        new RandomStream(SEED, TRIALS, 0).fillGaussian(draws, 0, DRAWS, 1);
        return draws;
    }

    /** Normal distribution function: a series in the middle, a continued fraction outside; 1e-14 relative at worst. */
    private static double cdf(double x) {
        if (Math.abs(x) < 3) {
            double term = x;
            double sum = x;
            for (int k = 3; Math.abs(term) > 1e-17 * Math.abs(sum); k += 2) {
                term *= x * x / k;
                sum += term;
            }
            return 0.5 + sum * StrictMath.exp(-0.5 * x * x) / StrictMath.sqrt(2 * Math.PI);
        }
        double z = Math.abs(x);
        double fraction = z;
        for (int k = 100; k >= 1; k--) {
            fraction = z + k / fraction;
        }
        double upper = StrictMath.exp(-0.5 * z * z) / StrictMath.sqrt(2 * Math.PI) / fraction;
        return x < 0 ? upper : 1 - upper;
    }

    /** Pearson's statistic of equally likely bins lies within 4.5 standard deviations of its mean. */
    private static void assertUniform(int[] counts, int n, String what) {
        double expected = (double) n / counts.length;
        double statistic = 0;
        for (int count : counts) {
            statistic += (count - expected) * (count - expected) / expected;
        }
        int freedom = counts.length - 1;
        // Wilson and Hilferty: its cube root is almost normal
        double spread = 2.0 / (9 * freedom);
        double z = (Math.cbrt(statistic / freedom) - (1 - spread)) / Math.sqrt(spread);
        assertTrue(
                Math.abs(z) < 4,
                what + ": chi-square " + statistic + " with " + freedom + " degrees of freedom, z = " + z + ", seed "
                        + SEED);
    }

    @Test
    void doublesAreUniformMultiplesOfTwoToTheMinus53() {
        RandomStream stream = new RandomStream(SEED, TRIALS, 2);
        int[] counts = new int[1000];
        long lowBits = 0;
        for (int i = 0; i < DRAWS; i++) {
            double u = stream.nextDouble();
            assertTrue(u >= 0 && u < 1, "u = " + u);
            double scaled = u * 0x1.0p53;
            assertEquals(Math.rint(scaled), scaled);
            lowBits += (long) scaled & 1;
            counts[(int) (u * 1000)]++;
        }
        assertUniform(counts, DRAWS, "doubles");
        assertEquals(0.5, (double) lowBits / DRAWS, 4 * 0.5 / Math.sqrt(DRAWS), "lowest bit, seed " + SEED);
    }

    /**
     * At the last of these bounds, a 32-bit number reduced without rejection would fall into one third twice as often.
     */
    @ParameterizedTest
    @ValueSource(ints = {2, 3, 10, 1000, 1 << 30, 3 << 29})
    void integersAreUnbiased(int bound) {
        RandomStream stream = new RandomStream(SEED, SHUFFLE, bound);
        int bins = Math.min(bound, 999);
        int[] counts = new int[bins];
        int n = 300_000;
        for (int i = 0; i < n; i++) {
            int value = stream.nextInt(bound);
            assertTrue(value >= 0 && value < bound, value + " of " + bound);
            counts[(int) ((long) value * bins / bound)]++;
        }
        if (bound != 1000) {
            assertUniform(counts, n, "nextInt(" + bound + ")");
        }
    }

    /**
     * The worst case for rejection: without it, residues modulo 3 of numbers below 3 * 2^29 would be 2 : 1 : 1 or
     * worse.
     */
    @Test
    void integersHaveUnbiasedResidues() {
        RandomStream stream = new RandomStream(SEED, SHUFFLE, 0);
        int[] counts = new int[3];
        for (int i = 0; i < 300_000; i++) {
            counts[stream.nextInt(3 << 29) % 3]++;
        }
        assertUniform(counts, 300_000, "residues");
    }

    @Test
    void boundMustBePositive() {
        RandomStream stream = new RandomStream(1, SHUFFLE, 0);
        assertEquals(0, stream.nextInt(1));
        for (int bound : new int[] {0, -1, Integer.MIN_VALUE}) {
            IllegalArgumentException error = assertThrows(IllegalArgumentException.class, () -> stream.nextInt(bound));
            assertEquals("bound is " + bound + ", expected at least 1", error.getMessage());
        }
    }

    @Test
    void shuffleGivesEveryOrderEquallyOften() {
        RandomStream stream = new RandomStream(SEED, SHUFFLE, 7);
        int[] counts = new int[256];
        int n = 240_000;
        for (int i = 0; i < n; i++) {
            int[] a = {0, 1, 2, 3};
            stream.shuffle(a);
            counts[a[0] << 6 | a[1] << 4 | a[2] << 2 | a[3]]++;
        }
        int[] seen = Arrays.stream(counts).filter(count -> count > 0).toArray();
        assertEquals(24, seen.length, "seed " + SEED);
        assertUniform(seen, n, "orders");
    }

    @Test
    void shuffleKeepsTheEntriesAndIsFrozen() {
        int[] a = new int[10];
        Arrays.setAll(a, i -> i);
        new RandomStream(0, SHUFFLE, 0).shuffle(a);
        assertArrayEquals(new int[] {1, 6, 5, 8, 3, 9, 2, 4, 0, 7}, a);
        int[] none = {};
        int[] one = {5};
        new RandomStream(0, SHUFFLE, 0).shuffle(none);
        new RandomStream(0, SHUFFLE, 0).shuffle(one);
        assertEquals(5, one[0]);
    }

    @Test
    void resetIsAsGoodAsNew() {
        RandomStream used = new RandomStream(5, WEIGHTS, 9);
        for (int i = 0; i < 1000; i++) {
            used.nextGaussian();
        }
        used.reset(6, TRIALS, 10);
        RandomStream fresh = new RandomStream(6, TRIALS, 10);
        for (int i = 0; i < 100; i++) {
            assertEquals(fresh.nextLong(), used.nextLong());
        }
    }

    @Test
    void fillsAndAddsSlicesWithTheSameNumbers() {
        RandomStream one = new RandomStream(SEED, TRIALS, 3);
        double[] filled = new double[10];
        Arrays.fill(filled, 7);
        one.fillGaussian(filled, 2, 5, 0.5);
        double[] added = new double[10];
        Arrays.fill(added, 7);
        one.reset(SEED, TRIALS, 3);
        one.addGaussian(added, 2, 5, 0.5);
        RandomStream single = new RandomStream(SEED, TRIALS, 3);
        for (int i = 0; i < 10; i++) {
            boolean inside = i >= 2 && i < 7;
            double expected = inside ? 0.5 * single.nextGaussian() : 7;
            assertEquals(expected, filled[i], "fill, index " + i);
            assertEquals(inside ? 7 + expected : 7, added[i], "add, index " + i);
        }
        assertEquals(single.nextLong(), one.nextLong());
    }

    @Test
    void slicesMustLieInTheArray() {
        RandomStream stream = new RandomStream(1, TRIALS, 0);
        double[] a = new double[4];
        assertThrows(IndexOutOfBoundsException.class, () -> stream.fillGaussian(a, 2, 3, 1));
        assertThrows(IndexOutOfBoundsException.class, () -> stream.addGaussian(a, -1, 2, 1));
        assertThrows(IndexOutOfBoundsException.class, () -> stream.fillGaussian(a, 0, -1, 1));
        assertArrayEquals(new double[4], a);
        stream.fillGaussian(a, 4, 0, 1);
    }

    /** Neighbouring indices, seeds and purposes: first outputs all differ, and each bit is set in half of them. */
    @Test
    void neighbouringStreamsShareNothing() {
        Set<Long> seen = new HashSet<>();
        int[] set = new int[64];
        int n = 0;
        RandomStream stream = new RandomStream(0, TRIALS, 0);
        long flipped = 0;
        int pairs = 0;
        for (Purpose purpose : new Purpose[] {TRIALS, EVALUATION, Purpose.of("a"), Purpose.of("b")}) {
            for (long seed = 0; seed < 10; seed++) {
                long previous = 0;
                for (long index = 0; index < 5000; index++) {
                    stream.reset(seed, purpose, index);
                    long value = stream.nextLong();
                    assertTrue(seen.add(value), purpose + ", seed " + seed + ", index " + index);
                    for (int bit = 0; bit < 64; bit++) {
                        set[bit] += (int) (value >>> bit & 1);
                    }
                    n++;
                    if (index > 0) {
                        flipped += Long.bitCount(value ^ previous);
                        pairs++;
                    }
                    previous = value;
                }
            }
        }
        for (int bit = 0; bit < 64; bit++) {
            assertEquals(0.5, (double) set[bit] / n, 4.5 * 0.5 / Math.sqrt(n), "bit " + bit);
        }
        assertEquals(32, (double) flipped / pairs, 4.5 * 4 / Math.sqrt(pairs), "bits that differ");
    }

    /** Correlations over trials, and over time between a trial and the next. */
    @Test
    void streamsAreUncorrelated() {
        int streams = 2000;
        int length = 100;
        double[] a = new double[length];
        double[] b = new double[length];
        RandomStream stream = new RandomStream(0, TRIALS, 0);
        double same = 0;
        double lagged = 0;
        double otherPurpose = 0;
        double otherSeed = 0;
        for (int i = 0; i < streams; i++) {
            stream.reset(SEED, TRIALS, i);
            stream.fillGaussian(a, 0, length, 1);
            stream.reset(SEED, TRIALS, i + 1);
            stream.fillGaussian(b, 0, length, 1);
            same += product(a, b, 0);
            lagged += product(a, b, 1);
            stream.reset(SEED, EVALUATION, i);
            stream.fillGaussian(b, 0, length, 1);
            otherPurpose += product(a, b, 0);
            stream.reset(SEED + 1, TRIALS, i);
            stream.fillGaussian(b, 0, length, 1);
            otherSeed += product(a, b, 0);
        }
        double bound = 4 * Math.sqrt((double) streams * length);
        assertEquals(0, same, bound, "next index, seed " + SEED);
        assertEquals(0, lagged, bound, "next index one step later, seed " + SEED);
        assertEquals(0, otherPurpose, bound, "other purpose, seed " + SEED);
        assertEquals(0, otherSeed, bound, "next seed, seed " + SEED);
    }

    private static double product(double[] a, double[] b, int lag) {
        double sum = 0;
        for (int k = lag; k < a.length; k++) {
            sum += a[k] * b[k - lag];
        }
        return sum;
    }

    @Test
    void drawingAllocatesNothing() {
        com.sun.management.ThreadMXBean threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        RandomStream stream = new RandomStream(1, TRIALS, 0);
        double[] a = new double[100];
        int[] order = new int[100];
        long before = 0;
        for (int i = 0; i < 2000; i++) {
            if (i == 1000) {
                before = threads.getCurrentThreadAllocatedBytes();
            }
            stream.reset(i, TRIALS, i);
            stream.fillGaussian(a, 0, a.length, 1);
            stream.shuffle(order);
            stream.nextDouble();
        }
        long bytes = threads.getCurrentThreadAllocatedBytes() - before;
        // the bean itself and a compilation may allocate some; one object in each of 1000 rounds would be 16,000
        assertTrue(bytes < 8000, bytes + " bytes in 1000 rounds");
    }
}
