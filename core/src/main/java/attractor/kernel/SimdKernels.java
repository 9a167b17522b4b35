package attractor.kernel;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Kernels on the JDK's Vector API. Only this class, its tiles and {@code SimdPeak} name {@code jdk.incubator.vector}.
 * Loaded by name, so that the library runs without this module.
 *
 * <p>The products work on register tiles, and their speed depends on how HotSpot compiles each tile. A tile whose
 * accumulators and operands don't fit into 16 registers (32 with vectors of 512 bits) spills registers in its loop and
 * loses half of its speed. The same happens to a tile whose loop HotSpot recognises as counted and unrolls (always with
 * the serial and parallel collectors, in part with G1), since it then loads far ahead. The loops over k therefore
 * advance by a step that HotSpot does not know to be 1, and each tile is a method of its own that is too long to be
 * inlined. With 256 bits, methods of twice this length would be a few per cent faster. But in one JVM start of twenty,
 * JDK 17 turns the vectors of a long method into objects, and the method takes five times as long.
 */
final class SimdKernels implements Kernels {
    /** The widest vectors of this processor; {@code -Dattractor.vectorBits=128|256|512} forces others, for tests. */
    // float: static final VectorSpecies<Float> S = SimdFloatWidth.SPECIES;
    static final VectorSpecies<Double> S = species(System.getProperty("attractor.vectorBits"));

    private static final int V = S.length();

    /** Whether there are 32 registers, which is so wherever vectors can have 512 bits. */
    // float: private static final boolean WIDE = SimdFloatWidth.WIDE;
    private static final boolean WIDE = V == 8;

    private static final ScalarKernels SCALAR = new ScalarKernels();

    /** Steps of k per block: the panel of B, at most 25 KiB, then stays in the first-level cache. */
    private static final int K_BLOCK = (WIDE ? 3584 : 4096) / Double.BYTES / V;

    /**
     * Outer products per block, so that a panel of B stays in the first-level cache. Without, they take a sixth longer with 256 bits; with
     * 512, where a panel is too large anyway, blocks of this length bring nothing.
     */
    private static final int OUTER_BLOCK = S.vectorBitSize() == 512 ? Integer.MAX_VALUE : 64;

    /**
     * Where the values of a packed matrix begin in their array. An array's data begins 16 bytes after the object, so with {@code
     * -XX:ObjectAlignmentInBytes=64} no vector of the matrix lies across two cache lines. Without that flag, no place is better than
     * another.
     */
    private static final int FIRST = 48 / Double.BYTES;

    /**
     * A sum of outer products with at least this many entries copies its operands; with fewer, copying takes longer
     * than it saves.
     */
    private static final int LARGE = (256 << 10) / Double.BYTES;

    /**
     * Columns of B that are copied at a time, a multiple of two vectors of any width; they stay in the second-level
     * cache.
     */
    private static final int SLAB = 512 / Double.BYTES;

    /** Buffer for copies, one per thread. */
    private final ThreadLocal<double[]> scratch = ThreadLocal.withInitial(() -> new double[0]);

    /**
     * Distance between the entries of a row, 1; set by the constructor so that the compiler does not see a constant.
     */
    private final int one;

    SimdKernels() {
        one = 1;
    }

    // not in float
    private static VectorSpecies<Double> species(String bits) {
        if (bits == null) {
            return DoubleVector.SPECIES_PREFERRED;
        }
        return switch (bits) {
            case "128" -> DoubleVector.SPECIES_128;
            case "256" -> DoubleVector.SPECIES_256;
            case "512" -> DoubleVector.SPECIES_512;
            default ->
                throw new IllegalArgumentException("attractor.vectorBits is '" + bits + "', expected 128, 256 or 512");
        };
    }

    @Override
    public String name() {
        return "simd";
    }

    @Override
    public String description() {
        return "simd (" + V + " lanes of 64 bits)";
    }

    @Override
    public int lanes() {
        return V;
    }

    /** Panels of columns, as wide as {@link #panel} says, each in the order of k. */
    private static final class Panels implements Packed {
        private final int k;
        private final int n;
        private final double[] values;

        Panels(int k, int n) {
            this.k = k;
            this.n = n;
            values = new double[Math.multiplyExact(k, n) + FIRST];
        }

        @Override
        public int rows() {
            return k;
        }

        @Override
        public int columns() {
            return n;
        }

        @Override
        public void load(double[] b, int bOff, int ldb) {
            SliceBounds.check("b", k, n, b, bOff, ldb);
            int to = FIRST;
            for (int j = 0; j < n; ) {
                int width = panel(n - j);
                for (int i = 0; i < k; i++) {
                    System.arraycopy(b, bOff + i * ldb + j, values, to, width);
                    to += width;
                }
                j += width;
            }
        }
    }

    @Override
    public Packed packed(int k, int n) {
        return new Panels(k, n);
    }

    /**
     * Width of the next panel: as many vectors as a tile of two or more rows can have, but such that the columns after it fill good
     * tiles too, down to one vector; at the end the columns that don't fill a vector.
     */
    private static int panel(int columnsLeft) {
        int vectors = columnsLeft / V;
        return vectors == 0 ? columnsLeft : V * (WIDE ? wide(vectors) : narrow(vectors));
    }

    /** Eight vectors are four and four, nine to twelve are halves. */
    private static int wide(int vectors) {
        return vectors <= 7 ? vectors : vectors >= 13 ? 7 : (vectors + 1) / 2;
    }

    /** Four vectors are three and one, ten are five and five. */
    private static int narrow(int vectors) {
        return vectors <= 3 ? vectors : vectors == 4 ? 3 : vectors == 5 || vectors == 10 ? 5 : 6;
    }

    @Override
    public void gemm(
            int m,
            double[] a,
            int aOff,
            int lda,
            Packed b,
            double[] init,
            int initOff,
            int ldInit,
            double[] c,
            int cOff,
            int ldc) {
        double[] packed = ((Panels) b).values;
        int k = b.rows();
        int n = b.columns();
        SliceBounds.check("a", m, k, a, aOff, lda);
        SliceBounds.check("init", m, n, init, initOff, ldInit);
        SliceBounds.check("c", m, n, c, cOff, ldc);
        int done = 0;
        do {
            int steps = Math.min(k - done, K_BLOCK);
            // After the first block, the sum continues from C itself.
            double[] from = done == 0 ? init : c;
            int fromOff = done == 0 ? initOff : cOff;
            int ldFrom = done == 0 ? ldInit : ldc;
            int j = 0;
            if (m == 1) {
                j = pairsOfPanels(0, steps, a, aOff + done, (Panels) b, done, from, fromOff, c, cOff);
            }
            while (j < n) {
                int width = panel(n - j);
                int b0 = FIRST + j * k + done * width;
                panelRows(
                        m, width, steps, a, aOff + done, lda, packed, b0, from, fromOff + j, ldFrom, c, cOff + j, ldc);
                j += width;
            }
            done += steps;
        } while (done < k);
    }

    /** Multiplies rows of A by one panel of B. */
    private void panelRows(
            int m,
            int width,
            int k,
            double[] a,
            int aOff,
            int lda,
            double[] b,
            int bOff,
            double[] init,
            int initOff,
            int ldInit,
            double[] c,
            int cOff,
            int ldc) {
        if (width < V) {
            for (int r = 0; r < m; r++) {
                tail(width, k, a, aOff + r * lda, b, bOff, init, initOff + r * ldInit, c, cOff + r * ldc);
            }
            return;
        }
        for (int done = 0; done < m; ) {
            int left = m - done;
            int rows = tileRows(width / V, left);
            int a0 = aOff + done * lda;
            int from = initOff + done * ldInit;
            tile(rows, width / V, left, k, a, a0, lda, b, bOff, init, from, ldInit, c, cOff + done * ldc, ldc);
            done = m - left % rows;
        }
    }

    /** The most rows that a tile for a panel of so many vectors has, at most those that are left. */
    private static int tileRows(int vectors, int left) {
        return switch (vectors) {
            case 7 -> Math.min(3, left);
            case 6, 5 -> WIDE && left >= 4 ? 4 : Math.min(2, left);
            case 4 -> left >= 4 ? 4 : 1;
            case 3, 2 -> WIDE && left >= 8 ? 8 : left >= 4 ? 4 : 1;
            default -> left >= 8 ? 8 : left >= 4 ? 4 : 1;
        };
    }

    /** Multiplies rows of A, but for the last {@code m % rows}, by a panel of B. */
    private void tile(
            int rows,
            int vectors,
            int m,
            int k,
            double[] a,
            int aOff,
            int lda,
            double[] b,
            int bOff,
            double[] init,
            int initOff,
            int ldInit,
            double[] c,
            int cOff,
            int ldc) {
        switch (10 * rows + vectors) {
            case 83 -> SimdProductTiles.tile8x3(m, k, a, aOff, lda, one, b, bOff, init, initOff, ldInit, c, cOff, ldc);
            case 82 -> SimdProductTiles.tile8x2(m, k, a, aOff, lda, one, b, bOff, init, initOff, ldInit, c, cOff, ldc);
            case 81 -> SimdProductTiles.tile8x1(m, k, a, aOff, lda, one, b, bOff, init, initOff, ldInit, c, cOff, ldc);
            case 41 -> SimdProductTiles.tile4x1(m, k, a, aOff, lda, one, b, bOff, init, initOff, ldInit, c, cOff, ldc);
            case 46 -> SimdProductTiles.tile4x6(m, k, a, aOff, lda, one, b, bOff, init, initOff, ldInit, c, cOff, ldc);
            case 45 -> SimdProductTiles.tile4x5(m, k, a, aOff, lda, one, b, bOff, init, initOff, ldInit, c, cOff, ldc);
            case 44 -> SimdProductTiles.tile4x4(m, k, a, aOff, lda, one, b, bOff, init, initOff, ldInit, c, cOff, ldc);
            case 43 -> SimdProductTiles.tile4x3(m, k, a, aOff, lda, one, b, bOff, init, initOff, ldInit, c, cOff, ldc);
            case 42 -> SimdProductTiles.tile4x2(m, k, a, aOff, lda, one, b, bOff, init, initOff, ldInit, c, cOff, ldc);
            case 37 -> SimdProductTiles.tile3x7(m, k, a, aOff, lda, one, b, bOff, init, initOff, ldInit, c, cOff, ldc);
            case 27 -> SimdProductTiles.tile2x7(m, k, a, aOff, lda, one, b, bOff, init, initOff, ldInit, c, cOff, ldc);
            case 26 -> SimdProductTiles.tile2x6(m, k, a, aOff, lda, one, b, bOff, init, initOff, ldInit, c, cOff, ldc);
            case 25 -> SimdProductTiles.tile2x5(m, k, a, aOff, lda, one, b, bOff, init, initOff, ldInit, c, cOff, ldc);
            case 17 -> SimdProductTiles.tile1x7(m, k, a, aOff, lda, one, b, bOff, init, initOff, ldInit, c, cOff, ldc);
            case 16 -> SimdProductTiles.tile1x6(m, k, a, aOff, lda, one, b, bOff, init, initOff, ldInit, c, cOff, ldc);
            case 15 -> SimdProductTiles.tile1x5(m, k, a, aOff, lda, one, b, bOff, init, initOff, ldInit, c, cOff, ldc);
            case 14 -> SimdProductTiles.tile1x4(m, k, a, aOff, lda, one, b, bOff, init, initOff, ldInit, c, cOff, ldc);
            case 13 -> SimdProductTiles.tile1x3(m, k, a, aOff, lda, one, b, bOff, init, initOff, ldInit, c, cOff, ldc);
            case 12 -> SimdProductTiles.tile1x2(m, k, a, aOff, lda, one, b, bOff, init, initOff, ldInit, c, cOff, ldc);
            default -> SimdProductTiles.tile1x1(m, k, a, aOff, lda, one, b, bOff, init, initOff, ldInit, c, cOff, ldc);
        }
    }

    /**
     * Multiplies a single row of A by as many pairs of panels as there are from column {@code j} on; returns the column after them. The
     * sums of two panels hide the latency of each.
     */
    private int pairsOfPanels(
            int j, int k, double[] a, int aOff, Panels b, int done, double[] init, int initOff, double[] c, int cOff) {
        int n = b.columns();
        int first = panel(n - j);
        int second = panel(n - j - first);
        int at = FIRST + j * b.rows() + done * first;
        int apart = first * b.rows() + done * (second - first);
        int i0 = initOff + j;
        int c0 = cOff + j;
        // The second panel of a tile has as many vectors as the first, or one less.
        switch (first - second > V ? 0 : (first + second) / V) {
            case 14 -> SimdProductTiles.tile1x14(k, a, aOff, one, b.values, at, apart, init, i0, c, c0);
            case 13 -> SimdProductTiles.tile1x13(k, a, aOff, one, b.values, at, apart, init, i0, c, c0);
            case 12 -> SimdProductTiles.tile1x12(k, a, aOff, one, b.values, at, apart, init, i0, c, c0);
            case 10 -> SimdProductTiles.tile1x10(k, a, aOff, one, b.values, at, apart, init, i0, c, c0);
            default -> {
                return j;
            }
        }
        return pairsOfPanels(j + first + second, k, a, aOff, b, done, init, initOff, c, cOff);
    }

    /** One trial, with fewer columns than a vector has lanes. */
    private static void tail(
            int width, int k, double[] a, int a0, double[] b, int bStart, double[] init, int i0, double[] c, int c0) {
        for (int j = 0; j < width; j++) {
            double sum = init[i0 + j];
            for (int i = 0; i < k; i++) {
                sum = Math.fma(a[a0 + i], b[bStart + i * width + j], sum);
            }
            c[c0 + j] = sum;
        }
    }

    @Override
    public void gemmTransposed(
            int m,
            int n,
            int k,
            double[] a,
            int aOff,
            int lda,
            double[] b,
            int bOff,
            int ldb,
            double[] c,
            int cOff,
            int ldc) {
        SliceBounds.check("a", k, m, a, aOff, lda);
        SliceBounds.check("b", k, n, b, bOff, ldb);
        SliceBounds.check("c", m, n, c, cOff, ldc);
        int sixes = m - m % 6;
        int j = 0;
        if ((long) m * n >= LARGE && sixes > 0) {
            double[] room = room(Math.multiplyExact(k, sixes + SLAB));
            packSixes(sixes, k, a, aOff, lda, room);
            for (; j + 2 * V <= n; j += SLAB) {
                int width = Math.min(SLAB, (n - j) / (2 * V) * (2 * V));
                slab(sixes, width, k, room, b, bOff + j, ldb, c, cOff + j, ldc);
            }
            j = n / (2 * V) * (2 * V);
            outer(m - sixes, 0, j, k, a, aOff + sixes, lda, b, bOff, ldb, c, cOff + sixes * ldc, ldc);
        }
        for (int i = 0; i < k; i += OUTER_BLOCK) {
            int rows = Math.min(OUTER_BLOCK, k - i);
            outer(m, j, n, rows, a, aOff + i * lda, lda, b, bOff + i * ldb, ldb, c, cOff, ldc);
        }
    }

    /** Copies columns of A in groups of six, so that a tile reads them in order. */
    private static void packSixes(int m, int k, double[] a, int aOff, int lda, double[] to) {
        for (int i = 0; i < k; i++) {
            int from = aOff + i * lda;
            for (int r = 0; r < m; r += 6) {
                int at = r * k + 6 * i;
                to[at] = a[from + r];
                to[at + 1] = a[from + r + 1];
                to[at + 2] = a[from + r + 2];
                to[at + 3] = a[from + r + 3];
                to[at + 4] = a[from + r + 4];
                to[at + 5] = a[from + r + 5];
            }
        }
    }

    /**
     * Computes some columns of C, tile after tile along its rows, so that C is read from memory as a stream. In the
     * order of {@link #outer} each tile would wait for other rows of C, and all of A would be read for every two
     * vectors of B.
     *
     * @param room A as {@link #packSixes} leaves it, m columns, followed by room for k x n values
     */
    private static void slab(
            int m, int n, int k, double[] room, double[] b, int bOff, int ldb, double[] c, int cOff, int ldc) {
        int panels = m * k;
        for (int j = 0; j < n; j += 2 * V) {
            int to = panels + j * k;
            for (int i = 0; i < k; i++) {
                DoubleVector.fromArray(S, b, bOff + j + i * ldb).intoArray(room, to);
                DoubleVector.fromArray(S, b, bOff + j + i * ldb + V).intoArray(room, to + V);
                to += 2 * V;
            }
        }
        for (int r = 0; r < m; r += 6) {
            for (int j = 0; j < n; j += 2 * V) {
                SimdOuterTiles.outer6x2(6, k, room, r * k, 6, room, panels + j * k, 2 * V, c, cOff + j + r * ldc, ldc);
            }
        }
    }

    /** The columns of B from {@code j} on. */
    private static void outer(
            int m,
            int begin,
            int n,
            int k,
            double[] a,
            int aOff,
            int lda,
            double[] b,
            int bOff,
            int ldb,
            double[] c,
            int cOff,
            int ldc) {
        int j = begin;
        int vectors = (n - j) / V;
        while (WIDE && (vectors >= 6 && vectors != 8)) {
            // Twelve vectors are six and six, eight are four pairs.
            int width = vectors == 6 || vectors == 12 ? 6 : 7;
            if (width == 7) {
                SimdOuterTiles.outer3x7(m, k, a, aOff, lda, b, bOff + j, ldb, c, cOff + j, ldc);
            } else {
                SimdOuterTiles.outer3x6(m, k, a, aOff, lda, b, bOff + j, ldb, c, cOff + j, ldc);
            }
            int rest = m % 3;
            int aRest = aOff + m - rest;
            int cRest = cOff + j + (m - rest) * ldc;
            SimdOuterTiles.outer1x3(rest, k, a, aRest, lda, b, bOff + j, ldb, c, cRest, ldc);
            SimdOuterTiles.outer1x3(rest, k, a, aRest, lda, b, bOff + j + 3 * V, ldb, c, cRest + 3 * V, ldc);
            if (width == 7) {
                SimdOuterTiles.outer1x1(rest, k, a, aRest, lda, b, bOff + j + 6 * V, ldb, c, cRest + 6 * V, ldc);
            }
            vectors -= width;
            j += width * V;
        }
        // Three vectors at the end, not one: a single vector would leave the multipliers waiting for loads.
        int pairs = vectors == 1 ? 0 : vectors % 2 == 0 ? vectors : vectors - 3;
        for (int end = j + pairs * V; j < end; j += 2 * V) {
            // Every m from 20 on, and some smaller m, is a sum of sixes and fives.
            int fives = (6 - m % 6) % 6;
            int sixes = 5 * fives <= m ? m - 5 * fives : m - m % 6;
            SimdOuterTiles.outer6x2(sixes, k, a, aOff, lda, b, bOff + j, ldb, c, cOff + j, ldc);
            SimdOuterTiles.outer5x2(
                    m - sixes, k, a, aOff + sixes, lda, b, bOff + j, ldb, c, cOff + j + sixes * ldc, ldc);
            int rest = (m - sixes) % 5;
            SimdOuterTiles.outer1x2(
                    rest, k, a, aOff + m - rest, lda, b, bOff + j, ldb, c, cOff + j + (m - rest) * ldc, ldc);
        }
        if (j + 3 * V <= n) {
            SimdOuterTiles.outer3x3(m, k, a, aOff, lda, b, bOff + j, ldb, c, cOff + j, ldc);
            int rest = m % 3;
            SimdOuterTiles.outer1x3(
                    rest, k, a, aOff + m - rest, lda, b, bOff + j, ldb, c, cOff + j + (m - rest) * ldc, ldc);
            j += 3 * V;
        }
        if (j + V <= n) {
            SimdOuterTiles.outer8x1(m, k, a, aOff, lda, b, bOff + j, ldb, c, cOff + j, ldc);
            int rest = m % 8;
            SimdOuterTiles.outer1x1(
                    rest, k, a, aOff + m - rest, lda, b, bOff + j, ldb, c, cOff + j + (m - rest) * ldc, ldc);
            j += V;
        }
        for (; j < n; j++) {
            for (int r = 0; r < m; r++) {
                double sum = c[cOff + r * ldc + j];
                for (int i = 0; i < k; i++) {
                    sum = Math.fma(a[aOff + i * lda + r], b[bOff + i * ldb + j], sum);
                }
                c[cOff + r * ldc + j] = sum;
            }
        }
    }

    @Override
    public void activate(Activation phi, int rows, int n, double[] a, int aOff, int lda) {
        SliceBounds.check("a", rows, n, a, aOff, lda);
        if (phi == Activation.IDENTITY) {
            return;
        }
        int rest = n % V;
        activateWhole(phi, rows, n - rest, a, aOff, lda);
        if (rest > 0) {
            activateRests(phi, rows, rest, a, aOff + n - rest, lda);
        }
    }

    private static void activateWhole(Activation phi, int rows, int n, double[] a, int aOff, int lda) {
        if (phi == Activation.RELU) {
            reluRows(rows, n, a, aOff, lda);
        } else if (phi == Activation.LEAKY_RELU) {
            leakyReluRows(rows, n, a, aOff, lda);
        } else if (phi == Activation.TANH) {
            SimdTanh.tanhRows(rows, n, a, aOff, lda);
        } else if (phi == Activation.SOFTPLUS) {
            SimdTanh.softplusRows(rows, n, a, aOff, lda);
        } else {
            affineRows(0.5, 0.0, rows, n, a, aOff, lda);
            SimdTanh.tanhRows(rows, n, a, aOff, lda);
            affineRows(0.5, 0.5, rows, n, a, aOff, lda);
        }
    }

    /** The columns that don't fill a vector: copied one after the other, those of all rows fill many vectors. */
    private void activateRests(Activation phi, int rows, int n, double[] a, int aOff, int lda) {
        int count = rows * n;
        double[] room = room(count);
        for (int j = 0; j < n; j++) {
            for (int r = 0; r < rows; r++) {
                room[j * rows + r] = a[aOff + r * lda + j];
            }
        }
        int rest = count % V;
        activateWhole(phi, 1, count - rest, room, 0, 0);
        ScalarKernels.activateRow(phi, rest, room, count - rest);
        for (int j = 0; j < n; j++) {
            for (int r = 0; r < rows; r++) {
                a[aOff + r * lda + j] = room[j * rows + r];
            }
        }
    }

    /** A buffer of at least this many doubles; the caller may write to it until the next call. */
    private double[] room(int length) {
        double[] room = scratch.get();
        if (room.length < length) {
            room = new double[length];
            scratch.set(room);
        }
        return room;
    }

    /** {@code a = a * factor + shift}. */
    private static void affineRows(double factor, double shift, int rows, int n, double[] a, int aOff, int lda) {
        for (int r = 0; r < rows; r++) {
            int off = aOff + r * lda;
            for (int j = off; j < off + n; j += V) {
                DoubleVector.fromArray(S, a, j)
                        .fma(DoubleVector.broadcast(S, factor), DoubleVector.broadcast(S, shift))
                        .intoArray(a, j);
            }
        }
    }

    private static void reluRows(int rows, int n, double[] a, int aOff, int lda) {
        for (int r = 0; r < rows; r++) {
            int off = aOff + r * lda;
            for (int j = off; j < off + n; j += V) {
                DoubleVector z = DoubleVector.fromArray(S, a, j);
                z.blend(0.0, z.compare(VectorOperators.LE, 0.0)).intoArray(a, j);
            }
        }
    }

    private static void leakyReluRows(int rows, int n, double[] a, int aOff, int lda) {
        for (int r = 0; r < rows; r++) {
            int off = aOff + r * lda;
            for (int j = off; j < off + n; j += V) {
                DoubleVector z = DoubleVector.fromArray(S, a, j);
                z.blend(
                                z.fma(DoubleVector.broadcast(S, Activation.LEAK), DoubleVector.broadcast(S, -0.0)),
                                z.compare(VectorOperators.LE, 0.0))
                        .intoArray(a, j);
            }
        }
    }

    @Override
    public void leak(
            double alpha,
            int rows,
            int n,
            double[] h,
            int hOff,
            int ldh,
            double[] rate,
            int rateOff,
            int ldRate,
            double[] next,
            int nextOff,
            int ldNext) {
        SliceBounds.check("h", rows, n, h, hOff, ldh);
        SliceBounds.check("rate", rows, n, rate, rateOff, ldRate);
        SliceBounds.check("next", rows, n, next, nextOff, ldNext);
        int whole = n - n % V;
        for (int r = 0; r < rows; r++) {
            int h0 = hOff + r * ldh;
            int r0 = rateOff + r * ldRate;
            int n0 = nextOff + r * ldNext;
            leakRow(alpha, whole, h, h0, rate, r0, next, n0);
            ScalarKernels.leakRow(alpha, n - whole, h, h0 + whole, rate, r0 + whole, next, n0 + whole);
        }
    }

    private static void leakRow(double alpha, int n, double[] h, int h0, double[] rate, int r0, double[] next, int n0) {
        DoubleVector step = DoubleVector.broadcast(S, alpha);
        DoubleVector keep = DoubleVector.broadcast(S, 1.0 - alpha);
        DoubleVector none = DoubleVector.broadcast(S, -0.0);
        for (int j = 0; j < n; j += V) {
            DoubleVector kept = keep.fma(DoubleVector.fromArray(S, h, h0 + j), none);
            step.fma(DoubleVector.fromArray(S, rate, r0 + j), kept).intoArray(next, n0 + j);
        }
    }

    @Override
    public void backActivate(
            Activation phi,
            double alpha,
            int rows,
            int n,
            double[] rate,
            int rateOff,
            int ldRate,
            double[] dh,
            int dhOff,
            int ldDh,
            double[] dz,
            int dzOff,
            int ldDz) {
        SliceBounds.check("rate", rows, n, rate, rateOff, ldRate);
        SliceBounds.check("dh", rows, n, dh, dhOff, ldDh);
        SliceBounds.check("dz", rows, n, dz, dzOff, ldDz);
        // Sigmoid and the identity are left to HotSpot.
        int whole = phi == Activation.TANH || phi == Activation.SOFTPLUS || phi.hasKink() ? n - n % V : 0;
        if (phi.hasKink()) {
            double low = phi.slope(0.0);
            backReluRows(low, alpha, rows, whole, rate, rateOff, ldRate, dh, dhOff, ldDh, dz, dzOff, ldDz);
        } else if (phi == Activation.SOFTPLUS) {
            SimdTanh.backSoftplusRows(alpha, rows, whole, rate, rateOff, ldRate, dh, dhOff, ldDh, dz, dzOff, ldDz);
        } else {
            backTanhRows(alpha, rows, whole, rate, rateOff, ldRate, dh, dhOff, ldDh, dz, dzOff, ldDz);
        }
        for (int r = 0; r < rows && whole < n; r++) {
            int r0 = rateOff + r * ldRate + whole;
            ScalarKernels.backActivateRow(
                    phi, alpha, n - whole, rate, r0, dh, dhOff + r * ldDh + whole, dz, dzOff + r * ldDz + whole);
        }
    }

    private static void backTanhRows(
            double alpha,
            int rows,
            int n,
            double[] rate,
            int rateOff,
            int ldRate,
            double[] dh,
            int dhOff,
            int ldDh,
            double[] dz,
            int dzOff,
            int ldDz) {
        DoubleVector step = DoubleVector.broadcast(S, alpha);
        DoubleVector one = DoubleVector.broadcast(S, 1.0);
        DoubleVector none = DoubleVector.broadcast(S, -0.0);
        for (int row = 0; row < rows; row++) {
            int r0 = rateOff + row * ldRate;
            int dh0 = dhOff + row * ldDh;
            int dz0 = dzOff + row * ldDz;
            for (int j = 0; j < n; j += V) {
                DoubleVector r = DoubleVector.fromArray(S, rate, r0 + j);
                DoubleVector slope = r.neg().fma(r, one);
                step.fma(DoubleVector.fromArray(S, dh, dh0 + j).fma(slope, none), none)
                        .intoArray(dz, dz0 + j);
            }
        }
    }

    /** The slope is 1 where the rate is positive, else {@code low}. */
    private static void backReluRows(
            double low,
            double alpha,
            int rows,
            int n,
            double[] rate,
            int rateOff,
            int ldRate,
            double[] dh,
            int dhOff,
            int ldDh,
            double[] dz,
            int dzOff,
            int ldDz) {
        for (int row = 0; row < rows; row++) {
            int r0 = rateOff + row * ldRate;
            int dh0 = dhOff + row * ldDh;
            int dz0 = dzOff + row * ldDz;
            for (int j = 0; j < n; j += V) {
                DoubleVector r = DoubleVector.fromArray(S, rate, r0 + j);
                DoubleVector slope = DoubleVector.broadcast(S, low).blend(1.0, r.compare(VectorOperators.GT, 0.0));
                DoubleVector none = DoubleVector.broadcast(S, -0.0);
                DoubleVector.broadcast(S, alpha)
                        .fma(DoubleVector.fromArray(S, dh, dh0 + j).fma(slope, none), none)
                        .intoArray(dz, dz0 + j);
            }
        }
    }

    /**
     * Left to HotSpot like {@link #adam}. Written with vectors, the loop took ten times as long in some JVM starts:
     * HotSpot then kept the vector with the sums as an object in memory, not in a register.
     */
    @Override
    public void sumRows(int rows, int n, double[] a, int aOff, int lda, double[] sum, int sumOff) {
        SCALAR.sumRows(rows, n, a, aOff, lda, sum, sumOff);
    }

    /** Takes under a thousandth of a training step, so HotSpot's own vectorisation is enough. */
    @Override
    public void adam(
            int n,
            int off,
            double[] p,
            double[] m,
            double[] v,
            double[] g,
            double rate, // stays double
            double beta1, // stays double
            double beta2, // stays double
            double epsilon) { // stays double
        SCALAR.adam(n, off, p, m, v, g, rate, beta1, beta2, epsilon);
    }
}
