package attractor.study;

import attractor.analysis.PulseTrains;
import attractor.analysis.Retention;
import attractor.io.Printable;
import attractor.kernel.Kernels;
import attractor.task.Task;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How long a network holds its answer when the trial goes on, see {@link Retention}; of a flip-flop also how it does with pulses left out or
 * repeated, see {@link PulseTrains}.
 *
 * <p>Rows of the results have {@code type}, {@code trials}, {@code medianMs}, {@code censoredMs} (from the answer's
 * onset to the end), {@code heldToTheEnd} (share of the trials) and {@code heldAsTrained} (share that held to the end
 * of a trained trial). The table {@code pulses} has {@code variant}, {@code pulse} and the scores of each type.
 * Immutable, safe for any number of threads.
 *
 * @param lengthMs duration of the trials
 * @param trials number of trials per type
 */
public record Hold(double lengthMs, int trials) implements Measurement {
    private static final String FLIP_FLOP = "flipflop";

    /** @throws IllegalArgumentException if there is no trial or the length isn't above 0 */
    public Hold {
        if (!(lengthMs > 0) || trials < 1) {
            throw new IllegalArgumentException("hold for " + lengthMs + " ms in " + Printable.count(trials, "trial")
                    + " per type, expected a time above 0 and at least 1 trial");
        }
    }

    @Override
    public Map<String, Object> toJson() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("kind", "hold");
        json.put("lengthMs", lengthMs);
        json.put("trials", trials);
        return json;
    }

    @Override
    public void check(Task task) {
        double trainedMs = task.steps() * task.dtMs();
        if (lengthMs < trainedMs) {
            throw new IllegalArgumentException("hold for " + lengthMs
                    + " ms, expected at least the duration of a trial of " + task.name() + ", " + trainedMs + " ms");
        }
    }

    @Override
    public void measure(TrainedNetwork network, Kernels kernels, MeasuredRows tables) {
        long seed = network.config().dataSeed();
        Retention holding = Retention.of(network.network(), network.task(), lengthMs, trials, seed);
        // Both are whole steps, but for rounding.
        double trained =
                holding.trainedMs() - holding.onsetMs() - network.task().dtMs() / 2;
        for (Retention.OfType type : holding.types()) {
            int asTrained = 0;
            for (double held : type.heldMs()) {
                asTrained += held >= trained ? 1 : 0;
            }
            tables.row(MeasuredRows.RESULTS)
                    .with("type", type.type())
                    .with("trials", type.heldMs().length)
                    .with("medianMs", type.medianMs())
                    .with("censoredMs", type.censoredMs())
                    .with("heldAsTrained", asTrained / (double) type.heldMs().length)
                    .with("heldToTheEnd", type.share());
        }
        if (network.task().name().equals(FLIP_FLOP)) {
            for (PulseTrains.Score score : PulseTrains.scores(network.network(), network.task(), trials, seed)) {
                Evaluations.write(
                        score.score(),
                        score.variant().task(),
                        tables.row("pulses")
                                .with("variant", score.variant().kind().words())
                                .with("pulse", score.variant().pulse()));
            }
        }
    }
}
