package attractor.similarity;

import attractor.io.Printable;
import attractor.population.Clustering;
import attractor.population.Clustering.Linkage;
import attractor.random.RandomStream;
import attractor.random.RandomStream.Purpose;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * All pairs of several networks by every measure, with clusters and a map for each. Clusters are those of the average
 * linkage, their number by silhouette against {@value #RESAMPLES} sets of one cloud: points with normal coordinates that have
 * the variances of the map's, all of them (as the gap statistic of Tibshirani et al. 2001 with its axes along principal
 * components). Pairs are computed in parallel, with the same result for any number of threads.
 *
 * <p>Thread-safe as long as the arrays are not modified.
 *
 * @param count n, the number of networks
 * @param measures by measure, in the order of {@link Measure}
 * @param solutions the different graphs of attractors, most frequent first
 */
public record NetworkComparison(int count, Map<Measure, Matrix> measures, List<Solution> solutions) {
    private static final int RESAMPLES = 199;
    private static final int MOST_CLUSTERS = 10;

    /** The purpose of the clouds. */
    private static final Purpose CLOUDS = Purpose.of("similarity-clouds");

    /** A distance between networks. Immutable, safe for any thread. */
    public enum Measure {
        /** {@link DynamicalSimilarity}, radians. */
        DYNAMICS,
        /** Procrustes distance of mean trajectories, radians, see {@link ShapeDistance}. */
        PROCRUSTES,
        /** 1 - linear CKA of mean trajectories. */
        CKA,
        /** {@link SpectrumDistance} of the eigenvalues of one step at 0. */
        SPECTRUM,
        /** {@link AttractorGraph#distance}. */
        ATTRACTORS
    }

    /**
     * One measure. Thread-safe as long as the arrays are not modified.
     *
     * @param distances n x n
     * @param clusters of the networks
     * @param map their coordinates
     */
    public record Matrix(double[] distances, Clustering clusters, ClassicalScaling map) {
        /**
         * Of given distances.
         *
         * @param distances n x n, symmetric, 0 on the diagonal. Not modified.
         * @param n the number of networks, at least 2
         * @param seed of the resampling
         */
        public static Matrix of(double[] distances, int n, long seed) {
            return matrix(distances, n, seed);
        }
    }

    /**
     * Networks with the same graph of attractors. Immutable, safe for any thread.
     *
     * @param graph it
     * @param networks their numbers
     */
    public record Solution(AttractorGraph graph, List<Integer> networks) {}

    /**
     * Compares networks.
     *
     * @param networks at least two, of the same types and steps of trials
     * @param names their names, for messages
     * @param seed of the resampling
     * @throws IllegalArgumentException if there are fewer, or their trials differ; the message names a network
     */
    public static NetworkComparison of(List<Fingerprint> networks, List<String> names, long seed) {
        int n = networks.size();
        if (n < 2) {
            throw new IllegalArgumentException(Printable.count(n, "network") + ", expected at least 2 to compare");
        }
        Fingerprint first = networks.get(0);
        for (int k = 1; k < n; k++) {
            Fingerprint other = networks.get(k);
            if (!other.types().equals(first.types()) || other.steps() != first.steps()) {
                throw new IllegalArgumentException(names.get(k) + " has trials of types " + other.types() + " and "
                        + Printable.count(other.steps(), "step") + ", expected those of " + names.get(0) + ", "
                        + first.types() + " and "
                        + first.steps());
            }
        }
        int[][] pairs = IntStream.range(0, n)
                .boxed()
                .flatMap(i -> IntStream.range(i + 1, n).mapToObj(j -> new int[] {i, j}))
                .toArray(int[][]::new);
        double[][] values = Arrays.stream(pairs)
                .parallel()
                .map(pair -> distances(networks.get(pair[0]), networks.get(pair[1])))
                .toArray(double[][]::new);
        Map<Measure, Matrix> measures = new LinkedHashMap<>();
        Measure[] all = Measure.values();
        for (int m = 0; m < all.length; m++) {
            double[] d = new double[n * n];
            for (int p = 0; p < pairs.length; p++) {
                d[pairs[p][0] * n + pairs[p][1]] = values[p][m];
                d[pairs[p][1] * n + pairs[p][0]] = values[p][m];
            }
            measures.put(all[m], matrix(d, n, seed));
        }
        return new NetworkComparison(n, java.util.Collections.unmodifiableMap(measures), solutions(networks));
    }

    /** Distances with clusters and a map. */
    private static Matrix matrix(double[] d, int n, long seed) {
        ClassicalScaling map = ClassicalScaling.of(d, n);
        int dimensions = map.variances().length;
        Clustering clusters = Clustering.of(d, n, Linkage.AVERAGE, MOST_CLUSTERS, RESAMPLES, r -> {
            RandomStream random = new RandomStream(seed, CLOUDS, r);
            double[] points = new double[n * dimensions];
            for (int i = 0; i < points.length; i++) {
                points[i] = random.nextGaussian() * Math.sqrt(map.variances()[i % dimensions]);
            }
            return Clustering.euclidean(points, n, dimensions);
        });
        return new Matrix(d, clusters, map);
    }

    /** The distances of a pair, in the order of {@link Measure}. */
    public static double[] distances(Fingerprint a, Fingerprint b) {
        ShapeDistance shape = ShapeDistance.of(a.shape(), b.shape(), a.types().size() * a.steps());
        return new double[] {
            DynamicalSimilarity.of(a.mode(), b.mode()).angle(),
            shape.procrustes(),
            1.0 - shape.cka(),
            SpectrumDistance.of(a.re(), a.im(), b.re(), b.im()).distance(),
            a.attractors().distance(b.attractors())
        };
    }

    private static List<Solution> solutions(List<Fingerprint> networks) {
        Map<AttractorGraph, List<Integer>> classes = new LinkedHashMap<>();
        for (int k = 0; k < networks.size(); k++) {
            classes.computeIfAbsent(networks.get(k).attractors(), g -> new ArrayList<>())
                    .add(k);
        }
        return classes.entrySet().stream()
                .map(e -> new Solution(e.getKey(), List.copyOf(e.getValue())))
                .sorted((a, b) -> b.networks().size() - a.networks().size())
                .toList();
    }
}
