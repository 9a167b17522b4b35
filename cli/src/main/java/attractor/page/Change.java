package attractor.page;

import attractor.analysis.Lesion;
import attractor.dynamics.Simulator;
import attractor.dynamics.Stepper;
import attractor.io.FormatException;
import attractor.io.Json;
import attractor.io.JsonObject;
import attractor.io.Printable;
import attractor.model.Rnn;
import attractor.model.RnnShape;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * What is done to a network and to its trial: a file that the page's playground saves, and {@code attractor simulate}
 * reads; {@code cli/JSON.md} documents it. Thread-safe as long as the arrays are not modified; they are not copied.
 *
 * @param source the file's name in messages
 * @param tauMs another time constant
 * @param lesions what is removed. Each is chosen in the intact network, whatever the others remove.
 * @param connections single connections to remove, pairs of the unit that receives and the one that sends
 * @param kicks in the order of their times
 * @param durationMs duration of a trial of its own, whose input is the sum of pulses and noise
 * @param pulses what is added to the inputs
 * @param noise added to the inputs too, rows of I; empty for none
 */
public record Change(
        String source,
        OptionalDouble tauMs,
        List<Lesion> lesions,
        List<Connection> connections,
        List<Kick> kicks,
        OptionalDouble durationMs,
        List<Pulse> pulses,
        List<double[]> noise) {

    /** The schema of these files. */
    public static final String SCHEMA = "attractor/change/1";

    private static final Set<String> MEMBERS =
            Set.of("schema", "network", "tauMs", "lesions", "kicks", "durationMs", "pulses", "noise");

    /** A connection. Immutable, safe for any thread. */
    public record Connection(int to, int from) {}

    /**
     * A kick: the state before the step that begins at {@code atMs} is moved. Thread-safe as long as the array is not
     * modified.
     *
     * @param by N values
     */
    public record Kick(double atMs, double[] by) {}

    /**
     * A pulse on an input. Thread-safe as long as the array is not modified.
     *
     * @param shape its form, of height 1, one value a step; empty if it is square
     */
    public record Pulse(int input, double fromMs, double lengthMs, double height, double[] shape) {}

    /** One step's part of a file, in which a number that doesn't fit is named with its place. */
    @FunctionalInterface
    private interface Reading<T> {
        T read() throws IOException;
    }

    /**
     * Reads a file.
     *
     * @throws FormatException if it isn't one; the message says what was found and what was expected
     * @throws IOException if it cannot be read
     */
    public static Change read(Path file) throws IOException {
        JsonObject json = Json.read(file);
        String name = file.toString();
        if (!json.has("schema") || !json.getString("schema").equals(SCHEMA)) {
            throw new FormatException(name + ": schema is "
                    + (json.has("schema") ? "'" + json.getString("schema") + "'" : "missing")
                    + ", expected '" + SCHEMA + "'");
        }
        json.requireOnly(MEMBERS);
        List<Lesion> lesions = new ArrayList<>();
        List<Connection> connections = new ArrayList<>();
        int count = 0;
        for (JsonObject lesion : objects(json, "lesions")) {
            String where = name + ": lesions[" + count++ + "]: ";
            if (lesion.getString("kind").equals("connections")) {
                lesion.requireOnly(Set.of("kind", "connections"));
                for (Object pair : lesion.getList("connections")) {
                    connections.add(connection(pair, where));
                }
            } else {
                lesions.add(checked(where, () -> lesion(lesion, where)));
            }
        }
        List<Kick> kicks = new ArrayList<>();
        for (JsonObject kick : objects(json, "kicks")) {
            kick.requireOnly(Set.of("atMs", "by"));
            kicks.add(new Kick(time(kick, "atMs", name), finite(kick.getDoubles("by"), name + ": by of a kick")));
        }
        kicks.sort((a, b) -> Double.compare(a.atMs, b.atMs));
        List<Pulse> pulses = new ArrayList<>();
        for (JsonObject pulse : objects(json, "pulses")) {
            pulse.requireOnly(Set.of("input", "fromMs", "lengthMs", "height", "shape"));
            double[] shape =
                    pulse.has("shape") ? finite(pulse.getDoubles("shape"), name + ": shape of a pulse") : new double[0];
            double height = finite(new double[] {pulse.getDouble("height")}, name + ": height of a pulse")[0];
            pulses.add(new Pulse(
                    pulse.getInt("input"), time(pulse, "fromMs", name), time(pulse, "lengthMs", name), height, shape));
        }
        List<double[]> noise = new ArrayList<>();
        if (json.has("noise")) {
            for (Object row : json.getList("noise")) {
                noise.add(finite(row(row, name), name + ": noise[" + noise.size() + "]"));
            }
        }
        return new Change(
                name,
                number(json, "tauMs"),
                List.copyOf(lesions),
                List.copyOf(connections),
                List.copyOf(kicks),
                number(json, "durationMs"),
                List.copyOf(pulses),
                List.copyOf(noise));
    }

    private static List<JsonObject> objects(JsonObject json, String key) throws FormatException {
        return json.has(key) ? json.getObjects(key) : List.of();
    }

    private static OptionalDouble number(JsonObject json, String key) throws FormatException {
        return json.has(key) ? OptionalDouble.of(json.getDouble(key)) : OptionalDouble.empty();
    }

    private static double time(JsonObject json, String key, String name) throws FormatException {
        double ms = json.getDouble(key);
        if (!(ms >= 0 && ms <= Double.MAX_VALUE)) {
            throw new FormatException(name + ": " + key + " is " + ms + ", expected a time in ms, 0 or more");
        }
        return ms;
    }

    private static double[] row(Object row, String name) throws FormatException {
        if (row instanceof List<?> list && list.stream().allMatch(Number.class::isInstance)) {
            return list.stream().mapToDouble(x -> ((Number) x).doubleValue()).toArray();
        }
        throw new FormatException(name + ": noise has " + row + ", expected an array of numbers for each step");
    }

    private static double[] finite(double[] values, String what) throws FormatException {
        for (double value : values) {
            if (!Double.isFinite(value)) {
                throw new FormatException(what + " has " + value + ", expected finite numbers");
            }
        }
        return values;
    }

    private static Connection connection(Object pair, String where) throws FormatException {
        if (pair instanceof List<?> list
                && list.size() == 2
                && list.get(0) instanceof Long to
                && list.get(1) instanceof Long from
                && Math.max(to, from) <= Integer.MAX_VALUE
                && Math.min(to, from) >= 0) {
            return new Connection(to.intValue(), from.intValue());
        }
        throw new FormatException(where + "a connection is " + pair
                + ", expected two units, the one that receives and the one that sends");
    }

    private static Lesion lesion(JsonObject json, String where) throws IOException {
        String kind = json.getString("kind");
        switch (kind) {
            case "band" -> {
                json.requireOnly(Set.of("kind", "sign", "above", "upTo"));
                return new Lesion.Band(sign(json, where), json.getDouble("above"), json.getDouble("upTo"));
            }
            case "strongest" -> {
                json.requireOnly(Set.of("kind", "sign", "count"));
                return new Lesion.Strongest(sign(json, where), json.getInt("count"));
            }
            case "random" -> {
                json.requireOnly(Set.of("kind", "sign", "count", "seed", "draw"));
                return new Lesion.RandomConnections(
                        sign(json, where), json.getInt("count"), json.getLong("seed"), json.getLong("draw"));
            }
            case "units" -> {
                json.requireOnly(Set.of("kind", "units"));
                List<Integer> units = new ArrayList<>();
                for (double unit : json.getDoubles("units")) {
                    if (unit != (int) unit) {
                        throw new FormatException(where + "a unit is " + unit + ", expected a whole number");
                    }
                    units.add((int) unit);
                }
                return new Lesion.Units(units);
            }
            case "mode" -> {
                json.requireOnly(Set.of("kind", "eigenvalue"));
                return new Lesion.Mode(json.getInt("eigenvalue"));
            }
            default ->
                throw new FormatException(where + "kind is " + "'" + kind + "'"
                        + ", expected band, strongest, random, units, mode or connections");
        }
    }

    private static Lesion.Sign sign(JsonObject json, String where) throws FormatException {
        String sign = json.getString("sign");
        for (Lesion.Sign s : Lesion.Sign.values()) {
            if (s.name().toLowerCase(Locale.ROOT).equals(sign)) {
                return s;
            }
        }
        throw new FormatException(where + "sign is " + "'" + sign + "'" + ", expected both, positive or negative");
    }

    /** Gives errors of the library the file's name. */
    private static <T> T checked(String where, Reading<T> reading) throws IOException {
        try {
            return reading.read();
        } catch (IllegalArgumentException e) {
            throw new FormatException(where + e.getMessage(), e);
        }
    }

    /** Whether it has a trial of its own. */
    public boolean hasTrial() {
        return durationMs.isPresent();
    }

    /**
     * The network after the change of its time constant and connections: first the modes are taken from W_rec, then the
     * entries that any other lesion removes become 0. In a network of low rank, connections are taken from the product W_rec, which is
     * then an array of its own.
     *
     * @param intact Not modified.
     * @throws FormatException if the network lacks what is to be removed, or tau is below a step
     */
    public Rnn apply(Rnn intact) throws IOException {
        Rnn changed = lesions.isEmpty() && connections.isEmpty() ? intact.copy() : lesioned(intact.fullRank());
        if (tauMs.isEmpty()) {
            return changed;
        }
        double tau = tauMs.getAsDouble();
        return checked(source + ": ", () -> changed.withTau(tau));
    }

    private Rnn lesioned(Rnn rnn) throws IOException {
        double[] p = rnn.parameters().clone();
        boolean[] removed = new boolean[p.length];
        RnnShape.View w = rnn.shape().wRec();
        for (int k = 0; k < lesions.size(); k++) {
            Lesion lesion = lesions.get(k);
            double[] after = checked(
                            source + ": " + lesion.words() + ": ",
                            () -> lesion.apply(rnn).network())
                    .parameters();
            for (int i = 0; i < p.length; i++) {
                if (lesion instanceof Lesion.Mode) {
                    p[i] -= rnn.parameters()[i] - after[i];
                } else {
                    removed[i] |= after[i] == 0.0;
                }
            }
        }
        for (Connection c : connections) {
            if (Math.max(c.to, c.from) >= rnn.units()) {
                throw new FormatException(source + ": connection [" + c.to + ", " + c.from
                        + "], expected units from 0 to N - 1 = " + (rnn.units() - 1));
            }
            removed[w.at(c.to, c.from)] = true;
        }
        for (int i = 0; i < p.length; i++) {
            p[i] = removed[i] ? 0.0 : p[i];
        }
        return rnn.withParameters(p);
    }

    /**
     * The input of its own trial, one trial.
     *
     * @return T x I
     * @throws FormatException if it doesn't fit to the network
     */
    public double[] trial(Rnn rnn) throws FormatException {
        long steps = Math.round(durationMs.orElse(0) / rnn.dtMs());
        if (steps < 1 || steps * rnn.inputs() > 100_000_000L) {
            throw new FormatException(
                    source + ": durationMs is " + durationMs.orElse(0) + ", " + Printable.count(steps, "step") + " of "
                            + rnn.dtMs() + " ms, expected at least 1 and at most 100 million values");
        }
        double[] x = new double[(int) steps * rnn.inputs()];
        add(rnn, x, 1, (int) steps);
        return x;
    }

    /**
     * Adds pulses and noise to inputs.
     *
     * @param x trials x T x I. Modified.
     * @throws FormatException if they don't fit to the network or to the trials
     */
    public void add(Rnn rnn, double[] x, int trials, int steps) throws FormatException {
        int inputs = rnn.inputs();
        for (Pulse pulse : pulses) {
            int from = step(pulse.fromMs, rnn);
            int length = step(pulse.lengthMs, rnn);
            if (pulse.input < 0 || pulse.input >= inputs) {
                throw new FormatException(
                        source + ": a pulse is on input " + pulse.input + ", expected 0 to I - 1 = " + (inputs - 1));
            }
            if (pulse.shape.length > 0 && pulse.shape.length != length) {
                throw new FormatException(
                        source + ": shape of a pulse has " + Printable.count(pulse.shape.length, "value")
                                + ", expected " + length + ", the steps of " + pulse.lengthMs + " ms");
            }
            // What is beyond the trial's end is cut off.
            for (int t = from; t < Math.min(steps, (long) from + length); t++) {
                double value = pulse.height * (pulse.shape.length > 0 ? pulse.shape[t - from] : 1.0);
                for (int s = 0; s < trials; s++) {
                    x[(s * steps + t) * inputs + pulse.input] += value;
                }
            }
        }
        if (noise.isEmpty()) {
            return;
        }
        if (noise.size() != steps) {
            throw new FormatException(source + ": noise has " + Printable.count(noise.size(), "row") + ", expected "
                    + steps + ", one a step");
        }
        for (int t = 0; t < steps; t++) {
            if (noise.get(t).length != inputs) {
                throw new FormatException(source + ": noise[" + t + "] has "
                        + Printable.count(noise.get(t).length, "value") + ", expected I = " + inputs);
            }
            for (int s = 0; s < trials; s++) {
                for (int i = 0; i < inputs; i++) {
                    x[(s * steps + t) * inputs + i] += noise.get(t)[i];
                }
            }
        }
    }

    private static int step(double ms, Rnn rnn) {
        return (int) Math.min(Integer.MAX_VALUE, Math.round(ms / rnn.dtMs()));
    }

    /**
     * Simulates trials with the kicks.
     *
     * @param changed the network, as {@link #apply} returns it. Not modified.
     * @param x trials x T x I. Not modified.
     * @param seed seed of the noise in the states, if the network has any; trial s has noise s, as with
     *     {@link Simulator#seedNoise}
     * @throws FormatException if a kick has another number of units, or comes after the trials' end
     */
    public Simulator.Trajectory run(Rnn changed, double[] x, int trials, int steps, long seed) throws FormatException {
        int n = changed.units();
        int inputs = changed.inputs();
        int outputs = changed.outputs();
        for (Kick kick : kicks) {
            if (kick.by.length != n) {
                throw new FormatException(source + ": by of a kick has " + Printable.count(kick.by.length, "value")
                        + ", expected N = " + n);
            }
            if (step(kick.atMs, changed) >= steps) {
                throw new FormatException(source + ": a kick comes at " + kick.atMs + " ms, expected a time before "
                        + steps * changed.dtMs() + " ms, where the trials end");
            }
        }
        Simulator simulator = new Simulator(changed);
        if (kicks.isEmpty()) {
            simulator.seedNoise(seed, 0);
            return simulator.run(x, trials, steps);
        }
        Simulator.Trajectory result = new Simulator.Trajectory(
                trials,
                steps,
                n,
                outputs,
                new double[Math.multiplyExact(trials * steps, n)],
                new double[Math.multiplyExact(trials * steps, outputs)]);
        Stepper stepper = new Stepper(changed);
        double[] now = new double[inputs];
        double[] y = new double[outputs];
        double[] h = new double[n];
        for (int s = 0; s < trials; s++) {
            stepper.seedNoise(seed, s);
            stepper.reset();
            int next = 0;
            for (int t = 0; t < steps; t++) {
                while (next < kicks.size() && step(kicks.get(next).atMs, changed) == t) {
                    stepper.kick(kicks.get(next++).by);
                }
                int row = s * steps + t;
                System.arraycopy(x, row * inputs, now, 0, inputs);
                stepper.step(now, y);
                stepper.copyState(h);
                System.arraycopy(y, 0, result.y(), row * outputs, outputs);
                System.arraycopy(h, 0, result.h(), row * n, n);
            }
        }
        return result;
    }
}
