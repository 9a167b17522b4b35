package attractor.cli.terminal;

/**
 * Estimates the time left from the recent pace of the work. The first seconds, in which the JVM compiles, and older
 * times don't count. Not thread-safe.
 */
final class TimeLeft {
    /** There is no estimate from a shorter time. */
    private static final double SHORTEST_SECONDS = 2.0;
    /** The pace is averaged over at least this share of the time so far, so that runs of different speed even out. */
    private static final double SHARE = 0.25;

    private static final double WINDOW_SECONDS = 5.0;

    private final double[] seconds = new double[3];
    private final double[] work = new double[3];
    private boolean begun;

    /**
     * Seconds left; NaN while there is no estimate.
     *
     * @param now seconds on any clock
     * @param done work done so far
     * @param left work to do
     */
    double estimate(double now, double done, double left) {
        if (!begun) {
            begun = true;
            for (int i = 0; i < 3; i++) {
                seconds[i] = now;
                work[i] = done;
            }
            return Double.NaN;
        }
        // The first time is fixed, the other two advance; the pace is measured from the older of these two.
        double window = Math.max(WINDOW_SECONDS, SHARE * (now - seconds[0]));
        if (now - seconds[2] >= window) {
            seconds[1] = seconds[2];
            work[1] = work[2];
            seconds[2] = now;
            work[2] = done;
        }
        double elapsed = now - seconds[1];
        double advanced = done - work[1];
        return elapsed >= SHORTEST_SECONDS && advanced > 0 ? Math.max(0, left) * elapsed / advanced : Double.NaN;
    }

    /** In words, such as "about 1:05 left"; empty while there is no estimate. */
    static String words(double seconds) {
        return Double.isNaN(seconds) ? "" : "about " + StatusLine.time(seconds) + " left";
    }
}
