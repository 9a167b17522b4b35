package attractor.train;

/**
 * What became of one epoch. Immutable, safe for any thread.
 *
 * @param number from 1 on
 * @param loss mean of its batches' losses, each weighted by its number of trials
 * @param seconds time spent in its steps
 */
public record EpochSummary(int number, double loss, double seconds) {}
