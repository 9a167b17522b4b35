package attractor.spark;

import attractor.io.Json;
import attractor.kernel.Kernels;
import attractor.model.Initializers.Recurrent;
import attractor.study.RunResult;
import attractor.study.Studies;
import attractor.study.Study;
import attractor.study.StudyListener;
import attractor.study.StudyRun;
import attractor.task.Criterion;
import attractor.train.ExecutionSettings;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Measures how the studies on Spark scale: very many runs, of which two are done and the others get their results. Arguments: a folder, which
 * must be absent, and the number of runs. See bench/README.md.
 */
final class ManyRuns {
    private ManyRuns() {}

    private static Study study(int runs) {
        return Studies.success(
                List.of("and"),
                List.of(Recurrent.ORTHOGONAL, Recurrent.NORMAL),
                new Studies.Networks(
                        0, runs / 2, training -> training.units(5).samples(64).epochs(1)));
    }

    /** See above. */
    public static void main(String[] args) throws IOException, InterruptedException {
        int runs = Integer.parseInt(args[1]);
        Study study = study(runs);
        try (SparkSession spark = SparkSession.builder().appName("ManyRuns").getOrCreate()) {
            long began = System.nanoTime();
            SparkStudy there = SparkStudy.create(spark, args[0], study, false);
            began = told("list of runs", began);
            List<String> done = new ArrayList<>();
            for (StudyRun run : study.runs().subList(0, 2)) {
                done.add(Json.compact(run.perform(
                                new ExecutionSettings(1, Kernels.get(), 1 << 26, 1 << 26),
                                StudyListener.NONE,
                                () -> false)
                        .withFiles(Map.of())
                        .toJson()));
            }
            int parts = Math.max(2, runs / 20_000);
            there.add(new JavaSparkContext(spark.sparkContext())
                    .parallelize(IntStream.range(0, parts).boxed().toList(), parts)
                    .flatMap(part -> rows(runs, parts, part, done)));
            began = told("write", began);
            System.out.println(there.counts());
            began = told("status", began);
            int failed = there.run("auto", false, new SparkStudy.Progress() {
                @Override
                public void begun(double work, int toDo, int finished) {
                    System.out.println(toDo + " runs to do");
                }

                @Override
                public void advanced(int ended, int failed, double work) {}
            });
            began = told("resume, " + failed + " failed", began);
            there.summary(Criterion.DEFAULT).forEach(System.out::println);
            told("summary", began);
            there.close();
        }
    }

    private static Iterator<Row> rows(int runs, int parts, int part, List<String> done) throws IOException {
        List<StudyRun> all = study(runs).runs();
        List<Map<String, Object>> results = new ArrayList<>();
        for (String result : done) {
            results.add(Json.parseObject(result, "a result").asMap());
        }
        int from = (int) ((long) runs * part / parts);
        int to = (int) ((long) runs * (part + 1) / parts);
        return IntStream.range(from, to)
                .mapToObj(k -> {
                    Map<String, Object> result = new LinkedHashMap<>(results.get(k % 2));
                    StudyRun run = all.get(k);
                    result.put("run", run.hash());
                    result.putAll(run.toJson());
                    try {
                        RunResult made = RunRow.result(Json.compact(result), "made up");
                        return RunRow.of(Objects.requireNonNull(made), false);
                    } catch (IOException e) {
                        throw new IllegalStateException(e);
                    }
                })
                .iterator();
    }

    private static long told(String what, long began) {
        long now = System.nanoTime();
        long processor = ProcessHandle.current()
                .info()
                .totalCpuDuration()
                .orElse(Duration.ZERO)
                .toSeconds();
        System.out.printf(
                "%s: %.0f s, %d s of processor time since the start%n", what, 1e-9 * (now - began), processor);
        return now;
    }
}
