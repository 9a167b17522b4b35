package attractor.study;

import attractor.analysis.Kicks;
import attractor.io.FormatException;
import attractor.io.JsonObject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.stream.Collectors;

/** Finds measurements by their kind: the built-in ones, then those on the class path. Holds no state; safe for any thread. */
final class Measurements {
    private static final String KIND = "kind";

    /** Reads one built-in kind. */
    private interface Reader {
        Measurement read(JsonObject json) throws FormatException;
    }

    private record BuiltIn(String kind, Set<String> members, Reader reader) implements MeasurementProvider {
        @Override
        public Measurement read(JsonObject json) throws FormatException {
            json.requireOnly(members);
            return reader.read(json);
        }
    }

    private static final List<MeasurementProvider> BUILT_IN = List.of(
            new BuiltIn(
                    "evaluation",
                    Set.of(KIND, "trials", "conventions"),
                    json -> new Evaluations(json.getInt("trials"), conventions(json.getObject("conventions")))),
            new BuiltIn(
                    "damage",
                    Set.of(KIND, "thresholds", "draws", "trials", "windowMs"),
                    json -> new Damage(
                            doubles(json, "thresholds"),
                            json.getInt("draws"),
                            json.getInt("trials"),
                            json.getDouble("windowMs"))),
            new BuiltIn(
                    "shift",
                    Set.of(KIND, "onsetsMs", "trials", "traces"),
                    json -> new Shift(doubles(json, "onsetsMs"), json.getInt("trials"), json.getBoolean("traces"))),
            new BuiltIn("activity", Set.of(KIND), json -> new Activity()),
            new BuiltIn(
                    "hold",
                    Set.of(KIND, "lengthMs", "trials"),
                    json -> new Hold(json.getDouble("lengthMs"), json.getInt("trials"))),
            new BuiltIn(
                    "kick",
                    Set.of(KIND, "directions", "sizes", "timesMs", "draws", "pulseMs", "returned"),
                    json -> new Kicked(new Kicks.Options(
                            json.getStrings("directions").stream()
                                    .map(Kicks.Direction::of)
                                    .toList(),
                            doubles(json, "sizes"),
                            doubles(json, "timesMs"),
                            json.getInt("draws"),
                            json.getDouble("pulseMs"),
                            json.getDouble("returned"),
                            0))),
            new BuiltIn(
                    "cell",
                    Set.of(KIND, "trials", "place"),
                    json -> new GridCell(place(json.getObject("place")), json.getInt("trials"))));

    private Measurements() {}

    static Measurement read(JsonObject json) throws FormatException {
        String kind = json.getString(KIND);
        // The library's own first, since to search a long class path takes long.
        MeasurementProvider provider = find(BUILT_IN, kind);
        if (provider == null) {
            List<MeasurementProvider> all = providers();
            provider = find(all, kind);
            if (provider == null) {
                throw new FormatException(json.found(KIND) + ", expected one of "
                        + all.stream().map(MeasurementProvider::kind).collect(Collectors.joining(", ")));
            }
        }
        try {
            return provider.read(json);
        } catch (IllegalArgumentException e) {
            throw json.invalid(e);
        }
    }

    /** Null if there is none. */
    private static MeasurementProvider find(List<? extends MeasurementProvider> providers, String kind) {
        return providers.stream()
                .filter(provider -> provider.kind().equals(kind))
                .findFirst()
                .orElse(null);
    }

    private static List<MeasurementProvider> providers() {
        List<MeasurementProvider> providers = new ArrayList<>(BUILT_IN);
        ClassLoader loader = Thread.currentThread().getContextClassLoader();
        try {
            for (MeasurementProvider found : ServiceLoader.load(
                    MeasurementProvider.class, loader == null ? Measurements.class.getClassLoader() : loader)) {
                for (MeasurementProvider other : providers) {
                    if (other.kind().equals(found.kind())) {
                        throw new IllegalArgumentException("measurement " + found.kind() + " is read by "
                                + found.getClass().getName() + ", expected a kind that isn't taken by "
                                + other.getClass().getName());
                    }
                }
                providers.add(found);
            }
        } catch (ServiceConfigurationError | LinkageError e) {
            throw new IllegalArgumentException("a measurement on the class path can't be loaded: " + e.getMessage(), e);
        }
        return providers;
    }

    private static List<Double> doubles(JsonObject json, String key) throws FormatException {
        List<Double> list = new ArrayList<>();
        for (double number : json.getDoubles(key)) {
            list.add(number);
        }
        return list;
    }

    private static Map<String, String> place(JsonObject json) throws FormatException {
        Map<String, String> place = new LinkedHashMap<>();
        for (String axis : json.asMap().keySet()) {
            place.put(axis, json.getString(axis));
        }
        return place;
    }

    private static Map<String, Map<String, Object>> conventions(JsonObject json) throws FormatException {
        Map<String, Map<String, Object>> conventions = new LinkedHashMap<>();
        for (String name : json.asMap().keySet()) {
            conventions.put(name, json.getObject(name).asMap());
        }
        return conventions;
    }
}
