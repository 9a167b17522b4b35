package attractor.task;

/**
 * How often and how fast the trials of a type were answered with the right class, see {@link Readout}. Immutable, safe for
 * any thread.
 *
 * @param accuracy share of the trials whose answer is right, 0 to 1
 * @param decisionMs mean decision time of these in ms from the beginning of the response window; NaN if there are none
 */
public record Decisions(double accuracy, double decisionMs) {}
