package attractor.bench;

import attractor.kernel.Kernels;
import attractor.model.Precision;
import attractor.task.Trials;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * How near to the limits of the processor is each kernel of a training step, and which limit is it? A call can't take less time than its
 * operations at the peak of fused multiply-adds, than its divisions and roots in the divider, and than its bytes at the rate at
 * which plain loops read memory of the size of its operands. The largest of these is the bound; the share is it divided by the
 * measured time. Bounds and kernel are measured in turn, and the best of each counts. {@code bench/run roofline}
 */
final class Roofline {
    private static final long WARM_UP_NANOS = 300_000_000L;
    private static final int LEAST_CALLS = 5000;
    private static final long NANOS = 250_000_000L;
    private static final long RUN_NANOS = 100_000L;
    private static final int TRIALS = 15_000;

    private Roofline() {}

    /** A measured kernel. */
    private record Point(KernelCall call, double nanos, double gflops, double bandwidth, double divisions) {
        double computeNanos() {
            return call.flops() / gflops;
        }

        double dividerNanos() {
            return call.divisions() / divisions;
        }

        double memoryNanos() {
            return call.bytes() / bandwidth;
        }

        double boundNanos() {
            return Math.max(computeNanos(), Math.max(dividerNanos(), memoryNanos()));
        }

        String bound() {
            double nanos = boundNanos();
            return nanos == computeNanos()
                    ? "multiply-add"
                    : nanos == dividerNanos() ? "divider" : Roofs.level(call.operandBytes());
        }
    }

    /**
     * Prints a line of comma-separated values for each kernel and one for the whole step.
     *
     * @param args kernels, precision, N, and B with commas between
     */
    public static void main(String[] args) {
        if (args.length != 4) {
            throw new IllegalArgumentException(
                    args.length + " words, expected kernels, precision, N, and B with commas between");
        }
        Kernels kernels = Kernels.of(args[0]);
        Precision precision = Precision.of(args[1]);
        int units = Integer.parseInt(args[2]);
        Trials trials = KernelBenchmark.trials(TRIALS);
        Roofs roofs = new Roofs(precision);
        for (int batch :
                Arrays.stream(args[3].split(",")).mapToInt(Integer::parseInt).toArray()) {
            List<KernelCall> calls = KernelBenchmark.calls(kernels, precision, trials, units, batch);
            calls.forEach(Roofline::warmUp);
            List<Point> points = calls.stream()
                    .filter(call -> call.callsPerStep() > 0)
                    .map(call -> point(roofs, call))
                    .toList();
            // After the kernels, so that these are compiled.
            double stepNanos = stepNanos(kernels, precision, trials, units, batch);
            double kernelNanos = 0;
            double boundNanos = 0;
            double flops = 0;
            for (Point p : points) {
                double times = p.call.callsPerStep();
                kernelNanos += times * p.nanos;
                boundNanos += times * p.boundNanos();
                flops += times * p.call.flops();
                print(kernels, precision, units, batch, p, stepNanos);
            }
            System.out.printf(
                    Locale.ROOT,
                    "%s,%s,%d,%d,whole-step,1,%.4f,%.0f,,,%.2f,%.2f,,,%.3f,%.3f%n",
                    kernels.name(),
                    precision.id(),
                    units,
                    batch,
                    1e-3 * stepNanos,
                    flops,
                    flops / stepNanos,
                    roofs.gflops(),
                    boundNanos / stepNanos,
                    kernelNanos / stepNanos);
        }
    }

    private static void print(Kernels kernels, Precision precision, int units, int batch, Point p, double stepNanos) {
        KernelCall call = p.call;
        System.out.printf(
                Locale.ROOT,
                "%s,%s,%d,%d,%s,%.2f,%.4f,%d,%d,%.3f,%.2f,%.2f,%.2f,%s,%.3f,%.3f%n",
                kernels.name(),
                precision.id(),
                units,
                batch,
                call.name(),
                call.callsPerStep(),
                1e-3 * p.nanos,
                call.flops(),
                call.bytes(),
                (double) call.flops() / call.bytes(),
                call.flops() / p.nanos,
                p.gflops,
                p.bandwidth,
                p.bound(),
                p.boundNanos() / p.nanos,
                call.callsPerStep() * p.nanos / stepNanos);
    }

    private static double stepNanos(Kernels kernels, Precision precision, Trials trials, int units, int batch) {
        try (Steps steps =
                Steps.of(KernelBenchmark.network(units).withPrecision(precision), trials, batch, 1, kernels)) {
            return BestTime.of(steps::step, 2 * WARM_UP_NANOS, 2 * NANOS);
        }
    }

    /** Calls it until it hasn't become faster for a while; returns the shortest time of a call. */
    private static long warmUp(KernelCall call) {
        long now = System.nanoTime();
        long improved = now;
        long least = Long.MAX_VALUE;
        // As BestTime does it, but a call may be too short for the clock.
        for (int done = 0;
                now - improved < WARM_UP_NANOS || (done < LEAST_CALLS && now - improved < 4 * WARM_UP_NANOS);
                done++) {
            call.code().run();
            long last = now;
            now = System.nanoTime();
            if (now - last < 0.97 * least) {
                least = now - last;
                improved = now;
            }
        }
        return least;
    }

    private static Point point(Roofs roofs, KernelCall call) {
        int calls = (int) Math.max(1, RUN_NANOS / Math.max(1, warmUp(call)));
        double best = Double.POSITIVE_INFINITY;
        double gflops = 0;
        double bandwidth = 0;
        double divisions = 0;
        long end = System.nanoTime() + NANOS;
        do {
            gflops = roofs.gflops();
            bandwidth = roofs.bandwidth(call.operandBytes());
            divisions = roofs.divisions();
            for (int run = 0; run < 3; run++) {
                best = Math.min(best, nanos(call.code(), calls));
            }
        } while (System.nanoTime() < end);
        return new Point(call, best, gflops, bandwidth, divisions);
    }

    /** Nanoseconds per call. */
    private static double nanos(Runnable code, int calls) {
        long begun = System.nanoTime();
        for (int i = 0; i < calls; i++) {
            code.run();
        }
        return (double) (System.nanoTime() - begun) / calls;
    }
}
