package attractor.engine;

import attractor.kernel.Fma;
import attractor.random.RandomStream;
import java.util.Arrays;

/**
 * Optional terms that training can add to the loss and its derivatives. Each term is a separate pass over the states of a
 * step; standard training has none. Belongs to one thread.
 *
 * <p><b>A penalty on the rates</b> adds {@code sum over t, trials of c(t) |h(t)|^2} to the loss, and hence {@code
 * 2 c(t) h(t)} to dh(t). Here {@code c(t) = l2Rates w(t) / N}, and w(t) is the sum of the weights of the trial's outputs at t.
 * In the current form h(t) is the rate phi(x(t)).
 *
 * <p><b>The derivative by alpha.</b> alpha enters every step directly. So dL/dalpha is the sum over t and trials of dh(t+1)
 * times the derivative of h(t+1) by alpha, with h(t) held fixed. With {@code h(t+1) = h(t) + alpha (r - h(t)) + n}, where the
 * noise n is proportional to sqrt(alpha), this derivative is {@code r - h(t) + n / (2 alpha)}, and with n computed from the
 * states {@code (r - h(t)) / 2 + (h(t+1) - h(t)) / (2 alpha)}. In the current form z(t+1), which is there in r's place, isn't
 * kept; there the derivative is {@code (x(t+1) - x(t) - n / 2) / alpha}, with the noise drawn again.
 */
final class ExtraTerms {
    private final double l2Rates; // stays double
    private final boolean byAlpha;
    private final boolean noisy;
    private final EulerStep step;
    private final int units;
    private final int outputs;
    /** Noise of one step, where it is drawn again. */
    private final double[] noise;

    private final RandomStream stream = new RandomStream(0, EulerStep.NOISE, 0);
    private double penalty; // stays double
    private double alphaGradient; // stays double

    ExtraTerms(EulerStep step, double l2Rates, boolean byAlpha) { // stays double
        this.l2Rates = l2Rates;
        this.byAlpha = byAlpha;
        noisy = step.hasNoise();
        this.step = step;
        units = step.shape().units();
        noise = new double[units];
        outputs = step.shape().outputs();
    }

    /** Starts a chunk: sets the sums to 0. */
    void begin() {
        penalty = 0.0;
        alphaGradient = 0.0;
    }

    boolean penaliseRates() {
        return l2Rates != 0.0;
    }

    boolean byAlpha() {
        return byAlpha;
    }

    /** The sum of {@code c(t) |h(t)|^2} over the chunk. */
    double penalty() { // stays double
        return penalty;
    }

    /** The derivative of losses and penalty by alpha, over the chunk. */
    double alphaGradient() { // stays double
        return alphaGradient;
    }

    /**
     * Adds the penalty on what is sent in a slot.
     *
     * @param weight weights of the outputs at that time: {@code weight[weightOff + r * stride + o]}. Not modified.
     */
    void addPenalty(TrialRows tape, int slot, double[] weight, int weightOff, int stride) { // stays double
        double[] h = tape.values();
        for (int r = 0; r < tape.trials(); r++) {
            int from = tape.sentAt(slot) + r * tape.length();
            double sum = 0.0;
            for (int i = from; i < from + units; i++) {
                sum = Fma.fma(h[i], h[i], sum);
            }
            penalty += factor(weight, weightOff + r * stride) * sum;
        }
    }

    /** c(t) of a trial; the weights of its outputs begin at {@code at}. */
    private double factor(double[] weight, int at) { // stays double
        double sum = 0.0; // stays double
        for (int o = 0; o < outputs; o++) {
            sum += weight[at + o];
        }
        return l2Rates * sum / units;
    }

    /**
     * {@code dh(t) += 2 c(t) h(t)}.
     *
     * @param weight as in {@link #addPenalty}
     * @param dh trials x ldh. Modified.
     */
    void addAdjoints(
            TrialRows tape,
            int slot,
            double[] weight, // stays double
            int weightOff,
            int stride,
            double[] dh,
            int ldh) {
        double[] h = tape.values();
        for (int r = 0; r < tape.trials(); r++) {
            // float: float factor = (float) (2.0 * factor(weight, weightOff + r * stride));
            double factor = 2.0 * factor(weight, weightOff + r * stride);
            int from = tape.sentAt(slot) + r * tape.length();
            for (int i = 0; i < units; i++) {
                dh[r * ldh + i] += factor * h[from + i];
            }
        }
    }

    /**
     * Adds the part of the derivative by alpha that comes from the step from a slot to the next one.
     *
     * @param dh dh(t+1), trials x ldh. Not modified.
     */
    void addAlphaGradient(TrialRows tape, int slot, double alpha, double[] dh, int ldh) {
        double[] states = tape.values();
        double[] rates = tape.rates();
        double half = 0.5 / alpha;
        double sum = 0.0;
        for (int r = 0; r < tape.trials(); r++) {
            int h = tape.stateAt(slot) + r * tape.length();
            int next = tape.stateAt(slot + 1) + r * tape.length();
            int rate = tape.rateAt(slot + 1) + r * tape.rateStride();
            for (int i = 0; i < units; i++) {
                double change = rates[rate + i] - states[h + i];
                if (noisy) {
                    change = 0.5 * change + half * (states[next + i] - states[h + i]);
                }
                sum = Fma.fma(dh[r * ldh + i], change, sum);
            }
        }
        alphaGradient += sum;
    }

    /**
     * The same in the current form.
     *
     * @param t the step's number
     * @param keys to the noise of each trial. Not modified.
     * @param dz {@code dz(t+1) = alpha dx(t+1)}, {@code dz[dzOff + r * ldDz + i]}. Not modified.
     */
    void addAlphaGradient(
            TrialRows tape, int slot, int t, long[] keys, double alpha, double[] dz, int dzOff, int ldDz) {
        double[] x = tape.states();
        double scale = 1.0 / (alpha * alpha);
        double sum = 0.0;
        for (int r = 0; r < tape.trials(); r++) {
            int now = tape.stateAt(slot) + r * tape.stateStride();
            int next = tape.stateAt(slot + 1) + r * tape.stateStride();
            if (noisy) {
                Arrays.fill(noise, 0.0);
                step.addNoise(stream, keys[r], t, noise, 0);
            }
            for (int i = 0; i < units; i++) {
                double change = x[next + i] - x[now + i] - 0.5 * noise[i];
                sum = Fma.fma(dz[dzOff + r * ldDz + i], change, sum);
            }
        }
        alphaGradient += scale * sum;
    }
}
