package attractor.random;

import java.util.Objects;

/**
 * The library's one source of random numbers: xoshiro256++ 1.0, seeded from (seed, purpose, index).
 *
 * <p>A stream is identified by its purpose, never by the thread that draws from it: the same seed, purpose and index
 * give the same numbers, in the same order, on every JDK and processor. A different purpose or index gives an unrelated
 * stream. So trial 7 can be drawn before trial 6, twice, or on another thread, with the same bits.
 *
 * <p><b>Seeding.</b> With {@code g = 0x9E3779B97F4A7C15} and {@code mix} the output function of SplitMix64,
 * {@code k = mix(seed + g)}, {@code k = mix((k ^ purpose.key()) + g)}, {@code k = mix((k ^ index) + g)}; the four words
 * of state are the next four outputs of a SplitMix64 generator whose state is {@code k}. For one seed and purpose,
 * different indices never share a state.
 *
 * <p><b>Gaussians.</b> A ziggurat of 256 layers. Tables, wedges and tail use {@link StrictMath} alone, so their bits
 * don't depend on the JDK either. About 99 % of draws cost one {@code long}, one product and one comparison.
 *
 * <p>Not thread-safe: one stream belongs to one thread. Only the constructor allocates.
 *
 * <p>Sources: D. Blackman, S. Vigna, <i>Scrambled linear pseudorandom number generators</i>, ACM TOMS 47 (2021);
 * G. L. Steele, D. Lea, C. H. Flood, <i>Fast splittable pseudorandom number generators</i>, OOPSLA 2014; G. Marsaglia,
 * W. W. Tsang, <i>The ziggurat method for generating random variables</i>, J. Stat. Softw. 5 (2000); J. A. Doornik,
 * <i>An improved ziggurat method to generate normal random samples</i> (2005); D. Lemire, <i>Fast random integer
 * generation in an interval</i>, ACM TOMACS 29 (2019).
 */
public final class RandomStream {

    /**
     * What a stream is for: a name and the 64-bit key that is hashed from it.
     *
     * <p>The key is FNV-1a (64 bit) over the name's UTF-16 code units, each as two bytes, the low one first. Users name
     * purposes of their own with {@link #of}; equal names are the same purpose. Immutable, safe for any thread.
     */
    public static final class Purpose {

        private final String name;
        private final long key;

        private Purpose(String name) {
            long hash = 0xCBF29CE484222325L;
            for (int i = 0; i < name.length(); i++) {
                char unit = name.charAt(i);
                hash = (hash ^ (unit & 0xFF)) * 0x100000001B3L;
                hash = (hash ^ (unit >>> 8)) * 0x100000001B3L;
            }
            this.name = name;
            this.key = hash;
        }

        /**
         * The purpose of this name.
         *
         * @param name any text that isn't empty, such as {@code "my-study/onsets"}
         * @throws IllegalArgumentException if the name is empty
         */
        public static Purpose of(String name) {
            if (name.isEmpty()) {
                throw new IllegalArgumentException("purpose has an empty name, expected at least one character");
            }
            return new Purpose(name);
        }

        /** The name. */
        public String name() {
            return name;
        }

        /** The name's hash, which enters the seed. */
        public long key() {
            return key;
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Purpose purpose && name.equals(purpose.name);
        }

        @Override
        public int hashCode() {
            return Long.hashCode(key);
        }

        @Override
        public String toString() {
            return name;
        }
    }

    private static final long GAMMA = 0x9E3779B97F4A7C15L;

    private static final int LAYERS = 256;
    /** Where the tail begins: the r for which 256 layers of equal area cover exp(-x^2/2); solved with 60 digits. */
    private static final double TAIL = 0x1.d3bb48209ad33p+1;
    /** Area of a layer, r exp(-r^2/2) + integral of exp(-x^2/2) from r to infinity. */
    private static final double AREA = 0x1.43016a5a43732p-8;
    /** Right edge of layer i; [256] = 0. For the base layer, the edge of a box with the area of strip and tail. */
    private static final double[] EDGE = new double[LAYERS + 1];
    /** Share of layer i's width that lies wholly under the curve. */
    private static final double[] INSIDE = new double[LAYERS];
    /** exp(-x^2/2) at the edges. */
    private static final double[] DENSITY = new double[LAYERS + 1];

    static {
        EDGE[0] = AREA / density(TAIL);
        EDGE[1] = TAIL;
        for (int i = 2; i < LAYERS; i++) {
            EDGE[i] = StrictMath.sqrt(-2 * StrictMath.log(AREA / EDGE[i - 1] + density(EDGE[i - 1])));
        }
        for (int i = 0; i < LAYERS; i++) {
            INSIDE[i] = EDGE[i + 1] / EDGE[i];
        }
        for (int i = 0; i <= LAYERS; i++) {
            DENSITY[i] = density(EDGE[i]);
        }
    }

    private long s0;
    private long s1;
    private long s2;
    private long s3;

    /**
     * A stream at its start.
     *
     * @param seed the run's seed, any value
     * @param purpose what the numbers are for
     * @param index which of the streams for this purpose (a trial, an epoch, a matrix), any value
     */
    public RandomStream(long seed, Purpose purpose, long index) {
        reset(seed, purpose, index);
    }

    /** A stream with this state, for comparison with published values. */
    RandomStream(long s0, long s1, long s2, long s3) {
        this.s0 = s0;
        this.s1 = s1;
        this.s2 = s2;
        this.s3 = s3;
    }

    /** Moves to the start of the stream for (seed, purpose, index), as if newly made; allocates nothing. */
    public void reset(long seed, Purpose purpose, long index) {
        long k = mix(seed + GAMMA);
        k = mix((k ^ purpose.key) + GAMMA);
        k = mix((k ^ index) + GAMMA);
        s0 = mix(k += GAMMA);
        s1 = mix(k += GAMMA);
        s2 = mix(k += GAMMA);
        s3 = mix(k + GAMMA);
    }

    /** The next 64 random bits. */
    public long nextLong() {
        long result = Long.rotateLeft(s0 + s3, 23) + s0;
        long t = s1 << 17;
        s2 ^= s0;
        s3 ^= s1;
        s1 ^= s2;
        s0 ^= s3;
        s2 ^= t;
        s3 = Long.rotateLeft(s3, 45);
        return result;
    }

    /** Uniform on [0, 1): a multiple of 2^-53. */
    public double nextDouble() {
        return (nextLong() >>> 11) * 0x1.0p-53;
    }

    /**
     * Uniform on 0, ..., bound - 1, without bias.
     *
     * @param bound at least 1
     * @throws IllegalArgumentException if bound is below 1
     */
    public int nextInt(int bound) {
        if (bound < 1) {
            throw new IllegalArgumentException("bound is " + bound + ", expected at least 1");
        }
        long product = (nextLong() >>> 32) * bound;
        long low = product & 0xFFFFFFFFL;
        if (low < bound) {
            long rejected = (1L << 32) % bound;
            while (low < rejected) {
                product = (nextLong() >>> 32) * bound;
                low = product & 0xFFFFFFFFL;
            }
        }
        return (int) (product >>> 32);
    }

    /** Normal with mean 0 and standard deviation 1. Usually takes one {@code nextLong}, more in 1 % of the draws. */
    public double nextGaussian() {
        while (true) {
            long bits = nextLong();
            int layer = (int) bits & (LAYERS - 1);
            double u = (bits >> 10) * 0x1.0p-53; // [-1, 1); none of its bits chooses the layer
            double x = u * EDGE[layer];
            if (Math.abs(u) < INSIDE[layer]) {
                return x;
            }
            if (layer == 0) {
                return tail(u < 0);
            }
            double height = DENSITY[layer] + nextDouble() * (DENSITY[layer + 1] - DENSITY[layer]);
            if (height < density(x)) {
                return x;
            }
        }
    }

    /**
     * Fills a slice with independent normal numbers, in order of the index, the same as {@code sd * nextGaussian()}.
     *
     * @param a written from {@code offset} to {@code offset + count - 1}. Modified.
     * @param sd standard deviation; with 0 numbers are still drawn, so that later draws don't depend on it
     * @throws IndexOutOfBoundsException if the slice isn't within the array
     */
    public void fillGaussian(double[] a, int offset, int count, double sd) {
        Objects.checkFromIndexSize(offset, count, a.length);
        for (int i = offset; i < offset + count; i++) {
            a[i] = sd * nextGaussian();
        }
    }

    /**
     * Adds independent normal numbers to a slice, in order of the index, the same as {@code a[i] += sd * nextGaussian()}.
     *
     * @param a changed from {@code offset} to {@code offset + count - 1}. Modified.
     * @param sd standard deviation; with 0 numbers are still drawn, so that later draws don't depend on it
     * @throws IndexOutOfBoundsException if the slice isn't within the array
     */
    public void addGaussian(double[] a, int offset, int count, double sd) {
        Objects.checkFromIndexSize(offset, count, a.length);
        for (int i = offset; i < offset + count; i++) {
            a[i] += sd * nextGaussian();
        }
    }

    /**
     * The same for floats: each number is added in double, and the sum is rounded once.
     *
     * @param a changed from {@code offset} to {@code offset + count - 1}. Modified.
     * @param sd standard deviation; with 0 numbers are still drawn, so that later draws don't depend on it
     * @throws IndexOutOfBoundsException if the slice isn't within the array
     */
    public void addGaussian(float[] a, int offset, int count, double sd) {
        Objects.checkFromIndexSize(offset, count, a.length);
        for (int i = offset; i < offset + count; i++) {
            a[i] = (float) (a[i] + sd * nextGaussian());
        }
    }

    /**
     * Puts the entries into random order, all orders equally likely (Fisher-Yates, from the end).
     *
     * @param a Modified.
     */
    public void shuffle(int[] a) {
        for (int i = a.length - 1; i > 0; i--) {
            int j = nextInt(i + 1);
            int swapped = a[i];
            a[i] = a[j];
            a[j] = swapped;
        }
    }

    /** Beyond the last edge: Marsaglia's exponential rejection. */
    private double tail(boolean negative) {
        while (true) {
            double x = -StrictMath.log(1 - nextDouble()) / TAIL;
            double y = -StrictMath.log(1 - nextDouble());
            if (2 * y > x * x) {
                return negative ? -TAIL - x : TAIL + x;
            }
        }
    }

    private static double density(double x) {
        return StrictMath.exp(-0.5 * x * x);
    }

    /** SplitMix64's output function (Stafford's variant 13), a bijection. */
    private static long mix(long z) {
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
