package attractor.task;

import attractor.io.Printable;
import attractor.random.RandomStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A 1-bit memory: pulses on input 0 (Set) or 1 (Reset), never both at once. The target starts at 0, becomes 1 at the
 * end + delay of a Set and 0 at the end + delay of a Reset, and otherwise stays as it is. The type is the last pulse;
 * the others are drawn. Immutable.
 *
 * <p>A trial draws its shift (of the whole train), its pulses except the last unless they are given, then the target's
 * noise if there is any, then the inputs' noise.
 */
final class FlipFlopTask extends PaperTask {

    private static final int SET = 0;
    private static final int RESET = 1;

    private final int[] onsets;
    /** The input of each pulse except the last, or null where they are drawn. */
    private final int[] earlier;

    FlipFlopTask(TaskOptions options) {
        super("flipflop", 2, List.of("reset", "set"), options);
        List<Double> onsetsMs = options.list(TaskOptions.STIMULUS_ONSETS_MS);
        if (onsetsMs.isEmpty()) {
            throw error(TaskOptions.STIMULUS_ONSETS_MS + " is empty, expected at least one onset");
        }
        onsets = new int[onsetsMs.size()];
        for (int p = 0; p < onsets.length; p++) {
            onsets[p] = TaskOptions.steps(TaskOptions.STIMULUS_ONSETS_MS + "[" + p + "]", onsetsMs.get(p), dtMs());
            if (p > 0 && onsets[p] < (long) onsets[p - 1] + stimulusSteps) {
                throw error("pulse " + p + " begins at step " + onsets[p] + ", expected step "
                        + ((long) onsets[p - 1] + stimulusSteps) + " or later, where the one before it ends ("
                        + value(TaskOptions.STIMULUS_ONSETS_MS) + ", " + value(TaskOptions.STIMULUS_MS) + ")");
            }
        }
        checkFits(
                TaskOptions.STIMULUS_ONSETS_MS,
                onsets[0],
                sum(onsets[onsets.length - 1], stimulusSteps, delaySteps),
                1);
        List<Double> given = options.list(TaskOptions.EARLIER_PULSES);
        if (given.isEmpty()) {
            earlier = null;
        } else {
            if (given.size() != onsets.length - 1) {
                throw error(TaskOptions.EARLIER_PULSES + " has " + Printable.count(given.size(), "value")
                        + ", expected " + (onsets.length - 1) + " (one for each pulse but the last) or none");
            }
            earlier = new int[given.size()];
            for (int p = 0; p < earlier.length; p++) {
                double input = given.get(p);
                if (input != SET && input != RESET) {
                    throw error(TaskOptions.EARLIER_PULSES + "[" + p + "] is " + TaskOptions.format(input)
                            + ", expected 0 (Set) or 1 (Reset)");
                }
                earlier[p] = (int) input;
            }
        }
    }

    @Override
    public String description() {
        return "Two inputs, Set (0) and Reset (1): at " + onsetWords() + " there is a " + stimulusWords()
                + " on one of them. The output is " + level(1) + " from " + ms(TaskOptions.DELAY_MS)
                + " after a Set's end, "
                + level(0) + " from " + ms(TaskOptions.DELAY_MS) + " after a Reset's, else unchanged; it starts at "
                + level(0)
                + ". Types by the last pulse. " + closingWords();
    }

    @Override
    public void write(int type, RandomStream random, double[] x, double[] y, double[] mask) {
        int shift = shift(random);
        int last = onsets.length - 1;
        for (int p = 0; p <= last; p++) {
            int input;
            if (p == last) {
                input = type == 1 ? SET : RESET;
            } else {
                input = earlier == null ? random.nextInt(2) : earlier[p];
            }
            int onset = onsets[p] + shift;
            stimulate(x, input, onset);
            int change = onset + stimulusSteps + delaySteps;
            Arrays.fill(y, change, steps, input == SET ? 1 : 0);
        }
        finish(random, x, y);
    }

    @Override
    public boolean zeroTarget(int type) {
        if (type == 1) {
            return false;
        }
        boolean anySet = earlier == null && onsets.length > 1;
        if (earlier != null) {
            for (int input : earlier) {
                anySet |= input == SET;
            }
        }
        return !anySet;
    }

    @Override
    public List<TrialPart> parts() {
        List<TrialPart> parts = new ArrayList<>();
        addPart(parts, TrialPart.BEFORE, 0, onsets[0]);
        for (int p = 0; p < onsets.length; p++) {
            int end = onsets[p] + stimulusSteps;
            int next = p + 1 < onsets.length ? onsets[p + 1] : steps;
            int response = Math.min(sum(end, delaySteps), next);
            addPart(parts, TrialPart.STIMULUS, onsets[p], end);
            addPart(parts, TrialPart.GAP, end, response);
            addPart(parts, TrialPart.RESPONSE, response, next);
        }
        return List.copyOf(parts);
    }

    @Override
    public int defaultTrials() {
        return 25_000;
    }

    private String onsetWords() {
        List<Double> onsetsMs = options().list(TaskOptions.STIMULUS_ONSETS_MS);
        return String.join(", ", onsetsMs.stream().map(TaskOptions::format).toList()) + " ms";
    }
}
