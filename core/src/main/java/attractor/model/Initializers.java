package attractor.model;

import attractor.kernel.Activation;
import attractor.random.RandomStream;
import attractor.random.RandomStream.Purpose;
import java.util.List;
import java.util.Locale;

/**
 * Initial weights: {@code W_in} and {@code W_out} Glorot uniform, {@code W_rec} as {@link Recurrent} says, biases and
 * initial state zero. A {@code W_rec} of low rank has factors of their own kind, see {@link #factors}. Each array draws from its own stream, (seed, {@link #WEIGHTS}, index of the array), so that none
 * depends on the size or kind of another.
 *
 * <p>Stateless, safe for any number of threads. Sources: Glorot and Bengio, AISTATS 2010; Saxe, McClelland and Ganguli,
 * arXiv:1312.6120; Mezzadri, <i>How to generate random matrices from the classical compact groups</i>, Notices AMS 54 (2007).
 */
public final class Initializers {
    /** Purpose of the streams for initial weights. */
    public static final Purpose WEIGHTS = Purpose.of("weights");

    /** Purpose of the streams for the factors of a {@code W_rec} of low rank. */
    private static final Purpose FACTORS = Purpose.of("factors");

    private static final int W_IN = 0;
    private static final int W_REC = 1;
    private static final int W_OUT = 2;

    /** The largest spectral radius of balanced weights, relative to the disk that random weights of their variance fill. */
    private static final double LARGEST_RADIUS = 1.1;

    /** How often balanced weights are arranged anew, at most, for a spectral radius that is small enough. */
    private static final int MOST_DRAWS = 32;

    private static final int SQUARINGS = 8;

    private Initializers() {}

    /** How {@code W_rec} is initialised. Immutable, safe for any thread. */
    public enum Recurrent {
        /** An orthogonal matrix; all are equally likely (Haar measure). */
        ORTHOGONAL {
            @Override
            void fill(RandomStream random, double[] a, int offset, int n) {
                orthogonal(random, a, offset, n);
            }
        },
        /** Independent normal entries, mean 0, variance 1/N. */
        NORMAL {
            @Override
            void fill(RandomStream random, double[] a, int offset, int n) {
                random.fillGaussian(a, offset, n * n, Math.sqrt(1.0 / n));
            }
        },
        /** Glorot uniform, as {@code W_in} and {@code W_out}. */
        GLOROT {
            @Override
            void fill(RandomStream random, double[] a, int offset, int n) {
                glorot(random, a, offset, n, n);
            }
        },
        /** The identity matrix. Source: Le, Jaitly and Hinton, arXiv:1504.00941. */
        IDENTITY {
            @Override
            void fill(RandomStream random, double[] a, int offset, int n) {
                for (int i = 0; i < n; i++) {
                    a[offset + i * n + i] = 1.0;
                }
            }
        };

        abstract void fill(RandomStream random, double[] a, int offset, int n);

        /** The name in files and on the command line: {@code orthogonal}, {@code normal}, {@code glorot}, {@code identity}. */
        public String id() {
            return name().toLowerCase(Locale.ROOT);
        }

        /**
         * The one with this {@link #id()}.
         *
         * @throws IllegalArgumentException if there is none
         */
        public static Recurrent of(String id) {
            for (Recurrent r : values()) {
                if (r.id().equals(id)) {
                    return r;
                }
            }
            throw new IllegalArgumentException(
                    "init is '" + id + "', expected one of orthogonal, normal, glorot, identity");
        }
    }

    /**
     * A network with initial weights.
     *
     * @param recurrent how {@code W_rec} is drawn, or with a rank its factors
     * @param seed any value
     * @throws IllegalArgumentException if a time constant is out of range, see {@link Rnn}, or with a rank the weights are
     *     neither orthogonal nor normal
     */
    public static Rnn network(
            RnnShape shape,
            Activation activation,
            double dtMs,
            double tauMs,
            boolean recurrentBias,
            Recurrent recurrent,
            long seed) {
        double[] p = new double[shape.parameters()];
        RnnShape.View in = shape.wIn();
        RnnShape.View out = shape.wOut();
        glorot(new RandomStream(seed, WEIGHTS, W_IN), p, in.offset(), in.rows(), in.cols());
        if (shape.rank() > 0) {
            factors(recurrent, seed, p, shape);
        } else {
            recurrent.fill(
                    new RandomStream(seed, WEIGHTS, W_REC), p, shape.wRec().offset(), shape.units());
        }
        glorot(new RandomStream(seed, WEIGHTS, W_OUT), p, out.offset(), out.rows(), out.cols());
        return new Rnn(shape, activation, dtMs, tauMs, recurrentBias, p);
    }

    /**
     * Checks that factors can be drawn in this way.
     *
     * @throws IllegalArgumentException if they can't
     */
    public static void requireFactors(Recurrent recurrent) {
        if (recurrent != Recurrent.ORTHOGONAL && recurrent != Recurrent.NORMAL) {
            throw new IllegalArgumentException("init is " + recurrent.id()
                    + ", expected orthogonal or normal with a rank, whose factors are drawn in place of W_rec");
        }
    }

    /**
     * Draws the factors of {@code W_rec = P Q^T / N}, of rank R.
     *
     * <ul>
     *   <li>Orthogonal: {@code W_rec = U O U^T}, with U the first R columns of a Haar-distributed N x N matrix and O a
     *       Haar-distributed R x R one; {@code P = sqrt(N) U} and {@code Q = sqrt(N) U O^T}. So W_rec is orthogonal on the subspace of P's
     *       columns, its R eigenvalues that aren't 0 have modulus 1, and with R = N it is what it is without a rank.
     *   <li>Normal: independent standard normal entries of P and Q, as in the works on low-rank networks. The overlaps {@code Q^T P / N},
     *       and so the eigenvalues, are then of order {@code sqrt(R / N)}.
     * </ul>
     *
     * <p>Source: F. Mastrogiuseppe, S. Ostojic, Neuron 99 (2018) 609; A. Dubreuil et al., Nature Neuroscience 25 (2022) 783.
     */
    private static void factors(Recurrent recurrent, long seed, double[] block, RnnShape shape) {
        requireFactors(recurrent);
        int n = shape.units();
        int rank = shape.rank();
        int p = shape.p().offset();
        int q = shape.q().offset();
        RandomStream first = new RandomStream(seed, FACTORS, 0);
        RandomStream second = new RandomStream(seed, FACTORS, 1);
        if (recurrent == Recurrent.NORMAL) {
            first.fillGaussian(block, p, n * rank, 1.0);
            second.fillGaussian(block, q, n * rank, 1.0);
            return;
        }
        double[] u = new double[n * n];
        double[] o = new double[rank * rank];
        orthogonal(first, u, 0, n);
        orthogonal(second, o, 0, rank);
        double scale = Math.sqrt(n);
        for (int i = 0; i < n; i++) {
            for (int r = 0; r < rank; r++) {
                double sum = 0.0;
                for (int s = 0; s < rank; s++) {
                    sum += u[i * n + s] * o[r * rank + s];
                }
                block[p + i * rank + r] = scale * u[i * n + r];
                block[q + i * rank + r] = scale * sum;
            }
        }
    }

    /**
     * Gives initial weights a wiring. A weight outside the mask becomes 0, and one with a sign its absolute value with that
     * sign. Then, where {@code W_rec} has signs, it is balanced: in every row with weights of both kinds, the negative ones are
     * scaled so that the row sums to 0; if no row has both kinds, the same with the columns. Without this, the mean of the
     * weights would give the matrix one eigenvalue far outside of the others. Rows and columns with weights of one kind stay
     * as they are, see {@link #unbalanced}. The balanced matrix is scaled so that the disk that holds the eigenvalues has
     * about radius 1, that of an orthogonal matrix: so that the deviations from the means of the columns (or the rows) have
     * the sum of squares N. Chance can leave an eigenvalue outside of the disk even so. Where the spectral radius is above 1.1,
     * the drawn weights are shifted by a column, which gives other ones the signs, until it isn't, at most 32 times; then the
     * smallest is taken. A matrix without signs, such as one with a mask alone, is scaled to its earlier sum of squares, so
     * that a sparse network starts with inputs as strong as those of a full network.
     *
     * <p>Source: K. Rajan, L. Abbott, Phys. Rev. Lett. 97 (2006), 188104.
     *
     * @param rnn its parameters are modified
     * @return the same network with the wiring
     * @throws IllegalArgumentException if the wiring is for other sizes, or cannot be used with the activation
     */
    public static Rnn wired(Rnn rnn, Wiring wiring) {
        if (wiring.isFree()) {
            return rnn;
        }
        double[] p = rnn.parameters();
        RnnShape shape = rnn.shape();
        wiring.check(shape, rnn.activation(), new double[p.length]);
        for (RnnShape.View array : List.of(shape.wIn(), shape.wOut())) {
            sign(p, array, wiring, p, array.offset(), 0);
        }
        if (shape.rank() > 0) {
            return rnn.withWiring(wiring);
        }
        RnnShape.View w = shape.wRec();
        double[] drawn = rnn.copyOf(w);
        double before = squares(p, w);
        boolean signed = sign(p, w, wiring, drawn, 0, 0);
        boolean rows = signed && balance(p, w.offset(), w.rows(), w.cols(), 1);
        boolean columns = signed && !rows && balance(p, w.offset(), w.rows(), 1, w.cols());
        if (!rows && !columns) {
            scale(p, w, squares(p, w), before);
            return rnn.withWiring(wiring);
        }
        double[] best = null;
        double least = Double.POSITIVE_INFINITY;
        for (int shift = 0; shift < Math.min(w.cols(), MOST_DRAWS) && least > LARGEST_RADIUS; shift++) {
            sign(p, w, wiring, drawn, 0, shift);
            balance(p, w.offset(), w.rows(), rows ? w.cols() : 1, rows ? 1 : w.cols());
            scale(p, w, deviations(p, w, rows), w.rows());
            double[] candidate = rnn.copyOf(w);
            double radius = spectralRadius(candidate, w.rows());
            if (radius < least || best == null) {
                best = candidate;
                least = radius;
            }
        }
        System.arraycopy(best, 0, p, w.offset(), w.length());
        return rnn.withWiring(wiring);
    }

    /**
     * Gives drawn weights their signs, and 0 where there is no connection; returns whether any has a sign.
     *
     * @param drawn as the array, from {@code offset}; those of column j are taken from column j + shift, around. Not modified
     *     unless it is p.
     */
    private static boolean sign(double[] p, RnnShape.View array, Wiring wiring, double[] drawn, int offset, int shift) {
        boolean signed = false;
        for (int i = 0; i < array.rows(); i++) {
            for (int j = 0; j < array.cols(); j++) {
                double value = drawn[offset + i * array.cols() + (j + shift) % array.cols()];
                double sign = wiring.sign(array, i, j);
                signed |= sign != 0.0;
                value = sign == 0.0 ? value : sign * Math.abs(value);
                p[array.at(i, j)] = wiring.allows(array, i, j) ? value : 0.0;
            }
        }
        return signed;
    }

    private static void scale(double[] p, RnnShape.View w, double is, double goal) {
        double scale = is == 0.0 ? 1.0 : Math.sqrt(goal / is);
        for (int i = w.offset(); i < w.end(); i++) {
            p[i] *= scale;
        }
    }

    /** An upper bound of the largest modulus of an eigenvalue, {@code |W^256|^(1/256)}, too large by about one per cent. */
    private static double spectralRadius(double[] w, int n) {
        double[] power = w.clone();
        double log = 0.0;
        for (int k = 0; ; k++) {
            double sum = 0.0;
            for (double value : power) {
                sum += value * value;
            }
            double norm = Math.sqrt(sum);
            if (norm == 0.0) {
                return 0.0;
            }
            log = 2.0 * log + StrictMath.log(norm);
            if (k == SQUARINGS) {
                return StrictMath.exp(log / (1 << SQUARINGS));
            }
            double[] square = new double[n * n];
            for (int i = 0; i < n; i++) {
                for (int m = 0; m < n; m++) {
                    double factor = power[i * n + m] / norm / norm;
                    for (int j = 0; j < n; j++) {
                        square[i * n + j] += factor * power[m * n + j];
                    }
                }
            }
            power = square;
        }
    }

    /**
     * Makes the lines of a square matrix sum to 0 where they have weights of both kinds; returns whether any has.
     *
     * @param line distance from one line to the next, {@code step} from one entry of a line to the next
     */
    private static boolean balance(double[] p, int offset, int n, int line, int step) {
        boolean any = false;
        for (int i = 0; i < n; i++) {
            double positive = 0.0;
            double negative = 0.0;
            for (int j = 0; j < n; j++) {
                double value = p[offset + i * line + j * step];
                positive += Math.max(value, 0.0);
                negative += Math.max(-value, 0.0);
            }
            if (positive > 0.0 && negative > 0.0) {
                any = true;
                for (int j = 0; j < n; j++) {
                    int at = offset + i * line + j * step;
                    p[at] = p[at] < 0.0 ? p[at] * (positive / negative) : p[at];
                }
            }
        }
        return any;
    }

    private static double squares(double[] p, RnnShape.View w) {
        double sum = 0.0;
        for (int i = w.offset(); i < w.end(); i++) {
            sum += p[i] * p[i];
        }
        return sum;
    }

    /** Sum of the squared deviations from the means of the columns, or of the rows. */
    private static double deviations(double[] p, RnnShape.View w, boolean columns) {
        double sum = 0.0;
        for (int j = 0; j < w.cols(); j++) {
            double mean = 0.0;
            for (int i = 0; i < w.rows(); i++) {
                mean += p[columns ? w.at(i, j) : w.at(j, i)] / w.rows();
            }
            for (int i = 0; i < w.rows(); i++) {
                double d = p[columns ? w.at(i, j) : w.at(j, i)] - mean;
                sum += d * d;
            }
        }
        return sum;
    }

    /**
     * The number of units whose recurrent weights have signs and are all of one kind, so that nothing balances their input; 0
     * for a network without signs.
     *
     * @param rnn Not modified.
     */
    public static int unbalanced(Rnn rnn) {
        if (rnn.rank() > 0) {
            return 0;
        }
        RnnShape.View w = rnn.shape().wRec();
        int count = 0;
        for (int i = 0; i < w.rows(); i++) {
            int kinds = 0;
            boolean signed = false;
            for (int j = 0; j < w.cols(); j++) {
                double value = rnn.parameters()[w.at(i, j)];
                signed |= rnn.wiring().sign(w, i, j) != 0.0;
                kinds |= value > 0.0 ? 1 : value < 0.0 ? 2 : 0;
            }
            count += signed && (kinds == 1 || kinds == 2) ? 1 : 0;
        }
        return count;
    }

    /** Uniform on [-limit, limit), {@code limit = sqrt(6 / (rows + cols))}, row after row. */
    static void glorot(RandomStream random, double[] a, int offset, int rows, int cols) {
        double limit = Math.sqrt(6.0 / ((double) rows + cols));
        for (int i = offset; i < offset + rows * cols; i++) {
            a[i] = limit * (2.0 * random.nextDouble() - 1.0);
        }
    }

    /**
     * Q of the QR decomposition of a Gaussian matrix by Householder reflections; each column is multiplied by the sign
     * of R's diagonal entry. This makes the decomposition unique, and therefore Q Haar-distributed. Cost 8/3 N^3 flops.
     *
     * @param a N x N from {@code offset} on. Modified.
     */
    static void orthogonal(RandomStream random, double[] a, int offset, int n) {
        double[] r = new double[n * n];
        random.fillGaussian(r, 0, n * n, 1.0);
        double[] v = new double[n * n]; // row k: the vector of reflection k, zero before entry k
        double[] scale = new double[n]; // 2 / |v_k|^2, 0 where nothing is reflected
        double[] sign = new double[n];
        double[] w = new double[n];
        for (int k = 0; k < n - 1; k++) {
            double norm2 = 0.0;
            for (int i = k; i < n; i++) {
                norm2 += r[i * n + k] * r[i * n + k];
            }
            double norm = Math.sqrt(norm2);
            double head = r[k * n + k];
            // The sign opposite to head, so that nothing cancels.
            double diagonal = head < 0.0 ? norm : -norm;
            for (int i = k; i < n; i++) {
                v[k * n + i] = r[i * n + k];
            }
            v[k * n + k] = head - diagonal;
            double length2 = 2.0 * (norm2 + Math.abs(head) * norm);
            scale[k] = length2 > 0.0 ? 2.0 / length2 : 0.0;
            sign[k] = diagonal < 0.0 ? -1.0 : 1.0;
            reflect(v, k, scale[k], r, 0, n, w);
        }
        sign[n - 1] = r[n * n - 1] < 0.0 ? -1.0 : 1.0;
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                a[offset + i * n + j] = i == j ? sign[i] : 0.0;
            }
        }
        for (int k = n - 2; k >= 0; k--) {
            reflect(v, k, scale[k], a, offset, n, w);
        }
    }

    /** {@code A -= scale v (v^T A)} on rows and columns from k on; reflection k does not touch the columns before. */
    private static void reflect(double[] v, int k, double scale, double[] a, int offset, int n, double[] w) {
        for (int j = k; j < n; j++) {
            w[j] = 0.0;
        }
        for (int i = k; i < n; i++) {
            double vi = v[k * n + i];
            int row = offset + i * n;
            for (int j = k; j < n; j++) {
                w[j] += vi * a[row + j];
            }
        }
        for (int i = k; i < n; i++) {
            double vi = scale * v[k * n + i];
            int row = offset + i * n;
            for (int j = k; j < n; j++) {
                a[row + j] -= vi * w[j];
            }
        }
    }
}
