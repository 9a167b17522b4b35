package attractor.tasks;

import attractor.random.RandomStream;
import attractor.task.NamedTaskProvider;
import attractor.task.TaskOptions;
import attractor.task.TaskOptions.Range;
import attractor.task.TrialPart;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Delayed anti-response: a stimulus in one of several directions, a delay, and then a response in the opposite direction.
 * Inputs 0 and 1 are the cosine and the sine of the direction while the stimulus is on; input 2, fixation, is 1 from the
 * beginning until the response is due. There is an output for each direction.
 *
 * <p>A trial draws its shift, then the inputs' noise.
 *
 * <p>Source: Hallett, Vision Res. 18 (1978); with a delay, Yang, Joglekar, Song, Newsome, Wang, Nature Neurosci. 22 (2019).
 * Immutable, safe for any thread.
 */
public final class AntiResponse extends ChoiceTask {
    /** The task's name. */
    public static final String NAME = "anti-response";

    /** Key of the number of directions, even. */
    public static final String DIRECTIONS = "directions";

    private static final int INPUTS = 3;

    /** Makes the task. Immutable, safe for any thread. */
    public static final class Provider extends NamedTaskProvider {
        /** For {@link java.util.ServiceLoader}. */
        public Provider() {
            super(NAME, AntiResponse::defaults, AntiResponse::new);
        }
    }

    private static TaskOptions defaults() {
        TaskOptions.Builder options = timing(NAME, 200, 30)
                .number(TaskOptions.STIMULUS_MS, 20, Range.POSITIVE, "duration of the stimulus, ms")
                .number(TaskOptions.DELAY_MS, 70, Range.NON_NEGATIVE, "from its end to the response, ms")
                .number(DIRECTIONS, 4, Range.POSITIVE, "number of directions, even, 2 to 36");
        return rest(options).build();
    }

    private final int onset;
    private final int stimulusSteps;
    private final int response;

    private AntiResponse(TaskOptions options) {
        super(NAME, INPUTS, directions(options), names(directions(options)), options);
        onset = options.steps(TaskOptions.STIMULUS_ONSET_MS);
        stimulusSteps = atLeastOneStep(TaskOptions.STIMULUS_MS);
        response = responseAfter(onset, stimulusSteps);
    }

    private static int directions(TaskOptions options) {
        double n = options.number(DIRECTIONS);
        if (n != Math.rint(n) || n % 2 != 0 || n > 36) {
            throw new IllegalArgumentException("task " + NAME + ": " + DIRECTIONS + " " + TaskOptions.format(n)
                    + ", expected an even number, 2 to 36");
        }
        return (int) n;
    }

    /** The directions in degrees. */
    static List<String> names(int directions) {
        return IntStream.range(0, directions)
                .mapToObj(k -> TaskOptions.format(Math.rint(3600.0 * k / directions) / 10))
                .toList();
    }

    @Override
    public String description() {
        return "A stimulus of " + ms(TaskOptions.STIMULUS_MS) + " at " + ms(TaskOptions.STIMULUS_ONSET_MS)
                + " in one of "
                + outputs()
                + " directions (cosine on input 0, sine on 1), and fixation (input 2), 1 until the response is due, "
                + ms(TaskOptions.DELAY_MS)
                + " after the stimulus. Then the output of the opposite direction is largest. Types by the stimulus's direction in degrees. "
                + closingWords();
    }

    @Override
    public void write(int type, RandomStream random, double[] x, double[] y, double[] mask) {
        int shift = shift(random);
        int begin = onset + shift;
        double angle = 2 * Math.PI * type / outputs();
        input(x, 0, begin, begin + stimulusSteps, amplitude * StrictMath.cos(angle));
        input(x, 1, begin, begin + stimulusSteps, amplitude * StrictMath.sin(angle));
        input(x, 2, 0, response + shift, 1);
        answer(y, mask, (type + outputs() / 2) % outputs(), response + shift);
        noise(random, x);
    }

    @Override
    public List<TrialPart> parts() {
        return parts(onset, onset + stimulusSteps, response);
    }
}
