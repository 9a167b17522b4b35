package attractor.bench;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.function.DoubleSupplier;

/**
 * The shortest time of something that is run again and again. What one thread does alone is measured by its processor time, which
 * is the time on a quiet machine, and which other programs disturb less.
 */
final class BestTime {
    private static final ThreadMXBean CPU = ManagementFactory.getThreadMXBean();
    private static final int LEAST_RUNS = 3;

    private BestTime() {}

    /**
     * Runs it until it hasn't become faster for a while, then measures the processor time of this thread.
     *
     * @param warmUpNanos how long it must not have become faster
     * @param nanos how long to measure, at least three runs
     * @return nanoseconds of the shortest run
     */
    static double of(DoubleSupplier work, long warmUpNanos, long nanos) {
        warmUp(work, warmUpNanos);
        double least = Double.POSITIVE_INFINITY;
        long end = System.nanoTime() + nanos;
        for (int runs = 0; runs < LEAST_RUNS || System.nanoTime() < end; runs++) {
            least = Math.min(least, processorNanos(work));
        }
        return least;
    }

    /** Runs it until it hasn't become faster for a while. */
    static void warmUp(DoubleSupplier work, long warmUpNanos) {
        double best = Double.POSITIVE_INFINITY;
        long improved = System.nanoTime();
        while (System.nanoTime() - improved < warmUpNanos) {
            double nanos = nanos(work);
            if (nanos < 0.97 * best) {
                best = nanos;
                improved = System.nanoTime();
            }
        }
    }

    /** Nanoseconds of one run by the clock. */
    static double nanos(DoubleSupplier work) {
        long begun = System.nanoTime();
        double unused = work.getAsDouble();
        return System.nanoTime() - begun;
    }

    /** Nanoseconds of one run of this thread on the processor. */
    static double processorNanos(DoubleSupplier work) {
        long begun = CPU.getCurrentThreadCpuTime();
        double unused = work.getAsDouble();
        return CPU.getCurrentThreadCpuTime() - begun;
    }
}
