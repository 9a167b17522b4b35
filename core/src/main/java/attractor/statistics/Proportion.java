package attractor.statistics;

/**
 * k successes among n trials, with intervals for the probability of a success. Immutable, thread-safe.
 *
 * @param successes k
 * @param trials n, at least 1
 */
public record Proportion(int successes, int trials) {

    /** A difference of two rates with its interval. Immutable, safe for any thread. */
    public record Difference(double estimate, Interval interval) {}

    /** @throws IllegalArgumentException if there is no trial, or k isn't from 0 to n */
    public Proportion {
        if (trials < 1) {
            throw new IllegalArgumentException("there are " + trials + " trials, expected at least 1");
        }
        if (successes < 0 || successes > trials) {
            throw new IllegalArgumentException(
                    "successes is " + successes + ", expected 0 to the number of trials, " + trials);
        }
    }

    /** k / n. */
    public double rate() {
        return (double) successes / trials;
    }

    /** The rate's 95 % interval, see {@link #wilson(double)}. */
    public Interval wilson() {
        return wilson(0.95);
    }

    /**
     * Wilson's score interval, without continuity correction: with z the normal quantile of the level,
     * {@code (2 k + z^2 -+ z sqrt(z^2 + 4 k (n - k) / n)) / (2 (n + z^2))}. Contains the rate; starts at 0 exactly for
     * k = 0 and ends at 1 exactly for k = n. Source: E. B. Wilson, J. Am. Stat. Assoc. 22 (1927).
     *
     * @param level confidence level
     * @throws IllegalArgumentException if the level isn't above 0 and below 1
     */
    public Interval wilson(double level) {
        double z = Distributions.criticalValue(level);
        double k = successes;
        double n = trials;
        double root = z * Math.sqrt(z * z + 4.0 * k * (n - k) / n);
        double below = 2.0 * (n + z * z);
        return new Interval(
                successes == 0 ? 0.0 : (2.0 * k + z * z - root) / below,
                successes == trials ? 1.0 : (2.0 * k + z * z + root) / below);
    }

    /** This rate minus another with the 95 % interval, see {@link #minus(Proportion, double)}. */
    public Difference minus(Proportion other) {
        return minus(other, 0.95);
    }

    /**
     * This rate minus the rate of an independent sample, with Newcombe's hybrid score interval (his method 10): with
     * (l, u) the Wilson interval of each rate p, from {@code d - sqrt((p1 - l1)^2 + (u2 - p2)^2)} to
     * {@code d + sqrt((u1 - p1)^2 + (p2 - l2)^2)}. Within -1 to 1. Source: R. G. Newcombe, Statistics in Medicine 17,
     * 873 (1998).
     *
     * @param level confidence level
     * @throws IllegalArgumentException if the level isn't above 0 and below 1
     */
    public Difference minus(Proportion other, double level) {
        Interval i1 = wilson(level);
        Interval i2 = other.wilson(level);
        double p1 = rate();
        double p2 = other.rate();
        double difference = p1 - p2;
        return new Difference(
                difference,
                new Interval(
                        difference - norm(p1 - i1.low(), i2.high() - p2),
                        difference + norm(i1.high() - p1, p2 - i2.low())));
    }

    private static double norm(double a, double b) {
        return Math.sqrt(a * a + b * b);
    }
}
