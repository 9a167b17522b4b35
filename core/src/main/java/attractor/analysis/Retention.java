package attractor.analysis;

import attractor.kernel.Kernels;
import attractor.model.Rnn;
import attractor.task.Task;
import attractor.task.TaskOptions;
import attractor.task.Tasks;
import attractor.task.TrialPart;
import attractor.task.Trials;
import attractor.train.TrialBatches;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How long a network holds its answer when the trial goes on without stimuli, for longer than it was trained for. The
 * task's trials are only made longer; the noise on the inputs goes on. Targets have no noise, onsets no jitter.
 *
 * <p>Time is counted from where the trial's last part named {@value TrialPart#RESPONSE} begins. From
 * {@value #WINDOW_MS} ms after it on, so that a response has time to rise, every step is judged:
 * <ul>
 *   <li>if the targets of all types are levels in that part: the output has left at the first step at which |y -
 *       target| exceeds half of the distance between the lowest and the highest level (0.5 in the built-in tasks);
 *   <li>otherwise (oscillation; pulse, where the answer is held by silence after it): at the first step at which the
 *       root mean square error over the last {@value #WINDOW_MS} ms exceeds half the root mean square of the largest
 *       type's target in that part, half of the error of an output of 0.
 * </ul>
 * With several outputs the first condition uses the worst one, the second their mean square. A trial that is outside
 * when it is first judged has held for 0 ms. One that never leaves has held to the end and is censored there; all
 * trials are censored at the same time, so that a median below it is a plain median.
 *
 * <p>Thread-safe as long as the arrays are not modified; they are not copied. The same bits on every JDK and with all
 * kernels except jblas; needs no EJML.
 *
 * @param lengthMs duration of the trials
 * @param trainedMs duration of the task's own trials
 * @param onsetMs time at which the answer begins
 * @param levels whether the answer is a level
 * @param limit how far the output, or its root mean square error, may be off
 * @param types one for each trial type, in the task's order
 */
public record Retention(
        double lengthMs, double trainedMs, double onsetMs, boolean levels, double limit, List<OfType> types) {

    /** Time after the response's onset at which judgement begins, and length of the window for errors, in ms. */
    public static final int WINDOW_MS = 50;

    /**
     * A trial type. Immutable, safe for any thread.
     *
     * @param type its name
     * @param heldMs time from the onset until the output leaves, by trial; {@code censoredMs} if it never does
     * @param censoredMs time from the onset to the end
     */
    public record OfType(String type, double[] heldMs, double censoredMs) {
        /** Number of trials that held to the end. */
        public int holding() {
            return (int) Arrays.stream(heldMs).filter(t -> t >= censoredMs).count();
        }

        /** Share of the trials that held to the end, 0 to 1. */
        public double share() {
            return holding() / (double) heldMs.length;
        }

        /**
         * The median of the times; of an even number, the lower of the two in the middle. If it is {@code censoredMs},
         * the true median may be larger.
         */
        public double medianMs() {
            double[] sorted = heldMs.clone();
            Arrays.sort(sorted);
            return sorted[(sorted.length - 1) / 2];
        }
    }

    /**
     * Runs long trials, those of an evaluation with that seed, of each type in turn.
     *
     * @param rnn the network, with the noise in its states that trials should have, see {@link Rnn#withNoise}. Not
     *     modified.
     * @param task the task that the network was trained on, with the noise on the inputs that trials should have, see
     *     {@link Task#withoutNoise}
     * @param lengthMs duration of a trial, at least the task's own
     * @param trialsPerType at least 1
     * @param seed seed of the trials and of the noise in the states
     * @throws IllegalArgumentException if network and task don't fit together, the task has no option durationMs or no
     *     target to hold, or a number is out of range
     */
    public static Retention of(Rnn rnn, Task task, double lengthMs, int trialsPerType, long seed) {
        Attractors.check(rnn, task);
        if (trialsPerType < 1) {
            throw new IllegalArgumentException("trials of each type are " + trialsPerType + ", expected at least 1");
        }
        Task longer = longer(task, lengthMs);
        TrialPart answer = Attractors.answer(longer);
        int steps = longer.steps();
        int window = (int) Math.max(1, Math.round(WINDOW_MS / task.dtMs()));
        if (answer.from() > steps - window) {
            throw new IllegalArgumentException("the answer lasts " + (steps - answer.from()) * task.dtMs()
                    + " ms in a trial of " + lengthMs + " ms, expected at least " + WINDOW_MS + " ms");
        }
        int typeCount = task.types().size();
        Trials trials = Trials.balanced(longer, Math.multiplyExact(typeCount, trialsPerType), seed, Trials.EVALUATION);
        Targets targets = Targets.of(trials, answer);
        double[][] held = new double[typeCount][trialsPerType];
        int outputs = rnn.outputs();
        TrialBatches.run(rnn, trials, Kernels.get(), seed, false, batch -> {
            for (int s = 0; s < batch.size(); s++) {
                int trial = batch.first() + s;
                int left = targets.left(
                        batch.run().y(), batch.target(), s * steps * outputs, outputs, answer.from(), steps, window);
                held[trials.type(trial)][trial / typeCount] = (left - answer.from()) * task.dtMs();
            }
        });
        List<OfType> types = new ArrayList<>();
        for (int k = 0; k < typeCount; k++) {
            types.add(new OfType(task.types().get(k), held[k], (steps - answer.from()) * task.dtMs()));
        }
        return new Retention(
                steps * task.dtMs(),
                task.steps() * task.dtMs(),
                answer.from() * task.dtMs(),
                targets.levels,
                targets.limit,
                List.copyOf(types));
    }

    private static Task longer(Task task, double lengthMs) {
        if (!task.options().has(TaskOptions.DURATION_MS)) {
            throw new IllegalArgumentException("task " + task.name() + " has no option " + TaskOptions.DURATION_MS
                    + ", expected one, to make its trials longer");
        }
        if (!(Math.round(lengthMs / task.dtMs()) >= task.steps())) {
            throw new IllegalArgumentException("a trial's length is " + lengthMs + " ms, expected at least the task's, "
                    + task.steps() * task.dtMs() + " ms");
        }
        Map<String, Object> changed = new LinkedHashMap<>(task.options().toMap());
        changed.put(TaskOptions.DURATION_MS, lengthMs);
        for (String key : List.of(TaskOptions.TARGET_NOISE_SD, TaskOptions.ONSET_JITTER_MS)) {
            if (task.options().has(key)) {
                changed.put(key, 0.0);
            }
        }
        return Tasks.byName(task.name(), changed);
    }

    /** What the output must hold. */
    private record Targets(boolean levels, double limit) {
        static Targets of(Trials trials, TrialPart answer) {
            int outputs = trials.outputs();
            double[] x = new double[trials.steps() * trials.inputs()];
            double[] y = new double[trials.steps() * outputs];
            double[] lowest = new double[outputs];
            double[] highest = new double[outputs];
            Arrays.fill(lowest, Double.POSITIVE_INFINITY);
            Arrays.fill(highest, Double.NEGATIVE_INFINITY);
            boolean levels = true;
            double largest = 0.0;
            Trials.Reader reader = trials.reader();
            for (int k = 0; k < trials.types().size(); k++) {
                reader.read(k, x, 0, y, 0, null, 0);
                double square = 0.0;
                for (int i = answer.from() * outputs; i < answer.to() * outputs; i++) {
                    int o = i % outputs;
                    levels &= y[i] == y[answer.from() * outputs + o];
                    lowest[o] = Math.min(lowest[o], y[i]);
                    highest[o] = Math.max(highest[o], y[i]);
                    square += y[i] * y[i];
                }
                largest = Math.max(largest, Math.sqrt(square / (answer.steps() * outputs)));
            }
            double spread = 0.0;
            for (int o = 0; o < outputs; o++) {
                spread = Math.max(spread, highest[o] - lowest[o]);
            }
            double scale = levels && spread > 0.0 ? spread : largest;
            if (!(scale > 0.0)) {
                throw new IllegalArgumentException(
                        "the targets of all types are 0 in the response, expected one to hold");
            }
            return new Targets(levels, 0.5 * scale);
        }

        /**
         * The step at which a trial's output leaves: {@code from} if it never held, {@code steps} if it holds to the
         * end.
         */
        int left(double[] y, double[] target, int offset, int outputs, int from, int steps, int window) {
            int first = from + window - 1;
            for (int t = first; t < steps; t++) {
                // A NaN isn't within the limit.
                if (!(off(y, target, offset, outputs, t, window) <= limit)) {
                    return t == first ? from : t;
                }
            }
            return steps;
        }

        private double off(double[] y, double[] target, int offset, int outputs, int t, int window) {
            int end = offset + (t + 1) * outputs;
            double worst = 0.0;
            double square = 0.0;
            int count = levels ? outputs : window * outputs;
            for (int i = end - count; i < end; i++) {
                double d = y[i] - target[i];
                worst = Math.max(worst, Math.abs(d));
                square += d * d;
            }
            return levels ? worst : Math.sqrt(square / count);
        }
    }
}
