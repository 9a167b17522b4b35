package attractor.similarity;

import attractor.analysis.Ejml;
import attractor.analysis.Pca;
import attractor.io.Printable;
import attractor.population.Matrices;
import java.util.Arrays;

/**
 * A linear model of trajectories, for {@link DynamicalSimilarity}: Hankel's embedding and dynamic mode decomposition of
 * reduced rank, as Ostrow et al. 2023, arXiv:2306.10168, and their {@code dsa-metric}. Trajectories are first reduced to
 * their leading principal components (scores, which no rotation of the units changes). A row of the embedding is the scores
 * at {@code delays} steps, the latest first. With the embedding H = U S V^T, rows in time, the first {@code rank} columns of U
 * are the states v(t), of unit length over all times; A minimises {@code sum |v(t+1) - A v(t)|^2} over the steps within
 * trials. The sign of each column is chosen so that the sum of its cubes is positive, which no rotation changes either.
 *
 * <p>Thread-safe as long as the array is not modified.
 *
 * @param rank r; less than asked for if the trajectories have fewer dimensions
 * @param matrix A, r x r
 */
public record DynamicMode(int rank, double[] matrix) {
    /**
     * How the model is made. Immutable, safe for any thread.
     *
     * @param components most principal components, at least 1
     * @param delays steps in a row of the embedding, at least 1
     * @param rank most dimensions of the model, at least 1
     */
    public record Options(int components, int delays, int rank) {
        /** 10 components, 10 delays, rank 12. */
        public static final Options DEFAULT = new Options(10, 10, 12);

        /** @throws IllegalArgumentException if a number is below 1 */
        public Options {
            if (components < 1 || delays < 1 || rank < 1) {
                throw new IllegalArgumentException("dynamic modes: components " + components + ", delays " + delays
                        + ", rank " + rank + ", expected at least 1 of each");
            }
        }
    }

    /**
     * Fits a model. Cost about 2 S T (p d)^2 + 10 (p d)^3 flops, p components and d delays.
     *
     * @param states S x T x N, trajectories of T steps each. Not modified.
     * @param trajectories S, at least 1
     * @param units N
     * @throws IllegalArgumentException if T isn't above {@code delays}, or nothing varies
     */
    public static DynamicMode of(double[] states, int trajectories, int units, Options options) {
        int steps = states.length / units / trajectories;
        if (steps <= options.delays) {
            throw new IllegalArgumentException("dynamic modes: trajectories of " + Printable.count(steps, "step")
                    + ", expected more than the " + options.delays + " delays");
        }
        Pca pca = Pca.of(states, units, options.components);
        int p = 0;
        while (p < pca.kept() && pca.variances()[p] > 1e-12 * pca.variances()[0] && pca.variances()[0] > 0.0) {
            p++;
        }
        if (p == 0) {
            throw new IllegalArgumentException("dynamic modes: no unit varies, expected one that does");
        }
        int d = options.delays;
        int rows = steps - d + 1;
        int columns = p * d;
        double[] h = new double[trajectories * rows * columns];
        for (int s = 0; s < trajectories; s++) {
            for (int t = 0; t < rows; t++) {
                for (int lag = 0; lag < d; lag++) {
                    System.arraycopy(
                            pca.projection(),
                            (s * steps + t + d - 1 - lag) * pca.kept(),
                            h,
                            ((s * rows + t) * d + lag) * p,
                            p);
                }
            }
        }
        return of(h, trajectories, rows, columns, options.rank);
    }

    /** The model of an embedding, (S rows) x columns. */
    static DynamicMode of(double[] h, int trajectories, int rows, int columns, int most) {
        int all = trajectories * rows;
        double[] gram = Matrices.transposedProduct(h, h, all, columns, columns);
        Ejml.Svd svd = Ejml.svd(gram, columns, columns); // symmetric: values are squares of H's
        int r = 0;
        while (r < Math.min(most, columns) && svd.values()[r] > 1e-10 * svd.values()[0]) {
            r++;
        }
        double[] v = Matrices.product(
                h, Matrices.transposed(Arrays.copyOf(svd.right(), r * columns), r, columns), all, columns, r);
        for (int k = 0; k < r; k++) {
            double cubes = 0.0;
            double squares = 0.0;
            for (int i = 0; i < all; i++) {
                double x = v[i * r + k];
                squares += x * x;
                cubes += x * x * x;
            }
            double scale = (cubes < 0.0 ? -1.0 : 1.0) / Math.sqrt(squares);
            for (int i = 0; i < all; i++) {
                v[i * r + k] *= scale;
            }
        }
        double[] now = new double[trajectories * (rows - 1) * r];
        double[] next = new double[now.length];
        for (int s = 0; s < trajectories; s++) {
            System.arraycopy(v, s * rows * r, now, s * (rows - 1) * r, (rows - 1) * r);
            System.arraycopy(v, (s * rows + 1) * r, next, s * (rows - 1) * r, (rows - 1) * r);
        }
        int m = trajectories * (rows - 1);
        // A^T = (now^T now)^-1 now^T next, by the singular values of now^T now.
        double[] left = Matrices.transposedProduct(now, now, m, r, r);
        double[] right = Matrices.transposedProduct(now, next, m, r, r);
        Ejml.Svd inverse = Ejml.svd(left, r, r);
        double[] turned = Matrices.product(inverse.left(), right, r, r, r);
        for (int i = 0; i < r; i++) {
            for (int j = 0; j < r; j++) {
                turned[i * r + j] = inverse.values()[i] > 1e-12 * inverse.values()[0]
                        ? turned[i * r + j] / inverse.values()[i]
                        : 0.0;
            }
        }
        double[] at = Matrices.transposedProduct(inverse.right(), turned, r, r, r);
        return new DynamicMode(r, Matrices.transposed(at, r, r));
    }
}
