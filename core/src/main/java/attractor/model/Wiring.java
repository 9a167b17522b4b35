package attractor.model;

import attractor.kernel.Activation;
import attractor.model.RnnShape.View;
import attractor.random.RandomStream;
import attractor.random.RandomStream.Purpose;
import java.util.Arrays;

/**
 * Which recurrent connections a network has, and with which sign. Both parts are optional, and both concern {@code W_rec}
 * (row = the unit that receives, column = the unit that sends):
 *
 * <ul>
 *   <li>Dale's law: all connections from a unit have the same sign, so column j holds no weight of the sign opposite to
 *       {@code daleSign[j]}. It needs rates that are never negative; otherwise a unit would sometimes excite and sometimes
 *       inhibit. So it needs relu, sigmoid or softplus, and in the rate form noise in the states stops at 0 (see {@link
 *       Rnn#withNoise}).
 *   <li>A mask: the weights outside it are 0.
 * </ul>
 *
 * <p>The weights themselves agree with the wiring. Apart from this noise, a network's dynamics therefore doesn't depend on
 * its wiring. What training keeps to is a {@link Constraint}, which starts from the wiring. The wiring has no rule for
 * {@code W_in} and {@code W_out}: {@code W_out} belongs to the readout and is not a synapse of the network.
 *
 * <p>Immutable, safe for any number of threads.
 */
public final class Wiring {
    /** All connections, of any sign. */
    public static final Wiring FREE = new Wiring(null, null);

    private static final Purpose MASK = Purpose.of("mask");

    private final double[] daleSign;
    private final EntrySet mask;

    private Wiring(double[] daleSign, EntrySet mask) {
        this.daleSign = daleSign;
        this.mask = mask;
    }

    /**
     * A wiring.
     *
     * @param daleSign N values, 1 for an excitatory unit and -1 for an inhibitory one; null for any sign. Not modified.
     * @param mask N x N, the connections that are allowed; null for all
     * @throws IllegalArgumentException if a sign is another number, or the sizes don't match
     */
    public static Wiring of(double[] daleSign, EntrySet mask) {
        if (daleSign != null) {
            for (int i = 0; i < daleSign.length; i++) {
                if (Math.abs(daleSign[i]) != 1.0) {
                    throw new IllegalArgumentException("dale_sign[" + i + "] is " + daleSign[i] + ", expected 1 or -1");
                }
            }
        }
        if (mask != null && (mask.rows() != mask.cols() || (daleSign != null && daleSign.length != mask.rows()))) {
            throw new IllegalArgumentException("mask is " + mask.rows() + " x " + mask.cols() + ", expected N x N"
                    + (daleSign == null ? "" : " (N = " + daleSign.length + ", from dale_sign)"));
        }
        return new Wiring(daleSign == null ? null : daleSign.clone(), mask);
    }

    /**
     * A random mask in which every unit receives from the same number of units: {@code round(density * S)} of the S
     * units that may send to it, at least 1. Every choice is equally likely.
     *
     * @param units N
     * @param density share of the connections that are allowed, above 0, at most 1
     * @param self whether a unit may send to itself: then S = N, otherwise S = N - 1
     * @param seed any value
     * @throws IllegalArgumentException if the density is out of range
     */
    public static EntrySet randomMask(int units, double density, boolean self, long seed) {
        if (!(density > 0.0 && density <= 1.0)) {
            throw new IllegalArgumentException("density is " + density + ", expected above 0, at most 1");
        }
        int senders = self ? units : units - 1;
        int kept = Math.min(senders, Math.max(1, (int) Math.rint(density * senders)));
        double[] values = new double[units * units];
        int[] order = new int[senders];
        for (int i = 0; i < units; i++) {
            for (int k = 0; k < senders; k++) {
                order[k] = self || k < i ? k : k + 1;
            }
            new RandomStream(seed, MASK, i).shuffle(order);
            for (int k = 0; k < kept; k++) {
                values[i * units + order[k]] = 1.0;
            }
        }
        return EntrySet.of(units, units, values);
    }

    /** Whether there is no rule. */
    public boolean isFree() {
        return daleSign == null && mask == null;
    }

    /** Whether there is Dale's law. */
    public boolean hasSigns() {
        return daleSign != null;
    }

    /** A copy of the units' signs, N values of 1 and -1; null if there is no such rule. */
    public double[] daleSign() {
        return daleSign == null ? null : daleSign.clone();
    }

    /** The allowed connections, N x N; null if all are allowed. */
    public EntrySet mask() {
        return mask;
    }

    /** Whether the connection to {@code row} from {@code col} is allowed. */
    public boolean allows(int row, int col) {
        return mask == null || mask.has(row, col);
    }

    /** The sign that connections from {@code col} must have, 1 or -1; 0 if both are allowed. */
    public double sign(int col) {
        return daleSign == null ? 0.0 : daleSign[col];
    }

    /**
     * Checks that a network agrees with this wiring.
     *
     * @param parameters laid out as {@code shape} says. Not modified.
     * @throws IllegalArgumentException if it doesn't, or has another number of units; the message names the entry
     */
    void check(RnnShape shape, Activation activation, double[] parameters) {
        int n = shape.units();
        if (daleSign != null) {
            requireDale(activation);
            if (daleSign.length != n) {
                throw new IllegalArgumentException("dale_sign has " + daleSign.length + " values, expected N = " + n);
            }
        }
        if (mask != null && mask.rows() != n) {
            throw new IllegalArgumentException(
                    "mask is " + mask.rows() + " x " + mask.cols() + ", expected N x N (N = " + n + ")");
        }
        if (isFree()) {
            return;
        }
        View w = shape.wRec();
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                double value = parameters[w.at(i, j)];
                if (value != 0.0 && !allows(i, j)) {
                    throw new IllegalArgumentException(
                            "W_rec[" + i + "," + j + "] is " + value + ", expected 0 as it is outside the mask");
                }
                if (value * sign(j) < 0.0) {
                    throw new IllegalArgumentException("W_rec[" + i + "," + j + "] is " + value + ", expected "
                            + (sign(j) > 0.0
                                    ? "0 or more as unit " + j + " excites"
                                    : "0 or less as unit " + j + " inhibits"));
                }
            }
        }
    }

    /**
     * Checks that an activation can be used with Dale's law.
     *
     * @throws IllegalArgumentException if its rates may be negative
     */
    public static void requireDale(Activation activation) {
        if (!activation.isNonNegative()) {
            throw new IllegalArgumentException("activation is " + activation.id()
                    + ", expected relu, sigmoid or softplus with Dale's law (rates that are never negative)");
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Wiring w
                && Arrays.equals(daleSign, w.daleSign)
                && (mask == null ? w.mask == null : mask.equals(w.mask));
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(daleSign) + (mask == null ? 0 : mask.hashCode());
    }

    @Override
    public String toString() {
        if (isFree()) {
            return "free";
        }
        long excite = daleSign == null
                ? 0
                : Arrays.stream(daleSign).filter(s -> s > 0.0).count();
        return (daleSign == null ? "" : excite + " units excite, " + (daleSign.length - excite) + " inhibit")
                + (daleSign == null || mask == null ? "" : "; ")
                + (mask == null ? "" : "mask of " + mask);
    }
}
