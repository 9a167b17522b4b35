package attractor.bench;

import attractor.kernel.Kernels;
import attractor.model.Precision;
import attractor.study.Studies;
import attractor.study.Study;
import attractor.study.StudyListener;
import attractor.study.StudyRunner;
import attractor.task.Tasks;
import attractor.train.ExecutionSettings;
import attractor.train.Trainer;
import attractor.train.TrainingConfig;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * How does the time of a study depend on its number of networks? The trainings are tiny (AND, N = 10, one step of 64 trials), so
 * that what a study adds to each shows: evaluation on 200 trials, files, tables. {@code bench/run growth}
 */
final class StudyCurve {
    private static final int UNITS = 10;
    private static final int BATCH = 64;
    private static final int WARM_UP = 40;
    private static final int FEW = 30;
    private static final double MIB = 1 << 20;

    private StudyCurve() {}

    /**
     * Prints a line of comma-separated values for each number of networks, like {@link Curve}, but with the largest heap in use, and the
     * number of networks at its end. A line with the kernels {@code training alone} has the time of one training in memory.
     *
     * @param args the folder in which to make the study's, kernels, precision, workers, and networks with commas between
     */
    public static void main(String[] args) throws IOException, InterruptedException {
        if (args.length != 5) {
            throw new IllegalArgumentException(args.length
                    + " words, expected a folder, kernels, precision, workers, and networks with commas between");
        }
        Path place = Path.of(args[0]);
        Precision precision = Precision.of(args[2]);
        int workers = Integer.parseInt(args[3]);
        ExecutionSettings execution = ExecutionSettings.defaults().withKernels(Kernels.of(args[1]));
        study(place, WARM_UP, precision, workers, execution);
        int[] counts =
                Arrays.stream(args[4].split(",")).mapToInt(Integer::parseInt).toArray();
        for (int networks : counts) {
            double least = Double.POSITIVE_INFINITY;
            double heap = Double.POSITIVE_INFINITY;
            for (int run = 0; run < (networks <= FEW ? 3 : 1); run++) {
                collectGarbage();
                least = Math.min(least, study(place, networks, precision, workers, execution));
                heap = Math.min(heap, heapPeak());
            }
            print(args[1], precision, workers, 1e-6 * least, heap, networks);
        }
        print("training alone", precision, 1, 1e-6 * alone(precision, execution.withThreads(1)), Double.NaN, 1);
    }

    private static void print(String kernels, Precision precision, int workers, double ms, double mib, int networks) {
        System.out.printf(
                Locale.ROOT,
                "%s,%s,%d,%d,%d,%d,%.4f,,,,%s,%d%n",
                kernels,
                precision.id(),
                workers,
                UNITS,
                BATCH,
                Tasks.byName("and").steps(),
                ms,
                Double.isNaN(mib) ? "" : String.format(Locale.ROOT, "%.2f", mib),
                networks);
    }

    private static TrainingConfig config(Precision precision, long seed) {
        return TrainingConfig.builder(Tasks.byName("and"))
                .units(UNITS)
                .samples(BATCH)
                .batch(BATCH)
                .epochs(1)
                .precision(precision)
                .seed(seed)
                .build();
    }

    /** Nanoseconds of a study in a folder of its own, which is removed. */
    private static double study(Path place, int networks, Precision precision, int workers, ExecutionSettings execution)
            throws IOException, InterruptedException {
        Studies.Training training = new Studies.Training(seed -> config(precision, seed), Optional.empty());
        Study study = Studies.success(List.of(training), Map.of(), new Studies.Networks(0, networks, b -> b));
        Path folder = Files.createTempDirectory(place, "attractor-study");
        try {
            StudyRunner runner = new StudyRunner(study, folder, List.of(), execution, workers, StudyRunner.Shard.ALL);
            long begun = System.nanoTime();
            StudyRunner.Outcome outcome = runner.run(StudyListener.NONE, () -> false);
            long nanos = System.nanoTime() - begun;
            if (outcome.done() != networks) {
                throw new IllegalStateException(
                        outcome.done() + " networks of the study are done, expected " + networks);
            }
            return nanos;
        } finally {
            remove(folder);
        }
    }

    /** Nanoseconds of a training alone, without files and evaluation; the mean over some seeds. */
    private static double alone(Precision precision, ExecutionSettings execution) {
        long begun = 0;
        for (int seed = -WARM_UP; seed < 2 * WARM_UP; seed++) {
            if (seed == 0) {
                begun = System.nanoTime();
            }
            new Trainer(config(precision, seed + WARM_UP), execution).train();
        }
        return (double) (System.nanoTime() - begun) / (2 * WARM_UP);
    }

    private static void collectGarbage() {
        System.gc();
        for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
            pool.resetPeakUsage();
        }
    }

    /** MiB of the heap in use at the most since {@link #collectGarbage}, what is dead and not yet collected included. */
    private static double heapPeak() {
        return ManagementFactory.getMemoryPoolMXBeans().stream()
                        .filter(pool -> pool.getType() == MemoryType.HEAP)
                        .mapToLong(pool -> pool.getPeakUsage().getUsed())
                        .sum()
                / MIB;
    }

    private static void remove(Path folder) throws IOException {
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, IOException failed) throws IOException {
                Files.delete(directory);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
