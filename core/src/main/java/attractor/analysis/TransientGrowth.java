package attractor.analysis;

import attractor.io.Printable;
import attractor.kernel.Kernels;
import java.util.Arrays;

/**
 * How much small deviations from a fixed point can grow before they decay: the largest singular value of the Jacobian's
 * powers, {@code |J^k|}, k = 0 ... steps. For a normal matrix it is the spectral radius to the k; where it goes above 1
 * at a stable point, some deviations grow first. Cost about 2 N^3 + 40 N^2 operations per step.
 *
 * <p>Thread-safe as long as the arrays are not modified; they are not copied. Source: L. N. Trefethen, M. Embree, Spectra
 * and Pseudospectra (2005), chapter 16; for networks G. Hennequin, T. Vogels, W. Gerstner, Phys. Rev. E 86 (2012), 011909.
 *
 * @param growth |J^k|, steps + 1 values; the first is 1
 * @param peak the largest of them
 * @param peakStep its k, the first one
 * @param direction the unit vector that grows most until then, N
 * @param response the unit vector that it becomes, N
 */
public record TransientGrowth(double[] growth, double peak, int peakStep, double[] direction, double[] response) {

    /**
     * Computes the growth.
     *
     * @param jacobian J, n x n, finite. Not modified.
     * @param steps the largest power, at least 1
     * @throws IllegalArgumentException if the sizes don't fit, or J isn't finite
     * @throws IllegalStateException without EJML
     */
    public static TransientGrowth of(double[] jacobian, int n, int steps) {
        Ejml.require();
        if (n < 1 || jacobian.length != n * n || steps < 1) {
            throw new IllegalArgumentException("jacobian has " + Printable.count(jacobian.length, "value")
                    + " and steps is " + steps + ", expected " + n + " x " + n + " and at least 1");
        }
        ConstantMap.checkFinite("jacobian entry", jacobian);
        MatrixProduct timesJ = new MatrixProduct(Kernels.get(), n);
        timesJ.load(jacobian);
        double[] growth = new double[steps + 1];
        growth[0] = 1.0;
        double[] direction = new double[n];
        direction[0] = 1.0;
        double[] response = direction.clone();
        double peak = 1.0;
        int peakStep = 0;
        double[] power = jacobian.clone();
        for (int k = 1; k <= steps; k++) {
            LargestSingularValue.Triple largest = LargestSingularValue.of(power, n);
            growth[k] = largest.value();
            // Rounding makes the powers of an orthogonal matrix longer by an ulp now and then.
            if (growth[k] > peak * (1.0 + 1e-12)) {
                peak = growth[k];
                peakStep = k;
                direction = largest.right();
                response = largest.left();
            }
            if (!(growth[k] < 1e100)) {
                growth = Arrays.copyOf(growth, k + 1);
                break;
            }
            timesJ.apply(n, power, 0, power, 0);
        }
        return new TransientGrowth(growth, peak, peakStep, direction, response);
    }
}
