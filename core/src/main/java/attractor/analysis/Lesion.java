package attractor.analysis;

import attractor.model.Rnn;
import attractor.random.RandomStream;
import attractor.random.RandomStream.Purpose;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * Something that is removed from a network: connections set to 0, units silenced, or an eigenmode of W_rec removed. A
 * connection is an entry of W_rec other than 0: one of weight 0 doesn't exist, is never counted and never drawn. In a network of
 * low rank it is an entry of the product; after the lesion W_rec is an array of its own.
 *
 * <p>Immutable, safe for any number of threads; every lesion except {@link Mode} works without EJML. The same bits on
 * every JDK, a mode as far as that holds for {@link Spectrum}. Source: Jarne and Laje, arXiv:1906.01094, figure 14.
 */
public sealed interface Lesion {

    /** Purpose of the streams that choose which units or connections are taken away. */
    Purpose PURPOSE = Purpose.of("lesions");

    /** Which connections are meant. Immutable, safe for any thread. */
    enum Sign {
        /** All. */
        BOTH("both signs"),
        /** Those above 0. */
        POSITIVE("positive"),
        /** Those below 0. */
        NEGATIVE("negative");

        private final String words;

        Sign(String words) {
            this.words = words;
        }

        /** In words, as in reports. */
        public String words() {
            return words;
        }

        boolean has(double w) {
            return w != 0.0 && (this == BOTH || (w > 0.0) == (this == POSITIVE));
        }
    }

    /**
     * The result of a lesion. Immutable, safe for any thread.
     *
     * @param network the network after the lesion, of the same size; shares nothing with the original
     * @param removed number of connections that existed before and are 0 now
     * @param connections number of connections before
     * @param normShare {@code |W_rec - W_rec'| / |W_rec|} in Frobenius norms, 0 if W_rec is 0: a size that is
     *     comparable between lesions of all kinds
     */
    record Result(Rnn network, int removed, int connections, double normShare) {
        /** Removed connections as a percentage of those before; 0 if there were none. */
        public double percent() {
            return connections == 0 ? 0.0 : 100.0 * removed / connections;
        }
    }

    /**
     * What is removed, in a few words, such as {@code positive, 0.003 < |w| <= 0.0075}. Equal lesions have equal words.
     */
    String words();

    /**
     * Applies this lesion to a network.
     *
     * @param rnn Not modified.
     * @throws IllegalArgumentException if a recurrent weight isn't finite, or the network lacks what is to be removed
     */
    Result apply(Rnn rnn);

    /**
     * Connections with {@code above < |w| <= upTo}: figure 14 a to c has {@code above} = 0, d and e have the previous
     * threshold. The upper end is included, so that slices between successive thresholds share no connection and leave
     * none out; a threshold of 0 removes nothing. Immutable, safe for any thread.
     *
     * @param sign the connections' sign
     * @param above 0 or more, finite
     * @param upTo at least {@code above}, finite
     */
    record Band(Sign sign, double above, double upTo) implements Lesion {
        /** @throws IllegalArgumentException unless {@code 0 <= above <= upTo}, finite */
        public Band {
            if (!(above >= 0.0 && upTo >= above && upTo <= Double.MAX_VALUE)) {
                throw new IllegalArgumentException(
                        "band is " + above + " < |w| <= " + upTo + ", expected 0 <= the first <= the second, finite");
            }
        }

        @Override
        public String words() {
            return sign.words + ", " + above + " < |w| <= " + upTo;
        }

        @Override
        public Result apply(Rnn rnn) {
            Lesions.Cut cut = new Lesions.Cut(rnn);
            for (int k : Lesions.connections(rnn, sign)) {
                double w = Math.abs(cut.weight(k));
                if (w > above && w <= upTo) {
                    cut.connection(k);
                }
            }
            return cut.result();
        }
    }

    /**
     * The connections of largest |w|; among equals, those that come first in W_rec (row by row). Immutable, safe for
     * any thread.
     *
     * @param sign the connections' sign
     * @param count how many, 0 or more; more than exist is an error
     */
    record Strongest(Sign sign, int count) implements Lesion {
        /** @throws IllegalArgumentException if the count is negative */
        public Strongest {
            Lesions.checkCount("connections to remove", count);
        }

        @Override
        public String words() {
            return sign.words + ", strongest " + count;
        }

        @Override
        public Result apply(Rnn rnn) {
            Lesions.Cut cut = new Lesions.Cut(rnn);
            int[] connections = Lesions.connections(rnn, sign);
            Lesions.checkEnough(sign.words + ": connections", count, connections.length);
            Comparator<Integer> byStrength = Comparator.comparingDouble(k -> -Math.abs(cut.weight(k)));
            Arrays.stream(connections).boxed().sorted(byStrength).limit(count).forEach(cut::connection);
            return cut.result();
        }
    }

    /**
     * Random connections, every set of them equally likely. With the same seed and draw, a smaller count removes a
     * subset of what a larger count removes. Immutable, safe for any thread.
     *
     * @param sign the connections' sign
     * @param count how many, 0 or more; more than exist is an error
     * @param seed any value
     * @param draw number of the seed's draw
     */
    record RandomConnections(Sign sign, int count, long seed, long draw) implements Lesion {
        /** @throws IllegalArgumentException if the count is negative */
        public RandomConnections {
            Lesions.checkCount("connections to remove", count);
        }

        @Override
        public String words() {
            return sign.words + ", random " + count + " (seed " + seed + ", draw " + draw + ")";
        }

        @Override
        public Result apply(Rnn rnn) {
            Lesions.Cut cut = new Lesions.Cut(rnn);
            int[] connections = Lesions.connections(rnn, sign);
            Lesions.checkEnough(sign.words + ": connections", count, connections.length);
            new RandomStream(seed, PURPOSE, draw).shuffle(connections);
            for (int i = 0; i < count; i++) {
                cut.connection(connections[i]);
            }
            return cut.result();
        }
    }

    /**
     * Whole units: their rows and columns of W_rec, rows of W_in, columns of W_out, entries of b_rec and h0. A unit is
     * silent even if phi(0) isn't 0, since nothing reads it. Immutable, safe for any thread.
     *
     * @param units indices, all different, in any order
     */
    record Units(List<Integer> units) implements Lesion {
        /** @throws IllegalArgumentException if a unit is named twice */
        public Units {
            units = units.stream().sorted().toList();
            for (int k = 1; k < units.size(); k++) {
                if (units.get(k).equals(units.get(k - 1))) {
                    throw new IllegalArgumentException(
                            "unit " + units.get(k) + " is to be removed twice, expected different units");
                }
            }
        }

        /**
         * Units at random, every set of them equally likely.
         *
         * @param ofUnits N
         * @param count how many of them, 0 to N
         * @param seed any value
         * @param draw number of the seed's draw
         * @throws IllegalArgumentException if there are fewer units
         */
        public static Units random(int ofUnits, int count, long seed, long draw) {
            Lesions.checkCount("units to remove", count);
            Lesions.checkEnough("units", count, ofUnits);
            int[] all = new int[ofUnits];
            Arrays.setAll(all, i -> i);
            new RandomStream(seed, PURPOSE, draw).shuffle(all);
            return new Units(Arrays.stream(all, 0, count).boxed().toList());
        }

        @Override
        public String words() {
            return "units " + units;
        }

        @Override
        public Result apply(Rnn rnn) {
            Lesions.Cut cut = new Lesions.Cut(rnn);
            for (int unit : units) {
                if (unit < 0 || unit >= rnn.units()) {
                    throw new IllegalArgumentException(
                            "unit to remove is " + unit + ", expected 0 to N - 1 = " + (rnn.units() - 1));
                }
                cut.unit(unit);
            }
            return cut.result();
        }
    }

    /**
     * An eigenmode of W_rec: {@code W' = W - lambda v w^H / (w^H v)} with the right and left eigenvector v and w, and
     * for a complex lambda the conjugate term too. W' has 0 in lambda's place (and its conjugate's), every other
     * eigenvalue and eigenvector as before. All weights change, but as a rule none becomes 0, so that
     * {@link Result#removed} is 0 and {@link Result#normShare} measures the lesion. Immutable, safe for any thread.
     *
     * @param eigenvalue the eigenvalue's index in the order of {@link Spectrum}; for a complex pair either index
     */
    record Mode(int eigenvalue) implements Lesion {
        /** Overlap |w^H v| of the unit eigenvectors below which the mode isn't known well enough. */
        public static final double MIN_OVERLAP = 1e-4;

        /** @throws IllegalArgumentException if the index is negative */
        public Mode {
            Lesions.checkCount("index of the eigenvalue to remove", eigenvalue);
        }

        @Override
        public String words() {
            return "mode of eigenvalue " + eigenvalue;
        }

        /**
         * {@inheritDoc}
         *
         * @throws IllegalArgumentException if there is no such eigenvalue, or it is ill-conditioned: defective, or an
         *     overlap below {@value #MIN_OVERLAP}
         * @throws IllegalStateException if the eigenvalues don't converge, or without EJML on the class path
         */
        @Override
        public Result apply(Rnn rnn) {
            int n = rnn.units();
            if (eigenvalue >= n) {
                throw new IllegalArgumentException(
                        "index of the eigenvalue to remove is " + eigenvalue + ", expected 0 to N - 1 = " + (n - 1));
            }
            Spectrum spectrum = Spectrum.of(rnn);
            Eigenvectors vectors = spectrum.vectors().orElseThrow();
            if (!(vectors.overlap()[eigenvalue] >= MIN_OVERLAP)) {
                throw new IllegalArgumentException("eigenvalue " + eigenvalue + ", " + spectrum.re()[eigenvalue] + " + "
                        + spectrum.im()[eigenvalue] + "i, has left and right vectors with overlap "
                        + vectors.overlap()[eigenvalue] + ", expected at least " + MIN_OVERLAP
                        + " (it is nearly defective)");
            }
            Lesions.Cut cut = new Lesions.Cut(rnn);
            cut.mode(spectrum, vectors, eigenvalue);
            return cut.result();
        }
    }
}
