package attractor.bench;

import java.util.Arrays;

/**
 * {@code y = constant x^exponent}, fitted to the upper part of a curve: least squares of the logarithms over the points with x at
 * least the geometric mean of the smallest and the largest x, and over three points at least.
 *
 * @param from smallest x that was used
 * @param worst largest deviation of a point from the law, as a share of the law
 */
record PowerLaw(double constant, double exponent, double from, double worst) {
    private static final int LEAST_POINTS = 3;

    /**
     * Fits a law.
     *
     * @param x ascending, above 0. Not modified.
     * @param y above 0. Not modified.
     * @throws IllegalArgumentException if there are fewer than three points
     */
    static PowerLaw of(double[] x, double[] y) {
        if (x.length < LEAST_POINTS || y.length != x.length) {
            throw new IllegalArgumentException("x has " + x.length + " values and y " + y.length + ", expected "
                    + LEAST_POINTS + " or more, and as many of both");
        }
        double middle = Math.sqrt(x[0] * x[x.length - 1]);
        int first = (int) Arrays.stream(x).filter(value -> value < middle).count();
        first = Math.min(first, x.length - LEAST_POINTS);
        int count = x.length - first;
        double meanX = 0;
        double meanY = 0;
        for (int i = first; i < x.length; i++) {
            meanX += Math.log(x[i]) / count;
            meanY += Math.log(y[i]) / count;
        }
        double covariance = 0;
        double variance = 0;
        for (int i = first; i < x.length; i++) {
            double dx = Math.log(x[i]) - meanX;
            covariance += dx * (Math.log(y[i]) - meanY);
            variance += dx * dx;
        }
        double exponent = covariance / variance;
        PowerLaw law = new PowerLaw(Math.exp(meanY - exponent * meanX), exponent, x[first], 0);
        double worst = 0;
        for (int i = first; i < x.length; i++) {
            worst = Math.max(worst, Math.abs(y[i] / law.at(x[i]) - 1));
        }
        return new PowerLaw(law.constant, exponent, law.from, worst);
    }

    /** The law's value at x. */
    double at(double x) {
        return constant * Math.pow(x, exponent);
    }
}
