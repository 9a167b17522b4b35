import attractor.random.RandomStream;
import attractor.task.Task;
import attractor.task.TaskOptions;
import attractor.task.TaskOptions.Range;
import attractor.task.TaskProvider;
import attractor.task.TrialPart;
import java.util.List;

/**
 * An example of a user's own task: three memories of one bit each (Sussillo and Barak, Neural Computation 25, 2013).
 * Three inputs get pulses of +1 and -1 at random times; output c holds the sign of the last pulse on input c, and is 0
 * before the first.
 *
 * <p>Pulse p comes at a random time in slot p, on a random input. The first three pulses, however, go to the three
 * inputs in random order, so that in the end every output holds a sign. These signs are the trial's type, such as
 * {@code +-+}: the last pulse on each input is chosen to fit, all others are random.
 *
 * <p>To try it, from the project's folder, after the program has been started once:
 *
 * <pre>
 *     javac -cp cli/target/attractor.jar examples/three-bit-flip-flop/ThreeBitFlipFlop.java
 *     ./attractor train three-bit-flip-flop --classpath examples/three-bit-flip-flop --lr 1e-3 --clip-norm 1 --epochs 12
 * </pre>
 *
 * <p>Immutable, as every task is: {@link #write} may be called by several threads at once.
 */
public final class ThreeBitFlipFlop implements Task {
    private static final String NAME = "three-bit-flip-flop";
    private static final int CHANNELS = 3;

    /** The class that the file in META-INF/services names: it declares the options and makes the task. */
    public static final class Provider implements TaskProvider {
        @Override
        public String name() {
            return NAME;
        }

        @Override
        public TaskOptions defaults() {
            // The command line has options of its own for keys of the built-in tasks (--duration, --noise, ...); for
            // others there is --option KEY=VALUE. Options declared as noise are set to 0 when analyses need trials
            // without noise.
            return TaskOptions.builder(NAME)
                    .number(TaskOptions.DT_MS, 1, Range.POSITIVE, "duration of a step, ms")
                    .number(TaskOptions.DURATION_MS, 250, Range.POSITIVE, "duration of a trial, ms")
                    .number(TaskOptions.STIMULUS_ONSET_MS, 10, Range.NON_NEGATIVE, "beginning of the first slot, ms")
                    .number(TaskOptions.STIMULUS_MS, 10, Range.POSITIVE, "duration of a pulse, ms")
                    .number(TaskOptions.DELAY_MS, 5, Range.NON_NEGATIVE, "from a pulse's end to the output's change, ms")
                    .noise(TaskOptions.NOISE_SD, 0.1, "sd of the inputs' noise at 1 ms steps")
                    .number("pulses", 6, Range.POSITIVE, "number of pulses, 3 or more, a slot each")
                    .number("slotMs", 30, Range.POSITIVE, "duration of a slot, ms")
                    .build();
        }

        @Override
        public Task create(TaskOptions options) {
            return new ThreeBitFlipFlop(options);
        }
    }

    private final TaskOptions options;
    private final double dtMs;
    private final double noiseSd;
    private final int steps;
    private final int firstSlot;
    private final int pulseSteps;
    private final int delaySteps;
    private final int pulses;
    private final int slotSteps;

    private ThreeBitFlipFlop(TaskOptions options) {
        this.options = options;
        dtMs = options.number(TaskOptions.DT_MS);
        noiseSd = options.number(TaskOptions.NOISE_SD) * Math.sqrt(1 / dtMs);
        steps = options.steps(TaskOptions.DURATION_MS);
        firstSlot = options.steps(TaskOptions.STIMULUS_ONSET_MS);
        pulseSteps = options.steps(TaskOptions.STIMULUS_MS);
        delaySteps = options.steps(TaskOptions.DELAY_MS);
        slotSteps = options.steps("slotMs");
        pulses = (int) options.number("pulses");
        // Each value is in its range already; these are conditions on several values together.
        if (pulses != options.number("pulses") || pulses < CHANNELS) {
            throw new IllegalArgumentException(NAME + ": pulses is " + options.number("pulses")
                    + ", expected a whole number, at least " + CHANNELS);
        }
        if (pulseSteps < 1 || slotSteps < pulseSteps) {
            throw new IllegalArgumentException(NAME + ": a pulse has " + pulseSteps + " steps and a slot " + slotSteps
                    + ", expected 1 or more, and a slot no shorter than a pulse");
        }
        if (lastChange() >= steps) {
            throw new IllegalArgumentException(NAME + ": the outputs may change at step " + lastChange()
                    + ", expected before the trial's end, step " + steps);
        }
    }

    /** The latest step at which an output changes. */
    private long lastChange() {
        return (long) firstSlot + (long) pulses * slotSteps + delaySteps;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String description() {
        return "Three inputs get pulses of +1 and -1 at random, " + pulses + " in all.\n"
                + "Each output holds the sign of the last pulse on its input; it is 0 before the first. Types by the signs in the end.";
    }

    @Override
    public int inputs() {
        return CHANNELS;
    }

    @Override
    public int outputs() {
        return CHANNELS;
    }

    @Override
    public int steps() {
        return steps;
    }

    @Override
    public double dtMs() {
        return dtMs;
    }

    /** Type k has a + at each 1 of the binary number k. */
    @Override
    public List<String> types() {
        return List.of("---", "--+", "-+-", "-++", "+--", "+-+", "++-", "+++");
    }

    private static int sign(int type, int channel) {
        return (type >> (CHANNELS - 1 - channel) & 1) == 1 ? 1 : -1;
    }

    /** All random numbers come from {@code random}, so that trial i of a seed is always the same. */
    @Override
    public void write(int type, RandomStream random, double[] x, double[] y, double[] mask) {
        int[] channel = new int[pulses];
        int[] firstThree = {0, 1, 2};
        random.shuffle(firstThree);
        int[] last = new int[CHANNELS];
        for (int p = 0; p < pulses; p++) {
            channel[p] = p < CHANNELS ? firstThree[p] : random.nextInt(CHANNELS);
            last[channel[p]] = p;
        }
        for (int p = 0; p < pulses; p++) {
            int c = channel[p];
            int onset = firstSlot + p * slotSteps + random.nextInt(slotSteps - pulseSteps + 1);
            int drawn = random.nextInt(2) == 0 ? -1 : 1;
            int sign = p == last[c] ? sign(type, c) : drawn;
            for (int t = onset; t < onset + pulseSteps; t++) {
                x[t * CHANNELS + c] = sign;
            }
            for (int t = onset + pulseSteps + delaySteps; t < steps; t++) {
                y[t * CHANNELS + c] = sign;
            }
        }
        random.addGaussian(x, 0, steps * CHANNELS, noiseSd);
    }

    /** Figures and analyses distinguish these parts; analyses evaluate the answer in the last part named response. */
    @Override
    public List<TrialPart> parts() {
        TrialPart stimuli = new TrialPart(TrialPart.STIMULUS, firstSlot, (int) lastChange());
        TrialPart response = new TrialPart(TrialPart.RESPONSE, (int) lastChange(), steps);
        if (firstSlot == 0) {
            return List.of(stimuli, response);
        }
        return List.of(new TrialPart(TrialPart.BEFORE, 0, firstSlot), stimuli, response);
    }

    @Override
    public double stopLoss() {
        return 5e-3;
    }

    @Override
    public int defaultTrials() {
        return 10_000;
    }

    @Override
    public TaskOptions options() {
        return options;
    }
}
