package attractor.spark;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import attractor.model.Initializers.Recurrent;
import attractor.study.ResultTable;
import attractor.study.Studies;
import attractor.study.Study;
import attractor.study.StudyFolder;
import attractor.study.StudyListener;
import attractor.study.StudyRun;
import attractor.study.StudyRunner;
import attractor.task.Criterion;
import attractor.task.Tasks;
import attractor.train.ExecutionSettings;
import attractor.train.TrainingConfig;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Studies on a cluster of Spark that has a process for each of two executors, whose classes are those of this JVM. */
class SparkStudyTest {
    private static SparkSession spark;

    @TempDir
    private Path temp;

    @BeforeAll
    static void startSpark() {
        spark = SparkSession.builder()
                .appName("SparkStudyTest")
                .master("local-cluster[2,1,1024]")
                .config("spark.executor.extraClassPath", System.getProperty("java.class.path"))
                .config("spark.executor.extraJavaOptions", "-XX:TieredStopAtLevel=1")
                .config("spark.executor.memory", "512m")
                .config("spark.sql.shuffle.partitions", "2")
                .config("spark.ui.enabled", "false")
                // For machines that do much else.
                .config("spark.network.timeout", "1800s")
                .config("spark.executor.heartbeatInterval", "60s")
                .config("spark.driver.host", "127.0.0.1")
                .getOrCreate();
    }

    @AfterAll
    static void stopSpark() {
        spark.stop();
    }

    private static Study success(int networks) {
        return Studies.success(
                List.of("and", "pulse"),
                List.of(Recurrent.ORTHOGONAL),
                new Studies.Networks(
                        0, networks, training -> training.units(6).samples(96).epochs(2)));
    }

    /** Runs with these seeds, of which one makes trouble. */
    private static Study trouble(String what, long first, long last, long bad) {
        List<StudyRun> runs = LongStream.rangeClosed(first, last)
                .mapToObj(seed -> new StudyRun(
                        TrainingConfig.builder(Tasks.byName("and"))
                                .units(4)
                                .samples(32)
                                .epochs(1)
                                .seed(seed)
                                .build(),
                        new Trouble(what, bad)))
                .toList();
        return new Study("trouble", Map.of("what", what), runs);
    }

    private static final SparkStudy.Progress SILENT = new SparkStudy.Progress() {
        @Override
        public void begun(double work, int runs, int done) {}

        @Override
        public void advanced(int ended, int failed, double work) {}
    };

    /** Does a study; returns the number of runs that failed. */
    private int perform(Path out, Study study) throws IOException, InterruptedException {
        try (SparkStudy there = SparkStudy.create(spark, out.toUri().toString(), study, false)) {
            return there.run("auto", false, SILENT);
        }
    }

    private static SparkStudy.Counts counts(Path out) throws IOException {
        try (SparkStudy there = SparkStudy.open(spark, out.toString())) {
            return there.counts();
        }
    }

    private Path export(Path out) throws IOException {
        Path folder = temp.resolve("export");
        try (SparkStudy there = SparkStudy.open(spark, out.toString())) {
            there.export(folder);
        }
        return folder;
    }

    /** The results of the same study by one process of the library, without Spark. */
    private byte[] oneProcess(Study study) throws IOException, InterruptedException {
        Path folder = temp.resolve("here");
        new StudyRunner(study, folder, List.of(), ExecutionSettings.defaults(), 1, StudyRunner.Shard.ALL)
                .run(StudyListener.NONE, () -> false);
        return Files.readAllBytes(folder.resolve("results.csv"));
    }

    private static void assertSame(byte[] expected, Path folder) throws IOException {
        assertEquals(
                new String(expected, StandardCharsets.UTF_8),
                Files.readString(folder.resolve("results.csv"), StandardCharsets.UTF_8));
    }

    private static List<Path> parquet(Path out) throws IOException {
        try (Stream<Path> all = Files.walk(out)) {
            return all.filter(file -> file.toString().endsWith(".parquet")).toList();
        }
    }

    /** The processes of the executors that are there. */
    private static Set<Long> executors() {
        return new TreeSet<>(JavaSparkContext.fromSparkContext(spark.sparkContext())
                .parallelize(List.of(0, 1, 2, 3, 4, 5, 6, 7), 8)
                .map(k -> {
                    Thread.sleep(50); // so that all executors get some
                    return ProcessHandle.current().pid();
                })
                .collect());
    }

    @Test
    void resultsAreThoseOfOneProcessAndGrowWithTheStudy() throws Exception {
        Path out = temp.resolve("out");
        assertEquals(0, perform(out, success(2)));
        assertEquals(4, counts(out).done());

        List<Integer> begun = new ArrayList<>();
        try (SparkStudy there = SparkStudy.create(spark, out.toString(), success(3), false)) {
            there.run("auto", true, new SparkStudy.Progress() {
                @Override
                public void begun(double work, int runs, int done) {
                    begun.addAll(List.of(runs, done));
                }

                @Override
                public void advanced(int ended, int failed, double work) {
                    begun.set(0, ended);
                }
            });
        }
        assertEquals(List.of(2, 4), begun, "only the new runs are done, and each is told");

        Path folder = export(out);
        assertSame(oneProcess(success(3)), folder);
        // Networks are kept for the runs of the second call only.
        int networks = 0;
        for (StudyRun run : success(3).runs()) {
            Path here = temp.resolve("here").resolve("runs").resolve(run.hash()).resolve("final.npz");
            Path exported = folder.resolve("runs").resolve(run.hash()).resolve("final.npz");
            assertTrue(Files.exists(here));
            if (Files.exists(exported)) {
                networks++;
                assertArrayEquals(Files.readAllBytes(here), Files.readAllBytes(exported));
            }
        }
        assertEquals(2, networks);
        // The folder goes on without Spark.
        StudyRunner.Outcome outcome = new StudyRunner(
                        success(4), folder, List.of(), ExecutionSettings.defaults(), 1, StudyRunner.Shard.ALL)
                .run(StudyListener.NONE, () -> false);
        assertEquals(8, outcome.done());

        try (SparkStudy there = SparkStudy.open(spark, out.toString())) {
            List<SparkStudy.Group> groups = there.summary(Criterion.DEFAULT);
            assertEquals(2, groups.size());
            assertEquals(3, groups.get(0).done());
            assertEquals(0, groups.get(0).passed(), "two epochs of 96 trials teach nothing");
            assertEquals(
                    3, there.summary(new Criterion(1e9, 1e9)).get(0).passed(), "with a bound that any output meets");
        }
    }

    @Test
    void killedExecutorsAndRunsThatAreDoneTwiceChangeNothing() throws Exception {
        Study study = trouble("wait", 0, 7, 3);
        Path out = temp.resolve("out");
        long executor = executors().iterator().next();
        // Two drivers at once; each does all runs.
        CompletableFuture<Integer> first = CompletableFuture.supplyAsync(() -> performed(out, study));
        CompletableFuture<Integer> second = CompletableFuture.supplyAsync(() -> performed(out, study));
        while (!Files.isDirectory(out.resolve("runs")) || parquet(out).isEmpty()) {
            assertFalse(
                    first.isCompletedExceptionally() || second.isCompletedExceptionally(), () -> first + ", " + second);
            Thread.sleep(20);
        }
        assertFalse(first.isDone() || second.isDone(), () -> "no run is left: " + first + ", " + second);
        assertTrue(ProcessHandle.of(executor).orElseThrow().destroyForcibly());
        assertEquals(0, first.get());
        assertEquals(0, second.get());
        long rows = spark.read()
                .option("recursiveFileLookup", true)
                .parquet(out.resolve("runs").toString())
                .count();
        assertTrue(rows > 8, rows + " rows of 8 runs, expected that some were done twice");
        assertEquals(
                new SparkStudy.Counts(
                        8, 0, 0, 0, counts(out).seconds(), counts(out).versions()),
                counts(out));
        assertSame(oneProcess(study), export(out));
    }

    private int performed(Path out, Study study) {
        try {
            return perform(out, study);
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aRunThatFailsIsARowAndIsTriedAgain() throws Exception {
        Path out = temp.resolve("out");
        assertEquals(1, perform(out, trouble("throw", 0, 3, 2)));
        SparkStudy.Counts counts = counts(out);
        assertEquals(3, counts.done());
        assertEquals(1, counts.failed());
        assertEquals(0, counts.toDo());
        String hash = trouble("throw", 0, 3, 2).runs().get(2).hash();
        try (SparkStudy there = SparkStudy.open(spark, out.toString())) {
            assertEquals(List.of(hash + " failed: trouble with seed 2"), there.reasons(5));
        }
        assertEquals(1, perform(out, trouble("throw", 0, 3, 2)), "it is tried again, alone");
        Path folder = export(out);
        assertEquals(
                Optional.of("trouble with seed 2"),
                Optional.ofNullable(StudyFolder.open(folder).reason(hash)));
        assertEquals(3, ResultTable.read(folder.resolve("results.csv")).count("run"));
        assertEquals(1, perform(temp.resolve("link"), trouble("link", 0, 1, 1)), "a class that isn't there");
        Path otherHash = temp.resolve("hash");
        assertEquals(1, perform(otherHash, trouble("hash", 0, 0, 9)));
        try (SparkStudy there = SparkStudy.open(spark, otherHash.toString())) {
            assertTrue(there.reasons(5).get(0).contains("another one in each process"), there.reasons(5)::toString);
        }
    }

    @Test
    void aRunThatEndsItsProcessFailsAloneAtTheEnd() throws Exception {
        Path out = temp.resolve("out");
        assertEquals(1, perform(out, trouble("halt", 0, 3, 1)));
        assertEquals(3, counts(out).done());
        try (SparkStudy there = SparkStudy.open(spark, out.toString())) {
            assertTrue(
                    there.reasons(5).get(0).contains("the executor ended 4 times while it did this run"),
                    there.reasons(5)::toString);
        }
    }

    @Test
    void othersFilesAndDamageAreNamed() throws Exception {
        Path out = temp.resolve("out");
        perform(out, success(1));
        IOException differs = assertThrows(
                IOException.class,
                () -> perform(
                        out,
                        Studies.success(
                                List.of("or"),
                                List.of(Recurrent.NORMAL),
                                new Studies.Networks(0, 1, training -> training))));
        assertTrue(
                differs.getMessage().contains(out + " holds a study with other settings: tasks"), differs.getMessage());

        // Of another version of these files.
        Path other = out.resolve("runs").resolve("other");
        spark.read()
                .option("recursiveFileLookup", true)
                .parquet(out.resolve("runs").toString())
                .withColumn(RunRow.FORMAT, functions.lit("attractor/spark-run/9"))
                .write()
                .parquet(other.toString());
        assertNames(out, "other/part-", "has rows of the format \"attractor/spark-run/9\", expected");
        delete(other);
        // Of something else.
        spark.createDataFrame(List.of(RowFactory.create(1L)), new StructType().add("run", DataTypes.LongType))
                .write()
                .parquet(other.toString());
        assertNames(out, "other/part-", "has rows of the format null, expected");
        delete(other);
        // Cut short.
        Path whole = parquet(out).get(0);
        Path cut = Files.createDirectory(other).resolve("part-0.parquet");
        Files.write(cut, java.util.Arrays.copyOf(Files.readAllBytes(whole), 300));
        assertNames(out, "part-0.parquet", "");
        delete(other);
        assertEquals(2, counts(out).done());

        // A broken line of the list is named, and the study's own command writes it again.
        Path list = out.resolve(StudyListFile.of(out));
        List<String> lines = new ArrayList<>(Files.readAllLines(list));
        lines.set(1, lines.get(1).substring(0, 20));
        Files.delete(list.resolveSibling("." + list.getFileName() + ".crc"));
        Files.write(list, lines);
        assertNames(out, list.getFileName() + ", line 2", "");
        assertEquals(0, perform(out, success(1)));
        assertEquals(2, counts(out).done());
    }

    /** Finds the name of the list. */
    private static final class StudyListFile {
        static String of(Path out) throws IOException {
            try (Stream<Path> files = Files.list(out)) {
                return files.map(file -> file.getFileName().toString())
                        .filter(name -> name.endsWith(".jsonl"))
                        .findFirst()
                        .orElseThrow();
            }
        }
    }

    private static void assertNames(Path out, String file, String what) {
        IOException e = assertThrows(IOException.class, () -> counts(out));
        assertTrue(
                e.getMessage().contains(file)
                        && e.getMessage().contains(what)
                        && e.getMessage().lines().count() == 1,
                e.getMessage());
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path file : all.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
        assertFalse(Files.exists(folder));
    }

    @Test
    void theCommandLine() throws Exception {
        String out = temp.resolve("out").toString();
        List<String> study = List.of(
                "success",
                "--tasks",
                "and",
                "--networks",
                "2",
                "--units",
                "5",
                "--samples",
                "64",
                "--epochs",
                "1",
                "--out",
                out);
        StringWriter said = new StringWriter();
        assertEquals(2, execute(said, "success", "--out", out, "--networks", "0"));
        assertTrue(said.toString().contains("networks is 0, expected 1 to"), said::toString);
        assertEquals(2, execute(new StringWriter(), "success", "--out", out, "--published", "x.csv"));
        assertEquals(
                1, execute(new StringWriter(), "status", temp.resolve("absent").toString()));
        assertEquals(0, execute(new StringWriter(), study.toArray(String[]::new)));
        StringWriter status = new StringWriter();
        assertEquals(0, execute(status, "status", out));
        assertTrue(
                status.toString().contains("study success, 4 runs: 4 done, 0 diverged, 0 failed, 0 to do"),
                status::toString);
        StringWriter summary = new StringWriter();
        assertEquals(0, execute(summary, "summary", out, "--threshold", "1e9", "--share-of-silent", "1e9"));
        assertTrue(
                summary.toString().lines().anyMatch(line -> line.matches(" +2 +0 +2 .*and normal, 5 units")),
                summary::toString);
        assertEquals(
                0,
                execute(new StringWriter(), "export", out, temp.resolve("dir").toString()));
        assertTrue(Files.exists(temp.resolve("dir").resolve("results.csv")));
    }

    /** Output and messages go to the same text. */
    private static int execute(StringWriter to, String... words) {
        PrintWriter writer = new PrintWriter(to);
        int code = Main.execute(words, writer, writer);
        writer.flush();
        return code;
    }
}
