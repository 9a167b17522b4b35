package attractor.spark;

import static org.apache.spark.sql.functions.col;

import attractor.io.FormatException;
import attractor.io.Json;
import attractor.spark.RunTask.Counters;
import attractor.spark.RunTask.Item;
import attractor.study.RunResult;
import attractor.study.Study;
import attractor.study.StudyFolder;
import attractor.study.StudyFolder.Entry;
import attractor.task.Criterion;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * A study in a folder of any file system that Hadoop knows, whose runs are done by Spark:
 *
 * <pre>
 *     study.json        the study, as in the ordinary folder
 *     runs-LIST.jsonl   the list of its runs, as there
 *     runs/WAVE/*.parquet   a row for each run that has ended; see the column {@code format}
 * </pre>
 *
 * <p>An executor writes the row of a run as soon as the run has ended, into a file of its own; the driver sees no row. When a wave of runs has
 * ended, its files are merged. The rows of a run that was done more than once are equal but for the seconds, and one of them counts. A run that failed
 * has a row too, and is tried again by the next call.
 *
 * <p>Immutable, but it belongs to one thread; other processes may work on the same folder.
 */
public final class SparkStudy implements AutoCloseable {
    /** The folder of the results. */
    static final String RUNS = "runs";

    /** A task's file appears when the task is committed, not when its wave has ended, so that nothing is lost if the driver ends. */
    private static final Map<String, String> WRITING = Map.of(
            "mapreduce.fileoutputcommitter.algorithm.version", "2",
            "mapreduce.fileoutputcommitter.marksuccessfuljobs", "false",
            "parquet.block.size", String.valueOf(1 << 25));

    /** Runs in a wave; of two waves at a time the second fills the cores that the first no longer needs. */
    private static final int FEWEST = 1000;

    private static final int MOST = 20_000;
    private static final int WAVES = 2;
    /** Files of waves that are merged into larger ones. */
    private static final int MERGED = 1000;

    private static final long FILE_BYTES = 1L << 27;

    private final SparkSession spark;
    private final Path out;
    private final Description description;
    private final StudyFolder folder;

    private SparkStudy(SparkSession spark, Path out, Description description, StudyFolder folder) {
        this.spark = spark;
        this.out = out;
        this.description = description;
        this.folder = folder;
    }

    /**
     * How the runs of a study stand.
     *
     * @param failed runs whose last attempts failed
     * @param toDo runs that have no result
     * @param seconds time of all finished runs, of one core each
     * @param versions the versions of the library that did them, sorted
     */
    public record Counts(long done, long diverged, long failed, long toDo, double seconds, Set<String> versions) {}

    /**
     * A kind of runs, those that differ by their seeds only.
     *
     * @param training the training's configuration as JSON, without the seed
     * @param passed those that pass, if they have scores
     */
    public record Group(String training, long done, long diverged, long passed, double meanSeconds) {}

    /** Shows how the work goes. Called by one thread at a time. */
    public interface Progress {
        /**
         * Called before the first run.
         *
         * @param work estimate of all work
         * @param runs runs to do
         * @param done runs that are finished
         */
        void begun(double work, int runs, int done);

        /**
         * Called now and then.
         *
         * @param ended runs that have ended since
         * @param failed those of them that failed
         * @param work their work
         */
        void advanced(int ended, int failed, double work);
    }

    /**
     * Opens the study in a folder.
     *
     * @param out the folder, as an address that Hadoop reads
     * @throws IOException if there is none, or its description or a file of results is damaged or of another version
     */
    public static SparkStudy open(SparkSession spark, String out) throws IOException {
        return of(spark, out, Description::open);
    }

    /**
     * Begins a study, or goes on with the one that is there, which may get more runs.
     *
     * @param change whether a folder that has runs which the study hasn't takes the study's settings; their results are kept
     * @throws attractor.study.StudyDiffersException as a cause, if it has such runs, and is not to be changed
     * @throws IOException if the folder holds something else, is damaged, or cannot be written
     */
    public static SparkStudy create(SparkSession spark, String out, Study study, boolean change) throws IOException {
        return of(spark, out, description -> description.create(study, change));
    }

    private interface Opening {
        StudyFolder open(Description description) throws IOException;
    }

    private static SparkStudy of(SparkSession spark, String out, Opening opening) throws IOException {
        Path path = path(out, spark);
        Description description = new Description(path, spark.sessionState().newHadoopConf());
        try {
            SparkStudy study = new SparkStudy(spark, path, description, opening.open(description));
            study.requireVersion();
            return study;
        } catch (IOException | RuntimeException e) {
            description.close();
            throw e;
        }
    }

    private static Path path(String out, SparkSession spark) throws IOException {
        try {
            Path path = new Path(out);
            return path.getFileSystem(spark.sessionState().newHadoopConf()).makeQualified(path);
        } catch (IllegalArgumentException e) {
            throw new IOException("'" + out + "' is no folder that Hadoop knows: " + e.getMessage(), e);
        }
    }

    /** The study's kind. */
    public String name() throws IOException {
        return folder.name();
    }

    /** The number of runs. */
    public int size() throws IOException {
        return folder.size();
    }

    private FileSystem files() throws IOException {
        return out.getFileSystem(spark.sessionState().newHadoopConf());
    }

    private Path runs() {
        return new Path(out, RUNS);
    }

    /** All rows, of runs that were done twice too. */
    private Dataset<Row> rows() {
        return rows(List.of(runs()));
    }

    private Dataset<Row> rows(List<Path> folders) {
        return spark.read()
                .schema(RunRow.SCHEMA)
                .option("recursiveFileLookup", true)
                .option("pathGlobFilter", "*.parquet")
                .parquet(folders.stream().map(Path::toString).toArray(String[]::new));
    }

    private static Column isFinished() {
        return col(RunRow.OUTCOME).isin(RunRow.DONE, RunRow.DIVERGED);
    }

    /** Refuses files that another version has written, or something else. */
    private void requireVersion() throws IOException {
        List<Row> others = Errors.reading(
                out,
                () -> rows().where(col(RunRow.FORMAT)
                                .isNull()
                                .or(col(RunRow.FORMAT).notEqual(RunRow.VERSION)))
                        .select(col(RunRow.FORMAT), col("_metadata.file_path"))
                        .limit(1)
                        .collectAsList());
        if (!others.isEmpty()) {
            Row other = others.get(0);
            throw new FormatException(other.getString(1) + " has rows of the format "
                    + Json.compact(other.isNullAt(0) ? null : other.getString(0)) + ", expected "
                    + Json.compact(RunRow.VERSION) + " as this version writes them");
        }
    }

    /** The hashes of the runs that are not finished. */
    private RunSet toDo() throws IOException {
        Dataset<Row> list = list();
        Dataset<Row> finished = rows().where(isFinished()).select(RunRow.RUN);
        return Errors.reading(
                out,
                () -> RunSet.of(list.join(finished, list.col(RunRow.RUN).equalTo(finished.col(RunRow.RUN)), "left_anti")
                        .as(Encoders.STRING())
                        .toLocalIterator()));
    }

    /** The hashes of all runs. */
    private Dataset<Row> list() throws IOException {
        String file = Json.parseObject(description.text(), out + "/study.json").getString("list");
        return spark.read()
                .schema(new StructType().add(RunRow.RUN, DataTypes.StringType))
                .json(new Path(out, file).toString());
    }

    /**
     * Does the runs that are left, each in a task of its own.
     *
     * @param kernels which kernels, see {@link attractor.kernel.Kernels#of}, or {@code auto}
     * @param networks whether the networks are kept too, with the results
     * @return runs that failed this time; their rows say why
     * @throws IOException if results cannot be read or written
     * @throws InterruptedException if this thread is interrupted; what is finished is kept
     */
    public int run(String kernels, boolean networks, Progress progress) throws IOException, InterruptedException {
        RunSet toDo = toDo();
        List<Entry> entries = folder.entries();
        double work = 0;
        for (Entry entry : entries) {
            work += toDo.contains(entry.hash()) ? 1 + entry.cost() : 0;
        }
        progress.begun(work, toDo.size(), entries.size() - toDo.size());
        if (toDo.size() == 0) {
            return 0;
        }
        try (Work all = new Work(kernels, networks, progress)) {
            all.run(entries, toDo);
            return all.failed();
        }
    }

    /** One call of {@link #run}. */
    private final class Work implements AutoCloseable {
        private final JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
        private final Counters counters = new Counters();
        private final LostRuns lostRuns = new LostRuns();
        private final AtomicInteger lost = new AtomicInteger();
        private final String group = "attractor " + UUID.randomUUID();
        private final String kernels;
        private final boolean networks;
        private final Progress progress;
        private final int size;
        private final int attempts;
        /** Folders of waves that have ended, and the number of their files. */
        private final List<Path> ended = new ArrayList<>();

        private int files;

        Work(String kernels, boolean networks, Progress progress) {
            this.kernels = kernels;
            this.networks = networks;
            this.progress = progress;
            size = Math.max(FEWEST, Math.min(MOST, 20 * context.defaultParallelism()));
            attempts = context.getConf().getInt("spark.task.maxFailures", 4);
            context.sc().register(counters.finished, "attractor runs finished");
            context.sc().register(counters.failed, "attractor runs failed");
            context.sc().register(counters.work, "attractor work");
            context.sc().addSparkListener(lostRuns);
        }

        int failed() {
            return Math.toIntExact(counters.failed.value()) + lost.get();
        }

        void run(List<Entry> entries, RunSet toDo) throws IOException, InterruptedException {
            ExecutorService pool = Executors.newFixedThreadPool(WAVES, task -> {
                Thread thread = new Thread(task, "attractor-wave");
                thread.setDaemon(true);
                return thread;
            });
            Iterator<Entry> left = entries.stream()
                    .filter(entry -> toDo.contains(entry.hash()))
                    .iterator();
            List<Future<?>> waves = new ArrayList<>();
            boolean whole = false;
            try {
                for (int k = 0; k < WAVES; k++) {
                    waves.add(pool.submit(() -> {
                        for (List<Item> wave = next(left); !wave.isEmpty(); wave = next(left)) {
                            perform(wave);
                        }
                        return null;
                    }));
                }
                for (Future<?> wave : waves) {
                    while (!wave.isDone()) {
                        Thread.sleep(200);
                        tell();
                    }
                    wave.get();
                }
                whole = true;
                tell();
            } catch (ExecutionException e) {
                throw Errors.of(out, e.getCause());
            } finally {
                if (!whole) {
                    pool.shutdownNow();
                    context.cancelJobGroup(group);
                }
                pool.shutdown();
            }
        }

        private void tell() {
            int failed = failed();
            progress.advanced(Math.toIntExact(counters.finished.value()) + failed, failed, counters.work.value());
        }

        /** The next runs, the longest first, so that the last ones are short. */
        private List<Item> next(Iterator<Entry> left) throws IOException {
            List<Item> wave = new ArrayList<>();
            synchronized (left) {
                while (wave.size() < size && left.hasNext()) {
                    Entry entry = left.next();
                    wave.add(new Item(entry.hash(), Json.compact(entry.run().toJson()), entry.cost()));
                }
            }
            wave.sort(Comparator.comparingDouble(item -> -item.cost()));
            return wave;
        }

        private void perform(List<Item> runs) throws IOException, InterruptedException {
            List<Item> left = runs;
            while (!left.isEmpty()) {
                // A folder for each job: what a job that ends removes in its own would be other jobs' work.
                Path target = new Path(runs(), UUID.randomUUID().toString());
                context.setJobGroup(group, "runs of " + out, true);
                context.setLocalProperty(LostRuns.WAVE, target.getName());
                JavaRDD<Row> rows =
                        context.parallelize(left, left.size()).mapPartitions(new RunTask(kernels, networks, counters));
                try {
                    write(rows, target);
                    ended(target, left.size());
                    return;
                } catch (Exception e) { // Spark throws checked exceptions that it doesn't declare
                    List<Integer> bad = lostRuns.of(target.getName(), attempts);
                    if (bad.isEmpty()) {
                        throw Errors.of(out, e);
                    }
                    left = without(left, bad);
                }
            }
        }

        /** The runs that are left after executors ended again and again while they did some of them, which have failed. */
        private List<Item> without(List<Item> runs, List<Integer> bad) throws IOException {
            List<Row> failures = new ArrayList<>();
            for (int index : bad) {
                failures.add(RunRow.failed(
                        runs.get(index).hash(),
                        "the executor ended " + attempts
                                + " times while it did this run, for example for want of memory"));
            }
            add(context.parallelize(failures, 1));
            lost.addAndGet(bad.size());
            RunSet there = RunSet.of(Errors.reading(
                    out, () -> rows().select(RunRow.RUN).as(Encoders.STRING()).toLocalIterator()));
            return runs.stream().filter(item -> !there.contains(item.hash())).toList();
        }

        private synchronized void ended(Path wave, int runs) throws IOException {
            ended.add(wave);
            files += runs;
            if (files >= MERGED) {
                merge();
            }
        }

        private synchronized void merge() throws IOException {
            if (files > 1) {
                SparkStudy.this.merge(ended);
            }
            ended.clear();
            files = 0;
        }

        @Override
        public void close() throws IOException {
            context.sc().removeSparkListener(lostRuns);
            context.clearJobGroup();
            context.setLocalProperty(LostRuns.WAVE, null);
            if (!context.sc().isStopped()) {
                merge();
            }
        }
    }

    /** Writes rows, a file for each partition, as soon as the partition is whole. */
    private void write(JavaRDD<Row> rows, Path target) {
        write(spark.createDataFrame(rows, RunRow.SCHEMA), target);
    }

    private static void write(Dataset<Row> rows, Path target) {
        rows.write().mode(SaveMode.Append).options(WRITING).parquet(target.toString());
    }

    /** Adds rows that were made elsewhere. */
    void add(JavaRDD<Row> rows) {
        write(rows, new Path(runs(), UUID.randomUUID().toString()));
    }

    /** Puts the rows of some waves into larger files. If it is interrupted, some rows are there twice, which is harmless. */
    private void merge(List<Path> waves) throws IOException {
        FileSystem files = files();
        long bytes = 0;
        for (Path wave : waves) {
            for (FileStatus file : files.listStatus(wave)) {
                bytes += file.getLen();
            }
        }
        Path target = new Path(runs(), UUID.randomUUID().toString());
        write(rows(waves).coalesce((int) (1 + bytes / FILE_BYTES)), target);
        for (Path wave : waves) {
            files.delete(wave, true);
        }
    }

    /** How the runs stand now. */
    public Counts counts() throws IOException {
        Dataset<Row> list = list();
        // Of several rows of a run one that is finished counts: done and diverged come before failed.
        Dataset<Row> runs = rows().groupBy(RunRow.RUN)
                .agg(
                        functions
                                .min(col(RunRow.OUTCOME).equalTo(RunRow.FAILED))
                                .as("failed"),
                        functions
                                .min(functions.when(isFinished(), col(RunRow.OUTCOME)))
                                .as(RunRow.OUTCOME),
                        functions
                                .min(functions.when(isFinished(), col(RunRow.SECONDS)))
                                .as(RunRow.SECONDS),
                        functions
                                .min(functions.when(isFinished(), col(RunRow.LIBRARY)))
                                .as(RunRow.LIBRARY));
        List<Row> groups = Errors.reading(
                out,
                () -> list.join(runs, RunRow.RUN)
                        .groupBy(
                                functions.coalesce(col(RunRow.OUTCOME), functions.lit(RunRow.FAILED)),
                                col(RunRow.LIBRARY))
                        .agg(functions.count(RunRow.RUN), functions.sum(RunRow.SECONDS))
                        .collectAsList());
        Map<String, Long> counts = new HashMap<>();
        Set<String> versions = new TreeSet<>();
        double seconds = 0;
        for (Row group : groups) {
            counts.merge(group.getString(0), group.getLong(2), Long::sum);
            if (!group.isNullAt(1)) {
                versions.add(group.getString(1));
            }
            seconds += group.isNullAt(3) ? 0 : group.getDouble(3);
        }
        long done = counts.getOrDefault(RunRow.DONE, 0L);
        long diverged = counts.getOrDefault(RunRow.DIVERGED, 0L);
        long failed = counts.getOrDefault(RunRow.FAILED, 0L);
        return new Counts(done, diverged, failed, size() - done - diverged - failed, seconds, versions);
    }

    /**
     * Why runs failed or diverged.
     *
     * @param most largest number
     * @return lines with the run's hash, its outcome and the reason, sorted
     */
    public List<String> reasons(int most) throws IOException {
        Dataset<Row> finished = rows().where(isFinished()).select(RunRow.RUN);
        Dataset<Row> failures = rows().where(col(RunRow.OUTCOME).equalTo(RunRow.FAILED));
        Dataset<Row> open = failures.join(
                        finished, failures.col(RunRow.RUN).equalTo(finished.col(RunRow.RUN)), "left_anti")
                .select(RunRow.RUN, RunRow.OUTCOME, RunRow.REASON)
                .union(rows().where(col(RunRow.OUTCOME).equalTo(RunRow.DIVERGED))
                        .select(RunRow.RUN, RunRow.OUTCOME, RunRow.REASON));
        return Errors.reading(
                out,
                () -> open.dropDuplicates(RunRow.RUN).orderBy(RunRow.RUN).limit(most).collectAsList().stream()
                        .map(row -> row.getString(0) + " " + row.getString(1) + ": " + row.getString(2))
                        .toList());
    }

    /** The finished runs by kind, in the order of the kinds' texts; counted by the executors. */
    public List<Group> summary(Criterion criterion) throws IOException {
        Dataset<Row> judged = rows().where(isFinished())
                .select(RunRow.RUN, RunRow.OUTCOME, RunRow.SECONDS, RunRow.RESULT)
                .map(new Judge(criterion), Encoders.row(Judge.SCHEMA));
        List<Row> groups = Errors.reading(
                out,
                () -> judged.dropDuplicates(RunRow.RUN)
                        .groupBy(Judge.TRAINING)
                        .agg(
                                functions.sum(functions
                                        .when(col(RunRow.OUTCOME).equalTo(RunRow.DONE), 1L)
                                        .otherwise(0L)),
                                functions.sum(functions
                                        .when(col(RunRow.OUTCOME).equalTo(RunRow.DIVERGED), 1L)
                                        .otherwise(0L)),
                                functions.sum(
                                        functions.when(col(Judge.PASSES), 1L).otherwise(0L)),
                                functions.avg(RunRow.SECONDS))
                        .orderBy(Judge.TRAINING)
                        .collectAsList());
        return groups.stream()
                .map(row ->
                        new Group(row.getString(0), row.getLong(1), row.getLong(2), row.getLong(3), row.getDouble(4)))
                .toList();
    }

    /**
     * Puts the results into an ordinary folder on this machine, with its tables; what is there stays. Rows come to this machine one file after the other.
     *
     * @param directory the folder, which is made if it is absent
     * @return the number of runs that were added
     * @throws IOException if the folder holds something else, or cannot be written
     */
    public int export(java.nio.file.Path directory) throws IOException {
        if (!StudyFolder.isStudy(directory)) {
            requireEmpty(directory);
            description.copyTo(directory);
        } else if (!description.isSame(directory)) {
            StudyFolder.create(directory, study());
        }
        StudyFolder target = StudyFolder.open(directory);
        Map<String, Entry> entries = new HashMap<>();
        for (Entry entry : target.entries()) {
            entries.put(entry.hash(), entry);
        }
        int added = 0;
        Iterator<Row> rows = Errors.reading(
                out,
                () -> rows().select(RunRow.RUN, RunRow.OUTCOME, RunRow.REASON, RunRow.RESULT, RunRow.FILES)
                        .toLocalIterator());
        while (Errors.reading(out, rows::hasNext)) {
            Row row = Errors.reading(out, rows::next);
            Entry entry = entries.get(row.getString(0));
            if (entry == null) {
                continue; // of an earlier form of the study
            }
            RunResult result = row.getString(1).equals(RunRow.FAILED)
                    ? RunResult.failed(entry.run(), row.getString(2))
                    : RunRow.result(row.getString(3), row.getString(0)).withFiles(files(row));
            if (!result.run().hash().equals(entry.hash())) {
                throw new FormatException("the row of the run " + entry.hash() + " in " + out + " has the result of "
                        + result.run().hash() + ", expected its own");
            }
            added += target.add(result) ? 1 : 0;
        }
        target.writeTables();
        return added;
    }

    private static Map<String, byte[]> files(Row row) {
        Map<String, byte[]> files = new HashMap<>();
        if (!row.isNullAt(4)) {
            row.<String, byte[]>getJavaMap(4).forEach(files::put);
        }
        return files;
    }

    private static void requireEmpty(java.nio.file.Path directory) throws IOException {
        if (!java.nio.file.Files.exists(directory)) {
            return;
        }
        try (var there = java.nio.file.Files.list(directory)) {
            var first = there.findFirst();
            if (first.isPresent()) {
                throw new IOException(directory + " has " + first.get().getFileName()
                        + " but no study.json, expected a study, or a new or empty folder");
            }
        }
    }

    /** The study, from its list. */
    private Study study() throws IOException {
        List<attractor.study.StudyRun> runs = new ArrayList<>();
        for (Entry entry : folder.entries()) {
            runs.add(entry.run());
        }
        return new Study(folder.name(), folder.settings().asMap(), runs);
    }

    /** Removes what was copied to this machine; the study stays. */
    @Override
    public void close() throws IOException {
        description.close();
    }
}
