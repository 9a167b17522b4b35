package attractor.statistics;

/**
 * The distributions for p-values and intervals. Relative errors are about 1e-14, also in the tails, down to where a
 * double underflows.
 */
final class Distributions {
    private static final double SQRT_2_PI = 2.5066282746310002;
    private static final double SQRT_PI = 1.7724538509055159;

    /**
     * From here on the normal tail's continued fraction is used: below, it converges slowly; above, the series cancels.
     */
    private static final double TAIL = 1.5;

    /**
     * Steps of that fraction: at x = {@link #TAIL}, where it converges most slowly, the remaining error is below 1e-17.
     */
    private static final int TAIL_STEPS = 220;

    private Distributions() {}

    /**
     * P(Z > x) of a standard normal variable. Source: the series 1/2 - phi(x) (x + x^3/3 + x^5/(3 5) + ...) near 0
     * (Marsaglia, J. Stat. Software 11(4), 2004), Laplace's continued fraction phi(x)/(x + 1/(x + 2/(x + ...))) beyond.
     */
    static double normalUpper(double x) {
        if (x < -TAIL) {
            return 1.0 - normalUpper(-x);
        }
        return x < TAIL ? 0.5 - normalFromZero(x) : normalTail(x);
    }

    /** P(0 < Z < x) for |x| at most {@link #TAIL}; negative for negative x. */
    private static double normalFromZero(double x) {
        double term = x;
        double sum = x;
        double before = 0.0;
        for (int i = 3; sum != before; i += 2) {
            before = sum;
            term *= x * x / i;
            sum += term;
        }
        return sum * normalDensity(x);
    }

    private static double normalTail(double x) {
        double fraction = x;
        for (int k = TAIL_STEPS; k > 0; k--) {
            fraction = x + k / fraction;
        }
        return normalDensity(x) / fraction;
    }

    static double normalDensity(double x) {
        double square = x * x;
        if (square == Double.POSITIVE_INFINITY) {
            return 0.0;
        }
        double rest = Math.fma(x, x, -square); // the square's rounding error would be the exponential's relative error
        return StrictMath.exp(-0.5 * square) * (1.0 - 0.5 * rest) / SQRT_2_PI;
    }

    /**
     * The x with P(Z > x) = q. Hastings's approximation (Abramowitz and Stegun 26.2.23), within 4.5e-4, then Halley's
     * iteration, which triples the number of digits in each step.
     *
     * @param q strictly between 0 and 1
     */
    static double normalUpperQuantile(double q) {
        if (!(q > 0.0 && q < 1.0)) {
            throw new IllegalArgumentException("the probability is " + q + ", expected above 0 and below 1");
        }
        if (q > 0.5) {
            // 1 - q is exact for q >= 1/2
            return -normalUpperQuantile(1.0 - q);
        }
        double t = StrictMath.sqrt(-2.0 * StrictMath.log(q));
        double x =
                t - (2.515517 + t * (0.802853 + t * 0.010328)) / (1.0 + t * (1.432788 + t * (0.189269 + t * 0.001308)));
        for (int k = 0; k < 3; k++) {
            double excess = x < TAIL ? 0.5 - q - normalFromZero(x) : normalTail(x) - q;
            double u = excess / normalDensity(x);
            x += u / (1.0 - 0.5 * u * x);
        }
        return x;
    }

    /**
     * The z with P(|Z| < z) = level: 1.96 for 0.95.
     *
     * @throws IllegalArgumentException if the level isn't above 0 and below 1
     */
    static double criticalValue(double level) {
        if (!(level > 0.0 && level < 1.0)) {
            throw new IllegalArgumentException(
                    "the level is " + level + ", expected above 0 and below 1, such as 0.95");
        }
        return normalUpperQuantile(0.5 * (1.0 - level));
    }

    /** P(X > x) of a chi-square variable with one degree of freedom, x not negative: P(|Z| > sqrt x). */
    static double chiSquareUpper(double x) {
        return 2.0 * normalUpper(StrictMath.sqrt(x));
    }

    /**
     * P(|T| > t) of Student's t, for t given by {@code x = df / (df + t^2)}: the regularised incomplete beta function
     * I_x(df/2, 1/2). A correlation r among n has x = 1 - r^2 with n - 2 degrees of freedom.
     *
     * @param x in [0, 1]
     * @param y 1 - x; given, since the difference would cancel
     * @param df at least 1
     */
    static double studentTwoSided(double x, double y, double df) {
        double a = 0.5 * df;
        if (x == 0.0) {
            return 0.0;
        }
        if (y == 0.0) {
            return 1.0;
        }
        double front = StrictMath.exp(a * (x < 0.5 ? StrictMath.log(x) : StrictMath.log1p(-y)))
                * StrictMath.sqrt(y)
                * gammaRatio(a)
                / SQRT_PI;
        return x < (a + 1.0) / (a + 2.5)
                ? front * betaFraction(x, a, 0.5) / a
                : 1.0 - front * betaFraction(y, 0.5, a) / 0.5;
    }

    /**
     * The t with P(|T| < t) = level, by bisection to the last digits: 2.093 for 0.95 and 19 degrees of freedom.
     *
     * @param level above 0 and below 1
     * @param df at least 1
     */
    static double studentCritical(double level, int df) {
        // In y = t^2 / (df + t^2), which is between 0 and 1.
        double low = 0.0;
        double high = 1.0;
        for (int k = 0; k < 100; k++) {
            double y = 0.5 * (low + high);
            if (studentTwoSided(1.0 - y, y, df) > 1.0 - level) {
                low = y;
            } else {
                high = y;
            }
        }
        return Math.sqrt(df * high / (1.0 - high));
    }

    /**
     * The continued fraction of the incomplete beta function, I_x(a, b) a B(a, b) / (x^a (1 - x)^b), by Lentz's method.
     * Source: Abramowitz and Stegun 26.5.8. Converges within a few times sqrt(max(a, b)) steps if x is below the
     * distribution's mean.
     */
    private static double betaFraction(double x, double a, double b) {
        double c = 1.0;
        double d = 1.0 / (1.0 - (a + b) * x / (a + 1.0));
        double fraction = d;
        double change = 0.0;
        for (int m = 1; Math.abs(change - 1.0) > 1e-16; m++) {
            double even = m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m));
            d = 1.0 / (1.0 + even * d);
            c = 1.0 + even / c;
            fraction *= d * c;
            double odd = -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0));
            d = 1.0 / (1.0 + odd * d);
            c = 1.0 + odd / c;
            change = d * c;
            fraction *= change;
        }
        return fraction;
    }

    /**
     * Gamma(a + 1/2) / Gamma(a), without the cancellation of two logarithms. Source: its asymptotic series
     * sqrt(a) exp(-1/(8 a) + 1/(192 a^3) - ...), from Stirling's, after a recurrence up to a of at least 20.
     */
    static double gammaRatio(double a) {
        double shift = 1.0;
        double s = a;
        while (s < 20.0) {
            shift *= s / (s + 0.5);
            s += 1.0;
        }
        double r = 1.0 / s;
        double r2 = r * r;
        double series = r
                * (-1.0 / 8.0
                        + r2 * (1.0 / 192.0 + r2 * (-1.0 / 640.0 + r2 * (17.0 / 14336.0 + r2 * (-31.0 / 18432.0)))));
        return shift * StrictMath.sqrt(s) * StrictMath.exp(series);
    }
}
