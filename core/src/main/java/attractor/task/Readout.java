package attractor.task;

import java.util.List;
import java.util.Objects;

/**
 * How an answer is read from the outputs of a trial: whether a trial is answered by one of several classes, and by which.
 *
 * <p>The <b>response window</b> of a trial are the steps with its largest weight: all steps where there is no mask. Of
 * these, only those count that ask for the same class as the last of them. So a mask of 1 before the response and of 5 in
 * it makes a network fixate first and answer then, and a mask of 0 before leaves its outputs free there.
 *
 * <p>The <b>answer</b> is the class that the mean of the outputs over the window says: with {@link Kind#LARGEST} the
 * largest output, with {@link Kind#LEVEL} the level nearest to the only output. Of two that are equally large or near
 * neither is an answer, and such a trial is wrong, like one with an output that isn't a finite number. A silent or constant network so fails.
 *
 * <p>The <b>decision time</b> of a trial is the time from the beginning of the window to the first step from which on
 * every step up to the window's end says the answer. It is negative for an answer that is there before the window.
 *
 * <p>Immutable, safe for any thread.
 *
 * @param kind how the class follows from outputs
 * @param levels with {@link Kind#LEVEL} the levels, all different, at least two; otherwise empty
 */
public record Readout(Kind kind, List<Double> levels) {

    /** How a class follows from the outputs. Immutable, safe for any thread. */
    public enum Kind {
        /** There are no classes: only the error counts. */
        NONE,
        /** Output o is large for class o; targets are one-hot wherever they count. */
        LARGEST,
        /** The only output has one level for each class. */
        LEVEL
    }

    /** No classes. */
    public static final Readout NONE = new Readout(Kind.NONE, List.of());

    /** The class is the largest output. */
    public static final Readout LARGEST = new Readout(Kind.LARGEST, List.of());

    /** @throws IllegalArgumentException if there are levels without the kind that has them, fewer than two, or two alike */
    public Readout {
        Objects.requireNonNull(kind, "kind is null, expected one such as NONE");
        levels = List.copyOf(levels);
        if ((kind == Kind.LEVEL) != (levels.size() > 1)
                || levels.stream().distinct().count() != levels.size()) {
            throw new IllegalArgumentException("levels are " + levels + ", expected "
                    + (kind == Kind.LEVEL ? "at least two, all different" : "none with " + kind));
        }
    }

    /** The class is the nearest of these levels of the only output. */
    public static Readout levels(Double... levels) {
        return new Readout(Kind.LEVEL, List.of(levels));
    }

    /** Whether there are classes. */
    public boolean classifies() {
        return kind != Kind.NONE;
    }

    /**
     * The class that outputs, or targets, say.
     *
     * @param y O values from {@code at} on. Not modified.
     * @param outputs O
     * @return -1 if it is undecided
     */
    int classOf(double[] y, int at, int outputs) {
        int best = -1;
        double most = Double.NEGATIVE_INFINITY;
        int candidates = kind == Kind.LARGEST ? outputs : levels.size();
        for (int c = 0; c < candidates; c++) {
            double score = kind == Kind.LARGEST ? y[at + c] : -Math.abs(y[at] - levels.get(c));
            if (!Double.isFinite(score)) {
                return -1;
            }
            if (score > most) {
                most = score;
                best = c;
            } else if (score == most) {
                best = -1;
            }
        }
        return best;
    }
}
