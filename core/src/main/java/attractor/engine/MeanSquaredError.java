package attractor.engine;

import attractor.kernel.Fma;
import java.util.List;
import java.util.Optional;

/**
 * The mean squared error over trials, steps and outputs: {@code L = sum w (y - target)^2 / sum w}, hence {@code dL/dy = 2 w
 * (y - target) / sum w}. Summed over time, then trials, then outputs. With weights {@code v} of the outputs, the squared
 * error of output o counts {@code v_o} times; what the sum is divided by stays {@code sum w}. Immutable: safe for any number
 * of threads.
 *
 * @param weights v, one per output, finite, 0 or more, not all 0; empty if all outputs count the same
 */
public record MeanSquaredError(List<Double> weights) implements Loss {
    /** All outputs count the same. */
    public MeanSquaredError() {
        this(List.of());
    }

    /** @throws IllegalArgumentException if a weight isn't a finite number, 0 or more, or all are 0 */
    public MeanSquaredError {
        weights = LossWeights.checked(weights);
    }

    @Override
    public String name() {
        return "mse";
    }

    /** @throws IllegalArgumentException if there are weights, but not one for each output */
    @Override
    public void check(int outputs) {
        LossWeights.check(weights, outputs);
    }

    @Override
    public double sum(int trials, int steps, int outputs, double[] y, double[] target, double[] weight, double[] dy) {
        double sum = 0.0;
        boolean alike = weights.isEmpty();
        for (int t = 0; t < steps; t++) {
            for (int r = 0; r < trials; r++) {
                int from = (r * steps + t) * outputs;
                for (int i = from; i < from + outputs; i++) {
                    double error = y[i] - target[i];
                    double weighted = (alike ? weight[i] : weights.get(i - from) * weight[i]) * error;
                    sum = Fma.fma(weighted, error, sum);
                    dy[i] = 2.0 * weighted;
                }
            }
        }
        return sum;
    }

    @Override
    public Optional<ComplexForm> complexForm() {
        return Optional.of((re, im, target, weight) -> {
            double sum = 0.0;
            for (int o = 0; o < re.length; o++) {
                double counts = weights.isEmpty() ? weight[o] : weights.get(o) * weight[o];
                sum += counts * 2.0 * (re[o] - target[o]) * im[o];
            }
            return sum;
        });
    }
}
