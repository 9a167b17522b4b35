package attractor.analysis;

import attractor.analysis.Lesion.Band;
import attractor.analysis.Lesion.Sign;
import attractor.model.Rnn;
import attractor.model.RnnShape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Series of lesions, and what all lesions share. Stateless, safe for any number of threads. Source: Jarne and Laje,
 * arXiv:1906.01094, figure 14, and the points behind it.
 */
public final class Lesions {
    /** The thresholds of |w| in figure 14, from 0 % to 36 % of the connections in the paper's networks. */
    public static final List<Double> PAPER_THRESHOLDS = List.of(
            0.0, 0.003, 0.0075, 0.010, 0.014, 0.017, 0.0205, 0.025, 0.028, 0.032, 0.037, 0.040, 0.044, 0.049, 0.052,
            0.056, 0.059, 0.063, 0.067);

    private Lesions() {}

    /**
     * Connections up to each threshold: figure 14 a to c.
     *
     * @param thresholds 0 or more, finite
     * @throws IllegalArgumentException if one isn't
     */
    public static List<Band> upTo(Sign sign, List<Double> thresholds) {
        return thresholds.stream().map(t -> new Band(sign, 0.0, t)).toList();
    }

    /**
     * Connections from the previous threshold (0 at first) up to each one: figure 14 d and e.
     *
     * @param thresholds increasing, 0 or more, finite
     * @throws IllegalArgumentException if they aren't
     */
    public static List<Band> slices(Sign sign, List<Double> thresholds) {
        List<Band> slices = new ArrayList<>();
        for (int k = 0; k < thresholds.size(); k++) {
            slices.add(new Band(sign, k == 0 ? 0.0 : thresholds.get(k - 1), thresholds.get(k)));
        }
        return List.copyOf(slices);
    }

    /** Number of connections of a network: entries of W_rec of that sign, other than 0. */
    public static int count(Rnn rnn, Sign sign) {
        return connections(rnn, sign).length;
    }

    /** Indices of the connections in W_rec, row by row. */
    static int[] connections(Rnn rnn, Sign sign) {
        double[] w = rnn.wRec();
        int[] places = new int[w.length];
        int count = 0;
        for (int k = 0; k < places.length; k++) {
            if (sign.has(w[k])) {
                places[count++] = k;
            }
        }
        return Arrays.copyOf(places, count);
    }

    static void checkCount(String what, int count) {
        if (count < 0) {
            throw new IllegalArgumentException(what + " is " + count + ", expected 0 or more");
        }
    }

    static void checkEnough(String what, int count, int there) {
        if (count > there) {
            throw new IllegalArgumentException(
                    what + " to remove are " + count + ", expected at most " + there + ", all there are");
        }
    }

    /** A network while a lesion is applied. Not thread-safe. */
    static final class Cut {
        private final Rnn before;
        private final Rnn after;
        private final RnnShape shape;
        private final double[] p;
        private final int first;
        private final int n;

        Cut(Rnn rnn) {
            before = rnn.fullRank();
            after = before.copy();
            shape = before.shape();
            p = after.parameters();
            first = shape.wRec().offset();
            n = rnn.units();
            for (int k = 0; k < n * n; k++) {
                if (!Double.isFinite(p[first + k])) {
                    throw new IllegalArgumentException(
                            shape.entry(first + k) + " is " + p[first + k] + ", expected a finite number");
                }
            }
        }

        double weight(int place) {
            return p[first + place];
        }

        void connection(int place) {
            p[first + place] = 0.0;
        }

        void unit(int i) {
            for (int j = 0; j < n; j++) {
                connection(i * n + j);
                connection(j * n + i);
            }
            for (int input = 0; input < shape.inputs(); input++) {
                p[shape.wIn().at(i, input)] = 0.0;
            }
            for (int o = 0; o < shape.outputs(); o++) {
                p[shape.wOut().at(o, i)] = 0.0;
            }
            p[shape.bRec().at(i, 0)] = 0.0;
            p[shape.h0().at(i, 0)] = 0.0;
        }

        /** Subtracts {@code lambda v w^H / (w^H v)}; of a pair, twice the real part. */
        void mode(Spectrum spectrum, Eigenvectors vectors, int k) {
            double[] vRe = vectors.rightRe();
            double[] vIm = vectors.rightIm();
            double[] wRe = vectors.leftRe();
            double[] wIm = vectors.leftIm();
            int at = k * n;
            double re = 0.0;
            double im = 0.0;
            for (int i = 0; i < n; i++) {
                re += wRe[at + i] * vRe[at + i] + wIm[at + i] * vIm[at + i];
                im += wRe[at + i] * vIm[at + i] - wIm[at + i] * vRe[at + i];
            }
            // c = lambda / (w^H v)
            double norm = re * re + im * im;
            double lambdaRe = spectrum.re()[k];
            double lambdaIm = spectrum.im()[k];
            double cRe = (lambdaRe * re + lambdaIm * im) / norm;
            double cIm = (lambdaIm * re - lambdaRe * im) / norm;
            double times = lambdaIm == 0.0 ? 1.0 : 2.0;
            for (int i = 0; i < n; i++) {
                double aRe = cRe * vRe[at + i] - cIm * vIm[at + i];
                double aIm = cRe * vIm[at + i] + cIm * vRe[at + i];
                for (int j = 0; j < n; j++) {
                    p[first + i * n + j] -= times * (aRe * wRe[at + j] + aIm * wIm[at + j]);
                }
            }
        }

        Lesion.Result result() {
            int connections = 0;
            int removed = 0;
            // Divided by the largest weight, so that no square leaves the range.
            double scale = 0.0;
            for (int k = first; k < first + n * n; k++) {
                scale = Math.max(scale, Math.abs(before.parameters()[k]));
            }
            double square = 0.0;
            double lost = 0.0;
            for (int k = first; k < first + n * n && scale > 0.0; k++) {
                double w = before.parameters()[k];
                connections += w != 0.0 ? 1 : 0;
                removed += w != 0.0 && p[k] == 0.0 ? 1 : 0;
                square += w / scale * (w / scale);
                double d = (w - p[k]) / scale;
                lost += d * d;
            }
            double share = square > 0.0 ? Math.sqrt(lost / square) : 0.0;
            return new Lesion.Result(after, removed, connections, share);
        }
    }
}
