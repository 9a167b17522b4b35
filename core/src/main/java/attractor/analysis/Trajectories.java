package attractor.analysis;

import attractor.io.Printable;
import attractor.kernel.Kernels;
import attractor.model.Rnn;
import attractor.task.Task;
import attractor.task.TrialPart;
import attractor.task.Trials;
import attractor.train.TrialBatches;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What a network does in some trials: inputs, targets, states and outputs after each step.
 *
 * <p>Thread-safe as long as the arrays are not modified; they are not copied.
 *
 * @param types names of the S trials' types, which may repeat
 * @param parts the parts of each trial that figures mark, see {@link Task#parts(int)}
 * @param dtMs duration of a step in ms; step t (from 0) ends at {@code (t + 1) * dtMs}
 * @param steps T
 * @param inputs I
 * @param units N
 * @param outputs O
 * @param x inputs, {@code x[(s * T + t) * I + i]}
 * @param target targets, {@code target[(s * T + t) * O + o]}
 * @param mask weights of the squared errors, laid out as {@code target}: ones if the task isn't masked
 * @param h states after each step, {@code h[(s * T + t) * N + i]}; NaN in the padding after a trial's own steps
 * @param y outputs after each step, {@code y[(s * T + t) * O + o]}; NaN in the padding
 * @param probabilities whether {@code y} are the probabilities of classes, the softmax of the outputs
 */
public record Trajectories(
        List<String> types,
        List<List<TrialPart>> parts,
        double dtMs,
        int steps,
        int inputs,
        int units,
        int outputs,
        double[] x,
        double[] target,
        double[] mask,
        double[] h,
        double[] y,
        boolean probabilities) {

    /**
     * Runs one trial of each type, in their order.
     *
     * @see #of(Rnn, Task, int, long)
     */
    public static Trajectories of(Rnn rnn, Task task, long seed) {
        return of(rnn, task, task.types().size(), seed);
    }

    /**
     * Runs trials with the noise that task and network have: the first trials of an evaluation with that seed, the
     * types in turn.
     *
     * @param rnn Not modified.
     * @param count S, at least 1
     * @throws IllegalArgumentException if network and task don't fit together
     */
    public static Trajectories of(Rnn rnn, Task task, int count, long seed) {
        if (task.inputs() != rnn.inputs() || task.outputs() != rnn.outputs() || task.dtMs() != rnn.dtMs()) {
            throw new IllegalArgumentException(
                    "task " + task.name() + " has " + Printable.count(task.inputs(), "input") + ", "
                            + Printable.count(task.outputs(), "output") + " and a dt of " + task.dtMs()
                            + " ms, expected the network's I = "
                            + rnn.inputs() + ", O = " + rnn.outputs() + " and " + rnn.dtMs() + " ms");
        }
        int steps = task.steps();
        Trials trials = Trials.balanced(task, count, seed, Trials.EVALUATION);
        double[] x = new double[count * steps * rnn.inputs()];
        double[] target = new double[count * steps * rnn.outputs()];
        double[] mask = new double[target.length];
        double[] h = new double[count * steps * rnn.units()];
        double[] y = new double[target.length];
        TrialBatches.run(rnn, trials, Kernels.get(), seed, true, batch -> {
            put(batch.x(), batch, steps * rnn.inputs(), x);
            put(batch.target(), batch, steps * rnn.outputs(), target);
            if (batch.mask() == null) {
                Arrays.fill(mask, 1.0);
            } else {
                put(batch.mask(), batch, steps * rnn.outputs(), mask);
            }
            put(batch.run().h(), batch, steps * rnn.units(), h);
            put(batch.run().y(), batch, steps * rnn.outputs(), y);
            for (int k = 0; k < batch.size(); k++) {
                int s = batch.first() + k;
                int end = s * steps + batch.steps(k);
                Arrays.fill(h, end * rnn.units(), (s + 1) * steps * rnn.units(), Double.NaN);
                Arrays.fill(y, end * rnn.outputs(), (s + 1) * steps * rnn.outputs(), Double.NaN);
            }
        });
        List<String> types = new ArrayList<>();
        List<List<TrialPart>> parts = new ArrayList<>();
        for (int s = 0; s < count; s++) {
            types.add(trials.types().get(trials.type(s)));
            parts.add(task.parts(trials.type(s)));
        }
        return new Trajectories(
                List.copyOf(types),
                List.copyOf(parts),
                task.dtMs(),
                steps,
                rnn.inputs(),
                rnn.units(),
                rnn.outputs(),
                x,
                target,
                mask,
                h,
                y,
                false);
    }

    /**
     * The same with the softmax of the outputs in their place, as a network means them that was trained with
     * {@link attractor.engine.SoftmaxCrossEntropy}: one-hot targets are probabilities, its outputs their logarithms but for a
     * constant.
     */
    public Trajectories withProbabilities() {
        double[] p = y.clone();
        for (int from = 0; from < p.length; from += outputs) {
            double largest = Double.NEGATIVE_INFINITY;
            for (int i = from; i < from + outputs; i++) {
                largest = Math.max(largest, y[i]);
            }
            double total = 0.0;
            for (int i = from; i < from + outputs; i++) {
                p[i] = StrictMath.exp(y[i] - largest);
                total += p[i];
            }
            for (int i = from; i < from + outputs; i++) {
                p[i] /= total;
            }
        }
        return new Trajectories(types, parts, dtMs, steps, inputs, units, outputs, x, target, mask, h, p, true);
    }

    private static void put(double[] some, TrialBatches.Batch batch, int length, double[] all) {
        System.arraycopy(some, 0, all, batch.first() * length, batch.size() * length);
    }

    /** Number of a trial's own steps, 1 to T: the padding after its last step with a weight doesn't count. */
    public int steps(int trial) {
        return TrialBatches.ownSteps(mask, trial, steps, outputs);
    }

    /** The outputs of a trial without padding, rows of O. */
    public double[] output(int trial) {
        int from = trial * steps * outputs;
        return Arrays.copyOfRange(y, from, from + steps(trial) * outputs);
    }

    /**
     * The states of all trials without padding, rows of N: {@link #h} itself if no trial has any.
     *
     * @throws IllegalArgumentException if the network diverges, so that a state isn't finite
     */
    public double[] states() {
        requireFinite();
        int rows = 0;
        for (int s = 0; s < trials(); s++) {
            rows += steps(s);
        }
        if (rows == trials() * steps) {
            return h;
        }
        double[] states = new double[rows * units];
        int at = 0;
        for (int s = 0; s < trials(); s++) {
            System.arraycopy(h, s * steps * units, states, at, steps(s) * units);
            at += steps(s) * units;
        }
        return states;
    }

    private void requireFinite() {
        for (int s = 0; s < trials(); s++) {
            for (int t = 0; t < steps(s); t++) {
                for (int i = 0; i < units; i++) {
                    double state = h[(s * steps + t) * units + i];
                    if (!Double.isFinite(state)) {
                        throw new IllegalArgumentException("the network diverges: in trial " + s + " (type "
                                + Printable.name(types.get(s)) + ") unit " + i + " is " + state + " after step "
                                + (t + 1) + " of " + steps);
                    }
                }
            }
        }
    }

    /**
     * Principal components of the states without padding.
     *
     * @param keep number K of components
     * @return M is the number of states; the projection has a row for every step, {@code projection[(s * T + t) * K +
     *     k]}, of NaN in the padding
     * @throws IllegalArgumentException if the network diverges, so that a state isn't finite
     */
    public Pca pca(int keep) {
        Pca pca = Pca.of(states(), units, keep);
        return pca.observations() == trials() * steps ? pca : pca.withProjection(pca.project(h));
    }

    /** Whether a step of a trial has weight 0 for all outputs, like the steps that fill up a short trial. */
    public boolean masked(int trial, int step) {
        int at = (trial * steps + step) * outputs;
        for (int o = 0; o < outputs; o++) {
            if (mask[at + o] != 0.0) {
                return false;
            }
        }
        return true;
    }

    /** S, the number of trials. */
    public int trials() {
        return types.size();
    }

    /** Short, since the arrays are long. */
    @Override
    public String toString() {
        return "Trajectories[types=" + types + ", T=" + steps + ", I=" + inputs + ", N=" + units + ", O=" + outputs
                + "]";
    }
}
