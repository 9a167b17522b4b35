package attractor.tasks;

/** The standard normal distribution, for the bounds of tasks with noisy evidence. Stateless. */
final class NormalDistribution {
    private NormalDistribution() {}

    /**
     * The distribution function of a standard normal number, to about 1e-15: half of 1 + erf(x / sqrt 2), by the series of
     * the integral, {@code 1/2 + phi(x) (x + x^3/3 + x^5/(3*5) + ...)}.
     */
    static double phi(double x) {
        if (x < 0) {
            return 1 - phi(-x);
        }
        if (x > 8) {
            return 1;
        }
        double sum = x;
        double term = x;
        for (int k = 3; term > sum * 1e-17; k += 2) {
            term *= x * x / k;
            sum += term;
        }
        return 0.5 + sum * StrictMath.exp(-x * x / 2) / Math.sqrt(2 * Math.PI);
    }
}
