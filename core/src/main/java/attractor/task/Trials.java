package attractor.task;

import attractor.engine.TrialSet;
import attractor.random.RandomStream.Purpose;
import java.util.List;

/**
 * A set of S trials of T steps, with I inputs and O targets each: what a network is trained or evaluated on.
 *
 * <p>Trial i is always the same. In a task's set it is a function of only (task, seed, purpose, i), so the first 100
 * trials of a set of 15,000 are the trials of a set of 100. A set that fits into its memory budget is kept, trial by
 * trial; a larger one is drawn again at each reading, with the same values.
 *
 * <p>Immutable and safe for any thread; a {@link Reader} belongs to one thread, each thread takes its own.
 */
public interface Trials extends TrialSet {

    /** Purpose of the streams for trials to train on: type, onset and noise of trial {@code index}. */
    Purpose TRAINING = Purpose.of("trials");

    /** Purpose of the streams for trials to evaluate on. */
    Purpose EVALUATION = Purpose.of("evaluation");

    /** Default memory budget of a set: 512 MB, 2^29 bytes. */
    long DEFAULT_BUDGET = 512L << 20;

    /** Number of trials S. */
    @Override
    int size();

    /** Number of steps T of each trial. */
    @Override
    int steps();

    /** Number of input channels I. */
    @Override
    int inputs();

    /** Number of output channels O. */
    @Override
    int outputs();

    /** Whether trials have a mask; otherwise every step and output counts the same. */
    boolean masked();

    /** Whether the trials are kept in memory and not drawn again at each reading. */
    boolean inMemory();

    /** Names of the trial types. */
    List<String> types();

    /**
     * Type of a trial, an index into {@link #types}.
     *
     * @throws IndexOutOfBoundsException if there is no such trial
     */
    int type(int trial);

    /**
     * Whether the target of a type is zero throughout except for noise and offset, if the task says so; see {@link
     * Task#zeroTarget}.
     */
    boolean zeroTarget(int type);

    /**
     * How answers are read: as the task says; of trials from arrays {@link Readout#LARGEST} if there are two outputs or
     * more and one-hot targets, 1 for one output and 0 for the others, at every step that counts.
     */
    Readout readout();

    /** A new reader, for one thread. Its methods allocate nothing. */
    @Override
    Reader reader();

    /**
     * Some of these trials, in any order: a view, which copies no trial.
     *
     * @param index for each trial of the view, its number in this set; numbers may repeat. Not modified.
     * @throws IllegalArgumentException if there are none
     * @throws IndexOutOfBoundsException if there is no such trial
     */
    default Trials select(int... index) {
        return new SelectedTrials(this, index);
    }

    /** Reads trials of a set. Belongs to one thread at a time. */
    interface Reader extends TrialSet.Reader {

        /**
         * Reads one trial.
         *
         * @param trial 0 to S - 1
         * @param x inputs, {@code x[xOffset + t * I + i]}, T x I. Modified.
         * @param y targets, {@code y[yOffset + t * O + o]}, T x O. Modified.
         * @param mask weights, laid out as y; ones if the set has no mask; null if not wanted. Modified.
         * @throws IndexOutOfBoundsException if there is no such trial or an array is too short
         */
        @Override
        void read(int trial, double[] x, int xOffset, double[] y, int yOffset, double[] mask, int maskOffset);
    }

    /**
     * Trials of a task with random types, with the default budget. See {@link #random(Task, int, long, Purpose, long)}.
     */
    static Trials random(Task task, int size, long seed, Purpose purpose) {
        return random(task, size, seed, purpose, DEFAULT_BUDGET);
    }

    /**
     * Trials of a task with random types, all equally likely unless {@link Task#typeWeights} differ. For training.
     *
     * <p>Trial i starts with the stream (seed, purpose, i): the stream's first {@code nextInt(sum of the weights)} gives the
     * type, and {@link Task#write} draws from the rest.
     *
     * @param size number of trials S, at least 1
     * @param seed any value
     * @param purpose for instance {@link #TRAINING}
     * @param budgetBytes largest memory for keeping the trials; it is limited to half of the JVM's maximum heap. Sets that
     * need more are drawn again at each reading, with the same values
     * @throws IllegalArgumentException if the task's numbers are invalid, the size is below 1, or the task writes a value
     * that isn't finite (for a set that isn't kept, this is found at reading)
     * @throws IllegalStateException if the task throws while it writes a trial (likewise)
     */
    static Trials random(Task task, int size, long seed, Purpose purpose, long budgetBytes) {
        return TrialSource.trials(task, size, seed, purpose, false, budgetBytes);
    }

    /** Trials of a task whose types take turns, with the default budget. See {@link #balanced(Task, int, long, Purpose, long)}. */
    static Trials balanced(Task task, int size, long seed, Purpose purpose) {
        return balanced(task, size, seed, purpose, DEFAULT_BUDGET);
    }

    /**
     * Trials of a task whose types take turns: trial i has type {@code i} modulo the number of types. For evaluation:
     * even in a small set, each type has as many trials as the others, or one less.
     *
     * <p>Otherwise like {@link #random(Task, int, long, Purpose, long)}; the stream's first number is drawn and not
     * used.
     */
    static Trials balanced(Task task, int size, long seed, Purpose purpose, long budgetBytes) {
        return TrialSource.trials(task, size, seed, purpose, true, budgetBytes);
    }

    /**
     * Trials from arrays. The arrays are kept, not copied: they must not be changed afterwards.
     *
     * @param steps number of steps T
     * @param inputs number of input channels I
     * @param outputs number of output channels O
     * @param x inputs, S x T x I, finite. Not modified.
     * @param y targets, S x T x O, finite. Not modified.
     * @param mask weights, S x T x O, or S x T (the same for all outputs), finite, 0 or more, above 0 somewhere in each
     * trial; null for none. Not modified.
     * @param type S indices into {@code types}; null if all are of the first type. Not modified.
     * @param types names, all different; null to use the numbers of the types as names (or {@code all} if {@code type}
     * is null)
     * @throws IllegalArgumentException if sizes don't match or a value is not as described; the message names it
     */
    static Trials ofArrays(
            int steps, int inputs, int outputs, double[] x, double[] y, double[] mask, int[] type, List<String> types) {
        return StoredTrials.ofArrays(steps, inputs, outputs, x, y, mask, type, types);
    }
}
