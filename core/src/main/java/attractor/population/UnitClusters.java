package attractor.population;

import attractor.population.Clustering.Linkage;
import attractor.random.RandomStream;
import attractor.random.RandomStream.Purpose;
import java.util.Arrays;

/**
 * Clusters of units by their normalised {@link TaskVariance}: Ward's tree of Euclidean distances, its number by silhouette
 * against {@value #RESAMPLES} sets in which each part's values are shuffled between units, so that parts have the same
 * values but nothing to do with each other. Source of the question: Yang et al. 2019. Needs what {@link TaskVariance} needs;
 * with fewer than 3 units that differ there is one cluster.
 *
 * <p>Thread-safe as long as the arrays are not modified.
 *
 * @param units the units that were clustered, those that differ between types
 * @param clustering of these, in their order
 * @param centres mean normalised variance of each cluster, number x P
 */
public record UnitClusters(int[] units, Clustering clustering, double[] centres) {
    private static final int MOST = 10;
    private static final int RESAMPLES = 99;

    /** The purpose of the shuffles. */
    private static final Purpose SHUFFLE = Purpose.of("unit-cluster-shuffles");

    /**
     * Clusters units.
     *
     * @param variance Not modified.
     * @param seed seed of the shuffles
     */
    public static UnitClusters of(TaskVariance variance, long seed) {
        int p = variance.parts().size();
        int[] units = java.util.stream.IntStream.range(0, variance.units())
                .filter(i -> !Double.isNaN(variance.normalized()[i * p]))
                .toArray();
        int n = units.length;
        double[] features = new double[n * p];
        for (int i = 0; i < n; i++) {
            System.arraycopy(variance.normalized(), units[i] * p, features, i * p, p);
        }
        if (n == 0) {
            int[] none = {};
            return new UnitClusters(
                    none, new Clustering(0, none, 0, none, new double[0], 1.0, java.util.List.of()), new double[0]);
        }
        Clustering clustering =
                Clustering.of(Clustering.euclidean(features, n, p), n, Linkage.WARD, MOST, RESAMPLES, r -> {
                    RandomStream random = new RandomStream(seed, SHUFFLE, r);
                    double[] shuffled = new double[n * p];
                    int[] order = new int[n];
                    for (int j = 0; j < p; j++) {
                        Arrays.setAll(order, i -> i);
                        random.shuffle(order);
                        for (int i = 0; i < n; i++) {
                            shuffled[i * p + j] = features[order[i] * p + j];
                        }
                    }
                    return Clustering.euclidean(shuffled, n, p);
                });
        double[] centres = new double[clustering.number() * p];
        int[] sizes = new int[clustering.number()];
        for (int i = 0; i < n; i++) {
            int c = clustering.cluster()[i];
            sizes[c]++;
            for (int j = 0; j < p; j++) {
                centres[c * p + j] += features[i * p + j];
            }
        }
        for (int k = 0; k < centres.length; k++) {
            centres[k] /= sizes[k / p];
        }
        return new UnitClusters(units, clustering, centres);
    }
}
