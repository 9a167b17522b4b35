package attractor.engine;

import java.util.List;

/** Weights of a loss, one per output, or none. */
final class LossWeights {
    private LossWeights() {}

    /** A copy, after checking that the weights are finite, 0 or more, and not all 0. */
    static List<Double> checked(List<Double> weights) {
        double sum = 0.0;
        for (int o = 0; o < weights.size(); o++) {
            double weight = weights.get(o);
            if (!(weight >= 0.0 && weight <= Double.MAX_VALUE)) {
                throw new IllegalArgumentException(
                        "lossWeights[" + o + "] is " + weight + ", expected a finite number, 0 or more");
            }
            sum += weight;
        }
        if (!weights.isEmpty() && sum == 0.0) {
            throw new IllegalArgumentException("lossWeights are all 0, expected one above 0");
        }
        return List.copyOf(weights);
    }

    /** Checks that there is a weight for each output, or none at all. */
    static void check(List<Double> weights, int outputs) {
        if (!weights.isEmpty() && weights.size() != outputs) {
            throw new IllegalArgumentException("lossWeights has " + weights.size() + " values, expected " + outputs
                    + ", one for each output, or none");
        }
    }
}
