package attractor.task;

import attractor.io.FormatException;
import attractor.io.NpyArray;
import attractor.io.Npz;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * Trials in an {@code .npz} file, as {@code numpy.savez} and {@code savez_compressed} write them:
 *
 * <pre>
 *     x      (S, T, I)               inputs
 *     y      (S, T, O)               targets
 *     mask   (S, T) or (S, T, O)     optional: weights of the squared errors, 0 or more, above 0 somewhere in each trial
 *     type   (S,)                    optional: integers or names, by which results are told apart
 *     types  (K,)                    optional: names; type then holds some of them, or indices into them, 0 to K - 1
 *     dt_ms  ()                      optional: duration of a step in ms
 * </pre>
 *
 * <p>Numbers are float64 or float32, or integers or booleans, in C or Fortran order. All are finite, except targets
 * whose mask is 0. Trials of less than T steps are padded with any values, even NaN, under a mask of 0: nothing is read
 * after a trial's last step with a weight. The trials become as long as the longest one without its padding, and the
 * rest of a shorter one is filled with zeros. An array with any other name is an error. Names without a trial are left
 * out. Without {@code types} the numbers are the names; without {@code type} there is one type, {@code all}.
 *
 * <p>Immutable, safe for any thread.
 *
 * @param trials the trials, in memory
 * @param dtMs duration of a step in ms, above 0; empty if the file has none
 * @param fileSteps T of the arrays in the file, with padding
 */
public record TrialFile(Trials trials, OptionalDouble dtMs, int fileSteps) {

    private static final String X = "x";
    private static final String Y = "y";
    private static final String MASK = "mask";
    private static final String TYPE = "type";
    private static final String TYPES = "types";
    private static final String DT = "dt_ms";
    /** The names of all arrays that a file may have; unmodifiable. */
    public static final Set<String> KEYS =
            Collections.unmodifiableSet(new LinkedHashSet<>(List.of(X, Y, MASK, TYPE, TYPES, DT)));

    /**
     * Reads a file.
     *
     * @throws FormatException if the content is not as described; one line names file, array, what was found and what
     * was expected
     * @throws IOException if the file cannot be read
     */
    public static TrialFile read(Path file) throws IOException {
        return of(Npz.read(file, KEYS));
    }

    /**
     * Reads a file of which only the inputs are wanted: like {@link #read}, but y may be missing. The targets are then 0
     * and have as many channels as the mask, or one.
     *
     * @throws FormatException as {@link #read}
     * @throws IOException if the file cannot be read
     */
    public static TrialFile readInputs(Path file) throws IOException {
        Npz npz = Npz.read(file, KEYS);
        if (npz.has(Y)) {
            return of(npz);
        }
        int[] shape = shape(npz, X, "numbers of shape (S, T, I)", 3);
        boolean perOutput = npz.has(MASK) && npz.get(MASK).rank() == 3;
        int[] yShape = {shape[0], shape[1], perOutput ? npz.get(MASK).shape()[2] : 1};
        long values = (long) yShape[0] * yShape[1] * yShape[2];
        if (values > Integer.MAX_VALUE - 8) {
            throw wrong(npz, MASK, "at most 2^31 weights");
        }
        return of(npz, NpyArray.of(new double[(int) values], yShape));
    }

    /** Like {@link #read}, from arrays that have been read. */
    static TrialFile of(Npz npz) throws FormatException {
        return of(npz, npz.get(Y));
    }

    private static TrialFile of(Npz npz, NpyArray y) throws FormatException {
        int[] shape = shape(npz, X, "numbers of shape (S, T, I)", 3);
        int size = shape[0];
        int steps = shape[1];
        if (size < 1 || steps < 1 || shape[2] < 1) {
            throw wrong(npz, X, "at least one trial, step and input");
        }
        int[] yShape = shape(npz, Y, y, "numbers of shape (" + size + ", " + steps + ", O) as x has", 3);
        if (yShape[0] != size || yShape[1] != steps || yShape[2] < 1) {
            throw wrong(npz, Y, "numbers of shape (" + size + ", " + steps + ", O) as x has, O at least 1");
        }
        int outputs = yShape[2];
        double[] mask = null;
        if (npz.has(MASK)) {
            String expected =
                    "numbers of shape (" + size + ", " + steps + ") or (" + size + ", " + steps + ", " + outputs + ")";
            int rank = npz.get(MASK).rank() == 2 ? 2 : 3;
            int[] found = shape(npz, MASK, expected, rank);
            if (found[0] != size || found[1] != steps || (rank == 3 && found[2] != outputs)) {
                throw wrong(npz, MASK, expected);
            }
            mask = npz.doubles(MASK, found);
        }
        OptionalDouble dtMs = OptionalDouble.empty();
        if (npz.has(DT)) {
            dtMs = OptionalDouble.of(npz.number(DT));
            if (!(dtMs.getAsDouble() > 0 && dtMs.getAsDouble() <= Double.MAX_VALUE)) {
                throw new FormatException(
                        npz.name() + ": dt_ms is " + dtMs.getAsDouble() + ", expected a finite number above 0");
            }
        }
        Types types = Types.of(npz, size);
        Numbers arrays = new Numbers(npz.doubles(X, shape), y.toDoubles(npz.name() + ": '" + Y + "'"), mask);
        if (mask != null) {
            arrays = arrays.withoutPadding(size, steps);
        }
        try {
            Trials trials = Trials.ofArrays(
                    arrays.x.length / size / shape[2],
                    shape[2],
                    outputs,
                    arrays.x,
                    arrays.y,
                    arrays.mask,
                    types.indices,
                    types.names);
            return new TrialFile(trials, dtMs, steps);
        } catch (IllegalArgumentException e) {
            throw new FormatException(npz.name() + ": " + e.getMessage(), e);
        }
    }

    /** The numbers of all trials; the mask is S x T or S x T x O, or null if there is none. */
    private record Numbers(double[] x, double[] y, double[] mask) {

        /**
         * The numbers without padding. Every trial ends at the last step that has a weight in any trial. A shorter
         * trial is zero after its own last step. A target without weight becomes 0 if it isn't finite.
         */
        Numbers withoutPadding(int size, int steps) {
            int[] ends = new int[size];
            int longest = 0;
            int perStep = mask.length / (size * steps);
            for (int s = 0; s < size; s++) {
                int k = (s + 1) * steps * perStep - 1;
                while (k >= s * steps * perStep && mask[k] == 0) {
                    k--;
                }
                // A trial without any weight is kept here; it is refused later for having none.
                ends[s] = k < s * steps * perStep ? steps : k / perStep - s * steps + 1;
                longest = Math.max(longest, ends[s]);
            }
            double[] cutX = cut(x, size, steps, longest, ends);
            double[] cutY = cut(y, size, steps, longest, ends);
            double[] cutMask = cut(mask, size, steps, longest, ends);
            int channels = cutY.length / cutMask.length;
            for (int i = 0; i < cutY.length; i++) {
                if (cutMask[i / channels] == 0 && !Double.isFinite(cutY[i])) {
                    cutY[i] = 0;
                }
            }
            return new Numbers(cutX, cutY, cutMask);
        }

        /** The first {@code longest} steps of each trial, with zeros after the trial's end. */
        private static double[] cut(double[] a, int size, int steps, int longest, int[] ends) {
            int channels = a.length / (size * steps);
            double[] cut = new double[size * longest * channels];
            for (int s = 0; s < size; s++) {
                System.arraycopy(a, s * steps * channels, cut, s * longest * channels, ends[s] * channels);
            }
            return cut;
        }
    }

    /** The shape of an array of numbers. */
    private static int[] shape(Npz npz, String key, String expected, int rank) throws FormatException {
        return shape(npz, key, npz.get(key), expected, rank);
    }

    private static int[] shape(Npz npz, String key, NpyArray array, String expected, int rank) throws FormatException {
        if (array.rank() != rank || array.kind() == NpyArray.Kind.STRING) {
            throw wrong(npz, key, expected);
        }
        return array.shape();
    }

    private static FormatException wrong(Npz npz, String key, String expected) throws FormatException {
        NpyArray found = npz.get(key);
        String hint = found.kind() == NpyArray.Kind.STRING
                ? "; in NumPy, " + key + ".astype(float) has numbers"
                : key.equals(MASK) ? maskHint(npz, found) : hint(found, key);
        return new FormatException(npz.name() + ": '" + key + "' is " + found + ", expected " + expected + hint);
    }

    /**
     * The NumPy expression that turns two dimensions into three, for the end of a message; empty if there aren't two.
     */
    public static String hint(NpyArray array, String name) {
        return array.rank() != 2
                ? ""
                : "; in NumPy, " + name + "[np.newaxis] makes one trial of (T, channels), " + name
                        + "[..., np.newaxis] one channel of (S, T)";
    }

    /** The expression that gives all trials the mask of one. */
    private static String maskHint(Npz npz, NpyArray mask) throws FormatException {
        int[] x = npz.get(X).shape();
        boolean one = (mask.rank() == 1 && mask.size() == x[1])
                || (mask.rank() == 2 && Arrays.equals(mask.shape(), new int[] {1, x[1]}));
        return one ? "; in NumPy, np.tile(mask, (" + x[0] + ", 1)) gives it to all trials" : "";
    }

    /** The types in the file; both are null if it has none. */
    private record Types(int[] indices, List<String> names) {

        static Types of(Npz npz, int size) throws FormatException {
            if (!npz.has(TYPE)) {
                if (npz.has(TYPES)) {
                    throw new FormatException(
                            npz.name() + ": has types but no type, expected type (" + size + ",), indices into types");
                }
                return new Types(null, null);
            }
            boolean named = npz.get(TYPE).kind() == NpyArray.Kind.STRING;
            if (!npz.has(TYPES)) {
                return named ? named(npz.strings(TYPE, size)) : new Types(integers(npz, size), null);
            }
            String[] names = npz.strings(TYPES, -1);
            int[] type = named ? indices(npz, size, names) : integers(npz, size);
            boolean[] occurs = new boolean[names.length];
            for (int s = 0; s < size; s++) {
                if (type[s] < 0 || type[s] >= names.length) {
                    throw new FormatException(npz.name() + ": type is " + type[s] + " at trial " + s
                            + ", expected 0 to " + (names.length - 1) + ", an index into types");
                }
                occurs[type[s]] = true;
            }
            int[] renumbered = new int[names.length];
            List<String> kept = new ArrayList<>();
            for (int k = 0; k < names.length; k++) {
                if (occurs[k]) {
                    renumbered[k] = kept.size();
                    kept.add(names[k]);
                }
            }
            return new Types(Arrays.stream(type).map(k -> renumbered[k]).toArray(), kept);
        }

        /** The names in the order of their first occurrence. */
        private static Types named(String[] type) {
            List<String> names = new ArrayList<>(new LinkedHashSet<>(List.of(type)));
            Map<String, Integer> index = new HashMap<>();
            names.forEach(name -> index.put(name, index.size()));
            return new Types(Arrays.stream(type).mapToInt(index::get).toArray(), names);
        }

        private static int[] indices(Npz npz, int size, String[] names) throws FormatException {
            String[] type = npz.strings(TYPE, size);
            int[] indices = new int[size];
            for (int s = 0; s < size; s++) {
                indices[s] = List.of(names).indexOf(type[s]);
                if (indices[s] < 0) {
                    throw new FormatException(npz.name() + ": type is '" + type[s] + "' at trial " + s
                            + ", expected one of types: " + String.join(", ", names));
                }
            }
            return indices;
        }

        private static int[] integers(Npz npz, int size) throws FormatException {
            long[] longs = npz.longs(TYPE, size);
            int[] type = new int[size];
            for (int s = 0; s < size; s++) {
                if (longs[s] != (int) longs[s]) {
                    throw new FormatException(npz.name() + ": type is " + longs[s] + " at trial " + s
                            + ", expected an integer of 32 bits");
                }
                type[s] = (int) longs[s];
            }
            return type;
        }
    }

    /**
     * Writes trials to a file, from which {@link #read} returns the same trials. All are in memory at once.
     *
     * @param file replaced if it exists; written as a whole or left unchanged
     * @param dtMs duration of a step in ms
     * @throws ArithmeticException if x or y has 2^31 values or more
     * @throws IOException if the file cannot be written
     */
    public static void write(Path file, Trials trials, double dtMs) throws IOException {
        int size = trials.size();
        int steps = trials.steps();
        int xLength = steps * trials.inputs();
        int yLength = steps * trials.outputs();
        double[] x = new double[Math.multiplyExact(size, xLength)];
        double[] y = new double[Math.multiplyExact(size, yLength)];
        double[] mask = trials.masked() ? new double[y.length] : null;
        long[] type = new long[size];
        Trials.Reader reader = trials.reader();
        for (int i = 0; i < size; i++) {
            reader.read(i, x, i * xLength, y, i * yLength, mask, i * yLength);
            type[i] = trials.type(i);
        }
        Map<String, NpyArray> arrays = new LinkedHashMap<>();
        arrays.put(X, NpyArray.of(x, size, steps, trials.inputs()));
        arrays.put(Y, NpyArray.of(y, size, steps, trials.outputs()));
        if (mask != null) {
            arrays.put(MASK, NpyArray.of(mask, size, steps, trials.outputs()));
        }
        arrays.put(TYPE, NpyArray.of(type, size));
        String[] names = trials.types().toArray(new String[0]);
        arrays.put(TYPES, NpyArray.of(names, names.length));
        arrays.put(DT, NpyArray.scalar(dtMs));
        Npz.write(file, arrays);
    }
}
