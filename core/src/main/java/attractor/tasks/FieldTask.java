package attractor.tasks;

import attractor.task.TaskOptions;
import attractor.task.TaskOptions.Range;
import attractor.task.TimedTask;
import attractor.task.TrialPart;
import java.util.ArrayList;
import java.util.List;

/** What the tasks of this package have in common beyond other tasks. Immutable. */
abstract class FieldTask extends TimedTask {
    private static final double NOISE = 0.1;

    FieldTask(String name, int inputs, int outputs, List<String> types, TaskOptions options) {
        super(name, inputs, outputs, types, options);
    }

    /** The first options of every task: step, duration, and when the first stimulus begins. */
    static TaskOptions.Builder timing(String name, double durationMs, double onsetMs) {
        return timing(name, durationMs)
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
    public int defaultTrials() {
        return 10_000;
    }

    /** Adds a value to a channel of an array, T x channels, from one step on and before another. */
    static void add(double[] a, int channels, int channel, int from, int to, double value) {
        for (int t = from; t < to; t++) {
            a[t * channels + channel] += value;
        }
    }

    /** Adds to an input from one step on and before another. */
    final void input(double[] x, int input, int from, int to, double value) {
        add(x, inputs(), input, from, to, value);
    }

    /** A number that must be whole. */
    final int whole(String key, int least, int most) {
        return whole(name(), options(), key, least, most);
    }

    /** A number that must be whole, for what a constructor needs before it has a task. */
    static int whole(String name, TaskOptions options, String key, int least, int most) {
        double number = options.number(key);
        if (number != Math.rint(number) || number < least || number > most) {
            throw new IllegalArgumentException("task " + name + ": " + key + " " + TaskOptions.format(number)
                    + ", expected a whole number, " + least + " to " + most);
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
        checkFits(TaskOptions.STIMULUS_ONSET_MS, onset, response, needed, "");
    }

    /** First step of a response that comes a delay after the end of the stimulus, and must fit into the trial. */
    final int responseAfter(int onset, int stimulusSteps) {
        long response = (long) onset + stimulusSteps + options().steps(TaskOptions.DELAY_MS);
        checkFits(onset, response, 1);
        return (int) response;
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

    /** Checks that values of a list are all different. */
    final void checkDifferent(String key) {
        List<Double> list = options().list(key);
        if (list.isEmpty() || list.stream().distinct().count() != list.size()) {
            throw error(value(key) + ", expected at least one value, all different");
        }
    }

    /** The coherences of a task, checked: at least one, all different, each at most 1. */
    final List<Double> coherences(String key) {
        checkDifferent(key);
        List<Double> coherences = options().list(key);
        for (double c : coherences) {
            if (c > 1) {
                throw error(value(key) + ", expected each 0 to 1");
            }
        }
        return coherences;
    }

    /** The window of {@link HannWindow} as long as the smoothing. */
    final double[] hannWindow() {
        int length = options().steps(TaskOptions.SMOOTHING_MS);
        if (length == 2) {
            throw error(value(TaskOptions.SMOOTHING_MS)
                    + " is 2 steps, of which both weights are 0, expected 0 or at least 3 steps");
        }
        return HannWindow.of(length);
    }
}
