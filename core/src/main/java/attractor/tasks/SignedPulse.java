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
 * A family of three tasks with one pulse, of either sign and of one of several heights, or none. After it the output steps
 * to a value that is held to the end. In {@code sign} it steps to +1 or -1 after a delay. In {@code amplitude} its value
 * follows the pulse's height: heights 1 to 8 become 0.25 to 2. In {@code latency} it steps to +1 or -1, later by 25 ms for each
 * unit of height.
 *
 * <p>The pulse is smoothed by a Hann window of unit sum. A trial's onset shifts. A trial draws its shift, then the inputs'
 * noise.
 *
 * <p>Source: the generators of Jarne, <i>RNNs for decision making and time representation</i>, 2026
 * (github.com/katejarne/RNNs_for_DM_and_time_representation). There half of the trials have no pulse; here all types are
 * equally likely. Immutable, safe for any thread.
 */
public final class SignedPulse extends FieldTask {
    /** Key of the number of heights, 1, 2, ... */
    public static final String HEIGHTS = "heights";

    /** Key of the target per unit of the pulse's height. */
    public static final String TARGET_PER_HEIGHT = "targetPerHeight";

    /** Key of the delay per unit of the pulse's height in ms. */
    public static final String LATENCY_PER_HEIGHT_MS = "latencyPerHeightMs";

    /** The three tasks. Immutable. */
    private enum Kind {
        SIGN("sign", 1),
        AMPLITUDE("amplitude", 8),
        LATENCY("latency", 4);

        private final String id;
        private final int heights;

        Kind(String id, int heights) {
            this.id = id;
            this.heights = heights;
        }

        private TaskOptions defaults() {
            TaskOptions.Builder options = timing(id, 370, 85)
                    .number(TaskOptions.STIMULUS_MS, 20, Range.POSITIVE, "duration of the pulse, ms");
            if (this != LATENCY) {
                options.number(
                        TaskOptions.DELAY_MS, 50, Range.NON_NEGATIVE, "from the pulse's end to the response, ms");
            }
            if (this != SIGN) {
                options.number(HEIGHTS, heights, Range.POSITIVE, "number of heights, 1, 2, ..., 1 to 16");
            }
            if (this == AMPLITUDE) {
                options.number(TARGET_PER_HEIGHT, 0.25, Range.ANY, "target per unit of the pulse's height");
            } else if (this == LATENCY) {
                options.number(
                        LATENCY_PER_HEIGHT_MS, 25, Range.POSITIVE, "delay of the response per unit of height, ms");
            }
            options.number(
                    TaskOptions.SMOOTHING_MS, 10, Range.NON_NEGATIVE, "length of the Hann window, ms; 0: square");
            return rest(options, 35, 0.05).build();
        }
    }

    /** Makes {@code sign}. Immutable, safe for any thread. */
    public static final class Sign extends NamedTaskProvider {
        /** For {@link java.util.ServiceLoader}. */
        public Sign() {
            super(Kind.SIGN.id, Kind.SIGN::defaults, options -> new SignedPulse(Kind.SIGN, options));
        }
    }

    /** Makes {@code amplitude}. Immutable, safe for any thread. */
    public static final class Amplitude extends NamedTaskProvider {
        /** For {@link java.util.ServiceLoader}. */
        public Amplitude() {
            super(Kind.AMPLITUDE.id, Kind.AMPLITUDE::defaults, options -> new SignedPulse(Kind.AMPLITUDE, options));
        }
    }

    /** Makes {@code latency}. Immutable, safe for any thread. */
    public static final class Latency extends NamedTaskProvider {
        /** For {@link java.util.ServiceLoader}. */
        public Latency() {
            super(Kind.LATENCY.id, Kind.LATENCY::defaults, options -> new SignedPulse(Kind.LATENCY, options));
        }
    }

    private final Kind kind;
    private final int onset;
    private final int stimulusSteps;
    /** For each height, from 1 on, where the response begins. */
    private final int[] response;

    private final double[] shape;

    private SignedPulse(Kind kind, TaskOptions options) {
        super(kind.id, 1, 1, names(kind, options), options);
        this.kind = kind;
        onset = options.steps(TaskOptions.STIMULUS_ONSET_MS);
        stimulusSteps = atLeastOneStep(TaskOptions.STIMULUS_MS);
        response = new int[heights(kind, options)];
        for (int height = 1; height <= response.length; height++) {
            long delay = kind == Kind.LATENCY
                    ? Math.round(height * options.number(LATENCY_PER_HEIGHT_MS) / dtMs())
                    : options.steps(TaskOptions.DELAY_MS);
            long due = (long) onset + stimulusSteps + delay;
            checkFits(onset, due, 1);
            response[height - 1] = (int) due;
        }
        double[] square = new double[stimulusSteps];
        Arrays.fill(square, 1);
        shape = HannWindow.smooth(square, hannWindow());
    }

    private static int heights(Kind kind, TaskOptions options) {
        return kind == Kind.SIGN ? 1 : whole(kind.id, options, HEIGHTS, 1, 16);
    }

    /** No pulse, then +1, -1, +2, ... */
    private static List<String> names(Kind kind, TaskOptions options) {
        List<String> names = new ArrayList<>(List.of("none"));
        for (int height = 1; height <= heights(kind, options); height++) {
            String digits = kind == Kind.SIGN ? "" : Integer.toString(height);
            names.add("+" + digits);
            names.add("-" + digits);
        }
        return names;
    }

    @Override
    public String description() {
        String heights = response.length == 1 ? "height 1" : "height 1 to " + response.length;
        String answer = switch (kind) {
            case SIGN -> "1 with the pulse's sign " + ms(TaskOptions.DELAY_MS) + " after its end";
            case AMPLITUDE ->
                TaskOptions.format(options().number(TARGET_PER_HEIGHT)) + " times the pulse's height, with its sign, "
                        + ms(TaskOptions.DELAY_MS) + " after its end";
            case LATENCY -> "1 with the pulse's sign, " + ms(LATENCY_PER_HEIGHT_MS) + " times its height after its end";
        };
        return "One input: a pulse of " + ms(TaskOptions.STIMULUS_MS) + ", " + heights + " and either sign, at "
                + ms(TaskOptions.STIMULUS_ONSET_MS) + ", or none. The output steps from 0 to " + answer + ". "
                + closingWords();
    }

    @Override
    public void write(int type, RandomStream random, double[] x, double[] y, double[] mask) {
        int shift = shift(random);
        if (type > 0) {
            int height = (type + 1) / 2;
            int sign = type % 2 == 1 ? 1 : -1;
            for (int k = 0; k < stimulusSteps; k++) {
                x[onset + shift + k] = amplitude * sign * height * shape[k];
            }
            double level = kind == Kind.AMPLITUDE ? height * options().number(TARGET_PER_HEIGHT) : 1;
            Arrays.fill(y, response[height - 1] + shift, steps, sign * level);
        }
        noise(random, x);
    }

    @Override
    public boolean zeroTarget(int type) {
        return type == 0;
    }

    @Override
    public List<TrialPart> parts() {
        return parts(onset, onset + stimulusSteps, response[0]);
    }

    @Override
    public List<TrialPart> parts(int type) {
        return parts(onset, onset + stimulusSteps, response[type == 0 ? 0 : (type + 1) / 2 - 1]);
    }
}
