package attractor.cli.terminal;

import attractor.io.Printable;
import attractor.study.GridCell;
import attractor.study.StudyFolder.Status;
import attractor.study.StudyListener;
import attractor.study.StudyRun;
import attractor.task.Tasks;
import attractor.train.TrainingConfig;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

/** Shows how a study goes: on a terminal a bar over its runs, elsewhere one line per run. Safe for several threads. */
public final class StudyProgress implements StudyListener {
    private final StatusLine line;
    private final LongSupplier nanoTime;
    private final TimeLeft timeLeft = new TimeLeft();
    private double toDo;
    private double advanced;
    private int runs;
    private int before;
    private int ended;

    /** Progress on the standard error, with a line that is redrawn if that is a terminal. */
    public StudyProgress(PrintWriter err, boolean terminal) {
        this(new StatusLine(err, terminal), System::nanoTime);
    }

    /** @param nanoTime the clock */
    StudyProgress(StatusLine line, LongSupplier nanoTime) {
        this.line = line;
        this.nanoTime = nanoTime;
    }

    @Override
    public synchronized void begun(double all, int runsToDo, int done) {
        toDo = all;
        runs = runsToDo + done;
        before = done;
        secondsLeft(); // the clock starts
        line.line(done + " of " + Printable.count(runs, "run") + (runs == 1 ? " is" : " are") + " finished");
    }

    @Override
    public synchronized void spared(double amount) {
        toDo -= amount;
    }

    @Override
    public synchronized void advanced(double amount) {
        advanced += amount;
        if (line.due()) {
            line.draw(
                    before + ended + " of " + Printable.count(runs, "run"),
                    advanced / toDo,
                    List.of(TimeLeft.words(secondsLeft())));
        }
    }

    private double secondsLeft() {
        return timeLeft.estimate(1e-9 * nanoTime.getAsLong(), advanced, toDo - advanced);
    }

    @Override
    public synchronized void ended(StudyRun run, Status status, String reason, double seconds) {
        ended++;
        boolean good = status == Status.DONE;
        if (line.terminal() && good) {
            return;
        }
        String text = describe(run) + (good ? "" : ": " + status.name().toLowerCase(Locale.ROOT) + ", " + reason);
        String left = TimeLeft.words(secondsLeft());
        line.line(String.format(Locale.ROOT, "%d of %d: %s, %.1f s", before + ended, runs, text, seconds)
                + (left.isEmpty() ? "" : ", " + left));
    }

    /** A run in words, with task options that differ from the task's defaults: some studies vary one. */
    private static String describe(StudyRun run) {
        TrainingConfig training = run.training();
        if (run.measurement() instanceof GridCell cell) {
            return cell.place().entrySet().stream()
                            .map(value -> value.getKey() + " " + value.getValue() + ", ")
                            .collect(Collectors.joining())
                    + "seed " + training.seed();
        }
        if (run.data().isPresent()) {
            return run.data().get().source() + " " + training.init().id() + ", "
                    + Printable.count(training.units(), "unit") + ", seed " + training.seed();
        }
        Map<String, Object> usual = Tasks.byName(training.task()).options().toMap();
        String options = training.taskOptions().entrySet().stream()
                .filter(option -> !option.getValue().equals(usual.get(option.getKey())))
                .map(option -> option.getKey() + " " + option.getValue() + ", ")
                .collect(Collectors.joining());
        return training.task() + " " + training.init().id() + ", " + options + Printable.count(training.units(), "unit")
                + ", seed " + training.seed();
    }

    /** Removes the status line. */
    public synchronized void clear() {
        line.clear();
    }
}
