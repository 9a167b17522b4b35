package attractor.engine;

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
 * same bits on every machine. Stateless, safe for any number of threads.
 */
public record SoftmaxCrossEntropy() implements Loss {
    /** The sum of a step's targets may differ from 1 by this much. */
    private static final double TARGET_TOLERANCE = 1e-9;

    @Override
    public String name() {
        return "cross-entropy";
    }

    /** @throws IllegalArgumentException if there are fewer than two outputs */
    @Override
    public void check(int outputs) {
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
                for (int i = from; i < to; i++) {
                    dy[i] = StrictMath.exp(y[i] - largest);
                    total += dy[i];
                    chosen += target[i] * (y[i] - largest);
                }
                sum += counts * (StrictMath.log(total) - chosen);
                for (int i = from; i < to; i++) {
                    dy[i] = counts * (dy[i] / total - target[i]);
                }
            }
        }
        return sum;
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
            for (int o = 0; o < re.length; o++) {
                double modulus = StrictMath.exp(re[o] - largest);
                sumRe += modulus * StrictMath.cos(im[o]);
                sumIm += modulus * StrictMath.sin(im[o]);
                chosenIm += target[o] * im[o];
            }
            return counts == 0.0 ? 0.0 : counts * (StrictMath.atan2(sumIm, sumRe) - chosenIm);
        });
    }
}
