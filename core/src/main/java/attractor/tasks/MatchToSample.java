package attractor.tasks;

import attractor.random.RandomStream;
import attractor.task.NamedTaskProvider;
import attractor.task.TaskOptions;
import attractor.task.TaskOptions.Range;
import attractor.task.TrialPart;
import java.util.List;

/**
 * Delayed match to sample: a sample, A (a pulse on input 0) or B (on input 1), a time to keep it, and a test, A or B. The
 * answer is whether both are the same: output 0 for a match, 1 for a non-match.
 *
 * <p>A trial draws its shift, then the inputs' noise.
 *
 * <p>Source: Miller, Erickson, Desimone, J. Neurosci. 16 (1996). Immutable, safe for any thread.
 */
public final class MatchToSample extends ChoiceTask {
    /** The task's name. */
    public static final String NAME = "match-to-sample";

    /** Key of the time from the first stimulus's end to the second one in ms. */
    public static final String RETENTION_MS = "retentionMs";

    /** Makes the task. Immutable, safe for any thread. */
    public static final class Provider extends NamedTaskProvider {
        /** For {@link java.util.ServiceLoader}. */
        public Provider() {
            super(NAME, MatchToSample::defaults, MatchToSample::new);
        }
    }

    private static TaskOptions defaults() {
        TaskOptions.Builder options = timing(NAME, 200, 30)
                .number(TaskOptions.STIMULUS_MS, 20, Range.POSITIVE, "duration of sample and test, ms")
                .number(RETENTION_MS, 50, Range.NON_NEGATIVE, "from the sample's end to the test, ms")
                .number(TaskOptions.DELAY_MS, 20, Range.NON_NEGATIVE, "from the test's end to the response, ms");
        return rest(options).build();
    }

    private final int onset;
    private final int stimulusSteps;
    private final int test;
    private final int response;

    private MatchToSample(TaskOptions options) {
        super(NAME, 2, 2, List.of("AA", "AB", "BA", "BB"), options);
        onset = options.steps(TaskOptions.STIMULUS_ONSET_MS);
        stimulusSteps = atLeastOneStep(TaskOptions.STIMULUS_MS);
        long second = (long) onset + stimulusSteps + options.steps(RETENTION_MS);
        long due = second + stimulusSteps + options.steps(TaskOptions.DELAY_MS);
        checkFits(onset, due, 1);
        test = (int) second;
        response = (int) due;
    }

    @Override
    public String description() {
        return "A pulse of " + ms(TaskOptions.STIMULUS_MS) + " on input 0 (A) or 1 (B) at "
                + ms(TaskOptions.STIMULUS_ONSET_MS) + ", the sample, and another " + ms(RETENTION_MS)
                + " after its end, the test. From " + ms(TaskOptions.DELAY_MS)
                + " after the test on output 0 says match, output 1 non-match. Types by sample and test. "
                + closingWords();
    }

    @Override
    public void write(int type, RandomStream random, double[] x, double[] y, double[] mask) {
        int shift = shift(random);
        int first = type / 2;
        int second = type % 2;
        input(x, first, onset + shift, onset + shift + stimulusSteps, amplitude);
        input(x, second, test + shift, test + shift + stimulusSteps, amplitude);
        answer(y, mask, first == second ? 0 : 1, response + shift);
        noise(random, x);
    }

    @Override
    public List<TrialPart> parts() {
        return parts(onset, test + stimulusSteps, response);
    }
}
