package attractor.tasks;

import attractor.random.RandomStream;
import attractor.task.NamedTaskProvider;
import attractor.task.TaskOptions;
import attractor.task.TaskOptions.Range;
import attractor.task.TrialPart;
import java.util.List;

/**
 * Context-dependent decision: noisy evidence of two modalities, motion and colour, at once, of which a context says which
 * one counts. During the stimulus input 0 (motion) and input 1 (colour) are each {@code amplitude c} with a sign and a
 * coherence of its own, and noise at every step. Inputs 2 (motion) and 3 (colour) tell the context: one of them is 1
 * throughout the trial. The answer is the sign of the evidence that counts, left or right; the other is to be ignored.
 *
 * <p>A trial draws its shift, the coherence that counts, the other coherence, the other's sign, the stimulus's noise step
 * by step, then the inputs' noise.
 *
 * <p>Source: Mante, Sussillo, Shenoy, Newsome, Nature 503 (2013). Immutable, safe for any thread.
 */
public final class ContextDecision extends ChoiceTask {
    /** The task's name. */
    public static final String NAME = "context-decision";

    private static final int INPUTS = 4;

    /** Makes the task. Immutable, safe for any thread. */
    public static final class Provider extends NamedTaskProvider {
        /** For {@link java.util.ServiceLoader}. */
        public Provider() {
            super(NAME, ContextDecision::defaults, ContextDecision::new);
        }
    }

    private static TaskOptions defaults() {
        TaskOptions.Builder options = timing(NAME, 200, 30)
                .number(TaskOptions.STIMULUS_MS, 100, Range.POSITIVE, "duration of the stimulus, ms")
                .number(TaskOptions.DELAY_MS, 20, Range.NON_NEGATIVE, "from its end to the response, ms")
                .list(
                        PerceptualDecision.COHERENCES,
                        List.of(0.05, 0.1, 0.2, 0.4),
                        Range.NON_NEGATIVE,
                        PerceptualDecision.COHERENCES_HELP)
                .noise(PerceptualDecision.STIMULUS_NOISE_SD, 0.3, "sd of the evidence's noise at 1 ms steps");
        return rest(options).build();
    }

    private final int onset;
    private final int stimulusSteps;
    private final int response;
    private final List<Double> coherences;
    private final double stimulusNoise;

    private ContextDecision(TaskOptions options) {
        super(NAME, INPUTS, 2, List.of("motion-left", "motion-right", "colour-left", "colour-right"), options);
        onset = options.steps(TaskOptions.STIMULUS_ONSET_MS);
        stimulusSteps = atLeastOneStep(TaskOptions.STIMULUS_MS);
        response = responseAfter(onset, stimulusSteps);
        coherences = coherences(PerceptualDecision.COHERENCES);
        stimulusNoise = perStep(options.number(PerceptualDecision.STIMULUS_NOISE_SD));
    }

    /**
     * The share of right answers that an ideal observer has at a coherence of the evidence that counts, who sums it over the
     * whole stimulus and ignores the other.
     *
     * @param coherence 0 to 1
     */
    public double bound(double coherence) {
        double noise = perStep(options().number(TaskOptions.NOISE_SD));
        double sd = Math.sqrt((stimulusNoise * stimulusNoise + noise * noise) / stimulusSteps);
        return NormalDistribution.phi(amplitude * coherence / sd);
    }

    @Override
    public String description() {
        return "Evidence of motion (input 0) and colour (1) from " + ms(TaskOptions.STIMULUS_ONSET_MS) + " for "
                + ms(TaskOptions.STIMULUS_MS) + ", c to the right or -c to the left with noise of sd "
                + TaskOptions.format(options().number(PerceptualDecision.STIMULUS_NOISE_SD)) + "; coherences c: "
                + numbers(PerceptualDecision.COHERENCES)
                + ". A context, 1 throughout on input 2 (motion) or 3 (colour), tells which one counts; its side is named from "
                + ms(TaskOptions.DELAY_MS) + " after the end on. " + closingWords();
    }

    @Override
    public void write(int type, RandomStream random, double[] x, double[] y, double[] mask) {
        int shift = shift(random);
        int counts = type / 2;
        int right = type % 2;
        double c = coherences.get(random.nextInt(coherences.size()));
        double other = coherences.get(random.nextInt(coherences.size()));
        int begin = onset + shift;
        int end = begin + stimulusSteps;
        input(x, counts, begin, end, amplitude * (right == 1 ? c : -c));
        input(x, 1 - counts, begin, end, amplitude * (random.nextInt(2) == 1 ? other : -other));
        for (int t = begin; t < end; t++) {
            random.addGaussian(x, t * INPUTS, 2, stimulusNoise);
        }
        input(x, 2 + counts, 0, steps, 1);
        answer(y, mask, right, response + shift);
        noise(random, x);
    }

    @Override
    public List<TrialPart> parts() {
        return parts(onset, onset + stimulusSteps, response);
    }
}
