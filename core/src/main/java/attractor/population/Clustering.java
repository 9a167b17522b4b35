package attractor.population;

import attractor.io.Printable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.IntFunction;

/**
 * Hierarchical clusters of things with known distances, and their number. For every number k from 2 on the tree is cut, and
 * the cut is judged by its mean silhouette (Rousseeuw 1987): s = (b - a) / max(a, b) with a the mean distance to the others
 * of one's cluster and b the least mean distance to another cluster; 0 in a cluster of one. The best k is taken only if its
 * silhouette is above that of things without clusters: p is the share of resampled sets (one added to both) whose best
 * silhouette is as large; where p is above 0.05 there is one cluster. Cost about 2 n^2 operations a set for the tree and
 * n^2 for each k.
 *
 * <p>Thread-safe as long as the arrays are not modified; they are not copied.
 *
 * @param number of clusters
 * @param cluster each thing's cluster, from 0 on by first appearance, n
 * @param bestNumber the k of the largest silhouette; 1 if there are fewer than 3 things or they are all alike
 * @param bestCluster each thing's cluster among those
 * @param silhouettes by k from 2 on
 * @param p see above; 1 without a null
 * @param merges the tree, n - 1 merges
 */
public record Clustering(
        int number,
        int[] cluster,
        int bestNumber,
        int[] bestCluster,
        double[] silhouettes,
        double p,
        List<Merge> merges) {

    /** How the distance of two clusters follows from those of their members. Immutable, safe for any thread. */
    public enum Linkage {
        /** The mean over all pairs (UPGMA). */
        AVERAGE,
        /** The growth of the sum of squares, for Euclidean distances (Ward 1963). */
        WARD
    }

    /**
     * Two clusters become one. Things are 0 to n - 1, and merge m makes cluster n + m. Immutable, safe for any thread.
     *
     * @param height their distance, not below that of earlier merges
     * @param size how many things it has
     */
    public record Merge(int first, int second, double height, int size) {}

    /**
     * Clusters things.
     *
     * @param distances n x n, symmetric, 0 on the diagonal. Not modified.
     * @param most the largest k that is tried
     * @param resamples how many sets without clusters to compare with, 0 for none
     * @param resampled the distances of one of them, n x n
     * @throws IllegalArgumentException if the matrix isn't symmetric, finite and not negative
     */
    public static Clustering of(
            double[] distances, int n, Linkage linkage, int most, int resamples, IntFunction<double[]> resampled) {
        check(distances, n);
        List<Merge> merges = tree(distances, n, linkage);
        int last = Math.min(most, n - 1);
        double[] silhouettes = silhouettes(distances, n, merges, last);
        int best = 1;
        double height = Double.NEGATIVE_INFINITY;
        for (int k = 2; k <= last; k++) {
            if (silhouettes[k - 2] > height + 1e-12) {
                best = k;
                height = silhouettes[k - 2];
            }
        }
        boolean alike = Arrays.stream(distances).allMatch(d -> d == 0.0);
        int[] one = new int[n];
        if (best == 1 || alike) {
            return new Clustering(1, one, 1, one, silhouettes, 1.0, merges);
        }
        int above = 1;
        for (int r = 0; r < resamples; r++) {
            double[] other = resampled.apply(r);
            double largest = Arrays.stream(silhouettes(other, n, tree(other, n, linkage), last))
                    .max()
                    .orElseThrow();
            above += largest >= height ? 1 : 0;
        }
        double p = above / (resamples + 1.0);
        int[] cut = cut(merges, n, best);
        return new Clustering(p <= 0.05 ? best : 1, p <= 0.05 ? cut : one, best, cut, silhouettes, p, merges);
    }

    private static void check(double[] d, int n) {
        if (n < 1 || d.length != n * n) {
            throw new IllegalArgumentException(
                    "distances has " + Printable.count(d.length, "value") + ", expected n*n (n = " + n + ")");
        }
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                double value = d[i * n + j];
                if (!(value >= 0.0 && value <= Double.MAX_VALUE) || value != d[j * n + i] || (i == j && value != 0.0)) {
                    throw new IllegalArgumentException("distance " + i + ", " + j + " is " + value
                            + ", expected a finite, symmetric one, not negative, and 0 on the diagonal");
                }
            }
        }
    }

    /** The tree by chains of nearest neighbours (Murtagh 1983), sorted by height. */
    private static List<Merge> tree(double[] distances, int n, Linkage linkage) {
        double[] d = distances.clone();
        if (linkage == Linkage.WARD) {
            for (int i = 0; i < d.length; i++) {
                d[i] *= d[i];
            }
        }
        int[] size = new int[n];
        Arrays.fill(size, 1);
        int[] chain = new int[n];
        int length = 0;
        int[][] pairs = new int[Math.max(0, n - 1)][];
        double[] heights = new double[pairs.length];
        for (int m = 0; m < pairs.length; m++) {
            if (length == 0) {
                int first = 0;
                while (size[first] == 0) {
                    first++;
                }
                chain[length++] = first;
            }
            int a;
            int b;
            while (true) {
                a = chain[length - 1];
                // The one before in the chain wins ties, so that the chain ends.
                b = length > 1 ? chain[length - 2] : -1;
                double least = b < 0 ? Double.POSITIVE_INFINITY : d[a * n + b];
                for (int j = 0; j < n; j++) {
                    if (size[j] > 0 && j != a && d[a * n + j] < least) {
                        least = d[a * n + j];
                        b = j;
                    }
                }
                if (length > 1 && b == chain[length - 2]) {
                    break;
                }
                chain[length++] = b;
            }
            length -= 2;
            double height = d[a * n + b];
            pairs[m] = new int[] {Math.min(a, b), Math.max(a, b)};
            heights[m] = linkage == Linkage.WARD ? Math.sqrt(height) : height;
            for (int j = 0; j < n; j++) {
                if (size[j] > 0 && j != a && j != b) {
                    double merged = linkage == Linkage.AVERAGE
                            ? (size[a] * d[a * n + j] + size[b] * d[b * n + j]) / (size[a] + size[b])
                            : ((size[a] + size[j]) * d[a * n + j]
                                            + (size[b] + size[j]) * d[b * n + j]
                                            - size[j] * height)
                                    / (size[a] + size[b] + size[j]);
                    d[b * n + j] = merged;
                    d[j * n + b] = merged;
                }
            }
            size[b] += size[a];
            size[a] = 0;
            // The merged cluster is b from now on; as a pair it is named by any of its things.
        }
        Integer[] order = new Integer[pairs.length];
        Arrays.setAll(order, i -> i);
        Arrays.sort(order, Comparator.comparingDouble(i -> heights[i]));
        int[] root = new int[n];
        int[] label = new int[n];
        int[] count = new int[n];
        Arrays.setAll(root, i -> i);
        Arrays.setAll(label, i -> i);
        Arrays.fill(count, 1);
        List<Merge> merges = new ArrayList<>();
        for (Integer o : order) {
            int x = find(root, pairs[o][0]);
            int y = find(root, pairs[o][1]);
            int first = Math.min(label[x], label[y]);
            int second = Math.max(label[x], label[y]);
            root[x] = y;
            count[y] += count[x];
            label[y] = n + merges.size();
            merges.add(new Merge(first, second, heights[o], count[y]));
        }
        return List.copyOf(merges);
    }

    private static int find(int[] root, int i) {
        int at = i;
        while (root[at] != at) {
            root[at] = root[root[at]];
            at = root[at];
        }
        return at;
    }

    /** The clusters left when all but the last k - 1 merges are done, numbered by first appearance. */
    static int[] cut(List<Merge> merges, int n, int k) {
        int[] root = new int[2 * n];
        Arrays.setAll(root, i -> i);
        for (int m = 0; m < n - k; m++) {
            root[find(root, merges.get(m).first())] = n + m;
            root[find(root, merges.get(m).second())] = n + m;
        }
        int[] names = new int[2 * n];
        Arrays.fill(names, -1);
        int[] cluster = new int[n];
        int next = 0;
        for (int i = 0; i < n; i++) {
            int r = find(root, i);
            if (names[r] < 0) {
                names[r] = next++;
            }
            cluster[i] = names[r];
        }
        return cluster;
    }

    private static double[] silhouettes(double[] d, int n, List<Merge> merges, int last) {
        double[] means = new double[Math.max(0, last - 1)];
        for (int k = 2; k <= last; k++) {
            means[k - 2] = silhouette(d, n, cut(merges, n, k), k);
        }
        return means;
    }

    /**
     * The mean silhouette of a partition.
     *
     * @param d distances, n x n. Not modified.
     * @param cluster below k. Not modified.
     */
    public static double silhouette(double[] d, int n, int[] cluster, int k) {
        int[] size = new int[k];
        for (int c : cluster) {
            size[c]++;
        }
        double sum = 0.0;
        double[] to = new double[k];
        for (int i = 0; i < n; i++) {
            if (size[cluster[i]] == 1) {
                continue;
            }
            Arrays.fill(to, 0.0);
            for (int j = 0; j < n; j++) {
                to[cluster[j]] += d[i * n + j];
            }
            double a = to[cluster[i]] / (size[cluster[i]] - 1);
            double b = Double.POSITIVE_INFINITY;
            for (int c = 0; c < k; c++) {
                if (c != cluster[i] && size[c] > 0) {
                    b = Math.min(b, to[c] / size[c]);
                }
            }
            double larger = Math.max(a, b);
            sum += larger > 0.0 ? (b - a) / larger : 0.0;
        }
        return sum / n;
    }

    /**
     * Euclidean distances between points, n x n.
     *
     * @param points n x p, a row per point
     */
    public static double[] euclidean(double[] points, int n, int p) {
        double[] d = new double[n * n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < i; j++) {
                double sum = 0.0;
                for (int k = 0; k < p; k++) {
                    double difference = points[i * p + k] - points[j * p + k];
                    sum += difference * difference;
                }
                d[i * n + j] = Math.sqrt(sum);
                d[j * n + i] = d[i * n + j];
            }
        }
        return d;
    }
}
