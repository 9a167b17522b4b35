package attractor.report;

import attractor.statistics.Interval;
import attractor.statistics.Summary;
import java.util.Locale;

/** The format of numbers in reports. Stateless. */
final class Format {
    private Format() {}

    /** From here on the digits behind the point say nothing, as of the loss of a training that went astray. */
    private static final double LARGE = 1e7;

    static String number(double value, int decimals) {
        if (!Double.isFinite(value)) {
            return Double.isNaN(value) ? "-" : value > 0 ? "∞" : "-∞";
        }
        if (decimals > 0 && Math.abs(value) >= LARGE) {
            return String.format(Locale.ROOT, "%.2e", value);
        }
        String text = String.format(Locale.ROOT, "%." + decimals + "f", value);
        // A zero has no sign.
        return text.matches("-[0.]+") ? text.substring(1) : text;
    }

    static String percent(double rate) {
        return number(100 * rate, 0) + " %";
    }

    /** A share as a percentage; a dash if there is none. */
    static String share(double share) {
        return Double.isNaN(share) ? "-" : percent(share);
    }

    static String percent(Interval interval) {
        return number(100 * interval.low(), 0) + " to " + number(100 * interval.high(), 0) + " %";
    }

    static String p(double value) {
        return Double.isNaN(value) ? "-" : value < 0.001 ? String.format(Locale.ROOT, "%.1e", value) : number(value, 3);
    }

    /** Mean and standard error over networks. */
    static String mean(Summary summary, int decimals) {
        return number(summary.mean(), decimals)
                + (summary.count() > 1 ? " ± " + number(summary.standardError(), decimals) : "");
    }

    /** Mean and standard deviation over networks. */
    static String spread(Summary summary, int decimals) {
        return number(summary.mean(), decimals)
                + (summary.count() > 1 ? " (" + number(summary.sd(), decimals) + ")" : "");
    }
}
