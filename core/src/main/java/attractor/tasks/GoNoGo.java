package attractor.tasks;

import attractor.random.RandomStream;
import attractor.task.NamedTaskProvider;
import attractor.task.TaskOptions;
import attractor.task.TaskOptions.Range;
import attractor.task.TrialPart;
import java.util.List;

/**
 * Go/no-go: a pulse on input 0 asks to act, one on input 1 to refrain, and the answer, output 0 for go and 1 for no-go, is
 * due after a delay.
 *
 * <p>A trial draws its shift, then the inputs' noise.
 *
 * <p>Source: Donders 1868; as a task with a delay, Zhang, Wu, Lu, Chen, Neuron 102 (2019). Immutable, safe for any thread.
 */
public final class GoNoGo extends ChoiceTask {
    /** The task's name. */
    public static final String NAME = "go-no-go";

    /** Makes the task. Immutable, safe for any thread. */
    public static final class Provider extends NamedTaskProvider {
        /** For {@link java.util.ServiceLoader}. */
        public Provider() {
            super(NAME, GoNoGo::defaults, GoNoGo::new);
        }
    }

    private static TaskOptions defaults() {
        TaskOptions.Builder options = timing(NAME, 150, 30)
                .number(TaskOptions.STIMULUS_MS, 20, Range.POSITIVE, "duration of the stimulus, ms")
                .number(TaskOptions.DELAY_MS, 50, Range.NON_NEGATIVE, "from its end to the response, ms");
        return rest(options).build();
    }

    private final int onset;
    private final int stimulusSteps;
    private final int response;

    private GoNoGo(TaskOptions options) {
        super(NAME, 2, 2, List.of("go", "no-go"), options);
        onset = options.steps(TaskOptions.STIMULUS_ONSET_MS);
        stimulusSteps = atLeastOneStep(TaskOptions.STIMULUS_MS);
        response = responseAfter(onset, stimulusSteps);
    }

    @Override
    public String description() {
        return "A pulse of " + ms(TaskOptions.STIMULUS_MS) + " at " + ms(TaskOptions.STIMULUS_ONSET_MS)
                + " on input 0 (go) or 1 (no-go). From " + ms(TaskOptions.DELAY_MS)
                + " after its end on output 0 says go, output 1 no-go. " + closingWords();
    }

    @Override
    public void write(int type, RandomStream random, double[] x, double[] y, double[] mask) {
        int shift = shift(random);
        input(x, type, onset + shift, onset + shift + stimulusSteps, amplitude);
        answer(y, mask, type, response + shift);
        noise(random, x);
    }

    @Override
    public List<TrialPart> parts() {
        return parts(onset, onset + stimulusSteps, response);
    }
}
