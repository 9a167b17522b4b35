package attractor.tasks;

import attractor.random.RandomStream;
import attractor.task.NamedTaskProvider;
import attractor.task.TaskOptions;
import attractor.task.TaskOptions.Range;
import attractor.task.TrialPart;
import java.util.ArrayList;
import java.util.List;

/**
 * Parametric working memory: two stimuli of different height, f1 and f2, with a time to keep f1 between them; the answer is
 * which one was larger. The heights are neighbours in a list of levels, so that f2 alone doesn't tell, except at both ends
 * of the list, as in the experiments.
 *
 * <p>A trial draws its shift, its pair of levels, then the inputs' noise.
 *
 * <p>Source: Romo, Brody, Hernandez, Lemus, Nature 399 (1999). Immutable, safe for any thread.
 */
public final class ParametricMemory extends ChoiceTask {
    /** The task's name. */
    public static final String NAME = "parametric-memory";

    /** Key of the heights of the stimuli, a rising list of at least two. */
    public static final String LEVELS = "levels";

    /** Makes the task. Immutable, safe for any thread. */
    public static final class Provider extends NamedTaskProvider {
        /** For {@link java.util.ServiceLoader}. */
        public Provider() {
            super(NAME, ParametricMemory::defaults, ParametricMemory::new);
        }
    }

    private static TaskOptions defaults() {
        TaskOptions.Builder options = timing(NAME, 200, 30)
                .number(TaskOptions.STIMULUS_MS, 20, Range.POSITIVE, "duration of each stimulus, ms")
                .number(MatchToSample.RETENTION_MS, 50, Range.NON_NEGATIVE, "from f1's end to f2, ms")
                .number(TaskOptions.DELAY_MS, 20, Range.NON_NEGATIVE, "from f2's end to the response, ms")
                .list(LEVELS, List.of(0.2, 0.6, 1.0, 1.4, 1.8), Range.ANY, "heights of f1 and f2, rising");
        return rest(options).build();
    }

    private final int onset;
    private final int stimulusSteps;
    private final int second;
    private final int response;
    private final List<Double> levels;

    private ParametricMemory(TaskOptions options) {
        super(NAME, 1, 2, List.of("f1>f2", "f1<f2"), options);
        onset = options.steps(TaskOptions.STIMULUS_ONSET_MS);
        stimulusSteps = atLeastOneStep(TaskOptions.STIMULUS_MS);
        long next = (long) onset + stimulusSteps + options.steps(MatchToSample.RETENTION_MS);
        long due = next + stimulusSteps + options.steps(TaskOptions.DELAY_MS);
        checkFits(onset, due, 1);
        second = (int) next;
        response = (int) due;
        levels = options.list(LEVELS);
        List<Double> rising = new ArrayList<>(levels);
        rising.sort(null);
        if (levels.size() < 2
                || !rising.equals(levels)
                || levels.stream().distinct().count() != levels.size()) {
            throw error(value(LEVELS) + ", expected at least two, each larger than the one before");
        }
    }

    @Override
    public String description() {
        return "One input: a pulse of " + ms(TaskOptions.STIMULUS_MS) + " at " + ms(TaskOptions.STIMULUS_ONSET_MS)
                + " of height f1, and another " + ms(MatchToSample.RETENTION_MS)
                + " after its end of height f2; both are neighbours among the levels " + numbers(LEVELS) + ". From "
                + ms(TaskOptions.DELAY_MS) + " after f2 on output 0 says that f1 was larger, output 1 that f2 was. "
                + closingWords();
    }

    @Override
    public void write(int type, RandomStream random, double[] x, double[] y, double[] mask) {
        int shift = shift(random);
        int lower = random.nextInt(levels.size() - 1);
        double f1 = levels.get(type == 0 ? lower + 1 : lower);
        double f2 = levels.get(type == 0 ? lower : lower + 1);
        input(x, 0, onset + shift, onset + shift + stimulusSteps, amplitude * f1);
        input(x, 0, second + shift, second + shift + stimulusSteps, amplitude * f2);
        answer(y, mask, type, response + shift);
        noise(random, x);
    }

    @Override
    public List<TrialPart> parts() {
        return parts(onset, second + stimulusSteps, response);
    }
}
