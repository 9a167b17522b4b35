package attractor.train;

import attractor.model.EntrySet;
import attractor.model.Rnn;
import attractor.model.RnnShape;
import attractor.model.RnnShape.View;
import attractor.model.Wiring;
import attractor.train.ModelOptions.Fixed;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * What training must keep to, parameter by parameter: entries that don't move, and entries with a sign. See {@link ModelOptions} for
 * why it is a projection. Immutable.
 */
final class Constraint {
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

    /**
     * That of a training.
     *
     * @param rnn the network, whose wiring is kept
     * @throws IllegalArgumentException if a set of fixed entries doesn't fit its array
     */
    static Constraint of(Rnn rnn, ModelOptions options) {
        RnnShape shape = rnn.shape();
        Wiring wiring = rnn.wiring();
        boolean[] still = new boolean[shape.parameters()];
        double[] sign = new double[still.length];
        View w = shape.wRec();
        for (int i = 0; i < shape.units(); i++) {
            for (int j = 0; j < shape.units(); j++) {
                still[w.at(i, j)] = !wiring.allows(i, j);
                sign[w.at(i, j)] = wiring.sign(j);
            }
        }
        for (Fixed f : options.fixed()) {
            View view = ModelOptions.view(shape, f);
            EntrySet entries = f.entries();
            for (int k = 0; k < view.length(); k++) {
                still[view.offset() + k] |= entries == null || entries.has(k / view.cols(), k % view.cols());
            }
        }
        if (wiring.daleSign() != null && options.trainInitialState()) {
            // Rates, which are never negative.
            for (int i = shape.h0().offset(); i < shape.h0().end(); i++) {
                sign[i] = 1.0;
            }
        }
        return new Constraint(
                indices(still.length, i -> still[i]),
                indices(still.length, i -> !still[i] && sign[i] > 0.0),
                indices(still.length, i -> !still[i] && sign[i] < 0.0));
    }

    private static int[] indices(int count, IntPredicate chosen) {
        return IntStream.range(0, count).filter(chosen).toArray();
    }

    /** Sets the gradient to 0 where nothing may move, so that neither Adam nor the gradient's norm sees it. */
    void mask(double[] gradient) {
        for (int i : frozen) {
            gradient[i] = 0.0;
        }
    }

    /** Sets to 0 what has come to have the wrong sign. */
    void project(double[] parameters) {
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
