package attractor.cli.terminal;

import attractor.io.Printable;
import attractor.model.Precision;
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
    private static final int LINE_SECONDS = 30;

    private final StatusLine line;
    private final LongSupplier nanoTime;
    private final TimeLeft timeLeft = new TimeLeft();
    private double toDo;
    private double advanced;
    private int runs;
    private int before;
    private int ended;
    /** When the last line about several runs was written. */
    private long told;

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
        ended = 0;
        advanced = 0;
        secondsLeft(); // the clock starts
        told = nanoTime.getAsLong();
        line.line(done + " of " + Printable.count(runs, "run") + (runs == 1 ? " is" : " are") + " finished");
    }

    @Override
    public synchronized void untrained(int count) {
        if (count > 0) {
            line.line(Printable.count(count, "run") + (count == 1 ? " finds" : " find")
                    + " no network of the same training in the folders of --trained, and will train "
                    + (count == 1 ? "it" : "them"));
        }
    }

    @Override
    public synchronized void broken(String found) {
        line.line(found);
    }

    @Override
    public synchronized void spared(double amount) {
        toDo -= amount;
    }

    @Override
    public synchronized void advanced(double amount) {
        advanced(amount, "");
    }

    private void advanced(double amount, String more) {
        advanced += amount;
        if (line.due()) {
            line.draw(
                    before + ended + " of " + Printable.count(runs, "run"),
                    advanced / toDo,
                    List.of(TimeLeft.words(secondsLeft()), more));
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
        String size = Printable.count(training.units(), "unit")
                + (training.precision() == Precision.FLOAT ? ", float" : "")
                + ", seed " + training.seed();
        if (run.measurement() instanceof GridCell cell) {
            return cell.place().entrySet().stream()
                            .map(value -> value.getKey() + " " + value.getValue() + ", ")
                            .collect(Collectors.joining())
                    + "seed " + training.seed();
        }
        if (run.data().isPresent()) {
            return run.data().get().source() + " " + training.init().id() + ", " + size;
        }
        Map<String, Object> usual = Tasks.byName(training.task()).options().toMap();
        String options = training.taskOptions().entrySet().stream()
                .filter(option -> !option.getValue().equals(usual.get(option.getKey())))
                .map(option -> option.getKey() + " " + option.getValue() + ", ")
                .collect(Collectors.joining());
        return training.task() + " " + training.init().id() + ", " + options + size;
    }

    /**
     * Shows how runs go that are done elsewhere, of which only numbers are known: on a terminal the bar, elsewhere a line at most every
     * {@value #LINE_SECONDS} s.
     *
     * @param number how many have ended since the work began
     * @param failed how many of them failed
     * @param work their work, in the unit of {@link #begun}
     */
    public synchronized void ended(int number, int failed, double work) {
        ended = number;
        String failures = failed == 0 ? "" : failed + " failed";
        advanced(Math.max(0, work - advanced), failures);
        long now = nanoTime.getAsLong();
        if (!line.terminal() && now - told >= LINE_SECONDS * 1_000_000_000L) {
            told = now;
            String left = TimeLeft.words(secondsLeft());
            line.line(before + ended + " of " + Printable.count(runs, "run")
                    + (failures.isEmpty() ? "" : ", " + failures)
                    + (left.isEmpty() ? "" : ", " + left));
        }
    }

    /** Removes the status line. */
    public synchronized void clear() {
        line.clear();
    }
}
