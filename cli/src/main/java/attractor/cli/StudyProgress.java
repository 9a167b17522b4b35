package attractor.cli;

import attractor.study.StudyFolder.Status;
import attractor.study.StudyListener;
import attractor.study.StudyRun;
import java.io.PrintWriter;
import java.util.Locale;

/** Shows how a study goes: a bar over its runs on a terminal, and a line a run elsewhere. Safe for several threads. */
final class StudyProgress implements StudyListener {
    private final StatusLine line;
    private final long began = System.nanoTime();
    private double toDo;
    private double advanced;
    private int runs;
    private int before;
    private int ended;

    StudyProgress(PrintWriter err, boolean terminal) {
        line = new StatusLine(err, terminal);
    }

    @Override
    public synchronized void begun(double all, int runsToDo, int done) {
        toDo = all;
        runs = runsToDo + done;
        before = done;
        line.line(done + " of " + runs + " runs are finished");
    }

    @Override
    public synchronized void advanced(double amount) {
        advanced += amount;
        if (line.due()) {
            line.draw(String.format(
                    Locale.ROOT, "%d of %d runs %s %s", before + ended, runs, StatusLine.bar(advanced / toDo), left()));
        }
    }

    private String left() {
        double seconds = 1e-9 * (System.nanoTime() - began);
        // Nothing is known until something is done.
        return advanced > 0
                ? "about " + StatusLine.time(seconds * Math.max(0, toDo - advanced) / advanced) + " left"
                : "time left unknown";
    }

    @Override
    public synchronized void ended(StudyRun run, Status status, String reason, double seconds) {
        ended++;
        boolean good = status == Status.DONE;
        if (line.terminal() && good) {
            return;
        }
        String text = describe(run) + (good ? "" : ": " + status.name().toLowerCase(Locale.ROOT) + ", " + reason);
        line.line(String.format(Locale.ROOT, "%d of %d: %s, %.1f s, %s", before + ended, runs, text, seconds, left()));
    }

    private static String describe(StudyRun run) {
        return run.training().task() + " " + run.training().init().id() + ", "
                + run.training().units() + " units, seed " + run.training().seed();
    }

    synchronized void clear() {
        line.clear();
    }
}
