package attractor.similarity;

import attractor.analysis.Ejml;
import attractor.random.RandomStream;
import attractor.random.RandomStream.Purpose;
import java.util.Arrays;

/**
 * How far two linear models are from being the same in other coordinates (Ostrow et al. 2023, arXiv:2306.10168):
 *
 * <pre>    d(A, B) = min over orthogonal C of arccos( tr(A^T C B C^T) / (|A|_F |B|_F) )</pre>
 *
 * from 0 to pi, an angle. If one is smaller it is filled up with zeros. The minimum is looked for from several starts: the
 * identity; eigenvectors of the symmetric parts matched in order, their signs chosen by the leading eigenvector of the
 * entrywise product of the antisymmetric parts; the same backwards; and {@value #RANDOM} random matrices of each
 * determinant. From each it goes along the curves of Cayley's transform (Wen and Yin 2013) with steps of Barzilai and Borwein
 * until the gradient is 1e-9 of the matrices' size, or {@value #STEPS} steps are done. The minimum is local: a smaller one may exist.
 *
 * <p>Immutable, safe for any thread.
 *
 * @param angle the distance, radians
 * @param steps of all starts together
 */
public record DynamicalSimilarity(double angle, int steps) {
    private static final int RANDOM = 2;
    private static final int STEPS = 300;

    /** The purpose of the random starts. */
    private static final Purpose STARTS = Purpose.of("similarity-starts");

    /**
     * Compares two models. Not modified.
     *
     * @return the distance; the same for (a, b) and (b, a) up to what the search misses
     */
    public static DynamicalSimilarity of(DynamicMode a, DynamicMode b) {
        int n = Math.max(a.rank(), b.rank());
        double[] x = scaled(a, n);
        double[] y = scaled(b, n);
        if (x.length == 0 || y.length == 0) {
            return new DynamicalSimilarity(x.length == y.length ? 0.0 : Math.PI / 2, 0);
        }
        Search search = new Search(n, x, y);
        search.from(identity(n));
        if (search.best > 1e-7) {
            search.from(matched(x, y, n, false));
            search.from(matched(x, y, n, true));
            for (int k = 0; k < 2 * RANDOM && search.best > 1e-7; k++) {
                search.from(random(n, k));
            }
        }
        return new DynamicalSimilarity(2.0 * StrictMath.asin(Math.min(1.0, search.best / 2.0)), search.steps);
    }

    /** The matrix over its norm, n x n; empty if it is 0. */
    private static double[] scaled(DynamicMode mode, int n) {
        double norm = 0.0;
        for (double value : mode.matrix()) {
            norm += value * value;
        }
        if (norm == 0.0) {
            return new double[0];
        }
        double[] m = new double[n * n];
        for (int i = 0; i < mode.rank(); i++) {
            for (int j = 0; j < mode.rank(); j++) {
                m[i * n + j] = mode.matrix()[i * mode.rank() + j] / Math.sqrt(norm);
            }
        }
        return m;
    }

    private static double[] identity(int n) {
        double[] c = new double[n * n];
        for (int i = 0; i < n; i++) {
            c[i * n + i] = 1.0;
        }
        return c;
    }

    private static double[] random(int n, int k) {
        double[] g = new double[n * n];
        new RandomStream(0, STARTS, k).fillGaussian(g, 0, g.length, 1.0);
        Ejml.Svd svd = Ejml.svd(g, n, n);
        double[] c = product(transposed(svd.left(), n), svd.right(), n);
        if (determinantSign(c, n) < 0 == (k % 2 == 0)) {
            for (int j = 0; j < n; j++) {
                c[j] = -c[j];
            }
        }
        return c;
    }

    private static double determinantSign(double[] matrix, int n) {
        double[] a = matrix.clone();
        double sign = 1.0;
        for (int k = 0; k < n; k++) {
            int pivot = k;
            for (int i = k + 1; i < n; i++) {
                pivot = Math.abs(a[i * n + k]) > Math.abs(a[pivot * n + k]) ? i : pivot;
            }
            sign *= (pivot == k ? 1.0 : -1.0) * Math.signum(a[pivot * n + k]);
            for (int j = 0; j < n; j++) {
                double swap = a[k * n + j];
                a[k * n + j] = a[pivot * n + j];
                a[pivot * n + j] = swap;
            }
            for (int i = k + 1; i < n; i++) {
                double times = a[i * n + k] / a[k * n + k];
                for (int j = k; j < n; j++) {
                    a[i * n + j] -= times * a[k * n + j];
                }
            }
        }
        return sign;
    }

    /** C = U_a diag(s) U_b^T with eigenvectors of the symmetric parts in order. */
    private static double[] matched(double[] a, double[] b, int n, boolean backwards) {
        double[] ua = symmetricVectors(a, n, false);
        double[] ub = symmetricVectors(b, n, backwards);
        double[] ka = product(product(ua, antisymmetric(a, n), n), transposed(ua, n), n);
        double[] kb = product(product(ub, antisymmetric(b, n), n), transposed(ub, n), n);
        double[] both = new double[n * n];
        for (int i = 0; i < both.length; i++) {
            both[i] = ka[i] * kb[i];
        }
        double largest = Arrays.stream(both).map(Math::abs).max().orElse(0.0);
        double[] signs = new double[n];
        Arrays.fill(signs, 1.0);
        if (largest > 0.0) {
            for (int i = 0; i < both.length; i++) {
                both[i] /= largest;
            }
            Ejml.Symmetric eigen = Ejml.symmetric(both, n);
            int most = 0;
            for (int k = 1; k < n; k++) {
                most = eigen.values()[k] > eigen.values()[most] ? k : most;
            }
            for (int i = 0; i < n; i++) {
                signs[i] = eigen.vectors()[most * n + i] < 0.0 ? -1.0 : 1.0;
            }
        }
        double[] signed = ub.clone();
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                signed[i * n + j] *= signs[i];
            }
        }
        return product(transposed(ua, n), signed, n);
    }

    /** Eigenvectors of (A + A^T) / 2 in rows, by increasing eigenvalue. */
    private static double[] symmetricVectors(double[] a, int n, boolean backwards) {
        double[] s = new double[n * n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                s[i * n + j] = 0.5 * (a[i * n + j] + a[j * n + i]);
            }
        }
        Ejml.Symmetric eigen = Ejml.symmetric(s, n);
        Integer[] order = new Integer[n];
        Arrays.setAll(order, k -> k);
        Arrays.sort(order, (i, j) -> (backwards ? -1 : 1) * Double.compare(eigen.values()[i], eigen.values()[j]));
        double[] rows = new double[n * n];
        for (int k = 0; k < n; k++) {
            System.arraycopy(eigen.vectors(), order[k] * n, rows, k * n, n);
        }
        return rows;
    }

    private static double[] antisymmetric(double[] a, int n) {
        double[] k = new double[n * n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                k[i * n + j] = 0.5 * (a[i * n + j] - a[j * n + i]);
            }
        }
        return k;
    }

    static double[] transposed(double[] a, int n) {
        double[] t = new double[n * n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                t[j * n + i] = a[i * n + j];
            }
        }
        return t;
    }

    static double[] product(double[] a, double[] b, int n) {
        double[] c = new double[n * n];
        for (int i = 0; i < n; i++) {
            for (int k = 0; k < n; k++) {
                double x = a[i * n + k];
                for (int j = 0; j < n; j++) {
                    c[i * n + j] += x * b[k * n + j];
                }
            }
        }
        return c;
    }

    /** The descent; belongs to one thread. */
    private static final class Search {
        private final int n;
        private final double[] a;
        private final double[] b;
        private final double[] at;
        private final double[] bt;
        private double best = Double.POSITIVE_INFINITY;
        private int steps;

        Search(int n, double[] a, double[] b) {
            this.n = n;
            this.a = a;
            this.b = b;
            at = transposed(a, n);
            bt = transposed(b, n);
        }

        /** |A - C B C^T|. */
        private double distance(double[] c) {
            double[] turned = product(product(c, b, n), transposed(c, n), n);
            double sum = 0.0;
            for (int i = 0; i < turned.length; i++) {
                double d = a[i] - turned[i];
                sum += d * d;
            }
            return Math.sqrt(sum);
        }

        /** The skew direction W of ascent, G C^T - C G^T with G = A C B^T + A^T C B. */
        private double[] direction(double[] c) {
            double[] g = product(product(a, c, n), bt, n);
            double[] other = product(product(at, c, n), b, n);
            for (int i = 0; i < g.length; i++) {
                g[i] += other[i];
            }
            double[] gc = product(g, transposed(c, n), n);
            double[] w = new double[n * n];
            for (int i = 0; i < n; i++) {
                for (int j = 0; j < n; j++) {
                    w[i * n + j] = gc[i * n + j] - gc[j * n + i];
                }
            }
            return w;
        }

        void from(double[] start) {
            double[] c = start;
            double now = distance(c);
            double[] w = direction(c);
            double step = 0.5;
            for (int k = 0; k < STEPS; k++) {
                double slope = 0.0;
                for (double value : w) {
                    slope += value * value;
                }
                if (!(slope > 1e-18) || now < 1e-12) {
                    break;
                }
                steps++;
                double[] next = c;
                double then = now;
                double tau = step;
                // |A - C B C^T|^2 falls by about tau |W|^2.
                for (int half = 0; half < 30; half++) {
                    next = cayley(w, tau, c);
                    then = distance(next);
                    if (then * then <= now * now - 1e-4 * tau * slope) {
                        break;
                    }
                    tau *= 0.5;
                }
                if (!(then < now)) {
                    break;
                }
                double[] turned = direction(next);
                double ss = 0.0;
                double sy = 0.0;
                for (int i = 0; i < w.length; i++) {
                    double y = w[i] - turned[i];
                    ss += tau * tau * w[i] * w[i];
                    sy += tau * w[i] * y;
                }
                step = sy > 0.0 ? Math.min(10.0, Math.max(1e-3, ss / sy)) : 0.5;
                boolean slow = now - then < 1e-10 * now && k > 20;
                c = next;
                now = then;
                w = turned;
                if (slow) {
                    break;
                }
            }
            best = Math.min(best, now);
        }

        /** (I - tau/2 W)^-1 (I + tau/2 W) C. */
        private double[] cayley(double[] w, double tau, double[] c) {
            double[] left = new double[n * n];
            double[] right = product(w, c, n);
            for (int i = 0; i < n; i++) {
                for (int j = 0; j < n; j++) {
                    left[i * n + j] = (i == j ? 1.0 : 0.0) - 0.5 * tau * w[i * n + j];
                    right[i * n + j] = c[i * n + j] + 0.5 * tau * right[i * n + j];
                }
            }
            // Elimination without exchanges is stable: the symmetric part of the matrix is the identity.
            for (int k = 0; k < n; k++) {
                for (int i = k + 1; i < n; i++) {
                    double times = left[i * n + k] / left[k * n + k];
                    for (int j = k; j < n; j++) {
                        left[i * n + j] -= times * left[k * n + j];
                    }
                    for (int j = 0; j < n; j++) {
                        right[i * n + j] -= times * right[k * n + j];
                    }
                }
            }
            for (int k = n - 1; k >= 0; k--) {
                for (int j = 0; j < n; j++) {
                    double sum = right[k * n + j];
                    for (int i = k + 1; i < n; i++) {
                        sum -= left[k * n + i] * right[i * n + j];
                    }
                    right[k * n + j] = sum / left[k * n + k];
                }
            }
            return right;
        }
    }
}
