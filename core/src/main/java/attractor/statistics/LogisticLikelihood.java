package attractor.statistics;

import java.util.Arrays;

/** The likelihood of {@link LogisticRegression} in the scaled variable u: its maximum, and its profile over crossings. */
final class LogisticLikelihood {
    private static final int MAX_STEPS = 500;
    private static final double LOG_HALF = -0.6931471805599453;

    private final double[] u;
    private final double[] successes;
    private final double[] trials;

    /** A maximum: coefficients and the inverse of the information. */
    record Fit(double intercept, double slope, double v00, double v01, double v11, double logLikelihood) {}

    private LogisticLikelihood(double[] u, double[] successes, double[] trials) {
        this.u = u;
        this.successes = successes;
        this.trials = trials;
    }

    /** The data with u = (x - centre) / scale, without the x that have no trials. */
    static LogisticLikelihood of(double[] x, int[] successes, int[] trials, double centre, double scale) {
        double[] u = new double[x.length];
        double[] k = new double[x.length];
        double[] n = new double[x.length];
        int kept = 0;
        for (int i = 0; i < x.length; i++) {
            if (trials[i] > 0) {
                u[kept] = (x[i] - centre) / scale;
                k[kept] = successes[i];
                n[kept++] = trials[i];
            }
        }
        return new LogisticLikelihood(Arrays.copyOf(u, kept), Arrays.copyOf(k, kept), Arrays.copyOf(n, kept));
    }

    private double at(double intercept, double slope) {
        double sum = 0.0;
        for (int i = 0; i < u.length; i++) {
            double eta = intercept + slope * u[i];
            sum += successes[i] * logSigma(eta) + (trials[i] - successes[i]) * logSigma(-eta);
        }
        return sum;
    }

    private static double logSigma(double t) {
        return t >= 0.0 ? -StrictMath.log1p(StrictMath.exp(-t)) : t - StrictMath.log1p(StrictMath.exp(t));
    }

    /**
     * The maximum for overlapping data: the log-likelihood is concave, so Newton's method with halved steps finds it.
     */
    Fit fit() {
        double intercept = 0.0;
        double slope = 0.0;
        double value = at(0.0, 0.0);
        boolean settled = false;
        for (int step = 0; step < MAX_STEPS; step++) {
            double g0 = 0.0;
            double g1 = 0.0;
            double w = 0.0;
            double wu = 0.0;
            for (int i = 0; i < u.length; i++) {
                double eta = intercept + slope * u[i];
                double residual = residual(i, eta);
                double weight = weight(i, eta);
                g0 += residual;
                g1 += residual * u[i];
                w += weight;
                wu += weight * u[i];
            }
            double mean = wu / w;
            double spread = 0.0; // the determinant over w, as a sum of squares, which can't cancel
            for (int i = 0; i < u.length; i++) {
                spread += weight(i, intercept + slope * u[i]) * (u[i] - mean) * (u[i] - mean);
            }
            if (settled) {
                return new Fit(intercept, slope, 1.0 / w + mean * mean / spread, -mean / spread, 1.0 / spread, value);
            }
            double dSlope = (g1 - mean * g0) / spread;
            double dIntercept = g0 / w - mean * dSlope;
            if (!Double.isFinite(dSlope) || !Double.isFinite(dIntercept)) {
                break;
            }
            double size = Math.abs(dSlope) + Math.abs(dIntercept);
            double part = 1.0;
            double next = at(intercept + dIntercept, slope + dSlope);
            // near the maximum steps change the value by less than its rounding
            double slack = 1e-13 * (1.0 + Math.abs(value));
            while (!(next >= value - slack) && part > 1e-10) {
                part *= 0.5;
                next = at(intercept + part * dIntercept, slope + part * dSlope);
            }
            // quadratic convergence: after a step this small, the next one would only change rounding errors
            settled = size <= 1e-9 * (1.0 + Math.abs(intercept) + Math.abs(slope));
            intercept += part * dIntercept;
            slope += part * dSlope;
            value = next;
        }
        throw new ArithmeticException("the logistic regression didn't converge in " + MAX_STEPS
                + " steps: intercept " + intercept + ", slope " + slope
                + " with x scaled to [-1, 1]; expected outcomes that overlap more");
    }

    /** k - n sigma(eta), exact where sigma is close to 0 or 1. */
    private double residual(int i, double eta) {
        return successes[i] * LogisticRegression.sigma(-eta)
                - (trials[i] - successes[i]) * LogisticRegression.sigma(eta);
    }

    private double weight(int i, double eta) {
        return trials[i] * LogisticRegression.sigma(eta) * LogisticRegression.sigma(-eta);
    }

    /**
     * All crossings c whose deviance {@code D(c) = 2 (best - max over slope of L(-slope c, slope))} is at most a limit.
     *
     * <p>The parameters with crossing c are a line through the origin, and those that aren't rejected form a convex
     * set. So the crossings are an interval around the best one if the set doesn't meet slope 0; otherwise all but an
     * interval around the worst one, or, if the set contains the origin, all.
     *
     * @param gain D at infinity: twice the log-likelihood that the slope gains over a constant probability
     * @param inside a crossing with D = 0, infinite if there is none
     */
    ConfidenceSet profile(double best, double gain, double inside, double limit) {
        if (gain > limit) {
            return new ConfidenceSet(
                    ConfidenceSet.Shape.INTERVAL,
                    end(best, inside, -1.0, limit, true),
                    end(best, inside, 1.0, limit, true));
        }
        double excess = 0.0;
        double moment = 0.0;
        double all = 0.0;
        for (int i = 0; i < u.length; i++) {
            excess += successes[i] - 0.5 * trials[i];
            moment += (successes[i] - 0.5 * trials[i]) * u[i];
            all += trials[i];
        }
        if (2.0 * (best - all * LOG_HALF) <= limit) {
            return ConfidenceSet.ALL;
        }
        double worst = moment / excess; // here the best slope is 0
        return new ConfidenceSet(
                ConfidenceSet.Shape.OUTSIDE, end(best, worst, -1.0, limit, false), end(best, worst, 1.0, limit, false));
    }

    /**
     * The crossing at which the deviance passes the limit, searched from a crossing in one direction; infinite if there
     * is none.
     */
    private double end(double best, double from, double direction, double limit, boolean within) {
        double near = 0.0;
        double far = 1.0 / 1024.0;
        while ((deviance(best, from + direction * far) <= limit) == within) {
            near = far;
            far *= 2.0;
            if (far > 1e15) {
                return direction * Double.POSITIVE_INFINITY;
            }
        }
        while (true) {
            double middle = 0.5 * (near + far);
            double c = from + direction * middle;
            if (middle == near || middle == far || far - near <= 1e-15 * Math.abs(c)) {
                return c;
            }
            if ((deviance(best, c) <= limit) == within) {
                near = middle;
            } else {
                far = middle;
            }
        }
    }

    private double deviance(double best, double crossing) {
        return 2.0 * (best - constrained(crossing));
    }

    /** The supremum of the likelihood over all slopes, with the crossing given. */
    private double constrained(double crossing) {
        boolean rising = true;
        boolean falling = true;
        double at = 0.0;
        for (int i = 0; i < u.length; i++) {
            double side = u[i] - crossing;
            boolean succeeded = successes[i] > 0.0;
            boolean failed = successes[i] < trials[i];
            if (side == 0.0) {
                at += trials[i];
            } else {
                rising &= side > 0.0 ? !failed : !succeeded;
                falling &= side > 0.0 ? !succeeded : !failed;
            }
        }
        if (rising || falling) {
            return at * LOG_HALF; // with an infinite slope all trials on one side of the crossing are certain
        }
        double start = derivative(0.0, crossing);
        if (start == 0.0) {
            return at(0.0, 0.0);
        }
        double direction = Math.signum(start);
        double low = 0.0;
        double high = direction / (1.0 + Math.abs(crossing));
        while (derivative(high, crossing) * direction > 0.0) {
            low = high;
            high *= 2.0;
        }
        double slope = 0.5 * (low + high);
        for (int step = 0; step < MAX_STEPS; step++) {
            double d = derivative(slope, crossing);
            if (d * direction > 0.0) {
                low = slope;
            } else {
                high = slope;
            }
            double curvature = 0.0;
            for (int i = 0; i < u.length; i++) {
                double side = u[i] - crossing;
                curvature += weight(i, slope * side) * side * side;
            }
            double next = slope + d / curvature;
            if (!(next > Math.min(low, high) && next < Math.max(low, high))) {
                next = 0.5 * (low + high);
            }
            // the likelihood is flat here: an error of 1e-10 in the slope is one of 1e-20 in it
            if (Math.abs(next - slope) <= 1e-10 * Math.abs(slope)) {
                slope = next;
                break;
            }
            slope = next;
        }
        double sum = 0.0;
        for (int i = 0; i < u.length; i++) {
            double eta = slope * (u[i] - crossing);
            sum += successes[i] * logSigma(eta) + (trials[i] - successes[i]) * logSigma(-eta);
        }
        return sum;
    }

    private double derivative(double slope, double crossing) {
        double sum = 0.0;
        for (int i = 0; i < u.length; i++) {
            double side = u[i] - crossing;
            sum += residual(i, slope * side) * side;
        }
        return sum;
    }
}
