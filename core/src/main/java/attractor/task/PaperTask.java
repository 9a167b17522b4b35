package attractor.task;

import attractor.io.Printable;
import attractor.random.RandomStream;
import attractor.task.TaskOptions.Range;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What the paper's tasks have in common beyond other tasks: one output, the shape of a stimulus, the target's level. Immutable. */
abstract class PaperTask extends TimedTask {

    private final double targetNoise;
    private final double baseline;
    private final double targetAmplitude;

    final int stimulusSteps;
    final int delaySteps;

    /** The stimulus without its amplitude, stimulusSteps long, peak 1. Never written to. */
    final double[] shape;

    PaperTask(String name, int inputs, List<String> types, TaskOptions options) {
        super(name, inputs, 1, types, options);
        stimulusSteps = atLeastOneStep(TaskOptions.STIMULUS_MS);
        delaySteps = options.steps(TaskOptions.DELAY_MS);
        targetAmplitude = options.number(TaskOptions.TARGET_AMPLITUDE);
        targetNoise = options.number(TaskOptions.TARGET_NOISE_SD);
        baseline = options.number(TaskOptions.BASELINE);
        if (stimulusSteps > steps) {
            throw error("the stimulus takes " + Printable.count(stimulusSteps, "step") + " ("
                    + value(TaskOptions.STIMULUS_MS) + "), expected at most " + steps + " ("
                    + value(TaskOptions.DURATION_MS) + ")");
        }
        if (options.number(TaskOptions.SMOOTHING_MS) == 0) {
            shape = new double[stimulusSteps];
            Arrays.fill(shape, 1);
        } else {
            shape = bump(
                    stimulusSteps,
                    atLeastOneStep(TaskOptions.SMOOTHING_MS),
                    options.number(TaskOptions.SMOOTHING_SD_MS) / dtMs());
        }
    }

    /** The last options of every built-in task. */
    static TaskOptions.Builder rest(TaskOptions.Builder builder, double smoothingMs) {
        return builder.number(TaskOptions.STIMULUS_MS, 20, Range.POSITIVE, "duration of a stimulus, ms")
                .number(TaskOptions.DELAY_MS, 20, Range.NON_NEGATIVE, "from the stimulus's end to the response, ms")
                .noise(TaskOptions.ONSET_JITTER_MS, 0, "stimulus and response shift by up to this, each trial anew, ms")
                .number(TaskOptions.AMPLITUDE, 1, Range.ANY, "height of a stimulus")
                .number(TaskOptions.TARGET_AMPLITUDE, 1, Range.ANY, "height of the target")
                .noise(TaskOptions.NOISE_SD, 0.1, "sd of the inputs' noise at 1 ms steps; times sqrt(1 ms / dt)")
                .noise(TaskOptions.TARGET_NOISE_SD, 0, "sd of the target's noise at each step")
                .number(TaskOptions.BASELINE, 0, Range.ANY, "added to the target at every step")
                .number(
                        TaskOptions.SMOOTHING_MS,
                        smoothingMs,
                        Range.NON_NEGATIVE,
                        "length of the window that rounds a stimulus, ms; 0: square")
                .number(TaskOptions.SMOOTHING_SD_MS, 12, Range.POSITIVE, "sd of that Gaussian window, ms");
    }

    /** Adds a stimulus to an input. */
    final void stimulate(double[] x, int input, int onset) {
        for (int k = 0; k < stimulusSteps; k++) {
            x[(onset + k) * inputs() + input] = amplitude * shape[k];
        }
    }

    /** Scales the target, which holds levels between 0 and 1, and adds noise: first the target's, then the inputs'. */
    final void finish(RandomStream random, double[] x, double[] y) {
        for (int k = 0; k < steps; k++) {
            y[k] = baseline + targetAmplitude * y[k];
        }
        if (targetNoise > 0) {
            random.addGaussian(y, 0, steps, targetNoise);
        }
        noise(random, x);
    }

    /**
     * Refuses a stimulus or a response that doesn't fit into the trial at the largest shift.
     *
     * @param begin first step of the response in an unshifted trial
     * @param needed number of steps that the response needs at least
     */
    final void checkFits(String onsetKey, int firstOnset, int begin, int needed) {
        String jitter = jitterSteps == 0 ? "" : " + " + value(TaskOptions.ONSET_JITTER_MS);
        String from =
                value(onsetKey) + " + " + value(TaskOptions.STIMULUS_MS) + " + " + value(TaskOptions.DELAY_MS) + jitter;
        checkFits(onsetKey, firstOnset, begin, needed, from);
    }

    /** A sum of steps. If it is out of an int's range, it becomes a value that doesn't fit into any trial. */
    static int sum(long... steps) {
        long sum = 0;
        for (long s : steps) {
            sum += s;
        }
        return (int) Math.min(sum, Integer.MAX_VALUE);
    }

    final String level(double of) {
        return TaskOptions.format(baseline + targetAmplitude * of);
    }

    final String stimulusWords() {
        String form = options().number(TaskOptions.SMOOTHING_MS) == 0 ? " square" : " bump";
        return ms(TaskOptions.STIMULUS_MS) + form + " of height " + TaskOptions.format(amplitude);
    }

    /** The parts of a trial with a single stimulus: before, stimulus, gap, response and after. */
    final List<TrialPart> parts(int onset, int response, int responseEnd) {
        List<TrialPart> parts = new ArrayList<>();
        addPart(parts, TrialPart.BEFORE, 0, onset);
        addPart(parts, TrialPart.STIMULUS, onset, onset + stimulusSteps);
        addPart(parts, TrialPart.GAP, onset + stimulusSteps, response);
        addPart(parts, TrialPart.RESPONSE, response, responseEnd);
        addPart(parts, TrialPart.AFTER, responseEnd, steps);
        return List.copyOf(parts);
    }

    /**
     * A box convolved with a Gaussian window: the middle part that is as long as the box ('same'), scaled to peak 1.
     *
     * <p>The full convolution has box + window - 1 samples. The result starts at sample (window - 1) / 2 (integer
     * division), as in {@code scipy.signal.convolve(box, window, 'same')}, and as in {@code numpy.convolve} if the
     * window isn't longer than the box. With 20 and 20, samples 9 to 28 of 39 remain: the peak (sample 19) is at 10,
     * the value at 0 is the sum over the window's first 10 samples, and the value at 19 is the sum over its last 11.
     *
     * @param box length of the box, and of the result
     * @param window length of the window; sample m is exp(-((m - (window - 1) / 2) / sd)^2 / 2)
     * @param sd standard deviation of the window, in samples
     */
    static double[] bump(int box, int window, double sd) {
        double[] weights = new double[window];
        for (int m = 0; m < window; m++) {
            double distance = (m - (window - 1) / 2.0) / sd;
            weights[m] = StrictMath.exp(-0.5 * distance * distance);
        }
        double[] bump = new double[box];
        double peak = 0;
        for (int k = 0; k < box; k++) {
            int last = k + (window - 1) / 2;
            double sum = 0;
            for (int m = Math.max(0, last - box + 1); m <= Math.min(window - 1, last); m++) {
                sum += weights[m];
            }
            bump[k] = sum;
            peak = Math.max(peak, sum);
        }
        if (!(peak > 0)) {
            throw new IllegalArgumentException(
                    "a window of " + window + " samples with sd " + sd + " is zero everywhere, expected a larger sd");
        }
        for (int k = 0; k < box; k++) {
            bump[k] /= peak;
        }
        return bump;
    }
}
