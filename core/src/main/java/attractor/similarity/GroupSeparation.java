package attractor.similarity;

import attractor.random.RandomStream;
import attractor.random.RandomStream.Purpose;

/**
 * Whether groups differ in their distances (PERMANOVA, Anderson 2001): with squared distances within groups and in all,
 *
 * <pre>    SS_t = sum_{i&lt;j} d^2 / n,   SS_w = sum_g sum_{i&lt;j in g} d^2 / n_g,   F = ((SS_t - SS_w) / (G - 1)) / (SS_w / (n - G))</pre>
 *
 * and p the share of {@value #PERMUTATIONS} permutations of the groups' names, one added to both, with an F as large.
 * Immutable, safe for any thread.
 *
 * @param f F; infinite if things within a group don't differ
 * @param share (SS_t - SS_w) / SS_t, what the groups explain
 * @param p see above
 */
public record GroupSeparation(double f, double share, double p) {
    private static final int PERMUTATIONS = 999;

    /** The purpose of the permutations. */
    private static final Purpose PERMUTE = Purpose.of("group-permutations");

    /**
     * Compares groups.
     *
     * @param distances n x n. Not modified.
     * @param group each thing's group, from 0 on; at least two groups, and more things than groups. Not modified.
     * @throws IllegalArgumentException if there are fewer groups or things
     */
    public static GroupSeparation of(double[] distances, int[] group, long seed) {
        int n = group.length;
        int groups = java.util.Arrays.stream(group).max().orElse(-1) + 1;
        if (groups < 2 || n <= groups || distances.length != n * n) {
            throw new IllegalArgumentException("groups: " + n + " things in " + groups
                    + " groups, expected at least two groups and more things than groups");
        }
        double total = 0.0;
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < i; j++) {
                total += distances[i * n + j] * distances[i * n + j] / n;
            }
        }
        if (total == 0.0) {
            return new GroupSeparation(Double.NaN, 0.0, 1.0);
        }
        double within = within(distances, group, groups);
        int above = 1;
        for (int r = 0; r < PERMUTATIONS; r++) {
            int[] other = group.clone();
            new RandomStream(seed, PERMUTE, r).shuffle(other);
            above += within(distances, other, groups) <= within * (1.0 + 1e-12) ? 1 : 0;
        }
        return new GroupSeparation(
                (total - within) / (groups - 1) / (within / (n - groups)),
                (total - within) / total,
                above / (PERMUTATIONS + 1.0));
    }

    /**
     * The share alone, without a test: what the groups explain, 0 if nothing differs. By chance it is about (G - 1) / (n - 1).
     *
     * @param distances n x n. Not modified.
     * @param group each thing's group, from 0 on. Not modified.
     */
    public static double share(double[] distances, int[] group) {
        double total = within(distances, new int[group.length], 1);
        int groups = java.util.Arrays.stream(group).max().orElse(0) + 1;
        return total == 0.0 ? 0.0 : (total - within(distances, group, groups)) / total;
    }

    private static double within(double[] d, int[] group, int groups) {
        int n = group.length;
        double[] sums = new double[groups];
        int[] sizes = new int[groups];
        for (int i = 0; i < n; i++) {
            sizes[group[i]]++;
            for (int j = 0; j < i; j++) {
                if (group[i] == group[j]) {
                    sums[group[i]] += d[i * n + j] * d[i * n + j];
                }
            }
        }
        double within = 0.0;
        for (int g = 0; g < groups; g++) {
            within += sizes[g] > 0 ? sums[g] / sizes[g] : 0.0;
        }
        return within;
    }
}
