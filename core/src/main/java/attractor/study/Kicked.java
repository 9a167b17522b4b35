package attractor.study;

import attractor.analysis.Kicks;
import attractor.kernel.Kernels;
import attractor.task.Task;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What displaced states and pulses of input do, see {@link Kicks}; random vectors by the run's seed.
 *
 * <p>Rows of the results have {@code type}, {@code direction}, {@code size}, {@code kicks} (their number), and over these
 * {@code responseDistance} (mean over those before the response's end), {@code changedShare} (of answers), {@code
 * returnedShare} (of states that returned within the trial) and {@code returnMs} (their mean time; empty if none did).
 * Immutable, safe for any number of threads.
 *
 * @param options which disturbances; their seed isn't used
 */
public record Kicked(Kicks.Options options) implements Measurement {

    @Override
    public Map<String, Object> toJson() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("kind", "kick");
        json.put(
                "directions",
                options.directions().stream().map(Kicks.Direction::id).toList());
        json.put("sizes", options.sizes());
        json.put("timesMs", options.timesMs());
        json.put("draws", options.draws());
        json.put("pulseMs", options.pulseMs());
        json.put("returned", options.returned());
        return json;
    }

    @Override
    public void check(Task task) {
        for (double ms : options.timesMs()) {
            long step = Math.round(ms / task.dtMs());
            if (step < 1 || step >= task.steps()) {
                throw new IllegalArgumentException("a kick at " + ms + " ms, expected " + task.dtMs() + " to "
                        + (task.steps() - 1) * task.dtMs() + " ms, within a trial of " + task.name());
            }
        }
    }

    @Override
    public void measure(TrainedNetwork network, Kernels kernels, MeasuredRows tables) {
        Task task = network.task();
        Kicks kicks = Kicks.of(
                network.network(), task, options.withSeed(network.config().dataSeed()));
        for (int type = 0; type < task.types().size(); type++) {
            int here = type;
            List<Kicks.Kick> ofType =
                    kicks.kicks().stream().filter(k -> k.type() == here).toList();
            for (Kicks.Mean mean : new Kicks(ofType, kicks.norm(), kicks.options()).means()) {
                tables.row(MeasuredRows.RESULTS)
                        .with("type", task.types().get(type))
                        .with("direction", mean.direction().id())
                        .with("size", mean.size())
                        .with("kicks", mean.kicks())
                        .with("responseDistance", Double.isNaN(mean.response()) ? 0.0 : mean.response())
                        .with("changedShare", mean.changed())
                        .with("returnedShare", mean.returned())
                        .with(
                                "returnMs",
                                Double.isNaN(mean.returnSteps()) ? null : mean.returnSteps() * task.dtMs());
            }
        }
    }
}
