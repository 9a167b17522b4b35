package attractor.cli.option;

import attractor.io.FormatException;
import attractor.io.Json;
import attractor.io.JsonObject;
import attractor.study.Studies;
import attractor.study.Study;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.Writer;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * A grid of trainings, as a file describes it: JSON with the options that all cells have, and axes. An axis is an option
 * with an array of values; or a name of its own with an object, whose members are the names of its values and the options
 * that each stands for. Options are those of {@code train}, by their names without dashes.
 *
 * <pre>
 *     {
 *         "task": "and",
 *         "options": {"tau": 10, "lr": 1e-3, "clip-norm": 1},
 *         "axes": {
 *             "units": [20, 50, 100],
 *             "law": {"none": {}, "Dale's": {"activation": "relu", "dale": 0.8}}
 *         },
 *         "networks": 10
 *     }
 * </pre>
 *
 * Immutable, safe for any number of threads.
 */
public final class Grid {
    private static final String TASK = "task";
    private static final String OPTIONS = "options";
    private static final String AXES = "axes";
    private static final String STAGES = "stages";
    private static final Set<String> KEYS =
            new LinkedHashSet<>(List.of("about", TASK, OPTIONS, AXES, "networks", "seed"));
    private static final int MOST_CELLS = 10_000;
    /** The options that decide which trials there are. */
    private static final List<String> TRIALS = List.of("data", "held-out", "samples", "dt");

    /** What stands for an option that isn't given. */
    private static final String NONE = "none";

    private final JsonObject json;
    private final Map<String, OptionSpec> known = new LinkedHashMap<>();

    /**
     * Some options.
     *
     * @param words what the command line has for each, by its name without dashes
     * @param stages stages that the grid has itself, null for none or those of a file
     */
    private record Chosen(Map<String, List<String>> words, Object stages) {
        static final Chosen NOTHING = new Chosen(Map.of(), null);

        Chosen without(String key) {
            Map<String, List<String>> rest = new LinkedHashMap<>(words);
            rest.remove(key);
            return new Chosen(rest, stages);
        }

        /** With other options, which replace these. */
        Chosen with(Chosen other) {
            Map<String, List<String>> all = new LinkedHashMap<>(words);
            all.putAll(other.words);
            boolean anew = other.stages != null || other.words.containsKey(STAGES);
            return new Chosen(all, anew ? other.stages : stages);
        }
    }

    /** An axis: the options of each value, by its name. */
    private record Axis(String name, Map<String, Chosen> values) {}

    private Grid(JsonObject json) throws FormatException {
        this.json = json;
        json.requireOnly(KEYS);
        for (OptionSpec option :
                new CommandLine(new CellOptions()).getCommandSpec().options()) {
            for (String name : option.names()) {
                known.put(name.replaceFirst("^-+", ""), option);
            }
        }
    }

    /**
     * Reads a grid.
     *
     * @throws FormatException if the file isn't such JSON; the message names the key that is wrong
     * @throws IOException if it can't be read
     */
    public static Grid read(Path file) throws IOException {
        return new Grid(Json.read(file));
    }

    /** The text of a grid that ships with the program. */
    public static String shippedText(String name) throws IOException {
        try (InputStream in = Grid.class.getResourceAsStream("/attractor/grids/" + name + ".json")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** A grid that ships with the program. */
    public static Grid shipped(String name) throws IOException {
        return new Grid(Json.parseObject(shippedText(name), "grid " + name));
    }

    /**
     * The study of the grid.
     *
     * @param options how many networks, and their first seed, if the command line says so
     * @param command the command, whose options of trainings replace those of the grid
     * @throws FormatException if the file is wrong; the message names the key
     * @throws ParameterException if the command line has an option that is an axis
     */
    public Study study(StudyOptions options, CommandLine command) throws IOException {
        List<Axis> axes = axes();
        Chosen common = common(axes);
        Chosen given = given(command, axes);
        if (given.words.containsKey("data")) {
            common = common.without(TASK);
        } else if (given.words.containsKey(TASK)) {
            common = common.without("data").without("held-out");
        }
        common = common.with(given);
        Studies.Networks networks = options.networks(
                json.has("networks") ? json.getInt("networks") : 20,
                json.has("seed") ? json.getLong("seed") : 0,
                builder -> builder);
        Map<Object, DataOptions.Read> read = new HashMap<>();
        List<Studies.Cell> cells = new ArrayList<>();
        try (PrintWriter notes = new PrintWriter(new EachOnce(command.getErr()), true)) {
            for (Map<String, Chosen> values : product(axes)) {
                Map<String, String> place = new LinkedHashMap<>();
                Chosen all = common;
                int axis = 0;
                for (Map.Entry<String, Chosen> value : values.entrySet()) {
                    place.put(
                            axes.get(axis++).name,
                            value.getKey().substring(value.getKey().indexOf('=') + 1));
                    all = all.with(value.getValue());
                }
                cells.add(new Studies.Cell(place, training(place, all, networks.first(), read, notes)));
            }
        }
        Map<String, Object> made = new LinkedHashMap<>();
        if (json.has("about")) {
            made.put("about", json.getString("about"));
        }
        Map<String, Object> fixed = new LinkedHashMap<>();
        common.words.forEach((key, words) -> {
            if (!words.isEmpty()) {
                fixed.put(key, words.stream().map(Grid::value).collect(Collectors.joining(" ")));
            }
        });
        if (common.stages != null) {
            fixed.put(STAGES, common.stages);
        }
        made.put(OPTIONS, fixed);
        Map<String, Object> places = new LinkedHashMap<>();
        axes.forEach(axis -> places.put(axis.name, List.copyOf(axis.values.keySet())));
        made.put(AXES, places);
        return Studies.sweep(cells, made, networks);
    }

    private Studies.Training training(
            Map<String, String> place, Chosen all, long first, Map<Object, DataOptions.Read> read, PrintWriter notes)
            throws IOException {
        CellOptions cell = new CellOptions();
        CommandLine line = new CommandLine(cell).setErr(notes).setExpandAtFiles(false);
        String where = json.name() + ", "
                + place.entrySet().stream()
                        .map(value -> value.getKey() + " " + value.getValue())
                        .collect(Collectors.joining(", "));
        try {
            line.parseArgs(all.words.values().stream().flatMap(List::stream).toArray(String[]::new));
            if (all.stages != null) {
                cell.stages(all.stages, where);
            }
            return cell.training(
                    first,
                    read,
                    TRIALS.stream()
                            .map(key -> all.words.getOrDefault(key, List.of()))
                            .toList());
        } catch (ParameterException e) {
            String message = e.getArgSpec() instanceof OptionSpec option && e.getValue() != null
                    ? key(option) + " is '" + e.getValue() + "', expected " + kind(option)
                    : e.getMessage();
            throw new FormatException(where + ": " + message, e);
        } catch (IllegalArgumentException e) {
            throw new FormatException(where + ": " + e.getMessage(), e);
        }
    }

    private static String key(OptionSpec option) {
        return option.longestName().replaceFirst("^-+", "");
    }

    private static String kind(OptionSpec option) {
        Class<?> type = option.auxiliaryTypes()[option.auxiliaryTypes().length - 1];
        String one = type == Double.class
                ? "a number"
                : type == Integer.class || type == Long.class ? "a whole number" : "a text";
        return option.splitRegex().isEmpty() ? one : one + ", or several in an array";
    }

    private Chosen common(List<Axis> axes) throws FormatException {
        Chosen common = json.has(TASK)
                ? new Chosen(Map.of(TASK, words(known.get(TASK), json.asMap().get(TASK), TASK)), null)
                : Chosen.NOTHING;
        if (json.has(OPTIONS)) {
            common = common.with(chosen(json.getObject(OPTIONS).asMap(), OPTIONS));
        }
        for (Axis axis : axes) {
            for (String key : axisKeys(axis)) {
                if (common.words.containsKey(key)) {
                    throw new FormatException(json.name() + ": " + key + " is given for all cells, and " + AXES + "."
                            + axis.name + " has it too, expected it once");
                }
            }
        }
        return common;
    }

    private static Set<String> axisKeys(Axis axis) {
        return axis.values.values().stream()
                .flatMap(value -> value.words.keySet().stream())
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    /** What the command line has of the options of trainings. */
    private Chosen given(CommandLine command, List<Axis> axes) {
        Map<String, List<String>> words = new LinkedHashMap<>();
        for (OptionSpec option : command.getParseResult().matchedOptions()) {
            OptionSpec same = known.get(key(option));
            if (same == null) {
                continue;
            }
            String key = key(same);
            for (Axis axis : axes) {
                if (axisKeys(axis).contains(key)) {
                    throw new ParameterException(
                            command,
                            option.longestName() + " is given, and the grid has it on its axis " + axis.name
                                    + ", expected it in one of them");
                }
            }
            List<String> values = new ArrayList<>();
            for (String value : option.originalStringValues()) {
                values.addAll(flag(same) ? flag(same, Boolean.parseBoolean(value)) : List.of(word(same, value)));
            }
            words.put(key, values);
        }
        return new Chosen(words, null);
    }

    private List<Axis> axes() throws FormatException {
        JsonObject all = json.getObject(AXES);
        List<Axis> axes = new ArrayList<>();
        Map<String, String> owners = new HashMap<>();
        for (Map.Entry<String, Object> entry : all.asMap().entrySet()) {
            String name = entry.getKey();
            requireName(name, AXES);
            String where = AXES + "." + name;
            Map<String, Chosen> values = new LinkedHashMap<>();
            if (entry.getValue() instanceof List<?> list) {
                OptionSpec option = option(name, where);
                for (Object value : list) {
                    if (value instanceof Map<?, ?>
                            || (value instanceof List<?> && key(option).equals(STAGES))) {
                        throw new FormatException(json.name() + ": " + where + " has " + Json.compact(value)
                                + ", expected numbers or texts; or an object with a name for each value");
                    }
                    Chosen chosen = new Chosen(Map.of(key(option), words(option, value, where)), null);
                    if (values.put(text(value), chosen) != null) {
                        throw new FormatException(
                                json.name() + ": " + where + " has " + text(value) + " twice, expected all different");
                    }
                }
            } else if (entry.getValue() instanceof Map<?, ?> map) {
                for (Map.Entry<?, ?> value : map.entrySet()) {
                    String of = where + "." + value.getKey();
                    if (!(value.getValue() instanceof Map<?, ?> options)) {
                        throw new FormatException(json.name() + ": " + of + " is " + Json.compact(value.getValue())
                                + ", expected an object of options");
                    }
                    requireName(value.getKey().toString(), where);
                    Chosen chosen = chosen(options, of);
                    if (values.containsValue(chosen)) {
                        throw new FormatException(
                                json.name() + ": " + of + " has the options of another value, expected all different");
                    }
                    values.put(value.getKey().toString(), chosen);
                }
            } else {
                throw new FormatException(json.name() + ": " + where + " is " + Json.compact(entry.getValue())
                        + ", expected an array of values, or an object with a name for each value");
            }
            if (values.isEmpty()) {
                throw new FormatException(json.name() + ": " + where + " has no values, expected at least one");
            }
            Axis axis = new Axis(name, values);
            for (String key : axisKeys(axis)) {
                String other = owners.putIfAbsent(key, name);
                if (other != null) {
                    throw new FormatException(json.name() + ": " + where + " has " + key + ", and so has " + AXES + "."
                            + other + ", expected it on one axis");
                }
            }
            axes.add(axis);
        }
        if (axes.isEmpty()) {
            throw new FormatException(json.name() + ": " + AXES + " is empty, expected at least one axis");
        }
        long cells = 1;
        for (Axis axis : axes) {
            cells = Math.min(Long.MAX_VALUE / Integer.MAX_VALUE, cells * axis.values.size());
        }
        if (cells > MOST_CELLS) {
            throw new FormatException(
                    json.name() + ": " + AXES + " have " + (cells < Integer.MAX_VALUE ? cells : "more than 2 billion")
                            + " cells, expected at most " + MOST_CELLS);
        }
        return axes;
    }

    /** Names are columns, labels and parts of file names. */
    private void requireName(String name, String where) throws FormatException {
        if (name.isBlank() || name.chars().anyMatch(c -> c == '/' || c == '\\' || Character.isISOControl(c))) {
            throw new FormatException(json.name() + ": " + where + " has the name " + Json.compact(name)
                    + ", expected one that isn't blank, without slashes and control characters");
        }
    }

    /** All cells, the last axis fastest; keys are {@code AXIS=VALUE}, so that axes may share values. */
    private static List<Map<String, Chosen>> product(List<Axis> axes) {
        List<Map<String, Chosen>> cells = new ArrayList<>(List.of(Map.of()));
        for (Axis axis : axes) {
            List<Map<String, Chosen>> more = new ArrayList<>();
            for (Map<String, Chosen> cell : cells) {
                axis.values.forEach((name, chosen) -> {
                    Map<String, Chosen> longer = new LinkedHashMap<>(cell);
                    longer.put(axis.name + "=" + name, chosen);
                    more.add(longer);
                });
            }
            cells = more;
        }
        return cells;
    }

    private Chosen chosen(Map<?, ?> options, String where) throws FormatException {
        Map<String, List<String>> words = new LinkedHashMap<>();
        Object stages = null;
        for (Map.Entry<?, ?> entry : options.entrySet()) {
            String of = where + "." + entry.getKey();
            OptionSpec option = option(entry.getKey().toString(), of);
            boolean own = key(option).equals(STAGES) && entry.getValue() instanceof List<?>;
            if (own) {
                stages = entry.getValue();
            }
            if (words.put(key(option), own ? List.of() : words(option, entry.getValue(), of)) != null) {
                throw new FormatException(json.name() + ": " + of + " is given twice, expected once");
            }
        }
        return new Chosen(words, stages);
    }

    private OptionSpec option(String key, String where) throws FormatException {
        OptionSpec option = known.get(key);
        if (option == null) {
            String meant = "";
            try {
                new CommandLine(new CellOptions()).parseArgs("--" + key);
            } catch (UnmatchedArgumentException e) {
                List<String> names = e.getSuggestions().stream()
                        .map(name -> name.replaceFirst("^-+", ""))
                        .toList();
                meant = names.isEmpty()
                        ? ""
                        : "; did you mean " + String.join(", ", names.subList(0, Math.min(3, names.size()))) + "?";
            } catch (ParameterException e) {
                meant = "";
            }
            throw new FormatException(json.name() + ": " + where
                    + " is no option, expected one of train without its dashes, such as lr" + meant);
        }
        return option;
    }

    private static boolean flag(OptionSpec option) {
        return option.typeInfo().isBoolean();
    }

    private static List<String> flag(OptionSpec option, boolean on) {
        return on
                ? List.of(option.longestName())
                : option.negatable() ? List.of(option.longestName().replaceFirst("^--", "--no-")) : List.of();
    }

    private static String word(OptionSpec option, String value) {
        return option.longestName() + "=" + value;
    }

    /** The value in a word; a flag is its own. */
    private static String value(String word) {
        return word.substring(word.indexOf('=') + 1);
    }

    /** What the command line has for an option with a value; nothing for null. */
    private List<String> words(OptionSpec option, Object value, String where) throws FormatException {
        if (value == null) {
            return List.of();
        }
        if (flag(option) || value instanceof Boolean) {
            if (!flag(option) || !(value instanceof Boolean on)) {
                throw wrong(where, value, flag(option) ? "true or false" : kind(option));
            }
            return flag(option, on);
        }
        boolean several = !option.splitRegex().isEmpty();
        if (value instanceof Map<?, ?> map) {
            List<String> pairs = new ArrayList<>();
            for (Map.Entry<?, ?> pair : map.entrySet()) {
                pairs.add(pair.getKey() + "=" + joined(pair.getValue(), where + "." + pair.getKey()));
            }
            if (option.typeInfo().isMap()) {
                return pairs.stream().map(pair -> word(option, pair)).toList();
            }
            if (several) {
                return List.of(word(option, String.join(",", pairs)));
            }
            throw wrong(where, value, kind(option));
        }
        if (value instanceof List<?> && !several) {
            throw wrong(where, value, kind(option) + (option.typeInfo().isMap() ? ", expected an object" : ""));
        }
        return List.of(word(option, joined(value, where)));
    }

    private String joined(Object value, String where) throws FormatException {
        List<String> texts = new ArrayList<>();
        for (Object element : value instanceof List<?> list ? list : Arrays.asList(value)) {
            if (!(element instanceof Number) && !(element instanceof String)) {
                throw wrong(where, value, "numbers or texts");
            }
            texts.add(text(element));
        }
        return String.join(",", texts);
    }

    private FormatException wrong(String where, Object value, String expected) {
        return new FormatException(
                json.name() + ": " + where + " is " + Json.compact(value) + ", expected " + expected);
    }

    /** A value as text, numbers without needless zeros. */
    private static String text(Object value) {
        if (value == null) {
            return NONE;
        }
        if (value instanceof List<?> list) {
            return list.stream().map(Grid::text).collect(Collectors.joining(","));
        }
        if (value instanceof Double number && Math.abs(number) < 1e6 && (number == 0 || Math.abs(number) >= 1e-4)) {
            BigDecimal plain = new BigDecimal(number.toString());
            return number == 0 ? "0" : plain.stripTrailingZeros().toPlainString();
        }
        return value.toString();
    }

    /** Passes each line on once: what is noted of a cell is noted of others too. Belongs to one thread. */
    private static final class EachOnce extends Writer {
        private final PrintWriter to;
        private final Set<String> said = new LinkedHashSet<>();
        private final StringBuilder line = new StringBuilder();

        private EachOnce(PrintWriter to) {
            this.to = to;
        }

        @Override
        public void write(char[] text, int from, int count) {
            line.append(text, from, count);
            for (int end = line.indexOf("\n"); end >= 0; end = line.indexOf("\n")) {
                String whole = line.substring(0, end).stripTrailing();
                line.delete(0, end + 1);
                if (said.add(whole)) {
                    to.println(whole);
                }
            }
        }

        @Override
        public void flush() {
            to.flush();
        }

        @Override
        public void close() {
            flush();
        }
    }
}
