package attractor.task;

import attractor.task.CueTask.Response;
import attractor.task.CueTask.Rule;
import attractor.task.TaskOptions.Range;
import java.util.List;
import java.util.function.Function;

/**
 * The seven tasks of Jarne and Laje, <i>A detailed study of recurrent neural networks used to model tasks in the cerebral
 * cortex</i>, arXiv:1906.01094, with their defaults. Immutable.
 */
final class BuiltInTask extends NamedTaskProvider {

    private static final List<String> ONE_OR_NONE = List.of("none", "pulse");
    private static final List<String> PAIRS = List.of("00", "01", "10", "11");
    /** Indexed by the type of PAIRS: the first digit of the name is input 0, which is bit 0. */
    private static final List<Integer> PAIRS_ON = List.of(0b00, 0b10, 0b01, 0b11);

    /** In the order in which they are listed. */
    static final List<BuiltInTask> PROVIDERS = List.of(
            cue(new Rule(
                    "pulse",
                    1,
                    ONE_OR_NONE,
                    List.of(0, 1),
                    List.of(false, true),
                    Response.BUMP,
                    "there was one",
                    1e-3)),
            gate("and", List.of(false, false, false, true), "both inputs had one", 5e-4),
            gate("or", List.of(false, true, true, true), "at least one input had one", 1e-4),
            gate("xor", List.of(false, true, true, false), "exactly one input had one", 1e-3),
            cue(new Rule(
                    "not",
                    1,
                    List.of("0", "1"),
                    List.of(0, 1),
                    List.of(true, false),
                    Response.STEP,
                    "there was none",
                    5e-4)),
            flipFlop(),
            cue(new Rule(
                    "oscillation",
                    1,
                    List.of("none", "osc"),
                    List.of(0, 1),
                    List.of(false, true),
                    Response.SINE,
                    "there was one",
                    1e-3)));

    static final List<String> NAMES = PROVIDERS.stream().map(BuiltInTask::name).toList();

    private BuiltInTask(String name, TaskOptions defaults, Function<TaskOptions, Task> constructor) {
        super(name, () -> defaults, constructor);
    }

    private static BuiltInTask flipFlop() {
        TaskOptions.Builder options = PaperTask.timing("flipflop", 600)
                .list(
                        TaskOptions.STIMULUS_ONSETS_MS,
                        List.of(50.0, 170.0, 290.0, 410.0),
                        Range.NON_NEGATIVE,
                        "when each pulse begins, ms");
        PaperTask.rest(options, 0)
                .list(
                        TaskOptions.EARLIER_PULSES,
                        List.of(),
                        Range.NON_NEGATIVE,
                        "input of each pulse but the last, 0 (Set) or 1 (Reset); empty: at random");
        return new BuiltInTask("flipflop", options.build(), FlipFlopTask::new);
    }

    private static BuiltInTask gate(String name, List<Boolean> responds, String who, double stopLoss) {
        return cue(new Rule(name, 2, PAIRS, PAIRS_ON, responds, Response.STEP, who, stopLoss));
    }

    private static BuiltInTask cue(Rule rule) {
        boolean bump = rule.response() == Response.BUMP;
        boolean sine = rule.response() == Response.SINE;
        TaskOptions.Builder options = PaperTask.timing(rule.name(), sine ? 300 : 200)
                .number(
                        TaskOptions.STIMULUS_ONSET_MS,
                        bump || sine ? 50 : 30,
                        Range.NON_NEGATIVE,
                        "when the stimulus begins, ms");
        PaperTask.rest(options, bump ? 20 : 0);
        if (sine) {
            options.number(TaskOptions.FREQUENCY_HZ, 30, Range.POSITIVE, "frequency of the response, Hz");
        }
        return new BuiltInTask(rule.name(), options.build(), made -> new CueTask(rule, made));
    }
}
