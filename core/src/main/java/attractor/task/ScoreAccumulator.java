package attractor.task;

import attractor.io.Printable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Collects scores trial by trial. Sums run over steps and outputs within a trial, then over trials in the order in
 * which they are added: add them in the order of their index to get the same bits every time.
 *
 * <p>Not thread-safe; belongs to one thread. Adding a trial allocates nothing.
 */
public final class ScoreAccumulator {

    private final List<String> types;
    private final boolean[] saidZero;
    private final int length;
    private final int outputs;
    private final Readout readout;
    private final double dtMs;
    /** Sum of the outputs over a response window. */
    private final double[] sum;

    private final int[] trials;
    private final int[] nonFinite;
    private final double[] distanceMean;
    /** Sum of squared deviations from the mean so far (Welford). */
    private final double[] distanceSquares;

    private final double[] rmseSum;
    private final double[] zeroSum;
    private final boolean[] anyTarget;
    private final int[] right;
    /** Of the right trials, in steps. */
    private final long[] decisionSteps;

    /** For the trials of a set whose steps last 1 ms. */
    public ScoreAccumulator(Trials trials) {
        this(trials, 1);
    }

    /**
     * For the trials of a set.
     *
     * @param dtMs duration of their steps, for decision times
     */
    public ScoreAccumulator(Trials trials, double dtMs) {
        this(trials.types(), trials.steps(), trials.outputs(), zeroTargets(trials), trials.readout(), dtMs);
    }

    /** For trials of the given types and shape, without classes. */
    public ScoreAccumulator(List<String> types, int steps, int outputs, boolean[] zeroTarget) {
        this(types, steps, outputs, zeroTarget, Readout.NONE, 1);
    }

    /**
     * For trials of the given types and shape.
     *
     * @param zeroTarget for each type, whether its target is zero except for noise and offset; null if only a target
     * whose values are all exactly zero counts as zero. Not modified.
     * @param readout how answers are read
     * @param dtMs duration of a step, for decision times
     * @throws IllegalArgumentException if there are no types, or steps or outputs are below 1, or zeroTarget has another
     *     length, or there are levels of one output and several outputs
     */
    public ScoreAccumulator(
            List<String> types, int steps, int outputs, boolean[] zeroTarget, Readout readout, double dtMs) {
        this.types = List.copyOf(types);
        int n = this.types.size();
        if (n < 1 || steps < 1 || outputs < 1) {
            throw new IllegalArgumentException("scores of " + n + " types, " + Printable.count(steps, "step") + ", "
                    + Printable.count(outputs, "output") + ", expected at least 1 of each");
        }
        if (zeroTarget != null && zeroTarget.length != n) {
            throw new IllegalArgumentException("zeroTarget has " + Printable.count(zeroTarget.length, "value")
                    + ", expected " + n + ", one for each type");
        }
        if (readout.kind() == Readout.Kind.LEVEL && outputs != 1) {
            throw new IllegalArgumentException("trials have " + Printable.count(outputs, "output")
                    + ", expected 1 where classes are levels of the output");
        }
        this.outputs = outputs;
        this.readout = readout;
        this.dtMs = dtMs;
        sum = new double[outputs];
        right = new int[n];
        decisionSteps = new long[n];
        saidZero = zeroTarget == null ? new boolean[n] : zeroTarget.clone();
        length = Math.multiplyExact(steps, outputs);
        trials = new int[n];
        nonFinite = new int[n];
        distanceMean = new double[n];
        distanceSquares = new double[n];
        rmseSum = new double[n];
        zeroSum = new double[n];
        anyTarget = new boolean[n];
    }

    /** For each type of a set, whether its target is zero. */
    static boolean[] zeroTargets(Trials trials) {
        boolean[] zero = new boolean[trials.types().size()];
        for (int k = 0; k < zero.length; k++) {
            zero[k] = trials.zeroTarget(k);
        }
        return zero;
    }

    /**
     * Adds a trial whose values are contiguous.
     *
     * @param type index of its type
     * @param predicted outputs, T x O from {@code predictedOffset} on. Not modified.
     * @param target targets, T x O from {@code targetOffset} on. Not modified.
     * @param mask weights, T x O from {@code maskOffset} on; null if all are 1. Not modified.
     * @throws IndexOutOfBoundsException if there is no such type or an array is too short
     * @throws IllegalArgumentException if the sum of the weights isn't above 0
     */
    public void add(
            int type,
            double[] predicted,
            int predictedOffset,
            double[] target,
            int targetOffset,
            double[] mask,
            int maskOffset) {
        Objects.checkIndex(type, trials.length);
        double errors = 0;
        double squares = 0;
        double weights = 0;
        boolean finite = true;
        boolean nonZero = false;
        int end = length;
        while (mask != null && end > 0 && mask[maskOffset + end - 1] == 0) {
            end--; // behind the end of a short trial, where outputs may be anything
        }
        for (int k = 0; k < end; k++) {
            double output = predicted[predictedOffset + k];
            double wanted = target[targetOffset + k];
            double weight = mask == null ? 1 : mask[maskOffset + k];
            double error = output - wanted;
            finite &= Double.isFinite(output);
            nonZero |= wanted != 0 && weight != 0;
            errors += weight * error * error;
            squares += weight * wanted * wanted;
            weights += weight;
        }
        if (!(weights > 0)) {
            throw new IllegalArgumentException(
                    "weights of a trial of type " + types.get(type) + " sum to " + weights + ", expected above 0");
        }
        double distance = Math.sqrt(errors);
        trials[type]++;
        double deviation = distance - distanceMean[type];
        distanceMean[type] += deviation / trials[type];
        distanceSquares[type] += deviation * (distance - distanceMean[type]);
        rmseSum[type] += Math.sqrt(errors / weights);
        zeroSum[type] += Math.sqrt(squares / weights);
        anyTarget[type] |= nonZero;
        if (!finite) {
            nonFinite[type]++;
        }
        if (readout.classifies()) {
            decide(type, predicted, predictedOffset, target, targetOffset, mask, maskOffset);
        }
    }

    /** Reads the answer, as {@link Readout} says. */
    private void decide(int type, double[] y, int yAt, double[] target, int targetAt, double[] mask, int maskAt) {
        int steps = length / outputs;
        double largest = 0;
        int last = 0;
        for (int t = 0; t < steps; t++) {
            double weight = weight(mask, maskAt, t);
            if (weight >= largest) {
                largest = weight;
                last = t;
            }
        }
        int asked = readout.classOf(target, targetAt + last * outputs, outputs);
        Arrays.fill(sum, 0);
        int first = last;
        for (int t = last; t >= 0; t--) {
            if (weight(mask, maskAt, t) == largest
                    && readout.classOf(target, targetAt + t * outputs, outputs) == asked) {
                first = t;
            }
        }
        int count = 0;
        for (int t = first; t <= last; t++) {
            if (weight(mask, maskAt, t) == largest
                    && readout.classOf(target, targetAt + t * outputs, outputs) == asked) {
                count++;
                for (int o = 0; o < outputs; o++) {
                    sum[o] += y[yAt + t * outputs + o];
                }
            }
        }
        for (int o = 0; o < outputs; o++) {
            sum[o] /= count;
        }
        int answer = readout.classOf(sum, 0, outputs);
        if (asked < 0 || answer != asked) {
            return;
        }
        int settled = last + 1;
        while (settled > 0 && readout.classOf(y, yAt + (settled - 1) * outputs, outputs) == answer) {
            settled--;
        }
        right[type]++;
        decisionSteps[type] += settled - first;
    }

    /** The sum of a step's weights. */
    private double weight(double[] mask, int maskAt, int t) {
        if (mask == null) {
            return 1;
        }
        double weight = 0;
        for (int o = 0; o < outputs; o++) {
            weight += mask[maskAt + t * outputs + o];
        }
        return weight;
    }

    private Optional<Decisions> decisions(int type) {
        if (!readout.classifies() || trials[type] == 0) {
            return Optional.empty();
        }
        double steps = right[type] == 0 ? Double.NaN : (double) decisionSteps[type] / right[type];
        return Optional.of(new Decisions((double) right[type] / trials[type], steps * dtMs));
    }

    /** The scores of the trials added so far. */
    public Scores scores() {
        List<TypeScore> scores = new ArrayList<>();
        for (int k = 0; k < trials.length; k++) {
            int n = trials[k];
            boolean zero = saidZero[k] || (n > 0 && !anyTarget[k]);
            scores.add(
                    n == 0
                            ? new TypeScore(types.get(k), 0, 0, Double.NaN, Double.NaN, Double.NaN, Double.NaN, zero)
                            : new TypeScore(
                                    types.get(k),
                                    n,
                                    nonFinite[k],
                                    distanceMean[k],
                                    Math.sqrt(distanceSquares[k] / n) * Math.sqrt(n / (n - 1.0)),
                                    rmseSum[k] / n,
                                    zeroSum[k] / n,
                                    zero,
                                    decisions(k)));
        }
        return new Scores(scores);
    }
}
