package attractor.analysis;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The eigenvalues of a real matrix, by decreasing modulus; among equals by decreasing real part, then by decreasing
 * modulus of the imaginary part. A complex pair is exactly conjugate and adjacent, the positive imaginary part first.
 * Immutable as long as the arrays are not modified.
 *
 * @param re real parts
 * @param im imaginary parts
 */
record Eigenvalues(double[] re, double[] im) {
    private record Entry(double re, double im, double modulus) {}

    /**
     * The eigenvalues of a matrix. Cost about 10 n^3 flops.
     *
     * @param a n x n in C order, finite. Not modified.
     * @throws IllegalStateException if the iteration doesn't converge, or without EJML
     */
    static Eigenvalues of(double[] a, int n) {
        // EJML compares with absolute thresholds; a power of two changes no bit of the result.
        int exponent = exponent(a);
        double[] scaled = new double[n * n];
        for (int i = 0; i < scaled.length; i++) {
            scaled[i] = Math.scalb(a[i], -exponent);
        }
        double[] values = Ejml.eigenvalues(scaled, n);
        for (int k = 0; k < 2 * n; k++) {
            values[k] = Math.scalb(values[k], exponent);
        }
        return sorted(values, n);
    }

    /** From n real and then n imaginary parts in any order; pairs exactly conjugate. */
    static Eigenvalues sorted(double[] values, int n) {
        List<Entry> entries = new ArrayList<>();
        for (int k = 0; k < n; k++) {
            double re = values[k] + 0.0; // + 0.0 turns -0.0 into 0.0
            double im = values[n + k] + 0.0;
            if (im >= 0.0) {
                entries.add(new Entry(re, im, StrictMath.hypot(re, im)));
            }
        }
        long found = entries.stream().mapToInt(e -> e.im() > 0.0 ? 2 : 1).sum();
        if (found != n) {
            throw new IllegalStateException(
                    found + " of " + n + " eigenvalues are real or in conjugate pairs, expected all");
        }
        entries.sort(Comparator.comparingDouble(Entry::modulus)
                .thenComparingDouble(Entry::re)
                .thenComparingDouble(Entry::im)
                .reversed());
        double[] re = new double[n];
        double[] im = new double[n];
        int k = 0;
        for (Entry e : entries) {
            re[k] = e.re();
            im[k++] = e.im();
            if (e.im() > 0.0) {
                re[k] = e.re();
                im[k++] = -e.im();
            }
        }
        return new Eigenvalues(re, im);
    }

    /** The exponent of the largest magnitude; 0 for a matrix of zeros. */
    static int exponent(double[] a) {
        double largest = 0.0;
        for (double value : a) {
            largest = Math.max(largest, Math.abs(value));
        }
        return largest == 0.0 ? 0 : Math.getExponent(largest);
    }
}
