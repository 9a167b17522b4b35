package attractor.population;

import attractor.analysis.Trajectories;
import attractor.io.Printable;
import attractor.model.Form;
import attractor.model.Rnn;
import attractor.task.Task;
import attractor.task.TrialPart;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Trials of a network with noise, equally many of each type, and where the parts of a trial are.
 *
 * <p>Thread-safe as long as the arrays are not modified; they are not copied.
 *
 * @param types the K types' names
 * @param type each trial's type, an index into {@code types}, S values
 * @param parts by type, the parts of its trials; parts of one name, as the flip-flop has, count as one
 * @param commonParts the parts of an unshifted trial of any type
 * @param dtMs duration of a step in ms
 * @param steps T
 * @param units N
 * @param inputs I
 * @param rates rates after each step, {@code rates[(s * T + t) * N + i]}: what the read-out sees
 * @param x inputs, {@code x[(s * T + t) * I + i]}
 */
public record PopulationTrials(
        List<String> types,
        int[] type,
        List<List<TrialPart>> parts,
        List<TrialPart> commonParts,
        double dtMs,
        int steps,
        int units,
        int inputs,
        double[] rates,
        double[] x) {

    /** All types, or all parts. */
    public static final String ALL = "all";

    /**
     * Runs trials with the noise that task and network have: the first of an evaluation with that seed.
     *
     * @param rnn Not modified.
     * @param trialsPerType at least 1
     * @throws IllegalArgumentException if network and task don't fit together, trials differ in length, or a state isn't finite
     */
    public static PopulationTrials of(Rnn rnn, Task task, int trialsPerType, long seed) {
        if (trialsPerType < 1) {
            throw new IllegalArgumentException("trials per type is " + trialsPerType + ", expected at least 1");
        }
        List<String> types = task.types();
        Trajectories run = Trajectories.of(rnn, task, trialsPerType * types.size(), seed);
        for (int s = 0; s < run.trials(); s++) {
            if (run.steps(s) < run.steps()) {
                throw new IllegalArgumentException(
                        "trial " + s + " has " + run.steps(s) + " of " + Printable.count(run.steps(), "step")
                                + ", the others are padding; expected trials of one length, since means over trials are taken");
            }
        }
        double[] rates = run.h();
        for (int k = 0; k < rates.length && rnn.form() == Form.CURRENT; k++) {
            rates[k] = rnn.activation().rate(rates[k]); // the run's own array, which nobody else has
        }
        for (int k = 0; k < rates.length; k++) {
            if (!Double.isFinite(rates[k])) {
                throw new IllegalArgumentException("unit " + k % rnn.units() + " is " + rates[k] + " after step "
                        + k / rnn.units() % run.steps() + " of trial " + k / rnn.units() / run.steps()
                        + ", expected a finite state");
            }
        }
        int[] type = new int[run.trials()];
        List<List<TrialPart>> parts = new ArrayList<>();
        for (int s = 0; s < type.length; s++) {
            type[s] = types.indexOf(run.types().get(s));
        }
        for (int k = 0; k < types.size(); k++) {
            parts.add(List.copyOf(task.parts(k)));
        }
        return new PopulationTrials(
                List.copyOf(types),
                type,
                List.copyOf(parts),
                List.copyOf(task.parts()),
                task.dtMs(),
                run.steps(),
                rnn.units(),
                rnn.inputs(),
                rates,
                run.x());
    }

    /** S, the number of trials. */
    public int trials() {
        return type.length;
    }

    /** The fewest trials that a type has. */
    public int fewest() {
        int[] counts = new int[types.size()];
        for (int k : type) {
            counts[k]++;
        }
        int least = Integer.MAX_VALUE;
        for (int count : counts) {
            least = Math.min(least, count);
        }
        return least;
    }

    /**
     * Refuses too few trials.
     *
     * @throws IllegalArgumentException if a type has fewer
     */
    void require(int perType, String measure) {
        if (fewest() < perType) {
            throw new IllegalArgumentException(
                    measure + " needs " + Printable.count(perType, "trial") + " of each type, found " + fewest());
        }
    }

    /** The mean over a type's trials, T x N. */
    public double[] mean(int ofType) {
        return mean(ofType, s -> true);
    }

    /** Chooses trials. */
    interface Chosen {
        /** Whether a trial is among them. */
        boolean has(int trial);
    }

    /** The mean over some of a type's trials, T x N; 0 without any. */
    double[] mean(int ofType, Chosen chosen) {
        double[] mean = new double[steps * units];
        int count = 0;
        for (int s = 0; s < type.length; s++) {
            if (type[s] == ofType && chosen.has(s)) {
                int from = s * mean.length;
                for (int k = 0; k < mean.length; k++) {
                    mean[k] += rates[from + k];
                }
                count++;
            }
        }
        for (int k = 0; k < mean.length && count > 0; k++) {
            mean[k] /= count;
        }
        return mean;
    }

    /** The means of all types, K x T x N. */
    public double[] means() {
        return means(s -> true);
    }

    /** The means of all types over some trials, K x T x N. */
    double[] means(Chosen chosen) {
        double[] all = new double[types.size() * steps * units];
        for (int k = 0; k < types.size(); k++) {
            System.arraycopy(mean(k, chosen), 0, all, k * steps * units, steps * units);
        }
        return all;
    }

    /** The names of the parts, each once, in the order of time. */
    public List<String> partNames() {
        Set<String> names = new LinkedHashSet<>();
        commonParts.forEach(part -> names.add(part.name()));
        parts.forEach(list -> list.forEach(part -> names.add(part.name())));
        return List.copyOf(names);
    }

    /** The steps of a part in trials of a type; none if the type hasn't that part. */
    public int[] steps(int ofType, String part) {
        return steps(parts.get(ofType), part);
    }

    /** The steps of a part in an unshifted trial. */
    public int[] commonSteps(String part) {
        return steps(commonParts, part);
    }

    private int[] steps(List<TrialPart> of, String name) {
        if (name.equals(ALL)) {
            int[] all = new int[steps];
            for (int t = 0; t < steps; t++) {
                all[t] = t;
            }
            return all;
        }
        return of.stream()
                .filter(part -> part.name().equals(name))
                .flatMapToInt(part -> java.util.stream.IntStream.range(part.from(), Math.min(part.to(), steps)))
                .toArray();
    }

    /** The states at some steps of one mean trajectory, T x N. */
    double[] at(double[] mean, int[] chosenSteps) {
        double[] states = new double[chosenSteps.length * units];
        for (int k = 0; k < chosenSteps.length; k++) {
            System.arraycopy(mean, chosenSteps[k] * units, states, k * units, units);
        }
        return states;
    }

    /** Short, since the arrays are long. */
    @Override
    public String toString() {
        return "PopulationTrials[types=" + types + ", S=" + trials() + ", T=" + steps + ", N=" + units + "]";
    }
}
