package attractor.study;

import attractor.analysis.Kicks;
import attractor.model.Initializers.Recurrent;
import attractor.model.Precision;
import attractor.task.TaskOptions;
import attractor.task.Tasks;
import attractor.train.TrainingConfig;
import attractor.train.TrainingData;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongFunction;
import java.util.function.UnaryOperator;

/**
 * The studies of Jarne and Laje (arXiv:1906.01094), and some beyond, as lists of runs. Seeds are the outermost loop, so
 * that while a study runs all its cells have about the same number of networks. Stateless, safe for any number of
 * threads.
 */
public final class Studies {
    /** Number of trials per score. */
    static final int TRIALS = 200;
    /** Number of trials per score after a lesion; there are thousands of lesions. */
    private static final int LESION_TRIALS = 80;
    /** Trials per type in a study of holding. */
    private static final int HOLD_TRIALS = 20;

    /** The published distances: noise of sd 0.03 and an offset of 0.045 on the targets. */
    private static final Map<String, Map<String, Object>> CONVENTIONS = Map.of(
            "clean", Map.of(TaskOptions.TARGET_NOISE_SD, 0.0, TaskOptions.BASELINE, 0.0),
            "published", Map.of(TaskOptions.TARGET_NOISE_SD, 0.03, TaskOptions.BASELINE, 0.045));

    private Studies() {}

    /**
     * The networks of a study. Immutable, safe for any thread.
     *
     * @param first seed of the first network
     * @param networks number of networks, with consecutive seeds
     * @param training changes a training's configuration from the task's own: units, epochs and the like
     */
    public record Networks(long first, int networks, UnaryOperator<TrainingConfig.Builder> training) {
        private static final int MOST = 1_000_000;

        /**
         * @throws IllegalArgumentException if there are no networks, more than {@value #MOST}, or a seed exceeds the
         *     largest long
         */
        public Networks {
            if (networks < 1 || networks > MOST) {
                throw new IllegalArgumentException("networks is " + networks + ", expected 1 to " + MOST);
            }
            if (first > Long.MAX_VALUE - (networks - 1)) {
                throw new IllegalArgumentException("the first seed is " + first + ", expected at most "
                        + (Long.MAX_VALUE - (networks - 1)) + " for " + networks + " networks");
            }
        }

        private List<StudyRun> runs(List<LongFunction<StudyRun>> kinds) {
            return new SeededRuns(kinds, first, networks);
        }

        private TrainingConfig config(String task, Map<String, ?> options, Recurrent init, long seed) {
            return training.apply(TrainingConfig.builder(Tasks.byName(task, options))
                            .init(init)
                            .seed(seed))
                    .build();
        }
    }

    /**
     * A kind of training. Safe for any thread if the function is.
     *
     * @param config makes its configuration from a seed
     * @param data its trials, if they don't come from a task
     */
    public record Training(LongFunction<TrainingConfig> config, Optional<TrainingData> data) {
        /** The same trainings in another precision. */
        public Training withPrecision(Precision precision) {
            return new Training(
                    seed -> config.apply(seed).toBuilder().precision(precision).build(), data);
        }

        private LongFunction<StudyRun> runs(Measurement measurement) {
            return seed -> new StudyRun(config.apply(seed), measurement, data);
        }
    }

    /**
     * How often trainings of any kind succeed.
     *
     * @param made the settings from which they were made, as JSON, for information
     * @param networks how many of each kind; how it changes trainings isn't used
     * @throws IllegalArgumentException if there are no runs, or two kinds are the same
     */
    public static Study success(List<Training> trainings, Map<String, ?> made, Networks networks) {
        Measurement measurement = new Evaluations(TRIALS, Map.of(Evaluations.TRAINED, Map.of()));
        Map<String, Object> settings = settings(networks);
        settings.putAll(made);
        return new Study(
                "success",
                settings,
                networks.runs(trainings.stream().map(t -> t.runs(measurement)).toList()));
    }

    /**
     * A cell of a grid. Immutable, safe for any thread.
     *
     * @param place its value on each axis, by the axis's name
     * @param training its networks
     */
    public record Cell(Map<String, String> place, Training training) {
        /** Keeps the order of the axes. */
        public Cell {
            place = Collections.unmodifiableMap(new LinkedHashMap<>(place));
        }
    }

    /**
     * Success, loss and spectra over a grid of trainings.
     *
     * @param made the settings from which the grid was made, as JSON, for information
     * @param networks how many in each cell; how it changes trainings isn't used
     * @throws IllegalArgumentException if there are no cells, or two are at the same place
     */
    public static Study sweep(List<Cell> cells, Map<String, ?> made, Networks networks) {
        Map<String, Object> settings = settings(networks);
        settings.putAll(made);
        return new Study(
                "sweep",
                settings,
                networks.runs(cells.stream()
                        .map(cell -> cell.training.runs(new GridCell(cell.place, TRIALS)))
                        .toList()));
    }

    /**
     * How often training succeeds, by task and initial weights (the paper's table 6).
     *
     * @throws IllegalArgumentException if a task is unknown or there are no runs
     */
    public static Study success(List<String> tasks, List<Recurrent> inits, Networks networks) {
        Measurement measurement = new Evaluations(TRIALS, Map.of(Evaluations.TRAINED, Map.of()));
        List<StudyRun> runs = runs(tasks, inits, networks, seed -> measurement);
        Map<String, Object> settings = settings(networks);
        settings.put("tasks", tasks);
        settings.put("inits", ids(inits));
        return new Study("success", settings, runs);
    }

    /**
     * Memory of a pulse against the time between stimulus and response (figure 13, top): trials of 300 ms, input noise
     * 0.03.
     *
     * @param delaysMs times from the stimulus's end to the response
     * @param init kind of initial weights; only one, since a study of memory is one curve
     * @param options further options of the task, by key
     * @throws IllegalArgumentException if a delay doesn't fit into a trial or there are no runs
     */
    public static Study delay(List<Double> delaysMs, Recurrent init, Map<String, ?> options, Networks networks) {
        List<LongFunction<StudyRun>> kinds = new ArrayList<>();
        for (double delay : delaysMs) {
            kinds.add(seed -> memory(networks.config("pulse", pulse(delay, options), init, seed)));
        }
        Map<String, Object> settings = settings(networks);
        settings.put("delaysMs", delaysMs);
        settings.put("inits", ids(List.of(init)));
        settings.put("options", options);
        return new Study("delay", settings, networks.runs(kinds));
    }

    /**
     * Memory of a pulse against the number of units (figure 13, bottom): as {@link #delay} with one delay.
     *
     * @param units values of N
     * @throws IllegalArgumentException if the delay doesn't fit into a trial or there are no runs
     */
    public static Study size(
            List<Integer> units, double delayMs, Recurrent init, Map<String, ?> options, Networks networks) {
        List<LongFunction<StudyRun>> kinds = new ArrayList<>();
        for (int n : units) {
            kinds.add(seed -> memory(networks.config("pulse", pulse(delayMs, options), init, seed).toBuilder()
                    .units(n)
                    .build()));
        }
        Map<String, Object> settings = settings(networks);
        settings.put("units", units);
        settings.put(TaskOptions.DELAY_MS, delayMs);
        settings.put("inits", ids(List.of(init)));
        settings.put("options", options);
        return new Study("size", settings, networks.runs(kinds));
    }

    /**
     * AND networks without some of their connections (figure 14).
     *
     * @param thresholds thresholds of |w|, increasing
     * @param draws number of draws per control
     * @param windowMs length of the end of a trial over which distances are computed, besides those over whole trials,
     *     see {@link Damage}
     * @throws IllegalArgumentException if a number is out of range
     */
    public static Study damage(
            String task,
            List<Recurrent> inits,
            List<Double> thresholds,
            int draws,
            double windowMs,
            Networks networks) {
        Map<String, Object> settings = settings(networks);
        settings.put("tasks", List.of(task));
        settings.put("inits", ids(inits));
        settings.put("thresholds", thresholds);
        settings.put("draws", draws);
        settings.put("windowMs", windowMs);
        List<StudyRun> runs =
                runs(List.of(task), inits, networks, seed -> new Damage(thresholds, draws, LESION_TRIALS, windowMs));
        return new Study("damage", settings, runs);
    }

    /**
     * Stimuli at other times than in training (figure 12).
     *
     * @param onsetsMs the onsets to try
     * @throws IllegalArgumentException if a number is out of range
     */
    public static Study shift(List<String> tasks, List<Recurrent> inits, List<Double> onsetsMs, Networks networks) {
        Map<String, Object> settings = settings(networks);
        settings.put("tasks", tasks);
        settings.put("inits", ids(inits));
        settings.put("onsetsMs", onsetsMs);
        List<StudyRun> runs =
                runs(tasks, inits, networks, seed -> new Shift(onsetsMs, TRIALS, seed == networks.first()));
        return new Study("shift", settings, runs);
    }

    /** Where the states end after each type of trial, and the spectra. */
    public static Study activity(List<String> tasks, List<Recurrent> inits, Networks networks) {
        Map<String, Object> settings = settings(networks);
        settings.put("tasks", tasks);
        settings.put("inits", ids(inits));
        return new Study("activity", settings, runs(tasks, inits, networks, seed -> new Activity()));
    }

    /**
     * As {@link #activity(List, List, Networks)}, with networks of several sizes.
     *
     * @param units values of N, at least one
     * @throws IllegalArgumentException if there are no runs
     */
    public static Study activity(List<String> tasks, List<Recurrent> inits, List<Integer> units, Networks networks) {
        Map<String, Object> settings = settings(networks);
        settings.put("tasks", tasks);
        settings.put("inits", ids(inits));
        settings.put("units", units);
        List<LongFunction<StudyRun>> kinds = new ArrayList<>();
        for (int n : units) {
            for (String task : tasks) {
                for (Recurrent init : inits) {
                    kinds.add(seed -> new StudyRun(
                            networks.config(task, Map.of(), init, seed).toBuilder()
                                    .units(n)
                                    .build(),
                            new Activity()));
                }
            }
        }
        return new Study("activity", settings, networks.runs(kinds));
    }

    /**
     * How long answers are held.
     *
     * @param lengthMs duration of the trials
     * @throws IllegalArgumentException if the duration isn't above 0
     */
    public static Study hold(List<String> tasks, List<Recurrent> inits, double lengthMs, Networks networks) {
        Map<String, Object> settings = settings(networks);
        settings.put("tasks", tasks);
        settings.put("inits", ids(inits));
        settings.put("lengthMs", lengthMs);
        return new Study("hold", settings, runs(tasks, inits, networks, seed -> new Hold(lengthMs, HOLD_TRIALS)));
    }

    /**
     * What displaced states and pulses of input do.
     *
     * @param kicks which; their seed isn't used
     * @throws IllegalArgumentException if a time isn't within the trials
     */
    public static Study kick(List<String> tasks, List<Recurrent> inits, Kicks.Options kicks, Networks networks) {
        Measurement measurement = new Kicked(kicks);
        Map<String, Object> settings = settings(networks);
        settings.put("tasks", tasks);
        settings.put("inits", ids(inits));
        settings.put("kicks", measurement.toJson());
        return new Study("kick", settings, runs(tasks, inits, networks, seed -> measurement));
    }

    private static List<StudyRun> runs(
            List<String> tasks, List<Recurrent> inits, Networks networks, LongFunction<Measurement> measurement) {
        List<LongFunction<StudyRun>> kinds = new ArrayList<>();
        for (String task : tasks) {
            for (Recurrent init : inits) {
                kinds.add(seed -> new StudyRun(networks.config(task, Map.of(), init, seed), measurement.apply(seed)));
            }
        }
        return networks.runs(kinds);
    }

    private static StudyRun memory(TrainingConfig config) {
        return new StudyRun(config, new Evaluations(TRIALS, CONVENTIONS));
    }

    private static Map<String, Object> pulse(double delayMs, Map<String, ?> options) {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put(TaskOptions.DURATION_MS, 300.0);
        all.put(TaskOptions.NOISE_SD, 0.03);
        all.putAll(options);
        all.put(TaskOptions.DELAY_MS, delayMs);
        return all;
    }

    private static Map<String, Object> settings(Networks networks) {
        Map<String, Object> settings = new LinkedHashMap<>();
        settings.put("firstSeed", networks.first());
        settings.put("networks", (long) networks.networks());
        return settings;
    }

    private static List<String> ids(List<Recurrent> inits) {
        return inits.stream().map(Recurrent::id).toList();
    }
}
