package attractor.tasks;

import attractor.random.RandomStream;
import attractor.task.NamedTaskProvider;
import attractor.task.TaskOptions;
import attractor.task.TaskOptions.Range;
import attractor.task.TrialPart;
import java.util.List;

/**
 * Multi-sensory integration: noisy evidence by eye (input 0), by ear (input 1), or by both, which then agree. During the
 * stimulus an input is {@code amplitude c} to the right or {@code -amplitude c} to the left; a sense that has none shows
 * noise alone. With both, an ideal observer gains a factor sqrt(2) in the ratio of signal to noise.
 *
 * <p>A trial draws its shift, its coherence, the stimulus's noise step by step (input 0, then 1), then the inputs' noise.
 *
 * <p>Source: Raposo, Kaufman, Churchland, Nature Neurosci. 17 (2014). Immutable, safe for any thread.
 */
public final class MultisensoryDecision extends ChoiceTask {
    /** The task's name. */
    public static final String NAME = "multisensory-decision";

    /** Makes the task. Immutable, safe for any thread. */
    public static final class Provider extends NamedTaskProvider {
        /** For {@link java.util.ServiceLoader}. */
        public Provider() {
            super(NAME, MultisensoryDecision::defaults, MultisensoryDecision::new);
        }
    }

    private static TaskOptions defaults() {
        TaskOptions.Builder options = timing(NAME, 200, 30)
                .number(TaskOptions.STIMULUS_MS, 100, Range.POSITIVE, "duration of the stimulus, ms")
                .number(TaskOptions.DELAY_MS, 20, Range.NON_NEGATIVE, "from its end to the response, ms")
                .list(
                        PerceptualDecision.COHERENCES,
                        List.of(0.05, 0.1, 0.2),
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

    private MultisensoryDecision(TaskOptions options) {
        super(
                NAME,
                2,
                2,
                List.of("visual-left", "visual-right", "auditory-left", "auditory-right", "both-left", "both-right"),
                options);
        onset = options.steps(TaskOptions.STIMULUS_ONSET_MS);
        stimulusSteps = atLeastOneStep(TaskOptions.STIMULUS_MS);
        response = responseAfter(onset, stimulusSteps);
        coherences = coherences(PerceptualDecision.COHERENCES);
        stimulusNoise = perStep(options.number(PerceptualDecision.STIMULUS_NOISE_SD));
    }

    /**
     * The share of right answers that an ideal observer has at a coherence, who sums the evidence of the senses that have some.
     *
     * @param coherence 0 to 1
     * @param senses how many senses have evidence, 1 or 2
     */
    public double bound(double coherence, int senses) {
        double noise = perStep(options().number(TaskOptions.NOISE_SD));
        double sd = Math.sqrt((stimulusNoise * stimulusNoise + noise * noise) / ((double) senses * stimulusSteps));
        return NormalDistribution.phi(amplitude * coherence / sd);
    }

    @Override
    public String description() {
        return "Evidence by eye (input 0), by ear (1) or by both from " + ms(TaskOptions.STIMULUS_ONSET_MS) + " for "
                + ms(TaskOptions.STIMULUS_MS) + ", c to the right or -c to the left with noise of sd "
                + TaskOptions.format(options().number(PerceptualDecision.STIMULUS_NOISE_SD)) + "; coherences c: "
                + numbers(PerceptualDecision.COHERENCES) + ". The side is named from " + ms(TaskOptions.DELAY_MS)
                + " after the end on. " + closingWords();
    }

    @Override
    public void write(int type, RandomStream random, double[] x, double[] y, double[] mask) {
        int shift = shift(random);
        int senses = type / 2 + 1; // bit i: input i has evidence
        int right = type % 2;
        double c = coherences.get(random.nextInt(coherences.size()));
        int begin = onset + shift;
        for (int sense = 0; sense < 2; sense++) {
            if ((senses >> sense & 1) == 1) {
                input(x, sense, begin, begin + stimulusSteps, amplitude * (right == 1 ? c : -c));
            }
        }
        random.addGaussian(x, begin * 2, stimulusSteps * 2, stimulusNoise);
        answer(y, mask, right, response + shift);
        noise(random, x);
    }

    @Override
    public List<TrialPart> parts() {
        return parts(onset, onset + stimulusSteps, response);
    }
}
