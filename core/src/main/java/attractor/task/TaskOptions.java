package attractor.task;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The numbers of a task: each has a key, a value (a number or a list of numbers), a range and a line of help.
 *
 * <p>A task's defaults decide which keys there are. {@link #with} changes values and checks them: an unknown key, or a
 * value of another type or out of range, is an error that names what was found and what was expected. What depends on
 * several options together is checked when the task is created.
 *
 * <p>Times are in ms. Each time is converted to steps separately, {@code Math.round(ms / dtMs)}: to the nearest step,
 * halves up. So a response at onset + stimulus + delay starts at the sum of the three rounded numbers.
 *
 * <p>Immutable, safe for any thread.
 */
public final class TaskOptions {

    /** Key of the duration of a step in ms, which {@link #steps(String)} divides by. */
    public static final String DT_MS = "dtMs";

    /**
     * Key of the duration of a trial in ms. The built-in tasks use this key and the keys below; your own task may use
     * them too.
     */
    public static final String DURATION_MS = "durationMs";

    /** Key of the onset of a single stimulus in ms. */
    public static final String STIMULUS_ONSET_MS = "stimulusOnsetMs";

    /** Key of the onsets of several stimuli in ms, a list. */
    public static final String STIMULUS_ONSETS_MS = "stimulusOnsetsMs";

    /** Key of the inputs of the flip-flop's pulses except the last, a list. */
    public static final String EARLIER_PULSES = "earlierPulses";

    /** Key of the duration of a stimulus in ms. */
    public static final String STIMULUS_MS = "stimulusMs";

    /** Key of the time from a stimulus's end to the response in ms. */
    public static final String DELAY_MS = "delayMs";

    /** Key of the height of a stimulus. */
    public static final String AMPLITUDE = "amplitude";

    /** Key of the height of the target. */
    public static final String TARGET_AMPLITUDE = "targetAmplitude";

    /**
     * Key of the standard deviation of the noise on the inputs. An option with this key is noise, see {@link
     * #withoutNoise}.
     */
    public static final String NOISE_SD = "noiseSd";

    /**
     * Key of the standard deviation of the noise on the targets. An option with this key is noise, see {@link
     * #withoutNoise}.
     */
    public static final String TARGET_NOISE_SD = "targetNoiseSd";

    /** Key of the largest shift of a trial in ms. An option with this key is noise, see {@link #withoutNoise}. */
    public static final String ONSET_JITTER_MS = "onsetJitterMs";

    /** Key of the constant that is added to the target. */
    public static final String BASELINE = "baseline";

    /** Key of the length in ms of the window that smooths a stimulus. */
    public static final String SMOOTHING_MS = "smoothingMs";

    /** Key of the standard deviation of this window in ms. */
    public static final String SMOOTHING_SD_MS = "smoothingSdMs";

    /** Key of the frequency of an oscillation in Hz. */
    public static final String FREQUENCY_HZ = "frequencyHz";

    private static final List<String> NOISE = List.of(NOISE_SD, TARGET_NOISE_SD, ONSET_JITTER_MS);

    /** No options at all. */
    public static final TaskOptions NONE = new TaskOptions("", new LinkedHashMap<>());

    /** The values that an option may have. All are finite. Immutable, safe for any thread. */
    public enum Range {
        /** Any finite number. */
        ANY("a finite number") {
            @Override
            boolean contains(double value) {
                return Double.isFinite(value);
            }
        },
        /** 0 or more. */
        NON_NEGATIVE("a finite number, 0 or more") {
            @Override
            boolean contains(double value) {
                return value >= 0 && value <= Double.MAX_VALUE;
            }
        },
        /** Above 0. */
        POSITIVE("a finite number above 0") {
            @Override
            boolean contains(double value) {
                return value > 0 && value <= Double.MAX_VALUE;
            }
        };

        private final String words;

        Range(String words) {
            this.words = words;
        }

        abstract boolean contains(double value);

        @Override
        public String toString() {
            return words;
        }
    }

    /**
     * One option. The value is a Double or an unmodifiable List of Double; noise says whether 0 removes randomness from
     * trials.
     */
    private record Entry(Object value, Range range, String help, boolean noise) {
        Entry with(Object other) {
            return new Entry(other, range, help, noise);
        }
    }

    private final String owner;
    private final Map<String, Entry> entries;

    private TaskOptions(String owner, Map<String, Entry> entries) {
        this.owner = owner;
        this.entries = entries;
    }

    /**
     * Starts a set of options.
     *
     * @param task the task's name in messages
     */
    public static Builder builder(String task) {
        return new Builder(task);
    }

    /** Collects options in the order in which they will be listed. Not thread-safe. */
    public static final class Builder {

        private final String owner;
        private final Map<String, Entry> entries = new LinkedHashMap<>();

        private Builder(String owner) {
            this.owner = owner;
        }

        /**
         * Adds an option that is a number.
         *
         * @throws IllegalArgumentException if the key exists already or the default is out of range
         */
        public Builder number(String key, double value, Range range, String help) {
            return put(key, value, range, help, NOISE.contains(key));
        }

        /**
         * Adds an option that says how noisy trials are, 0 or more, whatever its key: 0 turns this noise off. See
         * {@link TaskOptions#withoutNoise}.
         *
         * @throws IllegalArgumentException if the key exists already or the default is out of range
         */
        public Builder noise(String key, double value, String help) {
            return put(key, value, Range.NON_NEGATIVE, help, true);
        }

        /**
         * Adds an option that is a list of numbers, each of them in range.
         *
         * @throws IllegalArgumentException if the key exists already or one of the default's numbers is out of range
         */
        public Builder list(String key, List<Double> value, Range range, String help) {
            return put(key, List.copyOf(value), range, help, false);
        }

        private Builder put(String key, Object value, Range range, String help, boolean noise) {
            if (entries.containsKey(key)) {
                throw new IllegalArgumentException("task " + owner + " has option " + key + " twice, expected once");
            }
            Entry entry = new Entry(value, range, help, noise);
            entries.put(key, entry.with(checked(owner, key, entry, value)));
            return this;
        }

        /** The options so far. */
        public TaskOptions build() {
            return new TaskOptions(owner, new LinkedHashMap<>(entries));
        }
    }

    /** The keys, in their order. */
    public List<String> keys() {
        return List.copyOf(entries.keySet());
    }

    /** Whether there is an option with this key. */
    public boolean has(String key) {
        return entries.containsKey(key);
    }

    /**
     * The number with this key.
     *
     * @throws IllegalArgumentException if there is no such option or it is a list
     */
    public double number(String key) {
        if (entry(key).value instanceof Double number) {
            return number;
        }
        throw new IllegalArgumentException("option " + key + " of task " + owner + " is a list, expected a number");
    }

    /**
     * The list with this key, unmodifiable.
     *
     * @throws IllegalArgumentException if there is no such option or it is a number
     */
    public List<Double> list(String key) {
        Entry entry = entry(key);
        if (isList(entry)) {
            return numbers(entry);
        }
        throw new IllegalArgumentException("option " + key + " of task " + owner + " is a number, expected a list");
    }

    /** Whether the option with this key is a list. */
    public boolean isList(String key) {
        return isList(entry(key));
    }

    /** The values that the option with this key may have; for a list, the values of each of its numbers. */
    public Range range(String key) {
        return entry(key).range;
    }

    /** The meaning of the option with this key, with its unit. */
    public String help(String key) {
        return entry(key).help;
    }

    /**
     * The time with this key in steps, {@code Math.round(ms / dtMs)}.
     *
     * @throws IllegalArgumentException if the option isn't a number, or is more than 2^31 - 1 steps
     */
    public int steps(String key) {
        return steps(key, number(key), number(DT_MS));
    }

    /**
     * Each time of the list with this key in steps, {@code Math.round(ms / dtMs)}.
     *
     * @throws IllegalArgumentException if the option isn't a list, or one of them is more than 2^31 - 1 steps
     */
    public int[] stepsOfEach(String key) {
        List<Double> times = list(key);
        int[] steps = new int[times.size()];
        for (int i = 0; i < steps.length; i++) {
            steps[i] = steps(key + "[" + i + "]", times.get(i), number(DT_MS));
        }
        return steps;
    }

    /**
     * One line for each time that isn't a whole number of steps, and where it goes: for {@link Task#warnings}. Times are
     * the options whose keys end in {@code Ms}, except {@value #DT_MS} and {@value #SMOOTHING_SD_MS}.
     */
    public List<String> offTheGrid() {
        List<String> notes = new ArrayList<>();
        for (String key : keys()) {
            boolean time = key.endsWith("Ms") && !key.equals(DT_MS) && !key.equals(SMOOTHING_SD_MS);
            if (!time) {
                continue;
            }
            double dtMs = number(DT_MS);
            for (double ms : isList(key) ? list(key) : List.of(number(key))) {
                double on = steps(key, ms, dtMs) * dtMs;
                // Times such as 20 ms at a dt of 0.1 ms are on the grid except for rounding errors.
                if (Math.abs(on - ms) > 1e-9 * Math.max(ms, dtMs)) {
                    notes.add("task " + owner + ": " + key + " " + format(ms) + " isn't a whole number of steps of "
                            + format(dtMs) + " ms and becomes " + format(Math.rint(on * 1e9) / 1e9) + " ms");
                }
            }
        }
        return notes;
    }

    /**
     * A time in steps, {@code Math.round(ms / dtMs)}: the nearest step, halves up.
     *
     * @param what the name of the time in an error message
     * @throws IllegalArgumentException if it is more than 2^31 - 1 steps
     */
    static int steps(String what, double ms, double dtMs) {
        long steps = Math.round(ms / dtMs);
        if (steps > Integer.MAX_VALUE || steps < -Integer.MAX_VALUE) {
            throw new IllegalArgumentException(what + " is " + format(ms) + " ms at a dt of " + format(dtMs)
                    + " ms, expected at most " + Integer.MAX_VALUE + " steps");
        }
        return (int) steps;
    }

    /**
     * These options with one of them changed.
     *
     * @param value a Number, or a List of Number or double[] for a list
     * @throws IllegalArgumentException if there is no such option, or the value is of another type or out of range
     */
    public TaskOptions with(String key, Object value) {
        return with(Collections.singletonMap(key, value));
    }

    /**
     * These options with some of them changed. The values are those of JSON: a Number, or a List of Number, by key.
     *
     * @throws IllegalArgumentException if there is no such option, or a value is of another type or out of range
     */
    public TaskOptions with(Map<String, ?> values) {
        Map<String, Entry> changed = new LinkedHashMap<>(entries);
        values.forEach((key, value) -> {
            Entry old = entry(key);
            changed.put(key, old.with(checked(owner, key, old, value)));
        });
        return new TaskOptions(owner, changed);
    }

    /**
     * These options with all noise at 0: the options declared by {@link Builder#noise}, and numbers with one of the
     * keys {@value #NOISE_SD}, {@value #TARGET_NOISE_SD} and {@value #ONSET_JITTER_MS}. Where there is no noise, these
     * options themselves.
     */
    public TaskOptions withoutNoise() {
        return withoutNoise(true);
    }

    /** These options with all noise at 0, but {@value #ONSET_JITTER_MS} only if wanted. */
    TaskOptions withoutNoise(boolean norJitter) {
        Map<String, Object> none = new LinkedHashMap<>();
        entries.forEach((key, entry) -> {
            if (entry.noise && (norJitter || !key.equals(ONSET_JITTER_MS)) && !entry.value.equals(0.0)) {
                none.put(key, 0.0);
            }
        });
        return none.isEmpty() ? this : with(none);
    }

    /** All values by key, in the order of the keys: Double or List of Double. A new map, unmodifiable. */
    public Map<String, Object> toMap() {
        Map<String, Object> map = new LinkedHashMap<>();
        entries.forEach((key, entry) -> map.put(key, entry.value));
        return Collections.unmodifiableMap(map);
    }

    /** Whether the other has the same keys with the same values. */
    @Override
    public boolean equals(Object other) {
        return other instanceof TaskOptions options && toMap().equals(options.toMap());
    }

    @Override
    public int hashCode() {
        return toMap().hashCode();
    }

    /** The values by key. */
    @Override
    public String toString() {
        return toMap().toString();
    }

    /** A number without an unnecessary ".0". */
    public static String format(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1e15
                ? Long.toString((long) value)
                : Double.toString(value);
    }

    private Entry entry(String key) {
        Entry entry = entries.get(key);
        if (entry == null) {
            throw new IllegalArgumentException("task " + owner + " has no option " + key + ", expected one of "
                    + String.join(", ", entries.keySet()));
        }
        return entry;
    }

    private static Object checked(String owner, String key, Entry old, Object value) {
        if (!isList(old)) {
            return checkedNumber(owner, key, old.range, value);
        }
        List<Double> numbers = new ArrayList<>();
        if (value instanceof double[] array) {
            for (int i = 0; i < array.length; i++) {
                numbers.add(checkedNumber(owner, key + "[" + i + "]", old.range, array[i]));
            }
        } else if (value instanceof List<?> list) {
            for (int i = 0; i < list.size(); i++) {
                numbers.add(checkedNumber(owner, key + "[" + i + "]", old.range, list.get(i)));
            }
        } else {
            throw new IllegalArgumentException("option " + key + " of task " + owner + " is " + found(value)
                    + ", expected a list, each " + old.range);
        }
        return List.copyOf(numbers);
    }

    private static Double checkedNumber(String owner, String key, Range range, Object value) {
        if (value instanceof Number number && range.contains(number.doubleValue())) {
            return number.doubleValue();
        }
        throw new IllegalArgumentException(
                "option " + key + " of task " + owner + " is " + found(value) + ", expected " + range);
    }

    private static String found(Object value) {
        if (value == null) {
            return "null";
        }
        if (value instanceof Number number) {
            return format(number.doubleValue());
        }
        if (value instanceof String text) {
            return "the text \"" + text + "\"";
        }
        if (value instanceof List<?> || value instanceof double[]) {
            return "a list";
        }
        return value + " (" + value.getClass().getSimpleName() + ")";
    }

    private static boolean isList(Entry entry) {
        return entry.value instanceof List<?>;
    }

    @SuppressWarnings("unchecked")
    private static List<Double> numbers(Entry entry) {
        return (List<Double>) entry.value;
    }
}
