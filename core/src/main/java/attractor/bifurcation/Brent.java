package attractor.bifurcation;

import java.util.function.DoubleUnaryOperator;

/**
 * A zero of a function between two places where its signs differ. Stateless, thread-safe. Source: R. Brent, Algorithms for
 * Minimization without Derivatives (1973), chapter 4.
 */
final class Brent {
    private Brent() {}

    /**
     * The zero, or the place of the jump.
     *
     * @param fa f(a)
     * @param fb f(b), of another sign
     * @param tolerance absolute, of the place
     * @return NaN if the function was NaN somewhere on the way
     */
    static double root(DoubleUnaryOperator f, double a, double fa, double b, double fb, double tolerance) {
        double c = a;
        double fc = fa;
        double d = b - a;
        double e = d;
        for (int step = 0; step < 200; step++) {
            if (Math.abs(fc) < Math.abs(fb)) {
                a = b;
                b = c;
                c = a;
                fa = fb;
                fb = fc;
                fc = fa;
            }
            double close = 2.0 * Math.ulp(b) + 0.5 * tolerance;
            double half = 0.5 * (c - b);
            if (Math.abs(half) <= close || fb == 0.0) {
                return b;
            }
            if (Math.abs(e) < close || Math.abs(fa) <= Math.abs(fb)) {
                d = half;
                e = half;
            } else {
                double s = fb / fa;
                double p;
                double q;
                if (a == c) {
                    p = 2.0 * half * s;
                    q = 1.0 - s;
                } else {
                    double r = fb / fc;
                    q = fa / fc;
                    p = s * (2.0 * half * q * (q - r) - (b - a) * (r - 1.0));
                    q = (q - 1.0) * (r - 1.0) * (s - 1.0);
                }
                q = p > 0.0 ? -q : q;
                p = Math.abs(p);
                if (2.0 * p < Math.min(3.0 * half * q - Math.abs(close * q), Math.abs(e * q))) {
                    e = d;
                    d = p / q;
                } else {
                    d = half;
                    e = half;
                }
            }
            a = b;
            fa = fb;
            b += Math.abs(d) > close ? d : Math.copySign(close, half);
            fb = f.applyAsDouble(b);
            if (Double.isNaN(fb)) {
                return Double.NaN;
            }
            if (fb > 0.0 == fc > 0.0) {
                c = a;
                fc = fa;
                d = b - a;
                e = d;
            }
        }
        return b;
    }
}
