package attractor.task;

import attractor.io.FormatException;
import attractor.io.NpyArray;
import attractor.io.Npz;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
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
 *     type   (S,)                    optional: integers, by which results are told apart
 *     types  (K,)                    optional: names; type then holds indices into them, 0 to K - 1
 *     dt_ms  ()                      optional: duration of a step in ms
 * </pre>
 *
 * <p>Numbers are float64 or float32, or integers or booleans, in C or Fortran order; all finite, those where the mask is 0
 * too. Trials that last less than T steps are padded with anything finite, under a mask of 0. An array of any other name is
 * an error. Names without a trial are left out. Without {@code types} the names are the numbers, without {@code type}
 * there is one type, {@code all}.
 *
 * <p>Immutable, safe for any thread.
 *
 * @param trials the trials, in memory
 * @param dtMs duration of a step in ms, above 0, where the file says
 */
public record TrialFile(Trials trials, OptionalDouble dtMs) {

    private static final String X = "x";
    private static final String Y = "y";
    private static final String MASK = "mask";
    private static final String TYPE = "type";
    private static final String TYPES = "types";
    private static final String DT = "dt_ms";
    private static final Set<String> KEYS =
            Collections.unmodifiableSet(new LinkedHashSet<>(List.of(X, Y, MASK, TYPE, TYPES, DT)));

    /**
     * Reads a file.
     *
     * @throws FormatException if the content isn't as said; one line names file, array, what was found and what was expected
     * @throws IOException if the file cannot be read
     */
    public static TrialFile read(Path file) throws IOException {
        return of(Npz.read(file));
    }

    /** As {@link #read}, from arrays that have been read. */
    static TrialFile of(Npz npz) throws FormatException {
        npz.requireOnly(KEYS);
        int[] shape = shape(npz, X, "numbers of shape (S, T, I)", 3);
        int size = shape[0];
        int steps = shape[1];
        if (size < 1 || steps < 1 || shape[2] < 1) {
            throw wrong(npz, X, "at least one trial, step and input");
        }
        int[] yShape = shape(npz, Y, "numbers of shape (" + size + ", " + steps + ", O) as x has", 3);
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
        try {
            Trials trials = Trials.ofArrays(
                    steps,
                    shape[2],
                    outputs,
                    npz.doubles(X, shape),
                    npz.doubles(Y, yShape),
                    mask,
                    types.indices,
                    types.names);
            return new TrialFile(trials, dtMs);
        } catch (IllegalArgumentException e) {
            throw new FormatException(npz.name() + ": " + e.getMessage(), e);
        }
    }

    /** The shape of an array of numbers. */
    private static int[] shape(Npz npz, String key, String expected, int rank) throws FormatException {
        NpyArray array = npz.get(key);
        if (array.rank() != rank || array.kind() == NpyArray.Kind.STRING) {
            throw wrong(npz, key, expected);
        }
        return array.shape();
    }

    private static FormatException wrong(Npz npz, String key, String expected) throws FormatException {
        return new FormatException(npz.name() + ": '" + key + "' is " + npz.get(key) + ", expected " + expected);
    }

    /** What is said of types, if anything; both are null if nothing is. */
    private record Types(int[] indices, List<String> names) {

        static Types of(Npz npz, int size) throws FormatException {
            if (!npz.has(TYPE)) {
                if (npz.has(TYPES)) {
                    throw new FormatException(
                            npz.name() + ": has types but no type, expected type (" + size + ",), indices into types");
                }
                return new Types(null, null);
            }
            int[] type = integers(npz, size);
            if (!npz.has(TYPES)) {
                return new Types(type, null);
            }
            String[] names = npz.strings(TYPES, -1);
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
     * Writes trials, all in memory at once, so that {@link #read} gives them back.
     *
     * @param file replaced if it is there; whole or unchanged
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
