package attractor.tasks;

import attractor.random.RandomStream;
import attractor.task.NamedTaskProvider;
import attractor.task.TaskOptions;
import attractor.task.TaskOptions.Range;
import attractor.task.TrialPart;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Two tasks about intervals, each from a pulse's end to the next pulse. In {@code interval-production} there are two pulses
 * of the same sign, or none; the output steps to their sign as long after the second pulse's end as it came after the first.
 * In {@code interval-comparison} there are two pairs of pulses with a short and a long interval; the output steps to 1 if the
 * first interval is the shorter one, else to -1.
 *
 * <p>Pulses are smoothed by a Hann window of unit sum. A trial's onset shifts. A trial draws its shift, then the inputs'
 * noise.
 *
 * <p>Sources: the generators of Jarne, <i>RNNs for decision making and time representation</i>, 2026
 * (github.com/katejarne/RNNs_for_DM_and_time_representation); the comparison is that of Diaz et al., PNAS 2025,
 * doi:10.1073/pnas.2420356122. Immutable, safe for any thread.
 */
public final class Intervals extends FieldTask {
    /** Key of the time between the two pairs of pulses in ms. */
    public static final String SEPARATION_MS = "separationMs";

    private static final String PRODUCTION = "interval-production";
    private static final String COMPARISON = "interval-comparison";

    /** Makes {@code interval-production}. Immutable, safe for any thread. */
    public static final class Production extends NamedTaskProvider {
        /** For {@link java.util.ServiceLoader}. */
        public Production() {
            super(PRODUCTION, Intervals::productionDefaults, options -> new Intervals(PRODUCTION, options));
        }
    }

    private static TaskOptions productionDefaults() {
        TaskOptions.Builder options = timing(PRODUCTION, 580, 85)
                .number(TaskOptions.STIMULUS_MS, 20, Range.POSITIVE, "duration of a pulse, ms")
                .list(
                        ReadySetGo.INTERVALS_MS,
                        List.of(20.0, 40.0, 60.0, 80.0, 100.0, 120.0, 140.0, 160.0),
                        Range.POSITIVE,
                        "intervals, ms; a trial has one of them");
        return smoothed(options).build();
    }

    /** Makes {@code interval-comparison}. Immutable, safe for any thread. */
    public static final class Comparison extends NamedTaskProvider {
        /** For {@link java.util.ServiceLoader}. */
        public Comparison() {
            super(COMPARISON, Intervals::comparisonDefaults, options -> new Intervals(COMPARISON, options));
        }
    }

    private static TaskOptions comparisonDefaults() {
        TaskOptions.Builder options = timing(COMPARISON, 440, 85)
                .number(TaskOptions.STIMULUS_MS, 10, Range.POSITIVE, "duration of a pulse, ms")
                .list(
                        ReadySetGo.INTERVALS_MS,
                        List.of(25.0, 50.0),
                        Range.POSITIVE,
                        "the short and the long interval, ms")
                .number(SEPARATION_MS, 100, Range.POSITIVE, "from the first pair's end to the second pair, ms")
                .number(TaskOptions.DELAY_MS, 20, Range.NON_NEGATIVE, "from the last pulse's end to the response, ms");
        return smoothed(options).build();
    }

    private static TaskOptions.Builder smoothed(TaskOptions.Builder options) {
        options.number(TaskOptions.SMOOTHING_MS, 10, Range.NON_NEGATIVE, "length of the Hann window, ms; 0: square");
        return rest(options, 35, 0.05);
    }

    private final boolean production;
    private final int pulseSteps;
    /** For each type the onsets of its pulses; none for the type without any. */
    private final int[][] onsets;
    /** For each type where the response begins. */
    private final int[] response;

    private final double[] shape;

    private Intervals(String name, TaskOptions options) {
        super(name, 1, 1, names(name, options), options);
        production = name.equals(PRODUCTION);
        pulseSteps = atLeastOneStep(TaskOptions.STIMULUS_MS);
        checkDifferent(ReadySetGo.INTERVALS_MS);
        int[] intervals = options.stepsOfEach(ReadySetGo.INTERVALS_MS);
        for (int interval : intervals) {
            if (interval < 1) {
                throw error(value(ReadySetGo.INTERVALS_MS) + ", expected at least one step each");
            }
        }
        if (!production && (intervals.length != 2 || intervals[0] >= intervals[1])) {
            throw error(value(ReadySetGo.INTERVALS_MS) + ", expected a short interval and a longer one");
        }
        int types = types().size();
        onsets = new int[types][];
        response = new int[types];
        int onset = options.steps(TaskOptions.STIMULUS_ONSET_MS);
        for (int type = 0; type < types; type++) {
            List<Long> begins = new ArrayList<>();
            long due;
            if (production) {
                long interval = type == 0 ? intervals[0] : intervals[(type - 1) / 2];
                begins.add((long) onset);
                begins.add(onset + pulseSteps + interval);
                due = begins.get(1) + pulseSteps + interval;
            } else {
                begins.add((long) onset);
                begins.add((long) onset + pulseSteps + intervals[type]);
                begins.add(begins.get(1) + pulseSteps + options.steps(SEPARATION_MS));
                begins.add(begins.get(2) + pulseSteps + intervals[1 - type]);
                due = begins.get(3) + pulseSteps + options.steps(TaskOptions.DELAY_MS);
            }
            checkFits(onset, due, 1);
            onsets[type] = production && type == 0
                    ? new int[0]
                    : begins.stream().mapToInt(Long::intValue).toArray();
            response[type] = (int) due;
        }
        double[] square = new double[pulseSteps];
        Arrays.fill(square, 1);
        shape = HannWindow.smooth(square, hannWindow());
    }

    private static List<String> names(String name, TaskOptions options) {
        if (name.equals(COMPARISON)) {
            return List.of("short-long", "long-short");
        }
        List<String> names = new ArrayList<>(List.of("none"));
        for (double interval : options.list(ReadySetGo.INTERVALS_MS)) {
            names.add("+" + TaskOptions.format(interval));
            names.add("-" + TaskOptions.format(interval));
        }
        return names;
    }

    @Override
    public String description() {
        String pulse = ms(TaskOptions.STIMULUS_MS);
        String begin = ms(TaskOptions.STIMULUS_ONSET_MS);
        return (production
                        ? "One input: two pulses of " + pulse + " and one sign, the first at " + begin
                                + ", the second after an interval of " + numbers(ReadySetGo.INTERVALS_MS)
                                + " ms; or none. The output steps from 0 to their sign as long after the second one's end. "
                        : "One input: two pairs of pulses of " + pulse + " from " + begin + " on, "
                                + ms(SEPARATION_MS) + " apart, one pair with an interval of "
                                + TaskOptions.format(
                                        options().list(ReadySetGo.INTERVALS_MS).get(0)) + " ms, the other of "
                                + TaskOptions.format(
                                        options().list(ReadySetGo.INTERVALS_MS).get(1))
                                + " ms. The output steps from 0 to 1 if the first interval was the shorter one, else to -1, "
                                + ms(TaskOptions.DELAY_MS) + " after the last pulse. ")
                + closingWords();
    }

    private int sign(int type) {
        if (production) {
            return type == 0 ? 0 : type % 2 == 1 ? 1 : -1;
        }
        return type == 0 ? 1 : -1;
    }

    @Override
    public void write(int type, RandomStream random, double[] x, double[] y, double[] mask) {
        int shift = shift(random);
        for (int begin : onsets[type]) {
            for (int k = 0; k < pulseSteps; k++) {
                x[begin + shift + k] = amplitude * (production ? sign(type) : 1) * shape[k];
            }
        }
        if (sign(type) != 0) {
            Arrays.fill(y, response[type] + shift, steps, sign(type));
        }
        noise(random, x);
    }

    @Override
    public boolean zeroTarget(int type) {
        return sign(type) == 0;
    }

    @Override
    public List<TrialPart> parts() {
        return parts(types().size() - 1);
    }

    @Override
    public List<TrialPart> parts(int type) {
        int[] pulses = onsets[type].length == 0 ? onsets[types().size() - 1] : onsets[type];
        return parts(pulses[0], pulses[pulses.length - 1] + pulseSteps, response[type]);
    }
}
