package attractor.spark;

import attractor.cli.option.PlaceOptions;
import attractor.io.FormatException;
import attractor.study.RunResult;
import attractor.study.StudyFolder.Status;
import attractor.study.StudyListener;
import attractor.study.StudyRun;
import attractor.task.Trials;
import attractor.train.ExecutionSettings;
import java.util.Iterator;
import org.apache.spark.SparkEnv;
import org.apache.spark.TaskContext;
import org.apache.spark.TaskKilledException;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.Row;
import org.apache.spark.util.DoubleAccumulator;
import org.apache.spark.util.LongAccumulator;

/** Does the runs of a task, on an executor. Immutable but for the counters, which Spark sends back; safe for any thread. */
final class RunTask implements FlatMapFunction<Iterator<RunTask.Item>, Row> {
    private static final long serialVersionUID = 1L;

    /**
     * A run to do.
     *
     * @param run its description, as JSON
     * @param cost estimate of its work
     */
    record Item(String hash, String run, double cost) implements java.io.Serializable {}

    private final String kernels;
    private final boolean files;
    private final Counters counters;

    /** How the runs of all executors go, for the driver. Safe for any thread. */
    static final class Counters implements java.io.Serializable {
        private static final long serialVersionUID = 1L;

        final LongAccumulator finished = new LongAccumulator();
        final LongAccumulator failed = new LongAccumulator();
        final DoubleAccumulator work = new DoubleAccumulator();
    }

    /**
     * @param kernels which kernels, such as {@code auto}
     * @param files whether the networks are kept
     */
    RunTask(String kernels, boolean files, Counters counters) {
        this.kernels = kernels;
        this.files = files;
        this.counters = counters;
    }

    @Override
    public Iterator<Row> call(Iterator<Item> items) {
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return items.hasNext();
            }

            @Override
            public Row next() {
                return row(items.next());
            }
        };
    }

    private Row row(Item item) {
        TaskContext task = TaskContext.get();
        RunResult result;
        try {
            StudyRun run = RunRow.run(item.run);
            if (!run.hash().equals(item.hash)) {
                throw new FormatException(
                        "the run has the hash " + run.hash() + " on an executor, expected " + item.hash
                                + " as on the driver; the JSON of a task or a measurement is another one in each process");
            }
            result = run.perform(settings(task), StudyListener.NONE, task::isInterrupted);
        } catch (FormatException | IllegalArgumentException | LinkageError e) {
            // The executors lack a task or a measurement that the driver has, or kernels.
            count(item, true);
            return RunRow.failed(item.hash, e.getMessage() == null ? e.toString() : e.getMessage());
        }
        if (result.status() == Status.WAITING) {
            throw new TaskKilledException("the run was stopped");
        }
        count(item, result.status() == Status.FAILED);
        return RunRow.of(result, files);
    }

    private void count(Item item, boolean failed) {
        (failed ? counters.failed : counters.finished).add(1L);
        counters.work.add(1 + item.cost);
    }

    /** An executor does several tasks at once, each with its share of threads and memory. */
    private ExecutionSettings settings(TaskContext task) {
        Runtime machine = Runtime.getRuntime();
        int cores = SparkEnv.get().conf().getInt("spark.executor.cores", machine.availableProcessors());
        int slots = Math.max(1, cores / task.cpus());
        return new ExecutionSettings(
                        1,
                        PlaceOptions.kernels(kernels),
                        machine.maxMemory() / 4,
                        Math.min(slots * Trials.DEFAULT_BUDGET, machine.maxMemory() / 2))
                .share(slots)
                .withThreads(task.cpus());
    }
}
