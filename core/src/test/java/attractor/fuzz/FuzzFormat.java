package attractor.fuzz;

import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;

/**
 * A file format whose reader is to survive files that lie: it reads a damaged file, or throws the one exception that it
 * documents, with one line that names the file; within a second of the processor's time; without memory beyond what the
 * size of the file justifies; and without a trace in the file system. A format is one entry:
 *
 * <pre>
 *     FuzzFormat.of("npy", List.of(valid1, valid2), NpyArray::read, FormatException.class)
 * </pre>
 *
 * <p>and {@link #survives} is its test. By default {@value #DEFAULT_FILES} files are made of each format;
 * {@code -Dattractor.fuzz=100000} asks for more, and {@code -Dattractor.fuzz.seed=7} for others. A failure says how it is
 * made to happen again: {@code -Dattractor.fuzz.only=npy:1:4711} reads that one file of that seed, and leaves it in
 * {@code target/fuzz}. Immutable.
 *
 * @param name what failures call it
 * @param fileName the name under which the reader expects its file, folders included
 * @param seeds valid files
 * @param reader reads a file
 * @param documented what the reader throws for a file that is not what it should be
 * @param allocation bytes that the reader may allocate for a file, garbage included
 */
public record FuzzFormat(
        String name,
        String fileName,
        List<byte[]> seeds,
        Reader reader,
        Class<? extends Exception> documented,
        ToLongFunction<byte[]> allocation) {

    /** Reads a file, and may look at what it has read. */
    public interface Reader {
        void read(Path file) throws Exception;
    }

    private static final int DEFAULT_FILES = 3000;
    private static final int FILES = Integer.getInteger("attractor.fuzz", DEFAULT_FILES);
    private static final long SEED = Long.getLong("attractor.fuzz.seed", 1);
    private static final String ONLY = System.getProperty("attractor.fuzz.only", "");

    /** Processor time, which a busy machine doesn't change; the few files of a usual build may meet cold code. */
    private static final long MAX_NANOS = FILES > DEFAULT_FILES ? 1_000_000_000L : 10_000_000_000L;

    /** For a reader that waits in place of computing. */
    private static final long MAX_WAIT_NANOS = 120_000_000_000L;

    private static final int MAX_FAILURES = 5;
    private static final int MAX_MESSAGE = 1000;
    private static final int MAX_SHOWN = 300;

    /** Whatever the size, for what a reader does once: buffers, classes, the message of an exception. */
    private static final long FIXED = 1 << 20;

    /**
     * A format with the usual allowance of memory: 1 MB, {@code 64} bytes for each byte of the file, and as many for each
     * byte that deflated entries of a zip file come to.
     */
    public static FuzzFormat of(String name, List<byte[]> seeds, Reader reader, Class<? extends Exception> documented) {
        return new FuzzFormat(
                name,
                "file." + name,
                seeds,
                reader,
                documented,
                file -> FIXED + 64L * (file.length + ZipMutator.inflatedSize(file)));
    }

    /** The same, with a file in a folder of its own: {@code run/history.csv}. */
    public FuzzFormat in(String newFileName) {
        return new FuzzFormat(name, newFileName, seeds, reader, documented, allocation);
    }

    /** The same, with an allowance of 1 MB and {@code perByte} bytes for each byte of the file. */
    public FuzzFormat allocating(long perByte) {
        return new FuzzFormat(name, fileName, seeds, reader, documented, file -> FIXED + perByte * file.length);
    }

    @Override
    public String toString() {
        return name;
    }

    /**
     * Reads the valid files, then the damaged ones.
     *
     * @param folder an empty one, for the files
     * @return what happened
     * @throws AssertionError if the reader did what it must not, with the first few files that made it
     */
    public Report survives(Path folder) throws IOException, InterruptedException {
        Report report = survives(folder, FILES, MAX_NANOS);
        if (FILES > DEFAULT_FILES) {
            System.out.println(report);
        }
        return report;
    }

    /** As {@link #survives(Path)}, with that many files, each for so long at most. */
    Report survives(Path folder, int files, long maxNanos) throws IOException, InterruptedException {
        Path file = folder.resolve("in").resolve(fileName);
        Files.createDirectories(file.getParent());
        for (byte[] seed : seeds) {
            Files.write(file, seed);
            try {
                reader.read(file);
            } catch (Exception e) {
                throw new AssertionError(name + ": the reader refuses a valid file", e);
            }
        }
        Run run = new Run(folder, file, files, maxNanos);
        Thread worker = new Thread(run, "fuzz-" + name);
        worker.setDaemon(true);
        worker.start();
        while (worker.isAlive()) {
            worker.join(100);
            String hang = run.hang(worker);
            if (hang != null) {
                run.abandoned = true;
                throw new AssertionError(hang);
            }
        }
        return run.report();
    }

    /**
     * What happened to the damaged files.
     *
     * @param format its name
     * @param files their number
     * @param loaded how many were read in spite of the damage
     * @param refused how many were refused
     * @param slowest the most processor time that one took, in ms, and which it was
     * @param largest the most memory that one took, in bytes, and which it was
     */
    public record Report(String format, long files, long loaded, long refused, String slowest, String largest) {
        @Override
        public String toString() {
            return format + ": " + files + " damaged files, " + loaded + " read, " + refused + " refused; slowest "
                    + slowest + "; most memory " + largest;
        }
    }

    private final class Run implements Runnable {
        /** Cold code is slow and allocates: the first files are read twice, and judged the second time. */
        private static final int WARM_UP = 200;

        private final com.sun.management.ThreadMXBean threads =
                ManagementFactory.getThreadMXBean() instanceof com.sun.management.ThreadMXBean t ? t : null;
        private final Mutator mutator = new Mutator(seeds);
        private final Path folder;
        private final Path file;
        private final int count;
        private final long maxNanos;
        private final File escaped = new File(System.getProperty("java.io.tmpdir"), ZipMutator.ESCAPED);
        private final List<String> failures = new ArrayList<>();

        private volatile long current = -1;
        private volatile long startCpu;
        private volatile long startWall;
        private volatile Throwable broken;
        private volatile boolean abandoned;
        private long files;
        private long loaded;
        private long refused;
        private long slowest;
        private long slowestIndex;
        private long largest;
        private long largestIndex;
        private long largestSize;

        Run(Path folder, Path file, int count, long maxNanos) {
            this.folder = folder;
            this.file = file;
            this.count = count;
            this.maxNanos = maxNanos;
        }

        @Override
        public void run() {
            try {
                String[] only = ONLY.split(":");
                if (!ONLY.isEmpty()) {
                    if (only[0].equals(name)) {
                        read(Long.parseLong(only[1]), Long.parseLong(only[2]), true);
                    }
                    return;
                }
                for (int i = 0; i < Math.min(count, WARM_UP) && !abandoned; i++) {
                    read(SEED, i, false);
                }
                failures.clear();
                files = loaded = refused = slowest = largest = 0;
                for (int i = 0; i < count && !abandoned && failures.size() < MAX_FAILURES; i++) {
                    read(SEED, i, false);
                }
            } catch (Throwable e) {
                broken = e;
            }
        }

        private void read(long seed, long index, boolean keep) throws IOException {
            byte[] bytes = mutator.mutant(seed, index);
            long allowed = allocation.applyAsLong(bytes);
            write(bytes);
            if (keep) {
                keep(seed, index, bytes);
            }
            List<String> before = listing();
            startWall = System.nanoTime();
            startCpu = cpu(Thread.currentThread());
            current = index;
            long allocatedBefore = threads == null ? 0 : threads.getCurrentThreadAllocatedBytes();
            Throwable thrown = null;
            try {
                reader.read(file);
                loaded++;
            } catch (Throwable e) {
                thrown = e;
            }
            long allocated = threads == null ? 0 : threads.getCurrentThreadAllocatedBytes() - allocatedBefore;
            current = -1;
            long nanos = cpu(Thread.currentThread()) - startCpu;
            files++;
            String problem = thrown == null ? null : problem(thrown);
            if (problem == null && thrown != null) {
                refused++;
            }
            if (problem == null && allocated > allowed) {
                problem = "allocated " + allocated + " bytes for a file of " + bytes.length + ", expected at most "
                        + allowed;
            }
            if (problem == null && nanos > maxNanos) {
                problem =
                        "took " + nanos / 1_000_000 + " ms of processor time, expected at most " + maxNanos / 1_000_000;
            }
            List<String> after = listing();
            if (problem == null && !after.equals(before)) {
                problem = "left " + after + " of " + before;
            }
            if (problem == null && escaped.exists()) {
                problem = "wrote " + escaped;
            }
            if (problem != null) {
                keep(seed, index, bytes);
                failures.add(label(seed, index) + problem);
            }
            if (nanos > slowest) {
                slowest = nanos;
                slowestIndex = index;
            }
            if (allocated > largest) {
                largest = allocated;
                largestIndex = index;
                largestSize = bytes.length;
            }
        }

        private String problem(Throwable thrown) {
            if (thrown.getClass() != documented) {
                return "threw " + cut(thrown.toString()) + " at "
                        + Arrays.stream(thrown.getStackTrace()).limit(12).toList() + ", expected "
                        + documented.getSimpleName();
            }
            String message = thrown.getMessage();
            if (message == null || !message.contains(file.toString())) {
                return "threw '" + cut(message) + "', expected a message that names " + file;
            }
            if (message.length() > MAX_MESSAGE
                    || message.chars().anyMatch(c -> Character.isISOControl(c) || c == 0x2028 || c == 0x2029)) {
                return "threw '" + cut(message) + "', expected one line of at most " + MAX_MESSAGE + " characters";
            }
            return null;
        }

        private static String cut(String message) {
            return message == null || message.length() <= MAX_SHOWN ? message : message.substring(0, MAX_SHOWN) + "...";
        }

        /** Every file with its size, since a reader writes nothing. */
        private List<String> listing() {
            List<String> all = new ArrayList<>();
            list(folder.toFile(), all);
            all.sort(null);
            return all;
        }

        private static void list(File directory, List<String> to) {
            for (File entry : Objects.requireNonNull(directory.listFiles())) {
                if (entry.isDirectory()) {
                    to.add(entry + "/");
                    list(entry, to);
                } else {
                    to.add(entry + " of " + entry.length() + " bytes");
                }
            }
        }

        /** Not from nothing: some file systems write a file at once that was cut to nothing before. */
        private void write(byte[] bytes) throws IOException {
            try (RandomAccessFile to = new RandomAccessFile(file.toFile(), "rw")) {
                to.write(bytes);
                to.setLength(bytes.length);
            }
        }

        private String label(long seed, long index) {
            return name + ": file " + index + " of seed " + seed + " (-Dattractor.fuzz.only=" + name + ":" + seed + ":"
                    + index + " reads it again): ";
        }

        private void keep(long seed, long index, byte[] bytes) throws IOException {
            Path kept = Files.createDirectories(Path.of("target", "fuzz"));
            Files.write(kept.resolve(name + "-" + seed + "-" + index), bytes);
        }

        private long cpu(Thread thread) {
            long nanos = threads == null ? -1 : threads.getThreadCpuTime(thread.getId());
            return nanos < 0 ? System.nanoTime() : nanos;
        }

        /** What to say of a file that is being read for too long; null if there is none. */
        String hang(Thread worker) {
            long index = current;
            long cpu = cpu(worker) - startCpu;
            long wall = System.nanoTime() - startWall;
            if (index < 0 || index != current || (cpu <= 2 * maxNanos && wall <= MAX_WAIT_NANOS)) {
                return null;
            }
            String where = Arrays.stream(worker.getStackTrace())
                    .limit(40)
                    .map(Object::toString)
                    .collect(Collectors.joining(" "));
            return label(SEED, index) + "hangs since " + cpu / 1_000_000 + " ms of processor time and "
                    + wall / 1_000_000 + " ms, at " + where;
        }

        Report report() {
            if (broken != null) {
                throw new AssertionError(name + ": the harness itself failed", broken);
            }
            if (!failures.isEmpty()) {
                throw new AssertionError(String.join("\n", failures));
            }
            // Damage that is always noticed, or never, tests little.
            if (ONLY.isEmpty() && (refused < files / 10 || loaded < files / 1000)) {
                throw new AssertionError(name + ": of " + files + " files " + loaded + " were read and " + refused
                        + " refused, expected some of both");
            }
            return new Report(
                    name,
                    files,
                    loaded,
                    refused,
                    slowest / 1_000_000.0 + " ms (file " + slowestIndex + ")",
                    largest + " bytes for a file of " + largestSize + " (file " + largestIndex + ")");
        }
    }
}
