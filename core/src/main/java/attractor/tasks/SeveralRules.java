package attractor.tasks;

import attractor.engine.Loss;
import attractor.engine.SoftmaxCrossEntropy;
import attractor.random.RandomStream;
import attractor.task.NamedTaskProvider;
import attractor.task.Readout;
import attractor.task.TaskOptions;
import attractor.task.TaskOptions.Range;
import attractor.task.TrialPart;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Several rules in one task: a rule input tells the network which of the chosen rules a trial follows. All rules share the
 * same inputs and outputs. Stimuli have one of four directions, in one of two modalities:
 *
 * <pre>
 *     inputs    0        fixation, 1 until the response is due
 *               1 - 4    modality 1, one input for each direction
 *               5 - 8    modality 2
 *               9 - ...  one for each chosen rule, 1 throughout
 *     outputs   0        fixation
 *               1 - 4    the directions
 * </pre>
 *
 * <p>The rules are those of the twenty tasks of Yang et al.: respond in the direction of a stimulus ({@code go}), against it
 * ({@code anti}), at once ({@code rt-}) or after a delay ({@code delay-}); towards the stronger of two stimuli, shown in
 * modality 1 or 2 alone ({@code decision-1}, {@code -2}), in both of which one counts ({@code context-1}, {@code -2}) or
 * both add up ({@code multisensory}), at the same time or one after the other ({@code delay-}); towards the second of two
 * stimuli if it matches the first ({@code match}) or if it doesn't ({@code non-match}), in direction or in category ({@code
 * category-match}, {@code category-non-match}: directions 0 and 1 against 2 and 3), and else to go on fixating.
 *
 * <p>Targets are one-hot. Before the response the fixation output is asked for with weight 1, then the answer with weight 5;
 * between them is a grace period of weight 0. An answer counts as right by the response alone.
 *
 * <p>A trial draws its shift, then its modality, directions and strengths (all of them, whether the rule uses them or not),
 * then the inputs' noise.
 *
 * <p>Source: Yang, Joglekar, Song, Newsome, Wang, <i>Task representations in neural networks trained to perform many
 * cognitive tasks</i>, Nature Neurosci. 22 (2019), with four directions for the ring of 32 units, and fixed times.
 * Immutable, safe for any thread.
 */
public final class SeveralRules extends FieldTask {
    /** The task's name. */
    public static final String NAME = "rules";

    /** Key of the chosen rules, a list of indices into {@link #RULES}; types and rule inputs are in its order. */
    public static final String CHOSEN = "rules";

    /** Key of the weight of a response's steps; those before it have weight 1. */
    public static final String RESPONSE_WEIGHT = "responseWeight";

    /** Key of the time in ms after the cue to respond that has no weight. */
    public static final String GRACE_MS = "graceMs";

    /** The names of all rules, in the order of their numbers. */
    public static final List<String> RULES = List.of(
            "go",
            "rt-go",
            "delay-go",
            "anti",
            "rt-anti",
            "delay-anti",
            "decision-1",
            "decision-2",
            "context-1",
            "context-2",
            "multisensory",
            "delay-decision-1",
            "delay-decision-2",
            "delay-context-1",
            "delay-context-2",
            "delay-multisensory",
            "match",
            "non-match",
            "category-match",
            "category-non-match");

    private static final int DIRECTIONS = 4;
    private static final int RULE_INPUT = 1 + 2 * DIRECTIONS;

    /** Makes the task. Immutable, safe for any thread. */
    public static final class Provider extends NamedTaskProvider {
        /** For {@link java.util.ServiceLoader}. */
        public Provider() {
            super(NAME, SeveralRules::defaults, SeveralRules::new);
        }
    }

    private static TaskOptions defaults() {
        TaskOptions.Builder options = timing(NAME, 150, 20)
                .number(TaskOptions.STIMULUS_MS, 25, Range.POSITIVE, "duration of a brief stimulus, ms")
                .number(TaskOptions.DELAY_MS, 30, Range.NON_NEGATIVE, "from its end to the next event, ms")
                .list(
                        CHOSEN,
                        List.of(0.0, 2.0, 3.0, 5.0, 6.0, 7.0, 8.0, 9.0),
                        Range.NON_NEGATIVE,
                        "numbers of the rules: "
                                + String.join(
                                        ", ",
                                        IntStream.range(0, RULES.size())
                                                .mapToObj(r -> r + " " + RULES.get(r))
                                                .toList()))
                .number(GRACE_MS, 5, Range.NON_NEGATIVE, "time to begin the response, without weight, ms")
                .number(RESPONSE_WEIGHT, 5, Range.POSITIVE, "weight of the response's steps; 1 before it");
        return rest(options).build();
    }

    private final List<Integer> chosen;
    private final int onset;
    private final int stimulusSteps;
    private final int second;
    private final int go;
    private final int graceSteps;
    private final double weight;

    private SeveralRules(TaskOptions options) {
        super(
                NAME,
                RULE_INPUT + options.list(CHOSEN).size(),
                1 + DIRECTIONS,
                chosen(options).stream().map(RULES::get).toList(),
                options);
        chosen = chosen(options);
        onset = options.steps(TaskOptions.STIMULUS_ONSET_MS);
        stimulusSteps = atLeastOneStep(TaskOptions.STIMULUS_MS);
        graceSteps = options.steps(GRACE_MS);
        weight = options.number(RESPONSE_WEIGHT);
        long next = (long) onset + stimulusSteps + options.steps(TaskOptions.DELAY_MS);
        long due = next + stimulusSteps;
        checkFits(onset, due + graceSteps, 1);
        if (weight <= 1) {
            throw error(value(RESPONSE_WEIGHT) + ", expected above 1, so that the response is what is scored");
        }
        second = (int) next;
        go = (int) due;
    }

    private static List<Integer> chosen(TaskOptions options) {
        List<Integer> rules = new ArrayList<>();
        for (double rule : options.list(CHOSEN)) {
            if (rule != Math.rint(rule) || rule >= RULES.size() || rules.contains((int) rule)) {
                throw new IllegalArgumentException("task " + NAME + ": " + CHOSEN + " has " + TaskOptions.format(rule)
                        + ", expected whole numbers, 0 to " + (RULES.size() - 1) + ", each once");
            }
            rules.add((int) rule);
        }
        if (rules.isEmpty()) {
            throw new IllegalArgumentException(
                    "task " + NAME + ": " + CHOSEN + " is empty, expected at least one rule");
        }
        return rules;
    }

    @Override
    public String description() {
        return "Rules " + String.join(", ", types())
                + ", told by inputs " + RULE_INPUT
                + " on. Inputs 1 to 4 and 5 to 8 are stimuli of two modalities in four directions, input 0 fixation. "
                + "Output 0 fixates until that goes off (rt: until the stimulus), outputs 1 to 4 then answer in a direction. Types by rule. "
                + closingWords();
    }

    @Override
    public void write(int type, RandomStream random, double[] x, double[] y, double[] mask) {
        int shift = shift(random);
        int modality = random.nextInt(2);
        int a = random.nextInt(DIRECTIONS);
        int b = (a + 1 + random.nextInt(DIRECTIONS - 1)) % DIRECTIONS;
        double[] strength = new double[4]; // of a and b in modality 1, then 2
        for (int m = 0; m < 2; m++) {
            double difference = (random.nextInt(2) == 0 ? -1 : 1) * (0.2 + 0.2 * random.nextInt(2));
            strength[2 * m] = 1 + difference;
            strength[2 * m + 1] = 1 - difference;
        }
        boolean same = random.nextInt(2) == 1;
        int pick = random.nextInt(2);
        int further = random.nextInt(DIRECTIONS - 1);
        String rule = RULES.get(chosen.get(type));
        int first = onset + shift;
        int next = second + shift;
        int due = go + shift;
        int answer;
        boolean atOnce = rule.startsWith("rt-");
        boolean delayed = rule.startsWith("delay-");
        if (rule.endsWith("go") || rule.endsWith("anti")) {
            due = atOnce ? next : due;
            stimulus(x, modality, a, atOnce ? due : first, delayed ? first + stimulusSteps : steps, 1);
            answer = rule.endsWith("go") ? a : (a + DIRECTIONS / 2) % DIRECTIONS;
        } else if (rule.endsWith("match")) {
            boolean category = rule.startsWith("category");
            int test = same ? sameAs(a, pick, category) : otherThan(a, pick, further, category);
            stimulus(x, modality, a, first, first + stimulusSteps, 1);
            stimulus(x, modality, test, next, next + stimulusSteps, 1);
            answer = same != rule.contains("non-match") ? test : -1;
        } else {
            answer = decide(x, rule, delayed, new int[] {a, b}, strength, first, next);
        }
        input(x, 0, 0, atOnce ? steps : due, 1);
        input(x, RULE_INPUT + type, 0, steps, 1);
        add(y, outputs(), 0, 0, due, 1);
        add(y, outputs(), answer + 1, due, steps, 1);
        Arrays.fill(mask, due * outputs(), (due + graceSteps) * outputs(), 0);
        Arrays.fill(mask, (due + graceSteps) * outputs(), steps * outputs(), weight);
        noise(random, x);
    }

    /** Shows two stimuli whose strengths are to be compared, and returns the stronger one's direction. */
    private int decide(
            double[] x, String rule, boolean delayed, int[] directions, double[] strength, int first, int next) {
        boolean both = rule.contains("context") || rule.contains("multisensory");
        boolean one = rule.endsWith("1");
        boolean all = rule.contains("multisensory");
        if (all && (strength[0] > 1) != (strength[2] > 1)) {
            // Both modalities agree, so that the sums are never equal.
            double swapped = strength[2];
            strength[2] = strength[3];
            strength[3] = swapped;
        }
        double margin = 0;
        for (int m = 0; m < 2; m++) {
            boolean counts = all || (m == 0) == one;
            if (both || counts) {
                for (int k = 0; k < 2; k++) {
                    int from = delayed && k == 1 ? next : first;
                    int to = delayed ? from + stimulusSteps : next + stimulusSteps;
                    stimulus(x, m, directions[k], from, to, strength[2 * m + k]);
                }
            }
            margin += counts ? strength[2 * m] - strength[2 * m + 1] : 0;
        }
        return directions[margin > 0 ? 0 : 1];
    }

    private void stimulus(double[] x, int modality, int direction, int from, int to, double strength) {
        input(x, 1 + modality * DIRECTIONS + direction, from, to, amplitude * strength);
    }

    private static int category(int direction) {
        return direction / 2;
    }

    /** A direction that matches: the same one, or one of the same category. */
    private static int sameAs(int direction, int pick, boolean category) {
        return category ? 2 * category(direction) + pick : direction;
    }

    /** A direction that doesn't match. */
    private static int otherThan(int direction, int pick, int further, boolean category) {
        return category ? 2 * (1 - category(direction)) + pick : (direction + 1 + further) % DIRECTIONS;
    }

    @Override
    public boolean masked() {
        return true;
    }

    @Override
    public Readout readout() {
        return Readout.LARGEST;
    }

    @Override
    public Loss loss() {
        return new SoftmaxCrossEntropy();
    }

    @Override
    public double stopLoss() {
        return 0.01;
    }

    @Override
    public List<TrialPart> parts() {
        return parts(onset, go, go);
    }
}
