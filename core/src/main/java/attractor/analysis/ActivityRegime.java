package attractor.analysis;

import attractor.analysis.Attractors.Regime;
import attractor.model.Rnn;
import attractor.task.Task;
import attractor.task.TrialPart;
import java.util.ArrayList;
import java.util.List;

/**
 * The class of a population's activity in a window of one trial, see {@link Regime}. Immutable, safe for any thread.
 *
 * @param share oscillating share of the units' power: that at two or more cycles per window after removing each unit's
 *     straight line, divided by the power of all deviations from the means; NaN if no unit deviates by more than 1e-3
 *     from its mean
 * @param regime the class
 */
public record ActivityRegime(double share, Regime regime) {
    /**
     * Analyses the activity in a window. Cost about 12 steps N flops.
     *
     * @param states {@code states[offset + t * N + i]}. Not modified.
     * @param steps length of the window, at least 1
     * @param units N
     */
    public static ActivityRegime of(double[] states, int offset, int steps, int units) {
        double share = share(states, offset, steps, units);
        return new ActivityRegime(share, Regime.of(share));
    }

    /**
     * Analyses the response of one trial of each type without noise, as {@link Attractors} does.
     *
     * @param rnn Not modified.
     * @param task with or without noise
     * @param seed seed of what else is random in a trial
     * @return one for each type
     * @throws IllegalArgumentException if network and task don't fit together
     */
    public static List<ActivityRegime> of(Rnn rnn, Task task, long seed) {
        Task quiet = task.withoutNoise();
        Trajectories run = Trajectories.of(rnn.withNoise(0.0), quiet, seed);
        TrialPart window = Attractors.answer(quiet);
        List<ActivityRegime> regimes = new ArrayList<>();
        for (int k = 0; k < quiet.types().size(); k++) {
            regimes.add(of(run.h(), (k * run.steps() + window.from()) * rnn.units(), window.steps(), rnn.units()));
        }
        return List.copyOf(regimes);
    }

    private static double share(double[] states, int from, int length, int n) {
        double largest = 0.0;
        double total = 0.0;
        double fast = 0.0;
        double[][] once = FrequencyEstimation.phasor(1.0 / length, length);
        double[] d = new double[length];
        for (int i = 0; i < n; i++) {
            double mean = 0.0;
            for (int t = 0; t < length; t++) {
                mean += states[from + t * n + i] / length;
            }
            double along = 0.0;
            double times = 0.0;
            for (int t = 0; t < length; t++) {
                d[t] = states[from + t * n + i] - mean;
                largest = Math.max(largest, Math.abs(d[t]));
                total += d[t] * d[t];
                double time = t - 0.5 * (length - 1);
                along += time * d[t];
                times += time * time;
            }
            double re = 0.0;
            double im = 0.0;
            for (int t = 0; t < length && length > 2; t++) {
                double rest = d[t] - along / times * (t - 0.5 * (length - 1));
                fast += rest * rest;
                re += rest * once[0][t];
                im += rest * once[1][t];
            }
            // One cycle in the window: lines 1 and length - 1, by Parseval.
            fast -= 2.0 * (re * re + im * im) / length;
        }
        return largest <= 1e-3 ? Double.NaN : Math.max(0.0, fast / total);
    }
}
