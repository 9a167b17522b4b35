package attractor.analysis;

import attractor.dynamics.Simulator;
import attractor.io.Printable;
import attractor.kernel.Activation;
import attractor.model.Rnn;
import attractor.random.RandomStream;
import attractor.random.RandomStream.Purpose;
import attractor.task.Task;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * All analyses of this package for one trained network; each class documents its own. Results that need trials are
 * empty if no task is given. Uses a second thread, of {@link java.util.concurrent.ForkJoinPool#commonPool}.
 *
 * <pre>{@code
 * NetworkAnalysis analysis = NetworkAnalysis.of(rnn, Optional.empty(), Optional.of(Tasks.byName("and")));
 * double radius = analysis.spectrum().spectralRadius();
 * for (FixedPoints.Point point : analysis.fixedPoints().points()) {
 *     System.out.println(point.output()[0] + " from " + point.seedFraction() + " of the seeds");
 * }
 * }</pre>
 *
 * <p>Thread-safe as long as the arrays are not modified; they are not copied. The same bits on every JDK and with all
 * kernels except jblas, as far as that holds for {@link Spectrum}.
 *
 * <p>Noise in the network's states affects the trajectories and everything computed from them; fixed points, attractors
 * and spectra are those of the network without it.
 *
 * @param network the network, not a copy
 * @param spectrum eigenvalues, eigenvectors and statistics of W_rec
 * @param initial the network before training, if it is known
 * @param initialSpectrum its spectrum, present if {@code initial} is
 * @param task the task; empty if none was given, and then the next three are empty too
 * @param trajectories one trial of each type, with the task's noise
 * @param pca principal components of the trajectories' states without padding, with a projection of every step:
 *     {@code pca.projection[(s * T + t) * K + k]} is trial s after step t along component k; K is {@value #COMPONENTS} or N
 * @param attractors responses, and where the state goes in the long run
 * @param fixedPoints fixed and slow points; from seeds along {@value #STATE_TRIALS} trials of each type, or, without a
 *     task, along runs from random states
 */
public record NetworkAnalysis(
        Rnn network,
        Spectrum spectrum,
        Optional<Rnn> initial,
        Optional<Spectrum> initialSpectrum,
        Optional<Task> task,
        Optional<Trajectories> trajectories,
        Optional<Pca> pca,
        Optional<Attractors> attractors,
        FixedPoints fixedPoints) {

    /** Number of principal components that are kept, if there are at least as many units. */
    public static final int COMPONENTS = 3;

    /** Trials of each type whose states are seeds of the search for fixed points. */
    public static final int STATE_TRIALS = 8;

    private static final int FREE_RUNS = 32;
    private static final int FREE_STEPS = 100;

    /**
     * Analyses a network with default options and seed 0 for the task's noise.
     *
     * @see #of(Rnn, Optional, Optional, FixedPoints.Options, Attractors.Options)
     */
    public static NetworkAnalysis of(Rnn network, Optional<Rnn> initial, Optional<Task> task) {
        return of(network, initial, task, FixedPoints.Options.of(network), Attractors.Options.of(network));
    }

    /**
     * Analyses a network.
     *
     * @param network Not modified.
     * @param initial the network before training, with the same number of units; empty if it isn't known. Not modified.
     * @param task the task that it was trained on, with the noise that trials should have; empty if it isn't known
     * @param fixedPoints how to search for fixed points
     * @param attractors how to analyse trials; its seed is also that of the trajectories
     * @throws IllegalArgumentException if the networks or the task don't fit together, or a parameter isn't finite
     * @throws IllegalStateException if eigenvalues don't converge, or without EJML on the class path
     */
    public static NetworkAnalysis of(
            Rnn network,
            Optional<Rnn> initial,
            Optional<Task> task,
            FixedPoints.Options fixedPoints,
            Attractors.Options attractors) {
        Ejml.require();
        if (initial.isPresent() && initial.get().units() != network.units()) {
            throw new IllegalArgumentException("the network before training has "
                    + Printable.count(initial.get().units(), "unit") + ", expected N = " + network.units());
        }
        // The long run after trials takes about as long as everything else: a second thread halves the time.
        Optional<Task> quiet = task.map(Task::withoutNoise);
        CompletableFuture<Optional<Attractors>> ends = CompletableFuture.supplyAsync(
                () -> task.map(t -> Attractors.of(network, quiet.orElseThrow(), t, attractors)));
        try {
            Spectrum spectrum = Spectrum.of(network);
            Optional<Spectrum> initialSpectrum = initial.map(Spectrum::of);
            Optional<Trajectories> trajectories = task.map(t -> Trajectories.of(network, t, attractors.seed()));
            Optional<Pca> pca = trajectories.map(t -> t.pca(COMPONENTS));
            double[] states = states(network, task, fixedPoints, attractors.seed());
            FixedPoints points = FixedPoints.of(network, states, fixedPoints);
            return new NetworkAnalysis(
                    network, spectrum, initial, initialSpectrum, task, trajectories, pca, ends.join(), points);
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            if (e.getCause() instanceof Error error) {
                throw error; // such as too little memory
            }
            throw e;
        } finally {
            ends.exceptionally(e -> Optional.empty()).join();
        }
    }

    /** The class of the network by its leading eigenvalues, which needs no task. */
    public Attractors.Regime eigenvalueClass() {
        return Attractors.Regime.of(spectrum);
    }

    /**
     * The fixed point that an attractor is, as an index into {@link FixedPoints#points}: the nearest within 1e-6 in
     * every unit. Empty if the attractor isn't a fixed point, or no seed led to it.
     */
    public OptionalInt fixedPoint(Attractors.Attractor attractor) {
        int nearest = -1;
        double least = 1e-6;
        for (int k = 0; k < fixedPoints.points().size() && attractor.period() == 1; k++) {
            double[] state = fixedPoints.points().get(k).state();
            double distance = ConstantMap.distance(state, 0, attractor.states(), 0, network.units());
            if (distance <= least) {
                least = distance;
                nearest = k;
            }
        }
        return nearest < 0 ? OptionalInt.empty() : OptionalInt.of(nearest);
    }

    /** The states from which the seeds of a search for fixed points are picked, rows of N. */
    static double[] states(Rnn network, Optional<Task> task, FixedPoints.Options options, long seed) {
        return task.map(t -> Trajectories.of(
                                network, t, STATE_TRIALS * t.types().size(), seed)
                        .states())
                .orElseGet(() -> freeStates(network, options));
    }

    /**
     * States of runs under the constant input from random states: uniform in the cube of rates if the units are
     * bounded; otherwise normally distributed, and without a run, since it may diverge.
     */
    private static double[] freeStates(Rnn network, FixedPoints.Options options) {
        int n = network.units();
        Activation phi = network.activation();
        boolean bounded = phi == Activation.TANH || phi == Activation.SIGMOID;
        double[] h = new double[FREE_RUNS * n];
        RandomStream random = new RandomStream(options.seed(), Purpose.of("free-states"), 0);
        for (int i = 0; i < h.length; i++) {
            h[i] = phi == Activation.TANH
                    ? 2.0 * random.nextDouble() - 1.0
                    : phi == Activation.SIGMOID ? random.nextDouble() : random.nextGaussian();
        }
        if (!bounded) {
            return h;
        }
        double[] x = new double[FREE_RUNS * FREE_STEPS * network.inputs()];
        double[] input = ConstantMap.checkedInput(network, options.input());
        for (int i = 0; i < x.length; i++) {
            x[i] = input[i % input.length];
        }
        return new Simulator(network.withNoise(0.0))
                .run(x, FREE_RUNS, FREE_STEPS, h, true)
                .h();
    }
}
