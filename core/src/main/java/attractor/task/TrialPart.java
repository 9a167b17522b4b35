package attractor.task;

/**
 * A part of a trial that has a meaning, such as the time before the stimulus or the response.
 *
 * <p>Immutable, safe for any thread.
 *
 * @param name {@value #BEFORE}, {@value #STIMULUS}, {@value #GAP}, {@value #RESPONSE}, {@value #AFTER} in the built-in
 * tasks; your own task may use other names
 * @param from first step, counted from 0
 * @param to the step after the last, above {@code from}
 */
public record TrialPart(String name, int from, int to) {

    /** Before anything happens. */
    public static final String BEFORE = "before";

    /** While an input is on. */
    public static final String STIMULUS = "stimulus";

    /** Between the stimulus and the response. */
    public static final String GAP = "gap";

    /** While there is a response in the target. */
    public static final String RESPONSE = "response";

    /** After a response that ends before the trial does. */
    public static final String AFTER = "after";

    /** @throws IllegalArgumentException if the name is empty or the part isn't at least one step */
    public TrialPart {
        if (name.isEmpty()) {
            throw new IllegalArgumentException("part of a trial has an empty name, expected at least one character");
        }
        if (from < 0 || to <= from) {
            throw new IllegalArgumentException(
                    "part " + name + " is steps " + from + " to " + to + ", expected 0 <= from < to");
        }
    }

    /** The steps of this part in a trial that ends after {@code steps} steps; its last step if it ends before the part. */
    public TrialPart within(int steps) {
        int end = Math.min(to, steps);
        return end == to ? this : new TrialPart(name, Math.min(from, end - 1), end);
    }

    /** Number of steps. */
    public int steps() {
        return to - from;
    }
}
