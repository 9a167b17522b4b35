package attractor.cli.terminal;

import attractor.train.EpochSummary;
import attractor.train.TrainingConfig;
import attractor.train.TrainingListener;
import attractor.train.TrainingStep;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.function.LongSupplier;

/**
 * Shows the progress of one or several trainings: a bar that is redrawn on a terminal, otherwise one line per epoch.
 * Safe for several threads.
 */
public final class Progress {
    private final StatusLine status;
    private final int runs;
    private final TimeLeft timeLeft = new TimeLeft();
    private final LongSupplier nanoTime;
    private final long began;
    private int runsDone;
    private long stepsToDo;
    private long steps;

    /**
     * @param terminal whether {@code err} is a terminal, where a line can be drawn over
     * @param runs number of trainings
     * @param stepsToDo largest number of optimiser steps of all trainings together
     */
    public Progress(PrintWriter err, boolean terminal, int runs, long stepsToDo) {
        this(new StatusLine(err, terminal), System::nanoTime, runs, stepsToDo);
    }

    /** @param nanoTime the clock */
    Progress(StatusLine status, LongSupplier nanoTime, int runs, long stepsToDo) {
        this.status = status;
        this.nanoTime = nanoTime;
        began = nanoTime.getAsLong();
        this.runs = runs;
        this.stepsToDo = stepsToDo;
    }

    /** What one of the trainings reports to. */
    public TrainingListener listener(String name) {
        return new TrainingListener() {
            @Override
            public void begun(TrainingConfig config, int batches, int epochsDone, int batchesDone) {
                Progress.this.begun(name, batches, epochsDone, batchesDone);
            }

            @Override
            public void batchDone(TrainingStep step) {
                Progress.this.batchDone(step);
            }

            @Override
            public void epochDone(EpochSummary epoch, TrainingStep last, boolean best) {
                Progress.this.epochDone(name, epoch, last.epochs());
            }
        };
    }

    private synchronized void begun(String name, int batches, int epochsDone, int batchesDone) {
        stepsToDo -= (long) batches * epochsDone + batchesDone;
        if (epochsDone > 0 || batchesDone > 0) {
            status.line(name + "goes on after epoch " + epochsDone + (batchesDone > 0 ? ", batch " + batchesDone : ""));
        }
    }

    private synchronized void batchDone(TrainingStep step) {
        steps++;
        if (!status.due()) {
            return;
        }
        double seconds = 1e-9 * (nanoTime.getAsLong() - began);
        String left = TimeLeft.words(timeLeft.estimate(seconds, (double) steps, (double) (stepsToDo - steps)));
        if (runs == 1) {
            status.draw(
                    "epoch " + step.epoch() + "/" + step.epochs(),
                    (double) step.batch() / step.batches(),
                    List.of(
                            String.format(Locale.ROOT, "loss %.5f", step.meanLoss()),
                            left,
                            "batch " + step.batch() + "/" + step.batches(),
                            String.format(Locale.ROOT, "%.0f steps/s", step.stepsPerSecond())));
        } else {
            status.draw(
                    runsDone + " of " + runs + " done",
                    (double) steps / stepsToDo,
                    List.of(left, String.format(Locale.ROOT, "%.0f steps/s", (double) steps / seconds)));
        }
    }

    private synchronized void epochDone(String name, EpochSummary epoch, int epochs) {
        if (!status.terminal()) {
            status.line(String.format(
                    Locale.ROOT,
                    "%sepoch %d/%d  loss %.5f  %s%.1f s",
                    name,
                    epoch.number(),
                    epochs,
                    epoch.loss(),
                    Double.isNaN(epoch.validationLoss())
                            ? ""
                            : String.format(Locale.ROOT, "validation %.5f  ", epoch.validationLoss()),
                    epoch.seconds()));
        }
    }

    /**
     * Reports that one training has ended.
     *
     * @param stepsSpared steps that it did not need
     */
    public synchronized void done(String message, long stepsSpared) {
        runsDone++;
        stepsToDo -= stepsSpared;
        if (message != null) {
            status.line(message);
        }
    }

    /** Removes the bar. */
    public synchronized void clear() {
        status.clear();
    }
}
