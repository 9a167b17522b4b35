package attractor.study;

import attractor.analysis.Trajectories;
import attractor.io.Printable;
import attractor.kernel.Kernels;
import attractor.task.Scores;
import attractor.task.Task;
import attractor.task.TaskOptions;
import attractor.task.Tasks;
import attractor.task.TypeScore;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How well a network works when the stimulus comes at another time than in training. The trial becomes longer or
 * shorter by as much as the stimulus is shifted, so that the response has the same time as in training and only the
 * time before the stimulus changes.
 *
 * <p>Rows of the results have onsetMs, {@code trainedOnsetMs} and the columns of {@link Evaluations}. The table
 * {@code traces} has the output over time in one trial of each type without noise: onsetMs, {@code type},
 * {@code timeMs}, {@code target}, {@code output}; only for the first seeds, since it is long. Immutable, safe for any
 * number of threads.
 *
 * @param onsetsMs onsets of the stimulus, or of a flip-flop's first pulse
 * @param trials number of trials per score, types in turn
 * @param traces whether traces are written
 */
public record Shift(List<Double> onsetsMs, int trials, boolean traces) implements Measurement {

    /** @throws IllegalArgumentException if there is no onset or no trial */
    public Shift {
        onsetsMs = List.copyOf(onsetsMs);
        if (onsetsMs.isEmpty() || trials < 1) {
            throw new IllegalArgumentException("shift to " + onsetsMs.size() + " onsets with "
                    + Printable.count(trials, "trial") + ", expected at least 1 of each");
        }
    }

    @Override
    public Map<String, Object> toJson() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("kind", "shift");
        json.put("onsetsMs", onsetsMs);
        json.put("trials", trials);
        json.put("traces", traces);
        return json;
    }

    @Override
    public void check(Task task) {
        for (double onset : onsetsMs) {
            shifted(task, onset);
        }
    }

    @Override
    public void measure(TrainedNetwork network, Kernels kernels, MeasuredRows tables) {
        double trained = onset(network.task().options());
        for (double onset : onsetsMs) {
            Task task = shifted(network.task(), onset);
            Scores scores = Evaluations.scores(network, task, trials, kernels);
            for (TypeScore score : scores.types()) {
                Evaluations.write(
                        score,
                        task,
                        tables.row(MeasuredRows.RESULTS).with("onsetMs", onset).with("trainedOnsetMs", trained));
            }
            if (traces) {
                trace(network, task, onset, tables);
            }
        }
    }

    private static double onset(TaskOptions options) {
        return options.has(TaskOptions.STIMULUS_ONSETS_MS)
                ? options.list(TaskOptions.STIMULUS_ONSETS_MS).get(0)
                : options.number(TaskOptions.STIMULUS_ONSET_MS);
    }

    private static Task shifted(Task task, double onset) {
        TaskOptions options = task.options();
        double by = onset - onset(options);
        TaskOptions moved = options.has(TaskOptions.STIMULUS_ONSETS_MS)
                ? options.with(
                        TaskOptions.STIMULUS_ONSETS_MS,
                        options.list(TaskOptions.STIMULUS_ONSETS_MS).stream()
                                .map(t -> t + by)
                                .toList())
                : options.with(TaskOptions.STIMULUS_ONSET_MS, onset);
        return Tasks.byName(
                task.name(), moved.with(TaskOptions.DURATION_MS, options.number(TaskOptions.DURATION_MS) + by));
    }

    private static void trace(TrainedNetwork network, Task task, double onset, MeasuredRows tables) {
        Trajectories t = Trajectories.of(
                network.network().withNoise(0.0),
                task.withoutNoise(),
                network.config().dataSeed());
        for (int s = 0; s < t.trials(); s++) {
            for (int k = 0; k < t.steps(); k++) {
                int at = (s * t.steps() + k) * t.outputs();
                tables.row("traces")
                        .with("onsetMs", onset)
                        .with("type", t.types().get(s))
                        .with("timeMs", (k + 1) * t.dtMs())
                        .with("target", t.target()[at])
                        .with("output", t.y()[at]);
            }
        }
    }
}
