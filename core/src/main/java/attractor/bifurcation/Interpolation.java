package attractor.bifurcation;

/** Lagrange's polynomial through a few points. Stateless, thread-safe. */
final class Interpolation {
    private Interpolation() {}

    /** The weights of the values at the places {@code s} for the value at {@code x}. */
    private static double[] weights(double[] s, double x) {
        double[] weights = new double[s.length];
        for (int k = 0; k < s.length; k++) {
            weights[k] = 1.0;
            for (int j = 0; j < s.length; j++) {
                if (j != k) {
                    weights[k] *= (x - s[j]) / (s[k] - s[j]);
                }
            }
        }
        return weights;
    }

    static double at(double[] s, double[] values, double x) {
        double[] weights = weights(s, x);
        double sum = 0.0;
        for (int k = 0; k < s.length; k++) {
            sum += weights[k] * values[k];
        }
        return sum;
    }

    static double[] at(double[] s, double[][] values, double x) {
        double[] weights = weights(s, x);
        double[] sum = new double[values[0].length];
        for (int k = 0; k < s.length; k++) {
            for (int i = 0; i < sum.length; i++) {
                sum[i] += weights[k] * values[k][i];
            }
        }
        return sum;
    }

    /** A zero of the polynomial within a distance of the centre; NaN if the signs at both ends agree. */
    static double root(double[] s, double[] values, double centre, double distance) {
        double a = centre - distance;
        double b = centre + distance;
        double fa = at(s, values, a);
        double fb = at(s, values, b);
        return fa > 0.0 == fb > 0.0 ? Double.NaN : Brent.root(x -> at(s, values, x), a, fa, b, fb, 1e-15);
    }
}
