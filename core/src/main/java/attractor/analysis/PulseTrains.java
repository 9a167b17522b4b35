package attractor.analysis;

import attractor.kernel.Kernels;
import attractor.model.Rnn;
import attractor.task.Task;
import attractor.task.TaskOptions;
import attractor.task.Tasks;
import attractor.task.Trials;
import attractor.task.TypeScore;
import attractor.train.Evaluator;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Tests the flip-flop on pulse trains other than those of its training: one pulse left out, so that a state must be
 * held for longer, or one pulse repeated, which must change nothing. Stateless, safe for any number of threads; needs
 * no EJML.
 */
public final class PulseTrains {

    private PulseTrains() {}

    /** How a train differs. Immutable, safe for any thread. */
    public enum Kind {
        /** All pulses, random except the last one, as in training. */
        TRAINED("as trained"),
        /** One pulse is left out; the others are random except the last one, which is the type. */
        OMITTED("pulse omitted"),
        /** Set and Reset in turn. */
        ALTERNATING("alternating"),
        /** Set and Reset in turn, except for one pulse that repeats the one before it. */
        REPEATED("pulse repeated");

        private final String words;

        Kind(String words) {
            this.words = words;
        }

        /** In words, as in reports. */
        public String words() {
            return words;
        }
    }

    /**
     * A train of pulses for one trial type. Immutable, safe for any thread.
     *
     * @param kind how it differs
     * @param pulse number of the pulse that is left out or repeats the one before, from 1 on; 0 for none
     * @param type index of the trial type, the last pulse
     * @param task a task that makes such trials of that type (its trials of the other type may be of another kind)
     */
    public record Variant(Kind kind, int pulse, int type, Task task) {
        /** In words, such as {@code pulse omitted: 2}. */
        public String words() {
            return pulse == 0 ? kind.words : kind.words + ": " + pulse;
        }
    }

    /**
     * A network's score on one variant. Immutable, safe for any thread.
     *
     * @param variant the variant
     * @param score the scores of that type
     */
    public record Score(Variant variant, TypeScore score) {}

    /**
     * The variants of a flip-flop task for each type: as trained; each pulse left out; alternating; each pulse from the
     * second on repeating the one before it. A task with a single pulse has only the first and the third.
     *
     * @param task the built-in flip-flop, with any options; earlier pulses that it gives are replaced
     * @throws IllegalArgumentException if it is another task
     */
    public static List<Variant> variants(Task task) {
        if (!task.options().has(TaskOptions.STIMULUS_ONSETS_MS)
                || !task.options().has(TaskOptions.EARLIER_PULSES)) {
            throw new IllegalArgumentException("task is " + task.name() + ", expected flipflop (one with the options "
                    + TaskOptions.STIMULUS_ONSETS_MS + " and " + TaskOptions.EARLIER_PULSES + ")");
        }
        List<Double> onsets = task.options().list(TaskOptions.STIMULUS_ONSETS_MS);
        int pulses = onsets.size();
        int types = task.types().size();
        List<Variant> variants = new ArrayList<>();
        add(variants, types, Kind.TRAINED, 0, with(task, onsets, List.of()));
        for (int pulse = 1; pulse <= pulses && pulses > 1; pulse++) {
            List<Double> left = new ArrayList<>(onsets);
            left.remove(pulse - 1);
            add(variants, types, Kind.OMITTED, pulse, with(task, left, List.of()));
        }
        for (int repeated = 1; repeated <= pulses; repeated++) {
            // The first pulse has none before it that it could repeat: the train alternates.
            for (int type = 0; type < types; type++) {
                Kind kind = repeated == 1 ? Kind.ALTERNATING : Kind.REPEATED;
                Task made = with(task, onsets, earlier(pulses, repeated, type));
                variants.add(new Variant(kind, repeated == 1 ? 0 : repeated, type, made));
            }
        }
        return List.copyOf(variants);
    }

    private static void add(List<Variant> variants, int types, Kind kind, int pulse, Task task) {
        for (int type = 0; type < types; type++) {
            variants.add(new Variant(kind, pulse, type, task));
        }
    }

    /** Inputs of the pulses before the last, which is on input 0 (Set) for type 1, 1 (Reset) for type 0. */
    private static List<Double> earlier(int pulses, int repeated, int type) {
        Double[] input = new Double[pulses - 1];
        double next = 1 - type;
        for (int pulse = pulses - 1; pulse >= 1; pulse--) {
            next = pulse + 1 == repeated ? next : 1.0 - next;
            input[pulse - 1] = next;
        }
        return List.of(input);
    }

    private static Task with(Task task, List<Double> onsets, List<Double> earlier) {
        Map<String, Object> changed = new LinkedHashMap<>(task.options().toMap());
        changed.put(TaskOptions.STIMULUS_ONSETS_MS, onsets);
        changed.put(TaskOptions.EARLIER_PULSES, earlier);
        return Tasks.byName(task.name(), changed);
    }

    /**
     * Scores a network on every variant, on the fastest kernels.
     *
     * @param rnn Not modified.
     * @param task the flip-flop, with the noise that trials should have
     * @param trials number of trials per variant, at least 1
     * @param seed seed of the trials and of the noise in the states, if the network has any
     * @return in the order of {@link #variants}
     * @throws IllegalArgumentException if it is another task, network and task don't fit together, or there are no
     *     trials
     */
    public static List<Score> scores(Rnn rnn, Task task, int trials, long seed) {
        Attractors.check(rnn, task);
        if (trials < 1) {
            throw new IllegalArgumentException("trials per variant are " + trials + ", expected at least 1");
        }
        int size = Math.multiplyExact(trials, task.types().size());
        List<Score> scores = new ArrayList<>();
        for (Variant variant : variants(task)) {
            Trials set = Trials.balanced(variant.task, size, seed, Trials.EVALUATION);
            scores.add(new Score(
                    variant,
                    Evaluator.evaluate(rnn, set, Kernels.get(), seed).types().get(variant.type)));
        }
        return List.copyOf(scores);
    }
}
