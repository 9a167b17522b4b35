package attractor.tasks;

import attractor.random.RandomStream;
import attractor.task.NamedTaskProvider;
import attractor.task.Readout;
import attractor.task.TaskOptions;
import attractor.task.TaskOptions.Range;
import attractor.task.TrialPart;
import java.util.Arrays;
import java.util.List;

/**
 * A family of three tasks in which the stimulus is noise, and the output steps to the sign of its integral over a window. In
 * {@code windowed-integration} the window is the whole stimulus. In {@code continuing-integration} it is the beginning, and
 * the stimulus goes on, to be ignored, while the answer is due. {@code cued-integration} is like this, but an answer is asked
 * for only if a pulse on input 1 came before the stimulus; otherwise the output stays at 0. Three of four trials have that
 * cue.
 *
 * <p>The stimulus is Gaussian noise, smoothed by a Hann window of unit sum within the stimulus; its integral is the sum over
 * the steps. Where the sum has not the sign of the trial's type, the whole stimulus is turned over. Answers are read by their
 * sign, see {@link Readout}, since integrals near 0 can't be told apart without fault.
 *
 * <p>A trial draws its shift, its stimulus, then the inputs' noise.
 *
 * <p>Source: the generators of Jarne, <i>RNNs for decision making and time representation</i>, 2026
 * (github.com/katejarne/RNNs_for_DM_and_time_representation). Immutable, safe for any thread.
 */
public final class Integration extends FieldTask {
    /** Key of the time in ms, from the stimulus's onset on, over which it is integrated. */
    public static final String WINDOW_MS = "windowMs";

    /** Key of the time from the cue's onset to the stimulus in ms. */
    public static final String CUE_LEAD_MS = "cueLeadMs";

    /** Key of the duration of the cue in ms. */
    public static final String CUE_MS = "cueMs";

    /** The three tasks. Immutable. */
    private enum Kind {
        WINDOWED("windowed-integration"),
        CONTINUING("continuing-integration"),
        CUED("cued-integration");

        private final String id;

        Kind(String id) {
            this.id = id;
        }

        private TaskOptions defaults() {
            double[] times = // duration, onset, stimulus, delay, jitter
                    switch (this) {
                        case WINDOWED -> new double[] {480, 50, 200, 20, 0};
                        case CONTINUING -> new double[] {480, 125, 200, 60, 75};
                        case CUED -> new double[] {450, 125, 140, 30, 75};
                    };
            TaskOptions.Builder options = timing(id, times[0], times[1])
                    .number(TaskOptions.STIMULUS_MS, times[2], Range.POSITIVE, "duration of the stimulus, ms");
            if (this != WINDOWED) {
                options.number(
                        WINDOW_MS,
                        this == CUED ? 20 : 50,
                        Range.POSITIVE,
                        "how much of it is integrated, from its onset on, ms");
            }
            options.number(
                    TaskOptions.DELAY_MS, times[3], Range.NON_NEGATIVE, "from the window's end to the response, ms");
            if (this == CUED) {
                options.number(CUE_LEAD_MS, 20, Range.POSITIVE, "from the cue's onset to the stimulus, ms")
                        .number(CUE_MS, 10, Range.POSITIVE, "duration of the cue, ms");
            }
            options.number(TaskOptions.SMOOTHING_MS, 10, Range.NON_NEGATIVE, "length of the Hann window, ms; 0: none");
            return rest(options, times[4], 0).build();
        }
    }

    /** Makes {@code windowed-integration}. Immutable, safe for any thread. */
    public static final class Windowed extends NamedTaskProvider {
        /** For {@link java.util.ServiceLoader}. */
        public Windowed() {
            super(Kind.WINDOWED.id, Kind.WINDOWED::defaults, options -> new Integration(Kind.WINDOWED, options));
        }
    }

    /** Makes {@code continuing-integration}. Immutable, safe for any thread. */
    public static final class Continuing extends NamedTaskProvider {
        /** For {@link java.util.ServiceLoader}. */
        public Continuing() {
            super(Kind.CONTINUING.id, Kind.CONTINUING::defaults, options -> new Integration(Kind.CONTINUING, options));
        }
    }

    /** Makes {@code cued-integration}. Immutable, safe for any thread. */
    public static final class Cued extends NamedTaskProvider {
        /** For {@link java.util.ServiceLoader}. */
        public Cued() {
            super(Kind.CUED.id, Kind.CUED::defaults, options -> new Integration(Kind.CUED, options));
        }
    }

    private final Kind kind;
    private final int onset;
    private final int stimulusSteps;
    private final int windowSteps;
    private final int response;
    private final int cueLead;
    private final int cueSteps;
    private final double[] window;

    private Integration(Kind kind, TaskOptions options) {
        super(
                kind.id,
                kind == Kind.CUED ? 2 : 1,
                1,
                kind == Kind.CUED ? List.of("+", "-", "none") : List.of("+", "-"),
                options);
        this.kind = kind;
        onset = options.steps(TaskOptions.STIMULUS_ONSET_MS);
        stimulusSteps = atLeastOneStep(TaskOptions.STIMULUS_MS);
        windowSteps = kind == Kind.WINDOWED ? stimulusSteps : atLeastOneStep(WINDOW_MS);
        if (windowSteps > stimulusSteps) {
            throw error(value(WINDOW_MS) + ", expected at most " + value(TaskOptions.STIMULUS_MS));
        }
        long due = (long) onset + windowSteps + options.steps(TaskOptions.DELAY_MS);
        checkFits(onset, Math.max(due, (long) onset + stimulusSteps - 1), 1);
        response = (int) due;
        cueLead = kind == Kind.CUED ? atLeastOneStep(CUE_LEAD_MS) : 0;
        cueSteps = kind == Kind.CUED ? atLeastOneStep(CUE_MS) : 0;
        if (kind == Kind.CUED && (cueSteps > cueLead || cueLead > onset - jitterSteps)) {
            throw error(value(CUE_LEAD_MS) + " and " + value(CUE_MS)
                    + ", expected a cue within the trial that ends before the stimulus");
        }
        window = hannWindow();
    }

    @Override
    public String description() {
        String which = kind == Kind.WINDOWED ? "its integral" : "its integral over the first " + ms(WINDOW_MS);
        String cue = kind == Kind.CUED
                ? " That is asked for only after a cue on input 1, " + ms(CUE_MS) + " long, " + ms(CUE_LEAD_MS)
                        + " before the stimulus; without one, in a quarter of the trials, the output stays at 0."
                : "";
        return "Input 0 is smoothed noise of sd " + TaskOptions.format(amplitude) + " from "
                + ms(TaskOptions.STIMULUS_ONSET_MS) + " for " + ms(TaskOptions.STIMULUS_MS)
                + ". The output steps from 0 to the sign of " + which + ", " + ms(TaskOptions.DELAY_MS)
                + " after that." + cue + " " + closingWords();
    }

    @Override
    public void write(int type, RandomStream random, double[] x, double[] y, double[] mask) {
        int shift = shift(random);
        int begin = onset + shift;
        double[] noise = new double[stimulusSteps];
        random.fillGaussian(noise, 0, stimulusSteps, perStep(amplitude));
        double[] stimulus = HannWindow.smooth(noise, window);
        double integral = 0;
        for (int k = 0; k < windowSteps; k++) {
            integral += stimulus[k];
        }
        int sign = type == 0 ? 1 : -1;
        boolean cued = type < 2;
        double turn = cued && integral * sign < 0 ? -1 : 1;
        for (int k = 0; k < stimulusSteps; k++) {
            x[(begin + k) * inputs()] = turn * stimulus[k];
        }
        if (kind == Kind.CUED && cued) {
            input(x, 1, begin - cueLead, begin - cueLead + cueSteps, 1);
        }
        if (cued) {
            Arrays.fill(y, response + shift, steps, sign);
        }
        noise(random, x);
    }

    /** Of the cued task three of four trials have the cue. */
    @Override
    public int[] typeWeights() {
        return kind == Kind.CUED ? new int[] {3, 3, 2} : new int[] {1, 1};
    }

    @Override
    public Readout readout() {
        return kind == Kind.CUED ? Readout.levels(-1.0, 0.0, 1.0) : Readout.levels(-1.0, 1.0);
    }

    @Override
    public boolean zeroTarget(int type) {
        return type == 2;
    }

    @Override
    public List<TrialPart> parts() {
        return parts(onset - cueLead, onset + windowSteps, response);
    }
}
