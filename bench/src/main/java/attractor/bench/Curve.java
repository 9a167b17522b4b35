package attractor.bench;

import attractor.peak.PeakFlops;
import java.util.Arrays;
import java.util.Locale;

/**
 * How does the speed of a training step depend on N and B, and what share of the processor's peak is it? Not JMH, since
 * a share is meaningful only if peak and step are measured in turn: each is the best of its runs.
 * {@code bench/run curve}
 */
final class Curve {
    private static final long NANOS = 2_000_000_000L;
    private static final int STEPS = 200;
    private static final int LEAST_RUNS = 3;

    private Curve() {}

    /**
     * Prints a line of comma-separated values for each B: kernels, threads, N, B, T, ms, GFLOP/s, peak of one thread,
     * share of all threads' peak.
     *
     * @param args kernels, threads, N, and B with commas between
     */
    public static void main(String[] args) {
        if (args.length != 4) {
            throw new IllegalArgumentException(
                    args.length + " words, expected kernels, threads, N, and B with commas between");
        }
        String kernels = args[0];
        int threads = Integer.parseInt(args[1]);
        int units = Integer.parseInt(args[2]);
        PeakFlops peak = PeakFlops.find();
        for (int batch :
                Arrays.stream(args[3].split(",")).mapToInt(Integer::parseInt).toArray()) {
            point(peak, kernels, threads, units, batch);
        }
    }

    /** Runs steps until they have not become faster for a while. */
    private static void warmUp(TrainStepBenchmark benchmark) {
        double best = Double.POSITIVE_INFINITY;
        long improved = System.nanoTime();
        while (System.nanoTime() - improved < NANOS) {
            long nanos = nanos(benchmark);
            if (nanos < 0.97 * best) {
                best = nanos;
                improved = System.nanoTime();
            }
        }
    }

    private static long nanos(TrainStepBenchmark benchmark) {
        long begun = System.nanoTime();
        benchmark.step();
        return System.nanoTime() - begun;
    }

    private static void point(PeakFlops peak, String kernels, int threads, int units, int batch) {
        TrainStepBenchmark benchmark = new TrainStepBenchmark(kernels, units, batch, STEPS, threads);
        benchmark.setUp();
        try {
            warmUp(benchmark);
            double most = 0;
            long least = Long.MAX_VALUE;
            long end = System.nanoTime() + NANOS;
            for (int runs = 0; runs < LEAST_RUNS || System.nanoTime() < end; runs++) {
                most = Math.max(most, peak.measure());
                least = Math.min(least, nanos(benchmark));
            }
            double gflops = 6.0 * batch * STEPS * units * units / least;
            System.out.printf(
                    Locale.ROOT,
                    "%s,%d,%d,%d,%d,%.4f,%.2f,%.2f,%.3f%n",
                    kernels,
                    threads,
                    units,
                    batch,
                    STEPS,
                    1e-6 * least,
                    gflops,
                    most,
                    gflops / (threads * most));
        } finally {
            benchmark.tearDown();
        }
    }
}
