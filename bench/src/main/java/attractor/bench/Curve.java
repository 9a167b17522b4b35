package attractor.bench;

import attractor.kernel.Kernels;
import attractor.model.Precision;
import attractor.model.Rnn;
import attractor.task.Trials;
import java.util.Arrays;
import java.util.Locale;
import java.util.Random;

/**
 * How does the time of a training step depend on N, B, T and threads, what share of the processor's peak is it, and how much memory does
 * it need? Not JMH, since a share is meaningful only if peak and step are measured in turn: each is the best of its runs, with one thread by processor time. The
 * trials hold random numbers, since a task's don't fit into any T. {@code bench/run curve}, {@code bench/run growth}
 */
final class Curve {
    private static final long WARM_UP_NANOS = 1_200_000_000L;
    private static final long NANOS = 1_000_000_000L;
    private static final int LEAST_RUNS = 2;
    private static final double MIB = 1 << 20;

    private Curve() {}

    /**
     * Prints a line of comma-separated values for each number of threads, B and T: kernels, precision, threads, N, B, T, ms, GFLOP/s, peak of
     * one thread, share of all threads' peak, MiB of the engine's arrays.
     *
     * @param args kernels, precision, N, and threads, B and T each with commas between
     */
    public static void main(String[] args) {
        if (args.length != 6) {
            throw new IllegalArgumentException(args.length
                    + " words, expected kernels, precision, N, and threads, B and T each with commas between");
        }
        Kernels kernels = Kernels.of(args[0]);
        Rnn rnn = KernelBenchmark.network(Integer.parseInt(args[2])).withPrecision(Precision.of(args[1]));
        Roofs roofs = new Roofs(rnn.precision());
        // Once before, so that the memory for classes isn't counted.
        Steps.of(rnn, trials(rnn, 1, 1), 1, 1, kernels).close();
        for (int threads : numbers(args[3])) {
            for (int batch : numbers(args[4])) {
                for (int steps : numbers(args[5])) {
                    point(roofs, kernels, rnn, threads, batch, steps);
                }
            }
        }
    }

    private static int[] numbers(String list) {
        return Arrays.stream(list.split(",")).mapToInt(Integer::parseInt).toArray();
    }

    private static Trials trials(Rnn rnn, int size, int steps) {
        Random random = new Random(1);
        double[] x = random.doubles((long) size * steps * rnn.inputs()).toArray();
        double[] y = random.doubles((long) size * steps * rnn.outputs()).toArray();
        return Trials.ofArrays(steps, rnn.inputs(), rnn.outputs(), x, y, null, null, null);
    }

    private static void point(Roofs roofs, Kernels kernels, Rnn rnn, int threads, int batch, int steps) {
        try (Steps training = Steps.of(rnn, trials(rnn, 2 * batch, steps), batch, threads, kernels)) {
            training.check();
            BestTime.warmUp(training::step, WARM_UP_NANOS);
            double least = Double.POSITIVE_INFINITY;
            double peak = 0;
            long end = System.nanoTime() + NANOS;
            for (int runs = 0; runs < LEAST_RUNS || System.nanoTime() < end; runs++) {
                peak = roofs.gflops();
                least = Math.min(
                        least, threads == 1 ? BestTime.processorNanos(training::step) : BestTime.nanos(training::step));
            }
            double gflops = 6.0 * batch * steps * rnn.units() * rnn.units() / least;
            System.out.printf(
                    Locale.ROOT,
                    "%s,%s,%d,%d,%d,%d,%.4f,%.2f,%.2f,%.3f,%.2f%n",
                    kernels.name(),
                    rnn.precision().id(),
                    threads,
                    rnn.units(),
                    batch,
                    steps,
                    1e-6 * least,
                    gflops,
                    peak,
                    gflops / (threads * peak),
                    training.bytes() / MIB);
        }
    }
}
