package attractor.study;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import attractor.engine.Adam;
import attractor.io.AtomicFiles;
import attractor.kernel.Kernels;
import attractor.study.StudyRunner.Outcome;
import attractor.study.StudyRunner.Shard;
import attractor.task.Tasks;
import attractor.train.ExecutionSettings;
import attractor.train.TrainingConfig;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/** What the tests of studies share. */
final class StudyFixtures {
    static final Measurement EVALUATION = new Evaluations(8, Map.of(Evaluations.TRAINED, Map.of()));

    private StudyFixtures() {}

    /** An AND of 20 steps on 5 units, 5 batches in each of 2 epochs. */
    static TrainingConfig.Builder tiny(long seed) {
        return TrainingConfig.builder(Tasks.byName(
                        "and", Map.of("durationMs", 20, "stimulusOnsetMs", 2, "stimulusMs", 4, "delayMs", 2)))
                .units(5)
                .samples(40)
                .batch(8)
                .epochs(2)
                .stopLoss(0)
                .evaluationTrials(8)
                .seed(seed);
    }

    /** Networks with seeds from 0 on. */
    static Study study(int runs) {
        return study(EVALUATION, runs);
    }

    static Study study(Measurement measurement, int runs) {
        return study(LongStream.range(0, runs)
                .mapToObj(seed -> new StudyRun(tiny(seed).build(), measurement))
                .toList());
    }

    static Study study(List<StudyRun> runs) {
        return new Study("success", Map.of("networks", (long) runs.size()), runs);
    }

    /** A training that leaves the numbers after its first step. */
    static StudyRun diverging(long seed) {
        return new StudyRun(
                tiny(seed)
                        .optimizer(new Adam.Options(1e300, 0, 0.9, 0.999, 1e-8))
                        .build(),
                EVALUATION);
    }

    static StudyRunner runner(Study study, Path directory, int workers, Shard shard, Path... trained) {
        return new StudyRunner(
                study,
                directory,
                List.of(trained),
                new ExecutionSettings(1, Kernels.get(), 1 << 26, 1 << 26),
                workers,
                shard);
    }

    static Outcome run(Study study, Path directory, StudyListener listener) throws IOException, InterruptedException {
        return run(study, directory, listener, () -> false);
    }

    static Outcome run(Study study, Path directory, StudyListener listener, BooleanSupplier stop)
            throws IOException, InterruptedException {
        return runner(study, directory, 1, Shard.ALL).run(listener, stop);
    }

    /** Keeps what it is told. Safe for several threads. */
    static final class Recorder implements StudyListener {
        int runs;
        int before;
        int untrained = -1;
        double toDo;
        double spared;
        double advanced;
        int advances;
        final Map<String, StudyFolder.Status> ended = new LinkedHashMap<>();
        final List<String> reasons = new ArrayList<>();

        @Override
        public synchronized void begun(double all, int toDoRuns, int done) {
            toDo = all;
            runs = toDoRuns;
            before = done;
        }

        @Override
        public synchronized void untrained(int count) {
            untrained = count;
        }

        @Override
        public synchronized void spared(double amount) {
            toDo -= amount;
            spared += amount;
        }

        @Override
        public synchronized void advanced(double amount) {
            advanced += amount;
            advances++;
        }

        @Override
        public synchronized void ended(StudyRun run, StudyFolder.Status status, String reason, double seconds) {
            if (ended.put(run.hash(), status) != null) {
                throw new AssertionError(run.hash() + " has ended twice");
            }
            if (reason != null) {
                reasons.add(reason);
            }
        }

        synchronized int advances() {
            return advances;
        }
    }

    static String text(Path file) throws IOException {
        return Files.readString(file, StandardCharsets.UTF_8);
    }

    /** That the tables, and all networks, have the same bytes. */
    static void assertSameStudy(Path expected, Path found, String message) throws IOException {
        assertEquals(text(expected.resolve("results.csv")), text(found.resolve("results.csv")), message);
        assertEquals(names(expected.resolve("runs")), names(found.resolve("runs")), message);
        for (String run : names(expected.resolve("runs"))) {
            Path a = expected.resolve("runs").resolve(run);
            Path b = found.resolve("runs").resolve(run);
            assertEquals(names(a), names(b), message + ", run " + run);
            for (String name : names(a)) {
                if (name.endsWith(".npz") && !name.equals("checkpoint.npz")) {
                    assertArrayEquals(
                            Files.readAllBytes(a.resolve(name)),
                            Files.readAllBytes(b.resolve(name)),
                            message + ": " + run + "/" + name);
                }
            }
        }
    }

    static List<String> names(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(f -> f.getFileName().toString()).sorted().toList();
        }
    }

    /** The files and folders of a study but for its list of runs and its index. */
    static List<String> parts(Path study) throws IOException {
        return names(study).stream()
                .filter(name -> !name.equals("index") && !name.matches("runs-[0-9a-f]{16}\\.jsonl"))
                .toList();
    }

    /** Deletes what only saves time. */
    static void removeIndex(Path study) throws IOException {
        AtomicFiles.deleteTree(study.resolve("index"));
    }

    /** The list of a study's runs. */
    static Path list(Path study) throws IOException {
        return study.resolve(names(study).stream()
                .filter(name -> name.matches("runs-[0-9a-f]{16}\\.jsonl"))
                .findFirst()
                .orElseThrow());
    }

    /** Runs that are done, failed, elsewhere and left. */
    static List<Integer> counts(Outcome outcome) {
        return List.of(outcome.done(), outcome.failed(), outcome.elsewhere(), outcome.left());
    }

    static List<String> hashes(Study study) {
        return study.runs().stream().map(StudyRun::hash).toList();
    }

    /** The texts in a column of a table. */
    static List<String> column(Path csv, String column) throws IOException {
        return ResultTable.read(csv).rows().stream().map(row -> row.get(column)).toList();
    }

    /** A file with these lines. */
    static Path lines(Path file, String... lines) throws IOException {
        return Files.write(file, Arrays.asList(lines));
    }
}
