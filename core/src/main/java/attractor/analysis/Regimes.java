package attractor.analysis;

import attractor.analysis.Attractors.Attractor;
import attractor.analysis.Attractors.Kind;
import attractor.analysis.Attractors.TypeResult;
import attractor.model.Rnn;
import attractor.task.Task;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A summary of {@link Attractors} for the comparison of many networks: for each type of trial, where the state ends
 * without noise and how many noisy trials end on each kind of attractor; also the leading eigenvalues of W_rec. Only
 * the trials and their long run are computed, so that a network of 50 units takes 0.02 to 0.3 s (warm JVM, one thread,
 * 20 noisy trials of each type).
 *
 * <p>Thread-safe as long as the arrays are not modified; they are not copied. The same bits on every JDK and with all
 * kernels except jblas.
 *
 * @param types one for each trial type, in the task's order
 * @param eigenvalues the class by the leading eigenvalues
 * @param leadingReal the real eigenvalue of W_rec of largest modulus; empty if there is none
 * @param leadingComplex the complex pair of W_rec of largest modulus, by its member above the real axis, with its
 *     frequency; empty if there is none
 */
public record Regimes(
        List<OfType> types,
        Attractors.Regime eigenvalues,
        Optional<Spectrum.Mode> leadingReal,
        Optional<Spectrum.Mode> leadingComplex) {

    /**
     * A trial type. Immutable, safe for any thread.
     *
     * @param trial what it does within the trial without noise and after it
     * @param end where that trial's state ends under zero input: kind, frequency, outputs
     * @param settledMs time after that trial's end when this was found; tested after 250, 500, 1000, ... steps
     * @param noisyEnds number of noisy trials that ended on each kind; kinds without any are left out; unmodifiable, in
     *     the order of {@link Kind}
     */
    public record OfType(TypeResult trial, Attractor end, double settledMs, Map<Kind, Integer> noisyEnds) {
        /** The type's name. */
        public String type() {
            return trial.type();
        }

        /** Number of noisy trials. */
        public int noisyTrials() {
            return noisyEnds.values().stream().mapToInt(Integer::intValue).sum();
        }
    }

    /**
     * Runs one trial of each type without noise, and 20 with the task's.
     *
     * @param rnn Not modified.
     * @param task the task that it was trained on
     * @param seed seed of the noisy trials
     * @throws IllegalArgumentException if network and task don't fit together, or a parameter isn't finite
     * @throws IllegalStateException if eigenvalues don't converge, or without EJML on the class path
     */
    public static Regimes of(Rnn rnn, Task task, long seed) {
        return of(rnn, task, Attractors.Options.of(rnn).withSeed(seed));
    }

    /**
     * The same with other options.
     *
     * @see #of(Rnn, Task, long)
     */
    public static Regimes of(Rnn rnn, Task task, Attractors.Options options) {
        Attractors found = Attractors.of(rnn, task.withoutNoise(), task, options);
        List<OfType> types = new ArrayList<>();
        for (TypeResult type : found.types()) {
            Map<Kind, Integer> ends = new EnumMap<>(Kind.class);
            for (int a = 0; a < type.noisyFractions().length; a++) {
                int count = (int) Math.round(type.noisyFractions()[a] * options.noisyTrials());
                if (count > 0) {
                    ends.merge(found.attractors().get(a).kind(), count, Integer::sum);
                }
            }
            types.add(new OfType(
                    type,
                    found.attractors().get(type.attractor()),
                    type.settledAfter() * rnn.dtMs(),
                    Collections.unmodifiableMap(ends)));
        }
        Spectrum spectrum = Spectrum.withoutVectors(rnn);
        return new Regimes(List.copyOf(types), found.eigenvalues(), spectrum.leadingReal(), spectrum.leadingComplex());
    }
}
