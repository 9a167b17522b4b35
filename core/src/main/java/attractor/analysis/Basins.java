package attractor.analysis;

import attractor.io.Printable;
import attractor.kernel.Activation;
import attractor.kernel.Fma;
import attractor.kernel.Kernels;
import attractor.model.Form;
import attractor.model.Rnn;
import attractor.model.RnnShape;
import attractor.random.RandomStream;
import attractor.random.RandomStream.Purpose;
import attractor.statistics.Interval;
import attractor.statistics.Proportion;
import java.util.List;
import java.util.Optional;

/**
 * Where random states end: the attractors under constant input, and the share of states in the basin of each; and, in a
 * plane of states, the attractor of each. What a state settles on is told as {@link Attractors} does. Attractors with
 * basins so small that no state hit them are missing. Where many states in a row don't settle in the time allowed, as in
 * networks at the edge of stability, further ones count as not settled too.
 *
 * <p>Thread-safe as long as the arrays are not modified; they are not copied. The same bits on every JDK and with all
 * kernels except jblas.
 *
 * @param attractors the attractors, in the order of discovery: by random states, then in the plane
 * @param counts number of random states that ended on each
 * @param options the options
 * @param slice the plane, if one was asked for
 */
public record Basins(List<Attractors.Attractor> attractors, int[] counts, Options options, Optional<Slice> slice) {
    private static final Purpose STATES = Purpose.of("basins");
    /** Where this many states in a row haven't settled, as at the edge of stability, the others are not examined further. */
    private static final int PATIENCE = 16;

    /**
     * How to search. Thread-safe as long as the array is not modified; it is not copied.
     *
     * @param input constant input, I values; null for zeros
     * @param states number of random states, at least 1
     * @param seed of the random states
     * @param settleSteps largest number of steps to wait for a state to settle, at least 1
     */
    public record Options(double[] input, int states, long seed, int settleSteps) {
        /** @throws IllegalArgumentException if a number is out of its range */
        public Options {
            if (states < 1 || settleSteps < 1) {
                throw new IllegalArgumentException("basins: " + Printable.count(states, "state") + " and "
                        + Printable.count(settleSteps, "step") + ", expected at least 1 of each");
            }
        }

        /** No input, 1000 states (fewer above 100 units), seed 0, and as long to settle as {@link Attractors}. */
        public static Options of(Rnn rnn) {
            int states = Math.max(100, Math.min(1000, 100_000 / rnn.units()));
            return new Options(null, states, 0, Attractors.Options.of(rnn).settleSteps());
        }

        /** These options with another constant input. */
        public Options withInput(double[] other) {
            return new Options(other, states, seed, settleSteps);
        }

        /** These options with another seed. */
        public Options withSeed(long other) {
            return new Options(input, states, other, settleSteps);
        }
    }

    /**
     * A rectangle in the plane through the mean of the states of trials along two of their principal components.
     * Thread-safe as long as the arrays are not modified; they are not copied.
     *
     * @param xComponent index of the component along x
     * @param yComponent index of the component along y
     * @param x coordinates of the columns, increasing
     * @param y coordinates of the rows, increasing
     * @param attractor index of the attractor of each state, {@code attractor[row * x.length + column]}
     */
    public record Slice(int xComponent, int yComponent, double[] x, double[] y, int[] attractor) {}

    /** Share of the random states that ended on an attractor. */
    public double share(int attractor) {
        return counts[attractor] / (double) options.states;
    }

    /** Wilson's 95 % interval of the share of all states. */
    public Interval interval(int attractor) {
        return new Proportion(counts[attractor], options.states).wilson();
    }

    /**
     * Lets random states settle.
     *
     * @param rnn Not modified.
     * @throws IllegalArgumentException if the input has a wrong length, or a parameter isn't finite
     * @throws IllegalStateException without EJML on the class path
     */
    public static Basins of(Rnn rnn, Options options) {
        return of(rnn, options, Optional.empty(), 0);
    }

    /**
     * Lets random states settle, and those of a slice in the plane of the first two components.
     *
     * @param rnn Not modified.
     * @param plane components of states of the network, at least two; the rectangle contains those states and a margin of
     *     half its size
     * @param side number of rows and columns, at least 2 if there is a plane
     * @throws IllegalArgumentException if the input, components or side don't fit, or a parameter isn't finite
     * @throws IllegalStateException without EJML on the class path
     */
    public static Basins of(Rnn rnn, Options options, Optional<Pca> plane, int side) {
        Ejml.require();
        if (plane.isPresent() && (plane.get().kept() < 2 || plane.get().units() != rnn.units() || side < 2)) {
            throw new IllegalArgumentException(
                    "basins: " + Printable.count(plane.get().kept(), "component") + " of "
                            + Printable.count(plane.get().units(), "unit") + " and a side of " + side
                            + ", expected at least 2 components of N = "
                            + Printable.count(rnn.units(), "unit") + " and a side of at least 2");
        }
        Attractors.Options settle = Attractors.Options.of(rnn)
                .withInput(options.input)
                .withNoisyTrials(0)
                .withSettleSteps(options.settleSteps);
        AttractorFinder finder = new AttractorFinder(new ConstantMap(rnn, options.input, Kernels.get()), settle);
        AttractorFinder.Settled[] ends =
                finder.settle(options.states, randomStates(rnn, options.input, options.states, options.seed), PATIENCE);
        Optional<Slice> slice = plane.map(pca -> slice(pca, side, finder));
        List<Attractors.Attractor> attractors = finder.attractors();
        int[] counts = new int[attractors.size()];
        for (AttractorFinder.Settled end : ends) {
            counts[end.attractor()]++;
        }
        return new Basins(attractors, counts, options, slice);
    }

    private static Slice slice(Pca pca, int side, AttractorFinder finder) {
        int n = pca.units();
        double[][] axes = new double[2][];
        for (int c = 0; c < 2; c++) {
            double low = Double.POSITIVE_INFINITY;
            double high = Double.NEGATIVE_INFINITY;
            for (int m = 0; m < pca.observations(); m++) {
                low = Math.min(low, pca.projection()[m * pca.kept() + c]);
                high = Math.max(high, pca.projection()[m * pca.kept() + c]);
            }
            double margin = high > low ? 0.25 * (high - low) : 1.0;
            axes[c] = new double[side];
            for (int k = 0; k < side; k++) {
                axes[c][k] = low - margin + k * (high - low + 2.0 * margin) / (side - 1);
            }
        }
        double[] h = new double[side * side * n];
        for (int row = 0; row < side; row++) {
            for (int column = 0; column < side; column++) {
                int at = (row * side + column) * n;
                for (int i = 0; i < n; i++) {
                    h[at + i] = pca.mean()[i]
                            + axes[0][column] * pca.components()[i]
                            + axes[1][row] * pca.components()[n + i];
                }
            }
        }
        AttractorFinder.Settled[] ends = finder.settle(side * side, h, PATIENCE);
        int[] attractor = new int[ends.length];
        for (int k = 0; k < ends.length; k++) {
            attractor[k] = ends[k].attractor();
        }
        return new Slice(0, 1, axes[0], axes[1], attractor);
    }

    /**
     * Random states: of random rates, uniform in the cube of rates if these are bounded, otherwise standard normal; those
     * of units that cannot be negative are made positive. A state of the current form is the current under such rates,
     * {@code x = W_rec r + W_in u + b_rec}, so that without a leak a network in this form has the basins of the same
     * network in the rate form.
     *
     * @param input constant input u, I values; null for zeros. Not modified.
     * @param count number of states, at least 1
     * @return count x N
     */
    public static double[] randomStates(Rnn rnn, double[] input, int count, long seed) {
        double[] rates = randomRates(rnn, count, seed);
        if (rnn.form() == Form.RATE) {
            return rates;
        }
        RnnShape shape = rnn.shape();
        double[] p = rnn.parameters();
        int n = rnn.units();
        double[] x = new double[rates.length];
        for (int k = 0; k < count; k++) {
            for (int i = 0; i < n; i++) {
                double sum = p[shape.bRec().at(i, 0)];
                for (int j = 0; j < rnn.inputs() && input != null; j++) {
                    sum = Fma.fma(p[shape.wIn().at(i, j)], input[j], sum);
                }
                for (int j = 0; j < n; j++) {
                    sum = Fma.fma(p[shape.wRec().at(i, j)], rates[k * n + j], sum);
                }
                x[k * n + i] = sum;
            }
        }
        return x;
    }

    /** Random rates, see {@link #randomStates}. */
    static double[] randomRates(Rnn rnn, int count, long seed) {
        double[] h = new double[count * rnn.units()];
        RandomStream random = new RandomStream(seed, STATES, 0);
        Activation phi = rnn.activation();
        for (int i = 0; i < h.length; i++) {
            h[i] = switch (phi) {
                case TANH -> 2.0 * random.nextDouble() - 1.0;
                case SIGMOID -> random.nextDouble();
                default -> phi.isNonNegative() ? Math.abs(random.nextGaussian()) : random.nextGaussian();
            };
        }
        return h;
    }
}
