package attractor.population;

import attractor.io.Printable;

/**
 * How many dimensions states fill. With the eigenvalues l of their covariance, the participation ratio is
 *
 * <pre>    PR = (sum l)^2 / sum l^2</pre>
 *
 * 1 if all states lie on a line, m if they fill m dimensions evenly. Sources: Rajan, Abbott and Sompolinsky 2010; Gao et
 * al. 2017, doi:10.1101/214262.
 *
 * <p>Immutable, safe for any thread.
 *
 * @param observations M
 * @param variance sum of the variances, divided by M - 1; 0 if all states are equal up to rounding
 * @param participationRatio 1 to min(M - 1, N); NaN without variance
 * @param components90 number of principal components with 90 % of the variance; 0 without variance
 * @param components99 number with 99 %
 */
public record Dimensionality(
        int observations, double variance, double participationRatio, int components90, int components99) {

    /**
     * Analyses states. Cost 2 M N m + 10 m^3 flops, m = min(M, N).
     *
     * @param states M x N, row = observation, M at least 2. Not modified.
     * @throws IllegalArgumentException if there are fewer than 2 states
     */
    public static Dimensionality of(double[] states, int units) {
        int m = states.length / units;
        if (m < 2 || m * units != states.length) {
            throw new IllegalArgumentException("dimensionality: states has " + Printable.count(states.length, "value")
                    + ", expected M*N with M at least 2 (N = " + units + ")");
        }
        double[] c = Matrices.centred(states, m, units);
        double[] values = variances(c, m, units);
        double sum = 0.0;
        double squares = 0.0;
        for (double v : values) {
            sum += v;
            squares += v * v;
        }
        double size = Matrices.squares(states);
        if (!(sum > 1e-24 * size)) {
            return new Dimensionality(m, 0.0, Double.NaN, 0, 0);
        }
        return new Dimensionality(
                m, sum / (m - 1), sum * sum / squares, reach(values, 0.9 * sum), reach(values, 0.99 * sum));
    }

    /** The eigenvalues of C^T C, decreasing, none negative; of the smaller of C^T C and C C^T. */
    static double[] variances(double[] centred, int m, int n) {
        boolean tall = m > n;
        double[] t = tall ? centred : Matrices.transposed(centred, m, n);
        int k = Math.min(m, n);
        double[] gram = Matrices.transposedProduct(t, t, tall ? m : n, k, k);
        return Subspace.eigen(gram, k).values();
    }

    private static int reach(double[] values, double goal) {
        double sum = 0.0;
        int count = 0;
        while (count < values.length && sum < goal * (1.0 - 1e-12)) {
            sum += values[count++];
        }
        return count;
    }
}
