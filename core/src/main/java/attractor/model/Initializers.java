package attractor.model;

import attractor.kernel.Activation;
import attractor.random.RandomStream;
import attractor.random.RandomStream.Purpose;
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
        };

        abstract void fill(RandomStream random, double[] a, int offset, int n);

        /** The name in files and on the command line: {@code orthogonal}, {@code normal}, {@code glorot}. */
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
            throw new IllegalArgumentException("init is '" + id + "', expected one of orthogonal, normal, glorot");
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
     * Gives initial weights a wiring. A weight outside the mask becomes 0. With Dale's law, a weight becomes its absolute
     * value with the sign of its column, and the weights of inhibitory units are multiplied by (number of excitatory units)
     * / (number of inhibitory units), so that excitation and inhibition balance on average. Finally {@code W_rec} is scaled
     * to its earlier sum of squares, so that a sparse network starts with inputs as strong as those of a full network.
     *
     * @param rnn its parameters are modified
     * @return the same network with the wiring
     * @throws IllegalArgumentException if the wiring is for another number of units, or cannot be used with the activation
     */
    public static Rnn wired(Rnn rnn, Wiring wiring) {
        if (wiring.isFree()) {
            return rnn;
        }
        int n = rnn.units();
        double[] p = rnn.parameters();
        RnnShape.View w = rnn.shape().wRec();
        wiring.check(rnn.shape(), rnn.activation(), new double[p.length]);
        int excite = 0;
        for (int j = 0; j < n; j++) {
            excite += wiring.sign(j) > 0.0 ? 1 : 0;
        }
        double balance = excite == 0 || excite == n ? 1.0 : excite / (double) (n - excite);
        double before = 0.0;
        double after = 0.0;
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                int at = w.at(i, j);
                double value = p[at];
                before += value * value;
                double sign = wiring.sign(j);
                if (sign != 0.0) {
                    value = sign * Math.abs(value) * (sign < 0.0 ? balance : 1.0);
                }
                p[at] = wiring.allows(i, j) ? value : 0.0;
                after += p[at] * p[at];
            }
        }
        double scale = after == 0.0 ? 1.0 : Math.sqrt(before / after);
        for (int i = w.offset(); i < w.end(); i++) {
            p[i] *= scale;
        }
        return rnn.withWiring(wiring);
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
