package attractor.task;

import attractor.random.RandomStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * One stimulus, or none, on each input at the same time, and a response after a delay if the type requires one. These
 * are {@code pulse}, {@code and}, {@code or}, {@code xor}, {@code not} and {@code oscillation}. They differ in which
 * inputs are on, in which types respond, and in the shape of the response. Immutable.
 *
 * <p>A trial draws its shift, then the target's noise if there is any, then the inputs' noise.
 */
final class CueTask extends PaperTask {

    /** Shape of a response. */
    enum Response {
        /** The same shape as the stimulus. */
        BUMP,
        /** 1 to the end. */
        STEP,
        /** sin(2 pi f t) to the end. */
        SINE
    }

    /**
     * What distinguishes one of the six tasks from the others.
     *
     * @param types names; with more than one input, they name input 0, then input 1
     * @param on for each type; bit i says whether input i has a stimulus
     * @param responds for each type, whether there is a response
     * @param who when there is a response, in words that follow "if"
     */
    record Rule(
            String name,
            int inputs,
            List<String> types,
            List<Integer> on,
            List<Boolean> responds,
            Response response,
            String who,
            double stopLoss) {}

    private final Rule rule;
    private final int onset;
    private final int responseOnset;
    /** The response, starting at its onset, as long as the longest one. Never written to. */
    private final double[] response;

    CueTask(Rule rule, TaskOptions options) {
        super(rule.name, rule.inputs, rule.types, options);
        this.rule = rule;
        onset = options.steps(TaskOptions.STIMULUS_ONSET_MS);
        responseOnset = sum(onset, stimulusSteps, delaySteps);
        int needed = switch (rule.response) {
            case BUMP -> stimulusSteps;
            case STEP -> 1;
            case SINE -> 2; // its first value is 0
        };
        checkFits(TaskOptions.STIMULUS_ONSET_MS, onset, responseOnset, needed);
        response = rule.response == Response.BUMP ? shape : new double[steps - responseOnset + jitterSteps];
        if (rule.response == Response.STEP) {
            Arrays.fill(response, 1);
        } else if (rule.response == Response.SINE) {
            double hz = options.number(TaskOptions.FREQUENCY_HZ);
            if (hz * dtMs() >= 500) {
                throw error(value(TaskOptions.FREQUENCY_HZ) + " at " + value(TaskOptions.DT_MS)
                        + ", expected less than half the sampling rate, " + TaskOptions.format(500 / dtMs()) + " Hz");
            }
            for (int k = 0; k < response.length; k++) {
                response[k] = StrictMath.sin(2 * Math.PI * hz * (k * dtMs() / 1000));
            }
        }
    }

    @Override
    public String description() {
        String cue = inputs() == 1 ? "One input: a " : "Two inputs: each has a ";
        String from = TaskOptions.format(responseOnset * dtMs()) + " ms";
        String answer = switch (rule.response) {
            case BUMP -> "shows such a bump, from " + level(0) + " up to " + level(1) + ", at " + from;
            case STEP -> "steps from " + level(0) + " to " + level(1) + " at " + from + " and stays there";
            case SINE ->
                "oscillates at " + TaskOptions.format(options().number(TaskOptions.FREQUENCY_HZ)) + " Hz from " + from
                        + " on";
        };
        return cue + stimulusWords() + " at " + ms(TaskOptions.STIMULUS_ONSET_MS) + ", or none. If " + rule.who
                + ", the output " + answer + "; else it stays at " + level(0) + ". " + closingWords();
    }

    @Override
    public void write(int type, RandomStream random, double[] x, double[] y, double[] mask) {
        int shift = shift(random);
        for (int input = 0; input < rule.inputs; input++) {
            if ((rule.on.get(type) >> input & 1) == 1) {
                stimulate(x, input, onset + shift);
            }
        }
        if (rule.responds.get(type)) {
            int begin = responseOnset + shift;
            System.arraycopy(response, 0, y, begin, Math.min(response.length, steps - begin));
        }
        finish(random, x, y);
    }

    @Override
    public List<String> warnings() {
        List<String> warnings = new ArrayList<>(super.warnings());
        for (int type = 0; type < rule.types.size(); type++) {
            if (jitterSteps > 0 && rule.responds.get(type) && rule.on.get(type) == 0) {
                warnings.add("task " + name() + ": a trial of type " + rule.types.get(type)
                        + " has no stimulus, so that " + UntoldAnswers.WORDS + " when the answer is due, which "
                        + value(TaskOptions.ONSET_JITTER_MS) + " shifts from trial to trial");
            }
        }
        return warnings;
    }

    @Override
    public boolean zeroTarget(int type) {
        return !rule.responds.get(type);
    }

    @Override
    public List<TrialPart> parts() {
        int end = rule.response == Response.BUMP ? responseOnset + stimulusSteps : steps;
        return parts(onset, responseOnset, end);
    }

    /** Without a stimulus nothing happens until the response. */
    @Override
    public List<TrialPart> parts(int type) {
        if (rule.on.get(type) != 0) {
            return parts();
        }
        List<TrialPart> parts = new ArrayList<>();
        addPart(parts, TrialPart.BEFORE, 0, responseOnset);
        parts().stream().filter(part -> part.from() >= responseOnset).forEach(parts::add);
        return List.copyOf(parts);
    }

    @Override
    public double stopLoss() {
        return rule.stopLoss;
    }

    @Override
    public boolean recurrentBias() {
        return rule.on.get(0) == 0 && rule.responds.get(0);
    }
}
