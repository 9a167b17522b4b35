package attractor.similarity;

import attractor.analysis.Ejml;
import attractor.io.Printable;
import attractor.population.Matrices;

/**
 * How far two sets of trajectories are apart as shapes. X and Y have the states of the same trials and times in rows, each
 * column centred. The Procrustes distance (Williams et al. 2021, arXiv:2110.14739, their angular one) is
 *
 * <pre>    arccos( |X^T Y|_* / (|X|_F |Y|_F) )</pre>
 *
 * with the sum of singular values, the minimum over orthogonal maps of the angle between X and Y. Linear CKA (Kornblith et al.
 * 2019, arXiv:1905.00414) is {@code |X^T Y|_F^2 / (|X^T X|_F |Y^T Y|_F)}. Both don't ask for equal numbers of units.
 *
 * <p>Immutable, safe for any thread.
 *
 * @param procrustes 0 to pi/2, radians
 * @param cka linear CKA, 0 to 1; the distance is 1 less this
 */
public record ShapeDistance(double procrustes, double cka) {
    /**
     * Compares states.
     *
     * @param x M x p, centred or not. Not modified.
     * @param y M x q. Not modified.
     * @param m the number of rows, of both
     * @throws IllegalArgumentException if the sizes don't fit, or nothing varies in one of them
     */
    public static ShapeDistance of(double[] x, double[] y, int m) {
        int p = x.length / Math.max(1, m);
        int q = y.length / Math.max(1, m);
        if (m < 2 || p * m != x.length || q * m != y.length || p < 1 || q < 1) {
            throw new IllegalArgumentException("shapes have " + x.length + " and " + Printable.count(y.length, "value")
                    + ", expected multiples of the number of rows, " + m);
        }
        double[] a = Matrices.centred(x, m, p);
        double[] b = Matrices.centred(y, m, q);
        double sizes = Math.sqrt(Matrices.squares(a)) * Math.sqrt(Matrices.squares(b));
        if (!(sizes > 0.0)) {
            throw new IllegalArgumentException("a shape has no extent, expected states that differ");
        }
        double[] cross = Matrices.transposedProduct(a, b, m, p, q);
        double nuclear = 0.0;
        double frobenius = 0.0;
        for (double value : Ejml.svd(cross, p, q).values()) {
            nuclear += value;
            frobenius += value * value;
        }
        double own = Math.sqrt(Matrices.squares(Matrices.transposedProduct(a, a, m, p, p)))
                * Math.sqrt(Matrices.squares(Matrices.transposedProduct(b, b, m, q, q)));
        // With 1 - c exact to rounding, |X - Y Q|^2 = 2 (1 - c), and the angle is that of a chord.
        double chord = Math.sqrt(Math.max(0.0, 2.0 * (1.0 - nuclear / sizes)));
        return new ShapeDistance(2.0 * StrictMath.asin(Math.min(1.0, chord / 2.0)), Math.min(1.0, frobenius / own));
    }
}
