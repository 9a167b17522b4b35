package attractor.model;

import attractor.model.RnnShape.View;
import java.util.Arrays;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * What training must keep to, for each parameter: entries that don't move, and entries with a fixed sign. It is kept by
 * projection: mask the gradient before the optimiser sees it, and project the parameters after the step. At a weight
 * that is held at 0, the optimiser still collects the whole gradient. Such a weight therefore comes back when the
 * gradient points inwards on average, not at every single step at which it does.
 *
 * <pre>{@code
 * Constraint constraint = Constraint.builder(rnn).fix("W_in").build(); // and what the network's wiring says
 * double[] gradient = new double[rnn.shape().parameters()];
 * constraint.mask(gradient);
 * constraint.project(rnn.parameters());
 * }</pre>
 *
 * <p>Immutable, safe for any number of threads.
 */
public final class Constraint {
    /** Indices of parameters that keep their value. */
    private final int[] frozen;
    /** Indices of parameters that stay 0 or more. */
    private final int[] positive;
    /** Indices of parameters that stay 0 or less. */
    private final int[] negative;

    private Constraint(int[] frozen, int[] positive, int[] negative) {
        this.frozen = frozen;
        this.positive = positive;
        this.negative = negative;
    }

    /** What a network's wiring requires, signs and absent connections, and nothing else. */
    public static Constraint of(Rnn rnn) {
        return builder(rnn).build();
    }

    /** A constraint that starts from what the network's wiring requires. */
    public static Builder builder(Rnn rnn) {
        return new Builder(rnn);
    }

    /** Builds a constraint. Belongs to one thread. */
    public static final class Builder {
        private final RnnShape shape;
        private final boolean[] frozen;
        private final double[] sign;

        private Builder(Rnn rnn) {
            shape = rnn.shape();
            frozen = new boolean[shape.parameters()];
            sign = new double[frozen.length];
            Wiring wiring = rnn.wiring();
            for (View w : shape.weights()) {
                for (int i = 0; i < w.rows(); i++) {
                    for (int j = 0; j < w.cols(); j++) {
                        frozen[w.at(i, j)] = !wiring.allows(w, i, j);
                        sign[w.at(i, j)] = wiring.sign(w, i, j);
                    }
                }
            }
        }

        /**
         * Keeps the values of a whole array.
         *
         * @param array its name in files, such as W_in
         * @throws IllegalArgumentException if there is no array with this name
         */
        public Builder fix(String array) {
            View view = view(array);
            return fix(array, EntrySet.all(view.rows(), view.cols()));
        }

        /**
         * Keeps the values of some entries of an array.
         *
         * @param array its name in files, such as W_in
         * @param entries which entries, rows x columns of the array; a vector has one column
         * @throws IllegalArgumentException if there is no array with this name or it has another size
         */
        public Builder fix(String array, EntrySet entries) {
            View view = view(array);
            if (entries.rows() != view.rows() || entries.cols() != view.cols()) {
                throw new IllegalArgumentException("fixed entries of " + array + " are " + entries.rows() + " x "
                        + entries.cols() + ", expected " + view.rows() + " x " + view.cols() + " as the array is");
            }
            for (int k = 0; k < view.length(); k++) {
                frozen[view.offset() + k] |= entries.has(k / view.cols(), k % view.cols());
            }
            return this;
        }

        /** Keeps the initial state at 0 or more, like the rates under Dale's law. */
        public Builder nonNegativeInitialState() {
            View h0 = shape.h0();
            for (int i = h0.offset(); i < h0.end(); i++) {
                sign[i] = 1.0;
            }
            return this;
        }

        private View view(String array) {
            return shape.views().stream()
                    .filter(v -> v.name().equals(array))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("fixed array is " + array + ", expected one of "
                            + String.join(
                                    ", ", shape.views().stream().map(View::name).toList())));
        }

        /** The constraint. */
        public Constraint build() {
            return new Constraint(
                    indices(i -> frozen[i]),
                    indices(i -> !frozen[i] && sign[i] > 0.0),
                    indices(i -> !frozen[i] && sign[i] < 0.0));
        }

        private int[] indices(IntPredicate chosen) {
            return IntStream.range(0, frozen.length).filter(chosen).toArray();
        }
    }

    /** Whether nothing is constrained. */
    public boolean isFree() {
        return frozen.length == 0 && positive.length == 0 && negative.length == 0;
    }

    /** Whether the parameter at this index of the block keeps its value. */
    public boolean isFixed(int index) {
        return Arrays.binarySearch(frozen, index) >= 0;
    }

    /**
     * Sets the gradient of fixed entries to 0, so that neither the optimiser nor the gradient's norm sees it.
     *
     * @param gradient laid out as the parameters. Modified.
     */
    public void mask(double[] gradient) {
        for (int i : frozen) {
            gradient[i] = 0.0;
        }
    }

    /**
     * Sets parameters with the wrong sign to 0.
     *
     * @param parameters laid out as {@link RnnShape} says. Modified.
     */
    public void project(double[] parameters) {
        for (int i : positive) {
            if (parameters[i] < 0.0) {
                parameters[i] = 0.0;
            }
        }
        for (int i : negative) {
            if (parameters[i] > 0.0) {
                parameters[i] = 0.0;
            }
        }
    }
}
