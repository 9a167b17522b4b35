package attractor.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Sizes of a network and the place of each array in its flat parameter block. The block holds, one after the other and
 * each in C order (row = the unit that receives): {@code W_in} (N x I), {@code W_rec} (N x N), {@code W_out} (O x N),
 * {@code b_out} (O), {@code b_rec} (N), {@code h0} (N). Gradients and the optimiser's moments have the same layout.
 * In a network of rank R, where {@code W_rec = P Q^T / N}, the factors {@code P} (N x R) and {@code Q} (N x R) stand in the place
 * of {@code W_rec}. Immutable, safe for any number of threads.
 *
 * @param inputs I, number of input channels, at least 1
 * @param units N, number of recurrent units, at least 1
 * @param outputs O, number of output channels, at least 1
 * @param rank R, number of columns of the factors, at most N; 0 where {@code W_rec} is no product
 */
public record RnnShape(int inputs, int units, int outputs, int rank) {
    /** Sizes of a network whose {@code W_rec} is no product. */
    public RnnShape(int inputs, int units, int outputs) {
        this(inputs, units, outputs, 0);
    }

    /** One array of the parameter block. Immutable, safe for any thread. */
    public record View(String name, int offset, int rows, int cols) {
        /** Number of values. */
        public int length() {
            return rows * cols;
        }

        /** Index in the block just past this array. */
        public int end() {
            return offset + length();
        }

        /** Index in the block of one entry. */
        public int at(int row, int col) {
            return offset + row * cols + col;
        }

        /**
         * The name in messages of the entry at {@code index} from the array's start: {@code W_rec[5,7]}, {@code
         * b_out[0]}.
         */
        public String entry(int index) {
            boolean vector = name.startsWith("b_") || name.equals("h0");
            return name + "[" + (vector ? index : index / cols + "," + index % cols) + "]";
        }
    }

    public RnnShape {
        check("inputs", inputs);
        check("units", units);
        check("outputs", outputs);
        if (rank < 0 || rank > units) {
            throw new IllegalArgumentException(
                    "rank is " + rank + ", expected 1 to N = " + units + ", or 0 where W_rec is no product");
        }
        long recurrent = (long) units * (rank == 0 ? units : 2L * rank);
        long total = (long) units * inputs + recurrent + (long) outputs * units + outputs + 2L * units;
        if (total > Integer.MAX_VALUE - 64) {
            throw new IllegalArgumentException(
                    "a network of " + units + " units has " + total + " parameters, expected at most 2^31 - 65");
        }
    }

    private static void check(String name, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(name + " is " + value + ", expected at least 1");
        }
    }

    /** Input weights, N x I. */
    public View wIn() {
        return new View("W_in", 0, units, inputs);
    }

    /**
     * Recurrent weights, N x N; {@link Rnn#wRec} gives them for every network.
     *
     * @throws IllegalStateException if they are a product of factors, which has no place in the block
     */
    public View wRec() {
        if (rank > 0) {
            throw new IllegalStateException("W_rec is P Q^T / N with rank " + rank + ", expected an array of its own");
        }
        return new View("W_rec", wIn().end(), units, units);
    }

    /**
     * The left factor of the recurrent weights, N x R: what the units receive.
     *
     * @throws IllegalStateException if the rank is 0
     */
    public View p() {
        requireFactors();
        return new View("P", wIn().end(), units, rank);
    }

    /**
     * The right factor of the recurrent weights, N x R: how the units' rates are read.
     *
     * @throws IllegalStateException if the rank is 0
     */
    public View q() {
        requireFactors();
        return new View("Q", p().end(), units, rank);
    }

    private void requireFactors() {
        if (rank == 0) {
            throw new IllegalStateException("W_rec is an array of its own, expected P Q^T / N");
        }
    }

    /** Output weights, O x N. */
    public View wOut() {
        return new View("W_out", (rank == 0 ? wRec() : q()).end(), outputs, units);
    }

    /** Output bias, O. */
    public View bOut() {
        return new View("b_out", wOut().end(), outputs, 1);
    }

    /** Recurrent bias, N; zeros in a network without one. */
    public View bRec() {
        return new View("b_rec", bOut().end(), units, 1);
    }

    /** Initial state, N; zeros unless given. */
    public View h0() {
        return new View("h0", bRec().end(), units, 1);
    }

    /** All arrays in the order of the block. */
    public List<View> views() {
        List<View> views = new ArrayList<>(weights());
        views.addAll(List.of(bOut(), bRec(), h0()));
        return List.copyOf(views);
    }

    /** The arrays of weights in the order of the block: without biases and the initial state. */
    public List<View> weights() {
        return rank == 0 ? List.of(wIn(), wRec(), wOut()) : List.of(wIn(), p(), q(), wOut());
    }

    /** These sizes with a {@code W_rec} that is no product. */
    public RnnShape fullRank() {
        return new RnnShape(inputs, units, outputs);
    }

    /**
     * The name in messages of the parameter at this index of the block, such as {@code W_rec[5,7]}.
     *
     * @throws IndexOutOfBoundsException if there is no such parameter
     */
    public String entry(int index) {
        Objects.checkIndex(index, parameters());
        for (View view : views()) {
            if (index < view.end()) {
                return view.entry(index - view.offset());
            }
        }
        throw new AssertionError(index);
    }

    /** Length of the parameter block. */
    public int parameters() {
        return h0().end();
    }
}
