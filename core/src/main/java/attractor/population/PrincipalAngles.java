package attractor.population;

import attractor.analysis.Ejml;
import attractor.io.Printable;
import java.util.Arrays;

/**
 * The principal angles between two subspaces: cosines are the singular values of {@code Q_a Q_b^T}, Q being orthonormal
 * bases. An angle below 45 degrees is taken from its sine, which is exact where the cosine isn't. Sources: Bjorck and Golub
 * 1973; Knyazev and Argentati 2002, as in SciPy's {@code subspace_angles}.
 *
 * <p>Thread-safe as long as the array is not modified.
 *
 * @param radians the min(dim a, dim b) angles, the smallest first
 */
public record PrincipalAngles(double[] radians) {
    /**
     * Compares two subspaces.
     *
     * @param a vectors that span the first, in rows of N; at least one that isn't 0. Not modified.
     * @param b vectors that span the second. Not modified.
     * @throws IllegalArgumentException if all vectors of one are 0, or a size isn't a multiple of N
     */
    public static PrincipalAngles of(double[] a, double[] b, int units) {
        double[] qa = orthonormal(a, units);
        double[] qb = orthonormal(b, units);
        if (qa.length < qb.length) {
            double[] swap = qa;
            qa = qb;
            qb = swap;
        }
        int ka = qa.length / units;
        int kb = qb.length / units;
        double[] at = Matrices.transposed(qa, ka, units);
        double[] bt = Matrices.transposed(qb, kb, units);
        double[] overlap = Matrices.transposedProduct(at, bt, units, ka, kb);
        double[] cosines = Ejml.svd(overlap, ka, kb).values();
        // What of b lies outside a: Q_b - (Q_b Q_a^T) Q_a.
        double[] inside = Matrices.transposedProduct(overlap, qa, ka, kb, units);
        double[] outside = qb.clone();
        for (int i = 0; i < outside.length; i++) {
            outside[i] -= inside[i];
        }
        double[] sines = Ejml.svd(outside, kb, units).values();
        double[] angles = new double[kb];
        for (int k = 0; k < kb; k++) {
            double sine = sines[kb - 1 - k];
            angles[k] = cosines[k] * cosines[k] >= 0.5
                    ? StrictMath.asin(Math.min(1.0, sine))
                    : StrictMath.acos(Math.max(-1.0, Math.min(1.0, cosines[k])));
        }
        Arrays.sort(angles);
        return new PrincipalAngles(angles);
    }

    /** An orthonormal basis of what vectors span, in rows. */
    static double[] orthonormal(double[] vectors, int units) {
        int rows = vectors.length / units;
        if (rows < 1 || rows * units != vectors.length) {
            throw new IllegalArgumentException("a subspace has " + Printable.count(vectors.length, "value")
                    + ", expected a positive multiple of " + units + " (N = " + units + ")");
        }
        Ejml.Svd svd = Ejml.svd(vectors, rows, units);
        int rank = 0;
        while (rank < svd.values().length
                && svd.values()[rank] > svd.values()[0] * Math.max(rows, units) * 2.220446049250313e-16) {
            rank++;
        }
        if (rank == 0) {
            throw new IllegalArgumentException("a subspace is spanned by vectors of 0, expected one that isn't");
        }
        return Arrays.copyOf(svd.right(), rank * units);
    }

    /** The k-th angle in degrees. */
    public double degrees(int k) {
        return StrictMath.toDegrees(radians[k]);
    }

    /** The mean angle in degrees. */
    public double meanDegrees() {
        double sum = 0.0;
        for (double angle : radians) {
            sum += angle;
        }
        return StrictMath.toDegrees(sum / radians.length);
    }
}
