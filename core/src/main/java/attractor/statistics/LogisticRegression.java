package attractor.statistics;

import java.util.Arrays;

/**
 * Logistic regression of successes on one variable, {@code P(success) = 1 / (1 + exp(-(intercept + slope x)))}, and the
 * x at which the probability crosses one half, {@code -intercept / slope}. Immutable, thread-safe.
 *
 * <p>A fit exists only if the outcomes overlap (A. Albert, J. A. Anderson, Biometrika 71, 1, 1984). Where they don't,
 * {@link #outcome} says so and coefficients, standard errors and the estimate of the crossing are NaN; where x separates
 * successes from failures, the crossing lies in {@link #gap}. The profile likelihood interval exists in every case, since
 * the likelihood has a supremum even where no coefficients reach it.
 *
 * <p>Intervals of the crossing c: Fieller's, all c with {@code (intercept + slope c)^2 <= z^2 (v00 + 2 c v01 + c^2 v11)},
 * v the covariance (E. C. Fieller, J. R. Stat. Soc. B 16, 175, 1954); and the profile likelihood's, all c with
 * {@code 2 (L - max over slope of L(-slope c, slope)) <= z^2}, L the log-likelihood. With few trials the second keeps
 * its level better. Both are unbounded, as {@link ConfidenceSet#shape} says, if the slope isn't significantly different
 * from 0 at this level (by Wald's and by the likelihood ratio test, respectively).
 *
 * @param outcome whether there is a fit, and if not, why
 * @param trials number of trials
 * @param successes how many of them succeeded
 * @param lowest smallest x with a trial
 * @param highest largest x with a trial
 * @param intercept maximum-likelihood estimate
 * @param slope maximum-likelihood estimate, per unit of x
 * @param interceptVariance variance of the intercept, from the inverse of the information
 * @param covariance covariance of intercept and slope
 * @param slopeVariance variance of the slope
 * @param logLikelihood largest log-likelihood {@code sum(k ln p + (n - k) ln(1 - p))}, or its supremum if there is no fit;
 *     without binomial coefficients
 * @param constantLogLikelihood the same with slope 0
 * @param slopePValue p-value of the likelihood ratio test of slope 0, by chi-square with one degree of freedom. NaN if
 *     all x are equal
 * @param crossing estimate of the x where the probability is 1/2. Infinite if the slope is 0, NaN if there is no fit
 * @param fieller Fieller's confidence set of the crossing; {@link ConfidenceSet.Shape#EVERYTHING} if there is no fit
 * @param profile profile likelihood's confidence set of the crossing
 * @param gap if x separates the outcomes, from the last x on one side to the first on the other (equal if
 *     quasi-separated); NaN at both ends otherwise
 */
public record LogisticRegression(
        Outcome outcome,
        long trials,
        long successes,
        double lowest,
        double highest,
        double intercept,
        double slope,
        double interceptVariance,
        double covariance,
        double slopeVariance,
        double logLikelihood,
        double constantLogLikelihood,
        double slopePValue,
        double crossing,
        ConfidenceSet fieller,
        ConfidenceSet profile,
        Interval gap) {

    /** Whether there is a fit, and if not, why. Immutable, safe for any thread. */
    public enum Outcome {
        /** Outcomes overlap: coefficients exist. */
        FITTED,
        /** All trials below an x failed and all above succeeded; {@link #gap} is where this changes. */
        SEPARATED_RISING,
        /** All trials below an x succeeded and all above failed; {@link #gap} is where this changes. */
        SEPARATED_FALLING,
        /** As {@link #SEPARATED_RISING}, except for one x that has both outcomes. */
        QUASI_SEPARATED_RISING,
        /** As {@link #SEPARATED_FALLING}, except for one x that has both outcomes. */
        QUASI_SEPARATED_FALLING,
        /** Every trial succeeded: no crossing within the range of x. */
        ALL_SUCCEEDED,
        /** Every trial failed: no crossing within the range of x. */
        ALL_FAILED
    }

    /** Whether there is an estimate of the crossing that lies within the range of x. */
    public boolean crossesWithinRange() {
        return lowest <= crossing && crossing <= highest;
    }

    /** The intercept's standard error; NaN if there is no fit. */
    public double interceptStandardError() {
        return Math.sqrt(interceptVariance);
    }

    /** The slope's standard error; NaN if there is no fit. */
    public double slopeStandardError() {
        return Math.sqrt(slopeVariance);
    }

    /** The fitted probability of a success at x; NaN if there is no fit. */
    public double probability(double x) {
        return sigma(intercept + slope * x);
    }

    /**
     * Regression on single trials with 95 % intervals, see {@link #of(double[], int[], int[], double)}.
     *
     * @param x one value per trial, finite. Not modified.
     * @param success whether it succeeded. Not modified.
     * @throws IllegalArgumentException as for counts
     */
    public static LogisticRegression of(double[] x, boolean[] success) {
        int[] k = new int[success.length];
        int[] n = new int[success.length];
        Arrays.fill(n, 1);
        for (int i = 0; i < k.length; i++) {
            k[i] = success[i] ? 1 : 0;
        }
        return of(x, k, n, 0.95);
    }

    /**
     * Regression on counts. Newton's method, with steps halved if they don't increase the likelihood, in a variable
     * centred and scaled to [-1, 1].
     *
     * @param x finite; may repeat, in any order. Not modified.
     * @param successes number of successes at each x, 0 to its number of trials. Not modified.
     * @param trials number of trials at each x; an x with 0 is ignored. Not modified.
     * @param level confidence level
     * @throws IllegalArgumentException if lengths differ, a number is out of its range, there is no trial at all, both
     *     outcomes occur but all x are equal, or the level isn't above 0 and below 1
     * @throws ArithmeticException if the iteration doesn't converge, as for outcomes that overlap by a billionth of the
     *     range of x
     */
    public static LogisticRegression of(double[] x, int[] successes, int[] trials, double level) {
        check(x, successes, trials);
        double z = Distributions.criticalValue(level);
        double lowest = Double.POSITIVE_INFINITY;
        double highest = Double.NEGATIVE_INFINITY;
        double lowestSuccess = Double.POSITIVE_INFINITY;
        double highestSuccess = Double.NEGATIVE_INFINITY;
        double lowestFailure = Double.POSITIVE_INFINITY;
        double highestFailure = Double.NEGATIVE_INFINITY;
        long n = 0;
        long k = 0;
        for (int i = 0; i < x.length; i++) {
            if (trials[i] == 0) {
                continue;
            }
            n += trials[i];
            k += successes[i];
            lowest = Math.min(lowest, x[i]);
            highest = Math.max(highest, x[i]);
            if (successes[i] > 0) {
                lowestSuccess = Math.min(lowestSuccess, x[i]);
                highestSuccess = Math.max(highestSuccess, x[i]);
            }
            if (successes[i] < trials[i]) {
                lowestFailure = Math.min(lowestFailure, x[i]);
                highestFailure = Math.max(highestFailure, x[i]);
            }
        }
        if (n == 0) {
            throw new IllegalArgumentException("there are 0 trials, expected at least 1");
        }
        if (lowest == highest && k > 0 && k < n) {
            throw new IllegalArgumentException("all x are " + lowest + ", expected at least 2 different ones");
        }
        Interval gap = new Interval(Double.NaN, Double.NaN);
        Outcome outcome;
        if (k == n) {
            outcome = Outcome.ALL_SUCCEEDED;
        } else if (k == 0) {
            outcome = Outcome.ALL_FAILED;
        } else if (highestFailure <= lowestSuccess) {
            gap = new Interval(highestFailure, lowestSuccess);
            outcome = gap.low() < gap.high() ? Outcome.SEPARATED_RISING : Outcome.QUASI_SEPARATED_RISING;
        } else if (highestSuccess <= lowestFailure) {
            gap = new Interval(highestSuccess, lowestFailure);
            outcome = gap.low() < gap.high() ? Outcome.SEPARATED_FALLING : Outcome.QUASI_SEPARATED_FALLING;
        } else {
            outcome = Outcome.FITTED;
        }

        double centre = 0.5 * lowest + 0.5 * highest;
        double scale = highest > lowest ? 0.5 * highest - 0.5 * lowest : 1.0;
        LogisticLikelihood data = LogisticLikelihood.of(x, successes, trials, centre, scale);
        double constant = binomial(k, n);
        double best;
        double inside; // a crossing of highest likelihood, in the scaled variable
        LogisticLikelihood.Fit fit = null;
        if (outcome == Outcome.FITTED) {
            fit = data.fit();
            best = fit.logLikelihood();
            inside = -fit.intercept() / fit.slope();
        } else if (Double.isNaN(gap.low())) {
            best = 0.0;
            inside = Double.POSITIVE_INFINITY;
        } else {
            best = gap.low() < gap.high() ? 0.0 : bothOutcomes(x, successes, trials, gap.low());
            inside = (0.5 * gap.low() + 0.5 * gap.high() - centre) / scale;
        }
        double gain = Math.max(0.0, 2.0 * (best - constant));
        double slopePValue = lowest == highest ? Double.NaN : Distributions.chiSquareUpper(gain);
        ConfidenceSet profile = unscaled(data.profile(best, gain, inside, z * z), centre, scale);
        if (fit == null) {
            double nan = Double.NaN;
            return new LogisticRegression(
                    outcome,
                    n,
                    k,
                    lowest,
                    highest,
                    nan,
                    nan,
                    nan,
                    nan,
                    nan,
                    best,
                    constant,
                    slopePValue,
                    nan,
                    ConfidenceSet.ALL,
                    profile,
                    gap);
        }
        double shift = centre / scale;
        return new LogisticRegression(
                outcome,
                n,
                k,
                lowest,
                highest,
                fit.intercept() - fit.slope() * shift,
                fit.slope() / scale,
                fit.v00() - 2.0 * shift * fit.v01() + shift * shift * fit.v11(),
                (fit.v01() - shift * fit.v11()) / scale,
                fit.v11() / scale / scale,
                best,
                constant,
                slopePValue,
                centre + scale * inside,
                unscaled(fieller(fit, z), centre, scale),
                profile,
                gap);
    }

    private static void check(double[] x, int[] successes, int[] trials) {
        if (successes.length != x.length || trials.length != x.length) {
            throw new IllegalArgumentException("there are " + successes.length + " counts of successes and "
                    + trials.length + " of trials, expected as many as x, " + x.length);
        }
        for (int i = 0; i < x.length; i++) {
            if (!Double.isFinite(x[i])) {
                throw new IllegalArgumentException("x[" + i + "] is " + x[i] + ", expected a finite number");
            }
            if (trials[i] < 0) {
                throw new IllegalArgumentException("trials[" + i + "] is " + trials[i] + ", expected at least 0");
            }
            if (successes[i] < 0 || successes[i] > trials[i]) {
                throw new IllegalArgumentException("successes[" + i + "] is " + successes[i]
                        + ", expected 0 to the number of trials, " + trials[i]);
            }
        }
    }

    /** The set of c with a c^2 + 2 b c + d <= 0. */
    private static ConfidenceSet fieller(LogisticLikelihood.Fit fit, double z) {
        double a = fit.slope() * fit.slope() - z * z * fit.v11();
        double b = fit.intercept() * fit.slope() - z * z * fit.v01();
        double d = fit.intercept() * fit.intercept() - z * z * fit.v00();
        if (a == 0.0) {
            return b == 0.0
                    ? ConfidenceSet.ALL
                    : new ConfidenceSet(
                            ConfidenceSet.Shape.INTERVAL,
                            b > 0.0 ? Double.NEGATIVE_INFINITY : -0.5 * d / b,
                            b > 0.0 ? -0.5 * d / b : Double.POSITIVE_INFINITY);
        }
        double discriminant = b * b - a * d;
        if (a < 0.0 && discriminant <= 0.0) {
            return ConfidenceSet.ALL;
        }
        // for a > 0 the estimate is in the set, so that a negative discriminant is a rounding error
        double q = -(b + Math.copySign(Math.sqrt(Math.max(0.0, discriminant)), b));
        double first = q / a;
        double second = q == 0.0 ? first : d / q;
        return new ConfidenceSet(
                a > 0.0 ? ConfidenceSet.Shape.INTERVAL : ConfidenceSet.Shape.OUTSIDE,
                Math.min(first, second),
                Math.max(first, second));
    }

    private static ConfidenceSet unscaled(ConfidenceSet set, double centre, double scale) {
        return new ConfidenceSet(set.shape(), centre + scale * set.low(), centre + scale * set.high());
    }

    /** Largest log-likelihood of the trials at one x. */
    private static double bothOutcomes(double[] x, int[] successes, int[] trials, double at) {
        long k = 0;
        long n = 0;
        for (int i = 0; i < x.length; i++) {
            if (x[i] == at) {
                k += successes[i];
                n += trials[i];
            }
        }
        return binomial(k, n);
    }

    /** k ln(k/n) + (n - k) ln(1 - k/n). */
    private static double binomial(long k, long n) {
        return (k == 0 ? 0.0 : k * StrictMath.log((double) k / n))
                + (k == n ? 0.0 : (n - k) * StrictMath.log((double) (n - k) / n));
    }

    static double sigma(double t) {
        return t >= 0.0 ? 1.0 / (1.0 + StrictMath.exp(-t)) : StrictMath.exp(t) / (1.0 + StrictMath.exp(t));
    }
}
