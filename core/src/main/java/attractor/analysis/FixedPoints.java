package attractor.analysis;

import attractor.io.Printable;
import attractor.kernel.Kernels;
import attractor.model.Form;
import attractor.model.Rnn;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The fixed points F(h) = h of a network under constant input, found from many seeds, and its slow points, where |F(h)
 * - h| has a small minimum above 0. Noise in the network's states is left out.
 *
 * <p><b>Search.</b> Seeds are states picked at random, plus noise. From each of them q(h) = |F(h) - h|^2 / 2 is
 * minimised (Levenberg and Marquardt, analytic Jacobian), then a damped Newton iteration on F(h) - h = 0 polishes
 * candidates for fixed points. It is reported as one if max_i |F(h) - h|_i, in double precision, is at most
 * {@value #MAX_RESIDUAL}. A minimum that isn't one, but whose q is at most {@link Options#slowBound}, is reported as a
 * slow point.
 *
 * <p><b>Further states.</b> Seeds are near states that the network has visited, and may miss points elsewhere. So the
 * search continues from the states on which other starts settle within {@value #SETTLING_STEPS} time constants. For
 * bounded units the starts are corners of the cube (random ones, and those in the direction of the read-out weights);
 * for others they are normally distributed states. With up to 100 units, or if the seeds missed these points, or if the
 * sum below is wrong, the search continues from mirror images of the points found and from midpoints of the states on
 * which the starts settled. Then:
 * <ul>
 *   <li>Up to 8 units with tanh or sigmoid: interval branch and prune, in at most {@value #MOST_BOXES} boxes, which
 *       finds all points and proves that. Relu up to 12 units: all linear regions, likewise. Identity: a certified
 *       point is the only one.
 *   <li>Otherwise, while the sum of the signs of det(I - DF) isn't right (see {@link Completeness}) or these states
 *       have led to points that the seeds missed: up to {@value #ROUNDS} rounds from midpoints, sums and differences of
 *       the points found and their mirror images, random states and corners. Then, if the sum still isn't right, up to
 *       {@value #FIBERS} directional fibers, curves on which F(h) - h keeps its direction. One fiber, with the closed
 *       ones through the points in the list, leads to a missing point in exact arithmetic. All fibers together may take
 *       a limited number of matrix decompositions, with {@value #FIBER_EFFORT} operations in total; above about 290
 *       units none is tried.
 * </ul>
 *
 * <p><b>Merging.</b> Fixed points closer than {@link Options#mergeDistance} in every unit count as one; so do two
 * between which |F(h) - h| stays below {@value #MAX_RESIDUAL}. This happens around a degenerate point, where a
 * multiplier is 1 and |F(h) - h| grows only like the square or the cube of the distance, and on a true curve of fixed
 * points (see {@link Point#continuum}). The two cases are distinguished at distances where double precision can do so.
 * With smooth units it is a curve if fixed points continue to a distance of {@value #TELLING}, after correction across
 * the curve; with relu or identity, if there is a neutral direction v up to rounding, |Dg v| at most
 * {@value #NEUTRAL_SLOPE} of |v| (1 + largest row sum of |W_rec|). If F is odd (tanh or identity, no input, no bias),
 * -h is a fixed point for every fixed point h: a mirror image to which no seed led is listed too.
 *
 * <p><b>The current form.</b> Its fixed points are the images {@code x = W_rec h + W_in u + b_rec} of the rate form's h =
 * phi(x), one to one, with the same multipliers and indices. So the search, its distances and its proofs work on the rate
 * form; states, residuals, distances to the given states, and the radii of certificates are those of x. Slow points are the
 * images of the rate form's, with the speed of x.
 *
 * <p>Unless the verdict is {@link Verdict#COMPLETE}, it isn't proved that there are no others. Each point that has a
 * {@link Certificate} is proved to exist.
 *
 * <p>Thread-safe as long as the arrays are not modified; they are not copied. The same bits on every JDK and with all
 * kernels except jblas. Sources: D. Sussillo, O. Barak, Neural Computation 25 (2013), 626, for the
 * search from seeds; G. Katz, J. Reggia, IEEE Trans. Neural Netw. Learn. Syst. 29 (2018), 3636, for fibers.
 *
 * @param points the fixed points, by decreasing number of seeds that led to them
 * @param slow the slow points, by increasing q
 * @param completeness whether there may be other fixed points
 * @param seeds number of seeds
 * @param lostFraction fraction of the seeds that led to none of these points
 * @param extent root mean square distance of the given states from their mean
 * @param options the options of the search
 */
public record FixedPoints(
        List<Point> points,
        List<SlowPoint> slow,
        Completeness completeness,
        int seeds,
        double lostFraction,
        double extent,
        Options options) {

    /** The largest |F(h) - h| over the units that a reported fixed point may have. */
    public static final double MAX_RESIDUAL = 1e-12;

    /** Distance over which fixed points of smooth units must continue to count as a curve. */
    public static final double TELLING = 0.1;

    /**
     * The largest slope of F(h) - h, relative to the weights, along a line of fixed points of units that are linear in
     * pieces.
     */
    public static final double NEUTRAL_SLOPE = 1e-13;

    /** Time that corners have to settle, in time constants, but at least this many steps. */
    public static final int SETTLING_STEPS = 200;

    /** Largest number of boxes in a proof of completeness. */
    public static final int MOST_BOXES = 100_000;

    /** Largest number of rounds from further states. */
    public static final int ROUNDS = 8;

    /** Largest number of fibers. */
    public static final int FIBERS = 4;

    /** Largest number of operations for fibers. */
    public static final double FIBER_EFFORT = 5e9;

    /** Slow points closer than this in every unit count as one. */
    public static final double SLOW_MERGE = 1e-3;

    /**
     * How to search. Thread-safe as long as the arrays are not modified; they are not copied.
     *
     * @param input constant input, I values; null for zeros
     * @param seeds number of seeds, at least 1. The first m seeds are the same for every larger number.
     * @param noiseSd standard deviation of the noise that is added to each unit of a seed, 0 or more
     * @param seed seed of the random numbers
     * @param mergeDistance fixed points closer than this in every unit count as one, above 0
     * @param slowBound the largest q of a slow point, 0 or more
     * @param outlierFactor a point is an outlier if it is farther from every given state than this times
     *     {@link FixedPoints#extent}, Euclidean
     * @param spectra number of points whose multipliers are computed, in the order of {@link #points}; each costs about
     *     25 N^3 operations that run at a tenth of the kernels' speed (a mirror image costs nothing)
     */
    public record Options(
            double[] input,
            int seeds,
            double noiseSd,
            long seed,
            double mergeDistance,
            double slowBound,
            double outlierFactor,
            int spectra) {
        /** @throws IllegalArgumentException if a number is out of its range */
        public Options {
            if (seeds < 1 || spectra < 0) {
                throw new IllegalArgumentException("fixed points: " + Printable.count(seeds, "seed") + " and " + spectra
                        + " spectra, expected at least 1 and at least 0");
            }
            requireNonNegative("noiseSd", noiseSd);
            requireNonNegative("mergeDistance", mergeDistance);
            requireNonNegative("slowBound", slowBound);
            requireNonNegative("outlierFactor", outlierFactor);
        }

        private static void requireNonNegative(String name, double value) {
            if (!(value >= 0.0 && value <= Double.MAX_VALUE)) {
                throw new IllegalArgumentException(
                        "fixed points: " + name + " is " + value + ", expected a finite number, 0 or more");
            }
        }

        /**
         * No input, 512 seeds (fewer above 100 units), noise of sd 0.2, seed 0, merging within 1e-6, q of slow points up to
         * 1e-3, outliers beyond once the extent, multipliers of all points (of the first ten or so at 500 units).
         */
        public static Options of(Rnn rnn) {
            long n = rnn.units();
            int seeds = (int) Math.min(512, Math.max(32, 51_200 / n));
            int spectra = (int) Math.min(100_000, Math.max(8, 1_250_000_000 / (n * n * n)));
            return new Options(null, seeds, 0.2, 0, 1e-6, 1e-3, 1.0, spectra);
        }

        /** These options with another constant input. */
        public Options withInput(double[] other) {
            return new Options(other, seeds, noiseSd, seed, mergeDistance, slowBound, outlierFactor, spectra);
        }

        /** These options with another number of seeds. */
        public Options withSeeds(int other) {
            return new Options(input, other, noiseSd, seed, mergeDistance, slowBound, outlierFactor, spectra);
        }

        /** These options with other noise. */
        public Options withNoiseSd(double other) {
            return new Options(input, seeds, other, seed, mergeDistance, slowBound, outlierFactor, spectra);
        }

        /** These options with another seed. */
        public Options withSeed(long other) {
            return new Options(input, seeds, noiseSd, other, mergeDistance, slowBound, outlierFactor, spectra);
        }
    }

    /**
     * Proof that exactly one fixed point of the exact map lies within {@code radius} of a state in every unit, and no other
     * within {@code uniqueWithin}. The exact map has the weights as they are stored, and tanh and all sums without
     * rounding.
     *
     * <p><b>Theorem</b> (Newton and Kantorovich, with an approximate inverse; norms are the maximum norm and its matrix
     * norm, the largest row sum of moduli). Let g(h) = phi(W_rec h + W_in x + b_rec) - h, whose zeros are the fixed
     * points for every alpha. Let A be any matrix, and
     *
     * <pre>
     *     |A g(h)| &lt;= Y,   |I - A Dg(h)| &lt;= Z0,   |A (Dg(k) - Dg(h))| &lt;= Z2 |k - h| for all k
     * </pre>
     *
     * If {@code Y + (Z0 + Z2 r) r <= r} and {@code Z0 + Z2 r < 1}, then k -> k - A g(k) maps the ball of radius r
     * around h into itself and contracts, so by Banach it has one fixed point there. Z0 &lt; 1 makes A regular, so that
     * point is a zero of g. Two zeros in a ball with Z0 + Z2 r &lt; 1 would be as close as their images, hence equal.
     *
     * <p><b>Constants.</b> Dg = D W_rec - I with D = diag phi'(z), so
     * {@code Z2 = L max_k sum_i |A_ki| omega_i^2}, omega_i = sum_j |W_ij|, with L = 0.7699 above |tanh''|, at most
     * 4 / (3 sqrt 3); 0.0963 above |sigma''|, at most 1 / (6 sqrt 3); 0 for identity. For relu L = 0 too, in a ball so
     * small that no z changes its sign, {@code |z_i| > omega_i r}; otherwise there is no certificate. A is the inverse of
     * Dg(h) in double precision.
     *
     * <p><b>Rounding.</b> Every bound is rounded outward. Included are the rounding of the sums for z and for the
     * product A Dg (gamma_n bounds, underflow too), of rates and slopes, and the error of our own tanh, taken as 2^-51
     * relative: it is stated, and checked by its tests, to be below 1.9 ulp.
     *
     * <p>Source: W. Tucker, Validated Numerics (2011), chapter 5; N. Higham, Accuracy and Stability of Numerical Algorithms
     * (2002), section 3.1.
     *
     * <p>Immutable, safe for any thread.
     *
     * <p><b>Index.</b> In the whole ball |I - A Dg| &lt; 1, so that det(I - DF), which is alpha^N det(-Dg), has the
     * sign of det(-A). The sign of det(-A) is proved by an LU decomposition of Dg(h): where |I - A P^T L U| &lt; 1,
     * rounding included, A and L U have the same sign of the determinant, up to the row exchanges P, and the sign for L
     * U follows from the diagonal of U.
     *
     * @param radius radius within which the fixed point lies
     * @param uniqueWithin radius within which there is no other; infinite for a linear network
     * @param index sign of det(I - DF) at the fixed point, 1 or -1; 0 if the proof of it fails
     */
    public record Certificate(double radius, double uniqueWithin, int index) {}

    /**
     * A fixed point. Thread-safe as long as the arrays are not modified; they are not copied.
     *
     * @param state h, N values; in the current form x
     * @param residual largest |F(h) - h| over the units, as computed
     * @param output W_out h + b_out, O values
     * @param multipliers eigenvalues of DF(h); empty beyond {@link Options#spectra}
     * @param certificate proof of existence; empty if there is none, for example if an eigenvalue of DF is 1
     * @param index sign of det(I - DF): (-1)^k with k real multipliers above 1. From the certificate if there is one,
     *     else from the multipliers; 0 if it isn't known, as for a degenerate point, where a multiplier is within
     *     {@link Multipliers#NEUTRAL} of 1
     * @param seedFraction fraction of the seeds that led there; 0 for a mirror image to which none led, and for points
     *     found after the seeds
     * @param distance Euclidean distance to the nearest of the given states
     * @param outlier whether that is more than the options' factor times the extent
     * @param mirrored whether it was found as -h of another point, which shares its multipliers
     * @param continuum whether a curve of fixed points connects it with another point to which a seed led; only one of
     *     the two is listed
     */
    public record Point(
            double[] state,
            double residual,
            double[] output,
            Optional<Multipliers> multipliers,
            Optional<Certificate> certificate,
            int index,
            double seedFraction,
            double distance,
            boolean outlier,
            boolean mirrored,
            boolean continuum) {}

    /**
     * A minimum of the speed that isn't a fixed point, as far as the search can tell.
     * Thread-safe as long as the arrays are not modified; they are not copied.
     *
     * @param state h, N values
     * @param q |F(h) - h|^2 / 2
     * @param output W_out h + b_out, O values
     * @param seedFraction fraction of the seeds that led there
     * @param distance Euclidean distance to the nearest of the given states
     * @param outlier whether that is more than the options' factor times the extent
     */
    public record SlowPoint(
            double[] state, double q, double[] output, double seedFraction, double distance, boolean outlier) {}

    /** What is known about the completeness of a list of fixed points. Immutable, safe for any thread. */
    public enum Verdict {
        /** It is proved that there are no others. */
        COMPLETE("complete"),
        /**
         * The signs have the sum that those of all fixed points must have. Pairs of opposite sign may still be missing.
         */
        INDEX_CONSISTENT("index consistent"),
        /** The signs have another sum: at least one point is missing. */
        KNOWN_INCOMPLETE("known incomplete"),
        /** A sign isn't known, or the sum that they must have isn't known. */
        UNDECIDED("undecided");

        private final String words;

        Verdict(String words) {
            this.words = words;
        }

        /** In words, as in summaries. */
        public String words() {
            return words;
        }
    }

    /**
     * What is known about the completeness of the list of fixed points. Immutable, safe for any thread.
     *
     * <p>F maps the cube of all rates of tanh or sigmoid units into itself, so that the sum of {@link Point#index} over all
     * fixed points is 1 if none is degenerate (Lefschetz and Hopf). The same holds for relu units if the spectral
     * radius of max(W_rec, 0) is below 1: no large state is then a fixed point of any t F, t from 0 to 1. For other
     * relu networks no sum is known. A linear network has one fixed point if I - W_rec is regular.
     *
     * @param verdict the conclusion from the other values
     * @param indexSum sum of the points' indices
     * @param expectedSum that sum over all fixed points; empty if it isn't known
     * @param unknown number of points whose index isn't known; they count 0 in the sum
     * @param proved whether every other index is proved by a certificate
     * @param boxes number of boxes into which {@link FixedPoints} cut the cube, or of linear regions with relu, for a
     *     proof of completeness; 0 if that wasn't tried
     * @param further number of states that were tried after the seeds
     * @param fibers number of directional fibers that were followed, see {@link FixedPoints}
     */
    public record Completeness(
            Verdict verdict,
            int indexSum,
            OptionalInt expectedSum,
            int unknown,
            boolean proved,
            int boxes,
            int further,
            int fibers) {}

    /**
     * Searches with the default options.
     *
     * @see #of(Rnn, double[], Options)
     */
    public static FixedPoints of(Rnn rnn, double[] states) {
        return of(rnn, states, Options.of(rnn));
    }

    /**
     * Searches for fixed and slow points.
     *
     * @param rnn Not modified.
     * @param states states that the network has visited, S x N, finite; at least one. Not modified.
     * @throws IllegalArgumentException if states or the input have a wrong length, or a number isn't finite
     * @throws IllegalStateException without EJML on the class path
     */
    public static FixedPoints of(Rnn rnn, double[] states, Options options) {
        Ejml.require();
        int n = rnn.units();
        if (states.length == 0 || states.length % n != 0) {
            throw new IllegalArgumentException("states has " + Printable.count(states.length, "value")
                    + ", expected a multiple of N = " + n + ", at least one state");
        }
        ConstantMap.checkFinite("state value", states);
        ConstantMap map = new ConstantMap(rnn, options.input, Kernels.get());
        return rnn.form() == Form.CURRENT
                ? new CurrentFixedPoints(map, states, options).result()
                : new FixedPointSearch(map, states, options).result();
    }
}
