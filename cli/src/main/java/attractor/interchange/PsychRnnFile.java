package attractor.interchange;

import attractor.io.FormatException;
import attractor.io.Npz;
import attractor.io.ZipArchive;
import attractor.kernel.Activation;
import attractor.model.EntrySet;
import attractor.model.Form;
import attractor.model.Rnn;
import attractor.model.RnnShape;
import attractor.model.Wiring;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Networks that PsychRNN's {@code model.save} wrote ({@code Basic} and {@code BasicScan}): an {@code .npz} with the effective
 * weights {@code W_in}, {@code W_rec} and {@code W_out} (row = the unit that receives), {@code b_rec}, {@code b_out}, {@code
 * init_state} (1 x N), {@code Dale_rec} (a diagonal of signs) and {@code rec_connectivity}. PsychRNN's model is the current form,
 * and its noise {@code rec_noise} is ours ({@link Rnn#withNoise}). dt, tau, the noise and the activation are not in the file. Its
 * other arrays don't change the dynamics; one of them, {@code dale_ratio}, may be a pickle, and isn't read.
 *
 * <p>Stateless, safe for any number of threads. Source: PsychRNN, {@code backend/rnn.py} and {@code backend/models/basic.py}.
 */
public final class PsychRnnFile {
    private static final String INITIAL = "init_state";
    private static final String SIGNS = "Dale_rec";
    private static final String MASK = "rec_connectivity";
    private static final Set<String> ARRAYS = Set.of("W_in", "W_rec", "W_out", "b_rec", "b_out", INITIAL, SIGNS, MASK);

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
            return rnn.withWiring(wiring(npz, n, phi));
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

    /** Signs if some unit inhibits, since without dale_ratio Dale_rec is the identity; and the mask if it leaves out anything. */
    private static Wiring wiring(Npz npz, int n, Activation phi) throws FormatException {
        double[] sign = null;
        if (npz.has(SIGNS) && phi.isNonNegative()) {
            double[] dale = npz.doubles(SIGNS, n, n);
            double[] diagonal = new double[n];
            boolean inhibits = false;
            for (int i = 0; i < n; i++) {
                diagonal[i] = dale[i * n + i];
                inhibits |= diagonal[i] < 0.0;
            }
            sign = inhibits ? diagonal : null;
        }
        EntrySet mask = npz.has(MASK) ? EntrySet.of(n, n, npz.doubles(MASK, n, n)) : null;
        return Wiring.of(sign, mask == null || mask.count() == n * n ? null : mask);
    }
}
