package attractor.engine;

import attractor.kernel.Kernels;
import java.util.Map;

/**
 * Moves parameters against their gradient, step by step. Its state can be saved and restored, with the same bits, as one flat
 * array and the number of steps.
 *
 * <p>The learning rate of a step is the optimiser's own rate times the schedule's value for the step. An optimiser belongs
 * to one thread. To write your own, implement this interface and its options.
 */
public interface Optimizer {
    // not in float
    /** The kind of an optimiser and its numbers, which create it. Immutable, safe for any number of threads. */
    interface Options {
        /** The name of this kind of optimiser in files and on the command line. */
        String name();

        /** The learning rate of the first step, above 0. */
        double learningRate();

        /** The same options with another learning rate, as needed for training in stages. */
        Options withLearningRate(double rate);

        /** The numbers of the options by their names in files, {@code learningRate} among them. */
        Map<String, Double> numbers();

        /**
         * A new optimiser, before its first step.
         *
         * @param count number of parameters that it moves: the first ones of the block
         */
        Optimizer create(int count, Kernels kernels);
    }

    /**
     * One step over the first {@link #count} parameters.
     *
     * @param multiplier factor from the schedule for the learning rate of this step; 1 without a schedule
     * @param parameters Modified.
     * @param gradient Not modified.
     */
    // float: void step(double multiplier, float[] parameters, float[] gradient);
    void step(double multiplier, double[] parameters, double[] gradient);

    /** One step at the optimiser's own learning rate. */
    default void step(double[] parameters, double[] gradient) {
        step(1.0, parameters, gradient); // stays double
    }

    /** Number of parameters that it moves. */
    int count();

    /** Number of steps taken. */
    long iteration();

    /** A copy of everything that later steps depend on, except {@link #iteration}; its length is fixed. */
    double[] state();

    /**
     * Continues from where another optimiser with the same options was.
     *
     * @param iteration the other's number of steps
     * @param state the other's {@link #state}. Not modified.
     * @throws IllegalArgumentException if the number is negative or the state has another length
     */
    void restore(long iteration, double[] state);
}
