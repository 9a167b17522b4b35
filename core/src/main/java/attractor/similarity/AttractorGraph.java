package attractor.similarity;

import attractor.analysis.Attractors;
import attractor.analysis.Attractors.Attractor;
import attractor.analysis.Attractors.OutputRange;
import attractor.analysis.Attractors.TypeResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Which types of trial end together in one attractor, and in which kind of attractor with which output: what a network does
 * with its task, apart from how. A type's end is where most of its noisy trials go (where the trial without noise goes if
 * there are none): a state of exactly 0, in which trials without a stimulus may stay for ever without noise, is no solution.
 *
 * <p>Two networks differ by
 *
 * <pre>    1/2 (share of the pairs of types that end together in one network and apart in the other)
 *  + 1/2 (share of the types that end in another kind of attractor, or with another output)</pre>
 *
 * Outputs are compared after rounding mean and amplitude to the nearest half. So a distance of 0 means the same graph, and
 * equal graphs are classes. Immutable, safe for any thread.
 *
 * @param types the types' names
 * @param end by type, the number of the attractor, from 0 on by first appearance
 * @param ends by type, its kind and output
 */
public record AttractorGraph(List<String> types, List<Integer> end, List<End> ends) {

    /** A kind of attractor, as coarse as a comparison needs it. Immutable, safe for any thread. */
    public enum Kind {
        /** The state stays. */
        FIXED_POINT("fixed point"),
        /** The state goes round: a periodic orbit, closed curve or torus. */
        OSCILLATION("oscillation"),
        /** Chaos. */
        CHAOS("chaos"),
        /** Not settled, or diverging. */
        OTHER("not settled");

        private final String words;

        Kind(String words) {
            this.words = words;
        }

        /** In words. */
        public String words() {
            return words;
        }

        private static Kind of(Attractors.Kind kind) {
            return kind.still()
                    ? FIXED_POINT
                    : kind.oscillates() ? OSCILLATION : kind == Attractors.Kind.CHAOS ? CHAOS : OTHER;
        }
    }

    /**
     * An attractor. Immutable, safe for any thread.
     *
     * @param output mean of each output, in halves; none if the state doesn't settle
     * @param amplitude half the range of each output, in halves; none if the state doesn't settle
     */
    public record End(Kind kind, List<Integer> output, List<Integer> amplitude) {}

    /** The graph of what an analysis found. */
    public static AttractorGraph of(Attractors found) {
        List<String> types = new ArrayList<>();
        List<Integer> order = new ArrayList<>();
        List<Integer> end = new ArrayList<>();
        List<End> ends = new ArrayList<>();
        for (TypeResult type : found.types()) {
            int chosen = type.attractor();
            double most = type.noisyFractions().length == 0 ? 0.0 : -1.0;
            for (int a = 0; a < type.noisyFractions().length; a++) {
                if (type.noisyFractions()[a] > most) {
                    most = type.noisyFractions()[a];
                    chosen = a;
                }
            }
            if (!order.contains(chosen)) {
                order.add(chosen);
            }
            types.add(type.type());
            end.add(order.indexOf(chosen));
            ends.add(end(found.attractors().get(chosen)));
        }
        return new AttractorGraph(List.copyOf(types), List.copyOf(end), List.copyOf(ends));
    }

    private static End end(Attractor attractor) {
        List<Integer> output = new ArrayList<>();
        List<Integer> amplitude = new ArrayList<>();
        if (Kind.of(attractor.kind()) == Kind.OTHER) {
            return new End(Kind.OTHER, List.of(), List.of());
        }
        for (OutputRange o : attractor.outputs()) {
            output.add(halves(o.mean()));
            amplitude.add(halves(0.5 * (o.max() - o.min())));
        }
        return new End(Kind.of(attractor.kind()), List.copyOf(output), List.copyOf(amplitude));
    }

    private static int halves(double value) {
        return (int) Math.rint(2.0 * Math.max(-1e6, Math.min(1e6, value)));
    }

    /**
     * The distance, 0 to 1.
     *
     * @throws IllegalArgumentException if the types differ
     */
    public double distance(AttractorGraph other) {
        if (!types.equals(other.types)) {
            throw new IllegalArgumentException("types " + other.types + ", expected " + types);
        }
        int n = types.size();
        int apart = 0;
        int different = 0;
        for (int i = 0; i < n; i++) {
            different += ends.get(i).equals(other.ends.get(i)) ? 0 : 1;
            for (int j = 0; j < i; j++) {
                boolean here = end.get(i).equals(end.get(j));
                boolean there = other.end.get(i).equals(other.end.get(j));
                apart += here == there ? 0 : 1;
            }
        }
        double pairs = Math.max(1, n * (n - 1) / 2);
        return 0.5 * apart / pairs + 0.5 * different / n;
    }

    /** In words, such as {@code 00 01 10: fixed point, output 0; 11: fixed point, output 1}. */
    public String words() {
        List<String> words = new ArrayList<>();
        for (int node = 0; node <= end.stream().mapToInt(Integer::intValue).max().orElse(-1); node++) {
            List<String> here = new ArrayList<>();
            for (int k = 0; k < types.size(); k++) {
                if (end.get(k) == node) {
                    here.add(types.get(k));
                }
            }
            End e = ends.get(end.indexOf(node));
            StringBuilder text = new StringBuilder(String.join(" ", here))
                    .append(": ")
                    .append(e.kind.words)
                    .append(e.output.isEmpty() ? "" : ", output");
            for (int o = 0; o < e.output.size(); o++) {
                text.append(o > 0 ? "," : "").append(' ').append(number(e.output.get(o)));
                if (e.amplitude.get(o) > 0) {
                    text.append(" ± ").append(number(e.amplitude.get(o)));
                }
            }
            words.add(text.toString());
        }
        return String.join("; ", words);
    }

    private static String number(int halves) {
        return halves % 2 == 0
                ? Integer.toString(halves / 2)
                : String.format(Locale.ROOT, "%.1f", halves / 2.0);
    }
}
