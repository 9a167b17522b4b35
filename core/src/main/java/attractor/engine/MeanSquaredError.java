package attractor.engine;

import attractor.kernel.Fma;
import java.util.Optional;

/**
 * The mean squared error over trials, steps and outputs: {@code L = sum w (y - target)^2 / sum w}, hence {@code dL/dy = 2 w
 * (y - target) / sum w}. Summed over time, then trials, then outputs. Stateless: safe for any number of threads.
 */
public record MeanSquaredError() implements Loss {
    @Override
    public String name() {
        return "mse";
    }

    @Override
    public double sum(int trials, int steps, int outputs, double[] y, double[] target, double[] weight, double[] dy) {
        double sum = 0.0;
        for (int t = 0; t < steps; t++) {
            for (int r = 0; r < trials; r++) {
                int from = (r * steps + t) * outputs;
                for (int i = from; i < from + outputs; i++) {
                    double error = y[i] - target[i];
                    double weighted = weight[i] * error;
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
                sum += weight[o] * 2.0 * (re[o] - target[o]) * im[o];
            }
            return sum;
        });
    }
}
