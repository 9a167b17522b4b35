package attractor.tasks;

import attractor.random.RandomStream;
import attractor.task.Task;
import attractor.task.TaskOptions;
import attractor.task.TaskOptions.Range;
import attractor.task.TrialPart;
import java.util.ArrayList;
import java.util.List;

/**
 * What the tasks of this package have in common: times in steps, a shift of the whole trial, noise on the inputs.
 * Immutable.
 */
abstract class FieldTask implements Task {
    private static final double NOISE = 0.1;

    private final String name;
    private final int inputs;
    private final int outputs;
    private final List<String> types;
    private final TaskOptions options;
    private final double dtMs;
    private final double noisePerStep;

    final int steps;
    final int jitterSteps;
    final double amplitude;

    FieldTask(String name, int inputs, int outputs, List<String> types, TaskOptions options) {
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

    /** The first options of every task: step, duration, and when the first stimulus begins. */
    static TaskOptions.Builder timing(String name, double durationMs, double onsetMs) {
        return TaskOptions.builder(name)
                .number(TaskOptions.DT_MS, 1, Range.POSITIVE, "duration of a step, ms")
                .number(TaskOptions.DURATION_MS, durationMs, Range.POSITIVE, "duration of a trial, ms")
                .number(
                        TaskOptions.STIMULUS_ONSET_MS,
                        onsetMs,
                        Range.NON_NEGATIVE,
                        "when the first stimulus begins, ms");
    }

    /** The last options of every task: jitter, height and noise, the usual ones. */
    static TaskOptions.Builder rest(TaskOptions.Builder builder) {
        return rest(builder, 0, NOISE);
    }

    /** The last options of every task: jitter, height and noise. */
    static TaskOptions.Builder rest(TaskOptions.Builder builder, double jitterMs, double noiseSd) {
        return builder.noise(
                        TaskOptions.ONSET_JITTER_MS, jitterMs, "the trial shifts by up to this, each trial anew, ms")
                .number(TaskOptions.AMPLITUDE, 1, Range.ANY, "height of a stimulus")
                .noise(TaskOptions.NOISE_SD, noiseSd, "sd of the inputs' noise at 1 ms steps; times sqrt(1 ms / dt)");
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
    public final List<String> warnings() {
        return options.offTheGrid();
    }

    @Override
    public int defaultTrials() {
        return 10_000;
    }

    @Override
    public final String toString() {
        return name + " " + options;
    }

    /** A standard deviation at steps of 1 ms at this task's steps. */
    final double perStep(double sd) {
        return sd * Math.sqrt(1 / dtMs);
    }

    /** Steps by which this trial is shifted, -jitter to jitter, all equally likely. */
    final int shift(RandomStream random) {
        return random.nextInt(2 * jitterSteps + 1) - jitterSteps;
    }

    /** Adds a value to a channel of an array, T x channels, from one step on and before another. */
    static void add(double[] a, int channels, int channel, int from, int to, double value) {
        for (int t = from; t < to; t++) {
            a[t * channels + channel] += value;
        }
    }

    /** Adds to an input from one step on and before another. */
    final void input(double[] x, int input, int from, int to, double value) {
        add(x, inputs, input, from, to, value);
    }

    /** Adds the inputs' noise. */
    final void noise(RandomStream random, double[] x) {
        random.addGaussian(x, 0, steps * inputs, noisePerStep);
    }

    /** A time that is at least one step. */
    final int atLeastOneStep(String key) {
        int found = options.steps(key);
        if (found < 1) {
            throw error(
                    value(key) + " is " + found + " steps of " + TaskOptions.format(dtMs) + " ms, expected at least 1");
        }
        return found;
    }

    /** A number that must be whole. */
    final int whole(String key, int least, int most) {
        double number = options.number(key);
        if (number != Math.rint(number) || number < least || number > most) {
            throw error(value(key) + ", expected a whole number, " + least + " to " + most);
        }
        return (int) number;
    }

    /**
     * Refuses a trial that doesn't fit at its largest shift.
     *
     * @param onset first step of the first stimulus in an unshifted trial
     * @param response first step of the response
     * @param needed steps that the response needs at least
     */
    final void checkFits(int onset, long response, int needed) {
        if (onset < jitterSteps) {
            throw error("the stimulus may begin at step " + (onset - jitterSteps) + " ("
                    + value(TaskOptions.STIMULUS_ONSET_MS) + " - " + value(TaskOptions.ONSET_JITTER_MS)
                    + "), expected 0 or later");
        }
        long end = response + needed + jitterSteps;
        if (end > steps) {
            throw error("the response takes steps " + (response + jitterSteps) + " to " + (end - 1)
                    + " at least, expected to end before step " + steps + " (" + value(TaskOptions.DURATION_MS) + ")");
        }
    }

    final IllegalArgumentException error(String what) {
        return new IllegalArgumentException("task " + name + ": " + what);
    }

    /** Key and value in a message. */
    final String value(String key) {
        return key + " " + (options.isList(key) ? numbers(key) : TaskOptions.format(options.number(key)));
    }

    /** The numbers of a list in words. */
    final String numbers(String key) {
        return String.join(
                ", ", options.list(key).stream().map(TaskOptions::format).toList());
    }

    /** A time in words, such as "20 ms". */
    final String ms(String key) {
        return TaskOptions.format(options.number(key)) + " ms";
    }

    /** What the options of every task say, in words. */
    final String closingWords() {
        String jitter = jitterSteps == 0
                ? ""
                : " Everything shifts by up to " + ms(TaskOptions.ONSET_JITTER_MS) + " from trial to trial.";
        return "A trial lasts " + ms(TaskOptions.DURATION_MS) + "." + jitter + " Noise of sd "
                + TaskOptions.format(options.number(TaskOptions.NOISE_SD)) + " on every input.";
    }

    /** The parts of a trial: before, stimulus, gap and response, as far as there are such. */
    final List<TrialPart> parts(int onset, int stimulusEnd, int response) {
        List<TrialPart> parts = new ArrayList<>();
        addPart(parts, TrialPart.BEFORE, 0, Math.min(onset, response));
        addPart(parts, TrialPart.STIMULUS, onset, Math.min(stimulusEnd, response));
        addPart(parts, TrialPart.GAP, stimulusEnd, response);
        addPart(parts, TrialPart.RESPONSE, response, steps);
        return List.copyOf(parts);
    }

    private static void addPart(List<TrialPart> parts, String name, int from, int to) {
        if (to > from) {
            parts.add(new TrialPart(name, from, to));
        }
    }

    /** Checks that values of a list are all different. */
    final void checkDifferent(String key) {
        List<Double> list = options.list(key);
        if (list.isEmpty() || list.stream().distinct().count() != list.size()) {
            throw error(value(key) + ", expected at least one value, all different");
        }
    }
}
