package attractor.cli;

import attractor.train.EpochSummary;
import attractor.train.TrainingConfig;
import attractor.train.TrainingListener;
import java.io.PrintWriter;
import java.util.Locale;

/**
 * Shows how one or several trainings go: a bar that is redrawn on a terminal, a line an epoch elsewhere. Safe for several threads.
 */
final class Progress {
    private static final int BAR = 24;
    private static final long REDRAW_NANOS = 100_000_000;

    private final PrintWriter err;
    private final boolean terminal;
    private final int runs;
    private final long began = System.nanoTime();
    private int runsDone;
    private long stepsToDo;
    private long steps;
    private long drawn;
    private int width;

    /**
     * @param terminal whether {@code err} is a terminal, where a line can be drawn over
     * @param runs number of trainings
     * @param stepsToDo optimiser steps of all of them together, at most
     */
    Progress(PrintWriter err, boolean terminal, int runs, long stepsToDo) {
        this.err = err;
        this.terminal = terminal;
        this.runs = runs;
        this.stepsToDo = stepsToDo;
    }

    /** The environment variable in which the launcher tells that the standard error is a terminal. */
    static boolean onTerminal() {
        return "1".equals(System.getenv("ATTRACTOR_TTY"));
    }

    /** What one of the trainings reports to. */
    TrainingListener listener(String name) {
        return new TrainingListener() {
            @Override
            public void begun(TrainingConfig config, int batches, int epochsDone, int batchesDone) {
                Progress.this.begun(name, batches, epochsDone, batchesDone);
            }

            @Override
            public void batchDone(int epoch, int epochs, int batch, int batches, double loss, double stepsPerSecond) {
                Progress.this.batchDone(epoch, epochs, batch, batches, loss, stepsPerSecond);
            }

            @Override
            public void epochDone(EpochSummary epoch, int epochs, boolean best) {
                Progress.this.epochDone(name, epoch, epochs);
            }
        };
    }

    private synchronized void begun(String name, int batches, int epochsDone, int batchesDone) {
        stepsToDo -= (long) batches * epochsDone + batchesDone;
        if (epochsDone > 0 || batchesDone > 0) {
            line(name + "goes on after epoch " + epochsDone + (batchesDone > 0 ? ", batch " + batchesDone : ""));
        }
    }

    private synchronized void batchDone(
            int epoch, int epochs, int batch, int batches, double loss, double stepsPerSecond) {
        steps++;
        long now = System.nanoTime();
        if (!terminal || now - drawn < REDRAW_NANOS) {
            return;
        }
        drawn = now;
        double rate = steps / ((now - began) / 1e9);
        String left = time((stepsToDo - steps) / rate);
        if (runs == 1) {
            draw(String.format(
                    Locale.ROOT,
                    "epoch %d/%d %s batch %d/%d  loss %.5f  %.0f steps/s  %s left",
                    epoch,
                    epochs,
                    bar((double) batch / batches),
                    batch,
                    batches,
                    loss,
                    stepsPerSecond,
                    left));
        } else {
            draw(String.format(
                    Locale.ROOT,
                    "%d of %d done %s %.0f steps/s  about %s left",
                    runsDone,
                    runs,
                    bar((double) steps / stepsToDo),
                    rate,
                    left));
        }
    }

    private synchronized void epochDone(String name, EpochSummary epoch, int epochs) {
        if (!terminal) {
            line(String.format(
                    Locale.ROOT,
                    "%sepoch %d/%d  loss %.5f  %.1f s",
                    name,
                    epoch.number(),
                    epochs,
                    epoch.loss(),
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
            line(message);
        }
    }

    /** Takes the bar away. */
    synchronized void clear() {
        if (width > 0) {
            err.print("\r" + " ".repeat(width) + "\r");
            err.flush();
            width = 0;
        }
    }

    private void line(String text) {
        clear();
        err.println(text);
        err.flush();
    }

    private void draw(String text) {
        err.print("\r" + text + " ".repeat(Math.max(0, width - text.length())));
        err.flush();
        width = text.length();
    }

    private static String bar(double share) {
        int full = (int) Math.round(BAR * Math.min(1, share));
        return "[" + "#".repeat(full) + "-".repeat(BAR - full) + "]";
    }

    private static String time(double seconds) {
        long s = Math.max(0, Math.round(seconds));
        return s >= 3600
                ? String.format(Locale.ROOT, "%d:%02d:%02d", s / 3600, s / 60 % 60, s % 60)
                : String.format(Locale.ROOT, "%d:%02d", s / 60, s % 60);
    }
}
