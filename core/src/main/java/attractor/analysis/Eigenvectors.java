package attractor.analysis;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Right and left eigenvectors of a real matrix W, {@code W v = lambda v} and {@code w^H W = lambda w^H}, by inverse
 * iteration on its Hessenberg form. Vector k belongs to eigenvalue k of the spectrum and lies at {@code [k*N + i]}. Each
 * has norm 1, and its entry of largest modulus (the first, where several are within 1e-9) is real and positive. Those of
 * a complex pair are conjugates.
 *
 * <p>A repeated eigenvalue gets orthonormal right vectors, and left vectors biorthogonal to them, as far as independent
 * ones exist. Where they don't, the eigenvalue is defective: it has fewer independent vectors than its multiplicity,
 * and some are given twice. Rounding turns a defective eigenvalue of multiplicity m into a ring, of radius around
 * 1e-16^(1/m), of different eigenvalues with nearly parallel vectors; these are flagged too.
 *
 * <p>Thread-safe as long as the arrays are not modified; they are not copied. Source: Golub and Van Loan, Matrix
 * Computations, sections 7.2 and 7.6.
 *
 * @param rightRe real parts of v, N x N
 * @param rightIm imaginary parts of v, N x N
 * @param leftRe real parts of w, N x N
 * @param leftIm imaginary parts of w, N x N
 * @param rightResidual {@code |W v - lambda v|}, N
 * @param leftResidual {@code |w^H W - lambda w^H|}, N
 * @param overlap {@code |w^H v|}, N: 1 for a normal matrix, the reciprocal of the eigenvalue's condition number; 0 in a
 *     group of equal eigenvalues that lacks vectors
 * @param defective whether the overlap is below {@value #DEFECTIVE}: the matrix is about that close to one in which
 *     this eigenvalue is defective, and half of the eigenvalue's digits are lost
 */
public record Eigenvectors(
        double[] rightRe,
        double[] rightIm,
        double[] leftRe,
        double[] leftIm,
        double[] rightResidual,
        double[] leftResidual,
        double[] overlap,
        boolean[] defective) {

    /** Overlap of left and right vector under which an eigenvalue counts as defective. */
    public static final double DEFECTIVE = 1e-7;

    private static final int ATTEMPTS = 3;
    private static final int ITERATIONS = 4;

    /** One vector: real and imaginary part. */
    private record Vector(double[] re, double[] im) {
        Vector(int n) {
            this(new double[n], new double[n]);
        }

        double norm() {
            double sum = 0.0;
            for (int i = 0; i < re.length; i++) {
                sum += re[i] * re[i] + im[i] * im[i];
            }
            return Math.sqrt(sum);
        }

        /** Multiplies by a complex number. */
        void times(double r, double s) {
            for (int i = 0; i < re.length; i++) {
                double t = re[i] * r - im[i] * s;
                im[i] = re[i] * s + im[i] * r;
                re[i] = t;
            }
        }

        /** Adds a complex multiple of another vector. */
        void plus(Vector other, double r, double s) {
            for (int i = 0; i < re.length; i++) {
                re[i] += r * other.re[i] - s * other.im[i];
                im[i] += s * other.re[i] + r * other.im[i];
            }
        }

        /** Real, then imaginary part of {@code this^H other}. */
        double[] dot(Vector other) {
            double r = 0.0;
            double s = 0.0;
            for (int i = 0; i < re.length; i++) {
                r += re[i] * other.re[i] + im[i] * other.im[i];
                s += re[i] * other.im[i] - im[i] * other.re[i];
            }
            return new double[] {r, s};
        }

        Vector conjugate() {
            Vector c = new Vector(re.clone(), im.clone());
            for (int i = 0; i < re.length; i++) {
                c.im[i] = 0.0 - c.im[i]; // no -0.0
            }
            return c;
        }
    }

    /**
     * The eigenvectors to given eigenvalues. Cost about 25 n^3 flops.
     *
     * @param w n x n in C order, finite. Not modified.
     * @param values its eigenvalues. Not modified.
     * @throws IllegalStateException without EJML
     */
    static Eigenvectors of(double[] w, int n, Eigenvalues values) {
        return new Work(w, n, values).run();
    }

    /** The largest residual of all vectors. */
    public double worstResidual() {
        double worst = 0.0;
        for (int k = 0; k < rightResidual.length; k++) {
            worst = Math.max(worst, Math.max(rightResidual[k], leftResidual[k]));
        }
        return worst;
    }

    /** Whether any eigenvalue is flagged as defective. */
    public boolean anyDefective() {
        for (boolean d : defective) {
            if (d) {
                return true;
            }
        }
        return false;
    }

    /** Short, since the arrays are long. */
    @Override
    public String toString() {
        return "Eigenvectors[N=" + overlap.length + ", worstResidual=" + worstResidual() + ", anyDefective="
                + anyDefective() + "]";
    }

    /** The computation, on W divided by a power of two so that its largest entry is in [1, 2). */
    private static final class Work {
        private final int n;
        private final double[] w;
        private final Eigenvalues values;
        private final double[] h;
        private final double[] q;
        private final double[] re;
        private final double[] im;
        private final double norm;
        private final ShiftedHessenberg solver;
        private final Vector[] right;
        private final Vector[] left;
        private final double[] overlap;

        Work(double[] w, int n, Eigenvalues values) {
            this.n = n;
            this.w = w;
            this.values = values;
            int exponent = Eigenvalues.exponent(w);
            double[] scaled = scaled(w, exponent);
            re = scaled(values.re(), exponent);
            im = scaled(values.im(), exponent);
            Ejml.Hessenberg form = Ejml.hessenberg(scaled, n);
            h = form.h();
            q = form.q();
            double sum = 0.0;
            for (double x : scaled) {
                sum += x * x;
            }
            norm = sum > 0.0 ? Math.sqrt(sum) : 1.0;
            solver = new ShiftedHessenberg(h, n, Math.ulp(1.0) * norm);
            right = new Vector[n];
            left = new Vector[n];
            overlap = new double[n];
        }

        private static double[] scaled(double[] a, int exponent) {
            double[] scaled = a.clone();
            for (int i = 0; i < a.length; i++) {
                scaled[i] = Math.scalb(a[i], -exponent);
            }
            return scaled;
        }

        Eigenvectors run() {
            for (List<Integer> group : groups()) {
                boolean complete = true;
                for (int k : group) {
                    solver.shift(re[k], im[k]);
                    complete &= iterate(k, group, right, false);
                    complete &= iterate(k, group, left, true);
                }
                match(group, complete);
            }
            for (int k = 0; k < n; k++) {
                if (im[k] < 0.0) {
                    overlap[k] = overlap[k - 1];
                    right[k] = right[k - 1].conjugate();
                    left[k] = left[k - 1].conjugate();
                } else {
                    right[k] = back(right[k]);
                    left[k] = back(left[k]);
                }
            }
            return result();
        }

        /** Indices of eigenvalues that are equal up to rounding; of each pair only the first member. */
        private List<List<Integer>> groups() {
            double same = 10.0 * n * Math.ulp(1.0) * norm;
            List<List<Integer>> groups = new ArrayList<>();
            for (int k = 0; k < n; k++) {
                if (im[k] < 0.0) {
                    continue;
                }
                List<Integer> home = null;
                for (List<Integer> group : groups) {
                    for (int j : group) {
                        if (home == null && Math.abs(re[j] - re[k]) + Math.abs(im[j] - im[k]) <= same) {
                            home = group;
                        }
                    }
                }
                if (home == null) {
                    home = new ArrayList<>();
                    groups.add(home);
                }
                home.add(k);
            }
            return groups;
        }

        /**
         * Finds vector k, orthogonal to those found before in its group; if there is no such vector, any vector of the
         * eigenvalue.
         *
         * @return whether it is orthogonal to them
         */
        private boolean iterate(int k, List<Integer> group, Vector[] vectors, boolean transposed) {
            List<Vector> before = new ArrayList<>();
            for (int j : group) {
                if (j < k) {
                    before.add(vectors[j]);
                }
            }
            double good = 10.0 * n * Math.ulp(1.0) * norm;
            double residual = iterate(k, before, vectors, transposed, good);
            if (residual > 10.0 * good && !before.isEmpty()) {
                iterate(k, List.of(), vectors, transposed, good);
                return false;
            }
            return true;
        }

        private double iterate(int k, List<Vector> before, Vector[] vectors, boolean transposed, double good) {
            double best = Double.POSITIVE_INFINITY;
            for (int attempt = 0; attempt < ATTEMPTS && best > good; attempt++) {
                Vector x = start(k, attempt);
                for (int i = 0; i < ITERATIONS && (i < 2 || best > good); i++) {
                    if (transposed) {
                        solver.solveTransposed(x.re, x.im);
                        conjugate(x);
                    } else {
                        solver.solve(x.re, x.im);
                    }
                    x.times(1.0 / largest(x), 0.0);
                    for (int pass = 0; pass < 2; pass++) {
                        for (Vector b : before) {
                            double[] c = b.dot(x);
                            x.plus(b, -c[0], -c[1]);
                        }
                    }
                    double length = x.norm();
                    if (!(length > 1e-12)) {
                        break; // nothing is left beside the earlier vectors
                    }
                    x.times(1.0 / length, 0.0);
                    double residual = residual(h, x, re[k], im[k], transposed);
                    // Later iterations are at least as good except for rounding, and independent of the start.
                    if (residual < best || residual <= good) {
                        best = residual;
                        vectors[k] = new Vector(x.re.clone(), x.im.clone());
                    }
                    if (transposed) {
                        conjugate(x);
                    }
                }
            }
            if (vectors[k] == null) {
                vectors[k] = start(k, 0);
            }
            return best;
        }

        private static double largest(Vector x) {
            double largest = Double.MIN_NORMAL;
            for (int i = 0; i < x.re.length; i++) {
                largest = Math.max(largest, Math.max(Math.abs(x.re[i]), Math.abs(x.im[i])));
            }
            return largest;
        }

        private static void conjugate(Vector x) {
            for (int i = 0; i < x.im.length; i++) {
                x.im[i] = -x.im[i];
            }
        }

        /** A start vector without a special direction; real, so that a real eigenvalue gets a real vector. */
        private Vector start(int k, int attempt) {
            Vector x = new Vector(n);
            for (int i = 0; i < n; i++) {
                x.re[i] = 1.0 + 0.5 * StrictMath.sin(1.0 + i + 7.0 * k + 3.0 * attempt * i);
            }
            return x;
        }

        /**
         * The norm of {@code A x - lambda x}, or of {@code x^H A - lambda x^H}.
         *
         * @param a n x n
         */
        private double residual(double[] a, Vector x, double lambdaRe, double lambdaIm, boolean leftVector) {
            double[] sumRe = new double[n];
            double[] sumIm = new double[n];
            for (int i = 0; i < n; i++) {
                // A left vector w satisfies A^T w = conj(lambda) w, since A is real.
                double lambda = leftVector ? -lambdaIm : lambdaIm;
                double xRe = x.re[i];
                double xIm = x.im[i];
                double r = sumRe[i] - (lambdaRe * xRe - lambda * xIm);
                double s = sumIm[i] - (lambdaRe * xIm + lambda * xRe);
                // Entries left of the subdiagonal are 0 in the Hessenberg form.
                int from = a == h ? Math.max(0, i - 1) : 0;
                if (leftVector) {
                    sumRe[i] = r;
                    sumIm[i] = s;
                    for (int j = from; j < n; j++) {
                        double e = a[i * n + j];
                        sumRe[j] += e * xRe;
                        sumIm[j] += e * xIm;
                    }
                } else {
                    for (int j = from; j < n; j++) {
                        double e = a[i * n + j];
                        r += e * x.re[j];
                        s += e * x.im[j];
                    }
                    sumRe[i] = r;
                    sumIm[i] = s;
                }
            }
            return new Vector(sumRe, sumIm).norm();
        }

        /**
         * Makes the left vectors of a group biorthogonal to the right ones, {@code W^H V} diagonal.
         *
         * @param complete whether there are as many independent vectors as eigenvalues
         */
        private void match(List<Integer> group, boolean complete) {
            int m = group.size();
            if (m == 1) {
                int k = group.get(0);
                double[] d = left[k].dot(right[k]);
                overlap[k] = StrictMath.hypot(d[0], d[1]);
                return;
            }
            Vector[] inverse = complete ? inverse(group) : null;
            if (inverse == null) {
                return; // overlap stays 0
            }
            Vector[] matched = new Vector[m];
            for (int i = 0; i < m; i++) {
                // V^-1 = (W^H V)^-1 W^H, whose rows are the matched vectors' conjugates.
                matched[i] = new Vector(n);
                for (int j = 0; j < m; j++) {
                    matched[i].plus(left[group.get(j)], inverse[i].re[j], -inverse[i].im[j]);
                }
            }
            for (int i = 0; i < m; i++) {
                double length = matched[i].norm();
                matched[i].times(1.0 / length, 0.0);
                left[group.get(i)] = matched[i];
                overlap[group.get(i)] = 1.0 / length; // w^H v was 1, and |v| is
            }
        }

        /** Rows of the inverse of {@code W^H V} by Gauss-Jordan elimination, or null if it is nearly singular. */
        private Vector[] inverse(List<Integer> group) {
            int m = group.size();
            Vector[] rows = new Vector[m]; // the matrix, and behind it the identity
            for (int i = 0; i < m; i++) {
                rows[i] = new Vector(2 * m);
                for (int j = 0; j < m; j++) {
                    double[] d = left[group.get(i)].dot(right[group.get(j)]);
                    rows[i].re[j] = d[0];
                    rows[i].im[j] = d[1];
                }
                rows[i].re[m + i] = 1.0;
            }
            for (int k = 0; k < m; k++) {
                int pivot = k;
                for (int i = k; i < m; i++) {
                    if (modulus2(rows[i], k) > modulus2(rows[pivot], k)) {
                        pivot = i;
                    }
                }
                double p2 = modulus2(rows[pivot], k);
                if (!(p2 > DEFECTIVE * DEFECTIVE)) {
                    return null;
                }
                Vector row = rows[pivot];
                rows[pivot] = rows[k];
                rows[k] = row;
                row.times(row.re[k] / p2, -row.im[k] / p2);
                for (int i = 0; i < m; i++) {
                    if (i != k) {
                        rows[i].plus(row, -rows[i].re[k], -rows[i].im[k]);
                    }
                }
            }
            Vector[] inverse = new Vector[m];
            for (int i = 0; i < m; i++) {
                inverse[i] =
                        new Vector(Arrays.copyOfRange(rows[i].re, m, 2 * m), Arrays.copyOfRange(rows[i].im, m, 2 * m));
            }
            return inverse;
        }

        private static double modulus2(Vector x, int i) {
            return x.re[i] * x.re[i] + x.im[i] * x.im[i];
        }

        /**
         * Transforms a vector from the basis of the Hessenberg form to that of W, with norm and phase as the class
         * says.
         */
        private Vector back(Vector x) {
            Vector y = new Vector(n);
            for (int i = 0; i < n; i++) {
                for (int j = 0; j < n; j++) {
                    y.re[i] += q[i * n + j] * x.re[j];
                    y.im[i] += q[i * n + j] * x.im[j];
                }
            }
            double most = 0.0;
            for (int i = 0; i < n; i++) {
                most = Math.max(most, modulus2(y, i));
            }
            int largest = 0;
            while (modulus2(y, largest) < (1.0 - 2e-9) * most) {
                largest++;
            }
            double modulus = Math.sqrt(modulus2(y, largest));
            double length = y.norm();
            y.times(y.re[largest] / modulus / length, -y.im[largest] / modulus / length);
            for (int i = 0; i < n; i++) {
                y.re[i] += 0.0; // no -0.0
                y.im[i] = i == largest ? 0.0 : y.im[i] + 0.0;
            }
            return y;
        }

        private Eigenvectors result() {
            double[] rightRe = new double[n * n];
            double[] rightIm = new double[n * n];
            double[] leftRe = new double[n * n];
            double[] leftIm = new double[n * n];
            double[] rightResidual = new double[n];
            double[] leftResidual = new double[n];
            boolean[] defective = new boolean[n];
            for (int k = 0; k < n; k++) {
                System.arraycopy(right[k].re, 0, rightRe, k * n, n);
                System.arraycopy(right[k].im, 0, rightIm, k * n, n);
                System.arraycopy(left[k].re, 0, leftRe, k * n, n);
                System.arraycopy(left[k].im, 0, leftIm, k * n, n);
                double lambdaRe = values.re()[k];
                double lambdaIm = values.im()[k];
                rightResidual[k] = residual(w, right[k], lambdaRe, lambdaIm, false);
                leftResidual[k] = residual(w, left[k], lambdaRe, lambdaIm, true);
                overlap[k] = Math.min(1.0, overlap[k]);
                defective[k] = overlap[k] < DEFECTIVE;
            }
            return new Eigenvectors(rightRe, rightIm, leftRe, leftIm, rightResidual, leftResidual, overlap, defective);
        }
    }
}
