package attractor.model;

import attractor.io.FormatException;
import attractor.io.JsonObject;
import attractor.kernel.Activation;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Options of a network that the paper's networks don't have: a {@link Wiring}, entries that are not trained, noise, and an initial state
 * and a time constant that are trained. {@link #wiring} gives the connections that exist, {@link #constraint} the rules that the
 * training keeps. Immutable, safe for any number of threads.
 *
 * <p>The constraint is kept by projection: after each step of the optimiser a weight with the wrong sign is set to 0. Weights outside
 * the mask, and fixed ones, have gradient 0. The alternative would be weights |w| or max(w, 0) of an unconstrained w. A projection has
 * these advantages: the file holds the weights that act, so that any simulator can read them; the gradient is that of the network
 * itself, so that engine and gradient check need no change; a weight may be exactly 0 and return; and masks, fixed entries and signs
 * are treated alike. For a weight at 0 Adam's moments still collect the whole gradient. So it returns when the gradient points inwards
 * on average, not at every single step at which it does.
 *
 * <pre>{@code
 * ModelOptions model = ModelOptions.DEFAULT.withDale(0.8).withMask(ModelOptions.Mask.random(0.5, 0));
 * TrainingConfig config = TrainingConfig.builder(Tasks.byName("and"))
 *         .activation(Activation.RELU)
 *         .tauMs(10)
 *         .model(model)
 *         .build();
 * }</pre>
 *
 * @param dale share of excitatory units, in [0, 1], under Dale's law, see {@link Wiring}. The first {@code round(dale *
 *     N)} units are excitatory, the others inhibitory. Null: no Dale's law.
 * @param mask the recurrent connections that may exist; null for all
 * @param selfConnections whether a unit may have a connection to itself
 * @param fixed entries that keep their initial values, each array at most once
 * @param recurrentNoiseSd sigma of {@link Rnn#withNoise}, 0 for none
 * @param trainInitialState whether h0 is trained; with Dale's law it stays 0 or more in the rate form, as rates
 *     are
 * @param trainTau whether tau, one for all units, is trained. The trained parameter is theta in {@code tau = dt (1 +
 *     exp(-theta))}, hence {@code alpha = 1 / (1 + exp(-theta))}, so that tau stays above dt for every theta. tau must
 *     begin above dt.
 * @param daleAlso arrays other than W_rec that follow Dale's law, of W_in and W_out, see {@link Wiring}
 * @param signs signs of single entries of W_in, W_rec or W_out, by array, see {@link Wiring}
 * @param rank R, to train {@code W_rec = P Q^T / N} through the factors P and Q, N x R each; 0 to train W_rec itself. The entries of
 *     a product can't keep rules of their own, so there is then neither Dale's law nor a mask, nor signs of W_rec
 */
public record ModelOptions(
        Double dale,
        Mask mask,
        boolean selfConnections,
        List<Fixed> fixed,
        double recurrentNoiseSd,
        boolean trainInitialState,
        boolean trainTau,
        Set<String> daleAlso,
        Map<String, Signs> signs,
        int rank) {

    /** The paper's network: all connections, of any sign, no noise, h0 = 0 and tau as given. */
    public static final ModelOptions DEFAULT =
            new ModelOptions(null, null, true, List.of(), 0.0, false, false, Set.of(), Map.of(), 0);

    /** The JSON members that these options may have. */
    public static final List<String> KEYS = List.of(
            "dale",
            "mask",
            "selfConnections",
            "fixed",
            "recurrentNoiseSd",
            "trainInitialState",
            "trainTau",
            "daleAlso",
            "signs",
            "rank");

    private static final List<String> ARRAYS = List.of("W_in", "W_rec", "P", "Q", "W_out", "b_out", "b_rec");

    /**
     * The recurrent connections that may exist, either random or given. Immutable, safe for any thread.
     *
     * @param density share of the connections, see {@link Wiring#randomMask}; 0 if they are given
     * @param seed seed of the random choice
     * @param entries the given connections, N x N; null if they are random
     */
    public record Mask(double density, long seed, EntrySet entries) {
        /** @throws IllegalArgumentException if the density is out of range */
        public Mask {
            if (entries == null && !(density > 0.0 && density <= 1.0)) {
                throw new IllegalArgumentException("density is " + density + ", expected above 0, at most 1");
            }
            if (entries != null && (density != 0.0 || seed != 0)) {
                throw new IllegalArgumentException("density is " + density + " and seed is " + seed
                        + ", expected 0 where the mask's entries are given");
            }
        }

        /** A random mask. */
        public static Mask random(double density, long seed) {
            return new Mask(density, seed, null);
        }

        /** A given mask, N x N. */
        public static Mask of(EntrySet entries) {
            return new Mask(0.0, 0, entries);
        }
    }

    /**
     * Entries that keep their initial value. Immutable, safe for any thread.
     *
     * @param array the array's name in files: W_in, W_rec (P or Q in a network of low rank), W_out, b_out or b_rec
     * @param entries which of its entries are fixed (a vector counts as one column); null for all
     */
    public record Fixed(String array, EntrySet entries) {
        /** @throws IllegalArgumentException if there is no array of that name */
        public Fixed {
            if (!ARRAYS.contains(array)) {
                throw new IllegalArgumentException(
                        "fixed array is " + array + ", expected one of " + String.join(", ", ARRAYS));
            }
        }
    }

    /** @throws IllegalArgumentException if a value is out of range; the message names it */
    public ModelOptions {
        if (dale != null && !(dale >= 0.0 && dale <= 1.0)) {
            throw new IllegalArgumentException("dale is " + dale + ", expected 0 to 1");
        }
        fixed = List.copyOf(fixed);
        if (fixed.stream().map(Fixed::array).distinct().count() < fixed.size()) {
            throw new IllegalArgumentException("fixed is " + fixed + ", expected each array at most once");
        }
        if (rank < 0) {
            throw new IllegalArgumentException("rank is " + rank + ", expected 1 to N, or 0 for none");
        }
        daleAlso = Collections.unmodifiableSet(new TreeSet<>(daleAlso));
        signs = Collections.unmodifiableMap(new TreeMap<>(signs));
        if (!(recurrentNoiseSd >= 0.0 && recurrentNoiseSd <= Double.MAX_VALUE)) {
            throw new IllegalArgumentException(
                    "recurrentNoiseSd is " + recurrentNoiseSd + ", expected a finite number, 0 or more");
        }
    }

    /** These options with another share of excitatory units; null for no Dale's law. */
    public ModelOptions withDale(Double share) {
        return new ModelOptions(
                share,
                mask,
                selfConnections,
                fixed,
                recurrentNoiseSd,
                trainInitialState,
                trainTau,
                daleAlso,
                signs,
                rank);
    }

    /** These options with another mask; null for none. */
    public ModelOptions withMask(Mask connections) {
        return new ModelOptions(
                dale,
                connections,
                selfConnections,
                fixed,
                recurrentNoiseSd,
                trainInitialState,
                trainTau,
                daleAlso,
                signs,
                rank);
    }

    /** These options with or without connections of units to themselves. */
    public ModelOptions withSelfConnections(boolean allowed) {
        return new ModelOptions(
                dale, mask, allowed, fixed, recurrentNoiseSd, trainInitialState, trainTau, daleAlso, signs, rank);
    }

    /** These options with other entries that are not trained. */
    public ModelOptions withFixed(List<Fixed> untrained) {
        return new ModelOptions(
                dale,
                mask,
                selfConnections,
                untrained,
                recurrentNoiseSd,
                trainInitialState,
                trainTau,
                daleAlso,
                signs,
                rank);
    }

    /** These options with another noise; 0 for none. */
    public ModelOptions withRecurrentNoise(double sd) {
        return new ModelOptions(
                dale, mask, selfConnections, fixed, sd, trainInitialState, trainTau, daleAlso, signs, rank);
    }

    /** These options with h0 trained or not. */
    public ModelOptions withTrainedInitialState(boolean trained) {
        return new ModelOptions(
                dale, mask, selfConnections, fixed, recurrentNoiseSd, trained, trainTau, daleAlso, signs, rank);
    }

    /** These options with tau trained or not. */
    public ModelOptions withTrainedTau(boolean trained) {
        return new ModelOptions(
                dale,
                mask,
                selfConnections,
                fixed,
                recurrentNoiseSd,
                trainInitialState,
                trained,
                daleAlso,
                signs,
                rank);
    }

    /** These options with Dale's law for other arrays too, of W_in and W_out. */
    public ModelOptions withDaleAlso(Set<String> arrays) {
        return new ModelOptions(
                dale, mask, selfConnections, fixed, recurrentNoiseSd, trainInitialState, trainTau, arrays, signs, rank);
    }

    /** These options with other signs of single entries, by array. */
    public ModelOptions withSigns(Map<String, Signs> given) {
        return new ModelOptions(
                dale,
                mask,
                selfConnections,
                fixed,
                recurrentNoiseSd,
                trainInitialState,
                trainTau,
                daleAlso,
                given,
                rank);
    }

    /** These options with another rank; 0 for a W_rec that is no product. */
    public ModelOptions withRank(int factors) {
        return new ModelOptions(
                dale,
                mask,
                selfConnections,
                fixed,
                recurrentNoiseSd,
                trainInitialState,
                trainTau,
                daleAlso,
                signs,
                factors);
    }

    /**
     * Checks that a network with these sizes can have these options.
     *
     * @throws IllegalArgumentException if it can't
     */
    public void check(int units, Activation activation, double dtMs, double tauMs) {
        if (dale != null) {
            Wiring.requireDale(activation);
        }
        if (mask != null && mask.entries != null && (mask.entries.rows() != units || mask.entries.cols() != units)) {
            throw new IllegalArgumentException("mask is " + mask.entries.rows() + " x " + mask.entries.cols()
                    + ", expected N x N (N = " + units + ")");
        }
        for (String array : List.of("W_in", "W_rec", "W_out")) {
            Signs given = signs.get(array);
            if (given != null
                    && ((array.equals("W_out") ? given.cols() : given.rows()) != units
                            || (array.equals("W_rec") && given.cols() != units))) {
                throw new IllegalArgumentException("signs of " + array + " are " + given.rows() + " x " + given.cols()
                        + ", expected N = " + units + " " + (array.equals("W_out") ? "columns" : "rows")
                        + (array.equals("W_rec") ? " and columns" : ""));
            }
        }
        Wiring wiring = wiring(units);
        if (rank > units) {
            throw new IllegalArgumentException("rank is " + rank + ", expected at most N = " + units);
        }
        if (rank > 0) {
            wiring.requireFullRank(rank);
        }
        if (trainTau && !(tauMs > dtMs)) {
            throw new IllegalArgumentException(
                    "tauMs is " + tauMs + ", expected above dtMs = " + dtMs + " where tau is trained");
        }
    }

    /** The wiring of a network of N units. */
    public Wiring wiring(int units) {
        double[] sign = null;
        if (dale != null) {
            sign = new double[units];
            long excite = Math.round(dale * units);
            for (int i = 0; i < units; i++) {
                sign[i] = i < excite ? 1.0 : -1.0;
            }
        }
        EntrySet allowed = null;
        if (mask != null && mask.entries == null) {
            allowed = Wiring.randomMask(units, mask.density, selfConnections, mask.seed);
        } else if (mask != null) {
            allowed = selfConnections ? mask.entries : mask.entries.withoutDiagonal();
        } else if (!selfConnections) {
            allowed = EntrySet.all(units, units).withoutDiagonal();
        }
        return Wiring.of(sign, allowed).withDaleAlso(daleAlso).withSigns(signs);
    }

    /** As JSON members, of which only those are there that aren't the default. */
    public void toJson(Map<String, Object> json) {
        if (dale != null) {
            json.put("dale", dale);
        }
        if (mask != null) {
            Map<String, Object> m = new LinkedHashMap<>();
            if (mask.entries == null) {
                m.put("density", mask.density);
                m.put("seed", mask.seed);
            } else {
                m.putAll(toJson(mask.entries));
            }
            json.put("mask", m);
        }
        if (!selfConnections) {
            json.put("selfConnections", false);
        }
        if (!fixed.isEmpty()) {
            Map<String, Object> m = new LinkedHashMap<>();
            fixed.forEach(f -> m.put(f.array, f.entries == null ? Map.of() : toJson(f.entries)));
            json.put("fixed", m);
        }
        if (recurrentNoiseSd != 0.0) {
            json.put("recurrentNoiseSd", recurrentNoiseSd);
        }
        if (trainInitialState) {
            json.put("trainInitialState", true);
        }
        if (trainTau) {
            json.put("trainTau", true);
        }
        if (!daleAlso.isEmpty()) {
            json.put("daleAlso", List.copyOf(daleAlso));
        }
        if (!signs.isEmpty()) {
            Map<String, Object> m = new LinkedHashMap<>();
            signs.forEach((array, given) -> {
                Map<String, Object> set = new LinkedHashMap<>();
                set.put("rows", (long) given.rows());
                set.put("cols", (long) given.cols());
                set.put("positive", given.positive().toBase64());
                set.put("negative", given.negative().toBase64());
                m.put(array, set);
            });
            json.put("signs", m);
        }
        if (rank != 0) {
            json.put("rank", (long) rank);
        }
    }

    private static Map<String, Object> toJson(EntrySet set) {
        Map<String, Object> m = new LinkedHashMap<>();
        m.put("rows", (long) set.rows());
        m.put("cols", (long) set.cols());
        m.put("bits", set.toBase64());
        return m;
    }

    /**
     * The options among the members of a configuration.
     *
     * @throws FormatException if one isn't what it should be
     */
    public static ModelOptions fromJson(JsonObject json) throws FormatException {
        Double dale = json.has("dale") ? json.getDouble("dale") : null;
        Mask mask = null;
        if (json.has("mask")) {
            JsonObject m = json.getObject("mask");
            m.requireOnly(m.has("bits") ? Set.of("rows", "cols", "bits") : Set.of("density", "seed"));
            mask = m.has("bits") ? Mask.of(entries(m)) : Mask.random(m.getDouble("density"), m.getLong("seed"));
        }
        List<Fixed> fixed = new ArrayList<>();
        if (json.has("fixed")) {
            JsonObject m = json.getObject("fixed");
            for (String array : m.asMap().keySet()) {
                JsonObject set = m.getObject(array);
                set.requireOnly(Set.of("rows", "cols", "bits"));
                fixed.add(new Fixed(array, set.asMap().isEmpty() ? null : entries(set)));
            }
        }
        Map<String, Signs> signs = new LinkedHashMap<>();
        if (json.has("signs")) {
            JsonObject m = json.getObject("signs");
            for (String array : m.asMap().keySet()) {
                JsonObject set = m.getObject(array);
                set.requireOnly(Set.of("rows", "cols", "positive", "negative"));
                int rows = set.getInt("rows");
                int cols = set.getInt("cols");
                signs.put(
                        array,
                        new Signs(
                                EntrySet.ofBase64(rows, cols, set.getString("positive")),
                                EntrySet.ofBase64(rows, cols, set.getString("negative"))));
            }
        }
        Set<String> daleAlso = json.has("daleAlso") ? Set.copyOf(json.getStrings("daleAlso")) : Set.of();
        return new ModelOptions(
                dale,
                mask,
                !json.has("selfConnections") || json.getBoolean("selfConnections"),
                fixed,
                json.has("recurrentNoiseSd") ? json.getDouble("recurrentNoiseSd") : 0.0,
                json.has("trainInitialState") && json.getBoolean("trainInitialState"),
                json.has("trainTau") && json.getBoolean("trainTau"),
                daleAlso,
                signs,
                json.has("rank") ? json.getInt("rank") : 0);
    }

    private static EntrySet entries(JsonObject set) throws FormatException {
        return EntrySet.ofBase64(set.getInt("rows"), set.getInt("cols"), set.getString("bits"));
    }

    /**
     * The constraint that a training with these options applies after each step.
     *
     * @param rnn the network whose wiring is kept
     * @throws IllegalArgumentException if a set of fixed entries doesn't fit its array
     */
    public Constraint constraint(Rnn rnn) {
        Constraint.Builder builder = Constraint.builder(rnn);
        for (Fixed f : fixed) {
            if (f.entries == null) {
                builder.fix(f.array);
            } else {
                builder.fix(f.array, f.entries);
            }
        }
        if (rnn.wiring().daleSign() != null && trainInitialState && rnn.form() == Form.RATE) {
            builder.nonNegativeInitialState();
        }
        return builder.build();
    }
}
