package attractor.study;

import attractor.io.Printable;
import attractor.kernel.Kernels;
import attractor.task.Scores;
import attractor.task.Task;
import attractor.task.Tasks;
import attractor.task.Trials;
import attractor.task.TypeScore;
import attractor.train.Evaluator;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * Scores by trial type on fresh noisy trials, the same as in a training's evaluation, under one or several conventions.
 * A convention is the task's options with some changes. A row has convention, {@code type}, {@code passed} (by
 * the default criterion), {@code trials}, {@code nonFinite}, {@code distanceMean}, {@code distanceSd}, {@code rmse},
 * {@code zeroTarget}, {@code zeroRmse} and {@code zeroDistance}, the last two are the scores of an output that is
 * constantly zero. Where trials have classes it also has {@code accuracy} and
 * {@code decisionMs}, see {@link attractor.task.Decisions}. Immutable, safe for any number of threads.
 *
 * @param trials number of trials, all types equally often
 * @param conventions for each convention's name its changes of the task's options, kept sorted; an empty map changes
 *     nothing
 */
public record Evaluations(int trials, Map<String, Map<String, Object>> conventions) implements Measurement {
    /** Name of the convention that leaves the task as it is. */
    public static final String TRAINED = "trained";

    /** @throws IllegalArgumentException if there are no trials or no conventions */
    public Evaluations {
        if (trials < 1 || conventions.isEmpty()) {
            throw new IllegalArgumentException("evaluation of " + Printable.count(trials, "trial") + " under "
                    + conventions.size() + " conventions, expected at least 1 of each");
        }
        Map<String, Map<String, Object>> copy = new TreeMap<>();
        conventions.forEach((name, options) -> copy.put(name, Collections.unmodifiableMap(new TreeMap<>(options))));
        conventions = Collections.unmodifiableMap(copy);
    }

    @Override
    public Map<String, Object> toJson() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("kind", "evaluation");
        json.put("trials", (long) trials);
        json.put("conventions", conventions);
        return json;
    }

    @Override
    public void check(Task task) {
        conventions.values().forEach(options -> changed(task, options));
    }

    private static Task changed(Task task, Map<String, Object> options) {
        return options.isEmpty()
                ? task
                : Tasks.byName(task.name(), task.options().with(options));
    }

    @Override
    public void measure(TrainedNetwork network, Kernels kernels, MeasuredRows tables) {
        conventions.forEach((name, options) -> {
            Task task = changed(network.task(), options);
            Scores scores = scores(network, task, trials, kernels);
            for (TypeScore score : scores.types()) {
                write(score, task, tables.row(MeasuredRows.RESULTS).with("convention", name));
            }
        });
    }

    /** Writes rows that don't pass. */
    @Override
    public void diverged(Task task, MeasuredRows tables) {
        for (String name : conventions.keySet()) {
            task.types()
                    .forEach(type -> tables.row(MeasuredRows.RESULTS)
                            .with("convention", name)
                            .with("type", type)
                            .with("passed", false));
        }
    }

    /**
     * Scores on the trials of the training's own evaluation, including the noise in the states.
     *
     * @param trials number of trials, if a task makes them
     */
    static Scores scores(TrainedNetwork network, Task task, int trials, Kernels kernels) {
        long seed = network.config().dataSeed();
        return Evaluator.evaluate(
                network.network(),
                network.evaluation()
                        .orElseGet(() -> Trials.balanced(task, trials, seed, Trials.EVALUATION, Trials.DEFAULT_BUDGET)),
                kernels,
                seed);
    }

    /** The columns of a type's score. */
    static void write(TypeScore score, Task task, MeasuredRows.Row row) {
        row.with("type", score.type())
                .with("passed", score.passed())
                .with("trials", score.trials())
                .with("nonFinite", score.nonFinite())
                .with("distanceMean", score.distanceMean())
                .with("distanceSd", score.distanceSd())
                .with("rmse", score.rmse())
                .with("zeroTarget", score.zeroTarget())
                .with("zeroRmse", score.zeroRmse())
                .with("zeroDistance", score.zeroRmse() * Math.sqrt((double) task.steps() * task.outputs()));
        score.decisions()
                .ifPresent(decisions ->
                        row.with("accuracy", decisions.accuracy()).with("decisionMs", decisions.decisionMs()));
    }
}
