package attractor.tasks;

import attractor.io.Printable;
import attractor.random.RandomStream;
import attractor.task.NamedTaskProvider;
import attractor.task.TaskOptions;
import attractor.task.TaskOptions.Range;
import attractor.task.TrialPart;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * N-bit flip-flop: N inputs get pulses of +1 and -1 at random times, and output c keeps the sign of the last pulse on input
 * c; it is 0 before the first.
 *
 * <p>Pulse p comes at a random time in slot p. The first N pulses go to the N inputs in random order, the others to random
 * inputs, so that in the end every output holds a sign. These signs are the trial's type, such as {@code +-+}: the last pulse
 * on each input fits, all others are random.
 *
 * <p>A trial draws its shift, the order of the first N pulses, the inputs of the others, then for each pulse its time and its
 * sign (also where it isn't used), then the inputs' noise.
 *
 * <p>Source: Sussillo, Barak, Neural Comput. 25 (2013). Immutable, safe for any thread.
 */
public final class BitMemory extends FieldTask {
    /** The task's name. */
    public static final String NAME = "n-bit-flipflop";

    /** Key of the number of bits N, 1 to 6. */
    public static final String BITS = "bits";

    /** Key of the number of pulses, at least N. */
    public static final String PULSES = "pulses";

    /** Key of the duration in ms of the slot in which a pulse comes. */
    public static final String SLOT_MS = "slotMs";

    private static final int MOST_BITS = 6;

    /** Makes the task. Immutable, safe for any thread. */
    public static final class Provider extends NamedTaskProvider {
        /** For {@link java.util.ServiceLoader}. */
        public Provider() {
            super(NAME, BitMemory::defaults, BitMemory::new);
        }
    }

    private static TaskOptions defaults() {
        TaskOptions.Builder options = timing(NAME, 250, 10)
                .number(TaskOptions.STIMULUS_MS, 10, Range.POSITIVE, "duration of a pulse, ms")
                .number(TaskOptions.DELAY_MS, 5, Range.NON_NEGATIVE, "from a pulse's end to the output's change, ms")
                .number(BITS, 3, Range.POSITIVE, "number of bits N, an input and an output each, 1 to 6")
                .number(PULSES, 6, Range.POSITIVE, "number of pulses, at least N, a slot each")
                .number(SLOT_MS, 30, Range.POSITIVE, "duration of a slot, ms");
        return rest(options).build();
    }

    private final int bits;
    private final int onset;
    private final int pulseSteps;
    private final int delaySteps;
    private final int slotSteps;
    private final int pulses;

    private BitMemory(TaskOptions options) {
        super(NAME, bits(options), bits(options), states(bits(options)), options);
        bits = inputs();
        onset = options.steps(TaskOptions.STIMULUS_ONSET_MS);
        pulseSteps = atLeastOneStep(TaskOptions.STIMULUS_MS);
        delaySteps = options.steps(TaskOptions.DELAY_MS);
        slotSteps = atLeastOneStep(SLOT_MS);
        pulses = whole(PULSES, bits, 1_000_000);
        if (slotSteps < pulseSteps) {
            throw error(
                    "a slot has " + Printable.count(slotSteps, "step") + " (" + value(SLOT_MS) + "), expected at least "
                            + pulseSteps + ", as many as a pulse (" + value(TaskOptions.STIMULUS_MS) + ")");
        }
        checkFits(onset, lastChange(), 1);
    }

    private static int bits(TaskOptions options) {
        return whole(NAME, options, BITS, 1, MOST_BITS);
    }

    private static List<String> states(int bits) {
        List<String> states = new ArrayList<>();
        for (int type = 0; type < 1 << bits; type++) {
            StringBuilder signs = new StringBuilder();
            for (int c = 0; c < bits; c++) {
                signs.append(sign(type, c, bits) > 0 ? '+' : '-');
            }
            states.add(signs.toString());
        }
        return states;
    }

    /** Type k has a + at each 1 of the binary number k. */
    private static int sign(int type, int channel, int bits) {
        return (type >> (bits - 1 - channel) & 1) == 1 ? 1 : -1;
    }

    /** The latest step at which an output changes in an unshifted trial. */
    private long lastChange() {
        return (long) onset + (long) pulses * slotSteps + delaySteps;
    }

    @Override
    public String description() {
        return bits + " inputs get pulses of " + ms(TaskOptions.STIMULUS_MS) + ", +1 or -1, " + pulses
                + " in all, one in each slot of " + ms(SLOT_MS) + " from " + ms(TaskOptions.STIMULUS_ONSET_MS)
                + " on. Each output holds the sign of the last pulse on its input from " + ms(TaskOptions.DELAY_MS)
                + " after its end on; it is 0 before the first. Types by the signs in the end. " + closingWords();
    }

    @Override
    public void write(int type, RandomStream random, double[] x, double[] y, double[] mask) {
        int shift = shift(random);
        int[] order = IntStream.range(0, bits).toArray();
        random.shuffle(order);
        int[] channel = new int[pulses];
        int[] last = new int[bits];
        for (int p = 0; p < pulses; p++) {
            channel[p] = p < bits ? order[p] : random.nextInt(bits);
            last[channel[p]] = p;
        }
        for (int p = 0; p < pulses; p++) {
            int c = channel[p];
            int begin = onset + shift + p * slotSteps + random.nextInt(slotSteps - pulseSteps + 1);
            int drawn = random.nextInt(2) == 0 ? -1 : 1;
            int sign = p == last[c] ? sign(type, c, bits) : drawn;
            input(x, c, begin, begin + pulseSteps, amplitude * sign);
            for (int t = begin + pulseSteps + delaySteps; t < steps; t++) {
                y[t * bits + c] = sign;
            }
        }
        noise(random, x);
    }

    @Override
    public List<TrialPart> parts() {
        return parts(onset, (int) lastChange(), (int) lastChange());
    }

    @Override
    public double stopLoss() {
        return 5e-3;
    }
}
