package attractor.tasks;

import attractor.random.RandomStream;
import attractor.task.NamedTaskProvider;
import attractor.task.TaskOptions;
import attractor.task.TaskOptions.Range;
import attractor.task.TrialPart;
import java.util.List;

/**
 * Perceptual decision: which of two noisy inputs is the larger one on average. A trial has a coherence c, one of a list;
 * during the stimulus the input of its side is {@code amplitude (1 + c) / 2}, the other {@code amplitude (1 - c) / 2},
 * each with independent noise at every step. The answer, left or right, is due after a delay.
 *
 * <p>The best that anyone can do is to compare the sums over the n steps of the stimulus: right with probability {@code
 * Phi(amplitude c sqrt(n) / (sqrt(2) sd))}, where sd is that of a step's noise on one input, see {@link #bound}.
 *
 * <p>A trial draws its shift, its coherence, the stimulus's noise step by step (input 0, then 1), then the inputs' noise.
 *
 * <p>Source: Britten, Shadlen, Newsome, Movshon, J. Neurosci. 12 (1992); as a task of networks Wong and Wang, J. Neurosci.
 * 26 (2006), and Song, Yang, Wang, PLoS Comput. Biol. 12 (2016). Immutable, safe for any thread.
 */
public final class PerceptualDecision extends ChoiceTask {
    /** The task's name. */
    public static final String NAME = "perceptual-decision";

    /** Key of the coherences, each 0 to 1, a list; each trial has one of them. */
    public static final String COHERENCES = "coherences";

    /**
     * Key of the standard deviation of the noise that the evidence has during the stimulus; also of the other tasks with
     * noisy evidence.
     */
    public static final String STIMULUS_NOISE_SD = "stimulusNoiseSd";

    static final String COHERENCES_HELP = "coherences, each 0 to 1; a trial has one of them";

    /** Makes the task. Immutable, safe for any thread. */
    public static final class Provider extends NamedTaskProvider {
        /** For {@link java.util.ServiceLoader}. */
        public Provider() {
            super(NAME, PerceptualDecision::defaults, PerceptualDecision::new);
        }
    }

    private static TaskOptions defaults() {
        TaskOptions.Builder options = timing(NAME, 200, 30)
                .number(TaskOptions.STIMULUS_MS, 100, Range.POSITIVE, "duration of the stimulus, ms")
                .number(TaskOptions.DELAY_MS, 20, Range.NON_NEGATIVE, "from its end to the response, ms")
                .list(COHERENCES, List.of(0.032, 0.064, 0.128, 0.256, 0.512), Range.NON_NEGATIVE, COHERENCES_HELP)
                .noise(STIMULUS_NOISE_SD, 0.35, "sd of the evidence's noise at 1 ms steps");
        return rest(options).build();
    }

    private final int onset;
    private final int stimulusSteps;
    private final int response;
    private final List<Double> coherences;
    private final double stimulusNoise;

    private PerceptualDecision(TaskOptions options) {
        super(NAME, 2, 2, List.of("left", "right"), options);
        onset = options.steps(TaskOptions.STIMULUS_ONSET_MS);
        stimulusSteps = atLeastOneStep(TaskOptions.STIMULUS_MS);
        response = responseAfter(onset, stimulusSteps);
        coherences = coherences(COHERENCES);
        stimulusNoise = perStep(options.number(STIMULUS_NOISE_SD));
    }

    /**
     * The share of right answers that an ideal observer has at a coherence, who sums the evidence over the whole stimulus.
     *
     * @param coherence 0 to 1
     */
    public double bound(double coherence) {
        double noise = perStep(options().number(TaskOptions.NOISE_SD));
        double sd = Math.sqrt(2.0 * stimulusSteps * (stimulusNoise * stimulusNoise + noise * noise));
        return NormalDistribution.phi(amplitude * coherence * stimulusSteps / sd);
    }

    @Override
    public String description() {
        return "Two inputs, evidence for left (0) and right (1): from " + ms(TaskOptions.STIMULUS_ONSET_MS) + " for "
                + ms(TaskOptions.STIMULUS_MS) + " they are (1 + c)/2 and (1 - c)/2, or the reverse, with noise of sd "
                + TaskOptions.format(options().number(STIMULUS_NOISE_SD)) + "; coherences c: "
                + numbers(COHERENCES) + ". The larger one is named from " + ms(TaskOptions.DELAY_MS)
                + " after the end on. " + closingWords();
    }

    @Override
    public void write(int type, RandomStream random, double[] x, double[] y, double[] mask) {
        int shift = shift(random);
        double c = coherences.get(random.nextInt(coherences.size()));
        int begin = onset + shift;
        input(x, type, begin, begin + stimulusSteps, amplitude * (1 + c) / 2);
        input(x, 1 - type, begin, begin + stimulusSteps, amplitude * (1 - c) / 2);
        random.addGaussian(x, begin * 2, stimulusSteps * 2, stimulusNoise);
        answer(y, mask, type, response + shift);
        noise(random, x);
    }

    @Override
    public List<TrialPart> parts() {
        return parts(onset, onset + stimulusSteps, response);
    }
}
