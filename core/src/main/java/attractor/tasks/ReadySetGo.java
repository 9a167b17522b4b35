package attractor.tasks;

import attractor.random.RandomStream;
import attractor.task.NamedTaskProvider;
import attractor.task.TaskOptions;
import attractor.task.TaskOptions.Range;
import attractor.task.TrialPart;
import java.util.Arrays;
import java.util.List;

/**
 * Ready-set-go: two pulses, ready (input 0) and set (input 1), an interval apart, onset to onset; the output steps from 0 to
 * 1, go, as long after set as set came after ready, times a gain.
 *
 * <p>A trial draws its shift, then the inputs' noise.
 *
 * <p>Source: Jazayeri, Shadlen, Nature Neurosci. 13 (2010); with gains, Remington, Narain, Hosseini, Jazayeri, Neuron 98
 * (2018). Immutable, safe for any thread.
 */
public final class ReadySetGo extends FieldTask {
    /** The task's name. */
    public static final String NAME = "ready-set-go";

    /** Key of intervals in ms, a list; each trial has one of them. */
    public static final String INTERVALS_MS = "intervalsMs";

    /** Key of the factor from the measured interval to the one produced. */
    public static final String GAIN = "gain";

    /** Makes the task. Immutable, safe for any thread. */
    public static final class Provider extends NamedTaskProvider {
        /** For {@link java.util.ServiceLoader}. */
        public Provider() {
            super(NAME, ReadySetGo::defaults, ReadySetGo::new);
        }
    }

    private static TaskOptions defaults() {
        TaskOptions.Builder options = timing(NAME, 300, 20)
                .number(TaskOptions.STIMULUS_MS, 10, Range.POSITIVE, "duration of ready and set, ms")
                .list(
                        INTERVALS_MS,
                        List.of(30.0, 50.0, 70.0, 90.0, 110.0),
                        Range.POSITIVE,
                        "intervals from ready to set, ms; a trial has one of them")
                .number(GAIN, 1, Range.POSITIVE, "interval from set to go over that from ready to set");
        return rest(options).build();
    }

    private final int onset;
    private final int stimulusSteps;
    private final int[] set;
    private final int[] go;

    private ReadySetGo(TaskOptions options) {
        super(
                NAME,
                2,
                1,
                options.list(INTERVALS_MS).stream().map(TaskOptions::format).toList(),
                options);
        checkDifferent(INTERVALS_MS);
        onset = options.steps(TaskOptions.STIMULUS_ONSET_MS);
        stimulusSteps = atLeastOneStep(TaskOptions.STIMULUS_MS);
        set = options.stepsOfEach(INTERVALS_MS);
        go = new int[set.length];
        double gain = options.number(GAIN);
        for (int k = 0; k < set.length; k++) {
            long due = onset
                    + set[k]
                    + Math.round(gain * options.list(INTERVALS_MS).get(k) / dtMs());
            if (set[k] < 1 || due <= onset + (long) set[k]) {
                throw error(value(INTERVALS_MS) + " with " + value(GAIN) + ", expected intervals of at least one step");
            }
            checkFits(onset, Math.max(due, (long) onset + set[k] + stimulusSteps), 1);
            set[k] += onset;
            go[k] = (int) due;
        }
    }

    @Override
    public String description() {
        return "Pulses of " + ms(TaskOptions.STIMULUS_MS) + ": ready on input 0 at " + ms(TaskOptions.STIMULUS_ONSET_MS)
                + ", set on input 1 later by " + numbers(INTERVALS_MS) + " ms. The output steps from 0 to 1 "
                + TaskOptions.format(options().number(GAIN)) + " times as long after set. Types by the interval. "
                + closingWords();
    }

    @Override
    public void write(int type, RandomStream random, double[] x, double[] y, double[] mask) {
        int shift = shift(random);
        input(x, 0, onset + shift, onset + shift + stimulusSteps, amplitude);
        input(x, 1, set[type] + shift, set[type] + shift + stimulusSteps, amplitude);
        Arrays.fill(y, go[type] + shift, steps, 1);
        noise(random, x);
    }

    @Override
    public List<TrialPart> parts() {
        return parts(0);
    }

    @Override
    public List<TrialPart> parts(int type) {
        return parts(onset, set[type] + stimulusSteps, go[type]);
    }
}
