package attractor.model;

import attractor.io.FormatException;
import attractor.io.Json;
import attractor.io.JsonObject;
import attractor.io.NpyArray;
import attractor.io.Npz;
import attractor.kernel.Activation;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * A network as an {@code .npz} file, readable with {@code numpy.load}. The weights are float64 in C order, row = the unit
 * that receives; float32 in a network of that {@link Precision}, whose file also has {@code precision}. Always there are {@code W_in} (N x I), {@code W_rec} (N x N), {@code W_out} (O x N), {@code b_out} (O),
 * {@code dt_ms}, {@code tau_ms}, {@code activation}, {@code format_version}, and {@code meta}, a JSON string that says
 * where the network comes from and does not change what it does. Where they aren't the default, there are also {@code
 * b_rec} (N), {@code h0} (N), {@code dale_sign} (N, 1 and -1), {@code dale_also} (names of arrays), {@code mask} (N x N, 0 and
 * 1) and {@code sign_W_in}, {@code sign_W_rec}, {@code sign_W_out} (as the arrays, 1, -1 and 0), with which the weights agree
 * (see {@link Wiring}), {@code noise_sd} (see {@link Rnn#withNoise}) and {@code form} (see {@link Form}; with {@code
 * current}, {@code h0} is x(0)), and in a network of rank R the factors {@code P} and {@code Q} (N x R), of which {@code W_rec} is the
 * product {@code P Q^T / N}, there for other readers. Any other array in a file is an error,
 * since it might change the dynamics.
 *
 * <p>A file without {@code dt_ms}, {@code tau_ms}, {@code activation}, {@code format_version} and {@code meta} is read
 * too, with {@code dt_ms} 1, {@code tau_ms} equal to it, and tanh: {@code numpy.savez} of the weights makes a network.
 *
 * <p>For a file that isn't such a network, by accident or on purpose, reading throws an exception with one line that
 * names the file, and takes neither time nor memory beyond the file's size:
 *
 * <pre>{@code
 * try {
 *     Rnn network = NetworkFile.read(Path.of("and.npz")).rnn();
 * } catch (FormatException e) {
 *     System.err.println(e.getMessage()); // and.npz: what was found, and what was expected
 * }
 * }</pre>
 *
 * <p>Stateless, safe for any number of threads.
 */
public final class NetworkFile {
    /** The format version that is written, and the only one that is read. */
    public static final int FORMAT_VERSION = 1;

    private static final String VERSION_KEY = "format_version";
    private static final String ACTIVATION = "activation";
    private static final String DT = "dt_ms";
    private static final String TAU = "tau_ms";
    private static final String META = "meta";
    private static final String DALE = "dale_sign";
    private static final String MASK = "mask";
    private static final String NOISE = "noise_sd";
    private static final String FORM = "form";
    private static final String PRECISION = "precision";
    private static final String DALE_ALSO = "dale_also";
    private static final String SIGN = "sign_";
    /** How far W_rec may be from the product of the factors, relative to its largest entry: files may be in float. */
    private static final double FACTOR_TOLERANCE = 1e-6;

    private static final Set<String> KNOWN = Collections.unmodifiableSet(new LinkedHashSet<>(List.of(
            "W_in",
            "W_rec",
            "W_out",
            "b_out",
            "b_rec",
            "h0",
            "P",
            "Q",
            DALE,
            MASK,
            NOISE,
            FORM,
            PRECISION,
            DALE_ALSO,
            SIGN + "W_in",
            SIGN + "W_rec",
            SIGN + "W_out",
            DT,
            TAU,
            ACTIVATION,
            VERSION_KEY,
            META)));

    private NetworkFile() {}

    /**
     * What a file holds. Thread-safe as long as no thread writes to the network's parameters.
     *
     * @param rnn the network
     * @param meta where it comes from; empty where the file doesn't say
     * @param name the file's name in messages
     */
    public record Network(Rnn rnn, JsonObject meta, String name) {}

    /**
     * Writes a network, whole or not at all.
     *
     * @param rnn Not modified.
     * @param meta values that {@link Json} accepts. Not modified.
     * @throws IllegalArgumentException if {@code meta} has a value without JSON form, or the weights don't agree with the
     * network's wiring
     * @throws IOException if the file cannot be written, with one line that names it
     */
    public static void write(Path file, Rnn rnn, Map<String, ?> meta) throws IOException {
        Npz.write(file, arrays(rnn, meta));
    }

    /**
     * Writes the content of a file.
     *
     * @param out neither flushed nor closed
     * @param rnn Not modified.
     * @param meta values that {@link Json} accepts. Not modified.
     * @throws IllegalArgumentException as {@link #write}
     */
    public static void writeTo(OutputStream out, Rnn rnn, Map<String, ?> meta) throws IOException {
        Npz.writeTo(out, arrays(rnn, meta));
    }

    /** The arrays of a file, in the order in which they are written. */
    private static Map<String, NpyArray> arrays(Rnn rnn, Map<String, ?> meta) {
        RnnShape shape = rnn.shape();
        Wiring wiring = rnn.wiring();
        wiring.check(shape, rnn.activation(), rnn.parameters());
        requireExact(rnn);
        Map<String, NpyArray> arrays = new LinkedHashMap<>();
        for (RnnShape.View view : shape.weights()) {
            arrays.put(view.name(), values(rnn, rnn.copyOf(view), view.rows(), view.cols()));
        }
        if (rnn.rank() > 0) {
            arrays.put("W_rec", values(rnn, rnn.wRec(), shape.units(), shape.units()));
        }
        arrays.put("b_out", values(rnn, rnn.copyOf(shape.bOut()), shape.outputs()));
        if (rnn.recurrentBias()) {
            arrays.put("b_rec", values(rnn, rnn.copyOf(shape.bRec()), shape.units()));
        }
        double[] h0 = rnn.copyOf(shape.h0());
        if (Arrays.stream(h0).anyMatch(h -> h != 0.0)) {
            arrays.put("h0", values(rnn, h0, shape.units()));
        }
        double[] sign = wiring.daleSign();
        if (sign != null) {
            arrays.put(DALE, NpyArray.of(sign, shape.units()));
        }
        if (wiring.mask() != null) {
            arrays.put(MASK, NpyArray.of(wiring.mask().toArray(), shape.units(), shape.units()));
        }
        if (!wiring.daleAlso().isEmpty()) {
            arrays.put(DALE_ALSO, NpyArray.scalar(String.join(",", wiring.daleAlso())));
        }
        wiring.signs()
                .forEach((array, signs) ->
                        arrays.put(SIGN + array, NpyArray.of(signs.toArray(), signs.rows(), signs.cols())));
        if (rnn.noiseSd() != 0.0) {
            arrays.put(NOISE, NpyArray.scalar(rnn.noiseSd()));
        }
        if (rnn.form() != Form.RATE) {
            arrays.put(FORM, NpyArray.scalar(rnn.form().id()));
        }
        if (rnn.precision() != Precision.DOUBLE) {
            arrays.put(PRECISION, NpyArray.scalar(rnn.precision().id()));
        }
        arrays.put(DT, NpyArray.scalar(rnn.dtMs()));
        arrays.put(TAU, NpyArray.scalar(rnn.tauMs()));
        arrays.put(ACTIVATION, NpyArray.scalar(rnn.activation().id()));
        arrays.put(VERSION_KEY, NpyArray.scalar((long) FORMAT_VERSION));
        arrays.put(META, NpyArray.scalar(Json.compact(meta)));
        return arrays;
    }

    /** Parameters in the network's precision. */
    private static NpyArray values(Rnn rnn, double[] values, int... shape) {
        return rnn.precision() == Precision.FLOAT ? NpyArray.ofSingles(values, shape) : NpyArray.of(values, shape);
    }

    private static void requireExact(Rnn rnn) {
        int at = rnn.precision().firstInexact(rnn.parameters());
        if (at >= 0) {
            throw new IllegalArgumentException(rnn.shape().entry(at) + " is " + rnn.parameters()[at] + ", expected a "
                    + rnn.precision().id() + " in a network of this precision");
        }
    }

    /**
     * Reads a network.
     *
     * @throws FormatException if the file isn't a network: one line that names the array, what was found and what was expected
     * @throws IOException if the file cannot be read
     */
    public static Network read(Path file) throws IOException {
        return read(file, null, note -> {});
    }

    /**
     * Reads a network from the content of a file.
     *
     * @param bytes the whole content. Not modified.
     * @param name its name in messages
     * @throws FormatException as {@link #read(Path)}
     */
    public static Network read(byte[] bytes, String name) throws FormatException {
        Npz npz = Npz.read(bytes, name);
        npz.requireOnly(KNOWN);
        return read(npz, null, note -> {});
    }

    /**
     * Reads a network, even if the file lacks what is not needed for its weights: {@code activation} (then tanh),
     * {@code dt_ms} (then 1), {@code tau_ms} (then dt_ms), {@code format_version} and {@code meta}.
     *
     * @param given the activation for a file without one; null for tanh
     * @param notes receives a line, which names the file, if something that changes the dynamics was assumed
     * @throws FormatException as {@link #read(Path)}, and if the file's activation is not the given one
     * @throws IOException if the file cannot be read
     */
    public static Network read(Path file, Activation given, Consumer<String> notes) throws IOException {
        return read(Npz.read(file, KNOWN), given, notes);
    }

    /** Activation, dt and tau, from the file or assumed. */
    private record Dynamics(Activation activation, double dtMs, double tauMs) {
        static Dynamics of(Npz npz, Activation given, Consumer<String> notes) throws FormatException {
            List<String> assumed = new ArrayList<>();
            Activation activation = given == null ? Activation.TANH : given;
            if (npz.has(ACTIVATION)) {
                activation = Activation.of(npz.text(ACTIVATION));
                if (given != null && given != activation) {
                    throw new FormatException(npz.name() + ": says that the activation is " + activation.id() + ", and "
                            + given.id() + " was asked for");
                }
            } else if (given == null) {
                assumed.add("activation tanh");
            }
            double dtMs = npz.has(DT) ? npz.number(DT) : 1.0;
            double tauMs = npz.has(TAU) ? npz.number(TAU) : dtMs;
            if (!npz.has(DT)) {
                assumed.add("dt_ms 1");
            }
            if (!npz.has(TAU)) {
                assumed.add("tau_ms as dt_ms");
            }
            if (!assumed.isEmpty()) {
                notes.accept(
                        npz.name() + ": doesn't say all of its dynamics: assumed are " + String.join(", ", assumed));
            }
            return new Dynamics(activation, dtMs, tauMs);
        }
    }

    private static Network read(Npz npz, Activation given, Consumer<String> notes) throws FormatException {
        String name = npz.name();
        long version = npz.has(VERSION_KEY) ? npz.integer(VERSION_KEY) : FORMAT_VERSION;
        if (version != FORMAT_VERSION) {
            throw new FormatException(name + ": format_version is " + version + ", expected " + FORMAT_VERSION);
        }
        int[] rec = shape(npz, "W_rec", "N x N");
        int n = rec[0];
        if (rec[1] != n) {
            throw new FormatException(name + ": W_rec is " + text(rec) + ", expected N x N (a square)");
        }
        int[] in = shape(npz, "W_in", "N x I");
        int[] out = shape(npz, "W_out", "O x N");
        if (in[0] != n) {
            throw new FormatException(name + ": W_in is " + text(in) + ", expected N x I (N = " + n + ", from W_rec)");
        }
        if (out[1] != n) {
            throw new FormatException(
                    name + ": W_out is " + text(out) + ", expected O x N (N = " + n + ", from W_rec)");
        }
        RnnShape shape;
        try {
            shape = new RnnShape(in[1], n, out[0], rank(npz, n));
        } catch (IllegalArgumentException e) {
            throw new FormatException(name + ": " + e.getMessage(), e);
        }
        double[] p = new double[shape.parameters()];
        for (RnnShape.View view : shape.weights()) {
            copy(npz, view, p);
        }
        copyVector(npz, shape.bOut(), "O = " + shape.outputs() + ", from W_out", p);
        boolean recurrentBias = npz.has("b_rec");
        if (recurrentBias) {
            copyVector(npz, shape.bRec(), "N = " + n + ", from W_rec", p);
        }
        if (npz.has("h0")) {
            copyVector(npz, shape.h0(), "N = " + n + ", from W_rec", p);
        }
        JsonObject meta = npz.has(META)
                ? Json.parseObject(npz.text(META), name + ": meta")
                : new JsonObject(Map.of(), name + ": meta");
        try {
            Dynamics dynamics = Dynamics.of(npz, given, notes);
            Rnn rnn = new Rnn(shape, dynamics.activation(), dynamics.dtMs(), dynamics.tauMs(), recurrentBias, p);
            if (shape.rank() > 0) {
                checkProduct(npz, rnn);
            }
            Wiring wiring = Wiring.of(npz.has(DALE) ? npz.doubles(DALE, n) : null, npz.has(MASK) ? mask(npz, n) : null)
                    .withSigns(signs(npz, shape));
            if (npz.has(DALE_ALSO)) {
                wiring = wiring.withDaleAlso(Set.of(npz.text(DALE_ALSO).split(",", -1)));
            }
            double noiseSd = npz.has(NOISE) ? npz.number(NOISE) : 0.0;
            Form form = npz.has(FORM) ? Form.of(npz.text(FORM)) : Form.RATE;
            Precision precision = npz.has(PRECISION) ? Precision.of(npz.text(PRECISION)) : Precision.DOUBLE;
            int inexact = precision.firstInexact(p);
            if (inexact >= 0) {
                throw new FormatException(name + ": " + shape.entry(inexact) + " is " + p[inexact] + ", expected a "
                        + precision.id() + ", as the file's precision is");
            }
            return new Network(
                    rnn.withWiring(wiring).withNoise(noiseSd).withForm(form).withPrecision(precision), meta, name);
        } catch (IllegalArgumentException e) {
            throw new FormatException(name + ": " + e.getMessage(), e);
        }
    }

    /** R of a file with the factors of W_rec; 0 for one without. */
    private static int rank(Npz npz, int n) throws FormatException {
        if (!npz.has("P") && !npz.has("Q")) {
            return 0;
        }
        int[] p = shape(npz, "P", "N x R");
        int[] q = shape(npz, "Q", "N x R");
        if (p[0] != n || !Arrays.equals(p, q) || p[1] < 1 || p[1] > n) {
            throw new FormatException(npz.name() + ": P is " + text(p) + " and Q is " + text(q)
                    + ", expected both N x R (N = " + n + ", from W_rec; R from 1 to N)");
        }
        return p[1];
    }

    /** Checks that W_rec is the product of the factors, so that no reader takes another network out of the same file. */
    private static void checkProduct(Npz npz, Rnn rnn) throws FormatException {
        int n = rnn.units();
        double[] product = rnn.wRec();
        double[] found = npz.doubles("W_rec", n, n);
        double largest = 0.0;
        for (double w : product) {
            largest = Math.max(largest, Math.abs(w));
        }
        for (int i = 0; i < product.length; i++) {
            if (!(Math.abs(found[i] - product[i]) <= FACTOR_TOLERANCE * largest)) {
                throw new FormatException(npz.name() + ": W_rec[" + i / n + "," + i % n + "] is " + found[i]
                        + ", expected " + product[i] + " as in P Q^T / N");
            }
        }
    }

    private static Map<String, Signs> signs(Npz npz, RnnShape shape) throws FormatException {
        Map<String, Signs> signs = new LinkedHashMap<>();
        // W_rec too where it is a product of factors, so that its signs are refused and not lost.
        for (RnnShape.View view : shape.fullRank().weights()) {
            String key = SIGN + view.name();
            if (npz.has(key)) {
                double[] values = npz.doubles(key, view.rows(), view.cols());
                try {
                    signs.put(view.name(), Signs.of(view.rows(), view.cols(), values));
                } catch (IllegalArgumentException e) {
                    throw new FormatException(npz.name() + ": " + key + ": " + e.getMessage(), e);
                }
            }
        }
        return signs;
    }

    private static EntrySet mask(Npz npz, int n) throws FormatException {
        try {
            return EntrySet.of(n, n, npz.doubles(MASK, n, n));
        } catch (IllegalArgumentException e) {
            throw new FormatException(npz.name() + ": " + MASK + ": " + e.getMessage(), e);
        }
    }

    private static int[] shape(Npz npz, String key, String expected) throws FormatException {
        int[] shape = npz.get(key).shape();
        if (shape.length != 2) {
            throw new FormatException(npz.name() + ": " + key + " is " + text(shape) + ", expected " + expected);
        }
        return shape;
    }

    private static void copyVector(Npz npz, RnnShape.View view, String why, double[] p) throws FormatException {
        int[] found = npz.get(view.name()).shape();
        if (found.length != 1 || found[0] != view.length()) {
            throw new FormatException(npz.name() + ": " + view.name() + " is " + text(found) + ", expected "
                    + view.length() + " values (" + why + ")");
        }
        put(npz, view, npz.doubles(view.name(), view.length()), p);
    }

    private static void copy(Npz npz, RnnShape.View view, double[] p) throws FormatException {
        put(npz, view, npz.doubles(view.name(), view.rows(), view.cols()), p);
    }

    private static void put(Npz npz, RnnShape.View view, double[] values, double[] p) throws FormatException {
        for (int i = 0; i < values.length; i++) {
            if (!Double.isFinite(values[i])) {
                throw new FormatException(
                        npz.name() + ": " + view.entry(i) + " is " + values[i] + ", expected a finite number");
            }
        }
        System.arraycopy(values, 0, p, view.offset(), values.length);
    }

    /** A shape as in the project's messages: {@code 3 x 4}, {@code 5 values}, {@code a scalar}. */
    private static String text(int[] shape) {
        return switch (shape.length) {
            case 0 -> "a scalar";
            case 1 -> shape[0] + " values";
            default ->
                String.join(
                        " x ", Arrays.stream(shape).mapToObj(Integer::toString).toList());
        };
    }
}
