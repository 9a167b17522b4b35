package attractor.task;

import attractor.io.Printable;
import attractor.random.RandomStream;
import attractor.task.TaskOptions.Range;
import java.util.List;

/**
 * A task whose trials are made from options: times in steps, a shift of the whole trial, stimuli of a height, noise on the
 * inputs. The library's tasks extend it, and a task of your own can. Its options are those of {@link #timing}, and {@link
 * TaskOptions#ONSET_JITTER_MS}, {@link TaskOptions#AMPLITUDE} and {@link TaskOptions#NOISE_SD}, beside its own. Immutable, safe for any
 * thread.
 */
public abstract class TimedTask implements Task {
    private final String name;
    private final int inputs;
    private final int outputs;
    private final List<String> types;
    private final TaskOptions options;
    private final double dtMs;
    private final double noisePerStep;

    /** Steps of a trial. */
    protected final int steps;

    /** Steps by which a trial is shifted at most. */
    protected final int jitterSteps;

    /** Height of a stimulus. */
    protected final double amplitude;

    /**
     * A task.
     *
     * @param types names of the types of trial
     * @throws IllegalArgumentException if a trial is shorter than a step
     */
    protected TimedTask(String name, int inputs, int outputs, List<String> types, TaskOptions options) {
        this.name = name;
        this.inputs = inputs;
        this.outputs = outputs;
        this.types = List.copyOf(types);
        this.options = options;
        dtMs = options.number(TaskOptions.DT_MS);
        steps = atLeastOneStep(TaskOptions.DURATION_MS);
        jitterSteps = options.steps(TaskOptions.ONSET_JITTER_MS);
        amplitude = options.number(TaskOptions.AMPLITUDE);
        noisePerStep = perStep(options.number(TaskOptions.NOISE_SD));
    }

    /** The first options of every task: the step and the trial's duration. */
    protected static TaskOptions.Builder timing(String name, double durationMs) {
        return TaskOptions.builder(name)
                .number(TaskOptions.DT_MS, 1, Range.POSITIVE, "duration of a step, ms")
                .number(TaskOptions.DURATION_MS, durationMs, Range.POSITIVE, "duration of a trial, ms");
    }

    @Override
    public final String name() {
        return name;
    }

    @Override
    public final int inputs() {
        return inputs;
    }

    @Override
    public final int outputs() {
        return outputs;
    }

    @Override
    public final int steps() {
        return steps;
    }

    @Override
    public final double dtMs() {
        return dtMs;
    }

    @Override
    public final List<String> types() {
        return types;
    }

    @Override
    public final TaskOptions options() {
        return options;
    }

    @Override
    public List<String> warnings() {
        return options.offTheGrid();
    }

    @Override
    public final String toString() {
        return name + " " + options;
    }

    /** A standard deviation at steps of 1 ms at this task's steps. */
    protected final double perStep(double sd) {
        return sd * Math.sqrt(1 / dtMs);
    }

    /**
     * Steps by which this trial is shifted: -jitter to jitter, all equally likely. Draws a number even if there is only
     * one choice.
     */
    protected final int shift(RandomStream random) {
        return random.nextInt(2 * jitterSteps + 1) - jitterSteps;
    }

    /**
     * Adds the inputs' noise.
     *
     * @param x T x I. Modified.
     */
    protected final void noise(RandomStream random, double[] x) {
        random.addGaussian(x, 0, steps * inputs, noisePerStep);
    }

    /**
     * A time in steps.
     *
     * @param key of a time in ms
     * @throws IllegalArgumentException if it is less than one step
     */
    protected final int atLeastOneStep(String key) {
        int found = options.steps(key);
        if (found < 1) {
            throw error(value(key) + " is " + Printable.count(found, "step") + " of " + ms(TaskOptions.DT_MS)
                    + ", expected at least 1");
        }
        return found;
    }

    /**
     * Refuses a trial that doesn't fit at its largest shift.
     *
     * @param onsetKey key of the onset
     * @param onset first step of the first stimulus in an unshifted trial
     * @param response first step of the response
     * @param needed steps that the response needs at least
     * @param from from what the response's first step follows, in a message; may be empty
     * @throws IllegalArgumentException if it begins before the trial, or ends after it
     */
    protected final void checkFits(String onsetKey, int onset, long response, int needed, String from) {
        if (onset < jitterSteps) {
            throw error("the stimulus may begin at step " + (onset - jitterSteps) + " (" + value(onsetKey) + " - "
                    + value(TaskOptions.ONSET_JITTER_MS) + "), expected 0 or later");
        }
        long end = response + needed + jitterSteps;
        if (end > steps) {
            throw error("the response takes steps " + (response + jitterSteps) + " to " + (end - 1) + " at least"
                    + (from.isEmpty() ? "" : " (" + from + ")") + ", expected to end before step " + steps + " ("
                    + value(TaskOptions.DURATION_MS) + ")");
        }
    }

    /** An error that names the task. */
    protected final IllegalArgumentException error(String what) {
        return new IllegalArgumentException("task " + name + ": " + what);
    }

    /** Key and value in a message, a list in brackets. */
    protected final String value(String key) {
        return key + " " + (options.isList(key) ? "[" + numbers(key) + "]" : TaskOptions.format(options.number(key)));
    }

    /** The numbers of a list in words. */
    protected final String numbers(String key) {
        return String.join(
                ", ", options.list(key).stream().map(TaskOptions::format).toList());
    }

    /** A time in words, such as "20 ms". */
    protected final String ms(String key) {
        return TaskOptions.format(options.number(key)) + " ms";
    }

    /** Duration, jitter and noise in words. */
    protected final String closingWords() {
        String jitter = jitterSteps == 0
                ? ""
                : " Everything shifts by up to " + ms(TaskOptions.ONSET_JITTER_MS) + " from trial to trial.";
        return "A trial lasts " + ms(TaskOptions.DURATION_MS) + "." + jitter + " Noise of sd "
                + TaskOptions.format(options.number(TaskOptions.NOISE_SD)) + " on every input.";
    }

    /** Appends a part unless it is empty. */
    protected static void addPart(List<TrialPart> parts, String name, int from, int to) {
        if (to > from) {
            parts.add(new TrialPart(name, from, to));
        }
    }
}
