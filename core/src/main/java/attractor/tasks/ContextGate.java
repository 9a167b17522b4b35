package attractor.tasks;

import attractor.random.RandomStream;
import attractor.task.NamedTaskProvider;
import attractor.task.TaskOptions;
import attractor.task.TaskOptions.Range;
import attractor.task.TrialPart;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * AND, OR or XOR of two stimuli in time, chosen by a context: a pulse on input 2 of +1 for AND, of -1 for OR, none for XOR,
 * before the stimuli on inputs 0 and 1, which come at the same time or not at all. The output steps to 0 or 1 after a delay.
 *
 * <p>A trial draws its shift, then the inputs' noise.
 *
 * <p>Source: Jarne, <i>Multitasking in RNN: an analysis exploring the combination of simple tasks</i>, J. Phys. Complexity 2
 * (2021), arXiv:2012.15331. Immutable, safe for any thread.
 */
public final class ContextGate extends FieldTask {
    /** The task's name. */
    public static final String NAME = "context-gate";

    /** Key of the contexts that occur, a list of some of -1 (OR), 0 (XOR) and 1 (AND). */
    public static final String CONTEXTS = "contexts";

    /** Key of the onset of the context's pulse in ms. */
    public static final String CONTEXT_ONSET_MS = "contextOnsetMs";

    private static final int INPUTS = 3;
    private static final List<String> GATES = List.of("or", "xor", "and");
    private static final List<String> PAIRS = List.of("00", "01", "10", "11");

    /** Makes the task. Immutable, safe for any thread. */
    public static final class Provider extends NamedTaskProvider {
        /** For {@link java.util.ServiceLoader}. */
        public Provider() {
            super(NAME, ContextGate::defaults, ContextGate::new);
        }
    }

    private static TaskOptions defaults() {
        TaskOptions.Builder options = timing(NAME, 200, 60)
                .number(TaskOptions.STIMULUS_MS, 20, Range.POSITIVE, "duration of the stimuli and the context, ms")
                .number(TaskOptions.DELAY_MS, 20, Range.NON_NEGATIVE, "from the stimuli's end to the response, ms")
                .number(CONTEXT_ONSET_MS, 20, Range.NON_NEGATIVE, "when the context's pulse begins, ms")
                .list(CONTEXTS, List.of(-1.0, 0.0, 1.0), Range.ANY, "contexts that occur: -1 (OR), 0 (XOR), 1 (AND)");
        return rest(options).build();
    }

    private final int onset;
    private final int contextOnset;
    private final int stimulusSteps;
    private final int response;
    private final List<Double> contexts;

    private ContextGate(TaskOptions options) {
        super(NAME, INPUTS, 1, names(options), options);
        contexts = options.list(CONTEXTS);
        onset = options.steps(TaskOptions.STIMULUS_ONSET_MS);
        contextOnset = options.steps(CONTEXT_ONSET_MS);
        stimulusSteps = atLeastOneStep(TaskOptions.STIMULUS_MS);
        response = responseAfter(onset, stimulusSteps);
        if (contextOnset < jitterSteps || contextOnset + (long) stimulusSteps > response) {
            throw error(value(CONTEXT_ONSET_MS) + ", expected at least " + value(TaskOptions.ONSET_JITTER_MS)
                    + ", and to end before the response");
        }
    }

    private static List<String> names(TaskOptions options) {
        List<String> names = new ArrayList<>();
        List<Double> contexts = options.list(CONTEXTS);
        for (double context : contexts) {
            if (context != -1 && context != 0 && context != 1) {
                throw new IllegalArgumentException("task " + NAME + ": " + CONTEXTS + " has "
                        + TaskOptions.format(context) + ", expected some of -1 (OR), 0 (XOR) and 1 (AND)");
            }
            PAIRS.forEach(pair -> names.add(GATES.get((int) context + 1) + "-" + pair));
        }
        if (names.isEmpty() || names.stream().distinct().count() != names.size()) {
            throw new IllegalArgumentException("task " + NAME + ": " + CONTEXTS + " "
                    + contexts.stream().map(TaskOptions::format).toList()
                    + ", expected at least one of -1, 0 and 1, each at most once");
        }
        return names;
    }

    private static boolean responds(double context, int pair) {
        if (context == 0) {
            return pair == 1 || pair == 2;
        }
        return context == 1 ? pair == 3 : pair > 0;
    }

    @Override
    public String description() {
        return "A context, a pulse of " + ms(TaskOptions.STIMULUS_MS) + " at " + ms(CONTEXT_ONSET_MS)
                + " on input 2 (1: AND, -1: OR, none: XOR; here " + numbers(CONTEXTS)
                + "), then a square on input 0, on 1, on both or none, at " + ms(TaskOptions.STIMULUS_ONSET_MS)
                + ". The output steps to 1 " + ms(TaskOptions.DELAY_MS)
                + " after its end if that gate says so; else it stays at 0. " + closingWords();
    }

    @Override
    public void write(int type, RandomStream random, double[] x, double[] y, double[] mask) {
        int shift = shift(random);
        int pair = type % PAIRS.size();
        double context = contexts.get(type / PAIRS.size());
        input(x, 2, contextOnset + shift, contextOnset + shift + stimulusSteps, amplitude * context);
        for (int i = 0; i < 2; i++) {
            if (PAIRS.get(pair).charAt(i) == '1') {
                input(x, i, onset + shift, onset + shift + stimulusSteps, amplitude);
            }
        }
        if (responds(context, pair)) {
            Arrays.fill(y, response + shift, steps, 1);
        }
        noise(random, x);
    }

    @Override
    public boolean zeroTarget(int type) {
        return !responds(contexts.get(type / PAIRS.size()), type % PAIRS.size());
    }

    @Override
    public List<TrialPart> parts() {
        return parts(Math.min(contextOnset, onset), onset + stimulusSteps, response);
    }
}
