package attractor.engine;

import java.util.List;
import java.util.Optional;

/**
 * What training minimises: a function of the outputs y(1..T), the targets and their weights. It is additive: the loss of a
 * batch is a sum over trials and steps, in which every output counts with its weight. {@link #sum} returns this sum for some
 * trials and steps, undivided. The engine adds the chunks and divides by the sum of all weights of all O outputs. A loss that
 * looks at a step as a whole, such as cross-entropy, multiplies it by the sum of the step's weights, so that the result is
 * the mean over trials and steps.
 *
 * <p><b>Your own loss.</b> One line checks its derivative, see {@link GradientCheck}:
 *
 * <pre>{@code
 * final class AbsoluteError implements Loss {
 *     public String name() {
 *         return "absolute-error";
 *     }
 *
 *     public double sum(int trials, int steps, int outputs, double[] y, double[] target, double[] weight, double[] dy) {
 *         double sum = 0;
 *         for (int i = 0; i < trials * steps * outputs; i++) {
 *             double error = y[i] - target[i];
 *             sum += weight[i] * Math.abs(error);
 *             dy[i] = weight[i] * Math.signum(error);
 *         }
 *         return sum;
 *     }
 * }
 * }</pre>
 *
 * <p>Called once per chunk of trials and block of steps, by several threads at the same time: implementations are stateless
 * and safe for any number of threads, and should allocate nothing. To give the same results on every machine, they use {@link
 * StrictMath} and sum in a fixed order.
 */
public interface Loss {
    /** The name in files and on the command line. */
    String name();

    /**
     * The loss of some trials in a block of steps, and its derivative by the outputs.
     *
     * @param trials number of trials, at least 1
     * @param steps number of steps, at least 1
     * @param outputs O
     * @param y outputs, {@code y[(trial * steps + t) * O + o]}; a longer array's rest is ignored. Not modified.
     * @param target targets, laid out as y. Not modified.
     * @param weight weights, 0 or more, laid out as y; all 1 where trials have no mask. Not modified.
     * @param dy receives the derivative of the sum by y, laid out as y. Modified: every entry is set.
     * @return the sum over trials, steps and outputs of weight times loss, not divided by anything
     */
    double sum(int trials, int steps, int outputs, double[] y, double[] target, double[] weight, double[] dy);

    /**
     * How much each output, or each class, counts; empty, as by default, if all count the same. Files keep them with the
     * name.
     */
    default List<Double> weights() {
        return List.of();
    }

    /**
     * Whether a network can be trained with this loss.
     *
     * @param outputs O
     * @throws IllegalArgumentException if it can't; by default any number of outputs is allowed
     */
    default void check(int outputs) {}

    /**
     * The loss for complex outputs, from which {@link GradientCheck} gets derivatives exact to rounding. Empty by default:
     * then the check uses central differences.
     */
    default Optional<ComplexForm> complexForm() {
        return Optional.empty();
    }

    /** The analytic continuation of a loss. Stateless, safe for any number of threads. */
    @FunctionalInterface
    interface ComplexForm {
        /**
         * The imaginary part of the weighted loss of one trial at one step.
         *
         * @param re real part of the outputs, O values. Not modified.
         * @param im imaginary part of the outputs, tiny. Not modified.
         * @param target targets, O values. Not modified.
         * @param weight weights, O values. Not modified.
         */
        double imaginaryPart(double[] re, double[] im, double[] target, double[] weight);
    }

    /** The library's losses: the mean squared error, which is the default, and softmax cross-entropy. */
    static List<Loss> all() {
        return List.of(new MeanSquaredError(), new SoftmaxCrossEntropy());
    }

    /**
     * The library's loss of this {@link #name}.
     *
     * @param name {@code mse} or {@code cross-entropy}
     * @throws IllegalArgumentException if there is none
     */
    static Loss byName(String name) {
        return byName(name, List.of());
    }

    /**
     * The library's loss of this {@link #name} with these {@link #weights}.
     *
     * @param name {@code mse} or {@code cross-entropy}
     * @param weights one for each output or class; empty for none
     * @throws IllegalArgumentException if there is no such loss, or a weight isn't a finite number, 0 or more
     */
    static Loss byName(String name, List<Double> weights) {
        for (Loss loss : List.of(new MeanSquaredError(weights), new SoftmaxCrossEntropy(weights))) {
            if (loss.name().equals(name)) {
                return loss;
            }
        }
        throw new IllegalArgumentException("loss is '" + name + "', expected one of "
                + String.join(", ", all().stream().map(Loss::name).toList()));
    }
}
