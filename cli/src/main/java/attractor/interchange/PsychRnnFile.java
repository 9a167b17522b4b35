package attractor.interchange;

import attractor.io.FormatException;
import attractor.io.Npz;
import attractor.io.ZipArchive;
import attractor.kernel.Activation;
import attractor.model.EntrySet;
import attractor.model.Form;
import attractor.model.Rnn;
import attractor.model.RnnShape;
import attractor.model.Signs;
import attractor.model.Wiring;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Networks that PsychRNN's {@code model.save} wrote ({@code Basic} and {@code BasicScan}): an {@code .npz} with the effective
 * weights {@code W_in}, {@code W_rec} and {@code W_out} (row = the unit that receives), {@code b_rec}, {@code b_out}, {@code
 * init_state} (1 x N), {@code Dale_rec} and {@code Dale_out} (diagonals of signs) and {@code rec_connectivity}. PsychRNN's model is the current form,
 * and its noise {@code rec_noise} is ours ({@link Rnn#withNoise}). dt, tau, the noise and the activation are not in the file. Its
 * other arrays don't change the dynamics; one of them, {@code dale_ratio}, may be a pickle, and isn't read.
 *
 * <p>Stateless, safe for any number of threads. Source: PsychRNN, {@code backend/rnn.py} and {@code backend/models/basic.py}.
 */
public final class PsychRnnFile {
    private static final String INITIAL = "init_state";
    private static final String SIGNS = "Dale_rec";
    private static final String OUT_SIGNS = "Dale_out";
    private static final String MASK = "rec_connectivity";
    private static final Set<String> ARRAYS =
            Set.of("W_in", "W_rec", "W_out", "b_rec", "b_out", INITIAL, SIGNS, OUT_SIGNS, MASK);

    private PsychRnnFile() {}

    /**
     * Whether a file looks like one of PsychRNN, by its names.
     *
     * @throws IOException if it cannot be read
     */
    public static boolean is(Path file) throws IOException {
        if (!file.toString().endsWith(".npz")) {
            return false;
        }
        try {
            return isPsychRnn(ZipArchive.names(file));
        } catch (FormatException e) {
            return false; // whoever reads it as something else says what it is
        }
    }

    static boolean isPsychRnn(List<String> entries) {
        return entries.contains("W_rec.npy") && entries.contains(INITIAL + ".npy");
    }

    /**
     * Reads a network, whose initial state is init_state.
     *
     * @param given phi; null for relu, PsychRNN's default
     * @param notes receives a line for each assumption
     * @throws FormatException if the file lacks an array, or has one of another size; one line that names it
     * @throws IllegalArgumentException if dt and tau are out of range
     * @throws IOException if the file cannot be read
     */
    public static Rnn read(Path file, double dtMs, double tauMs, Activation given, Consumer<String> notes)
            throws IOException {
        Npz npz = Npz.readSome(file, ARRAYS);
        int[] size = npz.get("W_rec").shape();
        int n = size.length == 2 ? size[0] : 0;
        double[] wRec = npz.doubles("W_rec", n, n);
        double[] wIn = npz.doubles("W_in", n, -1);
        double[] wOut = npz.doubles("W_out", -1, n);
        if (n == 0 || wIn.length == 0 || wOut.length == 0) {
            throw new FormatException(npz.name() + ": an array of weights is empty, expected at least one value");
        }
        RnnShape shape = new RnnShape(wIn.length / n, n, wOut.length / n);
        double[] block = new double[shape.parameters()];
        put(wIn, shape.wIn(), block, npz);
        put(wRec, shape.wRec(), block, npz);
        put(wOut, shape.wOut(), block, npz);
        put(npz.doubles("b_rec", n), shape.bRec(), block, npz);
        put(npz.doubles("b_out", shape.outputs()), shape.bOut(), block, npz);
        put(npz.doubles(INITIAL, 1, n), shape.h0(), block, npz);
        Activation phi = given == null ? Activation.RELU : given;
        if (given == null) {
            notes.accept(ForeignNetwork.assumed(npz.name(), phi, "PsychRNN's default"));
        }
        notes.accept(npz.name() + ": rec_noise isn't in the file: the states have no noise");
        try {
            Rnn rnn = new Rnn(shape, phi, dtMs, tauMs, true, block).withForm(Form.CURRENT);
            return rnn.withWiring(wiring(npz, shape, phi, notes));
        } catch (IllegalArgumentException e) {
            throw new FormatException(npz.name() + ": " + e.getMessage(), e);
        }
    }

    private static void put(double[] values, RnnShape.View view, double[] block, Npz npz) throws FormatException {
        for (int i = 0; i < values.length; i++) {
            if (!Double.isFinite(values[i])) {
                throw new FormatException(
                        npz.name() + ": " + view.entry(i) + " is " + values[i] + ", expected a finite number");
            }
        }
        System.arraycopy(values, 0, block, view.offset(), values.length);
    }

    /**
     * The mask, if it leaves out anything, and Dale's law, if some unit excites and some inhibit. Without dale_ratio, Dale_rec is the
     * identity; a dale_ratio of 0 is not enforced there. The law holds for W_in, and for W_out as Dale_out says: version 1.0
     * gives the weights from inhibitory units to the outputs a negative sign, though its documentation has 0. Where rates can
     * be negative, the law becomes the signs of single weights.
     */
    private static Wiring wiring(Npz npz, RnnShape shape, Activation phi, Consumer<String> notes)
            throws FormatException {
        int n = shape.units();
        EntrySet given = npz.has(MASK) ? EntrySet.of(n, n, npz.doubles(MASK, n, n)) : null;
        Wiring masked = Wiring.of(null, given == null || given.count() == n * n ? null : given);
        double[] sign = npz.has(SIGNS) ? diagonal(npz, SIGNS, n) : new double[n];
        if (Arrays.stream(sign).distinct().count() == 1) {
            return masked;
        }
        double[] out = npz.has(OUT_SIGNS) ? diagonal(npz, OUT_SIGNS, n) : sign;
        Signs ofOut = columns(shape.outputs(), out);
        if (phi.isNonNegative()) {
            Wiring dale = Wiring.of(sign, masked.mask());
            return Arrays.stream(out).anyMatch(s -> s == 0.0)
                    ? dale.withDaleAlso(Set.of("W_in", "W_out"))
                    : dale.withDaleAlso(Set.of("W_in")).withSigns(Map.of("W_out", ofOut));
        }
        notes.accept(npz.name() + ": Dale's law needs rates that are never negative, and those of " + phi.id()
                + " can be: the signs of the weights are kept one by one");
        double[] excite = new double[n * shape.inputs()];
        Arrays.fill(excite, 1.0);
        return masked.withSigns(
                Map.of("W_in", Signs.of(n, shape.inputs(), excite), "W_rec", columns(n, sign), "W_out", ofOut));
    }

    private static double[] diagonal(Npz npz, String name, int n) throws FormatException {
        double[] matrix = npz.doubles(name, n, n);
        double[] diagonal = new double[n];
        Arrays.setAll(diagonal, i -> matrix[i * n + i]);
        return diagonal;
    }

    /** Signs by columns, the units that send. */
    private static Signs columns(int rows, double[] sign) {
        double[] values = new double[rows * sign.length];
        Arrays.setAll(values, k -> sign[k % sign.length]);
        return Signs.of(rows, sign.length, values);
    }
}
