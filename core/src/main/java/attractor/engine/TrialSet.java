package attractor.engine;

/**
 * The trials that the engine computes gradients on: S trials of T steps, with I inputs and O targets each. {@code
 * attractor.task.Trials} is one implementation; a set of your own needs only this interface. Trial i must be the same at each
 * reading. Safe for any thread; each thread takes a {@link Reader} of its own.
 */
public interface TrialSet {
    /** Number of trials S. */
    int size();

    /** Number of steps T of each trial. */
    int steps();

    /** Number of input channels I. */
    int inputs();

    /** Number of output channels O. */
    int outputs();

    /** A new reader, for one thread. */
    Reader reader();

    /** Reads trials of a set. Belongs to one thread at a time. */
    interface Reader {
        /**
         * Reads one trial. Called once for each trial of a batch: should allocate nothing.
         *
         * @param trial 0 to S - 1
         * @param x inputs, {@code x[xOffset + t * I + i]}, T x I. Modified.
         * @param y targets, {@code y[yOffset + t * O + o]}, T x O. Modified.
         * @param mask weights, 0 or more, laid out as y; all 1 where every step and output counts the same. Modified.
         * @throws IndexOutOfBoundsException if there is no such trial or an array is too short
         */
        void read(int trial, double[] x, int xOffset, double[] y, int yOffset, double[] mask, int maskOffset);
    }
}
