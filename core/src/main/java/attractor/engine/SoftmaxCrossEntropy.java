package attractor.engine;

import java.util.List;
import java.util.Optional;

/**
 * Cross-entropy between targets and the softmax of the outputs, for O classes; with {@code p = exp(y) / sum of exp(y)}
 *
 * <pre>
 *     l(t) = - sum over o of target_o log p_o = log(sum over o of exp(y_o)) - sum over o of target_o y_o
 *     dl/dy_o = p_o - target_o
 * </pre>
 *
 * <p>The targets of a step are one-hot, 1 for the right class and 0 for the others, or probabilities that sum to 1. A step
 * counts with the sum of its outputs' weights, so that the loss is the mean over trials and steps, weighted by the mask.
 * Where this sum is 0, for example before a decision is due, the targets may be anything.
 * The largest output is subtracted before the exponential, so that nothing overflows. {@link StrictMath} throughout: the
 * same bits on every machine. Immutable, safe for any number of threads.
 *
 * <p>With weights {@code v} of the classes, such as larger ones for rare classes, the target of class o counts {@code v_o}
 * times: {@code l(t) = - sum over o of v_o target_o log p_o}. What the loss is divided by stays the sum of the mask.
 *
 * @param weights v, one per class, finite, 0 or more, not all 0; empty if all classes count the same
 */
public record SoftmaxCrossEntropy(List<Double> weights) implements Loss {
    /** The sum of a step's targets may differ from 1 by this much. */
    private static final double TARGET_TOLERANCE = 1e-9;

    /** All classes count the same. */
    public SoftmaxCrossEntropy() {
        this(List.of());
    }

    /** @throws IllegalArgumentException if a weight isn't a finite number, 0 or more, or all are 0 */
    public SoftmaxCrossEntropy {
        weights = LossWeights.checked(weights);
    }

    @Override
    public String name() {
        return "cross-entropy";
    }

    /** @throws IllegalArgumentException if there are fewer than two outputs, or weights, but not one for each output */
    @Override
    public void check(int outputs) {
        LossWeights.check(weights, outputs);
        if (outputs < 2) {
            throw new IllegalArgumentException(
                    "outputs is " + outputs + ", expected 2 or more with " + name() + ", one per class");
        }
    }

    /** @throws IllegalArgumentException if the targets of a step that counts are not probabilities; the message names the step */
    @Override
    public double sum(int trials, int steps, int outputs, double[] y, double[] target, double[] weight, double[] dy) {
        double sum = 0.0;
        for (int t = 0; t < steps; t++) {
            for (int r = 0; r < trials; r++) {
                int from = (r * steps + t) * outputs;
                int to = from + outputs;
                double counts = 0.0;
                for (int i = from; i < to; i++) {
                    counts += weight[i];
                }
                if (counts == 0.0) {
                    for (int i = from; i < to; i++) {
                        dy[i] = 0.0;
                    }
                    continue;
                }
                checkTargets(target, from, to, t);
                double largest = Double.NEGATIVE_INFINITY;
                for (int i = from; i < to; i++) {
                    largest = Math.max(largest, y[i]);
                }
                double total = 0.0;
                double chosen = 0.0;
                double asked = weights.isEmpty() ? 1.0 : 0.0; // sum over o of v_o target_o
                for (int i = from; i < to; i++) {
                    dy[i] = StrictMath.exp(y[i] - largest);
                    total += dy[i];
                    chosen += weighted(target[i], i - from) * (y[i] - largest);
                    asked += weights.isEmpty() ? 0.0 : weighted(target[i], i - from);
                }
                sum += counts * (asked * StrictMath.log(total) - chosen);
                for (int i = from; i < to; i++) {
                    dy[i] = counts * (asked * (dy[i] / total) - weighted(target[i], i - from));
                }
            }
        }
        return sum;
    }

    /** A target times the weight of its class. */
    private double weighted(double target, int output) {
        return weights.isEmpty() ? target : weights.get(output) * target;
    }

    private static void checkTargets(double[] target, int from, int to, int t) {
        double sum = 0.0;
        boolean negative = false;
        for (int i = from; i < to; i++) {
            sum += target[i];
            negative |= target[i] < 0.0;
        }
        if (negative || !(Math.abs(sum - 1.0) <= TARGET_TOLERANCE)) {
            throw new IllegalArgumentException("targets at step " + t + " of a trial "
                    + (negative ? "have a negative value" : "sum to " + sum)
                    + ", expected one-hot targets with cross-entropy, and a mask of 0 at steps without a decision");
        }
    }

    /** Logarithm of a sum of complex exponentials, computed from their moduli and angles. */
    @Override
    public Optional<ComplexForm> complexForm() {
        return Optional.of((re, im, target, weight) -> {
            double largest = Double.NEGATIVE_INFINITY;
            double counts = 0.0;
            for (int o = 0; o < re.length; o++) {
                largest = Math.max(largest, re[o]);
                counts += weight[o];
            }
            double sumRe = 0.0;
            double sumIm = 0.0;
            double chosenIm = 0.0;
            double asked = weights.isEmpty() ? 1.0 : 0.0;
            for (int o = 0; o < re.length; o++) {
                double modulus = StrictMath.exp(re[o] - largest);
                sumRe += modulus * StrictMath.cos(im[o]);
                sumIm += modulus * StrictMath.sin(im[o]);
                chosenIm += weighted(target[o], o) * im[o];
                asked += weights.isEmpty() ? 0.0 : weighted(target[o], o);
            }
            return counts == 0.0 ? 0.0 : counts * (asked * StrictMath.atan2(sumIm, sumRe) - chosenIm);
        });
    }
}
