package attractor.cli;

import attractor.cli.terminal.ExitCode;
import attractor.engine.Adam;
import attractor.engine.BatchGradient;
import attractor.io.Json;
import attractor.kernel.Fma;
import attractor.kernel.Kernels;
import attractor.model.Rnn;
import attractor.peak.PeakFlops;
import attractor.task.Task;
import attractor.task.Tasks;
import attractor.task.Trials;
import attractor.train.TrainingConfig;
import java.io.IOException;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code attractor doctor}. */
@Command(
        name = "doctor",
        description = {
            "Shows which JDK and kernels are in use and why, and measures how fast they train; takes some seconds.",
            "",
            "A training step of AND (N = 50, I = 2, O = 1, B = 64, T = 200), from gathering its trials to Adam, counts as 6 B T N^2 "
                    + "operations. The peak is the speed of one thread with fused multiply-adds in registers alone. Both are the best of "
                    + "many alternating runs, since clock rates change and other programs use the machine too."
        },
        footer = {"", "Examples:", "  attractor doctor", "  attractor doctor --kernels scalar --json"},
        sortOptions = false,
        mixinStandardHelpOptions = true)
final class DoctorCommand implements Callable<Integer> {
    private static final int BATCH = 64;
    private static final long PATIENCE_NANOS = 1_000_000_000;
    /** Some seconds are enough if HotSpot has a processor of its own for compiling. */
    private static final long MOST_WARM_UP_NANOS = 30_000_000_000L;

    private static final int LEAST_WARM_UP_STEPS = 50;
    private static final long MEASURE_NANOS = 2_500_000_000L;
    private static final long SIDE_BY_SIDE_NANOS = 1_000_000_000;
    private static final int LEAST_ROUNDS = 5;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--kernels",
            paramLabel = "KIND",
            defaultValue = "auto",
            description = "auto, scalar, simd, softfma or jblas (default: ${DEFAULT-VALUE}).")
    private String choice;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    /** The best and the median of some times or rates. */
    private record Spread(double best, double median, int count) {
        /** For times: the smallest is the best. */
        static Spread ofMillis(long[] nanos, int count) {
            double[] sorted = Arrays.stream(nanos, 0, count)
                    .mapToDouble(n -> 1e-6 * n)
                    .sorted()
                    .toArray();
            return new Spread(sorted[0], sorted[count / 2], count);
        }

        /** For rates: the largest is the best. */
        static Spread ofRates(double[] rates, int count) {
            double[] sorted = Arrays.stream(rates, 0, count).sorted().toArray();
            return new Spread(sorted[count - 1], sorted[count / 2], count);
        }
    }

    /**
     * The measurements. Those with two threads are null on one processor; the peak and its loops are null without fused
     * multiply-adds.
     */
    private record Speed(
            PeakFlops loops,
            Spread peak,
            Spread step,
            double processorMs,
            Spread twoThreads,
            Double stepsOfTwoTrainings,
            double flops) {
        double gflops() {
            return flops / (1e6 * step.best);
        }

        double share() {
            return gflops() / peak.best;
        }

        /** Whether steps had to wait for other programs; the peak's runs are too short for that. */
        boolean disturbed() {
            return processorMs > 0 && step.best > 1.2 * processorMs; // 0 if the JVM doesn't know
        }

        /**
         * Clock rate, if there are two fused multiply-adds of vectors per cycle, as in most processors; NaN if the
         * length of the vectors is not known.
         */
        double gigahertz() {
            return loops.lanes() == 0 ? Double.NaN : peak.best / (2 * 2 * loops.lanes());
        }

        String how() {
            return loops.lanes() == 0
                    ? "plain loops, which HotSpot vectorises: the processor may be faster, "
                            + "which only the vector module can measure"
                    : loops.lanes() * 64 + "-bit vectors, " + loops.chains() + " accumulators";
        }
    }

    /** One training, a step at a time. Belongs to one thread. */
    private static final class Training implements AutoCloseable {
        final double flops;
        private final Rnn rnn;
        private final BatchGradient batchGradient;
        private final Adam adam;
        private final double[] gradient;
        private final int[] order;
        private int from;

        Training(Kernels kernels, int threads) {
            Task task = Tasks.byName("and");
            Trials trials = Trials.random(task, 10 * BATCH, 0, Trials.TRAINING);
            rnn = TrainingConfig.builder(task).units(50).build().initialNetwork(task.inputs(), task.outputs());
            batchGradient = BatchGradient.builder(rnn, trials)
                    .maxBatch(BATCH)
                    .threads(threads)
                    .kernels(kernels)
                    .memoryLimitBytes(Long.MAX_VALUE)
                    .build();
            adam = new Adam(Adam.Options.DEFAULT, rnn.shape().bRec().offset(), kernels);
            gradient = new double[rnn.shape().parameters()];
            order = new int[trials.size()];
            Arrays.setAll(order, i -> i);
            flops = 6.0 * BATCH * trials.steps() * rnn.units() * rnn.units();
        }

        /** Takes one step; returns its nanoseconds. */
        long step() {
            long begun = System.nanoTime();
            double loss = batchGradient.compute(rnn.parameters(), order, from, BATCH, gradient);
            adam.step(rnn.parameters(), gradient);
            long nanos = System.nanoTime() - begun;
            if (!Double.isFinite(loss)) {
                throw new IllegalStateException("loss is " + loss + ", expected a finite number");
            }
            from = (from + BATCH) % order.length;
            return nanos;
        }

        /** Runs steps until everything is compiled, that is, until steps have not become faster for a while. */
        void warmUp() {
            long begun = System.nanoTime();
            long improved = begun;
            double best = Double.POSITIVE_INFINITY;
            int steps = 0;
            for (long now = begun;
                    (steps < LEAST_WARM_UP_STEPS || now - improved < PATIENCE_NANOS)
                            && now - begun < MOST_WARM_UP_NANOS;
                    now = System.nanoTime()) {
                long nanos = step();
                steps++;
                if (nanos < 0.97 * best) {
                    best = nanos;
                    improved = System.nanoTime();
                }
            }
        }

        @Override
        public void close() {
            batchGradient.close();
        }
    }

    @Override
    public Integer call() throws Exception {
        Kernels kernels;
        try {
            kernels = choice.equals("auto") ? Kernels.get() : Kernels.of(choice);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
        String jblas = jblas();
        double fmaNanos = PeakFlops.fmaNanos();
        // Without the instruction, the other kernels would take a minute per step.
        Speed speed = Fma.isInstruction() || kernels.name().equals("softfma") ? measure(kernels) : null;
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(Json.pretty(toJson(kernels, jblas, fmaNanos, speed)));
        } else {
            print(kernels, jblas, fmaNanos, speed, out);
        }
        return ExitCode.DONE;
    }

    /** Null if jblas can be loaded, else the reason. */
    private static String jblas() {
        try {
            Kernels.of("jblas");
            return null;
        } catch (UnsupportedOperationException e) {
            return e.getMessage();
        }
    }

    private String reason(Kernels kernels) {
        String property = System.getProperty("attractor.kernels", "auto");
        if (!choice.equals("auto")) {
            return "forced by --kernels";
        }
        if (!property.equals("auto")) {
            return "forced by -Dattractor.kernels";
        }
        if (!Fma.isInstruction()) {
            return "there is no fused multiply-add instruction";
        }
        return kernels.name().equals("simd")
                ? "the fastest, since the JVM has the vector module"
                : "the JVM's vector module is off; for the fast ones pass '--add-modules jdk.incubator.vector' to java";
    }

    private static Speed measure(Kernels kernels) throws InterruptedException {
        int processors = Runtime.getRuntime().availableProcessors();
        PeakFlops loops = Fma.isInstruction() ? PeakFlops.find() : null;
        try (Training one = new Training(kernels, 1);
                Training two = new Training(kernels, 2)) {
            one.warmUp();
            int most = 1000;
            double[] peaks = new double[most];
            long[] steps = new long[most];
            long[] twos = new long[most];
            int count = 0;
            long processorNanos = 0;
            ThreadMXBean threads = ManagementFactory.getThreadMXBean();
            long end = System.nanoTime() + MEASURE_NANOS;
            while (count < LEAST_ROUNDS || (count < most && System.nanoTime() < end)) {
                peaks[count] = loops == null ? 0 : loops.measure();
                long before = threads.getCurrentThreadCpuTime();
                steps[count] = one.step();
                processorNanos += threads.getCurrentThreadCpuTime() - before;
                twos[count] = processors > 1 ? two.step() : 0;
                count++;
            }
            return new Speed(
                    loops,
                    loops == null ? null : Spread.ofRates(peaks, count),
                    Spread.ofMillis(steps, count),
                    1e-6 * processorNanos / count,
                    processors > 1 ? Spread.ofMillis(twos, count) : null,
                    processors > 1 ? sideBySide(one, kernels) : null,
                    one.flops);
        }
    }

    /** Steps per second of two simultaneous trainings, both together, each on one thread. */
    private static double sideBySide(Training first, Kernels kernels) throws InterruptedException {
        ExecutorService pool = Executors.newFixedThreadPool(2);
        try (Training second = new Training(kernels, 1)) {
            Future<Double> a = pool.submit(() -> stepsASecond(first));
            Future<Double> b = pool.submit(() -> stepsASecond(second));
            return a.get() + b.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        } finally {
            pool.shutdown();
        }
    }

    private static double stepsASecond(Training training) {
        long nanos = 0;
        int count = 0;
        while (nanos < SIDE_BY_SIDE_NANOS) {
            nanos += training.step();
            count++;
        }
        return 1e9 * count / nanos;
    }

    /** The processor's name, if the system tells it. */
    private static String processor() {
        try (Stream<String> lines = Files.lines(Path.of("/proc/cpuinfo"))) {
            String line =
                    lines.filter(l -> l.startsWith("model name")).findFirst().orElse("");
            if (line.indexOf(':') >= 0) {
                return line.substring(line.indexOf(':') + 1).strip();
            }
        } catch (IOException e) {
            // Not Linux.
        }
        String name = System.getenv("PROCESSOR_IDENTIFIER");
        return name == null ? System.getProperty("os.arch") : name;
    }

    private static String property(String name) {
        return System.getProperty(name, "unknown");
    }

    private void print(Kernels kernels, String jblas, double fmaNanos, Speed speed, PrintWriter out) {
        line(out, "JDK", "%s, %s, %s", property("java.vm.version"), property("java.vm.name"), property("java.vendor"));
        line(
                out,
                "system",
                "%s %s %s, %s, %d processors",
                property("os.name"),
                property("os.version"),
                property("os.arch"),
                processor(),
                Runtime.getRuntime().availableProcessors());
        line(out, "kernels", "%s: %s", kernels.description(), reason(kernels));
        line(out, "jblas", "%s", jblas == null ? "loads" : jblas);
        if (Fma.isInstruction()) {
            line(out, "Math.fma", "an instruction (%.1f ns)", fmaNanos);
        } else {
            line(
                    out,
                    "Math.fma",
                    "%.0f ns: no instruction, since the processor has none or java was given -XX:-UseFMA; the kernels softfma do it in "
                            + "software, with the same results",
                    fmaNanos);
        }
        if (speed == null) {
            line(out, "train step", "not measured: these kernels would take a minute; --kernels auto chooses others");
            return;
        }
        if (speed.peak != null) {
            printPeak(speed, out);
        }
        line(
                out,
                "train step",
                "%.2f ms, %.1f GFLOP/s%s (N = 50, B = 64, T = 200, one thread)",
                speed.step.best,
                speed.gflops(),
                speed.peak == null ? "" : String.format(Locale.ROOT, ", %.0f %% of the peak", 100 * speed.share()));
        if (speed.twoThreads != null) {
            line(
                    out,
                    "two threads",
                    "%.2f ms, %.2f times as fast",
                    speed.twoThreads.best,
                    speed.step.best / speed.twoThreads.best);
            line(
                    out,
                    "two at once",
                    "%.0f steps per second of two trainings, %.2f times as many as with one",
                    speed.stepsOfTwoTrainings,
                    speed.stepsOfTwoTrainings * 1e-3 * speed.step.median);
        }
        line(
                out,
                "",
                "best of %d, alternating; medians: %sstep %.2f ms",
                speed.step.count,
                speed.peak == null ? "" : String.format(Locale.ROOT, "peak %.1f GFLOP/s, ", speed.peak.median),
                speed.step.median);
        if (speed.disturbed()) {
            line(
                    out,
                    "",
                    "other programs keep the processors busy: a step takes %.2f ms of processor time%s",
                    speed.processorMs,
                    speed.peak == null
                            ? ""
                            : String.format(
                                    Locale.ROOT,
                                    ", which would be %.0f %% of the peak",
                                    100 * speed.share() * speed.step.best / speed.processorMs));
        }
    }

    private static void printPeak(Speed speed, PrintWriter out) {
        line(out, "peak", "%.1f GFLOP/s per thread (%s)", speed.peak.best, speed.how());
        if (speed.loops.lanes() > 0) {
            // Some processors compute 512 bits as two halves; the JVM doesn't know which do.
            line(
                    out,
                    "",
                    "which means %.2f GHz at two vector operations per cycle%s",
                    speed.gigahertz(),
                    speed.loops.lanes() < 8
                            ? ""
                            : String.format(Locale.ROOT, ", %.2f GHz at one", 2 * speed.gigahertz()));
        }
    }

    private static void line(PrintWriter out, String name, String format, Object... values) {
        out.printf(Locale.ROOT, "%-12s %s%n", name, String.format(Locale.ROOT, format, values));
    }

    private Map<String, Object> toJson(Kernels kernels, String jblas, double fmaNanos, Speed speed) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("schema", "attractor/doctor/1");
        Map<String, Object> java = new LinkedHashMap<>();
        java.put("version", property("java.vm.version"));
        java.put("vm", property("java.vm.name"));
        java.put("vendor", property("java.vendor"));
        map.put("java", java);
        Map<String, Object> system = new LinkedHashMap<>();
        system.put("os", property("os.name") + " " + property("os.version"));
        system.put("arch", property("os.arch"));
        system.put("processor", processor());
        system.put("processors", Runtime.getRuntime().availableProcessors());
        map.put("system", system);
        Map<String, Object> chosen = new LinkedHashMap<>();
        chosen.put("name", kernels.name());
        chosen.put("description", kernels.description());
        chosen.put("lanes", kernels.lanes());
        chosen.put("reason", reason(kernels));
        map.put("kernels", chosen);
        map.put("jblas", jblas == null ? "loads" : jblas);
        map.put("fmaNanos", fmaNanos);
        if (speed != null) {
            if (speed.peak != null) {
                Map<String, Object> peak = spread(speed.peak, "gflops");
                peak.put("lanes", speed.loops.lanes());
                peak.put("chains", speed.loops.chains());
                peak.put("gigahertz", speed.gigahertz());
                map.put("peak", peak);
            }
            Map<String, Object> step = spread(speed.step, "ms");
            step.put("processorMs", speed.processorMs);
            step.put("gflops", speed.gflops());
            if (speed.peak != null) {
                step.put("shareOfPeak", speed.share());
            }
            map.put("trainStep", step);
            if (speed.twoThreads != null) {
                map.put("trainStepOnTwoThreads", spread(speed.twoThreads, "ms"));
                map.put("stepsPerSecondOfTwoTrainings", speed.stepsOfTwoTrainings);
            }
        }
        return map;
    }

    private static Map<String, Object> spread(Spread spread, String unit) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put(unit, spread.best);
        map.put("median", spread.median);
        map.put("runs", spread.count);
        return map;
    }
}
