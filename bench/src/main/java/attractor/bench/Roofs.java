package attractor.bench;

import attractor.model.Precision;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/**
 * The limits of one thread on this machine: fused multiply-adds, divisions, and bytes read from memory of a given size. All are the
 * best that was seen so far. Belongs to one thread.
 */
final class Roofs {
    /**
     * Values in an array of the loop over memory, which reads four arrays at a time. With more arrays, or several parts of one,
     * HotSpot on JDK 17 doesn't make vectors of it.
     */
    private static final int LENGTH = 512;

    private static final int ARRAYS = 4;
    private static final int DIVISIONS = 512;
    private static final long WARM_UP_NANOS = 400_000_000L;
    private static final long BYTES_PER_RUN = 1L << 20;

    private final Precision precision;
    private final Peak peak = new Peak();
    private final double[] quotients = new double[DIVISIONS];
    private final float[] floatQuotients = new float[DIVISIONS];
    private final double[] sum = new double[LENGTH];
    /** Memory by its number of arrays. */
    private final Map<Integer, double[][]> memories = new TreeMap<>();

    private final Map<Integer, Double> bandwidths = new TreeMap<>();
    private double gflops;
    private double divisions;

    Roofs(Precision precision) {
        this.precision = precision;
        Arrays.fill(quotients, 1.5);
        Arrays.fill(floatQuotients, 1.5f);
        long end = System.nanoTime() + WARM_UP_NANOS;
        while (System.nanoTime() < end) {
            divisions();
            bandwidth(0);
        }
    }

    /** Fused multiply-adds per second, times 2, in units of 10^9. A vector has twice as many floats as doubles. */
    double gflops() {
        gflops = Math.max(gflops, peak.measure());
        return precision == Precision.FLOAT ? 2 * gflops : gflops;
    }

    /** Divisions per nanosecond. */
    double divisions() {
        for (int run = 0; run < 5; run++) {
            long begun = System.nanoTime();
            for (int i = 0; i < 20; i++) {
                if (precision == Precision.FLOAT) {
                    divide(floatQuotients);
                } else {
                    divide(quotients);
                }
            }
            divisions = Math.max(divisions, 20.0 * quotients.length / (System.nanoTime() - begun));
        }
        return divisions;
    }

    private static void divide(double[] a) {
        for (int i = 0; i < a.length; i++) {
            a[i] = 2.25 / a[i]; // 1.5 stays what it is
        }
    }

    private static void divide(float[] a) {
        for (int i = 0; i < a.length; i++) {
            a[i] = 2.25f / a[i];
        }
    }

    /** Bytes per nanosecond that a loop reads, again and again from memory of this size. */
    double bandwidth(long bytes) {
        int count = ARRAYS * (int) Math.max(1, bytes / (ARRAYS * LENGTH * Double.BYTES));
        double[][] memory = memories.computeIfAbsent(count, n -> new double[n][LENGTH]);
        long read = (long) count * LENGTH * Double.BYTES;
        int runs = (int) Math.max(1, BYTES_PER_RUN / read);
        double best = bandwidths.getOrDefault(count, 0.0);
        for (int trial = 0; trial < 3; trial++) {
            long begun = System.nanoTime();
            for (int run = 0; run < runs; run++) {
                for (int i = 0; i < count; i += ARRAYS) {
                    add(memory[i], memory[i + 1], memory[i + 2], memory[i + 3], sum);
                }
            }
            best = Math.max(best, (double) runs * read / (System.nanoTime() - begun));
        }
        bandwidths.put(count, best);
        return best;
    }

    private static void add(double[] a, double[] b, double[] c, double[] d, double[] to) {
        for (int i = 0; i < to.length; i++) {
            to[i] = (a[i] + b[i]) + (c[i] + d[i]);
        }
    }

    /** The sizes in bytes of the caches of data, the nearest first; empty where the system doesn't tell. */
    static long[] caches() {
        TreeMap<Integer, Long> sizes = new TreeMap<>();
        for (int i = 0; i < 8; i++) {
            Path index = Path.of("/sys/devices/system/cpu/cpu0/cache/index" + i);
            try {
                if (!read(index, "type").equals("Instruction")) {
                    String size = read(index, "size");
                    sizes.put(
                            Integer.parseInt(read(index, "level")),
                            1024L * Long.parseLong(size.substring(0, size.length() - 1)));
                }
            } catch (IOException e) {
                break;
            }
        }
        return sizes.values().stream().mapToLong(Long::longValue).toArray();
    }

    private static String read(Path index, String name) throws IOException {
        return Files.readString(index.resolve(name)).strip();
    }

    /** The nearest memory that holds so many bytes: L1, L2, ..., DRAM; {@code memory} where the caches aren't known. */
    static String level(long bytes) {
        long[] caches = caches();
        for (int i = 0; i < caches.length; i++) {
            if (bytes <= caches[i]) {
                return "L" + (i + 1);
            }
        }
        return caches.length == 0 ? "memory" : "DRAM";
    }
}
