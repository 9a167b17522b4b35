package attractor.cli.option;

import attractor.task.Task;
import attractor.task.TaskOptions;
import attractor.task.TaskProvider;
import attractor.task.Tasks;
import attractor.tasks.BitMemory;
import attractor.tasks.PerceptualDecision;
import attractor.tasks.SeveralRules;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options of tasks, shared by all commands that make trials. What is not given keeps the task's (or the network's) value. */
public final class GivenTaskOptions {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    private final Set<String> told = new HashSet<>();

    @ArgGroup(validate = false, heading = "%nOptions of the task:%n", order = 900)
    private Given options = new Given();

    /** The given values; null for options that are absent. */
    private static final class Given {
        @Option(names = "--dt", paramLabel = "MS", description = "Duration of a step (default: 1).")
        private Double dtMs;

        @Option(
                names = {"--duration", "--length"},
                paramLabel = "MS",
                description = "Duration of a trial (default: the task's, 200 to 600).")
        private Double durationMs;

        @Option(
                names = "--onset",
                paramLabel = "MS",
                description = "Onset of the stimulus (default: the task's, 30 or 50).")
        private Double stimulusOnsetMs;

        @Option(
                names = "--onsets",
                paramLabel = "MS,...",
                split = ",",
                hideParamSyntax = true,
                description = "Flip-flop: onsets of the pulses (default: 50,170,290,410).")
        private List<Double> stimulusOnsetsMs;

        @Option(names = "--stimulus", paramLabel = "MS", description = "Duration of a stimulus (default: 20).")
        private Double stimulusMs;

        @Option(
                names = "--delay",
                paramLabel = "MS",
                description = "Time from the stimulus's end to the response (default: 20).")
        private Double delayMs;

        @Option(
                names = "--jitter",
                paramLabel = "MS",
                description = "Each trial's onset is moved by a whole number of steps of up to this (default: 0).")
        private Double onsetJitterMs;

        @Option(names = "--amplitude", paramLabel = "X", description = "Height of the stimulus (default: 1).")
        private Double amplitude;

        @Option(names = "--target-amplitude", paramLabel = "X", description = "Height of the response (default: 1).")
        private Double targetAmplitude;

        @Option(
                names = "--noise",
                paramLabel = "SD",
                description = "Noise on every input at every step, sd at a step of 1 ms (default: 0.1).")
        private Double noiseSd;

        @Option(names = "--target-noise", paramLabel = "SD", description = "Noise on the targets (default: 0).")
        private Double targetNoiseSd;

        @Option(names = "--baseline", paramLabel = "X", description = "Added to the targets (default: 0).")
        private Double baseline;

        @Option(
                names = "--smoothing",
                paramLabel = "MS",
                description =
                        "Width of the Gaussian window that smooths a stimulus, 0 for a square one (default: the task's).")
        private Double smoothingMs;

        @Option(names = "--smoothing-sd", paramLabel = "MS", description = "The window's sd (default: the task's, 12).")
        private Double smoothingSdMs;

        @Option(
                names = "--frequency",
                paramLabel = "HZ",
                description = "Oscillation: frequency of the response (default: 30).")
        private Double frequencyHz;

        @Option(
                names = "--earlier-pulses",
                paramLabel = "I,...",
                split = ",",
                hideParamSyntax = true,
                description = "Flip-flop: inputs (0 Set, 1 Reset) of all pulses but the last (default: at random).")
        private List<Double> earlierPulses;

        @Option(
                names = "--coherences",
                paramLabel = "C,...",
                split = ",",
                hideParamSyntax = true,
                description = "Decisions: coherences, each 0 to 1, of which a trial has one (default: the task's).")
        private List<Double> coherences;

        @Option(names = "--bits", paramLabel = "N", description = "n-bit-flipflop: number of bits (default: 3).")
        private Double bits;

        @Option(
                names = "--rules",
                paramLabel = "RULE,...",
                split = ",",
                hideParamSyntax = true,
                description = "Task rules: names of the rules (default: eight; attractor tasks rules lists all).")
        private List<String> rules;

        @Option(
                names = "--option",
                paramLabel = "KEY=VALUE",
                description =
                        "Any other option of the task, as attractor tasks TASK lists them, or of a task of your own: a "
                                + "number, or numbers separated by commas.")
        private Map<String, String> more = new LinkedHashMap<>();
    }

    /** The given options by their keys. */
    private Map<String, Object> given() {
        Map<String, Object> map = new LinkedHashMap<>();
        put(map, TaskOptions.DT_MS, options.dtMs);
        put(map, TaskOptions.DURATION_MS, options.durationMs);
        put(map, TaskOptions.STIMULUS_ONSET_MS, options.stimulusOnsetMs);
        put(map, TaskOptions.STIMULUS_ONSETS_MS, options.stimulusOnsetsMs);
        put(map, TaskOptions.STIMULUS_MS, options.stimulusMs);
        put(map, TaskOptions.DELAY_MS, options.delayMs);
        put(map, TaskOptions.ONSET_JITTER_MS, options.onsetJitterMs);
        put(map, TaskOptions.AMPLITUDE, options.amplitude);
        put(map, TaskOptions.TARGET_AMPLITUDE, options.targetAmplitude);
        put(map, TaskOptions.NOISE_SD, options.noiseSd);
        put(map, TaskOptions.TARGET_NOISE_SD, options.targetNoiseSd);
        put(map, TaskOptions.BASELINE, options.baseline);
        put(map, TaskOptions.SMOOTHING_MS, options.smoothingMs);
        put(map, TaskOptions.SMOOTHING_SD_MS, options.smoothingSdMs);
        put(map, TaskOptions.FREQUENCY_HZ, options.frequencyHz);
        put(map, TaskOptions.EARLIER_PULSES, options.earlierPulses);
        put(map, PerceptualDecision.COHERENCES, options.coherences);
        put(map, BitMemory.BITS, options.bits);
        put(map, SeveralRules.CHOSEN, options.rules == null ? null : numbers(options.rules));
        options.more.forEach((key, value) -> map.put(key, parse(key, value)));
        return map;
    }

    /** Whether any was given. */
    public boolean any() {
        return !given().isEmpty();
    }

    /** The keys of the given options. */
    public Set<String> keys() {
        return given().keySet();
    }

    /**
     * The duration of a step in ms, null if it isn't given; the only option that is allowed with trials from a file.
     *
     * @throws ParameterException if another option is given
     */
    Double stepOnly() {
        for (String key : given().keySet()) {
            if (!key.equals(TaskOptions.DT_MS)) {
                String name = optionName(key);
                throw new ParameterException(
                        spec.commandLine(),
                        name + (name.endsWith("=") ? "..." : "") + " is a task's, expected only --dt with --data");
            }
        }
        return options.dtMs;
    }

    /** The numbers of rules. */
    private List<Double> numbers(List<String> rules) {
        List<Double> numbers = new ArrayList<>();
        for (String rule : rules) {
            int number = SeveralRules.RULES.indexOf(rule);
            if (number < 0) {
                throw new ParameterException(
                        spec.commandLine(),
                        "--rules: there is no rule '" + rule + "', expected some of "
                                + String.join(", ", SeveralRules.RULES));
            }
            numbers.add((double) number);
        }
        return numbers;
    }

    private static void put(Map<String, Object> map, String key, Object value) {
        if (value != null) {
            map.put(key, value);
        }
    }

    private Object parse(String key, String value) {
        try {
            List<Double> numbers = new ArrayList<>();
            for (String part : value.split(",", -1)) {
                numbers.add(Double.parseDouble(part));
            }
            return numbers.size() == 1 ? numbers.get(0) : numbers;
        } catch (NumberFormatException e) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--option " + key + "=" + value + ": expected a number, or numbers with commas between",
                    e);
        }
    }

    /**
     * The task with a name.
     *
     * @param base values that replace the task's defaults but not the given options, such as those that a network was
     *     trained with
     * @throws ParameterException if there is no such task or option, or a value is out of range
     */
    public Task task(String name, Map<String, ?> base) {
        try {
            TaskProvider provider = Tasks.provider(name);
            TaskOptions options = provider.defaults().with(base);
            Map<String, Object> given = given();
            for (String key : given.keySet()) {
                if (!options.has(key)) {
                    throw new IllegalArgumentException(
                            "task " + name + " has no option " + optionName(key) + ", expected some of "
                                    + String.join(
                                            ", ",
                                            options.keys().stream()
                                                    .map(GivenTaskOptions::optionName)
                                                    .toList()));
                }
            }
            Task task = provider.create(options.with(given));
            for (String warning : Tasks.warnings(task)) {
                // A command may make its task more than once.
                if (told.add(warning)) {
                    spec.commandLine().getErr().println("attractor: note: " + warning);
                }
            }
            return task;
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }

    /** The name that an option of a task has on the command line. */
    public static String optionName(String key) {
        return switch (key) {
            case TaskOptions.DT_MS -> "--dt";
            case TaskOptions.DURATION_MS -> "--duration";
            case TaskOptions.STIMULUS_ONSET_MS -> "--onset";
            case TaskOptions.STIMULUS_ONSETS_MS -> "--onsets";
            case TaskOptions.STIMULUS_MS -> "--stimulus";
            case TaskOptions.DELAY_MS -> "--delay";
            case TaskOptions.ONSET_JITTER_MS -> "--jitter";
            case TaskOptions.AMPLITUDE -> "--amplitude";
            case TaskOptions.TARGET_AMPLITUDE -> "--target-amplitude";
            case TaskOptions.NOISE_SD -> "--noise";
            case TaskOptions.TARGET_NOISE_SD -> "--target-noise";
            case TaskOptions.BASELINE -> "--baseline";
            case TaskOptions.SMOOTHING_MS -> "--smoothing";
            case TaskOptions.SMOOTHING_SD_MS -> "--smoothing-sd";
            case TaskOptions.FREQUENCY_HZ -> "--frequency";
            case TaskOptions.EARLIER_PULSES -> "--earlier-pulses";
            case PerceptualDecision.COHERENCES -> "--coherences";
            case BitMemory.BITS -> "--bits";
            case SeveralRules.CHOSEN -> "--rules";
            default -> "--option " + key + "=";
        };
    }
}
