package attractor.model;

import attractor.kernel.Activation;
import attractor.random.RandomStream;
import attractor.random.RandomStream.Purpose;
import java.util.List;
import java.util.Locale;

/**
 * Initial weights: {@code W_in} and {@code W_out} Glorot uniform, {@code W_rec} as {@link Recurrent} says, biases and
 * initial state zero. Each array draws from its own stream, (seed, {@link #WEIGHTS}, index of the array), so that none
 * depends on the size or kind of another.
 *
 * <p>Stateless, safe for any number of threads. Sources: Glorot and Bengio, AISTATS 2010; Saxe, McClelland and Ganguli,
 * arXiv:1312.6120; Mezzadri, <i>How to generate random matrices from the classical compact groups</i>, Notices AMS 54 (2007).
 */
public final class Initializers {
    /** Purpose of the streams for initial weights. */
    public static final Purpose WEIGHTS = Purpose.of("weights");

    private static final int W_IN = 0;
    private static final int W_REC = 1;
    private static final int W_OUT = 2;

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
            throw new IllegalArgumentException("init is '" + id + "', expected one of orthogonal, normal, glorot, identity");
        }
    }

    /**
     * A network with initial weights.
     *
     * @param seed any value
     * @throws IllegalArgumentException if a time constant is out of range, see {@link Rnn}
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
        recurrent.fill(new RandomStream(seed, WEIGHTS, W_REC), p, shape.wRec().offset(), shape.units());
        glorot(new RandomStream(seed, WEIGHTS, W_OUT), p, out.offset(), out.rows(), out.cols());
        return new Rnn(shape, activation, dtMs, tauMs, recurrentBias, p);
    }

    /**
     * Gives initial weights a wiring. A weight outside the mask becomes 0, and one with a sign its absolute value with that
     * sign. Then, where {@code W_rec} has signs, it is balanced: in every row with weights of both kinds, the negative ones are
     * scaled so that the row sums to 0; if no row has both kinds, the same with the columns. Without this, the mean of the
     * weights would give the matrix one eigenvalue far outside of the others. Rows and columns with weights of one kind stay
     * as they are, see {@link #unbalanced}. The balanced matrix is scaled so that the disk that holds the eigenvalues has
     * about radius 1, that of an orthogonal matrix: so that the deviations from the means of the columns (or the rows) have
     * the sum of squares N. A matrix without signs, such as one with a mask alone, is scaled to its earlier sum of squares, so
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
        RnnShape.View w = shape.wRec();
        double before = squares(p, w);
        boolean signed = false;
        for (RnnShape.View array : List.of(shape.wIn(), w, shape.wOut())) {
            for (int i = 0; i < array.rows(); i++) {
                for (int j = 0; j < array.cols(); j++) {
                    int at = array.at(i, j);
                    double sign = wiring.sign(array, i, j);
                    if (sign != 0.0) {
                        p[at] = sign * Math.abs(p[at]);
                        signed |= array.name().equals("W_rec");
                    }
                    p[at] = wiring.allows(array, i, j) ? p[at] : 0.0;
                }
            }
        }
        boolean rows = signed && balance(p, w.offset(), w.rows(), w.cols(), 1);
        boolean columns = signed && !rows && balance(p, w.offset(), w.rows(), 1, w.cols());
        double after = rows || columns ? deviations(p, w, rows) : squares(p, w);
        double goal = rows || columns ? w.rows() : before;
        double scale = after == 0.0 ? 1.0 : Math.sqrt(goal / after);
        for (int i = w.offset(); i < w.end(); i++) {
            p[i] *= scale;
        }
        return rnn.withWiring(wiring);
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
