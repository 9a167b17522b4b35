package attractor.engine;

/**
 * Where the time of one {@link BatchGradient#compute} went, in nanoseconds. {@code gather}, {@code forward} and
 * {@code backward} are summed over the threads; together they may exceed {@code wall}. Immutable, safe for any thread.
 *
 * @param wall from the call to its return
 * @param gather reading the trials and computing the keys of their noise
 * @param forward the Euler steps over the tape and the loss, without the steps that segments repeat
 * @param backward back through time, including the steps that segments repeat
 * @param reduce loading the weights before, and adding up the chunks after, on the calling thread
 */
public record StepTimes(long wall, long gather, long forward, long backward, long reduce) {
    /** No time at all. */
    public static final StepTimes ZERO = new StepTimes(0, 0, 0, 0, 0);

    /** The sum of these times and others, for example over the batches of an epoch. */
    public StepTimes plus(StepTimes t) {
        return new StepTimes(
                wall + t.wall, gather + t.gather, forward + t.forward, backward + t.backward, reduce + t.reduce);
    }
}
