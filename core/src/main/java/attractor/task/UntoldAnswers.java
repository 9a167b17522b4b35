package attractor.task;

import attractor.random.RandomStream.Purpose;
import java.util.Optional;

/** Finds trials whose answer can't be told from the input. Stateless. */
final class UntoldAnswers {

    /** What a warning of this kind says. */
    static final String WORDS = "nothing in its input tells";

    private static final Purpose PURPOSE = Purpose.of("untold-answers");
    private static final int PER_TYPE = 8;
    private static final int MOST_TRIALS = 192;
    /** Trials of more values than this aren't compared, since that would take long. */
    private static final int MOST_VALUES = 1 << 24;

    private UntoldAnswers() {}

    /** A warning, if there are two trials with the same inputs up to a step and other targets there. */
    static Optional<String> find(Task task) {
        Task quiet = quiet(task);
        int types = quiet.types().size();
        int size = Math.min(Math.max(types, MOST_TRIALS), PER_TYPE * types);
        int inputs = quiet.inputs();
        int outputs = quiet.outputs();
        if ((long) size * quiet.steps() * Math.max(inputs, outputs) > MOST_VALUES) {
            return Optional.empty();
        }
        double[][] x = new double[size][quiet.steps() * inputs];
        double[][] y = new double[size][quiet.steps() * outputs];
        double[][] mask = new double[size][quiet.steps() * outputs];
        try {
            Trials.Reader reader = Trials.balanced(quiet, size, 0, PURPOSE).reader();
            for (int s = 0; s < size; s++) {
                reader.read(s, x[s], 0, y[s], 0, mask[s], 0);
            }
        } catch (IllegalArgumentException | IllegalStateException faulty) {
            return Optional.empty(); // a user's own task; whoever uses its trials hears what is wrong
        }
        for (int a = 0; a < size; a++) {
            for (int b = 0; b < a; b++) {
                for (int t = 0; t < quiet.steps(); t++) {
                    if (differ(x[a], x[b], t * inputs, inputs, null, null)) {
                        break;
                    }
                    if (differ(y[a], y[b], t * outputs, outputs, mask[a], mask[b])) {
                        return Optional.of(
                                "task " + task.name() + ": " + trial(quiet, b, types) + " has the same input as "
                                        + trial(quiet, a, types) + " up to " + TaskOptions.format(t * quiet.dtMs())
                                        + " ms, noise apart, so that " + WORDS + " which answer is due there");
                    }
                }
            }
        }
        return Optional.empty();
    }

    private static String trial(Task task, int trial, int types) {
        return "a trial of type " + task.types().get(trial % types);
    }

    /** Whether two trials differ at a step, where both have weights. */
    private static boolean differ(double[] a, double[] b, int from, int channels, double[] maskA, double[] maskB) {
        for (int i = from; i < from + channels; i++) {
            if (a[i] != b[i] && (maskA == null || (maskA[i] > 0 && maskB[i] > 0))) {
                return true;
            }
        }
        return false;
    }

    /** The task without noise but with its jitter; the task itself if it has no options that say so. */
    private static Task quiet(Task task) {
        TaskOptions quiet = task.options().withoutNoise(false);
        if (quiet.equals(task.options())) {
            return task;
        }
        try {
            return Tasks.byName(task.name(), quiet);
        } catch (IllegalArgumentException unknown) {
            return task;
        }
    }
}
