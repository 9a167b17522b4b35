package attractor.dynamics;

import attractor.kernel.FloatKernels;
import attractor.kernel.Floats;
import attractor.kernel.Kernels;
import attractor.model.Precision;
import attractor.model.Rnn;
import java.util.Optional;

/**
 * Simulates a network in its own precision: {@link Simulator} for double, {@code FloatSimulator} for float, whose results are
 * widened. Inputs and results are doubles in both. Belongs to one thread at a time.
 */
public final class PrecisionSimulator {
    private final Optional<Simulator> inDouble;
    private final Optional<FloatSimulator> inFloat;

    /** A simulator on kernels of this kind, for a network, whose parameters are copied. */
    public PrecisionSimulator(Rnn rnn, Kernels kernels) {
        boolean single = rnn.precision() == Precision.FLOAT;
        inDouble = single ? Optional.empty() : Optional.of(new Simulator(rnn, kernels));
        int columns = rnn.units() + rnn.outputs();
        inFloat = single ? Optional.of(new FloatSimulator(rnn, FloatKernels.like(kernels, columns))) : Optional.empty();
    }

    /** As {@link Simulator#seedNoise}. */
    public void seedNoise(long seed, long first) {
        inDouble.ifPresent(s -> s.seedNoise(seed, first));
        inFloat.ifPresent(s -> s.seedNoise(seed, first));
    }

    /**
     * As {@link Simulator#run(double[], int, int, double[], boolean)}.
     *
     * @param x inputs, {@code x[(s * T + t) * I + i]}; for a network in float each is rounded. Not modified.
     * @param keepStates whether the result holds the states
     * @throws IllegalArgumentException if x has another length or holds a value that is not finite
     */
    public Simulator.Trajectory run(double[] x, int trials, int steps, boolean keepStates) {
        if (inDouble.isPresent()) {
            return inDouble.get().run(x, trials, steps, null, keepStates);
        }
        FloatSimulator.Trajectory run = inFloat.orElseThrow().run(Floats.rounded(x), trials, steps, null, keepStates);
        return new Simulator.Trajectory(
                run.trials(),
                run.steps(),
                run.units(),
                run.outputs(),
                Floats.widened(run.h()),
                Floats.widened(run.y()));
    }
}
