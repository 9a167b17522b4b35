package attractor.model;

import attractor.kernel.Activation;
import attractor.model.RnnShape.View;
import attractor.random.RandomStream;
import attractor.random.RandomStream.Purpose;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Which connections a network has, and with which sign (row = the unit that receives, column = the unit that sends). Every
 * part is optional:
 *
 * <ul>
 *   <li>Dale's law: all connections from a unit have the same sign, so column j holds no weight of the sign opposite to
 *       {@code daleSign[j]}. It needs rates that are never negative; otherwise a unit would sometimes excite and sometimes
 *       inhibit. So it needs relu, sigmoid or softplus, and in the rate form noise in the states stops at 0 (see {@link
 *       Rnn#withNoise}).
 *       With {@code daleAlso} W_out, only excitatory units reach the read-out, with weights of 0 or more; with W_in, inputs
 *       excite: their weights are 0 or more.
 *   <li>A mask: the recurrent weights outside it are 0.
 *   <li>Signs of single entries of W_in, W_rec or W_out, with any activation, see {@link Signs}.
 * </ul>
 *
 * <p>The weights themselves agree with the wiring. Apart from this noise, a network's dynamics therefore doesn't depend on
 * its wiring. What training keeps to is a {@link Constraint}, which starts from the wiring.
 *
 * <p>Immutable, safe for any number of threads.
 */
public final class Wiring {
    /** All connections, of any sign. */
    public static final Wiring FREE = new Wiring(null, null, Map.of(), Set.of());

    /** The arrays of weights. */
    private static final List<String> WEIGHTS = List.of("W_in", "W_rec", "W_out");

    private static final Purpose MASK = Purpose.of("mask");

    private final double[] daleSign;
    private final EntrySet mask;
    private final Map<String, Signs> signs;
    private final Set<String> daleAlso;

    private Wiring(double[] daleSign, EntrySet mask, Map<String, Signs> signs, Set<String> daleAlso) {
        this.daleSign = daleSign;
        this.mask = mask;
        this.signs = signs;
        this.daleAlso = daleAlso;
        for (String array : signs.keySet()) {
            requireWeights("signs", array, WEIGHTS);
            if (daleSign != null && (array.equals("W_rec") || daleAlso.contains(array))) {
                throw new IllegalArgumentException(
                        "signs of " + array + " are given, expected none where Dale's law says them");
            }
        }
        for (String array : daleAlso) {
            requireWeights("daleAlso", array, List.of("W_in", "W_out"));
            if (daleSign == null) {
                throw new IllegalArgumentException("daleAlso is " + array + ", expected it with Dale's law only");
            }
        }
    }

    private static void requireWeights(String what, String array, List<String> known) {
        if (!known.contains(array)) {
            throw new IllegalArgumentException(what + " names " + array + ", expected " + String.join(" or ", known));
        }
    }

    /**
     * This wiring with signs of single entries.
     *
     * @param all by array, W_in, W_rec or W_out. Not modified.
     * @throws IllegalArgumentException if there is no such array, or Dale's law says its signs
     */
    public Wiring withSigns(Map<String, Signs> all) {
        return new Wiring(daleSign, mask, Collections.unmodifiableMap(new TreeMap<>(all)), daleAlso);
    }

    /**
     * This wiring with Dale's law for other arrays too.
     *
     * @param arrays of W_in and W_out. Not modified.
     * @throws IllegalArgumentException if another is named, or there is no Dale's law
     */
    public Wiring withDaleAlso(Set<String> arrays) {
        return new Wiring(daleSign, mask, signs, Collections.unmodifiableSet(new TreeSet<>(arrays)));
    }

    /** The signs of single entries, by array; unmodifiable. */
    public Map<String, Signs> signs() {
        return signs;
    }

    /** The arrays other than W_rec that follow Dale's law; unmodifiable. */
    public Set<String> daleAlso() {
        return daleAlso;
    }

    /** Whether an entry of W_in, W_rec or W_out may be other than 0. */
    public boolean allows(View array, int row, int col) {
        return switch (array.name()) {
            case "W_rec" -> allows(row, col);
            case "W_out" -> !daleAlso.contains("W_out") || daleSign[col] > 0.0;
            default -> true;
        };
    }

    /** The sign that an entry of W_in, W_rec or W_out must have, 1 or -1; 0 if both are allowed. */
    public double sign(View array, int row, int col) {
        Signs given = signs.get(array.name());
        if (given != null) {
            return given.at(row, col);
        }
        return array.name().equals("W_rec") ? sign(col) : daleAlso.contains(array.name()) ? 1.0 : 0.0;
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
        return new Wiring(daleSign == null ? null : daleSign.clone(), mask, Map.of(), Set.of());
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
        return daleSign == null && mask == null && signs.isEmpty();
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
        if (shape.rank() > 0) {
            requireFullRank(shape.rank());
        }
        for (View w : shape.weights()) {
            Signs given = signs.get(w.name());
            if (given != null && (given.rows() != w.rows() || given.cols() != w.cols())) {
                throw new IllegalArgumentException("signs of " + w.name() + " are " + given.rows() + " x "
                        + given.cols() + ", expected " + w.rows() + " x " + w.cols() + " as the array is");
            }
            for (int i = 0; i < w.rows(); i++) {
                for (int j = 0; j < w.cols(); j++) {
                    double value = parameters[w.at(i, j)];
                    if (value != 0.0 && !allows(w, i, j)) {
                        throw new IllegalArgumentException(
                                w.entry(i * w.cols() + j) + " is " + value + ", expected 0 as "
                                        + (w.name().equals("W_rec")
                                                ? "it is outside the mask"
                                                : "unit " + j + " inhibits and doesn't reach the read-out"));
                    }
                    if (value * sign(w, i, j) < 0.0) {
                        throw new IllegalArgumentException(
                                w.entry(i * w.cols() + j) + " is " + value + ", expected " + rule(w, i, j));
                    }
                }
            }
        }
    }

    /**
     * Checks that nothing here is said about single entries of W_rec, which a product of factors couldn't keep.
     *
     * @param rank of the network, for the message
     * @throws IllegalArgumentException if there is Dale's law, a mask, or signs of W_rec
     */
    void requireFullRank(int rank) {
        String rule = daleSign != null
                ? "Dale's law"
                : mask != null ? "a mask" : signs.containsKey("W_rec") ? "signs of W_rec" : null;
        if (rule != null) {
            throw new IllegalArgumentException("rank is " + rank + ", expected none with " + rule
                    + ": W_rec = P Q^T / N is trained through P and Q, and its entries aren't free to keep rules");
        }
    }

    /** What an entry's sign must be, and why. */
    private String rule(View w, int i, int j) {
        boolean up = sign(w, i, j) > 0.0;
        String reason = signs.containsKey(w.name())
                ? "its sign is given"
                : w.name().equals("W_in") ? "inputs excite" : "unit " + j + (up ? " excites" : " inhibits");
        return "0 or " + (up ? "more" : "less") + " as " + reason;
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
                && signs.equals(w.signs)
                && daleAlso.equals(w.daleAlso)
                && (mask == null ? w.mask == null : mask.equals(w.mask));
    }

    @Override
    public int hashCode() {
        return 31 * (31 * Arrays.hashCode(daleSign) + (mask == null ? 0 : mask.hashCode())) + signs.hashCode();
    }

    @Override
    public String toString() {
        if (isFree()) {
            return "free";
        }
        long excite = daleSign == null
                ? 0
                : Arrays.stream(daleSign).filter(s -> s > 0.0).count();
        List<String> parts = new ArrayList<>();
        if (daleSign != null) {
            parts.add(excite + " units excite, " + (daleSign.length - excite) + " inhibit");
        }
        if (!daleAlso.isEmpty()) {
            parts.add("also in " + String.join(" and ", daleAlso));
        }
        if (mask != null) {
            parts.add("mask of " + mask);
        }
        signs.forEach((array, given) -> parts.add("signs of " + array));
        return String.join("; ", parts);
    }
}
