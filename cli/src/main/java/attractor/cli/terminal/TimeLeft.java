package attractor.cli.terminal;

/**
 * Estimates when work will be done from how fast it went lately: the first seconds, in which the JVM compiles, and a pace of long ago
 * don't count. Not thread-safe.
 */
final class TimeLeft {
    /** Nothing is told from a shorter time. */
    private static final double SHORTEST_SECONDS = 2.0;
    /** The pace is taken over at least this share of the time so far, so that runs of unlike speed even out. */
    private static final double SHARE = 0.25;

    private static final double WINDOW_SECONDS = 5.0;

    private final double[] seconds = new double[3];
    private final double[] work = new double[3];
    private boolean begun;

    /**
     * Seconds to go; NaN while nothing can be told.
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
        // The first moment stays, the other two follow: the pace is that since the older of them.
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

    /** In words: "1:05 left", or nothing while nothing can be told. */
    static String words(double seconds) {
        return Double.isNaN(seconds) ? "" : "about " + StatusLine.time(seconds) + " left";
    }
}
