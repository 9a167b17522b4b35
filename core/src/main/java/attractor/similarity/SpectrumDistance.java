package attractor.similarity;

import attractor.io.Printable;
import java.util.Arrays;

/**
 * Wasserstein's distance W_1 between two sets of points in the plane, each set having weight 1 in equal shares: the least
 * mean distance over which one has to be carried to become the other. Exact, by successive shortest paths; for sets of equal
 * size it is the best assignment. Cost about (n + m) n m operations, and more if the sizes have no common divisor.
 *
 * <p>Immutable, safe for any thread.
 *
 * @param distance W_1
 */
public record SpectrumDistance(double distance) {
    /**
     * Compares two sets of points, such as eigenvalues.
     *
     * @param re real parts, n; at least one. Not modified.
     * @param im imaginary parts, n. Not modified.
     * @param otherRe real parts of the others, m. Not modified.
     * @param otherIm imaginary parts, m. Not modified.
     * @throws IllegalArgumentException if a set is empty
     */
    public static SpectrumDistance of(double[] re, double[] im, double[] otherRe, double[] otherIm) {
        int n = re.length;
        int m = otherRe.length;
        if (n < 1 || m < 1) {
            throw new IllegalArgumentException(
                    "spectra have " + n + " and " + Printable.count(m, "value") + ", expected at least 1 of each");
        }
        double[] cost = new double[n * m];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < m; j++) {
                cost[i * m + j] = StrictMath.hypot(re[i] - otherRe[j], im[i] - otherIm[j]);
            }
        }
        int divisor = gcd(n, m);
        return new SpectrumDistance(carried(cost, n, m, m / divisor, n / divisor) / ((double) n / divisor * m));
    }

    private static int gcd(int a, int b) {
        return b == 0 ? a : gcd(b, a % b);
    }

    /** The least cost of carrying {@code supply} from each of n places to m places that take {@code demand} each. */
    private static double carried(double[] cost, int n, int m, int supply, int demand) {
        int[] left = new int[n];
        int[] wanted = new int[m];
        Arrays.fill(left, supply);
        Arrays.fill(wanted, demand);
        int[] flow = new int[n * m];
        double[] u = new double[n];
        double[] v = new double[m];
        double[] toSource = new double[n];
        double[] toSink = new double[m];
        int[] sinkBefore = new int[n]; // on the path, the sink before a source; -1 at its begin
        int[] sourceBefore = new int[m];
        boolean[] doneSource = new boolean[n];
        boolean[] doneSink = new boolean[m];
        while (true) {
            boolean any = false;
            for (int i = 0; i < n; i++) {
                toSource[i] = left[i] > 0 ? 0.0 : Double.POSITIVE_INFINITY;
                any |= left[i] > 0;
                sinkBefore[i] = -1;
            }
            if (!any) {
                break;
            }
            Arrays.fill(toSink, Double.POSITIVE_INFINITY);
            Arrays.fill(doneSource, false);
            Arrays.fill(doneSink, false);
            int end = -1;
            while (end < 0) {
                int source = -1;
                int sink = -1;
                double least = Double.POSITIVE_INFINITY;
                for (int i = 0; i < n; i++) {
                    if (!doneSource[i] && toSource[i] < least) {
                        least = toSource[i];
                        source = i;
                    }
                }
                for (int j = 0; j < m; j++) {
                    if (!doneSink[j] && toSink[j] < least) {
                        least = toSink[j];
                        sink = j;
                    }
                }
                if (sink >= 0) {
                    doneSink[sink] = true;
                    if (wanted[sink] > 0) {
                        end = sink;
                        break;
                    }
                    for (int i = 0; i < n; i++) {
                        if (flow[i * m + sink] > 0 && !doneSource[i]) {
                            double length = Math.max(0.0, u[i] + v[sink] - cost[i * m + sink]);
                            if (least + length < toSource[i]) {
                                toSource[i] = least + length;
                                sinkBefore[i] = sink;
                            }
                        }
                    }
                } else {
                    doneSource[source] = true;
                    for (int j = 0; j < m; j++) {
                        if (!doneSink[j]) {
                            double length = Math.max(0.0, cost[source * m + j] - u[source] - v[j]);
                            if (least + length < toSink[j]) {
                                toSink[j] = least + length;
                                sourceBefore[j] = source;
                            }
                        }
                    }
                }
            }
            double far = toSink[end];
            for (int i = 0; i < n; i++) {
                u[i] += far - Math.min(far, toSource[i]);
            }
            for (int j = 0; j < m; j++) {
                v[j] -= far - Math.min(far, toSink[j]);
            }
            int amount = wanted[end];
            int at = end;
            while (true) {
                int source = sourceBefore[at];
                int before = sinkBefore[source];
                if (before < 0) {
                    amount = Math.min(amount, left[source]);
                    break;
                }
                amount = Math.min(amount, flow[source * m + before]);
                at = before;
            }
            wanted[end] -= amount;
            at = end;
            while (true) {
                int source = sourceBefore[at];
                flow[source * m + at] += amount;
                int before = sinkBefore[source];
                if (before < 0) {
                    left[source] -= amount;
                    break;
                }
                flow[source * m + before] -= amount;
                at = before;
            }
        }
        double sum = 0.0;
        for (int k = 0; k < flow.length; k++) {
            sum += flow[k] * cost[k];
        }
        return sum;
    }
}
