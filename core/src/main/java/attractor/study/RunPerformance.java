package attractor.study;

import attractor.study.StudyFolder.Status;
import attractor.task.Task;
import attractor.train.DivergedException;
import attractor.train.EpochSummary;
import attractor.train.ExecutionSettings;
import attractor.train.TrainingConfig;
import attractor.train.TrainingData;
import attractor.train.TrainingListener;
import attractor.train.TrainingStep;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Trains and measures one run, wherever its files are; the same for every way in which studies are done. Belongs to one thread. */
final class RunPerformance {
    /** Where the network comes from. */
    @FunctionalInterface
    interface Training {
        /** Trains, or reads what was trained; null if it was stopped. */
        Trained train(TrainingListener listener) throws IOException;
    }

    private final StudyRun run;
    private final ExecutionSettings settings;
    private final StudyListener listener;
    /** Work that hasn't been reported yet. */
    private double open;

    /** @param work the run's whole work, in the listener's unit */
    RunPerformance(StudyRun run, ExecutionSettings settings, StudyListener listener, double work) {
        this.run = run;
        this.settings = settings;
        this.listener = listener;
        this.open = work;
    }

    /**
     * Trains and measures.
     *
     * @return the result, without files; with status WAITING if the training was stopped
     */
    RunResult perform(Training training) throws IOException {
        TrainingConfig config = run.training();
        Task task = run.task();
        MeasuredRows tables = new MeasuredRows();
        Map<String, Object> summary = new LinkedHashMap<>();
        Status status = Status.DONE;
        String reason = null;
        double seconds = 0;
        long began = System.nanoTime();
        try {
            Trained trained = training.train(progress());
            if (trained == null) {
                return RunResult.stopped(run);
            }
            summarize(trained.history(), config, summary);
            seconds = trained.seconds();
            began = System.nanoTime();
            run.measurement()
                    .measure(
                            new TrainedNetwork(
                                    config,
                                    task,
                                    config.initialNetwork(task.inputs(), task.outputs()),
                                    trained.network(),
                                    run.data().map(TrainingData::evaluation)),
                            settings.kernels(),
                            tables);
        } catch (DivergedException e) {
            status = Status.DIVERGED;
            reason = reason(e);
            run.measurement().diverged(task, tables);
        }
        summary.put("seconds", seconds + 1e-9 * (System.nanoTime() - began));
        return RunResult.finished(run, status, reason, summary, tables.asMap());
    }

    /** Tells the listener of the work that is left: the run has ended. */
    void ended() {
        listener.advanced(open);
    }

    private TrainingListener progress() {
        return new TrainingListener() {
            private double step;

            @Override
            public void begun(TrainingConfig config, int batches, int epochsDone, int batchesDone) {
                double all = (double) batches * config.epochs();
                step = run.cost() / all;
                double before = step * ((double) batches * epochsDone + batchesDone);
                open -= before;
                listener.spared(before);
            }

            @Override
            public void batchDone(TrainingStep done) {
                open -= step;
                listener.advanced(step);
            }
        };
    }

    private static void summarize(List<EpochSummary> history, TrainingConfig config, Map<String, Object> summary) {
        EpochSummary best = EpochSummary.best(history);
        summary.put("epochsDone", (long) history.size());
        summary.put("steps", (long) config.batches() * history.size());
        summary.put("loss", history.get(history.size() - 1).loss());
        summary.put("bestEpoch", (long) best.number());
        summary.put("bestLoss", best.loss());
    }

    /**
     * The reason in one line. Messages of other exceptions than these, such as only a path, don't say what happened.
     */
    static String reason(Throwable e) {
        boolean telling = e.getMessage() != null
                && !e.getMessage().isBlank()
                && (e instanceof IllegalArgumentException
                        || e instanceof IllegalStateException
                        || (e instanceof IOException && !(e instanceof FileSystemException)));
        return (telling ? e.getMessage() : e.toString()).lines().findFirst().orElse("");
    }
}
