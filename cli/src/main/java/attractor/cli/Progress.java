package attractor.cli;

import attractor.train.EpochSummary;
import attractor.train.TrainingConfig;
import attractor.train.TrainingListener;
import attractor.train.TrainingStep;
import java.io.PrintWriter;
import java.util.Locale;

/**
 * Shows how one or several trainings go: a bar that is redrawn on a terminal, a line an epoch elsewhere. Safe for several threads.
 */
final class Progress {
    private final StatusLine status;
    private final int runs;
    private final long began = System.nanoTime();
    private int runsDone;
    private long stepsToDo;
    private long steps;

    /**
     * @param terminal whether {@code err} is a terminal, where a line can be drawn over
     * @param runs number of trainings
     * @param stepsToDo optimiser steps of all of them together, at most
     */
    Progress(PrintWriter err, boolean terminal, int runs, long stepsToDo) {
        status = new StatusLine(err, terminal);
        this.runs = runs;
        this.stepsToDo = stepsToDo;
    }

    /** What one of the trainings reports to. */
    TrainingListener listener(String name) {
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
        double rate = steps / ((System.nanoTime() - began) / 1e9);
        String left = StatusLine.time((stepsToDo - steps) / rate);
        if (runs == 1) {
            status.draw(String.format(
                    Locale.ROOT,
                    "epoch %d/%d %s batch %d/%d  loss %.5f  %.0f steps/s  %s left",
                    step.epoch(),
                    step.epochs(),
                    StatusLine.bar((double) step.batch() / step.batches()),
                    step.batch(),
                    step.batches(),
                    step.meanLoss(),
                    step.stepsPerSecond(),
                    left));
        } else {
            status.draw(String.format(
                    Locale.ROOT,
                    "%d of %d done %s %.0f steps/s  about %s left",
                    runsDone,
                    runs,
                    StatusLine.bar((double) steps / stepsToDo),
                    rate,
                    left));
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
     * One training has ended.
     *
     * @param stepsSpared steps that it did not need
     */
    synchronized void done(String message, long stepsSpared) {
        runsDone++;
        stepsToDo -= stepsSpared;
        if (message != null) {
            status.line(message);
        }
    }

    /** Takes the bar away. */
    synchronized void clear() {
        status.clear();
    }
}
